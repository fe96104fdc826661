"""The workbook as a file: with macros and our functions, or with neither.

XlsxWriter writes the cells, the VBA project and the code names that tie its document modules
to the sheets; the ribbon is added to the package. The file does not ask Excel to calculate
when it is opened: every value in it is right, and stays to be seen where Python is missing
or macros are off.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from salesxl.errors import fail
from salesxl.hosts.excel.addin import mark, pack
from salesxl.hosts.excel.machine import Machine, ThisMachine
from salesxl.hosts.excel.new_book.content import LANGUAGE, SHEET_NAME
from salesxl.hosts.excel.project_build import Recipe, Template, find_template, make_project
from salesxl.hosts.excel.ribbon import ribbon_xml
from salesxl.hosts.excel.texts_sheet import SHEET, rows
from salesxl.ooxml import values
from salesxl.ooxml.write import _Writer, book_bytes
from salesxl.sheets.content import Book, Formula, Function, Sheet, a1

GUID: Final = "{A41E7D52-0B6F-4C93-9E18-75D2C3A6F081}"
TEMPLATE: Final = "quickstart_standalone.xlsm"
_TEMPLATE_MODULE: Final = "Module1"
_RIBBON: Final = "customUI/customUI14.xml"
_RIBBON_TYPE: Final = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_CALCULATED: Final = 191029  # by the engine of Excel 2019 and later: nothing to do on opening


def workbook_bytes(book: Book) -> bytes:
    """The .xlsx: native formulas."""
    return book_bytes(book, _PlanWriter)


def macro_workbook_bytes(book: Book, machine: Machine | None = None) -> bytes:
    """The .xlsm: our functions, their VBA and the ribbon. SalesxlError says what is missing."""
    template = find_template(machine or ThisMachine(), TEMPLATE)
    book.sheets.append(_texts())
    try:
        codes = [f"Sheet{number}" for number in range(1, len(book.sheets) + 1)]
        project = make_project(template, Recipe(GUID, False, _TEMPLATE_MODULE, codes))

        def writer(book: Book, workbook: Any, titles: Mapping[str, str]) -> _Writer:
            return _MacroWriter(book, workbook, titles, project, template)

        return _with_ribbon(book_bytes(book, writer))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        place, version = str(template.path), template.version
        raise fail("excel.template_changed", place, version=version, cause=error) from error
    finally:
        book.sheets.pop()


def _texts() -> Sheet:
    """What ribbon and function wizard say, where the VBA looks it up."""
    sheet = Sheet(SHEET, SHEET, protect=False, hidden=True)
    for number, row in enumerate(rows()):
        sheet.put_row(number, 0, row)
    return sheet


def _with_ribbon(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[_RIBBON] = ribbon_xml().encode()
    relations = parts["_rels/.rels"].decode()
    used = {int(number) for number in re.findall(r'Id="rId(\d+)"', relations)}
    added = (
        f'<Relationship Id="rId{max(used, default=0) + 1}" Type="{_RIBBON_TYPE}"'
        f' Target="{_RIBBON}"/></Relationships>'
    )
    parts["_rels/.rels"] = relations.replace("</Relationships>", added).encode()
    return pack(parts)


class _PlanWriter(_Writer):
    """Names the language, and hides the names that only programs look for."""

    def write(self) -> None:
        self.workbook.set_custom_property(LANGUAGE, self.book.lang)
        super().write()
        for entry in self.workbook.defined_names:
            entry[3] = entry[3] or entry[0] == LANGUAGE or entry[0].startswith(SHEET_NAME)


class _MacroWriter(_PlanWriter):
    """Writes the VBA project too, and the functions in place of what the cells hold."""

    def __init__(
        self, book: Book, workbook: Any, titles: Mapping[str, str], project: bytes,
        template: Template,
    ) -> None:  # fmt: skip
        super().__init__(book, workbook, titles)
        self.project, self.template = project, template

    def write(self) -> None:
        workbook = self.workbook
        workbook.add_vba_project(io.BytesIO(self.project), True)
        workbook.set_calc_mode("auto", _CALCULATED)
        workbook.calc_on_load = False
        super().write()
        workbook.doc_properties["keywords"] = mark(self.template.version)
        workbook.get_worksheet_by_name(SHEET).very_hidden()

    def sheet(self, sheet: Sheet, worksheet: Any) -> None:
        super().sheet(sheet, worksheet)
        held = {(cell.row, cell.col): cell for cell in sheet.cells}
        for function in sheet.functions:
            row, col, last_row, last_col = function.area
            for r in range(row, last_row + 1):
                for c in range(col, last_col + 1):
                    cell = held[r, c]
                    value = cell.value.value if isinstance(cell.value, Formula) else cell.value
                    look = self.format(cell.look)
                    if (r, c) == (row, col):
                        self.function(sheet, worksheet, function, value, look)
                    else:
                        self.put(sheet, worksheet, r, c, value, look)

    def function(
        self, sheet: Sheet, worksheet: Any, function: Function, value: Any, look: Any
    ) -> None:
        """The call, in the first cell of its area, with the value there."""
        row, col = function.area[:2]
        where = f"{sheet.title}!{a1(row, col)}"
        text, shown = self.formula(function.text), values.result(value, where)
        if len(text) > values.MAX_FORMULA:
            raise ValueError(f"{where}: no formula Excel takes: {text[:80]}")
        if function.array:
            worksheet.write_array_formula(*function.area, text, look, shown)
        else:
            worksheet.write_formula(row, col, text, look, shown)


__all__ = ["macro_workbook_bytes", "workbook_bytes"]
