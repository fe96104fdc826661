"""What a person added to a template beside cells: it follows the rows, and says nothing of
the sample's region.

Notes on captions stay; notes on figures go, as they tell of the figures that were there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.kinds import captions
from salesxl.ooxml.pour.target import Target, TargetSheet
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.follow_charts import follow_chart
from salesxl.ooxml.template.follow_comments import follow_comments, follow_threads, follow_vml
from salesxl.ooxml.template.follow_drawings import follow_drawing
from salesxl.ooxml.template.follow_pivots import follow_pivot_cache, follow_pivot_table
from salesxl.ooxml.template.follow_sheet import follow_sheet
from salesxl.ooxml.template.follow_tables import (
    follow_control,
    follow_sheet_view,
    follow_single_cells,
    follow_table,
)
from salesxl.ooxml.template.forget import forget_people
from salesxl.ooxml.template.locate import edited, elements, plain
from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.references import rewrite
from salesxl.ooxml.template.refill_charts import ValueOf, refill_chart, refill_links

Follower = Callable[[str, Moves, str], str]
_NOTES = {
    "comments": follow_comments, "threadedComment": follow_threads, "vmlDrawing": follow_vml,
}  # fmt: skip
_PLAIN: dict[str, Follower] = {
    "ctrlProp": follow_control, "tableSingleCells": follow_single_cells,
    "namedSheetViews": follow_sheet_view, "namedSheetView": follow_sheet_view,
}  # fmt: skip
_CHARTS = ("chart", "chartEx")


def follow_parts(
    draft: Draft, part: str, title: str, moves: Moves, gone: set[tuple[int, int]]
) -> None:
    """Notes, controls, pivots and views of a sheet. `gone`: cells (from 1) whose notes go."""
    for one in draft.relations(part):
        if one.external or one.target not in draft:
            continue
        if one.kind in _NOTES:
            text = draft.read(one.target).decode()
            draft.put(one.target, _NOTES[one.kind](text, moves, title, gone).encode())
        elif one.kind in _PLAIN:
            text = draft.read(one.target).decode()
            draft.put(one.target, _PLAIN[one.kind](text, moves, title).encode())
        elif one.kind == "pivotTable":
            pivot = follow_pivot_table(draft.read(one.target).decode(), moves, title)
            if pivot is None:
                draft.drop(one.target)
            else:
                draft.put(one.target, pivot.encode())


def data_cells(target: Target, spot: TargetSheet) -> set[tuple[int, int]]:
    """Cells of ours (from 1, in the template) that hold figures or names rather than captions."""
    fixed = captions(target.record.lang)
    return {
        (spot.rows[row] + 1, spot.cols[col] + 1)
        for row, cells in enumerate(spot.record.cells)
        for col, (_, words) in cells.items()
        if row in spot.rows and col in spot.cols and words not in fixed
    }


def follow_own(draft: Draft, target: Target, title: str, moves: Moves, value_of: ValueOf) -> None:
    """A sheet of the person's, with everything on it that points at ours."""
    part = target.template.parts[title]
    sheet = target.template.sheets.get(title)
    if sheet is not None:
        before = sheet.xml()
        data = follow_sheet(before, moves, title).encode()
        edits = []
        for one in elements(data, {"f"}):
            if "sheetData" not in one.path:
                continue
            draft.recalculate()
            if not one.empty:
                formula = plain(data[one.inner_start : one.inner_end])
                new = rewrite(formula, moves, title)
                if new != formula:
                    edits.append((one.inner_start, one.inner_end, escape(new).encode()))
        data = edited(data, edits)
        if data != before.encode():
            draft.put(part, data)
    follow_parts(draft, part, title, moves, set())
    for relation in draft.relations(part):
        if relation.external or relation.target not in draft:
            continue
        if relation.kind == "table":
            xml = follow_table(draft.read(relation.target).decode(), moves, title)
            if xml is not None:
                draft.put(relation.target, xml.encode())
        elif relation.kind == "drawing":
            followed = follow_drawing(draft.read(relation.target).decode(), moves, title)
            draft.put(relation.target, followed.xml.encode())
            refill_drawing(draft, relation.target, moves, title, value_of, target.names, set())
        elif relation.kind in _CHARTS:  # a chart sheet's
            _chart(draft, relation.target, moves, title, value_of, target.names)


def refill_drawing(
    draft: Draft, drawing: str, moves: Moves, title: str, value_of: ValueOf,
    names: Mapping[str, str], done: set[str],
) -> None:  # fmt: skip
    """Charts and texts of a drawing show the filled cells; `done`: charts that already do."""
    for one in draft.relations(drawing):
        if one.kind in _CHARTS and one.target in draft and one.target not in done:
            _chart(draft, one.target, moves, title, value_of, names)
    text = draft.read(drawing).decode()
    if "textlink" in text:
        draft.put(drawing, refill_links(text, moves.title(title), value_of).encode())


def _chart(
    draft: Draft, part: str, moves: Moves, title: str, value_of: ValueOf, names: Mapping[str, str]
) -> None:
    xml = follow_chart(draft.read(part).decode(), moves, title)
    draft.put(part, refill_chart(xml, value_of, names).encode())


def follow_book(draft: Draft, target: Target, moves: Moves) -> None:
    """What belongs to no sheet: sources of pivots, people who wrote notes."""
    people = []
    for one in draft.relations(target.template.workbook):
        if one.external or one.target not in draft:
            continue
        if one.kind == "pivotCacheDefinition":
            text = draft.read(one.target).decode()
            # A pivot whose source is gone cannot be made anew.
            asleep = text.replace('refreshOnLoad="1"', 'refreshOnLoad="0"')
            made = follow_pivot_cache(text, moves)
            draft.put(one.target, (asleep if made is None else made).encode())
        elif one.kind == "person":
            people.append(one.target)
    if people:
        threads = [
            draft.read(one.target).decode()
            for part in target.template.parts.values() if part in draft
            for one in draft.relations(part)
            if one.kind == "threadedComment" and one.target in draft
        ]  # fmt: skip
        for part in people:
            draft.put(part, forget_people(draft.read(part).decode(), threads).encode())
