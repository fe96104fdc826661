"""Tables of the detailed analysis: a dimension with plan, last year, margin and collections;
the months with MoM and YoY; all years of a dimension."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from salesxl.plan.targets import VACANT
from salesxl.sheets.analysis_blocks import NONE, month_name, ratio
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Formula, Value, a1, span
from salesxl.sheets.page import (
    body_row,
    colour_negative,
    header_row,
    section,
    spacer,
)
from salesxl.texts import text

LAST = 12
LISTED = 20  # names shown one by one
YEARS = 9  # years shown one by one beside their total
_FORMATS = (
    "", "money", "money", "difference", "percent", "money", "percent", "percent", "money",
    "percent", "money", "percent",
)  # fmt: skip


@dataclass(frozen=True)
class ViewLine:
    """One name of a view, amounts in minor units."""

    key: str
    name: str
    row: int
    plan: int | None
    actual: int
    last: int

    @property
    def gap(self) -> int | None:
        return None if self.plan is None else self.actual - self.plan


@dataclass(frozen=True)
class View:
    """A table as placed: figure columns are fixed, `next_row` is free."""

    lines: tuple[ViewLine, ...]
    total: ViewLine
    next_row: int
    gap_col: int = 4
    actual_col: int = 3
    last_col: int = 6


@dataclass
class _Entry:
    key: str
    name: str
    plan: int | None
    sums: dict[str, int] = field(default_factory=dict)
    is_rest: bool = False


def plans_of(sums: Sums, key: str) -> dict[str, int] | None:
    """Name → plan of the months compared; None where the plan has no such view."""
    scope = sums.scope
    months = range(sums.months)
    if key == "product_line":
        return sums.plan_by_product()
    if key == "region":
        names = {r.id: r.name for r in scope.plan.regions}
        return {
            names.get(r.region, r.region): sum(p[m] for p in r.months for m in months)
            for r in scope.targets.regions
        }
    if key == "person_key":
        quotas: dict[str, int] = {}
        for region in scope.targets.regions:
            for at, member in enumerate(region.members):
                if member != VACANT:
                    amount = sum(product[at][m] for product in region.quotas for m in months)
                    quotas[member] = quotas.get(member, 0) + amount
        return quotas
    return None


def view(sums: Sums, row: int, key: str) -> View:
    """Name, plan to date, actual, gap, attainment, last year, YoY, share, margin, collections."""
    scope, sheet, lang = sums.scope, sums.sheet, sums.lang
    side = text("analysis.side_range", lang, year=scope.focus_year, months=sums.months)
    title = text(f"analysis_detail.by_{key}", lang)
    row = section(sheet, row, 1, LAST, title, side)
    row = header_row(sheet, row, 1, _titles(sums, key), "l" + "r" * (LAST - 1))
    entries = _entries(sums, key)
    first = row
    total_row = first + len(entries)
    lines: list[ViewLine] = []
    for entry in entries:
        values = _figures(sums, key, entry, row, first, total_row)
        body_row(sheet, row, 1, values, _FORMATS)
        actual, last = entry.sums["actual"], entry.sums["last"]
        lines.append(ViewLine(entry.key, entry.name, row, entry.plan, actual, last))
        row += 1
    total = _Entry("", text("analysis.total", lang), None)
    for name in ("actual", "last", "margin", "collected"):
        total.sums[name] = sum(entry.sums[name] for entry in entries)
    if any(entry.plan is not None for entry in entries):
        total.plan = sum(entry.plan or 0 for entry in entries)
    body_row(sheet, row, 1, _total(sums, total, first, row), _FORMATS, "total", height=20)
    colour_negative(sheet, (first, 4, row, 4))
    colour_negative(sheet, (first, 7, row, 7))
    line = ViewLine("", total.name, row, total.plan, total.sums["actual"], total.sums["last"])
    row = check_row(sums, row + 1, line.actual, sums.this, title, 3, line.row)
    return View(tuple(lines), line, row)


def _titles(sums: Sums, key: str) -> list[str]:
    lang, scope = sums.lang, sums.scope
    keys = {"person_key": "person", "region": "region"}
    first = (
        text(f"analysis_detail.col_{keys[key]}", lang)
        if key in keys
        else text(f"analysis.col_{key}", lang)
    )
    return [
        first,
        text("analysis.col_plan_to_date", lang),
        text("analysis.col_actual", lang, year=scope.focus_year),
        text("analysis_detail.col_gap", lang),
        text("analysis_detail.col_attainment", lang),
        text("analysis.col_last", lang, year=scope.focus_year - 1),
        text("analysis.col_growth", lang),
        text("analysis.col_share", lang),
        text("analysis_detail.col_margin", lang),
        text("analysis_detail.col_margin_rate", lang),
        text("analysis_detail.col_collected", lang),
        text("analysis_detail.col_collection_rate", lang),
    ]


def _entries(sums: Sums, key: str) -> list[_Entry]:
    this, last = sums.by(key, sums.this), sums.by(key, sums.last)
    margin, collected = (sums.by(key, sums.this, what) for what in ("margin", "collected"))
    plans = plans_of(sums, key)
    people = {p.id: p.name for p in sums.scope.plan.people}
    known = sorted({*this, *last, *(plans or {})} - {""}, key=lambda n: (-this.get(n, 0), n))
    if key == "person_key":  # who neither sells nor carries a quota says nothing here
        known = [n for n in known if this.get(n) or last.get(n) or (plans or {}).get(n)]
    rest = known[LISTED:] if len(known) > LISTED + 1 else []

    def entry(names: list[str], said: str) -> _Entry:
        made = _Entry(
            names[0] if len(names) == 1 else "", said,
            None if plans is None else sum(plans.get(n, 0) for n in names), {}, len(names) > 1,
        )  # fmt: skip
        for name, part in (
            ("actual", this), ("last", last), ("margin", margin), ("collected", collected)
        ):  # fmt: skip
            made.sums[name] = sum(part.get(n, 0) for n in names)
        return made

    shown = [entry([n], people.get(n, n)) for n in known[: len(known) - len(rest)]]
    if rest:
        shown.append(entry(rest, text("analysis.other", sums.lang, count=len(rest))))
    return shown


def _figures(
    sums: Sums, key: str, entry: _Entry, row: int, first: int, total_row: int
) -> list[Value]:
    name = a1(row, 1, False, True)
    # A person is found by key; the table shows the name, so the sum stands as a value.
    live = "" if key == "person_key" else key
    amounts: dict[str, Value] = {}
    for said, period, what in (
        ("actual", sums.this, "amount"), ("last", sums.last, "amount"),
        ("margin", sums.this, "margin"), ("collected", sums.this, "collected"),
    ):  # fmt: skip
        if what != "amount" and not sums.known(what):
            amounts[said] = NONE
        elif entry.is_rest or not live:
            amounts[said] = sums.major(entry.sums[said])
        else:
            amounts[said] = sums.cell(period, entry.sums[said], live, name, what)
    return [entry.name, *_plan_figures(sums, entry, row), *_rates(sums, entry, row, amounts,
                                                                  total_row)]  # fmt: skip


def _plan_figures(sums: Sums, entry: _Entry, row: int) -> list[Value]:
    return [NONE if entry.plan is None else sums.major(entry.plan)]


def _rates(
    sums: Sums, entry: _Entry, row: int, amounts: dict[str, Value], total_row: int
) -> list[Value]:
    """Actual, gap, attainment, last year, YoY, share, margin and its rate, collected and its."""
    plan, actual, last = (a1(row, col) for col in (2, 3, 6))
    of = {name: sums.major(minor) for name, minor in entry.sums.items()}
    gap: Value = NONE
    reached: Value = NONE
    if entry.plan is not None and sums.scope.is_running:
        planned = sums.major(entry.plan)
        gap = Formula(f"={actual}-{plan}", of["actual"] - planned)
        reached = ratio(actual, plan, of["actual"], planned)
    whole = sums.major(sums.amount(sums.this))
    values: list[Value] = [
        amounts["actual"], gap, reached, amounts["last"],
        ratio(actual, last, of["actual"], of["last"], 1),
        ratio(actual, a1(total_row, 3, True), of["actual"], whole),
    ]  # fmt: skip
    for said, col in (("margin", 9), ("collected", 11)):
        values.append(amounts[said])
        known = sums.known(said)
        values.append(ratio(a1(row, col), actual, of[said], of["actual"]) if known else NONE)
    return values


def _total(sums: Sums, total: _Entry, first: int, row: int) -> list[Value]:
    def added(col: int, minor: int) -> Formula:
        return Formula(f"=SUM({span(first, col, row - 1, col)})", sums.major(minor))

    amounts: dict[str, Value] = {
        name: added(col, total.sums[name]) if col in (3, 6) or sums.known(name) else NONE
        for name, col in (("actual", 3), ("last", 6), ("margin", 9), ("collected", 11))
    }
    plan: Value = NONE if total.plan is None else added(2, total.plan)
    return [total.name, plan, *_rates(sums, total, row, amounts, row)]


def check_row(
    sums: Sums, row: int, found: int, period: tuple[date, date], title: str, col: int,
    total_row: int,
) -> int:  # fmt: skip
    """The difference between a table's total and the ledger's own sum over the range."""
    sheet, lang = sums.sheet, sums.lang
    difference = sums.major(found - sums.amount(period))
    decimals = sums.scope.plan.settings.decimals
    formula = f"=ROUND({a1(total_row, col)}-{sums.sumifs(period)},{decimals})"
    sheet.put(row, 1, text("analysis.check_row", lang), "label", "", "left")
    sheet.put(row, col, Formula(formula, difference), "label", "check", "right")
    said = text("analysis_detail.check_title", lang, name=title)
    sums.book.check(sheet, row, col, said, difference)
    sums.checks.append((a1(row, col), difference))
    sheet.height(row, 18)
    return spacer(sheet, row + 1, 10)


def by_month(sums: Sums, row: int) -> int:
    """Month, actual, MoM, last year, YoY, margin and rate, collected and rate; the year so far."""
    scope, sheet, lang = sums.scope, sums.sheet, sums.lang
    title = text("analysis_detail.by_month", lang)
    row = section(sheet, row, 1, LAST, title, text("analysis_detail.months_side", lang))
    titles = [
        text("analysis.col_month", lang),
        text("analysis.col_plan", lang, year=scope.plan.settings.year),
        text("analysis.col_actual", lang, year=scope.focus_year),
        text("analysis_detail.col_cumulative", lang),
        text("analysis_detail.col_mom", lang),
        text("analysis.col_last", lang, year=scope.focus_year - 1),
        text("analysis.col_growth", lang),
        text("analysis_detail.col_orders", lang),
        text("analysis_detail.col_margin", lang),
        text("analysis_detail.col_margin_rate", lang),
        text("analysis_detail.col_collected", lang),
        text("analysis_detail.col_collection_rate", lang),
    ]
    row = header_row(sheet, row, 1, titles, "l" + "r" * (LAST - 1))
    formats = (
        "", "money", "money", "money", "percent", "money", "percent", "quantity", "money",
        "percent", "money", "percent",
    )  # fmt: skip
    this, last = (scope.year_months(scope.focus_year - back) for back in (0, 1))
    first = row
    running = before = 0
    for month in range(sums.months):
        spans = [(year[month], year[month + 1]) for year in (this, last)]
        now, old = (sums.amount(each) for each in spans)
        running += now
        actual, past = a1(row, 3), a1(row, 6)
        values: list[Value] = [
            month_name(this[month].month, lang), sums.major(sums.plan_months[month]),
            sums.cell(spans[0], now),
            Formula(f"=SUM({a1(first, 3, True)}:{actual})", sums.major(running)),
            ratio(actual, a1(row - 1, 3), sums.major(now), sums.major(before), 1)
            if month else NONE,
            sums.cell(spans[1], old), ratio(actual, past, sums.major(now), sums.major(old), 1),
            sums.count(spans[0]),
        ]  # fmt: skip
        for what, col in (("margin", 9), ("collected", 11)):
            if not sums.known(what):
                values += [NONE, NONE]
                continue
            minor = sums.amount(spans[0], what)
            values.append(sums.cell(spans[0], minor, "", "", what))
            values.append(ratio(a1(row, col), actual, sums.major(minor), sums.major(now)))
        body_row(sheet, row, 1, values, formats)
        before = now
        row += 1
    values = [text("analysis.to_date", lang, months=sums.months)]
    planned = sum(sums.plan_months[: sums.months])
    whole, old = sums.amount(sums.this), sums.amount(sums.last)

    def added(col: int, minor: int) -> Formula:
        return Formula(f"=SUM({span(first, col, row - 1, col)})", sums.major(minor))

    values += [
        added(2, planned), added(3, whole), NONE, NONE, added(6, old),
        ratio(a1(row, 3), a1(row, 6), sums.major(whole), sums.major(old), 1),
        Formula(f"=SUM({span(first, 8, row - 1, 8)})", sums.count(sums.this)),
    ]  # fmt: skip
    for what, col in (("margin", 9), ("collected", 11)):
        if not sums.known(what):
            values += [NONE, NONE]
            continue
        minor = sums.amount(sums.this, what)
        values += [added(col, minor), ratio(a1(row, col), a1(row, 3), sums.major(minor),
                                            sums.major(whole))]  # fmt: skip
    body_row(sheet, row, 1, values, formats, "total", height=20)
    for col in (5, 7):
        colour_negative(sheet, (first, col, row, col))
    return check_row(sums, row + 1, whole, sums.this, title, 3, row)


def by_year(sums: Sums, row: int, key: str) -> int:
    """Every fiscal year of the ledger for the names of `key`, and all years together."""
    scope, sheet, lang = sums.scope, sums.sheet, sums.lang
    years = sums.years[-YEARS:]
    earlier = sums.years[: len(sums.years) - len(years)]
    title = text(f"analysis_detail.years_{key}", lang)
    row = section(sheet, row, 1, LAST, title, text("analysis_detail.years_side", lang))
    heads = [text("analysis_detail.earlier", lang)] if earlier else []
    heads += [str(year) for year in years]
    name = text("analysis_detail.col_region" if key == "region" else f"analysis.col_{key}", lang)
    titles = [name, *heads, text("analysis.total", lang)]
    row = header_row(sheet, row, 1, titles, "l" + "r" * (len(titles) - 1))
    spans: list[tuple[date, date]] = []
    if earlier:
        spans.append((scope.year_months(earlier[0])[0], scope.year_months(earlier[-1])[12]))
    spans += [(scope.year_months(year)[0], scope.year_months(year)[12]) for year in years]
    sold = [sums.by(key, each) for each in spans]
    alltime = sums.by(key, sums.everything)
    names = sorted(set(alltime) - {""}, key=lambda n: (-alltime[n], n))
    rest = names[LISTED:] if len(names) > LISTED + 1 else []
    first, width = row, len(spans)
    formats = ["", *["money"] * (width + 1)]
    rows = [[n] for n in names[: len(names) - len(rest)]] + ([rest] if rest else [])
    for group in rows:
        said = group[0] if len(group) == 1 else text("analysis.other", lang, count=len(group))
        values: list[Value] = [said]
        for each, amounts in zip(spans, sold, strict=True):
            minor = sum(amounts.get(n, 0) for n in group)
            values.append(
                sums.cell(each, minor, key, a1(row, 1, False, True))
                if len(group) == 1
                else sums.major(minor)
            )
        whole = sums.major(sum(alltime[n] for n in group))
        values.append(Formula(f"=SUM({span(row, 2, row, width + 1)})", whole))
        row = body_row(sheet, row, 1, values, formats)
    totals: list[Value] = [text("analysis.total", lang)]
    for offset, minor in enumerate(
        [*(sum(amounts.values()) for amounts in sold), sum(alltime.values())], 2
    ):
        area = span(first, offset, row - 1, offset)
        totals.append(Formula(f"=SUM({area})", sums.major(minor)))
    body_row(sheet, row, 1, totals, formats, "total", height=20)
    return check_row(sums, row + 1, sum(alltime.values()), sums.everything, title, width + 2, row)
