"""Careers: what each person still lacks for the next level, and which course closes a gap.

Attainment counts complete quarters of the plan's year, time from the day a level began (the
joining date where none is told), skills as last assessed. Core: `LADDER_DISTANCE`. A criterion
the ladder does not state is not asked for; a figure nobody gave is said to be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from salesxl.core.development import periods_in_a_row
from salesxl.plan.model import CareerLevel, Person
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Validation, Value, a1, span
from salesxl.sheets.lists import live, names, put_note, subtitle
from salesxl.sheets.page import colour_status, legend, page, section, spacer
from salesxl.sheets.row_heights import fit_page, line_count, room, text_height
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

LAST = 12
_WIDTHS = (15.0, 16.0, 16.0, 11.0, 11.0, 11.0, 11.0, 12.0, 12.5, 46.0, 30.0, 12.5)
MOST_SKILLS = 7


@dataclass(frozen=True)
class Standing:
    """A person on the way to `next`: what is there and asked, None where not asked or known."""

    person: Person
    level: CareerLevel | None
    next: CareerLevel | None
    in_a_row: int
    quarters: int  # complete quarters with a quota
    months: int | None
    gaps: dict[str, int]  # skill id → levels missing
    unknown: tuple[str, ...]  # skills asked for and never assessed

    @property
    def missing_quarters(self) -> int:
        if self.next is None or self.next.minimum_attainment is None:
            return 0
        return max(0, (self.next.attainment_periods or 1) - self.in_a_row)

    @property
    def missing_months(self) -> int:
        asked = self.next.minimum_months if self.next else None
        return 0 if asked is None or self.months is None else max(0, asked - self.months)

    @property
    def is_ready(self) -> bool:
        nothing = not self.missing_quarters and not self.missing_months and not self.gaps
        return self.next is not None and nothing and not self.unknown and self.months is not None


def standings(scope: Scope) -> list[Standing]:
    """Everyone still here who has a career level, in the order of the plan."""
    plan = scope.plan
    levels = {level.id: level for level in plan.career_levels}
    reached = quarterly_attainment(scope)
    made = []
    for person in plan.people:
        gone = person.left_date is not None and person.left_date <= scope.as_of
        if gone or person.career_level not in levels:
            continue
        level = levels[person.career_level]
        above = sorted(
            (x for x in levels.values() if x.track == level.track and x.level > level.level),
            key=lambda x: x.level,
        )
        made.append(_standing(scope, person, level, above[0] if above else None,
                              reached.get(person.id, [])))  # fmt: skip
    return made


def _standing(
    scope: Scope, person: Person, level: CareerLevel, above: CareerLevel | None,
    reached: list[Fraction],
) -> Standing:  # fmt: skip
    has = {row.skill: row.level for row in scope.plan.skill_levels if row.person == person.id}
    asked = {
        row.skill: row.required_level
        for row in scope.plan.level_skills
        if above is not None and row.level == above.id
    }
    least = above.minimum_attainment if above else None
    since = person.level_since or person.joined_date
    return Standing(
        person, level, above,
        0 if least is None else periods_in_a_row(reached, Fraction(least)),
        len(reached),
        None if since is None else months_between(since, scope.as_of),
        {skill: need - has[skill] for skill, need in asked.items()
         if skill in has and has[skill] < need},
        tuple(skill for skill in asked if skill not in has),
    )  # fmt: skip


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`, never below 0."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(0, months)


def quarterly_attainment(scope: Scope) -> dict[str, list[Fraction]]:
    """Person → attainment of each complete fiscal quarter in which a quota was carried."""
    if not scope.is_running or scope.ledger is None:
        return {}
    starts = scope.year_months(scope.focus_year)
    frame = scope.ledger.frame
    if "person_key" not in frame.columns:
        return {}
    found: dict[str, list[Fraction]] = {}
    for quarter in range(4):
        first, after = starts[3 * quarter], starts[3 * quarter + 3]
        if scope.as_of.toordinal() < after.toordinal() - 1:
            break
        inside = (frame["date"] >= pd.Timestamp(first)) & (frame["date"] < pd.Timestamp(after))
        sums = frame[inside].groupby("person_key", observed=True)["amount"].sum()
        for person, quota in _quotas(scope, range(3 * quarter, 3 * quarter + 3)).items():
            if quota > 0:
                sold = int(sums.get(person, 0)) + sum(
                    scope.outside_credit.get((person, f"{starts[m]:%Y-%m}"), 0)
                    for m in range(3 * quarter, 3 * quarter + 3)
                )
                found.setdefault(person, []).append(Fraction(sold, quota))
    return found


def _quotas(scope: Scope, months: range) -> dict[str, int]:
    """Person → quota of the months, elsewhere too."""
    sums: dict[str, int] = {}
    for region in scope.targets.regions:
        for at, member in enumerate(region.members):
            amount = sum(product[at][m] for product in region.quotas for m in months)
            sums[member] = sums.get(member, 0) + amount
    for (member, month), amount in scope.outside_quota.items():
        if month in months:
            sums[member] = sums.get(member, 0) + amount
    return sums


# ---------------------------------------------------------------- the sheet


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "careers"; `book` is not changed."""
    lang = scope.lang
    sheet = Sheet(
        "careers", text("careers.title", lang), purpose=text("careers.purpose", lang), kind="edit",
        last_col=LAST,
    )  # fmt: skip
    for col, width in enumerate(_WIDTHS, 1):
        sheet.width(col, width)
    people = standings(scope)
    ready = sum(each.is_ready for each in people)
    key = "verdict_none" if not people else "verdict_ready" if ready else "verdict_nobody"
    verdict = text(f"careers.{key}", lang, count=ready)
    row = page(
        sheet, sheet.title, subtitle(scope, "careers.subtitle"), lang,
        ("ok" if ready else "warn", verdict),
    )  # fmt: skip
    row = legend(sheet, row, 1, lang)
    row = section(sheet, row, 1, LAST, text("careers.distance", lang))
    row = _distances(sheet, row, scope, people)
    row = section(sheet, spacer(sheet, row), 1, LAST, text("careers.skills", lang))
    row = _skills(sheet, row, scope, people)
    row = section(sheet, spacer(sheet, row), 1, LAST, text("careers.matrix", lang))
    row = _matrix(sheet, row, scope)
    row = section(sheet, spacer(sheet, row), 1, LAST, text("careers.required", lang))
    row = _required(sheet, row, scope)
    sheet.print_last_row = row - 1
    fit_page(sheet)
    return sheet


