"""Values for formulas of a person's own: LibreOffice computes, our package keeps its form.

LibreOffice's own save is read for values and thrown away; it would lose what a template
holds. Only ``<v>`` elements are put in.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from salesxl.errors import fail
from salesxl.ooxml.pour.cells import quote
from salesxl.ooxml.template.deflate import Packing, pack
from salesxl.ooxml.template.locate import Element, edited, elements
from salesxl.ooxml.template.package import RawPackage, read_package, write_package

SECONDS = 300  # what LibreOffice may take for one workbook
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_KINDS = {"s": "str", "inlineStr": "str", "str": "str", "b": "b", "e": "e"}


def program() -> str | None:
    """LibreOffice on this machine."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def recalculated(data: bytes, packing: Packing = "fast") -> bytes:
    """`data` with a value in every formula cell that had none.

    Raises `SalesxlError` when LibreOffice is missing or cannot read the workbook. A file
    without such cells comes back as it is.
    """
    package = read_package(data)
    sheets = _sheets(package)
    empty = {part: _without_value(package.data(part)) for part in sheets.values()}
    if not any(empty.values()):
        return data
    other = read_package(_converted(data))
    found = _sheets(other)
    members = dict(package.members)
    for title, part in sheets.items():
        if empty[part] and title in found:
            values = _values(other.data(found[title]), set(empty[part]))
            members[part] = pack(part, _put(package.data(part), empty[part], values), packing)
    return write_package(members.values())


def _sheets(package: RawPackage) -> dict[str, str]:
    workbook = next(o.target for o in package.relations("") if o.kind == "officeDocument")
    targets = {one.id: one for one in package.relations(workbook)}
    found = {}
    for one in elements(package.data(workbook), {"sheet"}):
        identity = next((v for k, v in one.attributes.items() if k.endswith(":id")), "")
        if identity in targets and targets[identity].kind == "worksheet":
            found[one.attributes["name"]] = targets[identity].target
    return found


def _without_value(data: bytes) -> dict[str, Element]:
    """Formula cells without a value: place → cell."""
    cell: Element | None = None
    found: dict[str, Element] = {}
    for one in elements(data, {"c", "f", "v"}):
        if one.tag == "c":
            cell = one
        elif cell is not None and one.path[-1] == "c":
            place = cell.attributes.get("r", "")
            if one.tag == "f":
                found[place] = cell
            else:
                found.pop(place, None)
    return found


def _values(data: bytes, places: set[str]) -> dict[str, tuple[str, bytes]]:
    """Place → (type, value as written) of the formula cells wanted."""
    found: dict[str, tuple[str, bytes]] = {}
    cell: Element | None = None
    for one in elements(data, {"c", "v"}):
        if one.tag == "c":
            cell = one
        elif cell is not None and cell.attributes.get("r") in places:
            kind = cell.attributes.get("t", "n")
            if kind != "s":  # a formula's text is never a shared string
                found[cell.attributes["r"]] = (kind, data[one.inner_start : one.inner_end])
    return found


def _put(data: bytes, cells: dict[str, Element], values: dict[str, tuple[str, bytes]]) -> bytes:
    edits = []
    for place, cell in cells.items():
        if place not in values:
            continue
        kind, value = values[place]
        attributes = {k: v for k, v in cell.attributes.items() if k != "t"}
        if kind in _KINDS:
            attributes["t"] = _KINDS[kind]
        said = "".join(f' {name}="{quote(text)}"' for name, text in attributes.items())
        start = f"<{cell.prefix}c{said}>".encode()
        made = f"<{cell.prefix}v>".encode() + value + f"</{cell.prefix}v>".encode()
        edits.append((cell.start, cell.inner_start, start))
        edits.append((cell.inner_end, cell.inner_end, made))
    return edited(data, edits)


def _converted(data: bytes) -> bytes:
    office = program()
    if office is None:
        raise fail("template.no_libreoffice")
    with tempfile.TemporaryDirectory(prefix="salesxl-") as folder:
        work = Path(folder)
        user = work / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        (work / "book.xlsx").write_bytes(data)
        command = [
            office, f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless",
            "--norestore", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
            "--outdir", str(work / "out"), str(work / "book.xlsx"),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
            return (work / "out" / "book.xlsx").read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = re.sub(r"\s+", " ", str(error))[:200]
            raise fail("template.recalculation_failed", message=reason) from error
