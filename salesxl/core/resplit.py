"""The rest of a year's target when some of its months have happened.

A year of 1,200 in twelve months of 100. January brought 70, February 130, March 40:
60 less than the 300 planned. Four ways to go on:

>>> done = [70, 130, 40] + [None] * 9
>>> year = {"total": 1200, "weights": [1] * 12, "actuals": done}

annual: the year's target stands, the nine open months carry the 960 that are left:

>>> resplit_target(**year)[3:]
[107, 107, 107, 107, 107, 107, 106, 106, 106]

plan: every open month keeps its 100, the year ends 60 short:

>>> sum(resplit_target(**year, variant="plan"))
1140

spread: the next `months` carry the gap, then the plan goes on:

>>> resplit_target(**year, variant="spread", months=3)[3:]
[120, 120, 120, 100, 100, 100, 100, 100, 100]

quarter: a quarter under way is held to its own target first; what a closed quarter missed
or exceeded goes to the quarters after it. With April at 90 as well, the quarters left carry
960 as 320 each and May and June the 230 that remain of theirs:

>>> year["actuals"] = [70, 130, 40, 90] + [None] * 8
>>> resplit_target(**year, variant="quarter")[4:8]
[115, 115, 107, 107]

Months with an actual always keep it. Whoever has sold more than the whole target leaves 0
for the open months, never a target below 0; the sum is then what has been sold. A negative
total (returns, savings) is the mirror image.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any, Literal, cast

from salesxl.core.apportion import Method, read_method, split_amount
from salesxl.core.bounds import within_bounds
from salesxl.core.cells import Cells, Fold, OpenCells, read_cells
from salesxl.core.choice import Words, read_choice
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, plain, simplest, whole
from salesxl.core.split import (
    LOCKED,
    METHOD,
    TOTAL,
    UNIT,
    read_locked,
    read_unit,
    read_weights,
    worked_split,
)

Variant = Literal["annual", "plan", "spread", "quarter"]
QUARTER = 3  # months
VARIANTS: Words = {
    "annual": ("保持年度目标",),
    "plan": ("保持月度计划",),
    "spread": ("缺口分摊到后几个月", "缺口分摊"),
    "quarter": ("保持季度目标",),
}
_MOST_MONTHS = 366

_PARAMS = (
    TOTAL,
    Param(
        "weights",
        "cells",
        "weight",
        "各月的权重，不得为负；比例即可",
        "A weight for each month, none negative; only their proportions count",
    ),
    Param(
        "actuals",
        "cells",
        "money",
        "各月实际，尚未发生的月份留空",
        "What each month has brought, empty for a month to come",
    ),
    UNIT,
    Param(
        "variant",
        "choice",
        "any",
        "annual 保持年度目标（默认），quarter 先保持当季目标，plan 保持月度计划，"
        "spread 缺口由后几个月承担",
        "annual (default) keeps the year's target, quarter first the running quarter's, plan the "
        "monthly plan; spread puts the gap on the next months",
        "annual",
        ("annual", "quarter", "plan", "spread"),
    ),
    Param(
        "months",
        "whole",
        "count",
        "spread 时由后几个月承担缺口",
        "For spread: how many open months carry the gap",
        3,
    ),
    LOCKED,
    METHOD,
)
_ERRORS = (
    "negative_weight",
    "weights_all_zero",
    "unit_not_positive",
    "counts_differ",
    "locked_over",
    "locked_sum",
    "choice_unknown",
    "not_whole",
)


@rule(
    name="RESPLIT_TARGET",
    category="targets",
    order=120,
    returns="cells",
    zh="有实际的月份保持实际，其余月份重新承担剩余目标；形状与权重相同。已超额完成时其余月份为 0。",
    en="Months with an actual keep it, the others carry what is left of the target, in the shape "
    "of the weights. Once the target is passed the open months are 0.",
    params=_PARAMS,
    errors=_ERRORS,
    example={"total": 1200, "weights": [1, 1, 1, 1], "actuals": [240, None, None, None]},
)
def resplit_target(
    total: Number,
    weights: Cells,
    actuals: OpenCells,
    unit: Number = 1,
    variant: str = "annual",
    months: Number = 3,
    locked: OpenCells | None = None,
    method: str = "largest_remainder",
) -> Any:
    """Actuals and new targets, month by month; see the module's examples."""
    year = _Year(total, weights, actuals, unit, variant, months, locked, method)
    return year.fold(plain(year.result, year.denominator))


@rule(
    name="EXPLAIN_RESPLIT",
    category="targets",
    order=130,
    returns="block",
    zh="每月一行六列：原计划、实际（未发生为空）、新目标或实际、与计划之差、累计与计划之差、季度累计。",
    en="A row a month: plan, actual (empty for a month to come), actual or new target, difference "
    "to the plan, running difference, running sum of the quarter.",
    params=_PARAMS,
    errors=_ERRORS,
    example={"total": 1200, "weights": [1, 1, 1, 1], "actuals": [240, None, None, None]},
)
def explain_resplit(
    total: Number,
    weights: Cells,
    actuals: OpenCells,
    unit: Number = 1,
    variant: str = "annual",
    months: Number = 3,
    locked: OpenCells | None = None,
    method: str = "largest_remainder",
) -> list[list[Any]]:
    """Rows in order of the months; the last running difference is what the year will miss."""
    year = _Year(total, weights, actuals, unit, variant, months, locked, method)
    rows, running, quarter = [], 0, 0
    for index, (planned, done, value) in enumerate(
        zip(year.plan, year.actuals, year.result, strict=True)
    ):
        running += value - planned
        quarter = value if index % QUARTER == 0 else quarter + value
        figures = plain([planned, value, value - planned, running, quarter], year.denominator)
        actual = None if done is None else simplest(Fraction(done, year.denominator))
        rows.append([figures[0], actual, *figures[1:]])
    return rows


