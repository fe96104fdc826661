"""What no single row can tell: trees, weights, locks, people, key accounts, partners.

Pay is in `check_pay` and the modules beside it, bounds and detailed
locks are in `check_targets`. Errors stop a run, warnings do not. A value
that could not be read has its own problem already and is left out here, so one fault in
a workbook gives one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from salesxl.errors import Problem
from salesxl.plan.check_pay import check_pay
from salesxl.plan.check_targets import check_targets
from salesxl.plan.draft import Draft, Row, draft_of
from salesxl.plan.model import TABLE, Plan


def check_plan(plan: Plan) -> tuple[Problem, ...]:
    """Every problem and warning of a plan; places name table and row, e.g. ``people!3``."""
    draft = draft_of(plan)
    check_draft(draft)
    return tuple(draft.problems)


def check_draft(draft: Draft) -> None:
    """Add to the draft's problems what looking at whole tables shows."""
    for check in _CHECKS:
        check(draft)
    check_targets(draft)
    check_pay(draft)


def _settings(draft: Draft) -> None:
    settings, places = draft.settings, draft.setting_places
    for key in ("annual_target_amount", "rounding_unit_amount"):
        amount = settings.get(key)
        if amount is not None and key in places and amount <= 0:
            draft.add("plan.amount_not_positive", places[key])
    total, unit = settings.get("annual_target_amount"), settings.get("rounding_unit_amount")
    if total and unit and 0 < total < unit:
        draft.add("plan.unit_over_target", places.get("rounding_unit_amount", ""))


def _regions(draft: Draft) -> None:
    if "regions" not in draft.places:
        return
    rows = draft.of("regions")
    if not rows:
        draft.add("plan.no_rows", draft.places["regions"], **_names("regions"))
    looped = _loops(draft, "regions", "parent", "plan.region_cycle")
    parents = {row.get("parent") for row in rows}
    roots = [r for r in draft.complete("regions", "id", "parent") if not r.values["parent"]]
    # Several regions without a parent are a flat list; beside a tree they are an oversight.
    if len(roots) > 1 and len(roots) < len(rows):
        for row in roots:
            if row.values["id"] not in parents:
                draft.warn("plan.region_outside_tree", row.at("parent"))
    for row in draft.complete("regions", "id", "locked_amount"):
        if row.values["id"] in parents and row.values["locked_amount"] is not None:
            draft.warn("plan.parent_locked", row.at("locked_amount"))
    leaves = [row for row in rows if row.get("id") not in parents]
    if rows and not leaves and not looped:
        draft.add("plan.no_rows", draft.places["regions"], **_names("regions"))
    if draft.whole("regions", "id", "parent") and not looped:
        _weights(draft, "regions", leaves)


def _products(draft: Draft) -> None:
    if "product_lines" not in draft.places:
        return
    rows = draft.of("product_lines")
    if not rows:
        draft.add("plan.no_rows", draft.places["product_lines"], **_names("product_lines"))
    _weights(draft, "product_lines", rows)


def _weights(draft: Draft, table: str, rows: list[Row]) -> None:
    """Blended weights that cannot split anything, and locks that take too much."""
    place = draft.places[table]
    if not rows or not all(row.has("locked_amount") for row in rows):
        return
    free = [row for row in rows if row.values["locked_amount"] is None]
    locked = sum(row.values["locked_amount"] or 0 for row in rows)
    total = draft.settings.get("annual_target_amount")
    if total is not None and total > 0:
        figures = {"locked": _major(draft, locked), "total": _major(draft, total)}
        if locked > total:
            draft.add("plan.locks_over_total", place, **figures, **_names(table))
            return
        if not free and locked != total:
            draft.add("plan.locks_not_total", place, **figures, **_names(table))
    share = draft.settings.get("potential_share")
    if not free or share is None:
        return
    if not all(row.has("history_amount", "potential_amount") for row in rows):
        return
    empty = [
        key
        for key in ("history_amount", "potential_amount")
        if not any(row.values[key] for row in free)
    ]
    if len(empty) == 2:
        key = "potential_amount" if share == 1 else "history_amount"
        draft.add("plan.weights_all_zero", place, **_column(table, key), **_names(table))
        return
    # With one of the two empty the other one carries the whole split.
    for key, needed in (("history_amount", share < 1), ("potential_amount", share > 0)):
        if needed and key in empty:
            draft.warn("plan.weights_one_zero", place, **_column(table, key), **_names(table))


