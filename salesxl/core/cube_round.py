"""Controlled rounding of a cube in whole numbers: the search, a solver behind it, the count.

A solver is only asked where the search has missed a margin, or for the nearest
answer; whatever it says is counted again here. Plans use `spread_cube` and
`fill_cube`, which ask none: their answer does not depend on what is installed.

>>> spread_cube([[4, 2], [2, 2]], [1, 1, 1], group=1)
[[[1, 2, 1], [1, 0, 1]], [[1, 0, 1], [0, 1, 1]]]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, lcm

from salesxl.core.cube_search import search
from salesxl.core.error import RuleError
from salesxl.core.margins import Margin, Request, Shape, Solver, margins_of
from salesxl.core.rounding import Table, odd_parts, without

CubeTable = list[list[list[int]]]

_STEPS = 3000  # moves of the search, per direction; a cube of 31 × 12 × 12 takes 150
_SECONDS = 10  # for the solver where the search has missed something
_solver: list[Solver] = []


def use_solver(solver: Solver | None) -> None:
    """Ask `solver` where the search misses a margin, and for the nearest answer."""
    _solver[:] = [] if solver is None else [solver]
    _round.cache_clear()


@dataclass(frozen=True)
class Cube:
    """Whole cells, layers innermost, how they were found, and the margins that missed."""

    cells: tuple[int, ...]
    shape: Shape
    method: str  # search, solver or nearest
    margins: int  # sums that needed rounding
    missed: tuple[tuple[Margin, int], ...]  # by how many units: below 0 is too small

    def nested(self) -> CubeTable:
        """The cells as [row][column][layer]."""
        height, width, depth = self.shape
        lines = [list(self.cells[n : n + depth]) for n in range(0, len(self.cells), depth)]
        return [lines[n : n + width] for n in range(0, height * width, width)]


def round_cube(
    parts: Sequence[int], shape: Shape, one: int, group: int = 3, nearest_seconds: int | None = 0
) -> Cube:
    """Controlled rounding of `parts` / `one`, layers innermost, `group` layers a quarter.

    `nearest_seconds` above 0 asks the solver for an answer within 1 % of the
    nearest; where it takes longer, the first answer stands. None asks no solver
    at all: the same answer whatever is installed.
    """
    shared = gcd(one, *parts)
    return _round(
        tuple(part // shared for part in parts), shape, one // shared, group, nearest_seconds
    )


# The split and its explanation speak of one and the same answer.
@lru_cache(maxsize=4)
def _round(
    parts: tuple[int, ...], shape: Shape, one: int, group: int, nearest_seconds: int | None
) -> Cube:
    over = [part % one for part in parts]
    margins = margins_of(over, shape, group, one)
    ups, method = search(over, shape, one, margins, _STEPS), "search"
    missed = _missed(margins, ups)
    if _solver and nearest_seconds is not None and (missed or nearest_seconds):
        costs = tuple((one - 2 * part) / one for part in over) if nearest_seconds else None
        request = Request(len(parts), margins, costs, nearest_seconds or _SECONDS)
        found = _solver[0](request)
        if found is not None and _sound(found, over):
            now = _missed(margins, found)
            if _size(now) < _size(missed) or (nearest_seconds and not now):
                ups, missed, method = list(found), now, "nearest" if costs else "solver"
    return Cube(
        tuple(part // one + up for part, up in zip(parts, ups, strict=True)),
        shape,
        method,
        len(margins),
        missed,
    )


def _sound(found: Sequence[int], over: Sequence[int]) -> bool:
    """Whether a solver's answer is 0 or 1 for each cell, 0 where the share is whole."""
    return len(found) == len(over) and all(
        type(up) is int and (up == 0 or (up == 1 and part))
        for up, part in zip(found, over, strict=True)
    )


def _missed(margins: Sequence[Margin], ups: Sequence[int]) -> tuple[tuple[Margin, int], ...]:
    counted = ((margin, margin.miss(sum([ups[c] for c in margin.cells]))) for margin in margins)
    return tuple((margin, miss) for margin, miss in counted if miss)


