"""The year as it will end, from the seasons of past years, and how far to trust that.

Two quarters of each past year made 40 and 44 of 100 and 100; together 84 of 200, or 42 %.
This year's first two brought 63, so the year should end at 63 ÷ 0.42 = 150. A year ago
the same way, by the year before alone (40 %), would have said 44 ÷ 0.4 = 110 where 100 came:
10 % too much. So the range is 150 less and more 10 % of it, from one test:

>>> history = [[20, 20, 30, 30], [22, 22, 28, 28]]
>>> [str(figure) for figure in forecast_year(history, [30, 33])]
['150', '135', '165', '0.1', '1', '0.42']

Every past year but the first is tried: its forecast at the same point, made from the years
before it alone, against what came. The error is |forecast − actual| ÷ actual; their mean (MAPE)
says how good the method was, the largest is the range. With one past year nothing can be
tried: a forecast, but no range. Few tests prove little; the number of tests is part of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_block, read_cells
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import exact, simplest

Year = Sequence[Fraction]


@dataclass(frozen=True)
class Forecast:
    """The year's total and its trial on past years; `errors` oldest first, each ≥ 0."""

    total: Fraction
    share_to_date: Fraction
    errors: tuple[Fraction, ...]

    @property
    def mean_error(self) -> Fraction | None:
        return sum(self.errors, Fraction(0)) / len(self.errors) if self.errors else None

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """The total less and more its largest past error; never below 0 for a total above."""
        if not self.errors:
            return None
        reach = abs(self.total) * max(self.errors)
        low = self.total - reach
        return (max(low, Fraction(0)) if self.total > 0 else low, self.total + reach)


def share_to_date(years: Sequence[Year], periods: int) -> Fraction | None:
    """What the first `periods` were of all past years together; None where that says nothing."""
    whole = sum((sum(year, Fraction(0)) for year in years), Fraction(0))
    part = sum((sum(year[:periods], Fraction(0)) for year in years), Fraction(0))
    return part / whole if whole > 0 and part > 0 else None


def forecast(years: Sequence[Year], to_date: Year) -> Forecast | None:
    """The forecast from complete `years`, oldest first; None where they hold no season."""
    periods = len(to_date)
    share = share_to_date(years, periods)
    if share is None:
        return None
    errors = []
    for k in range(1, len(years)):
        actual = sum(years[k], Fraction(0))
        before = share_to_date(years[:k], periods)
        if before is not None and actual > 0:
            said = sum(years[k][:periods], Fraction(0)) / before
            errors.append(abs(said - actual) / actual)
    return Forecast(sum(to_date, Fraction(0)) / share, share, tuple(errors))


@rule(
    name="FORECAST_YEAR",
    category="analysis",
    returns="list",
    zh="全年预测（按历年季节份额推算）：预测、下限、上限、平均绝对百分比误差、回测次数、"
    "至今份额；只有一年历史时无区间。",
    en="The year's total by past seasons: forecast, low, high, mean absolute percentage error of "
    "its back-test, number of tests, share to date; no range from one past year.",
    params=(
        Param(
            "history",
            "block",
            "money",
            "历年完整数据：每行一年，从早到晚，每列一期（月或季）",
            "Complete past years, oldest first: a row a year, a column a period",
        ),
        Param(
            "to_date",
            "list",
            "money",
            "本年至今各期，从第一期开始，只含已完整结束的期",
            "This year's complete periods so far, from the first",
        ),
    ),
    errors=("ragged", "periods_too_many", "no_season"),
    example={"history": [[20, 20, 30, 30], [22, 22, 28, 28]], "to_date": [30, 33]},
)
def forecast_year(history: Cells, to_date: Cells) -> list[Any]:
    """Forecast, low, high, MAPE, tests and share to date, exact; None for what has no test."""
    block = read_block(history, "history")
    width = len(block[0])
    years = [
        [exact(cell, "history", r * width + c + 1) for c, cell in enumerate(row)]
        for r, row in enumerate(block)
    ]
    cells, _ = read_cells(to_date, "to_date")
    if len(cells) > width:
        raise RuleError("periods_too_many", argument="to_date", count=len(cells), expected=width)
    current = [exact(cell, "to_date", position) for position, cell in enumerate(cells, 1)]
    found = forecast(years, current)
    if found is None:
        raise RuleError("no_season", argument="history", periods=len(cells))
    low, high = found.bounds or (None, None)
    figures = (found.total, low, high, found.mean_error)
    shown = [None if figure is None else simplest(figure) for figure in figures]
    return [*shown, len(found.errors), simplest(found.share_to_date)]
