"""Product lines' shares that follow growth but stay in balance.

Three lines sold 600, 300 and 100 and are to grow by 50 %, 0 % and 0 %: 900, 300 and 100
would be 69 %, 23 % and 8 %. No line is to be above 60 % or below 12 %. The first is held at
60 %; of the other 40 % the third would have 10 % and is held at 12 %; the second has the rest:

>>> [str(share) for share in balance_shares([600, 300, 100], ["0.5", 0, 0], "0.12", "0.6")]
['0.6', '0.28', '0.12']

Shares that are not held keep the proportions history and growth give them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from salesxl.core.bounds import Refused, read_bounds, within_bounds
from salesxl.core.cells import Cells, OpenCells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import common, exact, simplest
from salesxl.core.split import read_weights

_BOUND_NAMES = {"bounds_over": "minimum_share", "bounds_under": "maximum_share"}


@rule(
    name="BALANCE_SHARES",
    category="targets",
    order=90,
    returns="cells",
    zh="各产品线的目标占比 = 历史 ×（1 + 增长率）的份额，各自不低于下限、不高于上限；合计恰为 1。",
    en="Shares of product lines: history × (1 + growth), held between a floor and a ceiling for "
    "each; they add up to 1 exactly.",
    params=(
        Param(
            "history",
            "cells",
            "money",
            "各产品线的历史销售额，不得为负",
            "Past sales of each line, none negative",
        ),
        Param(
            "growth",
            "cells",
            "fraction",
            "各产品线的增长率，如 0.1；负数为收缩，最低 −1；只填一个值则适用于全部，空为 0",
            "Growth of each line, e.g. 0.1, below 0 where it shrinks, -1 at the lowest; one value "
            "holds for all, empty is 0",
            None,
        ),
        Param(
            "minimum_share",
            "cells",
            "fraction",
            "占比下限，0 到 1，空为不限；只填一个值则适用于全部",
            "Lowest share of each line, 0 to 1, empty for none; one value holds for all",
            None,
        ),
        Param(
            "maximum_share",
            "cells",
            "fraction",
            "占比上限，0 到 1，空为不限；只填一个值则适用于全部",
            "Highest share of each line, 0 to 1, empty for none; one value holds for all",
            None,
        ),
    ),
    errors=(
        "negative_weight",
        "weights_all_zero",
        "growth_range",
        "share_range",
        "counts_differ",
        "bounds_crossed",
        "bounds_over",
        "bounds_under",
    ),
    example={"history": [600, 300, 100], "growth": ["0.5", 0, 0], "maximum_share": "0.6"},
)
def balance_shares(
    history: Cells,
    growth: OpenCells | None = None,
    minimum_share: OpenCells | None = None,
    maximum_share: OpenCells | None = None,
) -> Any:
    """Exact shares that add up to 1, in the shape of `history`."""
    cells, fold = read_cells(history, "history")
    sold = read_weights(cells, "history")
    rates = _growth(growth, len(sold))
    parts, _ = common([part * rate for part, rate in zip(sold, rates, strict=True)], "history")
    if not any(parts):
        raise RuleError("weights_all_zero", argument="history")
    low = _shares(minimum_share, "minimum_share", len(parts))
    high = _shares(maximum_share, "maximum_share", len(parts))
    try:
        shares, _held = within_bounds(
            Fraction(1), parts, [value or Fraction(0) for value in low], high, by_weight
        )
    except Refused as refused:
        one, other = (simplest(Fraction(value)) for value in (refused.one, refused.other))
        values = {"low": one, "high": other} if refused.code == "bounds_crossed" else {}
        raise RuleError(
            refused.code,
            argument=_BOUND_NAMES.get(refused.code, "maximum_share"),
            position=refused.index + 1,
            **(values or {"held": one, "rest": other}),
        ) from None
    return fold([simplest(share) for share in shares])


def by_weight(rest: Fraction, parts: Sequence[int]) -> list[Fraction]:
    """`rest` by `parts` with a positive sum, unrounded."""
    whole = sum(parts)
    return [rest * part / whole for part in parts]


def _growth(growth: object, count: int) -> list[Fraction]:
    """1 + growth of each line."""
    if growth is None:
        return [Fraction(1)] * count
    cells, _ = read_cells(growth, "growth")
    if not isinstance(growth, list | tuple):
        cells *= count
    same_count(cells, "growth", count, "history")
    rates = []
    for position, cell in enumerate(cells, 1):
        rate = Fraction(0) if cell is None else exact(cell, "growth", position)
        if rate < -1:
            raise RuleError("growth_range", argument="growth", position=position, value=cell)
        rates.append(1 + rate)
    return rates


def _shares(value: object, argument: str, count: int) -> list[Fraction | None]:
    bounds = read_bounds(value, argument, count, "history")
    for position, bound in enumerate(bounds, 1):
        if bound is not None and not 0 <= bound <= 1:
            raise RuleError(
                "share_range", argument=argument, position=position, value=simplest(bound)
            )
    return bounds
