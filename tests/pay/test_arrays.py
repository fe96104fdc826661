"""The ledger run on arrays against the scalar rules: 100,000 random lines, every kind of table.

Lines, quotas and tables come from a seeded generator. Each person's pay of each month must be
what the core's own functions pay on the month's credit, and the lines must add up to it.
"""

from __future__ import annotations

import dataclasses
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from salesxl.core.commission import commission_flat, commission_marginal, commission_whole
from salesxl.core.credit_split import overlay_credit, split_credit
from salesxl.core.curve import commission_interpolated, commission_matrix
from salesxl.core.year_to_date import commission_ytd
from salesxl.ledger.pay.arrays import (
    SAFE,
    marginal_curve,
    order_of,
    payout_curve,
    rate_pay,
    running_pay,
    segment_sums,
    shown_pay,
)
from salesxl.ledger.pay.results import PlanPay
from salesxl.ledger.pay.shares import part_of_lines, split_lines
from salesxl.plan.model import CommissionPlan, Person, Plan, Region
from tests.pay.make import ledger, line, plan, run, tiers, version

KINDS: dict[str, tuple[dict[str, Any], tuple[tuple[str, ...], ...]]] = {
    "flat": ({"kind": "flat"}, (("0", "0.0333"),)),
    "marginal": ({}, (("0", "0.01"), ("10000.55", "0.0275"), ("30000", "0.04"))),
    "above": ({"line_cap_amount": 500}, (("2500", "0.01"), ("40000", "0.12345"))),
    "whole": ({"kind": "whole_amount"}, (("0", "0.01"), ("20000", "0.025"), ("60000", "0.0333"))),
    "share": (
        {"measure": "attainment", "cap_amount": 1500_00},
        (("0", "0.008"), ("0.333", "0.012"), ("1.2", "0.02")),
    ),
    "reached": (
        {"kind": "whole_amount", "measure": "attainment", "floor_amount": 50_00},
        (("0.1", "0.008"), ("0.8", "0.012")),
    ),
    "curve": (
        {"kind": "interpolated", "measure": "attainment", "target_pay_amount": 3333_33},
        (("0.05", "0.1"), ("0.7", "1"), ("1.1", "1.7")),
    ),
    "money": (
        {"kind": "interpolated", "target_pay_amount": 1000_00},
        (("0", "0"), ("7777.77", "0.31"), ("60000", "2.5")),
    ),
    "matrix": (
        {"kind": "matrix", "second_measure": "margin_rate"},
        (("0", "0", "0.01"), ("0", "0.3", "0.02"),
         ("20000", "0", "0.03"), ("20000", "0.3", "0.045")),
    ),
    "ytd": ({"period": "ytd"}, (("0", "0.01"), ("50000", "0.02"), ("200000.01", "0.031"))),
    "toward": (
        {"period": "ytd", "measure": "attainment"},
        (("0", "0.01"), ("0.45", "0.02"), ("1", "0.03")),
    ),
    "yearly": ({"period": "ytd", "kind": "whole_amount"}, (("0", "0.01"), ("100000", "0.02"))),
}  # fmt: skip
PEOPLE = 5  # of each kind


def crowd() -> Plan:
    people = tuple(
        Person(id=f"{kind}{n}", name=f"{kind}{n}", role="R", region="E", commission_plan=kind,
               quota_weight=Decimal(n + 1))
        for kind in KINDS
        for n in range(PEOPLE)
    )  # fmt: skip
    base = plan(regions=(Region(id="E", name="East", history_amount=1),), people=people)
    return dataclasses.replace(
        base,
        settings=dataclasses.replace(base.settings, annual_target_amount=40_000_000_00),
        commission_plans=tuple(version(kind, **more) for kind, (more, _) in KINDS.items()),
        commission_tiers=tuple(
            row for kind, (_, rows) in KINDS.items() for row in tiers(*rows, key=kind)
        ),
    )


def lines_of(draw: random.Random, whole: Plan, count: int) -> list[dict[str, Any]]:
    ids = [person.id for person in whole.people]
    out = []
    for _ in range(count):
        day = date(2026, 1, 1) + timedelta(days=draw.randrange(365))
        cents = draw.choice((1, 99, draw.randrange(1, 60_000), draw.randrange(1, 90_000)))
        sign = -1 if draw.random() < 0.08 else 1
        amount = Decimal(sign * cents).scaleb(-2)
        cost = (amount * Decimal(draw.randrange(40, 100))).scaleb(-2).quantize(Decimal("0.01"))
        out.append(line(day.isoformat(), draw.choice(ids), str(amount), cost=str(cost), order="1"))
    return out


