"""Fifteen people fill in their workbooks, each in another way: the steps, and what must be found.

A step is a list: what is done, to which list, and how. "set", "add" and "remove" are edits and
must be found; the others only disguise them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Step = list[Any]
Found = tuple[str, str, str, str, object]  # kind, list, key, column, value
Rows = Mapping[str, Sequence[Mapping[str, Any]]]  # list → rows as sent, header → value

# What else happens to a workbook; which of them, by the person's number.
DISGUISES: tuple[tuple[Step, ...], ...] = (
    (["sort", "customers", "Customer"], ["insert", "customers", 3]),
    (["rename", "customers", "My customers (new)"], ["insert", "prospects", 1]),
    (["hide", "customers", "#1"], ["hide", "customers", "#4"], ["sort", "visits", "Customer"]),
    (["lose", "customers"], ["rename", "prospects", "Leads"]),
    (["insert", "customers", 2], ["lose", "customers"], ["insert", "channels_offline", 2]),
)
SWAPPED: Step = ["swap", "customers", "Grade", "Maintenance"]


def steps(number: int, rows: Rows, swap: bool) -> list[Step]:
    """What person `number` does to a workbook with these rows."""
    customers, visits = rows["customers"], rows["visits"]
    ids = [str(row["Customer ID"]) for row in customers]
    other = "C" if customers[0]["Grade"] == "B" else "B"
    made: list[Step] = [
        ["set", "customers", ids[0], "Grade", other],
        ["set", "customers", ids[1], "Satisfaction", 3 + number / 10],
        ["set", "customers", ids[2], "Open problem", f"Fork bent, case {number}"],
        ["set", "customers", ids[-1], "Maintenance", "Visit in May\nand phone in June"],
        ["set", "channels_offline", rows["channels_offline"][0]["Channel"], "Measures",
         f"{2 + number} fairs"],
        ["set", "careers", rows["careers"][0]["Name"], "Plan", "Lead a team of three"],
        ["add", "partners", {"Partner": f"Spoke & Co {number}", "Reputation": 4}, False],
        ["add", "key_accounts", {"Customer ID": ids[3], "Reason": "Second site"}, False],
        ["add", "prospects", {
            "Prospect": f"Gravel Yard {number}", "Expected amount": 12_000 + number,
            "Win rate": 0.25, "Due date": "day:2020-07-01",
        }, number % 2 == 1],
    ]  # fmt: skip
    for place, row in enumerate(rows["proposals"]):
        made.append(["set", "proposals", row["Product line ID"], "Our proposal",
                     10_000 * (place + 1) + number])  # fmt: skip
    if visits:
        made.append(["set", "visits", "#1", "Done on", "day:2020-06-30"])
        made.append(["set", "visits", "#1", "Result", "Order promised"])
    if number % 3 == 0:
        made.append(["remove", "customers", ids[4]])
    disguises = list(DISGUISES[number % len(DISGUISES)])
    if not visits:
        disguises = [step for step in disguises if step[1] != "visits"]
    return [*made, *([SWAPPED] if swap else []), *disguises]


def expected(steps: Sequence[Step], rows: Rows) -> set[Found]:
    """What collect must find of them, and nothing else. A row removed counts once."""
    found: set[Found] = set()
    for name, table, *rest in steps:
        if name == "set":
            key, title, value = rest
            found.add(("changed", table, _key(table, key, rows), title, told(value)))
        elif name == "add":
            key_title = {"partners": "Partner", "key_accounts": "Customer ID"}.get(table, "")
            key = str(rest[0].get(key_title, ""))
            found |= {("added", table, key, title, told(v)) for title, v in rest[0].items()}
        elif name == "remove":
            found.add(("removed", table, str(rest[0]), "", None))
    return found


def _key(table: str, key: str, rows: Rows) -> str:
    """The n-th visit is known by its day and customer."""
    if not str(key).startswith("#"):
        return str(key)
    row = rows[table][int(key[1:]) - 1]
    return f"{told(row['Date'])} · {row['Customer ID']}"


def told(value: object) -> object:
    """A value as it is compared."""
    if isinstance(value, str) and value.startswith("day:"):
        return date.fromisoformat(value[4:])
    if isinstance(value, (int, float, Decimal)):
        return Decimal(str(value)).normalize()
    return value.date() if hasattr(value, "date") else value
