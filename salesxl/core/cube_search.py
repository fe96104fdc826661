"""Find which cells of a cube to round up: settle the lines, then swap inside them.

1. The table of rows × columns is settled by controlled rounding, so every line over
   the layers, every row, every column and the total have their whole numbers. These
   never move again.
2. Inside, the cells are settled by controlled rounding of lines × layers.
3. While some margin is out of bounds: of all moves of one unit within a line, from
   one layer to another, that bring this margin nearer, take the one that mends most
   and, among equals, stays nearest to the ideal. A move is not taken back for a
   while, so the search can leave a dead end.
4. Where that fails, the same from there with moves in all three directions. Its
   answer counts only if it meets every margin; else lines stay as settled.

No clock and no chance: the same input has the same answer, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from salesxl.core.margins import Margin, Shape
from salesxl.core.rounding import round_table

_FINE = 1 << 60  # the parts of one in which shares inside a line are held
_LEAN = 1 << 20
_TENURE = 7


def search(
    parts: Sequence[int], shape: Shape, one: int, margins: Sequence[Margin], steps: int
) -> list[int]:
    """0 or 1 for each cell; the best found within `steps` moves, all margins met or not.

    `parts` are fractional parts, below `one`, layers innermost.
    """
    depth = shape[2]
    ups = _settled(parts, shape, one)
    inner = [margin for margin in margins if not margin.wide]
    inside = _Search(parts, ups, (1, depth), one, inner)
    answer = inside.run(steps)
    if inside.best:
        strides = 1, depth, depth * shape[1], depth * shape[1] * shape[0]
        around = _Search(parts, list(answer), strides, one, margins)
        wider = around.run(steps)
        if not around.best:
            return wider
    return answer


def _settled(parts: Sequence[int], shape: Shape, one: int) -> list[int]:
    """A first answer that holds every line, row, column and the total."""
    height, width, depth = shape
    starts = [[(i * width + j) * depth for j in range(width)] for i in range(height)]
    sums = [[sum(parts[start : start + depth]) for start in row] for row in starts]
    counts = [count for row in round_table(sums, one) for count in row]
    lines = [
        _shifted(parts[number * depth : (number + 1) * depth], count, one)
        for number, count in enumerate(counts)
    ]
    return [cell for row in round_table(lines, _FINE) for cell in row]


def _shifted(line: Sequence[int], count: int, one: int) -> list[int]:
    """`line` in parts of `_FINE`, moved so that it adds up to `count`, all from 0 to 1."""
    found, wanted = sum(line), count * one
    if wanted <= found:
        moved = [part * wanted * _FINE // (found * one) if part else 0 for part in line]
    else:
        room = sum(one - part for part in line if part)
        left = room - (wanted - found)
        moved = [
            _FINE - (one - part) * left * _FINE // (room * one) if part else 0 for part in line
        ]
    missing = count * _FINE - sum(moved)
    for k, part in enumerate(line):
        if part and missing:
            step = max(-moved[k], min(missing, _FINE - moved[k]))
            moved[k] += step
            missing -= step
    return moved


class _Search:
    """The swaps: counts and the price of one unit more or less, kept for every margin."""

    def __init__(
        self,
        parts: Sequence[int],
        ups: list[int],
        strides: Sequence[int],
        one: int,
        margins: Sequence[Margin],
    ) -> None:
        self.ups, self.margins = ups, margins
        # Cells of one line lie `step` apart within a stretch of `span` cells.
        self.lines = tuple(pairwise(strides))
        self.free = [part != 0 for part in parts]
        self.lean = [(one - 2 * part) * _LEAN // one for part in parts]
        self.member: list[list[int]] = [[] for _ in parts]
        for number, margin in enumerate(margins):
            for cell in margin.cells:
                self.member[cell].append(number)
        self.members = [frozenset(numbers) for numbers in self.member]
        self.counts = [sum([ups[cell] for cell in margin.cells]) for margin in margins]
        self.more = [0] * len(margins)  # what one unit more adds to the misses
        self.less = [0] * len(margins)
        self.bad: dict[int, None] = {}
        for number in range(len(margins)):
            self._price(number)
        self.missed = sum(abs(m.miss(n)) for m, n in zip(margins, self.counts, strict=True))
        self.best = self.missed
        self.rest_until = [0] * len(parts)
        self.moved = [0] * len(parts)

    def run(self, steps: int) -> list[int]:
        answer = list(self.ups)
        for step in range(1, steps + 1):
            if not self.bad:
                break
            worst = next(iter(self.bad))
            del self.bad[worst]
            self.bad[worst] = None  # the next step looks at another one
            move = self._move(worst, step)
            if move is None:
                continue
            up, down = move
            self._apply(up, down)
            self.rest_until[up] = self.rest_until[down] = step + _TENURE
            self.moved[up] += 1
            self.moved[down] += 1
            if self.missed < self.best:
                self.best, answer = self.missed, list(self.ups)
        return answer

    def _move(self, number: int, step: int) -> tuple[int, int] | None:
        """The best swap (cell up, cell down) that brings margin `number` nearer."""
        margin, over = self.margins[number], self.counts[number] > self.margins[number].high
        away, back = (self.less, self.more) if over else (self.more, self.less)
        side = 1 if over else -1
        found: tuple[tuple[int, int, int], int, int] | None = None
        for cell in margin.cells:
            if self.ups[cell] != over:
                continue
            own = self.members[cell]
            price = sum([away[n] for n in self.member[cell]])
            for other in self._others(cell):
                if not self.free[other] or self.ups[other] == over or number in self.members[other]:
                    continue
                change = price
                for n in self.member[other]:
                    change += -away[n] if n in own else back[n]
                resting = max(self.rest_until[cell], self.rest_until[other]) >= step
                if resting and self.missed + change >= self.best:
                    continue
                lean = side * (self.lean[other] - self.lean[cell])
                key = (change, lean, self.moved[cell] + self.moved[other])
                if found is None or key < found[0]:
                    found = (key, cell, other)
        if found is None:
            return None
        _, cell, other = found
        return (other, cell) if over else (cell, other)

    def _others(self, cell: int) -> Iterator[int]:
        """The cells in one line with `cell`, itself among them."""
        for step, span in self.lines:
            start = cell - cell % span + cell % step
            yield from range(start, start + span, step)

    def _apply(self, up: int, down: int) -> None:
        self.ups[up], self.ups[down] = 1, 0
        for numbers, step in (
            (self.members[up] - self.members[down], 1),
            (self.members[down] - self.members[up], -1),
        ):
            for number in sorted(numbers):
                margin = self.margins[number]
                self.missed -= abs(margin.miss(self.counts[number]))
                self.counts[number] += step
                self.missed += abs(margin.miss(self.counts[number]))
                self._price(number)

    def _price(self, number: int) -> None:
        margin, count = self.margins[number], self.counts[number]
        self.more[number] = 1 if count >= margin.high else -1 if count < margin.low else 0
        self.less[number] = 1 if count <= margin.low else -1 if count > margin.high else 0
        if margin.low <= count <= margin.high:
            self.bad.pop(number, None)
        else:
            self.bad.setdefault(number)
