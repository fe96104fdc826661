"""A quota for part of a period: joiners, leavers, moves, and the first months of service.

A year's quota of 365,000, somebody who joins on 1 July: 184 of 365 days, both ends counted:

>>> prorate_quota(365000, "2026-01-01", "2026-12-31", "2026-07-01")
184000

With a ramp of 25 % and 50 % in the first two months of service, July counts for 31 · 0.25
days, August for 31 · 0.5, the other 122 in full: 145.25 days:

>>> prorate_quota(365000, "2026-01-01", "2026-12-31", "2026-07-01", ramp=["0.25", "0.5"])
145250

Months of service are calendar months; the month of joining is the first, however late in
it. By months instead of days every month has the same weight, and a day is a part of its
own month: six of twelve months are half the quota:

>>> prorate_quota(365000, "2026-01-01", "2026-12-31", "2026-07-01", basis="months")
182500

Somebody who moves from one region to another takes the quota along; the parts add up:

>>> quota_by_stint(365000, "2026-01-01", "2026-12-31", ["2026-01-01", "2026-03-02"],
...     ["2026-03-01", None])
[60000, 305000]
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, cast

from salesxl.core.apportion import split_amount
from salesxl.core.cells import Cells, OpenCells, read_cells, same_count
from salesxl.core.choice import Words, read_choice
from salesxl.core.day import read_day
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, Number, common, exact, half_up, simplest
from salesxl.core.pay import read_share
from salesxl.core.split import read_unit

Basis = Literal["days", "months"]
BASES: Words = {"days": ("day", "按天"), "months": ("month", "按月")}

_QUOTA = Param("quota", "number", "money", "整个期间的定额", "Quota of the whole period")
_START = Param("period_start", "date", "date", "期间首日", "First day of the period")
_END = Param("period_end", "date", "date", "期间末日（含）", "Last day of the period, included")
_RAMP = Param(
    "ramp",
    "list",
    "fraction",
    "爬坡：入职第 1、2、3… 个月各承担的比例，如 0.25、0.5；之后为 1。空为不爬坡",
    "Part of a full quota in the 1st, 2nd, 3rd … month of service, e.g. 0.25, 0.5; then 1",
    None,
)
_SERVICE = Param(
    "service_from",
    "date",
    "date",
    "爬坡起算的入职日；空则取最早的到岗日",
    "Day of joining from which the ramp counts; empty: the first day active",
    None,
)
_UNIT = Param(
    "unit",
    "number",
    "money",
    "取整单位（四舍五入），如 1、100 或 0.01",
    "The answer is rounded half-up to this, e.g. 1, 100 or 0.01",
    1,
)
_BASIS = Param(
    "basis",
    "choice",
    "any",
    "days 按天（默认）；months 按月，各月权重相同，不足一月按当月天数",
    "days (default), or months: every month weighs the same, a day is a part of its month",
    "days",
    ("days", "months"),
)
_ERRORS = (
    "day_blank",
    "not_a_day",
    "days_reversed",
    "share_range",
    "unit_not_positive",
    "choice_unknown",
)


@dataclass(frozen=True)
class Service:
    """How much a day counts: by days or months, and by the month of service."""

    basis: Basis = "days"
    ramp: tuple[Fraction, ...] = ()
    joined: date | None = None  # None: nobody is new, the ramp does not act

    def weight(self, first: date, last: date) -> Fraction:
        """Of the days from `first` to `last`, both counted; 0 if there are none."""
        total = Fraction(0)
        for start, days, length in _months(first, last):
            part = Fraction(days, length if self.basis == "months" else 1)
            total += part * self.share(start)
        return total

    def share(self, day: date) -> Fraction:
        """The part of a full quota carried in the month of `day`."""
        if self.joined is None or not self.ramp:
            return Fraction(1)
        month = (day.year - self.joined.year) * 12 + day.month - self.joined.month
        return self.ramp[month] if 0 <= month < len(self.ramp) else Fraction(1)


def _months(first: date, last: date) -> Iterator[tuple[date, int, int]]:
    """Every calendar month touched: a day in it, days in it within the span, its length."""
    while first <= last:
        length = monthrange(first.year, first.month)[1]
        end = min(last, first.replace(day=length))
        yield first, (end - first).days + 1, length
        if end == date.max:
            return
        first = end + timedelta(days=1)


def part_of_period(
    start: date, end: date, first: date | None, last: date | None, service: Service
) -> Fraction:
    """The part of a quota for `start` … `end` that somebody there from `first` to `last` carries.

    Both days are counted, None is open. With a ramp the part may be less than the presence.
    """
    whole = Service(service.basis).weight(start, end)
    return service.weight(max(first or start, start), min(last or end, end)) / whole


@rule(
    name="PRORATE_QUOTA",
    category="targets",
    order=180,
    returns="number",
    zh="按在岗天数折算定额（首末日都算），可按入职月份爬坡；整个期间不在岗为 0。",
    en="The quota for the days somebody is active in a period, first and last day counted, with "
    "a ramp by month of service; 0 if never active in it.",
    params=(
        _QUOTA,
        _START,
        _END,
        Param(
            "active_from",
            "date",
            "date",
            "到岗日；空为期初之前",
            "First day active; empty: since before the period",
            None,
        ),
        Param(
            "active_to",
            "date",
            "date",
            "离岗前的最后一天（含）；空为期末之后",
            "Last day active, included; empty: beyond the period",
            None,
        ),
        _RAMP,
        _UNIT,
        _BASIS,
        _SERVICE,
    ),
    errors=_ERRORS,
    example={
        "quota": 365000,
        "period_start": "2026-01-01",
        "period_end": "2026-12-31",
        "active_from": "2026-07-01",
    },
)
def prorate_quota(
    quota: Number,
    period_start: object,
    period_end: object,
    active_from: object = None,
    active_to: object = None,
    ramp: Cells | None = None,
    unit: Number = 1,
    basis: str = "days",
    service_from: object = None,
) -> Exact:
    """The prorated quota, rounded half-up to `unit`."""
    amount, step = exact(quota, "quota"), read_unit(unit)
    start, end = read_period(period_start, period_end)
    first, last = _open_day(active_from, "active_from"), _open_day(active_to, "active_to")
    if first and last and last < first:
        raise RuleError("days_reversed", argument="active_to", value=last, first=first)
    joined = _open_day(service_from, "service_from") or first
    service = Service(read_basis(basis), read_ramp(ramp), joined)
    return _to_unit(amount * part_of_period(start, end, first, last, service), step)


@rule(
    name="QUOTA_BY_STINT",
    category="targets",
    order=190,
    returns="cells",
    zh="期间内多次到岗或调动（如换区域）时，各段应承担的定额；各段之和恰为在岗总天数折算的定额。",
    en="The quota of each stint where somebody comes back or moves, for instance between regions; "
    "the stints add up exactly to the quota for all their days.",
    params=(
        _QUOTA,
        _START,
        _END,
        Param(
            "starts",
            "cells",
            "date",
            "每段的首日；空为期初之前",
            "First day of each stint; empty: since before the period",
        ),
        Param(
            "ends",
            "cells",
            "date",
            "每段的末日（含）；空为期末之后",
            "Last day of each stint, included; empty: beyond the period",
        ),
        _RAMP,
        _UNIT,
        _BASIS,
        _SERVICE,
    ),
    errors=(*_ERRORS, "stints_overlap", "counts_differ"),
    example={
        "quota": 365000,
        "period_start": "2026-01-01",
        "period_end": "2026-12-31",
        "starts": ["2026-01-01", "2026-03-02"],
        "ends": ["2026-03-01", None],
    },
)
def quota_by_stint(
    quota: Number,
    period_start: object,
    period_end: object,
    starts: Cells,
    ends: OpenCells,
    ramp: Cells | None = None,
    unit: Number = 1,
    basis: str = "days",
    service_from: object = None,
) -> Any:
    """One amount a stint, in the shape of `starts`; days between stints carry nothing."""
    amount, step = exact(quota, "quota"), read_unit(unit)
    start, end = read_period(period_start, period_end)
    cells, fold = read_cells(starts, "starts")
    stints = _read_stints(cells, ends)
    joined = _open_day(service_from, "service_from")
    if joined is None and all(first for first, _ in stints):
        joined = min(first for first, _ in stints if first)
    service = Service(read_basis(basis), read_ramp(ramp), joined)
    parts = [part_of_period(start, end, first, last, service) for first, last in stints]
    units = half_up(*(amount * sum(parts, Fraction(0)) / step).as_integer_ratio())
    weights, _ = common(parts, "starts")
    shares = split_amount(units, weights) if any(weights) else [0] * len(parts)
    return fold([simplest(share * step) for share in shares])


def _to_unit(value: Fraction, step: Fraction) -> Exact:
    """`value` to the nearest multiple of `step`, halves away from zero."""
    return simplest(half_up(*(value / step).as_integer_ratio()) * step)


def read_period(period_start: object, period_end: object) -> tuple[date, date]:
    """First and last day, in this order."""
    start, end = read_day(period_start, "period_start"), read_day(period_end, "period_end")
    if end < start:
        raise RuleError("days_reversed", argument="period_end", value=end, first=start)
    return start, end


def read_basis(value: object) -> Basis:
    """The basis named; days where none is."""
    return cast(Basis, read_choice(value, "basis", BASES) or "days")


def read_ramp(ramp: object) -> tuple[Fraction, ...]:
    """Shares from 0 to 1, one for each month of service."""
    if ramp is None:
        return ()
    cells, _ = read_cells(ramp, "ramp")
    return tuple(read_share(cell, "ramp", position) for position, cell in enumerate(cells, 1))


def _open_day(value: object, argument: str, position: int | None = None) -> date | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return read_day(value, argument, position)


def _read_stints(cells: Sequence[object], ends: object) -> list[tuple[date | None, date | None]]:
    """First and last days; RuleError for a stint that ends before it begins or meets another."""
    lasts, _ = read_cells(ends, "ends")
    same_count(lasts, "ends", len(cells), "starts")
    stints = [
        (_open_day(first, "starts", position), _open_day(last, "ends", position))
        for position, (first, last) in enumerate(zip(cells, lasts, strict=True), 1)
    ]
    spans = []
    for position, (first, last) in enumerate(stints, 1):
        if first and last and last < first:
            raise RuleError(
                "days_reversed", argument="ends", position=position, value=last, first=first
            )
        spans.append((first or date.min, last or date.max, position))
    spans.sort()
    for (_, before, one), (after, _, other) in pairwise(spans):
        if after <= before:
            raise RuleError("stints_overlap", argument="starts", position=other, other=one)
    return stints
