"""What stands between this Python and Excel, each with its remedy.

>>> [finding.code for finding in examine(machine) if finding.state == "wrong"]
['store_python']

Every check looks at one thing and says ``ok``, ``note`` (worth knowing, nothing to do or
nothing found out) or ``wrong``. The texts are ``texts/doctor.toml``: an entry a finding, and
``<entry>_fix`` with the remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from typing import Any, Final, Literal

from salesxl import __version__
from salesxl.hosts.excel.addin import read_mark
from salesxl.hosts.excel.install import INTERPRETERS, addin_path, interpreter, wanted_conf
from salesxl.hosts.excel.machine import Machine, ThisMachine
from salesxl.hosts.excel.places import ADDIN, addin_folders, mac_script, read_conf, user_conf
from salesxl.texts import Lang, entries, text

State = Literal["ok", "note", "wrong"]

PYTHON: Final = (3, 11)
_APP_PATH: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_CLICK_TO_RUN: Final = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_BITS: Final = {"x64": (64,), "x86": (32,)}  # where unknown, either will do
_SECURITY: Final = r"Software\Microsoft\Office\16.0\Excel\Security"
_POLICY: Final = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
_DISABLED: Final = r"Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
_CLOUD: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `code` names its text in ``doctor.toml``."""

    code: str
    state: State
    values: dict[str, Any] = field(default_factory=dict)

    def say(self, lang: Lang) -> str:
        """What was found."""
        return text(f"doctor.{self.code}", lang, **self.values)

    def remedy(self, lang: Lang) -> str:
        """What to do; empty where nothing is."""
        fix = f"{self.code}_fix"
        return text(f"doctor.{fix}", lang, **self.values) if fix in entries("doctor") else ""


def examine(machine: Machine | None = None) -> list[Finding]:
    """Every finding, in the order in which one would repair them."""
    machine = machine or ThisMachine()
    return [finding for check in _CHECKS for finding in check(machine)]


def healthy(findings: Iterable[Finding]) -> bool:
    """Whether nothing is wrong."""
    return all(finding.state != "wrong" for finding in findings)


def _system(machine: Machine) -> Iterator[Finding]:
    yield Finding(f"system_{machine.system}", "ok" if machine.system == "windows" else "note")


def _python(machine: Machine) -> Iterator[Finding]:
    version = ".".join(map(str, machine.python_version))
    values = {"path": machine.python, "version": version}
    right = machine.python_version >= PYTHON
    yield Finding("python" if right else "old_python", "ok" if right else "wrong", values)
    if machine.system == "windows":
        if _from_store(str(machine.python)):
            yield Finding("store_python", "wrong", values)
        if machine.installed("pywin32") is None:
            yield Finding("no_pywin32", "wrong")


def _path_traps(machine: Machine) -> Iterator[Finding]:
    if machine.system != "windows":
        return
    path = str(interpreter(machine))
    for name in _CLOUD:
        cloud = machine.environment.get(name)
        if cloud and _below(path, cloud):
            yield Finding("python_in_cloud", "wrong", {"path": path, "cloud": cloud})
            break
    if not _encodes(path, machine.ansi):
        yield Finding("path_letters", "wrong", {"path": path, "encoding": machine.ansi})
    elif any(sign in path for sign in "&%^'"):
        yield Finding("path_signs", "wrong", {"path": path})


def _xlwings(machine: Machine) -> Iterator[Finding]:
    version = machine.installed("xlwings")
    if version is None:
        yield Finding("no_xlwings", "wrong")
        return
    yield Finding("xlwings", "ok", {"version": version})
    if machine.installed("pyOpenVBA") is None:
        yield Finding("no_pyopenvba", "wrong")
    if machine.system == "windows":
        yield from _dlls(machine, version)
    elif machine.system == "macos" and not mac_script(machine, version).is_file():
        yield Finding("no_mac_script", "wrong", {"path": mac_script(machine, version)})


