"""A book on other coordinates: cells moved, every reference with them.

A `Place` says where the rows and columns of one sheet stand now, and its title:

>>> place = Place("Sales 2027", rows=[0, 1, 4], cols=[0, 2])
>>> relocator({"Sales": place}, "Sales").formula("=SUM(B2:B3)+'Sales'!A1")
"=SUM(C2:C5)+'Sales 2027'!A1"

What points at a sheet that is gone cannot be moved: `GoneError` is raised, and the caller
writes a value where a formula stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from salesxl.sheets.content import (
    Book,
    Cell,
    Chart,
    Formula,
    ListTable,
    Rich,
    Sheet,
    column_letters,
    quoted,
)

Area = tuple[int, int, int, int]
_TOKEN = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<sheet>'(?:[^']|'')+'!|(?<![\w.])[^\W\d][\w.]*!)?
    (?<![\w.\[])(?P<ref>\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?)(?![\w(.\[])
  | (?P<table>[^\W\d][\w.]*)(?P<inner>\[(?:[^\[\]]|\[[^\[\]]*\])*\])
  | [^\W\d][\w.]*
    """,
    re.VERBOSE,
)
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})")
_PART = re.compile(r"\[([^\[\]]*)\]")


class GoneError(Exception):
    """A reference to a sheet, table or column the workbook no longer has."""


@dataclass(frozen=True)
class Place:
    """Where a sheet's rows and columns stand, all from 0; beyond the lists they only shift."""

    title: str
    rows: Sequence[int]
    cols: Sequence[int]
    folded: bool = False  # several rows of the content may stand in one row
    beside: Sequence[int] = ()  # rows of a second block, which has these columns
    right: frozenset[int] = frozenset()

    def row(self, row: int, col: int = -1) -> int:
        rows = self.beside if col in self.right else self.rows
        if row < len(rows):
            return rows[row]
        return rows[-1] + row - len(rows) + 1 if rows else row

    def col(self, col: int) -> int:
        cols = self.cols
        if col < len(cols):
            return cols[col]
        return cols[-1] + col - len(cols) + 1 if cols else col

    def area(self, area: Area) -> Area:
        row, col, last_row, last_col = area
        first, last = self.row(row, col), self.row(last_row, last_col)
        if self.folded:
            inside = [
                self.row(r, c)
                for c in {col, last_col}
                for r in range(row, min(last_row, row + 5000) + 1)
            ]
            first, last = min(inside), max(*inside, last)
        left, right = self.col(col), self.col(last_col)
        return first, min(left, right), last, max(left, right)


@dataclass(frozen=True)
class TableNames:
    """What a table and its columns (title → title) are called now; missing columns are gone."""

    name: str
    columns: Mapping[str, str]


@dataclass
class Relocator:
    """Moves what is written on one sheet. Formulas are remembered: many are alike."""

    places: Mapping[str, Place]  # title in the content → place; a missing sheet is gone
    home: str
    tables: Mapping[str, TableNames | None] = field(default_factory=dict)  # None: gone
    still: bool = False  # nothing at all moves
    home_still: bool = False  # nothing moves that stands on this sheet, or in a table
    _known: dict[str, str] = field(default_factory=dict)

    def formula(self, text: str) -> str:
        """`text` with its references moved. Raises `GoneError`."""
        if self.still or (self.home_still and "!" not in text):
            return text
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = _TOKEN.sub(self._token, text)
        return found

    def _token(self, found: re.Match[str]) -> str:
        if found["table"] and found["inner"]:
            return self._structured(found)
        ref = found["ref"]
        if not ref:
            return found.group()
        title, prefix = self.home, ""
        if found["sheet"]:
            title = found["sheet"][:-1]
            if title.startswith("'"):
                title = title[1:-1].replace("''", "'")
            place = self.places.get(title)
            if place is None:
                raise GoneError(title)
            prefix = f"{quoted(place.title)}!"
        else:
            place = self.places[title]
        return prefix + _moved(ref, place)

    def _structured(self, found: re.Match[str]) -> str:
        name, inner = found["table"], found["inner"]
        if name not in self.tables:
            return found.group()
        known = self.tables[name]
        if known is None:
            raise GoneError(name)
        columns = known.columns

        def column(part: re.Match[str]) -> str:
            title = part[1]
            if title.startswith("#") or not title:
                return part.group()
            lead = "@" if title.startswith("@") else ""
            if title[len(lead) :] not in columns:
                raise GoneError(f"{name}[{title}]")
            return f"[{lead}{columns[title[len(lead) :]]}]"

        return known.name + _PART.sub(column, inner)

    def target(self, text: str) -> str:
        """A link's target, ``'Sheet'!B2``."""
        return self.formula(text)


