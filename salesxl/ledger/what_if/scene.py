"""A scene: a plan, its quotas and the sales it is tried on.

A change makes another scene of a scene; the plan's file is never touched. Factors are exact,
scaled money is rounded half-up to the minor unit (away from zero, so a sale and its return
still cancel).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.core.number import half_up
from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.quotas import Quotas
from salesxl.plan.model import Plan

SAFE = 2**61


@dataclass(frozen=True)
class Factors:
    """What all figures are multiplied by, and those of single people on top of it."""

    all: Fraction = Fraction(1)
    people: dict[str, Fraction] = field(default_factory=dict)

    def of(self, person: str) -> Fraction:
        return self.all * self.people.get(person, Fraction(1))

    def times(self, factor: Fraction, person: str = "") -> Factors:
        if not person:
            return replace(self, all=self.all * factor)
        people = {**self.people, person: self.people.get(person, Fraction(1)) * factor}
        return replace(self, people=people)

    @property
    def are_one(self) -> bool:
        return self.all == 1 and all(factor == 1 for factor in self.people.values())


@dataclass(frozen=True)
class Scene:
    """What is compared: the plan as it is, or after the changes."""

    plan: Plan
    quota: Factors = Factors()
    sales: Factors = Factors()

    @cached_property
    def quotas(self) -> Quotas:
        """Broken down once; every run of the scene asks the same."""
        return ScaledQuotas(self.plan, self.quota)

    def ledger(self, ledger: Ledger) -> Ledger:
        """The matched `ledger` with this scene's sales."""
        return ledger if self.sales.are_one else scaled(ledger, self.sales)


class ScaledQuotas(Quotas):
    """A plan's quotas times a scene's factors, month by month."""

    def __init__(self, plan: Plan, factors: Factors) -> None:
        super().__init__(plan)
        self.factors = factors

    def months(self, person: str, product: str = "", region: str = "") -> tuple[int, ...]:
        months = super().months(person, product, region)
        factor = self.factors.of(person)
        if factor == 1:
            return months
        top, below = factor.numerator, factor.denominator
        return tuple(half_up(amount * top, below) for amount in months)


def scaled(ledger: Ledger, factors: Factors) -> Ledger:
    """`ledger` with amount, cost and collected of each line times its seller's factor."""
    frame = ledger.frame.copy(deep=False)
    sellers = frame["person_key"]
    codes = sellers.cat.codes.to_numpy(np.int64)
    every = [factors.of(str(person)) for person in sellers.cat.categories] + [factors.all]
    for name in ("amount", "cost", "collected"):
        money = frame[name]
        known = money.notna().to_numpy(np.bool_)
        figures = money.fillna(0).to_numpy(np.int64)
        out = figures.copy()
        for code in np.unique(codes).tolist():
            here = codes == code
            out[here] = times(figures[here], every[code])
        if name == "amount":
            frame[name] = out
        else:
            frame[name] = pd.array(out, dtype="Int64").copy()
            frame.loc[~known, name] = pd.NA
    return replace(ledger, frame=frame)


def moved(ledger: Ledger, years: int) -> Ledger:
    """`ledger` with every line `years` later; 29 February becomes the 28th."""
    if not years:
        return ledger
    frame = ledger.frame.copy(deep=False)
    later = frame["date"] + pd.DateOffset(years=years)
    frame["date"] = later.astype("datetime64[s]")
    return replace(ledger, frame=frame)


def times(money: npt.NDArray[np.int64], factor: Fraction) -> npt.NDArray[np.int64]:
    """`money` × `factor`, half-up away from zero, exact; OverflowError beyond int64."""
    top, below = factor.numerator, factor.denominator
    largest = int(np.abs(money).max()) if len(money) else 0
    kind: Any = np.int64 if 2 * largest * top + below < SAFE else object
    size = np.abs(money).astype(kind)
    whole = (2 * size * top + below) // (2 * below)
    return np.asarray(np.sign(money).astype(kind) * whole).astype(np.int64)
