"""The password file: which workbook opens with which password.

    head_office = 'granite-owl-7321'
    default = 'quiet-river-5580'        # optional: regions that are not named below

    [regions]                           # by region ID or name
    E = 'amber-fox-1194'
    "South China" = 'violet-elm-8842'

By person the section is ``[people]``, by a column of the ledger ``[values]``. TOML in UTF-8,
at most 1 MB. `default` never opens the head office's workbook. Every mistake is found at once
and none is answered with the password itself. See docs/passwords.md.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ooxml.encrypt import MAX_LENGTH, Secret, require

MAX_BYTES = 2**20
SHORT = 8  # characters; fewer are guessed offline within hours
REGIONS, PEOPLE, VALUES = "regions", "people", "values"
_LINE = re.compile(r"\(at line (\d+),")


class Named(Protocol):
    """What a workbook is for: a region, a person, a value."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Passwords:
    """One password a workbook. `regions` holds every share that gets one, by id."""

    head_office: Secret
    regions: Mapping[str, Secret]
    warnings: tuple[Problem, ...] = ()

    def of(self, region: str) -> Secret:
        """The password of a region's workbook; ``""`` is the head office."""
        return self.regions[region] if region else self.head_office


def read_passwords(
    path: Path,
    regions: Sequence[Named],
    leaves: Sequence[Named],
    out_dir: Path,
    table: str = REGIONS,
) -> Passwords:
    """Read the file for a plan's `regions`, of which `leaves` get a workbook in `out_dir`.

    `table` is the section they stand in; people and values take the regions' place there.

    Raises `SalesxlError` with every problem: unreadable file, unknown or ambiguous region,
    a workbook without password, a password that is no text, empty, too long, or has
    spaces at its ends or control characters in it, a file that would be handed on with
    the workbooks.
    """
    require()
    reader = _Reader(path, regions, leaves, table)
    document = _document(path)
    if lies_in(path, out_dir):
        reader.add("encrypt.in_out_folder")
    passwords = reader.read(document)
    if reader.problems:
        raise SalesxlError(reader.problems)
    return passwords


def lies_in(path: Path, folder: Path) -> bool:
    """Whether the file would be handed on with what is in `folder`."""
    return path.resolve().is_relative_to(folder.resolve())


def _document(path: Path) -> dict[str, Any]:
    # Causes are dropped (`from None`): a parser's message may quote the line it failed on.
    try:
        with path.open("rb") as stream:  # may be a pipe: no size to ask for
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise fail("encrypt.file_too_large", str(path))
        return tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        raise fail("encrypt.file_missing", str(path)) from None
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise fail("encrypt.file_unreadable", str(path), cause=cause) from None
    except UnicodeDecodeError:
        raise fail("encrypt.not_utf8", str(path)) from None
    except (ValueError, RecursionError) as error:
        found = _LINE.search(str(error))
        line = found.group(1) if found else "?"
        raise fail("encrypt.not_toml", str(path), line=line) from None


