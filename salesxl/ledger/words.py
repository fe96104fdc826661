"""The words of `words.toml`, ready for comparison."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def data(name: str) -> dict[str, Any]:
    """One TOML file of this package."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def squash(value: str) -> str:
    """`value` as compared: one width, no case, letters and digits only.

    >>> squash("Sales_Amount"), squash("金额（元）"), squash("(元)")
    ('salesamount', '金额', '元')
    """
    text = unicodedata.normalize("NFKC", value).casefold()
    bare = re.sub(r"[(\[【][^)\]】]*[)\]】]", "", text)
    return _letters(bare) or _letters(text)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@cache
def word_set(table: str, entry: str) -> frozenset[str]:
    """The words of one entry of `words.toml`, squashed."""
    return frozenset(squash(word) for word in data("words.toml")[table][entry])


@cache
def _total_ends() -> frozenset[str]:
    """Last characters a total's label can have: a quick look before the exact one."""
    table = data("words.toml")["total"]
    ends = {word[-1].casefold() for words in table.values() for word in words}
    wide = {chr(ord(c) + 0xFEE0) for end in ends if end.isascii() for c in (end, end.upper())}
    return frozenset(ends | {end.upper() for end in ends} | wide | set(")）]】-=_—"))


def total_kind(value: str) -> str:
    """``"always"``, ``"undated"`` or ``""``: is this cell the label of a total row?"""
    if not value or len(value) > 40 or value.rstrip(" :：.")[-1:] not in _total_ends():
        return ""
    word = squash(value)
    if word in word_set("total", "always"):
        return "always"
    if word in word_set("total", "undated") or word.endswith(tuple(word_set("total", "ending"))):
        return "undated"
    return ""


def is_online(channel: str) -> bool:
    """Whether a channel's name says it sells online."""
    name = channel.casefold()
    return any(word in name for word in data("words.toml")["channel"]["online"])


def role_kind(title: str) -> str:
    """``manager``, ``rep`` or ``assistant`` for a job title."""
    name = title.casefold()
    table = data("words.toml")["role"]
    for kind in ("rep", "assistant", "manager"):
        if any(word in name for word in table[kind]):
            return kind
    return "rep"
