"""The left block of a statement: every credited line and what it earns.

Running credit, effective rate and pay are live. A line's pay is what the table pays on the
running credit less what it pays on the credit before; whole minor units go to the largest
remainders, so the column adds up to the period's pay. Where doubles could not repeat that to
the last unit, figures stand instead. More lines than a page carries go to a sheet of their
own, as a table to filter; the statement then sums them up by customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from salesxl.ledger.pay.results import Change, CreditedLine, PlanPay
from salesxl.sheets.content import Formula, Value, a1, span
from salesxl.sheets.page import fill, header_row, section
from salesxl.sheets.statement_pen import (
    BAND,
    BASE,
    CREDITED,
    CUSTOMER,
    DAY,
    DIGITS,
    EXACT,
    FINE,
    KEY,
    ORDER,
    PAY,
    RATE,
    REST,
    RUNNING,
    SHARE,
    Pen,
    PlanCells,
    decimal,
    is_single,
    item_keys,
    plan_days,
    rounded,
)

TITLES = ("order", "day", "customer", "base", "share", "credited", "running", "band", "rate", "pay")
ALIGNS = "lclrcrrcrr"
_LEAST_FINE = 3  # decimals of a minor unit, without which figures stand instead of formulas


@dataclass(frozen=True)
class Layout:
    """Rows of one plan's part of the list, from 0; -1 where there is none."""

    group: int
    carry: int
    first: int
    changes: int
    end: int  # the next free row


class Lines:
    """The credited lines, one a row, plan by plan."""

    def __init__(self, pen: Pen) -> None:
        self.pen, self.sheet = pen, pen.sheet
        self.plans = pen.statement.plans
        self.many = len(self.plans) > 1
        self.total_row = -1
        self.layouts: list[Layout] = []
        self.keys = item_keys(pen.statement.lines)
        self.sums = [_plan_sum(pay) for pay in self.plans]

    def lay_out(self, row: int) -> int:
        """Decide the rows and tell the plans' cells; returns the next free row."""
        row += 2  # section and header
        for pay in self.plans:
            group, carry = (row if self.many else -1), -1
            row += self.many
            if pay.plan.period == "ytd":
                carry, row = row, row + 1
            first = row
            row += len(pay.lines)
            changes, row = row, row + len(pay.changes)
            self.layouts.append(Layout(group, carry, first, changes, row))
        if not any(pay.lines for pay in self.plans):
            row += 1  # says that there are none
        self.total_row = row
        for layout in self.layouts:
            at = layout.group if self.many else row
            cells = PlanCells(credited=a1(at, CREDITED), lines_pay=a1(at, PAY))
            self.pen.cells.append(cells)
        return row + 1

    def write(self, row: int) -> None:
        """The list; the tiers stand already."""
        pen = self.pen
        section(self.sheet, row, ORDER, PAY, pen.say("lines"))
        titles = [pen.say(f"head_{key}") for key in TITLES]
        header_row(self.sheet, row + 1, ORDER, titles, ALIGNS, 20)
        number = 0
        for pay, layout, cells in zip(self.plans, self.layouts, pen.cells, strict=True):
            if layout.group >= 0:
                self._group(pay, layout)
            if layout.carry >= 0:
                self._carry(pay, layout.carry)
            _Pays(pen, pay, layout, cells).write(number, self.keys)
            number += len(pay.lines)
            for offset, change in enumerate(pay.changes):
                self._change(layout.changes + offset, change, pay)
        if not number:
            empty = self.total_row - 1
            self.sheet.merge(empty, ORDER, empty, PAY, pen.say("no_lines"), "panel")
            pen.height(empty)
        self._total(number)

    def _group(self, pay: PlanPay, layout: Layout) -> None:
        pen, row = self.pen, layout.group
        label = f"{pay.plan.name} · {plan_days(pay)}"
        fill(self.sheet, row, ORDER, PAY, "group")
        self.sheet.merge(row, ORDER, row, SHARE, label, "group")
        first, last = layout.first, layout.end - 1
        for col, minor, fmt in ((CREDITED, pay.credited, pen.sums), (PAY, _plan_sum(pay), "pay")):
            area = f"SUM({span(first, col, last, col)})" if last >= first else "0"
            pen.total(row, col, area, minor, fmt, "group")
        pen.height(row)

    def _carry(self, pay: PlanPay, row: int) -> None:
        """What the year had before: where running credit starts."""
        pen = self.pen
        fill(self.sheet, row, ORDER, PAY, "cell")
        self.sheet.merge(row, ORDER, row, SHARE, pen.say("carried"), "cell", "", "muted")
        pen.put(row, RUNNING, pen.money(pay.before_credited), "cell", pen.sums, "muted")
        pen.height(row)

    def _change(self, row: int, change: Change, pay: PlanPay) -> None:
        pen = self.pen
        fill(self.sheet, row, ORDER, PAY, "cell")
        label = pen.say(f"change_{change.cause}")
        self.sheet.merge(row, ORDER, row, RATE, label, "cell", "", "muted")
        pen.put(row, PAY, pen.money(change.amount), "cell", "pay")
        pen.height(row)

    def _total(self, count: int) -> None:
        pen, row = self.pen, self.total_row
        fill(self.sheet, row, ORDER, PAY, "total")
        pen.put(row, ORDER, pen.say("total"), "total")
        pen.put(row, DAY, pen.say("count", number=count), "total", "", "center", "plain", "muted")
        credited, earned = pen.statement.credited, sum(self.sums)
        for col, minor, fmt in ((CREDITED, credited, pen.sums), (PAY, earned, "pay")):
            if self.many:
                sums = "+".join(a1(layout.group, col) for layout in self.layouts)
            else:
                rows = [n for lay in self.layouts for n in range(lay.first, lay.end)]
                sums = f"SUM({span(rows[0], col, rows[-1], col)})" if rows else "0"
            pen.total(row, col, sums, minor, fmt)
        rate_cell(pen, row, credited, earned, "total", "plain", "muted")
        pen.height(row, 22)


