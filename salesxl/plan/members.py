"""Who carries a region's quota, and with how much of a full quota in each month.

A month counts by days: from the day somebody joins, or works in this region, to the day
they leave, both included. In the first months of service the role's ramp applies to it.
17 of June's 30 days with a ramp of 50 % are 0.2833 of a full month (ten-thousandths,
half-up), and that part of the person's weight takes part in the split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from salesxl.core.weights import whole_parts
from salesxl.plan.model import Person, Plan

MEMBER_SCALE = 1_000_000
WHOLE_MONTH = 10_000  # parts of a month's full presence
VACANT = ""  # the member id that carries what no employed person can


@dataclass(frozen=True)
class Members:
    """Index order: member, month. Home people first, then those assigned, then VACANT."""

    ids: tuple[str, ...]
    full: tuple[int, ...]  # weight parts of a whole month
    presence: tuple[tuple[int, ...], ...]  # ten-thousandths of a whole month

    @property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """The parts with which each member shares in each month; 0 = not there."""
        return tuple(
            tuple(part_of(full, share) for share in row)
            for full, row in zip(self.full, self.presence, strict=True)
        )


def part_of(full: int, presence: int) -> int:
    """`full` weight parts for `presence` ten-thousandths of a month, half-up."""
    return (full * presence + WHOLE_MONTH // 2) // WHOLE_MONTH


def members_of(plan: Plan, region: str, months: Sequence[date]) -> Members:
    """The members of `region`; `months` are first days.

    VACANT comes last and only where a month has nobody: it then carries that month whole.
    """
    ramps = _ramps(plan)
    weights: dict[str, Decimal] = {}
    there: dict[str, list[int]] = {}
    for stint in _stints(plan, region):
        if stint.weight <= 0:
            continue
        presence = [_presence(stint, month, ramps) for month in months]
        if not any(presence):
            continue
        person = stint.person.id
        weights[person] = weights.get(person, Decimal(0)) + stint.weight
        before = there.get(person, [0] * len(months))
        there[person] = [min(WHOLE_MONTH, a + b) for a, b in zip(before, presence, strict=True)]
    full = whole_parts(list(weights.values()), MEMBER_SCALE) if weights else []
    ids, shares = list(weights), [tuple(there[person]) for person in weights]
    covered = [
        any(part_of(part, row[month]) for part, row in zip(full, shares, strict=True))
        for month in range(len(months))
    ]
    if not all(covered):
        ids.append(VACANT)
        full = [*full, MEMBER_SCALE]
        shares.append(tuple(0 if done else WHOLE_MONTH for done in covered))
    return Members(tuple(ids), tuple(full), tuple(shares))


@dataclass(frozen=True)
class _Stint:
    """Somebody's time in a region, with the weight held there."""

    person: Person
    weight: Decimal
    first: date | None
    last: date | None


def _stints(plan: Plan, region: str) -> list[_Stint]:
    """People whose role carries quota, home people first, both in the plan's order."""
    carries = {role.id for role in plan.roles if role.carries_quota == "yes"}
    people = [person for person in plan.people if person.role in carries]
    home = [
        _Stint(p, p.quota_weight, _later(p.joined_date, p.region_since), p.left_date)
        for p in people
        if p.region == region
    ]
    assigned = [
        _Stint(
            person,
            row.quota_weight,
            _later(person.joined_date, row.from_date),
            _earlier(person.left_date, row.to_date),
        )
        for person in people
        for row in plan.assignments
        if row.person == person.id and row.region == region
    ]
    return home + assigned


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other


def _ramps(plan: Plan) -> Mapping[str, Mapping[int, Decimal]]:
    """Role → month of service → part of a full quota."""
    ramps: dict[str, dict[int, Decimal]] = {}
    for row in plan.ramps:
        ramps.setdefault(row.role, {})[row.service_month] = row.quota_share
    return ramps


def _presence(stint: _Stint, month: date, ramps: Mapping[str, Mapping[int, Decimal]]) -> int:
    """Ten-thousandths of a full month that somebody carries in the month from `month` on."""
    following = (month + timedelta(days=31)).replace(day=1)
    first = max(stint.first or month, month)
    after = following if stint.last is None else min(stint.last + timedelta(days=1), following)
    days = (after - first).days
    if days <= 0:
        return 0
    share = Fraction(days, (following - month).days)
    joined = stint.person.joined_date
    if joined is not None:
        service = (month.year - joined.year) * 12 + month.month - joined.month + 1
        share *= Fraction(ramps.get(stint.person.role, {}).get(service, Decimal(1)))
    return int(share * WHOLE_MONTH + Fraction(1, 2))
