"""Shares of the whole other than a region's: a group of regions, a person, a column's value.

As in `sheets.scope`, a share is narrowed first and holds nothing of another. Where a share
has targets, they are those of the company: its plan is the whole's with every figure of the
share locked, so that the sheets' own splits come to the same amounts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

import numpy as np

from salesxl.ledger.frame import TEXT_COLUMNS, Ledger
from salesxl.plan.model import Customer, Person, Plan, ProductLine, Region, TargetLock
from salesxl.plan.targets import RegionTargets, Targets, breakdown
from salesxl.sheets.scope import (
    Lookups,
    Rows,
    Scope,
    bare_region,
    known_people,
    lines_at,
    outside,
    pay_rows,
)

PRODUCT_LINE = "product_line"  # the plan's product line of a line, whatever the file called it
COLUMNS = (PRODUCT_LINE, *TEXT_COLUMNS)


def leaves_under(plan: Plan, region: str) -> tuple[str, ...]:
    """Leaf regions at or below `region`, in the plan's order."""
    parents = {row.id: row.parent for row in plan.regions}
    found = []
    for leaf in plan.leaf_regions:
        current, seen = leaf.id, set[str]()
        while current and current != region and current not in seen:
            seen.add(current)
            current = parents.get(current, "")
        if current == region:
            found.append(leaf.id)
    return tuple(found)


def group_share(look: Lookups, group: Region, leaves: Sequence[str]) -> Scope:
    """A region that has children, with all of its `leaves`; sheets as the head office has them."""
    head, plan = look.head, look.head.plan
    inside = set(leaves)
    rows = [look.region_rows[leaf] for leaf in leaves if leaf in look.region_rows]
    ledger = lines_at(head.ledger, _joined(rows))
    own = [head.targets.of(leaf) for leaf in leaves]
    home = {person for region in _under(look, group) for person in look.home.get(region, ())}
    below = _under(look, group)
    regions = tuple(
        _locked_region(look.by_id[key], look, group) for key in below if key in look.by_id
    )
    customers = tuple(c for key in below for c in look.customers.get(key, ()))
    customer_ids = {c.id for c in customers}
    prospects = tuple(p for key in below for p in look.prospects.get(key, ()))
    accounts = tuple(k for k in plan.key_accounts if k.customer in customer_ids)
    assignments = tuple(a for key in below for a in look.assignments.get(key, ()))
    keep = look.with_managers(home | {a.person for a in assignments})
    keep |= {c.owner for c in customers} | {p.owner for p in prospects}
    keep |= {k.owner for k in accounts} | _sellers(ledger)
    products = [sum(t.products[i] for t in own) for i in range(len(plan.product_lines))]
    locks = [lock for key in leaves for lock in look.locks.get(key, ()) if lock.month is not None]
    locks += [
        TargetLock(region=t.region, product_line=line.id, locked_amount=amount)
        for t in own
        for line, amount in zip(plan.product_lines, t.products, strict=True)
    ]
    narrowed = dataclasses.replace(
        plan,
        settings=dataclasses.replace(
            plan.settings,
            annual_target_amount=sum(t.amount for t in own),
            market_amount=None,
        ),
        regions=regions,
        product_lines=_locked_lines(plan.product_lines, products),
        people=tuple(_guest(p, set(below), keep) for p in known_people(look, keep)),
        target_locks=tuple(locks),
        sales_years=(),
        **pay_rows(plan, home),
        team_pools=tuple(pool for key in below for pool in look.pools.get(key, ())),
        assignments=assignments,
        prospects=prospects,
        customers=customers,
        key_accounts=accounts,
        partners=tuple(p for key in below for p in look.partners.get(key, ())),
    )
    return dataclasses.replace(
        head,
        plan=narrowed,
        targets=_targets(narrowed, head.targets),
        ledger=ledger,
        region=None,
        kind="group",
        label=group.name,
        **outside(look, inside, home),
    )


