"""The target sheets: the file's own formulas give the rule's figures, before and after edits."""

from __future__ import annotations

import dataclasses
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.core.split import split_amount
from salesxl.ooxml.write import write_book
from salesxl.plan.members import part_of
from salesxl.plan.model import MonthWeight, Plan, Region
from salesxl.plan.targets import VACANT, breakdown
from salesxl.sheets import split_formulas, targets, targets_company
from salesxl.sheets.content import Book, Formula, Sheet, a1, span
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_matrix import ANNUAL, WEIGHT, month_col
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang
from tests import target_sample
from tests.oracles import engines, validator
from tests.oracles.available import ooxml_validator, soffice

ironcalc = pytest.importorskip("ironcalc")


def book_of(here: Scope) -> Book:
    book = Book(here.lang, "t", "c", currency="CNY")
    built = targets_company.build(here, book) if here.is_head_office else targets.build(here, book)
    book.sheets.extend(built if isinstance(built, list) else [built])
    return book


def tree(plan: Plan) -> Plan:
    east, south = plan.regions
    regions = (
        Region(id="N", name="北方"),
        dataclasses.replace(east, parent="N"),
        south,
        Region(id="W", name="西部", parent="N", history_amount=77_000_13, potential_amount=5,
               locked_amount=1_000_000_00),
    )  # fmt: skip
    return dataclasses.replace(plan, regions=regions)


