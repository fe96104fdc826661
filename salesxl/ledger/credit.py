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

from salesxl.core.commission import commission_marginal, commission_whole
from salesxl.core.number import round_half_up
from salesxl.ledger.frame import Ledger
from salesxl.plan.model import CommissionPlan, Person, Plan

PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
BASES = ("amount", "margin", "collected")


@dataclass(frozen=True)
class Version:
    """One dated version of a commission plan with its tiers, ascending."""

    plan: CommissionPlan
    thresholds: tuple[Decimal, ...]  # major units, or fractions of quota
    rates: tuple[Decimal, ...]

    @property
    def by_attainment(self) -> bool:
        return self.plan.measure == "attainment"

    @property
    def marginal(self) -> bool:
        return self.plan.kind == "marginal"


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

    @property
    def credited(self) -> int:
        return self.here + self.outside

    @property
    def attainment(self) -> Fraction:
        """credited / quota; 0 without a quota."""
        return Fraction(self.credited, self.quota) if self.quota else Fraction(0)


@dataclass(frozen=True)
class Statement:
    """A person's year. `reason` says why there is none: "no_plan", "no_version", "no_tiers"."""

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


def versions_of(plan: Plan, plan_id: str) -> tuple[Version, ...]:
    """All versions of a commission plan, the earliest first."""
    rows = sorted(
        (row for row in plan.commission_plans if row.id == plan_id),
        key=lambda row: row.effective_from,
    )
    out = []
    for row in rows:
        tiers = sorted(
            (
                (tier.threshold, tier.rate)
                for tier in plan.commission_tiers
                if tier.plan == row.id and tier.effective_from == row.effective_from
            ),
        )
        out.append(Version(row, tuple(t for t, _ in tiers), tuple(r for _, r in tiers)))
    return tuple(out)


def version_at(versions: Sequence[Version], day: date) -> Version | None:
    """The version in force on `day`: the latest begun that has not ended."""
    current = None
    for version in versions:
        row = version.plan
        if row.effective_from <= day and (row.effective_to is None or day <= row.effective_to):
            current = version
    return current


def pay_of(version: Version, credited: int, quota: int, decimals: int) -> Decimal:
    """Commission on `credited`; 0 where tiers go by attainment and there is no quota."""
    amount = Decimal(credited).scaleb(-decimals)
    thresholds = list(version.thresholds)
    if version.by_attainment:
        if quota <= 0:
            return Decimal(0).scaleb(-decimals)
        goal = Decimal(quota).scaleb(-decimals)
        thresholds = [Decimal(threshold) * goal for threshold in thresholds]
    rule = commission_marginal if version.marginal else commission_whole
    return rule(amount, thresholds, list(version.rates), decimals)


def tier_of(version: Version, credited: int, quota: int, decimals: int) -> int:
    """The number of the tier reached, from 1; 0 below the first."""
    if version.by_attainment:
        if quota <= 0:
            return 0
        place = Fraction(credited, quota)
    else:
        place = Fraction(Decimal(credited).scaleb(-decimals))
    return sum(Fraction(threshold) <= place for threshold in version.thresholds)


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
    length = PERIOD_MONTHS[used[-1].plan.period]
    rows = []
    for start in range(0, 12, length):
        index = tuple(range(start, start + length))
        version = in_force[index[-1]]
        base = version.plan.base if version else used[-1].plan.base
        keys = [(base, person.id, months[i].strftime("%Y-%m")) for i in index]
        own, other = (sum(source.get(key, 0) for key in keys) for source in (here, outside))
        quota = sum(quotas[i] for i in index)
        if version is not None and not version.thresholds:
            version = None
        pay = round_half_up(0, decimals)
        if version is not None:
            pay = pay_of(version, own + other, quota, decimals)
        rows.append(
            PeriodPay(index, months[start], months[start + length], version, own, other, quota, pay)
        )
    return Statement(person, "", tuple(v for v in used if v.thresholds), tuple(rows))
