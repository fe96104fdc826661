"""Rows of a sheet made anew from rows of the template and values.

A piece is a template row, how often it is written and the values of its columns; any
order and repetition of template rows can be written.

>>> pieces = [
...     Piece(1),                                          # the header as it is
...     Piece(2, 3, {1: ["A", "B", "C"], 2: [1, 2, 3]}),   # three entries
...     Piece(3),                                          # the total below
... ]
>>> xml = render_rows(sheet, pieces, Ink(strings))
>>> part = sheet_xml(sheet, xml)

Values: text, number, bool, date, datetime, None (a blank, styled cell), `Formula`
(with its value). A column of one type is fastest; numpy arrays and pandas columns
count as what ``tolist()`` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from salesxl.ooxml.template.sheet import TemplateSheet
from salesxl.ooxml.template.strings import Strings
from salesxl.sheets.content import Formula, Scalar

Value = Scalar | Formula
# Rewrites a template formula: (formula, template row it stands in, new row) → formula.
Rewrite = Callable[[str, int, int], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Values of a column whose formula stays the template's: each is stored beside it."""

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


@dataclass
class Ink:
    """What writing cells needs to know of the workbook under way."""

    strings: Strings
    date1904: bool = False
    rewrite: Rewrite | None = None  # None: formulas of the template stay as they are
    stale: bool = False  # set when a formula without a value was written


def render_rows(sheet: TemplateSheet, pieces: Iterable[Piece], ink: Ink, first: int = 1) -> str:
    """The XML of the rows, the first of them numbered `first`.

    Raises `SalesxlError` for a text or number no cell holds, naming the cell, and for
    rows beyond the sheet. ValueError where a column's length is not the piece's count.
    """
    ...


def sheet_xml(sheet: TemplateSheet, rows: str, head: str | None = None, tail: str | None = None) -> bytes:
    """The part: head, rows, tail (the template's where not given)."""
    ...
