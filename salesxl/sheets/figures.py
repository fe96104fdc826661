"""The front page's figures: each with the formula that finds it in the workbook.

Targets come from the targets sheet's names ("annual_target", "quarter_target_1" …),
actual sales from the ledger sheet's table. Where a sheet is not in the book the
figure stands as a value.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from salesxl.sheets.content import Book, Formula, Value
from salesxl.sheets.ledger_lines import ledger_column
from salesxl.sheets.scope import Scope

# From nine digits on a tile would be too narrow: amounts go to a larger unit, divided at source.
LARGE_AMOUNT = 100_000_000
LARGE_UNIT = {"zh": 10_000, "en": 1_000}


def find(book: Book, name: str) -> str:
    """Where the cell of that name is, as formulas say it; "" where the book has none."""
    if name in book.names:
        return book.names[name].removeprefix("=")
    return next(
        (sheet.ref(cell.row, cell.col) for sheet in book.sheets for cell in sheet.cells
         if cell.name == name), "",
    )  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """A figure in shown units: its value and, where it can be live, its expression."""

    value: Decimal
    expression: str = ""  # without "="

    @property
    def cell(self) -> Value:
        return Formula(f"={self.expression}", self.value) if self.expression else self.value


class Figures:
    """Targets and actual sales of a scope, in major units divided by `unit`."""

    def __init__(self, scope: Scope, book: Book) -> None:
        self.scope = scope
        self.book = book
        self.decimals = scope.plan.settings.decimals
        frame = None if scope.ledger is None else scope.ledger.frame
        self.frame: pd.DataFrame | None = frame
        self.live_ledger = frame is not None and any(
            table.name == "ledger" for sheet in book.sheets for table in sheet.tables
        )
        largest = max(abs(scope.targets.total), *(abs(self._minor(*self.year(y))) for y in (0, -1)))
        is_large = largest >= LARGE_AMOUNT * 10**self.decimals
        self.unit = LARGE_UNIT[scope.lang] if is_large else 1

    @property
    def has_lines(self) -> bool:
        return self.frame is not None and not self.frame.empty

    def year(self, offset: int) -> tuple[date, date]:
        """First day of the focus year (or of one `offset` years away) and of the next."""
        months = self.scope.year_months(self.scope.focus_year + offset)
        return months[0], months[12]

    def quarter(self, number: int) -> tuple[date, date]:
        """First day of fiscal quarter 0 … 3 of the focus year and of the next."""
        months = self.scope.year_months(self.scope.focus_year)
        return months[3 * number], months[3 * number + 3]

    def same_days_last_year(self) -> tuple[date, date]:
        """The year before, up to the same day as `as_of`."""
        first, end = self.year(-1)
        day = self.scope.as_of
        last = min(day.day, calendar.monthrange(day.year - 1, day.month)[1])
        return first, min(end, date(day.year - 1, day.month, last) + timedelta(days=1))

    def _minor(self, start: date, end: date) -> int:
        if self.frame is None:
            return 0
        dates = self.frame["date"]
        inside = (dates >= pd.Timestamp(start)) & (dates < pd.Timestamp(end))
        return int(self.frame.loc[inside, "amount"].sum())

    def shown(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.decimals) / self.unit

    def _scaled(self, expression: str) -> str:
        return expression if self.unit == 1 else f"({expression}/{self.unit})"

    def actual(self, start: date, end: date) -> Amount:
        """Sales from `start` up to, not including, `end`."""
        value = self.shown(self._minor(start, end))
        if not self.live_ledger:
            return Amount(value)
        lang = self.scope.lang
        amount, day = ledger_column("amount", lang), ledger_column("date", lang)
        bounds = [f"DATE({d.year},{d.month},{d.day})" for d in (start, end)]
        sums = f'SUMIFS({amount},{day},">="&{bounds[0]},{day},"<"&{bounds[1]})'
        # Float sums over many lines: back to whole minor units before anything compares them.
        return Amount(value, self._scaled(f"ROUND({sums},{self.decimals})"))

    def annual_target(self) -> Amount:
        return self._named("annual_target", self.scope.targets.total)

    def quarter_target(self, number: int) -> Amount:
        """The target of fiscal quarter 0 … 3."""
        months = range(3 * number, 3 * number + 3)
        minor = sum(p[m] for region in self.scope.targets.regions for p in region.months
                    for m in months)  # fmt: skip
        return self._named(f"quarter_target_{number + 1}", minor)

    def _named(self, name: str, minor: int) -> Amount:
        place = find(self.book, name)
        return Amount(self.shown(minor), self._scaled(place) if place else "")
