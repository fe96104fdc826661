"""Published tables fitted to margins: each reproduced at the precision of its source."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.core.fit import fit_margins
from salesxl.core.number import round_half_up

KINDS = ("ipf",)
FILE = Path(__file__).parent / "data" / "published_cases.jsonl"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    if case["kind"] in KINDS
}

Table = list[list[Any]]


def margins(cells: Table) -> tuple[list[Any], list[Any]]:
    return [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]


def fitted(case: dict[str, Any], unit: object) -> Table:
    given = case["inputs"]
    return fit_margins(given["seed"], given["rows"], given["cols"], unit)


def rounded(cells: Table, decimals: int) -> list[list[float]]:
    return [[float(round_half_up(cell, decimals)) for cell in row] for row in cells]


@pytest.mark.parametrize("name", CASES)
def test_margins_are_exact_at_any_unit(name: str) -> None:
    given = CASES[name]["inputs"]
    for unit in (1, Decimal("0.01"), Decimal("0.000001"), 2):
        if unit == 2 and any(total % 2 for total in given["rows"] + given["cols"]):
            continue
        cells = fitted(CASES[name], unit)
        assert margins(cells) == (given["rows"], given["cols"])
        assert all(cell % unit == 0 for row in cells for cell in row)


def test_ipf_wikipedia() -> None:
    """Seed and margins are published, the fitted cells derived to 0.01."""
    case = CASES["ipf-wikipedia"]
    assert rounded(fitted(case, "0.000001"), 2) == case["recomputed"]


def test_ipfn_2d() -> None:
    """Published are the margins; the fitted cells stand in the notes, to 0.0001."""
    case = CASES["ipfn-2d"]
    cells = fitted(case, "0.0000001")
    assert margins(cells) == (case["expected"]["rows"], case["expected"]["cols"])
    assert rounded(cells, 4) == json.loads(case["notes"].split(": ", 1)[1])


def test_every_case_of_the_kind_is_here() -> None:
    assert set(CASES) == {"ipf-wikipedia", "ipfn-2d"}
