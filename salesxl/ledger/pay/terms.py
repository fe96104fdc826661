"""Who has which version of which plan on which day.

A person's own terms go before their role's, and these before the plan named with the person.
At each of the three, a plan that is limited to a product line, region, channel or customer
source takes only lines that fit; what does not fit falls to the next. Of several that fit, the
one with more limits takes the line; two equally limited ones leave it to nobody.

Days are whole numbers (days since 1970-01-01), windows include both their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.versions import Version, version_at, versions_of
from salesxl.plan.model import CommissionPlan, Person, Plan

FIRST, LAST = -(2**31), 2**31
_EPOCH = date(1970, 1, 1).toordinal()
NO_PLAN, OUTSIDE, TWO = -1, -2, -3  # instead of the index of a version

Window = tuple[int, int]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH


@cache
def day_of(number: int) -> date:
    return date.fromordinal(number + _EPOCH)


def window(first: date | None, last: date | None) -> Window:
    return (
        FIRST if first is None else day_number(first),
        LAST if last is None else day_number(last),
    )


def limits_of(row: CommissionPlan) -> int:
    """How many limits a version has."""
    return sum(map(bool, (row.product_line, row.region, row.channel, row.customer_source)))


@dataclass(frozen=True)
class Grant:
    """A plan a person has: at which of the three levels, and in which windows."""

    level: int
    plan: str
    windows: tuple[Window, ...]


class Terms:
    """The plan's terms, ready to be asked for many lines."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        ids = dict.fromkeys(row.id for row in plan.commission_plans)
        self.by_plan = {key: versions_of(plan, key) for key in ids}
        self.versions: tuple[Version, ...] = tuple(
            version for key in ids for version in self.by_plan[key]
        )
        self.index = {id(version): n for n, version in enumerate(self.versions)}

    def grants(self, person: Person) -> list[Grant]:
        """The plans of a person, those that go first in front."""
        found: dict[tuple[int, str], list[Window]] = {}
        for term in self.plan.plan_terms:
            if term.person == person.id:
                level = 0
            elif not term.person and term.role == person.role:
                level = 1
            else:
                continue
            found.setdefault((level, term.plan), []).append(window(term.from_date, term.to_date))
        if person.commission_plan:
            found[2, person.commission_plan] = [(FIRST, LAST)]
        return [
            Grant(level, key, tuple(windows))
            for (level, key), windows in sorted(found.items(), key=lambda item: item[0][0])
        ]

    def employed(self, person: Person) -> Window:
        return window(person.joined_date, person.left_date)

    def windows(self, person: Person) -> dict[str, list[Window]]:
        """Plan → the days it may count for the person; hidden ones are cut out.

        A plan is hidden where an unlimited plan of a level before it is in force.
        """
        job = self.employed(person)
        grants = self.grants(person)
        out: dict[str, list[Window]] = {}
        for grant in grants:
            mine = meet(grant.windows, self._in_force(grant.plan))
            mine = meet(mine, [job])
            for other in grants:
                if other.level < grant.level:
                    mine = cut(mine, meet(other.windows, self._in_force(other.plan, True)))
            if mine:
                out[grant.plan] = union([*out.get(grant.plan, []), *mine])
        return out

    def _in_force(self, key: str, unlimited: bool = False) -> list[Window]:
        """The days on which a plan has a version in force; only unlimited ones, if asked."""
        out: list[Window] = []
        for version in self.by_plan.get(key, ()):
            here = [window(version.plan.effective_from, version.plan.effective_to)]
            out = cut(out, here)  # a later version takes the days of an earlier one
            if not unlimited or not limits_of(version.plan):
                out = [*out, *here]
        return union(out)

    def at(self, key: str, day: int) -> Version | None:
        return version_at(self.by_plan.get(key, ()), day_of(day))

    def assign(
        self, person: Person, days: Codes, lines: Codes, fits: LineLimits
    ) -> npt.NDArray[np.int32]:
        """The index of the version each line is paid by, or NO_PLAN, OUTSIDE or TWO."""
        out = np.full(len(days), NO_PLAN, np.int32)
        free = np.ones(len(days), np.bool_)
        grants = self.grants(person)
        for level in range(3):
            best = np.full(len(days), -1, np.int32)
            taken = np.full(len(days), NO_PLAN, np.int32)
            for grant in grants:
                if grant.level != level or not free.any():
                    continue
                inside = np.zeros(len(days), np.bool_)
                for first, last in grant.windows:
                    inside |= (days >= first) & (days <= last)
                force = np.full(len(days), -1, np.int32)
                for version in self.by_plan.get(grant.plan, ()):
                    row = version.plan
                    first, last = window(row.effective_from, row.effective_to)
                    force[inside & (days >= first) & (days <= last)] = self.index[id(version)]
                out[free & (force >= 0) & (out == NO_PLAN)] = OUTSIDE
                for number in np.unique(force[force >= 0]).tolist():
                    version = self.versions[number]
                    fit = free & (force == number) & fits.of(version.plan, lines)
                    count = limits_of(version.plan)
                    taken[fit & (best == count)] = TWO
                    better = fit & (best < count)
                    taken[better] = number
                    best[better] = count
            chosen = taken != NO_PLAN
            out[chosen] = taken[chosen]
            free &= ~chosen
        return out


