"""How a commission comes about, line by line, down to the last cent.

38,000 by marginal bands: the parts 10,000, 20,000 and 8,000 pay 100, 400 and 240;
the last column runs up to the pay:

>>> scale = {"thresholds": [0, 10000, 30000], "rates": ["0.01", "0.02", "0.03"]}
>>> for row in commission_explain(38000, **scale, kind="marginal"):
...     print([str(cell) for cell in row])
['0', '10000', '10000', '0.01', '100', '100']
['10000', '30000', '20000', '0.02', '400', '500']
['30000', 'None', '8000', '0.03', '240', '740']

By the whole amount all of it lies in the band reached:

>>> [str(row[4]) for row in commission_explain(38000, **scale, kind="whole")]
['0', '0', '1140']

Which of the two is meant is never guessed: without `kind` the rule refuses and
says what each reading pays. Where the first band starts above 0, a first row
holds the part that earns nothing. A floor, a cap and the rounding that change
the pay close the table as rows of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from salesxl.core.cells import Cells
from salesxl.core.choice import BAND_KINDS, is_hybrid, read_choice
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, simplest, whole
from salesxl.core.pay import AMOUNT, CAP, FLOOR, LIMIT_ERRORS, NOT_AFTER_TAX, Limits, read_limits
from salesxl.core.scale import (
    RATES,
    SCALE_ERRORS,
    THRESHOLDS,
    Scale,
    marginal_parts,
    marginal_pay,
    reached_band,
    read_scale,
    whole_pay,
)

BandKind = Literal["marginal", "whole"]
KIND = Param(
    "kind",
    "choice",
    "any",
    "累进方式，必须写明：marginal（超额累进）或 whole（全额累进）",
    "Must be named: marginal (each band on its own part) or whole (the rate reached, on all)",
    choices=("marginal", "whole"),
)
KIND_ERRORS = ("kind_not_named", "kind_hybrid", "choice_unknown")


class Band(NamedTuple):
    """One band and what an amount earns in it, unrounded."""

    lower: Fraction | None  # None: everything below the first threshold
    upper: Fraction | None  # None: no end
    part: Fraction
    rate: Fraction

    @property
    def pay(self) -> Fraction:
        return self.part * self.rate


class Change(NamedTuple):
    """What a limit or the rounding adds to the pay of the bands."""

    cause: Literal["floor", "cap", "rounding"]
    amount: Fraction


def read_kind(kind: object, base: Fraction, scale: Scale) -> BandKind:
    """The kind named; otherwise RuleError with what each reading would pay."""
    readings: dict[str, Any] = {
        "marginal": simplest(marginal_pay(base, scale)),
        "whole": simplest(whole_pay(base, scale)),
        "amount": simplest(base),
    }
    if is_hybrid(kind):
        both = base * 0
        for index, (lower, rate) in enumerate(scale):
            if index + 1 < len(scale) and scale[index + 1][0] <= base:
                both += (scale[index + 1][0] - lower) * rate
        hybrid = simplest(both + whole_pay(base, scale))
        raise RuleError("kind_hybrid", argument="kind", hybrid=hybrid, **readings)
    named = read_choice(kind, "kind", BAND_KINDS)
    if named is None:
        raise RuleError("kind_not_named", argument="kind", **readings)
    return "marginal" if named == "marginal" else "whole"


def band_pay(kind: BandKind, base: Fraction, scale: Scale) -> Fraction:
    """The unrounded pay on `base`."""
    return marginal_pay(base, scale) if kind == "marginal" else whole_pay(base, scale)


def bands_of(kind: BandKind, base: Fraction, scale: Scale) -> list[Band]:
    """Every band with its part of `base`; the parts add up to `base`, the pays to the pay."""
    starts = [lower for lower, _ in scale]
    if kind == "marginal":
        parts = marginal_parts(base, starts)
    else:
        reached = reached_band(base, starts)
        parts = [base if index == reached else Fraction(0) for index in range(len(scale))]
    bands = [
        Band(lower, upper, part, rate)
        for (lower, rate), upper, part in zip(scale, [*starts[1:], None], parts, strict=True)
    ]
    if starts[0] > 0:
        unpaid = base - sum(parts, Fraction(0))
        bands.insert(0, Band(None, starts[0], unpaid, Fraction(0)))
    return bands


def changes_of(pay: Fraction, limits: Limits, decimals: int | None) -> list[Change]:
    """What floor, cap and rounding change, in this order; causes that change nothing are left out.

    `decimals` None: the pay stays unrounded.
    """
    changes: list[Change] = []
    if limits.floor is not None and pay < limits.floor:
        changes.append(Change("floor", limits.floor - pay))
    elif limits.cap is not None and pay > limits.cap:
        changes.append(Change("cap", limits.cap - pay))
    if decimals is not None:
        held = limits.hold(pay)
        rest = Fraction(round_half_up(held, decimals)) - held
        if rest:
            changes.append(Change("rounding", rest))
    return changes


@rule(
    name="COMMISSION_EXPLAIN",
    category="commission",
    order=80,
    returns="block",
    zh="提成的计算过程，每档一行：起点、终点（不含，末档为空）、落入金额、比例、提成、累计提成（均未取整）；"
    "保底 floor、封顶 cap 与取整 rounding 有影响时各附一行。",
    en="How a commission comes about, a row a band: start, end (not included), amount in it, "
    "rate, pay, running total, unrounded; then a row each for floor, cap and rounding where "
    "they change it.",
    params=(
        AMOUNT,
        THRESHOLDS,
        RATES,
        KIND,
        Param(
            "decimals",
            "whole",
            "count",
            "提成取整的小数位数；空为不取整",
            "Decimal places the pay is rounded to at the end; empty: not rounded",
            None,
        ),
        CAP,
        FLOOR,
    ),
    errors=(*SCALE_ERRORS, *KIND_ERRORS, *LIMIT_ERRORS, "after_tax"),
    example={
        "amount": 38000,
        "thresholds": [0, 10000, 30000],
        "rates": ["0.01", "0.02", "0.03"],
        "kind": "marginal",
    },
    refuses=NOT_AFTER_TAX,
)
def commission_explain(
    amount: Number,
    thresholds: Cells,
    rates: Cells,
    kind: str | None,
    decimals: Number | None = None,
    cap: Number | None = None,
    floor: Number | None = None,
) -> list[list[Any]]:
    """Rows of start, end, part, rate, pay, running total; the last running total is the pay."""
    base = exact(amount, "amount")
    scale = read_scale(thresholds, rates)
    places = None if decimals is None else whole(decimals, "decimals", 0, 12)
    limits = read_limits(cap, floor)
    named = read_kind(kind, base, scale)
    return _table(bands_of(named, base, scale), limits, places)


def _table(bands: Sequence[Band], limits: Limits, decimals: int | None) -> list[list[Any]]:
    rows: list[list[Any]] = []
    running = Fraction(0)
    for band in bands:
        running += band.pay
        upper = None if band.upper is None else simplest(band.upper)
        lower = None if band.lower is None else simplest(band.lower)
        figures = (band.part, band.rate, band.pay, running)
        rows.append([lower, upper, *(simplest(figure) for figure in figures)])
    for change in changes_of(running, limits, decimals):
        running += change.amount
        rows.append([change.cause, None, None, None, simplest(change.amount), simplest(running)])
    return rows
