"""Cell areas: reading them, their limits, which of them overlap, which rows hold what."""

from __future__ import annotations

import heapq
import re
from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COL = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


class Area(NamedTuple):
    """First row, first column, last row, last column; 1-based, ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first = f"{letters(self.left)}{self.top}"
        last = f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    def meets(self, other: Area) -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


def letters(col: int) -> str:
    """28 → ``AB``"""
    word = ""
    while col:
        col, rest = divmod(col - 1, 26)
        word = chr(65 + rest) + word
    return word


@cache
def columns() -> dict[str, int]:
    """``AB`` → 28 for every column there is."""
    return {letters(col): col for col in range(1, MAX_COL + 1)}


def cell(ref: str) -> tuple[int, int] | None:
    """``B7`` or ``$B$7`` → (7, 2); None where it is no cell of a sheet."""
    match = _CELL.fullmatch(ref)
    if not match:
        return None
    row, col = int(match.group(2)), columns().get(match.group(1).upper())
    return (row, col) if col is not None and row <= MAX_ROW else None


def area(ref: str) -> Area | None:
    """``B7`` or ``B7:C9``; None where it is none, reaches outside a sheet or is reversed."""
    first, _, last = ref.partition(":")
    start = cell(first)
    end = cell(last) if last else start
    if start is None or end is None or end[0] < start[0] or end[1] < start[1]:
        return None
    return Area(*start, *end)


def overlaps(areas: Iterable[Area]) -> Iterator[tuple[Area, Area]]:
    """Pairs that share a cell, one pair for each area that meets an earlier one.

    A sweep down the rows, n log n: the areas under way are disjoint, so that only the
    neighbours of a new one can meet it.
    """
    under_way: list[tuple[int, Area]] = []  # by left column
    ends: list[tuple[int, int, Area]] = []
    for new in sorted(areas):
        while ends and ends[0][0] < new.top:
            _, left, old = heapq.heappop(ends)
            del under_way[bisect_left(under_way, (left, old))]
        place = bisect_left(under_way, (new.left, new))
        near = under_way[max(0, place - 1) : place + 1]
        met = next((old for _, old in near if old.meets(new)), None)
        if met is not None:
            yield met, new
            continue
        insort(under_way, (new.left, new))
        heapq.heappush(ends, (new.bottom, new.left, new))


class Occupancy:
    """Which cells hold something, kept small: a bit a column, equal rows share their bits."""

    MAX_PATTERNS = 50_000

    def __init__(self) -> None:
        self._rows = array("L")
        self._which = array("L")
        self._patterns: list[int] = []
        self._index: dict[int, int] = {}
        self.complete = True  # False: rows out of order or too many patterns to remember

    def add(self, row: int, bits: int) -> None:
        """Row numbers must rise; bit n stands for column n."""
        if not bits or not self.complete:
            return
        index = self._index.get(bits)
        if index is None:
            index = self._index[bits] = len(self._patterns)
            self._patterns.append(bits)
        if len(self._patterns) > self.MAX_PATTERNS or (self._rows and row <= self._rows[-1]):
            self.complete = False
            return
        self._rows.append(row)
        self._which.append(index)

    def has(self, row: int, col: int) -> bool:
        place = bisect_left(self._rows, row)
        if place == len(self._rows) or self._rows[place] != row:
            return False
        return bool(self._patterns[self._which[place]] >> col & 1)

    def beneath(self, merged: Area) -> tuple[int, int] | None:
        """The first filled cell of `merged` other than its top left one."""
        wanted = (1 << merged.right + 1) - (1 << merged.left)
        place = bisect_left(self._rows, merged.top)
        while place < len(self._rows) and self._rows[place] <= merged.bottom:
            row, bits = self._rows[place], self._patterns[self._which[place]] & wanted
            if row == merged.top:
                bits &= ~(1 << merged.left)
            if bits:
                return row, (bits & -bits).bit_length() - 1
            place += 1
        return None


def split_refs(sqref: str) -> Sequence[str]:
    """The areas of an ``sqref``."""
    return sqref.split()