def _heads(sheet: Sheet, row: int, titles: list[str], aligns: str, lang: Lang) -> int:
    lines = 1
    for col, title in enumerate(titles, 1):
        side = {"r": ("right",), "c": ("center",)}.get(aligns[col - 1], ())
        sheet.put(row, col, title, "header", "", *side, "wrap")
        lines = max(lines, line_count(title, room(sheet, col), lang, 9, True))
    sheet.height(row, max(22, lines * 13.5 + 6))
    return row + 1


def _distances(sheet: Sheet, row: int, scope: Scope, people: list[Standing]) -> int:
    lang = scope.lang
    if not people:
        return put_note(sheet, row, text("careers.distance_empty", lang), lang)
    row = put_note(sheet, row, text("careers.distance_how", lang), lang)
    keys = ("person", "level", "next", "row", "row_asked", "months", "months_asked", "skill_gap",
            "state", "missing", "plan", "review")  # fmt: skip
    titles = [text(f"careers.col_{key}", lang) for key in keys]
    row = _heads(sheet, row, titles, "lllrrrrrllll", lang)
    first = row
    for each in people:
        _distance(sheet, row, scope, each)
        row += 1
    colour_status(sheet, (first, 9, row - 1, 9))
    sheet.validations.append(
        Validation(
            (first, 11, row - 1, 11), "text_length", minimum=0, maximum=1000,
            prompt_title=text("careers.col_plan", lang)[:32],
            prompt=text("careers.plan_prompt", lang), error=text("lists.long", lang),
        )
    )  # fmt: skip
    sheet.validations.append(
        Validation(
            (first, 12, row - 1, 12), "date", minimum=date(1990, 1, 1), maximum=date(2100, 12, 31),
            prompt_title=text("careers.col_review", lang)[:32], prompt=text("lists.date", lang),
            error=text("lists.date", lang),
        )
    )  # fmt: skip
    return row


