"""Pay along attainment, 0 to 200 %, for every commission plan; its jumps to the cent.

The payee is an average one: the quota of a pay period is about the mean of those on the plan. The
same credit is paid by the plan as it is and after the changes; attainment is measured on the
quota now, so a changed quota shows as a shifted curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from salesxl.core.number import half_up
from salesxl.ledger.pay.periods import LENGTHS, fiscal_start, months_of
from salesxl.ledger.pay.results import PayRun, Period
from salesxl.ledger.pay.rules import limited, pay_on, starts_of
from salesxl.ledger.pay.terms import Terms
from salesxl.ledger.pay.versions import Version, version_at, versions_of
from salesxl.ledger.what_if.scene import Scene

STEPS = tuple(range(201))  # per cent of quota
ASSUMED = 100_000  # major units, where neither quota, sales nor tiers say how much is sold
Basis = Literal["quota", "credit", "tiers", "assumed"]


@dataclass(frozen=True)
class Jump:
    """One more minor unit of credit at `credit` pays `pay` instead of `below`."""

    credit: int
    attainment: Fraction  # of the curve's quota
    below: int
    pay: int

    @property
    def height(self) -> int:
        return self.pay - self.below


@dataclass(frozen=True)
class CurveSide:
    """One plan version at one quota. `pay` has a figure for each of STEPS, minor units."""

    version: Version
    quota: int
    second: Fraction | None  # of a matrix whose second measure does not move with credit
    pay: tuple[int, ...]
    jumps: tuple[Jump, ...]


@dataclass(frozen=True)
class PlanCurve:
    """`quota` is credit at 100 %; `basis` says what it is the average of."""

    plan: str
    name: str
    period: str
    quota: int
    basis: Basis
    people: int
    credit: tuple[int, ...]  # of each of STEPS
    now: CurveSide | None
    after: CurveSide | None


def curves(
    scenes: Sequence[Scene], runs: Sequence[PayRun], periods: Sequence[Period]
) -> tuple[PlanCurve, ...]:
    """A curve for each plan that has a version, in the order of the plans."""
    keys = dict.fromkeys(row.id for scene in scenes for row in scene.plan.commission_plans)
    out = []
    for key in keys:
        versions = [_version(s, key, own) for s, own in zip(scenes, periods, strict=True)]
        first = next((v for v in versions if v is not None), None)
        if first is None:
            continue
        found = [
            _quota(scene, run, version, own) if version else None
            for scene, run, version, own in zip(scenes, runs, versions, periods, strict=True)
        ]
        mean, basis, people = next(f for f in found if f is not None)
        quota = _plain(mean)
        credit = tuple(half_up(quota * step, 100) for step in STEPS)
        sides = [
            None
            if version is None
            else _side(
                version, half_up(quota * (own[0] if own else mean), mean), run, credit, quota
            )
            for version, own, run in zip(versions, found, runs, strict=True)
        ]
        out.append(
            PlanCurve(key, first.plan.name, first.plan.period, quota, basis, people, credit, *sides)
        )
    return tuple(out)


def pay_at(
    version: Version, credit: int, quota: int, second: Fraction | None, decimals: int
) -> int:
    """What a pay period with this credit pays, rounded, within its limits."""
    if version.plan.second_measure == "attainment":
        second = Fraction(credit, quota) if quota > 0 else None
    return limited(version, pay_on(version, credit, quota, second, decimals))


def jumps(
    version: Version, quota: int, second: Fraction | None, unit: int, decimals: int
) -> tuple[Jump, ...]:
    """Where one minor unit more changes the pay by more than it is worth; `unit` is 100 %."""
    starts = set(starts_of(version, quota, decimals))
    if version.plan.second_measure == "attainment":
        starts |= {Fraction(bound) * quota for bound in version.seconds}
    out = []
    for start in sorted(starts):
        credit = -(-start.numerator // start.denominator)
        if credit <= 0:
            continue
        below, pay = (pay_at(version, at, quota, second, decimals) for at in (credit - 1, credit))
        # A rate of up to 100 % and rounding explain one unit each.
        if abs(pay - below) > 2:
            out.append(Jump(credit, Fraction(credit, unit) if unit else Fraction(0), below, pay))
    return tuple(out)


def _version(scene: Scene, key: str, period: Period) -> Version | None:
    """The version in force at the period's end, else the first to come."""
    versions = versions_of(scene.plan, key)
    if not versions:
        return None
    return version_at(versions, period.last_day) or (
        versions[-1] if versions[-1].plan.effective_from <= period.last_day else versions[0]
    )


def _plain(quota: int) -> int:
    """A figure of four digits, and so that every per cent of it is a whole minor unit:
    a threshold at 120 % is then met at 120 %."""
    unit = 100
    while quota >= unit * 10_000:
        unit *= 10
    return max(half_up(quota, unit) * unit, unit)


def _side(version: Version, own: int, run: PayRun, credit: Sequence[int], unit: int) -> CurveSide:
    second, decimals = _second(run, version), run.decimals
    pay = tuple(pay_at(version, at, own, second, decimals) for at in credit)
    return CurveSide(version, own, second, pay, jumps(version, own, second, unit, decimals))


def _second(run: PayRun, version: Version) -> Fraction | None:
    """The mean second measure of the run's pay periods; the best cell's bound without one."""
    if version.plan.kind != "matrix" or version.plan.second_measure == "attainment":
        return None
    found = [
        pay.second_value
        for statement in run.statements
        for pay in statement.plans
        if pay.plan.id == version.plan.id and pay.second_value is not None
    ]
    if found:
        return sum(found, Fraction(0)) / len(found)
    return max(map(Fraction, version.seconds), default=None)


def _quota(scene: Scene, run: PayRun, version: Version, period: Period) -> tuple[int, Basis, int]:
    """Mean quota of a pay period of those on the plan; without one their mean credit, and
    without that the last threshold."""
    row, quotas, terms = version.plan, scene.quotas, Terms(scene.plan)
    begin = fiscal_start(months_of(period)[1], scene.plan.settings.fiscal_year_first_month)
    length = 12 if row.period == "ytd" else LENGTHS[row.period]
    there = [p.id for p in scene.plan.people if row.id in terms.windows(p)]
    years = [quotas.of_months(p, begin, begin + 11, row.product_line, row.region) for p in there]
    carried = [year for year in years if year > 0]
    if carried:
        return max(half_up(sum(carried) * length, 12 * len(carried)), 1), "quota", len(carried)
    credited = [
        pay.credited for s in run.statements for pay in s.plans
        if pay.plan.id == row.id and pay.credited > 0
    ]  # fmt: skip
    if credited:
        return max(half_up(sum(credited), len(credited)), 1), "credit", len(there)
    last = max(version.thresholds, default=None)
    unit = 10**run.decimals
    if last and not version.by_attainment:
        return max(int(last * unit), 1), "tiers", len(there)
    return ASSUMED * unit, "assumed", len(there)
