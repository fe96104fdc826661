"""What kind of row a row is, and which row of a template goes with it.

Rows are alike when they have the same styles in the same columns of the printed block,
the same captions (texts of ours, never data) and stand under the same heading. A list
of 63 customers is one kind, each month of a year is its own, as it has its name. Figures,
number formats and what stands right of the printed block make no difference.

>>> align(kinds_of_a_bigger_region, kinds_of_the_template)
[0, 1, 2, 3, 3, 3, 4]
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from salesxl.ooxml.pour.grid import Grid, grid_of
from salesxl.ooxml.write import used_area
from salesxl.sheets.content import Sheet
from salesxl.texts import Lang, entries, text

_CAPTIONS = frozenset(
    {
        "title", "section", "header", "kpi_label", "label", "sign", "pay_label", "note", "panel",
        "total", "subtotal", "group",
    }
)  # fmt: skip
_HEADS = frozenset({"title", "section", "group"})
_TABLE_HEADS = frozenset({"group", "header"})
_BODY, _FRONT = "body", "head"


class RowKind(NamedTuple):
    """`key` is the kind, `family` the styles alone; a row without cells is `empty`, one that
    goes through both of two blocks `whole`."""

    key: str
    family: str
    empty: bool
    whole: bool = False


@cache
def captions(lang: Lang) -> frozenset[str]:
    """Texts that are the same in every workbook."""
    names = sorted(
        entry.name.removesuffix(".toml")
        for entry in files("salesxl.texts").iterdir()
        if entry.name.endswith(".toml")
    )
    said = (text(f"{name}.{entry}", lang) for name in names for entry in _spoken(name, lang))
    return frozenset(one for one in said if "{" not in one)


def _spoken(name: str, lang: Lang) -> list[str]:
    from salesxl.texts import _entries

    return [entry for entry in entries(name) if isinstance(_entries(name)[entry].get(lang), str)]


def sides(sheet: Sheet, lang: Lang, grid: Grid | None = None) -> list[list[RowKind]]:
    """The kinds of rows of each block: of one, or of two that stand side by side.

    A row outside those the blocks share is of one kind on both sides.
    """
    grid = grid_of(sheet) if grid is None else grid
    through = row_kinds(sheet, lang, grid)
    if not sheet.beside:
        return [through]
    first, end = sheet.beside_rows
    found = []
    for side in (False, True):
        kinds = row_kinds(sheet, lang, grid, side)
        found.append(
            [
                kinds[row] if first <= row < end else kind._replace(key=f"={kind.key}", whole=True)
                for row, kind in enumerate(through)
            ]
        )
    return found


def row_kinds(
    sheet: Sheet, lang: Lang, grid: Grid | None = None, side: bool | None = None
) -> list[RowKind]:
    """The kinds of all rows of `sheet`, from row 0 to the last used one; `side`: of the
    columns in `sheet.beside` alone, or of the others alone."""
    grid = grid_of(sheet) if grid is None else grid

    def mine(col: int) -> bool:
        return side is None or (col in sheet.beside) is side

    fixed = captions(lang)
    last = sheet.last_col
    spans: dict[int, list[tuple[int, int, int]]] = {}
    for row, col, last_row, last_col in sheet.merges:
        if col <= last and mine(col):
            spans.setdefault(row, []).append((col, last_row - row, last_col))
    tabled = _table_rows(sheet, mine)
    context = heading = ""
    kinds: list[RowKind] = []
    body: dict[str, RowKind] = {}
    for row in range(used_area(sheet)[0] + 1):
        special = tabled.get(row)
        if special is not None:
            if special not in body:
                body[special] = RowKind(_hash(special), _hash(special), False)
            kinds.append(body[special])
            context = special
            continue
        line = grid.get(row)
        cells = sorted(
            item for item in (line or {}).items() if item[0] <= last and mine(item[0])
        )  # fmt: skip
        if not cells:
            kinds.append(RowKind(_hash("empty", context), _hash("empty"), True))
            continue
        styles = tuple((col, look.style) for col, (look, _) in cells)
        family = (styles, tuple(sorted(spans.get(row, ()))))
        said = tuple(
            (col, value)
            for index, (col, (look, value)) in enumerate(cells)
            if isinstance(value, str) and value in fixed and (look.style in _CAPTIONS or index == 0)
        )
        style = cells[0][1][0].style
        is_head = style in _HEADS
        if side is not None and style in _TABLE_HEADS:
            # One table of a block is like another, however many there are.
            key = _hash(family, said, heading)
            context = context if style == "group" else key
            kinds.append(RowKind(key, _hash(family), False))
            continue
        key = _hash(family, said, "" if is_head else context)
        is_caption = any(line[col][0].style in _CAPTIONS for col, _ in said)  # type: ignore[index]
        if is_head or (is_caption and side is None):
            context = heading = key
        kinds.append(RowKind(key, _hash(family), False))
    return kinds


def _table_rows(sheet: Sheet, mine: Callable[[int], bool]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for table in sheet.tables:
        if not mine(table.col):
            continue
        found[table.row] = f"{_FRONT} {table.name}"
        for row in range(table.row + 1, table.row + 1 + max(1, len(table.rows))):
            # A form beside which something stands has rows of their own.
            number = f" {row - table.row}" if sheet.beside and not table.autofilter else ""
            found[row] = f"{_BODY} {table.name}{number}"
    return found


def _hash(*parts: object) -> str:
    return hashlib.sha1(repr(parts).encode(), usedforsecurity=False).hexdigest()[:10]


def align(rows: Sequence[RowKind], template: Sequence[RowKind]) -> list[int | None]:
    """For each row of the content the row of the template it is made from.

    None: the template has no such kind. A list stays on its row, a block goes back to
    its first; rows never jump where the way on leads to the same kind.
    """
    walk = _Walk(template)
    return [walk.step(kind) for kind in rows]


class _Walk:
    def __init__(self, template: Sequence[RowKind]) -> None:
        self.template = template
        self.at = -1
        self.places: dict[str, list[int]] = {}
        for index, kind in enumerate(template):
            self.places.setdefault(kind.key, []).append(index)

    def step(self, kind: RowKind) -> int | None:
        places = self.places.get(kind.key)
        if places is None:
            return None
        here = self.at >= 0 and self.template[self.at].key == kind.key
        if here and not kind.empty:
            return self.at
        later = next((place for place in places if place > self.at), None)
        if kind.empty and here:
            # Empty rows go on one by one as far as the template has them side by side.
            if later == self.at + 1:
                self.at = later
            return self.at
        self.at = later if later is not None else places[-1]
        return self.at


class Fold:
    """The kinds of rows of one or several contents, in the order they first appear.

    A kind that only a later content has stands behind the row it follows there; where two
    blocks share the rows (`loose`), behind what earlier contents have there, and empty rows
    side by side are one.
    """

    def __init__(self, loose: bool = False) -> None:
        self.loose = loose
        self.template: list[RowKind] = []
        self.shown: list[tuple[int, int]] = []  # by creation: (content, its row)
        self.order: list[int] = []  # creation number of each template row, top to bottom
        self.falls: list[list[int]] = []  # content → row → creation number

    def add(self, rows: Sequence[RowKind]) -> None:
        """The next content's rows."""
        falls: list[int] = []
        at = -1
        for number, kind in enumerate(rows):
            found = _place(kind, self.template, at, self.loose)
            if found is None:
                found = self._before(rows[number:], at) if self.loose else at + 1
                self.template.insert(found, kind)
                self.order.insert(found, len(self.shown))
                self.shown.append((len(self.falls), number))
            at = found
            falls.append(self.order[found])
        self.falls.append(falls)

    def _before(self, rows: Sequence[RowKind], at: int) -> int:
        """Where a new row goes behind what the template has there: before what both have next.

        `rows` begin with it. What goes through both blocks keeps its order in both of them.
        """
        for kind in rows[1:]:
            if kind.whole or not (kind.empty or rows[0].whole):
                for place in range(at + 1, len(self.template)):
                    if self.template[place].key == kind.key:
                        return place
        return len(self.template)

    def rows(self, content: int) -> list[int]:
        """The template row each row of a content falls on."""
        position = {made: index for index, made in enumerate(self.order)}
        return [position[made] for made in self.falls[content]]

    def samples(self, content: int) -> set[int]:
        """The rows of a content that stand in the template."""
        return {row for number, row in self.shown if number == content}


def _place(kind: RowKind, template: Sequence[RowKind], at: int, loose: bool) -> int | None:
    if at >= 0 and template[at].key == kind.key and (loose or not kind.empty):
        return at
    places = [index for index, other in enumerate(template) if other.key == kind.key]
    if kind.empty and not kind.whole:
        # In a repeated block the empty rows that are already there, else a new one.
        return at + 1 if at + 1 in places else None
    later = [place for place in places if place > at]
    return later[0] if later else (places[-1] if places else None)


__all__ = ["Fold", "RowKind", "align", "captions", "row_kinds", "sides"]
