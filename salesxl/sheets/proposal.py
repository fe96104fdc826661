"""What a region sends back about its target: its own proposal by product line, with reasons.

The list is the Excel table "proposals"; who proposes and in general why stand in the named
cells ``proposal_by`` and ``proposal_note``. `salesxl collect` reads them, and the plan keeps
their sum as the region's proposal.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.fields import Field, Row, calculated, planned, this
from salesxl.sheets.lists import (
    Tile,
    live,
    major,
    put_list,
    put_note,
    put_strip,
    said,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import legend, page, section, spacer
from salesxl.sheets.scope import Scope
from salesxl.texts import text

NAME = "proposals"


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "proposal" of a region's workbook; adds its names and check to `book`."""
    lang = scope.lang
    sheet = Sheet(
        "proposal", text("proposal.title", lang), purpose=text("proposal.purpose", lang),
        kind="edit", fit_height=1,
    )  # fmt: skip
    fields, rows = _fields(scope), _rows(scope)
    set_grid(sheet, fields, rows, lang)
    title = {field.key: field.title for field in fields}
    missing = f"COUNTBLANK({NAME}[{title['proposal']}])"
    done = text("proposal.verdict_ok", lang)
    before, after = text("proposal.verdict_open", lang).split("#")
    verdict = Formula(
        f'=IF({missing}=0,"{done}","{before}"&{missing}&"{after}")',
        f"{before}{len(rows)}{after}" if rows else done,
    )
    row = page(
        sheet, sheet.title, subtitle(scope, "proposal.subtitle"), lang, said(live(scope, verdict))
    )
    strip = row
    row = legend(sheet, row + 4, 1, lang)
    row = put_note(sheet, row, text("proposal.how", lang), lang)
    placed = put_list(sheet, row, NAME, fields, rows, scope, spare=0)
    _strip(sheet, strip, scope, title)
    row = _check(sheet, spacer(sheet, placed.after, 6), scope, book, title)
    sheet.print_last_row = _sender(sheet, row, scope, book)
    return sheet


def _fields(scope: Scope) -> list[Field]:
    lang = scope.lang
    given, own = text("proposal.given", lang), text("proposal.own", lang)
    here, mine = this(NAME, given), this(NAME, own)
    return [
        planned("product_lines", "id", lang, 12),
        planned("product_lines", "name", lang, 22),
        Field(key="sales", title=text("proposal.sales", lang, year=scope.focus_year),
              kind="money", width=15, derived=True),
        Field(key="given", title=given, kind="money", width=15, derived=True),
        Field(key="proposal", title=own, kind="money", width=15, edit=True, minimum=0),
        calculated("difference", text("proposal.difference", lang), "number", 15,
                   f'=IF(ISNUMBER({mine}),ROUND({mine}-{here},2),0)', Decimal(0), "difference"),
        Field(key="reason", title=text("proposal.reason", lang), width=44, edit=True,
              prompt=text("proposal.reason_prompt", lang)),
    ]  # fmt: skip


def _rows(scope: Scope) -> list[Row]:
    names = {line.id: line.name for line in scope.plan.product_lines}
    own = scope.targets.regions[0] if scope.targets.regions else None
    amounts = own.products if own is not None else (0,) * len(scope.targets.product_ids)
    sales = Actuals(scope, "product_line")
    return [
        {
            "id": key,
            "name": names.get(key, key),
            "sales": major(sales.amount(names.get(key, key), scope.focus_year), scope),
            "given": major(amount, scope),
            "proposal": None,
            "difference": Decimal(0),
            "reason": None,
        }
        for key, amount in zip(scope.targets.product_ids, amounts, strict=True)
    ]


def _strip(sheet: Sheet, row: int, scope: Scope, title: dict[str, str]) -> None:
    lang = scope.lang
    given = major(scope.targets.total, scope)
    sums = {key: f"SUM({NAME}[{title[key]}])" for key in ("given", "proposal", "difference")}
    put_strip(sheet, row, [
        Tile(text("proposal.given_all", lang), Formula(f"={sums['given']}", given), "money",
             text("proposal.given_sub", lang)),
        Tile(text("proposal.own_all", lang), Formula(f"={sums['proposal']}", Decimal(0)), "money",
             text("proposal.own_sub", lang)),
        Tile(text("proposal.difference_all", lang),
             Formula(f"={sums['difference']}", Decimal(0)), "difference",
             text("proposal.difference_sub", lang)),
    ], scope)  # fmt: skip


def _check(sheet: Sheet, row: int, scope: Scope, book: Book, title: dict[str, str]) -> int:
    """The given targets by product line against the region's own target."""
    lang = scope.lang
    words = text("proposal.check", lang)
    sheet.merge(row, 1, row, 5, words, "note", "", "right")
    total = book.names.get("annual_target_given", "")
    if total and scope.formulas != "values":
        formula = f"=ROUND(SUM({NAME}[{title['given']}])-{total.removeprefix('=')},2)"
        sheet.put(row, 6, Formula(formula, Decimal(0)), "cell", "check", "center", "positive")
        book.check(sheet, row, 6, words, Decimal(0))
    sheet.height(row, 19)
    return spacer(sheet, row + 1, 12)


def _sender(sheet: Sheet, row: int, scope: Scope, book: Book) -> int:
    """Who proposes, and anything else to be said; the last row."""
    lang = scope.lang
    row = section(sheet, row, 1, sheet.last_col, text("proposal.sender", lang))
    for key, height in (("by", 22), ("note", 66)):
        name = f"proposal_{key}"
        sheet.put(row, 1, text(f"proposal.{key}", lang), "label")
        extras = ("wrap",) if key == "note" else ()
        sheet.merge(row, 2, row, sheet.last_col, None, "input", "text", "left", *extras)
        for col in range(3, sheet.last_col + 1):
            sheet.put(row, col, None, "input")
        book.names[name] = f"={sheet.ref(row, 2)}"
        sheet.height(row, height)
        row += 1
    return row - 1
