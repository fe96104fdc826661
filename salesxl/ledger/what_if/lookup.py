"""Words and names of a change: which verb, which plan, person, bonus."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from salesxl.errors import fail
from salesxl.plan.model import Plan

LISTED = 12


@cache
def _words() -> dict[str, Any]:
    source = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def verbs() -> tuple[str, ...]:
    """The verbs as shown: ``rate (提成)``."""
    return tuple(
        f"{words[0]} ({next(w for w in words if not w.isascii())})"
        for words in _words()["verbs"].values()
    )


def none_words() -> frozenset[str]:
    return frozenset(_words()["none"]["words"])


def verb_of(text: str) -> tuple[str, str]:
    """The verb's key and what follows; ("", text) where none is known.

    >>> verb_of("定额*1.05"), verb_of("rates REP * 1.1")
    (('quota', '*1.05'), ('rates', 'REP * 1.1'))
    """
    known = sorted(
        ((word, key) for key, words in _words()["verbs"].items() for word in words),
        key=lambda item: -len(item[0]),
    )
    folded = text.casefold()
    for word, key in known:
        rest = text[len(word) :]
        # "ratesREP" is no verb; a Chinese one may be followed by its sign at once.
        if folded.startswith(word) and (not rest or not rest[0].isalnum()) and rest[:1] != "_":
            return key, rest.strip()
    return "", text


class _Row(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True)
class Lookup:
    """Rows of a plan by id or name, without regard to case and spaces."""

    plan: Plan
    where: str

    def commission_plan(self, value: str) -> str:
        return self._one("commission_plan", value, self.plan.commission_plans)

    def person(self, value: str) -> str:
        return self._one("person", value, self.plan.people)

    def bonus(self, value: str) -> str:
        return self._one("bonus", value, self.plan.bonuses)

    def spiff(self, value: str) -> str:
        return self._one("spiff", value, self.plan.spiffs)

    def _one(self, what: str, value: str, rows: Sequence[_Row]) -> str:
        wanted = _fold(value)
        ids = {_fold(row.id): row.id for row in rows}
        if wanted in ids:
            return ids[wanted]
        named = {row.id for row in rows if _fold(str(getattr(row, "name", ""))) == wanted}
        if len(named) == 1:
            return named.pop()
        shown = list(dict.fromkeys(row.id for row in rows))
        known = ", ".join(shown[:LISTED]) + (" …" if len(shown) > LISTED else "")
        if not wanted:
            raise fail("what_if.no_name", self.where, known=known or "–")
        if named:
            raise fail("what_if.two_of_name", self.where, value=value, ids=", ".join(sorted(named)))
        raise fail(f"what_if.unknown_{what}", self.where, value=value, known=known or "–")


def _fold(value: str) -> str:
    return "".join(value.split()).casefold()
