"""What is written reads back as an equal plan, also after other programs saved it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from plan_samples import rich_plan

from salesxl.plan.read import check_file, fingerprint, read_plan
from salesxl.plan.starter import template_plan
from salesxl.sheets.plan_book import write_plan
from salesxl.texts import LANGS, Lang

SOFFICE = shutil.which("soffice")


@pytest.mark.parametrize("lang", LANGS)
def test_a_plan_comes_back_equal(tmp_path: Path, lang: Lang) -> None:
    plan = rich_plan(lang)
    write_plan(plan, tmp_path / "plan.xlsx", lang)
    back = read_plan(tmp_path / "plan.xlsx")
    assert back == plan
    assert back.fingerprint == fingerprint(plan)
    assert len(back.fingerprint) == 16


@pytest.mark.parametrize("lang", LANGS)
def test_the_template_is_clean(tmp_path: Path, lang: Lang) -> None:
    write_plan(template_plan(lang), tmp_path / "plan.xlsx", lang)
    plan, problems = check_file(tmp_path / "plan.xlsx")
    assert plan == template_plan(lang)
    assert problems == ()


def test_saved_by_openpyxl(tmp_path: Path) -> None:
    plan = rich_plan("zh")
    path = tmp_path / "plan.xlsx"
    write_plan(plan, path, "zh")
    openpyxl.load_workbook(path).save(path)
    assert read_plan(path) == plan


def test_without_tables_the_headers_are_found(tmp_path: Path) -> None:
    """As Google Sheets saves it: the cells only."""
    plan = rich_plan("en")
    path = tmp_path / "plan.xlsx"
    write_plan(plan, path, "en")
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for name in list(sheet.tables):
            del sheet.tables[name]
    book.save(path)
    assert read_plan(path) == plan


def test_moved_and_own_columns(tmp_path: Path) -> None:
    plan = template_plan("zh")
    path = tmp_path / "plan.xlsx"
    write_plan(plan, path, "zh")
    book = openpyxl.load_workbook(path)
    sheet = book["区域"]
    for row in range(8, 11):
        first, second = sheet.cell(row, 2).value, sheet.cell(row, 3).value
        sheet.cell(row, 2).value, sheet.cell(row, 3).value = second, first
        sheet.cell(row, 11).value = "自己的列" if row == 8 else "x"
    table = sheet.tables["regions"]
    for column, cell in zip(table.tableColumns, sheet[8][1:11], strict=True):
        column.name = cell.value
    book.save(path)
    assert read_plan(path) == plan


def test_rows_beneath_the_table_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(template_plan("zh"), path, "zh")
    book = openpyxl.load_workbook(path)
    sheet = book["区域"]
    for col, value in ((2, 1001), (3, "区域三"), (5, "￥1.2万")):
        sheet.cell(11, col).value = value
    sheet.cell(13, 3).value = "备注，隔了一行"
    book.save(path)
    regions = read_plan(path).regions
    assert [region.id for region in regions] == ["R1", "R2", "1001"]
    assert regions[2].history_amount == 1_200_000


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("lang", LANGS)
def test_saved_by_libreoffice(tmp_path: Path, lang: Lang) -> None:
    plan = rich_plan(lang)
    write_plan(plan, tmp_path / "plan.xlsx", lang)
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "out"), str(tmp_path / "plan.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert read_plan(tmp_path / "out" / "plan.xlsx") == plan
