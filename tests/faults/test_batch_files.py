"""What a file system can do to a batch: each is told in a line, the rest goes on, and --resume
makes good what is missing."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salesxl.batch import workers
from salesxl.batch.generate import generate
from salesxl.batch.verify import verify
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ooxml import atomic
from tests import generate_sample
from tests.batch_sample import contents, visible

EAST, WEST = "01_East.xlsx", "02_West.xlsx"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("inputs")
    plan, ledger = generate_sample.write(folder)
    generate(plan, [ledger], folder / "whole")
    return plan, ledger, contents(folder / "whole")


def refusing(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    """Moving a file to `name` fails, as on Windows while Excel has it open."""
    real = Path.replace

    def replace(self: Path, target: Any) -> Path:
        if Path(target).name == name:
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)


def test_a_file_open_in_excel(
    inputs: tuple[Path, Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    plan, ledger, whole = inputs
    out = tmp_path / "out"
    out.mkdir()
    (out / EAST).write_bytes(b"what Excel has open")
    words = ["--lang", "en", "generate", str(plan), "--ledger", str(ledger), "-o", str(out)]
    with monkeypatch.context() as patch:
        refusing(patch, EAST, PermissionError(errno.EACCES, "Permission denied"))
        assert main(words) == 1
    said = capsys.readouterr().err.splitlines()
    assert len([line for line in said if EAST in line]) == 1
    assert "open in another program" in next(line for line in said if EAST in line)
    assert (out / EAST).read_bytes() == b"what Excel has open"
    assert (out / WEST).read_bytes() == whole[WEST]
    assert not list(out.glob("*.tmp")) and not list(out.glob(".*.tmp"))
    found = verify(out)
    assert {p.code for p in found.problems} == {"batch.incomplete"}
    assert main([*words, "--resume"]) == 0
    assert "2 were up to date" in capsys.readouterr().out
    assert contents(out) == whole


def test_a_share_that_cannot_be_built(
    inputs: tuple[Path, Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something in one region's data that no workbook can hold; a bug of ours is no worse."""
    plan, ledger, whole = inputs
    real = workers.build_book

    def build(scope: Any, *given: Any) -> Any:
        if scope.name == "East":
            raise ValueError("no such thing\nas this")
        return real(scope, *given)

    with monkeypatch.context() as patch:
        patch.setattr(workers, "build_book", build)
        summary = generate(plan, [ledger], tmp_path / "out")
    assert [(f.file, f.problems[0].code) for f in summary.failed] == [(EAST, "batch.job_internal")]
    assert "\n" not in summary.failed[0].problems[0].say("en")
    assert not summary.ties
    assert sorted(visible(tmp_path / "out")) == ["00_head_office.xlsx", WEST, "manifest.json"]
    generate(plan, [ledger], tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == whole


def test_a_text_too_long_for_a_cell_stops_its_own_workbook_only(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    long = generate_sample.LEDGER.replace("C2,Birch Works,Direct", f"C2,{'x' * 40_000},Direct")
    ledger.write_text(long, encoding="utf-8")
    summary = generate(plan, [ledger], tmp_path / "out")
    assert EAST in visible(tmp_path / "out")
    assert {failed.file for failed in summary.failed} == {WEST, "00_head_office.xlsx"}
    assert all(len(f.problems) == 1 for f in summary.failed)


def test_an_unreadable_ledger_among_several_stops_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ledger that is missing would make every sum wrong: nothing is better than that."""
    plan, ledger = generate_sample.write(tmp_path)
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\xff\xfe\x00\xd8\x00")
    last = tmp_path / "last.csv"
    last.write_text("date,amount,region\n2027-13-45,1,East\n", encoding="utf-8")
    out = tmp_path / "out"
    words = ["generate", str(plan), "--ledger", str(ledger), str(bad), str(last), "-o", str(out)]
    assert main(["--lang", "en", *words]) == 1
    said = capsys.readouterr().err
    assert "bad.csv" in said
    assert "Traceback" not in said
    assert not out.exists()


def test_a_full_disk_for_some_of_the_files(
    inputs: tuple[Path, Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, ledger, whole = inputs
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        refusing(patch, WEST, OSError(errno.ENOSPC, "No space left on device"))
        summary = generate(plan, [ledger], out)
    assert [(f.file, f.problems[0].code) for f in summary.failed] == [(WEST, "page.disk_full")]
    generate(plan, [ledger], out, resume=True)
    assert contents(out) == whole


def _mounted(folder: Path, options: str) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 KB: two of the three workbooks and no more."""
    folder = tmp_path / "small"
    folder.mkdir()
    if not _mounted(folder, "size=300k"):
        pytest.skip("full disk: mounting a small tmpfs is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


def test_a_disk_that_is_full(
    inputs: tuple[Path, Path, dict[str, bytes]], small_disk: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    plan, ledger, whole = inputs
    out = small_disk / "out"
    words = ["--lang", "en", "generate", str(plan), "--ledger", str(ledger), "-o", str(out)]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "disk is full" in said
    assert "Traceback" not in said
    there = visible(out)
    there.pop("manifest.json", None)
    assert 1 <= len(there) < 3
    for name, data in there.items():
        assert data == whole[name], f"{name} is half-written"
    assert not list(out.glob(".*.tmp"))


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "fixed"
    folder.mkdir()
    if os.name == "posix" and os.geteuid() != 0:
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    # Root may write everywhere but on a file system that is read-only.
    if not _mounted(folder, "ro"):
        pytest.skip("read-only folder: mounting one is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


def test_a_folder_that_may_not_be_written(
    read_only: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    words = ["--lang", "en", "generate", str(plan), "--ledger", str(ledger), "-o"]
    assert main([*words, str(read_only)]) == 1
    assert main([*words, str(read_only / "new")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert "No permission to write here" in said
    assert "cannot be made or written to" in said
    assert list(read_only.iterdir()) == []


def test_a_lock_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesxl.batch import lock

    class Refuses:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def acquire(self) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(lock, "FileLock", Refuses)
    plan, ledger = generate_sample.write(tmp_path)
    with pytest.raises(SalesxlError) as caught:
        generate(plan, [ledger], tmp_path / "out")
    assert [p.code for p in caught.value.problems] == ["page.cannot_write"]


def test_a_virus_scanner_that_holds_a_file_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "PATIENCE", (0.0, 0.0, 0.0))
    tries: list[int] = []
    real = Path.replace

    def replace(self: Path, target: Any) -> Path:
        tries.append(1)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    atomic.write_atomic(tmp_path / "x", b"content")
    assert (tmp_path / "x").read_bytes() == b"content"
    assert len(tries) == 3
