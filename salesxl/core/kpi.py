"""A score from weighted measures that shows what each is made of.

Sales of 110 on a target of 100 count with 60 %, complaints with 40 %: 6 where 5 were
allowed, fewer is better. 1.1 × 0.6 = 0.66; a fifth above the limit is 0.8 × 0.4 = 0.32:

>>> for row in kpi_score([110, 6], [100, 5], ["0.6", "0.4"], ["up", "down"]):
...     print([str(cell) for cell in row])
['1.1', '1.1', '0.6', '0.66']
['0.8', '0.8', '0.4', '0.32']
['None', 'None', '1', '0.98']

A floor and a cap bound what one measure can count, so that no runaway figure hides a poor one:

>>> kpi_score([300, 5], [100, 5], ["0.6", "0.4"], ["up", "down"], caps=["1.2", "1.2"])[-1][-1]
Decimal('1.12')

"up" is actual ÷ target. "down" is 2 − actual ÷ target: as far below the target as another is
above it counts the same, and 0 needs no division. Nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_cells, same_count
from salesxl.core.choice import read_choice
from salesxl.core.credit_split import read_shares
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import exact, simplest

DIRECTIONS = {"up": ("越高越好", "higher", "↑"), "down": ("越低越好", "lower", "↓")}


def counted(
    actual: Fraction, target: Fraction, up: bool, floor: Fraction | None, cap: Fraction | None
) -> tuple[Fraction, Fraction]:
    """How far one measure came: as it is, and within its floor and cap."""
    reached = actual / target if up else 2 - actual / target
    held = reached
    if cap is not None:
        held = min(held, cap)
    if floor is not None:
        held = max(held, floor)
    return reached, held


def _open(cells: OpenCells | None, argument: str, count: int) -> list[Fraction | None]:
    if cells is None:
        return [None] * count
    given, _ = read_cells(cells, argument)
    same_count(given, argument, count, "actuals")
    return [
        None
        if cell is None or (isinstance(cell, str) and not cell.strip())
        else exact(cell, argument, position)
        for position, cell in enumerate(given, 1)
    ]


def _directions(given: Sequence[object] | object | None, count: int) -> list[bool]:
    if given is None:
        return [True] * count
    words, _ = read_cells(given, "directions")
    same_count(words, "directions", count, "actuals")
    return [(read_choice(word, "directions", DIRECTIONS) or "up") == "up" for word in words]


@rule(
    name="KPI_SCORE",
    category="team",
    returns="block",
    zh="加权 KPI 得分，每项一行：完成率、计入完成率（保底与封顶后）、权重、得分；末行为合计。",
    en="Weighted KPI score, a row a measure: attainment, as counted within floor and cap, weight, "
    "points; then the total.",
    params=(
        Param("actuals", "list", "any", "各项指标的实际值", "What each measure came to"),
        Param("targets", "list", "any", "各项指标的目标值，大于 0", "Target of each, above 0"),
        Param(
            "weights",
            "list",
            "fraction",
            "各项指标的权重，合计 1，如 0.7 与 0.3",
            "Weight of each measure, together 1, e.g. 0.7 and 0.3",
        ),
        Param(
            "directions",
            "list",
            "text",
            "各项方向：up 越高越好（实际 ÷ 目标），down 越低越好（2 − 实际 ÷ 目标）；空为 up",
            "up: higher is better (actual ÷ target); down: lower is better (2 − actual ÷ target); "
            "empty is up",
            None,
        ),
        Param(
            "floors",
            "list",
            "fraction",
            "各项完成率计入的下限，如 0；空为不设",
            "Least each attainment counts as, e.g. 0; empty for none",
            None,
        ),
        Param(
            "caps",
            "list",
            "fraction",
            "各项完成率计入的上限，如 1.2；空为不设",
            "Most each attainment counts as, e.g. 1.2; empty for none",
            None,
        ),
    ),
    errors=(
        "shares_sum", "share_range", "counts_differ", "target_not_positive", "choice_unknown",
        "floor_above_cap",
    ),
    example={
        "actuals": [110, 6],
        "targets": [100, 5],
        "weights": [Decimal("0.6"), Decimal("0.4")],
        "directions": ["up", "down"],
    },
)  # fmt: skip
def kpi_score(
    actuals: Cells,
    targets: Cells,
    weights: Cells,
    directions: Any = None,
    floors: OpenCells | None = None,
    caps: OpenCells | None = None,
) -> list[list[Any]]:
    """Rows of attainment, counted attainment, weight and points; then the total, exact."""
    done, _ = read_cells(actuals, "actuals")
    goals, _ = read_cells(targets, "targets")
    shares = read_shares(read_cells(weights, "weights")[0], "weights")
    count = len(done)
    same_count(goals, "targets", count, "actuals")
    same_count(shares, "weights", count, "actuals")
    ups = _directions(directions, count)
    low, high = _open(floors, "floors", count), _open(caps, "caps", count)
    rows: list[list[Any]] = []
    total = Fraction(0)
    for k in range(count):
        goal = exact(goals[k], "targets", k + 1)
        if goal <= 0:
            raise RuleError(
                "target_not_positive", argument="targets", position=k + 1, value=goals[k]
            )
        floor, cap = low[k], high[k]
        if floor is not None and cap is not None and floor > cap:
            raise RuleError(
                "floor_above_cap", argument="floors", position=k + 1, value=simplest(floor),
                cap=simplest(cap),
            )  # fmt: skip
        reached, held = counted(exact(done[k], "actuals", k + 1), goal, ups[k], floor, cap)
        points = held * shares[k]
        total += points
        rows.append([simplest(reached), simplest(held), simplest(shares[k]), simplest(points)])
    return [*rows, [None, None, 1, simplest(total)]]
