"""What must hold for grades, scores, warnings, visits, concentration and partners."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salesxl.core.concentration import concentration, herfindahl, top_share
from salesxl.core.diversion import diversion_check
from salesxl.core.grades import abc_class
from salesxl.core.partner import partner_score, partner_sensitivity
from salesxl.core.rfm import rfm_scores
from salesxl.core.rhythm import loss_warning
from salesxl.core.visits import schedule, visit_plan, working_days

amounts = st.lists(st.integers(-50, 1000), min_size=1, max_size=30)
crossings = st.sampled_from(["reaches", "within"])


@given(amounts, crossings, st.randoms(use_true_random=False))
def test_grades_do_not_depend_on_the_order(values: list[int], crossing: str, random: Any) -> None:
    graded = dict(zip(values, abc_class(values, crossing=crossing), strict=True))
    shuffled = list(values)
    random.shuffle(shuffled)
    for value, grade in zip(shuffled, abc_class(shuffled, crossing=crossing), strict=True):
        assert graded[value] == grade


@given(amounts, st.lists(st.integers(1, 20), min_size=1, max_size=6, unique=True))
def test_a_grade_reaches_its_cut_and_no_further_than_needed(
    values: list[int], parts: list[int]
) -> None:
    cuts = [Fraction(part, 20) for part in sorted(parts)]
    total = sum(value for value in values if value > 0)
    grades = abc_class(values, cuts)
    last = chr(ord("A") + len(cuts))
    assert all(grade == last for grade, value in zip(grades, values, strict=True) if value <= 0)
    by_value = sorted(zip(values, grades, strict=True), reverse=True)
    assert [grade for _, grade in by_value] == sorted(grade for grade in grades if grade)
    within = abc_class(values, cuts, "within")
    for index, cut in enumerate(cuts):
        letter = chr(ord("A") + index)
        held = [v for v, g in zip(values, grades, strict=True) if v > 0 and g <= letter]
        assert not total or sum(held) >= cut * total
        least = min(held, default=0)
        assert not held or sum(v for v in held if v > least) < cut * total
        kept = [v for v, g in zip(values, within, strict=True) if v > 0 and g <= letter]
        assert sum(kept) <= cut * total


@given(
    st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=1, max_size=40), st.integers(2, 10),
    st.sampled_from(["lower", "higher"]),
)  # fmt: skip
def test_scores_are_bounded_and_follow_the_figures(
    rows: list[tuple[int, int, int]], levels: int, ties: str
) -> None:
    scores = rfm_scores(*(list(column) for column in zip(*rows, strict=True)), levels, ties)
    for row in scores:
        assert all(1 <= score <= levels for score in row[:3]) and row[3] == sum(row[:3])
    for (days, orders, spent), score in zip(rows, scores, strict=True):
        for other, beside in zip(rows, scores, strict=True):
            assert days >= other[0] or score[0] >= beside[0]
            assert orders <= other[1] or score[1] >= beside[1]
            assert spent <= other[2] or score[2] >= beside[2]
            assert days != other[0] or score[0] == beside[0]


@given(st.integers(2, 9), st.integers(1, 20))
def test_a_customer_in_time_is_never_warned(gap: int, count: int) -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=gap * n) for n in range(count)]
    row = loss_warning(["x"] * count, days, days[-1] + timedelta(days=gap))[0]
    assert row[-1] == ("ok" if count >= 4 else "no_rhythm")
    assert row[3] == (gap if count >= 4 else None) and row[2] == gap * (count - 1)


@st.composite
def planned(draw: Any) -> tuple[list[int], int, int]:
    count = draw(st.integers(1, 70))
    wanted = draw(st.lists(st.integers(0, count + 2), min_size=1, max_size=15))
    return wanted, count, draw(st.integers(1, 9))


@given(planned())
def test_loads_differ_by_at_most_one(case: tuple[list[int], int, int]) -> None:
    wanted, count, capacity = case
    plan = schedule(wanted, count, capacity)
    loads = plan.loads(count)
    assert max(loads) - min(loads) <= 1 and max(loads) <= capacity
    for number, days, over in zip(wanted, plan.days, plan.unplaced, strict=True):
        assert len(days) + over == number and len(set(days)) == len(days)
    assert sum(loads) == min(sum(loads) + sum(plan.unplaced), sum(loads))
    if sum(min(number, count) for number in wanted) * 2 <= capacity * count:
        assert all(over == max(0, n - count) for n, over in zip(wanted, plan.unplaced, strict=True))
    assert schedule(wanted, count, capacity) == plan


@given(st.lists(st.sampled_from([1, 2, 4, 6, 12]), min_size=1, max_size=60), st.integers(60, 250))
def test_visits_of_a_customer_are_evenly_spaced(wanted: list[int], count: int) -> None:
    plan = schedule(wanted, count, 1000)
    assert not any(plan.unplaced)
    total, kinds = sum(wanted), len(set(wanted))
    # Each frequency shifts the others by half a visit; a visit is count / total days.
    most = 1 + kinds * max(Fraction(1), Fraction(count, total)) if total >= count else kinds + 1
    assert plan.deviation(count) <= most


@given(st.data())
@settings(max_examples=50)
def test_no_visit_on_a_day_off(data: Any) -> None:
    first = date(2026, 1, 1) + timedelta(days=data.draw(st.integers(0, 300)))
    last = first + timedelta(days=data.draw(st.integers(0, 60)))
    span = st.integers(0, (last - first).days).map(lambda n: first + timedelta(days=n))
    off = data.draw(st.lists(span, max_size=8))
    on = [d for d in data.draw(st.lists(span, max_size=4)) if d.weekday() > 4 and d not in off]
    days = working_days(first, last, off, on)
    assume(days)
    wanted = data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=9))
    who = [f"R{n % 2}" for n in range(len(wanted))]
    rows = visit_plan(wanted, who, first, last, off, on, 3)
    allowed = {day.isoformat() for day in days}
    assert all(day is None or day in allowed for _, _, day in rows)
    for index, number in enumerate(wanted, 1):
        assert sorted(n for i, n, _ in rows if i == index) == list(range(1, number + 1))
    for day in allowed:
        for name in ("R0", "R1"):
            assert sum(d == day and who[i - 1] == name for i, _, d in rows) <= 3
    for day in on:
        assert day in days
    assert not any(d in off or (d.weekday() > 4 and d not in on) for d in days)


def test_five_thousand_customers_are_planned_at_once() -> None:
    wanted = ([12] * 500 + [6] * 1000 + [4] * 1500 + [2] * 2000)[::-1]
    rows = visit_plan(wanted, [f"R{n % 20}" for n in range(5000)], "2026-01-01", "2026-12-31")
    assert len(rows) == sum(wanted) and all(day for _, _, day in rows)


@given(amounts, st.integers(1, 5))
def test_concentration_is_exact_and_bounded(values: list[int], top: int) -> None:
    sold = [value for value in values if value > 0]
    one, first, index = concentration(values, top)
    if not sold:
        assert (one, first, index) == (None, None, None)
        return
    assert Fraction(1, len(sold)) <= Fraction(index) <= Fraction(one) <= Fraction(first) <= 1
    assert herfindahl(values) == sum(Fraction(v, sum(sold)) ** 2 for v in sold)
    assert top_share(values, len(values)) == 1


@st.composite
def tables(draw: Any) -> tuple[list[list[int]], list[Fraction]]:
    width = draw(st.integers(1, 4))
    parts = draw(st.lists(st.integers(0, 5), min_size=width, max_size=width).filter(any))
    row = st.lists(st.integers(1, 5), min_size=width, max_size=width)
    weights = [Fraction(part, sum(parts)) for part in parts]
    return draw(st.lists(row, min_size=1, max_size=5)), weights


def first_of(scores: list[list[int]], weights: list[Fraction]) -> set[int]:
    return {at for at, (_, rank) in enumerate(partner_score(scores, weights)) if rank == 1}


def moved(weights: list[Fraction], column: int, new: Fraction) -> list[Fraction]:
    rest = 1 - weights[column]
    count = len(weights) - 1
    return [
        new if i == column else (1 - new) * (w / rest if rest else Fraction(1, count))
        for i, w in enumerate(weights)
    ]


@given(tables())
def test_the_smallest_change_is_the_smallest(table: tuple[list[list[int]], list[Fraction]]) -> None:
    scores, weights = table
    leaders = first_of(scores, weights)
    for column, (change, new, other) in enumerate(partner_sensitivity(scores, weights)):
        if len(weights) == 1:
            assert change is None
            continue
        start = weights[column]
        if change is None:
            for step in range(1, 10):
                found = first_of(scores, moved(weights, column, Fraction(step, 10)))
                assert found == leaders or len(leaders) > 1
            continue
        at = first_of(scores, moved(weights, column, Fraction(new)))
        assert other - 1 in at and at & leaders and Fraction(new) == start + Fraction(change)
        if change:
            nearer = first_of(scores, moved(weights, column, start + Fraction(change) * 9 / 10))
            assert nearer == leaders
            beyond = Fraction(new) + (1 if change > 0 else -1) * Fraction(1, 10**6)
            assert not first_of(scores, moved(weights, column, beyond)) & leaders


@given(
    st.lists(
        st.tuples(st.sampled_from("xy"), st.sampled_from("EN"), st.integers(-9, 99)), min_size=1
    )
)
def test_what_is_outside_is_what_is_not_inside(lines: list[tuple[str, str, int]]) -> None:
    columns = [list(column) for column in zip(*lines, strict=True)]
    for partner, total, outside, share, _ in diversion_check(*columns, [["x", "E"], ["y", "N"]]):
        home = {"x": "E", "y": "N"}[partner]
        inside = sum(a for p, r, a in lines if p == partner and r == home)
        assert inside + outside == total
        assert share is None or Fraction(share) * Fraction(total) == outside


@pytest.mark.parametrize("weights", [["0.5", "0.49"], [Decimal("0.3333"), Decimal("0.6666")]])
def test_weights_are_not_scaled_in_silence(weights: list[Any]) -> None:
    with pytest.raises(ValueError, match="weights sum"):
        partner_score([[1, 2]], weights)
