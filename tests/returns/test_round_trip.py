"""AdventureWorks there and back: workbooks made for real, edited by openpyxl and LibreOffice,
and collected: every edit is found, and nothing else.

A few people and a share of the ledger by default; `SALESXL_LONG=1` (``python scripts/test.py
--long``) makes it ten workbooks with openpyxl, five with LibreOffice, and the whole ledger.
"""

from __future__ import annotations

import csv
import io
import lzma
import os
import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from salesxl.batch.generate import generate
from salesxl.batch.returns.collect import Returned, Returns, collect
from salesxl.cli.main import main
from tests.returns import with_openpyxl
from tests.returns.edits import Found, Rows, Step, expected, steps, told
from tests.returns.with_calc import edit_all, uno_python

DATA = Path(__file__).resolve().parent.parent / "data" / "adventureworks"
LONG = os.environ.get("SALESXL_LONG") == "1"
BY_OPENPYXL, BY_CALC = (10, 5) if LONG else (2, 1)
SHARE = 1 if LONG else 20  # one order in so many
LISTS = ("customers", "visits", "proposals", "channels_offline", "careers")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of workbooks, a person each, beside the plan they were made from."""
    folder = tmp_path_factory.mktemp("there")
    for path in DATA.iterdir():
        if path.suffix != ".xz":
            shutil.copy(path, folder)
    ledger = folder / "Sales.csv"
    with lzma.open(DATA / "Sales.csv.xz", "rt", encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter="|"))
    kept = [row for row in rows[1:] if int(row[0].removeprefix("SO")) % SHARE == 0]
    text = io.StringIO()
    csv.writer(text, delimiter="|").writerows([rows[0], *kept])
    ledger.write_text(text.getvalue(), encoding="utf-8")
    plan, mapping = folder / "plan.xlsx", folder / "map.toml"
    command = ["--lang", "en", "start", str(ledger), "--map", str(mapping), "--year", "2020",
               "--growth", "12%", "-o", str(plan)]  # fmt: skip
    assert main(command) == 0
    summary = generate(plan, [ledger], folder / "sent", by="person", mapping=mapping)
    assert not summary.failed
    return folder / "sent"


def read_rows(path: Path) -> Rows:
    """The rows of the lists as openpyxl reads them: header → value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for sheet in book.worksheets:
        for name in set(sheet.tables) & set(LISTS):
            left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
            lines = sheet.iter_rows(top, bottom, left, right, values_only=True)
            heads = next(lines)
            found[name] = [dict(zip(heads, line, strict=True)) for line in lines if line[0]]
    return {name: found.get(name, []) for name in LISTS}


def people(folder: Path, count: int) -> list[tuple[Path, Rows]]:
    """Workbooks with enough customers to play with, small ones first."""
    books = sorted(folder.glob("[0-9]*.xlsx"), key=lambda path: path.stat().st_size)
    fit: list[tuple[Path, Rows]] = []
    for path in books:
        rows = read_rows(path)
        if len(rows["customers"]) > 5:
            fit.append((path, rows))
        if len(fit) == count:
            return fit
    raise AssertionError(f"only {len(fit)} of {len(books)} workbooks have customers enough")


def found(one: Returned) -> set[Found]:
    return {
        ("removed", c.list, c.key, "", None) if c.kind == "removed"
        else (c.kind, c.list, c.key, c.column, told(c.returned))
        for c in one.changes
    }  # fmt: skip


def assert_found(returns: Returns, wanted: dict[str, set[Found]]) -> None:
    assert [one.status for one in returns.files] == ["changed"] * len(wanted)
    for one in returns.files:
        got = found(one)
        assert not wanted[one.file] - got, f"{one.file}: not found"
        assert not got - wanted[one.file], f"{one.file}: found what nobody did"


@pytest.mark.oracle("libreoffice")
def test_every_edit_comes_home_and_nothing_else(sent: Path, tmp_path: Path) -> None:
    if uno_python() is None:
        pytest.skip("no Python with uno beside LibreOffice")
    home = tmp_path / "home"
    home.mkdir()
    wanted: dict[str, set[Found]] = {}
    jobs: list[tuple[Path, Path, Sequence[Step]]] = []
    for number, (source, rows) in enumerate(people(sent, BY_OPENPYXL + BY_CALC)):
        by_calc = number < BY_CALC
        done = steps(number, rows, swap=not by_calc and number % 2 == 0)
        target = home / f"{number:02} returned.xlsx"
        wanted[target.name] = expected(done, rows)
        if by_calc:
            jobs.append((source, target, done))
        else:
            with_openpyxl.edit(source, target, done)
    (tmp_path / "work").mkdir()
    edit_all(jobs, tmp_path / "work")
    assert len(wanted) == BY_OPENPYXL + BY_CALC
    assert_found(collect([home], sent), wanted)
