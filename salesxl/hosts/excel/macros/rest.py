"""The rest of the year: what is left of a region's target, split over the months to come."""

from __future__ import annotations

from contextlib import suppress

from salesxl.batch.names import safe_stem
from salesxl.batch.output import packed
from salesxl.errors import fail
from salesxl.hosts.excel.macros.session import Session
from salesxl.hosts.excel.macros.spots import selected_spots
from salesxl.hosts.excel.macros.workbook import content_of, folder_of, go_to, open_file
from salesxl.ooxml.atomic import write_atomic
from salesxl.plan.model import REMAINING
from salesxl.plan.targets import breakdown
from salesxl.sheets.scope import head_office, narrow
from salesxl.sheets.workbook import build_book


def resplit(session: Session) -> None:
    """The selected region's workbook, with past months at their actuals."""
    folder = folder_of(session.book)
    content = content_of(session)
    if content.ledger is None:
        raise fail("macros.no_ledger", session.book.name)
    region = next((s.region for s in selected_spots(session.book, content) if s.region), "")
    if not region:
        raise fail("macros.rest_select", session.book.name)
    plan = content.plan
    own = next(r for r in plan.regions if r.id == region)
    session.step("step_region", name=own.name)
    head = head_office(plan, breakdown(plan), content.ledger, session.lang)
    made = build_book(narrow(head, own))
    path = folder / f"{safe_stem(own.name)} {session.say('rest_suffix')}.xlsx"
    write_atomic(path, packed(made))
    opened = open_file(session, path)
    with suppress(Exception):  # the file is open; showing the right tab is a courtesy
        title = next(sheet.title for sheet in made.sheets if sheet.key == "remaining")
        go_to(opened.sheets[title].range("A1"))
    how = REMAINING[plan.settings.remaining][session.lang == "en"]
    session.inform(session.say("rest_done", name=own.name, how=how, file=path.name))
