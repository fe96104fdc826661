"""A worksheet of the template as a sequence of rows between a head and a tail.

Rows stay text until one is filled; only then are its cells looked at. Formulas lose
their stored values when the sheet is read, and shared formulas become ordinary ones,
so that any row can be written anywhere.

>>> sheet = read_sheet("Targets", "xl/worksheets/sheet1.xml", data, "region.xlsx")
>>> sheet.rows[0].number, sheet.cells(1)[2].style
(1, 4)

Rows and columns count from 1, as in references.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from salesxl.ooxml.template.locate import damaged, elements, parse, parser, plain, tag_end
from salesxl.ooxml.template.references import translate
from salesxl.opc.cells import split_reference

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384


class TemplateCell(NamedTuple):
    """A cell as it stands in the template."""

    style: int  # index into cellXfs
    kind: str  # the ``t`` attribute: "" or "n", "s", "str", "inlineStr", "b", "e", "d"
    raw: str  # inner XML; of a formula's cell "" or what stands beside the formula
    formula: str | None = None  # unescaped, without "="; None: no formula
    group: str = ""  # "array" or "dataTable": a formula over the range `ref`
    ref: str = ""
    more: tuple[tuple[str, str], ...] = ()  # further attributes of ``<f>``
    extra: str = ""  # further attributes of ``<c>``, a space before each: `` cm="1"``


class TemplateRow(NamedTuple):
    """A row as it stands in the template; formulas have lost their stored values."""

    number: int
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
    filtered: bool = False  # whether a filter may hide rows
    changed: bool = False  # whether reading changed something (a formula's value went)
    forms: dict[Any, Any] = field(default_factory=dict, repr=False)  # of `rows`: made once
    _index: dict[int, TemplateRow] = field(default_factory=dict, repr=False)
    _cells: dict[int, Mapping[int, TemplateCell]] = field(default_factory=dict, repr=False)
    _heads: dict[int, dict[str, str]] = field(default_factory=dict, repr=False)

    def row(self, number: int) -> TemplateRow | None:
        """The row of this number; None where the template has none."""
        if not self._index:
            self._index.update((row.number, row) for row in self.rows)
        return self._index.get(number)

    def cells(self, number: int) -> Mapping[int, TemplateCell]:
        """The cells of a row: column → cell, ascending."""
        found = self._cells.get(number)
        if found is None:
            row = self.row(number)
            found, head = ({}, {}) if row is None else read_row(row.raw)
            self._cells[number], self._heads[number] = found, head
        return found

    def row_head(self, number: int) -> dict[str, str]:
        """Attributes of a row without ``r``; a copy."""
        self.cells(number)
        return dict(self._heads[number])

    def style(self, row: int, column: int) -> int:
        """The style of a cell; of a cell the template lacks that of its row, else 0."""
        cell = self.cells(row).get(column)
        if cell is not None:
            return cell.style
        head = self.row_head(row)
        return int(head.get("s", 0)) if head.get("customFormat") in ("1", "true") else 0

    @property
    def last_row(self) -> int:
        return self.rows[-1].number if self.rows else 0

    def xml(self) -> str:
        """The part's text, nothing filled."""
        return self.head + "".join(row.raw for row in self.rows) + self.tail

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        for made in ("forms", "_index", "_cells", "_heads"):
            state[made] = {}
        return state


