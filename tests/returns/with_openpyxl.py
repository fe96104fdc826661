"""What people do to a workbook, done with openpyxl. Steps are plain lists, as in `edits`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries


def edit(source: Path, target: Path, steps: Sequence[Sequence[Any]]) -> None:
    """`source` with the steps done one after another, saved as `target`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops what it does not know
        book = openpyxl.load_workbook(source)
        for name, *rest in steps:
            _STEPS[name](_Table(book, rest[0]), *rest[1:])
        book.save(target)


class _Table:
    def __init__(self, book: Any, name: str) -> None:
        self.name = name
        self.sheet = next(sheet for sheet in book.worksheets if name in sheet.tables)
        self.left, self.top, self.right, self.bottom = range_boundaries(self.sheet.tables[name].ref)
        columns = range(self.left, self.right + 1)
        self.heads = {self.sheet.cell(self.top, col).value: col for col in columns}

    @property
    def body(self) -> range:
        return range(self.top + 1, self.bottom + 1)

    def row(self, key: Any) -> int:
        """The row of a key, or with ``#n`` the n-th row."""
        if str(key).startswith("#"):
            return int(self.top + int(key[1:]))
        return next(r for r in self.body if str(self.sheet.cell(r, self.left).value) == key)

    def shift(self, below: int, by: int) -> None:
        """Tables that start below a row move with it, as they do in Excel."""
        for table in self.sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            top += by if top >= below else 0
            bottom += by if bottom >= below else 0
            table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            if table.autoFilter is not None:
                table.autoFilter.ref = table.ref


def _set(table: _Table, key: Any, title: str, value: Any) -> None:
    table.sheet.cell(table.row(key), table.heads[title]).value = plain(value)


def _add(table: _Table, values: dict[str, Any], below: bool) -> None:
    empty = (r for r in table.body if not any(
        table.sheet.cell(r, table.heads[title]).value for title in values))  # fmt: skip
    row = table.bottom + 1 if below else next(empty, table.bottom + 1)
    for title, value in values.items():
        table.sheet.cell(row, table.heads[title]).value = plain(value)


def _remove(table: _Table, key: Any) -> None:
    row = table.row(key)
    table.sheet.delete_rows(row)
    table.shift(row, -1)


def _insert(table: _Table, count: int) -> None:
    table.sheet.insert_rows(table.top, count)
    table.shift(table.top, count)


def _sort(table: _Table, title: str) -> None:
    """Upside down by a column, blank rows last."""
    columns = range(table.left, table.right + 1)
    lines = [[table.sheet.cell(row, col).value for col in columns] for row in table.body]
    at = table.heads[title] - table.left
    filled = sorted((line for line in lines if line[at]), key=lambda x: str(x[at]), reverse=True)
    filled += [line for line in lines if not line[at]]
    for row, line in zip(table.body, filled, strict=True):
        for col, value in zip(columns, line, strict=True):
            table.sheet.cell(row, col).value = value


def _swap(table: _Table, one: str, other: str) -> None:
    """Two columns change places, headers and all."""
    first, second = table.heads[one], table.heads[other]
    for row in range(table.top, table.bottom + 1):
        a, b = table.sheet.cell(row, first), table.sheet.cell(row, second)
        a.value, b.value = b.value, a.value
    columns = table.sheet.tables[table.name].tableColumns
    i, j = first - table.left, second - table.left
    columns[i].name, columns[j].name = columns[j].name, columns[i].name


def _rename(table: _Table, title: str) -> None:
    table.sheet.title = title


def _hide(table: _Table, key: Any) -> None:
    table.sheet.row_dimensions[table.row(key)].hidden = True


def _lose(table: _Table) -> None:
    """The range stays, the table is gone."""
    del table.sheet.tables[table.name]


_STEPS = {"set": _set, "add": _add, "remove": _remove, "insert": _insert, "sort": _sort,
          "swap": _swap, "rename": _rename, "hide": _hide, "lose": _lose}  # fmt: skip


def plain(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("day:"):
        return date.fromisoformat(value[4:])
    return value
