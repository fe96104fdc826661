"""Bonuses at the end of their period: champion, new customers, over target, team pools.

All look at sales credited in the ledger's amount, one's own and split, without overlays. Who
is to get a bonus is decided by what the plan names; what it leaves open is not guessed, the
bonus is not paid and the run says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from salesxl.core.campaign import is_new
from salesxl.core.champion import prizes_of
from salesxl.core.credit_split import team_pool
from salesxl.core.day import add_months
from salesxl.core.number import half_up
from salesxl.core.over_target import over_target
from salesxl.errors import Problem
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.crediting import Credits, LineData
from salesxl.ledger.pay.groups import month_numbers
from salesxl.ledger.pay.periods import first_day, last_day, span
from salesxl.ledger.pay.quotas import Quotas
from salesxl.ledger.pay.results import BonusPay, Explanation
from salesxl.ledger.pay.shares import split_lines
from salesxl.ledger.pay.team import is_credit
from salesxl.ledger.pay.terms import day_number, day_of, descendants
from salesxl.plan.model import Bonus, Person, Plan, TeamPool

Codes = npt.NDArray[np.int64]
IDLE_MONTHS = 12  # as the rule NEW_CUSTOMER_BONUS has it, where the plan names none
Found = dict[tuple[str, int], list[BonusPay]]


@dataclass
class Bonuses:
    """Works through the spans that end in months `first` … `last`."""

    plan: Plan
    rows: Credits
    data: LineData
    ledger: Ledger
    quotas: Quotas
    first: int
    last: int
    found: Found = field(default_factory=dict)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    by_line: Codes | None = None  # rows of credit, by line
    lines: Codes = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        self.decimals = self.plan.settings.decimals
        self.credit = np.flatnonzero(is_credit(self.rows))
        self.month = month_numbers(self.rows.day[self.credit])
        self.carries = {role.id for role in self.plan.roles if role.carries_quota == "yes"}

    def run(self) -> Found:
        """(person, month in which it counts) → bonuses."""
        kinds: dict[str, Callable[[Bonus, int, int], None]] = {
            "champion": self.champion,
            "new_customer": self.new_customer,
            "over_target": self.over_target,
        }
        for bonus in self.plan.bonuses:
            if bonus.kind in kinds:
                for begin, end in self.spans(bonus.period):
                    if _in_force(bonus.effective_from, bonus.effective_to, end):
                        kinds[bonus.kind](bonus, begin, end)
        for pool in self.plan.team_pools:
            for begin, end in self.spans(pool.period):
                if _in_force(pool.from_date, pool.to_date, end):
                    self.pool(pool, begin, end)
        return self.found

    def spans(self, kind: str) -> list[tuple[int, int]]:
        first_month = self.plan.settings.fiscal_year_first_month
        spans = {span(kind, month, first_month) for month in range(self.first, self.last + 1)}
        return [(a, b) for a, b in sorted(spans) if self.first <= b <= self.last]

    def pay(
        self, person: str, bonus_id: str, name: str, kind: str, end: int, pay: int,
        why: Explanation,
    ) -> None:  # fmt: skip
        won = BonusPay(bonus_id, name, kind, last_day(end), pay, why)  # type: ignore[arg-type]
        self.found.setdefault((person, end), []).append(won)

    def leave(self, code: str, where: str, **values: object) -> None:
        self.problems[code, where] = Problem(f"pay.{code}", where, values, "warning")

    def credited(self, begin: int, end: int) -> list[int]:
        """Sales credited to each person in the span."""
        here = (self.month >= begin) & (self.month <= end)
        sums = np.zeros(len(self.plan.people), np.int64)
        rows = self.credit[here]
        np.add.at(sums, self.rows.payee[rows], self.rows.money["amount"][rows])
        found: list[int] = sums.tolist()
        return found

    def fits(self, bonus: Bonus, person: Person, begin: int, end: int) -> bool:
        if bonus.role and person.role != bonus.role:
            return False
        if not bonus.role and person.role not in self.carries:
            return False
        left, joined = person.left_date, person.joined_date
        return (left is None or left >= first_day(begin)) and (
            joined is None or joined <= last_day(end)
        )

    # ---- the kinds

    def champion(self, bonus: Bonus, begin: int, end: int) -> None:
        if bonus.bonus_amount is None or not bonus.ties:
            return self.leave("bonus_open", f"bonuses {bonus.id}", name=bonus.name)
        credited = self.credited(begin, end)
        scores = [
            Fraction(amount) if amount > 0 and self.fits(bonus, person, begin, end) else None
            for person, amount in zip(self.plan.people, credited, strict=True)
        ]
        prizes = prizes_of(scores, [Fraction(bonus.bonus_amount)], bonus.ties, 0)
        tied = sum(1 for prize in prizes if prize)
        for person, amount, prize in zip(self.plan.people, credited, prizes, strict=True):
            if prize:
                why = Explanation("champion", {"amount": amount, "tied": tied})
                self.pay(person.id, bonus.id, bonus.name, "champion", end, int(prize), why)
        return None

    def over_target(self, bonus: Bonus, begin: int, end: int) -> None:
        rate = None if bonus.bonus_rate is None else Fraction(bonus.bonus_rate)
        if (rate is not None and not bonus.bonus_base) or (rate is None and not bonus.bonus_amount):
            return self.leave("bonus_open", f"bonuses {bonus.id}", name=bonus.name)
        for person, amount in zip(self.plan.people, self.credited(begin, end), strict=True):
            quota = self.quotas.of_months(person.id, begin, end)
            if quota <= 0 or amount < quota or not self.fits(bonus, person, begin, end):
                continue
            pay = Fraction(bonus.bonus_amount or 0)
            if rate is not None:
                pay += over_target(Fraction(amount), Fraction(quota), rate, bonus.bonus_base)
            rounded = half_up(pay.numerator, pay.denominator)
            if rounded:
                values = {"amount": amount, "quota": quota, "rate": bonus.bonus_rate}
                why = Explanation(f"over_target_{bonus.bonus_base or 'fixed'}", values)
                self.pay(person.id, bonus.id, bonus.name, "over_target", end, rounded, why)
        return None

    def new_customer(self, bonus: Bonus, begin: int, end: int) -> None:
        if not bonus.bonus_amount and bonus.bonus_rate is None:
            return self.leave("bonus_open", f"bonuses {bonus.id}", name=bonus.name)
        months = bonus.idle_months or IDLE_MONTHS
        wins: dict[str, list[tuple[str, int]]] = {}
        for customer, line, amount in self._first_sales(begin, end, months, bonus):
            rows = self._rows_of(line)
            shares = [self.rows.shares[int(self.rows.share[n])] for n in rows]
            payees = [self.plan.people[int(self.rows.payee[n])] for n in rows]
            parts = split_lines(np.array([amount]), shares)[0].tolist() if len(rows) else []
            for person, part in zip(payees, parts, strict=True):
                if self.fits(bonus, person, begin, end):
                    wins.setdefault(person.id, []).append((customer, part))
        for person_id, won in wins.items():
            names = " · ".join(dict.fromkeys(name for name, _ in won))
            total = sum(part for _, part in won)
            values = {"customers": names, "count": len(won), "months": months}
            why = Explanation("new_customer", values)
            self.pay(person_id, bonus.id, bonus.name, "new_customer", end, total, why)
        return None

    def _rows_of(self, line: int) -> Codes:
        """The rows of credit of one ledger line, in the order of its shares."""
        if self.by_line is None:
            order = np.argsort(self.rows.line[self.credit], kind="stable")
            self.by_line = self.credit[order]
            self.lines = self.rows.line[self.by_line]
        first, last = np.searchsorted(self.lines, [line, line + 1])
        found: Codes = self.by_line[first:last]
        return found

    def _first_sales(
        self, begin: int, end: int, months: int, bonus: Bonus
    ) -> list[tuple[str, int, int]]:
        """Customer, first line and bonus for each new customer of the span."""
        names = self.ledger.frame["customer"]
        code = np.where(
            self.data.customer >= 0,
            self.data.customer,
            len(self.data.customers) + names.cat.codes.to_numpy(np.int64),
        )
        blank = np.array([not str(c).strip() for c in names.cat.categories] + [True], np.bool_)
        known = (self.data.customer >= 0) | ~blank[names.cat.codes.to_numpy(np.int64)]
        lines = np.flatnonzero(known & (self.data.money["amount"] > 0))
        lines = lines[np.lexsort((lines, self.data.day[lines], code[lines]))]
        day, who = self.data.day[lines], code[lines]
        firsts = np.flatnonzero(
            np.concatenate(([True], (np.diff(who) != 0) | (np.diff(day) != 0)))
        ) if len(lines) else lines  # fmt: skip
        starts = day_of(int(self.data.day.min())) if len(self.data.day) else date.max
        low, high = day_number(first_day(begin)), day_number(last_day(end))
        out = []
        for n in firsts.tolist():
            if not low <= day[n] <= high:
                continue
            last = day_of(int(day[n - 1])) if n and who[n - 1] == who[n] else None
            here = day_of(int(day[n]))
            if last is None and add_months(starts, months) > here:
                self.leave(
                    "history_short", f"bonuses {bonus.id}", name=bonus.name, months=months,
                    first=starts.isoformat(),
                )  # fmt: skip
                continue
            if not is_new(last, here, months):
                continue
            pay = Fraction(bonus.bonus_amount or 0)
            if bonus.bonus_rate is not None:
                same = (who == who[n]) & (day == day[n])
                sales = int(self.data.money["amount"][lines[same]].sum())
                pay += Fraction(bonus.bonus_rate) * sales
            line = int(lines[n])
            out.append((str(names.iloc[line]), line, half_up(pay.numerator, pay.denominator)))
        return out

    def pool(self, pool: TeamPool, begin: int, end: int) -> None:
        """The leader's part goes to the region's own manager; the rest by quota, without them."""
        wanted = descendants(self.plan).get(pool.region, frozenset({pool.region}))
        region = self.ledger.frame["region_key"]
        inside = np.array([str(c) in wanted for c in region.cat.categories] + [False], np.bool_)
        here = (self.month >= begin) & (self.month <= end)
        rows = self.credit[here]
        rows = rows[inside[region.cat.codes.to_numpy(np.int64)[self.rows.line[rows]]]]
        credit = int(self.rows.money["amount"][rows].sum())
        rate = Fraction(pool.pool_rate)
        amount = half_up(max(credit, 0) * rate.numerator, rate.denominator)
        if not amount:
            return None
        kinds = {role.id: role.kind for role in self.plan.roles}
        name = next((r.name for r in self.plan.regions if r.id == pool.region), pool.region)
        there = [
            person for person in self.plan.people
            if (person.left_date is None or person.left_date >= first_day(begin))
            and (person.joined_date is None or person.joined_date <= last_day(end))
        ]  # fmt: skip
        leader = next(
            (p for p in there if p.region == pool.region and kinds.get(p.role) == "manager"), None
        )
        quota = {
            person.id: self.quotas.of_months(person.id, begin, end, "", pool.region)
            for person in there
            if person is not leader
        }
        members = [person for person in there if quota.get(person.id)]
        share = Fraction(pool.leader_share) if leader is not None else Fraction(0)
        if not members:
            share = Fraction(1) if leader is not None else Fraction(0)
            if leader is None:
                return self.leave("pool_without_team", f"team_pools {pool.region}")
        people = ([leader] if leader is not None else []) + members
        weights = [
            [1 if person is leader else 0, 0 if person is leader else quota[person.id]]
            for person in people
        ]
        if share == 1:
            parts = team_pool(amount, [row[0] for row in weights], 1, 0)
        elif share == 0:
            parts = team_pool(amount, [row[1] for row in weights], 1, 0)
        else:
            parts = team_pool(amount, weights, [share, 1 - share], 0)
        for person, row in zip(people, parts, strict=True):
            if row[-1]:
                values = {"region": name, "credit": credit, "pool": amount}
                kind = "pool_leader" if person is leader else "pool_member"
                why = Explanation(kind, {**values, "rate": pool.pool_rate})
                self.pay(person.id, pool.region, name, "team_pool", end, int(row[-1]), why)
        return None


def _in_force(first: date | None, last: date | None, end: int) -> bool:
    day = last_day(end)
    return (first is None or first <= day) and (last is None or last >= day)
