"""Formulas whose references follow the rows of a template.

>>> moves = Moves({"Sales": SheetMoves([Run(5, 5, 3)])})
>>> rewrite('SUM(C5:C5)/B9&"A5"', moves, "Sales")
'SUM(C5:C7)/B11&"A5"'

A formula of a list's row, written in every new row:

>>> amount = compile_row_formula("C5*D$3+SUM(E$5:E5)", moves, "Sales", 5)
>>> amount(0), amount(1)
('C5*D$3+SUM(E$5:E5)', 'C6*D$3+SUM(E$5:E6)')
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

from salesxl.ooxml.template.formula_parts import (
    MAX_COLUMN,
    MAX_ROW,
    Part,
    Ref,
    column_number,
    looks_like_cell,
    parse,
)
from salesxl.ooxml.template.moves import Moves, Run, SheetMoves

GONE = "#REF!"
_Piece = str | int  # text, or the row (in the first new row) that goes along with the list


class Instance(NamedTuple):
    """A row of a filled list: the list's first template row, and which new row (from 0)."""

    run: int
    offset: int


class Area(NamedTuple):
    """A rectangle on a sheet, rows and columns from 1; whole columns end at MAX_ROW."""

    sheet: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int


class RowFormula:
    """A formula of a list's first row, ready to be written in every new row.

    `texts` are the constant pieces; between them stand the rows `bases` + offset.
    """

    __slots__ = ("bases", "texts")

    def __init__(self, texts: tuple[str, ...], bases: tuple[int, ...]) -> None:
        self.texts = texts  # one more than bases
        self.bases = bases

    def __call__(self, offset: int) -> str:
        """The formula in new row `offset` (from 0)."""
        return self.rows(1, offset)[0]

    def rows(self, count: int, first: int = 0) -> list[str]:
        """The formulas of `count` rows from new row `first` on; fast."""
        bases, texts = self.bases, self.texts
        if not bases:
            return [texts[0]] * count
        if len(set(bases)) == 1:
            start = bases[0] + first
            return [str(row).join(texts) for row in range(start, start + count)]
        pattern = "%d".join(text.replace("%", "%%") for text in texts)
        rows = [range(base + first, base + first + count) for base in bases]
        return [pattern % numbers for numbers in zip(*rows, strict=True)]

    def escaped(self) -> RowFormula:
        """The same with ``& < >`` escaped, for the text of an XML element."""
        return RowFormula(tuple(escape(text, quote=False) for text in self.texts), self.bases)


def rewrite(
    formula: str,
    moves: Moves,
    home: str,
    instance: Instance | tuple[int, int] | None = None,
    *,
    grow: bool = False,
) -> str:
    """`formula` (with or without ``=``, not XML-escaped) of sheet `home` after the moves.

    Without `instance`: a range takes in all new rows of a list it covers, one cell stays
    the first of them, and one cell alone in a function that takes ranges (``SUM(C5)``)
    means the whole list. Within a list's row (`instance`), a relative row of the same
    list, or right above it, goes along with the row; so does one of another list with as
    many rows; ``C$5`` is the list's first row, or its start in ``SUM(C$5:C5)``.
    Everything else stays pinned to what it means.

    `grow`: every reference to one cell of a one-row list means the whole list (charts).
    References to dropped rows or sheets become ``#REF!``. Unchanged: the same object.
    """
    if moves.still and instance is None:
        return formula
    frame, offset = None, 0
    if instance is not None:
        frame, offset = _frame(moves, home, instance[0]), instance[1]
    result = "".join(
        piece if isinstance(piece, str) else str(piece + offset)
        for part in parse(formula)
        for piece in (
            (part,) if isinstance(part, str) else _resolve(part, moves, home, frame, grow)
        )
    )
    return formula if result == formula else result


def rewrite_name(formula: str, moves: Moves, home: str = "", *, grow: bool = False) -> str:
    """The formula of a defined name: what lacks a ``$`` is relative to the reader and stays."""
    result = "".join(
        str(piece)
        for part in parse(formula)
        for piece in _resolve(_only_fixed(part), moves, home, None, grow)
    )
    return formula if result == formula else result


def _only_fixed(part: Part) -> Part:
    if isinstance(part, str) or part.kind in ("cols", "name"):
        return part
    fixed = part.fixed and (part.kind == "cell" or part.fixed2)
    return part if fixed else part._replace(kind="name")


