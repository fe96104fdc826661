"""The front page: what this workbook is, how the year stands, whether all checks agree.

Built last, when every other sheet and check is in the book; the caller puts it first.

    1  band, title, verdict        10  checks (left), contents (right)
    5  meta: region … fingerprint   n  progress by quarter
    8  five tiles                   m  notices and notes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from salesxl.sheets.content import Book, Condition, Formula, Rich, Sheet, Value, a1, quoted
from salesxl.sheets.figures import Amount, Figures
from salesxl.sheets.page import (
    body_row,
    colour_negative,
    colour_status,
    fill,
    front_title,
    header_row,
    kpi_tile,
    meta_strip,
    note,
    page,
    put_verdict,
    result_formula,
    section,
    spacer,
)
from salesxl.sheets.scope import Scope
from salesxl.sheets.widths import lines_for, merged_px
from salesxl.texts import text

LAST_COL = 13
TILES = ((1, 2), (4, 5), (7, 8), (10, 11), (13, 13))
GAPS = (3, 6, 9, 12)
WIDTHS = {1: 10, 2: 17, 4: 13, 5: 14, 7: 7, 8: 20, 10: 10, 11: 17, 13: 27}
PROGRESS_COLS = (1, 5, 8, 11, 13)  # quarter, target, actual, difference, attainment
CHECK_COLS, CONTENT_COLS = (1, 5), (7, 13)
MANY_CHECKS = 14  # more are told one line a sheet
PER_LINE = 60  # checks one formula may gather
ONE_PAGE = 44  # rows that still read well on one page


@dataclass(frozen=True)
class _Line:
    """One line of the list of checks: `refs` are the cells of its differences."""

    title: str
    refs: tuple[str, ...]
    difference: Decimal
    money: bool


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "front" of `book`."""
    lang, settings = scope.lang, scope.plan.settings
    figures = Figures(scope, book)
    sheet = Sheet("front", front_title(lang), purpose=text("front.purpose", lang))
    sheet.last_col = LAST_COL
    for col, width in WIDTHS.items():
        sheet.width(col, width)
    sheet.width(GAPS[0], 1.5, *GAPS[1:])
    whole = scope.is_head_office and not scope.label
    name = text("front.head_office", lang) if whole else scope.name
    unit = text("front.unit_CNY", lang) if settings.currency == "CNY" else settings.currency
    if figures.unit != 1:
        unit = text("front.unit_large", lang, unit=unit)
    lines = _check_lines(book)
    row = page(
        sheet,
        text("front.title", lang, year=settings.year),
        text("front.subtitle", lang, company=settings.company, scope=name, unit=unit),
        lang,
        back=False,
    )
    row = _meta(sheet, row, scope, book, name)
    row = spacer(sheet, row, 8)
    row = _tiles(sheet, row, scope, figures)
    row = spacer(sheet, row, 12)
    if lines:
        put_verdict(sheet, _verdict(scope, lines, row + 2))
    row = _lists(sheet, row, scope, book, lines)
    row = spacer(sheet, row, 12)
    row = _progress(sheet, row, scope, figures)
    row = _notes(sheet, spacer(sheet, row, 8), scope, book)
    sheet.print_last_row = row - 1
    # A long list of sheets and checks reads better upright than small or on two pages.
    sheet.landscape = row <= ONE_PAGE
    sheet.fit_height = 1
    return sheet


def _verdict(scope: Scope, lines: Sequence[_Line], first: int) -> Formula:
    lang = scope.lang
    area = f"{a1(first, 1)}:{a1(first + len(lines) - 1, 1)}"
    failed = f'COUNTIF({area},"✕*")'
    good = text("front.verdict_ok", lang, count=sum(len(line.refs) for line in lines))
    bad = text("front.verdict_bad", lang)
    count = sum(bool(line.difference) for line in lines)
    return Formula(
        f'=IF({failed}=0,"{good}","✕ "&{failed}&"{bad}")', f"✕ {count}{bad}" if count else good
    )


