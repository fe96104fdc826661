"""Pay runs for the statement's tests: the quarter of one payee, and every kind of rate table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from salesxl.ledger.match import match
from salesxl.ledger.pay.quotas import Quotas
from salesxl.ledger.pay.results import PayRun
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.pay.terms import Window
from salesxl.plan.model import (
    Adjustment,
    Bonus,
    Clawback,
    CommissionPlan,
    CreditShare,
    Draw,
    Holdback,
    Override,
    Plan,
    PlanTerm,
    Spiff,
)
from tests.pay.make import START, fen, ledger, line, plan, tiers, version

# order, day, customer, base, share of A
QUARTER = (
    ("HY26-0703", "2026-07-03", "苏禾制药", "842000", "1"),
    ("HY26-0709", "2026-07-09", "澄澜生物", "1260000", "0.7"),
    ("HY26-0718", "2026-07-18", "启衡检测", "515600", "1"),
    ("HY26-0727", "2026-07-27", "江海石化研究院", "968000", "0.6"),
    ("HY26-0805", "2026-08-05", "明德大学分析中心", "436500", "1"),
    ("HY26-0814", "2026-08-14", "云杉新材", "724000", "0.5"),
    ("HY26-0822", "2026-08-22", "锦川电子", "688000", "1"),
    ("HY26-0902", "2026-09-02", "浦岳疾控中心", "392400", "1"),
    ("HY26-0911", "2026-09-11", "苏禾制药", "566000", "1"),
    ("HY26-0709", "2026-09-19", "澄澜生物", "-86000", "0.7"),
    ("HY26-0926", "2026-09-26", "理川电池", "518000", "1"),
    ("HY26-0929", "2026-09-29", "泽安食品检验所", "268000", "1"),
)
ATTAINED = tiers(("0", "0.008"), ("0.8", "0.012"), ("1", "0.02"), ("1.2", "0.025"))


class Fixed(Quotas):
    """The same quota for everybody's pay period."""

    def __init__(self, whole: Plan, quota: int) -> None:
        super().__init__(whole)
        self.quota = quota

    def of(
        self, person: str, row: CommissionPlan, first: int, last: int,
        covered: Sequence[Window], employed: Window,
    ) -> int:  # fmt: skip
        return self.quota

    def covers(self, month: int) -> bool:
        return True


def run(whole: Plan, lines: Sequence[dict[str, Any]], period: str, quota: int = 0) -> PayRun:
    matched, _ = match(ledger(*lines), whole)
    return pay_run(whole, matched, period, Fixed(whole, quota) if quota else None)


def people(zh: bool = True) -> Plan:
    """The usual plan with names as they are shown."""
    names = {"A": "沈知远", "B": "林若溪", "M": "顾长风"} if zh else {}
    base = plan()
    return dataclasses.replace(
        base,
        people=tuple(dataclasses.replace(p, name=names.get(p.id, p.name)) for p in base.people),
    )


def quarter() -> PayRun:
    """12 orders, 108.5 % of 5,520,000: 57,998.00 by four bands, then all that moves the money."""
    shares = [
        CreditShare(order=order, person=person, kind="split",
                    credit_share=Decimal(share) if person == "A" else 1 - Decimal(share))
        for order, _, _, _, share in {row[0]: row for row in QUARTER}.values()
        if share != "1"
        for person in ("A", "B")
    ]  # fmt: skip
    start = date(2026, 1, 1)
    whole = dataclasses.replace(
        people(),
        commission_plans=(version(name="直销 A 案", measure="attainment", period="quarter"),),
        commission_tiers=ATTAINED,
        credit_shares=tuple(shares),
        holdbacks=(Holdback(plan="P", holdback_share=Decimal("0.1"), release_months=3,
                            from_date=start),),
        draws=(Draw(person="A", draw_amount=fen(5000), recoverable="yes",
                    opening_amount=fen(12000), from_date=date(2026, 7, 1)),),
        adjustments=(
            Adjustment(person="A", pay_date=date(2026, 9, 30), adjustment_amount=Decimal("2500"),
                       reason="回款及时奖：三季度应收 98.2% 在 45 天内收回，高于 95% 的门槛"),
            Adjustment(person="A", pay_date=date(2026, 8, 22), adjustment_amount=Decimal("-1260"),
                       reason="锦川电子折扣率 14%，超出授权 2 个百分点（审批单 AP-2026-0388）"),
        ),
        spiffs=(Spiff(id="S1", name="泵推广", product="Pumps", spiff_amount=fen(500),
                      from_date=date(2026, 9, 20), to_date=date(2026, 9, 30)),),
        overrides=(Override(manager="M", base="amount", override_rate=Decimal("0.001"),
                            from_date=start),),
    )  # fmt: skip
    lines = [
        line(day, "A", amount, order=order, customer=customer)
        for order, day, customer, amount, _ in QUARTER
    ]
    lines.append(line("2026-08-01", "B", "99999.99", order="CANARY-1", customer="金丝雀公司"))
    lines.append(line("2026-05-06", "A", "400000", order="HY26-0506", customer="云杉新材"))
    return run(whole, lines, "2026-Q3", fen(5_520_000))


