"""The dated versions of a commission plan, each with its table of rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.model import CommissionPlan, Plan


@dataclass(frozen=True)
class Version:
    """One dated version of a commission plan with its tiers, ascending."""

    plan: CommissionPlan
    thresholds: tuple[Decimal, ...]  # major units, or fractions of quota
    rates: tuple[Decimal, ...]  # of an interpolated plan: parts of the pay at target
    seconds: tuple[Decimal, ...] = ()  # of a matrix: the second bound of each cell

    @property
    def by_attainment(self) -> bool:
        return self.plan.measure == "attainment"

    @property
    def marginal(self) -> bool:
        return self.plan.kind == "marginal"

    @property
    def needs_quota(self) -> bool:
        return self.by_attainment or (
            self.plan.kind == "matrix" and self.plan.second_measure == "attainment"
        )

    def in_force(self, day: date) -> bool:
        row = self.plan
        return row.effective_from <= day and (row.effective_to is None or day <= row.effective_to)


def versions_of(plan: Plan, plan_id: str) -> tuple[Version, ...]:
    """All versions of a commission plan, the earliest first."""
    rows = sorted(
        (row for row in plan.commission_plans if row.id == plan_id),
        key=lambda row: row.effective_from,
    )
    out = []
    for row in rows:
        tiers = sorted(
            (tier.threshold, tier.second_threshold or Decimal(0), tier.rate)
            for tier in plan.commission_tiers
            if tier.plan == row.id and tier.effective_from == row.effective_from
        )
        out.append(
            Version(
                row,
                tuple(threshold for threshold, _, _ in tiers),
                tuple(rate for _, _, rate in tiers),
                tuple(second for _, second, _ in tiers) if row.kind == "matrix" else (),
            )
        )
    return tuple(out)


def version_at(versions: Sequence[Version], day: date) -> Version | None:
    """The version in force on `day`: the latest begun that has not ended."""
    current = None
    for version in versions:
        if version.in_force(day):
            current = version
    return current
