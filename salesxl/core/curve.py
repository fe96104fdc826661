"""Pay that grows in a straight line between points, and a rate read from two metrics.

A payout curve through 0 at 50 % attainment, 100,000 at 100 % and 250,000 at
150 %: 75 % lies half way to the second point, 120 % two fifths of the way to the
third:

>>> points, payouts = ["0.5", "1", "1.5"], [0, 100000, 250000]
>>> [commission_interpolated(a, points, payouts) for a in ("0.75", "1.2", "0.4999", "1.6")]
[50000, 160000, 0, 250000]

Below the first point nothing is paid, even where the first point pays something;
above the last the last payout holds, or with beyond="extend" the last line goes
on:

>>> commission_interpolated("1.6", points, payouts, beyond="extend")
280000

A matrix has lower bounds on both axes. An order of 160 at a margin of 10 % in
the grid below lies in the second row and the third column, at 13 %:

>>> grid = [["0.09", "0.10", "0.11"], ["0.11", "0.12", "0.13"]]
>>> commission_matrix(160, "0.1", 160, [0, "0.1"], [0, 50, 150], grid)
Decimal('20.80')
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from salesxl.core.cells import Cells, read_block, read_cells, same_count
from salesxl.core.choice import read_choice
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, Number, exact, round_half_up, simplest, whole
from salesxl.core.pay import (
    AMOUNT,
    CAP,
    DECIMALS,
    FLOOR,
    LIMIT_ERRORS,
    NOT_AFTER_TAX,
    paid,
    read_limits,
    read_not_negative,
    read_rate,
)
from salesxl.core.scale import read_starts

_BEYOND = {"hold": ("保持",), "extend": ("延伸",)}


def interpolate(
    place: Fraction, points: Sequence[Fraction], payouts: Sequence[Fraction], extend: bool = False
) -> Fraction:
    """The payout at `place`: 0 below the first point, on the line between two points.

    Above the last point the last payout, or the last line continued but never below 0.
    """
    if place < points[0]:
        return Fraction(0)
    if place >= points[-1] and not (extend and len(points) > 1):
        return payouts[-1]
    right = next((i for i, point in enumerate(points) if place < point), len(points) - 1)
    left = right - 1
    slope = (payouts[right] - payouts[left]) / (points[right] - points[left])
    return max(payouts[left] + (place - points[left]) * slope, Fraction(0))


def matrix_cell(
    row: Fraction,
    column: Fraction,
    row_starts: Sequence[Fraction],
    column_starts: Sequence[Fraction],
) -> tuple[int, int] | None:
    """Row and column index of the cell reached; None below the first bound of either axis."""
    places = [
        sum(start <= metric for start in starts) - 1
        for metric, starts in ((row, row_starts), (column, column_starts))
    ]
    return None if min(places) < 0 else (places[0], places[1])


@rule(
    name="COMMISSION_INTERPOLATED",
    category="commission",
    order=50,
    returns="number",
    zh="按点连线计算提成：两点之间按直线内插；低于第一点为 0，高于末点按末点（或延伸末段）。",
    en="Payout on a line through points: straight between two points, 0 below the first, the last "
    "payout above the last (or the last line continued).",
    params=(
        Param(
            "attainment",
            "number",
            "any",
            "完成率（1 即 100%）或金额，与 points 同单位",
            "Attainment (1 is 100 %) or an amount, in the unit of points",
        ),
        Param("points", "list", "any", "各点的位置，从低到高", "Where the points lie, ascending"),
        Param(
            "payouts",
            "list",
            "any",
            "各点的提成额或系数，不得为负，个数与 points 相同",
            "What each point pays, money or a multiplier, none negative, as many as points",
        ),
        Param(
            "beyond",
            "choice",
            "any",
            "高于末点时：hold 保持末点（默认），extend 沿末段延伸",
            "Above the last point: hold keeps the last payout (default), extend continues the line",
            "hold",
            ("hold", "extend"),
        ),
        Param(
            "decimals",
            "whole",
            "count",
            "结果的小数位数（四舍五入）；空为不取整，用于系数",
            "Decimal places, rounded half-up; empty: exact, as for multipliers",
            None,
        ),
    ),
    errors=(
        "thresholds_not_ascending",
        "amount_negative",
        "counts_differ",
        "choice_unknown",
        "after_tax",
    ),
    example={
        "attainment": Decimal("1.2"),
        "points": [Decimal("0.5"), 1, Decimal("1.5")],
        "payouts": [0, 100000, 250000],
    },
    refuses=NOT_AFTER_TAX,
)
def commission_interpolated(
    attainment: Number,
    points: Cells,
    payouts: Cells,
    beyond: str = "hold",
    decimals: Number | None = None,
) -> Exact:
    """The payout at `attainment`, exact or rounded half-up to `decimals` places."""
    place = exact(attainment, "attainment")
    bounds, _ = read_cells(points, "points")
    cells, _ = read_cells(payouts, "payouts")
    same_count(cells, "payouts", len(bounds), "points")
    heights = [read_not_negative(cell, "payouts", i) for i, cell in enumerate(cells, 1)]
    extend = read_choice(beyond, "beyond", _BEYOND) == "extend"
    payout = interpolate(place, read_starts(bounds, "points"), heights, extend)
    if decimals is None:
        return simplest(payout)
    return round_half_up(payout, whole(decimals, "decimals", 0, 12))


@rule(
    name="COMMISSION_MATRIX",
    category="commission",
    order=60,
    returns="number",
    zh="双指标矩阵提成：按行指标和列指标（均为下限，起点值属于该格）取比例，"
    "乘以基数；低于任一轴的首个起点为 0。",
    en="Commission by two metrics: the rate of the cell both reach (lower bounds on both axes), "
    "on the amount; 0 below the first bound of either.",
    params=(
        AMOUNT,
        Param(
            "row_value", "number", "any", "行指标，如毛利率", "Metric of the rows, e.g. margin rate"
        ),
        Param(
            "column_value",
            "number",
            "any",
            "列指标，如订单金额",
            "Metric of the columns, e.g. order amount",
        ),
        Param(
            "row_thresholds",
            "list",
            "any",
            "各行起点，从低到高；可为负，如增长率",
            "Where each row starts, ascending; may be negative, e.g. for growth",
        ),
        Param(
            "column_thresholds",
            "list",
            "any",
            "各列起点，从低到高；可为负",
            "Where each column starts, ascending; may be negative",
        ),
        Param(
            "rates",
            "block",
            "fraction",
            "提成比例表，行列数与两组起点相同，如 0.08（8%）",
            "Rates, a row for each row start and a column for each column start, 0.08 for 8 %",
        ),
        DECIMALS,
        CAP,
        FLOOR,
    ),
    errors=(
        "thresholds_not_ascending",
        "matrix_shape",
        "rate_range",
        "ragged",
        *LIMIT_ERRORS,
        "after_tax",
    ),
    example={
        "amount": 160,
        "row_value": Decimal("0.1"),
        "column_value": 160,
        "row_thresholds": [0, Decimal("0.1")],
        "column_thresholds": [0, 50, 150],
        "rates": [
            [Decimal("0.09"), Decimal("0.10"), Decimal("0.11")],
            [Decimal("0.11"), Decimal("0.12"), Decimal("0.13")],
        ],
    },
    refuses=NOT_AFTER_TAX,
)
def commission_matrix(
    amount: Number,
    row_value: Number,
    column_value: Number,
    row_thresholds: Cells,
    column_thresholds: Cells,
    rates: Cells,
    decimals: Number = 2,
    cap: Number | None = None,
    floor: Number | None = None,
) -> Decimal:
    """The pay, rounded half-up to `decimals` places."""
    base = exact(amount, "amount")
    rate = matrix_rate(row_value, column_value, row_thresholds, column_thresholds, rates)
    places = whole(decimals, "decimals", 0, 12)
    return paid(base * rate, read_limits(cap, floor), places)


def matrix_rate(
    row_value: Number,
    column_value: Number,
    row_thresholds: Cells,
    column_thresholds: Cells,
    rates: Cells,
) -> Fraction:
    """The rate of the cell reached, everything checked; 0 below the first bound of either axis."""
    rows = read_starts(read_cells(row_thresholds, "row_thresholds")[0], "row_thresholds")
    columns = read_starts(
        read_cells(column_thresholds, "column_thresholds")[0], "column_thresholds"
    )
    cells = read_block(rates, "rates")
    if len(cells) != len(rows) or len(cells[0]) != len(columns):
        raise RuleError(
            "matrix_shape",
            argument="rates",
            rows=len(cells),
            columns=len(cells[0]),
            expected_rows=len(rows),
            expected_columns=len(columns),
        )
    width = len(columns)
    table = [
        [read_rate(cell, "rates", r * width + c + 1) for c, cell in enumerate(row)]
        for r, row in enumerate(cells)
    ]
    place = matrix_cell(
        exact(row_value, "row_value"), exact(column_value, "column_value"), rows, columns
    )
    return table[place[0]][place[1]] if place else Fraction(0)
