"""Days as hosts give them, and months counted by the calendar.

>>> read_day("2026-06-15", "date") == read_day(46188, "date") == date(2026, 6, 15)
True
>>> add_months(date(2026, 1, 31), 1), add_months(date(2024, 2, 29), 12)
(datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))

A number is a sheet's serial day (1 March 1900 is 61; earlier ones differ between
sheets and are refused); the time of day is dropped. Text is year-month-day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal

from salesxl.core.cells import read_cells
from salesxl.core.error import RuleError
from salesxl.core.number import exact, ratio, simplest

_WRITTEN = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_EPOCH = date(1899, 12, 30)
_SERIALS = range(61, 2_958_466)  # 1900-03-01 … 9999-12-31


def read_day(value: object, argument: str, position: int | None = None) -> date:
    """`value` as a day; RuleError naming the cell otherwise."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value is None or (isinstance(value, str) and not value.strip()):
        raise RuleError("day_blank", argument=argument, position=position)
    if isinstance(value, str):
        found = _WRITTEN.fullmatch(value.strip())
        if found:
            try:
                return date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                pass
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        numerator, denominator = ratio(value, argument, position)
        if numerator // denominator in _SERIALS:
            return _EPOCH + timedelta(days=numerator // denominator)
    raise RuleError("not_a_day", argument=argument, position=position, value=value)


def read_days(value: object, argument: str) -> list[date]:
    """Every cell of a range as a day, in reading order."""
    cells, _ = read_cells(value, argument)
    return [read_day(cell, argument, position) for position, cell in enumerate(cells, 1)]


def read_names(value: object, argument: str) -> list[str]:
    """Every cell as a name to compare: trimmed, without case, 1001.0 as 1001; "" for blank."""
    cells, _ = read_cells(value, argument)
    names = []
    for position, cell in enumerate(cells, 1):
        if isinstance(cell, Decimal):
            cell = simplest(exact(cell, argument, position))
        names.append("" if cell is None else str(cell).strip().casefold())
    return names


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day; at most 9999-12-31."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
