"""A template that LibreOffice has edited and saved, poured and recalculated by LibreOffice."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from salesxl.batch.output import packed
from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.into import pour
from salesxl.ooxml.pour.prototype import template_of
from salesxl.ooxml.pour.recalc import recalculated
from salesxl.ooxml.pour.target import target_of
from salesxl.ooxml.template.compile import compile_template
from salesxl.sheets.scope import narrow
from salesxl.sheets.workbook import build_book
from tests.generate_sample import head
from tests.oracles.engines import recalculate, with_libreoffice
from tests.template.libre import edited
from tests.template.test_pour_same import texts

EDITS = """
sh = doc.Sheets.getByName("Targets")
sh.unprotect("")
sh.Rows.insertByIndex(5, 2)
sh.Columns.insertByIndex(3, 1)
sh.getCellByPosition(1, 1).String = "Our goals"
sh.getCellByPosition(1, 5).Formula = "=SUM(E11:E20)"
sh.Name = "Goals 2027"
cu = doc.Sheets.getByName("Customers")
cu.unprotect("")
cu.Rows.insertByIndex(2, 1)
doc.Sheets.moveByName("Analysis", 1)
doc.Sheets.removeByName("Incentives")
doc.Sheets.insertNewByName("Mine", 2)
mine = doc.Sheets.getByName("Mine")
mine.getCellByPosition(0, 0).Formula = "=$'Goals 2027'.E11*2"
mine.getCellByPosition(0, 1).String = "a caption of ours"
"""


@pytest.mark.oracle("libreoffice")
def test_an_edited_template_keeps_every_formula_right(tmp_path: Path) -> None:
    scope = head(tmp_path)
    leaves = [region for region in scope.plan.regions if region.id in scope.targets.region_ids]
    east, west = (build_book(narrow(scope, region)) for region in leaves)
    data = edited(template_of([east], "region"), EDITS, tmp_path / "edit")
    target = target_of(compile_template(data, "MY.xlsx"))
    assert target is not None
    assert target.gone == ("incentives",)
    made = recalculated(pour(target, west))
    path = tmp_path / "West.xlsx"
    path.write_bytes(made)
    book = openpyxl.load_workbook(BytesIO(made))
    titles = book.sheetnames
    assert titles[1:4] == ["Analysis", "Mine", "Goals 2027"]
    assert "Incentives" not in titles
    assert book["Goals 2027"]["B2"].value == "Our goals"
    assert book["Mine"]["A1"].value == "='Goals 2027'!E11*2"
    assert book["Mine"]["A2"].value == "a caption of ours"
    found = with_libreoffice(recalculate([path], tmp_path / "again"))
    assert found.compared > 300
    assert not found.differences, "\n".join(str(d) for d in found.differences[:10])
    strange = [text for text in texts(east) if not any(text in one for one in texts(west))]
    with zipfile.ZipFile(BytesIO(made)) as archive:
        whole = "\n".join(archive.read(name).decode() for name in archive.namelist())
    with zipfile.ZipFile(BytesIO(packed(west))) as archive:
        ours = "\n".join(archive.read(name).decode() for name in archive.namelist())
    # A word of ours, such as one in a formula, is in West's own workbook too.
    leaked = [text for text in strange if escape(text) in whole and escape(text) not in ours]
    assert leaked == []
    assert "_sx." not in whole
    assert "_salesxl" not in whole
