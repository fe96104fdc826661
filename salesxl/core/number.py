"""Exact numbers: what comes in, how it is rounded, how it goes out.

>>> round_half_up(Decimal("10.05"), 1), round_half_up("-10.05", 1)
(Decimal('10.1'), Decimal('-10.1'))
>>> at_border(0.1)
Decimal('0.1')

Rules take int, Decimal, Fraction and numeric text. A float is refused inside:
0.1 + 0.2 is not 0.3, and a tie between two remainders would fall by accident.
Hosts that only have floats (Excel) pass them through `at_border`, which takes
the shortest decimal that is that float: the figure the user typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import lcm

from salesxl.core.error import RuleError

Number = int | Decimal | Fraction | str
Exact = int | Decimal | Fraction

_NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# Nothing a sales force counts needs more; "1e999999999" would fill the memory.
_MAX_DIGITS = 400
_MAX_BITS = 1400
_EXACT = Context(prec=10_000, traps=[Inexact])


def at_border(value: object) -> object:
    """`value`, with every float in it (also in lists) as the decimal it was typed as.

    NaN and infinities stay what they are and are refused by the rule, which
    knows the cell.
    """
    if isinstance(value, float):
        return Decimal(float.__repr__(value))
    if isinstance(value, list | tuple):
        return [at_border(item) for item in value]
    return value


def ratio(value: object, argument: str, position: int | None = None) -> tuple[int, int]:
    """`value` as numerator and denominator; RuleError naming the cell otherwise."""
    if type(value) is int:
        pair = (value, 1)
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise RuleError("not_finite", argument=argument, position=position, value=value)
        _, digits, exponent = value.as_tuple()
        if abs(int(exponent)) > _MAX_DIGITS or len(digits) > _MAX_DIGITS:
            raise RuleError("number_too_long", argument=argument, position=position)
        pair = value.as_integer_ratio()
    elif isinstance(value, Fraction):
        pair = (value.numerator, value.denominator)
    elif isinstance(value, str) and _NUMERAL.fullmatch(value.strip()):
        return ratio(Decimal(value.strip()), argument, position)
    elif value is None or (isinstance(value, str) and not value.strip()):
        raise RuleError("blank", argument=argument, position=position)
    elif isinstance(value, float):
        raise RuleError("float_inside", argument=argument, position=position, value=value)
    else:
        shown = repr(value) if len(repr(value)) <= 40 else repr(value)[:37] + "…"
        raise RuleError("not_a_number", argument=argument, position=position, value=shown)
    if max(abs(pair[0]), pair[1]).bit_length() > _MAX_BITS:
        raise RuleError("number_too_long", argument=argument, position=position)
    return pair


def exact(value: object, argument: str = "value", position: int | None = None) -> Fraction:
    """`value` as a Fraction; RuleError naming the cell otherwise."""
    return Fraction(*ratio(value, argument, position))


def whole(value: object, argument: str, lowest: int, highest: int) -> int:
    """`value` as an int within the two bounds."""
    numerator, denominator = ratio(value, argument)
    if denominator != 1 or not lowest <= numerator <= highest:
        raise RuleError("not_whole", argument=argument, value=value, lowest=lowest, highest=highest)
    return numerator


def common(values: Sequence[object], argument: str) -> tuple[list[int], int]:
    """`values` as numerators over one denominator: whole-number arithmetic from there on."""
    pairs = [ratio(value, argument, position) for position, value in enumerate(values, 1)]
    denominator = lcm(*{d for _, d in pairs})
    return [n * (denominator // d) for n, d in pairs], denominator


def plain(numerators: Sequence[int], denominator: int) -> list[Exact]:
    """Each n / denominator as int where whole, Decimal where it ends, else Fraction."""
    if denominator == 1:
        return list(numerators)
    rest, twos, fives = denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    factor = 10**places * rest // denominator
    return [_plain(n, denominator, rest, factor, places) for n in numerators]


def _plain(numerator: int, denominator: int, rest: int, factor: int, places: int) -> Exact:
    if numerator % denominator == 0:
        return numerator // denominator
    if numerator % rest == 0:
        return _EXACT.scaleb(Decimal(numerator // rest * factor), -places)
    return Fraction(numerator, denominator)


def simplest(value: Fraction) -> Exact:
    """`value` as int, Decimal or Fraction, whichever first holds it exactly."""
    return plain([value.numerator], value.denominator)[0]


def half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole number, halves away from zero."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude


def round_half_up(value: Number, decimals: int) -> Decimal:
    """`value` to `decimals` places, halves away from zero, as a sheet's ROUND does."""
    numerator, denominator = ratio(value, "value")
    return _EXACT.scaleb(Decimal(half_up(numerator * 10**decimals, denominator)), -decimals)