def compile_row_formula(
    formula: str, moves: Moves, home: str, run: int, *, loose: bool = False
) -> RowFormula:
    """The formula of a list's first template row `run`, for all its new rows.

    `loose`: ``$5`` goes along like ``5`` (sparklines and links, where ``$`` means nothing).
    """
    frame = _frame(moves, home, run, loose)
    texts, bases = [""], []
    for part in parse(formula):
        for piece in _resolve(part, moves, home, frame, False):
            if isinstance(piece, str):
                texts[-1] += piece
            else:
                bases.append(piece)
                texts.append("")
    return RowFormula(tuple(texts), tuple(bases))


def translate(formula: str, rows: int, columns: int = 0) -> str:
    """As Excel's fill: relative references shifted. For the followers of shared formulas."""
    parts = (
        part if isinstance(part, str) else _shifted(part, rows, columns) for part in parse(formula)
    )
    return "".join(parts)


def areas(formula: str, home: str = "") -> list[Area] | None:
    """The areas of a formula that is a reference and nothing else; None for any other."""
    text = formula.removeprefix("=").strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    found = []
    parts = parse(text)
    if not len(parts) % 2:
        return None
    for index, part in enumerate(parts):
        if index % 2:
            if part != ",":
                return None
            continue
        if isinstance(part, str) or part.kind == "name" or len(part.sheets) > 1 or part.joined:
            return None
        sheet = part.sheets[0] if part.sheets else home
        rows = (1, MAX_ROW) if part.kind == "cols" else (part.row, part.row2 or part.row)
        cols = (1, MAX_COLUMN)
        if part.kind != "rows":
            cols = (column_number(part.col), column_number(part.col2 or part.col))
        found.append(Area(sheet, min(rows), min(cols), max(rows), max(cols)))
    return found


class _Frame(NamedTuple):
    """The list whose row a formula stands in, and where its first new row is."""

    home: str
    run: Run
    start: int
    loose: bool


def _frame(moves: Moves, home: str, row: int, loose: bool = False) -> _Frame | None:
    sheet = moves.sheet(home)
    run, start = sheet.run_at(row), sheet.start(row)
    if run is None or run.copies or start is None:
        return None
    return _Frame(home.casefold(), run, start - (row - run.first), loose)


def _resolve(
    ref: Part, moves: Moves, home: str, frame: _Frame | None, grow: bool
) -> tuple[_Piece, ...]:
    if isinstance(ref, str):
        return (ref,)
    if ref.kind == "cell" and moves.names and ref.body.casefold() in moves.names:
        ref = ref._replace(kind="name")
    target = _target(ref, moves, home)
    if target is None:
        return (GONE,)
    prefix, title = target
    if ref.kind in ("name", "cols"):
        return (prefix + ref.body,)
    sheet = _in_columns(moves.sheet(title), ref)
    place = _Place(sheet, frame, title.casefold() == (frame.home if frame else None))
    if ref.kind == "cell":
        return place.cell(ref, prefix, grow)
    return place.area(ref, prefix)


def _in_columns(sheet: SheetMoves, ref: Ref) -> SheetMoves:
    """The moves of the block the reference points into."""
    if ref.kind == "rows":
        return sheet
    found = sheet.in_column(column_number(ref.col))
    if found is not sheet and ref.col2 and sheet.in_column(column_number(ref.col2)) is not found:
        return sheet
    return found


