"""Every workbook of the samples and of AdventureWorks, before and after recalculation.

The figures of AdventureWorks are those its publisher's data adds up to: 57,851 lines,
77,548,570.20.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.oracles.cells import formula_cells
from tests.oracles.engines import recalculate, with_ironcalc, with_libreoffice
from tests.oracles.generated import SETS, Made, made
from tests.oracles.tables import ledger_sum, named_places, targets
from tests.oracles.validator import findings

# regions, lines, amount and target in minor units; the target is the last complete
# year × 1.12 to the nearest 100
KNOWN = {
    "sample-zh": (8, 21_720, 36_171_709_187, 18_681_100_000),
    "sample-en": (8, 21_720, 36_171_709_187, 18_681_100_000),
    "adventureworks": (10, 57_851, 7_754_857_020, 3_640_000_000),
}
GROUPS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in SETS]


@pytest.fixture(scope="session", params=GROUPS)
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.getbasetemp()
    # Under xdist each worker has its own folder beneath the run's.
    shared = base.parent if hasattr(request.config, "workerinput") else base
    return made(request.param, shared / "generated")


def share(books: Made) -> list[Path]:
    """The workbooks an engine looks at: all of the Chinese sample, of the others a few regions.

    All of all with SALESXL_LONG=1; LibreOffice always recalculates every one.
    """
    if books.name == "sample-zh" or os.environ.get("SALESXL_LONG") == "1":
        return list(books.books)
    return list(books.books[1:5])


def test_every_formula_has_a_value_and_none_is_an_error(books: Made) -> None:
    bad = []
    for path in books.books:
        cells = formula_cells(path)
        assert len(cells) > 300, f"{path.name} has only {len(cells)} formulas"
        bad += [
            f"{path.name} '{sheet}'!{place}: {cell.value!r}"
            for (sheet, place), cell in cells.items()
            if cell.value is None or cell.is_error
        ]
    assert not bad, "\n".join(bad[:20])


def test_totals_tie_up(books: Made) -> None:
    summary = books.summary
    head, *regions = summary["made"]
    assert head["region"] == ""
    loose_lines, loose = summary["unassigned_lines"], summary["unassigned_amount"]
    assert sum(r["lines"] for r in regions) + loose_lines == head["lines"]
    assert sum(r["amount"] for r in regions) + loose == head["amount"]
    assert head["lines"] == summary["ledger_lines"]
    assert head["amount"] == summary["ledger_amount"]
    assert sum(r["target"] for r in regions) == head["target"] == summary["target"]
    assert summary["ties"] is True
    assert sum(row["failed_checks"] for row in summary["made"]) == 0


def test_figures_are_the_known_ones(books: Made) -> None:
    head, *regions = books.summary["made"]
    known = KNOWN[books.name]
    lines, amount = sum(r["lines"] for r in regions), sum(r["amount"] for r in regions)
    assert (len(regions), lines, amount, head["target"]) == known
    assert (len(regions), head["lines"], head["amount"], books.summary["target"]) == known


def assert_targets_add_up(books: Made, stored: Mapping[Path, Path]) -> None:
    """Year = quarters = months = products in each file; the regions make the head office."""
    years: list[int] = []
    products: list[tuple[int, ...]] = []
    for row, path in zip(books.summary["made"], books.books, strict=True):
        figures = targets(stored[path], named_places(path))
        assert figures["year"] == (row["target"],), path.name
        assert (len(figures["quarters"]), len(figures["months"])) == (4, 12), path.name
        assert sum(figures["quarters"]) == row["target"], path.name
        assert sum(figures["months"]) == row["target"], path.name
        if row["region"]:
            assert sum(figures["products"]) == row["target"], path.name
            years += figures["year"]
            products.append(figures["products"])
    assert sum(years) == books.summary["target"]
    by_product = [sum(amounts) for amounts in zip(*products, strict=True)]
    assert sum(by_product) == books.summary["target"]


def test_targets_add_up_as_stored(books: Made) -> None:
    assert_targets_add_up(books, {path: path for path in books.books})


def test_ledger_sheets_hold_every_line(books: Made) -> None:
    """Counted and added up from the files themselves, not from what the run says."""
    sums = {path: ledger_sum(path) for path in books.books}
    for row, path in zip(books.summary["made"], books.books, strict=True):
        assert sums[path] == (row["lines"], row["amount"]), path.name


@pytest.mark.oracle("ironcalc")
def test_ironcalc_finds_the_same_values(books: Made) -> None:
    looked = share(books)
    found = with_ironcalc(looked)
    assert found.compared > 300 * len(looked)
    assert not found.differences, "\n".join(str(d) for d in found.differences[:20])


@pytest.mark.oracle("libreoffice")
def test_libreoffice_finds_the_same_values(books: Made, tmp_path: Path) -> None:
    recalculated = recalculate(books.books, tmp_path)
    found = with_libreoffice(recalculated)
    assert found.compared > 300 * len(books.books)
    assert not found.differences, "\n".join(str(d) for d in found.differences[:20])
    assert_targets_add_up(books, recalculated)


@pytest.mark.oracle("ooxml-validator")
def test_validator_is_silent(books: Made) -> None:
    found = findings([books.folder / "plan.xlsx", *share(books)])
    assert not found, "\n".join(found[:20])
