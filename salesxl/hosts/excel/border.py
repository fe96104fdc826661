"""Cells in, cells out: between what Excel passes and what a rule takes.

>>> run(find("SPLIT_TARGET"), ([[100.0]], [[1.0], [1.0], [1.0]]), lambda: "en")
[[34.0], [33.0], [33.0]]
>>> run(find("TARGET_GAP"), ([[100.0]], [["#N/A"]]), lambda: "en")
'actual, cell 1 holds the Excel error #N/A. Correct that cell first.'

An argument is a list of rows, or None where it was left out. One blank cell in an optional
argument counts as left out; a blank inside a range is the rule's own matter. A cell with an
Excel error is refused: read as blank, #N/A in a lock would open the lock.

Answers are doubles, the only number Excel has, and the nearest one. A whole amount that
no double holds (beyond 2^53) is refused: the cell would show another amount. What a rule
refuses comes back as its text, not as an exception: COM would put a traceback around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from salesxl.core.declare import Param, Rule
from salesxl.core.error import RuleError
from salesxl.hosts.excel.names import arguments
from salesxl.texts import Lang, text

Rows = Sequence[Sequence[Any]]

CELL_TEXT: Final = 255  # longer texts in an array make older Excels answer #VALUE!
_ONE_CELL: Final = frozenset({"number", "whole", "choice", "flag", "date"})
_ERROR_TEXTS: Final = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
)
# COM hands an error over as its code plus this; xlwings names only the seven oldest of them.
_ERROR_BASE: Final = -2146828288
_ERROR_CODES: Final = range(_ERROR_BASE + 2000, _ERROR_BASE + 2100)
_NEWER: Final = {2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!",
                 2048: "#UNKNOWN!", 2049: "#FIELD!", 2050: "#CALC!"}  # fmt: skip
_INFINITE: Final = (float("inf"), float("-inf"))
_EXACT: Final = 2**53  # whole numbers below are what they say as a double


class BorderError(Exception):
    """What this border refuses, named by its entry in ``texts/excel.toml``."""

    def __init__(self, entry: str, **values: object) -> None:
        super().__init__(entry)
        self.entry = entry
        self.values = values


def run(rule: Rule, given: Iterable[Rows | None], lang: Callable[[], Lang]) -> object:
    """The rule's answer for Excel: a list of rows, one value, or a text saying what is wrong.

    `given` holds the arguments by position. `lang` is asked only where something is wrong:
    finding the workbook's language takes calls to Excel.
    """
    try:
        cells = list(given)
        named: dict[str, object] = {}
        for param, rows in zip(rule.params, cells, strict=False):
            if rows is not None:
                named[param.name] = read(rows, param)
        return write(rule(named), _runs_down(rule, cells))
    except RuleError as error:
        from salesxl.catalog.wire import say

        return shorten(say(error, lang()))
    except BorderError as refused:
        return shorten(text(f"excel.{refused.entry}", lang(), **refused.values))
    except Exception as error:  # our bug; the cell still gets one line
        message = " ".join(str(error).split())
        values = {"rule": rule.name, "kind": type(error).__name__, "message": message}
        return shorten(text("excel.internal", lang(), **values))


def read(rows: Rows, param: Param) -> object:
    """One argument as the rule takes it: one value, or the rows."""
    if len(rows) == 1 and len(rows[0]) == 1:
        cell = _given(rows[0][0], param, 1)
        # A blank where cells are asked for is a range of one blank: some rules have a meaning
        # for it, the others say which cell is empty.
        return [None] if cell is None and param.required and param.kind not in _ONE_CELL else cell
    if param.kind in _ONE_CELL:
        count = sum(len(row) for row in rows)
        raise BorderError("one_cell", argument=param.name, count=count)
    start, made = 1, []
    for row in rows:
        made.append([_given(cell, param, start + index) for index, cell in enumerate(row)])
        start += len(row)
    # A rule may read rows of two as pairs; a single row in a sheet is a list.
    return made[0] if param.kind == "list" and len(made) == 1 else made


def write(value: object, down: bool = False) -> object:
    """A rule's answer as one value or rows of equal length; `down` stands a list upright."""
    if not isinstance(value, list | tuple):
        return _cell(value)
    if not value:
        return ""
    if not any(isinstance(row, list | tuple) for row in value):
        rows = [[item] for item in value] if down else [list(value)]
    else:
        rows = [list(row) if isinstance(row, list | tuple) else [row] for row in value]
    width = max(len(row) for row in rows)
    return [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]


def shorten(line: str) -> str:
    """`line` as long as a cell in an array may be."""
    return line if len(line) <= CELL_TEXT else line[: CELL_TEXT - 1] + "…"


def _runs_down(rule: Rule, cells: Sequence[Rows | None]) -> bool:
    """Whether the first range among the arguments is a column: a list then answers as one."""
    for argument, rows in zip(arguments(rule), cells, strict=False):
        if argument.param.kind in ("cells", "list", "block") and rows is not None:
            return len(rows) > 1 and len(rows[0]) == 1
    return False


def _given(cell: Any, param: Param, position: int) -> object:
    """One cell; 3.0 as 3, so that a message shows what the cell shows."""
    kind = type(cell)
    if kind is float:
        return int(cell) if abs(cell) < _EXACT and cell.is_integer() else cell
    if kind is str:
        if cell in _ERROR_TEXTS:
            raise BorderError("cell_error", argument=param.name, position=position, error=cell)
    elif kind is int and cell in _ERROR_CODES:
        code = cell - _ERROR_BASE
        name = _NEWER.get(code, f"#{code}")
        raise BorderError("cell_error", argument=param.name, position=position, error=name)
    return cell


def _cell(value: object) -> object:
    kind = type(value)
    if kind is int or kind is Decimal or kind is Fraction:
        return _number(value)  # type: ignore[arg-type]
    if value is None:
        return ""
    return shorten(value) if isinstance(value, str) else value


def _number(value: int | Decimal | Fraction) -> float:
    try:
        near = float(value)
    except OverflowError:
        near = _INFINITE[0]
    # Only an amount beyond 2^53 can be another whole amount once it is a double.
    if -_EXACT < near < _EXACT:
        return near
    if near in _INFINITE or Fraction(near) != value:
        raise BorderError("too_big", value=f"{Decimal(int(value)):.3E}")
    return near
