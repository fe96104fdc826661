"""What a template must not carry to another reader, taken out once when it is compiled.

Values that something recalculates (pivot caches, links' caches), who made and printed
the file and where it lay, and histories. Captions, rules and settings stay.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from salesxl.errors import fail
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.locate import Element, attribute, edited, elements
from salesxl.ooxml.template.places import area_of

Edit = tuple[int, int, bytes]

# Relationships whose parts are left out whole.
_LEFT_OUT = frozenset({
    "calcChain", "thumbnail", "revisionHeaders", "revisionLog",
    "usernames", "volatileDependencies",
})  # fmt: skip
# Of the file's properties these say nothing of who made it, or where.
_PROPERTIES = frozenset({
    "Application", "AppVersion", "DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc",
    "HyperlinksChanged", "HyperlinkBase",
})  # fmt: skip
_EMPTIED = frozenset({"core-properties", "custom-properties"})
_APP = "extended-properties"
_CAPTIONED = frozenset({"pivotTableDefinition", "pivotField", "dataField"})
_CAPTIONS = ("rowHeaderCaption", "colHeaderCaption", "dataCaption", "grandTotalCaption", "name")
_DEVICE = 64  # bytes of a printer's name at the start of Windows' print settings
_SIZES = struct.Struct("<2H")  # … whose own size and the driver's stand at 68


@dataclass
class Pivots:
    """The areas that pivot tables fill, by the part of their sheet, and their captions."""

    areas: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    captions: set[str] = field(default_factory=set)


def prune_package(draft: Draft, workbook: str) -> Pivots:
    """Prune the parts of a template; what is to be cleared in its sheets."""
    for owner in ("", workbook):
        for one in draft.relations(owner):
            if one.kind in _LEFT_OUT and not one.external:
                draft.drop(one.target)
            elif one.kind == "powerPivotData":
                raise fail("fill.data_model", draft.package.file)
            elif one.kind in _EMPTIED and one.target in draft:
                draft.put(one.target, _without_children(draft.read(one.target), frozenset()))
            elif one.kind == _APP and one.target in draft:
                draft.put(one.target, _without_children(draft.read(one.target), _PROPERTIES))
            elif one.kind == "externalLink" and one.target in draft:
                draft.put(one.target, _without_link_cache(draft.read(one.target)))
            elif one.kind == "slicerCache" and one.target in draft:
                draft.put(one.target, _without_slicer_items(draft.read(one.target)))
            elif one.kind == "pivotCacheDefinition" and one.target in draft:
                _empty_cache(draft, one.target)
    draft.put(workbook, _without_traces(draft.read(workbook)))
    pivots = Pivots()
    for sheet in draft.relations(workbook):
        if sheet.external or sheet.target not in draft:
            continue
        for one in draft.relations(sheet.target):
            if one.kind == "pivotTable" and one.target in draft:
                data, area = _empty_pivot(draft.read(one.target), pivots.captions)
                draft.put(one.target, data)
                pivots.areas.setdefault(sheet.target, []).append(area)
            elif one.kind == "printerSettings" and one.target in draft:
                draft.put(one.target, _no_printer(draft.read(one.target)))
    return pivots


def _without_children(data: bytes, keep: frozenset[str]) -> bytes:
    return edited(
        data,
        [
            (one.start, one.end, b"")
            for one in elements(data, None)
            if len(one.path) == 1 and one.tag not in keep
        ],
    )


def _cut(data: bytes, tags: set[str], keep: Callable[[Element], bool] | None = None) -> bytes:
    """`data` without these elements (outermost only)."""
    edits: list[Edit] = []
    behind = 0
    for one in elements(data, tags):
        if one.start >= behind and not (keep and keep(one)):
            edits.append((one.start, one.end, b""))
            behind = one.end
    return edited(data, edits)


def _without_link_cache(data: bytes) -> bytes:
    """An external link keeps its sheets' names, for formulas, and loses their cells."""
    data = edited(data, list(_emptied(data, {"sheetData"})))
    return _cut(data, {"values"}, lambda one: "ddeItem" not in one.path)


def _emptied(data: bytes, tags: set[str]) -> Iterator[Edit]:
    for one in elements(data, tags):
        if not one.empty:
            yield one.inner_start, one.inner_end, b""


