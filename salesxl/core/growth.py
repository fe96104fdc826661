"""Growth of a series on the period before and on the same period of the year before.

Quarters 100, 120, 90, 110, then 110: the last is level with the quarter before and a tenth
above the same quarter a year ago:

>>> growth_rates([100, 120, 90, 110, 110], 4)[-1]
[0, Decimal('0.1')]

From nothing, or from less than nothing, there is no rate: the cell stays empty.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_cells
from salesxl.core.declare import Param, rule
from salesxl.core.number import Exact, Number, exact, simplest, whole


def growth(now: Fraction, before: Fraction) -> Exact | None:
    """now / before − 1; None where before is not above 0."""
    return simplest(now / before - 1) if before > 0 else None


@rule(
    name="GROWTH_RATES",
    category="analysis",
    returns="block",
    zh="增长率，每期一行：环比、同比；前一期或去年同期不大于 0 时为空。",
    en="Growth, a row a period: on the period before, on the same period of the year before; empty "
    "where that is not above 0.",
    params=(
        Param("values", "list", "money", "按时间先后的各期金额", "Amounts in order of time"),
        Param(
            "period",
            "whole",
            "count",
            "一年的期数：月 12，季 4",
            "Periods in a year: 12 for months, 4 for quarters",
            12,
        ),
    ),
    errors=("not_whole",),
    example={"values": [100, 120, 90, 110, 110], "period": 4},
)
def growth_rates(values: Cells, period: Number = 12) -> list[list[Any]]:
    """Rows of the two rates, exact; None where there is nothing to compare with."""
    cells, _ = read_cells(values, "values")
    length = whole(period, "period", 1, 366)
    series = [exact(cell, "values", position) for position, cell in enumerate(cells, 1)]
    return [
        [
            growth(value, series[k - 1]) if k >= 1 else None,
            growth(value, series[k - length]) if k >= length else None,
        ]
        for k, value in enumerate(series)
    ]
