"""Changing a few cells of somebody's workbook, and adding rows below its tables.

All else stays as it is: parts that hold no change keep their packed bytes, and in the
others only the cells named are different. A cell with a formula is never overwritten; the
caller asks `Patch.has_formula` first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from salesxl.errors import fail
from salesxl.ooxml.template.deflate import pack
from salesxl.ooxml.template.package import RawPackage, read_package, write_package
from salesxl.ooxml.template.scan import Document, Edits, Node, scan_once
from salesxl.ooxml.template.strings import escaped
from salesxl.opc.cells import CellValue, ErrorValue, reference, split_reference
from salesxl.opc.package import SheetPart, TablePart

_EPOCH: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
Place = tuple[int, int]  # row and column, from 0


@dataclass
class _Sheet:
    part: str
    doc: Document
    rows: dict[int, Node] = field(default_factory=dict)
    cells: dict[Place, Node] = field(default_factory=dict)
    wanted: dict[Place, CellValue | None] = field(default_factory=dict)
    like: dict[Place, Place] = field(default_factory=dict)  # new cell → cell whose style it takes


class Patch:
    """Changes to one workbook; `bytes` makes the new file."""

    def __init__(self, path: Path, sheets: Mapping[str, SheetPart], date1904: bool) -> None:
        """Raises `SalesxlError` where the file cannot be read."""
        self._package: RawPackage = read_package(path)
        self._parts = {name: sheet.part for name, sheet in sheets.items()}
        self._date1904 = date1904
        self._sheets: dict[str, _Sheet] = {}
        self._tables: dict[str, tuple[str, str]] = {}  # part → (old ref, new ref)

    def has_formula(self, sheet: str, place: Place) -> bool:
        cell = self._sheet(sheet).cells.get(place)
        return cell is not None and cell.child("f") is not None

    def put(
        self, sheet: str, place: Place, value: CellValue | None, like: Place | None = None
    ) -> None:
        """A cell's new value; a new cell looks like the one at `like`."""
        one = self._sheet(sheet)
        one.wanted[place] = value
        if like is not None:
            one.like[place] = like

    def extend(self, table: TablePart, last_row: int) -> None:
        """Let the table reach down to `last_row`."""
        first, _, end = table.ref.partition(":")
        corner = split_reference(end or first)
        if corner is None or last_row <= corner[0]:
            return
        part = self._table_part(table)
        self._tables[part] = (table.ref, f"{first}:{reference(last_row, corner[1])}")

    @property
    def touched(self) -> bool:
        return any(sheet.wanted for sheet in self._sheets.values())

    def bytes(self) -> bytes:
        """The workbook with the changes; the order of its parts stays."""
        new = {sheet.part: self._written(sheet) for sheet in self._sheets.values() if sheet.wanted}
        for part, (_, ref) in self._tables.items():
            new[part] = _table_xml(self._package.text(part), ref)
        members = [
            pack(name, new[name].encode(), "fast") if name in new else member
            for name, member in self._package.members.items()
        ]
        return write_package(members)

    def _sheet(self, name: str) -> _Sheet:
        if name not in self._sheets:
            part = self._parts[name]
            doc = scan_once(self._package.text(part))
            sheet = _Sheet(part, doc)
            number = -1
            for row in doc.named("row"):
                number = int(doc.attr(row, "r") or number + 2) - 1
                sheet.rows[number] = row
                col = -1
                for cell in row.children:
                    if cell.name == "c":
                        at = split_reference(doc.attr(cell, "r") or "")
                        col = at[1] if at else col + 1
                        sheet.cells[number, col] = cell
            self._sheets[name] = sheet
        return self._sheets[name]

    def _written(self, sheet: _Sheet) -> str:
        edits = Edits(sheet.doc)
        added: dict[int, dict[int, str]] = {}
        for place, value in sheet.wanted.items():
            cell = sheet.cells.get(place)
            model = cell or sheet.cells.get(sheet.like.get(place, place))
            style = sheet.doc.attr(model, "s") if model is not None else None
            prefix = sheet.doc.prefix(sheet.rows[min(sheet.rows)]) if sheet.rows else ""
            xml = self._cell(prefix, place, style, value)
            if cell is not None:
                edits.put(cell.start, cell.end, xml)
            else:
                added.setdefault(place[0], {})[place[1]] = xml
        new_rows: list[tuple[int, str]] = []
        for number, cells in sorted(added.items()):
            row = sheet.rows.get(number)
            if row is None:
                new_rows.append((number, "".join(xml for _, xml in sorted(cells.items()))))
            else:
                self._into_row(sheet, edits, row, number, cells)
        self._rows_between(sheet, edits, new_rows)
        _widen(sheet, edits)
        return edits.result()

    def _into_row(
        self, sheet: _Sheet, edits: Edits, row: Node, number: int, cells: dict[int, str]
    ) -> None:
        there = {col: node for (r, col), node in sheet.cells.items() if r == number}
        if row.inner == row.end:  # <row …/>: it has to be opened first
            tag = sheet.doc.text[row.start : row.end]
            name = tag[1:].split(None, 1)[0].rstrip("/>")
            inside = "".join(xml for _, xml in sorted(cells.items()))
            edits.put(row.start, row.end, f"{tag[:-2]}>{inside}</{name}>")
            return
        at: dict[int, str] = {}
        for col, xml in sorted(cells.items()):
            after = [node for c, node in there.items() if c < col]
            spot = max((node.end for node in after), default=row.inner)
            at[spot] = at.get(spot, "") + xml
        for spot, xml in at.items():
            edits.put(spot, spot, xml)

    def _rows_between(self, sheet: _Sheet, edits: Edits, new_rows: list[tuple[int, str]]) -> None:
        at: dict[int, str] = {}
        data = sheet.doc.named("sheetData")[0]
        if data.inner == data.end and new_rows:
            raise fail("returns.empty_sheet", sheet.part)
        for number, cells in new_rows:
            before = [node.end for r, node in sheet.rows.items() if r < number]
            spot = max(before, default=data.inner)
            prefix = sheet.doc.prefix(data)
            at[spot] = at.get(spot, "") + f'<{prefix}row r="{number + 1}">{cells}</{prefix}row>'
        for spot, xml in at.items():
            edits.put(spot, spot, xml)

    def _cell(self, prefix: str, place: Place, style: str | None, value: CellValue | None) -> str:
        head = f'<{prefix}c r="{reference(*place)}"' + (f' s="{style}"' if style else "")
        if value is None or isinstance(value, ErrorValue):
            return f"{head}/>"
        if isinstance(value, bool):
            return f'{head} t="b"><{prefix}v>{int(value)}</{prefix}v></{prefix}c>'
        if isinstance(value, Decimal):
            return f"{head}><{prefix}v>{value:f}</{prefix}v></{prefix}c>"
        if isinstance(value, date):
            return f"{head}><{prefix}v>{self._serial(value)}</{prefix}v></{prefix}c>"
        said = (
            f'<{prefix}is><{prefix}t xml:space="preserve">{escaped(value)}</{prefix}t></{prefix}is>'
        )
        return f'{head} t="inlineStr">{said}</{prefix}c>'

    def _serial(self, day: date) -> str:
        moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
        apart = moment - _EPOCH[self._date1904]
        return str(apart.days) if not apart.seconds else str(apart.days + apart.seconds / 86400)

    def _table_part(self, table: TablePart) -> str:
        for relation in self._package.relations(self._parts[table.sheet]):
            if relation.kind != "table":
                continue
            doc = scan_once(self._package.text(relation.target))
            root = doc.named("table")[0]
            if (doc.attr(root, "displayName") or "").casefold() == table.name.casefold():
                return relation.target
        raise fail("plan.file_damaged", self._package.file, part=table.name)


def _widen(sheet: _Sheet, edits: Edits) -> None:
    """The sheet's stated dimension, where a new cell lies below it."""
    for node in sheet.doc.named("dimension"):
        first, _, end = (sheet.doc.attr(node, "ref") or "").partition(":")
        corner = split_reference(end or first)
        if corner is not None:
            row = max(corner[0], *(place[0] for place in sheet.wanted))
            col = max(corner[1], *(place[1] for place in sheet.wanted))
            edits.attr(node, "ref", f"{first}:{reference(row, col)}")


def _table_xml(xml: str, ref: str) -> str:
    doc = scan_once(xml)
    edits = Edits(doc)
    for node in doc.named("table", "autoFilter"):
        edits.attr(node, "ref", ref)
    return edits.result()
