"""Workbooks made in this process or in several, one failure never stopping the rest.

A worker gets its share and nothing else. It does not hear Ctrl-C, which the run answers by
giving out no more work, and it ends when the run does, even a killed one.
"""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from salesxl.batch.identifiers import Hasher, known_of, packed
from salesxl.batch.output import Output
from salesxl.errors import Problem, SalesxlError
from salesxl.ooxml.atomic import explain, write_atomic
from salesxl.ooxml.encrypt import Secret, encrypt
from salesxl.ooxml.identity import LANGUAGE, with_identity
from salesxl.sheets.content import Scalar
from salesxl.sheets.scope import Scope
from salesxl.sheets.workbook import build_book
from salesxl.texts import text

AHEAD = 3  # workbooks a process is given before the first is collected


@dataclass(frozen=True)
class Job:
    """One workbook. `scope` is narrowed already."""

    scope: Scope
    notices: tuple[str, ...]
    stamp: str
    path: Path
    password: Secret | None = None
    is_head: bool = False
    kind: str = ""
    key: str = ""
    run: str = ""  # fingerprint of everything the run was made from
    inputs: str = ""  # the same, with what is this workbook's own
    salt: bytes = b""


@dataclass(frozen=True)
class Made:
    """One workbook: `amount` all its lines, `target` its year; both in minor units."""

    file: str
    scope: str
    region: str  # region id; "" where the share is no region's
    kind: str
    key: str
    lines: int
    amount: int
    target: int
    bytes: int
    sha256: str  # of the file as written, encrypted where it is
    checks: int
    failed_checks: int
    encrypted: bool
    inputs: str
    lengths: tuple[int, ...] = field(default=(), repr=False)
    skipped: int = 0
    words: str = field(default="", repr=False)
    identifiers: str = field(default="", repr=False)


@dataclass(frozen=True)
class Failed:
    """One workbook that was not made, and why."""

    file: str
    kind: str
    key: str
    problems: tuple[Problem, ...]


Result = Made | Failed
Done = Callable[[Result], None]


def make(job: Job, output: Output) -> Made:
    """Build and write one workbook. Raises `SalesxlError` where that cannot be."""
    scope = job.scope
    book = build_book(scope, job.notices, job.stamp)
    # A group has the sheets of the head office, so it is poured into the head office's template.
    like_head = job.is_head or job.kind == "group"
    data = output.workbook(book, like_head, run_fields(job))
    identity = {
        "salesxl_scope": job.kind,
        "salesxl_key": job.key,
        "salesxl_run": job.run[:16],
        "salesxl_plan": scope.plan.settings.plan_version,
        LANGUAGE: scope.lang,
    }
    data = with_identity(data, identity)
    if job.password is not None:
        data = encrypt(data, job.password)
    # The head office may hold everything: there is nothing foreign to look for.
    known = None if job.is_head else known_of(scope, Hasher(job.salt))
    write_atomic(job.path, data)
    ledger = scope.ledger
    return Made(
        file=job.path.name,
        scope=name_of(scope),
        region=scope.region.id if scope.region and job.kind == "region" else "",
        kind=job.kind,
        key=job.key,
        lines=0 if ledger is None else len(ledger.frame),
        amount=0 if ledger is None else ledger.total,
        target=scope.targets.total,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        checks=len(book.checks),
        failed_checks=sum(check.difference != 0 for check in book.checks),
        encrypted=job.password is not None,
        inputs=job.inputs,
        lengths=() if known is None else tuple(sorted(known.lengths)),
        skipped=0 if known is None else known.skipped,
        words="" if known is None else packed(known.words),
        identifiers="" if known is None else packed(known.own),
    )


def name_of(scope: Scope) -> str:
    if scope.is_head_office and not scope.label:
        return text("workbook.head_office", scope.lang)
    return scope.name


