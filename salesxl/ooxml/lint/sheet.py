"""A worksheet apart from its cells: views, columns, merges, links, rules, filter, header."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from salesxl.ooxml.lint import formula
from salesxl.ooxml.lint.areas import MAX_COL, MAX_ROW, Area, Occupancy, area, cell, overlaps
from salesxl.ooxml.lint.model import Context, Sheet
from salesxl.ooxml.lint.stream import child, children, descend, linked, local, whole
from salesxl.ooxml.lint.workbook import same_area

MAX_LINKS = 65_530
MAX_URL = 2_079
MAX_LIST = 255
MAX_MARGIN_TEXT = 255
MAX_BREAKS = 1_026
MAX_WIDTH = 256.0  # 255 characters and their margin

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_LIMITS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
_PANES = {
    (True, True): {"bottomRight", "topRight", "bottomLeft", "topLeft"},
    (True, False): {"topRight", "topLeft"},
    (False, True): {"bottomLeft", "topLeft"},
}


class SheetCheck:
    """All checks of one worksheet's frame."""

    def __init__(self, context: Context, sheet: Sheet, number: int, root: Element) -> None:
        self.context = context
        self.sheet = sheet
        self.number = number  # place among the tabs, from 0
        self.root = root

    def run(self, filled: Occupancy, tables: list[Area]) -> None:
        """`filled`: which cells hold something; `tables`: the areas of this sheet's tables."""
        if local(self.root.tag) != "worksheet" or child(self.root, "sheetData") is None:
            self.add("no_sheet_data")
            return
        self._order()
        for view in descend(child(self.root, "sheetViews"), "sheetView"):
            self._view(view)
        self._columns()
        self._merges(filled, tables)
        self._links()
        self._validations()
        self._conditions()
        self._filter(tables)
        self._page()

    def add(self, code: str, where: str = "", /, **values: object) -> None:
        self.context.findings.add(code, self.sheet.part, where, tab=self.sheet.name, **values)

    def _formula(self, text: str | None, where: str) -> None:
        if text and text.strip():
            say = self.context.say(self.sheet.part, where, self.sheet.name)
            formula.check(text.strip(), say, self.context.tabs, self.context.table_names)

    def _order(self) -> None:
        last = -1
        for element in self.root:
            name = local(element.tag)
            place = _ORDER.index(name) if name in _ORDER else last
            if place < last:
                self.add("element_order", "", element=name, before=_ORDER[last])
            last = max(last, place)
        size = child(self.root, "dimension")
        if size is not None and area(size.get("ref", "")) is None:
            self.add("bad_reference", size.get("ref", ""), element="dimension")

    # --- views and columns ------------------------------------------------------------------

    def _view(self, view: Element) -> None:
        pane = child(view, "pane")
        allowed = {"topLeft"} if pane is None else self._pane(pane)
        for selection in children(view, "selection"):
            named = selection.get("pane")
            if named is not None and allowed and named not in allowed:
                self.add("pane_selection", selection.get("activeCell", ""), pane=named)
            for ref in selection.get("sqref", "A1").split():
                if area(ref) is None and not _whole(ref):
                    self.add("bad_reference", ref, element="selection")

    def _pane(self, pane: Element) -> set[str]:
        """The panes there are; none where the split itself is wrong."""
        across, down = pane.get("xSplit", "0"), pane.get("ySplit", "0")
        try:
            x, y = float(across), float(down)
        except ValueError:
            x = y = -1.0
        state = pane.get("state", "split")
        where = pane.get("topLeftCell", "")
        corner = cell(where) if where else None
        frozen = state in ("frozen", "frozenSplit")
        bad = state not in ("split", "frozen", "frozenSplit") or not (x >= 0 and y >= 0 and x + y)
        if frozen and not bad:
            bad = x != int(x) or y != int(y) or x >= MAX_COL or y >= MAX_ROW
            bad = bad or (corner is not None and (corner[0] <= y or corner[1] <= x))
        if bad or (where and corner is None):
            self.add("pane", where, x=across, y=down, state=state)
            return set()
        split = (x > 0, y > 0)
        active = pane.get("activePane", "topLeft")
        if active not in _PANES[split]:
            self.add("pane_active", where, pane=active)
        return _PANES[split]

    def _columns(self) -> None:
        last = 0
        for col in children(child(self.root, "cols"), "col"):
            first, end = whole(col.get("min")), whole(col.get("max"))
            where = f"{col.get('min')}:{col.get('max')}"
            if not 1 <= first <= end <= MAX_COL:
                self.add("column_range", where)
                continue
            if first <= last:
                self.add("columns_overlap", where)
            last = max(last, end)
            count = self.context.styles.cells
            style = whole(col.get("style"), 0)
            if count is not None and not 0 <= style < count:
                self.add("style_range", where, number=style, count=count)
            try:
                width = float(col.get("width", "0"))
            except ValueError:
                width = -1.0
            if not 0 <= width <= MAX_WIDTH:
                self.add("column_width", where, width=col.get("width"))

    # --- merges and links -------------------------------------------------------------------

    def _merges(self, filled: Occupancy, tables: list[Area]) -> None:
        areas = []
        for merge in children(child(self.root, "mergeCells"), "mergeCell"):
            ref = merge.get("ref", "")
            merged = area(ref)
            if merged is None:
                self.add("bad_reference", ref, element="mergeCell")
            elif merged.height * merged.width == 1:
                self.add("merge_single", ref)
            else:
                areas.append(merged)
                hidden = filled.beneath(merged)
                if hidden:
                    self.add("merge_hides_values", ref, cell=str(Area(*hidden, *hidden)))
                if any(merged.meets(table) for table in tables):
                    self.add("merge_in_table", ref)
        for first, second in overlaps(areas):
            self.add("merges_overlap", str(second), other=first)

    def _links(self) -> None:
        links = children(child(self.root, "hyperlinks"), "hyperlink")
        if len(links) > MAX_LINKS:
            self.add("too_many_links", "", count=f"{len(links):,}", limit=f"{MAX_LINKS:,}")
        for link in links:
            ref = link.get("ref", "")
            if area(ref) is None:
                self.add("bad_reference", ref, element="hyperlink")
            location = link.get("location", "")
            if len(location) > MAX_URL:
                self.add("link_long", ref, limit=MAX_URL)
            elif "!" in location and linked(link) is None:
                scanned = formula.scan(location.lstrip("#"))
                for tab in formula.missing_tabs(scanned, self.context.tabs):
                    self.add("link_missing_sheet", ref, name=tab)

    # --- rules ------------------------------------------------------------------------------

    def _validations(self) -> None:
        for rule in descend(self.root, "dataValidation"):
            sqref = rule.get("sqref") or _text_below(rule, "sqref")
            where = self._areas(sqref, "dataValidation")
            for key, limit in _LIMITS.items():
                if len(rule.get(key, "")) > limit:
                    self.add("validation_text", where, key=key, limit=limit)
            for name in ("formula1", "formula2"):
                element = child(rule, name)
                text = "" if element is None else "".join(element.itertext()).strip()
                literal = len(text) > 1 and text[0] == text[-1] == '"'
                if literal and rule.get("type") == "list":
                    if len(text) - 2 > MAX_LIST:
                        self.add("validation_list", where, length=len(text) - 2, limit=MAX_LIST)
                else:
                    self._formula(text, where)

    def _conditions(self) -> None:
        count = self.context.styles.differential
        for block in descend(self.root, "conditionalFormatting"):
            sqref = block.get("sqref") or _text_below(block, "sqref")
            where = self._areas(sqref, "conditionalFormatting")
            for rule in children(block, "cfRule"):
                if count is not None and not 0 <= whole(rule.get("dxfId"), 0) < max(1, count):
                    self.add("rule_format", where, number=rule.get("dxfId"), count=count)
                if whole(rule.get("priority"), 1) < 1:
                    self.add("rule_priority", where, number=rule.get("priority"))
                for part in rule.iter():
                    if local(part.tag) in ("formula", "f"):
                        self._formula(part.text, where)
                    elif local(part.tag) == "cfvo" and part.get("type") == "formula":
                        self._formula(part.get("val"), where)
        for line in descend(self.root, "sparkline"):
            self._formula(_text_below(line, "f"), _text_below(line, "sqref"))

    def _areas(self, sqref: str, element: str) -> str:
        refs = sqref.split()
        for ref in refs:
            if area(ref) is None and not _whole(ref):
                self.add("bad_reference", ref, element=element)
        if not refs:
            self.add("bad_reference", "", element=element)
        return sqref

    # --- filter and page ----------------------------------------------------------------------

    def _filter(self, tables: list[Area]) -> None:
        found = child(self.root, "autoFilter")
        if found is None:
            return
        ref = found.get("ref", "")
        covered = area(ref)
        if covered is None:
            self.add("bad_reference", ref, element="autoFilter")
            return
        for column in children(found, "filterColumn"):
            if not 0 <= whole(column.get("colId")) < covered.width:
                self.add("filter_column", ref, number=column.get("colId"))
        if any(covered.meets(table) for table in tables):
            self.add("filter_in_table", ref)
        name = self.context.filters.get(self.number)
        if name is not None and not same_area(name, ref):
            self.add("filter_name_differs", ref, name=name)

    def _page(self) -> None:
        for element in child(self.root, "headerFooter") or ():
            text = element.text or ""
            if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_MARGIN_TEXT:
                self.add("header_long", "", element=local(element.tag), limit=MAX_MARGIN_TEXT)
        for group, limit in (("rowBreaks", MAX_ROW), ("colBreaks", MAX_COL)):
            breaks = children(child(self.root, group), "brk")
            if len(breaks) > MAX_BREAKS:
                self.add("too_many_breaks", "", count=len(breaks), limit=MAX_BREAKS)
            for one in breaks:
                if not 0 <= whole(one.get("id"), 0) < limit:
                    self.add("bad_reference", one.get("id", ""), element=group)


def _whole(ref: str) -> bool:
    """Whole rows or columns, ``A:C`` or ``3:5``."""
    first, _, last = ref.replace("$", "").partition(":")
    if first.isdecimal() and last.isdecimal():
        return 1 <= whole(first) <= whole(last) <= MAX_ROW
    return bool(last) and area(f"{first}1:{last}1") is not None


def _text_below(element: Element, name: str) -> str:
    found = descend(element, name)
    return "" if not found else (found[0].text or "").strip()
