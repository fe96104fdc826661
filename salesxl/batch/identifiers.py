"""Who and what a scope knows: its people, customers and order numbers, as keyed hashes.

`verify` has to find another scope's customer in a file without plan or ledger, and the
manifest must not be a list of customers. So each name becomes a hash, and a file is
searched by hashing what stands in it:

    "A*Star Ltd."  → tokens  a · star · ltd  → ~hash("a star ltd")

A name matches only whole tokens, so "Ann" is not found in "Annual"; a Chinese character is
a token of its own. A short one ("17", "C2", "王伟") matches only where it is a whole text
(or, in Chinese, a whole run of characters), and a very short one or a word of our own
sheets ("Total") is not searched for: it would be found everywhere and mean nothing.

Eight bytes a hash, keyed by a salt that the inputs determine. That keeps names from being
read, not from being guessed by somebody who has the manifest and a list of candidates.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from salesxl.ledger.frame import Ledger
from salesxl.plan.model import Plan
from salesxl.sheets.scope import Scope

MOST_TOKENS = 12  # of a longer name its beginning is searched for
STRONG = 4  # letters, digits or characters that make a name distinct within a text
STRONG_DIGITS, LEAST_DIGITS = 7, 5
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_RUN = re.compile(rf"[{_HAN}]+")
_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}")
_PERSONAL = ("customer", "customer_id", "order_id", "person", "person_id")
_PUBLIC = ("product", "category", "customer_source", "channel", "region", "person_role")


@dataclass(frozen=True)
class Known:
    """A scope's names as hashes. `own` are confidential, `words` every scope may hold them."""

    own: frozenset[int]
    words: frozenset[int]
    lengths: frozenset[int]  # token counts of the names searched for within texts
    skipped: int  # names too short or too common to be searched for


def tokens_of(said: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", said).casefold())


class Hasher:
    """Hashes under one salt."""

    def __init__(self, salt: bytes) -> None:
        self.salt = salt
        self.hash = lru_cache(maxsize=200_000)(self._hash)

    def _hash(self, kind: str, joined: str) -> int:
        digest = hashlib.blake2b((kind + joined).encode(), digest_size=8, key=self.salt).digest()
        return int.from_bytes(digest, "big")

    def found_in(self, said: str, lengths: Iterable[int]) -> Iterator[tuple[int, int, int]]:
        """(hash, first token, token after the last) of everything that may be a name."""
        tokens = tokens_of(said)
        count = len(tokens)
        if not count:
            return
        if count <= MOST_TOKENS:
            yield self.hash("=", " ".join(tokens)), 0, count
        for first, after in _runs(tokens):
            if (first, after) != (0, count) and after - first <= MOST_TOKENS:
                yield self.hash("=", " ".join(tokens[first:after])), first, after
        for length in lengths:
            for first in range(count - length + 1):
                yield (
                    self.hash("~", " ".join(tokens[first : first + length])),
                    first,
                    first + length,
                )


def _runs(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """Stretches of Chinese characters."""
    first = None
    for at, token in enumerate([*tokens, "a"]):
        if _RUN.fullmatch(token):
            first = at if first is None else first
        elif first is not None:
            yield first, at
            first = None


def strength(tokens: list[str], said: str) -> str:
    """``~`` found anywhere, ``=`` only as a whole text, "" not searched for."""
    joined = "".join(tokens)
    if not joined or _DATE.fullmatch(said.strip()):
        return ""
    if joined.isdigit():
        return "~" if len(joined) >= STRONG_DIGITS else "=" if len(joined) >= LEAST_DIGITS else ""
    if len(joined) < 2 or (not any(c.isdigit() for c in joined) and _is_common(tokens)):
        return ""
    return "~" if len(joined) >= STRONG else "="


@cache
def _blob() -> str:
    """Every sentence of ours, as tokens: what stands in anybody's workbook."""
    folder = files("salesxl.texts")
    said = [
        one.read_text(encoding="utf-8")
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".toml")
    ]
    return " " + " ".join(tokens_of("\n".join(said))) + " "


@lru_cache(maxsize=100_000)
def _common(phrase: str) -> bool:
    return f" {phrase} " in _blob()


def _is_common(tokens: list[str]) -> bool:
    return _common(" ".join(tokens))


def known_of(scope: Scope, hasher: Hasher) -> Known:
    """What `scope`, already narrowed, may hold."""
    return _known(
        [*_plan_names(scope.plan), *_ledger_names(scope.ledger, _PERSONAL)],
        [*_plan_words(scope.plan), *_ledger_names(scope.ledger, _PUBLIC), scope.label],
        hasher,
    )


def known_of_lines(ledger: Ledger | None, hasher: Hasher) -> Known:
    """What lines that belong to no scope name."""
    return _known(_ledger_names(ledger, _PERSONAL), [], hasher)


def _known(names: Iterable[str], words: Iterable[str], hasher: Hasher) -> Known:
    own: set[int] = set()
    lengths: set[int] = set()
    skipped = 0
    for name in set(names) - {""}:
        tokens = tokens_of(name)
        kind = strength(tokens, name)
        if not kind:
            skipped += 1
            continue
        tokens = tokens[:MOST_TOKENS]
        own.add(hasher.hash("=", " ".join(tokens)))
        if kind == "~":
            own.add(hasher.hash("~", " ".join(tokens)))
            lengths.add(len(tokens))
    open_: set[int] = set()
    for word in set(words) - {""}:
        tokens = tokens_of(word)[:MOST_TOKENS]
        if tokens:
            joined = " ".join(tokens)
            open_ |= {hasher.hash("=", joined), hasher.hash("~", joined)}
    return Known(frozenset(own), frozenset(open_), frozenset(lengths), skipped)


def _plan_names(plan: Plan) -> Iterator[str]:
    for table in (plan.people, plan.customers, plan.prospects, plan.partners):
        for row in table:
            yield row.id
            yield row.name


def _plan_words(plan: Plan) -> Iterator[str]:
    yield plan.settings.company
    for table in (plan.regions, plan.product_lines, plan.roles, plan.channels):
        for row in table:
            yield row.id
            yield row.name
    for other in (plan.commission_plans, plan.bonuses, plan.spiffs, plan.honours, plan.courses):
        for one in other:
            yield str(getattr(one, "id", ""))
            yield str(getattr(one, "name", ""))


def _ledger_names(ledger: Ledger | None, columns: Iterable[str]) -> Iterator[str]:
    if ledger is None:
        return
    for column in columns:
        if column in ledger.frame.columns:
            yield from ledger.frame[column].dropna().astype(str).unique().tolist()


def packed(hashes: Iterable[int]) -> str:
    """Hashes as one text for the manifest: sorted, eight bytes each, Base64."""
    every = sorted(hashes)
    return base64.b64encode(struct.pack(f">{len(every)}Q", *every)).decode()


def unpacked(said: str) -> frozenset[int]:
    """Raises `ValueError` for what is no such text."""
    data = base64.b64decode(said, validate=True)
    if len(data) % 8:
        raise ValueError("not a list of hashes")
    return frozenset(struct.unpack(f">{len(data) // 8}Q", data))
