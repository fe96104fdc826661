"""What one workbook is about: a region, or the head office, and only its own data.

`narrow` makes a region's share from the whole; a sheet module never sees more
than its scope, so nothing of another region can reach a region's file.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

import pandas as pd

from salesxl.ledger.credit import credit_sums
from salesxl.ledger.frame import Ledger
from salesxl.plan.model import Person, Plan, Region
from salesxl.plan.targets import RegionTargets, Targets
from salesxl.texts import Lang

Formulas = Literal["native", "values"]


@dataclass(frozen=True)
class Scope:
    """Input of every sheet module: ``build(scope, book) -> Sheet``."""

    plan: Plan  # narrowed: only this scope's people, customers, prospects, partners
    targets: Targets  # narrowed: for a region, `regions` holds that region alone
    ledger: Ledger | None  # narrowed lines; region/person/product are ids' names as in the plan
    region: Region | None  # None: head office
    lang: Lang
    formulas: Formulas
    focus_year: int  # plan year if the ledger has lines in it, else its last year with lines
    as_of: date  # settings.as_of_date, else the ledger's last date, else the plan year's first day
    outside_credit: dict[tuple[str, str], int]  # (person id, "YYYY-MM") → credited in other regions
    outside_quota: dict[tuple[str, int], int]  # (person id, fiscal month index) → quota elsewhere
    # (base, person id, "YYYY-MM") → credited elsewhere, for the bases "margin" and "collected"
    outside_base: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def is_head_office(self) -> bool:
        return self.region is None

    @property
    def name(self) -> str:
        """The scope as the title says it."""
        return self.region.name if self.region else self.plan.settings.company

    @property
    def is_running(self) -> bool:
        """Whether the plan's own year has sales lines; otherwise the plan lies ahead."""
        return self.ledger is not None and self.focus_year == self.plan.settings.year

    def year_months(self, year: int) -> tuple[date, ...]:
        """First days of the twelve months of fiscal `year`, then of the month after."""
        first = self.targets.months[0]
        return tuple(
            add_months(first, 12 * (year - self.plan.settings.year) + i) for i in range(13)
        )

    @property
    def months_to_date(self) -> int:
        """How many months of the focus year have begun by `as_of`, 0 … 12."""
        return sum(day <= self.as_of for day in self.year_months(self.focus_year)[:12])


