"""The lists of a payroll workbook: lines in nobody's commission, and what the run noticed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from salesxl.ledger.pay.results import PayRun
from salesxl.sheets.content import ListTable, Look, Scalar, Sheet, TableColumn
from salesxl.sheets.page import FIRST_ROW, header_row, page
from salesxl.sheets.row_heights import text_height
from salesxl.sheets.widths import fit_widths, merged_px
from salesxl.texts import Lang, text

UNASSIGNED = "unassigned"


def _sayer(lang: Lang) -> Callable[..., str]:
    def say(entry: str, /, **values: object) -> str:
        return text(f"payroll.{entry}", lang, **values)

    return say


def unassigned_sheet(run: PayRun, lang: Lang) -> Sheet:
    """A table of the lines in nobody's commission, with their rows and reasons."""
    say = _sayer(lang)
    keys = ("source", "row", "day", "order", "person", "amount", "reason")
    sheet = Sheet("unassigned", say("un_tab"), purpose=say("un_purpose"), kind="list",
                  last_col=len(keys))  # fmt: skip
    looks = {
        "source": Look("cell"), "row": Look("cell", "int"),
        "day": Look("cell", "date"), "order": Look("cell", "text", ("left", "wrap")),
        "person": Look("cell"), "amount": Look("cell", "pay"),
        "reason": Look("cell"),
    }  # fmt: skip
    rows: list[list[Scalar]] = [
        [line.source, line.row, line.day, line.order, line.person,
         Decimal(line.amount).scaleb(-run.decimals), text(f"pay.reason_{line.reason}", lang)]
        for line in run.unassigned
    ]  # fmt: skip
    amount = f"{Decimal(run.unassigned_amount).scaleb(-run.decimals):,.{run.decimals}f}"
    subtitle = say("un_subtitle", count=f"{len(rows):,}",
                   amount=amount, currency=run.currency)  # fmt: skip
    page(sheet, say("un_tab"), subtitle, lang, back=False)
    columns = [TableColumn(key, say(f"un_{key}"), looks[key]) for key in keys]
    sheet.tables.append(ListTable(UNASSIGNED, FIRST_ROW + 1, 1, columns, rows))
    sheet.width(len(keys), 44)
    fit_widths(sheet, lang, run.currency, run.decimals)
    sheet.freeze = (FIRST_ROW + 2, 1)
    sheet.repeat_rows = (FIRST_ROW + 1, FIRST_ROW + 1)
    sheet.print_last_row = FIRST_ROW + 1 + len(rows)
    return sheet


def problems_sheet(run: PayRun, lang: Lang) -> Sheet:
    """What the run noticed, each with its place and remedy."""
    say = _sayer(lang)
    sheet = Sheet("problems", say("problems_tab"), purpose=say("problems_purpose"), kind="read",
                  last_col=2)  # fmt: skip
    sheet.width(1, 34)
    sheet.width(2, 110)
    page(sheet, say("problems_tab"), say("problems_subtitle"), lang, back=False)
    row = header_row(sheet, FIRST_ROW, 1, [say("head_where"), say("head_problem")])
    for problem in run.problems:
        words = text(problem.code, lang, **problem.values)
        sheet.put(row, 1, problem.where or "–", "cell", "text", "left", "wrap")
        sheet.put(row, 2, words, "cell", "", "wrap")
        sheet.height(row, max(
            text_height(problem.where, merged_px(sheet, 1, 1), lang),
            text_height(words, merged_px(sheet, 2, 2), lang),
        ))  # fmt: skip
        row += 1
    sheet.print_last_row = row - 1
    return sheet
