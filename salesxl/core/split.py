"""Break a total down by weights so that the parts add up to it exactly.

Largest remainder: 1,000 by weights 5 : 3 : 3 in units of 100. The shares are
454.5…, 272.7…, 272.7…, in units 4, 2 and 2 with remainders 6/11, 8/11, 8/11;
two units are left and go to the two largest remainders:

>>> split_target(1000, [5, 3, 3], 100)
[400, 300, 300]

Equal remainders: the earlier cell is served first. What is less than a unit
goes to the largest weight (the first of equals):

>>> split_target(1050, [5, 3, 3], 100)
[450, 300, 300]

Locked cells keep their value, whatever their bounds; then the others share the rest by
their weights, each within its minimum and maximum (`core.bounds` says how). A cell held
at a bound has exactly that value, a multiple of the unit or not:

>>> split_target(1000, [5, 3, 3], 100, locked=[None, 350, None])
[450, 350, 200]
>>> split_target(1000, [5, 3, 3], 100, minimum=[None, None, 310])
[490, 200, 310]

In the last one 690 are left by 5 : 3, which is 431.25 : 258.75; in hundreds 400 : 200,
and the odd 90 lies with the larger weight.

A negative total is the mirror image of the positive one. Minimum and maximum mean the
same on both sides: minimum ≤ part ≤ maximum, so −60 … −10 mirrors 10 … 60.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Literal

from salesxl.core.apportion import (
    Method,
    largest_remainder,
    ranking,
    read_method,
    remainders,
    sainte_lague,
    split_amount,
)
from salesxl.core.bounds import OPPOSITE, Held, Refused, read_bounds, within_bounds
from salesxl.core.cells import Cells, Fold, OpenCells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, common, exact, plain, simplest

__all__ = [
    "Held",
    "Method",
    "Split",
    "largest_remainder",
    "ranking",
    "read_method",
    "read_unit",
    "read_weights",
    "remainders",
    "sainte_lague",
    "split_amount",
    "split_target",
    "split_within",
    "worked_split",
]

TOTAL = Param("total", "number", "money", "要分解的总额，可为负", "Amount to break down")
WEIGHTS = Param(
    "weights",
    "cells",
    "weight",
    "各部分的权重，不得为负；比例即可，无须合计为 1",
    "A weight for each part, none negative; only their proportions count",
)
UNIT = Param(
    "unit",
    "number",
    "money",
    "取整单位，如 100；不足一个单位的尾差归权重最大者",
    "Parts are multiples of this, e.g. 100; what is less goes to the largest weight",
    1,
)
LOCKED = Param(
    "locked",
    "cells",
    "money",
    "锁定值：填写的格保持不变，空格按权重分其余部分",
    "Locked values: a filled cell is kept, the empty ones share the rest by weight",
    None,
)
METHOD = Param(
    "method",
    "choice",
    "any",
    "取整方法：largest_remainder 最大余数法（默认）；sainte_lague 圣拉格法，总额增加时谁都不会减少",
    "largest_remainder (default) or sainte_lague, where a growing total takes from nobody",
    "largest_remainder",
    ("largest_remainder", "sainte_lague"),
)
SPLIT_PARAMS = (
    TOTAL,
    WEIGHTS,
    UNIT,
    LOCKED,
    Param(
        "minimum",
        "cells",
        "money",
        "各部分的下限，空格为不限；只填一个值则适用于全部。锁定的格不受约束",
        "Lowest value of each part, empty for none; a single value holds for all. "
        "Locked cells are exempt",
        None,
    ),
    Param(
        "maximum",
        "cells",
        "money",
        "各部分的上限，空格为不限；只填一个值则适用于全部。锁定的格不受约束",
        "Highest value of each part, empty for none; a single value holds for all. "
        "Locked cells are exempt",
        None,
    ),
    METHOD,
)
SPLIT_ERRORS = (
    "negative_weight",
    "weights_all_zero",
    "unit_not_positive",
    "counts_differ",
    "locked_over",
    "locked_sum",
    "bounds_crossed",
    "bounds_over",
    "bounds_under",
    "choice_unknown",
    "ragged",
    "no_cells",
)


@dataclass(frozen=True)
class Split:
    """A split worked out; money in whole numbers over `denominator`."""

    amount: int
    unit: int
    denominator: int
    parts: tuple[int, ...]
    method: Method
    result: tuple[int, ...]
    held: dict[int, Held | Literal["locked"]]  # cell, from 0 → what fixed its value
    fold: Fold

    @property
    def free(self) -> list[int]:
        """The cells that share by weight."""
        return [index for index in range(len(self.parts)) if index not in self.held]


@rule(
    name="SPLIT_TARGET",
    category="targets",
    order=10,
    returns="cells",
    zh="按权重分解目标（默认最大余数法），可锁定、可设上下限；各部分之和与总额分毫不差，形状与权重区域相同。",
    en="Breaks a target down by weights (largest remainder unless another method is named), with "
    "locks and bounds: the parts add up to the total exactly and keep the shape of the weights.",
    params=SPLIT_PARAMS,
    errors=SPLIT_ERRORS,
    example={"total": 1000, "weights": [5, 3, 3], "unit": 100},
)
def split_target(
    total: Number,
    weights: Cells,
    unit: Number = 1,
    locked: OpenCells | None = None,
    minimum: OpenCells | None = None,
    maximum: OpenCells | None = None,
    method: str = "largest_remainder",
) -> Any:
    """`total` split by `weights`, in the shape of `weights`; see the module's examples."""
    split = worked_split(total, weights, unit, locked, minimum, maximum, method)
    return split.fold(plain(split.result, split.denominator))


