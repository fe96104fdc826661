"""Reading a plan workbook: all tables, all problems at once.

    package ─ tables located ─ rows to values ─ references to ids ─ checks ─ Plan

`read_draft` collects what could be read; `read_plan` returns a checked plan or raises
with every problem. The tables come from a file or, as a `Source`, from a workbook open in
Excel: both are read and checked alike. The fingerprint is taken of the plan's meaning, so
saving the file again, restyling it or reordering its columns does not change it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from salesxl.errors import Problem, SalesxlError, fail
from salesxl.opc.cells import CellValue, Grid, Reader
from salesxl.opc.package import Package, TablePart, local, open_package
from salesxl.plan.check import check_draft
from salesxl.plan.currency import find_currency
from salesxl.plan.draft import Draft, Row, defaults, names, plan_of
from salesxl.plan.locate import Found, locate
from salesxl.plan.model import TABLES, Plan, Settings
from salesxl.plan.references import resolve
from salesxl.plan.schema import Column, Table
from salesxl.plan.settings import ITEM, ITEMS
from salesxl.plan.values import BadValueError, convert, is_blank, normal, shown

# Without these no target can be broken down; the other tables may be left out.
NEEDED = ("settings", "regions", "product_lines", "month_weights")
_UNKNOWN_DECIMALS = 4  # read amounts leniently while the currency itself is the problem
_RESULT = re.compile("salesxl_sheet_(?!input_)")  # of hosts.excel.new_book
_TOTALS = frozenset({"合计", "总计", "共计", "total", "grandtotal", "sum"})


@dataclass(frozen=True)
class Source:
    """Where a plan's tables stand: the named tables and the cells of their sheets."""

    name: str  # of the workbook, for messages
    tables: Sequence[TablePart]
    grids: Mapping[str, Grid]  # sheet → cells


def read_plan(path: Path) -> Plan:
    """The checked plan in `path`. Raises `SalesxlError` with all problems."""
    plan, problems = check_file(path)
    if plan is None:
        raise SalesxlError(p for p in problems if p.severity == "error")
    return plan


