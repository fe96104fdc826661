"""Whatever text comes in, it is read back the same and never becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from salesxl.errors import SalesxlError
from salesxl.ooxml.template.compile import Template
from salesxl.ooxml.template.fill import Fill, Item
from salesxl.opc.cells import Reader
from salesxl.opc.package import open_package, unescape
from tests.oracles.cells import formula_cells
from tests.oracles.engines import recalculate
from tests.oracles.validator import findings
from tests.template.rich_fill import template

LONGEST = 32_767  # UTF-16 units, as Excel counts

TEXTS = (
    "=cmd|'/c calc'!A1", "=1+1", '=HYPERLINK("http://x.example","y")', "=", "==",
    "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1", "=\n1", " =1", "'=1", "'quoted", '"', "'",
    "{=1}", "{person}", "{}", "%s %d", "\\", "$1 \\g<0>", "a\x00b", "a\tb", "a\r\nb", "a\nb",
    "a\rb", "\x01\x02\x1f", "\x7f\x85\xa0", "\u2028\u2029", "\ufeff", "\ufffe\uffff",
    "_x0041_", "_x005F_", "_x005F_x0041_", "_X0041_", "_x00410_", "__x0041__", "_x0041\x01",
    "_x0041\r\n", "_x",
    " edge", "edge ", " ", "  ", "\u3000", "&", "<", ">", "&amp;", "&#65;", "]]>", "<![CDATA[x]]>",
    "<f>1</f>", "</t></is></c>", "<!-- x -->", "<?xml?>", "שלום", "\u202eevil\u202c", "مرحبا 123",
    "王芳", "𠮷野", "👩‍👩‍👧‍👦", "e\u0301", "é", "1", "01", "1e5", "TRUE", "#N/A", "#REF!",
    "2025-01-01", "1/2", "NaN", "", "0", "x" * 8_193,
    "ab" * 16_383 + "c", "é" * LONGEST, "👍" * 16_383,
)  # fmt: skip


def texts_fill(texts: tuple[str, ...]) -> Fill:
    """Every text in a table column, a named list, a block's cell and a block's list."""
    count = len(texts)
    return Fill(
        cells={"report_title": texts[0], "manager": texts[-2]},
        lists={
            "Sales": {
                "Customer": list(texts), "Day": [None] * count, "Units": [1] * count,
                "Price": [1] * count,
            },
            "people": {"person": list(texts), "units": [1] * count, "rate": [1] * count},
            "targets_list": {"Key": list(texts), "Amount": [1] * count},
        },
        blocks={
            "card": [
                Item(
                    {"person": text, "team": text},
                    {"card_lines": {"product": [text, text], "amount": [1, 2]}},
                )
                for text in texts
            ]
        },
    )  # fmt: skip


def places(texts: tuple[str, ...]) -> Iterator[tuple[str, int, int, str]]:
    """(sheet, row, column, text) of every place, counted from 1."""
    yield "Report", 1, 1, texts[0]
    yield "People", 2, 2, texts[-2]
    for i, text in enumerate(texts):
        yield "Report", 11 + i, 1, text
        yield "People", 6 + i, 1, text
        yield "People", 6 + i, 8, text
        top = 4 + i * 8  # a card of two lines is eight rows
        yield "Cards", top, 1, text
        yield "Cards", top + 1, 2, text
        yield "Cards", top + 3, 1, text
        yield "Cards", top + 4, 1, text


@pytest.fixture(scope="module")
def compiled() -> Template:
    return template()


@pytest.fixture(scope="module")
def path(compiled: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("hostile") / "texts.xlsx"
    target.write_bytes(compiled.fill(texts_fill(TEXTS)))
    return target


def differing(found: list[tuple[str, int, int, str, object]]) -> list[str]:
    return [
        f"{sheet} row {row} column {col}: {text[:40]!r} read as {str(value)[:40]!r}"
        for sheet, row, col, text, value in found
        if value != text and not (text == "" and value is None)
    ]


def test_read_back_by_our_own_reader(path: Path) -> None:
    with open_package(path) as package:
        reader = Reader(package)
        grids = {sheet.name: reader.grid(sheet) for sheet in package.sheets}
    found = [
        (s, row, col, text, grids[s].rows.get(row - 1, {}).get(col - 1))
        for s, row, col, text in places(TEXTS)
    ]
    assert not differing(found), "\n".join(differing(found)[:20])


def test_read_back_by_openpyxl(path: Path) -> None:
    """openpyxl leaves the format's escapes as they are, except that it drops ``x005F_``."""
    book = openpyxl.load_workbook(path)
    found = []
    for sheet, row, col, text in places(TEXTS):
        cell = book[sheet].cell(row, col)
        assert cell.data_type in ("s", "n", "inlineStr"), f"{sheet} {cell.coordinate} {text[:40]!r}"
        value = cell.value
        if value is not None and "_x" in text.lower():
            continue  # the literal escapes, which it does not read by the book
        found.append((sheet, row, col, text, value if value is None else unescape(str(value))))
    assert not differing(found), "\n".join(differing(found)[:20])


