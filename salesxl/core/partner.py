"""Partners scored by weighted criteria, and whether another weight would choose another.

Two criteria of equal weight, scores of 5 at best: 5 and 3 make 80 of 100, 3 and 4 make 70:

>>> partner_score([[5, 3], [3, 4]], ["0.5", "0.5"])
[[80, 1], [70, 2]]

A minimum of 4 on the second criterion knocks the first partner out: a score, but no rank.

>>> partner_score([[5, 3], [3, 4]], ["0.5", "0.5"], [None, 4])
[[80, None], [70, 1]]

How firm is the choice? Were the second criterion to weigh 2/3 instead of 1/2 (the other
1/3), both would have 73.3; beyond that the second partner is first:

>>> for row in partner_sensitivity([[5, 3], [3, 4]], ["0.5", "0.5"]):
...     print([str(cell) for cell in row])
['-1/6', '1/3', '2']
['1/6', '2/3', '2']
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from salesxl.core.cells import read_block, read_cells, same_count
from salesxl.core.champion import ranks
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, simplest

Rows = list[list[Any]]
Scores = Sequence[Sequence[Fraction]]

_SCORES = Param(
    "scores",
    "block",
    "any",
    "评分：每行一家伙伴，每列一项标准，越高越好",
    "Scores: a row per partner, a column per criterion, higher is better",
)
_WEIGHTS = Param(
    "weights",
    "list",
    "fraction",
    "各项标准的权重，合计须为 1",
    "Weight of each criterion; they must add up to 1",
)
_MINIMUMS = Param(
    "minimums",
    "list",
    "any",
    "各项标准的最低分，低于即否决；空格为不设",
    "Least score of each criterion, below it a partner is out; empty: none",
    None,
)
_ERRORS = (
    "weights_sum",
    "negative_weight",
    "counts_differ",
    "blank",
    "not_a_number",
    "ragged",
    "no_cells",
)


def read_partners(
    scores: object, weights: object, minimums: object
) -> tuple[list[list[Fraction]], list[Fraction], list[bool]]:
    """Scores, weights and who is in the ranking; RuleError for weights that are not 1."""
    given, _ = read_cells(weights, "weights")
    parts = [exact(cell, "weights", position) for position, cell in enumerate(given, 1)]
    for position, part in enumerate(parts, 1):
        if part < 0:
            raise RuleError(
                "negative_weight", argument="weights", position=position, value=given[position - 1]
            )
    total = sum(parts, Fraction(0))
    if total != 1:
        raise RuleError(
            "weights_sum", argument="weights", total=simplest(total), difference=simplest(1 - total)
        )
    rows = read_block(scores, "scores")
    same_count(rows[0], "scores", len(parts), "weights")
    width = len(parts)
    table = [
        [exact(cell, "scores", at * width + i) for i, cell in enumerate(row, 1)]
        for at, row in enumerate(rows)
    ]
    lowest: list[Fraction | None] = [None] * width
    if minimums is not None:
        cells, _ = read_cells(minimums, "minimums")
        same_count(cells, "minimums", width, "weights")
        lowest = [
            None if cell is None or cell == "" else exact(cell, "minimums", position)
            for position, cell in enumerate(cells, 1)
        ]
    passed = [
        all(low is None or score >= low for score, low in zip(row, lowest, strict=True))
        for row in table
    ]
    return table, parts, passed


def weighted(row: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    return sum((s * w for s, w in zip(row, weights, strict=True)), Fraction(0))


def turning_weight(
    scores: Scores, weights: Sequence[Fraction], column: int
) -> tuple[Fraction, int] | None:
    """The nearest weight of `column` beyond which another partner leads, and its index.

    The other weights keep their proportions. `scores` holds the partners in the ranking;
    None where no weight from 0 to 1 changes who leads.
    """
    weight = weights[column]
    rest = 1 - weight
    if not rest and len(weights) == 1:
        return None
    others = [
        # With all weight on one criterion the others share evenly what it gives up.
        Fraction(i != column, len(weights) - 1) if not rest else (w / rest if i != column else 0)
        for i, w in enumerate(weights)
    ]
    lines = [  # total at weight x: base + x × slope
        (base := sum((s * o for s, o in zip(row, others, strict=True)), Fraction(0)),
         row[column] - base)
        for row in scores
    ]  # fmt: skip
    totals = [base + weight * slope for base, slope in lines]
    leader = totals.index(max(totals))
    found: list[tuple[Fraction, bool, int, Fraction]] = []
    for other, (base, slope) in enumerate(lines):
        if other == leader:
            continue
        if totals[other] == totals[leader]:
            return weight, other
        faster = slope - lines[leader][1]
        if not faster:
            continue
        turn = (lines[leader][0] - base) / faster
        # At the very end of the range the two only draw level.
        if weight < turn < 1 or 0 < turn < weight:
            found.append((abs(turn - weight), turn < weight, other, turn))
    if not found:
        return None
    _, _, other, turn = min(found)
    return turn, other


@rule(
    name="PARTNER_SCORE",
    category="channels",
    order=10,
    returns="block",
    zh="伙伴评分：每家一行，为加权总分（满分 100）与名次；任一项低于最低分者不排名。",
    en="Partner scorecard: a row per partner with the weighted total of 100 and the rank; none "
    "below a minimum.",
    params=(
        _SCORES,
        _WEIGHTS,
        _MINIMUMS,
        Param("best", "number", "any", "满分分值，默认 5", "The best score there is, default 5", 5),
    ),
    errors=(*_ERRORS, "best_not_positive"),
    example={"scores": [[5, 3], [3, 4]], "weights": ["0.5", "0.5"]},
)
def partner_score(scores: Any, weights: Any, minimums: Any = None, best: Number = 5) -> Rows:
    """[total of 100, rank] a partner; equal totals share a rank, knocked-out ones have None."""
    top = exact(best, "best")
    if top <= 0:
        raise RuleError("best_not_positive", argument="best", value=best)
    table, parts, passed = read_partners(scores, weights, minimums)
    totals = [weighted(row, parts) * 100 / top for row in table]
    places = ranks([t if ok else None for t, ok in zip(totals, passed, strict=True)], "same")
    return [[simplest(total), place] for total, place in zip(totals, places, strict=True)]


@rule(
    name="PARTNER_SENSITIVITY",
    category="channels",
    order=20,
    returns="block",
    zh="选择是否稳固：每项标准一行，为使另一家居首的最小权重变化、变化后的权重、该伙伴的行号；不会变则为空。",
    en="How firm the choice is, a row per criterion: the smallest change of its weight that puts "
    "another partner first, that weight, the partner's row; empty: none does.",
    params=(_SCORES, _WEIGHTS, _MINIMUMS),
    errors=_ERRORS,
    example={"scores": [[5, 3], [3, 4]], "weights": ["0.5", "0.5"]},
)
def partner_sensitivity(scores: Any, weights: Any, minimums: Any = None) -> Rows:
    """[change, weight, row] a criterion, the other weights keeping their proportions.

    A change of 0 says that two partners share the first place already. [None, None, None]
    where no weight of the criterion chooses another.
    """
    table, parts, passed = read_partners(scores, weights, minimums)
    ranked = [index for index, ok in enumerate(passed) if ok]
    rows: Rows = []
    for column, weight in enumerate(parts):
        turn = turning_weight([table[i] for i in ranked], parts, column) if ranked else None
        if turn is None:
            rows.append([None, None, None])
        else:
            rows.append([simplest(turn[0] - weight), simplest(turn[0]), ranked[turn[1]] + 1])
    return rows
