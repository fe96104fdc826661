"""The breakdown of a plan: a small one by hand, random ones by their sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesxl.errors import SalesxlError
from salesxl.plan.model import (
    Assignment,
    MonthWeight,
    Person,
    Plan,
    ProductLine,
    Ramp,
    Region,
    Role,
    Settings,
    TargetLock,
)  # fmt: skip
from salesxl.plan.targets import VACANT, Targets, breakdown, fiscal_months

SETTINGS = Settings(
    company="示例", currency="CNY", year=2026, annual_target_amount=120_000,
    rounding_unit_amount=100, fiscal_year_first_month=4,
)  # fmt: skip
PLAN = Plan(
    settings=SETTINGS,
    regions=(
        Region(id="CN", name="全国"),
        Region(id="E", name="华东", parent="CN", history_amount=3),
        Region(id="N", name="华北", parent="CN", history_amount=1),
    ),
    product_lines=(
        ProductLine(id="A", name="设备", history_amount=1),
        ProductLine(id="B", name="服务", potential_amount=0, history_amount=1),
    ),
    month_weights=(
        MonthWeight(month=4, weight=Decimal(1)),
        MonthWeight(month=3, weight=Decimal(2)),
    ),
    roles=(
        Role(id="rep", name="销售代表", kind="rep"),
        Role(id="aid", name="销售助理", kind="assistant", carries_quota="no"),
    ),
    people=(
        Person(id="p1", name="周一", role="rep", region="N"),
        Person(id="p2", name="吴二", role="rep", region="E", quota_weight=Decimal(3)),
        Person(id="p3", name="郑三", role="rep", region="E", joined_date=date(2027, 3, 31)),
        Person(id="p4", name="王四", role="aid", region="E"),
        Person(id="p5", name="冯五", role="rep", region="N", left_date=date(2026, 3, 31)),
    ),
    assignments=(Assignment(person="p1", region="E", quota_weight=Decimal(4)),),
)


def test_by_hand() -> None:
    targets = breakdown(PLAN)
    assert targets.months[0] == date(2026, 4, 1) and targets.months[11] == date(2027, 3, 1)
    assert targets.scale == 10**9
    assert targets.region_parts == (750_000_000, 250_000_000)
    assert targets.region_amounts == (90_000, 30_000)
    assert targets.month_parts == (333_333_333, *[0] * 10, 666_666_667)
    east = targets.of("E")
    assert east.products == (45_000, 45_000)
    assert east.months[0] == (15_000, *[0] * 10, 30_000)
    # Home people before those assigned; p3 joins on the last day of the last month.
    assert east.members == ("p2", "p3", "p1")
    assert east.member_parts[0] == (375_000,) * 12
    # One of March's 31 days is 0.0323 of the month: 125,000 × 0.0323 = 4,037.5, half up.
    assert east.member_parts[1] == (0,) * 11 + (4_038,)
    # April: 150 units by 3 : 4 are 64.29 and 85.71. March: 300 units by 375,000 : 4,038 :
    # 500,000 are 127.98, 1.38 and 170.64.
    assert [row[0] for row in east.quotas[0]] == [6_400, 0, 8_600]
    assert [row[11] for row in east.quotas[0]] == [12_800, 100, 17_100]
    assert targets.of("N").members == ("p1",)  # p5 left the day before the year began


def test_months_without_anybody_are_vacant() -> None:
    people = (replace(PLAN.people[0], joined_date=date(2026, 5, 2)),)
    north = breakdown(replace(PLAN, people=people, assignments=())).of("N")
    assert north.members == ("p1", VACANT)
    assert north.member_parts[1] == (1_000_000,) + (0,) * 11
    assert north.quotas[0][1][0] == north.months[0][0] > 0


def test_locks_and_odd_parts() -> None:
    regions = (replace(PLAN.regions[1], locked_amount=70_033), PLAN.regions[2])
    targets = breakdown(replace(PLAN, regions=regions))
    assert targets.region_amounts == (70_033, 49_967)
    check_sums(targets)


def test_locks_of_months_and_people() -> None:
    """East · A is 45,000: 12,000 stay in April, March takes the rest, p1 keeps 20,000 of it."""
    rows = (
        TargetLock(region="E", product_line="A", month=4, locked_amount=12_000),
        TargetLock(region="E", product_line="A", month=3, person="p1", locked_amount=20_000),
    )
    targets = breakdown(replace(PLAN, target_locks=rows))
    east = targets.of("E")
    assert east.months[0] == (12_000, *[0] * 10, 33_000)
    assert east.months[1] == (15_000, *[0] * 10, 30_000)
    assert east.month_locks[0] == (12_000, *[None] * 11)
    # 130 units by 375,000 : 4,038 are 128.62 and 1.38.
    assert [row[11] for row in east.quotas[0]] == [12_900, 100, 20_000]
    check_sums(targets)


def test_bounds_of_regions_and_lines() -> None:
    """By weight 90,000 and 30,000; the north takes at least 40,000, line A at most 45 %."""
    regions = (PLAN.regions[1], replace(PLAN.regions[2], minimum_amount=40_000))
    products = (
        replace(PLAN.product_lines[0], maximum_share=Decimal("0.45")),
        PLAN.product_lines[1],
    )
    targets = breakdown(replace(PLAN, regions=regions, product_lines=products))
    assert targets.region_amounts == (80_000, 40_000)
    assert targets.product_amounts == (54_000, 66_000)
    check_sums(targets)


def test_bounds_that_leave_no_answer_name_column_and_row() -> None:
    regions = (replace(PLAN.regions[1], maximum_amount=50_000),
               replace(PLAN.regions[2], maximum_amount=60_000))  # fmt: skip
    with pytest.raises(SalesxlError) as caught:
        breakdown(replace(PLAN, regions=regions))
    said = caught.value.problems[0].say("en")
    assert "regions!maximum_amount" in said and "1100" in said and "1200" in said


def test_a_locked_cell_of_the_grid() -> None:
    """East is 90,000, A is 60,000: with 50,000 in East · A the north keeps 10,000 of A."""
    row = TargetLock(region="E", product_line="A", locked_amount=50_000)
    targets = breakdown(replace(PLAN, target_locks=(row,)))
    assert targets.of("E").products == (50_000, 40_000)
    assert targets.of("N").products == (10_000, 20_000)
    check_sums(targets)


def test_the_method_named_in_the_settings() -> None:
    """Weights 67 : 25 : 8 for 5 units: remainders give 3, 1, 1; divisors 1, 3, 5 … 4, 1, 0."""
    rows = [("X", 67), ("Y", 25), ("Z", 8)]
    regions = tuple(Region(id=name, name=name, history_amount=part) for name, part in rows)
    for method, units in (("largest_remainder", (3, 1, 1)), ("sainte_lague", (4, 1, 0))):
        setting = replace(SETTINGS, annual_target_amount=500, split_method=method)
        plan = Plan(settings=setting, regions=regions, product_lines=PLAN.product_lines[:1],
                    month_weights=PLAN.month_weights)  # fmt: skip
        assert breakdown(plan).region_amounts == tuple(100 * count for count in units)


def test_a_lock_over_its_target_names_its_place() -> None:
    row = TargetLock(region="E", product_line="A", month=4, locked_amount=45_001)
    with pytest.raises(SalesxlError) as caught:
        breakdown(replace(PLAN, target_locks=(row,)))
    said = caught.value.problems[0].say("zh")
    assert "target_locks" in said and "华东 · 设备" in said and "450.01" in said


def test_a_move_and_a_ramp_count_by_days() -> None:
    """p2 leaves the north for the east on 16 June; p3 starts there on 1 May at a quarter."""
    people = (
        replace(PLAN.people[1], region_since=date(2026, 6, 16)),
        Person(id="p3", name="郑三", role="rep", region="E", joined_date=date(2026, 5, 1)),
    )
    away = Assignment(person="p2", region="N", quota_weight=Decimal(3), to_date=date(2026, 6, 15))
    ramps = (
        Ramp(role="rep", service_month=1, quota_share=Decimal("0.25")),
        Ramp(role="rep", service_month=2, quota_share=Decimal("0.5")),
    )
    targets = breakdown(replace(PLAN, people=people, assignments=(away,), ramps=ramps))
    east, north = targets.of("E"), targets.of("N")
    assert east.members == ("p2", "p3", VACANT) and north.members == ("p2", VACANT)
    assert east.member_presence[0] == (0, 0, 5_000, *[10_000] * 9)
    assert east.member_presence[1] == (0, 2_500, 5_000, *[10_000] * 9)
    assert east.member_presence[2] == (10_000, *[0] * 11)
    assert north.member_presence[0] == (10_000, 10_000, 5_000, *[0] * 9)


def test_a_column_of_zeros_leaves_the_other() -> None:
    regions = tuple(replace(r, history_amount=0, potential_amount=1) for r in PLAN.regions)
    assert breakdown(replace(PLAN, regions=regions)).region_amounts == (60_000, 60_000)


def test_everything_wrong_is_said_at_once() -> None:
    regions = (replace(PLAN.regions[1], locked_amount=120_001), PLAN.regions[2])
    products = tuple(replace(line, history_amount=0) for line in PLAN.product_lines)
    with pytest.raises(SalesxlError) as caught:
        breakdown(replace(PLAN, regions=regions, product_lines=products, month_weights=()))
    problems = caught.value.problems
    assert [problem.code for problem in problems] == [
        "plan.weights_all_zero", "core.locked_over", "plan.weights_all_zero",
    ]  # fmt: skip
    assert "1200.01" in problems[1].say("en") and "华东" in problems[1].say("zh")


def test_fiscal_months_in_the_calendar_year() -> None:
    assert fiscal_months(2026, 1)[11] == date(2026, 12, 1)


def check_sums(targets: Targets) -> None:
    assert sum(targets.region_amounts) == sum(targets.product_amounts) == targets.total
    for index, product_amount in enumerate(targets.product_amounts):
        assert sum(region.products[index] for region in targets.regions) == product_amount
    for region, amount in zip(targets.regions, targets.region_amounts, strict=True):
        assert region.amount == amount == sum(region.products)
        for product, months, quotas in zip(
            region.products, region.months, region.quotas, strict=True
        ):
            assert sum(months) == product
            assert [sum(month) for month in zip(*quotas, strict=True)] == list(months)
            for parts, quota in zip(region.member_parts, quotas, strict=True):
                assert all(part or not share for part, share in zip(parts, quota, strict=True))


amounts = st.integers(0, 10**9)
dates = st.one_of(st.none(), st.dates(date(2025, 6, 1), date(2027, 6, 1)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    total = draw(st.integers(0, 10**11))
    regions = [
        Region(id=f"r{i}", name=f"R{i}", history_amount=draw(amounts), potential_amount=1,
               locked_amount=draw(st.one_of(st.none(), st.integers(0, total // 9))) if i else None)
        for i in range(draw(st.integers(1, 5)))
    ]  # fmt: skip
    products = [
        ProductLine(id=f"l{i}", name=f"L{i}", history_amount=draw(amounts), potential_amount=1)
        for i in range(draw(st.integers(1, 4)))
    ]
    people = [
        Person(id=f"p{i}", name=f"P{i}", role="rep", region=draw(st.sampled_from(regions)).id,
               joined_date=draw(dates), left_date=draw(dates),
               quota_weight=Decimal(draw(st.integers(0, 5))))
        for i in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    weights = draw(st.lists(st.integers(0, 9), min_size=12, max_size=12).filter(any))
    return Plan(
        settings=replace(
            SETTINGS, annual_target_amount=total, potential_share=Decimal("0.3"),
            rounding_unit_amount=draw(st.sampled_from([1, 100, 1_000_000])),
            fiscal_year_first_month=draw(st.integers(1, 12)),
        ),
        regions=tuple(regions), product_lines=tuple(products), people=tuple(people),
        roles=PLAN.roles,
        month_weights=tuple(
            MonthWeight(month=m, weight=Decimal(w)) for m, w in enumerate(weights, 1)
        ),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(plans())
def test_random_plans_add_up(plan: Plan) -> None:
    check_sums(breakdown(plan))
