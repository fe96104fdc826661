"""The drawn year against the run itself, on the small firm of `what_if_sample`.

Everybody's quota is 50,000 a month. At 1 %, 2 % from 10,000 and 3 % from 30,000 a month of
40,000 pays 100 + 400 + 300 = 800, of 50,000 1,100 and of 60,000 1,400.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from salesxl.ledger.frame import Ledger
from salesxl.ledger.match import match
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.what_if.compare import what_if
from salesxl.ledger.what_if.pair import Pair
from salesxl.plan.model import Bonus, Override, TeamPool
from tests.pay.make import BANDS, START, fen, ledger, line, plan, tiers, version
from tests.pay.what_if_sample import HALF, compare, months


def test_equal_months_leave_no_range() -> None:
    """A always sells 80 %, B 100 %: the year is 12 × (800 + 1,100) whatever is drawn."""
    year = compare("rates P * 1.1").year
    assert year is not None
    assert (year.months_done, year.months_open) == (3, 9)
    assert year.paid == Pair(fen(5700), fen(6270))
    assert set(year.now) == {fen(22_800)}
    assert set(year.after) == {fen(25_080)}
    assert set(year.difference) == {fen(2_280)}


EXTRAS: dict[str, Any] = {
    "overrides": (
        Override(manager="M", base="amount", override_rate=Decimal("0.0013"), from_date=START),
    ),
    "bonuses": (
        Bonus(id="B1", name="Best", kind="champion", period="quarter", ties="shared",
              bonus_amount=fen(500)),
        Bonus(id="B2", name="Over", kind="over_target", period="year", bonus_rate=Decimal("0.05"),
              bonus_base="whole"),
    ),
    "team_pools": (
        TeamPool(region="W", period="quarter", pool_rate=Decimal("0.001"), from_date=START),
    ),
}  # fmt: skip
ATTAINED = tiers(("0", "0.01"), ("0.8", "0.02"), ("1", "0.03"))
CASES: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "flat": ({"kind": "flat"}, HALF),
    "whole": ({"kind": "whole_amount", "measure": "attainment", "period": "quarter"}, ATTAINED),
    "limits": ({"period": "quarter", "cap_amount": fen(3300), "floor_amount": fen(3250)}, BANDS),
    "year": ({"period": "year", "measure": "attainment"}, ATTAINED),
    "to date": ({"period": "ytd", "measure": "attainment"}, ATTAINED),
    "curve": (
        {"kind": "interpolated", "measure": "attainment", "target_pay_amount": fen(3333)},
        tiers(("0.5", "0.2"), ("1", "1"), ("1.5", "1.7")),
    ),
    "matrix": (
        {"kind": "matrix", "measure": "amount", "second_measure": "attainment"},
        tiers(("0", "0", "0.01"), ("0", "0.9", "0.02"), ("45000", "0", "0.03"),
              ("45000", "0.9", "0.04")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("done", "extras"), [(3, {}), (4, EXTRAS), (7, {}), (8, EXTRAS), (12, EXTRAS)]
)
@pytest.mark.parametrize("case", CASES)
def test_the_drawn_year_is_what_the_run_pays(case: str, done: int, extras: dict[str, Any]) -> None:
    """With equal months the drawn year must be the run of a ledger with all twelve."""
    more, rows = CASES[case]
    whole = plan(commission_plans=(version(**more),), commission_tiers=rows, **extras)
    year = compare("bonus B1 = 500" if extras else "quota * 1", whole=whole,
                   lines=months(1, done)).year  # fmt: skip
    full, _ = match(months(1, 12), whole)
    assert year is not None
    assert set(year.now) == set(year.after) == {pay_run(whole, full, "2026").earned}


def test_two_versions_inside_an_open_period() -> None:
    """The rate doubles in July; an annual plan has both in one period."""
    whole = plan(
        commission_plans=(
            version(period="year", effective_to=date(2026, 6, 30)),
            version(period="year", effective_from=date(2026, 7, 1)),
        ),
        commission_tiers=(
            *tiers(("0", "0.01"), ("200000", "0.02")),
            *tiers(("0", "0.02"), ("200000", "0.04"), start=date(2026, 7, 1)),
        ),
    )
    year = compare("quota * 1", whole=whole, lines=months(1, 3)).year
    full, _ = match(months(1, 12), whole)
    assert year is not None
    assert set(year.now) == {pay_run(whole, full, "2026").earned}


def uneven() -> Ledger:
    lines = []
    for month, amount in enumerate((10_000, 70_000, 30_000, 52_000), 1):
        lines.append(line(f"2026-{month:02d}-28", "A", amount))
        lines.append(line(f"2026-{month:02d}-28", "B", 80_000 - amount, region="West"))
    return ledger(*lines)


def test_draws_repeat_with_their_seed_and_have_a_range() -> None:
    def year(seed: int) -> Any:
        return what_if(plan(), uneven(), ["rates P * 1.1"], seed=seed, draws=400).year

    one, again, other = year(1), year(1), year(2)
    assert one == again
    assert one.now != other.now
    assert one.now[0] < one.now[1] < one.now[2]
    # Each open month is one of four: 16 people-months between 8 × the worst and 8 × the best.
    least = one.paid.now + fen(8 * (100 + 100))
    most = one.paid.now + fen(8 * (1700 + 1700))
    assert least <= one.now[0] <= one.now[2] <= most
    # A tenth more on all rates is a tenth more on every draw, to the cent a month.
    assert abs(one.after[1] - round(one.now[1] * 1.1)) <= 24


def test_a_month_begun_is_drawn_in_whole() -> None:
    """Sales until 3 April: April is not done, and its first lines do not count."""
    lines = [line(f"2026-{m:02d}-28", "A", 40_000) for m in (1, 2, 3)]
    lines += [line(f"2026-{m:02d}-28", "B", 50_000, region="West") for m in (1, 2, 3)]
    found = compare("quota * 1", lines=ledger(*lines, line("2026-04-03", "A", 9_000)))
    assert found.year is not None
    assert found.year.months_done == 3
    assert set(found.year.now) == {fen(22_800)}


def test_who_has_few_months_draws_from_everybody() -> None:
    lines = [line(f"2026-{m:02d}-28", "B", 50_000, region="West") for m in (1, 2, 3)]
    year = compare("quota * 1", lines=ledger(*lines)).year
    assert year is not None
    assert year.borrowed == 0  # A sold nothing in three months: that is A's own record
    year = compare("quota * 1", lines=months(1, 2)).year
    assert year is not None
    assert year.borrowed == 2


@pytest.mark.parametrize("case", CASES)
def test_a_plan_ahead_is_tried_on_the_sales_before_it(case: str) -> None:
    """Five months of 2025 stand for 2026; the year is drawn from them, all twelve months."""
    more, rows = CASES[case]
    whole = plan(commission_plans=(version(**more),), commission_tiers=rows, **EXTRAS)
    early = months(1, 5)
    early.frame["date"] = (early.frame["date"] - pd.DateOffset(years=1)).astype("datetime64[s]")
    found = compare("bonus B1 = 500", whole=whole, lines=early)
    here, full = (match(months(1, last), whole)[0] for last in (5, 12))
    assert [n.code for n in found.notices] == ["what_if.moved"]
    assert found.earned.now == pay_run(whole, here, "2026").earned
    assert found.year is not None
    assert (found.year.months_done, found.year.months_open) == (0, 12)
    assert set(found.year.now) == {pay_run(whole, full, "2026").earned}
    assert found.year.paid == Pair(0, 0)


def test_no_month_of_the_year_no_range() -> None:
    early = ledger(line("2025-03-01", "A", 100))
    found = compare("quota * 1", lines=early, period="2026")
    assert found.year is None
    assert [n.code for n in found.notices] == ["what_if.no_sales"]
