"""Now and after on a small firm, by hand.

Everybody's quota is 50,000 a month. At 1 %, 2 % from 10,000 and 3 % from 30,000 a month of
40,000 pays 100 + 400 + 300 = 800, of 50,000 1,100 and of 60,000 1,400.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from salesxl.errors import SalesxlError
from salesxl.ledger.match import match
from salesxl.ledger.pay.earn import Curves
from salesxl.ledger.pay.rules import limited, pay_on, rate_on
from salesxl.ledger.pay.versions import Version
from salesxl.ledger.what_if.compare import what_if
from salesxl.ledger.what_if.pair import Pair
from salesxl.ledger.what_if.range_pay import pay_of_range
from salesxl.ledger.what_if.scene import Factors, scaled, times
from salesxl.plan.model import Bonus, Override, PlanTerm
from tests.pay.make import BANDS, START, fen, ledger, line, plan, tiers, version
from tests.pay.what_if_sample import HALF, compare, months


def test_cost_by_item_and_person() -> None:
    """Three months: A 3 × 800 = 2,400, B 3 × 1,100 = 3,300; a tenth more after."""
    found = compare("rates P * 1.1")
    assert found.earned == Pair(fen(5700), fen(6270))
    assert found.payable == found.earned
    assert [(item.key, item.cost) for item in found.items if item.cost.now] == [
        ("P", Pair(fen(5700), fen(6270)))
    ]
    assert [(p.person, p.earned) for p in found.people if p.earned.now] == [
        ("A", Pair(fen(2400), fen(2640))), ("B", Pair(fen(3300), fen(3630))),
    ]  # fmt: skip
    assert found.credited == Pair(fen(270_000), fen(270_000))
    assert [n.code for n in found.notices] == ["what_if.sales_end"]


def test_people_and_items_add_up_with_all_that_moves_money() -> None:
    whole = plan(
        overrides=(
            Override(manager="M", base="amount", override_rate=Decimal("0.001"), from_date=START),
        ),
        bonuses=(
            Bonus(id="B1", name="Best", kind="champion", period="month", ties="shared",
                  bonus_amount=fen(500)),
        ),
    )  # fmt: skip
    found = compare("bonus B1 = 800", "override M = 0.2%", whole=whole)
    # 3 × 500 and 3 × 800 to B; 270,000 × 0.1 % and 0.2 % to M
    costs = {item.key: item.cost for item in found.items}
    assert costs["bonuses"] == Pair(fen(1500), fen(2400))
    assert costs["overrides"] == Pair(fen(270), fen(540))
    assert sum(p.earned.after for p in found.people) == found.earned.after
    assert sum(item.cost.after for item in found.items) == found.earned.after


def test_everybody_at_the_same_part_of_target() -> None:
    """24 months of a person: 80 % → 800, 100 % → 1,100, 120 % → 1,400 each."""
    found = compare("rates P * 1.1")
    assert [(row.attainment, row.sales, row.earned) for row in found.at_target] == [
        (Fraction(4, 5), fen(960_000), Pair(fen(19_200), fen(21_120))),
        (Fraction(1), fen(1_200_000), Pair(fen(26_400), fen(29_040))),
        (Fraction(6, 5), fen(1_440_000), Pair(fen(33_600), fen(36_960))),
    ]


def test_a_mix_is_kept_at_target() -> None:
    """Half of A's sales are Valves, which a plan of their own pays at 10 %; B sells Pumps.

    A at target: 25,000 Pumps pay 100 + 300 = 400, 25,000 Valves 2,500; B 1,100: 12 × 4,000.
    """
    valves = version("V", kind="flat", product_line="Y")
    whole = plan(
        commission_plans=(version(), valves),
        commission_tiers=(*BANDS, *tiers(("0", "0.1"), key="V")),
        plan_terms=(PlanTerm(person="A", plan="V", from_date=START),),
    )
    lines = ledger(
        line("2026-01-28", "A", 3000, product="Pumps"),
        line("2026-01-29", "A", 3000, product="Valves"),
        line("2026-01-30", "B", 1, region="West"),
    )
    found = compare("rates V * 2", whole=whole, lines=lines)
    assert found.at_target[1].earned == Pair(fen(48_000), fen(48_000 + 30_000))


def test_quota_moves_pay_by_attainment_only() -> None:
    """Whole amount, 1 % from 80 % and 2 % from 100 %: B sells exactly the quota."""
    whole = plan(
        commission_plans=(version(kind="whole_amount", measure="attainment"),),
        commission_tiers=tiers(("0.8", "0.01"), ("1", "0.02")),
    )
    # A 40,000 × 1 % = 400, B 50,000 × 2 % = 1,000 a month; after: A below 80 %, B at 95.2 %
    found = compare("quota * 1.05", whole=whole)
    assert found.earned == Pair(fen(3 * 1400), fen(3 * 500))
    one = compare("quota B * 1.05", whole=whole)
    assert one.earned == Pair(fen(3 * 1400), fen(3 * 900))


def test_sales_as_a_scenario() -> None:
    """Half as much: 20,000 pays 300, 25,000 pays 400."""
    assert compare("sales * 0.5").earned.after == fen(3 * 700)
    assert compare("sales A * 0.5").earned.after == fen(3 * (300 + 1100))


def test_two_plans_are_compared() -> None:
    other = plan(commission_tiers=HALF)
    found = what_if(
        plan(), months(1, 3), ["rates P * 2"], plan2=other, plan2_name="b.xlsx", draws=5
    )
    assert found.earned == Pair(fen(5700), fen(2 * 2700))
    with pytest.raises(SalesxlError) as caught:
        what_if(plan(), months(1, 3), [])
    assert caught.value.problems[0].code == "what_if.no_change"


def test_next_years_plan_is_tried_on_the_same_sales() -> None:
    """In 2027 the only version begins on 1 January 2027 and pays 1 % of everything."""
    new_year = date(2027, 1, 1)
    next_plan = plan(
        commission_plans=(version(effective_from=new_year),),
        commission_tiers=tiers(("0", "0.01"), start=new_year),
    )
    next_plan = replace(next_plan, settings=replace(next_plan.settings, year=2027))
    found = what_if(plan(), months(1, 3), [], plan2=next_plan, plan2_name="n.xlsx", draws=5)
    assert found.earned == Pair(fen(5700), fen(2700))
    assert found.at_target[1].earned == Pair(fen(26_400), fen(12_000))
    assert found.curves[0].after is not None
    assert found.curves[0].after.pay[100] == fen(500)
    assert found.year is None
    assert [n.code for n in found.notices] == ["what_if.sales_end", "what_if.other_year"]


def test_curve_and_its_cliffs() -> None:
    """Whole amount at a quota of 50,000: 10,000 jumps 100 → 200, 30,000 jumps 600 → 900."""
    found = compare("kind P = whole_amount")
    (curve,) = found.curves
    assert (curve.quota, curve.basis, curve.people) == (fen(50_000), "quota", 2)
    assert curve.now is not None and curve.after is not None
    assert curve.now.jumps == ()
    at = {step: (curve.now.pay[step], curve.after.pay[step]) for step in (0, 19, 20, 60, 100, 200)}
    assert at == {
        0: (0, 0), 19: (fen(95), fen(95)), 20: (fen(100), fen(200)), 60: (fen(500), fen(900)),
        100: (fen(1100), fen(1500)), 200: (fen(2600), fen(3000)),
    }  # fmt: skip
    assert [(j.credit, j.attainment, j.below, j.pay) for j in curve.after.jumps] == [
        (fen(10_000), Fraction(1, 5), fen(100), fen(200)),
        (fen(30_000), Fraction(3, 5), fen(600), fen(900)),
    ]


def test_a_cap_flattens_the_curve_and_hides_cliffs_above_it() -> None:
    curve = compare("kind P = whole_amount", "cap P = 150").curves[0]
    assert curve.after is not None
    assert curve.after.pay[20] == curve.after.pay[200] == fen(150)
    assert [(j.below, j.pay) for j in curve.after.jumps] == [(fen(100), fen(150))]


def test_a_changed_quota_moves_the_curve() -> None:
    whole = plan(
        commission_plans=(version(kind="whole_amount", measure="attainment"),),
        commission_tiers=tiers(("0", "0"), ("1", "0.02")),
    )
    curve = compare("quota * 1.2", whole=whole).curves[0]
    assert curve.now is not None and curve.after is not None
    assert curve.after.quota == fen(60_000)
    assert (curve.now.pay[100], curve.after.pay[100], curve.after.pay[119]) == (fen(1000), 0, 0)
    assert curve.after.pay[120] == fen(1200)
    assert [j.attainment for j in curve.after.jumps] == [Fraction(6, 5)]


# ---- arrays against the rules


def test_pay_of_many_credits_is_the_rule_on_each() -> None:
    chance = random.Random(5)
    for number in range(120):
        pieces = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            kind = chance.choice(("flat", "marginal", "whole_amount", "interpolated", "matrix"))
            by = chance.choice(("amount", "attainment"))
            count = 1 if kind == "flat" else chance.randint(1, 4)
            unit = 1 if by == "attainment" else 1000
            first = chance.choice((0, 0, Fraction(1, 2)))
            lows = [Decimal(float(first + n)).quantize(Decimal("0.1")) * unit for n in range(count)]
            rates = [Decimal(chance.randint(0, 999)) / 10_000 for _ in lows]
            seconds: tuple[Decimal, ...] = ()
            if kind == "matrix":
                seconds = (Decimal(0),) * count
            row = version(
                kind=kind, measure=by, target_pay_amount=chance.randint(0, 10**6),
                second_measure=chance.choice(("attainment", "margin_rate")),
                cap_amount=chance.choice((None, None, 5000)),
                floor_amount=chance.choice((None, None, 700)),
            )  # fmt: skip
            pieces.append(Version(row, tuple(lows), tuple(rates), seconds))
        quota = chance.choice((0, 100_000, 333_333, 10**15))
        top = 10**14 if number % 5 == 0 else 400_000
        drawn = [
            np.array([chance.randint(-top // 20, top) for _ in range(30)], np.int64) for _ in pieces
        ]
        second = Fraction(1, 3)
        found = pay_of_range(list(zip(pieces, drawn, strict=True)), quota, second, 2, Curves(2))
        for n, pay in enumerate(found.tolist()):
            here = [(piece, int(credit[n])) for piece, credit in zip(pieces, drawn, strict=True)]
            assert pay == limited(pieces[-1], one_by_one(here, quota, second))


def one_by_one(here: list[tuple[Version, int]], quota: int, second: Fraction) -> Fraction:
    """Bands by the running credit, one rate on all by the period's total: the scalar rules."""
    total, running, pay = sum(credit for _, credit in here), 0, Fraction(0)
    for index, (piece, credit) in enumerate(here):
        if piece.plan.kind in ("marginal", "interpolated"):
            before = pay_on(piece, running, quota, second, 2) if index else 0
            pay += pay_on(piece, running + credit, quota, second, 2) - before
        else:
            by = second
            if piece.plan.second_measure == "attainment" and quota:
                by = Fraction(total, quota)
            pay += rate_on(piece, total, quota, by, 2) * credit
        running += credit
    return pay


def test_scaled_money_is_exact_and_returns_still_cancel() -> None:
    money = np.array([1, -1, 3, 5, 10**17 + 1, -(10**17) - 1], np.int64)
    assert times(money, Fraction(1, 2)).tolist() == [
        1, -1, 2, 3, 5 * 10**16 + 1, -5 * 10**16 - 1,
    ]  # fmt: skip
    assert times(money, Fraction(10**9 + 1, 10**9)).tolist()[4] == 10**17 + 10**8 + 1


def test_scaled_lines_keep_what_is_not_known() -> None:
    lines = ledger(line("2026-01-05", "A", 100, cost=60), line("2026-01-06", "B", 50))
    matched, _ = match(lines, plan())
    made = scaled(matched, Factors().times(Fraction(3, 2)).times(Fraction(2), "B"))
    assert made.frame["amount"].tolist() == [15000, 15000]
    assert made.frame["cost"].fillna(-1).tolist() == [9000, -1]
    assert matched.frame["amount"].tolist() == [10000, 5000]
