"""Small plans and ledgers for pay tests: rows as a reader would write them, money in yuan."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from salesxl.ledger.frame import COLUMNS, TEXT_COLUMNS, Ledger
from salesxl.ledger.match import match
from salesxl.ledger.pay.results import PayRun, Statement
from salesxl.ledger.pay.run import pay_run
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

START = date(2026, 1, 1)
ALL = frozenset(COLUMNS)


def fen(yuan: str | int) -> int:
    return int(Decimal(yuan) * 100)


def version(key: str = "P", **more: Any) -> CommissionPlan:
    usual = {
        "name": key, "effective_from": START, "base": "amount", "kind": "marginal",
        "measure": "amount", "period": "month",
    }  # fmt: skip
    return CommissionPlan(id=key, **{**usual, **more})


def tiers(*rows: Sequence[str], key: str = "P", start: date = START) -> tuple[CommissionTier, ...]:
    """Rows of (threshold, rate) or (threshold, second threshold, rate)."""
    return tuple(
        CommissionTier(
            plan=key, effective_from=start, threshold=Decimal(row[0]), rate=Decimal(row[-1]),
            second_threshold=Decimal(row[1]) if len(row) == 3 else None,
        )
        for row in rows
    )  # fmt: skip


BANDS = tiers(("0", "0.01"), ("10000", "0.02"), ("30000", "0.03"))


def plan(**more: Any) -> Plan:
    """Two regions, two product lines, A and B sell, M leads them; plan P for the sellers."""
    first_month = more.pop("first_month", 1)
    whole = Plan(
        settings=Settings(
            company="Prüf", currency="CNY", year=2026, annual_target_amount=fen(1_200_000),
            rounding_unit_amount=100, fiscal_year_first_month=first_month,
        ),
        regions=(
            Region(id="E", name="East", history_amount=100),
            Region(id="W", name="West", history_amount=100),
        ),
        product_lines=(
            ProductLine(id="X", name="Pumps", history_amount=100),
            ProductLine(id="Y", name="Valves", history_amount=100),
        ),
        month_weights=tuple(MonthWeight(month=n, weight=Decimal(1)) for n in range(1, 13)),
        roles=(
            Role(id="R", name="Rep", kind="rep"),
            Role(id="L", name="Manager", kind="manager", carries_quota="no"),
        ),
        people=(
            Person(id="A", name="Ann", role="R", region="E", manager="M", commission_plan="P"),
            Person(id="B", name="Bea", role="R", region="W", manager="M", commission_plan="P"),
            Person(id="M", name="Mia", role="L", region="E"),
        ),
        commission_plans=(version(),),
        commission_tiers=BANDS,
    )  # fmt: skip
    return dataclasses.replace(whole, **more)


def line(day: str, person: str, amount: str | int, **more: Any) -> dict[str, Any]:
    """One ledger line; money in yuan. `order` and the frame's columns may be given."""
    return {"date": day, "person_id": person, "amount": amount, **more}


def ledger(*lines: dict[str, Any], present: frozenset[str] = ALL, decimals: int = 2) -> Ledger:
    rows = []
    for number, given in enumerate(lines, 2):
        row: dict[str, Any] = {
            **dict.fromkeys(TEXT_COLUMNS, ""), "row": number, "source": "sales.csv",
            "cost": None, "collected": None, "quantity": 1.0, "product": "Pumps", "region": "East",
            **given,
        }  # fmt: skip
        row["order_id"] = row.pop("order", row["order_id"])
        for name in ("amount", "cost", "collected"):
            row[name] = None if row[name] is None else int(Decimal(row[name]) * 10**decimals)
        row["is_return"] = row["amount"] < 0
        rows.append(row)
    columns = list(COLUMNS)
    frame = pd.DataFrame(rows, columns=columns)
    frame["date"] = frame["date"].astype("datetime64[s]")
    frame["amount"] = frame["amount"].astype("int64")
    for name in ("cost", "collected"):
        frame[name] = frame[name].astype("Int64")
    for name in (*TEXT_COLUMNS, "source"):
        frame[name] = frame[name].fillna("").astype("category")
    return Ledger(frame, decimals, present)


def run(whole: Plan, lines: Ledger, period: str = "2026-06") -> PayRun:
    matched, _ = match(lines, whole)
    made = pay_run(whole, matched, period)
    check(made)
    return made


def check(made: PayRun) -> None:
    """What must hold for every run, to the minor unit."""
    assert made.ties
    for statement in made.statements:
        for pay in statement.plans:
            assert pay.lines_pay == sum(item.pay for item in pay.lines)
            assert pay.credited == sum(item.credited for item in pay.lines)
            assert pay.earned == pay.lines_pay + sum(change.amount for change in pay.changes)
            if pay.lines:
                assert pay.lines[-1].running == pay.before_credited + pay.credited
        parts = (statement.plans, statement.overrides, statement.spiffs, statement.bonuses)
        extra = sum(item.pay for part in parts[1:] for item in part)  # type: ignore[attr-defined]
        assert statement.earned == statement.commission + extra
        assert statement.payable == (
            statement.earned
            + sum(item.pay for item in statement.clawbacks)
            + sum(item.amount for item in statement.adjustments)
            - sum(item.amount for item in statement.held)
            + sum(item.amount for item in statement.released)
            + statement.drawn
        )
    assert made.earned == sum(statement.earned for statement in made.statements)


def of(made: PayRun, person: str = "A") -> Statement:
    return next(statement for statement in made.statements if statement.person == person)


def yuan(minor: int) -> str:
    return str(Decimal(minor).scaleb(-2))
