"""Workbooks for Calc written by hand, LibreOffice run on them, and the cells it saved."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from tests.oracles.available import soffice, unopkg

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NOBODY = 65534  # unopkg refuses root
_MANIFEST = (
    '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.3">'
    f'<m:file-entry m:full-path="/" m:media-type="{_TYPE}"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale"
 oor:op="fuse"><value>en-US</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooLocale"
 oor:op="fuse"><value>en-US</value></prop></item>
</oor:items>
"""


# sheet → (row, column) → value
Cells = dict[str, dict[tuple[int, int], Any]]


class Sheet:
    """Cells and formulas by row and column, both from 0."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells: dict[tuple[int, int], str] = {}

    def put(self, row: int, column: int, value: Any) -> None:
        """A value; None leaves the cell blank."""
        if value is None:
            return
        if isinstance(value, bool):
            said = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        elif isinstance(value, int | float):
            said = f'office:value-type="float" office:value="{value!r}"'
        elif isinstance(value, dt.date):
            said = f'office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
        else:
            text = f"<text:p>{escape(str(value))}</text:p>"
            said = f'office:value-type="string" office:string-value={quoteattr(str(value))}'
            self.cells[row, column] = f"<table:table-cell {said}>{text}</table:table-cell>"
            return
        self.cells[row, column] = f"<table:table-cell {said}/>"

    def formula(self, row: int, column: int, formula: str, height: int, width: int) -> None:
        """An array formula over `height` × `width` cells."""
        self.cells[row, column] = (
            f'<table:table-cell table:number-matrix-columns-spanned="{width}"'
            f' table:number-matrix-rows-spanned="{height}" table:formula={quoteattr(formula)}/>'
        )

    def xml(self) -> str:
        height = 1 + max(row for row, _ in self.cells)
        width = 1 + max(column for _, column in self.cells)
        rows = "".join(
            "<table:table-row>"
            + "".join(self.cells.get((r, c), "<table:table-cell/>") for c in range(width))
            + "</table:table-row>"
            for r in range(height)
        )
        return f"<table:table table:name={quoteattr(self.name)}>{rows}</table:table>"


def address(row: int, column: int, height: int = 1, width: int = 1) -> str:
    """The range as an ODF formula names it."""
    first, last = _cell(row, column), _cell(row + height - 1, column + width - 1)
    return f"[.{first}]" if first == last else f"[.{first}:.{last}]"


def _cell(row: int, column: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def write_ods(path: Path, sheets: list[Sheet], null_date: str = "1899-12-30") -> None:
    content = (
        f'<office:document-content xmlns:office="{OFFICE}" xmlns:table="{TABLE}"'
        f' xmlns:text="{TEXT}" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
        ' office:version="1.3"><office:body><office:spreadsheet><table:calculation-settings>'
        f'<table:null-date table:date-value="{null_date}"/></table:calculation-settings>'
        f"{''.join(sheet.xml() for sheet in sheets)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _TYPE)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)


class Calc:
    """A LibreOffice with a profile of its own in `folder`, and `extension` installed there."""

    def __init__(self, folder: Path, extension: Path, ui: str = "en-US") -> None:
        self.folder = folder
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        settings = _SETTINGS.replace("en-US", ui)
        (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
        self._profile = f"-env:UserInstallation={profile.as_uri()}"
        shutil.copy(extension, folder / extension.name)
        done = self._run(str(unopkg()), "add", "--force", self._profile, extension.name)
        assert done.returncode == 0, done.stderr

    def installed(self) -> str:
        """What unopkg tells about the extensions here."""
        return self._run(str(unopkg()), "list", self._profile).stdout

    def recalculate(self, *names: str) -> dict[str, Cells]:
        """File in `folder` → its cells as loaded and saved again, all in one start."""
        done = self._run(
            str(soffice()), self._profile, "--headless", "--norestore", "--convert-to",
            "fods:OpenDocument Spreadsheet Flat XML", "--outdir", "out", *names,
        )  # fmt: skip
        made = {name: (self.folder / "out" / name).with_suffix(".fods") for name in names}
        assert all(path.exists() for path in made.values()), done.stderr
        return {name: read(path) for name, path in made.items()}

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        other: dict[str, Any] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            other = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, _NOBODY, _NOBODY)
        return subprocess.run(
            words, cwd=self.folder, env={**os.environ, "HOME": str(self.folder)},
            capture_output=True, encoding="utf-8", check=False, timeout=300, **other,
        )  # fmt: skip


def read(path: Path) -> Cells:
    """The cells that hold something; an error as its text, such as ``#NAME?``."""
    found: Cells = {}
    for table in ElementTree.parse(path).iter(f"{{{TABLE}}}table"):
        cells = found.setdefault(table.get(f"{{{TABLE}}}name", ""), {})
        row = 0
        for line in table.iter(f"{{{TABLE}}}table-row"):
            column = 0
            for cell in line:
                value = _value(cell)
                if value is not None:
                    cells[row, column] = value
                column += int(cell.get(f"{{{TABLE}}}number-columns-repeated", "1"))
            row += int(line.get(f"{{{TABLE}}}number-rows-repeated", "1"))
    return found


def _value(cell: ElementTree.Element) -> Any:
    kind = cell.get(f"{{{OFFICE}}}value-type")
    if kind in ("float", "currency", "percentage"):
        return float(cell.get(f"{{{OFFICE}}}value", "nan"))
    if kind == "string":
        return "\n".join("".join(part.itertext()) for part in cell.iter(f"{{{TEXT}}}p"))
    return None if kind is None else cell.get(f"{{{OFFICE}}}{kind}-value")
