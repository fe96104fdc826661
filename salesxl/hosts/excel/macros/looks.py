"""A style of ours on cells of an open workbook, for places where nothing can be copied.

What of a style cannot be set on a system is left out: a colour is no reason to fail.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from salesxl.hosts.excel.macros.steps import Dress
from salesxl.sheets.styles import resolve

_SIDES: Final = ("left", "right", "top", "bottom")
_LINES: Final = {1: ("continuous", "thin"), 2: ("continuous", "medium"), 5: ("continuous", "thick"),
                 6: ("double", "thick"), 7: ("continuous", "hairline")}  # fmt: skip
_VERTICAL: Final = {"vcenter": "center", "top": "top", "bottom": "bottom"}


def dress(step: Dress) -> None:
    """Give the cells their number format, font, fill, lines and alignment."""
    area = step.sheet.range((step.row + 1, step.col + 1), (step.row + 1, step.col + step.width))
    said = resolve(step.look, step.lang, step.currency, step.decimals)

    def font(name: str, value: Any) -> Callable[[], None]:
        return lambda: setattr(area.font, name, value)

    def own(name: str, value: Any) -> Callable[[], None]:
        return lambda: setattr(area, name, value)

    todo: list[Callable[[], None]] = [own("number_format", said.get("num_format", "General"))]
    todo += [font(name, said[f"font_{name}"]) for name in ("name", "size", "color")
             if f"font_{name}" in said]  # fmt: skip
    todo.append(font("bold", bool(said.get("bold"))))
    if "bg_color" in said:
        todo.append(own("color", said["bg_color"]))
    if "align" in said:
        todo.append(own("horizontal_alignment", said["align"]))
    if said.get("valign") in _VERTICAL:
        todo.append(own("vertical_alignment", _VERTICAL[said["valign"]]))
    if said.get("text_wrap"):
        todo.append(own("wrap_text", True))
    for side in _SIDES:
        if said.get(side) in _LINES:
            todo.append(_line(area, side, said))
    for setting in todo:
        with suppress(Exception):
            setting()


def _line(area: Any, side: str, said: Any) -> Callable[[], None]:
    style, weight = _LINES[said[side]]
    color = said.get(f"{side}_color", "#000000")
    return lambda: area.borders.set(f"edge_{side}", line_style=style, weight=weight, color=color)
