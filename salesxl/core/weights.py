"""Weights from history and potential, and weights as the whole numbers a sheet can use.

Two regions sold 600 and 400; their markets are worth 500 and 1,500. With 30 % of
the weight on potential:

>>> blend_weights([600, 400], [500, 1500], Decimal("0.3"))
[Fraction(99, 200), Fraction(101, 200)]

0.7 · 0.6 + 0.3 · 0.25 = 0.495 and 0.7 · 0.4 + 0.3 · 0.75 = 0.505. A sheet gets
whole parts, so that its split is exact in its own arithmetic:

>>> whole_parts([Fraction(99, 200), Fraction(101, 200)], scale_for(1_000_000))
[4950000, 5050000]
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_block, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, common, exact, half_up
from salesxl.core.split import read_weights

# Doubles are exact to 2^53, but engines take a figure within 15 digits of a whole one for it
_SHEET_WHOLE = 9 * 10**13


def scale_for(total_units: int) -> int:
    """The finest scale, 10^6 … 10^9, at which units × parts stays exact in a sheet."""
    for power in (9, 8, 7):
        if abs(total_units) * 10**power <= _SHEET_WHOLE:
            return int(10**power)
    return 10**6


def whole_parts(weights: Sequence[Fraction | Decimal | int], scale: int) -> list[int]:
    """weight / sum × `scale`, each rounded half-up; a weight above 0 may become 0 parts."""
    numerators, _ = common(weights, "weights")
    total = sum(numerators)
    return [half_up(numerator * scale, total) for numerator in numerators]


@rule(
    name="BLEND_WEIGHTS",
    category="targets",
    order=70,
    returns="cells",
    zh="混合权重 = (1 − 潜力占比) × 历史份额 + 潜力占比 × 潜力份额，合计为 1。",
    en="Blended weights: (1 − potential share) × share of history + potential share × share "
    "of potential; they add up to 1.",
    params=(
        Param(
            "history",
            "cells",
            "money",
            "各部分的历史销售额，不得为负",
            "Past sales of each part, none negative",
        ),
        Param(
            "potential",
            "cells",
            "money",
            "各部分的市场潜力，不得为负，个数与历史相同",
            "Market potential of each part, none negative, as many as in history",
        ),
        Param(
            "potential_share",
            "number",
            "fraction",
            "潜力占比，0 到 1，如 0.3",
            "Weight of potential against history, 0 to 1, e.g. 0.3",
        ),
    ),
    errors=("negative_weight", "weights_all_zero", "share_range", "counts_differ"),
    example={"history": [600, 400], "potential": [500, 1500], "potential_share": Decimal("0.3")},
)
def blend_weights(history: Cells, potential: Cells, potential_share: Number) -> Any:
    """Exact Fractions that add up to 1, in the shape of `history`.

    A column with no share in the mix may be all zero; one with a share may not.
    """
    share = exact(potential_share, "potential_share")
    if not 0 <= share <= 1:
        raise RuleError("share_range", argument="potential_share", value=potential_share)
    past, fold = read_cells(history, "history")
    market, _ = read_cells(potential, "potential")
    same_count(market, "potential", len(past), "history")
    of_past = _shares(read_weights(past, "history"), "history", 1 - share)
    of_market = _shares(read_weights(market, "potential"), "potential", share)
    return fold([a + b for a, b in zip(of_past, of_market, strict=True)])


def _shares(parts: Sequence[int], argument: str, portion: Fraction) -> list[Fraction]:
    """`portion` shared by `parts`."""
    total = sum(parts)
    if not portion:
        return [Fraction(0)] * len(parts)
    if not total:
        raise RuleError("weights_all_zero", argument=argument)
    return [portion * Fraction(part, total) for part in parts]


@rule(
    name="SEASONAL_SHARES",
    category="targets",
    order=110,
    returns="list",
    zh="各期（如月份）占全年的份额：每列为一期，每行为一年，多年相加后计算，合计为 1。",
    en="Share of each period, such as a month, in the year: a column per period, a row per "
    "year, the years added up; the shares add up to 1.",
    params=(
        Param(
            "history",
            "block",
            "money",
            "历史销售额：每行一年，每列一期；只有一年时一行即可",
            "Past sales: a row per complete year, a column per period",
        ),
    ),
    errors=("negative_weight", "weights_all_zero", "ragged"),
    example={"history": [[100, 300], [200, 400]]},
)
def seasonal_shares(history: Cells) -> list[Fraction]:
    """Exact Fractions, one a column, that add up to 1."""
    rows = read_block(history, "history")
    cells = [cell for row in rows for cell in row]
    numerators, _ = common(cells, "history")
    width = len(rows[0])
    sums = [sum(numerators[column::width]) for column in range(width)]
    return _shares(read_weights(sums, "history"), "history", Fraction(1))
