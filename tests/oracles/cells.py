"""Formula cells of an .xlsx with the values stored beside them, read from its XML.

Read by our own few lines on purpose: nothing rounds, guesses or recalculates.
"""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

Value = float | str | bool | None

_CELL = re.compile(
    r'<c r="([A-Z]+[0-9]+)"([^>]*)>\s*<f([^>]*?)(?:/>|>(.*?)</f>)'
    r"(?:\s*<v(?:/>|[^>]*>(.*?)</v>))?\s*</c>",
    re.DOTALL,
)
_SHEET = re.compile(r"<sheet\s([^>]*)/>")
_RELATION = re.compile(r"<Relationship\s([^>]*)/>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#N/IMPL!", "#SPILL!")


@dataclass(frozen=True)
class FormulaCell:
    """`value` is None when the file stores none; errors are their text, `is_error` set."""

    formula: str
    value: Value
    is_error: bool


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its part, in tab order."""
    relations = {}
    for found in _RELATION.finditer(package.read("xl/_rels/workbook.xml.rels").decode()):
        attributes = dict(_ATTRIBUTE.findall(found.group(1)))
        relations[attributes["Id"]] = attributes["Target"].removeprefix("/xl/")
    sheets = {}
    for found in _SHEET.finditer(package.read("xl/workbook.xml").decode()):
        attributes = dict(_ATTRIBUTE.findall(found.group(1)))
        sheets[html.unescape(attributes["name"])] = "xl/" + relations[attributes["r:id"]]
    return sheets


def formula_cells(path: Path) -> dict[tuple[str, str], FormulaCell]:
    """(sheet, A1) → cell, for every cell that has a formula."""
    cells: dict[tuple[str, str], FormulaCell] = {}
    with zipfile.ZipFile(path) as package:
        for sheet, part in sheet_parts(package).items():
            text = package.read(part).decode()
            count = 0
            for found in _CELL.finditer(text):
                place, attributes, _, formula, stored = found.groups()
                kind = dict(_ATTRIBUTE.findall(attributes)).get("t", "n")
                cells[sheet, place] = _cell(html.unescape(formula or ""), kind, stored)
                count += 1
            written = text.count("<f>") + text.count("<f ")
            assert count == written, f"{path.name} {sheet}: read {count} of {written} formulas"
    return cells


def _cell(formula: str, kind: str, stored: str | None) -> FormulaCell:
    if stored is None or stored == "":
        return FormulaCell(formula, None, False)
    if kind == "e":
        return FormulaCell(formula, stored, True)
    if kind == "b":
        return FormulaCell(formula, stored == "1", False)
    if kind == "str":
        value = html.unescape(stored)
        return FormulaCell(formula, value, value in ERRORS)
    return FormulaCell(formula, float(stored), False)


def position(place: str) -> tuple[int, int]:
    """A1 → (1, 1): row and column from 1."""
    letters = place.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(place[len(letters) :]), column


def same(ours: Value, theirs: Value) -> bool:
    """Texts equal; money to the minor unit; ratios to 1e-12 of their size."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return isinstance(ours, (bool, float)) and isinstance(theirs, (bool, float)) and (
            float(ours) == float(theirs)
        )  # fmt: skip
    if isinstance(ours, float) and isinstance(theirs, float):
        gap, size = abs(ours - theirs), max(abs(ours), abs(theirs))
        if gap <= 1e-12 * size:
            return True
        # Below 10 a figure may be a ratio: only the residue of sums that cancel is allowed.
        return gap <= (0.005 if size >= 10 else 1e-7)
    return ours == theirs
