"""Charts (``c:`` and ``cx:``) that follow the rows.

>>> moves = Moves({"Sales": SheetMoves([Run(5, 5, 3)])})
>>> follow_chart("<c:val><c:f>Sales!$C$5</c:f></c:val>", moves)
'<c:val><c:f>Sales!$C$5:$C$7</c:f></c:val>'
"""

from __future__ import annotations

from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.references import rewrite
from salesxl.ooxml.template.scan import Document, Edits, Node, scan

# c15 names its references "sqref", cx the name of a dimension "nf".
_FORMULAS = ("f", "sqref", "nf")
# A title, a series' or dimension's name, a label: one cell stays one cell.
_OF_ONE_CELL = ("tx", "title", "dlblFieldTable", "dlblFTEntry", "datalabelsRange")


def follow_chart(xml: str, moves: Moves, home: str = "") -> str:
    """A chart part with its ranges followed (series, titles, labels, error bars, filters).

    A series over one cell of a one-row list takes the whole list. Caches stay as they
    are; `refill_chart` follows. Unchanged: the same object.
    """
    if moves.still:
        return xml
    doc = scan(xml)
    edits = Edits(doc)
    for node in doc.nodes:
        if node.name in _FORMULAS and not node.children:
            edits.content(node, rewrite(doc.content(node), moves, home, grow=_grows(node)))
        elif node.name == "pivotSource":
            _follow_pivot(doc, edits, node, moves)
    return edits.result()


def _grows(node: Node) -> bool:
    if node.name == "nf":
        return False
    parent = node.parent
    while parent is not None and parent.name not in ("ser", "series", "data"):
        if parent.name in _OF_ONE_CELL:
            return parent.name == "datalabelsRange"
        parent = parent.parent
    return True


def _follow_pivot(doc: Document, edits: Edits, node: Node, moves: Moves) -> None:
    """``[Book.xlsx]Sheet!PivotTable1``: only the sheet's title can change."""
    name = node.child("name")
    text = "" if name is None else doc.content(name)
    head, mark, pivot = text.rpartition("!")
    book, bracket, title = head.rpartition("]")
    if name is None or not mark:
        return
    new = moves.title(title.strip("'").replace("''", "'"))
    if new != title.strip("'").replace("''", "'"):
        edits.content(name, f"{book}{bracket}{new}!{pivot}")
