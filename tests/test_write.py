"""The file writer: types, hostile texts, tables, names, identical bytes, no half files."""

from __future__ import annotations

import errno
import os
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from salesxl.errors import SalesxlError
from salesxl.ooxml import atomic
from salesxl.ooxml.write import book_bytes, write_book
from salesxl.sheets.content import (
    Book,
    Chart,
    Condition,
    Formula,
    ListTable,
    Look,
    Rich,
    Series,
    Sheet,
    Sparkline,
    TableColumn,
    Validation,
)
from salesxl.sheets.page import page
from salesxl.texts import Lang
from tests.oracles import validator
from tests.oracles.available import ooxml_validator

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def single(sheet: Sheet, lang: Lang = "zh") -> Book:
    return Book(lang, "手册", "华岳仪器", currency="CNY", sheets=[sheet])


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode("utf-8")


def read_back(path: Path) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}


def full_book(lang: Lang = "zh") -> Book:
    """One of everything."""
    sheet = Sheet("a", "全部", last_col=8, freeze=(6, 2), repeat_rows=(5, 5))
    page(sheet, "标题", "范围", lang, ("warn", "注意"))
    sheet.put(6, 1, "文字")
    sheet.put(6, 2, Decimal("0.25"), "input", "weight")
    columns = [
        TableColumn("n", "名称"),
        TableColumn("q", "数量", Look("cell", "quantity")),
        TableColumn("d", "双倍", Look("cell", "money"), "=items[[#This Row],[数量]]*2"),
    ]
    sheet.tables.append(ListTable("items", 8, 1, columns, [["甲", 3, 6], ["乙", 4, 8]]))
    sheet.tables.append(ListTable("nothing", 8, 5, columns[:2], []))
    cats, figures = (9, 1, 10, 1), (9, 2, 10, 2)
    series = [Series("实际", cats, figures), Series("计划", cats, (9, 3, 10, 3), "plan")]
    sheet.charts.append(Chart("column", 13, 1, 24, 4, (1, 1), series, "柱形图：数量", unit="件"))
    sheet.charts.append(Chart("bar", 13, 5, 24, 8, "甲少乙多", series[:1], "条形图", labels=True))
    share = Series("份额", cats, figures, "second", second_axis=True)
    sheet.charts.append(Chart("column", 26, 1, 36, 4, "帕累托", [series[0], share], "帕累托图"))
    sheet.charts.append(Chart("doughnut", 26, 5, 36, 8, "占比", series[:1], "环形图"))
    sheet.conditions.append(Condition("bar", figures, maximum=8))
    sheet.conditions.append(Condition("scale", figures))
    sheet.conditions.append(Condition("icons", figures, low=1, high=4))
    sheet.conditions.append(Condition("formula", figures, "check_bad", "=C10<0"))
    sheet.validations.append(
        Validation((6, 2, 6, 2), "decimal", minimum=0, maximum=1, prompt_title="权重" * 40,
                   prompt="填 0 到 1" * 90, error="须在 0 与 1 之间")
    )  # fmt: skip
    sheet.validations.append(Validation((6, 3, 6, 3), "date", minimum=date(2027, 1, 1)))
    sheet.validations.append(Validation((6, 4, 6, 4), "list", ("是", "否")))
    sheet.sparklines.append(Sparkline(9, 4, (9, 2, 9, 3)))
    sheet.levels = {6: 1, 7: 1}
    front = Sheet("front", "首页")
    front.put(1, 1, Rich("全部", "'全部'!B2"), "link")
    book = Book(lang, "手册", "华岳 & 子公司", "华岳 & 子公司 · 2027", "v1 · 7F3A", currency="CNY")
    book.sheets += [front, sheet]
    book.names["weight"] = f"={sheet.ref(6, 2)}"
    return book


def test_every_type_comes_back_as_it_went_in(tmp_path: Path) -> None:
    sheet = Sheet("a", "表")
    values: list[Any] = [
        "=1+1", "+A1", "@x", "{=SUM(A1)}", "0012", "https://example.com", Decimal("77548570.20"),
        7, 0.1, True, date(2027, 3, 5), datetime(2027, 3, 5, 12, 0), " x ", "a\nb", None, "",
    ]  # fmt: skip
    for row, value in enumerate(values):
        fmt = "date" if isinstance(value, date) else ""
        sheet.put(row, 1, value, "cell", fmt)
    path = tmp_path / "types.xlsx"
    write_book(single(sheet), path)
    found = read_back(path)
    got = [found.get(f"B{row + 1}") for row in range(len(values))]
    assert got[:6] == values[:6]
    assert got[6] == 77548570.2
    assert got[7:10] == [7, 0.1, True]
    assert got[10] == datetime(2027, 3, 5)
    assert got[11] == datetime(2027, 3, 5, 12)
    assert got[12:14] == [" x ", "a\nb"]
    assert got[14:] == [None, None]
    assert "<f>" not in part(path, "xl/worksheets/sheet1.xml")


