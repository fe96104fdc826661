"""Statements whose kinds of rows make a template: a plan's own, then what else may come.

A template should know every row a statement can have. A plan pays by one or two kinds of
rate table, so its payees are paid once more by each of the others, with a cap, a guarantee,
a draw and an adjustment; only the kinds of rows are kept of that, and a sample line each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from salesxl.errors import SalesxlError, fail
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.results import PayRun, Statement
from salesxl.ledger.pay.run import pay_run
from salesxl.ooxml.pour.beside import Folded
from salesxl.plan.model import Adjustment, CommissionTier, Draw, Holdback, Plan
from salesxl.sheets.content import Book
from salesxl.sheets.pay_book import build_statement
from salesxl.sheets.statement import PAGE_LINES
from salesxl.texts import Lang, text

_LOOKED_AT = 12  # statements of the plan as it is
_TRIED = 3  # of each variant: those with most lines
_BANDS = (("0", "", "0.01"), ("0.5", "", "0.02"), ("1", "", "0.03"))
_POINTS = (("0.1", "", "0.4"), ("1", "", "1"), ("1.5", "", "2.5"))
_CELLS = tuple((low, second, "0.02") for low in ("0", "1") for second in ("0", "0.3"))
_WIDE = tuple(("0", f"0.{number}", "0.02") for number in range(6))

# What is changed of every commission plan, and the tiers it gets.
_VARIANTS: tuple[tuple[dict[str, Any], tuple[tuple[str, str, str], ...]], ...] = (
    ({"kind": "marginal", "measure": "attainment", "period": "ytd"}, _BANDS),
    ({"kind": "marginal", "measure": "attainment", "cap_amount": 1}, _BANDS),
    ({"kind": "marginal", "measure": "attainment", "floor_amount": 10**8}, _BANDS),
    ({"kind": "marginal", "measure": "attainment", "line_cap_amount": 1}, _BANDS),
    ({"kind": "flat", "measure": "amount"}, (("0", "", "0.01"),)),
    ({"kind": "interpolated", "measure": "attainment", "target_pay_amount": 10**6}, _POINTS),
    ({"kind": "matrix", "measure": "attainment", "second_measure": "margin_rate"}, _CELLS),
    ({"kind": "matrix", "measure": "amount", "second_measure": "margin_rate"}, _WIDE),
    ({"kind": "marginal", "measure": "amount"}, ()),
)


def sample_books(plan: Plan, ledger: Ledger, lang: Lang) -> list[Book]:
    """The contents of a template: first a statement that shows much, then those that show more.

    `ledger` is matched to the plan. Raises `SalesxlError` where the plan pays nobody.
    """
    shown = _Shown(plan, lang)
    for period in _periods(plan):
        run = pay_run(plan, ledger, period)
        for statement in _ranked(run)[:_LOOKED_AT]:
            shown.add(statement, run)
    last = _last_month(plan)
    for changed in (_with_everything(plan, last), *_variants(plan)):
        try:
            run = pay_run(changed, ledger, _month(last))
        except SalesxlError:
            continue  # the ledger has no figures for this measure
        for statement in sorted(run.statements, key=lambda s: -len(s.lines))[:_TRIED]:
            shown.add(statement, run)
    if not shown.books:
        raise fail("template.nobody_paid", _month(last))
    return shown.books


def sample_run(plan: Plan, ledger: Ledger) -> PayRun | None:
    """The plan's last month told; None where it cannot be paid."""
    try:
        return pay_run(plan, ledger, _month(_last_month(plan)))
    except SalesxlError:
        return None


class _Shown:
    """The books so far; another is added when it has a kind of row they lack."""

    def __init__(self, plan: Plan, lang: Lang) -> None:
        self.company, self.lang = plan.settings.company, lang
        self.books: list[Book] = []
        self.folds: dict[str, Folded] = {}

    def add(self, statement: Statement, run: PayRun) -> None:
        if not statement.plans:  # a page of its own kind, not worth rows in everybody's
            return
        book = build_statement(statement, run, self.lang, self.company)
        for sheet in book.sheets:
            self.folds.setdefault(sheet.key, Folded(bool(sheet.beside)))
        if not sum(self.folds[sheet.key].strange(sheet, self.lang) for sheet in book.sheets):
            return
        for sheet in book.sheets:
            self.folds[sheet.key].add(sheet, self.lang)
        self.books.append(book)


def _ranked(run: PayRun) -> list[Statement]:
    """What fits a page and has most in it first; then long ones, then the rest."""

    def order(statement: Statement) -> tuple[int, int]:
        blocks = (
            statement.overrides, statement.spiffs, statement.bonuses, statement.clawbacks,
            statement.adjustments, statement.held, statement.released, statement.draws,
        )  # fmt: skip
        on_page = 0 < len(statement.lines) <= PAGE_LINES
        return -on_page, -sum(map(bool, blocks))

    return sorted(run.statements, key=order)


def _last_month(plan: Plan) -> date:
    day = plan.settings.as_of_date or date(plan.settings.year, 12, 1)
    return day.replace(day=1)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _periods(plan: Plan) -> Iterator[str]:
    """The last month told, and its quarter."""
    first = plan.settings.fiscal_year_first_month
    last = _last_month(plan)
    since = (last.month - first) % 12
    year = last.year - (last.month < first)
    yield _month(last)
    yield f"{year}-Q{since // 3 + 1}"


def _variants(plan: Plan) -> Iterator[Plan]:
    """The plan with other rate tables, and nothing beside commission."""
    plan = replace(plan, overrides=(), team_pools=(), spiffs=(), bonuses=(), clawbacks=(),
                   adjustments=(), holdbacks=(), draws=())  # fmt: skip
    for changes, tiers in _VARIANTS:
        plans = [replace(one, **{**_PLAIN, **changes}) for one in plan.commission_plans]
        rows = [
            CommissionTier(
                plan=one.id, effective_from=one.effective_from, threshold=Decimal(threshold),
                second_threshold=Decimal(second) if second else None, rate=Decimal(rate),
            )
            for one in plans for threshold, second, rate in tiers
        ]  # fmt: skip
        yield replace(plan, commission_plans=tuple(plans), commission_tiers=tuple(rows))


_PLAIN: dict[str, Any] = {
    "period": "month", "second_measure": "", "target_pay_amount": None, "cap_amount": None,
    "floor_amount": None, "line_cap_amount": None,
}  # fmt: skip


def _with_everything(plan: Plan, month: date) -> Plan:
    """Every payee with a draw, an adjustment, and part of the pay held back."""
    start = date(month.year, 1, 1)
    return replace(
        plan,
        draws=tuple(
            Draw(person=one.id, draw_amount=10**6, recoverable="yes", from_date=start)
            for one in plan.people
        ),
        adjustments=tuple(
            Adjustment(person=one.id, pay_date=month, adjustment_amount=Decimal(100),
                       reason=text("statement.adjustment", plan.settings.language))
            for one in plan.people
        ),
        holdbacks=tuple(
            Holdback(plan=key, holdback_share=Decimal("0.1"), release_months=1, from_date=start)
            for key in dict.fromkeys(one.id for one in plan.commission_plans)
        ),
    )  # fmt: skip
