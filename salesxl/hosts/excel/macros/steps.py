"""The steps of a change to an open workbook, and how cells are entered and compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from salesxl.ooxml.template.formula_parts import Ref, parse

if TYPE_CHECKING:
    import xlwings as xw

    from salesxl.errors import Problem
    from salesxl.sheets.content import Look
    from salesxl.texts import Lang

_GUESSED: Final = frozenset("'=+-@.,()$€£¥￥0123456789%")


@dataclass(frozen=True)
class Insert:
    """`count` rows before row `row` (from 0)."""

    sheet: xw.Sheet
    row: int
    count: int


@dataclass(frozen=True)
class Like:
    """`count` new rows from `row` look like row `model`."""

    sheet: xw.Sheet
    row: int
    count: int
    model: int


@dataclass(frozen=True)
class Put:
    """A block of values and formulas from (`row`, `col`), and what stood there before."""

    sheet: xw.Sheet
    row: int
    col: int
    rows: list[list[Any]]
    old: list[list[Any]]


@dataclass(frozen=True)
class Paint:
    """A cell that is new to the sheet looks like the cell at `model`."""

    sheet: xw.Sheet
    row: int
    col: int
    model: tuple[int, int]


@dataclass(frozen=True)
class Dress:
    """Cells of one row look as that style says: for rows like which there was none."""

    sheet: xw.Sheet
    row: int
    col: int
    width: int
    look: Look
    lang: Lang
    currency: str
    decimals: int


@dataclass(frozen=True)
class Merge:
    """An area's cells become one, or (`join` False) cells of their own again."""

    sheet: xw.Sheet
    area: tuple[int, int, int, int]
    join: bool


@dataclass(frozen=True)
class Enter:
    """An array formula for an area; blank takes one away."""

    sheet: xw.Sheet
    area: tuple[int, int, int, int]
    text: str
    old: str


@dataclass(frozen=True)
class Remove:
    """`count` rows from `row` are taken out; `old` their formulas."""

    sheet: xw.Sheet
    row: int
    count: int
    old: list[list[Any]]


Step = Insert | Like | Put | Paint | Dress | Merge | Enter | Remove


@dataclass
class Changes:
    """The steps; `blocked` names cells in the way, `typed` inputs typed over on result sheets."""

    steps: list[Step] = field(default_factory=list)
    blocked: list[Problem] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    paints: list[Paint | Dress] = field(default_factory=list)

    @property
    def cells(self) -> int:
        """How many cells are written."""
        puts = [step for step in self.steps if isinstance(step, Put)]
        return sum(len(row) for put in puts for row in put.rows)


def entered(value: Any) -> Any:
    """A value as Excel must be given it, so that a text stays the text it is.

    >>> entered("007"), entered(Decimal("1.50")), entered("Total")
    ("'007", 1.5, 'Total')
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        # What starts like a number, a date or a formula would be read as one.
        return f"'{value}" if value[0] in _GUESSED or _is_word(value) else value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return float(value) if isinstance(value, int | float | Decimal) else value


def _is_word(value: str) -> bool:
    """TRUE, month names with a number and the like, which Excel turns into something else."""
    word = value.strip().casefold()
    return word in ("true", "false") or (len(word) < 20 and any(c.isdigit() for c in word))


def plain(formula: str) -> str:
    """A formula for comparing: as Excel may write it back.

    >>> plain("='Targets'!$B$2 + 1") == plain("=Targets!$B$2+1")
    True
    """
    parts = []
    for part in parse(formula):
        if isinstance(part, Ref):
            sheets = ":".join(part.sheets)
            parts.append(f"{sheets}!{part.body}" if sheets else part.body)
        else:
            parts.append(part if '"' in part else part.replace(" ", ""))
    return "".join(parts).casefold()
