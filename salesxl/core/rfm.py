"""Recency, frequency, monetary: three scores a customer, 1 the lowest.

Five customers ordered 5, 20, 40, 80 and 200 days ago, 12, 9, 6, 3 and 1 times, for
90, 50, 70, 20 and 10. Scores are quantiles by rank: the share of customers who do
worse, in fifths, counted from 1:

>>> rfm_scores([5, 20, 40, 80, 200], [12, 9, 6, 3, 1], [90, 50, 70, 20, 10])
[[5, 5, 5, 15], [4, 4, 3, 11], [3, 3, 4, 10], [2, 2, 2, 6], [1, 1, 1, 3]]

Equal figures get equal scores: the lower of those they fill ("lower": only who does
worse counts) or the higher ("higher": whoever does not do better counts).

There are two conventions for the figures behind the scores, so it must be named whether
the first order counts. With orders of 10, 20 and 25, "left_out" takes the repeat orders
alone, "counted" all three:

>>> days, sums = ["2014-03-14", "2014-04-09", "2014-05-21"], [10, 20, 25]
>>> rfm_values([2, 2, 2], days, sums, "2014-06-01", "left_out", "mean")
[['2', 11, 2, Decimal('22.5')]]
>>> rfm_values([2, 2, 2], days, sums, "2014-06-01", "counted", "total")
[['2', 11, 3, 55]]
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from salesxl.core.cells import OpenCells, read_cells, same_count
from salesxl.core.choice import read_choice
from salesxl.core.day import read_day, read_days
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, simplest, whole

_TIES = {"lower": ("取低分",), "higher": ("取高分",)}
_FIRST = {"counted": ("计入首单", "with"), "left_out": ("不计首单", "without")}
_MONETARY = {"total": ("合计", "sum"), "mean": ("平均", "average")}
Rows = list[list[Any]]


def quantile_scores(
    values: Sequence[Fraction | None], levels: int, ties: str, high_is_good: bool
) -> list[int | None]:
    """1 … `levels` by rank, the best highest; None for None."""
    ordered = sorted(value for value in values if value is not None)
    count = len(ordered)
    scores: list[int | None] = []
    for value in values:
        if value is None:
            scores.append(None)
            continue
        below, up_to = bisect_left(ordered, value), bisect_right(ordered, value)
        if not high_is_good:
            below, up_to = count - up_to, count - below
        # "higher" is the mirror image: the last of equals decides instead of the first.
        scores.append(
            1 + levels * below // count if ties == "lower" else -(-levels * up_to // count)
        )
    return scores


@rule(
    name="RFM_SCORES",
    category="customers",
    order=20,
    returns="block",
    zh="RFM 得分：每位客户一行，为最近、频率、金额三项得分（按名次分位，1 为最低）及其合计。",
    en="RFM scores: a row per customer with the scores of recency, frequency, monetary (quantiles "
    "by rank, 1 the lowest) and their sum.",
    params=(
        Param(
            "days_since",
            "list",
            "count",
            "各客户距最近一次下单的天数，越少越好；空格为从未下单，不参与",
            "Days since each customer's last order, fewer is better; empty: takes no part",
        ),
        Param(
            "orders",
            "list",
            "count",
            "各客户的下单次数，个数与天数相同",
            "Orders of each customer, as many as in days_since",
        ),
        Param(
            "amounts",
            "list",
            "money",
            "各客户的金额，个数与天数相同",
            "Amount of each customer, as many as in days_since",
        ),
        Param(
            "levels",
            "whole",
            "count",
            "最高分，2 到 10，默认 5（五分位）",
            "Highest score, 2 to 10, default 5 (fifths)",
            5,
        ),
        Param(
            "ties",
            "choice",
            "any",
            "数值相同者得分相同：lower 取所占分位的低分（默认），higher 取高分",
            "Equal figures get one score: lower, the lowest they fill (default), or higher",
            "lower",
            choices=("lower", "higher"),
        ),
    ),
    errors=("counts_differ", "blank", "not_whole", "choice_unknown", "not_a_number", "no_cells"),
    example={
        "days_since": [5, 20, 40, 80, 200],
        "orders": [12, 9, 6, 3, 1],
        "amounts": [90, 50, 70, 20, 10],
    },
)
def rfm_scores(
    days_since: OpenCells,
    orders: OpenCells,
    amounts: OpenCells,
    levels: Number = 5,
    ties: str = "lower",
) -> Rows:
    """[R, F, M, sum] a customer; four None where `days_since` is empty."""
    highest = whole(levels, "levels", 2, 10)
    named = read_choice(ties, "ties", _TIES) or "lower"
    days, _ = read_cells(days_since, "days_since")
    columns = []
    for argument, given in (("days_since", days_since), ("orders", orders), ("amounts", amounts)):
        cells, _ = read_cells(given, argument)
        same_count(cells, argument, len(days), "days_since")
        values = [
            None if day is None or day == "" else exact(cell, argument, position)
            for position, (cell, day) in enumerate(zip(cells, days, strict=True), 1)
        ]
        columns.append(quantile_scores(values, highest, named, argument != "days_since"))
    return [
        [r, f, m, None if r is None or f is None or m is None else r + f + m]
        for r, f, m in zip(*columns, strict=True)
    ]


@rule(
    name="RFM_VALUES",
    category="customers",
    order=30,
    returns="block",
    zh="由订单汇总每位客户的 RFM 数值：客户、距最近下单天数、次数、金额；按首次出现的顺序。",
    en="RFM figures from orders, a row per customer in order of appearance: customer, days since "
    "the last order, count, amount.",
    params=(
        Param("customers", "list", "text", "各订单的客户", "Customer of each order"),
        Param(
            "dates",
            "list",
            "date",
            "各订单的日期，个数与客户相同；同一天的多单算一次",
            "Day of each order, as many as customers; orders of one day count once",
        ),
        Param(
            "amounts",
            "list",
            "money",
            "各订单的金额，个数与客户相同",
            "Amount of each order, as many as customers",
        ),
        Param(
            "as_of", "date", "date", "截止日；此后的订单不计", "Last day; later orders are left out"
        ),
        Param(
            "first_order",
            "choice",
            "any",
            "首单是否计入，必须写明：counted 计入，left_out 不计（只看复购）",
            "Must be named: counted, the first order too, or left_out, repeat orders alone",
            choices=("counted", "left_out"),
        ),
        Param(
            "monetary",
            "choice",
            "any",
            "金额口径：total 合计（默认），mean 每次平均",
            "Amount: total (default), or mean per order day",
            "total",
            choices=("total", "mean"),
        ),
    ),
    errors=(
        "first_order_not_named",
        "counts_differ",
        "choice_unknown",
        "name_blank",
        "not_a_day",
        "day_blank",
        "not_a_number",
        "no_cells",
    ),
    example={
        "customers": ["Li", "Li", "Wu"],
        "dates": ["2026-01-05", "2026-03-05", "2026-02-01"],
        "amounts": [100, 50, 80],
        "as_of": "2026-03-31",
        "first_order": "counted",
    },
)
def rfm_values(
    customers: Any,
    dates: Any,
    amounts: OpenCells,
    as_of: Any,
    first_order: str | None,
    monetary: str = "total",
) -> Rows:
    """[customer, days since, order days, amount] each; 0 orders leave the amount None in "mean"."""
    named = read_choice(first_order, "first_order", _FIRST)
    if named is None:
        raise RuleError("first_order_not_named", argument="first_order")
    kind = read_choice(monetary, "monetary", _MONETARY) or "total"
    last = read_day(as_of, "as_of")
    who = read_customers(customers)
    days = read_days(dates, "dates")
    same_count(days, "dates", len(who), "customers")
    cells, _ = read_cells(amounts, "amounts")
    same_count(cells, "amounts", len(who), "customers")
    sums: dict[str, dict[date, Fraction]] = {}
    for position, (name, day, cell) in enumerate(zip(who, days, cells, strict=True), 1):
        amount = exact(cell, "amounts", position)
        if day <= last:
            by_day = sums.setdefault(name, {})
            by_day[day] = by_day.get(day, Fraction(0)) + amount
    rows: Rows = []
    for name, by_day in sums.items():
        counted = sorted(by_day)[0 if named == "counted" else 1 :]
        spent = sum((by_day[day] for day in counted), Fraction(0))
        shown = (
            None
            if kind == "mean" and not counted
            else simplest(spent / len(counted) if kind == "mean" else spent)
        )
        rows.append([name, (last - max(by_day)).days, len(counted), shown])
    return rows


def read_customers(value: object) -> list[str]:
    """Every cell as a customer's name, trimmed, 1001.0 as 1001; RuleError for an empty one."""
    cells, _ = read_cells(value, "customers")
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        if cell is None or not str(cell).strip():
            raise RuleError("name_blank", argument="customers", position=position)
        is_text = isinstance(cell, str)
        names.append(str(cell if is_text else simplest(exact(cell, "customers", position))).strip())
    return names
