"""What a template will do: filled, missing, unknown, kept. Lines are codes with values.

The texts are in ``template.toml``; a warning is something a person may not have meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salesxl.errors import Problem
from salesxl.ooxml.pour.fields import Fields
from salesxl.ooxml.pour.layout import last_column, lay_out
from salesxl.ooxml.pour.record import RECORD_SHEET
from salesxl.ooxml.pour.relocate import GoneError, Relocator
from salesxl.ooxml.pour.target import (
    ANCHORS,
    Target,
    TargetSheet,
    cell_text,
    table_names,
)
from salesxl.ooxml.template.compile import Template
from salesxl.ooxml.template.locate import elements
from salesxl.sheets.content import Book, Formula, column_letters

SHOWN = 12  # names listed in one line


def about_target(target: Target) -> list[Problem]:
    """A template of ours: what a person has done to it, and what comes of that."""
    kind = target.record.kind.replace("-", "_")
    found = [Problem(f"template.kind_{kind}", "", {"lang": target.record.lang}, "warning")]
    titles = [spot.title for spot in target.sheets.values()]
    found.append(_said("fills_sheets", count=len(titles), names=", ".join(titles)))
    then = {record.key: record.title for record in target.record.sheets}
    found += [_said("gone_sheet", name=then[key]) for key in target.gone]
    for key, spot in target.sheets.items():
        if spot.title != then[key]:
            found.append(_said("renamed", then=then[key], now=spot.title))
        found += _about_sheet(target, spot)
    ours = {*titles, RECORD_SHEET}
    own = [title for title in target.template.titles if title not in ours]
    if own:
        found.append(_said("kept_sheets", names=_listed(own)))
    known = {name.lower() for name in target.record.names}
    names = [n for n in target.names if n.lower() not in known and not n.startswith("_xl")]
    if names:
        found.append(_said("kept_names", names=_listed(names)))
    return found


def _about_sheet(target: Target, spot: TargetSheet) -> Iterator[Problem]:
    record, title = spot.record, spot.title
    rows = [row for row in range(len(record.rows)) if row not in spot.rows]
    if rows:
        yield _said("gone_rows", name=title, rows=_listed([str(row + 1) for row in rows]))
    cols = [col for col in range(len(record.widths)) if col not in spot.cols]
    if cols:
        letters = _listed([column_letters(col) for col in cols])
        yield _said("gone_columns", name=title, columns=letters)
    for name, *_ in record.tables:
        if name not in spot.tables:
            yield _said("gone_table", name=title, table=name)
    for number, one in enumerate(record.charts):
        if number not in spot.charts.values():
            yield _said("gone_chart", name=title, chart=one.shows)
    added = _drawn(target, spot) - len(spot.charts)
    if added > 0:
        yield _said("kept_charts", name=title, count=added)
    own = set(range(max(spot.rows.values(), default=-1) + 1)) - set(spot.rows.values())
    if own:
        yield _said("kept_rows", name=title, count=len(own))
    last = max(spot.cols.values(), default=-1)
    between = set(range(last + 1)) - set(spot.cols.values())
    beyond = max(0, last_column(spot) - 1 - last)
    if between or beyond:
        yield _said("kept_columns", name=title, count=len(between) + beyond)
    changed = sum(1 for _ in _changed(target, spot))
    if changed:
        yield _said("kept_captions", name=title, count=changed)


def _changed(target: Target, spot: TargetSheet) -> Iterator[tuple[int, int]]:
    """Cells of ours whose text a person has changed."""
    for row, cells in enumerate(spot.record.cells):
        if row not in spot.rows:
            continue
        there = spot.sheet.cells(spot.rows[row] + 1)
        for col, (_, words) in cells.items():
            if words is None or col not in spot.cols:
                continue
            cell = there.get(spot.cols[col] + 1)
            if cell is not None and (
                cell.formula is not None or cell_text(cell, target.strings) != words
            ):
                yield row, col


def _drawn(target: Target, spot: TargetSheet) -> int:
    """How many things are drawn on a sheet."""
    package = target.template.package
    for relation in target.template.relations.get(spot.sheet.part, ()):
        if relation.kind == "drawing" and relation.target in package:
            data = package.data(relation.target)
            return sum(1 for one in elements(data, ANCHORS) if len(one.path) == 1)
    return 0


def about_book(target: Target, book: Book) -> list[Problem]:
    """What becomes of one content in this template."""
    found: list[Problem] = []
    layouts = {
        sheet.key: lay_out(sheet, target.sheets[sheet.key], book.lang)
        for sheet in book.sheets
        if sheet.key in target.sheets
    }
    places = {layout.sheet.title: layout.place for layout in layouts.values()}
    titles = {t.name: tuple(c.title for c in t.columns) for s in book.sheets for t in s.tables}
    tables = table_names(target, titles)
    values = 0
    for layout in layouts.values():
        if layout.strange:
            values_of = {"name": layout.target.title, "count": layout.strange}
            found.append(_said("new_rows", book=book.title, **values_of))
        mover = Relocator(places, layout.sheet.title, tables)
        for cell in layout.sheet.cells:
            if isinstance(cell.value, Formula):
                try:
                    mover.formula(cell.value.text)
                except (GoneError, KeyError):
                    values += 1
    if values:
        found.append(_said("formulas_as_values", book=book.title, count=values))
    return found


def about_own(template: Template, fields: Fields) -> list[Problem]:
    """A workbook that is not a template of ours: what of it has a field's name."""
    found = [Problem("template.kind_own", "", {}, "warning")]
    cells = {name.casefold() for name in fields.cells}
    lists = {name.casefold(): field for name, field in fields.lists.items()}
    filled, unknown = [], []
    for name, place in template.places.items():
        said = name.rpartition("!")[2].casefold()
        if place.kind == "cell" and said in cells:
            filled.append(name)
        elif place.kind in ("table", "list") and said in lists:
            known = [c for c in place.columns if lists[said].column(c) is not None]
            strange = [c for c in place.columns if lists[said].column(c) is None]
            if known:
                found.append(_said("fills_list", name=name, columns=", ".join(known)))
            if strange:
                found.append(_said("unknown_columns", name=name, columns=", ".join(strange)))
        else:
            unknown.append(name)
    if filled:
        found.insert(1, _said("fills_cells", count=len(filled), names=_listed(filled)))
    if unknown:
        found.append(_said("unknown_names", names=_listed(unknown)))
    if len(found) == 1 or not (filled or any(f.code.endswith("fills_list") for f in found)):
        found.append(Problem("template.nothing_to_fill", template.package.file))
    return found


def _said(code: str, **values: object) -> Problem:
    return Problem(f"template.{code}", "", values, "warning")


def _listed(names: Sequence[str]) -> str:
    more = f" … (+{len(names) - SHOWN})" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
