"""Opening an .xlsx safely: a zip of XML parts from a stranger.

Every way in which a file can be unreadable is one `Problem` that names the file,
the cause and the remedy. Nothing is unpacked to disk, XML with a DTD is refused,
and limits on members, size and compression keep a hostile file from filling memory.

>>> with open_package(Path("plan.xlsx")) as package:
...     [sheet.name for sheet in package.sheets]
...     [(table.name, table.sheet, table.ref) for table in package.tables]

This module knows nothing of plans or ledgers; it imports errors and texts only.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse as defused_parse

from salesxl.errors import SalesxlError, fail

MAX_FILE_BYTES = 512 * 2**20
MAX_MEMBERS = 10_000
MAX_TOTAL_BYTES = 2 * 2**30
MAX_RATIO = 300  # unpacked : packed, looked at from RATIO_FROM_BYTES on
RATIO_FROM_BYTES = 64 * 2**20

_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DRIVE = re.compile(r"^[A-Za-z]:")
BAD_PART = (zipfile.BadZipFile, zlib.error, ParseError, EOFError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class SheetPart:
    """A worksheet: its tab name and its part in the package."""

    name: str
    part: str


@dataclass(frozen=True)
class TablePart:
    """A named table: `ref` is its whole range with header (and totals) row."""

    name: str
    sheet: str
    ref: str
    columns: tuple[str, ...]
    header_row: bool
    totals_row: bool
    calculated: tuple[str, ...] = ()  # columns that have a formula of their own

    @property
    def place(self) -> str:
        """``Sheet!A5:D20``"""
        return f"{self.sheet}!{self.ref}"


class Package:
    """The parts of one open .xlsx. Use through `open_package`."""

    def __init__(self, file: str, archive: zipfile.ZipFile) -> None:
        self.file = file
        self._archive = archive
        self._names = frozenset(archive.namelist())
        self.workbook_part = self._find_workbook()
        workbook = self.xml(self.workbook_part)
        properties = next((e for e in workbook if local(e.tag) == "workbookPr"), None)
        flag = "" if properties is None else properties.get("date1904", "")
        self.date1904 = flag.lower() in ("1", "true")
        targets = self.relations(self.workbook_part)
        self.sheets = tuple(self._sheets(workbook, targets))
        self.tables = tuple(table for sheet in self.sheets for table in self._tables(sheet))

    def __contains__(self, part: str) -> bool:
        return part in self._names

    @property
    def parts(self) -> frozenset[str]:
        """The names of all members of the package."""
        return self._names

    def open(self, part: str) -> IO[bytes]:
        """A part as a stream of bytes."""
        if part not in self._names:
            raise fail("plan.file_damaged", self.file, part=part)
        return self._archive.open(part)

    def xml(self, part: str) -> Element:
        """A part as parsed XML."""
        with self.guard(part), self.open(part) as stream:
            root = defused_parse(stream, forbid_dtd=True).getroot()
        if root is None:
            raise fail("plan.file_damaged", self.file, part=part)
        return root

    @contextmanager
    def guard(self, part: str) -> Iterator[None]:
        """Turn what can go wrong while reading `part` into a problem with this file."""
        try:
            yield
        except DefusedXmlException as error:
            raise fail("plan.file_unsafe_xml", self.file, part=part) from error
        except BAD_PART as error:
            raise fail("plan.file_damaged", self.file, part=part) from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (last word of its type, target part) of `part`."""
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        if source not in self._names:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self.xml(source):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            found[relation.get("Id", "")] = (kind, target)
        return found

    def _find_workbook(self) -> str:
        for kind, target in self.relations("").values():
            if kind == "officeDocument" and target in self._names and target.endswith(".xml"):
                return target
        raise fail("plan.file_foreign", self.file)

    def _sheets(
        self, workbook: Element, targets: dict[str, tuple[str, str]]
    ) -> Iterator[SheetPart]:
        for element in workbook.iter():
            if local(element.tag) != "sheet":
                continue
            relation = next((v for k, v in element.items() if local(k) == "id"), "")
            kind, part = targets.get(relation, ("", ""))
            if kind == "worksheet" and part in self._names:
                yield SheetPart(element.get("name", ""), part)

    def _tables(self, sheet: SheetPart) -> Iterator[TablePart]:
        for kind, part in self.relations(sheet.part).values():
            if kind != "table" or part not in self._names:
                continue
            root = self.xml(part)
            fields = [element for element in root.iter() if local(element.tag) == "tableColumn"]
            columns = tuple(unescape(field.get("name", "")) for field in fields)
            calculated = tuple(
                title
                for title, field in zip(columns, fields, strict=True)
                if any(local(child.tag) == "calculatedColumnFormula" for child in field)
            )
            yield TablePart(
                name=root.get("displayName", root.get("name", "")),
                sheet=sheet.name,
                ref=root.get("ref", ""),
                columns=columns,
                header_row=root.get("headerRowCount", "1") != "0",
                totals_row=root.get("totalsRowCount", "0") != "0",
                calculated=calculated,
            )


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open `path` for reading, or raise the one problem that says why it cannot be read."""
    file = path.name
    stream = _open_file(path)
    with stream, check_archive(stream, file) as archive:
        yield Package(file, archive)


def check_archive(stream: IO[bytes], file: str) -> zipfile.ZipFile:
    """`stream` as a zip whose members are what a workbook's may be; else the one problem."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _not_a_zip(file, stream) from error
    try:
        _look_at_members(file, archive)
    except SalesxlError:
        archive.close()
        raise
    return archive


