"""Passwords made for a run: one a workbook, written once to a file that only its owner reads."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from salesxl.batch.passwords import Named, lies_in
from salesxl.errors import fail
from salesxl.ooxml.atomic import explain
from salesxl.ooxml.encrypt import require
from salesxl.texts import Lang, text

# Without 0 O 1 l I and the like: they are read aloud and typed by hand.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LENGTH = 4, 4  # 16 of 31 signs: 79 bits


def new_password() -> str:
    """``k7mq-x2fh-9dpr-vt3w``"""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def write_passwords(
    path: Path, shares: Sequence[Named], table: str, out_dir: Path, lang: Lang
) -> None:
    """A password file for the head office and all `shares`.

    Raises `SalesxlError`: the file exists, lies in `out_dir`, or cannot be written.
    """
    require()
    if lies_in(path, out_dir):
        raise fail("encrypt.in_out_folder", str(path))
    lines = [f"# {text('batch.passwords_head', lang)}", f"head_office = '{new_password()}'", ""]
    lines.append(f"[{table}]")
    for share in shares:
        note = f"  # {share.name}" if share.name.isprintable() and share.name != share.id else ""
        lines.append(f"{json.dumps(share.id, ensure_ascii=True)} = '{new_password()}'{note}")
    try:
        # Never over another file, and from the first byte nobody else's to read.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write("\n".join(lines) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise fail("batch.passwords_exist", str(path)) from error
    except OSError as error:
        raise explain(error, path) from error
