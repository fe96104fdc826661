"""A run's credit rows cut where group or version changes, and their pay as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from salesxl.ledger.pay.arrays import (
    Curve,
    Ints,
    rate_pay,
    running_pay,
    segment_sums,
    shown_pay,
)
from salesxl.ledger.pay.groups import Grouped
from salesxl.ledger.pay.versions import Version

Codes = npt.NDArray[np.int64]
Piece = tuple[Version, int]  # a version and what was credited under it, in order of time
Table = Curve | Fraction  # how a segment is paid: along a curve, or at one rate


class Segments:
    """Rows of `grouped` in runs of one version inside one group."""

    def __init__(self, grouped: Grouped, versions: Sequence[Version]) -> None:
        self.credited = grouped.credited
        groups = grouped.groups
        size = np.array([group.end - group.begin for group in groups], np.int64)
        self.filled = np.flatnonzero(size)
        self.size = size[self.filled]
        group_of = np.repeat(np.arange(len(groups)), size)
        sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.credited)))
        begin = np.array([group.begin for group in groups], np.int64)
        self.own = (sums[begin + size] - sums[begin]).tolist() if len(groups) else []
        self.before = self._before(grouped)
        offset = np.array(self.before, np.int64) - sums[begin] if len(groups) else begin
        self.running: Codes = sums[1:] + np.repeat(offset, size)
        change = np.diff(group_of) | np.diff(grouped.version) if len(group_of) else group_of
        self.start = (
            np.concatenate(([0], np.flatnonzero(change) + 1)) if len(group_of) else begin[:0]
        )
        self.length = np.diff(np.append(self.start, len(group_of)))
        self.group: list[int] = group_of[self.start].tolist()
        self.version = [versions[n] for n in grouped.version[self.start].tolist()]
        ends = self.start + self.length
        self.sums: list[int] = (sums[ends] - sums[self.start]).tolist()

    def _before(self, grouped: Grouped) -> list[int]:
        """What the year had before each group of a year to date; 0 for other groups."""
        out: list[int] = []
        year, so_far = None, 0
        for group, own in zip(grouped.groups, self.own, strict=True):
            here = (group.payee, group.plan, group.fiscal) if group.kind == "ytd" else None
            if here is None or here != year:
                so_far = 0
            out.append(so_far)
            year, so_far = here, so_far + own
        return out

    def pieces(self, grouped: Grouped) -> list[tuple[Piece, ...]]:
        """Each group's credit by version; of a year to date that of the months so far."""
        own: list[list[Piece]] = [[] for _ in grouped.groups]
        for n, version, total in zip(self.group, self.version, self.sums, strict=True):
            own[n].append((version, total))
        out: list[tuple[Piece, ...]] = []
        year, so_far = None, list[Piece]()
        for group, mine in zip(grouped.groups, own, strict=True):
            here = (group.payee, group.plan, group.fiscal) if group.kind == "ytd" else None
            if here is None or here != year:
                so_far = []
            year = here
            for version, total in mine:
                if so_far and so_far[-1][0] is version:
                    so_far[-1] = (version, so_far[-1][1] + total)
                else:
                    so_far.append((version, total))
            out.append(tuple(so_far) or ((group.version, 0),))
        return out

    def pay(self, count: int, table: Callable[[int, Version], Table]) -> tuple[Ints, list[int]]:
        """Numerators of each row's pay and the denominators of each group.

        `table` tells how a version pays in a group.
        """
        tables = [table(g, v) for g, v in zip(self.group, self.version, strict=True)]
        units = [1] * count
        for group, how in zip(self.group, tables, strict=True):
            unit = how.denominator
            if units[group] % unit:
                units[group] = lcm(units[group], unit)
        curved = np.array([isinstance(how, Curve) for how in tables], np.bool_)
        every = np.repeat(curved, self.length)
        curves = [
            how.over(units[group])
            for group, how in zip(self.group, tables, strict=True)
            if isinstance(how, Curve)
        ]
        rates = [
            how.numerator * (units[group] // how.denominator)
            for group, how in zip(self.group, tables, strict=True)
            if not isinstance(how, Curve)
        ]
        first = self.running[self.start] - self.credited[self.start]
        if curved.all():
            return running_pay(self.running, first, self.length, curves)[0], units
        if not curved.any():
            return rate_pay(self.credited, self.length, rates), units
        along = running_pay(self.running[every], first[curved], self.length[curved], curves)[0]
        flat = rate_pay(self.credited[~every], self.length[~curved], rates)
        kind: Any = object if object in (along.dtype, flat.dtype) else np.int64
        out: Ints = np.empty(len(every), kind)
        out[every], out[~every] = along, flat
        return out, units

    def cap(self, numerators: Ints, units: Sequence[int]) -> list[int]:
        """Hold each line within its version's cap, in place; what that changes, by group.

        A capped sale that comes back takes back no more than the cap.
        """
        cuts = [0] * len(units)
        for n, version in enumerate(self.version):
            cap = version.plan.line_cap_amount
            if cap is None:
                continue
            unit = units[self.group[n]]
            lines = slice(int(self.start[n]), int(self.start[n] + self.length[n]))
            if numerators.dtype != object and cap * unit >= 2**62:
                continue  # above anything an int64 run can hold
            held = numerators[lines].clip(-cap * unit, cap * unit)
            cuts[self.group[n]] += int((held - numerators[lines]).astype(object).sum())
            numerators[lines] = held
        return cuts

    def totals(self, numerators: Ints, count: int) -> list[int]:
        """Exact sum of the numerators of each group."""
        out = [0] * count
        for group, total in zip(
            self.filled.tolist(), segment_sums(numerators, self.size), strict=True
        ):
            out[group] = total
        return out

    def shown(self, numerators: Ints, units: Sequence[int], totals: Sequence[int]) -> Codes:
        """Whole minor units a row that add up to each group's total."""
        filled = self.filled.tolist()
        return shown_pay(
            numerators, self.size, [units[g] for g in filled], [totals[g] for g in filled]
        )