class _Year:
    """The arguments read and the answer; money in whole numbers over `denominator`."""

    fold: Fold

    def __init__(
        self,
        total: Number,
        weights: Cells,
        actuals: OpenCells,
        unit: Number,
        variant: str,
        months: Number,
        locked: OpenCells | None,
        method: str,
    ) -> None:
        cells, self.fold = read_cells(weights, "weights")
        parts = read_weights(cells, "weights")
        amount, step = exact(total, "total"), read_unit(unit)
        done = read_locked(actuals, len(parts), "actuals")
        held = read_locked(locked, len(parts))
        chosen = read_variant(variant)
        count = whole(months, "months", 1, _MOST_MONTHS)
        way = read_method(method)
        known = [value for value in (amount, step, *done, *held) if value is not None]
        one = lcm(*{value.denominator for value in known})
        self.denominator = one
        target, size = _over(amount, one), _over(step, one)
        self.actuals = [None if value is None else _over(value, one) for value in done]
        kept = [None if value is None else _over(value, one) for value in held]
        split = worked_split(total, weights, unit, locked, None, None, method)
        self.plan = [value * (one // split.denominator) for value in split.result]
        self.result = resplit(
            target,
            parts,
            self.actuals,
            unit=size,
            variant=chosen,
            months=count,
            locked=kept,
            plan=self.plan,
            method=way,
        )


def _over(value: Fraction, denominator: int) -> int:
    return value.numerator * (denominator // value.denominator)


def read_variant(value: object) -> Variant:
    """The variant named; annual where none is."""
    return cast(Variant, read_choice(value, "variant", VARIANTS) or "annual")


def resplit(
    total: int,
    parts: Sequence[int],
    actuals: Sequence[int | None],
    *,
    unit: int = 1,
    variant: Variant = "annual",
    months: int = 3,
    locked: Sequence[int | None] = (),
    plan: Sequence[int] | None = None,
    method: Method = "largest_remainder",
) -> list[int]:
    """RESPLIT_TARGET in whole numbers, actuals kept; `plan` instead of the plan by weights.

    RuleError "weights_all_zero" where the open months that are to carry something have no
    weight.
    """
    fixed = list(locked) or [None] * len(parts)
    kept = [held if done is None else done for done, held in zip(actuals, fixed, strict=True)]
    free = [index for index, value in enumerate(kept) if value is None]
    if variant == "annual":
        return _fill(kept, free, _left(total, kept), parts, unit, method)
    if variant == "quarter":
        return _by_quarter(total, kept, parts, unit, method)
    if plan is None:
        open_months = [index for index, value in enumerate(fixed) if value is None]
        plan = _fill(fixed, open_months, _left(total, fixed), parts, unit, method)
    result = [
        planned if value is None else value for planned, value in zip(plan, kept, strict=True)
    ]
    if variant == "plan":
        return result
    gap = total - sum(result)
    if not gap:
        return result  # the plan's own rounding stands
    able = [index for index in free if parts[index]]
    reach = able[:months]
    # A surplus that the next months cannot take is taken by the ones after them.
    while len(reach) < len(able) and _against(gap + sum([plan[i] for i in reach]), total):
        reach = able[: len(reach) + 1]
    carried = gap + sum([plan[index] for index in reach])
    return _fill(result, reach, 0 if _against(carried, total) else carried, parts, unit, method)


def _against(amount: int, total: int) -> bool:
    """Whether what is left has turned against the target."""
    return amount < 0 <= total or total < 0 < amount


def _left(total: int, kept: Sequence[int | None]) -> int:
    """What the free months carry, 0 once the target is passed."""
    rest = total - sum([value for value in kept if value is not None])
    return 0 if _against(rest, total) else rest


def _fill(
    kept: Sequence[int | None],
    free: Sequence[int],
    rest: int,
    parts: Sequence[int],
    unit: int,
    method: Method,
) -> list[int]:
    """`kept` with `rest` shared by the `free` months."""
    result = [value or 0 for value in kept]
    weights = [parts[index] for index in free]
    if any(weights):
        for index, share in zip(free, split_amount(rest, weights, unit, method), strict=True):
            result[index] = share
    elif rest and free:
        raise RuleError("weights_all_zero", argument="weights")
    return result


def _by_quarter(
    total: int, kept: Sequence[int | None], parts: Sequence[int], unit: int, method: Method
) -> list[int]:
    """Quarters first, each at least what it already holds; then the months within each."""
    if total < 0:
        mirrored = [None if value is None else -value for value in kept]
        return [-value for value in _by_quarter(-total, mirrored, parts, unit, method)]
    result = [value or 0 for value in kept]
    spans = [range(k, min(k + QUARTER, len(parts))) for k in range(0, len(parts), QUARTER)]
    able = [span for span in spans if any(kept[i] is None and parts[i] for i in span)]
    if not able:
        free = [index for index, value in enumerate(kept) if value is None]
        return _fill(kept, free, _left(total, kept), parts, unit, method)
    held = [sum([result[i] for i in span]) for span in able]
    rest = total - sum(result) + sum(held)
    if rest <= sum(held):
        return result  # the year's target is passed
    targets, _ = within_bounds(
        rest,
        [sum([parts[i] for i in span]) for span in able],
        held,
        [None] * len(able),
        lambda amount, weights: split_amount(amount, weights, unit, method),
    )
    for span, target, holds in zip(able, targets, held, strict=True):
        free = [i for i in span if kept[i] is None]
        shares = split_amount(target - holds, [parts[i] for i in free], unit, method)
        for index, share in zip(free, shares, strict=True):
            result[index] = share
    return result
