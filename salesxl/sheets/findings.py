"""What the figures say, in words: each finding with its money and the cell it is taken from.

A finding is made only from figures of the scope; none is estimated. `amount` is what ranks it:
minor units lost (or gained) against plan, last year or cost. `cell` is a formula of the
detailed analysis that gives the same amount, where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import pandas as pd

from salesxl.core.pipeline import pipeline_coverage
from salesxl.sheets.analysis_bridge import Bridge
from salesxl.sheets.analysis_cohort import EDGES, Ageing
from salesxl.sheets.analysis_forecast import Outlook
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.analysis_views import View, ViewLine
from salesxl.sheets.content import Sheet, a1
from salesxl.sheets.ledger_lines import has_dimension
from salesxl.texts import text

Tone = Literal["bad", "warn", "good"]
NAMED = 2  # customers a finding names
_REAL = Decimal("0.01")  # share of the sales below which a gap is not worth a line

__all__ = ["Finding", "Found", "find"]


@dataclass(frozen=True)
class Finding:
    """`key` names the sentence and its decision in texts/findings.toml; `sheet` where to decide."""

    key: str
    amount: int
    tone: Tone
    sheet: str
    values: Mapping[str, object] = field(default_factory=dict)
    cell: str = ""  # expression of the detailed analysis with the same amount, without "="


@dataclass
class Found:
    """What the detailed analysis placed, for findings to point at."""

    views: dict[str, View] = field(default_factory=dict)
    bridge: Bridge | None = None
    ageing: Ageing | None = None
    forecast: Outlook | None = None


class _Words:
    """Figures as a sentence shows them."""

    def __init__(self, sums: Sums) -> None:
        self.sums = sums

    def money(self, minor: int) -> str:
        return f"{abs(self.sums.major(minor)):,.0f}"

    def share(self, part: int, whole: int) -> str:
        return f"{Decimal(abs(part)) / abs(whole):.0%}" if whole else "–"

    def rate(self, part: int, whole: int) -> str:
        return f"{Decimal(abs(part)) / abs(whole):.1%}" if whole else "–"


def find(sums: Sums, sheet: Sheet, found: Found) -> list[Finding]:
    """All findings, the largest amount first."""
    whole = abs(sums.amount(sums.this))
    least = int(whole * _REAL)
    made = [
        *_plan_gaps(sums, sheet, found),
        *_customers(sums),
        *_below_cost(sums),
        *_bridge(sums, sheet, found),
        *_receivables(sums, sheet, found),
        *_outlook(sums, sheet, found),
        *_pipeline(sums, found),
    ]
    kept = [each for each in made if abs(each.amount) > least or each.key == "below_cost"]
    return sorted(kept, key=lambda each: (-abs(each.amount), each.key, str(each.values)))


def _plan_gaps(sums: Sums, sheet: Sheet, found: Found) -> list[Finding]:
    """Who is behind plan and what makes it; at most three behind and two ahead a view."""
    if not sums.scope.is_running:
        return []
    made: list[Finding] = []
    for key, place in (("region", "comparison"), ("product_line", "targets"),
                       ("person_key", "team")):  # fmt: skip
        placed = found.views.get(key)
        if placed is None:
            continue
        lines = [line for line in placed.lines if line.plan and line.gap and line.key]
        behind = sorted((x for x in lines if (x.gap or 0) < 0), key=lambda x: x.gap or 0)
        ahead = sorted((x for x in lines if (x.gap or 0) > 0), key=lambda x: -(x.gap or 0))
        made += [_gap(sums, sheet, placed, key, line, place) for line in behind[:3]]
        if key != "person_key":
            made += [_gap(sums, sheet, placed, key, line, place) for line in ahead[:1]]
    return made


def _gap(sums: Sums, sheet: Sheet, placed: View, key: str, line: ViewLine, place: str) -> Finding:
    words = _Words(sums)
    gap, plan = line.gap or 0, line.plan or 0
    values: dict[str, object] = {
        "name": line.name, "share": words.rate(gap, plan), "gap": words.money(gap),
        "actual": words.money(line.actual), "plan": words.money(plan),
    }  # fmt: skip
    cell = f"ABS({sheet.ref(line.row, placed.gap_col)})"
    if gap > 0:
        return Finding(f"{key}_ahead", gap, "good", place, values, cell)
    cause = _cause(sums, key, line) if key == "region" else None
    if cause is not None:
        name = f"{key}_behind_by"
        return Finding(name, gap, "bad", place, {**values, **cause}, cell)
    fell = _fallen(sums, key, line.key)
    if fell is not None:
        return Finding(f"{key}_behind_customers", gap, "bad", place, {**values, **fell}, cell)
    return Finding(f"{key}_behind", gap, "bad", place, values, cell)


def _cause(sums: Sums, key: str, line: ViewLine) -> dict[str, object] | None:
    """The product line that makes most of a region's gap, and the customers that fell in it."""
    scope = sums.scope
    if not has_dimension(scope, "product_line"):
        return None
    ids = {region.id: region.name for region in scope.plan.regions}
    target = next((r for r in scope.targets.regions if ids.get(r.region) == line.name), None)
    if target is None or not line.gap:
        return None
    names = {p.id: p.name for p in scope.plan.product_lines}
    sold = sums.by("product_line", sums.this, where=sums.where(key, line.key))
    gaps = {
        names[product]: int(sold.get(names[product], 0))
        - sum(target.months[at][m] for m in range(sums.months))
        for at, product in enumerate(scope.targets.product_ids)
    }
    worst = min(gaps, key=lambda name: (gaps[name], name))
    if gaps[worst] >= 0:
        return None
    words = _Words(sums)
    part = words.share(gaps[worst], line.gap)
    values: dict[str, object] = {
        "product": worst, "part": part, "product_gap": words.money(gaps[worst]), "customers": "",
    }  # fmt: skip
    fell = _fallen(sums, key, line.key, worst)
    values["customers"] = "" if fell is None else text("findings.at_customers", sums.lang, **fell)
    return values


