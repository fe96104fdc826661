"""Every rule a user can call, in the order menus show them.

The declarations stand with the rules in `salesxl.core`; this list only orders
them. A test holds that no declared rule is left out.
"""

from __future__ import annotations

from difflib import get_close_matches

from salesxl import solvers
from salesxl.core import (
    attainment,
    balance,
    campaign,
    champion,
    clawback,
    commission,
    credit_split,
    cube,
    curve,
    draw,
    drivers,
    explain,
    explain_split,
    feasibility,
    fit,
    grid,
    hedge,
    holdback,
    honours,
    over_target,
    prorate,
    reconcile,
    resplit,
    season,
    split,
    weights,
    year_to_date,
)
from salesxl.core.declare import Rule, declared

# Importing them declares their rules.
_TARGETS = (
    balance, drivers, feasibility, hedge, prorate, reconcile, resplit, season,
)  # fmt: skip
_MODULES = (split, explain_split, grid, cube, fit, weights, commission, attainment)
_INCENTIVES = (
    campaign, champion, clawback, credit_split, curve, draw, explain, holdback, honours,
    over_target, year_to_date,
)  # fmt: skip

_ORDER = (
    "SPLIT_TARGET",
    "EXPLAIN_SPLIT",
    "SPLIT_TARGET_GRID",
    "SPLIT_TARGET_CUBE",
    "EXPLAIN_CUBE",
    "FIT_MARGINS",
    "BLEND_WEIGHTS",
    "BLEND_DRIVERS",
    "BALANCE_SHARES",
    "SEASONAL_INDEX",
    "SEASONAL_SHARES",
    "RESPLIT_TARGET",
    "EXPLAIN_RESPLIT",
    "RECONCILE_TARGETS",
    "TARGET_FEASIBILITY",
    "CAPACITY",
    "OVER_ASSIGN",
    "PRORATE_QUOTA",
    "QUOTA_BY_STINT",
    "TARGET_GAP",
    "REQUIRED_RUN_RATE",
    "ATTAINMENT",
    "COMMISSION_FLAT",
    "COMMISSION_MARGINAL",
    "COMMISSION_WHOLE",
    "COMMISSION_INTERPOLATED",
    "COMMISSION_MATRIX",
    "COMMISSION_YTD",
    "COMMISSION_EXPLAIN",
    "OVERRIDE",
    "SPLIT_CREDIT",
    "OVERLAY_CREDIT",
    "DRAW_SETTLEMENT",
    "HOLDBACK",
    "CLAWBACK",
    "OVER_TARGET_BONUS",
    "CHAMPION_BONUS",
    "NEW_CUSTOMER_BONUS",
    "SPIFF",
    "TEAM_POOL",
    "STAR_SCORE",
    "TEAM_RANKING",
    "RANK_WITH_TIES",
)

cube.use_solver(solvers.solve)  # loads HiGHS at the first cube that needs it

RULES: tuple[Rule, ...] = tuple(declared[name] for name in _ORDER)


def find(name: str) -> Rule | None:
    """The rule of that name, in capitals or not; None if there is none."""
    return next((rule for rule in RULES if rule.name == name.strip().upper()), None)


def nearest(name: str) -> str:
    """The rule name most like `name`; empty if none is near."""
    return next(iter(get_close_matches(name.strip().upper(), _ORDER, 1, 0.5)), "")
