"""What a statement adds to commission: overrides, SPIFFs, bonuses, clawbacks, adjustments.

Each with its day and its reason in words and figures. Nothing names another payee: a team's
credit is told as one sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from salesxl.core.number import half_up
from salesxl.ledger.pay.explain import sentence
from salesxl.ledger.pay.results import ClawbackPay, OverridePay, SpiffPay
from salesxl.plan.model import BASES
from salesxl.sheets.content import Formula, Value, span
from salesxl.sheets.page import fill, header_row, section
from salesxl.sheets.statement_pen import (
    CUSTOMER,
    DAY,
    KEY,
    ORDER,
    PAY,
    RATE,
    Pen,
    hair,
    percent,
    places,
)

_MOST_ORDERS = 4


@dataclass(frozen=True)
class Extra:
    """One row: what it is, when, why, how much (minor units), and the formula if it has one."""

    key: str  # stable, for objections
    name: str
    day: date | None
    reason: str
    amount: int
    formula: str = ""


def extras_of(pen: Pen) -> list[Extra]:
    """All rows, in the order money moves: earned first, then what is taken back."""
    s = pen.statement
    out = [_override(pen, number, item) for number, item in enumerate(s.overrides, 1)]
    out += [_spiff(pen, item) for item in s.spiffs]
    for bonus in s.bonuses:
        reason = sentence(bonus.reason, pen.lang, pen.decimals)
        out.append(Extra(bonus.id, bonus.name, bonus.day, reason, bonus.pay))
    out += [_clawback(pen, item) for item in s.clawbacks]
    for number, item in enumerate(s.adjustments, 1):
        reason = item.reason
        if item.old is not None and item.new is not None:
            reason = pen.say("corrected", reason=reason, old=pen.shown(item.old),
                             new=pen.shown(item.new))  # fmt: skip
        out.append(Extra(f"ADJ-{number}", pen.say("adjustment"), item.day, reason, item.amount))
    return out


def _override(pen: Pen, number: int, item: OverridePay) -> Extra:
    base = BASES[item.base][0 if pen.lang == "zh" else 1]
    reason = pen.say("override_reason", people=len(item.members), base=base,
                     credited=pen.shown(item.credited), rate=percent(item.rate))  # fmt: skip
    formula = ""
    rate = Fraction(item.rate)
    product = rate * item.credited
    if half_up(product.numerator, product.denominator) == item.pay:
        sign = "-" if item.credited < 0 else "+"
        little = sign + hair(pen.decimals + places(item.rate), pen.decimals)
        formula = f"=ROUND({pen.money(item.credited)}*{item.rate:f}{little},{pen.decimals})"
    return Extra(f"OVR-{number}", pen.say("override"), item.last_day, reason, item.pay, formula)


def _spiff(pen: Pen, item: SpiffPay) -> Extra:
    shown = [f"{order or '–'} {pen.shown(pay)}" for _, _, _, order, pay in item.lines]
    words = pen.names(shown[:_MOST_ORDERS])
    if len(shown) > _MOST_ORDERS:
        words += pen.say("and_others", number=len(shown) - _MOST_ORDERS)
    day = max((line[2] for line in item.lines), default=None)
    reason = pen.say("spiff_reason", count=len(shown), orders=words)
    return Extra(item.id, item.name, day, reason, item.pay)


def _clawback(pen: Pen, item: ClawbackPay) -> Extra:
    reason = pen.say(
        "clawback_reason", order=item.order or "–", customer=item.customer or "–",
        sale_day=item.sale_day.isoformat(), months=item.age_months, paid=pen.shown(item.paid),
        share=percent(item.returned_share),
    )  # fmt: skip
    key = f"{item.order} #{item.row}".strip()
    return Extra(key, pen.say("clawback"), item.day, reason, item.pay)


def write_extras(pen: Pen, row: int) -> tuple[int, str]:
    """Section three from `row`; returns the next free row and the total's address."""
    sheet, items = pen.sheet, extras_of(pen)
    section(sheet, row, ORDER, PAY, pen.say("extras"))
    head = row + 1
    fill(sheet, head, ORDER, PAY, "header")
    header_row(sheet, head, ORDER, [pen.say(f"head_{k}") for k in ("item", "day_of", "reason")],
               "lcl")  # fmt: skip
    sheet.put(head, PAY, pen.say("head_amount"), "header", "", "right")
    row = head + 1
    first = row
    for number, item in enumerate(items):
        look = ("banded",) if number % 2 else ()
        fill(sheet, row, ORDER, PAY, "cell", *look)
        pen.put(row, ORDER, item.name, "cell", "", *look, "wrap")
        pen.put(row, DAY, item.day, "cell", "date", *look)
        sheet.merge(row, CUSTOMER, row, RATE, item.reason, "cell", "", *look, "wrap")
        amount: Value = pen.money(item.amount)
        if item.formula:
            amount = Formula(item.formula, pen.money(item.amount))
        pen.put(row, PAY, amount, "cell", "pay", *look)
        pen.put(row, KEY, item.key, "label", "text")
        pen.room(row, CUSTOMER, RATE, item.reason)
        pen.room(row, ORDER, ORDER, item.name)
        row += 1
    if not items:
        sheet.merge(row, ORDER, row, PAY, pen.say("no_extras"), "panel")
        pen.height(row)
        row += 1
    fill(sheet, row, ORDER, PAY, "total")
    pen.put(row, ORDER, pen.say("total"), "total")
    area = f"SUM({span(first, PAY, row - 1, PAY)})" if items else "0"
    total = pen.total(row, PAY, area, sum(item.amount for item in items))
    pen.height(row, 20)
    return row + 1, total
