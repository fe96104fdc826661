"""Training and careers: courses of the year, levels of each track, each person's way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salesxl.plan.model import COURSE_KINDS
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Book, Formula, Sheet, Value
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
    SPARE_EMPTY,
    Tile,
    major,
    names,
    put_block,
    put_inputs,
    put_list,
    put_note,
    put_strip,
    ratio,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import legend, page, section, spacer
from salesxl.sheets.quotas import year_quotas
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import text

CAREERS = "careers"


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "training"; `book` is not changed."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        "training", text("training.title", lang), purpose=text("training.purpose", lang),
        kind="edit",
    )  # fmt: skip
    people = _people_rows(scope)
    set_grid(sheet, _people_fields(scope, ""), people, lang)
    kinds = {course.kind for course in plan.courses}
    lacking = [label("courses", "kind", k, lang) for k in COURSE_KINDS if k not in kinds]
    joined = text("lists.join", lang).join(lacking)
    words = text("training.verdict_lacking" if lacking else "training.verdict_ok", lang,
                 kinds=joined)  # fmt: skip
    row = page(
        sheet, sheet.title, subtitle(scope, "training.subtitle"), lang,
        ("warn" if lacking else "ok", words),
    )  # fmt: skip
    strip = row
    row = legend(sheet, row + 4, 1, lang)
    row = section(sheet, row, 1, sheet.last_col, text("training.courses", lang))
    row, hours = _courses(sheet, row, scope)
    row = section(sheet, spacer(sheet, row), 1, sheet.last_col, text("training.levels", lang))
    row = _levels(sheet, row, scope)
    row = section(sheet, spacer(sheet, row), 1, sheet.last_col, text("training.people", lang))
    row, (as_of, *_) = put_inputs(
        sheet, row, [(text("training.as_of", lang), scope.as_of, "date", False)], scope
    )
    key = "training.people_how" if people else "training.people_empty"
    row = put_note(sheet, row, text(key, lang, year=scope.focus_year), lang)
    fields = _people_fields(scope, as_of)
    placed = put_list(
        sheet, row, CAREERS, fields if people else editable(fields), people, scope,
        spare=0 if people else 5,
    )  # fmt: skip
    _strip(sheet, strip, scope, hours)
    sheet.print_last_row = placed.last
    fit_page(sheet)
    return sheet


def _courses(sheet: Sheet, row: int, scope: Scope) -> tuple[int, str]:
    """The courses by month; next row and the address range of their hours."""
    lang, plan = scope.lang, scope.plan
    lead = 1 if scope.is_head_office else 0
    widths = {"id": 1, "name": 1 + lead, "kind": 1, "month": 1, "hours": 1, "audience": 1,
              "goal": 1, "trainer": 1}  # fmt: skip
    fields = [
        planned("courses", key, lang, 12, span=n, fmt="General_)_)" if key == "hours" else "")
        for key, n in widths.items()
    ]
    fields.append(Field(key="held", title=text("training.held", lang), kind="date", edit=True))
    empty = not plan.courses
    row = put_note(
        sheet, row, text("training.courses_empty" if empty else "training.courses_how", lang), lang
    )
    lines: list[Row] = [
        {"id": c.id, "name": c.name, "kind": label("courses", "kind", c.kind, lang),
         "month": c.month, "hours": c.hours, "audience": c.audience or None,
         "goal": c.goal or None, "trainer": c.trainer or None}
        for c in sorted(plan.courses, key=lambda c: c.month or 13)
    ]  # fmt: skip
    if empty:
        fields = editable(fields)
        # One line for each kind, so that none is forgotten.
        lines = [{"kind": label("courses", "kind", k, lang)} for k in COURSE_KINDS]
    placed = put_block(sheet, row, "courses", fields, lines, scope, spare=5 if empty else 0)
    return placed.after, placed.column("hours")


def _levels(sheet: Sheet, row: int, scope: Scope) -> int:
    lang, plan = scope.lang, scope.plan
    lead = 1 if scope.is_head_office else 0
    widths = {"track": 1, "level": 1, "title": 1 + lead, "minimum_attainment": 1,
              "minimum_months": 1, "criteria": sheet.last_col - 5 - lead}  # fmt: skip
    fields = [planned("career_levels", key, lang, 12, span=n) for key, n in widths.items()]
    if not plan.career_levels:
        row = put_note(sheet, row, text("training.levels_empty", lang), lang)
        return put_block(sheet, row, "levels", editable(fields), [], scope, spare=SPARE_EMPTY).after
    lines: list[Row] = [
        {"track": level.track, "level": level.level, "title": level.title,
         "minimum_attainment": "–" if level.minimum_attainment is None
         else level.minimum_attainment,
         "minimum_months": "–" if level.minimum_months is None else level.minimum_months,
         "criteria": level.criteria or None}
        for level in sorted(plan.career_levels, key=lambda x: (x.track, x.level))
    ]  # fmt: skip
    return put_block(sheet, row, "levels", fields, lines, scope).after


def _people_fields(scope: Scope, as_of: str) -> list[Field]:
    lang = scope.lang

    def of(key: str, width: float) -> Field:
        return planned("people", key, lang, width)

    joined = this(CAREERS, of("joined_date", 9).title)
    months = (
        f"(YEAR({as_of})-YEAR({joined}))*12+MONTH({as_of})-MONTH({joined})"
        f"-IF(DAY({as_of})<DAY({joined}),1,0)"
    )
    level = Field(key="level", title=text("training.level", lang), width=17, kind="choice",
                  edit=True)  # fmt: skip
    goal = Field(key="next", title=text("training.next", lang), width=17, kind="choice",
                 edit=True)  # fmt: skip
    titles = [item.title for item in scope.plan.career_levels]
    return [
        *region_field(scope, "people", 10),
        of("name", 18),
        of("role", 18),
        of("joined_date", 14),
        calculated(
            "months", text("training.months", lang), "int", 14,
            f'=IF({joined}="",0,MAX(0,{months}))', 0, "int",
        ),
        Field(key="attainment", title=text("training.attainment", lang, year=scope.focus_year),
              kind="share", width=13),
        choose_from(level, titles),
        choose_from(goal, titles),
        Field(key="plan", title=text("training.plan", lang), width=34, edit=True,
              prompt=text("training.plan_prompt", lang)),
        Field(key="review", title=text("training.review", lang), kind="date", width=13, edit=True),
    ]  # fmt: skip


def _people_rows(scope: Scope) -> list[Row]:
    """Those still here; attainment only where the focus year is the year of the quotas."""
    plan = scope.plan
    regions, roles = names(plan.regions), names(plan.roles)
    quotas = year_quotas(scope) if scope.is_running else {}
    sold = Actuals(scope, "person_key")
    rows: list[Row] = []
    for person in plan.people:
        if person.left_date is not None and person.left_date <= scope.as_of:
            continue
        quota = quotas.get(person.id, 0)
        credited = sold.amount(person.id, scope.focus_year)
        attainment: Value = "–"
        if quota:
            attainment = ratio(major(credited, scope), major(quota, scope))
        rows.append({
            "region": regions.get(person.region, person.region),
            "name": person.name,
            "role": roles.get(person.role, person.role),
            "joined_date": person.joined_date,
            "months": _months(person.joined_date, scope.as_of),
            "attainment": attainment,
        })  # fmt: skip
    return rows


def _months(joined: date | None, as_of: date) -> int:
    """Whole months in service on the as-of date."""
    if joined is None or joined > as_of:
        return 0
    whole = (as_of.year - joined.year) * 12 + as_of.month - joined.month
    return whole - (as_of.day < joined.day)


def _strip(sheet: Sheet, row: int, scope: Scope, hours: str) -> None:
    lang, plan = scope.lang, scope.plan
    total = sum((c.hours for c in plan.courses if c.hours is not None), Decimal(0))
    by_kind = text("lists.dot", lang).join(
        f"{label('courses', 'kind', kind, lang)} {sum(c.kind == kind for c in plan.courses)}"
        for kind in COURSE_KINDS
    )
    months = [m for m in (row["months"] for row in _people_rows(scope)) if isinstance(m, int)]
    mean = Decimal(sum(months)) / len(months) if months else Decimal(0)
    tracks = {level.track for level in plan.career_levels}
    column = f"{CAREERS}[{text('training.months', lang)}]"
    name = planned("people", "name", lang, 9).title
    count = f'SUMPRODUCT(({CAREERS}[{name}]<>"")*1)'
    put_strip(sheet, row, [
        Tile(text("training.courses", lang), len(plan.courses), "int", by_kind, "course_count"),
        Tile(text("training.hours", lang), Formula(f"=SUM({hours})", total), "score",
             text("training.hours_sub", lang), "course_hours"),
        Tile(text("training.levels", lang), len(plan.career_levels), "int",
             text("training.tracks", lang, count=len(tracks)), "level_count"),
        Tile(text("training.service", lang),
             Formula(f"=IF({count}=0,0,SUM({column})/{count})", mean), "score",
             text("training.service_sub", lang, count=len(months)), "mean_service"),
    ], scope)  # fmt: skip
