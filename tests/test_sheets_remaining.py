"""The rest of the year: the sheet's own formulas follow what is typed, as core's rule does."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from salesxl.core.resplit import resplit
from salesxl.ledger.frame import Ledger
from salesxl.ooxml.write import write_book
from salesxl.plan.model import REMAINING, TargetLock
from salesxl.sheets import ledger_lines, remaining, targets
from salesxl.sheets.content import Book
from salesxl.sheets.remaining_lines import closed_months, lines_of
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_matrix import WEIGHT, month_col, quarter_col
from salesxl.sheets.widths import overflows
from tests import target_sample
from tests.oracles import engines

ironcalc = pytest.importorskip("ironcalc")


def scope_of(sales: Ledger | None = None, **settings: object) -> Scope:
    """East with sales from April to September 2027; December of its first line is locked."""
    plan = target_sample.plan()
    plan = dataclasses.replace(
        plan,
        settings=dataclasses.replace(plan.settings, **settings),
        target_locks=(
            TargetLock(
                region="E", product_line=plan.product_lines[0].id, month=12, locked_amount=7_000_00
            ),
        ),
    )
    return target_sample.scope(plan, "E", lines=sales)


def book_of(scope: Scope) -> Book:
    book = Book("zh", "t", "t", currency="CNY", decimals=2)
    book.sheets.append(targets.build(scope, book))
    book.sheets.append(remaining.build(scope, book))
    if scope.ledger is not None:
        book.sheets.append(ledger_lines.build(scope, book))
    return book


def test_months_that_are_over_keep_their_sales() -> None:
    """By 9 September eight months of the calendar year are over; December is locked at 7,000."""
    scope = scope_of(target_sample.ledger())
    assert closed_months(scope) == 8
    for line in lines_of(scope):
        kept = list(line.actual[:8])
        assert None not in kept and line.actual[8:] == (None,) * 4
        assert list(line.new[:8]) == kept
        assert sum(line.new) == line.target and line.gap == 0
    assert lines_of(scope)[0].new[11] == 7_000_00


@pytest.mark.parametrize("variant", ["annual", "spread", "plan"])
def test_what_is_typed_moves_the_rest(variant: str, tmp_path: Path) -> None:
    """A year typed month by month, the way changed on the sheet: IronCalc against the rule."""
    scope = scope_of()
    book = book_of(scope)
    sheet = book.sheets[1]
    path = tmp_path / "t.xlsx"
    write_book(book, path)
    model: Any = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.set_user_input(1, remaining.CHOICE + 1, WEIGHT + 1, REMAINING[variant][0])
    model.set_user_input(1, remaining.CHOICE + 1, quarter_col(0) + 4, "2")
    own = scope.targets.of("E")
    typed = [1_234_56, 0, 99_999_99]
    for index in range(len(own.products)):
        row = remaining.BODY + remaining.ROWS * index
        for month in range(12):
            model.set_user_input(1, row + 2, month_col(month) + 1, "")
        for month, amount in enumerate(typed):
            model.set_user_input(1, row + 2, month_col(month) + 1, str(amount / 100))
    model.evaluate()
    for index, amount in enumerate(own.products):
        row = remaining.BODY + remaining.ROWS * index
        wanted = resplit(
            amount, scope.targets.month_parts, [*typed, *[None] * 9], unit=scope.targets.unit,
            variant=variant, months=2, locked=own.month_locks[index], plan=own.months[index],
        )  # fmt: skip
        found = [model.get_cell_value(1, row + 3, month_col(month) + 1) for month in range(12)]
        assert [round(value * 100) for value in found] == wanted
    assert sheet.key == "remaining"


def test_the_way_by_quarters_is_told_as_values() -> None:
    book = book_of(scope_of(remaining="quarter"))
    notes = [c.value for c in book.sheets[1].cells if c.look.style == "note"]
    assert any("固定数值" in str(value) for value in notes)
    assert all(check.difference == 0 for check in book.checks)


def test_every_formula_has_its_value(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_book(book_of(scope_of(target_sample.ledger(), remaining="spread")), path)
    found = engines.with_ironcalc([path])
    assert found.compared > 500 and not found.differences


def test_no_text_needs_more_than_its_cell() -> None:
    assert not list(overflows(book_of(scope_of())))
