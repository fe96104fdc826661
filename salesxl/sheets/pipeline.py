"""Do the open prospects fill the rest of the target, which are stale, and what does a source cost.

Sums are live over the table of the prospects sheet; the rest of the target is the year's target
less what is sold. Ages count to the as-of date of the workbook. Core: `PIPELINE_COVERAGE`,
`PIPELINE_AGE`.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.core.pipeline import pipeline_age, pipeline_coverage
from salesxl.plan.model import Prospect
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Book, Formula, Sheet, Value, a1, span
from salesxl.sheets.fields import label, planned
from salesxl.sheets.lists import defaults, live, major, names, put_inputs, put_note, subtitle
from salesxl.sheets.page import (
    State,
    body_row,
    colour_status,
    header_row,
    page,
    section,
    spacer,
)
from salesxl.sheets.row_heights import fit_page, room, text_height
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

TABLE = "prospects"
LAST = 11
_WIDTHS = (30.0, 15.0, 15.0, 15.0, 16.5, 15.0, 15.0, 16.0, 17.0, 15.0, 30.0)
LISTED = 25  # open deals listed, the stale and overdue first
_OPEN = ("lead", "qualified", "proposal", "negotiation")
_STATES = ("both", "stale", "overdue", "fine")  # the worst first


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "pipeline". Registers one check: the stages add up to all open deals."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        "pipeline", text("pipeline.title", lang), purpose=text("pipeline.purpose", lang),
        last_col=LAST,
    )  # fmt: skip
    for col, width in enumerate(_WIDTHS, 1):
        sheet.width(col, width)
    deals = [p for p in plan.prospects if p.stage in _OPEN]
    cover = _Cover(scope, deals)
    row = page(sheet, sheet.title, subtitle(scope, "prospects.subtitle"), lang, cover.verdict())
    row = section(sheet, row, 1, LAST, text("pipeline.coverage", lang))
    row = put_note(sheet, row, text("pipeline.coverage_how", lang), lang)
    row = cover.put(sheet, row)
    row = section(sheet, spacer(sheet, row), 1, LAST, text("pipeline.stages", lang))
    row = _stages(sheet, row, scope, book, deals)
    row = section(sheet, spacer(sheet, row), 1, LAST, text("pipeline.ages", lang))
    row = _ages(sheet, row, scope, deals)
    if scope.is_head_office:
        row = section(sheet, spacer(sheet, row), 1, LAST, text("pipeline.sources", lang))
        row = _sources(sheet, row, scope)
    sheet.print_last_row = row - 1
    fit_page(sheet)
    return sheet


def _column(key: str, lang: Lang) -> str:
    if key == "weighted":
        return f"{TABLE}[{text('prospects.col_weighted', lang)}]"
    return f"{TABLE}[{planned(TABLE, key, lang, 9).title}]"


def _open_test(lang: Lang) -> str:
    stage = _column("stage", lang)
    won, lost = (label(TABLE, "stage", key, lang) for key in ("won", "lost"))
    return f'({_column("id", lang)}<>"")*({stage}<>"{won}")*({stage}<>"{lost}")'


class _Cover:
    """The seven figures of the coverage, as core finds them and as formulas."""

    def __init__(self, scope: Scope, deals: list[Prospect]) -> None:
        self.scope = scope
        self.sold = Actuals(scope, "region")
        self.year = scope.focus_year
        actual = self.sold.total(self.year) if scope.is_running else 0
        self.actual = actual
        found = pipeline_coverage(
            [p.expected_amount for p in deals] or [0], [p.win_rate for p in deals] or [0],
            scope.targets.total, actual,
        )  # fmt: skip
        self.total, self.weighted, self.rest = (Decimal(str(value)) for value in found[:3])
        self.missing, self.unknown = Decimal(str(found[5])), int(found[6])

    def verdict(self) -> tuple[State, str]:
        lang = self.scope.lang
        if self.rest == 0:
            return "ok", text("pipeline.verdict_reached", lang)
        if self.missing <= 0:
            return "ok", text("pipeline.verdict_covered", lang)
        amount = f"{self.money(self.missing):,.0f}"
        return "warn", text("pipeline.verdict_missing", lang, amount=amount)

    def money(self, minor: Decimal) -> Decimal:
        return minor.scaleb(-self.scope.plan.settings.decimals)

    def put(self, sheet: Sheet, row: int) -> int:
        lang, scope = self.scope.lang, self.scope
        titles = [
            text(f"pipeline.col_{key}", lang)
            for key in ("figure", "open", "weighted", "target", "sold", "rest", "cover",
                        "weighted_cover", "missing", "unknown")
        ]  # fmt: skip
        row = header_row(sheet, row, 1, titles, "l" + "r" * 9)
        at = {key: a1(row, col) for col, key in enumerate(
            ("open", "weighted", "target", "sold", "rest"), 2)}  # fmt: skip
        is_open, amounts = _open_test(lang), _column("expected_amount", lang)
        rates = _column("win_rate", lang)
        actual: Value = self.money(Decimal(self.actual))
        if self.actual and self.sold.is_live:
            actual = Formula(self.sold.total_formula(self.year), self.money(Decimal(self.actual)))
        rest = Formula(f"=MAX(0,{at['target']}-{at['sold']})", self.money(self.rest))
        values: list[Value] = [
            scope.name,
            Formula(f"=SUMPRODUCT({is_open},{amounts})", self.money(self.total)),
            Formula(f"=SUM({_column('weighted', lang)})", self.money(self.weighted)),
            major(scope.targets.total, scope),
            actual,
            rest,
            self._ratio(at["open"], at["rest"], self.total),
            self._ratio(at["weighted"], at["rest"], self.weighted),
            Formula(f"=MAX(0,{at['rest']}-{at['weighted']})", self.money(self.missing)),
            Formula(f'=SUMPRODUCT({is_open}*({rates}=""))', self.unknown),
        ]
        formats = ["", *["money"] * 5, "percent", "percent", "money", "int"]
        body_row(sheet, row, 1, [live(scope, value) for value in values], formats, height=24)
        return row + 1

    def _ratio(self, upper: str, lower: str, value: Decimal) -> Formula:
        return Formula(
            f'=IF({lower}=0,"–",{upper}/{lower})', value / self.rest if self.rest else "–"
        )


def _stages(sheet: Sheet, row: int, scope: Scope, book: Book, deals: list[Prospect]) -> int:
    lang = scope.lang
    titles = [
        text(f"pipeline.col_{key}", lang)
        for key in ("stage", "deals", "open", "weighted", "open_share", "win")
    ]
    row = header_row(sheet, row, 1, titles, "lrrrrr")
    first = row
    total_row = first + len(_OPEN)
    stage, ids = _column("stage", lang), _column("id", lang)
    total = sum(p.expected_amount for p in deals)
    for key in _OPEN:
        mine = [p for p in deals if p.stage == key]
        name = a1(row, 1, True, True)
        test = f'({ids}<>"")*({stage}={name})'
        amount = sum(p.expected_amount for p in mine)
        weighted = sum((p.expected_amount * (p.win_rate or Decimal(0)) for p in mine), Decimal(0))
        share = Decimal(amount) / total if total else "–"
        shown = weighted.scaleb(-scope.plan.settings.decimals)
        values: list[Value] = [
            label(TABLE, "stage", key, lang),
            Formula(f"=SUMPRODUCT({test})", len(mine)),
            Formula(f"=SUMPRODUCT({test},{_column('expected_amount', lang)})",
                    major(amount, scope)),
            Formula(f"=SUMPRODUCT({test},{_column('weighted', lang)})", shown),
            Formula(f'=IF({a1(total_row, 3)}=0,"–",{a1(row, 3)}/{a1(total_row, 3)})', share),
            Formula(f'=IF({a1(row, 3)}=0,"–",{a1(row, 4)}/{a1(row, 3)})',
                    weighted / amount if amount else "–"),
        ]  # fmt: skip
        formats = ["", "int", "money", "money", "percent", "percent"]
        row = body_row(sheet, row, 1, [live(scope, value) for value in values], formats)
    weighted = sum((p.expected_amount * (p.win_rate or Decimal(0)) for p in deals), Decimal(0))
    shown = weighted.scaleb(-scope.plan.settings.decimals)
    sums: list[Value] = [text("prospects.total", lang)]
    for col, value in ((2, len(deals)), (3, major(total, scope)), (4, shown)):
        sums.append(Formula(f"=SUM({span(first, col, row - 1, col)})", value))
    body_row(sheet, row, 1, [live(scope, value) for value in [*sums, None, None]],
             ["", "int", "money", "money", "", ""], "total", height=20)  # fmt: skip
    decimals = scope.plan.settings.decimals
    open_all = f"SUMPRODUCT({_open_test(lang)},{_column('expected_amount', lang)})"
    formula = Formula(f"=ROUND({a1(row, 3)}-{open_all},{decimals})", Decimal(0))
    sheet.put(row + 1, 1, text("pipeline.check_row", lang), "label", "", "left")
    sheet.put(row + 1, 3, live(scope, formula), "label", "check", "right")
    sheet.height(row + 1, 18)
    book.check(sheet, row + 1, 3, text("pipeline.check", lang), Decimal(0))
    return row + 2


def _ages(sheet: Sheet, row: int, scope: Scope, deals: list[Prospect]) -> int:
    """The open deals with their age and lateness, the worst first; next row."""
    lang, plan = scope.lang, scope.plan
    if not deals:
        return put_note(sheet, row, text("pipeline.ages_empty", lang), lang)
    limit = defaults()["stage_days"]
    row, (as_of, most) = put_inputs(
        sheet, row,
        [(text("prospects.as_of", lang), scope.as_of, "date", False),
         (text("pipeline.stage_days", lang), limit, "int", True)],
        scope,
    )  # fmt: skip
    found = pipeline_age(
        [p.stage_since for p in deals], [p.due_date for p in deals], scope.as_of, limit
    )
    order = sorted(
        zip(deals, found, strict=True),
        key=lambda pair: (_STATES.index(pair[1][2]), -pair[0].expected_amount, pair[0].id),
    )
    titles = [
        text("pipeline.col_deal", lang), planned(TABLE, "stage", lang, 9).title,
        planned(TABLE, "expected_amount", lang, 9).title, planned(TABLE, "owner", lang, 9).title,
        planned(TABLE, "stage_since", lang, 9).title, text("pipeline.col_age", lang),
        planned(TABLE, "due_date", lang, 9).title, text("pipeline.col_late", lang),
        text("pipeline.col_state", lang), planned(TABLE, "next_step", lang, 9).title,
    ]  # fmt: skip
    header_row(sheet, row, 1, titles, "llrlcrcrll")
    sheet.merge(row, 10, row, LAST, titles[-1], "header")
    sheet.put(row, LAST, None, "header")
    row += 1
    first, people = row, names(plan.people)
    words = {key: text(f"pipeline.state_{key}", lang) for key in _STATES}
    for deal, (age, late, state) in order[:LISTED]:
        since, due, days, over = (a1(row, col) for col in (5, 7, 6, 8))
        test = (
            f'=IF(AND(N({days})>{most},N({over})>0),"{words["both"]}",IF(N({days})>{most},'
            f'"{words["stale"]}",IF(N({over})>0,"{words["overdue"]}","{words["fine"]}")))'
        )
        cells: list[tuple[Value, str, str]] = [
            (deal.name, "", ""),
            (label(TABLE, "stage", deal.stage, lang), "", ""),
            (major(deal.expected_amount, scope), "money", ""),
            (people.get(deal.owner, deal.owner) or None, "", ""),
            (deal.stage_since, "date", "center"),
            (_days(since, as_of, age), "int", "right"),
            (deal.due_date, "date", "center"),
            (_days(due, as_of, late), "int", "right"),
            (Formula(test, words[state]), "", ""),
        ]
        for col, (value, fmt, side) in enumerate(cells, 1):
            sheet.put(row, col, live(scope, value), "cell", fmt, *((side,) if side else ("wrap",)))
        step = deal.next_step or "–"
        sheet.merge(row, 10, row, LAST, step, "cell", "", "wrap")
        sheet.put(row, LAST, None, "cell")
        heights = [text_height(step, room(sheet, 10, 2), lang)]
        heights += [text_height(deal.name, room(sheet, 1), lang)]
        sheet.height(row, max(heights))
        row += 1
    colour_status(sheet, (first, 9, row - 1, 9))
    if len(order) > LISTED:
        more = text("pipeline.more", lang, count=len(order) - LISTED)
        row = put_note(sheet, row, more, lang)
    return row


def _days(cell: str, as_of: str, value: int | None) -> Formula:
    return Formula(f'=IF({cell}="","–",MAX(0,{as_of}-{cell}))', "–" if value is None else value)


def _sources(sheet: Sheet, row: int, scope: Scope) -> int:
    """Each source's goal, cost and result: what a prospect and a customer won cost; next row."""
    lang, plan = scope.lang, scope.plan
    if not plan.source_plans:
        return put_note(sheet, row, text("pipeline.sources_empty", lang), lang)
    row = put_note(sheet, row, text("pipeline.sources_how", lang), lang)
    titles = [
        text(f"pipeline.col_{key}", lang)
        for key in ("source", "goal", "found", "reached", "won", "cost", "per_prospect",
                    "per_customer", "responsible", "measures")
    ]  # fmt: skip
    header_row(sheet, row, 1, titles, "lrrrrrrrll")
    sheet.merge(row, 10, row, LAST, titles[-1], "header")
    sheet.put(row, LAST, None, "header")
    row += 1
    won_word = label(TABLE, "stage", "won", lang)
    source, stage = _column("source", lang), _column("stage", lang)
    for each in plan.source_plans:
        mine = [p for p in plan.prospects if p.source.casefold() == each.source.casefold()]
        won = sum(p.stage == "won" for p in mine)
        name = a1(row, 1, True, True)
        cost = major(each.cost_amount, scope)
        goal, found, wins, spent = (a1(row, col) for col in (2, 3, 5, 6))
        values: list[Value] = [
            each.source,
            "–" if each.goal_count is None else each.goal_count,
            Formula(f"=SUMPRODUCT(({source}={name})*1)", len(mine)),
            Formula(f'=IF(N({goal})=0,"–",{found}/{goal})',
                    Decimal(len(mine)) / each.goal_count if each.goal_count else "–"),
            Formula(f'=SUMPRODUCT(({source}={name})*({stage}="{won_word}"))', won),
            cost,
            Formula(f'=IF({found}*{spent}=0,"–",{spent}/{found})',
                    cost / len(mine) if mine and cost else "–"),
            Formula(f'=IF({wins}*{spent}=0,"–",{spent}/{wins})',
                    cost / won if won and cost else "–"),
            each.responsible or None,
        ]  # fmt: skip
        formats = ["", "int", "int", "percent", "int", "money", "money", "money", ""]
        for col, (value, fmt) in enumerate(zip(values, formats, strict=True), 1):
            extras = ("right",) if fmt else ("wrap",)
            sheet.put(row, col, live(scope, value), "cell", fmt, *extras)
        words = each.measures or "–"
        sheet.merge(row, 10, row, LAST, words, "cell", "", "wrap")
        sheet.put(row, LAST, None, "cell")
        heights = [text_height(words, room(sheet, 10, 2), lang)]
        heights += [text_height(each.responsible, room(sheet, 9), lang)]
        heights += [text_height(each.source, room(sheet, 1), lang)]
        sheet.height(row, max(heights))
        row += 1
    return row
