"""Microsoft's Open XML SDK validator over our files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.oracles.available import ooxml_validator


def findings(paths: Sequence[Path], office: str = "") -> list[str]:
    """One line a finding; empty when every file is valid.

    `office`: the version whose rules hold, e.g. "Microsoft365"; the validator's own if empty.
    """
    program = ooxml_validator()
    assert program is not None, "ooxml-validator is not installed"
    found: list[str] = []
    version = ["--officeVersion", office] if office else []
    for path in paths:
        done = subprocess.run(
            [program, str(path), *version], capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode in (0, 1), f"{path.name}: {done.stderr.strip()}"
        report = json.loads(done.stdout)
        found += [
            f"{path.name}: {json.dumps(error, ensure_ascii=False)}" for error in report["errors"]
        ]
    return found
