"""Ledgers from databases: the same lines as from the file, and nothing secret in any message."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ledger.read import read_ledgers
from salesxl.opc.cells import Reader, reference
from salesxl.opc.package import open_package
from tests.generate_sample import LEDGER
from tests.generate_sample import plan as sample_plan
from tests.oracles.available import initdb

ROWS = list(csv.DictReader(io.StringIO(LEDGER)))
COLUMNS = list(ROWS[0])
_TYPES = {"amount": "numeric(12,2)", "date": "date"}


def fill(engine: sqlalchemy.Engine) -> None:
    """A table "lines" in the order of the file, and an empty one."""
    columns = ", ".join(f'"{name}" {_TYPES.get(name, "varchar(60)")}' for name in COLUMNS)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    marks = ", ".join(f":v{place}" for place in range(len(COLUMNS)))
    with engine.begin() as connection:
        connection.execute(
            sqlalchemy.text(f"create table lines (id integer primary key, {columns})")
        )
        connection.execute(sqlalchemy.text(f"create table none_yet ({columns})"))
        for number, row in enumerate(ROWS):
            values = {f"v{place}": row[name] for place, name in enumerate(COLUMNS)}
            insert = f"insert into lines (id, {names}) values ({number}, {marks})"
            connection.execute(sqlalchemy.text(insert), values)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("db") / "sales.db"
    fill(sqlalchemy.create_engine(f"sqlite:///{path}"))
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def csv_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("csv") / "ledger.csv"
    path.write_text(LEDGER, encoding="utf-8")
    return path


def same_lines(place: str, csv_file: Path) -> None:
    found = read_ledgers([place], decimals=2)
    wanted = read_ledgers([csv_file], decimals=2)
    assert found.total == wanted.total == 491024  # 4,910.24, see generate_sample
    for name in wanted.frame.columns:
        if name not in ("source", "row"):
            one, other = found.frame[name].astype(str), wanted.frame[name].astype(str)
            assert list(one) == list(other), name


@pytest.mark.parametrize("what", [
    "lines", "select * from lines order by id", "WITH a AS (SELECT * FROM lines) SELECT * FROM a;",
])  # fmt: skip
def test_a_table_or_query_as_the_file(sqlite: str, csv_file: Path, what: str) -> None:
    same_lines(f"{sqlite}#{what}", csv_file)


def test_reading_twice_is_the_same_ledger(sqlite: str) -> None:
    first, second = (read_ledgers([f"{sqlite}#lines"], decimals=2) for _ in range(2))
    assert first.files == second.files and first.files[0][0] == "lines"
    other = read_ledgers([f"{sqlite}#select * from lines where id < 3"], decimals=2)
    assert other.files[0][1] != first.files[0][1]


@pytest.mark.parametrize(("place", "code"), [
    ("{db}", "db_no_table"),
    ("{db}#", "db_no_table"),
    ("{db}#nothing", "db_unknown_table"),
    ("{db}#none_yet", "header_only"),
    ("{db}#delete from lines", "db_not_reading"),
    ("{db}#select nothing from lines", "db_failed"),
    ("{db}.gone#lines", "file_missing"),
    ("nosuchdb://host/x#lines", "db_unknown_kind"),
    ("postgresql+nodriver://host/x#lines", "db_unknown_kind"),
    ("sqlite://user:pa:ss@@/x#lines", "db_bad_url"),
    ("postgresql+pg8000://u:${{NOT_SET_ANYWHERE}}@localhost/x#lines", "db_no_variable"),
    ("postgresql+pg8000://u:${{file:/no/such}}@localhost/x#lines", "db_no_secret"),
])  # fmt: skip
def test_what_is_wrong_is_said(sqlite: str, place: str, code: str) -> None:
    with pytest.raises(SalesxlError) as caught:
        read_ledgers([place.format(db=sqlite)], decimals=2)
    assert caught.value.problems[0].code == f"ledger.{code}"
    for lang in ("zh", "en"):
        assert caught.value.problems[0].say(lang)  # type: ignore[arg-type]


def test_nothing_is_ever_written(sqlite: str) -> None:
    place = f"{sqlite}#with gone as (select 1) delete from lines"
    with pytest.raises(SalesxlError):
        read_ledgers([place], decimals=2)
    with sqlite3.connect(sqlite.removeprefix("sqlite:///")) as connection:
        assert connection.execute("select count(*) from lines").fetchone() == (len(ROWS),)


def test_no_password_in_any_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SALES_DB_PASSWORD", "s3cret/1")
    (tmp_path / "pw").write_text("0ther@one\n", encoding="utf-8")
    for written in ("${SALES_DB_PASSWORD}", f"${{file:{tmp_path / 'pw'}}}", "pl@in"):
        with pytest.raises(SalesxlError) as caught:
            read_ledgers([f"postgresql+pg8000://u:{written}@127.0.0.1:1/x#lines"], decimals=2)
        for lang in ("zh", "en"):
            said = caught.value.problems[0].say(lang)  # type: ignore[arg-type]
            assert not any(word in said for word in ("s3cret", "0ther", "pl@in", "in@127"))


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server of its own on loopback, by an account that is not root."""
    program = initdb()
    assert program is not None
    tools = program.parent
    # Not below pytest's own folder: only its owner may enter that.
    folder = Path(tempfile.mkdtemp(prefix="salesxl-pg-"))
    account = "postgres" if os.geteuid() == 0 else None
    if account:
        shutil.chown(folder, account)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    password = folder / "password"
    password.write_text("open sesame", encoding="utf-8")
    password.chmod(0o644)

    def call(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, user=account, cwd=folder)

    call(str(tools / "initdb"), "-D", str(data), "-U", "reader", "-A", "scram-sha-256",
         f"--pwfile={password}", "--no-sync", "-E", "UTF8")  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -F"
    call(
        str(tools / "pg_ctl"),
        "-D",
        str(data),
        "-o",
        options,
        "-l",
        str(folder / "log"),
        "-w",
        "start",
    )
    try:
        yield f"postgresql+pg8000://reader:${{SALES_DB_PASSWORD}}@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # it may be gone already
            call(str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.oracle("postgresql")
def test_postgresql_gives_the_same_workbooks(
    postgres: str, csv_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesxl.sheets.plan_book import write_plan

    monkeypatch.setenv("SALES_DB_PASSWORD", "open sesame")
    started = time.monotonic()
    fill(sqlalchemy.create_engine(postgres.replace("${SALES_DB_PASSWORD}", "open sesame")))
    same_lines(f"{postgres}#lines", csv_file)
    write_plan(sample_plan(), tmp_path / "plan.xlsx", "en")
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    query = f"{postgres}#select {names} from public.lines order by id"
    for name, ledger in (("csv", str(csv_file)), ("db", query)):
        command = ["--lang", "en", "generate", str(tmp_path / "plan.xlsx"), "--ledger", ledger,
                   "-o", str(tmp_path / name)]  # fmt: skip
        assert main(command) == 0
    for path in sorted((tmp_path / "csv").glob("*.xlsx")):
        one, other = values(path), values(tmp_path / "db" / path.name)
        differing = {
            place for place in one.keys() | other.keys() if one.get(place) != other.get(place)
        }
        # Where a line came from and the fingerprint of the inputs are told, and differ.
        odd = {(p, one.get(p), other.get(p)) for p in differing
               if not (_is_origin(one.get(p)) and _is_origin(other.get(p)))}  # fmt: skip
        assert not odd
    assert time.monotonic() - started < 120
    monkeypatch.setenv("SALES_DB_PASSWORD", "wrong")
    with pytest.raises(SalesxlError) as caught:
        read_ledgers([f"{postgres}#lines"], decimals=2)
    assert caught.value.problems[0].code == "ledger.db_failed"


def values(path: Path) -> dict[tuple[str, str], object]:
    """Every filled cell of a workbook."""
    with open_package(path) as package:
        reader = Reader(package)
        return {
            (sheet.name, reference(row, col)): value
            for sheet in package.sheets
            for row, line in reader.grid(sheet).rows.items()
            for col, value in line.items()
            if (sheet.name, col) != ("Ledger", 1)  # the row of the file, or of the answer
        }


def _is_origin(value: object) -> bool:
    said = str(value)
    named = value is None or "ledger.csv" in said or "query" in said
    return named or (len(said) == 9 and said[4] == "-")
