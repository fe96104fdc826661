"""What is paid: commission plans over time, bonuses and honours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import column

BASES = {
    "amount": ("销售额", "Sales amount"),
    "margin": ("毛利", "Gross margin"),
    "collected": ("回款", "Cash collected"),
}
TIER_KINDS = {
    "marginal": ("超额累进", "Marginal tiers"),
    "whole_amount": ("全额累进", "Whole-amount tiers"),
}
MEASURES = {"amount": ("金额", "Amount"), "attainment": ("完成率", "Attainment")}
PERIODS = {"month": ("月", "Month"), "quarter": ("季度", "Quarter"), "year": ("年", "Year")}
BONUS_KINDS = {
    "champion": ("销售冠军奖", "Sales-champion bonus"),
    "new_customer": ("新客户开发奖", "New-customer bonus"),
    "over_target": ("超额完成奖", "Over-target bonus"),
    "other": ("其他", "Other"),
}
HONOUR_SCOPES = {"person": ("个人", "Person"), "team": ("团队", "Team")}


@dataclass(frozen=True, kw_only=True)
class CommissionPlan:
    """One dated version of a plan; its tiers are the rows of `commission_tiers`."""

    id: str = column("方案编号", "Plan ID", "id", required=True)
    name: str = column("方案名称", "Plan name", "text", required=True)
    effective_from: date = column("生效日期", "Effective from", "date", required=True)
    effective_to: date | None = column("失效日期", "Effective to", "date", default=None)
    base: str = column("提成基数", "Base", "choice", choices=BASES, required=True)
    kind: str = column("累进方式", "Tier kind", "choice", choices=TIER_KINDS, required=True)
    measure: str = column("分档依据", "Measure", "choice", choices=MEASURES, required=True)
    period: str = column("结算周期", "Period", "choice", choices=PERIODS, required=True)
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class CommissionTier:
    """Lower bound only: tier k covers ``[threshold_k, threshold_k+1)``.

    With measure "amount" the threshold is money in major units (exact decimal),
    with measure "attainment" a fraction of quota.
    """

    plan: str = column("方案编号", "Plan ID", "ref", ref="commission_plans", required=True)
    effective_from: date = column("生效日期", "Effective from", "date", required=True)
    threshold: Decimal = column("起点", "Threshold", "number", required=True, minimum=0)
    rate: Decimal = column("提成比例", "Rate", "share", required=True, minimum=0, maximum=1)


@dataclass(frozen=True, kw_only=True)
class Bonus:
    id: str = column("奖金编号", "Bonus ID", "id", required=True, unique=True)
    name: str = column("奖金名称", "Bonus", "text", required=True)
    kind: str = column("类别", "Kind", "choice", choices=BONUS_KINDS, required=True)
    period: str = column("周期", "Period", "choice", choices=PERIODS, required=True)
    bonus_amount: int | None = column("金额", "Amount", "money", minimum=0, default=None)
    bonus_rate: Decimal | None = column("比例", "Rate", "share", minimum=0, maximum=1, default=None)
    condition: str = column("条件", "Condition", "text", default="")
    effective_from: date | None = column("生效日期", "Effective from", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Honour:
    id: str = column("荣誉编号", "Honour ID", "id", required=True, unique=True)
    title: str = column("称号", "Title", "text", required=True)
    scope: str = column("对象", "For", "choice", choices=HONOUR_SCOPES, required=True)
    period: str = column("周期", "Period", "choice", choices=PERIODS, required=True)
    criterion: str = column("评选标准", "Criterion", "text", default="")
    recognition: str = column("表彰方式", "Recognition", "text", default="")
