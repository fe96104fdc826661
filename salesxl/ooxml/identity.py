"""Who a workbook is for, inside the workbook: custom properties that a rename does not touch.

>>> data = with_identity(data, {"salesxl_scope": "region", "salesxl_key": "E"})
>>> read_identity(data)
{'salesxl_scope': 'region', 'salesxl_key': 'E'}

Office and LibreOffice keep custom properties (docProps/custom.xml) when they save. Members
that are not touched stay as their packed bytes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from defusedxml.ElementTree import fromstring

from salesxl.ooxml.template.deflate import pack
from salesxl.ooxml.template.locate import as_utf8
from salesxl.ooxml.template.package import CONTENT_TYPES, Member, write_package
from salesxl.opc.package import BAD_PART, check_archive, read_bytes

PREFIX = "salesxl_"
LANGUAGE = "salesxl_lang"  # in which functions and macros answer
CUSTOM, ROOT_RELS = "docProps/custom.xml", "_rels/.rels"
_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CONTENT = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Properties xmlns="{_NAMESPACE}" xmlns:vt="{_TYPES}"></Properties>'
)
_PROPERTY = re.compile(r"<(?P<p>[\w.-]*:?)property\b[^>]*?(?:/>|>.*?</(?P=p)property>)", re.DOTALL)
_LOCAL = struct.Struct("<26x2H")


def with_identity(data: bytes, values: Mapping[str, str]) -> bytes:
    """The package `data` with `values` as custom properties; other properties stay."""
    members = _members(data)
    custom = members.get(CUSTOM)
    xml = _EMPTY if custom is None else as_utf8(custom.unpacked(), CUSTOM, CUSTOM).decode()
    members[CUSTOM] = pack(CUSTOM, _with_properties(xml, values).encode(), "fast")
    if custom is None:
        _add(
            members, CONTENT_TYPES, "Types",
            f'<{{p}}Override PartName="/{CUSTOM}" ContentType="{_CONTENT}"/>',
        )  # fmt: skip
        _add(
            members, ROOT_RELS, "Relationships",
            f'<{{p}}Relationship Id="rIdSalesxl" Type="{_RELATION}" Target="{CUSTOM}"/>',
        )  # fmt: skip
    return write_package(members.values())


def read_identity(source: Path | bytes) -> dict[str, str]:
    """The custom properties of ours, {} where there are none or it is no workbook."""
    data = read_bytes(source, "workbook")
    try:
        with check_archive(io.BytesIO(data), "workbook") as archive:
            if CUSTOM not in archive.namelist():
                return {}
            root = fromstring(archive.read(CUSTOM), forbid_dtd=True)
    except BAD_PART:
        return {}
    return {
        one.get("name", ""): "".join(one.itertext())
        for one in root
        if one.get("name", "").startswith(PREFIX)
    }


def _members(data: bytes) -> dict[str, Member]:
    """Every member as it lies in a package that we wrote or that was read before."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
    members: dict[str, Member] = {}
    for info in infos:
        name_length, extra_length = _LOCAL.unpack_from(data, info.header_offset)
        begin = info.header_offset + _LOCAL.size + name_length + extra_length
        packed = data[begin : begin + info.compress_size]
        members[info.filename] = Member(
            info.filename, info.compress_type, info.CRC, info.file_size, packed
        )
    return members


def _add(members: dict[str, Member], part: str, root: str, entry: str) -> None:
    xml = as_utf8(members[part].unpacked(), part, part).decode()
    end = list(re.finditer(rf"</([\w.-]*:?){root}\s*>", xml))[-1]
    xml = xml[: end.start()] + entry.format(p=end.group(1)) + xml[end.start() :]
    members[part] = pack(part, xml.encode(), "fast")


def _with_properties(xml: str, values: Mapping[str, str]) -> str:
    """The properties with ours in place of older ones of the same name."""

    def kept(found: re.Match[str]) -> str:
        old = any(f"name={quoteattr(name)}" in found.group() for name in values)
        return "" if old else found.group()

    xml = _PROPERTY.sub(kept, xml)
    if (alone := re.search(r"<([\w.-]*:?)Properties\b([^>]*)/>\s*$", xml)) is not None:
        prefix, attributes = alone.groups()
        xml = f"{xml[: alone.start()]}<{prefix}Properties{attributes}></{prefix}Properties>"
    pid = max((int(n) for n in re.findall(r'\bpid="(\d+)"', xml)), default=1)
    end = list(re.finditer(r"</([\w.-]*:?)Properties\s*>", xml))[-1]
    prefix = end.group(1)
    ours = "".join(
        f'<{prefix}property fmtid="{_FMTID}" pid="{pid + n}" name={quoteattr(name)}>'
        f'<vt:lpwstr xmlns:vt="{_TYPES}">{escape(value)}</vt:lpwstr></{prefix}property>'
        for n, (name, value) in enumerate(values.items(), 1)
    )
    return xml[: end.start()] + ours + xml[end.start() :]
