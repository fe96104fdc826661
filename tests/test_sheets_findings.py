"""The detailed analysis and its findings: sums against the raw files, formulas, edges."""

from __future__ import annotations

import csv
import dataclasses
import io
import lzma
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from salesxl.cli.main import main
from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.ooxml.write import write_book
from salesxl.plan.read import read_plan
from salesxl.plan.targets import breakdown
from salesxl.sheets import analysis_detail, ledger_lines
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.scope import Scope, head_office, narrow
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang, entries, text
from tests import generate_sample
from tests.generate_sample import LEDGER
from tests.oracles import engines

LANGS: tuple[Lang, ...] = ("zh", "en")
ADVENTURE = Path(__file__).parent / "data" / "adventureworks"
CENT = Decimal("0.01")
# Two whole years before the one that runs; quantities, costs and collections on every line.
MORE = """date,amount,cost,collected,quantity,region,category,product,customer id,customer,channel,\
customer source,salesperson,order id
2025-01-10,1000,600,1000,10,East,Optics,Lens,C1,Alder Labs,Direct,Fair,Ann East,1
2025-06-10,3000,1800,3000,30,West,Service,Check,C2,Birch Works,Online,Website,Ben West,2
2026-01-15,1200,700,1200,10,East,Optics,Lens,C1,Alder Labs,Direct,Fair,Ann East,3
2026-02-15,2000,900,2000,20,West,Service,Check,C2,Birch Works,Online,Website,Ben West,4
2026-09-15,2400,900,2000,20,West,Service,Check,C2,Birch Works,Online,Website,Ben West,5
2027-01-05,1100,700,1000,11,East,Optics,Lens,C1,Alder Labs,Direct,Fair,Ann East,6
2027-01-31,300,400,0,3,East,Optics,Lens,C5,Oak Tools,Direct,Fair,Ann East,7
"""


def book_of(scope: Scope) -> Book:
    book = Book(scope.lang, "t", scope.plan.settings.company, currency="USD")
    front = Sheet("front", text("front.tab", scope.lang))
    front.put(1, 1, "front")
    book.sheets.append(front)
    book.sheets.extend(analysis_detail.build(scope, book))
    book.sheets.append(ledger_lines.build(scope, book))
    return book


def sheet_of(book: Book, key: str) -> Sheet:
    return next(sheet for sheet in book.sheets if sheet.key == key)


def value(content: object) -> object:
    return content.value if isinstance(content, Formula) else content


def rows_of(sheet: Sheet, name: str) -> list[dict[int, object]]:
    """The values of every row that has `name` in column 1, by column."""
    found = [c.row for c in sheet.cells if c.col == 1 and value(c.value) == name]
    return [{c.col: value(c.value) for c in sheet.cells if c.row == row} for row in found]


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("lang", LANGS)
def test_every_formula_gives_its_cached_value(tmp_path: Path, lang: Lang) -> None:
    paths = []
    for name, lines in (("few", LEDGER), ("more", MORE)):
        head = generate_sample.head(tmp_path, lang, text=lines)
        for scope in (head, narrow(head, head.plan.regions[1])):
            book = book_of(scope)
            assert [item for item in overflows(book) if item[0] != book.sheets[0].title] == []
            assert all(check.difference == 0 for check in book.checks)
            paths.append(tmp_path / f"{name}{len(paths)}.xlsx")
            write_book(book, paths[-1])
    result = engines.with_ironcalc(paths)
    assert result.differences == ()
    assert result.compared > 400


