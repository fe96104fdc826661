"""A sheet's text around its rows: the person's, with what our content needs put in.

The elements of a worksheet stand in a fixed order; ours go into the containers that are
there, else where the order has their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.layout import Layout
from salesxl.ooxml.pour.relocate import Area
from salesxl.ooxml.template.follow_sheet import follow_sheet
from salesxl.ooxml.template.locate import Element, edited, elements
from salesxl.ooxml.template.moves import Moves
from salesxl.opc.cells import split_reference

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_RULE = re.compile(r'(<cfRule [^>]*?)(?: dxfId="(\d+)")?( [^>]*?)?priority="(\d+)"')
_FOOT = re.compile(r"(?s)<(\w+:)?headerFooter[ >].*?</(\w+:)?headerFooter>")
# The cell that is selected stays one cell, even where its row has become many.
_SELECTION = re.compile(r'(activeCell="([A-Z]+[0-9]+)" sqref="\2):[A-Z]+[0-9]+(?=")')
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_EXTENSIONS = {
    "x14:conditionalFormattings": "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
    "x14:sparklineGroups": "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
}
_XM = ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
_SPACES = f'{_XM} xmlns:x14="{_X14}"'


def around(
    layout: Layout, frame: str, moves: Moves, rule: Callable[[int], int], foot: tuple[str, str]
) -> tuple[str, str]:
    """(before the rows, after them). `frame`: the sheet's part as we would write it, already
    in the filled sheet's coordinates; `rule` turns its differential formats into the
    template's; `foot`: what the footer says left and right."""
    title = layout.target.title
    clean = layout.target.cleaned
    head = _SELECTION.sub(r"\1", follow_sheet(clean.head, moves, title))
    head = _columns(head, layout)
    tail = _fitted(follow_sheet(clean.tail, moves, title), layout)
    pieces = _ours(frame, layout, rule, tail)
    text = _footed(_put(head + tail, pieces), layout.target.record.footer, foot)
    cut = text.index(f"</{layout.target.sheet.prefix}sheetData>")
    return text[:cut], text[cut:]


_SETUP = re.compile(r"<(?:\w+:)?pageSetup\b[^>]*>")
_FIT = re.compile(r' fitToHeight="(\d+)"')


def _fitted(text: str, layout: Layout) -> str:
    """One page, or as many as it takes: where two blocks share the rows the content knows, unless
    a person decided."""
    setup = _SETUP.search(text)
    wanted = layout.sheet.fit_height
    if setup is None or not layout.sheet.beside:
        return text
    found = _FIT.search(setup.group())
    if (1 if found is None else int(found[1])) != layout.target.record.fit_height:
        return text
    said = _FIT.sub("", setup.group())
    end = -2 if said.endswith("/>") else -1
    said = f'{said[:end]} fitToHeight="{wanted}"{said[end:]}'
    return text[: setup.start()] + said + text[setup.end() :]


def _footed(text: str, then: tuple[str, str], now: tuple[str, str]) -> str:
    """What our footer said of the sample, said of this content; a person's words stay."""
    found = _FOOT.search(text)
    if found is None:
        return text
    said = found.group()
    for old, new in zip(then, now, strict=True):
        if old:
            said = said.replace(escape(old), escape(new))
    return text[: found.start()] + said + text[found.end() :]


