"""What a macro last wrote on the result sheets, so that the next one knows whose a cell is.

A hidden sheet of the workbook keeps a line for every row of a result sheet: each column with
what stood there, as a letter (`TEXT`, `INPUT`, `VALUE`, `FORMULA`) and a short hash. With it a
row the user has inserted, a figure typed over an input and a formula of the user's own are told
apart from ours, and what a sheet no longer shows can be cleared.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from salesxl.opc.cells import exact
from salesxl.sheets.content import Cell, Formula, Look, Rich, Sheet

if TYPE_CHECKING:
    import xlwings as xw

SHEET: Final = "salesxl_record"
TEXT, INPUT, VALUE, FORMULA = "t", "i", "v", "f"
HEAD, END = "h", "e"  # first and last row of an Excel table, with a hash of its name
MERGED: Final = "m"  # the first cell of a merged area; its hash tells rows and columns
ASIDE: Final = 100_000  # a merged area's mark stands at its column plus this
_MARK: Final = re.compile(r"(\d+)([tivfhem])([0-9a-f]*)(?:\.([0-9a-f]+))?")


class Mark(NamedTuple):
    """What one cell held: its kind and, where it is no formula, a hash of the value."""

    kind: str
    hash: str
    look: str = ""  # a hash of how the cell was to look


Row = Mapping[int, Mark]  # column → mark
Record = Mapping[str, Sequence[Row]]  # sheet key → its rows


def record_sheet(sheets: Iterable[Sheet]) -> Sheet:
    """The record of result sheets that are about to be written, as a hidden sheet beside them."""
    sheet = Sheet(SHEET, SHEET, hidden=True, protect=False)
    for row, line in enumerate(lines(marks_of(sheets))):
        sheet.put_row(row, 0, line)
    return sheet


def marks_of(sheets: Iterable[Sheet]) -> dict[str, list[dict[int, Mark]]]:
    """The record of these sheets; cells in Excel tables are not in it."""
    return {sheet.key: row_marks(sheet) for sheet in sheets if not sheet.hidden}


def row_marks(sheet: Sheet) -> list[dict[int, Mark]]:
    """A row of marks for every row of the sheet, from 0."""
    tables = [(t.row, t.row + max(1, len(t.rows)), t.col, t.col + len(t.columns))
              for t in sheet.tables]  # fmt: skip
    last = max((cell.row for cell in sheet.cells), default=-1)
    last = max([last, *(bottom for _, bottom, _, _ in tables)])
    rows: list[dict[int, Mark]] = [{} for _ in range(last + 1)]
    for cell in sheet.cells:
        inside = any(
            top <= cell.row <= bottom and left <= cell.col < right
            for top, bottom, left, right in tables
        )
        if cell.value is not None and not inside:
            rows[cell.row][cell.col] = mark(cell)
        elif cell.value is None and not inside:
            rows[cell.row].pop(cell.col, None)
    for table, (top, bottom, left, _) in zip(sheet.tables, tables, strict=True):
        rows[top][left] = Mark(HEAD, digest(table.name))
        rows[bottom][left] = Mark(END, digest(table.name))
    for top, left, bottom, right in sheet.merges:
        if top <= last:
            rows[top][ASIDE + left] = Mark(MERGED, f"{bottom - top:04x}{right - left:04x}")
    return rows


def merged_areas(row: Row) -> list[tuple[int, int, int]]:
    """The merged areas that begin in a row: column, further rows, further columns."""
    return [
        (col - ASIDE, int(mark.hash[:4], 16), int(mark.hash[4:], 16))
        for col, mark in row.items()
        if mark.kind == MERGED
    ]


def table_rows(rows: Sequence[Row], name: str) -> tuple[int, int] | None:
    """First and last row of that Excel table in the record."""
    wanted = digest(name)
    ends = [
        number
        for kind in (HEAD, END)
        for number, row in enumerate(rows)
        if any((mark.kind, mark.hash) == (kind, wanted) for mark in row.values())
    ]
    return (ends[0], ends[1]) if len(ends) == 2 else None


def mark(cell: Cell) -> Mark:
    """What is kept of a cell."""
    value, look = cell.value, look_digest(cell.look)
    if isinstance(value, Formula):
        return Mark(FORMULA, "", look)
    if isinstance(value, Rich):
        return Mark(TEXT, digest(value.text), look)
    if cell.look.style == "input":
        return Mark(INPUT, digest(value), look)
    return Mark(TEXT if isinstance(value, str) else VALUE, digest(value), look)


@cache
def look_digest(look: Look) -> str:
    """Three hex digits of a style."""
    return f"{zlib.crc32(repr(look).encode()) & 0xFFF:03x}"


def digest(value: Any) -> str:
    """Four hex digits of a cell's value, as content or as Excel holds it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool | str):
        said = str(value)
    elif isinstance(value, datetime):
        said = value.date().isoformat()
    elif isinstance(value, date):
        said = value.isoformat()
    else:
        said = str(exact(float(value)).normalize())
    return f"{zlib.crc32(said.encode()) & 0xFFFF:04x}"


def same(left: Any, right: Any) -> bool:
    """Whether two values show alike: numbers to the digits a cell keeps."""
    if _is_number(left) and _is_number(right):
        return math.isclose(float(left), float(right), rel_tol=1e-14)
    return digest(left) == digest(right)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def lines(record: Record) -> list[list[Any]]:
    """The record as rows of the hidden sheet: sheet key, row, marks."""
    return [
        [key, number, "".join(_word(col, m) for col, m in sorted(row.items()))]
        for key, rows in record.items()
        for number, row in enumerate(rows)
        if row or number == len(rows) - 1
    ]


def _word(col: int, mark: Mark) -> str:
    look = f".{mark.look}" if mark.look else ""
    return f"{col}{mark.kind}{mark.hash}{look},"


def read_record(book: xw.Book) -> dict[str, list[dict[int, Mark]]]:
    """The record in an open workbook; empty where nothing was ever recorded."""
    if SHEET not in {sheet.name for sheet in book.sheets}:
        return {}
    values = book.sheets[SHEET].used_range.options(ndim=2).value
    record: dict[str, list[dict[int, Mark]]] = {}
    for line in values:
        if len(line) < 3 or not isinstance(line[0], str):
            continue
        rows = record.setdefault(line[0], [])
        number = int(line[1] or 0)
        rows.extend({} for _ in range(number + 1 - len(rows)))
        for col, kind, found, look in _MARK.findall(str(line[2] or "")):
            rows[number][int(col)] = Mark(kind, found, look)
    return record
