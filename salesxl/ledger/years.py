"""Fiscal years in a ledger: which are complete, and how a year's sales lie over its months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.core.split import largest_remainder
from salesxl.errors import Problem
from salesxl.plan.model import MonthWeight, SalesYear
from salesxl.texts import Lang, text

_PARTS = 1_000_000  # a weight is a share with 4 decimals of a percent


def fiscal_years(frame: pd.DataFrame, first_month: int = 1) -> npt.NDArray[np.int64]:
    """The fiscal year of each line: the calendar year in which it starts."""
    month = _months(frame)
    return (month - (first_month - 1)) // 12


def _months(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Months since year 0 of each line: year · 12 + month − 1."""
    since_1970 = frame["date"].to_numpy().astype("datetime64[M]").astype(np.int64)
    return since_1970 + 1970 * 12


def all_years(frame: pd.DataFrame, first_month: int = 1) -> tuple[int, ...]:
    """The fiscal years that have lines."""
    return tuple(int(year) for year in np.unique(fiscal_years(frame, first_month)))


def complete_years(frame: pd.DataFrame, first_month: int = 1) -> tuple[int, ...]:
    """The fiscal years whose first and last month have lines: they lie wholly in the ledger."""
    months = set(np.unique(_months(frame)).tolist())
    return tuple(
        year for year in all_years(frame, first_month)
        if {year * 12 + first_month - 1, year * 12 + first_month + 10} <= months
    )  # fmt: skip


def yearly_sales(frame: pd.DataFrame, first_month: int = 1) -> tuple[SalesYear, ...]:
    """The sales of each complete fiscal year, minor units."""
    years, amounts = fiscal_years(frame, first_month), frame["amount"].to_numpy(np.int64)
    return tuple(
        SalesYear(sales_year=year, sales_amount=int(amounts[years == year].sum()))
        for year in complete_years(frame, first_month)
    )


@dataclass(frozen=True)
class Base:
    """The lines a plan grows from: the last complete year, else the last twelve months."""

    lines: npt.NDArray[np.bool_]
    first: date
    last: date
    year: int | None


def base_period(frame: pd.DataFrame, before: int, first_month: int = 1) -> Base:
    """The last complete fiscal year before the year `before`; without one, the twelve months
    up to the last line before it (or up to the last line at all)."""
    years = [year for year in complete_years(frame, first_month) if year < before]
    months = _months(frame)
    if years:
        year = years[-1]
        start = year * 12 + first_month - 1
        return Base(
            (months >= start) & (months < start + 12), _first(start), _last(start + 11), year
        )
    limit = before * 12 + first_month - 1
    earlier = months[months < limit]
    end = int(earlier.max() if len(earlier) else months.max())
    lines = (months > end - 12) & (months <= end)
    return Base(lines, _first(int(months[lines].min())), _last(end), None)


def _first(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _last(month: int) -> date:
    return date.fromordinal(_first(month + 1).toordinal() - 1)


def month_weights(
    frame: pd.DataFrame, lang: Lang, first_month: int = 1
) -> tuple[tuple[MonthWeight, ...], list[Problem]]:
    """The share of each calendar month in the sales of all complete years, summing to 1
    exactly; without a complete year, the mean of the months there are."""
    notices: list[Problem] = []
    years = complete_years(frame, first_month)
    months = _months(frame)
    amounts = frame["amount"].to_numpy(np.int64)
    if years:
        chosen = np.isin(fiscal_years(frame, first_month), years)
        months, amounts = months[chosen], amounts[chosen]
    else:
        notices.append(Problem("ledger.start_months_partial"))
    sums = [int(amounts[months % 12 == m].sum()) for m in range(12)]
    counts = [len(np.unique(months[months % 12 == m])) for m in range(12)]
    missing = [m + 1 for m in range(12) if not counts[m]]
    negative = [m + 1 for m in range(12) if sums[m] < 0]
    if missing:
        listed = ", ".join(str(m) for m in missing)
        notices.append(Problem("ledger.start_months_missing", "", {"months": listed}))
    if negative:
        listed = ", ".join(str(m) for m in negative)
        notices.append(Problem("ledger.start_month_negative", "", {"months": listed}))
    # Over whole years a month's sum is its share; from parts, months seen twice count by mean.
    parts = [
        max(s, 0) * (1 if years else 27720 // max(c, 1)) for s, c in zip(sums, counts, strict=True)
    ]
    if not sum(parts):
        notices.append(Problem("ledger.start_months_even"))
        parts = [1] * 12
    note = text("ledger.start_month_note", lang)
    weights = tuple(
        MonthWeight(
            month=m + 1, weight=Decimal(part).scaleb(-6), note=note if m + 1 in missing else ""
        )
        for m, part in enumerate(largest_remainder(_PARTS, parts))
    )
    return weights, notices
