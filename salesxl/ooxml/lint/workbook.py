"""The workbook part: tabs, views, defined names; styles; shared strings; the calc chain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from salesxl.ooxml.lint import formula
from salesxl.ooxml.lint.areas import Occupancy, area, cell
from salesxl.ooxml.lint.model import Context, Sheet, Strings, Styles
from salesxl.ooxml.lint.parts import check_ids
from salesxl.ooxml.lint.stream import child, children, linked, local, whole
from salesxl.ooxml.lint.strings import StringReader
from salesxl.opc.package import unescape

MAX_TAB = 31
MAX_CELL_FORMATS = 65_490
MAX_FORMAT_CODE = 255
_TAB_MARKS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NAME = re.compile(r"(?:[^\W\d]|\\)[\w.\\?]*")
_LIKE_CELL = re.compile(r"(?i)R(?:[0-9]+|\[-?[0-9]+\])?(?:C(?:[0-9]+|\[-?[0-9]+\])?)?|C[0-9]*")
_BUILT_IN = re.compile(r"_xlnm\.[A-Za-z_]+")
_FILTER = "_xlnm._filterdatabase"


def check_workbook(context: Context) -> None:
    """Read tabs, names and tables' neighbours into `context`; say what is wrong."""
    part = context.package.workbook_part
    tree = context.read(part)
    if tree is None:
        return
    check_ids(context, part, tree.relation_ids)
    sheets = children(child(tree.root, "sheets"), "sheet")
    _sheets(context, part, sheets)
    _view(context, part, child(tree.root, "bookViews"), sheets)
    _names(context, part, children(child(tree.root, "definedNames"), "definedName"), len(sheets))


def _sheets(context: Context, part: str, sheets: list[Element]) -> None:
    relations = {relation.id: relation for relation in context.relations.get(part, ())}
    seen: set[str] = set()
    ids: set[str] = set()
    add = context.findings.add
    if not sheets:
        add("no_sheets", part)
    for element in sheets:
        name = element.get("name", "")
        problem = tab_problem(name)
        if problem:
            add(problem, part, name)
        if name.casefold() in seen:
            add("tab_twice", part, name)
        seen.add(name.casefold())
        number = element.get("sheetId", "")
        if number in ids:
            add("sheet_id_twice", part, name, id=number)
        ids.add(number)
        identity = linked(element)
        if identity is None:
            add("sheet_without_part", part, name)
            continue
        relation = relations.get(identity)
        target = context.find(relation.target) if relation else None
        if relation and target:
            context.sheets.append(Sheet(name, number, target, relation.kind))
    context.tabs = frozenset(seen)
    if sheets and all(element.get("state", "visible") != "visible" for element in sheets):
        add("all_hidden", part)


def tab_problem(name: str) -> str:
    """The code of what is wrong with a tab's name, or ``""``."""
    if not name or len(name.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TAB:
        return "tab_length"
    if _TAB_MARKS.search(name):
        return "tab_marks"
    if name.startswith("'") or name.endswith("'"):
        return "tab_apostrophe"
    return "tab_history" if name.casefold() == "history" else ""


def _view(context: Context, part: str, views: Element | None, sheets: list[Element]) -> None:
    for view in children(views, "workbookView"):
        for key in ("activeTab", "firstSheet"):
            number = whole(view.get(key), 0)
            if not 0 <= number < max(1, len(sheets)):
                context.findings.add("active_tab", part, key, number=number, count=len(sheets))


def _names(context: Context, part: str, elements: list[Element], count: int) -> None:
    seen: set[tuple[str, str]] = set()
    add = context.findings.add
    context.names = frozenset(element.get("name", "").casefold() for element in elements)
    for element in elements:
        name = element.get("name", "")
        scope = element.get("localSheetId", "")
        if scope and not 0 <= whole(scope) < count:
            add("name_scope", part, name, number=scope, count=count)
        if name_problem(name) and not _BUILT_IN.fullmatch(name):
            add(name_problem(name), part, name)
        if (name.casefold(), scope) in seen:
            add("name_twice", part, name)
        seen.add((name.casefold(), scope))
        content = (element.text or "").strip()
        if not content:
            add("name_empty", part, name)
            continue
        if name.casefold() == _FILTER and scope:
            context.filters[whole(scope)] = content
        formula.check(content, context.say(part, name), context.tabs)


def name_problem(name: str) -> str:
    """The code of what is wrong with a defined or table name, or ``""``."""
    if not name or len(name) > 255:
        return "name_length"
    if not _NAME.fullmatch(name):
        return "name_marks"
    if cell(name) or _LIKE_CELL.fullmatch(name):
        return "name_like_cell"
    return ""


def check_styles(context: Context) -> None:
    """Count the formats, and check that each points at what exists."""
    found = context.related(context.package.workbook_part, "styles")
    tree = context.read(found[0]) if found else None
    if tree is None:
        return
    groups = {local(group.tag): group for group in tree.root}
    count = {name: len(list(group)) for name, group in groups.items()}
    formats = list(groups.get("cellXfs", ()))
    context.styles = Styles(max(1, len(formats)), count.get("dxfs", 0))
    add = context.findings.add
    if len(formats) > MAX_CELL_FORMATS:
        add("too_many_formats", found[0], count=len(formats), limit=MAX_CELL_FORMATS)
    codes = {}
    for entry in groups.get("numFmts", ()):
        codes[entry.get("numFmtId", "")] = code = entry.get("formatCode", "")
        if len(unescape(code)) > MAX_FORMAT_CODE:
            add("format_code_long", found[0], entry.get("numFmtId", ""), limit=MAX_FORMAT_CODE)
    pointers = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for index, entry in enumerate(formats):
        for key, group in pointers.items():
            number = whole(entry.get(key), 0)
            if not 0 <= number < max(1, count.get(group, 0)):
                add("format_points_nowhere", found[0], f"cellXfs {index}", key=key, number=number)
        code = entry.get("numFmtId", "0")
        if whole(code, 164) >= 164 and code not in codes:
            add("format_points_nowhere", found[0], f"cellXfs {index}", key="numFmtId", number=code)


def check_strings(context: Context, wanted: frozenset[int] = frozenset()) -> dict[int, str]:
    """Count the shared strings into `context`; the texts of the `wanted` ones."""
    texts: dict[int, str] = {}
    for part in context.related(context.package.workbook_part, "sharedStrings")[:1]:
        reader = StringReader(wanted)
        reader.read(context, part)
        context.strings = Strings(reader.count, reader.long)
        texts = reader.texts
    return texts


def check_calc_chain(context: Context, formulas: Mapping[str, Occupancy]) -> None:
    """`formulas` holds, by sheet id, where each sheet has formulas."""
    names = {one.id: one.name for one in context.sheets}
    sheet = ""
    for part in context.related(context.package.workbook_part, "calcChain")[:1]:

        def entry(tag: str, attributes: Mapping[str, str], part: str = part) -> None:
            nonlocal sheet
            if local(tag) != "c":
                return
            sheet = attributes.get("i", sheet)  # as before where it is left out
            if attributes.get("a") in ("1", "true"):
                return  # inside an array; its formula stands in another cell
            ref = attributes.get("r", "")
            place, held = cell(ref), formulas.get(sheet)
            if place is None or held is None or (held.complete and not held.has(*place)):
                context.findings.add("calc_chain", part, ref, tab=names.get(sheet, f"#{sheet}"))

        context.walk(part, entry)


def same_area(content: str, ref: str) -> bool:
    """Whether a name such as ``Data!$A$4:$F$90`` stands for `ref`."""
    return area(content.rpartition("!")[2].replace("$", "")) == area(ref)
