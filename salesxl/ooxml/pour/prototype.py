"""A template out of a book: one row of each kind, figures as samples, anchors beneath.

>>> data = template_of([book], "region")     # an ordinary workbook, to be restyled in Excel

The sample holds values instead of formulas: the formulas come with each region's
content, and a folded sum would point at itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from salesxl.ooxml.pour.beside import Folded
from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.frame import parts_of
from salesxl.ooxml.pour.grid import Grid, grid_of
from salesxl.ooxml.pour.kinds import RowKind
from salesxl.ooxml.pour.record import (
    RECORD_SHEET,
    ChartRecord,
    Kind,
    Looks,
    Record,
    SheetRecord,
    anchors,
    record_sheet,
)
from salesxl.ooxml.pour.relocate import Area, Place, relocate
from salesxl.ooxml.setup import footer
from salesxl.ooxml.template.deflate import pack
from salesxl.ooxml.template.package import write_package
from salesxl.ooxml.write import used_area
from salesxl.sheets.content import Book, Chart, Formula, Rich, Sheet

_UTF8 = "utf-8"
_WORKBOOK = "xl/workbook.xml"


def template_of(books: Sequence[Book], kind: Kind) -> bytes:
    """The template whose rows are the kinds of rows the books have; figures of the first.

    The same books give the same bytes.
    """
    proto, record = prototype(books, kind)
    proto.sheets.append(record_sheet(record, proto))
    parts = parts_of(proto)
    names: list[tuple[str, str]] = []
    for sheet, known in zip(proto.sheets, record.sheets, strict=False):
        names += anchors(sheet, len(known.rows), len(known.widths))
    parts[_WORKBOOK] = _workbook(parts[_WORKBOOK].decode(_UTF8), names).encode(_UTF8)
    for part, data in parts.items():
        if part.startswith("xl/drawings/drawing"):
            parts[part] = data.replace(b' name="Chart ', b' name="salesxl ')
    return write_package(pack(name, data, "standard") for name, data in parts.items())


def _workbook(xml: str, names: Sequence[tuple[str, str]]) -> str:
    """The workbook part with the anchors, and the record out of sight for good."""
    hidden = "".join(
        f'<definedName name="{name}" hidden="1">{escape(target)}</definedName>'
        for name, target in names
    )
    if "</definedNames>" in xml:
        xml = xml.replace("</definedNames>", f"{hidden}</definedNames>", 1)
    else:
        xml = xml.replace("</sheets>", f"</sheets><definedNames>{hidden}</definedNames>", 1)
    start = xml.index(f'name="{RECORD_SHEET}"')
    end = xml.index("/>", start)
    return xml[:start] + xml[start:end].replace('"hidden"', '"veryHidden"') + xml[end:]


def prototype(books: Sequence[Book], kind: Kind) -> tuple[Book, Record]:
    """The folded book and what is to be remembered of it."""
    folds: dict[str, Folded] = {}
    cols: dict[str, int] = {}
    for book in books:
        for sheet in book.sheets:
            folds.setdefault(sheet.key, Folded(bool(sheet.beside))).add(sheet, book.lang)
            wide = max(used_area(sheet)[1], sheet.last_col) + 1
            cols[sheet.key] = max(cols.get(sheet.key, 0), wide)
    folded = []
    seen: dict[str, int] = {}
    for book in books:
        places: dict[str, Place] = {}
        kept: dict[str, tuple[list[set[int]], frozenset[int]]] = {}
        for sheet in book.sheets:
            fold, number = folds[sheet.key], seen.get(sheet.key, 0)
            seen[sheet.key] = number + 1
            columns = range(cols[sheet.key])
            rows = fold.rows(number)
            places[sheet.title] = Place(
                sheet.title, rows[0], columns, True, rows[-1] if sheet.beside else (), sheet.beside
            )
            kept[sheet.title] = (fold.samples(number), sheet.beside)
        keep = partial(_is_kept, kept)
        folded.append(relocate(_sample(book), places, keep=keep))
    proto = _united(folded)
    looks = Looks()
    sheets = [
        _remember(sheet, folds[sheet.key].template(), looks, footers(proto), cols[sheet.key])
        for sheet in proto.sheets
    ]
    record = Record(
        kind, proto.lang, tuple(looks.known), tuple(sheets), tuple(proto.names), proto.currency,
        proto.decimals,
    )  # fmt: skip
    return proto, record


def _is_kept(
    kept: Mapping[str, tuple[list[set[int]], frozenset[int]]], title: str, row: int, col: int
) -> bool:
    samples, right = kept[title]
    return row in samples[-1 if col in right else 0]


def _united(books: Sequence[Book]) -> Book:
    """The first book with the rows, rules and names only others have."""
    first = books[0]
    sheets = {sheet.key: sheet for sheet in first.sheets}
    names = dict(first.names)
    for book in books[1:]:
        names = {**book.names, **names}
        for sheet in book.sheets:
            mine = sheets.get(sheet.key)
            sheets[sheet.key] = sheet if mine is None else _joined(mine, sheet)
    return replace(first, sheets=list(sheets.values()), names=names)


def _joined(mine: Sheet, other: Sheet) -> Sheet:
    """Of tables and charts those of the first; everything else of both."""
    known = {table.name for table in mine.tables}
    titles = {chart_id(chart) for chart in mine.charts}
    return replace(
        mine,
        cells=[*mine.cells, *other.cells],
        merges=_apart([*mine.merges, *other.merges]),
        widths=_most(mine.widths, other.widths, bool(mine.beside)),
        levels={**other.levels, **mine.levels},
        heights=_most(mine.heights, other.heights, bool(mine.beside)),
        tables=[*mine.tables, *(table for table in other.tables if table.name not in known)],
        charts=[*mine.charts, *(one for one in other.charts if chart_id(one) not in titles)],
        conditions=list(dict.fromkeys([*mine.conditions, *other.conditions])),
        validations=list(dict.fromkeys([*mine.validations, *other.validations])),
        sparklines=list(dict.fromkeys([*mine.sparklines, *other.sparklines])),
    )


def _most(
    mine: Mapping[int, float], other: Mapping[int, float], larger: bool
) -> dict[int, float]:  # fmt: skip
    """Room of both; where both have some, mine, or the larger."""
    both = {**other, **mine}
    if larger:
        both = {key: max(size, other.get(key, 0)) for key, size in both.items()}
    return both


def _apart(merges: Sequence[Area]) -> list[Area]:
    """The merged areas that have no cell in common with one before them."""
    kept: list[Area] = []
    for area in merges:
        row, col, last_row, last_col = area
        if not any(
            a <= last_row and row <= c and b <= last_col and col <= d for a, b, c, d in kept
        ):
            kept.append(area)
    return kept


def _sample(book: Book) -> Book:
    """Values where formulas stand."""
    sheets = [
        replace(
            sheet,
            cells=[
                replace(cell, value=cell.value.value) if type(cell.value) is Formula else cell
                for cell in sheet.cells
            ],
            tables=[
                replace(table, columns=[replace(column, formula="") for column in table.columns])
                for table in sheet.tables
            ],
        )
        for sheet in book.sheets
    ]
    return replace(book, sheets=sheets)


def _remember(
    sheet: Sheet, blocks: Sequence[Sequence[RowKind]], looks: Looks, foot: tuple[str, str],
    cols: int,
) -> SheetRecord:  # fmt: skip
    grid: Grid = grid_of(sheet)
    kinds = blocks[0]
    return SheetRecord(
        key=sheet.key,
        title=sheet.title,
        rows=tuple(kinds),
        heights=tuple(sheet.heights.get(row, 0) for row in range(len(kinds))),
        widths=tuple(float(sheet.widths.get(col, 10)) for col in range(cols)),
        cells=tuple(
            {
                col: (looks.number(look), _words(value))
                for col, (look, value) in sorted(grid.get(row, {}).items())
            }
            for row in range(len(kinds))
        ),
        charts=tuple(
            ChartRecord(
                chart_id(chart),
                f"salesxl {number}",
                chart.series[0].values[:2],
                chart.value_format,
                chart.unit,
                _title(grid, chart),
            )
            for number, chart in enumerate(sheet.charts, 1)
        ),
        tables=tuple(
            (table.name, table.row, table.col, tuple(column.title for column in table.columns))
            for table in sheet.tables
        ),
        rules=tuple(
            (rule.style or rule.kind, rule.formula.removeprefix("="), rule.area)
            for rule in sheet.conditions
        ),
        checks=tuple(rule.area for rule in sheet.validations),
        merges=tuple(sheet.merges),
        sparklines=tuple((line.row, line.col) for line in sheet.sparklines),
        footer=foot,
        beside=tuple(blocks[1]) if sheet.beside else (),
        right=tuple(sorted(sheet.beside)),
        fit_height=sheet.fit_height,
    )


def _title(grid: Grid, chart: Chart) -> str:
    """What a chart's title says in the template."""
    if isinstance(chart.title, str):
        return chart.title
    row, col = chart.title
    _, value = grid.get(row, {}).get(col, (None, None))
    return _words(value) or ""


def _words(value: object) -> str | None:
    if isinstance(value, Rich):
        return value.text
    return value if isinstance(value, str) and value else None


_FOOT = re.compile(
    r"&[LCR](?:&K[0-9A-F]{6})?(?:&\d+)?(?:&\"[^\"]*\")?((?:[^&]|&&)*)"
)  # part, colour, size, face, words


def footers(book: Book) -> tuple[str, str]:
    """What the footers say left and right, as written between their codes."""
    pieces = _FOOT.findall(footer(book))
    return (pieces[0], pieces[-1]) if pieces else ("", "")


def chart_id(chart: Chart) -> str:
    """What a chart shows, the same in every workbook: its kind, how its alt text begins."""
    said = chart.alt_text.replace("：", ":").partition(":")[0]
    return f"{chart.kind} {said}"
