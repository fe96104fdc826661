"""The rows of a poured sheet: our values in the person's styles, the person's cells between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from salesxl.errors import SalesxlError
from salesxl.ooxml.pour.cells import Strings, cell_xml, escape, plain, quote
from salesxl.ooxml.pour.grid import heights_of, long_table, points, table_rows
from salesxl.ooxml.pour.layout import Layout, Line, right_columns
from salesxl.ooxml.pour.relocate import GoneError, Relocator
from salesxl.ooxml.pour.styles import Inks
from salesxl.ooxml.pour.target import Target, cell_text
from salesxl.ooxml.template.moves import Moves
from salesxl.ooxml.template.references import rewrite
from salesxl.ooxml.template.sheet import TemplateCell
from salesxl.ooxml.template.strings import Strings as TemplateStrings
from salesxl.ooxml.write import BODY_HEIGHT, HEADER_HEIGHT
from salesxl.sheets.content import Formula, Look, Value, a1, column_letters

_OF_HEIGHT = ("ht", "customHeight", "spans", "hidden")
_STRING = re.compile(r"v>\s*(\d+)")


class Ink(Strings):
    """Shared strings of a template's draft in the shape our cells ask for."""

    def __init__(self, strings: TemplateStrings) -> None:
        super().__init__()
        self.strings = strings

    def text(self, value: str, place: Callable[[], str]) -> int:
        found = self.known.get(value)
        if found is None:
            try:
                found = int(self.strings.number(value))
            except SalesxlError:  # once more, for an error that names the cell
                found = int(self.strings.number(value, place()))
            self.known[value] = found
        return found


