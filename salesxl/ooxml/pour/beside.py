"""Kinds of rows of several contents as one template, also where two blocks share the rows.

Each block is folded by itself; laid side by side again, rows that go through both blocks
stand in one row, and the shorter block ends in blanks:

    left   title  line  total  .      sign-off
    right  title  tier  total  due    sign-off
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salesxl.ooxml.pour.kinds import Fold, RowKind, sides
from salesxl.sheets.content import Sheet
from salesxl.texts import Lang

BLANK = RowKind("", "", True)  # no row of any content is of this kind


class Folded:
    """The rows of one sheet's template, block by block, in all contents added."""

    def __init__(self, two: bool) -> None:
        self.blocks = [Fold(loose=two) for _ in range(1 + two)]

    def add(self, sheet: Sheet, lang: Lang) -> None:
        """The next content's rows."""
        for fold, kinds in zip(self.blocks, sides(sheet, lang), strict=True):
            fold.add(kinds)

    def strange(self, sheet: Sheet, lang: Lang) -> int:
        """How many kinds of rows a content has that are not here yet."""
        return sum(
            len({k.key for k in kinds if not k.empty} - {k.key for k in fold.template})
            for fold, kinds in zip(self.blocks, sides(sheet, lang), strict=True)
        )

    def rows(self, content: int) -> list[list[int]]:
        """For each block the template row each row of a content falls on."""
        at = self._positions()
        return [
            [at[n][row] for row in fold.rows(content)] for n, fold in enumerate(self.blocks)
        ]  # fmt: skip

    def samples(self, content: int) -> list[set[int]]:
        """For each block the rows of a content that stand in the template."""
        return [fold.samples(content) for fold in self.blocks]

    def template(self) -> list[list[RowKind]]:
        """For each block the kinds of the template's rows, all equally many."""
        at = self._positions()
        count = max(positions[-1] for positions in at) + 1 if at[0] else 0
        found = []
        for fold, positions in zip(self.blocks, at, strict=True):
            rows = [BLANK] * count
            for kind, position in zip(fold.template, positions, strict=True):
                rows[position] = kind
            found.append(rows)
        return found

    def _positions(self) -> list[list[int]]:
        """For each block the row its kinds stand in."""
        found: list[list[int]] = [[] for _ in self.blocks]
        start = 0
        for pieces in zip(*(_pieces(fold.template) for fold in self.blocks), strict=True):
            for positions, piece in zip(found, pieces, strict=True):
                positions += range(start, start + len(piece))
            start += max(len(piece) for piece in pieces)
        return found


def _pieces(kinds: Sequence[RowKind]) -> Iterator[list[RowKind]]:
    """The kinds cut before and after each that goes through both blocks."""
    piece: list[RowKind] = []
    for kind in kinds:
        if kind.whole:
            yield piece
            yield [kind]
            piece = []
        else:
            piece.append(kind)
    yield piece


__all__ = ["BLANK", "Folded"]
