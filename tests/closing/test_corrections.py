"""What is sealed stays; what changed since is paid in the next open period, worked by hand.

Plan P: 1 % from 0, 2 % from 10,000, 3 % from 30,000 a month. June: Ann 12,000 → 100 + 40 = 140,
Bea 5,000 → 50. July: Ann 1,000 → 10, Bea 2,000 → 20.
"""

from __future__ import annotations

import dataclasses
import importlib
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.closing import corrections, reopen_period
from salesxl.closing.inputs import lines_digest, terms_digest
from salesxl.closing.record import written
from salesxl.ledger.match import match
from salesxl.ledger.pay.periods import parse_period
from salesxl.ledger.pay.results import PayRun, Period
from salesxl.plan.model import (
    Adjustment,
    Bonus,
    Clawback,
    CreditShare,
    Customer,
    Draw,
    Holdback,
    Override,
    Plan,
    Prospect,
)
from salesxl.plan.read import fingerprint
from tests.closing.make import AUGUST, JULY, JUNE, Firm, plan
from tests.pay import make
from tests.pay.make import of, tiers


def changed(whole: Plan, **more: Any) -> Plan:
    made = dataclasses.replace(whole, **more)
    return dataclasses.replace(made, fingerprint=fingerprint(made))


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    made = Firm(tmp_path)
    made.lines = list(JUNE)
    made.close("2026-06")
    made.lines = [*JUNE, *JULY]
    return made


def test_a_sealed_period_gives_the_same_bytes_whatever_changes(firm: Firm) -> None:
    before = written(firm.run("2026-06"))
    firm.lines = [make.line("2026-06-02", "A", 99_000)]
    firm.plan = changed(firm.plan, commission_tiers=tiers(("0", "0.5")))
    assert written(firm.run("2026-06")) == before
    assert of(firm.run("2026-06")).payable == 14000


def test_a_ledger_that_only_grew_corrects_nothing(firm: Firm) -> None:
    asked: list[Period] = []

    def rerun(past: Period) -> PayRun:
        asked.append(past)
        raise AssertionError

    matched, _ = match(firm.ledger, firm.plan)
    period = parse_period("2026-07", 1)
    assert corrections(firm.path, firm.plan, matched, period, rerun) == ()
    assert asked == []  # the lines up to June are the same: nothing is worked out again
    assert of(firm.run("2026-07")).payable == 1000


def test_what_begins_later_and_what_nobody_is_paid_by_corrects_nothing(firm: Firm) -> None:
    july = date(2026, 7, 1)
    settings = dataclasses.replace(firm.plan.settings, plan_version="1.1", company="Prüf AG")
    firm.plan = changed(
        firm.plan,
        settings=settings,
        prospects=(Prospect(id="1", name="N", region="E"),),
        adjustments=(
            Adjustment(person="A", pay_date=july, adjustment_amount=Decimal(3), reason="R"),
        ),
        commission_plans=(*firm.plan.commission_plans, make.version(effective_from=july)),
        commission_tiers=(*firm.plan.commission_tiers, *tiers(("0", "0.5"), start=july)),
    )
    asked: list[Period] = []
    matched, _ = match(firm.ledger, firm.plan)
    due = corrections(
        firm.path,
        firm.plan,
        matched,
        parse_period("2026-07", 1),
        asked.append,  # type: ignore[arg-type]
    )
    assert (due, asked) == ((), [])
    assert of(firm.run("2026-07")).payable == 50000 + 300
    # and the rule that says so is right: worked out again, June is the same
    assert of(make.run(firm.plan, firm.ledger, "2026-06")).payable == 14000
    begun = changed(firm.plan, adjustments=(
        Adjustment(person="A", pay_date=date(2026, 6, 30), adjustment_amount=Decimal(3),
                   reason="R"),
    ))  # fmt: skip
    assert terms_digest(begun, date(2026, 6, 30)) != terms_digest(firm.plan, date(2026, 6, 30))
    for more in (
        {"people": firm.plan.people[1:]}, {"regions": firm.plan.regions[::-1]},
        {"commission_tiers": tiers(("0", "0.5"))}, {"roles": ()}, {"product_lines": ()},
    ):  # fmt: skip
        other = changed(firm.plan, **more)
        assert terms_digest(other, date(2026, 6, 30)) != terms_digest(firm.plan, date(2026, 6, 30))


