"""Pictures, shapes and charts on a sheet: anchors that follow the rows."""

from __future__ import annotations

from typing import NamedTuple

from salesxl.ooxml.template.anchors import marker_column, marker_row, put_anchor
from salesxl.ooxml.template.moves import Moves, SheetMoves
from salesxl.ooxml.template.references import GONE, rewrite
from salesxl.ooxml.template.scan import Document, Edits, Node, scan

_ANCHORS = ("twoCellAnchor", "oneCellAnchor")
_STRETCHING = ("sp", "cxnSp", "grpSp")
_LINKS = ("textlink", "cellRange")  # a shape's text, a camera's picture


class Clone(NamedTuple):
    """A chart repeated with its block: the caller copies the part behind relation `id` to a
    new one under relation `new_id`, its ranges followed as `moves` sees the sheet."""

    id: str
    new_id: str
    moves: SheetMoves


class Drawing(NamedTuple):
    """The followed part, and the parts to be copied for it."""

    xml: str
    clones: tuple[Clone, ...]


class _Spot(NamedTuple):
    """One place of an anchor: its rows (from 0) and the sheet as seen from there."""

    top: int
    bottom: int | None
    moves: SheetMoves


def follow_drawing(xml: str, moves: Moves, sheet: str, clone_parts: bool = True) -> Drawing:
    """`xl/drawings/drawingN.xml` of `sheet`.

    Charts, slicers and pictures keep their size and move with their first row; shapes set to
    "move and size" grow with their rows; "don't move" stays. What stands in dropped rows
    goes; what stands in a block is repeated in every copy (charts only when `clone_parts`;
    slicers and form controls stay in the first). Relations no longer used are the
    caller's to prune. Unchanged: the same object.
    """
    if moves.still:
        return Drawing(xml, ())
    follower = _Follower(scan(xml), moves, sheet, clone_parts)
    for anchor in follower.doc.named(*_ANCHORS):
        follower.anchor(anchor)
    return Drawing(follower.edits.result(), tuple(follower.clones))


class _Follower:
    def __init__(self, doc: Document, moves: Moves, title: str, clone_parts: bool) -> None:
        self.doc = doc
        self.edits = Edits(doc)
        self.moves = moves
        self.title = title
        self.sheet = moves.sheet(title)
        self.clone_parts = clone_parts
        self.clones: list[Clone] = []
        self._last_id = max(
            (
                int(text)
                for n in doc.named("cNvPr")
                if (text := doc.attr(n, "id") or "").isdecimal()
            ),
            default=0,
        )

    def anchor(self, node: Node) -> None:
        if (
            self.doc.attr(node, "editAs") == "absolute"
            or marker_row(self.doc, node, "from") is None
        ):
            self._links(self.edits, node, self.moves)
            return
        spots = self._spots(node, self.sheet)
        whole = node.within("AlternateContent") or node
        if not spots:
            self.edits.remove(whole)
            return
        if not self._can_repeat(node, whole):
            spots = spots[:1]
        if len(spots) == 1:
            self._write(self.edits, node, spots[0], 0)
            return
        texts = []
        for number, spot in enumerate(spots):
            one = Edits(self.doc)
            self._write(one, node, spot, number)
            texts.append(one.render(node))
        self.edits.replace(node, texts)

    def _spots(self, node: Node, sheet: SheetMoves) -> list[_Spot]:
        top, bottom = marker_row(self.doc, node, "from"), marker_row(self.doc, node, "to")
        if top is None:
            return []
        first = top[1] + 1
        sheet = sheet.in_column(marker_column(self.doc, node) + 1)
        last = self._last_row(node, bottom[1], first) if bottom else first
        run = sheet.run_at(first)
        if run is not None and run.copies and run.count and last <= run.last:
            views = [sheet.view(run.first, number) for number in range(len(run.copies))]
            return [spot for view in views for spot in self._spots(node, view)]
        row = sheet.at(first)
        if row is None:
            return []
        if bottom is None:
            return [_Spot(row - 1, None, sheet)]
        end = bottom[1] + row - first
        if self._stretches(node):
            grown = (sheet.end(last) or row) + bottom[1] + 1 - last
            end = max(grown - 1, row - 1)
        return [_Spot(row - 1, end, sheet)]

    def _last_row(self, node: Node, bottom: int, first: int) -> int:
        """The template row (from 1) in which an anchor ends; on a border, the one above it."""
        marker = node.child("to")
        offset = None if marker is None else marker.child("rowOff")
        on_border = offset is not None and self.doc.content(offset).strip() in ("0", "")
        return max(bottom if on_border else bottom + 1, first)

    def _stretches(self, node: Node) -> bool:
        if self.doc.attr(node, "editAs") not in (None, "twoCell"):
            return False
        if node.within("AlternateContent") is not None:  # a form control keeps its size
            return False
        return any(child.name in _STRETCHING for child in node.children)

    def _can_repeat(self, node: Node, whole: Node) -> bool:
        if whole is not node or node.child("AlternateContent") is not None:
            return False
        frames = [inner for inner in node.walk() if inner.name == "graphicFrame"]
        charts = [self._chart(frame) for frame in frames]
        return None not in charts and (self.clone_parts or not frames)

    def _chart(self, frame: Node) -> Node | None:
        """The element that names a chart's relation; None: another kind of frame."""
        return next((n for n in frame.walk() if n.name == "chart" and self.doc.attr(n, "id")), None)

    def _write(self, edits: Edits, node: Node, spot: _Spot, number: int) -> None:
        put_anchor(self.doc, edits, node, spot.top, spot.bottom)
        moves = self.moves
        if spot.moves is not self.sheet:
            moves = moves.seen_from(self.title, spot.moves)
        self._links(edits, node, moves)
        if not number:
            return
        for inner in node.walk():
            if inner.name == "cNvPr":
                self._last_id += 1
                edits.attr(inner, "id", str(self._last_id))
            elif inner.name == "graphicFrame":
                chart = self._chart(inner)
                old = "" if chart is None else self.doc.attr(chart, "id") or ""
                if chart is not None:
                    new = f"{old}_{number + 1}"
                    edits.attr(chart, "id", new)
                    self.clones.append(Clone(old, new, spot.moves))

    def _links(self, edits: Edits, node: Node, moves: Moves) -> None:
        raw = self.doc.text[node.start : node.end]
        if not any(name in raw for name in _LINKS):
            return
        for inner in node.walk():
            for name in _LINKS:
                text = self.doc.attr(inner, name)
                if text:
                    new = rewrite(text, moves, self.title)
                    edits.attr(inner, name, "" if new == GONE else new)
