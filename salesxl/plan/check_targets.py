"""What `check` says of bounds, detailed locks and ramps, beyond what the split itself refuses."""

from __future__ import annotations

from typing import Any

from salesxl.plan.draft import Draft, Row


def check_targets(draft: Draft) -> None:
    """Add the problems of `target_locks`, `ramps` and the bounds of regions and lines."""
    _bounds(draft, "regions", "minimum_amount", "maximum_amount")
    _bounds(draft, "product_lines", "minimum_share", "maximum_share")
    _locks(draft)
    _twice(draft, "target_locks", ("region", "product_line", "month", "person"))
    _twice(draft, "ramps", ("role", "service_month"))


def _bounds(draft: Draft, table: str, low: str, high: str) -> None:
    for row in draft.complete(table, low, high):
        least, most = row.values[low], row.values[high]
        if least is not None and most is not None and least > most:
            draft.add("plan.bounds_crossed", row.at(low), name=row.get("name") or row.get("id"))


def _locks(draft: Draft) -> None:
    parents = {row.get("parent") for row in draft.of("regions")} - {"", None}
    for row in draft.complete("target_locks", "region", "month", "person"):
        if row.values["region"] in parents:
            draft.add("plan.lock_in_parent", row.at("region"))
        if row.values["person"] and row.values["month"] is None:
            draft.add("plan.lock_person_without_month", row.at("month"))


def _twice(draft: Draft, table: str, keys: tuple[str, ...]) -> None:
    first: dict[tuple[Any, ...], Row] = {}
    for row in draft.complete(table, *keys):
        key = tuple(row.values[name] for name in keys)
        if key in first:
            draft.add("plan.row_twice", row.at(keys[0]), first=first[key].at(keys[0]))
        first.setdefault(key, row)
