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
from salesxl.ooxml.template.scan import Document, Edits, Node
from salesxl.ooxml.template.sqref import Rect, rects

_UID = re.compile(r"""\s+[\w.-]+:uid\s*=\s*(?:"[^"]*"|'[^']*')""")


def without_uid(raw: str) -> str:
    """A repeated element must not share the first one's unique id."""
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
        return list(self.sheet.each(rect.first, rect.last))

    def merges(self, node: Node) -> None:
        """All merged cells of the sheet."""
        cells = [child for child in node.children if child.name == "mergeCell"]
        texts: list[str] = []
        changed = False
        for cell in cells:
            ref = self.doc.attr(cell, "ref") or ""
            raw = self.doc.text[cell.start : cell.end]
            before, after = _around(self.doc, cell, "ref")
            refs = []
            for rect in rects(ref)[:1]:
                for image in self._images(rect):
                    if image.first == image.last and rect.col == rect.col2 and rect.first:
                        continue  # one cell is no merge
                    refs.append(rect.at(image.first, image.last))
            if refs == [ref]:
                texts.append(raw)
                continue
            changed = True
            texts += [f"{before}{one}{after}" for one in refs]
        if not changed:
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
            location = self.doc.attr(link, "location")
            texts = []
            for rect in rects(ref)[:1]:
                for image in self._images(rect):
                    one = Edits(self.doc)
                    one.attr(link, "ref", rect.at(image.first, image.last))
                    if location:
                        one.attr(link, "location", self._formula(location, image, False))
                    texts.append(one.render(link))
            self._replace(link, texts)

    def sparkline(self, node: Node) -> bool:
        """One sparkline: its cell and its data."""
        sqref, formula = node.child("sqref"), node.child("f")
        if sqref is None:
            return False
        source = "" if formula is None else self.doc.content(formula)
        texts = []
        for rect in rects(self.doc.content(sqref))[:1]:
            for image in self._images(rect):
                one = Edits(self.doc)
                one.content(sqref, rect.at(image.first, image.last))
                if formula is not None:
                    text = self._formula(source, image, True)
                    if text == GONE:
                        continue
                    one.content(formula, text)
                texts.append(one.render(node))
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


def _around(doc: Document, node: Node, name: str) -> tuple[str, str]:
    """An element's text before and after one attribute's value."""
    spot = doc.spot(node, name)
    if spot is None:
        return doc.text[node.start : node.end], ""
    return doc.text[node.start : spot[0]], doc.text[spot[1] : node.end]