def test_a_late_line_is_paid_in_the_next_open_month(firm: Firm) -> None:
    firm.lines.append(make.line("2026-06-30", "A", 3_000, order="9"))
    # Ann's June: 15,000 → 100 + 100 = 200 instead of 140; July: 10 + 60
    assert firm.adjustments("2026-07", "A") == [(6000, 14000, 20000)]
    assert of(firm.run("2026-07")).payable == 7000
    assert firm.adjustments("2026-07", "B") == []
    assert firm.reasons("2026-07") == {"Correction of 2026-06: the ledger changed"}
    assert {item.day for item in of(firm.run("2026-07")).adjustments} == {date(2026, 6, 30)}
    sentences = [item.key for item in of(firm.run("2026-07")).how]
    assert sentences[-2:] == ["adjustments", "payable"]


def test_another_order_of_the_same_lines_is_no_change(firm: Firm) -> None:
    firm.lines = [*reversed(JULY), *reversed(JUNE)]
    assert firm.adjustments("2026-07", "A") == []


def test_a_changed_plan_is_the_cause(firm: Firm) -> None:
    firm.plan = changed(firm.plan, commission_tiers=tiers(("0", "0.02")))
    # June at 2 %: Ann 240 (+100), Bea 100 (+50)
    assert firm.adjustments("2026-07", "A") == [(10000, 14000, 24000)]
    assert firm.adjustments("2026-07", "B") == [(5000, 5000, 10000)]
    assert firm.reasons("2026-07") == {"Correction of 2026-06: the plan changed"}


def test_both_changed_and_each_payee_is_told_their_own_cause(firm: Firm) -> None:
    firm.lines[2] = make.line("2026-06-10", "B", 6_000, order="3")  # Bea's order, 60 not 50
    bonus = Adjustment(
        person="A", pay_date=date(2026, 6, 30), adjustment_amount=Decimal(7), reason="Fair"
    )
    firm.plan = changed(firm.plan, adjustments=(bonus,))
    assert firm.adjustments("2026-07", "A") == [(700, 14000, 14700)]
    assert firm.adjustments("2026-07", "B") == [(1000, 5000, 6000)]
    run = firm.run("2026-07")
    assert [a.reason for a in of(run).adjustments] == ["Correction of 2026-06: the plan changed"]
    assert [a.reason for a in of(run, "B").adjustments] == [
        "Correction of 2026-06: the ledger changed"
    ]
    firm.plan = changed(firm.plan, commission_tiers=tiers(("0", "0.02")))
    run = firm.run("2026-07")
    assert [a.reason for a in of(run, "B").adjustments] == [
        "Correction of 2026-06: the ledger and the plan changed"
    ]


