"""Small templates made with openpyxl, and filled workbooks read back."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from salesxl.ooxml.template.compile import Template, compile_template

Grid = dict[str, Any]


def made(
    sheets: dict[str, Grid], names: dict[str, str] | None = None,
    tables: dict[str, tuple[str, str]] | None = None,
) -> Template:  # fmt: skip
    """A template of these cells, names and tables (name → sheet, range)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, cells in sheets.items():
        sheet = book.create_sheet(title)
        for place, value in cells.items():
            sheet[place] = value
    for name, target in (names or {}).items():
        book.defined_names[name] = DefinedName(name, attr_text=target)
    for name, (title, ref) in (tables or {}).items():
        book[title].add_table(Table(displayName=name, ref=ref))
    book.calculation.fullCalcOnLoad = False
    target = io.BytesIO()
    book.save(target)
    return compile_template(target.getvalue(), "made.xlsx")


def read(data: bytes, title: str) -> Grid:
    """The cells that hold something, formulas as such."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))[title]
    return {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.value is not None}


def part(data: bytes, name: str) -> str:
    """A part's text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()
