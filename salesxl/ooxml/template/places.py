"""What a template offers to be filled: its named cells, named ranges and tables.

>>> template.places["people"]
Place(name='people', kind='list', sheet='Team', area=Area(5, 2, 5, 4), columns=('name', …))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from salesxl.ooxml.template import references
from salesxl.ooxml.template.locate import attribute, elements, plain
from salesxl.ooxml.template.sheet import MAX_COLUMNS, MAX_ROWS, TemplateSheet
from salesxl.ooxml.template.strings import SharedStrings
from salesxl.opc.cells import split_reference
from salesxl.opc.package import unescape
from salesxl.sheets.content import column_letters

MARKER = re.compile(r"\{([^{}\s][^{}]*)\}")


class Area(NamedTuple):
    """A range; rows and columns count from 1, both ends inclusive."""

    first_row: int
    first_col: int
    last_row: int
    last_col: int

    def holds(self, other: Area) -> bool:
        """Whether the other range lies within this one."""
        return (
            self.first_row <= other.first_row
            and self.first_col <= other.first_col
            and other.last_row <= self.last_row
            and other.last_col <= self.last_col
        )

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.first_row <= other.last_row
            and other.first_row <= self.last_row
            and self.first_col <= other.last_col
            and other.first_col <= self.last_col
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be filled.

    "cell": a name of one cell (or of one merged cell). "list": a name of a range, whose
    first row is the prototype of its entries. "table": a real table; `area` is its data
    rows without header and totals. "block": a name over whole rows, repeated once an
    item. `columns` are the keys of a list's columns, in order: the table's headers; else
    the ``{key}`` texts of the prototype row; else the texts above it; else A, B, C …
    Of a block they are the ``{key}`` texts in its rows.
    """

    name: str
    kind: Literal["cell", "list", "table", "block"]
    sheet: str
    area: Area
    columns: tuple[str, ...] = ()
    block: str = ""  # name of the block it lies in
    part: str = ""  # of a table


class DefinedName(NamedTuple):
    """A defined name; `sheet` is the title of the sheet it belongs to, "" for the workbook."""

    name: str
    sheet: str
    formula: str


def defined_names(workbook: bytes, titles: Sequence[str]) -> list[DefinedName]:
    """The defined names of ``workbook.xml``; `titles` of all sheets in tab order."""
    found = []
    for one in elements(workbook, {"definedName"}):
        local = attribute(one, "localSheetId")
        sheet = titles[int(local)] if local else ""
        text = plain(workbook[one.inner_start : one.inner_end])
        found.append(DefinedName(attribute(one, "name"), sheet, text))
    return found


@dataclass(frozen=True)
class TableFound:
    """A table of a sheet: `ref` with header and totals."""

    name: str
    sheet: str
    part: str
    ref: Area
    header: int
    totals: int
    columns: tuple[str, ...]


def read_table(data: bytes, sheet: str, part: str) -> TableFound:
    """A table part in UTF-8. ValueError when its range is none."""
    found = elements(data, {"table", "tableColumn"})
    root = found[0]
    area = area_of(attribute(root, "ref"))
    return TableFound(
        name=unescape(attribute(root, "displayName") or attribute(root, "name")),
        sheet=sheet,
        part=part,
        ref=area,
        header=int(attribute(root, "headerRowCount") or 1),
        totals=int(attribute(root, "totalsRowCount") or 0),
        columns=tuple(unescape(attribute(one, "name")) for one in found[1:]),
    )


def area_of(ref: str) -> Area:
    """``B2:C5`` → Area(2, 2, 5, 3). ValueError for anything else."""
    first, _, last = ref.partition(":")
    start, end = split_reference(first), split_reference(last or first)
    if start is None or end is None:
        raise ValueError(f"no range: {ref}")
    return Area(start[0] + 1, start[1] + 1, end[0] + 1, end[1] + 1)


def text_of(sheet: TemplateSheet, row: int, col: int, strings: SharedStrings) -> str:
    """The text a cell of the template shows; "" when it holds none."""
    cell = sheet.cells(row).get(col)
    if cell is None or cell.formula is not None:
        return ""
    if cell.kind == "s":
        number = plain(b"".join(_inner(cell.raw, "v")))
        index = int(number) if number.isdigit() else -1
        return unescape(strings.texts[index]) if 0 <= index < len(strings.texts) else ""
    if cell.kind == "inlineStr":
        return unescape("".join(plain(one) for one in _inner(cell.raw, "t")))
    return ""


