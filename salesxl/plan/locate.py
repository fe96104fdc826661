"""Where the plan's tables are in a workbook.

First by the Excel table's name. A file saved by a tool that drops tables is searched for
a row holding a table's headers. Copies of a table (a sheet copied in Excel gives ``people2``)
are reported, never read in silence beside the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesxl.errors import Problem
from salesxl.opc.cells import Grid, reference, split_reference
from salesxl.opc.package import TablePart
from salesxl.plan.draft import names
from salesxl.plan.model import TABLE, TABLES
from salesxl.plan.schema import Column, Table
from salesxl.plan.values import normal

# A header row counts as a table's when it holds this part of the table's columns.
LIKENESS = 0.5
_TITLE_ROWS = 200  # how far down a sheet a header row is looked for


@dataclass(frozen=True)
class Found:
    """A table's place: its header row, the rows of data, the column of each field."""

    table: Table
    grid: Grid
    header_row: int
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    place: str
    totals_last: bool = False  # a total may stand in the last row (no Excel table to tell)


def column_of(table: Table, header: str) -> Column | None:
    """The column a header means: its zh title, en title or key."""
    wanted = normal(header)
    for column in table.columns:
        if wanted and wanted in (normal(column.zh), normal(column.en), normal(column.key)):
            return column
    return None


def locate(
    tables: Sequence[TablePart], grids: Mapping[str, Grid]
) -> tuple[dict[str, Found], list[Problem]]:
    """Table name → place, and the problems with copies and repeated columns."""
    found: dict[str, Found] = {}
    problems: list[Problem] = []
    copies: list[TablePart] = []
    for part in tables:
        table = TABLE.get(part.name.casefold())
        if table is None:
            copies.append(part)
        elif table.name in found:
            problems.append(_twice(table, found[table.name].place, part.place))
        elif (place := _in_table(table, part, grids[part.sheet], problems)) is not None:
            found[table.name] = place
    for part in copies:
        table = _copied(part)
        if table is None:
            continue
        if table.name in found:
            problems.append(_twice(table, found[table.name].place, part.place))
        elif (place := _in_table(table, part, grids[part.sheet], problems)) is not None:
            found[table.name] = place
    taken = {(t.sheet, row) for t in tables for row in _rows(t.ref)}
    for place in _by_headers(grids.values(), taken, problems):
        if place.table.name in found:
            first = found[place.table.name].place
            problems.append(_twice(place.table, first, place.place))
        else:
            found[place.table.name] = place
    return found, problems


def _twice(table: Table, first: str, second: str) -> Problem:
    return Problem("plan.table_twice", second, {**names(table), "first": first})


def _corners(ref: str) -> tuple[int, int, int, int] | None:
    start, _, end = ref.partition(":")
    first, last = split_reference(start), split_reference(end or start)
    return (*first, *last) if first and last else None


def _rows(ref: str) -> range:
    corners = _corners(ref)
    return range(corners[0], corners[2] + 1) if corners else range(0)


def _copied(part: TablePart) -> Table | None:
    """The known table whose name, with a number behind it, and headers `part` has."""
    base = re.sub(r"[_ ]?\d+$", "", part.name.casefold())
    table = TABLE.get(base)
    if table is None or base == part.name.casefold():
        return None
    matched = sum(column_of(table, header) is not None for header in part.columns)
    return table if matched / len(table.columns) > LIKENESS else None


def _in_table(table: Table, part: TablePart, grid: Grid, problems: list[Problem]) -> Found | None:
    corners = _corners(part.ref)
    if corners is None:
        problems.append(Problem("plan.table_without_range", part.place, names(table)))
        return None
    top, left, bottom, right = corners
    headers: dict[int, str] = {}
    for offset, col in enumerate(range(left, right + 1)):
        written = grid.value(top, col) if part.header_row else None
        stated = part.columns[offset] if offset < len(part.columns) else ""
        headers[col] = written if isinstance(written, str) else stated
    last = bottom - part.totals_row
    columns = _match(table, headers, grid.sheet, top, problems)
    first = top + part.header_row
    # A row typed directly beneath belongs to the table even if the table did not grow.
    below = bottom + 1
    if part.totals_row or not any(grid.value(below, col) is not None for col in columns.values()):
        return Found(table, grid, top, first, last, columns, part.place)
    while any(grid.value(below, col) is not None for col in columns.values()):
        below += 1
    return Found(table, grid, top, first, below - 1, columns, part.place)


def _match(
    table: Table, headers: Mapping[int, str], sheet: str, row: int, problems: list[Problem]
) -> dict[str, int]:
    columns: dict[str, int] = {}
    for col, header in headers.items():
        column = column_of(table, header)
        if column is None:
            continue
        if column.key in columns:
            problems.append(
                Problem(
                    "plan.column_twice",
                    f"{sheet}!{reference(row, col)}",
                    {"column": header, "first": reference(row, columns[column.key])},
                )
            )
        else:
            columns[column.key] = col
    return columns


def _by_headers(
    grids: Iterable[Grid], taken: set[tuple[str, int]], problems: list[Problem]
) -> list[Found]:
    """Header rows outside all Excel tables, with their data down to the next header row."""
    places: list[Found] = []
    for grid in grids:
        heads: list[tuple[int, Table, dict[int, str]]] = []
        for row in sorted(grid.rows)[:_TITLE_ROWS]:
            if (grid.sheet, row) in taken:
                continue
            headers = {c: v for c, v in grid.rows[row].items() if isinstance(v, str)}
            table = _headed(headers, grid.sheet)
            if table is not None:
                heads.append((row, table, headers))
        for index, (row, table, headers) in enumerate(heads):
            end = heads[index + 1][0] - 1 if index + 1 < len(heads) else max(grid.rows)
            columns = _match(table, headers, grid.sheet, row, problems)
            last = max(
                (r for r in grid.rows if row < r <= end and columns.values() & grid.rows[r].keys()),
                default=row,
            )
            left, right = min(columns.values()), max(columns.values())
            place = f"{grid.sheet}!{reference(row, left)}:{reference(last, right)}"
            places.append(Found(table, grid, row, row + 1, last, columns, place, True))
    return places


def _headed(headers: Mapping[int, str], sheet: str) -> Table | None:
    """The table whose header row this is: the best likeness, the sheet's own table first."""
    best: tuple[bool, float, int] = (False, 0.0, 0)
    chosen: Table | None = None
    title = normal(sheet)
    for table in TABLES:
        matched = {c.key for h in headers.values() if (c := column_of(table, h))}
        likeness = len(matched) / len(table.columns)
        own = title in (normal(table.zh), normal(table.en), normal(table.name))
        whole = all(c.key in matched for c in table.columns if c.required)
        if len(matched) < 2 or likeness < LIKENESS or not (own or whole):
            continue
        rank = (own, likeness, len(matched))
        if rank > best:
            best, chosen = rank, table
    return chosen
