"""What the workbook holds: the head office's results, and behind them the plan's own tables.

The plan's tables keep their names, by which `plan.read` and ``salesxl generate`` find them.
A list of results that is called the same gets another name, and a plan's sheet that is
called like one of the results another tab. Names for those who look for a sheet that a
user may have renamed: ``salesxl_sheet_<key>`` at its A1 (``salesxl_sheet_input_<table>``
for a table of the plan), and ``salesxl_lang``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from salesxl.hosts.excel.macros.record import record_sheet
from salesxl.ledger.frame import Ledger
from salesxl.plan.model import TABLE, Plan
from salesxl.plan.targets import breakdown
from salesxl.sheets import target_months
from salesxl.sheets.content import Book, Cell, Formula, Rich, Sheet
from salesxl.sheets.page import front_title
from salesxl.sheets.plan_book import plan_book
from salesxl.sheets.scope import head_office
from salesxl.sheets.workbook import build_book, fingerprint, notices_of
from salesxl.texts import Lang, text

INPUT: Final = "input_"  # before the key of a plan's sheet
SHEET_NAME: Final = "salesxl_sheet_"
LANGUAGE: Final = "salesxl_lang"
_QUOTED: Final = re.compile(r'("(?:[^"]|"")*")')


def plan_workbook(plan: Plan, ledger: Ledger | None, lang: Lang, macros: bool) -> Book:
    """The content of the workbook. `ledger`: its lines, matched to the plan."""
    head = head_office(plan, breakdown(plan), ledger, lang)
    everywhere, own = notices_of(head)
    told = [text(f"new.how_{step}", lang) for step in (1, 2, "macros" if macros else "native")]
    typed = plan_book(plan, lang)
    inputs = typed.sheets[1:]

    def more(results: Book) -> Sequence[Sheet]:
        place = [sheet.key for sheet in results.sheets].index("target_split") + 1
        results.sheets.insert(place, target_months.build(head, results))
        taken = {front_title(lang).casefold(), *(s.title.casefold() for s in results.sheets)}
        for sheet in inputs:
            _as_input(sheet, taken, lang)
        return inputs

    book = build_book(head, [*told, *everywhere, *own], fingerprint(head), more)
    listed = {sheet.key for sheet in inputs}
    _rename_lists(book, [sheet for sheet in book.sheets if sheet.key not in listed])
    book.names |= typed.names
    for sheet in book.sheets:
        book.names[SHEET_NAME + sheet.key] = "=" + sheet.ref(0, 0)
    book.names[LANGUAGE] = f'="{lang}"'
    book.sheets.append(record_sheet(sheet for sheet in book.sheets if sheet.key not in listed))
    return book


def _as_input(sheet: Sheet, taken: set[str], lang: Lang) -> None:
    """A sheet of the plan workbook in this one: its tab, its key, the way back to the front."""
    if sheet.title.casefold() in taken:
        sheet.title = text("new.input_tab", lang, title=sheet.title)
    sheet.key = INPUT + sheet.key
    sheet.purpose = text("new.input_purpose", lang, purpose=sheet.purpose)
    front = f"'{front_title(lang)}'!B2"
    sheet.cells = [
        replace(cell, value=Rich(cell.value.text, front)) if isinstance(cell.value, Rich) else cell
        for cell in sheet.cells
    ]


def _rename_lists(book: Book, sheets: Sequence[Sheet]) -> None:
    """Other names for the results' tables that are called like a table of the plan."""
    names = {
        table.name: f"{table.name}_result"
        for sheet in sheets
        for table in sheet.tables
        if table.name.casefold() in TABLE
    }
    if not names:
        return
    found = re.compile(rf"(?<![\w.\]])({'|'.join(map(re.escape, names))})(?=\[)")

    def outside(part: str) -> str:
        return found.sub(lambda match: names[match[1]], part)

    def follow(formula: str) -> str:
        """`formula` with the new names; what it quotes stays."""
        parts = _QUOTED.split(formula)
        return "".join(p if i % 2 else outside(p) for i, p in enumerate(parts))

    for sheet in sheets:
        _follow(sheet, names, follow)
    for name, target in book.names.items():
        book.names[name] = follow(target)


def _follow(sheet: Sheet, names: dict[str, str], follow: Callable[[str], str]) -> None:
    def cell_of(cell: Cell) -> Cell:
        if not isinstance(cell.value, Formula) or "[" not in cell.value.text:
            return cell
        return replace(cell, value=Formula(follow(cell.value.text), cell.value.value))

    sheet.cells = [cell_of(cell) for cell in sheet.cells]
    sheet.conditions = [replace(c, formula=follow(c.formula)) for c in sheet.conditions]
    sheet.validations = [
        replace(v, source=follow(v.source), formula=follow(v.formula)) for v in sheet.validations
    ]
    sheet.functions = [replace(f, text=follow(f.text)) for f in sheet.functions]
    sheet.tables = [
        replace(
            table,
            name=names.get(table.name, table.name),
            columns=[replace(c, formula=follow(c.formula)) for c in table.columns],
        )
        for table in sheet.tables
    ]


__all__ = ["INPUT", "LANGUAGE", "SHEET_NAME", "plan_workbook"]
