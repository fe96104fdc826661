"""Sums over the ledger by one text column: the value, and the formula that finds it again.

>>> by_channel = Actuals(scope, "channel")
>>> by_channel.amount("Web shop", 2027)           # minor units
>>> by_channel.formula("B9", 2027)                # =IF(B9="",0,SUMIFS(ledger[Amount],…))

SUMIFS compares without regard to case, reads ``*?~`` as patterns and numbers in texts
as numbers. The formula escapes what can be escaped; where two texts of the ledger would
still be taken for one (``0012`` and ``12``), `is_live` is false and the values stand alone.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property

import pandas as pd

from salesxl.sheets.ledger_lines import ledger_column, lines
from salesxl.sheets.scope import Scope

# Engines differ in whether such a text is a date; a number is one to all of them.
_LIKE_DATE = re.compile(r"^\s*\d{1,4}\s*[-/:.]\s*\d{1,4}(\s*[-/:.]\s*\d{1,4})?\s*$")
_LONGEST = 200  # SUMIFS refuses a criterion of more than 255 characters


class Actuals:
    """Amounts by the ledger table's text column `key`; empty without a ledger."""

    def __init__(self, scope: Scope, key: str) -> None:
        self._scope = scope
        self.key = key
        self._frame: pd.DataFrame | None = None
        if scope.ledger is not None and not scope.ledger.frame.empty:
            self._frame = lines(scope)[[key, "date", "amount"]]

    @cached_property
    def _by_year(self) -> dict[int, dict[str, int]]:
        years = (self._scope.focus_year, self._scope.focus_year - 1)
        return {year: self._sums(year) for year in years}

    @cached_property
    def _by_sight(self) -> dict[int, dict[object, int]]:
        return {
            year: {_as_engines_see(name): amount for name, amount in sums.items()}
            for year, sums in self._by_year.items()
        }

    def _sums(self, year: int) -> dict[str, int]:
        if self._frame is None:
            return {}
        months = self._scope.year_months(year)
        dates = self._frame["date"]
        part = self._frame[(dates >= pd.Timestamp(months[0])) & (dates < pd.Timestamp(months[12]))]
        sums = part.groupby(self.key, sort=False, observed=True)["amount"].sum()
        return {str(name): int(amount) for name, amount in sums.items()}

    def amount(self, name: str, year: int) -> int:
        """Minor units of `name` in fiscal `year` (the focus year or the one before)."""
        sums = self._by_year[year]
        if not name or name in sums or not self.is_live:
            return sums.get(name, 0) if name else 0
        return self._by_sight[year].get(_as_engines_see(name), 0)

    def sight(self, name: str) -> object:
        """What `name` is to the formula: two names alike in this are one to it."""
        return _as_engines_see(name) if self.is_live else name

    def total(self, year: int) -> int:
        """All lines of the year, whatever they name."""
        return sum(self._by_year[year].values())

    def listed(self, year: int) -> dict[str, int]:
        """Name → minor units, the largest first; "" is left out."""
        items = ((n, a) for n, a in self._by_year[year].items() if n)
        return dict(sorted(items, key=lambda item: (-item[1], item[0])))

    @cached_property
    def last_dates(self) -> dict[str, date]:
        """Name → day of its last sale (an amount above zero)."""
        if self._frame is None:
            return {}
        sold = self._frame[self._frame["amount"] > 0]
        latest = sold.groupby(self.key, sort=False, observed=True)["date"].max()
        return {str(name): day.date() for name, day in latest.items()}

    @cached_property
    def is_live(self) -> bool:
        """Whether the formula surely finds what `amount` says."""
        if self._frame is None:
            return False
        seen: dict[object, str] = {}
        for name in self._frame[self.key].unique():
            words = str(name)
            if len(words) > _LONGEST or _looks_like_date(words):
                return False
            if seen.setdefault(_as_engines_see(words), words) != words:
                return False
        return True

    def formula(self, cell: str, year: int) -> str:
        """The sum of fiscal `year` for the name in `cell`; 0 for a blank one."""
        escaped = cell
        for sign in "~*?":
            escaped = f'SUBSTITUTE({escaped},"{sign}","~{sign}")'
        column = ledger_column(self.key, self._scope.lang)
        return f'=IF({cell}="",0,{self._sumifs(year, f""",{column},"="&{escaped}""")})'

    def total_formula(self, year: int) -> str:
        """The sum of all lines of fiscal `year`."""
        return "=" + self._sumifs(year, "")

    def _sumifs(self, year: int, more: str) -> str:
        lang = self._scope.lang
        months = self._scope.year_months(year)
        amount, day = ledger_column("amount", lang), ledger_column("date", lang)
        start, end = (f"DATE({d.year},{d.month},{d.day})" for d in (months[0], months[12]))
        return f'SUMIFS({amount},{day},">="&{start},{day},"<"&{end}{more})'


def _looks_like_date(words: str) -> bool:
    if not _LIKE_DATE.match(words):
        return False
    try:
        float(words)
    except ValueError:
        return True
    return False


def _as_engines_see(words: str) -> object:
    """Two texts with equal results are one to SUMIFS."""
    try:
        return float(words)
    except ValueError:
        return words.casefold()