def _ours(
    frame: str, layout: Layout, rule: Callable[[int], int], tail: str
) -> dict[str, str]:  # fmt: skip
    """Container → what of ours goes into it."""
    data = frame.encode()
    found = elements(data, {"mergeCell", "conditionalFormatting", "dataValidation", "hyperlink"})
    pieces: dict[str, str] = {}

    def add(container: str, xml: str) -> None:
        pieces[container] = pieces.get(container, "") + xml

    taken = [int(n) for n in re.findall(r'<cfRule [^>]*priority="(\d+)"', tail)]
    shift = max(taken, default=0)

    def renumbered(match: re.Match[str]) -> str:
        form = "" if match[2] is None else f' dxfId="{rule(int(match[2]))}"'
        return f'{match[1]}{form}{match[3] or " "}priority="{int(match[4]) + shift}"'

    unmerged = _unmerged(layout)
    for one in found:
        xml = data[one.start : one.end].decode()
        if one.prefix:
            continue
        if one.tag == "mergeCell":
            if _area(one.attributes["ref"]) not in unmerged:
                add("mergeCells", xml)
        elif one.tag == "conditionalFormatting":
            add("conditionalFormatting", _RULE.sub(renumbered, xml))
        elif one.tag == "dataValidation":
            add("dataValidations", xml)
        elif one.tag == "hyperlink":
            add("hyperlinks", xml)
    for name in _EXTENSIONS:
        start, end = frame.find(f"<{name}"), frame.find(f"</{name}>")
        if start >= 0 and end >= 0:
            add(name, frame[frame.index(">", start) + 1 : end])
    return pieces


def _unmerged(layout: Layout) -> set[Area]:
    """Areas of the filled sheet whose template a person has split into cells."""
    found: set[Area] = set()
    for row, col, last_row, last_col in layout.target.cleaned.unmerged:
        for new in layout.moves.in_column(col + 1).new_rows(row + 1):
            found.add((new - 1, col, new - 1 + last_row - row, last_col))
    return found


def _area(ref: str) -> Area | None:
    first, _, last = ref.partition(":")
    start, end = split_reference(first), split_reference(last or first)
    return None if start is None or end is None else (*start, *end)


def _put(text: str, pieces: Mapping[str, str]) -> str:
    """`text` (the sheet without rows) with the pieces in their containers."""
    data = text.encode()
    found = elements(data, None)
    top = {one.tag: one for one in found if len(one.path) == 1}
    root = found[0]
    p = root.prefix
    edits: list[tuple[int, int, bytes]] = []
    fresh: dict[int, list[tuple[int, str]]] = {}
    for name, xml in pieces.items():
        if ":" in name:
            continue
        if p:
            xml = re.sub(r"<(/?)(?=[A-Za-z])(?![\w]+:)", rf"<\1{p}", xml)
        spot = top.get(name)
        if name != "conditionalFormatting" and spot is not None and not spot.empty:
            edits.append((spot.inner_end, spot.inner_end, xml.encode()))
            continue
        made = xml if name == "conditionalFormatting" else f"<{p}{name}>{xml}</{p}{name}>"
        at = _spot(name, found, root)
        fresh.setdefault(at, []).append((_ORDER.index(name), made))
    more, extension = _extensions(found, root, pieces)
    edits += more
    if extension is not None:
        at, xml = extension
        fresh.setdefault(at, []).append((_ORDER.index("extLst"), xml))
    for at, made_here in fresh.items():
        edits.append((at, at, "".join(xml for _, xml in sorted(made_here)).encode()))
    return edited(data, edits).decode()


def _spot(name: str, found: list[Element], root: Element) -> int:
    """Where an element of this name belongs among the sheet's."""
    order = _ORDER.index(name)
    at = -1
    for one in found:
        if len(one.path) != 1:
            continue
        place = _ORDER.index(one.tag) if one.tag in _ORDER else None
        if place is None:  # mc:AlternateContent around controls: near the end
            place = _ORDER.index("controls")
        if place <= order:
            at = one.end
    return root.inner_start if at < 0 else at


