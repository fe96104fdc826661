"""A pay period as a payee reads it: its lines with band and rate, and its tiers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.core.scale import marginal_parts
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.crediting import KINDS, Credits, LineData, texts_of
from salesxl.ledger.pay.earn import Curves, Earned, Earnings, is_curve
from salesxl.ledger.pay.groups import Grouped
from salesxl.ledger.pay.periods import first_day, last_day
from salesxl.ledger.pay.results import CreditedLine, PlanPay, Tier
from salesxl.ledger.pay.rules import band_of, rate_on, starts_of
from salesxl.ledger.pay.terms import Terms, day_of
from salesxl.ledger.pay.versions import Version

Codes = npt.NDArray[np.int64]
ZERO = Fraction(0)


class _Texts:
    """A text column of the ledger, a value a line, without making one object a line."""

    def __init__(self, series: pd.Series) -> None:
        self.codes = series.cat.codes.to_numpy(np.int64)
        self.values = texts_of(series)

    def of(self, lines: Codes) -> list[str]:
        values = self.values
        return [values[code] if code >= 0 else "" for code in self.codes[lines].tolist()]


class Details:
    """Makes `PlanPay`s of a run; columns of the ledger are prepared once."""

    def __init__(
        self, ledger: Ledger, rows: Credits, data: LineData, grouped: Grouped,
        earnings: Earnings, terms: Terms,
    ) -> None:  # fmt: skip
        frame = ledger.frame
        self.decimals = ledger.decimals
        self.rows, self.data, self.grouped, self.earnings = rows, data, grouped, earnings
        self.terms = terms
        self.curves = Curves(ledger.decimals)
        self.number = frame["row"].to_numpy(np.int64)
        self.source, self.order, self.customer, self.product, self.line = (
            _Texts(frame[name])
            for name in ("source", "order_id", "customer", "product", "product_key")
        )

    def plan_pay(self, earned: Earned) -> PlanPay:
        group = earned.group
        pieces = self._pieces(earned)
        lines: list[CreditedLine] = []
        tiers: list[Tier] = []
        for version, begin, end, before in pieces:
            lines += self._lines(earned, version, begin, end, before)
            after = before + int(self.grouped.credited[begin:end].sum())
            tiers += self._tiers(earned, version, before, after)
        versions = tuple(version.plan for version, _, _, _ in pieces)
        return PlanPay(
            plan=group.version.plan,
            versions=versions,
            first_day=first_day(group.first),
            last_day=last_day(group.last),
            quota=earned.quota,
            credited=earned.credited,
            second_value=earned.second,
            lines=tuple(lines),
            tiers=tuple(tiers),
            lines_pay=earned.lines_pay,
            changes=earned.changes,
            earned=earned.earned,
            before_credited=earned.before_credited,
            before_earned=earned.before_earned,
            capped=earned.capped,
        )

    def _pieces(self, earned: Earned) -> list[tuple[Version, int, int, int]]:
        """(version, first row, row after the last, credit before) in order of time."""
        group = earned.group
        versions = self.grouped.version[group.begin : group.end]
        cuts = [0, *(np.flatnonzero(np.diff(versions)) + 1).tolist(), len(versions)]
        out = []
        before = earned.before_credited
        for a, b in pairwise(cuts):
            if a < b:
                version = self.terms.versions[int(versions[a])]
                out.append((version, group.begin + a, group.begin + b, before))
                before += int(self.grouped.credited[group.begin + a : group.begin + b].sum())
        if not out or out[-1][0] is not group.version:
            out.append((group.version, group.end, group.end, before))
        return out

    def _lines(
        self, earned: Earned, version: Version, begin: int, end: int, before: int
    ) -> list[CreditedLine]:
        rows, data, places = self.rows, self.data, self.grouped.rows[begin:end]
        line = rows.line[places]
        credited = self.grouped.credited[begin:end]
        running = self.earnings.running[begin:end]
        starts = starts_of(version, earned.quota, self.decimals)
        bands = self._bands(earned, version, credited, running, starts)
        rates = self._rates(earned, version)
        marginal = version.plan.kind == "marginal"
        curve = version.plan.kind == "interpolated"
        out = []
        for number, source, day, order, customer, product, product_line, kind, share, amount, \
                base, mine, so_far, low, high, pay, back in zip(
            self.number[line].tolist(), self.source.of(line), rows.day[places].tolist(),
            self.order.of(line), self.customer.of(line), self.product.of(line),
            self.line.of(line), rows.kind[places].tolist(), rows.share[places].tolist(),
            rows.money["amount"][places].tolist(), data.money[version.plan.base][line].tolist(),
            credited.tolist(), running.tolist(), bands[0], bands[1],
            self.earnings.pay[begin:end].tolist(), (rows.sale[places] >= 0).tolist(),
            strict=True,
        ):  # fmt: skip
            rate: Fraction | None = None
            crossing: tuple[tuple[int, Fraction, Fraction], ...] = ()
            if marginal and low != high:
                crossing = _parts(so_far - mine, so_far, starts, rates)
            elif not curve:
                rate = rates[low - 1] if low else ZERO
            out.append(
                CreditedLine(
                    number,
                    source,
                    day_of(day),
                    order,
                    customer,
                    product,
                    product_line,
                    KINDS[kind],
                    rows.shares[share],
                    amount,
                    base,
                    mine,
                    so_far,
                    low,
                    high,
                    pay,
                    rate,
                    crossing,
                    back,
                )
            )
        return out

    def _rates(self, earned: Earned, version: Version) -> list[Fraction]:
        """The rate of each band; bands by attainment pay nothing without a quota."""
        if version.by_attainment and earned.quota <= 0:
            return [Fraction(0)] * len(version.rates)
        return [Fraction(rate) for rate in version.rates]

    def _bands(
        self, earned: Earned, version: Version, credited: Codes, running: Codes,
        starts: list[Fraction],
    ) -> tuple[list[int], list[int]]:  # fmt: skip
        """Where each line begins and ends: bands of the running credit, or the one reached."""
        if not is_curve(version):
            total = earned.before_credited + earned.credited
            band = band_of(version, total, earned.quota, self.decimals, earned.second)
            if version.plan.kind == "flat":
                band = min(1, len(version.rates))
            elif total < 0 and version.plan.kind == "whole_amount" and starts and starts[0] == 0:
                band = 1
            return [band] * len(credited), [band] * len(credited)
        if version.by_attainment and earned.quota <= 0:
            return [0] * len(credited), [0] * len(credited)
        low = np.minimum(running - credited, running)
        high = np.maximum(running - credited, running)
        # A whole number reaches a start when it is at least its ceiling, passes it above its floor.
        bottom = np.searchsorted(_whole([ceil(s) for s in starts]), low, side="right")
        top = np.searchsorted(_whole([floor(s) for s in starts]), high, side="left")
        if starts and starts[0] == 0:
            bottom = np.maximum(bottom, 1)  # net returns lie in a first band from 0
        top = np.maximum(top, bottom)
        back = credited < 0
        first, last = np.where(back, top, bottom), np.where(back, bottom, top)
        return first.tolist(), last.tolist()

    def _tiers(self, earned: Earned, version: Version, before: int, after: int) -> list[Tier]:
        """What of the period's credit, and of its pay, lies in each band of one version."""
        starts = starts_of(version, earned.quota, self.decimals)
        rates = self._rates(earned, version)
        if not starts:
            return []
        total = earned.before_credited + earned.credited
        reached = band_of(version, total, earned.quota, self.decimals, earned.second)
        if version.plan.kind == "flat":
            reached = 1
        kind = version.plan.kind
        parts = [Fraction(0)] * len(starts)
        pays = [Fraction(0)] * len(starts)
        if kind in ("marginal", "interpolated"):
            high = marginal_parts(Fraction(after), starts)
            low = marginal_parts(Fraction(before), starts)
            parts = [a - b for a, b in zip(high, low, strict=True)]
        if kind == "marginal":
            pays = [part * rate for part, rate in zip(parts, rates, strict=True)]
        elif kind == "interpolated":
            pays = self._pieces_of_curve(earned, version, starts, before, after)
        elif reached:
            rate = rate_on(version, total, earned.quota, earned.second, self.decimals)
            parts[reached - 1] = Fraction(after - before)
            pays[reached - 1] = (after - before) * rate
        elif kind == "whole_amount" and total < 0 and starts[0] == 0:
            reached = 1
            parts[0], pays[0] = Fraction(after - before), (after - before) * rates[0]
        seconds = version.seconds or (None,) * len(starts)
        ends: list[Fraction | None] = [*starts[1:], None]
        if kind == "matrix":
            ends = [min((s for s in starts if s > start), default=None) for start in starts]
        return [
            Tier(
                number=n + 1, threshold=version.thresholds[n], start=starts[n], end=ends[n],
                rate=version.rates[n], amount=parts[n], pay=pays[n], reached=n + 1 == reached,
                second_threshold=seconds[n], effective_from=version.plan.effective_from,
            )
            for n in range(len(starts))
        ]  # fmt: skip

    def _pieces_of_curve(
        self, earned: Earned, version: Version, starts: list[Fraction], before: int, after: int
    ) -> list[Fraction]:
        """The pay along each piece of a curve between two running credits."""
        curve = self.curves.of(version, earned.quota)
        low, high = min(before, after), max(before, after)
        pays = []
        for n, start in enumerate(starts):
            end = starts[n + 1] if n + 1 < len(starts) else None
            a = max(Fraction(low), start)
            b = Fraction(high) if end is None else min(Fraction(high), end)
            gain = Fraction(0)
            if b > a or (b == a == start and n == 0 and low < start):
                gain = curve.exact(b) - (curve.exact(a) if a > start or n or low >= start else 0)
            pays.append(gain if after >= before else -gain)
        return pays


def _whole(starts: list[int]) -> npt.NDArray[np.int64]:
    """Starts as int64; one beyond it is never reached."""
    return np.array([min(start, 2**63 - 1) for start in starts], np.int64)


def _parts(
    before: int, after: int, starts: list[Fraction], rates: list[Fraction]
) -> tuple[tuple[int, Fraction, Fraction], ...]:
    """What of a line lies in which band, when it lies in several."""
    high = marginal_parts(Fraction(after), starts)
    low = marginal_parts(Fraction(before), starts)
    return tuple(
        (n, a - b, rate)
        for n, (a, b, rate) in enumerate(zip(high, low, rates, strict=True), 1)
        if a != b
    )
