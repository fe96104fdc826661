"""Round a table so that every row and every column adds up exactly.

10 is to be spread over two regions (5 and 5) and three products (3, 3, 4). Each
cell's ideal is row × column / total: 1.5, 1.5, 2 in both rows. Rounding each
cell alone gives rows of 6 and columns of 4. Controlled rounding keeps each cell
at the floor or the ceiling of its ideal and every margin as given:

>>> split_target_grid(10, [1, 1], [3, 3, 4])
[[2, 1, 2], [1, 2, 2]]

A table of ideal values may be given instead of the weights; where totals or locked
cells come with it, the open cells are fitted to what these leave (`core.fit`):

>>> split_target_grid(ideal=[[3, 1], [2, 4]], total=100, locked=[[None, 20], [None, None]])
[[20, 20], [30, 30]]

There are many right answers; this one is always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_block, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.fit import LOCKED, fitted, read_locked
from salesxl.core.number import Number, common, exact, half_up, plain
from salesxl.core.rounding import controlled_rounding, odd_parts, round_table, without
from salesxl.core.split import read_unit, read_weights, split_target

__all__ = ["controlled_rounding", "round_table", "split_target_grid", "spread"]


def spread(rows: Sequence[int], columns: Sequence[int], unit: int = 1) -> list[list[int]]:
    """Whole cells ≥ 0 with exactly these margins, near row × column / total.

    `rows` and `columns` are whole, none negative, with the same sum. Cells are
    multiples of `unit`. Margins that are not multiples of it leave their odd
    parts in the column and the row with the largest totals (the first of
    equals); where those are too small to hold them, cells are multiples of the
    greatest unit that divides every margin.
    """
    odd = odd_parts(rows, columns, unit)
    row_rest, column_rest = without(rows, columns, odd)
    if min(*row_rest, *column_rest, 0) < 0:
        return spread(rows, columns, gcd(unit, *rows, *columns))
    row_units = [total // unit for total in row_rest]
    column_units = [total // unit for total in column_rest]
    total_units = sum(row_units)
    if not total_units:
        return odd
    cells = round_table([[r * c for c in column_units] for r in row_units], total_units)
    return [
        [cell * unit + part for cell, part in zip(cell_row, odd_row, strict=True)]
        for cell_row, odd_row in zip(cells, odd, strict=True)
    ]


@rule(
    name="SPLIT_TARGET_GRID",
    category="targets",
    order=30,
    returns="block",
    zh="按行权重和列权重把目标分解成表（受控舍入），每行、每列和总计都分毫不差。",
    en="Breaks a target down into a table by row and column weights (controlled rounding): "
    "every row, every column and the total add up exactly.",
    params=(
        Param(
            "total",
            "number",
            "money",
            "要分解的总额，可为负；给出理想值表时可省略",
            "Amount to break down; may be left out where ideal values are given",
            None,
        ),
        Param(
            "row_weights",
            "list",
            "weight",
            "各行的权重，不得为负；省略时取理想值表的行合计",
            "A weight for each row, none negative; the row sums of the ideal values if left out",
            None,
        ),
        Param(
            "column_weights",
            "list",
            "weight",
            "各列的权重，不得为负；省略时取理想值表的列合计",
            "A weight for each column, none negative; the column sums of the ideal values if "
            "left out",
            None,
        ),
        Param(
            "unit",
            "number",
            "money",
            "取整单位，如 100；不足一个单位的尾差归权重最大的行与列",
            "Cells are multiples of this, e.g. 100; what is less goes to the largest row "
            "and column",
            1,
        ),
        Param(
            "row_totals",
            "list",
            "money",
            "各行合计；空格按行权重分其余部分",
            "Given row totals; empty ones share the rest by row weight",
            None,
        ),
        Param(
            "column_totals",
            "list",
            "money",
            "各列合计；空格按列权重分其余部分",
            "Given column totals; empty ones share the rest by column weight",
            None,
        ),
        Param(
            "ideal",
            "block",
            "weight",
            "理想值表，代替权重，不得为负；为 0 的格保持 0；给出总额时只取其比例",
            "Ideal values instead of weights, none negative; a 0 stays 0; with a total only "
            "their proportions count",
            None,
        ),
        LOCKED,
    ),
    errors=(
        "negative_weight",
        "weights_all_zero",
        "unit_not_positive",
        "counts_differ",
        "locked_over",
        "locked_sum",
        "margin_sign",
        "missing_argument",
        "ragged",
        "row_over",
        "column_over",
        "rows_unreachable",
        "columns_unreachable",
    ),
    example={"total": 1000, "row_weights": [5, 3], "column_weights": [2, 1, 1], "unit": 10},
)
def split_target_grid(
    total: Number | None = None,
    row_weights: Cells | None = None,
    column_weights: Cells | None = None,
    unit: Number = 1,
    row_totals: OpenCells | None = None,
    column_totals: OpenCells | None = None,
    ideal: Cells | None = None,
    locked: OpenCells | None = None,
) -> list[list[Any]]:
    """The table as rows of cells, in the order of the weights.

    Ideal values alone: every cell, row, column and the sum becomes one of its two
    neighbours. With a total, totals of lines or locked cells: these hold exactly.
    RuleError names the line whose open cells cannot hold what its total leaves.
    """
    step = read_unit(unit)
    if ideal is None:
        for name, value in (
            ("total", total),
            ("row_weights", row_weights),
            ("column_weights", column_weights),
        ):
            if value is None:
                raise RuleError("missing_argument", argument=name, rule="SPLIT_TARGET_GRID")
        seed = None
    else:
        block = read_block(ideal, "ideal")
        parts, denominator = read_ideal([cell for row in block for cell in row], "ideal")
        width = len(block[0])
        seed = [parts[start : start + width] for start in range(0, len(parts), width)]
        if all(
            value is None
            for value in (row_weights, column_weights, row_totals, column_totals, locked)
        ):
            return _round_ideal(seed, denominator, total, step)
        if total is None:
            total = _whole_total(seed, denominator, row_totals, column_totals, step)
        if row_weights is None:
            row_weights = [sum(row) for row in seed]
        if column_weights is None:
            column_weights = [sum(column) for column in zip(*seed, strict=True)]
    rows = _margin(total, row_weights, unit, row_totals, "row")  # type: ignore[arg-type]
    columns = _margin(total, column_weights, unit, column_totals, "column")  # type: ignore[arg-type]
    if seed is None and locked is None:
        return _spread(rows, columns, step)
    if seed is None:
        by_row = read_weights(read_cells(row_weights, "row_weights")[0], "row_weights")
        by_column = read_weights(read_cells(column_weights, "column_weights")[0], "column_weights")
        # Given totals may hold a line whose weight is 0: its share is then by column alone.
        seed = [[(r or 1) * (c or 1) for c in by_column] for r in by_row]
    for side, given, count in (("row", rows, len(seed)), ("column", columns, len(seed[0]))):
        same_count(given, f"{side}_weights", count, "ideal")
    return fitted(seed, rows, columns, read_locked(locked, len(rows), len(columns), "ideal"), step)


def read_ideal(cells: Sequence[object], argument: str) -> tuple[list[int], int]:
    """Ideal values as numerators over one denominator; RuleError for a negative one."""
    read_weights(cells, argument)
    return common(cells, argument)


def _spread(rows: Sequence[object], columns: Sequence[object], step: Fraction) -> list[list[Any]]:
    numbers, denominator = common([step, *rows, *columns], "total")
    sign = -1 if min(numbers) < 0 else 1
    margins = [sign * number for number in numbers[1:]]
    cells = spread(margins[: len(rows)], margins[len(rows) :], numbers[0])
    return [plain([sign * cell for cell in row], denominator) for row in cells]


def _round_ideal(
    seed: list[list[int]], denominator: int, total: Number | None, step: Fraction
) -> list[list[Any]]:
    """Every margin a neighbour of its share; with a total, the sum is exactly that."""
    parts = [cell for row in seed for cell in row]
    units, one, odd, sign = in_units(parts, denominator, total, step)
    width = len(seed[0])
    table = round_table([units[n : n + width] for n in range(0, len(units), width)], one)
    cells = [sign * (cell * step) for row in table for cell in row]
    cells[parts.index(max(parts))] += odd
    numbers, denominator = common(cells, "total")
    shown = plain(numbers, denominator)
    return [shown[n : n + width] for n in range(0, len(shown), width)]


def in_units(
    parts: list[int], denominator: int, total: Number | None, step: Fraction
) -> tuple[list[int], int, Fraction, int]:
    """Exact shares in units of `step`, as numerators over one denominator.

    Also what is less than a unit, and the sign: shares are of the absolute total.
    """
    if total is None:
        return (
            [part * step.denominator for part in parts],
            denominator * step.numerator,
            Fraction(0),
            1,
        )
    amount = exact(total, "total")
    sign = -1 if amount < 0 else 1
    count = abs(amount) // step
    if not any(parts):
        raise RuleError("weights_all_zero", argument="ideal")
    return [part * count for part in parts], sum(parts), amount - sign * count * step, sign


def _whole_total(
    seed: list[list[int]],
    denominator: int,
    row_totals: OpenCells | None,
    column_totals: OpenCells | None,
    step: Fraction,
) -> Number:
    """The sum of totals that are all given, else the ideal sum to the nearest unit."""
    for argument, totals in (("row_totals", row_totals), ("column_totals", column_totals)):
        cells = [] if totals is None else read_cells(totals, argument)[0]
        if cells and None not in cells:
            return sum((exact(c, argument, n) for n, c in enumerate(cells, 1)), Fraction(0))
    ideal = Fraction(sum(map(sum, seed)), denominator) / step
    return half_up(ideal.numerator, ideal.denominator) * step


def _margin(
    total: Number, weights: Cells, unit: Number, totals: OpenCells | None, side: str
) -> list[Any]:
    """The totals of one side: those given, the rest by largest remainder."""
    cells, _ = read_cells(weights, f"{side}_weights")
    given = None if totals is None else read_cells(totals, f"{side}_totals")[0]
    try:
        margin: list[Any] = split_target(total, cells, unit, given)  # type: ignore[arg-type]
    except RuleError as error:
        names = {"weights": f"{side}_weights", "locked": f"{side}_totals"}
        error.argument = names.get(error.argument, error.argument)
        if "other" in error.values:
            error.values["other"] = f"{side}_weights"
        raise
    amount = exact(total, "total")
    for position, value in enumerate(margin, 1):
        if exact(value) * amount < 0 or (value and not amount):
            raise RuleError(
                "margin_sign", argument=f"{side}_totals", position=position, value=value
            )
    return margin