def add_months(day: date, count: int) -> date:
    """The same day `count` months on; `day` is a first of a month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, day.day)


def head_office(
    plan: Plan, targets: Targets, ledger: Ledger | None, lang: Lang, formulas: Formulas = "native"
) -> Scope:
    """The whole company as a scope. `ledger` is matched: it has `region_key` and the like."""
    if ledger is not None and ledger.frame.empty:
        ledger = None
    return Scope(
        plan=plan,
        targets=targets,
        ledger=ledger,
        region=None,
        lang=lang,
        formulas=formulas,
        focus_year=_focus_year(plan, targets, ledger),
        as_of=_as_of(plan, targets, ledger),
        outside_credit={},
        outside_quota={},
    )


def _focus_year(plan: Plan, targets: Targets, ledger: Ledger | None) -> int:
    if ledger is None:
        return plan.settings.year
    first = targets.months[0]
    dates = ledger.frame["date"]
    apart = (dates.dt.year - first.year) * 12 + dates.dt.month - first.month
    years = plan.settings.year + apart // 12
    return plan.settings.year if (years == plan.settings.year).any() else int(years.max())


def _as_of(plan: Plan, targets: Targets, ledger: Ledger | None) -> date:
    if plan.settings.as_of_date is not None:
        return plan.settings.as_of_date
    last = ledger.last_date if ledger is not None else None
    return last if last is not None else targets.months[0]


def region_mask(ledger: Ledger, region_ids: tuple[str, ...]) -> pd.Series:
    """True for the lines matched to one of `region_ids`."""
    if "region_key" not in ledger.frame.columns:
        return pd.Series(False, index=ledger.frame.index)
    return ledger.frame["region_key"].isin(region_ids)


def narrow(head: Scope, region: Region) -> Scope:
    """One leaf region's share of `head`: its people, customers, lines and target alone.

    Of the tree the ancestors' names stay, without amounts. Of people from elsewhere only
    those stay who sell here, own a customer or prospect here, or lead one who works here;
    their home region is not told. What the region's own people sell and owe elsewhere
    comes as monthly sums in `outside_credit` and `outside_quota`, never as lines.
    """
    ledger = None if head.ledger is None else _narrow_ledger(head.ledger, region)
    targets = _narrow_targets(head.targets, region.id)
    home = {person.id for person in head.plan.people if person.region == region.id}
    return dataclasses.replace(
        head,
        plan=_narrow_plan(head.plan, targets, ledger, region),
        targets=targets,
        ledger=ledger,
        region=region,
        outside_credit=_outside_credit(head.ledger, region.id, home),
        outside_quota=_outside_quota(head.targets, region.id, home),
        outside_base=_outside_base(head.ledger, region.id, home),
    )


def _narrow_ledger(ledger: Ledger, region: Region) -> Ledger | None:
    """The region's lines; None when it has none, as when no ledger was given."""
    frame = ledger.frame[region_mask(ledger, (region.id,))].reset_index(drop=True)
    if frame.empty:
        return None
    for column in frame.columns:
        if isinstance(frame[column].dtype, pd.CategoricalDtype):
            frame[column] = frame[column].cat.remove_unused_categories()
    sources = set(frame["source"].astype(str))
    return dataclasses.replace(
        ledger,
        frame=frame,
        raw_total=Decimal(int(frame["amount"].sum())).scaleb(-ledger.decimals),
        rounded_lines=0,
        skipped=(),
        totals_left_out=(),
        notices=(),
        files=tuple(file for file in ledger.files if file[0] in sources),
    )


def _narrow_targets(targets: Targets, region: str) -> Targets:
    index = targets.region_ids.index(region)
    own: RegionTargets = targets.regions[index]
    return dataclasses.replace(
        targets,
        total=own.amount,
        region_ids=(region,),
        region_parts=(targets.region_parts[index],),
        region_amounts=(own.amount,),
        product_amounts=own.products,
        regions=(own,),
    )


def _ancestors(plan: Plan, region: Region) -> tuple[str, ...]:
    """Ids from the region's parent up to the root; a circle ends the walk."""
    parents = {r.id: r.parent for r in plan.regions}
    chain: list[str] = []
    current = region.parent
    while current and current not in chain:
        chain.append(current)
        current = parents.get(current, "")
    return tuple(chain)