def person_share(look: Lookups, person: Person) -> Scope:
    """What one person carries: own customers, prospects, lines, and quota of every region."""
    head, plan = look.head, look.head.plan
    ledger = lines_at(head.ledger, look.person_rows.get(person.id))
    home = look.by_id.get(person.region) or Region(id=person.region or "-", name=person.name)
    mine = Region(id=home.id, name=home.name)
    quotas = person_quotas(look, person.id)
    total = sum(map(sum, quotas))
    customers = _customers_of(look, person.id, ledger, mine.id)
    customer_ids = {c.id for c in customers}
    locks = []
    for line, months in zip(plan.product_lines, quotas, strict=True):
        locks.append(TargetLock(region=mine.id, product_line=line.id, locked_amount=sum(months)))
        locks += [
            TargetLock(region=mine.id, product_line=line.id, month=day.month, locked_amount=owed)
            for day, owed in zip(head.targets.months, months, strict=True)
        ]
    narrowed = dataclasses.replace(
        plan,
        settings=dataclasses.replace(
            plan.settings, annual_target_amount=total, market_amount=None
        ),
        regions=(dataclasses.replace(mine, history_amount=max(total, 1), locked_amount=total),),
        product_lines=_locked_lines(plan.product_lines, [sum(months) for months in quotas]),
        people=(
            dataclasses.replace(
                person, region=mine.id, manager="", region_since=None,
                quota_weight=max(person.quota_weight, type(person.quota_weight)(1)),
            ),
        ),
        target_locks=tuple(locks),
        sales_years=(),
        **(pay_rows(plan, {person.id}) | {"overrides": ()}),
        team_pools=(),
        assignments=(),
        prospects=tuple(
            dataclasses.replace(p, region=mine.id) for p in plan.prospects if p.owner == person.id
        ),
        customers=customers,
        key_accounts=tuple(
            dataclasses.replace(k, owner=k.owner if k.owner == person.id else "")
            for k in plan.key_accounts
            if k.customer in customer_ids
        ),
        partners=(),
    )  # fmt: skip
    return dataclasses.replace(
        head,
        plan=narrowed,
        targets=_targets(narrowed, head.targets),
        ledger=ledger,
        region=narrowed.regions[0],
        kind="person",
        label=person.name,
        outside_credit={},
        outside_quota={},
        outside_base={},
    )


def person_quotas(look: Lookups, person: str) -> list[list[int]]:
    """[product][month] in minor units, over all regions in which the person carries quota."""
    targets = look.head.targets
    sums = [[0] * len(targets.months) for _ in targets.product_ids]
    for at, m in look.quotas.get(person, ()):
        for product, by_member in zip(sums, targets.regions[at].quotas, strict=True):
            for month, owed in enumerate(by_member[m]):
                product[month] += owed
    return sums


def column_share(look: Lookups, column: str, value: str, label: str, rows: Rows) -> Scope:
    """The lines with one value in a column, and who and whom they name; no targets."""
    head, plan = look.head, look.head.plan
    ledger = lines_at(head.ledger, rows)
    bought = _keys(ledger, "customer_key")
    people = _sellers(ledger)
    used = _keys(ledger, "region_key")
    nothing = dataclasses.replace(
        plan,
        settings=dataclasses.replace(plan.settings, annual_target_amount=0, market_amount=None),
        regions=tuple(
            dataclasses.replace(bare_region(r), parent="") for r in plan.regions if r.id in used
        ),
        product_lines=tuple(_bare_line(line) for line in plan.product_lines),
        people=tuple(
            dataclasses.replace(p, manager="", note="", region=p.region if p.region in used else "")
            for p in known_people(look, people)
        ),
        target_locks=(),
        sales_years=(),
        **pay_rows(plan, set()),
        team_pools=(),
        assignments=(),
        prospects=(),
        customers=tuple(
            dataclasses.replace(
                c,
                owner=c.owner if c.owner in people else "",
                region=c.region if c.region in used else "",
            )
            for c in plan.customers
            if c.id in bought
        ),
        key_accounts=(),
        channels=tuple(c for c in plan.channels if column == "channel" and c.name == value),
        partners=(),
    )
    return dataclasses.replace(
        head,
        plan=nothing,
        targets=_no_targets(head.targets, [r.id for r in nothing.regions]),
        ledger=ledger,
        region=None,
        kind=column,
        label=label,
        outside_credit={},
        outside_quota={},
        outside_base={},
    )


