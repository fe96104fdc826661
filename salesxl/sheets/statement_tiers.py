"""The right block of a statement: each plan's table, what came into it, and what it pays.

Every kind of table has its own form: bands with the part of the credit in each (marginal),
all of it in the band reached (whole amount, flat), points of a payout curve, or a grid of two
measures. Under the table stand the plan's limits and, for a year to date, what the year had
earned before; the last row is the plan's pay, reached without looking at a single line.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from salesxl.ledger.pay.results import PlanPay, Tier
from salesxl.plan.model import SECOND_MEASURES
from salesxl.sheets.content import Formula, a1, span
from salesxl.sheets.page import header_row
from salesxl.sheets.statement_grid import Grid
from salesxl.sheets.statement_pen import (
    NAME,
    PART,
    START,
    STEP,
    THRESHOLD,
    TIER_PAY,
    TIER_RATE,
    Pen,
    PlanCells,
    decimal,
    hair,
    percent,
    places,
    plan_days,
    rounded,
)
from salesxl.sheets.statement_table import (
    band_name,
    band_reached,
    chain_of,
    curve_pay,
    dead,
    point_pays,
    tells_all,
    tier_parts,
    to_date,
)

_TITLES = {
    "bands": ("tier", "start", "tier_rate", "in_band", "tier_pay"),
    "points": ("point", "start", "payout", "point_pay", "tier_pay"),
    "cells": ("cell", "second", "tier_rate", "in_band", "tier_pay"),
}


class TierTables:
    """Writes the tables of a statement, one under the other."""

    def __init__(self, pen: Pen) -> None:
        self.pen, self.sheet, self.lang = pen, pen.sheet, pen.lang

    def write(self, row: int, pay: PlanPay, cells: PlanCells) -> int:
        """`cells.credited` is known; fills in the rest. Returns the next free row."""
        pen, many = self.pen, len(self.pen.statement.plans) > 1
        self.pay, self.cells, self.fmt = pay, cells, pen.sums
        self.by_attainment = pay.plan.measure == "attainment"
        self.quota = pen.quota_cell
        if many:
            row = self._caption(row)
        cells.base = cells.credited
        if not pay.tiers:
            pen.sheet.merge(row, NAME, row, TIER_PAY, pen.say("no_tiers"), "panel")
            return self._end(row + 1, "", Fraction(0), [])
        if not tells_all(pay):
            return self._several(row)
        if pay.plan.period == "ytd":
            row = self._year(row)
        if pay.plan.kind == "interpolated":
            return self._points(row)
        if pay.plan.kind == "matrix":
            return self._matrix(row)
        return self._bands(row)

    # ---- what stands above a table

    def _caption(self, row: int) -> int:
        """Name, days and quota, where a statement has several tables."""
        pen, pay = self.pen, self.pay
        label = f"{pay.plan.name} · {plan_days(pay)}"
        pen.sheet.merge(row, NAME, row, PART, label, "group", "", "small", "wrap")
        fmt = f'"{pen.say("quota_in")} "#,##0' + ("." + "0" * pen.decimals) * bool(
            pen.decimals and pay.quota % 10**pen.decimals
        )
        value = pen.money(pay.quota) if pay.quota else None
        pen.put(row, TIER_PAY, value, "group", fmt + "_)_)", "right", "small")
        self.quota = a1(row, TIER_PAY, True, True)
        pen.room(row, NAME, PART, label, 9)
        return row + 1

    def _pair(self, row: int, label: str, value: Decimal | Formula, fmt: str) -> str:
        """A figure the table needs, over the table."""
        pen = self.pen
        pen.sheet.merge(row, NAME, row, PART, label, "cell", "", "small", "muted")
        pen.height(row)
        return pen.put(row, TIER_PAY, value, "cell", fmt, "right")

    def _year(self, row: int) -> int:
        pen, pay = self.pen, self.pay
        before = self._pair(row, pen.say("before_credited"), pen.money(pay.before_credited),
                            self.fmt)  # fmt: skip
        sum_ = Formula(f"={before}+{self.cells.credited}", pen.money(to_date(pay)))
        self.cells.base = self._pair(row + 1, pen.say("to_date"), sum_, self.fmt)
        return row + 2

    def _head(self, row: int, form: str) -> int:
        titles = [self.pen.say(f"head_{key}") for key in _TITLES[form]]
        self.pen.height(row)
        return header_row(self.sheet, row, NAME, titles, "lrrrr", self.sheet.heights[row])

    # ---- bands

    def _bands(self, row: int) -> int:
        pen, pay, base = self.pen, self.pay, self.cells.base
        first = self._head(row, "bands")
        last = first + len(pay.tiers) - 1
        self.cells.starts = span(first, START, last, START, True)
        self.cells.steps = span(first, STEP, last, STEP, True)
        parts, reached = tier_parts(pay), band_reached(pay)
        rates = [Fraction(tier.rate) for tier in pay.tiers]
        for n, tier in enumerate(pay.tiers):
            here, look = first + n, ("highlight",) if n == reached else ()
            self._start(here, tier, look)
            pen.put(here, NAME, band_name(pen, pay, n), "cell", "", "small", *look)
            pen.put(here, TIER_RATE, tier.rate, "cell", "rate", *look)
            step = Formula(f"={a1(here, TIER_RATE)}" + f"-{a1(here - 1, TIER_RATE)}" * bool(n),
                           decimal(rates[n] - (rates[n - 1] if n else 0), 12))  # fmt: skip
            pen.put(here, STEP, step, "label", "", "right")
            part = Formula(self._part(here, n, first, last, base), pen.exact(parts[n]))
            pen.put(here, PART, part, "cell", self._fine(self.fmt, parts), "right", *look)
            earned = Formula(f"={a1(here, PART)}*{a1(here, TIER_RATE)}",
                             pen.exact(parts[n] * rates[n]))  # fmt: skip
            pays = [part * rate for part, rate in zip(parts, rates, strict=True)]
            pen.put(here, TIER_PAY, earned, "cell", self._fine("pay", pays), "right", *look)
            pen.height(here)
        area, marks = span(first, TIER_PAY, last, TIER_PAY), span(first, PART, last, PART)
        if dead(pay):
            self.cells.rate = "0"
        elif pay.plan.kind == "flat":
            self.cells.rate = a1(first, TIER_RATE, True, True)
        else:  # the one rate of a table that pays everything at once: where the credit stands
            every = span(first, TIER_RATE, last, TIER_RATE, True)
            match = f"MATCH(MAX(0,{base}),{self.cells.starts},1)"
            self.cells.rate = f"IFERROR(INDEX({every},{match}),0)"
        total = sum((part * r for part, r in zip(parts, rates, strict=True)), Fraction(0))
        return self._end(last + 1, f"SUM({area})", total, rates, f"SUM({marks})", parts)

    def _start(self, row: int, tier: Tier, look: Sequence[str]) -> None:
        pen = self.pen
        fmt = self._fine(self.fmt, [tier.start])
        fmt = pen.starts if fmt == self.fmt else fmt
        extras = ("right", *look)
        if not self.by_attainment or not self.quota:
            pen.put(row, START, pen.exact(tier.start), "cell", fmt, *extras)
            return
        pen.put(row, THRESHOLD, tier.threshold, "label", "", "right")
        digits = pen.decimals + places(tier.threshold)
        live = Formula(f"=ROUND({a1(row, THRESHOLD)}*{self.quota},{digits})",
                       pen.exact(tier.start))  # fmt: skip
        pen.put(row, START, live, "cell", fmt, *extras)

    def _part(self, row: int, n: int, first: int, last: int, base: str) -> str:
        """What of `base` lies in the band."""
        if dead(self.pay):
            return "=0"
        low, high = a1(row, START), a1(row + 1, START)
        if self.pay.plan.kind == "flat":
            return f"={base}" if n == 0 else "=0"
        if self.pay.plan.kind == "whole_amount":
            inside = f"MAX(0,{base})>={low}"
            if row < last:
                inside = f"AND({inside},MAX(0,{base})<{high})"
            return f"=IF({inside},{base},0)"
        top = f"MIN({base},{high})" if row < last else base
        if n == 0 and self.pay.tiers[0].start == 0:  # net returns lie in a first band from 0
            return f"={top}"
        return f"=MAX(0,{top}-{low})"

    # ---- points

    def _points(self, row: int) -> int:
        pen, pay, base = self.pen, self.pay, self.cells.base
        target = pay.plan.target_pay_amount or 0
        goal = self._pair(row, pen.say("target_pay"), pen.money(target), "pay")
        first = self._head(row + 1, "points")
        last = first + len(pay.tiers) - 1
        heights, reached, total = point_pays(pay), band_reached(pay), curve_pay(pay)
        slopes = [
            (heights[n + 1] - heights[n]) / (pay.tiers[n + 1].start - pay.tiers[n].start)
            if n + 1 < len(heights) and not dead(pay) else Fraction(0)
            for n in range(len(heights))
        ]  # fmt: skip
        self.cells.starts = span(first, START, last, START, True)
        self.cells.steps = span(first, STEP, last, STEP, True)
        self.cells.first_pay = a1(first, PART, True, True)
        for n, tier in enumerate(pay.tiers):
            here, look = first + n, ("highlight",) if n == reached else ()
            self._start(here, tier, look)
            name = (percent(tier.threshold) if self.by_attainment
                    else pen.say("point_number", number=tier.number))  # fmt: skip
            pen.put(here, NAME, name, "cell", "", "small", *look)
            pen.put(here, TIER_RATE, tier.rate, "cell", "rate", *look)
            height = Formula(f"={a1(here, TIER_RATE)}*{goal}", pen.exact(heights[n]))
            pen.put(here, PART, height, "cell", self._fine("pay", heights), "right", *look)
            pen.put(here, STEP, self._slope(here, n, last, slopes), "label", "", "right")
            value = total if n == reached else Fraction(0)
            live = Formula(self._point(here, last, base), pen.exact(value))
            pen.put(here, TIER_PAY, live, "cell", self._fine("pay", [total]), "right", *look)
            pen.height(here)
        area = span(first, TIER_PAY, last, TIER_PAY)
        return self._end(last + 1, f"SUM({area})", total, [], "", [])

    def _slope(self, row: int, n: int, last: int, slopes: Sequence[Fraction]) -> Formula:
        """The change of slope at a point: what one more unit of credit pays from there on."""

        def rise(at: int) -> str:
            up = f"{a1(at + 1, PART)}-{a1(at, PART)}"
            return f"({up})/({a1(at + 1, START)}-{a1(at, START)})"

        value = decimal(slopes[n] - (slopes[n - 1] if n else 0), 15)
        if dead(self.pay):
            return Formula("=0", Decimal(0))
        now = rise(row) if row < last else "0"
        return Formula(f"={now}" + f"-{rise(row - 1)}" * bool(n), value)

    def _point(self, row: int, last: int, base: str) -> str:
        if dead(self.pay):
            return "=0"
        low, height = a1(row, START), a1(row, PART)
        if row == last:
            return f"=IF({base}>={low},{height},0)"
        high, after = a1(row + 1, START), a1(row + 1, PART)
        line = f"{height}+({base}-{low})/({high}-{low})*({after}-{height})"
        return f"=IF(AND({base}>={low},{base}<{high}),{line},0)"

    # ---- two measures

    def _matrix(self, row: int) -> int:
        pen, pay = self.pen, self.pay
        label = pen.say("second_value", name=_second_name(pay, self.lang))
        if pay.second_value is None:
            self._pair(row, label, Decimal(0), "pay")
            second = ""  # no cell of the table is reached
        else:
            second = self._pair(row, label, decimal(pay.second_value, 12), "rate")
        grid = Grid(pen, pay, self.cells, self.quota, second)
        row = grid.write(row + 1)
        self.cells.rate = grid.rate_cell
        base = Fraction(to_date(pay))
        total = base * grid.rate
        product = f"{self.cells.base}*{grid.rate_cell}"
        return self._end(row, product, total, [grid.rate], self.cells.base, [base])

    # ---- several versions, or a matrix too wide for the page: what came into each band

    def _several(self, row: int) -> int:
        pen, pay = self.pen, self.pay
        matrix = pay.plan.kind == "matrix"
        points = pay.plan.kind == "interpolated"
        first = self._head(row, "cells" if matrix else "points" if points else "bands")
        dated = len({tier.effective_from for tier in pay.tiers}) > 1
        for n, tier in enumerate(pay.tiers):
            here, look = first + n, ("highlight",) if tier.reached else ()
            name = pen.say("tier_number", number=tier.number)
            if dated and tier.effective_from is not None:
                name += f" · {tier.effective_from.isoformat()}"
            pen.put(here, NAME, name, "cell", "", "small", *look)
            if matrix:
                second = percent(tier.second_threshold or Fraction(0))
                both = f"{self._bound(tier.threshold)} · ≥{second}"
                pen.put(here, START, both, "cell", "", "right", "small", *look)
            else:
                pen.put(here, START, pen.exact(tier.start), "cell", pen.starts, "right", *look)
            pen.put(here, TIER_RATE, tier.rate, "cell", "rate", *look)
            part = pen.exact(tier.amount)
            pen.put(here, PART, part, "cell", self._fine(self.fmt, [tier.amount]), "right", *look)
            value: Decimal | Formula = pen.exact(tier.pay)
            if tier.pay == tier.amount * Fraction(tier.rate):
                value = Formula(f"={a1(here, PART)}*{a1(here, TIER_RATE)}", pen.exact(tier.pay))
            pen.put(here, TIER_PAY, value, "cell", self._fine("pay", [tier.pay]), "right", *look)
            pen.height(here)
        last = first + len(pay.tiers) - 1
        parts = [tier.amount for tier in pay.tiers]
        total = sum((tier.pay for tier in pay.tiers), Fraction(0))
        marks = span(first, PART, last, PART)
        pays = f"SUM({span(first, TIER_PAY, last, TIER_PAY)})"
        rates = [] if points else [Fraction(tier.rate) for tier in pay.tiers]
        return self._end(last + 1, pays, total, rates, "" if points else f"SUM({marks})", parts)

    def _bound(self, threshold: Decimal) -> str:
        return f"≥{percent(threshold) if self.by_attainment else f'{threshold:,f}'}"

    # ---- what stands below a table

    def _end(
        self, row: int, pays: str, table: Fraction, rates: Sequence[Fraction],
        sum_parts: str = "", parts: Sequence[Fraction] = (),
    ) -> int:  # fmt: skip
        """Limits, the year before, and the plan's pay; `pays` adds up what the table pays."""
        pen, pay, plan = self.pen, self.pay, self.pay.plan
        expression = self._rounded(pays, table, rates)
        refs: list[str] = []
        rests = self._rests(table)
        if rests:
            key = "table_year" if plan.period == "ytd" and tells_all(pay) else "table_total"
            pen.sheet.merge(row, NAME, row, PART, pen.say(key), "subtotal")
            live = Formula(f"={expression}", pen.money(rounded(table)))
            refs.append(pen.put(row, TIER_PAY, live, "subtotal", "pay"))
            pen.height(row)
            for label, minor, is_limit in rests:
                row += 1
                value: Decimal | Formula = pen.money(minor)
                if is_limit:
                    value = Formula(self._limit(refs), pen.money(minor))
                refs.append(self._pair(row, label, value, "pay"))
            row += 1
            expression = "+".join(refs)
        earned = rounded(table) + sum(minor for _, minor, _ in rests)
        label = pen.say("plan_total") if refs else pen.say("total")
        pen.put(row, NAME, label, "total")
        for col in (START, TIER_RATE, PART):
            pen.put(row, col, None, "total")
        if sum_parts:
            whole = sum(parts, Fraction(0))
            fmt = self._fine(self.fmt, [whole])
            pen.put(row, PART, Formula(f"={sum_parts}", pen.exact(whole)), "total", fmt, "right")
        self.cells.earned_minor = earned
        self.cells.earned = pen.total(row, TIER_PAY, expression, earned)
        pen.height(row)
        return row + 1

    def _rounded(self, pays: str, table: Fraction, rates: Sequence[Fraction]) -> str:
        """Half a hair is added so that a tie in cents is one in doubles too."""
        pen = self.pen
        if not pays:
            return "0"
        fine = pen.decimals + max((places(decimal(rate, 12)) for rate in rates), default=9)
        if self.by_attainment:
            fine += max(places(tier.threshold) for tier in self.pay.tiers)
        little = hair(fine, pen.decimals)
        sign = f"IF({pays}<0,-{little},{little})"
        return f"ROUND({pays}+{sign},{pen.decimals})"

    def _rests(self, table: Fraction) -> list[tuple[str, int, bool]]:
        """What stands between the table and the plan's pay: label, minor units, live or not."""
        pen, pay, plan = self.pen, self.pay, self.pay.plan
        out: list[tuple[str, int, bool]] = []
        cap_a_line = pen.say("line_cap", cap=pen.shown(plan.line_cap_amount or 0))
        if not tells_all(pay):
            out = [(pen.say(f"change_{c.cause}"), c.amount, False) for c in pay.changes]
            rest = pay.earned - rounded(table) - sum(change.amount for change in pay.changes)
            if rest and plan.line_cap_amount is not None:
                out.insert(0, (cap_a_line, rest, False))
            elif abs(rest) == 1 and plan.period == "ytd":
                out.insert(0, (pen.say("rounding"), rest, False))
            return out
        chain = chain_of(pay, table)
        if chain.cut:
            out.append((cap_a_line, chain.cut, False))
        if chain.limit:
            key, limit = ("cap", plan.cap_amount)
            if chain.limit > 0:
                key, limit = ("floor", plan.floor_amount)
            out.append((pen.say(key, amount=pen.shown(limit or 0)), chain.limit, True))
        if plan.period == "ytd":
            out.append((pen.say("before_earned"), -chain.before, False))
        return out

    def _limit(self, refs: Sequence[str]) -> str:
        """What cap and guarantee change of the sum so far."""
        pen, plan = self.pen, self.pay.plan
        so_far = f"({'+'.join(refs)})"
        held = so_far
        if plan.floor_amount is not None:
            held = f"MAX({pen.money(plan.floor_amount)},{held})"
        if plan.cap_amount is not None:
            held = f"MIN({pen.money(plan.cap_amount)},{held})"
        return f"={held}-{so_far}"

    def _fine(self, fmt: str, figures: Sequence[Fraction]) -> str:
        """The format, with up to two decimals more where a figure is not in whole cents."""
        unit = 1 if fmt == "pay" else 10**self.pen.decimals
        if all((figure / unit).denominator == 1 for figure in figures):
            return fmt
        if fmt != "pay" and all(figure.denominator == 1 for figure in figures):
            return "pay"
        digits = "#,##0." + "0" * self.pen.decimals + "##"
        return f'{digits}_)_);-{digits}_)_);"–"_)_)'


def _second_name(pay: PlanPay, lang: str) -> str:
    names = SECOND_MEASURES.get(pay.plan.second_measure)
    return names[0 if lang == "zh" else 1] if names else ""
