"""Macros that need a ledger: import, refresh, pay, batch, end to end in memory."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import pytest
import xlwings as xw

from salesxl.batch.commissions import commissions
from salesxl.cli import start
from salesxl.hosts.excel.macros import batch, customers, data, pay, rest, targets, toolbox
from salesxl.hosts.excel.macros.session import work
from salesxl.hosts.excel.macros.workbook import TARGETS, ledger_files
from salesxl.hosts.excel.new_book.content import INPUT
from salesxl.plan.read import read_plan
from tests import generate_sample
from tests.hosts.open_plan import open_plan, read_lines
from tests.hosts.test_macros import app, cell_of, said, same_cells, select, snapshot
from tests.pay.make import plan as pay_plan
from tests.pay.test_commissions_cli import HEADS, LINES

ADVENTURE = Path(__file__).parents[1] / "data" / "adventureworks"


@pytest.fixture
def book(tmp_path: Path) -> xw.Book:
    (tmp_path / "ledger.csv").write_text(generate_sample.LEDGER, encoding="utf-8")
    return open_plan(tmp_path / "plan.xlsx", generate_sample.plan(), "en")


def result_keys(book: xw.Book) -> list[str]:
    prefix = "salesxl_sheet_"
    keys = [n.name.removeprefix(prefix) for n in book.names if n.name.startswith(prefix)]
    return [key for key in keys if not key.startswith(INPUT)]


def import_ledger(book: xw.Book, tmp_path: Path) -> None:
    app(book).typed = [(str(tmp_path / "ledger.csv"),)]
    assert work(book, "import", data.import_ledger), said(book)


def test_import_makes_what_new_makes(book: xw.Book, tmp_path: Path) -> None:
    import_ledger(book, tmp_path)
    plan = read_plan(tmp_path / "plan.xlsx")
    lines = read_lines(plan, [tmp_path / "ledger.csv"], "en")
    wanted = open_plan(tmp_path / "wanted.xlsx", plan, "en", lines)
    same_cells(book, wanted, *result_keys(wanted))
    assert ledger_files(book) == ([tmp_path / "ledger.csv"], None)
    assert book.names["salesxl_ledger_1"].refers_to == '="ledger.csv"'
    # Once more: nothing changes.
    before, changes = snapshot(book), app(book).changes
    assert work(book, "refresh", data.refresh), said(book)
    assert snapshot(book) == before and app(book).changes == changes


def test_an_import_that_fails_forgets_the_file(book: xw.Book, tmp_path: Path) -> None:
    before = snapshot(book)
    app(book).typed = [(str(tmp_path / "ledger.csv"),)]
    app(book).fail_at = app(book).changes + 12
    assert not work(book, "import", data.import_ledger)
    assert snapshot(book) == before
    app(book).typed = []
    assert not work(book, "import", data.import_ledger)
    assert said(book).startswith("Cancelled")
    assert not work(book, "refresh", data.refresh)
    assert "no ledger yet" in said(book)


def test_check_lists_cells_and_remedies(book: xw.Book) -> None:
    assert work(book, "check", toolbox.check_workbook)
    cell = cell_of(book, "regions", 1, "Sales history")
    cell.value = "lots"
    assert work(book, "check", toolbox.check_workbook)
    assert f"{cell.sheet.name}!{cell.get_address(False, False)}: " in said(book)
    table = next(t for s in book.sheets for t in s.tables if t.name == "people").range
    titles = table[0, :].options(ndim=1).value
    for row in range(1, 6):
        for title in ("Joined", "Left", "Region", "Role"):
            table[row, titles.index(title)].value = "nowhere"
    assert work(book, "check", toolbox.check_workbook)
    assert said(book).splitlines()[-1] == 'All of them are on the sheet "Check".'
    rows = book.sheets["Check"].used_range.value
    assert rows[0] == ["Where", "Kind", "Problem and remedy"] and len(rows) > 12
    assert work(book, "check", toolbox.check_workbook)
    assert [s.name for s in book.sheets].count("Check") == 1


def test_settings_are_shown(book: xw.Book) -> None:
    assert work(book, "settings", toolbox.settings), said(book)
    assert book.app.selection.sheet.name == cell_of(book, "settings", 1, "Value").sheet.name


def test_the_rest_of_a_year_opens(book: xw.Book, tmp_path: Path) -> None:
    import_ledger(book, tmp_path)
    region = generate_sample.plan().leaf_regions[0]
    select(book, "target_split", region.name, 8)
    assert work(book, "rest", rest.resplit), said(book)
    made = list(tmp_path.glob("* rest of the year.xlsx"))
    assert len(made) == 1 and made[0].name.startswith(region.name)
    assert len(book.app.books) == 2


def test_customers_and_partners(book: xw.Book, tmp_path: Path) -> None:
    assert not work(book, "grade", customers.grade)
    import_ledger(book, tmp_path)
    before = snapshot(book)
    for macro, key in ((customers.grade, "customers"), (customers.score, "partners")):
        assert work(book, key, macro), said(book)
        assert said(book).endswith("0 cells changed.")
        name = book.names[f"salesxl_sheet_{key}"]
        assert book.app.selection.sheet.name == name.refers_to_range.sheet.name
    assert snapshot(book) == before
    assert work(book, "visits", customers.visits), said(book)


def test_regional_workbooks(book: xw.Book, tmp_path: Path) -> None:
    import_ledger(book, tmp_path)
    assert work(book, "generate", batch.generate), said(book)
    assert "The totals agree" in said(book)
    assert (tmp_path / "plan_regions" / "manifest.json").is_file()
    made = sorted((tmp_path / "plan_regions").glob("01_*.xlsx"))
    app(book).typed = [tuple(map(str, made))]
    assert work(book, "collect", batch.collect), said(book)
    assert said(book) == "1 files compared: 0 changes, 0 files with problems."
    assert (tmp_path / "plan returns.xlsx").is_file()
    cell_of(book, "settings", 4, "Value").value = 13_000
    assert not work(book, "generate", batch.generate)
    assert said(book).endswith("Save the workbook first, then run again.")


def test_pay_of_a_period(tmp_path: Path) -> None:
    """The files of the button are those of the command."""
    ledger = tmp_path / "sales.csv"
    ledger.write_text("\n".join([HEADS, *LINES]) + "\n", encoding="utf-8")
    book = open_plan(tmp_path / "plan.xlsx", pay_plan(), "en")
    app(book).typed = [(str(ledger),)]
    assert work(book, "import", data.import_ledger), said(book)
    app(book).typed = ["2026-06"]
    assert work(book, "pay", pay.recalculate), said(book)
    made = tmp_path / "plan_pay_2026-06"
    wanted = commissions(tmp_path / "plan.xlsx", [ledger], "2026-06", tmp_path / "cli")
    assert (made / "payroll.csv").read_bytes() == (tmp_path / "cli/payroll.csv").read_bytes()
    assert len(list(made.iterdir())) == len(wanted.made) + 3
    # One person's statement: named by the selected row, the period by what was asked last.
    row = cell_of(book, "people", 1, "Name")
    row.select()
    app(book).typed = ["2026-06"]
    assert work(book, "statement", pay.statement), said(book)
    assert said(book).startswith(f"{row.value}, 2026-06: payable ")
    app(book).typed = ["2026-06"]
    app(book).answers = ["cancel"]
    assert not work(book, "close", pay.close)
    assert said(book).startswith("Cancelled")
    assert not (tmp_path / "plan.closing").exists() and not list(tmp_path.glob("*.salesxl*"))


def test_adventureworks(tmp_path: Path) -> None:
    """On the plan made of real data: the same cells as the command line makes."""
    parser = argparse.ArgumentParser()
    start.add_parser(parser.add_subparsers(), "en")
    words = ["start", str(ADVENTURE / "Sales.csv.xz"), "--map", str(ADVENTURE / "map.toml"),
             "--year", "2020", "--growth", "12%", "-o", str(tmp_path / "start.xlsx")]  # fmt: skip
    parsed = parser.parse_args(words)
    assert parsed.run(parsed) == 0
    plan = read_plan(tmp_path / "start.xlsx")
    book = open_plan(tmp_path / "plan.xlsx", plan, "en")
    cell_of(book, "settings", 4, "Value").value = 36_400_100
    assert work(book, "split", targets.split), said(book)
    settings = dataclasses.replace(plan.settings, annual_target_amount=3_640_010_000)
    changed = dataclasses.replace(plan, settings=settings)
    same_cells(book, open_plan(tmp_path / "wanted.xlsx", changed, "en"), *TARGETS)
