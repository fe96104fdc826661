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

Below the first threshold nothing is paid. A negative amount (net returns) takes
back at the first band's rate if that band starts at 0, and pays 0 otherwise:
what was earned at higher rates is taken back where the sale was credited, not
guessed here. Pay is rounded once, half-up, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, simplest, whole

_AMOUNT = Param(
    "amount",
    "number",
    "money",
    "提成基数，如本期销售额；净退货为负",
    "What commission is paid on, e.g. the period's sales; negative for net returns",
)
_THRESHOLDS = Param(
    "thresholds",
    "list",
    "money",
    "各档起点，从低到高；起点值属于该档",
    "Where each band starts, ascending; the start belongs to the band",
)
_RATES = Param(
    "rates",
    "list",
    "fraction",
    "各档提成比例，0 到 1，如 0.08（8%），个数与起点相同",
    "The rate of each band, 0 to 1, e.g. 0.08 for 8 %, as many as thresholds",
)
_DECIMALS = Param(
    "decimals",
    "whole",
    "count",
    "结果保留的小数位数（四舍五入），通常为 2",
    "Decimal places of the pay, rounded half-up once; usually 2",
    2,
)
_ERRORS = (
    "threshold_negative",
    "thresholds_not_ascending",
    "rate_range",
    "counts_differ",
    "no_cells",
)
_EXAMPLE = {
    "amount": 38000,
    "thresholds": [0, 10000, 30000],
    "rates": [Decimal("0.01"), Decimal("0.02"), Decimal("0.03")],
}


@dataclass(frozen=True)
class Band:
    """One band of a marginal scale and what an amount earns in it, unrounded."""

    lower: Fraction
    upper: Fraction | None  # None: no end
    part: Fraction
    rate: Fraction

    @property
    def pay(self) -> Fraction:
        return self.part * self.rate


def marginal_bands(amount: Number, thresholds: Cells, rates: Cells) -> list[Band]:
    """Every band with the part of `amount` in it; the parts' pay adds up to the commission."""
    base = exact(amount, "amount")
    scale = read_scale(thresholds, rates)
    bands = []
    for index, (lower, rate) in enumerate(scale):
        upper = scale[index + 1][0] if index + 1 < len(scale) else None
        top = base if upper is None else min(base, upper)
        part = max(top - lower, Fraction(0))
        if base < 0 and lower == 0:
            part = base  # net returns, at the first band's rate
        bands.append(Band(lower, upper, part, rate))
    return bands


def read_scale(thresholds: Cells, rates: Cells) -> list[tuple[Fraction, Fraction]]:
    """(threshold, rate) of each band, checked; RuleError names the cell."""
    starts, _ = read_cells(thresholds, "thresholds")
    shares, _ = read_cells(rates, "rates")
    same_count(shares, "rates", len(starts), "thresholds")
    scale: list[tuple[Fraction, Fraction]] = []
    for position, (start, share) in enumerate(zip(starts, shares, strict=True), 1):
        lower = exact(start, "thresholds", position)
        rate = exact(share, "rates", position)
        if lower < 0:
            raise RuleError(
                "threshold_negative", argument="thresholds", position=position, value=start
            )
        if scale and lower <= scale[-1][0]:
            raise RuleError(
                "thresholds_not_ascending",
                argument="thresholds",
                position=position,
                value=start,
                before=simplest(scale[-1][0]),
            )
        if not 0 <= rate <= 1:
            raise RuleError("rate_range", argument="rates", position=position, value=share)
        scale.append((lower, rate))
    return scale


@rule(
    name="COMMISSION_MARGINAL",
    category="commission",
    returns="number",
    zh="超额累进提成：每一档只对落在该档内的部分按该档比例计提。",
    en="Commission by marginal bands: each band pays its own rate on the part of the amount "
    "that lies in it.",
    params=(_AMOUNT, _THRESHOLDS, _RATES, _DECIMALS),
    errors=_ERRORS,
    example=_EXAMPLE,
)
def commission_marginal(
    amount: Number, thresholds: Cells, rates: Cells, decimals: Number = 2
) -> Decimal:
    """The pay, rounded half-up to `decimals` places."""
    places = whole(decimals, "decimals", 0, 12)
    pay = sum((band.pay for band in marginal_bands(amount, thresholds, rates)), Fraction(0))
    return round_half_up(pay, places)


@rule(
    name="COMMISSION_WHOLE",
    category="commission",
    returns="number",
    zh="全额累进提成：达到哪一档，全部金额都按该档比例计提（在档位起点处有跳跃）。",
    en="Commission by whole-amount bands: the rate of the band reached pays on the whole "
    "amount, with a jump at each threshold.",
    params=(_AMOUNT, _THRESHOLDS, _RATES, _DECIMALS),
    errors=_ERRORS,
    example=_EXAMPLE,
)
def commission_whole(
    amount: Number, thresholds: Cells, rates: Cells, decimals: Number = 2
) -> Decimal:
    """The pay, rounded half-up to `decimals` places."""
    places = whole(decimals, "decimals", 0, 12)
    base = exact(amount, "amount")
    scale = read_scale(thresholds, rates)
    return round_half_up(base * reached_rate(base, scale), places)


def reached_rate(base: Fraction, scale: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """The rate of the band `base` lies in; net returns lie in a first band from 0."""
    place = max(base, Fraction(0))
    return next((rate for lower, rate in reversed(scale) if lower <= place), Fraction(0))


@rule(
    name="COMMISSION_EXPLAIN",
    category="commission",
    returns="block",
    zh="超额累进提成的计算过程：每档一行——起点、终点（不含，最后一档为空）、落入金额、比例、提成（未取整）。",
    en="How a marginal commission comes about, a row a band: start, end (not included; empty "
    "for the last), amount in it, rate, pay before rounding.",
    params=(_AMOUNT, _THRESHOLDS, _RATES),
    errors=_ERRORS,
    example=_EXAMPLE,
)
def commission_explain(amount: Number, thresholds: Cells, rates: Cells) -> list[list[Any]]:
    """Rows of start, end, part, rate, pay; the pays add up to the unrounded commission."""
    return [
        [
            simplest(band.lower),
            None if band.upper is None else simplest(band.upper),
            simplest(band.part),
            simplest(band.rate),
            simplest(band.pay),
        ]
        for band in marginal_bands(amount, thresholds, rates)
    ]
