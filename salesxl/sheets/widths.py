"""How wide a text is on a sheet: columns are fitted by it and no text is cut off.

Widths follow the glyph classes of the two body fonts, a little on the wide side:

>>> round(text_px("1,200", 10, False, "zh"), 1)   # 4 digits of 0.60, a comma of 0.30
36.0
>>> width_for(36.0, pads=2)
7.0

`overflows` lists every text that needs more than its cell; `fit_widths` sets the
widths a sheet left open, wrapping texts over 28 characters.
"""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from salesxl.sheets.content import Book, Cell, Formula, ListTable, Look, Rich, Sheet, Value, a1
from salesxl.sheets.styles import header_look, resolve
from salesxl.texts import Lang

FLOOR = 6.0
CAP = 28.0
BUTTON_PX = 17
PAD_PX = 4.4
INDENT_PX = 9
LINE = 15  # points a line of wrapped small text takes
DEFAULT_WIDTH = 10.0
DEFAULT_HEIGHT = 19.0
CANDIDATES = 24  # the longest entries of a long column that are measured exactly
# Heads may run over empty neighbours: nothing is ever filled in beside them.
SPILLING = frozenset(
    {"title", "subtitle", "verdict", "back", "section", "section_rule", "label", "sign"}
)

_NARROW = set(" .,:;()/-·'|!\"[]{}–")
_FULL_WIDTH = set("✓●✕▼▲→←↩①②③④⑤≥≤…“”‘’—")
_EM = {
    "zh": {"digit": 0.60, "upper": 0.66, "lower": 0.55, "sign": 0.60},
    "en": {"digit": 0.51, "upper": 0.58, "lower": 0.48, "sign": 0.51},
}


@lru_cache(maxsize=8192)
def _em(char: str, lang: Lang) -> float:
    if char in _NARROW:
        return 0.30
    if char in _FULL_WIDTH or unicodedata.east_asian_width(char) in "WF":
        return 1.0
    classes = _EM[lang]
    if char.isdigit():
        return classes["digit"]
    if char in "%+×÷=&#@":
        # Percent and operators; the two widest signs count as capitals.
        return classes["upper"] if char in "&@" else classes["sign"]
    if char in "mwMW":
        return classes["upper"] + 0.2
    return classes["upper"] if char.isupper() else classes["lower"]


def text_px(text: str, size: float, bold: bool, lang: Lang) -> float:
    """Pixels of one line of `text` at `size` points."""
    return size * 4 / 3 * sum(_em(char, lang) for char in text) * (1.06 if bold else 1.0)


def width_for(px: float, indent: int = 0, pads: int = 0, filtered: bool = False) -> float:
    """The column width, in characters, that shows `px` pixels; rounded up to a half."""
    need = px + 6 + INDENT_PX * indent + PAD_PX * pads + (BUTTON_PX if filtered else 0)
    return _chars(need)


def _chars(need: float) -> float:
    return math.ceil(((need - 5) / 7 + 0.3) * 2) / 2


def column_px(width: float) -> int:
    """Pixels of a column of `width` characters."""
    return int(width * 7 + 5.5)


