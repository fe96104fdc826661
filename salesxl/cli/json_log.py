"""One JSON object a line, for schedulers; and their way of ending a run."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from salesxl.ooxml.atomic import explain

Log = Callable[[Mapping[str, Any]], None]


@contextmanager
def json_log(where: str) -> Iterator[Log | None]:
    """What writes events to the file `where`, to standard error for ``-``, or None for "".

    The file is appended to, so that one log holds a schedule's runs. Raises `SalesxlError`
    where it cannot be opened.
    """
    if not where:
        yield None
        return
    if where == "-":
        yield lambda said: _line(sys.stderr, said)
        return
    try:
        stream = Path(where).open("a", encoding="utf-8", newline="\n")  # noqa: SIM115
    except OSError as error:
        raise explain(error, Path(where)) from error
    with stream:
        yield lambda said: _line(stream, said)


def _line(stream: Any, said: Mapping[str, Any]) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    stream.write(json.dumps({"at": at, **said}, ensure_ascii=False) + "\n")
    stream.flush()


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """A scheduler's SIGTERM ends the run as Ctrl-C does: what is done is kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