def clawed() -> PayRun:
    """A return of May's sale in June, under a clawback, and a bonus for a new customer."""
    whole = dataclasses.replace(
        people(False),
        commission_plans=(version(name="Monthly"),),
        commission_tiers=tiers(("0", "0.0333"), ("10000", "0.05")),
        clawbacks=(Clawback(plan="P", mode="full", age_months=6),),
        bonuses=(Bonus(id="NB", name="New customer", kind="new_customer", period="month",
                       bonus_amount=fen(300), idle_months=3),),
    )  # fmt: skip
    lines = [
        line("2026-01-05", "A", "1000", order="O1", customer="Old Ltd"),
        line("2026-05-05", "A", "20000", order="O5", customer="Old Ltd"),
        line("2026-06-02", "A", "3333.33", order="O6", customer="New & Sons"),
        line("2026-06-09", "A", "-8000", order="O5", customer="Old Ltd"),
        line("2026-06-10", "B", "777", order="CANARY-2", customer="Other payee's"),
        line("2026-06-11", "nobody", "55.55", order="LOST", customer="Lost"),
    ]
    return run(whole, lines, "2026-06")


KINDS: dict[str, dict[str, Any]] = {
    "flat": {"kind": "flat", "rows": tiers(("0", "0.0333"))},
    "marginal": {"rows": tiers(("0", "0.01"), ("10000", "0.0225"), ("30000", "0.03"))},
    "from_1000": {"rows": tiers(("1000", "0.01"), ("10000", "0.0225"))},
    "attained": {"measure": "attainment", "rows": ATTAINED},
    "whole": {"kind": "whole_amount", "rows": tiers(("0", "0.01"), ("10000", "0.0225"))},
    "whole_attained": {"kind": "whole_amount", "measure": "attainment", "rows": ATTAINED},
    "curve": {
        "kind": "interpolated", "measure": "attainment", "target_pay_amount": fen(10000),
        "rows": tiers(("0.5", "0.4"), ("1", "1"), ("1.5", "2.5")),
    },
    "curve_amount": {
        "kind": "interpolated", "target_pay_amount": fen(777),
        "rows": tiers(("0", "0.1"), ("7000", "0.6"), ("40000", "1.3")),
    },
    "matrix": {
        "kind": "matrix", "measure": "attainment", "second_measure": "margin_rate",
        "rows": tiers(
            ("0", "0", "0.01"), ("0", "0.3", "0.02"), ("1", "0", "0.03"), ("1", "0.3", "0.0455"),
        ),
    },
    "wide_matrix": {
        "kind": "matrix", "measure": "amount", "second_measure": "margin_rate",
        "rows": tiers(*(("0", f"0.{n}", f"0.0{n + 1}") for n in range(6))),
    },
    "ytd": {"period": "ytd", "rows": tiers(("0", "0.01"), ("10000", "0.0225"), ("30000", "0.03"))},
    "ytd_whole": {
        "period": "ytd", "kind": "whole_amount",
        "rows": tiers(("0", "0.01"), ("10000", "0.0225"), ("30000", "0.03")),
    },
    "capped": {"cap_amount": fen(500), "rows": tiers(("0", "0.01"), ("10000", "0.0225"))},
    "guarantee": {"floor_amount": fen(5000), "rows": tiers(("0", "0.01"))},
    "line_cap": {"line_cap_amount": fen(100), "rows": tiers(("0", "0.01"), ("10000", "0.0225"))},
    "no_tiers": {"rows": ()},
    "versions": {},
}  # fmt: skip
LINES = (
    line("2026-04-03", "A", "9999.99", order="A1", customer="One", cost="7000"),
    line("2026-05-10", "A", "4321.09", order="A2", customer="Two", cost="2000"),
    line("2026-06-01", "A", "0.17", order="A3", customer="Three", cost="0.10"),
    line("2026-06-02", "A", "12345.67", order="A4", customer="Four", cost="8000"),
    line("2026-06-03", "A", "-345.67", order="A4", customer="Four", cost="-200"),
    line("2026-06-20", "A", "23456.78", order="A5", customer="Five", cost="15000"),
    line("2026-06-21", "A", "3.33", order="A6", customer="Six", cost="2"),
)


