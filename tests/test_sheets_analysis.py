"""Analysis, comparison and ledger sheets, and what a region's scope may hold."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesxl.ooxml.write import write_book
from salesxl.sheets import analysis, comparison, ledger_lines
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.scope import Scope, head_office, narrow
from salesxl.sheets.sentence import either, number, sentence, shown, words
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang
from tests import generate_sample
from tests.generate_sample import EAST, LEDGER, LOOSE, TOTAL, WEST
from tests.oracles import engines

LANGS: tuple[Lang, ...] = ("zh", "en")


def book_of(scope: Scope) -> Book:
    book = Book(scope.lang, "t", scope.plan.settings.company, currency="USD")
    front = Sheet("front", "首页" if scope.lang == "zh" else "Front")
    front.put(1, 1, "front")
    book.sheets.append(front)
    for module in (comparison, analysis, ledger_lines):
        if scope.is_head_office or module is not comparison:
            book.sheets.append(module.build(scope, book))
    return book


def sheet_of(book: Book, key: str) -> Sheet:
    return next(sheet for sheet in book.sheets if sheet.key == key)


def value(content: object) -> object:
    return content.value if isinstance(content, Formula) else content


def row_of(sheet: Sheet, name: str, col: int = 1) -> dict[int, object]:
    """The values of the first row that has `name` in column `col`, by column."""
    row = next(c.row for c in sheet.cells if c.col == col and value(c.value) == name)
    return {c.col: value(c.value) for c in sheet.cells if c.row == row}


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("year", [2027, 2028])
@pytest.mark.parametrize("lang", LANGS)
def test_every_formula_gives_its_cached_value(tmp_path: Path, lang: Lang, year: int) -> None:
    head = generate_sample.head(tmp_path, lang, year)
    east = narrow(head, head.plan.regions[1])
    paths = [tmp_path / "head.xlsx", tmp_path / "east.xlsx"]
    for path, scope in zip(paths, (head, east), strict=True):
        write_book(book_of(scope), path)
    result = engines.with_ironcalc(paths)
    assert result.differences == ()
    assert result.compared > 200


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_fits_its_cell(tmp_path: Path, lang: Lang) -> None:
    found = overflows(book_of(generate_sample.head(tmp_path, lang)))
    assert [item for item in found if item[0] not in ("Front", "首页")] == []


@pytest.mark.oracle("ironcalc")
def test_a_star_in_a_name_stands_for_itself(tmp_path: Path) -> None:
    lines = LEDGER.replace("Online,Website,Cid", "On*,Website,Cid")
    book = book_of(generate_sample.head(tmp_path, text=lines + LEDGER.splitlines()[2] + "\n"))
    assert row_of(sheet_of(book, "analysis"), "On*", 8)[11] == 0
    assert row_of(sheet_of(book, "analysis"), "Online", 8)[11] == 1600
    write_book(book, tmp_path / "star.xlsx")
    assert engines.with_ironcalc([tmp_path / "star.xlsx"]).differences == ()


def test_region_comparison_closes_with_what_no_region_owns(tmp_path: Path) -> None:
    book = book_of(generate_sample.head(tmp_path))
    sheet = sheet_of(book, "comparison")
    east, west = row_of(sheet, "East"), row_of(sheet, "West")
    loose, company = row_of(sheet, "Unassigned"), row_of(sheet, "Company")
    # Target 12,000 split 3 : 1; equal months, so three of twelve by the end of March.
    assert [east[2], west[2], company[2]] == [9000, 3000, 12000]
    assert [east[3], west[3]] == [2250, 750]
    assert [east[4], west[4]] == [Decimal("2900.25"), Decimal(700)]
    assert loose[4] == Decimal("9.99")
    assert company[4] == Decimal(EAST + WEST + LOOSE) / 100
    assert [east[7], west[7], company[7]] == [500, 800, 1300]
    assert east[8] == Decimal("2900.25") / 500 - 1
    # Attainment 128.9 % and 93.3 %.
    assert [east[10], west[10], loose[10]] == [1, 2, "–"]
    assert all(check.difference == 0 for check in book.checks)


def test_analysis_blocks_hold_hand_worked_sums(tmp_path: Path) -> None:
    sheet = sheet_of(book_of(generate_sample.head(tmp_path)), "analysis")
    assert row_of(sheet, "Feb")[3] == Decimal("1900.25")  # 2,000.50 − 100.25
    assert row_of(sheet, "First 3 months")[3] == Decimal("3610.24")
    assert row_of(sheet, "Optics", 8)[10] == Decimal("1709.99")  # 1,000 + 700 + 9.99
    assert row_of(sheet, "Online", 8)[10] == Decimal("1900.25")
    assert row_of(sheet, "A*Star")[3] == Decimal("1900.25")
    assert len(sheet.charts) == 4
    assert all(isinstance(chart.title, tuple) and chart.alt_text for chart in sheet.charts)


def test_a_plan_that_lies_ahead_compares_the_same_months(tmp_path: Path) -> None:
    head = generate_sample.head(tmp_path, year=2028)
    assert (head.focus_year, head.is_running) == (2027, False)
    sheet = sheet_of(book_of(head), "analysis")
    titles = [value(c.value) for c in sheet.cells if c.col >= 15]
    # Three of twelve equal months of 12,000: 3,000; 610.24 less than 3,610.24, 16.9 %.
    assert "First 3 months: plan 2028 3,000 USD, 610 below actual 2027 (-16.9%)" in titles


def test_missing_columns_are_said_in_words(tmp_path: Path) -> None:
    plain = "".join(",".join(line.split(",")[:3]) + "\n" for line in LEDGER.splitlines())
    sheet = sheet_of(book_of(generate_sample.head(tmp_path, text=plain)), "analysis")
    said = " ".join(str(c.value) for c in sheet.cells)
    for word in ("no product or category", "no channel", "no customer-source", "no customer col"):
        assert word in said
    assert len(sheet.charts) == 1


def test_without_a_ledger_the_sheets_say_so(tmp_path: Path) -> None:
    full = generate_sample.head(tmp_path)
    head = head_office(full.plan, full.targets, None, "en")
    book = book_of(head)
    assert sheet_of(book, "analysis").charts == []
    assert any("no sales lines" in str(c.value) for c in sheet_of(book, "analysis").cells)
    assert row_of(sheet_of(book, "comparison"), "East")[2] == 9000
    write_book(book, tmp_path / "book.xlsx")


def test_names_sumifs_would_take_for_one_stand_as_values(tmp_path: Path) -> None:
    twins = LEDGER.replace("C3,A*Star", "0012,Zed").replace("C2,Birch Works", "12,Yew")
    sheet = sheet_of(book_of(generate_sample.head(tmp_path, text=twins)), "analysis")
    row = next(c.row for c in sheet.cells if c.col == 2 and c.value == "0012")
    amount = next(c.value for c in sheet.cells if (c.row, c.col) == (row, 3))
    assert amount == Decimal("1900.25")


def test_the_ledger_table_has_every_line_and_the_cents(tmp_path: Path) -> None:
    book = book_of(generate_sample.head(tmp_path))
    table = sheet_of(book, "ledger").tables[0]
    keys = [column.key for column in table.columns]
    amounts = [row[keys.index("amount")] for row in table.rows]
    assert amounts == [500.0, 800.0, 1000.0, 2000.5, -100.25, 700.0, 9.99]
    assert round(sum(float(str(a)) for a in amounts) * 100) == TOTAL
    assert [row[keys.index("region")] for row in table.rows][-1] == "Unassigned: Atlantis"
    assert table.rows[3][keys.index("period")] == "2027-02"


@pytest.mark.parametrize("key", ["E", "W"])
def test_nothing_of_another_region_is_in_a_regions_scope(tmp_path: Path, key: str) -> None:
    head = generate_sample.head(tmp_path)
    region = next(r for r in head.plan.regions if r.id == key)
    scope = narrow(head, region)
    assert scope.ledger is not None
    plain = json.dumps(dataclasses.asdict(scope.plan), default=str)
    plain += json.dumps(dataclasses.asdict(scope.targets), default=str)
    frame = scope.ledger.frame
    plain += frame.to_csv() + str(
        [list(frame[c].cat.categories) for c in frame.select_dtypes("category")]
    )
    foreign = {
        "E": ("West", "Ben", "Eve Stays", "Birch", "Fir Forge", "Partner W", "Atlantis", "private"),
        "W": ("East", "Ann", "Alder Labs", "A*Star", "Elm Mill", "Partner E", "Atlantis"),
    }[key]
    for word in (*foreign, "secret of the group"):
        # A guest's own name may hold such a word; whole rows may not.
        assert word not in plain.replace("Cid Both", ""), word
    homes = {p.id: p.region for p in scope.plan.people}
    # A guest's home is told as the nearest region above both.
    assert homes == {"E": {"B1": "N", "E1": "E", "W2": "N"},
                     "W": {"B1": "N", "W1": "W", "W2": "W", "W3": "W"}}[key]  # fmt: skip
    assert scope.plan.settings.annual_target_amount == head.targets.of(key).amount
    assert [r.id for r in scope.plan.leaf_regions] == [key]


def test_what_home_people_sell_elsewhere_comes_as_sums_alone(tmp_path: Path) -> None:
    head = generate_sample.head(tmp_path)
    west = narrow(head, head.plan.regions[2])
    # Cid's two lines in East; Ben's line of no region.
    assert west.outside_credit == {("W2", "2027-02"): 1_900_25, ("W1", "2027-03"): 9_99}
    east = head.targets.of("E")
    quota = sum(sum(product[east.members.index("W2")]) for product in east.quotas)
    assert sum(west.outside_quota.values()) == quota > 0
    assert narrow(head, head.plan.regions[1]).outside_credit == {}


def test_as_of_and_focus_year(tmp_path: Path) -> None:
    head = generate_sample.head(tmp_path)
    assert (head.as_of, head.focus_year, head.months_to_date) == (date(2027, 3, 9), 2027, 3)
    empty = head_office(head.plan, head.targets, None, "en")
    assert (empty.as_of, empty.focus_year) == (date(2027, 1, 1), 2027)


def test_a_sentence_is_its_formula_and_its_text() -> None:
    said = sentence(
        "analysis.find_mix", "en", top=words("B9", 'The "one"'),
        share=number("F9", Decimal("0.31449"), "0.0%"),
    )  # fmt: skip
    assert said == Formula('=B9&" leads with "&TEXT(F9,"0.0%")', 'The "one" leads with 31.4%')
    assert either("A1>0", False, "up", 'dow"n').formula == 'IF(A1>0,"up","dow""n")'


@pytest.mark.parametrize(
    ("amount", "pattern", "expected"),
    [("2.5", "#,##0", "3"), ("-2.5", "#,##0", "-3"), ("1234.56", "#,##0.0", "1,234.6"),
     ("-0.0001", "0.0%", "0.0%"), ("0.1235", "0.0%", "12.4%")],
)  # fmt: skip
def test_numbers_are_shown_as_text_does(amount: str, pattern: str, expected: str) -> None:
    assert shown(Decimal(amount), pattern) == expected
