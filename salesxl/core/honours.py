"""Honours by a weighted score that shows what it is made of.

A sales star by 70 % completion and 30 % satisfaction, each against its goal. Ann
reached 1.2 of a goal of 1 and 90 of 100 points: 0.84 + 0.27 = 1.11:

>>> for row in star_score([["1.2", 90], ["1", 98]], ["0.7", "0.3"], [1, 100]):
...     print([str(cell) for cell in row])
['0.84', '0.27', '1.11']
['0.7', '0.294', '0.994']

The best team is ranked by the same score; the rank stands first:

>>> for row in team_ranking([["1.2", 90], ["1", 98]], ["0.7", "0.3"], "same", [1, 100]):
...     print([str(cell) for cell in row])
['1', '1.11', '0.84', '0.27']
['2', '0.994', '0.7', '0.294']

Without goals the values are weighted as they are; then they must be comparable.
Nothing is rounded: two scores tie only if they are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_block, read_cells, same_count
from salesxl.core.champion import RANK_TIES, ranks, read_rank_ties
from salesxl.core.credit_split import read_shares
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import exact, simplest

_VALUES = Param(
    "values",
    "block",
    "any",
    "每人（或团队）一行、每项指标一列的实际值",
    "A row a person or team, a column a measure",
)
_WEIGHTS = Param(
    "weights",
    "list",
    "fraction",
    "各项指标的权重，合计 1，如 0.7 与 0.3",
    "Weight of each measure, together 1, e.g. 0.7 and 0.3",
)
_GOALS = Param(
    "goals",
    "list",
    "any",
    "各项指标的目标值，实际值除以它；空为直接加权",
    "Goal of each measure, which its values are divided by; empty: weighted as they are",
    None,
)
_ERRORS = ("shares_sum", "share_range", "counts_differ", "target_not_positive", "ragged")
_EXAMPLE = {
    "values": [[Decimal("1.2"), 90], [1, 98]],
    "weights": [Decimal("0.7"), Decimal("0.3")],
    "goals": [1, 100],
}


def components(
    values: Sequence[Sequence[Fraction]], weights: Sequence[Fraction], goals: Sequence[Fraction]
) -> list[list[Fraction]]:
    """value / goal × weight of every measure, a row for each of `values`."""
    return [
        [value / goal * weight for value, weight, goal in zip(row, weights, goals, strict=True)]
        for row in values
    ]


def _read(values: Cells, weights: Cells, goals: Cells | None) -> list[list[Fraction]]:
    shares = read_shares(read_cells(weights, "weights")[0], "weights")
    block = read_block(values, "values")
    width = len(shares)
    if len(block[0]) != width:
        raise RuleError(
            "counts_differ",
            argument="values",
            count=len(block[0]),
            expected=width,
            other="weights",
        )
    figures = [
        [exact(cell, "values", r * width + c + 1) for c, cell in enumerate(row)]
        for r, row in enumerate(block)
    ]
    return components(figures, shares, _read_goals(goals, width))


def _read_goals(goals: Cells | None, count: int) -> list[Fraction]:
    if goals is None:
        return [Fraction(1)] * count
    cells, _ = read_cells(goals, "goals")
    same_count(cells, "goals", count, "weights")
    out = []
    for position, cell in enumerate(cells, 1):
        goal = exact(cell, "goals", position)
        if goal <= 0:
            raise RuleError("target_not_positive", argument="goals", position=position, value=cell)
        out.append(goal)
    return out


@rule(
    name="STAR_SCORE",
    category="bonus",
    order=60,
    returns="block",
    zh="销售之星加权得分，每人一行：各项得分（实际 ÷ 目标 × 权重），末列为总分。",
    en="Score, a row a person: each measure's part (value ÷ goal × weight), then their sum.",
    params=(_VALUES, _WEIGHTS, _GOALS),
    errors=_ERRORS,
    example=_EXAMPLE,
)
def star_score(values: Cells, weights: Cells, goals: Cells | None = None) -> list[list[Any]]:
    """Rows of the components and their sum, exact."""
    rows = _read(values, weights, goals)
    return [[*map(simplest, row), simplest(sum(row, Fraction(0)))] for row in rows]


@rule(
    name="TEAM_RANKING",
    category="bonus",
    order=70,
    returns="block",
    zh="团队评优，每队一行：名次、总分、各项得分；同分按写明的规则处理。",
    en="Teams ranked, a row a team: rank, score, each measure's part; ties by the rule named.",
    params=(_VALUES, _WEIGHTS, RANK_TIES, _GOALS),
    errors=(*_ERRORS, "rank_ties_not_named", "choice_unknown"),
    example={**_EXAMPLE, "ties": "same"},
)
def team_ranking(
    values: Cells, weights: Cells, ties: str | None, goals: Cells | None = None
) -> list[list[Any]]:
    """Rows of rank, score and components, in the order of `values`."""
    rows = _read(values, weights, goals)
    scores = [sum(row, Fraction(0)) for row in rows]
    order = ranks(scores, read_rank_ties(ties))
    return [
        [rank, simplest(score), *map(simplest, row)]
        for rank, score, row in zip(order, scores, rows, strict=True)
    ]
