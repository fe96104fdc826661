"""What is wrong with an .xlsx or .xlsm: what Excel repairs, refuses or shows otherwise.

>>> for finding in lint(Path("book.xlsx")):
...     print(finding.severity, finding.place(), finding.cause("en"), finding.remedy("en"))

Looks for what schema validators do not see (headers that differ from their table's
columns, names of missing sheets, cells out of order, …) and for every limit of the format.
The cells are streamed: memory does not grow with the sheet. A hostile file costs bounded
time: no DTD is read, and a part is left once it has a thousand findings.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from salesxl.ooxml.lint.areas import Occupancy
from salesxl.ooxml.lint.cells import Cells
from salesxl.ooxml.lint.drawings import check_drawings
from salesxl.ooxml.lint.finding import Finding, Findings, TooManyFindingsError
from salesxl.ooxml.lint.model import Context, Sheet
from salesxl.ooxml.lint.parts import check_ids, check_parts, check_rest
from salesxl.ooxml.lint.sheet import SheetCheck
from salesxl.ooxml.lint.stream import Tree, child, children, whole
from salesxl.ooxml.lint.tables import (
    check_headers,
    check_table_parts,
    check_tables,
    header_cells,
    of_sheet,
    read_tables,
)
from salesxl.ooxml.lint.workbook import (
    check_calc_chain,
    check_strings,
    check_styles,
    check_workbook,
)
from salesxl.opc.package import Package, open_package

__all__ = ["Finding", "lint", "lint_package"]


def lint(path: Path) -> tuple[Finding, ...]:
    """Everything found in the file at `path`; empty when it is clean.

    Raises `SalesxlError` for what is no readable workbook at all: not a zip, encrypted,
    unsafe, without a workbook part.
    """
    with open_package(path) as package:
        return lint_package(package)


def lint_package(package: Package) -> tuple[Finding, ...]:
    """As `lint`, for a package that is open."""
    context = Context(package, Findings())
    for check in (check_parts, check_workbook, read_tables, check_styles, check_strings):
        _guarded(context, check)
    formulas = _Sheets(context).run()
    for check in (check_tables, check_drawings):
        _guarded(context, check)
    _guarded(context, lambda one: check_calc_chain(one, formulas))
    _guarded(context, check_rest)
    return context.findings.all()


def _guarded(context: Context, check: Callable[[Context], object]) -> None:
    """Run one check; a part that is wrong beyond counting ends it, not the others."""
    with suppress(TooManyFindingsError):
        check(context)


class _Sheets:
    """All worksheets one after the other; what must wait until the end is kept small."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.formulas: dict[str, Occupancy] = {}
        self.headers: list[tuple[Sheet, Cells]] = []
        self.selected = 0  # tabs selected at the same time

    def run(self) -> dict[str, Occupancy]:
        """Check every worksheet; where each has formulas, by sheet id."""
        for number, sheet in enumerate(self.context.sheets):
            if sheet.kind == "worksheet":
                with suppress(TooManyFindingsError):
                    self._sheet(number, sheet)
            else:
                tree = self.context.read(sheet.part)
                if tree is not None:
                    check_ids(self.context, sheet.part, tree.relation_ids, sheet.name)
        self._group()
        wanted = {
            whole(value)
            for _, cells in self.headers
            for kind, value in cells.headers.values()
            if kind == "s"
        }
        read = wanted and self.context.strings.count
        texts = check_strings(self.context, frozenset(wanted)) if read else {}
        for sheet, cells in self.headers:
            with suppress(TooManyFindingsError):
                check_headers(self.context, sheet, cells.headers, texts)
        return self.formulas

    def _sheet(self, number: int, sheet: Sheet) -> None:
        context = self.context
        wanted = header_cells(context, sheet)
        cells = Cells(context, sheet, wanted)
        tree = context.read(sheet.part, cells)
        self.formulas[sheet.id] = cells.formulas
        if cells.uncomputed:
            context.findings.add(
                "formula_no_value", sheet.part, cells.first_uncomputed, tab=sheet.name,
                count=f"{cells.uncomputed:,}",
            )  # fmt: skip
        if tree is None:
            return
        if wanted:
            self.headers.append((sheet, cells))
        self.selected += _selected(tree)
        check_ids(context, sheet.part, tree.relation_ids, sheet.name)
        areas = [table.area for table in of_sheet(context, sheet) if table.area is not None]
        SheetCheck(context, sheet, number, tree.root).run(cells.filled, areas)
        check_table_parts(context, sheet, tree.root)

    def _group(self) -> None:
        if self.selected > 1:
            part = self.context.package.workbook_part
            self.context.findings.add("several_selected", part, "", count=self.selected)


def _selected(tree: Tree) -> bool:
    views = children(child(tree.root, "sheetViews"), "sheetView")
    return any(view.get("tabSelected") in ("1", "true") for view in views)
