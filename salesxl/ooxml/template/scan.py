"""Elements of a part or of a fragment of one, and edits that leave all else byte for byte.

Namespace prefixes are ignored (producers choose their own), comments and CDATA are
stepped over, and old VML that is not well-formed is taken as it comes. Texts here are
parts that were already read safely; nothing is expanded.

>>> doc = scan('<a><x:b ref="C5"/>text</a>')
>>> edits = Edits(doc)
>>> edits.attr(doc.named("b")[0], "ref", "C9")
>>> edits.result()
'<a><x:b ref="C9"/>text</a>'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

_TAG = re.compile(
    r"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|[?!][^>]*+>"
    r"""|(/?)([^\s<>/"'=]++)((?:[^<>"'/]++|/(?!>)|"[^"]*+"|'[^']*+')*+)(/?)>)""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));")
_QUOTES = {'"': "&quot;", "'": "&apos;"}
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class Node:
    """One element of a text: [start, inner) is its tag, [inner, close) its content."""

    __slots__ = ("children", "close", "end", "inner", "name", "parent", "spots", "start")

    def __init__(self, name: str, start: int, inner: int, parent: Node | None) -> None:
        self.name = name  # without prefix
        self.start = start
        self.inner = inner
        self.close = self.end = inner
        self.parent = parent
        self.children: list[Node] = []
        self.spots: dict[str, tuple[int, int]] | None = None  # attributes, once asked for

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def child(self, name: str) -> Node | None:
        return next((child for child in self.children if child.name == name), None)

    def within(self, name: str) -> Node | None:
        """The nearest element of this name around this one."""
        node = self.parent
        while node is not None and node.name != name:
            node = node.parent
        return node


class Document:
    """A scanned text; `roots` are its outermost elements (a fragment has many), `nodes` all
    of them in the order of the text."""

    __slots__ = ("_named", "nodes", "roots", "text")

    def __init__(self, text: str, roots: list[Node], nodes: list[Node]) -> None:
        self.text = text
        self.roots = roots
        self.nodes = nodes
        self._named: dict[tuple[str, ...], list[Node]] = {}

    def named(self, *names: str) -> list[Node]:
        """Every element of one of these names (without prefix)."""
        found = self._named.get(names)
        if found is None:
            found = self._named[names] = [node for node in self.nodes if node.name in names]
        return found

    def attr(self, node: Node, name: str) -> str | None:
        """An attribute's value; `name` without prefix finds it under any prefix."""
        spot = self.spot(node, name)
        return None if spot is None else unescape(self.text[spot[0] : spot[1]])

    def spot(self, node: Node, name: str) -> tuple[int, int] | None:
        """Where an attribute's value stands."""
        if node.spots is None:
            node.spots = {}
            for match in _ATTRIBUTE.finditer(self.text, node.start + 1, node.inner):
                prefix, _, local = match.group(1).rpartition(":")
                if prefix != "xmlns" and not (prefix and local in node.spots):
                    node.spots[local] = match.span(2 if match.group(2) is not None else 3)
        return node.spots.get(name)

    def content(self, node: Node) -> str:
        """The text of an element that holds no others."""
        raw = self.text[node.inner : node.close]
        if "<![CDATA[" in raw:
            return "".join(
                piece if index % 2 else unescape(piece)
                for index, piece in enumerate(re.split(r"<!\[CDATA\[(.*?)\]\]>", raw, flags=re.S))
            )
        return unescape(raw)

    def prefix(self, node: Node) -> str:
        """The element's prefix with its colon, or nothing."""
        tag = self.text[node.start + 1 : node.inner]
        return tag[: tag.index(":") + 1] if re.match(r"[\w.-]+:", tag) else ""


