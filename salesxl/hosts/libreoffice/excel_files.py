"""The functions in files from Excel: LibreOffice reads ``=SPLIT_TARGET(…)`` there as an unknown
name, and knows it once the same formula is entered again. This job does that on loading.

It runs inside LibreOffice at its event OnLoadFinished, looks at files from Excel only, and
touches no cell but those that call a function of ours. An array formula on a protected sheet stays
as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

uno: Any = import_module("uno")
unohelper: Any = import_module("unohelper")

IMPLEMENTATION: Final = "org.salesxl.ExcelFiles"
_NAMES: Final = sorted(
    json.loads((Path(__file__).parent / "functions.json").read_text(encoding="utf-8"))
)
# Not after a dot: ORG.SALESXL.FUNCTIONS.SPLIT_TARGET( is known already. The prefix is what some
# programs write before a name that is not Excel's own.
_OURS: Final = re.compile(rf"(?<![\w.])(?:_xludf\.)?({'|'.join(_NAMES)})\(", re.IGNORECASE)
_FORMULAS: Final = 16  # com.sun.star.sheet.CellFlags.FORMULA
_QUOTED: Final = re.compile(r'"[^"]*"')


class _Job:
    """XJob: `execute` gets the event with the document."""

    def __init__(self, context: Any) -> None:
        pass

    def execute(self, arguments: tuple[Any, ...]) -> None:
        """Enter our formulas again in the document that was loaded."""
        given = {value.Name: value.Value for value in arguments}
        event = {value.Name: value.Value for value in given.get("Environment", ())}
        document = event.get("Model")
        if document is not None and _from_excel(document):
            enter_again(document)


def _from_excel(document: Any) -> bool:
    if not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        return False
    names = {item.Name: item.Value for item in document.getArgs()}
    return "Excel" in str(names.get("FilterName", ""))


def enter_again(document: Any) -> int:
    """How many formulas were entered again; the document stays unmodified if it was."""
    modified, count = document.isModified(), 0
    document.lockControllers()
    try:
        sheets = document.getSheets()
        for index in range(sheets.getCount()):
            sheet = sheets.getByIndex(index)
            done: set[tuple[int, int]] = set()
            for row, column, formula in list(_formulas(sheet)):
                if (row, column) in done:
                    continue
                if formula.startswith("{"):
                    done |= _enter_array(sheet, row, column, formula[1:-1])
                else:
                    sheet.getCellByPosition(column, row).setFormula(formula)
                count += 1
    finally:
        document.unlockControllers()
    if count and not modified:
        document.setModified(False)
    return count


def _formulas(sheet: Any) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each formula that names a function of ours."""
    for at in sheet.queryContentCells(_FORMULAS).getRangeAddresses():
        block = sheet.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow)
        for row, cells in enumerate(block.getFormulaArray(), at.StartRow):
            for column, formula in enumerate(cells, at.StartColumn):
                if _OURS.search(_QUOTED.sub("", formula)):
                    yield row, column, _OURS.sub(r"\1(", formula)


def _enter_array(sheet: Any, row: int, column: int, formula: str) -> set[tuple[int, int]]:
    """Enter the array formula around a cell again; its cells."""
    cursor = sheet.createCursorByRange(sheet.getCellByPosition(column, row))
    cursor.collapseToCurrentArray()
    cursor.setArrayFormula(formula)
    at = cursor.getRangeAddress()
    return {
        (r, c)
        for r in range(at.StartRow, at.EndRow + 1)
        for c in range(at.StartColumn, at.EndColumn + 1)
    }


ExcelFiles = type("ExcelFiles", (unohelper.Base, _Job, uno.getClass("com.sun.star.task.XJob")), {})
g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 – LibreOffice's name
g_ImplementationHelper.addImplementation(ExcelFiles, IMPLEMENTATION, (IMPLEMENTATION,))
