"""Entries that hold each other: the hash of each is made of its content and the hash before.

Changing, leaving out or moving an entry breaks every hash behind it. What no chain shows by
itself is that its end is missing: the store also keeps the count, and `close` prints the last
hash, which `audit --receipt` looks for later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from salesxl.closing.record import canonical
from salesxl.errors import Problem

START = "0" * 64  # what the first entry stands on


@dataclass(frozen=True)
class Entry:
    """Who did what, when (UTC), to which period. `detail` is canonical JSON."""

    number: int  # from 1
    at: str  # 2026-07-03T08:15:00Z
    who: str
    action: str  # open, close, reopen
    period: str  # label; "" for open
    detail: str
    previous: str
    hash: str = ""

    @property
    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.detail)
        return found

    @property
    def computed(self) -> str:
        """What the hash must be."""
        content = asdict(self)
        del content["hash"]
        return hashlib.sha256(canonical(content)).hexdigest()


def sealed(entry: Entry) -> Entry:
    """The entry with its hash."""
    return replace(entry, hash=entry.computed)


def broken(entries: Sequence[Entry], count: int, head: str) -> Problem | None:
    """The first link that does not hold; `count` and `head` are what the store says it has."""
    before, last = START, ""
    for number, entry in enumerate(entries, 1):
        values = {"number": number, "action": entry.action, "period": entry.period}
        if entry.number != number:
            return Problem("closing.link_missing", "", values | {"found": entry.number})
        if entry.previous != before:
            return Problem("closing.link_previous", "", values)
        if entry.hash != entry.computed:
            return Problem("closing.link_changed", "", values)
        if entry.at < last:
            return Problem("closing.link_clock", "", values | {"at": entry.at, "before": last})
        before, last = entry.hash, entry.at
    if len(entries) != count or before != head:
        return Problem("closing.link_end", "", {"found": len(entries), "count": count})
    return None
