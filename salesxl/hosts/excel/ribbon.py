"""The ribbon: `ribbon.toml` names its groups and buttons, this makes customUI of it.

>>> "SalesXLShowFunctions" in ribbon_xml()
True

Captions are not in the XML: Excel asks VBA for them, which answers in the user's language
from the add-in's sheet of texts. A button's VBA procedure is named by its id, and the VBA module
with all of them, ``SalesXLRibbon``, is made from the same file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

NAMESPACE: Final = "http://schemas.microsoft.com/office/2009/07/customui"
TAB: Final = "SalesXLTab"
ON_LOAD: Final = "SalesXLOnLoad"
LABEL, SCREENTIP, SUPERTIP = "SalesXLLabel", "SalesXLScreentip", "SalesXLSupertip"
_RUN: Final = "from salesxl.hosts.excel.macros import session;"
_HEAD: Final = """Attribute VB_Name = "SalesXLRibbon"
Option Explicit
' The ribbon's captions and buttons. Made from ribbon.toml: python scripts/generate.py

Private Const FUNCTION_WIZARD As Long = 450 ' xlDialogFunctionWizard
Private held As IRibbonUI

Public Sub SalesXLOnLoad(ribbon As IRibbonUI)
    Set held = ribbon
End Sub

Public Sub SalesXLLabel(control As IRibbonControl, ByRef answer As Variant)
    answer = SalesXLText(control.ID & ".label")
End Sub

Public Sub SalesXLScreentip(control As IRibbonControl, ByRef answer As Variant)
    answer = SalesXLText(control.ID & ".label")
End Sub

Public Sub SalesXLSupertip(control As IRibbonControl, ByRef answer As Variant)
    answer = SalesXLText(control.ID & ".tip")
End Sub
"""


@dataclass(frozen=True)
class Button:
    """`id` is also the VBA procedure; `image` one of Office's own (imageMso)."""

    id: str
    image: str
    size: str
    label: tuple[str, str]  # zh, en
    tip: tuple[str, str]
    macro: str = ""  # module and function of `macros`
    python: str = ""  # any other statement
    vba: str = ""  # lines of VBA instead

    @property
    def command(self) -> str:
        """What the button asks Python to run; "" where it stays in VBA."""
        if self.macro:
            return f"{_RUN} session.run('{self.macro}')"
        return self.python


@dataclass(frozen=True)
class Group:
    """Buttons that belong together."""

    id: str
    label: tuple[str, str]
    buttons: tuple[Button, ...]


@cache
def groups() -> tuple[Group, ...]:
    """The groups in the order of the file."""
    source = files(__package__).joinpath("ribbon.toml").read_text(encoding="utf-8")
    return tuple(
        Group(group["id"], _both(group, ""), tuple(_button(b) for b in group["button"]))
        for group in tomllib.loads(source)["group"]
    )


def captions() -> dict[str, tuple[str, str]]:
    """Key → Chinese and English, as the sheet of texts holds them."""
    found = {f"{TAB}.label": ("销售管理", "SalesXL")}
    for group in groups():
        found[f"{group.id}.label"] = group.label
        for button in group.buttons:
            found[f"{button.id}.label"] = button.label
            found[f"{button.id}.tip"] = button.tip
    return found


def callbacks() -> tuple[str, ...]:
    """Every VBA procedure the ribbon names."""
    return (ON_LOAD, LABEL, SCREENTIP, SUPERTIP, *(b.id for g in groups() for b in g.buttons))


def ribbon_xml() -> str:
    """The customUI14 part."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        f'<customUI xmlns="{NAMESPACE}" onLoad="{ON_LOAD}">',
        "  <ribbon>",
        "    <tabs>",
        f'      <tab id="{TAB}" getLabel="{LABEL}">',
    ]
    for group in groups():
        lines.append(f'        <group id="{group.id}" getLabel="{LABEL}">')
        lines += [
            f'          <button id="{b.id}" size="{b.size}" imageMso="{b.image}" getLabel="{LABEL}"'
            f' getScreentip="{SCREENTIP}" getSupertip="{SUPERTIP}" onAction="{b.id}"/>'
            for b in group.buttons
        ]
        lines.append("        </group>")
    lines += ["      </tab>", "    </tabs>", "  </ribbon>", "</customUI>", ""]
    return "\n".join(lines)


def ribbon_module() -> str:
    """The VBA module of captions and buttons; ASCII, a procedure a button."""
    parts = [_HEAD]
    for group in groups():
        for button in group.buttons:
            if button.command:
                lines = [
                    "If ActiveWorkbook Is Nothing Then Workbooks.Add",
                    f'RunPython "{button.command}"',
                ]
            else:
                lines = button.vba.strip("\n").splitlines()
            body = "\n".join(f"    {line}" for line in lines)
            parts.append(f"Public Sub {button.id}(control As IRibbonControl)\n{body}\nEnd Sub\n")
    return "\n".join(parts)


def _button(entry: dict[str, str]) -> Button:
    size = entry.get("size", "normal")
    return Button(
        entry["id"], entry["image"], size, _both(entry, ""), _both(entry, "tip_"),
        entry.get("macro", ""), entry.get("python", ""), entry.get("vba", ""),
    )  # fmt: skip


def _both(entry: dict[str, str], prefix: str) -> tuple[str, str]:
    return entry[f"{prefix}zh"], entry[f"{prefix}en"]
