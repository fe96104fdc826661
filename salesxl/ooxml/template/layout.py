"""The rows of one filled sheet: which of the template's, how often, with what.

Whole rows are inserted and taken out, as Excel does it. Lists that share rows grow
together; the shorter one gets blank, styled cells. Content beside a list keeps its rows:

    template               list A with 4, list B with 1 entry
    5  A1  B1  note        5  A1  B1  note
    6  A2  B2  more        6  A2  ·   more
    7      total           7  A3  ·
                           8  A4  ·
                           9      total
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from salesxl.errors import fail
from salesxl.ooxml.template.columns import Follow
from salesxl.ooxml.template.moves import Run, block
from salesxl.ooxml.template.places import Area
from salesxl.ooxml.template.resolve import BlockJob, Content, ListJob, SheetJob
from salesxl.ooxml.template.rows import Kept, Piece, Stay
from salesxl.ooxml.template.sheet import MAX_ROWS, TemplateSheet

if TYPE_CHECKING:
    from salesxl.ooxml.template.following import Following


@dataclass
class Layout:
    """The pieces of a sheet from row 1 on, and the runs they make."""

    pieces: list[Piece | Stay] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


@dataclass
class Zone:
    """Lists that share rows, and how these rows change.

    Rows `first` to `last` of the template become: the rows before `grow` once each, row
    `grow` `count` times instead of `grow` to `until`, then the rows up to `kept` once each.
    """

    first: int
    last: int
    lists: list[ListJob]
    grow: int = 0
    until: int = 0
    kept: int = 0
    count: int = 0

    @property
    def before(self) -> int:
        """Rows above the one that repeats."""
        return self.grow - self.first

    @property
    def height(self) -> int:
        """How many rows these become."""
        return self.before + self.count + max(0, self.kept - self.until)

    def base(self, index: int) -> int:
        """The template row that new row `index` (from 0) is made from."""
        if index < self.before:
            return self.first + index
        below = index - self.before - self.count
        return self.grow if below < 0 else self.until + 1 + below

    def cuts(self) -> set[int]:
        """Where a new row is made from another row than the one above it; both ends."""
        end = self.before + self.count
        return {*range(self.before + 1), *range(end, self.height + 1)}

    def rows_of(self, job: ListJob) -> int:
        """How many of the new rows lie in a list's range."""
        area = job.place.area
        after = max(0, min(self.kept, area.last_row) - self.until)
        return self.grow - area.first_row + self.count + after

    def runs(self) -> list[Run]:
        found = [Run(self.grow, self.until, self.count)]
        end = max(self.until, self.kept)
        if end < self.last:
            found.append(Run(end + 1, self.last, 0))
        return found

    def runs_for(self, job: ListJob) -> list[Run]:
        """The same rows as formulas in a list's entries see them: the list as one run."""
        area, rows = job.place.area, self.rows_of(job)
        runs = [Run(area.first_row, area.last_row, rows)]
        if self.last > area.last_row:
            total = self.height - (area.first_row - self.first)
            runs.append(Run(area.last_row + 1, self.last, total - rows))
        return runs


def lay_out(sheet: TemplateSheet, job: SheetJob, following: Following) -> Layout:
    """The layout of a sheet. Raises `SalesxlError` where lists or blocks cross."""
    last = max(sheet.last_row, 1, *_last_rows(job))
    builder = _Builder(sheet, following)
    blocks = sorted(job.blocks, key=lambda one: one.place.area.first_row)
    for earlier, later in pairwise(blocks):
        if later.place.area.first_row <= earlier.place.area.last_row:
            raise fail("fill.block_crossed", sheet.title, name=later.place.name,
                       block=earlier.place.name)  # fmt: skip
    return builder.stretch(1, last, job.content, blocks)


def _last_rows(job: SheetJob) -> list[int]:
    return [
        *(row for row, _ in job.content.cells),
        *(one.place.area.last_row for one in job.content.lists),
        *(one.place.area.last_row for one in job.blocks),
    ]


