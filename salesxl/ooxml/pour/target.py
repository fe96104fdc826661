"""A template of ours as a person left it: what is ours in it, where, and what is theirs.

`open_target` reads it once; pouring never changes it. Rows and columns count from 0
unless something says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from salesxl.errors import fail
from salesxl.ooxml.pour.record import (
    PREFIX,
    RECORD_SHEET,
    Anchored,
    Record,
    SheetRecord,
    find_anchors,
    read_record,
)
from salesxl.ooxml.pour.relocate import Area, GoneError, Place, TableNames, relocator
from salesxl.ooxml.pour.remnants import Cleaned, Ours, cleaned
from salesxl.ooxml.pour.styles import StyleSheet, read_styles
from salesxl.ooxml.template.compile import Template, compile_template
from salesxl.ooxml.template.locate import Element, elements, plain
from salesxl.ooxml.template.references import areas
from salesxl.ooxml.template.sheet import TemplateCell, TemplateSheet
from salesxl.ooxml.template.strings import SharedStrings
from salesxl.opc.cells import split_reference

_NUMBER = re.compile(r"v>\s*(\d+)")


@dataclass(frozen=True)
class TableSpot:
    """One of our tables in the template: its part, its name now, its columns' titles now."""

    part: str
    name: str
    titles: Mapping[int, str]  # our column number → title now; deleted columns are missing
    area: Area


@dataclass(frozen=True)
class TargetSheet:
    """A sheet of ours in the template."""

    record: SheetRecord
    sheet: TemplateSheet
    rows: Mapping[int, int]  # row then → row now
    cols: Mapping[int, int]
    cleaned: Cleaned  # head and tail without what every filling makes anew
    tables: Mapping[str, TableSpot]
    place: Place  # then → now; deleted rows and columns stand with their neighbours
    charts: Mapping[str, int]  # relation of a chart in the drawing → which of ours it is

    @property
    def title(self) -> str:
        return self.sheet.title


@dataclass
class Target:
    """The whole template. `gone`: keys of sheets a person deleted."""

    file: str
    template: Template
    record: Record
    styles: StyleSheet
    strings: SharedStrings
    sheets: Mapping[str, TargetSheet]  # by key
    names: Mapping[str, str]  # defined names but anchors → what they stand for
    gone: tuple[str, ...]
    styles_part: str
    rule_styles: Mapping[str, int] = field(default_factory=dict)  # rule → format a person sees

    def text(self, cell: TemplateCell) -> str | None:
        """The plain text of a cell that holds text."""
        return cell_text(cell, self.strings)


def cell_text(cell: TemplateCell, strings: SharedStrings) -> str | None:
    """The plain text of a cell that holds text."""
    if cell.kind == "s":
        found = _NUMBER.search(cell.raw)
        at = -1 if found is None else int(found[1])
        return strings.texts[at] if 0 <= at < len(strings.texts) else None
    if cell.kind == "inlineStr":
        wrapped = f"<c>{cell.raw}</c>".encode()
        return "".join(
            plain(wrapped[one.inner_start : one.inner_end])
            for one in elements(wrapped, {"t"})
            if "rPh" not in one.path
        )
    return None


def open_target(source: Path | bytes, name: str = "") -> Target | None:
    """The template, or None when it is an ordinary workbook without our record.

    Raises `SalesxlError` where the file cannot be read or is half of a template.
    """
    template = compile_template(source, name)
    return target_of(template)


