"""The sources in ``workbook/``: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[2]


def source(name: str) -> str:
    """The text of one VBA source."""
    for folder in (_PACKAGE / "_workbook", _PACKAGE.parent / "workbook"):
        path = folder / "vba" / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise FileNotFoundError(name)
