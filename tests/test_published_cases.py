"""Published worked examples: every one is reproduced, refused, or named with the reason it is not.

Kinds that another file answers for are named in its ``KINDS``; what no file claims is
answered here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from published import CASES, scale
from test_published_refusals import DIFFERS, REFUSED

from salesxl.core.attainment import target_gap
from salesxl.core.clawback import clawback
from salesxl.core.commission import commission_marginal, commission_whole, reached_rate, read_scale
from salesxl.core.credit_split import overlay_credit, split_credit
from salesxl.core.curve import commission_interpolated, matrix_rate
from salesxl.core.draw import draw_settlement
from salesxl.core.number import exact
from salesxl.core.rfm import rfm_values
from salesxl.core.split import split_target
from salesxl.core.weights import blend_weights
from salesxl.core.year_to_date import commission_ytd

ELSEWHERE = ("test_published_targets", "test_published_grid")


def marginal(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    pays = [
        commission_marginal(amount, *scale(case))
        for amount in inputs.get("amounts", [inputs.get("amount")])
    ]
    if "period" in inputs:
        return sum(pays)  # each transaction by itself, paid together
    return pays if "amounts" in inputs else pays[0]


def marginal_of_units(case: dict[str, Any]) -> Any:
    """Published is the sales figure; the commission on it stands in the notes."""
    inputs = case["inputs"]
    sales = sum(p * q for p, q in zip(inputs["prices"], inputs["qty"], strict=True))
    commission = int(case["notes"].split(" = ")[1].split()[0])
    assert commission_marginal(sales, *scale(case)) == commission
    return {"sales": sales}


def marginal_unrounded(case: dict[str, Any]) -> Any:
    return commission_marginal(case["inputs"]["amount"], *scale(case), decimals=6)


def band_rate(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    bands = read_scale(*scale(case))
    amounts = inputs.get("amounts", [inputs.get("amount")])
    rates = [reached_rate(exact(amount), bands) for amount in amounts]
    for amount, rate in zip(amounts, rates, strict=True):
        assert abs(exact(commission_whole(amount, *scale(case))) - exact(amount) * rate) <= Decimal(
            "0.005"
        )
    return rates if "amounts" in inputs else {"rate": rates[0]}


def whole_amount(case: dict[str, Any]) -> Any:
    return commission_whole(case["inputs"]["amount"], *scale(case))


def year_to_date(case: dict[str, Any]) -> Any:
    rows = commission_ytd(case["inputs"]["amounts"], *scale(case), "marginal")
    return [row[-1] for row in rows]


def fixed_pay_a_band(case: dict[str, Any]) -> Any:
    """A band pays a fixed sum, in proportion within the band: a curve through the running sums."""
    bands = case["inputs"]["bands_amount"]
    points, payouts = [bands[0][0]], [0]
    for _, end, pay in bands:
        points.append(end)
        payouts.append(payouts[-1] + pay)
    return commission_interpolated(case["inputs"]["amount"], points, payouts, decimals=2)


def two_metrics(case: dict[str, Any]) -> Any:
    """Upper bounds, as published, become the lower bounds of the next band.

    The two agree everywhere but on a bound itself; neither case lies on one.
    """
    inputs = case["inputs"]
    rows = [0, *(upper for upper, _ in inputs["rows"][:-1])]
    columns = [0, *inputs["cols_upper"][:-1]]
    table = [rates for _, rates in inputs["rows"]]
    assert inputs["gp_pct"] not in rows and inputs["invoice"] not in columns
    return {"rate": matrix_rate(inputs["gp_pct"], inputs["invoice"], rows, columns, table)}


def recoverable_draw(case: dict[str, Any]) -> Any:
    """Published as balance: what is owed, below 0, or else the month's surplus."""
    inputs = case["inputs"]
    rows = draw_settlement(inputs["earnings"], inputs["draw"], 0, True)
    surplus = [
        -owed if owed else earned + drawn - recovered - inputs["draw"]
        for earned, drawn, recovered, _, owed in rows
    ]
    return {"net": [row[3] for row in rows], "balance": surplus}