def _plan_sum(pay: PlanPay) -> int:
    """What the list adds up to: lines, and what changes their pay."""
    return sum(line.pay for line in pay.lines) + sum(change.amount for change in pay.changes)


def rate_cell(pen: Pen, row: int, credited: int, pay: int, style: str, *extras: str) -> None:
    """pay / credited of the row."""
    value = decimal(Fraction(pay, credited), 12) if credited else Decimal(0)
    live = f"=IF({a1(row, CREDITED)}=0,0,{a1(row, PAY)}/{a1(row, CREDITED)})"
    pen.put(row, RATE, Formula(live, value), style, "rate", *extras)


def customer_of(pen: Pen, line: CreditedLine) -> str:
    """Who bought; marked where the line is a return or a helper's credit."""
    name = line.customer or line.product or line.product_line
    if line.kind == "overlay":
        name = pen.say("overlay", name=name)
    return pen.say("returned", name=name) if line.returned_order or line.amount < 0 else name


def band_of(pen: Pen, line: CreditedLine, pay: PlanPay) -> str:
    """ "2", or "1 → 2" where the line crosses into another band."""
    if pay.plan.kind == "flat" or not pay.tiers:
        return "–"
    if line.band_from == line.band or pay.plan.kind not in ("marginal", "interpolated"):
        return pen.say("band", number=line.band) if line.band else "–"
    return pen.say("bands", first=line.band_from or "–", last=line.band or "–")