def check_file(path: Path) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan, None if it has errors, and all problems including warnings.

    Raises only when the file itself cannot be read.
    """
    return check_source(file_source(path))


def check_source(source: Source) -> tuple[Plan | None, tuple[Problem, ...]]:
    """As `check_file`, for tables wherever they stand."""
    draft = draft_of_source(source)
    check_draft(draft)
    problems = tuple(draft.problems)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    plan = plan_of(draft)
    return dataclasses.replace(plan, fingerprint=fingerprint(plan)), problems


def file_source(path: Path) -> Source:
    """The tables and cells of a workbook file. Raises when it cannot be read."""
    with open_package(path) as package:
        reader = Reader(package)
        results = _results(package)
        sheets = [sheet for sheet in package.sheets if sheet.name not in results]
        tables = tuple(table for table in package.tables if table.sheet not in results)
        return Source(path.name, tables, {sheet.name: reader.grid(sheet) for sheet in sheets})


def _results(package: Package) -> frozenset[str]:
    """Sheets that `salesxl new` made from the plan, by the names they carry: none of the plan."""
    found = set()
    for element in package.xml(package.workbook_part).iter():
        if local(element.tag) == "definedName" and _RESULT.match(element.get("name", "")):
            title = (element.text or "").rpartition("!")[0]
            found.add(title[1:-1].replace("''", "'") if title.startswith("'") else title)
    return frozenset(found)


def read_draft(path: Path) -> Draft:
    """Everything readable in the file, with a problem for everything that is not."""
    return draft_of_source(file_source(path))


def draft_of_source(source: Source) -> Draft:
    """As `read_draft`, for tables wherever they stand."""
    draft = Draft()
    found, problems = locate(source.tables, source.grids)
    if not found:
        raise fail("plan.no_tables", source.name)
    draft.problems.extend(problems)
    for table in TABLES:
        if table.name in found:
            _note_columns(draft, found[table.name])
        elif table.name in NEEDED:
            draft.add("plan.table_missing", source.name, name=table.name, **names(table))
    if "settings" in found:
        _read_settings(draft, found["settings"])
    decimals = draft.settings.get("decimals", _UNKNOWN_DECIMALS)
    for table in TABLES[1:]:
        if table.name in found:
            draft.rows[table.name] = _read_rows(draft, found[table.name], decimals)
            _look_for_twins(draft, table)
    resolve(draft)
    return draft


def fingerprint(plan: Plan) -> str:
    """First 16 hex digits of the SHA-256 of what the plan says, in table order."""
    content: dict[str, Any] = {
        "settings": {f.name: _canonical(getattr(plan.settings, f.name)) for f in fields(Settings)}
    }
    for table in TABLES[1:]:
        content[table.name] = [
            [_canonical(getattr(row, column.key)) for column in table.columns]
            for row in getattr(plan, table.name)
        ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _canonical(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return value.isoformat() if isinstance(value, date) else value


def _note_columns(draft: Draft, found: Found) -> None:
    draft.places[found.table.name] = found.place
    for column in found.table.columns:
        if column.key in found.columns:
            continue
        draft.absent.add((found.table.name, column.key))
        if column.required:
            draft.add(
                "plan.column_missing", found.place,
                column_zh=column.zh, column_en=column.en, **names(found.table),
            )  # fmt: skip


def _cells(found: Found) -> list[tuple[int, dict[str, CellValue]]]:
    """The filled rows: row number and the cells of known columns."""
    rows: list[tuple[int, dict[str, CellValue]]] = []
    for number in range(found.first_row, found.last_row + 1):
        line = found.grid.rows.get(number)
        if not line:
            continue
        cells = {
            key: line[col]
            for key, col in found.columns.items()
            if col in line and not is_blank(line[col])
        }
        if cells:
            rows.append((number, cells))
    if found.totals_last and rows:
        words = (normal(value) for value in rows[-1][1].values() if isinstance(value, str))
        if any(word.rstrip(":") in _TOTALS for word in words):
            rows.pop()
    return rows


def _read_rows(draft: Draft, found: Found, decimals: int) -> list[Row]:
    table = found.table
    preset = defaults(table.row_type)
    rows: list[Row] = []
    for number, cells in _cells(found):
        row = Row(found.grid.sheet, number, columns=dict(found.columns))
        for column in table.columns:
            cell = cells.get(column.key)
            if cell is not None:
                _put(draft, row.values, column, cell, row.at(column.key), decimals)
            elif not column.required:
                row.values[column.key] = preset[column.key]
            elif column.key in found.columns:
                draft.add(
                    "plan.cell_empty", row.at(column.key),
                    column_zh=column.zh, column_en=column.en,
                )  # fmt: skip
        rows.append(row)
    return rows


def _put(
    draft: Draft,
    values: dict[str, Any],
    column: Column,
    cell: CellValue,
    where: str,
    decimals: int,
) -> None:
    """Convert one cell into `values`, or note the problem."""
    try:
        values[column.key] = convert(column, cell, decimals)
    except BadValueError as issue:
        titles = {"column_zh": column.zh, "column_en": column.en}
        draft.add(issue.code, where, **titles, **issue.values)


def _look_for_twins(draft: Draft, table: Table) -> None:
    """Values that identify a row must not come twice."""
    for column in table.columns:
        if not column.unique:
            continue
        first: dict[str, Row] = {}
        for row in draft.complete(table.name, column.key):
            value = row.values[column.key]
            key = normal(str(value))
            if key in first:
                draft.add(
                    "plan.value_twice", row.at(column.key), value=value,
                    column_zh=column.zh, column_en=column.en, first=first[key].at(column.key),
                )  # fmt: skip
            else:
                first[key] = row


def _read_settings(draft: Draft, found: Found) -> None:
    if not {"item", "value"} <= found.columns.keys():
        return
    cells: dict[str, tuple[CellValue, str]] = {}
    for number, line in _cells(found):
        row = Row(found.grid.sheet, number, columns=dict(found.columns))
        written = line.get("item")
        if written is None:
            draft.add("plan.setting_unnamed", row.at("item"))
            continue
        item = _item(shown(written))
        if item is None:
            draft.warn("plan.setting_unknown", row.at("item"), item=shown(written))
        elif item.key in draft.setting_places:
            first = draft.setting_places[item.key]
            draft.add("plan.setting_twice", row.at("item"), item=shown(written), first=first)
        else:
            draft.setting_places[item.key] = row.at("value")
            if "value" in line:
                cells[item.key] = (line["value"], row.at("value"))
    _read_items(draft, cells, found.place)


def _item(written: str) -> Column | None:
    wanted = normal(written)
    return next((i for i in ITEMS if wanted in map(normal, (i.key, i.zh, i.en))), None)


def _read_items(draft: Draft, cells: Mapping[str, tuple[CellValue, str]], place: str) -> None:
    settings = draft.settings
    settings.update(defaults(Settings))
    decimals = _UNKNOWN_DECIMALS
    if "currency" in cells:
        cell, where = cells["currency"]
        _put(draft, settings, ITEM["currency"], cell, where, decimals)
        currency = find_currency(settings.get("currency", ""))
        if currency:
            settings["currency"], decimals = currency.code, currency.decimals
        elif "currency" in settings:
            draft.add("plan.unknown_currency", where, value=settings.pop("currency"))
    settings["decimals"] = decimals
    for item in ITEMS:
        if item.key in cells:
            cell, where = cells[item.key]
            if item.key != "currency":
                settings.pop(item.key, None)
                _put(draft, settings, item, cell, where, decimals)
        elif item.required:
            where = draft.setting_places.get(item.key, place)
            draft.add("plan.setting_missing", where, item_zh=item.zh, item_en=item.en)
    if "vat_included" in settings:
        settings["vat_included"] = settings["vat_included"] in ("yes", True)
