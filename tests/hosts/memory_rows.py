"""Rows inserted into and deleted from an openpyxl workbook, as Excel does it.

openpyxl moves the cells alone; here references in all formulas, defined names, tables, merged
cells, row heights and rules move along too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.formula import ArrayFormula

from salesxl.ooxml.template.formula_parts import Ref, parse

# old row → new row, None where it is gone
Move = Callable[[int], int | None]


def insert_rows(book: Any, ws: Any, at: int, count: int) -> None:
    """`count` rows before row `at`, looking like the row above."""
    _move_cells(book, ws, lambda row: row + count if row >= at else row)
    width = ws.max_column
    for row in range(at, at + count):
        ws.row_dimensions[row].height = ws.row_dimensions[at - 1].height
        for col in range(1, width + 1):
            if (at - 1, col) in ws._cells:
                ws.cell(row, col)._style = copy.copy(ws.cell(at - 1, col)._style)


def delete_rows(book: Any, ws: Any, at: int, count: int) -> None:
    """Rows `at` to `at + count - 1` are gone."""

    def move(row: int) -> int | None:
        if at <= row < at + count:
            return None
        return row - count if row >= at + count else row

    _move_cells(book, ws, move)


def _move_cells(book: Any, ws: Any, move: Move) -> None:
    cells = {}
    for (row, col), cell in ws._cells.items():
        new = move(row)
        if new is not None:
            cell.row = new
            cells[new, col] = cell
    ws._cells = cells
    heights = {row: ws.row_dimensions[row].height for row in list(ws.row_dimensions)}
    for row in heights:
        ws.row_dimensions[row].height = None
    for row, height in heights.items():
        new = move(row)
        if new is not None:
            ws.row_dimensions[new].height = height
    old, title = book.cached, ws.title
    book.cached = {key: value for key, value in old.items() if key[0] != title}
    for (sheet, row, col), value in old.items():
        new = move(row)
        if sheet == title and new is not None:
            book.cached[title, new, col] = value
    _follow(book, ws, move)


def _follow(book: Any, ws: Any, move: Move) -> None:
    for sheet in book.wb.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                if isinstance(value, ArrayFormula):
                    value.text = moved(value.text, ws.title, sheet.title, move)
                    if sheet is ws:
                        value.ref = _area(value.ref, move) or value.ref
                elif isinstance(value, str) and value.startswith("=") and cell.data_type == "f":
                    cell.value = moved(value, ws.title, sheet.title, move)
    for name in book.wb.defined_names.values():
        name.attr_text = moved(name.attr_text, ws.title, "", move)
    for table in ws.tables.values():
        table.ref = _area(table.ref, move) or table.ref
        if table.autoFilter:
            table.autoFilter.ref = table.ref
    for merged in list(ws.merged_cells.ranges):
        area = _area(merged.coord, move)
        ws.merged_cells.ranges.remove(merged)
        if area is not None and ":" in area:
            ws.merged_cells.add(area)
    rules = ConditionalFormattingList()
    for item in ws.conditional_formatting:
        areas = [a for r in item.sqref.ranges if (a := _area(r.coord, move))]
        for rule in item.rules if areas else ():
            rules.add(" ".join(areas), rule)
    ws.conditional_formatting = rules


def _area(ref: str, move: Move) -> str | None:
    left, top, right, bottom = range_boundaries(ref)
    ends = _ends(top, bottom, move)
    if ends is None:
        return None
    return str(CellRange(min_col=left, min_row=ends[0], max_col=right, max_row=ends[1]).coord)


def _ends(top: int, bottom: int, move: Move) -> tuple[int, int] | None:
    first = next((r for r in map(move, range(top, bottom + 1)) if r is not None), None)
    last = next((r for r in map(move, range(bottom, top - 1, -1)) if r is not None), None)
    return None if first is None or last is None else (first, last)


def moved(formula: str, title: str, home: str, move: Move) -> str:
    """`formula` of sheet `home` after the rows of sheet `title` have moved."""
    return "".join(
        part if isinstance(part, str) else _ref(part, title, home, move) for part in parse(formula)
    )


def _ref(ref: Ref, title: str, home: str, move: Move) -> str:
    if title not in (ref.sheets or (home,)) or not ref.row:
        return ref.text
    ends = _ends(ref.row, ref.row2 or ref.row, move)
    if ends is None:
        return "#REF!"
    text = f"{ref.prefix}{ref.col}{ref.fixed}{ends[0]}"
    return f"{text}:{ref.col2}{ref.fixed2}{ends[1]}" if ref.kind in ("area", "rows") else text