class _Place(NamedTuple):
    """A sheet referred to, and the list row (if any) that the reference stands in."""

    sheet: SheetMoves
    frame: _Frame | None
    same: bool  # the sheet is the one the list stands on

    def along(self, row: int, fixed: str) -> int | None:
        """The row in the list's first new row, if it goes along with the list."""
        frame = self.frame
        if frame is None or (fixed and not frame.loose):
            return None
        run = frame.run
        if self.same and run.first <= row <= run.last:
            return frame.start + row - run.first
        if self.same and row == run.first - 1 and frame.start > 1:
            return frame.start - 1
        other = self.sheet.run_at(row)
        if other is None or other.copies:
            return None
        start = self.sheet.start(other.first)
        if start is None or (other.height, other.count) != (run.height, run.count):
            return None
        return start + row - other.first

    def whole_list(self, row: int) -> tuple[int, int] | None:
        """The rows of the one-row list at `row`, unless the reference stands in that list."""
        sheet, run = self.sheet, self.sheet.run_at(row)
        while run is not None and run.copies and run.count:  # from outside: the first copy
            sheet = sheet.view(run.first, 0)
            run = sheet.run_at(row)
        if run is None or run.height > 1 or run.count < 2:
            return None
        if self.same and self.frame is not None and self.frame.run is run:
            return None
        return sheet.area(row, row)

    def cell(self, ref: Ref, prefix: str, grow: bool) -> tuple[_Piece, ...]:
        row = self.along(ref.row, ref.fixed)
        if row is not None:
            return (f"{prefix}{ref.col}{ref.fixed}", row)
        area = self.whole_list(ref.row) if grow or ref.alone else None
        if area is not None:
            left = f"{prefix}{ref.col}{ref.fixed}"
            return (f"{left}{area[0]}:{ref.col}{ref.fixed}{area[1]}",)
        if ref.joined == "start":
            row = self.sheet.start(ref.row)
        elif ref.joined == "end":
            row = self.sheet.end(ref.row) or None
        else:
            row = self.sheet.at(ref.row)
        return (GONE,) if row is None else (f"{prefix}{ref.col}{ref.fixed}{row}",)

    def area(self, ref: Ref, prefix: str) -> tuple[_Piece, ...]:
        upward = ref.row > ref.row2
        low, high = self.along(ref.row, ref.fixed), self.along(ref.row2, ref.fixed2)
        first: int | None
        last: int | None
        if low is None and high is None:
            rows = self.sheet.area(min(ref.row, ref.row2), max(ref.row, ref.row2))
            if rows is None:
                return (GONE,)
            first, last = rows[::-1] if upward else rows
        else:
            start, end = (self.sheet.end, self.sheet.start) if upward else (
                self.sheet.start, self.sheet.end,
            )  # fmt: skip
            first = None if low is not None else start(ref.row)
            last = None if high is not None else end(ref.row2)
            if (low is None and not first) or (high is None and not last):
                return (GONE,)
        one: _Piece = low if low is not None else str(first)
        two: _Piece = high if high is not None else str(last)
        return (f"{prefix}{ref.col}{ref.fixed}", one, f":{ref.col2}{ref.fixed2}", two)


def _target(ref: Ref, moves: Moves, home: str) -> tuple[str, str] | None:
    """The reference's sheet as it must be written now, and its template title."""
    if not ref.sheets:
        return "", home
    ends = ref.sheets
    if len(ends) == 2:
        ends = _ends(ends, moves)
    if not ends or any(moves.is_dropped(title) for title in ends):
        return None
    titles = tuple(moves.title(title) for title in ends)
    prefix = ref.prefix if titles == ref.sheets else sheet_prefix(*titles)
    return prefix, ends[0]


def _ends(ends: tuple[str, ...], moves: Moves) -> tuple[str, ...]:
    """What is left of a 3-D reference's sheets: its ends move inwards, as in Excel."""
    order = [title.casefold() for title in moves.order]
    try:
        spots = sorted(order.index(title.casefold()) for title in ends)
    except ValueError:
        return ends
    left = [t for t in moves.order[spots[0] : spots[1] + 1] if not moves.is_dropped(t)]
    if left and any(moves.is_dropped(title) for title in ends):
        return (left[0],) if len(left) == 1 else (left[0], left[-1])
    return ends if left else ()


_PLAIN = re.compile(r"[^\W\d][\w.]*")


def sheet_prefix(*titles: str) -> str:
    """``Sheet1!`` or ``'Q1 2026'!``; two titles make a 3-D reference."""
    text = ":".join(title.replace("'", "''") for title in titles)
    plain = all(_PLAIN.fullmatch(title) and not looks_like_cell(title) for title in titles)
    return f"{text}!" if plain else f"'{text}'!"


def _shifted(ref: Part, rows: int, columns: int) -> str:
    if isinstance(ref, str):
        return ref
    if ref.kind == "name":
        return ref.text
    text = []
    for col, fixed, row in ((ref.col, ref.fixed, ref.row), (ref.col2, ref.fixed2, ref.row2)):
        if row and not fixed:
            row += rows
            if not 1 <= row <= MAX_ROW:
                return GONE
        if col and not col.startswith("$"):
            number = column_number(col) + columns
            if not 1 <= number <= MAX_COLUMN:
                return GONE
            col = _letters(number) if columns else col
        text.append(f"{col}{fixed}{row or ''}")
    return ref.prefix + (text[0] if ref.kind == "cell" else ":".join(text))


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
