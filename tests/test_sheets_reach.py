"""The head office's view of the target: the sheet's formulas say what the rules say."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from salesxl.ooxml.write import write_book
from salesxl.plan.model import SalesYear
from salesxl.sheets import reach, targets_company
from salesxl.sheets.content import Book, Formula
from salesxl.sheets.scope import Scope
from salesxl.sheets.widths import overflows
from salesxl.texts import LANGS, Lang
from tests import target_sample
from tests.oracles import engines

ironcalc = pytest.importorskip("ironcalc")
YEARS = ((2023, 5_000_000_00), (2024, 6_000_000_00), (2025, 7_500_000_00), (2026, 8_000_000_00))


def scope_of(lang: Lang = "zh", years: tuple[tuple[int, int], ...] = YEARS) -> Scope:
    plan = target_sample.plan()
    settings = dataclasses.replace(
        plan.settings, market_amount=20_000_000_00, productivity_amount=2_000_000_00
    )
    regions = tuple(dataclasses.replace(r, proposal_amount=4_500_000_00) for r in plan.regions[:1])
    plan = dataclasses.replace(
        plan,
        settings=settings,
        regions=(*regions, *plan.regions[1:]),
        sales_years=tuple(SalesYear(sales_year=y, sales_amount=a) for y, a in years),
    )
    return target_sample.scope(plan, lang=lang)


def book_of(scope: Scope) -> Book:
    book = Book(scope.lang, "t", "t", currency="CNY", decimals=2)
    book.sheets += targets_company.build(scope, book)
    book.sheets.append(reach.build(scope, book))
    return book


def cells(book: Book) -> dict[tuple[int, int], Any]:
    return {
        (c.row, c.col): c.value.value if isinstance(c.value, Formula) else c.value
        for c in book.sheets[-1].cells
    }


def test_the_checks_by_hand() -> None:
    """Growth 25 % at best; the line through 5, 6, 7.5 and 8 million reaches 9.25 million."""
    found = cells(book_of(scope_of()))
    row = next(r for (r, c), v in found.items() if c == 5 and v == 9_250_000)
    assert found[row, 4] == pytest.approx(0.25)  # type: ignore[comparison-overlap]
    assert found[row, 6] == pytest.approx(9_712_500)  # type: ignore[comparison-overlap]
    assert found[row, 7] == 10_000_000
    assert str(found[row, 8]).startswith("✓")  # 8,640,123.45 lies below


def test_an_edited_year_moves_the_verdict(tmp_path: Path) -> None:
    """With 16 million in 2026 and falling years before, the same target is a mere decline."""
    book = book_of(scope_of())
    path = tmp_path / "t.xlsx"
    write_book(book, path)
    model: Any = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    found = cells(book)
    row = next(r for (r, c), v in found.items() if c == 5 and v == 9_250_000)
    first = next(r for (r, c), v in found.items() if c == 1 and v == "2023")
    for offset, sold in enumerate((9_000_000, 8_000_000, 7_000_000, 6_000_000)):
        model.set_user_input(2, first + offset + 1, 3, str(sold))
    model.evaluate()
    assert model.get_cell_value(2, row + 1, 6) == pytest.approx(5_000_000)
    assert str(model.get_cell_value(2, row + 1, 9)).startswith("✕")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("years", [YEARS, YEARS[:1], ()])
def test_every_formula_has_its_value(
    tmp_path: Path, lang: Lang, years: tuple[tuple[int, int], ...]
) -> None:
    book = book_of(scope_of(lang, years))
    path = tmp_path / "t.xlsx"
    write_book(book, path)
    found = engines.with_ironcalc([path])
    assert found.compared > 200 and not found.differences
    assert not [text for text in overflows(book) if text[0] == book.sheets[-1].title]
    assert [check.difference for check in book.checks] == [0] * len(book.checks)
