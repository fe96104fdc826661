"""The add-in in its place, with its settings: put there, made again, taken away.

Only two files are ours: ``salesxl.xlam`` in Excel's start folder, known by its mark, and in the
settings file the lines of `OURS`. What else stands there stays.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from salesxl.errors import fail
from salesxl.hosts.excel.addin import Built, build, read_mark
from salesxl.hosts.excel.machine import Machine, ThisMachine
from salesxl.hosts.excel.places import (
    ADDIN,
    CONF_LANGUAGE,
    conf_text,
    read_conf,
    start_folder,
    user_conf,
)
from salesxl.ooxml.atomic import write_atomic

INTERPRETERS: Final = {"windows": "INTERPRETER_WIN", "macos": "INTERPRETER_MAC"}
SERVER: Final = "USE UDF SERVER"  # buttons run in the Python that calculates
ADD_PATH: Final = "ADD_WORKBOOK_TO_PYTHONPATH"  # imports come from the installation only
OURS: Final = (*INTERPRETERS.values(), SERVER, ADD_PATH, CONF_LANGUAGE)


@dataclass(frozen=True)
class Installed:
    """Where the add-in is, and what it was made from before and now; None: not at all."""

    path: Path
    before: Built | None
    after: Built | None

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return self.after is not None


def install(machine: Machine | None = None) -> Installed:
    """Make the add-in and put it where Excel opens it at every start, with its settings.

    Raises SalesxlError where there is no Excel, something needed is missing, or the file
    in that place is none of ours.
    """
    machine = machine or ThisMachine()
    path = addin_path(machine)
    before = _own_mark(path)
    data = build(machine)
    _write(user_conf(machine), wanted_conf(machine))
    _write(path, data)
    return Installed(path, before, read_mark(path))


def repair(machine: Machine | None = None) -> Installed:
    """Make add-in and settings again if they are not what this Python would write."""
    machine = machine or ThisMachine()
    path = addin_path(machine)
    before = _own_mark(path)
    if before is None:
        raise fail("excel.not_installed", str(path))
    conf = user_conf(machine)
    conf_right = conf.is_file() and conf.read_bytes() == wanted_conf(machine)
    if conf_right and path.read_bytes() == build(machine):
        return Installed(path, before, None)
    return install(machine)


def uninstall(machine: Machine | None = None) -> list[Path]:
    """Remove the add-in and our settings; the files that were removed or changed."""
    machine = machine or ThisMachine()
    path, conf = addin_path(machine), user_conf(machine)
    done = []
    if _own_mark(path) is not None:
        try:
            path.unlink()
        except PermissionError as error:
            raise fail("excel.addin_open", str(path)) from error
        done.append(path)
    settings = read_conf(conf, machine.ansi)
    others = {name: value for name, value in settings.items() if name not in OURS}
    if others != settings:
        if others:
            _write(conf, _encode(others, machine))
        else:
            conf.unlink()
            with contextlib.suppress(OSError):  # not empty: somebody else's files
                conf.parent.rmdir()
        done.append(conf)
    return done


def addin_path(machine: Machine) -> Path:
    """The add-in's one place; SalesxlError where Excel has none."""
    folder = start_folder(machine)
    if folder is None:
        raise fail("excel.no_excel_here")
    return folder / ADDIN


def wanted_conf(machine: Machine) -> bytes:
    """The settings file as it should be: the user's other lines stay."""
    settings = read_conf(user_conf(machine), machine.ansi)
    settings[INTERPRETERS[machine.system]] = str(interpreter(machine))
    settings |= {SERVER: "True", ADD_PATH: "False"}
    return _encode(settings, machine)


def interpreter(machine: Machine) -> Path:
    """This Python, on Windows the one without a console window."""
    quiet = machine.python.with_name("pythonw.exe")
    return quiet if machine.system == "windows" and quiet.is_file() else machine.python


def _encode(settings: dict[str, str], machine: Machine) -> bytes:
    try:
        return conf_text(settings).encode(machine.ansi)
    except UnicodeEncodeError:
        path = interpreter(machine)
        raise fail("excel.conf_encoding", path=path, encoding=machine.ansi) from None


def _own_mark(path: Path) -> Built | None:
    """The mark of the add-in at `path`; None if there is no file, refused if it is not ours."""
    if not path.exists():
        return None
    mark = read_mark(path)
    if mark is None:
        raise fail("excel.not_ours", str(path))
    return mark


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, data)
