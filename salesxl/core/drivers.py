"""Weights from several drivers at once, with gates that shut a part out.

Two regions: sales 400,000 and 400,000, accounts 2 and 4, both drivers of equal weight. The
shares are 1/2 : 1/2 and 1/3 : 2/3, on average 5/12 : 7/12:

>>> [[str(share) for share in row] for row in blend_drivers([[400000, 2], [400000, 4]], [1, 1])]
[['5/12'], ['7/12']]

A part takes part only where each of its gates is open, that is above 0; then the others
share every driver:

>>> [row[0] for row in blend_drivers([[50], [30], [30]], [1], [[1, 1], [0, 1], [1, 1]])]
[Decimal('0.625'), 0, Decimal('0.375')]
"""

from __future__ import annotations

from fractions import Fraction

from salesxl.core.cells import Cells, OpenCells, read_block, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, exact, simplest
from salesxl.core.split import read_weights


@rule(
    name="BLEND_DRIVERS",
    category="targets",
    order=80,
    returns="block",
    zh="多个驱动因素的混合权重：各因素先化为份额，再按因素权重平均；一列，合计为 1。",
    en="Weights blended from several drivers: each driver's shares, averaged by the drivers' "
    "weights; one column that adds up to 1.",
    params=(
        Param(
            "drivers",
            "block",
            "any",
            "驱动因素：每行一个部分，每列一个因素，如历史、潜力、客户数，不得为负",
            "A row a part, a column a driver such as history, potential or accounts, none negative",
        ),
        Param(
            "driver_weights",
            "list",
            "weight",
            "各因素的权重，不得为负；比例即可",
            "A weight for each driver, none negative; only their proportions count",
        ),
        Param(
            "gates",
            "block",
            "any",
            "门槛：每行一个部分，任何一格为 0、为负或为空则该部分不参与；可省略",
            "Gates, a row a part: one that is 0, below 0 or empty shuts the part out",
            None,
        ),
    ),
    errors=("negative_weight", "weights_all_zero", "counts_differ", "ragged"),
    example={"drivers": [[400000, 2], [400000, 4]], "driver_weights": [1, 1]},
)
def blend_drivers(
    drivers: Cells, driver_weights: Cells, gates: OpenCells | None = None
) -> list[list[Exact]]:
    """Exact shares, one row each, that add up to 1."""
    rows = read_block(drivers, "drivers")
    weights = read_weights(read_cells(driver_weights, "driver_weights")[0], "driver_weights")
    same_count(weights, "driver_weights", len(rows[0]), "drivers")
    if not any(weights):
        raise RuleError("weights_all_zero", argument="driver_weights")
    # Over one denominator all columns together, so that errors name the cell in the block.
    figures = read_weights([cell for row in rows for cell in row], "drivers")
    width = len(rows[0])
    opened = _open_rows(gates, len(rows))
    shares = [Fraction(0)] * len(rows)
    for column, weight in enumerate(weights):
        parts = [
            part if way else 0
            for part, way in zip(figures[column::width], opened, strict=True)
        ]  # fmt: skip
        if weight and not any(parts):
            raise RuleError("weights_all_zero", argument="drivers", position=column + 1)
        for index, part in enumerate(parts):
            if weight:
                shares[index] += Fraction(weight * part, sum(weights) * sum(parts))
    return [[simplest(share)] for share in shares]


def _open_rows(gates: object, count: int) -> list[bool]:
    if gates is None:
        return [True] * count
    rows = read_block(gates, "gates")
    same_count(rows, "gates", count, "drivers")
    width = len(rows[0])
    return [
        all(
            cell is not None and exact(cell, "gates", index * width + column) > 0
            for column, cell in enumerate(row, 1)
        )
        for index, row in enumerate(rows)
    ]
