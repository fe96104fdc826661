"""Which customers matter and which are about to be lost: grade, RFM scores, warning, trend.

Grade, scores and warning are live formulas over the list; the cuts and the multiples they
use stand above it and may be changed. Days, orders and the usual gap come from the ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from salesxl.core.number import round_half_up
from salesxl.core.rhythm import ALARM, LEAST_DAYS, WATCH
from salesxl.plan.model import Customer
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.care import CUT_A, CUT_B, GRADES, LEVELS, Fact, care
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Validation, Value, a1
from salesxl.sheets.fields import Field, Row, calculated, planned, region_field, this
from salesxl.sheets.lists import (
    Tile,
    live,
    major,
    names,
    put_list,
    put_note,
    put_strip,
    ratio,
    said,
    set_grid,
    spans,
    subtitle,
)
from salesxl.sheets.page import FIRST_ROW, colour_negative, colour_status, legend, page, spacer
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

NAME = "customer_scores"
TABLE = "scores"
_STYLES = {"A": "grade_a", "B": "grade_b", "C": "grade_c", "D": "grade_d"}
_PLACES = 9  # decimals a share is compared with, so that no double is a hair off a cut


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "customer_scores". Registers one check where there is a ledger."""
    lang = scope.lang
    sheet = Sheet(
        NAME, text("customer_scores.title", lang), purpose=text("customer_scores.purpose", lang),
        kind="read",
    )  # fmt: skip
    actuals = care(scope).actuals
    rows = _rows(scope)
    inputs = {"cut_a": "", "cut_b": "", "watch": "", "alarm": "", "least": ""}
    set_grid(sheet, _fields(scope, actuals, inputs), rows, lang)
    row, inputs = _inputs(sheet, FIRST_ROW + 4, scope)
    fields = _fields(scope, actuals, inputs)
    row = legend(sheet, row, 1, lang)
    how = "customer_scores.how" if rows else "customer_scores.empty"
    row = put_note(sheet, row, text(how, lang), lang)
    placed = put_list(sheet, row, TABLE, fields, rows, scope, spare=max(0, 2 - len(rows)))
    page(
        sheet, sheet.title, subtitle(scope, "customers.subtitle"), lang,
        said(live(scope, _verdict(lang, rows, placed.column))),
    )  # fmt: skip
    _strip(sheet, scope, book, actuals, rows, placed.column)
    colour_status(sheet, placed.area("warning"))
    colour_negative(sheet, placed.area("trend"))
    for key in ("grade", "planned"):
        area = placed.area(key)
        for letter, style in _STYLES.items():
            test = f'={a1(area[0], area[1])}="{letter}"'
            sheet.conditions.append(Condition("formula", area, style, test))
    for key in ("r", "f", "m"):
        sheet.conditions.append(Condition("scale", placed.area(key)))
    sheet.conditions.append(Condition("bar", placed.area("share"), maximum=1))
    sheet.freeze = (placed.first, placed.at("name") + 1)
    sheet.repeat_rows = (placed.header, placed.header)
    sheet.print_last_row = placed.last
    fit_page(sheet)
    return sheet


def _inputs(sheet: Sheet, row: int, scope: Scope) -> tuple[int, dict[str, str]]:
    """The cuts and the multiples, each in an input cell; next row and their addresses."""
    lang = scope.lang
    given: tuple[tuple[str, Value, str, float, float], ...] = (
        ("cut_a", CUT_A, "weight", 0.01, 1), ("cut_b", CUT_B, "weight", 0.01, 1),
        ("watch", WATCH, "score", 0.1, 100), ("alarm", ALARM, "score", 0.1, 100),
        ("least", LEAST_DAYS, "int", 0, 3660),
    )  # fmt: skip
    places: dict[str, str] = {}
    for (key, value, fmt, low, high), (first, last) in zip(
        given, spans(sheet, len(given)), strict=True
    ):
        words = text(f"customer_scores.{key}", lang)
        sheet.merge(row, first, row, max(first, last - 1), words, "label", "", "right")
        sheet.put(row, last, value, "input", fmt, "center")
        places[key] = a1(row, last, True, True)
        error = text("lists.between", lang, low=f"{low:g}", high=f"{high:g}")
        sheet.validations.append(
            Validation(
                (row, last, row, last), "decimal", minimum=low, maximum=high,
                prompt_title=words[:32], prompt=error, error=error,
            )
        )  # fmt: skip
    sheet.height(row, 20)
    return spacer(sheet, row + 1), places


