"""The template's package: every member as it lies in the file, and a new file of members.

A member that nobody touches is copied as its packed bytes; what is read is inflated
within bounds, and a member whose header lies about its size is refused.

>>> package = read_package(Path("region.xlsx"))
>>> package.text("xl/workbook.xml")[:5]
'<?xml'
>>> data = write_package([*package.members.values()])
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from salesxl.errors import fail
from salesxl.ooxml.template.locate import as_utf8, attribute, elements
from salesxl.opc.package import BAD_PART, check_archive, read_bytes

MAX_TOTAL = 512 * 2**20  # bytes all members unpack to
MAX_PART = 64 * 2**20  # bytes one XML part unpacks to
MAX_XML_RATIO = 150  # unpacked : packed of an XML part, looked at from …
MAX_KEPT = 256 * 2**10  # characters of a part whose text is kept
XML_RATIO_FROM = 2 * 2**20  # … this size on; written by Excel it is 10 to 40

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_TIME, _DAY = 0, 0x21  # 1980-01-01 00:00: the same bytes whatever the clock says
_UTF8 = 0x800
_XML = (".xml", ".rels", ".vml")
CONTENT_TYPES = "[Content_Types].xml"


class Member(NamedTuple):
    """One file of the package: `packed` is what lies in the zip, `method` 0 or 8."""

    name: str
    method: int
    crc: int
    size: int
    packed: bytes

    def unpacked(self) -> bytes:
        """The content. Checked against size and CRC when the package was read."""
        if self.method == 0:
            return self.packed
        return zlib.decompress(self.packed, -15, self.size)


class Relation(NamedTuple):
    """A relationship: `kind` is the last word of its type, `target` a part or an address."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass
