"""Now and after, side by side: by item, by person, at target, along the curve, for the year.

    found = what_if(plan, ledger, ["rates REP * 1.1"], period="2026")
    found.earned            # Pair(now=19176121900, after=…) in minor units
    found.items, found.people, found.at_target, found.curves, found.year

The plan given is never changed. All pay is before tax.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from salesxl.errors import Problem, fail
from salesxl.ledger.frame import Ledger
from salesxl.ledger.match import match
from salesxl.ledger.pay.periods import fiscal_start, month_of, parse_period
from salesxl.ledger.pay.results import PayRun, Period, Statement
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.what_if.at_target import AtTarget, at_target
from salesxl.ledger.what_if.changes import apply
from salesxl.ledger.what_if.curve import PlanCurve, curves
from salesxl.ledger.what_if.pair import DRAWS, SEED, Pair
from salesxl.ledger.what_if.scene import Scene, moved
from salesxl.ledger.what_if.simulate import YearCost, simulate
from salesxl.plan.model import Plan

# What is paid beside the commission plans, in the order it is told.
EXTRAS = ("overrides", "spiffs", "bonuses")
MOVES = ("clawbacks", "adjustments", "held", "released", "draws")


@dataclass(frozen=True)
class Item:
    """One source of pay: a commission plan (`name` its own) or one of EXTRAS and MOVES."""

    key: str
    name: str
    cost: Pair


@dataclass(frozen=True)
class PersonCost:
    person: str
    name: str
    role: str
    region: str
    earned: Pair
    payable: Pair


@dataclass(frozen=True)
class WhatIf:
    """The whole comparison. Money in minor units, before tax.

    Σ items' cost = Σ people's earned = `earned`; with the moves = `payable`.
    """

    period: Period
    changes: tuple[str, ...]
    plan2: str  # file of the other plan, "" = none
    items: tuple[Item, ...]
    moves: tuple[Item, ...]
    people: tuple[PersonCost, ...]
    earned: Pair
    payable: Pair
    credited: Pair  # sales that are somebody's, in the ledger's amount
    at_target: tuple[AtTarget, ...]
    curves: tuple[PlanCurve, ...]
    year: YearCost | None
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    decimals: int
    currency: str
    company: str
    plan_version: str
    fingerprint: str


def what_if(
    plan: Plan,
    lines: Ledger,
    changes: Sequence[str],
    *,
    period: str = "",
    plan2: Plan | None = None,
    plan2_name: str = "",
    seed: int = SEED,
    draws: int = DRAWS,
) -> WhatIf:
    """Compare `plan` with what the changes (or `plan2`) make of it, on the sales of `lines`.

    `lines` is a ledger as read; each plan matches it on its own. `period` as for a pay run, the
    plan's year by default; sales that end before it are then tried as if made in it.
    `SalesxlError` for a change that is not clear.
    """
    if not changes and plan2 is None:
        raise fail("what_if.no_change", "--change")
    asked = _period(plan, period)
    years = 0 if period else _years_behind(plan, lines, asked)
    lines = moved(lines, years)
    after = Scene(plan if plan2 is None else plan2)
    if plan2 is not None and plan2.settings.currency != plan.settings.currency:
        raise fail(
            "what_if.other_currency", plan2_name,
            now=plan.settings.currency, after=plan2.settings.currency,
        )  # fmt: skip
    # Each plan is tried in its own year: this year's and next year's on the same sales.
    apart = 0 if period else after.plan.settings.year - plan.settings.year
    periods = (asked, _period(after.plan, period))
    for change in changes:
        after = apply(after, change, periods[1].last_day)
    scenes = (Scene(plan), after)
    ledgers = tuple(
        scene.ledger(match(moved(lines, later), scene.plan)[0])
        for scene, later in zip(scenes, (0, apart), strict=True)
    )
    runs = tuple(
        pay_run(scene.plan, ledger, own, scene.quotas)
        for scene, ledger, own in zip(scenes, ledgers, periods, strict=True)
    )
    now, then = runs
    return WhatIf(
        period=asked,
        changes=tuple(changes),
        plan2=plan2_name,
        items=_items(runs),
        moves=_moves(runs),
        people=_people(runs),
        earned=Pair(now.earned, then.earned),
        payable=Pair(now.payable, then.payable),
        credited=Pair(_own(now), _own(then)),
        at_target=at_target(scenes, ledgers),
        curves=curves(scenes, runs, periods),
        year=None if apart else simulate(scenes, ledgers, runs, seed, draws, years > 0),
        problems=_unique(now.problems + then.problems),
        notices=tuple(
            _notices(plan, lines, asked, years, after.plan.settings.year if apart else 0)
        ),
        decimals=plan.settings.decimals,
        currency=plan.settings.currency,
        company=plan.settings.company,
        plan_version=plan.settings.plan_version,
        fingerprint=now.fingerprint,
    )


def _period(plan: Plan, asked: str) -> Period:
    first_month = plan.settings.fiscal_year_first_month
    return parse_period(asked or str(plan.settings.year), first_month)


def _years_behind(plan: Plan, lines: Ledger, period: Period) -> int:
    """How many years before the plan's the ledger ends; 0 where they meet."""
    last = lines.last_date
    if last is None or last >= period.first_day:
        return 0
    month = fiscal_start(month_of(last), plan.settings.fiscal_year_first_month)
    return (month_of(period.first_day) - month) // 12


