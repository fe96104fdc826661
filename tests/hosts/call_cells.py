"""Calls of our functions in a workbook, worked out anew by core from the cells they name."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesxl.catalog import RULES, find
from salesxl.hosts.excel.border import run
from salesxl.opc.cells import Grid, split_reference
from tests.oracles.cells import sheet_parts

_CELL = re.compile(r'<c r="([A-Z]+\d+)"[^>]*><f(?: t="array" ref="([^"]+)")?>([^<]*)</f>')
_NAMES = re.compile(rf"\b({'|'.join(rule.name for rule in RULES)})\(")
_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'!)?(\$?[A-Z]+\$?\d+)(?::(\$?[A-Z]+\$?\d+))?")


@dataclass(frozen=True)
class Call:
    """A formula with one of our functions; `cells` are those it fills, in reading order."""

    sheet: str
    name: str
    formula: str
    cells: tuple[tuple[int, int], ...]
    is_array: bool


def calls(path: Path) -> Iterator[Call]:
    """Every formula of the workbook that names one of our functions."""
    with zipfile.ZipFile(path) as package:
        for sheet, part in sheet_parts(package).items():
            for place, area, formula in _CELL.findall(package.read(part).decode()):
                found = _NAMES.search(html.unescape(formula))
                if found:
                    cells = tuple(cell for row in _area(area or place) for cell in row)
                    yield Call(sheet, found[1], html.unescape(formula), cells, bool(area))


def worked_out(call: Call, grids: Mapping[str, Grid]) -> list[Any]:
    """What core answers for each of the call's cells."""
    answer = _work_out(call.formula, call.sheet, grids)
    rows = answer if isinstance(answer, list) else [[answer]]
    return [cell for row in rows for cell in row]


def _work_out(formula: str, sheet: str, grids: Mapping[str, Grid]) -> Any:
    guard = re.fullmatch(r"IF\(([^,]+)<=0,([^,]+),(.+)\)", formula)
    if guard:
        given = _argument(guard[1], sheet, grids)
        assert given is not None
        return float(guard[2]) if given[0][0] <= 0 else _work_out(guard[3], sheet, grids)
    index = re.fullmatch(r"INDEX\((.+),1,(\d+)\)", formula)
    if index:
        return _work_out(index[1], sheet, grids)[0][int(index[2]) - 1]
    name, _, rest = formula.partition("(")
    rule = find(name)
    assert rule is not None and rest.endswith(")"), formula
    arguments = [_argument(part, sheet, grids) for part in _split(rest[:-1])]
    return run(rule, arguments, lambda: "en")


def _split(arguments: str) -> list[str]:
    """At the commas outside sheet names; our calls nest no further."""
    return re.findall(r"((?:'(?:[^']|'')*'|\"[^\"]*\"|[^,'\"])*)(?:,|$)", arguments)[:-1] or [""]


def _argument(part: str, sheet: str, grids: Mapping[str, Grid]) -> list[list[Any]] | None:
    if not part:
        return None
    if part.startswith('"'):
        return [[part.strip('"')]]
    found = _REFERENCE.fullmatch(part)
    if not found:
        return [[float(part)]]
    grid = grids[found[1].replace("''", "'") if found[1] else sheet]
    area = _area(f"{found[2]}:{found[3] or found[2]}".replace("$", ""))
    return [[_double(grid.value(*cell)) for cell in row] for row in area]


def _double(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool) else float(value)


def _area(area: str) -> list[list[tuple[int, int]]]:
    first, _, last = area.partition(":")
    start, end = split_reference(first), split_reference(last or first)
    assert start and end
    columns = range(start[1], end[1] + 1)
    return [[(row, col) for col in columns] for row in range(start[0], end[0] + 1)]
