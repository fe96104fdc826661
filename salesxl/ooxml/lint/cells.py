"""The cells of a worksheet, looked at as they stream by; nothing of them is kept but
which cells are filled and the few texts that stand in table headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite

from salesxl.ooxml.lint import formula as formulas
from salesxl.ooxml.lint.areas import MAX_COL, MAX_ROW, Occupancy, area, columns, letters
from salesxl.ooxml.lint.model import Context, Sheet
from salesxl.ooxml.lint.stream import (
    CELL,
    END,
    FORMULA,
    INLINE,
    KINDS,
    PHONETIC,
    ROW,
    TEXT,
    VALUE,
    End,
    Start,
    Text,
    whole,
)
from salesxl.ooxml.lint.strings import MAX_TEXT, text_length
from salesxl.opc.package import unescape

MAX_HEIGHT = 409.6
MAX_KEPT = 8 * MAX_TEXT  # characters of one element; more is too long for anything

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_TYPES = frozenset({"n", "s", "b", "e", "str", "inlineStr", "d"})
_ERRORS = frozenset(
    {
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA",
        "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!",
        "#EXTERNAL!", "#PYTHON!", "#TIMEOUT!",
    }
)  # fmt: skip

Header = tuple[str, str]  # (cell type, value or text) of a cell in a table's header


class Cells:
    """Takes one sheet's cells (a `CellSink`). Results: `filled`, `formulas`, `headers`."""

    def __init__(
        self, context: Context, sheet: Sheet, wanted: Mapping[int, frozenset[int]]
    ) -> None:
        """`wanted`: row → columns of the header cells to be kept."""
        self.context = context
        self.sheet = sheet
        self.wanted = wanted
        self.filled = Occupancy()
        self.formulas = Occupancy()
        self.headers: dict[tuple[int, int], Header] = {}
        self.uncomputed = 0
        self.first_uncomputed = ""
        self._columns = columns()
        self._count = context.strings.count
        self._long = context.strings.long
        self._good_styles: set[str] = set()
        self._row = self._last_row = self._col = 0
        self._row_text, self._row_size = "0", -1
        self._row_filled = self._row_formulas = 0
        self._row_ok = False
        self._row_wanted: frozenset[int] = frozenset()
        self._shared: set[str] = set()

    # --- events ---------------------------------------------------------------------------

    def handlers(self, done: Callable[[str], None]) -> tuple[Start, Text, End]:
        """What expat calls for starts, texts and ends; `done` at the end of the cells.

        Closures, not methods: a million cells are six million events.
        """
        kind_of = KINDS.get
        pieces: list[str] = []
        length = 0
        grab = phonetic = False
        attributes: Mapping[str, str] = {}
        of_formula: Mapping[str, str] = {}
        value = inline = formula = None
        end_cell, start_row, end_row = self._end_cell, self._start_row, self._end_row

        def start(tag: str, found: Mapping[str, str]) -> None:
            nonlocal attributes, of_formula, value, inline, formula, grab, phonetic, length
            kind = kind_of(tag)
            if kind == CELL:
                attributes = found
                value = inline = formula = None
            elif kind in (VALUE, FORMULA, INLINE):
                pieces.clear()
                length = 0
                grab = kind != INLINE
                if kind == FORMULA:
                    of_formula = found
            elif kind == TEXT:
                grab = not phonetic
            elif kind == PHONETIC:
                phonetic = True
            elif kind == ROW:
                start_row(found)

        def text(data: str) -> None:
            nonlocal length
            if grab:
                length += len(data)
                if length <= MAX_KEPT:
                    pieces.append(data)

        def end(tag: str) -> None:
            nonlocal value, inline, formula, grab, phonetic
            kind = kind_of(tag)
            if kind == VALUE:
                value = pieces[0] if len(pieces) == 1 else "".join(pieces)
                grab = False
            elif kind == CELL:
                if formula is not None:
                    self._look_at_formula(attributes, formula, of_formula, value)
                end_cell(attributes, value, inline, formula is not None)
            elif kind == FORMULA:
                formula = "".join(pieces)
                grab = False
            elif kind == INLINE:
                inline = "".join(pieces)
            elif kind == TEXT:
                grab = False
            elif kind == PHONETIC:
                phonetic = False
            elif kind == ROW:
                end_row()
            elif kind == END:
                done(tag)

        return start, text, end

    # --- rows -----------------------------------------------------------------------------

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        text = attributes.get("r")
        row = self._last_row + 1 if text is None else whole(text)
        where = f"{row}:{row}"
        self._row_ok = False
        if not 1 <= row <= MAX_ROW:
            self._add("row_range", text or str(row))
        elif row == self._last_row:
            self._add("row_twice", where)
        elif row < self._last_row:
            self._add("row_order", where, before=self._last_row)
        else:
            self._row_ok = True
            self._last_row = row
        self._row = row
        self._row_text = str(row)
        self._row_size = -len(self._row_text)
        self._col = self._row_filled = self._row_formulas = 0
        self._row_wanted = self.wanted.get(row, frozenset())
        style = attributes.get("s")
        if style is not None:
            self._look_at_style(where, style)
        height = attributes.get("ht")
        if height is not None and not 0 <= _float(height) <= MAX_HEIGHT:
            self._add("row_height", where, height=height)

    def _end_row(self) -> None:
        if self._row_ok:
            self.filled.add(self._row, self._row_filled)
            self.formulas.add(self._row, self._row_formulas)

    # --- cells ----------------------------------------------------------------------------

    def _end_cell(
        self,
        attributes: Mapping[str, str],
        value: str | None,
        inline: str | None,
        has_formula: bool,
    ) -> None:
        ref = attributes.get("r")
        if ref is None:
            col = min(self._col, MAX_COL) + 1
            ref = f"{letters(col)}{self._row_text}"
            if col > MAX_COL:
                self._out_of_order(ref, col)
                return
        else:
            size = self._row_size
            col = self._columns.get(ref[:size], 0) if ref[size:] == self._row_text else 0
        if col > self._col:
            self._col = col
        else:
            self._out_of_order(ref, col)
        style = attributes.get("s")
        if style is not None and style not in self._good_styles:
            self._look_at_style(ref, style)
        if value is None and inline is None and not has_formula:
            return
        kind = attributes.get("t", "n")
        if col > 0:
            self._row_filled |= 1 << col
            if has_formula:
                self._row_formulas |= 1 << col
        if kind == "n":
            if value and not value.isdecimal() and not _is_number(value):
                self._add("not_a_number", ref, value=value)
        elif kind == "s" and value is not None and value.isdecimal():
            index = int(value) if len(value) < 12 else -1
            if not 0 <= index < self._count:
                self._add("string_range", ref, number=value, count=self._count)
            elif index in self._long:
                self._add("text_long", ref, length=self._long[index], limit=MAX_TEXT)
        else:
            self._look_at_value(ref, kind, value, inline)
        if self._row_wanted and col in self._row_wanted:
            self._keep(col, kind, value, inline, has_formula)

    def _look_at_value(self, ref: str, kind: str, value: str | None, inline: str | None) -> None:
        """All kinds but plain numbers and well-formed string indexes."""
        if kind == "s":
            self._add("string_range", ref, number=value, count=self._count)
        elif kind in ("str", "inlineStr"):
            text = inline if inline is not None else value
            if text is not None and len(text) > MAX_TEXT // 2:
                length = text_length(text)
                if length > MAX_TEXT:
                    self._add("text_long", ref, length=length, limit=MAX_TEXT)
        elif kind == "b":
            if value is not None and value.strip() not in ("0", "1", "true", "false"):
                self._add("not_a_boolean", ref, value=value)
        elif kind == "e":
            if value is not None and value.strip() not in _ERRORS:
                self._add("not_an_error", ref, value=value)
        elif kind == "d":
            if value is not None and not _is_date(value):
                self._add("not_a_date", ref, value=value)
        elif kind not in _TYPES:
            self._add("cell_type", ref, kind=kind)

    def _look_at_formula(
        self,
        cell: Mapping[str, str],
        text: str,
        attributes: Mapping[str, str],
        value: str | None,
    ) -> None:
        ref = cell.get("r", "")
        form = attributes.get("t", "normal")
        if attributes:
            covered = attributes.get("ref")
            if form in ("array", "dataTable") and (covered is None or area(covered) is None):
                self._add("formula_area", ref, area=covered)
            if form == "shared":
                number = attributes.get("si", "")
                if text:
                    self._shared.add(number)
                elif number not in self._shared:
                    self._add("formula_shared", ref, number=number)
        if text:
            formulas.check(
                text.strip(),
                lambda code, **values: self._add(code, ref, **values),
                self.context.tabs,
                self.context.table_names,
            )
        elif form == "array" or not attributes:
            self._add("formula_empty", ref)
        if value is None or (not value and cell.get("t") != "str"):
            self.uncomputed += 1
            self.first_uncomputed = self.first_uncomputed or ref

    def _out_of_order(self, ref: str, col: int) -> None:
        if not 1 <= col <= MAX_COL:
            self._add("cell_reference", ref, row=self._row_text)
        elif col == self._col:
            self._add("cell_twice", ref)
        else:
            self._add("cell_order", ref, before=f"{letters(self._col)}{self._row_text}")

    def _look_at_style(self, ref: str, style: str) -> None:
        """Remembers what is in range, so that each style is looked at once."""
        count = self.context.styles.cells
        if count is None or 0 <= whole(style) < count:
            self._good_styles.add(style)
        else:
            self._add("style_range", ref, number=style, count=count)

    def _keep(
        self, col: int, kind: str, value: str | None, inline: str | None, has_formula: bool
    ) -> None:
        text = inline if kind == "inlineStr" and inline is not None else value or ""
        if kind in ("inlineStr", "str"):
            text = unescape(text)
        kind = "formula" if has_formula else kind
        self.headers[self._row, col] = (kind, text[: MAX_TEXT + 1])

    def _add(self, code: str, ref: str, **values: object) -> None:
        self.context.findings.add(code, self.sheet.part, ref, tab=self.sheet.name, **values)


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None and isfinite(float(value))


def _float(word: str) -> float:
    return float(word) if len(word) < 40 and _NUMBER.fullmatch(word) else -1.0


def _is_date(value: str) -> bool:
    try:
        datetime.fromisoformat(value.strip())
    except ValueError:
        return False
    return True
