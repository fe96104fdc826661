"""A run on a Dask cluster of three processes, one of them killed in the middle: as a local run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesxl.batch.generate import generate
from salesxl.errors import SalesxlError
from salesxl.sheets.plan_book import write_plan
from tests.generate_sample import LEDGER
from tests.generate_sample import plan as sample_plan

distributed = pytest.importorskip("distributed")
ROOT = Path(__file__).parent.parent


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    quiet = subprocess.DEVNULL
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address and its three workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    started = [_start("scheduler", "--host", "127.0.0.1", "--port", str(port))]
    workers = [
        _start("worker", address, "--no-nanny", "--nthreads", "1", "--memory-limit", "0",
               "--local-directory", str(tmp_path / f"w{number}"))
        for number in range(3)
    ]  # fmt: skip
    started += workers
    try:
        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=60)
        yield address, workers
    finally:
        for process in started:
            process.kill()
            process.wait()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())
            if not path.name.startswith(".")}  # fmt: skip


def test_as_a_local_run_though_a_worker_dies(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    write_plan(sample_plan(), tmp_path / "plan.xlsx", "en")
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    inputs = (tmp_path / "plan.xlsx", [tmp_path / "ledger.csv"])
    generate(*inputs, tmp_path / "here", by="person", lang="en")
    killed: list[int] = []

    def kill_one(step: str, done: int, total: int) -> None:
        if done == 1 and not killed:
            os.kill(workers[0].pid, signal.SIGKILL)
            killed.append(workers[0].pid)
            time.sleep(0.2)

    summary = generate(
        *inputs, tmp_path / "there", by="person", lang="en", cluster=address, report=kill_one
    )
    assert killed and not summary.failed
    assert content(tmp_path / "there") == content(tmp_path / "here")
    assert len(content(tmp_path / "there")) >= 4


def test_no_scheduler_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from salesxl.batch import cluster as module

    monkeypatch.setattr(module, "_PATIENCE", 1)
    write_plan(sample_plan(), tmp_path / "plan.xlsx", "en")
    with pytest.raises(SalesxlError) as caught:
        generate(tmp_path / "plan.xlsx", [], tmp_path / "out", cluster="tcp://127.0.0.1:9")
    assert caught.value.problems[0].code == "batch.no_scheduler"
