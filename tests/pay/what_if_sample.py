"""What the what-if tests share: a steady ledger, and the comparison on it."""

from __future__ import annotations

from typing import Any

from salesxl.ledger.frame import Ledger
from salesxl.ledger.what_if.compare import WhatIf, what_if
from salesxl.plan.model import Plan
from tests.pay.make import ledger, line, plan, tiers

HALF = tiers(("0", "0.01"))


def months(first: int, last: int, a: str = "40000", b: str = "50000") -> Ledger:
    """A and B sell the same every month, on its last day."""
    lines = []
    for month in range(first, last + 1):
        day = f"2026-{month:02d}-28"
        lines += [line(day, "A", a, region="East"), line(day, "B", b, region="West")]
    return ledger(*lines)


def compare(
    *changes: str, whole: Plan | None = None, lines: Ledger | None = None, **more: Any
) -> WhatIf:
    return what_if(whole or plan(), lines or months(1, 3), changes, draws=50, **more)