def _notices(
    plan: Plan, lines: Ledger, period: Period, years: int, other_year: int
) -> list[Problem]:
    """What a reader must know: sales of another year, that stop early, or are not there."""
    first, last, year = lines.first_date, lines.last_date, plan.settings.year
    found = []

    def tell(entry: str, **values: object) -> None:
        found.append(Problem(f"what_if.{entry}", "--ledger", values, "warning"))

    if years:
        tell("moved", sales=year - years, year=year)
    elif first is None or last is None or last < period.first_day or first > period.last_day:
        tell("no_sales", first=first, last=last, period=period.label)
    elif month_of(last) < month_of(period.last_day):
        tell("sales_end", last=last, end=period.last_day)
    if other_year:
        tell("other_year", year=year, other=other_year)
    return found


def _unique(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple({(p.code, p.where): p for p in problems}.values())


def _own(run: PayRun) -> int:
    return sum(statement.own_amount for statement in run.statements)


def _items(runs: Sequence[PayRun]) -> tuple[Item, ...]:
    """Every commission plan that paid in one of the runs, then what comes on top."""
    names: dict[str, str] = {}
    sums: list[dict[str, int]] = [{}, {}]
    for found, run in zip(sums, runs, strict=True):
        for statement in run.statements:
            for pay in statement.plans:
                names.setdefault(pay.plan.id, pay.plan.name)
                found[pay.plan.id] = found.get(pay.plan.id, 0) + pay.earned
    items = [
        Item(key, name, Pair(sums[0].get(key, 0), sums[1].get(key, 0)))
        for key, name in names.items()
    ]
    totals: dict[str, Callable[[Statement], int]] = {
        "overrides": lambda s: sum(item.pay for item in s.overrides),
        "spiffs": lambda s: sum(item.pay for item in s.spiffs),
        "bonuses": lambda s: sum(item.pay for item in s.bonuses),
    }
    return (*items, *(_sum(key, totals[key], runs) for key in EXTRAS))


def _moves(runs: Sequence[PayRun]) -> tuple[Item, ...]:
    """What lies between earned and payable."""
    totals: dict[str, Callable[[Statement], int]] = {
        "clawbacks": lambda s: sum(item.pay for item in s.clawbacks),
        "adjustments": lambda s: sum(item.amount for item in s.adjustments),
        "held": lambda s: -sum(item.amount for item in s.held),
        "released": lambda s: sum(item.amount for item in s.released),
        "draws": lambda s: s.drawn,
    }
    return tuple(_sum(key, totals[key], runs) for key in MOVES)


def _sum(key: str, figure: Callable[[Statement], int], runs: Sequence[PayRun]) -> Item:
    now, after = (sum(figure(statement) for statement in run.statements) for run in runs)
    return Item(key, "", Pair(now, after))


def _people(runs: Sequence[PayRun]) -> tuple[PersonCost, ...]:
    """Everybody with a statement in one of the runs, in the order of the plans' people."""
    now, after = ({s.person: s for s in run.statements} for run in runs)
    out = []
    for person in dict.fromkeys((*now, *after)):
        one, other = now.get(person), after.get(person)
        shown = one or other
        assert shown is not None
        out.append(
            PersonCost(
                person, shown.name, shown.role, shown.region,
                Pair(one.earned if one else 0, other.earned if other else 0),
                Pair(one.payable if one else 0, other.payable if other else 0),
            )
        )  # fmt: skip
    return tuple(out)
