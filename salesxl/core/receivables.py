"""Money that came in, and how long the rest has been due.

Of 200 sold 150 came in: a collection rate of 75 %. Of the open 30 and 20 the first is not due
yet, the second 45 days late, between 31 and 60:

>>> collection_rate(200, 150)
Decimal('0.75')
>>> for row in overdue_ageing(["2026-07-01", "2026-05-01"], [30, 20], "2026-06-15"):
...     print([str(cell) for cell in row])
['None', '0', '30', '0.6']
['1', '30', '0', '0']
['31', '60', '20', '0.4']
['61', '90', '0', '0']
['91', 'None', '0', '0']

A bucket goes from its first to its last day late, both included; no day is in two.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.day import read_day, read_days
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, Number, exact, simplest, whole

EDGES = (30, 60, 90)
_LONGEST = 36_600


def bucket(days_late: int, edges: tuple[int, ...]) -> int:
    """0 for what is not late, then one more for each edge that is passed."""
    return 0 if days_late <= 0 else 1 + bisect_left(edges, days_late)


@rule(
    name="COLLECTION_RATE",
    category="analysis",
    returns="number",
    zh="回款率 = 已回款 ÷ 应收（销售额），以小数表示。",
    en="Collection rate: collected ÷ sold, as a fraction.",
    params=(
        Param("amount", "number", "money", "销售额（应收），大于 0", "Amount sold, above 0"),
        Param("collected", "number", "money", "其中已回款的金额", "What has come in of it"),
    ),
    errors=("not_positive",),
    example={"amount": 200, "collected": 150},
)
def collection_rate(amount: Number, collected: Number) -> Exact:
    """collected / amount, exact."""
    sold = exact(amount, "amount")
    if sold <= 0:
        raise RuleError("not_positive", argument="amount", value=amount)
    return simplest(exact(collected, "collected") / sold)


@rule(
    name="OVERDUE_AGEING",
    category="analysis",
    returns="block",
    zh="应收账龄，每段一行：逾期天数起、止、金额、占比；首行为未到期。",
    en="Ageing, a row a bucket: first and last day late, amount, share; the first is not yet due.",
    params=(
        Param("due_dates", "list", "date", "各笔应收的到期日", "Day each amount is due"),
        Param("amounts", "list", "money", "各笔尚未收回的金额", "What is still open of each"),
        Param("as_of", "date", "date", "截至日期", "The day ages are counted to"),
        Param(
            "edges",
            "list",
            "count",
            "各段最后一天，递增，默认 30、60、90",
            "Last day of each bucket, ascending; 30, 60 and 90 if left out",
            None,
        ),
    ),
    errors=("counts_differ", "not_a_day", "day_blank", "not_whole", "thresholds_not_ascending"),
    example={"due_dates": ["2026-07-01", "2026-05-01"], "amounts": [30, 20], "as_of": "2026-06-15"},
)
def overdue_ageing(
    due_dates: Any, amounts: Cells, as_of: Any, edges: Cells | None = None
) -> list[list[Any]]:
    """Rows of first day, last day, amount and share; shares are 0 where nothing is open."""
    due = read_days(due_dates, "due_dates")
    cells, _ = read_cells(amounts, "amounts")
    same_count(cells, "amounts", len(due), "due_dates")
    day = read_day(as_of, "as_of")
    limits = _edges(edges)
    sums = [Fraction(0)] * (len(limits) + 2)
    for position, (each, cell) in enumerate(zip(due, cells, strict=True), 1):
        sums[bucket((day - each).days, limits)] += exact(cell, "amounts", position)
    total = sum(sums, Fraction(0))
    firsts = [None, 1, *(edge + 1 for edge in limits)]
    lasts = [0, *limits, None]
    return [
        [first, last, simplest(amount), simplest(amount / total) if total else 0]
        for first, last, amount in zip(firsts, lasts, sums, strict=True)
    ]


def _edges(edges: Cells | None) -> tuple[int, ...]:
    if edges is None:
        return EDGES
    found: list[int] = []
    for position, cell in enumerate(read_cells(edges, "edges")[0], 1):
        edge = whole(cell, "edges", 1, _LONGEST)
        if found and edge <= found[-1]:
            raise RuleError(
                "thresholds_not_ascending", argument="edges", position=position, value=edge,
                before=found[-1],
            )  # fmt: skip
        found.append(edge)
    return tuple(found)
