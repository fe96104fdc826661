"""Defined names that follow the rows: ranges, print areas, titles, filters."""

from __future__ import annotations

from collections.abc import Collection

from salesxl.ooxml.template.moves import Moves


def follow_names(xml: str, moves: Moves, lists: Collection[str] = ()) -> str:
    """`xl/workbook.xml` with its defined names followed, and dropped sheets taken out.

    `lists`: names (any case) that mean a list even where they name one cell or lack ``$``;
    they grow with it. Names of dropped sheets go, ``localSheetId`` and ``activeTab`` are
    renumbered, sheets renamed; a name whose cells are gone becomes ``#REF!``, a print
    area or filter is removed. ``<sheet>`` of a dropped sheet goes (its part and relation
    are the caller's).
    """
    raise NotImplementedError


def names_of(xml: str) -> dict[str, str]:
    """Defined names of `xl/workbook.xml` (lower case) → formula; sheet-level ones as
    ``title!name``."""
    raise NotImplementedError
