"""`manifest.json`: what a run made, of what, and how it adds up. See docs/batch.md.

It is written when a run begins (`complete` false, with what still holds) and when it ends;
in between the journal tells what has been done. The same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesxl import __version__
from salesxl.batch.journal import read_journal
from salesxl.errors import fail
from salesxl.ooxml.atomic import write_atomic

MANIFEST = "manifest.json"
FORMAT = 2
TOOL = f"salesxl {__version__}"


def sha_of(path: Path) -> str:
    """SHA-256 of a file in hex; "" where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(2**20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(value: object) -> str:
    """The fingerprint of plain data."""
    return hashlib.sha256(canonical(value)).hexdigest()


def write_manifest(folder: Path, said: Mapping[str, Any]) -> None:
    """Raises `SalesxlError` where it cannot be written."""
    content = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    write_atomic(folder / MANIFEST, content.encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, checked for the shape that its readers need. Raises `SalesxlError`."""
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise fail("batch.no_manifest", str(folder)) from None
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise fail("batch.bad_manifest", str(path), cause=cause) from None
    except ValueError as error:
        raise fail("batch.bad_manifest", str(path), cause=type(error).__name__) from None
    if not isinstance(said, dict) or said.get("kind") != "generate":
        raise fail("batch.bad_manifest", str(path), cause="kind")
    if said.get("format") != FORMAT:
        raise fail("batch.manifest_version", str(path), found=said.get("format"), known=FORMAT)
    entries = said.get("files")
    if not isinstance(entries, list) or not all(_is_record(one) for one in entries):
        raise fail("batch.bad_manifest", str(path), cause="files")
    return said


_TEXTS = ("file", "kind", "key", "scope", "sha256", "inputs", "identifiers", "words")
_NUMBERS = ("lines", "amount", "target", "bytes")


def _is_record(one: object) -> bool:
    if not isinstance(one, dict):
        return False
    name = one.get("file")
    # A name from a file is never a way out of the folder.
    safe = isinstance(name, str) and Path(name).name == name and name not in ("", ".", "..")
    return (
        safe
        and all(isinstance(one.get(key), str) for key in _TEXTS)
        and all(type(one.get(key)) is int for key in _NUMBERS)
    )


def earlier_records(folder: Path) -> dict[str, dict[str, Any]]:
    """File → the last record of it, from the manifest and from a journal left behind."""
    found: dict[str, dict[str, Any]] = {}
    try:
        entries: Sequence[Any] = read_manifest(folder)["files"]
    except Exception:
        entries = ()  # no manifest, or none of ours: nothing is up to date
    for record in (*entries, *read_journal(folder)):
        if _is_record(record):
            found[record["file"]] = dict(record)
    return found
