"""Tables: what a part declares, against its sheet's cells and the other tables."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from salesxl.ooxml.lint import formula
from salesxl.ooxml.lint.areas import Area, area, letters, overlaps
from salesxl.ooxml.lint.cells import Header
from salesxl.ooxml.lint.finding import shorten
from salesxl.ooxml.lint.model import Context, Sheet, Table
from salesxl.ooxml.lint.stream import child, children, whole
from salesxl.ooxml.lint.workbook import name_problem
from salesxl.opc.package import unescape

MAX_TITLE = 255


def read_tables(context: Context) -> None:
    """Read every table into ``context.tables``; say what is wrong with its own part."""
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    add = context.findings.add
    for sheet in context.sheets:
        for part in context.related(sheet.part, "table"):
            tree = context.read(part)
            if tree is None:
                continue
            root = tree.root
            table = _table(root, part, sheet.name)
            context.tables.append(table)
            number = root.get("id", "")
            if number in ids:
                add(
                    "table_id_twice", part, table.name, tab=sheet.name, id=number, other=ids[number]
                )
            ids.setdefault(number, part)
            if whole(number) < 1:
                add("table_id", part, table.name, tab=sheet.name, id=number)
            problem = name_problem(table.name)
            if problem:
                add(problem, part, table.name, tab=sheet.name)
            key = table.name.casefold()
            if key in names:
                add("table_name_twice", part, table.name, tab=sheet.name, other=names[key])
            elif key in context.names:
                add("table_name_taken", part, table.name, tab=sheet.name)
            names.setdefault(key, part)
    context.table_names = frozenset(names)


def _table(root: Element, part: str, tab: str) -> Table:
    ref = root.get("ref", "")
    entries = children(child(root, "tableColumns"), "tableColumn")
    return Table(
        part=part,
        sheet=tab,
        name=root.get("displayName") or root.get("name") or "",
        ref=ref,
        area=area(ref),
        header=whole(root.get("headerRowCount"), 1) > 0,
        totals=whole(root.get("totalsRowCount"), 0) > 0,
        columns=tuple(unescape(entry.get("name", "")) for entry in entries),
    )


def header_cells(context: Context, sheet: Sheet) -> dict[int, frozenset[int]]:
    """Row → columns of the header cells of a sheet's tables."""
    wanted: dict[int, frozenset[int]] = {}
    for table in of_sheet(context, sheet):
        if table.area is not None and table.header:
            row = table.area.top
            span = range(table.area.left, table.area.right + 1)
            wanted[row] = wanted.get(row, frozenset()) | frozenset(span)
    return wanted


def of_sheet(context: Context, sheet: Sheet) -> list[Table]:
    return [table for table in context.tables if table.sheet == sheet.name]


def check_tables(context: Context) -> None:
    """What a table's part says within itself, and tables that overlap."""
    for table in context.tables:
        tree = context.read(table.part)
        if tree is None:
            continue
        _columns(context, table, tree.root)
        if table.area is None:
            say = context.say(table.part, table.ref, table.sheet)
            say("bad_reference", element="table")
            continue
        _size(context, table, table.area)
        _filter(context, table, table.area, tree.root)
    for sheet in context.sheets:
        mine = [t for t in of_sheet(context, sheet) if t.area is not None]
        by_area = {t.area: t for t in mine}
        found = [t.area for t in mine if t.area is not None]
        for first, second in overlaps(found):
            table, other = by_area[second], by_area[first]
            context.findings.add(
                "tables_overlap", table.part, table.ref, tab=sheet.name, other=other.name
            )


def _columns(context: Context, table: Table, root: Element) -> None:
    say = context.say(table.part, table.ref, table.sheet)
    block = child(root, "tableColumns")
    entries = children(block, "tableColumn")
    declared = whole(None if block is None else block.get("count"), len(entries))
    width = table.area.width if table.area else len(entries)
    if not declared == len(entries) == width:
        say("table_width", declared=declared, columns=len(entries), width=width)
    seen: set[str] = set()
    ids: set[str] = set()
    for entry, title in zip(entries, table.columns, strict=True):
        if not title or len(title) > MAX_TITLE:
            say("column_title", title=title, limit=MAX_TITLE)
        if title.casefold() in seen:
            say("column_twice", title=title)
        seen.add(title.casefold())
        number = entry.get("id", "")
        if number in ids:
            say("column_id_twice", title=title, id=number)
        ids.add(number)
        for name in ("calculatedColumnFormula", "totalsRowFormula"):
            text = child(entry, name)
            if text is not None and text.text:
                formula.check(text.text.strip(), say, context.tabs, context.table_names)
        for key in ("dataDxfId", "headerRowDxfId", "totalsRowDxfId"):
            count = context.styles.differential
            if count is not None and not 0 <= whole(entry.get(key), 0) < max(1, count):
                say("rule_format", number=entry.get(key), count=count)


def _size(context: Context, table: Table, covered: Area) -> None:
    say = context.say(table.part, table.ref, table.sheet)
    if covered.height <= table.header + table.totals:
        say("table_without_rows", name=table.name)


def _filter(context: Context, table: Table, covered: Area, root: Element) -> None:
    found = child(root, "autoFilter")
    if found is None:
        return
    say = context.say(table.part, found.get("ref", ""), table.sheet)
    expected = covered._replace(bottom=covered.bottom - table.totals)
    if not table.header or area(found.get("ref", "")) != expected:
        say("table_filter", name=table.name, expected=expected)
        return
    for column in children(found, "filterColumn"):
        if not 0 <= whole(column.get("colId")) < covered.width:
            say("filter_column", number=column.get("colId"))


def check_headers(
    context: Context,
    sheet: Sheet,
    headers: Mapping[tuple[int, int], Header],
    texts: Mapping[int, str],
) -> None:
    """A header cell must hold its column's title, as text. `texts`: the shared strings."""
    for table in of_sheet(context, sheet):
        if table.area is None or not table.header:
            continue
        for col, title in enumerate(table.columns, table.area.left):
            kind, value = headers.get((table.area.top, col), ("", ""))
            if kind == "s":
                value = texts.get(whole(value), "")
                kind = "str"
            where = f"{letters(col)}{table.area.top}"
            if kind not in ("str", "inlineStr"):
                context.findings.add(
                    "header_no_text", sheet.part, where, tab=sheet.name,
                    title=title, table=table.name,
                )  # fmt: skip
            elif _breaks(value) != _breaks(title):
                context.findings.add(
                    "header_differs", sheet.part, where, tab=sheet.name,
                    title=shorten(title), text=shorten(value), table=table.name,
                )  # fmt: skip


def _breaks(title: str) -> str:
    return title.replace("\r\n", "\n").replace("\r", "\n")


def check_table_parts(context: Context, sheet: Sheet, root: Element) -> None:
    """A table the sheet relates to but does not list is not shown."""
    listed = {
        value
        for part in children(child(root, "tableParts"), "tablePart")
        for key, value in part.items()
        if key.rpartition("}")[2] == "id"
    }
    for relation in context.relations.get(sheet.part, ()):
        if relation.kind == "table" and relation.target and relation.id not in listed:
            context.findings.add(
                "table_not_listed", sheet.part, "", tab=sheet.name, target=relation.target
            )
