"""The VBA wrappers, one for each function, in xlwings' own form.

>>> "XLPy.CallUDF" in functions_module()
True

They are what xlwings' "Import Functions" would write (a test holds the two together), made
beforehand: nobody needs to import them, nor to trust access to VBA projects. No wrapper
resizes its range: an Excel with dynamic arrays spills by itself, and in an older one the
cells are entered as an array formula (Ctrl+Shift+Enter).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from salesxl.catalog import RULES
from salesxl.core.declare import Rule
from salesxl.hosts.excel.names import arguments

MODULE: Final = "SalesXLFunctions"
PYTHON_MODULE: Final = "salesxl.hosts.excel.functions"
_HEAD: Final = f"""Attribute VB_Name = "{MODULE}"
'Made from the catalogue of salesxl: python scripts/generate.py
#Const App = "Microsoft Excel"
"""


def functions_module(rules: Iterable[Rule] = RULES, *, addin: bool = True) -> str:
    """The module's source. An add-in works on the active workbook, a workbook on itself."""
    book = "ActiveWorkbook" if addin else "ThisWorkbook"
    return _HEAD + "".join(_wrapper(rule, book) for rule in rules)


def _wrapper(rule: Rule, book: str) -> str:
    declared = arguments(rule)
    asked = ", ".join(f"Optional {a.name}" if a.optional else a.name for a in declared)
    given = ", ".join(argument.name for argument in declared)
    call = f'{rule.name} = XLPy.CallUDF("{PYTHON_MODULE}", "{rule.name}", Array({given})'
    return f"""Function {rule.name}({asked})
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        {call}, {book}, Application.Caller)
        Exit Function
    #Else
        {call})
        Exit Function
    #End If
failed:
    {rule.name} = Err.Description
End Function

"""
