"""A run killed at any moment leaves whole files only, and --resume comes to the same folder.

A few kills by default; `SALESXL_LONG=1` (``python scripts/test.py --long``) makes it 200 in a
run of 300 workbooks. `SALESXL_KILLS` and `SALESXL_WORKBOOKS` set other numbers.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from salesxl.batch.generate import generate
from salesxl.batch.lock import LOCK, locked
from salesxl.batch.verify import verify
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from tests import batch_company, generate_sample
from tests.batch_sample import contents, visible

LONG = os.environ.get("SALESXL_LONG") == "1"
KILLS = int(os.environ.get("SALESXL_KILLS", "200" if LONG else "3"))
WORKBOOKS = int(os.environ.get("SALESXL_WORKBOOKS", "300" if LONG else "5"))
LONGEST = float(os.environ.get("SALESXL_LONGEST", "10" if LONG else "3"))  # seconds to a kill
long = pytest.mark.skipif(not LONG, reason="long: set SALESXL_LONG=1")
posix = pytest.mark.skipif(os.name != "posix", reason="needs process groups")


class Company:
    """Inputs, and what an undisturbed run makes of them."""

    def __init__(self, folder: Path) -> None:
        self.plan, self.ledger = batch_company.write(folder, WORKBOOKS - 1, 20 * WORKBOOKS)
        generate(self.plan, [self.ledger], folder / "whole", jobs=2)
        self.whole = contents(folder / "whole")

    def started(self, out: Path, jobs: int) -> int:
        """A run with --resume in a process group of its own; its id."""
        child = os.fork()
        if child == 0:
            code = 70
            with contextlib.suppress(BaseException):
                os.setsid()
                summary = generate(self.plan, [self.ledger], out, jobs=jobs, resume=True)
                code = 0 if summary.ties else 1
            os._exit(code)
        return child


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(tmp_path_factory.mktemp("company"))


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _whole_files_only(out: Path, company: Company) -> int:
    """How many workbooks are there; each is exactly that of the undisturbed run."""
    if not out.exists():
        return 0
    there = visible(out)
    manifest = there.pop("manifest.json", None)
    for name, data in there.items():
        assert data == company.whole[name], f"{name} is not whole"
    if manifest is not None:
        for entry in json.loads(manifest)["files"]:
            assert entry["file"] in there
    return len(there)


@posix
def test_killed_at_random_moments(company: Company, tmp_path: Path) -> None:
    seed = int(os.environ.get("SALESXL_SEED", time.time_ns() % 10**6))
    rng = random.Random(seed)
    kills = folders = most = 0
    while kills < KILLS:
        folders += 1
        out = tmp_path / f"out{folders}"
        ended = False
        while not ended and kills < KILLS:
            child = company.started(out, jobs=2 if kills % 10 == 0 else 1)
            until = time.monotonic() + rng.uniform(0, LONGEST)
            while time.monotonic() < until and not ended:
                done, status = os.waitpid(child, os.WNOHANG)
                ended = done == child
                time.sleep(0.005)
            if ended:
                assert os.waitstatus_to_exitcode(status) == 0, f"seed {seed}"
            else:
                _kill(child)
                os.waitpid(child, 0)
                kills += 1
                most = max(most, _whole_files_only(out, company))
        generate(company.plan, [company.ledger], out, resume=True, jobs=2)
        assert contents(out) == company.whole, f"seed {seed}, folder {folders}"
    sys.stdout.write(f"seed {seed}: {kills} kills, {folders} folders, at most {most} files\n")
    assert verify(out).good


@posix
@long
def test_the_command_killed_with_its_workers(company: Company, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = [sys.executable, "-m", "salesxl.cli.main", "generate", str(company.plan), "--ledger",
             str(company.ledger), "-o", str(out), "--jobs", "2", "--lang", "en"]  # fmt: skip
    code = "import sys; from salesxl.cli.main import main; sys.exit(main(sys.argv[1:]))"
    words[1:3] = ["-c", code]
    run = subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        _until(lambda: len(list(out.glob("*.xlsx"))) >= 2)
    finally:
        _kill(run.pid)
        run.wait()
    assert _whole_files_only(out, company) >= 2
    assert main([*words[3:], "--resume"]) == 0
    assert contents(out) == company.whole


def _until(ready: object, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not ready():  # type: ignore[operator]
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=long)])
def test_interrupted_it_ends_cleanly_and_keeps_what_is_done(
    company: Company, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    code = "import sys; from salesxl.cli.main import main; sys.exit(main(sys.argv[1:]))"
    words = ["generate", str(company.plan), "--ledger", str(company.ledger), "-o", str(out),
             "--jobs", "2", "--lang", "en"]  # fmt: skip
    run = subprocess.Popen(
        [sys.executable, "-c", code, *words], start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
        # A test run in the background of a shell would hand on that Ctrl-C is not heard.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        _until(lambda: len(list(out.glob("*.xlsx"))) >= 1)
        os.killpg(run.pid, number) if number == signal.SIGINT else run.send_signal(number)
        _, said = run.communicate(timeout=120)
    finally:
        _kill(run.pid)
        run.wait()
    assert run.returncode == 130
    assert said == "Interrupted; no unfinished file was written.\n"
    assert not list(out.glob(".salesxl-*.tmp"))
    assert not (out / LOCK).exists()
    done = _whole_files_only(out, company)
    assert 1 <= done < len(company.whole)
    summary = generate(company.plan, [company.ledger], out, resume=True)
    assert summary.kept == done  # nothing that was done is made again
    assert contents(out) == company.whole


@posix
def test_a_dead_run_does_not_hold_the_folder_and_a_living_one_does(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    code = (
        "import sys, time; from pathlib import Path; from salesxl.batch.lock import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == b"held\n"
        plan, ledger = generate_sample.write(tmp_path)
        with pytest.raises(SalesxlError) as caught:
            generate(plan, [ledger], out)
        assert [p.code for p in caught.value.problems] == ["batch.folder_in_use"]
        assert [path.name for path in out.iterdir()] == [LOCK]
    finally:
        holder.kill()
        holder.wait()
    with locked(out):
        pass
    assert list(out.iterdir()) == []


@posix
def test_a_worker_that_dies_costs_nothing(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker to be seen is killed from outside, as the system does for memory."""
    import multiprocessing

    out = tmp_path / "out"
    killed: list[int] = []

    def report(step: str, done: int, total: int) -> None:
        children = multiprocessing.active_children()
        if done == 2 and not killed and children and children[0].pid:
            killed.append(children[0].pid)
            os.kill(children[0].pid, signal.SIGKILL)

    summary = generate(company.plan, [company.ledger], out, jobs=2, report=report)
    assert killed
    assert summary.ties
    assert contents(out) == company.whole


def test_every_workbook_of_the_undisturbed_run_opens(company: Company, tmp_path: Path) -> None:
    for name, data in company.whole.items():
        if name.endswith(".xlsx"):
            (tmp_path / name).write_bytes(data)
            with zipfile.ZipFile(tmp_path / name) as package:
                assert package.testzip() is None
