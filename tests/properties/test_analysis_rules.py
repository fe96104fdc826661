"""What must hold for scores, bridges, forecasts, cohorts and matrices, whatever comes in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from salesxl.core.bridge import price_volume_mix
from salesxl.core.cohort import cohort_table
from salesxl.core.development import ladder_distance, sign_chance, training_effect
from salesxl.core.forecast import forecast_year
from salesxl.core.growth import growth_rates
from salesxl.core.kpi import kpi_score
from salesxl.core.org import raci_check, span_of_control
from salesxl.core.pipeline import pipeline_age, pipeline_coverage
from salesxl.core.receivables import overdue_ageing

money = st.decimals("-1e6", "1e6", places=2, allow_nan=False, allow_infinity=False)
owed = st.decimals("0", "1e6", places=2, allow_nan=False, allow_infinity=False)
counts = st.integers(-3, 40)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
reached = st.decimals("-1", "3", places=2, allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(counts, money, counts, money), min_size=1, max_size=12))
def test_the_parts_of_a_bridge_make_the_difference(items: list[tuple[Any, ...]]) -> None:
    rows = price_volume_mix(*(list(column) for column in zip(*items, strict=True)))
    for row, (_, before, _, after) in zip(rows, items, strict=False):
        assert sum(map(Fraction, row[:6])) == Fraction(row[6]) == Fraction(after - before)
    for part in range(7):
        assert sum(Fraction(row[part]) for row in rows[:-1]) == Fraction(rows[-1][part])


@given(st.lists(st.tuples(st.integers(1, 40), owed, st.integers(1, 40)), min_size=1, max_size=9))
def test_at_old_prices_there_is_no_price_part(items: list[tuple[int, Decimal, int]]) -> None:
    old = [amount * pieces for pieces, amount, _ in items]
    new = [amount * pieces for _, amount, pieces in items]
    rows = price_volume_mix([i[0] for i in items], old, [i[2] for i in items], new)
    assert all(row[0] == 0 for row in rows)


@given(
    st.lists(st.tuples(reached, st.integers(1, 50), st.sampled_from(["up", "down"])), min_size=1),
    st.data(),
)
def test_a_score_stays_within_its_floors_and_caps(
    measures: list[tuple[Decimal, int, str]], data: Any
) -> None:
    actuals, parts, ups = (list(column) for column in zip(*measures, strict=True))
    weights = [Fraction(part, sum(parts)) for part in parts]
    cap = data.draw(st.decimals("0.5", "2", places=2))
    ones = [1] * len(actuals)
    rows = kpi_score(actuals, ones, weights, ups, [0] * len(actuals), [cap] * len(actuals))
    assert all(0 <= row[1] <= cap for row in rows[:-1])
    assert 0 <= rows[-1][3] <= cap
    assert sum(Fraction(row[3]) for row in rows[:-1]) == Fraction(rows[-1][3])


@given(
    st.lists(st.lists(owed, min_size=4, max_size=4), min_size=1, max_size=5),
    st.lists(owed, min_size=1, max_size=4),
    st.integers(2, 9),
)
def test_forecasts_keep_their_scale_and_their_range(
    history: list[list[Decimal]], to_date: list[Decimal], factor: int
) -> None:
    if not any(any(year[: len(to_date)]) for year in history):
        return
    total, low, high, error, tests, share = forecast_year(history, to_date)
    assert 0 < share <= 1 and tests <= len(history) - 1
    assert (low is None) == (high is None) == (error is None) == (tests == 0)
    if tests:
        assert 0 <= low <= total <= high and error >= 0
    larger = forecast_year(history, [value * factor for value in to_date])
    assert Fraction(larger[0]) == Fraction(total) * factor
    if len(to_date) == 4:
        assert Fraction(total) == sum(map(Fraction, to_date))


@given(
    st.lists(st.tuples(st.sampled_from("ABCDE"), days, money), min_size=1, max_size=40),
    st.integers(1, 12),
)
def test_every_buyer_is_in_one_cohort(lines: list[Any], months: int) -> None:
    columns = [list(column) for column in zip(*lines, strict=True)]
    rows = cohort_table(*columns, months)
    assert sum(row[1] for row in rows) == len({name for name, _, amount in lines if amount > 0})
    for row in rows:
        assert row[2] == row[1]  # all of a cohort bought in its first period
        assert all(cell is None or 0 <= cell <= row[1] for cell in row[2:])


@given(st.lists(st.tuples(days, owed), min_size=1, max_size=30), days)
def test_ageing_loses_nothing(open_amounts: list[tuple[date, Decimal]], as_of: date) -> None:
    due, amounts = (list(column) for column in zip(*open_amounts, strict=True))
    rows = overdue_ageing(due, amounts, as_of)
    assert sum(Fraction(row[2]) for row in rows) == sum(map(Fraction, amounts))
    later = overdue_ageing(due, amounts, as_of + timedelta(days=1))
    assert Fraction(later[0][2]) <= Fraction(rows[0][2])


@given(st.lists(st.tuples(owed, st.none() | st.integers(0, 1)), min_size=1), owed, owed)
def test_what_is_weighted_is_open(
    deals: list[tuple[Decimal, int | None]], target: Decimal, actual: Decimal
) -> None:
    amounts, rates = (list(column) for column in zip(*deals, strict=True))
    total, weighted, rest, cover, share, missing, unknown = pipeline_coverage(
        amounts, rates, target, actual
    )
    assert 0 <= weighted <= total and rest >= 0 and missing >= 0
    assert unknown == rates.count(None)
    assert (cover is None) == (share is None) == (rest == 0)


@given(st.lists(st.tuples(days | st.none(), days | st.none()), min_size=1), days)
def test_a_deal_only_gets_older(deals: list[Any], as_of: date) -> None:
    since, due = (list(column) for column in zip(*deals, strict=True))
    now = pipeline_age(since, due, as_of, 30)
    later = pipeline_age(since, due, as_of + timedelta(days=9), 30)
    for before, after in zip(now, later, strict=True):
        assert before[2] == "fine" or after[2] != "fine"


@given(st.lists(st.lists(st.sampled_from(["R", "A", "C", "I", "A/R", ""]), min_size=3, max_size=3)))
def test_a_fine_process_has_one_accountable(matrix: list[list[str]]) -> None:
    if not matrix:
        return
    for row, (accountable, responsible, state) in zip(matrix, raci_check(matrix), strict=True):
        assert accountable == sum("A" in cell for cell in row)
        assert (state == "fine") == (accountable == 1 and responsible >= 1)


@given(st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=20))
def test_every_report_has_one_manager(managers: list[str]) -> None:
    people = [f"P{k}" for k in range(len(managers))]
    assert sum(row[1] for row in span_of_control(people, managers, 1, 8)) == len(people)


@given(st.lists(st.tuples(reached, reached), min_size=1, max_size=20))
def test_an_effect_turns_with_its_sides(pairs: list[tuple[Decimal, Decimal]]) -> None:
    before, after = (list(column) for column in zip(*pairs, strict=True))
    there, back = training_effect(before, after), training_effect(after, before)
    assert Fraction(there[3]) == -Fraction(back[3])
    assert (there[4], there[5]) == (back[5], back[4])
    assert there[6] == back[6] and 0 < there[6] <= 1


@given(st.integers(1, 30))
def test_all_on_one_side_is_the_least_likely(people: int) -> None:
    assert sign_chance(people, 0) == Fraction(2, 2**people) or people == 1
    assert all(sign_chance(k, people - k) >= sign_chance(people, 0) for k in range(people + 1))


@given(
    st.lists(reached, min_size=1), st.integers(0, 6), st.integers(0, 60), st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1),
)  # fmt: skip
def test_more_never_leads_away_from_the_next_step(
    attainments: list[Decimal], periods: int, months: int, asked: int, levels: list[Any]
) -> None:
    has, required = (list(column) for column in zip(*levels, strict=True))
    now = ladder_distance(attainments, 1, periods, months, asked, has, required)
    assert all(row[3] >= 0 for row in now)
    better = ladder_distance(
        [*attainments, 1], 1, periods, months + 1, asked, [level + 1 for level in has], required
    )
    assert all(b[3] <= a[3] for a, b in zip(now, better, strict=True))


@given(st.lists(money, min_size=1, max_size=30), st.integers(1, 12))
def test_rates_lead_from_one_value_to_the_next(values: list[Decimal], period: int) -> None:
    for k, (step, year) in enumerate(growth_rates(values, period)):
        if step is not None:
            assert Fraction(values[k - 1]) * (1 + Fraction(step)) == Fraction(values[k])
        if year is not None:
            assert Fraction(values[k - period]) * (1 + Fraction(year)) == Fraction(values[k])


def test_where_there_is_nobody_there_are_no_rows() -> None:
    assert cohort_table(["Ann"], ["2026-01-05"], [-5], 3) == []
    assert span_of_control(["Ann", "Bob"], [None, None], 1, 8) == []
