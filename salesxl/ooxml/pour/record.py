"""What a template of ours remembers of itself, and the names by which it is found again.

A template is an ordinary workbook. Beside what a person sees it holds hidden names, one
for each row and column we write (``_sx.targets.r7`` = ``'Targets'!$8:$8``), which Excel
moves when somebody inserts, deletes, sorts or renames, and one sheet nobody sees with
the record as JSON: kinds of rows, looks, texts, widths. Names and record survive Excel,
WPS and LibreOffice; the filled workbooks hold neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from salesxl.ooxml.pour.kinds import RowKind
from salesxl.sheets.content import Book, Look, Sheet, column_letters, quoted
from salesxl.texts import Lang

Kind = Literal["region", "head-office", "plan", "statement"]
VERSION = 1
PREFIX = "_sx."
RECORD_SHEET = "_salesxl"
_CHUNK = 30_000  # characters a cell of the record holds
_ANCHOR = re.compile(r"_sx\.([a-z0-9_]+)\.([rc])(\d+)")
_ROWS = re.compile(r"(?:\$?A)?\$?(\d+):(?:\$?[A-Z]{2,3})?\$?(\d+)")
_COLS = re.compile(r"\$?([A-Z]{1,3})(?:\$?1)?:\$?([A-Z]{1,3})(?:\$?\d+)?")


class ChartRecord(NamedTuple):
    """A chart of ours: what it shows, its object's name, the first cell of its first series,
    and what in its look follows from the figures: number format, unit of the axis, title."""

    shows: str
    name: str
    spot: tuple[int, int]
    fmt: str
    unit: str
    title: str


@dataclass(frozen=True)
class SheetRecord:
    """One sheet as the template was made; rows and columns from 0, of the template then."""

    key: str
    title: str
    rows: tuple[RowKind, ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]
    cells: tuple[Mapping[int, tuple[int, str | None]], ...]  # row: column → (look, text)
    charts: tuple[ChartRecord, ...]
    tables: tuple[tuple[str, int, int, tuple[str, ...]], ...]  # name, row, column, titles
    rules: tuple[tuple[str, str, tuple[int, int, int, int]], ...]  # style, formula, area
    checks: tuple[tuple[int, int, int, int], ...]  # areas of the validations
    merges: tuple[tuple[int, int, int, int], ...]
    sparklines: tuple[tuple[int, int], ...]
    footer: tuple[str, str] = ("", "")  # what it says left and right
    beside: tuple[RowKind, ...] = ()  # rows of a second block, which has these columns
    right: tuple[int, ...] = ()
    fit_height: int = -1  # pages it was fitted to; -1: not known


@dataclass(frozen=True)
class Record:
    """The whole template."""

    kind: Kind
    lang: Lang
    looks: tuple[Look, ...]
    sheets: tuple[SheetRecord, ...]
    names: tuple[str, ...] = ()
    currency: str = ""
    decimals: int = 2
    version: int = VERSION


@dataclass
class Looks:
    """Looks by number, in order of first use."""

    known: dict[Look, int] = field(default_factory=dict)

    def number(self, look: Look) -> int:
        return self.known.setdefault(look, len(self.known))


def anchors(sheet: Sheet, rows: int, cols: int) -> list[tuple[str, str]]:
    """The hidden names of a sheet: (name, what it stands for)."""
    title = quoted(sheet.title)
    found = [
        (f"{PREFIX}{sheet.key}.r{row}", f"{title}!${row + 1}:${row + 1}") for row in range(rows)
    ]
    for col in range(cols):
        letters = column_letters(col)
        found.append((f"{PREFIX}{sheet.key}.c{col}", f"{title}!${letters}:${letters}"))
    return found


@dataclass
class Anchored:
    """Where a sheet's rows and columns are now: number then → number now (from 0)."""

    title: str = ""
    rows: dict[int, int] = field(default_factory=dict)
    cols: dict[int, int] = field(default_factory=dict)


