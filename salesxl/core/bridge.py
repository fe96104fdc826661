"""From last year's sales to this year's: what price, volume and mix each brought.

Product A sold 10 at 10, then 12 at 11; product B 10 at 20, then 12 at 20; C is new with 5 for
50. A and B together sold 20, then 24: a fifth more. Volume is that fifth on each product's old
amount, mix what a product's share of all pieces moved at old prices, price the new pieces
times the change of price:

>>> for row in price_volume_mix([10, 10, 0], [100, 200, 0], [12, 12, 5], [132, 240, 50]):
...     print([str(cell) for cell in row])
['12', '20', '0', '0', '0', '0', '32']
['0', '40', '0', '0', '0', '0', '40']
['0', '0', '0', '50', '0', '0', '50']
['12', '60', '0', '50', '0', '0', '122']

The convention is that of management accounting's sales variances: price at the new
quantity, quantity and mix at the old price, the quantity variance by the growth of all pieces
sold in both periods. Items sold in one period only are new or lost, whole. An amount without
a quantity above 0 has no price: its change is told as "other". The parts of every row and
of the total make exactly the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.number import exact, simplest

PARTS = ("price", "volume", "mix", "new", "lost", "other")
Item = tuple[Fraction, Fraction, Fraction, Fraction]  # old quantity, amount; new quantity, amount


def bridge(items: Sequence[Item]) -> list[dict[str, Fraction]]:
    """The parts of each item's change, by name; their sum is new amount − old amount."""
    kinds = [_kind(item) for item in items]
    both = [item for item, kind in zip(items, kinds, strict=True) if kind == "both"]
    before = sum((item[0] for item in both), Fraction(0))
    after = sum((item[2] for item in both), Fraction(0))
    return [_parts(item, kind, before, after) for item, kind in zip(items, kinds, strict=True)]


def _kind(item: Item) -> str:
    old_quantity, old_amount, new_quantity, new_amount = item
    if not old_quantity and not old_amount:
        return "new"
    if not new_quantity and not new_amount:
        return "lost"
    return "both" if old_quantity > 0 and new_quantity > 0 else "other"


def _parts(item: Item, kind: str, before: Fraction, after: Fraction) -> dict[str, Fraction]:
    old_quantity, old_amount, new_quantity, new_amount = item
    parts = dict.fromkeys(PARTS, Fraction(0))
    if kind != "both":
        parts[kind] = new_amount - old_amount
        return parts
    at_old_price = old_amount / old_quantity * new_quantity
    parts["price"] = new_amount - at_old_price
    parts["volume"] = old_amount * (after / before - 1)
    parts["mix"] = at_old_price - old_amount - parts["volume"]
    return parts


@rule(
    name="PRICE_VOLUME_MIX",
    category="analysis",
    returns="block",
    zh="量价结构分解，每产品一行、末行合计：价格、销量、结构、新增、流失、其他（无数量）、增减；"
    "各部分之和恰为增减。",
    en="Bridge, a row a product, then the total: price, volume, mix, new, lost, other (no "
    "quantity), difference. The parts make exactly the difference.",
    params=(
        Param("old_quantities", "list", "count", "各产品上期数量", "Quantity of each, before"),
        Param("old_amounts", "list", "money", "各产品上期金额", "Amount of each, before"),
        Param("new_quantities", "list", "count", "各产品本期数量", "Quantity of each, now"),
        Param("new_amounts", "list", "money", "各产品本期金额", "Amount of each, now"),
    ),
    errors=("counts_differ",),
    example={
        "old_quantities": [10, 10, 0],
        "old_amounts": [100, 200, 0],
        "new_quantities": [12, 12, 5],
        "new_amounts": [132, 240, 50],
    },
)
def price_volume_mix(
    old_quantities: Cells, old_amounts: Cells, new_quantities: Cells, new_amounts: Cells
) -> list[list[Any]]:
    """Rows of the six parts and the difference, exact; the last row is the total."""
    given = {
        "old_quantities": old_quantities,
        "old_amounts": old_amounts,
        "new_quantities": new_quantities,
        "new_amounts": new_amounts,
    }
    columns: list[list[Fraction]] = []
    for name, cells in given.items():
        values, _ = read_cells(cells, name)
        if columns:
            same_count(values, name, len(columns[0]), "old_quantities")
        columns.append([exact(cell, name, position) for position, cell in enumerate(values, 1)])
    items: list[Item] = list(zip(*columns, strict=True))
    rows = [[*parts.values()] for parts in bridge(items)]
    for row in rows:
        row.append(sum(row, Fraction(0)))
    total = [sum(column, Fraction(0)) for column in zip(*rows, strict=True)]
    return [[simplest(cell) for cell in row] for row in [*rows, total]]
