"""The constant XML of a row between its values, made once and woven with them.

A form is a row's text cut where values go; ``\\0`` stands for the row's number. The text
of many rows is one flat list: the constants of a row as often as there are rows, the
same few strings each time; then one slice assignment for each place of the row's number
and for each column, and one join.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple
from xml.sax.saxutils import quoteattr

from salesxl.ooxml.template.numerals import numerals
from salesxl.ooxml.template.sheet import TemplateCell, TemplateSheet
from salesxl.sheets.content import column_letters

MARK = "\0"  # where the row's number goes; no XML text holds it
_NUMBER = re.compile(r">\s*(\d+)\s*<")
OPENED = {"n": "><v>", "s": ' t="s"><v>', "b": ' t="b"><v>'}  # before a value of a kind
_OPEN = {**OPENED, "x": "", "": "/>"}
_CLOSE = {"n": "</v></c>", "s": "</v></c>", "b": "</v></c>", "x": "", "": ""}


class Shape(NamedTuple):
    """What a row's constant XML depends on; see `rows.Piece`."""

    row: int
    keep: Literal["all", "style"]
    height: float | None = None
    kinds: tuple[tuple[int, str], ...] = ()  # column → kind of its values, see `columns.column`
    styles: tuple[tuple[int, int], ...] = ()
    origins: tuple[tuple[int, int], ...] = ()
    copied: frozenset[int] = frozenset()
    blank: frozenset[int] = frozenset()


class Slot(NamedTuple):
    """A place for a column's values, or for the formula kept from the template."""

    col: int
    formula: str = ""


class Pattern(NamedTuple):
    """A row in pieces: where its number goes, where the slots' values go."""

    texts: list[str]
    numbers: tuple[int, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Form:
    """`parts` stand around the `slots`, one more of them than of those."""

    parts: tuple[str, ...]
    slots: tuple[Slot, ...]
    strings: tuple[int, ...] = ()  # numbers of the template's strings in it

    @cached_property
    def pattern(self) -> Pattern:
        texts: list[str] = []
        numbers: list[int] = []
        values: list[int] = []
        for index, part in enumerate(self.parts):
            if index:
                values.append(len(texts))
                texts.append("")
            for again, text in enumerate(part.split(MARK)):
                if again:
                    numbers.append(len(texts))
                    texts.append("")
                texts.append(text)
        return Pattern(texts, tuple(numbers), tuple(values))


def form_of(sheet: TemplateSheet, shape: Shape) -> Form:
    """The form of a shape, from the sheet's store or made now."""
    found = sheet.forms.get(shape)
    if found is None:
        found = sheet.forms[shape] = _make(sheet, shape)
    return found


def _make(sheet: TemplateSheet, shape: Shape) -> Form:
    kinds, styles, origins = dict(shape.kinds), dict(shape.styles), dict(shape.origins)
    base = sheet.cells(shape.row) if shape.row else {}
    columns = sorted({*base, *kinds, *styles, *shape.copied, *shape.blank})
    parts: list[str] = []
    slots: list[Slot] = []
    strings: list[int] = []
    text = [f'<row r="{MARK}"{_row_attributes(sheet, shape, columns)}>']
    for col in columns:
        origin = origins.get(col, shape.row)
        cell = sheet.cells(origin).get(col) if origin else None
        style = styles.get(col, sheet.style(origin, col) if origin else 0)
        opened = f'<c r="{column_letters(col - 1)}{MARK}"' + (f' s="{style}"' if style else "")
        keeps = col in shape.copied or (shape.keep == "all" and col not in shape.blank)
        if col in kinds:
            kind = kinds[col]
            text.append(opened + _OPEN[kind])
            if kind:
                parts.append("".join(text))
                slots.append(Slot(col))
                text = [_CLOSE[kind]]
        elif cell is None or not keeps or (cell.formula is None and not cell.raw):
            text.append(f"{opened}/>")
        elif cell.formula is None:
            kind = f' t="{cell.kind}"' if cell.kind else ""
            text.append(f"{opened}{kind}{cell.extra}>{cell.raw}</c>")
            if cell.kind == "s":
                strings += [int(number) for number in _NUMBER.findall(cell.raw)]
        else:
            _formula(cell, opened, col, text, parts, slots)
    text.append("</row>")
    parts.append("".join(text))
    return Form(tuple(parts), tuple(slots), tuple(strings))


def _formula(
    cell: TemplateCell, opened: str, col: int, text: list[str], parts: list[str],
    slots: list[Slot],
) -> None:  # fmt: skip
    """A cell that keeps the template's formula: a place for it, one for an array's range."""
    more = "".join(
        f" {key}={quoteattr(value)}" for key, value in cell.more if key not in ("r1", "r2")
    )
    text.append(f"{opened}{cell.extra}><f{more}")
    if cell.group:
        text.append(f' t="{cell.group}"')
        cells = [("ref", cell.ref), *((k, v) for k, v in cell.more if k in ("r1", "r2"))]
        for name, value in cells:
            text.append(f' {name}="')
            parts.append("".join(text))
            slots.append(Slot(col, value))
            text.clear()
            text.append('"')
    if not cell.formula:  # a data table has none
        text.append(f"/>{cell.raw}</c>")
        return
    text.append(">")
    parts.append("".join(text))
    slots.append(Slot(col, cell.formula))
    text.clear()
    text.append(f"</f>{cell.raw}</c>")


def _row_attributes(sheet: TemplateSheet, shape: Shape, columns: Sequence[int]) -> str:
    """The row's attributes as in the template; a given height instead of its own."""
    kept = sheet.row_head(shape.row) if shape.row else {}
    first, _, last = kept.get("spans", "").partition(":")
    if sheet.filtered and shape.kinds:
        kept.pop("hidden", None)  # hidden by a filter that went with its data
    known = first.isdigit() and last.isdigit()
    if columns and not (known and int(first) <= columns[0] <= columns[-1] <= int(last)):
        kept.pop("spans", None)  # a hint only, and now a wrong one
    if shape.height is not None:
        kept |= {"ht": f"{shape.height:g}", "customHeight": "1"}
    return "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())


def woven(form: Form, first: int, count: int, columns: Sequence[Sequence[str]]) -> str:
    """The text of `count` rows from number `first` on; one column a slot."""
    pattern = form.pattern
    laid = pattern.texts * count
    numbers = numerals(first, count)
    width = len(pattern.texts)
    for place in pattern.numbers:
        laid[place::width] = numbers
    for place, texts in zip(pattern.values, columns, strict=True):
        laid[place::width] = texts
    return "".join(laid)
