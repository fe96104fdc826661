"""Amounts as people write them → exact money in minor units.

>>> parse_amount("￥1,234.50"), parse_amount("1.2万"), parse_amount("(350.00)")
(Decimal('1234.50'), Decimal('12000'), Decimal('-350.00'))

`parse_amount` is the exact parser for one value. `minor_units` runs over the
distinct values of a column and takes a short cut for plain ones ("1234.5"),
which gives the same result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from salesxl.ledger.words import data

Cell = str | Decimal | date  # datetime is a date; numbers of binary files come as Decimal
Mark = Literal[".", ","]

_EXACT = Context(prec=120, rounding=ROUND_HALF_UP)
# A line beyond this is a misread, and a ledger of such lines would not fit int64.
LIMIT = 10**15

_DOT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+")
_COMMA = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]*)?|,[0-9]+")
_CLEAR = re.compile(r"-?[0-9]+\.[0-9]{1,2}")  # as most ledgers write every amount
_POWER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]{1,2}")


class AmountError(ValueError):
    """A value that is no amount; `reason` is the text key that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Amounts:
    """Distinct values of a column as money; index = position of the value."""

    minor: npt.NDArray[np.int64]
    reason: dict[int, str]  # values that are no amount: text key
    blank: npt.NDArray[np.bool_]
    residue: dict[int, Decimal]  # raw − rounded, major units, where rounding changed the value


@cache
def _marks() -> re.Pattern[str]:
    words = sorted(data("words.toml")["money"]["marks"], key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)


@cache
def _multipliers() -> tuple[tuple[str, int], ...]:
    table = data("words.toml")["money"]["multipliers"]
    return tuple(sorted(table.items(), key=lambda item: -len(item[0])))


def _strip(value: str) -> tuple[int, str, int]:
    """sign, bare number, multiplier of a written amount."""
    text = unicodedata.normalize("NFKC", value).replace("−", "-").replace("–", "-")
    text = re.sub(r"[\s'’_]", "", text)
    if "%" in text or "‰" in text:
        raise AmountError("ledger.percent_amount")
    text, marks = _marks().subn("", text)
    if marks > 2:  # "CNY 5元" is fine, more is noise
        raise AmountError("ledger.bad_amount")
    signs = 0
    if text.startswith("(") and text.endswith(")"):
        text, signs = text[1:-1], 1
    if text.endswith("-"):
        text, signs = text[:-1], signs + 1
    elif text.startswith("-"):
        text, signs = text[1:], signs + 1
    elif text.startswith("+"):
        text = text[1:]
    if signs > 1:
        raise AmountError("ledger.bad_amount")
    factor = 1
    for word, size in _multipliers():
        if text.endswith(word):
            text, factor = text[: -len(word)], size
            break
    return (-1 if signs else 1), text, factor


def parse_amount(value: Cell, mark: Mark = ".") -> Decimal:
    """One written amount, exactly, in major units; `mark` is the decimal mark.

    Raises `AmountError` for anything that is not clearly an amount.
    """
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise AmountError("ledger.bad_amount")
        return value
    if isinstance(value, date):
        raise AmountError("ledger.date_amount")
    sign, text, factor = _strip(value)
    if _POWER.fullmatch(text):
        number = text.replace(",", ".")
    elif (_DOT if mark == "." else _COMMA).fullmatch(text):
        thousands = "," if mark == "." else "."
        number = text.replace(thousands, "").replace(mark, ".")
    else:
        raise AmountError("ledger.bad_amount")
    return _EXACT.multiply(Decimal(number), Decimal(sign * factor))


def evidence(value: str) -> str:
    """Which decimal mark a value proves: ``"."``, ``","``, ``"?"`` (could be either), ``""``."""
    if _CLEAR.fullmatch(value):
        return "."
    try:
        _, text, factor = _strip(value)
    except AmountError:
        return ""
    dots, commas = text.count("."), text.count(",")
    if not re.fullmatch(r"[0-9.,]+", text) or not dots + commas:
        return ""
    if dots and commas:
        last: Mark = "." if text.rindex(".") > text.rindex(",") else ","
        return last if text.count(last) == 1 else ""
    used: Mark = "." if dots else ","
    if dots + commas > 1:
        return "," if used == "." else "."
    before, after = text.split(used)
    if len(after) != 3 or len(before) > 3 or before in ("", "0") or factor > 1:
        return used
    return "." if used == "," else "?"  # 1,234 is the common way to group; 1.234 is not clear


def decide_mark(values: Sequence[Cell], counts: Sequence[int]) -> Mark | None:
    """The decimal mark of a whole column, None if both are possible and it matters."""
    lines = {".": 0, ",": 0, "?": 0, "": 0}
    clear, plain_dots = _CLEAR.fullmatch, 0
    for value, count in zip(values, counts, strict=True):
        if isinstance(value, str) and not value.isdecimal():
            if clear(value):
                plain_dots += count
            else:
                lines[evidence(value)] += count
    lines["."] += plain_dots
    if lines["?"] and (bool(lines["."]) == bool(lines[","])):
        return None
    # A value of the other kind never fits this mark's grammar, so it is listed, not misread.
    return "," if lines[","] > lines["."] else "."


def to_minor(value: Decimal, decimals: int) -> int:
    """`value` in minor units, half-up (away from zero)."""
    return int(_EXACT.to_integral_value(_EXACT.scaleb(value, decimals)))


def minor_units(values: Sequence[Cell], decimals: int, mark: Mark = ".") -> Amounts:
    """Every distinct value in minor units, half-up; see `Amounts`."""
    plain = re.compile("-?[0-9]{1,12}" + (rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else ""))
    minor = np.zeros(len(values), np.int64)
    blank = np.zeros(len(values), np.bool_)
    reason: dict[int, str] = {}
    residue: dict[int, Decimal] = {}
    for i, value in enumerate(values):
        if isinstance(value, str):
            if plain.fullmatch(value) and (mark == "." or "." not in value):
                whole, _, fraction = value.partition(".")
                minor[i] = int(whole + fraction.ljust(decimals, "0"))
                continue
            if not value.strip():
                blank[i] = True
                continue
        try:
            exact = parse_amount(value, mark)
        except AmountError as error:
            reason[i] = error.reason
            continue
        # A huge exponent is refused before it is written out digit by digit.
        if (exact and exact.adjusted() > 15) or abs(number := to_minor(exact, decimals)) > LIMIT:
            reason[i] = "ledger.huge_amount"
            continue
        minor[i] = number
        rest = _EXACT.subtract(exact, Decimal(number).scaleb(-decimals))
        if rest:
            residue[i] = rest
    return Amounts(minor, reason, blank, residue)
