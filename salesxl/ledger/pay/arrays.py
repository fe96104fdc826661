"""Pay of a whole ledger at once: exact whole-number arithmetic on NumPy arrays.

A marginal table and a payout curve are both pieces of straight lines, so both are sums over
their starts: for credit R, what lies above start k (never below 0) times the change of slope
there. 38,000 at 1 %, 2 % and 3 % from 0, 10,000 and 30,000:

    1 % × 38,000 + 1 % × 28,000 + 1 % × 8,000 = 380 + 280 + 80 = 740

A line's pay is the sum at its running credit less the sum before it; the lines of a period
therefore add up to what the scalar rule pays on the total, whatever their order.

Everything is an integer: credit in minor units, starts and slopes as numerators over one
denominator a period (a rate table's parts per million are the common case). Before an array is
made its largest possible product is worked out in Python's integers; if it could leave int64
the same code runs on arrays of Python integers: slower, never wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]  # int64, or objects holding Python integers
SAFE = 2**61  # doubled for half-up and added once, still inside int64
BLOCK = 2**15  # lines worked on at a time


@dataclass(frozen=True)
class Curve:
    """Pay as a function of credit R (minor units), in units of 1/denominator minor units.

    For each start k with R × scale ≥ starts[k]: jumps[k] + slopes[k] × (R × scale − starts[k]).
    `open_below`: the first slope also holds below the first start (net returns).
    """

    scale: int
    starts: tuple[int, ...]
    slopes: tuple[int, ...]  # changes of slope
    jumps: tuple[int, ...]
    open_below: bool
    denominator: int

    def at(self, credit: int) -> int:
        """Numerator of the pay at `credit`: the same sum on one figure."""
        total = 0
        for index, start in enumerate(self.starts):
            over = credit * self.scale - start
            if over >= 0 or (index == 0 and self.open_below):
                total += self.jumps[index] + self.slopes[index] * over
        return total

    def exact(self, credit: Fraction) -> Fraction:
        """The pay at any credit, in minor units."""
        total = Fraction(0)
        for index, start in enumerate(self.starts):
            over = credit * self.scale - start
            if over >= 0 or (index == 0 and self.open_below):
                total += self.jumps[index] + self.slopes[index] * over
        return total / self.denominator

    def bound(self, credit: int) -> int:
        """No step of the sum is larger than this for any |R| ≤ `credit`."""
        reach = credit * self.scale + max(map(abs, self.starts), default=0)
        return reach * (1 + sum(map(abs, self.slopes))) + sum(map(abs, self.jumps))

    def over(self, denominator: int) -> Curve:
        """The same curve in finer units; `denominator` is a multiple of its own."""
        times = denominator // self.denominator
        if times == 1:
            return self
        return Curve(
            self.scale,
            self.starts,
            tuple(slope * times for slope in self.slopes),
            tuple(jump * times for jump in self.jumps),
            self.open_below,
            denominator,
        )


def curve_of(
    starts: Sequence[Fraction],
    slopes: Sequence[Fraction],
    first_pay: Fraction = Fraction(0),
    open_below: bool = False,
) -> Curve:
    """`slopes[k]` is the pay for one more minor unit from `starts[k]` on; `first_pay` is paid
    on reaching the first start."""
    scale = lcm(*(start.denominator for start in starts))
    changes = [slope - (slopes[index - 1] if index else 0) for index, slope in enumerate(slopes)]
    unit = lcm(first_pay.denominator, *((change / scale).denominator for change in changes))
    return Curve(
        scale,
        tuple(int(start * scale) for start in starts),
        tuple(int(change / scale * unit) for change in changes),
        (int(first_pay * unit), *(0,) * (len(starts) - 1)),
        open_below,
        unit,
    )


def marginal_curve(scale: Sequence[tuple[Fraction, Fraction]]) -> Curve:
    """Bands (start in minor units, rate); a first band from 0 also takes net returns."""
    return curve_of(
        [start for start, _ in scale], [rate for _, rate in scale], open_below=scale[0][0] == 0
    )


def payout_curve(points: Sequence[Fraction], payouts: Sequence[Fraction]) -> Curve:
    """Straight lines through (credit, pay), both in minor units; the last pay is held."""
    slopes = [
        (payouts[index + 1] - payouts[index]) / (points[index + 1] - points[index])
        for index in range(len(points) - 1)
    ]
    return curve_of(points, [*slopes, Fraction(0)], payouts[0])


def no_curve() -> Curve:
    return Curve(1, (0,), (0,), (0,), False, 1)


def running_credit(
    credit: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The sum of each segment's credit up to and with each line; segments are not empty.

    The first line of a segment takes off what the one before came to, so one sum does for all.
    """
    if not len(lengths):
        return np.zeros(0, np.int64)
    firsts = _firsts(lengths)
    sums = np.add.reduceat(credit, firsts)
    steps = credit.copy()
    steps[firsts[1:]] -= sums[:-1]
    return np.cumsum(steps, out=steps)


