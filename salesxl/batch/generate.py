"""A plan and its ledgers in, one workbook a region and one for the head office out.

Nothing is written outside the folder, a file appears only when complete, and every
figure is tied: the regions' lines and what belongs to none make up the ledger.
"""

from __future__ import annotations

import gc
import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from salesxl import __version__
from salesxl.batch.folder import prepare
from salesxl.batch.names import file_names
from salesxl.batch.output import Output, open_output
from salesxl.batch.passwords import Passwords, read_passwords
from salesxl.errors import Problem, fail
from salesxl.ledger.frame import Ledger
from salesxl.ledger.mapping_read import load
from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.ooxml.atomic import write_atomic
from salesxl.ooxml.encrypt import Secret, encrypt
from salesxl.plan.model import Plan, Region
from salesxl.plan.read import read_plan
from salesxl.plan.targets import breakdown
from salesxl.sheets.content import Scalar
from salesxl.sheets.scope import Formulas, Scope, head_office, narrow
from salesxl.sheets.workbook import build_book, fingerprint, notices_of, unassigned
from salesxl.texts import Lang, text

Report = Callable[[str, int, int], None]
MANIFEST = "manifest.json"
AHEAD = 3  # workbooks a process is given before the first is collected


@dataclass(frozen=True)
class Made:
    """One workbook: `amount` all its lines, `target` its year; both in minor units."""

    file: str
    scope: str
    region: str  # region id; "" for the head office
    lines: int
    amount: int
    target: int
    sha256: str  # of the file as written, encrypted where it is
    checks: int
    failed_checks: int
    encrypted: bool = False