def target_of(template: Template) -> Target | None:
    package = template.package
    names = _names(package.data(template.workbook))
    anchored = find_anchors(names)
    strings = template.shared
    styles_part = next(
        (one.target for one in template.relations[template.workbook] if one.kind == "styles"), ""
    )
    record = _record(template, strings)
    if record is None:
        if anchored:
            raise fail("template.no_record", package.file)
        return None
    styles = read_styles(package.data(styles_part), package.file, styles_part)
    sheets: dict[str, TargetSheet] = {}
    rule_styles: dict[str, int] = {}
    places = {
        known.title: _place(known, anchored[known.key])
        for known in record.sheets
        if known.key in anchored and anchored[known.key].title in template.sheets
    }
    for known in record.sheets:
        where = anchored.get(known.key)
        if known.title not in places or where is None:
            continue
        sheet = template.sheets[where.title]
        ours = _ours(known, places, where, record)
        clean = cleaned(sheet, ours, package.file)
        rule_styles = {**clean.rule_styles, **rule_styles}
        tables = _tables(template, known, sheet, where, strings)
        sheets[known.key] = TargetSheet(
            known, sheet, where.rows, where.cols, clean, tables, places[known.title],
            _our_charts(template, known, sheet, places[known.title]),
        )  # fmt: skip
    gone = tuple(known.key for known in record.sheets if known.key not in sheets)
    own = {name: target for name, target in names.items() if not name.startswith(PREFIX)}
    return Target(
        package.file, template, record, styles, strings, sheets, own, gone, styles_part, rule_styles
    )


def _names(data: bytes) -> dict[str, str]:
    return {
        one.attributes.get("name", ""): plain(data[one.inner_start : one.inner_end])
        for one in elements(data, {"definedName"})
        if "localSheetId" not in one.attributes
    }


def _record(template: Template, strings: SharedStrings) -> Record | None:
    sheet = template.sheets.get(RECORD_SHEET)
    if sheet is None:
        return None
    chunks = []
    for row in sheet.rows:
        cell = sheet.cells(row.number).get(1)
        said = None if cell is None else cell_text(cell, strings)
        if said is not None:
            chunks.append(said)
    record = read_record(chunks)
    if record is None:
        raise fail("template.no_record", template.package.file)
    return record


def _place(known: SheetRecord, where: Anchored) -> Place:
    """Every row and column has a place; those deleted stand where the next one does."""
    rows = _filled([where.rows.get(row) for row in range(len(known.rows))])
    cols = _filled([where.cols.get(col) for col in range(len(known.widths))])
    return Place(where.title, rows, cols)


def _filled(numbers: list[int | None]) -> list[int]:
    found: list[int] = []
    following = None
    for number in reversed(numbers):
        if number is not None:
            following = number
        found.append(-1 if following is None else following)
    found.reverse()
    last = max((number for number in numbers if number is not None), default=0)
    return [last if number < 0 else number for number in found]


def _ours(known: SheetRecord, places: Mapping[str, Place], where: Anchored, record: Record) -> Ours:
    """What we wrote beside cells, as it stands in the template now."""
    place = places[known.title]
    move = relocator(places, known.title)
    rules: dict[str, str] = {}
    for style, formula, _ in known.rules:
        if formula:
            try:
                rules[Ours.alike(move.formula(formula))] = style
            except (GoneError, KeyError):
                continue
    linked = {n for n, look in enumerate(record.looks) if look.style in ("link", "back")}
    links = {
        (where.rows[row], where.cols[col])
        for row, cells in enumerate(known.cells)
        for col, (look, _) in cells.items()
        if row in where.rows and col in where.cols and look in linked
    }
    return Ours(
        rules=rules,
        decorations=frozenset(place.area(area)[:2] for _, formula, area in known.rules
                              if not formula),
        checks=tuple(place.area(area) for area in known.checks),
        merges=tuple(place.area(area) for area in known.merges),
        # LibreOffice leaves sparklines behind when a column is inserted.
        sparklines=frozenset(
            (place.row(row), at) for row, col in known.sparklines for at in (place.col(col), col)
        ),
        links=frozenset(links),
    )  # fmt: skip


def _tables(
    template: Template, known: SheetRecord, sheet: TemplateSheet, where: Anchored,
    strings: SharedStrings,
) -> dict[str, TableSpot]:  # fmt: skip
    """Our tables by our name: found by where their heads stand, whatever they are called now."""
    package = template.package
    spots = []
    for relation in package.relations(sheet.part):
        if relation.kind == "table" and relation.target in package:
            data = package.data(relation.target)
            root = elements(data, {"table", "tableColumn"}, package.file, relation.target)
            spots.append((relation.target, root))
    found: dict[str, TableSpot] = {}
    for name, row, col, titles in known.tables:
        if row not in where.rows:
            continue
        at = where.rows[row]
        for part, parsed in spots:
            area = _range(parsed[0].attributes.get("ref", ""))
            columns = {col + n: where.cols.get(col + n) for n in range(len(titles))}
            inside = [c for c in columns.values() if c is not None and area[1] <= c <= area[3]]
            if area[0] != at or not inside:
                continue
            heads = [plain(one.attributes.get("name", "").encode()) for one in parsed[1:]]
            now = {
                number - col: heads[c - area[1]]
                for number, c in columns.items()
                if c is not None and area[1] <= c <= area[3] and c - area[1] < len(heads)
            }
            shown = parsed[0].attributes.get("displayName", name)
            found[name] = TableSpot(part, shown, now, area)
            break
    return found


