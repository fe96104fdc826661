"""The functions in xlwings Lite, in its ``main.py``: ``from salesxl.hosts.lite import *``.

One function for each rule of the catalogue, made when this is imported. xlwings Lite runs
Python in the browser, where there is no NumPy of ours, no pandas and no COM: this module needs
xlwings' decorator and the standard library. Days arrive as the sheet's serial numbers (of the
1900 date system), errors as their text, a blank cell as None.

Help and errors speak the language of the environment variable ``SALESXL_LANG`` (zh or en),
which xlwings Lite lets the user set, else the browser's.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Annotated, Any, Final, cast

import xlwings as xw

from salesxl.catalog import RULES
from salesxl.core.declare import Rule
from salesxl.hosts.excel.border import Rows, run
from salesxl.hosts.excel.names import Argument, arguments
from salesxl.texts import LANGS, Lang, locale_lang

LANGUAGE: Final = "SALESXL_LANG"


def lang() -> Lang:
    """The language asked for in the environment, else that of the locale."""
    said = os.environ.get(LANGUAGE, "").strip().lower()[:2]
    return said if said in LANGS else locale_lang()


def _rows(argument: Argument, value: Any) -> Rows | None:
    """What xlwings passes as rows; None where an argument is left out."""
    if value is None:  # a blank cell where an argument must be is a cell, not a gap
        return None if argument.optional else [[None]]
    if not isinstance(value, list | tuple):
        return [[value]]
    if not value or not isinstance(value[0], list | tuple):
        return [list(value)]
    return cast(Rows, value)


def _make(rule: Rule, said: Lang) -> Callable[..., object]:
    declared = arguments(rule)

    def function(*cells: Any) -> object:
        return run(rule, map(_rows, declared, cells), lang)

    function.__name__ = function.__qualname__ = rule.name
    function.__doc__ = rule.zh if said == "zh" else rule.en
    function.__annotations__ = {a.name: _type(a, said) for a in declared}
    signature = inspect.Signature([_parameter(argument) for argument in declared])
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _type(argument: Argument, said: Lang) -> Any:
    """How xlwings reads the argument, and its line of help."""
    doc = argument.param.zh if said == "zh" else argument.param.en
    return Annotated[Any, {"doc": doc, "ndim": 2, "err_to_str": True}]


def _parameter(argument: Argument) -> inspect.Parameter:
    default = None if argument.optional else inspect.Parameter.empty
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(argument.name, kind, default=default)


for _rule in RULES:
    globals()[_rule.name] = xw.func(_make(_rule, lang()))

__all__ = [rule.name for rule in RULES]
