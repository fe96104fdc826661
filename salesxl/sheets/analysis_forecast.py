"""The year's forecast by past seasons, tried on the user's own past (core.forecast).

Live in the sheet: each past year's sales to the same month and in all, the share to date of the
years before it, what the method would have said then, and how far off it would have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from salesxl.core.forecast import Forecast, forecast, share_to_date
from salesxl.core.number import round_half_up
from salesxl.sheets.analysis_blocks import NONE
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Formula, Value, a1, span
from salesxl.sheets.page import body_row, colour_negative, header_row, note, section, spacer
from salesxl.texts import text

LAST = 12
MOST_YEARS = 8
_PLACES = 15  # decimals a ratio is carried with where a cell must hold it


@dataclass(frozen=True)
class Outlook:
    """The forecast in minor units, and the cell of the year's forecast and of its gap to plan."""

    total: int
    low: int | None
    high: int | None
    mean_error: Decimal | None
    tests: int
    target: int
    row: int
    gap_col: int = 10


def complete_months(sums: Sums) -> int:
    """Months of the focus year that had ended by the as-of date, 0 … 12."""
    scope = sums.scope
    starts = scope.year_months(scope.focus_year)
    return sum(scope.as_of >= _last_day(starts[k + 1]) for k in range(sums.months))


def _last_day(following: date) -> date:
    return date.fromordinal(following.toordinal() - 1)


def past_years(sums: Sums) -> list[int]:
    """Complete fiscal years before the focus year, oldest first."""
    first = sums.frame["date"].min().date()
    scope = sums.scope
    # A year the ledger begins in counts when its first month has lines.
    return [
        year
        for year in sums.years
        if year < scope.focus_year
        and (scope.year_months(year)[0] >= first or first < scope.year_months(year)[1])
    ][-MOST_YEARS:]


def forecast_block(sums: Sums, row: int) -> tuple[Outlook | None, int]:
    """Past years with their trials, then this year; says in words where history is too short."""
    sheet, lang, scope = sums.sheet, sums.lang, sums.scope
    months = complete_months(sums)
    title = text("analysis_detail.forecast", lang, year=scope.focus_year)
    side = text("analysis_detail.forecast_side", lang, months=months)
    row = section(sheet, row, 1, LAST, title, side)
    years = past_years(sums)
    of = [_amounts(sums, year) for year in years]
    now = _amounts(sums, scope.focus_year)[:months]
    found = forecast(of, now) if years and months else None
    if found is None:
        key = "forecast_no_month" if not months else "forecast_short"
        row = note(sheet, row, 1, LAST, text(f"analysis_detail.{key}", lang), 1)
        return None, spacer(sheet, row, 10)
    titles = [
        text(f"analysis_detail.{key}", lang, months=months)
        for key in (
            "col_year", "col_to_date", "col_full", "col_share_to_date", "col_share_before",
            "col_said", "col_error", "col_low", "col_high", "col_to_target",
        )
    ]  # fmt: skip
    row = header_row(sheet, row, 1, titles, "l" + "r" * 9)
    first = row
    for k, year in enumerate(years):
        _year_row(sums, row, first, k, year, of, months)
        row += 1
    outlook = _this_year(sums, row, first, found, now, months)
    colour_negative(sheet, (row, outlook.gap_col, row, outlook.gap_col))
    words = _verdict(sums, found)
    row = note(sheet, row + 1, 1, LAST, words, 2)
    return outlook, spacer(sheet, row, 10)


def _amounts(sums: Sums, year: int) -> list[Fraction]:
    starts = sums.scope.year_months(year)
    return [Fraction(sums.amount((starts[m], starts[m + 1]))) for m in range(12)]


_FORMATS = (
    "", "money", "money", "percent", "percent", "money", "percent", "money", "money", "difference",
)  # fmt: skip


def _decimal(value: Fraction) -> Decimal:
    return round_half_up(value, _PLACES)


