"""From a plan to every target in it; sums agree exactly in every direction.

    company ─ regions (largest remainder on blended weights)
       └────── region × product (controlled rounding: both margins exact)
                 └── months (largest remainder on month weights)
                       └── persons (largest remainder on quota weights, zero when not employed)

All amounts are minor units.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

VACANT = ""  # the member id that carries what no employed person can


@dataclass(frozen=True)
class RegionTargets:
    """One leaf region's targets. Index order: product, (member), month."""

    region: str
    amount: int
    products: tuple[int, ...]  # by product line
    months: tuple[tuple[int, ...], ...]  # [product][month]
    members: tuple[str, ...]  # person ids carrying quota here, then VACANT if needed
    member_parts: tuple[tuple[int, ...], ...]  # [member][month] weight parts; 0 = not active
    quotas: tuple[tuple[tuple[int, ...], ...], ...]  # [product][member][month]


@dataclass(frozen=True)
class Targets:
    """The company's breakdown. `*_parts` are the whole-number weights actually used."""

    total: int
    unit: int
    scale: int  # parts that make up a whole weight (1,000,000 or more)
    months: tuple[date, ...]  # first day of each fiscal month
    month_parts: tuple[int, ...]
    region_ids: tuple[str, ...]  # leaf regions
    region_parts: tuple[int, ...]
    region_amounts: tuple[int, ...]
    product_ids: tuple[str, ...]
    product_parts: tuple[int, ...]
    product_amounts: tuple[int, ...]
    regions: tuple[RegionTargets, ...]  # same order as region_ids

    def of(self, region: str) -> RegionTargets:
        return self.regions[self.region_ids.index(region)]
