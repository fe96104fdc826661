"""The plan workbook: a front page and one sheet a table, each ready to be edited in Excel.

>>> write_plan(plan, Path("plan.xlsx"), "zh")

Every table is a real Excel table under its own name, so rows typed beneath it belong to it.
Cells that name a row of another table offer that table's names (or IDs, where the header
asks for an ID) as a list. What is written reads back as an equal plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from salesxl.ooxml.write import write_book
from salesxl.plan.currency import currencies
from salesxl.plan.model import TABLES, Plan
from salesxl.plan.schema import Column, Table
from salesxl.plan.settings import ITEMS
from salesxl.plan.values import normal
from salesxl.sheets.content import (
    Book,
    ListTable,
    Look,
    Rich,
    Scalar,
    Sheet,
    TableColumn,
    Validation,
    quoted,
)
from salesxl.sheets.page import header_row, note, page, section
from salesxl.texts import Lang, entries, text

HEADER_ROW = 7
SPARE_ROWS = 500  # rows beneath a table in which typing is still guided
_FORMATS = {"money": "pay", "share": "rate", "date": "date", "int": "int", "id": "text"}
_MIN_WIDTH, _MAX_WIDTH = 9.0, 42.0
_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)

# table → normalised id → what a cell naming that row shows
Shown = Mapping[str, Mapping[str, str]]


def write_plan(plan: Plan, path: Path, lang: Lang) -> None:
    """Write the plan workbook to `path`, whole or not at all.

    Raises `SalesxlError` where the file cannot be written or a text fits no cell.
    """
    write_book(plan_book(plan, lang), path)


def plan_book(plan: Plan, lang: Lang) -> Book:
    """The plan workbook's content."""
    settings = plan.settings
    book = Book(
        lang,
        text("plan_book.title", lang),
        settings.company,
        footer_left=f"{settings.company} · {settings.year}",
        footer_right=settings.plan_version,
    )
    book.currency, book.decimals = settings.currency, settings.decimals
    shown = {table.name: _shown(plan, table) for table in TABLES if table.identifier}
    sheets = [_table_sheet(plan, table, lang, shown) for table in TABLES]
    book.sheets = [_front(plan, sheets, lang), *sheets]
    for table in TABLES:
        if table.identifier:
            named = "name" in {column.key for column in table.columns}
            book.names[f"{table.name}_ids"] = f"={table.name}[{table.identifier.title(lang)}]"
            if named:
                column = next(c for c in table.columns if c.key == "name")
                book.names[f"{table.name}_names"] = f"={table.name}[{column.title(lang)}]"
    return book


def column_help(table: Table, column: Column, lang: Lang) -> str:
    """What a column means: its own words if there are any, else those of its kind."""
    key = f"{table.name}.{column.key}"
    if key in entries("plan_columns"):
        return text(f"plan_columns.{key}", lang)
    return text(f"plan_columns.kind_{column.kind}", lang)


def _front(plan: Plan, sheets: list[Sheet], lang: Lang) -> Sheet:
    settings = plan.settings
    sheet = Sheet(
        "front", text("plan_book.front_tab", lang), last_col=4, protect=False, landscape=False
    )
    for col, width in enumerate((1.7, 22, 46, 10, 14)):
        sheet.width(col, width)
    subtitle = f"{settings.company} · {settings.year}"
    row = page(sheet, text("plan_book.title", lang), subtitle, lang, back=False)
    row = section(sheet, row, 1, 4, text("plan_book.how", lang))
    for step in ("step_1", "step_2", "step_3", "step_4", "step_5"):
        row = note(sheet, row, 1, 4, text(f"plan_book.{step}", lang), 2)
    row = section(sheet, row, 1, 4, text("plan_book.contents", lang))
    titles = [text(f"plan_book.{word}", lang) for word in ("tab", "purpose", "rows", "needed")]
    row = header_row(sheet, row, 1, titles, "llrc")
    for table, target in zip(TABLES, sheets, strict=True):
        rows = len(target.tables[0].rows)
        sheet.put(row, 1, Rich(target.title, f"{quoted(target.title)}!B2"), "link")
        sheet.put(row, 2, target.purpose, "cell", "", "wrap")
        sheet.put(row, 3, rows, "cell", "int")
        needed = table.name in ("settings", "regions", "product_lines", "month_weights")
        sheet.put(
            row, 4, text("plan_book.yes" if needed else "plan_book.no", lang), "cell", "", "center"
        )
        sheet.height(row, 32 if len(target.purpose) > (22 if lang == "zh" else 52) else 19)
        row += 1
    return sheet


