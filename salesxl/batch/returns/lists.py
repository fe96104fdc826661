"""The lists of one workbook: tables of rows under an identifying column.

>>> lists = read_lists(path)
>>> lists["customers"].rows["C017"].cells["Grade"]
'A'

In the file that was sent a list is an Excel table. In the one that came back it is that
table, or, where a program has dropped the table, the rows below its headers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from salesxl.opc.cells import CellValue, ErrorValue, Grid, Reader, reference, split_reference
from salesxl.opc.package import Package, SheetPart, TablePart
from salesxl.plan.model import TABLE
from salesxl.plan.values import normal

# Lists that show a plan's table under another name.
PLAN_TABLE: Final = {"channels_online": "channels", "channels_offline": "channels"}
READ_ONLY: Final = frozenset({"ledger", "credited_lines", "roster"})  # nothing in them is asked
_LAST_DIGIT: Final = 14  # places after the first that a cell's number keeps
_LIKENESS: Final = 0.6  # part of the headers a row must hold to be a lost table's header row


@dataclass(frozen=True)
class Line:
    """One row: header → value, and where it stands."""

    key: str  # as shown; "" for a row without one
    cells: Mapping[str, CellValue]
    sheet: str
    number: int  # row, from 0
    columns: Mapping[str, int] = field(default_factory=dict)

    def at(self, title: str) -> str:
        """``Customers!D14``"""
        return f"{self.sheet}!{reference(self.number, self.columns[title])}"


@dataclass(frozen=True)
class Listing:
    """One list. `twice` are keys on more than one row: the first is in `rows`.

    Where the identifying column does not tell the rows of the file sent apart (a plan of
    visits has many a day), the columns after it join in.
    """

    name: str
    key_titles: tuple[str, ...]
    titles: tuple[str, ...]
    calculated: frozenset[str]
    rows: Mapping[str, Line]  # by normalised key
    height: int  # rows below the header, blank ones too
    unnamed: tuple[Line, ...] = ()
    twice: tuple[Line, ...] = ()


def sent_lists(package: Package) -> dict[str, Listing]:
    """The lists of a workbook as it was made, by table name."""
    reader = Reader(package)
    grids: dict[str, Grid] = {}
    found = {}
    for part in package.tables:
        name = part.name.casefold()
        if name in READ_ONLY or not part.header_row:
            continue
        if part.sheet not in grids:
            grids[part.sheet] = reader.grid(_sheet(package, part.sheet))
        found[name] = _listing(name, part, grids[part.sheet], None)
    return found


def returned_lists(package: Package, sent: Mapping[str, Listing]) -> dict[str, Listing]:
    """The same lists in the file that came back; a list that is gone is left out."""
    reader = Reader(package)
    grids = {sheet.name: reader.grid(sheet) for sheet in package.sheets}
    parts = {part.name.casefold(): part for part in package.tables}
    found: dict[str, Listing] = {}
    for name, original in sent.items():
        part = parts.get(name)
        if part is None or not _has(part, original.key_titles[0]):
            part = _by_headers(original, grids.values(), _taken(package.tables))
        if part is not None:
            found[name] = _listing(name, part, grids[part.sheet], original)
    return found


def plan_table(name: str) -> str:
    """The plan's table a list shows; "" if it shows none."""
    wanted = PLAN_TABLE.get(name, name)
    return wanted if wanted in TABLE else ""


def same(one: CellValue | None, other: CellValue | None) -> bool:
    """Whether two cells say the same: spaces at the ends and line ends do not count, nor does
    one unit in the fifteenth digit of a fraction, which programs round as they like."""
    first, second = _plain(one), _plain(other)
    if isinstance(first, Decimal) and isinstance(second, Decimal) and _broken(first, second):
        unit = Decimal(1).scaleb(first.adjusted() - _LAST_DIGIT)
        return abs(first - second) <= unit
    return first == second


def _broken(*numbers: Decimal) -> bool:
    """Whether all are fractions, none a whole number."""
    return all(number != number.to_integral_value() for number in numbers)


def _plain(value: CellValue | None) -> object:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value
    if isinstance(value, ErrorValue):
        return None if value.code == "" else value.code
    if isinstance(value, bool):
        return str(value)
    return value.normalize() if isinstance(value, Decimal) else value


