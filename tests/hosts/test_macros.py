"""Macros on a workbook open in memory: the figures of `new`, all of them or none."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from salesxl.hosts.excel.macros import targets
from salesxl.hosts.excel.macros.align import align
from salesxl.hosts.excel.macros.session import work
from salesxl.hosts.excel.macros.steps import entered, plain
from salesxl.hosts.excel.macros.tables import check_open, read_open
from salesxl.hosts.excel.macros.workbook import TARGETS
from salesxl.plan.model import Plan, Region
from tests import target_sample
from tests.hosts.open_plan import open_plan

EAST, SOUTH = "华东", "华南"


def plan(**more: Any) -> Plan:
    made = target_sample.plan(**more)
    return dataclasses.replace(made, fingerprint="")


@pytest.fixture
def book(tmp_path: Path) -> xw.Book:
    return open_plan(tmp_path / "plan.xlsx", plan(), "en")


def app(book: xw.Book) -> Any:
    return book.app.impl


def said(book: xw.Book) -> str:
    return str(app(book).alerts[-1][0])


def snapshot(book: xw.Book) -> dict[str, Any]:
    """Every cell with its look, names, tables, merged cells, protection."""
    wb = book.impl.wb
    found: dict[str, Any] = {
        f"{ws.title}!{cell.coordinate}": (
            getattr(cell.value, "text", cell.value), cell.number_format, cell.fill.fgColor.rgb,
            cell.font.b,
        )
        for ws in wb.worksheets
        for row in ws.iter_rows()
        for cell in row
        if cell.value is not None or cell.has_style
    }  # fmt: skip
    found["names"] = {name: item.attr_text for name, item in wb.defined_names.items()}
    for ws in wb.worksheets:
        found[f"{ws.title} tables"] = {t.displayName: t.ref for t in ws.tables.values()}
        found[f"{ws.title} merged"] = sorted(r.coord for r in ws.merged_cells.ranges)
        found[f"{ws.title} protected"] = ws.protection.sheet
    return found


def held(ws: Any) -> dict[tuple[int, int], Any]:
    """What each cell holds; of an array formula its area and text, not what it answers."""
    found: dict[tuple[int, int], Any] = {}
    inside: set[tuple[int, int]] = set()
    for row in ws.iter_rows():
        for cell in row:
            value = cell.value
            if isinstance(value, ArrayFormula):
                left, top, right, bottom = range_boundaries(value.ref)
                area = {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
                inside |= area - {(cell.row, cell.column)}
                value = f"{value.ref} {plain(value.text)}"
            elif str(value).startswith("="):
                value = plain(value)
            if value is not None:
                found[cell.row, cell.column] = value
    return {place: value for place, value in found.items() if place not in inside}


def same_cells(left: xw.Book, right: xw.Book, *keys: str) -> None:
    """The result sheets of both books hold the same values and formulas."""
    for key in keys:
        name = f"salesxl_sheet_{key}"
        one, two = (b.names[name].refers_to_range.sheet for b in (left, right))
        cells = [held(sheet.impl.ws) for sheet in (one, two)]
        assert cells[0].keys() == cells[1].keys(), key
        for place, value in cells[0].items():
            other = cells[1][place]
            if isinstance(value, float | int) and not isinstance(value, bool):
                assert value == pytest.approx(other, rel=1e-14), (key, place)
            else:
                assert value == other, (key, place)


def cell_of(book: xw.Book, table: str, row: int, title: str) -> xw.Range:
    """A cell of a plan table: body row from 1, column by its title."""
    for sheet in book.sheets:
        for found in sheet.tables:
            if found.name == table:
                area = found.range
                titles = area[0, :].options(ndim=1).value
                return area[row, titles.index(title)]
    raise AssertionError(table)


def clear_row(book: xw.Book, table: str, row: int) -> None:
    area = next(t for s in book.sheets for t in s.tables if t.name == table).range
    area[row, :].clear_contents()


def sheet(book: xw.Book, key: str) -> xw.Sheet:
    return book.names[f"salesxl_sheet_{key}"].refers_to_range.sheet


# ---- pure parts


def test_rows_are_paired_by_what_they_say() -> None:
    def pairs(left: str, right: str) -> dict[int, int]:
        return align(len(left), len(right), lambda i, j: left[i] == right[j])

    assert pairs("ABD", "ABCD") == {0: 0, 1: 1, 2: 3}
    assert pairs("ABCD", "ABD") == {0: 0, 1: 1, 3: 2}
    assert pairs("AxD", "AyD") == {0: 0, 1: 1, 2: 2}
    assert pairs("", "A") == pairs("A", "") == {}


def test_text_is_entered_as_text() -> None:
    for word in ("007", "1-2", "=A1", "3.5%", "2026年", "TRUE", "¥5", "-"):
        assert entered(word) == f"'{word}"
    assert entered("East") == "East" and entered("") is None and entered(True) is True


# ---- reading


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_open_tables_are_the_plan(tmp_path: Path, lang: Any) -> None:
    made = plan()
    found = read_open(open_plan(tmp_path / "plan.xlsx", made, lang))
    assert dataclasses.replace(found, fingerprint="") == made


def test_problems_name_sheet_and_cell(book: xw.Book) -> None:
    cell = cell_of(book, "regions", 1, "Sales history")
    cell.value = "lots"
    found, problems = check_open(book)
    assert found is None
    assert problems[0].where == f"{cell.sheet.name}!{cell.get_address(False, False)}"


# ---- writing


def test_a_split_that_is_up_to_date_writes_nothing(book: xw.Book) -> None:
    before = snapshot(book)
    assert work(book, "split", targets.split)
    assert app(book).changes == 0 and snapshot(book) == before
    assert said(book) == "The targets already agree with the plan's tables; nothing had to change."


def test_split_takes_the_tables_figures(book: xw.Book, tmp_path: Path) -> None:
    cell_of(book, "regions", 2, "Sales history").value = 750_000
    assert work(book, "split", targets.split), said(book)
    east, *others = plan().regions
    south = dataclasses.replace(others[0], history_amount=750_000_00)
    wanted = dataclasses.replace(plan(), regions=(east, south, *others[1:]))
    same_cells(book, open_plan(tmp_path / "wanted.xlsx", wanted, "en"), *TARGETS)
    assert sheet(book, "targets").impl.ws.protection.sheet
    assert app(book).status[-1] is False and app(book).calculation == "automatic"


def test_a_new_region_gets_a_row_like_the_others(book: xw.Book, tmp_path: Path) -> None:
    targets_sheet = sheet(book, "targets").impl.ws
    rows = {c.value: c.row for c in targets_sheet["B"] if isinstance(c.value, str)}
    for name in (EAST, SOUTH):
        targets_sheet.cell(rows[name], 4).number_format = '0.0"!"'
    table = next(t for s in book.sheets for t in s.tables if t.name == "regions")
    last = table.range.row + table.range.shape[0]
    titles = table.range[0, :].options(ndim=1).value
    for title, value in {"Region ID": "N", "Region": "North", "Sales history": 100_000}.items():
        table.range.sheet.range((last, table.range.column + titles.index(title))).value = value
    assert work(book, "split", targets.split), said(book)
    north = Region(id="N", name="North", history_amount=100_000_00)
    wanted = dataclasses.replace(plan(), regions=(*plan().regions, north))
    same_cells(book, open_plan(tmp_path / "wanted.xlsx", wanted, "en"), *TARGETS)
    ws = sheet(book, "targets").impl.ws
    new = next(c.row for c in ws["B"] if c.value == "North")
    assert ws.cell(new, 4).number_format == '0.0"!"'
    assert ws.cell(new, 2).fill.fgColor.rgb == ws.cell(rows[EAST], 2).fill.fgColor.rgb


def test_a_region_that_is_gone_takes_its_row_along(tmp_path: Path) -> None:
    north = Region(id="N", name="North", history_amount=100_000_00)
    full = dataclasses.replace(plan(), regions=(*plan().regions, north))
    book = open_plan(tmp_path / "plan.xlsx", full, "en")
    clear_row(book, "regions", len(full.regions))
    assert work(book, "split", targets.split), said(book)
    same_cells(book, open_plan(tmp_path / "wanted.xlsx", plan(), "en"), *TARGETS)


def test_what_the_user_added_stays(book: xw.Book) -> None:
    ws = sheet(book, "target_split").impl.ws
    ws.protection.sheet = False
    rows = {c.value: c.row for c in ws["B"] if isinstance(c.value, str)}
    place = rows.get("Target split", 3)
    ws.cell(place, 40).value = "my note"
    south = next(c.row for c in ws["B"] if c.value == SOUTH)
    history = ws.cell(south, 4)
    history.value = "=500000+250000"
    book.impl.cached[ws.title, south, 4] = 750_000
    sheet(book, "target_split").range(f"{south + 1}:{south + 1}").insert("down")
    ws.cell(south + 1, 2).value = "mine"
    cell_of(book, "settings", 4, "Value").value = 9_000_000
    assert work(book, "split", targets.split), said(book)
    assert ws.cell(place, 40).value == "my note" and ws.cell(south + 1, 2).value == "mine"
    assert ws.cell(south, 4).value == "=500000+250000"


def test_a_renamed_sheet_is_found(book: xw.Book) -> None:
    wb = book.impl.wb
    ws = sheet(book, "targets").impl.ws
    old, ws.title = ws.title, "Ziele"
    book.impl.cached = {
        ("Ziele" if k[0] == old else k[0], *k[1:]): v for k, v in book.impl.cached.items()
    }
    for item in wb.defined_names.values():
        item.attr_text = item.attr_text.replace(f"'{old}'!", "Ziele!")
    for other in wb.worksheets:
        for row in other.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and f"'{old}'!" in cell.value:
                    cell.value = cell.value.replace(f"'{old}'!", "Ziele!")
    before = snapshot(book)
    assert work(book, "split", targets.split), said(book)
    assert snapshot(book) == before


# ---- nothing by halves


@pytest.mark.parametrize("at", [1, 4, 9])
def test_a_failure_half_way_leaves_every_cell_as_it_was(tmp_path: Path, at: int) -> None:
    north = Region(id="N", name="North", history_amount=100_000_00)
    full = dataclasses.replace(plan(), regions=(plan().regions[0], north, *plan().regions[1:]))
    book = open_plan(tmp_path / "plan.xlsx", full, "en")
    clear_row(book, "regions", 2)
    cell_of(book, "settings", 4, "Value").value = 9_000_000
    before = snapshot(book)
    app(book).fail_at = app(book).changes + at
    assert not work(book, "split", targets.split)
    assert "the connection to Excel was lost" in said(book)
    assert app(book).changes > at  # it had begun, and took back
    after = snapshot(book)
    assert {k: (v, after.get(k)) for k, v in before.items() if after.get(k) != v} == {}
    assert after == before


def test_bad_tables_write_nothing_and_say_where(book: xw.Book) -> None:
    cell = cell_of(book, "regions", 1, "Sales history")
    cell.value = "lots"
    before, changes = snapshot(book), app(book).changes
    assert not work(book, "split", targets.split)
    assert snapshot(book) == before and app(book).changes == changes
    assert f"{cell.sheet.name}!{cell.get_address(False, False)}" in said(book)


def test_a_sheet_with_a_password_is_named(book: xw.Book) -> None:
    ws = sheet(book, "target_split").impl.ws
    ws.protection.password = "secret"
    ws.protection.sheet = True
    cell_of(book, "settings", 4, "Value").value = 9_000_000
    before = snapshot(book)
    assert not work(book, "split", targets.split)
    assert snapshot(book) == before and said(book).startswith(f"{ws.title}: ")


def test_inputs_typed_on_a_result_sheet_are_asked_about(book: xw.Book) -> None:
    ws = sheet(book, "target_split").impl.ws
    south = next(c.row for c in ws["B"] if c.value == SOUTH)
    ws.cell(south, 4).value = 1.0
    before = snapshot(book)
    app(book).answers = ["cancel"]
    assert not work(book, "split", targets.split)
    assert snapshot(book) == before
    assert f"{ws.title}!D{south}" in app(book).alerts[0][0]
    assert work(book, "split", targets.split)
    assert ws.cell(south, 4).value != 1.0


# ---- locks, words, sums


def select(book: xw.Book, key: str, name: str, col: int, which: int = 0) -> None:
    """The cell in column `col` (from 1) of the `which`-th row that carries `name` in B."""
    found = sheet(book, key)
    rows = [c.row for c in found.impl.ws["B"] if c.value == name]
    found.range((rows[which], col)).select()


def test_lock_and_unlock_a_region(book: xw.Book, tmp_path: Path) -> None:
    before = read_open(book)
    select(book, "target_split", SOUTH, 8)
    assert work(book, "lock", targets.lock), said(book)
    held = read_open(book).regions[1].locked_amount
    assert said(book) == "1 targets locked; the others have been split again."
    south = dataclasses.replace(plan().regions[1], locked_amount=held)
    wanted = dataclasses.replace(plan(), regions=(plan().regions[0], south, *plan().regions[2:]))
    same_cells(book, open_plan(tmp_path / "wanted.xlsx", wanted, "en"), *TARGETS)
    assert work(book, "lock", targets.lock), said(book)
    assert read_open(book) == before


def test_lock_a_cell_of_the_grid_at_the_figure_typed(book: xw.Book, tmp_path: Path) -> None:
    product = plan().product_lines[0]
    select(book, "target_split", SOUTH, 3, which=1)
    book.app.selection.impl.sheet.ws.cell(book.app.selection.row, 3).value = 500_000
    assert work(book, "lock", targets.lock), said(book)
    locks = read_open(book).target_locks
    assert [(k.region, k.product_line, k.month, k.locked_amount) for k in locks] == [
        (plan().regions[1].id, product.id, None, 500_000_00)
    ]
    wanted = dataclasses.replace(plan(), target_locks=locks)
    same_cells(book, open_plan(tmp_path / "wanted.xlsx", wanted, "en"), *TARGETS)
    assert work(book, "lock", targets.lock), said(book)
    assert read_open(book).target_locks == ()


def test_a_lock_that_leaves_no_answer_changes_nothing(book: xw.Book) -> None:
    select(book, "target_split", SOUTH, 7)
    book.app.selection.impl.sheet.ws.cell(book.app.selection.row, 7).value = 99_000_000
    before = snapshot(book)
    assert not work(book, "lock", targets.lock)
    assert snapshot(book) == before


def test_a_figure_is_explained(book: xw.Book) -> None:
    select(book, "targets", SOUTH, 4)
    assert work(book, "explain", targets.explain)
    lines = said(book).splitlines()
    assert lines[0].startswith(f"{SOUTH}: ") and lines[-1].endswith(lines[0].split(": ")[1])
    select(book, "target_split", SOUTH, 3, which=1)
    assert work(book, "explain", targets.explain)
    assert said(book).startswith(f"{SOUTH} · {plan().product_lines[0].name}: ")
    sheet(book, "front").range("A1").select()
    assert not work(book, "explain", targets.explain)
    assert "Select a target first" in said(book)


def test_sums_that_differ_are_listed(book: xw.Book) -> None:
    assert work(book, "check_sums", targets.check_sums)
    assert said(book).startswith("All sums agree") and "8,640,123.45" in said(book)
    select(book, "target_split", SOUTH, 3, which=1)
    ws, row = book.app.selection.impl.sheet.ws, book.app.selection.row
    ws.cell(row, 3).value = 1
    before = snapshot(book)
    assert work(book, "check_sums", targets.check_sums)
    assert snapshot(book) == before
    assert f"{ws.title}!C{row}: shows 1, should be " in said(book)


# ---- our functions in the cells


def test_functions_in_cells_stay_and_follow(tmp_path: Path) -> None:
    pytest.importorskip("pyopenvba")
    book = open_plan(tmp_path / "plan.xlsm", plan(), "en")
    before = snapshot(book)
    assert work(book, "split", targets.split), said(book)
    assert snapshot(book) == before
    calls = [
        v for v in held(sheet(book, "target_split").impl.ws).values() if "SPLIT_" in str(v).upper()
    ]
    assert calls
    north = Region(id="N", name="North", history_amount=100_000_00)
    table = next(t for s in book.sheets for t in s.tables if t.name == "regions")
    last = table.range.row + table.range.shape[0]
    titles = table.range[0, :].options(ndim=1).value
    for title, value in {"Region ID": "N", "Region": "North", "Sales history": 100_000}.items():
        table.range.sheet.range((last, table.range.column + titles.index(title))).value = value
    assert work(book, "split", targets.split), said(book)
    wanted = dataclasses.replace(plan(), regions=(*plan().regions, north))
    same_cells(book, open_plan(tmp_path / "wanted.xlsm", wanted, "en"), *TARGETS)
