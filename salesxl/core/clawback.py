"""Clawbacks (追回/扣回): what is taken back of pay when a sale comes undone.

1,200 were paid on a contract of 12 months, cancelled after 6. Pro rata, half of it
was earned and half is taken back; in full, all of it:

>>> clawback(1200, 6, 12, "prorata"), clawback(1200, 6, 12, "full")
(Decimal('600.00'), Decimal('1200.00'))

From the age limit on nothing is taken back; a part returned takes back that part:

>>> clawback(1200, 12, 12, "full"), clawback(1200, 3, 12, "full", returned_share="0.25")
(Decimal('0.00'), Decimal('300.00'))

Never more than was paid and not yet taken back:

>>> clawback(1200, 6, 12, "full", taken_back=900)
Decimal('300.00')
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.choice import read_choice
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, simplest, whole
from salesxl.core.pay import DECIMALS, NOT_AFTER_TAX, read_not_negative, read_share

_METHODS = {"full": ("全额", "全部"), "prorata": ("pro rata", "按比例", "按时间比例")}


def clawback_share(age: Fraction, age_limit: Fraction, method: str) -> Fraction:
    """The share of the pay that is taken back `age` after it was paid; 0 from the limit on."""
    if age >= age_limit:
        return Fraction(0)
    return Fraction(1) if method == "full" else (age_limit - age) / age_limit


@rule(
    name="CLAWBACK",
    category="payout",
    order=30,
    returns="number",
    zh="追回提成：退货或解约时追回的金额（正数），不超过已付未追回部分；达到时限即不再追回。",
    en="What is taken back of pay when a sale comes undone, as a positive amount: never more than "
    "was paid, nothing from the age limit on.",
    params=(
        Param("paid", "number", "money", "当初已付的提成", "What was paid on the sale"),
        Param(
            "age",
            "number",
            "count",
            "从付款到退货的时间，与时限同单位（月或天）",
            "Time since then, in the unit of the age limit (months or days)",
        ),
        Param(
            "age_limit",
            "number",
            "count",
            "追回时限；满此时限即不再追回",
            "Age limit: at this age and later nothing is taken back",
        ),
        Param(
            "method",
            "choice",
            "any",
            "追回方式，必须写明：full 全额，prorata 按剩余时间比例",
            "Must be named: full, or prorata by the time that was left",
            choices=("full", "prorata"),
        ),
        Param(
            "returned_share",
            "number",
            "fraction",
            "退回部分占原销售的份额，默认 1（全部）",
            "Share of the sale that came undone; 1 (all of it) if not given",
            1,
        ),
        Param(
            "taken_back",
            "number",
            "money",
            "此前已追回的金额",
            "What was taken back before",
            0,
        ),
        DECIMALS,
    ),
    errors=(
        "amount_negative",
        "age_limit_zero",
        "share_range",
        "method_not_named",
        "choice_unknown",
        "after_tax",
    ),
    example={"paid": 1200, "age": 6, "age_limit": 12, "method": "prorata"},
    refuses=NOT_AFTER_TAX,
)
def clawback(
    paid: Number,
    age: Number,
    age_limit: Number,
    method: str | None,
    returned_share: Number = 1,
    taken_back: Number = 0,
    decimals: Number = 2,
) -> Decimal:
    """The amount to take back, rounded half-up, from 0 to `paid` − `taken_back`."""
    places = whole(decimals, "decimals", 0, 12)
    was_paid = read_not_negative(paid, "paid")
    passed = read_not_negative(age, "age")
    limit = exact(age_limit, "age_limit")
    if limit <= 0:
        raise RuleError("age_limit_zero", argument="age_limit", value=age_limit)
    part = read_share(returned_share, "returned_share")
    before = read_not_negative(taken_back, "taken_back")
    named = read_choice(method, "method", _METHODS)
    if named is None:
        readings: dict[str, Any] = {
            way: simplest(was_paid * part * clawback_share(passed, limit, way)) for way in _METHODS
        }
        raise RuleError("method_not_named", argument="method", **readings)
    wanted = round_half_up(was_paid * part * clawback_share(passed, limit, named), places)
    # Rounded down: half a cent more than was paid would still be more than was paid.
    left = max(was_paid - before, Fraction(0)) * 10**places
    most = Decimal(left.numerator // left.denominator).scaleb(-places)
    return min(wanted, most)
