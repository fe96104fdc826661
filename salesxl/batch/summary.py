"""What a run made and how it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from salesxl.batch.jobs import HEAD, JobList
from salesxl.batch.workers import Failed, Made
from salesxl.texts import Lang


class Whole(Protocol):
    """What the shares must add up to; minor units."""

    @property
    def ledger_lines(self) -> int: ...
    @property
    def ledger_amount(self) -> int: ...
    @property
    def target(self) -> int: ...
    @property
    def unassigned_lines(self) -> int: ...
    @property
    def unassigned_amount(self) -> int: ...


@dataclass(frozen=True)
class Figures:
    """The same, alone."""

    ledger_lines: int
    ledger_amount: int
    target: int
    unassigned_lines: int
    unassigned_amount: int


@dataclass(frozen=True)
class Summary:
    """What a run made and how it ties up. Amounts in minor units."""

    folder: str
    by: str
    made: tuple[Made, ...]  # head office first; those of an earlier run among them
    failed: tuple[Failed, ...]
    kept: int  # of `made`, those that `resume` found up to date
    jobs: JobList = field(repr=False)
    ledger_lines: int
    ledger_amount: int
    target: int
    currency: str
    decimals: int
    plan_version: str
    fingerprint: str
    notices: tuple[str, ...]
    warnings: tuple[str, ...]
    seconds: float
    unassigned_lines: int
    unassigned_amount: int

    @property
    def head(self) -> Made:
        """The head office's workbook; `StopIteration` where it was not made."""
        return next(made for made in self.made if made.kind == HEAD)

    @property
    def regions(self) -> tuple[Made, ...]:
        """The shares' workbooks, whatever they were cut by."""
        return tuple(made for made in self.made if made.kind != HEAD)

    @property
    def ties(self) -> bool:
        """Σ shares + unassigned = head office = ledger, in lines, amount and target.

        False where a workbook is missing: what is there does not make up the whole.
        """
        return not self.failed and ties(self.jobs, self.made, self)

    def as_json(self) -> dict[str, Any]:
        """Plain data: amounts stay whole minor units, `decimals` says how many digits."""
        said = asdict(replace(self, jobs=replace(self.jobs, shares=())))
        for made in said["made"]:
            for name in ("identifiers", "words", "lengths"):
                del made[name]
        said["failed"] = [failed_entry(one, "en") for one in self.failed]
        said.pop("jobs")
        return said | {"ties": self.ties}


def ties(jobs: JobList, made: Sequence[Made], whole: Whole) -> bool:
    """Whether the files agree with the job list and add up to the `whole`."""
    by_file = {one.file: one for one in made}
    for share in jobs.shares:
        one = by_file.get(share.file)
        if one is None or (one.lines, one.amount) != (share.lines, share.amount):
            return False
        if jobs.has_targets and one.target != share.target:
            return False
    head = jobs.shares[0]
    if (head.lines, head.amount, head.target) != (
        whole.ledger_lines, whole.ledger_amount, whole.target,
    ):  # fmt: skip
        return False
    if jobs.has_targets and sum(share.target for share in jobs.parts) != whole.target:
        return False
    if jobs.overlapping:
        return True
    lines = sum(share.lines for share in jobs.parts) + whole.unassigned_lines
    amount = sum(share.amount for share in jobs.parts) + whole.unassigned_amount
    return lines == whole.ledger_lines and amount == whole.ledger_amount


def failed_entry(failed: Failed, lang: Lang) -> dict[str, Any]:
    """A workbook that was not made, as the manifest and the log tell it."""
    return {
        "file": failed.file,
        "kind": failed.kind,
        "key": failed.key,
        "problems": [{"code": p.code, "said": p.say(lang)} for p in failed.problems],
    }
