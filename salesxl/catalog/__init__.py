"""Every rule a user can call, in the order menus show them.

The declarations stand with the rules in `salesxl.core`. They are found by importing every
module there, whatever its name: a new rule is in this list once its module is written.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from pkgutil import walk_packages

from salesxl import core, solvers
from salesxl.core import cube
from salesxl.core.declare import CATEGORIES, Rule, declared


def _discover() -> tuple[Rule, ...]:
    """Import what is in `core`, from a folder or a zip, and sort what that declared."""
    for module in walk_packages(core.__path__, f"{core.__name__}."):
        import_module(module.name)
    return tuple(sorted(declared.values(), key=_place))


def _place(rule: Rule) -> tuple[int, int, str]:
    """Sorting is stable: rules that share all of this stay as their module has them."""
    return CATEGORIES.index(rule.category), rule.order, rule.function.__module__


RULES: tuple[Rule, ...] = _discover()
_BY_NAME = {rule.name: rule for rule in RULES}

cube.use_solver(solvers.solve)  # loads HiGHS at the first cube that needs it


def find(name: str) -> Rule | None:
    """The rule of that name, in capitals or not; None if there is none."""
    return _BY_NAME.get(name.strip().upper())


def nearest(name: str) -> str:
    """The rule name most like `name`; empty if none is near."""
    return next(iter(get_close_matches(name.strip().upper(), _BY_NAME, 1, 0.5)), "")
