"""Lists a manager reads and fills in: what the list sheets share.

A `Field` is a column; `planned` takes it from the plan's own declaration, so a
title, its choices and its limits are said once. `put_list` writes a real Excel
table (fields one column wide), `put_block` a fixed list whose texts may run over
several columns. Both add spare input rows, set every row's height from its
longest text and give the input columns their validation and prompt:

>>> placed = put_list(sheet, 8, "prospects", fields, rows, lang)
>>> placed.column("amount")          # for a formula: "prospects[Expected amount]"

Rows count from 0; a row is a mapping from field key to value.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Protocol

from salesxl.plan.currency import find_currency
from salesxl.sheets.content import (
    Formula,
    ListTable,
    Look,
    Rich,
    Scalar,
    Sheet,
    TableColumn,
    Validation,
    Value,
    a1,
    span,
)
from salesxl.sheets.fields import FIGURES, Field, Row, rule_of
from salesxl.sheets.page import State, kpi_tile, spacer
from salesxl.sheets.row_heights import line_count, room, text_height
from salesxl.sheets.scope import Scope
from salesxl.sheets.widths import text_px
from salesxl.texts import Lang, text


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


SPARE = 5  # blank input rows under a list that has rows
SPARE_EMPTY = 8  # … and in a list that has none yet


@dataclass(frozen=True)
class Placed:
    """Where a list stands: header row, first and last row below it, next free row."""

    name: str
    fields: tuple[Field, ...]
    header: int
    first: int
    last: int
    col: int
    table: bool

    @property
    def after(self) -> int:
        return self.last + 1

    def at(self, key: str) -> int:
        """The sheet column (from 0) of a field."""
        col = self.col
        for field in self.fields:
            if field.key == key:
                return col
            col += field.span
        raise KeyError(key)

    def area(self, key: str) -> tuple[int, int, int, int]:
        return (self.first, self.at(key), self.last, self.at(key))

    def column(self, key: str) -> str:
        """The column as a formula of this sheet names it."""
        if self.table:
            title = next(field.title for field in self.fields if field.key == key)
            return f"{self.name}[{title}]"
        return span(self.first, self.at(key), self.last, self.at(key), True)


def set_grid(sheet: Sheet, fields: Sequence[Field], rows: Sequence[Row], lang: Lang) -> None:
    """Column widths from column 1 on, for the sheet's main list; sets `last_col`.

    A column is at least as wide as declared, as its title beside the filter button, and
    as its longest figure; texts wrap instead.
    """
    sheet.last_col = len(fields)
    for offset, field in enumerate(fields):
        side = 34 if "center" in field.look.extras else 17
        need = text_px(field.title, 9, True, lang) + 15 + side
        if field.kind in ("money", "number") and field.fmt != "score":
            figures = [_figure(line.get(field.key)) for line in rows]
            need = max(need, *(text_px(words, 10, False, lang) + 18 for words in figures), 0)
        width = max(field.width, math.ceil((need / 7 + 0.3) * 2) / 2)
        sheet.width(1 + offset, width)


def _figure(value: Value) -> str:
    value = value.value if isinstance(value, Formula) else value
    return f"{value:,.0f}" if isinstance(value, int | Decimal) else ""


def put_list(
    sheet: Sheet, row: int, name: str, fields: Sequence[Field], rows: Sequence[Row], scope: Scope,
    *, spare: int = SPARE, values: bool = False, autofilter: bool = True,
) -> Placed:  # fmt: skip
    """A real table at column 1. `values` (or the scope's choice) leaves formulas out."""
    plain = values or scope.formulas == "values"
    blank = {field.key: field.blank for field in fields}
    count = spare if rows else max(spare, SPARE_EMPTY if spare else 1)
    filled: list[Row] = [*rows, *([blank] * (count if spare or not rows else 0))]
    columns = [
        TableColumn(field.key, field.title, field.look, "" if plain else field.formula)
        for field in fields
    ]
    body = [tuple(_scalar(line.get(field.key)) for field in fields) for line in filled]
    sheet.tables.append(ListTable(name, row, 1, columns, body, autofilter))
    sheet.height(row, _header_height(fields, sheet, 1, scope.lang, autofilter))
    for offset, line in enumerate(filled):
        sheet.height(row + 1 + offset, row_height(sheet, 1, fields, line, scope.lang))
    placed = Placed(name, tuple(fields), row, row + 1, row + len(filled), 1, True)
    _validate(sheet, placed, scope.lang)
    if rows and len(filled) > len(rows):
        _open_spare(sheet, placed, row + 1 + len(rows), scope.lang)
    return placed


def _open_spare(sheet: Sheet, placed: Placed, first: int, lang: Lang) -> None:
    """In the spare rows every column is open for input that is not calculated."""
    opened = tuple(
        replace(field, edit=not (field.edit or field.formula or field.derived))
        for field in placed.fields
    )
    for field in opened:
        if field.edit:
            look = field.look
            for row in range(first, placed.last + 1):
                sheet.put(row, placed.at(field.key), None, look.style, look.fmt, *look.extras)
    _validate(sheet, replace(placed, fields=opened, first=first), lang)


def put_block(
    sheet: Sheet, row: int, name: str, fields: Sequence[Field], rows: Sequence[Row], scope: Scope,
    *, spare: int = 0, header: bool = True, col: int = 1,
) -> Placed:  # fmt: skip
    """A fixed list from column `col`; a field with `span` runs over that many columns."""
    blank = {field.key: field.blank for field in fields}
    filled: list[Row] = [*rows, *([blank] * spare)]
    if header:
        place = col
        for field in fields:
            look = field.look
            extras = (
                ("right",) if field.kind in FIGURES else ("center",) if "center" in look.extras
                else ()
            )  # fmt: skip
            sheet.merge(
                row, place, row, place + field.span - 1, field.title, "header", "", *extras, "wrap"
            )
            _fill(sheet, row, place, field.span, Look("header"))
            place += field.span
        sheet.height(row, _header_height(fields, sheet, col, scope.lang, False))
    first = row + 1 if header else row
    for offset, line in enumerate(filled):
        place = col
        for field in fields:
            look = field.look
            value = live(scope, line.get(field.key))
            if isinstance(value, Formula) and look.style == "input":
                look = replace(look, style="cell")
            at = first + offset
            sheet.merge(
                at, place, at, place + field.span - 1, value, look.style, look.fmt, *look.extras
            )
            _fill(sheet, at, place, field.span, look)
            place += field.span
        height = row_height(sheet, col, fields, line, scope.lang)
        sheet.height(first + offset, max(height, sheet.heights.get(first + offset, 0)))
    last = first + len(filled) - 1
    placed = Placed(name, tuple(fields), row, first, last, col, False)
    if filled:
        _validate(sheet, placed, scope.lang)
    return placed


def _fill(sheet: Sheet, row: int, col: int, width: int, look: Look) -> None:
    for offset in range(1, width):
        sheet.put(row, col + offset, None, look.style, look.fmt, *look.extras)


def live(scope: Scope, value: Value) -> Value:
    """The formula, or its value alone where the workbook is to hold values."""
    if isinstance(value, Formula) and scope.formulas == "values":
        return value.value
    return value


def said(verdict: Value) -> tuple[State, str | Formula] | Formula:
    """A verdict as `page` wants it, live or not."""
    if isinstance(verdict, Formula):
        return verdict
    words = str(verdict)
    state: State = {"✓": "ok", "●": "warn"}.get(words[:1], "bad")  # type: ignore[assignment]
    return (state, words)


def _scalar(value: Value) -> Scalar:
    if isinstance(value, Formula):
        return value.value
    assert not isinstance(value, Rich)
    return value


def _validate(sheet: Sheet, placed: Placed, lang: Lang) -> None:
    for field in placed.fields:
        if not field.edit or field.formula:
            continue
        col = placed.at(field.key)
        rule = rule_of(field, (placed.first, col, placed.last, col), lang)
        if rule is not None:
            sheet.validations.append(rule)


def row_height(
    sheet: Sheet, col: int, fields: Sequence[Field], line: Row, lang: Lang, least: float = 19
) -> float:
    """The height in which every text of the row can be read."""
    height, place = least, col
    for field in fields:
        value = line.get(field.key)
        if isinstance(value, Formula):
            value = value.value
        if isinstance(value, str) and value:
            height = max(height, text_height(value, room(sheet, place, field.span), lang))
        place += field.span
    return height


def _header_height(
    fields: Sequence[Field], sheet: Sheet, col: int, lang: Lang, autofilter: bool
) -> float:
    place, lines = col, 1
    for field in fields:
        width = room(sheet, place, field.span) - (20 if autofilter else 0)
        lines = max(lines, line_count(field.title, width, lang, 9, True))
        place += field.span
    return max(22, lines * 13.5 + 6)


def put_note(sheet: Sheet, row: int, words: str, lang: Lang) -> int:
    """Small print over the whole block, as high as it needs; the next free row."""
    sheet.merge(row, 1, row, sheet.last_col, words, "note")
    sheet.height(row, text_height(words, room(sheet, 1, sheet.last_col), lang, 9, 17))
    return row + 1


# ---------------------------------------------------------------- tiles, names, rules


@dataclass(frozen=True)
class Tile:
    """A figure of the strip above a list: what, how much, compared with what."""

    label: str
    value: Value
    fmt: str
    sub: Value = ""
    name: str = ""
    bad: bool = False


def put_strip(sheet: Sheet, row: int, tiles: Sequence[Tile], scope: Scope) -> int:
    """The tiles side by side over the whole block on near equal widths; the next free row."""
    for tile, (first, last) in zip(tiles, spans(sheet, len(tiles)), strict=True):
        kpi_tile(
            sheet, row, first, last, tile.label, live(scope, tile.value), tile.fmt,
            live(scope, tile.sub) or "–", bad=tile.bad, name=tile.name,
        )  # fmt: skip
        for offset, style in enumerate(("kpi_label", "kpi_value", "kpi_sub")):
            for col in range(first + 1, last + 1):
                tone = ("negative",) if tile.bad else ()
                sheet.put(row + offset, col, None, style, "", *tone)
    return spacer(sheet, row + 3, 8)


def spans(sheet: Sheet, count: int) -> list[tuple[int, int]]:
    """The block cut into `count` runs of columns whose widths are as equal as can be."""
    total = room(sheet, 1, sheet.last_col)
    result: list[tuple[int, int]] = []
    first = 1
    for index in range(count):
        wanted = total * (index + 1) / count
        last = first
        latest = sheet.last_col - (count - 1 - index)
        while last < latest and abs(room(sheet, 1, last + 1) - wanted) <= abs(
            room(sheet, 1, last) - wanted
        ):
            last += 1
        if index == count - 1:
            last = sheet.last_col
        result.append((first, last))
        first = last + 1
    return result


@cache
def defaults() -> Mapping[str, int]:
    """The limits a list starts with (lists.toml); a manager may change them on the sheet."""
    source = files(__package__).joinpath("lists.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def names(items: Iterable[_Named]) -> dict[str, str]:
    """id → name of plan rows."""
    return {item.id: item.name for item in items}


def put_inputs(
    sheet: Sheet, row: int, pairs: Sequence[tuple[str, Value, str, bool]], scope: Scope
) -> tuple[int, list[str]]:
    """Labelled single cells in a row: (label, value, format, editable).

    Returns the next free row and the absolute address of each value. The label stands
    left of its value on the columns `spans` gives.
    """
    places: list[str] = []
    for (said, value, fmt, edit), (first, last) in zip(
        pairs, spans(sheet, max(2, len(pairs))), strict=False
    ):
        label_end = max(first, last - 1)
        sheet.merge(row, first, row, label_end, said, "label", "", "right")
        style = "input" if edit else "cell"
        sheet.put(row, last, value, style, fmt, "center")
        places.append(a1(row, last, True, True))
        if edit:
            error = text("lists.from_zero", scope.lang)
            sheet.validations.append(
                Validation(
                    (row, last, row, last), "whole", minimum=0, maximum=3660,
                    prompt_title=said[:32], prompt=error, error=error,
                )
            )  # fmt: skip
    sheet.height(row, 20)
    return spacer(sheet, row + 1, 8), places


def major(amount: int, scope: Scope) -> Decimal:
    """Minor units as the workbook shows them."""
    return Decimal(amount).scaleb(-scope.plan.settings.decimals)


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole if whole else Decimal(0)


def subtitle(scope: Scope, key: str, **more: object) -> str:
    """The sheet's subtitle; `key` may use scope, date, year, currency."""
    settings = scope.plan.settings
    known = find_currency(settings.currency)
    return text(
        key, scope.lang, scope=scope.name, date=scope.as_of.isoformat(), year=settings.year,
        focus=scope.focus_year, currency=known.name(scope.lang) if known else settings.currency,
        **more,
    )  # fmt: skip
