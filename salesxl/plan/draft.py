"""A plan as far as it could be read: every good value with its place, every problem found.

Reading fills a `Draft`; checking looks at it and says what single rows cannot tell. A value
that could not be read is simply absent, so that one fault gives one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from salesxl.errors import Problem
from salesxl.opc.cells import reference
from salesxl.plan.model import TABLES, Plan, Settings
from salesxl.plan.schema import Table
from salesxl.plan.settings import ITEMS


@dataclass
class Row:
    """One row of a table: the values that could be read, by field."""

    sheet: str
    number: int  # row of the sheet, from 0
    values: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    def at(self, key: str) -> str:
        """``Sheet!C7``; the row's first cell when the column is not in the file."""
        if not self.columns:
            return f"{self.sheet}!{self.number + 1}"
        return f"{self.sheet}!{reference(self.number, self.columns.get(key, self.first))}"

    @property
    def first(self) -> int:
        return min(self.columns.values())

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def has(self, *keys: str) -> bool:
        return all(key in self.values for key in keys)


@dataclass
class Draft:
    """All that was read. `absent` names the columns the file lacks: ``("people", "role")``."""

    settings: dict[str, Any] = field(default_factory=dict)
    setting_places: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # table → Sheet!A5:F20
    absent: set[tuple[str, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def of(self, table: str) -> list[Row]:
        return self.rows.get(table, [])

    def whole(self, table: str, *keys: str) -> bool:
        """Whether the table was found and every row has all of `keys`."""
        return table in self.places and all(row.has(*keys) for row in self.of(table))

    def complete(self, table: str, *keys: str) -> Iterator[Row]:
        """The rows that have all of `keys`."""
        return (row for row in self.of(table) if row.has(*keys))

    def add(self, code: str, where: str, /, **values: object) -> None:
        self.problems.append(Problem(code, where, values))

    def warn(self, code: str, where: str, /, **values: object) -> None:
        self.problems.append(Problem(code, where, values, severity="warning"))


def defaults(row_type: type) -> dict[str, Any]:
    """Field → default, for the fields that have one."""
    return {f.name: f.default for f in fields(row_type) if f.default is not MISSING}


def names(table: Table) -> dict[str, object]:
    """A table's titles as message values."""
    return {"table_zh": table.zh, "table_en": table.en}


def draft_of(plan: Plan) -> Draft:
    """A draft of a plan that did not come from a file; places are ``people!3`` (third row)."""
    draft = Draft()
    for item in ITEMS:
        draft.settings[item.key] = getattr(plan.settings, item.key)
        draft.setting_places[item.key] = f"settings {item.key}"
    draft.settings["decimals"] = plan.settings.decimals
    draft.places["settings"] = "settings"
    for table in TABLES[1:]:
        draft.places[table.name] = table.name
        draft.rows[table.name] = [
            Row(table.name, index, {c.key: getattr(row, c.key) for c in table.columns})
            for index, row in enumerate(getattr(plan, table.name))
        ]
    return draft


def plan_of(draft: Draft) -> Plan:
    """The plan a draft without errors stands for (the fingerprint still to be set)."""
    tables: dict[str, Any] = {
        table.name: tuple(table.row_type(**row.values) for row in draft.of(table.name))
        for table in TABLES[1:]
    }
    return Plan(settings=Settings(**draft.settings), **tables)
