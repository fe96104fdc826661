"""A worksheet of the template as a sequence of rows between a head and a tail.

Rows stay text until one is filled; only then are its cells looked at.

>>> sheet = read_sheet("Targets", "xl/worksheets/sheet1.xml", data, "region.xlsx")
>>> sheet.rows[0].number, sheet.cells(1)[2].style
(1, 4)

Rows and columns count from 1, as in references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from salesxl.errors import fail
from salesxl.ooxml.template.locate import edited, elements, parse, parser, tag_end

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384


class TemplateCell(NamedTuple):
    """A cell as it stands in the template."""

    style: int  # index into cellXfs
    kind: str  # the ``t`` attribute: "" or "n", "s", "str", "inlineStr", "b", "e", "d"
    raw: str  # inner XML without a formula's value: ``<v>12</v>``, ``<f>A1*2</f>`` or ""
    formula: str | None  # text of an ordinary formula, unescaped; None: none, or see `group`
    group: str  # "", "shared", "array", "dataTable": formulas that span cells
    extra: str  # further attributes as written, with a space before: `` cm="1"``


class TemplateRow(NamedTuple):
    """A row as it stands in the template; formulas have lost their stored values."""

    number: int
    attributes: str  # as written without ``r``, with a space before: `` ht="19"``
    raw: str  # the whole row, with the white space before it
    formulas: bool  # whether a cell holds a formula
    strings: tuple[int, ...]  # numbers of the shared strings it uses


@dataclass
class TemplateSheet:
    """A worksheet: `head` + rows + `tail` is the part's text (formulas' values apart)."""

    title: str
    part: str
    head: str  # up to and with ``<sheetData>``
    rows: tuple[TemplateRow, ...]  # ascending
    tail: str  # from ``</sheetData>`` on
    prefix: str = ""  # "x:" where the sheet's elements have a prefix
    _index: dict[int, TemplateRow] = field(default_factory=dict, repr=False)
    _cells: dict[int, Mapping[int, TemplateCell]] = field(default_factory=dict, repr=False)

    def row(self, number: int) -> TemplateRow | None:
        """The row of this number; None where the template has none."""
        if not self._index:
            self._index.update((row.number, row) for row in self.rows)
        return self._index.get(number)

    def cells(self, number: int) -> Mapping[int, TemplateCell]:
        """The cells of a row: column → cell."""
        found = self._cells.get(number)
        if found is None:
            row = self.row(number)
            found = {} if row is None else read_cells(row.raw)
            self._cells[number] = found
        return found

    def style(self, row: int, column: int) -> int:
        """The style a cell has, or would have: of the cell, its row, else 0."""
        ...

    @property
    def last_row(self) -> int:
        return self.rows[-1].number if self.rows else 0


def read_sheet(title: str, part: str, data: bytes, file: str) -> TemplateSheet: ...


def read_cells(raw: str) -> dict[int, TemplateCell]: ...
