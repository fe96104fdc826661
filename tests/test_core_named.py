"""What must be named is never guessed, what is refused says why, and days are read strictly."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salesxl.catalog import RULES, find
from salesxl.catalog.wire import say
from salesxl.core.choice import BAND_KINDS, read_choice, read_flag
from salesxl.core.day import add_months, read_day, read_names
from salesxl.core.declare import Param, Rule
from salesxl.core.error import RuleError

NAMED = [
    pytest.param(rule, param, id=f"{rule.name} {param.name}")
    for rule in RULES
    for param in rule.params
    if param.named
]


@pytest.mark.parametrize(("rule", "param"), NAMED)
@pytest.mark.parametrize("how", ["left out", "empty", "blank"])
def test_what_must_be_named_is_not_guessed(rule: Rule, param: Param, how: str) -> None:
    given = {name: value for name, value in rule.example.items() if name != param.name}
    if how != "left out":
        given[param.name] = None if how == "empty" else " "
    with pytest.raises(RuleError) as caught:
        rule(given)
    assert caught.value.argument == param.name
    assert caught.value.code.endswith("_not_named")
    for word in param.choices or ("TRUE", "FALSE"):
        assert word in say(caught.value, "zh") and word in say(caught.value, "en")


def test_there_is_no_default_between_two_readings() -> None:
    named = {(rule.name, param.name) for rule, param in (case.values for case in NAMED)}
    assert named == {
        ("COMMISSION_EXPLAIN", "kind"),
        ("COMMISSION_YTD", "kind"),
        ("DRAW_SETTLEMENT", "recoverable"),
        ("HOLDBACK", "release"),
        ("CLAWBACK", "method"),
        ("OVER_TARGET_BONUS", "on"),
        ("CHAMPION_BONUS", "ties"),
        ("TEAM_RANKING", "ties"),
        ("RANK_WITH_TIES", "ties"),
        ("RFM_VALUES", "first_order"),
    }


def test_every_declared_choice_is_understood_by_its_rule() -> None:
    for rule in RULES:
        for param in rule.params:
            for word in param.choices:
                rule({**rule.example, param.name: word})
                rule({**rule.example, param.name: f" {word.upper()} "})


def test_eight_percent_above_half_a_million() -> None:
    """Both readings with their figures: 8 % of 500,000 or 8 % of a million."""
    rule = find("COMMISSION_EXPLAIN")
    assert rule is not None
    with pytest.raises(RuleError) as caught:
        rule({"amount": 1_000_000, "thresholds": [0, 500_000], "rates": [0, 0.08]})
    assert caught.value.values["marginal"] == 40_000
    assert caught.value.values["whole"] == 80_000


def test_whatever_pays_money_pays_it_before_tax() -> None:
    for rule in RULES:
        money = any(param.name == "decimals" for param in rule.params)
        if money and rule.category in ("commission", "payout", "bonus"):
            assert rule.refuses["tax_rate"] == "after_tax", rule.name


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Marginal", "marginal"), (" 超额累进 ", "marginal"), ("whole_amount", "whole"), ("", None)],
)
def test_words_for_a_kind(word: str, kind: str | None) -> None:
    assert read_choice(word, "kind", BAND_KINDS) == kind


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), ("否", False), (Decimal("1.0"), True), (0, False), ("YES", True), (None, None)],
)
def test_flags(value: Any, flag: bool | None) -> None:
    assert read_flag(value, "recoverable") is flag


@pytest.mark.parametrize("value", [2, "maybe", Decimal("0.5"), -1])
def test_half_flags_are_refused(value: Any) -> None:
    with pytest.raises(RuleError):
        read_flag(value, "recoverable")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-06-15", date(2026, 6, 15)),
        (" 2026/6/5 ", date(2026, 6, 5)),
        ("2026.06.05", date(2026, 6, 5)),
        (datetime(2026, 6, 15, 23, 59), date(2026, 6, 15)),
        (61, date(1900, 3, 1)),
        (Decimal("46188.999"), date(2026, 6, 15)),
        (2_958_465, date(9999, 12, 31)),
    ],
)
def test_days(value: Any, day: date) -> None:
    assert read_day(value, "dates") == day


@pytest.mark.parametrize(
    "value", [60, 0, -1, 2_958_466, True, "2026-02-29", "2026-06/15", "15.06.2026", "26-06-15", 1.5]
)
def test_no_days(value: Any) -> None:
    with pytest.raises(RuleError, match="not a day"):
        read_day(value, "dates")


def test_months_end_where_the_calendar_ends() -> None:
    assert add_months(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert add_months(date(9999, 6, 1), 12) == date.max


def test_names_are_compared_as_people_write_them() -> None:
    given = [" Pump ", "PUMP", Decimal("1001.0"), "1001", 1001, None, "阀门"]
    assert read_names(given, "products") == ["pump", "pump", "1001", "1001", "1001", "", "阀门"]
