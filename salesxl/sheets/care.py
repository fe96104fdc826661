"""What the ledger says about each customer of a scope, by the declared rules, and its visits.

>>> care(scope).facts["K1001"].level
'watch'

Grades and scores are among the customers of one region, so that the head office and the
region say the same of a customer. All orders of the ledger up to `as_of` count, the first
one too; orders of one day are one order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Final

import pandas as pd

from salesxl.core.grades import classes
from salesxl.core.rfm import quantile_scores
from salesxl.core.rhythm import ALARM, LEAST_DAYS, LEAST_ORDERS, WATCH, Rhythm, level, rhythm
from salesxl.core.visits import Schedule, schedule, working_days
from salesxl.plan.model import Customer
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.ledger_lines import lines
from salesxl.sheets.scope import Scope

# A and B end at these shares; C is whoever else bought, D whoever did not.
CUT_A, CUT_B = Decimal("0.8"), Decimal("0.95")
GRADES: Final = "ABCD"
LEVELS: Final = 5  # of a score
HALF_YEAR: Final = 182  # days compared for the trend


@dataclass(frozen=True)
class Fact:
    """One customer; amounts in minor units."""

    amount: int  # of the focus year
    share: Fraction | None  # cumulative share of the customers up to this one
    grade: str
    spent: int  # of all orders
    scores: tuple[int, int, int] | None  # recency, frequency, monetary, 1 … 5
    rhythm: Rhythm | None
    level: str  # of `core.rhythm`; "" without an order
    recent: int  # of the last half year …
    earlier: int  # … and of the one before


@dataclass(frozen=True)
class Round:
    """The visits of one representative: customers in order of the list, and their days."""

    person: str  # id
    customers: tuple[Customer, ...]
    plan: Schedule


class Care:
    """Facts by customer id; sums by customer; the rounds of the plan year, made when asked for."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.actuals = Actuals(scope, "customer_key")
        self.facts = _facts(scope, self.actuals)
        self._rules = {rule.grade: rule.visits_per_year for rule in scope.plan.visit_rules}

    def visits(self, customer: Customer) -> int:
        """Visits a year: the customer's own figure, else the rule of its grade."""
        if customer.visits_per_year is not None:
            return customer.visits_per_year
        return self._rules.get(customer.grade or self.facts[customer.id].grade, 0)

    @cached_property
    def days(self) -> list[date]:
        """The working days of the plan's fiscal year."""
        months = self.scope.year_months(self.scope.plan.settings.year)
        by_kind: dict[str, list[date]] = {"holiday": [], "workday": []}
        for row in self.scope.plan.calendar_days:
            by_kind[row.kind].append(row.day)
        last = months[12] - timedelta(days=1)
        return working_days(months[0], last, by_kind["holiday"], by_kind["workday"])

    @cached_property
    def rounds(self) -> list[Round]:
        """Each representative's round, in the order of the people; A customers go first."""
        plan = self.scope.plan
        own: dict[str, list[Customer]] = {}
        for customer in plan.customers:
            if self.visits(customer) and customer.owner:
                own.setdefault(customer.owner, []).append(customer)
        count, most = len(self.days), plan.settings.visits_per_day
        found = []
        for person in plan.people:
            customers = sorted(own.get(person.id, ()), key=self._place)
            if customers:
                wanted = [self.visits(customer) for customer in customers]
                found.append(Round(person.id, tuple(customers), schedule(wanted, count, most)))
        return found

    def _place(self, customer: Customer) -> tuple[str, int, str]:
        fact = self.facts[customer.id]
        return customer.grade or fact.grade, -fact.amount, customer.id


_last: tuple[Scope, Care] | None = None


def care(scope: Scope) -> Care:
    """The facts of `scope`; several sheets of one workbook ask one after the other."""
    global _last
    if _last is None or _last[0] is not scope:
        _last = (scope, Care(scope))
    return _last[1]


def _facts(scope: Scope, actuals: Actuals) -> dict[str, Fact]:
    days, spent, recent, earlier = _orders(scope)
    by_region: dict[str, list[str]] = {}
    for customer in scope.plan.customers:
        by_region.setdefault(customer.region, []).append(customer.id)
    facts: dict[str, Fact] = {}
    for ids in by_region.values():
        amounts = [actuals.amount(name, scope.focus_year) for name in ids]
        exact = [Fraction(amount) for amount in amounts]
        places = classes(exact, [Fraction(CUT_A), Fraction(CUT_B), Fraction(1)], "reaches")
        upto = _cumulative(amounts)
        rhythms = {
            name: rhythm(days.get(name, ()), scope.as_of, "median", LEAST_ORDERS) for name in ids
        }
        scores = _scores({name: own for name, own in rhythms.items() if own is not None}, spent)
        for name, amount, place in zip(ids, amounts, places, strict=True):
            own = rhythms[name]
            facts[name] = Fact(
                amount, upto.get(amount), GRADES[place or 0], spent.get(name, 0),
                scores.get(name), own,
                "" if own is None else level(own, Fraction(WATCH), Fraction(ALARM), LEAST_DAYS),
                recent.get(name, 0), earlier.get(name, 0),
            )  # fmt: skip
    return facts


def _scores(ordered: dict[str, Rhythm], spent: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """Recency, frequency and monetary of everyone who ordered."""
    figures = (
        ([own.since for own in ordered.values()], False),
        ([own.orders for own in ordered.values()], True),
        ([spent.get(name, 0) for name in ordered], True),
    )
    columns = [
        [
            score or 0
            for score in quantile_scores(list(map(Fraction, values)), LEVELS, "lower", high)
        ]
        for values, high in figures
    ]
    return dict(zip(ordered, zip(*columns, strict=True), strict=True))


def _cumulative(amounts: list[int]) -> dict[int, Fraction]:
    """Amount above 0 → share of all that are at least as large."""
    sold = sorted((amount for amount in amounts if amount > 0), reverse=True)
    total, running = sum(sold), 0
    shares: dict[int, Fraction] = {}
    for amount in sold:
        running += amount
        shares[amount] = Fraction(running, total)
    return shares


def _orders(
    scope: Scope,
) -> tuple[dict[str, list[date]], dict[str, int], dict[str, int], dict[str, int]]:
    """By customer key: order days, and what was bought in all and in two half years."""
    if scope.ledger is None or scope.ledger.frame.empty:
        return {}, {}, {}, {}
    frame = lines(scope)[["customer_key", "date", "amount"]]
    frame = frame[frame["date"] <= pd.Timestamp(scope.as_of)]
    sold = frame[frame["amount"] > 0].drop_duplicates(["customer_key", "date"])
    days: dict[str, list[date]] = {}
    for name, day in zip(sold["customer_key"], sold["date"].dt.date, strict=True):
        days.setdefault(str(name), []).append(day)
    half, year = (pd.Timestamp(scope.as_of - timedelta(days=HALF_YEAR * n)) for n in (1, 2))
    recent = frame[frame["date"] > half]
    earlier = frame[(frame["date"] > year) & (frame["date"] <= half)]
    return days, _sums(frame), _sums(recent), _sums(earlier)


def _sums(frame: pd.DataFrame) -> dict[str, int]:
    sums = frame.groupby("customer_key", sort=False, observed=True)["amount"].sum()
    return {str(name): int(amount) for name, amount in sums.items()}
