"""Does the organisation hang together: how many report to each manager, who answers for what.

Eve leads four, Ann one; the firm wants two to three:

>>> people = ["Eve", "Ann", "Bob", "Cy", "Di", "Flo"]
>>> span_of_control(people, [None, "Eve", "Eve", "Eve", "Eve", "Ann"], 2, 3)
[['Eve', 4, 'wide'], ['Ann', 1, 'narrow']]

In a responsibility matrix each process has exactly one A (accountable) and at least one
R (responsible); one person may be both, written "A/R":

>>> raci_check([["A", "R", "C"], ["A", "A", "R"], ["A/R", "", "I"], ["R", "I", ""]])
[[1, 1, 'fine'], [2, 1, 'several_accountable'], [1, 1, 'fine'], [0, 1, 'no_accountable']]
"""

from __future__ import annotations

import re
from typing import Any

from salesxl.core.cells import read_block, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, whole

_MOST = 10_000
_BETWEEN = re.compile(r"[\s/,、+&]+")
_LETTERS = frozenset("RACI")


def direct_reports(people: list[str], managers: list[str]) -> dict[str, int]:
    """Manager → how many name them, in the order of `people`; nobody reports to himself."""
    counts: dict[str, int] = {}
    for person, manager in zip(people, managers, strict=True):
        if manager and manager != person:
            counts[manager] = counts.get(manager, 0) + 1
    order = {name: place for place, name in enumerate(people)}
    return dict(sorted(counts.items(), key=lambda item: order.get(item[0], len(order))))


def span_state(reports: int, lowest: int, highest: int) -> str:
    """``narrow``, ``fine`` or ``wide``."""
    return "narrow" if reports < lowest else "wide" if reports > highest else "fine"


def raci_letters(cell: object, position: int | None = None) -> set[str]:
    """The letters of one cell of a matrix, e.g. A and R of ``A/R``; RuleError for others."""
    if cell is None:
        return set()
    words = {word for word in _BETWEEN.split(str(cell).upper()) if word}
    letters = words if words <= _LETTERS else set("".join(words))
    if not letters <= _LETTERS:
        raise RuleError("raci_unknown", argument="matrix", position=position, value=cell)
    return letters


def raci_state(accountable: int, responsible: int) -> str:
    if accountable == 0:
        return "no_accountable"
    if accountable > 1:
        return "several_accountable"
    return "fine" if responsible else "no_responsible"


@rule(
    name="SPAN_OF_CONTROL",
    category="team",
    returns="block",
    zh="管理幅度，每位上级一行：姓名、直接下属数、状态 narrow 过窄、fine 合适、wide 过宽。",
    en="Span of control, a row a manager: name, direct reports, and narrow, fine or wide.",
    params=(
        Param("people", "list", "text", "人员姓名或工号", "Each person's name or ID"),
        Param(
            "managers",
            "list",
            "text",
            "各人的直接上级；没有则为空",
            "Whom each reports to; empty for nobody",
        ),
        Param("lowest", "whole", "count", "直接下属的下限", "Fewest direct reports"),
        Param("highest", "whole", "count", "直接下属的上限", "Most direct reports"),
    ),
    errors=("counts_differ", "not_whole"),
    example={
        "people": ["Eve", "Ann", "Bob"],
        "managers": [None, "Eve", "Eve"],
        "lowest": 3,
        "highest": 8,
    },
)
def span_of_control(people: Any, managers: Any, lowest: Number, highest: Number) -> list[list[Any]]:
    """Rows of manager, direct reports and state, managers in the order of `people`."""
    names = [_name(cell) for cell in read_cells(people, "people")[0]]
    bosses = [_name(cell) for cell in read_cells(managers, "managers")[0]]
    same_count(bosses, "managers", len(names), "people")
    low = whole(lowest, "lowest", 0, _MOST)
    high = whole(highest, "highest", low, _MOST)
    counts = direct_reports(names, bosses)
    return [[name, count, span_state(count, low, high)] for name, count in counts.items()]


def _name(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


@rule(
    name="RACI_CHECK",
    category="team",
    returns="block",
    zh="检查责任矩阵，每个流程一行：A 的个数、R 的个数、状态 fine 合格、no_accountable 缺 A、"
    "several_accountable 多个 A、no_responsible 缺 R。",
    en="Checks a responsibility matrix, a row a process: how many A, how many R, and fine, "
    "no_accountable, several_accountable or no_responsible.",
    params=(
        Param(
            "matrix",
            "block",
            "text",
            "每流程一行、每岗位一列，填 R 执行、A 负责、C 征询、I 知会，可写 A/R",
            "A row a process, a column a role: R, A, C, I or several such as A/R",
        ),
    ),
    errors=("raci_unknown", "ragged"),
    example={"matrix": [["A", "R", "C"], ["A", "A", "R"]]},
)
def raci_check(matrix: Any) -> list[list[Any]]:
    """Rows of the number of A, the number of R and the state."""
    block = read_block(matrix, "matrix")
    width = len(block[0])
    rows: list[list[Any]] = []
    for r, line in enumerate(block):
        letters = [raci_letters(cell, r * width + c + 1) for c, cell in enumerate(line)]
        accountable = sum("A" in each for each in letters)
        responsible = sum("R" in each for each in letters)
        rows.append([accountable, responsible, raci_state(accountable, responsible)])
    return rows
