"""Sales lines from a database, as one more kind of ledger.

    sqlite:///sales.db#lines
    postgresql+psycopg://reader@db.example/sales#select * from lines where year = 2026

Before ``#`` stands an SQLAlchemy URL, behind it a table (or view, ``schema.table``) or a
query that only reads. Passwords do not belong on a command line: ``${NAME}`` in the URL is
taken from the environment, ``${file:PATH}`` from the first line of a file, and a driver's
own means (``PGPASSWORD``, ``~/.pgpass``) work as ever. None of them is shown or logged.
Needs the extra ``sql`` and the database's driver.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import numpy as np

from salesxl.errors import fail
from salesxl.ledger.book_file import to_cell
from salesxl.ledger.money import Cell
from salesxl.ledger.table import HeaderNotFoundError, IsHeader, RawTable, factorize, trim_headers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_PLACEHOLDER: Final = re.compile(r"\$\{(file:)?([^{}]+)\}")
_PASSWORD: Final = re.compile(r"(://[^/:]*):(.*)@(?=[^@]*$)")
_READS: Final = re.compile(r"^\s*(?:select|with)\b", re.IGNORECASE)
_NAME: Final = re.compile(r"^[^\s;]+$")
_BATCH: Final = 20_000  # rows fetched at a time


@dataclass(frozen=True)
class Place:
    """A table or query of a database. `name` is what messages call it: it holds no secret."""

    url: str = field(repr=False)
    what: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        return self.what if not self.is_query else "query"

    @property
    def is_query(self) -> bool:
        return _READS.match(self.what) is not None

    def clean(self, message: str) -> str:
        """A driver's message without what must not be shown."""
        for secret in (self.url, *self.secrets):
            message = message.replace(secret, "***") if secret else message
        line = " ".join(message.split())
        return line if len(line) <= 300 else f"{line[:300]} …"


def is_database(place: object) -> bool:
    """Whether a ledger's place is a URL rather than a file."""
    return isinstance(place, str) and re.match(r"^[a-z][\w+.-]*://", place) is not None


def place_of(given: str) -> Place:
    """The place `given` names, its placeholders filled. Raises `SalesxlError`."""
    url, mark, what = given.partition("#")
    shown = _safe(url)
    if not mark or not what.strip():
        raise fail("ledger.db_no_table", shown)
    secrets: list[str] = []

    def fill(found: re.Match[str]) -> str:
        value = _from_file(found[2], shown) if found[1] else os.environ.get(found[2])
        if value is None:
            raise fail("ledger.db_no_variable", shown, name=found[2])
        secrets.extend((value, quote(value, safe="")))
        return quote(value, safe="")

    filled = _PLACEHOLDER.sub(fill, url)
    if filled.partition("://")[2].partition("/")[0].count("@") > 1:
        raise fail("ledger.db_bad_url", shown)  # a password's own @ would make a host of its end
    password = _PASSWORD.search(filled)
    if password:
        secrets.append(password[2])
    place = Place(filled, what.strip().rstrip(";"), tuple(secrets))
    if not place.is_query and not _NAME.match(place.what):
        raise fail("ledger.db_not_reading", shown)
    return place


def open_database(given: str, is_header: IsHeader) -> RawTable:
    """The rows of a table or query. Raises `HeaderNotFoundError`, `SalesxlError`."""
    place = place_of(given)
    try:
        import sqlalchemy
    except ImportError:
        raise fail("ledger.db_no_library") from None
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    try:
        engine = sqlalchemy.create_engine(place.url)
        if (missing := _missing_file(engine.url)) is not None:
            raise fail("ledger.file_missing", missing)
        with engine.connect() as connection:
            titles, columns = _rows(connection, place)
        engine.dispose()
    except ModuleNotFoundError as error:
        raise fail("ledger.db_no_driver", place.name, driver=error.name or "") from None
    except NoSuchModuleError:
        raise fail("ledger.db_unknown_kind", _safe(given.partition("#")[0])) from None
    except (ArgumentError, ValueError):
        raise fail("ledger.db_bad_url", _safe(given.partition("#")[0])) from None
    except SQLAlchemyError as error:
        cause = place.clean(str(getattr(error, "orig", None) or error))
        raise fail("ledger.db_failed", place.name, cause=cause) from None
    if not is_header(titles):
        raise HeaderNotFoundError(titles)
    count = len(columns[0]) if columns else 0
    if not count:
        raise fail("ledger.header_only", place.name)
    table = RawTable(
        name=place.name,
        headers=trim_headers(titles),
        columns=tuple(factorize(column) for column in columns),
        rows=np.arange(count, dtype=np.int64) + 1,
        overlong=np.zeros(count, np.bool_),
        sha256=_digest(titles, columns),
    )
    return table.drop_blank_rows()


def _rows(connection: Connection, place: Place) -> tuple[list[str], list[list[Cell]]]:
    """Headers, and the cells column by column; the server sends them in batches."""
    _only_read(connection)
    statement = _statement(connection, place)
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_BATCH)
    result = streamed.execute(statement)
    titles = list(map(str, result.keys()))
    columns: list[list[Cell]] = [[] for _ in titles]
    for batch in result.partitions(_BATCH):
        for column, cells in zip(columns, zip(*batch, strict=True), strict=True):
            column.extend("" if cell is None else to_cell(cell) for cell in cells)
    return titles, columns


def _only_read(connection: Connection) -> None:
    """No query can change the database, whatever it says; nothing is committed either."""
    kind = connection.dialect.name
    if kind == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
    elif kind == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    elif kind in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.rollback()  # it holds from the next transaction on


def _statement(connection: Connection, place: Place) -> Any:
    """The query, or all of the table in the order of its key, so that it reads alike each time."""
    import sqlalchemy
    from sqlalchemy.exc import NoSuchTableError

    if place.is_query:
        return sqlalchemy.text(place.what.replace(":", r"\:"))
    schema, _, name = place.what.rpartition(".")
    inspector = sqlalchemy.inspect(connection)
    try:
        columns = [column["name"] for column in inspector.get_columns(name, schema or None)]
    except NoSuchTableError:
        there = [
            *inspector.get_table_names(schema or None),
            *inspector.get_view_names(schema or None),
        ]
        raise fail("ledger.db_unknown_table", place.name, tables=" · ".join(there[:20])) from None
    key = inspector.get_pk_constraint(name, schema or None).get("constrained_columns") or []
    table = sqlalchemy.table(name, *map(sqlalchemy.column, columns), schema=schema or None)
    return sqlalchemy.select(table).order_by(*(table.c[column] for column in key))


def _missing_file(url: Any) -> str | None:
    """SQLite would make an empty database of a name that is misspelt."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return None if Path(url.database).is_file() else str(url.database)


def _digest(titles: Sequence[str], columns: Sequence[Sequence[Cell]]) -> str:
    """What a file's SHA-256 is for a file: other rows, another digest."""
    digest = hashlib.sha256()
    for title, column in zip(titles, columns, strict=True):
        digest.update(f"\x1d{title}".encode())
        for cell in column:
            digest.update(f"\x1f{type(cell).__name__}\x1e{cell}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _from_file(name: str, shown: str) -> str:
    try:
        lines = Path(name).expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or type(error).__name__
        raise fail("ledger.db_no_secret", shown, file=name, cause=cause) from None
    return lines[0].strip() if lines else ""


def _safe(url: str) -> str:
    """A URL without its password and options, for messages."""
    bare = url.partition("?")[0]
    return _PASSWORD.sub(r"\1:***@", bare)
