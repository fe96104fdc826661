"""Pivots: the range a cache is made from, and the place of the table."""

from __future__ import annotations

from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.scan import Edits, scan
from salesxl.ooxml.template.sqref import follow_area, follow_cell


def follow_pivot_cache(xml: str, moves: Moves) -> str | None:
    """`xl/pivotCache/pivotCacheDefinitionN.xml`: source ranges (named sources need nothing).

    None: the source is gone with its sheet or rows; such a pivot cannot be refreshed.
    """
    if moves.still:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    for node in doc.named("worksheetSource", "rangeSet"):
        title, ref = doc.attr(node, "sheet"), doc.attr(node, "ref")
        if title is None or doc.attr(node, "id"):  # `id`: another workbook's
            continue
        area = None if ref is None else follow_area(ref, moves.sheet(title))
        if moves.is_dropped(title) or (ref is not None and area is None):
            return None
        edits.attr(node, "sheet", moves.title(title))
        if area is not None:
            edits.attr(node, "ref", area)
    return edits.result()


def follow_pivot_table(xml: str, moves: Moves, sheet: str) -> str | None:
    """`xl/pivotTables/pivotTableN.xml` on `sheet`: its place; None: its rows are gone."""
    if moves.still:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    for node in doc.named("location"):
        ref = doc.attr(node, "ref")
        if ref is not None:
            place = follow_cell(ref, moves.sheet(sheet))  # its size is the refresh's to say
            if place is None:
                return None
            edits.attr(node, "ref", place)
    return edits.result()
