"""Pay on the year's running amount, less what was paid before: the year trues itself up.

Bands at 1 % from 0 and 2 % from 1,000, marginal. January 800 pays 8. February 600
brings the year to 1,400, which earns 10 + 8 = 18; 8 was paid, so February pays
10. A return of 500 in March brings the year to 900, which earns 9: March takes 9
back. The months add up to the year:

>>> scale = {"thresholds": [0, 1000], "rates": ["0.01", "0.02"], "kind": "marginal"}
>>> for row in commission_ytd([800, 600, -500], **scale):
...     print([str(cell) for cell in row])
['800', '800', '8.00', '0.00', '8.00']
['600', '1400', '18.00', '8.00', '10.00']
['-500', '900', '9.00', '18.00', '-9.00']

The year's pay is rounded once, where it stands at the end of each period; a
period pays the difference of two such figures, so no cent is lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.explain import KIND, KIND_ERRORS, band_pay, read_kind
from salesxl.core.number import Number, exact, round_half_up, simplest, whole
from salesxl.core.pay import (
    CAP,
    DECIMALS,
    FLOOR,
    LIMIT_ERRORS,
    NOT_AFTER_TAX,
    paid,
    read_limits,
)
from salesxl.core.scale import RATES, SCALE_ERRORS, THRESHOLDS, read_scale

_ORDER = dict.fromkeys(
    ("order", "sequence", "batch", "batches", "processing_order", "processed_at"),
    "order_dependent",
)


class Period(NamedTuple):
    """One period of a year to date; money in major units."""

    amount: Fraction
    running: Fraction
    earned: Decimal  # the year's pay so far, within its limits, rounded
    before: Decimal  # what the earlier periods paid
    pay: Decimal


def year_to_date(
    amounts: Sequence[Fraction], earned: Callable[[int, Fraction], Decimal], decimals: int
) -> list[Period]:
    """`earned(index, running)` is the year's rounded pay to date; a period pays its growth."""
    periods: list[Period] = []
    running, before = Fraction(0), round_half_up(0, decimals)
    for index, amount in enumerate(amounts):
        running += amount
        now = earned(index, running)
        periods.append(Period(amount, running, now, before, now - before))
        before = now
    return periods


@rule(
    name="COMMISSION_YTD",
    category="commission",
    order=70,
    returns="block",
    zh="年初至今提成，每期一行：本期金额、累计金额、累计应得、此前已付、本期应付；各期之和等于全年，多付的自动冲回。",
    en="Year-to-date commission, a row a period: amount, running amount, earned to date, paid "
    "before, pay. The periods add up to the year; what was paid too much is taken back.",
    params=(
        Param(
            "amounts",
            "list",
            "money",
            "从年初起各期的提成基数，按时间先后",
            "What commission is paid on in each period from the year's start, in order of time",
        ),
        THRESHOLDS,
        RATES,
        KIND,
        DECIMALS,
        CAP,
        FLOOR,
        Param(
            "quotas",
            "list",
            "money",
            "各期定额；填写时各档起点为完成率（1 即 100%），按累计定额折算",
            "Each period's quota; if given, thresholds are attainments (1 is 100 %) of the "
            "running quota",
            None,
        ),
    ),
    errors=(
        *SCALE_ERRORS,
        *KIND_ERRORS,
        *LIMIT_ERRORS,
        "quota_not_positive",
        "order_dependent",
        "after_tax",
    ),
    example={
        "amounts": [800, 600, -500],
        "thresholds": [0, 1000],
        "rates": ["0.01", "0.02"],
        "kind": "marginal",
    },
    refuses={**_ORDER, **NOT_AFTER_TAX},
)
def commission_ytd(
    amounts: Cells,
    thresholds: Cells,
    rates: Cells,
    kind: str | None,
    decimals: Number = 2,
    cap: Number | None = None,
    floor: Number | None = None,
    quotas: Cells | None = None,
) -> list[list[Any]]:
    """Rows of amount, running amount, earned to date, paid before, pay.

    Cap and floor hold for the year's pay to date. A floor is therefore paid in
    full with the first period.
    """
    cells, _ = read_cells(amounts, "amounts")
    bases = [exact(cell, "amounts", position) for position, cell in enumerate(cells, 1)]
    scale = read_scale(thresholds, rates)
    places = whole(decimals, "decimals", 0, 12)
    limits = read_limits(cap, floor)
    running_quotas = _running_quotas(quotas, len(bases))
    year = running_quotas[-1] if running_quotas else Fraction(1)
    full = [(lower * year, rate) for lower, rate in scale]
    named = read_kind(kind, sum(bases, Fraction(0)), full)

    def earned(index: int, running: Fraction) -> Decimal:
        quota = running_quotas[index] if running_quotas else Fraction(1)
        here = [(lower * quota, rate) for lower, rate in scale]
        return paid(band_pay(named, running, here), limits, places)

    return [
        [simplest(period.amount), simplest(period.running), *period[2:]]
        for period in year_to_date(bases, earned, places)
    ]


def _running_quotas(quotas: Cells | None, count: int) -> list[Fraction]:
    if quotas is None:
        return []
    cells, _ = read_cells(quotas, "quotas")
    same_count(cells, "quotas", count, "amounts")
    running: list[Fraction] = []
    for position, cell in enumerate(cells, 1):
        total = exact(cell, "quotas", position) + (running[-1] if running else 0)
        if total <= 0:
            raise RuleError("quota_not_positive", argument="quotas", position=position, value=cell)
        running.append(total)
    return running
