"""What lies over the cells or beside them: drawings, charts, comments, pivot caches."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from salesxl.ooxml.lint import formula
from salesxl.ooxml.lint.areas import MAX_COL, MAX_ROW, area, cell
from salesxl.ooxml.lint.model import Context
from salesxl.ooxml.lint.parts import check_ids
from salesxl.ooxml.lint.stream import Tree, child, children, descend, local, whole
from salesxl.ooxml.lint.strings import MAX_TEXT, text_length


def check_drawings(context: Context) -> None:
    """Every drawing, chart and comment part, whichever sheet it belongs to."""
    for part, tab in _of_sheets(context, "drawing"):
        tree = context.read(part)
        if tree is None:
            continue
        check_ids(context, part, tree.relation_ids, tab)
        _anchors(context, part, tab, tree)
        for kind in ("chart", "chartEx"):
            for chart in context.related(part, kind):
                _chart(context, chart, tab)
    for part, tab in _of_sheets(context, "comments"):
        tree = context.read(part)
        if tree is not None:
            _comments(context, part, tab, tree)
    for part in context.related(context.package.workbook_part, "pivotCacheDefinition"):
        tree = context.read(part)
        if tree is not None:
            check_ids(context, part, tree.relation_ids)
            _pivot(context, part, tree)


def _of_sheets(context: Context, kind: str) -> list[tuple[str, str]]:
    found = {
        part: sheet.name for sheet in context.sheets for part in context.related(sheet.part, kind)
    }
    return list(found.items())


def _anchors(context: Context, part: str, tab: str, tree: Tree) -> None:
    for anchor in tree.root:
        if local(anchor.tag) not in ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor"):
            continue
        name = next((one.get("name", "") for one in descend(anchor, "cNvPr")), "")
        first, last = _marker(child(anchor, "from")), _marker(child(anchor, "to"))
        if first is not None and last is not None:
            across = (last[1], last[3]) < (first[1], first[3])
            down = (last[0], last[2]) < (first[0], first[2])
            if across or down:
                context.findings.add("anchor_reversed", part, name, tab=tab)
        for marker in (first, last):
            inside = marker is None or (0 <= marker[0] < MAX_ROW and 0 <= marker[1] < MAX_COL)
            if not inside:
                context.findings.add("anchor_range", part, name, tab=tab)
                break
        size = child(anchor, "ext")
        if size is not None and (whole(size.get("cx"), 0) < 0 or whole(size.get("cy"), 0) < 0):
            context.findings.add("anchor_reversed", part, name, tab=tab)


def _marker(element: Element | None) -> tuple[int, int, int, int] | None:
    """Row, column (0-based) and the offsets within them."""
    if element is None:
        return None
    found = {local(one.tag): whole((one.text or "").strip()) for one in element}
    return (
        found.get("row", -1),
        found.get("col", -1),
        found.get("rowOff", 0),
        found.get("colOff", 0),
    )


def _chart(context: Context, part: str, tab: str) -> None:
    tree = context.read(part)
    if tree is None:
        return
    check_ids(context, part, tree.relation_ids, tab)
    for element in descend(tree.root, "f"):
        text = (element.text or "").strip()
        if text:
            say = context.say(part, text[:60], tab)
            formula.check(text, say, context.tabs, context.table_names)
    axes = [one for one in tree.root.iter() if local(one.tag) in _AXES]
    known = {_value(child(axis, "axId")) for axis in axes}
    for plot in descend(tree.root, "plotArea"):
        for group in plot:
            if local(group.tag) in _AXES:
                used = [child(group, "crossAx")]
            else:
                used = list(children(group, "axId"))
            for one in used:
                if one is not None and _value(one) not in known:
                    context.findings.add("chart_axis", part, "", tab=tab, id=_value(one))


_AXES = frozenset({"catAx", "valAx", "dateAx", "serAx"})


def _value(element: Element | None) -> str:
    return "" if element is None else element.get("val", "")


def _comments(context: Context, part: str, tab: str, tree: Tree) -> None:
    authors = len(children(child(tree.root, "authors"), "author"))
    seen: set[str] = set()
    for comment in children(child(tree.root, "commentList"), "comment"):
        ref = comment.get("ref", "")
        say = context.say(part, ref, tab)
        if cell(ref) is None:
            say("bad_reference", element="comment")
        if ref in seen:
            say("comment_twice")
        seen.add(ref)
        if not 0 <= whole(comment.get("authorId"), 0) < max(1, authors):
            say("comment_author", number=comment.get("authorId"), count=authors)
        length = text_length("".join(one.text or "" for one in descend(comment, "t")))
        if length > MAX_TEXT:
            say("text_long", length=length, limit=MAX_TEXT)


def _pivot(context: Context, part: str, tree: Tree) -> None:
    for source in descend(tree.root, "worksheetSource"):
        if any(local(key) == "id" for key in source.attrib):
            continue  # in another workbook
        tab, name, ref = source.get("sheet"), source.get("name"), source.get("ref")
        if tab is not None and tab.casefold() not in context.tabs:
            context.findings.add("missing_sheet", part, ref or "", name=tab)
        elif name is not None:
            if name.casefold() not in context.table_names | context.names:
                context.findings.add("pivot_source", part, "", name=name)
        elif ref is not None and area(ref) is None:
            context.findings.add("bad_reference", part, ref, element="worksheetSource")
