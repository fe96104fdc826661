"""Which workbook a file is: the marks it was made with, whatever it is called now.

A regional workbook carries scope, key and run as custom properties or constant names;
a statement carries its number and payee in named cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from salesxl.opc.cells import CellValue, Reader, split_reference
from salesxl.opc.package import Package, local

SCOPE: Final = "salesxl_scope"
KEY: Final = "salesxl_key"
RUN: Final = "salesxl_run"
# Single cells a person fills in, by defined name.
ANSWERS: Final[tuple[str, ...]] = ("statement_decision", "proposal_by", "proposal_note")
_STATEMENT: Final = ("statement_number", "statement_person", "statement_fingerprint")
_CELL: Final = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})$")
_TEXT: Final = re.compile(r'^"((?:[^"]|"")*)"$')


@dataclass(frozen=True)
class Identity:
    """`scope` is "region", "person", … or "statement"; `key` names it within its run."""

    scope: str
    key: str
    run: str
    answers: Mapping[str, CellValue | None] = field(default_factory=dict)

    @property
    def id(self) -> tuple[str, str]:
        return (self.scope, self.key)


def identity(package: Package) -> Identity | None:
    """The marks of an open workbook; None if it is none of ours."""
    names = defined_names(package)
    marks = custom_properties(package) | {
        name: constant for name, said in names.items() if (constant := _constant(said)) is not None
    }
    cells = _named_cells(package, names)
    answers = {name: cells[name] for name in ANSWERS if name in cells}
    if marks.get(SCOPE) and marks.get(RUN):
        return Identity(marks[SCOPE], marks.get(KEY, ""), marks[RUN], answers)
    number, person, stamp = (cells.get(name) for name in _STATEMENT)
    if isinstance(number, str) and isinstance(person, str):
        return Identity("statement", number, str(stamp or ""), answers)
    return None


def defined_names(package: Package) -> dict[str, str]:
    """Name → what it stands for, of the workbook's own names."""
    found: dict[str, str] = {}
    for element in package.xml(package.workbook_part).iter():
        if local(element.tag) == "definedName" and element.get("localSheetId") is None:
            found.setdefault(element.get("name", ""), (element.text or "").strip())
    return found


def custom_properties(package: Package) -> dict[str, str]:
    """The file's custom properties as text."""
    found: dict[str, str] = {}
    for kind, part in package.relations("").values():
        if kind == "custom-properties" and part in package:
            for element in package.xml(part):
                said = "".join(element.itertext()).strip()
                found[element.get("name", "")] = said
    return found


def _constant(said: str) -> str | None:
    match = _TEXT.match(said.removeprefix("="))
    return match[1].replace('""', '"') if match else None


def _named_cells(package: Package, names: Mapping[str, str]) -> dict[str, CellValue | None]:
    """The cells our names stand for; sheets may have been renamed, the names follow."""
    reader = Reader(package)
    by_sheet: dict[str, list[tuple[str, int, int]]] = {}
    for name in (*ANSWERS, *_STATEMENT):
        match = _CELL.match(names.get(name, "").removeprefix("="))
        place = split_reference(f"{match[3]}{match[4]}") if match else None
        if match and place:
            sheet = (match[1] or match[2]).replace("''", "'")
            by_sheet.setdefault(sheet, []).append((name, *place))
    found: dict[str, CellValue | None] = {}
    for sheet in package.sheets:
        wanted = by_sheet.get(sheet.name)
        if wanted:
            grid = reader.grid(sheet)
            found |= {name: grid.value(row, col) for name, row, col in wanted}
    return found
