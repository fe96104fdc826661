"""Tools: check the workbook, self-test, settings, help."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Final

from salesxl.errors import Problem, SalesxlError, fail
from salesxl.hosts.excel.macros.layout import NAME, find_sheet
from salesxl.hosts.excel.macros.session import LISTED, Session, problem_lines
from salesxl.hosts.excel.macros.tables import check_open
from salesxl.hosts.excel.macros.workbook import go_to, read_lines
from salesxl.texts import Lang, text

CHECK: Final = "check"  # key of the sheet a long list goes to
_STYLE: Final = (
    "body{font-family:'Segoe UI','Microsoft YaHei',sans-serif;max-width:52rem;margin:2rem auto;"
    "padding:0 1rem;color:#1f2937;line-height:1.5}h1,h2{color:#1f3a5f}dt{font-weight:600;"
    "margin-top:.8rem}dd{margin:0}code{background:#f3f4f6;padding:.1rem .3rem}"
)


def check_workbook(session: Session) -> None:
    """Every problem of the plan's tables and the ledger, with cell, cause and remedy."""
    session.step("step_plan")
    try:
        plan, problems = check_open(session.book)
    except SalesxlError as error:
        plan, problems = None, error.problems
    if plan is not None:
        try:
            problems += read_lines(session, plan)[1]
        except SalesxlError as error:
            problems += error.problems
    if not problems:
        session.inform(session.say("clean"))
        return
    errors = sum(problem.severity == "error" for problem in problems)
    counts = {"errors": errors, "warnings": len(problems) - errors}
    lines = [session.say("found", **counts), *problem_lines(problems, session.lang)]
    if len(problems) > LISTED:
        lines += ["", session.say("check_listed", tab=_list(session, problems))]
    session.inform(lines, wrong=errors > 0)


def settings(session: Session) -> None:
    """Go to the plan's settings."""
    for sheet in session.book.sheets:
        for table in sheet.tables:
            if table.name.casefold() == "settings":
                go_to(table.range[1, 1])
                return
    raise fail("macros.no_settings", session.book.name)


def self_test(session: Session) -> None:
    """Run the examples through real cells; the report lies beside the workbook."""
    from salesxl.hosts.excel.selftest import REPORT, run, write_report

    report = run(session.book)
    folder = Path(tempfile.gettempdir())
    with suppress(Exception):
        beside = Path(session.book.fullname).parent
        folder = beside if beside.is_dir() and beside.is_absolute() else folder
    path = folder / REPORT
    write_report(report, path, session.lang)
    session.inform([report.verdict(session.lang), "", str(path)], wrong=bool(report.failed))


def help_page(session: Session) -> None:
    """Open the page of buttons and functions."""
    path = Path(tempfile.gettempdir()) / f"salesxl-help-{session.lang}.html"
    path.write_text(help_html(session.lang), encoding="utf-8")
    webbrowser.open(path.as_uri())


def help_html(lang: Lang) -> str:
    """Every button and every function with its arguments, as one page without a network."""
    from salesxl.catalog import RULES
    from salesxl.hosts.excel.names import arguments
    from salesxl.hosts.excel.ribbon import groups

    which = 0 if lang == "zh" else 1

    def say(key: str) -> str:
        return escape(text(f"macros.help_{key}", lang))

    parts = [
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{say("title")}</title>'
        f"<style>{_STYLE}</style><h1>{say('title')}</h1><p>{say('not_run')}</p>"
        f"<h2>{say('buttons')}</h2>"
    ]
    for group in groups():
        parts.append(f"<h3>{escape(group.label[which])}</h3><dl>")
        parts += [f"<dt>{escape(b.label[which])}</dt><dd>{escape(b.tip[which])}</dd>"
                  for b in group.buttons]  # fmt: skip
        parts.append("</dl>")
    parts.append(f"<h2>{say('functions')}</h2>")
    for rule in RULES:
        given = arguments(rule)
        call = ", ".join(f"[{a.name}]" if a.optional else a.name for a in given)
        parts.append(f"<h3>{rule.name}</h3><p><code>={rule.name}({escape(call)})</code></p>")
        parts.append(f"<p>{escape(rule.zh if lang == 'zh' else rule.en)}</p><dl>")
        parts += [f"<dt>{a.name}</dt><dd>{escape(a.param.zh if lang == 'zh' else a.param.en)}</dd>"
                  for a in given]  # fmt: skip
        parts.append("</dl>")
    return "\n".join(parts) + "</html>\n"


def _list(session: Session, problems: Sequence[Problem]) -> str:
    """All problems on a sheet of their own, made anew each time; its tab."""
    book = session.book
    sheet = find_sheet(book, CHECK)
    if sheet is None:
        taken = {s.name.casefold() for s in book.sheets}
        tab, number = session.say("check_tab"), 2
        while tab.casefold() in taken:
            tab, number = f"{session.say('check_tab')} {number}", number + 1
        sheet = book.sheets.add(tab, after=book.sheets[len(book.sheets) - 1])
        book.names.add(f"{NAME}{CHECK}", f"='{tab}'!$A$1")
    else:
        sheet.used_range.clear_contents()
    rows = [[session.say(f"check_{key}") for key in ("where", "kind", "what")]]
    rows += [
        [f"'{p.where}", session.say(f"check_{p.severity}"),
         "'" + text(p.code, session.lang, **p.values)]
        for p in problems
    ]  # fmt: skip
    sheet.range("A1").value = rows
    return str(sheet.name)
