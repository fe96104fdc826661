"""A computer made up for a test: its folders are real ones below `root`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import xlwings

from salesxl.hosts.excel.machine import System


@dataclass
class FakeMachine:
    """A healthy Windows with Excel, until a test spoils it."""

    root: Path
    system: System = "windows"
    python_version: tuple[int, int] = (3, 12)
    ansi: str = "cp936"
    packages: dict[str, str] = field(
        default_factory=lambda: {
            "xlwings": xlwings.__version__,
            "pyOpenVBA": "6.5.0",
            "pywin32": "311",
        }
    )
    registered: dict[tuple[str, str], str] = field(
        default_factory=lambda: {
            (
                r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe",
                "",
            ): r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
            (r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform"): "x64",
        }
    )
    blobs: dict[str, bytes] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    python_folder: str = "py/Scripts"

    def __post_init__(self) -> None:
        self.python.parent.mkdir(parents=True, exist_ok=True)
        self.python.touch()
        self.home.mkdir(exist_ok=True)
        if self.system == "windows":
            self.python.with_name("pythonw.exe").touch()
            for bits in (32, 64):
                name = f"xlwings{bits}-{self.packages['xlwings']}.dll"
                (self.python.parent.parent / name).touch()
            self.variables.setdefault("APPDATA", str(self.home / "AppData" / "Roaming"))
            self.variables.setdefault("USERPROFILE", str(self.home))

    @property
    def python(self) -> Path:
        name = "python.exe" if self.system == "windows" else "python3"
        return self.root / self.python_folder / name

    @property
    def prefix(self) -> Path:
        return self.python.parent.parent

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def environment(self) -> Mapping[str, str]:
        return self.variables

    def installed(self, package: str) -> str | None:
        return self.packages.get(package)

    def package_folder(self, package: str) -> Path | None:
        return Path(xlwings.__file__).parent if package in self.packages else None

    def registry(self, key: str, name: str) -> str | None:
        return self.registered.get((key, name))

    def registry_blobs(self, key: str) -> tuple[bytes, ...]:
        return tuple(blob for name, blob in self.blobs.items() if name == key)
