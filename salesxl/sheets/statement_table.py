"""What a plan's table says of a whole period: the way to its pay that looks at no single line.

Amounts are minor units, unrounded until the pay of the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from salesxl.core.scale import marginal_parts
from salesxl.ledger.pay.results import PlanPay
from salesxl.sheets.statement_grid import fits_grid
from salesxl.sheets.statement_pen import Pen, is_single, percent, rounded


@dataclass(frozen=True)
class Chain:
    """A plan's pay from its table, in minor units: table → limits → the year before → earned."""

    table: int  # Σ of the table, rounded
    cut: int  # what a cap a line takes off
    limit: int  # what cap or guarantee change
    before: int  # what the year had earned before
    earned: int


def chain_of(pay: PlanPay, table: Fraction) -> Chain:
    """`table`: what the table pays, unrounded; of a year to date on the year so far."""
    raw, cut = rounded(table), 0
    if pay.plan.line_cap_amount is not None:  # rounded with the table, so it is what is left
        if pay.plan.period == "ytd":
            cut = pay.earned + pay.before_earned - _limited(pay, raw)
        else:
            at_zero = sum(change.amount for change in pay.changes if change.cause == "at_zero")
            cut = pay.lines_pay + at_zero - raw
    limit = _limited(pay, raw + cut) - raw - cut
    return Chain(raw, cut, limit, pay.before_earned,
                 raw + cut + limit - pay.before_earned)  # fmt: skip


def whole_table(pay: PlanPay) -> Fraction:
    """What the table of a plan of one version pays on all of its credit, unrounded."""
    if pay.plan.kind == "interpolated":
        return curve_pay(pay)
    parts = zip(tier_parts(pay), pay.tiers, strict=True)
    return sum((part * Fraction(tier.rate) for part, tier in parts), Fraction(0))


def tells_all(pay: PlanPay) -> bool:
    """Whether one table explains the plan's pay: one version, in the year before as well."""
    if not pay.tiers or not is_single(pay):
        return False
    if pay.plan.kind == "matrix":
        return fits_grid(pay) and pay.plan.period != "ytd"
    return chain_of(pay, whole_table(pay)).earned == pay.earned


def _limited(pay: PlanPay, amount: int) -> int:
    if pay.plan.floor_amount is not None:
        amount = max(amount, pay.plan.floor_amount)
    return amount if pay.plan.cap_amount is None else min(amount, pay.plan.cap_amount)


def to_date(pay: PlanPay) -> int:
    """What the table is applied to."""
    return pay.before_credited + pay.credited


def dead(pay: PlanPay) -> bool:
    """A table by attainment without a quota pays nothing."""
    return pay.plan.measure == "attainment" and pay.quota <= 0


def band_reached(pay: PlanPay) -> int:
    """Index of the band or point reached; -1 below the first."""
    place = max(to_date(pay), 0)
    return -1 if dead(pay) else sum(tier.start <= place for tier in pay.tiers) - 1


def tier_parts(pay: PlanPay) -> list[Fraction]:
    """The credit in each band of a plan of one version, minor units."""
    base, starts = Fraction(to_date(pay)), [tier.start for tier in pay.tiers]
    if not starts or dead(pay):
        return [Fraction(0)] * len(starts)
    if pay.plan.kind == "marginal":
        return marginal_parts(base, starts)
    if pay.plan.kind == "flat":
        return [base, *[Fraction(0)] * (len(starts) - 1)]
    reached = band_reached(pay)
    return [base if n == reached else Fraction(0) for n in range(len(starts))]


def point_pays(pay: PlanPay) -> list[Fraction]:
    """What each point of a payout curve pays, minor units."""
    target = pay.plan.target_pay_amount or 0
    return [Fraction(tier.rate) * target for tier in pay.tiers]


def curve_pay(pay: PlanPay) -> Fraction:
    """What the curve pays on the period's credit, unrounded."""
    reached, heights = band_reached(pay), point_pays(pay)
    if reached < 0 or to_date(pay) < pay.tiers[0].start:
        return Fraction(0)
    if reached == len(heights) - 1:
        return heights[-1]
    here, after = pay.tiers[reached].start, pay.tiers[reached + 1].start
    return heights[reached] + (to_date(pay) - here) / (after - here) * (
        heights[reached + 1] - heights[reached]
    )


def band_name(pen: Pen, pay: PlanPay, n: int) -> str:
    """Number of a band and, by attainment, from where to where it goes."""
    tiers = pay.tiers
    if pay.plan.kind == "flat":
        return pen.say("flat_name")
    name = pen.say("tier_number", number=tiers[n].number)
    if pay.plan.measure != "attainment" or not tells_all(pay):
        return name
    low = percent(tiers[n].threshold)
    if n + 1 == len(tiers):
        return f"{name} {pen.say('and_more', low=low)}"
    return f"{name} {low.removesuffix('%')}–{percent(tiers[n + 1].threshold)}"
