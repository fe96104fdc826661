"""How the sheets of an open workbook lie to the content that is to be written on them.

`lay_out` finds each sheet by its name ``salesxl_sheet_<key>`` (so a renamed tab is found), pairs
its rows with the content's, and says for each row of the sheet to be what it is: there already,
to be inserted, the user's, or to be removed. `Places.formula` brings a formula of the content to
those rows and tabs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import xlwings as xw

from salesxl.errors import fail
from salesxl.hosts.excel.macros.align import Slot, align, slots
from salesxl.hosts.excel.macros.record import TEXT, VALUE, Row, digest, row_marks, table_rows
from salesxl.ooxml.template.formula_parts import Ref, parse
from salesxl.ooxml.template.references import sheet_prefix
from salesxl.sheets.content import Book, ListTable, Sheet

NAME: Final = "salesxl_sheet_"  # defined name of a sheet, before its key
_LIKE_A_ROW: Final = 3  # filled cells from which an unknown row of ours may be removed


@dataclass
class Laid:
    """One sheet: the open one, its content, and its rows from 0 in their new order."""

    sheet: xw.Sheet
    content: Sheet
    slots: list[Slot]
    values: list[list[Any]]  # what stands there now, from A1
    formulas: list[list[str]]
    known: dict[int, Row]  # row now → what we last wrote there
    at: dict[int, int] = field(default_factory=dict)  # row of the content → row to be
    moved: dict[int, int] = field(default_factory=dict)  # row now → row to be
    bare: set[int] = field(default_factory=set)  # new rows like which there is none

    def __post_init__(self) -> None:
        for place, slot in enumerate(self.slots):
            if slot.row is not None:
                self.at[slot.row] = place
            if slot.old is not None:
                self.moved[slot.old] = place

    def final(self, place: int) -> int:
        """Where a row stands once the rows to be removed are gone."""
        return place - sum(slot.drop for slot in self.slots[:place])

    def value(self, old: int | None, col: int) -> Any:
        return _cell(self.values, old, col)

    def formula(self, old: int | None, col: int) -> str:
        found = _cell(self.formulas, old, col)
        return "" if found is None else str(found)


@dataclass(frozen=True)
class Places:
    """The sheets that were found, by key."""

    laid: Mapping[str, Laid]
    recorded: bool  # whether it is known what was last written

    def formula(self, text: str, home: Laid) -> str:
        """A formula of the content as it must stand in the workbook."""
        by_title = {laid.content.title: laid for laid in self.laid.values()}
        return _rewritten(text, home.content.title, by_title, lambda laid: laid.at)

    def moved(self, text: str, home: Laid) -> str:
        """A formula of the workbook once rows have been inserted."""
        by_title = {laid.sheet.name: laid for laid in self.laid.values()}
        return _rewritten(text, home.sheet.name, by_title, lambda laid: laid.moved)


def lay_out(
    book: xw.Book, content: Book, record: Mapping[str, Sequence[Row]], keys: Sequence[str] = ()
) -> Places:
    """All sheets of `content` that `book` has; SalesxlError where one of `keys` is missing."""
    laid = {}
    for sheet in content.sheets:
        if sheet.hidden:
            continue
        found = find_sheet(book, sheet.key)
        if found is not None:
            laid[sheet.key] = _lay_one(found, sheet, record.get(sheet.key))
        elif sheet.key in keys:
            raise fail("macros.no_sheet", book.name, sheet=sheet.title, key=sheet.key)
    return Places(laid, bool(record))


def find_sheet(book: xw.Book, key: str) -> xw.Sheet | None:
    """The sheet of that key, whatever its tab is called now."""
    name = f"{NAME}{key}"
    if name not in book.names:
        return None
    try:
        return book.names[name].refers_to_range.sheet
    except Exception:  # the name points at a deleted sheet
        return None


def _lay_one(sheet: xw.Sheet, content: Sheet, recorded: Sequence[Row] | None) -> Laid:
    values, formulas = _read(sheet)
    wanted = row_marks(content)
    tables = sorted(content.tables, key=lambda table: table.row)
    before = recorded
    if before is not None and any(table_rows(before, t.name) is None for t in tables):
        before = None
    made: list[Slot] = []
    known: dict[int, Row] = {}
    top = start = old = 0  # where the next part begins: now, in the content, in the record
    for table in tables:
        found = _table_of(sheet, table)
        head, body = found.range.row - 1, found.data_body_range
        was = (table_rows(before, table.name) if before is not None else None) or (0, 0)
        _part(made, known, values, (top, head), wanted, (start, table.row), before,
              (old, was[0]))  # fmt: skip
        made.append(Slot(head, table.row))
        now, rows = body.shape[0] if body is not None else 0, max(1, len(table.rows))
        made += _body(head + 1, now, table.row + 1, rows)
        top, start, old = head + 1 + now, table.row + 1 + rows, was[1] + 1
    _part(made, known, values, (top, len(values)), wanted, (start, len(wanted)), before,
          (old, len(before) if before is not None else 0))  # fmt: skip
    return Laid(sheet, content, made, values, formulas, known)


def _body(top: int, now: int, start: int, rows: int) -> list[Slot]:
    """A table's rows. New ones go before the last: inside the table, which grows with them."""
    if rows <= now:
        kept = [Slot(top + i, start + i) for i in range(rows)]
        return kept + [Slot(top + i, None, drop=True) for i in range(rows, now)]
    olds: list[int | None] = [top + i for i in range(now)]
    place = max(0, now - 1)
    olds[place:place] = [None] * (rows - now)
    return [Slot(old, start + i) for i, old in enumerate(olds)]


