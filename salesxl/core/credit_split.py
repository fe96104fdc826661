"""Who is credited with a sale, and what a manager or a team gets from it.

A sale of 100 shared by three: the shares must make 1, the parts make the sale to
the cent (largest remainder, equal remainders by position):

>>> split_credit(100, ["0.5", "0.3", "0.2"]), split_credit("0.05", ["0.5", "0.5"])
([Decimal('50.00'), Decimal('30.00'), Decimal('20.00')], [Decimal('0.03'), Decimal('0.02')])

Overlay credit is given on top, to a specialist for instance, and need not make 1:

>>> overlay_credit(100, ["0.2", "0.05"])
[Decimal('20.00'), Decimal('5.00')]

A manager's override pays a rate on what the team was credited with:

>>> override([60000, 45000, -5000], "0.015")
Decimal('1500.00')

A team's pool of 10,000: 80 % by what each sold, 20 % in equal parts:

>>> team_pool(10000, [[50, 1], [30, 1], [20, 1]], ["0.8", "0.2"])[0]
[Decimal('4000.00'), Decimal('666.67'), Decimal('4666.67')]
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_block, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, simplest, whole
from salesxl.core.pay import (
    CAP,
    DECIMALS,
    FLOOR,
    LIMIT_ERRORS,
    NOT_AFTER_TAX,
    paid,
    read_limits,
    read_rate,
    read_share,
)
from salesxl.core.split import read_weights, split_target

# A third typed into a sheet is 0.333333333333333: shares make 1 to nine places.
_NOISE = Fraction(1, 10**9)

_SALE = Param("amount", "number", "money", "要计入的金额，退货为负", "Amount to credit")


def read_shares(cells: Sequence[object], argument: str) -> list[Fraction]:
    """Shares from 0 to 1 that make 1, to nine places; RuleError says what they make."""
    shares = [read_share(cell, argument, position) for position, cell in enumerate(cells, 1)]
    total = sum(shares, Fraction(0))
    if abs(total - 1) > _NOISE:
        raise RuleError(
            "shares_sum",
            argument=argument,
            total=simplest(total),
            difference=simplest(1 - total),
        )
    return shares


def split_exactly(amount: Number, weights: Sequence[Number], decimals: int) -> list[Decimal]:
    """`amount` by `weights` in units of the last decimal place.

    The parts add up to the amount as rounded half-up to `decimals` places.
    """
    unit = Decimal(1).scaleb(-decimals)
    parts = split_target(round_half_up(amount, decimals), list(weights), unit)
    return [round_half_up(part, decimals) for part in parts]


@rule(
    name="SPLIT_CREDIT",
    category="credit",
    order=10,
    returns="cells",
    zh="业绩拆分：按份额拆给各人，份额之和必须为 1；各部分之和与金额分毫不差，形状与份额区域相同。",
    en="Splits credit by shares that must make 1; the parts add up to the amount to the cent and "
    "keep the shape of the shares.",
    params=(
        _SALE,
        Param(
            "shares",
            "cells",
            "fraction",
            "各人份额，0 到 1，合计必须为 1",
            "Each one's share, 0 to 1, together 1",
        ),
        DECIMALS,
    ),
    errors=("share_range", "shares_sum", "no_cells"),
    example={"amount": 100, "shares": [Decimal("0.5"), Decimal("0.3"), Decimal("0.2")]},
)
def split_credit(amount: Number, shares: Cells, decimals: Number = 2) -> Any:
    """`amount`, rounded half-up to `decimals` places, split by `shares` in their shape."""
    places = whole(decimals, "decimals", 0, 12)
    exact(amount, "amount")
    cells, fold = read_cells(shares, "shares")
    return fold(split_exactly(amount, read_shares(cells, "shares"), places))


@rule(
    name="OVERLAY_CREDIT",
    category="credit",
    order=20,
    returns="cells",
    zh="叠加业绩：在 100% 之外另行计入，金额 × 各人比例，合计不必为 1。",
    en="Overlay credit: on top of the 100 %, amount × each one's share; they need not make 1.",
    params=(
        _SALE,
        Param(
            "shares",
            "cells",
            "fraction",
            "各人叠加比例，0 到 1，如 0.2（20%）",
            "Each one's overlay share, 0 to 1, e.g. 0.2 for 20 %",
        ),
        DECIMALS,
    ),
    errors=("share_range", "no_cells"),
    example={"amount": 100, "shares": [Decimal("0.2"), Decimal("0.05")]},
)
def overlay_credit(amount: Number, shares: Cells, decimals: Number = 2) -> Any:
    """Each overlay rounded half-up by itself, in the shape of `shares`."""
    places = whole(decimals, "decimals", 0, 12)
    sale = exact(amount, "amount")
    cells, fold = read_cells(shares, "shares")
    rates = [read_share(cell, "shares", position) for position, cell in enumerate(cells, 1)]
    return fold([round_half_up(sale * rate, places) for rate in rates])


@rule(
    name="OVERRIDE",
    category="commission",
    order=90,
    returns="number",
    zh="管理提成 = 团队计入业绩合计 × 比例，可设封顶与保底。",
    en="A manager's override: rate × what the team was credited with, within a cap and a floor.",
    params=(
        Param(
            "credits",
            "list",
            "money",
            "团队各人的计入业绩，退货为负",
            "What each of the team was credited with; net returns are negative",
        ),
        Param("rate", "number", "fraction", "管理提成比例，如 0.015", "Rate, e.g. 0.015 for 1.5 %"),
        DECIMALS,
        CAP,
        FLOOR,
    ),
    errors=("rate_range", "no_cells", *LIMIT_ERRORS, "after_tax"),
    example={"credits": [60000, 45000, -5000], "rate": Decimal("0.015")},
    refuses=NOT_AFTER_TAX,
)
def override(
    credits: Cells,
    rate: Number,
    decimals: Number = 2,
    cap: Number | None = None,
    floor: Number | None = None,
) -> Decimal:
    """The pay on the sum of `credits`, rounded half-up once."""
    places = whole(decimals, "decimals", 0, 12)
    cells, _ = read_cells(credits, "credits")
    team = sum((exact(cell, "credits", i) for i, cell in enumerate(cells, 1)), Fraction(0))
    return paid(team * read_rate(rate, "rate"), read_limits(cap, floor), places)


@rule(
    name="TEAM_POOL",
    category="bonus",
    order=50,
    returns="block",
    zh="团队奖金池：先按份额（如 80/20）分成几份，"
    "每份再按该列权重分给各人；每人一行，末列为合计，总和分毫不差。",
    en="A team's pool: cut by shares (e.g. 80/20), each cut divided by its column of weights; a "
    "row a member, the last column the total. Adds up to the cent.",
    params=(
        Param("pool", "number", "money", "奖金池金额", "Amount of the pool"),
        Param(
            "weights",
            "block",
            "weight",
            "每人一行，每份一列的权重，如业绩与 1（均分）；只有一份时可为一列或一行",
            "A row a member, a column a cut, e.g. sales and 1 for equal parts; one cut: any shape",
        ),
        Param(
            "shares",
            "list",
            "fraction",
            "各份占奖金池的份额，合计 1；空为只有一份",
            "Share of each cut, together 1; empty: one cut",
            1,
        ),
        DECIMALS,
    ),
    errors=(
        "shares_sum",
        "share_range",
        "negative_weight",
        "weights_all_zero",
        "counts_differ",
        "ragged",
        "after_tax",
    ),
    example={
        "pool": 10000,
        "weights": [[50, 1], [30, 1], [20, 1]],
        "shares": [Decimal("0.8"), Decimal("0.2")],
    },
    refuses=NOT_AFTER_TAX,
)
def team_pool(
    pool: Number, weights: Cells, shares: Cells = 1, decimals: Number = 2
) -> list[list[Decimal]]:
    """Rows of each cut's part and the member's total."""
    places = whole(decimals, "decimals", 0, 12)
    exact(pool, "pool")
    cells, _ = read_cells(shares, "shares")
    cuts = split_exactly(pool, read_shares(cells, "shares"), places)
    block = read_block(weights, "weights")
    if len(cuts) == 1:
        block = [[cell] for row in block for cell in row]
    same_count(block[0], "weights", len(cuts), "shares")
    read_weights([cell for row in block for cell in row], "weights")
    columns = []
    for cut, column in zip(cuts, zip(*block, strict=True), strict=True):
        columns.append(split_exactly(cut, [exact(cell, "weights") for cell in column], places))
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [[*row, sum(row, round_half_up(0, places))] for row in rows]
