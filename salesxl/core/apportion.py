"""Whole units by whole weights: the two methods a split may use.

26 units by weights 9,061 : 7,179 : 5,259 : 3,319 : 1,182, which make 26,000:

>>> weights = [9061, 7179, 5259, 3319, 1182]
>>> largest_remainder(26, weights), sainte_lague(26, weights)
([9, 7, 5, 4, 1], [9, 8, 5, 3, 1])

Largest remainder keeps every part within one unit of its share, but when the total
grows somebody may lose a unit. Sainte-Laguë gives unit after unit to the largest
weight / (2·units + 1): nobody ever loses one, but in rare cases a part lies a unit
or more from its share. Equal claims are served from the front in both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heapify, heapreplace
from typing import Literal

from salesxl.core.choice import Words, read_choice

Method = Literal["largest_remainder", "sainte_lague"]
METHODS: Words = {
    "largest_remainder": ("最大余数法", "largest remainder", "hamilton"),
    "sainte_lague": ("圣拉格法", "sainte-lague", "sainte-laguë", "saintelague", "webster"),
}


def remainders(total_units: int, parts: Sequence[int]) -> list[int]:
    """What each floor leaves over, T·w − S·floor(T·w/S) with S the sum of the parts.

    A sheet that repeats the split ranks these; they are whole numbers below S.
    """
    whole = sum(parts)
    return [total_units * part % whole for part in parts]


def ranking(over: Sequence[int]) -> list[int]:
    """The positions from the largest remainder to the smallest, equal ones from the front."""
    return sorted(range(len(over)), key=lambda index: -over[index])  # sorted() is stable


def largest_remainder(total_units: int, parts: Sequence[int]) -> list[int]:
    """`total_units` ≥ 0 whole units by whole, non-negative `parts` with a positive sum."""
    whole = sum(parts)
    units = [total_units * part // whole for part in parts]
    left = total_units - sum(units)
    if left:
        for index in ranking(remainders(total_units, parts))[:left]:
            units[index] += 1
    return units


def sainte_lague(total_units: int, parts: Sequence[int]) -> list[int]:
    """As `largest_remainder`, by the divisors 1, 3, 5 …: a growing total takes from nobody.

    The nearest whole numbers are the answer for a total at most half the number of parts
    away; from there single units are given to the first claim, or taken from the last.
    """
    whole = sum(parts)
    units = [(2 * total_units * part + whole) // (2 * whole) for part in parts]
    left = total_units - sum(units)
    sign = 1 if left > 0 else -1
    # Claims in the order in which units are given (or, backwards, were given last).
    claims = [
        (Fraction(-sign * part, 2 * count + sign), sign * index, index)
        for index, (part, count) in enumerate(zip(parts, units, strict=True))
        if part and count + sign >= 0
    ]
    heapify(claims)
    for _ in range(abs(left)):
        index = claims[0][2]
        units[index] += sign
        following = 2 * units[index] + sign
        claim = Fraction(-sign * parts[index], following) if following > 0 else Fraction(whole + 1)
        heapreplace(claims, (claim, sign * index, index))
    return units


_SHARE: dict[Method, Callable[[int, Sequence[int]], list[int]]] = {
    "largest_remainder": largest_remainder,
    "sainte_lague": sainte_lague,
}


def split_amount(
    amount: int, parts: Sequence[int], unit: int = 1, method: Method = "largest_remainder"
) -> list[int]:
    """A whole `amount` by whole `parts` in multiples of `unit`, all ints.

    What is less than a unit goes to the largest part, the first of equals; a
    negative amount mirrors the positive one.
    """
    count, odd = divmod(abs(amount), unit)
    shares = [units * unit for units in _SHARE[method](count, parts)]
    shares[parts.index(max(parts))] += odd
    return shares if amount >= 0 else [-share for share in shares]


def read_method(value: object) -> Method:
    """The method named; the largest remainder where none is."""
    found = read_choice(value, "method", METHODS)
    return "sainte_lague" if found == "sainte_lague" else "largest_remainder"