def _fallen(
    sums: Sums, key: str, name: str, product: str | None = None
) -> dict[str, object] | None:
    """The customers that bought most less than last year, within a name (and product line)."""
    if not has_dimension(sums.scope, "customer_key"):
        return None
    where = sums.where(key, name)
    if product is not None:
        where = where & sums.where("product_line", product)
    now, before = (sums.by("customer_key", each, where=where) for each in (sums.this, sums.last))
    blank = text("ledger_lines.blank", sums.lang)
    change = {k: now.get(k, 0) - before.get(k, 0) for k in {*now, *before} - {"", blank}}
    worst = sorted((k for k, v in change.items() if v < 0), key=lambda k: (change[k], k))[:NAMED]
    if not worst:
        return None
    fall = sum(change[k] for k in worst)
    return {
        "who": _named(sums, worst), "count": len(worst),
        "fall": _Words(sums).money(fall),
    }  # fmt: skip


def _named(sums: Sums, keys: list[str]) -> str:
    frame = sums.frame
    names = []
    for key in keys:
        said = frame["customer"].to_numpy()[(frame["customer_key"] == key).to_numpy()]
        names.append(str(said[-1]) if len(said) and said[-1] else key)
    return text("lists.join", sums.lang).join(names)


def _customers(sums: Sums) -> list[Finding]:
    """Who bought in the same months of last year and nothing now; who is new."""
    if not has_dimension(sums.scope, "customer_key") or not sums.amount(sums.last):
        return []
    blank = text("ledger_lines.blank", sums.lang)
    this, last = (sums.by("customer_key", period) for period in (sums.this, sums.last))
    gone = {k: v for k, v in last.items() if v > 0 and k not in this and k not in ("", blank)}
    words = _Words(sums)
    made: list[Finding] = []
    if gone:
        amount = sum(gone.values())
        largest = sorted(gone, key=lambda k: (-gone[k], k))[:NAMED]
        values = {
            "count": len(gone), "amount": words.money(amount), "who": _named(sums, largest),
            "share": words.rate(amount, sums.amount(sums.last)),
        }  # fmt: skip
        made.append(Finding("gone", -amount, "bad", "customers", values))
    frame = sums.frame
    before = frame[(frame["date"] < pd.Timestamp(sums.this[0])) & (frame["amount"] > 0)]
    old = set(before["customer_key"])
    new = {k: v for k, v in this.items() if v > 0 and k not in old and k not in ("", blank)}
    if new and len(sums.years) > 1:
        amount = sum(new.values())
        largest = sorted(new, key=lambda k: (-new[k], k))[:NAMED]
        values = {
            "count": len(new), "amount": words.money(amount), "who": _named(sums, largest),
            "share": words.rate(amount, sums.amount(sums.this)),
        }  # fmt: skip
        made.append(Finding("new", amount, "good", "prospects", values))
    return made