def draw_before_recovery(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    rows = draw_settlement(
        inputs["earnings"], inputs["minimum"], 0, True,
        recovery_from=inputs["recovery_starts_period"],
    )  # fmt: skip
    return {"paid": [row[3] for row in rows], "balance": [row[4] for row in rows]}


def settlement(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    [row] = draw_settlement([inputs["earned"]], inputs["draw"], 0, True)
    return {"settlement": row[3] - inputs["draw"]}


def unearned_share(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    return clawback(1, inputs["cancel_after"], inputs["term_months"], "prorata")


def shared_order(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    shares = [Decimal(part) / 100 for part in inputs["split"]]
    achieved, _ = split_credit(inputs["so_qty"], shares, 0)
    target = inputs["target_qty"]
    return {"target": target, "achieved": achieved, "variance": -target_gap(target, achieved)}


def overlay_on_top(case: dict[str, Any]) -> Any:
    people = case["inputs"].values()
    revenue = split_credit(100, [Decimal(p["revenue"]) / 100 for p in people])
    overlay = overlay_credit(100, [Decimal(p.get("overlay", 0)) / 100 for p in people])
    return {"revenue_total": sum(revenue), "all_total": sum(revenue) + sum(overlay)}


def apportionment(case: dict[str, Any]) -> Any:
    return split_target(case["inputs"]["total"], case["inputs"]["weights"])


def both_modes(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    starts = [share * inputs["quota"] for share, _ in inputs["tiers_pct_of_quota"]]
    rates = [rate for _, rate in inputs["tiers_pct_of_quota"]]
    credited = inputs["attainment"] * inputs["quota"]
    return {
        "non_cumulative": commission_whole(credited, starts, rates),
        "cumulative": commission_marginal(credited, starts, rates),
    }


def curve(case: dict[str, Any]) -> Any:
    points = case["inputs"]["curve"]
    starts, rates = [a for a, _ in points], [b for _, b in points]
    return commission_marginal(case["inputs"]["attainment"], starts, rates, decimals=4)


def above_threshold(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    sales = inputs["sales_before"] + inputs["extra"]
    return commission_marginal(sales, [inputs["threshold"]], [inputs["rate"]])


def on_margin(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    return commission_marginal(inputs["sale"] - inputs["cost"], [0], [inputs["rate"]])


def shares_to_the_cent(case: dict[str, Any]) -> Any:
    total, rate = case["inputs"]["total"], case["inputs"]["rate"]
    admin, vendor = split_target(total, [rate, 1 - rate], "0.01")
    return {"admin": admin, "vendor": vendor, "sum": admin + vendor}


def two_drivers(case: dict[str, Any]) -> Any:
    first, second = (driver["v"] for driver in case["inputs"]["drivers"])
    return split_target(case["inputs"]["total"], blend_weights(first, second, "0.5"), "0.01")


def gated(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    columns = zip(inputs["history"], inputs["gate_a"], inputs["gate_b"], strict=True)
    weights = [history if a and b else 0 for history, a, b in columns]
    return split_target(inputs["total"], weights)


def quarter(case: dict[str, Any]) -> Any:
    return split_target(case["inputs"]["annual"], [1, 1, 1, 1])[0]


def repeat_orders(case: dict[str, Any]) -> Any:
    """The first order is left out; that the rows may come in any order is part of the case."""
    found = {
        rfm_values(*(list(c) for c in zip(*rows, strict=True)), "2014-06-01", "left_out", "mean")[
            0
        ][3]
        for rows in permutations(case["inputs"]["transactions"])
    }
    assert len(found) == 1
    return found.pop()


REPRODUCED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "gist-flat hf-salestool-2050 excelforum-8250 studyofnet-740 earnbase-incremental-98k "
    "mytime-400 mytime-5000 oracle-step-T2 oracle-step-T4 oracle-step-T5 oracle-step-quarter "
    "of-calc of-round2": (marginal, "expected"),
    "oracle-step-cumulative-derived": (year_to_date, "recomputed"),
    "oracle-interp-T1 oracle-interp-T2 oracle-interp-T3 oracle-interp-T4 oracle-interp-T6": (
        fixed_pay_a_band,
        "expected",
    ),
    "necs-matrix-160 necs-matrix-995": (two_metrics, "expected"),
    "siebel-recoverable-draw": (recoverable_draw, "expected"),
    "oracle-draw-p1-3": (draw_before_recovery, "expected"),
    "legalclarity-5000": (settlement, "expected"),
    "zepys-prorata": (unearned_share, "expected"),
    "erpnext-5050": (shared_order, "expected"),
    "spiff-split-overlay": (overlay_on_top, "recomputed"),
    "jorgensen-bva-01 jorgensen-bva-03 jorgensen-bva-07 jorgensen-bva-08 jorgensen-bva-09 "
    "jorgensen-bva-11 jorgensen-bva-12 jorgensen-bva-13": (marginal_of_units, "expected"),
    "jorgensen-rule-999.99 jorgensen-rule-1000 jorgensen-rule-1800 jorgensen-rule-1800.01 "
    "jorgensen-rule-7800": (marginal_unrounded, "recomputed"),
    "oracle-flat-5000 oracle-flat-15000 oracle-flat-60000 of-rate-from-base": (
        band_rate,
        "expected",
    ),
    "cn-lookup-10000 cn-lookup-14999.99": (band_rate, "recomputed"),
    "earnbase-retro-108k": (whole_amount, "expected"),
    "app-zero app-few app-tie hamilton-bandana": (apportionment, "expected"),
    "hamilton-smarts": (apportionment, "recomputed"),
    "salescookie-110pct-rule": (both_modes, "recomputed"),
    "exceldownloads-27.5 exceldownloads-35": (curve, "expected"),
    "se420-min se420-maint se420-repl se420-basic58k": (above_threshold, "expected"),
    "ethotech-gross": (on_margin, "expected"),
    "dokan-remainder": (shares_to_the_cent, "expected"),
    "b2b-blend": (two_drivers, "expected"),
    "b2b-gates": (gated, "expected"),
    "himodus-q": (quarter, "expected"),
    "lifetimes-rfm-22.5": (repeat_orders, "expected"),
}

NOT_COVERED = {
    "undoes a tax: the gross that leaves a given net; pay is before tax": "of-inverse",
}


@pytest.mark.parametrize(
    ("name", "rule", "figure"),
    [
        pytest.param(name, rule, figure, id=name)
        for names, (rule, figure) in REPRODUCED.items()
        for name in names.split()
    ],
)
def test_published_figure(name: str, rule: Callable[..., Any], figure: str) -> None:
    case = CASES[name]
    assert (case["status"] == "consistent") == (figure == "expected")
    assert rule(case) == case[figure]


def claimed_elsewhere() -> dict[str, str]:
    """Kind → the file that answers for it."""
    claims: dict[str, str] = {}
    for module in ELSEWHERE:
        if (Path(__file__).parent / f"{module}.py").exists():
            for kind in importlib.import_module(module).KINDS:
                assert kind not in claims, f"{kind}: {claims.get(kind)} and {module}"
                claims[kind] = module
    return claims


def test_every_case_is_reproduced_or_refused_or_named_with_its_reason() -> None:
    groups = (*REPRODUCED, *REFUSED, *DIFFERS, *NOT_COVERED.values())
    named = [name for names in groups for name in names.split()]
    assert len(set(named)) == len(named)
    claims = claimed_elsewhere()
    assert set(claims) <= {case["kind"] for case in CASES.values()}
    ours = {name for name, case in CASES.items() if case["kind"] not in claims}
    assert ours == set(named) & ours and set(named) <= set(CASES)
