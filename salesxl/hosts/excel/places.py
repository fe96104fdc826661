r"""Where Excel looks, and the settings file xlwings' VBA reads there.

Windows  ``%APPDATA%\Microsoft\Excel\XLSTART``: opened at every start, trusted by default.
macOS    the user content folder of Office; its settings lie in Excel's container.

The settings are lines ``"NAME","value"``, read by VBA in the system's own encoding.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from salesxl.hosts.excel.machine import Machine, ThisMachine

NAME: Final = "salesxl"  # PROJECT_NAME in the add-in's VBA: names the settings file
ADDIN: Final = "salesxl.xlam"
CONF_LANGUAGE: Final = "LANGUAGE"

_MAC_CONTENT: Final = "Library/Group Containers/UBF8T346G9.Office/User Content.localized"
_MAC_DATA: Final = "Library/Containers/com.microsoft.Excel/Data"
_MAC_SCRIPTS: Final = "Library/Application Scripts/com.microsoft.Excel"


def roaming(machine: Machine) -> Path:
    """Windows' folder for a user's application data."""
    named = machine.environment.get("APPDATA")
    return Path(named) if named else machine.home / "AppData" / "Roaming"


def start_folder(machine: Machine) -> Path | None:
    """The folder whose workbooks Excel opens at every start; None without Excel."""
    if machine.system == "windows":
        return roaming(machine) / "Microsoft" / "Excel" / "XLSTART"
    if machine.system == "macos":
        return machine.home / _MAC_CONTENT / "Startup.localized" / "Excel"
    return None


def addin_folders(machine: Machine) -> tuple[Path, ...]:
    """Folders where a second copy would be loaded too."""
    if machine.system == "windows":
        return (roaming(machine) / "Microsoft" / "AddIns",)
    if machine.system == "macos":
        return (machine.home / _MAC_CONTENT / "Add-Ins.localized",)
    return ()


def user_conf(machine: Machine | None = None) -> Path:
    """The user's settings file, where the add-in's VBA looks for it."""
    machine = machine or ThisMachine()
    if machine.system == "macos":
        return machine.home / _MAC_DATA / f"{NAME}.conf"
    profile = machine.environment.get("USERPROFILE")
    return (Path(profile) if profile else machine.home) / f".{NAME}" / f"{NAME}.conf"


def mac_script(machine: Machine, version: str) -> Path:
    """The script xlwings runs Python by on macOS."""
    return machine.home / _MAC_SCRIPTS / f"xlwings-{version}.applescript"


def read_conf(path: Path, encoding: str | None = None) -> dict[str, str]:
    """The settings by name in capitals; empty where there is no file."""
    try:
        source = path.read_bytes().decode(encoding or ThisMachine().ansi, "replace")
    except FileNotFoundError:
        return {}
    rows = csv.reader(io.StringIO(source.lstrip("\ufeff")))
    return {row[0].strip().upper(): row[1] for row in rows if len(row) > 1}


def conf_text(settings: dict[str, str]) -> str:
    """The settings as VBA's ``Input #`` reads them."""
    return "".join(f'"{name}","{value}"\r\n' for name, value in settings.items())
