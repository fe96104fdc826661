"""The ledger in memory: one pandas row a line, money as int64 minor units.

Columns of `Ledger.frame` (all always present; what the file lacks is empty):

    row        int64            line number in its file, as the user sees it
    source     str              file name
    date       datetime64[s]
    amount     int64            minor units, net as the file gives it (returns negative)
    cost       Int64 (nullable) minor units
    collected  Int64 (nullable) minor units
    quantity   float64 (NaN = none)
    is_return  bool
    order_id, product, category, customer, customer_id, customer_source,
    channel, region, person, person_id, person_role, currency    str ("" = none), category dtype
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

TEXT_COLUMNS = (
    "order_id", "product", "category", "customer", "customer_id", "customer_source",
    "channel", "region", "person", "person_id", "person_role", "currency",
)  # fmt: skip
MONEY_COLUMNS = ("amount", "cost", "collected")
COLUMNS = ("row", "source", "date", *MONEY_COLUMNS, "quantity", "is_return", *TEXT_COLUMNS)


@dataclass(frozen=True)
class Skipped:
    """A row left out on purpose: its place, cause, and its amount where readable."""

    source: str
    row: int
    reason: str  # text key, e.g. "ledger.bad_date"
    value: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Ledger:
    """Checked lines and what reading them did to them."""

    frame: pd.DataFrame
    decimals: int  # minor unit of the currency
    present: frozenset[str]  # columns the files really had
    raw_total: Decimal = Decimal(0)  # sum of the amounts as written, before rounding to money
    rounded_lines: int = 0  # lines with more decimals than the currency has
    skipped: tuple[Skipped, ...] = ()
    totals_left_out: tuple[Skipped, ...] = ()  # recognised total rows
    notices: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = field(default=())  # (file name, sha-256)

    @property
    def total(self) -> int:
        """Sum of `amount` in minor units."""
        return int(self.frame["amount"].sum())

    @property
    def rounding_difference(self) -> Decimal:
        """What rounding line by line changed: kept total − raw total."""
        return Decimal(self.total).scaleb(-self.decimals) - self.raw_total

    @property
    def first_date(self) -> date | None:
        return None if self.frame.empty else self.frame["date"].min().date()

    @property
    def last_date(self) -> date | None:
        return None if self.frame.empty else self.frame["date"].max().date()


def categorical(codes: npt.NDArray[np.int64], categories: list[str]) -> pd.Categorical[str]:
    """Texts of a column: `categories` distinct, a code for each row."""
    dtype = pd.CategoricalDtype(categories)
    return cast("pd.Categorical[str]", pd.Categorical.from_codes(codes, dtype=dtype))
