"""What must hold for every split, whatever the weights."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from salesxl.core.split import largest_remainder, remainders, split_amount, split_target

weights = st.lists(
    st.one_of(
        st.integers(0, 10**12),
        st.decimals("0", "1e12", places=9, allow_nan=False, allow_infinity=False),
        st.just(Decimal("1e-9")),
        st.just(0),
    ),
    min_size=1,
    max_size=12,
).filter(any)
totals = st.integers(-(10**15), 10**15)
units = st.sampled_from([1, 7, 100, 10_000, Decimal("0.01")])


@given(totals, weights, units)
def test_the_parts_make_the_total(total: int, parts: list, unit: int) -> None:
    assert sum(map(Fraction, split_target(total, parts, unit))) == total


@given(totals, weights, units)
def test_every_part_is_within_a_unit_of_its_share(total: int, parts: list, unit: int) -> None:
    step = Fraction(unit)
    whole = int(abs(total) / step) * step * (1 if total >= 0 else -1)
    odd = total - whole
    result = [Fraction(part) for part in split_target(total, parts, unit)]
    result[parts.index(max(parts))] -= odd
    whole_weight = sum(map(Fraction, parts))
    for part, weight in zip(result, parts, strict=True):
        assert part % step == 0
        assert abs(part - whole * Fraction(weight) / whole_weight) < step


@given(st.integers(0, 10**15), weights, units)
def test_a_larger_weight_never_gets_less(total: int, parts: list, unit: int) -> None:
    pairs = sorted(zip(parts, split_target(total, parts, unit), strict=True))
    for (light, less), (heavy, more) in itertools.pairwise(pairs):
        assert light == heavy or less <= more


@given(totals, weights, units)
def test_the_negative_total_is_the_mirror_image(total: int, parts: list, unit: int) -> None:
    mirrored = split_target(-total, parts, unit)
    assert split_target(total, parts, unit) == [-part for part in mirrored]


@given(totals, weights, units, st.sampled_from([2, 1000, Fraction(1, 3), Decimal("0.001")]))
def test_only_proportions_count(total: int, parts: list, unit: int, factor: Fraction) -> None:
    scaled = [Fraction(part) * Fraction(factor) for part in parts]
    assert split_target(total, scaled, unit) == split_target(total, parts, unit)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=2, max_size=8), st.data())
def test_order_of_the_cells_matters_for_ties_only(total: int, parts: list, data) -> None:
    over = remainders(total, parts)
    assume(len(set(over)) == len(over))
    order = data.draw(st.permutations(range(len(parts))))
    straight = largest_remainder(total, parts)
    assert largest_remainder(total, [parts[i] for i in order]) == [straight[i] for i in order]


@given(st.integers(0, 10**12), weights, units, st.data())
def test_locked_cells_keep_their_value(total: int, parts: list, unit: int, data) -> None:
    locked = data.draw(
        st.lists(
            st.one_of(st.none(), st.integers(0, total // len(parts))),
            min_size=len(parts),
            max_size=len(parts),
        )
    )
    assume(any(w for w, lock in zip(parts, locked, strict=True) if lock is None))
    result = split_target(total, parts, unit, locked)
    assert sum(map(Fraction, result)) == total
    for lock, part in zip(locked, result, strict=True):
        assert lock is None or part == lock


@given(
    totals, st.lists(st.integers(0, 10**9), min_size=1, max_size=9).filter(any), st.integers(1, 500)
)
def test_whole_numbers_split_alike(total: int, parts: list, unit: int) -> None:
    assert split_amount(total, parts, unit) == split_target(total, parts, unit)
