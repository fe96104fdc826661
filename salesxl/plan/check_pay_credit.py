"""Whose credit it is: shares that make 100 % on every day, overlays beside them, overrides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from salesxl.plan.check_pay_days import Window, meet, percent, pieces, said, window
from salesxl.plan.draft import Draft, Row

# A third typed into a sheet is 0.333333333333333: shares make 1 to nine places.
NOISE = Decimal("1e-9")


def check_credit(draft: Draft) -> None:
    """Add the problems of `credit_shares` and `overrides`."""
    groups: dict[tuple[str, str], list[tuple[Row, Window]]] = defaultdict(list)
    whole: dict[tuple[str, str], bool] = {}
    for row in draft.complete("credit_shares", "order", "customer"):
        order, customer = row.values["order"], row.values["customer"]
        if order and customer:
            draft.add("plan.credit_for_both", row.at("customer"))
            continue
        if not order and not customer:
            draft.add("plan.credit_for_nothing", row.at("order"))
            continue
        key = (" ".join(order.split()).casefold(), customer)
        days = window(row)
        sound = days is not None and row.has("person", "kind", "credit_share")
        whole[key] = whole.get(key, True) and sound
        if days is not None and sound:
            groups[key].append((row, days))
            if not row.values["credit_share"]:
                draft.warn("plan.share_zero", row.at("credit_share"))
    # A row whose customer could not be read may belong to any group of customers.
    unread = any(not row.has("order", "customer") for row in draft.of("credit_shares"))
    for key, rows in groups.items():
        if whole[key]:
            _group(draft, rows, sums=not unread)
    _overrides(draft)


def _group(draft: Draft, rows: list[tuple[Row, Window]], *, sums: bool) -> None:
    """The shares of one order or customer."""
    splits = [(row, days) for row, days in rows if row.values["kind"] == "split"]
    doubled = _doubles(draft, rows)
    if not sums or doubled:
        return
    for piece in pieces(days for _, days in splits):
        held = [row for row, days in splits if meet([piece], [days])]
        total = _sum(held)
        if abs(total - 1) <= NOISE:
            continue
        first = held[0]
        values = {
            "percent": percent(total), **said([piece]),
            "name": first.values["order"] or first.values["customer"], "count": len(held),
        }  # fmt: skip
        over = [
            row for row, days in rows if row.values["kind"] == "overlay" and meet([piece], [days])
        ]
        code = "plan.split_not_one"
        if over and abs(total + _sum(over) - 1) <= NOISE:
            code = "plan.split_as_overlay"
            values["overlay"] = over[0].at("kind")
        draft.add(code, first.at("credit_share"), **values)
        return  # one line a group: mending it shows the rest


def _sum(rows: Iterable[Row]) -> Decimal:
    return sum((row.values["credit_share"] for row in rows), Decimal(0))


def _doubles(draft: Draft, rows: list[tuple[Row, Window]]) -> bool:
    """One person twice for the same sale: as two shares, or as a share and an overlay."""
    seen: dict[str, list[tuple[Row, Window]]] = defaultdict(list)
    found = False
    for row, days in rows:
        for other, theirs in seen[row.values["person"]]:
            if not meet([days], [theirs]):
                continue
            if row.values["kind"] == other.values["kind"]:
                draft.add("plan.credit_twice", row.at("person"), first=other.at("person"))
            else:
                draft.add("plan.split_and_overlay", row.at("kind"), first=other.at("kind"))
            found = True
            break
        seen[row.values["person"]].append((row, days))
    return found


def _overrides(draft: Draft) -> None:
    managers = {row.get("manager") for row in draft.of("people")}
    known = draft.whole("people", "manager")
    seen: dict[tuple[str, str], list[tuple[Row, Window]]] = defaultdict(list)
    for row in draft.complete("overrides", "manager", "base"):
        if known and row.values["manager"] not in managers:
            draft.warn("plan.override_without_team", row.at("manager"))
        days = window(row)
        if days is None:
            continue
        key = (row.values["manager"], row.values["base"])
        for other, theirs in seen[key]:
            if both := meet([days], [theirs]):
                first = other.at("override_rate")
                draft.add("plan.override_twice", row.at("override_rate"), first=first,
                          **said(both))  # fmt: skip
                break
        seen[key].append((row, days))
