"""One cell to one value of its column's kind, exactly, or the problem with it.

>>> convert(Column("x", "金额", "Amount", "money"), "￥1.2万", decimals=2)
1200000
>>> convert(Column("x", "比例", "Rate", "share"), "8%", decimals=2)
Decimal('0.08')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from salesxl.opc.cells import CellValue, ErrorValue
from salesxl.plan.currency import currencies
from salesxl.plan.model import YES_NO
from salesxl.plan.schema import Column

Converted = str | int | Decimal | date | None

LARGEST = Decimal(10) ** 15  # Excel keeps no more digits than this
_GROUPED = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{2,3})*,\d{3})(\.\d*)?|[+-]?\.\d+")
_MULTIPLES = {"千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8, "億": 8}
_MONEY_WORDS = ("人民币", "rmb", "元", "圆", "块")
_ISO_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
_HAN_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_YES = {"y", "true", "1", "√", "✓", "✔"}
_NO = {"n", "false", "0", "×", "✗", "✕"}


class BadValueError(Exception):
    """The cell cannot be this column's value; `code` and `values` make the problem."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})


def normal(value: str) -> str:
    """A word for comparing: without case, spaces and full-width forms."""
    return "".join(unicodedata.normalize("NFKC", value).casefold().split())


def is_blank(value: CellValue | None) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: CellValue) -> str:
    """A cell as a message quotes it."""
    if isinstance(value, ErrorValue):
        return value.code
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value.strip()


def convert(column: Column, value: CellValue, decimals: int) -> Converted:
    """The value of a filled cell; money in minor units. Raises `BadValueError`."""
    if isinstance(value, ErrorValue):
        if value.code:
            raise BadValueError("plan.error_value", {"value": value.code})
        raise BadValueError("plan.not_calculated")
    match column.kind:
        case "text":
            return shown(value)
        case "id" | "ref":
            if isinstance(value, date):
                raise BadValueError("plan.id_is_date", {"value": shown(value)})
            return shown(value)
        case "choice" | "bool":
            return _choice(column, value)
        case "date":
            return _date(value)
        case "money":
            return _money(column, value, decimals)
        case "int":
            return _int(column, value)
        case _:
            return _limits(column, _number(value, share=column.kind == "share"))


def parse_number(written: str) -> Decimal | None:
    """A number as people write it: signs, brackets, currency, groups, 万 and 亿."""
    rest = unicodedata.normalize("NFKC", written).strip().casefold().replace("−", "-")
    negative = rest.startswith("(") and rest.endswith(")")
    if negative:
        rest = rest[1:-1]
    for word in _MONEY_WORDS:
        rest = rest.removeprefix(word).removesuffix(word)
    for currency in currencies().values():
        for mark in (currency.symbol.casefold(), currency.code.casefold()):
            if mark in rest:
                rest = re.sub(rf"^([+-]?)\s*{re.escape(mark)}|\s*{re.escape(mark)}$", r"\1", rest)
    rest = "".join(rest.split())
    power = 0
    for word in sorted(_MULTIPLES, key=len, reverse=True):
        if rest.endswith(word):
            rest, power = rest.removesuffix(word), _MULTIPLES[word]
            break
    if not _GROUPED.fullmatch(rest) or (negative and rest[0] in "+-"):
        return None
    number = Decimal(rest.replace(",", "")).scaleb(power)
    return -number if negative else number


def parse_date(written: str) -> date | None:
    """A date in an order that cannot be mistaken: year, month, day."""
    plain = unicodedata.normalize("NFKC", written).strip()
    match = _ISO_DATE.fullmatch(plain)
    parts = (match[1], match[3], match[4]) if match else None
    if parts is None:
        han = _HAN_DATE.fullmatch("".join(plain.split()))
        if han is None:
            return None
        parts = (han[1], han[2], han[3])
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def _choice(column: Column, value: CellValue) -> str:
    wanted = normal(shown(value))
    for key, (zh, en) in column.choices.items():
        if wanted in (normal(key), normal(zh), normal(en)):
            return key
    if set(column.choices) == set(YES_NO):
        if wanted in _YES:
            return "yes"
        if wanted in _NO:
            return "no"
    raise BadValueError(
        "plan.bad_choice",
        {
            "value": shown(value),
            "choices_zh": "、".join(zh for zh, _ in column.choices.values()),
            "choices_en": ", ".join(en for _, en in column.choices.values()),
        },
    )


def _date(value: CellValue) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = parse_date(value) if isinstance(value, str) else None
    if found is None:
        raise BadValueError("plan.bad_date", {"value": shown(value)})
    return found


def _number(value: CellValue, *, share: bool = False) -> Decimal:
    if isinstance(value, Decimal):
        number: Decimal | None = value
    elif isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value).strip()
        power = -2 if plain.endswith("%") else -3 if plain.endswith("‰") else 0
        if power and not share:
            raise BadValueError("plan.bad_number", {"value": shown(value)})
        number = parse_number(plain[:-1] if power else plain)
        if number is not None:
            number = number.scaleb(power)
    else:
        number = None
    if number is None:
        raise BadValueError("plan.bad_number", {"value": shown(value)})
    if abs(number) >= LARGEST:
        raise BadValueError("plan.too_large", {"value": shown(value)})
    return number


def _limits(column: Column, number: Decimal) -> Decimal:
    if column.minimum is not None and number < Decimal(str(column.minimum)):
        raise BadValueError(
            "plan.below_minimum", {"value": _plain(number), "minimum": f"{column.minimum:g}"}
        )
    if column.maximum is not None and number > Decimal(str(column.maximum)):
        if column.kind == "share" and column.maximum == 1:
            raise BadValueError(
                "plan.share_as_percent",
                {"value": _plain(number), "percent": _plain(number * 100)},
            )
        raise BadValueError(
            "plan.above_maximum", {"value": _plain(number), "maximum": f"{column.maximum:g}"}
        )
    return number


def _money(column: Column, value: CellValue, decimals: int) -> int:
    number = _limits(column, _number(value))
    minor = number.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise BadValueError("plan.too_many_decimals", {"value": shown(value), "decimals": decimals})
    if abs(minor) >= LARGEST:
        raise BadValueError("plan.too_large", {"value": shown(value)})
    return int(minor)


def _int(column: Column, value: CellValue) -> int:
    number = _number(value)
    if number != number.to_integral_value():
        raise BadValueError("plan.bad_int", {"value": shown(value)})
    return int(_limits(column, number))


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
