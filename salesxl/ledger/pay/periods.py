"""Months as whole numbers, and the pay periods they make in the plan's fiscal year.

Month 24317 is June 2026 (year × 12 + month − 1). Quarters and years follow the fiscal year,
which is named by the calendar year it starts in, as everywhere in the plan:

>>> parse_period("2026-Q2", 1).first_day, parse_period("2026-Q2", 4).first_day
(datetime.date(2026, 4, 1), datetime.date(2026, 7, 1))
>>> span("quarter", month_of(date(2026, 6, 15)), 1)
(24315, 24317)
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from salesxl.errors import fail
from salesxl.ledger.pay.results import Period

LENGTHS = {"month": 1, "quarter": 3, "year": 12, "ytd": 1}
_ASKED = re.compile(
    r"(?P<year>\d{4})(?:[-/.]?(?:q(?P<quarter>[1-4])|(?P<month>\d{1,2})))?", re.ASCII | re.I
)


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    return first_day(month + 1) - timedelta(days=1)


def fiscal_start(month: int, first_month: int) -> int:
    """The first month of the fiscal year `month` lies in; `first_month` is 1 … 12."""
    return month - (month - (first_month - 1)) % 12


def span(kind: str, month: int, first_month: int) -> tuple[int, int]:
    """First and last month of the pay period of `kind` that `month` lies in.

    A year to date is paid month by month, so its span is the month.
    """
    length = LENGTHS[kind]
    begin = month - (month - (first_month - 1)) % length
    return begin, begin + length - 1


def parse_period(asked: str, first_month: int) -> Period:
    """``2026-06``, ``2026-Q2`` or ``2026``; SalesxlError for anything else."""
    found = _ASKED.fullmatch(asked.strip())
    if found is None or not 1950 <= int(found["year"]) <= 2199:
        raise fail("pay.bad_period", "--period", value=asked)
    year = int(found["year"])
    if found["month"]:
        if not 1 <= int(found["month"]) <= 12:
            raise fail("pay.bad_period", "--period", value=asked)
        first = year * 12 + int(found["month"]) - 1
        label = f"{year}-{first % 12 + 1:02d}"
        return Period(label, "month", first_day(first), last_day(first))
    begin = year * 12 + first_month - 1
    if found["quarter"]:
        first = begin + 3 * (int(found["quarter"]) - 1)
        return Period(
            f"{year}-Q{found['quarter']}", "quarter", first_day(first), last_day(first + 2)
        )
    return Period(f"{year}", "year", first_day(begin), last_day(begin + 11))


def months_of(period: Period) -> tuple[int, int]:
    """First and last month of a run's period."""
    return month_of(period.first_day), month_of(period.last_day)
