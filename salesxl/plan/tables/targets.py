"""What is to be sold: settings, regions, product lines, months, locks and past years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import column
from salesxl.texts import Lang

SPLIT_METHODS = {
    "largest_remainder": ("最大余数法", "Largest remainder"),
    "sainte_lague": ("圣拉格法", "Sainte-Laguë"),
}
REMAINING = {
    "annual": ("保持年度目标", "Keep the annual target"),
    "quarter": ("先保持季度目标", "Keep the quarter's target first"),
    "plan": ("保持月度计划", "Keep the monthly plan"),
    "spread": ("缺口分摊到后几个月", "Spread the gap over the next months"),
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
    `potential_share` is the weight of potential against history, 0 … 1. The hedge rates are
    what a level assigns beyond its own target; 0.05 on both levels compounds to 10.25 %.
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
    split_method: str = "largest_remainder"  # see SPLIT_METHODS
    remaining: str = "annual"  # what becomes of the rest of the year, see REMAINING
    spread_months: int = 3  # for "spread": how many months carry the gap
    region_hedge_rate: Decimal = Decimal(0)
    person_hedge_rate: Decimal = Decimal(0)
    bottom_up_share: Decimal = Decimal("0.5")  # weight of the regions' own proposals
    market_amount: int | None = None  # the whole market's sales in the year
    productivity_amount: int | None = None  # what a person carrying quota sells in a year
    visits_per_day: int = 8  # most customers one person visits on a day


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
    minimum_amount: int | None = column(
        "目标下限", "Minimum target", "money", minimum=0, default=None
    )
    maximum_amount: int | None = column(
        "目标上限", "Maximum target", "money", minimum=0, default=None
    )
    proposal_amount: int | None = column(
        "区域申报目标", "Region's proposal", "money", minimum=0, default=None
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
    minimum_share: Decimal | None = column(
        "占比下限", "Lowest share", "share", minimum=0, maximum=1, default=None
    )
    maximum_share: Decimal | None = column(
        "占比上限", "Highest share", "share", minimum=0, maximum=1, default=None
    )
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class MonthWeight:
    month: int = column("月份", "Month", "int", required=True, unique=True, minimum=1, maximum=12)
    weight: Decimal = column("权重", "Weight", "share", required=True, minimum=0)
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class TargetLock:
    """A figure below the annual ones that a split must keep.

    Without month and person: the region's target for the product line. With a month: that
    month's part of it. With a person as well: that person's quota of the month.
    """

    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    product_line: str = column("产品线", "Product line", "ref", ref="product_lines", required=True)
    month: int | None = column("月份", "Month", "int", minimum=1, maximum=12, default=None)
    person: str = column("人员", "Person", "ref", ref="people", default="")
    locked_amount: int = column("锁定目标", "Locked target", "money", required=True, minimum=0)
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class SalesYear:
    """The firm's sales of a whole past year, the measure of what is reachable."""

    sales_year: int = column(
        "销售年度", "Sales year", "int", required=True, unique=True, minimum=1950, maximum=2199
    )
    sales_amount: int = column("全年销售额", "Sales of the year", "money", required=True)
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """The part of a full quota that a newcomer carries in the n-th month of service."""

    role: str = column("岗位", "Role", "ref", ref="roles", required=True)
    service_month: int = column("入职第几个月", "Month of service", "int", required=True, minimum=1)
    quota_share: Decimal = column(
        "承担比例", "Part of quota", "share", required=True, minimum=0, maximum=1
    )