def _size(missed: Sequence[tuple[Margin, int]]) -> tuple[int, int]:
    """Total, planes and full lines first, then all the rest together."""
    wide = sum(abs(miss) for margin, miss in missed if margin.wide)
    return wide, sum(abs(miss) for _, miss in missed)


def spread_cube(
    lines: Table,
    layer_parts: Sequence[int],
    unit: int = 1,
    group: int = 3,
    locked: Sequence[Sequence[Sequence[int | None]]] | None = None,
) -> CubeTable:
    """Each amount of a finished table (row × column) over layers, as [row][column][layer].

    `lines` are whole, none negative, and kept exactly, so are their rows, columns
    and total. `layer_parts` are weights, some above 0. Row × layer, column × layer,
    layers and quarters are their exact share rounded to the unit. What a line has
    below a unit stands in the layer with the largest part. Cells of `locked` that
    are not None are kept, the others of their line share the rest; RuleError tells
    by position, counted over all cells, which line cannot. No solver is asked.
    """
    depth, width = len(layer_parts), len(lines[0])
    kept: CubeTable = [[[0] * depth for _ in row] for row in lines]
    shares: list[tuple[int, list[int]]] = []  # for each line: units, parts of the free layers
    for i, row in enumerate(lines):
        for j, amount in enumerate(row):
            locks = [None] * depth if locked is None else locked[i][j]
            rest = _rest(amount, locks, (i * width + j) * depth + 1)
            free = [p if lock is None else 0 for p, lock in zip(layer_parts, locks, strict=True)]
            if rest and not any(free):
                code = "weights_all_zero" if None in locks else "locked_sum"
                raise RuleError(
                    code,
                    argument="locked" if code == "locked_sum" else "layer_parts",
                    held=amount - rest,
                    total=amount,
                )
            kept[i][j] = [lock or 0 for lock in locks]
            if rest:
                kept[i][j][free.index(max(free))] += rest % unit
            shares.append((rest // unit, free))
    one = lcm(*(sum(free) or 1 for _, free in shares))
    parts = [units * part * (one // (sum(free) or 1)) for units, free in shares for part in free]
    return _with_odd(round_cube(parts, (len(lines), width, depth), one, group, None), unit, kept)


def _rest(amount: int, locks: Sequence[int | None], first: int) -> int:
    """What the free cells of a line share; `first` is the position of its first cell."""
    rest = amount - sum(lock or 0 for lock in locks)
    if rest < 0:
        last = max(k for k, lock in enumerate(locks) if lock)
        raise RuleError(
            "locked_over",
            argument="locked",
            position=first + last,
            held=amount - rest,
            total=amount,
        )
    return rest


def fill_cube(lines: Table, layers: Table, unit: int = 1, group: int = 3) -> CubeTable:
    """Cells within a finished row × column and a finished row × layer table, both kept exactly.

    Both hold whole amounts, none negative, with the same row sums. A cell's share
    is line × layer / row; column × layer, layers and quarters are the exact sums of
    these rounded to the unit. What margins have below a unit lies in the largest
    column and layer of the row; where it cannot, the greatest unit that divides
    all of them is used. No solver is asked.
    """
    odd = [odd_parts(row, layer, unit) for row, layer in zip(lines, layers, strict=True)]
    rests = [
        without(row, layer, cells) for row, layer, cells in zip(lines, layers, odd, strict=True)
    ]
    if min(min(*columns, *depths) for columns, depths in rests) < 0:
        shared = gcd(unit, *(n for table in (lines, layers) for row in table for n in row))
        return fill_cube(lines, layers, shared, group)
    one = lcm(*(sum(columns) // unit or 1 for columns, _ in rests))
    parts = []
    for columns, depths in rests:
        factor = one // (sum(columns) // unit or 1)
        parts += [(c // unit) * (d // unit) * factor for c in columns for d in depths]
    shape = len(lines), len(lines[0]), len(layers[0])
    return _with_odd(round_cube(parts, shape, one, group, None), unit, odd)


def _with_odd(cube: Cube, unit: int, odd: Sequence[Table]) -> CubeTable:
    return [
        [[n * unit + rest for n, rest in zip(line, left, strict=True)] for line, left in pair]
        for pair in (zip(*both, strict=True) for both in zip(cube.nested(), odd, strict=True))
    ]
