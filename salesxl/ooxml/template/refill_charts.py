"""Chart caches filled anew, so that no number of the template survives in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

CellScalar = str | int | float | Decimal | bool | date | None
ValueOf = Callable[[str, int, int], CellScalar]


def refill_chart(
    xml: str,
    value_of: ValueOf,
    names: Mapping[str, str] | None = None,
    last_row: Callable[[str], int] | None = None,
    date1904: bool = False,
) -> str:
    """A chart part, its ranges already followed, with every cache made anew.

    `value_of(sheet, row, col)`: what stands in a cell of the *filled* workbook (new title,
    new row, from 1); error values as text (``#N/A``). `names` (see `names_of`) resolves
    series that are defined names; `last_row(sheet)` bounds whole columns. What cannot be
    resolved, and series whose range vanished, keep an empty cache. Literals stay.
    """
    raise NotImplementedError
