"""A template as a person leaves it: restyled, with rows, columns, sheets and formulas of its own.

The template is that of the region East of `tests.generate_sample`; it is poured for West.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from salesxl.ooxml.pour.into import pour
from salesxl.ooxml.pour.prototype import template_of
from salesxl.ooxml.pour.target import Target, target_of
from salesxl.ooxml.template.compile import compile_template
from salesxl.sheets.content import Book, Formula
from salesxl.sheets.scope import narrow
from salesxl.sheets.workbook import build_book
from tests.generate_sample import head
from tests.oracles.validator import findings
from tests.template.as_excel import Edited


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    """East, West."""
    scope = head(tmp_path_factory.mktemp("scope"))
    leaves = [region for region in scope.plan.regions if region.id in scope.targets.region_ids]
    return [build_book(narrow(scope, region)) for region in leaves]


@pytest.fixture
def template(books: list[Book]) -> Edited:
    return Edited(template_of(books, "region"))


def opened(template: Edited) -> Target:
    made = target_of(compile_template(template.done(), "MY.xlsx"))
    assert made is not None
    return made


def poured(template: Edited, book: Book) -> Any:
    data = pour(opened(template), book)
    return openpyxl.load_workbook(BytesIO(data))


def title(book: Book, key: str) -> str:
    return next(sheet.title for sheet in book.sheets if sheet.key == key)


def row_of(sheet: Any, text: str, col: int = 2) -> int:
    """The row (from 1) whose cell in `col` shows `text`."""
    return next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, col).value == text)


def test_an_edited_caption_stays_and_data_does_not(books: list[Book], template: Edited) -> None:
    targets = title(books[1], "targets")
    template.caption(targets, 1, 1, "Our goals")  # the sheet's title
    template.caption(targets, 2, 1, "typed over data")  # the subtitle names the region
    book = poured(template, books[1])
    assert book[targets]["B2"].value == "Our goals"
    assert "West" in book[targets]["B3"].value


def test_a_restyled_row_gives_its_look_to_every_row_of_its_kind(
    books: list[Book], template: Edited
) -> None:
    customers = title(books[1], "customers")
    target = opened(template)
    spot = target.sheets["customers"]
    name, row, col, _ = spot.record.tables[0]
    template.fill(customers, row + 1, col + 1, "FF00FF00")
    sheet = poured(template, books[1])[customers]
    table = next(t for s in books[1].sheets for t in s.tables if t.name == name)
    colours = {
        sheet.cell(table.row + 2 + n, col + 2).fill.fgColor.rgb for n in range(len(table.rows) - 5)
    }
    assert colours == {"FF00FF00"}
    # The neighbour keeps ours.
    assert sheet.cell(table.row + 2, col + 1).fill.fgColor.rgb != "FF00FF00"


def test_rows_a_person_inserted_stay_once_where_they_were(
    books: list[Book], template: Edited
) -> None:
    targets = title(books[1], "targets")
    plain = poured(Edited(template.done()), books[1])[targets]
    template.insert_rows(targets, 5, 2)  # above the heads of the matrix
    template.caption(targets, 5, 1, "note of ours")
    book = poured(template, books[1])
    sheet = book[targets]
    assert sheet["B6"].value == "note of ours"
    assert sheet["B8"].value == plain["B6"].value
    year = next(n for n, d in book.defined_names.items() if n == "annual_target")
    before = row_of(plain, "Total")
    assert book.defined_names[year].attr_text == f"'{targets}'!$D${before + 2}"
    total = sheet.cell(before + 2, 4).value
    moved = re.sub(r"\d+", lambda m: str(int(m[0]) + 2), plain.cell(before, 4).value)
    assert total == moved


def test_a_column_between_ours_is_kept_and_our_formulas_step_over_it(
    books: list[Book], template: Edited
) -> None:
    customers = title(books[1], "customers")
    spot = opened(template).sheets["customers"]
    _, row, col, _ = spot.record.tables[0]
    plain = poured(Edited(template.done()), books[1])[customers]
    template.insert_columns(customers, col + 2)
    template.formula(customers, row + 1, col + 2, f"LEN(B{row + 2})*2")
    sheet = poured(template, books[1])[customers]
    table = next(t for s in books[1].sheets for t in s.tables if t.name == "customers")
    first = table.row + 2
    for number in range(3):
        assert sheet.cell(first + number, col + 3).value == f"=LEN(B{first + number})*2"
        assert (
            sheet.cell(first + number, col + 4).value == plain.cell(first + number, col + 3).value
        )
    for line in range(1, 12):
        old = [plain.cell(line, c).value for c in range(1, col + 3)]
        assert [sheet.cell(line, c).value for c in range(1, col + 3)] == old, line


def test_a_renamed_sheet_is_renamed_in_every_formula(books: list[Book], template: Edited) -> None:
    targets = title(books[1], "targets")
    template.rename(targets, "Goals & more".replace("&", "and"))
    book = poured(template, books[1])
    assert "Goals and more" in book.sheetnames
    assert targets not in book.sheetnames
    formulas = [
        cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"
    ]
    assert any("'Goals and more'!" in formula for formula in formulas)
    assert not any(f"'{targets}'!" in formula for formula in formulas)
    assert book.defined_names["annual_target"].attr_text.startswith("'Goals and more'!")


def test_a_formula_of_a_persons_own_follows_what_it_means(
    books: list[Book], template: Edited
) -> None:
    """Beside the list's first row and below everything; a sum over the list grows with it."""
    customers = title(books[1], "customers")
    spot = opened(template).sheets["customers"]
    _, row, col, titles = spot.record.tables[0]
    last = len(spot.record.rows)
    template.formula(customers, last + 2, 1, f"SUM(G{row + 2}:G{row + 2})")
    template.formula(customers, row + 1, col + len(titles) + 1, f"B{row + 2}&C${row + 1}")
    data = pour(opened(template), books[1])
    sheet = openpyxl.load_workbook(BytesIO(data))[customers]
    table = next(t for s in books[1].sheets for t in s.tables if t.name == "customers")
    first, end = table.row + 2, table.row + 1 + len(table.rows)
    far = col + len(titles) + 2
    assert [sheet.cell(first + n, far).value for n in range(2)] == [
        f"=B{first + n}&C${first - 1}" for n in range(2)
    ]
    sums = [c.value for r in sheet for c in r if str(c.value).startswith("=SUM(G")]
    assert sums == [f"=SUM(G{first}:G{end})"]
    # Its stored value was another region's: it is gone, and the book asks to be calculated.
    book = Edited(data)
    assert "12345" not in book.parts[book.part(customers)]
    assert 'fullCalcOnLoad="1"' in book.parts["xl/workbook.xml"]


