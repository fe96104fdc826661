"""The bonus for passing a target: on the excess, or on the whole; always named.

57,500 credited on a target of 50,000, at 4 %: on the excess 300, on the whole 2,300:

>>> over_target_bonus(57500, 50000, "0.04", "excess")
Decimal('300.00')
>>> over_target_bonus(57500, 50000, "0.04", "whole")
Decimal('2300.00')

The target itself counts as reached. Below it there is no bonus, and neither cap nor
floor makes one:

>>> over_target_bonus(50000, 50000, "0.04", "whole")
Decimal('2000.00')
>>> over_target_bonus("49999.99", 50000, "0.04", "whole", floor=500)
Decimal('0.00')
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from salesxl.core.choice import read_choice
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, simplest, whole
from salesxl.core.pay import (
    CAP,
    DECIMALS,
    LIMIT_ERRORS,
    NOT_AFTER_TAX,
    paid,
    read_limits,
    read_rate,
)

Q = TypeVar("Q", int, Fraction)
_ON = {"excess": ("超额部分", "marginal"), "whole": ("全额", "全部", "whole_amount")}


def over_target(credited: Q, target: Q, rate: Q, on: str) -> Q:
    """The unrounded bonus; 0 below the target."""
    if credited < target:
        return credited - credited
    return (credited - target if on == "excess" else credited) * rate


@rule(
    name="OVER_TARGET_BONUS",
    category="bonus",
    order=10,
    returns="number",
    zh="超额完成奖：达到目标后，按超额部分或全额（必须写明）× 比例；未达到为 0。",
    en="Over-target bonus: once the target is reached, rate × the excess or × the whole (must be "
    "named); 0 below the target.",
    params=(
        Param("credited", "number", "money", "计入业绩的金额", "Amount credited"),
        Param("target", "number", "money", "目标金额；达到即算", "Target; reaching it counts"),
        Param("rate", "number", "fraction", "奖励比例，如 0.04（4%）", "Rate, e.g. 0.04 for 4 %"),
        Param(
            "on",
            "choice",
            "any",
            "计奖基数，必须写明：excess 只对超额部分，whole 对全额",
            "Must be named: excess (the part above the target) or whole (all of it)",
            choices=("excess", "whole"),
        ),
        DECIMALS,
        CAP,
        Param(
            "floor",
            "number",
            "money",
            "达到目标后至少奖励这么多；未达到不奖",
            "Least that is paid once the target is reached",
            None,
        ),
    ),
    errors=(
        "on_not_named",
        "choice_unknown",
        "target_not_positive",
        "rate_range",
        *LIMIT_ERRORS,
        "after_tax",
    ),
    example={"credited": 57500, "target": 50000, "rate": Decimal("0.04"), "on": "excess"},
    refuses=NOT_AFTER_TAX,
)
def over_target_bonus(
    credited: Number,
    target: Number,
    rate: Number,
    on: str | None,
    decimals: Number = 2,
    cap: Number | None = None,
    floor: Number | None = None,
) -> Decimal:
    """The bonus, rounded half-up to `decimals` places."""
    places = whole(decimals, "decimals", 0, 12)
    amount = exact(credited, "credited")
    goal = exact(target, "target")
    if goal <= 0:
        raise RuleError("target_not_positive", argument="target", value=target)
    share = read_rate(rate, "rate")
    limits = read_limits(cap, floor)
    named = read_choice(on, "on", _ON)
    if named is None:
        readings: dict[str, Any] = {
            way: simplest(over_target(amount, goal, share, way)) for way in _ON
        }
        raise RuleError("on_not_named", argument="on", **readings)
    if amount < goal:
        return round_half_up(0, places)
    return paid(over_target(amount, goal, share, named), limits, places)
