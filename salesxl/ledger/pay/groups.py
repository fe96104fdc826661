"""Credit rows gathered by payee, plan and pay period, in the order they are paid.

A group is one pay period of one plan of one payee; a year to date has a group a month. Groups
without lines exist too: a guarantee is paid, and a year trues itself up, without a sale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from salesxl.ledger.pay.arrays import order_of
from salesxl.ledger.pay.crediting import Credits
from salesxl.ledger.pay.periods import LENGTHS, first_day, fiscal_start, last_day, month_of, span
from salesxl.ledger.pay.terms import Terms, Window, day_number, day_of, meet
from salesxl.ledger.pay.versions import Version
from salesxl.plan.model import Plan

Codes = npt.NDArray[np.int64]
KINDS = tuple(LENGTHS)
_MONTHS = 120_000  # more than there are months in ten thousand years


@dataclass(frozen=True)
class Group:
    """`first` and `last` are months; `version` is the one in force at the end."""

    payee: int
    plan: str
    kind: str
    first: int
    last: int
    fiscal: int  # first month of the fiscal year
    version: Version
    covered: tuple[Window, ...]  # days the plan counts for the payee, all of them
    begin: int  # rows of the group in `Grouped.rows`
    end: int


@dataclass(frozen=True)
class Grouped:
    groups: tuple[Group, ...]  # by payee, plan, kind, time
    rows: Codes  # positions in the credits, group after group, in the order they are paid
    version: Codes  # of each of `rows`: position in terms.versions
    credited: Codes  # of each of `rows`, in its version's base


def month_numbers(days: Codes) -> Codes:
    """Days since 1970 → months (year × 12 + month − 1)."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + 1970 * 12


def gather(
    plan: Plan,
    terms: Terms,
    rows: Credits,
    version: Codes,
    use: Codes,
    windows: Sequence[dict[str, list[Window]]],
    origins: Sequence[int],
    last_month: int,
) -> Grouped:
    """`use`: positions of the rows to pay; `version`: of every row; `windows` and `origins`: the
    days each plan counts for each person and the first month that matters, by person."""
    first_month = plan.settings.fiscal_year_first_month
    plans = {key: n for n, key in enumerate(terms.by_plan)}
    kind_of = np.array([KINDS.index(v.plan.period) for v in terms.versions] or [0], np.int64)
    plan_of = np.array([plans[v.plan.id] for v in terms.versions] or [0], np.int64)
    order = use[_in_order(rows, terms, version, use)]
    kind = kind_of[version[order]]
    month = month_numbers(rows.day[order])
    length = np.array([LENGTHS[k] for k in KINDS], np.int64)[kind]
    begin = month - (month - (first_month - 1)) % length
    count = max(len(plans), 1)
    key = ((rows.payee[order] * count + plan_of[version[order]]) * len(KINDS) + kind) * _MONTHS
    key += begin
    known = _expected(plan, terms, plans, windows, origins, last_month)
    for extra in np.setdiff1d(key, np.fromiter(known, np.int64, len(known))).tolist():
        known.setdefault(extra, None)
    every = np.array(sorted(known), np.int64)
    place = np.searchsorted(every, key)
    by_group = order_of(place)
    order, place = order[by_group], place[by_group]
    ends = np.searchsorted(place, np.arange(len(every)), side="right")
    names = list(plans)
    groups = []
    start = 0
    for code, end in zip(every.tolist(), ends.tolist(), strict=True):
        rest, first = divmod(code, _MONTHS)
        rest, kind_code = divmod(rest, len(KINDS))
        payee, plan_code = divmod(rest, count)
        name, kind_name = names[plan_code], KINDS[kind_code]
        last = span(kind_name, first, first_month)[1]
        covered = tuple(windows[payee].get(name, ()))
        here = known[code]
        if here is None:
            here = terms.versions[int(version[order[end - 1]])]
        groups.append(
            Group(
                payee,
                name,
                kind_name,
                first,
                last,
                fiscal_start(first, first_month),
                here,
                covered,
                start,
                end,
            )
        )
        start = end
    used = version[order]
    return Grouped(tuple(groups), order, used, credited_of(rows, terms, used, order))


def credited_of(rows: Credits, terms: Terms, version: Codes, order: Codes) -> Codes:
    """Each row's share in the base of its version."""
    out = np.zeros(len(order), np.int64)
    base = np.array([v.plan.base for v in terms.versions] or [""])
    for name, money in rows.money.items():
        here = (base == name)[version]
        out[here] = money[order[here]]
    return out


def _in_order(rows: Credits, terms: Terms, version: Codes, use: Codes) -> Codes:
    """By day, then as in the ledger.

    Where a line's pay is capped, the lines of a day go from small to large: which of them
    crosses a threshold must not depend on the order in which they were written.
    """
    day, line = rows.day[use], rows.line[use]
    if any(v.plan.line_cap_amount is not None for v in terms.versions):
        capped = np.array([v.plan.line_cap_amount is not None for v in terms.versions])
        size = credited_of(rows, terms, version[use], use)
        return order_of(rows.kind[use], line, np.where(capped[version[use]], size, 0), day)
    return order_of(rows.kind[use], line, day)


def _expected(
    plan: Plan,
    terms: Terms,
    plans: dict[str, int],
    windows: Sequence[dict[str, list[Window]]],
    origins: Sequence[int],
    last_month: int,
) -> dict[int, Version | None]:
    """The key of every group that a payee's terms make, with the version at its end."""
    first_month = plan.settings.fiscal_year_first_month
    found: dict[int, Version | None] = {}
    for payee, by_plan in enumerate(windows):
        for name, days in by_plan.items():
            inside = [(day_number(first_day(origins[payee])), day_number(last_day(last_month)))]
            for a, b in meet(days, inside):
                month = month_of(day_of(a))
                while month <= month_of(day_of(b)):
                    end = min(b, day_number(last_day(month)))
                    version = terms.at(name, end)
                    if version is not None:
                        kind = version.plan.period
                        begin, _ = span(kind, month, first_month)
                        code = (payee * max(len(plans), 1) + plans[name]) * len(KINDS)
                        code = (code + KINDS.index(kind)) * _MONTHS + begin
                        found[code] = version  # the last month's stays
                    month += 1
    return found
