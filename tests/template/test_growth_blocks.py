"""A section a person: repeated blocks with lists, charts and rules of their own.

Sheet ``Cards``: a summary above, the block of rows 5 to 13 with a list of one prototype
row (8) and a chart beside it, a grand total below. ``Index``: formulas about the block.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from salesxl.ooxml.lint import lint
from salesxl.ooxml.template.compile import Template, compile_template
from salesxl.ooxml.template.fill import Fill, Item
from tests.oracles.cells import Value, formula_cells, same
from tests.oracles.engines import ironcalc_values, recalculate
from tests.oracles.validator import findings
from tests.template.test_growth import caches

SIZES: dict[str, tuple[int, ...]] = {
    "one": (1,),
    "one without lines": (0,),
    "three": (2, 0, 5),
    "thirty": tuple(range(30)),
    "long": (1, 2_000, 3),
    "many": (1,) * 300,
}
HEIGHT = 9  # rows of the block in the template, its list counted as one


def cards_template() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "#C00000"})
    sheet, index = book.add_worksheet("Cards"), book.add_worksheet("Index")
    sheet.write("A1", "All cards", bold)
    sheet.write_formula("C1", '=SUMIF(A4:A14,"Subtotal",C4:C14)')
    sheet.write_formula("D1", '=COUNTIF(A5:A13,"Subtotal")')
    sheet.merge_range("A5:D5", "{person}", bold)
    sheet.write_row("A6", ("{team}", "{quota}"))
    sheet.write_row("A7", ("Product", "Pieces", "Amount", "So far"), bold)
    sheet.write_row("A8", ("{product}", "{pieces}"))
    sheet.write_formula("C8", "=B8*$C$3")
    sheet.write_formula("D8", "=SUM(C$8:C8)")
    sheet.write_row("B3", ("Price", 10))
    sheet.write("A9", "Subtotal")
    sheet.write_formula("B9", "=SUM(B8:B8)")
    sheet.write_formula("C9", "=SUM(C8)")
    sheet.write("A10", "Attainment")
    sheet.write_formula("C10", "=IF(B6=0,0,C9/B6)")
    sheet.write_formula("D10", "=IF($C$15=0,0,C9/$C$15)")
    sheet.write("A11", "Largest")
    sheet.write_formula("C11", "=MAX(C7:C8)")
    sheet.write("A12", "Note")
    sheet.write("A15", "Grand total", bold)
    sheet.write_formula("C15", '=SUMIF(A5:A13,"Subtotal",C5:C13)')
    sheet.write_formula("D15", "=C15-C1")
    index.write_formula("A1", "=Cards!C15")
    index.write_formula("A2", '=SUMIF(Cards!A:A,"Subtotal",Cards!B:B)')
    sheet.conditional_format(
        "C10", {"type": "cell", "criteria": "<", "value": "$B$6", "format": red}
    )
    sheet.conditional_format("C8", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("B6", {"validate": "decimal", "criteria": ">=", "value": 0})
    sheet.add_sparkline("E9", {"range": "Cards!C8:C8"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "=Cards!$A$8:$A$8", "values": "=Cards!$B$8:$B$8"})
    chart.set_title({"name": "=Cards!$A$5"})
    chart.set_size({"width": 300, "height": 120})
    sheet.insert_chart("G6", chart)
    book.define_name("card", "=Cards!$5:$13")
    book.define_name("card_lines", "=Cards!$A$8:$D$8")
    book.close()
    return target.getvalue()


def item(number: int, lines: int) -> Item:
    return Item(
        {"person": f"Person {number}", "team": f"Team {number % 3}", "quota": number * 100},
        {
            "card_lines": {
                "product": [f"P{number}.{i}" for i in range(lines)],
                "pieces": [number + i + 1 for i in range(lines)],
            }
        },
    )


def fill(lines: Sequence[int]) -> Fill:
    return Fill(blocks={"card": [item(n, count) for n, count in enumerate(lines)]})


def tops(lines: Sequence[int]) -> list[int]:
    """The first row of each card, and the row behind the last."""
    found = [5]
    for count in lines:
        found.append(found[-1] + HEIGHT + max(count, 1) - 1)
    return found


def expected(lines: Sequence[int]) -> dict[tuple[str, str], float]:
    cells: dict[str, float] = {}
    starts = tops(lines)
    pieces = [[n + i + 1 for i in range(count)] for n, count in enumerate(lines)]
    grand = sum(map(sum, pieces)) * 10
    for n, (top, own) in enumerate(zip(starts, pieces, strict=False)):
        so_far = 0
        for i, value in enumerate(own):
            so_far += value * 10
            cells[f"C{top + 3 + i}"], cells[f"D{top + 3 + i}"] = value * 10, so_far
        under = top + 3 + max(len(own), 1)
        cells[f"B{under}"], cells[f"C{under}"] = sum(own), so_far
        cells[f"C{under + 1}"] = so_far / (n * 100) if n else 0
        cells[f"D{under + 1}"] = so_far / grand if grand else 0
        cells[f"C{under + 2}"] = max(own, default=0) * 10
    last = starts[-1] + 1
    cells.update({"C1": grand, "D1": len(lines), f"C{last}": grand, f"D{last}": 0})
    found = {("Cards", cell): value for cell, value in cells.items()}
    return {**found, ("Index", "A1"): grand, ("Index", "A2"): grand / 10}


@pytest.fixture(scope="module")
def template() -> Template:
    return compile_template(cards_template(), "cards.xlsx")


@pytest.fixture(scope="module")
def books(template: Template, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("cards")
    made = {}
    for number, (name, lines) in enumerate(SIZES.items()):
        made[name] = folder / f"book{number}.xlsx"
        made[name].write_bytes(template.fill(fill(lines)))
    return made


def faults(name: str, found: dict[tuple[str, str], Value]) -> list[str]:
    wanted = expected(SIZES[name])
    blank = {
        top + 3 for top, count in zip(tops(SIZES[name]), SIZES[name], strict=False) if not count
    }
    wrong = [f"{name}: no formula at {place}" for place in wanted.keys() - found.keys()]
    for (sheet, cell), value in found.items():
        aim = wanted.get((sheet, cell))
        if aim is None:
            if int(re.sub(r"\D", "", cell)) not in blank:
                wrong.append(f"{name}: a formula too many at {sheet}!{cell}")
        elif not same(float(aim), value):
            wrong.append(f"{name}: {sheet}!{cell} is {value!r}, not {aim!r}")
    return wrong


@pytest.mark.oracle("libreoffice")
def test_libreoffice_computes_what_we_expect(books: dict[str, Path], tmp_path: Path) -> None:
    made = recalculate(list(books.values()), tmp_path)
    wrong = []
    for name, path in books.items():
        found = {place: cell.value for place, cell in formula_cells(made[path]).items()}
        wrong += faults(name, found)
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("name", [name for name in SIZES if name != "long"])
def test_ironcalc_computes_what_we_expect(books: dict[str, Path], name: str) -> None:
    wrong = faults(name, ironcalc_values(books[name]))
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.oracle("ooxml-validator")
def test_all_are_valid(books: dict[str, Path]) -> None:
    assert findings(list(books.values()), office="Microsoft365") == []


def test_lint_finds_nothing_but_missing_values(books: dict[str, Path]) -> None:
    found = [
        f"{path.name} {one.place()}: {one.cause('en')}"
        for path in books.values()
        for one in lint(path)
        if one.code != "formula_no_value"
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", SIZES)
def test_what_stands_in_a_card_is_repeated(books: dict[str, Path], name: str) -> None:
    lines = SIZES[name]
    *starts, end = tops(lines)
    book = openpyxl.load_workbook(books[name])
    sheet = book["Cards"]
    merged = sorted(area.min_row for area in sheet.merged_cells.ranges)
    assert merged == starts
    unders = [top + 3 + max(count, 1) for top, count in zip(starts, lines, strict=True)]
    for n, (top, under) in enumerate(zip(starts, unders, strict=True)):
        assert sheet[f"A{top}"].value == f"Person {n}"
        assert sheet[f"A{top}"].font.b
        assert sheet[f"B{top + 1}"].value == n * 100
        assert sheet[f"A{under}"].value == "Subtotal"
        assert sheet[f"A{under + 3}"].value == "Note"
    assert sheet[f"A{end + 1}"].value == "Grand total"
    (check,) = sheet.data_validations.dataValidation
    assert cells_of(str(check.sqref)) == {f"B{top + 1}" for top in starts}
    rules = {}
    for area, found in sheet.conditional_formatting._cf_rules.items():
        for rule in found:
            if rule.type == "cellIs":
                rules.update(dict.fromkeys(cells_of(str(area.sqref)), rule.formula[0]))
    assert set(rules) == {f"C{under + 1}" for under in unders}
    # each card is compared with its own quota
    assert rules == {f"C{u + 1}": f"$B${t + 1}" for t, u in zip(starts, unders, strict=True)}


@pytest.mark.parametrize("name", SIZES)
def test_every_card_has_its_chart(books: dict[str, Path], name: str) -> None:
    lines = SIZES[name]
    starts = tops(lines)
    charts = caches(books[name])
    with zipfile.ZipFile(books[name]) as package:
        parts = [p for p in package.namelist() if re.fullmatch(r"xl/charts/chart[\d_]+\.xml", p)]
        drawing = package.read("xl/drawings/drawing1.xml").decode()
    assert len(parts) == len(lines)
    rows = re.findall(r"<xdr:from>.*?<xdr:row>(\d+)</xdr:row>", drawing, re.DOTALL)
    assert [int(row) for row in rows] == starts[:-1]  # row 6, counted from 0
    ids = re.findall(r'<xdr:cNvPr id="(\d+)"', drawing)
    assert len(ids) == len(set(ids))
    for n, (top, count) in enumerate(zip(starts, lines, strict=False)):
        assert charts[f"Cards!$A${top}"] == {0: f"Person {n}"}
        last = top + 2 + max(count, 1)
        values = charts[f"Cards!$B${top + 3}:$B${last}"]
        assert values == {i: str(n + i + 1) for i in range(count)}


def cells_of(areas: str) -> set[str]:
    """``B6 B15:B16`` → {"B6", "B15", "B16"}"""
    found = set()
    for area in areas.split():
        ends = area.split(":")
        first, last = (int(re.sub(r"\D", "", end)) for end in (ends[0], ends[-1]))
        letter = re.sub(r"\d", "", area.split(":")[0])
        found |= {f"{letter}{row}" for row in range(first, last + 1)}
    return found
