"""The cells of a worksheet as what they mean: text, exact number, date, yes/no, error.

Written by hand rather than through a library because a plan must not lose what the
libraries drop: error values, formulas without a stored value, 1904 dates.

Numbers come as `Decimal` with at most 15 significant digits, which is what Excel
shows and keeps; 0.1+0.2 is therefore 0.3. Dates come as `date` (`datetime` where the
cell holds a time of day).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from salesxl.opc.package import Package, SheetPart, local, unescape


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An Excel error such as ``#N/A``; code "" is a formula that was never calculated."""

    code: str


CellValue = str | Decimal | bool | date | ErrorValue

_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LAST_SERIAL = 2_958_466  # 9999-12-31


@dataclass(frozen=True)
class Grid:
    """Cells of one sheet that hold something: row → column → value, from 0."""

    sheet: str
    rows: dict[int, dict[int, CellValue]] = field(default_factory=dict)

    def value(self, row: int, col: int) -> CellValue | None:
        return self.rows.get(row, {}).get(col)


class Reader:
    """Reads the sheets of one package; styles and shared strings are read once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._strings: tuple[str, ...] = ()
        self._date_styles: frozenset[int] = frozenset()
        for kind, part in package.relations(package.workbook_part).values():
            if part not in package:
                continue
            if kind == "sharedStrings":
                self._strings = tuple(_shared(package, part))
            elif kind == "styles":
                styles = package.xml(part)
                with package.guard(part):
                    self._date_styles = _date_styles(styles)

    def grid(self, sheet: SheetPart) -> Grid:
        """All filled cells of a sheet. Raises when the part is damaged."""
        grid = Grid(sheet.name)
        row = col = -1
        with self._package.guard(sheet.part), self._package.open(sheet.part) as stream:
            for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
                tag = local(element.tag)
                if event == "start":
                    if tag == "row":
                        row = int(element.get("r", row + 2)) - 1
                        col = -1
                elif tag == "c":
                    place = split_reference(element.get("r", ""))
                    row, col = place if place else (row, col + 1)
                    value = self._value(element)
                    if value is not None:
                        grid.rows.setdefault(row, {})[col] = value
                    element.clear()
                elif tag == "row":
                    element.clear()
        return grid

    def _value(self, cell: Element) -> CellValue | None:
        kind = cell.get("t", "n")
        raw: str | None = None
        has_formula = False
        for child in cell:
            tag = local(child.tag)
            if tag == "v":
                raw = child.text or ""
            elif tag == "is":
                return unescape(_text_of(child)) or None
            elif tag == "f":
                has_formula = True
        if raw is None or (raw == "" and kind != "str"):
            return ErrorValue("") if has_formula else None
        if kind == "s":
            return self._strings[int(raw)] or None if int(raw) < len(self._strings) else None
        if kind == "str":
            return unescape(raw) or None
        if kind == "b":
            return raw.strip() in ("1", "true")
        if kind == "e":
            return ErrorValue(raw)
        if kind == "d":
            return _day(datetime.fromisoformat(raw))
        number = float(raw)
        if int(cell.get("s", "0")) in self._date_styles:
            return self._date(number)
        return exact(number)

    def _date(self, serial: float) -> CellValue:
        if not 0 <= serial < _LAST_SERIAL:
            return exact(serial)
        if self._package.date1904:
            epoch = datetime(1904, 1, 1)
        else:
            # 1900 is no leap year, but Excel counts a 29 February in it.
            epoch = datetime(1899, 12, 30) if serial >= 60 else datetime(1899, 12, 31)
        try:
            moment = epoch + timedelta(days=int(serial), seconds=round(serial % 1 * 86400))
        except OverflowError:
            return exact(serial)
        return _day(moment)


def exact(number: float) -> Decimal:
    """The number as Excel shows it: at most 15 significant digits."""
    return Decimal(format(number, ".15g"))


def split_reference(reference: str) -> tuple[int, int] | None:
    """``C5`` → (4, 2); None for anything else."""
    match = _REFERENCE.match(reference)
    if not match:
        return None
    col = 0
    for letter in match.group(1):
        col = col * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, col - 1


def reference(row: int, col: int) -> str:
    """(4, 2) → ``C5``."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _day(moment: datetime) -> date:
    return moment if (moment.hour, moment.minute, moment.second) != (0, 0, 0) else moment.date()


def _shared(package: Package, part: str) -> list[str]:
    strings: list[str] = []
    with package.guard(part), package.open(part) as stream:
        for _, element in iterparse(stream, events=("end",), forbid_dtd=True):
            if local(element.tag) == "si":
                strings.append(unescape(_text_of(element)))
                element.clear()
    return strings


def _text_of(element: Element) -> str:
    """The text of a string item: its runs, without the phonetic guide."""
    parts: list[str] = []
    for child in element:
        tag = local(child.tag)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts.extend(grand.text or "" for grand in child if local(grand.tag) == "t")
    return "".join(parts)


def _date_styles(styles: Element) -> frozenset[int]:
    """The cell style numbers whose number format shows a date."""
    custom: dict[int, str] = {}
    formats: list[int] = []
    for group in styles:
        if local(group.tag) == "numFmts":
            for item in group:
                custom[int(item.get("numFmtId", "0"))] = item.get("formatCode", "")
        elif local(group.tag) == "cellXfs":
            formats = [int(item.get("numFmtId", "0")) for item in group]
    return frozenset(
        index
        for index, code in enumerate(formats)
        if (_shows_date(custom[code]) if code in custom else code in _BUILTIN_DATES)
    )


def _shows_date(code: str) -> bool:
    first = code.split(";")[0]
    if _ELAPSED.search(first):
        return False
    letters = _NOT_CODE.sub("", first).lower()
    return "general" not in letters and any(letter in letters for letter in "ymdhs")
