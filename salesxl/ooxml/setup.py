"""What surrounds the cells: theme, properties, print set-up, protection, views."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

from xlsxwriter.theme import THEME_XML_2007

from salesxl.sheets.content import Book, Sheet, a1
from salesxl.sheets.styles import FONTS, PALETTE, TAB_COLOURS
from salesxl.texts import text

A4 = 9
FOOTER_LIMIT = 250  # Excel takes 255 characters with the codes
# Files of the same content must be the same file, so their date is fixed.
CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_THEME_COLOURS = {
    "dk2": "ink", "lt2": "surface2", "accent1": "accent", "accent2": "warning_mark",
    "accent3": "positive", "accent4": "negative", "accent5": "accent_mid",
    "accent6": "comparison", "hlink": "accent", "folHlink": "muted",
}  # fmt: skip


def theme() -> str:
    """The workbook theme with our palette, so that what a user adds matches."""
    xml = THEME_XML_2007
    for slot, name in _THEME_COLOURS.items():
        colour = f'<a:{slot}><a:srgbClr val="{PALETTE[name].lstrip("#")}"/></a:{slot}>'
        xml = re.sub(f"<a:{slot}>.*?</a:{slot}>", colour, xml)
    hans = f'script="Hans" typeface="{FONTS["zh"]}"'
    return re.sub(r'script="Hans" typeface="[^"]*"', hans, xml)


def set_up_book(book: Book, workbook: Any) -> None:
    workbook.use_custom_theme(io.StringIO(theme()))
    workbook.set_properties(
        {
            "title": book.title[:255],
            "company": book.company[:255],
            "author": book.company[:255],
            "created": CREATED,
        }
    )
    workbook.set_size(2400, 1400)
    workbook.set_tab_ratio(75)


def set_up_sheet(book: Book, sheet: Sheet, worksheet: Any, last_row: int, last_col: int) -> None:
    worksheet.hide_gridlines(2)
    worksheet.set_zoom(100)
    worksheet.set_tab_color(PALETTE[TAB_COLOURS[sheet.kind]])
    if sheet.hidden:
        worksheet.hide()
    if sheet.freeze:
        worksheet.freeze_panes(*sheet.freeze)
    if any(sheet.levels.values()):
        worksheet.outline_settings(True, not sheet.outline_left, not sheet.outline_left, False)
    if sheet.protect:
        allowed = ("sort", "autofilter", "format_columns", "format_rows", "objects")
        worksheet.protect("", dict.fromkeys(allowed, True))
    _print(book, sheet, worksheet, last_row)
    # Remainder formulas differ from their neighbours, ids are digits as text: both on purpose.
    area = f"A1:{a1(last_row, max(last_col, sheet.last_col))}"
    quiet = ("number_stored_as_text", "formula_differs", "formula_range", "calculated_column",
             "empty_cell_reference", "formula_unlocked")  # fmt: skip
    worksheet.ignore_errors(dict.fromkeys(quiet, area))


def _print(book: Book, sheet: Sheet, worksheet: Any, last_row: int) -> None:
    if sheet.landscape:
        worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.center_horizontally()
    worksheet.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.6)
    worksheet.fit_to_pages(1, sheet.fit_height)
    end = sheet.print_last_row if sheet.print_last_row is not None else last_row
    worksheet.print_area(0, 1, end, sheet.last_col)
    if sheet.repeat_rows:
        worksheet.repeat_rows(*sheet.repeat_rows)
    worksheet.set_footer(footer(book), {"margin": 0.3})


def footer(book: Book) -> str:
    """Firm and scope left, page centre, version right; within the length Excel takes."""
    code = f'&K{PALETTE["muted"].lstrip("#")}&8&"{FONTS[book.lang]},Regular"'
    left, right = (part.replace("&", "&&") for part in (book.footer_left, book.footer_right))
    centre = text("page.page_of", book.lang)
    room = FOOTER_LIMIT - 3 * (len(code) + 2) - len(centre)
    right = right[: room // 2]
    left = left[: room - len(right)]
    # A cut must not leave a lone & behind: it would start a code.
    left, right = (_whole(part) for part in (left, right))
    return f"&L{code}{left}&C{code}{centre}&R{code}{right}"


def _whole(part: str) -> str:
    trailing = len(part) - len(part.rstrip("&"))
    return part[:-1] if trailing % 2 else part
