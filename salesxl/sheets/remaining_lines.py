"""The figures of a region's rest of the year: plan, actual and new target by product line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from salesxl.core.resplit import read_variant, resplit
from salesxl.sheets.ledger_lines import lines
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_matrix import MONTHS


@dataclass(frozen=True)
class Line:
    """A product line's year in minor units, by fiscal month; None = has not happened."""

    name: str
    target: int
    plan: tuple[int, ...]
    locked: tuple[int | None, ...]
    actual: tuple[int | None, ...]
    new: tuple[int, ...]

    @property
    def gap(self) -> int:
        """New year − target: below 0 what will be missing."""
        return sum(self.new) - self.target


def lines_of(scope: Scope) -> tuple[Line, ...]:
    """The region's product lines, with the open months split again as the settings say."""
    assert scope.region is not None
    own, settings = scope.targets.of(scope.region.id), scope.plan.settings
    sold = _sold(scope)
    names = {line.id: line.name for line in scope.plan.product_lines}
    found = []
    for index, product in enumerate(scope.targets.product_ids):
        actual = tuple(
            sold.get((names[product], month), 0) if month < closed_months(scope) else None
            for month in MONTHS
        )
        new = resplit(
            own.products[index],
            scope.targets.month_parts,
            actual,
            unit=scope.targets.unit,
            variant=read_variant(settings.remaining),
            months=settings.spread_months,
            locked=own.month_locks[index],
            plan=own.months[index],
        )
        found.append(
            Line(
                names[product], own.products[index], own.months[index],
                own.month_locks[index], actual, tuple(new),
            )
        )  # fmt: skip
    return tuple(found)


def closed_months(scope: Scope) -> int:
    """How many months of the plan's year are over by `as_of`; 0 while the plan lies ahead."""
    if not scope.is_running:
        return 0
    ends = scope.year_months(scope.plan.settings.year)[1:]
    return sum(end - timedelta(days=1) <= scope.as_of for end in ends)


def _sold(scope: Scope) -> dict[tuple[str, int], int]:
    """(product line, fiscal month) → minor units in the plan's year."""
    if scope.ledger is None or not closed_months(scope):
        return {}
    frame = lines(scope)[["product_line", "date", "amount"]]
    first = scope.year_months(scope.plan.settings.year)[0]
    month = (frame["date"].dt.year - first.year) * 12 + frame["date"].dt.month - first.month
    found: dict[tuple[str, int], int] = {}
    for name, index, amount in zip(frame["product_line"], month, frame["amount"], strict=True):
        key = (str(name), int(index))
        found[key] = found.get(key, 0) + int(amount)
    return found
