"""What one version of a commission plan and its tiers say together, kind by kind.

A flat rate has one tier from 0, a curve has points and a pay at target, a matrix has a second
measure and a full grid. What could be read in two ways is an error that names both.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from salesxl.plan.check_pay_days import plain
from salesxl.plan.draft import Draft, Row
from salesxl.plan.model import TABLE

# Half of the sales as commission is 0.5 typed for 0.5 %, or meant; margins are shared more freely.
RATE_FROM = {"amount": Decimal("0.5"), "collected": Decimal("0.5"), "margin": Decimal("0.9")}
# A payout of 1,000 % at a point is always "10" or "100" typed for 10 % or 100 %.
PAYOUT_FROM = Decimal(10)
# An attainment of 500 % as a threshold is always "80" typed for 80 %.
PERCENT_FROM = Decimal(5)


def check_version(draft: Draft, row: Row) -> None:
    """What the version's own row says, whatever its tiers are."""
    kind, cap, floor = row.get("kind"), row.get("cap_amount"), row.get("floor_amount")
    for key in ("cap_amount", "line_cap_amount"):
        if row.get(key) == 0:
            draft.add("plan.cap_zero", row.at(key), **titles("commission_plans", key))
    if cap and floor is not None and floor > cap:
        draft.add("plan.floor_over_cap", row.at("floor_amount"))
    if kind is None or not row.has("second_measure", "target_pay_amount"):
        return
    second, target = row.values["second_measure"], row.values["target_pay_amount"]
    if kind == "matrix" and not second:
        draft.add("plan.matrix_without_second", row.at("second_measure"))
    if kind == "matrix" and second == "attainment" and row.get("measure") == "attainment":
        draft.add("plan.matrix_same_measure", row.at("second_measure"))
    if kind != "matrix" and second:
        draft.warn(
            "plan.only_for_kind", row.at("second_measure"),
            kind_zh="双指标矩阵", kind_en="a two-metric matrix",
            **titles("commission_plans", "second_measure"),
        )  # fmt: skip
    if kind == "interpolated" and not target:
        draft.add("plan.curve_without_target", row.at("target_pay_amount"))
    if kind != "interpolated" and target is not None:
        draft.warn(
            "plan.only_for_kind", row.at("target_pay_amount"),
            kind_zh="线性插值", kind_en="an interpolated plan",
            **titles("commission_plans", "target_pay_amount"),
        )  # fmt: skip


def check_table(draft: Draft, version: Row | None, rows: list[Row]) -> bool:
    """The tiers of one version; whether they are sound enough to look at what they pay."""
    found = len(draft.problems)
    kind = "" if version is None else version.get("kind") or ""
    measure = "" if version is None else version.get("measure") or ""
    _rates(draft, rows, kind, "" if version is None else version.get("base") or "")
    if measure == "attainment":
        _percents(draft, rows, "threshold")
    if kind == "matrix":
        _matrix(draft, rows)
    else:
        _one_list(draft, rows, kind)
    faults = any(problem.severity == "error" for problem in draft.problems[found:])
    return not faults and bool(kind and measure)


def _rates(draft: Draft, rows: list[Row], kind: str, base: str) -> None:
    """Rates that are per cent figures typed as numbers; payouts of points may be above 1."""
    for row in rows:
        rate = row.get("rate")
        if rate is None:
            continue
        if rate >= PAYOUT_FROM if kind == "interpolated" else rate > 1:
            draft.add(
                "plan.share_as_percent", row.at("rate"), value=plain(rate),
                percent=plain(rate * 100), **titles("commission_tiers", "rate"),
            )  # fmt: skip
        elif kind != "interpolated" and rate >= RATE_FROM.get(base, Decimal(1)):
            draft.warn(
                "plan.rate_very_high", row.at("rate"), percent=plain(rate * 100),
                less=plain(rate), **titles("commission_tiers", "rate"),
            )  # fmt: skip


def _percents(draft: Draft, rows: list[Row], key: str) -> None:
    for row in rows:
        value = row.get(key)
        if value is not None and value >= PERCENT_FROM:
            draft.add(
                "plan.threshold_as_percent", row.at(key),
                value=plain(value), percent=plain(value * 100),
            )  # fmt: skip


def _one_list(draft: Draft, rows: list[Row], kind: str) -> None:
    """The tiers of one version, in the order written."""
    good = [row for row in rows if row.has("threshold")]
    if kind == "flat":
        if len(good) > 1:
            draft.add("plan.flat_with_tiers", good[1].at("threshold"), count=len(good))
        elif good and good[0].values["threshold"] > 0:
            draft.add(
                "plan.flat_from_threshold", good[0].at("threshold"),
                value=plain(good[0].values["threshold"]),
            )  # fmt: skip
        return
    for before, row in pairwise(good):
        if row.values["threshold"] <= before.values["threshold"]:
            draft.add(
                "plan.tiers_not_rising", row.at("threshold"),
                value=plain(row.values["threshold"]), before=plain(before.values["threshold"]),
            )  # fmt: skip
    for row in good:
        if kind and row.get("second_threshold") is not None:
            draft.warn(
                "plan.only_for_kind", row.at("second_threshold"),
                kind_zh="双指标矩阵", kind_en="a two-metric matrix",
                **titles("commission_tiers", "second_threshold"),
            )  # fmt: skip
            break
    if not good or len(good) != len(rows):
        return
    if kind == "interpolated":
        if len(good) == 1:
            draft.warn("plan.curve_one_point", good[0].at("threshold"))
    elif good[0].values["threshold"] > 0:
        draft.warn(
            "plan.first_threshold", good[0].at("threshold"),
            value=plain(good[0].values["threshold"]),
        )  # fmt: skip


def _matrix(draft: Draft, rows: list[Row]) -> None:
    """Every first bound with every second one, each once."""
    _percents(draft, rows, "second_threshold")  # all second measures are fractions
    cells: dict[tuple[Decimal, Decimal], Row] = {}
    whole = True
    for row in rows:
        if not row.has("threshold", "second_threshold"):
            whole = False
        elif row.values["second_threshold"] is None:
            draft.add("plan.matrix_cell_open", row.at("second_threshold"))
            whole = False
        else:
            cell = (row.values["threshold"], row.values["second_threshold"])
            if cell in cells:
                draft.add("plan.row_twice", row.at("threshold"), first=cells[cell].at("threshold"))
            cells.setdefault(cell, row)
    if not whole or not cells:
        return
    firsts = sorted({first for first, _ in cells})
    seconds = sorted({second for _, second in cells})
    missing = [(a, b) for a in firsts for b in seconds if (a, b) not in cells]
    if missing:
        draft.add(
            "plan.matrix_incomplete", rows[0].at("threshold"), count=len(missing),
            first=plain(missing[0][0]), second=plain(missing[0][1]),
            rows=len(firsts), columns=len(seconds),
        )  # fmt: skip
    for low, key in ((firsts[0], "threshold"), (seconds[0], "second_threshold")):
        if low > 0:
            where = next(row for row in rows if row.values[key] == low)
            draft.warn("plan.first_threshold", where.at(key), value=plain(low))


def titles(table: str, key: str) -> dict[str, object]:
    column = next(column for column in TABLE[table].columns if column.key == key)
    return {"column_zh": column.zh, "column_en": column.en}
