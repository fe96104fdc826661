"""Files a template must never be: bombs, lies, tricks, wrecks. Built small and fast."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.template import rich

MIB = 2**20
SHEET = "xl/worksheets/sheet1.xml"
XML_PARTS = tuple(name for name in rich.parts() if name.endswith((".xml", ".rels", ".vml")))


class Raw(NamedTuple):
    """A member written as told, truthful or not. `at` points its listing to other bytes."""

    name: str
    packed: bytes
    size: int
    crc: int
    method: int = 8
    flags: int = 0
    local_name: str | None = None
    local_size: int | None = None
    packed_size: int | None = None


def member(name: str, data: bytes) -> Raw:
    """An honest member."""
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = squeeze.compress(data) + squeeze.flush()
    return Raw(name, packed, len(data), zlib.crc32(data))


def zipped(members: list[Raw], shared: bool = False) -> bytes:
    """A zip of `members`; with `shared` all of them lie at the first one's bytes."""
    body, listing = b"", b""
    for count, raw in enumerate(members):
        at = 0 if shared else len(body)
        name = raw.name.encode("utf-8")
        local = (raw.local_name or raw.name).encode("utf-8")
        packed_size = len(raw.packed) if raw.packed_size is None else raw.packed_size
        size = raw.size if raw.local_size is None else raw.local_size
        if not (shared and count):
            body += (
                struct.pack("<4s5H3L2H", b"PK\3\4", 20, raw.flags, raw.method, 0, 33, raw.crc,
                            packed_size, size, len(local), 0)
                + local + raw.packed
            )  # fmt: skip
        listing += (
            struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, raw.flags, raw.method, 0, 33, raw.crc,
                        packed_size, raw.size, len(name), 0, 0, 0, 0, 0, at)
            + name
        )  # fmt: skip
    count = len(members)
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(listing), len(body), 0
    )
    return body + listing + end


