"""One table of a ledger file, as read: headers, and each column as codes into its values.

A column holds its distinct values once and a code for every row (−1 = the row
is too short to have it), so that each value is read only once however long the
ledger is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.errors import Problem
from salesxl.ledger.columns import label_headers
from salesxl.ledger.money import Cell

HEADER_ROWS = 30  # a header is looked for in so many rows from the top

IsHeader = Callable[[Sequence[str]], bool]
Codes = npt.NDArray[np.int64]


class HeaderNotFoundError(Exception):
    """No row has the wanted headers; `headers` is the row that looks most like a header."""

    def __init__(self, headers: Sequence[str]) -> None:
        super().__init__("no header")
        self.headers = tuple(h for h in headers if h.strip())


@dataclass(frozen=True)
class RawColumn:
    codes: Codes
    values: list[Cell]

    def spread(
        self, flags: Sequence[bool] | npt.NDArray[np.bool_], missing: bool
    ) -> npt.NDArray[np.bool_]:
        """A flag a value → a flag a row."""
        table = np.append(np.asarray(flags, np.bool_), missing)
        return np.asarray(table[self.codes], np.bool_)

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Rows in which this column holds nothing."""
        return self.spread([isinstance(v, str) and not v.strip() for v in self.values], True)


@dataclass(frozen=True)
class RawTable:
    """`rows` are row numbers as the user counts them; `overlong` marks rows with more cells
    than there are headers."""

    name: str
    headers: tuple[str, ...]
    columns: tuple[RawColumn, ...]
    rows: Codes
    overlong: npt.NDArray[np.bool_]
    sha256: str
    notices: tuple[Problem, ...] = ()
    mac_epoch: bool = False
    place: str = ""  # file, with its sheet where it has several
    extra: dict[str, str] = field(default_factory=dict)

    def column(self, header: int) -> RawColumn:
        return self.columns[header]

    def where(self, index: int) -> str:
        """The place of row `index` (position in the table) as the user knows it."""
        return f"{self.place or self.name}:{self.rows[index]}"

    def drop_blank_rows(self) -> RawTable:
        """The table without rows in which every cell is blank."""
        if not self.columns:
            return self
        empty = np.logical_and.reduce([column.blank for column in self.columns])
        if not empty.any():
            return self
        keep = ~empty
        columns = tuple(RawColumn(c.codes[keep], c.values) for c in self.columns)
        return replace(self, columns=columns, rows=self.rows[keep], overlong=self.overlong[keep])


def factorize(cells: Sequence[Cell]) -> RawColumn:
    """Cells of one column → codes and distinct values, in order of appearance."""
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    codes, values = pd.factorize(array)
    return RawColumn(codes.astype(np.int64), list(values))


def find_header(rows: Sequence[Sequence[str]], is_header: IsHeader, fixed: int | None) -> int:
    """Position of the header row: `fixed` (from 1), else the first that `is_header` accepts.

    Raises `HeaderNotFoundError` with the fullest of the rows looked at.
    """
    if fixed is not None and fixed <= len(rows):
        return fixed - 1
    looked = rows[:HEADER_ROWS]
    if fixed is None:
        for position, row in enumerate(looked):
            if is_header(row):
                return position
    fullest = max(looked, key=lambda row: sum(bool(cell.strip()) for cell in row), default=())
    raise HeaderNotFoundError(fullest)


def trim_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """Header cells, unique, without the empty ones at the end."""
    labels = list(label_headers(cells))
    while labels and not labels[-1]:
        labels.pop()
    return tuple(labels)
