"""Bands that have only a lower bound: band k is [start_k, start_k+1), the last has no end.

38,000 over the bands from 0, 10,000 and 30,000 lies in them with 10,000, 20,000
and 8,000; at 1 %, 2 % and 3 % the parts pay 100 + 400 + 240 = 740, the whole at
the rate reached 1,140:

>>> marginal_parts(38000, [0, 10000, 30000])
[10000, 20000, 8000]
>>> scale = read_scale([0, 10000, 30000], ["0.01", "0.02", "0.03"])
>>> marginal_pay(Fraction(38000), scale), whole_pay(Fraction(38000), scale)
(Fraction(740, 1), Fraction(1140, 1))

The sums work on whole numbers as on fractions, so that a ledger run on minor
units can be held against them. Nothing here rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from salesxl.core.cells import Cells, read_block, read_cells, same_count
from salesxl.core.declare import Param
from salesxl.core.error import RuleError
from salesxl.core.number import exact, simplest
from salesxl.core.pay import read_rate

Q = TypeVar("Q", int, Fraction)
Scale = Sequence[tuple[Fraction, Fraction]]  # start and rate of each band, ascending

THRESHOLDS = Param(
    "thresholds",
    "list",
    "money",
    "各档起点，从低到高；起点值属于该档",
    "Where each band starts, ascending; the start belongs to the band",
)
RATES = Param(
    "rates",
    "list",
    "fraction",
    "各档提成比例，0 到 1，如 0.08（8%），个数与起点相同",
    "The rate of each band, 0 to 1, e.g. 0.08 for 8 %, as many as thresholds",
)
SCALE_ERRORS = (
    "threshold_negative",
    "thresholds_not_ascending",
    "bands_gap",
    "bands_overlap",
    "bands_with_ends",
    "rate_range",
    "counts_differ",
    "no_cells",
)


def marginal_parts(base: Q, starts: Sequence[Q]) -> list[Q]:
    """The part of `base` in each band; net returns lie in a first band from 0."""
    parts = []
    for index, start in enumerate(starts):
        top = min(base, starts[index + 1]) if index + 1 < len(starts) else base
        parts.append(top - start if top > start else base - base)
    if base < 0 and starts[0] == 0:
        parts[0] = base
    return parts


def marginal_pay(base: Q, scale: Sequence[tuple[Q, Q]]) -> Q:
    """Each band's rate on the part of `base` in it, summed."""
    parts = marginal_parts(base, [start for start, _ in scale])
    pay = base - base
    for part, (_, rate) in zip(parts, scale, strict=True):
        pay += part * rate
    return pay


def whole_pay(base: Q, scale: Sequence[tuple[Q, Q]]) -> Q:
    """The rate of the band reached, on all of `base`."""
    return base * reached_rate(base, scale)


def reached_rate(base: Q, scale: Sequence[tuple[Q, Q]]) -> Q:
    """The rate of the band `base` lies in; net returns lie in a first band from 0."""
    band = reached_band(base, [start for start, _ in scale])
    return base - base if band is None else scale[band][1]


def reached_band(base: Q, starts: Sequence[Q]) -> int | None:
    """The index of the band `base` lies in; None below the first."""
    place = max(base, base - base)
    return next((i for i in reversed(range(len(starts))) if starts[i] <= place), None)


def read_scale(thresholds: Cells, rates: Cells) -> list[tuple[Fraction, Fraction]]:
    """(threshold, rate) of each band, checked; RuleError names the cell."""
    shares, _ = read_cells(rates, "rates")
    _refuse_ends(thresholds, len(shares))
    starts, _ = read_cells(thresholds, "thresholds")
    same_count(shares, "rates", len(starts), "thresholds")
    bounds = read_starts(starts, "thresholds")
    scale = []
    for position, (start, lower, share) in enumerate(zip(starts, bounds, shares, strict=True), 1):
        if lower < 0:
            raise RuleError(
                "threshold_negative", argument="thresholds", position=position, value=start
            )
        scale.append((lower, read_rate(share, "rates", position)))
    return scale


def read_starts(cells: Sequence[object], argument: str) -> list[Fraction]:
    """Bounds from low to high, each once."""
    bounds: list[Fraction] = []
    for position, cell in enumerate(cells, 1):
        bound = exact(cell, argument, position)
        if bounds and bound <= bounds[-1]:
            raise RuleError(
                "thresholds_not_ascending",
                argument=argument,
                position=position,
                value=cell,
                before=simplest(bounds[-1]),
            )
        bounds.append(bound)
    return bounds


def _refuse_ends(thresholds: object, bands: int) -> None:
    """Bands given with start and end are refused: between two ends an amount would earn nothing."""
    if not isinstance(thresholds, list | tuple) or not any(
        isinstance(row, list | tuple) for row in thresholds
    ):
        return
    rows = read_block(thresholds, "thresholds")
    if len(rows[0]) != 2 or len(rows) != bands:
        return
    for index in range(1, bands):
        position = 2 * index + 1
        end, start = rows[index - 1][1], rows[index][0]
        if end is None:
            continue
        gap = exact(start, "thresholds", position) - exact(end, "thresholds", position - 1)
        if gap:
            raise RuleError(
                "bands_gap" if gap > 0 else "bands_overlap",
                argument="thresholds",
                position=position,
                end=end,
                start=start,
            )
    raise RuleError("bands_with_ends", argument="thresholds")
