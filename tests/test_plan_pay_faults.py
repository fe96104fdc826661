"""Faults of pay planted in a plan workbook: one fault, one line, at its sheet and cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from plan_samples import rich_plan

from salesxl.cli.main import main
from salesxl.errors import Problem
from salesxl.plan.check_pay_days import cut, meet, pieces, union
from salesxl.plan.model import (
    Adjustment,
    Bonus,
    Clawback,
    CommissionPlan,
    CommissionTier,
    CreditShare,
    Draw,
    Holdback,
    Override,
    Plan,
    PlanTerm,
    Spiff,
    TeamPool,
)
from salesxl.plan.read import check_file
from salesxl.sheets.plan_book import write_plan

START = date(2027, 4, 1)  # the plan's fiscal year: 2027-04-01 to 2028-03-31
# What the plan without a fault is told: potential is empty, and its whole-amount plan has cliffs.
USUAL = {"plan.weights_one_zero", "plan.cliffs"}


def version(**more: Any) -> CommissionPlan:
    values: dict[str, Any] = {
        "id": "X", "name": "X", "effective_from": START, "base": "amount", "kind": "marginal",
        "measure": "amount", "period": "month",
    }  # fmt: skip
    return CommissionPlan(**{**values, **more})


def tiers(*rows: tuple[str, ...], plan: str = "X") -> tuple[CommissionTier, ...]:
    return tuple(
        CommissionTier(
            plan=plan, effective_from=START, threshold=Decimal(row[0]), rate=Decimal(row[1]),
            second_threshold=Decimal(row[2]) if len(row) > 2 else None,
        )
        for row in rows
    )  # fmt: skip


def with_plan(row: CommissionPlan, *rows: tuple[str, ...]) -> Plan:
    """The sample with one more commission plan; its row is 12, its first tier 18."""
    plan = rich_plan("en")
    return replace(
        plan,
        commission_plans=(*plan.commission_plans, row),
        commission_tiers=(*plan.commission_tiers, *tiers(*rows)),
    )


def with_rows(**tables: tuple[Any, ...]) -> Plan:
    return replace(rich_plan("en"), **tables)


def found(plan: Plan, folder: Path) -> list[Problem]:
    """What checking the plan's workbook finds beyond the usual."""
    path = folder / "plan.xlsx"
    write_plan(plan, path, "en")
    return [
        problem for problem in check_file(path)[1]
        if problem.code not in USUAL or "plan X" in problem.say("en")
    ]  # fmt: skip


TERM = PlanTerm(person="E2", plan="std", from_date=START)
SHARE = CreditShare(order="SO-1", person="E2", kind="split", credit_share=Decimal(1))
DRAW = Draw(person="E2", draw_amount=100, recoverable="yes", from_date=START)
HELD = Holdback(plan="std", holdback_share=Decimal("0.1"), release_months=3, from_date=START)
OVER = Override(manager="E1", base="amount", override_rate=Decimal("0.01"), from_date=START)
EXTRA = Spiff(
    id="S1", name="S", product_line="P1", spiff_amount=500, from_date=START,
    to_date=date(2027, 6, 30),
)  # fmt: skip
POOL = TeamPool(region="1001", period="quarter", pool_rate=Decimal("0.01"), from_date=START)
BONUS = Bonus(id="N", name="N", kind="other", period="year", bonus_amount=100)
ADDED = Adjustment(person="E2", pay_date=START, adjustment_amount=Decimal(5), reason="R")
MARGIN = {"kind": "matrix", "second_measure": "margin_rate"}

