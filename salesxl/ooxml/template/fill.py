"""Filling a compiled template with one workbook's values.

>>> fill = Fill(
...     cells={"region": "North", "target_amount": Decimal("1200.00")},
...     lists={"People": {"Name": ["Li", "Wu"], "Quota": [600, 600]}},
...     drop=frozenset({"incentives"}),
... )
>>> data = template.fill(fill)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from salesxl.ooxml.template.deflate import Packing
from salesxl.ooxml.template.rows import Kept, Value

if TYPE_CHECKING:
    from salesxl.ooxml.template.compile import Template
    from salesxl.ooxml.template.draft import Draft

Columns = Mapping[str, Sequence[Value] | Kept]


@dataclass(frozen=True, slots=True)
class Item:
    """One repetition of a block: its ``{key}`` and named cells, and the lists inside it."""

    cells: Mapping[str, Value | Kept] = field(default_factory=dict)
    lists: Mapping[str, Columns] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fill:
    """What one workbook holds. What is not mentioned stays as the template has it.

    `cells`: name of one cell → value. `lists`: table or named range → columns of equal
    length. `blocks`: name of whole rows → its items. `drop`: names of blocks or titles
    of sheets that vanish. `titles`: sheet title in the template → title in this file.
    Names, headers and titles ignore case. What is given for a sheet or block that is
    dropped is passed over.
    """

    cells: Mapping[str, Value | Kept] = field(default_factory=dict)
    lists: Mapping[str, Columns] = field(default_factory=dict)
    blocks: Mapping[str, Sequence[Item]] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)


def filled(template: Template, fill: Fill, packing: Packing = "fast") -> Draft:
    """The filled workbook, its sheets packed. Raises `SalesxlError` with every problem."""
    from salesxl.ooxml.template.assemble import assemble
    from salesxl.ooxml.template.resolve import resolve

    return assemble(template, resolve(template, fill), packing)
