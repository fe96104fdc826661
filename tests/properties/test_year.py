"""What must hold for every re-split of a year and every quota by days."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from salesxl.core.prorate import prorate_quota, quota_by_stint
from salesxl.core.reconcile import reconcile_targets
from salesxl.core.resplit import QUARTER, explain_resplit, resplit_target
from salesxl.core.season import seasonal_index
from salesxl.core.split import split_target

variants = st.sampled_from(["annual", "plan", "spread", "quarter"])
methods = st.sampled_from(["largest_remainder", "sainte_lague"])


@st.composite
def years(draw: Any) -> dict[str, Any]:
    parts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=12))
    total = draw(st.integers(0, 10**12))
    done = draw(
        st.lists(
            st.one_of(st.none(), st.integers(-(total // 9), total // 3)),
            min_size=len(parts),
            max_size=len(parts),
        )
    )
    return {
        "total": total,
        "weights": parts,
        "actuals": done,
        "unit": draw(st.sampled_from([1, 100])),
        "variant": draw(variants),
        "months": draw(st.integers(1, 12)),
        "method": draw(methods),
    }


def gap_left(case: dict[str, Any]) -> int:
    return int(case["total"] - sum(value for value in case["actuals"] if value is not None))


@given(years())
def test_actuals_stay_and_no_target_turns(case: dict[str, Any]) -> None:
    result = resplit_target(**case)
    for actual, value in zip(case["actuals"], result, strict=True):
        assert value == actual if actual is not None else value >= 0


@given(years())
def test_the_year_adds_up_unless_it_is_passed_or_the_plan_stands(case: dict[str, Any]) -> None:
    assume(None in case["actuals"] and case["variant"] != "plan")
    result = resplit_target(**case)
    assert sum(result) == case["total"] + max(0, -gap_left(case))


@given(years())
def test_without_actuals_it_is_the_split_itself(case: dict[str, Any]) -> None:
    assume(case["variant"] != "quarter")
    case["actuals"] = [None] * len(case["weights"])
    plan = split_target(case["total"], case["weights"], case["unit"], method=case["method"])
    assert resplit_target(**case) == plan


@given(years())
def test_actuals_as_planned_change_nothing(case: dict[str, Any]) -> None:
    assume(case["variant"] in ("plan", "spread"))
    plan = split_target(case["total"], case["weights"], 1, method="largest_remainder")
    case |= {"unit": 1, "method": "largest_remainder", "months": len(plan)}
    case["actuals"] = [
        None if actual is None else planned
        for actual, planned in zip(case["actuals"], plan, strict=True)
    ]
    for value, planned in zip(resplit_target(**case), plan, strict=True):
        assert abs(value - planned) <= (1 if case["variant"] == "spread" else 0)


@given(years())
def test_the_negative_year_is_the_mirror_image(case: dict[str, Any]) -> None:
    assume(case["total"])
    minus = [None if value is None else -value for value in case["actuals"]]
    mirrored = resplit_target(**{**case, "total": -case["total"], "actuals": minus})
    assert mirrored == [-value for value in resplit_target(**case)]


@given(years())
def test_the_explanation_agrees_with_the_answer(case: dict[str, Any]) -> None:
    rows = explain_resplit(**case)
    assert [row[2] for row in rows] == resplit_target(**case)
    assert rows[-1][4] == sum(row[2] for row in rows) - sum(row[0] for row in rows)
    for end in range(QUARTER - 1, len(rows), QUARTER):
        assert rows[end][5] == sum(row[2] for row in rows[end - QUARTER + 1 : end + 1])


days = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@given(
    st.integers(0, 10**12),
    days,
    st.lists(st.integers(1, 200), min_size=1, max_size=6),
    st.sampled_from(["days", "months"]),
)
def test_stints_without_a_gap_carry_the_whole_quota(
    quota: int, start: date, lengths: list, basis: str
) -> None:
    starts, ends, first = [], [], start
    for length in lengths:
        starts.append(first)
        first += timedelta(days=length)
        ends.append(first - timedelta(days=1))
    parts = quota_by_stint(quota, start, ends[-1], starts, ends, basis=basis)
    assert sum(parts) == quota
    for part, one, other in zip(parts, starts, ends, strict=True):
        alone = prorate_quota(quota, start, ends[-1], one, other, basis=basis)
        assert abs(part - alone) <= 1


@given(st.integers(0, 10**9), days, st.integers(0, 400), st.integers(-50, 450))
def test_every_day_counts_once(quota: int, start: date, length: int, joined: int) -> None:
    end = start + timedelta(days=length)
    first = start + timedelta(days=joined)
    present = len([k for k in range(length + 1) if k >= joined])
    exactly = Fraction(quota * present, length + 1)
    assert abs(prorate_quota(quota, start, end, first) - exactly) <= Fraction(1, 2)


@given(st.integers(2, 12), st.data())
def test_a_pattern_that_repeats_is_its_own_index(period: int, data: Any) -> None:
    pattern = data.draw(st.lists(st.integers(1, 10**6), min_size=period, max_size=period))
    index = [Fraction(value) for value in seasonal_index(pattern * 3, period)]
    assert index == [Fraction(value * period, sum(pattern)) for value in pattern]


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.one_of(st.none(), st.integers(0, 10**9))), min_size=1
    ),
    st.fractions(0, 1, max_denominator=20),
)
def test_proposals_make_the_total(rows: list, share: Fraction) -> None:
    top, own = [row[0] for row in rows], [row[1] for row in rows]
    assume(any(high + share * ((high if low is None else low) - high) for high, low in rows))
    assert sum(row[3] for row in reconcile_targets(top, own, share)) == sum(top)
