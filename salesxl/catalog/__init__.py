"""Every rule a user can call, in the order menus show them.

The declarations stand with the rules in `salesxl.core`; this list only orders
them. A test holds that no declared rule is left out.
"""

from __future__ import annotations

from difflib import get_close_matches

from salesxl.core import attainment, commission, grid, split, weights
from salesxl.core.declare import Rule, declared

_MODULES = (split, grid, weights, commission, attainment)  # importing them declares their rules

_ORDER = (
    "SPLIT_TARGET",
    "SPLIT_TARGET_GRID",
    "BLEND_WEIGHTS",
    "SEASONAL_SHARES",
    "TARGET_GAP",
    "ATTAINMENT",
    "COMMISSION_MARGINAL",
    "COMMISSION_WHOLE",
    "COMMISSION_EXPLAIN",
)

RULES: tuple[Rule, ...] = tuple(declared[name] for name in _ORDER)


def find(name: str) -> Rule | None:
    """The rule of that name, in capitals or not; None if there is none."""
    return next((rule for rule in RULES if rule.name == name.strip().upper()), None)


def nearest(name: str) -> str:
    """The rule name most like `name`; empty if none is near."""
    return next(iter(get_close_matches(name.strip().upper(), _ORDER, 1, 0.5)), "")
