"""The visit plan: who is seen when, spread evenly over the working days of the plan year.

Above, each representative's load; below, every visit in order of days, to be ticked off.
The plan is made by the rule VISIT_PLAN; the counts over it are live, and a check holds
that visits with a day and without make the visits the customers sheet asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from salesxl.plan.model import Customer
from salesxl.sheets.care import Care, Round, care
from salesxl.sheets.content import Book, Formula, Sheet, Value, a1, span
from salesxl.sheets.fields import Field, Row, planned
from salesxl.sheets.lists import (
    Tile,
    live,
    names,
    put_block,
    put_list,
    put_note,
    put_strip,
    said,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import FIRST_ROW, legend, page, section, spacer
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

NAME = "visits"
MOST_ROWS = 10_000  # visits listed; a plan beyond that is read region by region


@dataclass(frozen=True)
class Visit:
    """One visit with its day; `turn` of `turns` in the year."""

    day: date
    person: str  # id
    customer: Customer
    turn: int
    turns: int


def visits_of(rounds: list[Round], days: list[date]) -> list[Visit]:
    """Every visit that has a day, by day, representative and customer."""
    found = [
        Visit(days[at], own.person, customer, turn, len(places))
        for own in rounds
        for customer, places in zip(own.customers, own.plan.days, strict=True)
        for turn, at in enumerate(places, 1)
    ]
    return sorted(found, key=lambda v: (v.day, v.person, v.customer.id))


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "visits". Registers one check where there are customers to visit."""
    lang = scope.lang
    sheet = Sheet(
        NAME, text("visits.title", lang), purpose=text("visits.purpose", lang), kind="edit"
    )
    own = care(scope)
    days, rounds = own.days, own.rounds
    made = visits_of(rounds, days)
    fields, rows = _fields(scope), _rows(scope, made[:MOST_ROWS])
    set_grid(sheet, fields, rows, lang)
    wanted = sum(own.visits(customer) for customer in scope.plan.customers)
    missing = wanted - len(made)
    page(
        sheet, sheet.title, subtitle(scope, "visits.subtitle", days=len(days)), lang,
        said(_verdict(lang, wanted, missing)),
    )  # fmt: skip
    row = legend(sheet, FIRST_ROW + 4, 1, lang)
    how = "visits.how" if made else "visits.empty"
    most = scope.plan.settings.visits_per_day
    row = put_note(sheet, row, text(how, lang, most=most), lang)
    row = section(sheet, row, 1, sheet.last_col, text("visits.people", lang))
    row, counted = _people(sheet, row, scope, rounds, days, len(made) <= MOST_ROWS)
    row = _unplaced(sheet, spacer(sheet, row), scope, own, rounds)
    row = section(sheet, row, 1, sheet.last_col, text("visits.list", lang))
    if len(made) > MOST_ROWS:
        row = put_note(sheet, row, text("visits.cut", lang, most=f"{MOST_ROWS:,}"), lang)
    placed = put_list(sheet, row, NAME, fields, rows, scope, spare=max(0, 2 - len(rows)))
    _strip(sheet, scope, own, rounds, days, len(made), missing, placed.column)
    if scope.plan.customers and len(made) <= MOST_ROWS:
        _check(sheet, row - 1, scope, book, counted, wanted)
    sheet.repeat_rows = (placed.header, placed.header)
    sheet.print_last_row = placed.last
    fit_page(sheet)
    return sheet


def _verdict(lang: Lang, wanted: int, missing: int) -> str:
    if not wanted:
        return text("visits.verdict_none", lang)
    if missing:
        return text("visits.verdict_missing", lang, count=missing)
    return text("visits.verdict_ok", lang, count=wanted)