CASES: dict[str, tuple[Plan, str, str]] = {
    # a version's own row
    "cap zero": (with_plan(version(cap_amount=0), ("0", "0.01")),
                 "error plan.cap_zero", "Commission plans!L12"),
    "line cap zero": (with_plan(version(line_cap_amount=0), ("0", "0.01")),
                      "error plan.cap_zero", "Commission plans!N12"),
    "guarantee over cap": (
        with_plan(version(cap_amount=100, floor_amount=101), ("0", "0.01")),
        "error plan.floor_over_cap", "Commission plans!M12"),
    "matrix without second": (
        with_plan(version(kind="matrix"), ("0", "0.01", "0")),
        "error plan.matrix_without_second", "Commission plans!J12"),
    "matrix twice attainment": (
        with_plan(version(kind="matrix", measure="attainment", second_measure="attainment"),
                  ("0", "0.01", "0")),
        "error plan.matrix_same_measure", "Commission plans!J12"),
    "second measure elsewhere": (
        with_plan(version(second_measure="margin_rate"), ("0", "0.01")),
        "warning plan.only_for_kind", "Commission plans!J12"),
    "curve without pay at target": (
        with_plan(version(kind="interpolated"), ("0", "0"), ("1", "1")),
        "error plan.curve_without_target", "Commission plans!K12"),
    "pay at target elsewhere": (
        with_plan(version(target_pay_amount=5), ("0", "0.01")),
        "warning plan.only_for_kind", "Commission plans!K12"),
    # tiers
    "rate typed as percent": (with_plan(version(), ("0", "8")),
                              "error plan.share_as_percent", "Commission tiers!E18"),
    "rate of 80 %": (with_plan(version(), ("0", "0.8")),
                     "warning plan.rate_very_high", "Commission tiers!E18"),
    "payout typed as percent": (
        with_plan(version(kind="interpolated", target_pay_amount=100), ("0", "0"), ("1", "100")),
        "error plan.share_as_percent", "Commission tiers!E19"),
    "descending": (with_plan(version(), ("0", "0.01"), ("500", "0.02"), ("400", "0.03")),
                   "error plan.tiers_not_rising", "Commission tiers!D20"),
    "overlap": (with_plan(version(), ("0", "0.01"), ("500", "0.02"), ("500", "0.03")),
                "error plan.tiers_not_rising", "Commission tiers!D20"),
    "gap below the first": (with_plan(version(), ("100", "0.01")),
                            "warning plan.first_threshold", "Commission tiers!D18"),
    "flat with two tiers": (with_plan(version(kind="flat"), ("0", "0.01"), ("5", "0.02")),
                            "error plan.flat_with_tiers", "Commission tiers!D19"),
    "flat from a threshold": (with_plan(version(kind="flat"), ("100", "0.01")),
                              "error plan.flat_from_threshold", "Commission tiers!D18"),
    "curve of one point": (
        with_plan(version(kind="interpolated", target_pay_amount=100), ("0", "1")),
        "warning plan.curve_one_point", "Commission tiers!D18"),
    "second threshold elsewhere": (with_plan(version(), ("0", "0.01", "0.2")),
                                   "warning plan.only_for_kind", "Commission tiers!F18"),
    "matrix cell open": (with_plan(version(**MARGIN), ("0", "0.01", "0"), ("0", "0.02")),
                         "error plan.matrix_cell_open", "Commission tiers!F19"),
    "matrix cell twice": (with_plan(version(**MARGIN), ("0", "0.01", "0"), ("0", "0.02", "0")),
                          "error plan.row_twice", "Commission tiers!D19"),
    "matrix incomplete": (
        with_plan(version(**MARGIN), ("0", "0.01", "0"), ("0", "0.02", "0.3"), ("5", "0.01", "0")),
        "error plan.matrix_incomplete", "Commission tiers!D18"),
    "matrix percent": (
        with_plan(version(**MARGIN), ("0", "0.01", "0"), ("0", "0.02", "30")),
        "error plan.threshold_as_percent", "Commission tiers!F19"),
    # who has which plan
    "term for both": (with_rows(plan_terms=(replace(TERM, role="rep"),)),
                      "error plan.term_for_both", "Plan terms!C9"),
    "term for nobody": (with_rows(plan_terms=(replace(TERM, person=""),)),
                        "error plan.term_for_nobody", "Plan terms!B9"),
    "term crossed": (with_rows(plan_terms=(replace(TERM, to_date=date(2027, 3, 31)),)),
                     "error plan.dates_crossed", "Plan terms!F9"),
    "two plans, one person": (
        with_rows(plan_terms=(TERM, replace(TERM, plan="example", from_date=date(2027, 9, 1)))),
        "error plan.two_plans", "Plan terms!D10"),
    "two plans, one role": (
        with_rows(plan_terms=(replace(TERM, person="", role="rep"),
                              replace(TERM, person="", role="rep", plan="example"))),
        "error plan.two_plans", "Plan terms!D10"),
    "same plan again": (with_rows(plan_terms=(TERM, replace(TERM, from_date=date(2027, 9, 1)))),
                        "warning plan.term_again", "Plan terms!D10"),
    # credit
    "split of 90 %": (
        with_rows(credit_shares=(replace(SHARE, credit_share=Decimal("0.9")),)),
        "error plan.split_not_one", "Credit shares!F9"),
    "split that ends early": (
        with_rows(credit_shares=(
            replace(SHARE, credit_share=Decimal("0.6")),
            replace(SHARE, person="E3", credit_share=Decimal("0.4"), to_date=date(2027, 9, 30)))),
        "error plan.split_not_one", "Credit shares!F9"),
    "overlay for a split": (
        with_rows(credit_shares=(
            replace(SHARE, credit_share=Decimal("0.6")),
            replace(SHARE, person="E3", credit_share=Decimal("0.4"), kind="overlay"))),
        "error plan.split_as_overlay", "Credit shares!F9"),
    "split and overlay": (
        with_rows(credit_shares=(
            SHARE, replace(SHARE, order="so-1 ", credit_share=Decimal("0.4"), kind="overlay"))),
        "error plan.split_and_overlay", "Credit shares!E10"),
    "one person twice": (
        with_rows(credit_shares=(replace(SHARE, credit_share=Decimal("0.5")),) * 2),
        "error plan.credit_twice", "Credit shares!D10"),
    "order and customer": (with_rows(credit_shares=(replace(SHARE, customer="C1"),)),
                           "error plan.credit_for_both", "Credit shares!C9"),
    "neither order nor customer": (with_rows(credit_shares=(replace(SHARE, order=""),)),
                                   "error plan.credit_for_nothing", "Credit shares!B9"),
    "overlay of nothing": (
        with_rows(credit_shares=(replace(SHARE, kind="overlay", credit_share=Decimal(0)),)),
        "warning plan.share_zero", "Credit shares!F9"),
    "override twice": (with_rows(overrides=(OVER, OVER)),
                       "error plan.override_twice", "Overrides!D10"),
    "override without team": (with_rows(overrides=(replace(OVER, manager="Li2"),)),
                              "warning plan.override_without_team", "Overrides!B9"),
    "override of 60 %": (with_rows(overrides=(replace(OVER, override_rate=Decimal("0.6")),)),
                         "warning plan.rate_very_high", "Overrides!D9"),
    # what moves the money
    "draw twice": (with_rows(draws=(DRAW, replace(DRAW, from_date=date(2027, 9, 1)))),
                   "error plan.draw_twice", "Draws!F10"),
    "draw crossed": (with_rows(draws=(replace(DRAW, to_date=date(2027, 1, 1)),)),
                     "error plan.dates_crossed", "Draws!G9"),
    "draw without balance": (
        with_rows(draws=(replace(DRAW, recoverable="no", opening_amount=5),)),
        "warning plan.draw_opening", "Draws!E9"),
    "draw after leaving": (with_rows(draws=(replace(DRAW, person="E3"),)),
                           "warning plan.draw_outside_job", "Draws!F9"),
    "holdback twice": (with_rows(holdbacks=(HELD, HELD)),
                       "error plan.holdback_twice", "Holdbacks!E10"),
    "holdback of no version": (
        with_rows(holdbacks=(replace(HELD, from_date=date(2020, 1, 1), to_date=date(2020, 2, 1)),)),
        "warning plan.rule_without_version", "Holdbacks!E9"),
    "clawback twice": (
        with_rows(clawbacks=(Clawback(plan="std", mode="full"), Clawback(plan="std", mode="full"))),
        "error plan.clawback_twice", "Clawbacks!B10"),
    "clawback of an unknown plan": (with_rows(clawbacks=(Clawback(plan="nil", mode="full"),)),
                                    "error plan.unknown_ref", "Clawbacks!B9"),
    "adjustment of nothing": (
        with_rows(adjustments=(replace(ADDED, adjustment_amount=Decimal(0)),)),
        "warning plan.adjustment_zero", "Adjustments!D9"),
    "adjustment below the cent": (
        with_rows(adjustments=(replace(ADDED, adjustment_amount=Decimal("1.005")),)),
        "error plan.too_many_decimals", "Adjustments!D9"),
    "adjustment twice": (with_rows(adjustments=(ADDED, ADDED)),
                         "warning plan.adjustment_again", "Adjustments!B10"),
    # bonuses, SPIFFs, pools
    "over target of what": (
        with_rows(bonuses=(replace(BONUS, kind="over_target", bonus_rate=Decimal("0.01")),)),
        "error plan.bonus_without_base", "Bonuses!H9"),
    "champion without ties": (with_rows(bonuses=(replace(BONUS, kind="champion"),)),
                              "error plan.champion_without_ties", "Bonuses!I9"),
    "champion by a rate": (
        with_rows(bonuses=(replace(BONUS, kind="champion", bonus_rate=Decimal("0.01")),)),
        "error plan.champion_rate", "Bonuses!G9"),
    "ties elsewhere": (with_rows(bonuses=(replace(BONUS, ties="all"),)),
                       "warning plan.only_for_kind", "Bonuses!I9"),
    "empty bonus": (with_rows(bonuses=(replace(BONUS, bonus_amount=None),)),
                    "warning plan.bonus_empty", "Bonuses!F9"),
    "bonus crossed": (
        with_rows(bonuses=(replace(BONUS, effective_from=START, effective_to=date(2027, 1, 1)),)),
        "error plan.dates_crossed", "Bonuses!N9"),
    "spiff with both": (with_rows(spiffs=(replace(EXTRA, spiff_rate=Decimal("0.01")),)),
                        "error plan.spiff_both", "SPIFFs!G9"),
    "spiff with neither": (with_rows(spiffs=(replace(EXTRA, spiff_amount=None),)),
                           "error plan.spiff_neither", "SPIFFs!F9"),
    "spiff crossed": (with_rows(spiffs=(replace(EXTRA, to_date=date(2027, 3, 1)),)),
                      "error plan.dates_crossed", "SPIFFs!I9"),
    "spiff on everything": (with_rows(spiffs=(replace(EXTRA, product_line=""),)),
                            "warning plan.spiff_everything", "SPIFFs!D9"),
    "spiff again": (with_rows(spiffs=(EXTRA, replace(EXTRA, id="S2"))),
                    "warning plan.spiff_again", "SPIFFs!H10"),
    "pool twice": (with_rows(team_pools=(POOL, POOL)),
                   "error plan.pool_twice", "Team pools!F10"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_fault_gives_one_line(name: str, tmp_path: Path) -> None:
    plan, wanted, where = CASES[name]
    lines = [(f"{p.severity} {p.code}", p.where) for p in found(plan, tmp_path)]
    assert lines == [(wanted, where)]


@pytest.mark.parametrize("name", CASES)
def test_both_languages_say_it(name: str) -> None:
    from salesxl.plan.check import check_plan

    for problem in check_plan(CASES[name][0]):
        zh, en = problem.say("zh"), problem.say("en")
        assert not [word for word in (zh, en) if "{" in word or "}" in word]
        assert any("一" <= letter <= "鿿" for letter in zh)


def test_sound_rows_of_every_table_give_no_line(tmp_path: Path) -> None:
    plan = with_rows(
        plan_terms=(replace(TERM, to_date=date(2027, 8, 31)),
                    replace(TERM, plan="example", from_date=date(2027, 9, 1)),
                    replace(TERM, person="", role="rep", plan="example")),
        credit_shares=(
            replace(SHARE, credit_share=Decimal("0.333333333333333")),
            replace(SHARE, person="E3", credit_share=Decimal("0.666666666666667")),
            replace(SHARE, person="E1", kind="overlay", credit_share=Decimal("0.2")),
            replace(SHARE, order="", customer="C1", to_date=date(2027, 9, 30)),
            replace(SHARE, order="", customer="C1", person="E3", from_date=date(2027, 10, 1))),
        overrides=(OVER, replace(OVER, base="margin")),
        draws=(replace(DRAW, to_date=date(2027, 8, 31)), replace(DRAW, from_date=date(2027, 9, 1))),
        holdbacks=(HELD,), clawbacks=(Clawback(plan="std", mode="full"),), adjustments=(ADDED,),
        spiffs=(EXTRA, replace(EXTRA, id="S2", product="Pro")),
        team_pools=(POOL, replace(POOL, period="month")),
    )  # fmt: skip
    assert [problem.say("en") for problem in found(plan, tmp_path)] == []


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


def test_check_prints_the_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(CASES["spiff with both"][0], path, "zh")
    assert main(["check", str(path), "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "专项激励!G9: 专项激励同时填了金额 5 和比例 1%" in out
