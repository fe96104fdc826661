"""Notes on what a plan pays and whom: cliffs, caps, people without a plan or with two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pay_faults import POOL, TERM, found, tiers, version, with_plan
from plan_samples import rich_plan

from salesxl.plan.check_pay_days import cut, meet, pieces, union
from salesxl.plan.model import CommissionTier, Plan


def test_days_are_joined_and_cut() -> None:
    def may(first: int, last: int) -> tuple[date, date]:
        return date(2027, 5, first), date(2027, 5, last)

    assert union([may(11, 20), may(1, 10), may(22, 23)]) == [may(1, 20), may(22, 23)]
    assert cut([may(1, 31)], [may(1, 3), may(10, 12)]) == [may(4, 9), may(13, 31)]
    assert meet([may(1, 10)], [may(10, 12), may(5, 6)]) == [may(5, 6), may(10, 10)]
    assert pieces([may(1, 10), may(5, 20)]) == [may(1, 4), may(5, 10), may(11, 20)]
    assert pieces([may(1, 2), may(5, 6)]) == [may(1, 2), may(5, 6)]
    assert pieces([]) == []


def said(plan: Plan, folder: Path, code: str) -> str:
    (line,) = [p.say("en") for p in found(plan, folder) if p.code == code]
    return line


def test_cliffs_are_told_in_money(tmp_path: Path) -> None:
    plan = with_plan(version(kind="whole_amount"), ("0", "0.04"), ("1000000", "0.06"))
    line = said(plan, tmp_path, "plan.cliffs")
    # 1,000,000 × 6 % = 60,000 against 40,000 just below
    assert line.startswith("Commission tiers!D19: ")
    assert "reaching 1,000,000 pays 20,000 more" in line


def test_cliffs_stop_at_the_cap_and_start_at_the_guarantee(tmp_path: Path) -> None:
    rows = ("100000", "0.02"), ("1000000", "0.06")
    plan = with_plan(version(kind="whole_amount", cap_amount=30_000_00, floor_amount=500_00), *rows)
    line = said(plan, tmp_path, "plan.cliffs")
    # at 100,000: 2,000 instead of the guarantee of 500; at 1,000,000: the cap instead of 20,000
    assert "reaching 100,000 pays 1,500 more; reaching 1,000,000 pays 10,000 more" in line


def test_cliffs_by_attainment_are_parts_of_the_quota(tmp_path: Path) -> None:
    plan = with_plan(
        version(kind="whole_amount", measure="attainment"), ("0", "0"), ("0.8", "0.004"),
        ("1", "0.007"),
    )  # fmt: skip
    line = said(plan, tmp_path, "plan.cliffs")
    assert "reaching 80 % pays 0.32 % of the quota more (320 per 100,000 of quota)" in line
    assert "reaching 100 % pays 0.3 % of the quota more (300 per 100,000 of quota)" in line


def test_a_matrix_has_cliffs_too(tmp_path: Path) -> None:
    plan = with_plan(
        version(kind="matrix", second_measure="margin_rate"), ("0", "0.01", "0"),
        ("0", "0.02", "0.3"), ("5000", "0.02", "0"), ("5000", "0.04", "0.3"),
    )  # fmt: skip
    # 5,000 × (4 % − 2 %) with a good margin, 5,000 × 1 % with a poor one: the worse is told
    assert "reaching 5,000 pays 100 more" in said(plan, tmp_path, "plan.cliffs")


def test_a_curve_that_starts_above_nothing_has_a_cliff(tmp_path: Path) -> None:
    row = version(kind="interpolated", measure="attainment", target_pay_amount=10_000_00)
    plan = with_plan(row, ("0.5", "0.2"), ("1", "1"))
    assert "reaching 50 % pays 2,000 more" in said(plan, tmp_path, "plan.cliffs")
    smooth = with_plan(row, ("0.5", "0"), ("1", "1"))
    assert found(smooth, tmp_path) == []


def test_pay_that_falls_is_told_apart(tmp_path: Path) -> None:
    plan = with_plan(version(kind="whole_amount"), ("0", "0.05"), ("1000", "0.03"))
    assert "reaching 1,000 pays 20 less" in said(plan, tmp_path, "plan.pay_falls")
    marginal = with_plan(version(), ("0", "0.05"), ("1000", "0.03"))  # a decelerator, no fall
    assert found(marginal, tmp_path) == []


@pytest.mark.parametrize(("cap", "told"), [(11_000_00, True), (11_000_01, False)])
def test_a_cap_reached_before_a_tier(tmp_path: Path, cap: int, told: bool) -> None:
    # 500,000 × 1 % + 300,000 × 2 % = 11,000 when the tier from 800,000 begins
    rows = ("0", "0.01"), ("500000", "0.02"), ("800000", "0.03")
    lines = found(with_plan(version(cap_amount=cap), *rows), tmp_path)
    wanted = [("plan.cap_before_tier", "Commission tiers!E20")] if told else []
    assert [(p.code, p.where) for p in lines] == wanted


def test_a_cap_before_an_accelerator_by_attainment(tmp_path: Path) -> None:
    # 12,345,678 a year for E2 and E3: 514,403.25 each a month. At 100 % the plan pays 1 % of it;
    # a cap of 5,000 is reached with a quota of 500,000, one of 5,200 with 520,000.
    rows = ("0", "0.01"), ("1", "0.02")
    row = version(measure="attainment", cap_amount=5_000_00)
    line = said(with_plan(row, *rows), tmp_path, "plan.cap_before_attainment")
    assert "quota of 500,000" in line and "514,403.25" in line
    assert found(with_plan(replace(row, cap_amount=5_200_00), *rows), tmp_path) == []


def test_limits_keep_two_plans_apart(tmp_path: Path) -> None:
    def two(first: dict[str, str], second: dict[str, str]) -> list[str]:
        plan = with_plan(version(**first), ("0", "0.01"))
        plan = replace(
            plan,
            commission_plans=(*plan.commission_plans, version(id="Y", **second)),
            commission_tiers=(*plan.commission_tiers, *tiers(("0", "0.01"), plan="Y")),
            plan_terms=(replace(TERM, plan="X"), replace(TERM, plan="Y")),
        )
        return [f"{p.severity} {p.code}" for p in found(plan, tmp_path)]

    assert two({"product_line": "P1"}, {"product_line": "P2"}) == []
    assert two({"product_line": "P1"}, {}) == []  # the one with more limits goes first
    assert two({"region": "1001"}, {"region": "1002"}) == []
    assert two({"region": "0"}, {"region": "1002"}) == ["warning plan.plans_may_meet"]
    assert two({"product_line": "P1"}, {"channel": "Web"}) == ["warning plan.plans_may_meet"]
    assert two({"channel": "Web"}, {"channel": "web "}) == ["warning plan.plans_may_meet"]
    assert two({"product_line": "P1"}, {"product_line": "P1"}) == ["error plan.two_plans"]


def without_plan(**terms: Any) -> Plan:
    plan = rich_plan("en")
    people = tuple(replace(p, commission_plan="") if p.id == "E2" else p for p in plan.people)
    return replace(plan, people=people, **terms)


def test_people_without_a_plan(tmp_path: Path) -> None:
    (line,) = found(without_plan(), tmp_path)
    assert (line.code, line.where) == ("plan.person_without_plan", "People!J10")
    # a term of the person or of the role is a plan too
    assert found(without_plan(plan_terms=(TERM,)), tmp_path) == []
    assert found(without_plan(plan_terms=(replace(TERM, person="", role="rep"),)), tmp_path) == []


def test_days_without_a_plan(tmp_path: Path) -> None:
    term = replace(TERM, from_date=date(2027, 6, 1), to_date=date(2027, 12, 31))
    (line,) = found(without_plan(plan_terms=(term,)), tmp_path)
    assert (line.code, line.where) == ("plan.person_plan_gap", "People!J10")
    assert "from 2027-04-01 to 2027-05-31, from 2028-01-01 to 2028-03-31" in line.say("en")


def test_a_plan_that_starts_late_is_one_line(tmp_path: Path) -> None:
    plan = with_plan(version(effective_from=date(2027, 7, 1)))
    plan = replace(
        plan,
        commission_tiers=(*plan.commission_tiers, CommissionTier(
            plan="X", effective_from=date(2027, 7, 1), threshold=Decimal(0), rate=Decimal(0))),
        people=tuple(replace(p, commission_plan="X", left_date=None) for p in plan.people),
    )  # fmt: skip
    lines = found(plan, tmp_path)
    assert [(p.code, p.where) for p in lines] == [
        ("plan.plan_not_in_force", "Commission plans!D12")
    ]
    assert "(2)" in lines[0].say("en") and "from 2027-04-01 to 2027-06-30" in lines[0].say("en")


def test_attainment_without_a_quota(tmp_path: Path) -> None:
    plan = rich_plan("en")
    people = tuple(replace(p, commission_plan="std") if p.id == "E1" else p for p in plan.people)
    (line,) = found(replace(plan, people=people), tmp_path)
    assert (line.code, line.where) == ("plan.attainment_without_quota", "People!J9")


def test_a_pool_nobody_shares(tmp_path: Path) -> None:
    plan = rich_plan("en")
    regions = (*plan.regions, replace(plan.regions[1], id="1003", name="West"))
    (line,) = found(
        replace(plan, regions=regions, team_pools=(replace(POOL, region="1003"),)), tmp_path
    )
    assert (line.code, line.where) == ("plan.pool_without_team", "Team pools!B9")