class _Builder:
    def __init__(self, sheet: TemplateSheet, following: Following) -> None:
        self.sheet = sheet
        self.following = following

    def stretch(
        self, first: int, last: int, content: Content, blocks: Sequence[BlockJob] = (),
        copy: tuple[int, int] | None = None,
    ) -> Layout:  # fmt: skip
        """Template rows first..last with their content; `copy`: (block's first row, number)."""
        made = Layout()
        follow = self.following.of_rows(self.sheet.title, copy)
        parts: list[tuple[int, int, Any]] = [
            (zone.first, zone.last, zone) for zone in self._zones(content)
        ]
        for job in blocks:
            parts.append((job.place.area.first_row, job.place.area.last_row, job))
        parts.sort(key=lambda part: part[:2])
        row = first
        for start, end, part in parts:
            if start < row or end > last:
                self._crossed(part, blocks)
            self._still(made, row, start - 1, content, follow)
            if isinstance(part, Zone):
                self._zone(made, part, content, follow, copy)
            else:
                self._block(made, part)
            row = end + 1
        self._still(made, row, last, content, follow)
        return made

    def _crossed(self, part: Any, blocks: Sequence[BlockJob]) -> None:
        name = part.lists[0].place.name if isinstance(part, Zone) else part.place.name
        first = blocks[0].place.name if blocks else ""
        raise fail("fill.block_crossed", self.sheet.title, name=name, block=first)

    def _zones(self, content: Content) -> list[Zone]:
        """Named cells keep their rows, filled or not."""
        if not content.lists:
            return []
        named = self.following.named_cells(self.sheet.title)
        return zones(self.sheet, content.lists, {*content.cells, *named})

    def _still(
        self, made: Layout, first: int, last: int, content: Content, follow: Follow | None
    ) -> None:
        """Rows that stay, some with single cells filled."""
        if first > last:
            return
        filled: dict[int, dict[int, Any]] = {}
        for (row, col), value in content.cells.items():
            if first <= row <= last:
                filled.setdefault(row, {})[col] = value if isinstance(value, Kept) else [value]
        row = first
        for number in sorted(filled):
            if row < number:
                made.pieces.append(Stay(row, number - 1, follow))
            made.pieces.append(Piece(number, 1, filled[number], follow=follow))
            row = number + 1
        if row <= last:
            made.pieces.append(Stay(row, last, follow))

    def _block(self, made: Layout, job: BlockJob) -> None:
        area = job.place.area
        copies = []
        for number, item in enumerate(job.items):
            inner = self.stretch(area.first_row, area.last_row, item, (), (area.first_row, number))
            made.pieces += inner.pieces
            copies.append(inner.runs)
        empty = Run(area.first_row, area.last_row, 0)
        made.runs.append(block(area.first_row, area.last_row, copies) if copies else empty)

    def _zone(
        self, made: Layout, zone: Zone, content: Content, follow: Follow | None,
        copy: tuple[int, int] | None,
    ) -> None:  # fmt: skip
        made.runs += zone.runs()
        changes = zone.cuts()
        cuts = set(changes)
        extents = []
        for job in zone.lists:
            start = job.place.area.first_row - zone.first
            extents.append((job, start, start + job.count, start + zone.rows_of(job)))
            cuts.update((start, start + job.count, start + zone.rows_of(job)))
        edges = sorted(cuts)
        for start, end in pairwise(edges):
            base = zone.base(start)
            first_copy = start in changes
            piece = _Piece(base)
            for job, begin, filled, until in extents:
                if begin <= start < until:
                    follows = self.following.of_list(self.sheet.title, zone, job, copy)
                    piece.add(self.sheet, job, start - begin, end - begin, start < filled, follows)
            if first_copy:
                for (row, col), value in content.cells.items():
                    if row == base and col not in piece.columns:
                        piece.single(col, value)
            made.pieces += piece.done(self.sheet, end - start, first_copy, follow)


@dataclass
class _Piece:
    """A stretch of equal rows in a zone, while its columns are gathered."""

    base: int
    columns: set[int] = field(default_factory=set)  # that belong to a list
    values: dict[int, Any] = field(default_factory=dict)
    singles: dict[int, Any] = field(default_factory=dict)  # cells beside the lists
    origins: dict[int, int] = field(default_factory=dict)
    copied: set[int] = field(default_factory=set)
    blank: set[int] = field(default_factory=set)
    follows: dict[int, Follow] = field(default_factory=dict)

    def single(self, col: int, value: Any) -> None:
        self.singles[col] = value

    def add(
        self, sheet: TemplateSheet, job: ListJob, start: int, end: int, filled: bool,
        follow: Follow | None,
    ) -> None:  # fmt: skip
        """Entries `start`..`end` of a list; beyond its entries blank cells."""
        area = job.place.area
        row = area.first_row
        for col in range(area.first_col, area.last_col + 1):
            self.columns.add(col)
            if row != self.base:
                self.origins[col] = row
            if follow is not None:
                self.follows[col] = follow
            given = job.columns.get(col)
            if not filled:
                if given is not None or col in sheet.cells(row):
                    self.blank.add(col)
            elif given is not None:
                self.values[col] = _part(given, start, end, job.count)
            elif col in sheet.cells(row):
                self.copied.add(col)

    def done(
        self, sheet: TemplateSheet, count: int, first_copy: bool, follow: Follow | None
    ) -> list[Piece | Stay]:
        foreign = first_copy and any(
            col not in self.columns and (cell.formula is not None or cell.raw)
            for col, cell in sheet.cells(self.base).items()
        )
        common = {
            "origins": self.origins, "copied": frozenset(self.copied),
            "blank": frozenset(self.blank), "follow": follow, "follows": self.follows,
        }  # fmt: skip
        if not self.singles:
            keep: Any = "first" if foreign else "style"
            return [Piece(self.base, count, self.values, keep=keep, **common)]  # type: ignore[arg-type]
        head = {col: _part(given, 0, 1, count) for col, given in self.values.items()}
        head |= {c: v if isinstance(v, Kept) else [v] for c, v in self.singles.items()}
        made: list[Piece | Stay] = [Piece(self.base, 1, head, keep="all", **common)]  # type: ignore[arg-type]
        if count > 1:
            rest = {col: _part(given, 1, count, count) for col, given in self.values.items()}
            made.append(Piece(self.base, count - 1, rest, keep="style", **common))  # type: ignore[arg-type]
        return made


