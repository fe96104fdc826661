"""Commissions: payroll and statements of a period, one person's statement, what-if, close.

Pay goes into files of its own beside the workbook, made from the saved workbook by the same
code as ``salesxl commissions``, so that they can be made again and compared.
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from salesxl.errors import fail
from salesxl.hosts.excel.macros.dialogs import ask_text
from salesxl.hosts.excel.macros.session import Cancelled, Session
from salesxl.hosts.excel.macros.workbook import ledger_files, open_file, read_lines, saved_plan
from salesxl.plan.model import Plan

if TYPE_CHECKING:
    from salesxl.batch.commissions import PaySummary

PERIOD: Final = "salesxl_period"  # defined name: the period last asked for
_RECEIPT: Final = 12  # characters of the receipt that are told


def recalculate(session: Session) -> None:
    """Payroll and everybody's statement of a period; the payroll opens."""
    path, plan = saved_plan(session)
    period = _ask_period(session, plan)
    folder = _folder(session, path, period)
    made = _pay(session, path, period, folder)
    open_file(session, folder / "payroll.xlsx")
    lines = [session.say("pay_done", **_told(made), folder=folder)]
    if made.run.unassigned:
        amount = _money(made.run.unassigned_amount, made.run.decimals)
        lines.append(session.say("pay_unassigned", count=len(made.run.unassigned), amount=amount))
    session.inform(lines)


def statement(session: Session) -> None:
    """One person's statement, made and opened."""
    from salesxl.batch.names import safe_stem
    from salesxl.batch.output import packed
    from salesxl.ooxml.atomic import write_atomic
    from salesxl.sheets.pay_book import build_statement

    path, plan = saved_plan(session)
    person = _selected_person(session, plan) or ask_text(session, "ask_person")
    period = _ask_period(session, plan)
    made = _pay(session, path, period, None)
    wanted = person.casefold()
    own = next(
        (s for s in made.run.statements
         if wanted in (s.person.casefold(), s.name.casefold(), s.number.casefold())),
        None,
    )  # fmt: skip
    if own is None:
        raise fail("macros.no_person", "", period=made.run.period.label, name=person)
    folder = _folder(session, path, period)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{safe_stem(own.name)}.xlsx"
    one = build_statement(own, made.run, session.lang, plan.settings.company)
    write_atomic(file, packed(one))
    open_file(session, file)
    session.inform(
        session.say("statement_done", name=own.name, period=made.run.period.label, file=file.name,
                    payable=_money(own.payable, made.run.decimals), currency=made.run.currency)
    )  # fmt: skip


def what_if(session: Session) -> None:
    """A change of the pay rules, tried on the ledger; the comparison opens."""
    from salesxl.ledger.read import read_ledgers
    from salesxl.ledger.what_if.compare import what_if as compare
    from salesxl.ooxml.write import write_book
    from salesxl.sheets.what_if import what_if_book

    path, plan = saved_plan(session)
    paths, mapping = _ledger(session)
    change = ask_text(session, "ask_change")
    period = _ask_period(session, plan)
    session.step("step_ledger")
    from salesxl.ledger.mapping_read import load

    lines = read_ledgers(
        paths, mapping=None if mapping is None else load(mapping),
        decimals=plan.settings.decimals, lang=session.lang,
    )  # fmt: skip
    session.step("step_compute")
    found = compare(plan, lines, [change], period=period)
    file = path.parent / f"{path.stem}-what-if.xlsx"
    write_book(what_if_book(found, session.lang), file)
    open_file(session, file)
    decimals = plan.settings.decimals
    session.inform(
        session.say("whatif_done", period=found.period.label, file=file.name,
                    now=_money(found.earned.now, decimals),
                    after=_money(found.earned.after, decimals),
                    currency=plan.settings.currency)
    )  # fmt: skip


def close(session: Session) -> None:
    """Seal a period, after asking; its files stay beside the workbook."""
    from salesxl.closing import check_open, close_period
    from salesxl.ledger.pay.periods import parse_period

    path, plan = saved_plan(session)
    asked = _ask_period(session, plan)
    period = parse_period(asked, plan.settings.fiscal_year_first_month)
    seen = check_open(path, plan, period)
    if period.last_day >= date.today():
        raise fail("closing.not_over", period.label, last=period.last_day)
    folder = _folder(session, path, asked)
    made = _pay(session, path, asked, folder)
    if not session.ask(session.say("close_ask", **_told(made))):
        raise Cancelled
    assert made.inputs is not None, "files were made"
    files = {m.file: m.sha256 for m in made.made} | dict(made.files)
    entry = close_period(path, plan, made.run, made.inputs, files, who=_who(), seen=seen)
    session.inform(
        session.say("close_done", period=period.label, receipt=entry.hash[:_RECEIPT],
                    folder=folder)
    )  # fmt: skip


# ---- parts


def _pay(session: Session, path: Path, period: str, folder: Path | None) -> PaySummary:
    from salesxl.batch.commissions import commissions

    paths, mapping = _ledger(session)
    return commissions(
        path, paths, period, folder, lang=session.lang, mapping=mapping,
        report=lambda step, done, total: session.show(step),
    )  # fmt: skip


def _ledger(session: Session) -> tuple[list[Path], Path | None]:
    paths, mapping = ledger_files(session.book)
    if not paths:
        raise fail("macros.no_ledger", session.book.name)
    for path in paths:
        if not path.is_file():
            raise fail("macros.ledger_gone", str(path))
    return paths, mapping


def _ask_period(session: Session, plan: Plan) -> str:
    """The period; offered is the one asked for last, else the ledger's last month."""
    from salesxl.ledger.pay.periods import parse_period

    default = ""
    with suppress(Exception):
        default = str(session.book.names[PERIOD].refers_to).strip('="')
    if not default:
        ledger, _ = read_lines(session, plan)
        last = ledger.last_date if ledger is not None else None
        default = f"{last or date(plan.settings.year, 1, 1):%Y-%m}"
    asked = ask_text(session, "ask_period", default)
    label = parse_period(asked, plan.settings.fiscal_year_first_month).label
    session.book.names[PERIOD] = f'="{label}"'
    return label


def _folder(session: Session, path: Path, period: str) -> Path:
    return path.parent / session.say("pay_folder", stem=path.stem, period=period)


def _selected_person(session: Session, plan: Plan) -> str:
    """The person a selected row names; "" where it names nobody, or two."""
    chosen = session.book.app.selection
    if chosen is None:
        return ""
    used = chosen.sheet.used_range
    last = used.column + used.shape[1] - 1
    row = chosen.sheet.range((chosen.row, 1), (chosen.row, last)).options(ndim=1).value
    words = {str(cell).strip().casefold() for cell in row if isinstance(cell, str)}
    numbers = {person.id for person in plan.people if person.id.casefold() in words}
    named = numbers or {p.id for p in plan.people if p.name.casefold() in words}
    return named.pop() if len(named) == 1 else ""


def _told(made: PaySummary) -> Mapping[str, Any]:
    run = made.run
    return {
        "period": run.period.label,
        "count": len(run.statements),
        "earned": _money(run.earned, run.decimals),
        "payable": _money(run.payable, run.decimals),
        "currency": run.currency,
    }


def _money(minor: int, decimals: int) -> str:
    return f"{Decimal(minor).scaleb(-decimals):,f}"


def _who() -> str:
    try:
        return getpass.getuser()
    except Exception:  # no user name on this system
        return "–"
