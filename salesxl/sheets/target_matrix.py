"""The matrix of a target sheet: year, four quarters, twelve months on shared columns.

Columns (from 0): 1 name, 2 weight, 3 annual, 4 share, then four times a quarter's
subtotal and its months, 21 check, 22 sparkline; right of the print area the helper
blocks. `Matrix` writes heads and sums; what a month cell holds is the sheet's affair.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from salesxl.sheets.content import Formula, Sheet, Sparkline, Value, a1, span
from salesxl.sheets.widths import text_px
from salesxl.texts import Lang, text

NAME, WEIGHT, ANNUAL, SHARE, FIRST = 1, 2, 3, 4, 5
CHECK, SPARK = 21, 22
LAST = SPARK
LINE = 24  # the months once more, side by side, for the sparklines
UNITS, ODD, PARTS, RESTS, COUNTS = 37, 38, 40, 53, 66
MONTHS = range(12)
QUARTERS = range(4)


def quarter_col(quarter: int) -> int:
    return FIRST + 4 * quarter


def month_col(month: int) -> int:
    return FIRST + 4 * (month // 3) + 1 + month % 3


def money_format(amounts: Iterable[int], decimals: int) -> str:
    """ "money" where every amount (minor units) is whole, else "pay"."""
    one = 10**decimals
    return "money" if all(amount % one == 0 for amount in amounts) else "pay"


def fitting(words: Iterable[str], lang: Lang, bold: bool = True, pads: int = 1) -> float:
    """The column width in which each of `words` can be read."""
    px = max((text_px(word, 10, bold, lang) for word in words), default=0.0)
    return max(6.0, math.ceil(2 * ((px + 6 + 4.4 * pads - 5) / 7 + 0.3)) / 2)


def shown(amount: Decimal, fmt: str, decimals: int) -> str:
    """About what the cell shows, to measure it."""
    return f"{amount:,.{decimals if fmt == 'pay' else 0}f}"


class Matrix:
    """One matrix on `sheet`; amounts come in minor units."""

    def __init__(
        self, sheet: Sheet, lang: Lang, months: Sequence[date], decimals: int, fmt: str
    ) -> None:
        self.sheet = sheet
        self.lang = lang
        self.months = months
        self.decimals = decimals
        self.fmt = fmt

    def money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.decimals)

    def month_title(self, month: int) -> str:
        number = self.months[month].month
        return text(f"targets.month_{number}", self.lang)

    def columns(self, names: Iterable[str], largest: int, monthly: int) -> None:
        """Widths, from the longest names and the largest amounts shown."""
        sheet, lang = self.sheet, self.lang
        name_width = fitting(names, lang, pads=0) + 3.2
        sheet.width(NAME, min(28.0, max(14.0, name_width)))
        sheet.width(WEIGHT, 8)
        sheet.width(ANNUAL, self._room(largest, 2, text("targets.annual", lang)))
        sheet.width(SHARE, 9.5)
        quarter, month = self._room(largest, 1), self._room(monthly, 1)
        for index in QUARTERS:
            sheet.width(quarter_col(index), max(quarter, 8))
        for index in MONTHS:
            sheet.width(month_col(index), max(month, 7.5))
            sheet.levels[month_col(index)] = 1
        sheet.width(CHECK, 9)
        sheet.width(SPARK, 12.5)
        sheet.width(SPARK + 1, 3.5)
        for col in range(LINE, COUNTS + 12):
            sheet.width(col, max(12.0, month + 1))

    def _room(self, amount: int, pads: int, title: str = "") -> float:
        number = shown(self.money(amount), self.fmt, self.decimals)
        return fitting([number, title], self.lang, pads=pads)

    def heads(
        self, row: int, first: str, weight: str, blocks: bool = False, check: str = "",
        share: str = "",
    ) -> int:  # fmt: skip
        """Two header rows: quarters over their months; returns the row below."""
        sheet, lang = self.sheet, self.lang
        for col, title, extras in (
            (NAME, first, ()),
            (WEIGHT, weight, ("right",)),
            (ANNUAL, text("targets.annual", lang), ("right",)),
            (SHARE, share or text("targets.share", lang), ("right",)),
            (CHECK, check or text("targets.check", lang), ("center", "left_divider")),
            (SPARK, text("targets.trend", lang), ("center",)),
        ):
            sheet.merge(row, col, row + 1, col, title, "header", "", *extras)
        for quarter in QUARTERS:
            col = quarter_col(quarter)
            title = text(f"targets.quarter_{quarter + 1}", lang)
            sheet.merge(row, col, row, col + 3, title, "header", "", "center", "left_divider")
            half = text("targets.subtotal", lang)
            sheet.put(row + 1, col, half, "header", "", "right", "dense", "left_divider")
        for month in MONTHS:
            title = self.month_title(month)
            sheet.put(row + 1, month_col(month), title, "header", "", "right", "dense", "plain")
        self._block_heads(row, blocks)
        sheet.height(row, 19)
        sheet.height(row + 1, 20)
        return row + 2

    def _block_heads(self, row: int, blocks: bool) -> None:
        sheet, lang = self.sheet, self.lang
        words = text("targets.not_printed", lang)
        sheet.merge(row - 1, LINE, row - 1, LINE + 3, words, "label")
        heads = [("line", LINE)]
        if blocks:
            heads += [("parts", PARTS), ("rests", RESTS), ("counts", COUNTS)]
            sheet.put(row + 1, UNITS, text("targets.block_units", lang), "label", "", "right")
            sheet.put(row + 1, ODD, text("targets.block_odd", lang), "label", "", "right")
        for key, col in heads:
            sheet.merge(row, col, row, col + 11, text(f"targets.block_{key}", lang), "label")
            for month in MONTHS:
                sheet.put(row + 1, col + month, self.month_title(month), "label", "", "right")

    def months_row(
        self, row: int, values: Sequence[Value], amounts: Sequence[int], style: str, *extras: str
    ) -> None:
        """Twelve months, the quarters' sums, the sparkline with its line of figures."""
        sheet = self.sheet
        divider = ("dense", "left_divider", *extras)
        for month, value in enumerate(values):
            sheet.put(row, month_col(month), value, style, self.fmt, "dense", *extras)
            line = Formula(f"={a1(row, month_col(month))}", self.money(amounts[month]))
            sheet.put(row, LINE + month, line, "label", self.fmt, "right")
        for quarter in QUARTERS:
            col = quarter_col(quarter)
            amount = self.money(sum(amounts[3 * quarter : 3 * quarter + 3]))
            total = Formula(f"=SUM({span(row, col + 1, row, col + 3)})", amount)
            sub = divider if style != "cell" else (*divider, "banded")
            sheet.put(row, col, total, style, self.fmt, *sub)
        sheet.put(row, SPARK, None, style)
        sheet.sparklines.append(Sparkline(row, SPARK, (row, LINE, row, LINE + 11)))
        sheet.height(row, 22 if style in ("group", "total") else 20)

    def quarters(self, row: int) -> str:
        """The four subtotals of a row, as arguments."""
        return ",".join(a1(row, quarter_col(quarter)) for quarter in QUARTERS)

    def all_months(self, row: int) -> str:
        """The twelve months of a row, as arguments: another path than the quarters."""
        return ",".join(
            span(row, quarter_col(quarter) + 1, row, quarter_col(quarter) + 3)
            for quarter in QUARTERS
        )

    def across(self, row: int, difference: int, style: str) -> None:
        """The check cell: the row's annual figure − its twelve months."""
        formula = f"=ROUND({a1(row, ANNUAL)}-SUM({self.all_months(row)}),{self.decimals})"
        value = Formula(formula, self.money(difference))
        self.sheet.put(row, CHECK, value, style, "check", "center", "positive", "left_divider")

    def share(self, row: int, total_row: int, amount: int, total: int, style: str) -> None:
        formula = f"=IF({a1(total_row, ANNUAL, True)}=0,0,"
        formula += f"{a1(row, ANNUAL)}/{a1(total_row, ANNUAL, True)})"
        part = Decimal(amount) / Decimal(total) if total else Decimal(0)
        extras = ("muted",) if style == "cell" else ()
        self.sheet.put(row, SHARE, Formula(formula, part), style, "percent", *extras)

    def sum_row(
        self, row: int, title: str, rows: Sequence[int], amounts: Sequence[int], annual: int,
        style: str = "total",
    ) -> None:  # fmt: skip
        """Sums of `rows` in every column; `amounts` are its months, `annual` its year."""
        sheet = self.sheet
        sheet.put(row, NAME, title, style)
        sheet.put(row, WEIGHT, None, style)

        def total(col: int) -> str:
            return "=" + sums([a1(r, col) for r in rows])

        sheet.put(row, ANNUAL, Formula(total(ANNUAL), self.money(annual)), style, self.fmt)
        values = [Formula(total(month_col(month)), self.money(amounts[month])) for month in MONTHS]
        self.months_row(row, values, amounts, style)
        self.across(row, annual - sum(amounts), style)

    def name_row(self, names: dict[str, str], row: int) -> None:
        """The names other sheets link to: year, quarters, months of the total row."""
        names["annual_target"] = "=" + self.sheet.ref(row, ANNUAL)
        for quarter in QUARTERS:
            reference = self.sheet.ref(row, quarter_col(quarter))
            names[f"quarter_target_{quarter + 1}"] = "=" + reference
        for month in MONTHS:
            names[f"month_target_{month + 1}"] = "=" + self.sheet.ref(row, month_col(month))


def sums(cells: Sequence[str]) -> str:
    """SUM over single cells; nested, because a function takes 255 arguments at most."""
    groups = [f"SUM({','.join(cells[i : i + 200])})" for i in range(0, len(cells), 200)]
    return groups[0] if len(groups) == 1 else f"SUM({','.join(groups)})"


def largest_of(cells: Sequence[str]) -> str:
    """The largest absolute value of `cells` (ranges or cells), without ``=``."""
    joined = ",".join(cells)
    return f"MAX(MAX({joined}),-MIN({joined}))"
