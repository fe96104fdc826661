"""The commission calculator: by hand, by the engines, and with awkward people."""

from __future__ import annotations

import dataclasses
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.ledger import credit
from salesxl.ooxml.write import write_book
from salesxl.plan.model import CommissionPlan
from salesxl.sheets import commission, ledger_lines, targets, targets_company
from salesxl.sheets.content import Book, Formula, Sheet, a1, span
from salesxl.sheets.pay_formulas import Tiers
from salesxl.sheets.scope import Scope
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang
from tests import target_sample
from tests.oracles import engines, validator
from tests.oracles.available import ooxml_validator, soffice

pytest.importorskip("ironcalc")


def book_of(here: Scope) -> Book:
    book = Book(here.lang, "t", "c", currency="CNY")
    book.sheets.append(commission.build(here, book))
    if here.is_head_office:
        book.sheets.extend(targets_company.build(here, book))
    else:
        book.sheets.append(targets.build(here, book))
    book.sheets.append(ledger_lines.build(here, book))
    return book


def scope(region: str = "E", lang: Lang = "zh", first_month: int = 1, **more: object) -> Scope:
    lines = target_sample.ledger()
    return target_sample.scope(target_sample.plan(first_month, **more), region, lang, lines)


def statements(here: Scope) -> dict[str, credit.Statement]:
    made = commission._Calculator(here, Book(here.lang, "t", "c")).statements
    return {statement.person.id: statement for statement in made}


CASES = [("E", "zh", 1), ("E", "en", 4), ("S", "en", 1), ("", "zh", 4)]


@pytest.mark.parametrize(("region", "lang", "first"), CASES)
def test_ironcalc_finds_the_same(tmp_path: Path, region: str, lang: Lang, first: int) -> None:
    path = tmp_path / "c.xlsx"
    book = book_of(scope(region, lang, first))
    write_book(book, path)
    compared = engines.with_ironcalc([path])
    assert not compared.differences, [str(d) for d in compared.differences[:5]]


@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_libreoffice_finds_the_same(tmp_path: Path) -> None:
    paths = []
    for number, case in enumerate(CASES):
        paths.append(tmp_path / f"{number}.xlsx")
        write_book(book_of(scope(*case)), paths[-1])
    compared = engines.with_libreoffice(engines.recalculate(paths, tmp_path / "work"))
    assert not compared.differences, [str(d) for d in compared.differences[:5]]


@pytest.mark.skipif(ooxml_validator() is None, reason="the validator is not installed")
def test_the_file_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    write_book(book_of(scope()), path)
    assert validator.findings([path]) == []


def test_marginal_by_hand() -> None:
    """April: 38,000 pays 100 + 400 + 240; May: 2,000, sold in the south, pays 20."""
    rows = statements(scope())["E01"].rows
    april, may = rows[3], rows[4]
    assert (april.here, april.outside, april.pay) == (38_000_00, 0, Decimal("740.00"))
    assert (may.here, may.outside, may.pay) == (0, 2_000_00, Decimal("20.00"))


def test_whole_amount_on_margin_by_hand() -> None:
    """Q2: 19,999.99 at 8.5 % = 1,699.99915; the return without cost has no margin.
    Q3, in the south: 10,000.07 at 8.5 % = 850.00595."""
    rows = statements(scope())["E02"].rows
    assert [row.pay for row in rows] == [0, Decimal("1700.00"), Decimal("850.01"), 0]
    assert (rows[1].here, rows[2].outside) == (19_999_99, 10_000_07)


def test_attainment_takes_the_version_of_the_periods_end() -> None:
    """From July the second version: quarters, whole amount, 50,000 collected in Q3."""
    here = scope()
    statement = statements(here)["E03"]
    assert statement.leading.plan.name == "Attained 2"
    names = [row.version.plan.name if row.version else "" for row in statement.rows]
    assert names == ["Attained", "Attained", "Attained 2", "Attained 2"]
    third = statement.rows[2]
    own = here.targets.of("E")
    index = own.members.index("E03")
    assert third.quota == sum(product[index][m] for product in own.quotas for m in (6, 7, 8))
    rate = Decimal("0.0333") if third.credited * 20 >= third.quota else Decimal("0.01")
    assert third.pay == (50_000 * rate).quantize(Decimal("0.01"))
    assert statement.rows[3].quota == 0 and statement.rows[3].pay == 0


def test_head_office_credits_everything_once() -> None:
    here = statements(scope(""))
    assert here["E01"].rows[4].here == 2_000_00 and here["E01"].rows[4].outside == 0
    region = statements(scope("E"))
    for person in ("E01", "E02", "E03"):
        assert [r.pay for r in here[person].rows] == [r.pay for r in region[person].rows]


def test_nobody_is_left_without_a_word() -> None:
    """No plan, a plan that is over, a plan without tiers: words, a notice, no figures."""
    plan = target_sample.plan()
    over = CommissionPlan(
        id="O", name="Over", effective_from=date(2020, 1, 1), effective_to=date(2026, 12, 31),
        base="amount", kind="marginal", measure="amount", period="month",
    )  # fmt: skip
    bare = dataclasses.replace(over, id="B", effective_to=None)
    names = {"E01": "", "E02": "O", "E03": "B"}
    people = tuple(dataclasses.replace(p, commission_plan=names.get(p.id, "")) for p in plan.people)
    here = scope(people=people, commission_plans=(*plan.commission_plans, over, bare))
    found = statements(here)
    assert [found[p].reason for p in names] == ["no_plan", "no_version", "no_tiers"]
    book = book_of(here)
    assert any("沈知远、林若溪、周启明" in notice for notice in book.notices)
    words = [str(cell.value) for cell in book.sheets[0].cells]
    for piece in ("没有指定提成方案", "没有生效的版本", "没有档位"):
        assert any(piece in word for word in words)