class RawPackage:
    """The members of a template in their order; `file` names it in problems."""

    file: str
    members: dict[str, Member]
    _texts: dict[str, tuple[Member, str]] = field(default_factory=dict, repr=False)

    def __contains__(self, part: str) -> bool:
        return part in self.members

    def data(self, part: str) -> bytes:
        """A part's bytes, XML in UTF-8. Raises `SalesxlError` when there is no such part."""
        member = self.members.get(part)
        if member is None:
            raise fail("plan.file_damaged", self.file, part=part)
        data = member.unpacked()
        return as_utf8(data, self.file, part) if is_xml(part) else data

    def text(self, part: str) -> str:
        """The same as text, unpacked once: every file made from a template reads it."""
        known = self._texts.get(part)
        if known is not None and known[0] is self.members.get(part):
            return known[1]
        text = self.data(part).decode()
        if len(text) <= MAX_KEPT:
            self._texts[part] = (self.members[part], text)
        return text

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_texts": {}}

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part ("" for the package's own)."""
        source = relations_part(part)
        if source not in self.members:
            return []
        return list(read_relations(self.data(source), part, self.file, source))


def is_xml(part: str) -> bool:
    return part.lower().endswith(_XML)


def relations_part(part: str) -> str:
    """``xl/workbook.xml`` → ``xl/_rels/workbook.xml.rels``"""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def read_relations(data: bytes, part: str, file: str, source: str) -> Iterable[Relation]:
    folder = posixpath.dirname(part)
    for one in elements(data, {"Relationship"}, file, source):
        target = attribute(one, "Target")
        external = attribute(one, "TargetMode") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = attribute(one, "Type").rsplit("/", 1)[-1]
        yield Relation(attribute(one, "Id"), kind, target, external)


def read_package(source: Path | bytes, name: str = "") -> RawPackage:
    """All members of `source`, looked at for bombs, tricks and lies.

    Raises `SalesxlError`: not a workbook, damaged, unsafe. Nothing is unpacked to disk,
    and one part at a time in memory.
    """
    file = name or (source.name if isinstance(source, Path) else "template.xlsx")
    data = read_bytes(source, file)
    archive = check_archive(io.BytesIO(data), file)
    with archive:
        infos = archive.infolist()
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise fail("plan.file_unsafe_zip", file)
    members: dict[str, Member] = {}
    spans: list[tuple[int, int]] = []
    for info in infos:
        if info.is_dir():
            continue
        try:
            member, span = _member(data, info)
        except (*BAD_PART, struct.error) as error:
            raise fail("plan.file_damaged", file, part=info.filename) from error
        spans.append(span)
        _look_inside(member, file)
        members[member.name] = member
    spans.sort()
    # Members that share bytes make a small file unpack to any size.
    if any(end > start for (_, end), (start, _) in pairwise(spans)):
        raise fail("plan.file_unsafe_zip", file)
    if CONTENT_TYPES not in members:
        raise fail("plan.file_foreign", file)
    return RawPackage(file, members)


def _member(data: bytes, info: zipfile.ZipInfo) -> tuple[Member, tuple[int, int]]:
    start = info.header_offset
    magic, _, _, method, *_, name_length, extra_length = _LOCAL.unpack_from(data, start)
    if magic != b"PK\x03\x04" or method != info.compress_type or method not in (0, 8):
        raise zipfile.BadZipFile("a member's two headers differ")
    begin = start + _LOCAL.size + name_length + extra_length
    end = begin + info.compress_size
    packed = data[begin:end]
    if len(packed) != info.compress_size:
        raise EOFError
    return Member(info.filename, method, info.CRC, info.file_size, packed), (start, end)


def _look_inside(member: Member, file: str) -> None:
    """Refuse a bomb, and a member that is not what its header says."""
    size = member.size
    if is_xml(member.name):
        ratio = size / max(1, len(member.packed))
        if size > XML_RATIO_FROM and ratio > MAX_XML_RATIO:
            raise fail("plan.file_unsafe_zip", file)
        if size > MAX_PART:
            raise fail("fill.part_too_large", file, part=member.name, limit=MAX_PART // 2**20)
    crc = length = 0
    try:
        for chunk in _chunks(member):
            length += len(chunk)
            if length > size:
                break
            crc = zlib.crc32(chunk, crc)
    except zlib.error as error:
        raise fail("plan.file_damaged", file, part=member.name) from error
    if length != size or crc != member.crc:
        raise fail("plan.file_damaged", file, part=member.name)


def _chunks(member: Member) -> Iterable[bytes]:
    if member.method == 0:
        yield member.packed
        return
    inflate = zlib.decompressobj(-15)
    rest = member.packed
    while rest and not inflate.eof:
        yield inflate.decompress(rest, 2**20)
        rest = inflate.unconsumed_tail
    yield inflate.flush()


def write_package(members: Iterable[Member]) -> bytes:
    """The .xlsx of these members, in this order; the same members give the same bytes."""
    body: list[bytes] = []
    index: list[bytes] = []
    at = count = 0
    for name, method, crc, size, packed in members:
        raw = name.encode()
        flags = 0 if name.isascii() else _UTF8
        sizes = (crc, len(packed), size)
        head = _LOCAL.pack(b"PK\x03\x04", 20, flags, method, _TIME, _DAY, *sizes, len(raw), 0)
        body += (head, raw, packed)
        index.append(
            _CENTRAL.pack(
                b"PK\x01\x02", 20, 20, flags, method, _TIME, _DAY, *sizes, len(raw),
                0, 0, 0, 0, 0, at,
            ) + raw
        )  # fmt: skip
        at += len(head) + len(raw) + len(packed)
        count += 1
    listing = b"".join(index)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listing), at, 0)
    return b"".join((*body, listing, end))


def content_types(data: bytes, file: str) -> Mapping[str, str]:
    """Part name → content type, of the parts that have an override."""
    return {
        attribute(one, "PartName").lstrip("/"): attribute(one, "ContentType")
        for one in elements(data, {"Override"}, file, CONTENT_TYPES)
    }
