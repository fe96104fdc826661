"""One run at a time in a folder.

The lock is the system's own (flock, LockFileEx) on a file in the folder: it ends with the
process that holds it, however that ends, so that nobody has to remove anything by hand.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from salesxl.errors import fail
from salesxl.ooxml.atomic import explain

LOCK = ".salesxl-lock"
_TRIES = 5


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder. `SalesxlError` where another run holds it or it can't be written."""
    path = folder / LOCK
    lock = _acquired(folder, path)
    try:
        yield
    finally:
        # Removed while still held: who opened the old file meanwhile notices below.
        with contextlib.suppress(OSError):
            if os.name == "posix":
                path.unlink(missing_ok=True)
        lock.release()
        with contextlib.suppress(OSError):
            if os.name != "posix":
                path.unlink(missing_ok=True)


def _acquired(folder: Path, path: Path) -> FileLock:
    for _ in range(_TRIES):
        lock = FileLock(path, timeout=0, mode=0o644)
        try:
            lock.acquire()
        except Timeout as error:
            raise fail("batch.folder_in_use", str(folder)) from error
        except OSError as error:
            raise explain(error, folder) from error
        if _is_current(lock, path):
            return lock
        lock.release()
    raise fail("batch.folder_in_use", str(folder))


def _is_current(lock: FileLock, path: Path) -> bool:
    """Whether what we hold is still the file in the folder, not one its last holder removed."""
    handle = getattr(getattr(lock, "_context", None), "lock_file_fd", None)
    if not path.exists():
        return False
    return handle is None or os.path.samestat(os.fstat(handle), path.stat())
