"""Every sum of a cube that should be its share rounded down or up.

Rows, columns and layers (regions, products, months), and groups of layers
(quarters). A margin is one such sum: it names the row and the column it belongs
to, None where it runs over all, and its layers from `first` to `last`.

>>> [margin.cells for margin in margins_of([1, 1, 1, 1], (1, 2, 2), 2, 2)]
[(0, 1, 2, 3), (0, 1), (2, 3), (0, 2), (1, 3)]

Bounds are worked out in whole numbers from exact fractions. Whoever searches for
an answer sees only those, so a sum of 2.9999999999 is never mistaken for 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Margin:
    """How many of `cells`, the fractional ones, are to be rounded up: `low` to `high`."""

    row: int | None
    column: int | None
    first: int  # layer, from 0
    last: int  # layer, included
    cells: tuple[int, ...]
    low: int
    high: int
    wide: bool  # over all layers: a line, a plane or the total

    def miss(self, count: int) -> int:
        """By how much `count` is too small (below 0) or too large."""
        return min(count - self.low, 0) or max(count - self.high, 0)


@dataclass(frozen=True)
class Request:
    """What a solver is asked: 0 or 1 for each of `count` cells, every margin within bounds.

    `costs` is what rounding a cell up adds to the distance from the ideal; None
    where any answer will do. Cells that no margin names stay 0.
    """

    count: int
    margins: tuple[Margin, ...]
    costs: tuple[float, ...] | None
    seconds: float


Solver = Callable[[Request], Sequence[int] | None]


def margins_of(parts: Sequence[int], shape: Shape, group: int, one: int) -> tuple[Margin, ...]:
    """The margins of a cube whose fractional parts are `parts` / `one`, layers innermost.

    Widest first: total, planes, lines; then layers and groups of them. A margin
    of a single cell, and one that another already says, is left out.
    """
    height, width, depth = shape
    spans = [(0, depth - 1)]
    if 1 < group < depth:
        spans += [(k, min(k + group, depth) - 1) for k in range(0, depth, group)]
    spans += [(k, k) for k in range(depth) if (k, k) not in spans]
    rows: list[int | None] = [None, *range(height)] if height > 1 else [None]
    columns: list[int | None] = [None, *range(width)] if width > 1 else [None]
    margins: dict[tuple[int, ...], Margin] = {}
    for first, last in spans:
        for i in rows:
            for j in columns:
                lines = (
                    (row * width + column) * depth
                    for row in (range(height) if i is None else (i,))
                    for column in (range(width) if j is None else (j,))
                )
                cells = tuple(
                    [line + k for line in lines for k in range(first, last + 1) if parts[line + k]]
                )
                if len(cells) < 2 or cells in margins:
                    continue
                total = sum([parts[cell] for cell in cells])
                low, high = total // one, -(-total // one)
                wide = last - first == depth - 1
                margins[cells] = Margin(i, j, first, last, cells, low, high, wide)
    return tuple(margins.values())
