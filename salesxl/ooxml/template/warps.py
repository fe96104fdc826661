"""The constant XML of many rows, their numbers in it, kept from file to file.

In a batch most rows stand where they stood in the file before. Only their values differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesxl.ooxml.template.numerals import numerals
from salesxl.ooxml.template.skeleton import MARK, Form, woven

_FEW = 8  # rows below which nothing is gained
_STEP = 64  # a last stretch has another length in every file
_MOST = 150_000  # values: about 15 MB of text around them
_MOST_PLACES = 5_000


@dataclass(frozen=True, slots=True)
class Warp:
    """The texts around the values of `count` rows, a gap behind each but the last's end."""

    form: Form
    count: int
    texts: list[str]

    @property
    def gaps(self) -> int:
        return len(self.texts) // 2


class Warps:
    """The warps of a template by form and first row; they never hold a value."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], Warp | None] = {}  # None: a place met once
        self._gaps = self._used = 0

    def trim(self) -> None:
        """Before a file: forget all when there is much that the last one had no use for."""
        full = self._gaps > _MOST or len(self._kept) > _MOST_PLACES
        if full and 2 * self._used < _MOST:
            self._kept = {}
            self._gaps = 0
        self._used = 0

    def woven(self, form: Form, first: int, count: int, columns: Sequence[Sequence[str]]) -> str:
        """As `skeleton.woven`, in half the time from the second file on."""
        if not form.slots or count < _FEW:
            return woven(form, first, count, columns)
        key = (id(form), first)
        warp = self._kept.get(key)
        if warp is None or warp.count < count:
            if key not in self._kept or self._gaps > _MOST:
                self._kept.setdefault(key, None)
                return woven(form, first, count, columns)
            self._gaps -= 0 if warp is None else warp.gaps
            warp = self._kept[key] = _warp(form, first, count + -count % _STEP)
            self._gaps += warp.gaps
        width = 2 * len(form.slots)
        laid = warp.texts[: count * width]  # of its own: others may be at it
        self._used += len(laid) // 2
        for place, texts in enumerate(columns):
            laid[2 * place + 1 :: width] = texts
        laid.append(form.parts[-1].replace(MARK, str(first + count - 1)))
        return "".join(laid)


def _warp(form: Form, first: int, count: int) -> Warp:
    width = 2 * len(form.slots)
    texts = [""] * (count * width)
    numbers = numerals(first, count)
    for place, part in enumerate(form.parts[:-1]):
        pieces = part.split(MARK)
        texts[2 * place :: width] = [number.join(pieces) for number in numbers]
    pieces = form.parts[-1].split(MARK)  # a row's end stands with the next one's beginning
    for place, number in zip(range(width, len(texts), width), numbers, strict=False):
        texts[place] = number.join(pieces) + texts[place]
    return Warp(form, count, texts)
