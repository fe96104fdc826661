"""Comments, their threads, and the VML shapes behind them.

>>> moves = Moves({"Sales": SheetMoves([Run(5, 5, 3)])})
>>> follow_threads('<threadedComment ref="B9" id="{1}"/>', moves, "Sales")
'<threadedComment ref="B11" id="{1}"/>'
"""

from __future__ import annotations

from collections.abc import Collection

from salesxl.ooxml.template.moves import MAX_ROW, Moves, SheetMoves
from salesxl.ooxml.template.references import GONE, rewrite
from salesxl.ooxml.template.scan import Document, Edits, Node, scan
from salesxl.ooxml.template.sqref import rects

Cells = Collection[tuple[int, int]]  # (row, column) of the template, from 1

_VML_FORMULAS = {"FmlaLink": False, "FmlaTxbx": False, "FmlaGroup": False, "FmlaRange": True}


def follow_comments(xml: str, moves: Moves, sheet: str, gone: Cells = ()) -> str:
    """`xl/commentsN.xml`: comments move with their cell; those in `gone` or in dropped rows go.

    A comment in a list stays on the first new row, one in a block on the first copy. Authors
    no longer used are emptied.
    """
    if moves.still and not gone:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    left = _follow_refs(doc, edits, "comment", moves.sheet(sheet), gone)
    used = {doc.attr(node, "authorId") or "0" for node in left}
    if len(left) < len(doc.named("comment")):
        for number, author in enumerate(doc.named("author")):
            if str(number) not in used:
                edits.content(author, "")
    return edits.result()


def follow_threads(xml: str, moves: Moves, sheet: str, gone: Cells = ()) -> str:
    """`xl/threadedComments/*.xml`, in step with `follow_comments`."""
    if moves.still and not gone:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    _follow_refs(doc, edits, "threadedComment", moves.sheet(sheet), gone)
    return edits.result()


def follow_vml(xml: str, moves: Moves, sheet: str, gone: Cells = ()) -> str:
    """`xl/drawings/vmlDrawingN.vml`: note shapes in step with `follow_comments`, form controls'
    anchors and linked cells."""
    if moves.still and not gone:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    rows = moves.sheet(sheet)
    for data in doc.named("ClientData"):
        if not _follow_shape(doc, edits, data, rows, gone) and data.parent is not None:
            edits.remove(data.parent)
            continue
        for node in data.children:
            if node.name in _VML_FORMULAS:
                text = doc.content(node)
                new = rewrite(text, moves, sheet, grow=_VML_FORMULAS[node.name])
                edits.content(node, "" if new == GONE else new)
    return edits.result()


def _follow_refs(
    doc: Document, edits: Edits, name: str, rows: SheetMoves, gone: Cells
) -> list[Node]:
    """Move every `name` by its ``ref``; those that stay."""
    left = []
    for node in doc.named(name):
        rect = next(iter(rects(doc.attr(node, "ref") or "")), None)
        if rect is None or not rect.first:
            left.append(node)
            continue
        row = rows.in_column(rect.column).at(rect.first)
        if row is None or (rect.first, rect.column) in gone:
            edits.remove(node)
            continue
        edits.attr(node, "ref", rect.at(row, row, True))
        left.append(node)
    return left


def _follow_shape(doc: Document, edits: Edits, data: Node, rows: SheetMoves, gone: Cells) -> bool:
    """Move one shape with its cell (a note) or its first row; False: it goes."""
    anchor = data.child("Anchor")
    spots = [text.strip() for text in doc.content(anchor).split(",")] if anchor else []
    top = int(spots[2]) if len(spots) == 8 and spots[2].isdecimal() else None
    row, column = _number(doc, data, "Row"), _number(doc, data, "Column")
    own = top if row is None else row
    if own is None or own >= MAX_ROW:
        return True
    if row is not None and column is not None and (row + 1, column + 1) in gone:
        return False
    new = rows.in_column((column or 0) + 1).at(own + 1)
    if new is None:
        return False
    delta = new - 1 - own
    holder = data.child("Row")
    if holder is not None and delta:
        edits.content(holder, str(new - 1))
    if anchor is not None and top is not None and spots[6].isdecimal() and delta:
        for index in (2, 6):
            spots[index] = str(max(int(spots[index]) + delta, 0))
        edits.content(anchor, ", ".join(spots))
    return True


def _number(doc: Document, data: Node, name: str) -> int | None:
    node = data.child(name)
    text = "" if node is None else doc.content(node).strip()
    return int(text) if text.isdecimal() else None
