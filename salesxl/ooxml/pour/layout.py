"""How the rows and columns of a content stand in a template: which row is made from which.

Rows a person inserted are written once, where they were: before the first row of the
content that comes after them in the template. What a person deleted is written all the
same, hidden, as formulas elsewhere may need it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from salesxl.ooxml.pour.beside import BLANK
from salesxl.ooxml.pour.follow import PouredMoves, side_by_side
from salesxl.ooxml.pour.grid import Grid, grid_of
from salesxl.ooxml.pour.kinds import RowKind, align, sides
from salesxl.ooxml.pour.relocate import Place
from salesxl.ooxml.pour.target import TargetSheet
from salesxl.sheets.content import Formula, Sheet
from salesxl.texts import Lang


class Line(NamedTuple):
    """One row of the filled sheet; all numbers from 0."""

    content: int | None  # row of the content; None: the person's own row
    kind: int | None  # row of the template as it was made
    row: int | None  # row of the template now; None: deleted, or of a kind it lacks
    right_kind: int | None = None  # the same of a second block beside the first
    right_row: int | None = None

    def beside(self) -> Line:
        """The line as the second block has it."""
        return Line(self.content, self.right_kind, self.right_row)


@dataclass(frozen=True)
class Layout:
    """A sheet's rows from top to bottom, and where everything has gone."""

    sheet: Sheet
    target: TargetSheet
    grid: Grid
    lines: Sequence[Line]
    place: Place  # content → filled sheet
    moves: PouredMoves  # template → filled sheet
    right_moves: PouredMoves  # the same of a second block beside the first
    hidden: frozenset[int]  # columns that are written although a person deleted them
    strange: int  # rows of kinds the template lacks


def lay_out(sheet: Sheet, target: TargetSheet, lang: Lang) -> Layout:
    """The layout of one sheet."""
    grid = grid_of(sheet)
    blocks = sides(sheet, lang, grid)
    known = (target.record.rows, target.record.beside)
    found = [align(kinds, rows) for kinds, rows in zip(blocks, known, strict=False)]
    last = max(target.rows.values(), default=-1)
    cols, hidden = _columns(sheet, target, grid)
    lines = _lines(found, target, _whole_tables(sheet, blocks, grid))
    rows = [0] * len(blocks[0])
    for number, line in enumerate(lines):
        if line.content is not None:
            rows[line.content] = number
    moves = [
        _moves([line if n == 0 else line.beside() for line in lines], last)
        for n in range(len(found))
    ]
    if len(moves) > 1:
        side_by_side(moves[0], moves[1], right_columns(target))
    return Layout(
        sheet, target, grid, lines, Place(target.title, rows, cols), moves[0], moves[-1], hidden,
        _strange(blocks, found),
    )  # fmt: skip


def _whole_tables(
    sheet: Sheet, blocks: Sequence[Sequence[RowKind]], grid: Grid
) -> list[bool]:  # fmt: skip
    """For each row of the content, and the end, whether a row may come in before it.

    A lookup in a table of the second block wants the table in one piece: engines differ in
    what they find where a blank row parts it.
    """
    open_ = [True] * (len(blocks[0]) + 1)
    if len(blocks) < 2 or not any(
        type(value) is Formula and "MATCH(" in value.text
        for line in grid.values()
        for _, value in line.values()
    ):
        return open_
    first = min(sheet.beside)
    for row in range(1, len(blocks[1])):
        here, above = blocks[1][row], blocks[1][row - 1]
        look = grid.get(row, {}).get(first)
        heads = look is not None and look[0].style == "section"
        open_[row] = here.empty or above.empty or here.whole or above.whole or heads
    return open_


def _nearest(is_open: Sequence[bool], at: int) -> int:
    for away in range(len(is_open)):
        for number in (at + away, at - away):
            if 0 <= number < len(is_open) and is_open[number]:
                return number
    return at


def _lines(
    found: Sequence[Sequence[int | None]], target: TargetSheet, is_open: Sequence[bool]
) -> list[Line]:  # fmt: skip
    """The rows of the content with the person's own before the first that comes after them."""

    def now(kind: int | None) -> int | None:
        return None if kind is None else target.rows.get(kind)

    made = [
        Line(number, *(value for kind in kinds for value in (kind, now(kind))))
        for number, kinds in enumerate(zip(*found, strict=True))
    ]
    highest: list[list[int]] = []  # for each block the furthest template row so far
    for block in range(len(found)):
        far, so_far = -1, []
        for line in made:
            row = line.row if block == 0 else line.right_row
            far = far if row is None else max(far, row)
            so_far.append(far)
        highest.append(so_far)
    own: dict[int, list[Line]] = {}
    for line, block, row in _own(target):
        at = _nearest(is_open, bisect_right(highest[block], row))
        own.setdefault(at, []).append(line)
    lines: list[Line] = []
    for number in range(len(made) + 1):
        lines += own.get(number, ())
        lines += made[number : number + 1]
    return lines