_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]|[^"\\_\[]')


def shown(value: Value, number_format: str) -> str:
    """`value` as a cell of that format shows it, without its padding."""
    if isinstance(value, Formula):
        return shown(value.value, number_format)
    if isinstance(value, Rich):
        return value.text
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return value.strftime("%Y-%m" if number_format == "yyyy-mm" else "%Y-%m-%d")
    number = Decimal(str(value))
    if number_format in ("General", "@", ""):
        return f"{number.normalize():f}"
    sections = _sections(number_format)
    if number < 0 and len(sections) > 1:
        return _figure(-number, sections[1])
    if number == 0 and len(sections) > 2:
        return _figure(number, sections[2])
    return ("-" if number < 0 else "") + _figure(abs(number), sections[0])


@lru_cache(maxsize=512)
def _sections(number_format: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for piece in _TOKEN.findall(number_format):
        if piece == ";":
            sections.append([])
        else:
            sections[-1].append(piece)
    return sections


def _figure(number: Decimal, pieces: list[str]) -> str:
    digits = "".join(piece for piece in pieces if piece in "#0,.")
    if "".join(pieces).startswith("General"):
        return f"{number.normalize():f}"
    if "%" in pieces:
        number *= 100
    places = len(digits.partition(".")[2])
    number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    figure = f"{number:,.{places}f}" if "," in digits else f"{number:.{places}f}"
    out, done = [], False
    for piece in pieces:
        if piece in "#0,.":
            out.append("" if done else figure)
            done = True
        elif not piece.startswith("_"):
            out.append(piece.strip('"') if piece.startswith('"') else piece.lstrip("\\"))
    return "".join(out)


@dataclasses.dataclass(frozen=True)
class _Face:
    """What a look means for measuring."""

    style: str
    size: float
    bold: bool
    indent: int
    pads: int
    wrap: bool
    right: bool
    centred: bool
    number_format: str
    filtered: bool = False

    def need(self, text: str, lang: Lang) -> float:
        """Pixels the widest line of `text` takes, with all its margins."""
        px = max(text_px(line, self.size, self.bold, lang) for line in text.split("\n"))
        button = BUTTON_PX * (2 if self.centred else 1) if self.filtered else 0
        return px + 6 + INDENT_PX * self.indent + PAD_PX * self.pads + button


class _Faces:
    def __init__(self, lang: Lang, currency: str, decimals: int) -> None:
        self.lang, self.currency, self.decimals = lang, currency, decimals
        self.known: dict[tuple[Look, bool], _Face] = {}

    def of(self, look: Look, filtered: bool = False) -> _Face:
        found = self.known.get((look, filtered))
        if found is None:
            p: dict[str, Any] = resolve(look, self.lang, self.currency, self.decimals)
            code = str(p.get("num_format", "General"))
            found = _Face(
                look.style, float(p.get("font_size", 10)), bool(p.get("bold")),
                int(p.get("indent", 0)), code.split(";")[0].count("_)"), bool(p.get("text_wrap")),
                p.get("align") == "right", p.get("align") == "center", code, filtered,
            )  # fmt: skip
            self.known[look, filtered] = found
        return found


def _table_cells(table: ListTable, faces: _Faces) -> Iterator[tuple[int, int, str, _Face]]:
    """Header and the longest shown values of each column."""
    for offset, column in enumerate(table.columns):
        col = table.col + offset
        head = faces.of(header_look(column.look, table.autofilter), table.autofilter)
        if head.right:  # the padding of its format already keeps it clear of the button
            head = dataclasses.replace(head, filtered=False)
        yield table.row, col, column.title, head
        face = faces.of(column.look)
        values = [
            (len(str(line[offset]).encode("utf-8", "replace")), row)
            for row, line in enumerate(table.rows)
            if line[offset] is not None
        ]
        values.sort(key=lambda item: (-item[0], item[1]))
        for _, row in values[:CANDIDATES]:
            text = shown(table.rows[row][offset], face.number_format)
            yield table.row + 1 + row, col, text, face


def overflows(book: Book) -> list[tuple[str, str, str, float, float]]:
    """Every text that needs more than its cell: (sheet, cell, text, pixels needed, pixels there).

    For wrapped text the figures are points of height. Hidden sheets are left out.
    """
    faces = _Faces(book.lang, book.currency, book.decimals)
    found = []
    for sheet in book.sheets:
        if not sheet.hidden:
            found += [(sheet.title, *item) for item in _sheet_overflows(sheet, faces)]
    return found


def _sheet_overflows(sheet: Sheet, faces: _Faces) -> Iterator[tuple[str, str, float, float]]:
    merged = {(r, c): (r2, c2) for r, c, r2, c2 in sheet.merges}
    filled = {(cell.row, cell.col) for cell in sheet.cells if cell.value not in (None, "")}
    for table in sheet.tables:
        rows = range(table.row, table.row + len(table.rows) + 1)
        filled |= {(r, table.col + c) for r in rows for c in range(len(table.columns))}
    for row, col, text, face in _texts(sheet, faces):
        last_row, last_col = merged.get((row, col), (row, col))
        first_col = col
        if face.style in SPILLING and not face.wrap:
            first_col, last_col = _spill(filled, row, col, last_col, face, sheet)
        has = merged_px(sheet, first_col, last_col)
        if face.wrap:
            height = sum(sheet.heights.get(r, DEFAULT_HEIGHT) for r in range(row, last_row + 1))
            lines = lines_for(text, has, face.size, face.bold, faces.lang, face.indent)
            if (points := lines * face.size * 1.45) > height:
                yield a1(row, col), text, points, height
        elif (need := face.need(text, faces.lang)) > has:
            yield a1(row, col), text, need, has


def _texts(sheet: Sheet, faces: _Faces) -> Iterator[tuple[int, int, str, _Face]]:
    for cell in sheet.cells:
        if cell.value in (None, ""):
            continue
        face = faces.of(cell.look)
        yield cell.row, cell.col, shown(cell.value, face.number_format), face
    for table in sheet.tables:
        yield from _table_cells(table, faces)


def _spill(
    filled: set[tuple[int, int]], row: int, col: int, last_col: int, face: _Face, sheet: Sheet
) -> tuple[int, int]:
    """The columns a head may run over: empty ones on its open side, inside the block."""
    if face.right:
        while col > 1 and (row, col - 1) not in filled:
            col -= 1
    else:
        while last_col < sheet.last_col and (row, last_col + 1) not in filled:
            last_col += 1
    return col, last_col


def lines_for(text: str, px: float, size: float, bold: bool, lang: Lang, indent: int = 0) -> int:
    """How many lines `text` takes in a cell of `px` pixels."""
    room = max(px - 6 - INDENT_PX * indent, 1)
    # A line breaks between words, so a line of words is rarely full.
    slack = 1.0 if lang == "zh" else 0.92
    return sum(
        max(1, math.ceil(text_px(line, size, bold, lang) / (room * slack)))
        for line in text.split("\n")
    )


def merged_px(sheet: Sheet, col: int, last_col: int) -> float:
    """Pixels of the columns together, as far as their widths are set."""
    columns = range(col, last_col + 1)
    return float(sum(column_px(sheet.widths.get(c, DEFAULT_WIDTH)) for c in columns))


def fit_widths(
    sheet: Sheet, lang: Lang, currency: str = "", decimals: int = 2,
    cap: float = CAP, floor: float = FLOOR,
) -> None:  # fmt: skip
    """Set the widths the sheet left open from its content, then wrap what is over `cap`.

    A width already set stays; texts too long for it wrap too. Row heights grow to
    hold wrapped lines. Merged cells and heads that spill do not count.
    """
    faces = _Faces(lang, currency, decimals)
    merged = {(row, col) for row, col, _, _ in sheet.merges}
    open_cols: dict[int, float] = {}
    for row, col, text, face in _texts(sheet, faces):
        if col in sheet.widths or (row, col) in merged or face.style in SPILLING:
            continue
        need = _chars(face.need(text, lang))
        is_words = face.number_format in ("General", "@")
        limit = cap if is_words and not face.right else need
        open_cols[col] = max(open_cols.get(col, floor), min(need, limit))
    sheet.widths.update(open_cols)
    sheet.cells = [_wrapped(sheet, cell, faces, merged) for cell in sheet.cells]
    sheet.tables = [_wrapped_table(sheet, table, faces) for table in sheet.tables]


def _wrapped(sheet: Sheet, cell: Cell, faces: _Faces, merged: set[tuple[int, int]]) -> Cell:
    face = faces.of(cell.look)
    is_text = isinstance(cell.value, str) and bool(cell.value)
    if not is_text or (cell.row, cell.col) in merged or face.style in SPILLING:
        return cell
    text, has = str(cell.value), merged_px(sheet, cell.col, cell.col)
    if face.need(text, faces.lang) <= has and "\n" not in text:
        return cell
    _grow(sheet, cell.row, lines_for(text, has, face.size, face.bold, faces.lang, face.indent))
    if face.wrap:
        return cell
    look = dataclasses.replace(cell.look, extras=(*cell.look.extras, "wrap"))
    return dataclasses.replace(cell, look=look)


def _wrapped_table(sheet: Sheet, table: ListTable, faces: _Faces) -> ListTable:
    columns = []
    for offset, column in enumerate(table.columns):
        face = faces.of(column.look)
        has = merged_px(sheet, table.col + offset, table.col + offset)
        wraps = face.wrap
        for row, line in enumerate(table.rows, table.row + 1):
            value = line[offset]
            if not isinstance(value, str) or face.need(value, faces.lang) <= has:
                continue
            wraps = True
            _grow(sheet, row, lines_for(value, has, face.size, face.bold, faces.lang, face.indent))
        look = column.look
        if wraps and not face.wrap:
            look = dataclasses.replace(look, extras=(*look.extras, "wrap"))
        columns.append(dataclasses.replace(column, look=look))
    return dataclasses.replace(table, columns=columns)


def _grow(sheet: Sheet, row: int, lines: int) -> None:
    sheet.heights[row] = max(sheet.heights.get(row, DEFAULT_HEIGHT), lines * LINE + 4)
