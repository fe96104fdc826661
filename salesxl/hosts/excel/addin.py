"""``salesxl.xlam``, made from the add-in template of the installed xlwings.

xlwings' VBA loads a DLL named by its version, so the file is made where it is used and made
again when xlwings changes. Kept of the template (BSD): the modules ``xlwings`` and
``Dictionary`` with their notices, styles and theme. Ours: the function wrappers, the
ribbon, the texts, an own project GUID. There is no settings sheet: an empty one would
override the user's settings file. Built to the formats, not yet run in Excel.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from salesxl import __version__
from salesxl.errors import fail
from salesxl.hosts.excel.machine import Machine, ThisMachine
from salesxl.hosts.excel.project_build import (
    PROJECT_PART,
    Recipe,
    Template,
    find_template,
    make_project,
)
from salesxl.hosts.excel.ribbon import ribbon_xml
from salesxl.hosts.excel.texts_sheet import SHEET, sheet_xml

GUID: Final = "{6B0C2A3E-94D1-4E57-A1F8-3D5E7C09B2A4}"
TEMPLATE: Final = "quickstart_addin_ribbon.xlam"
_TEMPLATE_RIBBON: Final = "RibbonMyAddin"
_CREATED: Final = "2025-01-01T00:00:00Z"  # fixed, so that one version makes one file
_ZIP_TIME: Final = (2025, 1, 1, 0, 0, 0)
_MARK: Final = re.compile(r"salesxl (\S+), xlwings ([^\s<]+)")

_WORKBOOK: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<workbookPr codeName="{code_name}"/>'
    '<bookViews><workbookView visibility="hidden"/></bookViews>'
    '<sheets><sheet name="{sheet}" sheetId="2" r:id="{relation}"/></sheets></workbook>'
)
_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    "<cp:coreProperties"
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>SalesXL</dc:title><dc:creator>salesxl</dc:creator>"
    "<cp:keywords>{mark}</cp:keywords>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created></cp:coreProperties>'
)


@dataclass(frozen=True)
class Built:
    """The versions an add-in was made from."""

    salesxl: str
    xlwings: str


def build(machine: Machine | None = None) -> bytes:
    """The add-in for the xlwings installed here. SalesxlError says what is missing."""
    machine = machine or ThisMachine()
    template = find_template(machine, TEMPLATE)
    try:
        return _assemble(template)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        place, version = str(template.path), template.version
        raise fail("excel.template_changed", place, version=version, cause=error) from error


def read_mark(path: Path) -> Built | None:
    """What the add-in at `path` was made from; None if it is none of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = _MARK.search(archive.read("docProps/core.xml").decode("utf-8"))
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        return None
    return Built(found[1], found[2]) if found else None


def mark(version: str) -> str:
    """What a file made of ours and xlwings' `version` says of itself."""
    return f"salesxl {__version__}, xlwings {version}"


def _assemble(template: Template) -> bytes:
    with zipfile.ZipFile(template.path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    workbook = parts["xl/workbook.xml"].decode()
    relation = _one(r'<sheet [^>]*r:id="([^"]+)"', workbook)
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts[PROJECT_PART] = make_project(template, Recipe(GUID, True, _TEMPLATE_RIBBON))
    parts["xl/workbook.xml"] = _WORKBOOK.format(
        code_name=_one(r'<workbookPr [^>]*codeName="([^"]+)"', workbook),
        sheet=SHEET,
        relation=relation,
    ).encode()
    parts["xl/worksheets/sheet1.xml"] = sheet_xml(_one(r'<sheetPr codeName="([^"]+)"', sheet))
    said = escape(mark(template.version))
    parts["docProps/core.xml"] = _CORE.format(mark=said, created=_CREATED).encode()
    _swap_ribbon(parts)
    _drop_strings(parts)
    return pack(parts)


def _swap_ribbon(parts: dict[str, bytes]) -> None:
    """Our customUI14 in place of the template's, under the relationship it has."""
    del parts["customUI/customUI.xml"]
    parts["customUI/customUI14.xml"] = ribbon_xml().encode()
    relations = parts["_rels/.rels"].decode()
    old, new = 'Target="customUI/customUI.xml"', 'Target="customUI/customUI14.xml"'
    if relations.count(old) != 1:
        raise ValueError("its ribbon is not related as expected")
    parts["_rels/.rels"] = relations.replace(old, new).encode()


def _drop_strings(parts: dict[str, bytes]) -> None:
    """The shared strings of the settings sheet, which is gone."""
    del parts["xl/sharedStrings.xml"]
    for part, element in (
        ("xl/_rels/workbook.xml.rels", r'<Relationship [^>]*Target="sharedStrings\.xml"[^>]*/>'),
        ("[Content_Types].xml", r'<Override [^>]*PartName="/xl/sharedStrings\.xml"[^>]*/>'),
    ):
        text, count = re.subn(element, "", parts[part].decode())
        if count != 1:
            raise ValueError(f"{part} names its strings {count} times")
        parts[part] = text.encode()


def _one(pattern: str, source: str) -> str:
    found = re.search(pattern, source)
    if found is None:
        raise ValueError(f"nothing like {pattern} in it")
    return found[1]


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The package as a file; the same parts, the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda part: (part != "[Content_Types].xml", part)):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), parts[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()
