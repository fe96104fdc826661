"""What changed in sealed periods after they were paid, as adjustments of the next open one.

A sealed period is worked out again from today's plan and ledger. Where a payee's payable
differs from what is settled (the sealed figure and the corrections paid since), the difference
is paid or taken in the run that follows the sealed periods without a gap:

    sealed 1,200 · today 1,450                          → July +250 (old 1,200, new 1,450)
    July sealed with it, June now 1,400                 → August −50 (old 1,450, new 1,400)

The run's own figures come from today's books too, so over all periods everybody has been paid
exactly what today's books say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from salesxl import __version__
from salesxl.closing.inputs import lines_digest, terms_digest
from salesxl.closing.seal import Seal, history, is_correction, result_of, seals
from salesxl.closing.store import reading, store_path
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.explain import explain
from salesxl.ledger.pay.results import AdjustmentPay, PayRun, Period, Statement
from salesxl.plan.model import Plan
from salesxl.texts import Lang, text

Cause = Literal["ledger", "plan", "both", "program"]


@dataclass(frozen=True)
class Correction:
    """One payee's difference in one sealed period, in minor units: `new` − `old`."""

    person: str
    name: str
    period: Period  # the sealed one
    old: int  # what is settled: sealed, and corrected since
    new: int
    cause: Cause
    like: Statement  # the payee's newest statement of that period

    @property
    def difference(self) -> int:
        return self.new - self.old


def corrections(
    plan_path: Path,
    plan: Plan,
    ledger: Ledger,
    period: Period,
    rerun: Callable[[Period], PayRun],
) -> tuple[Correction, ...]:
    """What the open `period` settles of sealed ones, by period and in the order of payees.

    `rerun` works a period out from today's plan and ledger, without corrections; it is called
    only for periods whose inputs are no longer the same. A period that does not follow a
    sealed one without a gap settles nothing: the open one before it does.
    """
    content = history(plan_path, plan)
    if content is None:
        return ()
    found = seals(content.entries)
    paid = _paid_since(found)
    out: list[Correction] = []
    for seal in found:
        if not _follows(period, seal, found):
            continue
        inputs = seal.inputs
        change = _Change(
            plan=inputs.terms != terms_digest(plan, seal.period.last_day),
            ledger=inputs.lines != lines_digest(ledger, seal.period.last_day),
            program=inputs.salesxl != __version__,
        )
        settled = any(day == seal.period.last_day for _, day in paid)
        if change.plan or change.ledger or change.program or settled:
            out += _differences(seal, _sealed(plan_path, seal), rerun(seal.period), paid, change)
    return tuple(out)


def _sealed(plan_path: Path, seal: Seal) -> PayRun:
    with reading(store_path(plan_path)) as store:
        assert store is not None
        return result_of(store, seal)


def with_corrections(run: PayRun, found: tuple[Correction, ...], lang: Lang) -> PayRun:
    """The run with an adjustment for each correction; a payee without a statement gets one."""
    if not found:
        return run
    more: dict[str, list[AdjustmentPay]] = defaultdict(list)
    for item in found:
        reason = text(
            "closing.adjustment", lang, period=item.period.label,
            cause=text(f"closing.cause_{item.cause}", lang),
        )  # fmt: skip
        more[item.person].append(
            AdjustmentPay(item.period.last_day, item.difference, reason, item.old, item.new)
        )
    statements = [_adjusted(s, more.pop(s.person, [])) for s in run.statements]
    for item in found:
        if item.person in more:
            statements.append(_adjusted(_blank(item.like, run.period), more.pop(item.person)))
    return replace(run, statements=tuple(statements))


def own_payable(statement: Statement) -> int:
    """What is payable for the period itself, without corrections of others."""
    corrected = sum(item.amount for item in statement.adjustments if is_correction(item))
    return statement.payable - corrected


def _adjusted(statement: Statement, items: list[AdjustmentPay]) -> Statement:
    if not items:
        return statement
    return explain(
        replace(
            statement,
            adjustments=(*statement.adjustments, *items),
            payable=statement.payable + sum(item.amount for item in items),
        )
    )


def _blank(like: Statement, period: Period) -> Statement:
    """A statement of nothing, for somebody who gets a correction only."""
    return replace(
        like, number=f"{period.label}-{like.person}", plans=(), overrides=(), spiffs=(),
        bonuses=(), clawbacks=(), adjustments=(), held=(), released=(), draws=(), own_amount=0,
        pending=(), earned=0, payable=0, how=(),
    )  # fmt: skip


