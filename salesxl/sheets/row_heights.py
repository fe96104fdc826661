"""How high a row must be for its texts: lines when wrapped, heights in points."""

from __future__ import annotations

import math

from salesxl.sheets.content import Sheet
from salesxl.sheets.widths import text_px
from salesxl.texts import Lang

# A4 landscape between the margins, in points, and the least scale that reads well.
_PAGE_WIDTH, _PAGE_HEIGHT, _LEAST_SCALE = 784.0, 519.0, 0.7
_PAGE_SPREAD = 1.05  # how much more than reckoned a page may hold


def line_count(words: str, width: float, lang: Lang, size: float = 10, bold: bool = False) -> int:
    """Lines a wrapped text needs in a room of `width` pixels; 10 % are lost at line ends."""
    room = max(width - 16, 12)
    return sum(
        max(1, math.ceil(text_px(part, size, bold, lang) * 1.1 / room))
        for part in words.split("\n")
    )


def room(sheet: Sheet, col: int, columns: int = 1) -> float:
    """Pixels of `columns` columns together."""
    return sum(7 * sheet.widths.get(c, 8.43) + 5 for c in range(col, col + columns))


def text_height(words: str, width: float, lang: Lang, size: float = 10, least: float = 19) -> float:
    """The row height a wrapped text needs; Excel allows 409 points."""
    lines = line_count(words, width, lang, size)
    return min(405.0, max(least, lines * size * 1.45 + 5))


def fit_page(sheet: Sheet) -> None:
    """One page where the sheet is then still printed at 70 % or more."""
    last = sheet.print_last_row or 0
    high = sum(sheet.heights.get(row, 19) for row in range(last + 1))
    wide = 0.75 * room(sheet, 0, sheet.last_col + 1)
    if min(_PAGE_WIDTH / wide, _PAGE_HEIGHT / high, 1) >= _LEAST_SCALE:
        sheet.fit_height = 1


def keep_together(sheet: Sheet, first: int, last: int, spread: float = _PAGE_SPREAD) -> None:
    """Push rows `first` … `last` to the next page where a page of a sheet fitted to its width
    would end between them: the row before them grows. Manual breaks do not hold on such sheets.

    Programs differ by some per cent in what a page holds, the more the wider the sheet; up to
    `spread` the rows stay together either way.
    """
    wide = 0.75 * room(sheet, 1, sheet.last_col)
    least = _PAGE_HEIGHT / min(_PAGE_WIDTH / wide, 1)
    top = sum(sheet.heights.get(row, 19) for row in range(first))
    bottom = top + sum(sheet.heights.get(row, 19) for row in range(first, last + 1))
    pages = (least, least * spread)
    if all(top // page == (bottom - 1) // page for page in pages):
        return
    start = math.ceil(top / pages[1]) * pages[1]
    grown = sheet.heights.get(first - 1, 19) + start - top
    sheet.heights[first - 1] = min(grown, 405.0)
