"""Defined names that follow the rows: ranges, print areas, titles, filters.

>>> moves = Moves({"Sales": SheetMoves([Run(5, 5, 3)])})
>>> xml = '<definedName name="people">Sales!$A$5:$C$5</definedName>'
>>> follow_names(xml, moves)
'<definedName name="people">Sales!$A$5:$C$7</definedName>'
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from salesxl.ooxml.template.formula_parts import parse
from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.references import GONE, rewrite, rewrite_name
from salesxl.ooxml.template.scan import Document, Edits, Node, scan, scan_once

# Built-in names made of areas: those whose cells are gone are left out, not broken.
_OF_AREAS = ("_xlnm.print_area", "_xlnm.print_titles", "_xlnm._filterdatabase")
_BUILT_IN = "_xlnm."
_OF_CHARTS = "_xlchart."  # the hidden names behind cx charts


# (follower, formula, sheet) → follower(formula, moves, sheet); see `followed.Followed.formula`
Through = Callable[[Callable[[str, Moves, str], str], str, str], str]


def follow_names(
    xml: str, moves: Moves, lists: Collection[str] = (), places: Collection[str] = (),
    through: Through | None = None,
) -> str:  # fmt: skip
    """`xl/workbook.xml` with its defined names followed, and dropped sheets taken out.

    `lists`: names (any case) that mean a list, even where they name one cell or lack
    ``$``: they grow with it. `places`: names of cells and blocks, which move even where
    they lack ``$``. Names of dropped sheets go, ``localSheetId`` and ``activeTab`` are
    renumbered, sheets renamed; a name whose cells are gone becomes ``#REF!``, a print
    area or filter is removed. ``<sheet>`` of a dropped sheet goes (its part and relation
    are the caller's). Unchanged: the same object. `through` may remember formulas.
    """
    if moves.still:
        return xml
    through = through or (lambda follower, text, title: follower(text, moves, title))
    doc = scan(xml)
    edits = Edits(doc)
    sheets = [(node, doc.attr(node, "name") or "") for node in _sheets(doc)]
    numbers = _follow_sheets(doc, edits, sheets, moves)
    _follow_tabs(doc, edits, sheets, numbers)
    titles = [title for _, title in sheets]
    growing = {name.casefold() for name in lists}
    moving = growing | {name.casefold() for name in places}
    for node in doc.named("definedName"):
        home = _local(doc, node)
        if home in numbers:
            new = numbers[home]
            if new is None:
                edits.remove(node)
                continue
            edits.attr(node, "localSheetId", str(new))
        title = titles[home] if home in numbers else ""
        name = (doc.attr(node, "name") or "").casefold()
        text = doc.content(node)
        if name in _OF_AREAS:
            text = through(_areas_left, text, title)
        elif name in growing:
            text = through(_grown, text, title)
        elif name in moving or name.startswith(_BUILT_IN):
            text = through(rewrite, text, title)
        else:
            chart = name.startswith(_OF_CHARTS)
            text = through(_of_chart if chart else rewrite_name, text, title)
        if text:
            edits.content(node, text)
        else:
            edits.remove(node)
    return edits.result()


def names_of(xml: str) -> dict[str, str]:
    """Defined names of `xl/workbook.xml` (lower case) → formula; sheet-level ones as
    ``title!name``."""
    doc = scan_once(xml)
    titles = [doc.attr(node, "name") or "" for node in _sheets(doc)]
    found = {}
    for node in doc.named("definedName"):
        home = _local(doc, node)
        title = f"{titles[home]}!" if 0 <= home < len(titles) else ""
        found[f"{title}{doc.attr(node, 'name')}".casefold()] = doc.content(node)
    return found


def _sheets(doc: Document) -> list[Node]:
    return [node for parent in doc.named("sheets") for node in parent.children]


def _local(doc: Document, node: Node) -> int:
    text = doc.attr(node, "localSheetId") or ""
    return int(text) if text.isdecimal() else -1


def _follow_sheets(
    doc: Document, edits: Edits, sheets: Sequence[tuple[Node, str]], moves: Moves
) -> dict[int, int | None]:
    """Old tab number → new one, None for a dropped sheet."""
    numbers: dict[int, int | None] = {}
    kept = 0
    for number, (node, title) in enumerate(sheets):
        if moves.is_dropped(title):
            edits.remove(node)
            numbers[number] = None
            continue
        edits.attr(node, "name", moves.title(title))
        numbers[number] = kept
        kept += 1
    return numbers


def _follow_tabs(
    doc: Document,
    edits: Edits,
    sheets: Sequence[tuple[Node, str]],
    numbers: dict[int, int | None],
) -> None:
    """The tab shown first, and each person's own: the nearest one that is left and visible."""
    open_tabs = [
        number
        for number, (node, _) in enumerate(sheets)
        if numbers[number] is not None and doc.attr(node, "state") in (None, "visible")
    ]
    if not open_tabs or None not in numbers.values():
        return
    for view in doc.named("workbookView"):
        for name in ("activeTab", "firstSheet"):
            text = doc.attr(view, name) or ""
            if text.isdecimal():
                old = int(text)
                if numbers.get(old) is None:
                    old = min(open_tabs, key=lambda tab: (abs(tab - old), tab))
                edits.attr(view, name, str(numbers[old]))
    gone = {doc.attr(node, "sheetId") for n, (node, _) in enumerate(sheets) if numbers[n] is None}
    for view in doc.named("customWorkbookView"):
        if doc.attr(view, "activeSheetId") in gone:
            shown = doc.attr(sheets[open_tabs[0]][0], "sheetId") or "1"
            edits.attr(view, "activeSheetId", shown)


def _grown(text: str, moves: Moves, home: str) -> str:
    return rewrite(text, moves, home, grow=True)


def _of_chart(text: str, moves: Moves, home: str) -> str:
    return rewrite_name(text, moves, home, grow=True)


def _areas_left(text: str, moves: Moves, home: str) -> str:
    """A list of areas without those that are gone; "" when none is left."""
    pieces: list[str] = [""]
    for part in parse(text):
        if part == ",":
            pieces.append("")
        else:
            one = part if isinstance(part, str) else part.text
            pieces[-1] += rewrite(one, moves, home)
    return ",".join(piece for piece in pieces if GONE not in piece)
