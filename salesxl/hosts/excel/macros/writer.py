"""Content onto the sheets of an open workbook: all of it, or nothing.

>>> write(book, content, keys=("targets", "target_split"))

Everything is worked out first (`changes`). Then the steps are done in order; if one fails or
the user cancels, those already done are taken back in reverse, and the workbook is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import xlwings as xw

from salesxl.errors import SalesxlError, fail
from salesxl.hosts.excel.macros.changes import changes_for
from salesxl.hosts.excel.macros.layout import lay_out
from salesxl.hosts.excel.macros.looks import dress
from salesxl.hosts.excel.macros.protection import opened
from salesxl.hosts.excel.macros.record import SHEET, Row, lines, marks_of, read_record
from salesxl.hosts.excel.macros.steps import (
    Changes,
    Dress,
    Enter,
    Insert,
    Like,
    Merge,
    Paint,
    Put,
    Remove,
    Step,
)
from salesxl.sheets.content import Book

COLUMNS: Final = 3  # of the record
_CHUNK: Final = 20_000  # cells written in one call; between two calls the user may cancel

Tell = Callable[[int, int], None]  # steps done, of how many; raises to cancel


@dataclass(frozen=True)
class Written:
    """What was done: cells written, rows inserted and removed, keys of the sheets."""

    cells: int
    inserted: int
    removed: int
    sheets: tuple[str, ...]


def plan_changes(book: xw.Book, content: Book, keys: Sequence[str] = ()) -> Changes:
    """What `write` would do. SalesxlError where the user's cells are in the way."""
    record = read_record(book)
    made = changes_for(lay_out(book, content, record, keys), content, keys)
    if made.blocked:
        raise SalesxlError(made.blocked)
    if book_record := _record_steps(book, content, record, keys):
        made.steps.append(book_record)
    return made


def write(
    book: xw.Book, content: Book, keys: Sequence[str] = (), tell: Tell | None = None
) -> Written:
    """Bring the sheets of `keys` (all of the content's, where none is named) up to date."""
    return apply(book, plan_changes(book, content, keys), keys, tell)


def apply(
    book: xw.Book, changes: Changes, keys: Sequence[str] = (), tell: Tell | None = None
) -> Written:
    """Do the steps; SalesxlError or whatever Excel raised, with nothing changed."""
    steps = [part for step in changes.steps for part in _small(step)]
    done: list[Step] = []
    sheets = {step.sheet.name: step.sheet for step in steps}
    with _quiet(book.app), opened(sheets.values()):
        try:
            for number, step in enumerate(steps):
                if isinstance(step, Paint | Dress):
                    with suppress(Exception):
                        _do(step)
                    continue
                if tell is not None:
                    tell(number, len(steps))
                done.append(step)
                _do(step)
        except BaseException:
            _take_back(book, done)
            raise
    return Written(
        changes.cells,
        sum(step.count for step in steps if isinstance(step, Insert)),
        sum(step.count for step in steps if isinstance(step, Remove)),
        tuple(keys),
    )


def _record_steps(
    book: xw.Book, content: Book, record: dict[str, list[dict[int, Any]]], keys: Sequence[str]
) -> Put | None:
    """The record as it will be; None where nothing was written before and no sheet keeps it."""
    if SHEET not in {sheet.name for sheet in book.sheets}:
        return None
    sheet = book.sheets[SHEET]
    present = [s for s in content.sheets if not keys or s.key in keys]
    after: dict[str, Sequence[Row]] = {**record, **marks_of(present)}
    new, old = lines(after), lines(record)
    blank: list[Any] = [None] * COLUMNS
    height = max(len(new), len(old))
    new += [blank] * (height - len(new))
    old += [blank] * (height - len(old))
    return Put(sheet, 0, 0, new, old) if new != old else None


def _small(step: Step) -> Iterator[Step]:
    """A large block in parts, so that a cancel need not wait for all of it."""
    if not isinstance(step, Put) or len(step.rows) * len(step.rows[0]) <= _CHUNK:
        yield step
        return
    height = max(1, _CHUNK // len(step.rows[0]))
    for start in range(0, len(step.rows), height):
        rows, old = step.rows[start : start + height], step.old[start : start + height]
        yield Put(step.sheet, step.row + start, step.col, rows, old)


def _do(step: Step) -> None:
    if isinstance(step, Insert):
        _rows(step.sheet, step.row, step.count).insert("down")
    elif isinstance(step, Like):
        _rows(step.sheet, step.row, step.count).copy_from(
            _rows(step.sheet, step.model, 1), "formats"
        )
    elif isinstance(step, Put):
        step.sheet.range((step.row + 1, step.col + 1)).value = step.rows
    elif isinstance(step, Paint):
        model = step.sheet.range((step.model[0] + 1, step.model[1] + 1))
        step.sheet.range((step.row + 1, step.col + 1)).copy_from(model, "formats")
    elif isinstance(step, Dress):
        dress(step)
    elif isinstance(step, Merge):
        _merge(step, step.join)
    elif isinstance(step, Enter):
        _enter(step.sheet, step.area, step.text)
    else:
        _rows(step.sheet, step.row, step.count).delete("up")


def _take_back(book: xw.Book, done: Sequence[Step]) -> None:
    """The steps undone, the last one first; it may or may not have been done.

    Each is tried whatever became of the others. What a step put where nothing was is
    cleared, rows it took out are put in again with what they held.
    """
    failed = False
    for step in reversed(done):
        last = step is done[-1]
        try:
            _undo(step, last)
        except Exception:
            failed = failed or not last
    if failed:
        raise fail("macros.not_restored", book.name)


def _undo(step: Step, uncertain: bool) -> None:
    if isinstance(step, Insert):
        if not uncertain:
            _rows(step.sheet, step.row, step.count).delete("up")
    elif isinstance(step, Put):
        step.sheet.range((step.row + 1, step.col + 1)).value = step.old
    elif isinstance(step, Merge):
        _merge(step, not step.join)
    elif isinstance(step, Enter):
        _enter(step.sheet, step.area, step.old)
    elif isinstance(step, Remove) and not uncertain:
        _rows(step.sheet, step.row, step.count).insert("down")
        step.sheet.range((step.row + 1, 1)).value = step.old


def _rows(sheet: xw.Sheet, row: int, count: int) -> xw.Range:
    """Whole rows, from 0."""
    return sheet.range(f"{row + 1}:{row + count}")


def _merge(step: Merge, join: bool) -> None:
    top, left, bottom, right = step.area
    area = step.sheet.range((top + 1, left + 1), (bottom + 1, right + 1))
    if join:
        area.merge()
    else:
        area.unmerge()


def _enter(sheet: xw.Sheet, area: tuple[int, int, int, int], text: str) -> None:
    top, left, bottom, right = area
    target = sheet.range((top + 1, left + 1), (bottom + 1, right + 1))
    if text:
        target.formula_array = text
    else:
        target.clear_contents()


@contextmanager
def _quiet(app: xw.App) -> Iterator[None]:
    """No redrawing, no recalculation and no events while cells are written."""
    with ExitStack() as stack:
        for name, value in (
            ("screen_updating", False), ("enable_events", False), ("display_alerts", False),
            ("calculation", "manual"),
        ):  # fmt: skip
            with suppress(Exception):  # macOS has not all of them
                before = getattr(app, name)
                setattr(app, name, value)
                stack.callback(_set, app, name, before)
        yield


def _set(app: xw.App, name: str, value: Any) -> None:
    with suppress(Exception):
        setattr(app, name, value)
