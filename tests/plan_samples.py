"""A plan that uses every table and every kind of value, for the tests of reading and writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from salesxl.plan.model import (
    Assignment,
    Bonus,
    CalendarDay,
    CommissionPlan,
    CommissionTier,
    Customer,
    KeyAccount,
    MonthWeight,
    Partner,
    Person,
    Plan,
    ProductLine,
    Prospect,
    Ramp,
    Region,
    SalesYear,
    Settings,
    SkillLevel,
    TargetLock,
)
from salesxl.plan.starter import starter
from salesxl.texts import Lang


def rich_plan(lang: Lang) -> Plan:
    """Two people share a name, ids look like numbers, texts look like formulas."""
    rows = starter(lang)
    bonus: Bonus = replace(
        rows["bonuses"][2], bonus_amount=500_050, bonus_rate=Decimal("0.015"), bonus_base="excess"
    )
    return Plan(
        settings=Settings(
            company="Example & Söhne <示例>", currency="CNY", year=2027,
            annual_target_amount=1_234_567_800, rounding_unit_amount=10_000,
            fiscal_year_first_month=4, potential_share=Decimal("0.125"),
            growth_rate=Decimal("0.12"), language=lang, plan_version="1.10",
            as_of_date=date(2026, 12, 31), vat_included=True, split_method="sainte_lague",
            remaining="spread", spread_months=2, region_hedge_rate=Decimal("0.05"),
            bottom_up_share=Decimal("0.25"), market_amount=9_000_000_000,
            productivity_amount=300_000_000, visits_per_day=6,
        ),
        regions=(
            Region(id="0", name="公司"),
            Region(id="1001", name="华东", parent="0", history_amount=123_456_789),
            Region(id="1002", name="North", parent="0", history_amount=1,
                   potential_amount=5, locked_amount=700_000_00, minimum_amount=1,
                   maximum_amount=800_000_00, proposal_amount=650_000_00),
        ),
        target_locks=(
            TargetLock(region="1001", product_line="P1", locked_amount=1_000_000),
            TargetLock(region="1001", product_line="P2", month=5, person="E2",
                       locked_amount=20_000, note="May fair"),
        ),
        sales_years=(SalesYear(sales_year=2025, sales_amount=99), SalesYear(
            sales_year=2026, sales_amount=1_000_000_000)),
        ramps=(Ramp(role="rep", service_month=1, quota_share=Decimal("0.25")),),
        product_lines=(
            ProductLine(id="P1", name="=1+1", history_amount=10, potential_amount=3),
            ProductLine(id="P2", name="1234", history_amount=20, minimum_share=Decimal("0.1"),
                        maximum_share=Decimal("0.6"), note="a\nb"),
        ),
        month_weights=tuple(
            MonthWeight(month=m, weight=Decimal(80 + m) / 1000) for m in range(1, 13)
        ),
        people=(
            Person(id="E1", name="王芳", role="manager", region="0", quota_weight=Decimal(0)),
            Person(id="E2", name="Li", role="rep", region="1001", manager="E1",
                   joined_date=date(2024, 2, 29), commission_plan="std"),
            Person(id="E3", name="Li", role="rep", region="1002", manager="E2",
                   joined_date=date(2020, 1, 1), left_date=date(2026, 6, 30),
                   quota_weight=Decimal("0.5"), commission_plan="example", note="TRUE"),
            Person(id="Li2", name="E1", role="assistant", region="1002", manager="E3"),
        ),
        assignments=(Assignment(person="E2", region="1002", quota_weight=Decimal("0.25")),),
        commission_plans=(
            *rows["commission_plans"],
            CommissionPlan(id="std", name="标准", effective_from=date(2026, 1, 1),
                           effective_to=date(2026, 12, 31), base="collected",
                           kind="whole_amount", measure="attainment", period="quarter"),
            CommissionPlan(id="std", name="标准", effective_from=date(2027, 1, 1),
                           base="margin", kind="marginal", measure="attainment", period="month"),
        ),
        commission_tiers=(
            *rows["commission_tiers"],
            *(
                CommissionTier(plan="std", effective_from=date(year, 1, 1),
                               threshold=Decimal(t), rate=Decimal(r))
                for year in (2026, 2027)
                for t, r in (("0", "0"), ("0.8", "0.0125"), ("1", "0.03"))
            ),
        ),
        bonuses=(*rows["bonuses"][:2], bonus),
        honours=rows["honours"], roles=rows["roles"], duties=rows["duties"],
        prospects=(
            Prospect(id="0007", name="N", region="1001", stage="proposal", owner="E3",
                     expected_amount=99, win_rate=Decimal("0.333"), due_date=date(2027, 3, 5)),
        ),
        customers=(
            Customer(id="C1", name="甲公司", region="1001", owner="E2", grade="A",
                     visits_per_year=12, satisfaction=Decimal("4.5"), channel="门店"),
        ),
        key_accounts=(KeyAccount(customer="C1", owner="E1", reason="#N/A"),),
        visit_rules=rows["visit_rules"],
        calendar_days=(
            CalendarDay(day=date(2027, 10, 1), kind="holiday", name="国庆节"),
            CalendarDay(day=date(2027, 10, 9), kind="workday"),
        ),
        channels=rows["channels"], partner_criteria=rows["partner_criteria"],
        partners=(
            Partner(id="D1", name="乙", region="1002", reputation=Decimal(5),
                    strength=Decimal("3.5"), market_share=Decimal(1), willingness=Decimal(4)),
        ),
        courses=rows["courses"], career_levels=rows["career_levels"],
        kpis=rows["kpis"], responsibilities=rows["responsibilities"],
        source_plans=rows["source_plans"], skills=rows["skills"],
        level_skills=rows["level_skills"],
        skill_levels=(SkillLevel(person="E2", skill=rows["skills"][0].id, level=3),),
        data_sources=rows["data_sources"],
    )  # fmt: skip
