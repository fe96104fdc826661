"""The filled workbook: sheets laid out, rows written, everything else following them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from salesxl.errors import Problem, SalesxlError
from salesxl.ooxml.template.around import Around
from salesxl.ooxml.template.columns import Days, Ink
from salesxl.ooxml.template.deflate import Packing, pack_texts
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.following import Following
from salesxl.ooxml.template.layout import Layout, lay_out
from salesxl.ooxml.template.moves import Moves, SheetMoves
from salesxl.ooxml.template.resolve import Jobs
from salesxl.ooxml.template.rows import Stay, row_texts
from salesxl.ooxml.template.strings import Strings
from salesxl.ooxml.template.warps import Warps

if TYPE_CHECKING:
    from salesxl.ooxml.template.compile import Template
    from salesxl.ooxml.template.sheet import TemplateSheet


def assemble(template: Template, jobs: Jobs, packing: Packing = "fast") -> Draft:
    """The draft of a filled workbook, its sheets packed. `SalesxlError` holds all problems."""
    following = Following(template)
    layouts = _layouts(template, jobs, following)
    sheets = {}
    for title, job in jobs.items():
        runs = layouts[title].runs if title in layouts else ()
        if runs or job.title:
            sheets[title] = SheetMoves(runs, job.title or None)
    dropped = [title for title, job in jobs.items() if job.dropped]
    names = [name.name for name in template.names]
    following.moves = Moves(sheets, dropped, template.titles, names)
    strings = Strings(template.shared)
    draft = Draft(
        template.package, template.workbook, strings, template.strings_part, template.date1904
    )
    around = Around(template, draft, jobs, layouts, following.followed)
    problems: list[Problem] = []
    days = template.made.setdefault("days", Days(template.date1904))
    days.trim()
    warps = template.made.setdefault("warps", Warps())
    warps.trim()
    for title, sheet in template.sheets.items():
        if jobs[title].dropped:
            continue
        layout = layouts.get(title)
        if layout is None and not following.concerns(title):
            strings.use(_strings_of(sheet))
            if any(row.formulas for row in sheet.rows):
                draft.recalculate()
            around.beside(sheet)
            continue
        ink = Ink(strings, template.date1904, following.of_sheet(title), days=days, warps=warps)
        pieces = layout.pieces if layout else [Stay(1, sheet.last_row)]
        head, tail = around.sheet(sheet)
        try:
            texts = chain((head,), row_texts(sheet, pieces, ink), (tail,))
            draft.put_packed(pack_texts(sheet.part, texts, packing))
        except SalesxlError as error:
            problems.extend(error.problems)
        if ink.stale:
            draft.recalculate()
    try:
        strings.check()
    except SalesxlError as error:
        problems.extend(error.problems)
    if problems:
        raise SalesxlError(problems)
    around.book()
    return draft


def _layouts(template: Template, jobs: Jobs, following: Following) -> dict[str, Layout]:
    made = {}
    problems: list[Problem] = []
    for title, sheet in template.sheets.items():
        job = jobs[title]
        if job.is_filled and not job.dropped:
            try:
                made[title] = lay_out(sheet, job, following)
            except SalesxlError as error:
                problems.extend(error.problems)
    if problems:
        raise SalesxlError(problems)
    return made


def _strings_of(sheet: TemplateSheet) -> frozenset[int]:
    key = ("strings",)
    found = sheet.forms.get(key)
    if found is None:
        found = sheet.forms[key] = frozenset(n for row in sheet.rows for n in row.strings)
    return found
