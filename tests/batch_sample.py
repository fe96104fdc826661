"""Batches for tests: folders compared, foreign texts planted into a workbook, failing calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salesxl.ooxml.template.deflate import pack
from salesxl.ooxml.template.package import read_package, write_package


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def visible(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in contents(folder).items() if not name.startswith(".")}


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> None:
    """Change one part of a workbook, as somebody with a zip program would."""
    package = read_package(path)
    before = package.text(part)
    after = change(before)
    assert after != before, f"nothing planted in {part}"
    package.members[part] = pack(part, after.encode(), "fast")
    path.write_bytes(write_package(package.members.values()))


def with_part(path: Path, part: str, text: str) -> None:
    package = read_package(path)
    package.members[part] = pack(part, text.encode(), "fast")
    path.write_bytes(write_package(package.members.values()))


def parts_like(path: Path, pattern: str) -> list[str]:
    return sorted(name for name in read_package(path).members if re.fullmatch(pattern, name))


def resign(folder: Path, file: str) -> None:
    """Make the manifest agree with a changed file: only the search can find it then."""
    import hashlib

    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        if entry["file"] == file:
            entry["sha256"] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")


@contextmanager
def failing(monkeypatch: Any, module: Any, name: str, when: Callable[..., bool], error: OSError
            ) -> Iterator[list[Any]]:  # fmt: skip
    """`module.name` raises `error` for the calls that `when` picks."""
    real = getattr(module, name)
    calls: list[Any] = []

    def instead(*given: Any, **more: Any) -> Any:
        if when(*given, **more):
            calls.append(given)
            raise error
        return real(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, instead)
        yield calls