def flood(size: int, filler: bytes = b" ", before: bytes = b"", after: bytes = b"") -> Raw:
    """`size` bytes of filler between two texts, packed about 1,000 : 1, never held in memory."""
    block = filler * max(1, MIB // len(filler))
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = squeeze.compress(before) + squeeze.flush(zlib.Z_FULL_FLUSH)
    first = squeeze.compress(block) + squeeze.flush(zlib.Z_FULL_FLUSH)
    again = squeeze.compress(block) + squeeze.flush(zlib.Z_FULL_FLUSH)
    count = size // len(block)
    tail = squeeze.compress(after) + squeeze.flush()
    crc = zlib.crc32(before)
    for _ in range(count):
        crc = zlib.crc32(block, crc)
    packed = head + first + again * (count - 1) + tail
    return Raw("", packed, len(before) + len(block) * count + len(after), zlib.crc32(after, crc))


def dense(size: int, line: str, before: bytes, after: bytes, every: int) -> Raw:
    """As `flood`, of varied lines packed about 100 : 1: what a limit on ratios lets through.

    `line` has one ``{}`` for a number; a new one on each `every`-th line.
    """
    lines, total, seed = [], 0, 1
    while total < MIB:
        if not len(lines) % every:
            seed = seed * 48_271 % 0x7FFFFFFF
        lines.append(line.format(seed).encode())
        total += len(lines[-1])
    return flood(size, b"".join(lines), before, after)


def with_part(name: str, raw: Raw) -> bytes:
    """The rich template with one part replaced or added."""
    members = [member(part, data) for part, data in rich.parts().items() if part != name]
    return zipped([*members, raw._replace(name=name)])


def changed(name: str, change: Callable[[str], str]) -> bytes:
    return rich.build(replace={name: change})


def without(*names: str) -> bytes:
    parts = rich.parts()
    return rich.pack({name: data for name, data in parts.items() if name not in names})


def with_doctype(text: str, doctype: str, body: str = "") -> str:
    """A document type behind the XML declaration, `body` as text at the root's end."""
    cut = text.index("?>") + 2 if text.startswith("<?xml") else 0
    if body and "</" in text:  # else the root is empty: the document type must do
        at = text.rindex("</")
        text = text[:at] + body + text[at:]
    return text[:cut] + doctype + text[cut:]


LAUGHS = "<!DOCTYPE bomb [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY out SYSTEM 'file:///etc/hostname'>]>"
OUTSIDE_SUBSET = "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/evil.dtd'>"


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that unpack to something enormous, or to very many members."""
    sheet = rich.parts()[SHEET]
    cut = sheet.index(b"<sheetData>") + len(b"<sheetData>")
    yield "sheet of 1 GB", with_part(SHEET, flood(1024 * MIB, b" ", sheet[:cut], sheet[cut:]))
    yield "sheet of 300 MB", with_part(SHEET, flood(300 * MIB, b" ", sheet[:cut], sheet[cut:]))
    yield "picture of 1 GB", with_part("xl/media/image1.png", flood(1024 * MIB, b"\0"))
    yield "strings of 400 MB", with_part(
        "xl/sharedStrings.xml",
        flood(
            400 * MIB, b"<si><t/></si>" + b" " * 3,
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">', b"</sst>",
        ),
    )  # fmt: skip
    yield (
        "20,000 members",
        zipped(
            [member(n, d) for n, d in rich.parts().items()]
            + [member(f"xl/media/x{n}.bin", b"") for n in range(20_000)]
        ),
    )
    many = [flood(60 * MIB, b"\0")._replace(name=f"xl/media/x{n}.bin") for n in range(12)]
    yield "twelve of 60 MB", zipped([member(n, d) for n, d in rich.parts().items()] + many)
    body = flood(16 * MIB, b"\0")
    yield (
        "members that share bytes",
        zipped(
            [body._replace(name=f"xl/media/x{n}.bin", local_name="a") for n in range(500)],
            shared=True,
        ),
    )


def heavy() -> Iterator[tuple[str, bytes]]:
    """What a limit on ratios lets through: a megabyte of file, a hundred of cells or texts."""
    sheet, strings = rich.parts()[SHEET], rich.parts()["xl/sharedStrings.xml"]
    cut = sheet.index(b"<sheetData>") + len(b"<sheetData>")
    cells = "<c><v>{}</v></c>" + "<c><v>1</v></c>" * 15
    rows = dense(
        100 * MIB, f"<row>{cells}</row>", sheet[:cut], sheet[sheet.index(b"</sheetD") :], 6
    )
    yield "100 MB of cells", with_part(SHEET, rows)
    head = strings[: strings.index(b"<si>")]
    texts = dense(100 * MIB, "<si><t>{}</t></si>", head, b"</sst>", 60)
    yield "100 MB of strings", with_part("xl/sharedStrings.xml", texts)


def lies() -> Iterator[tuple[str, bytes]]:
    """Members that are not what their headers say."""
    data = rich.parts()[SHEET]
    honest = member(SHEET, data)
    big = flood(200 * MIB, b" ", data, b"")
    yield "says 100 bytes, unpacks to 200 MB", with_part(SHEET, big._replace(size=100))
    yield "says more than it holds", with_part(SHEET, honest._replace(size=honest.size + 10))
    yield "says less than it holds", with_part(SHEET, honest._replace(size=honest.size - 10))
    yield "wrong checksum", with_part(SHEET, honest._replace(crc=honest.crc ^ 1))
    yield "packed size beyond the file", with_part(SHEET, honest._replace(packed_size=10**9))
    yield "not deflated", with_part(SHEET, honest._replace(packed=b"\xff" * 50))
    yield "unknown method", with_part(SHEET, honest._replace(method=99))
    yield "two billion bytes said", with_part(SHEET, honest._replace(size=2**31))


def tricks() -> Iterator[tuple[str, bytes]]:
    """Names that would leave the package, or hide one part behind another."""
    extra = member("", b"<x/>")
    yield "climbs out", with_part("../evil.xml", extra)
    yield "climbs out inside", with_part("xl/../../evil.xml", extra)
    yield "absolute", with_part("/etc/evil.xml", extra)
    yield "drive", with_part("C:/evil.xml", extra)
    yield "backslash", with_part("xl\\..\\evil.xml", extra)
    parts = [member(n, d) for n, d in rich.parts().items()]
    yield "a member twice", zipped([*parts, member(SHEET, b"<worksheet/>")])
    yield "twice but for case", zipped([*parts, member(SHEET.upper(), b"<worksheet/>")])


def wrecks() -> Iterator[tuple[str, bytes]]:
    """Not a workbook, or not all of one."""
    whole = rich.build()
    yield "empty", b""
    yield "text", b"region,amount\nNorth,12\n"
    yield "html", b"<html><table><tr><td>1</td></tr></table></html>"
    for share in (0.001, 0.05, 0.3, 0.7, 0.95, 0.999):
        yield f"cut at {share:.1%}", whole[: int(len(whole) * share)]
    yield "middle overwritten", whole[:3000] + bytes(2000) + whole[5000:]
    yield "zip without members", zipped([])
    yield "zip of pictures", rich.pack({"a.png": rich.picture()})
    for name in (
        "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "xl/tables/table1.xml",
        "xl/drawings/drawing1.xml", "xl/comments1.xml",
        "xl/pivotCache/pivotCacheDefinition1.xml",
    ):  # fmt: skip
        yield f"without {name}", without(name)
    for name in (
        "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "xl/tables/table1.xml",
        "xl/worksheets/_rels/sheet1.xml.rels", "xl/charts/chart1.xml", "xl/charts/chartEx1.xml",
        "xl/drawings/drawing1.xml", "xl/comments1.xml", "docProps/core.xml", "docProps/app.xml",
        "xl/pivotCache/pivotCacheDefinition1.xml", "xl/threadedComments/threadedComment1.xml",
    ):  # fmt: skip
        yield f"half of {name}", changed(name, lambda text: text[: len(text) // 2])
    yield "sheet is binary", changed(SHEET, lambda text: "\x00\x01\x02" * 100)
    yield "foreign ODS", _ods()
    yield "a document of another program", _document()
    yield "old .xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
    yield "encrypted", _encrypted(whole)
    honest = [member(n, d) for n, d in rich.parts().items()]
    yield "zip with a password", zipped([one._replace(flags=1) for one in honest])


def doctypes() -> Iterator[tuple[str, bytes]]:
    """Every XML part once with entities that explode; some with entities from outside."""
    for name in XML_PARTS:
        yield (
            f"laughs in {name}",
            changed(name, lambda text: with_doctype(text, LAUGHS, "&a11;")),
        )
    for name in ("xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "docProps/core.xml"):
        yield f"file in {name}", changed(name, lambda t: with_doctype(t, OUTSIDE, "&out;"))
        yield f"address in {name}", changed(name, lambda t: with_doctype(t, OUTSIDE_SUBSET))


def _ods() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", "<office/>")
    return target.getvalue()


def _document() -> bytes:
    """A text document: the same packaging, nothing of a workbook in it."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    return rich.pack({
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations.encode(),
        "word/document.xml": body.encode(),
    })  # fmt: skip


