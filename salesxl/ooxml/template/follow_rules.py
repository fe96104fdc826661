"""Conditional formats and validations, in the main part and in their x14 form.

Their formulas are written as seen from the first cell they hold for. What holds for a
list's first row holds for all its rows; what holds in a block holds in every copy, as
one rule over many places where the formulas read alike from each, else as a rule a copy.
"""

from __future__ import annotations

import uuid
from typing import NamedTuple

from salesxl.ooxml.template.follow_places import without_uid
from salesxl.ooxml.template.moves import Moves, SheetMoves
from salesxl.ooxml.template.references import GONE, rewrite, translate
from salesxl.ooxml.template.scan import Document, Edits, Node
from salesxl.ooxml.template.sqref import Rect, joined, rects, stretches

_FORMULAS = ("formula", "formula1", "formula2", "f")


class _Group(NamedTuple):
    """The places of a rule that one copy of a block (or the sheet itself) holds."""

    places: list[str]
    row: int  # the first cell, now
    column: int
    formulas: list[str]  # as seen from there


def follow_rule(doc: Document, edits: Edits, node: Node, moves: Moves, title: str) -> None:
    """One ``conditionalFormatting`` or ``dataValidation``, of either form."""
    child = node.child("sqref")
    sqref = doc.attr(node, "sqref") if child is None else doc.content(child)
    found = [] if sqref is None else rects(sqref)
    if not found:
        return
    holders = _formula_holders(doc, node)
    formulas = [_read(doc, *holder) for holder in holders]
    groups = _groups(found, formulas, moves, title)
    if not groups:
        edits.remove(node)
        return
    one = _combined(groups)
    texts = []
    for number, group in enumerate([one] if one else groups):
        mine = edits if one else Edits(doc)
        places = " ".join(joined(group.places))
        if child is None:
            mine.attr(node, "sqref", places)
        else:
            mine.content(child, places)
        for holder, formula in zip(holders, group.formulas, strict=True):
            _write(doc, mine, holder, formula)
        if not one:
            if number:
                _new_ids(doc, mine, node, number)
            raw = mine.render(node)
            texts.append(without_uid(raw) if number else raw)
    if not one:
        edits.replace(node, texts)


def _groups(found: list[Rect], formulas: list[str], moves: Moves, title: str) -> list[_Group]:
    """The rule's places now, by the copy they are in, each with its formulas."""
    sheet = moves.sheet(title)
    base = (min(rect.first or 1 for rect in found), min(rect.column for rect in found))
    views: dict[int, tuple[SheetMoves, list[tuple[str, Rect, int, int | None]]]] = {}
    for rect in found:
        for place, image in stretches(rect, sheet):
            _, places = views.setdefault(id(image.moves), (image.moves, []))
            places.append((place, rect, image.first, image.run))
    groups = []
    for view, places in views.values():
        seen = moves if view is sheet else moves.seen_from(title, view)
        old_row = min(_first_left(view, rect) for _, rect, _, _ in places)
        column = min(rect.column for _, rect, _, _ in places)
        row = min(first for _, _, first, _ in places)
        run = view.run_at(old_row)
        instance = (old_row, 0) if run is not None and not run.copies else None
        moved = []
        for formula in formulas:
            text = formula
            if (old_row, column) != base:
                text = translate(text, old_row - base[0], column - base[1])
            moved.append(rewrite(text, seen, title, instance))
        groups.append(_Group([place for place, *_ in places], row, column, moved))
    return groups


def _first_left(view: SheetMoves, rect: Rect) -> int:
    """The first template row of the area that is still there."""
    row = rect.first or 1
    run = view.run_at(row)
    while run is not None and not run.count and row <= rect.last:
        row = run.last + 1
        run = view.run_at(row)
    return row


def _combined(groups: list[_Group]) -> _Group | None:
    """All groups as one, if their formulas are the same seen from the first cell of all."""
    if len(groups) == 1:
        return groups[0]
    row = min(group.row for group in groups)
    column = min(group.column for group in groups)
    seen = {
        tuple(translate(text, row - group.row, column - group.column) for text in group.formulas)
        for group in groups
    }
    if len(seen) > 1:
        return None
    places = [place for group in groups for place in group.places]
    return _Group(places, row, column, list(seen.pop()))


_Holder = tuple[Node, str]  # an element and its attribute; "" for the element's text


def _formula_holders(doc: Document, node: Node) -> list[_Holder]:
    found: list[_Holder] = []
    for inner in node.walk():
        if inner.name in _FORMULAS and not inner.children:
            found.append((inner, ""))
        elif inner.name == "cfvo" and doc.attr(inner, "val"):
            found.append((inner, "val"))
    return found


def _read(doc: Document, node: Node, name: str) -> str:
    return (doc.attr(node, name) or "") if name else doc.content(node)


def _write(doc: Document, edits: Edits, holder: _Holder, formula: str) -> None:
    node, name = holder
    if not name:
        edits.content(node, formula)
    else:
        # a bound that refers to a lost cell would make the file unreadable
        edits.attr(node, name, "0" if formula.endswith(GONE) else formula)


def _new_ids(doc: Document, edits: Edits, node: Node, number: int) -> None:
    """A main rule and its x14 half are tied by an id; the halves of a copy get their own."""
    for inner in node.walk():
        if inner.name == "id" and not inner.children:
            edits.content(inner, _new_id(doc.content(inner), number))
        elif inner.name == "cfRule" and doc.attr(inner, "id"):
            edits.attr(inner, "id", _new_id(doc.attr(inner, "id") or "", number))


def _new_id(old: str, number: int) -> str:
    return f"{{{uuid.uuid5(uuid.NAMESPACE_OID, f'{old}/{number}')}}}".upper()
