"""Rankings and the champion's bonus, with ties settled by a stated rule.

Four people sold 90, 120, 120 and 70. Two share the first place; the third best is
third ("same"), second ("dense"), or the list decides ("first"):

>>> rank_with_ties([90, 120, 120, 70], "same"), rank_with_ties([90, 120, 120, 70], "dense")
([3, 1, 1, 4], [2, 1, 1, 3])
>>> rank_with_ties([90, 120, 120, 70], "first")
[3, 1, 2, 4]

Prizes of 5,000 and 3,000 for the first two places: the two at the top share 8,000
("shared"), get 5,000 each ("all"), or 5,000 and 3,000 by position ("first"):

>>> prizes = [5000, 3000]
>>> for ties in ("shared", "all", "first"):
...     print([str(bonus) for bonus in champion_bonus([90, 120, 120, 70], prizes, ties)])
['0.00', '4000.00', '4000.00', '0.00']
['0.00', '5000.00', '5000.00', '0.00']
['0.00', '5000.00', '3000.00', '0.00']
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_cells
from salesxl.core.choice import read_choice
from salesxl.core.credit_split import split_exactly
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, whole
from salesxl.core.pay import DECIMALS, NOT_AFTER_TAX, read_not_negative

_RANKS = {"same": ("并列",), "dense": ("并列不跳号",), "first": ("先列优先",)}
_PRIZES = {"shared": ("平分",), "all": ("各得全额",), "first": ("先列优先",)}

_SCORES = Param(
    "scores",
    "cells",
    "any",
    "各人的得分或业绩，越高越好；空格不参与",
    "Each one's score, higher is better; an empty cell takes no part",
)
RANK_TIES = Param(
    "ties",
    "choice",
    "any",
    "同分规则，必须写明：same 并列（1,1,3），dense 不跳号（1,1,2），first 列前者优先（1,2,3）",
    "Must be named: same rank (1,1,3), dense (1,1,2), first in the list (1,2,3)",
    choices=("same", "dense", "first"),
)


def tied_groups(scores: Sequence[Fraction | None]) -> list[list[int]]:
    """Indices of equal scores, the best group first, each in order of position."""
    by_score: dict[Fraction, list[int]] = {}
    for index, score in enumerate(scores):
        if score is not None:
            by_score.setdefault(score, []).append(index)
    return [by_score[score] for score in sorted(by_score, reverse=True)]


def ranks(scores: Sequence[Fraction | None], ties: str) -> list[int | None]:
    """The rank of each score, 1 the best; None where there is no score."""
    out: list[int | None] = [None] * len(scores)
    before = 0
    for number, group in enumerate(tied_groups(scores), 1):
        for place, index in enumerate(group):
            out[index] = {"same": before + 1, "dense": number, "first": before + 1 + place}[ties]
        before += len(group)
    return out


def read_rank_ties(ties: object) -> str:
    """The tie rule named for a ranking; RuleError with the readings where none is."""
    named = read_choice(ties, "ties", _RANKS)
    if named is None:
        raise RuleError("rank_ties_not_named", argument="ties")
    return named


def prizes_of(
    scores: Sequence[Fraction | None], prizes: Sequence[Fraction], ties: str, decimals: int
) -> list[Decimal]:
    """What each place brings; tied people take the places they fill together."""
    out = [round_half_up(0, decimals)] * len(scores)
    before = 0
    for group in tied_groups(scores):
        places = prizes[before : before + len(group)]
        if not places:
            break
        if ties == "shared":
            # Each place's prize is a paid amount of its own; together they are shared.
            pot = sum((round_half_up(prize, decimals) for prize in places), Decimal(0))
            shares = split_exactly(pot, [1] * len(group), decimals)
        elif ties == "all":
            shares = [round_half_up(places[0], decimals)] * len(group)
        else:
            shares = [round_half_up(prize, decimals) for prize in places]
        for index, share in zip(group, shares, strict=False):
            out[index] = share
        before += len(group)
    return out


def read_scores(cells: Sequence[object]) -> list[Fraction | None]:
    """Scores as fractions, None where a cell is empty."""
    return [
        None if cell is None or cell == "" else exact(cell, "scores", position)
        for position, cell in enumerate(cells, 1)
    ]


@rule(
    name="RANK_WITH_TIES",
    category="bonus",
    order=80,
    returns="cells",
    zh="名次：分数最高为 1，同分按写明的规则处理；形状与得分区域相同。",
    en="Ranks, 1 for the highest score, ties settled by the rule named; in their shape.",
    params=(_SCORES, RANK_TIES),
    errors=("rank_ties_not_named", "choice_unknown", "not_a_number", "no_cells"),
    example={"scores": [90, 120, 120, 70], "ties": "same"},
)
def rank_with_ties(scores: OpenCells, ties: str | None) -> Any:
    """The rank of each score in the shape of `scores`; None for an empty cell."""
    cells, fold = read_cells(scores, "scores")
    return fold(ranks(read_scores(cells), read_rank_ties(ties)))


@rule(
    name="CHAMPION_BONUS",
    category="bonus",
    order=20,
    returns="cells",
    zh="销售冠军奖：按名次发放各名次奖金，同分按写明的规则处理；形状与得分区域相同。",
    en="Champion's bonus: a prize for each place, ties settled by the rule named; in the shape of "
    "the scores.",
    params=(
        _SCORES,
        Param(
            "prizes",
            "list",
            "money",
            "各名次奖金，第一名在前；只奖冠军填一个数",
            "Prize for each place, the first place first; one number for the champion alone",
        ),
        Param(
            "ties",
            "choice",
            "any",
            "同分规则，必须写明：shared 平分所占名次的奖金，all 各得全额，first 列前者优先",
            "Must be named: shared (the tied share the prizes of their places), all (each gets "
            "it), first (by position)",
            choices=("shared", "all", "first"),
        ),
        Param(
            "at_least",
            "number",
            "any",
            "获奖最低得分；空为不设",
            "Score needed to win anything; empty: none",
            None,
        ),
        DECIMALS,
    ),
    errors=(
        "prize_ties_not_named",
        "choice_unknown",
        "amount_negative",
        "not_a_number",
        "no_cells",
        "after_tax",
    ),
    example={"scores": [90, 120, 120, 70], "prizes": [5000, 3000], "ties": "shared"},
    refuses=NOT_AFTER_TAX,
)
def champion_bonus(
    scores: OpenCells,
    prizes: Cells,
    ties: str | None,
    at_least: Number | None = None,
    decimals: Number = 2,
) -> Any:
    """Each one's bonus in the shape of `scores`; 0 for an empty cell."""
    places = whole(decimals, "decimals", 0, 12)
    cells, fold = read_cells(scores, "scores")
    people = read_scores(cells)
    if at_least is not None:
        least = exact(at_least, "at_least")
        people = [None if score is None or score < least else score for score in people]
    given, _ = read_cells(prizes, "prizes")
    amounts = [read_not_negative(cell, "prizes", i) for i, cell in enumerate(given, 1)]
    named = read_choice(ties, "ties", _PRIZES)
    if named is None:
        raise RuleError("prize_ties_not_named", argument="ties")
    return fold(prizes_of(people, amounts, named, places))
