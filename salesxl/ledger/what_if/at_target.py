"""What it costs when everybody reaches the same part of their target, each with their own mix.

A ledger is made up: for each person and month the quota now times the attainment, over the
product lines, channels, regions and customer sources the person really sold, in these
proportions, at the person's own cost and collection rates. It is paid by the run itself, so
every rule counts. What hangs on single orders or customers (SPIFFs, new customers) does not.
Both scenes are paid on the same sales.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from salesxl.core.number import half_up
from salesxl.ledger.frame import TEXT_COLUMNS, Ledger
from salesxl.ledger.pay.crediting import credit_lines
from salesxl.ledger.pay.periods import first_day, last_day, parse_period
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.pay.team import is_credit
from salesxl.ledger.what_if.pair import Pair
from salesxl.ledger.what_if.scene import Scene
from salesxl.plan.model import Person, Plan

ATTAINMENTS = (Fraction(4, 5), Fraction(1), Fraction(6, 5))
_MIX = ("product_key", "channel", "customer_source", "region_key")
_NONE = frozenset({"order_id", "currency"})  # columns a made-up line does not have


@dataclass(frozen=True)
class AtTarget:
    """`sales`: Σ quotas × attainment, minor units; `earned`: what they cost now and after."""

    attainment: Fraction
    sales: int
    earned: Pair


@dataclass(frozen=True)
class _Part:
    """A part of what somebody sells: its texts, and its sums in minor units."""

    texts: tuple[str, ...]  # as _MIX
    amount: int
    cost: int | None
    collected: int


def at_target(scenes: Sequence[Scene], ledgers: Sequence[Ledger]) -> tuple[AtTarget, ...]:
    """The cost of the plan's year at each of ATTAINMENTS; () where nobody carries quota."""
    months = _quota_months(scenes)
    if not any(map(any, months.values())):
        return ()
    out = []
    used = _used(scenes)
    mixes = [_mixes(s.plan, ledger, used) for s, ledger in zip(scenes, ledgers, strict=True)]
    for attainment in ATTAINMENTS:
        costs, sales = [], 0
        for scene, ledger, mix in zip(scenes, ledgers, mixes, strict=True):
            made = _made_up(scene.plan, ledger, months, mix, attainment, used)
            plan = replace(scene.plan, spiffs=(), credit_shares=())
            year = parse_period(str(plan.settings.year), plan.settings.fiscal_year_first_month)
            costs.append(pay_run(plan, made, year, scene.quotas).earned)
            sales = max(sales, made.total)
        out.append(AtTarget(attainment, sales, Pair(*costs)))
    return tuple(out)


def _quota_months(scenes: Sequence[Scene]) -> dict[str, tuple[int, ...]]:
    """Person → twelve quotas as they are now; who is only in the other plan has that plan's."""
    found: dict[str, tuple[int, ...]] = {}
    for scene in scenes:
        quotas = scene.quotas
        for person in scene.plan.people:
            if person.id not in found:
                found[person.id] = quotas.months(person.id)
    return found


def _used(scenes: Sequence[Scene]) -> frozenset[str]:
    """The texts a line is paid by: only what limits a plan or fills a pool is kept apart."""
    found = set()
    for scene in scenes:
        for row in scene.plan.commission_plans:
            limits = (row.product_line, row.channel, row.customer_source, row.region)
            found |= {name for name, limit in zip(_MIX, limits, strict=True) if limit}
        if scene.plan.team_pools:
            found.add("region_key")
    return frozenset(found)


def _mixes(plan: Plan, ledger: Ledger, used: frozenset[str]) -> dict[str, list[_Part]]:
    """What each person sold, by part; key "" is everybody together."""
    rows, data = credit_lines(ledger, plan)
    use = np.flatnonzero(is_credit(rows))
    lines = rows.line[use]
    frame: dict[str, Any] = {
        name: ledger.frame[name].iloc[lines].astype(str).to_numpy() if name in used else ""
        for name in _MIX
    }
    frame["payee"] = rows.payee[use]
    frame["amount"] = rows.money["amount"][use]
    frame["margin"] = rows.money["margin"][use]
    frame["collected"] = rows.money["collected"][use]
    frame["unknown"] = data.no_cost[lines]
    table = pd.DataFrame(frame)
    found: dict[str, list[_Part]] = {}
    for keys, name in ((["payee"], "own"), ([], "all")):
        groups = table.groupby([*keys, *_MIX], sort=True, observed=True)
        sums = groups.agg(
            amount=("amount", "sum"), margin=("margin", "sum"), collected=("collected", "sum"),
            unknown=("unknown", "all"),
        ).reset_index()  # fmt: skip
        for row in sums.to_dict("records"):
            amount = int(row["amount"])
            if amount <= 0:
                continue
            cost = None if row["unknown"] else amount - int(row["margin"])
            part = _Part(tuple(str(row[key]) for key in _MIX), amount, cost, int(row["collected"]))
            key = plan.people[int(row["payee"])].id if name == "own" else ""
            found.setdefault(key, []).append(part)
    return found


