"""Where the elements of a part stand, found by a real parser: nothing is parsed by pattern.

Parts are edited in place: what an edit does not name stays byte for byte.

>>> found = elements(b'<a><b n="1"/>x</a>', {"b"})
>>> [(one.attributes["n"], one.start, one.end) for one in found]
[('1', 3, 13)]
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from salesxl.errors import fail

_TAG_END = re.compile(rb"""<[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>""")
_DECLARED = re.compile(rb"""^(<\?xml[^>]*?encoding\s*=\s*)(["'])([A-Za-z0-9._-]+)\2""")
_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Element:
    """One element: byte positions of its tag's start, its content and its end."""

    tag: str  # without prefix
    prefix: str  # "x:" or ""
    attributes: dict[str, str]  # as written, with prefixes
    start: int
    inner_start: int
    inner_end: int
    end: int
    path: tuple[str, ...]  # tags of the ancestors, outermost first

    @property
    def empty(self) -> bool:
        """Whether it is written ``<a/>``."""
        return self.inner_start == self.inner_end == self.end


class _RefusedError(Exception):
    pass


def parser(start: Any, end: Any) -> Any:
    """An expat parser that refuses document types; handlers get (tag, attributes) and (tag)."""
    made = expat.ParserCreate()
    made.StartElementHandler = start
    made.EndElementHandler = end
    made.StartDoctypeDeclHandler = _refuse
    made.EntityDeclHandler = _refuse
    made.buffer_text = False
    return made


def _refuse(*_: object) -> None:
    raise _RefusedError


def parse(made: Any, data: bytes, file: str, part: str) -> None:
    """Run `made` over `data`; broken XML and DTDs are problems with this file."""
    try:
        made.Parse(data, True)
    except _RefusedError as error:
        raise fail("plan.file_unsafe_xml", file, part=part) from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise fail("plan.file_damaged", file, part=part) from error


def tag_end(data: bytes, start: int) -> int:
    """The position behind the tag that starts at `start`."""
    found = _TAG_END.match(data, start)
    if found is None:
        raise ValueError("no tag here")
    return found.end()


def elements(
    data: bytes, names: Collection[str] | None, file: str = "", part: str = ""
) -> list[Element]:
    """Every element whose tag is among `names` (None: all), in the order they start."""
    found: list[Element | None] = []
    stack: list[tuple[int, int, int, dict[str, str], str]] = []
    path: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        prefix, colon, name = tag.rpartition(":")
        at = made.CurrentByteIndex
        if names is None or name in names:
            stack.append((len(found), at, tag_end(data, at), attributes, prefix + colon))
            found.append(None)
        else:
            stack.append((-1, at, 0, attributes, ""))
        path.append(name)

    def end(tag: str) -> None:
        path.pop()
        index, at, behind, attributes, prefix = stack.pop()
        if index < 0:
            return
        name = tag.rpartition(":")[2]
        if data[behind - 2 : behind] == b"/>":
            spot = (at, behind, behind, behind)
        else:
            inner_end = made.CurrentByteIndex
            spot = (at, behind, inner_end, tag_end(data, inner_end))
        found[index] = Element(name, prefix, attributes, *spot, tuple(path))

    made = parser(start, end)
    parse(made, data, file, part)
    return [one for one in found if one is not None]


def well_formed(data: bytes, file: str, part: str) -> None:
    """Raise `SalesxlError` unless `data` is XML without a DTD."""
    parse(parser(None, None), data, file, part)


def edited(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """`data` with each (start, end) replaced; the edits do not overlap."""
    pieces: list[bytes] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (data[done:start], new)
        done = end
    pieces.append(data[done:])
    return b"".join(pieces)


def as_utf8(data: bytes, file: str, part: str) -> bytes:
    """A part's text in UTF-8; most parts come back as they are."""
    try:
        for bom, encoding in _BOMS:
            if data.startswith(bom):
                return _declare(data.decode(encoding).encode())
        found = _DECLARED.match(data)
        if found is None or found.group(3).lower() in (b"utf-8", b"us-ascii", b"ascii"):
            data.decode()
            return data
        return _declare(data.decode(found.group(3).decode()).encode())
    except (UnicodeError, LookupError) as error:
        raise fail("plan.file_damaged", file, part=part) from error


def _declare(data: bytes) -> bytes:
    data = data.removeprefix(codecs.BOM_UTF8)
    return _DECLARED.sub(rb"\g<1>\g<2>UTF-8\g<2>", data)


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without prefix; "" if absent."""
    return next((v for k, v in element.attributes.items() if k.rpartition(":")[2] == name), "")


def plain(fragment: bytes) -> str:
    """The text of an element's content: entities, references and CDATA resolved."""
    if b"&" not in fragment and b"<" not in fragment:
        return fragment.decode()
    pieces: list[str] = []
    made = parser(None, None)
    made.CharacterDataHandler = pieces.append
    made.Parse(b"<t>" + fragment + b"</t>", True)
    return "".join(pieces)


@contextmanager
def damaged(file: str, part: str) -> Iterator[None]:
    """What goes wrong while reading `part` is a problem with this file."""
    try:
        yield
    except (ValueError, LookupError, TypeError, expat.ExpatError) as error:
        raise fail("plan.file_damaged", file, part=part) from error
