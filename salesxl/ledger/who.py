"""The customers and channels in a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from salesxl.errors import Problem
from salesxl.ledger.frame import Ledger
from salesxl.ledger.people import identities
from salesxl.ledger.words import is_online
from salesxl.plan.model import Channel, Customer


def find_customers(ledger: Ledger) -> tuple[tuple[Customer, ...], list[Problem]]:
    """Every customer by id, else by name; region and the rest still empty."""
    found, notices = identities(ledger, "customer_id", "customer", "C")
    return tuple(Customer(id=key, name=name, region="") for key, name in found), notices


def place_customers(ledger: Ledger, customers: Sequence[Customer]) -> tuple[Customer, ...]:
    """Customers with region, owner, channel and source: each where most of the money was."""
    main = {
        name: _main(ledger, column)
        for name, column in (
            ("region", "region_key"), ("owner", "person_key"), ("channel", "channel"),
            ("source", "customer_source"),
        )
    }  # fmt: skip
    return tuple(
        replace(
            customer,
            region=main["region"].get(customer.id, ""),
            owner=main["owner"].get(customer.id, ""),
            channel=main["channel"].get(customer.id, ""),
            source=main["source"].get(customer.id, ""),
        )
        for customer in customers
    )


def _main(ledger: Ledger, column: str) -> dict[str, str]:
    """customer id → the value of `column` with most of its money (not blank if it can be)."""
    frame = ledger.frame[["customer_key", column, "amount"]]
    sums = frame.groupby(["customer_key", column], observed=True)["amount"].sum().reset_index()
    sums["blank"] = sums[column].astype(str) == ""
    ordered = sums.sort_values(["blank", "amount"], ascending=[True, False], kind="stable")
    first = ordered.drop_duplicates("customer_key")
    keys, values = first["customer_key"].astype(str), first[column].astype(str)
    return dict(zip(keys, values, strict=True))


def find_channels(ledger: Ledger) -> tuple[Channel, ...]:
    """Every channel named, in alphabetical order; online where its name says so."""
    column = ledger.frame["channel"]
    merged: dict[str, str] = {}
    for value in column.cat.categories:
        if value:
            merged.setdefault(str(value).casefold(), str(value))
    return tuple(
        Channel(id=f"CH{i:02d}", name=name, kind="online" if is_online(name) else "offline")
        for i, name in enumerate(sorted(merged.values()), 1)
    )