def _part(given: Any, start: int, end: int, count: int) -> Any:
    if (start, end) == (0, count):
        return given
    if isinstance(given, Kept):
        return Kept(given.values[start:end])
    return given[start:end]


def zones(
    sheet: TemplateSheet, lists: Sequence[ListJob], cells: Collection[tuple[int, int]] = ()
) -> list[Zone]:
    """The lists by rows they share, and how each zone changes; the rows of `cells` stay."""
    found: list[Zone] = []
    for job in sorted(lists, key=lambda one: one.place.area):
        area = job.place.area
        if found and area.first_row <= found[-1].last:
            zone = found[-1]
            _check_apart(sheet, zone.lists, job)
            zone.lists.append(job)
            zone.last = max(zone.last, area.last_row)
        else:
            found.append(Zone(area.first_row, area.last_row, [job]))
    for zone in found:
        _grow(sheet, zone, cells)
    return found


def _check_apart(sheet: TemplateSheet, others: Sequence[ListJob], job: ListJob) -> None:
    area = job.place.area
    for other in others:
        known = other.place.area
        rows = area.first_row <= known.last_row and known.first_row <= area.last_row
        if rows and area.first_col <= known.last_col and known.first_col <= area.last_col:
            raise fail("fill.list_twice", sheet.title, first=other.place.name,
                       second=job.place.name)  # fmt: skip


def _grow(sheet: TemplateSheet, zone: Zone, cells: Collection[tuple[int, int]]) -> None:
    """Which rows repeat, which stay because something stands beside the lists in them."""
    areas = [job.place.area for job in zone.lists]
    first = max(area.first_row for area in areas)
    until = min(area.last_row for area in areas)
    if first > until:
        raise fail("fill.lists_overlap", sheet.title, first=zone.lists[0].place.name,
                   second=zone.lists[-1].place.name)  # fmt: skip
    beside = _rows_beside(sheet, zone, areas)
    beside = [*beside, *(row for row, col in cells if _is_beside(zone, areas, row, col))]
    inside = max((row for row in beside if first < row <= until), default=0)
    zone.until = until
    zone.grow = min(inside + 1, until) if inside else first
    zone.kept = max((row for row in beside if row > until), default=until)
    fewest = int(zone.grow == first or inside == until)
    needed = [fewest]
    for job, area in zip(zone.lists, areas, strict=True):
        after = max(0, min(zone.kept, area.last_row) - until)
        needed.append(max(job.count, 1) - (zone.grow - area.first_row) - after)
    zone.count = max(needed)
    if zone.count > MAX_ROWS:
        raise fail("page.too_many_rows", sheet.title, rows=f"{zone.count:,}")


def _rows_beside(sheet: TemplateSheet, zone: Zone, areas: Sequence[Area]) -> list[int]:
    """Rows of the zone in which something stands outside the lists."""
    key = ("beside", zone.first, zone.last, tuple(areas))
    found = sheet.forms.get(key)
    if found is None:
        found = sheet.forms[key] = [
            row
            for row in range(zone.first, zone.last + 1)
            if any(
                (cell.formula is not None or cell.raw) and _is_beside(zone, areas, row, col)
                for col, cell in sheet.cells(row).items()
            )
        ]
    return found


def _is_beside(zone: Zone, areas: Sequence[Area], row: int, col: int) -> bool:
    """Whether a cell is in the rows of a zone, but in none of its lists."""
    inside = zone.first <= row <= zone.last
    return inside and not any(area.holds(Area(row, col, row, col)) for area in areas)
