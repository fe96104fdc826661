"""The items of the `settings` table, declared like columns: one for each field of `Settings`."""

from __future__ import annotations

from salesxl.plan.model import REMAINING, SPLIT_METHODS, YES_NO
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
    Column(
        "split_method", "分解方法", "Split method", "choice", choices=SPLIT_METHODS,
        help_zh="最大余数法最贴近权重；圣拉格法保证总额增加时无人减少",
        help_en="Largest remainder stays nearest to the weights; with Sainte-Laguë nobody "
        "loses a unit when the total grows",
    ),
    Column(
        "remaining", "年内余额处理", "Rest of the year", "choice", choices=REMAINING,
        help_zh="已过月份按实际，其余月份怎样承担剩余目标",
        help_en="Past months stand at their actuals; how the others carry what is left",
    ),
    Column(
        "spread_months", "分摊月数", "Months to spread", "int", minimum=1, maximum=12,
        help_zh="选“缺口分摊到后几个月”时，由几个月承担缺口",
        help_en="How many months carry the gap where it is spread",
    ),
    Column(
        "region_hedge_rate", "区域加码", "Hedge on regions", "share", minimum=0, maximum=1,
        help_zh="区域合计比公司目标多下达的比例，用于总部的加码测算",
        help_en="What regions are assigned beyond the target, for the head office's hedge table",
    ),
    Column(
        "person_hedge_rate", "人员加码", "Hedge on people", "share", minimum=0, maximum=1,
        help_zh="人员合计比区域多下达的比例，用于总部的加码测算",
        help_en="What people are assigned beyond their regions, for the head office's hedge table",
    ),
    Column(
        "bottom_up_share", "申报权重", "Weight of proposals", "share", minimum=0, maximum=1,
        help_zh="折中目标中区域申报所占的比重",
        help_en="Weight of the regions' own proposals in the middle proposal",
    ),
    Column(
        "market_amount", "市场总量", "Market size", "money", minimum=0,
        help_zh="计划年度整个市场的销售额，用来看目标隐含的份额",
        help_en="Sales of the whole market in the year; shows the share the target implies",
    ),
    Column(
        "productivity_amount", "人均产能", "Productivity a person", "money", minimum=0,
        help_zh="一名承担定额的人员一年能完成的销售额",
        help_en="What one person carrying quota can sell in a year",
    ),
    Column(
        "visits_per_day", "每日拜访上限", "Visits a day", "int", minimum=1, maximum=50,
        help_zh="一个人一天最多拜访几家客户，拜访计划据此排定；不填为 8",
        help_en="Most customers one person visits on a day, for the visit plan; blank: 8",
    ),
)  # fmt: skip
ITEM = {item.key: item for item in ITEMS}
