"""Whole numbers as text, made once for all files: of rows, of strings, small values.

>>> numerals(3, 2), small([4, 0])
(['3', '4'], ['4', '0'])
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

_MOST = 100_000  # numbers kept: about 6 MB
_ROUND = 4_096
_made: list[str] = [*map(str, range(_ROUND))]


def numerals(first: int, count: int) -> list[str]:
    """The `count` numbers from `first` (0 or more) on."""
    global _made
    end = first + count
    if end > _MOST:
        return [*map(str, range(first, end))]
    if end > len(_made):  # a new list: another thread may be reading this one
        _made = [*map(str, range(end + -end % _ROUND))]
    return _made[first:end]


def small(values: Sequence[int]) -> list[str] | None:
    """These numbers; None where one is below 0 or larger than those made so far."""
    if len(values) < 2 or min(values) < 0:
        return None
    try:
        return [*itemgetter(*values)(_made)]
    except IndexError:
        return None
