"""What else in a worksheet points at rows: everything outside its `sheetData`."""

from __future__ import annotations

from salesxl.ooxml.template.moves import Moves


def follow_sheet(xml: str, moves: Moves, sheet: str) -> str:
    """The XML before or after ``<sheetData>`` (or both) of sheet `sheet`, with rows followed.

    Dimension, views and panes, protected ranges, scenarios, autofilter, sorting, merges,
    conditional formats, validations, links, page breaks, watches, ignored errors, anchors
    of controls and objects, sparklines; also their x14 twins. Fragments are fine.
    Unchanged: the same object. Elements left without content are removed.
    """
    raise NotImplementedError
