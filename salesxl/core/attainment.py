"""How far a payee or a target has come.

96,000 credited on a quota of 120,000 is an attainment of 0.8 (80 %); 24,000 of
the target are missing:

>>> attainment(96000, 120000), target_gap(120000, 96000)
(Decimal('0.8'), 24000)

Three months are left to sell them: 8,000 a month. Ten people who sell 300,000 a year and
three newcomers who sell 150,000 can carry 3,450,000, at an attainment of 85 % 2,932,500:

>>> required_run_rate(120000, 96000, 3)
8000
>>> capacity([10, 3], [300000, 150000]), capacity([10, 3], [300000, 150000], "0.85")
(3450000, 2932500)
"""

from __future__ import annotations

from fractions import Fraction

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, Number, exact, simplest
from salesxl.core.pay import read_not_negative


@rule(
    name="ATTAINMENT",
    category="commission",
    order=10,
    returns="number",
    zh="完成率 = 计入业绩 ÷ 定额，以小数表示（0.8 即 80%）。",
    en="Attainment: credited ÷ quota, as a fraction (0.8 is 80 %).",
    params=(
        Param("credited", "number", "money", "计入业绩的金额", "Amount credited to the payee"),
        Param("quota", "number", "money", "定额，必须大于 0", "Quota, above 0"),
    ),
    errors=("quota_not_positive",),
    example={"credited": 96000, "quota": 120000},
)
def attainment(credited: Number, quota: Number) -> Exact:
    """credited / quota, exact."""
    base = exact(quota, "quota")
    if base <= 0:
        raise RuleError("quota_not_positive", argument="quota", value=quota)
    return simplest(exact(credited, "credited") / base)


@rule(
    name="TARGET_GAP",
    category="targets",
    order=200,
    returns="number",
    zh="目标缺口 = 目标 − 实际；正数表示尚差多少，负数表示超额多少。",
    en="Gap: target − actual; above 0 what is missing, below 0 what was exceeded.",
    params=(
        Param("target", "number", "money", "目标金额", "Target amount"),
        Param("actual", "number", "money", "实际金额", "Actual amount"),
    ),
    errors=(),
    example={"target": 120000, "actual": 96000},
)
def target_gap(target: Number, actual: Number) -> Exact:
    """target − actual, exact."""
    return simplest(exact(target, "target") - exact(actual, "actual"))


@rule(
    name="REQUIRED_RUN_RATE",
    category="targets",
    order=210,
    returns="number",
    zh="余下每期须完成的金额 =（目标 − 实际）÷ 剩余期数；已达成则为 0。",
    en="What each period left must bring: (target − actual) ÷ periods left; 0 once the target is "
    "reached.",
    params=(
        Param("target", "number", "money", "目标金额", "Target amount"),
        Param("actual", "number", "money", "至今的实际金额", "Actual amount so far"),
        Param(
            "periods_left",
            "number",
            "count",
            "剩余期数（月、周或工作日），大于 0，可为小数",
            "Months, weeks or working days left, above 0, parts of one allowed",
        ),
    ),
    errors=("periods_left_none",),
    example={"target": 120000, "actual": 96000, "periods_left": 3},
)
def required_run_rate(target: Number, actual: Number, periods_left: Number) -> Exact:
    """(target − actual) / periods_left, exact, never below 0."""
    left = exact(periods_left, "periods_left")
    gap = exact(target, "target") - exact(actual, "actual")
    if left <= 0:
        raise RuleError("periods_left_none", argument="periods_left", value=periods_left)
    return simplest(max(gap, Fraction(0)) / left)


@rule(
    name="CAPACITY",
    category="targets",
    order=160,
    returns="number",
    zh="销售产能 = 各类人员的人数 × 人均销售额之和 × 预计完成率。",
    en="What a sales force can carry: people × sales per person, added up over the groups, × the "
    "attainment expected.",
    params=(
        Param(
            "people",
            "cells",
            "count",
            "各类人员的人数，如熟手、新人，可为小数",
            "People in each group, e.g. experienced and new, parts of a person allowed",
        ),
        Param(
            "productivity",
            "cells",
            "money",
            "各类人员的人均销售额，个数与人数相同",
            "Sales per person of each group, as many as in people",
        ),
        Param(
            "attainment",
            "number",
            "fraction",
            "预计完成率，1 即 100%",
            "Attainment expected, 1 is 100 %",
            1,
        ),
    ),
    errors=("amount_negative", "counts_differ"),
    example={"people": [10, 3], "productivity": [300000, 150000]},
)
def capacity(people: Cells, productivity: Cells, attainment: Number = 1) -> Exact:
    """Σ people × productivity × attainment, exact."""
    groups, _ = read_cells(people, "people")
    sales, _ = read_cells(productivity, "productivity")
    same_count(sales, "productivity", len(groups), "people")
    total = Fraction(0)
    for position, (count, each) in enumerate(zip(groups, sales, strict=True), 1):
        total += read_not_negative(count, "people", position) * read_not_negative(
            each, "productivity", position
        )
    return simplest(total * read_not_negative(attainment, "attainment"))
