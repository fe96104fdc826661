"""A salesxl workbook, open in memory: what `salesxl new` makes of a plan and its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlwings as xw

from salesxl.hosts.excel.macros.record import SHEET
from salesxl.hosts.excel.new_book.content import INPUT, plan_workbook
from salesxl.hosts.excel.new_book.write import macro_workbook_bytes, workbook_bytes
from salesxl.ledger.frame import Ledger
from salesxl.ledger.mapping_read import load
from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.ooxml.write import legal_titles
from salesxl.plan.model import Plan
from salesxl.sheets.content import Book, Formula
from salesxl.texts import Lang
from tests.hosts.memory_engine import Shown, open_book


def read_lines(
    plan: Plan, paths: Sequence[Path], lang: Lang, mapping: Path | None = None
) -> Ledger:
    """The ledger's lines, matched to the plan."""
    made = None if mapping is None else load(mapping)
    read = read_ledgers(list(paths), mapping=made, decimals=plan.settings.decimals, lang=lang)
    return match(read, plan)[0]


def open_plan(
    path: Path, plan: Plan, lang: Lang, ledger: Ledger | None = None, *, recorded: bool = True
) -> xw.Book:
    """Such a workbook, written to `path` and open; an .xlsm has our functions and macros."""
    macros = path.suffix == ".xlsm"
    book = plan_workbook(plan, ledger, lang, macros)
    if not recorded:
        book.sheets = [sheet for sheet in book.sheets if sheet.key != SHEET]
    path.write_bytes(macro_workbook_bytes(book) if macros else workbook_bytes(book))
    return open_book(path, shown_by(book))


def shown_by(book: Book) -> Shown:
    """What the formulas show: the values they carry, so that the file is read once."""
    titles = legal_titles(book)
    return {
        (titles[sheet.title], cell.row + 1, cell.col + 1): _number(cell.value.value)
        for sheet in book.sheets
        for cell in sheet.cells
        if isinstance(cell.value, Formula)
    } | {
        (titles[sheet.title], table.row + 2 + row, table.col + 1 + col): _number(value)
        for sheet in book.sheets
        for table in sheet.tables
        for row, line in enumerate(table.rows)
        for col, value in enumerate(line)
        if table.columns[col].formula
    }


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def results_of(book: Book) -> Book:
    """The result sheets alone."""
    book = Book(book.lang, book.title, book.company, sheets=list(book.sheets))
    book.sheets = [s for s in book.sheets if not s.key.startswith(INPUT) and not s.hidden]
    return book
