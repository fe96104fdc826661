"""Whether a target can be reached: against the trend, the people and the market.

Three years of 800, 1,000 and 1,050 lie about a line that reaches 1,200 in the fourth; the
best year so far grew by 25 %. With a band of 5 % the trend carries 1,260, the best growth
repeated 1,312.5. A target of 1,300 is a stretch:

>>> row = target_feasibility(1300, [800, 1000, 1050])[0]
>>> [str(cell) for cell in row]
['growth', '5/21', '1/7', '0.25', '1200', '1260', '1312.5', 'stretch']

Every check says the same of its own measure, growth, sales per person or market share: what
the target demands, what is to be expected, the best of any year so far; then the last two
as sales of the target year, the expected with the band. The word follows from these:

    reachable   target ≤ expected sales × (1 + band)
    stretch     above that, but some year so far would have carried it
    beyond      beyond any year so far

The last row is the hardest word of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, simplest
from salesxl.core.pay import read_share

Verdict = Literal["reachable", "stretch", "beyond"]
VERDICTS: tuple[Verdict, ...] = ("reachable", "stretch", "beyond")


class Check(NamedTuple):
    """One way to look at a target; the texts of the codes are `check_*` and `verdict_*`."""

    name: Literal["growth", "capacity", "market_share"]
    demanded: Fraction  # growth, sales per person, or market share
    expected: Fraction
    best: Fraction
    expected_sales: Fraction
    best_sales: Fraction


def verdict(target: Fraction, check: Check, band: Fraction) -> Verdict:
    """How hard `target` is by this check."""
    if target <= check.expected_sales * (1 + band):
        return "reachable"
    return "stretch" if target <= check.best_sales else "beyond"


def trend(history: Sequence[Fraction]) -> Fraction:
    """The next value on the least-squares line through two or more values, never below 0."""
    count = len(history)
    mean = sum(history, Fraction(0)) / count
    middle = Fraction(count - 1, 2)
    slope = sum(
        ((index - middle) * value for index, value in enumerate(history)), Fraction(0)
    ) / sum((index - middle) ** 2 for index in range(count))
    return max(mean + slope * (count - middle), Fraction(0))


def growth_check(target: Fraction, history: Sequence[Fraction]) -> Check:
    """Against the trend of two or more past years, all above 0, oldest first."""
    last = history[-1]
    best = max(after / before - 1 for before, after in pairwise(history))
    expected = trend(history)
    return Check(
        "growth", target / last - 1, expected / last - 1, best, expected, last * (1 + best)
    )  # fmt: skip


def capacity_check(target: Fraction, people: Fraction, productivity: Sequence[Fraction]) -> Check:
    """Against what `people` sell at the last and at the best productivity so far."""
    last, best = productivity[-1], max(productivity)
    return Check("capacity", target / people, last, best, people * last, people * best)


def share_check(target: Fraction, market: Fraction, shares: Sequence[Fraction]) -> Check:
    """Against the last and the best share of the market so far."""
    last, best = shares[-1], max(shares)
    return Check("market_share", target / market, last, best, market * last, market * best)


@rule(
    name="TARGET_FEASIBILITY",
    category="targets",
    order=150,
    returns="block",
    zh="目标可行性，每项检查一行八列：检查（growth 增长、capacity 产能、market_share 份额）、"
    "目标要求、预期、历年最好、预期对应的销售、加容差后、历年最好对应的销售、"
    "判断（reachable 可达、stretch 有挑战、beyond 超过历年）；末行 overall 取最难者。",
    en="A row a check (growth, capacity, market_share): demanded, expected, best so far, expected "
    "as sales, with the band, best as sales, and reachable, stretch or beyond (any year so far); "
    "the last row, overall, has the hardest.",
    params=(
        Param("target", "number", "money", "年度目标，必须大于 0", "The year's target, above 0"),
        Param(
            "history",
            "list",
            "money",
            "历年销售额，从早到晚，至少两年，均大于 0",
            "Sales of past years, oldest first, two or more, all above 0",
        ),
        Param(
            "band",
            "number",
            "fraction",
            "容差：超出预期多少仍算可达，如 0.05（5%）",
            "How far above the expected a target still counts as reachable, e.g. 0.05 for 5 %",
            Decimal("0.05"),
        ),
        Param(
            "people",
            "number",
            "count",
            "目标年度承担定额的人数，可为小数；空则不查产能",
            "People carrying quota in the year, parts of a person allowed; empty: no such check",
            None,
        ),
        Param(
            "productivity",
            "list",
            "money",
            "历年人均销售额，从早到晚；只有一年也可以",
            "Sales per person of past years, oldest first; one year will do",
            None,
        ),
        Param(
            "market",
            "number",
            "money",
            "目标年度的市场总额；空则不查份额",
            "The whole market's sales in the year; empty: no such check",
            None,
        ),
        Param(
            "market_history",
            "list",
            "money",
            "历年市场总额，与历年销售额一一对应；空则以目标年度的市场衡量历年",
            "The market in each past year, as many as in history; empty: past sales are measured "
            "by the target year's market",
            None,
        ),
    ),
    errors=(
        "not_positive",
        "share_range",
        "years_too_few",
        "counts_differ",
        "goes_with",
    ),
    example={"target": 1300, "history": [800, 1000, 1050]},
)
def target_feasibility(
    target: Number,
    history: Cells,
    band: Number = Decimal("0.05"),
    people: Number | None = None,
    productivity: Cells | None = None,
    market: Number | None = None,
    market_history: Cells | None = None,
) -> list[list[Any]]:
    """Rows of the checks asked for, then the overall one; see the module's example."""
    amount = _positive(target, "target")
    sold = _positives(history, "history")
    if len(sold) < 2:
        raise RuleError("years_too_few", argument="history", count=len(sold))
    width = read_share(band, "band")
    checks = [growth_check(amount, sold)]
    for argument, given, other, needed in (
        ("productivity", productivity, "people", people),
        ("people", people, "productivity", productivity),
        ("market_history", market_history, "market", market),
    ):
        if given is not None and needed is None:
            raise RuleError("goes_with", argument=argument, other=other)
    if people is not None and productivity is not None:
        checks.append(
            capacity_check(
                amount, _positive(people, "people"), _positives(productivity, "productivity")
            )
        )
    if market is not None:
        size = _positive(market, "market")
        sizes = [size] * len(sold)
        if market_history is not None:
            sizes = _positives(market_history, "market_history")
            same_count(sizes, "market_history", len(sold), "history")
        shares = [sales / whole for sales, whole in zip(sold, sizes, strict=True)]
        checks.append(share_check(amount, size, shares))
    return _table(amount, checks, width)


def _table(target: Fraction, checks: Sequence[Check], band: Fraction) -> list[list[Any]]:
    rows: list[list[Any]] = []
    words = [verdict(target, check, band) for check in checks]
    for check, word in zip(checks, words, strict=True):
        name, demanded, expected, best, sales, best_sales = check
        figures = (demanded, expected, best, sales, sales * (1 + band), best_sales)
        rows.append([name, *(simplest(figure) for figure in figures), word])
    return [*rows, ["overall", *[None] * 6, max(words, key=VERDICTS.index)]]


def _positive(value: object, argument: str, position: int | None = None) -> Fraction:
    number = exact(value, argument, position)
    if number <= 0:
        raise RuleError("not_positive", argument=argument, position=position, value=value)
    return number


def _positives(value: object, argument: str) -> list[Fraction]:
    cells, _ = read_cells(value, argument)
    return [_positive(cell, argument, position) for position, cell in enumerate(cells, 1)]
