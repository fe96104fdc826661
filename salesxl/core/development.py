"""Did a course help, and how far is somebody from the next step of a career?

Attainment of four people before and after a course: 0.8, 0.9, 1.0 and 0.7 became 0.9, 1.0, 1.0
and 0.9. On average 0.1 more; three rose, none fell. Heads three times of three falls by chance
with 1/4, and four people are few:

>>> training_effect(["0.8", "0.9", 1, "0.7"], ["0.9", 1, 1, "0.9"])
[4, Decimal('0.85'), Decimal('0.95'), Decimal('0.1'), 3, 0, Decimal('0.25'), 'few']

The next step asks for two periods in a row at 100 %, 24 months in the role and skills of 3 and
2. Last two periods 0.95 and 1.02, 20 months, skills 3 and 1: one period, four months and
one level are missing:

>>> for row in ladder_distance(["0.95", "1.02"], 1, 2, 20, 24, [3, 1], [3, 2]):
...     print(row)
['attainment', 1, 2, 1]
['months', 20, 24, 4]
['skills', 4, 5, 1]

The chance is the exact two-sided sign test: ties aside, how often as lopsided a split comes
when a rise is as likely as a fall. It says nothing of what else changed in that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import Any

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, simplest, whole
from salesxl.core.pay import read_not_negative

_MOST = 100_000


def sign_chance(rose: int, fell: int) -> Fraction:
    """Chance of a split at least as lopsided when both are as likely; 1 where none moved."""
    moved = rose + fell
    tail = sum(comb(moved, k) for k in range(min(rose, fell) + 1))
    return min(Fraction(1), Fraction(2 * tail, 2**moved))


def periods_in_a_row(attainments: Sequence[Fraction], minimum: Fraction) -> int:
    """How many of the latest periods, counted back from the last, reached the minimum."""
    count = 0
    for reached in reversed(attainments):
        if reached < minimum:
            break
        count += 1
    return count


@rule(
    name="TRAINING_EFFECT",
    category="team",
    returns="list",
    zh="培训前后对比：人数、之前平均、之后平均、平均变化、提高人数、下降人数、偶然概率（符号检验）、"
    "few 人数不足或 enough。",
    en="Before and after a course: people, mean before, mean after, mean change, how many rose, "
    "fell, chance of such a split (sign test), few or enough people.",
    params=(
        Param("before", "list", "fraction", "各人培训前的完成率", "Attainment of each before"),
        Param("after", "list", "fraction", "同一人培训后的完成率", "Attainment of each after"),
        Param(
            "enough",
            "whole",
            "count",
            "少于多少人只作参考，默认 10",
            "People below which the result proves little; 10 if left out",
            10,
        ),
    ),
    errors=("counts_differ", "not_whole"),
    example={"before": ["0.8", "0.9", 1, "0.7"], "after": ["0.9", 1, 1, "0.9"]},
)
def training_effect(before: Cells, after: Cells, enough: Number = 10) -> list[Any]:
    """Eight figures, exact; the same people in the same order on both sides."""
    first, _ = read_cells(before, "before")
    second, _ = read_cells(after, "after")
    same_count(second, "after", len(first), "before")
    least = whole(enough, "enough", 1, _MOST)
    old = [exact(cell, "before", position) for position, cell in enumerate(first, 1)]
    new = [exact(cell, "after", position) for position, cell in enumerate(second, 1)]
    count = len(old)
    rose = sum(b > a for a, b in zip(old, new, strict=True))
    fell = sum(b < a for a, b in zip(old, new, strict=True))
    means = [sum(values, Fraction(0)) / count for values in (old, new)]
    return [
        count,
        *map(simplest, means),
        simplest(means[1] - means[0]),
        rose,
        fell,
        simplest(sign_chance(rose, fell)),
        "enough" if count >= least else "few",
    ]


@rule(
    name="LADDER_DISTANCE",
    category="team",
    returns="block",
    zh="距下一职级还差多少，每项一行：attainment 连续达标期数、months 任职月数、"
    "skills 技能级数合计；各列已有、要求、还差。",
    en="What is missing to the next step: rows attainment (periods in a row), months (in the role) "
    "and skills (levels), each with what is there, asked and missing.",
    params=(
        Param(
            "attainments", "list", "fraction", "各期完成率，从早到晚", "Attainments, oldest first"
        ),
        Param("minimum_attainment", "number", "fraction", "要求的完成率", "Attainment asked for"),
        Param("periods", "whole", "count", "要求连续达标的期数", "Periods in a row asked for"),
        Param("months", "number", "count", "现任岗位的月数", "Months in the role"),
        Param("minimum_months", "number", "count", "要求的任职月数", "Months asked for"),
        Param("skills", "list", "any", "各项技能的现有级别", "Level of each skill", None),
        Param("required_skills", "list", "any", "各项要求的级别", "Level asked for", None),
    ),
    errors=("amount_negative", "not_whole", "counts_differ", "goes_with"),
    example={
        "attainments": ["0.95", "1.02"],
        "minimum_attainment": 1,
        "periods": 2,
        "months": 20,
        "minimum_months": 24,
        "skills": [3, 1],
        "required_skills": [3, 2],
    },
)
def ladder_distance(
    attainments: Cells,
    minimum_attainment: Number,
    periods: Number,
    months: Number,
    minimum_months: Number,
    skills: Cells | None = None,
    required_skills: Cells | None = None,
) -> list[list[Any]]:
    """Rows of criterion, has, asked and missing; a surplus in one skill closes no other's gap."""
    cells, _ = read_cells(attainments, "attainments")
    reached = [exact(cell, "attainments", position) for position, cell in enumerate(cells, 1)]
    asked = whole(periods, "periods", 0, _MOST)
    in_a_row = periods_in_a_row(reached, exact(minimum_attainment, "minimum_attainment"))
    here = read_not_negative(months, "months")
    needed = read_not_negative(minimum_months, "minimum_months")
    rows: list[list[Any]] = [
        ["attainment", in_a_row, asked, max(asked - in_a_row, 0)],
        ["months", simplest(here), simplest(needed), simplest(max(needed - here, Fraction(0)))],
    ]
    if (skills is None) != (required_skills is None):
        given = "required_skills" if skills is None else "skills"
        other = "skills" if skills is None else "required_skills"
        raise RuleError("goes_with", argument=given, other=other)
    if skills is not None and required_skills is not None:
        rows.append(_skill_row(skills, required_skills))
    return rows


def _skill_row(skills: Cells, required: Cells) -> list[Any]:
    has_cells, _ = read_cells(skills, "skills")
    ask_cells, _ = read_cells(required, "required_skills")
    same_count(ask_cells, "required_skills", len(has_cells), "skills")
    has = [read_not_negative(cell, "skills", k) for k, cell in enumerate(has_cells, 1)]
    asks = [read_not_negative(cell, "required_skills", k) for k, cell in enumerate(ask_cells, 1)]
    missing = sum((max(a - h, Fraction(0)) for h, a in zip(has, asks, strict=True)), Fraction(0))
    totals = (sum(has, Fraction(0)), sum(asks, Fraction(0)), missing)
    return ["skills", *map(simplest, totals)]
