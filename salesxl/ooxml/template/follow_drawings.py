"""Pictures, shapes and charts on a sheet: anchors that follow the rows."""

from __future__ import annotations

from typing import NamedTuple

from salesxl.ooxml.template.moves import Moves, SheetMoves


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


def follow_drawing(xml: str, moves: Moves, sheet: str, clone_parts: bool = True) -> Drawing:
    """`xl/drawings/drawingN.xml` of `sheet`.

    Charts, slicers and pictures keep their size and move with their first row; shapes set to
    "move and size" grow with their rows; "don't move" stays. What stands in dropped rows
    goes; what stands in a block is repeated in every copy (charts only when `clone_parts`).
    Relations no longer used are the caller's to prune.
    """
    raise NotImplementedError