def test_the_views_hold_hand_worked_figures(tmp_path: Path) -> None:
    sheet = sheet_of(book_of(generate_sample.head(tmp_path, text=MORE)), "analysis_detail")
    years, view = rows_of(sheet, "East")
    # 2025 … 2027 and together; then January: plan 9,000 / 12, sold 1,400, margin 300, 1,000 in.
    assert [years[n] for n in (2, 3, 4, 5)] == [1000, 1200, 1400, 3600]
    assert [view[n] for n in (2, 3, 4, 6, 9, 11)] == [750, 1400, 650, 1200, 300, 1000]
    assert view[7] == Decimal(1400) / 1200 - 1 and view[12] == Decimal(1000) / 1400
    (bridged,) = [row for row in rows_of(sheet, "Optics") if row.get(9) == 1400 and row[2] == 1200]
    # One product: 10 at 120, then 14 at 100: price −280, volume 4 × 120 = 480.
    assert [bridged[n] for n in (3, 4, 5, 6, 7, 8, 12)] == [-280, 480, 0, 0, 0, 0, 0]


def test_the_forecast_is_tried_on_the_past(tmp_path: Path) -> None:
    sheet = sheet_of(book_of(generate_sample.head(tmp_path, text=MORE)), "analysis_detail")
    old, past, now = (rows_of(sheet, year)[-1] for year in ("2025", "2026", "2027"))
    # January made a quarter of 2025, 1,200 of 2026; so 4,800 where 5,600 came: 1/7 off.
    assert (old[2], old[3], old[6]) == (1000, 4000, "–")
    assert (past[2], past[3], past[6]) == (1200, 5600, 4800)
    assert abs(Decimal(str(past[7])) - Decimal(1) / 7) < Decimal("1e-12")
    # 2,200 of 9,600 in January: 1,400 make 6,109.09, a seventh less and more.
    assert [now[n] for n in (6, 8, 9)] == [
        Decimal("6109.09"), Decimal("5236.36"), Decimal("6981.82"),
    ]  # fmt: skip


def test_findings_take_their_figures_from_the_tables(tmp_path: Path) -> None:
    book = book_of(generate_sample.head(tmp_path, text=MORE))
    sheet = sheet_of(book, "findings")
    said = {str(value(c.value)): c.row for c in sheet.cells if c.col == 3 and c.row > 5}
    amounts = {c.row: value(c.value) for c in sheet.cells if c.col == 4}
    # 12,000 of target in equal months, a quarter of them in the West: 250 behind, all of it.
    (west,) = [words for words in said if words.startswith("West is 100.0% behind plan (250)")]
    assert amounts[said[west]] == 250
    # Sold at 300 against a cost of 400.
    (below,) = [words for words in said if "1 lines were sold below cost" in words]
    assert "300 of sales at a loss of 100" in below and amounts[said[below]] == 100
    ranked = [amounts[row] for row in sorted(said.values())]
    assert ranked == sorted(ranked, key=lambda amount: -Decimal(str(amount)))
    # Which cell each is taken from is recalculated by the engines above.
    (cell,) = [c.value for c in sheet.cells if (c.row, c.col) == (said[west], 4)]
    assert isinstance(cell, Formula) and "'Analysis detail'!" in cell.text


def test_every_finding_has_a_decision_in_both_languages() -> None:
    names = entries("findings")
    for kind in ("region", "product_line", "person_key"):
        for state in ("behind", "behind_customers"):
            assert f"{kind}_{state}" in names and f"{kind}_{state}_do" in names
    for part in ("price", "volume", "mix", "new", "lost"):
        for way in ("up", "down"):
            assert f"{part}_{way}" in names and f"{part}_{way}_do" in names


ONE_MONTH = "".join(
    f"{line}\n" for line in LEDGER.splitlines() if line[:7] in ("date,am", "2027-01")
)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(ONE_MONTH, id="one month"),
        pytest.param("".join(",".join(x.split(",")[:3]) + "\n" for x in LEDGER.splitlines()),
                     id="three columns"),
        pytest.param(LEDGER.replace("1000.00", "0").replace("2000.50", "-5"), id="net returns"),
    ],
)  # fmt: skip
def test_little_data_breaks_nothing(tmp_path: Path, lines: str) -> None:
    head = generate_sample.head(tmp_path, text=lines)
    for scope in (head, *(narrow(head, region) for region in head.plan.leaf_regions)):
        book = book_of(scope)
        assert all(check.difference == 0 for check in book.checks)
        write_book(book, tmp_path / "book.xlsx")


