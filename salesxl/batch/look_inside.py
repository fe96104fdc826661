"""One workbook of a folder, opened and searched. Plain results: processes share the work."""

from __future__ import annotations

import hashlib
import io
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from salesxl.batch.identifiers import Hasher, tokens_of
from salesxl.batch.inside import texts_in
from salesxl.errors import SalesxlError
from salesxl.ooxml.encrypt import Secret, decrypt, is_encrypted
from salesxl.ooxml.identity import read_identity
from salesxl.opc.cells import Reader, split_reference
from salesxl.opc.package import Package, check_archive
from salesxl.sheets.ledger_lines import TABLE
from salesxl.texts import LANGS, text


@dataclass(frozen=True)
class Look:
    """What is to be looked at. `own`: hashes the file may hold."""

    path: Path
    own: frozenset[int]
    search: bool
    decimals: int
    password: Secret | None = None


@dataclass(frozen=True)
class Seen:
    """`trouble`: why the content was not seen; `table`: lines and minor units of its table of
    lines; `foreign`: (what stands there, its hash, its part)."""

    sha256: str
    trouble: str | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    table: tuple[int, int] | None = None
    foreign: tuple[tuple[str, int, str], ...] = ()


_CUT = "…"
_hasher = Hasher(b"")
_everything: frozenset[int] = frozenset()
_lengths: tuple[int, ...] = ()


def start_worker(salt: bytes, everything: frozenset[int], lengths: tuple[int, ...]) -> None:
    """What to search for reaches a process once."""
    global _hasher, _everything, _lengths
    _hasher, _everything, _lengths = Hasher(salt), everything, lengths


def look_at(look: Look) -> Seen:
    try:
        data = look.path.read_bytes()
    except OSError:
        return Seen("")
    sha = hashlib.sha256(data).hexdigest()
    if is_encrypted(data):
        if look.password is None:
            return Seen(sha, "not_opened")
        opened = decrypt(data, look.password)
        if opened is None:
            return Seen(sha, "wrong_password")
        data = opened
    try:
        return Seen(
            sha,
            None,
            read_identity(data),
            _table(data, look),
            tuple(_foreign(data, look)) if look.search else (),
        )
    except SalesxlError:
        return Seen(sha, "file_unreadable")


def _foreign(data: bytes, look: Look) -> list[tuple[str, int, str]]:
    """Names of others, each once, with the part it stands in."""
    places: dict[str, str] = {}
    for part, said in texts_in(data, look.path.name):
        places.setdefault(said, part)
    whole = sorted(said for said in places if not said.endswith(_CUT))
    found: dict[str, tuple[str, int, str]] = {}
    for said, part in places.items():
        if said.endswith(_CUT) and _is_begun(said.rstrip(_CUT), whole):
            continue
        for phrase, hashed in _strangers_in(said, look.own):
            found.setdefault(phrase, (phrase, hashed, part))
    return list(found.values())


def _is_begun(begin: str, whole: Sequence[str]) -> bool:
    """Whether a chart's shortened label is that of a text that is there, and searched, in full:
    "Acme E…" of the own "Acme East" is not another's "Acme"."""
    at = bisect_left(whole, begin)
    return at < len(whole) and whole[at].startswith(begin)


def _strangers_in(said: str, own: frozenset[int]) -> list[tuple[str, int]]:
    """Names of others in a text, but for those that are part of a name that may stand there:
    "Acme" within the scope's own "Acme East Ltd"."""
    mine: list[tuple[int, int]] = []
    others: list[tuple[int, int, int]] = []
    for hashed, first, after in _hasher.found_in(said, _lengths):
        if hashed in own:
            mine.append((first, after))
        elif hashed in _everything:
            others.append((first, after, hashed))
    if not others:
        return []
    tokens = tokens_of(said)
    return [
        (" ".join(tokens[first:after]), hashed)
        for first, after, hashed in others
        if not any(a <= first and after <= b for a, b in mine)
    ]


def _table(data: bytes, look: Look) -> tuple[int, int] | None:
    """Lines and sum of the sheet of lines; None where the workbook has none of ours."""
    with check_archive(io.BytesIO(data), look.path.name) as archive:
        package = Package(look.path.name, archive)
        table = next((one for one in package.tables if one.name == TABLE), None)
        if table is None:
            return None
        titles = {text("ledger_lines.col_amount", lang) for lang in LANGS}
        at = next((i for i, name in enumerate(table.columns) if name in titles), None)
        begin, _, end = table.ref.replace("$", "").partition(":")
        first, last = split_reference(begin), split_reference(end)
        if at is None or first is None or last is None:
            return None
        sheet = next(one for one in package.sheets if one.name == table.sheet)
        grid = Reader(package).grid(sheet)
    lines, amount = 0, Decimal(0)
    for row in range(first[0] + 1, last[0] + 1):
        value = grid.value(row, first[1] + at)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            lines += 1
            amount += round(Decimal(str(value)).scaleb(look.decimals))
    return lines, int(amount)
