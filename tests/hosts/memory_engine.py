"""An Excel in memory for xlwings: its BSD base classes over an openpyxl workbook.

>>> book = open_book(Path("plan.xlsx"))
>>> book.set_mock_caller()

What Excel does that macros must reckon with is done here too: text that looks like a number
becomes one, a leading apostrophe makes it stay text, a protected sheet refuses to be
written, inserted rows take references, names, tables and merged cells along. Formulas are not
calculated: a cell written with one has no value until a file of it is recalculated.

`Excel.fail_at` makes the n-th change fail, once, as a lost connection would.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.utils import range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from xlwings import base_classes as base

from tests.hosts.memory_range import LAST_COL, LAST_ROW, Range

Shown = dict[tuple[str, int, int], Any]  # sheet, row and column from 1 → value


class ExcelError(Exception):
    """What COM would raise."""


def open_book(path: Path, shown: Shown | None = None) -> xw.Book:
    """The workbook as xlwings would hand it to a macro; `shown`: what its formulas show."""
    return xw.Book(impl=Book(Excel(), path, shown))


class Engine:
    name, type = "memory", "desktop"

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(rows: Any, dates: Any, empty: Any, _number: Any, errors: bool) -> Any:
        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty
            if isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "A")):
                return value if errors else None
            if isinstance(value, datetime):
                return dates(
                    month=value.month, day=value.day, year=value.year, hour=value.hour,
                    minute=value.minute, second=value.second, microsecond=0, tzinfo=None,
                )  # fmt: skip
            return float(value) if isinstance(value, int) and value is not True else value

        return [[clean(value) for value in row] for row in rows]


class Excel(base.App):
    """The application: what macros switch, say and select."""

    api: Any = None

    version, hwnd, pid, path = "16.0", 1, 1, "memory"
    selection: Any = None
    screen_updating = display_alerts = enable_events = visible = True
    calculation = "automatic"

    def __init__(self) -> None:
        self.engine_ = Engine()
        self.alerts: list[tuple[str, str]] = []
        self.answers: list[str] = []  # what the user presses, "ok" once used up
        self.status: list[Any] = []  # every text of the status bar
        self.changes = 0
        self.fail_at: int | None = None
        self.typed: list[Any] = []  # what the user types into, or chooses in, a dialog
        self.books_: list[Book] = []
        self.api = self
        self.api = self

    @property
    def engine(self) -> Engine:
        return self.engine_

    @property
    def books(self) -> Any:
        return Books(self, self.books_)

    @property
    def status_bar(self) -> Any:
        return self.status[-1] if self.status else False

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        self.status.append(value)

    def alert(self, prompt: str, title: str, buttons: str, mode: Any, callback: Any) -> str:
        self.alerts.append((prompt, title))
        return self.answers.pop(0) if self.answers else "ok"

    def Goto(self, target: Any) -> None:  # noqa: N802
        target.sheet.activate()
        target.select()

    def InputBox(self, **_asked: Any) -> Any:  # noqa: N802 - Excel's own name
        return self.typed.pop(0) if self.typed else False

    def GetOpenFilename(self, *_asked: Any) -> Any:  # noqa: N802
        return self.typed.pop(0) if self.typed else False

    def calculate(self) -> None:
        pass

    def change(self, sheet: Any) -> None:
        """Every change passes here."""
        if sheet.protection.sheet:
            raise ExcelError(f"{sheet.title} is protected")
        self.changes += 1
        if self.fail_at == self.changes:
            self.fail_at = None
            raise ExcelError("the connection to Excel was lost")


class Listed(base.Collection):
    """A list as xlwings' collections: by name or by number from 1."""

    api: Any = None

    def __init__(self, items: list[Any]) -> None:
        self._items = items
        self.api = self

    def __call__(self, key: Any) -> Any:
        if isinstance(key, str):
            for item in self._items:
                if item.name.casefold() == key.casefold():
                    return item
            raise KeyError(key)
        return self._items[int(key) - 1]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Any:
        return iter(self._items)

    def __contains__(self, key: Any) -> bool:
        return any(item.name == key for item in self._items)


class Books(Listed):
    app: Any = None

    def __init__(self, app: Excel, items: list[Any]) -> None:
        super().__init__(items)
        self.app = app

    def open(self, path: str, *_options: Any) -> Any:
        return Book(self.app, Path(path))


class Book(base.Book):
    app: Any = None
    name = fullname = ""
    api: Any = None

    def __init__(self, app: Excel, path: Path, shown: Shown | None = None) -> None:
        self.app = app
        self.fullname, self.name = str(path), path.name
        self.api = self.wb = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
        self.cached = _shown(path) if shown is None else dict(shown)
        app.books_.append(self)

    @property
    def sheets(self) -> Any:
        return Sheets(self)

    @property
    def names(self) -> Any:
        return Names(self)

    def activate(self) -> None:
        pass

    def save(self, path: Any = None, password: Any = None) -> None:
        self.wb.save(path or self.fullname)

    def close(self) -> None:
        self.app.books_.remove(self)


