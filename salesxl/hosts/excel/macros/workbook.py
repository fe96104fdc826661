"""From the open workbook to its content and back: what most macros are made of.

The content is the very one `salesxl new` writes (`plan_workbook`), so a button and the command
line show the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import xlwings as xw

from salesxl.errors import Problem, fail
from salesxl.hosts.excel.macros.record import SHEET as RECORD
from salesxl.hosts.excel.macros.session import Cancelled, Session
from salesxl.hosts.excel.macros.tables import read_open
from salesxl.hosts.excel.macros.writer import Written, apply, plan_changes
from salesxl.hosts.excel.new_book.content import INPUT, plan_workbook
from salesxl.ledger.frame import Ledger
from salesxl.plan.model import Plan
from salesxl.plan.read import read_plan
from salesxl.sheets.content import Book

LEDGER: Final = "salesxl_ledger_"  # defined names: the ledger's files, numbered from 1
MAPPING: Final = "salesxl_map"
TARGETS: Final = ("targets", "target_split", "target_months")  # what a plan alone decides
_LONGEST: Final = 255  # characters a constant name can hold
_TOLD: Final = 8  # inputs typed over that a question lists

Files = tuple[list[Path], Path | None]  # the ledger's, and the mapping


@dataclass(frozen=True)
class Content:
    """The plan of the open workbook and its result sheets."""

    plan: Plan
    ledger: Ledger | None
    book: Book
    problems: tuple[Problem, ...] = ()  # lines that match nothing in the plan


def content_of(session: Session, *, ledger: bool = True, files: Files | None = None) -> Content:
    """Plan and content. `ledger` False: what a plan without sales lines looks like; `files`:
    other files than the remembered ones."""
    session.step("step_plan")
    plan = read_open(session.book)
    lines, problems = read_lines(session, plan, files) if ledger else (None, ())
    session.step("step_compute")
    made = plan_workbook(plan, lines, session.lang, _has_macros(session.book))
    sheets = [s for s in made.sheets if not s.key.startswith(INPUT) and s.key != RECORD]
    return Content(plan, lines, replace(made, sheets=sheets), problems)


def put(session: Session, content: Book, keys: Sequence[str] = ()) -> Written | None:
    """Write the sheets; None where nothing had to change. Asks before it replaces what the
    user has typed on a result sheet; raises `Cancelled` when that is not wanted."""
    changes = plan_changes(session.book, content, keys)
    if changes.typed:
        places = ", ".join(changes.typed[:_TOLD]) + (" …" if len(changes.typed) > _TOLD else "")
        if not session.ask(session.say("typed", count=len(changes.typed), places=places)):
            raise Cancelled
    if not changes.steps:
        return None
    return apply(session.book, changes, keys, session.tell)


def read_lines(
    session: Session, plan: Plan, files: Files | None = None
) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """The ledger matched to the plan; None where the workbook remembers none."""
    paths, mapping = files or ledger_files(session.book)
    if not paths:
        return None, ()
    from salesxl.ledger.mapping_read import load
    from salesxl.ledger.match import match
    from salesxl.ledger.read import read_ledgers

    for path in paths:
        if not path.is_file():
            raise fail("macros.ledger_gone", str(path))
    session.step("step_ledger")
    ledger = read_ledgers(
        paths,
        mapping=None if mapping is None else load(mapping),
        decimals=plan.settings.decimals,
        lang=session.lang,
    )
    matched, problems = match(ledger, plan)
    return matched, tuple(problems)


def ledger_files(book: xw.Book) -> Files:
    """The ledger's files and the mapping this workbook remembers."""
    paths: list[Path] = []
    while (word := _constant(book, f"{LEDGER}{len(paths) + 1}")) is not None:
        paths.append(_beside(book, word))
    mapping = _constant(book, MAPPING)
    return paths, None if mapping is None else _beside(book, mapping)


def remember(book: xw.Book, paths: Sequence[Path], mapping: Path | None) -> None:
    """Keep the ledger's files in the workbook; relative where they lie beside it."""
    names = {f"{LEDGER}{number}": path for number, path in enumerate(paths, 1)}
    if mapping is not None:
        names[MAPPING] = mapping
    words = {name: _word(book, path) for name, path in names.items()}
    number = len(paths) + 1
    while f"{LEDGER}{number}" in book.names:
        book.names[f"{LEDGER}{number}"].delete()
        number += 1
    if mapping is None and MAPPING in book.names:
        book.names[MAPPING].delete()
    for name, word in words.items():
        book.names[name] = '="' + word.replace('"', '""') + '"'


def folder_of(book: xw.Book) -> Path:
    """The folder of the workbook; SalesxlError where it was never saved on this machine."""
    with suppress(Exception):
        folder = Path(book.fullname).parent
        if Path(book.fullname).is_absolute() and folder.is_dir():
            return folder
    raise fail("macros.not_saved", book.name)


def _word(book: xw.Book, path: Path) -> str:
    word = str(path)
    with suppress(Exception):
        if path.parent == Path(book.fullname).parent:
            word = path.name
    if len(word) > _LONGEST:
        raise fail("macros.path_too_long", str(path), count=_LONGEST)
    return word


def _beside(book: xw.Book, word: str) -> Path:
    path = Path(word)
    if path.is_absolute():
        return path
    with suppress(Exception):
        return Path(book.fullname).parent / path
    return path


def _constant(book: xw.Book, name: str) -> str | None:
    if name not in book.names:
        return None
    written = str(book.names[name].refers_to)
    return written.removeprefix("=").removeprefix('"').removesuffix('"').replace('""', '"') or None


def _has_macros(book: xw.Book) -> bool:
    return book.name.lower().endswith((".xlsm", ".xlsb"))


def open_file(session: Session, path: Path) -> xw.Book:
    """Open a file that was just made."""
    session.step("step_file")
    return session.book.app.books.open(str(path))


def go_to(cell: xw.Range) -> None:
    """Show a cell, whichever sheet is in front."""
    api = cell.sheet.book.app.api
    if hasattr(api, "Goto"):
        api.Goto(cell.api)
    else:  # macOS
        cell.sheet.activate()
        cell.select()


def saved_plan(session: Session) -> tuple[Path, Plan]:
    """The workbook's file and the plan in it; SalesxlError where the open one is another.

    What is sent out or sealed is made from the file, so that it can be made again from it.
    """
    folder_of(session.book)
    path = Path(session.book.fullname)
    session.step("step_plan")
    plan = read_open(session.book)
    if not path.is_file() or read_plan(path).fingerprint != plan.fingerprint:
        raise fail("macros.save_first", session.book.name)
    return path, plan
