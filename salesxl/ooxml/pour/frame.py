"""Everything of a workbook but its cells, made by XlsxWriter.

XlsxWriter is at its best where Excel's format is intricate (styles, charts, rules,
print set-up) and slow where there is much of it (cells, formulas). The frame holds
the former; a sheet's part has `ROWS` where its rows belong.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from salesxl.errors import fail
from salesxl.ooxml import values
from salesxl.ooxml.charts import insert_charts
from salesxl.ooxml.pour.cells import HEADER, Strings
from salesxl.ooxml.pour.grid import column_formula, heights_of, rows_xml
from salesxl.ooxml.rules import add_conditions, add_sparklines, add_validations
from salesxl.ooxml.setup import set_up_sheet
from salesxl.ooxml.write import MAX_ROWS, _Writer, legal_titles, used_area
from salesxl.sheets.content import (
    Book,
    Formula,
    ListTable,
    Look,
    Rich,
    Sheet,
    a1,
    span,
)
from salesxl.sheets.styles import header_look

ROWS = "<!--rows-->"
STRINGS = "xl/sharedStrings.xml"
_UTF8 = "utf-8"


@dataclass
class Frame:
    """The parts, and which style number each look has."""

    book: Book
    titles: Mapping[str, str]  # title → tab name
    parts: dict[str, str]
    styles: Callable[[Look], int]
    rule_styles: dict[str, int] = field(default_factory=dict)  # name → differential format
    areas: dict[str, tuple[int, int]] = field(default_factory=dict)  # title → last row, last col

    def sheet_part(self, index: int) -> str:
        return f"xl/worksheets/sheet{index + 1}.xml"


def frame_of(book: Book, tables: bool = True) -> Frame:
    """The frame of `book`. Raises `SalesxlError` as `write_book` does.

    `tables`: whether the tables are defined, too; a template has its own.
    """
    with warnings.catch_warnings():
        # XlsxWriter leaves out what it can't write and only warns: that must not pass.
        warnings.simplefilter("error")
        workbook = _Workbook(io.BytesIO(), {"in_memory": True, "strings_to_urls": False})
        writer = _Framer(book, workbook, legal_titles(book))
        # XlsxWriter lists the part of the shared strings only when it has seen one.
        workbook.str_table._get_shared_string_index(" ")
        writer.with_tables = tables
        writer.write()
        writer.count_styles()
        workbook.close()
    return Frame(
        book, writer.titles, workbook.parts, writer.style, writer.rule_numbers(), writer.areas
    )


def parts_of(book: Book) -> dict[str, bytes]:
    """All parts of the whole workbook; the same book the same bytes."""
    frame = frame_of(book)
    strings = Strings()
    parts = {name: text.encode(_UTF8) for name, text in frame.parts.items()}
    rewrite = renamer(frame.titles)
    for index, sheet in enumerate(book.sheets):
        name = frame.sheet_part(index)
        last_row = frame.areas[sheet.title][0]
        rows = rows_xml(sheet, last_row, frame.styles, strings, rewrite)
        parts[name] = frame.parts[name].replace(ROWS, rows, 1).encode(_UTF8)
    parts[STRINGS] = strings.part().encode(_UTF8)
    return parts


def renamer(titles: Mapping[str, str]) -> Callable[[str], str] | None:
    """What turns sheet titles in a formula into tab names, where any differ."""
    changed = {
        f"'{old.replace(chr(39), chr(39) * 2)}'!": f"'{new.replace(chr(39), chr(39) * 2)}'!"
        for old, new in titles.items()
        if old != new
    }
    if not changed:
        return None

    def rewrite(formula: str) -> str:
        for old, new in changed.items():
            formula = formula.replace(old, new)
        return formula

    return rewrite


class _Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet that leaves its rows to be filled in."""

    fh: Any
    known: Callable[[int, int], Any]

    def _write_sheet_data(self) -> None:
        self.fh.write(f"<sheetData>{ROWS}</sheetData>")

    def _get_range_data(self, row: int, col: int, last_row: int, last_col: int) -> list[Any]:
        """What a chart remembers of its ranges."""
        return [
            _cached(self.known(r, c))
            for r in range(row, last_row + 1)
            for c in range(col, last_col + 1)
        ]

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # Our formulas are portable: none of the functions that need a prefix.
        return formula.removeprefix("=")


def _cached(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Formula):
        return values.result(value.value, "")
    if isinstance(value, Rich):
        return value.text
    if isinstance(value, bool | str):
        return value
    if hasattr(value, "year"):
        return f"{values.serial(value):.16g}"
    return f"{values.number(value, ''):.16g}"


