"""The ribbon: `ribbon.toml` names its groups and buttons, this makes customUI of it.

>>> "SalesXLShowFunctions" in ribbon_xml()
True

Captions are not in the XML: Excel asks VBA for them, which answers in the user's language
from the add-in's sheet of texts. A button's VBA procedure is named by its id.
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


@dataclass(frozen=True)
class Button:
    """`id` is also the VBA procedure; `image` one of Office's own (imageMso)."""

    id: str
    image: str
    size: str
    label: tuple[str, str]  # zh, en
    tip: tuple[str, str]


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


def _button(entry: dict[str, str]) -> Button:
    size = entry.get("size", "normal")
    return Button(entry["id"], entry["image"], size, _both(entry, ""), _both(entry, "tip_"))


def _both(entry: dict[str, str], prefix: str) -> tuple[str, str]:
    return entry[f"{prefix}zh"], entry[f"{prefix}en"]
