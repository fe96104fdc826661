"""What a pay run found: who is credited with what, what it earns, what is payable and why.

All money is whole minor units (`int`); `PayRun.decimals` says how many digits. Amounts taken
from the payee are negative wherever they are added up. What adds up, to the cent:

    PlanPay.lines_pay   = Σ line.pay
    PlanPay.earned      = lines_pay + Σ changes
    Statement.earned    = Σ plans.earned + Σ overrides.pay + Σ spiffs.pay + Σ bonuses.pay
    Statement.payable   = earned + Σ clawbacks.pay + Σ adjustments.amount − Σ held.amount
                          + Σ released.amount + Σ draws (drawn − recovered)
    PayRun: Σ own_amount of the statements + Σ unassigned.amount = ledger_amount

All pay is before tax.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from salesxl.errors import Problem
from salesxl.plan.model import CommissionPlan

CreditKind = Literal["own", "split", "overlay"]
Cause = Literal["at_zero", "true_up", "floor", "cap"]
BonusKind = Literal["champion", "new_customer", "over_target", "team_pool"]
# Why a line, or a share of it, is in nobody's commission; each is a key of texts `pay.reason_…`.
REASONS = (
    "no_payee",  # names nobody, or somebody the plan does not know
    "no_plan",  # the payee has no plan, or no version of it, on that day
    "outside_plan",  # the payee's plans are limited to other products, regions, channels
    "two_plans",  # two of the payee's plans fit it equally
    "not_employed",  # dated before the payee joined or after they left
    "unknown_product",
    "return_without_sale",
    "other_currency",
    "no_cost",  # paid on margin, and the line's cost is not known
    "no_collected",  # paid on collections, which the ledger does not tell
    "split_sum",  # the shares of its order or customer do not make 1
)


@dataclass(frozen=True)
class Period:
    """What a run pays: whole months of the calendar. `label` as it was asked: 2026-06 …"""

    label: str
    kind: Literal["month", "quarter", "year"]
    first_day: date
    last_day: date  # included


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """One ledger line, or a share of it, and what it earns in its plan's pay period.

    `amount` is the share of the line's sales amount, `base_amount` the whole line in the
    plan's base (amount, margin or collected), `credited` the share of that. `running` is the
    credit of the pay period (year to date: of the year) up to and with this line.
    """

    row: int  # line in its file, as the user sees it
    source: str
    day: date
    order: str
    customer: str
    product: str
    product_line: str  # id
    kind: CreditKind
    share: Fraction  # 1 for a line of one's own
    amount: int
    base_amount: int
    credited: int
    running: int
    band_from: int  # band in which the line begins, from 1; 0: below the first
    band: int  # band in which it ends
    pay: int  # rounded so that the lines add up to `PlanPay.lines_pay`
    rate: Fraction | None = None  # of the one band it lies in; None: several, or a curve
    crossing: tuple[tuple[int, Fraction, Fraction], ...] = ()  # where it lies in several
    returned_order: bool = False  # a return, credited as its sale was

    @property
    def parts(self) -> tuple[tuple[int, Fraction, Fraction], ...]:
        """(band, part of `credited`, rate): unrounded pay = Σ part × rate; none on a curve."""
        if self.rate is None:
            return self.crossing
        return ((self.band_from, Fraction(self.credited), self.rate),)

    @property
    def effective_rate(self) -> Fraction:
        """pay / credited; 0 where nothing is credited."""
        return Fraction(self.pay, self.credited) if self.credited else Fraction(0)


@dataclass(frozen=True)
class Tier:
    """One band (or cell, or piece of curve) of a plan's table and what came into it.

    `start` is in minor units of credit, whatever the table's measure (attainment × quota,
    unrounded); `threshold` as the plan says it. `amount` is the period's credit in the band
    (marginal: its part; whole amount and matrix: all of it in the band reached).
    """

    number: int  # from 1
    threshold: Decimal
    start: Fraction
    end: Fraction | None  # None: no end
    rate: Decimal  # fraction; of an interpolated plan the payout at the point
    amount: Fraction
    pay: Fraction  # minor units, unrounded
    reached: bool
    second_threshold: Decimal | None = None  # of a matrix
    effective_from: date | None = None  # of the version the tier belongs to


@dataclass(frozen=True)
class Change:
    """What changes the pay of the lines: amount in minor units, added to it.

    at_zero: what a curve pays before the first sale. true_up: what the year to date changes in
    earlier months' pay. floor, cap: the plan's guarantee and cap of the period.
    """

    cause: Cause
    amount: int


@dataclass(frozen=True)
class Explanation:
    """One sentence of "how it is calculated": text `pay.how_{key}` filled with `values`."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanPay:
    """One pay period of one plan of a payee, settled in this run.

    `versions` are those in force in it, the last one at its end; each line is paid at the
    version of its day. For a year to date `first_day` is that of the month paid, and
    `before_credited`, `before_earned` what the year had before it.
    """

    plan: CommissionPlan  # the version at the period's end
    versions: tuple[CommissionPlan, ...]
    first_day: date
    last_day: date
    quota: int  # of the pay period (year to date: of the months so far); 0: none
    credited: int  # Σ line.credited (year to date: this month's alone)
    second_value: Fraction | None  # the second measure of a matrix
    lines: tuple[CreditedLine, ...]
    tiers: tuple[Tier, ...]
    lines_pay: int
    changes: tuple[Change, ...]
    earned: int
    before_credited: int = 0
    before_earned: int = 0
    capped: int = 0  # what the cap a line took: Σ line pay − Σ tier pay, ≤ 0 but for returns

    @property
    def attainment(self) -> Fraction | None:
        """credited (to date) / quota; None without a quota."""
        return Fraction(self.before_credited + self.credited, self.quota) if self.quota else None


