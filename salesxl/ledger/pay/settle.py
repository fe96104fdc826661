"""When earnings are paid: clawbacks, holdbacks and draws, month by month.

A clawback is for the return of a sale that an earlier pay period paid, under a plan that has a
clawback rule; the return is then no line of its own period. Other returns lower the credit of
the period they come in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from salesxl.core.clawback import clawback_share
from salesxl.core.day import add_months
from salesxl.core.draw import settle
from salesxl.core.number import half_up
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.crediting import Credits, LineData
from salesxl.ledger.pay.earn import Earnings
from salesxl.ledger.pay.groups import Grouped, month_numbers
from salesxl.ledger.pay.periods import first_day, fiscal_start, last_day, month_of, span
from salesxl.ledger.pay.results import ClawbackPay, DrawMonth, HoldbackPay
from salesxl.ledger.pay.terms import Terms, day_of
from salesxl.plan.model import Clawback, Draw, Plan

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_NO_LIMIT = Fraction(10**9)  # months


def clawed_back(plan: Plan, terms: Terms, rows: Credits, data: LineData, version: Codes) -> Flags:
    """Rows that return a sale of an earlier pay period under a plan with a clawback rule."""
    out = np.zeros(len(rows), np.bool_)
    ruled = {row.plan for row in plan.clawbacks}
    if not ruled:
        return out
    first_month = plan.settings.fiscal_year_first_month
    back = np.flatnonzero((rows.sale >= 0) & (version >= 0))
    month = month_numbers(rows.day[back])
    sold = month_numbers(data.day[rows.sale[back]])
    for n, now, then in zip(back.tolist(), month.tolist(), sold.tolist(), strict=True):
        row = terms.versions[int(version[n])].plan
        if row.id not in ruled:
            continue
        if row.period == "ytd":
            out[n] = fiscal_start(then, first_month) != fiscal_start(now, first_month)
        else:
            out[n] = span(row.period, then, first_month) != span(row.period, now, first_month)
    return out


@dataclass(frozen=True)
class _Sold:
    """What a payee was credited with and earned on one sale (order and product)."""

    amount: int
    paid: int


def clawbacks(
    plan: Plan,
    terms: Terms,
    ledger: Ledger,
    rows: Credits,
    data: LineData,
    version: Codes,
    flags: Flags,
    grouped: Grouped,
    earnings: Earnings,
) -> dict[tuple[str, int], list[ClawbackPay]]:
    """(person, month) → what is taken back; several returns of one sale never take more than
    it earned."""
    out: dict[tuple[str, int], list[ClawbackPay]] = {}
    found = np.flatnonzero(flags)
    if not len(found):
        return out
    rule = {row.plan: row for row in plan.clawbacks}
    found = found[np.lexsort((rows.line[found], rows.day[found]))]
    sold = _sold(rows, data, found, grouped, earnings)
    taken: dict[tuple[int, int, int, int], int] = {}
    returned: dict[tuple[int, int, int, int], int] = {}
    frame = ledger.frame
    for n in found.tolist():
        line, sale = int(rows.line[n]), int(rows.sale[n])
        key = _key(rows, data, n, sale)
        sales = sold.get(key, _Sold(0, 0))
        amount = int(rows.money["amount"][n])
        before = returned.get(key, 0)
        part = Fraction(0)
        if sales.amount > 0:
            part = Fraction(min(-amount, max(sales.amount - before, 0)), sales.amount)
        returned[key] = before - amount
        name = terms.versions[int(version[n])].plan.id
        age = whole_months(day_of(int(data.day[sale])), day_of(int(rows.day[n])))
        pay = _taken(rule[name], sales.paid, age, part, taken.get(key, 0))
        taken[key] = taken.get(key, 0) + pay
        person = plan.people[int(rows.payee[n])].id
        day = day_of(int(rows.day[n]))
        out.setdefault((person, month_of(day)), []).append(
            ClawbackPay(
                plan=name,
                row=int(frame["row"].iloc[line]),
                source=str(frame["source"].iloc[line]),
                day=day,
                order=str(frame["order_id"].iloc[line]),
                customer=str(frame["customer"].iloc[line]),
                amount=amount,
                sale_day=day_of(int(data.day[sale])),
                age_months=age,
                paid=sales.paid,
                returned_share=part,
                pay=-pay,
            )
        )
    return out


def _key(rows: Credits, data: LineData, n: int, sale: int) -> tuple[int, int, int, int]:
    return int(data.order[sale]), int(data.product[sale]), int(rows.payee[n]), int(rows.kind[n])


def _sold(
    rows: Credits, data: LineData, returns: Codes, grouped: Grouped, earnings: Earnings
) -> dict[tuple[int, int, int, int], _Sold]:
    """Amount and pay of each sale that comes back, after the cap of its period."""
    orders = np.unique(data.order[rows.sale[returns]])
    lines = rows.line[grouped.rows]
    places = np.flatnonzero(np.isin(data.order[lines], orders) & ~data.back[lines])
    begins = np.array([group.begin for group in grouped.groups], np.int64)
    group_of = np.searchsorted(begins, places, side="right") - 1
    out: dict[tuple[int, int, int, int], _Sold] = {}
    for place, group in zip(places.tolist(), group_of.tolist(), strict=True):
        n = int(grouped.rows[place])
        # Empty groups share their begin with the next one; the last of them holds the row.
        result = earnings.groups[group]
        pay = int(earnings.pay[place])
        if 0 <= result.earned < result.lines_pay:
            pay = pay * result.earned // result.lines_pay
        key = _key(rows, data, n, int(rows.line[n]))
        known = out.get(key, _Sold(0, 0))
        amount = int(rows.money["amount"][n])
        out[key] = _Sold(known.amount + amount, known.paid + max(pay, 0))
    return out


def _taken(rule: Clawback, paid: int, age: int, part: Fraction, before: int) -> int:
    limit = _NO_LIMIT if rule.age_months is None else Fraction(rule.age_months)
    # Without an age limit there is no time to share the pay out over: the part returned decides.
    by_time = rule.mode == "pro_rata" and rule.age_months is not None
    share = part * clawback_share(Fraction(age), limit, "prorata" if by_time else "full")
    wanted = half_up(paid * share.numerator, share.denominator)
    return max(min(wanted, paid - before), 0)


def whole_months(first: date, last: date) -> int:
    """How many months have passed from one day to another; 0 if it is not later."""
    months = (last.year - first.year) * 12 + last.month - first.month
    while months > 0 and add_months(first, months) > last:
        months -= 1
    return max(months, 0)


def holdbacks(
    plan: Plan, earned: Mapping[tuple[str, int], Mapping[str, int]]
) -> tuple[dict[tuple[str, int], list[HoldbackPay]], dict[tuple[str, int], list[HoldbackPay]]]:
    """(held, released) by person and month, from commission by person, month and plan."""
    held: dict[tuple[str, int], list[HoldbackPay]] = {}
    released: dict[tuple[str, int], list[HoldbackPay]] = {}
    for (person, month), by_plan in sorted(earned.items()):
        for name, amount in by_plan.items():
            for row in plan.holdbacks:
                day = last_day(month)
                if row.plan != name or row.from_date > day or (row.to_date and row.to_date < day):
                    continue
                share = Fraction(row.holdback_share)
                kept = half_up(amount * share.numerator, share.denominator)
                later = month + row.release_months
                if kept:
                    item = HoldbackPay(
                        name, row.holdback_share, first_day(month), first_day(later), kept
                    )
                    held.setdefault((person, month), []).append(item)
                    released.setdefault((person, later), []).append(item)
                break
    return held, released


def draws(rows: Sequence[Draw], net: Mapping[int, int], first: int, last: int) -> list[DrawMonth]:
    """One person's draws settled over months `first` … `last`; `net`: payable without draws.

    A balance that is still owed when the draw has ended is recovered from what is earned then.
    """
    out: list[DrawMonth] = []
    balance, begun = 0, set[int]()
    ordered = sorted(rows, key=lambda row: row.from_date)
    recoverable = False
    for month in range(first, last + 1):
        current = None
        for n, row in enumerate(ordered):
            if row.from_date <= last_day(month):
                if n not in begun:
                    begun.add(n)
                    balance += row.opening_amount
                if row.to_date is None or row.to_date >= first_day(month):
                    current = row
        if current is None and balance == 0:
            continue
        draw = current.draw_amount if current else 0
        recoverable = current.recoverable == "yes" if current else True
        earned = net.get(month, 0)
        if current is None and earned < 0:
            drawn, recovered = 0, 0  # nothing is advanced after the draw has ended
        else:
            drawn, recovered, balance = settle(earned, draw, balance, recoverable, True)
        payable = earned + drawn - recovered
        out.append(
            DrawMonth(
                first_day(month), draw, recoverable, earned, drawn, recovered, payable, balance
            )
        )
    return out
