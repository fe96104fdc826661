"""What a workbook holds, before anyone decides how it is written.

A sheet module turns results into a `Sheet`: cells with a style *name*, tables,
charts, rules. A `Book` is a list of sheets with their checks. Nothing here knows
about files or Excel; `salesxl.ooxml.write` makes a file of it, and the look is in
`salesxl.sheets.styles`.

Rows and columns count from 0. Money goes in as `Decimal` in major units, shares
as `Decimal` fractions. A formula always carries the value our rule computed:

>>> Formula("=SUM(C5:C8)", Decimal("1200.00"))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from salesxl.texts import Lang

Scalar = str | int | float | Decimal | bool | date | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A portable formula and its value; the two are never written apart."""

    text: str
    value: str | int | float | Decimal | bool | date


@dataclass(frozen=True, slots=True)
class Rich:
    """A hyperlink to a place in this workbook: `text` shown, `target` like ``'Sheet'!B2``."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Function:
    """A call of one of our functions that answers `area` with the values its cells carry.

    A workbook that brings the functions along (.xlsm) has it in place of what the cells hold;
    any other file knows nothing of it. `array`: entered as an array formula, as it must be
    where it answers several cells or calculates with ranges.
    """

    area: tuple[int, int, int, int]
    text: str
    array: bool = False


Value = Scalar | Formula | Rich


@dataclass(frozen=True, slots=True)
class Look:
    """A style name from `styles.STYLES`, a number format from `styles.FORMATS`, extras.

    Extras (see styles.EXTRAS): "left_divider", "banded", "bold", "muted", "center",
    "right", "left", "wrap", "indent2", "positive", "warning", "negative".
    """

    style: str = "cell"
    fmt: str = ""
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    row: int
    col: int
    value: Value
    look: Look
    name: str = ""  # stable name of what the cell means, e.g. "annual_target"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a filterable table. `formula` is the structured formula of the column
    (``[#This Row]`` form); the rows then still carry each value."""

    key: str
    title: str
    look: Look = Look()
    formula: str = ""


@dataclass(frozen=True)
class ListTable:
    """A real Excel table: header at (`row`, `col`), one sequence of scalars a row.

    `name` is unique in the book and ASCII. A table without rows is written with one
    blank row, as the format demands.
    """

    name: str
    row: int
    col: int
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Scalar]]
    autofilter: bool = True


@dataclass(frozen=True)
class Series:
    """Ranges are sheet-local ``(first_row, first_col, last_row, last_col)``."""

    name: str | tuple[int, int]
    categories: tuple[int, int, int, int]
    values: tuple[int, int, int, int]
    role: Literal["main", "comparison", "plan", "negative", "forecast", "second"] = "main"
    kind: Literal["", "line", "column", "bar"] = ""  # "" = the chart's own kind
    second_axis: bool = False


@dataclass(frozen=True)
class Chart:
    """A native chart placed over cells (`row`, `col`) to (`last_row`, `last_col`)."""

    kind: Literal["column", "bar", "line", "doughnut"]
    row: int
    col: int
    last_row: int
    last_col: int
    title: str | tuple[int, int]  # text, or the cell of this sheet that holds the finding
    series: Sequence[Series]
    alt_text: str
    unit: str = ""
    value_format: str = "#,##0"
    labels: bool = False


@dataclass(frozen=True)
class Condition:
    """A conditional format over a range.

    kind "bar": data bar from 0 to `maximum`; "formula": `formula` is true (relative to the
    range's first cell) → `style` ("check_ok", "check_warn", "check_bad", "negative", "grade_a" …);
    "scale": 1–5 scores; "icons": three circled symbols with bounds `low`, `high`.
    """

    kind: Literal["bar", "formula", "scale", "icons"]
    area: tuple[int, int, int, int]
    style: str = ""
    formula: str = ""
    maximum: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Validation:
    """What may be typed into a range, with its prompt and error text."""

    area: tuple[int, int, int, int]
    kind: Literal["list", "decimal", "whole", "date", "text_length", "custom"]
    items: tuple[str, ...] = ()  # for "list": the choices (≤ 255 characters together) …
    source: str = ""  # … or a range / name: "=people_names"
    minimum: float | date | None = None
    maximum: float | date | None = None
    formula: str = ""
    prompt_title: str = ""
    prompt: str = ""
    error: str = ""
    ignore_blank: bool = True


@dataclass(frozen=True)
class Sparkline:
    row: int
    col: int
    values: tuple[int, int, int, int]
    kind: Literal["column", "line"] = "column"