def read_bytes(source: Path | bytes, file: str) -> bytes:
    """The bytes of a file, or of one already in memory; too large or none at all is a problem."""
    if isinstance(source, Path):
        with _open_file(source) as stream:
            return stream.read()
    if not source:
        raise fail("plan.file_empty", file)
    if len(source) > MAX_FILE_BYTES:
        raise fail("plan.file_too_large", file, limit=MAX_FILE_BYTES // 2**20)
    return source


def _open_file(path: Path) -> IO[bytes]:
    file = path.name or str(path)
    try:
        if path.is_dir():
            raise fail("plan.file_is_folder", file)
        size = path.stat().st_size
        if size == 0:
            raise fail("plan.file_empty", file)
        if size > MAX_FILE_BYTES:
            raise fail("plan.file_too_large", file, limit=MAX_FILE_BYTES // 2**20)
        return path.open("rb")
    except FileNotFoundError as error:
        raise fail("plan.file_missing", str(path)) from error
    except PermissionError as error:
        raise fail("plan.file_locked", file) from error
    except (OSError, ValueError) as error:
        raise fail("plan.file_unreadable", file, cause=str(error)) from error


def _not_a_zip(file: str, stream: IO[bytes]) -> SalesxlError:
    stream.seek(0)
    start = stream.read(8)
    if start == _OLE_MAGIC:
        encrypted = _ENCRYPTED_STREAM in stream.read()
        return fail("plan.file_encrypted" if encrypted else "plan.file_old_format", file)
    if start.startswith(b"PK"):
        return fail("plan.file_truncated", file)
    return fail("plan.file_not_workbook", file)


def _look_at_members(file: str, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise fail("plan.file_unsafe_zip", file)
    seen: set[str] = set()
    for member in members:
        name = member.filename
        steps = name.split("/")
        tricky = name.startswith("/") or "\\" in name or ".." in steps or _DRIVE.match(name)
        if tricky or name.lower() in seen:
            raise fail("plan.file_unsafe_zip", file)
        seen.add(name.lower())
        if member.flag_bits & 0x1:
            raise fail("plan.file_encrypted", file)
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > MAX_TOTAL_BYTES:
        raise fail("plan.file_unsafe_zip", file)
    if unpacked > RATIO_FROM_BYTES and unpacked / packed > MAX_RATIO:
        raise fail("plan.file_unsafe_zip", file)


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(value: str) -> str:
    """Undo the ``_x000A_`` escapes of the format."""
    if "_x" not in value:
        return value
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), value)


def local(tag: str) -> str:
    """A tag or attribute name without its namespace (transitional and strict alike)."""
    return tag.rpartition("}")[2]