def find_anchors(names: Mapping[str, str]) -> dict[str, Anchored]:
    """Sheet key → where it is now, from the defined names of a workbook.

    What a person deleted is missing; so is a sheet that is gone.
    """
    found: dict[str, Anchored] = {}
    for name, target in names.items():
        match = _ANCHOR.fullmatch(name)
        if match is None or "#REF!" in target or "!" not in target:
            continue
        prefix, _, reference = target.rpartition("!")
        title = prefix.removeprefix("=")
        if title.startswith("'"):
            title = title[1:-1].replace("''", "'")
        key, axis, number = match[1], match[2], int(match[3])
        sheet = found.setdefault(key, Anchored())
        sheet.title = title
        if axis == "r" and (rows := _ROWS.fullmatch(reference)):
            sheet.rows[number] = int(rows[1]) - 1
        elif axis == "c" and (cols := _COLS.fullmatch(reference)):
            sheet.cols[number] = _col(cols[1])
    return found


def _col(letters: str) -> int:
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    return col - 1


def is_anchor(name: str) -> bool:
    return name.lower().startswith(PREFIX)


def record_sheet(record: Record, book: Book) -> Sheet:
    """The sheet that holds the record; the writer makes it very hidden."""
    said = json.dumps(_plain(record), ensure_ascii=True, separators=(",", ":"))
    sheet = Sheet("salesxl", RECORD_SHEET, last_col=1, protect=False, hidden=True)
    for row in range(0, len(said), _CHUNK):
        sheet.put(row // _CHUNK, 0, said[row : row + _CHUNK], "label", "text")
    return sheet


def read_record(chunks: Sequence[str]) -> Record | None:
    """The record out of the cells of its sheet; None when it is not ours or not whole."""
    try:
        said = json.loads("".join(chunks))
        return _record(said) if said.get("version") == VERSION else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _plain(record: Record) -> dict[str, Any]:
    return {
        "version": record.version,
        "kind": record.kind,
        "lang": record.lang,
        "looks": [[look.style, look.fmt, list(look.extras)] for look in record.looks],
        "names": list(record.names),
        "currency": record.currency,
        "decimals": record.decimals,
        "sheets": [
            {
                "key": s.key,
                "title": s.title,
                "rows": [_said(kind) for kind in s.rows],
                "heights": list(s.heights),
                "widths": list(s.widths),
                "cells": [[[col, *found] for col, found in row.items()] for row in s.cells],
                "charts": [[*one[:2], list(one.spot), *one[3:]] for one in s.charts],
                "tables": [[name, row, col, list(titles)] for name, row, col, titles in s.tables],
                "rules": [[style, formula, list(area)] for style, formula, area in s.rules],
                "checks": [list(area) for area in s.checks],
                "merges": [list(area) for area in s.merges],
                "sparklines": [list(spot) for spot in s.sparklines],
                "footer": list(s.footer),
                "beside": [_said(kind) for kind in s.beside],
                "right": list(s.right),
                "fit_height": s.fit_height,
            }
            for s in record.sheets
        ],
    }


def _said(kind: RowKind) -> list[str | int]:
    return [kind.key, kind.family, int(kind.empty), *([1] if kind.whole else [])]


def _row_kind(said: Sequence[Any]) -> RowKind:
    key, family, *flags = said
    return RowKind(key, family, *map(bool, flags))


def _record(said: Any) -> Record:
    return Record(
        said["kind"],
        said["lang"],
        tuple(Look(style, fmt, tuple(extras)) for style, fmt, extras in said["looks"]),
        tuple(
            SheetRecord(
                s["key"],
                s["title"],
                tuple(map(_row_kind, s["rows"])),
                tuple(s["heights"]),
                tuple(s["widths"]),
                tuple({col: (look, words) for col, look, words in row} for row in s["cells"]),
                tuple(
                    ChartRecord(shows, name, tuple(spot), fmt, unit, title)
                    for shows, name, spot, fmt, unit, title in s["charts"]
                ),
                tuple((name, row, col, tuple(titles)) for name, row, col, titles in s["tables"]),
                tuple((style, formula, tuple(area)) for style, formula, area in s["rules"]),
                tuple(tuple(area) for area in s["checks"]),
                tuple(tuple(area) for area in s["merges"]),
                tuple(tuple(spot) for spot in s["sparklines"]),
                tuple(s["footer"]),
                tuple(map(_row_kind, s.get("beside", ()))),
                tuple(s.get("right", ())),
                int(s.get("fit_height", -1)),
            )
            for s in said["sheets"]
        ),
        tuple(said["names"]),
        said["currency"],
        int(said["decimals"]),
    )
