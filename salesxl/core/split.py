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

Locked cells keep their value; the others share the rest by their weights:

>>> split_target(1000, [5, 3, 3], 100, locked=[None, 350, None])
[450, 350, 200]

A negative total is the mirror image of the positive one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, Number, common, exact, plain, simplest


def remainders(total_units: int, parts: Sequence[int]) -> list[int]:
    """What each floor leaves over, T·w − S·floor(T·w/S) with S the sum of the parts.

    A sheet that repeats the split ranks these; they are whole numbers below S.
    """
    whole = sum(parts)
    return [total_units * part % whole for part in parts]


def largest_remainder(total_units: int, parts: Sequence[int]) -> list[int]:
    """`total_units` ≥ 0 whole units by whole, non-negative `parts` with a positive sum."""
    whole = sum(parts)
    units = [total_units * part // whole for part in parts]
    left = total_units - sum(units)
    if left:
        over = remainders(total_units, parts)
        # sorted() is stable: equal remainders keep their order of position.
        for index in sorted(range(len(parts)), key=lambda i: -over[i])[:left]:
            units[index] += 1
    return units


def split_amount(amount: int, parts: Sequence[int], unit: int = 1) -> list[int]:
    """A whole `amount` by whole `parts` in multiples of `unit`, all ints.

    What is less than a unit goes to the largest part, the first of equals; a
    negative amount mirrors the positive one.
    """
    count, odd = divmod(abs(amount), unit)
    shares = [units * unit for units in largest_remainder(count, parts)]
    shares[parts.index(max(parts))] += odd
    return shares if amount >= 0 else [-share for share in shares]


@rule(
    name="SPLIT_TARGET",
    category="targets",
    returns="cells",
    zh="按权重分解目标（最大余数法），各部分之和与总额分毫不差，形状与权重区域相同。",
    en="Breaks a target down by weights (largest remainder): the parts add up to the total "
    "exactly and keep the shape of the weights.",
    params=(
        Param("total", "number", "money", "要分解的总额，可为负", "Amount to break down"),
        Param(
            "weights",
            "cells",
            "weight",
            "各部分的权重，不得为负；比例即可，无须合计为 1",
            "A weight for each part, none negative; only their proportions count",
        ),
        Param(
            "unit",
            "number",
            "money",
            "取整单位，如 100；不足一个单位的尾差归权重最大者",
            "Parts are multiples of this, e.g. 100; what is less goes to the largest weight",
            1,
        ),
        Param(
            "locked",
            "cells",
            "money",
            "锁定值：填写的格保持不变，空格按权重分其余部分",
            "Locked values: a filled cell is kept, the empty ones share the rest by weight",
            None,
        ),
    ),
    errors=(
        "negative_weight",
        "weights_all_zero",
        "unit_not_positive",
        "counts_differ",
        "locked_over",
        "locked_sum",
        "ragged",
        "no_cells",
    ),
    example={"total": 1000, "weights": [5, 3, 3], "unit": 100},
)
def split_target(
    total: Number, weights: Cells, unit: Number = 1, locked: OpenCells | None = None
) -> Any:
    """`total` split by `weights`, in the shape of `weights`; see the module's examples."""
    cells, fold = read_cells(weights, "weights")
    parts = read_weights(cells, "weights")
    amount = exact(total, "total")
    step = read_unit(unit)
    kept = _read_locked(locked, len(cells))
    free = [index for index, value in enumerate(kept) if value is None]
    rest = _rest(amount, kept, free, parts)
    shares = _share(rest, [parts[index] for index in free], step)
    by_index = dict(zip(free, shares, strict=True))
    return fold(
        [by_index[index] if value is None else simplest(value) for index, value in enumerate(kept)]
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


def _read_locked(locked: object, count: int) -> list[Fraction | None]:
    if locked is None:
        return [None] * count
    cells, _ = read_cells(locked, "locked")
    same_count(cells, "locked", count, "weights")
    return [
        None if value is None else exact(value, "locked", position)
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


def _share(rest: Fraction, parts: Sequence[int], step: Fraction) -> list[Exact]:
    """`rest` by `parts`, in integers over one denominator so that 10,000 cells are quick."""
    if not any(parts):
        return [0] * len(parts)
    denominator = lcm(rest.denominator, step.denominator)
    amount = rest.numerator * (denominator // rest.denominator)
    unit = step.numerator * (denominator // step.denominator)
    return plain(split_amount(amount, parts, unit), denominator)
