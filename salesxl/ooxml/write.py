"""A `Book` as an .xlsx file: every cell typed by us, the same book the same bytes.

>>> book = Book("en", "Targets 2027", "Example Ltd", currency="USD")
>>> sheet = Sheet("targets", "Targets")
>>> sheet.put(4, 1, Formula("=SUM(B6:B7)", Decimal("1200.00")), "total", "money")
>>> book.sheets.append(sheet)
>>> write_book(book, Path("targets.xlsx"))

Text is never guessed at: ``=1+1`` from a ledger stays text. The file appears
whole or not at all.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from salesxl.errors import fail
from salesxl.ooxml import values
from salesxl.ooxml.atomic import write_atomic
from salesxl.ooxml.charts import insert_charts
from salesxl.ooxml.identity import LANGUAGE, with_identity
from salesxl.ooxml.long_rows import LongSheet, Strings, rows_xml, stands_alone
from salesxl.ooxml.rules import add_conditions, add_sparklines, add_validations
from salesxl.ooxml.setup import set_up_book, set_up_sheet
from salesxl.sheets.content import (
    Book,
    Cell,
    Formula,
    ListTable,
    Look,
    Rich,
    Sheet,
    a1,
    quoted,
    span,
)
from salesxl.sheets.page import sheet_title
from salesxl.sheets.styles import conditional, header_look, resolve

MAX_ROWS = 1_048_576
BODY_HEIGHT = 19
HEADER_HEIGHT = 20


def write_book(book: Book, path: Path) -> None:
    """Write `book` to `path`.

    Raises `SalesxlError` for a text no cell can hold, for two sheets of one name,
    and where the file can't be written.
    """
    write_atomic(path, with_identity(book_bytes(book), {LANGUAGE: book.lang}))


def book_bytes(
    book: Book, writer_of: Callable[[Book, Any, Mapping[str, str]], _Writer] | None = None
) -> bytes:
    """The file's bytes; they depend on `book` alone, not on clock, path or machine.

    `writer_of`: a writer that does more, given the book, XlsxWriter's workbook and the tabs.
    """
    stream = io.BytesIO()
    titles = legal_titles(book)
    with warnings.catch_warnings():
        # XlsxWriter leaves out what it can't write and only warns: that must not pass.
        warnings.simplefilter("error")
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        }  # fmt: skip
        workbook: Any = xlsxwriter.Workbook(stream, options)
        (writer_of or _Writer)(book, workbook, titles).write()
        workbook.close()
    return stream.getvalue()


def legal_titles(book: Book) -> dict[str, str]:
    """Title → tab name for every sheet, in order; `SalesxlError` where two titles agree."""
    titles: dict[str, str] = {}
    seen: set[str] = set()
    for sheet in book.sheets:
        if sheet.title.casefold() in seen:
            raise fail("page.duplicate_sheet", "", name=sheet.title)
        seen.add(sheet.title.casefold())
        titles[sheet.title] = sheet_title(sheet.title, titles.values())
    return titles


class _Writer:
    """One run: the workbook under way and its formats, each made once."""

    sheet_class: type[Any] = LongSheet

    def __init__(self, book: Book, workbook: Any, titles: Mapping[str, str]) -> None:
        self.book = book
        self.workbook = workbook
        self.titles = titles
        self.renamed = {old: new for old, new in titles.items() if old != new}
        self.formats: dict[Look, Any] = {}
        self.rules: dict[str, Any] = {}
        self.strings = Strings(workbook.str_table)

    def format(self, look: Look) -> Any:
        found = self.formats.get(look)
        if found is None:
            book = self.book
            found = self.workbook.add_format(resolve(look, book.lang, book.currency, book.decimals))
            self.formats[look] = found
        return found

    def rule_format(self, style: str) -> Any:
        """The differential format of a conditional format."""
        if style not in self.rules:
            self.rules[style] = self.workbook.add_format(conditional(style))
        return self.rules[style]

    def formula(self, text: str) -> str:
        """`text` with the tab names as they are in the file."""
        for old, new in self.renamed.items():
            text = text.replace(f"{quoted(old)}!", f"{quoted(new)}!")
        return text

    def write(self) -> None:
        sheets = [
            (sheet, self.workbook.add_worksheet(self.titles[sheet.title], self.sheet_class))
            for sheet in self.book.sheets
        ]
        set_up_book(self.book, self.workbook)
        for sheet, worksheet in sheets:
            self.sheet(sheet, worksheet)
        for name, target in self.book.names.items():
            self.workbook.define_name(name, self.formula(target))
        visible = next((ws for sheet, ws in sheets if not sheet.hidden), None)
        if visible is not None:
            visible.activate()

    def sheet(self, sheet: Sheet, worksheet: Any) -> None:
        last_row, last_col = used_area(sheet)
        if last_row >= MAX_ROWS:
            raise fail("page.too_many_rows", sheet.title, rows=f"{last_row + 1:,}")
        body = self.format(Look("body"))
        for col in range(max(last_col, sheet.last_col) + 1):
            level = sheet.levels.get(col, 0)
            options = {"level": level} if level else None
            worksheet.set_column(col, col, sheet.widths.get(col, 10), body, options)
        headers = {table.row for table in sheet.tables}
        long = next((table for table in sheet.tables if stands_alone(sheet, table)), None)
        for row in range((long.row if long else last_row) + 1):
            usual = HEADER_HEIGHT if row in headers else BODY_HEIGHT
            worksheet.set_row(row, sheet.heights.get(row, usual))
        self.merges(sheet, worksheet)
        for table in sheet.tables:
            self.table(sheet, worksheet, table, table is long)
        put = self.put
        for cell in sheet.cells:
            put(sheet, worksheet, cell.row, cell.col, cell.value, self.format(cell.look))
        add_conditions(sheet, worksheet, self.rule_format)
        add_validations(sheet, worksheet, self.formula)
        add_sparklines(sheet, worksheet, self.titles[sheet.title])
        insert_charts(self.book, sheet, self.workbook, worksheet)
        set_up_sheet(self.book, sheet, worksheet, last_row, last_col)

    def merges(self, sheet: Sheet, worksheet: Any) -> None:
        if not sheet.merges:
            return
        looks = {(cell.row, cell.col): cell.look for cell in sheet.cells}
        for area in sheet.merges:
            worksheet.merge_range(*area, "", self.format(looks.get(area[:2], Look())))

    def put(self, sheet: Sheet, worksheet: Any, row: int, col: int, value: Any, look: Any) -> None:
        """One cell, by the type of its value and nothing else."""
        kind = type(value)
        if kind is str:
            self.text(sheet, worksheet, row, col, value, look)
        elif kind is Decimal or kind is int or kind is float:
            where = "" if kind is int else f"{sheet.title}!{a1(row, col)}"
            worksheet.write_number(row, col, values.number(value, where), look)
        elif value is None:
            worksheet.write_blank(row, col, None, look)
        elif kind is Formula:
            self.live(sheet, worksheet, row, col, value, look)
        elif kind is Rich:
            self.link(sheet, worksheet, row, col, value, look)
        elif kind is bool:
            worksheet.write_boolean(row, col, value, look)
        elif isinstance(value, date):
            worksheet.write_number(row, col, values.serial(value), look)
        elif hasattr(value, "item"):  # a numpy scalar out of a ledger column
            self.put(sheet, worksheet, row, col, value.item(), look)
        elif isinstance(value, str):
            self.text(sheet, worksheet, row, col, str(value), look)
        elif isinstance(value, int | float | Decimal):
            where = f"{sheet.title}!{a1(row, col)}"
            worksheet.write_number(row, col, values.number(value, where), look)
        else:
            raise TypeError(f"{sheet.title}!{a1(row, col)}: no cell holds {value!r}")

    def text(self, sheet: Sheet, worksheet: Any, row: int, col: int, value: str, look: Any) -> None:
        if not value:
            worksheet.write_blank(row, col, None, look)
            return
        if len(value) > 16_000 or not value.isascii():
            values.check_text(value, f"{sheet.title}!{a1(row, col)}")
        if values.looks_like_markup(value):
            if values.has_control(value):
                where = f"{sheet.title}!{a1(row, col)}"
                raise fail("page.illegal_character", where, code="U+0000 – U+001F")
            worksheet.write_rich_string(row, col, value[:1], look, value[1:], look)
            return
        worksheet.write_string(row, col, value, look)

    def live(
        self, sheet: Sheet, worksheet: Any, row: int, col: int, value: Formula, look: Any
    ) -> None:
        where = f"{sheet.title}!{a1(row, col)}"
        text = self.formula(value.text)
        if len(text) > values.MAX_FORMULA or values.has_control(text):
            raise ValueError(f"{where}: no formula Excel takes: {text[:80]}")
        worksheet.write_formula(row, col, text, look, values.result(value.value, where))

    def link(
        self, sheet: Sheet, worksheet: Any, row: int, col: int, value: Rich, look: Any
    ) -> None:
        values.plain_text(value.text, f"{sheet.title}!{a1(row, col)}")
        target = self.formula(value.target)
        worksheet.write_url(row, col, f"internal:{target}", look, value.text)

    def table(self, sheet: Sheet, worksheet: Any, table: ListTable, is_long: bool) -> None:
        """A real table; without rows it gets the one blank row the format demands."""
        rows: Sequence[Sequence[Any]] = table.rows or [[None] * len(table.columns)]
        where = f"{sheet.title}!{a1(table.row, table.col)}"
        looks = [self.format(column.look) for column in table.columns]
        columns = []
        for column, look in zip(table.columns, looks, strict=True):
            entry = {
                "header": values.plain_text(column.title, where),
                "header_format": self.format(header_look(column.look, table.autofilter)),
                "format": look,
            }
            if column.formula and table.rows:
                entry["formula"] = self.formula(column.formula)
            columns.append(entry)
        last_row = table.row + len(rows)
        if last_row >= MAX_ROWS:
            raise fail("page.too_many_rows", sheet.title, rows=f"{len(rows):,}")
        last_col = table.col + len(columns) - 1
        worksheet.add_table(
            table.row, table.col, table.row + 1 if is_long else last_row, last_col,
            {"name": table.name, "style": None, "autofilter": table.autofilter,
             "banded_rows": False, "columns": columns},
        )  # fmt: skip
        if is_long:
            # XlsxWriter would remember every cell of the range; it need not.
            made = worksheet.tables[-1]
            area = span(table.row, table.col, last_row, last_col)
            made |= {key: area for key in ("range", "a_range", "autofilter") if made.get(key)}
            xml = rows_xml(
                sheet, table, looks, self.strings, lambda row: sheet.heights.get(row, BODY_HEIGHT)
            )
            worksheet.end_with(xml, table.row + 1, last_row, last_col)
            return
        formulas = [column.formula if table.rows else "" for column in table.columns]
        plan = [
            (table.col + offset, looks[offset], formula) for offset, formula in enumerate(formulas)
        ]
        put = self.put
        for row, line in enumerate(rows, table.row + 1):
            for (col, look, formula), value in zip(plan, line, strict=True):
                if formula:
                    self.live(sheet, worksheet, row, col, _column_cell(formula, value), look)
                else:
                    put(sheet, worksheet, row, col, value, look)


def _column_cell(formula: str, value: Any) -> Formula:
    return Formula(formula if formula.startswith("=") else f"={formula}", value)


def used_area(sheet: Sheet) -> tuple[int, int]:
    """The last row and column that hold anything (0-based); (0, 0) for an empty sheet."""
    rows = [0, *sheet.heights]
    cols = [0, *sheet.widths]
    cells: Sequence[Cell] = sheet.cells
    rows.extend(cell.row for cell in cells)
    cols.extend(cell.col for cell in cells)
    for table in sheet.tables:
        rows.append(table.row + max(1, len(table.rows)))
        cols.append(table.col + len(table.columns) - 1)
    for chart in sheet.charts:
        rows.append(chart.last_row)
        cols.append(chart.last_col)
    for _, _, last_row, last_col in sheet.merges:
        rows.append(last_row)
        cols.append(last_col)
    return max(rows), max(cols)
