"""What must hold for commissions, whatever the scale and the amount."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from salesxl.core.commission import (
    commission_flat,
    commission_marginal,
    commission_whole,
    read_scale,
)
from salesxl.core.curve import commission_interpolated, commission_matrix, interpolate
from salesxl.core.explain import bands_of, commission_explain
from salesxl.core.number import round_half_up
from salesxl.core.scale import marginal_parts, marginal_pay, reached_rate, whole_pay
from salesxl.core.year_to_date import commission_ytd

money = st.decimals("-1e9", "1e9", places=2, allow_nan=False, allow_infinity=False)
earned = st.decimals("0", "1e9", places=2, allow_nan=False, allow_infinity=False)
rates = st.decimals("0", "1", places=6, allow_nan=False, allow_infinity=False)
limits = st.one_of(st.none(), earned)
kinds = st.sampled_from(["marginal", "whole"])


@st.composite
def scales(draw: Any, first: st.SearchStrategy[Decimal] | None = None) -> tuple[list, list]:
    starts = sorted(draw(st.lists(earned, min_size=1, max_size=7, unique=True)))
    if first is not None:
        starts = sorted({draw(first), *starts})
    count = len(starts)
    return starts, draw(st.lists(rates, min_size=count, max_size=count))


from_zero = scales(st.just(Decimal(0)))


@given(scales(), earned, earned)
def test_marginal_pay_never_falls(scale: tuple[list, list], one: Decimal, two: Decimal) -> None:
    low, high = sorted([one, two])
    assert commission_marginal(low, *scale) <= commission_marginal(high, *scale)


@given(scales(), money, st.fractions(0, 1))
def test_marginal_pay_has_no_jump(scale: tuple[list, list], at: Decimal, step: Fraction) -> None:
    bands = read_scale(*scale)
    here, there = (marginal_pay(Fraction(at) + more, bands) for more in (Fraction(0), step))
    assert 0 <= there - here <= step * max(rate for _, rate in bands)


@given(scales())
def test_marginal_pay_is_the_same_on_both_sides_of_a_threshold(scale: tuple[list, list]) -> None:
    bands = read_scale(*scale)
    tiny = Fraction(1, 10**30)
    for start, _ in bands:
        if start:  # below 0 lie net returns
            assert marginal_pay(start, bands) - marginal_pay(start - tiny, bands) <= tiny


@given(scales(), earned)
def test_whole_pay_is_the_bands_rate_on_all_of_it(scale: tuple[list, list], amount: Any) -> None:
    starts, shares = scale
    reached = [rate for start, rate in zip(starts, shares, strict=True) if start <= amount]
    rate = reached[-1] if reached else Decimal(0)
    assert commission_whole(amount, *scale) == round_half_up(Fraction(amount) * Fraction(rate), 2)


@given(scales(), kinds, st.data())
def test_whole_pay_at_just_below_and_just_above_a_threshold(
    scale: tuple[list, list], kind: str, data: Any
) -> None:
    starts, shares = scale
    index = data.draw(st.integers(0, len(starts) - 1))
    bands = read_scale(*scale)
    start = Fraction(starts[index])
    below = Fraction(shares[index - 1]) if index else Fraction(0)
    assert reached_rate(start, bands) == Fraction(shares[index])
    if start > 0:
        cent = min(Fraction(1, 100), start)
        previous = Fraction(starts[index - 1]) if index else Fraction(0)
        if start - cent >= previous:
            assert reached_rate(start - cent, bands) == below


@given(scales(), money, kinds, st.one_of(st.none(), st.integers(0, 4)), limits, limits)
def test_the_explained_lines_make_the_pay(
    scale: tuple[list, list], amount: Decimal, kind: str, decimals: Any, cap: Any, floor: Any
) -> None:
    assume(cap is None or floor is None or floor <= cap)
    rows = commission_explain(amount, *scale, kind, decimals, cap, floor)
    assert list(accumulate(Fraction(row[4]) for row in rows)) == [Fraction(r[5]) for r in rows]
    if decimals is not None:
        rule = commission_marginal if kind == "marginal" else commission_whole
        assert rows[-1][5] == rule(amount, *scale, decimals, cap, floor)


@given(scales(), money, kinds)
def test_the_parts_in_the_bands_make_the_amount(
    scale: tuple[list, list], amount: Decimal, kind: Any
) -> None:
    bands = bands_of(kind, Fraction(amount), read_scale(*scale))
    assert sum(band.part for band in bands) == amount
    assert all(band.pay == band.part * band.rate for band in bands)


@given(from_zero, st.integers(-(10**12), 10**12))
def test_sums_on_whole_numbers_are_the_sums_on_fractions(
    scale: tuple[list, list], minor: int
) -> None:
    """Minor units and parts per million, as a run over a ledger has them."""
    starts, shares = scale
    bands = read_scale(starts, shares)
    whole = [(int(s * 100), int(r * 10**6)) for s, r in zip(starts, shares, strict=True)]
    base = Fraction(minor, 100)
    assert Fraction(marginal_pay(minor, whole), 10**8) == marginal_pay(base, bands)
    assert Fraction(whole_pay(minor, whole), 10**8) == whole_pay(base, bands)
    parts = marginal_parts(minor, [start for start, _ in whole])
    assert sum(parts) == minor


@given(scales(), money, limits, limits, st.sampled_from([0, 2, 4]))
def test_pay_keeps_its_limits(
    scale: tuple[list, list], amount: Decimal, cap: Any, floor: Any, places: int
) -> None:
    assume(cap is None or floor is None or floor <= cap)
    for pay in (
        commission_marginal(amount, *scale, places, cap, floor),
        commission_whole(amount, *scale, places, cap, floor),
        commission_flat(amount, scale[1][0], places, cap, floor),
    ):
        assert cap is None or pay <= round_half_up(cap, places)
        assert floor is None or pay >= round_half_up(floor, places)


@given(st.lists(money, min_size=1, max_size=12), scales(), kinds, limits, limits)
def test_the_months_make_the_year(
    amounts: list[Decimal], scale: tuple[list, list], kind: str, cap: Any, floor: Any
) -> None:
    assume(cap is None or floor is None or floor <= cap)
    rows = commission_ytd(amounts, *scale, kind, 2, cap, floor)
    rule = commission_marginal if kind == "marginal" else commission_whole
    assert sum(row[4] for row in rows) == rule(sum(amounts), *scale, 2, cap, floor)
    assert [row[3] for row in rows[1:]] == [row[2] for row in rows[:-1]]
    for _, running, year, before, pay in rows:
        assert year == rule(running, *scale, 2, cap, floor) == before + pay


@given(st.lists(money, min_size=2, max_size=12), scales(), kinds, st.data())
def test_the_order_of_sales_within_the_year_does_not_change_it(
    amounts: list[Decimal], scale: tuple[list, list], kind: str, data: Any
) -> None:
    shuffled = data.draw(st.permutations(amounts))
    one, two = (commission_ytd(each, *scale, kind) for each in (amounts, shuffled))
    assert sum(row[4] for row in one) == sum(row[4] for row in two)


@st.composite
def curves(draw: Any) -> tuple[list, list]:
    points = sorted(draw(st.lists(earned, min_size=1, max_size=7, unique=True)))
    return points, draw(st.lists(earned, min_size=len(points), max_size=len(points)))


@given(curves(), st.sampled_from(["hold", "extend"]))
def test_a_curve_passes_through_its_points(curve: tuple[list, list], beyond: str) -> None:
    for point, payout in zip(*curve, strict=True):
        assert commission_interpolated(point, *curve, beyond) == payout


@given(curves(), st.fractions(0, 1))
def test_a_curve_is_straight_between_its_points(curve: tuple[list, list], way: Fraction) -> None:
    points, payouts = ([Fraction(value) for value in side] for side in curve)
    for (left, low), (right, high) in pairwise(zip(points, payouts, strict=True)):
        place = left + way * (right - left)
        assert interpolate(place, points, payouts) == low + way * (high - low)


@given(curves(), earned)
def test_a_curve_stays_between_its_payouts(curve: tuple[list, list], place: Decimal) -> None:
    pay = commission_interpolated(place, *curve)
    if place < curve[0][0]:
        assert pay == 0
    else:
        assert min(curve[1]) <= pay <= max(curve[1])
    if place >= curve[0][-1]:
        assert pay == curve[1][-1]


@given(money, scales(), rates)
def test_a_matrix_with_one_row_is_the_whole_amount(
    amount: Decimal, scale: tuple[list, list], metric: Decimal
) -> None:
    assume(amount >= 0)  # below 0 the matrix looks at the metric, the bands at the amount
    starts, shares = scale
    assert commission_matrix(amount, metric, amount, [0], starts, [shares]) == commission_whole(
        amount, starts, shares
    )
    assert commission_matrix(
        amount, amount, metric, starts, [0], [[share] for share in shares]
    ) == commission_whole(amount, starts, shares)
