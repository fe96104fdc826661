"""Seasonal index: how far each period of a year lies above or below its own trend.

Quarters 5, 6, 7, 10 and a year later 7, 8, 9, 12. The average of the four quarters around
the third is (5/2 + 6 + 7 + 10 + 7/2) / 4 = 7.25, around the next ones 7.75, 8.25 and 8.75;
the quarters themselves are 7/7.25, 10/7.75, 7/8.25 and 8/8.75 of it:

>>> series = [Fraction(value) for value in (5, 6, 7, 10, 7, 8, 9, 12)]
>>> [str(ratio) for ratio in ratios_to_average(series, 4) if ratio is not None]
['28/29', '40/31', '28/33', '32/35']

Each period's ratios are averaged over the years and scaled to an average of 1:

>>> [round(float(index), 3) for index in seasonal_index([5, 6, 7, 10, 7, 8, 9, 12], 4)]
[0.845, 0.91, 0.961, 1.284]

The index has no trend in it, unlike plain shares (SEASONAL_SHARES), where a growing firm's
December looks better than it is. It needs two full cycles; with one there are only shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salesxl.core.cells import Cells, read_cells
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, Number, exact, simplest, whole

_LONGEST = 366


def ratios_to_average(series: Sequence[Fraction], period: int) -> list[Fraction | None]:
    """Each value over its centred moving average; None near the ends, where there is none.

    An even period has half a period's weight on both outermost values. RuleError where an
    average is not above 0.
    """
    reach = period // 2
    edge = Fraction(1, 2) if period % 2 == 0 else Fraction(1)
    ratios: list[Fraction | None] = [None] * len(series)
    for centre in range(reach, len(series) - reach):
        window = series[centre - reach : centre + reach + 1]
        average = (edge * (window[0] + window[-1]) + sum(window[1:-1])) / period
        if average <= 0:
            raise RuleError(
                "average_not_positive",
                argument="history",
                position=centre + 1,
                average=simplest(average),
            )
        ratios[centre] = series[centre] / average
    return ratios


def season_means(ratios: Sequence[Fraction | None], period: int) -> list[Fraction]:
    """The average of every period's ratios; each period must have one."""
    means = []
    for season in range(period):
        known = [ratio for ratio in ratios[season::period] if ratio is not None]
        means.append(sum(known, Fraction(0)) / len(known))
    return means


@rule(
    name="SEASONAL_INDEX",
    category="targets",
    order=100,
    returns="list",
    zh="季节指数（移动平均比率法）：各期平均为 1，已剔除趋势；至少需要两个完整周期，"
    "只有一个周期请用 SEASONAL_SHARES。",
    en="Seasonal index by ratio to the centred moving average: averages 1 and has no trend in "
    "it. Needs two full cycles; with one use SEASONAL_SHARES.",
    params=(
        Param(
            "history",
            "list",
            "money",
            "按时间先后的历史销售额，从一个周期的第一期开始；每年一行的表也可以",
            "Past sales in order of time, from the first period of a cycle; rows of years will do",
        ),
        Param(
            "period",
            "whole",
            "count",
            "一个周期的期数：月为 12，季为 4",
            "Periods in a cycle: 12 for months, 4 for quarters",
        ),
    ),
    errors=("not_whole", "cycles_missing", "average_not_positive", "season_negative", "ragged"),
    example={"history": [5, 6, 7, 10, 7, 8, 9, 12], "period": 4},
)
def seasonal_index(history: Cells, period: Number) -> list[Exact]:
    """`period` exact numbers with an average of 1, the first for the first value's period."""
    length = whole(period, "period", 2, _LONGEST)
    cells, _ = read_cells(history, "history")
    series = [exact(cell, "history", position) for position, cell in enumerate(cells, 1)]
    if len(series) < 2 * length:
        raise RuleError(
            "cycles_missing", argument="history", count=len(series), needed=2 * length
        )  # fmt: skip
    means = season_means(ratios_to_average(series, length), length)
    for season, mean in enumerate(means, 1):
        if mean < 0:
            raise RuleError(
                "season_negative", argument="history", season=season, value=simplest(mean)
            )
    total = sum(means, Fraction(0))
    return [simplest(mean * length / total) for mean in means]