def test_a_formula_is_written_with_its_value(tmp_path: Path) -> None:
    sheet = Sheet("a", "表")
    for row, value in enumerate([Decimal("0.30"), '✓ a<b & "c"', True, date(2027, 1, 1), 12.0]):
        sheet.put(row, 1, Formula(f"=A{row + 1}", value))
    path = tmp_path / "formulas.xlsx"
    write_book(single(sheet), path)
    tree = ElementTree.fromstring(part(path, "xl/worksheets/sheet1.xml"))
    cells = [cell for cell in tree.iter(f"{MAIN}c") if cell.find(f"{MAIN}f") is not None]
    stored = [(cell.get("t"), cell.findtext(f"{MAIN}v")) for cell in cells]
    assert stored == [
        (None, "0.3"), ("str", "✓ a<b & \"c\""), ("b", "1"), (None, "46388"), (None, "12"),
    ]  # fmt: skip


def test_a_formula_without_a_value_is_refused() -> None:
    sheet = Sheet("a", "表")
    sheet.put(0, 1, Formula("=A1", ""))
    with pytest.raises(ValueError, match="without a value"):
        book_bytes(single(sheet))
    sheet.cells.clear()
    sheet.put(0, 1, Decimal("NaN"))
    with pytest.raises(ValueError, match="not a number"):
        book_bytes(single(sheet))


@pytest.mark.parametrize("rows", [1, 500])
def test_hostile_texts_stay_what_they_are(tmp_path: Path, rows: int) -> None:
    """In single cells and in the straight way of long tables alike."""
    texts = ["_x0041_", "a\x0bb", "<r>x & <b></r>", "</v></c>", "=HYPERLINK(1)", "\ufeff甲", "a\rb"]
    sheet = Sheet("a", "表")
    lines = [
        [texts[n % len(texts)] if n < len(texts) else f"客户 {n}"] for n in range(max(rows, 7))
    ]
    sheet.tables.append(ListTable("items", 2, 1, [TableColumn("n", "名称")], lines))
    path = tmp_path / "hostile.xlsx"
    write_book(single(sheet), path)
    found = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    got = [line[0] for line in found[1 : len(texts) + 1]]
    assert got[0] == "_x0041_"
    assert got[2:5] == texts[2:5]
    shared = part(path, "xl/sharedStrings.xml")
    assert "_x005F_x0041_" in shared
    assert "a_x000B_b" in shared
    assert "a_x000D_b" in shared
    assert "\x0b" not in shared
    if ooxml_validator():
        assert validator.findings([path]) == []


def test_what_no_cell_can_hold_is_named() -> None:
    for value, code in (("x" * 32_768, "page.text_too_long"), ("\ud800", "page.illegal_character")):
        sheet = Sheet("a", "表")
        sheet.put(6, 2, value)
        with pytest.raises(SalesxlError) as caught:
            book_bytes(single(sheet))
        assert caught.value.problems[0].code == code
        assert caught.value.problems[0].where == "表!C7"
    sheet = Sheet("a", "表")
    sheet.put(6, 2, "x" * 32_767)
    book_bytes(single(sheet))


def test_a_table_is_real_and_its_formulas_carry_values(tmp_path: Path) -> None:
    path = tmp_path / "full.xlsx"
    write_book(full_book(), path)
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert sheet.tables["items"].ref == "B9:D11"
    assert sheet.tables["nothing"].ref == "F9:G10"
    assert sheet["D10"].value == "=items[[#This Row],[数量]]*2"
    found = openpyxl.load_workbook(path, data_only=True).worksheets[1]
    assert [found["D10"].value, found["D11"].value] == [6, 8]
    assert sheet.tables["items"].tableStyleInfo is None or (
        not sheet.tables["items"].tableStyleInfo.name
    )


