"""Shares that stay within a smallest and a largest value each, and still add up.

100 by equal weights, the first part at most 20, the last at least 45: the shares
33.3 : 33.3 : 33.3 break both bounds. Cutting them gives 20 + 33.3 + 45 = 98.3, less
than 100, so the cut that lost most is the one that is certain: the first part is 20.
The others share 80 as 40 : 40; the last is still too small, is set to 45, and the
middle part has the rest:

>>> def by_weight(rest, parts):
...     return [Fraction(rest * part, sum(parts)) for part in parts]
>>> shares, held = within_bounds(100, [1, 1, 1], [0, 0, 45], [20, None, None], by_weight)
>>> [int(share) for share in shares], held
([20, 35, 45], {0: 'maximum', 2: 'minimum'})

Why it ends, and ends right: cutting every share to its bounds gives a sum that is too
small, too large or exact. Too small means that maxima have taken more than minima have
given; then those at a maximum are fixed (too large: those at a minimum; exact: both) and
the others share what is left. What is left always lies between the sums of their bounds,
and each round fixes at least one part, so there are at most as many rounds as parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Literal, TypeVar

from salesxl.core.cells import read_cells, same_count
from salesxl.core.number import exact

Held = Literal["minimum", "maximum"]
OPPOSITE: dict[Held, Held] = {"minimum": "maximum", "maximum": "minimum"}
Amount = TypeVar("Amount", int, Fraction)
Share = Callable[[Amount, Sequence[int]], Sequence[Amount]]


class Refused(Exception):  # noqa: N818 - caught and turned into a RuleError
    """Bounds without an answer: the part, from 0, and the two amounts that do not agree.

    The amounts are in the caller's own units; the caller names the cell.
    """

    def __init__(self, code: str, index: int, one: int | Fraction, other: int | Fraction) -> None:
        super().__init__(code)
        self.code, self.index, self.one, self.other = code, index, one, other


def read_bounds(
    value: object, argument: str, count: int, other: str = "weights"
) -> list[Fraction | None]:
    """A bound for each of `count` cells of `other`, None where open; one value holds for all."""
    if value is None:
        return [None] * count
    cells, _ = read_cells(value, argument)
    if not isinstance(value, list | tuple):
        cells *= count
    same_count(cells, argument, count, other)
    return [
        None if cell is None else exact(cell, argument, position)
        for position, cell in enumerate(cells, 1)
    ]


def within_bounds(
    rest: Amount,
    parts: Sequence[int],
    low: Sequence[Amount],
    high: Sequence[Amount | None],
    share: Share[Amount],
) -> tuple[list[Amount], dict[int, Held]]:
    """`rest` ≥ 0 shared by `parts` within `low` and `high`, and who is held at a bound.

    `share` divides an amount by parts with a positive sum, exactly. A part without weight
    gets its `low` and no more. `low` may be below 0 where there is a weight. Refused where
    no shares lie within the bounds.
    """
    top = [
        bottom if not part else limit
        for part, bottom, limit in zip(parts, low, high, strict=True)
    ]  # fmt: skip
    _check(rest, parts, low, top)
    result = list(low)
    held: dict[int, Held] = {
        index: "minimum" for index, part in enumerate(parts) if not part and low[index]
    }
    free = [index for index, part in enumerate(parts) if part]
    rest -= sum([low[index] for index in held])
    while free:
        for index, value in zip(free, share(rest, [parts[i] for i in free]), strict=True):
            result[index] = value
        under: list[int] = [index for index in free if result[index] < low[index]]
        over: list[int] = [index for index in free if _above(result[index], top[index])]
        if not under and not over:
            break
        given = sum([low[index] - result[index] for index in under])
        taken = sum([result[index] - _limit(top[index]) for index in over])
        if given > taken:
            over = []
        elif taken > given:
            under = []
        for index in under:
            result[index], held[index] = low[index], "minimum"
        for index in over:
            result[index], held[index] = _limit(top[index]), "maximum"
        rest -= sum([result[index] for index in (*under, *over)])
        free = [index for index in free if index not in held]
    return result, dict(sorted(held.items()))


def _above(value: Amount, limit: Amount | None) -> bool:
    return limit is not None and value > limit


def _limit(limit: Amount | None) -> Amount:
    assert limit is not None
    return limit


def _check(
    rest: Amount, parts: Sequence[int], low: Sequence[Amount], top: Sequence[Amount | None]
) -> None:
    """Refused, with the part where the minima pass `rest` or the maximum that cuts most."""
    for index, (bottom, limit) in enumerate(zip(low, top, strict=True)):
        if limit is not None and bottom > limit:
            raise Refused("bounds_crossed", index, bottom, limit)
    if sum(low) > rest:
        running: Any = 0
        for index, bottom in enumerate(low):
            running += bottom
            if running > rest:
                raise Refused("bounds_over", index, sum(low), rest)
    limits = [limit for limit in top if limit is not None]
    if len(limits) == len(top) and sum(limits) < rest:
        whole = sum(parts) or 1
        lack = [rest * part - limit * whole for part, limit in zip(parts, limits, strict=True)]
        raise Refused("bounds_under", lack.index(max(lack)), sum(limits), rest)