@dataclass(frozen=True)
class Summary:
    """What a run made and how it ties up. Amounts in minor units."""

    folder: str
    made: tuple[Made, ...]  # head office first
    unassigned_lines: int
    unassigned_amount: int
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

    @property
    def head(self) -> Made:
        return self.made[0]

    @property
    def regions(self) -> tuple[Made, ...]:
        return self.made[1:]

    @property
    def ties(self) -> bool:
        """Σ regions + unassigned = head office = ledger, in lines, amount and target."""
        lines = sum(made.lines for made in self.regions) + self.unassigned_lines
        amount = sum(made.amount for made in self.regions) + self.unassigned_amount
        target = sum(made.target for made in self.regions)
        return (
            lines == self.head.lines == self.ledger_lines
            and amount == self.head.amount == self.ledger_amount
            and target == self.head.target == self.target
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data: amounts stay whole minor units, `decimals` says how many digits."""
        return asdict(self) | {"ties": self.ties}


@dataclass(frozen=True)
class _Job:
    scope: Scope
    notices: tuple[str, ...]
    stamp: str
    path: Path
    password: Secret | None = None


def generate(
    plan_path: Path,
    ledger_paths: Sequence[Path],
    out_dir: Path,
    *,
    by: str = "region",
    lang: Lang = "en",
    formulas: Formulas = "native",
    mapping: Path | None = None,
    skip_bad_rows: bool = False,
    password_file: Path | None = None,
    template: Path | None = None,
    head_template: Path | None = None,
    small: bool = False,
    recalc: bool = False,
    jobs: int = 1,
    report: Report | None = None,
) -> Summary:
    """Make all workbooks in `out_dir`. Raises `SalesxlError` with every problem.

    `template`: a restyled template of a region, a workbook of somebody's own, or a folder
    with templates of region and head office; `small`: smaller files, slower; `recalc`:
    values for a template's own formulas through LibreOffice.
    """
    if by != "region":
        raise fail("cli.unknown_by", name=by)
    if recalc and password_file is not None:
        # LibreOffice would read the workbook from a file that is not encrypted yet.
        raise fail("template.recalc_and_passwords")
    started = time.monotonic()
    tell = report or (lambda step, done, total: None)
    output = open_output(template, head_template, lang, small, recalc)
    tell(text("cli.step_read_plan", lang), 0, 0)
    plan = read_plan(plan_path)
    passwords = None
    if password_file is not None:
        passwords = read_passwords(password_file, plan.regions, plan.leaf_regions, out_dir)
    ledger, warnings = _ledger(plan, ledger_paths, mapping, skip_bad_rows, lang, tell)
    tell(text("cli.step_breakdown", lang), 0, 0)
    head = head_office(plan, breakdown(plan), ledger, lang, formulas)
    leaves = _leaves(head)
    paths = _paths(out_dir, leaves, lang)
    everywhere, own = notices_of(head)
    todo = _jobs(head, leaves, paths, everywhere, own, passwords)
    made = list(_make_all(todo, len(paths), output, jobs, lang, tell))
    lines, amount = unassigned(head)
    if passwords is not None:
        warnings = (*passwords.warnings, *warnings)
    summary = Summary(
        folder=str(out_dir),
        made=tuple(made),
        unassigned_lines=lines,
        unassigned_amount=amount,
        ledger_lines=0 if ledger is None else len(ledger.frame),
        ledger_amount=0 if ledger is None else ledger.total,
        target=plan.settings.annual_target_amount,
        currency=plan.settings.currency,
        decimals=plan.settings.decimals,
        plan_version=plan.settings.plan_version,
        fingerprint=fingerprint(head),
        notices=(*everywhere, *own),
        warnings=tuple(problem.say(lang) for problem in warnings),
        seconds=round(time.monotonic() - started, 2),
    )
    _write_manifest(out_dir / MANIFEST, summary)
    return summary


def _ledger(
    plan: Plan,
    paths: Sequence[Path],
    mapping: Path | None,
    skip_bad_rows: bool,
    lang: Lang,
    tell: Report,
) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """The lines matched to the plan, and what could not be matched.

    What matches nothing is no error: the head office shows it as unassigned.
    """
    if not paths:
        return None, ()
    tell(text("cli.step_read_ledger", lang), 0, 0)
    ledger = read_ledgers(
        paths,
        mapping=None if mapping is None else load(mapping),
        decimals=plan.settings.decimals,
        skip_bad_rows=skip_bad_rows,
        lang=lang,
    )
    matched, problems = match(ledger, plan)
    return matched, tuple(problems)


def _leaves(head: Scope) -> tuple[Region, ...]:
    """The leaf regions in the order of the targets."""
    by_id = {region.id: region for region in head.plan.regions}
    return tuple(by_id[key] for key in head.targets.region_ids)


def _paths(out_dir: Path, leaves: Sequence[Region], lang: Lang) -> list[Path]:
    """Where the workbooks go; the folder is made, and nothing foreign is in the way."""
    head = text("workbook.head_office_file", lang)
    names = file_names([region.name for region in leaves], head, "xlsx")
    paths = [out_dir / name for name in names]
    prepare(out_dir, [*paths, out_dir / MANIFEST])
    return paths


def _jobs(
    head: Scope,
    leaves: Sequence[Region],
    paths: Sequence[Path],
    everywhere: Sequence[str],
    own: Sequence[str],
    passwords: Passwords | None,
) -> Iterator[_Job]:
    """One at a time, so that only the scopes being worked on are in memory."""
    stamp = fingerprint(head)
    key = passwords.of if passwords else lambda region: None
    yield _Job(head, (*everywhere, *own), stamp, paths[0], key(""))
    for region, path in zip(leaves, paths[1:], strict=True):
        scope = narrow(head, region)
        said = list(everywhere)
        if head.ledger is not None and scope.ledger is None:
            said.append(text("workbook.notice_no_lines_here", head.lang))
        yield _Job(scope, tuple(said), stamp, path, key(region.id))


def _make(job: _Job, output: Output) -> Made:
    book = build_book(job.scope, job.notices, job.stamp)
    data = output.workbook(book, job.scope.region is None, _run_fields(job.scope))
    if job.password is not None:
        data = encrypt(data, job.password)
    write_atomic(job.path, data)
    ledger = job.scope.ledger
    return Made(
        file=job.path.name,
        scope=_name(job.scope),
        region=job.scope.region.id if job.scope.region else "",
        lines=0 if ledger is None else len(ledger.frame),
        amount=0 if ledger is None else ledger.total,
        target=job.scope.targets.total,
        sha256=hashlib.sha256(data).hexdigest(),
        checks=len(book.checks),
        failed_checks=sum(check.difference != 0 for check in book.checks),
        encrypted=job.password is not None,
    )


def _name(scope: Scope) -> str:
    return scope.region.name if scope.region else text("workbook.head_office", scope.lang)


def _run_fields(scope: Scope) -> dict[str, Scalar]:
    """What a workbook of somebody's own may ask for besides the sheets' fields."""
    settings = scope.plan.settings
    return {
        "scope": _name(scope),
        "region": scope.region.id if scope.region else "",
        "year": settings.year,
        "as_of": scope.as_of,
        "currency": settings.currency,
        "plan_version": settings.plan_version,
    }


def _make_all(
    jobs: Iterator[_Job], total: int, output: Output, count: int, lang: Lang, tell: Report
) -> Iterator[Made]:
    """The workbooks in order, in this process or in `count` of them."""
    if count <= 1 or total == 1:
        with _inputs_settled():
            for done, job in enumerate(jobs):
                tell(text("cli.step_book", lang, name=job.path.name), done, total)
                yield _make(job, output)
        return
    # Spawned, not forked: the same on every system, and no thread of ours is copied.
    with ProcessPoolExecutor(
        min(count, total), get_context("spawn"), _start_worker, (output,)
    ) as pool:
        under_way: deque[tuple[str, Future[Made]]] = deque()
        done = 0
        for job in jobs:  # a few ahead, so that memory does not grow with their number
            under_way.append((job.path.name, pool.submit(_make_here, job)))
            if len(under_way) > AHEAD * count:
                done += 1
                yield _collect(under_way, done, total, lang, tell)
        while under_way:
            done += 1
            yield _collect(under_way, done, total, lang, tell)


@contextmanager
def _inputs_settled() -> Iterator[None]:
    """Plan, ledger and templates live through the run: looking at them for garbage with
    every workbook would take longer than writing it."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _collect(
    under_way: deque[tuple[str, Future[Made]]], done: int, total: int, lang: Lang, tell: Report
) -> Made:
    name, future = under_way.popleft()
    made = future.result()
    tell(text("cli.step_book", lang, name=name), done, total)
    return made


_output = Output()


def _start_worker(output: Output) -> None:
    """The templates reach a worker once, not with every workbook."""
    global _output
    _output = output
    gc.freeze()


def _make_here(job: _Job) -> Made:
    return _make(job, _output)


def _write_manifest(path: Path, summary: Summary) -> None:
    """What was made, for whoever collects it; same inputs give the same bytes."""
    said = {
        "tool": f"salesxl {__version__}",
        "plan_version": summary.plan_version,
        "fingerprint": summary.fingerprint,
        "currency": summary.currency,
        "decimals": summary.decimals,
        "ties": summary.ties,
        "unassigned": {"lines": summary.unassigned_lines, "amount": summary.unassigned_amount},
        "files": [asdict(made) for made in summary.made],
    }
    content = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    write_atomic(path, content.encode())
