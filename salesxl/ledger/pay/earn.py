"""What each group of credit earns: lines on arrays, limits and rounding once a pay period.

The pay of a period is what its rate table pays on all of its credit, within the period's cap
and guarantee, rounded half-up once. Where a version begins inside a period, each line is paid
by the version of its day: bands by the running credit, one rate on all by the period's total.
A year to date pays the difference of two such figures, so the months add up to the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from salesxl.core.number import half_up
from salesxl.ledger.pay.arrays import Curve, marginal_curve, no_curve, payout_curve
from salesxl.ledger.pay.crediting import MONEY, Credits
from salesxl.ledger.pay.groups import Group, Grouped
from salesxl.ledger.pay.quotas import Quotas
from salesxl.ledger.pay.results import Change
from salesxl.ledger.pay.rules import limited, rate_on, scale_of, starts_of, target_pay
from salesxl.ledger.pay.segments import Piece, Segments, Table
from salesxl.ledger.pay.terms import Terms, Window
from salesxl.ledger.pay.versions import Version

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Earned:
    """A group's result; money in minor units. `before_*`: the year to date before its month."""

    group: Group
    quota: int
    second: Fraction | None
    credited: int
    before_credited: int
    before_earned: int
    lines_pay: int
    changes: tuple[Change, ...]
    earned: int
    capped: int  # what the cap a line took off its lines' pay, ≤ 0
    pieces: tuple[Piece, ...]  # year to date: of all months so far


@dataclass(frozen=True)
class Earnings:
    """All groups, and for each row of `Grouped.rows` its running credit and its pay."""

    groups: tuple[Earned, ...]
    running: Codes
    pay: Codes


class Curves:
    """The curve of a version at a quota, made once."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals
        self.known: dict[tuple[int, int], Curve] = {}

    def of(self, version: Version, quota: int) -> Curve:
        key = (id(version), quota if version.by_attainment else 0)
        if key not in self.known:
            self.known[key] = self._make(version, quota)
        return self.known[key]

    def _make(self, version: Version, quota: int) -> Curve:
        if not version.thresholds or (version.by_attainment and quota <= 0):
            return no_curve()
        if version.plan.kind == "marginal":
            return marginal_curve(scale_of(version, quota, self.decimals))
        pay = target_pay(version)
        return payout_curve(
            starts_of(version, quota, self.decimals),
            [Fraction(rate) * pay for rate in version.rates],
        )


def is_curve(version: Version) -> bool:
    return version.plan.kind in ("marginal", "interpolated")


def exact_pay(
    pieces: Sequence[Piece], quota: int, second: Fraction | None, decimals: int, curves: Curves
) -> Fraction:
    """Unrounded pay on all of a period's credit, each piece by its own version."""
    total = sum(credited for _, credited in pieces)
    running, pay = 0, Fraction(0)
    for index, (version, credited) in enumerate(pieces):
        if is_curve(version):
            curve = curves.of(version, quota)
            numerator = curve.at(running + credited) - (curve.at(running) if index else 0)
            pay += Fraction(numerator, curve.denominator)
        else:
            pay += rate_on(version, total, quota, second, decimals) * credited
        running += credited
    return pay


@dataclass(frozen=True)
class _ToDate:
    """A year to date after a month."""

    whole: Fraction = Fraction(0)
    raw: int = 0  # rounded, without the period's limits
    held: int = 0  # within them: what was paid
    cut: Fraction = Fraction(0)  # by the cap a line