class LineLimits:
    """Which ledger lines a version's limits let in; each limit is looked at once."""

    def __init__(self, plan: Plan, ledger: Ledger) -> None:
        self.frame = ledger.frame
        self.below = descendants(plan)
        self.known: dict[tuple[str, str], Flags] = {}

    def of(self, row: CommissionPlan, lines: Codes) -> Flags:
        flags = np.ones(len(lines), np.bool_)
        for column, value in (
            ("product_key", row.product_line),
            ("region_key", row.region),
            ("channel", row.channel),
            ("customer_source", row.customer_source),
        ):
            if value:
                flags &= self._lines(column, value)[lines]
        return flags

    def _lines(self, column: str, value: str) -> Flags:
        if (column, value) not in self.known:
            fold: Callable[[str], str]
            if column == "region_key":
                wanted, fold = self.below.get(value, frozenset({value})), str
            elif column == "product_key":
                wanted, fold = frozenset({value}), str
            else:
                wanted, fold = frozenset({folded(value)}), folded
            self.known[column, value] = category_flags(self.frame, column, wanted, fold)
        return self.known[column, value]


def folded(value: str) -> str:
    return " ".join(value.split()).casefold()


def category_flags(
    frame: pd.DataFrame, column: str, wanted: Iterable[str], fold: Callable[[str], str] = str
) -> Flags:
    """Lines whose text in a categorical column is one of `wanted`, after `fold`."""
    series = frame[column]
    wanted = set(wanted)
    hit = np.array([fold(str(c)) in wanted for c in series.cat.categories], np.bool_)
    flags: Flags = np.append(hit, False)[series.cat.codes.to_numpy(np.int64)]
    return flags


def descendants(plan: Plan) -> dict[str, frozenset[str]]:
    """Region → itself and everything below it."""
    out: dict[str, set[str]] = {region.id: {region.id} for region in plan.regions}
    parents = {region.id: region.parent for region in plan.regions}
    for region in parents:
        seen: set[str] = set()
        above = region
        while above and above not in seen:
            seen.add(above)
            out.setdefault(above, set()).add(region)
            above = parents.get(above, "")
    return {key: frozenset(below) for key, below in out.items()}


def union(windows: Sequence[Window]) -> list[Window]:
    """The same days as windows that neither overlap nor touch, in order."""
    out: list[Window] = []
    for first, last in sorted(windows):
        if first > last:
            continue
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return out


def meet(one: Sequence[Window], other: Sequence[Window]) -> list[Window]:
    """The days both have."""
    return union(
        [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) <= min(b, d)]
    )


def cut(one: Sequence[Window], out: Sequence[Window]) -> list[Window]:
    """The days of `one` that are not in `out`."""
    left = list(one)
    for first, last in out:
        rest: list[Window] = []
        for a, b in left:
            if last < a or first > b:
                rest.append((a, b))
                continue
            if a < first:
                rest.append((a, first - 1))
            if b > last:
                rest.append((last + 1, b))
        left = rest
    return union(left)


def days_in(windows: Sequence[Window], first: int, last: int) -> int:
    """How many days of `windows` lie from `first` to `last`, both included."""
    return sum(b - a + 1 for a, b in meet(windows, [(first, last)]))
