"""Opening one file of whatever kind it is; decided by what is in it, not by its name."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import Protocol

from salesxl.errors import fail
from salesxl.ledger.book_file import read_book, read_parquet
from salesxl.ledger.database import is_database, open_database
from salesxl.ledger.mapping_model import Format
from salesxl.ledger.table import IsHeader, RawTable
from salesxl.ledger.text_file import read_text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 2 << 30  # unpacked text; a limit against files made to fill the memory


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises `SalesxlError` when it is missing, unreadable or empty."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise fail("ledger.file_missing", str(path)) from None
    except IsADirectoryError:
        raise fail("ledger.is_folder", str(path)) from None
    except OSError as error:
        if path.is_dir():
            raise fail("ledger.is_folder", str(path)) from None
        raise fail("ledger.file_unreadable", str(path), cause=error.strerror or "") from None
    if not raw:
        raise fail("ledger.file_empty", path.name)
    return raw


def open_table(path: str | Path, is_header: IsHeader, fmt: Format) -> RawTable:
    """The table in a ledger file: CSV (plain, .gz, .xz, .bz2, .zip), .xlsx or Parquet; or
    in a database (see `database`).

    Raises `HeaderNotFoundError` if no row satisfies `is_header`, `SalesxlError` for a
    file that can't be read.
    """
    if isinstance(path, str) and is_database(path):
        return open_database(path, is_header)
    path = Path(path)
    raw = read_bytes(path)
    name = path.name
    sha256 = hashlib.sha256(raw).hexdigest()
    kind = _kind(raw, path)
    if kind == "book":
        return read_book(raw, name, sha256, is_header, fmt)
    if kind == "parquet":
        return read_parquet(raw, name, sha256, is_header)
    if kind == "text":
        return read_text(raw, name, sha256, is_header, fmt)
    if kind == "packed":
        return read_text(_unpack(raw, name), name, sha256, is_header, fmt)
    raise fail(f"ledger.{kind}", name)


def _kind(raw: bytes, path: Path) -> str:
    """book, parquet, text, packed; or the text entry that says why not."""
    if raw.startswith(_OLE):
        return "password" if _ENCRYPTED in raw else "old_xls"
    if raw.startswith(b"PAR1"):
        return "parquet"
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(raw, path)
    if raw.startswith((b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh")):
        return "packed"
    head = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<table")):
        return "web_page"
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return "not_xlsx"
    if path.suffix.lower() in (".parquet", ".pq"):
        return "not_parquet"
    if raw.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x7fELF")):
        return "not_text"
    return "text"


def _zip_kind(raw: bytes, path: Path) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError):
        return "truncated"
    if "[Content_Types].xml" in names or "xl/workbook.xml" in names:
        return "book" if any(n.startswith("xl/") for n in names) else "not_xlsx"
    if "mimetype" in names:
        return "not_xlsx"
    return "not_xlsx" if path.suffix.lower() in (".xlsx", ".xlsm") else "packed"


def _unpack(raw: bytes, name: str) -> bytes:
    """The one file in a compressed file."""
    try:
        if raw.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(raw)) as package:
                inside = [i for i in package.infolist() if not i.is_dir()]
                inside = [i for i in inside if not i.filename.startswith("__MACOSX/")]
                if len(inside) != 1:
                    names = " · ".join(i.filename for i in inside)
                    raise fail("ledger.zip_many", name, count=len(inside), names=names)
                with package.open(inside[0]) as stream:
                    return _limited(stream, name)
        source = io.BytesIO(raw)
        if raw.startswith(b"\x1f\x8b"):
            with gzip.open(source) as stream:
                return _limited(stream, name)
        if raw.startswith(b"BZh"):
            with bz2.open(source) as stream:
                return _limited(stream, name)
        with lzma.open(source) as stream:
            return _limited(stream, name)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile):
        raise fail("ledger.truncated", name) from None
    except (RuntimeError, NotImplementedError):  # a password, or a method zipfile doesn't know
        raise fail("ledger.password", name) from None


def _limited(stream: _Stream, name: str) -> bytes:
    data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise fail("ledger.too_large", name)
    if not data:
        raise fail("ledger.file_empty", name)
    return data