def _fields(scope: Scope, actuals: Actuals, inputs: dict[str, str]) -> list[Field]:
    lang = scope.lang

    def title(key: str) -> str:
        return text(f"customer_scores.col_{key}", lang)

    def at(key: str) -> str:
        return this(TABLE, title(key))

    def found(key: str, kind: str, width: float, fmt: str = "") -> Field:
        return Field(
            key=key, title=title(key), kind=kind, width=width, fmt=fmt, blank="–", derived=True
        )

    ids = planned("customers", "id", lang, 10.5)
    region = region_field(scope, "customers", 10)
    amount = text("customers.col_year", lang, year=scope.focus_year)
    here = this(TABLE, amount)
    # The head office ranks within each region; a region's own workbook has one region alone.
    within = f"{TABLE}[{region[0].title}],{this(TABLE, region[0].title)}," if region else ""
    sold = f'SUMIFS({TABLE}[{amount}],{within}{TABLE}[{amount}],">0")'
    upto = f'SUMIFS({TABLE}[{amount}],{within}{TABLE}[{amount}],">="&{here})'
    share = f'=IF({here}>0,{upto}/{sold},"–")'
    before = (
        f'ROUND(SUMIFS({TABLE}[{amount}],{within}{TABLE}[{amount}],">"&{here})/{sold},{_PLACES})'
    )
    b_or_c = f'IF({before}<{inputs["cut_b"]},"B","C")'
    a_or_less = f'IF({before}<{inputs["cut_a"]},"A",{b_or_c})'
    grade = f'=IF({this(TABLE, ids.title)}="","–",IF({here}<=0,"D",{a_or_less}))'

    def score(key: str, sign: str) -> str:
        column = f"{TABLE}[{title(key)}]"
        count = f'COUNTIFS({within}{column},">=0")'
        worse = f'COUNTIFS({within}{column},"{sign}"&{at(key)})'
        return f'=IF(ISNUMBER({at(key)}),1+INT({LEVELS}*{worse}/{count}),"–")'

    r, f, m, segment = (text(f"customer_scores.{k}", lang) for k in (
        "seg_core", "seg_new", "seg_keep", "seg_asleep"))  # fmt: skip
    rest = text("customer_scores.seg_rest", lang)
    worth = f"{at('f')}+{at('m')}>=8"
    named = (
        f'=IF(ISNUMBER({at("r")}),IF({at("r")}>=4,IF({worth},"{r}","{f}"),'
        f'IF({worth},"{m}",IF({at("r")}<=2,"{segment}","{rest}"))),"–")'
    )
    never, none, fine, watch, alarm = (
        text(f"customer_scores.{k}", lang)
        for k in ("never", "no_rhythm", "ok", "watch_word", "alarm_word")
    )
    warning = (
        f'=IF({at("days")}="–","{never}",IF({at("gap")}="–","{none}",'
        f'IF({at("days")}<{inputs["least"]},"{fine}",IF({at("days")}>={inputs["alarm"]}*{at("gap")},"{alarm}",'
        f'IF({at("days")}>={inputs["watch"]}*{at("gap")},"{watch}","{fine}")))))'
    )
    key = this(TABLE, ids.title)
    return [
        *(replace(field, derived=True) for field in region),
        replace(ids, derived=True),
        replace(planned("customers", "name", lang, 17), derived=True),
        calculated(
            "amount", amount, "money", 12.5,
            actuals.formula(key, scope.focus_year) if actuals.is_live else "", Decimal(0),
        ),
        calculated("share", title("share"), "share", 9, share, "–", "percent"),
        calculated("grade", title("grade"), "code", 8, grade, "–"),
        found("planned", "code", 8),
        found("days", "code", 8, "0"),
        found("orders", "code", 8, "0"),
        found("spent", "money", 12.5),
        calculated("r", title("r"), "code", 6, score("days", ">"), "–", "0"),
        calculated("f", title("f"), "code", 6, score("orders", "<"), "–", "0"),
        calculated("m", title("m"), "code", 6, score("spent", "<"), "–", "0"),
        calculated("segment", title("segment"), "code", 11, named, "–"),
        found("gap", "code", 8, "0.0"),
        calculated("warning", title("warning"), "status", 13, warning, never),
        found("lifetime", "code", 9, "0"),
        found("trend", "code", 10, "+0%;-0%;0%"),
    ]  # fmt: skip


