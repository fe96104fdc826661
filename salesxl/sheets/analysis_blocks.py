"""The analysis sheet's tables: months, one dimension, the largest customers.

Each block is seven rows of anatomy around its data and returns where it stands, so
that a chart or a finding can point at it. Columns: name, then five figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Formula, Value, a1, span
from salesxl.sheets.page import body_row, colour_negative, header_row, section, spacer
from salesxl.texts import text

LISTED = 12  # names of a dimension shown one by one
CUSTOMERS = 10
NONE = "–"


@dataclass(frozen=True)
class Line:
    """One row of a block: its name and its amounts in major units."""

    name: str
    row: int
    plan: Decimal
    actual: Decimal
    last: Decimal


@dataclass(frozen=True)
class Block:
    """A block as placed: `lines` without totals; columns of its figures; next free row."""

    lines: tuple[Line, ...]
    name_col: int
    plan_col: int  # −1 where the block has no plan
    actual_col: int
    last_col: int
    total: Line
    next_row: int


def ratio(upper: str, lower: str, up: Decimal, low: Decimal, less: int = 0) -> Formula:
    """``upper / lower − less``, or a dash where there is nothing to divide by."""
    minus = f"-{less}" if less else ""
    return Formula(
        f'=IF({lower}=0,"{NONE}",{upper}/{lower}{minus})', up / low - less if low else NONE
    )


def months(sums: Sums, row: int, col: int) -> Block:
    """Month, plan, actual, same month last year, gap to plan, growth; to date; the year."""
    scope, sheet, lang = sums.scope, sums.sheet, sums.lang
    running = scope.is_running
    titles = [
        text("analysis.col_month", lang),
        text("analysis.col_plan", lang, year=scope.plan.settings.year),
        text("analysis.col_actual", lang, year=scope.focus_year),
        text("analysis.col_actual", lang, year=scope.focus_year - 1),
        text("analysis.col_gap" if running else "analysis.col_need", lang),
        text("analysis.col_growth", lang),
    ]
    row = section(sheet, row, col, col + 5, text("analysis.by_month", lang))
    row = header_row(sheet, row, col, titles, "lrrrrr")
    first = row
    this, last = (scope.year_months(scope.focus_year - back) for back in (0, 1))
    lines: list[Line] = []
    for month in range(12):
        spans = [(year[month], year[month + 1]) for year in (this, last)]
        plan = sums.plan_months[month]
        actual, before = (sums.amount(s) for s in spans)
        line = Line(
            month_name(this[month].month, lang), row, sums.major(plan), sums.major(actual),
            sums.major(before),
        )  # fmt: skip
        lines.append(line)
        begun = month < sums.months
        values: list[Value] = [
            line.name, line.plan, sums.cell(spans[0], actual), sums.cell(spans[1], before),
            *_gap_and_growth(line, col, running, begun),
        ]  # fmt: skip
        row = body_row(sheet, row, col, values, ["", *["money"] * 4, "percent"])
    shown = sums.months
    if shown < 12:
        name = text("analysis.to_date", lang, months=shown)
        _sum_row(sums, lines[:shown], row, col, name, first, running, "subtotal")
        row += 1
    total = _sum_row(
        sums, lines, row, col, text("analysis.year_total", lang), first, running, "total",
        compare=shown == 12,
    )  # fmt: skip
    colour_negative(sheet, (first, col + 4, row, col + 5))
    row = _check(sums, row + 1, col, total.actual, (this[0], this[12]), "by_month", 2, total.row)
    return Block(tuple(lines), col, col + 1, col + 2, col + 3, total, row)


def _gap_and_growth(line: Line, col: int, running: bool, begun: bool) -> list[Value]:
    """Gap between plan and actual, growth on last year; dashes for months to come."""
    plan, actual, last = (a1(line.row, col + n) for n in (1, 2, 3))
    gap = line.actual - line.plan if running else line.plan - line.actual
    formula = f"={actual}-{plan}" if running else f"={plan}-{actual}"
    if not begun:
        return [NONE if running else Formula(formula, gap), NONE]
    return [Formula(formula, gap), ratio(actual, last, line.actual, line.last, 1)]


def _sum_row(
    sums: Sums, lines: list[Line], row: int, col: int, name: str, first: int, running: bool,
    style: str, compare: bool = True,
) -> Line:  # fmt: skip
    last_row = first + len(lines) - 1
    total = Line(
        name, row, sum((x.plan for x in lines), Decimal(0)),
        sum((x.actual for x in lines), Decimal(0)), sum((x.last for x in lines), Decimal(0)),
    )  # fmt: skip
    values: list[Value] = [name]
    for offset, value in enumerate((total.plan, total.actual, total.last), 1):
        area = span(first, col + offset, last_row, col + offset)
        values.append(Formula(f"=SUM({area})", value))
    values += _gap_and_growth(total, col, running, compare)
    body_row(sums.sheet, row, col, values, ["", *["money"] * 4, "percent"], style, height=20)
    return total


def dimension(sums: Sums, row: int, col: int, key: str) -> Block:
    """Name, (plan to date,) actual, last year, change, growth, share; largest first."""
    sheet, lang, scope = sums.sheet, sums.lang, sums.scope
    with_plan = key == "product_line"
    this, last = sums.by(key, sums.this), sums.by(key, sums.last)
    plan = sums.plan_by_product() if with_plan else {}
    names = sorted({*this, *last, *plan} - {""}, key=lambda n: (-this.get(n, 0), n))
    rest = names[LISTED:] if len(names) > LISTED + 1 else []
    names = names[: len(names) - len(rest)]
    side = text("analysis.side_range", lang, year=scope.focus_year, months=sums.months)
    row = section(sheet, row, col, col + 5, text(f"analysis.by_{key}", lang), side)
    first_figure = (
        text("analysis.col_plan_to_date", lang) if with_plan else text("analysis.col_share", lang)
    )
    titles = [
        text(f"analysis.col_{key}", lang),
        first_figure,
        text("analysis.col_actual", lang, year=scope.focus_year),
        text("analysis.col_last", lang, year=scope.focus_year - 1),
        text("analysis.col_change", lang),
        text("analysis.col_growth", lang),
    ]
    row = header_row(sheet, row, col, titles, "lrrrrr")
    first, count = row, len(names) + bool(rest)
    total_row = first + count
    entries = [(n, plan.get(n, 0), this.get(n, 0), last.get(n, 0)) for n in names]
    if rest:
        name = text("analysis.other", lang, count=len(rest))
        of_rest = [sum(part.get(n, 0) for n in rest) for part in (plan, this, last)]
        entries.append((name, of_rest[0], of_rest[1], of_rest[2]))
    total_plan = sum(entry[1] for entry in entries)
    total_this = sum(entry[2] for entry in entries)
    total_last = sum(entry[3] for entry in entries)
    total = Line(
        text("analysis.total", lang), total_row, sums.major(total_plan), sums.major(total_this),
        sums.major(total_last),
    )  # fmt: skip
    lines = [
        Line(name, first + i, sums.major(p), sums.major(a), sums.major(b))
        for i, (name, p, a, b) in enumerate(entries)
    ]
    formats = ["", "money" if with_plan else "percent", "money", "money", "difference", "percent"]
    for index, (line, entry) in enumerate(zip(lines, entries, strict=True)):
        name_cell = a1(line.row, col, False, True)
        is_rest = bool(rest) and index == len(lines) - 1
        figures: list[Value] = []
        for offset, period, minor in ((2, sums.this, entry[2]), (3, sums.last, entry[3])):
            if is_rest:
                above = span(first, col + offset, line.row - 1, col + offset)
                formula = f"={sums.sumifs(period)}-SUM({above})"
                figures.append(Formula(formula, sums.major(minor)))
            else:
                figures.append(sums.cell(period, minor, key, name_cell))
        share = ratio(
            a1(line.row, col + 2), a1(total_row, col + 2, True), line.actual, total.actual
        )
        values: list[Value] = [line.name, line.plan if with_plan else share, *figures]
        values += _change_and_growth(line, col)
        row = body_row(sheet, row, col, values, formats)
    area = [span(first, col + n, total_row - 1, col + n) for n in range(6)]
    plan_total = Formula(f"=SUM({area[1]})", total.plan if with_plan else _whole(total.actual))
    values = [
        total.name, plan_total, Formula(f"=SUM({area[2]})", total.actual),
        Formula(f"=SUM({area[3]})", total.last), *_change_and_growth(total, col),
    ]  # fmt: skip
    row = body_row(sheet, row, col, values, formats, "total", height=20)
    colour_negative(sheet, (first, col + 4, total_row, col + 5))
    row = _check(sums, row, col, total.actual, sums.this, f"by_{key}", 2, total_row)
    return Block(tuple(lines), col, col + 1 if with_plan else -1, col + 2, col + 3, total, row)


def _whole(amount: Decimal) -> Decimal:
    """What shares add up to: 1, or 0 where each is a dash."""
    return Decimal(1) if amount else Decimal(0)


def _change_and_growth(line: Line, col: int) -> list[Value]:
    actual, last = a1(line.row, col + 2), a1(line.row, col + 3)
    change = Formula(f"={actual}-{last}", line.actual - line.last)
    return [change, ratio(actual, last, line.actual, line.last, 1)]


def customers(sums: Sums, row: int, col: int) -> Block:
    """Customer, id, actual, last year, share, cumulative share; the largest, then the rest."""
    sheet, lang, scope = sums.sheet, sums.lang, sums.scope
    this, last = (sums.by("customer_key", period) for period in (sums.this, sums.last))
    known = sums.frame.drop_duplicates("customer_key", keep="last")
    names = dict(zip(known["customer_key"], known["customer"], strict=True))
    keys = sorted(this, key=lambda k: (-this[k], k))[:CUSTOMERS]
    rest = len(this) - len(keys)
    side = text("analysis.side_range", lang, year=scope.focus_year, months=sums.months)
    head = text("analysis.by_customer", lang, count=len(keys))
    row = section(sheet, row, col, col + 5, head, side)
    titles = [
        text("analysis.col_customer", lang),
        text("analysis.col_customer_key", lang),
        text("analysis.col_actual", lang, year=scope.focus_year),
        text("analysis.col_last", lang, year=scope.focus_year - 1),
        text("analysis.col_share", lang),
        text("analysis.col_cumulative", lang),
    ]
    row = header_row(sheet, row, col, titles, "llrrrr")
    first = row
    total_row = first + len(keys) + 1
    whole = sums.major(sums.amount(sums.this))
    formats = ["", "", "money", "money", "percent", "percent"]
    lines: list[Line] = []
    running = Decimal(0)
    total_cell = a1(total_row, col + 2, True)
    for key in keys:
        amount, before = this[key], last.get(key, 0)
        line = Line(names[key], row, Decimal(0), sums.major(amount), sums.major(before))
        lines.append(line)
        running += line.actual
        key_cell = a1(row, col + 1, False, True)
        up_to = f"SUM({a1(first, col + 2, True)}:{a1(row, col + 2)})"
        values: list[Value] = [
            line.name,
            key,
            sums.cell(sums.this, amount, "customer_key", key_cell),
            sums.cell(sums.last, before, "customer_key", key_cell),
            ratio(a1(row, col + 2), total_cell, line.actual, whole),
            ratio(up_to, total_cell, running, whole),
        ]
        row = body_row(sheet, row, col, values, formats)
    last_year = sums.major(sums.amount(sums.last))
    others: list[Value] = [text("analysis.other_customers", lang, count=rest), NONE]
    for offset, period, all_of in ((2, sums.this, whole), (3, sums.last, last_year)):
        listed = sum(((x.actual if offset == 2 else x.last) for x in lines), Decimal(0))
        area = span(first, col + offset, total_row - 2, col + offset)
        others.append(Formula(f"={sums.sumifs(period)}-SUM({area})", all_of - listed))
    others += [ratio(a1(row, col + 2), total_cell, whole - running, whole), NONE]
    row = body_row(sheet, row, col, others, formats)
    totals: list[Value] = [text("analysis.total", lang), None]
    for offset, all_of in ((2, whole), (3, last_year)):
        area = span(first, col + offset, total_row - 1, col + offset)
        totals.append(Formula(f"=SUM({area})", all_of))
    shares = span(first, col + 4, total_row - 1, col + 4)
    totals += [Formula(f"=SUM({shares})", _whole(whole)), None]
    row = body_row(sheet, row, col, totals, formats, "total", height=20)
    total = Line("", total_row, Decimal(0), whole, last_year)
    return Block(tuple(lines), col, -1, col + 2, col + 3, total, spacer(sheet, row, 10))


def _check(
    sums: Sums, row: int, col: int, found: Decimal, period: tuple[date, date], name: str,
    offset: int, total_row: int,
) -> int:  # fmt: skip
    """The difference between a block's total and the ledger's own sum over the range."""
    sheet, lang = sums.sheet, sums.lang
    said = sums.major(sums.amount(period))
    decimals = sums.scope.plan.settings.decimals
    formula = f"=ROUND({a1(total_row, col + offset)}-{sums.sumifs(period)},{decimals})"
    difference = found - said
    sheet.put(row, col, text("analysis.check_row", lang), "label", "", "left")
    sheet.put(row, col + offset, Formula(formula, difference), "label", "check", "right")
    title = text("analysis.check_title", lang, name=text(f"analysis.{name}", lang))
    sums.book.check(sheet, row, col + offset, title, difference)
    sums.checks.append((a1(row, col + offset), difference))
    sheet.height(row, 18)
    return spacer(sheet, row + 1, 10)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(month: int, lang: str) -> str:
    return f"{month}月" if lang == "zh" else _MONTHS[month - 1]
