"""Which row of a sheet is which row of what is to be written.

>>> align(3, 4, lambda i, j: "ABD"[i] == "ABCD"[j])
{0: 0, 1: 1, 2: 3}

Both sides keep their order. Rows that fit are paired; between two pairs, rows that changed
are paired one by one, and what is left over on either side stands alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_REACH: Final = 400  # rows looked ahead for the next pair


def align(left: int, right: int, fits: Callable[[int, int], bool]) -> dict[int, int]:
    """Row of the left side → row of the right side, for those that are the same row."""
    pairs: dict[int, int] = {}
    i = j = 0
    while i < left and j < right:
        if fits(i, j):
            pairs[i] = j
            i, j = i + 1, j + 1
            continue
        step = _next(i, j, left, right, fits)
        di, dj = step if step is not None else (left - i, right - j)
        if di == dj or step is None:
            # As many rows on both sides: the same rows, changed.
            for offset in range(min(di, dj)):
                pairs[i + offset] = j + offset
        i, j = i + di, j + dj
    return pairs


def _next(
    i: int, j: int, left: int, right: int, fits: Callable[[int, int], bool]
) -> tuple[int, int] | None:
    """The nearest place where the sides fit again."""
    for total in range(1, _REACH):
        for di in range(total + 1):
            dj = total - di
            if i + di < left and j + dj < right and fits(i + di, j + dj):
                return di, dj
        if i + total >= left and j + total >= right:
            return None
    return None


@dataclass(frozen=True)
class Slot:
    """One row of the sheet to be: `old` its row now (None: to be inserted), `row` the row of
    the content (None: the user's own, or ours to be removed)."""

    old: int | None
    row: int | None
    drop: bool = False


def slots(
    count: int, known: dict[int, int], follows: dict[int, int], new: int, first: int, start: int
) -> list[Slot]:
    """The rows of one part of a sheet in their new order.

    `count` rows stand there now, from row `first`; `known`: those that are ours → row of the
    record; `follows`: row of the record → row of the content; `new` rows are to be there, from
    row `start` of the content. All rows are counted from the part's beginning.
    """
    made: list[Slot] = []
    place = 0  # where the next inserted rows go: right behind the last row that is ours
    done = 0  # rows of the content that have their slot
    for old in range(count):
        recorded = known.get(old)
        target = None if recorded is None else follows.get(recorded)
        if recorded is None:
            made.append(Slot(first + old, None))
        elif target is None:
            made.append(Slot(first + old, None, drop=True))
        else:
            fresh = [Slot(None, start + row) for row in range(done, target)]
            made[place:place] = fresh
            made.append(Slot(first + old, start + target))
            place, done = len(made), target + 1
    made[place:place] = [Slot(None, start + row) for row in range(done, new)]
    return made
