"""What one workbook is about: a region, or the head office, and only its own data.

`narrow` makes a region's share from the whole; a sheet module never sees more
than its scope, so nothing of another region can reach a region's file. Other shares
(a group of regions, a person, a channel) are cut in `sheets.shares`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.ledger.credit import credit_sums
from salesxl.ledger.frame import Ledger
from salesxl.plan.model import Person, Plan, Region
from salesxl.plan.targets import RegionTargets, Targets
from salesxl.texts import Lang

Formulas = Literal["native", "values"]
_T = TypeVar("_T")


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
    kind: str = "region"  # what the share was cut by: region, group, person, or a column
    label: str = ""  # how the share is called where it is no region of its own

    @property
    def is_head_office(self) -> bool:
        return self.region is None

    @property
    def name(self) -> str:
        """The scope as the title says it."""
        if self.label:
            return self.label
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


Rows = npt.NDArray[np.intp]


class Lookups:
    """What narrowing looks up in the whole, gathered once for all shares of it."""

    def __init__(self, head: Scope) -> None:
        plan = head.plan
        self.head = head
        self.by_id = {region.id: region for region in plan.regions}
        self.region_at = {region.id: at for at, region in enumerate(plan.regions)}
        self.target_at = {region: at for at, region in enumerate(head.targets.region_ids)}
        self.people = {person.id: person for person in plan.people}
        self.person_at = {person.id: at for at, person in enumerate(plan.people)}
        self.home: dict[str, list[str]] = _grouped((p.region, p.id) for p in plan.people)
        self.customers = _grouped((c.region, c) for c in plan.customers)
        self.prospects = _grouped((p.region, p) for p in plan.prospects)
        self.partners = _grouped((p.region, p) for p in plan.partners)
        self.assignments = _grouped((a.region, a) for a in plan.assignments)
        self.locks = _grouped((lock.region, lock) for lock in plan.target_locks)
        self.pools = _grouped((pool.region, pool) for pool in plan.team_pools)
        # (region's place in the targets, member's place in it)
        self.quotas = _grouped(
            (member, (at, m))
            for at, own in enumerate(head.targets.regions)
            for m, member in enumerate(own.members)
        )
        self.region_rows = rows_by(head.ledger, "region_key")
        self.person_rows = rows_by(head.ledger, "person_key")

    def ancestors(self, region: Region) -> tuple[str, ...]:
        """Ids from the region's parent up to the root; a circle ends the walk."""
        chain: list[str] = []
        current = region.parent
        while current and current not in chain:
            chain.append(current)
            current = self.by_id[current].parent if current in self.by_id else ""
        return tuple(chain)

    def with_managers(self, people: Iterable[str]) -> set[str]:
        """These people and everyone above them in the reporting line."""
        keep = set(people)
        for person in tuple(keep):
            current = self.people[person].manager if person in self.people else ""
            while current and current not in keep:
                keep.add(current)
                current = self.people[current].manager if current in self.people else ""
        return keep


def _grouped(pairs: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def rows_by(ledger: Ledger | None, column: str) -> dict[str, Rows]:
    """Value of a column → places of its lines, in the ledger's order."""
    if ledger is None or column not in ledger.frame.columns:
        return {}
    values = pd.Categorical(ledger.frame[column])
    order = np.argsort(values.codes, kind="stable")
    codes = np.asarray(values.codes)[order]
    begins = np.searchsorted(codes, np.arange(len(values.categories)), "left")
    ends = np.searchsorted(codes, np.arange(len(values.categories)), "right")
    return {
        str(name): order[begin:end]
        for name, begin, end in zip(values.categories, begins, ends, strict=True)
        if end > begin
    }


def narrow(head: Scope, region: Region, lookups: Lookups | None = None) -> Scope:
    """One leaf region's share of `head`: its people, customers, lines and target alone.

    Of the tree the ancestors' names stay, without amounts. Of people from elsewhere only
    those stay who sell here, own a customer or prospect here, or lead one who works here;
    their home region is not told. What the region's own people sell and owe elsewhere
    comes as monthly sums in `outside_credit` and `outside_quota`, never as lines.
    `lookups` serve all regions of one `head`.
    """
    look = lookups or Lookups(head)
    ledger = lines_at(head.ledger, look.region_rows.get(region.id))
    targets = _narrow_targets(head.targets, look.target_at[region.id])
    inside, home = {region.id}, set(look.home.get(region.id, ()))
    return dataclasses.replace(
        head,
        plan=_narrow_plan(look, targets, ledger, region),
        targets=targets,
        ledger=ledger,
        region=region,
        **outside(look, inside, home),
    )


def lines_at(ledger: Ledger | None, rows: Rows | None) -> Ledger | None:
    """The lines in these places; None when there are none, as when no ledger was given."""
    if ledger is None or rows is None or not len(rows):
        return None
    frame = ledger.frame.iloc[rows].reset_index(drop=True)
    for column in frame.columns:
        if isinstance(frame[column].dtype, pd.CategoricalDtype):
            frame[column] = _only_used(frame[column])
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


def _only_used(column: pd.Series) -> Any:
    """A column without the texts of other lines; as fast as the lines are few."""
    values = column.array
    assert isinstance(values, pd.Categorical)
    used, codes = np.unique(np.asarray(values.codes), return_inverse=True)
    if len(used) and used[0] < 0:  # no value at all
        return values.remove_unused_categories()
    names = values.categories.take(used)
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(names, values.ordered))