def _extensions(
    found: list[Element], root: Element, pieces: Mapping[str, str]
) -> tuple[list[tuple[int, int, bytes]], tuple[int, str] | None]:
    """Our bars and sparklines among the sheet's extensions: edits, and a fresh list if none."""
    edits: list[tuple[int, int, bytes]] = []
    made = ""
    p = root.prefix
    for name in _EXTENSIONS:
        if name not in pieces:
            continue
        xml = re.sub(r"<(x14:(?:conditionalFormatting|sparklineGroup)) ", rf"<\1{_SPACES} ",
                     pieces[name].replace(_XM, ""))  # fmt: skip
        xml = xml.replace("<x14:conditionalFormatting>", f"<x14:conditionalFormatting{_SPACES}>")
        local = name.partition(":")[2]
        theirs = next((o for o in found if o.tag == local and "extLst" in o.path), None)
        if theirs is not None and not theirs.empty:
            # One extension of a kind is all a reader looks at: ours join theirs.
            edits.append((theirs.inner_end, theirs.inner_end, xml.encode()))
            continue
        made += (
            f'<{p}ext xmlns:x14="{_X14}" uri="{_EXTENSIONS[name]}"><{name}>{xml}</{name}></{p}ext>'
        )
    if not made:
        return edits, None
    spot = next((o for o in found if len(o.path) == 1 and o.tag == "extLst"), None)
    if spot is not None and not spot.empty:
        return [*edits, (spot.inner_end, spot.inner_end, made.encode())], None
    return edits, (_spot("extLst", found, root), f"<{p}extLst>{made}</{p}extLst>")


_COL = re.compile(r"<((?:\w+:)?)col ([^>]*?)/>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


def _columns(head: str, layout: Layout) -> str:
    """The column widths: the content's where a person left ours, else the person's."""
    sheet, spot = layout.sheet, layout.target
    theirs: dict[int, dict[str, str]] = {}
    prefix = ""
    for match in _COL.finditer(head):
        prefix = match[1]
        values = dict(_ATTRIBUTE.findall(match[2]))
        first, last = int(values.pop("min")), int(values.pop("max"))
        for col in range(first, min(last, first + 2_000) + 1):
            theirs[col - 1] = values
        if last > first + 2_000:
            theirs[-last] = values  # a style for the rest of the sheet
    rest = [(-key, values) for key, values in theirs.items() if key < 0]
    theirs = {key: values for key, values in theirs.items() if key >= 0}
    levels = {layout.place.col(col): level for col, level in sheet.levels.items()}
    for col, place in enumerate(layout.place.cols):
        width = sheet.widths.get(col, 10)
        now = theirs.get(place)
        known = col < len(spot.record.widths)
        if now is None:
            now = {"width": _width(width), "customWidth": "1"}
        elif known and _near(now.get("width", ""), _width(spot.record.widths[col])):
            now = {**now, "width": _width(width), "customWidth": "1"}
        if place in layout.hidden:
            now = {**now, "hidden": "1"}
        if levels.get(place) and "outlineLevel" not in now and not known:
            now = {**now, "outlineLevel": str(levels[place])}
        theirs[place] = now
    if not theirs:
        return head
    made = "".join(
        f'<{prefix}col min="{first + 1}" max="{last + 1}"'
        + "".join(f' {name}="{value}"' for name, value in values.items())
        + "/>"
        for first, last, values in _grouped(theirs)
    )
    made += "".join(
        f'<{prefix}col min="{max(theirs) + 2}" max="{last}"'
        + "".join(f' {name}="{value}"' for name, value in values.items())
        + "/>"
        for last, values in rest
    )
    start = head.find(f"<{prefix}cols>")
    if start < 0:
        data = head.find(f"<{prefix}sheetData")
        return f"{head[:data]}<{prefix}cols>{made}</{prefix}cols>{head[data:]}"
    end = head.index(f"</{prefix}cols>")
    return f"{head[:start]}<{prefix}cols>{made}{head[end:]}"


def _grouped(
    columns: Mapping[int, dict[str, str]],
) -> list[tuple[int, int, dict[str, str]]]:
    found: list[tuple[int, int, dict[str, str]]] = []
    for col in sorted(columns):
        if found and found[-1][1] == col - 1 and found[-1][2] == columns[col]:
            found[-1] = (found[-1][0], col, columns[col])
        else:
            found.append((col, col, columns[col]))
    return found


def _width(width: float) -> str:
    """A width as the file stores it: with the five pixels of padding Excel adds."""
    pixels = int(width * 7 + 0.5) + 5 if width >= 1 else int(width * 12 + 0.5)
    return f"{(pixels * 256 // 7) / 256:.16g}"


def _near(one: str, other: str) -> bool:
    try:
        return abs(float(one) - float(other)) < 0.05
    except ValueError:
        return False
