"""Commission plans over time: versions that fit together and tiers for each of them.

What a version's table says is in `check_pay_tables`, what it pays in `check_pay_cliffs`, who
has it in `check_pay_terms`, whose credit it is in `check_pay_credit`, the rest of what is paid
in `check_pay_extras`.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from salesxl.plan.check_pay_cliffs import check_cliffs
from salesxl.plan.check_pay_credit import check_credit
from salesxl.plan.check_pay_days import LAST, Window
from salesxl.plan.check_pay_extras import check_extras
from salesxl.plan.check_pay_tables import check_table, check_version
from salesxl.plan.check_pay_terms import check_terms
from salesxl.plan.draft import Draft, Row


def check_pay(draft: Draft) -> None:
    """Add the problems of everything that says what is paid, to whom and when."""
    versions = _versions(draft)
    for row in versions.values():
        check_version(draft, row)
    _tiers(draft, versions)
    check_terms(draft, versions)
    check_credit(draft)
    plans: dict[str, list[Window]] = {}
    for (plan, start), row in versions.items():
        end = row.get("effective_to") or LAST
        if start <= end:
            plans.setdefault(plan, []).append((start, end))
    check_extras(draft, plans)


def _versions(draft: Draft) -> dict[tuple[str, date], Row]:
    """(plan id, effective from) → row, after looking at each plan's versions in time."""
    found: dict[tuple[str, date], Row] = {}
    for row in draft.complete("commission_plans", "id", "effective_from"):
        key = (row.values["id"], row.values["effective_from"])
        if key in found:
            first = found[key].at("effective_from")
            draft.add("plan.version_twice", row.at("effective_from"), plan=key[0], first=first)
            continue
        found[key] = row
        end = row.get("effective_to")
        if end is not None and end < key[1]:
            draft.add("plan.ends_before_start", row.at("effective_to"), start=key[1], end=end)
    for (plan, _), (following, start) in pairwise(sorted(found)):
        if plan != following:
            continue
        earlier = found[max(key for key in found if key[0] == plan and key[1] < start)]
        end = earlier.get("effective_to")
        # A version without an end lasts until the next one starts.
        if end is None or end < earlier.values["effective_from"]:
            continue
        where = found[plan, start].at("effective_from")
        if end >= start:
            draft.add("plan.versions_overlap", where, plan=plan, end=end, start=start)
        elif end + timedelta(days=1) < start:
            draft.warn("plan.versions_gap", where, plan=plan, end=end, start=start)
    return found


def _tiers(draft: Draft, versions: dict[tuple[str, date], Row]) -> None:
    if "commission_plans" not in draft.places:
        return
    known = draft.whole("commission_plans", "id", "effective_from")
    groups: dict[tuple[str, date], list[Row]] = {}
    for row in draft.complete("commission_tiers", "plan", "effective_from"):
        key = (row.values["plan"], row.values["effective_from"])
        groups.setdefault(key, []).append(row)
        if key not in versions and known:
            draft.add(
                "plan.tier_without_version", row.at("effective_from"), plan=key[0], start=key[1]
            )
    if draft.whole("commission_tiers", "plan", "effective_from"):
        for key, row in versions.items():
            if key not in groups:
                draft.add("plan.version_without_tiers", row.at("id"), plan=key[0], start=key[1])
    for key, rows in groups.items():
        version = versions.get(key)
        if check_table(draft, version, rows) and version is not None:
            check_cliffs(draft, version, rows)
