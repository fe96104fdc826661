"""Formulas whose references follow the rows of a template.

>>> moves = Moves({"Sales": SheetMoves([Run(5, 5, 3)])})
>>> rewrite("SUM(C5:C5)/B9&\"A5\"", moves, "Sales")
'SUM(C5:C7)/B11&"A5"'
>>> [compile_row_formula("C5*D$3+SUM(E$5:E5)", moves, "Sales", 5)(k) for k in (0, 1)]
['C5*D$3+SUM(E$5:E5)', 'C6*D$3+SUM(E$5:E6)']
"""

from __future__ import annotations

from typing import NamedTuple

from salesxl.ooxml.template.moves import Moves


class Instance(NamedTuple):
    """A row of a filled list: the list's first template row, and which new row (from 0)."""

    run: int
    offset: int


class Area(NamedTuple):
    """A rectangle on a sheet, rows and columns from 1; whole columns end at MAX_ROW."""

    sheet: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int


class RowFormula:
    """A formula of a list's first row, ready to be written in every new row."""

    def __call__(self, offset: int) -> str:
        """The formula in new row `offset` (from 0)."""
        raise NotImplementedError

    def rows(self, count: int, first: int = 0) -> list[str]:
        """The formulas of `count` rows from new row `first` on; fast."""
        raise NotImplementedError

    def escaped(self) -> RowFormula:
        """The same with ``& < >`` escaped, for the text of an XML element."""
        raise NotImplementedError


def rewrite(
    formula: str,
    moves: Moves,
    home: str,
    instance: Instance | tuple[int, int] | None = None,
    *,
    grow: bool = False,
) -> str:
    """`formula` (with or without ``=``, not XML-escaped) of sheet `home` after the moves.

    Within a list's row (`instance`), a relative row inside the same list, or right above
    it, goes along with the row; everything else stays pinned to what it means.
    `grow`: a reference to one cell of a one-row list means the whole list (charts).
    References to dropped rows or sheets become ``#REF!``. Unchanged: the same object.
    """
    raise NotImplementedError


def compile_row_formula(formula: str, moves: Moves, home: str, run: int) -> RowFormula:
    """The formula of a list's first template row `run`, for all its new rows."""
    raise NotImplementedError


def translate(formula: str, rows: int, columns: int = 0) -> str:
    """As Excel's fill: relative references shifted. For the followers of shared formulas."""
    raise NotImplementedError


def areas(formula: str, home: str = "") -> list[Area] | None:
    """The areas of a formula that is a reference and nothing else; None for any other."""
    raise NotImplementedError
