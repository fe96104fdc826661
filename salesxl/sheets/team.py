"""The team: who is here and what each carries, who reports to whom, who does what.

The quotas of all members, and what is vacant, add up to the scope's target: a check.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.plan.model import Person, Role
from salesxl.plan.targets import VACANT
from salesxl.sheets.content import Book, Formula, Sheet, a1, span
from salesxl.sheets.fields import Field, Row, calculated, editable, planned, region_field
from salesxl.sheets.lists import (
    Tile,
    live,
    major,
    names,
    put_block,
    put_list,
    put_note,
    put_strip,
    ratio,
    said,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import colour_status, page, section, spacer
from salesxl.sheets.quotas import region_quotas, year_quotas
from salesxl.sheets.row_heights import fit_page, room, text_height
from salesxl.sheets.scope import Scope
from salesxl.texts import text

ROSTER = "roster"
_DEEPEST = 5  # levels shown by indent; deeper ones stay at this indent


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "team". Registers one check: quotas and vacancies are the target."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        "team", text("team.title", lang), purpose=text("team.purpose", lang),
        kind="read" if plan.people and plan.duties else "edit",
    )  # fmt: skip
    rows = _rows(scope)
    fields = _fields(scope)
    set_grid(sheet, fields, rows, lang)
    vacant = year_quotas(scope).get(VACANT, 0)
    verdict = (
        ("warn", text("team.verdict_none", lang)) if not plan.people
        else ("warn", text("team.verdict_vacant", lang, amount=f"{major(vacant, scope):,.0f}"))
        if vacant else ("ok", text("team.verdict_ok", lang))
    )  # fmt: skip
    row = page(sheet, sheet.title, subtitle(scope, "team.subtitle"), lang,
               said(f"{'✓' if verdict[0] == 'ok' else '●'} {verdict[1]}"))  # fmt: skip
    strip = row
    row = section(sheet, row + 4, 1, sheet.last_col, text("team.roster", lang))
    how = "team.roster_how" if plan.people else "team.roster_empty"
    row = put_note(sheet, row, text(how, lang), lang)
    placed = put_list(
        sheet, row, ROSTER, fields if plan.people else editable(fields), rows, scope,
        spare=0 if plan.people else 5,
    )  # fmt: skip
    colour_status(sheet, placed.area("state"))
    _strip(sheet, strip, scope, book)
    row = section(sheet, spacer(sheet, placed.after), 1, sheet.last_col, text("team.lines", lang))
    row = _tree(sheet, row, scope)
    row = section(sheet, spacer(sheet, row), 1, sheet.last_col, text("team.duties", lang))
    sheet.print_last_row = _duties(sheet, row, scope)
    fit_page(sheet)
    return sheet


def _fields(scope: Scope) -> list[Field]:
    lang = scope.lang

    def of(key: str, width: float) -> Field:
        return planned("people", key, lang, width)

    quota = text("team.col_quota", lang, year=scope.plan.settings.year)
    total = f"SUM({ROSTER}[{quota}])"
    here = f"{ROSTER}[[#This Row],[{quota}]]"
    return [
        *region_field(scope, "people", 13),
        of("id", 13),
        of("name", 18),
        of("role", 20),
        of("manager", 18),
        of("joined_date", 14),
        of("left_date", 14),
        Field(key="state", title=text("team.col_state", lang), kind="status", width=13,
              derived=True),
        Field(key="quota", title=quota, kind="money", width=17, blank=Decimal(0), derived=True),
        calculated(
            "share", text("team.col_share", lang), "share", 13,
            f"=IF({total}=0,0,{here}/{total})", Decimal(0),
        ),
    ]  # fmt: skip


def _rows(scope: Scope) -> list[Row]:
    """Everyone of the scope; then the vacant quota, so that the column is the target."""
    lang, plan = scope.lang, scope.plan
    regions, roles, people = names(plan.regions), names(plan.roles), names(plan.people)
    quotas = year_quotas(scope)
    total = major(sum(quotas.values()), scope)
    rows: list[Row] = []
    listed = {person.id for person in plan.people}
    for person in plan.people:
        amount = major(quotas.get(person.id, 0), scope)
        rows.append({
            "region": regions.get(person.region, person.region),
            "id": person.id,
            "name": person.name,
            "role": roles.get(person.role, person.role),
            "manager": people.get(person.manager, person.manager) or None,
            "joined_date": person.joined_date,
            "left_date": person.left_date,
            "state": _state(person, scope),
            "quota": amount,
            "share": ratio(amount, total),
        })  # fmt: skip
    for region in scope.targets.regions:
        for member, minor in region_quotas(region).items():
            if member in listed or not minor:
                continue
            amount = major(minor, scope)
            rows.append({
                "region": regions.get(region.region, region.region),
                "id": member or "–",
                "name": text("team.vacant", lang) if member == VACANT else member,
                "state": text("team.state_vacant", lang) if member == VACANT else "–",
                "quota": amount,
                "share": ratio(amount, total),
            })  # fmt: skip
    return rows


def _state(person: Person, scope: Scope) -> str:
    lang = scope.lang
    if person.left_date is not None and person.left_date <= scope.as_of:
        return text("team.state_left", lang)
    if person.joined_date is not None and person.joined_date > scope.as_of:
        return text("team.state_coming", lang)
    return text("team.state_here", lang)


def _strip(sheet: Sheet, row: int, scope: Scope, book: Book) -> None:
    lang, plan = scope.lang, scope.plan
    quotas = year_quotas(scope)
    total = major(sum(quotas.values()), scope)
    target = major(sum(region.amount for region in scope.targets.regions), scope)
    here = [p for p in plan.people if _state(p, scope) == text("team.state_here", lang)]
    carrying = sum(1 for member, amount in quotas.items() if amount and member != VACANT)
    left = [p for p in plan.people if _state(p, scope) == text("team.state_left", lang)]
    column = f"{ROSTER}[{text('team.col_quota', lang, year=plan.settings.year)}]"
    state = f"{ROSTER}[{text('team.col_state', lang)}]"
    put_strip(sheet, row, [
        Tile(text("team.here", lang),
             Formula(f'=SUMPRODUCT(({state}="{text("team.state_here", lang)}")*1)', len(here)),
             "int", text("team.here_sub", lang, count=len(left)), "people_here"),
        Tile(text("team.carrying", lang), carrying, "int",
             text("team.carrying_sub", lang), "people_carrying"),
        Tile(text("team.quota", lang, year=plan.settings.year),
             Formula(f"=SUM({column})", total), "money",
             text("team.quota_sub", lang), "team_quota"),
        Tile(text("team.target", lang, year=plan.settings.year), target, "money",
             text("team.target_sub", lang), "team_target"),
    ], scope)  # fmt: skip
    side, title = sheet.last_col + 2, text("team.check", lang)
    sheet.width(side, 34, side + 1)
    sheet.put(row, side, title, "label")
    given = next(c for c in sheet.cells if c.name == "team_target")
    formula = Formula(
        f"=ROUND(SUM({column})-{a1(given.row, given.col)},{plan.settings.decimals})",
        total - target,
    )
    sheet.put(row, side + 1, live(scope, formula), "value", "check")
    book.check(sheet, row, side + 1, title, total - target)


def _tree(sheet: Sheet, row: int, scope: Scope) -> int:
    """Who reports to whom, by indent, with the quota of each and of all below; next row."""
    lang, plan = scope.lang, scope.plan
    people = [p for p in plan.people if p.left_date is None or p.left_date > scope.as_of]
    if not people:
        return put_note(sheet, row, text("team.lines_empty", lang), lang)
    known = {p.id for p in people}
    below: dict[str, list[Person]] = {}
    for person in people:
        boss = person.manager if person.manager in known and person.manager != person.id else ""
        below.setdefault(boss, []).append(person)
    order: list[tuple[Person, int]] = []
    seen: set[str] = set()

    def visit(person: Person, depth: int) -> None:
        if person.id in seen:
            return
        seen.add(person.id)
        order.append((person, depth))
        for report in below.get(person.id, []):
            visit(report, depth + 1)

    for root in below.get("", []):
        visit(root, 0)
    for person in people:  # a circle of managers has no root
        visit(person, 0)
    lead = 1 if scope.is_head_office else 0
    roles, quotas = names(plan.roles), year_quotas(scope)
    fields = [
        Field(key="name", title=text("team.col_person", lang), span=3 + lead),
        planned("people", "role", lang, 20, span=2),
        Field(key="reports", title=text("team.col_reports", lang), kind="int", span=2),
        Field(key="own", title=text("team.col_own", lang), kind="money"),
        Field(key="all", title=text("team.col_all", lang), kind="money"),
    ]
    own_col, first = 8 + lead, row + 1
    totals = _team_totals(order, quotas)
    lines: list[Row] = []
    for k, (person, depth) in enumerate(order):
        end = k + 1
        while end < len(order) and order[end][1] > depth:
            end += 1
        lines.append({
            "name": "　" * min(depth, _DEEPEST) + ("└ " if depth else "") + person.name,
            "role": roles.get(person.role, person.role),
            "reports": sum(1 for _, d in order[k + 1 : end] if d == depth + 1),
            "own": major(quotas.get(person.id, 0), scope),
            "all": Formula(f"=SUM({span(first + k, own_col, first + end - 1, own_col)})",
                           major(totals[k], scope)),
        })  # fmt: skip
    return put_block(sheet, row, "lines", fields, lines, scope).after


def _team_totals(order: list[tuple[Person, int]], quotas: dict[str, int]) -> list[int]:
    result = []
    for k, (person, depth) in enumerate(order):
        total = quotas.get(person.id, 0)
        for other, below in order[k + 1 :]:
            if below <= depth:
                break
            total += quotas.get(other.id, 0)
        result.append(total)
    return result


def _duties(sheet: Sheet, row: int, scope: Scope) -> int:
    """For each role its purpose, its people, its duties; the last row used."""
    lang, plan = scope.lang, scope.plan
    wide = sheet.last_col - 5
    fields = [
        planned("duties", "number", lang, 6),
        planned("duties", "duty", lang, 30, span=wide),
        planned("duties", "measure", lang, 20, span=2),
        planned("duties", "rhythm", lang, 12, span=2),
    ]
    how = "team.duties_how" if plan.duties else "team.duties_empty"
    row = put_note(sheet, row, text(how, lang), lang)
    if not plan.roles:
        role = planned("duties", "role", lang, 12)
        spread = [role, planned("duties", "duty", lang, 30, span=wide), *fields[2:]]
        return put_block(sheet, row, "duties", editable(spread), [], scope, spare=8).last
    last = row
    for role_row in plan.roles:
        row = _role(sheet, row, scope, role_row)
        lines: list[Row] = [
            {"number": d.number, "duty": d.duty, "measure": d.measure or None,
             "rhythm": d.rhythm or None}
            for d in sorted((d for d in plan.duties if d.role == role_row.id),
                            key=lambda d: d.number)
        ]  # fmt: skip
        shown = fields if lines else editable(fields)
        placed = put_block(sheet, row, "duties", shown, lines, scope, spare=0 if lines else 5)
        last = placed.last
        row = spacer(sheet, placed.after)
    return last


def _role(sheet: Sheet, row: int, scope: Scope, role: Role) -> int:
    """The head of a role: name, people, purpose; next row."""
    lang, plan = scope.lang, scope.plan
    holders = [
        p.name
        for p in plan.people
        if p.role == role.id and _state(p, scope) == text("team.state_here", lang)
    ]
    who = text("lists.join", lang).join(holders) or text("team.nobody", lang)
    words = text("team.role_head", lang, role=role.name, count=len(holders), names=who)
    for at, line, extra in ((row, words, "bold"), (row + 1, role.purpose, "plain")):
        if not line:
            continue
        sheet.merge(at, 1, at, sheet.last_col, line, "group", "", extra, "wrap")
        for col in range(2, sheet.last_col + 1):
            sheet.put(at, col, None, "group")
        width = room(sheet, 1, sheet.last_col)
        sheet.height(at, text_height(line, width, lang, least=22))
    return row + (2 if role.purpose else 1)
