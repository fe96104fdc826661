"""Statements into files: one a payee, in this process or in several.

A template is sent to each process once, and no payee's figures go to one for another.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from salesxl.batch.output import Output
from salesxl.ledger.pay.results import PayRun, Statement
from salesxl.ooxml.atomic import write_atomic
from salesxl.ooxml.pour.target import Target
from salesxl.texts import Lang, text

Report = Callable[[str, int, int], None]
AHEAD = 3  # statements a process is given before the first is collected


@dataclass(frozen=True)
class MadeStatement:
    file: str
    person: str
    name: str
    lines: int
    earned: int
    payable: int
    sha256: str
    checks: int
    failed_checks: int


def write_statements(
    run: PayRun, paths: Sequence[Path], lang: Lang, company: str, jobs: int, tell: Report,
    output: Output,
) -> Iterator[MadeStatement]:  # fmt: skip
    """The statements in order, in this process or in `jobs` of them."""
    total = len(paths)
    if jobs <= 1 or total <= 1:
        for done, (statement, path) in enumerate(zip(run.statements, paths, strict=False)):
            tell(text("cli.step_book", lang, name=path.name), done, total)
            yield make_statement(statement, run, path, lang, company, output)
        return
    bare = _without_others(run)
    # Spawned, not forked: the same on every system, and no thread of ours is copied.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(jobs, total), context, _start, (output,)) as pool:
        under_way: deque[tuple[str, Future[MadeStatement]]] = deque()
        done = 0
        for statement, path in zip(run.statements, paths, strict=True):
            future = pool.submit(_make_there, statement, bare, path, lang, company)
            under_way.append((path.name, future))
            while len(under_way) > AHEAD * jobs:
                yield _next(under_way, done, total, lang, tell)
                done += 1
        while under_way:
            yield _next(under_way, done, total, lang, tell)
            done += 1


def _next(
    under_way: deque[tuple[str, Future[MadeStatement]]],
    done: int,
    total: int,
    lang: Lang,
    tell: Report,
) -> MadeStatement:
    name, future = under_way.popleft()
    tell(text("cli.step_book", lang, name=name), done, total)
    return future.result()


def _without_others(run: PayRun) -> PayRun:
    """The run as one statement needs it: nothing of anybody goes to a worker for another."""
    return replace(run, statements=(), unassigned=(), problems=())


_output = Output()  # a process's own: the template is sent to it once


def _start(output: Output) -> None:
    global _output
    _output = output


def _make_there(
    statement: Statement, run: PayRun, path: Path, lang: Lang, company: str
) -> MadeStatement:
    return make_statement(statement, run, path, lang, company, _output)


def make_statement(
    statement: Statement, run: PayRun, path: Path, lang: Lang, company: str,
    output: Output | None = None,
) -> MadeStatement:  # fmt: skip
    """Write one payee's workbook, in our look unless `output` says otherwise."""
    from salesxl.batch.statement_fields import statement_fields
    from salesxl.sheets.pay_book import build_statement

    book = build_statement(statement, run, lang, company)
    output = output or Output()
    foreign = output.region is not None and not isinstance(output.region, Target)
    data = output.workbook(
        book, False, statement_fields(statement, run, book) if foreign else {}
    )  # fmt: skip
    write_atomic(path, data)
    return MadeStatement(
        file=path.name,
        person=statement.person,
        name=statement.name,
        lines=len(statement.lines),
        earned=statement.earned,
        payable=statement.payable,
        sha256=hashlib.sha256(data).hexdigest(),
        checks=len(book.checks),
        failed_checks=sum(check.difference != 0 for check in book.checks),
    )