def _rows(scope: Scope) -> list[Row]:
    """One row a customer; those about to be lost first, then by amount."""
    lang = scope.lang
    regions, facts = names(scope.plan.regions), care(scope).facts
    order = {"alarm": 0, "watch": 1}
    listed = sorted(
        scope.plan.customers,
        key=lambda c: (order.get(facts[c.id].level, 2), -facts[c.id].amount, c.id),
    )
    return [_row(customer, facts[customer.id], regions, scope, lang) for customer in listed]


def _row(
    customer: Customer, fact: Fact, regions: dict[str, str], scope: Scope, lang: Lang
) -> dict[str, Value]:
    own = fact.rhythm
    scores: tuple[int | str, int | str, int | str] = fact.scores or ("–", "–", "–")
    trend: Value = "–"
    if fact.earlier > 0:
        trend = round_half_up(Fraction(fact.recent - fact.earlier, fact.earlier), 4)
    return {
        "region": regions.get(customer.region, customer.region),
        "id": customer.id,
        "name": customer.name,
        "amount": major(fact.amount, scope),
        "share": "–" if fact.share is None else _decimal(fact.share),
        "grade": fact.grade,
        "planned": customer.grade or "–",
        "days": own.since if own else "–",
        "orders": own.orders if own else "–",
        "spent": major(fact.spent, scope) if own else "–",
        "r": scores[0],
        "f": scores[1],
        "m": scores[2],
        "segment": _segment(fact, lang),
        "gap": _decimal(own.gap) if own and own.gap is not None else "–",
        "warning": text(f"customer_scores.{_WORDS[fact.level]}", lang),
        "lifetime": own.lifetime if own else "–",
        "trend": trend,
    }


_WORDS = {
    "": "never", "no_rhythm": "no_rhythm", "ok": "ok", "watch": "watch_word", "alarm": "alarm_word",
}  # fmt: skip


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _segment(fact: Fact, lang: Lang) -> str:
    if fact.scores is None:
        return "–"
    r, f, m = fact.scores
    if r >= 4:
        key = "seg_core" if f + m >= 8 else "seg_new"
    else:
        key = "seg_keep" if f + m >= 8 else "seg_asleep" if r <= 2 else "seg_rest"
    return text(f"customer_scores.{key}", lang)


def _verdict(lang: Lang, rows: list[Row], column: Callable[[str], str]) -> Formula:
    """How many customers are about to be lost, as the list counts them."""
    words = text("customer_scores.alarm_word", lang)
    count = sum(line["warning"] == words for line in rows)
    counted = f'COUNTIF({column("warning")},"{words}")'
    good = text("customer_scores.verdict_ok", lang)
    before, after = text("customer_scores.verdict_alarm", lang).split("#")
    value = f"{before}{count}{after}" if count else good
    return Formula(f'=IF({counted}=0,"{good}","{before}"&{counted}&"{after}")', value)


