"""What we once wrote around a template's cells, taken out again.

Merged areas, rules, validations, links and sparklines come anew with each content.
Those a person added stay; ours are known by their formulas and places, wherever the
inserted rows and columns have moved them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from salesxl.ooxml.pour.relocate import Area
from salesxl.ooxml.template.locate import Element, attribute, edited, elements, plain
from salesxl.ooxml.template.sheet import TemplateSheet
from salesxl.opc.cells import split_reference

_DECORATIONS = frozenset({"dataBar", "colorScale", "iconSet"})
_CONTAINERS = frozenset(
    {
        "mergeCells", "dataValidations", "hyperlinks", "conditionalFormatting",
        "conditionalFormattings", "sparklines", "sparklineGroups", "ext", "extLst",
    }
)  # fmt: skip
_COUNTED = frozenset({"mergeCells", "dataValidations"})


@dataclass(frozen=True)
class Ours:
    """What is ours around the cells of a sheet, in the template's coordinates (from 0)."""

    rules: Mapping[str, str]  # formula, see `alike` → style
    decorations: frozenset[tuple[int, int]]  # first cells of bars, scales, icons
    checks: tuple[Area, ...]
    merges: tuple[Area, ...]
    sparklines: frozenset[tuple[int, int]]
    links: frozenset[tuple[int, int]]

    @staticmethod
    def alike(formula: str) -> str:
        """A formula without what programs write differently: quotes of sheets, spaces, case."""
        return formula.removeprefix("=").replace("'", "").replace(" ", "").upper()


@dataclass(frozen=True)
class Cleaned:
    """The sheet's text before and after its rows. `unmerged`: areas a person has split."""

    head: str
    tail: str
    rule_styles: Mapping[str, int]  # our rule's style → differential format it has now
    unmerged: frozenset[Area]


@dataclass
class _Tree:
    data: bytes
    items: list[Element]
    parents: list[int]
    children: dict[int, list[int]]
    removed: set[int] = field(default_factory=set)

    def text(self, index: int) -> str:
        one = self.items[index]
        return plain(self.data[one.inner_start : one.inner_end])

    def child(self, index: int, tag: str) -> str:
        for child in self.children.get(index, ()):
            if self.items[child].tag == tag:
                return self.text(child)
        return ""


def cleaned(sheet: TemplateSheet, ours: Ours, file: str = "") -> Cleaned:
    """The sheet around its rows without what is ours."""
    data = (sheet.head + sheet.tail).encode()
    tree = _tree(data, file, sheet.part)
    styles: dict[str, int] = {}
    merged: set[Area] = set()
    shrunk: dict[int, str] = {}
    for index, one in enumerate(tree.items):
        top = len(one.path) == 1
        if one.tag == "mergeCell":
            area = _area(one.attributes.get("ref", ""))
            if area in ours.merges:
                merged.add(area)
                tree.removed.add(index)
        elif one.tag == "conditionalFormatting":
            place = attribute(one, "sqref") if top else tree.child(index, "sqref")
            _rules(tree, index, place, ours, styles)
        elif one.tag == "dataValidation":
            place = attribute(one, "sqref") if top or not tree.child(index, "sqref") else ""
            place = place or tree.child(index, "sqref")
            left = [ref for ref in place.split() if not _meets(ref, ours.checks)]
            if not left:
                tree.removed.add(index)
            elif len(left) < len(place.split()) and "sqref" in one.attributes:
                shrunk[index] = " ".join(left)
        elif one.tag == "hyperlink":
            inside = attribute(one, "location") and not attribute(one, "id")
            if inside and _first(attribute(one, "ref")) in ours.links:
                tree.removed.add(index)
        elif one.tag == "sparkline" and _first(tree.child(index, "sqref")) in ours.sparklines:
            tree.removed.add(index)
    _empty(tree)
    edits = [*_edits(tree, shrunk)]
    text = edited(data, edits).decode()
    head_end = len(sheet.head.encode())
    before = [edit for edit in edits if edit[1] <= head_end]
    head = edited(sheet.head.encode(), before).decode()
    unmerged = frozenset(area for area in ours.merges if area not in merged)
    return Cleaned(head, text[len(head) :], styles, unmerged)


def _tree(data: bytes, file: str, part: str) -> _Tree:
    items = elements(data, None, file, part)
    parents, stack = [], []  # type: ignore[var-annotated]
    children: dict[int, list[int]] = {}
    for index, one in enumerate(items):
        while stack and items[stack[-1]].end <= one.start:
            stack.pop()
        parent = stack[-1] if stack else -1
        parents.append(parent)
        children.setdefault(parent, []).append(index)
        stack.append(index)
    return _Tree(data, items, parents, children)


def _rules(tree: _Tree, index: int, place: str, ours: Ours, styles: dict[str, int]) -> None:
    first = split_reference(place.split(" ")[0].partition(":")[0]) if place else None
    for child in tree.children.get(index, ()):
        rule = tree.items[child]
        if rule.tag != "cfRule":
            continue
        kind = attribute(rule, "type")
        if kind in _DECORATIONS:
            if first in ours.decorations:
                tree.removed.add(child)
            continue
        style = ours.rules.get(Ours.alike(tree.child(child, "formula") or tree.child(child, "f")))
        if style is not None:
            tree.removed.add(child)
            if "dxfId" in rule.attributes:
                styles.setdefault(style, int(rule.attributes["dxfId"]))


def _empty(tree: _Tree) -> None:
    """Containers go with the last of what they held."""
    for index in range(len(tree.items) - 1, -1, -1):
        one = tree.items[index]
        children = tree.children.get(index, [])
        if one.tag == "sparklineGroup":
            lines = [c for c in children if tree.items[c].tag == "sparklines"]
            if lines and all(c in tree.removed for c in lines):
                tree.removed.add(index)
        elif one.tag in _CONTAINERS and children:
            left = [c for c in children if tree.items[c].tag != "sqref"]
            if left and all(child in tree.removed for child in left):
                tree.removed.add(index)


def _edits(tree: _Tree, shrunk: Mapping[int, str]) -> Iterator[tuple[int, int, bytes]]:
    for index, one in enumerate(tree.items):
        if any(up in tree.removed for up in _above(tree, index)):
            continue
        if index in tree.removed:
            yield one.start, one.end, b""
            continue
        tag = tree.data[one.start : one.inner_start].decode()
        new = tag
        if index in shrunk:
            new = new.replace(f'sqref="{one.attributes["sqref"]}"', f'sqref="{shrunk[index]}"')
        if one.tag in _COUNTED and "count" in one.attributes:
            new = new.replace(f' count="{one.attributes["count"]}"', "")
        if new != tag:
            yield one.start, one.inner_start, new.encode()


def _above(tree: _Tree, index: int) -> Iterator[int]:
    parent = tree.parents[index]
    while parent >= 0:
        yield parent
        parent = tree.parents[parent]


def _first(ref: str) -> tuple[int, int] | None:
    return split_reference(ref.partition(":")[0])


def _area(ref: str) -> Area | None:
    first, _, last = ref.partition(":")
    start, end = split_reference(first), split_reference(last or first)
    return None if start is None or end is None else (*start, *end)


def _meets(ref: str, areas: tuple[Area, ...]) -> bool:
    """Whether a range has cells in common with one of the areas: a cell has one validation."""
    area = _area(ref)
    if area is None:
        return False
    row, col, last_row, last_col = area
    return any(a <= last_row and row <= c and b <= last_col and col <= d for a, b, c, d in areas)
