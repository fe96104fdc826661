"""What else in a worksheet points at rows: everything outside its `sheetData`.

>>> moves = Moves({"Sales": SheetMoves([Run(5, 5, 3)])})
>>> follow_sheet('<mergeCells count="1"><mergeCell ref="A9:C9"/></mergeCells>', moves, "Sales")
'<mergeCells count="1"><mergeCell ref="A11:C11"/></mergeCells>'
"""

from __future__ import annotations

from collections.abc import Callable

from salesxl.ooxml.template.anchors import follow_control_anchor
from salesxl.ooxml.template.follow_places import Places
from salesxl.ooxml.template.follow_rules import follow_rule
from salesxl.ooxml.template.moves import Moves, SheetMoves
from salesxl.ooxml.template.references import GONE, rewrite
from salesxl.ooxml.template.scan import Document, Edits, Node, scan
from salesxl.ooxml.template.sqref import follow_area, follow_cell, rects, spread

MAX_BREAKS = 1026  # what Excel keeps of a sheet's page breaks


def follow_sheet(xml: str, moves: Moves, sheet: str) -> str:
    """The XML before or after ``<sheetData>`` (or both) of sheet `sheet`, with rows followed.

    Dimension, views and panes, protected ranges, scenarios, autofilter, sorting, merges,
    conditional formats, validations, links, page breaks, watches, ignored errors, anchors
    of controls and objects, sparklines; also their x14 twins. Fragments are fine.
    Unchanged: the same object. Elements left without content are removed.
    """
    if moves.still:
        return xml
    follower = _Follower(scan(xml), moves, sheet)
    follower.run()
    return follower.edits.result()


