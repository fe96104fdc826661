"""What can happen to a store as a file: cut, copied, renamed, locked, left half-written."""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from salesxl.closing import check_open, history, sealed_result, store_path
from salesxl.closing.audit import audit
from salesxl.errors import SalesxlError
from salesxl.plan.model import Plan
from tests.closing.make import Firm, code_of, period, plan


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    made = Firm(tmp_path)
    made.close("2026-06")
    made.close("2026-07")
    return made


@pytest.mark.parametrize("keep", [0, 50, 100, 4096, 9000])
def test_a_truncated_store_is_told(firm: Firm, keep: int) -> None:
    path = store_path(firm.path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(SalesxlError) as caught:
        audit(firm.path, firm.plan)
    assert code_of(caught) in ("closing.store_damaged", "closing.store_foreign")
    with pytest.raises(SalesxlError):
        firm.close("2026-08")
    assert path.stat().st_size == keep  # nothing was repaired behind anybody's back


def test_another_database_is_told(firm: Firm) -> None:
    path = store_path(firm.path)
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE entries (number)")
    connection.commit()
    connection.close()
    with pytest.raises(SalesxlError) as caught:
        check_open(firm.path, firm.plan, period("2026-08"))
    assert code_of(caught) == "closing.store_foreign"


def other_firm(whole: Plan, **settings: Any) -> Plan:
    people = tuple(dataclasses.replace(p, name=f"{p.name} Doe") for p in whole.people)
    changed = dataclasses.replace(whole.settings, **settings)
    return dataclasses.replace(whole, people=people, settings=changed)


def test_a_store_copied_beside_another_plan_is_refused(firm: Firm, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(b"other")
    shutil.copy(store_path(firm.path), store_path(other))
    for whole in (
        other_firm(firm.plan, company="Else"),
        dataclasses.replace(
            firm.plan, settings=dataclasses.replace(firm.plan.settings, currency="EUR")
        ),
    ):
        with pytest.raises(SalesxlError) as caught:
            sealed_result(other, whole, period("2026-06"))
        assert code_of(caught) == "closing.other_plan"
        found = audit(other, whole)
        assert found is not None and [p.code for p in found.problems] == ["closing.other_plan"]


def test_a_firm_may_change_its_name(firm: Firm) -> None:
    settings = dataclasses.replace(firm.plan.settings, company="Prüf & Co")
    whole = dataclasses.replace(firm.plan, settings=settings)
    sealed_run = sealed_result(firm.path, whole, period("2026-06"))
    assert sealed_run is not None and sealed_run.company == "Prüf"  # as it was then


def test_a_renamed_plan_does_not_lose_its_store(firm: Firm, tmp_path: Path) -> None:
    renamed = firm.path.rename(tmp_path / "plan 2.xlsx")
    with pytest.raises(SalesxlError) as caught:
        sealed_result(renamed, firm.plan, period("2026-06"))
    assert code_of(caught) == "closing.left_behind"
    store_path(firm.path).rename(store_path(renamed))
    assert sealed_result(renamed, firm.plan, period("2026-06")) is not None
    # a copy of the plan beside the original starts afresh
    shutil.copy(renamed, tmp_path / "copy.xlsx")
    assert sealed_result(tmp_path / "copy.xlsx", firm.plan, period("2026-06")) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("attempt to write a readonly database", "closing.store_readonly"),
        ("unable to open database file", "closing.store_readonly"),
        ("database or disk is full", "closing.disk_full"),
        ("database is locked", "closing.store_busy"),
        ("disk I/O error", "closing.store_damaged"),
    ],
)
def test_what_sqlite_says_becomes_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError(said)

    firm = Firm(tmp_path)
    run = firm.run("2026-06")
    monkeypatch.setattr("salesxl.closing.store.sqlite3.connect", refuse)
    with pytest.raises(SalesxlError) as caught:
        firm.close("2026-06")
    assert run and code_of(caught) == code
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]


def test_reading_leaves_no_trace(firm: Firm, tmp_path: Path) -> None:
    path = store_path(firm.path)
    before = path.read_bytes(), path.stat().st_mtime_ns
    path.chmod(0o444)
    assert sealed_result(firm.path, firm.plan, period("2026-06")) is not None
    assert audit(firm.path, firm.plan) is not None
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert {p.name for p in tmp_path.iterdir()} == {"plan.xlsx", "plan.salesxl.sqlite"}


def test_another_plan_of_the_same_firm_in_the_folder(firm: Firm, tmp_path: Path) -> None:
    second = Firm(tmp_path, plan())
    second.path = tmp_path / "second.xlsx"
    second.path.write_bytes(b"second")
    second.close("2026-06")
    assert store_path(second.path).name == "second.salesxl.sqlite"
    content = history(firm.path, firm.plan)
    assert content is not None and content.count == 3


@pytest.mark.parametrize("name", ["计划 2026.xlsx", "a#b%20c&mode=rwc.xlsx", "plan.v1.2.xlsx", "p"])
def test_names_of_every_kind(tmp_path: Path, name: str) -> None:
    firm = Firm(tmp_path)
    firm.path = firm.path.rename(tmp_path / name)
    firm.close("2026-06")
    stem = name.removesuffix(".xlsx")
    assert {path.name for path in tmp_path.iterdir()} == {name, f"{stem}.salesxl.sqlite"}
    assert sealed_result(firm.path, firm.plan, period("2026-06")) is not None


KILLED = """
import os, sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("PRAGMA cache_size = 1")  # written to the file before it is committed
store.execute("BEGIN IMMEDIATE")
for number in range(200):
    store.execute("INSERT INTO results VALUES (?, ?)", (str(number), bytes(5000)))
os._exit(1)
"""


def test_a_run_killed_while_it_wrote_leaves_what_was(firm: Firm) -> None:
    path = store_path(firm.path)
    journal = path.with_name(f"{path.name}-journal")
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert journal.exists() and path.stat().st_size > 500_000
    found = audit(firm.path, firm.plan)
    assert found is not None and not found.problems and found.results == 2
    assert not journal.exists()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM results").fetchone() == (2,)
    connection.close()
    assert firm.close("2026-08").number == 4
