"""Formulas of the template as they read in the filled sheet.

The moves of all sheets are known only when every sheet is laid out; what is handed out
here looks at them when the rows are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from salesxl.ooxml.template.columns import Follow
from salesxl.ooxml.template.followed import Followed, mentioned
from salesxl.ooxml.template.moves import Moves, Run, SheetMoves, block
from salesxl.ooxml.template.references import compile_row_formula, rewrite

if TYPE_CHECKING:
    from salesxl.ooxml.template.compile import Template
    from salesxl.ooxml.template.layout import Zone
    from salesxl.ooxml.template.resolve import ListJob


class Following:
    """What moves in this file; `moves` is set once all sheets are laid out."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.moves = Moves()
        self._views: dict[object, Moves] = {}

    def named_cells(self, title: str) -> frozenset[tuple[int, int]]:
        """(row, column) of the named cells of a sheet of the template."""
        key = ("named", title)
        found = self.template.made.get(key)
        if found is None:
            places = self.template.places.values()
            cells = [one.area for one in places if one.kind == "cell" and one.sheet == title]
            found = self.template.made[key] = frozenset((one[0], one[1]) for one in cells)
        return found

    def of_sheet(self, title: str) -> Follow | None:
        """For the rows of a sheet outside its blocks; None: none of its formulas change."""
        if not self.concerns(title):
            return None

        def follow(formula: str, origin: int, first: int, count: int) -> Sequence[str]:
            return [self.followed.formula(rewrite, formula, title)] * count

        return follow

    @cached_property
    def followed(self) -> Followed:
        """What follows `moves`, which must be set."""
        return Followed(self.template, self.moves)

    def concerns(self, title: str) -> bool:
        """Whether a formula of this sheet may point at something that moves."""
        moves = self.moves
        if moves.still:
            return False
        if not moves.sheet(title).still:
            return True
        return any(
            moves.is_dropped(other) or moves.sheet(other).title or not moves.sheet(other).still
            for other in self._mentioned(title)
        )

    def _mentioned(self, title: str) -> frozenset[str]:
        """The sheets that formulas, rules or links of a sheet name."""
        key = ("sheet", title)
        found = self.template.made.get(("mentioned", key))
        if found is None:
            sheet = self.template.sheets[title]
            text = sheet.head + sheet.tail + "".join(r.raw for r in sheet.rows if r.formulas)
            found = mentioned(self.template, key, text)
        return found

    def of_rows(self, title: str, copy: tuple[int, int] | None) -> Follow | None:
        """For rows in a copy of a block: (the block's first row, which copy)."""
        if copy is None:
            return None  # as the sheet does

        def follow(formula: str, origin: int, first: int, count: int) -> Sequence[str]:
            return [rewrite(formula, self._seen(title, copy), title)] * count

        return follow

    def of_list(self, title: str, zone: Zone, job: ListJob, copy: tuple[int, int] | None) -> Follow:
        """For the entries of a list: a row's formula goes along with it."""
        area = job.place.area
        key = (title, copy, area)

        def follow(formula: str, origin: int, first: int, count: int) -> Sequence[str]:
            moves = self._views.get(key)
            if moves is None:
                moves = self._views[key] = self._as_one_run(title, zone, job, copy)
            start = moves.sheet(title).start(area.first_row) or 1
            made = compile_row_formula(formula, moves, title, area.first_row)
            return made.rows(count, first - start)

        return follow

    def _seen(self, title: str, copy: tuple[int, int]) -> Moves:
        found = self._views.get((title, copy))
        if found is None:
            view = self.moves.sheet(title).view(*copy)
            found = self._views[title, copy] = self.moves.seen_from(title, view)
        return found

    def _as_one_run(
        self, title: str, zone: Zone, job: ListJob, copy: tuple[int, int] | None
    ) -> Moves:
        old, new = zone.runs(), zone.runs_for(job)
        if old == new:
            return self.moves if copy is None else self._seen(title, copy)
        sheet = self.moves.sheet(title)
        if copy is None:
            view = SheetMoves(_replaced(sheet.runs, old, new), sheet.title)
        else:
            runs = [
                _with_copy(run, copy[1], old, new) if run.first == copy[0] else run
                for run in sheet.runs
            ]
            view = SheetMoves(runs, sheet.title).view(*copy)
        return self.moves.seen_from(title, view)


def _replaced(runs: Sequence[Run], old: Sequence[Run], new: Sequence[Run]) -> list[Run]:
    kept = [run for run in runs if run not in old]
    return sorted([*kept, *new], key=lambda run: run.first)


def _with_copy(run: Run, number: int, old: Sequence[Run], new: Sequence[Run]) -> Run:
    copies = [
        _replaced(runs, old, new) if index == number else runs
        for index, runs in enumerate(run.copies)
    ]
    return block(run.first, run.last, copies)
