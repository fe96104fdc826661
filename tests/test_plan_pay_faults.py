"""Faults of pay planted in a plan workbook: one fault, one line, at its sheet and cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pay_faults import POOL, START, TERM, found, version, with_plan, with_rows

from salesxl.cli.main import main
from salesxl.plan.model import (
    Adjustment,
    Bonus,
    Clawback,
    CreditShare,
    Draw,
    Holdback,
    Override,
    Plan,
    Spiff,
)
from salesxl.sheets.plan_book import write_plan

SHARE = CreditShare(order="SO-1", person="E2", kind="split", credit_share=Decimal(1))
DRAW = Draw(person="E2", draw_amount=100, recoverable="yes", from_date=START)
HELD = Holdback(plan="std", holdback_share=Decimal("0.1"), release_months=3, from_date=START)
OVER = Override(manager="E1", base="amount", override_rate=Decimal("0.01"), from_date=START)
EXTRA = Spiff(
    id="S1", name="S", product_line="P1", spiff_amount=500, from_date=START,
    to_date=date(2027, 6, 30),
)  # fmt: skip
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


def test_check_prints_the_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(CASES["spiff with both"][0], path, "zh")
    assert main(["check", str(path), "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "专项激励!G9: 专项激励同时填了金额 5 和比例 1%" in out
