"""A person's quota of the whole year in a scope, from the scope's targets."""

from __future__ import annotations

from salesxl.plan.targets import RegionTargets
from salesxl.sheets.scope import Scope


def region_quotas(region: RegionTargets) -> dict[str, int]:
    """Member id (`VACANT` too) → the year's quota in this region, minor units."""
    return {
        member: sum(sum(product[index]) for product in region.quotas)
        for index, member in enumerate(region.members)
    }


def year_quotas(scope: Scope) -> dict[str, int]:
    """Member id → the year's quota over the scope's regions, minor units."""
    result: dict[str, int] = {}
    for region in scope.targets.regions:
        for member, amount in region_quotas(region).items():
            result[member] = result.get(member, 0) + amount
    return result
