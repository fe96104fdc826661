"""What a scene pays for a year of which some months are only drawn.

Pay periods that are over keep what the run found. Each open one is paid on its credit so far
and the drawn months: drawn sales times the person's own part of sales that the plan credits (in
its base). A plan that trues up to date is one period, the year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from salesxl.ledger.pay.earn import Curves
from salesxl.ledger.pay.periods import first_day, last_day, month_of, span
from salesxl.ledger.pay.results import PayRun, PlanPay, Statement
from salesxl.ledger.pay.team import reports_of
from salesxl.ledger.pay.terms import Terms, day_number, descendants, meet
from salesxl.ledger.pay.versions import Version
from salesxl.ledger.what_if.range_pay import pay_of_range
from salesxl.ledger.what_if.scene import Scene, times
from salesxl.plan.model import Bonus, Person

Codes = npt.NDArray[np.int64]
Draw = Callable[[str, Scene], list[Codes]]


@dataclass
class _Open:
    """An open pay period of one plan of one person: credit so far by month."""

    key: str
    first: int
    last: int
    done: dict[int, int] = field(default_factory=dict)
    second: Fraction | None = None


class Future:
    """`closed`: earned in what is over, minor units; `total` adds the open periods' draws."""

    def __init__(
        self, scene: Scene, run: PayRun, history: dict[str, list[int]], begin: int, done: int,
        draws: int, replay: bool = False,
    ) -> None:  # fmt: skip
        """`replay`: the months of `history` only show how people sell; none of the year is done."""
        self.scene, self.run, self.history = scene, run, history
        self.known = {} if replay else history
        self.begin, self.end, self.draws = begin, begin - 1 if replay else begin + done - 1, draws
        self.replay = replay
        self.plan, self.quotas = scene.plan, scene.quotas
        self.terms, self.curves = Terms(scene.plan), Curves(run.decimals)
        self.first_month = scene.plan.settings.fiscal_year_first_month
        self.statements = {s.person: s for s in run.statements}
        self.open = range(self.end + 1, begin + 12)
        self.closed = 0 if replay else sum(map(self._closed, run.statements))
        self.parts = self._parts()

    # ---- what is over

    def _is_open(self, pay: PlanPay) -> bool:
        return bool(self.open) and (pay.plan.period == "ytd" or month_of(pay.last_day) > self.end)

    def _closed(self, statement: Statement) -> int:
        earned = sum(pay.earned for pay in statement.plans if not self._is_open(pay))
        earned += sum(item.pay for item in statement.overrides)
        earned += sum(item.pay for item in statement.spiffs)
        for bonus in statement.bonuses:
            if bonus.kind == "new_customer" or month_of(bonus.day) <= self.end:
                earned += bonus.pay
        return earned

    def _parts(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(person, plan) → credit in the plan's base / sales of the same months; ("", plan):
        everybody's."""
        out: dict[tuple[str, str], tuple[int, int]] = {}
        for statement in self.run.statements:
            months = self.history.get(statement.person, [])
            for pay in statement.plans:
                first = month_of(pay.first_day) - self.begin
                sales = sum(months[max(first, 0) : max(month_of(pay.last_day) - self.begin + 1, 0)])
                for person in (statement.person, ""):
                    credit, before = out.get((person, pay.plan.id), (0, 0))
                    out[person, pay.plan.id] = (credit + pay.credited, before + sales)
        return out

    def part(self, person: str, plan: str) -> Fraction:
        for key in ((person, plan), ("", plan)):
            credit, sales = self.parts.get(key, (0, 0))
            if sales > 0:
                return Fraction(credit, sales)
        return Fraction(1)

    # ---- what is to come

    def total(self, drawn: Draw) -> Codes:
        """Earned in the whole year, a figure a draw."""
        total: Codes = np.full(self.draws, self.closed, np.int64)
        if not self.open:
            return total
        below = reports_of(self.plan.people)
        teams = {row.manager: below.get(row.manager, frozenset()) for row in self.plan.overrides}
        self.team: dict[tuple[str, int], Codes] = {}
        self.region: dict[tuple[str, int], Codes] = {}
        for person in self.plan.people:
            sales = dict(zip(self.open, drawn(person.id, self.scene), strict=True))
            for pay in self._commission(person, sales):
                total = total + pay
            for bonus in self.plan.bonuses:
                if bonus.kind == "over_target":
                    total = total + self._over_target(bonus, person, sales)
            for month, amount in sales.items():
                for manager, members in teams.items():
                    if person.id in members:
                        _add(self.team, (manager, month), amount)
                _add(self.region, (person.region, month), amount)
        return total + self._overrides() + self._pools() + self._champions()

    def _commission(self, person: Person, sales: dict[int, Codes]) -> list[Codes]:
        windows = self.terms.windows(person)
        out = []
        for period in self._periods(person, windows):
            pieces: list[tuple[Version, Codes]] = []
            part = self.part(person.id, period.key)
            for month in range(period.first, period.last + 1):
                here = [(day_number(first_day(month)), day_number(last_day(month)))]
                covered = meet(windows.get(period.key, ()), here)
                version = self.terms.at(period.key, covered[-1][1] if covered else here[0][1])
                if version is None:
                    continue
                credit: Codes = np.full(self.draws, period.done.get(month, 0), np.int64)
                if month in sales and covered:
                    credit = credit + times(sales[month], part)
                if pieces and pieces[-1][0] is version:
                    pieces[-1] = (version, pieces[-1][1] + credit)
                else:
                    pieces.append((version, credit))
            if pieces:
                out.append(self._paid(person, period, pieces, windows))
        return out

    def _paid(
        self, person: Person, period: _Open, pieces: Sequence[tuple[Version, Codes]],
        windows: dict[str, list[tuple[int, int]]],
    ) -> Codes:  # fmt: skip
        quota = self.quotas.of(
            person.id, pieces[-1][0].plan, period.first, period.last,
            windows.get(period.key, ()), self.terms.employed(person),
        )  # fmt: skip
        return pay_of_range(pieces, quota, period.second, self.run.decimals, self.curves)

    def _periods(self, person: Person, windows: dict[str, list[tuple[int, int]]]) -> list[_Open]:
        """The open pay periods: those the run knows, with their credit so far."""
        statement = self.statements.get(person.id)
        found: dict[tuple[str, int], _Open] = {}
        seconds: dict[str, Fraction] = {}
        for pay in statement.plans if statement else ():
            if pay.second_value is not None:
                seconds[pay.plan.id] = pay.second_value
            if not self._is_open(pay):
                continue
            to_date = pay.plan.period == "ytd"
            first = self.begin if to_date else month_of(pay.first_day)
            last = month_of(pay.last_day)
            period = found.setdefault((pay.plan.id, first), _Open(pay.plan.id, first, last))
            period.last = max(period.last, last)
            for line in () if self.replay else pay.lines:
                month = month_of(line.day)
                period.done[month] = period.done.get(month, 0) + line.credited
        for period in found.values():
            period.second = seconds.get(period.key)
        return list(found.values())

    def _overrides(self) -> Codes:
        total: Codes = np.zeros(self.draws, np.int64)
        for row in self.plan.overrides:
            base = self._base(row.base)
            for month in self.open:
                begins, ends = row.from_date, row.to_date
                amount = self.team.get((row.manager, month))
                if amount is None or begins > last_day(month):
                    continue
                if ends is not None and ends < first_day(month):
                    continue
                total = total + times(amount, base * Fraction(row.override_rate))
        return total

    def _base(self, base: str) -> Fraction:
        """Margin or collections of a unit of sales, over all lines credited."""
        if base == "amount":
            return Fraction(1)
        found = [
            self.parts["", row.id] for row in self.plan.commission_plans
            if row.base == base and ("", row.id) in self.parts
        ]  # fmt: skip
        credit, sales = sum(c for c, _ in found), sum(s for _, s in found)
        return Fraction(credit, sales) if sales > 0 else Fraction(0)

    def _spans(self, kind: str) -> list[tuple[int, int]]:
        """Spans of the year that are not over."""
        spans = {span(kind, month, self.first_month) for month in self.open}
        return sorted(spans)

    def _fits(self, bonus: Bonus, person: Person, begin: int, end: int) -> bool:
        carries = {role.id for role in self.plan.roles if role.carries_quota == "yes"}
        if person.role != bonus.role if bonus.role else person.role not in carries:
            return False
        left, joined = person.left_date, person.joined_date
        return (left is None or left >= first_day(begin)) and (
            joined is None or joined <= last_day(end)
        )

    def _over_target(self, bonus: Bonus, person: Person, sales: dict[int, Codes]) -> Codes:
        total: Codes = np.zeros(self.draws, np.int64)
        rate = None if bonus.bonus_rate is None else Fraction(bonus.bonus_rate)
        if (rate is not None and not bonus.bonus_base) or (rate is None and not bonus.bonus_amount):
            return total  # the plan leaves it open; the run says so
        for begin, end in self._spans(bonus.period):
            quota = self.quotas.of_months(person.id, begin, end)
            if quota <= 0 or not _in_force(bonus.effective_from, bonus.effective_to, end):
                continue
            if not self._fits(bonus, person, begin, end):
                continue
            known = self.known.get(person.id, [])
            amount: Codes = np.full(self.draws, sum(known[max(begin - self.begin, 0) :]), np.int64)
            for month in range(begin, end + 1):
                if month in sales:
                    amount = amount + sales[month]
            won = amount >= quota
            if rate is None:
                pay = np.full(self.draws, bonus.bonus_amount, np.int64)
            else:
                base = amount - quota if bonus.bonus_base == "excess" else amount
                pay = times(base, rate) + (bonus.bonus_amount or 0)
            total = total + np.where(won, pay, 0)
        return total

    def _champions(self) -> Codes:
        """One prize a span: shared or given to the first, its sum is the same."""
        total = 0
        for bonus in self.plan.bonuses:
            if bonus.kind == "champion" and bonus.bonus_amount and bonus.ties:
                for _, end in self._spans(bonus.period):
                    if _in_force(bonus.effective_from, bonus.effective_to, end):
                        total += bonus.bonus_amount
        return np.full(self.draws, total, np.int64)

    def _pools(self) -> Codes:
        total: Codes = np.zeros(self.draws, np.int64)
        inside = descendants(self.plan)
        for pool in self.plan.team_pools:
            regions = inside.get(pool.region, frozenset({pool.region}))
            for begin, end in self._spans(pool.period):
                if not _in_force(pool.from_date, pool.to_date, end):
                    continue
                known = sum(
                    sum(self.known.get(p.id, [])[max(begin - self.begin, 0) :])
                    for p in self.plan.people if p.region in regions
                )  # fmt: skip
                amount: Codes = np.full(self.draws, known, np.int64)
                for (region, month), sales in self.region.items():
                    if region in regions and begin <= month <= end:
                        amount = amount + sales
                total = total + times(np.maximum(amount, 0), Fraction(pool.pool_rate))
        return total


def _add(table: dict[tuple[str, int], Codes], key: tuple[str, int], amount: Codes) -> None:
    table[key] = table[key] + amount if key in table else amount


def _in_force(first: date | None, last: date | None, end: int) -> bool:
    day = last_day(end)
    return (first is None or first <= day) and (last is None or last >= day)
