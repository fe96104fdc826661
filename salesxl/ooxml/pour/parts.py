"""The parts beside a poured sheet: tables, charts and drawings, names of the workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from salesxl.ooxml.pour.cells import escape, quote
from salesxl.ooxml.pour.layout import Layout
from salesxl.ooxml.pour.prototype import chart_id
from salesxl.ooxml.pour.record import ChartRecord, is_anchor
from salesxl.ooxml.pour.target import TableSpot, drawn_charts
from salesxl.ooxml.pour.theirs import refill_drawing
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.follow_drawings import follow_drawing
from salesxl.ooxml.template.follow_names import follow_names
from salesxl.ooxml.template.follow_tables import follow_table
from salesxl.ooxml.template.locate import Element, edited, elements, plain
from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.refill_charts import ValueOf
from salesxl.sheets.content import Chart, ListTable


def put_tables(
    draft: Draft, layout: Layout, moves: Moves, formulas: Callable[[str], str | None]
) -> None:
    """Our tables over their new rows, titles as the content has them; the person's follow."""
    title, sheet = layout.target.title, layout.target.sheet
    ours = {spot.part: name for name, spot in layout.target.tables.items()}
    content = {table.name: table for table in layout.sheet.tables}
    then = {name: titles for name, _, _, titles in layout.target.record.tables}
    for relation in draft.relations(sheet.part):
        part = relation.target
        if relation.kind != "table" or relation.external or part not in draft:
            continue
        xml = follow_table(draft.read(part).decode(), moves, title)
        name = ours.get(part)
        if xml is not None and name in content:
            spot = layout.target.tables[name]
            xml = _titled(xml, content[name], spot, then[name], layout, formulas)
        if xml is None or (name is not None and name not in content):
            draft.drop(part)
            _cut(draft, sheet.part, "tablePart", relation.id)
        else:
            draft.put(part, xml.encode())


def _titled(
    xml: str, table: ListTable, spot: TableSpot, then: Sequence[str], layout: Layout,
    formulas: Callable[[str], str | None],
) -> str:  # fmt: skip
    """The table part with our columns' titles and formulas."""
    data = xml.encode()
    columns = elements(data, {"tableColumn"})
    edits = []
    for number, column in enumerate(table.columns):
        place = layout.target.cols.get(table.col + number)
        if place is None or number not in spot.titles:
            continue
        index = place - spot.area[1]
        if not 0 <= index < len(columns):
            continue
        one = columns[index]
        values = dict(one.attributes)
        kept = number < len(then) and spot.titles[number] == then[number]
        if kept:
            values["name"] = _attribute(column.title)
        inner = "" if one.empty else data[one.inner_start : one.inner_end].decode()
        inner = re.sub(r"(?s)<(\w+:)?calculatedColumnFormula.*?</(\w+:)?calculatedColumnFormula>",
                       "", inner)  # fmt: skip
        formula = formulas(column.formula) if column.formula and table.rows else None
        if formula:
            said = escape(formula.removeprefix("="))
            inner = f"<{one.prefix}calculatedColumnFormula>{said}</{one.prefix}calculatedColumnFormula>{inner}"  # noqa: E501
        made = "".join(f' {name}="{_once(value)}"' for name, value in values.items())
        tag = f"<{one.prefix}tableColumn{made}"
        tag += f">{inner}</{one.prefix}tableColumn>" if inner else "/>"
        edits.append((one.start, one.end, tag.encode()))
    return edited(data, edits).decode()


def _attribute(title: str) -> str:
    return title.replace("\n", "_x000a_")


def _once(value: str) -> str:
    """An attribute read by the parser, escaped again."""
    return quote(value)


def _cut(draft: Draft, part: str, tag: str, identity: str) -> None:
    data = draft.read(part)
    spans = [
        (one.start, one.end, b"")
        for one in elements(data, {tag})
        if any(k.endswith("id") and v == identity for k, v in one.attributes.items())
    ]
    draft.put(part, edited(data, spans))


