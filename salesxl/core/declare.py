"""One declaration per rule: name, parameters with meaning and unit, errors, example.

    @rule(
        name="TARGET_GAP",
        category="targets",
        returns="number",
        zh="目标缺口 = 目标 − 实际。",
        en="What is still missing: target − actual.",
        params=(
            Param("target", "number", "money", "目标金额", "Target amount"),
            Param("actual", "number", "money", "实际金额", "Actual amount"),
        ),
        errors=("not_a_number",),
        example={"target": 120000, "actual": 95000},
    )
    def target_gap(target, actual): ...

Everything else that shows the rule (shell, Excel wrapper, function wizard, help
pages) is made from this one declaration. The decorator returns the function
unchanged; `declared` holds the rules by name. Menus show the categories in the order
of `Category` and, within one, the rules by `order`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, Literal, TypeVar, get_args

from salesxl.core.error import RuleError
from salesxl.core.number import at_border

__all__ = [
    "CATEGORIES", "HELP_LIMIT", "LAST", "Category", "Kind", "Param", "Rule", "RuleError", "Unit",
    "declared", "rule",
]  # fmt: skip

# number   one exact number        whole  one whole number
# cells    one cell, a list, a row, a column or a block; the answer keeps the shape
# list     as cells, read in order; the answer does not take its shape
# block    rows of equal length
# choice   one of the words in `choices`; one that is required is never guessed: where it
#          is missing, the rule itself refuses and says what each word would mean
# flag     true or false, required ones as a choice
# date     one day, see core.day
Kind = Literal["number", "whole", "cells", "list", "block", "choice", "flag", "date"]
Unit = Literal["money", "weight", "fraction", "count", "any", "date", "text"]
# In the order menus show them; captions are in texts/catalog.toml.
Category = Literal[
    "targets", "commission", "credit", "payout", "bonus", "customers", "channels", "team",
    "analysis",
]  # fmt: skip
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)

LAST: Final = 1000  # the place of a rule that asks for none
HELP_LIMIT: Final = 255  # characters the function wizard shows
REQUIRED: Final = inspect.Parameter.empty

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Param:
    """One argument: its line of help is meaning and unit, in both languages."""

    name: str
    kind: Kind
    unit: Unit
    zh: str
    en: str
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    @property
    def named(self) -> bool:
        """The user must name it; the rule refuses with its readings where it is missing."""
        return self.required and self.kind in ("choice", "flag")


@dataclass(frozen=True)
class Rule:
    """A declared rule; `function` takes the parameters by position or by name."""

    name: str
    category: Category
    returns: Kind
    zh: str
    en: str
    params: tuple[Param, ...]
    errors: tuple[str, ...]
    example: Mapping[str, Any]
    function: Callable[..., Any] = field(repr=False)
    refuses: Mapping[str, str] = field(default_factory=dict)  # argument → error that says why
    order: int = LAST

    def __call__(self, arguments: Mapping[str, object]) -> Any:
        """The answer for named `arguments`, as a host or the shell gives them.

        This is the border: floats become the decimals they were typed as, an
        empty optional argument takes its default. RuleError names an argument
        that is unknown or missing.
        """
        known = [param.name for param in self.params]
        for name in arguments:
            if name in self.refuses:
                raise RuleError(self.refuses[name], argument=name)
            if name not in known:
                near = get_close_matches(name, known, 1)
                raise RuleError(
                    "unknown_argument",
                    argument=name,
                    rule=self.name,
                    known=", ".join(near or known),
                )
        given: dict[str, object] = {}
        for param in self.params:
            value = arguments.get(param.name)
            if value is not None:
                given[param.name] = at_border(value)
            elif param.named:
                given[param.name] = None
            elif param.name in arguments and param.required:
                raise RuleError("blank", argument=param.name)
            elif param.required:
                raise RuleError("missing_argument", argument=param.name, rule=self.name)
        return self.function(**given)


declared: dict[str, Rule] = {}


def rule(
    *,
    name: str,
    category: Category,
    returns: Kind,
    zh: str,
    en: str,
    params: tuple[Param, ...],
    errors: tuple[str, ...],
    example: Mapping[str, Any],
    refuses: Mapping[str, str] | None = None,
    order: int = LAST,
) -> Callable[[Function], Function]:
    """Declare the decorated function as the rule `name`.

    The declaration is held against the function at import: same names, order
    and defaults, help short enough for the function wizard. `refuses` names
    arguments that are refused on purpose, each with the error that says why. `order` is
    the place among the rules of the category, the lowest first; rules of one place stand
    by module and then as written there.
    """

    def declare(function: Function) -> Function:
        signature = inspect.signature(function).parameters.values()
        written = [(p.name, p.default) for p in signature]
        said = [(p.name, p.default) for p in params]
        if written != said:
            raise TypeError(f"{name}: declared {said}, written {written}")
        if any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in signature):
            raise TypeError(f"{name}: every parameter must be positional or keyword")
        for line in (zh, en, *(p.zh for p in params), *(p.en for p in params)):
            if not 0 < len(line) <= HELP_LIMIT:
                raise TypeError(f"{name}: help must have 1 to {HELP_LIMIT} characters: {line}")
        if category not in CATEGORIES:
            raise TypeError(f"{name}: no category {category}; there are {', '.join(CATEGORIES)}")
        if name in declared:
            raise TypeError(f"{name} is declared twice")
        declared[name] = Rule(
            name, category, returns, zh, en, params, errors, example, function, refuses or {}, order
        )
        return function

    return declare
