"""A region's content into a template a person has restyled.

>>> target = open_target(Path("MY.xlsx"))
>>> data = pour(target, build_book(scope))

Every cell, rule, validation, link, chart series and name of the content is written
where the template's rows and columns of that kind stand now; styles, captions, widths,
sheet titles and whatever a person added stay as they are and move along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from salesxl.errors import fail
from salesxl.ooxml.pour.around import around
from salesxl.ooxml.pour.frame import Frame, frame_of
from salesxl.ooxml.pour.layout import Layout, lay_out, places
from salesxl.ooxml.pour.parts import put_drawing, put_tables, put_workbook
from salesxl.ooxml.pour.prototype import footers
from salesxl.ooxml.pour.record import RECORD_SHEET
from salesxl.ooxml.pour.relocate import GoneError, Relocator, relocate, relocators
from salesxl.ooxml.pour.shown import Shown
from salesxl.ooxml.pour.styles import Inks, StyleSheet, Xf, read_styles
from salesxl.ooxml.pour.target import Target, table_names
from salesxl.ooxml.pour.theirs import data_cells, follow_book, follow_own, follow_parts
from salesxl.ooxml.pour.write_rows import Ink, Writer
from salesxl.ooxml.template.deflate import Packing
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.strings import Strings
from salesxl.sheets.content import Book, Look

_UTF8 = "utf-8"
_DIMENSION = re.compile(r"<(?:\w+:)?dimension [^>]*/>")


def pour(target: Target, book: Book, packing: Packing = "fast") -> bytes:
    """The filled workbook. Raises `SalesxlError` for what no cell can hold, and when the
    template speaks another language than the content."""
    if target.record.lang != book.lang:
        raise fail("template.other_language", target.file, lang=target.record.lang)
    layouts = {
        sheet.key: lay_out(sheet, target.sheets[sheet.key], book.lang)
        for sheet in book.sheets
        if sheet.key in target.sheets
    }
    titles = {
        table.name: tuple(column.title for column in table.columns)
        for sheet in book.sheets
        for table in sheet.tables
    }
    tables = table_names(target, titles)
    where = places(layouts)
    moved = relocate(book, where, tables)
    frame = frame_of(moved, tables=False)
    inks = _inks(target, frame, book)
    moves = _moves(target, layouts)
    draft = _draft(target, layouts)
    movers = relocators(book, where, tables)
    ink = Ink(draft.strings)
    rule = _rules(target, frame, inks)
    foot = footers(book)
    numbers = {sheet.title: number for number, sheet in enumerate(moved.sheets)}
    charts = _charts(moved, frame)
    shown = Shown(target, layouts)
    for layout in layouts.values():
        writer = Writer(target, layout, moves, movers[layout.sheet.title], inks, ink)
        rows = writer.xml()
        source = frame.parts[frame.sheet_part(numbers[layout.place.title])]
        head, tail = around(layout, source, moves, rule, foot)
        head = _dimension(head, source)
        draft.put(layout.target.sheet.part, f"{head}{rows}{tail}".encode(_UTF8))
        if writer.stale:
            draft.recalculate()
        put_tables(draft, layout, moves, _quiet(movers[layout.sheet.title]))
        put_drawing(draft, layout, moves, charts.get(layout.place.title, {}), shown,
                    target.names)  # fmt: skip
        follow_parts(
            draft, layout.target.sheet.part, layout.target.title, moves,
            data_cells(target, layout.target),
        )  # fmt: skip
    _others(draft, target, layouts, moves, shown)
    follow_book(draft, target, moves)
    put_workbook(draft, moves, moved.names, target.record.names, target.template.workbook)
    draft.put(target.styles_part, inks.xml())
    for one in draft.relations(""):
        if one.kind == "core-properties" and one.target in draft:
            draft.put(one.target, frame.parts["docProps/core.xml"].encode(_UTF8))
    return draft.done(packing)


def _quiet(relocator: Relocator) -> Callable[[str], str | None]:
    def moved(formula: str) -> str | None:
        try:
            return relocator.formula(formula)
        except (GoneError, KeyError):
            return None

    return moved


def _inks(target: Target, frame: Frame, book: Book) -> Inks:
    ours: StyleSheet = read_styles(frame.parts["xl/styles.xml"].encode(_UTF8))

    def look(wanted: Look) -> Xf:
        return ours.xf(frame.styles(wanted))

    then = (target.record.currency, target.record.decimals)
    return Inks(target.styles, book.lang, book.currency, book.decimals, look, then)


def _rules(target: Target, frame: Frame, inks: Inks) -> Callable[[int], int]:
    """Our differential formats as the template has them, else added to it."""
    ours = read_styles(frame.parts["xl/styles.xml"].encode(_UTF8)).items["dxfs"]
    names = {number: style for style, number in frame.rule_styles.items()}

    def rule(number: int) -> int:
        known = target.rule_styles.get(names.get(number, ""))
        return inks.rule(ours[number]) if known is None else known

    return rule


def _moves(target: Target, layouts: Mapping[str, Layout]) -> Moves:
    sheets = {layout.target.title: layout.moves for layout in layouts.values()}
    dropped = [RECORD_SHEET]
    dropped += [spot.title for key, spot in target.sheets.items() if key not in layouts]
    names = [name for name in target.names if not name.startswith("_xlnm")]
    return Moves(sheets, dropped, target.template.titles, names)


def _draft(target: Target, layouts: Mapping[str, Layout]) -> Draft:
    """The template under way: strings of the sheets that are written anew are not kept."""
    template = target.template
    anew = {layout.target.title for layout in layouts.values()}
    used = {
        number
        for title, sheet in template.sheets.items()
        if title not in anew and title != RECORD_SHEET
        for row in sheet.rows
        for number in row.strings
    }
    strings = Strings(template.shared, used)
    return Draft(
        template.package, template.workbook, strings, template.strings_part, template.date1904
    )


def _dimension(head: str, frame: str) -> str:
    """The used area, as far as our content knows; what a person added lies within or beside."""
    found = _DIMENSION.search(frame)
    return head if found is None else _DIMENSION.sub(found.group(), head, count=1)


def _charts(book: Book, frame: Frame) -> dict[str, dict[int, str]]:
    """Sheet title → number of the chart on it → part as we would write it."""
    found: dict[str, dict[int, str]] = {}
    number = 0
    for sheet in book.sheets:
        for index in range(len(sheet.charts)):
            number += 1
            found.setdefault(sheet.title, {})[index] = frame.parts[f"xl/charts/chart{number}.xml"]
    return found


def _others(
    draft: Draft, target: Target, layouts: Mapping[str, Layout], moves: Moves,
    shown: Shown,
) -> None:  # fmt: skip
    """The person's own sheets follow; the record's sheet and sheets without content go."""
    filled = {layout.target.title for layout in layouts.values()}
    for title in target.template.titles:
        if moves.is_dropped(title):
            draft.drop(target.template.parts[title])
        elif title not in filled:
            follow_own(draft, target, title, moves, shown)


__all__ = ["pour"]
