"""Ranges as they arrive: one cell, a list, a row, a column or a block.

>>> values, fold = read_cells([[1], [2]], "weights")
>>> values, fold([10, 20])
([1, 2], [[10], [20]])

A rule works on the cells in reading order and answers in the shape it was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from salesxl.core.error import RuleError
from salesxl.core.number import Number

Cells = Number | Sequence[Number] | Sequence[Sequence[Number]]
OpenCells = Number | Sequence[Number | None] | Sequence[Sequence[Number | None]]
Fold = Callable[[Sequence[Any]], Any]


def read_cells(value: object, argument: str) -> tuple[list[object], Fold]:
    """The cells in reading order, and the way back to the shape they came in."""
    if not isinstance(value, list | tuple):
        return [value], lambda cells: cells[0]
    if not value:
        raise RuleError("no_cells", argument=argument)
    if not any(isinstance(row, list | tuple) for row in value):
        return list(value), list
    rows = read_block(value, argument)
    width = len(rows[0])
    return [cell for row in rows for cell in row], lambda cells: [
        list(cells[start : start + width]) for start in range(0, len(cells), width)
    ]


def read_block(value: object, argument: str) -> list[list[object]]:
    """The cells as rows of equal length; a flat list is one row."""
    if not isinstance(value, list | tuple):
        return [[value]]
    if not any(isinstance(row, list | tuple) for row in value):
        rows = [list(value)]
    else:
        rows = [list(row) if isinstance(row, list | tuple) else [row] for row in value]
    if not rows[0]:
        raise RuleError("no_cells", argument=argument)
    for position, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise RuleError(
                "ragged", argument=argument, row=position, count=len(row), expected=len(rows[0])
            )
    return rows


def same_count(cells: Sequence[object], argument: str, expected: int, other: str) -> None:
    """Two ranges that belong together have as many cells."""
    if len(cells) != expected:
        raise RuleError(
            "counts_differ", argument=argument, count=len(cells), expected=expected, other=other
        )
