"""Dates as people write them → dates.

>>> readings("2026年3月5日")
{'*': datetime.date(2026, 3, 5)}
>>> readings("03/04/2026")
{'dmy': datetime.date(2026, 4, 3), 'mdy': datetime.date(2026, 3, 4)}

A value that reads the same whatever the order has the single key ``*``. Where
day and month could be swapped, the whole column decides (`choose_order`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from salesxl.ledger.money import Cell
from salesxl.ledger.words import data

Order = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[Order, ...] = ("ymd", "dmy", "mdy")
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)

_TIME = r"(?:[T ,]*(?:上午|下午|am|pm)?\s*\d{1,2}[:时]\d{1,2}.*)?"
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_CHINESE = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?" + _WEEKDAY + _TIME, re.I
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{1,2})" + _WEEKDAY + _TIME, re.I)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-./ ])\s*(\d{1,2})\s*\2\s*(\d{4})" + _TIME, re.I)
_SHORT = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{2})" + _TIME, re.I)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_DAY_NAME = re.compile(r"(\d{1,2})[-. ]+([a-z]{3,9})[-., ]+(\d{4}|\d{2})" + _TIME, re.I)
_NAME_DAY = re.compile(r"([a-z]{3,9})[-. ]+(\d{1,2})[-., ]+(\d{4})" + _TIME, re.I)


@dataclass(frozen=True)
class Dates:
    """Distinct values of a column as dates; index = position of the value."""

    day: npt.NDArray[np.datetime64]  # datetime64[s]; NaT where there is none
    blank: npt.NDArray[np.bool_]
    order: Order | None  # the order that was needed to read the column
    unclear: tuple[Order, ...] = ()  # orders between which nothing decides
    example: str = ""


def serial_date(number: Decimal, *, mac_epoch: bool = False) -> date | None:
    """The date of a spreadsheet's day number (1900 or 1904 system)."""
    if not Decimal(10_000) <= number < Decimal(110_000):
        return None
    start = date(1904, 1, 1) if mac_epoch else date(1899, 12, 30)
    return start + timedelta(days=int(number))


def _make(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if EARLIEST <= made <= LATEST else None


def _fixed(year: str, month: str, day: str) -> dict[str, date]:
    made = _make(int(year), int(month), int(day))
    return {"*": made} if made else {}


def _named(year: str, name: str, day: str) -> dict[str, date]:
    names: list[str] = data("words.toml")["month"]["names"]
    short = name[:3].lower()
    if short not in names:
        return {}
    full = year if len(year) == 4 else f"20{year}"
    return _fixed(full, str(names.index(short) + 1), day)


def _ordered(parts: tuple[str, str, str], orders: Iterable[Order]) -> dict[str, date]:
    found: dict[str, date] = {}
    for order in orders:
        part = dict(zip(order, (int(p) for p in parts), strict=True))
        year = part["y"] if part["y"] > 99 else 2000 + part["y"]
        made = _make(year, part["m"], part["d"])
        if made:
            found[order] = made
    return found


def readings(value: Cell, *, mac_epoch: bool = False) -> dict[str, date]:
    """Every date `value` can mean, by order; empty if it is no date."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return {"*": value} if EARLIEST <= value <= LATEST else {}
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and (m := _DIGITS.fullmatch(str(int(value)))):
            return _fixed(m[1], m[2], m[3])
        day = serial_date(value, mac_epoch=mac_epoch)
        return {"*": day} if day else {}
    text = unicodedata.normalize("NFKC", value).strip().strip("'").replace("。", ".")
    if m := _YEAR_FIRST.fullmatch(text):
        return _fixed(m[1], m[3], m[4])
    if m := _CHINESE.fullmatch(text):
        return _fixed(m[1], m[2], m[3])
    if m := _DIGITS.fullmatch(text):
        return _fixed(m[1], m[2], m[3])
    if m := _YEAR_LAST.fullmatch(text):
        return _ordered((m[1], m[3], m[4]), ("dmy", "mdy"))
    if m := _SHORT.fullmatch(text):
        return _ordered((m[1], m[3], m[4]), ORDERS)
    if m := _DAY_NAME.fullmatch(text):
        return _named(m[3], m[2], m[1])
    if m := _NAME_DAY.fullmatch(text):
        return _named(m[3], m[1], m[2])
    if m := _SERIAL.fullmatch(text):
        day = serial_date(Decimal(m[0]), mac_epoch=mac_epoch)
        return {"*": day} if day else {}
    return {}


def _choose(read: Sequence[dict[str, date]]) -> tuple[Order, ...]:
    """The orders in which every value that depends on the order is a date."""
    possible = set(ORDERS)
    for found in read:
        if found and "*" not in found:
            possible &= set(found)
    return tuple(order for order in ORDERS if order in possible)


def read_dates(
    values: Sequence[Cell], order: Order | None = None, *, mac_epoch: bool = False
) -> Dates:
    """Every distinct value as a date. With no `order`, all values together decide it;
    where they can't, `unclear` names the orders and nothing that depends on one is read."""
    read = [readings(value, mac_epoch=mac_epoch) for value in values]
    open_ones = [i for i, found in enumerate(read) if found and "*" not in found]
    unclear: tuple[Order, ...] = ()
    example = ""
    used = order
    if open_ones and order is None:
        possible = _choose(read)
        same = len(possible) > 1 and all(
            len({read[i][name] for name in possible}) == 1 for i in open_ones
        )
        if len(possible) == 1 or same:
            used = possible[0]
        else:
            unclear = possible or cast(tuple[Order, ...], tuple(sorted(
                {name for i in open_ones for name in read[i]}
            )))  # fmt: skip
            example = next(
                (str(values[i]) for i in open_ones if len(set(read[i].values())) > 1),
                str(values[open_ones[0]]),
            )
    day = np.full(len(values), np.datetime64("NaT", "s"), "datetime64[s]")
    for i, found in enumerate(read):
        made = found.get("*") or (found.get(used) if used else None)
        if made:
            day[i] = np.datetime64(made, "s")
    blank = np.array([isinstance(v, str) and not v.strip() for v in values], np.bool_)
    return Dates(day, blank, used if open_ones else None, unclear, example)
