"""A customer's own rhythm: who orders every 20 days is missed after 40, not after 90.

Orders on the 1st, 21st of January, the 10th of February and the 2nd of March lie 20
days apart. On the 31st of March 29 days have passed, 1.45 times the rhythm:

>>> orders = ["2026-01-01", "2026-01-21", "2026-02-10", "2026-03-02"]
>>> loss_warning(["Li"] * 4, orders, "2026-03-31")
[['Li', 4, 60, 20, 29, Decimal('1.45'), 'ok']]

From 1.5 times the level is "watch", from 2.5 times "alarm". With fewer than four order
days there is no rhythm yet and no level is guessed:

>>> loss_warning(["Wu"], ["2026-01-01"], "2026-03-31")
[['Wu', 1, 0, None, 89, None, 'no_rhythm']]

Nobody is warned of before 14 days have passed: who orders daily is not lost after three.

Orders of one day count once. Leave returns out of the list: they are no orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from salesxl.core.cells import same_count
from salesxl.core.choice import read_choice
from salesxl.core.day import read_day, read_days
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, simplest, whole
from salesxl.core.rfm import read_customers

WATCH: Final = Decimal("1.5")
ALARM: Final = Decimal("2.5")
LEAST_ORDERS: Final = 4
LEAST_DAYS: Final = 14
_MEASURES = {"median": ("中位数",), "mean": ("平均", "average")}


@dataclass(frozen=True)
class Rhythm:
    """What a customer's order days say on a given day; `gap` None: no rhythm yet."""

    orders: int
    lifetime: int  # days from the first order to the last
    gap: Fraction | None  # typical days between two orders
    since: int  # days since the last

    @property
    def multiple(self) -> Fraction | None:
        return None if self.gap is None else self.since / self.gap


def rhythm(days: Sequence[date], as_of: date, measure: str, least: int) -> Rhythm | None:
    """The rhythm of the order days up to `as_of`; None where there is none of them."""
    ordered = sorted({day for day in days if day <= as_of})
    if not ordered:
        return None
    gap: Fraction | None = None
    if len(ordered) >= max(2, least):
        gaps = sorted((after - before).days for before, after in pairwise(ordered))
        middle = len(gaps) // 2
        if measure == "mean":
            gap = Fraction(sum(gaps), len(gaps))
        elif len(gaps) % 2:
            gap = Fraction(gaps[middle])
        else:
            gap = Fraction(gaps[middle - 1] + gaps[middle], 2)
    lifetime = (ordered[-1] - ordered[0]).days
    return Rhythm(len(ordered), lifetime, gap, (as_of - ordered[-1]).days)


def level(found: Rhythm, watch: Fraction, alarm: Fraction, least_days: int) -> str:
    """The level of "no_rhythm", "ok", "watch" (from `watch` times the gap) and "alarm".

    "ok" before `least_days`, whatever the gap.
    """
    multiple = found.multiple
    if multiple is None:
        return "no_rhythm"
    if found.since < least_days:
        return "ok"
    return "alarm" if multiple >= alarm else "watch" if multiple >= watch else "ok"


@rule(
    name="LOSS_WARNING",
    category="customers",
    order=40,
    returns="block",
    zh="流失预警：每位客户一行，为客户、下单天数、首末单相隔天数、下单间隔、距今天数、倍数、级别。",
    en="Warning of loss, a row per customer: customer, order days, lifetime in days, usual gap, "
    "days since the last, multiple of the gap, level.",
    params=(
        Param("customers", "list", "text", "各订单的客户", "Customer of each order"),
        Param(
            "dates",
            "list",
            "date",
            "各订单的日期，个数与客户相同；同一天算一次，退货请勿列入",
            "Day of each order, as many as customers; one day counts once; leave returns out",
        ),
        Param(
            "as_of", "date", "date", "截止日；此后的订单不计", "Last day; later orders are left out"
        ),
        Param(
            "measure",
            "choice",
            "any",
            "间隔口径：median 中位数（默认，不受个别长间隔影响），mean 平均",
            "Usual gap: median (default, no single long gap moves it) or mean",
            "median",
            choices=("median", "mean"),
        ),
        Param(
            "watch",
            "number",
            "any",
            "关注：距今达到间隔的几倍，默认 1.5",
            "Level watch from so many times the gap, default 1.5",
            WATCH,
        ),
        Param(
            "alarm",
            "number",
            "any",
            "预警：达到间隔的几倍，默认 2.5，须大于关注倍数",
            "Level alarm from so many times the gap, default 2.5, above watch",
            ALARM,
        ),
        Param(
            "least_orders",
            "whole",
            "count",
            "至少几个下单日才算有规律，默认 4",
            "Order days needed before there is a rhythm, default 4",
            LEAST_ORDERS,
        ),
        Param(
            "least_days",
            "whole",
            "count",
            "距今不到几天不提示，默认 14",
            "Days that must have passed before anybody is warned of, default 14",
            LEAST_DAYS,
        ),
    ),
    errors=(
        "multiples_crossed",
        "not_positive_multiple",
        "counts_differ",
        "name_blank",
        "not_a_day",
        "day_blank",
        "not_whole",
        "choice_unknown",
        "no_cells",
    ),
    example={
        "customers": ["Li", "Li", "Li", "Li"],
        "dates": ["2026-01-01", "2026-01-21", "2026-02-10", "2026-03-02"],
        "as_of": "2026-03-31",
    },
)
def loss_warning(
    customers: Any,
    dates: Any,
    as_of: Any,
    measure: str = "median",
    watch: Number = WATCH,
    alarm: Number = ALARM,
    least_orders: Number = LEAST_ORDERS,
    least_days: Number = LEAST_DAYS,
) -> list[list[Any]]:
    """[customer, order days, lifetime, gap, days since, multiple, level] by first appearance."""
    kind = read_choice(measure, "measure", _MEASURES) or "median"
    from_watch, from_alarm = read_multiples(watch, alarm)
    least = whole(least_orders, "least_orders", 2, 1000)
    quiet = whole(least_days, "least_days", 0, 3660)
    last = read_day(as_of, "as_of")
    who = read_customers(customers)
    days = read_days(dates, "dates")
    same_count(days, "dates", len(who), "customers")
    by_name: dict[str, list[date]] = {}
    for name, day in zip(who, days, strict=True):
        by_name.setdefault(name, []).append(day)
    rows: list[list[Any]] = []
    for name, ordered in by_name.items():
        found = rhythm(ordered, last, kind, least)
        if found is not None:
            gap, multiple = found.gap, found.multiple
            rows.append([
                name, found.orders, found.lifetime, None if gap is None else simplest(gap),
                found.since, None if multiple is None else simplest(multiple),
                level(found, from_watch, from_alarm, quiet),
            ])  # fmt: skip
    return rows


def read_multiples(watch: object, alarm: object) -> tuple[Fraction, Fraction]:
    """Both multiples above 0 and in order; RuleError otherwise."""
    low, high = exact(watch, "watch"), exact(alarm, "alarm")
    for argument, given, value in (("watch", watch, low), ("alarm", alarm, high)):
        if value <= 0:
            raise RuleError("not_positive_multiple", argument=argument, value=given)
    if low >= high:
        raise RuleError("multiples_crossed", argument="alarm", value=alarm, watch=watch)
    return low, high
