"""XML of a stranger, read in pieces: no DTD, no entities, no more memory than allowed.

A part becomes a tree; a worksheet's cells do not, they go through `CellSink` as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any, Protocol
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
MAX_ELEMENTS = 400_000  # of one part, cells not counted; about 200 MB as a tree
MAX_DEPTH = 200
CHUNK = 1 << 16

ROW, CELL, VALUE, FORMULA, INLINE, TEXT, PHONETIC, END = range(1, 9)
_CELL_NAMES = {
    "row": ROW, "c": CELL, "v": VALUE, "f": FORMULA, "is": INLINE, "t": TEXT, "rPh": PHONETIC,
    "sheetData": END,
}  # fmt: skip
KINDS = {f"{uri}}}{name}": kind for uri in MAIN for name, kind in _CELL_NAMES.items()}
_SHEET_DATA = frozenset(f"{uri}}}sheetData" for uri in MAIN)


class UnsafeXmlError(Exception):
    """A DTD or an entity: Excel never writes one."""


class TooLargeError(Exception):
    """More elements or deeper nesting than any real part has."""


Start = Callable[[str, Mapping[str, str]], None]
Text = Callable[[str], None]
End = Callable[[str], None]


class CellSink(Protocol):
    """What takes the cells of a worksheet; `KINDS` tells its tags apart."""

    def handlers(self, done: Callable[[str], None]) -> tuple[Start, Text, End]:
        """For starts, texts and ends; `done(tag)` is to be called at the end of the cells."""


class Tree:
    """A parsed part: its root, and the relationship ids its attributes name."""

    def __init__(self) -> None:
        self.root: Element = Element("none")
        self.relation_ids: list[tuple[str, str]] = []  # (local name of the element, id)


def guarded_parser() -> expat.XMLParserType:
    """A parser with namespaces (``uri}name``) that stops at any DTD or entity."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    return parser


def parse(stream: IO[bytes], cells: CellSink | None = None) -> Tree:
    """Read a part. Raises `ExpatError` for broken XML, `UnsafeXmlError`, `TooLargeError`."""
    parser = guarded_parser()
    tree = Tree()
    _Builder(parser, tree, cells)
    while data := stream.read(CHUNK):
        parser.Parse(data, False)
    parser.Parse(b"", True)
    return tree


def walk(stream: IO[bytes], on_start: Start | None = None) -> None:
    """Read a part to its end without keeping anything. Raises as `parse` does."""
    parser = guarded_parser()
    if on_start is not None:
        parser.StartElementHandler = on_start
    while data := stream.read(CHUNK):
        parser.Parse(data, False)
    parser.Parse(b"", True)


def _refuse(*_: Any) -> int:
    raise UnsafeXmlError


class _Builder:
    """Builds the tree, and lends the parser to the cells while a ``sheetData`` is open."""

    def __init__(self, parser: expat.XMLParserType, tree: Tree, cells: CellSink | None) -> None:
        self.parser = parser
        self.tree = tree
        self.cells = cells
        self.builder = TreeBuilder()
        self.count = 0
        self.depth = 0
        self._take()

    def _take(self) -> None:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        self.depth += 1
        if self.count > MAX_ELEMENTS or self.depth > MAX_DEPTH:
            raise TooLargeError
        self.tree.relation_ids += linked_ids(tag, attributes)
        named = {(f"{{{name}" if "}" in name else name): v for name, v in attributes.items()}
        self.builder.start(f"{{{tag}" if "}" in tag else tag, named)
        if self.cells is not None and tag in _SHEET_DATA:
            start, text, end = self.cells.handlers(self._done)
            self.parser.StartElementHandler = start
            self.parser.CharacterDataHandler = text
            self.parser.EndElementHandler = end

    def end(self, tag: str) -> None:
        self.depth -= 1
        element = self.builder.end(f"{{{tag}" if "}" in tag else tag)
        if not self.depth:
            self.tree.root = element

    def text(self, data: str) -> None:
        self.builder.data(data)

    def _done(self, tag: str) -> None:
        self._take()
        self.end(tag)


def linked_ids(tag: str, attributes: Mapping[str, str]) -> list[tuple[str, str]]:
    """The relationship ids in an element's attributes, with its local name."""
    return [
        (tag.rpartition("}")[2], value)
        for name, value in attributes.items()
        if "}" in name and name.rpartition("}")[0] in _LINKS
    ]


def local(tag: str) -> str:
    """A tag or attribute name without its namespace."""
    return tag.rpartition("}")[2]


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that local name."""
    if element is None:
        return None
    return next((one for one in element if local(one.tag) == name), None)


def children(element: Element | None, name: str) -> list[Element]:
    """The children of that local name."""
    return [] if element is None else [one for one in element if local(one.tag) == name]


def descend(element: Element | None, name: str) -> list[Element]:
    """All elements of that local name, at any depth."""
    return [] if element is None else [one for one in element.iter() if local(one.tag) == name]


def whole(word: str | None, default: int = -1) -> int:
    """An attribute as a whole number; `default` where it is none or absurdly long."""
    if word is None or len(word) > 12:
        return default
    try:
        return int(word)
    except ValueError:
        return default


def linked(element: Element, name: str = "id") -> str | None:
    """The value of ``r:id`` (or ``r:embed``, …) in either namespace."""
    for uri in _LINKS:
        value = element.get(f"{{{uri}}}{name}")
        if value is not None:
            return value
    return None
