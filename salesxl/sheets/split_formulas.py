"""The largest-remainder split of `salesxl.core.split` as portable sheet formulas.

T whole units are to be shared by whole parts w with the sum S. A sheet holds, for
each part, R = T·w − S·INT(T·w/S), what its floor leaves over, and then

    share = unit × ((T·w − R)/S + (rank of R among all R ≤ units left)) + odd part

where the units left are ΣR/S, equal R are served from the front, and what is less
than a unit goes to the first of the largest parts. Every figure on the way is a
whole number below `EXACT_BELOW`: doubles hold it exactly, INT meets no figure that
an engine would take for the next whole one, and no difference is small enough
beside its operands to be cleared to 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from salesxl.core.split import split_amount

DEFAULT_METHOD = "largest_remainder"
EXACT_BELOW = 10**14  # engines round at 15 significant digits


def is_exact(amount: int, parts: Sequence[int], unit: int) -> bool:
    """Whether a sheet finds the split of `amount` (minor units) to the last digit."""
    whole = sum(parts)
    return (
        amount >= 0
        and whole > 0
        and amount < EXACT_BELOW
        and (amount // unit) * max(parts) < EXACT_BELOW
    )


def repeats(amount: int, parts: Sequence[int], unit: int, shares: Sequence[int]) -> bool:
    """Whether the sheet's split of `amount` by `parts` surely gives `shares`."""
    return is_exact(amount, parts, unit) and split_amount(amount, parts, unit) == list(shares)


def split_call(cells: Sequence[str], method: str) -> str:
    """``=SPLIT_TARGET(…)`` of total, weights, unit and locks; `method` only where it is named."""
    named = f',,,"{method}"' if method != DEFAULT_METHOD else ""
    return f"=SPLIT_TARGET({','.join(cells)}{named})"


def units_formula(amount: str, unit: str, decimals: int) -> str:
    """Whole units in a cell of money, without ``=``; both in major units."""
    if not decimals:
        return f"INT({amount}/{unit})"
    minor = 10**decimals
    return f"INT(ROUND(({amount})*{minor},0)/ROUND({unit}*{minor},0))"


def odd_formula(amount: str, units: str, unit: str, decimals: int) -> str:
    """What of `amount` is less than a unit, without ``=``."""
    return f"ROUND({amount}-{unit}*{units},{decimals})"


def rest_formula(units: str, part: str, whole: str) -> str:
    """R of one part; 0 where all parts are 0."""
    return f"={units}*{part}-{whole}*INT({units}*{part}/MAX(1,{whole}))"


def share_formula(
    *,
    unit: str,
    units: str,
    part: str,
    whole: str,
    rest: str,
    rests: str,
    before: str,
    parts: str,
    position: int,
    odd: str,
    decimals: int,
) -> str:
    """One share in major units. `before` holds the R ahead of this one ("" for the first),
    `position` counts from 1 in `rests` and `parts`; all are references or expressions."""
    rank = f'COUNTIF({rests},">"&{rest})' + (f"+COUNTIF({before},{rest})" if before else "")
    count = f"({units}*{part}-{rest})/MAX(1,{whole})"
    extra = f"IF({rank}<SUM({rests})/MAX(1,{whole}),1,0)"
    first = f"IF(MATCH(MAX({parts}),{parts},0)={position},{odd},0)"
    return f"=ROUND({unit}*({count}+{extra})+{first},{decimals})"
