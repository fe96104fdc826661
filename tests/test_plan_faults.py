"""Faults planted in a plan workbook: each gives its own clear line, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table, TableColumn
from plan_samples import rich_plan

from salesxl.cli.main import main
from salesxl.plan.read import check_file
from salesxl.sheets.plan_book import write_plan

FIRST = 9  # first row of data in every sheet, counted from 1


def spoil(path: Path, change: Callable[[Any], None]) -> None:
    write_plan(rich_plan("en"), path, "en")
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def codes(path: Path) -> list[tuple[str, str]]:
    return [(p.code, p.where) for p in check_file(path)[1] if p.severity == "error"]


def ten_faults(book: Any) -> None:
    duties = book["Duties"]
    for col in range(2, 7):  # a missing column: "Duty" gets a name nobody knows
        if duties.cell(8, col).value == "Duty":
            duties.cell(8, col).value = "Remark"
            duties.tables["duties"].tableColumns[col - 2].name = "Remark"
    book["Customers"]["I9"] = "monthly"  # text in a number
    book["People"]["B10"] = "E1"  # two people with one id
    book["Regions"]["D10"] = "Atlantis"  # parent missing
    for row in range(FIRST, FIRST + 12):
        book["Month weights"].cell(row, 3).value = 0  # weights all zero
    book["Commission tiers"]["D11"] = 400_000  # a tier list that goes down
    book["Prospects"]["K9"] = "2027-02-30"  # a date that is no date
    settings = book["Settings"]
    for row in range(FIRST, FIRST + 12):
        if settings.cell(row, 2).value == "Currency":
            settings.cell(row, 3).value = "XYZ"  # unknown currency
    book["People"]["E12"] = "Lemuria"  # person in an unknown region
    copy_table(book, "Training courses", "courses", "courses2")  # a duplicate table


def copy_table(book: Any, sheet: str, name: str, copy_name: str) -> None:
    source = book[sheet].tables[name]
    copied = book.copy_worksheet(book[sheet])
    table = Table(displayName=copy_name, name=copy_name, ref=source.ref)
    table.tableColumns = [
        TableColumn(id=column.id, name=column.name) for column in source.tableColumns
    ]
    copied.add_table(table)


def test_ten_faults_give_ten_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.xlsx"
    spoil(path, ten_faults)
    before = path.read_bytes()
    assert main(["check", str(path), "--lang", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    faults = [line for line in lines[:-1] if not line.startswith("Note")]
    wanted = [
        ("Duties!B8:F27", '"Duty"'),
        ("Customers!I9", "monthly"),
        ("People!B10", "People!B9"),
        ("Regions!D10", "Atlantis"),
        ("Month weights!B8:D20", "Weight"),
        ("Commission tiers!D11", "500000"),
        ("Prospects!K9", "2027-02-30"),
        ("Settings!C10", "XYZ"),
        ("People!E12", "Lemuria"),
        ("Training courses Copy!B8:I14", "Training courses!B8:I14"),
    ]
    assert len(faults) == 10, faults
    for where, word in wanted:
        assert any(f.startswith(f"{where}: ") and word in f for f in faults), (where, faults)
    assert "problems: 10" in lines[-1]
    assert [p.name for p in tmp_path.iterdir()] == ["plan.xlsx"]
    assert path.read_bytes() == before


def test_generate_writes_nothing_for_a_faulty_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    spoil(path, ten_faults)
    out = tmp_path / "out"
    assert main(["generate", str(path), "--out", str(out)]) == 1
    assert not out.exists() or not any(out.iterdir())


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code"),
    [
        ("People", "G10", "5/6/2027", "plan.bad_date"),
        ("People", "I10", "#N/A", "plan.error_value"),
        ("People", "I10", "=1+1", "plan.not_calculated"),
        ("People", "I10", -1, "plan.below_minimum"),
        ("People", "F10", "Li", "plan.ambiguous_name"),
        ("People", "H10", "2020-01-01", "plan.left_before_joined"),
        ("People", "F9", "E2", "plan.manager_cycle"),
        ("Regions", "D9", "华东", "plan.region_cycle"),
        ("Regions", "E10", 12.345, "plan.too_many_decimals"),
        ("Regions", "G11", 99_999_999, "plan.locks_over_total"),
        ("Regions", "C10", None, "plan.cell_empty"),
        ("Commission tiers", "E9", 8, "plan.share_as_percent"),
        ("Commission tiers", "D13", 80, "plan.threshold_as_percent"),
        ("Commission tiers", "C9", "2001-01-01", "plan.tier_without_version"),
        ("Commission plans", "E10", "2025-12-31", "plan.ends_before_start"),
        ("Commission plans", "E10", "2027-01-01", "plan.versions_overlap"),
        ("Commission plans", "F10", "Profit", "plan.bad_choice"),
        ("Key accounts", "B9", "C9", "plan.unknown_ref"),
        ("Partner criteria", "D9", "30%", "plan.criteria_not_one"),
        ("Further regions", "C9", "华东", "plan.assignment_home"),
        ("Duties", "C10", 1, "plan.row_twice"),
        ("Regions", "H11", 900_000, "plan.bounds_crossed"),
        ("Product lines", "G10", "70%", "plan.bounds_crossed"),
        ("Target locks", "D10", None, "plan.lock_person_without_month"),
        ("Target locks", "B9", "0", "plan.lock_in_parent"),
        ("Training courses", "E9", 2.5, "plan.bad_int"),
    ],
)
def test_single_fault(tmp_path: Path, sheet: str, cell: str, value: object, code: str) -> None:
    path = tmp_path / "plan.xlsx"

    def change(book: Any) -> None:
        book[sheet][cell] = value

    spoil(path, change)
    assert code in [found for found, _ in codes(path)]


def test_one_id_written_in_two_ways_is_one_id(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"

    def change(book: Any) -> None:
        book["Regions"]["B11"] = "１００１"

    spoil(path, change)
    assert ("plan.value_twice", "Regions!B11") in codes(path)
