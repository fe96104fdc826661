"""What has to change in an open workbook so that it holds some content: worked out, not yet done.

A change is a list of steps in the order in which they are done: rows to insert, cells to write,
rows to remove. Left alone are cells that hold what they should, formulas of the user's own where
the content has a figure, and whatever the content has no place for. Where the user's own cell
stands in a place the content needs, nothing is changed and the cell is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from salesxl.hosts.excel.macros.cells import Cells, entry, width
from salesxl.hosts.excel.macros.layout import Laid, Places
from salesxl.hosts.excel.macros.record import (
    look_digest,
    merged_areas,
)
from salesxl.hosts.excel.macros.steps import (
    Changes,
    Insert,
    Like,
    Merge,
    Remove,
    Step,
)
from salesxl.sheets.content import Book, Look, Sheet


def changes_for(places: Places, book: Book, keys: Iterable[str] = ()) -> Changes:
    """The changes that bring these sheets (all, where none is named) to their content `book`."""
    wanted = set(keys)
    chosen = [laid for key, laid in places.laid.items() if not wanted or key in wanted]
    # Rows move on the chosen sheets only; the others' formulas still point at them.
    for key, laid in places.laid.items():
        if wanted and key not in wanted:
            _stay(laid)
    made = Changes()
    for laid in chosen:
        _inserts(laid, made)
    joined = [step for laid in chosen for step in _merges(laid, places, made)]
    for laid in chosen:
        Cells(laid, places, made, book).work()
    made.steps += joined
    for laid in chosen:
        _removals(laid, places, made)
    made.steps += made.paints  # last: a look is no reason to fail, nor to take anything back
    return made


def _stay(laid: Laid) -> None:
    """A sheet that is not written: its rows are where they are."""
    kept = {slot.row: slot.old for slot in laid.slots if slot.row is not None}
    laid.at = {row: old for row, old in kept.items() if old is not None}
    laid.moved = {}


def _inserts(laid: Laid, made: Changes) -> None:
    looks = _row_looks(laid.content)
    fresh = [place for place, slot in enumerate(laid.slots) if slot.old is None]
    made.steps += [Insert(laid.sheet, row, count) for row, count in _runs(fresh)]
    models: list[tuple[int, int, int]] = []  # row, count, model
    for row in fresh:
        # Asked first: a list of many thousand new rows has one model.
        if models and sum(models[-1][:2]) == row and _alike(laid, looks, row):
            models[-1] = (models[-1][0], models[-1][1] + 1, models[-1][2])
            continue
        if row - 1 in laid.bare and _alike(laid, looks, row):
            laid.bare.add(row)
            continue
        model = _model(laid, looks, row)
        if model is None:  # no row of the sheet looks like it: dressed cell by cell
            laid.bare.add(row)
        else:
            models.append((row, 1, model))
    made.steps += [Like(laid.sheet, row, count, model) for row, count, model in models]


def _alike(laid: Laid, looks: Mapping[int, Any], place: int) -> bool:
    """Whether a row is to look like the one above it."""
    row, above = laid.slots[place].row, laid.slots[place - 1].row
    if row is None or above is None:
        return False
    return bool(looks.get(row) == looks.get(above))


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Rows in order as (first, count)."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and sum(found[-1]) == row:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((row, 1))
    return found


def _row_looks(content: Sheet) -> dict[int, tuple[tuple[int, Look], ...]]:
    found: dict[int, list[tuple[int, Look]]] = {}
    for cell in content.cells:
        found.setdefault(cell.row, []).append((cell.col, cell.look))
    for table in content.tables:
        line = [(table.col + i, column.look) for i, column in enumerate(table.columns)]
        for row in range(table.row + 1, table.row + 1 + max(1, len(table.rows))):
            found[row] = line
    return {row: tuple(sorted(line, key=lambda pair: pair[0])) for row, line in found.items()}


def _model(laid: Laid, looks: Mapping[int, Any], place: int) -> int | None:
    """The nearest row that is there already and looks as the new one should; None: there is none.

    Where it is not known how the rows that are there were to look, the content's word is taken."""
    row = laid.slots[place].row
    wanted = looks.get(-1 if row is None else row)
    reach = max(place, len(laid.slots) - place)
    for distance in range(1, reach):
        for other in (place - distance, place + distance):
            if not 0 <= other < len(laid.slots) or laid.slots[other].old is None:
                continue
            content_row = laid.slots[other].row
            if content_row is None or looks.get(content_row) != wanted:
                continue
            if all(_unchanged(laid, other, cell) for cell in wanted or ()):
                return other
    return None


def _unchanged(laid: Laid, place: int, cell: tuple[int, Look]) -> bool:
    """Whether a cell of a row that is there already looks as the content says."""
    known = laid.known.get(laid.slots[place].old or 0, {}).get(cell[0])
    return known is None or not known.look or known.look == look_digest(cell[1])


def _merges(laid: Laid, places: Places, made: Changes) -> list[Step]:
    """Merged areas that are no more are taken apart first; the new ones are answered, to be
    joined when the cells are written."""
    if not places.recorded:
        return []
    old: set[tuple[int, int, int, int]] = set()
    for row, marks in laid.known.items():
        for col, down, across in merged_areas(marks):
            top, bottom = laid.moved.get(row), laid.moved.get(row + down)
            if top is not None and bottom is not None and not laid.slots[top].drop:
                old.add((top, col, bottom, col + across))
    new = {
        (laid.at[top], left, laid.at[bottom], right)
        for top, left, bottom, right in laid.content.merges
        if top in laid.at and bottom in laid.at
    }
    fresh = [place for place, slot in enumerate(laid.slots) if slot.old is None]
    apart = [Merge(laid.sheet, area, False) for area in sorted(old - new)]
    last = max((len(line) for line in laid.values), default=1) - 1
    # A row made like another may have got its merged cells: they are joined anew below.
    apart += [Merge(laid.sheet, (row, 0, row + count - 1, last), False)
              for row, count in _runs(fresh)]  # fmt: skip
    made.steps += apart
    rows = set(fresh)
    return [Merge(laid.sheet, area, True) for area in sorted(new)
            if area not in old or area[0] in rows]  # fmt: skip


def _removals(laid: Laid, places: Places, made: Changes) -> None:
    gone = [place for place, slot in enumerate(laid.slots) if slot.drop]
    for first, count in reversed(_runs(gone)):
        old = [
            [entry(laid, places, laid.slots[row].old, col) for col in range(width(laid))]
            for row in range(first, first + count)
        ]
        made.steps.append(Remove(laid.sheet, first, count, old))
