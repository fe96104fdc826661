"""The shared strings of the workbook under way: only what this file shows survives.

The template's strings keep their numbers, so that sheets nobody fills stay byte for
byte; those that nothing uses any more become empty. New texts are appended, each once.

>>> strings = Strings(SharedStrings(), used=())
>>> strings.numbers(["North", "South", "North"])
['0', '1', '0']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

from salesxl.errors import Problem, SalesxlError
from salesxl.ooxml import values
from salesxl.ooxml.template.locate import elements, plain
from salesxl.ooxml.template.numerals import numerals

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<sst xmlns="{_MAIN}"></sst>'
).encode()  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")
_APART = "\x01"
_HALF = values.MAX_TEXT // 2

Where = Callable[[int], str]  # index in a column → the cell as the user knows it


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


class _Numbers(dict[str, str]):
    """Text → number as written, in order of first use; looking a text up gives it one."""

    def __init__(self, first: int) -> None:
        self._first = first

    def __missing__(self, text: object) -> str:
        if type(text) is not str or not text:
            raise KeyError(text)
        made = self[text] = str(self._first + len(self))
        return made


class Strings:
    """Texts of the file under way and their numbers.

    Numbers are given as texts come; all texts are looked at once, in `check`.
    """

    def __init__(self, template: SharedStrings, used: Iterable[int] = ()) -> None:
        self._template = template
        self._used = set(used)
        self._first = len(template.items)  # number of the first text
        self._known = _Numbers(self._first)
        self._seen: list[tuple[Sequence[str], Where]] = []
        self._checked = 0  # texts that were checked …
        self._joined = ""  # … and these in one

    def number(self, text: str, where: str = "") -> str:
        """The number of `text` as it is written; `where`: the cell, if no cell can hold it."""
        self._seen.append(((text,), lambda _: where))
        return self._known.setdefault(text, str(self._first + len(self._known)))

    def numbers(self, texts: Sequence[str], where: Where = lambda index: "") -> list[str] | None:
        """The numbers of a column of texts; None where one is empty: that is a blank cell."""
        known = self._known
        first = self._first + len(known)
        if len(texts) > 1 and texts[0] not in known and texts[-1] not in known:
            found = self._all_new(texts, first)
            if found is not None:
                return self._counted(texts, found, where)
        fresh = dict.fromkeys(filterfalse(known.__contains__, texts))
        known.update(zip(fresh, numerals(first, len(fresh)), strict=True))
        return self._counted(texts, [*map(known.__getitem__, texts)], where)

    def _all_new(self, texts: Sequence[str], first: int) -> list[str] | None:
        """The numbers of texts that are likely all new; None, and nothing met, if not."""
        known = self._known
        before = len(known)
        found = [*map(known.setdefault, texts, numerals(first, len(texts)))]
        if len(known) - before == len(texts):
            return found
        for _ in range(len(known) - before):
            known.popitem()
        return None

    def known(self, values: Sequence[Any], where: Where) -> list[str] | None:
        """The same of values that need not be texts; None also where one is none, or where
        they look all new, which `numbers` does faster."""
        known = self._known
        if len(values) < 2:
            return None
        try:
            if values[0] not in known and values[-1] not in known:
                return None
            found = itemgetter(*values)(known)
        except (KeyError, TypeError):
            return None
        return self._counted(values, [*found], where)

    def _counted(self, texts: Sequence[str], found: list[str], where: Where) -> list[str] | None:
        if "" in self._known and "" in texts:
            return None  # its number is used up: it stays as a text nobody shows
        self._seen.append((texts, where))
        return found

    def check(self) -> None:
        """Raise `SalesxlError` with every cell whose text no cell holds."""
        if self._checked == len(self._known):
            return
        fresh = [*self._known]
        joined = self._joined = "".join(fresh)
        whole = joined.isascii() or joined.isprintable() or not _SURROGATE.search(joined)
        if whole and max(map(len, fresh)) <= _HALF:
            self._checked = len(fresh)
            return
        problems: list[Problem] = []
        for texts, where in self._seen:
            for index, text in enumerate(texts):
                try:
                    values.check_text(text, "")
                except SalesxlError as error:
                    found = error.problems[0]
                    problems.append(Problem(found.code, where(index), found.values))
        if problems:
            raise SalesxlError(problems)
        self._checked = len(fresh)

    def use(self, numbers: Iterable[int]) -> None:
        """Keep these strings of the template."""
        self._used.update(numbers)

    def xml(self) -> bytes:
        """The part ``sharedStrings.xml``. Raises as `check`."""
        self.check()
        template = self._template
        p = template.prefix
        blank = f"<{p}si><{p}t/></{p}si>"
        used = self._used
        kept = [item if number in used else blank for number, item in enumerate(template.items)]
        fresh = [*self._known]
        if not fresh:
            while kept and kept[-1] is blank:
                kept.pop()
        return "".join((template.head, *kept, self._items(fresh), f"</{p}sst>")).encode()

    def _items(self, fresh: list[str]) -> str:
        """The new texts as items."""
        if not fresh:
            return ""
        p = self._template.prefix
        head, tail = f"<{p}si><{p}t>", f"</{p}t></{p}si>"
        joined = self._joined
        if joined.isprintable() and "_x" not in joined:
            # Nothing but markup to escape: all texts in one go, kept apart by a control. Of
            # the spaces a text may have at its edges only the common one is printable.
            text = f"{_APART}{_APART.join(fresh)}{_APART}"
            if f"{_APART} " not in text and f" {_APART}" not in text:
                return head + escape(text[1:-1]).replace(_APART, tail + head) + tail
        edged = f'<{p}si><{p}t xml:space="preserve">'
        return "".join(
            f"{head if text == text.strip() else edged}{escaped(text)}{tail}" for text in fresh
        )


def escaped(text: str) -> str:
    """A text as the file stores it inside ``<t>``."""
    return escape(values.escape_result(text))


def text_xml(text: str, tag: str) -> str:
    """``<t>text</t>``, its outer spaces kept."""
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f"<{tag}{space}>{escaped(text)}</{tag}>"
