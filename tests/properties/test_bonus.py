"""What must hold for bonuses, rankings and scores."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from salesxl.core.campaign import new_customer_bonus, spiff
from salesxl.core.champion import champion_bonus, rank_with_ties
from salesxl.core.honours import star_score, team_ranking
from salesxl.core.over_target import over_target_bonus

owed = st.decimals("0", "1e6", places=2, allow_nan=False, allow_infinity=False)
rates = st.decimals("0", "1", places=4, allow_nan=False, allow_infinity=False)
scores = st.lists(st.one_of(st.none(), st.integers(-3, 6)), min_size=1, max_size=8)
prizes = st.lists(owed, min_size=1, max_size=4)
days = st.integers(0, 1200).map(lambda n: date(2024, 1, 1) + timedelta(days=n))


def order(count: int) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(count))


@given(scores, st.sampled_from(["same", "dense"]), st.data())
def test_ranks_do_not_depend_on_the_order_of_the_list(
    points: list[Any], ties: str, data: Any
) -> None:
    moved = data.draw(order(len(points)))
    ranks = rank_with_ties(points, ties)
    assert rank_with_ties([points[i] for i in moved], ties) == [ranks[i] for i in moved]


@given(scores)
def test_a_higher_score_never_ranks_lower(points: list[Any]) -> None:
    same, dense, first = (rank_with_ties(points, ties) for ties in ("same", "dense", "first"))
    taking = [i for i, score in enumerate(points) if score is not None]
    for i in taking:
        assert same[i] == 1 + sum(points[j] > points[i] for j in taking)
        assert dense[i] == 1 + len({points[j] for j in taking if points[j] > points[i]})
        assert dense[i] <= same[i] <= first[i]
    assert sorted(first[i] for i in taking) == list(range(1, len(taking) + 1))
    assert all(same[i] is None for i in range(len(points)) if i not in taking)


@given(scores, prizes)
def test_shared_prizes_are_paid_out_whole(points: list[Any], given_prizes: list[Decimal]) -> None:
    people = sum(score is not None for score in points)
    for ties in ("shared", "first"):
        paid = champion_bonus(points, given_prizes, ties)
        assert sum(paid) == sum(given_prizes[:people])
    assert sum(champion_bonus(points, given_prizes, "all")) >= 0


@given(scores, prizes, st.data())
def test_a_tied_champion_gets_the_same_wherever_the_name_stands(
    points: list[Any], given_prizes: list[Decimal], data: Any
) -> None:
    moved = data.draw(order(len(points)))
    paid = champion_bonus(points, given_prizes, "all")
    again = champion_bonus([points[i] for i in moved], given_prizes, "all")
    assert again == [paid[i] for i in moved]
    shared = champion_bonus(points, given_prizes, "shared")
    again = champion_bonus([points[i] for i in moved], given_prizes, "shared")
    for place, i in enumerate(moved):  # the odd cent goes by position
        assert abs(again[place] - shared[i]) <= Decimal("0.01")


@given(owed, owed.filter(bool), rates)
def test_over_target_on_the_whole_is_never_less_than_on_the_excess(
    credited: Decimal, target: Decimal, rate: Decimal
) -> None:
    excess, whole = (over_target_bonus(credited, target, rate, on) for on in ("excess", "whole"))
    assert 0 <= excess <= whole
    if credited < target:
        assert whole == 0
    cent = Decimal("0.01")
    step = over_target_bonus(credited + cent, target, rate, "excess") - excess
    assert 0 <= step <= cent


lines = st.lists(
    st.tuples(days, st.sampled_from("ABC"), st.integers(-5, 9)), min_size=1, max_size=12
)


@given(lines, st.data())
def test_a_spiff_pays_line_by_line(sold: list[Any], data: Any) -> None:
    dates, products, counts = (list(side) for side in zip(*sold, strict=True))
    span = ("2024-06-01", "2025-05-31", ["a", "B"], Decimal("12.5"))
    paid = spiff(dates, products, counts, *span)
    for day, product, count, pay in zip(dates, products, counts, paid, strict=True):
        counted = date(2024, 6, 1) <= day <= date(2025, 5, 31) and product != "C"
        assert pay == (count * Decimal("12.5") if counted else 0)
    moved = data.draw(order(len(sold)))
    again = spiff(*([side[i] for i in moved] for side in (dates, products, counts)), *span)
    assert again == [paid[i] for i in moved]


@given(lines, st.integers(1, 24), st.data())
def test_new_customers_do_not_depend_on_the_order_of_lines(
    sold: list[Any], months: int, data: Any
) -> None:
    dates, customers, _ = (list(side) for side in zip(*sold, strict=True))
    paid = new_customer_bonus(customers, dates, 100, months)
    moved = data.draw(order(len(sold)))
    again = new_customer_bonus(
        *([side[i] for i in moved] for side in (customers, dates)), 100, months
    )

    def by_day(names: list[str], on: list[date], bonuses: list[Decimal]) -> set[tuple[Any, ...]]:
        return {(n, d) for n, d, b in zip(names, on, bonuses, strict=True) if b}

    assert sum(again) == sum(paid)
    assert by_day([customers[i] for i in moved], [dates[i] for i in moved], again) == by_day(
        customers, dates, paid
    )
    # Every customer is new once at least, and never twice within the months.
    for name in set(customers):
        firsts = sorted(d for n, d in by_day(customers, dates, paid) if n == name)
        assert firsts[0] == min(d for n, d in zip(customers, dates, strict=True) if n == name)
        for one, two in pairwise(firsts):
            assert (two.year - one.year) * 12 + two.month - one.month >= months


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.tuples(
            st.lists(
                st.lists(st.integers(-50, 200), min_size=width, max_size=width),
                min_size=1, max_size=6,
            ),
            st.lists(st.integers(1, 9), min_size=width, max_size=width),
            st.lists(st.integers(1, 300), min_size=width, max_size=width),
        )
    )
)  # fmt: skip
def test_a_score_is_the_sum_of_what_it_shows(table: tuple[Any, Any, Any]) -> None:
    values, parts, goals = table
    weights = [Fraction(part, sum(parts)) for part in parts]
    scored = star_score(values, weights, goals)
    ranked = team_ranking(values, weights, "same", goals)
    for row, own, score, listed in zip(scored, values, ranked, ranked, strict=True):
        figures = [Fraction(v) / g * w for v, g, w in zip(own, goals, weights, strict=True)]
        assert [Fraction(cell) for cell in row] == [*figures, sum(figures)]
        assert [score[1], *score[2:]] == [row[-1], *row[:-1]]
        assert listed[0] == 1 + sum(Fraction(r[1]) > Fraction(listed[1]) for r in ranked)
