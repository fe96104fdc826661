"""Rows of long tables, written straight as XML: a ledger of 58,000 lines in seconds.

XlsxWriter keeps and dresses every cell on its own. The rows of a long table are
alike, so they are made in one pass from a pattern a column and put behind the
rows XlsxWriter writes. A sheet qualifies when nothing stands beside or below
the table (`stands_alone`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.worksheet import Worksheet

from salesxl.ooxml import values
from salesxl.sheets.content import ListTable, Sheet, a1, column_letters

LONG = 400  # rows from which a table is written this way


def stands_alone(sheet: Sheet, table: ListTable) -> bool:
    """Whether the table's rows hold nothing but the table, and nothing follows them."""
    if len(table.rows) < LONG or any(column.formula for column in table.columns):
        return False
    first = table.row + 1
    return not (
        sheet.charts
        or any(cell.row >= first for cell in sheet.cells)
        or any(area[2] >= first for area in sheet.merges)
        or any(other is not table and other.row + len(other.rows) + 1 >= first
               for other in sheet.tables)
    )  # fmt: skip


class LongSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that may end in ready-made rows."""

    ready: str = ""  # the rows' XML
    ready_from: int = 0  # 0-based number of the first of them
    dim_rowmax: int | None

    def end_with(self, xml: str, first_row: int, last_row: int, last_col: int) -> None:
        self.ready, self.ready_from = xml, first_row
        self._check_dimensions(last_row, last_col)

    def _write_rows(self) -> None:
        if not self.ready:
            super()._write_rows()
            return
        last = self.dim_rowmax
        self.dim_rowmax = self.ready_from - 1
        super()._write_rows()
        self.dim_rowmax = last
        self.fh.write(self.ready)


class Strings:
    """Numbers of shared strings, each text checked and registered once."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.known: dict[str, int] = {}

    def index(self, value: str, where: str) -> int:
        found = self.known.get(value)
        if found is None:
            values.check_text(value, where)
            stored = value
            if values.looks_like_markup(value):
                stored = f"<r><t>{escape(value)}</t></r>"
            found = self.known[value] = int(self.table._get_shared_string_index(stored))
        else:
            self.table.count += 1
        return found


def rows_xml(
    sheet: Sheet, table: ListTable, formats: Sequence[Any], strings: Strings,
    height: Callable[[int], float],
) -> str:  # fmt: skip
    """The table's rows below its header; `height` gives a row's points."""
    columns = [
        (column_letters(table.col + offset), f's="{look._get_xf_index()}"')
        for offset, look in enumerate(formats)
    ]
    out: list[str] = []
    write = out.append
    index = strings.index
    for row, line in enumerate(table.rows, table.row + 1):
        number = row + 1
        write(f'<row r="{number}" ht="{height(row):g}" customHeight="1">')
        for (letters, style), value in zip(columns, line, strict=True):
            if isinstance(value, str):
                if value:
                    where = f"{sheet.title}!{letters}{number}"
                    shared = index(value, where)
                    write(f'<c r="{letters}{number}" {style} t="s"><v>{shared}</v></c>')
                else:
                    write(f'<c r="{letters}{number}" {style}/>')
            elif value is None:
                write(f'<c r="{letters}{number}" {style}/>')
            elif isinstance(value, bool):
                write(f'<c r="{letters}{number}" {style} t="b"><v>{int(value)}</v></c>')
            else:
                figure = _number(value, sheet, row, letters)
                write(f'<c r="{letters}{number}" {style}><v>{figure}</v></c>')
        write("</row>")
    return "".join(out)


def _number(value: Any, sheet: Sheet, row: int, letters: str) -> str:
    if type(value) is int:
        return str(value)
    if isinstance(value, date):
        return repr(values.serial(value))
    if hasattr(value, "item"):  # a numpy scalar out of a ledger column
        value = value.item()
    if isinstance(value, Decimal | int | float):
        return repr(values.number(value, f"{sheet.title}!{letters}{row + 1}"))
    raise TypeError(f"{sheet.title}!{a1(row, 0)}: no cell holds {value!r}")
