"""Bonuses that depend on days: SPIFFs on products, and new customers.

A SPIFF of 50 a unit on pumps, 1 to 30 June 2026; the last line is a day late, the
second another product:

>>> lines = (["2026-06-01", "2026-06-15", "2026-06-30", "2026-07-01"],
...          ["Pump", "Valve", "pump", "Pump"], [2, 5, 1, 4])
>>> [str(pay) for pay in spiff(*lines, "2026-06-01", "2026-06-30", ["Pump"], 50)]
['100.00', '0.00', '50.00', '0.00']

A customer is new when its last business is at least 12 months (or as many as
stated) back, or there is none. B bought on 10 May 2025 and comes back on 10 May
2026, just long enough; A was never away:

>>> customers = ["A", "B", "A", "B"]
>>> days = ["2025-05-10", "2025-05-10", "2026-05-09", "2026-05-10"]
>>> [str(pay) for pay in new_customer_bonus(customers, days, 300, first_day="2026-05-01")]
['0.00', '0.00', '0.00', '300.00']
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.day import add_months, read_day, read_days, read_names
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, whole
from salesxl.core.pay import DECIMALS, NOT_AFTER_TAX, read_not_negative

_FIRST = ("活动首日，含当日", "First day, included")
_LAST = ("活动末日，含当日", "Last day, included")


@rule(
    name="SPIFF",
    category="bonus",
    order=40,
    returns="list",
    zh="短期冲刺奖：活动期内售出指定产品的每一行，数量（或金额）× 奖励；其他行为 0，每行一个结果。",
    en="SPIFF: for each line sold in the campaign's days and products, quantity (or amount) × the "
    "bonus; 0 for other lines. One figure a line.",
    params=(
        Param("dates", "list", "date", "各行的销售日期", "Day of each line"),
        Param("products", "list", "text", "各行的产品", "Product of each line"),
        Param(
            "quantities",
            "list",
            "any",
            "各行的数量，或金额；退货为负",
            "Quantity of each line, or its amount; returns are negative",
        ),
        Param("first_day", "date", "date", *_FIRST),
        Param("last_day", "date", "date", *_LAST),
        Param("spiff_products", "list", "text", "参加活动的产品", "The products of the campaign"),
        Param(
            "bonus",
            "number",
            "money",
            "每单位奖励；按金额计时为比例，如 0.01",
            "Bonus a unit; with amounts a rate, e.g. 0.01",
        ),
        DECIMALS,
    ),
    errors=(
        "counts_differ",
        "not_a_day",
        "day_blank",
        "days_reversed",
        "amount_negative",
        "after_tax",
    ),
    example={
        "dates": ["2026-06-01", "2026-06-15", "2026-06-30", "2026-07-01"],
        "products": ["Pump", "Valve", "Pump", "Pump"],
        "quantities": [2, 5, 1, 4],
        "first_day": "2026-06-01",
        "last_day": "2026-06-30",
        "spiff_products": ["Pump"],
        "bonus": 50,
    },
    refuses=NOT_AFTER_TAX,
)
def spiff(
    dates: Any,
    products: Any,
    quantities: Cells,
    first_day: Any,
    last_day: Any,
    spiff_products: Any,
    bonus: Number,
    decimals: Number = 2,
) -> list[Decimal]:
    """The bonus of each line, rounded half-up by itself; they add up to what is paid."""
    places = whole(decimals, "decimals", 0, 12)
    days = read_days(dates, "dates")
    sold = read_names(products, "products")
    same_count(sold, "products", len(days), "dates")
    counts, _ = read_cells(quantities, "quantities")
    same_count(counts, "quantities", len(days), "dates")
    first, last = _span(first_day, last_day)
    wanted = set(read_names(spiff_products, "spiff_products")) - {""}
    each = read_not_negative(bonus, "bonus")
    out = []
    for position, (day, name, count) in enumerate(zip(days, sold, counts, strict=True), 1):
        amount = exact(count, "quantities", position)
        hit = first <= day <= last and name in wanted
        out.append(round_half_up(amount * each if hit else 0, places))
    return out


def is_new(last_business: date | None, day: date, months: int) -> bool:
    """Whether business on `day` comes from a new customer."""
    return last_business is None or add_months(last_business, months) <= day


def new_lines(customers: Sequence[str], days: Sequence[date], months: int) -> list[int]:
    """The lines on which a customer is new: one a customer and day, the first in the list.

    The order of the lines within a day does not change how many there are.
    """
    order = sorted(range(len(days)), key=lambda i: days[i])  # stable: the list's order in a day
    last: dict[str, date] = {}
    found = []
    for index in order:
        name, day = customers[index], days[index]
        if name and is_new(last.get(name), day, months):
            found.append(index)
        last[name] = day
    return found


@rule(
    name="NEW_CUSTOMER_BONUS",
    category="bonus",
    order=30,
    returns="list",
    zh="新客户开发奖：客户在此前 n 个月（默认 12）没有业务即为新客户，"
    "其首单所在行得奖；其他行为 0，每行一个结果。",
    en="New-customer bonus on the line where a customer is new: no business in the n months before "
    "(12 if not given); 0 for other lines. One figure a line.",
    params=(
        Param(
            "customers",
            "list",
            "text",
            "各行的客户，须含以往业务；空格不得奖",
            "Customer of each line, earlier business included; a blank gets nothing",
        ),
        Param("dates", "list", "date", "各行的日期", "Day of each line"),
        Param("bonus", "number", "money", "每个新客户的奖金", "Bonus for a new customer"),
        Param(
            "months",
            "whole",
            "count",
            "多少个月没有业务算新客户，默认 12",
            "Months without business that make a customer new; 12 if not given",
            12,
        ),
        Param(
            "first_day",
            "date",
            "date",
            "计奖期首日；空为全部各行",
            "First day that earns a bonus; empty: all lines",
            None,
        ),
        Param(
            "last_day",
            "date",
            "date",
            "计奖期末日；空为不限",
            "Last day that earns a bonus; empty: no end",
            None,
        ),
        Param(
            "history_from",
            "date",
            "date",
            "所列业务从哪一天起完整；不足 n 个月即拒绝。空为全部业务均已列出",
            "The day from which the lines are complete; refused if too late to know. Empty: they "
            "are all the business there ever was",
            None,
        ),
        DECIMALS,
    ),
    errors=(
        "counts_differ",
        "not_a_day",
        "day_blank",
        "days_reversed",
        "not_whole",
        "amount_negative",
        "history_short",
        "after_tax",
    ),
    example={
        "customers": ["A", "B", "A", "B"],
        "dates": ["2025-05-10", "2025-05-10", "2026-05-09", "2026-05-10"],
        "bonus": 300,
        "first_day": "2026-05-01",
    },
    refuses=NOT_AFTER_TAX,
)
def new_customer_bonus(
    customers: Any,
    dates: Any,
    bonus: Number,
    months: Number = 12,
    first_day: Any = None,
    last_day: Any = None,
    history_from: Any = None,
    decimals: Number = 2,
) -> list[Decimal]:
    """The bonus on each line."""
    places = whole(decimals, "decimals", 0, 12)
    days = read_days(dates, "dates")
    names = read_names(customers, "customers")
    same_count(names, "customers", len(days), "dates")
    prize = round_half_up(read_not_negative(bonus, "bonus"), places)
    away = whole(months, "months", 1, 1200)
    first, last = _span(
        date.min if first_day is None else first_day, date.max if last_day is None else last_day
    )
    paying = [day for day in days if first <= day <= last]
    if history_from is not None and paying:
        known = add_months(read_day(history_from, "history_from"), away)
        needed = min(paying) if first_day is None else first
        if known > needed:
            raise RuleError(
                "history_short", argument="history_from", months=away, day=needed, known=known
            )
    hits = {index for index in new_lines(names, days, away) if first <= days[index] <= last}
    nothing = round_half_up(0, places)
    return [prize if index in hits else nothing for index in range(len(days))]


def _span(first_day: object, last_day: object) -> tuple[date, date]:
    first, last = read_day(first_day, "first_day"), read_day(last_day, "last_day")
    if last < first:
        raise RuleError("days_reversed", argument="last_day", value=last, first=first)
    return first, last
