"""The shared strings of the workbook under way: only what this file shows survives.

The template's strings keep their numbers, so that sheets nobody fills stay byte for
byte; those that nothing uses any more become empty. New texts are appended, each once.

>>> strings = Strings(SharedStrings(), used=())
>>> strings.numbers(["North", "South", "North"])
['0', '1', '0']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from xml.sax.saxutils import escape

from salesxl.ooxml import values
from salesxl.ooxml.template.locate import elements, plain

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<sst xmlns="{_MAIN}"></sst>'
).encode()  # fmt: skip
# Whatever cannot stand in ``<t>`` as it is: markup, control characters, surrogates, ``_x0041_``.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF = values.MAX_TEXT // 2


@dataclass(frozen=True)
class SharedStrings:
    """The template's strings: each item's XML and its plain text."""

    head: str = EMPTY.decode()[: -len("</sst>")]
    items: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    prefix: str = ""


def read_strings(data: bytes, file: str, part: str) -> SharedStrings:
    """The part ``sharedStrings.xml`` in UTF-8. Raises `SalesxlError` when it is broken."""
    found = elements(data, {"sst", "si", "t"}, file, part)
    items: list[str] = []
    texts: list[list[str]] = []
    for one in found[1:]:
        if one.tag == "si":
            items.append(data[one.start : one.end].decode())
            texts.append([])
        elif "rPh" not in one.path and texts:
            texts[-1].append(plain(data[one.inner_start : one.inner_end]))
    root = found[0]
    head = data[: root.inner_start].decode()
    head = re.sub(r"""\s(?:count|uniqueCount)\s*=\s*(?:"[^"]*"|'[^']*')""", "", head)
    if root.empty:
        head = head.rstrip()[:-2] + ">"
    return SharedStrings(head, tuple(items), tuple(map("".join, texts)), root.prefix)


class Strings:
    """Texts of the file under way and their numbers."""

    def __init__(self, template: SharedStrings, used: Iterable[int] = ()) -> None:
        self._template = template
        self._used = set(used)
        self._known: dict[str, str] = {}
        self._new: list[str] = []
        self._next = count(len(template.items))

    def number(self, text: str, where: str = "") -> str:
        """The number of `text` as it is written. Raises `SalesxlError` naming `where`."""
        found = self._known.get(text)
        if found is None:
            values.check_text(text, where)
            self._learn((text,))
            found = self._known[text]
        return found

    def numbers(self, texts: Sequence[str]) -> list[str] | None:
        """The numbers of a column of texts; None where a text needs a closer look.

        That is an empty text (a blank cell) or one no cell holds (`number` says why).
        """
        known = self._known
        # The order of first use, so that the same texts give the same numbers.
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            if len(max(fresh, key=len)) > _HALF or "" in fresh:
                return None
            if not self._learn(fresh):
                return None
        return [*map(known.__getitem__, texts)]

    def _learn(self, fresh: Sequence[str]) -> bool:
        """Give new texts their numbers; False when one of them holds a lone surrogate."""
        joined = "\n".join(fresh)
        stored = fresh
        if _SPECIAL.search(joined):
            if not joined.isascii() and _SURROGATE.search(joined):
                return False
            stored = [escaped(text) if _SPECIAL.search(text) else text for text in fresh]
        self._known.update(zip(fresh, map(str, self._next), strict=False))
        p = self._template.prefix
        plain_open, plain_close = f"<{p}si><{p}t>", f"</{p}t></{p}si>"
        edged = f'<{p}si><{p}t xml:space="preserve">'
        self._new += [
            f"{plain_open if text == text.strip() else edged}{text}{plain_close}" for text in stored
        ]
        return True

    def use(self, numbers: Iterable[int]) -> None:
        """Keep these strings of the template."""
        self._used.update(numbers)

    def xml(self) -> bytes:
        """The part ``sharedStrings.xml``."""
        template = self._template
        p = template.prefix
        blank = f"<{p}si><{p}t/></{p}si>"
        used = self._used
        kept = [item if number in used else blank for number, item in enumerate(template.items)]
        if not self._new:
            while kept and kept[-1] is blank:
                kept.pop()
        return "".join((template.head, *kept, *self._new, f"</{p}sst>")).encode()


def escaped(text: str) -> str:
    """A text as the file stores it inside ``<t>``."""
    return escape(values.escape_result(text))


def text_xml(text: str, tag: str) -> str:
    """``<t>text</t>``, its outer spaces kept."""
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f"<{tag}{space}>{escaped(text)}</{tag}>"
