"""What a run tells while it works: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from salesxl.texts import Lang, text

# report(step, done, total): what is being done now; how many of how many workbooks are ready
Report = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """The report for pipes and tests."""


class Rate:
    """Workbooks a second and the time left, from the first one that this run made."""

    def __init__(self, lang: Lang, clock: Callable[[], float] = time.monotonic) -> None:
        self.lang, self.clock = lang, clock
        self.begun: tuple[float, int] | None = None

    def say(self, done: int, total: int) -> str:
        """``2.4/s · 3 min left``; "" until there is something to go by."""
        now = self.clock()
        if not done or not total:
            return ""
        if self.begun is None:
            self.begun = (now, done)
            return ""
        seconds, made = now - self.begun[0], done - self.begun[1]
        if seconds <= 0 or made <= 0:
            return ""
        left = round((total - done) * seconds / made)
        unit, number = ("minutes", -(-left // 60)) if left >= 90 else ("seconds", left)
        said = text(f"batch.left_{unit}", self.lang, n=number)
        return text("batch.rate", self.lang, rate=f"{made / seconds:.1f}", left=said)


@contextmanager
def progress(*, quiet: bool = False, lang: Lang = "en") -> Iterator[Report]:
    """A report function; draws on standard error, and only when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    # Imported here so that a quiet run does not pay for it.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    rate = Rate(lang)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def report(step: str, done: int, total: int) -> None:
            said = rate.say(done, total)
            bar.update(task, description=step, completed=done, total=total or None, rate=said)

        yield report
