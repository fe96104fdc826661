"""How the rows and columns of a content stand in a template: which row is made from which.

Rows a person inserted are written once, where they were: before the first row of the
content that comes after them in the template. What a person deleted is written all the
same, hidden, as formulas elsewhere may need it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from salesxl.ooxml.pour.follow import PouredMoves
from salesxl.ooxml.pour.grid import Grid, grid_of
from salesxl.ooxml.pour.kinds import align, row_kinds
from salesxl.ooxml.pour.relocate import Place
from salesxl.ooxml.pour.target import TargetSheet
from salesxl.sheets.content import Sheet
from salesxl.texts import Lang


class Line(NamedTuple):
    """One row of the filled sheet; all numbers from 0."""

    content: int | None  # row of the content; None: the person's own row
    kind: int | None  # row of the template as it was made
    row: int | None  # row of the template now; None: deleted, or of a kind it lacks


@dataclass(frozen=True)
class Layout:
    """A sheet's rows from top to bottom, and where everything has gone."""

    sheet: Sheet
    target: TargetSheet
    grid: Grid
    lines: Sequence[Line]
    place: Place  # content → filled sheet
    moves: PouredMoves  # template → filled sheet
    hidden: frozenset[int]  # columns that are written although a person deleted them


def lay_out(sheet: Sheet, target: TargetSheet, lang: Lang) -> Layout:
    """The layout of one sheet."""
    grid = grid_of(sheet)
    found = align(row_kinds(sheet, lang, grid), target.record.rows)
    anchored = set(target.rows.values())
    last = max(anchored, default=-1)
    own = [row for row in range(last + 1) if row not in anchored]
    lines: list[Line] = []
    spot = 0
    for number, kind in enumerate(found):
        row = None if kind is None else target.rows.get(kind)
        if row is not None:
            while spot < len(own) and own[spot] < row:
                lines.append(Line(None, None, own[spot]))
                spot += 1
        lines.append(Line(number, kind, row))
    lines += [Line(None, None, row) for row in own[spot:]]
    new: dict[int, list[int]] = {row + 1: [] for row in range(last + 1)}
    rows = [0] * len(found)
    for number, line in enumerate(lines):
        if line.row is not None:
            new[line.row + 1].append(number + 1)
        if line.content is not None:
            rows[line.content] = number
    guests = frozenset(number for number, line in enumerate(lines, 1) if line.row is None)
    cols, hidden = _columns(sheet, target, grid)
    return Layout(
        sheet, target, grid, lines, Place(target.title, rows, cols),
        PouredMoves(new, len(lines) - last - 1, guests=guests), hidden,
    )  # fmt: skip


def _columns(sheet: Sheet, target: TargetSheet, grid: Grid) -> tuple[list[int], frozenset[int]]:
    """Columns the template lacks come after everything that stands in it."""
    used = max((col for line in grid.values() for col in line), default=0)
    for table in sheet.tables:
        used = max(used, table.col + len(table.columns) - 1)
    known = len(target.record.widths)
    free = max([*target.cols.values(), last_column(target) - 1], default=0) + 1
    cols: list[int] = []
    hidden: set[int] = set()
    for col in range(max(used, sheet.last_col) + 1):
        place = target.cols.get(col)
        if place is None:
            place, free = free, free + 1
            if col < known:
                hidden.add(place)
        cols.append(place)
    return cols, frozenset(hidden)


def last_column(target: TargetSheet) -> int:
    """The last column (from 1) in which the template holds a cell."""
    found = target.sheet.forms.get("pour.last_column")
    if found is None:
        found = 0
        for row in target.sheet.rows:
            cells = target.sheet.cells(row.number)
            found = max(found, *cells, 0)
        target.sheet.forms["pour.last_column"] = found
    return int(found)


def places(layouts: Mapping[str, Layout]) -> dict[str, Place]:
    """Title in the content → place, for the sheets that are filled."""
    return {layout.sheet.title: layout.place for layout in layouts.values()}
