"""Visits spread evenly over working days, balanced for each representative.

One representative sees three customers in a week: Li twice, Wu and An once. Four visits
on five days, no two on one, Li's two apart:

>>> for row in visit_plan([2, 1, 1], ["R", "R", "R"], "2026-03-02", "2026-03-06"):
...     print(row)
[1, 1, '2026-03-03']
[2, 1, '2026-03-04']
[1, 2, '2026-03-05']
[3, 1, '2026-03-06']

How: a customer with f visits is due at f evenly spaced times; customers of one frequency
are shifted against each other so that their times are evenly spaced too. All visits of a
representative in order of time are dealt to the days in equal runs, so that the load of
two days never differs by more than one. With less than one visit a day each goes to its
own day, or to the nearest that is free.

What passes the capacity is not squeezed in: customers first in the list are planned
first, and what is left over comes as rows without a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any, Final

from salesxl.core.cells import Cells, read_cells, same_count
from salesxl.core.day import read_day, read_names
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, whole

CAPACITY: Final = 8
_LONGEST = 3660  # days of a plan
_SATURDAY = 5


@dataclass(frozen=True)
class Schedule:
    """One representative's visits: a list of day numbers (from 0) a customer, ascending."""

    days: tuple[tuple[int, ...], ...]
    unplaced: tuple[int, ...]  # visits without a day, a number a customer

    def loads(self, count: int) -> list[int]:
        """Visits on each of `count` days."""
        loads = [0] * count
        for visits in self.days:
            for day in visits:
                loads[day] += 1
        return loads

    def deviation(self, count: int) -> Fraction:
        """How far a gap between two visits of a customer is off its even gap, in days."""
        return max(
            (
                abs(after - before - Fraction(count, len(visits)))
                for visits in self.days
                for before, after in pairwise(visits)
            ),
            default=Fraction(0),
        )


def working_days(
    first: date, last: date, holidays: Sequence[date] = (), extra: Sequence[date] = ()
) -> list[date]:
    """Monday to Friday without `holidays`, and the `extra` days that are worked (调休)."""
    closed, opened = set(holidays), set(extra)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [d for d in every if d in opened or (d.weekday() < _SATURDAY and d not in closed)]