def _year_row(
    sums: Sums, row: int, first: int, k: int, year: int, of: list[list[Fraction]], months: int
) -> None:
    starts = sums.scope.year_months(year)
    part, whole = sum(of[k][:months], Fraction(0)), sum(of[k], Fraction(0))
    to_date, full = a1(row, 2), a1(row, 3)
    values: list[Value] = [
        str(year),
        sums.cell((starts[0], starts[months]), int(part)),
        sums.cell((starts[0], starts[12]), int(whole)),
        Formula(f'=IF({full}=0,"{NONE}",{to_date}/{full})', _decimal(part / whole))
        if whole
        else NONE,
    ]
    before = share_to_date(of[:k], months)
    if before is None:
        values += [NONE, NONE, NONE]
    else:
        past = (span(first, 2, row - 1, 2), span(first, 3, row - 1, 3))
        said = part / before
        values.append(Formula(f"=SUM({past[0]})/SUM({past[1]})", _decimal(before)))
        amount = round_half_up(said, 0).scaleb(-sums.scope.plan.settings.decimals)
        decimals = sums.scope.plan.settings.decimals
        values.append(Formula(f"=ROUND({to_date}/{a1(row, 5)},{decimals})", amount))
        error = abs(said - whole) / whole if whole > 0 else None
        values.append(
            NONE if error is None
            else Formula(f"=ABS({to_date}/{a1(row, 5)}-{full})/{full}", _decimal(error))
        )  # fmt: skip
    body_row(sums.sheet, row, 1, [*values, NONE, NONE, NONE], _FORMATS)


def _this_year(
    sums: Sums, row: int, first: int, found: Forecast, now: list[Fraction], months: int
) -> Outlook:
    scope, decimals = sums.scope, sums.scope.plan.settings.decimals
    starts = scope.year_months(scope.focus_year)
    target = scope.targets.total if scope.is_running else 0

    def money(value: Fraction) -> int:
        return int(round_half_up(value, 0))

    total = money(found.total)
    to_date, share, said = a1(row, 2), a1(row, 5), a1(row, 6)
    past = (span(first, 2, row - 1, 2), span(first, 3, row - 1, 3))
    values: list[Value] = [
        str(scope.focus_year),
        sums.cell((starts[0], starts[months]), int(sum(now, Fraction(0)))),
        NONE, NONE,
        Formula(f"=SUM({past[0]})/SUM({past[1]})", _decimal(found.share_to_date)),
        Formula(f"=ROUND({to_date}/{share},{decimals})", sums.major(total)),
    ]  # fmt: skip
    low = high = None
    bounds = found.bounds
    if bounds is None:
        values += [NONE, NONE, NONE]
    else:
        low, high = (money(edge) for edge in bounds)
        errors = span(first, 7, row - 1, 7)
        assert found.mean_error is not None
        reach = f"ABS({to_date}/{share})*MAX({errors})"
        lowest = f"{to_date}/{share}-{reach}"
        values += [
            Formula(f"=AVERAGE({errors})", _decimal(found.mean_error)),
            Formula(
                f"=ROUND(IF({to_date}>0,MAX(0,{lowest}),{lowest}),{decimals})", sums.major(low)
            ),
            Formula(f"=ROUND({to_date}/{share}+{reach},{decimals})", sums.major(high)),
        ]
    values.append(
        Formula(f"={said}-{sums.major(target):f}", sums.major(total - target))
        if target else NONE
    )  # fmt: skip
    body_row(sums.sheet, row, 1, values, _FORMATS, "total", height=20)
    mean = found.mean_error
    return Outlook(
        total, low, high, None if mean is None else _decimal(mean), len(found.errors), target, row
    )


def _verdict(sums: Sums, found: Forecast) -> str:
    lang = sums.lang
    if found.mean_error is None:
        return text("analysis_detail.forecast_untested", lang)
    return text(
        "analysis_detail.forecast_tested", lang, count=len(found.errors),
        error=f"{float(found.mean_error):.1%}", worst=f"{float(max(found.errors)):.1%}",
    )  # fmt: skip