def _shown(path: Path) -> Shown:
    """The values as saved, of formulas too."""
    return {
        (sheet.title, cell.row, cell.column): cell.value
        for sheet in openpyxl.load_workbook(path, data_only=True).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


class Sheets(Listed):
    def __init__(self, book: Book) -> None:
        super().__init__([Sheet(book, sheet) for sheet in book.wb.worksheets])
        self._book = book

    @property
    def active(self) -> Any:
        return Sheet(self._book, self._book.wb.active)

    def add(self, before: Any, after: Any, name: str | None) -> Any:
        place = None
        if before or after:
            place = self._book.wb.worksheets.index((before or after).ws) + (after is not None)
        return Sheet(self._book, self._book.wb.create_sheet(name, place))


class SheetApi:
    """What a macro asks of Excel's own sheet object."""

    def __init__(self, ws: Any) -> None:
        self._ws = ws

    @property
    def ProtectContents(self) -> bool:  # noqa: N802
        return bool(self._ws.protection.sheet)

    def Unprotect(self, password: str = "") -> None:  # noqa: N802
        if self._ws.protection.password:
            raise ExcelError("a password is needed")
        self._ws.protection.sheet = False

    def Protect(self, **options: Any) -> None:  # noqa: N802
        self._ws.protection.sheet = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("Allow", "Protect")):
            return True
        raise AttributeError(name)

    @property
    def Protection(self) -> Any:  # noqa: N802
        return self


class Sheet(base.Sheet):
    book: Any = None
    api: Any = None

    def __init__(self, book: Book, ws: Any) -> None:
        self.book, self.ws = book, ws
        self.api = SheetApi(ws)

    @property
    def name(self) -> str:
        return str(self.ws.title)

    @name.setter
    def name(self, value: str) -> None:
        self.ws.title = value

    @property
    def index(self) -> int:
        return self.book.wb.worksheets.index(self.ws) + 1

    @property
    def visible(self) -> bool:
        return bool(self.ws.sheet_state == "visible")

    @visible.setter
    def visible(self, value: bool) -> None:
        self.ws.sheet_state = "visible" if value else "hidden"

    @property
    def used_range(self) -> Any:
        return Range(self, 1, 1, max(self.ws.max_row, 1), max(self.ws.max_column, 1))

    @property
    def cells(self) -> Any:
        return Range(self, 1, 1, LAST_ROW, LAST_COL)

    @property
    def tables(self) -> Any:
        return Listed([Table(self, table) for table in self.ws.tables.values()])

    def activate(self) -> None:
        self.book.wb.active = self.ws

    select = activate

    def range(self, first: Any, second: Any = None) -> Any:
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first.replace("$", ""))
            return Range(self, top or 1, left or 1, bottom or LAST_ROW, right or LAST_COL)
        if isinstance(first, tuple) and len(first) == 4:  # first cell, then rows and columns
            top, left, height, width = first
            return Range(self, top, left, top + height - 1, left + width - 1)
        start = first if isinstance(first, tuple) else (first.row, first.column)
        if second is None:
            shape = (1, 1) if isinstance(first, tuple) else first.shape
            last = (start[0] + shape[0] - 1, start[1] + shape[1] - 1)
        elif isinstance(second, tuple):
            last = second
        else:
            rows, cols = second.shape
            last = (second.row + rows - 1, second.column + cols - 1)
        return Range(self, *start, *last)

    def delete(self) -> None:
        self.book.wb.remove(self.ws)


class Table(base.Table):
    parent: Any = None
    api: Any = None
    name = display_name = ""
    show_headers = show_totals = False

    def __init__(self, sheet: Sheet, table: Any) -> None:
        self.parent, self.table = sheet, table
        self.name = self.display_name = table.displayName
        self.api = self
        self.show_headers = bool(table.headerRowCount)
        self.show_totals = bool(table.totalsRowCount)

    @property
    def range(self) -> Any:
        return self.parent.range(self.table.ref)

    @property
    def header_row_range(self) -> Any:
        whole = self.range
        return Range(self.parent, whole.first_row, whole.first_col, whole.first_row, whole.last_col)

    @property
    def data_body_range(self) -> Any:
        whole = self.range
        last = whole.last_row - self.show_totals
        return Range(self.parent, whole.first_row + 1, whole.first_col, last, whole.last_col)

    def resize(self, area: Any) -> None:
        self.parent.book.app.change(self.parent.ws)
        ref = area.impl.get_address(False, False, False) if hasattr(area, "impl") else area
        self.table.ref = ref
        if self.table.autoFilter:
            self.table.autoFilter.ref = ref


class Names(base.Names):
    api: Any = None

    def __init__(self, book: Book) -> None:
        self._book = self.api = book

    @property
    def _all(self) -> Any:
        return self._book.wb.defined_names

    def __call__(self, key: Any) -> Any:
        return Name(self._book, self._all[key])

    def snapshot(self) -> list[tuple[str, Any]]:
        return [(name, Name(self._book, item)) for name, item in self._all.items()]

    def contains(self, key: Any) -> bool:
        return key in self._all

    def __len__(self) -> int:
        return len(self._all)

    def add(self, name: str, refers_to: str) -> Any:
        self._all[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return self(name)


class Name(base.Name):
    api: Any = None

    def __init__(self, book: Book, item: Any) -> None:
        self._book = book
        self._item = self.api = item

    @property
    def name(self) -> str:
        return str(self._item.name)

    @property
    def refers_to(self) -> str:
        return f"={self._item.attr_text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._item.attr_text = value.removeprefix("=")

    @property
    def refers_to_range(self) -> Any:
        title, _, area = self._item.attr_text.rpartition("!")
        title = title.strip("'").replace("''", "'")
        return Sheet(self._book, self._book.wb[title]).range(area)

    def delete(self) -> None:
        del self._book.wb.defined_names[self._item.name]
