"""Holdbacks (暂扣/留存): part of the pay is kept until the customer has paid.

Pay 1,000, held at 30 %, with 60 % of the receivable collected: 700 are paid at
once, 300 held; pro rata 180 of them are released and 120 stay:

>>> holdback(1000, "0.3", "0.6", "prorata")
[[Decimal('700.00'), Decimal('300.00'), Decimal('180.00'), Decimal('120.00')]]

With release "full" nothing is released before the share asked for is reached:

>>> holdback(1000, "0.3", "0.6", "full")[0][2:]
[Decimal('0.00'), Decimal('300.00')]
>>> holdback(1000, "0.3", "0.95", "full", release_at="0.95")[0][2:]
[Decimal('300.00'), Decimal('0.00')]

Paid at once + held = pay, released + still held = held, to the cent. Released is
what has been released so far, not this period's part of it.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.choice import read_choice
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, exact, half_up, round_half_up, simplest, whole
from salesxl.core.pay import DECIMALS, NOT_AFTER_TAX, read_share

_RELEASE = {"prorata": ("pro rata", "按比例"), "full": ("全部",)}


def released_share(collected: Fraction, release: str, release_at: Fraction) -> Fraction:
    """The share of the held part that is free once `collected` of the receivable came in."""
    if release == "full":
        return Fraction(collected >= release_at)
    return min(collected / release_at, Fraction(1))


def hold(pay: int, held_share: Fraction, free: Fraction) -> tuple[int, int, int, int]:
    """`pay` in minor units as (paid at once, held, released, still held)."""
    held = half_up(pay * held_share.numerator, held_share.denominator)
    released = half_up(held * free.numerator, free.denominator)
    return pay - held, held, released, held - released


@rule(
    name="HOLDBACK",
    category="payout",
    order=20,
    returns="block",
    zh="提成暂扣，一行四格：当期支付、暂扣、累计已释放、仍暂扣；前两格之和为提成，后两格之和为暂扣。",
    en="A holdback as one row: paid at once, held, released so far, still held. The first two make "
    "the pay, the last two the held part.",
    params=(
        Param("pay", "number", "money", "本笔提成，可为负", "The pay; may be negative"),
        Param("held_share", "number", "fraction", "暂扣比例，如 0.3", "Share held, e.g. 0.3"),
        Param(
            "collected_share",
            "number",
            "fraction",
            "累计回款率，0 到 1",
            "Share of the receivable collected so far, 0 to 1",
        ),
        Param(
            "release",
            "choice",
            "any",
            "释放方式，必须写明：prorata 按回款比例，full 达到后一次全部",
            "Must be named: prorata as money comes in, full all at once when it has come in",
            choices=("prorata", "full"),
        ),
        Param(
            "release_at",
            "number",
            "fraction",
            "回款率达到多少即全部释放，默认 1",
            "Collected share at which all is released; 1 if not given",
            1,
        ),
        DECIMALS,
    ),
    errors=("share_range", "release_not_named", "release_at_zero", "choice_unknown", "after_tax"),
    example={
        "pay": 1000,
        "held_share": Decimal("0.3"),
        "collected_share": Decimal("0.6"),
        "release": "prorata",
    },
    refuses=NOT_AFTER_TAX,
)
def holdback(
    pay: Number,
    held_share: Number,
    collected_share: Number,
    release: str | None,
    release_at: Number = 1,
    decimals: Number = 2,
) -> list[list[Decimal]]:
    """One row of paid at once, held, released, still held."""
    places = whole(decimals, "decimals", 0, 12)
    minor = int(round_half_up(exact(pay, "pay"), places).scaleb(places))
    share = read_share(held_share, "held_share")
    collected = read_share(collected_share, "collected_share")
    goal = read_share(release_at, "release_at")
    if not goal:
        raise RuleError("release_at_zero", argument="release_at")
    named = read_choice(release, "release", _RELEASE)
    if named is None:
        readings: dict[str, Any] = {
            way: _major(hold(minor, share, released_share(collected, way, goal))[2], places)
            for way in _RELEASE
        }
        raise RuleError("release_not_named", argument="release", **readings)
    row = hold(minor, share, released_share(collected, named, goal))
    return [[round_half_up(Fraction(amount, 10**places), places) for amount in row]]


def _major(minor: int, places: int) -> object:
    return simplest(Fraction(minor, 10**places))
