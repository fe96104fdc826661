"""The workbooks of a run made on a Dask cluster that is already there.

    salesxl generate plan.xlsx --ledger sales.csv -o out --cluster tcp://scheduler:8786

A worker is sent its share, builds the workbook and sends its bytes back; only the machine
that runs the command writes, so workers need no common folder and the folder is as safe as
in a local run. The files are byte for byte those of a local run. A lost worker's workbooks
are made again by others. Every worker needs the same salesxl; shares and passwords travel
to them, so use ``tls://`` where the network is not yours. Needs the extra ``cluster``.
"""

from __future__ import annotations

import dataclasses
import importlib
import tempfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from salesxl import __version__
from salesxl.batch.output import Output
from salesxl.batch.workers import AHEAD, Done, Failed, Job, Made, Result, attempt
from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ooxml.atomic import write_atomic

_PATIENCE: Final = 20  # seconds to reach the scheduler


def run_on_cluster(address: str, jobs: Iterator[Job], output: Output, done: Done) -> None:
    """Make all of `jobs` on the workers of the scheduler at `address`, `done` with each in order.

    Raises `SalesxlError` where there is no scheduler, no worker, or another salesxl on one.
    """
    client = _client(address)
    try:
        workers = _workers(client, address)
        shared = client.scatter(output, broadcast=True)  # the templates, once a worker
        waiting: deque[tuple[Job, Any]] = deque()
        for job in jobs:  # a few ahead, so that memory does not grow with their number
            waiting.append((job, client.submit(_build, job, shared, pure=False)))
            if len(waiting) > AHEAD * workers:
                done(_written(*waiting.popleft()))
        while waiting:
            done(_written(*waiting.popleft()))
    finally:
        client.close()


def _build(job: Job, output: Output) -> tuple[Result, bytes]:
    """On a worker: the workbook's record and its bytes."""
    with tempfile.TemporaryDirectory(prefix="salesxl-") as folder:
        path = Path(folder) / job.path.name
        result = attempt(dataclasses.replace(job, path=path), output)
        return result, path.read_bytes() if isinstance(result, Made) else b""


def _written(job: Job, future: Any) -> Result:
    """The finished workbook in its place; what went wrong is this workbook's alone."""
    try:
        result, data = future.result()
        if isinstance(result, Made):
            write_atomic(job.path, data)
    except SalesxlError as error:
        return Failed(job.path.name, job.kind, job.key, error.problems)
    except Exception as error:  # workers died with it again and again, or the scheduler is gone
        problem = Problem("batch.job_lost", job.path.name, {"cause": type(error).__name__})
        return Failed(job.path.name, job.kind, job.key, (problem,))
    finally:
        future.release()
    done: Result = result
    return done


def _client(address: str) -> Any:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise fail("batch.no_cluster_library") from None
    try:
        return distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        cause = type(error).__name__
        raise fail("batch.no_scheduler", address, cause=cause) from None


def _workers(client: Any, address: str) -> int:
    """How many threads there are to work; all of them with this salesxl."""
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise fail("batch.no_workers", address)
    try:
        versions: dict[str, str] = client.run(_version)
    except Exception:  # a worker without salesxl cannot even read the question
        raise fail("batch.worker_without", address, version=__version__) from None
    others = sorted({f"{version} ({worker})" for worker, version in versions.items()
                     if version != __version__})  # fmt: skip
    if others:
        raise fail("batch.worker_version", address, version=__version__, others=", ".join(others))
    return sum(threads.values())


def _version() -> str:
    return __version__
