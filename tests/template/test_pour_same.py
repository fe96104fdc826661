"""The quick way to a workbook and the way through a template make what XlsxWriter makes."""

from __future__ import annotations

import pickle
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from salesxl.batch.output import packed
from salesxl.errors import SalesxlError
from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.into import pour
from salesxl.ooxml.pour.prototype import template_of
from salesxl.ooxml.pour.target import Target, target_of
from salesxl.ooxml.template.compile import compile_template
from salesxl.ooxml.write import book_bytes
from salesxl.opc.cells import Reader
from salesxl.opc.package import open_package
from salesxl.sheets.content import Book, Formula, ListTable, Look, Sheet, TableColumn
from salesxl.sheets.scope import narrow
from salesxl.sheets.workbook import build_book
from tests.generate_sample import head
from tests.template.compare_books import differences

# Written by another rule of the template engine, or on purpose not taken from it.
OTHER = ("xl/_rels/workbook.xml.rels", "xl/workbook.xml", "docProps/app.xml")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    """East, West, head office."""
    scope = head(tmp_path_factory.mktemp("scope"))
    leaves = [region for region in scope.plan.regions if region.id in scope.targets.region_ids]
    return [build_book(narrow(scope, region)) for region in leaves] + [build_book(scope)]


def target(books: Sequence[Book], kind: str = "region") -> Target:
    made = target_of(compile_template(template_of(books, kind), "T.xlsx"))  # type: ignore[arg-type]
    assert made is not None
    return made


@pytest.mark.parametrize("number", range(3))
def test_the_quick_way_makes_the_same_workbook(books: list[Book], number: int) -> None:
    assert differences(book_bytes(books[number]), packed(books[number])) == []


# What a template of several regions says of the page holds for each; blanks beside the
# page, where another region has helper cells, may stay.
_PAGE = "<pageSetup>"
_BLANK = re.compile(r"[A-Z]+[0-9]+: None \| \('n', None, None, ")


def meant(found: Sequence[str]) -> list[str]:
    """The differences that are none of the template's own rights."""
    return [
        line for line in found
        if not line.startswith(OTHER) and _PAGE not in line and not _BLANK.search(line)
    ]  # fmt: skip


def test_an_untouched_template_gives_the_same_workbook(books: list[Book]) -> None:
    template = target(books[:2])
    for book in books[:2]:
        assert meant(differences(book_bytes(book), pour(template, book))) == []


def test_a_template_of_another_region_gives_the_same_cells(books: list[Book]) -> None:
    """West has kinds of rows East lacks; they get the look of other rows or their own."""
    found = differences(book_bytes(books[1]), pour(target(books[:1]), books[1]))
    assert meant(found) == []


def test_the_head_office_too(books: list[Book]) -> None:
    found = differences(book_bytes(books[2]), pour(target(books[2:], "head-office"), books[2]))
    assert meant(found) == []


def test_same_inputs_same_bytes(books: list[Book]) -> None:
    template = target(books[:1])
    again = pickle.loads(pickle.dumps(template))
    first = pour(template, books[1])
    pour(template, books[0])
    assert pour(template, books[1]) == first == pour(again, books[1])
    assert packed(books[0]) == packed(books[0])
    assert template_of(books[:2], "region") == template_of(books[:2], "region")


def texts(book: Book) -> set[str]:
    """Every text a workbook shows, alt texts too."""
    found = set()
    for sheet in book.sheets:
        values = [cell.value for cell in sheet.cells]
        values += [value for table in sheet.tables for row in table.rows for value in row]
        for value in values:
            value = value.value if isinstance(value, Formula) else value
            found.add(getattr(value, "text", value))
        found |= {chart.alt_text for chart in sheet.charts}
    return {text for text in found if isinstance(text, str) and len(text) > 3}


def test_nothing_of_the_samples_is_left(books: list[Book]) -> None:
    """East's template, poured for West: no text of East's in any part, no anchor, no record."""
    east, west = books[0], books[1]
    strange = [text for text in texts(east) if not any(text in other for other in texts(west))]
    assert len(strange) > 20
    whole, ours = (
        "\n".join(archive.read(name).decode() for name in archive.namelist())
        for archive in (
            zipfile.ZipFile(BytesIO(data)) for data in (pour(target([east]), west), packed(west))
        )
    )
    # A word of ours, such as one in a formula, is in West's own workbook too.
    leaked = [text for text in strange if escape(text) in whole and escape(text) not in ours]
    assert leaked == []
    assert "_sx." not in whole
    assert "_salesxl" not in whole


def test_a_long_table_is_written_by_column(tmp_path: Path) -> None:
    book = Book("en", "Lines", "Firm", currency="USD")
    sheet = Sheet("ledger", "Ledger", last_col=4)
    columns = [
        TableColumn("day", "Day", Look("cell", "date")), TableColumn("who", "Who"),
        TableColumn("amount", "Amount", Look("cell", "pay")), TableColumn("paid", "Paid"),
    ]  # fmt: skip
    rows = [
        (
            date(2027, 1, 1 + n % 28),
            f" <{n % 7}> & =1+1",
            Decimal(n) / 100 if n % 3 else None,
            n % 2 == 0,
        )
        for n in range(900)
    ]
    sheet.tables.append(ListTable("ledger", 3, 1, columns, rows))
    sheet.put(1, 1, "Ledger", "title")
    book.sheets.append(sheet)
    assert differences(book_bytes(book), packed(book)) == []
    found = differences(book_bytes(book), pour(target([book]), book))
    assert meant(found) == []


@pytest.mark.parametrize(
    ("value", "code"), [("x" * 32_768, "page.text_too_long"), ("\ud800", "page.illegal_character")]
)
def test_a_text_no_cell_holds_names_its_cell(value: str, code: str) -> None:
    book = Book("en", "T", "Firm")
    sheet = Sheet("front", "Front", last_col=2)
    sheet.put(2, 1, value)
    book.sheets.append(sheet)
    with pytest.raises(SalesxlError) as caught:
        packed(book)
    assert caught.value.problems[0].code == code
    assert "B3" in caught.value.problems[0].where


HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "_x0041_", "a\x01b", " edge ", "<r>x</r>",
           "שלום", "😀" * 10, "line\nbreak", "x" * 32_767]  # fmt: skip


def test_hostile_text_reads_back_the_same(tmp_path: Path) -> None:
    book = Book("en", "T", "Firm")
    sheet = Sheet("front", "Front", last_col=2)
    for row, text in enumerate(HOSTILE):
        sheet.put(row, 1, text)
    book.sheets.append(sheet)
    for data in (packed(book), pour(target([book]), book)):
        path = tmp_path / "t.xlsx"
        path.write_bytes(data)
        with open_package(path) as package:
            grid = Reader(package).grid(package.sheets[0])
        assert [grid.value(row, 1) for row in range(len(HOSTILE))] == HOSTILE
