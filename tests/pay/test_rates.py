"""Every kind of rate table on a run, at, just below and just above its thresholds; by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from salesxl.plan.model import CommissionTier
from tests.pay.make import BANDS, fen, ledger, line, of, plan, run, tiers, version, yuan

JUNE = date(2026, 6, 1)


def paid(amounts: list[str], rows: tuple[CommissionTier, ...] = BANDS, **more: Any) -> str:
    lines = [line("2026-06-05", "A", amount, order=f"O{n}") for n, amount in enumerate(amounts)]
    whole = plan(commission_plans=(version(**more),), commission_tiers=rows)
    return yuan(of(run(whole, ledger(*lines))).commission)


@pytest.mark.parametrize(
    ("amount", "marginal", "whole"),
    [
        ("9999.99", "100.00", "100.00"),
        ("10000", "100.00", "200.00"),
        ("10000.01", "100.00", "200.00"),
        ("29999.99", "500.00", "600.00"),
        ("30000", "500.00", "900.00"),
        ("38000", "740.00", "1140.00"),
        ("0.50", "0.01", "0.01"),
        ("0.49", "0.00", "0.00"),
    ],
)
def test_bands(amount: str, marginal: str, whole: str) -> None:
    assert paid([amount]) == marginal
    assert paid([amount], kind="whole_amount") == whole


def test_lines_show_their_band_and_add_up() -> None:
    """9,000 in band 1; 3,000 of which 1,000 in band 1; −500 in band 2; 20,000 into band 3."""
    lines = [
        line("2026-06-01", "A", 9000, order="1"), line("2026-06-02", "A", 3000, order="2"),
        line("2026-06-03", "A", -500, order="2"), line("2026-06-04", "A", 20000, order="4"),
    ]  # fmt: skip
    pay = of(run(plan(), ledger(*lines))).plans[0]
    assert [item.pay for item in pay.lines] == [fen(90), fen(50), fen(-10), fen("415")]
    assert [(item.band_from, item.band) for item in pay.lines] == [(1, 1), (1, 2), (2, 2), (2, 3)]
    assert pay.lines[1].parts == (
        (1, Fraction(100000), Fraction(1, 100)), (2, Fraction(200000), Fraction(2, 100)),
    )  # fmt: skip
    assert [tier.amount for tier in pay.tiers] == [1_000_000, 2_000_000, 150_000]
    assert [tier.reached for tier in pay.tiers] == [False, False, True]
    assert pay.earned == fen("545")
    assert pay.lines[3].effective_rate == Fraction(415, 20000)


def test_a_line_that_ends_on_a_threshold_stays_below_it() -> None:
    lines = [line("2026-06-01", "A", 10000, order="1"), line("2026-06-02", "A", 1, order="2")]
    pay = of(run(plan(), ledger(*lines))).plans[0]
    assert [(item.band_from, item.band) for item in pay.lines] == [(1, 1), (2, 2)]
    assert [tier.reached for tier in pay.tiers] == [False, True, False]


def test_rounding_the_year_is_no_true_up() -> None:
    """0.50 pays half a cent, a cent; 1.00 to date pays a cent: February's 0.50 pays nothing."""
    whole = plan(commission_plans=(version(period="ytd"),))
    lines = [line("2026-01-05", "A", "0.50", order="1"), line("2026-02-05", "A", "0.50", order="2")]
    first, second = (of(run(whole, ledger(*lines), f"2026-0{n}")).plans[0] for n in (1, 2))
    assert (first.earned, second.earned, second.changes) == (1, 0, ())
    assert [item.pay for item in second.lines] == [0]


def test_thirds_of_a_cent_are_shared_out() -> None:
    """Three lines of 0.17 at 2 % are 0.0034 each: the sum 0.0102 pays a cent, one line has it."""
    lines = [line("2026-06-01", "A", "0.17", order=str(n)) for n in range(3)]
    whole = plan(commission_tiers=tiers(("0", "0.02")))
    pay = of(run(whole, ledger(*lines))).plans[0]
    assert (pay.earned, [item.pay for item in pay.lines]) == (1, [1, 0, 0])


def test_a_first_band_above_zero_pays_nothing_below() -> None:
    rows = tiers(("1000", "0.05"), ("10000", "0.085"))
    assert paid(["999.99"], rows) == "0.00"
    assert paid(["1001"], rows) == "0.05"
    assert paid(["999.99"], rows, kind="whole_amount") == "0.00"
    assert paid(["1000"], rows, kind="whole_amount") == "50.00"
    whole = plan(commission_tiers=rows)
    pay = of(run(whole, ledger(line("2026-06-01", "A", 999, order="1")))).plans[0]
    assert (pay.lines[0].band, pay.lines[0].pay) == (0, 0)