def _made_up(
    plan: Plan, ledger: Ledger, months: dict[str, tuple[int, ...]],
    mixes: dict[str, list[_Part]], attainment: Fraction, used: frozenset[str],
) -> Ledger:  # fmt: skip
    settings = plan.settings
    begin = settings.year * 12 + settings.fiscal_year_first_month - 1
    regions = {region.id for region in plan.leaf_regions}
    columns: dict[str, list[Any]] = {
        name: [] for name in ("day", "person", *_MIX, "amount", "cost", "collected")
    }
    for person in plan.people:
        parts = mixes.get(person.id) or _as_everybody(mixes.get("", []), person, regions)
        for index, quota in enumerate(months.get(person.id, ())):
            amount = half_up(quota * attainment.numerator, attainment.denominator)
            day = _working_day(person, begin + index)
            if not amount or day is None:
                continue
            for part, share in zip(parts, _shared(amount, parts), strict=True):
                columns["day"].append(day)
                columns["person"].append(person.id)
                for name, value in zip(_MIX, part.texts, strict=True):
                    columns[name].append(value)
                columns["amount"].append(share)
                cost = None if part.cost is None else half_up(share * part.cost, part.amount)
                columns["cost"].append(cost)
                columns["collected"].append(half_up(share * part.collected, part.amount))
    return _ledger(ledger, columns, used)


def _as_everybody(parts: list[_Part], person: Person, regions: set[str]) -> list[_Part]:
    """Who has sold nothing yet sells what all sell, in the own region."""
    own = person.region if person.region in regions else ""
    if not parts:
        return [_Part(("", "", "", own), 1, None, 1)]
    return [replace(part, texts=(*part.texts[:3], own or part.texts[3])) for part in parts]


def _shared(amount: int, parts: Sequence[_Part]) -> list[int]:
    """`amount` in proportion, adding up: each part ends where its running sum rounds to."""
    whole = sum(part.amount for part in parts)
    out, before, running = [], 0, 0
    for part in parts:
        running += part.amount
        end = half_up(amount * running, whole)
        out.append(end - before)
        before = end
    return out


def _working_day(person: Person, month: int) -> date | None:
    """The 15th, or the nearest day of the month the person worked; None: on none."""
    first, last = first_day(month), last_day(month)
    first = max(first, person.joined_date or first)
    last = min(last, person.left_date or last)
    if first > last:
        return None
    return min(max(date(month // 12, month % 12 + 1, 15), first), last)


def _ledger(source: Ledger, columns: dict[str, list[Any]], used: frozenset[str]) -> Ledger:
    # Without products in the lines none can be unknown.
    lost = _NONE if "product_key" in used else _NONE | {"product", "category"}
    count = len(columns["day"])
    frame = pd.DataFrame(
        {
            "row": np.arange(1, count + 1),
            "source": pd.Categorical([""] * count),
            "date": pd.to_datetime(pd.Series(columns["day"], dtype="object")).astype(
                "datetime64[s]"
            ),
            "amount": np.array(columns["amount"], np.int64),
            "cost": pd.array(columns["cost"], dtype="Int64"),
            "collected": pd.array(columns["collected"], dtype="Int64"),
            "quantity": np.full(count, np.nan),
            "is_return": np.zeros(count, np.bool_),
            **{name: pd.Categorical([""] * count) for name in (*TEXT_COLUMNS, "customer_key")},
            "person_key": pd.Categorical(columns["person"]),
            **{name: pd.Categorical(columns[name]) for name in _MIX},
        }
    )
    return replace(
        source, frame=frame, present=source.present - lost, raw_total=Decimal(0),
        rounded_lines=0, skipped=(), totals_left_out=(), notices=(),
    )  # fmt: skip
