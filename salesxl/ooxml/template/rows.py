"""Rows of a sheet made anew from rows of the template and values.

A piece is a template row, how often it is written and the values of its columns; any
order and repetition of template rows can be written.

>>> pieces = [
...     Stay(1, 1),                                        # the header as it is
...     Piece(2, 3, {1: ["A", "B", "C"], 2: [1, 2, 3]}),   # three entries
...     Stay(3, 9),                                        # what is below
... ]
>>> xml = render_rows(sheet, pieces, Ink(strings))
>>> part = sheet_xml(sheet, xml)

Values: text, number, bool, date, datetime, None (a blank, styled cell), `Formula`
(with its value). A column of one type is fastest; numpy arrays and pandas columns
count as what ``tolist()`` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.sax.saxutils import escape

from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ooxml.template.columns import (
    Follow,
    Ink,
    Value,
    cell_end,
    column,
    formula_end,
    plain_list,
)
from salesxl.ooxml.template.sheet import MAX_ROWS, TemplateSheet
from salesxl.ooxml.template.skeleton import Shape, Slot, form_of, woven
from salesxl.ooxml.template.strings import Where
from salesxl.sheets.content import Formula, Scalar, column_letters

_STRETCH = 4_000  # cells: about 200 KB

__all__ = ["Formula", "Ink", "Kept", "Piece", "Stay", "Value", "render_rows", "sheet_xml"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Values of a column whose formula stays the template's: each is stored beside it.

    For a single cell: ``Kept([value])``.
    """

    values: Sequence[Scalar]


@dataclass(frozen=True, slots=True)
class Piece:
    """Template row `row`, written `count` times. Rows and columns count from 1.

    `keep` says what the columns without values hold: "all" the template's content in
    every copy (formulas rewritten, without a value), "first" that in the first copy
    and blank styled cells in the others, "style" blank styled cells throughout.
    """

    row: int  # 0: no row of the template, no cells but those with values
    count: int = 1
    values: Mapping[int, Sequence[Value] | Kept] = field(default_factory=dict)
    styles: Mapping[int, int] = field(default_factory=dict)  # column → cellXfs index
    height: float | None = None  # points; None: the template's
    keep: Literal["all", "first", "style"] = "all"
    origins: Mapping[int, int] = field(default_factory=dict)  # column → other template row
    copied: frozenset[int] = frozenset()  # columns that keep content in every copy
    blank: frozenset[int] = frozenset()  # columns that keep nothing but their style
    follow: Follow | None = None  # for the template's formulas; None: as in `Ink`
    follows: Mapping[int, Follow] = field(default_factory=dict)  # the same for single columns


@dataclass(frozen=True, slots=True)
class Stay:
    """Template rows `first` to `last`, each once, as they are."""

    first: int
    last: int
    follow: Follow | None = None


def render_rows(
    sheet: TemplateSheet,
    pieces: Iterable[Piece | Stay],
    ink: Ink,
    first: int = 1,
) -> str:
    """The XML of the rows, the first of them numbered `first`.

    What texts no cell holds is told by ``ink.strings.check()``, at the latest in `Draft.done`.
    Raises `SalesxlError` for a text or number no cell holds, naming the cell, and for
    rows beyond the sheet. ValueError where a column's length is not the piece's count.
    """
    return "".join(row_texts(sheet, pieces, ink, first))


def row_texts(
    sheet: TemplateSheet,
    pieces: Iterable[Piece | Stay],
    ink: Ink,
    first: int = 1,
) -> Iterator[str]:
    """The same in stretches; what is wrong is told after the last."""
    problems: list[Problem] = []
    row = first
    for piece in pieces:
        count = piece.last - piece.first + 1 if isinstance(piece, Stay) else piece.count
        if row + count - 1 > MAX_ROWS:
            raise fail("page.too_many_rows", sheet.title, rows=f"{row + count - 1:,}")
        if isinstance(piece, Stay):
            yield from _stay(sheet, piece, ink, row)
        else:
            for start, end in _spans(piece):
                try:
                    yield _piece(sheet, piece, ink, row + start, start, end)
                except SalesxlError as error:
                    problems.extend(error.problems)
        row += count
    if problems:
        raise SalesxlError(problems)


def sheet_xml(
    sheet: TemplateSheet, rows: str, head: str | None = None, tail: str | None = None
) -> bytes:
    """The part: head, rows, tail (the template's where not given)."""
    before = sheet.head if head is None else head
    return "".join((before, rows, sheet.tail if tail is None else tail)).encode()