CASES = {
    "calendar": (target_sample.plan(), "E"),
    "april": (target_sample.plan(4), "E"),
    "no people": (target_sample.plan(people=()), "S"),
    "cents": (target_sample.plan(unit=1), "E"),
    "company": (tree(target_sample.plan(4)), ""),
    "odd company": (target_sample.plan(total=1_234_567_89), ""),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_ironcalc_finds_the_same(tmp_path: Path, case: str, lang: Lang) -> None:
    plan, region = CASES[case]
    book = book_of(target_sample.scope(plan, region, lang))
    assert not book.notices  # all live
    assert all(check.difference == 0 for check in book.checks) and book.checks
    path = tmp_path / "t.xlsx"
    write_book(book, path)
    compared = engines.with_ironcalc([path])
    assert compared.compared > 100
    assert not compared.differences, [str(d) for d in compared.differences[:5]]


@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_libreoffice_finds_the_same(tmp_path: Path) -> None:
    paths = []
    for number, (plan, region) in enumerate(CASES.values()):
        paths.append(tmp_path / f"{number}.xlsx")
        write_book(book_of(target_sample.scope(plan, region)), paths[-1])
    compared = engines.with_libreoffice(engines.recalculate(paths, tmp_path / "work"))
    assert not compared.differences, [str(d) for d in compared.differences[:5]]


@pytest.mark.skipif(ooxml_validator() is None, reason="the validator is not installed")
def test_the_files_are_valid(tmp_path: Path) -> None:
    for region in ("E", ""):
        path = tmp_path / f"t{region}.xlsx"
        write_book(book_of(target_sample.scope(tree(target_sample.plan()), region)), path)
        assert validator.findings([path]) == []


def test_by_hand() -> None:
    """1,000 in units of 100 by 5 : 3 : 3 months, two people 1 : 1, the second from May on."""
    weights = {1: 5, 2: 3, 3: 3}
    plan = target_sample.plan(
        total=1_050_00,
        product_lines=target_sample.plan().product_lines[:1],
        regions=target_sample.plan().regions[:1],
        month_weights=tuple(
            MonthWeight(month=m, weight=Decimal(weights.get(m, 0))) for m in range(1, 13)
        ),
        people=(),
    )
    sheet = book_of(target_sample.scope(plan, "E")).sheets[0]
    row = targets.BODY
    months = [value(sheet, row, month_col(month)) for month in range(3)]
    assert months == [Decimal(450), Decimal(300), Decimal(300)]
    vacancy = [value(sheet, row + 2, month_col(month)) for month in range(3)]
    assert vacancy == months


def value(sheet: Sheet, row: int, col: int) -> Any:
    cell = next(c for c in sheet.cells if (c.row, c.col) == (row, col))
    return cell.value.value if isinstance(cell.value, Formula) else cell.value


def test_edits_in_the_file_follow_the_rule(tmp_path: Path) -> None:
    """Other weights, shares, product targets and unit: IronCalc's figures are core's."""
    here = target_sample.scope(target_sample.plan(), "E")
    book = book_of(here)
    path = tmp_path / "t.xlsx"
    write_book(book, path)
    model: Any = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    own = here.targets.of("E")
    layout = targets.Layout(len(own.products), len(own.members))
    month_parts = [random.Random(7).randint(0, 200_000) for _ in range(12)]
    shares, annual, unit = [700_000, 0, 123_457], 1_234_567_89, 50_00
    for month, part in enumerate(month_parts):
        model.set_user_input(
            0, targets.WEIGHTS_ROW + 1, month_col(month) + 1, repr(part / here.targets.scale)
        )
    for member, share in enumerate(shares):
        model.set_user_input(0, layout.member(1, member) + 1, WEIGHT + 1, str(share / 10**6))
    model.set_user_input(0, layout.product(1) + 1, ANNUAL + 1, "1234567.89")
    model.set_user_input(0, layout.locks(1) + 1, month_col(4) + 1, "30000.07")
    row, col = next((c.row, c.col) for c in book.sheets[0].cells if c.name == "unit")
    model.set_user_input(0, row + 1, col + 1, "50")
    model.evaluate()
    month_parts[4] = 0
    months = split_amount(annual - 3_000_007, month_parts, unit)
    months[4] = 3_000_007
    for month, amount in enumerate(months):
        found = model.get_cell_value(0, layout.product(1) + 1, month_col(month) + 1)
        assert round(found * 100) == amount
        parts = [part_of(s, p[month]) for s, p in zip(shares, own.member_presence, strict=True)]
        people = split_amount(amount, parts, unit) if any(parts) else None
        for member in range(3):
            found = model.get_cell_value(0, layout.member(1, member) + 1, month_col(month) + 1)
            assert people is not None and round(found * 100) == people[member]
    # The product is 1,234,567.89 now, head office gave another total: that check alone fails.
    checks = [model.get_cell_value(0, c.row + 1, c.col + 1) for c in book.checks]
    assert checks[0] != 0 and checks[1:] == [0, 0]
    verdict = model.get_cell_value(0, 2, book.sheets[0].last_col + 1)
    assert str(verdict).startswith("✕")


def test_a_month_with_nobody_goes_to_the_vacancy() -> None:
    plan = target_sample.plan()
    plan = dataclasses.replace(plan, people=plan.people[1:3])  # nobody? E03 until August, E02 later
    plan = dataclasses.replace(plan, people=plan.people[:1])  # E02 alone, from May
    here = target_sample.scope(plan, "E")
    own = here.targets.of("E")
    assert own.members == ("E02", VACANT)
    sheet = book_of(here).sheets[0]
    row = targets.BODY
    for month in range(12):
        whole = value(sheet, row, month_col(month))
        person, vacant = (value(sheet, row + 2 + m, month_col(month)) for m in range(2))
        assert (person, vacant) == ((0, whole) if month < 4 else (whole, 0))


def test_too_large_amounts_are_values_and_said() -> None:
    plan = target_sample.plan(total=10**14, unit=1)
    book = book_of(target_sample.scope(plan, "E"))
    assert len(book.notices) == 1
    cell = next(c for c in book.sheets[0].cells if (c.row, c.col) == (targets.BODY, month_col(0)))
    own = breakdown(plan).of("E")
    assert cell.value == Decimal(own.months[0][0]).scaleb(-2)
    assert all(check.difference == 0 for check in book.checks)


def test_names_for_the_front_page() -> None:
    for region in ("E", ""):
        book = book_of(target_sample.scope(target_sample.plan(), region))
        wanted = {"annual_target", "annual_target_given", "unit"}
        wanted |= {f"quarter_target_{n}" for n in range(1, 5)}
        wanted |= {f"month_target_{n}" for n in range(1, 13)}
        assert wanted <= set(book.names)


def test_a_region_file_names_no_other_region() -> None:
    book = book_of(target_sample.scope(target_sample.plan(), "E"))
    words = " ".join(str(cell.value) for sheet in book.sheets for cell in sheet.cells)
    assert "华南" not in words and "何蔓" not in words


def test_quota_cells_point_at_the_persons_cells() -> None:
    here = target_sample.scope(target_sample.plan(), "E")
    own = here.targets.of("E")
    sheet = book_of(here).sheets[0]
    cells = targets.quota_cells(here, "E02", (4, 5))
    found = {
        sheet.ref(cell.row, cell.col, absolute=False): cell.value.value
        for cell in sheet.cells
        if isinstance(cell.value, Formula)
    }
    total = sum(Decimal(str(found[cell])) for cell in cells)
    index = own.members.index("E02")
    assert total * 100 == sum(product[index][m] for product in own.quotas for m in (4, 5))
    assert targets.quota_cells(here, "S01", (0,)) == []


def test_500_random_splits(tmp_path: Path) -> None:
    """Small splits with zeros, ties and odd parts, 500 in one sheet."""
    random_ = random.Random(20270101)
    sheet = Sheet("s", "S")
    for row in range(500):
        count = random_.randint(1, 8)
        parts = [random_.choice((0, 1, 1, 2, 5, random_.randint(1, 999))) for _ in range(count)]
        parts[random_.randrange(count)] += 1
        unit, amount = random_.choice((1, 7, 100, 2_500)), random_.randint(0, 3_000_00)
        shares = split_amount(amount, parts, unit)
        units, odd = divmod(amount, unit)
        sheet.put(row, 0, Decimal(amount) / 100)
        sheet.put(row, 1, Decimal(unit) / 100)
        unit_cell, t = a1(row, 1), a1(row, 2)
        sheet.put(
            row, 2, Formula("=" + split_formulas.units_formula(a1(row, 0), unit_cell, 2), units)
        )
        odd_text = split_formulas.odd_formula(a1(row, 0), t, unit_cell, 2)
        sheet.put(row, 3, Formula("=" + odd_text, Decimal(odd) / 100))
        ranges = [span(row, start, row, start + count - 1) for start in (5, 15)]
        sheet.put(row, 4, Formula(f"=SUM({ranges[0]})", sum(parts)))
        for i, part in enumerate(parts):
            w, r = a1(row, 5 + i), a1(row, 15 + i)
            sheet.put(row, 5 + i, part)
            rest = units * part % sum(parts)
            sheet.put(row, 15 + i, Formula(split_formulas.rest_formula(t, w, a1(row, 4)), rest))
            before = span(row, 15, row, 14 + i) if i else ""
            text = split_formulas.share_formula(
                unit=unit_cell, units=t, part=w, whole=a1(row, 4), rest=r, rests=ranges[1],
                before=before, parts=ranges[0], position=i + 1, odd=a1(row, 3), decimals=2,
            )  # fmt: skip
            sheet.put(row, 25 + i, Formula(text, Decimal(shares[i]) / 100))
    book = Book("en", "t", "c", sheets=[sheet])
    path = tmp_path / "r.xlsx"
    write_book(book, path)
    compared = engines.with_ironcalc([path])
    assert compared.compared > 4_000
    assert not compared.differences, [str(d) for d in compared.differences[:5]]
    if soffice() is not None:
        compared = engines.with_libreoffice(engines.recalculate([path], tmp_path / "work"))
        assert not compared.differences, [str(d) for d in compared.differences[:5]]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_no_text_needs_more_than_its_cell(case: str, lang: Lang) -> None:
    plan, region = CASES[case]
    assert overflows(book_of(target_sample.scope(plan, region, lang))) == []


def test_tree_order() -> None:
    regions = tree(target_sample.plan()).regions
    assert targets_company.tree_order(regions, ("E", "S", "W")) == [
        ("N", 0), ("E", 1), ("W", 1), ("S", 0),
    ]  # fmt: skip
    root = (
        Region(id="C", name="公司"),
        *(dataclasses.replace(r, parent="C") for r in regions[2:3]),
    )
    assert targets_company.tree_order(root, ("S",)) == [("S", 0)]
