"""A worked example as cells of a sheet: its arguments, its formula, what the cells must show.

>>> placed = place(examples_of("TARGET_GAP")[0])
>>> placed.formula(3)
'=TARGET_GAP(A3,C3)'

A sheet cannot hold every example: rows of unequal length, names no parameter has, and
whole numbers beyond a double are left to the test of the rules themselves.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from salesxl.catalog import find
from salesxl.catalog.examples import Example, examples
from salesxl.catalog.wire import say
from salesxl.core.declare import Param, Rule
from salesxl.core.error import RuleError
from salesxl.hosts.excel.border import run, shorten

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH: Final = dt.date(1899, 12, 30)
_CLOSE: Final = 5e-15  # an example writes an endless fraction with 15 digits
_EXACT: Final = 2**53

Cell = float | str | bool | dt.datetime | None
Rows = list[list[Cell]]


@dataclass(frozen=True)
class Placed:
    """One example on a sheet: arguments side by side with a blank column between them.

    `height` counts rows from the example's first; `shape` is the answer's rows and columns.
    """

    example: Example
    arguments: tuple[Rows | None, ...]  # None: left out of the formula
    height: int
    width: int
    shape: tuple[int, int]
    expected: tuple[object, ...]  # cells in reading order
    said: tuple[str, ...]  # or any of these texts, where the rule refuses

    def formula(self, row: int) -> str:
        """The formula for an example whose first row is `row`, counted from 1."""
        given, column = [], 1
        for rows in self.arguments:
            if rows is None:
                given.append("")
                continue
            first = f"{letters(column)}{row}"
            last = f"{letters(column + len(rows[0]) - 1)}{row + len(rows) - 1}"
            given.append(first if first == last else f"{first}:{last}")
            column += len(rows[0]) + 1
        while given and not given[-1]:
            given.pop()
        return f"={self.example.rule}({','.join(given)})"

    def matrix(self) -> Rows:
        """The arguments' cells, `height` rows of `width` columns."""
        made: Rows = [[None] * self.width for _ in range(self.height)]
        column = 0
        for rows in self.arguments:
            if rows is None:
                continue
            for down, row in enumerate(rows):
                made[down][column : column + len(row)] = row
            column += len(rows[0]) + 1
        return made

    def agrees(self, found: Sequence[object]) -> bool:
        """Whether the cells show what they must."""
        if self.said:
            return bool(found) and found[0] in self.said
        return len(found) == len(self.expected) and all(map(same, found, self.expected))


def examples_of(name: str) -> list[Example]:
    """The examples of one rule."""
    return [example for example in examples() if example.rule == name]


def place(example: Example) -> Placed | None:
    """The example as cells; None if no sheet can hold it."""
    rule = find(example.rule)
    params = {param.name: param for param in rule.params} if rule else {}
    if rule is None or not set(example.input) <= set(params):
        return None
    if not all(_fits(value) for value in example.input.values()):
        return None
    blocks = tuple(
        _block(param, example.input[param.name]) if param.name in example.input else None
        for param in rule.params
    )
    given = [block for block in blocks if block is not None]
    if not given:
        return None
    if not _same_case(rule, example):
        return None
    said = _refusals(rule, example) if example.error else ()
    expected = () if said else tuple(cell for row in _rows(example.output) for cell in row)
    shape = (1, 1) if said else _shape(rule, blocks, len(expected))
    return Placed(
        example=example,
        arguments=blocks,
        height=max(*(len(block) for block in given), shape[0], 1),
        width=sum(len(block[0]) + 1 for block in given),
        shape=shape,
        expected=expected,
        said=said,
    )


def same(found: object, expected: object) -> bool:
    """Whether a cell shows an expected value: numbers as doubles, days as days."""
    if expected is None or expected == "":
        return found is None or found == ""
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, int | Decimal):
        return isinstance(found, int | float) and math.isclose(
            found, float(expected), rel_tol=_CLOSE, abs_tol=0
        )
    if isinstance(found, dt.datetime):
        return str(expected) == found.date().isoformat()
    if isinstance(found, float) and _DAY.fullmatch(str(expected)):
        return _EPOCH + dt.timedelta(days=int(found)) == dt.date.fromisoformat(str(expected))
    return found == shorten(str(expected))


def letters(column: int) -> str:
    """A column's letters; 1 is A."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _fits(value: Any) -> bool:
    if isinstance(value, list):
        rows = _rows(value)
        even = bool(rows) and bool(rows[0]) and len({len(row) for row in rows}) == 1
        return even and all(_fits(cell) for row in rows for cell in row)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = float(value)
        return abs(number) < _EXACT and Decimal(repr(number)) == value
    return not isinstance(value, Mapping) and value != ""


def _block(param: Param, value: Any) -> Rows:
    """An argument's cells. A list stands upright, as people write one."""
    rows = _rows(value)
    if len(rows) == 1 and isinstance(value, list) and param.kind in ("cells", "list"):
        rows = [[cell] for cell in rows[0]]
    return [[_cell(cell, param.unit == "date") for cell in row] for row in rows]


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list | tuple):
        return [[value]]
    if not any(isinstance(row, list | tuple) for row in value):
        return [list(value)]
    return [list(row) if isinstance(row, list | tuple) else [row] for row in value]


def _cell(value: Any, day: bool) -> Cell:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        return float(value)
    if day and _DAY.fullmatch(str(value)):
        with suppress(ValueError):  # 30 February stays the text it is
            return dt.datetime.fromisoformat(value)
    return str(value)


def _as_given(param: Param, value: Any) -> Any:
    """What the function sees of the example's value once it stands in cells."""
    rows = _rows(value)
    if isinstance(value, list) and len(rows) == 1:
        if len(rows[0]) == 1:
            only = rows[0][0]
            return ([None] if param.required else None) if only is None else only
        return rows[0] if param.kind == "list" else value
    return value


def _in_cells(rule: Rule, example: Example) -> dict[str, Any]:
    kinds = {param.name: param for param in rule.params}
    return {name: _as_given(kinds[name], value) for name, value in example.input.items()}


def _same_case(rule: Rule, example: Example) -> bool:
    """Whether cells ask the same: a list of one is a cell there, a block of one row a list."""
    return _flat(rule, _in_cells(rule, example)) == _flat(rule, example.input)


def _refusals(rule: Rule, example: Example) -> tuple[str, ...]:
    """The texts of the refusal; its code alone where the rule does not refuse with it."""
    try:
        rule(_in_cells(rule, example))
    except RuleError as error:
        if error.code == example.error:
            return tuple(shorten(say(error, lang)) for lang in ("zh", "en"))
    return (example.error,)


def _flat(rule: Rule, given: Mapping[str, Any]) -> list[Any]:
    """The answer's cells, or the code of the refusal."""
    try:
        return [cell for row in _rows(rule(given)) for cell in row]
    except RuleError as error:
        return [error.code]


def _shape(rule: Rule, blocks: Sequence[Rows | None], count: int) -> tuple[int, int]:
    """Rows and columns of the answer, as the function itself will give them."""
    made = run(rule, [_seen(block) for block in blocks], lambda: "en")
    if isinstance(made, list):
        shape = len(made), len(made[0])
        if shape[0] * shape[1] == count:
            return shape
    return (1, count)


def _seen(block: Rows | None) -> list[list[Any]] | None:
    """Cells as xlwings reads them: a day as its number."""
    if block is None:
        return None
    return [
        [float((cell.date() - _EPOCH).days) if isinstance(cell, dt.datetime) else cell
         for cell in row]
        for row in block
    ]  # fmt: skip
