"""What managers and SPIFFs add: pay on credit that needs no rate table.

Both look at credit of one's own and split credit, month by month; overlays do not count.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from salesxl.core.number import half_up
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.crediting import FINE, OVERLAY, SPLIT, Credits, texts_of
from salesxl.ledger.pay.groups import month_numbers
from salesxl.ledger.pay.periods import first_day, last_day
from salesxl.ledger.pay.results import REASONS, OverridePay, SpiffPay
from salesxl.ledger.pay.shares import split_lines
from salesxl.ledger.pay.terms import category_flags, day_number, day_of, folded, window
from salesxl.plan.model import Person, Plan, Spiff

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# Reasons that keep a line out of commission only: whose sale it is stays known.
_STILL_CREDIT = ("no_plan", "outside_plan", "two_plans", "no_cost", "no_collected")


def is_credit(rows: Credits) -> Flags:
    """Rows that are somebody's sale, paid by a plan or not; overlays come on top and do not."""
    fine = np.array([reason in _STILL_CREDIT for reason in REASONS] + [True], np.bool_)
    assert FINE == -1
    return np.asarray(fine[rows.reason] & (rows.kind != OVERLAY) & (rows.payee >= 0), np.bool_)


def reports_of(people: tuple[Person, ...]) -> dict[str, frozenset[str]]:
    """Manager → everybody below them, at any depth, never themselves."""
    direct: dict[str, list[str]] = {}
    for person in people:
        if person.manager:
            direct.setdefault(person.manager, []).append(person.id)
    out: dict[str, frozenset[str]] = {}
    for manager in direct:
        found: set[str] = set()
        todo = list(direct[manager])
        while todo:
            below = todo.pop()
            if below not in found and below != manager:
                found.add(below)
                todo.extend(direct.get(below, ()))
        out[manager] = frozenset(found)
    return out


def overrides(
    plan: Plan, rows: Credits, first: int, last: int
) -> dict[tuple[str, int], list[OverridePay]]:
    """(manager, month) → pay on the team's credit; months `first` … `last`."""
    out: dict[tuple[str, int], list[OverridePay]] = {}
    if not plan.overrides:
        return out
    below = reports_of(plan.people)
    credit = np.flatnonzero(is_credit(rows))
    month = month_numbers(rows.day[credit])
    inside = (month >= first) & (month <= last)
    credit, month = credit[inside], month[inside]
    count = len(plan.people)
    for row in plan.overrides:
        team = below.get(row.manager, frozenset())
        begin, end = window(row.from_date, row.to_date)
        day = rows.day[credit]
        here = (day >= begin) & (day <= end)
        sums = np.zeros((last - first + 1) * count, np.int64)
        place = (month[here] - first) * count + rows.payee[credit[here]]
        np.add.at(sums, place, rows.money[row.base][credit[here]])
        for m in range(first, last + 1):
            a, b = day_number(first_day(m)), day_number(last_day(m))
            if not team or b < begin or a > end:
                continue
            table = sums[(m - first) * count : (m - first + 1) * count].tolist()
            members = [
                (person, table[n]) for n, person in enumerate(plan.people)
                if person.id in team and (table[n] or person.left_date is None)
            ]  # fmt: skip
            credited = sum(amount for _, amount in members)
            rate = Fraction(row.override_rate)
            pay = half_up(credited * rate.numerator, rate.denominator)
            parts = _parts([amount for _, amount in members], rate, pay)
            out.setdefault((row.manager, m), []).append(
                OverridePay(
                    base=row.base,
                    rate=row.override_rate,
                    first_day=day_of(max(a, begin)),
                    last_day=day_of(min(b, end)),
                    members=tuple(
                        (person.id, person.name, amount, part)
                        for (person, amount), part in zip(members, parts, strict=True)
                    ),
                    credited=credited,
                    pay=pay,
                )
            )
    return out


def _parts(amounts: list[int], rate: Fraction, total: int) -> list[int]:
    """amount × rate each in whole minor units, adding up to `total`: largest remainder."""
    exact = [amount * rate for amount in amounts]
    floors = [part.numerator // part.denominator for part in exact]
    missing = total - sum(floors)
    order = sorted(range(len(exact)), key=lambda n: (floors[n] - exact[n], n))
    for n in order[:missing]:
        floors[n] += 1
    return floors


def spiffs(
    plan: Plan,
    rows: Credits,
    ledger: Ledger,
    orders: list[str],
    order: Codes,
    first: int,
    last: int,
) -> dict[tuple[str, int], list[SpiffPay]]:
    """(person, month) → extras on lines of the campaign's days and products.

    An amount a line is taken back by a line that returns; a split line's amount is split.
    """
    out: dict[tuple[str, int], list[SpiffPay]] = {}
    if not plan.spiffs:
        return out
    frame = ledger.frame
    numbers, files = frame["row"].to_numpy(np.int64), texts_of(frame["source"])
    file = frame["source"].cat.codes.to_numpy(np.int64)
    credit = is_credit(rows)
    month = month_numbers(rows.day)
    for row in plan.spiffs:
        begin, end = window(row.from_date, row.to_date)
        here = credit & (rows.day >= begin) & (rows.day <= end)
        here &= (month >= first) & (month <= last)
        here &= _products(row, ledger)[rows.line]
        found = np.flatnonzero(here)
        found = found[np.lexsort((found, rows.line[found], rows.day[found]))]
        pays = _spiff_pay(row, rows, found)
        hits: dict[tuple[str, int], list[tuple[int, str, date, str, int]]] = {}
        for position, pay in zip(found.tolist(), pays, strict=True):
            line = int(rows.line[position])
            key = (plan.people[int(rows.payee[position])].id, int(month[position]))
            number = orders[int(order[line])] if order[line] >= 0 else ""
            day = day_of(int(rows.day[position]))
            hits.setdefault(key, []).append(
                (int(numbers[line]), files[int(file[line])], day, number, pay)
            )
        for key, lines in hits.items():
            total = sum(line[4] for line in lines)
            out.setdefault(key, []).append(SpiffPay(row.id, row.name, tuple(lines), total))
    return out


def _products(row: Spiff, ledger: Ledger) -> Flags:
    flags = np.ones(len(ledger.frame), np.bool_)
    if row.product_line:
        flags &= category_flags(ledger.frame, "product_key", {row.product_line})
    if row.product:
        flags &= category_flags(ledger.frame, "product", {folded(row.product)}, folded)
    return flags


def _spiff_pay(row: Spiff, rows: Credits, found: Codes) -> list[int]:
    """Each row's extra: the amount a line (by its share) and the rate on its sales."""
    out = [0] * len(found)
    if row.spiff_rate is not None:
        rate = Fraction(row.spiff_rate)
        for n, amount in enumerate(rows.money["amount"][found].tolist()):
            out[n] += half_up(amount * rate.numerator, rate.denominator)
    if row.spiff_amount:
        sign = np.sign(rows.money["amount"][found]).tolist()
        of_line: dict[int, list[int]] = {}
        for n, line in enumerate(rows.line[found].tolist()):
            of_line.setdefault(line, []).append(n)
        for members in of_line.values():
            parts = [row.spiff_amount]
            if rows.kind[found[members[0]]] == SPLIT:
                shares = [rows.shares[int(rows.share[found[n]])] for n in members]
                parts = split_lines(np.array([row.spiff_amount]), shares)[0].tolist()
            for n, part in zip(members, parts, strict=True):
                out[n] += part * sign[n]
    return out
