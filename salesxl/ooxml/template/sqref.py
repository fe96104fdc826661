"""References without a sheet, as attributes carry them: ``C5``, ``B5:F9``, ``A1:A3 C1:C3``.

>>> sheet = SheetMoves([Run(5, 5, 3)])
>>> follow_area("B4:F6", sheet), follow_cell("C6", sheet), spread("C5 E1:E9", sheet)
('B4:F8', 'C8', 'C5:C7 E1:E11')
"""

from __future__ import annotations

import re
from typing import NamedTuple

from salesxl.ooxml.template.formula_parts import column_number
from salesxl.ooxml.template.moves import MAX_ROW, Image, SheetMoves

_RECT = re.compile(
    r"(\$?[A-Za-z]{1,3})?(\$?)([0-9]{1,7})?(?::(\$?[A-Za-z]{1,3})?(\$?)([0-9]{1,7})?)?"
)


class Rect(NamedTuple):
    """One area; the columns as written, the rows sorted (0 for whole columns)."""

    text: str
    col: str
    first: int
    col2: str
    last: int

    @property
    def column(self) -> int:
        """The first column as a number (1 for whole rows)."""
        return column_number(self.col) or 1

    def at(self, first: int, last: int, single: bool = False) -> str:
        """The same columns in other rows; `single`: written as one cell if it was one."""
        if not self.first or (first, last) == (self.first, self.last):
            return self.text
        one = ":" not in self.text
        if one and (single or first == last):
            return f"{self.col}{first}"
        return f"{self.col}{first}:{self.col2}{last}"


def rects(sqref: str) -> list[Rect]:
    """The areas of a list of references; what cannot be read is left out."""
    found = []
    for text in sqref.split():
        match = _RECT.fullmatch(text)
        if match is None:
            continue
        col, _, row, col2, _, row2 = match.groups()
        first = int(row or 0)
        last = int(row2 or first)
        first, last = sorted((min(first, MAX_ROW), min(last, MAX_ROW)))
        found.append(Rect(text, col or "", first, col2 or col or "", last))
    return found


def follow_area(ref: str, sheet: SheetMoves) -> str | None:
    """One range (or cell) that grows with what it covers; None: its rows are gone."""
    for rect in rects(ref)[:1]:
        if not rect.first:
            return ref
        area = sheet.in_column(rect.column).area(rect.first, rect.last)
        return None if area is None else rect.at(*area)
    return ref


def follow_cell(ref: str, sheet: SheetMoves) -> str | None:
    """One cell, or a range of the same size; None: its row is gone."""
    for rect in rects(ref)[:1]:
        if not rect.first:
            return ref
        row = sheet.in_column(rect.column).at(rect.first)
        return None if row is None else rect.at(row, row + rect.last - rect.first)
    return ref


def spread(sqref: str, sheet: SheetMoves) -> str | None:
    """What holds for these cells holds for …; None: for nothing any more."""
    places = [
        place for rect in rects(sqref) for place in joined([at for at, _ in stretches(rect, sheet)])
    ]
    text = " ".join(dict.fromkeys(places))
    return text or (None if rects(sqref) else sqref)


def stretches(rect: Rect, sheet: SheetMoves) -> list[tuple[str, Image]]:
    """`SheetMoves.spread` of an area, each with its reference."""
    if not rect.first:
        return [(rect.text, Image(1, MAX_ROW, sheet))]
    return [
        (rect.at(image.first, image.last), image)
        for image in sheet.in_column(rect.column).spread(rect.first, rect.last)
    ]


def joined(places: list[str]) -> list[str]:
    """Areas of the same columns that touch (the copies of a whole block) as one."""
    found: list[Rect] = []
    for rect in (rect for place in places for rect in rects(place)):
        before = found[-1] if found else None
        columns = (rect.col, rect.col2)
        if before and before.last + 1 == rect.first and (before.col, before.col2) == columns:
            text = f"{rect.col}{before.first}:{rect.col2}{rect.last}"
            found[-1] = Rect(text, rect.col, before.first, rect.col2, rect.last)
        else:
            found.append(rect)
    return [rect.text for rect in found]
