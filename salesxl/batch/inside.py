"""Every text in a workbook's package, wherever it may hide.

Cells, shared strings, the memory of charts and pivots, comments, names, properties, custom
XML, text boxes, attributes, XML comments, part names and readable runs in binary parts.
Numbers are left out: an amount is no customer.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat

from salesxl.errors import SalesxlError, fail
from salesxl.opc.package import BAD_PART, check_archive

_XML = (".xml", ".rels", ".vml")
# Elements whose text in all runs is one text.
_WHOLE = {"si", "is", "p", "text"}
# Of a formula its texts and sheet names are searched: C1042 is a cell there, no customer.
_FORMULAS = {"f", "definedName", "formula", "formula1", "formula2", "sqref", "ref", "FmlaMacro"}
_QUOTED = re.compile(r'"((?:[^"]|"")*)"|\'((?:[^\']|\'\')*)\'')
# Attributes of cells and rows that hold places and numbers of styles alone.
_PLACES = {"r", "s", "t", "spans", "ht", "style", "xfId", "numFmtId", "fontId", "fillId",
           "borderId", "ref", "sqref", "activeCell", "topLeftCell", "idx", "rgb", "uid",
           "uri", "min", "max", "width"}  # fmt: skip
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bmp", ".tif", ".tiff")
_READABLE = re.compile(rb"[\x20-\x7e\x80-\xff]{4,}")
_READABLE_WIDE = re.compile(rb"(?:[\x20-\xff][\x00-\xff]){4,}")
_NUMBER = re.compile(r"[-+]?[\d.,\s]*(?:[eE][-+]?\d+)?%?")


def texts_in(data: bytes, file: str) -> Iterator[tuple[str, str]]:
    """(part, text) of the package `data`. `SalesxlError` where a part cannot be read."""
    with check_archive(io.BytesIO(data), file) as archive:
        if archive.comment:
            yield "(zip)", archive.comment.decode("utf-8", "replace")
        for info in archive.infolist():
            yield info.filename, info.filename
            if info.extra or info.comment:
                extra = (info.extra + b" " + info.comment).decode("latin-1")
                yield info.filename, extra
            if info.filename.lower().endswith(_PICTURES):
                continue
            try:
                content = archive.read(info)
            except BAD_PART as error:
                raise fail("plan.file_damaged", file, part=info.filename) from error
            for said in _texts(content, info):
                yield info.filename, said


def _texts(content: bytes, info: zipfile.ZipInfo) -> Iterator[str]:
    if not info.filename.lower().endswith(_XML) and content.lstrip()[:1] != b"<":
        yield from _binary(content)
        return
    reader = _Reader(info.filename)
    try:
        reader.parse(content)
    except (expat.ExpatError, SalesxlError):
        # VML of old programs is not always XML: its characters are searched all the same.
        yield from _binary(content)
    yield from reader.found


def _binary(content: bytes) -> Iterator[str]:
    for run in _READABLE.findall(content):
        yield run.decode("utf-8", "replace")
    for run in _READABLE_WIDE.findall(content):
        yield run.decode("utf-16-le", "ignore")


class _Reader:
    """Collects the distinct texts of one XML part."""

    def __init__(self, part: str) -> None:
        self.found: set[str] = set()
        self.stack: list[tuple[str, list[str]]] = []
        self.number = False  # in a cell or a cache that holds a number or an index
        self.is_sheet = "/worksheets/" in part

    def parse(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.said
        parser.CommentHandler = self.add
        parser.ProcessingInstructionHandler = lambda target, data: self.add(data)
        parser.StartDoctypeDeclHandler = self.doctype
        parser.buffer_text = True
        parser.Parse(content, True)

    def doctype(self, *_: Any) -> None:
        raise fail("plan.file_unsafe_xml", "", part="")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c" and self.is_sheet:
            self.number = attributes.get("t", "n") not in ("str", "inlineStr", "d")
            return
        if name in ("numCache", "numLit"):
            self.number = True
        for key, value in attributes.items():
            if key.rpartition(" ")[2] not in _PLACES:
                self.add(value)
                if "%" in value:
                    self.add(unquote(value))
        self.stack.append((name, []))

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c" and self.is_sheet:
            self.number = False
            return
        if name in ("numCache", "numLit"):
            self.number = False
        _, parts = self.stack.pop()
        joined = "".join(parts)
        if not joined:
            return
        if name in _FORMULAS:
            for double, single in _QUOTED.findall(joined):
                self.add(double or single)
        elif not (self.number and name in ("v", "formatCode")):
            self.add(joined)
        # A text in several runs is one text for whoever reads it.
        if name not in _WHOLE and self.stack and any(n in _WHOLE for n, _ in self.stack):
            self.stack[-1][1].append(joined)

    def said(self, data: str) -> None:
        if self.stack:
            self.stack[-1][1].append(data)

    def add(self, said: str) -> None:
        if (said and not _NUMBER.fullmatch(said.strip())) or _digits(said):
            self.found.add(said)


def _digits(said: str) -> bool:
    """An order number: digits alone, too many for a place or a count."""
    return said.strip().isdigit() and len(said.strip()) >= 5