# ---- parts


def _joined(rows: Sequence[Rows]) -> Rows | None:
    return np.sort(np.concatenate(list(rows))) if rows else None


def _under(look: Lookups, group: Region) -> list[str]:
    """The group and every region beneath it, in the plan's order."""
    return [
        region.id
        for region in look.head.plan.regions
        if region.id == group.id or group.id in look.ancestors(region)
    ]


def _locked_region(region: Region, look: Lookups, group: Region) -> Region:
    parent = "" if region.id == group.id else region.parent
    if region.id not in look.target_at:
        return dataclasses.replace(region, parent=parent, locked_amount=None)
    amount = look.head.targets.of(region.id).amount
    return dataclasses.replace(
        region,
        parent=parent,
        history_amount=region.history_amount or max(amount, 1),
        locked_amount=amount,
    )


def _bare_line(line: ProductLine) -> ProductLine:
    return dataclasses.replace(
        line,
        history_amount=0,
        potential_amount=0,
        locked_amount=None,
        minimum_share=None,
        maximum_share=None,
    )


def _locked_lines(lines: Sequence[ProductLine], amounts: Sequence[int]) -> tuple[ProductLine, ...]:
    """The share's own figures stand for history: the company's are not its business."""
    return tuple(
        dataclasses.replace(_bare_line(line), history_amount=max(amount, 1), locked_amount=amount)
        for line, amount in zip(lines, amounts, strict=True)
    )


def _targets(narrowed: Plan, whole: Targets) -> Targets:
    """The share's breakdown; the locks leave nothing to chance."""
    return dataclasses.replace(breakdown(narrowed), month_parts=whole.month_parts)


def _no_targets(targets: Targets, regions: Sequence[str]) -> Targets:
    products = (0,) * len(targets.product_ids)
    months = ((0,) * len(targets.months),) * len(products)
    return dataclasses.replace(
        targets,
        total=0,
        region_ids=tuple(regions),
        region_parts=(0,) * len(regions),
        region_amounts=(0,) * len(regions),
        product_parts=products,
        product_amounts=products,
        regions=tuple(
            RegionTargets(region, 0, products, months, (), (), tuple(() for _ in products))
            for region in regions
        ),
    )


def _guest(person: Person, inside: Collection[str], keep: set[str]) -> Person:
    """Somebody from elsewhere: neither home nor note is told."""
    manager = person.manager if person.manager in keep else ""
    if person.region in inside:
        return dataclasses.replace(person, manager=manager)
    return dataclasses.replace(
        person, manager=manager, region="", note="", career_level="", level_since=None
    )


def _keys(ledger: Ledger | None, column: str) -> set[str]:
    if ledger is None or column not in ledger.frame.columns:
        return set()
    return set(ledger.frame[column].dropna().astype(str)) - {""}


def _sellers(ledger: Ledger | None) -> set[str]:
    return _keys(ledger, "person_key")


def _customers_of(
    look: Lookups, person: str, ledger: Ledger | None, region: str
) -> tuple[Customer, ...]:
    """Customers owned, and those of others to whom the person sold, without their owner."""
    bought = _keys(ledger, "customer_key")
    return tuple(
        dataclasses.replace(
            c,
            region=region,
            owner=person if c.owner == person else "",
            open_problem=c.open_problem if c.owner == person else "",
            maintenance=c.maintenance if c.owner == person else "",
        )
        for c in look.head.plan.customers
        if c.owner == person or c.id in bought
    )