def split_within(
    amount: int,
    parts: Sequence[int],
    unit: int = 1,
    low: Sequence[int | None] = (),
    high: Sequence[int | None] = (),
    method: Method = "largest_remainder",
) -> tuple[list[int], dict[int, Held]]:
    """`split_amount` within bounds (None: open), and who is held at one; `Refused` if none fit."""
    lows = list(low) or [None] * len(parts)
    highs = list(high) or [None] * len(parts)
    sign = -1 if amount < 0 else 1
    if sign < 0:
        lows, highs = [_minus(value) for value in highs], [_minus(value) for value in lows]
    shares, held = within_bounds(
        abs(amount),
        parts,
        [max(value or 0, 0) for value in lows],
        highs,
        lambda rest, weights: split_amount(rest, weights, unit, method),
    )
    if sign < 0:
        return [-share for share in shares], {i: OPPOSITE[bound] for i, bound in held.items()}
    return shares, held


def _minus(value: int | None) -> int | None:
    return None if value is None else -value


def worked_split(
    total: Number,
    weights: Cells,
    unit: Number,
    locked: OpenCells | None,
    minimum: OpenCells | None,
    maximum: OpenCells | None,
    method: str,
) -> Split:
    """The split with everything that led to it; RuleError as SPLIT_TARGET."""
    cells, fold = read_cells(weights, "weights")
    parts = read_weights(cells, "weights")
    amount = exact(total, "total")
    step = read_unit(unit)
    kept = read_locked(locked, len(cells))
    low = read_bounds(minimum, "minimum", len(cells))
    high = read_bounds(maximum, "maximum", len(cells))
    way = read_method(method)
    free = [index for index, value in enumerate(kept) if value is None]
    rest = _rest(amount, kept, free, parts)
    # Integers over one denominator, so that 10,000 cells are quick.
    fractions = [amount, step, *(v for v in (*kept, *low, *high) if v is not None)]
    one = lcm(*{value.denominator for value in fractions})
    result = [0 if value is None else _over(value, one) for value in kept]
    held: dict[int, Held | Literal["locked"]] = {
        index: "locked" for index, value in enumerate(kept) if value is not None
    }
    try:
        shares, bound = split_within(
            _over(rest, one),
            [parts[index] for index in free],
            _over(step, one),
            [_over_open(low[index], one) for index in free],
            [_over_open(high[index], one) for index in free],
            way,
        )
    except Refused as refused:
        raise _refusal(refused, rest < 0, free, one) from None
    for index, share in zip(free, shares, strict=True):
        result[index] = share
    held |= {free[index]: name for index, name in bound.items()}
    return Split(
        _over(amount, one), _over(step, one), one, tuple(parts), way, tuple(result), held, fold
    )


