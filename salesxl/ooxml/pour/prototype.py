"""A template out of a book: one row of each kind, figures as samples, anchors beneath.

>>> data = template_of(book, "region")       # an ordinary workbook, to be restyled in Excel

The sample holds values instead of formulas: the formulas come with each region's
content, and a folded sum would point at itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.frame import parts_of
from salesxl.ooxml.pour.grid import Grid, grid_of
from salesxl.ooxml.pour.kinds import fold, row_kinds
from salesxl.ooxml.pour.record import (
    RECORD_SHEET,
    Kind,
    Looks,
    Record,
    SheetRecord,
    anchors,
    record_sheet,
)
from salesxl.ooxml.pour.relocate import Place, relocate
from salesxl.ooxml.setup import footer
from salesxl.ooxml.template.deflate import pack
from salesxl.ooxml.template.package import write_package
from salesxl.ooxml.write import used_area
from salesxl.sheets.content import Book, Chart, Formula, Rich, Sheet

_UTF8 = "utf-8"
_WORKBOOK = "xl/workbook.xml"


def template_of(book: Book, kind: Kind) -> bytes:
    """The template whose rows are the kinds of rows `book` has; the same book the same bytes."""
    proto, record = prototype(book, kind)
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


def prototype(book: Book, kind: Kind) -> tuple[Book, Record]:
    """The folded book and what is to be remembered of it."""
    places: dict[str, Place] = {}
    shown: dict[str, set[int]] = {}
    kinds = {}
    for sheet in book.sheets:
        rows = row_kinds(sheet, book.lang)
        falls, first = fold(rows)
        cols = max(used_area(sheet)[1], sheet.last_col) + 1
        places[sheet.title] = Place(sheet.title, falls, range(cols), folded=True)
        shown[sheet.title] = set(first)
        kinds[sheet.title] = [rows[number] for number in first]
    proto = relocate(_sample(book), places, keep_row=lambda title, row: row in shown[title])
    looks = Looks()
    sheets = [
        _remember(sheet, kinds[sheet.title], looks, footer(book), len(places[sheet.title].cols))
        for sheet in proto.sheets
    ]
    record = Record(kind, book.lang, tuple(looks.known), tuple(sheets), tuple(proto.names))
    return proto, record


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
    sheet: Sheet, kinds: Sequence[object], looks: Looks, foot: str, cols: int
) -> SheetRecord:
    grid: Grid = grid_of(sheet)
    return SheetRecord(
        key=sheet.key,
        title=sheet.title,
        rows=tuple(kinds),  # type: ignore[arg-type]
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
            (chart_id(chart), f"salesxl {number}") for number, chart in enumerate(sheet.charts, 1)
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
    )


def _words(value: object) -> str | None:
    if isinstance(value, Rich):
        return value.text
    return value if isinstance(value, str) and value else None


def chart_id(chart: Chart) -> str:
    """What a chart shows, the same in every workbook: its kind and what its alt text begins with."""
    said = chart.alt_text.replace("：", ":").partition(":")[0]
    return f"{chart.kind} {said}"


Spot = Callable[[int, int], tuple[int, int]]
