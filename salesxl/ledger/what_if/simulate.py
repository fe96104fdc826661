"""The year's cost as a range: what is done is done, the months to come are drawn.

Each person's open months are drawn, with replacement, from the person's own past months of the
plan's year: sales of a month / its quota, times the quota of the month to come. Pay follows by
the rules, period by period. Both scenes are paid on the same draws, so their difference is the
change's own. Drawing is the only thing by chance; a seed makes it repeatable.

Commission, overrides, champion, over-target and team-pool bonuses are worked out for the months
to come; SPIFFs, new-customer bonuses and the cap a line count as far as they are earned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from salesxl.core.number import half_up
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.crediting import credit_lines
from salesxl.ledger.pay.groups import month_numbers
from salesxl.ledger.pay.periods import first_day, last_day, month_of
from salesxl.ledger.pay.results import PayRun, Period
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.pay.team import is_credit
from salesxl.ledger.what_if.future import Future
from salesxl.ledger.what_if.pair import Pair
from salesxl.ledger.what_if.scene import Scene, times
from salesxl.plan.model import Plan

Codes = npt.NDArray[np.int64]
FEWEST = 3  # own months below which a person draws from everybody's
LEVELS = (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))


@dataclass(frozen=True)
class YearCost:
    """Earned in the plan's year, minor units. `now`, `after`, `difference`: 10, 50, 90 % of
    the draws lie at or below it. `paid`: earned so far in periods that are over."""

    seed: int
    draws: int
    months_done: int
    months_open: int
    borrowed: int  # people with too few months of their own
    paid: Pair
    now: tuple[int, ...]
    after: tuple[int, ...]
    difference: tuple[int, ...]


def simulate(
    scenes: Sequence[Scene],
    ledgers: Sequence[Ledger],
    runs: Sequence[PayRun],
    seed: int,
    draws: int,
    replay: bool = False,
) -> YearCost | None:
    """The range of the plan's year; None where no month of it is done or nobody has a quota.

    `runs` are used again where they are those of the whole year. `replay`: the sales are another
    year's, moved into the plan's; they show how people sell, and all twelve months are drawn.
    """
    plan = scenes[0].plan
    begin = plan.settings.year * 12 + plan.settings.fiscal_year_first_month - 1
    done = _done(plan, ledgers[0], begin)
    if not done:
        return None
    year = Period(str(plan.settings.year), "year", first_day(begin), last_day(begin + 11))
    cut = [_until(ledger, begin + done - 1) for ledger in ledgers]
    sales = _Sales(scenes, cut[0], begin, done, 0 if replay else done, seed, draws)
    if not sales.ratios:
        return None
    totals, paid = [], []
    for scene, ledger, whole, known in zip(scenes, cut, ledgers, runs, strict=True):
        run = known
        if ledger is not whole or known.period != year:
            run = pay_run(scene.plan, ledger, year, scene.quotas)
        future = Future(scene, run, sales.history(scene, ledger), begin, done, draws, replay)
        totals.append(future.total(sales.of))
        paid.append(future.closed)
    now, after = totals
    return YearCost(
        seed, draws, sales.open, 12 - sales.open, len(sales.borrowed), Pair(*paid),
        _levels(now), _levels(after), _levels(after - now),
    )  # fmt: skip


class _Sales:
    """Monthly sales of everybody, past and drawn. Keys are person ids."""

    def __init__(
        self, scenes: Sequence[Scene], ledger: Ledger, begin: int, done: int, first_open: int,
        seed: int, draws: int,
    ) -> None:  # fmt: skip
        self.begin, self.done, self.seed, self.draws = begin, done, seed, draws
        self.open = first_open  # index of the first month that is drawn
        self.quota: dict[str, tuple[int, ...]] = {}
        for scene in scenes:  # what all sell is measured by the quotas as they are now
            quotas = scene.quotas
            for person in scene.plan.people:
                self.quota.setdefault(person.id, quotas.months(person.id))
        self.place = {person: n for n, person in enumerate(self.quota)}
        past = self.history(scenes[0], ledger)
        self.ratios: dict[str, list[tuple[int, int]]] = {}
        for key, months in past.items():
            pairs = [
                (amount, quota)
                for amount, quota in zip(months, self.quota.get(key, ()), strict=False)
                if quota > 0
            ]
            if pairs:
                self.ratios[key] = pairs
        self.all = [pair for pairs in self.ratios.values() for pair in pairs]
        self.borrowed: set[str] = set()

    def history(self, scene: Scene, ledger: Ledger) -> dict[str, list[int]]:
        """Sales credited in each month done, by person."""
        rows, _ = credit_lines(ledger, scene.plan)
        use = np.flatnonzero(is_credit(rows))
        month = month_numbers(rows.day[use]) - self.begin
        inside = (month >= 0) & (month < self.done)
        table = np.zeros((len(scene.plan.people), self.done), np.int64)
        place = (rows.payee[use][inside], month[inside])
        np.add.at(table, place, rows.money["amount"][use][inside])
        return {p.id: table[n].tolist() for n, p in enumerate(scene.plan.people)}

    def of(self, person: str, scene: Scene) -> list[Codes]:
        """The drawn sales of each open month."""
        quota = self.quota.get(person, (0,) * 12)[self.open :]
        ratios = self.ratios.get(person, [])
        if len(ratios) < FEWEST:
            if any(quota):
                self.borrowed.add(person)
            ratios = self.all
        generator = np.random.default_rng([self.seed, self.place[person]])
        picks = generator.integers(0, len(ratios), (len(quota), self.draws))
        out = []
        for n, target in enumerate(quota):
            # Exact: each of the few possible figures is worked out once, then drawn.
            figures = np.array([half_up(target * top, below) for top, below in ratios], np.int64)
            out.append(times(figures[picks[n]], scene.sales.of(person)))
        return out


def _done(plan: Plan, ledger: Ledger, begin: int) -> int:
    """How many months of the plan's year are over; the last only if its sales reach its end."""
    last = ledger.last_date
    if last is None:
        return 0
    as_of = plan.settings.as_of_date
    if as_of is not None and as_of > last and month_of(as_of) == month_of(last):
        last = as_of
    month = month_of(last)
    # The last days of a month may be without a sale: a weekend, a holiday.
    if last < last_day(month) - timedelta(days=3):
        month -= 1
    first = ledger.first_date
    if first is not None and month_of(first) > month:
        return 0
    return min(max(month - begin + 1, 0), 12)


def _until(ledger: Ledger, month: int) -> Ledger:
    end = np.datetime64(last_day(month), "D")
    late = ledger.frame["date"].to_numpy("datetime64[D]") > end
    return replace(ledger, frame=ledger.frame.loc[~late]) if late.any() else ledger


def _levels(costs: Codes) -> tuple[int, ...]:
    """The smallest cost with at least that share of the draws at or below it."""
    ordered = np.sort(costs)
    places = (-(-level.numerator * len(ordered) // level.denominator) - 1 for level in LEVELS)
    return tuple(int(ordered[place]) for place in places)
