"""Published examples whose rule is refused on purpose: the message says why."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from published import CASES, scale

from salesxl.catalog import find
from salesxl.catalog.wire import say
from salesxl.core.commission import commission_marginal
from salesxl.core.error import RuleError
from salesxl.core.over_target import over_target_bonus


def closed_bands(case: dict[str, Any]) -> dict[str, Any]:
    """Bands as the source writes them, each with its start and its end."""
    inputs = case["inputs"]
    if "sections" in inputs:
        bands = [[start, end] for start, end, _ in inputs["sections"]]
        rates = [Decimal(rate) / 100 for *_, rate in inputs["sections"]]
        return {"amount": inputs["base"], "thresholds": bands, "rates": rates}
    starts, rates = scale(case)
    bands = [list(band) for band in zip(starts, [s - 1 for s in starts[1:]] + [None], strict=True)]
    return {"amount": inputs["amount"], "thresholds": bands, "rates": rates}


def hybrid(case: dict[str, Any]) -> dict[str, Any]:
    starts, rates = scale(case)
    return {
        "amount": case["inputs"]["amount"], "thresholds": starts, "rates": rates, "kind": "hybrid",
    }  # fmt: skip


def mode_not_named(case: dict[str, Any]) -> dict[str, Any]:
    inputs = case["inputs"]
    return {"credited": inputs["sales"], "target": inputs["threshold"], "rate": inputs["rate"]}


def after_tax(case: dict[str, Any]) -> dict[str, Any]:
    inputs = case["inputs"]
    rate, tax = (Decimal(inputs[name]) / 100 for name in ("commission_pct", "tax_pct"))
    given = {"credited": inputs["sales"], "target": inputs["quota"], "rate": rate, "on": "excess"}
    # The figure before tax is ours, and the source's figure is that less its tax.
    assert over_target_bonus(**given) * (1 - tax) == case["expected"]
    return {**given, "tax_rate": tax}


def batches(case: dict[str, Any]) -> dict[str, Any]:
    orders = case["inputs"]["orders_revenue"]
    scale = {"thresholds": [0], "rates": [1], "kind": "marginal"}
    return {"amounts": orders, **scale, "batch": [1] * len(orders)}


# Names → the rule, what it is given, the error, and words its message must hold.
REFUSED: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]], str, str]] = {
    "cyntexa-30000 cyntexa-70000": ("COMMISSION_EXPLAIN", hybrid, "kind_hybrid", "marginal whole"),
    "oca-section-14999.99 oca-section-15000 oca-section-16000": (
        "COMMISSION_WHOLE", closed_bands, "bands_with_ends", "thresholds",
    ),
    "oca-gap-100.005": ("COMMISSION_WHOLE", closed_bands, "bands_gap", "100 100.01"),
    "se420-bonus-retro-49999 se420-bonus-retro-50000 se420-bonus-retro-100001": (
        "OVER_TARGET_BONUS", mode_not_named, "on_not_named", "excess whole",
    ),
    "dcpak-12000-11000 dcpak-13000-15000": (
        "OVER_TARGET_BONUS", after_tax, "after_tax", "tax_rate",
    ),
    "xactly-attainment": ("COMMISSION_YTD", batches, "order_dependent", "batch"),
}  # fmt: skip
# Rounds the base and the pay half to even, to one decimal; ours is half-up, once.
DIFFERS = {"of-round1": ["10", "10", "10", "10.1", "10", "10.1", "10"]}


def refusal(rule_name: str, given: dict[str, Any]) -> RuleError:
    rule = find(rule_name)
    assert rule is not None
    with pytest.raises(RuleError) as caught:
        rule(given)
    return caught.value


@pytest.mark.parametrize(
    ("name", "rule", "given", "code", "words"),
    [
        pytest.param(name, *refused, id=name)
        for names, refused in REFUSED.items()
        for name in names.split()
    ],
)
def test_refused_with_its_reason(
    name: str, rule: str, given: Callable[..., Any], code: str, words: str
) -> None:
    error = refusal(rule, given(CASES[name]))
    assert error.code == code
    for lang in ("zh", "en"):
        assert all(word in say(error, lang) for word in words.split())


def test_bands_from_20001_have_a_gap() -> None:
    for name in ("cyntexa-30000", "cyntexa-70000"):
        for rule in ("COMMISSION_MARGINAL", "COMMISSION_WHOLE"):
            error = refusal(rule, closed_bands(CASES[name]))
            assert error.code == "bands_gap"
            assert "20000" in say(error, "zh") and "20001" in say(error, "en")


def test_an_ambiguous_bonus_is_shown_in_both_readings() -> None:
    readings = {}
    for names, (rule, given, *_) in REFUSED.items():
        for name in names.split():
            if CASES[name]["status"] == "ambiguous":
                values = refusal(rule, given(CASES[name])).values
                assert values["whole"] == CASES[name]["expected"]
                readings[name] = values["excess"]
    assert list(readings.values()) == [0, 0, Decimal("0.015")]


def test_rounding_half_to_even_differs_where_it_is_said_to() -> None:
    for name, figures in DIFFERS.items():
        amounts = CASES[name]["inputs"]["amounts"]
        pays = [commission_marginal(amount, *scale(CASES[name]), decimals=1) for amount in amounts]
        assert pays == [Decimal(figure) for figure in figures] != CASES[name]["expected"]