def _narrow_plan(plan: Plan, targets: Targets, ledger: Ledger | None, region: Region) -> Plan:
    above = _ancestors(plan, region)
    home = {person.id for person in plan.people if person.region == region.id}
    customers = tuple(c for c in plan.customers if c.region == region.id)
    customer_ids = {c.id for c in customers}
    prospects = tuple(p for p in plan.prospects if p.region == region.id)
    accounts = tuple(k for k in plan.key_accounts if k.customer in customer_ids)
    assignments = tuple(a for a in plan.assignments if a.region == region.id)
    keep = _kept_people(plan, region, {a.person for a in assignments})
    keep |= {c.owner for c in customers} | {p.owner for p in prospects}
    keep |= {k.owner for k in accounts}
    if ledger is not None and "person_key" in ledger.frame.columns:
        keep |= set(ledger.frame["person_key"].dropna().astype(str))
    regions = tuple(
        r
        if r.id == region.id
        else dataclasses.replace(
            r,
            history_amount=0,
            potential_amount=0,
            locked_amount=None,
            minimum_amount=None,
            maximum_amount=None,
            proposal_amount=None,
            note="",
        )
        for r in plan.regions
        if r.id == region.id or r.id in above
    )
    lines = tuple(
        dataclasses.replace(
            p,
            history_amount=0,
            potential_amount=0,
            locked_amount=None,
            minimum_share=None,
            maximum_share=None,
        )
        for p in plan.product_lines
    )
    return dataclasses.replace(
        plan,
        settings=dataclasses.replace(
            plan.settings, annual_target_amount=targets.total, market_amount=None
        ),
        regions=regions,
        product_lines=lines,
        people=tuple(
            _narrow_person(plan, p, region, above, keep) for p in plan.people if p.id in keep
        ),
        target_locks=tuple(lock for lock in plan.target_locks if lock.region == region.id),
        sales_years=(),
        plan_terms=tuple(row for row in plan.plan_terms if not row.person or row.person in home),
        credit_shares=tuple(row for row in plan.credit_shares if row.person in home),
        overrides=tuple(row for row in plan.overrides if row.manager in home),
        draws=tuple(row for row in plan.draws if row.person in home),
        adjustments=tuple(row for row in plan.adjustments if row.person in home),
        team_pools=tuple(row for row in plan.team_pools if row.region == region.id),
        assignments=assignments,
        prospects=prospects,
        customers=customers,
        key_accounts=accounts,
        partners=tuple(p for p in plan.partners if p.region == region.id),
    )


def _kept_people(plan: Plan, region: Region, assigned: set[str]) -> set[str]:
    """Who works here, and everyone above them in the reporting line."""
    managers = {person.id: person.manager for person in plan.people}
    keep = {p.id for p in plan.people if p.region == region.id} | assigned
    for person in tuple(keep):
        current = managers.get(person, "")
        while current and current not in keep:
            keep.add(current)
            current = managers.get(current, "")
    return keep


def _narrow_person(
    plan: Plan, person: Person, region: Region, above: tuple[str, ...], keep: set[str]
) -> Person:
    """A guest's home is told as the nearest region above both, or not at all."""
    home, note = person.region, person.note
    if home != region.id:
        note = ""
        by_id = {r.id: r for r in plan.regions}
        chain = (home, *_ancestors(plan, by_id[home])) if home in by_id else ()
        home = next((r for r in chain if r in above), "")
    manager = person.manager if person.manager in keep else ""
    return dataclasses.replace(person, region=home, manager=manager, note=note)


def _outside_credit(
    ledger: Ledger | None, region: str, home: set[str]
) -> dict[tuple[str, str], int]:
    if ledger is None or not {"person_key", "region_key"} <= set(ledger.frame.columns):
        return {}
    frame = ledger.frame
    rows = frame[frame["person_key"].isin(home) & ~region_mask(ledger, (region,))]
    if rows.empty:
        return {}
    sums: dict[tuple[str, str], int] = {}
    people = rows["person_key"].astype(str)
    months = rows["date"].dt.strftime("%Y-%m")
    for person, month, amount in zip(people, months, rows["amount"], strict=True):
        sums[person, month] = sums.get((person, month), 0) + int(amount)
    return sums


def _outside_base(
    ledger: Ledger | None, region: str, home: set[str]
) -> dict[tuple[str, str, str], int]:
    if ledger is None or "region_key" not in ledger.frame.columns:
        return {}
    elsewhere = ledger.frame[~region_mask(ledger, (region,))]
    sums = credit_sums(dataclasses.replace(ledger, frame=elsewhere))
    return {key: sum_ for key, sum_ in sums.items() if key[1] in home and key[0] != "amount"}


def _outside_quota(targets: Targets, region: str, home: set[str]) -> dict[tuple[str, int], int]:
    sums: dict[tuple[str, int], int] = {}
    for other in targets.regions:
        if other.region == region:
            continue
        for m, member in enumerate(other.members):
            if member not in home:
                continue
            for product in other.quotas:
                for month, amount in enumerate(product[m]):
                    if amount:
                        sums[member, month] = sums.get((member, month), 0) + amount
    return sums
