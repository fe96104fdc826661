"""What a cell of the filled workbook holds, for what keeps a copy of it (charts, shapes)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from salesxl.ooxml.template.columns import plain_list
from salesxl.ooxml.template.locate import plain
from salesxl.ooxml.template.places import text_of
from salesxl.ooxml.template.rows import Kept, Piece, Stay
from salesxl.sheets.content import Formula

if TYPE_CHECKING:
    from salesxl.ooxml.template.compile import Template
    from salesxl.ooxml.template.layout import Layout
    from salesxl.ooxml.template.sheet import TemplateSheet

Shown = str | int | float | Decimal | bool | date | None


class Values:
    """Looks cells up by the new title and row; of formulas without a value nothing is known."""

    def __init__(
        self, template: Template, layouts: Mapping[str, Layout], titles: Mapping[str, str]
    ) -> None:
        self.template = template
        self.layouts = layouts
        self.titles = {new.casefold(): old for old, new in titles.items()}
        self._starts: dict[str, list[int]] = {}
        self._found: dict[str, tuple[str, Layout | None]] = {}
        self._columns: dict[tuple[str, int, int], list[Shown]] = {}

    def __call__(self, sheet: str, row: int, col: int) -> Shown:
        """The value of a cell; rows and columns from 1."""
        found = self._found.get(sheet)
        if found is None:
            title = self.titles.get(sheet.casefold(), "")
            found = self._found[sheet] = (title, self.layouts.get(title))
        title, layout = found
        if layout is None:
            return self._of_template(title, row, col) if title in self.template.sheets else None
        starts = self._starts.get(title) or self._starts_of(title, layout)
        if row >= starts[-1]:
            return None
        index = bisect_right(starts, row) - 1
        column = self._columns.get((title, index, col))
        if column is not None:
            return column[row - starts[index]]
        piece, offset = layout.pieces[index], row - starts[index]
        if isinstance(piece, Stay):
            return self._of_template(title, piece.first + offset, col)
        given: Any = piece.values.get(col)
        if given is None:
            return self._of_piece(title, piece, offset, col)
        values = plain_list(given.values if isinstance(given, Kept) else given)
        column = self._columns[title, index, col] = [*map(_value, values)]
        return column[offset]

    def last_row(self, sheet: str) -> int:
        """The last row that may hold something."""
        title = self.titles.get(sheet.casefold(), "")
        layout = self.layouts.get(title)
        if layout is not None:
            return self._starts_of(title, layout)[-1] - 1
        found = self.template.sheets.get(title)
        return found.last_row if found else 0

    def _starts_of(self, title: str, layout: Layout) -> list[int]:
        """First rows of the pieces, and the row behind the last."""
        starts = self._starts.get(title)
        if starts is None:
            starts, row = [], 1
            for piece in layout.pieces:
                starts.append(row)
                row += piece.count if isinstance(piece, Piece) else piece.last - piece.first + 1
            starts.append(row)
            self._starts[title] = starts
        return starts

    def _of_piece(self, title: str, piece: Piece, offset: int, col: int) -> Shown:
        keeps = piece.keep == "all" or (piece.keep == "first" and offset == 0)
        if col in piece.blank or not (keeps or col in piece.copied):
            return None
        return self._of_template(title, piece.origins.get(col, piece.row), col)

    def _of_template(self, title: str, row: int, col: int) -> Shown:
        sheet = self.template.sheets[title]
        key = ("shown", row, col)
        if key not in sheet.forms:
            sheet.forms[key] = self._read(sheet, row, col)
        return sheet.forms[key]  # type: ignore[no-any-return]

    def _read(self, sheet: TemplateSheet, row: int, col: int) -> Shown:
        cell = sheet.cells(row).get(col)
        if cell is None or cell.formula is not None or not cell.raw:
            return None
        if cell.kind in ("s", "inlineStr"):
            return text_of(sheet, row, col, self.template.shared) or None
        stored = plain(cell.raw.partition("<")[2].partition(">")[2].partition("<")[0].encode())
        if cell.kind == "b":
            return stored.strip() in ("1", "true")
        if cell.kind in ("e", "str", "d"):
            return stored
        return float(stored) if stored.strip() else None


def _value(value: Any) -> Shown:
    if isinstance(value, Formula):
        return value.value
    return value.item() if hasattr(value, "item") else value  # type: ignore[no-any-return]