def _dlls(machine: Machine, version: str) -> Iterator[Finding]:
    """VBA looks beside the interpreter and a folder up, for its version and Excel's width."""
    folder = machine.python.parent
    platform = machine.registry(f"HKLM\\{_CLICK_TO_RUN}", "Platform") or ""
    bits = _BITS.get(platform.lower(), (64, 32))
    names = [f"xlwings{number}-{version}.dll" for number in bits]
    present = [n for n in names if (folder / n).is_file() or (folder.parent / n).is_file()]
    values = {"names": ", ".join(present or names), "folder": folder}
    yield Finding("dll" if present else "no_dll", "ok" if present else "wrong", values)


def _excel(machine: Machine) -> Iterator[Finding]:
    if machine.system != "windows":
        return
    path = machine.registry(f"HKLM\\{_APP_PATH}", "") or machine.registry(f"HKCU\\{_APP_PATH}", "")
    if path is None:
        yield Finding("no_excel", "note")
    elif _from_store(path):
        yield Finding("store_excel", "wrong", {"path": path})
    else:
        yield Finding("excel", "ok", {"path": path})
    yield from _security(machine)


def _security(machine: Machine) -> Iterator[Finding]:
    """The start folder is trusted unless somebody said otherwise."""
    for root in (_POLICY, _SECURITY):
        for key, name, code in (
            (rf"{root}\Trusted Locations", "AllLocationsDisabled", "no_trusted_locations"),
            (root, "RequireAddinSig", "signed_only"),
            (root, "DisableAllAddins", "no_addins"),
        ):
            if machine.registry(f"HKCU\\{key}", name) == "1":
                yield Finding(code, "wrong", {"key": f"HKCU\\{key}"})
                return
    yield Finding("trusted", "ok")


def _addin(machine: Machine) -> Iterator[Finding]:
    if machine.system == "other":
        return
    path = addin_path(machine)
    values: dict[str, Any] = {"path": path}
    if not path.is_file():
        yield Finding("addin_missing", "wrong", values)
        return
    built = read_mark(path)
    version = machine.installed("xlwings")
    if built is None:
        yield Finding("addin_not_ours", "wrong", values)
    elif (built.salesxl, built.xlwings) != (__version__, version):
        values |= {"made": f"salesxl {built.salesxl}, xlwings {built.xlwings}"}
        values |= {"here": f"salesxl {__version__}, xlwings {version}"}
        yield Finding("addin_old", "wrong", values)
    else:
        yield Finding("addin", "ok", values)
    disabled = machine.registry_blobs(f"HKCU\\{_DISABLED}")
    if any(ADDIN in blob.decode("utf-16-le", "ignore").lower() for blob in disabled):
        yield Finding("addin_disabled", "wrong", values)
    for folder in addin_folders(machine):
        if (folder / ADDIN).is_file():
            yield Finding("addin_twice", "wrong", {"path": folder / ADDIN})


def _conf(machine: Machine) -> Iterator[Finding]:
    if machine.system == "other":
        return
    path = user_conf(machine)
    values: dict[str, Any] = {"path": path}
    if not path.is_file():
        yield Finding("conf_missing", "wrong", values)
        return
    settings = read_conf(path, machine.ansi)
    said = settings.get(INTERPRETERS[machine.system], "")
    values |= {"said": said, "python": interpreter(machine)}
    if said != str(interpreter(machine)):
        yield Finding("conf_python", "wrong", values)
    elif _encodes(said, machine.ansi) and path.read_bytes() != wanted_conf(machine):
        yield Finding("conf_changed", "wrong", values)
    else:
        yield Finding("conf", "ok", values)


def _from_store(path: str) -> bool:
    """Apps from the store live in a folder that other programs may not load from."""
    parts = {part.lower() for part in PureWindowsPath(path).parts}
    return "windowsapps" in parts or any(part.startswith("pythonsoftware") for part in parts)


def _below(path: str, folder: str) -> bool:
    return PureWindowsPath(path.lower()).is_relative_to(PureWindowsPath(folder.lower()))


def _encodes(path: str, encoding: str) -> bool:
    try:
        path.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


_CHECKS: Final[tuple[Callable[[Machine], Iterator[Finding]], ...]] = (
    _system, _python, _path_traps, _xlwings, _excel, _addin, _conf,
)  # fmt: skip
