"""What the analysis adds up: the months compared, the sums by dimension, their formulas.

The focus year is compared with its predecessor over the same months: from the first
month of the fiscal year up to the last that has begun or has lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Book, Formula, Scalar, Sheet
from salesxl.sheets.ledger_lines import ledger_column, lines
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

_EPOCH = date(1970, 1, 1)
BIG = 100_000  # major units from which charts count in 10,000s (zh) or 1,000s (en)


@dataclass
class Sums:
    """Ledger sums of a scope with lines; amounts in minor units, ranges ``[start, end)``."""

    scope: Scope
    sheet: Sheet
    book: Book
    checks: list[tuple[str, Decimal]] = field(default_factory=list)  # cell, difference
    _live: dict[str, bool] = field(default_factory=dict)
    _known: dict[str, bool] = field(default_factory=dict)
    _columns: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    _masks: dict[tuple[date, date], npt.NDArray[np.bool_]] = field(default_factory=dict)
    _codes: dict[str, tuple[npt.NDArray[np.int64], list[str]]] = field(default_factory=dict)
    _parts: dict[tuple[date, date], pd.DataFrame] = field(default_factory=dict)

    @property
    def lang(self) -> Lang:
        return self.scope.lang

    @cached_property
    def frame(self) -> pd.DataFrame:
        return lines(self.scope)

    @cached_property
    def months(self) -> int:
        """How many months of the focus year are compared, 1 … 12."""
        scope = self.scope
        starts = scope.year_months(scope.focus_year)
        assert scope.ledger is not None
        last = scope.ledger.last_date or starts[0]
        with_lines = sum(day <= last for day in starts[:12])
        begun = scope.months_to_date if scope.is_running else 0
        return max(1, with_lines, begun)

    @cached_property
    def this(self) -> tuple[date, date]:
        starts = self.scope.year_months(self.scope.focus_year)
        return starts[0], starts[self.months]

    @cached_property
    def last(self) -> tuple[date, date]:
        starts = self.scope.year_months(self.scope.focus_year - 1)
        return starts[0], starts[self.months]

    @cached_property
    def plan_months(self) -> tuple[int, ...]:
        """The plan's twelve months over all regions and products, in minor units."""
        return tuple(
            sum(
                product[month] for region in self.scope.targets.regions for product in region.months
            )
            for month in range(12)
        )

    def plan_by_product(self) -> dict[str, int]:
        """Product line name → plan of the months compared."""
        names = {p.id: p.name for p in self.scope.plan.product_lines}
        targets = self.scope.targets
        return {
            names[key]: sum(sum(region.months[i][: self.months]) for region in targets.regions)
            for i, key in enumerate(targets.product_ids)
        }

    @cached_property
    def _days(self) -> npt.NDArray[np.int64]:
        days = self.frame["date"].to_numpy().astype("datetime64[D]")
        return np.asarray(days.astype(np.int64))

    def _minor(self, what: str) -> npt.NDArray[np.int64]:
        """The column `what` as whole minor units, 0 where a line does not say."""
        if what not in self._columns:
            series = self.frame[what]
            filled = series if what == "amount" else series.fillna(0)
            self._columns[what] = np.asarray(filled.to_numpy(dtype=np.int64))
        return self._columns[what]

    def _inside(self, span: tuple[date, date]) -> npt.NDArray[np.bool_]:
        if span not in self._masks:
            first, after = ((day - _EPOCH).days for day in span)
            self._masks[span] = (self._days >= first) & (self._days < after)
        return self._masks[span]

    def amount(self, span: tuple[date, date], what: str = "amount") -> int:
        """All lines of a range: their amount, margin, or what was collected."""
        return int(self._minor(what)[self._inside(span)].sum())

    def count(self, span: tuple[date, date]) -> int:
        """How many lines a range has."""
        return int(self._inside(span).sum())

    def by(
        self, key: str, span: tuple[date, date], what: str = "amount",
        where: npt.NDArray[np.bool_] | None = None,
    ) -> dict[str, int]:  # fmt: skip
        """Name → amount (or margin, or what was collected), for names with lines in the range."""
        codes, known = self._coded(key)
        inside = self._inside(span) if where is None else self._inside(span) & where
        found = codes[inside]
        sums = np.zeros(len(known), np.int64)
        np.add.at(sums, found, self._minor(what)[inside])
        return {known[code]: int(sums[code]) for code in pd.unique(found)}

    def where(self, key: str, name: str) -> npt.NDArray[np.bool_]:
        """The lines of a name."""
        codes, known = self._coded(key)
        return np.asarray(codes == (known.index(name) if name in known else -1))

    def _coded(self, key: str) -> tuple[npt.NDArray[np.int64], list[str]]:
        if key not in self._codes:
            codes, names = pd.factorize(self.frame[key])
            self._codes[key] = (codes, [str(name) for name in names])
        return self._codes[key]

    def part(self, span: tuple[date, date]) -> pd.DataFrame:
        """The lines of a range."""
        return self._in(span)

    def known(self, what: str) -> bool:
        """Whether every line says its margin, or what was collected of it."""
        if what not in self._known:
            self._known[what] = bool(self.frame[what].notna().all())
        return self._known[what]

    @cached_property
    def everything(self) -> tuple[date, date]:
        """From the first line's fiscal year to the end of the last line's."""
        years = self.years
        return self.scope.year_months(years[0])[0], self.scope.year_months(years[-1])[12]

    @cached_property
    def years(self) -> list[int]:
        """The fiscal years from the first line's to the last line's."""
        dates = self.frame["date"]
        first = self.scope.targets.months[0]
        plan_year = self.scope.plan.settings.year
        apart = [
            (day.year - first.year) * 12 + day.month - first.month
            for day in (dates.min(), dates.max())
        ]
        return list(range(plan_year + apart[0] // 12, plan_year + apart[1] // 12 + 1))

    def _in(self, span: tuple[date, date]) -> pd.DataFrame:
        # Both ranges compared are asked for by several tables, any other by few.
        if span not in (self.this, self.last):
            return self.frame[self._inside(span)]
        if span not in self._parts:
            self._parts[span] = self.frame[self._inside(span)]
        return self._parts[span]

    def major(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.scope.plan.settings.decimals)

    def live(self, key: str) -> bool:
        """Whether SUMIFS surely tells the names of `key` apart."""
        if key not in self._live:
            self._live[key] = Actuals(self.scope, key).is_live
        return self._live[key]

    def sumifs(
        self, span: tuple[date, date], key: str = "", cell: str = "", what: str = "amount"
    ) -> str:
        """``SUMIFS(…)`` over the range, and for the name in `cell` where one is given."""
        amount, day = ledger_column(what, self.lang), ledger_column("date", self.lang)
        start, end = (f"DATE({d.year},{d.month},{d.day})" for d in span)
        more = ""
        if key:
            escaped = cell
            for sign in "~*?":
                escaped = f'SUBSTITUTE({escaped},"{sign}","~{sign}")'
            more = f',{ledger_column(key, self.lang)},"="&{escaped}'
        return f'SUMIFS({amount},{day},">="&{start},{day},"<"&{end}{more})'

    def cell(
        self, span: tuple[date, date], minor: int, key: str = "", cell: str = "",
        what: str = "amount",
    ) -> Formula | Scalar:  # fmt: skip
        """The sum as a live formula, or its value alone where a formula could mistake names."""
        value = self.major(minor)
        if key and not self.live(key):
            return value
        return Formula("=" + self.sumifs(span, key, cell, what), value)

    @cached_property
    def scale(self) -> int:
        """What charts divide by."""
        if self.major(max(self.plan_months, default=0)) < BIG:
            return 1
        return 10_000 if self.lang == "zh" else 1_000

    @cached_property
    def unit(self) -> str:
        """The charts' unit as words."""
        currency = self.scope.plan.settings.currency
        said = text("analysis.yuan", self.lang) if currency == "CNY" else currency
        if self.scale == 1:
            return said
        if self.lang == "zh" and currency != "CNY":
            said = f" {said}"
        return text("analysis.unit_big", self.lang, currency=said)

    @cached_property
    def pattern(self) -> str:
        """How charts and findings show an amount."""
        big = self.major(self.amount(self.this)) / self.scale
        return "#,##0" if abs(big) >= 1_000 else "#,##0.0"

    def scaled(self, cell: str, value: Decimal) -> Formula:
        return Formula(f"={cell}/{self.scale}", value / self.scale)