def _fields(scope: Scope) -> list[Field]:
    lang = scope.lang

    def own(key: str, kind: str, width: float, edit: bool = False) -> Field:
        return Field(
            key=key, title=text(f"visits.col_{key}", lang), kind=kind, width=width, edit=edit
        )

    region = planned("customers", "region", lang, 10)
    return [
        own("day", "date", 12.5),
        own("weekday", "code", 8),
        own("person", "text", 11),
        *([region] if scope.is_head_office else []),
        planned("customers", "id", lang, 10.5),
        planned("customers", "name", lang, 22),
        planned("customers", "grade", lang, 8),
        own("turn", "code", 8),
        own("aim", "text", 28),
        own("done", "date", 12.5, True),
        own("result", "text", 20, True),
    ]


def _rows(scope: Scope, made: list[Visit]) -> list[Row]:
    lang = scope.lang
    people, regions = names(scope.plan.people), names(scope.plan.regions)
    facts = care(scope).facts
    weekdays = text("visits.weekdays", lang).split()
    return [
        {
            "day": visit.day,
            "weekday": weekdays[visit.day.weekday()],
            "person": people.get(visit.person, visit.person),
            "region": regions.get(visit.customer.region, visit.customer.region),
            "id": visit.customer.id,
            "name": visit.customer.name,
            "grade": visit.customer.grade or facts[visit.customer.id].grade,
            "turn": f"{visit.turn} / {visit.turns}",
            "aim": visit.customer.open_problem or visit.customer.maintenance or None,
        }
        for visit in made
    ]


def _people(
    sheet: Sheet, row: int, scope: Scope, rounds: list[Round], days: list[date], is_whole: bool
) -> tuple[int, str]:
    """A row a representative; next row, and the address of the cell that counts all visits.

    `is_whole`: the list below holds every visit, so that the counts can be live.
    """
    lang = scope.lang
    lead = 1 if scope.is_head_office else 0

    def own(key: str, kind: str = "int", span: int = 1) -> Field:
        return Field(key=key, title=text(f"visits.sum_{key}", lang), kind=kind, span=span)

    fields = [
        own("person", "text", 2), own("customers"), *([own("per_day", "number")] if lead else []),
        own("visits"), own("unplaced"), own("busiest"), own("quarters", "code", 2),
        own("deviation", "text", 2),
    ]  # fmt: skip
    months = scope.year_months(scope.plan.settings.year)
    people = names(scope.plan.people)
    title = text("visits.col_person", lang)
    is_live = is_whole and len(set(people.values())) == len(people)  # counted by name
    lines: list[dict[str, Value]] = []
    for offset, one in enumerate(rounds):
        loads = one.plan.loads(len(days))
        total = sum(loads)
        quarters = [0, 0, 0, 0]
        for at, load in enumerate(loads):
            quarters[sum(days[at] >= month for month in months[3:12:3])] += load
        cell = a1(row + 1 + offset, 1, True, True)
        lines.append({
            "person": people.get(one.person, one.person),
            "customers": len(one.customers),
            "per_day": Decimal(total) / len(days) if days else Decimal(0),
            "visits": Formula(f"=COUNTIF({NAME}[{title}],{cell})", total) if is_live else total,
            "unplaced": sum(one.plan.unplaced),
            "busiest": max(loads, default=0),
            "quarters": " · ".join(str(number) for number in quarters),
            "deviation": _days_text(one.plan.deviation(len(days)), lang),
        })  # fmt: skip
    block = put_block(sheet, row, "people", fields, lines, scope)
    last = row + 1 + len(lines)
    for col in range(1, sheet.last_col + 1):
        sheet.put(last, col, None, "total")
    sheet.put(last, 1, text("visits.total", lang), "total")
    for key in ("customers", "visits", "unplaced"):
        col = block.at(key)
        value = sum(_plain(line[key]) for line in lines)
        cell = span(block.first, col, max(block.first, last - 1), col)
        formula = Formula(f"=SUM({cell})", value) if lines else value
        sheet.put(last, col, live(scope, formula), "total", "int")
    sheet.height(last, 22)
    return last + 1, a1(last, block.at("visits"), True, True)


