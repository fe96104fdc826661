"""Batch: a workbook for head office and one for each region, beside this one."""

from __future__ import annotations

from salesxl.hosts.excel.macros.session import Session
from salesxl.hosts.excel.macros.workbook import ledger_files, saved_plan


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