def _distance(sheet: Sheet, row: int, scope: Scope, each: Standing) -> None:
    lang, none = scope.lang, "–"
    above = each.next
    asked = above is not None and above.minimum_attainment is not None
    months_asked = above.minimum_months if above else None
    words = missing_words(scope, each)
    at = {key: a1(row, col) for key, col in (
        ("row", 4), ("asked", 5), ("months", 6), ("needed", 7), ("gap", 8))}  # fmt: skip
    said = {key: text(f"careers.state_{key}", lang) for key in ("ready", "on_way", "top", "ask")}
    key = (
        "top" if above is None else "ready" if each.is_ready
        else "ask" if each.unknown or each.months is None else "on_way"
    )  # fmt: skip
    state: Value = said[key]
    if key in ("ready", "on_way"):
        test = (
            f"=IF(AND(N({at['row']})>=N({at['asked']}),N({at['months']})>=N({at['needed']}),"
            f'N({at["gap"]})=0),"{said["ready"]}","{said["on_way"]}")'
        )
        state = Formula(test, said[key])
    values: list[tuple[Value, str]] = [
        (each.person.name, ""),
        (each.level.title if each.level else none, ""),
        (above.title if above else none, ""),
        (each.in_a_row if asked else none, "int"),
        ((above.attainment_periods or 1) if asked and above else none, "int"),
        (none if each.months is None else each.months, "int"),
        (none if months_asked is None else months_asked, "int"),
        (sum(each.gaps.values()) if above else none, "int"),
        (state, ""),
        (words, ""),
    ]
    for col, (value, fmt) in enumerate(values, 1):
        sheet.put(row, col, live(scope, value), "cell", fmt, *(("right",) if fmt else ("wrap",)))
    sheet.put(row, 11, None, "input", "", "wrap")
    sheet.put(row, 12, None, "input", "date", "center")
    heights = [
        text_height(value, room(sheet, col), lang)
        for col, (value, fmt) in enumerate(values, 1)
        if isinstance(value, str) and not fmt
    ]
    sheet.height(row, max([24, *heights]))


def missing_words(scope: Scope, each: Standing) -> str:
    """What is missing in words; the table of skills names the course that closes each gap."""
    lang, plan = scope.lang, scope.plan
    if each.next is None:
        return "–"
    skills = names(plan.skills)
    parts = []
    if each.missing_quarters:
        parts.append(text("careers.need_quarters", lang, count=each.missing_quarters,
                          share=f"{each.next.minimum_attainment or 0:.0%}"))  # fmt: skip
    if each.months is None:
        parts.append(text("careers.need_date", lang))
    elif each.missing_months:
        parts.append(text("careers.need_months", lang, count=each.missing_months))
    for skill, gap in each.gaps.items():
        parts.append(text("careers.need_skill", lang, skill=skills[skill], gap=gap))
    if each.unknown:
        joined = text("lists.join", lang).join(skills[s] for s in each.unknown)
        parts.append(text("careers.need_assessed", lang, skills=joined))
    return text("careers.join", lang).join(parts) or text("careers.need_nothing", lang)


def _skills(sheet: Sheet, row: int, scope: Scope, people: list[Standing]) -> int:
    """Each skill: how many lack it for their next level, by how much, and the course; next row."""
    lang, plan = scope.lang, scope.plan
    if not plan.skills:
        return put_note(sheet, row, text("careers.skills_empty", lang), lang)
    keys = ("skill", "course", "assessed", "mean", "short", "levels_short", "who")
    titles = [text(f"careers.col_{key}", lang) for key in keys]
    row = _heads(sheet, row, titles, "llrrrrl", lang)
    sheet.merge(row - 1, 7, row - 1, LAST, titles[-1], "header")
    for col in range(8, LAST + 1):
        sheet.put(row - 1, col, None, "header")
    courses = names(plan.courses)
    for skill in plan.skills:
        known = [x.level for x in plan.skill_levels if x.skill == skill.id]
        short = [each for each in people if skill.id in each.gaps]
        who = text("lists.join", lang).join(each.person.name for each in short[:12]) or "–"
        if len(short) > 12:
            who += text("careers.and_more", lang, count=len(short) - 12)
        mean = Decimal(sum(known)) / len(known) if known else "–"
        values: list[tuple[Value, str]] = [
            (skill.name, ""), (courses.get(skill.course) or "–", ""), (len(known), "int"),
            (mean, "score"), (len(short), "int"), (sum(e.gaps[skill.id] for e in short), "int"),
        ]  # fmt: skip
        for col, (value, fmt) in enumerate(values, 1):
            sheet.put(row, col, value, "cell", fmt, *(("right",) if fmt else ("wrap",)))
        sheet.merge(row, 7, row, LAST, who, "cell", "", "wrap")
        for col in range(8, LAST + 1):
            sheet.put(row, col, None, "cell")
        heights = [text_height(who, room(sheet, 7, LAST - 6), lang)]
        heights += [text_height(str(v), room(sheet, col), lang)
                    for col, (v, fmt) in enumerate(values, 1) if not fmt]  # fmt: skip
        sheet.height(row, max(heights))
        row += 1
    return row


