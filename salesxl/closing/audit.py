"""Looking through a plan's store: the chain, every sealed result, and files that were given out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salesxl.closing.chain import Entry
from salesxl.closing.inputs import file_sha256
from salesxl.closing.record import read
from salesxl.closing.seal import history, refuse_other
from salesxl.closing.store import reading, store_path
from salesxl.errors import Problem, SalesxlError, fail
from salesxl.plan.model import Plan

ISSUED = (".xlsx", ".csv")


@dataclass(frozen=True)
class Audit:
    """All entries, and what does not hold, the first broken link in front."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    results: int  # sealed results that are there and the same
    files: int  # files found to be sealed ones


def audit(
    plan_path: Path, plan: Plan | None, receipt: str = "", statements: Path | None = None
) -> Audit | None:
    """None where nothing was ever closed. `plan` None: its file has faults of its own."""
    path = store_path(plan_path)
    with reading(path) as store:
        if store is None:
            history(plan_path, plan)  # says so where a renamed plan left its store behind
            return None
        problems: list[Problem] = []
        if store.damage():
            raise fail("closing.store_damaged", path.name, message="integrity_check")
        content = store.content()
        if (fault := content.fault) is not None:
            problems.append(replace(fault, where=path.name))
        elif plan is not None:
            try:
                refuse_other(content, plan, store)
            except SalesxlError as error:
                problems += error.problems
        results = 0
        if not problems:
            for entry in content.entries:
                if entry.action != "close":
                    continue
                data = store.result(entry.details["result"])
                if data is None:
                    lost = {"period": entry.period}
                    problems.append(Problem("closing.result_lost", path.name, lost))
                else:
                    read(data)
                    results += 1
    entries = content.entries
    if receipt and not any(entry.hash.startswith(receipt.strip().lower()) for entry in entries):
        problems.append(Problem("closing.receipt_missing", path.name, {"receipt": receipt}))
    files = 0
    if statements is not None and not problems:
        files, unknown = _files(entries, statements)
        problems += unknown
    return Audit(entries, tuple(problems), results, files)


def _files(entries: Sequence[Entry], folder: Path) -> tuple[int, list[Problem]]:
    """How many files of a folder were sealed, and those that were not."""
    if not folder.is_dir():
        raise fail("plan.file_missing", str(folder))
    known = {
        sha
        for entry in entries
        if entry.action == "close"
        for sha in entry.details["files"].values()
    }
    same, problems = 0, []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in ISSUED and path.is_file() and not path.name.startswith("~$"):
            if file_sha256(path) in known:
                same += 1
            else:
                problems.append(Problem("closing.file_unknown", path.name))
    return same, problems