class _Reading:
    """One pass over a sheet: where its rows are, and what changes in them."""

    def __init__(
        self, data: bytes, pivots: list[tuple[int, int, int, int]], captions: frozenset[int | str]
    ) -> None:
        self.data = data
        self.captions = captions
        self.spilled = list(pivots)  # areas whose cells only show what something else makes
        self.masters: dict[str, tuple[int, int, str]] = {}  # shared formulas
        self.depth = 0
        self.root: dict[str, str] = {}
        self.inside = False  # in sheetData
        self.row = self.col = 0
        self.row_behind = self.behind = 0  # ends of the row's start tag, of the row before
        self.edits: list[tuple[int, int, bytes]] = []
        self.formulas = False
        self.strings: list[int] = []
        self.rows: list[TemplateRow] = []
        self.span = (-1, -1, -1)  # sheetData: tag start, inner start, inner end
        self.prefix = ""
        self.kind = ""
        self.cell_at = 0
        self.formula: tuple[int, int, dict[str, str]] | None = None
        self.formula_text: list[str] | None = None
        self.text: list[str] | None = None  # of <v>
        self.values: list[tuple[int, int]] = []  # spans of <v>, <is>
        self.value_at = 0
        self.changed = False
        self.parser = parser(self.start, self.end)
        self.parser.CharacterDataHandler = self.characters

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        depth, at = self.depth, self.parser.CurrentByteIndex
        if depth == 1:
            self.root = attributes
        elif depth == 2 and tag.rpartition(":")[2] == "sheetData" and self.span[0] < 0:
            self.inside = True
            self.prefix = tag[: -len("sheetData")]
            self.behind = tag_end(self.data, at)
            self.span = (at, self.behind, self.behind)
        elif not self.inside:
            return
        elif depth == 3:
            row = int(attributes.get("r", self.row + 1))
            if not self.row < row <= MAX_ROWS or tag != f"{self.prefix}row":
                raise ValueError("rows out of order")
            self.row, self.col = row, 0
            self.row_behind = tag_end(self.data, at)
            self.edits, self.strings, self.formulas = [], [], False
        elif depth == 4:
            place = split_reference(attributes["r"]) if "r" in attributes else None
            col = place[1] + 1 if place else self.col + 1
            if not self.col < col <= MAX_COLUMNS or (place and place[0] + 1 != self.row):
                raise ValueError("cells out of order")
            self.col = col
            self.kind, self.cell_at = attributes.get("t", ""), at
            self.formula, self.text, self.values = None, None, []
            self.inline: list[str] = []
        elif depth == 5:
            name = tag.rpartition(":")[2]
            self.value_at = at
            if name == "f":
                self.formula = (at, at, attributes)
                self.formula_text = []
            elif name == "v":
                self.text = []

    def characters(self, text: str) -> None:
        if self.depth == 5 and self.inside:
            if self.formula_text is not None:
                self.formula_text.append(text)
            elif self.text is not None:
                self.text.append(text)
        elif self.depth > 5 and self.inside and self.kind == "inlineStr":
            self.inline.append(text)

    def end(self, tag: str) -> None:
        depth = self.depth
        self.depth -= 1
        if not self.inside:
            return
        at = self.parser.CurrentByteIndex
        if depth == 5:
            self._end_of_child(tag, at)
        elif depth == 4:
            self._end_of_cell()
        elif depth == 3:
            empty = self.data[self.row_behind - 2 : self.row_behind] == b"/>"
            self._end_of_row(self.row_behind if empty else tag_end(self.data, at))
        elif depth == 2:
            self.inside = False
            empty = self.data[self.span[1] - 2 : self.span[1]] == b"/>"
            self.span = (*self.span[:2], self.span[1] if empty else at)

    def _end_of_child(self, tag: str, at: int) -> None:
        name = tag.rpartition(":")[2]
        if name not in ("f", "v", "is"):
            return
        behind = tag_end(self.data, self.value_at)
        empty = self.data[behind - 2 : behind] == b"/>"
        end = behind if empty else tag_end(self.data, at)
        if name == "f":
            assert self.formula is not None
            self.formula = (self.value_at, end, self.formula[2])
            self._formula("".join(self.formula_text or ()))
            self.formula_text = None
        else:
            self.values.append((self.value_at, end))

    def _formula(self, text: str) -> None:
        assert self.formula is not None
        start, end, attributes = self.formula
        kind = attributes.get("t", "")
        self.formulas = True
        if kind == "shared":
            number = attributes.get("si", "")
            if text:
                self.masters[number] = (self.row, self.col, text)
            else:
                row, col, text = self.masters[number]
                text = translate(text, self.row - row, self.col - col)
            keep = "".join(f" {k}={quoteattr(v)}" for k, v in attributes.items() if k == "ca")
            made = f"<{self.prefix}f{keep}>{escape(text)}</{self.prefix}f>"
            self.edits.append((start, end, made.encode()))
        elif kind in ("array", "dataTable"):
            area = _area(attributes.get("ref", ""))
            if area is not None:
                self.spilled.append(area)

    def _end_of_cell(self) -> None:
        shown = any(
            a <= self.row <= c and b <= self.col <= d for a, b, c, d in self.spilled
        )  # fmt: skip
        if shown:
            caption = int("".join(self.text)) if self.kind == "s" and self.text else None
            shown = ("".join(self.inline) if caption is None else caption) not in self.captions
        if self.formula is None and not shown:
            if self.kind == "s" and self.text is not None:
                self.strings.append(int("".join(self.text)))
            return
        self.edits.extend((start, end, b"") for start, end in self.values)
        if self.kind:
            behind = tag_end(self.data, self.cell_at)
            tag = self.data[self.cell_at : behind]
            found = tag.find(b" t=")
            quote = tag[found + 3 : found + 4]
            until = tag.find(quote, found + 4)
            if found > 0 and until > 0:
                self.edits.append((self.cell_at + found, self.cell_at + until + 1, b""))

    def _end_of_row(self, end: int) -> None:
        start = self.behind
        pieces: list[bytes] = []
        done = start
        for a, b, new in sorted(self.edits):
            pieces += (self.data[done:a], new)
            done = b
        pieces.append(self.data[done:end])
        self.changed = self.changed or bool(self.edits)
        raw = b"".join(pieces).decode()
        self.rows.append(TemplateRow(self.row, raw, self.formulas, tuple(self.strings)))
        self.behind = end