class _Follower:
    def __init__(self, doc: Document, moves: Moves, sheet: str) -> None:
        self.doc = doc
        self.moves = moves
        self.title = sheet
        self.sheet: SheetMoves = moves.sheet(sheet)
        self.edits = Edits(doc)
        self.places = Places(doc, self.edits, moves, sheet)

    def run(self) -> None:
        waiting = list(reversed(self.doc.roots))
        while waiting:
            node = waiting.pop()
            handler = _HANDLERS.get(node.name)
            if handler is None or handler(self, node):
                waiting.extend(reversed(node.children))

    def _set_or_remove(self, node: Node, name: str, value: str | None) -> None:
        if value is None:
            self.edits.remove(node)
        else:
            self.edits.attr(node, name, value)

    def dimension(self, node: Node) -> None:
        ref = self.doc.attr(node, "ref")
        if ref is not None:
            self.edits.attr(node, "ref", follow_area(ref, self.sheet) or "A1")

    def range(self, node: Node) -> bool:
        """autoFilter, sortState, sortCondition: one range that grows."""
        ref = self.doc.attr(node, "ref")
        area = None if ref is None else follow_area(ref, self.sheet)
        if ref is not None:
            self._set_or_remove(node, "ref", area)
        return area is not None

    def cell(self, node: Node) -> None:
        """cellWatch, inputCells, smart tags: one cell that moves."""
        ref = self.doc.attr(node, "r")
        if ref is not None:
            self._set_or_remove(node, "r", follow_cell(ref, self.sheet))

    def cells(self, node: Node) -> bool:
        """protectedRange, ignoredError, scenarios: cells for which something holds."""
        sqref = self.doc.attr(node, "sqref")
        if sqref is not None:
            self._set_or_remove(node, "sqref", spread(sqref, self.sheet))
            return True
        child = node.child("sqref")  # x14: an element of its own
        if child is None:
            return True
        places = spread(self.doc.content(child), self.sheet)
        if places is None:
            self.edits.remove(node)
        else:
            self.edits.content(child, places)
        return False

    def view(self, node: Node) -> bool:
        ref = self.doc.attr(node, "topLeftCell")
        if ref is not None:
            self.edits.attr(node, "topLeftCell", self._top_left(ref))
        return True

    def _top_left(self, ref: str) -> str:
        for rect in rects(ref):
            row = self.sheet.start(rect.first) if rect.first else None
            return rect.at(row, row, True) if row else ref
        return ref

    def pane(self, node: Node) -> None:
        doc = self.doc
        ref = doc.attr(node, "topLeftCell")
        if ref is not None:
            self.edits.attr(node, "topLeftCell", self._top_left(ref))
        split = doc.attr(node, "ySplit") or ""
        if doc.attr(node, "state") not in ("frozen", "frozenSplit") or not split:
            return
        view = node.parent
        top = next(iter(rects((doc.attr(view, "topLeftCell") if view else None) or "A1")), None)
        first = top.first if top else 1
        try:
            below = first + int(float(split))
        except (ValueError, OverflowError):
            return
        if not 1 <= below <= 1_048_576:
            return
        start, end = self.sheet.start(first), self.sheet.start(below)
        if start and end and end > start and end - start != below - first:
            self.edits.attr(node, "ySplit", str(end - start))

    def selection(self, node: Node) -> None:
        """The cursor. The active cell must lie within the selected cells."""
        active = self.doc.attr(node, "activeCell") or "A1"
        sqref = self.doc.attr(node, "sqref") or active
        found = rects(active)
        if not found or not found[0].first:
            return
        cell = follow_cell(active, self.sheet)
        areas = [follow_area(rect.text, self.sheet) for rect in rects(sqref)]
        if cell is None or None in areas:
            row = self.sheet.end(found[0].first) or 1
            cell = found[0].at(row, row, True)
            areas = [cell]
            self.edits.attr(node, "activeCellId", "0")
        self.edits.attr(node, "activeCell", cell)
        self.edits.attr(node, "sqref", " ".join(area for area in areas if area))

    def data_ref(self, node: Node) -> None:
        """A range of a consolidation, maybe on another sheet."""
        title = self.doc.attr(node, "sheet")
        ref = self.doc.attr(node, "ref")
        sheet = self.sheet if title is None else self.moves.sheet(title)
        area = None if ref is None else follow_area(ref, sheet)
        if (title is not None and self.moves.is_dropped(title)) or (ref and area is None):
            self.edits.remove(node)
            return
        if title is not None:
            self.edits.attr(node, "sheet", self.moves.title(title))
        if area is not None:
            self.edits.attr(node, "ref", area)

    def web_item(self, node: Node) -> None:
        ref = self.doc.attr(node, "sourceRef")
        if ref is not None:
            self._set_or_remove(node, "sourceRef", follow_area(ref, self.sheet))

    def formula(self, node: Node) -> None:
        """A formula in an extension that has no rule of its own here."""
        text = self.doc.content(node)
        self.edits.content(node, rewrite(text, self.moves, self.title, grow=True))

    def breaks(self, node: Node) -> None:
        """Page breaks stand below their row; within a block in every copy."""
        rows: dict[int, Node] = {}
        for brk in node.children:
            text = self.doc.attr(brk, "id") or ""
            if text.isdecimal() and 0 < int(text) < 1_048_576:
                for row in self._break_rows(self.sheet, int(text)):
                    rows.setdefault(row, brk)
        kept = sorted(rows.items())[:MAX_BREAKS]
        if [(str(row), brk) for row, brk in kept] == [
            (self.doc.attr(brk, "id"), brk) for brk in node.children
        ]:
            return
        if not kept:
            self.edits.remove(node)
            return
        texts = []
        for row, brk in kept:
            one = Edits(self.doc)
            one.attr(brk, "id", str(row))
            texts.append(one.render(brk))
        self.edits.put(node.inner, node.close, "".join(texts))
        manual = sum(self.doc.attr(brk, "man") in ("1", "true") for _, brk in kept)
        self.edits.attr(node, "count", str(len(kept)))
        self.edits.attr(node, "manualBreakCount", str(manual))

    def _break_rows(self, sheet: SheetMoves, row: int) -> list[int]:
        run, below = sheet.run_at(row), sheet.run_at(row + 1)
        if run is not None and run.copies and run.count:
            views = [sheet.view(run.first, number) for number in range(len(run.copies))]
            if row == run.last:
                return [end for view in views if (end := view.end(row))]
            return [found for view in views for found in self._break_rows(view, row)]
        if below is not None and below is not run and below.copies and below.count:
            views = [sheet.view(below.first, number) for number in range(len(below.copies))]
            starts = [view.start(row + 1) for view in views]
            return [start - 1 for start in starts if start and start > 1]
        if run is not None and not run.count:
            return []
        start = sheet.start(row + 1)
        if run is not below and start:  # also at the end of a list that has grown
            return [start - 1] if start > 1 else []
        end = sheet.end(row)
        return [end] if end else []

    def control(self, node: Node) -> bool:
        """Form controls and embedded objects: an anchor, a linked cell, a list's source."""
        for name in ("linkedCell", "listFillRange"):
            for inner in node.walk():
                text = self.doc.attr(inner, name)
                if text:
                    grow = name == "listFillRange"
                    new = rewrite(text, self.moves, self.title, grow=grow)
                    self.edits.attr(inner, name, "" if new == GONE else new)
        gone = [
            anchor
            for anchor in node.walk()
            if anchor.name == "anchor"
            and not follow_control_anchor(self.doc, self.edits, anchor, self.sheet)
        ]
        if gone:
            self.edits.remove(node.within("AlternateContent") or node)
        return False

    def skip(self, node: Node) -> bool:
        return False


_Handler = Callable[[_Follower, Node], bool | None]
_HANDLERS: dict[str, _Handler] = {
    "dimension": _Follower.dimension,
    "sheetView": _Follower.view,
    "customSheetView": _Follower.view,
    "pane": _Follower.pane,
    "selection": _Follower.selection,
    "autoFilter": _Follower.range,
    "sortState": _Follower.range,
    "sortCondition": _Follower.range,
    "protectedRange": _Follower.cells,
    "scenarios": _Follower.cells,
    "inputCells": _Follower.cell,
    "dataRef": _Follower.data_ref,
    "mergeCells": lambda self, node: self.places.merges(node),
    "conditionalFormatting": lambda self, node: follow_rule(
        self.doc, self.edits, node, self.moves, self.title
    ),
    "dataValidation": lambda self, node: follow_rule(
        self.doc, self.edits, node, self.moves, self.title
    ),
    "hyperlinks": lambda self, node: self.places.links(node),
    "rowBreaks": _Follower.breaks,
    "colBreaks": _Follower.skip,
    "cellWatch": _Follower.cell,
    "ignoredError": _Follower.cells,
    "cellSmartTags": _Follower.cell,
    "oleObject": _Follower.control,
    "control": _Follower.control,
    "webPublishItem": _Follower.web_item,
    "sparkline": lambda self, node: self.places.sparkline(node),
    "f": _Follower.formula,
    "sheetData": _Follower.skip,
}
