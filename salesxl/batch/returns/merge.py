"""What was returned goes into the plan: only the tables asked for, only where nothing collides.

Three sides are compared: the value sent, the one returned, and the plan's own now. Where the
plan has not moved, the returned value is put in; where it has moved to something else, that
is a conflict, told and left alone. The merged plan is read and checked before it is written;
a plan that would not hold is not written at all.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from salesxl.batch.returns.collect import Returned, Returns
from salesxl.batch.returns.compare import Change
from salesxl.batch.returns.identity import Identity
from salesxl.batch.returns.lists import plan_table, same, shown
from salesxl.batch.returns.patch import Patch
from salesxl.batch.returns.proposals import Proposal, proposals
from salesxl.errors import SalesxlError, fail
from salesxl.opc.cells import CellValue, Reader, reference
from salesxl.opc.package import Package, SheetPart, TablePart, check_archive, open_package
from salesxl.plan.locate import Found, column_of, locate
from salesxl.plan.model import TABLE
from salesxl.plan.read import Source, check_source
from salesxl.plan.schema import Column, Table
from salesxl.plan.values import BadValueError, convert, normal

Result = Literal[
    "merged", "already", "conflict", "row_gone", "id_taken", "no_column", "formula",
    "by_hand", "incomplete",
]  # fmt: skip
_DECIMALS = 4  # enough to tell amounts of any currency apart
_NUMBERED = re.compile(r"^(.*?)(\d+)$")


@dataclass(frozen=True)
class Merged:
    """What became of one change. `plan` is the plan's value before; `where` its cell."""

    file: str
    change: Change
    result: Result
    plan: CellValue | None = None
    where: str = ""


def merge(
    returns: Returns, plan: Path, take: Iterable[str]
) -> tuple[bytes | None, tuple[Merged, ...]]:
    """The plan's new bytes, None where nothing is to be written, and what became of each change.

    `take`: plan tables, or "proposals". Raises `SalesxlError` for a table no return can fill,
    and with every problem the merged plan would have.
    """
    wanted = {name.strip().casefold() for name in take}
    for name in wanted:
        if name != "proposals" and name not in TABLE:
            raise fail("returns.unknown_table", name=name, known=", ".join(known(returns)))
    with open_package(plan) as package:
        merger = _Merger(plan, package)
    outcomes: list[Merged] = []
    for one in returns.files:
        if one.taken:
            outcomes += merger.of_file(one, wanted)
    if "proposals" in wanted:
        outcomes += [merger.proposal(found) for found in proposals(returns)]
    if not merger.patch.touched:
        return None, tuple(outcomes)
    data = merger.finished()
    _check(data, plan.name)
    return data, tuple(outcomes)


def known(returns: Returns) -> list[str]:
    """The names that can be asked for: plan tables in the returns, and "proposals"."""
    names = {plan_table(name) for one in returns.files for name in one.lists} - {""}
    there = any("proposals" in one.lists for one in returns.files)
    return [*sorted(names), *(["proposals"] if there else [])]


