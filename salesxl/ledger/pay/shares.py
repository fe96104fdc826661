"""Credit split by shares for many lines at once, exactly as the rule SPLIT_CREDIT does it.

5 cents by halves are 3 and 2: what rounding down leaves goes to the largest remainders,
equal ones by position.

>>> split_lines(np.array([5, -5]), [Fraction(1, 2), Fraction(1, 2)]).tolist()
[[3, 2], [-3, -2]]
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

Money = npt.NDArray[np.int64]
# A third typed into a sheet is 0.333333333333333: shares make 1 to nine places.
NOISE = Fraction(1, 10**9)
SAFE = 2**62


def make_one(shares: Sequence[Fraction]) -> bool:
    return abs(sum(shares, Fraction(0)) - 1) <= NOISE


def split_lines(amounts: Money, shares: Sequence[Fraction]) -> Money:
    """A row an amount, a column a share; every row adds up to its amount.

    A negative amount is split as the positive one is, with its sign.
    """
    unit = lcm(*(share.denominator for share in shares))
    parts = [int(share * unit) for share in shares]
    whole = sum(parts)
    size = np.abs(amounts)
    largest = int(size.max()) if len(size) else 0
    kind: Any = np.int64 if largest * max(parts) < SAFE and whole < SAFE else object
    product = size.astype(kind)[:, None] * np.array(parts, kind)[None, :]
    floors = product // whole
    rests = product - floors * whole
    floors = floors.astype(np.int64)
    missing = size - floors.sum(axis=1)
    order = np.argsort(-rests, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(parts))[None, :].repeat(len(size), 0), axis=1)
    floors += place < missing[:, None]
    signed: Money = floors * np.sign(amounts)[:, None]
    return signed


def part_of_lines(amounts: Money, share: Fraction) -> Money:
    """amount × share, half-up line by line (overlay credit)."""
    largest = int(np.abs(amounts).max()) if len(amounts) else 0
    top, below = share.numerator, share.denominator
    kind: Any = np.int64 if 2 * largest * top + below < SAFE else object
    size = np.abs(amounts).astype(kind)
    rounded = (2 * size * top + below) // (2 * below)
    found: Money = rounded.astype(np.int64) * np.sign(amounts)
    return found