class _Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook that keeps its parts instead of packing them."""

    parts: dict[str, str]

    def _get_packager(self) -> Any:
        packager = super()._get_packager()
        create = packager._create_package

        def keep() -> list[Any]:
            self.parts = {name: stream.getvalue() for stream, name, _ in create()}
            return []

        packager._create_package = keep
        return packager


class _Framer(_Writer):
    """Writes a book without its cells."""

    workbook: Any
    sheet_class = _Sheet
    with_tables = True

    def __init__(self, book: Book, workbook: Any, titles: Mapping[str, str]) -> None:
        super().__init__(book, workbook, titles)
        self.numbers: dict[Look, int] = {}
        self.areas: dict[str, tuple[int, int]] = {}

    def style(self, look: Look) -> int:
        found = self.numbers.get(look)
        if found is None:
            found = self.numbers[look] = int(self.format(look)._get_xf_index())
        return found

    def count_styles(self) -> None:
        """Every look gets its number before the styles are written."""
        for sheet in self.book.sheets:
            for look in {cell.look: None for cell in sheet.cells}:
                self.style(look)
            for table in sheet.tables:
                for column in table.columns:
                    self.style(column.look)
                    self.style(header_look(column.look, table.autofilter))
            if sheet.merges:
                self.style(Look())

    def rule_numbers(self) -> dict[str, int]:
        return {style: int(made._get_dxf_index()) for style, made in self.rules.items()}

    def sheet(self, sheet: Sheet, worksheet: Any) -> None:
        last_row, last_col = used_area(sheet)
        if last_row >= MAX_ROWS:
            raise fail("page.too_many_rows", sheet.title, rows=f"{last_row + 1:,}")
        self.areas[sheet.title] = (last_row, last_col)
        body = self.format(Look("body"))
        for col in range(max(last_col, sheet.last_col) + 1):
            level = sheet.levels.get(col, 0)
            options = {"level": level} if level else None
            worksheet.set_column(col, col, sheet.widths.get(col, 10), body, options)
        if sheet.charts:  # their place follows from the heights of the rows they cover
            height = heights_of(sheet)
            for row in range(max(chart.last_row for chart in sheet.charts) + 2):
                worksheet.set_row(row, height(row))
        for area in sheet.merges:
            _add_merge(worksheet, area)
        if self.with_tables:
            for table in sheet.tables:
                self.table(sheet, worksheet, table, False)
        for cell in sheet.cells:
            if type(cell.value) is Rich:
                self.link(sheet, worksheet, cell.row, cell.col, cell.value, None)
        worksheet._check_dimensions(last_row, last_col)
        worksheet._check_dimensions(0, 0)
        worksheet.known = _known(sheet)
        add_conditions(sheet, worksheet, self.rule_format)
        add_validations(sheet, worksheet, self.formula)
        add_sparklines(sheet, worksheet, self.titles[sheet.title])
        insert_charts(self.book, sheet, self.workbook, worksheet)
        set_up_sheet(self.book, sheet, worksheet, last_row, last_col)

    def table(self, sheet: Sheet, worksheet: Any, table: ListTable, is_long: bool) -> None:
        """The table's definition over one row, then its true range."""
        where = f"{sheet.title}!{a1(table.row, table.col)}"
        columns = []
        for offset, column in enumerate(table.columns):
            entry = {
                "header": values.plain_text(column.title, where),
                "format": self.format(column.look),
            }
            if formula := column_formula(table, offset):
                entry["formula"] = self.formula(formula)
            columns.append(entry)
        last_row = table.row + max(1, len(table.rows))
        if last_row >= MAX_ROWS:
            raise fail("page.too_many_rows", sheet.title, rows=f"{len(table.rows):,}")
        last_col = table.col + len(columns) - 1
        worksheet.add_table(
            table.row, table.col, table.row + 1, last_col,
            {"name": table.name, "style": None, "autofilter": table.autofilter,
             "banded_rows": False, "columns": columns},
        )  # fmt: skip
        made = worksheet.tables[-1]
        area = span(table.row, table.col, last_row, last_col)
        made |= {key: area for key in ("range", "a_range", "autofilter") if made.get(key)}


def _add_merge(worksheet: Any, area: tuple[int, int, int, int]) -> None:
    """A merged area; XlsxWriter would also write every cell of it, and it raises on overlaps."""
    row, col, last_row, last_col = area
    if (row, col) == (last_row, last_col):
        raise ValueError(f"one cell is no merged area: {a1(row, col)}")
    worksheet._check_dimensions(last_row, last_col)
    said = span(*area)
    for r in range(row, last_row + 1):
        for c in range(col, last_col + 1):
            if worksheet.merged_cells.get((r, c)):
                raise ValueError(f"merged areas overlap in {a1(r, c)}")
            worksheet.merged_cells[r, c] = said
    worksheet.merge.append(list(area))


def _known(sheet: Sheet) -> Callable[[int, int], Any]:
    """Values by place, for the charts' memory; built on first use."""
    found: dict[tuple[int, int], Any] = {}

    def known(row: int, col: int) -> Any:
        if not found:
            for table in sheet.tables:
                for offset, column in enumerate(table.columns):
                    found[table.row, table.col + offset] = column.title
                for number, line in enumerate(table.rows, table.row + 1):
                    found.update({(number, table.col + n): v for n, v in enumerate(line)})
            found.update({(cell.row, cell.col): cell.value for cell in sheet.cells})
        return found.get((row, col))

    return known


def part_names(parts: Mapping[str, Any], pattern: str) -> list[str]:
    return sorted(name for name in parts if re.fullmatch(pattern, name))


__all__ = ["HEADER", "ROWS", "STRINGS", "Frame", "frame_of", "part_names", "parts_of", "renamer"]