def _scan(text: str) -> Document:
    roots: list[Node] = []
    nodes: list[Node] = []
    open_nodes: list[Node] = []
    for match in _TAG.finditer(text):
        name = match.group(2)
        if name is None:
            continue
        name = name.rpartition(":")[2]
        if match.group(1):
            depth = len(open_nodes) - 1
            while depth >= 0 and open_nodes[depth].name != name:
                depth -= 1
            if depth < 0:
                continue
            for node in open_nodes[depth + 1 :]:  # never closed: only in old VML
                node.close = node.end = match.start()
            open_nodes[depth].close, open_nodes[depth].end = match.start(), match.end()
            del open_nodes[depth:]
            continue
        parent = open_nodes[-1] if open_nodes else None
        node = Node(name, match.start(), match.end(), parent)
        (parent.children if parent else roots).append(node)
        nodes.append(node)
        if not match.group(4):
            open_nodes.append(node)
    for node in open_nodes:
        node.close = node.end = len(text)
    return Document(text, roots, nodes)


scan = lru_cache(maxsize=256)(_scan)  # a template's parts are followed again for every file
scan_once = _scan


class Edits:
    """Replacements in a scanned text; an edit within a removed element is dropped."""

    __slots__ = ("_edits", "_left", "doc")

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self._left: dict[Node, int] = {}  # children a container still has
        self._edits: list[tuple[int, int, str]] = []

    def put(self, start: int, end: int, raw: str) -> None:
        """Replace [start, end) by XML text, if that is a change."""
        if self.doc.text[start:end] != raw:
            self._edits.append((start, end, raw))

    def attr(self, node: Node, name: str, value: str) -> None:
        """Give an attribute that is there a new value."""
        spot = self.doc.spot(node, name)
        if spot is not None and unescape(self.doc.text[spot[0] : spot[1]]) != value:
            self.put(*spot, written(value, self.doc.text[spot[1]]))

    def content(self, node: Node, value: str) -> None:
        """Give an element that holds only text a new one."""
        if self.doc.content(node) != value:
            self.put(node.inner, node.close, written(value))

    def remove(self, node: Node) -> None:
        """Take out the element and every container this leaves empty."""
        parent = node.parent
        if parent is not None:
            left = self._more(parent, -1)
            if parent.name in _CONTAINERS and (not left or node.name in ("sparklines", "Choice")):
                self.remove(parent)
                return
        self._edits.append((node.start, node.end, ""))

    def _more(self, parent: Node, number: int) -> int:
        self._left[parent] = self._left.get(parent, len(parent.children)) + number
        return self._left[parent]

    def replace(self, node: Node, raws: list[str]) -> None:
        """Put the texts in place of the element; none at all removes it."""
        if raws:
            if node.parent is not None and len(raws) > 1:
                self._more(node.parent, len(raws) - 1)
            self.put(node.start, node.end, "".join(raws))
        else:
            self.remove(node)

    def result(self) -> str:
        """The whole text; the same object when nothing changed. ``count``s are put right."""
        for parent, left in self._left.items():
            if left:
                self.attr(parent, "count", str(left))
        return self.doc.text if not self._edits else self._apply(0, len(self.doc.text))

    def render(self, node: Node) -> str:
        """The text of one element with its edits."""
        return self._apply(node.start, node.end)

    def _apply(self, start: int, end: int) -> str:
        text, done = self.doc.text, start
        pieces: list[str] = []
        for at, to, raw in sorted(self._edits, key=lambda edit: (edit[0], -edit[1])):
            if at < done or at < start or to > end:
                continue
            pieces += (text[done:at], raw)
            done = to
        pieces.append(text[done:end])
        return "".join(pieces)


# Elements that must not stand empty.
_CONTAINER_WORDS = """
    cellWatches conditionalFormattings controls customSheetViews dataRefs dataValidations ext
    extLst hyperlinks ignoredErrors mergeCells oleObjects protectedRanges rowBreaks scenarios
    singleXmlCells smartTags sparklineGroup sparklineGroups sparklines webPublishItems
    AlternateContent Choice cellSmartTags scenario"""
_CONTAINERS = frozenset(_CONTAINER_WORDS.split())


def written(value: str, quote: str = "") -> str:
    """A value as XML text; `quote`: the mark an attribute's value ends with."""
    raw = escape(value, quote=False)
    entity = _QUOTES.get(quote)
    return raw if entity is None else raw.replace(quote, entity)


def unescape(raw: str) -> str:
    """XML text as what it means."""
    if "&" not in raw:
        return raw
    return _ENTITY.sub(_character, raw)


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _CHARACTERS[name]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if number <= 0x10FFFF else match.group()
