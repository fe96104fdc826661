"""How far a payee or a target has come.

96,000 credited on a quota of 120,000 is an attainment of 0.8 (80 %); 24,000 of
the target are missing:

>>> attainment(96000, 120000), target_gap(120000, 96000)
(Decimal('0.8'), 24000)
"""

from __future__ import annotations

from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Exact, Number, exact, simplest


@rule(
    name="ATTAINMENT",
    category="commission",
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
