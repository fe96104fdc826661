"""What must not stay when a place is filled: links, filters and people of the data before.

All places are cells of the template, before anything moves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from salesxl.ooxml.template.places import Area, area_of
from salesxl.ooxml.template.scan import Edits, scan, scan_once

Holds = Callable[[Area], bool]  # whether a range of the template has data in it
_ID = "id"


def forget_in_tail(tail: str, filled: Holds) -> tuple[str, list[str]]:
    """A sheet's tail without the links on filled cells, filters over them and what scenarios
    put into them; the ids of the links' relations."""
    if not any(word in tail for word in ("hyperlink", "filterColumn", "scenario")):
        return tail, []
    doc = scan(tail)
    edits = Edits(doc)
    ids: list[str] = []
    for node in doc.named("hyperlink", "filterColumn", "inputCells"):
        if node.name == "filterColumn":
            ref = doc.attr(node.parent, "ref") if node.parent else None
        else:
            ref = doc.attr(node, "ref" if node.name == "hyperlink" else "r")
        if ref and filled(_corner(ref) if node.name == "hyperlink" else area_of(ref)):
            edits.remove(node)
            found = doc.attr(node, _ID) if node.name == "hyperlink" else None
            ids += [found] if found else []
    made = edits.result()
    return made, [one for one in ids if f'"{one}"' not in made]


def _corner(ref: str) -> Area:
    area = area_of(ref)
    return Area(area.first_row, area.first_col, area.first_row, area.first_col)


def forget_filter(table: str) -> str:
    """A table's part without the values it was filtered by."""
    if "filterColumn" not in table:
        return table
    doc = scan_once(table)
    edits = Edits(doc)
    for node in doc.named("filterColumn"):
        edits.remove(node)
    return edits.result()


def forget_people(persons: str, threads: Iterable[str]) -> str:
    """`xl/persons/person.xml` with those whose words are left."""
    used = "\n".join(threads)
    doc = scan_once(persons)
    edits = Edits(doc)
    for node in doc.named("person"):
        name = doc.attr(node, _ID)
        if name and name not in used:
            edits.remove(node)
    return edits.result()


def without_tables(tail: str, gone: Collection[str]) -> str:
    """A sheet's tail without the tables whose relations are `gone`."""
    if not gone:
        return tail
    doc = scan_once(tail)
    edits = Edits(doc)
    for parts in doc.named("tableParts"):
        left = [node for node in parts.children if doc.attr(node, _ID) not in gone]
        for node in parts.children if left else ():
            if node not in left:
                edits.remove(node)
        if not left:
            edits.remove(parts)
    return edits.result()


def in_cells(cells: Collection[tuple[int, int]], areas: Collection[Area]) -> Holds:
    """Whether a range meets one of these cells or areas."""

    def holds(area: Area) -> bool:
        return any(area.meets(other) for other in areas) or any(
            area.first_row <= row <= area.last_row and area.first_col <= col <= area.last_col
            for row, col in cells
        )

    return holds
