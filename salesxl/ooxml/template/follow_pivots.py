"""Pivots: the range a cache is made from, and the place of the table."""

from __future__ import annotations

from salesxl.ooxml.template.moves import Moves


def follow_pivot_cache(xml: str, moves: Moves) -> str:
    """`xl/pivotCache/pivotCacheDefinitionN.xml`: source ranges (named sources need nothing)."""
    raise NotImplementedError


def follow_pivot_table(xml: str, moves: Moves, sheet: str) -> str | None:
    """`xl/pivotTables/pivotTableN.xml` on `sheet`: its place; None: its rows are gone."""
    raise NotImplementedError
