"""The parts around the rows: names, tables, charts, drawings, comments, pivots.

They follow what moves, and lose what they remember of the template's data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.follow_charts import follow_chart
from salesxl.ooxml.template.follow_comments import follow_comments, follow_threads, follow_vml
from salesxl.ooxml.template.follow_drawings import Clone, follow_drawing
from salesxl.ooxml.template.follow_names import follow_names, names_of
from salesxl.ooxml.template.follow_pivots import follow_pivot_cache, follow_pivot_table
from salesxl.ooxml.template.follow_sheet import follow_sheet
from salesxl.ooxml.template.follow_tables import (
    follow_control,
    follow_sheet_view,
    follow_single_cells,
    follow_table,
)
from salesxl.ooxml.template.followed import Followed
from salesxl.ooxml.template.forget import (
    forget_filter,
    forget_in_tail,
    forget_people,
    in_cells,
    without_tables,
)
from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.package import relations_part
from salesxl.ooxml.template.places import Area
from salesxl.ooxml.template.refill_charts import refill_chart, refill_links
from salesxl.ooxml.template.resolve import Jobs
from salesxl.ooxml.template.sheet import TemplateSheet
from salesxl.ooxml.template.shown import Values

if TYPE_CHECKING:
    from salesxl.ooxml.template.compile import Template
    from salesxl.ooxml.template.layout import Layout

_CHARTS = frozenset({"chart", "chartEx"})
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_NUMBERED = re.compile(r"(\d*)(\.[^./]+)$")


class Around:
    """Brings everything but rows and strings of one file up to date."""

    def __init__(
        self, template: Template, draft: Draft, jobs: Jobs, layouts: Mapping[str, Layout],
        followed: Followed,
    ) -> None:  # fmt: skip
        self.template = template
        self.draft = draft
        self.jobs = jobs
        self.moves = moves = followed.moves
        titles = {title: moves.title(title) for title in template.titles}
        self.values = Values(template, layouts, titles)
        self.followed = followed
        self.anything = bool(layouts) or not moves.still
        self.charts: list[tuple[str, str]] = []  # (part, title of its sheet)
        self.drawings: list[tuple[str, str]] = []
        self.clones: list[str] = []  # charts made for the copies of a block

    def sheet(self, sheet: TemplateSheet) -> tuple[str, str]:
        """Head and tail of a sheet that is written anew; its own parts follow."""
        gone = self.beside(sheet)
        head, tail = sheet.head, sheet.tail
        filled = in_cells(*self._filled(sheet.title))
        tail, links = forget_in_tail(tail, filled)
        for link in links:
            self.draft.unrelate(sheet.part, link)
        if not self.moves.still:
            head = self.followed.get(follow_sheet, head, sheet.title, sheet.part + ".head")
            tail = self.followed.get(follow_sheet, tail, sheet.title, sheet.part)
        return head, without_tables(tail, gone)

    def beside(self, sheet: TemplateSheet) -> set[str]:
        """The parts a sheet refers to; ids of relations to tables that are gone."""
        title = sheet.title
        gone: set[str] = set()
        cells: set[tuple[int, int]] | None = None
        filled = self._filled_tables(title)
        for one in self.template.relations.get(sheet.part, ()):
            if one.external or one.target not in self.draft:
                continue
            if one.kind == "drawing":
                self.drawing(one.target, title)
            elif one.kind in ("comments", "threadedComment", "vmlDrawing"):
                if cells is None:
                    cells = self._filled_cells(title)
                if cells or not self.moves.still:
                    self._comments(one.kind, one.target, title, cells)
            elif one.kind == "table" and (one.target in filled or not self.moves.still):
                text = self._text(one.target)
                text = forget_filter(text) if one.target in filled else text
                table = self.followed.get(follow_table, text, title, one.target)
                if table is None:
                    gone.add(one.id)
                    self.draft.drop(one.target)
                else:
                    self._put(one.target, table)
            elif not self.moves.still:
                self._follow(one.kind, one.target, title)
        return gone

    def _follow(self, kind: str, part: str, title: str) -> None:
        text = self._text(part) if kind in _FOLLOWERS or kind == "pivotTable" else ""
        if kind == "pivotTable":
            pivot = follow_pivot_table(text, self.moves, title)
            if pivot is None:
                self.draft.drop(part)
            else:
                self._put(part, pivot)
        elif kind in _FOLLOWERS:
            self._put(part, _FOLLOWERS[kind](text, self.moves, title))

    def drawing(self, part: str, title: str) -> None:
        """Anchors of a drawing, and the charts in it."""
        self.drawings.append((part, title))
        if not self.moves.still:
            followed = self.followed.get(follow_drawing, self._text(part), title, part)
            self._put(part, followed.xml)
            for one in self.template.relations.get(part, ()):
                if one.id and f'"{one.id}"' not in followed.xml:
                    self.draft.unrelate(part, one.id)
            for clone in followed.clones:
                self._clone(part, clone, title)
        for one in self.template.relations.get(part, ()):
            if one.kind in _CHARTS and not one.external and one.target in self.draft:
                self.charts.append((one.target, title))

    def _clone(self, drawing: str, clone: Clone, title: str) -> None:
        """A chart once more, for a copy of its block."""
        draft = self.draft
        source = next(one for one in draft.relations(drawing) if one.id == clone.id)
        number, part = 1, source.target
        while part in draft:
            number += 1
            part = _NUMBERED.sub(rf"\g<1>_{number}\g<2>", source.target)
        seen = self.moves.seen_from(title, clone.moves)
        text = follow_chart(self._text(source.target), seen, title)
        types = draft.content_types()
        draft.add(part, text.encode(), types.get(source.target, _CHART_TYPE))
        relations = relations_part(source.target)
        if relations in draft:
            draft.put(relations_part(part), draft.read(relations))
        draft.relate_as(drawing, clone.new_id, clone.id, part)
        self.clones.append(part)

    def book(self) -> None:
        """Charts, pivots, names and the sheets that are left out."""
        draft, moves = self.draft, self.moves
        for title, part in self.template.parts.items():
            if title not in self.template.sheets and not self.jobs[title].dropped:
                for one in self.template.relations.get(part, ()):
                    if one.kind == "drawing" and one.target in draft:
                        self.drawing(one.target, title)
        if not moves.still:
            workbook = self._text(self.template.workbook)
            lists, places = self._names()
            self._put(
                self.template.workbook,
                follow_names(workbook, moves, lists, places, self.followed.formula),
            )
            for one in self.template.relations.get(self.template.workbook, ()):
                if one.kind == "pivotCacheDefinition" and one.target in draft:
                    text = self._text(one.target)
                    gone = text.replace('refreshOnLoad="1"', 'refreshOnLoad="0"')
                    self._put(one.target, follow_pivot_cache(text, moves) or gone)
        if self.anything:
            names = _Names(draft, self.template.workbook)
            charts = [(part, title) for part, title in self.charts if part in draft]
            memo: dict[tuple[str, ...], Any] = {}
            for part, title in [*charts, *((part, "") for part in self.clones)]:
                text = self._text(part)
                if title and not moves.still:
                    text = self.followed.get(follow_chart, text, title, part)
                made = refill_chart(
                    text, self.values, names, self.values.last_row, self.template.date1904, memo
                )
                self._put(part, made)
            for part, title in self.drawings:
                text = self._text(part) if part in draft else ""
                if "textlink" in text:
                    self._put(part, refill_links(text, moves.title(title), self.values))
        for title, job in self.jobs.items():
            if job.dropped:
                draft.drop(self.template.parts[title])
        self._people()

    def _people(self) -> None:
        """Only those who wrote a comment that is left."""
        relations = self.template.relations
        parts = [one.target for one in relations.get(self.template.workbook, ())
                 if one.kind == "person" and one.target in self.draft]  # fmt: skip
        if not parts:
            return
        threads = {
            one.target for part in self.template.parts.values() for one in relations.get(part, ())
            if one.kind == "threadedComment" and one.target in self.draft
        }  # fmt: skip
        for part in parts:
            texts = [self._text(thread) for thread in sorted(threads)]
            self._put(part, forget_people(self._text(part), texts))

    def _names(self) -> tuple[list[str], list[str]]:
        """Names that mean a list, and those of other places."""
        lists = {
            job.place.name for one in self.jobs.values()
            for content in one.contents for job in content.lists
        }  # fmt: skip
        named = [p for p in self.template.places.values() if p.kind != "table"]
        grow = [p.name for p in named if p.kind == "list" or p.name in lists]
        return grow, [p.name for p in named if p.name not in grow]

    def _comments(self, kind: str, part: str, title: str, cells: set[tuple[int, int]]) -> None:
        text = self._text(part)
        follower = {
            "comments": follow_comments, "threadedComment": follow_threads,
            "vmlDrawing": follow_vml,
        }[kind]  # fmt: skip
        self._put(part, follower(text, self.moves, title, cells))

    def _filled(self, title: str) -> tuple[set[tuple[int, int]], set[Area]]:
        """The template's cells and areas of a sheet whose content is data."""
        cells: set[tuple[int, int]] = set()
        areas: set[Area] = set()
        for content in self.jobs[title].contents:
            cells.update(content.cells)
            areas.update(job.place.area for job in content.lists)
        return cells, areas

    def _filled_cells(self, title: str) -> set[tuple[int, int]]:
        cells, areas = self._filled(title)
        for first_row, first_col, last_row, last_col in areas:
            for row in range(first_row, last_row + 1):
                cells.update((row, col) for col in range(first_col, last_col + 1))
        return cells

    def _filled_tables(self, title: str) -> set[str]:
        lists = [job.place.part for one in self.jobs[title].contents for job in one.lists]
        return {part for part in lists if part}

    def _text(self, part: str) -> str:
        return self.draft.text(part)

    def _put(self, part: str, text: str) -> None:
        if text != self._text(part):
            self.draft.put(part, text.encode())


_FOLLOWERS: dict[str, Callable[[str, Moves, str], str]] = {
    "ctrlProp": follow_control,
    "tableSingleCells": follow_single_cells, "namedSheetViews": follow_sheet_view,
    "namedSheetView": follow_sheet_view,
}  # fmt: skip


class _Names(Mapping[str, str]):
    """The defined names of the file under way, read when a chart uses one."""

    def __init__(self, draft: Draft, workbook: str) -> None:
        self._draft = draft
        self._workbook = workbook

    @cached_property
    def _found(self) -> dict[str, str]:
        return names_of(self._draft.text(self._workbook))

    def __getitem__(self, name: str) -> str:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return True  # not worth reading them to know
