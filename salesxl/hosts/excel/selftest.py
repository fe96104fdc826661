"""The self-test in Excel: every worked example through real cells, expected beside got.

A scratch workbook is opened, each rule's examples are written as cells with the formula
beside them, Excel calculates, and what it shows is compared. The user's workbooks are not
touched; the scratch workbook is closed without saving. The report is a small text file
without names or paths, made to be sent to whoever keeps salesxl.
"""

from __future__ import annotations

import datetime as dt
import platform
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from salesxl import __version__
from salesxl.catalog.examples import Example, examples
from salesxl.errors import fail
from salesxl.hosts.excel.machine import Machine, ThisMachine
from salesxl.hosts.excel.places import ADDIN, start_folder
from salesxl.hosts.excel.selftest_cells import Placed, letters, place
from salesxl.ooxml.atomic import write_atomic
from salesxl.texts import Lang, text

REPORT: Final = "salesxl-selftest.txt"
_PROBE: Final = ("TARGET_GAP(3,1)", 2.0)


@dataclass(frozen=True)
class Shown:
    """One example in Excel: `formula` as written, `got` the cells it showed."""

    example: Example
    formula: str
    expected: tuple[object, ...]  # for a refusal: the texts, one of which must show
    got: tuple[object, ...]
    passed: bool


@dataclass(frozen=True)
class Report:
    """What Excel showed. `left_out` examples no sheet can hold; `facts` name the versions."""

    facts: tuple[tuple[str, str], ...]
    shown: tuple[Shown, ...]
    left_out: int

    @property
    def failed(self) -> tuple[Shown, ...]:
        return tuple(shown for shown in self.shown if not shown.passed)

    def verdict(self, lang: Lang) -> str:
        """One line."""
        entry = "selftest.failed" if self.failed else "selftest.passed"
        return text(entry, lang, count=len(self.shown), failed=len(self.failed))

    def lines(self, lang: Lang) -> list[str]:
        """The whole report: versions, a line a rule, every difference."""
        said = [text("selftest.title", lang), ""]
        said += [f"{name}: {value}" for name, value in self.facts]
        said += ["", self.verdict(lang), text("selftest.left_out", lang, count=self.left_out), ""]
        tried = Counter(shown.example.rule for shown in self.shown)
        wrong = Counter(shown.example.rule for shown in self.failed)
        for name, count in tried.items():
            mark = "✕" if wrong[name] else "✓"
            said.append(f"{mark} {name}  {count - wrong[name]}/{count}")
        for shown in self.failed:
            said += ["", f"✕ {shown.example.rule}: {shown.example.title(lang)}"]
            said.append(f"    {shown.formula}")
            said.append(text("selftest.expected", lang, cells=_cells(shown.expected)))
            said.append(text("selftest.got", lang, cells=_cells(shown.got)))
        return [*said, ""]


def run(book: Any) -> Report:
    """Test the functions as they work in the Excel that holds `book` (an ``xlwings.Book``).

    Raises `SalesxlError` where Excel does not know the functions at all.
    """
    app = book.app
    scratch = app.books.add()
    try:
        sheet = scratch.sheets[0]
        prefix = _prefix(sheet, book.name)
        placed = [(example, place(example)) for example in examples()]
        fit = [one for _, one in placed if one is not None]
        shown: list[Shown] = []
        for done, (name, group) in enumerate(groupby(fit, lambda one: one.example.rule)):
            app.status_bar = f"SalesXL: {name} ({done + 1})"
            shown += _show(sheet, list(group), prefix)
        return Report(_facts(app), tuple(shown), len(placed) - len(fit))
    finally:
        with suppress(Exception):
            app.status_bar = False
        scratch.close()


def run_in_new_excel(machine: Machine | None = None) -> Report:
    """Start Excel with the installed add-in, test, and end it again.

    Raises `SalesxlError` where there is no Excel or no add-in.
    """
    machine = machine or ThisMachine()
    folder = start_folder(machine)
    if folder is None:
        raise fail("selftest.no_excel")
    if machine.system == "macos":
        raise fail("selftest.no_functions")
    addin = folder / ADDIN
    if not addin.is_file():
        raise fail("selftest.no_addin", str(addin))
    import xlwings as xw

    with xw.App(visible=False, add_book=False) as app:
        # An Excel started by a program opens nothing from its start folder.
        app.books.open(str(addin))
        return run(app.books.add())


def write_report(report: Report, path: Path, lang: Lang) -> None:
    """The report as a text file, UTF-8."""
    write_atomic(path, "\n".join(report.lines(lang)).encode("utf-8"))


def _prefix(sheet: Any, book_name: str) -> str:
    """How this Excel calls the functions: plainly (the add-in), or through the workbook."""
    call, value = _PROBE
    quoted = book_name.replace("'", "''")
    for prefix in ("", f"'{quoted}'!"):
        with suppress(Exception):  # Excel refuses a formula that names no open workbook
            cell = sheet.range("A1")
            cell.formula = f"={prefix}{call}"
            if cell.value == value:
                return prefix
    raise fail("selftest.not_loaded")


def _show(sheet: Any, group: list[Placed], prefix: str) -> Iterator[Shown]:
    """One rule's examples: written at once, calculated, read at once."""
    sheet.clear()
    column = max(one.width for one in group) + 2
    width = max(one.shape[1] for one in group)
    starts: list[int] = []
    matrix: list[list[object]] = []
    for one in group:
        starts.append(len(matrix) + 1)
        for row in one.matrix():
            cells = [_typed(cell) for cell in row]
            matrix.append(cells + [None] * (column - 2 - len(cells)))
        matrix.append([None] * (column - 2))
    sheet.range(f"A1:{letters(column - 2)}{len(matrix)}").value = matrix
    for start, one in zip(starts, group, strict=True):
        rows, columns = one.shape
        formula = f"={prefix}{one.formula(start)[1:]}"
        first = f"{letters(column)}{start}"
        if one.shape == (1, 1):
            sheet.range(first).formula = formula
        else:
            # A fixed array: nothing spills over the next example, in any Excel.
            last = f"{letters(column + columns - 1)}{start + rows - 1}"
            sheet.range(f"{first}:{last}").formula_array = formula
    area = f"{letters(column)}1:{letters(column + width - 1)}{len(matrix)}"
    found = sheet.range(area).options(ndim=2, err_to_str=True).value
    for start, one in zip(starts, group, strict=True):
        rows, columns = one.shape
        got = tuple(cell for row in found[start - 1 : start - 1 + rows] for cell in row[:columns])
        yield Shown(one.example, one.formula(start), one.said or one.expected, got, one.agrees(got))


def _typed(cell: object) -> object:
    """A text stays one: Excel would read ``1-2`` as a day. The mark does not show."""
    return f"'{cell}" if isinstance(cell, str) else cell


def _facts(app: Any) -> tuple[tuple[str, str], ...]:
    import xlwings

    said = [("salesxl", __version__), ("xlwings", xlwings.__version__)]
    said.append(("Python", platform.python_version()))
    with suppress(Exception):
        said.append(("Excel", str(app.version)))
    said.append(("System", f"{platform.system()} {platform.release()}"))
    said.append(("UTC", dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M")))
    return tuple(said)


def _cells(cells: tuple[object, ...]) -> str:
    shown = [format(cell, ".17g") if isinstance(cell, float) else str(cell) for cell in cells]
    return " | ".join(shown)
