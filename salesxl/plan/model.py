"""The plan: what a manager decides, as frozen rows of declared tables.

Amounts are whole minor units (fen, cents); shares and weights are exact
decimals. References hold the *id* of the row they name, whatever the workbook
said (the reader accepts an id or an unambiguous name).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import Table, column
from salesxl.texts import Lang

YES_NO = {"yes": ("是", "Yes"), "no": ("否", "No")}
ROLE_KINDS = {
    "manager": ("销售经理", "Sales manager"),
    "rep": ("销售代表", "Sales representative"),
    "assistant": ("销售助理", "Sales assistant"),
}
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
COURSE_KINDS = {
    "product": ("产品知识", "Product knowledge"),
    "skills": ("销售技巧", "Sales skills"),
    "communication": ("沟通能力", "Communication"),
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One row of `settings`; `Settings` below is what the rows mean."""

    item: str = column("项目", "Item", "text", required=True)
    value: str = column("值", "Value", "text", required=True)
    note: str = column("说明", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What holds for the whole plan. Source: table `settings`.

    `annual_target_amount` and `rounding_unit_amount` are minor units;
    `potential_share` is the weight of potential against history, 0 … 1.
    """

    company: str
    currency: str  # ISO 4217
    year: int
    annual_target_amount: int
    rounding_unit_amount: int
    decimals: int = 2  # minor unit of the currency
    fiscal_year_first_month: int = 1
    potential_share: Decimal = Decimal(0)
    growth_rate: Decimal | None = None
    language: Lang = "en"
    plan_version: str = "1.0"
    as_of_date: date | None = None
    vat_included: bool = False


@dataclass(frozen=True, kw_only=True)
class Region:
    id: str = column("区域编号", "Region ID", "id", required=True, unique=True)
    name: str = column("区域名称", "Region", "text", required=True, unique=True)
    parent: str = column("上级区域", "Parent region", "ref", ref="regions", default="")
    history_amount: int = column("历史销售额", "Sales history", "money", minimum=0, default=0)
    potential_amount: int = column("市场潜力", "Market potential", "money", minimum=0, default=0)
    locked_amount: int | None = column(
        "锁定目标", "Locked target", "money", minimum=0, default=None
    )
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class ProductLine:
    id: str = column("产品线编号", "Product line ID", "id", required=True, unique=True)
    name: str = column("产品线", "Product line", "text", required=True, unique=True)
    history_amount: int = column("历史销售额", "Sales history", "money", minimum=0, default=0)
    potential_amount: int = column("市场潜力", "Market potential", "money", minimum=0, default=0)
    locked_amount: int | None = column(
        "锁定目标", "Locked target", "money", minimum=0, default=None
    )
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class MonthWeight:
    month: int = column("月份", "Month", "int", required=True, unique=True, minimum=1, maximum=12)
    weight: Decimal = column("权重", "Weight", "share", required=True, minimum=0)
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Person:
    id: str = column("工号", "Employee ID", "id", required=True, unique=True)
    name: str = column("姓名", "Name", "text", required=True)
    role: str = column("岗位", "Role", "ref", ref="roles", required=True)
    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    manager: str = column("上级", "Reports to", "ref", ref="people", default="")
    joined_date: date | None = column("入职日期", "Joined", "date", default=None)
    left_date: date | None = column("离职日期", "Left", "date", default=None)
    quota_weight: Decimal = column(
        "定额权重", "Quota weight", "number", minimum=0, default=Decimal(1)
    )
    commission_plan: str = column(
        "提成方案", "Commission plan", "ref", ref="commission_plans", default=""
    )
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A further region in which a person carries quota, beside the one in `people`."""

    person: str = column("人员", "Person", "ref", ref="people", required=True)
    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    quota_weight: Decimal = column("定额权重", "Quota weight", "number", required=True, minimum=0)


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


@dataclass(frozen=True, kw_only=True)
class Role:
    id: str = column("岗位编号", "Role ID", "id", required=True, unique=True)
    name: str = column("岗位名称", "Role", "text", required=True, unique=True)
    kind: str = column("岗位类别", "Role kind", "choice", choices=ROLE_KINDS, required=True)
    carries_quota: str = column(
        "承担定额", "Carries quota", "choice", choices=YES_NO, default="yes"
    )
    purpose: str = column("岗位目的", "Purpose", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Duty:
    role: str = column("岗位", "Role", "ref", ref="roles", required=True)
    number: int = column("序号", "No", "int", required=True, minimum=1)
    duty: str = column("职责", "Duty", "text", required=True)
    measure: str = column("衡量指标", "Measure", "text", default="")
    rhythm: str = column("频率", "Rhythm", "text", default="")


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
    """Scores 1–5 for the four criteria every plan has: reputation, strength, share, willingness."""

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
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Course:
    id: str = column("课程编号", "Course ID", "id", required=True, unique=True)
    name: str = column("课程", "Course", "text", required=True)
    kind: str = column("类别", "Kind", "choice", choices=COURSE_KINDS, required=True)
    month: int | None = column("月份", "Month", "int", minimum=1, maximum=12, default=None)
    hours: Decimal | None = column("课时", "Hours", "number", minimum=0, default=None)
    audience: str = column("对象", "Audience", "text", default="")
    goal: str = column("目标", "Goal", "text", default="")
    trainer: str = column("讲师", "Trainer", "text", default="")


@dataclass(frozen=True, kw_only=True)
class CareerLevel:
    id: str = column("职级编号", "Level ID", "id", required=True, unique=True)
    track: str = column("通道", "Track", "text", required=True)
    level: int = column("级别", "Level", "int", required=True, minimum=1)
    title: str = column("职级名称", "Title", "text", required=True)
    minimum_attainment: Decimal | None = column(
        "最低完成率", "Minimum attainment", "share", minimum=0, default=None
    )
    minimum_months: int | None = column(
        "最短任职月数", "Minimum months", "int", minimum=0, default=None
    )
    criteria: str = column("晋升标准", "Criteria", "text", default="")


@dataclass(frozen=True, kw_only=True)
class DataSource:
    id: str = column("来源编号", "Source ID", "id", required=True, unique=True)
    name: str = column("数据来源", "Data source", "text", required=True)
    content: str = column("内容", "Content", "text", default="")
    rhythm: str = column("更新频率", "Rhythm", "text", default="")
    responsible: str = column("负责人", "Responsible", "text", default="")
    used_for: str = column("用途", "Used for", "text", default="")


TABLES: tuple[Table, ...] = (
    Table("settings", "设置", "Settings", Setting),
    Table("regions", "区域", "Regions", Region),
    Table("product_lines", "产品线", "Product lines", ProductLine),
    Table("month_weights", "月度权重", "Month weights", MonthWeight),
    Table("people", "人员", "People", Person),
    Table("assignments", "跨区任职", "Further regions", Assignment),
    Table("commission_plans", "提成方案", "Commission plans", CommissionPlan),
    Table("commission_tiers", "提成档位", "Commission tiers", CommissionTier),
    Table("bonuses", "奖金", "Bonuses", Bonus),
    Table("honours", "荣誉", "Honours", Honour),
    Table("roles", "岗位", "Roles", Role),
    Table("duties", "职责", "Duties", Duty),
    Table("prospects", "潜在客户", "Prospects", Prospect),
    Table("customers", "现有客户", "Customers", Customer),
    Table("key_accounts", "重点客户", "Key accounts", KeyAccount),
    Table("channels", "渠道", "Channels", Channel),
    Table("partner_criteria", "伙伴评价标准", "Partner criteria", PartnerCriterion),
    Table("partners", "合作伙伴", "Partners", Partner),
    Table("courses", "培训课程", "Training courses", Course),
    Table("career_levels", "职级", "Career levels", CareerLevel),
    Table("data_sources", "数据来源", "Data sources", DataSource),
)
TABLE = {table.name: table for table in TABLES}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole plan, checked: every reference names a row that exists."""

    settings: Settings
    regions: tuple[Region, ...]
    product_lines: tuple[ProductLine, ...]
    month_weights: tuple[MonthWeight, ...]
    people: tuple[Person, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    commission_plans: tuple[CommissionPlan, ...] = ()
    commission_tiers: tuple[CommissionTier, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    honours: tuple[Honour, ...] = ()
    roles: tuple[Role, ...] = ()
    duties: tuple[Duty, ...] = ()
    prospects: tuple[Prospect, ...] = ()
    customers: tuple[Customer, ...] = ()
    key_accounts: tuple[KeyAccount, ...] = ()
    channels: tuple[Channel, ...] = ()
    partner_criteria: tuple[PartnerCriterion, ...] = ()
    partners: tuple[Partner, ...] = ()
    courses: tuple[Course, ...] = ()
    career_levels: tuple[CareerLevel, ...] = ()
    data_sources: tuple[DataSource, ...] = ()
    fingerprint: str = field(default="", compare=False)  # of the file it was read from

    @property
    def leaf_regions(self) -> tuple[Region, ...]:
        """The regions that have no children, in table order: these carry targets."""
        parents = {region.parent for region in self.regions}
        return tuple(region for region in self.regions if region.id not in parents)