def _firsts(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)[:-1]))


def running_pay(
    running: npt.NDArray[np.int64],
    before: Sequence[int] | npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    curves: Sequence[Curve],
) -> tuple[Ints, list[int]]:
    """Numerators of each line's pay, and for each segment those of its first figure.

    `running` is each line's running credit, segment after segment of `lengths` lines (none
    empty); `before` the credit in front of each segment; `curves` one for all or one for each.
    The second result is the curve's value at `before`.
    """
    if not len(lengths):
        return np.zeros(0, np.int64), []
    reach = max(abs(int(running.min())), abs(int(running.max())), *map(abs, _ends(before)))
    distinct = list(dict.fromkeys(curves))
    safe = max(curve.bound(reach) for curve in distinct) < SAFE
    credit: Ints = running if safe else running.astype(object)
    each = curves if len(curves) > 1 else [distinct[0]] * len(lengths)
    begin = [curve.at(int(first)) for curve, first in zip(each, before, strict=True)]
    firsts = _firsts(lengths)
    if len(distinct) == 1:
        pay = _growth(credit, distinct[0])
        first = _values(credit[firsts], distinct[0])
    else:
        value = _many_curves(credit, lengths, curves, safe)
        pay, first = value.copy(), value[firsts]
        pay[1:] -= value[:-1]
    pay[firsts] = first - np.array(begin, np.int64 if safe else object)
    return pay, begin


