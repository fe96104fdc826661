"""Data: choose the ledger, refresh everything that is made from it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from salesxl.errors import fail
from salesxl.hosts.excel.macros.dialogs import ask_files
from salesxl.hosts.excel.macros.session import Session, problem_lines
from salesxl.hosts.excel.macros.workbook import Content, content_of, ledger_files, put, remember

MAP: Final = "map.toml"  # taken where it lies beside the ledger


def import_ledger(session: Session) -> None:
    """Choose the ledger's files, remember them, and bring every sheet up to date."""
    paths = ask_files(session, "choose_ledger")
    beside = Path(paths[0]).parent / MAP
    mapping = beside if beside.is_file() else None
    content = content_of(session, files=(paths, mapping))
    before = ledger_files(session.book)
    # Names first: they are put back if writing fails, as the cells are.
    remember(session.book, paths, mapping)
    try:
        put(session, content.book)
    except BaseException:
        remember(session.book, *before)
        raise
    session.inform(_told(session, content))


def refresh(session: Session) -> None:
    """Read the remembered ledger again and bring every sheet up to date."""
    if not ledger_files(session.book)[0]:
        raise fail("macros.no_ledger", session.book.name)
    content = content_of(session)
    put(session, content.book)
    session.inform(_told(session, content))


def _told(session: Session, content: Content) -> list[str]:
    """How many lines, what they come to, and what matches nothing in the plan."""
    ledger = content.ledger
    assert ledger is not None
    amount = Decimal(ledger.total).scaleb(-content.plan.settings.decimals)
    lines = [
        session.say("ledger_done", count=f"{len(ledger.frame):,}", amount=f"{amount:,f}",
                    currency=content.plan.settings.currency)
    ]  # fmt: skip
    if content.problems:
        notes = [replace(problem, severity="warning") for problem in content.problems]
        lines += ["", session.say("ledger_notes"), *problem_lines(notes, session.lang)]
    return lines
