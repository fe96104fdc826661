"""What is paid or given beside commission: bonuses, SPIFFs, team pools and honours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import column
from salesxl.plan.tables.pay import PERIODS

BONUS_KINDS = {
    "champion": ("销售冠军奖", "Sales-champion bonus"),
    "new_customer": ("新客户开发奖", "New-customer bonus"),
    "over_target": ("超额完成奖", "Over-target bonus"),
    "other": ("其他", "Other"),
}
HONOUR_SCOPES = {"person": ("个人", "Person"), "team": ("团队", "Team")}
BONUS_BASES = {
    "excess": ("超额部分", "The excess over target"),
    "whole": ("全部业绩", "All of the credit"),
}
TIES = {
    "shared": ("并列均分", "Tied people share the places' amounts"),
    "all": ("并列各得全额", "Each tied person gets the full amount"),
    "first": ("按名单先后", "The one listed first"),
}


@dataclass(frozen=True, kw_only=True)
class Bonus:
    id: str = column("奖金编号", "Bonus ID", "id", required=True, unique=True)
    name: str = column("奖金名称", "Bonus", "text", required=True)
    kind: str = column("类别", "Kind", "choice", choices=BONUS_KINDS, required=True)
    period: str = column("周期", "Period", "choice", choices=PERIODS, required=True)
    bonus_amount: int | None = column("金额", "Amount", "money", minimum=0, default=None)
    bonus_rate: Decimal | None = column("比例", "Rate", "share", minimum=0, maximum=1, default=None)
    bonus_base: str = column("超额奖基数", "Paid on", "choice", choices=BONUS_BASES, default="")
    ties: str = column("并列处理", "Ties", "choice", choices=TIES, default="")
    idle_months: int | None = column(
        "未成交月数", "Months without business", "int", minimum=1, maximum=120, default=None
    )
    role: str = column("限岗位", "Only role", "ref", ref="roles", default="")
    condition: str = column("条件", "Condition", "text", default="")
    effective_from: date | None = column("生效日期", "Effective from", "date", default=None)
    effective_to: date | None = column("失效日期", "Effective to", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Honour:
    id: str = column("荣誉编号", "Honour ID", "id", required=True, unique=True)
    title: str = column("称号", "Title", "text", required=True)
    scope: str = column("对象", "For", "choice", choices=HONOUR_SCOPES, required=True)
    period: str = column("周期", "Period", "choice", choices=PERIODS, required=True)
    criterion: str = column("评选标准", "Criterion", "text", default="")
    recognition: str = column("表彰方式", "Recognition", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Spiff:
    """An extra for selling a product within some days: an amount a line, or a rate."""

    id: str = column("激励编号", "SPIFF ID", "id", required=True, unique=True)
    name: str = column("激励名称", "SPIFF", "text", required=True)
    product_line: str = column("产品线", "Product line", "ref", ref="product_lines", default="")
    product: str = column("产品", "Product", "text", default="")
    spiff_amount: int | None = column("每笔金额", "Amount a line", "money", minimum=0, default=None)
    spiff_rate: Decimal | None = column(
        "按额比例", "Rate on sales", "share", minimum=0, maximum=1, default=None
    )
    from_date: date = column("开始日期", "From", "date", required=True)
    to_date: date = column("结束日期", "To", "date", required=True)


@dataclass(frozen=True, kw_only=True)
class TeamPool:
    """A part of a region's credit that its team shares: the leader's part, the rest by quota."""

    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    period: str = column("周期", "Period", "choice", choices=PERIODS, required=True)
    pool_rate: Decimal = column(
        "奖池比例", "Pool rate", "share", required=True, minimum=0, maximum=1
    )
    leader_share: Decimal = column(
        "负责人份额", "Leader's part", "share", minimum=0, maximum=1, default=Decimal(0)
    )
    from_date: date = column("开始日期", "From", "date", required=True)
    to_date: date | None = column("结束日期", "To", "date", default=None)
