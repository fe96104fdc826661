"""Who is measured by what, who answers for what, and how many report to each manager.

Measures and their weights by role make a form for a review: an actual typed in is scored at
once, by the formula that is core's `KPI_SCORE`. The responsibility matrix is checked live: one A
and at least one R a process (`RACI_CHECK`). Both stay open for input.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesxl.core.org import direct_reports, raci_letters, raci_state, span_state
from salesxl.plan.model import Kpi, Responsibility
from salesxl.sheets.content import Book, Formula, Sheet, Validation, Value, a1, span
from salesxl.sheets.fields import label
from salesxl.sheets.lists import defaults, live, names, put_inputs, put_note, subtitle
from salesxl.sheets.page import (
    body_row,
    colour_status,
    fill,
    header_row,
    legend,
    page,
    put_verdict,
    section,
    spacer,
)
from salesxl.sheets.row_heights import fit_page, keep_together, line_count, room
from salesxl.sheets.scope import Scope
from salesxl.texts import text

LAST = 12
_WIDTHS = (30.0, 14.0, 14.0, 17.0, 10.5, 10.5, 10.5, 12.0, 11.5, 11.5, 11.0, 18.0)
MOST_ROLES = 8  # columns of the matrix
_LETTERS = ("R", "A", "A/R", "C", "I")
_AT = {"target": 2, "direction": 4, "weight": 5, "floor": 6, "cap": 7, "actual": 8, "reached": 9,
       "counted": 10, "points": 11}  # fmt: skip


@dataclass
class _State:
    """Where verdicts stand, and how many of them are failed."""

    places: list[str]
    failed: int = 0


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "responsibilities". Registers a check a role: its weights make 1."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        "responsibilities", text("responsibilities.title", lang),
        purpose=text("responsibilities.purpose", lang), kind="edit", last_col=LAST,
    )  # fmt: skip
    for col, width in enumerate(_WIDTHS, 1):
        sheet.width(col, width)
    state = _State([])
    row = page(sheet, sheet.title, subtitle(scope, "responsibilities.subtitle"), lang)
    row = legend(sheet, row, 1, lang)
    row = section(sheet, row, 1, LAST, text("responsibilities.raci", lang))
    row = _matrix(sheet, row, scope, state)
    row = section(sheet, spacer(sheet, row), 1, LAST, text("responsibilities.span", lang))
    row = _spans(sheet, row, scope, state)
    head = spacer(sheet, row)
    row = section(sheet, head, 1, LAST, text("responsibilities.kpis", lang))
    row = put_note(sheet, row, text("responsibilities.kpis_how", lang), lang)
    by_role: dict[str, list[Kpi]] = {}
    for kpi in plan.kpis:
        by_role.setdefault(kpi.role, []).append(kpi)
    if not by_role:
        row = put_note(sheet, row, text("responsibilities.kpis_empty", lang), lang)
    for role, kpis in by_role.items():
        first = head or row  # the section's head stays with the first role
        row = _kpis(sheet, row, scope, book, names(plan.roles).get(role, role), kpis)
        keep_together(sheet, first, row - 2)
        head = 0
    sheet.print_last_row = row - 1
    put_verdict(sheet, _verdict(scope, state))
    fit_page(sheet)
    return sheet


def _verdict(scope: Scope, state: _State) -> Formula:
    good = "✓ " + text("responsibilities.verdict_ok", scope.lang)
    bad = text("responsibilities.verdict_bad", scope.lang)
    if not state.places:
        return Formula(f'="{good}"', good)
    counts = "+".join(f'COUNTIF({area},"✕*")' for area in state.places)
    value = good if not state.failed else f"✕ {state.failed}{bad}"
    return Formula(f'=IF({counts}=0,"{good}","✕ "&({counts})&"{bad}")', value)


# ---------------------------------------------------------------- responsibilities


def _matrix(sheet: Sheet, row: int, scope: Scope, state: _State) -> int:
    """Processes by roles, with the number of A and R of each and what is wrong; next row."""
    lang, plan = scope.lang, scope.plan
    roles = plan.roles[:MOST_ROLES]
    if not plan.responsibilities or not roles:
        return put_note(sheet, row, text("responsibilities.raci_empty", lang), lang)
    row = put_note(sheet, row, text("responsibilities.raci_how", lang), lang)
    last = 1 + len(roles)
    titles = [
        text("responsibilities.col_process", lang), *(role.name for role in roles),
        text("responsibilities.col_accountable", lang),
        text("responsibilities.col_responsible", lang), text("responsibilities.col_check", lang),
    ]  # fmt: skip
    for offset, title in enumerate(titles):
        sheet.put(row, 1 + offset, title, "header", "", "wrap", *(("center",) if offset else ()))
    lines = max(
        line_count(title, room(sheet, col), lang, 9, True) for col, title in enumerate(titles, 1)
    )
    sheet.height(row, max(22, lines * 13.5 + 6))
    row += 1
    first = row
    for process, parts in _processes(plan.responsibilities).items():
        cells = [_letter(parts.get(role.id, "")) for role in roles]
        found = [raci_letters(cell) for cell in cells]
        accountable, responsible = (sum(one in each for each in found) for one in "AR")
        verdict = raci_state(accountable, responsible)
        state.failed += verdict != "fine"
        sheet.put(row, 1, process, "cell")
        for col, cell in enumerate(cells, 2):
            sheet.put(row, col, cell or None, "input", "", "center")
        area = span(row, 2, row, last)
        for col, one, count in ((last + 1, "A", accountable), (last + 2, "R", responsible)):
            formula = f'=COUNTIF({area},"*{one}*")'
            sheet.put(row, col, live(scope, Formula(formula, count)), "cell", "int", "center")
        sheet.put(row, last + 3, live(scope, _raci_verdict(scope, row, last, verdict)), "cell")
        sheet.height(row, 19)
        row += 1
    sheet.validations.append(
        Validation(
            (first, 2, row - 1, last), "list", items=_LETTERS,
            prompt_title=text("responsibilities.raci", lang)[:32],
            prompt=text("responsibilities.raci_prompt", lang), error=text("lists.choose", lang),
        )
    )  # fmt: skip
    colour_status(sheet, (first, last + 3, row - 1, last + 3))
    state.places.append(span(first, last + 3, row - 1, last + 3))
    return row


def _processes(rows: tuple[Responsibility, ...]) -> dict[str, dict[str, str]]:
    """Process → role → part, in the order of the plan."""
    found: dict[str, dict[str, str]] = {}
    for line in rows:
        found.setdefault(line.process, {})[line.role] = line.part
    return found


def _letter(part: str) -> str:
    return "A/R" if part == "AR" else part


def _raci_verdict(scope: Scope, row: int, last: int, verdict: str) -> Formula:
    said = {
        key: text(f"responsibilities.state_{key}", scope.lang)
        for key in ("fine", "no_accountable", "several_accountable", "no_responsible")
    }
    accountable, responsible = a1(row, last + 1), a1(row, last + 2)
    formula = (
        f'=IF({accountable}=0,"{said["no_accountable"]}",IF({accountable}>1,'
        f'"{said["several_accountable"]}",IF({responsible}=0,"{said["no_responsible"]}",'
        f'"{said["fine"]}")))'
    )
    return Formula(formula, said[verdict])


# ---------------------------------------------------------------- span of control


def _spans(sheet: Sheet, row: int, scope: Scope, state: _State) -> int:
    """Each manager's direct reports against the two limits, which may be changed; next row."""
    lang, plan = scope.lang, scope.plan
    here = [p for p in plan.people if p.left_date is None or p.left_date > scope.as_of]
    counts = direct_reports([p.id for p in here], [p.manager for p in here])
    if not counts:
        return put_note(sheet, row, text("responsibilities.span_empty", lang), lang)
    low, high = defaults()["span_low"], defaults()["span_high"]
    row, (least, most) = put_inputs(
        sheet, row,
        [(text("responsibilities.span_low", lang), low, "int", True),
         (text("responsibilities.span_high", lang), high, "int", True)],
        scope,
    )  # fmt: skip
    titles = [text(f"responsibilities.col_{key}", lang) for key in ("manager", "reports", "check")]
    row = header_row(sheet, row, 1, titles, "lrl")
    sheet.merge(row - 1, 3, row - 1, 4, titles[2], "header")
    first = row
    people, said = (
        names(plan.people),
        {key: text(f"responsibilities.span_{key}", lang) for key in ("narrow", "fine", "wide")},
    )
    for manager, count in counts.items():
        cell = a1(row, 2)
        formula = (
            f'=IF({cell}<{least},"{said["narrow"]}",IF({cell}>{most},"{said["wide"]}",'
            f'"{said["fine"]}"))'
        )
        value = Formula(formula, said[span_state(count, low, high)])
        body_row(sheet, row, 1, [people.get(manager, manager), count], ["", "int"])
        sheet.merge(row, 3, row, 4, live(scope, value), "cell")
        sheet.put(row, 4, None, "cell")
        row += 1
    colour_status(sheet, (first, 3, row - 1, 3))
    return row


