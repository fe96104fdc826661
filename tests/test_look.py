"""The look: every style and format resolves, texts are measured, overflow is found."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest

from salesxl.sheets.content import Book, Formula, ListTable, Look, Sheet, TableColumn
from salesxl.sheets.page import (
    FIRST_ROW,
    kpi_tile,
    page,
    result_formula,
    sheet_title,
    verdict_formula,
)
from salesxl.sheets.styles import (
    EXTRAS,
    FORMATS,
    PALETTE,
    STYLES,
    conditional,
    number_format,
    resolve,
)
from salesxl.sheets.widths import fit_widths, lines_for, overflows, shown, text_px, width_for
from salesxl.texts import LANGS, Lang

# Styles whose text may take a status colour; others carry a meaning of their own.
TINTED = ("cell", "calc", "group", "subtotal", "total", "verdict", "kpi_value", "kpi_sub", "value")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_text_can_be_read_on_its_fill(style: str) -> None:
    if style == "band":
        pytest.skip("holds no text")
    for extra in (None, *(("muted", "positive", "warning", "negative") if style in TINTED else ())):
        found = resolve(Look(style, "", (extra,) if extra else ()), "zh")
        ink = luminance(found.get("font_color", PALETTE["ink"]))
        fill = luminance(found.get("bg_color", PALETTE["white"]))
        contrast = (max(ink, fill) + 0.05) / (min(ink, fill) + 0.05)
        assert contrast >= 4.5, (style, extra, round(contrast, 2))


def test_every_combination_resolves() -> None:
    for style, fmt, lang in itertools.product(STYLES, ["", *FORMATS], LANGS):
        for extra in ("", *EXTRAS):
            found = resolve(Look(style, fmt, (extra,) if extra else ()), lang, "CNY", 2)
            assert found["font_name"] == {"zh": "Microsoft YaHei", "en": "Calibri"}[lang]
    with pytest.raises(KeyError):
        resolve(Look("no such style"), "en")


def test_conditional_formats_change_ink_fill_and_weight_only() -> None:
    assert conditional("check_bad") == {
        "font_color": "#B42E22", "bg_color": "#F9E2DE", "bold": True,
    }  # fmt: skip
    assert conditional("negative") == {"font_color": "#B42E22"}


def test_figures_keep_their_distance_by_format() -> None:
    assert number_format("money", "zh") == '#,##0_)_);-#,##0_)_);"–"_)_);@_)_)'
    assert number_format("money", "zh", dense=True) == '#,##0_);-#,##0_);"–"_);@_)'
    assert number_format("due", "zh", "CNY").startswith('"¥"#,##0.00_)_);-"¥"#,##0.00_)_)')
    assert number_format("due", "en", "CHF").startswith('"CHF "#,##0.00')
    assert number_format("pay", "zh", "JPY", 0).startswith("#,##0_)_)")
    assert number_format("count", "zh").startswith('0" 家"')


@pytest.mark.parametrize(
    ("value", "key", "expected"),
    [
        (Decimal("1234.5"), "money", "1,235"),
        (Decimal("-1234.5"), "pay", "-1,234.50"),
        (Decimal(0), "money", "–"),
        (Decimal("0.078"), "percent", "7.8%"),
        (Decimal(12), "difference", "+12"),
        (Decimal(0), "difference", "0"),
        (Decimal(0), "check", "✓"),
        (Decimal(-3), "check", "✕ -3"),
        (date(2027, 3, 5), "date", "2027-03-05"),
        (date(2027, 3, 1), "month", "2027-03"),
        (3, "count", "3 家"),
        (Decimal("49300.6"), "due", "¥49,300.60"),
        (Formula("=1+1", Decimal(2)), "int", "2"),
        ("–", "money", "–"),
    ],
)
def test_values_are_measured_as_they_show(value: object, key: str, expected: str) -> None:
    assert shown(value, number_format(key, "zh", "CNY", 2)) == expected  # type: ignore[arg-type]


def test_widths_by_hand() -> None:
    # 10 pt = 13.333 px an em: two CJK characters are 26.67; four digits and a comma 36.0
    assert round(text_px("目标", 10, False, "zh"), 2) == 26.67
    assert round(text_px("1,200", 10, False, "zh"), 1) == 36.0
    assert round(text_px("目标", 10, True, "zh"), 2) == 28.27
    # (36 + 6 + 2 × 4.4 − 5) / 7 + 0.3 = 6.84 → 7
    assert width_for(36.0, pads=2) == 7.0
    # (36 + 6 + 9 + 17 − 5) / 7 + 0.3 = 9.3 → 9.5
    assert width_for(36.0, indent=1, filtered=True) == 9.5
    assert lines_for("目标" * 10, 150, 10, False, "zh") == 2  # 266.7 px in 144


def test_a_text_that_needs_more_than_its_cell_is_found() -> None:
    book = Book("zh", "t", "c")
    sheet = Sheet("a", "表", last_col=3)
    sheet.width(1, 6, 2, 3)
    sheet.put(4, 1, "这一格放不下这么多字")
    sheet.put(5, 1, Decimal(123_456_789), "cell", "money")
    sheet.put(6, 1, "短")
    sheet.merge(7, 1, 7, 3, "合并后放得下了")
    sheet.put(8, 1, "可以越过", "title")
    sheet.put(9, 1, "换行的字放不下这么矮的一行", "note")
    sheet.height(9, 17)
    book.sheets.append(sheet)
    found = {cell for _, cell, *_ in overflows(book)}
    assert found == {"B5", "B6", "B10"}


def test_widths_come_from_content_and_long_texts_wrap() -> None:
    sheet = Sheet("a", "表", last_col=4)
    sheet.put(4, 1, "短")
    sheet.put(4, 2, Decimal(123_456_789), "cell", "pay")
    sheet.put(4, 3, "很长的说明" * 12)
    columns = [TableColumn("n", "名称"), TableColumn("d", "说明")]
    sheet.tables.append(ListTable("list", 6, 4, columns, [["甲", "解释" * 40], ["乙", "短"]]))
    fit_widths(sheet, "zh", "CNY")
    assert sheet.widths[1] == 6.0
    assert sheet.widths[3] == 28.0
    assert sheet.widths[5] == 28.0
    assert sheet.heights[4] > 30
    assert sheet.heights[7] > 60
    assert 8 not in sheet.heights
    book = Book("zh", "t", "c", currency="CNY", sheets=[sheet])
    assert overflows(book) == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_head_stands_on_fixed_rows(lang: Lang) -> None:
    sheet = Sheet("a", "表", last_col=6)
    row = page(sheet, "标题", "范围", lang, verdict_formula(["C5:C8"], lang))
    assert row == FIRST_ROW == 4
    texts = {(cell.row, cell.col): cell.value for cell in sheet.cells}
    assert texts[1, 1] == "标题"
    assert isinstance(texts[1, 6], Formula)
    assert kpi_tile(sheet, row, 1, 2, "a", 1, "int", "b") == row + 3


def test_verdicts_and_results_start_with_their_mark() -> None:
    assert str(verdict_formula(["C5"], "zh").value).startswith("✓")
    bad = verdict_formula(["C5", "D9:D12"], "en", Decimal("-1234.5"))
    assert bad.value == "✕ Sums disagree, largest difference 1,234.50"
    assert "MAX(MAX(C5,D9:D12),-MIN(C5,D9:D12))<0.005" in bad.text
    assert result_formula("C5", Decimal("0.01"), "en").value == "✕ Failed"
    assert "<0.5" in result_formula("C5", Decimal(0), "en", 0).text


def test_tab_names_are_legal_and_unique() -> None:
    assert sheet_title("华东/一部: [A]?") == "华东 一部   A"
    assert sheet_title("'quoted'") == "quoted"
    assert sheet_title("x" * 40) == "x" * 31
    assert sheet_title("East", ["EAST", "East (2)"]) == "East (3)"
    assert len(sheet_title("x" * 40, ["x" * 31])) == 31
    assert sheet_title("History") == "History 1"
    assert sheet_title("///") == "Sheet"