def test_a_deleted_sheet_stays_deleted(books: list[Book], template: Edited) -> None:
    """Formulas that pointed there hold their value, links become text."""
    incentives = title(books[1], "targets")
    part = template.part(incentives)
    book = template.parts["xl/workbook.xml"]
    found = re.search(rf'<sheet name="{incentives}"[^>]*r:id="([^"]*)"/>', book)
    assert found is not None
    book = book.replace(found.group(), "")
    book = re.sub(rf">'?{incentives}'?![^<]*<", ">#REF!<", book)
    number = template.titles.index(incentives)
    book = re.sub(rf'<definedName [^>]*localSheetId="{number}"[^>]*>[^<]*</definedName>', "", book)
    book = re.sub(
        r'localSheetId="(\d+)"',
        lambda m: f'localSheetId="{int(m[1]) - (int(m[1]) > number)}"',
        book,
    )
    template.parts["xl/workbook.xml"] = book
    rels = template.parts["xl/_rels/workbook.xml.rels"]
    template.parts["xl/_rels/workbook.xml.rels"] = re.sub(
        rf'<Relationship Id="{found[1]}"[^>]*/>', "", rels
    )
    types = template.parts["[Content_Types].xml"]
    template.parts["[Content_Types].xml"] = re.sub(
        rf'<Override PartName="/{part}"[^>]*/>', "", types
    )
    del template.parts[part]
    made = poured(template, books[1])
    assert incentives not in made.sheetnames
    for sheet in made:
        for row in sheet:
            for cell in row:
                assert incentives + "'!" not in str(cell.value), f"{sheet.title}!{cell.coordinate}"
                assert "#REF!" not in str(cell.value), f"{sheet.title}!{cell.coordinate}"
    front = title(books[1], "front")
    content = next(s for s in books[1].sheets if s.key == "front")
    linked = next(
        cell for cell in content.cells
        if isinstance(cell.value, Formula) and f"'{incentives}'!" in cell.value.text
    )  # fmt: skip
    value = made[front].cell(linked.row + 1, linked.col + 1).value
    assert isinstance(linked.value, Formula)
    assert str(value) == str(linked.value.value) or float(value) == float(linked.value.value)  # type: ignore[arg-type]


def test_a_deleted_row_is_written_hidden(books: list[Book], template: Edited) -> None:
    targets = title(books[1], "targets")
    record = opened(template).sheets["targets"].record
    gone = len(record.rows) - 1  # the note at the foot
    name = f"_sx.targets.r{gone}"
    text = template.parts["xl/workbook.xml"]
    template.parts["xl/workbook.xml"] = re.sub(
        rf'(<definedName name="{re.escape(name)}"[^>]*>)[^<]*', r"\1#REF!", text
    )
    sheet = poured(template, books[1])[targets]
    last = (
        max(cell.row for cell in next(s for s in books[1].sheets if s.key == "targets").cells) + 1
    )
    assert any(sheet.row_dimensions[r].hidden for r in range(last, sheet.max_row + 1))


def test_everything_at_once_is_valid(books: list[Book], template: Edited, tmp_path: Path) -> None:
    targets, customers = title(books[1], "targets"), title(books[1], "customers")
    template.insert_rows(targets, 5, 2)
    template.insert_columns(targets, 3)
    template.insert_columns(customers, 3)
    template.insert_rows(customers, 2)
    template.rename(targets, "Goals")
    template.caption("Goals", 1, 1, "Our goals")
    first = pour(opened(template), books[0])
    second = pour(opened(template), books[1])
    assert second == pour(opened(template), books[1])
    for number, data in enumerate((first, second)):
        (tmp_path / f"{number}.xlsx").write_bytes(data)
        openpyxl.load_workbook(BytesIO(data))


@pytest.mark.oracle("ooxml-validator")
def test_the_validator_is_silent(books: list[Book], template: Edited, tmp_path: Path) -> None:
    targets = title(books[1], "targets")
    template.insert_rows(targets, 5, 2)
    template.insert_columns(targets, 3)
    template.rename(targets, "Goals")
    path = tmp_path / "West.xlsx"
    path.write_bytes(pour(opened(template), books[1]))
    assert findings([path]) == []
