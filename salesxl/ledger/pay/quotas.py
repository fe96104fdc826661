"""A payee's quota of a pay period, from the plan's targets.

The targets already count a newcomer's days and ramp. Where a plan covers only part of the days
somebody worked in a month, it has that part of the month's quota. A plan limited to a product
line or a region has the quota of that alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salesxl.core.number import half_up
from salesxl.ledger.pay.periods import first_day, last_day, month_of
from salesxl.ledger.pay.terms import Window, day_number, days_in, descendants, meet
from salesxl.plan.model import CommissionPlan, Plan
from salesxl.plan.targets import breakdown


class Quotas:
    """Quotas by person and month; the targets are broken down when first asked for."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.first = 0
        self.table: dict[str, list[tuple[str, str, tuple[int, ...]]]] | None = None
        self.known: dict[tuple[str, str, str], tuple[int, ...]] = {}
        self.below = descendants(plan)

    def _load(self) -> dict[str, list[tuple[str, str, tuple[int, ...]]]]:
        if self.table is None:
            targets = breakdown(self.plan)
            self.first = month_of(targets.months[0])
            self.table = {}
            for region in targets.regions:
                for product, rows in zip(targets.product_ids, region.quotas, strict=True):
                    for member, months in zip(region.members, rows, strict=True):
                        self.table.setdefault(member, []).append((region.region, product, months))
        return self.table

    def months(self, person: str, product: str = "", region: str = "") -> tuple[int, ...]:
        """Twelve amounts of the plan's year; "" = all product lines, all regions."""
        key = (person, product, region)
        if key not in self.known:
            wanted = self.below.get(region, frozenset())
            rows = [
                months
                for where, what, months in self._load().get(person, ())
                if (not product or what == product) and (not region or where in wanted)
            ]
            self.known[key] = tuple(map(sum, zip(*rows, strict=True))) if rows else (0,) * 12
        return self.known[key]

    def covers(self, month: int) -> bool:
        """Whether the plan's year holds the month."""
        self._load()
        return self.first <= month < self.first + 12

    def of_months(
        self, person: str, first: int, last: int, product: str = "", region: str = ""
    ) -> int:
        """Σ whole months; months outside the plan's year have no quota."""
        months = self.months(person, product, region)
        return sum(
            months[month - self.first]
            for month in range(max(first, self.first), min(last, self.first + 11) + 1)
        )

    def of(
        self,
        person: str,
        row: CommissionPlan,
        first: int,
        last: int,
        covered: Sequence[Window],
        employed: Window,
    ) -> int:
        """The quota of months `first` … `last` under a plan in force on the days `covered`."""
        months = self.months(person, row.product_line, row.region)
        total = Fraction(0)
        for month in range(max(first, self.first), min(last, self.first + 11) + 1):
            amount = months[month - self.first]
            if not amount:
                continue
            begin, end = day_number(first_day(month)), day_number(last_day(month))
            worked = days_in([employed], begin, end)
            under = days_in(meet(covered, [employed]), begin, end)
            if under < worked:
                total += Fraction(amount * under, worked)
            else:
                total += amount
        return half_up(total.numerator, total.denominator)
