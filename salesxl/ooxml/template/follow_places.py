"""What stands in a place of its own and is repeated with it: merges, links, sparklines."""

from __future__ import annotations

import re

from salesxl.ooxml.template.moves import Image, Moves
from salesxl.ooxml.template.references import (
    GONE,
    RowFormula,
    compile_row_formula,
    rewrite,
)
from salesxl.ooxml.template.scan import Document, Edits, Node, unescape, written
from salesxl.ooxml.template.sqref import Rect, rects

_UID = re.compile(r"""\s+[\w.-]+:uid\s*=\s*(?:"[^"]*"|'[^']*')""")


def without_uid(raw: str) -> str:
    """A repeated element must not share the first one's unique id."""
    if ":uid" not in raw:
        return raw
    end = raw.index(">")
    return _UID.sub("", raw[:end]) + raw[end:]


class Places:
    """Writes the repetitions of one sheet into `edits`."""

    def __init__(self, doc: Document, edits: Edits, moves: Moves, sheet: str) -> None:
        self.doc = doc
        self.edits = edits
        self.moves = moves
        self.title = sheet
        self.sheet = moves.sheet(sheet)
        self._row_formulas: dict[tuple[str, int, int], RowFormula] = {}

    def _images(self, rect: Rect) -> list[Image]:
        if not rect.first:
            return [Image(0, 0, self.sheet)]
        return list(self.sheet.in_column(rect.column).each(rect.first, rect.last))

    def merges(self, node: Node) -> None:
        """All merged cells of the sheet."""
        texts: list[str] = []
        for cell in node.children:
            ref = self.doc.attr(cell, "ref") or ""
            write = _Stencil(self.doc, cell, self.doc.spot(cell, "ref"))
            for rect in rects(ref)[:1]:
                for image in self._images(rect):
                    if image.first == image.last and rect.col == rect.col2 and rect.first:
                        continue  # one cell is no merge
                    texts.append(write(rect.at(image.first, image.last)))
        if texts == [self.doc.text[cell.start : cell.end] for cell in node.children]:
            return
        if not texts:
            self.edits.remove(node)
            return
        self.edits.put(node.inner, node.close, "".join(texts))
        self.edits.attr(node, "count", str(len(texts)))

    def links(self, node: Node) -> None:
        """All hyperlinks of the sheet; their targets in this workbook follow too."""
        for link in node.children:
            ref = self.doc.attr(link, "ref") or ""
            location = self.doc.attr(link, "location") or ""
            spots = (self.doc.spot(link, "ref"), self.doc.spot(link, "location"))
            write = _Stencil(self.doc, link, *spots)
            texts = []
            for rect in rects(ref)[:1]:
                for image in self._images(rect):
                    target = self._formula(location, image, False) if location else ""
                    texts.append(write(rect.at(image.first, image.last), target))
            self._replace(link, texts)

    def sparkline(self, node: Node) -> bool:
        """One sparkline: its cell and its data."""
        sqref, formula = node.child("sqref"), node.child("f")
        if sqref is None:
            return False
        source = "" if formula is None else self.doc.content(formula)
        inner = None if formula is None else (formula.inner, formula.close)
        write = _Stencil(self.doc, node, (sqref.inner, sqref.close), inner)
        texts = []
        for rect in rects(self.doc.content(sqref))[:1]:
            for image in self._images(rect):
                text = self._formula(source, image, True) if source else ""
                if text != GONE:
                    texts.append(write(rect.at(image.first, image.last), text))
        self._replace(node, texts)
        return False

    def _formula(self, formula: str, image: Image, grow: bool) -> str:
        """`formula` as it must read from one repetition."""
        moves = self.moves
        if image.moves is not self.sheet:
            moves = moves.seen_from(self.title, image.moves)
        if image.run is None:
            return rewrite(formula, moves, self.title, grow=grow)
        key = (formula, image.run, id(image.moves))
        found = self._row_formulas.get(key)
        if found is None:
            found = compile_row_formula(formula, moves, self.title, image.run, loose=True)
            self._row_formulas[key] = found
        return found(image.offset)

    def _replace(self, node: Node, texts: list[str]) -> None:
        if texts != [self.doc.text[node.start : node.end]]:
            self.edits.replace(node, texts[:1] + [without_uid(text) for text in texts[1:]])


class _Stencil:
    """An element with some of its values cut out, to be written many times."""

    def __init__(self, doc: Document, node: Node, *spots: tuple[int, int] | None) -> None:
        self._holes = sorted(
            (spot, number) for number, spot in enumerate(spots) if spot is not None
        )
        self._texts, done = [], node.start
        for (start, end), _ in self._holes:
            self._texts.append(doc.text[done:start])
            done = end
        self._end = doc.text[done : node.end]
        self._old = [doc.text[start:end] for (start, end), _ in self._holes]
        self._meant = [unescape(raw) for raw in self._old]
        self._quotes = [doc.text[end : end + 1] for (_, end), _ in self._holes]

    def __call__(self, *values: str) -> str:
        """The element with these values; one that stays is written as it was."""
        pieces: list[str] = []
        for number, (_, index) in enumerate(self._holes):
            value = values[index]
            if value == self._meant[number]:
                pieces += (self._texts[number], self._old[number])
            else:
                pieces += (self._texts[number], written(value, self._quotes[number]))
        pieces.append(self._end)
        return "".join(pieces)