# ---------------------------------------------------------------- measures


def _kpis(sheet: Sheet, row: int, scope: Scope, book: Book, role: str, kpis: list[Kpi]) -> int:
    """One role's measures: the form of a review, scored as soon as it is filled; next row."""
    lang = scope.lang
    sheet.put(row, 1, role, "group")
    fill(sheet, row, 2, LAST, "group")
    sheet.height(row, 22)
    keys = (
        "measure", "target", "unit", "direction", "weight", "floor", "cap", "actual", "attainment",
        "counted", "points", "source",
    )  # fmt: skip
    titles = [text(f"responsibilities.col_{key}", lang) for key in keys]
    row = header_row(sheet, row + 1, 1, titles, "lrllrrrrrrrl")
    first = row
    for kpi in kpis:
        _kpi(sheet, row, scope, kpi)
        row += 1
    last = row - 1
    weights = sum((kpi.weight for kpi in kpis), Decimal(0))
    totals: list[Value] = [
        text("responsibilities.score", lang), None, None, None,
        live(scope, Formula(f"=SUM({span(first, 5, last, 5)})", weights)), None, None, None, None,
        None, live(scope, Formula(f"=SUM({span(first, 11, last, 11)})", Decimal(0))), None,
    ]  # fmt: skip
    formats = ["", "", "", "", "weight", "", "", "", "", "", "percent", ""]
    body_row(sheet, row, 1, totals, formats, "total", height=20)
    difference = weights - 1
    formula = Formula(f"=ROUND({a1(row, 5)}-1,6)", difference)
    sheet.put(row + 1, 1, text("responsibilities.weights", lang), "label", "", "left")
    sheet.put(row + 1, 5, live(scope, formula), "label", "check", "right")
    sheet.height(row + 1, 18)
    said = text("responsibilities.check_weights", lang, role=role)
    book.check(sheet, row + 1, 5, said, difference, money=False)
    area = (first, _AT["actual"], last, _AT["actual"])
    sheet.validations.append(
        Validation(
            area, "decimal", minimum=0.0, maximum=1e12,
            prompt_title=text("responsibilities.col_actual", lang)[:32],
            prompt=text("responsibilities.actual_prompt", lang),
            error=text("lists.from_zero", lang),
        )
    )  # fmt: skip
    return spacer(sheet, row + 2)


