"""The plan: what a manager decides, as frozen rows of declared tables.

Amounts are whole minor units (fen, cents); shares and weights are exact
decimals. References hold the *id* of the row they name, whatever the workbook
said (the reader accepts an id or an unambiguous name).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from salesxl.plan.schema import Table
from salesxl.plan.tables.customers import (
    CHANNEL_KINDS,
    DAY_KINDS,
    GRADES,
    STAGES,
    CalendarDay,
    Channel,
    Customer,
    DataSource,
    KeyAccount,
    Partner,
    PartnerCriterion,
    Prospect,
    VisitRule,
)
from salesxl.plan.tables.growth import (
    DIRECTIONS,
    RACI,
    Kpi,
    LevelSkill,
    Responsibility,
    Skill,
    SkillLevel,
    SourcePlan,
)
from salesxl.plan.tables.incentives import (
    BONUS_BASES,
    BONUS_KINDS,
    HONOUR_SCOPES,
    TIES,
    Bonus,
    Honour,
    Spiff,
    TeamPool,
)
from salesxl.plan.tables.pay import (
    BASES,
    CLAWBACK_MODES,
    CREDIT_KINDS,
    MEASURES,
    PAY_PERIODS,
    PERIODS,
    SECOND_MEASURES,
    TIER_KINDS,
    Adjustment,
    Clawback,
    CommissionPlan,
    CommissionTier,
    CreditShare,
    Draw,
    Holdback,
    Override,
    PlanTerm,
)
from salesxl.plan.tables.people import (
    COURSE_KINDS,
    ROLE_KINDS,
    YES_NO,
    Assignment,
    CareerLevel,
    Course,
    Duty,
    Person,
    Role,
)
from salesxl.plan.tables.targets import (
    REMAINING,
    SPLIT_METHODS,
    MonthWeight,
    ProductLine,
    Ramp,
    Region,
    SalesYear,
    Setting,
    Settings,
    TargetLock,
)

__all__ = [
    "BASES",
    "BONUS_BASES",
    "BONUS_KINDS",
    "CHANNEL_KINDS",
    "CLAWBACK_MODES",
    "COURSE_KINDS",
    "CREDIT_KINDS",
    "DAY_KINDS",
    "DIRECTIONS",
    "GRADES",
    "HONOUR_SCOPES",
    "MEASURES",
    "PAY_PERIODS",
    "PERIODS",
    "RACI",
    "REMAINING",
    "ROLE_KINDS",
    "SECOND_MEASURES",
    "SPLIT_METHODS",
    "STAGES",
    "TABLE",
    "TABLES",
    "TIER_KINDS",
    "TIES",
    "YES_NO",
    "Adjustment",
    "Assignment",
    "Bonus",
    "CalendarDay",
    "CareerLevel",
    "Channel",
    "Clawback",
    "CommissionPlan",
    "CommissionTier",
    "Course",
    "CreditShare",
    "Customer",
    "DataSource",
    "Draw",
    "Duty",
    "Holdback",
    "Honour",
    "KeyAccount",
    "Kpi",
    "LevelSkill",
    "MonthWeight",
    "Override",
    "Partner",
    "PartnerCriterion",
    "Person",
    "Plan",
    "PlanTerm",
    "ProductLine",
    "Prospect",
    "Ramp",
    "Region",
    "Responsibility",
    "Role",
    "SalesYear",
    "Setting",
    "Settings",
    "Skill",
    "SkillLevel",
    "SourcePlan",
    "Spiff",
    "TargetLock",
    "TeamPool",
    "VisitRule",
]

TABLES: tuple[Table, ...] = (
    Table("settings", "设置", "Settings", Setting),
    Table("regions", "区域", "Regions", Region),
    Table("product_lines", "产品线", "Product lines", ProductLine),
    Table("month_weights", "月度权重", "Month weights", MonthWeight),
    Table("target_locks", "锁定明细", "Target locks", TargetLock),
    Table("sales_years", "历年销售", "Sales by year", SalesYear),
    Table("people", "人员", "People", Person),
    Table("ramps", "爬坡期", "Ramp", Ramp),
    Table("assignments", "跨区任职", "Further regions", Assignment),
    Table("commission_plans", "提成方案", "Commission plans", CommissionPlan),
    Table("commission_tiers", "提成档位", "Commission tiers", CommissionTier),
    Table("plan_terms", "方案适用", "Plan terms", PlanTerm),
    Table("credit_shares", "业绩分成", "Credit shares", CreditShare),
    Table("overrides", "管理提成", "Overrides", Override),
    Table("draws", "预支", "Draws", Draw),
    Table("holdbacks", "留存", "Holdbacks", Holdback),
    Table("clawbacks", "扣回", "Clawbacks", Clawback),
    Table("adjustments", "手工调整", "Adjustments", Adjustment),
    Table("bonuses", "奖金", "Bonuses", Bonus),
    Table("spiffs", "专项激励", "SPIFFs", Spiff),
    Table("team_pools", "团队奖池", "Team pools", TeamPool),
    Table("honours", "荣誉", "Honours", Honour),
    Table("roles", "岗位", "Roles", Role),
    Table("duties", "职责", "Duties", Duty),
    Table("kpis", "岗位指标", "Measures of roles", Kpi),
    Table("responsibilities", "责任矩阵", "Responsibilities", Responsibility),
    Table("prospects", "潜在客户", "Prospects", Prospect),
    Table("source_plans", "来源开发计划", "Source plans", SourcePlan),
    Table("customers", "现有客户", "Customers", Customer),
    Table("visit_rules", "拜访频率", "Visit rules", VisitRule),
    Table("calendar_days", "放假与调休", "Calendar days", CalendarDay),
    Table("key_accounts", "重点客户", "Key accounts", KeyAccount),
    Table("channels", "渠道", "Channels", Channel),
    Table("partner_criteria", "伙伴评价标准", "Partner criteria", PartnerCriterion),
    Table("partners", "合作伙伴", "Partners", Partner),
    Table("courses", "培训课程", "Training courses", Course),
    Table("career_levels", "职级", "Career levels", CareerLevel),
    Table("skills", "技能", "Skills", Skill),
    Table("level_skills", "职级技能要求", "Skills of levels", LevelSkill),
    Table("skill_levels", "人员技能", "Skills of people", SkillLevel),
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
    target_locks: tuple[TargetLock, ...] = ()
    sales_years: tuple[SalesYear, ...] = ()
    people: tuple[Person, ...] = ()
    ramps: tuple[Ramp, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    commission_plans: tuple[CommissionPlan, ...] = ()
    commission_tiers: tuple[CommissionTier, ...] = ()
    plan_terms: tuple[PlanTerm, ...] = ()
    credit_shares: tuple[CreditShare, ...] = ()
    overrides: tuple[Override, ...] = ()
    draws: tuple[Draw, ...] = ()
    holdbacks: tuple[Holdback, ...] = ()
    clawbacks: tuple[Clawback, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    spiffs: tuple[Spiff, ...] = ()
    team_pools: tuple[TeamPool, ...] = ()
    honours: tuple[Honour, ...] = ()
    roles: tuple[Role, ...] = ()
    duties: tuple[Duty, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    prospects: tuple[Prospect, ...] = ()
    source_plans: tuple[SourcePlan, ...] = ()
    customers: tuple[Customer, ...] = ()
    visit_rules: tuple[VisitRule, ...] = ()
    calendar_days: tuple[CalendarDay, ...] = ()
    key_accounts: tuple[KeyAccount, ...] = ()
    channels: tuple[Channel, ...] = ()
    partner_criteria: tuple[PartnerCriterion, ...] = ()
    partners: tuple[Partner, ...] = ()
    courses: tuple[Course, ...] = ()
    career_levels: tuple[CareerLevel, ...] = ()
    skills: tuple[Skill, ...] = ()
    level_skills: tuple[LevelSkill, ...] = ()
    skill_levels: tuple[SkillLevel, ...] = ()
    data_sources: tuple[DataSource, ...] = ()
    fingerprint: str = field(default="", compare=False)  # of the file it was read from

    @property
    def leaf_regions(self) -> tuple[Region, ...]:
        """The regions that have no children, in table order: these carry targets."""
        parents = {region.parent for region in self.regions}
        return tuple(region for region in self.regions if region.id not in parents)
