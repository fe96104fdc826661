"""The store of closed periods: an SQLite file beside the plan, ``PLAN.salesxl.sqlite``.

Entries and results are only ever added: triggers refuse everything else, and the chain of
hashes shows what was done with another tool. A new store appears complete or not at all, so
that two runs that close at once find the same one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from salesxl.closing.chain import START, Entry, broken, sealed
from salesxl.errors import Problem, SalesxlError, fail

SUFFIX = ".salesxl.sqlite"
MARK = 0x73786C31  # application_id: tells our store from other SQLite files
VERSION = 1
WAIT = 15.0  # seconds for another run that is writing

_SCHEMA = """
CREATE TABLE entries (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
    period TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
);
CREATE TABLE results (hash TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL,
    hash TEXT NOT NULL);
INSERT INTO head VALUES (1, 0, '{start}');
CREATE TRIGGER entries_next BEFORE INSERT ON entries
    WHEN NEW.number IS NOT (SELECT count FROM head) + 1
        OR NEW.previous IS NOT (SELECT hash FROM head)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER entries_added AFTER INSERT ON entries
    BEGIN UPDATE head SET count = NEW.number, hash = NEW.hash; END;
CREATE TRIGGER entries_kept BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER results_once BEFORE INSERT ON results
    WHEN EXISTS (SELECT 1 FROM results WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER results_kept BEFORE UPDATE ON results
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER results_stay BEFORE DELETE ON results
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER head_once BEFORE INSERT ON head
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER head_stays BEFORE DELETE ON head
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER head_follows BEFORE UPDATE ON head
    WHEN NEW.count IS NOT OLD.count + 1
        OR NEW.hash IS NOT (SELECT hash FROM entries WHERE number = NEW.count)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
PRAGMA application_id = {mark};
PRAGMA user_version = {version};
"""


def store_path(plan_path: Path) -> Path:
    """Where the store of a plan is: beside it, under its name."""
    return plan_path.with_name(plan_path.stem + SUFFIX)


@dataclass(frozen=True)
class Content:
    """All entries, and what the store says it has."""

    entries: tuple[Entry, ...]
    count: int
    head: str  # hash of the last entry

    @property
    def fault(self) -> Problem | None:
        return broken(self.entries, self.count, self.head)


class Store:
    """An open store. Use as ``with reading(path) as store`` or ``with writing(path) as store``."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection, self.path = connection, path

    def content(self) -> Content:
        rows = self.connection.execute(
            "SELECT number, at, who, action, period, detail, previous, hash"
            " FROM entries ORDER BY number"
        ).fetchall()
        head = self.connection.execute("SELECT count, hash FROM head").fetchone()
        count, last = head if head is not None else (0, "")
        return Content(tuple(Entry(*row) for row in rows), count, last)

    def result(self, key: str) -> bytes | None:
        """A sealed result by its hash; None where it is missing or no longer the same."""
        row = self.connection.execute("SELECT data FROM results WHERE hash = ?", (key,)).fetchone()
        if row is None:
            return None
        try:
            data = zlib.decompress(row[0])
        except zlib.error:
            return None
        return data if hashlib.sha256(data).hexdigest() == key else None

    def keep(self, data: bytes) -> str:
        """Store a result once; its hash."""
        key = hashlib.sha256(data).hexdigest()
        if self.connection.execute("SELECT 1 FROM results WHERE hash = ?", (key,)).fetchone():
            return key
        self.connection.execute(
            "INSERT INTO results VALUES (?, ?)", (key, zlib.compress(data, level=6))
        )
        return key

    def append(self, at: str, who: str, action: str, period: str, detail: bytes) -> Entry:
        """Add an entry behind the last."""
        count, last = self.connection.execute("SELECT count, hash FROM head").fetchone()
        entry = sealed(Entry(count + 1, at, who, action, period, detail.decode(), last))
        self.connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.number, entry.at, entry.who, entry.action, entry.period, entry.detail,
             entry.previous, entry.hash),
        )  # fmt: skip
        return entry

    def damage(self) -> bool:
        """Whether SQLite finds its own file damaged."""
        found = self.connection.execute("PRAGMA integrity_check(1)").fetchone()
        return found is None or found[0] != "ok"


@contextlib.contextmanager
def reading(path: Path) -> Iterator[Store | None]:
    """The store to read, None where there is none; nothing is written, not even a lock file."""
    if not path.exists():
        yield None
        return
    # A run that was killed while it wrote leaves a journal; only a writer may roll it back.
    left = path.with_name(f"{path.name}-journal").exists()
    with _said(path), contextlib.closing(_connect(path, "rw" if left else "ro")) as connection:
        connection.execute("BEGIN")
        _ours(connection, path)
        yield Store(connection, path)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Store]:
    """The store for one transaction: all of it is written, or nothing. Made if not there."""
    with _said(path):
        if not path.exists():
            _make(path)
        with contextlib.closing(_connect(path, "rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            _ours(connection, path)
            try:
                yield Store(connection, path)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # Not `as_uri`: SQLite takes no host, which that makes of a share on the network.
    place = path.absolute().as_posix()
    address = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode={mode}"
    # Transactions are begun by hand, so that a check and the write it allows are one.
    connection = sqlite3.connect(address, timeout=WAIT, isolation_level=None, uri=True)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA recursive_triggers = ON")
    return connection


def _ours(connection: sqlite3.Connection, path: Path) -> None:
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if mark != MARK:
        raise fail("closing.store_foreign", path.name)
    if version > VERSION:
        raise fail("closing.store_newer", path.name)


def _make(path: Path) -> None:
    """A new store, complete before it has its name; another run's is left as it is."""
    temporary = path.parent / f".salesxl-{secrets.token_hex(6)}.tmp"
    try:
        with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA.format(start=START, mark=MARK, version=VERSION))
        with contextlib.suppress(FileExistsError):
            try:
                os.link(temporary, path)
            except FileExistsError:
                raise
            except OSError:  # no links on this disk: a name of its own is the best there is
                if not path.exists():
                    temporary.rename(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    """What SQLite and the disk may say, as problems people understand."""
    try:
        yield
    except SalesxlError:
        raise
    except sqlite3.OperationalError as error:
        message = str(error).lower()
        if "locked" in message or "busy" in message:
            raise fail("closing.store_busy", path.name) from error
        if "readonly" in message or "read-only" in message or "unable to open" in message:
            raise fail("closing.store_readonly", path.name) from error
        if "full" in message:
            raise fail("closing.disk_full", path.name) from error
        raise fail("closing.store_damaged", path.name, message=error) from error
    except sqlite3.DatabaseError as error:
        raise fail("closing.store_damaged", path.name, message=error) from error
    except PermissionError as error:
        raise fail("closing.store_readonly", path.name) from error