class _Pays:
    """One plan's lines, with formulas where they find our figures to the last unit."""

    def __init__(self, pen: Pen, pay: PlanPay, layout: Layout, cells: PlanCells) -> None:
        self.pen, self.pay, self.layout, self.cells = pen, pay, layout, cells
        self.exact = self._exact()
        self.fine = min(FINE, DIGITS - len(str(self._reach())))
        self.live = bool(self.exact) and self._repeats()

    # ---- the rule, line by line

    def _exact(self) -> list[Fraction]:
        """Unrounded pay of each line in minor units; [] where a formula cannot follow."""
        pay = self.pay
        if not is_single(pay) or pay.plan.line_cap_amount is not None or not pay.tiers:
            return []
        if pay.plan.kind in ("marginal", "interpolated"):
            if not self.cells.steps:
                return []
            return [
                self._curve(line.running) - self._curve(line.running - line.credited)
                for line in pay.lines
            ]
        if not self.cells.rate:
            return []
        reached = [tier for tier in pay.tiers if tier.reached]
        rate = Fraction(reached[0].rate) if reached else Fraction(0)
        return [line.credited * rate for line in pay.lines]

    def _reach(self) -> int:
        """No step of the sheet's sums is larger, in minor units."""
        steps, before = Fraction(0), Fraction(0)
        tiers = self.pay.tiers
        for n, tier in enumerate(tiers):
            slope = Fraction(tier.rate)
            if self.pay.plan.kind == "interpolated":
                slope = Fraction(0)
                if n + 1 < len(tiers) and tiers[n + 1].start > tier.start:
                    rise = Fraction(tiers[n + 1].rate - tier.rate)
                    target = self.pay.plan.target_pay_amount or 0
                    slope = rise * target / (tiers[n + 1].start - tier.start)
            steps += abs(slope - before)
            before = slope
        most = max((abs(line.running) + abs(line.credited) for line in self.pay.lines), default=0)
        return int(most * max(steps, Fraction(1)))

    def _curve(self, running: int) -> Fraction:
        """What the table pays on a running credit: the sum the formula makes."""
        tiers, pay = self.pay.tiers, self.pay
        if pay.plan.measure == "attainment" and pay.quota <= 0:
            return Fraction(0)
        if pay.plan.kind == "marginal":
            total, before = Fraction(0), Fraction(0)
            for tier in tiers:
                total += max(running - tier.start, Fraction(0)) * (Fraction(tier.rate) - before)
                before = Fraction(tier.rate)
            if running < 0 and tiers[0].start == 0:
                total += running * Fraction(tiers[0].rate)
            return total
        target = pay.plan.target_pay_amount or 0
        if running < tiers[0].start:
            return Fraction(0)
        for here, after in pairwise(tiers):
            if running < after.start:
                part = (running - here.start) / (after.start - here.start)
                return target * (Fraction(here.rate) + part * Fraction(after.rate - here.rate))
        return target * Fraction(tiers[-1].rate)

    def _repeats(self) -> bool:
        """Whether largest remainders of what the sheet sees give the very same pays."""
        lines = self.pay.lines
        if self.fine < _LEAST_FINE:
            return False
        seen = [self._seen(value) for value in self.exact]
        floors = [value.numerator // value.denominator for value in seen]
        rests = [value - floor for value, floor in zip(seen, floors, strict=True)]
        missing = self.pay.lines_pay - sum(floors)
        order = sorted(range(len(seen)), key=lambda n: (-rests[n], n))
        for n in order[: max(missing, 0)]:
            floors[n] += 1
        return floors == [line.pay for line in lines]

    # ---- cells

    def write(self, number: int, keys: list[str]) -> None:
        """`number` lines stand before these."""
        pen, first = self.pen, self.layout.first
        for offset, line in enumerate(self.pay.lines):
            row = first + offset
            look = ("banded",) if (number + offset) % 2 else ()
            self._line(row, offset, line, look)
            pen.put(row, KEY, keys[number + offset], "label", "text")
        if self.live:
            self._missing()

    def _line(self, row: int, offset: int, line: CreditedLine, look: tuple[str, ...]) -> None:
        pen = self.pen
        customer = customer_of(pen, line)
        pen.put(row, ORDER, line.order or "–", "cell", "text", *look, "left", "wrap")
        pen.put(row, DAY, line.day, "cell", "date", *look)
        pen.put(row, CUSTOMER, customer, "cell", "", *look, "wrap")
        pen.put(row, BASE, pen.money(line.base_amount), "cell", pen.sums, *look)
        share = decimal(line.share, 12)
        whole = (line.share * 100).denominator == 1
        pen.put(row, SHARE, share, "cell", "0%" if whole else "0.0#%", *look, "center")
        pen.put(row, CREDITED, self._credited(row, line, share), "cell", pen.sums, *look)
        pen.put(row, RUNNING, self._running(row, offset, line), "cell", pen.sums, *look, "muted")
        pen.put(row, BAND, band_of(pen, line, self.pay), "cell", "", *look, "center", "small")
        pen.put(row, PAY, self._pay(row, offset, line), "cell", "pay", *look)
        rate_cell(pen, row, line.credited, line.pay, "cell", *look, "muted")
        pen.room(row, CUSTOMER, CUSTOMER, customer)
        pen.room(row, ORDER, ORDER, line.order)

    def _credited(self, row: int, line: CreditedLine, share: Decimal) -> Value:
        """Live where the share of this line, rounded by itself, is the share of the split."""
        amount = self.pen.money(line.credited)
        if rounded(line.base_amount * Fraction(share)) != line.credited:
            return amount
        if line.share == 1:
            return Formula(f"={a1(row, BASE)}", amount)
        product = f"{a1(row, BASE)}*{a1(row, SHARE)}"
        return Formula(f"=ROUND({product},{self.pen.decimals})", amount)

    def _running(self, row: int, offset: int, line: CreditedLine) -> Value:
        pen, here = self.pen, a1(row, CREDITED)
        value = pen.money(line.running)
        if offset:
            return Formula(f"=ROUND({a1(row - 1, RUNNING)}+{here},{pen.decimals})", value)
        if self.layout.carry >= 0:
            before = a1(self.layout.carry, RUNNING)
            return Formula(f"=ROUND({before}+{here},{pen.decimals})", value)
        return Formula(f"={here}", value)

    def _pay(self, row: int, offset: int, line: CreditedLine) -> Value:
        pen, value = self.pen, self.pen.money(line.pay)
        if not self.live:
            return value
        first = self.layout.first
        last = first + len(self.pay.lines) - 1
        exact = self.exact[offset]
        unit = 10**pen.decimals
        formula = f"=ROUND(({self._paid(row)})*{unit},{self.fine})"
        seen = self._seen(exact)
        here = pen.put(row, EXACT, Formula(formula, decimal(seen, FINE)), "label", "", "right")
        left = decimal(seen - seen.numerator // seen.denominator, FINE)
        rest = Formula(f"=ROUND({here}-INT({here}),{self.fine})", left)
        rest_here = pen.put(row, REST, rest, "label", "", "right")
        area = span(first, REST, last, REST, True)
        above = f"{a1(first, REST, True, True)}:{rest_here}"
        rank = f"SUMPRODUCT(({area}>{rest_here})*1)+SUMPRODUCT(({above}={rest_here})*1)"
        missing = a1(last + 1, REST, True, True)
        return Formula(f"=(INT({here})+({rank}<={missing}))/{unit}", value)

    def _paid(self, row: int) -> str:
        """Unrounded pay of the line, in major units."""
        kind, running, credited = self.pay.plan.kind, a1(row, RUNNING), a1(row, CREDITED)
        if kind not in ("marginal", "interpolated"):
            return f"{credited}*{self.cells.rate}"
        if self.pay.plan.measure == "attainment" and self.pay.quota <= 0:
            return "0"
        before = f"({running}-{credited})"
        return f"{self._table(running)}-({self._table(before)})"

    def _table(self, at: str) -> str:
        starts, steps = self.cells.starts, self.cells.steps
        over = f"{at}-{starts}"
        body = f"SUMPRODUCT(({over}>0)*({over})*{steps})"
        first = starts.partition(":")[0]
        if self.pay.plan.kind == "interpolated":
            return f"{body}+(ROUND({at},{self.pen.decimals})>={first})*{self.cells.first_pay}"
        if self.pay.tiers[0].start == 0:
            return f"{body}+MIN({at},0)*{steps.partition(':')[0]}"
        return body

    def _missing(self) -> None:
        """How many lines get one minor unit more."""
        pen, first = self.pen, self.layout.first
        last = first + len(self.pay.lines) - 1
        floors = sum(v.numerator // v.denominator for v in map(self._seen, self.exact))
        value = self.pay.lines_pay - floors
        area = span(first, EXACT, last, EXACT)
        whole = f"{self.pay.lines_pay}"
        if rounded(sum(self.exact, Fraction(0))) == self.pay.lines_pay:
            sums = f"SUM({area})"
            whole = f"ROUND({sums}+IF({sums}<0,-0.00005,0.00005),0)"
        rests = span(first, REST, last, REST)
        live = Formula(f"={whole}-ROUND(SUM({area})-SUM({rests}),0)", Decimal(value))
        pen.put(last + 1, REST, live, "label", "", "right")

    def _seen(self, value: Fraction) -> Fraction:
        """Unrounded pay as the sheet keeps it."""
        return Fraction(decimal(value, self.fine))