def _strip(
    sheet: Sheet, scope: Scope, book: Book, actuals: Actuals, rows: list[Row],
    column: Callable[[str], str],
) -> None:  # fmt: skip
    lang = scope.lang
    amounts = [v for v in (line["amount"] for line in rows) if isinstance(v, Decimal)]
    total = sum((v for v in amounts if v > 0), Decimal(0))
    grades = [line["grade"] for line in rows]
    amount, grade, warning = column("amount"), column("grade"), column("warning")
    best = sum((v for v, g in zip(amounts, grades, strict=True) if g == "A" and v > 0), Decimal(0))
    all_sold = f'SUMIF({amount},">0")'
    counted = "&".join(
        f'"{" · " * bool(i)}{g} "&COUNTIF({grade},"{g}")' for i, g in enumerate(GRADES)
    )
    graded = " · ".join(f"{g} {grades.count(g)}" for g in GRADES)
    words = {
        k: text(f"customer_scores.{k}", lang) for k in ("alarm_word", "watch_word", "seg_keep")
    }
    warnings = [line["warning"] for line in rows]
    alarms = sum(w == words["alarm_word"] for w in warnings)
    at_risk = sum(
        (v for v, w in zip(amounts, warnings, strict=True)
         if w in (words["alarm_word"], words["watch_word"])), Decimal(0),
    )  # fmt: skip
    segment = column("segment")
    keep = sum(line["segment"] == words["seg_keep"] for line in rows)
    risk = "+".join(f'SUMIF({warning},"{words[k]}",{amount})' for k in ("alarm_word", "watch_word"))
    part = ratio(best, total)
    tiles = [
        Tile(text("customer_scores.grades", lang),
             Formula(f'=COUNTIF({grade},"A")', grades.count("A")), "count",
             Formula(f"={counted}", graded), "grade_a_count"),
        Tile(text("customer_scores.a_share", lang),
             Formula(f'=IF({all_sold}=0,0,SUMIFS({amount},{grade},"A",{amount},">0")/{all_sold})',
                     part), "percent", text("customer_scores.a_share_sub", lang)),
        Tile(text("customer_scores.alarms", lang),
             Formula(f'=COUNTIF({warning},"{words["alarm_word"]}")', alarms), "count",
             text("customer_scores.alarms_sub", lang,
                  count=sum(w == words["watch_word"] for w in warnings)),
             "loss_alarms", bad=alarms > 0),
        Tile(text("customer_scores.risk", lang), Formula(f"={risk}", at_risk), "money",
             text("customer_scores.risk_sub", lang, year=scope.focus_year), "loss_amount"),
        Tile(text("customer_scores.keep", lang),
             Formula(f'=COUNTIF({segment},"{words["seg_keep"]}")', keep), "count",
             text("customer_scores.keep_sub", lang)),
    ]  # fmt: skip
    put_strip(sheet, FIRST_ROW, tiles, scope)
    if scope.ledger is not None and actuals.is_live:
        _check(sheet, scope, book, actuals, column, sum(amounts, Decimal(0)))


def _check(
    sheet: Sheet, scope: Scope, book: Book, actuals: Actuals, column: Callable[[str], str],
    listed: Decimal,
) -> None:  # fmt: skip
    """The four grades' amounts are all sales less what customers beside the list bought."""
    lang, year = scope.lang, scope.focus_year
    col = sheet.last_col + 2
    sheet.width(col, 34, col + 1)
    title = text("customer_scores.check", lang)
    sheet.put(4, col, title, "label")
    own = {customer.id for customer in scope.plan.customers}
    others = major(
        actuals.total(year) - sum(a for n, a in actuals.listed(year).items() if n in own), scope
    )
    difference = listed + others - major(actuals.total(year), scope)
    by_grade = "+".join(f'SUMIF({column("grade")},"{g}",{column("amount")})' for g in GRADES)
    total = actuals.total_formula(year).removeprefix("=")
    decimals = scope.plan.settings.decimals
    formula = Formula(f"=ROUND({by_grade}+{others}-{total},{decimals})", difference)
    sheet.put(4, col + 1, live(scope, formula), "value", "check")
    book.check(sheet, 4, col + 1, title, difference)