@dataclass(frozen=True)
class OverridePay:
    """A manager's pay on the credit of those who report to them, their own not counted."""

    base: str
    rate: Decimal
    first_day: date
    last_day: date
    members: tuple[tuple[str, str, int, int], ...]  # person id, name, credited, pay
    credited: int
    pay: int  # = Σ of the members' pays


@dataclass(frozen=True)
class SpiffPay:
    """One SPIFF: an extra on lines of some days and products."""

    id: str
    name: str
    lines: tuple[tuple[int, str, date, str, int], ...]  # row, source, day, order, pay
    pay: int


@dataclass(frozen=True)
class BonusPay:
    """A bonus won at the end of its period, with the figures that decided it."""

    id: str
    name: str
    kind: BonusKind
    day: date  # the last day of its period
    pay: int
    reason: Explanation


@dataclass(frozen=True)
class ClawbackPay:
    """What the return of an earlier period's sale takes back of its pay. `pay` ≤ 0."""

    plan: str
    row: int  # of the return
    source: str
    day: date
    order: str
    customer: str
    amount: int  # the return's share in sales, negative
    sale_day: date
    age_months: int
    paid: int  # what the sale had earned
    returned_share: Fraction
    pay: int


@dataclass(frozen=True)
class AdjustmentPay:
    """A correction by hand, or of a closed period (`cause` tells old and new)."""

    day: date
    amount: int
    reason: str
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True)
class HoldbackPay:
    """A part of commission held (`amount` ≥ 0 unless the commission is negative).

    `month` is the first day of the month it was held in, `release_month` of that it is paid in.
    """

    plan: str
    share: Decimal
    month: date
    release_month: date
    amount: int


@dataclass(frozen=True)
class DrawMonth:
    """One month of a draw: payable = earned + drawn − recovered; `balance` is owed after it."""

    month: date
    draw: int
    recoverable: bool
    earned: int  # what is payable without the draw
    drawn: int
    recovered: int
    payable: int
    balance: int


@dataclass(frozen=True)
class Statement:
    """What one payee gets in a run, and why."""

    person: str  # id
    name: str
    role: str  # name
    region: str  # name
    manager: str  # name; "" = none
    number: str  # of the statement: stable for person, period and plan version
    plans: tuple[PlanPay, ...]
    overrides: tuple[OverridePay, ...]
    spiffs: tuple[SpiffPay, ...]
    bonuses: tuple[BonusPay, ...]
    clawbacks: tuple[ClawbackPay, ...]
    adjustments: tuple[AdjustmentPay, ...]
    held: tuple[HoldbackPay, ...]
    released: tuple[HoldbackPay, ...]
    draws: tuple[DrawMonth, ...]
    own_amount: int  # sales of the run's days that are this payee's, in the ledger's amount
    pending: tuple[tuple[date, int], ...]  # last day of pay periods not yet due, credit so far
    earned: int
    payable: int
    how: tuple[Explanation, ...]

    @property
    def lines(self) -> tuple[CreditedLine, ...]:
        return tuple(line for pay in self.plans for line in pay.lines)

    @property
    def commission(self) -> int:
        return sum(pay.earned for pay in self.plans)

    @property
    def credited(self) -> int:
        return sum(pay.credited for pay in self.plans)

    @property
    def drawn(self) -> int:
        """What draws add to this run's pay, less what is recovered."""
        return sum(month.drawn - month.recovered for month in self.draws)

    @property
    def draw_balance(self) -> int:
        return self.draws[-1].balance if self.draws else 0


@dataclass(frozen=True)
class Unassigned:
    """A line, or the share of one, that is in nobody's commission."""

    row: int
    source: str
    day: date
    order: str
    person: str  # as the ledger or the share names them
    amount: int  # share of the sales amount
    reason: str  # one of REASONS


@dataclass(frozen=True)
class PayRun:
    """A whole run. `statements` in the order of the plan's people."""

    period: Period
    statements: tuple[Statement, ...]
    unassigned: tuple[Unassigned, ...]
    problems: tuple[Problem, ...]  # what was found on the way; none of them stopped the run
    ledger_lines: int  # in the period
    ledger_amount: int
    plan_version: str
    fingerprint: str  # of the plan and the ledgers
    decimals: int
    currency: str

    @property
    def unassigned_amount(self) -> int:
        return sum(line.amount for line in self.unassigned)

    @property
    def earned(self) -> int:
        return sum(statement.earned for statement in self.statements)

    @property
    def payable(self) -> int:
        return sum(statement.payable for statement in self.statements)

    @property
    def ties(self) -> bool:
        """Σ own sales of the payees + unassigned = ledger."""
        own = sum(statement.own_amount for statement in self.statements)
        return own + self.unassigned_amount == self.ledger_amount
