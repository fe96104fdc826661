"""Commission plans over time: versions that fit together, tiers that go up, real rates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from salesxl.plan.draft import Draft, Row
from salesxl.plan.model import TABLE

# An attainment of 500 % as a threshold is always "80" typed for 80 %.
PERCENT_FROM = Decimal(5)


def check_pay(draft: Draft) -> None:
    """Add the problems of `commission_plans`, `commission_tiers` and `bonuses`."""
    versions = _versions(draft)
    _tiers(draft, versions)
    for row in draft.complete("bonuses", "bonus_amount", "bonus_rate", "condition"):
        values = row.values
        if not values["bonus_amount"] and not values["bonus_rate"] and not values["condition"]:
            draft.warn("plan.bonus_empty", row.at("bonus_amount"))


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
        kind = "" if version is None else version.get("kind") or ""
        _rates(draft, rows, kind)
        if kind != "matrix":
            _one_list(draft, rows, "" if version is None else version.get("measure") or "")


def _rates(draft: Draft, rows: list[Row], kind: str) -> None:
    """A rate above 1 is a per cent figure typed as a number; payouts of points may be above."""
    if kind == "interpolated":
        return
    column = next(column for column in TABLE["commission_tiers"].columns if column.key == "rate")
    for row in rows:
        rate = row.get("rate")
        if rate is not None and rate > 1:
            draft.add(
                "plan.share_as_percent", row.at("rate"), value=_plain(rate),
                percent=_plain(rate * 100), column_zh=column.zh, column_en=column.en,
            )  # fmt: skip


def _one_list(draft: Draft, rows: list[Row], measure: str) -> None:
    """The tiers of one version, in the order written."""
    good = [row for row in rows if row.has("threshold")]
    for before, row in pairwise(good):
        if row.values["threshold"] <= before.values["threshold"]:
            draft.add(
                "plan.tiers_not_rising", row.at("threshold"),
                value=_plain(row.values["threshold"]), before=_plain(before.values["threshold"]),
            )  # fmt: skip
    if measure == "attainment":
        for row in good:
            value = row.values["threshold"]
            if value >= PERCENT_FROM:
                draft.add(
                    "plan.threshold_as_percent", row.at("threshold"),
                    value=_plain(value), percent=_plain(value * 100),
                )  # fmt: skip
    if good and good[0].values["threshold"] > 0 and len(good) == len(rows):
        draft.warn(
            "plan.first_threshold", good[0].at("threshold"),
            value=_plain(good[0].values["threshold"]),
        )  # fmt: skip


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
