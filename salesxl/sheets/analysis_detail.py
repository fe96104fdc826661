"""The analysis in detail: how sound the data are, then every view of it with plan and last year.

One grid of twelve columns holds all tables: a name, then figures. Sums are live over the
ledger table wherever a formula surely finds the same lines; each table is checked against the
ledger's own total. What the findings sheet says is taken from the cells of this one, which is
why both are built here.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.sheets import findings_sheet
from salesxl.sheets.analysis_bridge import bridge_block
from salesxl.sheets.analysis_cohort import ageing, cohort_block
from salesxl.sheets.analysis_forecast import forecast_block
from salesxl.sheets.analysis_quality import quality
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.analysis_views import by_month, by_year, view
from salesxl.sheets.content import Book, Sheet
from salesxl.sheets.ledger_lines import has_dimension
from salesxl.sheets.page import note, page, panel, put_verdict, verdict_formula
from salesxl.sheets.row_heights import keep_together
from salesxl.sheets.scope import Scope
from salesxl.sheets.widths import text_px, width_for
from salesxl.texts import text

LAST = 12
_SPREAD = 1.085  # twelve columns wide
_NAMES, _FIGURES, _WIDEST = 22.0, 14.5, 34.0


def build(scope: Scope, book: Book) -> list[Sheet]:
    """The sheets "analysis_detail" and "findings"; registers a check for each table."""
    lang = scope.lang
    sheet = Sheet(
        "analysis_detail",
        text("analysis_detail.title", lang),
        purpose=text("analysis_detail.purpose", lang),
        last_col=LAST,
    )
    _widths(sheet, scope)
    if scope.ledger is None:
        said = text("analysis.subtitle_empty", lang, scope=scope.name, year=scope.focus_year)
        row = page(sheet, sheet.title, said, lang)
        panel(sheet, row, 1, LAST, [text("analysis.no_ledger", lang)])
        sheet.height(row, 26)
        sheet.print_last_row = row
        return [sheet, findings_sheet.build_empty(scope)]
    sums = Sums(scope, sheet, book)
    subtitle = text(
        "analysis_detail.subtitle", lang, scope=scope.name, year=scope.focus_year,
        months=sums.months, as_of=scope.as_of.isoformat(), currency=scope.plan.settings.currency,
    )  # fmt: skip
    row = page(sheet, sheet.title, subtitle, lang)
    found = _fill(sums, row)
    widest = max(
        (text_px(c.value, 10, False, lang) for c in sheet.cells
         if c.col == 1 and c.look.style in ("cell", "total") and isinstance(c.value, str)),
        default=0.0,
    )  # fmt: skip
    sheet.width(1, min(_WIDEST, max(_NAMES, width_for(widest, indent=1))))
    _keep_tables(sheet)
    cells = [cell for cell, _ in sums.checks]
    worst = max((abs(difference) for _, difference in sums.checks), default=Decimal(0))
    put_verdict(sheet, verdict_formula(cells, lang, worst, scope.plan.settings.decimals))
    return [sheet, findings_sheet.build(sums, sheet, found)]


def _keep_tables(sheet: Sheet) -> None:
    """No table that fits on a page is torn apart by its end."""
    heads = sorted(c.row for c in sheet.cells if c.look.style == "section")
    ends = [*heads[1:], (sheet.print_last_row or heads[-1]) + 1]
    for first, after in zip(heads, ends, strict=True):
        keep_together(sheet, first, after - 2, _SPREAD)


def _widths(sheet: Sheet, scope: Scope) -> None:
    """Columns wide enough for the scope's largest total in bold."""
    most = max(scope.targets.total, abs(scope.ledger.total) if scope.ledger else 0)
    digits = f"{most // 10**scope.plan.settings.decimals:+,}"
    sheet.width(1, _NAMES)
    sheet.width(2, max(_FIGURES, round(len(digits) * 1.15 + 2.5, 1)), *range(3, LAST + 1))


def _fill(sums: Sums, row: int) -> findings_sheet.Found:
    """All tables from `row` on; what findings may point at."""
    scope, sheet, lang = sums.scope, sums.sheet, sums.lang
    found = findings_sheet.Found()
    row = quality(sums, row)
    for key in ("region", "product_line"):
        if key == "region" and not scope.is_head_office:
            continue
        if has_dimension(scope, key) or key == "region":
            row = by_year(sums, row, key)
    row = by_month(sums, row)
    for key in ("region", "product_line", "channel", "source", "person_key"):
        if key == "region" and not scope.is_head_office:
            continue
        if key == "region" or has_dimension(scope, key):
            placed = view(sums, row, key)
            found.views[key] = placed
            row = placed.next_row
    found.bridge, row = bridge_block(sums, row)
    if has_dimension(scope, "customer_key"):
        row = cohort_block(sums, row)
    found.ageing, row = ageing(sums, row)
    found.forecast, row = forecast_block(sums, row)
    row = note(sheet, row, 1, LAST, text("analysis_detail.note", lang), 2)
    sheet.print_last_row = row - 1
    return found