def _over(value: Fraction, denominator: int) -> int:
    return value.numerator * (denominator // value.denominator)


def _over_open(value: Fraction | None, denominator: int) -> int | None:
    return None if value is None else _over(value, denominator)


def _refusal(refused: Refused, mirrored: bool, free: Sequence[int], one: int) -> RuleError:
    """What the user reads: the cell in the whole range, amounts with their own sign."""
    sign = -1 if mirrored else 1
    first, second = (
        simplest(Fraction(sign * value, one)) for value in (refused.one, refused.other)
    )
    position = free[refused.index] + 1
    if refused.code == "bounds_crossed":
        low, high = (second, first) if mirrored else (first, second)
        argument = "minimum" if mirrored else "maximum"
        return RuleError(refused.code, argument=argument, position=position, low=low, high=high)
    demanding = (refused.code == "bounds_over") != mirrored
    return RuleError(
        refused.code,
        argument="minimum" if demanding else "maximum",
        position=position,
        held=first,
        rest=second,
    )


def read_weights(cells: Sequence[object], argument: str) -> list[int]:
    """Weights as whole numbers in the same proportions; RuleError for a negative one."""
    parts, _ = common(cells, argument)
    if min(parts) < 0:
        position = next(i for i, part in enumerate(parts, 1) if part < 0)
        raise RuleError(
            "negative_weight", argument=argument, position=position, value=cells[position - 1]
        )
    return parts


def read_unit(unit: object) -> Fraction:
    """The rounding unit: a number above 0."""
    step = exact(unit, "unit")
    if step <= 0:
        raise RuleError("unit_not_positive", argument="unit", value=unit)
    return step


def read_locked(locked: object, count: int, argument: str = "locked") -> list[Fraction | None]:
    """Values kept, None where a cell is free."""
    if locked is None:
        return [None] * count
    cells, _ = read_cells(locked, argument)
    same_count(cells, argument, count, "weights")
    return [
        None if value is None else exact(value, argument, position)
        for position, value in enumerate(cells, 1)
    ]


def _rest(
    amount: Fraction, kept: Sequence[Fraction | None], free: Sequence[int], parts: Sequence[int]
) -> Fraction:
    """What the free cells share; RuleError where the locks leave no honest answer."""
    held = sum((value for value in kept if value is not None), Fraction(0))
    rest = amount - held
    sums: dict[str, Any] = {"held": simplest(held), "total": simplest(amount)}
    # The rest must not turn against the total: a positive target has no negative shares.
    if rest * amount < 0 or (amount == 0 and rest != 0 and free):
        position = _first_over(amount, kept)
        raise RuleError("locked_over", argument="locked", position=position, **sums)
    if not free:
        if rest:
            raise RuleError("locked_sum", argument="locked", **sums)
        return rest
    # Free cells without any weight are fine only where the locks already hold the whole total.
    if not any(parts[index] for index in free) and (rest or len(free) == len(parts)):
        raise RuleError("weights_all_zero", argument="weights")
    return rest


def _first_over(amount: Fraction, kept: Sequence[Fraction | None]) -> int:
    """The position of the locked cell with which the locks first pass `amount`."""
    sign = -1 if amount < 0 else 1
    running, last = Fraction(0), 1
    for position, value in enumerate(kept, 1):
        if value is not None:
            running, last = running + value, position
            if running * sign > amount * sign:
                break
    return last