def _kpi(sheet: Sheet, row: int, scope: Scope, kpi: Kpi) -> None:
    lang = scope.lang
    of = {key: a1(row, col) for key, col in _AT.items()}
    up = label("kpis", "direction", "up", lang)
    none = "–"
    reached = (
        f'=IF(OR({of["actual"]}="",{of["target"]}=0),"{none}",IF({of["direction"]}="{up}",'
        f"{of['actual']}/{of['target']},2-{of['actual']}/{of['target']}))"
    )
    held = of["reached"]
    if kpi.cap_share is not None:
        held = f"MIN({held},{of['cap']})"
    if kpi.floor_share is not None:
        held = f"MAX({held},{of['floor']})"
    counted = f'=IF(ISNUMBER({of["reached"]}),{held},"{none}")'
    points = f"=IF(ISNUMBER({of['counted']}),{of['counted']}*{of['weight']},0)"
    values: list[tuple[Value, str, str]] = [
        (kpi.name, "cell", ""),
        (kpi.target, "cell", "General_)_)"),
        (kpi.unit or None, "cell", ""),
        (label("kpis", "direction", kpi.direction, lang), "cell", ""),
        (kpi.weight, "cell", "weight"),
        (none if kpi.floor_share is None else kpi.floor_share, "cell", "weight"),
        (none if kpi.cap_share is None else kpi.cap_share, "cell", "weight"),
        (None, "input", "General_)_)"),
        (Formula(reached, none), "cell", "percent"),
        (Formula(counted, none), "cell", "percent"),
        (Formula(points, Decimal(0)), "cell", "percent"),
        (kpi.source or None, "cell", ""),
    ]
    for col, (value, style, fmt) in enumerate(values, 1):
        extras = ("right",) if fmt else ()
        sheet.put(row, col, live(scope, value), style, fmt, *extras)
    sheet.height(row, 19)
