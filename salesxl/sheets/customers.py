"""The existing customers: what each buys, when last, and what is done to keep it.

Amounts are live sums over the ledger table by the customer's id; the days since the
last order count from the workbook's `as_of`, never from today.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from salesxl.sheets.actuals import Actuals
from salesxl.sheets.care import care
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Value, a1
from salesxl.sheets.fields import (
    Field,
    Row,
    calculated,
    choose_from,
    editable,
    label,
    planned,
    region_field,
    this,
)
from salesxl.sheets.lists import (
    Tile,
    defaults,
    live,
    major,
    names,
    put_inputs,
    put_list,
    put_note,
    put_strip,
    ratio,
    said,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import colour_status, legend, page, spacer
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

NAME = "customers"
GRADE_STYLES = {"A": "grade_a", "B": "grade_b", "C": "grade_c", "D": "grade_d"}


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "customers". Registers one check where there is a ledger."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        NAME, text("customers.title", lang), purpose=text("customers.purpose", lang), kind="edit"
    )
    actuals = care(scope).actuals
    idle_days = defaults()["customer_idle_days"]
    rows = _rows(scope, actuals, idle_days)
    set_grid(sheet, _fields(scope, actuals, "", ""), rows, lang)
    verdict = live(scope, _verdict(lang, rows))
    row = page(sheet, sheet.title, subtitle(scope, "customers.subtitle"), lang, said(verdict))
    strip = row
    row, (as_of, limit) = put_inputs(
        sheet, row + 4,
        [(text("customers.as_of", lang), scope.as_of, "date", False),
         (text("customers.idle_limit", lang), idle_days, "int", True)],
        scope,
    )  # fmt: skip
    fields = _fields(scope, actuals, as_of, limit)
    row = legend(sheet, row, 1, lang)
    how = "customers.how" if plan.customers else "customers.empty"
    row = put_note(sheet, row, text(how, lang), lang)
    listed = fields if plan.customers else editable(fields)
    placed = put_list(sheet, row, NAME, listed, rows, scope)
    _strip(sheet, strip, scope, book, actuals, rows, placed.column)
    colour_status(sheet, placed.area("reminder"))
    grade = placed.area("grade")
    for key, style in GRADE_STYLES.items():
        test = f'={a1(grade[0], grade[1])}="{key}"'
        sheet.conditions.append(Condition("formula", grade, style, test))
    largest = max((float(_number(line["focus"])) for line in rows), default=0.0)
    if largest > 0:
        sheet.conditions.append(Condition("bar", placed.area("focus"), maximum=2 * largest))
    sheet.freeze = (placed.first, placed.at("name") + 1)
    sheet.repeat_rows = (placed.header, placed.header)
    sheet.print_last_row = placed.last
    fit_page(sheet)
    return sheet


def _verdict(lang: Lang, rows: list[Row]) -> Formula:
    """How many customers wait for an order, as the list itself counts them."""
    late = text("customers.idle", lang)
    count = sum(line["reminder"] == late for line in rows)
    counted = f'SUMPRODUCT(({NAME}[{text("customers.col_reminder", lang)}]="{late}")*1)'
    good = text("customers.verdict_ok", lang)
    before, after = text("customers.verdict_idle", lang).split("#")
    value = good if not count else f"{before}{count}{after}"
    return Formula(f'=IF({counted}=0,"{good}","{before}"&{counted}&"{after}")', value)


def _fields(scope: Scope, actuals: Actuals, as_of: str, limit: str) -> list[Field]:
    lang = scope.lang
    people = names(scope.plan.people).values()

    def of(key: str, width: float, edit: bool = False, prompt: str = "", title: str = "") -> Field:
        short = text(f"customers.{title}", lang) if title else ""
        return planned(NAME, key, lang, width, edit=edit, prompt=prompt, title=short)

    key = this(NAME, of("id", 9).title)
    last = text("customers.col_last_order", lang)
    days = text("customers.col_days", lang)
    years = {"year": scope.focus_year, "last": scope.focus_year - 1}
    never, idle, fine = (text(f"customers.{k}", lang) for k in ("never", "idle", "fine"))
    formula = {
        year: actuals.formula(key, year) if actuals.is_live else ""
        for year in (scope.focus_year, scope.focus_year - 1)
    }
    here, since = this(NAME, last), this(NAME, days)
    return [
        *region_field(scope, NAME, 10),
        of("id", 10.5),
        of("name", 18),
        of("grade", 7.5, True, text("customers.grade_prompt", lang), "col_grade"),
        choose_from(of("owner", 10, True), people),
        of("channel", 11),
        calculated(
            "focus", text("customers.col_year", lang, **years), "money", 12.5,
            formula[scope.focus_year], Decimal(0),
        ),
        calculated(
            "before", text("customers.col_last", lang, **years), "money", 12.5,
            formula[scope.focus_year - 1], Decimal(0),
        ),
        Field(key="last", title=last, kind="date", width=12.5, derived=True),
        calculated("days", days, "status", 9, f'=IF({here}="","–",{as_of}-{here})', "–", "0"),
        calculated(
            "reminder", text("customers.col_reminder", lang), "status", 11,
            f'=IF({key}="","–",IF({here}="","{never}",IF({since}>{limit},"{idle}","{fine}")))',
            "–",
        ),
        of("visits_per_year", 8, True, title="col_visits"),
        of("satisfaction", 9, True, text("customers.satisfaction_prompt", lang)),
        of("open_problem", 17, True, text("customers.problem_prompt", lang)),
        of("maintenance", 18, True, text("customers.maintenance_prompt", lang)),
    ]  # fmt: skip


def _rows(scope: Scope, actuals: Actuals, idle_days: int) -> list[Row]:
    """One row a customer, the largest first."""
    lang, plan = scope.lang, scope.plan
    regions, people = names(plan.regions), names(plan.people)
    rows: list[Row] = []
    for customer in plan.customers:
        last = actuals.last_dates.get(customer.id)
        days = (scope.as_of - last).days if last else None
        if days is None:
            reminder = text("customers.never", lang)
        else:
            reminder = text("customers.idle" if days > idle_days else "customers.fine", lang)
        rows.append({
            "region": regions.get(customer.region, customer.region),
            "id": customer.id,
            "name": customer.name,
            "grade": label(NAME, "grade", customer.grade, lang) or None,
            "owner": people.get(customer.owner, customer.owner) or None,
            "channel": customer.channel or None,
            "focus": major(actuals.amount(customer.id, scope.focus_year), scope),
            "before": major(actuals.amount(customer.id, scope.focus_year - 1), scope),
            "last": last,
            "days": "–" if days is None else days,
            "reminder": reminder,
            "visits_per_year": care(scope).visits(customer),
            "satisfaction": customer.satisfaction,
            "open_problem": customer.open_problem or None,
            "maintenance": customer.maintenance or None,
        })  # fmt: skip
    return sorted(rows, key=lambda line: (-_number(line["focus"]), -_number(line["before"])))


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _strip(
    sheet: Sheet, row: int, scope: Scope, book: Book, actuals: Actuals, rows: list[Row],
    column: Callable[[str], str],
) -> None:  # fmt: skip
    """Count, both years' amounts, what is sold beside the list, satisfaction."""
    lang, year = scope.lang, scope.focus_year
    focus = sum((_number(line["focus"]) for line in rows), Decimal(0))
    before = sum((_number(line["before"]) for line in rows), Decimal(0))
    total = major(actuals.total(year), scope)
    key, grade = column("id"), column("grade")
    counted = f'SUMPRODUCT(({key}<>"")*1)'
    parts = "&".join(
        f'"{" · " * bool(i)}{g} "&SUMPRODUCT(({grade}="{g}")*1)' for i, g in enumerate(GRADE_STYLES)
    )
    grades = [line["grade"] for line in rows]
    graded = " · ".join(f"{g} {grades.count(g)}" for g in GRADE_STYLES)
    score = column("satisfaction")
    scores = [Decimal(v) for v in (r["satisfaction"] for r in rows) if isinstance(v, Decimal)]
    change = ratio(focus - before, before)
    has_ledger = scope.ledger is not None
    # What the list does not cover is known from the lines themselves, not from the list.
    listed = {str(line["id"]) for line in rows}
    others = major(
        sum(a for name, a in actuals.listed(year).items() if name not in listed)
        + (actuals.total(year) - sum(actuals.listed(year).values())),
        scope,
    )
    tiles = [
        Tile(text("customers.count", lang), Formula(f"={counted}", len(rows)), "count",
             Formula(f"={parts}", graded), "customer_count"),
        Tile(text("customers.amount", lang, year=year),
             Formula(f"=SUM({column('focus')})", focus), "money",
             text("customers.share", lang, share=f"{ratio(focus, total):.1%}"), "customer_amount"),
        Tile(text("customers.amount", lang, year=year - 1),
             Formula(f"=SUM({column('before')})", before), "money",
             text("customers.change", lang, change=f"{change:+.1%}") if before else "–",
             "customer_amount_before"),
        Tile(text("customers.others", lang), others, "money",
             text("customers.others_sub", lang), "customer_others"),
        Tile(text("customers.satisfaction", lang),
             Formula(f'=IF(COUNT({score})=0,"–",SUM({score})/COUNT({score}))',
                     sum(scores, Decimal(0)) / len(scores) if scores else "–"), "score",
             text("customers.satisfaction_sub", lang, count=len(scores)), "satisfaction"),
    ]  # fmt: skip
    put_strip(sheet, row, tiles, scope)
    if has_ledger:
        _check(sheet, scope, book, actuals, focus + others - total, column, others)


def _check(
    sheet: Sheet, scope: Scope, book: Book, actuals: Actuals, difference: Decimal,
    column: Callable[[str], str], others: Decimal,
) -> None:  # fmt: skip
    """Listed and unlisted customers together are all lines of the year (not printed)."""
    lang, decimals = scope.lang, scope.plan.settings.decimals
    col = sheet.last_col + 2
    sheet.width(col, 34, col + 1)
    sheet.put(4, col, text("customers.check", lang), "label")
    total = actuals.total_formula(scope.focus_year).removeprefix("=")
    formula = f"=ROUND(SUM({column('focus')})+{others}-{total},{decimals})"
    sheet.put(4, col + 1, live(scope, Formula(formula, difference)), "value", "check")
    book.check(sheet, 4, col + 1, text("customers.check", lang), difference)
    spacer(sheet, 3)
