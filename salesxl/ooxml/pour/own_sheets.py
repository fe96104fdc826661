"""A person's own sheets in a template of ours: their formulas and charts follow ours."""

from __future__ import annotations

from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.target import Target
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.follow_charts import follow_chart
from salesxl.ooxml.template.follow_pivots import follow_pivot_cache
from salesxl.ooxml.template.follow_sheet import follow_sheet
from salesxl.ooxml.template.follow_tables import follow_table
from salesxl.ooxml.template.locate import edited, elements, plain
from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.refill_charts import ValueOf, refill_chart


def follow_own(draft: Draft, target: Target, title: str, moves: Moves, value_of: ValueOf) -> None:
    """Sheet `title` of the person's, with everything on it that points at our sheets."""
    from salesxl.ooxml.template.references import rewrite

    part = target.template.parts[title]
    sheet = target.template.sheets.get(title)
    if sheet is not None:
        data = follow_sheet(sheet.xml(), moves, title).encode()
        edits = []
        for one in elements(data, {"f"}):
            if one.empty or "sheetData" not in one.path:
                continue
            formula = plain(data[one.inner_start : one.inner_end])
            new = rewrite(formula, moves, title)
            draft.recalculate()
            if new != formula:
                edits.append((one.inner_start, one.inner_end, escape(new).encode()))
        data = edited(data, edits)
        if data.decode() != sheet.xml():
            draft.put(part, data)
    for relation in draft.relations(part):
        if relation.external or relation.target not in draft:
            continue
        if relation.kind == "table":
            xml = follow_table(draft.read(relation.target).decode(), moves, title)
            if xml is not None:
                draft.put(relation.target, xml.encode())
        elif relation.kind == "drawing":
            charts(draft, relation.target, moves, title, value_of, target)
        elif relation.kind == "chart":  # a chart sheet's
            _chart(draft, relation.target, moves, title, value_of, target)
        elif relation.kind == "pivotTable":
            for cache in draft.relations(relation.target):
                if cache.kind == "pivotCacheDefinition" and cache.target in draft:
                    source = follow_pivot_cache(draft.read(cache.target).decode(), moves)
                    if source is not None:
                        draft.put(cache.target, source.encode())


def charts(
    draft: Draft, drawing: str, moves: Moves, title: str, value_of: ValueOf, target: Target
) -> None:
    for one in draft.relations(drawing):
        if one.kind == "chart" and one.target in draft:
            _chart(draft, one.target, moves, title, value_of, target)


def _chart(
    draft: Draft, part: str, moves: Moves, title: str, value_of: ValueOf, target: Target
) -> None:
    xml = follow_chart(draft.read(part).decode(), moves, title)
    draft.put(part, refill_chart(xml, value_of, target.names).encode())
