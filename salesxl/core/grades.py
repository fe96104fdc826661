"""Grades by cumulative share: the few customers that bring most of the sales.

Five customers buy 500, 300, 120, 50 and 30. Before the second come 50 % of all sales,
before the third 80 %, before the fourth 92 %, before the fifth 97 %. With cuts at 80 %
and 95 % and "reaches" (a class goes on until its cut is reached):

>>> abc_class([500, 300, 120, 50, 30])
['A', 'A', 'B', 'B', 'C']

With "within" nobody may pass the cut: 97 % is beyond 95 %, so the fourth is C:

>>> abc_class([500, 300, 120, 50, 30], crossing="within")
['A', 'A', 'B', 'C', 'C']

Equal amounts get one class, so the order of the list never matters. Whoever brings
nothing, or more returns than sales, is in the last class and moves no share.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from string import ascii_uppercase
from typing import Any, Final

from salesxl.core.cells import Cells, OpenCells, read_cells
from salesxl.core.choice import read_choice
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import exact

ABC_CUTS: Final = (Decimal("0.8"), Decimal("0.95"))
_CROSSINGS = {"reaches": ("跨线归上级", "higher"), "within": ("跨线归下级", "lower")}


def read_cuts(cuts: object) -> list[Fraction]:
    """The cuts as fractions, ascending, above 0 and at most 1; RuleError otherwise."""
    given, _ = read_cells(cuts, "cuts")
    read = [exact(cell, "cuts", position) for position, cell in enumerate(given, 1)]
    for position, cut in enumerate(read, 1):
        if not 0 < cut <= 1:
            raise RuleError(
                "cut_range", argument="cuts", position=position, value=given[position - 1]
            )
    for position, (before, cut) in enumerate(pairwise(read), 2):
        if before >= cut:
            raise RuleError(
                "cuts_not_ascending", argument="cuts", position=position, value=given[position - 1]
            )
    if len(read) >= len(ascii_uppercase):
        raise RuleError("cuts_too_many", argument="cuts", count=len(read))
    return read


def classes(
    amounts: Sequence[Fraction | None], cuts: Sequence[Fraction], crossing: str
) -> list[int | None]:
    """The class of each amount from 0, the best; `len(cuts)` is the last. None stays None."""
    total = sum((amount for amount in amounts if amount and amount > 0), Fraction(0))
    counts: dict[Fraction, int] = {}
    for amount in amounts:
        if amount is not None and amount > 0:
            counts[amount] = counts.get(amount, 0) + 1
    found: dict[Fraction, int] = {}
    before = Fraction(0)
    for amount in sorted(counts, reverse=True):
        after = before + amount * counts[amount]
        if crossing == "reaches":
            found[amount] = sum(before >= cut * total for cut in cuts)
        else:
            found[amount] = sum(after > cut * total for cut in cuts)
        before = after
    return [None if amount is None else found.get(amount, len(cuts)) for amount in amounts]


@rule(
    name="ABC_CLASS",
    category="customers",
    order=10,
    returns="cells",
    zh="ABC 分级：按金额从高到低的累计占比分级，金额相同同级，零与净退货归末级；形状同金额区域。",
    en="Grades by cumulative share, the largest first; equal amounts get one grade, nothing and "
    "net returns the last; in the shape of the amounts.",
    params=(
        Param(
            "amounts",
            "cells",
            "money",
            "各客户（或产品）的金额，净退货为负；空格不参与",
            "Amount of each customer or product, negative for net returns; empty: takes no part",
        ),
        Param(
            "cuts",
            "list",
            "fraction",
            "各级累计占比的界线，由低到高；默认 0.8、0.95，即 A、B、C 三级",
            "Cumulative shares at which a grade ends, ascending; default 0.8 and 0.95 for A, B, C",
            ABC_CUTS,
        ),
        Param(
            "crossing",
            "choice",
            "any",
            "跨过界线者：reaches 归上级（默认，上级至少达到界线），within 归下级（上级不超过界线）",
            "Who passes a cut: reaches, in the better grade, which then reaches it (default); "
            "within, in the next one",
            "reaches",
            choices=("reaches", "within"),
        ),
    ),
    errors=(
        "cut_range",
        "cuts_not_ascending",
        "cuts_too_many",
        "choice_unknown",
        "not_a_number",
        "no_cells",
    ),
    example={"amounts": [500, 300, 120, 50, 30]},
)
def abc_class(amounts: OpenCells, cuts: Cells = ABC_CUTS, crossing: str = "reaches") -> Any:
    """A letter for each amount, A the best; None for an empty cell."""
    cells, fold = read_cells(amounts, "amounts")
    read = [
        None if cell is None or cell == "" else exact(cell, "amounts", position)
        for position, cell in enumerate(cells, 1)
    ]
    named = read_choice(crossing, "crossing", _CROSSINGS) or "reaches"
    found = classes(read, read_cuts(cuts), named)
    return fold([None if index is None else ascii_uppercase[index] for index in found])