def read_sheet(
    title: str, part: str, data: bytes, file: str,
    pivots: list[tuple[int, int, int, int]] | None = None,
    captions: frozenset[int | str] = frozenset(),
) -> TemplateSheet:  # fmt: skip
    """A worksheet part in UTF-8. `pivots`: areas that pivot tables fill; their values go,
    but for `captions`: numbers of shared strings, and texts.

    Raises `SalesxlError`: broken XML, a DTD, rows or cells out of order, no sheetData.
    """
    reading = _Reading(data, pivots or [], captions)
    with damaged(file, part):
        parse(reading.parser, data, file, part)
        start, inner, _ = reading.span
        if start < 0:
            raise ValueError("no sheetData")
        prefix = reading.prefix
        if data[inner - 2 : inner] == b"/>":
            head = data[: inner - 2].decode().rstrip() + ">"
            tail = f"</{prefix}sheetData>" + data[inner:].decode()
        else:
            head = data[:inner].decode()
            tail = data[reading.behind :].decode()
    if prefix:  # rows are written without one
        space = reading.root.get(f"xmlns:{prefix[:-1]}", "")
        head = f"{head[:-1]} xmlns={quoteattr(space)}>"
    rows = tuple(reading.rows)
    return TemplateSheet(
        title, part, head, rows, tail, prefix, "filterColumn" in tail, reading.changed
    )


def _area(ref: str) -> tuple[int, int, int, int] | None:
    """``B2:C5`` → (2, 2, 5, 3)"""
    ends = [split_reference(end) for end in ref.split(":")]
    if not ends[0] or not ends[-1]:
        return None
    (row, col), (last_row, last_col) = ends[0], ends[-1]
    return row + 1, col + 1, last_row + 1, last_col + 1


def read_row(raw: str) -> tuple[dict[int, TemplateCell], dict[str, str]]:
    """The cells of a row's XML, and the row's attributes without ``r``."""
    data = raw.encode()
    found = elements(data, None)
    cells: dict[int, TemplateCell] = {}
    col = 0
    for one in found:
        depth = len(one.path)
        if depth == 1:
            place = split_reference(one.attributes.get("r", ""))
            col = place[1] + 1 if place else col + 1
            attributes = one.attributes
            extra = "".join(
                f" {key}={quoteattr(value)}"
                for key, value in attributes.items()
                if key not in ("r", "s", "t")
            )
            inner = data[one.inner_start : one.inner_end].decode()
            cells[col] = TemplateCell(
                int(attributes.get("s", 0)), attributes.get("t", ""), inner, extra=extra
            )
        elif depth == 2 and one.tag == "f":
            cell = cells[col]
            text = plain(data[one.inner_start : one.inner_end])
            inner = cell.raw.replace(data[one.start : one.end].decode(), "", 1)
            more = tuple((k, v) for k, v in one.attributes.items() if k not in ("t", "ref"))
            group = one.attributes.get("t", "")
            ref = one.attributes.get("ref", "")
            cells[col] = cell._replace(formula=text, raw=inner, group=group, ref=ref, more=more)
    head = {key: value for key, value in found[0].attributes.items() if key != "r"}
    return cells, head