def test_read_back_by_calamine(path: Path) -> None:
    book = CalamineWorkbook.from_path(path)
    grids = {name: book.get_sheet_by_name(name) for name in ("Report", "People", "Cards")}
    rows = {name: grid.to_python(skip_empty_area=False) for name, grid in grids.items()}
    found = []
    for sheet, row, col, text in places(TEXTS):
        if text == "\ufffe\uffff":
            continue  # it leaves these two escaped
        value = rows[sheet][row - 1][col - 1]
        found.append((sheet, row, col, text, value))
    assert not differing(found), "\n".join(differing(found)[:20])


@pytest.mark.oracle("libreoffice")
def test_read_back_by_libreoffice(compiled: Template, tmp_path: Path) -> None:
    texts = tuple(text for text in TEXTS if len(text) < 10_000)  # it lays out the others slowly
    path = tmp_path / "texts.xlsx"
    path.write_bytes(compiled.fill(texts_fill(texts)))
    made = recalculate([path], tmp_path / "work")[path]
    formulas = formula_cells(made)
    with open_package(made) as package:
        reader = Reader(package)
        grids = {sheet.name: reader.grid(sheet) for sheet in package.sheets}
    found = []
    for sheet, row, col, text in places(texts):
        assert (sheet, f"{'ABCDEFGH'[col - 1]}{row}") not in formulas, text[:40]
        if not plain_text(text):
            continue
        found.append((sheet, row, col, text, grids[sheet].rows.get(row - 1, {}).get(col - 1)))
    assert not differing(found), "\n".join(differing(found)[:20])


def plain_text(text: str) -> bool:
    """Texts LibreOffice keeps: no control characters or escapes."""
    odd = any(letter < " " or letter in "\x7f\x85\u2028\u2029\ufeff\ufffe\uffff" for letter in text)
    return not odd and "_x" not in text.lower()


def test_none_is_a_formula(path: Path) -> None:
    formulas = formula_cells(path)
    hit = [
        (sheet, row, text[:40])
        for sheet, row, col, text in places(TEXTS)
        if (sheet, f"{'ABCDEFGH'[col - 1]}{row}") in formulas
    ]
    assert not hit
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book["Report"]["A11"].data_type == "s"
    assert book["Report"]["E11"].data_type == "f"  # the control


@pytest.mark.oracle("ooxml-validator")
def test_validator_is_silent(path: Path) -> None:
    assert findings([path], office="Microsoft365") == []


# A fill that puts a text into one cell, and that cell.
PLACES: tuple[tuple[Callable[[str], Fill], str], ...] = (
    (lambda t: Fill(cells={"manager": t}), "People!B2"),
    (lambda t: Fill(lists={"Sales": {"Customer": ["a", t, "b"]}}), "Report!A12"),
    (lambda t: Fill(lists={"people": {"person": ["a", "b", "c", t]}}), "People!A9"),
    (
        lambda t: Fill(blocks={"card": [Item({"person": "a"}), Item({"person": t})]}),
        "Cards!A11",
    ),
)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_half_a_character_names_the_cell(compiled: Template, text: str) -> None:
    """No reader gives a lone surrogate back, so it is refused as everywhere in salesxl."""
    for fill, where in PLACES:
        with pytest.raises(SalesxlError) as caught:
            compiled.fill(fill(text))
        assert len(caught.value.problems) == 1
        assert where in caught.value.problems[0].where


TOO_LONG = ("x" * (LONGEST + 1), "👍" * 16_384, "\x01" * (LONGEST + 1))


@pytest.mark.parametrize("text", TOO_LONG, ids=["letters", "emoji", "controls"])
def test_too_long_names_the_cell(compiled: Template, text: str) -> None:
    for fill, where in PLACES:
        with pytest.raises(SalesxlError) as caught:
            compiled.fill(fill(text))
        assert len(caught.value.problems) == 1
        problem = caught.value.problems[0]
        assert where in problem.where
        assert all("32,767" in problem.say(lang) for lang in ("zh", "en"))


def test_the_longest_is_taken(compiled: Template) -> None:
    made = compiled.fill(Fill(cells={"manager": "x" * LONGEST}))
    assert openpyxl.load_workbook(io.BytesIO(made))["People"]["B2"].value == "x" * LONGEST


def test_keys_that_look_like_markup_are_only_keys(compiled: Template) -> None:
    """A name nobody knows is a clear problem, whatever it is made of."""
    for name in ("=1", "<x>", "Sales[", "", "x" * 300, "\x00", "report_title\n"):
        with pytest.raises(SalesxlError):
            compiled.fill(Fill(cells={name: "y"}))
        with pytest.raises(SalesxlError):
            compiled.fill(Fill(lists={name: {"a": [1]}}))
