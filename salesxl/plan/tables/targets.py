"""What is to be sold: the settings, regions, product lines and months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import column
from salesxl.texts import Lang


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