class _Merger:
    """The plan as it lies in the file, and the changes on their way into it."""

    def __init__(self, path: Path, package: Package) -> None:
        reader = Reader(package)
        grids = {sheet.name: reader.grid(sheet) for sheet in package.sheets}
        self.found, _ = locate(package.tables, grids)
        self.parts = {part.name.casefold(): part for part in package.tables}
        sheets: Mapping[str, SheetPart] = {sheet.name: sheet for sheet in package.sheets}
        self.patch = Patch(path, sheets, package.date1904)
        self._last = {name: found.last_row for name, found in self.found.items()}
        self._ids = {name: _ids(found) for name, found in self.found.items()}
        self._written: dict[tuple[str, int, int], CellValue | None] = {}

    def of_file(self, one: Returned, wanted: set[str]) -> list[Merged]:
        outcomes: list[Merged] = []
        added: dict[tuple[str, int], list[Change]] = {}
        for change in one.changes:
            table = plan_table(change.list)
            if table not in wanted or table not in self.found:
                continue
            if change.kind == "changed":
                outcomes.append(self._changed(one.file, self.found[table], change))
            elif change.kind == "added":
                added.setdefault((table, change.row), []).append(change)
            else:  # a row that is gone or stands twice is a person's decision
                outcomes.append(Merged(one.file, change, "by_hand"))
        for (table, _), changes in added.items():
            outcomes += self._added(one, self.found[table], changes)
        return outcomes

    def proposal(self, given: Proposal) -> Merged:
        """A region's own target, where every product line has one."""
        change = Change("changed", "proposals", given.key, "", given.given, given.own, given.file)
        found = self.found.get("regions")
        if not given.complete:
            return Merged(given.file, change, "incomplete")
        if found is None or "proposal_amount" not in found.columns:
            return Merged(given.file, change, "no_column")
        row = self._row(found, given.key)
        if row is None:
            return Merged(given.file, change, "row_gone")
        column = next(c for c in found.table.columns if c.key == "proposal_amount")
        now = found.grid.value(row, found.columns["proposal_amount"])
        return self._put(given.file, found, column, row, change, now)

    def finished(self) -> bytes:
        for name, last in self._last.items():
            part = self.parts.get(name)
            if part is not None and last > self.found[name].last_row:
                self.patch.extend(part, last)
        return self.patch.bytes()

    def _changed(self, file: str, found: Found, change: Change) -> Merged:
        column = _column(found.table, change.column)
        if column is None or column.key not in found.columns:
            return Merged(file, change, "no_column")
        row = self._row(found, change.key)
        if row is None:
            return Merged(file, change, "row_gone")
        now = found.grid.value(row, found.columns[column.key])
        if _alike(column, now, change.returned):
            return Merged(file, change, "already", now, _place(found, row, column.key))
        if not _alike(column, now, change.sent):
            return Merged(file, change, "conflict", now, _place(found, row, column.key))
        return self._put(file, found, column, row, change, now)

    def _put(
        self, file: str, found: Found, column: Column, row: int, change: Change,
        now: CellValue | None,
    ) -> Merged:  # fmt: skip
        place = (row, found.columns[column.key])
        where = _place(found, row, column.key)
        if _alike(column, now, change.returned):
            return Merged(file, change, "already", now, where)
        if self.patch.has_formula(found.grid.sheet, place):
            return Merged(file, change, "formula", now, where)
        key = (found.table.name, *place)
        if key in self._written and not same(self._written[key], change.returned):
            return Merged(file, change, "conflict", self._written[key], where)
        self._written[key] = change.returned
        self.patch.put(found.grid.sheet, place, change.returned)
        return Merged(file, change, "merged", now, where)

    def _added(self, one: Returned, found: Found, changes: list[Change]) -> list[Merged]:
        """A whole new row below the table; an ID is given where it has none."""
        table = found.table
        key = _key_column(table)
        cells: dict[str, tuple[Change, CellValue]] = {}
        outcomes: list[Merged] = []
        for change in changes:
            column = _column(table, change.column)
            if column is None or column.key not in found.columns or change.returned is None:
                outcomes.append(Merged(one.file, change, "no_column"))
            else:
                cells[column.key] = (change, change.returned)
        if not cells:
            return outcomes
        said = shown(cells[key][1]) if key in cells else ""
        if said and normal(said) in self._ids[table.name]:
            return [Merged(one.file, change, "id_taken") for change in changes]
        row = self._next_row(found)
        model = found.last_row if found.last_row >= found.first_row else None
        values: dict[str, CellValue] = {name: value for name, (_, value) in cells.items()}
        if not said and table.identifier is not None:
            values[key] = self._next_id(table)
        given = shown(values.get(key))
        self._ids[table.name][normal(given)] = given
        mark = one.mark
        region = self._region_of(mark)
        if "region" in found.columns and region is not None:
            values.setdefault("region", region)
        for name, value in values.items():
            col = found.columns.get(name)
            if col is not None:
                like = None if model is None else (model, col)
                self.patch.put(found.grid.sheet, (row, col), value, like)
        where = _place(found, row, key)
        outcomes += [
            Merged(one.file, change, "merged", None, where) for change, _ in cells.values()
        ]
        return outcomes

    def _region_of(self, mark: Identity | None) -> CellValue | None:
        """The region a new row belongs to where the workbook does not ask: its own."""
        if mark is None or mark.scope not in ("region", "person"):
            return None
        if mark.scope == "region":
            return mark.key
        people = self.found.get("people")
        row = self._row(people, mark.key) if people is not None else None
        if people is None or row is None or "region" not in people.columns:
            return None
        return people.grid.value(row, people.columns["region"])

    def _next_row(self, found: Found) -> int:
        name = found.table.name
        part = self.parts.get(name)
        row = self._last[name] + 1
        if part is not None and part.totals_row:
            raise fail("returns.totals_row", found.place)
        for other in self.parts.values():
            if other is not part and other.sheet == found.grid.sheet and _covers(other, row):
                raise fail("returns.no_room", found.place, other=other.place)
        self._last[name] = row
        return row

    def _next_id(self, table: Table) -> str:
        """The largest numbered ID of the table, and one more: P-031 after P-030."""
        best = ("", 0, 3)
        for said in self._ids[table.name].values():
            match = _NUMBERED.match(said)
            if match and int(match[2]) > best[1]:
                best = (match[1], int(match[2]), len(match[2]))
        return f"{best[0]}{best[1] + 1:0{best[2]}d}"

    def _row(self, found: Found, key: str) -> int | None:
        col = found.columns.get(_key_column(found.table))
        if col is None:
            return None
        for row in range(found.first_row, found.last_row + 1):
            if normal(shown(found.grid.value(row, col))) == normal(key):
                return row
        return None


