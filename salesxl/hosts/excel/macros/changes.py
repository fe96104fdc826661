"""What has to change in an open workbook so that it holds some content: worked out, not yet done.

A change is a list of steps in the order in which they are done: rows to insert, cells to write,
rows to remove. Left alone are cells that hold what they should, formulas of the user's own where
the content has a figure, and whatever the content has no place for. Where the user's own cell
stands in a place the content needs, nothing is changed and the cell is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlwings as xw

from salesxl.errors import Problem
from salesxl.hosts.excel.macros.layout import Laid, Places
from salesxl.hosts.excel.macros.record import FORMULA, INPUT, digest, same
from salesxl.ooxml.template.formula_parts import Ref, parse
from salesxl.opc.cells import reference
from salesxl.sheets.content import Formula, Function, ListTable, Look, Rich, Sheet, Value

_GUESSED: Final = frozenset("'=+-@.,()$€£¥￥0123456789%")


@dataclass(frozen=True)
class Insert:
    """`count` rows before row `row` (from 0)."""

    sheet: xw.Sheet
    row: int
    count: int


@dataclass(frozen=True)
class Like:
    """`count` new rows from `row` look like row `model`."""

    sheet: xw.Sheet
    row: int
    count: int
    model: int


@dataclass(frozen=True)
class Put:
    """A block of values and formulas from (`row`, `col`), and what stood there before."""

    sheet: xw.Sheet
    row: int
    col: int
    rows: list[list[Any]]
    old: list[list[Any]]


@dataclass(frozen=True)
class Paint:
    """A cell that is new to the sheet looks like the cell at `model`."""

    sheet: xw.Sheet
    row: int
    col: int
    model: tuple[int, int]


@dataclass(frozen=True)
class Enter:
    """An array formula for an area; blank takes one away."""

    sheet: xw.Sheet
    area: tuple[int, int, int, int]
    text: str
    old: str


@dataclass(frozen=True)
class Remove:
    """`count` rows from `row` are taken out; `old` their formulas."""

    sheet: xw.Sheet
    row: int
    count: int
    old: list[list[Any]]


Step = Insert | Like | Put | Paint | Enter | Remove


@dataclass
class Changes:
    """The steps; `blocked` names cells in the way, `typed` inputs typed over on result sheets."""

    steps: list[Step] = field(default_factory=list)
    blocked: list[Problem] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    paints: list[Paint] = field(default_factory=list)

    @property
    def cells(self) -> int:
        """How many cells are written."""
        puts = [step for step in self.steps if isinstance(step, Put)]
        return sum(len(row) for put in puts for row in put.rows)


def changes_for(places: Places, keys: Iterable[str] = ()) -> Changes:
    """The changes that bring these sheets (all, where none is named) to their content."""
    wanted = set(keys)
    chosen = [laid for key, laid in places.laid.items() if not wanted or key in wanted]
    # Rows move on the chosen sheets only; the others' formulas still point at them.
    for key, laid in places.laid.items():
        if wanted and key not in wanted:
            _stay(laid)
    made = Changes()
    for laid in chosen:
        _inserts(laid, made)
    for laid in chosen:
        _Cells(laid, places, made).work()
    made.steps += made.paints
    for laid in chosen:
        _removals(laid, places, made)
    return made


def _stay(laid: Laid) -> None:
    """A sheet that is not written: its rows are where they are."""
    kept = {slot.row: slot.old for slot in laid.slots if slot.row is not None}
    laid.at = {row: old for row, old in kept.items() if old is not None}
    laid.moved = {}


def _inserts(laid: Laid, made: Changes) -> None:
    looks = _row_looks(laid.content)
    fresh = [place for place, slot in enumerate(laid.slots) if slot.old is None]
    made.steps += [Insert(laid.sheet, row, count) for row, count in _runs(fresh)]
    models: list[tuple[int, int, int]] = []  # row, count, model
    for row in fresh:
        if models and models[-1][0] + models[-1][1] == row and _alike(laid, looks, row):
            models[-1] = (models[-1][0], models[-1][1] + 1, models[-1][2])
            continue
        models.append((row, 1, _model(laid, looks, row)))
    made.steps += [Like(laid.sheet, row, count, model) for row, count, model in models]


def _alike(laid: Laid, looks: Mapping[int, Any], place: int) -> bool:
    """Whether a row is to look like the one above it."""
    row, above = laid.slots[place].row, laid.slots[place - 1].row
    if row is None or above is None:
        return False
    return bool(looks.get(row) == looks.get(above))


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Rows in order as (first, count)."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and sum(found[-1]) == row:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((row, 1))
    return found


def _row_looks(content: Sheet) -> dict[int, tuple[tuple[int, Look], ...]]:
    found: dict[int, list[tuple[int, Look]]] = {}
    for cell in content.cells:
        found.setdefault(cell.row, []).append((cell.col, cell.look))
    for table in content.tables:
        line = [(table.col + i, column.look) for i, column in enumerate(table.columns)]
        for row in range(table.row + 1, table.row + 1 + max(1, len(table.rows))):
            found[row] = line
    return {row: tuple(sorted(line, key=lambda pair: pair[0])) for row, line in found.items()}


def _model(laid: Laid, looks: Mapping[int, Any], place: int) -> int:
    """The nearest row that is there already and looks as the new one should."""
    row = laid.slots[place].row
    wanted = looks.get(-1 if row is None else row)
    reach = max(place, len(laid.slots) - place)
    for distance in range(1, reach):
        for other in (place - distance, place + distance):
            if not 0 <= other < len(laid.slots) or laid.slots[other].old is None:
                continue
            content_row = laid.slots[other].row
            if content_row is not None and looks.get(content_row) == wanted:
                return other
    return max(0, place - 1)


def _removals(laid: Laid, places: Places, made: Changes) -> None:
    gone = [place for place, slot in enumerate(laid.slots) if slot.drop]
    for first, count in reversed(_runs(gone)):
        old = [
            [_entry(laid, places, laid.slots[row].old, col) for col in range(_width(laid))]
            for row in range(first, first + count)
        ]
        made.steps.append(Remove(laid.sheet, first, count, old))


def _width(laid: Laid) -> int:
    return max((len(line) for line in laid.values), default=0)


def _entry(laid: Laid, places: Places, old: int | None, col: int) -> Any:
    """What a cell holds now, as it must be entered to be there again once rows have moved."""
    formula = laid.formula(old, col)
    if formula.startswith("=") and _is_formula(laid.value(old, col), formula):
        return places.moved(formula, laid)
    return entered(laid.value(old, col))


def _is_formula(value: Any, formula: str) -> bool:
    """Whether the cell calculates: a text may begin with ``=`` too."""
    return not (isinstance(value, str) and value == formula)


def entered(value: Any) -> Any:
    """A value as Excel must be given it, so that a text stays the text it is.

    >>> entered("007"), entered(Decimal("1.50")), entered("Total")
    ("'007", 1.5, 'Total')
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        # What starts like a number, a date or a formula would be read as one.
        return f"'{value}" if value[0] in _GUESSED or _is_word(value) else value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return float(value) if isinstance(value, int | float | Decimal) else value


