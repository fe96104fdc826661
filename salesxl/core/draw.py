"""Draws (预支): a least sum is paid each period; a recoverable one is paid back from later pay.

Draw 2,000, recoverable. A month that earned 1,500 draws 500 and pays 2,000; the
payee owes 500. The next earned 2,375: the 375 above the draw are recovered, 2,000
paid, 125 owed. Then 3,000 are earned: 125 recovered, 2,875 paid:

>>> for row in draw_settlement([1500, 2375, 3000], 2000, 0, True):
...     print([str(cell) for cell in row])
['1500.00', '500.00', '0.00', '2000.00', '500.00']
['2375.00', '0.00', '375.00', '2000.00', '125.00']
['3000.00', '0.00', '125.00', '2875.00', '0.00']

In each row earned + drawn − recovered = payable, and the balance grows by drawn −
recovered; so over all rows payable = earned + closing − opening balance. Pay never
falls below the draw. A draw that is not recoverable is a guarantee: what was drawn
is not owed and a balance from before stays as it is.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeVar

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.choice import read_flag
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, round_half_up, simplest, whole
from salesxl.core.pay import DECIMALS, NOT_AFTER_TAX, read_not_negative

Q = TypeVar("Q", int, Fraction, Decimal)


class Settled(NamedTuple):
    """One period, in the columns of the rule."""

    earned: Decimal
    drawn: Decimal
    recovered: Decimal
    payable: Decimal
    balance: Decimal


def settle(earned: Q, draw: Q, balance: Q, recoverable: bool, recovers: bool) -> tuple[Q, Q, Q]:
    """(drawn, recovered, new balance) of one period; `recovers`: recovery has begun."""
    zero = earned - earned
    drawn = max(draw - earned, zero)
    recovered = zero
    if recoverable:
        if recovers:
            recovered = min(balance, max(earned - draw, zero))
        balance = balance + drawn - recovered
    return drawn, recovered, balance


@rule(
    name="DRAW_SETTLEMENT",
    category="payout",
    order=10,
    returns="block",
    zh="预支结算，每期一行：应得、预支、追回、应付、余额（应付 = 应得 + 预支 − 追回）；"
    "应付不低于预支额，追回只取超出部分。",
    en="Draws settled, a row a period: earned, drawn, recovered, payable, balance owed. Payable = "
    "earned + drawn − recovered, never below the draw.",
    params=(
        Param(
            "earned",
            "list",
            "money",
            "各期应得的提成，按时间先后，可为负",
            "What each period earned, in order of time; may be negative",
        ),
        Param(
            "draw",
            "list",
            "money",
            "每期预支额：一个数，或每期一个",
            "The draw of a period: one amount, or one for each",
        ),
        Param(
            "opening_balance",
            "number",
            "money",
            "期初未追回的预支余额，0 或正数",
            "Drawn before and not yet recovered, 0 or above",
        ),
        Param(
            "recoverable",
            "flag",
            "any",
            "必须写明：TRUE 可追回，FALSE 不追回（保底）",
            "Must be named: TRUE recovered from later pay, FALSE a guarantee",
        ),
        DECIMALS,
        Param(
            "recovery_from",
            "whole",
            "count",
            "从第几期起追回，默认第 1 期",
            "The period from which drawn amounts are recovered; 1 if not given",
            1,
        ),
    ),
    errors=(
        "amount_negative",
        "counts_differ",
        "recoverable_not_named",
        "choice_unknown",
        "not_whole",
        "after_tax",
    ),
    example={
        "earned": [1500, 2375, 3000],
        "draw": 2000,
        "opening_balance": 0,
        "recoverable": True,
    },
    refuses=NOT_AFTER_TAX,
)
def draw_settlement(
    earned: Cells,
    draw: Cells,
    opening_balance: Number,
    recoverable: bool | None,
    decimals: Number = 2,
    recovery_from: Number = 1,
) -> list[list[Decimal]]:
    """Rows of earned, drawn, recovered, payable, balance; amounts rounded half-up as they come."""
    places = whole(decimals, "decimals", 0, 12)
    cells, _ = read_cells(earned, "earned")
    amounts = [
        round_half_up(exact(cell, "earned", position), places)
        for position, cell in enumerate(cells, 1)
    ]
    each, _ = read_cells(draw, "draw")
    if len(each) == 1:
        each = each * len(amounts)
    same_count(each, "draw", len(amounts), "earned")
    draws = [
        round_half_up(read_not_negative(cell, "draw", position), places)
        for position, cell in enumerate(each, 1)
    ]
    balance = round_half_up(read_not_negative(opening_balance, "opening_balance"), places)
    owed = read_flag(recoverable, "recoverable")
    if owed is None:
        short = sum(max(d - a, Decimal(0)) for a, d in zip(amounts, draws, strict=True))
        raise RuleError(
            "recoverable_not_named", argument="recoverable", drawn=simplest(Fraction(short))
        )
    first = whole(recovery_from, "recovery_from", 1, 10_000)
    rows: list[list[Decimal]] = []
    for index, (amount, advance) in enumerate(zip(amounts, draws, strict=True), 1):
        drawn, recovered, balance = settle(amount, advance, balance, owed, index >= first)
        rows.append(list(Settled(amount, drawn, recovered, amount + drawn - recovered, balance)))
    return rows