def earn(
    rows: Credits,
    grouped: Grouped,
    terms: Terms,
    quotas: Quotas,
    people: Sequence[str],
    employed: Sequence[Window],
    decimals: int,
) -> Earnings:
    """Pay every group; `people` and `employed` are by payee."""
    curves = Curves(decimals)
    segments = Segments(grouped, terms.versions)
    pieces = segments.pieces(grouped)
    quota = [
        _quota(group, pieces[n], quotas, people[group.payee], employed[group.payee])
        for n, group in enumerate(grouped.groups)
    ]
    second = _seconds(rows, grouped, pieces, quota)

    def table(n: int, version: Version) -> Table:
        if is_curve(version):
            return curves.of(version, quota[n])
        total = sum(credited for _, credited in pieces[n])
        return rate_on(version, total, quota[n], second[n], decimals)

    count = len(grouped.groups)
    numerators, units = segments.pay(count, table)
    cuts = segments.cap(numerators, units)
    sums = segments.totals(numerators, count)
    results, totals = [], []
    years: dict[tuple[int, str, int], _ToDate] = {}
    for n, group in enumerate(grouped.groups):
        year = (group.payee, group.plan, group.fiscal)
        before = years.get(year, _ToDate()) if group.kind == "ytd" else _ToDate()
        of_lines, cut = Fraction(sums[n], units[n]), before.cut + Fraction(cuts[n], units[n])
        whole = exact_pay(pieces[n], quota[n], second[n], decimals, curves) + cut
        raw, held = half_up(whole.numerator, whole.denominator), limited(group.version, whole)
        lines_pay = half_up(of_lines.numerator, of_lines.denominator)
        if whole - before.whole == of_lines:
            lines_pay = raw - before.raw  # the rounding of two figures is no true-up
        totals.append(lines_pay)
        results.append(
            Earned(
                group=group,
                quota=quota[n],
                second=second[n],
                credited=segments.own[n],
                before_credited=segments.before[n],
                before_earned=before.held,
                lines_pay=lines_pay,
                changes=_changes(group, raw - before.raw - lines_pay, held - raw, before),
                earned=held - before.held,
                capped=half_up(cuts[n], units[n]),
                pieces=pieces[n],
            )
        )
        if group.kind == "ytd":
            years[year] = _ToDate(whole, raw, held, cut)
    return Earnings(tuple(results), segments.running, segments.shown(numerators, units, totals))


def _changes(group: Group, gap: int, limit: int, before: _ToDate) -> tuple[Change, ...]:
    """`gap`: what lines do not explain; `limit`: what cap or guarantee change to date."""
    changes = []
    if gap:
        changes.append(Change("true_up" if group.kind == "ytd" else "at_zero", gap))
    more = limit - (before.held - before.raw)
    if more:
        floor = limit > 0 or (limit == 0 and before.held > before.raw)
        changes.append(Change("floor" if floor else "cap", more))
    return tuple(changes)


def _quota(
    group: Group, pieces: Sequence[Piece], quotas: Quotas, person: str, employed: Window
) -> int:
    if not any(version.needs_quota for version, _ in (*pieces, (group.version, 0))):
        return 0
    first = group.fiscal if group.kind == "ytd" else group.first
    return quotas.of(person, group.version.plan, first, group.last, group.covered, employed)


def _seconds(
    rows: Credits, grouped: Grouped, pieces: Sequence[Sequence[Piece]], quota: Sequence[int]
) -> list[Fraction | None]:
    """The second measure of each group whose version is a matrix."""
    out: list[Fraction | None] = [None] * len(grouped.groups)
    year, so_far = None, dict.fromkeys(MONEY, 0)
    for n, group in enumerate(grouped.groups):
        measure = group.version.plan.second_measure
        if not any(version.plan.kind == "matrix" for version, _ in pieces[n]):
            continue
        here = (group.payee, group.plan, group.fiscal) if group.kind == "ytd" else None
        if here is None or here != year:
            so_far = dict.fromkeys(MONEY, 0)
        year = here
        mine = grouped.rows[group.begin : group.end]
        for name in MONEY:
            so_far[name] += int(rows.money[name][mine].sum())
        if measure == "attainment":
            credited = sum(c for _, c in pieces[n])
            out[n] = Fraction(credited, quota[n]) if quota[n] > 0 else None
        elif measure and so_far["amount"] > 0:
            part = "margin" if measure == "margin_rate" else "collected"
            out[n] = Fraction(so_far[part], so_far["amount"])
    return out
