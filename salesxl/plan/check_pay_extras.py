"""What is paid beside commission, and when: draws, holdbacks, clawbacks, bonuses, SPIFFs, pools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from salesxl.plan.check_pay_days import LAST, Window, meet, money, plain, said, window
from salesxl.plan.check_pay_tables import titles
from salesxl.plan.draft import Draft, Row

# (table, first day, last day): tables whose rows hold for some days.
_DATED = (
    ("plan_terms", "from_date", "to_date"), ("credit_shares", "from_date", "to_date"),
    ("overrides", "from_date", "to_date"), ("draws", "from_date", "to_date"),
    ("holdbacks", "from_date", "to_date"), ("spiffs", "from_date", "to_date"),
    ("team_pools", "from_date", "to_date"), ("bonuses", "effective_from", "effective_to"),
    ("assignments", "from_date", "to_date"),
)  # fmt: skip
# More than half of the sales is 0.8 typed for 0.8 %, or meant.
_HIGH = (("overrides", "override_rate"), ("bonuses", "bonus_rate"), ("spiffs", "spiff_rate"),
         ("team_pools", "pool_rate"))  # fmt: skip
HIGH_FROM = Decimal("0.5")


def check_extras(draft: Draft, plans: dict[str, list[Window]]) -> None:
    """`plans`: the days on which each commission plan has a version."""
    for table, first, last in _DATED:
        for row in draft.complete(table, first, last):
            begin, end = row.values[first], row.values[last]
            if begin is not None and end is not None and end < begin:
                draft.add("plan.dates_crossed", row.at(last), start=begin, end=end)
    for table, key in _HIGH:
        for row in draft.complete(table, key):
            rate = row.values[key]
            if rate is not None and rate >= HIGH_FROM:
                draft.warn(
                    "plan.rate_very_high", row.at(key), percent=plain(rate * 100),
                    less=plain(rate), **titles(table, key),
                )  # fmt: skip
    for check in (_draws, _clawbacks, _adjustments, _bonuses, _spiffs, _pools):
        check(draft)
    _holdbacks(draft, plans)


def _overlaps(
    draft: Draft,
    table: str,
    keys: tuple[str, ...],
    report: Callable[[Row, Row, list[Window]], None],
) -> None:
    """Say each row whose days overlap an earlier row of the same keys, once."""
    seen: dict[tuple[Any, ...], list[tuple[Row, Window]]] = defaultdict(list)
    for row in draft.complete(table, *keys):
        days = window(row)
        if days is None:
            continue
        key = tuple(row.values[name] for name in keys)
        for other, theirs in seen[key]:
            if both := meet([days], [theirs]):
                report(row, other, both)
                break
        seen[key].append((row, days))


def _draws(draft: Draft) -> None:
    def twice(row: Row, other: Row, both: list[Window]) -> None:
        draft.add("plan.draw_twice", row.at("from_date"), first=other.at("from_date"), **said(both))

    _overlaps(draft, "draws", ("person",), twice)
    jobs = {
        row.values["id"]: (row.values["joined_date"], row.values["left_date"])
        for row in draft.complete("people", "id", "joined_date", "left_date")
    }
    for row in draft.complete("draws", "recoverable", "opening_amount"):
        if row.values["recoverable"] == "no" and row.values["opening_amount"]:
            draft.warn("plan.draw_opening", row.at("opening_amount"))
    for row in draft.complete("draws", "person", "from_date", "to_date"):
        joined, left = jobs.get(row.values["person"], (None, None))
        begin, end = row.values["from_date"], row.values["to_date"] or LAST
        if (left and begin > left) or (joined and end < joined):
            draft.warn("plan.draw_outside_job", row.at("from_date"))


def _holdbacks(draft: Draft, plans: dict[str, list[Window]]) -> None:
    def twice(row: Row, other: Row, both: list[Window]) -> None:
        draft.add(
            "plan.holdback_twice", row.at("from_date"), first=other.at("from_date"),
            **said(both),
        )  # fmt: skip

    _overlaps(draft, "holdbacks", ("plan",), twice)
    for row in draft.complete("holdbacks", "plan"):
        days = window(row)
        if days and row.values["plan"] in plans and not meet([days], plans[row.values["plan"]]):
            draft.warn("plan.rule_without_version", row.at("from_date"), plan=row.values["plan"])
        if row.get("holdback_share") == 0:
            draft.warn("plan.share_zero", row.at("holdback_share"))


def _clawbacks(draft: Draft) -> None:
    first: dict[str, Row] = {}
    for row in draft.complete("clawbacks", "plan"):
        key = row.values["plan"]
        if key in first:
            draft.add("plan.clawback_twice", row.at("plan"), first=first[key].at("plan"))
        first.setdefault(key, row)
        if row.get("age_months") == 0:
            draft.warn("plan.clawback_no_age", row.at("age_months"))


def _adjustments(draft: Draft) -> None:
    decimals = draft.settings.get("decimals")
    seen: dict[tuple[Any, ...], Row] = {}
    for row in draft.complete("adjustments", "person", "pay_date", "adjustment_amount", "reason"):
        amount = row.values["adjustment_amount"]
        if not amount:
            draft.warn("plan.adjustment_zero", row.at("adjustment_amount"))
        elif decimals is not None and amount != round(amount, decimals):
            draft.add(
                "plan.too_many_decimals", row.at("adjustment_amount"), value=plain(amount),
                decimals=decimals, **titles("adjustments", "adjustment_amount"),
            )  # fmt: skip
        key = (row.values["person"], row.values["pay_date"], amount, row.values["reason"])
        if key in seen:
            draft.warn("plan.adjustment_again", row.at("person"), first=seen[key].at("person"))
        seen.setdefault(key, row)


def _bonuses(draft: Draft) -> None:
    for row in draft.complete("bonuses", "kind", "bonus_amount", "bonus_rate", "condition"):
        values = row.values
        amount, rate, kind = values["bonus_amount"], values["bonus_rate"], values["kind"]
        if not amount and not rate:
            if not values["condition"]:
                draft.warn("plan.bonus_empty", row.at("bonus_amount"))
            continue  # the firm has not decided yet
        if kind == "over_target" and rate and row.get("bonus_base") == "":
            draft.add("plan.bonus_without_base", row.at("bonus_base"))
        if kind == "champion" and rate:
            draft.add("plan.champion_rate", row.at("bonus_rate"))
        elif kind == "champion" and row.get("ties") == "":
            draft.add("plan.champion_without_ties", row.at("ties"))
        for key, home, kind_zh, kind_en in (
            ("bonus_base", "over_target", "超额完成奖", "an over-target bonus"),
            ("ties", "champion", "销售冠军奖", "a champion's bonus"),
            ("idle_months", "new_customer", "新客户开发奖", "a new-customer bonus"),
        ):
            if kind != home and row.get(key):
                draft.warn(
                    "plan.only_for_kind", row.at(key), kind_zh=kind_zh, kind_en=kind_en,
                    **titles("bonuses", key),
                )  # fmt: skip


def _spiffs(draft: Draft) -> None:
    for row in draft.complete("spiffs", "spiff_amount", "spiff_rate"):
        amount, rate = row.values["spiff_amount"], row.values["spiff_rate"]
        if amount and rate:
            draft.add(
                "plan.spiff_both", row.at("spiff_rate"),
                amount=money(draft, amount), percent=plain(rate * 100),
            )  # fmt: skip
        elif not amount and not rate:
            draft.add("plan.spiff_neither", row.at("spiff_amount"))
    for row in draft.complete("spiffs", "product_line", "product"):
        if not row.values["product_line"] and not row.values["product"]:
            draft.warn("plan.spiff_everything", row.at("product_line"))

    def twice(row: Row, other: Row, both: list[Window]) -> None:
        draft.warn(
            "plan.spiff_again", row.at("from_date"), first=other.at("from_date"), **said(both)
        )

    _overlaps(draft, "spiffs", ("product_line", "product"), twice)


def _pools(draft: Draft) -> None:
    def twice(row: Row, other: Row, both: list[Window]) -> None:
        draft.add("plan.pool_twice", row.at("from_date"), first=other.at("from_date"), **said(both))

    _overlaps(draft, "team_pools", ("region", "period"), twice)
    if not draft.whole("people", "region", "role") or not draft.whole("regions", "id", "parent"):
        return
    parents = {row.values["id"]: row.values["parent"] for row in draft.of("regions")}
    homes = {row.values["region"] for row in draft.of("people")}
    homes |= {row.values["region"] for row in draft.complete("assignments", "region")}
    manned: set[str] = set()
    for home in homes:
        at = home
        while at and at not in manned:
            manned.add(at)
            at = parents.get(at, "")
    for row in draft.complete("team_pools", "region"):
        if row.values["region"] not in manned:
            draft.warn("plan.pool_without_team", row.at("region"))