def _narrow_targets(targets: Targets, index: int) -> Targets:
    own: RegionTargets = targets.regions[index]
    return dataclasses.replace(
        targets,
        total=own.amount,
        region_ids=(own.region,),
        region_parts=(targets.region_parts[index],),
        region_amounts=(own.amount,),
        product_amounts=own.products,
        regions=(own,),
    )


def bare_region(region: Region) -> Region:
    """A region's name alone, without amounts."""
    return dataclasses.replace(
        region,
        history_amount=0,
        potential_amount=0,
        locked_amount=None,
        minimum_amount=None,
        maximum_amount=None,
        proposal_amount=None,
        note="",
    )


def _narrow_plan(look: Lookups, targets: Targets, ledger: Ledger | None, region: Region) -> Plan:
    plan, above = look.head.plan, look.ancestors(region)
    home = set(look.home.get(region.id, ()))
    customers = tuple(look.customers.get(region.id, ()))
    customer_ids = {c.id for c in customers}
    prospects = tuple(look.prospects.get(region.id, ()))
    accounts = tuple(k for k in plan.key_accounts if k.customer in customer_ids)
    assignments = tuple(look.assignments.get(region.id, ()))
    keep = look.with_managers(home | {a.person for a in assignments})
    keep |= {c.owner for c in customers} | {p.owner for p in prospects}
    keep |= {k.owner for k in accounts}
    if ledger is not None and "person_key" in ledger.frame.columns:
        keep |= set(ledger.frame["person_key"].dropna().astype(str))
    shown = sorted({region.id, *above} & look.region_at.keys(), key=look.region_at.__getitem__)
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
        regions=tuple(
            look.by_id[r] if r == region.id else bare_region(look.by_id[r]) for r in shown
        ),
        product_lines=lines,
        people=tuple(
            _narrow_person(look, p, {region.id}, above, keep) for p in known_people(look, keep)
        ),
        target_locks=tuple(look.locks.get(region.id, ())),
        sales_years=(),
        **pay_rows(plan, home),
        team_pools=tuple(look.pools.get(region.id, ())),
        assignments=assignments,
        prospects=prospects,
        customers=customers,
        key_accounts=accounts,
        partners=tuple(look.partners.get(region.id, ())),
    )


def pay_rows(plan: Plan, people: set[str]) -> dict[str, Any]:
    """The rows of pay that concern `people`, table by table."""
    return {
        "plan_terms": tuple(r for r in plan.plan_terms if not r.person or r.person in people),
        "credit_shares": tuple(row for row in plan.credit_shares if row.person in people),
        "overrides": tuple(row for row in plan.overrides if row.manager in people),
        "draws": tuple(row for row in plan.draws if row.person in people),
        "adjustments": tuple(row for row in plan.adjustments if row.person in people),
        "skill_levels": tuple(row for row in plan.skill_levels if row.person in people),
    }


def known_people(look: Lookups, keep: set[str]) -> list[Person]:
    """People by id, in the plan's order."""
    known = [person for person in keep if person in look.people]
    return [look.people[person] for person in sorted(known, key=look.person_at.__getitem__)]


def _narrow_person(
    look: Lookups, person: Person, inside: set[str], above: tuple[str, ...], keep: set[str]
) -> Person:
    """A guest's home is told as the nearest region above both, or not at all."""
    home, note = person.region, person.note
    if home not in inside:
        note = ""
        person = dataclasses.replace(person, career_level="", level_since=None)
        chain = (home, *look.ancestors(look.by_id[home])) if home in look.by_id else ()
        home = next((r for r in chain if r in above), "")
    manager = person.manager if person.manager in keep else ""
    return dataclasses.replace(person, region=home, manager=manager, note=note)


def outside(look: Lookups, inside: set[str], home: set[str]) -> dict[str, Any]:
    """What the `home` people of the regions `inside` sell and owe elsewhere, as monthly sums."""
    ledger = look.head.ledger
    sold: Ledger | None = None
    if ledger is not None and {"person_key", "region_key"} <= set(ledger.frame.columns):
        parts = [look.person_rows[person] for person in home if person in look.person_rows]
        rows = np.sort(np.concatenate(parts)) if parts else np.empty(0, np.intp)
        frame = ledger.frame.iloc[rows]
        frame = frame[~frame["region_key"].isin(list(inside))]
        sold = dataclasses.replace(ledger, frame=frame)
    credit: dict[tuple[str, str], int] = {}
    base: dict[tuple[str, str, str], int] = {}
    if sold is not None and not sold.frame.empty:
        for (kind, person, month), amount in credit_sums(sold).items():
            if kind == "amount":
                credit[person, month] = amount
            else:
                base[kind, person, month] = amount
    quota: dict[tuple[str, int], int] = {}
    for member in sorted(home, key=look.person_at.__getitem__):
        for at, m in look.quotas.get(member, ()):
            other = look.head.targets.regions[at]
            if other.region in inside:
                continue
            for product in other.quotas:
                for index, owed in enumerate(product[m]):
                    if owed:
                        quota[member, index] = quota.get((member, index), 0) + owed
    return {"outside_credit": credit, "outside_quota": quota, "outside_base": base}