def _plain(value: Value) -> int:
    value = value.value if isinstance(value, Formula) else value
    return value if isinstance(value, int) else 0


def _days_text(value: Fraction, lang: Lang) -> str:
    return text("visits.days", lang, count=f"{float(value):.1f}")


def _unplaced(sheet: Sheet, row: int, scope: Scope, own: Care, rounds: list[Round]) -> int:
    """What has no day and why; the next free row."""
    lang = scope.lang
    people = names(scope.plan.people)
    known = {one.person for one in rounds}
    lines: list[Row] = []
    for one in rounds:
        for customer, over in zip(one.customers, one.plan.unplaced, strict=True):
            if over:
                why = text("visits.why_full", lang, person=people.get(one.person, one.person))
                lines.append({"name": customer.name, "count": over, "why": why})
    for customer in scope.plan.customers:
        if own.visits(customer) and customer.owner not in known:
            why = text("visits.why_nobody", lang)
            lines.append({"name": customer.name, "count": own.visits(customer), "why": why})
    if not lines:
        return row
    row = section(sheet, row, 1, sheet.last_col, text("visits.unplaced", lang))
    fields = [
        Field(key="name", title=planned("customers", "name", lang, 9).title, span=4),
        Field(key="count", title=text("visits.sum_unplaced", lang), kind="int"),
        Field(key="why", title=text("visits.col_why", lang), span=sheet.last_col - 5),
    ]
    block = put_block(sheet, row, "unplaced", fields, lines, scope)
    return spacer(sheet, block.after)


def _strip(
    sheet: Sheet, scope: Scope, own: Care, rounds: list[Round], days: list[date], made: int,
    missing: int, column: Callable[[str], str],
) -> None:  # fmt: skip
    lang, most = scope.lang, scope.plan.settings.visits_per_day
    seen = sum(own.visits(customer) > 0 for customer in scope.plan.customers)
    busiest = max((max(one.plan.loads(len(days)), default=0) for one in rounds), default=0)
    widest = max((one.plan.deviation(len(days)) for one in rounds), default=Fraction(0))
    key, done = column("id"), column("done")
    counted: Value = made
    if made <= MOST_ROWS:
        counted = Formula(f'=SUMPRODUCT(({key}<>"")*1)', made)
    put_strip(sheet, FIRST_ROW, [
        Tile(text("visits.count", lang), counted, "quantity",
             text("visits.count_sub", lang, count=seen), "visit_count"),
        Tile(text("visits.done", lang), Formula(f"=COUNT({done})", 0), "quantity",
             text("visits.done_sub", lang), "visit_done"),
        Tile(text("visits.working", lang), len(days), "int",
             text("visits.working_sub", lang, count=len(scope.plan.calendar_days))),
        Tile(text("visits.busiest", lang), busiest, "int",
             text("visits.busiest_sub", lang, most=most), "visit_busiest"),
        Tile(text("visits.unplaced", lang), missing, "quantity",
             text("visits.spacing", lang, days=_days_text(widest, lang)), "visit_unplaced",
             bad=missing > 0),
    ], scope)  # fmt: skip


def _check(sheet: Sheet, row: int, scope: Scope, book: Book, counted: str, wanted: int) -> None:
    """Visits with a day and without are those the customers sheet asks for (not printed)."""
    lang = scope.lang
    col = sheet.last_col + 2
    sheet.width(col, 34, col + 1)
    title = text("visits.check", lang)
    sheet.put(row, col, title, "label")
    without = wanted - len(visits_of(care(scope).rounds, care(scope).days))
    asked: str | int = wanted
    if any(table.name == "customers" for other in book.sheets for table in other.tables):
        asked = f"SUM(customers[{text('customers.col_visits', lang)}])"
    formula = Formula(f"={counted}+{without}-{asked}", 0)
    sheet.put(row, col + 1, live(scope, formula), "value", "check")
    book.check(sheet, row, col + 1, title, Decimal(0), money=False)