# ---------------------------------------------------------------- charts


def put_drawing(
    draft: Draft, layout: Layout, moves: Moves, charts: Mapping[int, str], value_of: ValueOf,
    names: Mapping[str, str],
) -> None:  # fmt: skip
    """The sheet's drawing: our charts with the content's series, the person's followed.

    `charts`: number of the content's chart → its part as we would write it.
    """
    title, sheet = layout.target.title, layout.target.sheet
    drawing = next((r.target for r in draft.relations(sheet.part) if r.kind == "drawing"), None)
    if drawing is None or drawing not in draft:
        return
    wanted = _chosen(layout.sheet.charts, [one.shows for one in layout.target.record.charts])
    xml = draft.read(drawing)
    related = {one.id: one.target for one in draft.relations(drawing)}
    edits = []
    filled: set[str] = set()
    unwanted: list[str] = []
    for anchor, _, identity in drawn_charts(xml):
        part = related.get(identity, "")
        if identity not in layout.target.charts or part not in draft:
            continue
        number = wanted.get(layout.target.charts[identity])
        if number is None or number not in charts:
            edits.append((anchor.start, anchor.end, b""))
            unwanted.append(part)
            continue
        filled.add(part)
        edits.append(_said(xml, anchor, layout.sheet.charts[number].alt_text, number))
        then = layout.target.record.charts[layout.target.charts[identity]]
        chart = merged(draft.read(part).decode(), charts[number], then.title)
        draft.put(part, _figured(chart, then, layout.sheet.charts[number]).encode())
    xml = edited(xml, edits)
    followed = follow_drawing(xml.decode(), moves, title)
    draft.put(drawing, followed.xml.encode())
    for part in unwanted:
        draft.drop(part)
    refill_drawing(draft, drawing, moves, title, value_of, names, filled)


def _said(xml: bytes, anchor: Element, alt_text: str, number: int) -> tuple[int, int, bytes]:
    """The chart's object with the content's alt text; the template's tells of another region."""
    one = next(one for one in elements(xml, {"cNvPr"}) if anchor.start <= one.start < anchor.end)
    values = {**one.attributes, "name": f"Chart {number + 1}", "descr": alt_text}
    made = "".join(f' {name}="{quote(value)}"' for name, value in values.items())
    close = "/>" if one.empty else ">"
    return one.start, one.inner_start, f"<{one.prefix}cNvPr{made}{close}".encode()


def _chosen(charts: Sequence[Chart], known: Sequence[str]) -> dict[int, int]:
    """Which of the record's charts → number of the content's chart that goes there."""
    found: dict[int, int] = {}
    left = dict(enumerate(charts))
    for which, one in enumerate(known):
        match = next((n for n, chart in left.items() if chart_id(chart) == one), None)
        if match is not None:
            found[which] = match
            del left[match]
    return found


_DATA = ("tx", "cat", "val", "xVal", "yVal", "bubbleSize")


def merged(theirs: str, ours: str, title: str = "") -> str:
    """The person's chart over the content's cells: their looks, our series and title.

    Series stand for each other by their order; those the template lacks look like ours.
    `title`: what the template's title said of the sample; a title typed over it stays.
    """
    data, source = theirs.encode(), ours.encode()
    mine = {order: (one, parts) for order, one, parts in _series(source)}
    edits: list[tuple[int, int, bytes]] = []
    last: Element | None = None
    seen = set()
    for order, one, parts in _series(data):
        last = one
        if order not in mine:
            edits.append((one.start, one.end, b""))
            continue
        seen.add(order)
        wanted = mine[order][1]
        for tag, spot in parts.items():
            if tag in wanted:
                new = source[wanted[tag].start : wanted[tag].end]
                edits.append((spot.start, spot.end, new))
    missing = [one for order, (one, _) in mine.items() if order not in seen]
    if last is not None and missing:
        more = b"".join(source[one.start : one.end] for one in missing)
        edits.append((last.end, last.end, more))
    edits += _title(data, source, title)
    if b"<c:min " not in source:  # an axis from 0 would hide what is below
        edits += [(o.start, o.end, b"") for o in elements(data, {"min"}) if "valAx" in o.path]
    return edited(data, edits).decode()


