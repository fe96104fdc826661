"""The plan's tables in a workbook that is open in Excel, as the plan's reader takes them.

>>> plan, problems = check_open(xw.books["plan.xlsm"])

Same schema, same checks and the same messages as for a file. A sheet is read in one call.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

import xlwings as xw

from salesxl.errors import Problem, SalesxlError
from salesxl.opc.cells import CellValue, ErrorValue, Grid, exact
from salesxl.opc.package import TablePart
from salesxl.plan.model import TABLE, Plan
from salesxl.plan.read import Source, check_source
from salesxl.plan.settings import ITEM, LANGUAGES
from salesxl.plan.values import normal
from salesxl.texts import Lang

_ERROR: Final = re.compile(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!)")
_COPY: Final = re.compile(r"[_ ]?\d+$")


def read_open(book: xw.Book) -> Plan:
    """The checked plan of an open workbook. Raises `SalesxlError` with all problems."""
    plan, problems = check_open(book)
    if plan is None:
        raise SalesxlError(p for p in problems if p.severity == "error")
    return plan


def check_open(book: xw.Book) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan, None if it has errors, and all problems; raises where there is no table."""
    return check_source(source_of(book))


def settings_lang(book: xw.Book) -> Lang | None:
    """The language the plan's settings name; None where they name none."""
    item = ITEM["language"]
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name.casefold() != "settings":
                continue
            for line in table.range.options(ndim=2).value:
                words = [normal(str(cell)) for cell in line if cell is not None]
                if words and words[0] in map(normal, (item.key, item.zh, item.en)):
                    for key, labels in LANGUAGES.items():
                        if {normal(key), *map(normal, labels)} & set(words[1:2]):
                            return "zh" if key == "zh" else "en"
    return None


def source_of(book: xw.Book) -> Source:
    """The named tables of `book` and the cells around them.

    Only sheets with a table of the plan are read; where there is none, all are, because a
    table may have lost its name.
    """
    parts = [_part(sheet, table) for sheet in book.sheets for table in sheet.tables]
    ours = [part for part in parts if _is_ours(part.name)]
    wanted = {part.sheet for part in ours}
    grids = {s.name: grid_of(s) for s in book.sheets if not wanted or s.name in wanted}
    return Source(book.name, tuple(ours), grids)


def grid_of(sheet: xw.Sheet) -> Grid:
    """All filled cells of an open sheet, rows and columns from 0."""
    used = sheet.used_range
    top, left = used.row - 1, used.column - 1
    grid = Grid(sheet.name)
    values = used.options(ndim=2, err_to_str=True).value
    for offset, line in enumerate(values):
        cells = {
            left + index: value
            for index, raw in enumerate(line)
            if (value := cell_value(raw)) is not None
        }
        if cells:
            grid.rows[top + offset] = cells
    return grid


def cell_value(raw: Any) -> CellValue | None:
    """What xlwings hands over, as a file's cell would be read.

    >>> cell_value(0.1 + 0.2)
    Decimal('0.3')
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        return ErrorValue(raw) if _ERROR.fullmatch(raw) else raw
    if isinstance(raw, datetime):
        whole = (raw.hour, raw.minute, raw.second) == (0, 0, 0)
        return raw.date() if whole else raw
    if isinstance(raw, date):
        return raw
    return exact(float(raw))


def _part(sheet: xw.Sheet, table: Any) -> TablePart:
    area = table.range
    header = bool(table.show_headers)
    titles: tuple[str, ...] = ()
    if header:
        words = table.header_row_range.options(ndim=1).value
        titles = tuple("" if word is None else str(word) for word in words)
    ref = area.get_address(False, False)
    return TablePart(table.name, sheet.name, ref, titles, header, bool(table.show_totals))


def _is_ours(name: str) -> bool:
    """A table of the plan, or the copy Excel makes of one with its sheet (``people2``)."""
    return name.casefold() in TABLE or _COPY.sub("", name.casefold()) in TABLE