@dataclass
class Writer:
    """Writes one sheet. `stale` is set when a formula of the person's was written."""

    target: Target
    layout: Layout
    moves: Moves
    relocator: Relocator
    inks: Inks
    strings: Ink
    stale: bool = False
    _styles: dict[tuple[int | None, int, Look], int] = field(default_factory=dict)
    _letters: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.spot = self.layout.target
        self.known = self.spot.record
        self.examples = _examples(self.target, self.layout)
        self.cols = self.layout.place.cols
        self.right = right_columns(self.spot)

    def xml(self) -> str:
        layout = self.layout
        sheet, height = layout.sheet, heights_of(layout.sheet)
        long = long_table(sheet)
        first_long = None if long is None else long.row + 1
        out: list[str] = []
        seen: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for number, line in enumerate(layout.lines):
            if first_long is not None and line.content is not None and line.content >= first_long:
                if line.content == first_long:
                    out.append(self._long(number, line))
                if line.content < first_long + len(long.rows):  # type: ignore[union-attr]
                    continue
            copies = _counted(seen, line)
            tall = None if line.content is None else height(line.content)
            out.append(self._row(number, line, copies, tall))
        below = len(layout.lines) - (max(self.spot.rows.values(), default=-1) + 1)
        last = max(self.spot.rows.values(), default=-1)
        for row in self.spot.sheet.rows:
            if row.number - 1 > last:
                at = row.number - 1
                own = Line(None, None, at, None, at if self.right else None)
                out.append(self._row(at + below, own, (0, 0), None))
        return "".join(out)

    def _row(
        self, number: int, line: Line, copies: tuple[int, int], height: float | None
    ) -> str:  # fmt: skip
        cells = dict(self._ours(number, line))
        for col, xml in self._theirs(number, line, copies[0], cells):
            cells[col] = xml
        if self.right:
            for col, xml in self._theirs(number, line.beside(), copies[1], cells, True):
                cells[col] = xml
        attributes = self._attributes(line, height)
        body = "".join(cells[col] for col in sorted(cells))
        if not body and not attributes:
            return ""
        return f'<row r="{number + 1}"{attributes}>{body}</row>'

    def _attributes(self, line: Line, height: float | None) -> str:
        row = line.right_row if line.row is None else line.row
        found = {} if row is None else self.spot.sheet.row_head(row + 1)
        if line.content is None:
            return _said(found, ("spans",))
        assert height is not None
        gone = row is None and (line.kind is not None or line.right_kind is not None)
        hidden = found.get("hidden") == "1" or gone
        kept = _said(found, _OF_HEIGHT)
        tall = self._changed_height(line, found.get("ht", ""))
        if not tall and line.right_row is not None and line.right_row != line.row:
            beside = self.spot.sheet.row_head(line.right_row + 1)
            tall = self._changed_height(line.beside(), beside.get("ht", ""))
        tall = tall or points(height)
        return f'{kept} ht="{tall}" customHeight="1"' + (' hidden="1"' if hidden else "")

    def _changed_height(self, line: Line, now: str) -> str:
        """The height a person gave the row; "" where it is still ours."""
        if not now or line.kind is None:
            return ""
        then = self.known.heights[line.kind]
        usual = (then,) if then else (BODY_HEIGHT, HEADER_HEIGHT)
        # Excel rounds heights to the screen's pixels.
        return "" if any(abs(float(now) - one) < 0.8 for one in usual) else now

    def _ours(self, number: int, line: Line) -> Iterable[tuple[int, str]]:
        if line.content is None:
            return
        left, right = line, line.beside() if self.right else line
        for col, (look, value) in self.layout.grid.get(line.content, {}).items():
            place = self.cols[col]
            line = right if col in self.layout.sheet.beside else left
            kept = self._caption(number, line, col, value)
            style = self._style(line, col, look)
            if kept is not None:
                yield place, self._copy(kept._replace(style=style), number, place, line, 0)
                continue
            if type(value) is Formula:
                value = self._moved(value)
            at = self._at(left.content or 0, col)
            yield place, cell_xml(self._ref(number, place), style, value, self.strings, at)

    def _at(self, row: int, col: int) -> Callable[[], str]:
        return lambda: f"{self.layout.sheet.title}!{a1(row, col)}"

    def _moved(self, value: Formula) -> Value:
        try:
            return Formula(self.relocator.formula(value.text), value.value)
        except (GoneError, KeyError):
            return value.value

    def _caption(self, number: int, line: Line, col: int, value: Value) -> TemplateCell | None:
        """The person's own words, where the content says what the template said at first."""
        if line.kind is None or line.row is None:
            return None
        known = self.known.cells[line.kind].get(col)
        words = plain(value)
        if known is None or words is None or known[1] != words or col not in self.spot.cols:
            return None
        cell = self.spot.sheet.cells(line.row + 1).get(self.spot.cols[col] + 1)
        if cell is None or (cell.formula is None and cell_text(cell, self.target.strings) == words):
            return None
        return cell

    def _style(self, line: Line, col: int, look: Look) -> int:
        key = (line.kind, col, look)
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = self._find_style(line, col, look)
        return found

    def _find_style(self, line: Line, col: int, look: Look) -> int:
        known = None if line.kind is None else self.known.cells[line.kind].get(col)
        cell = None
        if line.row is not None and col in self.spot.cols:
            cell = self.spot.sheet.cells(line.row + 1).get(self.spot.cols[col] + 1)
        if known is not None and cell is not None:
            was = self.target.record.looks[known[0]]
            if was == look or was.style == look.style:
                return self.inks.mixed(cell.style, was, look)
        example = self.examples.get(look)
        return self.inks.own(look) if example is None else self.inks.mixed(example, look, look)

    def _theirs(
        self, number: int, line: Line, copy: int, taken: Mapping[int, str], right: bool = False
    ) -> Iterable[tuple[int, str]]:
        """Cells of the template's row that the content does not fill, block by block."""
        if line.row is None:
            return
        for col, cell in self.spot.sheet.cells(line.row + 1).items():
            place = col - 1
            if place in taken or (col in self.right) is not right:
                continue
            if line.content is not None and self._was_ours(line, place):
                yield place, f'<c r="{self._ref(number, place)}" s="{cell.style}"/>'
            else:
                yield place, self._copy(cell, number, place, line, copy)

    def _was_ours(self, line: Line, place: int) -> bool:
        if line.kind is None:
            return True
        cells = self.known.cells[line.kind]
        return any(self.spot.cols.get(col) == place for col in cells)

    def _copy(self, cell: TemplateCell, number: int, place: int, line: Line, copy: int) -> str:
        """A cell of the person's at its new place, its formula with it."""
        ref = self._ref(number, place)
        start = f'<c r="{ref}" s="{cell.style}"{cell.extra}'
        if cell.formula is not None:
            self.stale = True
            formula = escape(self._followed(cell.formula, number, place, line, copy))
            more = "".join(f' {name}="{escape(value)}"' for name, value in cell.more)
            if cell.group:
                more += f' t="{cell.group}" ref="{self._own_area(cell.ref, number)}"'
            return f"{start}><f{more}>{formula}</f></c>"
        if cell.kind == "s" and (found := _STRING.search(cell.raw)):
            self.strings.strings.use([int(found[1])])
        kind = f' t="{cell.kind}"' if cell.kind else ""
        return f"{start}{kind}>{cell.raw}</c>" if cell.raw else f"{start}/>"

    def _own_area(self, area: str, number: int) -> str:
        return re.sub(r"\d+", str(number + 1), area)

    def _followed(self, formula: str, number: int, col: int, line: Line, copy: int) -> str:
        assert line.row is not None
        title, moves = self.layout.target.title, self.layout.moves.in_column(col + 1)
        if moves.run_at(line.row + 1) is not None:
            around = self.moves
            if moves is not self.layout.moves:
                around = around.seen_from(title, moves)
            return rewrite(formula, around, title, (line.row + 1, copy))
        seen = moves.seen_at(number + 1)
        return rewrite(formula, self.moves.seen_from(title, seen), title)

    def _ref(self, number: int, col: int) -> str:
        letters = self._letters.get(col)
        if letters is None:
            letters = self._letters[col] = column_letters(col)
        return f"{letters}{number + 1}"

    def _long(self, number: int, line: Line) -> str:
        """A long table's rows: our columns from the content, the person's between them."""
        sheet = self.layout.sheet
        table = long_table(sheet)
        assert table is not None and line.content is not None
        styles = {
            self.cols[table.col + offset]: self._style(line, table.col + offset, column.look)
            for offset, column in enumerate(table.columns)
        }
        count = len(table.rows)
        numbers = range(number + 1, number + 1 + count)
        beside: dict[int, str] = {}
        if line.row is not None:
            for col, cell in self.spot.sheet.cells(line.row + 1).items():
                if col - 1 not in styles and not self._was_ours(line, col - 1):
                    beside[col - 1] = self._pattern(cell, line)
        found = {} if line.row is None else self.spot.sheet.row_head(line.row + 1)
        attributes = _said(found, _OF_HEIGHT)
        return table_rows(sheet, table, styles, numbers, self.strings, attributes, beside)

    def _pattern(self, cell: TemplateCell, line: Line) -> str:
        """A person's cell beside a long table, ``{row}`` where its row's number goes."""
        if cell.formula is None:
            whole = self._copy(cell, 0, 0, line, 0)
            return whole[len('<c r="A1') :]
        assert line.row is not None
        self.stale = True
        title = self.layout.target.title
        first, second = (
            rewrite(cell.formula, self.moves, title, (line.row + 1, copy)) for copy in (0, 1)
        )
        start = self.layout.moves.new_rows(line.row + 1)[0]
        formula = _with_row(first, second, start)
        return f'" s="{cell.style}"{cell.extra}><f>{escape(formula)}</f></c>'


