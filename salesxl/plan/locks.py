"""The detailed locks of a plan, by what they hold fast.

A row of `target_locks` names a region and a product line. Without a month it fixes that
cell of the grid, with one that month of it, with a person as well that person's quota.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from salesxl.plan.model import Plan


@dataclass(frozen=True)
class Locks:
    """Minor units. Keys: region and product line, then fiscal month, then person."""

    cells: dict[tuple[str, str], int] = field(default_factory=dict)
    months: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)
    people: dict[tuple[str, str, int], dict[str, int]] = field(default_factory=dict)

    def year(self, region: str, product: str, count: int) -> tuple[int | None, ...]:
        """The locked months of a cell, None where free."""
        held = self.months.get((region, product), {})
        return tuple(held.get(month) for month in range(count))


def locks_of(plan: Plan, months: Sequence[date]) -> Locks:
    """The locks of `plan`; `months` are the first days of its fiscal months."""
    locks = Locks()
    index = {month.month: position for position, month in enumerate(months)}
    for row in plan.target_locks:
        key = (row.region, row.product_line)
        if row.month is None:
            locks.cells[key] = row.locked_amount
        elif row.person:
            month = index[row.month]
            locks.people.setdefault((*key, month), {})[row.person] = row.locked_amount
        else:
            locks.months.setdefault(key, {})[index[row.month]] = row.locked_amount
    return locks