@pytest.fixture(scope="module")
def runs() -> dict[str, list[PlanPay]]:
    """Person → their twelve months."""
    draw = random.Random(20260601)
    whole = crowd()
    # All of one order: no return is without its sale, and none is looked for by number.
    made = run(whole, ledger(*lines_of(draw, whole, 100_000)), "2026")
    assert made.ledger_lines == 100_000
    assert not made.unassigned
    return {statement.person: list(statement.plans) for statement in made.statements}


def scalar(row: CommissionPlan, pay: PlanPay) -> Decimal:
    """The month's pay by the core's functions, in major units; line caps aside."""
    amount = Decimal(pay.before_credited + pay.credited).scaleb(-2)
    kind, rows = row.kind, KINDS[row.id][1]
    starts = [Decimal(r[0]) for r in rows]
    rates = [Decimal(r[-1]) for r in rows]
    limits = {
        "cap": None if row.cap_amount is None else Decimal(row.cap_amount).scaleb(-2),
        "floor": None if row.floor_amount is None else Decimal(row.floor_amount).scaleb(-2),
    }
    quota = Decimal(pay.quota).scaleb(-2)
    if row.measure == "attainment" and kind != "interpolated":
        starts = [start * quota for start in starts]
    if kind == "flat":
        return commission_flat(amount, rates[0], **limits)
    if kind == "marginal":
        return commission_marginal(amount, starts, rates, **limits)
    if kind == "whole_amount":
        return commission_whole(amount, starts, rates, **limits)
    if kind == "interpolated":
        place = Fraction(amount) / Fraction(quota) if row.measure == "attainment" else amount
        target = Decimal(row.target_pay_amount or 0).scaleb(-2)
        heights = [rate * target for rate in rates]
        return Decimal(commission_interpolated(place, starts, heights, decimals=2))
    assert kind == "matrix"
    second = pay.second_value if pay.second_value is not None else Fraction(-1)
    grid = [[Decimal("0.01"), Decimal("0.02")], [Decimal("0.03"), Decimal("0.045")]]
    return commission_matrix(
        amount, second, amount, ["0", "0.3"], ["0", "20000"], list(zip(*grid, strict=True))
    )


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in ("above", "ytd", "toward", "yearly")]
)
def test_a_month_pays_what_the_rule_pays(runs: dict[str, list[PlanPay]], kind: str) -> None:
    for n in range(PEOPLE):
        months = runs[f"{kind}{n}"]
        assert len(months) == 12
        assert sum(len(pay.lines) for pay in months) > 1000
        for pay in months:
            assert Decimal(pay.earned).scaleb(-2) == scalar(pay.plan, pay)


@pytest.mark.parametrize("kind", ["ytd", "toward", "yearly"])
def test_the_year_to_date_pays_what_the_rule_pays(
    runs: dict[str, list[PlanPay]], kind: str
) -> None:
    rows = KINDS[kind][1]
    for n in range(PEOPLE):
        months = runs[f"{kind}{n}"]
        quotas = [Decimal(pay.quota).scaleb(-2) for pay in months]
        monthly = [b - a for a, b in zip([Decimal(0), *quotas], quotas, strict=False)]
        want = commission_ytd(
            [Decimal(pay.credited).scaleb(-2) for pay in months],
            [row[0] for row in rows],
            [row[-1] for row in rows],
            "whole" if kind == "yearly" else "marginal",
            quotas=monthly if kind == "toward" else None,
        )
        assert [Decimal(pay.earned).scaleb(-2) for pay in months] == [row[-1] for row in want]


def test_each_line_is_within_a_cent_of_its_own_pay(runs: dict[str, list[PlanPay]]) -> None:
    for kind in ("flat", "marginal", "whole", "share", "reached", "matrix", "ytd"):
        for pay in runs[f"{kind}0"]:
            for item in pay.lines:
                exact = sum(part * rate for _, part, rate in item.parts)
                assert abs(item.pay - exact) < 1
                assert sum(part for _, part, _ in item.parts) == item.credited or kind == "share"


def test_tiers_hold_the_same_credit_and_pay(runs: dict[str, list[PlanPay]]) -> None:
    for kind in ("flat", "marginal", "whole", "share", "matrix", "ytd"):
        for pay in runs[f"{kind}1"]:
            assert sum(tier.amount for tier in pay.tiers) == pay.credited
            of_tiers = sum(tier.pay for tier in pay.tiers)
            assert abs(of_tiers - pay.lines_pay) <= 1
    for pay in runs["curve1"] + runs["money1"]:
        assert abs(sum(tier.pay for tier in pay.tiers) - pay.lines_pay) <= 1


