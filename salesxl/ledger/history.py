"""A first plan from sales history: what the ledger knows, the starter's texts for the rest.

AdventureWorks, calendar years 2018 and 2019 complete: `start_plan(ledger,
year=2020, growth=Decimal("0.12"), …)` takes the sales of 2019 as history,
the months of 2018 and 2019 as weights, and 1.12 times 2019 as target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np

from salesxl.errors import Problem, SalesxlError
from salesxl.ledger.frame import Ledger
from salesxl.ledger.match import NOT_STATED, OTHER, match
from salesxl.ledger.people import assign, find_people
from salesxl.ledger.who import find_channels, find_customers, place_customers
from salesxl.ledger.words import squash
from salesxl.ledger.years import Base, base_period, month_weights, yearly_sales
from salesxl.plan.model import DataSource, Plan, ProductLine, Region, Settings
from salesxl.texts import Lang, text

COMPANY = "ALL"  # id of the root region
MOST_LINES = 40
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def start_plan(
    ledger: Ledger, *, year: int, growth: Decimal, unit_amount: int, lang: Lang,
    company: str, currency: str, fiscal_year_first_month: int = 1,
) -> tuple[Plan, list[str]]:  # fmt: skip
    """The plan, and what the manager must know about how it came to be.

    `growth` is a fraction (0.12 is 12 %), `unit_amount` minor units. Raises
    `SalesxlError` if the base period's sales are not positive.
    """
    first_month = fiscal_year_first_month
    base = base_period(ledger.frame, year, first_month)
    said: list[Problem] = _base_notices(ledger, base, year)
    total = int(ledger.frame["amount"].to_numpy(np.int64)[base.lines].sum())
    target = grown(total, growth, unit_amount)
    if total <= 0:
        values = {"first": base.first, "last": base.last, "amount": _money(ledger, total)}
        raise SalesxlError(Problem("ledger.start_nothing_to_grow", "", values))
    if target <= 0:
        unit = _money(ledger, unit_amount)
        raise SalesxlError(Problem("ledger.start_target_rounded_to_zero", "", {"unit": unit}))
    from salesxl.plan.starter import starter

    rows: dict[str, Any] = dict(starter(lang))
    assert ledger.first_date is not None
    rows.update(_from_day(rows, date(ledger.first_date.year, 1, 1)))
    settings = Settings(
        company=company or text("ledger.start_company", lang), currency=currency, year=year,
        annual_target_amount=target, rounding_unit_amount=unit_amount, decimals=ledger.decimals,
        fiscal_year_first_month=first_month, growth_rate=growth, language=lang,
        as_of_date=ledger.last_date,
    )  # fmt: skip
    weights, notes = month_weights(ledger.frame, lang, first_month)
    said += notes
    people, roles, notes = find_people(ledger, rows.get("roles", ()))
    said += notes
    customers, notes = find_customers(ledger)
    said += notes
    draft = Plan(
        settings=settings,
        regions=_regions(ledger, base, settings.company, lang, said),
        product_lines=_product_lines(ledger, base, lang, said),
        month_weights=weights,
        sales_years=yearly_sales(ledger.frame, first_month),
        people=people,
        customers=customers,
    )
    # The plan's own matching says which line is whose, so history and later reports agree.
    keyed, unmatched = match(ledger, draft)
    said += unmatched
    sums = _Sums(keyed, base)
    homes, assignments = assign(keyed, base.lines, people, [r.id for r in draft.leaf_regions])
    plan_of = _plan_of_quota(rows, roles)
    rows.update(
        roles=roles,
        people=tuple(replace(p, commission_plan=plan_of.get(p.role, "")) for p in homes),
        assignments=assignments,
        customers=place_customers(keyed, customers),
        channels=find_channels(ledger) or rows.get("channels", ()),
        regions=sums.regions(draft.regions, said, lang),
        product_lines=sums.lines(draft.product_lines, said),
        data_sources=(_source(ledger, lang), *rows.get("data_sources", ())),
    )
    known = {name for name in Plan.__dataclass_fields__ if name not in ("settings", "fingerprint")}
    tables: dict[str, Any] = {name: tuple(found) for name, found in rows.items() if name in known}
    return replace(draft, **tables), [problem.say(lang) for problem in said]


def grown(amount: int, growth: Decimal, unit: int) -> int:
    """`amount` × (1 + growth), half-up to a multiple of `unit`; minor units.

    >>> grown(1_000_050, Decimal("0.10"), 100)
    1100100
    """
    units = _EXACT.divide(_EXACT.multiply(Decimal(amount), 1 + growth), Decimal(unit))
    return int(_EXACT.to_integral_value(units)) * unit


def _money(ledger: Ledger, amount: int) -> str:
    return f"{Decimal(amount).scaleb(-ledger.decimals):,.{ledger.decimals}f}"


def _base_notices(ledger: Ledger, base: Base, year: int) -> list[Problem]:
    amounts = ledger.frame["amount"].to_numpy(np.int64)
    if base.year is None:
        amount = _money(ledger, int(amounts[base.lines].sum()))
        values = {"year": year, "first": base.first, "last": base.last, "amount": amount}
        return [Problem("ledger.start_no_complete_year", "", values)]
    if base.year != year - 1:
        values = {"year": year, "last": ledger.last_date, "base": base.year}
        return [Problem("ledger.start_late", "", values)]
    return []


def _by_value(ledger: Ledger, name: str, base: Base) -> dict[str, tuple[int, int]]:
    """value → (amount in the base period, lines at all), the biggest first, then by name."""
    codes = ledger.frame[name].cat.codes.to_numpy(np.int64)
    categories = [str(c) for c in ledger.frame[name].cat.categories]
    sums = np.zeros(len(categories), np.int64)
    np.add.at(sums, codes[base.lines], ledger.frame["amount"].to_numpy(np.int64)[base.lines])
    counts = np.bincount(codes, minlength=len(categories))
    merged: dict[str, tuple[str, int, int]] = {}  # values alike but for case are one
    for value, amount, count in zip(categories, sums.tolist(), counts.tolist(), strict=True):
        shown, a, n = merged.get(value.casefold(), (value, 0, 0))
        merged[value.casefold()] = (shown, a + amount, n + count)
    ordered = sorted(merged.values(), key=lambda item: (-item[1], item[0]))
    return {shown: (amount, count) for shown, amount, count in ordered if count}


def _regions(
    ledger: Ledger, base: Base, company: str, lang: Lang, said: list[Problem]
) -> tuple[Region, ...]:
    found = _by_value(ledger, "region", base)
    blank = found.pop("", None)
    if not found:
        said.append(Problem("ledger.start_no_region_column"))
        leaves = [Region(id="R01", name=text("ledger.start_single_region", lang), parent=COMPANY)]
        blank = blank if "region" in ledger.present else None
    else:
        width = max(2, len(str(len(found))))
        leaves = [
            Region(id=f"R{i:0{width}d}", name=name, parent=COMPANY)
            for i, name in enumerate(found, 1)
        ]
    if blank:
        name = text("ledger.start_no_region", lang)
        leaves.append(Region(id=NOT_STATED, name=name, parent=COMPANY))
        values = {"lines": blank[1], "name": name}
        said.append(Problem("ledger.start_blank_region", "", values))
    taken = {leaf.name.casefold() for leaf in leaves}
    if company.casefold() in taken:
        company = text("ledger.start_company_total", lang, company=company)
    return (Region(id=COMPANY, name=company), *leaves)


def _product_lines(
    ledger: Ledger, base: Base, lang: Lang, said: list[Problem]
) -> tuple[ProductLine, ...]:
    found = _by_value(ledger, "category", base)
    if not any(found):
        found = _by_value(ledger, "product", base)
    blank = found.pop("", None)
    if not found:
        return (ProductLine(id="P01", name=text("ledger.start_all_products", lang)),)
    names = list(found)
    kept = names if len(names) <= MOST_LINES else names[: MOST_LINES - 1]
    lines = [ProductLine(id=f"P{i:02d}", name=name) for i, name in enumerate(kept, 1)]
    if len(kept) < len(names):
        other = text("ledger.start_other_products", lang)
        if squash(other) in {squash(name) for name in kept}:
            other = f"{other} ({OTHER})"
        note = text("ledger.start_other_note", lang)
        lines.append(ProductLine(id=OTHER, name=other, note=note))
        values = {"count": len(names), "kept": len(kept), "other": other}
        said.append(Problem("ledger.start_products_folded", "", values))
    if blank:
        name = text("ledger.start_no_product", lang)
        lines.append(ProductLine(id=NOT_STATED, name=name))
        values = {"lines": blank[1], "name": name}
        said.append(Problem("ledger.start_blank_product", "", values))
    return tuple(lines)


@dataclass(frozen=True)
class _Sums:
    """Base-period money by the plan's ids."""

    ledger: Ledger
    base: Base

    def by(self, key: str) -> dict[str, int]:
        frame = self.ledger.frame.loc[self.base.lines, [key, "amount"]]
        sums = frame.groupby(key, observed=True)["amount"].sum()
        return {str(name): int(amount) for name, amount in sums.items()}

    def _positive(self, name: str, amount: int, said: list[Problem]) -> int:
        if amount < 0:
            values = {"name": name, "amount": _money(self.ledger, amount)}
            said.append(Problem("ledger.start_negative", "", values))
        return max(amount, 0)

    def regions(
        self, rows: Sequence[Region], said: list[Problem], lang: Lang
    ) -> tuple[Region, ...]:
        sums = self.by("region_key")
        leaves = [
            replace(row, history_amount=self._positive(row.name, sums.get(row.id, 0), said))
            for row in rows[1:]
        ]
        root = replace(rows[0], history_amount=sum(leaf.history_amount for leaf in leaves))
        return (root, *leaves)

    def lines(self, rows: Sequence[ProductLine], said: list[Problem]) -> tuple[ProductLine, ...]:
        sums = self.by("product_key")
        return tuple(
            replace(row, history_amount=self._positive(row.name, sums.get(row.id, 0), said))
            for row in rows
        )


def _from_day(rows: dict[str, Any], day: date) -> dict[str, Any]:
    """The example commission plan and its tiers, in force from `day`."""
    return {
        name: tuple(replace(row, effective_from=day) for row in rows.get(name, ()))
        for name in ("commission_plans", "commission_tiers")
    }


def _plan_of_quota(rows: dict[str, Any], roles: Sequence[Any]) -> dict[str, str]:
    """role → commission plan, for the roles that carry quota."""
    plans = rows.get("commission_plans", ())
    return {role.id: plans[0].id for role in roles if plans and role.carries_quota == "yes"}


def _source(ledger: Ledger, lang: Lang) -> DataSource:
    files = ", ".join(name for name, _ in ledger.files)
    content = text(
        "ledger.start_source_content", lang, files=files, lines=f"{len(ledger.frame):,}",
        first=ledger.first_date, last=ledger.last_date,
    )  # fmt: skip
    return DataSource(
        id="LEDGER", name=text("ledger.start_source_name", lang), content=content,
        used_for=text("ledger.start_source_use", lang),
    )  # fmt: skip