def _moved(ref: str, place: Place) -> str:
    first, colon, last = ref.partition(":")
    one = _CELL.fullmatch(first)
    two = _CELL.fullmatch(last) if colon else None
    if one is None or (colon and two is None):
        return ref
    row, col = int(one[4]) - 1, _number(one[2])
    if two is None:
        return _said(one, place.row(row, col), place.col(col))
    area = place.area((row, col, int(two[4]) - 1, _number(two[2])))
    return f"{_said(one, area[0], area[1])}:{_said(two, area[2], area[3])}"


def _said(found: re.Match[str], row: int, col: int) -> str:
    return f"{found[1]}{column_letters(col)}{found[3]}{row + 1}"


def _number(letters: str) -> int:
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    return col - 1


def relocator(
    places: Mapping[str, Place], home: str,
    tables: Mapping[str, TableNames | None] | None = None, still: bool = False,
) -> Relocator:  # fmt: skip
    return Relocator(places, home, tables or {}, still)


def relocators(
    book: Book, places: Mapping[str, Place], tables: Mapping[str, TableNames | None]
) -> dict[str, Relocator]:
    """Title in the content → what moves its formulas; nothing is done where nothing moves."""
    same = {
        title: not place.beside
        and list(place.rows) == list(range(len(place.rows)))
        and list(place.cols) == list(range(len(place.cols)))
        for title, place in places.items()
    }
    known = all(
        names is not None
        and names.name == name
        and all(old == new for old, new in names.columns.items())
        for name, names in tables.items()
    )
    still = (
        known
        and all(same.values())
        and all(place.title == title for title, place in places.items())
        and len(places) == len(book.sheets)
    )
    return {
        title: Relocator(places, title, tables, still, known and same[title]) for title in places
    }


T = TypeVar("T")


def relocate(
    book: Book, places: Mapping[str, Place], tables: Mapping[str, TableNames | None] | None = None,
    keep: Callable[[str, int, int], bool] | None = None,
) -> Book:  # fmt: skip
    """`book` with every sheet of `places` on its new coordinates; the others are gone.

    `keep(title, row, column)`: whether what stands there is wanted (folded rows are not).
    """
    tables = tables or {}
    movers = relocators(book, places, tables)
    sheets = []
    for sheet in book.sheets:
        if sheet.title in places:
            move = movers[sheet.title]
            wanted = None if keep is None else partial(keep, sheet.title)
            sheets.append(_sheet(sheet, places[sheet.title], move, wanted, tables))
    names = {}
    mover = Relocator(places, "", tables, all(move.still for move in movers.values()))
    for name, target in book.names.items():
        found = _try(mover.formula, target)
        if found is not None:
            names[name] = found
    return replace(book, sheets=sheets, names=names)


def _try(function: Callable[[str], T], text: str) -> T | None:
    try:
        return function(text)
    except (GoneError, KeyError):
        return None