def _below_cost(sums: Sums) -> list[Finding]:
    now = sums.part(sums.this)
    lines = now[((now["margin"] < 0) & (now["amount"] > 0)).fillna(False).astype(bool)]
    if lines.empty:
        return []
    loss = int(lines["margin"].sum())
    words = _Words(sums)
    values: dict[str, object] = {
        "count": f"{len(lines):,}", "loss": words.money(loss), "top": "",
        "sold": words.money(int(lines["amount"].sum())),
    }  # fmt: skip
    if has_dimension(sums.scope, "product_line"):
        by = lines.groupby("product_line", sort=False, observed=True)["margin"].sum()
        top = str(by.idxmin())
        values["top"] = text(
            "findings.most_of", sums.lang, name=top, share=words.share(int(by.min()), loss)
        )
    return [Finding("below_cost", loss, "bad", "channels", values)]


def _bridge(sums: Sums, sheet: Sheet, found: Found) -> list[Finding]:
    if found.bridge is None:
        return []
    words, made = _Words(sums), []
    last = sums.amount(sums.last)
    for at, (part, minor) in enumerate(found.bridge.parts.items()):
        if part == "other" or not minor:
            continue
        way = "up" if minor > 0 else "down"
        values = {"amount": words.money(minor), "share": words.rate(minor, last)}
        cell = f"ABS({sheet.ref(found.bridge.row, found.bridge.first_col + at)})"
        tone: Tone = "good" if minor > 0 else "bad"
        made.append(Finding(f"{part}_{way}", minor, tone, "channels", values, cell))
    return made


def _receivables(sums: Sums, sheet: Sheet, found: Found) -> list[Finding]:
    aged = found.ageing
    if aged is None:
        return []
    old = sum(aged.amounts[EDGES.index(90) + 1 :])
    if old <= 0:
        return []
    words = _Words(sums)
    values = {"amount": words.money(old), "days": 90, "share": words.rate(old, aged.total)}
    first, last = aged.rows[EDGES.index(90) + 1], aged.rows[-1]
    area = f"{sheet.ref(first, aged.col)}:{a1(last, aged.col, True, True)}"
    return [Finding("overdue", -old, "bad", "customers", values, f"SUM({area})")]


def _outlook(sums: Sums, sheet: Sheet, found: Found) -> list[Finding]:
    seen = found.forecast
    if seen is None or not seen.target or seen.total == seen.target:
        return []
    words = _Words(sums)
    gap = seen.total - seen.target
    lang = sums.lang
    values: dict[str, object] = {
        "year": sums.scope.focus_year, "total": words.money(seen.total), "gap": words.money(gap),
        "share": words.rate(gap, seen.target),
    }  # fmt: skip
    if seen.low is None or seen.high is None or seen.mean_error is None:
        values["range"] = text("findings.no_range", lang)
    else:
        values["range"] = text(
            "findings.range", lang, low=words.money(seen.low), high=words.money(seen.high),
            count=seen.tests, error=f"{seen.mean_error:.1%}",
        )  # fmt: skip
    cell = f"ABS({sheet.ref(seen.row, seen.gap_col)})"
    place = "remaining" if not sums.scope.is_head_office else "comparison"
    if gap < 0:
        return [Finding("year_short", gap, "bad", place, values, cell)]
    return [Finding("year_over", gap, "good", place, values, cell)]


def _pipeline(sums: Sums, found: Found) -> list[Finding]:
    """Open deals that do not fill the rest of the target; silent where the year fills it anyway."""
    scope, seen = sums.scope, found.forecast
    if seen is not None and seen.total >= seen.target:
        return []
    deals = [p for p in scope.plan.prospects if p.stage not in ("won", "lost")]
    if not deals or not scope.is_running:
        return []
    total, weighted, rest, *_ = pipeline_coverage(
        [p.expected_amount for p in deals], [p.win_rate for p in deals], scope.targets.total,
        sums.amount(sums.this),
    )  # fmt: skip
    missing = int(Decimal(str(rest)) - Decimal(str(weighted)).to_integral_value())
    if missing <= 0:
        return []
    words = _Words(sums)
    values = {
        "count": len(deals), "open": words.money(int(total)), "rest": words.money(int(rest)),
        "weighted": words.money(int(Decimal(str(weighted)))), "missing": words.money(missing),
    }  # fmt: skip
    return [Finding("pipeline_thin", -missing, "warn", "pipeline", values)]
