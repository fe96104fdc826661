"""Over-assignment: what each level hands down beyond its own target, and what it adds up to.

A target of 1,000,000; regions get 5 % more, and hand 5 % more to their people:

>>> for row in over_assign(1000000, ["0.05", "0.05"]):
...     print([str(cell) for cell in row])
['0.1025', '1102500', '102500']
['0.05', '1050000', '50000']
['0.05', '1102500', '102500']

The first row is the top's view: the people together carry 10.25 % more than the target,
not 10 %, for the hedge compounds. If the people reach 1/1.1025 = 90.7 % of their quotas,
the firm still reaches its target.
"""

from __future__ import annotations

from fractions import Fraction

from salesxl.core.cells import Cells, read_cells
from salesxl.core.declare import Param, rule
from salesxl.core.number import Exact, Number, exact, half_up, simplest
from salesxl.core.pay import read_share
from salesxl.core.split import read_unit


@rule(
    name="OVER_ASSIGN",
    category="targets",
    order=170,
    returns="block",
    zh="加码：首行为逐级累计的加码率、最末级承担的总额、超出目标的金额；"
    "以下自上而下每级一行：本级加码率、下达总额、超出目标的金额。",
    en="Hedge. First row: compounded rate, what the lowest level carries, how much beyond the "
    "target; then a row a level from the top: its own rate, what it hands down, how much beyond.",
    params=(
        Param("target", "number", "money", "公司目标", "The firm's target"),
        Param(
            "rates",
            "list",
            "fraction",
            "各级加码率，自上而下，0 到 1，如 0.05（5%）",
            "What each level adds, from the top, 0 to 1, e.g. 0.05 for 5 %",
        ),
        Param(
            "unit",
            "number",
            "money",
            "金额取整单位（四舍五入）",
            "Amounts are rounded half-up to this",
            1,
        ),
    ),
    errors=("share_range", "unit_not_positive", "no_cells"),
    example={"target": 1000000, "rates": ["0.05", "0.05"]},
)
def over_assign(target: Number, rates: Cells, unit: Number = 1) -> list[list[Exact]]:
    """Rows of rate, amount, amount beyond the target; each amount from unrounded figures."""
    amount, step = exact(target, "target"), read_unit(unit)
    cells, _ = read_cells(rates, "rates")
    hedges = [read_share(cell, "rates", position) for position, cell in enumerate(cells, 1)]
    rows: list[list[Exact]] = []
    factor = Fraction(1)
    for hedge in hedges:
        factor *= 1 + hedge
        assigned = half_up(*(amount * factor / step).as_integer_ratio()) * step
        rows.append([simplest(hedge), simplest(assigned), simplest(assigned - amount)])
    return [[simplest(factor - 1), *rows[-1][1:]], *rows]
