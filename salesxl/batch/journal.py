"""What a run has done so far, a line a workbook: what a killed run leaves for the next.

A line is written after its workbook is whole and in its place, so a record never
speaks of a file that is not there; a line cut short by a crash is passed over.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from salesxl.ooxml.atomic import write_atomic

JOURNAL = ".salesxl-journal.jsonl"
Record = Mapping[str, Any]


class Journal:
    """Appends records; a full disk ends it quietly, for the workbooks come first."""

    def __init__(self, folder: Path, records: Iterable[Record]) -> None:
        """Begin with the `records` that still hold. Raises `SalesxlError` as a write does."""
        self.path = folder / JOURNAL
        write_atomic(self.path, "".join(map(_line, records)).encode())
        self._stream: TextIO | None = self.path.open("a", encoding="utf-8", newline="\n")

    def add(self, record: Record) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(_line(record))
            self._stream.flush()
        except OSError:
            self.close()

    def close(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None

    def remove(self) -> None:
        """The run is over and its manifest written."""
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink()


def read_journal(folder: Path) -> list[dict[str, Any]]:
    """The whole records of a run that did not end; [] where there was none."""
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []
    records: list[dict[str, Any]] = []
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and isinstance(record.get("file"), str):
            records.append(record)
    return records


def _line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
