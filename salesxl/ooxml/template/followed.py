"""What a part reads after the moves, worked out once for the same moves.

In a batch most lists have the same length in every workbook; only what depends on those
that differ is followed again.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from salesxl.ooxml.template.moves import Moves

if TYPE_CHECKING:
    from salesxl.ooxml.template.compile import Template

T = TypeVar("T")
_MOST = 512  # parts kept for a template
_MOST_FORMULAS = 4_096
# Jan:Dec!A1 names sheets it does not spell out. In XML: not over the edge of a tag or value.
_THREE_D = re.compile(r"""[^\s!(,;<>"=]:[^!(),;<>"]*!""")
_ENTITY = re.compile("&(?:amp|lt|gt|quot);")


def mentioned(template: Template, key: Hashable, text: str) -> frozenset[str]:
    """The sheets a text of the template may point at: those it names. `key`: the text's place."""
    found = template.made.get(("mentioned", key))
    if found is None:
        text = text.replace("&apos;", "'").replace("''", "'").casefold()
        titles = template.titles
        if _THREE_D.search(_ENTITY.sub("_", text)):
            found = frozenset(titles)
        else:
            found = frozenset(t for t in titles if _as_xml(t.casefold()) in text)
        template.made["mentioned", key] = found
    return found


def _as_xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Followed:
    """Results of followers for one file, shared with the files before it."""

    def __init__(self, template: Template, moves: Moves) -> None:
        self.template = template
        self.moves = moves
        self._kept: OrderedDict[Hashable, object] = template.made.setdefault(
            "followed", OrderedDict()
        )
        self._formulas: dict[Hashable, str] = template.made.setdefault("formulas", {})
        if len(self._formulas) > _MOST_FORMULAS:
            self._formulas.clear()
        # Equal states have the same number, which is quickly compared; none is used twice.
        self._numbers: dict[Hashable, int] = template.made.setdefault("states", {})
        self._next: Iterator[int] = template.made.setdefault("state numbers", count())
        if len(self._numbers) > _MOST:
            self._numbers.clear()
        self._states: dict[str, int] = {}

    def get(self, follower: Callable[[str, Moves, str], T], text: str, title: str, place: str) -> T:
        """``follower(text, moves, title)``; `place` tells texts of the template apart."""
        key = (follower.__name__, place, text, *self._states_of(text, title, place))
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]  # type: ignore[return-value]
        made = self._kept[key] = follower(text, self.moves, title)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return made

    def formula(self, follower: Callable[[str, Moves, str], str], text: str, title: str) -> str:
        """The same for a formula of the template on sheet `title`."""
        key = (follower.__name__, title, text, *self._states_of(text, title, text))
        made = self._formulas.get(key)
        if made is None:
            made = self._formulas[key] = follower(text, self.moves, title)
        return made

    def _states_of(self, text: str, title: str, place: str) -> list[int]:
        """How the sheets move that a text may point at."""
        memo = ("sheets", place, len(text), title)
        sheets = self.template.made.get(memo)
        if sheets is None:
            found = mentioned(self.template, (place, len(text)), text) | {title}
            sheets = self.template.made[memo] = sorted(found)
        states = self._states
        return [states[one] if one in states else self._state(one) for one in sheets]

    def _state(self, title: str) -> int:
        """The number of all that may differ from file to file in how a sheet moves."""
        state = (title, self.moves.sheet(title), self.moves.is_dropped(title))
        found = self._numbers.get(state)
        if found is None:
            found = self._numbers[state] = next(self._next)
        self._states[title] = found
        return found
