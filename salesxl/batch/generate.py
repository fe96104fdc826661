"""A plan and its ledgers in, one workbook a share and one for the head office out.

    read and work out, once ─ job list ─ shares cut one by one ─ workers ─ manifest

Nothing is written outside the folder, a file appears only when complete, one workbook
that cannot be made does not stop the others, and every figure is tied: the shares' lines
and what belongs to none make up the ledger. A run that was killed goes on with `resume`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from salesxl.batch.cluster import run_on_cluster
from salesxl.batch.folder import clear_remains, prepare
from salesxl.batch.identifiers import Hasher, known_of_lines, packed
from salesxl.batch.jobs import Share, cut
from salesxl.batch.journal import Journal
from salesxl.batch.lock import locked
from salesxl.batch.manifest import (
    FORMAT,
    MANIFEST,
    TOOL,
    earlier_records,
    sha_of,
    write_manifest,
)
from salesxl.batch.setup import Setup, set_up
from salesxl.batch.summary import Figures, Summary, failed_entry, ties
from salesxl.batch.workers import Failed, Job, Made, Result, attempt, run_jobs
from salesxl.errors import Problem, SalesxlError
from salesxl.ooxml.encrypt import opens
from salesxl.sheets.scope import Formulas
from salesxl.sheets.workbook import fingerprint, notices_of
from salesxl.texts import Lang, text

Report = Callable[[str, int, int], None]
Log = Callable[[Mapping[str, Any]], None]
_LEFT_OVER = 5  # names shown of files that are no longer made


@dataclass(frozen=True)
class Listed:
    """One workbook of the job list; `kept`: there already and up to date."""

    share: Share
    kept: bool


def generate(
    plan_path: Path,
    ledger_paths: Sequence[Path | str],
    out_dir: Path,
    *,
    by: str = "region",
    lang: Lang = "en",
    formulas: Formulas = "native",
    mapping: Path | None = None,
    skip_bad_rows: bool = False,
    password_file: Path | None = None,
    make_passwords: Path | None = None,
    template: Path | None = None,
    head_template: Path | None = None,
    small: bool = False,
    recalc: bool = False,
    jobs: int = 1,
    cluster: str | None = None,
    resume: bool = False,
    report: Report | None = None,
    log: Log | None = None,
) -> Summary:
    """Make all workbooks in `out_dir`. Raises `SalesxlError` with every problem of the inputs;
    what goes wrong with one workbook is in `Summary.failed`.

    `by`: see `batch.jobs`. `template`: a restyled template of a region, a workbook of
    somebody's own, or a folder with templates of region and head office; `small`: smaller
    files, slower; `recalc`: values for a template's own formulas through LibreOffice;
    `cluster`: the scheduler of a Dask cluster, instead of `jobs` processes here;
    `resume`: make only what is missing or out of date; `log`: one plain dict an event.
    """
    started = time.monotonic()
    tell = report or (lambda step, done, total: None)
    setup = set_up(
        plan_path, ledger_paths, out_dir, by=by, lang=lang, formulas=formulas, mapping=mapping,
        skip_bad_rows=skip_bad_rows, password_file=password_file, make_passwords=make_passwords,
        template=template, head_template=head_template, small=small, recalc=recalc,
        resume=resume, report=tell,
    )  # fmt: skip
    shares = setup.jobs.shares
    prepare(out_dir, [out_dir / name for name in (*(s.file for s in shares), MANIFEST)])
    with locked(out_dir):
        run = _Run(setup, out_dir, tell, log or (lambda said: None))
        run.go(resume, jobs, cluster)
        return run.summary(started)


def list_jobs(setup: Setup, out_dir: Path) -> list[Listed]:
    """What a run would make; nothing is written."""
    keep = _up_to_date(setup, out_dir)
    return [Listed(share, share.file in keep) for share in setup.jobs.shares]


class _Run:
    """One run in its folder, which it holds."""

    def __init__(self, setup: Setup, out_dir: Path, tell: Report, log: Log) -> None:
        self.setup, self.folder, self.tell, self.log = setup, out_dir, tell, log
        self.made: dict[str, Made] = {}
        self.failed: dict[str, Failed] = {}
        self.kept = 0
        self.trouble: list[Problem] = []
        self.known: dict[str, Any] = {}
        self.everywhere, self.own = notices_of(setup.head)
        self.stamp = fingerprint(setup.head)
        self.left_over: tuple[str, ...] = ()

    def go(self, resume: bool, count: int, cluster: str | None = None) -> None:
        clear_remains(self.folder)
        shares = self.setup.jobs.shares
        self.left_over = _left_over(self.folder, {share.file for share in shares})
        records = _up_to_date(self.setup, self.folder) if resume else {}
        self.kept = len(records)
        journal = Journal(self.folder, records.values())
        self.made = {file: _made(record) for file, record in records.items()}
        self._hash_loose_lines()
        total = len(shares)
        started = time.monotonic()

        def done(result: Result) -> None:
            if isinstance(result, Made):
                self.made[result.file] = result
                journal.add(_record(result))
            else:
                self.failed[result.file] = result
            ready = len(self.made) + len(self.failed)
            self.tell(text("cli.step_book", self.setup.lang, name=result.file), ready, total)
            self.log(self._event(result, ready, total, time.monotonic() - started))

        todo = [share for share in shares if share.file not in self.made]
        self.log({"event": "start", "folder": str(self.folder), "files": total,
                  "kept": self.kept, "run": self.setup.run})  # fmt: skip
        try:
            self._write(complete=False)
            parts = [share for share in todo if share is not shares[0]]
            if cluster is None:
                run_jobs(self._jobs(parts), len(parts), self.setup.output, count, done)
            else:
                run_on_cluster(cluster, self._jobs(parts), self.setup.output, done)
            if todo and todo[0] is shares[0]:
                # Here and last: the whole ledger is not sent to a worker, and the rest is done.
                done(attempt(self._job(shares[0]), self.setup.output))
        except BaseException:
            journal.close()
            raise
        if self._write(complete=not self.failed):
            journal.remove()
        else:
            journal.close()
        self.log({"event": "end", "made": len(self.made) - self.kept, "kept": self.kept,
                  "failed": len(self.failed), "complete": not self.failed})  # fmt: skip

    def _hash_loose_lines(self) -> None:
        """Lines of no share are everybody's foreigners: their names go into the manifest."""
        loose = self.setup.jobs.loose_lines(self.setup.head)
        known = known_of_lines(loose, Hasher(self.setup.salt))
        self.known = {
            "identifiers": packed(known.own),
            "lengths": sorted(known.lengths),
            "skipped": known.skipped,
        }

    def _jobs(self, shares: Sequence[Share]) -> Iterator[Job]:
        """One at a time, so that only the shares being worked on are in memory."""
        for share in shares:
            yield self._job(share)

    def _job(self, share: Share) -> Job:
        setup = self.setup
        scope = cut(setup.look, share)
        is_head = scope is setup.head
        said = [*self.everywhere, *(self.own if is_head else ())]
        if not is_head and setup.head.ledger is not None and scope.ledger is None:
            said.append(text("workbook.notice_no_lines_here", setup.lang))
        return Job(
            scope=scope,
            notices=tuple(said),
            stamp=self.stamp,
            path=self.folder / share.file,
            password=setup.password(share),
            is_head=is_head,
            kind=share.kind,
            key=share.key,
            run=setup.run,
            inputs=setup.inputs_of(share),
            salt=setup.salt,
        )

    def _event(self, result: Result, ready: int, total: int, seconds: float) -> dict[str, Any]:
        begun = max(1, ready - self.kept)
        rate = begun / seconds if seconds > 0 else 0.0
        said: dict[str, Any] = {
            "event": "made" if isinstance(result, Made) else "failed",
            "file": result.file, "kind": result.kind, "key": result.key,
            "done": ready, "total": total, "per_second": round(rate, 2),
            "seconds_left": round((total - ready) / rate) if rate else None,
        }  # fmt: skip
        if isinstance(result, Made):
            return said | {"lines": result.lines, "bytes": result.bytes, "sha256": result.sha256}
        return said | failed_entry(result, self.setup.lang)

    def _ordered(self) -> list[Made]:
        files = [share.file for share in self.setup.jobs.shares]
        return [self.made[file] for file in files if file in self.made]

    def _write(self, complete: bool) -> bool:
        """The manifest; False, and a problem told, where it cannot be written."""
        setup, made = self.setup, self._ordered()
        whole = self._whole()
        said = {
            "tool": TOOL,
            "kind": "generate",
            "format": FORMAT,
            "by": setup.jobs.by,
            "lang": setup.lang,
            "complete": complete,
            "plan_version": setup.head.plan.settings.plan_version,
            "fingerprint": self.stamp,
            "run": setup.run,
            "inputs": setup.inputs,
            "currency": whole["currency"],
            "decimals": whole["decimals"],
            "ties": complete and ties(setup.jobs, made, self._figures()),
            "overlapping": setup.jobs.overlapping,
            "has_targets": setup.jobs.has_targets,
            "ledger": {"lines": whole["ledger_lines"], "amount": whole["ledger_amount"]},
            "target": whole["target"],
            "unassigned": {
                "lines": setup.jobs.unassigned_lines,
                "amount": setup.jobs.unassigned_amount,
                **self.known,
            },
            "salt": setup.salt.hex(),
            "files": [_record(one) for one in made],
            "missing": [
                {"file": share.file, "kind": share.kind, "key": share.key, "scope": share.name}
                for share in setup.jobs.shares
                if share.file not in self.made
            ],
            "failed": [
                failed_entry(self.failed[share.file], setup.lang)
                for share in setup.jobs.shares
                if share.file in self.failed
            ],
        }
        try:
            write_manifest(self.folder, said)
        except SalesxlError as error:
            self.trouble += [one for one in error.problems if one not in self.trouble]
            return False
        return True

    def _whole(self) -> dict[str, Any]:
        head = self.setup.head
        settings = head.plan.settings
        return {
            "ledger_lines": 0 if head.ledger is None else len(head.ledger.frame),
            "ledger_amount": 0 if head.ledger is None else head.ledger.total,
            "target": settings.annual_target_amount,
            "currency": settings.currency,
            "decimals": settings.decimals,
            "unassigned_lines": self.setup.jobs.unassigned_lines,
            "unassigned_amount": self.setup.jobs.unassigned_amount,
        }

    def _figures(self) -> Figures:
        whole = self._whole()
        return Figures(**{one.name: whole[one.name] for one in fields(Figures)})

    def summary(self, started: float) -> Summary:
        setup, lang = self.setup, self.setup.lang
        failed = [self.failed[s.file] for s in setup.jobs.shares if s.file in self.failed]
        if self.trouble:
            failed.append(Failed(MANIFEST, "", "", tuple(self.trouble)))
        warnings = [problem.say(lang) for problem in setup.warnings]
        if self.left_over:
            names = ", ".join(self.left_over[:_LEFT_OVER])
            names += " …" if len(self.left_over) > _LEFT_OVER else ""
            count = len(self.left_over)
            warnings.append(text("batch.left_over", lang, count=count, names=names))
        return Summary(
            folder=str(self.folder),
            by=setup.jobs.by,
            made=tuple(self._ordered()),
            failed=tuple(failed),
            kept=self.kept,
            jobs=setup.jobs,
            plan_version=setup.head.plan.settings.plan_version,
            fingerprint=self.stamp,
            notices=(*self.everywhere, *self.own),
            warnings=tuple(warnings),
            seconds=round(time.monotonic() - started, 2),
            **self._whole(),
        )


