"""To whom and through whom: prospects, customers, channels, partners, data sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import column

STAGES = {
    "lead": ("线索", "Lead"),
    "qualified": ("已确认需求", "Qualified"),
    "proposal": ("方案报价", "Proposal"),
    "negotiation": ("商务谈判", "Negotiation"),
    "won": ("赢单", "Won"),
    "lost": ("输单", "Lost"),
}
GRADES = {"A": ("A", "A"), "B": ("B", "B"), "C": ("C", "C"), "D": ("D", "D")}
CHANNEL_KINDS = {"online": ("线上", "Online"), "offline": ("线下", "Offline")}
DAY_KINDS = {"holiday": ("放假", "Holiday"), "workday": ("调休上班", "Working day")}


@dataclass(frozen=True, kw_only=True)
class Prospect:
    id: str = column("潜客编号", "Prospect ID", "id", required=True, unique=True)
    name: str = column("潜在客户", "Prospect", "text", required=True)
    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    source: str = column("客户来源", "Source", "text", default="")
    stage: str = column("阶段", "Stage", "choice", choices=STAGES, default="lead")
    expected_amount: int = column("预计金额", "Expected amount", "money", minimum=0, default=0)
    win_rate: Decimal | None = column(
        "赢单率", "Win rate", "share", minimum=0, maximum=1, default=None
    )
    owner: str = column("负责人", "Owner", "ref", ref="people", default="")
    next_step: str = column("下一步", "Next step", "text", default="")
    due_date: date | None = column("截止日期", "Due date", "date", default=None)
    stage_since: date | None = column("进入本阶段日期", "In this stage since", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Customer:
    id: str = column("客户编号", "Customer ID", "id", required=True, unique=True)
    name: str = column("客户名称", "Customer", "text", required=True)
    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    owner: str = column("负责人", "Owner", "ref", ref="people", default="")
    source: str = column("客户来源", "Source", "text", default="")
    channel: str = column("渠道", "Channel", "text", default="")
    grade: str = column("客户分级", "Grade", "choice", choices=GRADES, default="")
    visits_per_year: int | None = column(
        "年拜访次数", "Visits a year", "int", minimum=0, default=None
    )
    satisfaction: Decimal | None = column(
        "满意度", "Satisfaction", "number", minimum=0, maximum=5, default=None
    )
    open_problem: str = column("待解决问题", "Open problem", "text", default="")
    maintenance: str = column("维护措施", "Maintenance", "text", default="")


@dataclass(frozen=True, kw_only=True)
class VisitRule:
    """How often a grade is visited; a customer's own figure goes before it."""

    grade: str = column("客户分级", "Grade", "choice", choices=GRADES, required=True, unique=True)
    visits_per_year: int = column(
        "年拜访次数", "Visits a year", "int", required=True, minimum=0, maximum=366
    )
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """A weekday off, or a day at a weekend that is worked."""

    day: date = column("日期", "Date", "date", required=True, unique=True)
    kind: str = column("类型", "Kind", "choice", choices=DAY_KINDS, required=True)
    name: str = column("名称", "Name", "text", default="")


@dataclass(frozen=True, kw_only=True)
class KeyAccount:
    customer: str = column("客户编号", "Customer ID", "ref", ref="customers", required=True)
    reason: str = column("入选理由", "Reason", "text", default="")
    owner: str = column("负责人", "Owner", "ref", ref="people", default="")
    terms: str = column("特别条款", "Special terms", "text", default="")
    service: str = column("服务标准", "Service level", "text", default="")
    action: str = column("年度行动", "Action", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Channel:
    id: str = column("渠道编号", "Channel ID", "id", required=True, unique=True)
    name: str = column("渠道", "Channel", "text", required=True, unique=True)
    kind: str = column("线上线下", "Kind", "choice", choices=CHANNEL_KINDS, required=True)
    goal: str = column("目标", "Goal", "text", default="")
    measures: str = column("措施", "Measures", "text", default="")
    budget_amount: int = column("预算", "Budget", "money", minimum=0, default=0)
    target_amount: int = column("渠道目标", "Channel target", "money", minimum=0, default=0)
    cost_amount: int | None = column("实际投入", "Cost", "money", minimum=0, default=None)
    prospects_won: int | None = column(
        "获得潜客数", "Prospects won", "int", minimum=0, default=None
    )
    customers_won: int | None = column(
        "新增客户数", "Customers won", "int", minimum=0, default=None
    )
    responsible: str = column("负责人", "Responsible", "text", default="")


@dataclass(frozen=True, kw_only=True)
class PartnerCriterion:
    id: str = column("标准编号", "Criterion ID", "id", required=True, unique=True)
    name: str = column("评价标准", "Criterion", "text", required=True, unique=True)
    weight: Decimal = column("权重", "Weight", "share", required=True, minimum=0, maximum=1)
    minimum_score: int | None = column(
        "最低分", "Minimum score", "int", minimum=1, maximum=5, default=None
    )
    description: str = column("说明", "Description", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Partner:
    """Scores 1–5 for the four criteria every plan has: reputation, strength, share, willingness.

    `own_1` and `own_2` are scores for criteria the plan adds. `customer` is the partner in
    the ledger; with it, sales outside its region and the regions of `territory` are found.
    """

    id: str = column("伙伴编号", "Partner ID", "id", required=True, unique=True)
    name: str = column("合作伙伴", "Partner", "text", required=True)
    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    channel: str = column("渠道", "Channel", "text", default="")
    reputation: Decimal = column(
        "信誉", "Reputation", "number", minimum=1, maximum=5, required=True
    )
    strength: Decimal = column("实力", "Strength", "number", minimum=1, maximum=5, required=True)
    market_share: Decimal = column(
        "市场份额", "Market share", "number", minimum=1, maximum=5, required=True
    )
    willingness: Decimal = column(
        "合作意愿", "Willingness", "number", minimum=1, maximum=5, required=True
    )
    own_1: Decimal | None = column(
        "自定评分一", "Own score 1", "number", minimum=1, maximum=5, default=None
    )
    own_2: Decimal | None = column(
        "自定评分二", "Own score 2", "number", minimum=1, maximum=5, default=None
    )
    customer: str = column("台账客户编号", "Customer ID", "ref", ref="customers", default="")
    territory: str = column("另授权区域", "Further regions", "text", default="")
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class DataSource:
    id: str = column("来源编号", "Source ID", "id", required=True, unique=True)
    name: str = column("数据来源", "Data source", "text", required=True)
    content: str = column("内容", "Content", "text", default="")
    rhythm: str = column("更新频率", "Rhythm", "text", default="")
    responsible: str = column("负责人", "Responsible", "text", default="")
    used_for: str = column("用途", "Used for", "text", default="")
