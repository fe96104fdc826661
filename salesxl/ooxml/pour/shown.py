"""What stands in the cells of a filled workbook, for charts and shapes that remember it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from salesxl.ooxml.pour.layout import Layout
from salesxl.ooxml.pour.target import Target, cell_text
from salesxl.ooxml.template.sheet import TemplateSheet
from salesxl.sheets.content import Formula, Rich, Scalar

_VALUE = re.compile(r"<(?:\w+:)?v>([^<]*)<")


class Shown:
    """Looks cells up by title, row and column (from 1). Of formulas we do not compute nothing
    is known."""

    def __init__(self, target: Target, layouts: Mapping[str, Layout]) -> None:
        self.target = target
        self.layouts = {layout.place.title: layout for layout in layouts.values()}
        self.known: dict[str, dict[tuple[int, int], Scalar]] = {}

    def __call__(self, title: str, row: int, col: int) -> Scalar:
        layout = self.layouts.get(title)
        if layout is None:
            sheet = self.target.template.sheets.get(title)
            return None if sheet is None else self._of_template(sheet, row, col)
        if title not in self.known:
            self.known[title] = _cells(layout)
        return self.known[title].get((row, col))

    def _of_template(self, sheet: TemplateSheet, row: int, col: int) -> Scalar:
        cell = sheet.cells(row).get(col)
        if cell is None or cell.formula is not None:
            return None
        text = cell_text(cell, self.target.strings)
        if text is not None:
            return text
        found = _VALUE.search(cell.raw)
        if found is None or cell.kind not in ("", "n"):
            return None
        return float(found[1])


def _cells(layout: Layout) -> dict[tuple[int, int], Scalar]:
    place = layout.place
    cells: dict[tuple[int, int], Scalar] = {}
    for number, line in layout.grid.items():
        for column, (_, value) in line.items():
            if isinstance(value, Formula):
                value = value.value
            elif isinstance(value, Rich):
                value = value.text
            cells[place.row(number) + 1, place.col(column) + 1] = value
    for table in layout.sheet.tables:
        for number, values in enumerate(table.rows, table.row + 1):
            for offset, value in enumerate(values):
                spot = (place.row(number) + 1, place.col(table.col + offset) + 1)
                cells.setdefault(spot, value)
    return cells
