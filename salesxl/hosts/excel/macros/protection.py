"""Sheets protected without a password, opened for a macro and closed again as they were.

Our sheets are protected so that nobody types over a formula by mistake; Excel holds macros to
it too. A sheet with a password of the user's stays closed: the macro says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import xlwings as xw

from salesxl.errors import fail

# Excel's own names: what a protected sheet still allows.
_ALLOWED: Final = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows",
    "AllowInsertingColumns", "AllowInsertingRows", "AllowInsertingHyperlinks",
    "AllowDeletingColumns", "AllowDeletingRows", "AllowSorting", "AllowFiltering",
    "AllowUsingPivotTables",
)  # fmt: skip


@contextmanager
def opened(sheets: Iterable[xw.Sheet]) -> Iterator[None]:
    """The sheets unprotected for as long as this lasts; SalesxlError names one that is locked."""
    closed: list[tuple[Any, dict[str, bool]]] = []
    try:
        for sheet in sheets:
            api = sheet.api
            if not _is_protected(api):
                continue
            options = _options(api)
            try:
                _call(api, "Unprotect", "unprotect")
            except Exception as error:
                raise fail("macros.locked_sheet", sheet.name) from error
            if _is_protected(api):
                raise fail("macros.locked_sheet", sheet.name)
            closed.append((api, options))
        yield
    finally:
        for api, options in closed:
            with suppress(Exception):  # never hide what went wrong before
                if hasattr(api, "Protect"):
                    api.Protect(**options)
                else:
                    api.protect_worksheet()


def _is_protected(api: Any) -> bool:
    with suppress(Exception):
        return bool(api.ProtectContents)
    with suppress(Exception):  # macOS: AppleScript's name of the same property
        return bool(api.protect_contents.get())
    return False


def _options(api: Any) -> dict[str, bool]:
    found = {}
    for name in _ALLOWED:
        with suppress(Exception):
            found[name] = bool(getattr(api.Protection, name))
    for name, property_ in (("DrawingObjects", "ProtectDrawingObjects"),
                            ("Scenarios", "ProtectScenarios")):  # fmt: skip
        with suppress(Exception):
            found[name] = bool(getattr(api, property_))
    return found


def _call(api: Any, windows: str, mac: str) -> None:
    (getattr(api, windows) if hasattr(api, windows) else getattr(api, mac))()
