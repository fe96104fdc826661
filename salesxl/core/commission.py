"""Commission by bands that have only a lower bound: band k is [threshold_k, threshold_k+1).

Marginal (超额累进): each band pays its own rate on the part of the amount in it.
38,000 with 1 % from 0, 2 % from 10,000, 3 % from 30,000 pays
100 + 400 + 240 = 740:

>>> commission_marginal(38000, [0, 10000, 30000], ["0.01", "0.02", "0.03"])
Decimal('740.00')

Whole amount (全额累进): the rate of the band reached pays on all of it, so there
is a cliff at each threshold:

>>> commission_whole(38000, [0, 10000, 30000], ["0.01", "0.02", "0.03"])
Decimal('1140.00')
>>> commission_whole(Decimal("29999.99"), [0, 10000, 30000], ["0.01", "0.02", "0.03"])
Decimal('600.00')

A cap and a floor hold for the line: the same 38,000 with a cap of 1,000:

>>> commission_whole(38000, [0, 10000, 30000], ["0.01", "0.02", "0.03"], cap=1000)
Decimal('1000.00')

Below the first threshold nothing is paid. A negative amount (net returns) takes
back at the first band's rate if that band starts at 0, and pays 0 otherwise:
what was earned at higher rates is taken back where the sale was credited, not
guessed here. Pay is rounded once, half-up, at the end.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.core.cells import Cells
from salesxl.core.declare import Param, rule
from salesxl.core.number import Number, exact, whole
from salesxl.core.pay import (
    AMOUNT,
    CAP,
    DECIMALS,
    FLOOR,
    LIMIT_ERRORS,
    NOT_AFTER_TAX,
    paid,
    read_limits,
    read_rate,
)
from salesxl.core.scale import (
    RATES,
    SCALE_ERRORS,
    THRESHOLDS,
    marginal_pay,
    reached_rate,
    read_scale,
    whole_pay,
)

__all__ = [
    "commission_flat",
    "commission_marginal",
    "commission_whole",
    "reached_rate",
    "read_scale",
]

_PARAMS = (AMOUNT, THRESHOLDS, RATES, DECIMALS, CAP, FLOOR)
_ERRORS = (*SCALE_ERRORS, *LIMIT_ERRORS, "after_tax")
_EXAMPLE = {
    "amount": 38000,
    "thresholds": [0, 10000, 30000],
    "rates": [Decimal("0.01"), Decimal("0.02"), Decimal("0.03")],
}


@rule(
    name="COMMISSION_FLAT",
    category="commission",
    order=20,
    returns="number",
    zh="固定比例提成 = 基数 × 比例，可设封顶与保底。",
    en="Commission at one rate: amount × rate, within a cap and a floor.",
    params=(
        AMOUNT,
        Param("rate", "number", "fraction", "提成比例，如 0.05（5%）", "Rate, e.g. 0.05 for 5 %"),
        DECIMALS,
        CAP,
        FLOOR,
    ),
    errors=("rate_range", *LIMIT_ERRORS, "after_tax"),
    example={"amount": 38000, "rate": Decimal("0.05")},
    refuses=NOT_AFTER_TAX,
)
def commission_flat(
    amount: Number,
    rate: Number,
    decimals: Number = 2,
    cap: Number | None = None,
    floor: Number | None = None,
) -> Decimal:
    """The pay, rounded half-up to `decimals` places."""
    places = whole(decimals, "decimals", 0, 12)
    pay = exact(amount, "amount") * read_rate(rate, "rate")
    return paid(pay, read_limits(cap, floor), places)


@rule(
    name="COMMISSION_MARGINAL",
    category="commission",
    order=30,
    returns="number",
    zh="超额累进提成：每一档只对落在该档内的部分按该档比例计提。",
    en="Commission by marginal bands: each band pays its own rate on the part of the amount "
    "that lies in it.",
    params=_PARAMS,
    errors=_ERRORS,
    example=_EXAMPLE,
    refuses=NOT_AFTER_TAX,
)
def commission_marginal(
    amount: Number,
    thresholds: Cells,
    rates: Cells,
    decimals: Number = 2,
    cap: Number | None = None,
    floor: Number | None = None,
) -> Decimal:
    """The pay, rounded half-up to `decimals` places."""
    places = whole(decimals, "decimals", 0, 12)
    pay = marginal_pay(exact(amount, "amount"), read_scale(thresholds, rates))
    return paid(pay, read_limits(cap, floor), places)


@rule(
    name="COMMISSION_WHOLE",
    category="commission",
    order=40,
    returns="number",
    zh="全额累进提成：达到哪一档，全部金额都按该档比例计提（在档位起点处有跳跃）。",
    en="Commission by whole-amount bands: the rate of the band reached pays on the whole "
    "amount, with a jump at each threshold.",
    params=_PARAMS,
    errors=_ERRORS,
    example=_EXAMPLE,
    refuses=NOT_AFTER_TAX,
)
def commission_whole(
    amount: Number,
    thresholds: Cells,
    rates: Cells,
    decimals: Number = 2,
    cap: Number | None = None,
    floor: Number | None = None,
) -> Decimal:
    """The pay, rounded half-up to `decimals` places."""
    places = whole(decimals, "decimals", 0, 12)
    pay = whole_pay(exact(amount, "amount"), read_scale(thresholds, rates))
    return paid(pay, read_limits(cap, floor), places)
