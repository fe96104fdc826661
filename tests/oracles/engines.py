"""Recalculate our workbooks with other engines and compare every formula cell."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.oracles.available import soffice
from tests.oracles.cells import FormulaCell, Value, formula_cells, position, same

# Functions an engine lacks or computes otherwise, with the reason; cells using them are not
# compared with that engine (the other one must then agree).
GAPS: dict[str, dict[str, str]] = {
    "libreoffice": {},
    "ironcalc": {},
}

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Difference:
    """A formula cell for which an engine found another value than ours."""

    file: str
    sheet: str
    cell: str
    formula: str
    ours: Value
    theirs: Value

    def __str__(self) -> str:
        place = f"{self.file} '{self.sheet}'!{self.cell}"
        return f"{place}: {self.ours!r} != {self.theirs!r}  {self.formula}"


@dataclass(frozen=True)
class Comparison:
    """`compared` counts formula cells; `left_out` those that use a known gap."""

    compared: int
    left_out: int
    differences: tuple[Difference, ...]

    def __add__(self, other: Comparison) -> Comparison:
        return Comparison(
            self.compared + other.compared,
            self.left_out + other.left_out,
            self.differences + other.differences,
        )


NOTHING = Comparison(0, 0, ())


def with_libreoffice(recalculated: Mapping[Path, Path]) -> Comparison:
    """Compare our files with what `recalculate` made of them."""
    total = NOTHING
    for path, other in recalculated.items():
        theirs = {place: cell.value for place, cell in formula_cells(other).items()}
        total += _compare("libreoffice", path, theirs)
    return total


def recalculate(paths: Sequence[Path], work: Path) -> dict[Path, Path]:
    """Each file as LibreOffice saves it after a full recalculation, all in one start.

    `work` is a folder of its own, profile included.
    """
    program = soffice()
    assert program is not None, "LibreOffice is not installed"
    profile, source, out = work / "profile", work / "in", work / "out"
    (profile / "user").mkdir(parents=True)
    source.mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    copies = {}
    for number, path in enumerate(paths):  # names may repeat between folders
        copies[path] = source / f"{number}.xlsx"
        shutil.copyfile(path, copies[path])
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out),
        *(str(copy) for copy in copies.values()),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    made = {path: out / copy.name for path, copy in copies.items()}
    lost = [path.name for path in paths if not made[path].exists()]
    assert not lost, f"LibreOffice could not load {lost}: {done.stderr.strip()}"
    return made


def with_ironcalc(paths: Sequence[Path]) -> Comparison:
    total = NOTHING
    for path in paths:
        total += _compare("ironcalc", path, ironcalc_values(path))
    return total


def ironcalc_values(path: Path) -> dict[tuple[str, str], Value]:
    """(sheet, A1) → what IronCalc makes of every formula cell."""
    import ironcalc

    model: Any = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    index = {sheet["name"]: n for n, sheet in enumerate(model.get_worksheets_properties())}
    found: dict[tuple[str, str], Value] = {}
    for sheet, place in formula_cells(path):
        row, column = position(place)
        found[sheet, place] = _plain(model.get_cell_value(index[sheet], row, column))
    return found


def _plain(value: Any) -> Value:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return float(value)
    return str(value)


def _compare(engine: str, path: Path, theirs: dict[tuple[str, str], Value]) -> Comparison:
    compared, left_out, differences = 0, 0, []
    for (sheet, place), cell in formula_cells(path).items():
        if _gap(engine, cell):
            left_out += 1
            continue
        compared += 1
        value = theirs.get((sheet, place))
        if not same(cell.value, value):
            differences.append(Difference(path.name, sheet, place, cell.formula, cell.value, value))
    return Comparison(compared, left_out, tuple(differences))


def _gap(engine: str, cell: FormulaCell) -> bool:
    return any(re.search(rf"\b{name}\(", cell.formula) for name in GAPS[engine])
