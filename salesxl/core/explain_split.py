"""How a split comes about, cell by cell, so that it can be checked on paper.

1,050 by weights 5 : 3 : 3 in units of 100. Ten units are shared: 454.5… is rounded
down to 400, 272.7… to 200 twice; two units are left. The remainders 72.7… of the
second and the third are larger than 54.5… and rank first and second, so they get one
each; the odd 50 lies on the largest weight:

>>> for row in explain_split(1050, [5, 3, 3], 100):
...     print([str(cell) for cell in row])
['5000/11', '400', '600/11', '3', '0', '50', 'None', '450']
['3000/11', '200', '800/11', '1', '1', '0', 'None', '300']
['3000/11', '200', '800/11', '2', '1', '0', 'None', '300']

In every row: result = rounded down + units × unit + odd part. The columns add up too:
the shares and the odd parts make the total, and so do the results.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from salesxl.core.apportion import ranking, remainders
from salesxl.core.cells import Cells, OpenCells
from salesxl.core.declare import rule
from salesxl.core.number import Number, simplest
from salesxl.core.split import SPLIT_ERRORS, SPLIT_PARAMS, Split, worked_split


@rule(
    name="EXPLAIN_SPLIT",
    category="targets",
    order=20,
    returns="block",
    zh="分解过程，每格一行八列：应得份额、舍去后的整单位金额、余数、余数名次、补得单位数、尾差、"
    "起作用的约束（locked 锁定、minimum 下限、maximum 上限）、结果。"
    "结果 = 舍去后 + 单位数 × 单位 + 尾差；圣拉格法无名次。",
    en="A row a cell: exact share, rounded down to units, remainder, its rank (none for "
    "sainte_lague), units on top, odd part, what held it (locked, minimum, maximum), result = "
    "rounded down + units × unit + odd part.",
    params=SPLIT_PARAMS,
    errors=SPLIT_ERRORS,
    example={"total": 1050, "weights": [5, 3, 3], "unit": 100},
)
def explain_split(
    total: Number,
    weights: Cells,
    unit: Number = 1,
    locked: OpenCells | None = None,
    minimum: OpenCells | None = None,
    maximum: OpenCells | None = None,
    method: str = "largest_remainder",
) -> list[list[Any]]:
    """Rows in reading order of the weights; shares are of what locks and bounds leave.

    A cell that is held has its value as share, with no remainder and no rank; a negative
    total is rounded towards 0. With sainte_lague units may be −1 or more than 1.
    """
    split = worked_split(total, weights, unit, locked, minimum, maximum, method)
    rows: list[list[Any]] = []
    for value, cause in ((value, split.held.get(i)) for i, value in enumerate(split.result)):
        money = simplest(Fraction(value, split.denominator))
        rows.append([money, money, 0, None, 0, 0, cause, money])
    if any(split.parts[index] for index in split.free):
        _explain_free(split, rows)
    return rows


def _explain_free(split: Split, rows: list[list[Any]]) -> None:
    """Rows of the cells that share by weight, in place."""
    free, one, unit = split.free, split.denominator, split.unit
    parts = [split.parts[index] for index in free]
    rest = sum(split.result[index] for index in free)
    sign = -1 if rest < 0 else 1
    count, odd = divmod(abs(rest), unit)
    whole = sum(parts)
    largest = parts.index(max(parts))
    rank: list[int | None] = [None] * len(parts)
    over = remainders(count, parts)
    if split.method == "largest_remainder":
        for place, position in enumerate(ranking(over), 1):
            rank[position] = place
    for position, (index, part) in enumerate(zip(free, parts, strict=True)):
        floor = count * part // whole
        extra = odd if position == largest else 0
        value = abs(split.result[index])
        rows[index][:6] = [
            simplest(Fraction(sign * count * unit * part, whole * one)),
            simplest(Fraction(sign * floor * unit, one)),
            simplest(Fraction(sign * over[position] * unit, whole * one)),
            rank[position],
            sign * ((value - extra) // unit - floor),
            simplest(Fraction(sign * extra, one)),
        ]
