"""A plan with one thing wrong with its pay: how the tests of `check` make and look at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from plan_samples import rich_plan

from salesxl.errors import Problem
from salesxl.plan.model import CommissionPlan, CommissionTier, Plan, PlanTerm, TeamPool
from salesxl.plan.read import check_file
from salesxl.sheets.plan_book import write_plan

START = date(2027, 4, 1)  # the plan's fiscal year: 2027-04-01 to 2028-03-31
# What the plan without a fault is told: potential is empty, and its whole-amount plan has cliffs.
USUAL = {"plan.weights_one_zero", "plan.cliffs"}


def version(**more: Any) -> CommissionPlan:
    values: dict[str, Any] = {
        "id": "X", "name": "X", "effective_from": START, "base": "amount", "kind": "marginal",
        "measure": "amount", "period": "month",
    }  # fmt: skip
    return CommissionPlan(**{**values, **more})


def tiers(*rows: tuple[str, ...], plan: str = "X") -> tuple[CommissionTier, ...]:
    return tuple(
        CommissionTier(
            plan=plan, effective_from=START, threshold=Decimal(row[0]), rate=Decimal(row[1]),
            second_threshold=Decimal(row[2]) if len(row) > 2 else None,
        )
        for row in rows
    )  # fmt: skip


def with_plan(row: CommissionPlan, *rows: tuple[str, ...]) -> Plan:
    """The sample with one more commission plan; its row is 12, its first tier 18."""
    plan = rich_plan("en")
    return replace(
        plan,
        commission_plans=(*plan.commission_plans, row),
        commission_tiers=(*plan.commission_tiers, *tiers(*rows)),
    )


def with_rows(**tables: tuple[Any, ...]) -> Plan:
    return replace(rich_plan("en"), **tables)


def found(plan: Plan, folder: Path) -> list[Problem]:
    """What checking the plan's workbook finds beyond the usual."""
    path = folder / "plan.xlsx"
    write_plan(plan, path, "en")
    return [
        problem for problem in check_file(path)[1]
        if problem.code not in USUAL or "plan X" in problem.say("en")
    ]  # fmt: skip


TERM = PlanTerm(person="E2", plan="std", from_date=START)
POOL = TeamPool(region="1001", period="quarter", pool_rate=Decimal("0.01"), from_date=START)