def run_fields(job: Job) -> dict[str, Scalar]:
    """What a workbook of somebody's own may ask for besides the sheets' fields."""
    scope, settings = job.scope, job.scope.plan.settings
    return {
        "scope": name_of(scope),
        "region": scope.region.id if scope.region else "",
        "year": settings.year,
        "as_of": scope.as_of,
        "currency": settings.currency,
        "plan_version": settings.plan_version,
    }


def attempt(job: Job, output: Output) -> Result:
    """As `make`, but what goes wrong is this workbook's alone."""
    try:
        return make(job, output)
    except SalesxlError as error:
        problems = error.problems
    except OSError as error:
        problems = explain(error, job.path).problems
    except MemoryError:
        problems = (Problem("cli.out_of_memory", job.path.name),)
    except Exception as error:
        if os.environ.get("SALESXL_DEBUG") == "1":
            traceback.print_exc()
        message = " ".join(str(error).split())[:200]
        values = {"kind": type(error).__name__, "message": message}
        problems = (Problem("batch.job_internal", job.path.name, values),)
    return Failed(job.path.name, job.kind, job.key, problems)


def run_jobs(jobs: Iterator[Job], total: int, output: Output, count: int, done: Done) -> None:
    """Make all of `jobs`, `done` with each. What is under way at Ctrl-C is finished and told."""
    if count <= 1 or total <= 1:
        with inputs_settled():
            for job in jobs:
                done(attempt(job, output))
        return
    _Pool(output, min(count, total), done).run(jobs)


class _Pool:
    """Worker processes, replaced when one of them dies."""

    def __init__(self, output: Output, count: int, done: Done) -> None:
        self.output, self.count, self.done = output, count, done
        self.under_way: deque[tuple[Job, Future[Result]]] = deque()
        self.pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        # Spawned, not forked: the same on every system, and no thread of ours is copied.
        return ProcessPoolExecutor(self.count, get_context("spawn"), _start_worker, (self.output,))

    def run(self, jobs: Iterator[Job]) -> None:
        try:
            for job in jobs:  # a few ahead, so that memory does not grow with their number
                self._submit(job)
                while len(self.under_way) > AHEAD * self.count:
                    self._collect()
            while self.under_way:
                self._collect()
        except BaseException:
            # Ctrl-C among others: no new work, what is begun is finished and counts.
            self.pool.shutdown(wait=True, cancel_futures=True)
            for _, future in self.under_way:
                if future.done() and not future.cancelled() and future.exception() is None:
                    self.done(future.result())
            raise
        self.pool.shutdown()

    def _submit(self, job: Job) -> None:
        try:
            self.under_way.append((job, self.pool.submit(_attempt_here, job)))
        except BrokenProcessPool:
            self._again()
            self.under_way.append((job, self.pool.submit(_attempt_here, job)))

    def _collect(self) -> None:
        _, future = self.under_way[0]
        try:
            result = future.result()
        except BrokenProcessPool:
            self._again()
            return
        self.under_way.popleft()
        self.done(result)

    def _again(self) -> None:
        """A worker died: what was under way is done again one by one, which finds the culprit."""
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.pool = self._new()
        while self.under_way:
            job, before = self.under_way[0]
            try:
                result = before.result()
            except BaseException:
                try:
                    result = self.pool.submit(_attempt_here, job).result()
                except BrokenProcessPool:
                    self.pool.shutdown(wait=True, cancel_futures=True)
                    self.pool = self._new()
                    problem = Problem("batch.job_crashed", job.path.name)
                    result = Failed(job.path.name, job.kind, job.key, (problem,))
            self.under_way.popleft()
            self.done(result)


@contextmanager
def inputs_settled() -> Iterator[None]:
    """Plan, ledger and templates live through the run: looking at them for garbage with
    every workbook would take longer than writing it."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


_output = Output()


def _start_worker(output: Output) -> None:
    """The templates reach a worker once, not with every workbook."""
    global _output
    _output = output
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent: Any = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    gc.freeze()


def _end_with(parent: Any) -> None:
    """Without the run there is nobody to work for, and its folder's lock is gone."""
    parent.join()
    os._exit(1)


def _attempt_here(job: Job) -> Result:
    return attempt(job, _output)
