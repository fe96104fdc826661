"""How much hangs on how few: the largest shares, and the Herfindahl index.

Four customers buy 50, 30, 15 and 5. The largest has half of all, the first two 80 %;
the sum of the squared shares is 0.25 + 0.09 + 0.0225 + 0.0025:

>>> concentration([50, 30, 15, 5], 2)
[Decimal('0.5'), Decimal('0.8'), Decimal('0.365')]

The index is 1 with one customer and 1/n with n alike. Net returns have no share.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salesxl.core.cells import OpenCells, read_cells
from salesxl.core.declare import Param, rule
from salesxl.core.number import Exact, Number, exact, simplest, whole


def herfindahl(amounts: Sequence[int | Fraction]) -> Fraction | None:
    """Sum of squared shares of what is above 0; None where nothing is."""
    sold = [amount for amount in amounts if amount > 0]
    total = sum(sold)
    return Fraction(sum(amount * amount for amount in sold), total * total) if total else None


def top_share(amounts: Sequence[int | Fraction], count: int) -> Fraction | None:
    """Share of the `count` largest in what is above 0; None where nothing is."""
    sold = sorted((amount for amount in amounts if amount > 0), reverse=True)
    return Fraction(sum(sold[:count]), sum(sold)) if sold else None


@rule(
    name="CONCENTRATION",
    category="customers",
    order=60,
    returns="list",
    zh="集中度：最大一家的占比、前 n 家合计占比、赫芬达尔指数；没有销售时为空。",
    en="Concentration: share of the largest, of the first n, and the Herfindahl index; empty "
    "where nothing was sold.",
    params=(
        Param(
            "amounts",
            "list",
            "money",
            "各客户（或区域、产品）的金额；净退货不计占比，空格不参与",
            "Amount of each customer, region or product; net returns have no share, empty cells "
            "take no part",
        ),
        Param("top", "whole", "count", "前几家，默认 5", "How many of the largest, default 5", 5),
    ),
    errors=("not_whole", "not_a_number", "no_cells"),
    example={"amounts": [50, 30, 15, 5], "top": 2},
)
def concentration(amounts: OpenCells, top: Number = 5) -> list[Exact | None]:
    """[share of the largest, share of the first `top`, Herfindahl index], exact fractions."""
    count = whole(top, "top", 1, 1_000_000)
    cells, _ = read_cells(amounts, "amounts")
    read = [
        exact(cell, "amounts", position)
        for position, cell in enumerate(cells, 1)
        if cell is not None and cell != ""
    ]
    found = (top_share(read, 1), top_share(read, count), herfindahl(read))
    return [None if value is None else simplest(value) for value in found]
