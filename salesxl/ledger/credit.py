"""What a person is credited with and what it earns, period by period, exactly.

A plan's version counts for a period when it is in force at the period's last day;
all of the period's credit is paid by that one version. Amounts are minor units.

>>> statement = statement_of(plan, person, months, months_credit, quotas, decimals=2)
>>> statement.rows[0].pay
Decimal('740.00')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from salesxl.core.number import round_half_up
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.periods import LENGTHS
from salesxl.ledger.pay.rules import band_of, limited, pay_on
from salesxl.ledger.pay.terms import limits_of
from salesxl.ledger.pay.versions import Version, version_at, versions_of
from salesxl.plan.model import Person, Plan

__all__ = [
    "PERIOD_MONTHS",
    "PeriodPay",
    "Statement",
    "Version",
    "by_formula",
    "credit_sums",
    "is_limited",
    "pay_of",
    "statement_of",
    "tier_of",
    "version_at",
    "versions_of",
]

PERIOD_MONTHS = LENGTHS
BASES = ("amount", "margin", "collected")


@dataclass(frozen=True)
class PeriodPay:
    """One period: its months by fiscal index, its days, its money."""

    months: tuple[int, ...]
    first_day: date
    next_day: date  # first day after the period
    version: Version | None  # None: no version in force, or one without tiers
    here: int  # minor units
    outside: int
    quota: int
    pay: Decimal  # major units, rounded half-up to the minor unit
    tier: int = 0  # reached; year to date: by the year so far

    @property
    def credited(self) -> int:
        return self.here + self.outside

    @property
    def attainment(self) -> Fraction:
        """credited / quota; 0 without a quota."""
        return Fraction(self.credited, self.quota) if self.quota else Fraction(0)


@dataclass(frozen=True)
class Statement:
    """A person's year. `reason` says why there is none: "no_plan", "no_version", "no_tiers", or
    "limited": the plan pays single lines, which only a pay run can tell apart."""

    person: Person
    reason: str
    versions: tuple[Version, ...] = ()
    rows: tuple[PeriodPay, ...] = ()

    @property
    def pay(self) -> Decimal:
        return sum((row.pay for row in self.rows), Decimal(0))

    @property
    def leading(self) -> Version:
        """The latest version of the year: it names the plan, sets period and base."""
        return self.versions[-1]


def credit_sums(ledger: Ledger | None) -> dict[tuple[str, str, str], int]:
    """(base, person id, "YYYY-MM") → minor units; lines without cost have no margin."""
    if ledger is None or "person_key" not in ledger.frame.columns:
        return {}
    frame = ledger.frame
    people = frame["person_key"].astype(str).tolist()
    months = frame["date"].dt.strftime("%Y-%m").tolist()
    margin = frame["amount"].astype("Int64") - frame["cost"].astype("Int64")
    columns = (frame["amount"].astype("Int64"), margin, frame["collected"].astype("Int64"))
    out: dict[tuple[str, str, str], int] = {}
    for base, column in zip(BASES, columns, strict=True):
        amounts = column.fillna(0).tolist()
        for person, month, amount in zip(people, months, amounts, strict=True):
            if person and amount:
                out[base, person, month] = out.get((base, person, month), 0) + int(amount)
    return out


def pay_of(
    version: Version, credited: int, quota: int, decimals: int, second: Fraction | None = None
) -> Decimal:
    """Commission on a period's credit within its cap and guarantee; before them 0 where tiers go
    by attainment and there is no quota, or a matrix's second measure is not known."""
    pay = pay_on(version, credited, quota, second, decimals)
    return Decimal(limited(version, pay)).scaleb(-decimals)


def tier_of(
    version: Version, credited: int, quota: int, decimals: int, second: Fraction | None = None
) -> int:
    """The number of the tier, point or cell reached, from 1; 0 below the first."""
    return band_of(version, credited, quota, decimals, second)


def by_formula(version: Version) -> bool:
    """Whether a sheet's own formulas pay this version; others are worked out and shown."""
    row = version.plan
    plain = row.kind != "flat" or version.thresholds == (Decimal(0),)
    return row.kind in ("flat", "marginal", "whole_amount") and row.period != "ytd" and plain


def is_limited(version: Version) -> bool:
    """Whether it pays only some products, regions, channels or customers."""
    return bool(limits_of(version.plan) or version.plan.line_cap_amount is not None)


def statement_of(
    plan: Plan,
    person: Person,
    months: Sequence[date],
    here: Mapping[tuple[str, str, str], int],
    outside: Mapping[tuple[str, str, str], int],
    quotas: Sequence[int],
) -> Statement:
    """`months` are thirteen firsts of months, `here` and `outside` as `credit_sums` gives them,
    `quotas` twelve minor amounts."""
    if not person.commission_plan:
        return Statement(person, "no_plan")
    decimals = plan.settings.decimals
    every = versions_of(plan, person.commission_plan)
    ends = [first - timedelta(days=1) for first in months[1:]]
    in_force = [version_at(every, day) for day in ends]
    used = tuple(version for version in every if version in in_force)
    if not used:
        return Statement(person, "no_version")
    if not any(version.thresholds for version in used):
        return Statement(person, "no_tiers", used)
    if any(is_limited(version) for version in used):
        return Statement(person, "limited", used)
    length = PERIOD_MONTHS[used[-1].plan.period]
    names = [month.strftime("%Y-%m") for month in months[:12]]

    def total(source: Mapping[tuple[str, str, str], int], base: str, span: Sequence[int]) -> int:
        return sum(source.get((base, person.id, names[i]), 0) for i in span)

    rows: list[PeriodPay] = []
    for start in range(0, 12, length):
        index = tuple(range(start, start + length))
        version = in_force[index[-1]]
        base = version.plan.base if version else used[-1].plan.base
        own, other = total(here, base, index), total(outside, base, index)
        quota = sum(quotas[i] for i in index)
        if version is not None and not version.thresholds:
            version = None
        pay, tier = round_half_up(0, decimals), 0
        if version is not None:
            # A year to date: all months so far, less what they were paid.
            span = range(index[-1] + 1) if version.plan.period == "ytd" else index
            credited = total(here, base, span) + total(outside, base, span)
            goal = sum(quotas[i] for i in span)
            sums = {b: total(here, b, span) + total(outside, b, span) for b in BASES}
            second = _second(version, sums, credited, goal)
            pay = pay_of(version, credited, goal, decimals, second)
            tier = tier_of(version, credited, goal, decimals, second)
            if version.plan.period == "ytd":
                pay -= sum((row.pay for row in rows), Decimal(0))
        rows.append(
            PeriodPay(
                index, months[start], months[start + length], version, own, other, quota, pay, tier
            )
        )
    return Statement(person, "", tuple(v for v in used if v.thresholds), tuple(rows))


def _second(
    version: Version, sums: Mapping[str, int], credited: int, quota: int
) -> Fraction | None:
    """The second measure of a matrix; None where nothing tells it."""
    measure = version.plan.second_measure
    if measure == "attainment":
        return Fraction(credited, quota) if quota > 0 else None
    if not measure or sums["amount"] <= 0:
        return None
    part = "margin" if measure == "margin_rate" else "collected"
    return Fraction(sums[part], sums["amount"])
