"""New customers by the quarter of their first purchase, and how old open receivables are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from salesxl.core.cohort import cohorts
from salesxl.sheets.analysis_blocks import NONE
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Condition, Formula, Value, a1, span
from salesxl.sheets.ledger_lines import ledger_column
from salesxl.sheets.page import body_row, header_row, note, section, spacer
from salesxl.texts import text

LAST = 12
QUARTERS = 8
EDGES = (30, 60, 90, 180)  # days since the sale


def _first_day(sums: Sums) -> date | None:
    """First day of the first quarter shown: a whole year of lines must lie before it."""
    frame, scope = sums.frame, sums.scope
    first = frame["date"].min().date()
    starts = [scope.year_months(year)[month] for year in sums.years for month in (0, 3, 6, 9)]
    known = date(first.year + 1, first.month, 1)
    last = frame["date"].max().date()
    open_ = [day for day in starts if known <= day <= last]
    return open_[-QUARTERS:][0] if open_ else None


def cohort_block(sums: Sums, row: int) -> int:
    """Quarter, new customers, their sales, share of the year, who bought in each later quarter."""
    sheet, lang = sums.sheet, sums.lang
    title = text("analysis_detail.cohort", lang)
    row = section(sheet, row, 1, LAST, title, text("analysis_detail.cohort_side", lang))
    start = _first_day(sums)
    if start is None:
        row = note(sheet, row, 1, LAST, text("analysis_detail.cohort_short", lang), 1)
        return spacer(sheet, row, 10)
    frame = sums.frame
    blank = text("ledger_lines.blank", lang)
    named = frame[(frame["customer_key"] != "") & (frame["customer_key"] != blank)]
    # Purchases and returns of a customer on one day are as good as one line each.
    keys = [named["customer_key"], named["date"], (named["amount"] > 0).rename("bought")]
    daily = named.groupby(keys, sort=False, observed=True)["amount"].sum()
    lines = [
        (str(name), day.date(), Fraction(int(amount)))
        for (name, day, _), amount in zip(daily.index, daily, strict=True)
    ]
    found = cohorts(lines, 3, start)
    if not found:
        row = note(sheet, row, 1, LAST, text("analysis_detail.cohort_none", lang), 1)
        return spacer(sheet, row, 10)
    width = min(QUARTERS, max(len(counts) for _, _, counts, _ in found)) - 1
    later = [text("analysis_detail.cohort_later", lang, number=n + 1) for n in range(width)]
    titles = [
        text("analysis_detail.col_quarter", lang), text("analysis_detail.col_new", lang),
        text("analysis_detail.col_new_amount", lang), text("analysis_detail.col_again", lang),
        *later,
    ]  # fmt: skip
    row = header_row(sheet, row, 1, titles, "l" + "r" * (width + 3))
    first = row
    formats = ["", "quantity", "money", "percent", *["quantity"] * width]
    for day, size, counts, amounts in found:
        months = (day.year, (day.month - 1) // 3 + 1)
        said = text("analysis_detail.quarter", lang, year=months[0], quarter=months[1])
        money = sums.major(int(sum(amounts, Fraction(0))))
        again = counts[1] if len(counts) > 1 else None
        share: Value = (
            NONE if again is None
            else Formula(f"={a1(row, 5)}/{a1(row, 2)}", Decimal(again) / size)
        )  # fmt: skip
        rest: list[Value] = [*counts[1 : width + 1]]
        rest += [None] * (width - len(rest))
        row = body_row(sheet, row, 1, [said, size, money, share, *rest], formats)
    sizes = sum(size for _, size, _, _ in found)
    amount = sums.major(int(sum((sum(a, Fraction(0)) for *_, a in found), Fraction(0))))
    totals: list[Value] = [
        text("analysis.total", lang),
        Formula(f"=SUM({span(first, 2, row - 1, 2)})", sizes),
        Formula(f"=SUM({span(first, 3, row - 1, 3)})", amount),
        *[None] * (width + 1),
    ]
    row = body_row(sheet, row, 1, totals, formats, "total", height=20)
    return spacer(sheet, row, 10)


@dataclass(frozen=True)
class Ageing:
    """What is open by age: rows and amounts in minor units, oldest bucket last."""

    rows: tuple[int, ...]
    amounts: tuple[int, ...]
    total_row: int
    col: int = 3

    @property
    def total(self) -> int:
        return sum(self.amounts)


def ageing(sums: Sums, row: int) -> tuple[Ageing | None, int]:
    """Open amounts by days since the sale; nothing without a column of collections."""
    sheet, lang, scope = sums.sheet, sums.lang, sums.scope
    frame = sums.frame
    if not sums.known("collected") or scope.ledger is None:
        return None, row
    side = text("analysis_detail.ageing_side", lang, date=scope.as_of.isoformat())
    row = section(sheet, row, 1, LAST, text("analysis_detail.ageing", lang), side)
    titles = [
        text(f"analysis_detail.col_{key}", lang) for key in ("age", "lines", "open", "open_share")
    ]
    row = header_row(sheet, row, 1, titles, "lrrr")
    days = (pd.Timestamp(scope.as_of) - frame["date"]).dt.days.to_numpy()
    left = (frame["amount"] - frame["collected"].astype("int64")).to_numpy()
    # Sales of the as-of day itself are 0 days old and belong to the first bucket.
    bounds = [-(10**6), *EDGES, 10**6]
    first, total_row = row, row + len(EDGES) + 1
    rows, amounts = [], []
    total = int(left.sum())
    sales, came = ledger_column("amount", lang), ledger_column("collected", lang)
    day = ledger_column("date", lang)
    for k in range(len(EDGES) + 1):
        low, high = bounds[k], bounds[k + 1]
        inside = (days > low) & (days <= high)
        minor = int(left[inside].sum())
        lines = int(np.count_nonzero(left[inside]))
        newest = scope.as_of - pd.Timedelta(days=low + 1).to_pytimedelta() if k else None
        oldest = scope.as_of - pd.Timedelta(days=high).to_pytimedelta() if k < len(EDGES) else None
        tests = "".join(
            f',{day},"{sign}"&DATE({d.year},{d.month},{d.day})'
            for sign, d in (("<=", newest), (">=", oldest))
            if d is not None
        )
        formula = f"=SUMIFS({sales}{tests})-SUMIFS({came}{tests})"
        said = text(
            "analysis_detail.age_first" if k == 0 else "analysis_detail.age_last"
            if k == len(EDGES) else "analysis_detail.age_between",
            lang, low=low + 1, high=high, edge=low,
        )  # fmt: skip
        whole = a1(total_row, 3, True)
        share: Value = Formula(
            f'=IF({whole}=0,"{NONE}",{a1(row, 3)}/{whole})',
            Decimal(minor) / total if total else NONE,
        )
        values: list[Value] = [said, lines, Formula(formula, sums.major(minor)), share]
        rows.append(row)
        amounts.append(minor)
        row = body_row(sheet, row, 1, values, ("", "quantity", "money", "percent"))
    all_lines = int(np.count_nonzero(left))
    values = [
        text("analysis.total", lang),
        Formula(f"=SUM({span(first, 2, row - 1, 2)})", all_lines),
        Formula(f"=SUM({span(first, 3, row - 1, 3)})", sums.major(total)),
        None,
    ]
    formats = ("", "quantity", "money", "percent")
    body_row(sheet, row, 1, values, formats, "total", height=20)
    if total > 0:
        sheet.conditions.append(Condition("bar", (first, 4, row - 1, 4), maximum=1.0))
    difference = sums.major(total - int(frame["amount"].sum()) + int(frame["collected"].sum()))
    check = f"=ROUND({a1(row, 3)}-(SUM({sales})-SUM({came})),{scope.plan.settings.decimals})"
    sheet.put(row + 1, 1, text("analysis.check_row", lang), "label", "", "left")
    sheet.put(row + 1, 3, Formula(check, difference), "label", "check", "right")
    sheet.height(row + 1, 18)
    sums.book.check(sheet, row + 1, 3, text("analysis_detail.check_ageing", lang), difference)
    sums.checks.append((a1(row + 1, 3), difference))
    return Ageing(tuple(rows), tuple(amounts), row), spacer(sheet, row + 2, 10)
