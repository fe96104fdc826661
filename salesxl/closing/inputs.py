"""What a run was made from, as fingerprints that tell later what has changed.

A ledger's file changes whenever it grows by a month, and a plan with every new customer. What
decides a period are the lines up to its last day and the terms begun by then: their digests
stay the same while the files change. That of the lines does not depend on their order, their
row or their file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl import __version__
from salesxl.ledger.frame import COLUMNS, Ledger
from salesxl.plan.model import Plan
from salesxl.plan.read import fingerprint

Words = npt.NDArray[np.uint64]
_READ = tuple(name for name in (*COLUMNS, "currency") if name not in ("row", "source"))
# Tables and settings that no pay depends on.
_UNPAID = (
    "prospects", "key_accounts", "partner_criteria", "partners", "courses", "career_levels",
    "data_sources", "honours", "duties", "visit_rules", "calendar_days", "kpis",
    "responsibilities", "source_plans", "skills", "level_skills", "skill_levels",
)  # fmt: skip
_SAID_ONLY: dict[str, Any] = {
    "company": "", "language": "en", "plan_version": "", "as_of_date": None, "growth_rate": None,
    "market_amount": None, "productivity_amount": None, "visits_per_day": 8,
}  # fmt: skip
# Rows that begin later decide nothing before.
_BEGINS = (
    ("commission_plans", "effective_from"), ("commission_tiers", "effective_from"),
    ("plan_terms", "from_date"), ("credit_shares", "from_date"), ("overrides", "from_date"),
    ("draws", "from_date"), ("holdbacks", "from_date"), ("adjustments", "pay_date"),
    ("bonuses", "effective_from"), ("spiffs", "from_date"), ("team_pools", "from_date"),
)  # fmt: skip
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Inputs:
    """Of one run. `lines` is the digest of the ledger's lines up to the period's last day."""

    plan_fingerprint: str
    plan_version: str
    plan_sha256: str  # of the plan's file
    ledgers: tuple[tuple[str, str], ...]  # (file name, SHA-256)
    lines: str
    terms: str  # digest of what of the plan can decide the period's pay
    mapping_sha256: str = ""
    lang: str = ""  # of the statements
    salesxl: str = __version__

    def as_json(self) -> dict[str, Any]:
        return {
            "plan_fingerprint": self.plan_fingerprint,
            "plan_version": self.plan_version,
            "plan_sha256": self.plan_sha256,
            "ledgers": [list(row) for row in self.ledgers],
            "lines": self.lines,
            "terms": self.terms,
            "mapping_sha256": self.mapping_sha256,
            "lang": self.lang,
            "salesxl": self.salesxl,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Inputs:
        ledgers = tuple((str(name), str(sha)) for name, sha in found["ledgers"])
        names = (
            "plan_fingerprint", "plan_version", "plan_sha256", "lines", "terms",
            "mapping_sha256", "lang", "salesxl",
        )  # fmt: skip
        return cls(ledgers=ledgers, **{name: str(found[name]) for name in names})


def inputs_of(
    plan_path: Path, plan: Plan, ledger: Ledger, last_day: date, *,
    mapping: Path | None = None, lang: str = "",
) -> Inputs:  # fmt: skip
    """The fingerprints of a run of the period that ends on `last_day`."""
    return Inputs(
        plan_fingerprint=plan.fingerprint,
        plan_version=plan.settings.plan_version,
        plan_sha256=file_sha256(plan_path),
        ledgers=ledger.files,
        lines=lines_digest(ledger, last_day),
        terms=terms_digest(plan, last_day),
        mapping_sha256="" if mapping is None else file_sha256(mapping),
        lang=lang,
    )


def terms_digest(plan: Plan, last_day: date) -> str:
    """Fingerprint of the plan without what cannot touch pay up to `last_day`."""
    begun: dict[str, Any] = {
        table: tuple(
            row
            for row in getattr(plan, table)
            if getattr(row, key) is None or getattr(row, key) <= last_day
        )
        for table, key in _BEGINS
    }
    settings = replace(plan.settings, **_SAID_ONLY)
    bare: dict[str, Any] = dict.fromkeys(_UNPAID, ())
    return fingerprint(replace(plan, settings=settings, **begun, **bare))


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def lines_digest(ledger: Ledger, last_day: date) -> str:
    """SHA-256 of the lines up to `last_day`, as a set in which a line may stand twice."""
    frame = ledger.frame
    frame = frame.loc[frame["date"].to_numpy("datetime64[D]") <= np.datetime64(last_day, "D")]
    mixed = np.zeros(len(frame), np.uint64)
    for name in _READ:
        if name in frame.columns:
            mixed = _mix(mixed, _words(frame[name]))
    return hashlib.sha256(np.sort(mixed).astype("<u8").tobytes()).hexdigest()


def _mix(one: Words, other: Words) -> Words:
    both = (one ^ other) * _ODD  # wraps around: arithmetic modulo 2**64
    mixed: Words = both ^ (both >> _SHIFT)
    return mixed * _ODD


def _words(series: pd.Series[Any]) -> Words:
    """A column as 64-bit words: equal values have equal words, and so has a blank."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        words = [_word(str(value)) for value in series.cat.categories]
        found: Words = np.array([*words, _word("")], np.uint64)[series.cat.codes.to_numpy()]
        return found
    if series.dtype.kind == "M":
        return series.to_numpy("datetime64[D]").astype(np.int64).view(np.uint64)
    if series.dtype.kind == "f":
        plain = series.to_numpy(np.float64, na_value=np.nan).copy()
        plain[np.isnan(plain)] = -1.0e300  # no quantity
        return (plain + 0.0).view(np.uint64)  # −0 is 0
    if series.dtype.kind == "b":
        return series.to_numpy(np.bool_).astype(np.uint64)
    blank = series.isna().to_numpy(np.bool_)
    whole = series.fillna(0).to_numpy(np.int64).view(np.uint64)
    return _mix(whole, blank.astype(np.uint64))


def _word(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
