"""The returned files, each beside the file that was sent: what came, what changed, what is odd.

A file that is not ours, was not sent from this folder, belongs to another run, or came twice
is reported and not compared further; the others are taken. Two different files of one
workbook contradict each other, and neither is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from salesxl.batch.manifest import sha_of
from salesxl.batch.returns.compare import Change, compare
from salesxl.batch.returns.identity import Identity, identity
from salesxl.batch.returns.lists import Listing, returned_lists, sent_lists
from salesxl.batch.returns.opening import Opener, Sent, workbooks
from salesxl.errors import Problem, SalesxlError, fail

Status = Literal[
    "changed", "unchanged", "not_ours", "unreadable", "unknown", "other_run", "sent_changed",
    "duplicate", "contradicting",
]  # fmt: skip
Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Returned:
    """One file that came back. `lists` are its own, `changes` what differs from the one sent."""

    file: str
    status: Status
    mark: Identity | None = None
    changes: tuple[Change, ...] = ()
    lists: Mapping[str, Listing] = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def taken(self) -> bool:
        return self.status in ("changed", "unchanged")


@dataclass(frozen=True)
class Returns:
    """All that came, in the order given, and the workbooks still out: (scope, key) and file."""

    files: tuple[Returned, ...]
    missing: tuple[tuple[tuple[str, str], str], ...]
    manifest: Mapping[str, object]

    @property
    def odd(self) -> tuple[Returned, ...]:
        """Files that could not be taken."""
        return tuple(one for one in self.files if not one.taken)

    @property
    def changes(self) -> int:
        return sum(len(one.changes) for one in self.files if one.taken)


def collect(
    paths: Sequence[Path],
    sent_folder: Path,
    password_file: Path | None = None,
    report: Report | None = None,
) -> Returns:
    """Read the returned workbooks `paths` (files or folders) against `sent_folder`.

    Raises `SalesxlError` where there is nothing to read or the folder is none of ours; what
    is wrong with one file is in its `Returned`.
    """
    tell = report or (lambda step, done, total: None)
    opener = Opener.of(password_file)
    sent = Sent(sent_folder, opener)
    files = workbooks(paths)
    if not files:
        raise fail("returns.no_files", ", ".join(map(str, paths)))
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    found: list[Returned] = []
    for place, path in enumerate(files):
        tell(path.name, place, len(files))
        one = _read(path, sent, opener)
        if one.taken and one.mark is not None:
            digest = sha_of(path)
            earlier = seen.setdefault(one.mark.id, (place, digest))
            if earlier[0] != place:
                one = _again(found, earlier, one, digest)
        found.append(one)
    came = {one.mark.id for one in found if one.mark is not None}
    missing = tuple(
        (mark, path.name) for mark, path in sent.scopes().items()
        if mark not in came and mark[0] not in ("head-office", "head_office", "head")
    )  # fmt: skip
    return Returns(tuple(found), missing, sent.manifest)


def _again(found: list[Returned], earlier: tuple[int, str], one: Returned, digest: str) -> Returned:
    """The second file of one workbook: a copy is passed over, another content takes both out."""
    first = found[earlier[0]]
    said = {"first": first.file}
    if digest == earlier[1] or _content(first) == _content(one):
        return Returned(one.file, "duplicate", one.mark,
                        problem=Problem("returns.duplicate", one.file, said))  # fmt: skip
    problem = Problem("returns.contradicting", one.file, said)
    if first.status != "contradicting":
        found[earlier[0]] = Returned(
            first.file, "contradicting", first.mark,
            problem=Problem("returns.contradicting", first.file, {"first": one.file}),
        )  # fmt: skip
    return Returned(one.file, "contradicting", one.mark, problem=problem)


def _content(one: Returned) -> list[tuple[object, ...]]:
    return sorted(
        (c.kind, c.list, c.key, c.column, str(c.sent), str(c.returned)) for c in one.changes
    )


def _read(path: Path, sent: Sent, opener: Opener) -> Returned:
    try:
        with opener.open(path) as package:
            mark = identity(package)
            if mark is None:
                return _odd(path, "not_ours", None)
            original = sent.file(mark)
            if original is None:
                return _odd(path, "unknown", mark, folder=str(sent.folder))
            if not original.is_file():
                return _odd(path, "unknown", mark, folder=str(sent.folder))
            if not sent.intact(original):
                return _odd(path, "sent_changed", mark, sent=original.name)
            with opener.open(original) as before:
                first = identity(before)
                if first is None or first.run != mark.run:
                    return _odd(path, "other_run", mark, run=mark.run)
                lists = sent_lists(before)
            now = returned_lists(package, lists)
            changes = compare(lists, now, first, mark)
    except SalesxlError as error:
        return Returned(path.name, "unreadable", problem=error.problems[0])
    status: Status = "changed" if changes else "unchanged"
    return Returned(path.name, status, mark, tuple(changes), now)


def _odd(path: Path, status: Status, mark: Identity | None, **values: object) -> Returned:
    return Returned(
        path.name, status, mark, problem=Problem(f"returns.{status}", path.name, values)
    )