def kind_run(name: str, period: str = "2026-06", lines: Sequence[dict[str, Any]] = LINES) -> PayRun:
    """One plan of the kind, 30,000 quota."""
    given = dict(KINDS[name])
    rows = given.pop("rows", ())
    plans = (version(name=name, **given),)
    if name == "versions":
        later = date(2026, 6, 3)
        plans = (version(name="Old"), version(name="New", effective_from=later))
        rows = (*tiers(("0", "0.01"), ("10000", "0.02")),
                *tiers(("0", "0.03"), ("20000", "0.05"), start=later))  # fmt: skip
    whole = dataclasses.replace(people(False), commission_plans=plans, commission_tiers=rows)
    return run(whole, lines, period, fen(30_000))


def many(lines: int = 300) -> PayRun:
    """A quarter of a monthly plan: three pay periods, `lines` lines, 30 customers."""
    rows = [
        line(f"2026-{4 + n % 3:02d}-{1 + n % 28:02d}", "A", f"{(n * 7919) % 90000 / 100:.2f}",
             order=f"N{n:04d}", customer=f"Customer {n % 30}")
        for n in range(lines)
    ]  # fmt: skip
    rows.append(line("2026-05-03", "A", "-123.45", order="N0001", customer="Customer 1"))
    rows.append(line("2026-05-04", "B", "5", order="CANARY-3", customer="Canary"))
    whole = dataclasses.replace(
        people(False),
        commission_plans=(version(name="Monthly"),),
        commission_tiers=tiers(("0", "0.0333"), ("10000", "0.05")),
    )
    return run(whole, rows, "2026-Q2")


def one() -> PayRun:
    return kind_run("marginal", lines=LINES[3:4])


def none() -> PayRun:
    """A draw, and not one order."""
    whole = dataclasses.replace(
        people(False),
        draws=(Draw(person="A", draw_amount=fen(5000), recoverable="yes", from_date=START),),
    )
    return run(whole, [line("2026-06-03", "B", "5", order="CANARY-4")], "2026-06")


def negative() -> PayRun:
    """Returns and an old draw: the payee owes."""
    whole = dataclasses.replace(
        people(False),
        adjustments=(
            Adjustment(person="A", pay_date=date(2026, 6, 30), adjustment_amount=Decimal("-99.99"),
                       reason="paid twice"),
        ),
    )  # fmt: skip
    rows = [line("2026-06-03", "A", "-5000", order="R1", customer="Back & Co")]
    return run(whole, rows, "2026-06")


def yen() -> PayRun:
    """A currency without decimals."""
    whole = people(False)
    whole = dataclasses.replace(
        whole, settings=dataclasses.replace(whole.settings, currency="JPY", decimals=0),
        commission_tiers=tiers(("0", "0.0333"), ("10000", "0.05")),
    )  # fmt: skip
    rows = [line("2026-06-03", "A", "12345", order="Y1"), line("2026-06-04", "A", "17", order="Y2")]
    matched, _ = match(ledger(*rows, decimals=0), whole)
    return pay_run(whole, matched, "2026-06")


def several_plans() -> PayRun:
    """Three months of a matrix, then of points, in one quarter's run."""
    plans = (
        version("P", name="Matrix", kind="matrix", measure="attainment",
                second_measure="margin_rate"),
        version("Q", name="Curve", kind="interpolated", measure="attainment",
                target_pay_amount=fen(10000)),
    )  # fmt: skip
    rows = (
        *tiers(
            ("0", "0", "0.01"), ("0", "0.3", "0.02"), ("1", "0", "0.03"), ("1", "0.3", "0.0455")
        ),
        *tiers(("0.1", "0.4"), ("1", "1"), ("1.5", "2.5"), key="Q"),
    )
    whole = dataclasses.replace(
        people(False), commission_plans=plans, commission_tiers=rows,
        plan_terms=(PlanTerm(person="A", plan="Q", from_date=date(2026, 6, 1)),),
    )  # fmt: skip
    return run(whole, LINES, "2026-Q2", fen(30_000))


def many_of_one() -> PayRun:
    """More lines than a page carries, in one pay period."""
    rows = [
        line(f"2026-06-{1 + n % 28:02d}", "A", f"{(n * 7919) % 90000 / 100:.2f}",
             order=f"N{n % 60}", customer=f"Customer {n % 7}")
        for n in range(90)
    ]  # fmt: skip
    return run(people(False), rows, "2026-06")


SITUATIONS = {
    "many_of_one": many_of_one,
    "quarter": quarter, "clawed": clawed, "many": many, "one": one, "none": none,
    "negative": negative, "yen": yen, "several_plans": several_plans,
}  # fmt: skip
