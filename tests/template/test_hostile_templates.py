"""A hostile or broken template is one clear problem, in under 2 s and under 200 MB.

The files of a kind are opened and filled one after another in a process of its own, so
that time and peak memory are theirs. Files that are merely odd may also be filled; they
may never crash.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.template import hostile, rich

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 2.0, 200.0
PATIENCE = 30  # seconds until a kind's process is given up
KINDS: dict[str, Callable[[], Iterator[tuple[str, bytes]]]] = {
    "bombs": hostile.bombs,
    "heavy": hostile.heavy,
    "lies": hostile.lies,
    "tricks": hostile.tricks,
    "wrecks": hostile.wrecks,
    "doctypes": hostile.doctypes,
}


def opened(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """What became of each file; fewer than given if one hung."""
    command = [sys.executable, "-m", "tests.template.open_one", *map(str, paths)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr[-2000:]
        output = done.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    return [json.loads(line) for line in output.splitlines()]


def faults(files: Iterable[tuple[str, bytes]], folder: Path, must_fail: bool) -> list[str]:
    """What is wrong with the way these files were met."""
    names, paths = [], []
    for number, (name, data) in enumerate(files):
        names.append(name)
        paths.append(folder / f"file{number}.xlsx")
        paths[-1].write_bytes(data)
    told = opened(paths)
    found = []
    for name, path, one in zip(names, paths, told, strict=False):
        wrong = _faults(one, path.name, must_fail)
        found += [f"{name}: {fault}" for fault in wrong]
        if one["megabytes"] > MEGABYTES:
            found.append(f"{name}: {one['megabytes']:.0f} MB; not looked further")
            return found
    found += [f"{name}: hung, or was not reached" for name in names[len(told) :][:1]]
    return found


def _faults(one: dict[str, Any], file: str, must_fail: bool) -> Iterator[str]:
    problems = one["problems"]
    if one["crash"]:
        yield f"crash {one['crash'].strip().splitlines()[-1]}"
    elif must_fail and problems is None:
        yield "was taken for a sound template"
    elif problems is not None and len(problems) != 1:
        yield f"{len(problems)} problems"
    elif problems is not None and file not in problems[0]:
        yield f"file not named: {problems[0]}"
    if one["seconds"] > SECONDS:
        yield f"{one['seconds']:.1f} s"


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_files_are_one_clear_problem(kind: str, tmp_path: Path) -> None:
    found = faults(KINDS[kind](), tmp_path, must_fail=True)
    assert not found, "\n".join(found)


def test_odd_templates_never_crash(tmp_path: Path) -> None:
    found = faults(hostile.oddities(), tmp_path, must_fail=False)
    assert not found, "\n".join(found)


def test_a_sound_template_is_taken(tmp_path: Path) -> None:
    """The control: the checks above can fail."""
    found = faults([("sound", rich.build())], tmp_path, must_fail=True)
    assert found == ["sound: was taken for a sound template"]


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for one in opened([tmp_path / "none.xlsx", tmp_path]):
        assert not one["crash"], one["crash"]
        assert one["problems"] is not None
        assert len(one["problems"]) == 1