def test_a_long_table_is_the_same_as_a_short_one(tmp_path: Path) -> None:
    lines = [[f"客户 {n}", n, None, Decimal(n) / 100, date(2027, 1, 1)] for n in range(1000)]
    fmts = {"名称": "", "序": "", "空": "", "金额": "pay", "日期": "date"}
    columns = [TableColumn(title, title, Look("cell", fmt)) for title, fmt in fmts.items()]
    found = []
    for extra in (False, True):
        sheet = Sheet("a", "表")
        sheet.tables.append(ListTable("items", 4, 1, columns, lines))
        if extra:  # something below: the straight way is closed
            sheet.put(1010, 1, "脚注")
        path = tmp_path / f"{extra}.xlsx"
        write_book(single(sheet), path)
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        found.append(rows[:1001])
        assert openpyxl.load_workbook(path).worksheets[0].tables["items"].ref == "B5:F1005"
    assert found[0] == found[1]
    assert found[0][1000] == ["客户 999", 999.0, "", 9.99, date(2027, 1, 1)]


def test_the_same_book_gives_the_same_bytes() -> None:
    assert book_bytes(full_book()) == book_bytes(full_book())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_book_with_everything_is_valid(tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "full.xlsx"
    write_book(full_book(lang), path)
    if ooxml_validator():
        assert validator.findings([path]) == []
    assert CalamineWorkbook.from_path(path).sheet_names == ["首页", "全部"]
    chart = part(path, "xl/charts/chart1.xml")
    face = {"zh": "Microsoft YaHei", "en": "Calibri"}[lang]
    assert f'<a:ea typeface="{face}"/>' in chart
    theme = part(path, "xl/theme/theme1.xml")
    assert '<a:accent1><a:srgbClr val="1D4E79"/>' in theme
    assert theme.count('script="Hans" typeface="Microsoft YaHei"') == 2
    assert 'descr="柱形图：数量"' in part(path, "xl/drawings/drawing1.xml")


def test_print_set_up_and_protection(tmp_path: Path) -> None:
    path = tmp_path / "full.xlsx"
    write_book(full_book(), path)
    xml = part(path, "xl/worksheets/sheet2.xml")
    assert re.search(r'<pageSetup paperSize="9"[^>]*orientation="landscape"', xml)
    assert "华岳 &amp;&amp; 子公司 · 2027" in xml
    assert "第 &amp;P / &amp;N 页" in xml
    assert 'showGridLines="0"' in xml
    assert "<sheetProtection" in xml
    assert "password" not in xml
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert sheet["B7"].protection.locked
    assert not sheet["C7"].protection.locked
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.freeze_panes == "C7"
    assert sheet.row_dimensions[7].height


def test_a_very_long_footer_is_cut_not_refused() -> None:
    book = full_book()
    book.footer_left, book.footer_right = "&" * 400, "版" * 400
    book_bytes(book)


def test_tab_names_become_legal_and_formulas_follow(tmp_path: Path) -> None:
    data = Sheet("d", "华东/一部")
    data.put(0, 0, Decimal(5))
    other = Sheet("o", "总表")
    other.put(0, 0, Formula(f"={data.ref(0, 0)}*2", Decimal(10)))
    path = tmp_path / "names.xlsx"
    write_book(Book("zh", "t", "c", sheets=[data, other]), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["华东 一部", "总表"]
    assert book["总表"]["A1"].value == "='华东 一部'!$A$1*2"


def test_two_sheets_of_one_name_are_refused() -> None:
    book = Book("zh", "t", "c", sheets=[Sheet("a", "East"), Sheet("b", "EAST")])
    with pytest.raises(SalesxlError) as caught:
        book_bytes(book)
    assert caught.value.problems[0].code == "page.duplicate_sheet"


def test_an_old_file_stays_when_the_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    codes = {
        errno.ENOSPC: "page.disk_full", errno.EACCES: "page.cannot_write",
        errno.EIO: "page.write_failed",
    }  # fmt: skip
    for number, code in codes.items():

        def broken(_: int, number: int = number) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(atomic.os, "fsync", broken)
        with pytest.raises(SalesxlError) as caught:
            write_book(full_book(), path)
        assert caught.value.problems[0].code == code
        assert path.read_bytes() == b"old"
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    for path, code in (
        (tmp_path, "page.is_folder"),
        (tmp_path / "none" / "a.xlsx", "page.no_folder"),
    ):
        with pytest.raises(SalesxlError) as caught:
            write_book(full_book(), path)
        assert caught.value.problems[0].code == code
        assert str(path) in caught.value.problems[0].say("zh")
