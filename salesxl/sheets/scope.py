"""What one workbook is about: a region, or the head office, and only its own data.

`narrow` makes a region's share from the whole; a sheet module never sees more
than its scope, so nothing of another region can reach a region's file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from salesxl.ledger.frame import Ledger
from salesxl.plan.model import Plan, Region
from salesxl.plan.targets import Targets
from salesxl.texts import Lang

Formulas = Literal["native", "values"]


@dataclass(frozen=True)
class Scope:
    """Input of every sheet module: ``build(scope, book) -> Sheet``."""

    plan: Plan  # narrowed: only this scope's people, customers, prospects, partners
    targets: Targets  # narrowed: for a region, `regions` holds that region alone
    ledger: Ledger | None  # narrowed lines; region/person/product are ids' names as in the plan
    region: Region | None  # None: head office
    lang: Lang
    formulas: Formulas
    focus_year: int  # plan year if the ledger has lines in it, else its last year with lines
    as_of: date  # settings.as_of_date, else the ledger's last date, else the plan year's first day
    outside_credit: dict[tuple[str, str], int]  # (person id, "YYYY-MM") → credited in other regions
    outside_quota: dict[tuple[str, int], int]  # (person id, fiscal month index) → quota elsewhere

    @property
    def is_head_office(self) -> bool:
        return self.region is None

    @property
    def name(self) -> str:
        """The scope as the title says it."""
        return self.region.name if self.region else self.plan.settings.company
