"""References between tables: what a cell names becomes the id of the row it means."""

from __future__ import annotations

from dataclasses import dataclass, field

from salesxl.plan.draft import Draft, names
from salesxl.plan.model import TABLE, TABLES
from salesxl.plan.values import normal


@dataclass
class _Index:
    """The ids of one table and the ids each name stands for."""

    ids: dict[str, str] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)


def resolve(draft: Draft) -> None:
    """Replace every reference by an id: an id as written, else an unambiguous name.

    A reference that cannot be resolved is a problem and its value is dropped. Where the
    table referred to lacks its id or name column, that is the problem; references into it
    are left alone.
    """
    indexes = {table.name: _index(draft, table.name) for table in TABLES if table.identifier}
    for table in TABLES:
        for column in table.columns:
            if column.kind != "ref":
                continue
            if {(column.ref, "id"), (column.ref, "name")} & draft.absent:
                continue
            index = indexes[column.ref]
            for row in draft.complete(table.name, column.key):
                written = row.values[column.key]
                if not written:
                    continue
                key = normal(written)
                meant = {index.ids[key]} if key in index.ids else index.named.get(key, set())
                if len(meant) == 1:
                    row.values[column.key] = next(iter(meant))
                    continue
                del row.values[column.key]
                code = "plan.ambiguous_name" if meant else "plan.unknown_ref"
                draft.add(
                    code, row.at(column.key), value=written,
                    column_zh=column.zh, column_en=column.en,
                    ids=", ".join(sorted(meant)), **names(TABLE[column.ref]),
                )  # fmt: skip


def _index(draft: Draft, table: str) -> _Index:
    index = _Index()
    for row in draft.complete(table, "id"):
        identity = row.values["id"]
        index.ids.setdefault(normal(identity), identity)
        name = row.get("name")
        if name:
            index.named.setdefault(normal(name), set()).add(index.ids[normal(identity)])
    return index
