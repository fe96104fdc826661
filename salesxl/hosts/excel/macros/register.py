"""From a button's name to its macro: ``targets.split`` is `split` in `macros.targets`.

>>> find("targets.split").__name__
'split'

Only what ``ribbon.toml`` names can be run. A module is imported when one of its buttons is
pressed.
"""

from __future__ import annotations

from importlib import import_module

from salesxl.hosts.excel.macros.session import Macro
from salesxl.hosts.excel.ribbon import groups


def names() -> tuple[str, ...]:
    """Every macro of the ribbon, in its order."""
    return tuple(b.macro for group in groups() for b in group.buttons if b.macro)


def find(name: str) -> Macro:
    """The macro of that name; KeyError for one that no button has."""
    if name not in names():
        raise KeyError(name)
    module, _, function = name.partition(".")
    found: Macro = getattr(import_module(f"{__package__}.{module}"), function)
    return found
