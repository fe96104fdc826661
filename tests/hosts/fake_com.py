"""pywin32 and Excel's Range, as little of them as xlwings' UDF machinery asks for.

Everything between is xlwings' own: decorators, `generate_vba_wrapper`,
`XLPython.CallUDF`, `call_udf`, the converters. Not shown by this: COM's own
marshalling, the DLL, spilling.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest.mock import MagicMock

RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572  # what COM passes for an argument left out
ERRORS = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#SPILL!": -2146826243}

_NAMES = (
    "pythoncom pywintypes win32api win32con win32event win32gui win32process win32timezone"
    " win32com win32com.client win32com.server win32com.server.dispatcher"
    " win32com.server.policy win32com.server.util"
)
_MODULES = _NAMES.split()


class ComError(Exception):
    """What a COM call raises."""


class PyIDispatch:
    """The type FromVariant compares with; nothing here is one."""


class FakeBook:
    """The active workbook as the wrapper passes it."""

    Name = "plan.xlsx"
    Worksheets = ()
    properties: ClassVar[dict[str, str]] = {}

    class Application:
        """Excel, speaking English."""

        class LanguageSettings:
            """Its languages."""

            @staticmethod
            def LanguageID(kind: int) -> int:  # noqa: N802
                return 1033

    def CustomDocumentProperties(self, name: str) -> Any:  # noqa: N802
        return types.SimpleNamespace(Value=self.properties[name])


class FakeRange:
    """A range of cells: rows of equal length as a test writes them."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.rows = tuple(tuple(row) for row in rows)
        info = types.SimpleNamespace(
            GetTypeAttr=lambda: types.SimpleNamespace(iid=RANGE_IID),
        )
        self._oleobj_ = types.SimpleNamespace(GetTypeInfo=lambda: info)
        self.Row = self.Column = 1
        self.Rows = types.SimpleNamespace(Count=len(self.rows))
        self.Columns = types.SimpleNamespace(Count=len(self.rows[0]))
        application = types.SimpleNamespace(Hwnd=1)
        self.Application = application
        book = types.SimpleNamespace(Application=application, Name="plan.xlsx")
        self.Worksheet = types.SimpleNamespace(Parent=book, Application=application)

    @property
    def Value2(self) -> Any:  # noqa: N802
        """Numbers as they are, days as serial numbers."""
        rows = tuple(tuple(_value2(cell) for cell in row) for row in self.rows)
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    @property
    def Value(self) -> Any:  # noqa: N802
        """Days as days."""
        single = len(self.rows) == 1 and len(self.rows[0]) == 1
        return self.rows[0][0] if single else self.rows


def _value2(cell: Any) -> Any:
    if isinstance(cell, dt.datetime):
        return float((cell.replace(tzinfo=None) - dt.datetime(1899, 12, 30)).days)
    return cell


@contextmanager
def com() -> Iterator[types.SimpleNamespace]:
    """xlwings' Windows modules over the fakes; everything is put back afterwards.

    Gives ``udfs``, ``server`` (an XLPython), ``functions`` and a way to ``call`` one.
    """
    import xlwings

    before = {name: sys.modules.get(name) for name in _MODULES}
    had = {name: getattr(ctypes, name, None) for name in ("oledll", "windll", "PyDLL")}
    kept_func = xlwings.func
    for name in _MODULES:
        sys.modules[name] = types.ModuleType(name)
    _fill()
    try:
        windows = importlib.import_module("xlwings._xlwindows")
        udfs = importlib.import_module("xlwings.udfs")
        server = importlib.import_module("xlwings.com_server")
        xlwings.engines.add(xlwings.main.Engine(impl=windows.engine))
        xlwings.func = udfs.xlfunc
        functions = importlib.reload(importlib.import_module("salesxl.hosts.excel.functions"))
        yield types.SimpleNamespace(
            windows=windows, udfs=udfs, server=server.XLPython(), functions=functions
        )
    finally:
        xlwings.func = kept_func
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        for name, value in had.items():
            if value is not None:
                setattr(ctypes, name, value)
            elif hasattr(ctypes, name):
                delattr(ctypes, name)
        for name in ("_xlwindows", "udfs", "com_server"):
            sys.modules.pop(f"xlwings.{name}", None)


def _fill() -> None:
    modules = sys.modules
    pywintypes, pythoncom = modules["pywintypes"], modules["pythoncom"]
    pywintypes.TimeType = dt.datetime
    pywintypes.IID = str
    pywintypes.com_error = ComError
    pythoncom.CoInitialize = lambda: None
    pythoncom.IID_IDispatch = "dispatch"
    pythoncom.TypeIIDs = {"dispatch": PyIDispatch}
    pythoncom.com_error = ComError
    modules["win32process"].GetWindowThreadProcessId = lambda _: (1, 1)
    client = modules["win32com.client"]
    for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(client, name, type(name, (), {}))
    client.Dispatch = client.DispatchEx = lambda thing, **_: thing
    util = modules["win32com.server.util"]
    util.wrap = lambda thing, *_, **__: thing
    util.unwrap = _no_unwrapping
    modules["win32com"].client = client
    modules["win32com"].server = modules["win32com.server"]
    modules["win32com.server"].util = util
    modules["win32com.server"].policy = modules["win32com.server.policy"]
    modules["win32com.server"].dispatcher = modules["win32com.server.dispatcher"]
    pythoncom.__file__ = "pythoncom.dll"
    ctypes.oledll = ctypes.windll = ctypes.PyDLL = MagicMock()


def _no_unwrapping(thing: Any) -> Any:
    raise ComError("not one of ours")