def shown(value: CellValue | None) -> str:
    """A cell as a person reads it."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, Decimal):
        return f"{plain:f}"
    return plain.isoformat() if isinstance(plain, date) else str(plain)


def _listing(name: str, part: TablePart, grid: Grid, original: Listing | None) -> Listing:
    top, left, bottom, right = _corners(part.ref)
    columns: dict[str, int] = {}
    for offset, col in enumerate(range(left, right + 1)):
        written = grid.value(top, col)
        stated = part.columns[offset] if offset < len(part.columns) else ""
        title = (written if isinstance(written, str) else stated).strip()
        columns.setdefault(title, col)
    if original is not None:  # a header typed in other letters is still the header
        known = {normal(title): title for title in original.titles}
        columns = {known.get(normal(title), title): col for title, col in columns.items()}
    keys = original.key_titles if original else (_key_title(name, tuple(columns)),)
    last = bottom - part.totals_row
    if not part.totals_row:
        last = _typed_below(grid, last, columns.values())
    calculated = original.calculated if original else frozenset(part.calculated)
    lines: list[dict[str, CellValue]] = []
    numbers: list[int] = []
    for number in range(top + 1, last + 1):
        line = grid.rows.get(number, {})
        cells = {t: line[c] for t, c in columns.items() if t and _plain(line.get(c)) is not None}
        if any(title not in calculated for title in cells):
            lines.append(cells)
            numbers.append(number)
    if original is None:
        titles = [title for title in columns if title and title not in calculated]
        keys = _telling(lines, (*keys, *_also(name, titles)), titles)
    rows: dict[str, Line] = {}
    unnamed: list[Line] = []
    twice: list[Line] = []
    for cells, number in zip(lines, numbers, strict=True):
        said = " · ".join(shown(cells.get(key)) for key in keys).strip(" ·")
        made = Line(said, cells, part.sheet, number, columns)
        if not shown(cells.get(keys[0])):
            unnamed.append(made)
        elif _key(said) in rows:
            twice.append(made)
        else:
            rows[_key(said)] = made
    return Listing(
        name,
        keys,
        tuple(title for title in columns if title),
        calculated,
        rows,
        bottom - top,
        tuple(unnamed),
        tuple(twice),
    )


def _telling(
    lines: Sequence[Mapping[str, CellValue]], first: Sequence[str], titles: Sequence[str]
) -> tuple[str, ...]:
    """`first` and as many of the columns after it as tell all rows apart, if any do."""
    keys = list(first)
    start = titles.index(keys[0]) + 1 if keys[0] in titles else 0
    named = [line for line in lines if line.get(keys[0]) is not None]
    for title in (*(title for title in titles[start:] if title not in first), ""):
        told = {tuple(shown(line.get(key)) for key in keys) for line in named}
        if len(told) == len(named):
            return tuple(keys)
        keys.append(title)
    return tuple(first)


def _also(name: str, titles: Sequence[str]) -> list[str]:
    """A visit is known by its day and customer: two on one day are two visits."""
    if name != "visits":
        return []
    identifier = TABLE["customers"].identifier
    known = () if identifier is None else (normal(identifier.zh), normal(identifier.en))
    return [title for title in titles if normal(title) in known]


def _key(said: str) -> str:
    return normal(said)


def _key_title(name: str, titles: Sequence[str]) -> str:
    """The column that names a row: the plan's identifier, else its first needed column."""
    table = TABLE.get(plan_table(name))
    if table is not None:
        columns = list(table.columns)
        columns.sort(key=lambda c: (c.kind != "id", c.key != "name", not c.required))
        for column in columns:
            for title in titles:
                if normal(title) in (normal(column.zh), normal(column.en)):
                    return title
    return titles[0]


def _corners(ref: str) -> tuple[int, int, int, int]:
    start, _, end = ref.partition(":")
    first = split_reference(start) or (0, 0)
    return (*first, *(split_reference(end or start) or first))


def _typed_below(grid: Grid, last: int, columns: Iterable[int]) -> int:
    """Rows typed directly beneath a table that did not grow."""
    wanted = tuple(columns)
    while any(_plain(grid.value(last + 1, col)) is not None for col in wanted):
        last += 1
    return last


def _has(part: TablePart, title: str) -> bool:
    return any(normal(column) == normal(title) for column in part.columns)


def _taken(tables: Iterable[TablePart]) -> set[tuple[str, int]]:
    return {
        (part.sheet, row)
        for part in tables
        for row in range(_corners(part.ref)[0], _corners(part.ref)[2] + 1)
    }


def _by_headers(
    original: Listing, grids: Iterable[Grid], taken: set[tuple[str, int]]
) -> TablePart | None:
    """The range below the row most like the list's headers, as if it were a table still."""
    wanted = {normal(title) for title in original.titles}
    best: tuple[float, TablePart] | None = None
    for grid in grids:
        for row, line in grid.rows.items():
            heads = {c: v for c, v in line.items() if isinstance(v, str) and normal(v) in wanted}
            likeness = len({normal(v) for v in heads.values()}) / len(wanted)
            key_there = any(normal(v) == normal(original.key_titles[0]) for v in heads.values())
            if (grid.sheet, row) in taken or likeness < _LIKENESS or not key_there:
                continue
            if best is None or likeness > best[0]:
                left, right = min(heads), max(heads)
                last = _typed_below(grid, row + original.height, range(left, right + 1))
                ref = f"{reference(row, left)}:{reference(last, right)}"
                titles = tuple(str(line.get(col, "")) for col in range(left, right + 1))
                part = TablePart(original.name, grid.sheet, ref, titles, True, False)
                best = likeness, part
    return best[1] if best else None


def _sheet(package: Package, name: str) -> SheetPart:
    return next(sheet for sheet in package.sheets if sheet.name == name)
