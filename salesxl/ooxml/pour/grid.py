"""The cells of a sheet by place, and its rows as XML where nothing has moved.

A grid has every cell that is written: the sheet's own, the blanks of merged areas,
the heads and rows of tables. A long table that stands alone is left out of it and
written by column, as its rows are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from salesxl.ooxml.long_rows import stands_alone
from salesxl.ooxml.pour.cells import Strings, cell_xml, check_height, number_text
from salesxl.ooxml.write import BODY_HEIGHT, HEADER_HEIGHT
from salesxl.sheets.content import (
    Formula,
    ListTable,
    Look,
    Sheet,
    Value,
    a1,
    column_letters,
)
from salesxl.sheets.styles import header_look

Row = dict[int, tuple[Look, Value]]
Grid = dict[int, Row]


def long_table(sheet: Sheet) -> ListTable | None:
    """The table that is written by column, if any."""
    return next((table for table in sheet.tables if stands_alone(sheet, table)), None)


def grid_of(sheet: Sheet) -> Grid:
    """Row → column → (look, value), all counted from 0, without the long table's body."""
    rows: Grid = {}
    if sheet.merges:
        looks = {(cell.row, cell.col): cell.look for cell in sheet.cells}
        for row, col, last_row, last_col in sheet.merges:
            look = looks.get((row, col), Look())
            for r in range(row, last_row + 1):
                line = rows.setdefault(r, {})
                for c in range(col, last_col + 1):
                    line[c] = (look, None)
    long = long_table(sheet)
    for table in sheet.tables:
        _table(rows, table, table is not long)
    for cell in sheet.cells:
        rows.setdefault(cell.row, {})[cell.col] = (cell.look, cell.value)
    return rows


def _table(rows: Grid, table: ListTable, body: bool) -> None:
    head = rows.setdefault(table.row, {})
    for offset, column in enumerate(table.columns):
        look = header_look(column.look, table.autofilter)
        head[table.col + offset] = (look, column.title)
    if not body:
        return
    lines: Sequence[Sequence[Any]] = table.rows or [[None] * len(table.columns)]
    plan = [
        (table.col + offset, column.look, column_formula(table, offset))
        for offset, column in enumerate(table.columns)
    ]
    for number, values in enumerate(lines, table.row + 1):
        line = rows.setdefault(number, {})
        for (col, look, formula), value in zip(plan, values, strict=True):
            line[col] = (look, Formula(formula, value) if formula else value)


def column_formula(table: ListTable, offset: int) -> str:
    formula = table.columns[offset].formula if table.rows else ""
    return formula if not formula or formula.startswith("=") else f"={formula}"


def points(height: float) -> str:
    """A row height on the pixel grid, as Excel would store it."""
    return f"{round(height * 4 / 3) * 0.75:g}"


def heights_of(sheet: Sheet) -> Callable[[int], float]:
    """Points of a row (from 0)."""
    headers = {table.row for table in sheet.tables}
    known = sheet.heights

    def height(row: int) -> float:
        return known.get(row, HEADER_HEIGHT if row in headers else BODY_HEIGHT)

    return height


def rows_xml(
    sheet: Sheet, last_row: int, styles: Callable[[Look], int], strings: Strings,
    rewrite: Callable[[str], str] | None,
) -> str:  # fmt: skip
    """All rows of the sheet where content and file have the same coordinates."""
    check_height(last_row + 1, sheet.title)
    grid, height = grid_of(sheet), heights_of(sheet)
    long = long_table(sheet)
    end = long.row if long is not None else last_row
    letters: dict[int, str] = {}
    out: list[str] = []
    write = out.append
    for row in range(end + 1):
        line = grid.get(row)
        if not line:
            write(f'<row r="{row + 1}" ht="{points(height(row))}" customHeight="1"/>')
            continue
        write(f'<row r="{row + 1}" ht="{points(height(row))}" customHeight="1">')
        for col in sorted(line):
            look, value = line[col]
            name = letters.get(col) or letters.setdefault(col, column_letters(col))
            ref = f"{name}{row + 1}"
            write(cell_xml(ref, styles(look), value, strings, _place(sheet, row, col), rewrite))
        write("</row>")
    if long is not None:
        looks = [styles(column.look) for column in long.columns]
        cols = range(long.col, long.col + len(looks))
        numbers = range(long.row + 2, long.row + 2 + len(long.rows))
        write(table_rows(sheet, long, dict(zip(cols, looks, strict=True)), numbers, strings))
    return "".join(out)


