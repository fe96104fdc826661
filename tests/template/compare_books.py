"""Two workbooks part by part: what differs in content, never in numbering."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SKIPPED = {"xl/sharedStrings.xml", "xl/styles.xml"}
# Hints of one writer that mean nothing for what is shown.
ROW_NOISE = {"spans", "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac}dyDescent"}


def differences(first: bytes, second: bytes) -> list[str]:
    """What is not the same: cells with their formats, and every other part's text."""
    one, two = _Book(first), _Book(second)
    if one.parts.keys() != two.parts.keys():
        return [f"parts: {sorted(one.parts.keys() ^ two.parts.keys())}"]
    found: list[str] = []
    for name in one.parts:
        if name in SKIPPED:
            continue
        if name.startswith("xl/worksheets/sheet"):
            found += [f"{name} {line}" for line in _sheets(one, two, name)]
        elif one.parts[name] != two.parts[name] and one.tree(name) != two.tree(name):
            found.append(f"{name} differs")
    return found


class _Book:
    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            assert archive.testzip() is None
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        strings = ElementTree.fromstring(self.parts["xl/sharedStrings.xml"])
        self.strings = ["".join(t.text or "" for t in si.iter(f"{MAIN}t")) for si in strings]
        styles = ElementTree.fromstring(self.parts["xl/styles.xml"])
        self.kinds = {
            kind: list(styles.find(f"{MAIN}{kind}")) for kind in ("fonts", "fills", "borders")
        }
        codes = {e.get("numFmtId"): e.get("formatCode") for e in styles.iter(f"{MAIN}numFmt")}
        self.formats = [self._format(xf, codes) for xf in styles.find(f"{MAIN}cellXfs")]
        dxfs = styles.find(f"{MAIN}dxfs")
        self.dxfs = [ElementTree.tostring(e) for e in dxfs]

    def _format(self, xf: ElementTree.Element, codes: dict[str, str]) -> tuple[object, ...]:
        shown = [codes.get(xf.get("numFmtId"), xf.get("numFmtId"))]
        for kind, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            shown.append(ElementTree.tostring(self.kinds[kind][int(xf.get(key))]))
        return (*shown, *(ElementTree.tostring(child) for child in xf))

    def tree(self, name: str) -> bytes:
        return ElementTree.tostring(self._plain(ElementTree.fromstring(self.parts[name])))

    def _plain(self, root: ElementTree.Element) -> ElementTree.Element:
        """Numbers of differential formats give way to the formats themselves."""
        for element in root.iter():
            for key in ("dxfId", "dataDxfId"):
                if element.get(key) is not None:
                    element.set(key, self.dxfs[int(element.get(key))].hex())
            if element.tag.startswith(MAIN):
                element.attrib.pop("count", None)  # how many children an element has
        return root

    def cells(self, root: ElementTree.Element) -> Iterator[tuple[str, object]]:
        for row in root.find(f"{MAIN}sheetData"):
            kept = sorted((k, v) for k, v in row.attrib.items() if k not in ROW_NOISE)
            yield f"row {row.get('r')}", kept
            for cell in row:
                value, formula = cell.findtext(f"{MAIN}v"), cell.findtext(f"{MAIN}f")
                kind = cell.get("t", "n")
                if kind == "s":
                    value = self.strings[int(value or 0)]
                elif kind == "n" and value is not None:
                    value = format(float(value), ".14g")  # one writer stores 16 digits, one 17
                look = self.formats[int(cell.get("s", "0"))]
                yield cell.get("r", ""), (kind, value, formula, look)

    def rest(self, name: str) -> dict[str, bytes]:
        root = self._plain(ElementTree.fromstring(self.parts[name]))
        for col in root.iter(f"{MAIN}col"):
            col.set("style", repr(self.formats[int(col.get("style", "0"))]))
        found: dict[str, bytes] = {}
        for child in root:
            if child.tag != f"{MAIN}sheetData":
                key = re.sub("{.*}", "", str(child.tag))
                found[key] = found.get(key, b"") + ElementTree.tostring(child)
        return found


def _sheets(one: _Book, two: _Book, name: str) -> Iterator[str]:
    first = dict(one.cells(ElementTree.fromstring(one.parts[name])))
    second = dict(two.cells(ElementTree.fromstring(two.parts[name])))
    for key in [*first, *(k for k in second if k not in first)]:
        if first.get(key) != second.get(key):
            yield f"{key}: {first.get(key)!r} | {second.get(key)!r}"
    rest, other = one.rest(name), two.rest(name)
    for key in [*rest, *(k for k in other if k not in rest)]:
        if rest.get(key) != other.get(key):
            yield f"<{key}> {rest.get(key)!r} | {other.get(key)!r}"[:600]
