"""Where the rows of a template go when its lists and blocks are filled.

A list at row 5 of a sheet with 12 rows gets 20 entries; the rows below move by 19:

>>> sheet = SheetMoves([Run(5, 5, 20)])
>>> sheet.at(12), sheet.area(5, 5), sheet.area(4, 6)
(31, (5, 24), (4, 25))

A block of rows 3 to 6 is written for two people; its own list (row 5) gets 1 and 3
entries. `view` shows the sheet as a formula in the second copy sees it:

>>> both = SheetMoves([block(3, 6, [[Run(5, 5, 1)], [Run(5, 5, 3)]])])
>>> both.runs[0].count, both.view(3, 1).area(5, 5), both.at(7)
(10, (9, 11), 13)

Rows count from 1, as in references. All objects are immutable and picklable.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_ROW = 1_048_576


@dataclass(frozen=True, slots=True)
class Run:
    """Template rows `first`..`last` (inclusive) become `count` rows.

    Without `copies` it is a list: each new row is made from row `first`, the other
    rows (sample data) are gone. With `copies` it is a block: the rows are repeated,
    each copy with its own inner runs (template row numbers). `count` 0: rows dropped.
    """

    first: int
    last: int
    count: int
    copies: tuple[tuple[Run, ...], ...] = ()

    @property
    def height(self) -> int:
        """Rows in the template."""
        return self.last - self.first + 1


def block(first: int, last: int, copies: Sequence[Sequence[Run]]) -> Run:
    """The run of a block: one item of `copies` a repetition, holding the runs inside it."""
    kept = tuple(tuple(runs) for runs in copies)
    height = last - first + 1
    count = sum(height + sum(run.count - run.height for run in runs) for runs in kept)
    return Run(first, last, count, kept)


class Image(NamedTuple):
    """One place where something of the template stands now: rows `first`..`last`.

    `moves` is the sheet as seen from there; in a repeated list row `run` is the first
    template row of the list and `offset` the number of the new row in it (from 0).
    """

    first: int
    last: int
    moves: SheetMoves
    run: int | None = None
    offset: int = 0


class _Segment(NamedTuple):
    """Template rows first..last stand from row `start` on; `run` None: they only shift."""

    first: int
    last: int
    start: int
    run: Run | None


def _segments(runs: Sequence[Run], first: int, last: int, start: int) -> list[_Segment]:
    """Template rows first..last, laid out from `start`, cut at the runs among them."""
    found: list[_Segment] = []
    row = first
    for run in runs:
        if not row <= run.first <= run.last <= last or run.count < 0:
            raise ValueError(f"runs overlap, are out of order or out of bounds: {run}")
        if run.first > row:
            found.append(_Segment(row, run.first - 1, start, None))
            start += run.first - row
        found.append(_Segment(run.first, run.last, start, run))
        start += run.count
        row = run.last + 1
    if row <= last:
        found.append(_Segment(row, last, start, None))
    return found


class SheetMoves:
    """The runs of one sheet, ascending and disjoint; `title`: the new title if renamed."""

    __slots__ = ("_firsts", "_parts", "_views", "runs", "still", "title")

    def __init__(self, runs: Sequence[Run] = (), title: str | None = None) -> None:
        self.runs = tuple(runs)
        self.title = title
        self._set(_segments(self.runs, 1, MAX_ROW, 1))

    def _set(self, parts: Sequence[_Segment]) -> None:
        self._views: dict[int, list[SheetMoves]] = {}
        self._parts = tuple(parts)
        self._firsts = tuple(part.first for part in parts)
        # True when neither a reference nor a repeated thing can change
        self.still = all(
            part.first == part.start
            if part.run is None
            else part.run.height == part.run.count == 1 and part.first == part.start
            for part in parts
        )

    def __repr__(self) -> str:
        return f"SheetMoves({list(self.runs)!r}, {self.title!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SheetMoves):
            return NotImplemented
        return self._parts == other._parts and self.title == other.title

    def __hash__(self) -> int:
        return hash((self._parts, self.title))

    def _part(self, row: int) -> _Segment:
        return self._parts[bisect_right(self._firsts, row) - 1]

    def in_column(self, column: int) -> SheetMoves:
        """The moves of what stands in a column (from 1): blocks side by side have their own."""
        return self

    def run_at(self, row: int) -> Run | None:
        """The run that template row `row` belongs to."""
        return self._part(row).run

    def start(self, row: int) -> int | None:
        """Where a range that starts in this template row starts now.

        In dropped rows: the row that follows them. None: pushed off the sheet.
        """
        part = self._part(row)
        run, offset = part.run, row - part.first
        if run is not None and run.copies and run.count:
            return self.view(run.first, 0).start(row)
        if run is not None:
            offset = min(offset, max(run.count - 1, 0))
        return _on_sheet(part.start + offset)

    def end(self, row: int) -> int | None:
        """Where a range that ends in this template row ends now.

        The last row of a run stands for the last of its new rows. In dropped rows: the
        row before them (0 at the top). Ends pushed off the sheet stay on its last row.
        """
        part = self._part(row)
        run, offset = part.run, row - part.first
        if row == MAX_ROW and run is None:
            return MAX_ROW
        if run is not None:
            if row == run.last:
                offset = run.count - 1
            elif run.copies:
                return self.view(run.first, len(run.copies) - 1).end(row)
            else:
                offset = min(offset, run.count - 1)
        return min(part.start + offset, MAX_ROW)

    def at(self, row: int) -> int | None:
        """Where a reference to one cell in this row points now; None: its row is gone.

        In a list the first new row, the offset kept as far as it fits; in a block the
        first copy.
        """
        run = self.run_at(row)
        return None if run is not None and not run.count else self.start(row)

    def area(self, first: int, last: int) -> tuple[int, int] | None:
        """A range over these template rows, as formulas see it; None: all its rows are gone.

        A range that ends with a run's last row takes all of the run's new rows. A range
        within a block that is not the whole block stays in the first copy.
        """
        run = self.run_at(first)
        if run is not None and run.copies and run.count:
            inside = last <= run.last and (first, last) != (run.first, run.last)
            if inside:
                return self.view(run.first, 0).area(first, last)
        start, end = self.start(first), self.end(last)
        if first == last and run is not None and run.height > 1:
            end = start if run.count else 0  # one row of many never grows
        if start is None or end is None or end < start:
            return None
        return start, end

    def each(self, first: int, last: int) -> Iterator[Image]:
        """Every place where something that stands in these rows stands now.

        For merges, links, sparklines: what stands in a list's first row is repeated in
        every new row, what stands in its sample rows is gone, what stands beside all its
        rows grows; what stands in a block is repeated in every copy. Anything else keeps to
        its `area`.
        """
        part = self._part(first)
        run = part.run
        if run is None or last > run.last:
            area = self.area(first, last)
            if area is not None:
                yield Image(*area, self)
        elif run.copies:
            for number in range(len(run.copies)):
                yield from self.view(run.first, number).each(first, last)
        elif (first, last) == (run.first, run.last) and run.height > 1 and run.count:
            yield Image(part.start, part.start + run.count - 1, self)
        elif first == last == run.first:
            for offset in range(run.count):
                yield Image(part.start + offset, part.start + offset, self, run.first, offset)

    def spread(self, first: int, last: int) -> list[Image]:
        """Every stretch of rows that what holds for these rows holds for now.

        For conditional formats, validations and the like: a list's first row stands for
        all its new rows; a block's rows for those of every copy.
        """
        part = self._part(first)
        run = part.run
        found: list[Image] = []
        if run is None or last > run.last:
            area = self.area(first, last)
            if area is not None:
                found.append(Image(*area, self))
        elif run.copies:
            for number in range(len(run.copies)):
                found.extend(self.view(run.first, number).spread(first, last))
        elif first == run.first and run.count:
            end = min(part.start + run.count - 1, MAX_ROW)
            found.append(Image(part.start, end, self, run.first, 0))
        return found

    def view(self, first: int, number: int) -> SheetMoves:
        """The sheet as seen from copy `number` (from 0) of the block that starts at row `first`.

        Rows of the block are those of this copy; all others are where they are.
        """
        views = self._views.get(first)
        if views is None:
            views = self._views[first] = list(self._look_into(first))
        return views[number]

    def _look_into(self, first: int) -> Iterator[SheetMoves]:
        index = bisect_right(self._firsts, first) - 1
        part = self._parts[index]
        run = part.run
        if run is None or part.first != first or not run.copies:
            raise ValueError(f"no block starts at row {first}")
        before, after = self._parts[:index], self._parts[index + 1 :]
        start = part.start
        for runs in run.copies:
            inside = _segments(runs, run.first, run.last, start)
            start += run.height + sum(inner.count - inner.height for inner in runs)
            view = SheetMoves.__new__(SheetMoves)
            view.runs = tuple(
                inner for each in self.runs for inner in (runs if each is run else (each,))
            )
            view.title = self.title
            view._set((*before, *inside, *after))
            yield view


def _on_sheet(row: int) -> int | None:
    return row if row <= MAX_ROW else None


STILL = SheetMoves()


class Moves:
    """All sheets of a workbook: titles of the *template* → `SheetMoves`.

    `dropped`: titles of sheets that vanish. `order`: all template titles in tab order
    (for 3-D references). `names`: defined names of the workbook (a name that looks like
    a cell, ``TAX2020``, is then taken for the name). Titles and names ignore case;
    sheets not mentioned stay as they are.
    """

    __slots__ = ("_dropped", "_sheets", "names", "order", "still")

    def __init__(
        self,
        sheets: Mapping[str, SheetMoves] | None = None,
        dropped: Collection[str] = (),
        order: Sequence[str] = (),
        names: Collection[str] = (),
    ) -> None:
        self._sheets = {title.casefold(): moves for title, moves in (sheets or {}).items()}
        self._dropped = frozenset(title.casefold() for title in dropped)
        self.order = tuple(order)
        self.names = frozenset(name.casefold() for name in names)
        # nothing at all moves, so every part stays as it is
        self.still = not self._dropped and all(
            moves.still and moves.title is None for moves in self._sheets.values()
        )

    def sheet(self, title: str) -> SheetMoves:
        """The moves of a sheet, by its title in the template."""
        return self._sheets.get(title.casefold(), STILL)

    def is_dropped(self, title: str) -> bool:
        return title.casefold() in self._dropped

    def title(self, title: str) -> str:
        """The title a sheet of the template has now."""
        return self.sheet(title).title or title

    def seen_from(self, title: str, view: SheetMoves) -> Moves:
        """The same with one sheet seen as `view`: for formulas inside a block's copy."""
        other = Moves.__new__(Moves)
        other._sheets = {**self._sheets, title.casefold(): view}
        other._dropped, other.order, other.names = self._dropped, self.order, self.names
        other.still = self.still and view.still
        return other
