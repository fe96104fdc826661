"""A template with everything openpyxl loses, built from the XML in `parts/`.

`parts/` is a workbook unpacked, indented for the reader; `build` takes the indentation
out, adds the binary parts and packs it. Words are planted in it for the leak tests:
`Leak…` stands for another region's data (it must go), `Keep…` for the template's own
captions (they must stay). Which place is which, and why, is told in `test_no_leak.py`.

>>> data = build()                      # .xlsx
>>> data = build(macros=True)           # .xlsm with a real VBA project
>>> data = build(indented=True)         # as some writers do: white space between tags
>>> data = prefixed(build())            # as others do: every element with a prefix
>>> data = build(replace={"xl/workbook.xml": lambda text: text.replace("Sales", "Orders")})
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

PARTS = Path(__file__).resolve().parent / "parts"
_INDENT = re.compile(r">\s*\n\s*<")
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_VBA_OVERRIDE = (
    '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
)
_VBA_RELATION = (
    '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/'
    'vbaProject" Target="vbaProject.bin"/>'
)
_SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BARE_TAG = re.compile(r"<(/?)([a-zA-Z]\w*)(?=[\s/>])")
PRINTER_SETTINGS = "xl/printerSettings/printerSettings1.bin"
PRINTER_NAME = "LeakPrinter"


def build(
    *,
    macros: bool = False,
    indented: bool = False,
    replace: Mapping[str, Callable[[str], str]] | None = None,
) -> bytes:
    """The template as the bytes of an .xlsx, or of an .xlsm with `macros`."""
    members = parts(indented=indented)
    if macros:
        _add_macros(members)
    for name, change in (replace or {}).items():
        before = members[name].decode()
        after = change(before)
        assert after != before, f"nothing to change in {name}"
        members[name] = after.encode()
    return pack(members)


def parts(*, indented: bool = False) -> dict[str, bytes]:
    """Part name → content; `[Content_Types].xml` first, as the format asks."""
    files = sorted(path for path in PARTS.rglob("*") if path.is_file())
    found = {path.relative_to(PARTS).as_posix(): path.read_bytes() for path in files}
    if not indented:
        found = {name: _INDENT.sub("><", data.decode()).encode() for name, data in found.items()}
    found["xl/media/image1.png"] = picture()
    found[PRINTER_SETTINGS] = printer_settings(PRINTER_NAME)
    return {name: found[name] for name in sorted(found, key=lambda name: (name[0] != "[", name))}


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip of the parts as Excel writes it: deflated, dated 1980."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Part name → content of a made workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names)), "a member twice"
        return {name: archive.read(name) for name in names}


def prefixed(data: bytes) -> bytes:
    """A workbook whose spreadsheet elements all have the prefix ``x:``, as some writers do."""
    members = unpack(data)
    for name, content in members.items():
        text = content.decode() if name.endswith(".xml") else ""
        # Only parts whose bare tags are all of that namespace.
        if _SPREADSHEET in text and text.count(" xmlns=") == 1:
            text = _BARE_TAG.sub(r"<\1x:\2", text)
            members[name] = text.replace(_SPREADSHEET, _SPREADSHEET.replace("=", ":x=", 1)).encode()
    return pack(members)


def vba_project() -> bytes:
    """A VBA project Excel wrote: the one in xlwings' own quickstart workbook."""
    import xlwings

    source = Path(xlwings.__file__).parent / "quickstart_standalone.xlsm"
    with zipfile.ZipFile(source) as archive:
        return archive.read("xl/vbaProject.bin")


def _add_macros(members: dict[str, bytes]) -> None:
    types = members["[Content_Types].xml"].decode()
    types = types.replace(_MAIN, _MACRO_MAIN).replace("</Types>", _VBA_OVERRIDE + "</Types>")
    members["[Content_Types].xml"] = types.encode()
    relations = members["xl/_rels/workbook.xml.rels"].decode()
    relations = relations.replace("</Relationships>", _VBA_RELATION + "</Relationships>")
    members["xl/_rels/workbook.xml.rels"] = relations.encode()
    members["xl/vbaProject.bin"] = vba_project()


def picture() -> bytes:
    """A PNG of 8 × 8 grey points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    points = b"".join(b"\0" + bytes(range(0, 128, 16)) for _ in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(points))
        + chunk(b"IEND", b"")
    )


def printer_settings(device: str) -> bytes:
    """A Windows DEVMODEW: the printer's name, then how the page is printed.

    Layout: https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-devmodew
    """
    name = device.encode("utf-16-le").ljust(64, b"\0")
    # version, driver version, size, extra, fields, orientation, paper (A4)
    fixed = struct.pack("<HHHHIhh", 0x0401, 0x0600, 220, 0, 0x0003, 2, 9)
    return (name + fixed).ljust(220, b"\0")
