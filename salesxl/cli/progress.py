"""What a run tells while it works: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# report(step, done, total): what is being done now; how many of how many workbooks are ready
Report = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """The report for pipes and tests."""


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """A report function; draws on standard error, and only when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    # Imported here so that a quiet run does not pay for it.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        yield report