def schedule(visits: Sequence[int], count: int, capacity: int) -> Schedule:
    """The visits of one representative over `count` days of at most `capacity` each.

    A customer is seen at most once a day. Deterministic: the same list, the same plan.
    """
    left, planned = capacity * count, []
    for wanted in visits:
        planned.append(min(wanted, count, left))
        left -= planned[-1]
    by_frequency: dict[int, list[int]] = {}
    for index, number in enumerate(planned):
        if number:
            by_frequency.setdefault(number, []).append(index)
    # Due times are whole parts of one period, so that ties never fall by accident.
    period = lcm(*(2 * number * len(members) for number, members in by_frequency.items()))
    due: list[tuple[int, int]] = []
    for number, members in by_frequency.items():
        step = period // (2 * number * len(members))
        for place, index in enumerate(members):
            for turn in range(number):
                due.append(((2 * (turn * len(members) + place) + 1) * step, index))
    due.sort()
    total = len(due)
    if total >= count:
        days = [at * count // total for at in range(total)]
    else:
        days = _own_days([time * count // period for time, _ in due], count)
    found: list[list[int]] = [[] for _ in visits]
    for day, (_, index) in zip(days, due, strict=True):
        found[index].append(day)
    _part_twins(found, count)
    unplaced = [wanted - len(given) for wanted, given in zip(visits, found, strict=True)]
    return Schedule(tuple(tuple(sorted(given)) for given in found), tuple(unplaced))


def _own_days(wanted: list[int], count: int) -> list[int]:
    """A day of its own for each, in order, near the one wanted."""
    days: list[int] = []
    for day in wanted:
        days.append(max(day, days[-1] + 1) if days else day)
    latest = count - 1
    for at in range(len(days) - 1, -1, -1):
        days[at] = min(days[at], latest)
        latest = days[at] - 1
    return days


def _part_twins(found: list[list[int]], count: int) -> None:
    """Where a customer fell on one day twice, trade with another's visit; loads stay.

    A visit nobody can trade with loses its day.
    """
    on_day: list[list[int]] = [[] for _ in range(count)]
    for index, days in enumerate(found):
        for day in days:
            on_day[day].append(index)
    for index, days in enumerate(found):
        for day in [day for day, after in pairwise(sorted(days)) if day == after]:
            days.remove(day)
            on_day[day].remove(index)
            for near in sorted(range(count), key=lambda d: (abs(d - day), d)):
                other = None
                if near not in days:
                    other = next((o for o in on_day[near] if day not in found[o]), None)
                if other is not None:
                    found[other][found[other].index(near)] = day
                    on_day[near].remove(other)
                    on_day[day].append(other)
                    days.append(near)
                    on_day[near].append(index)
                    break


@rule(
    name="VISIT_PLAN",
    category="customers",
    order=50,
    returns="block",
    zh="拜访计划：每次拜访一行，为客户序号、第几次、日期；均匀分布于工作日，排不下的日期为空。",
    en="Visit plan, a row per visit: number of the customer, number of the visit, day; spread "
    "evenly over working days; what does not fit has no day.",
    params=(
        Param(
            "visits",
            "list",
            "count",
            "各客户在此期间的拜访次数，0 为不拜访；排在前面的客户优先",
            "Visits to each customer in the period, 0 for none; the first in the list go first",
        ),
        Param(
            "representatives",
            "list",
            "text",
            "各客户的负责人，个数与拜访次数相同",
            "Representative of each customer, as many as visits",
        ),
        Param("first_day", "date", "date", "首日", "First day"),
        Param("last_day", "date", "date", "末日", "Last day"),
        Param(
            "holidays",
            "list",
            "date",
            "放假的日子；周末不必列出",
            "Days off; weekends need not be listed",
            None,
        ),
        Param(
            "workdays",
            "list",
            "date",
            "调休上班的周末",
            "Days at weekends that are worked",
            None,
        ),
        Param(
            "capacity",
            "whole",
            "count",
            "每人每天最多拜访几家，默认 8",
            "Most visits a day for one representative, default 8",
            CAPACITY,
        ),
    ),
    errors=(
        "no_working_day", "day_off_and_on", "days_reversed", "period_too_long", "not_whole",
        "counts_differ", "name_blank", "not_a_day", "day_blank", "no_cells",
    ),
    example={
        "visits": [2, 1, 1],
        "representatives": ["R", "R", "R"],
        "first_day": "2026-03-02",
        "last_day": "2026-03-06",
    },
)  # fmt: skip
def visit_plan(
    visits: Cells,
    representatives: Any,
    first_day: Any,
    last_day: Any,
    holidays: Any = None,
    workdays: Any = None,
    capacity: Number = CAPACITY,
) -> list[list[Any]]:
    """[customer from 1, visit from 1, day as year-month-day] by day; without a day at the end.

    A customer is seen at most once a day; the loads of a representative's days differ by
    at most one.
    """
    first, last = read_day(first_day, "first_day"), read_day(last_day, "last_day")
    if last < first:
        raise RuleError("days_reversed", argument="last_day", value=last, first=first)
    if (last - first).days >= _LONGEST:
        raise RuleError("period_too_long", argument="last_day", value=last, most=_LONGEST)
    closed, opened = _days(holidays, "holidays"), _days(workdays, "workdays")
    both = set(opened).intersection(closed)
    if both:
        raise RuleError("day_off_and_on", argument="workdays", value=min(both))
    days = working_days(first, last, closed, opened)
    if not days:
        raise RuleError("no_working_day", argument="last_day", first=first, last=last)
    most = whole(capacity, "capacity", 1, 1000)
    cells, _ = read_cells(visits, "visits")
    wanted = [_visits(cell, position) for position, cell in enumerate(cells, 1)]
    who = read_names(representatives, "representatives")
    same_count(who, "representatives", len(wanted), "visits")
    groups: dict[str, list[int]] = {}
    for index, name in enumerate(who):
        if not name and wanted[index]:
            raise RuleError("name_blank", argument="representatives", position=index + 1)
        groups.setdefault(name, []).append(index)
    placed: list[tuple[date, int, int]] = []
    missing: list[tuple[int, int]] = []
    for members in groups.values():
        found = schedule([wanted[i] for i in members], len(days), most)
        for index, given, over in zip(members, found.days, found.unplaced, strict=True):
            placed.extend((days[at], index, n) for n, at in enumerate(given, 1))
            missing.extend((index, len(given) + n) for n in range(1, over + 1))
    rows: list[list[Any]] = [[index + 1, n, day.isoformat()] for day, index, n in sorted(placed)]
    return rows + [[index + 1, n, None] for index, n in sorted(missing)]


def _days(value: object, argument: str) -> list[date]:
    """The days of a range that may have empty cells; none where it was not given."""
    cells = read_cells(value, argument)[0] if value != [] else []
    return [
        read_day(cell, argument, position)
        for position, cell in enumerate(cells, 1)
        if cell is not None and cell != ""
    ]


def _visits(cell: object, position: int) -> int:
    if cell is None or cell == "":
        return 0
    try:
        return whole(cell, "visits", 0, 10_000)
    except RuleError as error:
        raise RuleError(error.code, argument="visits", position=position, **error.values) from None
