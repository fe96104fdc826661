"""New customers by the period of their first purchase: how many came back, and for how much.

Ann first bought in January and again in May, Bob in February; Cy in April. By quarters, two
customers began in the first and one of them bought in the second:

>>> names = ["Ann", "Bob", "Cy", "Ann"]
>>> days = ["2026-01-05", "2026-02-10", "2026-04-01", "2026-05-20"]
>>> cohort_table(names, days, [100, 50, 80, 30], 3)
[['2026-01-01', 2, 2, 1], ['2026-04-01', 1, 1, None]]
>>> cohort_table(names, days, [100, 50, 80, 30], 3, "amount")
[['2026-01-01', 2, 150, 30], ['2026-04-01', 1, 80, None]]

A purchase is a line above 0; amounts are net of returns. With `first_day` whoever bought before
it is an old customer and left out: without it, the first cohort holds the old ones too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.choice import read_choice
from salesxl.core.day import add_months, read_day, read_days, read_names
from salesxl.core.declare import Param, rule
from salesxl.core.number import Number, exact, simplest, whole

SHOWN = {"customers": ("客户数",), "amount": ("金额",)}
Line = tuple[str, date, Fraction]


def cohorts(
    lines: Sequence[Line], months: int, first_day: date | None
) -> list[tuple[date, int, list[int], list[Fraction]]]:
    """For each cohort: its first day, its customers, then by period those who bought, and for
    how much. Cohorts without a customer are left out."""
    bought: dict[str, date] = {}
    for name, day, amount in lines:
        if amount > 0 and (name not in bought or day < bought[name]):
            bought[name] = day
    if not bought:
        return []
    start = first_day or min(bought.values()).replace(day=1)
    last = max(day for _, day, _ in lines)
    count = _period(last, start, months) + 1
    of = {name: _period(day, start, months) for name, day in bought.items() if day >= start}
    active: dict[tuple[int, int], set[str]] = {}
    money: dict[tuple[int, int], Fraction] = {}
    for name, day, amount in lines:
        if name not in of or day < bought[name]:
            continue
        place = (of[name], _period(day, start, months))
        money[place] = money.get(place, Fraction(0)) + amount
        if amount > 0:
            active.setdefault(place, set()).add(name)
    sizes = [sum(cohort == c for cohort in of.values()) for c in range(count)]
    return [
        (
            add_months(start, c * months),
            sizes[c],
            [len(active.get((c, p), ())) for p in range(c, count)],
            [money.get((c, p), Fraction(0)) for p in range(c, count)],
        )
        for c in range(count)
        if sizes[c]
    ]


def _period(day: date, start: date, months: int) -> int:
    whole_months = (day.year - start.year) * 12 + day.month - start.month
    return (whole_months - (day.day < start.day)) // months


@rule(
    name="COHORT_TABLE",
    category="customers",
    returns="block",
    zh="新客户留存，按首购期分行：首日、客户数，其后各期仍购买的客户数（或金额）；未到的期为空。",
    en="New customers by the period of their first purchase: its first day, how many, then who "
    "bought (or for how much) in each period; later periods are empty.",
    params=(
        Param("customers", "list", "text", "每笔业务的客户", "Customer of each sale"),
        Param("dates", "list", "date", "每笔业务的日期", "Day of each sale"),
        Param("amounts", "list", "money", "每笔金额，退货为负", "Amount, returns below 0"),
        Param("months", "whole", "count", "一期的月数：月 1，季 3，年 12", "Months in a period"),
        Param(
            "show",
            "choice",
            "any",
            "customers 客户数（默认）或 amount 金额",
            "customers (default) or amount",
            "customers",
            ("customers", "amount"),
        ),
        Param(
            "first_day",
            "date",
            "date",
            "首期第一天，之前买过的为老客户；空为最早的月初",
            "First day of the first period: who bought before is not new; empty: the first month",
            None,
        ),
    ),
    errors=("counts_differ", "not_a_day", "day_blank", "not_whole", "choice_unknown"),
    example={
        "customers": ["Ann", "Bob", "Cy", "Ann"],
        "dates": ["2026-01-05", "2026-02-10", "2026-04-01", "2026-05-20"],
        "amounts": [100, 50, 80, 30],
        "months": 3,
    },
)
def cohort_table(
    customers: Any,
    dates: Any,
    amounts: Cells,
    months: Number,
    show: str = "customers",
    first_day: Any = None,
) -> list[list[Any]]:
    """Rows of first day, customers and a figure a period; None for periods still to come."""
    names = read_names(customers, "customers")
    days = read_days(dates, "dates")
    same_count(days, "dates", len(names), "customers")
    cells, _ = read_cells(amounts, "amounts")
    same_count(cells, "amounts", len(names), "customers")
    money = [exact(cell, "amounts", position) for position, cell in enumerate(cells, 1)]
    length = whole(months, "months", 1, 12)
    word = read_choice(show, "show", SHOWN) or "customers"
    first = None if first_day is None else read_day(first_day, "first_day")
    found = cohorts(list(zip(names, days, money, strict=True)), length, first)
    width = max((len(counts) for _, _, counts, _ in found), default=0)
    rows: list[list[Any]] = []
    for day, size, counts, sums in found:
        figures = counts if word == "customers" else [simplest(amount) for amount in sums]
        rows.append([day.isoformat(), size, *figures, *[None] * (width - len(figures))])
    return rows