def _table_sheet(plan: Plan, table: Table, lang: Lang, shown: Shown) -> Sheet:
    columns = table.columns
    purpose = text(f"plan_tables.{table.name}", lang)
    sheet = Sheet(
        table.name, table.title(lang), purpose=purpose, kind="edit", last_col=len(columns),
        protect=False, freeze=(HEADER_ROW + 1, 2), repeat_rows=(HEADER_ROW, HEADER_ROW),
    )  # fmt: skip
    sheet.width(0, 1.7)
    currency = currencies()[plan.settings.currency].name(lang)
    subtitle = text("plan_book.subtitle", lang, currency=currency)
    row = page(sheet, table.title(lang), subtitle, lang, back=False)
    sheet.put(2, len(columns), Rich(text("plan_book.back", lang), _front_target(lang)), "back")
    sheet.put(row, 1, purpose, "label")
    sheet.put(row + 1, 1, text("plan_book.typing", lang), "label")
    sheet.height(row + 2, 8)
    if table.name == "settings":
        rows = _setting_rows(plan, lang)
    else:
        rows = [
            [_written(column, getattr(line, column.key), plan, lang, shown) for column in columns]
            for line in getattr(plan, table.name)
        ]
    sheet.tables.append(
        ListTable(
            table.name,
            HEADER_ROW,
            1,
            [TableColumn(c.key, c.title(lang), _look(table, c)) for c in columns],
            rows,
        )
    )
    last = HEADER_ROW + max(1, len(rows)) + SPARE_ROWS
    for offset, column in enumerate(columns):
        sheet.width(1 + offset, _width(column.title(lang), [line[offset] for line in rows]))
        if table.name != "settings":
            area = (HEADER_ROW + 1, 1 + offset, last, 1 + offset)
            sheet.validations.extend(_validation(table, column, area, lang))
    return sheet


def _front_target(lang: Lang) -> str:
    return f"{quoted(text('plan_book.front_tab', lang))}!B2"


def _look(table: Table, column: Column) -> Look:
    if table.name == "settings":
        # Values of several kinds share one column; each shows as it was typed.
        return Look("cell", "", ()) if column.key != "value" else Look("input", "", ("left",))
    extras = ("center",) if column.kind == "choice" else ()
    return Look("input", _FORMATS.get(column.kind, ""), extras)


def _setting_rows(plan: Plan, lang: Lang) -> list[list[Scalar]]:
    rows: list[list[Scalar]] = []
    for item in ITEMS:
        value: Any = getattr(plan.settings, item.key)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if item.kind == "share" and value is not None:
            # The column has one format for all kinds: a share is written as a percentage.
            written: Scalar = f"{format((value * 100).normalize(), 'f')}%"
        elif item.kind == "date" and value is not None:
            written = value.isoformat()
        else:
            written = _written(item, value, plan, lang, {})
        title, help_text = item.title(lang), item.help(lang)
        rows.append([title, written, help_text])
    return rows


def _written(column: Column, value: Any, plan: Plan, lang: Lang, shown: Shown) -> Scalar:
    """A field as the workbook shows it; blank where nothing is said."""
    if value is None or value == "":
        return None
    if column.kind == "money":
        return Decimal(value).scaleb(-plan.settings.decimals)
    if column.kind == "choice":
        return column.label(value, lang)
    if column.kind == "ref" and not _wants_id(column):
        return shown[column.ref].get(normal(value), str(value))
    scalar: Scalar = value
    return scalar


def _wants_id(column: Column) -> bool:
    """Whether the header itself asks for an ID."""
    return column.en.endswith(" ID")


def _shown(plan: Plan, table: Table) -> dict[str, str]:
    """Id → name for the rows whose name cannot mean another row."""
    rows = getattr(plan, table.name)
    ids = {normal(row.id): row.id for row in rows}
    meant: dict[str, set[str]] = {}
    for row in rows:
        meant.setdefault(normal(getattr(row, "name", "")), set()).add(normal(row.id))
    return {
        normal(row.id): row.name
        for row in rows
        if getattr(row, "name", "")
        and len(meant[normal(row.name)]) == 1
        and ids.get(normal(row.name), row.id) == row.id
    }


def _validation(
    table: Table, column: Column, area: tuple[int, int, int, int], lang: Lang
) -> list[Validation]:
    prompt = column_help(table, column, lang)
    common: dict[str, Any] = {"prompt_title": column.title(lang), "prompt": prompt}
    if column.kind == "choice":
        items = tuple(column.label(choice, lang) for choice in column.choices)
        return [Validation(area, "list", items=items, error=prompt, **common)]
    if column.kind == "ref":
        ending = "ids" if _wants_id(column) else "names"
        return [Validation(area, "list", source=f"={column.ref}_{ending}", error=prompt, **common)]
    if column.kind == "date":
        return [
            Validation(area, "date", minimum=_FIRST_DAY, maximum=_LAST_DAY, error=prompt, **common)
        ]
    if column.kind in ("money", "number", "share", "int"):
        kind: Literal["whole", "decimal"] = "whole" if column.kind == "int" else "decimal"
        limits: dict[str, Any] = {"minimum": column.minimum, "maximum": column.maximum}
        return [Validation(area, kind, error=prompt, **limits, **common)]
    return []


def _width(title: str, values: list[Scalar]) -> float:
    """A column's width: its header with the filter button, and its longest value."""
    longest = max((_units(_plain(value)) for value in values), default=0.0)
    return min(_MAX_WIDTH, max(_MIN_WIDTH, _units(title) + 5, longest + 3))


def _units(value: str) -> float:
    return sum(1.9 if ord(char) > 0x2E7F else 1.0 for char in value)


def _plain(value: Scalar) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return "" if value is None else str(value)
