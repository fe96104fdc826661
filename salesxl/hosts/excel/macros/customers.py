"""Customers and channels: grades, visits, scores, brought up to date and shown."""

from __future__ import annotations

from collections.abc import Sequence

from salesxl.errors import fail
from salesxl.hosts.excel.macros.layout import find_sheet
from salesxl.hosts.excel.macros.session import Session
from salesxl.hosts.excel.macros.workbook import (
    content_of,
    go_to,
    ledger_files,
    put,
    saved_plan,
)


def grade(session: Session) -> None:
    """Grade the customers by what the ledger says, and show them."""
    if not ledger_files(session.book)[0]:
        raise fail("macros.no_ledger", session.book.name)
    _show(session, ("customers", "key_accounts"))


def visits(session: Session) -> None:
    """Plan the visits: the sheet, and a calendar file for each person beside the workbook."""
    from salesxl.batch.calendars import write_calendars

    path, _ = saved_plan(session)
    paths, mapping = ledger_files(session.book)
    if not paths:
        raise fail("macros.no_ledger", session.book.name)
    folder = path.parent / session.say("visits_folder", stem=path.stem)
    found = write_calendars(
        path, paths, folder, lang=session.lang, mapping=mapping,
        report=lambda step, done, total: session.show(step),
    )  # fmt: skip
    if not found.made:
        session.inform(session.say("visits_none"))
        return
    count = sum(one.visits for one in found.made)
    session.inform(session.say("visits_done", count=count, people=len(found.made), folder=folder))


def score(session: Session) -> None:
    """Score the partners against the plan's criteria, and show them."""
    _show(session, ("partners", "channels"))


def _show(session: Session, keys: Sequence[str]) -> None:
    content = content_of(session)
    present = [sheet.key for sheet in content.book.sheets if sheet.key in keys]
    written = put(session, content.book, present)
    first = find_sheet(session.book, keys[0])
    if first is None:
        raise fail("macros.no_sheet", session.book.name, sheet=keys[0], key=keys[0])
    go_to(first.range("A1"))
    count = 0 if written is None else written.cells
    session.inform(session.say("shown", sheet=first.name, count=count))
