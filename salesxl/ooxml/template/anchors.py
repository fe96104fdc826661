"""Anchors of drawings, controls and notes: rows counted from 0, heights kept."""

from __future__ import annotations

from salesxl.ooxml.template.moves import MAX_ROW, SheetMoves
from salesxl.ooxml.template.scan import Document, Edits, Node


def marker_row(doc: Document, anchor: Node, name: str) -> tuple[Node, int] | None:
    """The ``row`` element of an anchor's ``from`` or ``to``, and its row (from 0)."""
    marker = anchor.child(name)
    row = None if marker is None else marker.child("row")
    if row is None:
        return None
    text = doc.content(row).strip()
    if not text.isdecimal() or int(text) >= MAX_ROW:
        return None
    return row, int(text)


def marker_column(doc: Document, anchor: Node) -> int:
    """The column (from 0) in which an anchor begins."""
    marker = anchor.child("from")
    column = None if marker is None else marker.child("col")
    text = "" if column is None else doc.content(column).strip()
    return int(text) if text.isdecimal() else 0


def put_anchor(doc: Document, edits: Edits, anchor: Node, top: int, bottom: int | None) -> None:
    """Write the rows (from 0) of an anchor's ``from`` and, unless None, ``to``."""
    for name, row in (("from", top), ("to", bottom)):
        marker = marker_row(doc, anchor, name)
        if marker is not None and row is not None and row != marker[1]:
            edits.content(marker[0], str(min(row, MAX_ROW - 1)))


def follow_control_anchor(doc: Document, edits: Edits, anchor: Node, sheet: SheetMoves) -> bool:
    """Move a control's anchor with its first row; False: that row is gone."""
    top, bottom = marker_row(doc, anchor, "from"), marker_row(doc, anchor, "to")
    if top is None:
        return True
    row = sheet.at(top[1] + 1)
    if row is None:
        return False
    delta = row - 1 - top[1]
    put_anchor(doc, edits, anchor, row - 1, None if bottom is None else bottom[1] + delta)
    return True
