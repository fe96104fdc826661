"""Values as the text of cells, a column at a time.

A column of one type becomes a list of bare numbers between constant XML; any other is
a list of cells' ends. What a cell cannot hold is a problem that names the cell.

>>> column([1, 2, 3], Ink(strings), lambda index: f"Sales!B{index + 2}")
('n', ['1', '2', '3'])
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ooxml import values as limits
from salesxl.ooxml.template.numerals import small
from salesxl.ooxml.template.skeleton import OPENED
from salesxl.ooxml.template.strings import Strings, Where, escaped
from salesxl.ooxml.template.warps import Warps
from salesxl.sheets.content import Formula, Scalar

Value = Scalar | Formula
# The formulas of `count` rows from new row `first` on, made from one of template row `origin`.
Follow = Callable[[str, int, int, int], Sequence[str]]  # (formula, origin, first, count)

_EPOCH, _EPOCH_1904 = date(1899, 12, 30).toordinal(), date(1904, 1, 1).toordinal()
_FALSE_LEAP_DAY = 61  # 1 March 1900; before it Excel counts a 29 February that never was
_MANY_DAYS = 50_000
_EXACT = 15  # characters a decimal may have to be the nearest float's own digits
_YES_NO = {True: "1", False: "0"}


class Days(dict[date, str]):
    """date or datetime → serial number as text, each worked out once."""

    def __init__(self, date1904: bool) -> None:
        self._1904 = date1904

    def trim(self) -> None:
        """Forget the days when they have become many."""
        if len(self) > _MANY_DAYS:
            self.clear()

    def __missing__(self, day: Any) -> str:
        if not isinstance(day, date):
            raise NoCellError("fill.not_a_number")
        days = day.toordinal() - (_EPOCH_1904 if self._1904 else _EPOCH)
        if not self._1904 and days < _FALSE_LEAP_DAY:
            days -= 1
        if days < 0:
            raise NoCellError("fill.date_too_early")
        made = str(days)
        if isinstance(day, datetime):
            seconds = day.hour * 3600 + day.minute * 60 + day.second + day.microsecond / 1e6
            made = repr(days + seconds / 86_400) if seconds else made
        self[day] = made
        return made


class NoCellError(ValueError):
    """A value no cell holds; the argument is the code of the problem."""


@dataclass
class Ink:
    """What writing cells needs to know of the workbook under way."""

    strings: Strings
    date1904: bool = False
    follow: Follow | None = None  # None: formulas of the template stay as they are
    stale: bool = False  # set when a formula without a value was written
    days: dict[date, str] = field(default_factory=dict)  # date → its number as text
    warps: Warps = field(default_factory=Warps)

    def __post_init__(self) -> None:
        if not isinstance(self.days, Days):
            self.days = Days(self.date1904)


def plain_list(values: Any) -> Sequence[Any]:
    """A column as a sequence; arrays and pandas columns as their plain values."""
    if hasattr(values, "tolist"):
        return values.tolist()  # type: ignore[no-any-return]
    return values if isinstance(values, list | tuple) else list(values)


def column(values: Sequence[Value], ink: Ink, where: Where) -> tuple[str, list[str]]:
    """A column's kind and texts. "n" numbers, "s" shared strings, "b" yes/no: what stands in
    ``<v>``; "" all blank, no texts; "x" mixed: what follows ``<c r="B2" s="1"``.

    Raises `SalesxlError` with every cell that cannot hold its value; of texts only
    `Strings.check` tells.
    """
    if values:
        quick = _quick(values, ink, where)
        if quick is not None:
            return quick
    kinds = set(map(type, values))
    if len(kinds) == 1:
        maker = _MAKERS.get(kinds.pop())
        made = maker(values, ink, where) if maker else None
        if made is not None:
            return made
    elif len(kinds) == 2 and type(None) in kinds:
        kinds.remove(type(None))
        maker = _MAKERS.get(kinds.pop())
        made = _with_blanks(values, ink, where, maker) if maker else None
        if made is not None:
            return made
    texts = []
    problems: list[Problem] = []
    for index, value in enumerate(values):
        try:
            texts.append(cell_end(value, ink, where, index))
        except NoCellError as error:
            problems.append(Problem(str(error), where(index)))
        except SalesxlError as error:
            problems.extend(error.problems)
    if problems:
        raise SalesxlError(problems)
    return "x", texts


def _quick(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    """Texts and days met before: that they are found tells their type as well. A text that
    is new among them gets its number."""
    first = type(values[0])
    if first is str:
        found = ink.strings.known(values, where)
        return None if found is None else ("s", found)
    return _dates(values, ink, where) if first is date else None


def _with_blanks(
    values: Sequence[Any], ink: Ink, where: Where, maker: _Maker
) -> tuple[str, list[str]] | None:
    """A column of one type with blanks in it."""
    places = [index for index, value in enumerate(values) if value is not None]
    made = maker([values[place] for place in places], ink, lambda index: where(places[index]))
    if made is None:
        return None
    texts = ["/>"] * len(values)
    opened = OPENED[made[0]]
    for place, text in zip(places, made[1], strict=True):
        texts[place] = f"{opened}{text}</v></c>"
    return "x", texts


def _texts(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    found = ink.strings.numbers(values, where)
    return None if found is None else ("s", found)


def _whole(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    texts = small(values)
    if texts is None:
        texts = [f"{value!s}" for value in values]  # quicker than a call of str
        if max(map(len, texts)) > _EXACT:
            return None
    return "n", texts


def _floats(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    # A sum is finite only if every number is; looked at one by one when it is not.
    return ("n", [*map(repr, values)]) if math.isfinite(sum(values)) else None


def _decimals(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    texts = [f"{value!s}" for value in values]
    joined = "".join(texts)
    if "N" in joined or "n" in joined:  # NaN, Infinity
        return None
    if max(map(len, texts)) <= _EXACT:
        return "n", texts
    try:
        return _floats([*map(float, values)], ink, where)
    except OverflowError:
        return None


def _dates(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    if len(values) < 2:
        return None
    try:
        return "n", [*itemgetter(*values)(ink.days)]
    except (ValueError, TypeError):  # a day no cell holds, or none at all
        return None


def _yes_no(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    return "b", [*map(_YES_NO.__getitem__, values)]


def _blank(values: Sequence[Any], ink: Ink, where: Where) -> tuple[str, list[str]] | None:
    return "", []


_Maker = Callable[[Sequence[Any], Ink, Where], tuple[str, list[str]] | None]
_MAKERS: dict[type, _Maker] = {
    str: _texts, int: _whole, float: _floats, Decimal: _decimals, date: _dates,
    datetime: _dates, bool: _yes_no, type(None): _blank,
}  # fmt: skip


def number_text(value: Any) -> str:
    """A number as stored; `NoCellError` for what is none."""
    try:
        number = float(value)
    except OverflowError as error:
        raise NoCellError("fill.not_a_number") from error
    if not math.isfinite(number):
        raise NoCellError("fill.not_a_number")
    return str(value) if isinstance(value, int) else repr(number)


def cell_end(value: Any, ink: Ink, where: Where, index: int) -> str:
    """What follows ``<c r="B2" s="1"`` in a cell that holds `value`."""
    if value is None or value == "":
        return "/>"
    if isinstance(value, str):
        found = ink.strings.numbers((str(value),), lambda _: where(index))
        return f' t="s"><v>{found[0]}</v></c>' if found else "/>"
    if isinstance(value, Formula):
        return formula_end(escape(formula_text(value.text, where(index))), value.value, ink,
                           where, index)  # fmt: skip
    kind, text = scalar(value, ink)
    return f"{kind}><v>{text}</v></c>" if text else "/>"


def scalar(value: Any, ink: Ink) -> tuple[str, str]:
    """(type attribute, text of ``<v>``) of a number, date or yes/no; text "" is a blank."""
    if isinstance(value, bool):
        return ' t="b"', _YES_NO[value]
    if isinstance(value, int | float | Decimal):
        return "", number_text(value)
    if isinstance(value, date):
        return "", "" if value != value else ink.days[value]  # pandas' "no date"
    if hasattr(value, "item"):  # a numpy scalar
        return scalar(value.item(), ink)
    raise TypeError(f"no cell holds {value!r}")


def formula_end(
    text: str, value: Any, ink: Ink, where: Where, index: int, opened: str = "f"
) -> str:
    """The end of a formula's cell, with its value; `text` is escaped already."""
    head = f"<{opened}>{text}</f>"
    if value is None:
        ink.stale = True
        return f">{head}</c>"
    if isinstance(value, str):
        limits.check_text(value, where(index))
        return f' t="str">{head}<v>{escaped(value)}</v></c>'
    kind, stored = scalar(value, ink)
    return f"{kind}>{head}<v>{stored}</v></c>"


def formula_text(text: str, where: str) -> str:
    """A formula without its "="; too long for a cell is a problem."""
    text = text.removeprefix("=")
    if len(text) > limits.MAX_FORMULA:
        raise fail("fill.formula_too_long", where, length=f"{len(text):,}")
    return text
