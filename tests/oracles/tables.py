"""Figures of a workbook found by name: its ledger table and its named cells."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.oracles.cells import position, sheet_parts

AMOUNT = ("金额", "Amount")
_NAME = re.compile(r'<definedName name="([a-z]\w*)">([^<]*)</definedName>')
_FIGURES = {
    "year": "annual_target",
    "given": "annual_target_given",
    "quarters": r"quarter_target_\d+",
    "months": r"month_target_\d+",
    "products": r"target_product_\d+",
}
_TARGET = re.compile(r"(?:'((?:[^']|'')+)'|(\w+))!\$([A-Z]+)\$(\d+)")


def ledger_sum(path: Path) -> tuple[int, int]:
    """(lines, amount in minor units) of the table ``ledger``, added up line by line."""
    sheet, first, last = _ledger_place(path)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
    table = rows.to_python(skip_empty_area=False)[first - 1 : last]
    column = next(n for n, title in enumerate(table[0]) if title in AMOUNT)
    amounts = [row[column] for row in table[1:] if row[column] != ""]
    return len(amounts), sum(round(float(str(amount)) * 100) for amount in amounts)


def _ledger_place(path: Path) -> tuple[str, int, int]:
    """Sheet, header row and last row (from 1) of the ledger's table."""
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
        for sheet, part in sheet_parts(package).items():
            folder, _, file = part.rpartition("/")
            relations = f"{folder}/_rels/{file}.rels"
            if relations not in names:
                continue
            for target in re.findall(r'Target="\.\./(tables/[^"]+)"', _read(package, relations)):
                head = _read(package, f"xl/{target}")
                if ' name="ledger"' not in head:
                    continue
                found = re.search(r' ref="[A-Z]+(\d+):[A-Z]+(\d+)"', head)
                assert found is not None
                return sheet, int(found.group(1)), int(found.group(2))
    raise AssertionError(f"{path.name} has no ledger table")


def _read(package: zipfile.ZipFile, part: str) -> str:
    return package.read(part).decode()


def named_places(path: Path) -> dict[str, tuple[str, str]]:
    """Defined name → (sheet, A1), for names of single cells."""
    with zipfile.ZipFile(path) as package:
        book = _read(package, "xl/workbook.xml")
    places = {}
    for name, target in _NAME.findall(book):
        found = _TARGET.fullmatch(html.unescape(target))
        if found is not None:
            quoted, plain, letters, digits = found.groups()
            places[name] = ((quoted or plain).replace("''", "'"), letters + digits)
    return places


def targets(path: Path, places: Mapping[str, tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    """The target sheet's figures as stored in `path`, minor units: year, given, months …"""
    book = CalamineWorkbook.from_path(str(path))
    sheets: dict[str, list[list[object]]] = {}
    figures: dict[str, list[int]] = {key: [] for key in _FIGURES}
    for name, (sheet, place) in places.items():
        key = next((key for key, pattern in _FIGURES.items() if re.fullmatch(pattern, name)), "")
        if not key:
            continue
        if sheet not in sheets:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            sheets[sheet] = [list(row) for row in rows]
        row, column = position(place)
        value = sheets[sheet][row - 1][column - 1]
        assert isinstance(value, float), f"{path.name} '{sheet}'!{place} ({name}): {value!r}"
        figures[key].append(round(value * 100))
    return {key: tuple(amounts) for key, amounts in figures.items()}
