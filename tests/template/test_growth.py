"""Lists of any length, between other content: every formula still comes to the right value.

The filled files hold no values of their own formulas, so what LibreOffice and IronCalc
show is computed by them; `growth_book.expected` says what it must be.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from salesxl.ooxml.lint import lint
from salesxl.ooxml.template.compile import Template, compile_template
from tests.oracles.cells import Value, formula_cells, same, sheet_parts
from tests.oracles.engines import ironcalc_values, recalculate
from tests.oracles.validator import findings
from tests.template import growth_book, rich
from tests.template.growth_book import END, LINES, ORDERS, Entries, Layout, expected

SIZES = {
    "as many": (3, 3, 1, 2),
    "none": (0, 0, 0, 0),
    "one": (1, 1, 1, 1),
    "few": (2, 5, 3, 2),
    "longer": (57, 2, 57, 57),
    "shorter than its neighbour": (5, 57, 0, 1),
    "long": (5_000, 0, 2, 5_000),
    "neighbour long": (2, 5_000, 57, 0),
}
# It needs minutes for running totals of 5,000 rows; LibreOffice computes those.
IRONCALC_SIZES = {**SIZES, "long": (1_000, 0, 2, 5_000), "neighbour long": (2, 1_000, 57, 0)}
GAPS = {"ironcalc": {(END, "A13"): "no sums over several sheets"}, "libreoffice": {}}
Found = dict[tuple[str, str], Value]


@pytest.fixture(scope="module")
def template() -> Template:
    return compile_template(growth_book.template(), "growth.xlsx")


@pytest.fixture(scope="module")
def books(template: Template, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("growth")
    made = {}
    for number, (name, size) in enumerate(SIZES.items()):
        made[name] = folder / f"book{number}.xlsx"
        made[name].write_bytes(template.fill(Entries.sized(*size).fill()))
    return made


def blank_row(entries: Entries, sheet: str, row: int) -> bool:
    """Whether it is the one row that a list without entries keeps."""
    at = Layout.of(entries)
    return (
        (sheet == LINES and not entries.names and 8 <= row < 8 + at.rows)
        or (sheet == LINES and not entries.second and row == at.below(21))
        or (sheet == ORDERS and not entries.orders and row == 5)
    )


def compare(name: str, entries: Entries, found: Found, engine: str) -> list[str]:
    wanted = expected(entries)
    faults = [f"{name}: no formula at {place}" for place in wanted.keys() - found.keys()]
    for (sheet, cell), value in found.items():
        if (sheet, cell) in GAPS[engine]:
            continue
        if (sheet, cell) in wanted:
            aim = wanted[sheet, cell]
            aim = float(aim) if isinstance(aim, int) and not isinstance(aim, bool) else aim
            if aim == "" and value is None:
                continue
            if not same(aim, value):
                faults.append(f"{name}: {sheet}!{cell} is {value!r}, not {aim!r}")
        elif not blank_row(entries, sheet, int(re.sub(r"\D", "", cell))):
            faults.append(f"{name}: a formula too many at {sheet}!{cell}")
        elif isinstance(value, str) and value.startswith("#"):
            faults.append(f"{name}: {value} in the blank row, {sheet}!{cell}")
    return faults


def test_formulas_stand_where_they_should_without_stale_values(books: dict[str, Path]) -> None:
    faults = []
    for name, size in SIZES.items():
        entries = Entries.sized(*size)
        cells = formula_cells(books[name])
        faults += [f"{name}: {p} keeps {c.value!r}" for p, c in cells.items() if c.value]
        faults += [f"{name}: no formula at {p}" for p in expected(entries).keys() - cells.keys()]
        faults += [
            f"{name}: a formula too many at {sheet}!{cell}"
            for sheet, cell in cells.keys() - expected(entries).keys()
            if not blank_row(entries, sheet, int(re.sub(r"\D", "", cell)))
        ]
    assert not faults, "\n".join(faults[:20])


@pytest.mark.oracle("libreoffice")
def test_libreoffice_computes_what_we_expect(books: dict[str, Path], tmp_path: Path) -> None:
    faults = []
    made = recalculate(list(books.values()), tmp_path)
    for name, size in SIZES.items():
        found = {place: cell.value for place, cell in formula_cells(made[books[name]]).items()}
        faults += compare(name, Entries.sized(*size), found, "libreoffice")
    assert not faults, "\n".join(faults[:20])


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("name", SIZES)
def test_ironcalc_computes_what_we_expect(template: Template, name: str, tmp_path: Path) -> None:
    entries = Entries.sized(*IRONCALC_SIZES[name])
    path = tmp_path / "book.xlsx"
    path.write_bytes(template.fill(entries.fill()))
    faults = compare(name, entries, ironcalc_values(path), "ironcalc")
    assert not faults, "\n".join(faults[:20])


@pytest.mark.oracle("libreoffice")
@pytest.mark.oracle("ironcalc")
def test_fifty_thousand_rows(template: Template, tmp_path: Path) -> None:
    entries = Entries.sized(2, 1, 50_000, 3)
    path = tmp_path / "fifty.xlsx"
    path.write_bytes(template.fill(entries.fill()))
    made = recalculate([path], tmp_path / "work")[path]
    found = {place: cell.value for place, cell in formula_cells(made).items()}
    faults = compare("LibreOffice", entries, found, "libreoffice")
    faults += compare("IronCalc", entries, ironcalc_values(path), "ironcalc")
    assert not faults, "\n".join(faults[:20])


WRITERS = {
    "openpyxl": lambda path: openpyxl.load_workbook(path).save(path),
    "prefixes": lambda path: path.write_bytes(rich.prefixed(path.read_bytes())),
    "LibreOffice": lambda path: path.write_bytes(
        recalculate([path], path.parent / "resave")[path].read_bytes()
    ),
}


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.oracle("libreoffice")
@pytest.mark.parametrize("writer", WRITERS)
def test_templates_of_other_writers_grow_alike(writer: str, tmp_path: Path) -> None:
    source = tmp_path / "template.xlsx"
    source.write_bytes(growth_book.template())
    WRITERS[writer](source)
    template = compile_template(source)
    sizes = ((5, 2, 4, 3), (0, 0, 0, 0), (57, 60, 1, 9))
    books = {tmp_path / f"{n}.xlsx": Entries.sized(*size) for n, size in enumerate(sizes)}
    for path, entries in books.items():
        path.write_bytes(template.fill(entries.fill()))
    made = recalculate(list(books), tmp_path / "work")
    faults = []
    for path, entries in books.items():
        found = {place: cell.value for place, cell in formula_cells(made[path]).items()}
        faults += compare(path.stem, entries, found, "libreoffice")
    assert not faults, "\n".join(faults[:20])


@pytest.mark.oracle("ooxml-validator")
def test_every_size_is_valid(books: dict[str, Path]) -> None:
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
def test_entries_are_read_back(books: dict[str, Path], name: str) -> None:
    entries = Entries.sized(*SIZES[name])
    at = Layout.of(entries)
    book = openpyxl.load_workbook(books[name])
    sheet = book[LINES]
    assert sheet["A1"].value == "Filled"
    rows = range(8, 8 + at.rows)
    blank = [None] * at.rows
    for column, values in {
        "B": entries.names, "C": entries.counts, "D": entries.prices,
        "M": [f"s{v}" for v in entries.side], "N": entries.side,
    }.items():  # fmt: skip
        cells = [sheet[f"{column}{row}"].value for row in rows]
        assert cells == [*values, *blank[len(values) :]], column
    cells = [sheet[f"B{at.below(21) + i}"].value for i in range(at.second)]
    assert cells == (list(entries.second) or [None])
    # below, everything is where it was but lower, and once
    for row, text in {12: "Total", 15: "Below the lists", 20: "Item", 22: "Total"}.items():
        assert sheet[f"A{at.below(row)}"].value == text
    # the amounts keep their format to the last row
    last = at.below(10)
    assert sheet[f"E{last}"].number_format == "#,##0.00"
    assert book[ORDERS][f"A{at.ordered(7) - 1}"].number_format == "yyyy-mm-dd"
    assert book[ORDERS][f"A{at.ordered(7)}"].value == "All"


@pytest.mark.parametrize("name", SIZES)
def test_everything_that_points_at_rows_follows(books: dict[str, Path], name: str) -> None:
    entries = Entries.sized(*SIZES[name])
    at = Layout.of(entries)
    last, below = 7 + at.rows, at.below
    book = openpyxl.load_workbook(books[name])
    sheet = book[LINES]
    names = {key: value.attr_text for key, value in book.defined_names.items()}
    assert names == {
        "title": "Lines!$A$1",
        "lines": f"Lines!$A$8:$I${last}",
        "line_amounts": f"Lines!$E$8:$E${last}",
        "line_total": f"Lines!$E${below(12)}",
        "side": f"Lines!$M$8:$N${last}",
        "second": f"Lines!$A${below(21)}:$C${below(22) - 1}",
        "tax": "Lines!$B$3",
    }
    assert sheet.print_area == f"'Lines'!$A$1:$N${below(24)}"
    assert sheet.print_title_rows == "$7:$7"
    assert [str(area) for area in sheet.merged_cells.ranges] == [f"A{below(15)}:D{below(15)}"]
    assert [mark.id for mark in sheet.row_breaks.brk] == [below(14)]
    first, third = (f"{c}8" if last == 8 else f"{c}8:{c}{last}" for c in "EC")
    conditions = {
        str(area.sqref): [rule.formula for rule in rules]
        for area, rules in sheet.conditional_formatting._cf_rules.items()
    }
    assert conditions == {
        first: [[]],
        f"A8:I{last}": [[f"$C8>AVERAGE($C$8:$C${last})"]],
        f"B{below(22)}": [[f"$E${below(12)}"]],
    }
    checks = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert checks == {third: "0", f"B{below(24)}": f"$A$8:$A${last}"}
    orders = book[ORDERS].tables["Orders"]
    assert orders.ref == f"A4:D{at.ordered(7)}"
    assert orders.autoFilter.ref == f"A4:D{at.ordered(6)}"
    part = xml_of(books[name], LINES)
    assert f"<xm:f>Lines!E8:E{last}</xm:f><xm:sqref>J{below(12)}</xm:sqref>" in part
    assert f"<xm:sqref>E8:E{last}</xm:sqref>" in part


@pytest.mark.parametrize("name", SIZES)
def test_charts_show_the_new_entries(books: dict[str, Path], name: str) -> None:
    entries = Entries.sized(*SIZES[name])
    at = Layout.of(entries)
    last = 7 + at.rows
    charts = caches(books[name])
    rows = range(at.rows)
    names = dict(zip(rows, entries.names, strict=False))
    amounts = dict(zip(rows, map(str, entries.amounts), strict=False))
    assert charts["Lines!$A$1"] == {0: "Filled"}
    assert charts["Lines!$E$7"] == {0: "Amount"}
    assert charts[f"Lines!$B$8:$B${last}"] == names
    second = f"${at.below(21)}:$B${at.below(22) - 1}" if at.second > 1 else f"${at.below(21)}"
    keys = [key for key in charts if key.startswith(f"Lines!$B${at.below(21)}")]
    assert keys, f"no chart of Lines!$B{second}"
    assert charts[keys[0]] == {i: str(value) for i, value in enumerate(entries.second)}
    pieces = {i: str(value) for i, value in enumerate(entries.orders)}
    assert charts[f"Orders!$B$5:$B${at.ordered(6)}"] == pieces
    # formulas we do not compute leave no number of the template behind
    stale = charts[f"Lines!$E$8:$E${last}"]
    assert stale in ({}, amounts)


def caches(path: Path) -> dict[str, dict[int, str]]:
    """Range → its cached points, over all charts of the file."""
    found: dict[str, dict[int, str]] = {}
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if not re.fullmatch(r"xl/charts/chart[\d_]+\.xml", part):
                continue
            text = package.read(part).decode()
            for kind, f, cache in re.findall(
                r"<c:(num|str)Ref><c:f>(.*?)</c:f>(.*?)</c:\1Ref>", text, re.DOTALL
            ):
                points = re.findall(r'<c:pt idx="(\d+)"[^>]*><c:v>(.*?)</c:v>', cache)
                count = re.search(r'<c:ptCount val="(\d+)"', cache)
                assert cache == "" or count, f"{kind} cache of {f} without its count"
                found[f] = {int(i): unescaped(value) for i, value in points}
    return found


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def xml_of(path: Path, title: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(sheet_parts(package)[title]).decode()


def test_the_template_itself_holds_what_is_expected() -> None:
    """The control: on the unfilled template the same look finds the sample data."""
    entries = Entries(["old 8", "old 9", "old 10"], [8, 9, 10], [100] * 3, [8, 9, 10], [1], [1, 2])
    with zipfile.ZipFile(io.BytesIO(growth_book.template())) as package:
        assert "xl/worksheets/sheet3.xml" in package.namelist()
    assert len(expected(entries)) == 66
