"""Which language to speak in: the workbook's, else the user's choice, else Excel's own.

A workbook names its language in the custom document property `PROPERTY`; the user's
choice stands in ``salesxl.conf``.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, Final

from salesxl.hosts.excel.places import CONF_LANGUAGE, read_conf, user_conf
from salesxl.texts import LANGS, Lang, locale_lang

PROPERTY: Final = "salesxl_lang"
_UI_LANGUAGE: Final = 2  # msoLanguageIDUI
_PRIMARY: Final = 0x3FF  # the part of a language number that is the language itself
_CHINESE: Final = 0x04
_KEPT: Final = 2.0  # seconds; a sheet full of errors asks Excel once

_last: tuple[float, Lang] | None = None


def workbook_lang() -> Lang:
    """The language of the workbook that calls; never raises."""
    global _last
    now = time.monotonic()
    if _last is None or now >= _last[0]:
        _last = (now + _KEPT, _find())
    return _last[1]


def _find() -> Lang:
    book = _calling_book()
    said = ""
    with suppress(Exception):
        said = str(book.CustomDocumentProperties(PROPERTY).Value)
    if said not in LANGS:
        with suppress(Exception):
            said = read_conf(user_conf()).get(CONF_LANGUAGE, "").lower()
    if said in LANGS:
        return said
    with suppress(Exception):
        number = int(book.Application.LanguageSettings.LanguageID(_UI_LANGUAGE))
        return "zh" if number & _PRIMARY == _CHINESE else "en"
    return locale_lang()


def _calling_book() -> Any:
    """The calling workbook's own object; None outside Excel."""
    with suppress(Exception):
        import xlwings

        return xlwings.Book.caller().api
    return None
