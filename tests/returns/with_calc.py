"""What people do to a workbook, done in LibreOffice: one start for all workbooks."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.oracles.available import soffice

_SCRIPT = Path(__file__).with_name("calc_steps.py")
Job = tuple[Path, Path, Sequence[Sequence[Any]]]


@functools.cache
def uno_python() -> str | None:
    """A Python that can talk to LibreOffice: its own, or the system's."""
    program = soffice()
    if program is None:
        return None
    beside = Path(program).resolve().parent
    found = [str(beside / name) for name in ("python", "python.exe")]
    for one in (*found, "/usr/bin/python3", shutil.which("python3"), sys.executable):
        if one and Path(one).exists():
            done = subprocess.run([one, "-c", "import uno"], capture_output=True, check=False)
            if done.returncode == 0:
                return one
    return None


def edit_all(jobs: Sequence[Job], work: Path) -> None:
    """Each job's source with its steps done, saved as its target. `work`: a folder of its own."""
    program, python = soffice(), uno_python()
    assert program is not None and python is not None
    pipe = f"salesxl{abs(hash(work)) % 10**9}"
    office = subprocess.Popen(
        [program, f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless",
         "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        told = json.dumps([(str(source), str(target), steps) for source, target, steps in jobs])
        done = subprocess.run(
            [python, str(_SCRIPT), pipe], input=told, capture_output=True, text=True,
            timeout=900, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        office.wait(60)
    finally:
        if office.poll() is None:
            office.kill()
            office.wait()