def _follows(period: Period, seal: Seal, found: tuple[Seal, ...]) -> bool:
    """Whether every day between the sealed period and this one is sealed too."""
    if seal.period.last_day >= period.first_day:
        return False
    day = seal.period.last_day + timedelta(days=1)
    for other in found:  # in the order of their days
        if other.period.first_day == day:
            day = other.period.last_day + timedelta(days=1)
    return day >= period.first_day


def _paid_since(found: tuple[Seal, ...]) -> dict[tuple[str, date], int]:
    """(person, last day of the corrected period) → corrections in sealed periods."""
    out: dict[tuple[str, date], int] = defaultdict(int)
    for seal in found:
        for person, day, amount in seal.settled:
            out[person, day] += amount
    return out


@dataclass(frozen=True)
class _Change:
    """What of a sealed run's inputs is no longer the same."""

    plan: bool
    ledger: bool
    program: bool


def _differences(
    seal: Seal,
    old: PayRun,
    new: PayRun,
    paid: Mapping[tuple[str, date], int],
    change: _Change,
) -> list[Correction]:
    before = {statement.person: statement for statement in old.statements}
    after = {statement.person: statement for statement in new.statements}
    moved = change.plan and change.ledger and _run_lines(old) != _run_lines(new)
    out = []
    for person in dict.fromkeys((*after, *before)):
        one, two = before.get(person), after.get(person)
        settled = own_payable(one) if one is not None else 0
        settled += paid.get((person, seal.period.last_day), 0)
        now = own_payable(two) if two is not None else 0
        like = two or one
        if now != settled and like is not None:
            why = _cause(change, one, two, moved)
            out.append(Correction(person, like.name, seal.period, settled, now, why, like))
    return out


def _cause(change: _Change, one: Statement | None, two: Statement | None, moved: bool) -> Cause:
    """Why a figure changed: what only one of plan and ledger can have done is plain."""
    if not change.plan and not change.ledger:
        return "program"  # the same books, worked out anew by a later salesxl
    if not change.plan:
        return "ledger"
    if not change.ledger:
        return "plan"
    # Both are other than they were: which of them does this payee's statement show?
    ledger, terms = _lines(one, two) != _lines(two, one), _terms(one) != _terms(two)
    if not ledger and not terms:  # a ranking or a team's figure moved
        ledger, terms = moved, not moved
    return "both" if ledger and terms else "ledger" if ledger else "plan"


def _run_lines(run: PayRun) -> Counter[object]:
    """The ledger's lines as far as the run shows them, whoever is credited."""
    found: Counter[object] = Counter()
    for statement in run.statements:
        for line in statement.lines:
            if line.kind == "own":
                found[line.day, line.order, line.product, line.amount] += 1
    for rest in run.unassigned:
        found[rest.day, rest.order, "", rest.amount] += 1
    found["lines"], found["amount"] = run.ledger_lines, run.ledger_amount
    return found


def _lines(statement: Statement | None, other: Statement | None) -> Counter[object]:
    """What of the ledger a statement shows; comparable with `other` under another plan too."""
    found: Counter[object] = Counter()
    if statement is None:
        return found
    bases = {pay.plan.id: pay.plan.base for pay in other.plans} if other is not None else {}
    for pay in statement.plans:
        same = bases.get(pay.plan.id) == pay.plan.base
        for line in pay.lines:
            money = line.base_amount if same else line.amount if line.share == 1 else None
            found[line.day, line.order, line.customer, line.product, money] += 1
    for override in statement.overrides:
        for person, _, credited, _ in override.members:
            if override.base in {o.base for o in (other.overrides if other else ())}:
                found["team", override.base, person] += credited
    for item in statement.clawbacks:
        found["back", item.day, item.order, item.amount] += 1
    return found


def _terms(statement: Statement | None) -> object:
    """What of the plan a statement shows."""
    if statement is None:
        return None
    plans = [
        (pay.plan, pay.versions, pay.quota,
         [(t.threshold, t.rate, t.second_threshold, t.effective_from) for t in pay.tiers])
        for pay in statement.plans
    ]  # fmt: skip
    shares = {
        (line.order, line.customer, line.kind, line.share)
        for line in statement.lines
        if line.kind != "own"
    }
    return (
        plans, shares, statement.role, statement.region,
        [(o.base, o.rate, o.first_day, o.last_day) for o in statement.overrides],
        {item.id for item in statement.spiffs},
        [(a.day, a.amount, a.reason) for a in statement.adjustments if not is_correction(a)],
        [(h.plan, h.share) for h in statement.held],
        [(d.month, d.draw, d.recoverable) for d in statement.draws],
    )  # fmt: skip
