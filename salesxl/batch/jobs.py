"""What a run will make: one share a workbook, with its file name and figures, before the first
is built.

    by          a workbook for
    region      each leaf region
    person      each person who carries quota
    parent      each region that has regions beneath it
    top, 2, 3   each region of that level of the tree; a leaf above it stands for itself
    a column    each value of a column of the ledger (channel, customer_source, …)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from salesxl.batch.names import file_names
from salesxl.errors import fail
from salesxl.ledger.frame import Ledger
from salesxl.plan.model import Plan, Region
from salesxl.sheets.scope import Lookups, Rows, Scope, lines_at, narrow, rows_by
from salesxl.sheets.shares import (
    COLUMNS,
    PRODUCT_LINE,
    column_share,
    group_share,
    leaves_under,
    person_quotas,
    person_share,
)
from salesxl.texts import LANGS, Lang, text

HEAD = "head_office"
REGION, PERSON, GROUP = "region", "person", "group"
PARENT, TOP = "parent", "top"
_KEY_OF = {PRODUCT_LINE: "product_key"}
# Bytes of a workbook with our sheets, and of each line in it; measured, for the list alone.
_BASE_BYTES, _LINE_BYTES = 115_000, 95


@dataclass(frozen=True)
class Share:
    """One workbook to be made. Figures in minor units, taken from the whole, not from the share:
    what is made must come to the same."""

    kind: str  # HEAD, REGION, GROUP, PERSON or a column
    key: str  # id, or the column's value; "" for the head office
    name: str
    file: str
    lines: int
    amount: int
    target: int
    rows: Rows | None = field(default=None, repr=False, compare=False)

    @property
    def about(self) -> int:
        """Bytes to be expected."""
        return _BASE_BYTES + _LINE_BYTES * self.lines


@dataclass(frozen=True)
class JobList:
    """All shares, the head office first. `overlapping`: a line may be in several of them."""

    by: str
    shares: tuple[Share, ...]
    overlapping: bool
    has_targets: bool  # the shares' targets make up the company's
    unassigned_lines: int
    unassigned_amount: int

    @property
    def parts(self) -> tuple[Share, ...]:
        return self.shares[1:]

    @property
    def by_column(self) -> bool:
        return any(share.kind not in (REGION, GROUP, PERSON) for share in self.parts)

    def loose_lines(self, head: Scope) -> Ledger | None:
        """The lines of no share."""
        if head.ledger is None:
            return None
        covered = np.zeros(len(head.ledger.frame), bool)
        for share in self.parts:
            if share.rows is not None:
                covered[share.rows] = True
        return lines_at(head.ledger, np.flatnonzero(~covered))


def job_list(look: Lookups, by: str) -> JobList:
    """The shares of `look.head` by `by`. Raises `SalesxlError` where there are none."""
    head = look.head
    found, column = _shares_by(look, by)
    names = file_names(
        [name for _, _, name, _, _ in found], text("workbook.head_office_file", head.lang), "xlsx"
    )
    amounts = None if head.ledger is None else head.ledger.frame["amount"].to_numpy(np.int64)

    def figures(rows: Rows | None) -> tuple[int, int]:
        if amounts is None or rows is None:
            return 0, 0
        return len(rows), int(amounts[rows].sum())

    whole = (0, 0) if head.ledger is None else (len(head.ledger.frame), head.ledger.total)
    said = text("workbook.head_office", head.lang)
    shares = [Share(HEAD, "", said, names[0], *whole, head.targets.total)]
    for (kind, key, name, target, rows), file in zip(found, names[1:], strict=True):
        shares.append(Share(kind, key, name, file, *figures(rows), target, rows))
    covered = _union([share.rows for share in shares[1:]])
    lines, amount = figures(covered)
    return JobList(
        by,
        tuple(shares),
        overlapping=by == PARENT,
        has_targets=not column and by not in (PERSON, PARENT),
        unassigned_lines=whole[0] - lines,
        unassigned_amount=whole[1] - amount,
    )


def cut(look: Lookups, share: Share) -> Scope:
    """The share itself: its data and nothing else."""
    if share.kind == HEAD:
        return look.head
    if share.kind == REGION:
        return narrow(look.head, look.by_id[share.key], look)
    if share.kind == GROUP:
        return group_share(look, look.by_id[share.key], leaves_under(look.head.plan, share.key))
    if share.kind == PERSON:
        return person_share(look, look.people[share.key])
    assert share.rows is not None
    return column_share(look, share.kind, share.key, share.name, share.rows)


_Found = tuple[str, str, str, int, Rows | None]  # kind, key, name, target, rows


def _shares_by(look: Lookups, by: str) -> tuple[list[_Found], bool]:
    """The shares, and whether they are a column's."""
    plan = look.head.plan
    if by == REGION:
        return [_region(look, look.by_id[key]) for key in look.head.targets.region_ids], False
    if by == PERSON:
        return _people(look), False
    if by == PARENT:
        leaves = set(look.target_at)
        groups = [region for region in plan.regions if region.id not in leaves]
        if not groups:
            raise fail("batch.no_parents", "--by")
        return [_group(look, region) for region in groups], False
    if by == TOP or by.isdecimal():
        return _level(look, 1 if by == TOP else int(by)), False
    column = column_of(by)
    if column is None:
        known = ", ".join((REGION, PERSON, PARENT, TOP, *COLUMNS))
        raise fail("batch.unknown_by", "--by", name=by, known=known)
    return _values(look, column), True


