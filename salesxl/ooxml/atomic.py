"""A file appears only when it is complete: written beside its place, then moved there."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from pathlib import Path

from salesxl.errors import SalesxlError, fail

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY}
_NO_FOLDER = {errno.ENOENT, errno.ENOTDIR}
# Seconds between tries: on Windows a scanner or an indexer holds a new file for a moment.
PATIENCE: tuple[float, ...] = (0.05, 0.2, 0.5) if os.name == "nt" else ()


def write_atomic(path: Path, data: bytes) -> None:
    """Write `data` to `path` whole or not at all; an older file stays until the end.

    Raises `SalesxlError` naming `path` where it can't be written: no folder, no
    permission or locked by another program, disk full.
    """
    if path.is_dir():
        raise fail("page.is_folder", str(path))
    # Random, so that parallel runs do not meet; short, whatever the target is called.
    temporary = path.parent / f".salesxl-{secrets.token_hex(6)}.tmp"
    try:
        try:
            handle = os.open(temporary, _flags(), 0o666)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            _moved(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise explain(error, path) from error
    _sync_folder(path.parent)


def _moved(temporary: Path, path: Path) -> None:
    for pause in PATIENCE:
        try:
            temporary.replace(path)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    temporary.replace(path)


def _flags() -> int:
    return os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def _sync_folder(folder: Path) -> None:
    """Make the move itself durable where the system can; the file is complete either way."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def explain(error: OSError, path: Path) -> SalesxlError:
    """An operating-system error as a user should read it."""
    where = str(path)
    if error.errno in _FULL:
        return fail("page.disk_full", where)
    if error.errno in _NO_FOLDER:
        return fail("page.no_folder", where)
    if error.errno in _DENIED or isinstance(error, PermissionError):
        return fail("page.cannot_write", where)
    return fail("page.write_failed", where, reason=error.strerror or type(error).__name__)
