"""What the add-in asks of the computer it is on, so that a test can answer instead.

`Machine` is what is asked; `ThisMachine` answers from the real one. Files are read where
they are: a test points the folders at its own.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import locale
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

System = Literal["windows", "macos", "other"]


class Machine(Protocol):
    """One computer, seen from one Python."""

    @property
    def system(self) -> System:
        """Which Excel there can be."""

    @property
    def python(self) -> Path:
        """The interpreter that runs."""

    @property
    def python_version(self) -> tuple[int, int]:
        """Major and minor."""

    @property
    def home(self) -> Path:
        """The user's folder."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables."""

    @property
    def ansi(self) -> str:
        """The encoding VBA reads text files in."""

    def installed(self, package: str) -> str | None:
        """The version of a package; None if it is not there."""

    def package_folder(self, package: str) -> Path | None:
        """Where a package's files are."""

    def registry(self, key: str, name: str) -> str | None:
        r"""A value below ``HKCU\`` or ``HKLM\``; None where there is none."""

    def registry_blobs(self, key: str) -> tuple[bytes, ...]:
        """Every binary value of a key."""


class ThisMachine:
    """The computer this runs on."""

    @property
    def system(self) -> System:
        systems: dict[str, System] = {"Windows": "windows", "Darwin": "macos"}
        return systems.get(platform.system(), "other")

    @property
    def python(self) -> Path:
        return Path(sys.executable)

    @property
    def python_version(self) -> tuple[int, int]:
        return sys.version_info[:2]

    @property
    def home(self) -> Path:
        return Path.home()

    @property
    def environment(self) -> Mapping[str, str]:
        return os.environ

    @property
    def ansi(self) -> str:
        return "mbcs" if sys.platform == "win32" else locale.getencoding()

    def installed(self, package: str) -> str | None:
        try:
            return importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return None

    def package_folder(self, package: str) -> Path | None:
        found = importlib.util.find_spec(package)
        return Path(found.origin).parent if found and found.origin else None

    def registry(self, key: str, name: str) -> str | None:
        return next((str(value) for said, value in _values(key) if said == name), None)

    def registry_blobs(self, key: str) -> tuple[bytes, ...]:
        return tuple(value for _, value in _values(key) if isinstance(value, bytes))


def _values(key: str) -> list[tuple[str, object]]:
    """Every value of a registry key by name; none where there is no such key or no registry."""
    if sys.platform != "win32":
        return []
    import winreg

    hive, _, rest = key.partition("\\")
    root = winreg.HKEY_CURRENT_USER if hive == "HKCU" else winreg.HKEY_LOCAL_MACHINE
    found: list[tuple[str, object]] = []
    try:
        with winreg.OpenKey(root, rest) as opened:
            for index in range(winreg.QueryInfoKey(opened)[1]):
                name, value, _kind = winreg.EnumValue(opened, index)
                found.append((name, value))
    except OSError:
        pass
    return found
