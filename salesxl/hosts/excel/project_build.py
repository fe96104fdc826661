"""A VBA project of ours, made from one of the installed xlwings' quickstart workbooks.

Kept of it (BSD): the modules ``xlwings`` and ``Dictionary`` with their notices. Ours: the
function wrappers, help, ribbon, name and GUID. A workbook needs a document module for each of
its sheets; the quickstart has two, the others are added.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from salesxl.errors import fail
from salesxl.hosts.excel.machine import Machine
from salesxl.hosts.excel.places import NAME
from salesxl.hosts.excel.resources import source
from salesxl.hosts.excel.vba import MODULE, functions_module

PROJECT: Final = "SalesXL"
PROJECT_PART: Final = "xl/vbaProject.bin"
_OWN_MODULES: Final = ("SalesXLHelp", "SalesXLRibbon")
_SHEET_MODULE: Final = "\r\n".join(
    (
        'Attribute VB_Name = "{name}"',
        'Attribute VB_Base = "0{{00020820-0000-0000-C000-000000000046}}"',
        "Attribute VB_GlobalNameSpace = False",
        "Attribute VB_Creatable = False",
        "Attribute VB_PredeclaredId = True",
        "Attribute VB_Exposed = True",
        "Attribute VB_TemplateDerived = False",
        "Attribute VB_Customizable = True",
        "",
    )
)


@dataclass(frozen=True)
class Recipe:
    """What becomes of a quickstart's project."""

    guid: str  # {8-4-4-4-12} in capitals
    addin: bool  # works on the active workbook; a workbook's own project on itself
    leave_out: str  # the quickstart's own module
    sheets: Sequence[str] = ()  # code names of the sheets; those not there are added


@dataclass(frozen=True)
class Template:
    """A quickstart workbook of the installed xlwings."""

    path: Path
    version: str


def find_template(machine: Machine, name: str) -> Template:
    """The quickstart called `name`. SalesxlError says what is missing."""
    if machine.installed("pyOpenVBA") is None:
        raise fail("excel.no_pyopenvba")
    version, folder = machine.installed("xlwings"), machine.package_folder("xlwings")
    if version is None or folder is None:
        raise fail("excel.no_xlwings")
    path = folder / name
    if not path.is_file():
        raise fail("excel.no_template", str(path), version=version)
    return Template(path, version)


def make_project(template: Template, recipe: Recipe) -> bytes:
    """``vbaProject.bin``. ValueError or KeyError where the quickstart is not as expected."""
    from pyopenvba import ExcelFile, PyOpenVBAError, VBAModuleKind

    from salesxl.hosts.excel.project import identify

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / template.path.name
        shutil.copyfile(template.path, work)
        try:
            with ExcelFile(work) as book:
                own = _own_xlwings(book.get_module("xlwings"), template.version)
                book.set_module("xlwings", own)
                book.set_module("ThisWorkbook", _crlf(source("ThisWorkbook.cls")))
                project = book.vba_project()
                project.delete_module(recipe.leave_out)
                there = {name.casefold() for name in project.module_names()}
                added = [name for name in recipe.sheets if name.casefold() not in there]
                for name in added:
                    text = _SHEET_MODULE.format(name=name)
                    project.add_module(name, text, kind=VBAModuleKind.other)
                project.add_module(MODULE, _crlf(functions_module(addin=recipe.addin)))
                for name in _OWN_MODULES:
                    project.add_module(name, _crlf(source(f"{name}.bas")))
                book.save()
            with zipfile.ZipFile(work) as archive:
                return identify(archive.read(PROJECT_PART), PROJECT, recipe.guid, added)
        except PyOpenVBAError as error:
            raise ValueError(error) from error


def _own_xlwings(module: str, version: str) -> str:
    """xlwings' module, reading our settings file instead of its own."""
    if f'XLWINGS_VERSION As String = "{version}"' not in module:
        raise ValueError("its VBA is of another version of xlwings")
    pattern = r'(Public Const PROJECT_NAME As String = )"[^"]*"'
    own, count = re.subn(pattern, rf'\1"{NAME}"', module)
    if count != 1:
        raise ValueError("its VBA names no project")
    return own


def _crlf(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\n", "\r\n")
