"""Controlled rounding: margins exact, every cell the floor or ceiling of its ideal."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from hypothesis import given, settings
from hypothesis import strategies as st

from salesxl.core.grid import controlled_rounding, split_target_grid, spread

side = st.lists(
    st.one_of(st.integers(0, 10**12), st.just(0), st.fractions(0, 1000, max_denominator=999)),
    min_size=1,
    max_size=9,
).filter(any)
cells = st.fractions(-50, 50, max_denominator=60)


@settings(max_examples=300)
@given(st.integers(0, 10**15), side, side, st.sampled_from([1, 100, 9999]))
def test_grid_adds_up_both_ways(total: int, rows: list, columns: list, unit: int) -> None:
    grid = split_target_grid(total, rows, columns, unit)
    assert sum(map(sum, grid)) == total
    units = [[cell - cell % unit for cell in row] for row in grid]
    odd = [cell % unit for row in grid for cell in row if cell % unit]
    assert sum(odd) == total % unit and len(odd) <= 1
    row_sums = [sum(row) for row in units]
    column_sums = [sum(column) for column in zip(*units, strict=True)]
    whole = sum(row_sums)
    for row, row_sum, weight in zip(units, row_sums, rows, strict=True):
        assert abs(row_sum - whole * Fraction(weight) / sum(rows)) < unit
        for cell, column_sum in zip(row, column_sums, strict=True):
            ideal = Fraction(row_sum * column_sum, unit * whole) if whole else Fraction(0)
            assert cell // unit in (floor(ideal), ceil(ideal))


@settings(max_examples=300)
@given(
    st.integers(1, 6).flatmap(
        lambda w: st.lists(st.lists(cells, min_size=w, max_size=w), min_size=1, max_size=6)
    )
)
def test_any_table_rounds_to_neighbours(ideal: list[list[Fraction]]) -> None:
    table = controlled_rounding(ideal)
    pairs = [pair for rows in zip(table, ideal, strict=True) for pair in zip(*rows, strict=True)]
    pairs += [(sum(row), sum(exact)) for row, exact in zip(table, ideal, strict=True)]
    pairs += [
        (sum(column), sum(exact))
        for column, exact in zip(zip(*table, strict=True), zip(*ideal, strict=True), strict=True)
    ]
    pairs.append((sum(map(sum, table)), sum(map(sum, ideal))))
    for number, exact in pairs:
        assert floor(exact) <= number <= ceil(exact)


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=7),
    st.lists(st.integers(0, 100), min_size=1, max_size=7).filter(any),
    st.sampled_from([1, 100, 10_000]),
)
def test_odd_margins_are_kept_too(rows: list[int], parts: list[int], unit: int) -> None:
    total = sum(rows)
    columns = [total * part // sum(parts) for part in parts]
    columns[-1] += total - sum(columns)
    grid = spread(rows, columns, unit)
    assert [sum(row) for row in grid] == rows
    assert [sum(column) for column in zip(*grid, strict=True)] == columns
    assert min(map(min, grid)) >= 0
    for row, row_total in zip(grid, rows, strict=True):
        assert row_total or not any(row)