def test_net_returns_take_back_at_the_first_band() -> None:
    lines = [
        line("2026-06-01", "A", 1000, order="1"), line("2026-06-02", "A", -1500, order="1"),
    ]  # fmt: skip
    for kind in ("marginal", "whole_amount"):
        whole = plan(commission_plans=(version(kind=kind),))
        pay = of(run(whole, ledger(*lines))).plans[0]
        assert pay.earned == fen(-5)
        assert pay.lines[1].band == 1


def test_flat() -> None:
    assert paid(["1234.56", "0.04"], tiers(("0", "0.05")), kind="flat") == "61.73"


@pytest.mark.parametrize(
    ("amount", "pay"),
    [
        ("4999.99", "0.00"),  # below half of the 10,000 quota nothing
        ("5000", "500.00"),  # the first point pays 50 % of 1,000
        ("7500", "750.00"),
        ("10000", "1000.00"),
        ("12500", "1500.00"),  # from 100 % to 200 % over the second half
        ("15000", "2000.00"),
        ("15000.01", "2000.00"),
        ("30000", "2000.00"),
    ],
)
def test_interpolated_on_attainment(amount: str, pay: str) -> None:
    """Quota: 1,200,000 over 2 regions, 12 months = 50,000 a month; here 10,000 by amount."""
    rows = tiers(("5000", "0.5"), ("10000", "1"), ("15000", "2"))
    assert paid([amount], rows, kind="interpolated", target_pay_amount=fen(1000)) == pay


def test_interpolated_by_quota() -> None:
    """50,000 a month: 60,000 is 120 %, two fifths of the way from 100 % to 150 %."""
    rows = tiers(("0.5", "0.5"), ("1", "1"), ("1.5", "2"))
    kind = {"kind": "interpolated", "measure": "attainment", "target_pay_amount": fen(1000)}
    assert paid(["60000"], rows, **kind) == "1400.00"
    assert paid(["25000"], rows, **kind) == "500.00"
    assert paid(["24999.99"], rows, **kind) == "0.00"


def test_a_curve_that_pays_without_a_sale_says_so() -> None:
    rows = tiers(("0", "0.2"), ("10000", "1"))
    whole = plan(
        commission_plans=(version(kind="interpolated", target_pay_amount=fen(1000)),),
        commission_tiers=rows,
    )
    pay = of(run(whole, ledger(line("2026-06-01", "A", 5000, order="1")))).plans[0]
    assert (pay.lines_pay, pay.earned) == (fen(400), fen(600))
    assert [(change.cause, change.amount) for change in pay.changes] == [("at_zero", fen(200))]


GRID = tiers(
    ("0", "0", "0.01"), ("0", "0.2", "0.02"), ("10000", "0", "0.03"), ("10000", "0.2", "0.05")
)


@pytest.mark.parametrize(
    ("amount", "cost", "pay"),
    [
        ("9999.99", "8000", "99.9999"),  # 1 %: margin rate just below 20 %
        ("10000", "8000", "500"),  # both bounds reached
        ("10000", "8000.01", "300"),
        ("9999", "5000", "199.98"),
    ],
)
def test_matrix_of_amount_and_margin_rate(amount: str, cost: str, pay: str) -> None:
    whole = plan(
        commission_plans=(version(kind="matrix", second_measure="margin_rate"),),
        commission_tiers=GRID,
    )
    lines = ledger(line("2026-06-01", "A", amount, cost=cost, order="1"))
    want = {"99.9999": "100.00"}.get(pay, f"{float(pay):.2f}")
    assert yuan(of(run(whole, lines)).commission) == want


def test_matrix_of_attainment_and_collection_rate() -> None:
    """50,000 of 50,000 quota; 40,000 collected are 80 %."""
    rows = tiers(("0", "0", "0.01"), ("0", "0.8", "0.02"), ("1", "0", "0.03"), ("1", "0.8", "0.04"))
    whole = plan(
        commission_plans=(
            version(kind="matrix", measure="attainment", second_measure="collection_rate"),
        ),
        commission_tiers=rows,
    )
    lines = ledger(line("2026-06-01", "A", 50000, collected=40000, order="1"))
    pay = of(run(whole, lines)).plans[0]
    assert (pay.earned, pay.second_value) == (fen(2000), Fraction(4, 5))
    assert [tier.number for tier in pay.tiers if tier.reached] == [4]


@pytest.mark.parametrize(
    ("amount", "pay", "cause"),
    [
        ("30000", "500.00", None), ("29999.99", "500.00", None), ("30033.34", "500.00", "cap"),
        ("15000", "200.00", None), ("14999", "200.00", "floor"), ("0.01", "200.00", "floor"),
    ],
)  # fmt: skip
def test_cap_and_guarantee_of_the_period(amount: str, pay: str, cause: str | None) -> None:
    whole = plan(commission_plans=(version(cap_amount=fen(500), floor_amount=fen(200)),))
    got = of(run(whole, ledger(line("2026-06-01", "A", amount, order="1")))).plans[0]
    assert yuan(got.earned) == pay
    assert [change.cause for change in got.changes] == ([cause] if cause else [])


