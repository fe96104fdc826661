"""What is different between a workbook as sent and as returned: one `Change` a cell or row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from salesxl.batch.returns.identity import Identity
from salesxl.batch.returns.lists import Line, Listing, same
from salesxl.opc.cells import CellValue

Kind = Literal["changed", "added", "removed", "twice", "missing_list"]


@dataclass(frozen=True)
class Change:
    """One difference. `column` is the header; "" where the whole list is missing.

    An added or removed row comes as one change a filled cell. "twice": a further row with a
    key that is taken. `key` is "" for a new row without an ID.
    """

    kind: Kind
    list: str
    key: str
    column: str
    sent: CellValue | None
    returned: CellValue | None
    where: str = ""
    row: int = 0  # row of the returned sheet, so that the cells of a new row stay together


def compare(
    sent: Mapping[str, Listing], returned: Mapping[str, Listing], before: Identity, now: Identity
) -> list[Change]:
    """All differences, list by list in the order sent, rows in the order returned."""
    found: list[Change] = []
    for name, original in sent.items():
        if name in returned:
            found += _of_list(original, returned[name])
        elif original.rows:
            found.append(Change("missing_list", name, "", "", None, None))
    for name, answer in now.answers.items():
        if not same(before.answers.get(name), answer):
            found.append(Change("changed", "", "", name, before.answers.get(name), answer))
    return found


def _of_list(original: Listing, now: Listing) -> Iterator[Change]:
    titles = [
        title
        for title in original.titles
        if title not in original.calculated and title in now.titles
    ]
    for key, line in now.rows.items():
        if key not in original.rows:
            yield from _row("added", original, line, titles)
            continue
        before = original.rows[key]
        for title in titles:
            one, other = before.cells.get(title), line.cells.get(title)
            if not same(one, other):
                yield Change(
                    "changed", original.name, before.key, title, one, other, line.at(title),
                    line.number,
                )  # fmt: skip
    for line in now.unnamed:
        yield from _row("added", original, line, titles)
    known = {line.key for line in original.twice}
    for line in now.twice:
        if line.key in known:
            continue
        yield from _row("twice", original, line, titles)
    for key, line in original.rows.items():
        if key not in now.rows:
            for title in titles:
                if title in line.cells:
                    yield Change("removed", original.name, line.key, title, line.cells[title], None)


def _row(kind: Kind, original: Listing, line: Line, titles: list[str]) -> Iterator[Change]:
    """The cells of a new row but for what blank rows were sent with."""
    for title in titles:
        value = line.cells.get(title)
        sent_so = any(
            title in blank.cells and same(blank.cells[title], value) for blank in original.unnamed
        )
        if value is not None and not sent_so:
            yield Change(
                kind, original.name, line.key, title, None, value, line.at(title), line.number
            )
