"""Lists of different heights beside each other: whole rows move, and nothing gets mixed up."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from salesxl.ooxml.lint import lint
from salesxl.ooxml.template.compile import compile_template
from salesxl.ooxml.template.fill import Fill
from tests.oracles.cells import formula_cells
from tests.oracles.engines import recalculate
from tests.template import rich
from tests.template.rich_fill import CUSTOMERS, fill

# Where the left and the right list stand in the template; their totals are in row 14.
AREAS = {
    "one row beside three": ("A5:B5", "D5:E7"),
    "three beside two": ("A5:B7", "D5:E6"),
    "one begins later": ("A5:B7", "D6:E7"),
    "one begins later and ends later": ("A5:B6", "D6:E8"),
    "one below the other": ("A5:B6", "D7:E8"),
    "tables": ("A5:B7", "D5:E9"),
    "a table below a table": ("A5:B6", "A10:B11"),
}
COUNTS = ((2, 4), (4, 2), (0, 3), (3, 0), (1, 1), (30, 7), (7, 30))


def build(left: str, right: str, tables: bool) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("S")
    for name, area in (("Left", left), ("Right", right)):
        col, first, col2, last = re.fullmatch(r"([A-Z])(\d+):([A-Z])(\d+)", area).groups()  # type: ignore[union-attr]
        head = int(first) - 1
        if tables:
            sheet.add_table(f"{col}{head}:{col2}{last}", {
                "name": name, "columns": [{"header": "Name"}, {"header": "Value"}],
            })  # fmt: skip
        else:
            sheet.write_row(f"{col}{head}", ("Name", "Value"))
            book.define_name(name, f"=S!${col}${first}:${col2}${last}")
        for row in range(int(first), int(last) + 1):
            sheet.write_row(f"{col}{row}", (f"old {name} {row}", row))
        at = {"Left": "A", "Right": "D"}[name]
        sheet.write(f"{at}14", f"Total {name}")
        sheet.write_formula(f"{chr(ord(at) + 1)}14", f"=SUM({col2}{first}:{col2}{last})")
        sheet.write_formula(f"{chr(ord(at) + 1)}1", f"=SUM({col2}{head}:{col2}{int(last) + 1})")
    book.close()
    return target.getvalue()


def entries(name: str, count: int) -> dict[str, list[Any]]:
    return {"Name": [f"{name} {i}" for i in range(count)], "Value": [i + 1 for i in range(count)]}


def found_in(sheet: Any, name: str, column: int) -> list[tuple[Any, Any]]:
    """The entries of a list, from wherever it stands in its columns."""
    cells = [
        (sheet.cell(row, column).value, sheet.cell(row, column + 1).value)
        for row in range(1, sheet.max_row + 1)
    ]
    return [cell for cell in cells if str(cell[0]).startswith(f"{name} ")]


@pytest.mark.oracle("libreoffice")
@pytest.mark.parametrize("name", AREAS)
def test_both_hold_their_entries_and_totals(name: str, tmp_path: Path) -> None:
    left, right = AREAS[name]
    template = compile_template(build(left, right, "table" in name), "beside.xlsx")
    books = {}
    for n, m in COUNTS:
        path = tmp_path / f"{n}-{m}.xlsx"
        path.write_bytes(
            template.fill(Fill(lists={"Left": entries("Left", n), "Right": entries("Right", m)}))
        )
        books[path] = (n, m)
    made = recalculate(list(books), tmp_path / "work")
    for path, (n, m) in books.items():
        where = f"{name}, {n} and {m}"
        assert [f.cause("en") for f in lint(path) if f.code != "formula_no_value"] == [], where
        sheet = openpyxl.load_workbook(path)["S"]
        assert found_in(sheet, "Left", 1) == list(zip(*entries("Left", n).values(), strict=True))
        column = 4 if right.startswith("D") else 1
        wanted = list(zip(*entries("Right", m).values(), strict=True))
        assert found_in(sheet, "Right", column) == wanted, where
        texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
        assert not any(str(text).startswith("old") for text in texts), where
        total = next(row for row in range(1, 99) if sheet.cell(row, 1).value == "Total Left")
        assert sheet.cell(total, 4).value == "Total Right"
        values = {place: cell.value for place, cell in formula_cells(made[path]).items()}
        sums = (n * (n + 1) / 2, m * (m + 1) / 2)
        assert (values["S", "B1"], values["S", "E1"]) == sums, where
        assert (values["S", f"B{total}"], values["S", f"E{total}"]) == sums, where


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 40])
def test_what_stands_beside_a_list_stays(count: int, tmp_path: Path) -> None:
    """Notes and a formula beside the three sample rows of the rich template's table."""

    def beside(text: str) -> str:
        note = '<c r="K{}" t="inlineStr"><is><t>KeepBeside{}</t></is></c>'
        for row, word in ((11, "One"), (12, "Two"), (13, "Three")):
            more = '<c r="L12"><f>$C$11+D12</f><v>13</v></c>' if row == 12 else ""
            cell = f'<c r="G{row}"/>'
            text = text.replace(cell, cell + note.format(row, word) + more)
        return text

    part = "xl/worksheets/sheet1.xml"
    template = compile_template(rich.build(replace={part: beside}), "notes.xlsx")
    path = tmp_path / "notes.xlsx"
    path.write_bytes(template.fill(fill(sales=count)))
    assert [f.cause("en") for f in lint(path) if f.code != "formula_no_value"] == []
    sheet = openpyxl.load_workbook(path)["Report"]
    notes = [(cell.row, cell.value) for (cell,) in sheet["K1:K60"] if cell.value]
    assert notes == [(11, "KeepBesideOne"), (12, "KeepBesideTwo"), (13, "KeepBesideThree")]
    assert sheet["L12"].value == "=$C$11+D12"
    rows = max(count, 3)
    assert sheet.tables["Sales"].ref == f"A10:F{11 + rows}"
    assert sheet[f"A{11 + rows}"].value == "KeepTotalsLabel"
    assert [sheet[f"A{11 + i}"].value for i in range(rows)] == [
        *(CUSTOMERS[i % 8] for i in range(count)),
        *[None] * (rows - count),
    ]