def test_no_line_earns_more_than_its_cap(runs: dict[str, list[PlanPay]]) -> None:
    capped = 0
    for pay in runs["above0"]:
        exact = Fraction(0)
        for item in pay.lines:
            assert abs(item.pay) <= 500
            own = sum(part * rate for _, part, rate in item.parts)
            exact += max(min(own, Fraction(500)), Fraction(-500))
            capped += item.pay == 500
        assert abs(exact - pay.earned) <= Fraction(1, 2)
    assert capped


# ---- beyond int64


def test_nothing_overflows() -> None:
    """10^13 minor units at a rate of nine decimals: the products leave int64, the sums do not."""
    bands = [(Fraction(0), Fraction("0.012345678")), (Fraction(10**12), Fraction("0.212345679"))]
    curve = marginal_curve(bands)
    running = np.array([9 * 10**12, 10**13, 9 * 10**12], np.int64)
    lengths = np.array([3], np.int64)
    assert curve.bound(10**13) > SAFE
    pay, begin = running_pay(running, [0], lengths, [curve])
    total = segment_sums(pay, lengths)[0]
    want = 10**12 * bands[0][1] + 8 * 10**12 * bands[1][1]
    assert (Fraction(total, curve.denominator), begin) == (want, [0])
    rounded = round(want)
    shown = shown_pay(pay, lengths, [curve.denominator], [rounded])
    assert int(shown.sum()) == rounded
    flat = rate_pay(np.array([9 * 10**18], np.int64), np.array([1]), [3])
    assert [int(value) for value in flat] == [27 * 10**18]


def test_int64_where_it_is_safe() -> None:
    curve = marginal_curve([(Fraction(0), Fraction("0.01")), (Fraction(10**8), Fraction("0.02"))])
    pay, _ = running_pay(np.array([10**12], np.int64), [0], np.array([1]), [curve])
    assert pay.dtype == np.int64


def test_a_curve_is_the_rule_at_every_credit() -> None:
    draw = random.Random(3)
    points, payouts = ["0.35", "1", "1.05"], ["10", "200", "200.5"]
    quota = 12_345_67
    curve = payout_curve(
        [Fraction(p) * quota for p in points], [Fraction(p) * 100 for p in payouts]
    )
    for _ in range(2000):
        credit = draw.choice((draw.randrange(-5000, 2 * quota), quota, int(quota * 0.35) + 1))
        want = commission_interpolated(Fraction(credit, quota), points, payouts)
        assert Fraction(curve.at(credit), curve.denominator) == Fraction(want) * 100
        assert curve.exact(Fraction(credit)) == Fraction(want) * 100


# ---- splits


def test_splits_are_the_rule_on_every_line() -> None:
    draw = random.Random(5)
    for shares in (["0.5", "0.5"], ["0.7", "0.3"], ["0.333333333", "0.333333333", "0.333333334"],
                   ["0.1", "0.2", "0.3", "0.4"], ["1", "0"]):  # fmt: skip
        amounts = [draw.randrange(-10_000, 10_000) for _ in range(500)] + [0, 1, -1, 10**15 + 1]
        got = split_lines(np.array(amounts), [Fraction(share) for share in shares]).tolist()
        for amount, parts in zip(amounts, got, strict=True):
            want = split_credit(Decimal(amount).scaleb(-2), shares)
            assert [Decimal(part).scaleb(-2) for part in parts] == want
            assert sum(parts) == amount


def test_overlays_are_the_rule_on_every_line() -> None:
    amounts = [*range(-60, 60), 10**17 + 3]
    for share in ("0.2", "0.05", "0.333333"):
        got = part_of_lines(np.array(amounts), Fraction(share)).tolist()
        for amount, part in zip(amounts, got, strict=True):
            assert [Decimal(part).scaleb(-2)] == overlay_credit(Decimal(amount).scaleb(-2), [share])


def test_the_order_is_that_of_a_stable_sort() -> None:
    draw = random.Random(9)
    for width in (1, 3, 300, 70_000, 2**40):
        for _ in range(20):
            keys = [
                np.array([draw.randrange(-width, width) for _ in range(200)], np.int64)
                for _ in range(3)
            ]
            assert order_of(*keys).tolist() == np.lexsort(keys).tolist()
    assert order_of(np.array([5, 5, 5])).tolist() == [0, 1, 2]
    assert order_of(np.zeros(0, np.int64)).tolist() == []
