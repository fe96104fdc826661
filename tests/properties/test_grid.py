"""Controlled rounding: margins exact, every cell the floor or ceiling of its ideal."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from math import ceil, floor

from hypothesis import given, settings
from hypothesis import strategies as st

from salesxl.core.error import RuleError
from salesxl.core.fit import fit_margins
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


def table(draw: random.Random, height: int, width: int, top: int) -> list[list[int]]:
    zeros = draw.choice([0, 0.3, 0.6])
    return [
        [0 if draw.random() < zeros else draw.randint(1, top) for _ in range(width)]
        for _ in range(height)
    ]


def flat(rows: list[list]) -> list:
    return [cell for row in rows for cell in row]


def margins(cells: list[list[int]]) -> tuple[list[int], list[int]]:
    return [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]


def test_ideal_values_round_to_neighbours_in_2000_tables() -> None:
    draw = random.Random(10)
    for _ in range(2000):
        height, width = draw.randint(1, 7), draw.randint(1, 7)
        scale = draw.choice([1, 10**6, 10**21])
        ideal = [
            [draw.randint(0, 9) * draw.choice([1, scale]) for _ in range(width)]
            for _ in range(height)
        ]
        one = sum(map(sum, ideal))
        if not one:
            continue
        total, unit = draw.choice([draw.randint(0, 99), draw.randint(0, 10**15)]), 100
        cells = split_target_grid(total, ideal=ideal, unit=unit)
        assert sum(map(sum, cells)) == total
        shares = flat(ideal)
        row, column = divmod(shares.index(max(shares)), width)
        cells[row][column] -= total % unit
        found, wanted = margins(cells), margins(ideal)
        pairs = [*zip(flat(cells), shares, strict=True)]
        pairs += [*zip(found[0], wanted[0], strict=True), *zip(found[1], wanted[1], strict=True)]
        for value, weight in pairs:
            assert value % unit == 0
            share = total // unit * weight
            assert share // one <= value // unit <= -(-share // one)


def test_open_cells_fill_reachable_margins_exactly() -> None:
    """Margins of a table that exists can be met, whatever is locked or 0 in it."""
    draw = random.Random(11)
    for _ in range(800):
        height, width = draw.randint(1, 6), draw.randint(1, 6)
        wanted = table(draw, height, width, draw.choice([9, 10**6, 10**14]))
        rows, columns = margins(wanted)
        locked = [[cell if draw.random() < 0.2 else None for cell in row] for row in wanted]
        seed = [
            [draw.randint(1, 10 ** draw.randint(0, 12)) if cell else 0 for cell in row]
            for row in wanted
        ]
        unit = draw.choice([1, 1, 7])
        cells = fit_margins(seed, rows, columns, unit, locked)
        assert margins(cells) == (rows, columns)
        for cell, start, lock in zip(*map(flat, (cells, seed, locked)), strict=True):
            assert cell >= 0
            assert cell == lock if lock is not None else (start or not cell)


def test_lines_named_unreachable_are() -> None:
    draw = random.Random(12)
    refused = 0
    for _ in range(400):
        height, width = draw.randint(1, 5), draw.randint(2, 5)
        rows, columns = margins(table(draw, height, width, 20))
        seed = table(draw, height, width, 5)
        try:
            assert margins(fit_margins(seed, rows, columns)) == (rows, columns)
        except RuleError as error:
            refused += 1
            by_row = error.code == "rows_unreachable"
            assert by_row or error.code == "columns_unreachable"
            lines = [int(line) - 1 for line in str(error.values["lines"]).split(", ")]
            others = [int(n) - 1 for n in str(error.values["others"]).split(", ") if n != "–"]
            across = seed if by_row else list(zip(*seed, strict=True))
            totals, room = (rows, columns) if by_row else (columns, rows)
            opened = {n for line in lines for n, cell in enumerate(across[line]) if cell}
            assert {n for n in opened if room[n]} <= set(others)
            assert error.values["need"] == sum(totals[line] for line in lines)
            assert error.values["room"] == sum(room[n] for n in others)
            assert sum(totals[line] for line in lines) > sum(room[n] for n in others)
    assert 100 < refused < 400


def test_fitted_cells_are_next_to_the_proportional_ones() -> None:
    draw = random.Random(13)
    for _ in range(40):
        seed = [[draw.randint(1, 100) for _ in range(4)] for _ in range(5)]
        rows, columns = margins([[draw.randint(1, 100) for _ in range(4)] for _ in range(5)])
        fitted = [[float(cell) for cell in row] for row in seed]
        for _ in range(300):
            for row, total in zip(fitted, rows, strict=True):
                row[:] = [cell * total / sum(row) for cell in row]
            for j, total in enumerate(columns):
                found = sum(row[j] for row in fitted)
                for row in fitted:
                    row[j] *= total / found
        cells = fit_margins(seed, rows, columns)
        for row, near in zip(cells, fitted, strict=True):
            for cell, share in zip(row, near, strict=True):
                assert abs(cell - share) < 1 + 1e-6


def test_a_locked_year_of_100_lines_is_quick() -> None:
    seed = [[(7 * i + 3 * j) % 11 for j in range(12)] for i in range(100)]
    locked = [
        [5 if (i + j) % 17 == 0 and seed[i][j] else None for j in range(12)] for i in range(100)
    ]
    started = time.perf_counter()
    cells = split_target_grid(10**9, ideal=seed, locked=locked)
    assert time.perf_counter() - started < 5  # about 0.3 s; the bound is for a busy machine
    assert sum(map(sum, cells)) == 10**9
