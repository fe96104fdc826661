"""The published worked examples by id, numbers as decimals."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "published_cases.jsonl"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in (
        json.loads(line, parse_float=Decimal)
        for line in FILE.read_text(encoding="utf-8").splitlines()
    )
}


def scale(case: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    tiers = case["inputs"]["tiers"]
    return [lower for lower, _ in tiers], [rate for _, rate in tiers]