def _meta(sheet: Sheet, row: int, scope: Scope, book: Book, name: str) -> int:
    lang, settings = scope.lang, scope.plan.settings
    months = scope.targets.months
    first, last = months[0].strftime("%Y-%m"), months[-1].strftime("%Y-%m")
    pairs: list[tuple[str, Value]] = [
        (_kind(scope), name),
        (text("front.period", lang), text("front.period_value", lang, first=first, last=last)),
        (text("front.as_of", lang), scope.as_of.isoformat()),
        (text("front.version", lang), settings.plan_version),
        (text("front.fingerprint", lang), book.stamp or text("front.no_fingerprint", lang)),
    ]
    return meta_strip(sheet, row, pairs, TILES)


def _kind(scope: Scope) -> str:
    """What the workbook is about: a region unless its share was cut by something else."""
    if not scope.label:
        return text("front.region", scope.lang)
    kind = scope.kind if scope.kind in ("group", "person") else "column"
    return text(f"batch.kind_{kind}", scope.lang)


def _change(now: str, before: str, lead: str, a: Decimal, b: Decimal) -> Value:
    """``lead+7.8%``; a dash where there is nothing to compare with."""
    if b <= 0:
        return f"{lead}–"
    share = ((a / b - 1) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    formula = f'="{lead}"&IF({before}>0,TEXT({now}/{before}-1,"+0.0%;-0.0%;0.0%"),"–")'
    return Formula(formula, f"{lead}{_signed(share)}%")


def _signed(share: Decimal) -> str:
    return f"{share:+f}" if share else "0.0"


def _amount_text(expression: str, lead: str, value: Decimal) -> Formula:
    shown = value.quantize(Decimal(1), ROUND_HALF_UP)
    return Formula(f'="{lead}"&TEXT(ROUND({expression},0),"#,##0")', f"{lead}{shown:,}")


def _tiles(sheet: Sheet, row: int, scope: Scope, figures: Figures) -> int:
    """Target, done, attainment, gap, last year; each compared with something."""
    lang, plan_year, year = scope.lang, scope.plan.settings.year, scope.focus_year
    target, actual = figures.annual_target(), figures.actual(*figures.year(0))
    before = figures.actual(*figures.year(-1))
    running = figures.has_lines and year == plan_year
    value_row = row + 1
    at = [a1(value_row, col, True, True) for col, _ in TILES]
    tiles: list[tuple[str, Value, str, Value, str]] = []

    base_year, base, base_at = (year - 1, before, at[4]) if running else (year, actual, at[1])
    sub: Value = text("front.kpi_target_sub_none", lang)
    if figures.has_lines:
        lead = text("front.kpi_target_sub", lang, year=base_year)
        sub = _change(at[0], base_at, lead, target.value, base.value)
    label = text("front.kpi_target", lang, year=plan_year)
    tiles.append((label, target.cell, "money", sub, "front_target"))
    if not figures.has_lines:
        tiles += _empty_tiles(scope)
    else:
        tiles.append(_done(scope, figures, actual, before, at, running))
        ratio = actual.value / target.value if target.value else Decimal(0)
        share = Formula(f"=IF({at[0]}=0,0,{at[1]}/{at[0]})", ratio)
        tiles += _against_target(scope, share, target.value - actual.value, at, running)
        tiles.append(_last(scope, figures, before, running))
    for (col, last_col), (label, value, fmt, sub, name) in zip(TILES, tiles, strict=True):
        kpi_tile(sheet, row, col, last_col, label, value, fmt, sub, name=name)
    return row + 3


def _empty_tiles(scope: Scope) -> list[tuple[str, Value, str, Value, str]]:
    lang, year = scope.lang, scope.plan.settings.year
    sub = text("front.no_lines", lang)
    labels = (
        text("front.kpi_actual", lang, year=year),
        text("front.kpi_attainment", lang),
        text("front.kpi_gap", lang),
        text("front.kpi_last", lang, year=year - 1),
    )
    return [(label, "–", "", sub, "") for label in labels]


def _done(
    scope: Scope, figures: Figures, actual: Amount, before: Amount, at: list[str], running: bool
) -> tuple[str, Value, str, Value, str]:
    lang, year = scope.lang, scope.focus_year
    day = scope.as_of.isoformat()
    _, end = figures.year(0)
    if running and scope.as_of < end - timedelta(days=1):
        same = figures.actual(*figures.same_days_last_year())
        lead = text("front.kpi_actual_sub", lang, date=scope.as_of.strftime("%m-%d"))
        compared = same.expression or str(same.value)
    else:
        same, compared = before, at[4]
        lead = text("front.kpi_actual_sub_whole", lang, year=year - 1)
    if same.value > 0:
        sub = _change(at[1], compared, lead, actual.value, same.value)
    else:
        sub = text("front.kpi_actual_sub_none", lang, date=day)
    label = text("front.kpi_actual", lang, year=year)
    return label, actual.cell, "money", sub, "front_actual"


def _against_target(
    scope: Scope, share: Formula, gap: Decimal, at: list[str], running: bool
) -> list[tuple[str, Value, str, Value, str]]:
    """Attainment and gap while the year runs; before it, how far the target lies above."""
    lang, year = scope.lang, scope.focus_year
    difference = Formula(f"={at[0]}-{at[1]}", gap)
    if not running:
        lead = text("front.kpi_growth_sub", lang)
        return [
            (text("front.kpi_ratio", lang, year=year), share, "percent",
             text("front.kpi_ratio_sub", lang, year=scope.plan.settings.year), "front_attainment"),
            (text("front.kpi_growth", lang, year=year), difference, "money",
             _amount_text(f"{at[3]}/12", lead, gap / 12), "front_gap"),
        ]  # fmt: skip
    first, end = (scope.year_months(year)[i] for i in (0, 12))
    days = min(max((scope.as_of - first).days + 1, 0), (end - first).days)
    elapsed = (Decimal(days * 100) / (end - first).days).quantize(Decimal("0.1"), ROUND_HALF_UP)
    left = 12 - scope.months_to_date
    sub: Value = text("front.kpi_gap_sub_done", lang)
    if left:
        lead = text("front.kpi_gap_sub", lang, months=left)
        sub = _amount_text(f"{at[3]}/{left}", lead, gap / left)
    return [
        (text("front.kpi_attainment", lang), share, "percent",
         text("front.kpi_attainment_sub", lang, share=f"{elapsed}%"), "front_attainment"),
        (text("front.kpi_gap", lang), difference, "money", sub, "front_gap"),
    ]  # fmt: skip


def _last(
    scope: Scope, figures: Figures, before: Amount, running: bool
) -> tuple[str, Value, str, Value, str]:
    lang, year = scope.lang, scope.focus_year
    sub: Value = text("front.kpi_last_none", lang)
    if before.value:
        sub = text("front.kpi_last_sub_before", lang, year=year)
        if running:
            same = figures.actual(*figures.same_days_last_year())
            lead = text("front.kpi_last_sub", lang)
            sub = _amount_text(same.expression or str(same.value), lead, same.value)
    label = text("front.kpi_last", lang, year=year - 1)
    return label, before.cell, "money", sub, "front_last"


def _check_lines(book: Book) -> list[_Line]:
    """Every check on its own line, or, where they are many, a line for each sheet's."""
    sheets = {sheet.title: sheet for sheet in book.sheets}
    singles = [
        _Line(c.title, (sheets[c.sheet].ref(c.row, c.col),), c.difference, c.money)
        for c in book.checks
    ]
    if len(singles) <= MANY_CHECKS:
        return singles
    groups: dict[tuple[str, bool], list[_Line]] = {}
    for check, line in zip(book.checks, singles, strict=True):
        groups.setdefault((check.sheet, check.money), []).append(line)
    result = []
    for (title, money), members in groups.items():
        for start in range(0, len(members), PER_LINE):
            part = members[start : start + PER_LINE]
            worst = max((line.difference for line in part), key=abs)
            refs = tuple(ref for line in part for ref in line.refs)
            said = part[0].title
            if len(part) > 1:
                said = text("front.group_of_checks", book.lang, sheet=title, count=len(part))
            result.append(_Line(said, refs, worst if len(part) == 1 else abs(worst), money))
    return result


def _lists(sheet: Sheet, row: int, scope: Scope, book: Book, lines: Sequence[_Line]) -> int:
    lang = scope.lang
    start = row
    passed: Value = ""
    if lines:
        first, last = start + 2, start + 1 + len(lines)
        area = f"{a1(first, 1)}:{a1(last, 1)}"
        good = sum(not line.difference for line in lines)
        ending = f" / {len(lines)}{text('front.checks_passed', lang)}"
        tally = f'=COUNTIF({area},"✓*")&"{ending}"'
        passed = Formula(tally, f"{good}{ending}")
    section(sheet, start, *CHECK_COLS, text("front.checks", lang), passed)
    section(sheet, start, *CONTENT_COLS, text("front.contents", lang))
    header = start + 1
    _head(sheet, header, ((1, 1, "result", "center"), (2, 4, "check", ""),
                          (5, 5, "difference", "right"), (7, 7, "number", "center"),
                          (8, 10, "sheet", ""), (11, 13, "use", "")), scope)  # fmt: skip
    for offset, line in enumerate(lines):
        _check_row(sheet, header + 1 + offset, line, scope)
    if lines:
        colour_status(sheet, (header + 1, 1, header + len(lines), 1))
        shown = (header + 1, 5, header + len(lines), 5)
        cell = a1(header + 1, 5)
        sheet.conditions.append(Condition("formula", shown, "negative", f"=ABS({cell})>0.001"))
    else:
        said = text("front.no_checks", lang)
        sheet.merge(header + 1, 1, header + 1, 5, said, "cell", "", "muted")
    listed = [other for other in book.sheets if not other.hidden and other.key != "front"]
    for offset, other in enumerate(listed):
        _content_row(sheet, header + 1 + offset, offset + 2, other, scope)
    end = header + 1 + max(len(lines), len(listed), 1)
    for line_row in range(header + 1, end):
        sheet.heights.setdefault(line_row, 20)
    return end


def _head(sheet: Sheet, row: int, heads: Sequence[tuple[int, int, str, str]], scope: Scope) -> None:
    for col, last_col, key, align in heads:
        extras = (align,) if align else ()
        title = text(f"front.{key}", scope.lang)
        sheet.merge(row, col, row, last_col, title, "header", "", *extras)
    sheet.height(row, 20)


def _check_row(sheet: Sheet, row: int, line: _Line, scope: Scope) -> None:
    decimals = scope.plan.settings.decimals
    cell = a1(row, 5)
    places = decimals if line.money else 0
    sheet.put(row, 1, result_formula(cell, line.difference, scope.lang, places), "cell", "",
              "center", "bold", "small")  # fmt: skip
    sheet.merge(row, 2, row, 4, line.title, "cell")
    joined = ",".join(line.refs)
    expression = joined if len(line.refs) == 1 else f"MAX(MAX({joined}),-MIN({joined}))"
    digits = "#,##0" + ("." + "0" * places if places else "")
    fmt = f"+{digits}_)_);-{digits}_)_);0_)_)"
    sheet.put(row, 5, Formula(f"={expression}", line.difference), "cell", fmt, "right")


def _content_row(sheet: Sheet, row: int, number: int, other: Sheet, scope: Scope) -> None:
    sheet.put(row, 7, number, "cell", "int", "center", "muted")
    sheet.merge(row, 8, row, 10, Rich(other.title, f"{quoted(other.title)}!B2"), "link")
    sheet.merge(row, 11, row, 13, other.purpose or other.title, "cell", "", "small", "wrap")
    room = merged_px(sheet, 11, 13)
    lines = lines_for(other.purpose, room, 9, False, scope.lang, 1)
    if lines > 1:
        sheet.height(row, max(sheet.heights.get(row, 20), 14 * lines + 4))


def _progress(sheet: Sheet, row: int, scope: Scope, figures: Figures) -> int:
    """Target, actual, difference and attainment by fiscal quarter, and the year."""
    lang, year = scope.lang, scope.focus_year
    plan_year = scope.plan.settings.year
    row = section(sheet, row, 1, LAST_COL, text("front.progress", lang))
    heads = [
        text("front.quarter", lang),
        text("front.target_of", lang, year=plan_year),
        text("front.actual_of", lang, year=year),
        text("front.deviation", lang),
        text("front.attainment" if year == plan_year else "front.share_of_target", lang),
    ]
    _between(sheet, row, "header")
    for col, title in zip(PROGRESS_COLS, heads, strict=True):
        header_row(sheet, row, col, [title], "l" if col == 1 else "r")
    first = row + 1
    sums = [Decimal(0), Decimal(0)]
    for number in range(4):
        row += 1
        target = figures.quarter_target(number)
        actual = figures.actual(*figures.quarter(number))
        sums = [sums[0] + target.value, sums[1] + actual.value]
        label, muted = _quarter_label(scope, figures, number)
        _progress_row(sheet, row, label, target, actual, "cell", ("muted",) if muted else ())
    columns = [f"{a1(first, col)}:{a1(row, col)}" for col in PROGRESS_COLS[1:3]]
    totals = [Amount(s, f"SUM({c})") for s, c in zip(sums, columns, strict=True)]
    _progress_row(sheet, row + 1, text("front.year", lang), totals[0], totals[1], "total", ())
    colour_negative(sheet, (first, PROGRESS_COLS[3], row + 1, PROGRESS_COLS[3]))
    return row + 2


def _quarter_label(scope: Scope, figures: Figures, number: int) -> tuple[str, bool]:
    lang = scope.lang
    name = text(f"front.q{number + 1}", lang)
    start, end = figures.quarter(number)
    if not figures.has_lines or scope.as_of < start:
        return text("front.quarter_ahead", lang, quarter=name), True
    if scope.as_of < end - timedelta(days=1):
        return text("front.quarter_running", lang, quarter=name), False
    return name, False


def _progress_row(
    sheet: Sheet, row: int, label: str, target: Amount, actual: Amount, style: str,
    extras: tuple[str, ...],
) -> None:  # fmt: skip
    _between(sheet, row, style)
    sheet.merge(row, 1, row, 2, label, style, "", *extras)
    has_target, has_actual = a1(row, PROGRESS_COLS[1]), a1(row, PROGRESS_COLS[2])
    share = actual.value / target.value if target.value else Decimal(0)
    cells: list[tuple[Value, str]] = [(target.cell, "money"), (actual.cell, "money")]
    if "muted" in extras:  # nothing to compare before a quarter begins
        cells += [("–", "difference"), ("–", "percent")]
    else:
        gap = actual.value - target.value
        cells += [
            (Formula(f"={has_actual}-{has_target}", gap), "difference"),
            (Formula(f"=IF({has_target}=0,0,{has_actual}/{has_target})", share), "percent"),
        ]
    for col, (value, fmt) in zip(PROGRESS_COLS[1:], cells, strict=True):
        body_row(sheet, row, col, [value], [fmt], style, *extras, height=20)


def _between(sheet: Sheet, row: int, style: str) -> None:
    """The row's style in the columns that carry no figure, so that its line runs through."""
    for col in range(1, LAST_COL + 1):
        if col not in PROGRESS_COLS and (col != 2 or style == "header"):
            fill(sheet, row, col, col, style)


def _notes(sheet: Sheet, row: int, scope: Scope, book: Book) -> int:
    lang = scope.lang
    room = merged_px(sheet, 1, LAST_COL)
    if book.notices:
        row = section(sheet, row, 1, LAST_COL, text("front.notices", lang))
        row = spacer(sheet, row, 4)
    for line in book.notices:
        row = note(sheet, row, 1, LAST_COL, f"• {line}", lines_for(line, room - 12, 9, False, lang))
    if book.notices:
        row = spacer(sheet, row, 4)
    for key in ("footnote", "footnote_gate"):
        line = text(f"front.{key}", lang)
        row = note(sheet, row, 1, LAST_COL, line, lines_for(line, room, 9, False, lang))
    return row
