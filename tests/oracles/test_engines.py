"""The oracles' harness itself: it must see a wrong value, an empty one and an error."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.oracles.cells import formula_cells, position, same
from tests.oracles.engines import recalculate, with_ironcalc, with_libreoffice


def _book(path: Path, stored: object) -> Path:
    """C1 = A1 × B1 = 2.5 × 4 with `stored` beside it."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("一 & two")
        sheet.write_row(0, 0, [2.5, 4])
        sheet.write_formula(0, 2, "=A1*B1", None, stored)
        sheet.write_formula(1, 2, '="sum "&TEXT(A1+B1,"0.0")', None, "sum 6.5")
    return path


def test_formula_cells_reads_formula_and_value(tmp_path: Path) -> None:
    cells = formula_cells(_book(tmp_path / "a.xlsx", 10))
    assert cells["一 & two", "C1"].formula == "A1*B1"
    assert cells["一 & two", "C1"].value == 10.0
    assert cells["一 & two", "C2"].value == "sum 6.5"


def test_formula_cells_sees_empty_and_error(tmp_path: Path) -> None:
    cells = formula_cells(_book(tmp_path / "a.xlsx", "#NAME?"))
    assert cells["一 & two", "C1"].is_error
    cells = formula_cells(_book(tmp_path / "b.xlsx", ""))
    assert cells["一 & two", "C1"].value is None


@pytest.mark.oracle("ironcalc")
def test_ironcalc_finds_a_wrong_value(tmp_path: Path) -> None:
    right = with_ironcalc([_book(tmp_path / "a.xlsx", 10)])
    assert (right.compared, right.differences) == (2, ())
    wrong = with_ironcalc([_book(tmp_path / "b.xlsx", 10.01)])
    assert [str(d) for d in wrong.differences] == ["b.xlsx '一 & two'!C1: 10.01 != 10.0  A1*B1"]


@pytest.mark.oracle("libreoffice")
def test_libreoffice_finds_a_wrong_value(tmp_path: Path) -> None:
    paths = [_book(tmp_path / "a.xlsx", 10), _book(tmp_path / "b.xlsx", 10.01)]
    found = with_libreoffice(recalculate(paths, tmp_path / "work"))
    assert found.compared == 4
    assert [(d.file, d.cell, d.theirs) for d in found.differences] == [("b.xlsx", "C1", 10.0)]


@pytest.mark.parametrize(
    ("ours", "theirs", "equal"),
    [
        (1234.5, 1234.504, True),  # money: less than a cent
        (1234.5, 1234.51, False),
        (0.125, 0.125 + 1e-14, True),  # a ratio
        (0.125, 0.126, False),
        (0.0, 7e-9, True),  # what cancelling sums leave
        ("✓", "✓", True),
        ("1", 1.0, False),
        (None, 0.0, False),
        (True, True, True),
    ],
)
def test_same(ours: object, theirs: object, equal: bool) -> None:
    assert same(ours, theirs) is equal  # type: ignore[arg-type]


def test_position() -> None:
    assert position("A1") == (1, 1)
    assert position("AB12") == (12, 28)