def column_of(word: str) -> str | None:
    """A column by its name in the code or as the sheets title it, in either language."""
    plain = word.strip().casefold().replace("-", "_").replace(" ", "_")
    if plain in COLUMNS:
        return plain
    titles = {"product_line": "category"}
    for column in COLUMNS:
        for lang in LANGS:
            if word.strip().casefold() == _title(titles.get(column, column), lang).casefold():
                return column
    return None


def _title(column: str, lang: Lang) -> str:
    try:
        return text(f"ledger_lines.col_{column}", lang)
    except KeyError:
        return column


def _region(look: Lookups, region: Region) -> _Found:
    target = look.head.targets.regions[look.target_at[region.id]].amount
    return REGION, region.id, region.name, target, look.region_rows.get(region.id)


def _group(look: Lookups, region: Region) -> _Found:
    leaves = leaves_under(look.head.plan, region.id)
    target = sum(look.head.targets.of(leaf).amount for leaf in leaves)
    rows = _union([look.region_rows.get(leaf) for leaf in leaves])
    return GROUP, region.id, region.name, target, rows


def _level(look: Lookups, level: int) -> list[_Found]:
    plan = look.head.plan
    depth = {region.id: len(look.ancestors(region)) + 1 for region in plan.regions}
    deepest = max(depth.values(), default=0)
    if not 1 <= level <= deepest:
        raise fail("batch.no_such_level", "--by", level=level, depth=deepest)
    found = []
    for region in plan.regions:
        is_leaf = region.id in look.target_at
        if depth[region.id] == level or (is_leaf and depth[region.id] < level):
            found.append(_region(look, region) if is_leaf else _group(look, region))
    return found


def _people(look: Lookups) -> list[_Found]:
    found: list[_Found] = []
    for person in look.head.plan.people:
        target = sum(map(sum, person_quotas(look, person.id)))
        if target:
            rows = look.person_rows.get(person.id)
            found.append((PERSON, person.id, person.name, target, rows))
    if not found:
        raise fail("batch.nobody", "--by")
    return found


def _values(look: Lookups, column: str) -> list[_Found]:
    head = look.head
    if head.ledger is None:
        raise fail("batch.column_needs_ledger", "--by")
    rows = rows_by(head.ledger, _KEY_OF.get(column, column))
    rows.pop("", None)
    if not rows:
        raise fail("batch.empty_column", "--by", name=column)
    names = _names(head.plan) if column == PRODUCT_LINE else {}
    return [(column, value, names.get(value, value), 0, rows[value]) for value in sorted(rows)]


def _names(plan: Plan) -> dict[str, str]:
    return {line.id: line.name for line in plan.product_lines}


def _union(rows: Sequence[Rows | None]) -> Rows | None:
    known = [one for one in rows if one is not None]
    return np.unique(np.concatenate(known)) if known else None
