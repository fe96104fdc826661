"""What must hold for splits, draws, holdbacks and clawbacks."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from salesxl.core.clawback import clawback
from salesxl.core.credit_split import overlay_credit, override, split_credit, team_pool
from salesxl.core.draw import draw_settlement
from salesxl.core.holdback import hold, holdback, released_share
from salesxl.core.number import round_half_up

money = st.decimals("-1e9", "1e9", places=2, allow_nan=False, allow_infinity=False)
owed = st.decimals("0", "1e6", places=2, allow_nan=False, allow_infinity=False)
rates = st.decimals("0", "1", places=4, allow_nan=False, allow_infinity=False)
places = st.sampled_from([0, 2, 3])


@st.composite
def shares(draw: Any) -> list[Fraction]:
    """Shares that make exactly 1."""
    parts = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
    return [Fraction(part, sum(parts)) for part in parts]


@given(money, shares(), places)
def test_the_credits_make_the_sale(amount: Decimal, parts: list[Fraction], decimals: int) -> None:
    sale = round_half_up(amount, decimals)
    credited = split_credit(amount, parts, decimals)
    assert sum(credited) == sale
    for credit, share in zip(credited, parts, strict=True):
        assert abs(Fraction(credit) - Fraction(sale) * share) < Fraction(1, 10**decimals)
        assert share or not credit
    assert split_credit(-amount, parts, decimals) == [-credit for credit in credited]


@given(money, shares(), places)
def test_overlays_leave_the_split_alone(
    amount: Decimal, parts: list[Fraction], decimals: int
) -> None:
    for overlay, share in zip(overlay_credit(amount, parts, decimals), parts, strict=True):
        assert overlay == round_half_up(Fraction(amount) * share, decimals)


@given(st.lists(money, min_size=1, max_size=9), rates)
def test_an_override_is_paid_on_the_sum(credits: list[Decimal], rate: Decimal) -> None:
    assert override(credits, rate) == override(sum(credits), rate)


@given(owed, shares(), st.integers(1, 6), st.data())
def test_the_pool_is_paid_out(pool: Decimal, cuts: list[Fraction], people: int, data: Any) -> None:
    column = st.lists(st.integers(0, 99), min_size=people, max_size=people).filter(any)
    columns = [data.draw(column) for _ in cuts]
    rows = team_pool(pool, [list(row) for row in zip(*columns, strict=True)], cuts)
    assert sum(row[-1] for row in rows) == pool
    assert all(sum(row[:-1]) == row[-1] for row in rows)
    by_cut = [sum(column) for column in zip(*rows, strict=True)][:-1]
    assert by_cut == split_credit(pool, cuts)


@given(st.lists(money, min_size=1, max_size=12), owed, owed, st.booleans(), st.integers(1, 13))
def test_draws_tie_up(
    earned: list[Decimal], draw: Decimal, opening: Decimal, recoverable: bool, first: int
) -> None:
    rows = draw_settlement(earned, draw, opening, recoverable, recovery_from=first)
    before = opening
    for number, (own, drawn, recovered, payable, balance) in enumerate(rows, 1):
        assert payable == own + drawn - recovered >= draw
        assert balance == before + (drawn - recovered if recoverable else 0) >= 0
        assert drawn == 0 or recovered == 0
        assert 0 <= recovered <= before
        assert number >= first or recovered == 0
        before = balance
    total = sum(row[3] for row in rows)
    drawn, recovered = (sum(row[column] for row in rows) for column in (1, 2))
    assert total == sum(earned) + drawn - recovered
    if recoverable:
        assert total == sum(earned) + rows[-1][4] - opening
    else:
        assert recovered == 0 and rows[-1][4] == opening


@given(st.lists(owed, min_size=1, max_size=8), owed, owed)
def test_a_draw_in_one_run_or_period_by_period(
    earned: list[Decimal], draw: Decimal, opening: Decimal
) -> None:
    rows = draw_settlement(earned, draw, opening, True)
    balance = opening
    for own, row in zip(earned, rows, strict=True):
        assert draw_settlement(own, draw, balance, True) == [row]
        balance = row[4]


@given(money, rates, rates, st.sampled_from(["prorata", "full"]), rates.filter(bool), places)
def test_what_is_held_is_released_or_still_held(
    pay: Decimal, share: Decimal, collected: Decimal, way: str, at: Decimal, decimals: int
) -> None:
    [[now, held, released, still]] = holdback(pay, share, collected, way, at, decimals)
    assert now + held == round_half_up(pay, decimals)
    assert released + still == held
    assert abs(released) <= abs(held) <= abs(round_half_up(pay, decimals))
    if collected >= at:
        assert still == 0
    if decimals == 2:
        free = released_share(Fraction(collected), way, Fraction(at))
        row = hold(int(pay * 100), Fraction(share), free)
        assert [now, held, released, still] == [Decimal(part).scaleb(-2) for part in row]


@given(
    owed, st.integers(0, 40), st.integers(1, 36), st.sampled_from(["full", "prorata"]), rates, owed,
    places,
)  # fmt: skip
def test_a_clawback_never_takes_more_than_was_paid(
    paid: Decimal, age: int, limit: int, method: str, part: Decimal, before: Decimal, decimals: int
) -> None:
    back = clawback(paid, age, limit, method, part, before, decimals)
    assert 0 <= back <= max(paid - before, 0)
    assert age < limit or back == 0
    assert back <= clawback(paid, age, limit, "full", 1, before, decimals)


@given(owed, st.integers(1, 36), st.lists(rates, min_size=1, max_size=6))
def test_clawbacks_one_after_another_stay_within_what_was_paid(
    paid: Decimal, limit: int, returns: list[Decimal]
) -> None:
    taken = Decimal(0)
    for part in returns:
        taken += clawback(paid, 0, limit, "full", part, taken)
    assert taken <= paid


@given(owed, st.integers(1, 36))
def test_a_clawback_pro_rata_falls_with_age(paid: Decimal, limit: int) -> None:
    backs = [clawback(paid, age, limit, "prorata") for age in range(limit + 1)]
    assert backs == sorted(backs, reverse=True)
    assert backs[0] == paid and backs[-1] == 0
