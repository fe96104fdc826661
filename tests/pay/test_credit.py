"""Whose credit a line is, which plan pays it, and what is left in nobody's commission."""

from __future__ import annotations

import dataclasses
import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from salesxl.errors import SalesxlError
from salesxl.plan.model import CreditShare, Override, Person, PlanTerm
from tests.pay.make import BANDS, fen, ledger, line, of, plan, run, tiers, version

JUNE = "2026-06-10"


def share(person: str, part: str, kind: str = "split", **more: Any) -> CreditShare:
    return CreditShare(person=person, credit_share=Decimal(part), kind=kind, **more)


def reasons(made: Any) -> list[tuple[int, int, str]]:
    return [(item.row, item.amount, item.reason) for item in made.unassigned]


# ---- shares


def test_an_orders_split_goes_before_its_customers() -> None:
    customers = plan().customers
    from salesxl.plan.model import Customer

    whole = plan(
        customers=(*customers, Customer(id="C1", name="Acme", region="E")),
        credit_shares=(
            share("A", "0.7", customer="C1"), share("B", "0.3", customer="C1"),
            share("A", "0.5", order="S1"), share("B", "0.5", order="S1"),
        ),
    )  # fmt: skip
    made = run(
        whole,
        ledger(
            line(JUNE, "A", "0.05", order="S1", customer="Acme"),
            line(JUNE, "A", "100.01", order="S2", customer="Acme"),
            line(JUNE, "A", "7", order="S3", customer="Other"),
        ),
    )
    assert [(i.amount, i.share, i.kind) for i in of(made).lines] == [
        (3, Fraction(1, 2), "split"), (7001, Fraction(7, 10), "split"), (700, Fraction(1), "own"),
    ]  # fmt: skip
    assert [i.amount for i in of(made, "B").lines] == [2, 3000]


def test_shares_have_days_and_a_return_takes_those_of_its_sale() -> None:
    until, after = date(2026, 6, 9), date(2026, 6, 10)
    whole = plan(
        credit_shares=(
            share("A", "0.6", order="S1", to_date=until),
            share("B", "0.4", order="S1", to_date=until),
            share("B", "1", order="S1", from_date=after),
        )
    )
    made = run(
        whole,
        ledger(
            line("2026-06-09", "A", 100, order="S1"), line("2026-06-10", "A", 50, order="S1"),
            line("2026-06-20", "A", -10, order="S1"),
        ),
    )  # fmt: skip
    assert [i.amount for i in of(made).lines] == [6000, -600]
    assert [i.amount for i in of(made, "B").lines] == [4000, 5000, -400]
    assert of(made).lines[1].returned_order


def test_an_overlay_comes_on_top() -> None:
    whole = plan(credit_shares=(share("B", "0.2", "overlay", order="S1"),))
    made = run(whole, ledger(line(JUNE, "A", 1000, order="S1")))
    assert (of(made).own_amount, of(made, "B").own_amount) == (fen(1000), 0)
    assert [(i.credited, i.kind, i.pay) for i in of(made, "B").lines] == [(20000, "overlay", 200)]


def test_an_overlay_nobody_is_paid_for_is_told() -> None:
    whole = plan(credit_shares=(share("M", "0.2", "overlay", order="S1"),))
    made = run(whole, ledger(line(JUNE, "A", 1000, order="S1")))
    assert [problem.code for problem in made.problems] == ["pay.overlay_unpaid"]
    assert made.unassigned == ()


def test_shares_that_do_not_make_one_are_listed() -> None:
    whole = plan(credit_shares=(share("A", "0.6", order="S1"), share("B", "0.5", order="S1")))
    made = run(whole, ledger(line(JUNE, "A", 1000, order="S1"), line(JUNE, "A", 1, order="S2")))
    assert reasons(made) == [(2, fen(1000), "split_sum")]
    assert of(made).own_amount == fen(1)


