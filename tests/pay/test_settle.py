"""Clawbacks, holdbacks, draws, adjustments, SPIFFs and bonuses; figures worked out by hand."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from salesxl.plan.model import (
    Adjustment,
    Bonus,
    Clawback,
    CreditShare,
    Customer,
    Draw,
    Holdback,
    Person,
    Spiff,
    TeamPool,
)
from tests.pay.make import fen, ledger, line, of, plan, run, tiers, version

FLAT = tiers(("0", "0.10"))
FIRST = date(2026, 1, 1)


# ---- clawbacks


def claw(mode: str = "full", age: int | None = None) -> tuple[Clawback, ...]:
    return (Clawback(plan="P", mode=mode, age_months=age),)


@pytest.mark.parametrize(
    ("mode", "age", "day", "taken"),
    [
        ("full", None, "2026-06-10", "100"),
        ("full", 3, "2026-06-30", "100"),  # two whole months and 29 days
        ("full", 3, "2026-07-01", "0"),
        ("pro_rata", 4, "2026-05-31", "75"),  # one month of four has passed
        ("pro_rata", 4, "2026-06-01", "50"),
        ("pro_rata", 4, "2026-08-01", "0"),
        ("pro_rata", None, "2026-08-01", "100"),
    ],
)
def test_a_return_of_an_earlier_period_takes_back_what_it_paid(
    mode: str, age: int | None, day: str, taken: str
) -> None:
    whole = plan(commission_tiers=FLAT, clawbacks=claw(mode, age))
    lines = [
        line("2026-04-01", "A", 1000, order="1"), line(day, "A", -1000, order="1-R"),
        line(day, "A", 500, order="2"),
    ]  # fmt: skip
    statement = of(run(whole, ledger(*lines), day[:7]))
    assert statement.commission == fen(50)  # the return is no line of its own period
    (item,) = statement.clawbacks
    assert (item.paid, item.pay) == (fen(100), -fen(taken))
    assert statement.own_amount == fen(-500)


def test_a_part_returned_takes_back_its_part_and_never_more_than_was_paid() -> None:
    whole = plan(commission_tiers=FLAT, clawbacks=claw())
    lines = [
        line("2026-05-01", "A", 900, order="1"), line("2026-05-02", "A", 100, order="1"),
        line("2026-06-01", "A", -400, order="1"), line("2026-06-02", "A", -500, order="1"),
        line("2026-06-03", "A", -300, order="1"), line("2026-06-04", "A", -300, order="1"),
    ]  # fmt: skip
    items = of(run(whole, ledger(*lines))).clawbacks
    assert [item.pay for item in items] == [fen(-40), fen(-50), fen(-10), 0]
    assert [item.returned_share for item in items] == [
        Fraction(2, 5), Fraction(1, 2), Fraction(1, 10), 0,
    ]  # fmt: skip


def test_a_return_within_the_period_is_a_line() -> None:
    whole = plan(commission_tiers=FLAT, clawbacks=claw())
    lines = [line("2026-06-01", "A", 1000, order="1"), line("2026-06-30", "A", -400, order="1")]
    statement = of(run(whole, ledger(*lines)))
    assert (statement.clawbacks, statement.commission) == ((), fen(60))


def test_without_a_rule_a_late_return_lowers_the_credit_of_its_period() -> None:
    lines = [line("2026-05-01", "A", 1000, order="1"), line("2026-06-30", "A", -400, order="1")]
    statement = of(run(plan(commission_tiers=FLAT), ledger(*lines)))
    assert (statement.clawbacks, statement.commission) == ((), fen(-40))


def test_what_a_cap_did_not_pay_is_not_taken_back() -> None:
    """Two sales of 1,000 at 10 %, capped at 50 together: each earned 25."""
    whole = plan(
        commission_plans=(version(cap_amount=fen(50)),), commission_tiers=FLAT, clawbacks=claw()
    )
    lines = [
        line("2026-05-01", "A", 1000, order="1"), line("2026-05-02", "A", 1000, order="2"),
        line("2026-06-02", "A", -1000, order="2"),
    ]  # fmt: skip
    (item,) = of(run(whole, ledger(*lines))).clawbacks
    assert (item.paid, item.pay) == (fen(25), fen(-25))


def test_clawbacks_never_exceed_pay() -> None:
    draw = random.Random(13)
    for case in range(30):
        whole = plan(
            commission_plans=(version(cap_amount=draw.choice((None, 3000))),),
            commission_tiers=tiers(("0", "0.01"), ("300", "0.07")),
            clawbacks=claw(draw.choice(("full", "pro_rata")), draw.choice((None, 2, 5))),
            credit_shares=(
                CreditShare(order="1", person="A", kind="split", credit_share=Decimal("0.3")),
                CreditShare(order="1", person="B", kind="split", credit_share=Decimal("0.7")),
            ),
        )
        lines = []
        for _ in range(40):
            back = draw.random() < 0.4
            cents = draw.randrange(1, 40_000) * (-1 if back else 1)
            day = f"2026-{draw.randrange(1, 7):02d}-{draw.randrange(1, 28):02d}"
            lines.append(line(day, draw.choice("AB"), str(Decimal(cents).scaleb(-2)),
                              order=str(draw.randrange(5))))  # fmt: skip
        lines.sort(key=lambda item: item["date"])
        made = run(whole, ledger(*lines), "2026")
        for statement in made.statements:
            taken: dict[str, int] = {}
            for item in statement.clawbacks:
                assert item.pay <= 0
                key = item.order
                taken[key] = taken.get(key, 0) - item.pay
            for order, amount in taken.items():
                paid = sum(max(i.pay, 0) for i in statement.lines if i.order == order)
                assert amount <= paid, (case, order)


# ---- holdbacks


def test_a_part_is_held_and_released_months_later() -> None:
    """15 % of 100.01 is 15.0015: 15.00 held in April and released in June."""
    whole = plan(
        commission_tiers=FLAT,
        holdbacks=(Holdback(plan="P", holdback_share=Decimal("0.15"), release_months=2,
                            from_date=date(2026, 4, 1)),),
    )  # fmt: skip
    lines = ledger(
        line("2026-03-01", "A", 500, order="0"), line("2026-04-01", "A", "1000.10", order="1"),
        line("2026-06-01", "A", 2000, order="2"),
    )  # fmt: skip
    april = of(run(whole, lines, "2026-04"))
    assert (april.earned, april.payable) == (fen("100.01"), fen("85.01"))
    may = of(run(whole, lines, "2026-05"))
    assert (may.held, may.released, may.payable) == ((), (), 0)
    june = of(run(whole, lines, "2026-06"))
    assert [item.amount for item in june.released] == [fen(15)]
    assert june.released[0].month == date(2026, 4, 1)
    assert june.payable == fen(200) - fen(30) + fen(15)


# ---- draws


def drawing(recoverable: str = "yes", **more: Any) -> tuple[Draw, ...]:
    return (
        Draw(person="A", draw_amount=fen(100), recoverable=recoverable, from_date=FIRST, **more),
    )


SALES = ledger(
    line("2026-01-05", "A", 750, order="1"), line("2026-02-05", "A", 1180, order="2"),
    line("2026-03-05", "A", 2000, order="3"),
)  # fmt: skip


def test_a_recoverable_draw_is_paid_back_from_later_pay() -> None:
    """75, 118, 200 earned on a draw of 100: 25 drawn; 18 recovered; 7 recovered."""
    whole = plan(commission_tiers=FLAT, draws=drawing())
    months = [of(run(whole, SALES, f"2026-{n:02d}")) for n in (1, 2, 3)]
    assert [month.payable for month in months] == [fen(100), fen(100), fen(193)]
    assert [month.draw_balance for month in months] == [fen(25), fen(7), 0]
    quarter = of(run(whole, SALES, "2026-Q1"))
    assert quarter.payable == quarter.earned == fen(393)
    assert [(item.drawn, item.recovered) for item in quarter.draws] == [
        (fen(25), 0), (0, fen(18)), (0, fen(7)),
    ]  # fmt: skip


def test_a_draw_that_is_not_recoverable_is_a_guarantee() -> None:
    whole = plan(commission_tiers=FLAT, draws=drawing("no"))
    quarter = of(run(whole, SALES, "2026-Q1"))
    assert (quarter.payable, quarter.draw_balance) == (fen(418), 0)


def test_what_is_owed_before_and_after_the_draw_is_recovered() -> None:
    whole = plan(
        commission_tiers=FLAT, draws=drawing(opening_amount=fen(60), to_date=date(2026, 1, 31))
    )
    months = [of(run(whole, SALES, f"2026-{n:02d}")) for n in (1, 2)]
    assert [month.payable for month in months] == [fen(100), fen(33)]  # 118 less 85 owed
    assert [month.draw_balance for month in months] == [fen(85), 0]


def test_a_draw_is_paid_without_a_sale() -> None:
    whole = plan(commission_tiers=FLAT, draws=drawing())
    made = of(run(whole, ledger(line("2026-01-05", "B", 1, order="1")), "2026-01"))
    assert (made.payable, made.draw_balance) == (fen(100), fen(100))


# ---- by hand


def test_an_adjustment_counts_in_its_month() -> None:
    whole = plan(
        commission_tiers=FLAT,
        adjustments=(Adjustment(person="A", pay_date=date(2026, 6, 30), reason="Discount",
                                adjustment_amount=Decimal("-8.605")),),
    )  # fmt: skip
    lines = ledger(line("2026-06-01", "A", 100, order="1"), line("2026-07-01", "A", 1, order="2"))
    assert of(run(whole, lines, "2026-06")).payable == fen(10) - 861
    assert of(run(whole, lines, "2026-07")).adjustments == ()


# ---- SPIFFs


def test_a_spiff_pays_by_line_and_by_rate_in_its_days() -> None:
    whole = plan(
        commission_tiers=FLAT,
        spiffs=(
            Spiff(id="S", name="Push", product_line="Y", spiff_amount=501,
                  from_date=date(2026, 6, 2), to_date=date(2026, 6, 3)),
            Spiff(id="T", name="Rate", product="pumps", spiff_rate=Decimal("0.015"),
                  from_date=date(2026, 6, 1), to_date=date(2026, 6, 30)),
        ),
        credit_shares=(
            CreditShare(order="3", person="A", kind="split", credit_share=Decimal("0.5")),
            CreditShare(order="3", person="B", kind="split", credit_share=Decimal("0.5")),
        ),
    )  # fmt: skip
    lines = ledger(
        line("2026-06-01", "A", 100, product="Valves", order="1"),
        line("2026-06-02", "A", 100, product="Valves", order="2"),
        line("2026-06-03", "A", 100, product="Valves", order="3"),
        line("2026-06-03", "A", -20, product="Valves", order="2"),
        line("2026-06-04", "A", 100, product="Valves", order="5"),
        line("2026-06-04", "A", "10.33", product="Pumps", order="6"),
    )
    made = run(whole, lines)
    push, rate = of(made).spiffs
    # rows 3 and 5 cancel out, row 4 is shared: 2.51 and 2.50; 1.5 % of 10.33 is 0.15
    assert [item[4] for item in push.lines] == [501, 251, -501]
    assert (push.pay, rate.pay) == (251, 15)
    assert [item.pay for item in of(made, "B").spiffs] == [250]


# ---- bonuses


def bonus(kind: str, **more: Any) -> tuple[Bonus, ...]:
    usual = {"id": "B", "name": "Bonus", "period": "quarter", "kind": kind}
    return (Bonus(**{**usual, **more}),)


def won(whole: Any, lines: Any, period: str = "2026-06") -> dict[str, int]:
    made = run(whole, lines, period)
    return {s.person: item.pay for s in made.statements for item in s.bonuses}


def test_the_champion_of_the_quarter_and_ties() -> None:
    lines = ledger(
        line("2026-04-01", "A", 100, order="1"), line("2026-05-01", "B", 60, order="2"),
        line("2026-06-01", "B", 40, order="3"), line("2026-06-01", "M", 900, order="4"),
    )  # fmt: skip
    for ties, want in (
        ("shared", {"A": 50_01, "B": 50_00}), ("all", {"A": 100_01, "B": 100_01}),
        ("first", {"A": 100_01}),
    ):  # fmt: skip
        whole = plan(bonuses=bonus("champion", bonus_amount=100_01, ties=ties))
        assert won(whole, lines) == want
        assert won(whole, lines, "2026-05") == {}
    by_role = plan(bonuses=bonus("champion", bonus_amount=1, ties="all", role="L"))
    assert won(by_role, lines) == {"M": 1}
    open_ties = plan(bonuses=bonus("champion", bonus_amount=1))
    made = run(open_ties, lines)
    assert [problem.code for problem in made.problems] == ["pay.bonus_open"]
    assert not any(s.bonuses for s in made.statements)


@pytest.mark.parametrize(
    ("more", "pay"),
    [
        ({"bonus_rate": Decimal("0.04"), "bonus_base": "excess"}, fen("0.40")),
        ({"bonus_rate": Decimal("0.04"), "bonus_base": "whole"}, fen("6000.40")),
        ({"bonus_amount": 777}, 777),
    ],
)
def test_over_target_on_the_excess_or_on_all(more: dict[str, Any], pay: int) -> None:
    """The quota of a quarter is 150,000; B is a cent short."""
    lines = ledger(
        line("2026-04-01", "A", 150_010, order="1"), line("2026-04-01", "B", "149999.99", order="2")
    )
    assert won(plan(bonuses=bonus("over_target", **more)), lines) == {"A": pay}


def test_new_customers_are_told_by_the_months_before() -> None:
    """X was last seen 12 months and a day ago, Y 12 months less a day, Z never."""
    whole = plan(
        bonuses=bonus("new_customer", bonus_amount=301, period="month"),
        customers=(Customer(id="X", name="Xu", region="E"),),
        credit_shares=(
            CreditShare(order="9", person="A", kind="split", credit_share=Decimal("0.5")),
            CreditShare(order="9", person="B", kind="split", credit_share=Decimal("0.5")),
        ),
    )
    old = [
        line("2025-01-01", "A", 5, order="0", customer="Old"),
        line("2025-06-08", "A", 5, order="1", customer="Xu"),
        line("2025-06-11", "A", 5, order="2", customer="Yi"),
    ]
    new = [
        line("2026-06-09", "B", 5, order="3", customer="Xu"),
        line("2026-06-09", "A", 5, order="4", customer="Xu"),
        line("2026-06-10", "A", 5, order="5", customer="Yi"),
        line("2026-06-10", "A", 5, order="9", customer="Zoe"),
    ]
    made = run(whole, ledger(*old, *new))
    got = {s.person: (s.bonuses[0].pay, s.bonuses[0].reason.values["customers"])
           for s in made.statements if s.bonuses}  # fmt: skip
    assert got == {"A": (151, "Zoe"), "B": (301 + 150, "Xu · Zoe")}
    # A ledger that begins in June cannot tell: nothing is paid, and the run says why.
    short = run(whole, ledger(*new))
    assert [problem.code for problem in short.problems] == ["pay.history_short"]
    assert not any(s.bonuses for s in short.statements)


def test_a_team_pool_is_shared_by_quota_after_the_leaders_part() -> None:
    """East sold 20,001 in the quarter: a pool of 1 % is 200.01, 20 % for M, the rest 3 to 1."""
    people = (
        *plan().people,
        Person(id="C", name="Cy", role="R", region="E", quota_weight=Decimal(3)),
    )
    whole = plan(
        people=people,
        team_pools=(TeamPool(region="E", period="quarter", pool_rate=Decimal("0.01"),
                             leader_share=Decimal("0.2"), from_date=FIRST),),
    )  # fmt: skip
    lines = ledger(
        line("2026-04-01", "A", 20_001, order="1"),
        line("2026-04-01", "B", 9, order="2", region="West"),
    )
    assert won(whole, lines) == {"M": 40_00, "A": 40_00, "C": 120_01}


# ---- all of it together


def test_months_add_up_to_the_year() -> None:
    draw = random.Random(17)
    whole = plan(
        commission_plans=(version(period="ytd", floor_amount=fen(500)),),
        holdbacks=(Holdback(plan="P", holdback_share=Decimal("0.1"), release_months=3,
                            from_date=FIRST),),
        draws=drawing(),
        bonuses=bonus("champion", bonus_amount=1000, ties="shared"),
        team_pools=(TeamPool(region="E", period="month", pool_rate=Decimal("0.01"),
                             from_date=FIRST),),
    )  # fmt: skip
    lines = [
        line(f"2026-{draw.randrange(1, 13):02d}-15", draw.choice("AB"),
             str(Decimal(draw.randrange(-50_000, 400_000)).scaleb(-2)), order="S")
        for _ in range(200)
    ]  # fmt: skip
    lines.sort(key=lambda item: item["date"])
    lines.insert(0, line("2026-01-01", "A", 1, order="S"))
    months = [run(whole, ledger(*lines), f"2026-{n:02d}") for n in range(1, 13)]
    year = run(whole, ledger(*lines), "2026")
    for name in ("earned", "payable", "ledger_amount", "ledger_lines"):
        assert sum(getattr(month, name) for month in months) == getattr(year, name)