def _figured(xml: str, then: ChartRecord, chart: Chart) -> str:
    """Number formats and the axis' unit, where they are still ours, as the figures ask for."""
    data = xml.encode()
    edits = []
    for one in elements(data, {"numFmt", "t"}):
        if one.tag == "numFmt" and one.attributes.get("formatCode") == then.fmt:
            values = {**one.attributes, "formatCode": chart.value_format}
            made = "".join(f' {name}="{quote(value)}"' for name, value in values.items())
            edits.append((one.start, one.end, f"<{one.prefix}numFmt{made}/>".encode()))
        elif (
            one.tag == "t" and then.unit and "valAx" in one.path
            and plain(data[one.inner_start : one.inner_end]) == then.unit
        ):  # fmt: skip
            edits.append((one.inner_start, one.inner_end, escape(chart.unit).encode()))
    return edited(data, edits).decode()


def _series(data: bytes) -> list[tuple[str, Element, dict[str, Element]]]:
    found: list[tuple[str, Element, dict[str, Element]]] = []
    for one in elements(data, {"ser", "order", *_DATA}):
        if one.tag == "ser":
            found.append(("", one, {}))
        elif found and one.path[-1] == "ser":
            if one.tag == "order":
                found[-1] = (one.attributes.get("val", ""), *found[-1][1:])
            else:
                found[-1][2][one.tag] = one
    return found


def _title(data: bytes, source: bytes, then: str) -> list[tuple[int, int, bytes]]:
    """The title shows the content's cell where it showed ours, by reference or in words."""
    here, there = (
        next((one for one in elements(part, {"tx"}) if one.path[-2:] == ("chart", "title")), None)
        for part in (data, source)
    )
    if here is None or there is None:
        return []
    said = data[here.start : here.end]
    words = "".join(
        plain(data[one.inner_start : one.inner_end])
        for one in elements(data, {"t", "v"})
        if here.start <= one.start < here.end
    )
    if b"strRef" not in said and words != then:
        return []
    return [(here.start, here.end, source[there.start : there.end])]


# ---------------------------------------------------------------- the workbook


def put_workbook(
    draft: Draft, moves: Moves, names: Mapping[str, str], then: Sequence[str], part: str
) -> None:
    """The workbook part: anchors out, the content's names anew, the person's followed.

    `names`: what the content's names stand for; `then`: those the template was made with.
    """
    data = draft.read(part)
    ours = {name.lower() for name in (*names, *then)}
    spans = [
        (one.start, one.end, b"")
        for one in elements(data, {"definedName"})
        if is_anchor(one.attributes.get("name", ""))
        or ("localSheetId" not in one.attributes and one.attributes["name"].lower() in ours)
    ]
    text = follow_names(edited(data, spans).decode(), moves)
    made = "".join(
        f'<definedName name="{name}">{escape(target.removeprefix("="))}</definedName>'
        for name, target in names.items()
    )
    data = text.encode()
    found = {one.tag: one for one in elements(data, {"definedNames", "sheets"})}
    p = found["sheets"].prefix
    made = made.replace("<", f"<{p}").replace(f"<{p}/", f"</{p}") if p else made
    spot = found.get("definedNames")
    if spot is not None and not spot.empty:
        inner = data[spot.inner_start : spot.inner_end].strip()
        if inner or made:
            edit = (spot.inner_end, spot.inner_end, made.encode())
        else:
            edit = (spot.start, spot.end, b"")
    elif made:
        at = found["sheets"].end
        edit = (at, at, f"<{p}definedNames>{made}</{p}definedNames>".encode())
    else:
        return draft.put(part, data)
    draft.put(part, edited(data, [edit]))
    return None