@pytest.mark.parametrize("base", ["amount", "margin", "collected"])
def test_every_base_is_split_to_the_cent(base: str) -> None:
    draw = random.Random(11)
    whole = plan(
        commission_plans=(version(base=base),),
        credit_shares=tuple(
            share(person, part, order=f"S{n}")
            for n in range(40)
            for person, part in (("A", "0.333333333"), ("B", "0.333333333"), ("C", "0.333333334"))
        ),
        people=(*plan().people, Person(id="C", name="Cy", role="R", region="E",
                                       commission_plan="P")),
    )  # fmt: skip
    cents = [draw.randrange(1, 10_000) for _ in range(40)]
    lines = [
        line(JUNE, "A", str(Decimal(c).scaleb(-2)), cost=str(Decimal(c // 3).scaleb(-2)),
             collected=str(Decimal(c // 2).scaleb(-2)), order=f"S{n}")
        for n, c in enumerate(cents)
    ]  # fmt: skip
    made = run(whole, ledger(*lines))
    want = {"amount": sum(cents), "margin": sum(c - c // 3 for c in cents),
            "collected": sum(c // 2 for c in cents)}  # fmt: skip
    assert sum(statement.credited for statement in made.statements) == want[base]


# ---- returns


def test_a_return_goes_to_whoever_sold() -> None:
    """The order's mark is taken off; product and seller choose among an order's lines."""
    made = run(
        plan(),
        ledger(
            line("2026-06-01", "A", 100, order="S1", product="Pumps"),
            line("2026-06-01", "B", 80, order="S1", product="Valves"),
            line("2026-06-05", "A", -30, order="S1-R", product="Valves"),
            line("2026-06-06", "", -20, order="s1r", product="Pumps"),
        ),
    )
    assert [i.amount for i in of(made).lines] == [10000, -2000]
    assert [i.amount for i in of(made, "B").lines] == [8000, -3000]


def test_a_return_without_its_sale_is_listed() -> None:
    lines = [line("2026-06-01", "A", 100, order="S1"), line("2026-06-05", "A", -30, order="S9")]
    made = run(plan(), ledger(*lines, line("2026-06-06", "A", -5)))
    assert reasons(made) == [
        (3, -3000, "return_without_sale"), (4, -500, "return_without_sale"),
    ]  # fmt: skip
    # Without order numbers nobody can tell: returns are the seller's.
    bare = ledger(line("2026-06-01", "A", 100), line("2026-06-05", "A", -30))
    bare = dataclasses.replace(bare, present=bare.present - {"order_id"})
    assert of(run(plan(), bare)).own_amount == 7000


# ---- bad input


def test_bad_lines_are_listed_with_their_row_and_close_the_sum() -> None:
    whole = plan(
        people=(
            *plan().people,
            Person(id="N", name="Ned", role="R", region="E"),
            Person(id="J", name="Joy", role="R", region="E", commission_plan="P",
                   joined_date=date(2026, 6, 10), left_date=date(2026, 6, 20)),
        ),
        commission_plans=(version(effective_from=date(2026, 6, 5)),),
        commission_tiers=tiers(("0", "0.01"), start=date(2026, 6, 5)),
    )  # fmt: skip
    made = run(
        whole,
        ledger(
            line("2026-06-04", "A", 1, order="1"), line("2026-06-05", "A", 2, order="2"),
            line("2026-06-06", "", 4, order="3"), line("2026-06-06", "Z9", 8, order="4"),
            line("2026-06-06", "A", 16, order="5", product="Gears"),
            line("2026-06-06", "N", 32, order="6"),
            line("2026-06-09", "J", 64, order="7"), line("2026-06-10", "J", 128, order="8"),
            line("2026-06-20", "J", 256, order="9"), line("2026-06-21", "J", 512, order="10"),
            line("2026-06-22", "A", 1024, order="11", currency="USD"),
            line("2026-06-22", "A", 2048, order="12", currency="cny"),
        ),
    )  # fmt: skip
    assert reasons(made) == [
        (2, fen(1), "no_plan"), (4, fen(4), "no_payee"), (5, fen(8), "no_payee"),
        (6, fen(16), "unknown_product"), (7, fen(32), "no_plan"), (8, fen(64), "not_employed"),
        (11, fen(512), "not_employed"), (12, fen(1024), "other_currency"),
    ]  # fmt: skip
    assert made.ledger_amount == fen(4095)
    assert sum(s.own_amount for s in made.statements) == fen(2 + 128 + 256 + 2048)


def test_a_base_that_is_not_known_is_listed() -> None:
    margin = plan(commission_plans=(version(base="margin"),))
    lines = [line(JUNE, "A", 100, cost=60, order="1"), line(JUNE, "A", 50, order="2")]
    made = run(margin, ledger(*lines))
    assert reasons(made) == [(3, fen(50), "no_cost")]
    assert of(made).credited == fen(40)
    collected = plan(commission_plans=(version(base="collected"),))
    made = run(collected, ledger(line(JUNE, "A", 100, collected=30), line(JUNE, "A", 50)))
    assert (reasons(made), of(made).credited) == ([], fen(30))  # not collected yet is no fault
    bare = ledger(line(JUNE, "A", 100))
    bare = dataclasses.replace(bare, present=bare.present - {"collected"})
    assert reasons(run(collected, bare)) == [(2, fen(100), "no_collected")]


# ---- terms


def term(plan_id: str, first: str, last: str | None = None, **who: str) -> PlanTerm:
    end = None if last is None else date.fromisoformat(last)
    return PlanTerm(plan=plan_id, from_date=date.fromisoformat(first), to_date=end, **who)


def test_own_terms_go_before_the_roles_and_these_before_the_persons_plan() -> None:
    whole = plan(
        commission_plans=(version(), version("Q"), version("T")),
        commission_tiers=(*BANDS, *tiers(("0", "0.05"), key="Q"), *tiers(("0", "0.10"), key="T")),
        plan_terms=(
            term("Q", "2026-06-10", "2026-06-20", role="R"),
            term("T", "2026-06-15", "2026-06-15", person="A"),
        ),
    )
    days = ["09", "10", "15", "20", "21"]
    lines = [
        line(f"2026-06-{day}", who, 100, order=f"{who}{day}") for day in days for who in ("A", "B")
    ]
    made = run(whole, ledger(*lines))
    pays = {
        who: sorted((i.day.day, i.pay) for i in of(made, who).lines) for who in ("A", "B")
    }  # fmt: skip
    assert pays["A"] == [(9, 100), (10, 500), (15, 1000), (20, 500), (21, 100)]
    assert pays["B"] == [(9, 100), (10, 500), (15, 500), (20, 500), (21, 100)]


def test_a_limited_plan_takes_its_lines_and_leaves_the_others() -> None:
    whole = plan(
        commission_plans=(
            version(), version("V", product_line="Y"), version("VE", product_line="Y", region="E"),
            version("D", channel="Direct sales"),
        ),
        commission_tiers=(
            *BANDS, *tiers(("0", "0.05"), key="V"), *tiers(("0", "0.10"), key="VE"),
            *tiers(("0", "0.20"), key="D"),
        ),
        plan_terms=tuple(term(key, "2026-01-01", person="A") for key in ("V", "VE", "D")),
    )  # fmt: skip
    made = run(
        whole,
        ledger(
            line(JUNE, "A", 100, product="Pumps", order="1"),
            line(JUNE, "A", 100, product="Valves", region="West", order="2"),
            line(JUNE, "A", 100, product="Valves", order="3"),
            line(JUNE, "A", 100, product="Pumps", channel="direct  SALES", order="4"),
            line(
                JUNE, "A", 100, product="Valves", region="West", channel="Direct sales", order="5"
            ),
        ),
    )
    assert sorted((i.order, i.pay) for i in of(made).lines) == [
        ("1", 100), ("2", 500), ("3", 1000), ("4", 2000),
    ]  # fmt: skip
    assert reasons(made) == [(6, fen(100), "two_plans")]


def test_a_line_outside_all_limits_is_listed() -> None:
    whole = plan(commission_plans=(version(product_line="Y"),))
    made = run(whole, ledger(line(JUNE, "A", 100, order="1")))
    assert reasons(made) == [(2, fen(100), "outside_plan")]


def test_half_a_month_of_a_plan_has_half_its_quota() -> None:
    """50,000 a month; June has 30 days: 20 under P, 10 under Q."""
    by_quota = {"kind": "whole_amount", "measure": "attainment"}
    rows = (("0", "0.01"), ("1", "0.02"))
    whole = plan(
        commission_plans=(version(**by_quota), version("Q", **by_quota)),
        commission_tiers=(*tiers(*rows), *tiers(*rows, key="Q")),
        plan_terms=(term("Q", "2026-06-21", person="A"),),
    )
    lines = [
        line("2026-06-20", "A", "33333.33", order="1"),
        line("2026-06-21", "A", "16666.66", order="2"),
    ]
    first, second = of(run(whole, ledger(*lines))).plans
    assert (first.quota, second.quota) == (3_333_333, 1_666_667)
    assert first.earned == 66667  # reached to the cent
    assert second.earned == 16667  # a cent short


def test_a_limited_plan_has_the_quota_of_its_product_line() -> None:
    whole = plan(commission_plans=(version(measure="attainment", product_line="Y"),))
    made = run(whole, ledger(line(JUNE, "A", 100, product="Valves", order="1")))
    assert of(made).plans[0].quota == fen(25000)


# ---- overrides


def test_an_override_counts_everybody_below_once_and_never_oneself() -> None:
    """M leads A and B, A leads C: M has 1 % of 1,000 + 500 + 250, A 2 % of 250."""
    whole = plan(
        people=(*plan().people, Person(id="C", name="Cy", role="R", region="E", manager="A")),
        overrides=(
            Override(manager="M", base="amount", override_rate=Decimal("0.01"),
                     from_date=date(2026, 6, 1)),
            Override(manager="A", base="margin", override_rate=Decimal("0.02"),
                     from_date=date(2026, 6, 10), to_date=date(2026, 6, 19)),
        ),
        credit_shares=(share("B", "0.5", "overlay", order="1"),),
    )  # fmt: skip
    made = run(
        whole,
        ledger(
            line("2026-06-09", "A", 1000, order="1"), line("2026-06-09", "B", 500, order="2"),
            line("2026-06-19", "C", 250, cost=150, order="3"),
            line("2026-06-20", "C", 0, cost=9, order="4"),
            line("2026-06-21", "M", 77, order="5"),
        ),
    )  # fmt: skip
    (got,) = of(made, "M").overrides
    assert (got.credited, got.pay) == (fen(1750), fen("17.50"))
    assert got.members == (
        ("A", "Ann", fen(1000), 1000), ("B", "Bea", fen(500), 500), ("C", "Cy", fen(250), 250),
    )  # fmt: skip
    (got,) = of(made, "A").overrides
    assert (got.credited, got.pay) == (fen(100), fen(2))
    assert (got.first_day, got.last_day) == (date(2026, 6, 10), date(2026, 6, 19))


def test_a_ring_of_managers_ends() -> None:
    people = tuple(
        Person(id=key, name=key, role="R", region="E", manager=above, commission_plan="P")
        for key, above in (("A", "B"), ("B", "C"), ("C", "A"))
    )
    rate = Override(manager="A", base="amount", override_rate=Decimal("0.1"),
                    from_date=date(2026, 1, 1))  # fmt: skip
    made = run(plan(people=people, overrides=(rate,)), ledger(line(JUNE, "A", 10, order="1"),
               line(JUNE, "B", 20, order="2"), line(JUNE, "C", 40, order="3")))  # fmt: skip
    assert of(made).overrides[0].credited == fen(60)


# ---- properties


def test_the_order_of_lines_within_a_day_changes_no_total() -> None:
    draw = random.Random(7)
    for case in range(60):
        kind = draw.choice(({}, {"kind": "whole_amount"}, {"line_cap_amount": 700},
                            {"period": "ytd"}, {"cap_amount": 20_000}))  # fmt: skip
        whole = plan(commission_plans=(version(**kind),))
        lines = [
            line(f"2026-06-{draw.randrange(1, 4):02d}", "A",
                 str(Decimal(draw.randrange(-90_000, 900_000)).scaleb(-2)), order="S")
            for _ in range(30)
        ]  # fmt: skip
        lines.insert(0, line("2026-06-01", "A", 1, order="S"))
        totals = set()
        for _ in range(4):
            draw.shuffle(lines)
            lines.sort(key=lambda item: item["date"])
            totals.add(of(run(whole, ledger(*lines))).earned)
        assert len(totals) == 1, case


def test_a_period_before_the_first_line_pays_nothing() -> None:
    made = run(plan(), ledger(line(JUNE, "A", 100, order="1")), "2026-01")
    assert (made.ledger_lines, made.payable, made.unassigned) == (0, 0, ())


def test_a_table_the_core_refuses_is_named() -> None:
    whole = plan(commission_tiers=tiers(("0", "0.01"), ("10", "1.5")))
    with pytest.raises(SalesxlError) as refused:
        run(whole, ledger(line(JUNE, "A", 100, order="1")))
    assert [problem.code for problem in refused.value.problems] == ["core.rate_range"]
    assert "commission_tiers!rates" in str(refused.value)