def _record(made: Made) -> dict[str, Any]:
    return asdict(made) | {"lengths": list(made.lengths)}


def _made(record: Mapping[str, Any]) -> Made:
    known = {name: record[name] for name in Made.__dataclass_fields__}
    return Made(**known | {"lengths": tuple(record["lengths"])})


def _up_to_date(setup: Setup, folder: Path) -> dict[str, dict[str, Any]]:
    """Records of files that are there, whole, and made from these very inputs."""
    keep: dict[str, dict[str, Any]] = {}
    found = earlier_records(folder)
    for share in setup.jobs.shares:
        record = found.get(share.file)
        if record is None or record["inputs"] != setup.inputs_of(share):
            continue
        if not Made.__dataclass_fields__.keys() <= record.keys():
            continue
        path = folder / share.file
        if sha_of(path) != record["sha256"]:
            continue
        password = setup.password(share)
        # A workbook under an older password is out of date, though its content is not.
        if password is not None and not opens(path, password):
            continue
        keep[share.file] = record
    return keep


def _left_over(folder: Path, wanted: set[str]) -> tuple[str, ...]:
    """Files of an earlier run that this one does not make."""
    return tuple(
        name for name in earlier_records(folder)
        if name not in wanted and (folder / name).exists()
    )  # fmt: skip


__all__ = ["MANIFEST", "Listed", "Summary", "failed_entry", "generate", "list_jobs"]
