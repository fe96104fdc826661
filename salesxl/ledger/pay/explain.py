"""How a statement came about, in sentences a payee can check with a pocket calculator."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from salesxl.core.number import round_half_up, simplest
from salesxl.ledger.pay.results import Explanation, PlanPay, Statement
from salesxl.texts import Lang, text

_COUNTS = frozenset({"count", "tied", "months", "lines", "number"})
_LONGEST = 6  # parts of a sum written out


def explain(statement: Statement) -> Statement:
    """`statement` with its sentences."""
    how: list[Explanation] = []
    for pay in statement.plans:
        how += _of_plan(pay)
    extras = {
        "overrides": sum(item.pay for item in statement.overrides),
        "spiffs": sum(item.pay for item in statement.spiffs),
        "bonuses": sum(item.pay for item in statement.bonuses),
    }
    how += [Explanation(name, {"pay": pay}) for name, pay in extras.items() if pay]
    how.append(Explanation("earned", {"pay": statement.earned}))
    taken = {
        "clawbacks": sum(item.pay for item in statement.clawbacks),
        "adjustments": sum(item.amount for item in statement.adjustments),
        "held": -sum(item.amount for item in statement.held),
        "released": sum(item.amount for item in statement.released),
        "draw": statement.drawn,
    }
    how += [Explanation(name, {"pay": pay}) for name, pay in taken.items() if pay]
    how.append(Explanation("payable", {"pay": statement.payable}))
    return replace(statement, how=tuple(how))


def _of_plan(pay: PlanPay) -> list[Explanation]:
    total = pay.before_credited + pay.credited
    how = [
        Explanation(
            f"credited_{pay.plan.base}",
            {"plan": pay.plan.name, "lines": len(pay.lines), "credited": pay.credited},
        )
    ]
    if pay.plan.period == "ytd":
        how.append(Explanation("to_date", {"credited": total, "before": pay.before_earned}))
    if pay.attainment is not None:
        values = {"credited": total, "quota": pay.quota, "attainment": pay.attainment}
        how.append(Explanation("attainment", values))
    tiers = [tier for tier in pay.tiers if tier.amount or tier.pay]
    if pay.plan.kind == "interpolated":
        values = {"target": pay.plan.target_pay_amount or 0, "pay": pay.lines_pay}
        how.append(Explanation("curve", values))
    elif tiers:
        shown = [(tier.amount, tier.rate) for tier in tiers[:_LONGEST]]
        more = len(tiers) > _LONGEST
        kind = pay.plan.kind
        how.append(Explanation(kind, {"sum": (tuple(shown), more), "pay": pay.lines_pay}))
    for change in pay.changes:
        how.append(Explanation(change.cause, {"pay": change.amount}))
    return how


def sentence(explanation: Explanation, lang: Lang, decimals: int) -> str:
    """One explanation as text: whole numbers are money, fractions per cent."""
    shown = {name: _shown(name, value, decimals) for name, value in explanation.values.items()}
    return text(f"pay.how_{explanation.key}", lang, **shown)


def _shown(name: str, value: object, decimals: int) -> str:
    if name == "sum" and isinstance(value, tuple):
        parts, more = value
        terms = [f"{money(amount, decimals)} × {percent(rate)}" for amount, rate in parts]
        return " + ".join([*terms, "…"] if more else terms)
    if isinstance(value, int) and name not in _COUNTS:
        return money(value, decimals)
    if isinstance(value, Fraction | Decimal):
        return percent(value)
    return "–" if value is None else str(value)


def money(amount: int | Fraction, decimals: int) -> str:
    """Minor units as money with separators: 599110000 → 5,991,100.00."""
    return f"{round_half_up(Fraction(amount, 10**decimals), decimals):,f}"


def percent(rate: Fraction | Decimal) -> str:
    """A fraction in per cent, exact up to four places: 0.012 → 1.2 %."""
    exact = simplest(Fraction(rate) * 100)
    if not isinstance(exact, int | Decimal) or Decimal(exact).as_tuple().exponent < -4:  # type: ignore[operator]
        exact = round_half_up(Fraction(rate) * 100, 2)
    return f"{Decimal(exact).normalize():f} %"
