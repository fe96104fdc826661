"""The items of the `settings` table, declared like columns: one for each field of `Settings`."""

from __future__ import annotations

from salesxl.plan.model import YES_NO
from salesxl.plan.schema import Column

LANGUAGES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}

ITEMS: tuple[Column, ...] = (
    Column(
        "company", "公司名称", "Company", "text", required=True,
        help_zh="写在每一页上的公司名称", help_en="The firm's name as it stands on every page",
    ),
    Column(
        "currency", "币种", "Currency", "text", required=True,
        help_zh="三位币种代码，如 CNY、USD、EUR", help_en="Three-letter code such as USD, EUR, CNY",
    ),
    Column(
        "year", "计划年度", "Plan year", "int", required=True, minimum=1990, maximum=2199,
        help_zh="财年开始的那一年", help_en="The year in which the fiscal year starts",
    ),
    Column(
        "annual_target_amount", "年度销售目标", "Annual target", "money", required=True,
        help_zh="全公司一年的销售目标，以计划币种的元为单位",
        help_en="Sales target of the whole firm for the year, in currency units",
    ),
    Column(
        "rounding_unit_amount", "取整单位", "Rounding unit", "money", required=True,
        help_zh="分解后的目标是它的整数倍，例如 100",
        help_en="Every target is a whole multiple of it, for example 100",
    ),
    Column(
        "fiscal_year_first_month", "财年首月", "First month of fiscal year", "int",
        minimum=1, maximum=12,
        help_zh="1 到 12；自然年填 1", help_en="1 to 12; 1 for the calendar year",
    ),
    Column(
        "potential_share", "市场潜力占比", "Weight of potential", "share", minimum=0, maximum=1,
        help_zh="0% 只看历史销售，100% 只看市场潜力",
        help_en="0 % looks at sales history only, 100 % at market potential only",
    ),
    Column(
        "growth_rate", "增长率", "Growth", "share", minimum=-1,
        help_zh="年度目标比上年增长多少，仅供说明",
        help_en="Growth of the target over last year, for information",
    ),
    Column(
        "language", "语言", "Language", "choice", choices=LANGUAGES,
        help_zh="生成的工作簿所用语言", help_en="Language of the workbooks that are made",
    ),
    Column(
        "plan_version", "方案版本", "Plan version", "id",
        help_zh="每次改动后加一，例如 1.1", help_en="Raise it with each change, for example 1.1",
    ),
    Column(
        "as_of_date", "数据截止日期", "As of", "date",
        help_zh="数据截至哪一天；不填则取台账最后一天",
        help_en="The day the figures stand at; blank: last day of the ledger",
    ),
    Column(
        "vat_included", "销售额含税", "VAT included", "choice", choices=YES_NO,
        help_zh="台账与目标是否含增值税", help_en="Whether ledger and targets include VAT",
    ),
)  # fmt: skip
ITEM = {item.key: item for item in ITEMS}