def _counted(seen: tuple[dict[int, int], dict[int, int]], line: Line) -> tuple[int, int]:
    """How often the line's rows of the template were written before, block by block."""
    copies = [0, 0]
    for block, row in enumerate((line.row, line.right_row)):
        if row is not None:
            copies[block] = seen[block].get(row, 0)
            seen[block][row] = copies[block] + 1
    return copies[0], copies[1]


def _said(attributes: Mapping[str, str], but: Sequence[str]) -> str:
    return "".join(
        f' {name}="{quote(value)}"'
        for name, value in attributes.items()
        if name != "r" and name not in but
    )


def _with_row(first: str, second: str, start: int) -> str:
    """The formula of row `start` with ``{row}`` for each number that goes along."""
    ones, twos = re.split(r"(\d+)", first), re.split(r"(\d+)", second)
    if len(ones) != len(twos):
        return first
    return "".join(
        "{row}" if one != two and one == str(start) and two == str(start + 1) else one
        for one, two in zip(ones, twos, strict=True)
    )


def _examples(target: Target, layout: Layout) -> dict[Look, int]:
    """Look → style, from the first cell of ours that carries it."""
    spot = layout.target
    found = spot.sheet.forms.get("pour.examples")
    if found is None:
        found = {}
        for row, cells in enumerate(spot.record.cells):
            if row not in spot.rows:
                continue
            there = spot.sheet.cells(spot.rows[row] + 1)
            for col, (look, _) in cells.items():
                cell = there.get(spot.cols[col] + 1) if col in spot.cols else None
                if cell is not None:
                    found.setdefault(target.record.looks[look], cell.style)
        spot.sheet.forms["pour.examples"] = found
    return found
