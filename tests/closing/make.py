"""A firm that closes its months: small plans and ledgers, with files where hashes need them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from salesxl.closing import (
    close_period,
    corrections,
    inputs_of,
    sealed_result,
    with_corrections,
)
from salesxl.closing.chain import Entry
from salesxl.errors import SalesxlError
from salesxl.ledger.frame import Ledger
from salesxl.ledger.match import match
from salesxl.ledger.pay.periods import parse_period
from salesxl.ledger.pay.results import PayRun, Period
from salesxl.ledger.pay.run import pay_run
from salesxl.plan.model import Plan
from salesxl.plan.read import fingerprint
from salesxl.texts import LANGS
from tests.pay import make

MORNING = datetime(2026, 7, 3, 8, 0, tzinfo=UTC)
JUNE = (
    make.line("2026-06-02", "A", 8_000, order="1"),
    make.line("2026-06-20", "A", 4_000, order="2"),
    make.line("2026-06-10", "B", 5_000, order="3"),
)
JULY = (
    make.line("2026-07-05", "A", 1_000, order="4"),
    make.line("2026-07-06", "B", 2_000, order="5"),
)
AUGUST = (make.line("2026-08-05", "A", 1_000, order="6"),)


def plan(**more: Any) -> Plan:
    made = make.plan(**more)
    return dataclasses.replace(made, fingerprint=fingerprint(made))


class Firm:
    """One plan file; its plan and ledger may change between the calls."""

    def __init__(self, folder: Path, whole: Plan | None = None) -> None:
        self.path = folder / "plan.xlsx"
        self.path.write_bytes(b"plan")
        self.plan = whole or plan()
        self.lines = [*JUNE, *JULY]
        self.hour = 0

    @property
    def ledger(self) -> Ledger:
        made = make.ledger(*self.lines)
        return dataclasses.replace(made, files=(("sales.csv", f"{len(self.lines)}"),))

    def run(self, period: str) -> PayRun:
        """As `commissions` does it."""
        asked = parse_period(period, 1)
        sealed = sealed_result(self.path, self.plan, asked)
        if sealed is not None:
            return sealed.run
        matched, _ = match(self.ledger, self.plan)
        run = pay_run(self.plan, matched, asked)
        due = corrections(
            self.path, self.plan, matched, asked, lambda past: pay_run(self.plan, matched, past)
        )
        made = with_corrections(run, due, "en")
        make.check(made)
        return made

    def clock(self) -> datetime:
        self.hour += 1
        return MORNING + timedelta(hours=self.hour)

    def close(self, period: str, **more: Any) -> Entry:
        run = self.run(period)
        inputs = inputs_of(self.path, self.plan, self.ledger, run.period.last_day)
        options: dict[str, Any] = {"who": "Li", "clock": self.clock, **more}
        return close_period(self.path, self.plan, run, inputs, {"01.xlsx": "f" * 64}, **options)

    def adjustments(self, period: str, person: str) -> list[tuple[int, int | None, int | None]]:
        """(amount, old, new) of the corrections in a payee's statement."""
        for statement in self.run(period).statements:
            if statement.person == person:
                return [
                    (item.amount, item.old, item.new)
                    for item in statement.adjustments
                    if item.old is not None
                ]
        return []

    def reasons(self, period: str) -> set[str]:
        return {
            item.reason for statement in self.run(period).statements
            for item in statement.adjustments
        }  # fmt: skip


def period(label: str) -> Period:
    return parse_period(label, 1)


def code_of(caught: pytest.ExceptionInfo[SalesxlError]) -> str:
    (problem,) = caught.value.problems
    for lang in LANGS:  # the sentence can be said
        assert problem.say(lang)
    return problem.code
