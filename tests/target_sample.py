"""Hand-made scopes for the target and commission sheets: 2 regions × 3 lines × 4 people."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import pandas as pd

from salesxl.ledger.frame import COLUMNS, Ledger
from salesxl.plan.model import (
    CommissionPlan,
    CommissionTier,
    MonthWeight,
    Person,
    Plan,
    ProductLine,
    Region,
    Role,
    Settings,
)
from salesxl.plan.targets import breakdown
from salesxl.sheets.scope import Scope, head_office, narrow
from salesxl.texts import Lang

WEIGHTS = ["6.2", "5.4", "9.0", "7.4", "7.6", "10.2", "7.2", "7.4", "9.8", "8.0", "9.2", "12.6"]
# (day, region, person, fen, cost, collected)
SALES = (
    ("2027-04-05", "E", "E01", 30_000_00, 20_000_00, 10_000_00),
    ("2027-04-30", "E", "E01", 8_000_00, 5_000_00, 8_000_00),
    ("2027-05-01", "S", "E01", 2_000_00, 1_000_00, None),
    ("2027-05-20", "E", "E02", 29_999_99, 10_000_00, None),
    ("2027-06-30", "E", "E02", -1_000_00, None, None),
    ("2027-07-01", "S", "E02", 12_345_67, 2_345_60, 12_345_67),
    ("2027-08-15", "E", "E03", 50_000_00, 1_00, 50_000_00),
    ("2027-09-09", "S", "S01", 100_00, 50_00, 100_00),
)


def tiers(plan: str, start: date, *rows: tuple[str, str]) -> tuple[CommissionTier, ...]:
    return tuple(
        CommissionTier(plan=plan, effective_from=start, threshold=Decimal(t), rate=Decimal(r))
        for t, r in rows
    )


def plan(
    first_month: int = 1, total: int = 864_012_345, unit: int = 100_00, **more: object
) -> Plan:
    """E02 joins in May 2027, E03 leaves in August; the total is no multiple of the unit."""
    start, later = date(2026, 1, 1), date(2027, 7, 1)
    whole = Plan(
        settings=Settings(
            company="Prüf & Co", currency="CNY", year=2027, annual_target_amount=total,
            rounding_unit_amount=unit, fiscal_year_first_month=first_month,
            potential_share=Decimal("0.3"),
        ),
        regions=(
            Region(id="E", name="华东", history_amount=500_000_00, potential_amount=900_000_00),
            Region(id="S", name="华南", history_amount=300_000_00, potential_amount=1_200_000_00),
        ),
        product_lines=tuple(
            ProductLine(id=f"P{n}", name=f"Line {n}", history_amount=amount)
            for n, amount in enumerate((310_000_00, 250_000_00, 140_000_00), 1)
        ),
        month_weights=tuple(
            MonthWeight(month=n, weight=Decimal(w)) for n, w in enumerate(WEIGHTS, 1)
        ),
        roles=(Role(id="R", name="销售代表", kind="rep"),),
        people=(
            Person(id="E01", name="沈知远", role="R", region="E", commission_plan="M"),
            Person(id="E02", name="林若溪", role="R", region="E", commission_plan="W",
                   joined_date=date(2027, 5, 10), quota_weight=Decimal("0.8")),
            Person(id="E03", name="周启明", role="R", region="E", commission_plan="A",
                   left_date=date(2027, 8, 31)),
            Person(id="S01", name="何蔓", role="R", region="S"),
        ),
        commission_plans=(
            CommissionPlan(id="M", name="Marginal", effective_from=start, base="amount",
                           kind="marginal", measure="amount", period="month"),
            CommissionPlan(id="W", name="Whole", effective_from=start, base="margin",
                           kind="whole_amount", measure="amount", period="quarter"),
            CommissionPlan(id="A", name="Attained", effective_from=start, base="collected",
                           kind="marginal", measure="attainment", period="year"),
            CommissionPlan(id="A", name="Attained 2", effective_from=later, base="collected",
                           kind="whole_amount", measure="attainment", period="quarter"),
        ),
        commission_tiers=(
            *tiers("M", start, ("0", "0.01"), ("10000", "0.02"), ("30000", "0.03")),
            *tiers("W", start, ("1000", "0.05"), ("10000", "0.085")),
            *tiers("A", start, ("0", "0.008"), ("0.8", "0.012")),
            *tiers("A", later, ("0", "0.01"), ("0.05", "0.0333")),
        ),
    )  # fmt: skip
    return dataclasses.replace(whole, **more)  # type: ignore[arg-type]


def ledger(rows: tuple[tuple[object, ...], ...] = SALES) -> Ledger:
    frame = pd.DataFrame(
        [
            {
                **dict.fromkeys(COLUMNS, ""), "row": n, "source": "sales.csv", "date": day,
                "amount": amount, "cost": cost, "collected": collected, "quantity": 1.0,
                "is_return": False, "person_id": person, "person": person, "region": region,
                "region_key": region, "person_key": person, "product_key": "P1",
                "customer_key": "",
            }
            for n, (day, region, person, amount, cost, collected) in enumerate(rows, 2)
        ]
    )  # fmt: skip
    frame["date"] = frame["date"].astype("datetime64[s]")
    for column in ("cost", "collected"):
        frame[column] = frame[column].astype("Int64")
    present = frozenset({"date", "amount", "cost", "collected", "person_id", "region"})
    return Ledger(frame, 2, present)


def scope(whole: Plan, region: str = "", lang: Lang = "zh", lines: Ledger | None = None) -> Scope:
    head = head_office(whole, breakdown(whole), lines, lang)
    if not region:
        return head
    return narrow(head, next(r for r in whole.regions if r.id == region))