class _Reader:
    """Collects every problem and warning of one file on the way."""

    def __init__(
        self, path: Path, regions: Sequence[Named], leaves: Sequence[Named], table: str
    ) -> None:
        self.path = path
        self.table = table
        self.keys = ("head_office", "default", table)
        self.leaf_ids = {leaf.id for leaf in leaves}
        self.by_word: dict[str, dict[str, Named]] = {}
        for one in regions:
            for word in (_plain(one.id), _plain(one.name)):
                self.by_word.setdefault(word, {})[one.id] = one
        self.leaves = leaves
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def add(self, code: str, entry: str = "", **values: object) -> None:
        self.problems.append(Problem(code, self._where(entry), values))

    def warn(self, code: str, entry: str = "", **values: object) -> None:
        self.warnings.append(Problem(code, self._where(entry), values, "warning"))

    def _where(self, entry: str) -> str:
        return f"{self.path} {entry}".rstrip()

    def read(self, document: Mapping[str, Any]) -> Passwords:
        for key in document:
            if key not in self.keys:
                self.add("encrypt.unknown_key", _shown(key), known=" · ".join(self.keys))
        self._look_at_rights()
        if "head_office" not in document:
            self.add("encrypt.no_head_office")
        head = self._password(document, "head_office", "head_office")
        default = self._password(document, "default", "default")
        named = self._regions(document.get(self.table, {}))
        regions: dict[str, Secret] = {}
        for region in self.leaves:
            secret = named.get(region.id, default)
            if secret is not None:
                regions[region.id] = secret
            elif region.id not in named and "default" not in document:
                self.add("encrypt.no_password", region=region.name, id=region.id)
        if head is not None and head in regions.values():
            self.warn("encrypt.same_as_head_office")
        return Passwords(head or Secret(""), regions, tuple(self.warnings))

    def _regions(self, table: object) -> dict[str, Secret | None]:
        """Region id → its password, None where an entry is there but is no password."""
        found: dict[str, Secret | None] = {}
        if not isinstance(table, dict):
            self.add("encrypt.not_table", self.table)
            return found
        said: dict[str, str] = {}
        for key in table:
            entry = f"[{self.table}] {_shown(key)}"
            if isinstance(table[key], dict):
                self.add("encrypt.dotted_key", entry)
                continue
            if self._matches(key) == [] and self._matches(str(table[key])):
                # Name and password changed places: the key must not be shown.
                self.add("encrypt.swapped", f"[{self.table}]", region=table[key])
                continue
            region = self._region(key, entry)
            if region is None:
                continue
            if region.id in said:
                self.add("encrypt.named_twice", entry, other=_shown(said[region.id]))
            said[region.id] = key
            found[region.id] = self._password(table, key, entry)
        return found

    def _region(self, key: str, entry: str) -> Named | None:
        matches = self._matches(key)
        if len(matches) > 1:
            self.add("encrypt.ambiguous_region", entry, ids=" · ".join(r.id for r in matches))
        elif not matches:
            self.add("encrypt.unknown_region", entry)
        elif matches[0].id not in self.leaf_ids:
            self.add("encrypt.group_region", entry)
        else:
            return matches[0]
        return None

    def _matches(self, key: str) -> list[Named]:
        return list(self.by_word.get(_plain(key), {}).values())

    def _password(self, table: Mapping[str, Any], key: str, entry: str) -> Secret | None:
        """The password of an entry; None where there is none that can be used."""
        if key not in table:
            return None
        value = table[key]
        if not isinstance(value, str):
            self.add("encrypt.not_text", entry)
        elif not value.strip():
            self.add("encrypt.empty", entry)
        elif value != value.strip():
            self.add("encrypt.edge_spaces", entry)
        elif any(unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") for char in value):
            self.add("encrypt.control", entry)
        elif len(value.encode("utf-16-le")) // 2 > MAX_LENGTH:
            self.add("encrypt.too_long", entry, limit=MAX_LENGTH)
        else:
            if len(value) < SHORT:
                self.warn("encrypt.short", entry, least=SHORT)
            return Secret(value)
        return None

    def _look_at_rights(self) -> None:
        mode = self.path.stat().st_mode
        others = mode & (stat.S_IRGRP | stat.S_IROTH)
        if os.name == "posix" and stat.S_ISREG(mode) and others:
            self.warn("encrypt.readable_by_others")


def _plain(word: str) -> str:
    """Case, spaces at the ends and full-width forms do not matter, as in the plan."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def _shown(key: str) -> str:
    """A key short enough to be printed."""
    return key if len(key) <= 60 else f"{key[:60]}…"


def secrets_in(path: Path) -> list[Secret]:
    """Every password in the file, for opening workbooks whose scope is not known yet.

    Raises `SalesxlError` where the file cannot be read.
    """
    require()
    found: list[Secret] = []
    waiting: list[object] = [_document(path)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, str) and item and Secret(item) not in found:
            found.append(Secret(item))
    return found