@dataclass(frozen=True)
class Check:
    """Two independent paths to one figure: the cell holding their difference (0 = agree)."""

    title: str
    sheet: str
    row: int
    col: int
    difference: Decimal
    money: bool = True


@dataclass
class Sheet:
    """One sheet under construction; see the module docstring for units."""

    key: str  # stable: "front", "targets", … never translated
    title: str  # the tab's name
    purpose: str = ""  # one line for the front page's contents
    kind: Literal["read", "edit", "list"] = "read"  # tab colour
    last_col: int = 12  # last column of the printed block
    fit_height: int = 0  # 1 = a page, 0 = a list of many pages
    landscape: bool = True
    freeze: tuple[int, int] | None = None
    repeat_rows: tuple[int, int] | None = None
    print_last_row: int | None = None
    protect: bool = True  # formula cells locked without a password, inputs open
    hidden: bool = False
    outline_left: bool = True  # outline summary left of and above its details
    beside: frozenset[int] = frozenset()  # columns of a second block that shares rows
    beside_rows: tuple[int, int] = (0, 0)  # the rows they share: first, and the first after
    cells: list[Cell] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)  # column → outline level
    heights: dict[int, float] = field(default_factory=dict)
    tables: list[ListTable] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    sparklines: list[Sparkline] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    marks: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)  # areas, by name

    def call(self, text: str, row: int, col: int, last_row: int = -1, last_col: int = -1) -> None:
        """The call whose answer these cells carry; one cell unless the last is named."""
        area = (row, col, max(row, last_row), max(col, last_col))
        self.functions.append(Function(area, text, area[:2] != area[2:]))

    def put(
        self,
        row: int,
        col: int,
        value: Value,
        style: str = "cell",
        fmt: str = "",
        *extras: str,
        name: str = "",
    ) -> None:
        """Place one value."""
        self.cells.append(Cell(row, col, value, Look(style, fmt, extras), name))

    def put_row(
        self, row: int, col: int, values: Iterable[Value], style: str = "cell", fmt: str = "",
        *extras: str,
    ) -> None:  # fmt: skip
        for offset, value in enumerate(values):
            self.put(row, col + offset, value, style, fmt, *extras)

    def merge(
        self, row: int, col: int, last_row: int, last_col: int, value: Value, style: str = "cell",
        fmt: str = "", *extras: str, name: str = "",
    ) -> None:  # fmt: skip
        """One value over several cells (never inside data)."""
        self.put(row, col, value, style, fmt, *extras, name=name)
        if (row, col) != (last_row, last_col):
            self.merges.append((row, col, last_row, last_col))

    def width(self, col: int, width: float, *more: int) -> None:
        for index in (col, *more):
            self.widths[index] = width

    def height(self, row: int, height: float) -> None:
        self.heights[row] = height

    def ref(self, row: int, col: int, absolute: bool = True) -> str:
        """``'Sheet name'!$C$5``, to use in another sheet's formula."""
        return f"{quoted(self.title)}!{a1(row, col, absolute, absolute)}"


@dataclass
class Book:
    """A whole workbook: sheets in tab order, its checks, its names."""

    lang: Lang
    title: str
    company: str
    footer_left: str = ""
    footer_right: str = ""
    currency: str = ""  # ISO 4217, for the formats "due" and "pay"
    decimals: int = 2  # digits of its minor unit
    stamp: str = ""  # fingerprint of the inputs, shown on the front page
    sheets: list[Sheet] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # defined name → "='Sheet'!$A$1"
    notices: list[str] = field(default_factory=list)  # lines the front page must tell

    def check(
        self, sheet: Sheet, row: int, col: int, title: str, difference: Decimal, money: bool = True
    ) -> None:
        self.checks.append(Check(title, sheet.title, row, col, difference, money))


def column_letters(col: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, col: int, row_absolute: bool = False, col_absolute: bool = False) -> str:
    """(4, 2) → C5; with the flags ``$C$5``."""
    return f"{'$' * col_absolute}{column_letters(col)}{'$' * row_absolute}{row + 1}"


def span(row: int, col: int, last_row: int, last_col: int, absolute: bool = False) -> str:
    """``C5:C8`` or, absolute, ``$C$5:$C$8``."""
    return f"{a1(row, col, absolute, absolute)}:{a1(last_row, last_col, absolute, absolute)}"


def quoted(sheet_title: str) -> str:
    """A sheet name as formulas need it."""
    return "'" + sheet_title.replace("'", "''") + "'"
