"""The component LibreOffice loads from the extension: Calc's add-in, one method a function.

Its names and help come from ``functions.json`` beside it, which `extension` writes; the rules
lie in ``pythonpath``. It starts under any Python LibreOffice may bring, so that one too old
for the rules can say so in the cell.

Calc passes a number as a double, a range as rows, a blank cell or text "" as "", an argument
left out as None. TRUE is 1 there, and a day is a number counted from the document's own first
day, which the document itself, passed last where days are taken, knows.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

uno: Any = import_module("uno")
unohelper: Any = import_module("unohelper")

IMPLEMENTATION: Final = "org.salesxl.Functions"
INTERFACE: Final = "org.salesxl.XFunctions"
SERVICES: Final = (IMPLEMENTATION, "com.sun.star.sheet.AddIn")
PYTHON: Final = (3, 11)
_FIRST_DAY: Final = date(1899, 12, 30)
# The texts of the catalogue can't be asked under a Python that is too old.
_TOO_OLD: Final = {
    "zh": "salesxl 需要 Python {need} 或更新版本，此 LibreOffice 用的是 {has}。"
    "请升级 LibreOffice。",
    "en": "salesxl needs Python {need} or later, this LibreOffice has {has}. "
    "Install a newer LibreOffice.",
}
# name → help [zh, en], arguments [[name, zh, en], …], whether it takes days
_FUNCTIONS: Final[dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "functions.json").read_text(encoding="utf-8")
)
_INTERFACES: Final = [
    uno.getClass(name)
    for name in (
        "com.sun.star.sheet.XAddIn",
        "com.sun.star.lang.XServiceName",
        "com.sun.star.lang.XServiceInfo",
        INTERFACE,
    )
]


class _AddIn:
    """What Calc asks of an add-in besides its functions."""

    def __init__(self, context: Any) -> None:
        self.locale = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        self.lang = ""

    def _say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    # XLocalizable

    def setLocale(self, locale: Any) -> None:  # noqa: N802
        """The first is the user's; Calc then sets English to learn the English names."""
        self.locale = locale
        self.lang = self.lang or ("zh" if locale.Language == "zh" else "en")

    def getLocale(self) -> Any:  # noqa: N802
        return self.locale

    # XServiceName, XServiceInfo

    def getServiceName(self) -> str:  # noqa: N802
        return IMPLEMENTATION

    def getImplementationName(self) -> str:  # noqa: N802
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name in SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        return SERVICES

    # XAddIn (the first name is spelt so in UNO)

    def getProgrammaticFuntionName(self, name: str) -> str:  # noqa: N802
        return name

    def getDisplayFunctionName(self, name: str) -> str:  # noqa: N802
        return name

    def getFunctionDescription(self, name: str) -> str:  # noqa: N802
        return self._say(*_FUNCTIONS[name]["help"]) if name in _FUNCTIONS else ""

    def getDisplayArgumentName(self, name: str, index: int) -> str:  # noqa: N802
        return self._argument(name, index)[0]

    def getArgumentDescription(self, name: str, index: int) -> str:  # noqa: N802
        return self._say(*self._argument(name, index)[1:])

    def getProgrammaticCategoryName(self, name: str) -> str:  # noqa: N802
        return "Add-In"

    def getDisplayCategoryName(self, name: str) -> str:  # noqa: N802
        return "Add-In"

    @staticmethod
    def _argument(name: str, index: int) -> list[str]:
        arguments = _FUNCTIONS.get(name, {}).get("arguments", [])
        return list(arguments[index]) if index < len(arguments) else ["", "", ""]


def _method(name: str) -> Callable[..., Any]:
    days = bool(_FUNCTIONS[name]["days"])

    def method(self: _AddIn, *given: Any) -> Any:
        document = given[-1] if days else None
        return _answer(name, given[: len(given) - days], document, self.lang or "en")

    return method


def _answer(name: str, given: tuple[Any, ...], document: Any, lang: str) -> Any:
    if sys.version_info < PYTHON:
        need, has = (".".join(map(str, v[:2])) for v in (PYTHON, sys.version_info))
        return ((_TOO_OLD[lang].format(need=need, has=has),),)
    from salesxl.catalog import find
    from salesxl.hosts.excel.border import run

    rule = find(name)
    assert rule is not None
    first = _first_day(document)
    rows = [_rows(param, value, first) for param, value in zip(rule.params, given, strict=True)]
    found = run(rule, rows, lambda: "zh" if lang == "zh" else "en")
    answer = found if isinstance(found, list) else [[found]]
    return tuple(tuple(_out(cell, first) for cell in row) for row in answer)


def _first_day(document: Any) -> date:
    if document is None:
        return _FIRST_DAY
    first = document.getPropertyValue("NullDate")
    return date(first.Year, first.Month, first.Day)


def _rows(param: Any, value: Any, first: date) -> Any:
    """One argument as rows of cells; None where it is left out."""
    if value is None:
        return None
    rows = value if isinstance(value, tuple) else ((value,),)
    return [[_in(param, cell, first) for cell in row] for row in rows]


def _in(param: Any, cell: Any, first: date) -> Any:
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and param.unit == "date" and first != _FIRST_DAY:
        try:
            return first + timedelta(days=int(cell))
        except OverflowError:
            return cell
    return cell


def _out(cell: Any, first: date) -> Any:
    if isinstance(cell, bool | int):
        return float(cell)  # Calc's TRUE is a number, and it takes no other kind
    if isinstance(cell, date):
        return float((cell - first).days)
    return cell


Functions = type(
    "Functions",
    (unohelper.Base, _AddIn, *_INTERFACES),
    {name: _method(name) for name in _FUNCTIONS},
)
g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 – LibreOffice's name
g_ImplementationHelper.addImplementation(Functions, IMPLEMENTATION, SERVICES)
