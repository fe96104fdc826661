"""What can be said with ``--change``, in both languages, and how what is wrong is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from salesxl.errors import SalesxlError
from salesxl.ledger.what_if.changes import apply
from salesxl.ledger.what_if.scene import Scene
from salesxl.plan.model import Bonus, Holdback, Override, Plan, Spiff
from salesxl.texts import LANGS
from tests.pay.make import BANDS, START, fen, plan, tiers, version

JULY = date(2026, 7, 1)
DAY = date(2026, 12, 31)


def firm(**more: Any) -> Plan:
    """P has two versions; Q is paid by attainment, C by a curve, X by a matrix."""
    return plan(
        commission_plans=(
            version(name="Reps monthly", effective_to=date(2026, 6, 30)),
            version(name="Reps monthly", effective_from=JULY),
            version("Q", name="经理季度", kind="whole_amount", measure="attainment"),
            version("C", kind="interpolated", measure="attainment", target_pay_amount=fen(5000)),
            version("X", kind="matrix", measure="attainment", second_measure="margin_rate"),
        ),
        commission_tiers=(
            *BANDS,
            *tiers(("0", "0.01"), ("10000", "0.03"), start=JULY),
            *tiers(("0.8", "0.004"), ("1", "0.007"), key="Q"),
            *tiers(("0.5", "0"), ("1", "1"), ("1.5", "2"), key="C"),
            *tiers(("0", "0", "0.01"), ("0", "0.3", "0.02"), key="X"),
        ),
        bonuses=(Bonus(id="B1", name="Best", kind="champion", period="month", ties="shared"),),
        spiffs=(Spiff(id="S1", name="Push", spiff_amount=fen(60), from_date=START, to_date=DAY),),
        holdbacks=(
            Holdback(plan="P", holdback_share=Decimal("0.1"), release_months=3, from_date=START),
        ),
        overrides=(
            Override(manager="M", base="amount", override_rate=Decimal("0.001"), from_date=START),
        ),
        **more,
    )


def after(*changes: str) -> Scene:
    scene = Scene(firm())
    for change in changes:
        scene = apply(scene, change, DAY)
    return scene


def table(scene: Scene, key: str, start: date = START) -> list[tuple[str, ...]]:
    return [
        tuple(
            f"{n.normalize():f}" for n in (t.threshold, t.second_threshold, t.rate) if n is not None
        )
        for t in scene.plan.commission_tiers
        if t.plan == key and t.effective_from == start
    ]


@pytest.mark.parametrize(
    "said",
    [
        "tiers P 2026-07-01: 0=0.6%, 300000=1.2%",
        "tiers P: 300000 = 1.2%, 0 = 0.6%",
        "TIERS reps monthly: 0=0.6%; 30万=0.012",
        "档位 P 2026-07-01： 0=0.6%，300000=1.2%",
        "提成档位 p:0=0.006 300000=0.012",
    ],
)
def test_tiers_of_a_version_are_replaced(said: str) -> None:
    scene = after(said)
    assert table(scene, "P", JULY) == [("0", "0.006"), ("300000", "0.012")]
    assert table(scene, "P") == [("0", "0.01"), ("10000", "0.02"), ("30000", "0.03")]


def test_the_version_named_is_the_one_that_changes() -> None:
    scene = after("tiers P 2026-01-01: 0=5%")
    assert table(scene, "P") == [("0", "0.05")]
    assert table(scene, "P", JULY) == [("0", "0.01"), ("10000", "0.03")]


def test_matrix_tiers_have_two_bounds() -> None:
    scene = after("tiers X: 0/0=1%, 100%/0=2%, 100%/30%=3%")
    assert table(scene, "X") == [("0", "0", "0.01"), ("1", "0", "0.02"), ("1", "0.3", "0.03")]


@pytest.mark.parametrize("said", ["rate P 10000 = 1.5%", "提成 P 1万＝1.5%", "rate p 10,000=0.015"])
def test_a_rate_changes_in_every_version_that_has_the_threshold(said: str) -> None:
    scene = after(said)
    assert table(scene, "P")[1] == ("10000", "0.015")
    assert table(scene, "P", JULY)[1] == ("10000", "0.015")
    dated = after("rate P 2026-07-01 10000 = 1.5%")
    assert table(dated, "P")[1] == ("10000", "0.02")
    assert table(dated, "P", JULY)[1] == ("10000", "0.015")


def test_a_rate_of_attainment() -> None:
    assert table(after("rate 经理季度 80% = 0.5%"), "Q")[0] == ("0.8", "0.005")


@pytest.mark.parametrize(
    "said", ["rates P * 1.1", "rates P ×1.1", "全部比例 P +10%", "rates P *110%"]
)
def test_all_rates(said: str) -> None:
    scene = after(said)
    assert table(scene, "P") == [("0", "0.011"), ("10000", "0.022"), ("30000", "0.033")]


def test_limits_kind_and_pay_at_target() -> None:
    scene = after("cap P = 20000", "保底 P = 0.3万", "kind P = whole_amount", "达标提成 C=8000")
    rows = {(row.id, row.effective_from): row for row in scene.plan.commission_plans}
    for start in (START, JULY):
        row = rows["P", start]
        assert (row.cap_amount, row.floor_amount, row.kind) == (
            fen(20000), fen(3000), "whole_amount",
        )  # fmt: skip
    assert rows["C", START].target_pay_amount == fen(8000)
    assert rows["Q", START].cap_amount is None
    again = apply(scene, "封顶 P 2026-07-01 = 无", DAY)
    assert [row.cap_amount for row in again.plan.commission_plans][:2] == [fen(20000), None]
    assert after("方式 P = 全额累进").plan.commission_plans[0].kind == "whole_amount"


def test_quota_and_sales_are_factors_of_the_scene() -> None:
    scene = after("quota * 1.05", "定额 Ann *0.9", "销售 -10%", "sales B * 2")
    assert scene.quota.of("A") == Fraction(105, 100) * Fraction(9, 10)
    assert scene.quota.of("B") == Fraction(105, 100)
    assert (scene.sales.of("A"), scene.sales.of("B")) == (Fraction(9, 10), Fraction(9, 5))


def test_the_other_tables() -> None:
    scene = after("holdback P = 5%", "bonus B1 = 10000", "spiff push = 80", "override Mia = 0.2%")
    assert scene.plan.holdbacks[0].holdback_share == Decimal("0.05")
    assert scene.plan.bonuses[0].bonus_amount == fen(10000)
    assert scene.plan.spiffs[0].spiff_amount == fen(80)
    assert scene.plan.overrides[0].override_rate == Decimal("0.002")
    assert after("留存 P = 无").plan.holdbacks == ()
    assert after("奖金 B1 = 2%").plan.bonuses[0].bonus_rate == Decimal("0.02")


WRONG = {
    "bad_verb": ["", "foo P = 1", "ratesP * 1.1", "= 5"],
    "no_sign": ["rates P", "quota 1.05", "cap P", "cap P =", "tiers P 0 1%", "tiers P: ,"],
    "bad_number": ["cap P = many", "quota * x", "cap P = 1e5", "tiers P: 1..2=1%", "cap P = NaN"],
    "bad_factor": ["quota * -1", "quota * 1001", "rates P * 50", "quota +5"],
    "bad_share": ["rate P 0 = -1%", "holdback P = 200%", "rate P 10000 = 101%"],
    "no_percent": ["rate P 10000 = 1.2", "tiers P: 0=6"],
    "bad_money": ["cap P = -3", "cap P = 0.001"],
    "bad_date": ["cap P 2026-13-01 = 5"],
    "no_version": ["tiers P 2026-07-02: 0=1%"],
    "bad_tier": ["tiers P: 0=0.6%, 300,000=1.2%", "tiers P: =1%", "tiers P: 0/1=1%"],
    "matrix_tier": ["tiers X: 0=1%"],
    "threshold_twice": ["tiers P: 0=1%, 0.0=2%"],
    "threshold_is_money": ["tiers P: 80%=1%", "rate P 80% = 1%"],
    "threshold_percent": ["tiers Q: 80=1%"],
    "rate_needs_threshold": ["rate P = 1%"],
    "no_threshold": ["rate P 5 = 1%"],
    "cap_below_floor": ["floor P = 9|cap P = 8", "cap P = 8|floor P = 9"],
    "bad_kind": ["kind P = stepped"],
    "kind_other_table": ["kind P = matrix", "kind C = marginal"],
    "flat_one_tier": ["kind P = flat"],
    "no_target_pay": ["target_pay P = 5"],
    "no_holdback": ["holdback Q = 5%"],
    "no_override": ["override A = 1%"],
    "unknown_commission_plan": ["cap Z = 5"],
    "unknown_person": ["quota Z * 2"],
    "unknown_bonus": ["bonus Z = 5"],
    "unknown_spiff": ["spiff Z = 5"],
    "no_name": ["rates * 1.1", "cap = 5"],
}


@pytest.mark.parametrize(
    ("entry", "said"), [(entry, said) for entry, all_ in WRONG.items() for said in all_]
)
def test_what_is_not_clear_is_refused_with_its_remedy(entry: str, said: str) -> None:
    with pytest.raises(SalesxlError) as caught:
        after(*said.split("|"))
    problem = caught.value.problems[0]
    assert problem.code == f"what_if.{entry}"
    assert problem.where.startswith('--change "')
    for lang in LANGS:
        assert "{" not in problem.say(lang)


def test_two_people_of_one_name_need_their_id() -> None:
    from dataclasses import replace

    whole = firm()
    people = tuple(replace(p, name="Ann") if p.id == "B" else p for p in whole.people)
    with pytest.raises(SalesxlError) as caught:
        apply(Scene(replace(whole, people=people)), "quota Ann * 2", DAY)
    assert caught.value.problems[0].code == "what_if.two_of_name"
    assert caught.value.problems[0].values["ids"] == "A, B"


def test_the_plan_given_stays_as_it_is() -> None:
    whole = firm()
    before = repr(whole)
    apply(Scene(whole), "rates P * 2", DAY)
    assert repr(whole) == before
