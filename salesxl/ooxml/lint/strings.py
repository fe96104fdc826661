"""The shared strings, read as a stream: how many, which too long, and the few texts needed."""

from __future__ import annotations

from collections.abc import Container

from salesxl.ooxml.lint.model import Context
from salesxl.ooxml.lint.stream import CHUNK, MAIN, guarded_parser
from salesxl.opc.package import unescape

MAX_TEXT = 32_767

_ITEM = frozenset(f"{uri}}}si" for uri in MAIN)
_TEXT = frozenset(f"{uri}}}t" for uri in MAIN)
_PHONETIC = frozenset(f"{uri}}}rPh" for uri in MAIN)


def text_length(text: str) -> int:
    """Characters as Excel counts them: UTF-16 units, ``_x000A_`` being one."""
    text = unescape(text)
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class StringReader:
    """Reads one ``sharedStrings`` part; `texts` holds those whose index is `wanted`."""

    def __init__(self, wanted: Container[int] = ()) -> None:
        self.wanted = wanted
        self.count = 0
        self.long: dict[int, int] = {}
        self.texts: dict[int, str] = {}
        self._pieces: list[str] = []
        self._length = 0
        self._phonetic = False
        self._grab = False

    def read(self, context: Context, part: str) -> None:
        parser = guarded_parser()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        with context.guard(part), context.package.open(part) as stream:
            while data := stream.read(CHUNK):
                parser.Parse(data, False)
            parser.Parse(b"", True)

    def _start(self, tag: str, _: dict[str, str]) -> None:
        if tag in _ITEM:
            self._pieces.clear()
            self._length = 0
        elif tag in _PHONETIC:
            self._phonetic = True
        elif tag in _TEXT:
            self._grab = not self._phonetic

    def _text(self, data: str) -> None:
        # What is too long is counted, not kept: one string may be the whole part.
        if self._grab:
            self._length += len(data)
            if self._length <= 8 * MAX_TEXT:
                self._pieces.append(data)

    def _end(self, tag: str) -> None:
        if tag in _TEXT:
            self._grab = False
        elif tag in _PHONETIC:
            self._phonetic = False
        elif tag in _ITEM:
            index, self.count = self.count, self.count + 1
            if index in self.wanted:
                self.texts[index] = unescape("".join(self._pieces))
            if self._length > MAX_TEXT // 2:
                length = text_length("".join(self._pieces))
                if length > MAX_TEXT:
                    self.long[index] = length
