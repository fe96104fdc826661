"""What is paid on sales: commission plans over time, who has which, and what moves the money.

Money goes through stages that are never mixed: credited → earned → payable → paid.
A commission plan says how credit becomes earnings; splits and overrides say whose credit it
is; draws, holdbacks and clawbacks say when earnings are paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import column
from salesxl.plan.tables.people import YES_NO

BASES = {
    "amount": ("销售额", "Sales amount"),
    "margin": ("毛利", "Gross margin"),
    "collected": ("回款", "Cash collected"),
}
TIER_KINDS = {
    "flat": ("固定比例", "Flat rate"),
    "marginal": ("超额累进", "Marginal tiers"),
    "whole_amount": ("全额累进", "Whole-amount tiers"),
    "interpolated": ("线性插值", "Interpolated"),
    "matrix": ("双指标矩阵", "Two-metric matrix"),
}
MEASURES = {"amount": ("金额", "Amount"), "attainment": ("完成率", "Attainment")}
PERIODS = {"month": ("月", "Month"), "quarter": ("季度", "Quarter"), "year": ("年", "Year")}
PAY_PERIODS = {**PERIODS, "ytd": ("年初至今（按月补差）", "Year to date, trued up monthly")}
SECOND_MEASURES = {
    "attainment": ("完成率", "Attainment"),
    "margin_rate": ("毛利率", "Gross margin rate"),
    "collection_rate": ("回款率", "Collection rate"),
}
CREDIT_KINDS = {"split": ("分成", "Split"), "overlay": ("叠加", "Overlay")}
CLAWBACK_MODES = {"full": ("全额扣回", "Full"), "pro_rata": ("按比例扣回", "Pro rata")}


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
    period: str = column("结算周期", "Period", "choice", choices=PAY_PERIODS, required=True)
    second_measure: str = column(
        "第二指标", "Second measure", "choice", choices=SECOND_MEASURES, default=""
    )
    target_pay_amount: int | None = column(
        "达标提成", "Pay at target", "money", minimum=0, default=None
    )
    cap_amount: int | None = column("周期封顶", "Cap a period", "money", minimum=0, default=None)
    floor_amount: int | None = column(
        "周期保底", "Guarantee a period", "money", minimum=0, default=None
    )
    line_cap_amount: int | None = column("单笔封顶", "Cap a line", "money", minimum=0, default=None)
    product_line: str = column(
        "限产品线", "Only product line", "ref", ref="product_lines", default=""
    )
    region: str = column("限区域", "Only region", "ref", ref="regions", default="")
    channel: str = column("限渠道", "Only channel", "text", default="")
    customer_source: str = column("限客户来源", "Only customer source", "text", default="")
    note: str = column("备注", "Note", "text", default="")


@dataclass(frozen=True, kw_only=True)
class CommissionTier:
    """Lower bound only: tier k covers ``[threshold_k, threshold_k+1)``.

    With measure "amount" the threshold is money in major units (exact decimal),
    with measure "attainment" a fraction of quota. A matrix has a row a cell: the bounds of
    both measures and its rate. An interpolated plan has points: the attainment, and which
    part of the plan's pay at target it earns (1.5 is 150 %).
    """

    plan: str = column("方案编号", "Plan ID", "ref", ref="commission_plans", required=True)
    effective_from: date = column("生效日期", "Effective from", "date", required=True)
    threshold: Decimal = column("起点", "Threshold", "number", required=True, minimum=0)
    rate: Decimal = column("提成比例", "Rate", "share", required=True, minimum=0, maximum=100)
    second_threshold: Decimal | None = column(
        "第二指标起点", "Second threshold", "number", minimum=0, default=None
    )


@dataclass(frozen=True, kw_only=True)
class PlanTerm:
    """Who has which plan from when to when, beside the one named with the person.

    Exactly one of person and role is filled; the person's own term goes before the role's.
    """

    person: str = column("人员", "Person", "ref", ref="people", default="")
    role: str = column("岗位", "Role", "ref", ref="roles", default="")
    plan: str = column("提成方案", "Commission plan", "ref", ref="commission_plans", required=True)
    from_date: date = column("开始日期", "From", "date", required=True)
    to_date: date | None = column("结束日期", "To", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class CreditShare:
    """Whose credit a line is when not the seller's alone.

    Shares of kind "split" replace the seller's and sum to 1 for an order or customer; an
    "overlay" is credit beyond that, for somebody who helped.
    """

    order: str = column("订单号", "Order number", "text", default="")
    customer: str = column("客户", "Customer", "ref", ref="customers", default="")
    person: str = column("人员", "Person", "ref", ref="people", required=True)
    kind: str = column("方式", "Kind of credit", "choice", choices=CREDIT_KINDS, required=True)
    credit_share: Decimal = column(
        "分成比例", "Share of credit", "share", required=True, minimum=0, maximum=1
    )
    from_date: date | None = column("开始日期", "From", "date", default=None)
    to_date: date | None = column("结束日期", "To", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Override:
    """What a manager earns on the credit of the people who report to them, at any depth."""

    manager: str = column("经理", "Manager", "ref", ref="people", required=True)
    base: str = column("提成基数", "Base", "choice", choices=BASES, required=True)
    override_rate: Decimal = column(
        "管理提成比例", "Override rate", "share", required=True, minimum=0, maximum=1
    )
    from_date: date = column("开始日期", "From", "date", required=True)
    to_date: date | None = column("结束日期", "To", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Draw:
    """An advance on commission each month; a recoverable one is taken back from later pay."""

    person: str = column("人员", "Person", "ref", ref="people", required=True)
    draw_amount: int = column("每月预支", "Draw a month", "money", required=True, minimum=0)
    recoverable: str = column("可追回", "Recoverable", "choice", choices=YES_NO, required=True)
    opening_amount: int = column("期初余额", "Opening balance", "money", minimum=0, default=0)
    from_date: date = column("开始日期", "From", "date", required=True)
    to_date: date | None = column("结束日期", "To", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Holdback:
    """The part of a period's commission that is kept and paid a number of months later."""

    plan: str = column("提成方案", "Commission plan", "ref", ref="commission_plans", required=True)
    holdback_share: Decimal = column(
        "留存比例", "Held part", "share", required=True, minimum=0, maximum=1
    )
    release_months: int = column(
        "几个月后发放", "Released after months", "int", required=True, minimum=1, maximum=60
    )
    from_date: date = column("开始日期", "From", "date", required=True)
    to_date: date | None = column("结束日期", "To", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Clawback:
    """What a return takes back of the commission once paid on its sale."""

    plan: str = column("提成方案", "Commission plan", "ref", ref="commission_plans", required=True)
    mode: str = column("扣回方式", "Mode", "choice", choices=CLAWBACK_MODES, required=True)
    age_months: int | None = column(
        "几个月内有效", "Within months", "int", minimum=0, maximum=120, default=None
    )


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """A correction by hand; it always has a reason."""

    person: str = column("人员", "Person", "ref", ref="people", required=True)
    pay_date: date = column("记入日期", "Counts on", "date", required=True)
    adjustment_amount: Decimal = column("调整金额", "Adjustment", "number", required=True)
    reason: str = column("原因", "Reason", "text", required=True)
