"""A pay run: everybody's statement for a month, a quarter or a year.

    run = pay_run(plan, ledger, "2026-06")      # a matched ledger
    run.ties, run.payable

A run pays the pay periods that end in it; those that end later are told as pending. What a
draw still owes, what was held before and what a return's sale once earned come from the months
before, worked out again from the same ledger and plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from salesxl.core.error import RuleError
from salesxl.core.number import half_up
from salesxl.errors import Problem, fail
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.bonuses import Bonuses
from salesxl.ledger.pay.crediting import FINE, OVERLAY, credit_lines
from salesxl.ledger.pay.detail import Details
from salesxl.ledger.pay.earn import Earned, Earnings, earn
from salesxl.ledger.pay.explain import explain
from salesxl.ledger.pay.groups import Grouped, gather
from salesxl.ledger.pay.periods import first_day, fiscal_start, months_of, parse_period
from salesxl.ledger.pay.quotas import Quotas
from salesxl.ledger.pay.results import (
    REASONS,
    AdjustmentPay,
    PayRun,
    Period,
    Statement,
    Unassigned,
)
from salesxl.ledger.pay.settle import clawbacks, clawed_back, draws, holdbacks
from salesxl.ledger.pay.team import overrides, spiffs
from salesxl.ledger.pay.terms import (
    NO_PLAN,
    OUTSIDE,
    TWO,
    LineLimits,
    Terms,
    day_number,
    day_of,
)
from salesxl.plan.model import Person, Plan

Codes = npt.NDArray[np.int64]


def pay_run(
    plan: Plan, ledger: Ledger, period: str | Period, quotas: Quotas | None = None
) -> PayRun:
    """`ledger` is matched to `plan` (`ledger.match`). Raises `SalesxlError` for a period that
    cannot be read or targets that leave no answer; all else is told in `PayRun.problems`.

    `quotas` are others than the plan's, for a what-if.
    """
    if isinstance(period, str):
        period = parse_period(period, plan.settings.fiscal_year_first_month)
    if not plan.commission_plans:
        raise fail("pay.no_plans", "commission_plans")
    try:
        return _Run(plan, ledger, period, quotas).result()
    except RuleError as error:  # a table the plan's check refuses, in a plan that was not checked
        where = f"commission_tiers!{error.argument}"
        raise fail(f"core.{error.code}", where, place=where, **error.values) from error


class _Run:
    def __init__(
        self, plan: Plan, ledger: Ledger, period: Period, quotas: Quotas | None = None
    ) -> None:
        self.plan, self.period = plan, period
        self.first, self.last = months_of(period)
        end = np.datetime64(period.last_day, "D")
        frame = ledger.frame
        late = frame["date"].to_numpy("datetime64[D]") > end
        if late.any():  # what comes after the period has no part in it
            ledger = _without(ledger, ~late)
        self.ledger = ledger
        self.terms = Terms(plan)
        self.quotas = Quotas(plan) if quotas is None else quotas
        self.problems: list[Problem] = []
        self.employed = [self.terms.employed(person) for person in plan.people]
        self.windows = [self.terms.windows(person) for person in plan.people]
        self.rows, self.data = credit_lines(ledger, plan)
        self.start = self._start()
        self.version = self._versions()
        self._refuse_bases()

    # ---- what is paid by which version

    def _start(self) -> int:
        """The first month of the ledger, or of the run's fiscal year where that is earlier."""
        first = fiscal_start(self.first, self.plan.settings.fiscal_year_first_month)
        if len(self.data.day):
            day = day_of(int(self.data.day.min()))
            first = min(first, day.year * 12 + day.month - 1)
        return first

    def _versions(self) -> Codes:
        """The version each row is paid by; rows of nobody's plan get their reason."""
        rows, terms = self.rows, self.terms
        version = np.full(len(rows), NO_PLAN, np.int64)
        gone = np.zeros(len(rows), np.bool_)
        limits = LineLimits(self.plan, self.ledger)
        order = np.argsort(rows.payee, kind="stable")
        bounds = np.searchsorted(rows.payee[order], np.arange(len(self.plan.people) + 1))
        for n, person in enumerate(self.plan.people):
            mine = order[bounds[n] : bounds[n + 1]]
            if len(mine):
                version[mine] = terms.assign(person, rows.day[mine], rows.line[mine], limits)
                first, last = self.employed[n]
                gone[mine] = (rows.day[mine] < first) | (rows.day[mine] > last)
        rows.refuse(gone, "not_employed")
        rows.refuse(version == NO_PLAN, "no_plan")
        rows.refuse(version == OUTSIDE, "outside_plan")
        rows.refuse(version == TWO, "two_plans")
        return version

    def _refuse_bases(self) -> None:
        bases = np.array([v.plan.base for v in self.terms.versions] or [""])
        paid = self.version >= 0
        base = np.where(paid, bases[np.maximum(self.version, 0)], "")
        self.rows.refuse((base == "margin") & self.data.no_cost[self.rows.line], "no_cost")
        if "collected" not in self.ledger.present:
            self.rows.refuse(base == "collected", "no_collected")

    # ---- working it out

    def result(self) -> PayRun:
        plan, rows = self.plan, self.rows
        flags = clawed_back(plan, self.terms, rows, self.data, self.version)
        flags &= rows.reason == FINE
        use = np.flatnonzero((rows.reason == FINE) & (self.version >= 0) & ~flags)
        origins = self._origins()
        month = self._months()
        use = use[month[use] >= np.array(origins or [0], np.int64)[rows.payee[use]]]
        self.grouped: Grouped = gather(
            plan, self.terms, rows, self.version, use, self.windows, origins, self.last
        )
        self.earnings: Earnings = earn(
            rows, self.grouped, self.terms, self.quotas,
            [person.id for person in plan.people], self.employed, plan.settings.decimals,
        )  # fmt: skip
        self.clawbacks = clawbacks(
            plan, self.terms, self.ledger, rows, self.data, self.version, flags,
            self.grouped, self.earnings,
        )  # fmt: skip
        self._extras()
        self._told()
        statements = self._statements()
        inside = self._inside()
        return PayRun(
            period=self.period,
            statements=statements,
            unassigned=self._unassigned(inside),
            problems=tuple(self.problems),
            ledger_lines=int(inside.sum()),
            ledger_amount=int(self.data.money["amount"][inside].sum()),
            plan_version=plan.settings.plan_version,
            fingerprint=_fingerprint(plan, self.ledger),
            decimals=plan.settings.decimals,
            currency=plan.settings.currency,
        )

    def _months(self) -> Codes:
        days = self.rows.day.astype("datetime64[D]").astype("datetime64[M]")
        return days.astype(np.int64) + 1970 * 12

    def _origins(self) -> list[int]:
        """The first month that matters, by person: all of them where the past still decides."""
        first_month = self.plan.settings.fiscal_year_first_month
        year = fiscal_start(self.first, first_month)
        kept = {row.plan for row in self.plan.holdbacks} | {row.plan for row in self.plan.clawbacks}
        drawing = {row.person for row in self.plan.draws}
        self.past = bool(drawing)
        return [
            self.start if person.id in drawing or kept & self.windows[n].keys() else year
            for n, person in enumerate(self.plan.people)
        ]

    def _extras(self) -> None:
        plan, rows = self.plan, self.rows
        first = self.start if self.past else self.first
        self.commission: dict[tuple[str, int], dict[str, int]] = {}
        self.due: dict[int, list[Earned]] = {}
        self.pending: dict[int, list[Earned]] = {}
        for result in self.earnings.groups:
            group = result.group
            if group.last > self.last:
                self.pending.setdefault(group.payee, []).append(result)
                continue
            person = plan.people[group.payee].id
            by_plan = self.commission.setdefault((person, group.last), {})
            by_plan[group.plan] = by_plan.get(group.plan, 0) + result.earned
            if group.last >= self.first:
                self.due.setdefault(group.payee, []).append(result)
        self.overrides = overrides(plan, rows, first, self.last)
        self.spiffs = spiffs(
            plan, rows, self.ledger, self.data.orders, self.data.order, first, self.last
        )
        bonuses = Bonuses(plan, rows, self.data, self.ledger, self.quotas, first, self.last)
        self.bonuses = bonuses.run()
        self.problems += bonuses.problems.values()
        self.held, self.released = holdbacks(plan, self.commission)
        self.adjustments: dict[tuple[str, int], list[AdjustmentPay]] = {}
        unit = 10**plan.settings.decimals
        for row in plan.adjustments:
            top, below = (row.adjustment_amount * unit).as_integer_ratio()
            item = AdjustmentPay(row.pay_date, half_up(top, below), row.reason)
            month = row.pay_date.year * 12 + row.pay_date.month - 1
            self.adjustments.setdefault((row.person, month), []).append(item)

    def _earned(self, person: str, month: int) -> int:
        key = (person, month)
        return (
            sum(self.commission.get(key, {}).values())
            + sum(item.pay for item in self.overrides.get(key, ()))
            + sum(item.pay for item in self.spiffs.get(key, ()))
            + sum(item.pay for item in self.bonuses.get(key, ()))
        )

    def _net(self, person: str, month: int) -> int:
        """What is payable without a draw."""
        key = (person, month)
        return (
            self._earned(person, month)
            + sum(item.pay for item in self.clawbacks.get(key, ()))
            + sum(item.amount for item in self.adjustments.get(key, ()))
            - sum(item.amount for item in self.held.get(key, ()))
            + sum(item.amount for item in self.released.get(key, ()))
        )

    # ---- what the run says

    def _inside(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.data.day >= day_number(self.period.first_day), np.bool_)

    def _unassigned(self, inside: npt.NDArray[np.bool_]) -> tuple[Unassigned, ...]:
        rows, frame = self.rows, self.ledger.frame
        left = np.flatnonzero((rows.reason != FINE) & (rows.kind != OVERLAY) & inside[rows.line])
        left = left[np.lexsort((rows.line[left], rows.day[left]))]
        lines = rows.line[left]
        named = frame["person"].iloc[lines].astype(str).tolist()
        ids = frame["person_id"].iloc[lines].astype(str).tolist()
        return tuple(
            Unassigned(
                row=row,
                source=source,
                day=day_of(day),
                order=order,
                person=self.plan.people[payee].name if payee >= 0 else name or number,
                amount=amount,
                reason=REASONS[reason],
            )
            for row, source, day, order, payee, name, number, amount, reason in zip(
                frame["row"].iloc[lines].tolist(), frame["source"].iloc[lines].astype(str),
                rows.day[left].tolist(), frame["order_id"].iloc[lines].astype(str),
                rows.payee[left].tolist(), named, ids, rows.money["amount"][left].tolist(),
                rows.reason[left].tolist(), strict=True,
            )
        )  # fmt: skip

    def _own(self, inside: npt.NDArray[np.bool_]) -> list[int]:
        rows = self.rows
        mine = (rows.reason == FINE) & (rows.kind != OVERLAY) & inside[rows.line]
        sums = np.zeros(len(self.plan.people), np.int64)
        np.add.at(sums, rows.payee[mine], rows.money["amount"][mine])
        found: list[int] = sums.tolist()
        return found

    def _statements(self) -> tuple[Statement, ...]:
        plan = self.plan
        details = Details(
            self.ledger, self.rows, self.data, self.grouped, self.earnings, self.terms
        )
        own = self._own(self._inside())
        by_id = {person.id: person for person in plan.people}
        roles = {role.id: role.name for role in plan.roles}
        regions = {region.id: region.name for region in plan.regions}
        out = []
        for n, person in enumerate(plan.people):
            statement = self._statement(n, person, details, own[n], by_id, roles, regions)
            if statement is not None:
                out.append(statement)
        return tuple(out)

    def _statement(
        self, n: int, person: Person, details: Details, own: int,
        by_id: Mapping[str, Person], roles: Mapping[str, str], regions: Mapping[str, str],
    ) -> Statement | None:  # fmt: skip
        keys = [(person.id, month) for month in range(self.first, self.last + 1)]
        plans = tuple(details.plan_pay(result) for result in self.due.get(n, ()))
        gathered = {
            name: tuple(item for key in keys for item in table.get(key, ()))
            for name, table in (
                ("overrides", self.overrides), ("spiffs", self.spiffs), ("bonuses", self.bonuses),
                ("clawbacks", self.clawbacks), ("adjustments", self.adjustments),
                ("held", self.held), ("released", self.released),
            )
        }  # fmt: skip
        mine = [row for row in self.plan.draws if row.person == person.id]
        drawn = []
        if mine:
            net = {m: self._net(person.id, m) for m in range(self.start, self.last + 1)}
            months = draws(mine, net, self.start, self.last)
            drawn = [month for month in months if month.month >= self.period.first_day]
        pending = tuple(
            (day_of(self._end(result)), result.credited) for result in self.pending.get(n, ())
        )
        if not plans and not own and not drawn and not pending and not any(gathered.values()):
            return None
        earned = sum(self._earned(*key) for key in keys)
        payable = sum(self._net(*key) for key in keys)
        payable += sum(month.drawn - month.recovered for month in drawn)
        manager = by_id.get(person.manager)
        statement = Statement(
            person=person.id,
            name=person.name,
            role=roles.get(person.role, ""),
            region=regions.get(person.region, ""),
            manager=manager.name if manager else "",
            number=f"{self.period.label}-{person.id}",
            plans=plans,
            **gathered,  # type: ignore[arg-type]
            draws=tuple(drawn),
            own_amount=own,
            pending=pending,
            earned=earned,
            payable=payable,
            how=(),
        )
        return explain(statement)

    def _end(self, result: Earned) -> int:
        return day_number(first_day(result.group.last + 1)) - 1

    def _told(self) -> None:
        """What the run found that a reader should know: it changes no figure."""
        names: dict[str, Problem] = {}
        first_month = self.plan.settings.fiscal_year_first_month
        for result in self.earnings.groups:
            version, group = result.group.version, result.group
            key = version.plan.id
            if group.last < self.first:
                continue
            if not version.thresholds:
                names.setdefault("no_tiers" + key, _warn("no_tiers", key))
            if version.needs_quota and not self.quotas.covers(group.last):
                year = fiscal_start(group.last, first_month) // 12
                values = {"year": year, "plan_year": self.plan.settings.year}
                names.setdefault("no_quota" + key, _warn("no_quota_year", key, **values))
            if version.plan.kind == "interpolated" and not version.plan.target_pay_amount:
                names.setdefault("no_pay" + key, _warn("no_target_pay", key))
        for row in self.plan.clawbacks:
            if row.mode == "pro_rata" and row.age_months is None:
                names.setdefault("claw" + row.plan, _warn("clawback_no_age", row.plan))
        self.problems += names.values()
        rows = self.rows
        lost = (rows.kind == OVERLAY) & (rows.reason != FINE) & self._inside()[rows.line]
        for payee in np.unique(rows.payee[lost]).tolist():
            count = int((rows.payee[lost] == payee).sum())
            values = {"name": self.plan.people[payee].name, "count": count}
            self.problems.append(Problem("pay.overlay_unpaid", "credit_shares", values, "warning"))


def _warn(code: str, plan: str, **values: object) -> Problem:
    return Problem(f"pay.{code}", f"commission_plans {plan}", {"plan": plan, **values}, "warning")


def _without(ledger: Ledger, keep: npt.NDArray[np.bool_]) -> Ledger:
    return replace(ledger, frame=ledger.frame.loc[keep])


def _fingerprint(plan: Plan, ledger: Ledger) -> str:
    """Of the plan's file and the ledgers' files: the same inputs give the same."""
    digest = hashlib.sha256(plan.fingerprint.encode())
    for name, sha in sorted(ledger.files):
        digest.update(f"\0{name}\0{sha}".encode())
    return digest.hexdigest()
