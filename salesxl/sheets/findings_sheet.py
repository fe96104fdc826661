"""The findings sheet: what the analysis says in words, ranked by money, with the next decision."""

from __future__ import annotations

from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Condition, Formula, Rich, Sheet, Value, a1, quoted
from salesxl.sheets.findings import Finding, Found, find
from salesxl.sheets.lists import live
from salesxl.sheets.page import (
    MARKS,
    State,
    colour_status,
    header_row,
    note,
    page,
    panel,
    section,
    spacer,
)
from salesxl.sheets.row_heights import fit_page, room, text_height
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

__all__ = ["Found", "build", "build_empty"]

LAST = 8
_WIDTHS = (5.0, 11.5, 52.0, 15.0, 12.0, 40.0, 16.0, 12.0)
SHOWN = 15  # findings listed; the smaller ones are counted
_TONES: dict[str, State] = {"bad": "bad", "warn": "warn", "good": "ok"}


def _sheet(lang: Lang) -> Sheet:
    sheet = Sheet(
        "findings", text("findings.title", lang), purpose=text("findings.purpose", lang),
        last_col=LAST, kind="edit",
    )  # fmt: skip
    for col, width in enumerate(_WIDTHS, 1):
        sheet.width(col, width)
    return sheet


def build_empty(scope: Scope) -> Sheet:
    """Without sales lines there is nothing to find, and that is said."""
    lang = scope.lang
    sheet = _sheet(lang)
    said = text("analysis.subtitle_empty", lang, scope=scope.name, year=scope.focus_year)
    row = page(sheet, sheet.title, said, lang)
    panel(sheet, row, 1, LAST, [text("analysis.no_ledger", lang)])
    sheet.height(row, 26)
    sheet.print_last_row = row
    return sheet


def build(sums: Sums, detail: Sheet, found: Found) -> Sheet:
    """The sheet "findings": each one's amount is taken from the cell that `found` tells."""
    lang, scope = sums.lang, sums.scope
    sheet = _sheet(lang)
    every = find(sums, detail, found)
    lost = [each for each in every if each.tone != "good"]
    subtitle = text(
        "findings.subtitle", lang, scope=scope.name, year=scope.focus_year, months=sums.months,
        as_of=scope.as_of.isoformat(), currency=scope.plan.settings.currency,
    )  # fmt: skip
    words = (
        text("findings.verdict_none", lang) if not lost
        else text("findings.verdict", lang, count=len(lost))
    )  # fmt: skip
    row = page(sheet, sheet.title, subtitle, lang, ("warn" if lost else "ok", words))
    row = section(sheet, row, 1, LAST, text("findings.list", lang))
    if not every:
        row = note(sheet, row, 1, LAST, text("findings.none", lang), 1)
        sheet.print_last_row = row - 1
        return sheet
    titles = [
        text(f"findings.col_{key}", lang)
        for key in ("number", "state", "finding", "amount", "share", "decision", "sheet", "owner")
    ]
    row = header_row(sheet, row, 1, titles, "lclrrlll", 22)
    first = row
    whole = sums.amount(sums.this)
    for number, each in enumerate(every[:SHOWN], 1):
        _line(sums, sheet, row, number, each, whole)
        row += 1
    colour_status(sheet, (first, 2, row - 1, 2))
    most = float(max(abs(sums.major(each.amount)) for each in every))
    if most > 0:
        sheet.conditions.append(Condition("bar", (first, 4, row - 1, 4), maximum=most * 2))
    if len(every) > SHOWN:
        more = text("findings.more", lang, count=len(every) - SHOWN)
        row = note(sheet, row, 1, LAST, more, 1)
    row = note(sheet, spacer(sheet, row, 8), 1, LAST, text("findings.note", lang), 2)
    sheet.freeze = (first, 0)
    sheet.repeat_rows = (first - 1, first - 1)
    sheet.print_last_row = row - 1
    fit_page(sheet)
    return sheet


def _line(sums: Sums, sheet: Sheet, row: int, number: int, each: Finding, whole: int) -> None:
    lang, scope = sums.lang, sums.scope
    state = _TONES[each.tone]
    value = abs(sums.major(each.amount))
    amount: Value = Formula(f"={each.cell}", value) if each.cell else value
    said = text(f"findings.{each.key}", lang, **dict(each.values))
    decision = text(f"findings.{each.key}_do", lang, **dict(each.values))
    share: Value = "–"
    if whole > 0:
        total = f"{sums.major(whole):f}"
        share = Formula(f"={a1(row, 4)}/{total}", value / sums.major(whole))
    place = _title_of(each.sheet, sums)
    link: Value = Rich(place, f"{quoted(place)}!B2") if place else "–"
    sheet.put(row, 1, number, "cell", "int")
    sheet.put(row, 2, f"{MARKS[state]} {text(f'findings.tone_{each.tone}', lang)}", "cell", "",
              "center")  # fmt: skip
    sheet.put(row, 3, said, "cell", "", "wrap")
    sheet.put(row, 4, live(scope, amount), "cell", "money")
    sheet.put(row, 5, live(scope, share), "cell", "percent", *(("right",) if share == "–" else ()))
    sheet.put(row, 6, decision, "cell", "", "wrap")
    sheet.put(row, 7, link, "link" if place else "cell")
    sheet.put(row, 8, None, "input")
    sheet.height(
        row,
        max(
            text_height(said, room(sheet, 3), lang), text_height(decision, room(sheet, 6), lang), 24
        ),
    )


def _title_of(key: str, sums: Sums) -> str:
    """The tab of a sheet where this workbook has it, else ""."""
    if not sums.scope.is_head_office and key == "comparison":
        key = "remaining"
    return next((sheet.title for sheet in sums.book.sheets if sheet.key == key), "")
