"""What must hold for every split with bounds, by either method, and for its explanation."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salesxl.core.apportion import largest_remainder, sainte_lague
from salesxl.core.balance import balance_shares
from salesxl.core.error import RuleError
from salesxl.core.explain_split import explain_split
from salesxl.core.split import split_target

whole_weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any)
methods = st.sampled_from(["largest_remainder", "sainte_lague"])
units = st.sampled_from([1, 7, 100, Decimal("0.01")])


@st.composite
def bounded(draw: Any) -> dict[str, Any]:
    """A split whose bounds can be met: they enclose some amounts that make the total."""
    amounts = draw(st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
    room = st.one_of(st.none(), st.integers(0, 1000), st.integers(0, 10**6))
    parts = draw(
        st.lists(
            st.one_of(st.integers(1, 10**9), st.just(Decimal("1e-9")), st.just(10**12)),
            min_size=len(amounts),
            max_size=len(amounts),
        )
    )
    low, high = [], []
    for amount in amounts:
        below, above = draw(room), draw(room)
        low.append(None if below is None else max(amount - below, 0))
        high.append(None if above is None else amount + above)
    return {
        "total": sum(amounts),
        "weights": parts,
        "unit": draw(units),
        "minimum": low,
        "maximum": high,
        "method": draw(methods),
    }


def within(value: Any, low: Any, high: Any) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


@given(bounded())
def test_bounds_that_can_be_met_are_met_and_the_sum_is_exact(case: dict[str, Any]) -> None:
    parts = split_target(**case)
    assert sum(map(Fraction, parts)) == case["total"]
    for part, low, high in zip(parts, case["minimum"], case["maximum"], strict=True):
        assert within(part, low, high)


@given(bounded())
def test_bounds_are_mirrored_with_the_total(case: dict[str, Any]) -> None:
    minus = [[None if v is None else -v for v in case[name]] for name in ("maximum", "minimum")]
    mirrored = {**case, "total": -case["total"], "minimum": minus[0], "maximum": minus[1]}
    assert split_target(**mirrored) == [-part for part in split_target(**case)]


@given(bounded())
def test_bounds_that_do_not_act_change_nothing(case: dict[str, Any]) -> None:
    free = split_target(case["total"], case["weights"], case["unit"], method=case["method"])
    assume(
        all(
            within(part, low, high)
            for part, low, high in zip(free, case["minimum"], case["maximum"], strict=True)
        )
    )
    assert split_target(**case) == free


@given(
    st.integers(1, 10**6),
    whole_weights,
    st.lists(st.integers(0, 10**6), min_size=12, max_size=12),
)
def test_bounds_that_cannot_be_met_are_refused(total: int, parts: list, limits: list) -> None:
    limits = limits[: len(parts)]
    able = sum(limit for part, limit in zip(parts, limits, strict=True) if part)
    if sum(limits) > total:
        with pytest.raises(RuleError, match="bounds over"):
            split_target(total, parts, minimum=limits)
    if able < total:
        with pytest.raises(RuleError, match="bounds under"):
            split_target(total, parts, maximum=limits)


@given(bounded())
def test_the_explanation_adds_up_on_paper(case: dict[str, Any]) -> None:
    rows = explain_split(**case)
    unit = Fraction(case["unit"])
    assert [row[7] for row in rows] == split_target(**case)
    assert sum(Fraction(row[0]) + Fraction(row[5]) for row in rows) == case["total"]
    free = [row for row in rows if row[6] is None]
    for share, down, left, rank, count, odd, cause, result in rows:
        assert Fraction(share) == Fraction(down) + Fraction(left)
        assert Fraction(down) + count * unit + Fraction(odd) == Fraction(result)
        assert cause is None or (share == result and rank is None)
    if case["method"] == "largest_remainder":
        assert sorted(row[3] for row in free) == list(range(1, len(free) + 1))
        served = sum(row[4] for row in free)
        assert all((row[4] == 1) == (row[3] <= served) for row in free)


@given(st.integers(0, 10**15), whole_weights)
def test_sainte_lague_makes_the_total_and_keeps_the_order(total: int, parts: list) -> None:
    units_of = sainte_lague(total, parts)
    assert sum(units_of) == total
    pairs = sorted(zip(parts, units_of, strict=True))
    for (light, less), (heavy, more) in itertools.pairwise(pairs):
        assert light == heavy or less <= more
    # No unit would move: the last one given had at least the claim of any next one.
    given_last = [Fraction(p, 2 * u - 1) for p, u in zip(parts, units_of, strict=True) if u]
    waiting = [Fraction(p, 2 * u + 1) for p, u in zip(parts, units_of, strict=True)]
    assert not given_last or min(given_last) >= max(waiting)


@given(st.integers(0, 10**12), st.integers(1, 50), whole_weights)
def test_by_sainte_lague_a_growing_total_takes_from_nobody(
    total: int, more: int, parts: list
) -> None:
    before, after = sainte_lague(total, parts), sainte_lague(total + more, parts)
    assert all(a <= b for a, b in zip(before, after, strict=True))


# Few large and many small parts: rounding is several units off, and claims are often equal.
mixed = st.lists(st.sampled_from([0, 1, 1, 1, 3, 9, 9, 27, 27]), min_size=1, max_size=24)


@given(st.integers(0, 90), mixed.filter(any))
def test_sainte_lague_is_one_unit_after_the_other(total: int, parts: list) -> None:
    units_of = [0] * len(parts)
    for _ in range(total):
        claims = [Fraction(p, 2 * u + 1) for p, u in zip(parts, units_of, strict=True)]
        units_of[claims.index(max(claims))] += 1
    assert sainte_lague(total, parts) == units_of


def test_the_two_methods_part_where_the_literature_says() -> None:
    # Three parts, 10 and then 11 units: by largest remainder the last one loses a unit.
    parts = [6, 6, 2]
    assert [largest_remainder(total, parts) for total in (10, 11)] == [[4, 4, 2], [5, 5, 1]]
    # Claims after nine units (4, 4, 1): 6/9, 6/9 and 2/3 are equal, so the front is served.
    assert [sainte_lague(total, parts) for total in (10, 11)] == [[5, 4, 1], [5, 5, 1]]


shares = st.one_of(st.none(), st.fractions(0, 1, max_denominator=50))


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(-9, 30), shares, shares), min_size=1))
def test_balanced_shares_make_one_within_their_bounds(lines: list) -> None:
    history, growth, low, high = (list(column) for column in zip(*lines, strict=True))
    rates = [Fraction(rate, 10) for rate in growth]
    try:
        result = [Fraction(value) for value in balance_shares(history, rates, low, high)]
    except RuleError as error:
        assert error.code in ("bounds_crossed", "bounds_over", "bounds_under")
        return
    assert sum(result) == 1
    free = []
    for value, past, rate, bottom, top in zip(result, history, rates, low, high, strict=True):
        assert within(value, bottom, top)
        if value not in (bottom, top):
            free.append(value / (past * (1 + rate)))
    assert len(set(free)) <= 1  # what is not held keeps its proportions
