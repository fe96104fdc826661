"""Ranges of the Excel in memory: what `memory_engine` gives for cells."""

from __future__ import annotations

import copy
import re
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.formula import ArrayFormula
from xlwings import base_classes as base

from tests.hosts.memory_rows import delete_rows, insert_rows

LAST_ROW, LAST_COL = 1_048_576, 16_384
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?")
_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?")


class Range(base.Range):
    sheet: Any = None
    api: Any = None

    def __init__(self, sheet: Any, top: int, left: int, bottom: int, right: int) -> None:
        self.sheet = sheet
        self.first_row, self.first_col, self.last_row, self.last_col = top, left, bottom, right
        self.options: dict[str, Any] = {}
        self.api = self

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return self.sheet.name, self.first_row, self.first_col, self.last_row, self.last_col

    @property
    def row(self) -> int:
        return self.first_row

    @property
    def column(self) -> int:
        return self.first_col

    @property
    def shape(self) -> tuple[int, int]:
        return self.last_row - self.first_row + 1, self.last_col - self.first_col + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: Any, col: Any = None) -> Any:
        if col is None:
            row, col = divmod(int(row) - 1, self.shape[1])
            row, col = row + 1, col + 1
        return Range(self.sheet, *(self.first_row + row - 1, self.first_col + col - 1) * 2)

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        def one(row: int, col: int) -> str:
            return f"{'$' * col_absolute}{get_column_letter(col)}{'$' * row_absolute}{row}"

        first, last = one(self.first_row, self.first_col), one(self.last_row, self.last_col)
        return first if first == last else f"{first}:{last}"

    def _cells(self) -> Any:
        ws = self.sheet.ws
        return ws.iter_rows(
            self.first_row,
            min(self.last_row, ws.max_row + 1),
            self.first_col,
            min(self.last_col, LAST_COL),
        )

    def _value(self, cell: Any) -> Any:
        key = (self.sheet.name, cell.row, cell.column)
        if isinstance(cell.value, ArrayFormula) or (
            isinstance(cell.value, str) and cell.value.startswith("=")
        ):
            return self.sheet.book.cached.get(key)
        if cell.value is None:  # an array formula's further cells
            return self.sheet.book.cached.get(key) if key in self.sheet.book.cached else None
        return cell.value

    @property
    def raw_value(self) -> Any:
        rows = [[self._value(cell) for cell in row] for row in self._cells()]
        rows += [[None] * self.shape[1]] * (min(self.shape[0], 10_000) - len(rows))
        return rows[0][0] if self.shape == (1, 1) else rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self.sheet.book.app.change(self.sheet.ws)
        rows = (
            value if isinstance(value, list | tuple) else [[value] * self.shape[1]] * self.shape[0]
        )
        for offset, row in enumerate(rows):
            for index, item in enumerate(row):
                self._enter(self.first_row + offset, self.first_col + index, item)

    def _enter(self, row: int, col: int, item: Any) -> None:
        cell = self.sheet.ws.cell(row, col)
        key = (self.sheet.name, row, col)
        self.sheet.book.cached.pop(key, None)
        if isinstance(item, str) and cell.number_format != "@":
            if item.startswith("'"):
                item = item[1:]
                cell.value = item
                cell.data_type = "s"
                return
            if _NUMBER.fullmatch(item):
                item = float(item.rstrip("%")) / (100 if item.endswith("%") else 1)
            elif _DATE.fullmatch(item):
                raise AssertionError(f"Excel would take {item!r} for a date")
        if isinstance(item, date) and not isinstance(item, datetime):
            item = datetime(item.year, item.month, item.day)
        form = cell.number_format
        cell.value = None if item == "" else item
        cell.number_format = form

    @property
    def formula(self) -> Any:
        def written(cell: Any) -> str:
            value = cell.value
            if isinstance(value, ArrayFormula):
                return str(value.text)
            if isinstance(value, bool):
                return str(value).upper()
            return "" if value is None else str(value)

        rows = tuple(tuple(written(cell) for cell in row) for row in self._cells())
        missing = self.shape[0] - len(rows)
        rows += (("",) * self.shape[1],) * max(0, min(missing, 10_000))
        return rows[0][0] if self.shape == (1, 1) else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    @property
    def formula_array(self) -> Any:
        value = self.sheet.ws.cell(self.first_row, self.first_col).value
        return value.text if isinstance(value, ArrayFormula) else None

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self.sheet.book.app.change(self.sheet.ws)
        area = self.get_address(False, False, False)
        for row in self._cells():
            for cell in row:
                cell.value = None
                self.sheet.book.cached.pop((self.sheet.name, cell.row, cell.column), None)
        self.sheet.ws.cell(self.first_row, self.first_col).value = ArrayFormula(area, value)

    @property
    def has_array(self) -> bool:
        for row in self.sheet.ws.iter_rows():
            for cell in row:
                if isinstance(cell.value, ArrayFormula):
                    left, top, right, bottom = range_boundaries(cell.value.ref)
                    if top <= self.first_row <= bottom and left <= self.first_col <= right:
                        return True
        return False

    @property
    def number_format(self) -> Any:
        return self.sheet.ws.cell(self.first_row, self.first_col).number_format

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.sheet.book.app.change(self.sheet.ws)
        for row in self._cells():
            for cell in row:
                cell.number_format = value

    @property
    def color(self) -> Any:
        fill = self.sheet.ws.cell(self.first_row, self.first_col).fill
        if fill.fill_type is None:
            return None
        rgb = fill.fgColor.rgb
        return tuple(int(rgb[i : i + 2], 16) for i in (2, 4, 6))

    @color.setter
    def color(self, value: tuple[int, int, int]) -> None:
        self.sheet.book.app.change(self.sheet.ws)
        paint = openpyxl.styles.PatternFill("solid", fgColor="{:02X}{:02X}{:02X}".format(*value))
        for row in self._cells():
            for cell in row:
                cell.fill = paint

    def clear_contents(self) -> None:
        self.raw_value = None

    def insert(self, shift: Any = None, copy_origin: Any = None) -> None:
        assert self.shape[1] == LAST_COL and shift == "down", "whole rows only"
        self.sheet.book.app.change(self.sheet.ws)
        insert_rows(self.sheet.book, self.sheet.ws, self.first_row, self.shape[0])

    def delete(self, shift: Any = None) -> None:
        assert self.shape[1] == LAST_COL, "whole rows only"
        self.sheet.book.app.change(self.sheet.ws)
        delete_rows(self.sheet.book, self.sheet.ws, self.first_row, self.shape[0])

    def copy_from(self, source: Any, kind: str, _blanks: bool, _transpose: bool) -> None:
        assert kind == "formats"
        self.sheet.book.app.change(self.sheet.ws)
        origin = source.impl
        ws = self.sheet.ws
        width = min(origin.last_col, ws.max_column)
        for row in range(self.first_row, self.last_row + 1):
            for col in range(origin.first_col, width + 1):
                model = origin.sheet.ws.cell(origin.first_row, col)
                target = ws.cell(row, self.first_col + col - origin.first_col)
                target._style = copy.copy(model._style)
            for area in list(ws.merged_cells.ranges):
                if area.min_row == area.max_row == origin.first_row:
                    first, last = get_column_letter(area.min_col), get_column_letter(area.max_col)
                    if self.shape[1] == LAST_COL and row != origin.first_row:
                        ws.merge_cells(f"{first}{row}:{last}{row}")

    def merge(self, across: bool) -> None:
        self.sheet.book.app.change(self.sheet.ws)
        self.sheet.ws.merge_cells(self.get_address(False, False, False))

    def unmerge(self) -> None:
        self.sheet.book.app.change(self.sheet.ws)
        ws = self.sheet.ws
        for area in list(ws.merged_cells.ranges):
            rows = area.min_row <= self.last_row and self.first_row <= area.max_row
            if rows and area.min_col <= self.last_col and self.first_col <= area.max_col:
                ws.unmerge_cells(area.coord)

    def select(self) -> None:
        self.sheet.book.app.selection = self