def _encrypted(whole: bytes) -> bytes:
    import msoffcrypto.format.ooxml

    target = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(whole)).encrypt("secret", target)
    return target.getvalue()


def oddities() -> Iterator[tuple[str, bytes]]:
    """Numbers and names out of bounds: refused or borne, as the engine likes."""
    tries: list[tuple[str, str, str, str]] = [
        ("row number beyond", SHEET, '<row r="19"', '<row r="99999999"'),
        ("row number twice", SHEET, '<row r="19"', '<row r="18"'),
        ("row number is text", SHEET, '<row r="19"', '<row r="many"'),
        ("column beyond", SHEET, '<c r="A19"', '<c r="ZZZZ19"'),
        ("cell in a foreign row", SHEET, '<c r="A19"', '<c r="A3"'),
        ("cell without a place", SHEET, '<c r="A19"', "<c"),
        ("string number beyond", SHEET, '<c r="A2" t="s"><v>0<', '<c r="A2" t="s"><v>9999999<'),
        ("string number below", SHEET, '<c r="A2" t="s"><v>0<', '<c r="A2" t="s"><v>-5<'),
        ("string number is text", SHEET, '<c r="A2" t="s"><v>0<', '<c r="A2" t="s"><v>x<'),
        ("style number beyond", SHEET, '<c r="A19" s="8"', '<c r="A19" s="99999"'),
        ("style is text", SHEET, '<c r="A19" s="8"', '<c r="A19" s="bold"'),
        ("merge of all", SHEET, '"A16:F16"', '"A1:XFD1048576"'),
        ("merge of nonsense", SHEET, '"A16:F16"', '"so:what"'),
        ("empty rule area", SHEET, 'sqref="A17"', 'sqref=""'),
        ("many areas", SHEET, 'sqref="A17"', 'sqref="' + "A17 " * 60_000 + '"'),
        ("broken formula", SHEET, "<f>SUM(B17:C17)</f>", "<f>SUM((((B17:</f>"),
        ("formula of brackets", SHEET, "<f>SUM(B17:C17)</f>",
         f"<f>{'(' * 100_000}1{')' * 100_000}</f>"),
        ("formula of quotes", SHEET, "<f>SUM(B17:C17)</f>", f"<f>{chr(39) * 99_999}</f>"),
        ("formula of commas", SHEET, "<f>SUM(B17:C17)</f>", f"<f>SUM({'A1,' * 200_000}A1)</f>"),
        ("table elsewhere", "xl/tables/table1.xml", 'ref="A10:F14"', 'ref="A1:ZZZ99999999"'),
        ("table upside down", "xl/tables/table1.xml", 'ref="A10:F14"', 'ref="F14:A10"'),
        ("table of columns it lacks", "xl/tables/table1.xml", 'ref="A10:F14"', 'ref="A10:C14"'),
        ("sheet name twice", "xl/workbook.xml", 'name="Optional"', 'name="REPORT"'),
        ("name of nonsense", "xl/workbook.xml", ">People!$B$2<", ">=1+(<"),
        ("name of a lost sheet", "xl/workbook.xml", ">People!$B$2<", ">Gone!$B$2<"),
        ("name of itself", "xl/workbook.xml", ">People!$B$2<", ">manager<"),
        ("list over all rows", "xl/workbook.xml", "People!$A$6:$E$8", "People!$A$1:$XFD$1048576"),
        ("block over all rows", "xl/workbook.xml", "Cards!$4:$10", "Cards!$1:$1048576"),
        ("relation to nothing", "xl/worksheets/_rels/sheet1.xml.rels",
         "../tables/table1.xml", "../tables/table9.xml"),
        ("relation out of the package", "xl/worksheets/_rels/sheet1.xml.rels",
         "../tables/table1.xml", "../../../../etc/passwd"),
        ("relation to itself", "xl/worksheets/_rels/sheet1.xml.rels",
         "../tables/table1.xml", "sheet1.xml"),
        ("two sheets, one part", "xl/_rels/workbook.xml.rels", "sheet7.xml", "sheet1.xml"),
        ("chart of nonsense", "xl/charts/chart1.xml", "<c:f>Report!$A$1</c:f>", "<c:f>((</c:f>"),
        ("comment nowhere", "xl/comments1.xml", 'ref="A16"', 'ref="nowhere"'),
        ("anchor below", "xl/drawings/drawing1.xml", "<xdr:row>15<", "<xdr:row>-15<"),
        ("anchor of text", "xl/drawings/drawing1.xml", "<xdr:row>15<", "<xdr:row>x<"),
        ("pivot source lost", "xl/pivotCache/pivotCacheDefinition1.xml",
         'ref="A10:F13"', 'ref="##"'),
        ("array over all", "xl/worksheets/sheet4.xml", 'ref="F4:F6"', 'ref="A1:XFD1048576"'),
    ]  # fmt: skip
    for name, part, old, new in tries:
        yield name, changed(part, lambda text, old=old, new=new: text.replace(old, new, 1))
    odd = member(SHEET, rich.parts()[SHEET])._replace(local_name="xl/evil.xml")
    yield "another name in front", with_part(SHEET, odd)
    parts = rich.parts()
    deep = parts[SHEET].decode().replace("<extLst>", "<extLst>" + "<a>" * 100_000, 1)
    yield "deep", rich.pack({**parts, SHEET: deep.encode()})
    deep = deep.replace("</extLst>", "</a>" * 100_000 + "</extLst>", 1)
    yield "deep and closed", rich.pack({**parts, SHEET: deep.encode()})
    wide = parts["xl/workbook.xml"].decode()
    names = "".join(
        f"<definedName name='n{n}'>Report!$A${n + 1}</definedName>" for n in range(9999)
    )
    wide = wide.replace("<definedNames>", "<definedNames>" + names)
    yield "ten thousand names", rich.pack({**parts, "xl/workbook.xml": wide.encode()})
    sheet = parts[SHEET].decode()
    utf16 = sheet.replace("UTF-8", "UTF-16").encode("utf-16")
    yield "UTF-16", rich.pack({**parts, SHEET: utf16})
    yield "says UTF-16, is UTF-8", changed(SHEET, lambda t: t.replace("UTF-8", "UTF-16", 1))
    yield "unknown encoding", changed(SHEET, lambda t: t.replace("UTF-8", "KLINGON", 1))
    yield "not UTF-8", rich.pack({**parts, SHEET: parts[SHEET].replace(b"KeepLink", b"\xff\xfe")})
