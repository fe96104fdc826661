"""One paid line: its limits, and its rounding, half-up and once.

1,140.005 with a cap of 1,000 pays 1,000; 38.2 with a floor (a guarantee) of 50
pays 50; without limits 1,140.005 pays 1,140.01:

>>> no_limits = read_limits(None, None)
>>> paid(Fraction("1140.005"), read_limits(1000, None), 2), paid(Fraction("1140.005"), no_limits, 2)
(Decimal('1000.00'), Decimal('1140.01'))
>>> paid(Fraction("38.2"), read_limits(None, 50), 2)
Decimal('50.00')

The floor is a guarantee: it also holds for an amount of 0 and for net returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from salesxl.core.declare import Param
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, simplest

AMOUNT = Param(
    "amount",
    "number",
    "money",
    "提成基数，如本期销售额；净退货为负",
    "What commission is paid on, e.g. the period's sales; negative for net returns",
)
DECIMALS = Param(
    "decimals",
    "whole",
    "count",
    "结果保留的小数位数（四舍五入），通常为 2",
    "Decimal places of the pay, rounded half-up once; usually 2",
    2,
)
CAP = Param("cap", "number", "money", "封顶：最多付这么多；空为不封顶", "Most that is paid", None)
FLOOR = Param(
    "floor",
    "number",
    "money",
    "保底：至少付这么多，基数为 0 或为负时也保；空为不保底",
    "Least that is paid, a guarantee also for an amount of 0 or below",
    None,
)
LIMIT_ERRORS = ("limit_negative", "floor_above_cap")

# Pay is before tax everywhere; an argument that asks for less is refused with the reason.
NOT_AFTER_TAX: Final[Mapping[str, str]] = dict.fromkeys(
    ("tax", "tax_rate", "tax_pct", "after_tax", "net_of_tax"), "after_tax"
)


@dataclass(frozen=True)
class Limits:
    """The most and the least a line pays; None for no limit."""

    cap: Fraction | None
    floor: Fraction | None

    def hold(self, pay: Fraction) -> Fraction:
        """`pay` within the limits, unrounded."""
        if self.floor is not None:
            pay = max(pay, self.floor)
        return pay if self.cap is None else min(pay, self.cap)


def read_limits(cap: Number | None, floor: Number | None) -> Limits:
    """Cap and floor, neither negative, the floor not above the cap."""
    limits = Limits(_limit(cap, "cap"), _limit(floor, "floor"))
    if limits.cap is not None and limits.floor is not None and limits.floor > limits.cap:
        raise RuleError("floor_above_cap", argument="floor", value=floor, cap=simplest(limits.cap))
    return limits


def _limit(value: Number | None, argument: str) -> Fraction | None:
    if value is None:
        return None
    limit = exact(value, argument)
    if limit < 0:
        raise RuleError("limit_negative", argument=argument, value=value)
    return limit


def paid(pay: Fraction, limits: Limits, decimals: int) -> Decimal:
    """`pay` within its limits, rounded half-up: the figure on the line that is paid."""
    return round_half_up(limits.hold(pay), decimals)


def read_rate(value: object, argument: str, position: int | None = None) -> Fraction:
    """A rate from 0 to 1; 8 for 8 % is refused."""
    rate = exact(value, argument, position)
    if not 0 <= rate <= 1:
        raise RuleError("rate_range", argument=argument, position=position, value=value)
    return rate


def read_share(value: object, argument: str, position: int | None = None) -> Fraction:
    """A share from 0 to 1; 30 for 30 % is refused."""
    share = exact(value, argument, position)
    if not 0 <= share <= 1:
        raise RuleError("share_range", argument=argument, position=position, value=value)
    return share


def read_not_negative(value: object, argument: str, position: int | None = None) -> Fraction:
    """An amount of 0 or more."""
    amount = exact(value, argument, position)
    if amount < 0:
        raise RuleError("amount_negative", argument=argument, position=position, value=value)
    return amount
