"""Values at the file's border: what a cell, a formula or a result may hold.

Money leaves exact arithmetic here: `Decimal` becomes the nearest float, which
shows and sums as the same number of minor units below 9 × 10¹⁵.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from salesxl.errors import fail

MAX_TEXT = 32_767
MAX_FORMULA = 8_192
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
# A "_" that would begin an escape, also one whose end is the next escape's beginning.
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}[_\x00-\x08\x0b-\x1f\ufffe\uffff])")
_EPOCH = date(1899, 12, 30)


def check_text(value: str, where: str) -> str:
    """`value` if a cell can hold it; else `SalesxlError` naming the cell."""
    if len(value) > MAX_TEXT // 2:
        length = len(value.encode("utf-16-le", "surrogatepass")) // 2
        if length > MAX_TEXT:
            raise fail("page.text_too_long", where, length=f"{length:,}")
    if not value.isascii() and (found := _SURROGATE.search(value)):
        raise fail("page.illegal_character", where, code=f"U+{ord(found.group()):04X}")
    return value


def plain_text(value: str, where: str) -> str:
    """`value` for a place that knows no escapes (a header, a title); no control characters."""
    check_text(value, where)
    found = _CONTROL.search(value) or re.search("[\t\n]", value)
    if found:
        raise fail("page.illegal_character", where, code=f"U+{ord(found.group()):04X}")
    return value


def looks_like_markup(value: str) -> bool:
    """XlsxWriter takes such a text for ready-made rich text and would write it raw."""
    return value.startswith("<r>") and value.endswith("</r>")


def has_control(value: str) -> bool:
    return _CONTROL.search(value) is not None


def escape_result(value: str) -> str:
    """A formula's text result as the file stores it (``_x000B_`` for a control character)."""
    value = _ESCAPED.sub("_x005F_", value)
    return _CONTROL.sub(lambda found: f"_x{ord(found.group()):04X}_", value)


def number(value: Decimal | int | float, where: str) -> float | int:
    """A number a cell can hold. NaN and infinity are faults of ours, not of the data."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{where}: {value} is not a number a cell can hold")
        if value.is_integer() and abs(value) < 2**53:
            return int(value)
    return value


def serial(value: date) -> float | int:
    """A date as the day number of the 1900 system; a time of day as its fraction."""
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=None) - datetime(1899, 12, 30)
        return moment.days + moment.seconds / 86_400
    return (value - _EPOCH).days


def result(value: Any, where: str) -> str | bool | float | int:
    """A formula's value as stored beside it; an empty one is a fault of ours."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value:
            raise ValueError(f"{where}: a formula without a value")
        if len(value) > MAX_TEXT:
            raise fail("page.text_too_long", where, length=f"{len(value):,}")
        return escape_result(check_text(value, where))
    if isinstance(value, date):
        return serial(value)
    if isinstance(value, Decimal | int | float):
        return number(value, where)
    raise ValueError(f"{where}: {value!r} is no value of a formula")
