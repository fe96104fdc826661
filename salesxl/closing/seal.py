"""Sealing a period, opening it again, and asking for what is sealed.

    check_open(plan_path, plan, period)                 # before the work is done
    close_period(plan_path, plan, run, inputs, files, who="Li")
    sealed_result(plan_path, plan, period)              # with the very run, or None

A period is sealed while its last `close` has no `reopen` behind it. Sealed periods never share
a day, and the store belongs to one plan: its firm, currency and people.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from salesxl.closing.chain import Entry
from salesxl.closing.inputs import Inputs
from salesxl.closing.record import canonical, read, written
from salesxl.closing.store import SUFFIX, Content, Store, reading, store_path, writing
from salesxl.errors import SalesxlError, fail
from salesxl.ledger.pay.results import AdjustmentPay, PayRun, Period
from salesxl.plan.model import Plan

Clock = Callable[[], datetime]
# Clocks of two computers may differ this much; more is a clock that is wrong.
SLACK = timedelta(minutes=5)
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Seal:
    """A sealed period and what its entry says."""

    period: Period
    entry: Entry
    result: str  # hash of the result

    @property
    def details(self) -> dict[str, Any]:
        return self.entry.details

    @property
    def inputs(self) -> Inputs:
        return Inputs.from_json(self.details["inputs"])

    @property
    def settled(self) -> tuple[tuple[str, date, int], ...]:
        """Corrections of earlier periods paid in this one: person, their last day, amount."""
        return tuple(
            (str(person), date.fromisoformat(day), int(amount))
            for person, day, amount in self.details["settled"]
        )


def is_correction(item: AdjustmentPay) -> bool:
    """Whether an adjustment settles a sealed period; one by hand has no old and new."""
    return item.old is not None


def now_utc() -> datetime:
    return datetime.now(UTC)


def seals(entries: Sequence[Entry]) -> tuple[Seal, ...]:
    """The periods that are sealed now, in the order of their days."""
    found: dict[str, Seal] = {}
    for entry in entries:
        if entry.action == "close":
            details = entry.details
            period = Period(
                entry.period, details["kind"],
                date.fromisoformat(details["first_day"]), date.fromisoformat(details["last_day"]),
            )  # fmt: skip
            found[entry.period] = Seal(period, entry, details["result"])
        elif entry.action == "reopen":
            found.pop(entry.period, None)
    return tuple(sorted(found.values(), key=lambda seal: seal.period.first_day))


@dataclass(frozen=True)
class Sealed:
    """What was sealed: the run, and what its statements were made with beside it."""

    run: PayRun
    company: str
    who: str
    at: str


def history(plan_path: Path, plan: Plan | None = None) -> Content | None:
    """All entries of the plan's store, None where nothing was ever closed.

    Raises `SalesxlError` where the chain is broken or, with `plan`, for another plan's store
    and for one that was left behind when the plan's file was renamed.
    """
    with reading(store_path(plan_path)) as store:
        if store is not None:
            return _sound(store, plan)
    if plan is not None:
        _refuse_left_behind(plan_path, plan)
    return None


def sealed_result(plan_path: Path, plan: Plan, period: Period) -> Sealed | None:
    """The sealed run of the period, None while it is open.

    Raises `SalesxlError` where another sealed period shares days with it: what was paid for
    them is told by that period's own statements.
    """
    content = history(plan_path, plan)
    if content is None:
        return None
    for seal in seals(content.entries):
        if seal.period.label == period.label:
            with reading(store_path(plan_path)) as store:
                assert store is not None
                run = result_of(store, seal)
            return Sealed(run, str(seal.details["company"]), seal.entry.who, seal.entry.at)
        if _meet(seal.period, period):
            raise fail("closing.shares_days", period.label, other=seal.period.label)
    return None


def result_of(store: Store, seal: Seal) -> PayRun:
    data = store.result(seal.result)
    if data is None:
        raise fail("closing.result_lost", store.path.name, period=seal.period.label)
    return read(data)


def check_open(plan_path: Path, plan: Plan, period: Period) -> str:
    """The hash of the store's last entry ("" without a store), for `close_period`.

    Raises `SalesxlError` where the period cannot be closed.
    """
    content = history(plan_path, plan)
    if content is None:
        return ""
    _refuse_sealed(content, period)
    return content.head


def close_period(
    plan_path: Path,
    plan: Plan,
    run: PayRun,
    inputs: Inputs,
    files: Mapping[str, str],
    *,
    who: str,
    seen: str | None = None,
    clock: Clock = now_utc,
) -> Entry:
    """Seal the run. `files`: statement file → SHA-256; `seen`: what `check_open` gave.

    Nothing is written when the period was closed meanwhile, or the store has changed since
    `seen`, as the run's adjustments may then no longer be right.
    """
    data = written(run)
    with writing(store_path(plan_path)) as store:
        content = _sound(store, plan)
        _refuse_sealed(content, run.period)
        if seen is not None and seen != (content.head if content.entries else ""):
            raise fail("closing.changed_meanwhile", store.path.name)
        at = _stamp(content, clock, store)
        if not content.entries:
            store.append(at, who, "open", "", canonical(_identity(plan_path, plan)))
        return store.append(
            at, who, "close", run.period.label,
            canonical(_close_details(run, inputs, files, store.keep(data), plan)),
        )  # fmt: skip


def reopen_period(
    plan_path: Path, plan: Plan, period: Period, reason: str, *, who: str, clock: Clock = now_utc
) -> Entry:
    """Open a sealed period again; the reason is kept with it, and so is the sealed result."""
    reason = " ".join(reason.split())
    if not reason:
        raise fail("closing.no_reason", "--reason")
    path = store_path(plan_path)
    if not path.exists():
        raise fail("closing.not_sealed", period.label)
    with writing(path) as store:
        content = _sound(store, plan)
        seal = next((s for s in seals(content.entries) if s.period.label == period.label), None)
        if seal is None:
            raise fail("closing.not_sealed", period.label)
        details = {"reason": reason, "result": seal.result, "close": seal.entry.hash}
        at = _stamp(content, clock, store)
        return store.append(at, who, "reopen", period.label, canonical(details))


# ---- the parts


def _sound(store: Store, plan: Plan | None) -> Content:
    content = store.content()
    if (fault := content.fault) is not None:
        raise SalesxlError(replace(fault, where=store.path.name))
    if plan is not None and content.entries:
        refuse_other(content, plan, store)
    return content


def _identity(plan_path: Path, plan: Plan) -> dict[str, Any]:
    """Whose store it is."""
    settings = plan.settings
    return {
        "plan": plan_path.name,
        "company": settings.company,
        "currency": settings.currency,
        "decimals": settings.decimals,
        "fiscal_year_first_month": settings.fiscal_year_first_month,
    }


def refuse_other(content: Content, plan: Plan, store: Store) -> None:
    """A store copied beside another plan. A firm may change its name, but not all its people."""
    first, settings = content.entries[0].details, plan.settings
    other = fail(
        "closing.other_plan", store.path.name,
        company=first.get("company", ""), plan=first.get("plan", ""),
    )  # fmt: skip
    for key in ("currency", "decimals", "fiscal_year_first_month"):
        if first.get(key) != getattr(settings, key):
            raise other
    if first.get("company") == settings.company:
        return
    closed = [entry.details for entry in content.entries if entry.action == "close"]
    known = {(person.id, person.name) for person in plan.people}
    payees = {(row[0], row[1]) for details in closed[-1:] for row in details["payees"]}
    if 2 * len(payees & known) < len(payees) or not payees:
        raise other


def _refuse_left_behind(plan_path: Path, plan: Plan) -> None:
    """A store of the firm beside it whose plan is gone: probably this one, renamed."""
    for path in sorted(plan_path.parent.glob(f"*{SUFFIX}")):
        stem = path.name.removesuffix(SUFFIX)
        if any((path.parent / f"{stem}{kind}").exists() for kind in (".xlsx", ".xlsm")):
            continue
        entries: Sequence[Entry] = ()
        with contextlib.suppress(SalesxlError), reading(path) as store:
            entries = () if store is None else store.content().entries
        if entries and entries[0].details.get("company") == plan.settings.company:
            wanted = store_path(plan_path).name
            raise fail("closing.left_behind", path.name, plan=f"{stem}.xlsx", wanted=wanted)


def _refuse_sealed(content: Content, period: Period) -> None:
    for seal in seals(content.entries):
        if seal.period.label == period.label:
            raise fail(
                "closing.already_closed", period.label, who=seal.entry.who or "?", at=seal.entry.at
            )
        if _meet(seal.period, period):
            raise fail("closing.overlaps_closed", period.label, other=seal.period.label)


def _meet(one: Period, other: Period) -> bool:
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def _stamp(content: Content, clock: Clock, store: Store) -> str:
    """Now, never before the last entry."""
    now = clock().astimezone(UTC)
    at = now.strftime(_STAMP)
    if not content.entries or at >= content.entries[-1].at:
        return at
    last = datetime.strptime(content.entries[-1].at, _STAMP).replace(tzinfo=UTC)
    if last - now > SLACK:
        raise fail("closing.clock_back", store.path.name, now=at, last=content.entries[-1].at)
    return content.entries[-1].at


def _close_details(
    run: PayRun, inputs: Inputs, files: Mapping[str, str], result: str, plan: Plan
) -> dict[str, Any]:
    period = run.period
    return {
        "kind": period.kind,
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        "result": result,
        "company": plan.settings.company,
        "inputs": inputs.as_json(),
        "files": dict(sorted(files.items())),
        "currency": run.currency,
        "decimals": run.decimals,
        "earned": run.earned,
        "payable": run.payable,
        "unassigned": run.unassigned_amount,
        "ledger_amount": run.ledger_amount,
        "payees": [[s.person, s.name, s.payable] for s in run.statements],
        "settled": [
            [s.person, item.day.isoformat(), item.amount]
            for s in run.statements
            for item in s.adjustments
            if is_correction(item)
        ],
    }
