"""Tables and what else has a part of its own and a range in it."""

from __future__ import annotations

from salesxl.ooxml.template.moves import Moves


def follow_table(xml: str, moves: Moves, sheet: str) -> str | None:
    """`xl/tables/tableN.xml` on `sheet`: range, filter, sorting, formulas of columns and totals.

    None: all its rows are gone, the caller drops part, relation and ``tablePart``.
    """
    raise NotImplementedError


def follow_single_cells(xml: str, moves: Moves, sheet: str) -> str:
    """`xl/tables/tableSingleCellsN.xml`: cells bound to custom XML."""
    raise NotImplementedError


def follow_sheet_view(xml: str, moves: Moves, sheet: str) -> str:
    """`xl/namedSheetViews/*.xml`: the filters of personal views."""
    raise NotImplementedError


def follow_control(xml: str, moves: Moves, sheet: str) -> str:
    """`xl/ctrlProps/ctrlPropN.xml`: linked cell and list range of a form control."""
    raise NotImplementedError
