"""Batch: workbooks for head office and the regions, beside this one, and what came back."""

from __future__ import annotations

from salesxl.errors import fail
from salesxl.hosts.excel.macros.dialogs import ask_files
from salesxl.hosts.excel.macros.session import Session
from salesxl.hosts.excel.macros.workbook import ledger_files, open_file, saved_plan


def generate(session: Session) -> None:
    """What ``salesxl generate`` makes of the saved workbook and its ledger."""
    from salesxl.batch.generate import generate as run

    path, _ = saved_plan(session)
    paths, mapping = ledger_files(session.book)
    folder = path.parent / session.say("region_folder", stem=path.stem)
    made = run(
        path, paths, folder, lang=session.lang, mapping=mapping,
        report=lambda step, done, total: session.show(step),
    )  # fmt: skip
    key = "generate_done" if made.ties else "generate_untied"
    session.inform(session.say(key, count=len(made.made), folder=folder), wrong=not made.ties)


def collect(session: Session) -> None:
    """What the regions sent back, set beside what was sent to them; nothing is taken over."""
    from salesxl.batch.returns.collect import collect as run
    from salesxl.batch.returns.report import returns_book
    from salesxl.ooxml.write import write_book

    path, _ = saved_plan(session)
    sent = path.parent / session.say("region_folder", stem=path.stem)
    if not sent.is_dir():
        raise fail("macros.nothing_sent", str(sent))
    files = ask_files(session, "choose_returns")
    session.step("step_compute")
    found = run(files, sent, None)
    out = path.parent / f"{path.stem} {session.say('returns_suffix')}.xlsx"
    write_book(returns_book(found, (), session.lang), out)
    open_file(session, out)
    counts = {"files": len(found.files), "changes": found.changes, "odd": len(found.odd)}
    session.inform(session.say("returns_done", **counts), wrong=bool(found.odd))