def order_of(*keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The stable order of the rows by the last key, then the one before it, and so on.

    The keys and each row's place are laid side by side in one whole number, and those are
    sorted: nothing is looked up on the way. Keys too wide for that are sorted one by one. A
    first key already in order costs a look.
    """
    count = len(keys[0])
    shift = count.bit_length()
    parts: list[tuple[npt.NDArray[np.int64], int, int]] = []
    for key in keys:
        if count < 2 or (not parts and (key[1:] >= key[:-1]).all()):
            continue
        low = int(key.min())
        parts.append((key, low, shift))
        shift += (int(key.max()) - low).bit_length()
    if shift >= 63:
        return np.lexsort([key for key, _, _ in parts])
    order = np.arange(count)
    for key, low, place in parts:
        code = key - low
        code <<= place
        order |= code
    if parts:
        order.sort()
        order &= (1 << count.bit_length()) - 1
    return order


def _ends(before: Sequence[int] | npt.NDArray[np.int64]) -> tuple[int, int]:
    return int(min(before)), int(max(before))


def _at(credit: Ints, curve: Curve, out: Ints, over: Ints, scaled: Ints) -> None:
    """The curve at each credit into `out`: one clip a start; the others are room to work in."""
    np.multiply(credit, curve.scale, out=scaled)
    for index, (start, slope) in enumerate(zip(curve.starts, curve.slopes, strict=True)):
        target = out if index == 0 else over
        np.subtract(scaled, start, out=target)
        jump = curve.jumps[index]
        reached = np.asarray(target >= 0, np.bool_) if jump else None
        if index or not curve.open_below:
            np.maximum(target, 0, out=target)
        np.multiply(target, slope, out=target)
        if reached is not None:
            target[reached] += jump
        if index:
            np.add(out, over, out=out)


def _growth(credit: Ints, curve: Curve) -> Ints:
    """What the curve grows by from each line to the next, from 0 at the first.

    Block by block, so that what is worked on stays in the processor's cache.
    """
    pay: Ints = np.empty_like(credit)
    size = min(BLOCK, len(credit))
    value = np.zeros(size + 1, credit.dtype)
    over, scaled = np.empty(size, credit.dtype), np.empty(size, credit.dtype)
    for begin in range(0, len(credit), BLOCK):
        part = credit[begin : begin + BLOCK]
        count = len(part)
        _at(part, curve, value[1 : count + 1], over[:count], scaled[:count])
        np.subtract(value[1 : count + 1], value[:count], out=pay[begin : begin + count])
        value[0] = value[count]
    return pay


def _values(credit: Ints, curve: Curve) -> Ints:
    out: Ints = np.empty_like(credit)
    _at(credit, curve, out, np.empty_like(credit), np.empty_like(credit))
    return out


def _many_curves(
    credit: Ints, lengths: npt.NDArray[np.int64], curves: Sequence[Curve], safe: bool
) -> Ints:
    """Each segment by its own curve: the parameters are laid beside the lines."""
    kind: Any = np.int64 if safe else object
    depth = max(len(curve.starts) for curve in curves)

    def beside(values: Sequence[int]) -> Ints:
        return np.repeat(np.array(values, kind), lengths)

    scaled = credit * beside([curve.scale for curve in curves])
    value: Ints = np.zeros(len(credit), kind)
    for k in range(depth):
        have = [k < len(curve.starts) for curve in curves]
        over = scaled - beside([c.starts[k] if h else 0 for c, h in zip(curves, have, strict=True)])
        slope = beside([c.slopes[k] if h else 0 for c, h in zip(curves, have, strict=True)])
        reached = np.asarray(over >= 0, np.bool_)
        jumps = [c.jumps[k] if h else 0 for c, h in zip(curves, have, strict=True)]
        if k == 0:
            opened = np.repeat(np.array([c.open_below for c in curves], np.bool_), lengths)
            reached_slope = reached | opened
        else:
            reached_slope = reached
        value = value + np.where(reached_slope, over * slope, 0)
        if any(jumps):
            value = value + np.where(reached, beside(jumps), 0)
    return value


def rate_pay(
    credited: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], rates: Sequence[int]
) -> Ints:
    """credited × its segment's rate (a numerator), line by line."""
    if not len(lengths):
        return np.zeros(0, np.int64)
    reach = max(abs(int(credited.min())), abs(int(credited.max())))
    safe = reach * max(map(abs, rates)) < SAFE
    kind: Any = np.int64 if safe else object
    pay: Ints = credited.astype(kind) * np.repeat(np.array(rates, kind), lengths)
    return pay


def shown_pay(
    numerators: Ints,
    lengths: npt.NDArray[np.int64],
    denominators: Sequence[int],
    totals: Sequence[int],
) -> npt.NDArray[np.int64]:
    """Whole minor units for each line that add up to each segment's total.

    Each line gets its pay rounded down; what is missing goes to the largest remainders, equal
    ones in order. `totals` are the rounded sums, so no more is missing than has remainders.
    """
    if not len(lengths):
        return np.zeros(0, np.int64)
    kind: Any = np.int64
    if numerators.dtype == object or max(denominators) >= SAFE:
        kind = object
    each = np.repeat(np.array(denominators, kind), lengths)
    floors: npt.NDArray[np.int64] = (numerators.astype(kind) // each).astype(np.int64)
    rests = numerators.astype(kind) - floors.astype(kind) * each
    firsts = _firsts(lengths)
    missing = np.array(totals, np.int64) - np.add.reduceat(floors, firsts)
    if not missing.any():
        return floors
    # Sorted by segment, then by remainder from large to small; stable, so equal ones in order.
    segment = np.repeat(np.arange(len(lengths)), lengths)
    fall = np.argsort(-rests, kind="stable")
    order = fall[np.argsort(segment[fall], kind="stable")]
    place = np.arange(len(segment)) - np.repeat(firsts, lengths)
    floors[order] += place < np.repeat(missing, lengths)
    return floors


def segment_sums(numerators: Ints, lengths: npt.NDArray[np.int64]) -> list[int]:
    """Exact sums of each segment (none empty), whatever their size."""
    if not len(lengths):
        return []
    firsts = _firsts(lengths)
    largest = 0
    if numerators.dtype != object:
        largest = max(abs(int(numerators.min())), abs(int(numerators.max())))
    if numerators.dtype == object or largest * int(lengths.max()) >= 2**63:
        numerators = numerators.astype(object)
    return [int(total) for total in np.add.reduceat(numerators, firsts)]