def _place(sheet: Sheet, row: int, col: int) -> Callable[[], str]:
    return lambda: f"{sheet.title}!{a1(row, col)}"


def table_rows(
    sheet: Sheet, table: ListTable, styles: Mapping[int, int], numbers: Sequence[int],
    strings: Strings, attributes: str = "", beside: Mapping[int, str] | None = None,
) -> str:  # fmt: skip
    """A long table's body, column by column.

    `styles` has the file's column (from 0, ascending) → style for each column of the
    table, `numbers` the rows' numbers in the file (from 1). `attributes` are more of the
    row element; `beside` gives ready cells of further columns with ``{row}`` for the number.
    """
    height = heights_of(sheet)
    first = table.row + 1
    extra = dict(beside or {})
    cols = sorted({*styles, *extra})
    values = dict(zip(styles, zip(*table.rows, strict=True), strict=True))
    ends = [f'<c r="{column_letters(col)}' for col in cols[1:]] + [""]
    named = [str(number) for number in numbers]
    step = 1 + 2 * len(cols) + 1
    out: list[str] = [""] * (step * len(named))
    start = f'<c r="{column_letters(cols[0])}'
    heads: dict[float, str] = {}
    for row in range(first, first + len(named)):
        high = height(row)
        if high not in heads:
            heads[high] = f'" ht="{high:g}" customHeight="1"{attributes}>{start}'
    out[0::step] = [
        f'<row r="{number}{heads[height(row)]}' for row, number in enumerate(named, first)
    ]
    for index, col in enumerate(cols):
        out[1 + 2 * index :: step] = named
        if col in values:
            where = (sheet, first, table.col + list(styles).index(col))
            tails = _column(values[col], styles[col], ends[index], strings, where)
        else:
            tails = [extra[col].replace("{row}", number) + ends[index] for number in named]
        out[2 + 2 * index :: step] = tails
    out[step - 1 :: step] = ["</row>"] * len(named)
    return "".join(out)


def _column(
    column: Sequence[Any], style: int, end: str, strings: Strings, where: tuple[Sheet, int, int]
) -> list[str]:
    """What follows ``<c r="X12`` for each value; equal values are made once."""
    kinds = set(map(type, column))
    if bool in kinds:  # True equals 1, so each value is looked at
        return [
            _tail(value, style, end, strings, where, column, row)
            for row, value in enumerate(column)
        ]
    known = {
        value: _tail(value, style, end, strings, where, column)
        for value in dict.fromkeys(column)
    }  # fmt: skip
    return list(map(known.__getitem__, column))


def _tail(
    value: Any, style: int, end: str, strings: Strings, where: tuple[Sheet, int, int],
    column: Sequence[Any], row: int | None = None,
) -> str:  # fmt: skip
    def place() -> str:
        sheet, first, col = where
        return _place(sheet, first + (column.index(value) if row is None else row), col)()

    if value is None or value == "":
        return f'" s="{style}"/>{end}'
    if isinstance(value, str):
        return f'" s="{style}" t="s"><v>{strings.text(value, place)}</v></c>{end}'
    if isinstance(value, bool):
        return f'" s="{style}" t="b"><v>{int(value)}</v></c>{end}'
    return f'" s="{style}"><v>{number_text(value, place)}</v></c>{end}'


__all__ = ["Grid", "Row", "grid_of", "heights_of", "long_table", "rows_xml", "table_rows"]