def _months(draft: Draft) -> None:
    if "month_weights" not in draft.places:
        return
    rows, place = draft.of("month_weights"), draft.places["month_weights"]
    if not rows:
        draft.add("plan.no_rows", place, **_names("month_weights"))
        return
    if draft.whole("month_weights", "weight") and not any(r.values["weight"] for r in rows):
        titles = _column("month_weights", "weight") | _names("month_weights")
        draft.add("plan.weights_all_zero", place, **titles)
    if draft.whole("month_weights", "month"):
        missing = sorted(set(range(1, 13)) - {row.values["month"] for row in rows})
        if missing:
            draft.warn("plan.months_missing", place, months=", ".join(map(str, missing)))


def _people(draft: Draft) -> None:
    _loops(draft, "people", "manager", "plan.manager_cycle")
    for row in draft.complete("people", "joined_date", "left_date"):
        joined, left = row.values["joined_date"], row.values["left_date"]
        if joined and left and left < joined:
            draft.add("plan.left_before_joined", row.at("left_date"), joined=joined, left=left)
    quota_roles = {
        row.values["id"]
        for row in draft.complete("roles", "id", "carries_quota")
        if row.values["carries_quota"] == "yes"
    }
    parents = {row.get("parent") for row in draft.of("regions")} - {"", None}
    for row in draft.complete("people", "role", "quota_weight"):
        if row.values["role"] not in quota_roles or not row.values["quota_weight"]:
            continue
        if row.get("region") in parents:
            draft.warn("plan.quota_in_parent_region", row.at("region"), name=_who(row))


def _assignments(draft: Draft) -> None:
    homes = {r.values["id"]: r.values["region"] for r in draft.complete("people", "id", "region")}
    first: dict[tuple[str, str], Row] = {}
    for row in draft.complete("assignments", "person", "region"):
        key = (row.values["person"], row.values["region"])
        if homes.get(key[0]) == key[1]:
            draft.add("plan.assignment_home", row.at("region"))
        elif key in first:
            draft.add("plan.row_twice", row.at("person"), first=first[key].at("person"))
        first.setdefault(key, row)


def _once(draft: Draft) -> None:
    """Rows that may stand once only although no single column says so."""
    for table, keys in (("key_accounts", ("customer",)), ("duties", ("role", "number"))):
        first: dict[tuple[Any, ...], Row] = {}
        for row in draft.complete(table, *keys):
            key = tuple(row.values[k] for k in keys)
            if key in first:
                draft.add("plan.row_twice", row.at(keys[0]), first=first[key].at(keys[0]))
            first.setdefault(key, row)


def _criteria(draft: Draft) -> None:
    rows = draft.of("partner_criteria")
    if rows and draft.whole("partner_criteria", "weight"):
        total = sum((row.values["weight"] for row in rows), Decimal(0))
        if total != 1:
            percent = format((total * 100).normalize(), "f")
            draft.add("plan.criteria_not_one", draft.places["partner_criteria"], percent=percent)


def _loops(draft: Draft, table: str, key: str, code: str) -> bool:
    """Report each loop of parents once, at its first row in the table."""
    rows = list(draft.complete(table, "id", key))
    times = Counter(row.values["id"] for row in rows)
    # Which of two rows with one id is meant cannot be told: they make no loop.
    rows = [row for row in rows if times[row.values["id"]] == 1]
    up: Mapping[str, str] = {row.values["id"]: row.values[key] for row in rows}
    reported: set[str] = set()
    for row in rows:
        path: list[str] = []
        at = row.values["id"]
        while at and at not in path:
            path.append(at)
            at = up.get(at, "")
        if at == row.values["id"] and at not in reported:
            reported.update(path)
            draft.add(code, row.at(key), path=" → ".join((*path, at)))
    return bool(reported)


def _names(table: str) -> dict[str, object]:
    return {"table_zh": TABLE[table].zh, "table_en": TABLE[table].en}


def _column(table: str, key: str) -> dict[str, object]:
    column = next(column for column in TABLE[table].columns if column.key == key)
    return {"column_zh": column.zh, "column_en": column.en}


def _who(row: Row) -> str:
    return str(row.get("name") or row.get("id") or "")


def _major(draft: Draft, minor: int) -> str:
    return format(Decimal(minor).scaleb(-draft.settings["decimals"]), ",f")


_CHECKS: tuple[Callable[[Draft], None], ...] = (
    _settings, _regions, _products, _months, _people, _assignments, _once, _criteria,
)  # fmt: skip
