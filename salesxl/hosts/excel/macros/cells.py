"""The cells of one sheet that have to be written so that it holds its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import xlwings as xw

from salesxl.errors import Problem
from salesxl.hosts.excel.macros.layout import Laid, Places
from salesxl.hosts.excel.macros.record import (
    END,
    FORMULA,
    HEAD,
    INPUT,
    MERGED,
    digest,
    look_digest,
    same,
)
from salesxl.hosts.excel.macros.steps import (
    Changes,
    Dress,
    Enter,
    Paint,
    Put,
    Step,
    entered,
    plain,
)
from salesxl.opc.cells import reference
from salesxl.sheets.content import Book, Formula, Function, ListTable, Look, Rich, Value


def width(laid: Laid) -> int:
    return max((len(line) for line in laid.values), default=0)


def entry(laid: Laid, places: Places, old: int | None, col: int) -> Any:
    """What a cell holds now, as it must be entered to be there again once rows have moved."""
    formula = laid.formula(old, col)
    if formula.startswith("=") and is_formula(laid.value(old, col), formula):
        return places.moved(formula, laid)
    return entered(laid.value(old, col))


def is_formula(value: Any, formula: str) -> bool:
    """Whether the cell calculates: a text may begin with ``=`` too."""
    return not (isinstance(value, str) and value == formula)


class Cells:
    """The cells of one sheet that have to be written."""

    def __init__(self, laid: Laid, places: Places, made: Changes, book: Book) -> None:
        self.laid, self.places, self.made, self.book = laid, places, made, book
        self.writes: dict[tuple[int, int], tuple[Any, Any]] = {}
        self.painted: list[Paint | Dress] = []
        self.models: dict[Look, tuple[int, int]] = {}

    def work(self) -> None:
        laid, content = self.laid, self.laid.content
        taken = self._functions()
        tables = {
            (row, table.col + offset)
            for table in content.tables
            for row in range(table.row, table.row + 1 + max(1, len(table.rows)))
            for offset in range(len(table.columns))
        }
        shown: set[tuple[int, int]] = set()
        for cell in content.cells:
            place = (laid.at.get(cell.row, -1), cell.col)
            if place[0] < 0 or place in taken or (cell.row, cell.col) in tables:
                continue
            if cell.value is None:
                if place[0] in laid.bare:
                    self._paint(place, cell.look)
                continue
            shown.add(place)
            self._cell(place, cell.value, cell.look)
        for table in content.tables:
            self._table(table)
        self._clear(shown | taken)
        self.made.paints += self.painted
        self.made.steps += _blocks(laid.sheet, self.writes)
        self.made.steps += self.entered

    def _functions(self) -> set[tuple[int, int]]:
        """Areas that hold one of our functions: kept, or entered anew where they changed."""
        laid = self.laid
        taken: set[tuple[int, int]] = set()
        self.entered: list[Step] = []
        if not laid.sheet.book.name.lower().endswith((".xlsm", ".xlsb")):
            return taken  # a workbook without macros has none of our functions
        for function in laid.content.functions:
            if not self._calls(function):
                continue
            top, left, bottom, right = function.area
            rows = [laid.at.get(row) for row in range(top, bottom + 1)]
            places = [row for row in rows if row is not None]
            area = (places[0], left, places[-1], right)
            taken |= {(row, col) for row in range(area[0], area[2] + 1)
                      for col in range(left, right + 1)}  # fmt: skip
            text = self.places.formula(function.text, laid)
            old = laid.formula(laid.slots[area[0]].old, left)
            grown = any(laid.slots[row].old is None for row in range(area[0], area[2] + 1))
            moved = self.places.moved(old, laid)
            if plain(moved) == plain(text) and not grown:
                continue
            if function.array:
                if grown and old:  # no row goes into an array formula: taken away before
                    self.made.steps.insert(0, Enter(laid.sheet, _old_area(laid, area), "", old))
                self.entered.append(Enter(laid.sheet, area, text, moved))
            else:
                self.writes[area[0], left] = (text, moved)
        return taken

    def _calls(self, function: Function) -> bool:
        """Whether the function stands in its place; in new rows, whether it does elsewhere."""
        laid, col = self.laid, function.area[1]
        start = f"={function.text.lstrip('=').split('(')[0].casefold()}("
        places = [laid.at.get(row) for row in range(function.area[0], function.area[2] + 1)]
        olds = [laid.slots[place].old for place in places if place is not None]
        here = [laid.formula(old, col) for old in olds if old is not None]
        looked = here or [line[col] for line in laid.formulas if col < len(line)]
        return any(str(formula).casefold().startswith(start) for formula in looked)

    def _cell(self, place: tuple[int, int], value: Value, look: Look) -> None:
        laid, (row, col) = self.laid, place
        old = laid.slots[row].old
        formula, now = laid.formula(old, col), laid.value(old, col)
        calculates = formula.startswith("=") and is_formula(now, formula)
        known = laid.known.get(old, {}).get(col) if old is not None else None
        if self.places.recorded and old is not None and known is None and old in laid.known:
            if now not in (None, ""):
                where = f"{laid.sheet.name}!{reference(old, col)}"
                self.made.blocked.append(Problem("macros.in_the_way", where))
                return
            self._paint(place, look)
        elif row in laid.bare or (known and known.look and known.look != look_digest(look)):
            self._paint(place, look)
        else:
            self.models.setdefault(look, place)
        if isinstance(value, Formula):
            text = self.places.formula(value.text, laid)
            moved = self._moved(formula) if calculates else None
            if moved is None or plain(moved) != plain(text):
                self.writes[place] = (text, moved if calculates else entered(now))
            return
        if calculates:
            own = look.style == "input" if known is None else known.kind != FORMULA
            if own:
                return  # the user's formula where we had, or would have, a figure
            moved = self._moved(formula)
            self.writes[place] = (entered(_plain_value(value)), moved)
            return
        new = _plain_value(value)
        if same(now, new):
            return
        if known is not None and known.kind == INPUT and digest(now) != known.hash:
            self.made.typed.append(f"{laid.sheet.name}!{reference(old or 0, col)}")
        self.writes[place] = (entered(new), entered(now))

    def _moved(self, formula: str) -> str:
        return self.places.moved(formula, self.laid)

    def _paint(self, place: tuple[int, int], look: Look) -> None:
        """The look of a cell that had none, or another: as a cell of ours beside it, or made."""
        sheet, book, col = self.laid.sheet, self.book, place[1]
        row = self.laid.final(place[0])
        model = self.models.get(look)
        if model is not None:
            self.painted.append(Paint(sheet, row, col, (self.laid.final(model[0]), model[1])))
            return
        last = self.painted[-1] if self.painted else None
        if isinstance(last, Dress) and (last.row, last.look, last.col + last.width) == (
            row, look, col,
        ):  # fmt: skip
            self.painted[-1] = replace(last, width=last.width + 1)
            return
        self.painted.append(
            Dress(sheet, row, col, 1, look, book.lang, book.currency, book.decimals)
        )

    def _table(self, table: ListTable) -> None:
        laid = self.laid
        columns = self._columns(table)
        for offset, line in enumerate(table.rows):
            row = laid.at[table.row + 1 + offset]
            old = laid.slots[row].old
            for (col, column), value in zip(columns, line, strict=True):
                formula, now = laid.formula(old, col), laid.value(old, col)
                calculates = formula.startswith("=") and is_formula(now, formula)
                if calculates:
                    continue
                if column.formula:
                    self.writes[row, col] = (column.formula, entered(now))
                elif not same(now, value):
                    self.writes[row, col] = (entered(value), entered(now))
        if not table.rows:
            for col, _ in columns:
                row = laid.at[table.row + 1]
                now = laid.value(laid.slots[row].old, col)
                if now not in (None, "") and not laid.formula(laid.slots[row].old, col).startswith(
                    "="
                ):
                    self.writes[row, col] = (None, entered(now))

    def _columns(self, table: ListTable) -> list[tuple[int, Any]]:
        """Where each column stands now: by its title, else where it was made."""
        laid = self.laid
        head = laid.slots[laid.at[table.row]].old
        titles = {
            str(laid.value(head, col)): col
            for col in range(width(laid) - 1, -1, -1)
            if laid.value(head, col) not in (None, "")
        }
        return [
            (titles.get(column.title, table.col + offset), column)
            for offset, column in enumerate(table.columns)
        ]

    def _clear(self, shown: set[tuple[int, int]]) -> None:
        """What we wrote last time and have no more: blank again."""
        laid = self.laid
        for old, row in laid.known.items():
            place = laid.moved.get(old, old)
            if laid.slots[place].drop if place < len(laid.slots) else False:
                continue
            for col, mark in row.items():
                if mark.kind in (HEAD, END, MERGED) or (place, col) in shown:
                    continue
                now = laid.value(old, col)
                if now in (None, "") and not laid.formula(old, col):
                    continue
                self.writes.setdefault((place, col), (None, entry(laid, self.places, old, col)))


def _old_area(laid: Laid, area: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    olds = [slot.old for slot in laid.slots[area[0] : area[2] + 1] if slot.old is not None]
    return (olds[0], area[1], olds[-1], area[3])


def _plain_value(value: Value) -> Any:
    return value.text if isinstance(value, Rich) else value


def _blocks(sheet: xw.Sheet, writes: Mapping[tuple[int, int], tuple[Any, Any]]) -> list[Step]:
    """The cells as few rectangles: runs in a row, joined downwards where they are as wide."""
    runs: list[tuple[int, int, list[Any], list[Any]]] = []
    for row, col in sorted(writes):
        new, old = writes[row, col]
        if runs and runs[-1][0] == row and runs[-1][1] + len(runs[-1][2]) == col:
            runs[-1][2].append(new)
            runs[-1][3].append(old)
        else:
            runs.append((row, col, [new], [old]))
    made: list[Put] = []
    open_: dict[tuple[int, int], Put] = {}  # (column, width) → the block it may join
    for row, col, new_cells, old_cells in runs:
        above = open_.get((col, len(new_cells)))
        if above is not None and above.row + len(above.rows) == row:
            above.rows.append(new_cells)
            above.old.append(old_cells)
        else:
            block = Put(sheet, row, col, [new_cells], [old_cells])
            open_[col, len(new_cells)] = block
            made.append(block)
    return list(made)