def _without_slicer_items(data: bytes) -> bytes:
    """Items that point into a pivot's cache go with what they point at."""
    return _cut(data, {"items"}, lambda one: "tabular" not in one.path)


def _without_traces(data: bytes) -> bytes:
    """``workbook.xml`` without the folder it lay in and who wrote or reserved it."""
    paths = [one.start for one in elements(data, {"absPath"})]
    edits: list[Edit] = []
    for one in elements(data, {"AlternateContent", "absPath", "fileSharing"}):
        if one.tag == "fileSharing":
            kept = {k: v for k, v in one.attributes.items() if k != "userName"}
            edits.append((one.start, one.end, _tag(one, kept, "/")))
        elif "AlternateContent" not in one.path and any(one.start <= p < one.end for p in paths):
            edits.append((one.start, one.end, b""))
    return edited(data, edits)


def _tag(one: Element, attributes: dict[str, str], close: str = "") -> bytes:
    made = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{one.prefix}{one.tag}{made}{close}>".encode()


def _empty_cache(draft: Draft, part: str) -> None:
    """A pivot's cache without records and items, to be read anew on opening."""
    data = draft.read(part)
    edits: list[Edit] = []
    records = [one.target for one in draft.relations(part) if one.kind == "pivotCacheRecords"]
    behind = 0
    for one in elements(data, {"pivotCacheDefinition", "sharedItems", "fieldGroup"}):
        if one.start < behind:
            continue
        if one.tag == "pivotCacheDefinition":
            gone = {"refreshedBy", "refreshedDate", "refreshedDateIso", "recordCount", "invalid"}
            kept = {k: v for k, v in one.attributes.items() if k not in gone}
            edits.append((one.start, one.inner_start, _tag(one, {**kept, "refreshOnLoad": "1"})))
        elif one.tag == "sharedItems":
            edits.append((one.start, one.end, _tag(one, {}, "/")))
            behind = one.end
    draft.put(part, edited(data, edits))
    for target in records:
        if target not in draft:
            continue
        records_data = draft.read(target)
        root = elements(records_data, {"pivotCacheRecords"})[0]
        kept = {**root.attributes, "count": "0"}
        draft.put(
            target,
            records_data[: root.start]
            + _tag(root, kept)
            + f"</{root.prefix}pivotCacheRecords>".encode(),
        )


def _empty_pivot(data: bytes, captions: set[str]) -> tuple[bytes, tuple[int, int, int, int]]:
    """A pivot table without the items of its cache, and the range of cells it fills."""
    edits: list[Edit] = []
    area = (0, 0, 0, 0)
    behind = 0
    for one in elements(data, {
        "location", "items", "rowItems", "colItems", "formats",
        "conditionalFormats", "chartFormats", "pivotHierarchies", "filters", "pageField",
        "pivotTableDefinition", "pivotField", "dataField",
    }):  # fmt: skip
        if one.start < behind:
            continue
        if one.tag in _CAPTIONED:
            captions.update(filter(None, (attribute(one, name) for name in _CAPTIONS)))
        elif one.tag == "location":
            area = tuple(area_of(attribute(one, "ref")))  # type: ignore[assignment]
            pages = int(attribute(one, "rowPageCount") or 0)
            if pages:  # page fields stand above, with a blank row between
                area = (max(1, area[0] - pages - 1), area[1], area[2], area[3])
        elif one.tag == "items":
            items = f'<{one.prefix}item t="default"/>'
            made = f'<{one.prefix}items count="1">{items}</{one.prefix}items>'
            edits.append((one.start, one.end, made.encode()))
            behind = one.end
        elif one.tag == "pageField":
            kept = {k: v for k, v in one.attributes.items() if k != "item"}
            close = "/" if one.empty else ""
            edits.append((one.start, one.inner_start, _tag(one, kept, close)))
        else:
            # They point at items that are gone; Excel makes them anew.
            edits.append((one.start, one.end, b""))
            behind = one.end
    return edited(data, edits), area


def _no_printer(data: bytes) -> bytes:
    """Print settings without the printer's name and the driver's own bytes."""
    if len(data) < 72:
        return b""
    size, _ = _SIZES.unpack_from(data, 68)
    if not 72 <= size <= len(data):
        return re.sub(rb"(?s).*", b"", data)
    return bytes(_DEVICE) + data[_DEVICE:68] + _SIZES.pack(size, 0) + data[72:size]