def test_no_ledger_and_nobody(tmp_path: Path) -> None:
    plan = target_sample.plan()
    for case in (plan, dataclasses.replace(plan, people=())):
        book = book_of(target_sample.scope(case, "E"))
        path = tmp_path / "c.xlsx"
        write_book(book, path)
        assert not engines.with_ironcalc([path]).differences


def test_actuals_of_another_year_have_no_quota() -> None:
    plan = target_sample.plan()
    later = dataclasses.replace(plan, settings=dataclasses.replace(plan.settings, year=2028))
    here = target_sample.scope(later, "E", "zh", target_sample.ledger())
    assert here.focus_year == 2027
    assert all(row.quota == 0 for row in statements(here)["E01"].rows)
    assert statements(here)["E01"].rows[3].pay == Decimal("740.00")
    words = [str(cell.value) for cell in book_of(here).sheets[0].cells]
    assert any("没有该年定额" in word for word in words)


@pytest.mark.parametrize(("region", "lang", "first"), CASES)
def test_no_text_needs_more_than_its_cell(region: str, lang: Lang, first: int) -> None:
    book = book_of(scope(region, lang, first))
    assert [found for found in overflows(book) if found[0] == book.sheets[0].title] == []


def version(kind: str, measure: str, rows: list[tuple[str, str]]) -> credit.Version:
    plan = CommissionPlan(
        id="X", name="X", effective_from=date(2026, 1, 1), base="amount", kind=kind,
        measure=measure, period="month",
    )  # fmt: skip
    return credit.Version(plan, *(tuple(Decimal(r[i]) for r in rows) for i in (0, 1)))


AMOUNTS = [
    0, 1, -1, -5_000_00, 999_99, 1_000_00, 1_000_01, 10_05, 20_10, 33_50, 79_999_99, 80_000_00,
    80_000_01, 100_000_00, 120_000_00, 123_456_78, 99_999_999_99,
]  # fmt: skip


def test_formulas_are_the_rule_to_the_cent(tmp_path: Path) -> None:
    """Ties in cents, cliffs, net returns, thresholds by attainment: both formula paths."""
    random_ = random.Random(3)
    scales = [
        version("marginal", "amount", [("0", "0.05"), ("1000", "0.055"), ("80000", "0.0725")]),
        version("whole_amount", "amount", [("0", "0.05"), ("1000", "0.065"), ("80000", "0.1")]),
        version("marginal", "amount", [("10.05", "0.1")]),
        version("whole_amount", "amount", [("10.05", "0.1")]),
        version("marginal", "attainment", [("0", "0.008"), ("0.8", "0.0125"), ("1.2", "0.03")]),
        version("whole_amount", "attainment", [("0.07", "0.015"), ("0.8", "0.025")]),
    ]
    sheet = Sheet("s", "S")
    row = 0
    for scale in scales:
        first = row
        for i, (low, rate) in enumerate(zip(scale.thresholds, scale.rates, strict=True)):
            sheet.put_row(row, 0, [low, rate, rate - (scale.rates[i - 1] if i else 0)])
            row += 1
        columns = [span(first, c, row - 1, c, True) for c in range(3)]
        tiers = Tiers(
            scale, [a1(r, 0, True, True) for r in range(first, row)],
            [a1(r, 1, True, True) for r in range(first, row)], *columns, 2,
        )  # fmt: skip
        more = [random_.randint(-(10**6), 2 * 10**7) for _ in range(30)]
        for amount in [*AMOUNTS, *more]:
            quota = random_.choice((100_000_00, 100_000_00, 33_333_33, 0))
            sheet.put_row(row, 4, [Decimal(amount) / 100, Decimal(quota) / 100])
            x, q = a1(row, 4), a1(row, 5)
            pay = credit.pay_of(scale, amount, quota, 2)
            sheet.put(row, 6, Formula(tiers.pay(x, q), pay))
            sheet.put(row, 7, Formula(tiers.second(x, q), pay))
            number = credit.tier_of(scale, amount, quota, 2)
            sheet.put(row, 8, Formula(tiers.reached(x, q), number))
            row += 1
    path = tmp_path / "f.xlsx"
    write_book(Book("en", "t", "c", sheets=[sheet]), path)
    compared = engines.with_ironcalc([path])
    assert compared.compared == 6 * (len(AMOUNTS) + 30) * 3
    assert not compared.differences, [str(d) for d in compared.differences[:5]]
    if soffice() is not None:
        compared = engines.with_libreoffice(engines.recalculate([path], tmp_path / "work"))
        assert not compared.differences, [str(d) for d in compared.differences[:5]]


def test_the_check_sees_a_wrong_tier(tmp_path: Path) -> None:
    """A rate changed in the file moves both paths; a changed step moves one: ✕."""
    import ironcalc

    book = book_of(scope())
    path = tmp_path / "c.xlsx"
    write_book(book, path)
    model: Any = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    sheet, check = book.sheets[0], book.checks[0]
    model.evaluate()
    assert model.get_cell_value(0, check.row + 1, check.col + 1) == 0
    step = next(c for c in sheet.cells if c.col == commission.STEP and isinstance(c.value, Formula))
    model.set_user_input(0, step.row + 1, step.col + 1, "0.5")
    model.evaluate()
    assert model.get_cell_value(0, check.row + 1, check.col + 1) != 0
