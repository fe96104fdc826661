"""What a template offers to be filled: its named cells, named ranges and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Area(NamedTuple):
    """A range; rows and columns count from 1, both ends inclusive."""

    first_row: int
    first_col: int
    last_row: int
    last_col: int


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be filled.

    "cell": a name of one cell (or of one merged cell). "list": a name of a range, whose
    first row is the prototype of its entries. "table": a real table; `area` is its data
    rows without header and totals. "block": a name over whole rows, repeated once an
    item. `columns` are the keys of a list's columns, in order: the table's headers; else
    the ``{key}`` texts of the prototype row; else the texts above it; else A, B, C …
    """

    name: str
    kind: Literal["cell", "list", "table", "block"]
    sheet: str
    area: Area
    columns: tuple[str, ...] = ()