def _inner(raw: str, tag: str) -> list[bytes]:
    data = raw.encode()
    wrapped = b"<c>" + data + b"</c>"
    return [wrapped[one.inner_start : one.inner_end] for one in elements(wrapped, {tag})]


def find_places(
    sheets: Mapping[str, TemplateSheet], names: Iterable[DefinedName],
    tables: Iterable[TableFound], strings: SharedStrings,
) -> dict[str, Place]:  # fmt: skip
    """Every place of a template, by name; names of one sheet as ``Sheet!name``."""
    found: dict[str, Place] = {}
    by_title = {title.casefold(): sheet for title, sheet in sheets.items()}
    for table in tables:
        first = table.ref.first_row + table.header
        last = max(first, table.ref.last_row - table.totals)
        area = table.ref._replace(first_row=first, last_row=last)
        found[table.name] = Place(
            table.name, "table", table.sheet, area, table.columns, part=table.part
        )
    for name in names:
        if name.name.lower().startswith("_xlnm.") or not name.formula:
            continue
        targets = references.areas(name.formula, name.sheet)
        if targets is None or len(targets) != 1:
            continue
        sheet = by_title.get(targets[0].sheet.casefold())
        if sheet is None:
            continue
        key = f"{name.sheet}!{name.name}" if name.sheet else name.name
        area = Area(*targets[0][1:])
        if key not in found and area.first_row <= area.last_row < MAX_ROWS:
            found[key] = _named(key, sheet, area, strings)
    return _nested(found)


def _named(name: str, sheet: TemplateSheet, area: Area, strings: SharedStrings) -> Place:
    title = sheet.title
    if (area.first_col, area.last_col) == (1, MAX_COLUMNS):
        keys = dict.fromkeys(key for *_, key in markers(sheet, area, strings))
        return Place(name, "block", title, area, tuple(keys))
    if area[:2] == area[2:] or area in merges(sheet):
        return Place(name, "cell", title, area)
    return Place(name, "list", title, area, list_columns(sheet, area, strings))


def list_columns(sheet: TemplateSheet, area: Area, strings: SharedStrings) -> tuple[str, ...]:
    """The keys of a named range's columns; each is given once."""
    columns: list[str] = []
    for col in range(area.first_col, area.last_col + 1):
        marker = MARKER.fullmatch(text_of(sheet, area.first_row, col, strings).strip())
        key = marker.group(1) if marker else ""
        if not key and area.first_row > 1:
            key = " ".join(text_of(sheet, area.first_row - 1, col, strings).split())
            key = "" if MARKER.search(key) else key
        if not key or key.casefold() in {known.casefold() for known in columns}:
            key = column_letters(col - 1)
        columns.append(key)
    return tuple(columns)


def markers(
    sheet: TemplateSheet, area: Area, strings: SharedStrings
) -> Iterator[tuple[int, int, str]]:
    """(row, column, key) of every ``{key}`` in the cells of an area."""
    for row in sheet.rows:
        if area.first_row <= row.number <= area.last_row and (row.strings or "{" in row.raw):
            for col in sheet.cells(row.number):
                if area.first_col <= col <= area.last_col:
                    for key in MARKER.findall(text_of(sheet, row.number, col, strings)):
                        yield row.number, col, key


def merges(sheet: TemplateSheet) -> frozenset[Area]:
    """The merged ranges of a sheet."""
    key = ("merges",)
    found = sheet.forms.get(key)
    if found is None:
        tail = sheet.tail.partition("<mergeCells")[2].partition("</mergeCells>")[0]
        refs = re.findall(r'mergeCell\s[^>]*?ref="([^"]+)"', tail)
        found = sheet.forms[key] = frozenset(map(area_of, refs))
    return found


def _nested(places: dict[str, Place]) -> dict[str, Place]:
    """The places with the block each lies in: the smallest that holds it."""
    blocks = [place for place in places.values() if place.kind == "block"]
    blocks.sort(key=lambda place: place.area.last_row - place.area.first_row)
    found = {}
    for name, place in places.items():
        around = next(
            (b for b in blocks
             if b.name != name and b.sheet == place.sheet and b.area.holds(place.area)), None
        )  # fmt: skip
        found[name] = replace(place, block=around.name) if around else place
    return found
