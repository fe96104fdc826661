"""Sales outside a partner's own region (窜货), and what a channel brings for its cost.

A dealer of the East sold 900 there and 100 in the North: 10 % outside, above a
tolerance of 5 %:

>>> lines = ["D1", "D1"], ["East", "North"], [900, 100]
>>> diversion_check(*lines, [["D1", "East"]], "0.05")
[['D1', 1000, 100, Decimal('0.1'), 'over']]

A tolerance of 10 % is kept to the point: only more than it is flagged.

>>> diversion_check(*lines, [["D1", "East"]], "0.1")
[['D1', 1000, 100, Decimal('0.1'), 'ok']]

A channel that sold 120,000 on a budget of 40,000 brings 3 for each 1 spent ("ratio"),
2 beyond its cost ("net"); without a cost there is no return to speak of:

>>> channel_return([120000, 5000], [40000, None]), channel_return([120000], [40000], "net")
([3, None], [2])
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from salesxl.core.cells import OpenCells, read_block, read_cells, same_count
from salesxl.core.choice import read_choice
from salesxl.core.day import read_names
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, simplest
from salesxl.core.pay import read_not_negative

_MEASURES = {"ratio": ("倍数",), "net": ("净回报",)}


@rule(
    name="DIVERSION_CHECK",
    category="channels",
    order=30,
    returns="block",
    zh="窜货检查：每家伙伴一行，为伙伴、销售额、授权区域外金额、占比、ok 或 over（超过容忍比例）。",
    en="Diversion check, a row per partner: partner, sales, sales outside its regions, their "
    "share, ok or over (above the tolerance).",
    params=(
        Param("partners", "list", "text", "各笔销售的伙伴", "Partner of each sale"),
        Param(
            "regions",
            "list",
            "text",
            "各笔销售的区域，个数与伙伴相同",
            "Region of each sale, as many as partners",
        ),
        Param(
            "amounts",
            "list",
            "money",
            "各笔销售的金额，个数与伙伴相同；退货为负",
            "Amount of each sale, as many as partners; negative for returns",
        ),
        Param(
            "territory",
            "block",
            "text",
            "授权区域：每行一家伙伴及其一个区域，多个区域写多行",
            "Own regions: a row of partner and region, a row for each region of a partner",
        ),
        Param(
            "tolerance",
            "number",
            "fraction",
            "容忍的区域外占比，超过才提示；默认 0",
            "Share outside that is tolerated, only more is flagged; default 0",
            0,
        ),
    ),
    errors=(
        "share_range", "territory_columns", "name_blank", "counts_differ", "blank",
        "not_a_number", "no_cells",
    ),
    example={
        "partners": ["D1", "D1"],
        "regions": ["East", "North"],
        "amounts": [900, 100],
        "territory": [["D1", "East"]],
        "tolerance": "0.05",
    },
)  # fmt: skip
def diversion_check(
    partners: Any, regions: Any, amounts: OpenCells, territory: Any, tolerance: Number = 0
) -> list[list[Any]]:
    """[partner, sales, outside, share, flag] in the order of `territory`.

    Sales of a partner that `territory` does not name are left out. The share is None where
    a partner's sales are not above 0; then any outside sale is over.
    """
    allowed = exact(tolerance, "tolerance")
    if not 0 <= allowed <= 1:
        raise RuleError("share_range", argument="tolerance", value=tolerance)
    own: dict[str, set[str]] = {}
    shown: dict[str, Any] = {}
    for at, row in enumerate(read_block(territory, "territory")):
        if len(row) != 2:
            raise RuleError("territory_columns", argument="territory", count=len(row))
        partner, region = read_names(row, "territory")
        if not partner or not region:
            position = 2 * at + (1 if not partner else 2)
            raise RuleError("name_blank", argument="territory", position=position)
        own.setdefault(partner, set()).add(region)
        shown.setdefault(partner, row[0])
    who, where = read_names(partners, "partners"), read_names(regions, "regions")
    same_count(where, "regions", len(who), "partners")
    cells, _ = read_cells(amounts, "amounts")
    same_count(cells, "amounts", len(who), "partners")
    sums = {name: [Fraction(0), Fraction(0)] for name in own}
    for position, (name, region, cell) in enumerate(zip(who, where, cells, strict=True), 1):
        amount = exact(cell, "amounts", position)
        if name in sums:
            sums[name][0] += amount
            sums[name][1] += amount if region not in own[name] else 0
    rows: list[list[Any]] = []
    for name, (total, outside) in sums.items():
        share = outside / total if total > 0 else None
        over = outside > 0 if share is None else share > allowed
        rows.append([
            shown[name], simplest(total), simplest(outside),
            None if share is None else simplest(share), "over" if over else "ok",
        ])  # fmt: skip
    return rows


@rule(
    name="CHANNEL_RETURN",
    category="channels",
    order=40,
    returns="cells",
    zh="渠道投入回报：ratio 为成果 ÷ 投入，net 为（成果 − 投入）÷ 投入；投入为空或为 0 时为空。",
    en="Return on channel cost: ratio, result ÷ cost, or net, (result − cost) ÷ cost; empty where "
    "the cost is empty or 0.",
    params=(
        Param(
            "results",
            "cells",
            "money",
            "各渠道的成果，如销售额或毛利；净退货为负，空格为 0",
            "Result of each channel, such as sales or margin; may be negative; empty: 0",
        ),
        Param(
            "costs",
            "list",
            "money",
            "各渠道的投入或预算，个数与成果相同；空格为没有",
            "Cost or budget of each channel, as many as results; empty: none",
        ),
        Param(
            "measure",
            "choice",
            "any",
            "口径：ratio 每 1 元投入的成果（默认），net 扣除投入后的净回报",
            "ratio, result per 1 of cost (default), or net of the cost",
            "ratio",
            choices=("ratio", "net"),
        ),
    ),
    errors=("amount_negative", "counts_differ", "choice_unknown", "not_a_number", "no_cells"),
    example={"results": [120000, 5000], "costs": [40000, 10000]},
)
def channel_return(results: OpenCells, costs: OpenCells, measure: str = "ratio") -> Any:
    """Each return in the shape of `results`, None without a cost."""
    kind = read_choice(measure, "measure", _MEASURES) or "ratio"
    cells, fold = read_cells(results, "results")
    spent, _ = read_cells(costs, "costs")
    same_count(spent, "costs", len(cells), "results")
    found: list[Any] = []
    for position, (cell, cost_cell) in enumerate(zip(cells, spent, strict=True), 1):
        result = Fraction(0) if _empty(cell) else exact(cell, "results", position)
        cost = Fraction(0) if _empty(cost_cell) else read_not_negative(cost_cell, "costs", position)
        back = result - cost if kind == "net" else result
        found.append(simplest(back / cost) if cost else None)
    return fold(found)


@rule(
    name="COST_PER_WIN",
    category="channels",
    order=50,
    returns="cells",
    zh="获客成本 = 投入 ÷ 赢得的数量（潜客、新客户）；数量为 0 时为空。",
    en="Cost per win: cost ÷ number won (prospects, new customers); empty where none was won.",
    params=(
        Param(
            "costs",
            "cells",
            "money",
            "各渠道或活动的投入；空格为 0",
            "Cost of each channel or event; empty: 0",
        ),
        Param(
            "wins",
            "list",
            "count",
            "各渠道或活动赢得的数量，个数与投入相同",
            "Number each has won, as many as costs; empty: 0",
        ),
    ),
    errors=("amount_negative", "counts_differ", "not_a_number", "no_cells"),
    example={"costs": [40000, 9000], "wins": [16, 0]},
)
def cost_per_win(costs: OpenCells, wins: OpenCells) -> Any:
    """Cost of one win in the shape of `costs`, None where nothing was won."""
    cells, fold = read_cells(costs, "costs")
    won, _ = read_cells(wins, "wins")
    same_count(won, "wins", len(cells), "costs")
    found: list[Any] = []
    for position, (cell, count_cell) in enumerate(zip(cells, won, strict=True), 1):
        cost = Fraction(0) if _empty(cell) else read_not_negative(cell, "costs", position)
        count = Fraction(0)
        if not _empty(count_cell):
            count = read_not_negative(count_cell, "wins", position)
        found.append(simplest(cost / count) if count else None)
    return fold(found)


def _empty(cell: object) -> bool:
    return cell is None or cell == ""