def test_too_little_history_is_said(tmp_path: Path) -> None:
    book = book_of(generate_sample.head(tmp_path, text=ONE_MONTH))
    said = " ".join(str(c.value) for c in sheet_of(book, "analysis_detail").cells)
    assert "No month of this year is complete" in said
    assert "shorter than a year" in said


def test_five_thousand_customers(tmp_path: Path) -> None:
    lines = [MORE.splitlines()[0]]
    for n in range(5000):
        lines.append(
            f"2027-01-{n % 28 + 1:02},{n + 1},1,1,1,East,Optics,Lens,K{n},Firm {n},Direct,Fair,"
            f"Ann East,{n + 10}"
        )
    head = generate_sample.head(tmp_path, text="\n".join([*MORE.splitlines(), *lines[1:]]) + "\n")
    book = book_of(head)
    assert all(check.difference == 0 for check in book.checks)
    assert len(sheet_of(book, "findings").cells) < 500


@pytest.fixture(scope="module")
def adventure(tmp_path_factory: pytest.TempPathFactory) -> Book:
    path = tmp_path_factory.mktemp("aw") / "plan.xlsx"
    options = ("--map", ADVENTURE / "map.toml", "--year", 2020, "--growth", "0%", "-o", path)
    assert main(["start", str(ADVENTURE / "Sales.csv.xz"), *map(str, options)]) == 0
    plan = read_plan(path)
    read = read_ledgers([ADVENTURE / "Sales.csv.xz"], mapping=ADVENTURE / "map.toml", decimals=2)
    ledger, _ = match(read, plan)
    return book_of(head_office(plan, breakdown(plan), ledger, "en"))


def raw(name: str) -> list[dict[str, str]]:
    path = ADVENTURE / name
    data = path.read_bytes()
    data = lzma.decompress(data) if path.suffix == ".xz" else data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter="|"))


def test_adventureworks_totals_are_those_of_the_raw_files(adventure: Book) -> None:
    """Regions, categories and years against sums made here, line by line from the files."""
    products = {row["ProductKey"]: row["Category"] for row in raw("Product.csv")}
    regions = {row["SalesTerritoryKey"]: row["Region"] for row in raw("Region.csv")}
    sums: dict[str, Decimal] = {}
    years: dict[tuple[str, str], Decimal] = {}
    for row in raw("Sales.csv.xz"):
        amount = Decimal(row["Sales"]).quantize(CENT, ROUND_HALF_UP)
        for name in (products[row["ProductKey"]], regions[row["SalesTerritoryKey"]], "Total"):
            sums[name] = sums.get(name, Decimal(0)) + amount
            key = (name, row["OrderDate"][:4])
            years[key] = years.get(key, Decimal(0)) + amount
    sheet = sheet_of(adventure, "analysis_detail")
    heads = {
        str(c.value): c.col for c in sheet.cells if c.look.style == "header" and c.row < 22
    }  # fmt: skip
    for name, total in sums.items():
        first = rows_of(sheet, name)[0]
        assert first[heads["Total"]] == total, name
        for year in ("2017", "2018", "2019", "2020"):
            assert first.get(heads[year], 0) == years.get((name, year), 0), (name, year)
    known = {
        "Bikes": "64069033.16", "Components": "11226374.90", "Clothing": "1714056.05",
        "Accessories": "539106.09", "Southwest": "18001116.10", "Australia": "1391024.85",
        "Total": "77548570.20",
    }  # fmt: skip
    assert {name: sums[name] for name in known} == {n: Decimal(v) for n, v in known.items()}
    assert all(check.difference == 0 for check in adventure.checks)


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_ledger_both_sheets_say_so(tmp_path: Path, lang: Lang) -> None:
    full = generate_sample.head(tmp_path)
    book = book_of(dataclasses.replace(full, ledger=None, lang=lang))
    said = " ".join(str(c.value) for s in book.sheets for c in s.cells)
    assert said.count(text("analysis.no_ledger", lang)) == 2
