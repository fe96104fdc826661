"""The functions Excel calls: one for each rule of the catalogue, made when this is imported.

Excel's formula ``=SPLIT_TARGET(B2, C5:C16)`` runs the VBA wrapper of that name (`vba`), which
asks xlwings' server for this module's function of the same name; `border` does the rest.
Every argument arrives as rows of cells. Numbers are read as ``Value2``: under ``Value`` a
cell in a currency format would come with four decimals. Days are read as ``Value``, which
knows the workbook's date system.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import xlwings as xw
from xlwings.conversion import Accessor, Pipeline
from xlwings.conversion.standard import (
    CleanDataFromReadStage,
    Ensure2DStage,
    ValueAccessor,
)

from salesxl.catalog import RULES
from salesxl.core.declare import Param, Rule
from salesxl.hosts.excel.border import run
from salesxl.hosts.excel.language import workbook_lang
from salesxl.hosts.excel.names import Argument, arguments

_DAYS = "date"


class Cells(Accessor):
    """Rows of cells at full precision; days as the sheet's serial numbers."""

    @staticmethod
    def reader(options: dict[str, Any]) -> Pipeline:
        """Range or literal → list of rows, blank as None, an error as its text."""
        clean: Any = CleanDataFromReadStage
        return Pipeline([_read_value2, Ensure2DStage(), clean(options)])

    writer = ValueAccessor.writer


def _read_value2(context: Any) -> None:
    if context.range is not None:
        context.value = context.range.api.Value2


def _type(param: Param) -> Any:
    """How xlwings reads the argument, and its line in the wizard."""
    options = {"doc": param.en, "ndim": 2, "err_to_str": True}
    return Annotated[Any if param.unit == _DAYS else Cells, options]


def _parameter(argument: Argument) -> inspect.Parameter:
    default = None if argument.optional else inspect.Parameter.empty
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(argument.name, kind, default=default)


def _make(rule: Rule) -> Callable[..., object]:
    def function(*cells: Any) -> object:
        return run(rule, cells, workbook_lang)

    declared = arguments(rule)
    function.__name__ = function.__qualname__ = rule.name
    function.__doc__ = rule.en
    function.__annotations__ = {argument.name: _type(argument.param) for argument in declared}
    signature = inspect.Signature([_parameter(argument) for argument in declared])
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


for _rule in RULES:
    globals()[_rule.name] = xw.func(category=f"SalesXL {_rule.category}")(_make(_rule))

__all__ = [rule.name for rule in RULES]