def _stay(sheet: TemplateSheet, stay: Stay, ink: Ink, new: int) -> Iterator[str]:
    follow = stay.follow or ink.follow
    key = ("stay", stay.first, stay.last)
    known = sheet.forms.get(key)
    if known is None:
        rows = [row for row in sheet.rows if stay.first <= row.number <= stay.last]
        formulas = any(row.formulas for row in rows)
        used = frozenset(number for row in rows for number in row.strings)
        known = sheet.forms[key] = (rows, formulas, "".join(row.raw for row in rows), used)
    rows, formulas, text, used = known
    ink.strings.use(used)
    ink.stale = ink.stale or formulas
    still = new == stay.first
    if still and (not formulas or follow is None):
        yield text
        return
    for row in rows:
        number = new + row.number - stay.first
        if not row.formulas or follow is None:
            yield row.raw if still else _plain_row(sheet, row.number, number)
            continue
        form = form_of(sheet, Shape(row.number, "all"))
        made = [_formulas(slot, follow, row.number, number, 1)[0] for slot in form.slots]
        if still and all(new is slot.formula for new, slot in zip(made, form.slots, strict=True)):
            yield row.raw
        else:
            yield woven(form, number, 1, [[_escaped(one)] for one in made])


def _plain_row(sheet: TemplateSheet, row: int, new: int) -> str:
    form = form_of(sheet, Shape(row, "all"))
    if form.slots:
        return woven(form, new, 1, [[_escaped(slot.formula)] for slot in form.slots])
    return form.parts[0].replace("\0", str(new))


def _escaped(text: str) -> str:
    return escape(text) if "&" in text or "<" in text or ">" in text else text


def _formulas(
    slot: Slot, follow: Follow | None, origin: int, new: int, count: int
) -> Sequence[str]:
    """The formulas of a kept column, one a row; an array's range likewise."""
    if follow is None:
        return [slot.formula] * count
    return follow(slot.formula, origin, new, count)


def _spans(piece: Piece) -> Iterator[tuple[int, int]]:
    """The copies of a piece in stretches: small enough that a stretch is joined while what
    it is made of is still in the processor's cache; the first copy alone if it is another."""
    start = 0
    if piece.keep == "first" and piece.count > 1:
        yield 0, 1
        start = 1
    rows = max(16, _STRETCH // max(1, len(piece.values) + len(piece.copied)))
    for begin in range(start, piece.count, rows):
        yield begin, min(begin + rows, piece.count)


def _piece(sheet: TemplateSheet, piece: Piece, ink: Ink, new: int, start: int, end: int) -> str:
    """Copies `start`..`end` of a piece, the first of them numbered `new`."""
    style = piece.keep == "style" or (piece.keep == "first" and start > 0)
    keep: Literal["all", "style"] = "style" if style else "all"
    made: dict[int, list[str]] = {}
    kinds: list[tuple[int, str]] = []
    for col in sorted(piece.values):
        given = piece.values[col]
        kept = isinstance(given, Kept)
        values = plain_list(given.values if isinstance(given, Kept) else given)
        if len(values) != piece.count:
            raise ValueError(f"{sheet.title} row {new}: {len(values)} values for {piece.count}")
        if end - start != piece.count:
            values = values[start:end]
        where = _where(sheet, col, new)
        if kept:
            kind, made[col] = "x", _kept(sheet, piece, col, values, ink, new, where)
        else:
            kind, made[col] = column(values, ink, where)
        kinds.append((col, kind))
    shape = Shape(
        piece.row, keep, piece.height, tuple(kinds), tuple(sorted(piece.styles.items())),
        tuple(sorted(piece.origins.items())), piece.copied, piece.blank,
    )  # fmt: skip
    form = form_of(sheet, shape)
    ink.strings.use(form.strings)
    columns = []
    for slot in form.slots:
        if slot.formula:
            ink.stale = True
            follow = piece.follows.get(slot.col) or piece.follow or ink.follow
            origin = piece.origins.get(slot.col, piece.row)
            texts = _formulas(slot, follow, origin, new, end - start)
            columns.append([*map(_escaped, texts)])
        else:
            columns.append(made[slot.col])
    return ink.warps.woven(form, new, end - start, columns)


def _kept(
    sheet: TemplateSheet, piece: Piece, col: int, values: Sequence[Any], ink: Ink, new: int,
    where: Where,
) -> list[str]:  # fmt: skip
    """Cells with the template's formula and the values given."""
    origin = piece.origins.get(col, piece.row)
    cell = sheet.cells(origin).get(col)
    if cell is None or cell.formula is None:
        return [cell_end(value, ink, where, index) for index, value in enumerate(values)]
    follow = piece.follows.get(col) or piece.follow or ink.follow
    texts: Sequence[str] = [cell.formula] * len(values)
    if follow is not None:
        texts = follow(cell.formula, origin, new, len(values))
    if len(values) > 1:
        kind, stored = column(values, ink, where)
        if kind == "n":
            return [
                f"><f>{_escaped(text)}</f><v>{value}</v></c>"
                for text, value in zip(texts, stored, strict=True)
            ]
    return [
        formula_end(_escaped(text), value, ink, where, index)
        for index, (text, value) in enumerate(zip(texts, values, strict=True))
    ]


def _where(sheet: TemplateSheet, col: int, new: int) -> Where:
    def where(index: int) -> str:
        return f"{sheet.title}!{column_letters(col - 1)}{new + index}"

    return where
