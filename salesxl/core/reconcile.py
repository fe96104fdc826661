"""The firm's figures beside the regions' own, and a proposal between them that adds up.

From the top 600, 300 and 100; the regions propose 500, 340 and nothing. Half way lie 550,
320 and, for want of a proposal, 100: 970 together. Spread to the firm's 1,000 in the same
proportions they are 567.0…, 329.9… and 103.1…:

>>> for row in reconcile_targets([600, 300, 100], [500, 340, None]):
...     print(row)
[600, 500, -100, 567, -33]
[300, 340, 40, 330, 30]
[100, None, None, 103, 3]

The total stays the firm's. Whether it should move is a decision, not a rounding.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, simplest
from salesxl.core.pay import read_not_negative, read_share
from salesxl.core.split import split_target


@rule(
    name="RECONCILE_TARGETS",
    category="targets",
    order=140,
    returns="block",
    zh="自上而下与自下而上对照，每部分一行五列：上级目标、自报目标（未报为空）、"
    "差额（自报 − 上级）、折中建议、建议与上级目标之差。折中建议之和恰为上级目标总额。",
    en="A row a part: target from the top, own proposal (empty for none), difference (own − top), "
    "a proposal between the two, its difference to the top. The proposals add up to the top's "
    "total exactly.",
    params=(
        Param(
            "top_down",
            "cells",
            "money",
            "上级下达的目标，不得为负",
            "Targets set from the top, none negative",
        ),
        Param(
            "bottom_up",
            "cells",
            "money",
            "各部分自报的目标，未报留空（按上级目标）",
            "What the parts propose themselves; empty for none, then the top's figure counts",
        ),
        Param(
            "bottom_up_share",
            "number",
            "fraction",
            "自报目标的权重，0 到 1：0 全按上级，1 全按自报的比例",
            "Weight of the own proposals, 0 to 1: 0 keeps the top's, 1 follows the proposals' "
            "proportions",
            Decimal("0.5"),
        ),
        Param(
            "unit",
            "number",
            "money",
            "折中建议的取整单位",
            "Proposals are multiples of this",
            1,
        ),
    ),
    errors=(
        "amount_negative",
        "share_range",
        "counts_differ",
        "unit_not_positive",
        "weights_all_zero",
    ),
    example={"top_down": [600, 300, 100], "bottom_up": [500, 340, None]},
)
def reconcile_targets(
    top_down: Cells,
    bottom_up: OpenCells,
    bottom_up_share: Number = Decimal("0.5"),
    unit: Number = 1,
) -> list[list[Any]]:
    """Rows in order of the parts; see the module's example."""
    cells, _ = read_cells(top_down, "top_down")
    top = [read_not_negative(cell, "top_down", position) for position, cell in enumerate(cells, 1)]
    proposals, _ = read_cells(bottom_up, "bottom_up")
    same_count(proposals, "bottom_up", len(top), "top_down")
    own = [
        None if cell is None else read_not_negative(cell, "bottom_up", position)
        for position, cell in enumerate(proposals, 1)
    ]
    share = read_share(bottom_up_share, "bottom_up_share")
    middle = [
        high + share * ((high if low is None else low) - high)
        for high, low in zip(top, own, strict=True)
    ]
    if not any(middle):
        raise RuleError("weights_all_zero", argument="top_down")
    agreed = split_target(sum(top, Fraction(0)), middle, unit)
    return [
        [
            simplest(high),
            None if low is None else simplest(low),
            None if low is None else simplest(low - high),
            proposal,
            simplest(exact(proposal) - high),
        ]
        for high, low, proposal in zip(top, own, agreed, strict=True)
    ]