def _own(target: TargetSheet) -> Iterator[tuple[Line, int, int]]:
    """The person's rows: (line, block that says where it goes, row of the template now).

    Beside a block that is longer, what a person wrote where the other has no rows is theirs too.
    """
    then = {now: row for row, now in target.rows.items()}
    two, right = bool(target.record.beside), right_columns(target)
    for row in range(max(then, default=-1) + 1):
        kinds = [block[then[row]] for block in (target.record.rows, target.record.beside)
                 if row in then and block]  # fmt: skip
        if kinds and BLANK not in kinds:
            continue
        used = [False, False]
        for col, cell in target.sheet.cells(row + 1).items() if two else ():
            used[col in right] |= bool(cell.raw) or cell.formula is not None
        if not kinds:
            both = Line(None, None, row, None, row if two else None)
            alone = two and not any(used) and _ends_left(row, then, target)
            right_only = used == [False, True] or alone
            yield both, int(right_only), row
        elif used[0] and kinds[0] == BLANK:
            yield Line(None, None, row), 0, row
        elif used[1] and kinds[1] == BLANK:
            yield Line(None, None, None, None, row), 1, row


def _ends_left(row: int, then: Mapping[int, int], target: TargetSheet) -> bool:
    """Whether only the second block goes on below a row of the template."""
    below = next((then[number] for number in sorted(then) if number > row), None)
    return below is not None and target.record.rows[below] == BLANK


def right_columns(target: TargetSheet) -> frozenset[int]:
    """Columns (from 1) of the second block; one a person inserted goes with that before it."""
    found = target.sheet.forms.get("pour.right_columns")
    if found is None:
        then = {now: col for col, now in target.cols.items()}
        right, inside, cols = frozenset(target.record.right), False, set()
        for col in range(max(then, default=-1) + 1) if right else ():
            inside = then[col] in right if col in then else inside
            cols |= {col + 1} if inside else set()
        found = target.sheet.forms["pour.right_columns"] = frozenset(cols)
    return found


def _moves(lines: Sequence[Line], last: int) -> PouredMoves:
    """Where the template's rows up to `last` have gone."""
    new: dict[int, list[int]] = {row + 1: [] for row in range(last + 1)}
    for number, line in enumerate(lines, 1):
        if line.row is not None:
            new[line.row + 1].append(number)
    guests = frozenset(number for number, line in enumerate(lines, 1) if line.row is None)
    return PouredMoves(new, len(lines) - last - 1, guests=guests)


def _strange(
    blocks: Sequence[Sequence[RowKind]], found: Sequence[Sequence[int | None]]
) -> int:  # fmt: skip
    """Rows of which a block has cells of a kind the template lacks."""
    return sum(
        any(kind is None and not made.empty for kind, made in zip(kinds, row, strict=True))
        for kinds, row in zip(zip(*found, strict=True), zip(*blocks, strict=True), strict=True)
    )


def _columns(sheet: Sheet, target: TargetSheet, grid: Grid) -> tuple[list[int], frozenset[int]]:
    """Columns the template lacks come after everything that stands in it."""
    used = max((col for line in grid.values() for col in line), default=0)
    for table in sheet.tables:
        used = max(used, table.col + len(table.columns) - 1)
    known = len(target.record.widths)
    free = max([*target.cols.values(), last_column(target) - 1], default=0) + 1
    cols: list[int] = []
    hidden: set[int] = set()
    for col in range(max(used, sheet.last_col) + 1):
        place = target.cols.get(col)
        if place is None:
            place, free = free, free + 1
            if col < known:
                hidden.add(place)
        cols.append(place)
    return cols, frozenset(hidden)


def last_column(target: TargetSheet) -> int:
    """The last column (from 1) in which the template holds a cell."""
    found = target.sheet.forms.get("pour.last_column")
    if found is None:
        found = 0
        for row in target.sheet.rows:
            cells = target.sheet.cells(row.number)
            found = max(found, *cells, 0)
        target.sheet.forms["pour.last_column"] = found
    return int(found)


def places(layouts: Mapping[str, Layout]) -> dict[str, Place]:
    """Title in the content → place, for the sheets that are filled."""
    return {layout.sheet.title: layout.place for layout in layouts.values()}