def test_what_another_version_works_out_is_told(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("salesxl.closing.corrections")
    monkeypatch.setattr(module, "__version__", "99")
    matched, _ = match(firm.ledger, firm.plan)
    other = changed(firm.plan, commission_tiers=tiers(("0", "0.02")))

    def rerun(past: Period) -> PayRun:
        return make.run(other, firm.ledger, past.label)

    due = corrections(firm.path, firm.plan, matched, parse_period("2026-07", 1), rerun)
    assert [(item.person, item.difference, item.cause) for item in due] == [
        ("A", 10000, "program"), ("B", 5000, "program"),
    ]  # fmt: skip


def test_only_the_next_open_month_settles(firm: Firm) -> None:
    firm.lines += [make.line("2026-06-30", "A", 3_000), *AUGUST]
    assert firm.adjustments("2026-07", "A") == [(6000, 14000, 20000)]
    assert firm.adjustments("2026-08", "A") == []  # July is still open and takes it
    assert firm.adjustments("2026-05", "A") == []  # and no month before
    firm.close("2026-07")
    assert firm.adjustments("2026-08", "A") == []  # settled


def test_a_correction_is_corrected_again(firm: Firm) -> None:
    firm.lines.append(make.line("2026-06-30", "A", 3_000, order="9"))
    firm.close("2026-07")
    firm.lines[-1] = make.line("2026-06-30", "A", 1_000, order="9")
    firm.lines += AUGUST
    # June is 13,000 → 100 + 60 = 160; settled are 140 and 60
    assert firm.adjustments("2026-08", "A") == [(-4000, 20000, 16000)]
    firm.close("2026-08")
    firm.lines = [*JUNE, *JULY, *AUGUST]  # the line was wrong altogether
    assert firm.adjustments("2026-09", "A") == [(-2000, 16000, 14000)]


def test_every_sealed_month_has_its_own_line(firm: Firm) -> None:
    firm.close("2026-07")
    firm.plan = changed(firm.plan, commission_tiers=tiers(("0", "0.02")))
    assert firm.adjustments("2026-08", "A") == [(10000, 14000, 24000), (1000, 1000, 2000)]


def test_people_without_a_statement_get_one(firm: Firm) -> None:
    people = tuple(person for person in firm.plan.people if person.id != "B")
    firm.plan = changed(firm.plan, people=people)  # Bea's June line is nobody's now
    statement = of(firm.run("2026-07"), "B")
    assert firm.adjustments("2026-07", "B") == [(-5000, 5000, 0)]
    assert (statement.name, statement.payable, statement.earned) == ("Bea", -5000, 0)
    assert (statement.number, statement.own_amount, statement.plans) == ("2026-07-B", 0, ())
    assert firm.run("2026-07").ties
    firm.close("2026-07")
    assert firm.adjustments("2026-08", "B") == []


def test_a_sale_that_moves_to_somebody_else(firm: Firm) -> None:
    firm.lines[1] = make.line("2026-06-20", "B", 4_000, order="2")
    # Ann 8,000 → 80, Bea 9,000 → 90
    assert firm.adjustments("2026-07", "A") == [(-6000, 14000, 8000)]
    assert firm.adjustments("2026-07", "B") == [(4000, 5000, 9000)]


def test_a_split_after_closing_is_the_plan(firm: Firm) -> None:
    firm.plan = changed(
        firm.plan,
        credit_shares=(
            CreditShare(order="2", person="A", kind="split", credit_share=Decimal("0.5")),
            CreditShare(order="2", person="B", kind="split", credit_share=Decimal("0.5")),
        ),
        customers=(Customer(id="C", name="C", region="E"),),
    )
    # Ann 10,000 → 100, Bea 7,000 → 70; the ledger's file has grown by July as well
    assert firm.adjustments("2026-07", "A") == [(-4000, 14000, 10000)]
    assert firm.adjustments("2026-07", "B") == [(2000, 5000, 7000)]
    assert firm.reasons("2026-07") == {"Correction of 2026-06: the plan changed"}


def test_draws_are_settled_once(tmp_path: Path) -> None:
    """A draw of 200 in June pays 200 for 140 earned; 60 are owed, and recovered in July."""
    draw = Draw(
        person="A", draw_amount=20000, recoverable="yes", from_date=date(2026, 6, 1),
        to_date=date(2026, 6, 30),
    )  # fmt: skip
    firm = Firm(tmp_path, plan(draws=(draw,)))
    firm.lines.append(make.line("2026-07-30", "A", 20_000, order="10"))
    firm.close("2026-06")
    june = of(firm.run("2026-06"))
    assert (june.earned, june.payable, june.draw_balance) == (14000, 20000, 6000)
    assert of(firm.run("2026-07")).payable == 32000 - 6000  # 21,000 → 100 + 220
    firm.lines.append(make.line("2026-06-30", "A", 3_000, order="9"))
    # June earned 200 after all: it pays the same, and July has nothing to recover
    assert firm.adjustments("2026-07", "A") == []
    assert of(firm.run("2026-07")).payable == 32000


def test_a_month_opened_again_is_paid_anew(firm: Firm) -> None:
    firm.lines.append(make.line("2026-06-30", "A", 3_000, order="9"))
    june = parse_period("2026-06", 1)
    reopen_period(firm.path, firm.plan, june, "late order", who="Wu", clock=firm.clock)
    assert of(firm.run("2026-06")).payable == 20000
    assert firm.adjustments("2026-07", "A") == []  # nothing is sealed before it
    firm.close("2026-06")
    assert firm.adjustments("2026-07", "A") == []


def test_a_month_opened_after_its_correction_was_paid(firm: Firm) -> None:
    firm.lines.append(make.line("2026-06-30", "A", 3_000, order="9"))
    firm.close("2026-07")  # with +60
    june = parse_period("2026-06", 1)
    reopen_period(firm.path, firm.plan, june, "anew", who="Wu", clock=firm.clock)
    firm.close("2026-06")  # pays 200 itself
    assert firm.adjustments("2026-08", "A") == [(-6000, 26000, 20000)]


def test_a_bonus_won_by_somebody_else(tmp_path: Path) -> None:
    champion = Bonus(
        id="C", name="Champion", kind="champion", period="month", bonus_amount=5000, ties="shared"
    )
    firm = Firm(tmp_path, plan(bonuses=(champion,)))
    firm.close("2026-06")
    firm.lines.append(make.line("2026-06-30", "B", 8_000, order="9"))
    # Bea: 13,000 → 160 + 50 instead of 50; Ann loses the 50
    assert firm.adjustments("2026-07", "A") == [(-5000, 19000, 14000)]
    assert firm.adjustments("2026-07", "B") == [(16000, 5000, 21000)]
    assert firm.reasons("2026-07") == {"Correction of 2026-06: the ledger changed"}


@pytest.mark.parametrize("seed", range(4))
def test_over_all_periods_everybody_has_what_todays_books_say(tmp_path: Path, seed: int) -> None:
    """Draws, holdbacks, clawbacks and overrides reach over months; nothing is paid twice."""
    chance = random.Random(seed)
    start = date(2026, 1, 1)
    firm = Firm(tmp_path, plan(
        draws=(Draw(person="B", draw_amount=9000, recoverable="yes", from_date=start),),
        holdbacks=(
            Holdback(plan="P", holdback_share=Decimal("0.1"), release_months=2, from_date=start),
        ),
        clawbacks=(Clawback(plan="P", mode="full"),),
        overrides=(
            Override(
                manager="M", base="amount", override_rate=Decimal("0.001"), from_date=start
            ),
        ),
    ))  # fmt: skip
    firm.lines = []
    paid: Counter[str] = Counter()
    for month in range(1, 8):
        for number in range(3):
            order, who = f"{month}-{number}", chance.choice("AB")
            day = f"2026-{chance.randint(1, month):02d}-{chance.randint(1, 28):02d}"
            amount = chance.randint(1, 30_000)
            firm.lines.append(make.line(day, who, amount, order=order))
            if chance.random() < 0.3:
                back = f"2026-{month:02d}-28"
                firm.lines.append(make.line(back, who, -chance.randint(1, amount), order=order))
        if chance.random() < 0.4:
            chance.shuffle(firm.lines)
            firm.lines.pop()
        if chance.random() < 0.3:
            rate = f"0.0{chance.randint(1, 9)}"
            firm.plan = changed(firm.plan, commission_tiers=tiers(("0", "0.01"), ("9000", rate)))
        label = f"2026-{month:02d}"
        firm.close(label)
        for statement in firm.run(label).statements:
            paid[statement.person] += statement.payable
    for statement in firm.run("2026-08").statements:
        paid[statement.person] += statement.payable
    owed: Counter[str] = Counter()
    for month in range(1, 9):
        for statement in make.run(firm.plan, firm.ledger, f"2026-{month:02d}").statements:
            owed[statement.person] += statement.payable
    assert +paid == +owed and -paid == -owed
    assert {"A", "B", "M"} <= set(paid)


def test_the_digest_sees_every_column_and_no_other() -> None:
    day = date(2026, 6, 30)
    base = lines_digest(make.ledger(*JUNE), day)
    assert lines_digest(make.ledger(*JUNE, *JULY), day) == base
    assert lines_digest(make.ledger(*reversed(JUNE)), day) == base
    assert lines_digest(make.ledger({**JUNE[0], "source": "x", "row": 9}, *JUNE[1:]), day) == base
    for more in (
        {"amount": 8_001}, {"cost": 1}, {"cost": 0}, {"collected": 5}, {"quantity": 2.0},
        {"quantity": float("nan")}, {"customer": "K"}, {"order": "7"}, {"product": "Valves"},
        {"person": "Ann"}, {"person_id": "B"}, {"region": "W"}, {"channel": "Web"},
        {"customer_source": "Fair"}, {"date": "2026-06-03"}, {"currency": "EUR"},
    ):  # fmt: skip
        assert lines_digest(make.ledger({**JUNE[0], **more}, *JUNE[1:]), day) != base, more
    twice = lines_digest(make.ledger(*JUNE, JUNE[0]), day)
    assert twice not in (base, lines_digest(make.ledger(*JUNE, JUNE[0], JUNE[0]), day))
    assert lines_digest(make.ledger(), day) == lines_digest(make.ledger(*JULY), day)