ANCHORS = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"})


def drawn_charts(xml: bytes) -> Iterator[tuple[Element, str, str]]:
    """(anchor, name of the object, relation of the chart) for each chart of a drawing."""
    anchor: Element | None = None
    name = ""
    for one in elements(xml, {*ANCHORS, "cNvPr", "chart"}):
        if one.tag in ANCHORS:
            anchor, name = one, ""
        elif one.tag == "cNvPr" and not name:
            name = plain(one.attributes.get("name", "").encode())
        elif one.tag == "chart" and anchor is not None and one.start < anchor.end:
            identity = next((v for k, v in one.attributes.items() if k.endswith(":id")), "")
            yield anchor, name, identity


def _our_charts(
    template: Template, known: SheetRecord, sheet: TemplateSheet, place: Place
) -> dict[str, int]:
    """Our charts, by the cells their first series shows, else by name: programs rename objects."""
    drawing = next(
        (o.target for o in template.relations.get(sheet.part, ()) if o.kind == "drawing"), ""
    )
    if drawing not in template.package:
        return {}
    parts = {one.id: one.target for one in template.relations.get(drawing, ())}
    spots = {
        (place.row(row), place.col(col)): n
        for n, (row, col) in enumerate(one.spot for one in known.charts)
    }
    names = {one.name: number for number, one in enumerate(known.charts)}
    found: dict[str, int] = {}
    rest: dict[str, str] = {}
    for _, name, identity in drawn_charts(template.package.data(drawing)):
        spot = _first_values(template, parts.get(identity, ""), sheet.title)
        if spot in spots and spots[spot] not in found.values():
            found[identity] = spots[spot]
        else:
            rest[identity] = name
    for identity, name in rest.items():
        if name in names and names[name] not in found.values():
            found[identity] = names[name]
    return found


def _first_values(template: Template, part: str, home: str) -> tuple[int, int] | None:
    """The first cell (from 0) of a chart's first series on this sheet."""
    if part not in template.package:
        return None
    data = template.package.data(part)
    for one in elements(data, {"f"}):
        if one.path[-2:] in (("val", "numRef"), ("yVal", "numRef")):
            where = areas(plain(data[one.inner_start : one.inner_end]), home)
            if where and where[0].sheet.casefold() == home.casefold():
                return where[0].first_row - 1, where[0].first_col - 1
            return None
    return None


def _range(ref: str) -> Area:
    first, _, last = ref.partition(":")
    start = split_reference(first) or (-1, -1)
    end = split_reference(last or first) or start
    return (*start, *end)


def table_names(
    target: Target, titles: Mapping[str, tuple[str, ...]]
) -> dict[str, TableNames | None]:
    """What the content's tables (name → column titles) are called in the filled workbook.

    A title a person has not touched follows the content.
    """
    found: dict[str, TableNames | None] = {}
    for sheet in target.sheets.values():
        for name, _, _, then in sheet.record.tables:
            if name not in titles:
                continue
            spot = sheet.tables.get(name)
            if spot is None:
                found[name] = None
                continue
            columns = {}
            for number, title in enumerate(titles[name]):
                now = spot.titles.get(number)
                if now is None:
                    continue
                kept = number < len(then) and now == then[number]
                columns[title] = title if kept else now
            found[name] = TableNames(spot.name, columns)
    for record in target.record.sheets:
        if record.key in target.gone:
            found.update({name: None for name, *_ in record.tables})
    return found


__all__ = ["TableSpot", "Target", "TargetSheet", "open_target", "table_names", "target_of"]