def test_a_guarantee_is_paid_without_a_sale() -> None:
    whole = plan(commission_plans=(version(floor_amount=fen(200)),))
    made = run(whole, ledger(line("2026-06-01", "A", 15000, order="1")))
    assert (of(made).earned, of(made, "B").earned) == (fen(200), fen(200))


def test_the_cap_a_line_holds_each_line() -> None:
    """30,001 pays 500.03, held at 100; the return of half of it takes back no more than 100."""
    whole = plan(commission_plans=(version(line_cap_amount=fen(100)),))
    lines = [
        line("2026-06-01", "A", 30001, order="1"), line("2026-06-02", "A", 100, order="2"),
        line("2026-06-03", "A", "-15000", order="1"),
    ]  # fmt: skip
    pay = of(run(whole, ledger(*lines))).plans[0]
    assert [item.pay for item in pay.lines] == [fen(100), fen(3), fen(-100)]
    assert pay.capped == pay.lines_pay - round(sum(tier.pay for tier in pay.tiers))


def test_year_to_date_trues_itself_up() -> None:
    """January 8,000 pays 80; February to 14,000: 100 + 80 − 80 = 100; March back to 9,000: −90."""
    whole = plan(commission_plans=(version(period="ytd"),))
    lines = [
        line("2026-01-05", "A", 8000, order="1"), line("2026-02-05", "A", 6000, order="2"),
        line("2026-03-05", "A", -5000, order="2"), line("2026-05-05", "A", 1000, order="5"),
    ]  # fmt: skip
    monthly = [of(run(whole, ledger(*lines), f"2026-{n:02d}")).commission for n in range(1, 7)]
    assert monthly == [fen(80), fen(100), fen(-90), 0, fen(10), 0]
    year = of(run(whole, ledger(*lines), "2026"))
    assert year.commission == sum(monthly) == fen(100)
    assert [pay.before_credited for pay in year.plans[:4]] == [0, fen(8000), fen(14000), fen(9000)]


def test_whole_amount_to_date_shows_what_earlier_months_gain() -> None:
    whole = plan(commission_plans=(version(period="ytd", kind="whole_amount"),))
    lines = [line("2026-01-05", "A", 8000, order="1"), line("2026-02-05", "A", 6000, order="2")]
    pay = of(run(whole, ledger(*lines), "2026-02")).plans[0]
    assert (pay.lines_pay, pay.earned) == (fen(120), fen(200))
    assert [(change.cause, change.amount) for change in pay.changes] == [("true_up", fen(80))]


def test_a_version_that_begins_in_the_period_pays_from_its_day() -> None:
    """8,000 at 1 %; from the 16th 2,000 more in band 1 at 5 % and 1,000 in band 2 at 10 %."""
    later = date(2026, 6, 16)
    whole = plan(
        commission_plans=(version(), version(effective_from=later)),
        commission_tiers=(*BANDS, *tiers(("0", "0.05"), ("10000", "0.1"), start=later)),
    )
    lines = [line("2026-06-15", "A", 8000, order="1"), line("2026-06-16", "A", 3000, order="2")]
    pay = of(run(whole, ledger(*lines))).plans[0]
    assert [item.pay for item in pay.lines] == [fen(80), fen(200)]
    assert pay.earned == fen(280)
    assert [v.effective_from for v in pay.versions] == [date(2026, 1, 1), later]


def test_quarters_are_paid_with_their_last_month_and_told_before() -> None:
    whole = plan(commission_plans=(version(period="quarter"),))
    lines = ledger(
        line("2026-04-01", "A", 9000, order="1"), line("2026-06-30", "A", 2000, order="2")
    )
    may = of(run(whole, lines, "2026-05"))
    assert (may.plans, may.pending) == ((), ((date(2026, 6, 30), fen(9000)),))
    june = of(run(whole, lines, "2026-06"))
    assert (june.commission, june.own_amount) == (fen(120), fen(2000))
    assert of(run(whole, lines, "2026-Q2")).own_amount == fen(11000)


def test_fiscal_quarters_follow_the_plan() -> None:
    whole = plan(commission_plans=(version(period="quarter"),), first_month=4)
    lines = ledger(line("2026-07-01", "A", 9000, order="1"))
    made = run(whole, lines, "2026-Q2")
    assert (made.period.first_day, made.period.last_day) == (
        JUNE.replace(month=7),
        date(2026, 9, 30),
    )
    assert of(made).commission == fen(90)
