"""The folder a run writes into: made when needed, and nothing foreign in the way."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path

from salesxl.errors import Problem, SalesxlError, fail


def prepare(out_dir: Path, paths: Iterable[Path]) -> None:
    """Make `out_dir`; SalesxlError where it is a file, may not be made, or holds a folder or
    link where one of `paths` is to be written."""
    if out_dir.exists() and not out_dir.is_dir():
        raise fail("cli.out_is_file", str(out_dir))
    blocked = [
        Problem("cli.blocked", str(path)) for path in paths if path.is_symlink() or path.is_dir()
    ]
    if blocked:
        raise SalesxlError(blocked)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = error.strerror or str(error)
        raise fail("cli.out_denied", str(out_dir), message=message) from error


_TEMPORARY = re.compile(r"\.salesxl-[0-9a-f]{12}\.tmp")


def clear_remains(out_dir: Path) -> None:
    """Remove what a killed run was still writing. The caller holds the folder."""
    for path in out_dir.iterdir():
        if _TEMPORARY.fullmatch(path.name) and not path.is_dir():
            with contextlib.suppress(OSError):
                path.unlink()
