"""Tables and what else has a part of its own and a range in it.

>>> moves = Moves({"Sales": SheetMoves([Run(5, 9, 3)])})
>>> follow_table('<table ref="A4:C9"><autoFilter ref="A4:C9"/></table>', moves, "Sales")
'<table ref="A4:C7"><autoFilter ref="A4:C7"/></table>'
"""

from __future__ import annotations

from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.references import GONE, rewrite
from salesxl.ooxml.template.scan import Edits, scan
from salesxl.ooxml.template.sqref import follow_area, follow_cell, rects

_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula")
_RANGES = ("autoFilter", "sortState", "sortCondition")
_CONTROL_FORMULAS = {"fmlaLink": False, "fmlaTxbx": False, "fmlaGroup": False, "fmlaRange": True}


def follow_table(xml: str, moves: Moves, sheet: str) -> str | None:
    """`xl/tables/tableN.xml` on `sheet`: range, filter, sorting, formulas of columns and totals.

    None: all its rows are gone, the caller drops part, relation and ``tablePart``.
    """
    if moves.still:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    rows = moves.sheet(sheet)
    first_data = 0
    for node in doc.nodes:
        if node.name == "table" and node.parent is None:
            ref = doc.attr(node, "ref") or ""
            area = follow_area(ref, rows)
            if area is None:
                return None
            edits.attr(node, "ref", area)
            header = doc.attr(node, "headerRowCount") != "0"
            first_data = next((rect.first + header for rect in rects(ref)), 0)
        elif node.name in _RANGES:
            ref = doc.attr(node, "ref") or ""
            area = follow_area(ref, rows)
            if area is None:
                edits.remove(node)
            else:
                edits.attr(node, "ref", area)
        elif node.name in _FORMULAS:
            inside = node.name == _FORMULAS[0] and first_data and rows.run_at(first_data)
            instance = (first_data, 0) if inside else None
            edits.content(node, rewrite(doc.content(node), moves, sheet, instance))
    return edits.result()


def follow_single_cells(xml: str, moves: Moves, sheet: str) -> str:
    """`xl/tables/tableSingleCellsN.xml`: cells bound to custom XML."""
    if moves.still:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    for node in doc.named("singleXmlCell"):
        place = follow_cell(doc.attr(node, "r") or "", moves.sheet(sheet))
        if place is None:
            edits.remove(node)
        else:
            edits.attr(node, "r", place)
    return edits.result()


def follow_sheet_view(xml: str, moves: Moves, sheet: str) -> str:
    """`xl/namedSheetViews/*.xml`: the filters of personal views."""
    if moves.still:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    for node in doc.nodes:
        ref = doc.attr(node, "ref")
        if ref is None:
            continue
        area = follow_area(ref, moves.sheet(sheet))
        if area is None:
            edits.remove(node)
        else:
            edits.attr(node, "ref", area)
    return edits.result()


def follow_control(xml: str, moves: Moves, sheet: str) -> str:
    """`xl/ctrlProps/ctrlPropN.xml`: linked cell and list range of a form control."""
    if moves.still:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    for node in doc.nodes:
        for name, grow in _CONTROL_FORMULAS.items():
            text = doc.attr(node, name)
            if text:
                new = rewrite(text, moves, sheet, grow=grow)
                edits.attr(node, name, "" if new == GONE else new)
    return edits.result()
