"""What the buttons of the ribbon's group "Tools" run; `SalesXLRibbon` names them."""

from __future__ import annotations

import xlwings as xw

from salesxl.hosts.excel.doctor import examine
from salesxl.hosts.excel.language import workbook_lang
from salesxl.hosts.excel.report import report

_TITLE = {"zh": "销售管理：检查安装", "en": "SalesXL: set-up"}


def check_setup() -> None:
    """Show what `salesxl doctor` says in a message box."""
    lang = workbook_lang()
    xw.Book.caller().app.alert(report(examine(), lang), title=_TITLE[lang])
