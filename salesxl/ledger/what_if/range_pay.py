"""One pay period's pay for many possible credits at once: the rules, on arrays, exact.

Equal to `limited(version, exact_pay(pieces, …))` on every figure; whole numbers in int64 where
nothing can leave it, Python's integers otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from salesxl.ledger.pay.arrays import Curve
from salesxl.ledger.pay.earn import Curves, is_curve
from salesxl.ledger.pay.rules import rate_on, scale_of
from salesxl.ledger.pay.versions import Version

Codes = npt.NDArray[np.int64]
Ints = npt.NDArray[Any]
SAFE = 2**60


def pay_of_range(
    pieces: Sequence[tuple[Version, Codes]],
    quota: int,
    second: Fraction | None,
    decimals: int,
    curves: Curves,
) -> Codes:
    """Rounded pay of each draw. `pieces`: credit under each version, in order of time, the last
    version with the period's limits; all arrays of one length."""
    count = len(pieces[0][1])
    total: Codes = np.zeros(count, np.int64)
    for _, credit in pieces:
        total = total + credit
    parts: list[tuple[Ints, int]] = []
    running: Codes = np.zeros(count, np.int64)
    for index, (version, credit) in enumerate(pieces):
        if is_curve(version):
            curve = curves.of(version, quota)
            value = curve_values(running + credit, curve)
            if index:
                value = value - curve_values(running, curve)
            parts.append((value, curve.denominator))
        else:
            parts.append(_at_rate(version, credit, total, quota, second, decimals))
        running = running + credit
    return _rounded(parts, pieces[-1][0])


def curve_values(credit: Codes, curve: Curve) -> Ints:
    """Numerators of the curve at each credit."""
    reach = int(np.abs(credit).max()) if len(credit) else 0
    kind: Any = np.int64 if curve.bound(reach) < SAFE else object
    scaled = credit.astype(kind) * curve.scale
    value: Ints = np.zeros(len(credit), kind)
    steps = zip(curve.starts, curve.slopes, curve.jumps, strict=True)
    for index, (start, slope, jump) in enumerate(steps):
        over = scaled - start
        reached = np.asarray(over >= 0, np.bool_)
        if index == 0 and curve.open_below:
            reached[:] = True
        value = value + np.where(reached, over * slope + jump, 0)
    return value


def _at_rate(
    version: Version, credit: Codes, total: Codes, quota: int, second: Fraction | None,
    decimals: int,
) -> tuple[Ints, int]:  # fmt: skip
    """All of `credit` at the one rate `total` reaches."""
    moving = version.plan.second_measure == "attainment" and quota > 0
    if version.plan.kind == "whole_amount" and version.thresholds and not (
        version.by_attainment and quota <= 0
    ):  # fmt: skip
        scale = scale_of(version, quota, decimals)
        unit = lcm(*(start.denominator for start, _ in scale))
        starts = np.array([int(start * unit) for start, _ in scale], object)
        place = (total.astype(object) * unit)[:, None] >= starts[None, :]
        band = place.sum(axis=1).astype(np.int64)
        if scale[0][0] == 0:
            band = np.maximum(band, 1)  # net returns lie in a first band from 0
        rates = [Fraction(0), *(rate for _, rate in scale)]
    elif version.plan.kind == "matrix":
        known: dict[Fraction, int] = {}
        band = np.zeros(len(total), np.int64)
        for n, amount in enumerate(total.tolist()):
            here = Fraction(amount, quota) if moving else second
            rate = rate_on(version, amount, quota, here, decimals)
            band[n] = known.setdefault(rate, len(known))
        rates = list(known)
    else:
        rates = [rate_on(version, 0, quota, second, decimals)]
        band = np.zeros(len(total), np.int64)
    denominator = lcm(*(rate.denominator for rate in rates))
    tops = [int(rate * denominator) for rate in rates]
    reach = (int(np.abs(credit).max()) if len(credit) else 0) * max(map(abs, tops))
    kind: Any = np.int64 if reach < SAFE else object
    return credit.astype(kind) * np.array(tops, kind)[band], denominator


def _rounded(parts: Sequence[tuple[Ints, int]], last: Version) -> Codes:
    """Σ of the parts within the limits, half-up away from zero."""
    unit = lcm(*(below for _, below in parts))
    limits = [m for m in (last.plan.floor_amount, last.plan.cap_amount) if m is not None]
    reach = sum(
        (int(np.abs(top).max()) if len(top) else 0) * (unit // below) for top, below in parts
    )
    wide = 2 * max(reach, *(limit * unit for limit in limits), 0) + unit >= SAFE
    kind: Any = object if wide else np.int64
    whole: Ints = np.zeros(len(parts[0][0]), kind)
    for top, below in parts:
        whole = whole + top.astype(kind) * (unit // below)
    if last.plan.floor_amount is not None:
        whole = np.maximum(whole, last.plan.floor_amount * unit)
    if last.plan.cap_amount is not None:
        whole = np.minimum(whole, last.plan.cap_amount * unit)
    size = (2 * np.abs(whole) + unit) // (2 * unit)
    return np.asarray(np.where(whole < 0, -size, size)).astype(np.int64)
