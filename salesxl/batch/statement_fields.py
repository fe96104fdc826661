"""What a pay run can tell a workbook of somebody's own: one payee's figures by name, and lists.

>>> fields = statement_fields(run.statements[0], run, book)
>>> fields.cells["statement_payable"], fields.lists["statement_lines"].column("order")

Money is in major units; every name begins with ``statement_``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from salesxl.ledger.pay.results import PayRun, Statement
from salesxl.ooxml.pour.fields import Fields, ListField, fields_of
from salesxl.sheets.content import Book, Scalar, Sheet
from salesxl.sheets.statement_extras import extras_of
from salesxl.sheets.statement_lines import band_of
from salesxl.sheets.statement_pen import Pen, decimal
from salesxl.sheets.statement_settlement import how_lines
from salesxl.sheets.statement_table import band_name
from salesxl.texts import text

_LINES = ("order", "day", "customer", "product", "base", "share", "credited", "running", "band",
          "rate", "pay", "source", "row")  # fmt: skip
_EXTRAS = ("item", "day_of", "reason", "amount")
_TIERS = ("tier", "start", "tier_rate", "in_band", "tier_pay")


def statement_fields(statement: Statement, run: PayRun, book: Book) -> Fields:
    """The fields of one payee's statement, with those of its workbook `book`."""
    pen = Pen(Sheet("statement", ""), book, statement, run, book.lang)
    told = _cells(pen)
    own = fields_of(book, told)
    places = {**own.places, **{name: text(f"statement_fields.{name}", book.lang) for name in told}}
    lists = {
        "statement_lines": ListField(_titles(pen, _LINES), _lines(pen)),
        "statement_extras": ListField(_titles(pen, _EXTRAS), _extras(pen)),
        "statement_tiers": ListField(_titles(pen, _TIERS), _tiers(pen)),
        "statement_how": ListField({"how": pen.say("how")}, [[line] for line in how_lines(pen)]),
    }
    titles = {name: text(f"statement_fields.{name}", book.lang) for name in lists}
    return Fields(own.cells, {**own.lists, **lists}, {**places, **titles})


def _titles(pen: Pen, keys: tuple[str, ...]) -> Mapping[str, str]:
    return {key: pen.say(f"head_{key}") for key in keys}


def _cells(pen: Pen) -> dict[str, Scalar]:
    s, run, money = pen.statement, pen.run, pen.money
    single = s.plans[0] if len(s.plans) == 1 else None
    reached = None if single is None else single.attainment
    extras = sum(item.amount for item in extras_of(pen))
    return {
        "statement_name": s.name,
        "statement_person": s.person,
        "statement_number": s.number,
        "statement_role": s.role,
        "statement_region": s.region,
        "statement_manager": s.manager,
        "statement_plan": pen.names(dict.fromkeys(pay.plan.name for pay in s.plans)),
        "statement_period": run.period.label,
        "statement_first_day": run.period.first_day,
        "statement_last_day": run.period.last_day,
        "statement_currency": run.currency,
        "statement_company": pen.book.company,
        "statement_quota": None if single is None or not single.quota else money(single.quota),
        "statement_attainment": None if reached is None else decimal(reached, 12),
        "statement_own_amount": money(s.own_amount),
        "statement_credited": money(s.credited),
        "statement_commission": money(s.commission),
        "statement_extras_amount": money(extras),
        "statement_earned": money(s.earned),
        "statement_held": money(-sum(item.amount for item in s.held)),
        "statement_released": money(sum(item.amount for item in s.released)),
        "statement_draw": money(s.drawn),
        "statement_draw_balance": money(s.draw_balance),
        "statement_payable": money(s.payable),
    }


def _lines(pen: Pen) -> list[list[Scalar]]:
    rows: list[list[Scalar]] = []
    for pay in pen.statement.plans:
        for line in pay.lines:
            rate = decimal(line.effective_rate, 12) if line.credited else Decimal(0)
            rows.append([
                line.order or "–", line.day, line.customer, line.product or line.product_line,
                pen.money(line.base_amount), decimal(Fraction(line.share), 12),
                pen.money(line.credited), pen.money(line.running), band_of(pen, line, pay), rate,
                pen.money(line.pay), line.source, line.row,
            ])  # fmt: skip
    return rows


def _extras(pen: Pen) -> list[list[Scalar]]:
    return [[item.name, item.day, item.reason, pen.money(item.amount)] for item in extras_of(pen)]


def _tiers(pen: Pen) -> list[list[Scalar]]:
    return [
        [band_name(pen, pay, number), pen.exact(tier.start), tier.rate, pen.exact(tier.amount),
         pen.exact(tier.pay)]
        for pay in pen.statement.plans
        for number, tier in enumerate(pay.tiers)
    ]  # fmt: skip
