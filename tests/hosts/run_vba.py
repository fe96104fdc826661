"""Our VBA run by pyOpenVBA's interpreter over its own model of Excel, xlwings' part replaced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyopenvba.apps.excel import Application, ExcelApplication, Workbook
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import NOTHING, VBAObject, member, method

MODULES = ("SalesXLFunctions", "SalesXLHelp", "SalesXLRibbon")
# What the module xlwings offers ours; each call leaves a word of what was asked.
XLWINGS = """
Public asked As String
Public language As String

Public Function RunPython(command As String)
    asked = command
End Function

Public Sub KillPy()
    asked = "KillPy"
End Sub

Public Function GetConfig(key As String, Optional default As String = "", _
        Optional source As String = "") As Variant
    GetConfig = language
End Function

Public Function GetConfigFilePath() As String
    GetConfigFilePath = "salesxl.conf"
End Function

Public Function SaveConfigToFile(file As String, key As String, Optional value As String) As Boolean
    asked = file & ": " & key & "=" & value
    language = value
End Function

Public Function Asked_() As String
    Asked_ = asked
End Function
"""


class Languages(VBAObject):  # type: ignore[misc]
    """Excel's languages: one number for all."""

    number = 1033

    @method(name="LanguageID")  # type: ignore[untyped-decorator]
    def language_id(self, _kind: Any) -> int:
        return self.number


class Property(VBAObject):  # type: ignore[misc]
    """A custom property of a workbook."""

    def __init__(self, value: str) -> None:
        self.value = value

    @member(name="Value")  # type: ignore[untyped-decorator]
    def value_(self) -> str:
        return self.value

    def vba_set(self, name: str, value: Any, *arguments: Any, **named: Any) -> None:
        assert name.lower() == "value"
        self.value = str(value)


class Named(Workbook):  # type: ignore[misc]
    """A workbook with custom properties."""

    properties: dict[str, Property]

    @method(name="CustomDocumentProperties")  # type: ignore[untyped-decorator]
    def custom_document_properties(self, name: Any) -> Property:
        if name not in self.properties:
            raise VBARuntimeError(5, "Invalid procedure call or argument")
        return self.properties[name]


class Describing(Application):  # type: ignore[misc]
    """Excel that keeps what MacroOptions is told."""

    told: list[tuple[Any, ...]]

    @member(name="LanguageSettings")  # type: ignore[untyped-decorator]
    def language_settings(self) -> Languages:
        return Languages()

    @method(name="MacroOptions")  # type: ignore[untyped-decorator]
    def macro_options(
        self, macro: Any, description: Any, category: Any, argumentdescriptions: Any
    ) -> None:
        self.told.append((macro, description, category, argumentdescriptions))


class Excel:
    """An Excel with the add-in's sheet and our modules."""

    def __init__(
        self, addin: Path, modules: dict[str, str], properties: dict[str, str] | None = None
    ) -> None:
        self._app = ExcelApplication.open(addin, with_vba=False)
        self._app.workbook.__class__ = Named
        given = (properties or {}).items()
        self._app.workbook.properties = {name: Property(value) for name, value in given}
        self._app.application.__class__ = Describing
        self._app.application.told = []
        for name in MODULES:
            self._app.add_module(modules[name], name=name)
        self._app.add_module(XLWINGS, name="xlwings")

    @property
    def told(self) -> list[tuple[Any, ...]]:
        """Every call of MacroOptions."""
        told: list[tuple[Any, ...]] = self._app.application.told
        return told

    def press(self, button: str) -> str:
        """Run a button's procedure; what it asked of xlwings."""
        self._app.run(button, NOTHING)
        return str(self._app.run("Asked_"))

    def run(self, name: str, *arguments: object) -> Any:
        """Run any procedure."""
        return self._app.run(name, *arguments)
