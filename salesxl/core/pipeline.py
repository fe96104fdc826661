"""Will the open deals fill the rest of the target, and which of them have gone stale?

Three open deals of 100, 200 and 50; the first two are won with 50 % and 25 %, nobody said
how likely the third is. The target is 400, 300 is sold: 100 are left. 350 are open, 3.5
times the rest; weighted 50 + 50 = 100, just the rest, and one deal has no win rate:

>>> pipeline_coverage([100, 200, 50], ["0.5", "0.25", None], 400, 300)
[350, 100, 100, Decimal('3.5'), 1, 0, 1]

A deal 40 days in its stage is stale beyond a limit of 30; a step due yesterday is overdue:

>>> pipeline_age(["2026-05-06", "2026-06-01"], ["2026-06-20", "2026-06-14"], "2026-06-15", 30)
[[40, 0, 'stale'], [14, 1, 'overdue']]

A win rate is never assumed: without one a deal counts in the open amount, not in the weighted.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_cells, same_count
from salesxl.core.day import read_day
from salesxl.core.declare import Param, rule
from salesxl.core.number import Number, exact, simplest, whole
from salesxl.core.pay import read_not_negative, read_share

_LONGEST = 36_600  # days


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


@rule(
    name="PIPELINE_COVERAGE",
    category="customers",
    returns="list",
    zh="商机覆盖：在跟金额、加权金额、剩余目标、覆盖倍数（在跟 ÷ 剩余）、加权覆盖率、加权后仍缺、"
    "未填赢单率的商机数。",
    en="Pipeline: open amount, weighted amount, rest of the target, open ÷ rest, weighted ÷ rest, "
    "what is still missing, deals without a win rate.",
    params=(
        Param("amounts", "list", "money", "各在跟商机的预计金额", "Amount of each open deal"),
        Param(
            "win_rates",
            "list",
            "fraction",
            "各商机的赢单率，0 到 1；空格表示未知，不计入加权",
            "Win rate of each, 0 to 1; empty is unknown and not weighted",
        ),
        Param("target", "number", "money", "目标金额", "Target amount"),
        Param("actual", "number", "money", "至今的实际金额", "Actual amount so far"),
    ),
    errors=("counts_differ", "amount_negative", "share_range"),
    example={
        "amounts": [100, 200, 50],
        "win_rates": [Decimal("0.5"), Decimal("0.25"), None],
        "target": 400,
        "actual": 300,
    },
)
def pipeline_coverage(
    amounts: Cells, win_rates: OpenCells, target: Number, actual: Number
) -> list[Any]:
    """Seven exact figures; both ratios are None once nothing of the target is left."""
    deals, _ = read_cells(amounts, "amounts")
    rates, _ = read_cells(win_rates, "win_rates")
    same_count(rates, "win_rates", len(deals), "amounts")
    total = weighted = Fraction(0)
    unknown = 0
    for position, (deal, rate) in enumerate(zip(deals, rates, strict=True), 1):
        amount = read_not_negative(deal, "amounts", position)
        total += amount
        if is_blank(rate):
            unknown += 1
        else:
            weighted += amount * read_share(rate, "win_rates", position)
    rest = max(exact(target, "target") - exact(actual, "actual"), Fraction(0))
    return [
        simplest(total),
        simplest(weighted),
        simplest(rest),
        simplest(total / rest) if rest else None,
        simplest(weighted / rest) if rest else None,
        simplest(max(rest - weighted, Fraction(0))),
        unknown,
    ]


@rule(
    name="PIPELINE_AGE",
    category="customers",
    returns="block",
    zh="商机停留与逾期，每条一行：在本阶段天数、下一步逾期天数、状态 fine 正常、stale 停滞、"
    "overdue 逾期、both 二者。",
    en="Age of each deal: days in its stage, days its next step is overdue, and fine, stale, "
    "overdue or both.",
    params=(
        Param(
            "since",
            "list",
            "date",
            "各商机进入当前阶段的日期；空格为未知",
            "Day each deal entered its stage; empty is unknown",
        ),
        Param(
            "due",
            "list",
            "date",
            "各商机下一步的截止日期；空格为未定",
            "Day its next step is due; empty is none",
        ),
        Param("as_of", "date", "date", "截至日期", "The day ages are counted to"),
        Param(
            "stage_days",
            "whole",
            "count",
            "在同一阶段超过多少天为停滞，如 30",
            "Days in one stage above which a deal is stale, e.g. 30",
        ),
    ),
    errors=("counts_differ", "not_a_day", "not_whole", "day_blank"),
    example={
        "since": ["2026-05-06", "2026-06-01"],
        "due": ["2026-06-20", "2026-06-14"],
        "as_of": "2026-06-15",
        "stage_days": 30,
    },
)
def pipeline_age(since: Any, due: Any, as_of: Any, stage_days: Number) -> list[list[Any]]:
    """Days in the stage and overdue (None where unknown, never below 0) with the state."""
    day = read_day(as_of, "as_of")
    limit = whole(stage_days, "stage_days", 0, _LONGEST)
    starts, _ = read_cells(since, "since")
    ends, _ = read_cells(due, "due")
    same_count(ends, "due", len(starts), "since")
    rows: list[list[Any]] = []
    for position, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        age = None if is_blank(start) else max((day - read_day(start, "since", position)).days, 0)
        late = None if is_blank(end) else max((day - read_day(end, "due", position)).days, 0)
        stale, overdue = (age or 0) > limit, bool(late)
        state = ("both" if overdue else "stale") if stale else "overdue" if overdue else "fine"
        rows.append([age, late, state])
    return rows