def _part(
    made: list[Slot],
    known: dict[int, Row],
    values: Sequence[Sequence[Any]],
    now: tuple[int, int],
    wanted: Sequence[Row],
    rows: tuple[int, int],
    before: Sequence[Row] | None,
    old: tuple[int, int],
) -> None:
    """The rows between two tables (or the whole sheet): now, in the record, in the content."""
    count, new = max(0, now[1] - now[0]), max(0, rows[1] - rows[0])

    def here(index: int) -> Sequence[Any]:
        return values[now[0] + index]

    if before is None:
        pairs = align(count, new, lambda i, j: _shows(here(i), wanted[rows[0] + j]))
        follows = {index: index for index in range(new)}
        gone = {i: new + i for i in range(count) if i not in pairs and _is_list_row(here(i))}
        made += slots(count, {**pairs, **gone}, follows, new, now[0], rows[0])
        return
    last = max(0, old[1] - old[0])
    pairs = align(count, last, lambda i, j: _shows(here(i), before[old[0] + j]))
    follows = align(last, new, lambda i, j: _same(before[old[0] + i], wanted[rows[0] + j]))
    for index, recorded in pairs.items():
        known[now[0] + index] = before[old[0] + recorded]
    made += slots(count, pairs, follows, new, now[0], rows[0])


def _shows(cells: Sequence[Any], row: Row) -> bool:
    """Whether a row of the sheet shows the texts of that row (one without texts: anything)."""
    texts = {col: mark for col, mark in row.items() if mark.kind == TEXT}
    if not texts:
        blank = all(cell in (None, "") for cell in cells)
        # Formulas and inputs may show nothing; figures do.
        return (blank if not row else True) and not (
            blank and any(mark.kind == VALUE for mark in row.values())
        )
    return all(col < len(cells) and digest(cells[col]) == mark.hash for col, mark in texts.items())


def _same(left: Row, right: Row) -> bool:
    """Whether two rows of content carry the same texts."""
    return bool(left) == bool(right) and (
        {c: m.hash for c, m in left.items() if m.kind == TEXT}
        == {c: m.hash for c, m in right.items() if m.kind == TEXT}
    )


def _is_list_row(cells: Sequence[Any]) -> bool:
    return sum(cell not in (None, "") for cell in cells) >= _LIKE_A_ROW


def _table_of(sheet: xw.Sheet, table: ListTable) -> Any:
    for found in sheet.tables:
        if found.name.casefold() == table.name.casefold():
            return found
    raise fail("macros.no_table", sheet.name, table=table.name)


def _read(sheet: xw.Sheet) -> tuple[list[list[Any]], list[list[str]]]:
    """Values and formulas from A1 to the last used cell."""
    used = sheet.used_range
    last = (used.row + used.shape[0] - 1, used.column + used.shape[1] - 1)
    area = sheet.range((1, 1), last)
    values = area.options(ndim=2, err_to_str=True).value
    return values, two_dimensional(area.formula, last)


def two_dimensional(found: Any, shape: tuple[int, int]) -> list[list[Any]]:
    """What xlwings answers for one cell, a row, a column or a block, as rows.

    >>> two_dimensional("=A1", (1, 1))
    [['=A1']]
    """
    if shape == (1, 1):
        return [[found]]
    rows = [list(row) if isinstance(row, list | tuple) else [row] for row in found]
    if shape[0] == 1 and len(rows) == shape[1] and all(len(row) == 1 for row in rows):
        return [[row[0] for row in rows]]
    return rows


def _cell(rows: Sequence[Sequence[Any]], row: int | None, col: int) -> Any:
    if row is None or row >= len(rows) or col >= len(rows[row]):
        return None
    return rows[row][col]


def _rewritten(text: str, home: str, sheets: Mapping[str, Laid], rows: Any) -> str:
    out = []
    for part in parse(text):
        if isinstance(part, str):
            out.append(part)
            continue
        title = part.sheets[0] if part.sheets else home
        laid = sheets.get(title)
        out.append(part.text if laid is None else _placed(part, laid, rows(laid)))
    return "".join(out)


def _placed(ref: Ref, laid: Laid, rows: Mapping[int, int]) -> str:
    prefix = sheet_prefix(laid.sheet.name) if ref.sheets else ""
    if not ref.row:
        return prefix + ref.body
    body = f"{ref.col}{ref.fixed}{_row(ref.row, rows)}"
    if ref.kind in ("area", "rows"):
        body += f":{ref.col2}{ref.fixed2}{_row(ref.row2, rows)}"
    return prefix + body


def _row(number: int, rows: Mapping[int, int]) -> int:
    """Row `number` (from 1) where it is now; beyond the known rows it moves with the last."""
    found = rows.get(number - 1)
    if found is not None:
        return found + 1
    last = max((row for row in rows if row < number - 1), default=None)
    return number if last is None else rows[last] + number - last
