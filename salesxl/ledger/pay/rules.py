"""What one version of a plan pays on a period's credit: the core's rules, on minor units.

This is the meaning of every rate table; `arrays` computes the same for a whole ledger.

>>> pay_on(version, 3_800_000, 0, None, 2)  # 38,000.00 by marginal bands
Fraction(74000, 1)

Credit, quota and pay are minor units; pay is unrounded and before the period's limits.
Where a table goes by attainment and there is no quota, it pays nothing.
"""

from __future__ import annotations

from fractions import Fraction

from salesxl.core.commission import read_scale
from salesxl.core.curve import interpolate, matrix_cell
from salesxl.core.number import half_up
from salesxl.core.scale import marginal_pay, reached_band, whole_pay
from salesxl.ledger.pay.versions import Version

Scale = list[tuple[Fraction, Fraction]]


def starts_of(version: Version, quota: int, decimals: int) -> list[Fraction]:
    """Where each band or point begins, in minor units of credit."""
    unit = quota if version.by_attainment else 10**decimals
    return [Fraction(threshold) * unit for threshold in version.thresholds]


def scale_of(version: Version, quota: int, decimals: int) -> Scale:
    """(start, rate) of each band; RuleError for a table the core refuses."""
    return list(
        zip(
            starts_of(version, quota, decimals),
            (rate for _, rate in read_scale(version.thresholds, version.rates)),
            strict=True,
        )
    )


def target_pay(version: Version) -> int:
    return version.plan.target_pay_amount or 0


def matrix_rate_of(version: Version, first: Fraction, second: Fraction) -> tuple[int, Fraction]:
    """Number of the cell reached, from 1, and its rate; (0, 0) below the first bounds."""
    rows = sorted(set(map(Fraction, version.thresholds)))
    columns = sorted(set(map(Fraction, version.seconds)))
    place = matrix_cell(first, second, rows, columns)
    if place is None:
        return 0, Fraction(0)
    cell = (rows[place[0]], columns[place[1]])
    bounds = zip(version.thresholds, version.seconds, strict=True)
    for number, (threshold, other) in enumerate(bounds, 1):
        if (Fraction(threshold), Fraction(other)) == cell:
            return number, Fraction(version.rates[number - 1])
    return 0, Fraction(0)  # a cell the table leaves out pays nothing; the plan's check names it


def place_of(version: Version, credited: int, quota: int, decimals: int) -> Fraction:
    """Where the credit stands in the table's own measure; attainment 0 without a quota."""
    if version.by_attainment:
        return Fraction(credited, quota) if quota > 0 else Fraction(0)
    return Fraction(credited, 10**decimals)


def band_of(
    version: Version, credited: int, quota: int, decimals: int, second: Fraction | None = None
) -> int:
    """The number of the band, point or cell reached, from 1; 0 below the first."""
    if version.by_attainment and quota <= 0:
        return 0
    place = place_of(version, credited, quota, decimals)
    if version.plan.kind == "matrix":
        return 0 if second is None else matrix_rate_of(version, place, second)[0]
    return sum(Fraction(threshold) <= place for threshold in version.thresholds)


def rate_on(
    version: Version, credited: int, quota: int, second: Fraction | None, decimals: int
) -> Fraction:
    """The one rate a flat, whole-amount or matrix table pays on all of the credit."""
    if not version.thresholds or (version.by_attainment and quota <= 0):
        return Fraction(0)
    if version.plan.kind == "matrix":
        if second is None:
            return Fraction(0)
        return matrix_rate_of(version, place_of(version, credited, quota, decimals), second)[1]
    if version.plan.kind == "flat":
        return Fraction(version.rates[0])
    scale = scale_of(version, quota, decimals)
    band = reached_band(Fraction(credited), [start for start, _ in scale])
    return Fraction(0) if band is None else scale[band][1]


def pay_on(
    version: Version, credited: int, quota: int, second: Fraction | None, decimals: int
) -> Fraction:
    """Unrounded pay in minor units on the whole period's credit, without limits.

    `second` is the second measure of a matrix as a fraction, None where it is not known.
    """
    if not version.thresholds or (version.by_attainment and quota <= 0):
        return Fraction(0)
    amount = Fraction(credited)
    if version.plan.kind == "marginal":
        return marginal_pay(amount, scale_of(version, quota, decimals))
    if version.plan.kind == "whole_amount":
        return whole_pay(amount, scale_of(version, quota, decimals))
    if version.plan.kind == "interpolated":
        return target_pay(version) * interpolate(
            place_of(version, credited, quota, decimals),
            [Fraction(threshold) for threshold in version.thresholds],
            [Fraction(rate) for rate in version.rates],
        )
    return amount * rate_on(version, credited, quota, second, decimals)


def limited(version: Version, pay: Fraction) -> int:
    """`pay` within the period's guarantee and cap, rounded half-up to the minor unit, once."""
    floor, cap = version.plan.floor_amount, version.plan.cap_amount
    if floor is not None:
        pay = max(pay, Fraction(floor))
    if cap is not None:
        pay = min(pay, Fraction(cap))
    return half_up(pay.numerator, pay.denominator)