def _column(table: Table, title: str) -> Column | None:
    """The plan's column under a sheet's header, which may be shorter: Visits for Visits a year."""
    column = column_of(table, title)
    if column is not None:
        return column
    short = normal(title)
    longer = [one for one in table.columns if short in normal(one.zh) or short in normal(one.en)]
    return longer[0] if len(longer) == 1 else None


def _ids(found: Found) -> dict[str, str]:
    """Normalised key → the key as the plan has it."""
    col = found.columns.get(_key_column(found.table))
    if col is None:
        return {}
    rows = range(found.first_row, found.last_row + 1)
    said = [shown(found.grid.value(row, col)) for row in rows]
    return {normal(one): one for one in said if one}


def _key_column(table: Table) -> str:
    identifier = table.identifier
    if identifier is not None:
        return identifier.key
    return next((column.key for column in table.columns if column.required), table.columns[0].key)


def _place(found: Found, row: int, key: str) -> str:
    return f"{found.grid.sheet}!{reference(row, found.columns[key])}"


def _alike(column: Column, one: CellValue | None, other: CellValue | None) -> bool:
    """Whether two cells mean the same to the plan: a choice in either language, 8 % and 0.08."""
    if same(one, other):
        return True
    if one is None or other is None:
        return False
    try:
        return convert(column, one, _DECIMALS) == convert(column, other, _DECIMALS)
    except BadValueError:
        return False


def _covers(part: TablePart, row: int) -> bool:
    first, _, end = part.ref.partition(":")
    top, bottom = (re.sub(r"\D", "", one) for one in (first, end or first))
    return int(top) - 1 <= row <= int(bottom) - 1


def _check(data: bytes, file: str) -> None:
    with check_archive(io.BytesIO(data), file) as archive:
        package = Package(file, archive)
        reader = Reader(package)
        grids = {sheet.name: reader.grid(sheet) for sheet in package.sheets}
        plan, problems = check_source(Source(file, tuple(package.tables), grids))
    if plan is None:
        raise SalesxlError(problem for problem in problems if problem.severity == "error")


def summary(outcomes: Sequence[Merged]) -> dict[Result, int]:
    """How many changes ended how."""
    counted: dict[Result, int] = {}
    for outcome in outcomes:
        counted[outcome.result] = counted.get(outcome.result, 0) + 1
    return counted
