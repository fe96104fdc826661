"""A matrix of two measures as a grid: bounds on both sides, rates inside, the cell reached lit.

Bounds are numbers shown as "≥ 90%", so the sheet finds the rate itself by MATCH.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from salesxl.ledger.pay.results import PlanPay
from salesxl.sheets.content import Formula, span
from salesxl.sheets.page import fill
from salesxl.sheets.statement_pen import (
    NAME,
    PART,
    START,
    TIER_PAY,
    Pen,
    PlanCells,
    decimal,
    places,
)

MOST_COLUMNS = TIER_PAY - START + 1


def fits_grid(pay: PlanPay) -> bool:
    """Whether the table's second bounds have a column each."""
    return len({tier.second_threshold or Decimal(0) for tier in pay.tiers}) <= MOST_COLUMNS


def _bound_format(bounds: list[Decimal], is_share: bool) -> str:
    digits = max(places(bound * 100 if is_share else bound) for bound in bounds)
    tail = "." + "0" * digits if digits else ""
    return f'"≥ "0{tail}%_)_)' if is_share else f'"≥ "#,##0{tail}_)_)'


class Grid:
    """One matrix. After `write`: `rate` and the cell that finds it."""

    def __init__(
        self, pen: Pen, pay: PlanPay, cells: PlanCells, quota_cell: str, second: str
    ) -> None:
        self.pen, self.pay, self.cells = pen, pay, cells
        self.quota_cell, self.second = quota_cell, second
        self.rows = sorted({tier.threshold for tier in pay.tiers})
        self.columns = sorted({tier.second_threshold or Decimal(0) for tier in pay.tiers})
        self.rate = Fraction(0)
        self.rate_cell = ""
        self.place = self._place()

    def _place(self) -> tuple[int, int]:
        """Row and column reached; -1 below the first bound."""
        pay, second = self.pay, self.pay.second_value
        credit = Fraction(pay.before_credited + pay.credited)
        if pay.plan.measure == "attainment":
            if pay.quota <= 0:
                return -1, -1
            first = credit / pay.quota
        else:
            first = credit / 10**self.pen.decimals
        row = sum(bound <= first for bound in self.rows) - 1
        column = -1 if second is None else sum(bound <= second for bound in self.columns) - 1
        return row, column

    def write(self, row: int) -> int:
        """Grid and rate reached from `row` on; returns the next free row."""
        pen, pay = self.pen, self.pay
        by_attainment = pay.plan.measure == "attainment"
        rates = {(t.threshold, t.second_threshold or Decimal(0)): t.rate for t in pay.tiers}
        fill(pen.sheet, row, NAME, TIER_PAY, "header")
        pen.put(row, NAME, pen.say("grid_corner"), "header")
        column_fmt = _bound_format(self.columns, True)
        for offset, bound in enumerate(self.columns):
            pen.put(row, START + offset, bound, "header", column_fmt, "right")
        pen.height(row, 20)
        first, last = row + 1, row + len(self.rows)
        row_fmt = _bound_format(self.rows, by_attainment)
        for n, low in enumerate(self.rows):
            here = first + n
            fill(pen.sheet, here, NAME, TIER_PAY, "cell")
            pen.put(here, NAME, low, "cell", row_fmt, "left", "small")
            for offset, bound in enumerate(self.columns):
                look = ("highlight",) if (n, offset) == self.place else ()
                pen.put(here, START + offset, rates.get((low, bound)), "cell", "rate", *look)
            pen.height(here)
        if min(self.place) >= 0:
            self.rate = Fraction(
                rates.get((self.rows[self.place[0]], self.columns[self.place[1]]), Decimal(0))
            )
        end = START + len(self.columns) - 1
        area = span(first, START, last, end)
        down = f"MATCH({self._first()},{span(first, NAME, last, NAME)},1)"
        across = f"MATCH({self._hundredth(self.second)},{span(row, START, row, end)},1)"
        pen.sheet.merge(last + 1, NAME, last + 1, PART, pen.say("grid_rate"), "cell", "",
                        "small", "muted")  # fmt: skip
        live = Formula(f"=IFERROR(INDEX({area},{down},{across}),0)", decimal(self.rate, 12))
        if self._dead() or not self.second:
            live = Formula("=0", Decimal(0))
        self.rate_cell = pen.put(last + 1, TIER_PAY, live, "cell", "rate", "bold")
        pen.height(last + 1)
        return last + 2

    def _dead(self) -> bool:
        return self.pay.plan.measure == "attainment" and self.pay.quota <= 0

    def _first(self) -> str:
        if self.pay.plan.measure == "attainment":
            return self._hundredth(f"{self.cells.base}/{self.quota_cell}")
        return self.cells.base

    @staticmethod
    def _hundredth(ratio: str) -> str:
        """A ratio without the hair doubles leave on it."""
        return f"ROUND({ratio},12)"
