"""The front page: its figures by hand, its formulas by another engine, both languages."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from salesxl.ooxml.write import write_book
from salesxl.sheets.content import Book, Formula, Rich
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang
from tests import front_sample
from tests.oracles import engines, validator
from tests.oracles.available import ooxml_validator

# 2027: 310,000.00 + 300,000.50 − 10,000.00 + 210,000.00
DONE = Decimal("810000.50")


def values(book: Book) -> list[object]:
    cells = book.sheets[0].cells
    return [c.value.value if isinstance(c.value, Formula) else c.value for c in cells]


def named(book: Book, name: str) -> object:
    value = next(cell.value for cell in book.sheets[0].cells if cell.name == name)
    return value.value if isinstance(value, Formula) else value


def test_a_running_year_is_compared_with_target_time_and_last_year() -> None:
    book = front_sample.book(front_sample.scope("zh"))
    assert named(book, "front_target") == Decimal(1_200_000)
    assert named(book, "front_actual") == DONE
    assert named(book, "front_attainment") == DONE / 1_200_000
    assert named(book, "front_gap") == Decimal("389999.50")
    assert named(book, "front_last") == Decimal(1_000_000)
    said = values(book)
    assert "较 2026 年实际 +20.0%" in said  # 1,200,000 against 1,000,000
    assert "截至 09-30，同比 +15.7%" in said  # 810,000.50 against 700,000 up to 30 September
    assert "时间进度 74.8%" in said  # 273 of 365 days
    assert "余下 3 个月月均需 130,000" in said  # 389,999.50 / 3
    assert "去年同期 700,000" in said


def test_a_plan_for_next_year_is_compared_with_the_last_one() -> None:
    book = front_sample.book(front_sample.scope("en", 2028))
    said = values(book)
    assert "vs actual 2027: +48.1%" in said  # 1,200,000 / 810,000.50
    assert "vs 2026: -19.0%" in said
    assert "More per month: 32,500" in said  # 389,999.50 / 12
    assert "Attainment" not in said


def test_quarters_carry_target_actual_and_difference() -> None:
    sheet = front_sample.book(front_sample.scope("zh")).sheets[0]
    by_place = {(cell.row, cell.col): cell.value for cell in sheet.cells}
    start = next(cell.row for cell in sheet.cells if cell.value == "一季度")
    rows = [
        [value.value if isinstance(value, Formula) else value
         for value in (by_place[start + n, col] for col in (5, 8, 11))]
        for n in range(5)
    ]  # fmt: skip
    assert rows == [
        [300_000, 310_000, 10_000],
        [300_000, Decimal("290000.50"), Decimal("-9999.50")],
        [300_000, 210_000, -90_000],
        [300_000, 0, "–"],
        [1_200_000, DONE, Decimal("-389999.50")],
    ]


def test_a_failing_check_is_told_at_the_top_and_in_its_line() -> None:
    book = front_sample.book(front_sample.scope("zh"), Decimal("0.01"))
    assert named(book, "verdict") == "✕ 1 项核对未过，请先处理"
    said = values(book)
    assert said.count("✕ 未过") == 1
    assert "1 / 2 项通过" in said
    sound = front_sample.book(front_sample.scope("zh"))
    assert named(sound, "verdict") == "✓ 2 项核对全部通过"


def test_every_sheet_is_linked() -> None:
    book = front_sample.book(front_sample.scope("en"))
    links = [c.value for c in book.sheets[0].cells if isinstance(c.value, Rich)]
    assert [link.target for link in links] == ["'Targets'!B2", "'Ledger'!B2"]


def test_many_checks_share_a_line_a_sheet() -> None:
    here = front_sample.scope("zh")
    book = front_sample.book(here)
    target = book.sheets[1]
    for number in range(20):
        book.check(target, 6, 7, f"核对 {number}", Decimal(number == 19) * Decimal("0.02"))
    book.sheets.pop(0)
    from salesxl.sheets import front

    book.sheets.insert(0, front.build(here, book))
    said = values(book)
    assert "目标分解：21 项核对" in said
    assert said.count("✕ 未过") == 1


def test_without_lines_nothing_is_invented() -> None:
    said = values(front_sample.book(front_sample.scope("zh", with_ledger=False)))
    assert "没有销售明细" in said
    assert "没有销售明细可比" in said


def test_amounts_too_long_for_a_tile_go_to_a_larger_unit() -> None:
    book = front_sample.book(front_sample.scope("en", monthly=100_000_000_00))
    assert named(book, "front_target") == Decimal(1_200_000)  # thousands
    assert any("CNY thousand" in str(value) for value in values(book))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("year", [2027, 2028])
@pytest.mark.parametrize("difference", ["0", "0.02"])
@pytest.mark.parametrize("monthly", [front_sample.MONTHLY, 100_000_000_00])
def test_another_engine_finds_the_same(
    tmp_path: Path, lang: Lang, year: int, difference: str, monthly: int
) -> None:
    path = tmp_path / "front.xlsx"
    here = front_sample.scope(lang, year, monthly=monthly)
    write_book(front_sample.book(here, Decimal(difference)), path)
    compared = engines.with_ironcalc([path])
    assert compared.compared >= 30
    assert not compared.differences, [str(d) for d in compared.differences]


@pytest.mark.skipif(ooxml_validator() is None, reason="the validator is not installed")
def test_the_file_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "front.xlsx"
    write_book(front_sample.book(front_sample.scope("zh")), path)
    assert validator.findings([path]) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_of_the_front_page_needs_more_than_its_cell(lang: Lang) -> None:
    for year, with_ledger, monthly in (
        (2027, True, front_sample.MONTHLY), (2028, True, front_sample.MONTHLY),
        (2027, False, front_sample.MONTHLY), (2027, True, 100_000_000_00),
        (2027, True, 8_000_000_00),
    ):  # fmt: skip
        book = front_sample.book(front_sample.scope(lang, year, with_ledger, monthly))
        front = book.sheets[0].title
        assert [found for found in overflows(book) if found[0] == front] == []
