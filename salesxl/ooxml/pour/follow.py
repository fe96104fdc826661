"""Where the rows of one of our templates stand in a poured sheet.

A template row may have become none, one or many rows, side by side (a list) or spread
over repeated blocks. The followers of `salesxl.ooxml.template` ask the same questions of
`PouredMoves` as of the moves of a filled list.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from salesxl.ooxml.template.moves import MAX_ROW, Image, Run, SheetMoves


class PouredMoves(SheetMoves):
    """`rows`: template row (from 1) → its new rows (from 1), ascending; `below` what the
    rows under the last of them move by; `guests` new rows made from none of the template's."""

    __slots__ = ("_below", "_beside", "_guests", "_last", "_new", "_seen")

    def __init__(
        self, rows: Mapping[int, Sequence[int]], below: int, title: str | None = None,
        guests: frozenset[int] = frozenset(),
    ) -> None:  # fmt: skip
        super().__init__((), title)
        self._guests = guests
        self._new = {row: tuple(new) for row, new in rows.items()}
        self._last = max(self._new, default=0)
        self._below = below
        self._seen: dict[int, PouredMoves] = {}
        self._beside: tuple[PouredMoves, PouredMoves, frozenset[int]] | None = None
        self.still = below == 0 and all(new == (row,) for row, new in self._new.items())

    def in_column(self, column: int) -> PouredMoves:
        if self._beside is None:
            return self
        left, right, columns = self._beside
        return right if column in columns else left

    def new_rows(self, row: int) -> Sequence[int]:
        if row > self._last:
            moved = row + self._below
            return (moved,) if moved <= MAX_ROW else ()
        return self._new.get(row, ())

    def run_at(self, row: int) -> Run | None:
        """A list: a row that became several rows side by side."""
        new = self.new_rows(row)
        if len(new) < 2 or new[-1] - new[0] != len(new) - 1:
            return None
        return Run(row, row, len(new))

    def start(self, row: int) -> int | None:
        while row <= self._last:
            new = self.new_rows(row)
            if new:
                return new[0]
            row += 1
        return min(row + self._below, MAX_ROW)

    def end(self, row: int) -> int | None:
        if row == MAX_ROW:
            return MAX_ROW
        while row > 0:
            new = self.new_rows(row)
            if new:
                return new[-1]
            row -= 1
        return 0

    def at(self, row: int) -> int | None:
        new = self.new_rows(row)
        return new[0] if new else None

    def area(self, first: int, last: int) -> tuple[int, int] | None:
        start, end = self.start(first), self.end(last)
        if start is None or end is None:
            return None
        if end < start and not any(self.new_rows(row) for row in range(first, last + 1)):
            return None
        return min(start, end), max(start, end)

    def each(self, first: int, last: int) -> Iterator[Image]:
        if first != last:
            area = self.area(first, last)
            if area is not None:
                yield Image(*area, self)
            return
        run = self.run_at(first)
        for offset, row in enumerate(self.new_rows(first)):
            if run is not None:
                yield Image(row, row, self, first, offset)
            else:
                yield Image(row, row, self.seen_at(row))

    def spread(self, first: int, last: int) -> list[Image]:
        if last > self._last or last - first > 5_000:
            area = self.area(first, last)
            return [] if area is None else [Image(*area, self)]
        pieces = sorted(piece for row in range(first, last + 1) for piece in self._pieces(row))
        found: list[Image] = []
        for start, stop in pieces:
            end = found[-1].last + 1 if found else 0
            while end in self._guests:
                end += 1
            if found and end >= start:
                found[-1] = found[-1]._replace(last=max(stop, found[-1].last))
            else:
                found.append(Image(start, stop, self.seen_at(start)))
        return found

    def _pieces(self, row: int) -> list[tuple[int, int]]:
        """The new rows of a template row as stretches."""
        new = self.new_rows(row)
        if not new:
            return []
        if new[-1] - new[0] == len(new) - 1:
            return [(new[0], new[-1])]
        return [(one, one) for one in new]

    def seen_at(self, row: int) -> PouredMoves:
        """The sheet as a formula in new row `row` sees it: of repeated rows the nearest above."""
        seen = self._seen.get(row)
        if seen is None:
            nearest = {}
            for old, new in self._new.items():
                if len(new) > 1 and new[-1] - new[0] != len(new) - 1:
                    above = bisect_right(new, row)
                    new = (new[above - 1],) if above else (new[bisect_left(new, row)],)
                elif row in new:
                    new = (row,)
                nearest[old] = new
            seen = self._seen[row] = PouredMoves(nearest, self._below, self.title, self._guests)
            if self._beside is not None:
                left, right, columns = self._beside
                two = (seen, right) if self is left else (left, seen)
                seen._beside = (*two, columns)
        return seen

    def view(self, first: int, number: int) -> SheetMoves:
        return self.seen_at(self.new_rows(first)[number])


def side_by_side(left: PouredMoves, right: PouredMoves, columns: frozenset[int]) -> None:
    """Two blocks that share the rows of a sheet; `columns` (from 1) are the second one's."""
    left._beside = right._beside = (left, right, columns)
    left.still = right.still = left.still and right.still