def _is_word(value: str) -> bool:
    """TRUE, month names with a number and the like, which Excel turns into something else."""
    word = value.strip().casefold()
    return word in ("true", "false") or (len(word) < 20 and any(c.isdigit() for c in word))


class _Cells:
    """The cells of one sheet that have to be written."""

    def __init__(self, laid: Laid, places: Places, made: Changes) -> None:
        self.laid, self.places, self.made = laid, places, made
        self.writes: dict[tuple[int, int], tuple[Any, Any]] = {}
        self.painted: list[Paint] = []
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
        laid, taken = self.laid, set()
        self.entered: list[Step] = []
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
                if grown:  # rows cannot be inserted into an array formula: taken away before
                    self.made.steps.insert(0, Enter(laid.sheet, _old_area(laid, area), "", old))
                self.entered.append(Enter(laid.sheet, area, text, moved))
            else:
                self.writes[area[0], left] = (text, moved)
        return taken

    def _calls(self, function: Function) -> bool:
        """Whether the function stands in its place in this workbook."""
        laid = self.laid
        name = function.text.lstrip("=").split("(")[0].casefold()
        for row in range(function.area[0], function.area[2] + 1):
            place = laid.at.get(row)
            old = None if place is None else laid.slots[place].old
            if laid.formula(old, function.area[1]).casefold().startswith(f"={name}("):
                return True
        return False

    def _cell(self, place: tuple[int, int], value: Value, look: Look) -> None:
        laid, (row, col) = self.laid, place
        old = laid.slots[row].old
        formula, now = laid.formula(old, col), laid.value(old, col)
        calculates = formula.startswith("=") and _is_formula(now, formula)
        known = laid.known.get(old, {}).get(col) if old is not None else None
        if self.places.recorded and old is not None and known is None and old in laid.known:
            if now not in (None, ""):
                where = f"{laid.sheet.name}!{reference(old, col)}"
                self.made.blocked.append(Problem("macros.in_the_way", where))
                return
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
        model = self.models.get(look)
        if model is not None:
            self.painted.append(Paint(self.laid.sheet, *place, model))

    def _table(self, table: ListTable) -> None:
        laid = self.laid
        columns = self._columns(table)
        for offset, line in enumerate(table.rows):
            row = laid.at[table.row + 1 + offset]
            old = laid.slots[row].old
            for (col, column), value in zip(columns, line, strict=True):
                formula, now = laid.formula(old, col), laid.value(old, col)
                calculates = formula.startswith("=") and _is_formula(now, formula)
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
            for col in range(_width(laid) - 1, -1, -1)
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
                if mark.kind in ("h", "e") or (place, col) in shown:
                    continue
                now = laid.value(old, col)
                if now in (None, "") and not laid.formula(old, col):
                    continue
                self.writes.setdefault((place, col), (None, _entry(laid, self.places, old, col)))


def _old_area(laid: Laid, area: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    olds = [slot.old for slot in laid.slots[area[0] : area[2] + 1] if slot.old is not None]
    return (olds[0], area[1], olds[-1], area[3])


def _plain_value(value: Value) -> Any:
    return value.text if isinstance(value, Rich) else value


def plain(formula: str) -> str:
    """A formula for comparing: as Excel may write it back.

    >>> plain("='Targets'!$B$2 + 1") == plain("=Targets!$B$2+1")
    True
    """
    parts = []
    for part in parse(formula):
        if isinstance(part, Ref):
            sheets = ":".join(part.sheets)
            parts.append(f"{sheets}!{part.body}" if sheets else part.body)
        else:
            parts.append(part if '"' in part else part.replace(" ", ""))
    return "".join(parts).casefold()


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


__all__: Sequence[str] = ("Changes", "changes_for", "entered", "plain")