def _sheet(
    sheet: Sheet, place: Place, move: Relocator, keep: Callable[[int, int], bool] | None,
    tables: Mapping[str, TableNames | None],
) -> Sheet:  # fmt: skip
    row, col, area = place.row, place.col, place.area

    def wanted(number: int, column: int) -> bool:
        return keep is None or keep(number, column)

    def upright(merge: Area) -> bool:
        """Folded rows may have come apart."""
        moved = area(merge)
        return not place.folded or moved[2] - moved[0] == merge[2] - merge[0]

    heights: dict[int, float] = {}
    for number, points in sheet.heights.items():
        for column in (-1, *([min(place.right)] if place.right else [])):
            if wanted(number, column):
                there = row(number, column)
                heights[there] = max(heights.get(there, 0), points)

    def once(areas: list[Area]) -> list[Area]:
        return list(dict.fromkeys(areas))

    freeze = sheet.freeze and (row(sheet.freeze[0]), col(sheet.freeze[1]))
    repeat = sheet.repeat_rows and (row(sheet.repeat_rows[0]), row(sheet.repeat_rows[1]))
    printed = sheet.print_last_row
    conditions = []
    for rule in sheet.conditions:
        formula = _try(move.formula, rule.formula)
        if formula is not None:
            conditions.append(replace(rule, area=area(rule.area), formula=formula))
    validations = []
    for check in sheet.validations:
        formula, source = _try(move.formula, check.formula), _try(move.formula, check.source)
        if formula is not None and source is not None:
            validations.append(
                replace(check, area=area(check.area), formula=formula, source=source)
            )
    return replace(
        sheet,
        title=place.title,
        last_col=col(sheet.last_col),
        freeze=freeze,
        repeat_rows=repeat,
        print_last_row=None if printed is None else row(printed),
        cells=[_cell(cell, place, move) for cell in sheet.cells if wanted(cell.row, cell.col)],
        merges=once(
            [area(merge) for merge in sheet.merges if wanted(*merge[:2]) and upright(merge)]
        ),
        widths={col(number): width for number, width in sheet.widths.items()},
        levels={col(number): level for number, level in sheet.levels.items()},
        heights=heights,
        tables=[_table(table, place, move, tables) for table in sheet.tables],
        charts=[_chart(chart, place) for chart in sheet.charts],
        conditions=list(dict.fromkeys(conditions)),
        validations=list(dict.fromkeys(validations)),
        sparklines=[
            replace(line, row=row(line.row, line.col), col=col(line.col), values=area(line.values))
            for line in sheet.sparklines
            if wanted(line.row, line.col)
        ],
    )


def _cell(cell: Cell, place: Place, move: Relocator) -> Cell:
    value = cell.value
    if type(value) is Formula:
        text = _try(move.formula, value.text)
        value = value.value if text is None else Formula(text, value.value)
    elif type(value) is Rich:
        target = _try(move.target, value.target)
        value = value.text if target is None else Rich(value.text, target)
    return Cell(place.row(cell.row, cell.col), place.col(cell.col), value, cell.look, cell.name)


def _table(
    table: ListTable, place: Place, move: Relocator, tables: Mapping[str, TableNames | None]
) -> ListTable:
    names = tables.get(table.name)
    columns = []
    for column in table.columns:
        formula = _try(move.formula, column.formula) or ""
        title = names.columns.get(column.title, column.title) if names else column.title
        columns.append(replace(column, formula=formula, title=title))
    row, col = place.row(table.row, table.col), place.col(table.col)
    body = {place.row(table.row + 1 + n, table.col) for n in range(len(table.rows))}
    rows = table.rows[:1] if place.folded and len(body) < len(table.rows) else table.rows
    name = names.name if names else table.name
    return replace(table, name=name, row=row, col=col, columns=columns, rows=rows)


def _chart(chart: Chart, place: Place) -> Chart:
    def spot(said: str | tuple[int, int]) -> str | tuple[int, int]:
        return said if isinstance(said, str) else (place.row(*said), place.col(said[1]))

    series = [
        replace(
            one, name=spot(one.name), categories=place.area(one.categories),
            values=place.area(one.values),
        )
        for one in chart.series
    ]  # fmt: skip
    row, col, last_row, last_col = place.area(
        (chart.row, chart.col, chart.last_row, chart.last_col)
    )
    return replace(
        chart, row=row, col=col, last_row=last_row, last_col=last_col, title=spot(chart.title),
        series=series,
    )  # fmt: skip
