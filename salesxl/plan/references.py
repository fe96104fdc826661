"""References between tables: what a cell names becomes the id of the row it means."""

from __future__ import annotations

from dataclasses import dataclass, field

from salesxl.errors import Problem
from salesxl.plan.draft import Draft, names
from salesxl.plan.model import TABLE, TABLES
from salesxl.plan.values import normal


@dataclass
class _Index:
    """The ids of one table and the ids each name stands for."""

    ids: dict[str, str] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)
    repeated: int = 0  # rows whose id another row has already


def resolve(draft: Draft) -> None:
    """Replace every reference by an id: an id as written, else an unambiguous name.

    A reference that cannot be resolved is a problem and its value is dropped. Where the
    table referred to lacks its id or name column, that is the problem; references into it
    are left alone. Where an id stands twice, its second row has lost an id of its own: as
    many unknown values as there are such rows are taken for those ids and not reported.
    """
    indexes = {table.name: _index(draft, table.name) for table in TABLES if table.identifier}
    unknown: dict[str, list[tuple[str, Problem]]] = {name: [] for name in indexes}
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
                titles: dict[str, object] = {
                    "column_zh": column.zh,
                    "column_en": column.en,
                    **names(TABLE[column.ref]),
                }
                where = row.at(column.key)
                if meant:
                    ids = ", ".join(sorted(meant))
                    draft.add("plan.ambiguous_name", where, value=written, ids=ids, **titles)
                else:
                    problem = Problem("plan.unknown_ref", where, {"value": written, **titles})
                    unknown[column.ref].append((key, problem))
    for table_name, found in unknown.items():
        if len({key for key, _ in found}) > indexes[table_name].repeated:
            draft.problems.extend(problem for _, problem in found)


def _index(draft: Draft, table: str) -> _Index:
    index = _Index()
    identifier = TABLE[table].identifier
    unique = identifier is not None and identifier.unique
    for row in draft.complete(table, "id"):
        identity = row.values["id"]
        if normal(identity) in index.ids and unique:
            index.repeated += 1
        index.ids.setdefault(normal(identity), identity)
        name = row.get("name")
        if name:
            index.named.setdefault(normal(name), set()).add(index.ids[normal(identity)])
    return index