def _matrix(sheet: Sheet, row: int, scope: Scope) -> int:
    """People by skills, 0 to 5, open for the next assessment; next row."""
    lang, plan = scope.lang, scope.plan
    skills = plan.skills[:MOST_SKILLS]
    has: dict[str, dict[str, int]] = {}
    for line in plan.skill_levels:
        has.setdefault(line.person, {})[line.skill] = line.level
    here = [p for p in plan.people if p.id in has]
    if not skills or not here:
        return put_note(sheet, row, text("careers.matrix_empty", lang), lang)
    row = put_note(sheet, row, text("careers.matrix_how", lang), lang)
    titles = [text("careers.col_person", lang), text("careers.col_role", lang),
              *(skill.name for skill in skills), text("careers.col_mean", lang)]  # fmt: skip
    row = _heads(sheet, row, titles, "ll" + "c" * len(skills) + "r", lang)
    first, last = row, 2 + len(skills)
    roles = names(plan.roles)
    for person in here:
        known = [has[person.id].get(skill.id) for skill in skills]
        given = [level for level in known if level is not None]
        role = roles.get(person.role, person.role)
        sheet.put(row, 1, person.name, "cell")
        sheet.put(row, 2, role, "cell", "", "wrap")
        for col, level in enumerate(known, 3):
            sheet.put(row, col, level, "input", "int", "center")
        area = span(row, 3, row, last)
        mean = Formula(f'=IF(COUNT({area})=0,"–",SUM({area})/COUNT({area}))',
                       Decimal(sum(given)) / len(given) if given else "–")  # fmt: skip
        sheet.put(row, last + 1, live(scope, mean), "cell", "score", "right")
        sheet.height(row, max(19, text_height(role, room(sheet, 2), lang)))
        row += 1
    area4 = (first, 3, row - 1, last)
    sheet.conditions.append(Condition("scale", area4))
    sheet.validations.append(
        Validation(
            area4, "whole", minimum=0, maximum=5, prompt_title=text("careers.matrix", lang)[:32],
            prompt=text("careers.level_prompt", lang),
            error=text("lists.between", lang, low="0", high="5"),
        )
    )  # fmt: skip
    return row


def _required(sheet: Sheet, row: int, scope: Scope) -> int:
    """What each level asks: quarters, months, skills; next row."""
    lang, plan = scope.lang, scope.plan
    skills = plan.skills[:MOST_SKILLS]
    if not plan.career_levels:
        return put_note(sheet, row, text("careers.required_empty", lang), lang)
    titles = [
        text("careers.col_level", lang), text("careers.col_asked", lang),
        text("careers.col_months_asked", lang),
        *(skill.name for skill in skills),
    ]  # fmt: skip
    row = _heads(sheet, row, titles, "llr" + "c" * len(skills), lang)
    asked = {(line.level, line.skill): line.required_level for line in plan.level_skills}
    for level in sorted(plan.career_levels, key=lambda x: (x.track, x.level)):
        least = level.minimum_attainment
        words = "–" if least is None else text(
            "careers.asked", lang, share=f"{least:.0%}", count=level.attainment_periods or 1
        )  # fmt: skip
        values: list[tuple[Value, str, str]] = [
            (level.title, "", "wrap"), (words, "", "wrap"),
            ("–" if level.minimum_months is None else level.minimum_months, "int", "right"),
            *((asked.get((level.id, skill.id), "–"), "int", "center") for skill in skills),
        ]  # fmt: skip
        for col, (value, fmt, side) in enumerate(values, 1):
            sheet.put(row, col, value, "cell", fmt, side)
        heights = [text_height(str(v), room(sheet, c), lang)
                   for c, (v, fmt, _) in enumerate(values, 1) if not fmt]  # fmt: skip
        sheet.height(row, max(heights))
        row += 1
    return row
