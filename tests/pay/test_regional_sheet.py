"""The regional workbook's commission sheet takes plans of every kind, and pays as a run does."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.ledger import credit
from salesxl.ledger.frame import TEXT_COLUMNS, Ledger
from salesxl.ledger.pay.run import pay_run
from salesxl.ooxml.write import write_book
from salesxl.plan.model import CommissionPlan, CommissionTier, Plan
from salesxl.sheets import commission, ledger_lines, targets
from salesxl.sheets.content import Book, Formula
from salesxl.sheets.scope import Scope
from tests import target_sample
from tests.oracles import engines

pytest.importorskip("ironcalc")

START = date(2026, 1, 1)
KINDS: dict[str, tuple[dict[str, Any], tuple[tuple[str, ...], ...]]] = {
    "flat": ({"kind": "flat", "base": "margin"}, (("0", "0.0333"),)),
    "capped": ({"cap_amount": 500_00, "floor_amount": 50_00}, (("0", "0.01"), ("10000", "0.02"))),
    "share": (
        {"kind": "whole_amount", "measure": "attainment", "floor_amount": 10_00,
         "period": "quarter"},
        (("0", "0.001"), ("0.2", "0.002")),
    ),
    "curve": (
        {"kind": "interpolated", "measure": "attainment", "target_pay_amount": 900_00},
        (("0.01", "0.1"), ("1", "1")),
    ),
    "matrix": (
        {"kind": "matrix", "second_measure": "collection_rate", "period": "quarter"},
        (("0", "0", "0.01"), ("0", "0.3", "0.02"),
         ("20000", "0", "0.03"), ("20000", "0.3", "0.05")),
    ),
    "ytd": ({"period": "ytd"}, (("0", "0.01"), ("20000", "0.02"))),
}  # fmt: skip


def plan(kind: str) -> Plan:
    more, rows = KINDS[kind]
    usual = {"base": "amount", "kind": "marginal", "measure": "amount", "period": "month"}
    version = CommissionPlan(id="K", name="K", effective_from=START, **{**usual, **more})
    tiers = tuple(
        CommissionTier(
            plan="K", effective_from=START, threshold=Decimal(row[0]), rate=Decimal(row[-1]),
            second_threshold=Decimal(row[1]) if len(row) == 3 else None,
        )
        for row in rows
    )  # fmt: skip
    whole = target_sample.plan()
    people = tuple(dataclasses.replace(p, commission_plan="K") for p in whole.people)
    return dataclasses.replace(
        whole, people=people, commission_plans=(version,), commission_tiers=tiers
    )


def lines() -> Ledger:
    made = target_sample.ledger()
    frame = made.frame.copy()
    for name in (
        *TEXT_COLUMNS,
        "source",
        "region_key",
        "person_key",
        "product_key",
        "customer_key",
    ):
        frame[name] = frame[name].astype("category")
    return dataclasses.replace(made, frame=frame)


def scope(kind: str) -> Scope:
    return target_sample.scope(plan(kind), "E", "en", lines())


@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_finds_every_value(kind: str, tmp_path: Path) -> None:
    here = scope(kind)
    book = Book("en", "t", "c", currency="CNY")
    book.sheets.append(commission.build(here, book))
    book.sheets += [targets.build(here, book), ledger_lines.build(here, book)]
    path = tmp_path / "c.xlsx"
    write_book(book, path)
    compared = engines.with_ironcalc([path])
    assert not compared.differences, [str(d) for d in compared.differences[:5]]
    live = [
        isinstance(cell.value, Formula) and "ROUND(IF(" in cell.value.text
        for cell in book.sheets[0].cells
        if cell.col == commission.PAY and cell.look.fmt == "pay" and cell.look.style == "cell"
    ]
    assert any(live) == (kind in ("flat", "capped", "share"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_sheet_pays_as_a_run_does(kind: str) -> None:
    """E01 sells all year and in both regions; nothing else is in the plan."""
    whole = plan(kind)
    run = pay_run(whole, lines(), "2027")
    paid = {statement.person: statement.commission for statement in run.statements}
    made = commission._Calculator(scope(kind), Book("en", "t", "c")).statements
    for statement in made:
        if statement.person.id == "E01":
            assert not statement.reason
            assert int(statement.pay * 100) == paid["E01"]
            assert any(row.pay for row in statement.rows)


def test_a_plan_for_single_lines_is_told_in_words() -> None:
    whole = plan("capped")
    version = dataclasses.replace(whole.commission_plans[0], product_line="P1")
    here = target_sample.scope(
        dataclasses.replace(whole, commission_plans=(version,)), "E", "en", lines()
    )
    calculator = commission._Calculator(here, Book("en", "t", "c"))
    assert {statement.reason for statement in calculator.statements} == {"limited"}
    calculator.build()
    assert credit.is_limited(credit.versions_of(here.plan, "K")[0])
