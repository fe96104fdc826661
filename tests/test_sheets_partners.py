"""Own criteria, the weight at which the choice turns, and sales outside the own region."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest

from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.ooxml.write import write_book
from salesxl.plan.model import Channel, Customer, KeyAccount, Partner, PartnerCriterion, Plan
from salesxl.plan.targets import breakdown
from salesxl.sheets import channels, customers, key_accounts, ledger_lines, partners
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.scope import Scope, head_office, narrow
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang
from tests import generate_sample
from tests.oracles import engines

LEDGER = """date,amount,region,customer id,customer,salesperson
2027-02-01,900,East,C1,Alder Labs,Ann East
2027-02-02,100,West,C1,Alder Labs,Ben West
2027-02-03,950,East,C2,Birch Works,Ann East
2027-02-04,50,West,C2,Birch Works,Ben West
2026-02-04,500,West,C2,Birch Works,Ben West
"""
FOUR = ("reputation", "strength", "market_share", "willingness")


def _plan() -> Plan:
    weights = ("0.25", "0.25", "0.2", "0.2", "0.1")
    names = (*FOUR, "Cold store")
    return dataclasses.replace(
        generate_sample.plan(2027),
        customers=(
            Customer(id="C1", name="Alder Labs", region="E"),
            Customer(id="C2", name="Birch Works", region="E"),
        ),
        partner_criteria=tuple(
            PartnerCriterion(id=f"k{n}", name=name, weight=Decimal(weight), minimum_score=2)
            for n, (name, weight) in enumerate(zip(names, weights, strict=True))
        ),
        partners=(
            # 4 × 0.9 + 2 × 0.1 = 3.8 of 5: 76; 3.5 × 0.9 + 5 × 0.1 = 3.65: 73; the third lacks one
            _partner("D1", "Alder", "4", "2", customer="C1"),
            _partner("D2", "Birch", "3.5", "5", customer="C2"),
            _partner("D3", "Cedar", "5", None),
        ),
    )


def _partner(key: str, name: str, score: str, own: str | None, customer: str = "") -> Partner:
    return Partner(
        id=key, name=name, region="E", **dict.fromkeys(FOUR, Decimal(score)),
        own_1=None if own is None else Decimal(own), customer=customer,
    )  # fmt: skip


def _scope(folder: Path, lang: Lang, plan: Plan, channel: str = "", last: str = "") -> Scope:
    """The lines of the ledger sold through `channel`, the second to last through `last`."""
    file = folder / "ledger.csv"
    head, *body = LEDGER.splitlines()
    rows = [f"{head},channel", *(f"{line},{channel}" for line in body)]
    rows[4] = f"{body[3]},{last}"
    file.write_text("\n".join(rows), encoding="utf-8")
    ledger, _ = match(read_ledgers([file], decimals=2), plan)
    return head_office(plan, breakdown(plan), ledger, lang)


def _book(scope: Scope) -> tuple[Book, Sheet]:
    book = Book(scope.lang, "t", "Alder & Co", currency="USD")
    front = Sheet("front", "首页" if scope.lang == "zh" else "Front")
    front.put(1, 1, "front")
    sheet = partners.build(scope, book)
    book.sheets += [front, sheet, ledger_lines.build(scope, book)]
    return book, sheet


def _row(sheet: Sheet, name: str) -> list[object]:
    """The values of the last row that starts with `name`."""
    row = max(c.row for c in sheet.cells if c.col == 1 and c.value == name)
    cells = sorted((c for c in sheet.cells if c.row == row), key=lambda c: c.col)
    values = [c.value.value if isinstance(c.value, Formula) else c.value for c in cells]
    return [value for value in values if value is not None]


def test_an_own_criterion_counts(tmp_path: Path) -> None:
    _, sheet = _book(_scope(tmp_path, "en", _plan()))
    table = sheet.tables[0]
    titles = [column.title for column in table.columns]
    assert "Cold store" in titles
    found = {row[titles.index("Partner")]: row for row in table.rows if row[2]}
    total, rank = titles.index("Total"), titles.index("Rank")
    assert [found[n][total] for n in ("Alder", "Birch", "Cedar")] == [76, 73, 90]
    assert [found[n][rank] for n in ("Alder", "Birch", "Cedar")] == [1, 2, "–"]
    assert found["Cedar"][titles.index("Minimum score")] == "✕ Cold store too low"


def test_the_weight_at_which_the_choice_turns(tmp_path: Path) -> None:
    """4(1 − x) + 2x = 3.5(1 − x) + 5x at x = 1/7; less of the others never helps Birch enough."""
    _, sheet = _book(_scope(tmp_path, "en", _plan()))
    row = _row(sheet, "Cold store")
    assert row[-2:] == [Decimal(1) / Decimal(7), "above it Birch would be first"]
    # With reputation at 0 the others are 0.8667 and 0.1333: 3.7333 against 3.7.
    assert _row(sheet, "reputation")[-2:] == ["–", "No weight of it changes the choice"]


def test_sales_outside_are_flagged_above_the_tolerance(tmp_path: Path) -> None:
    _, sheet = _book(_scope(tmp_path, "en", _plan()))
    assert _row(sheet, "Alder") == [
        "Alder", "C1", 1000, 100, Decimal("0.1"), "✕ Above tolerance", "East",
    ]  # fmt: skip
    assert _row(sheet, "Birch")[2:6] == [1000, 50, Decimal("0.05"), "✓ None"]


def test_further_regions_are_its_own(tmp_path: Path) -> None:
    plan = _plan()
    first = dataclasses.replace(plan.partners[0], territory="west")
    plan = dataclasses.replace(plan, partners=(first, *plan.partners[1:]))
    _, sheet = _book(_scope(tmp_path, "en", plan))
    assert _row(sheet, "Alder")[2:] == [1000, 0, 0, "✓ None", "East, West"]


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_formulas_agree_and_a_region_sees_no_other(tmp_path: Path, lang: Lang) -> None:
    scope = _scope(tmp_path, lang, _plan())
    east = narrow(scope, next(r for r in scope.plan.regions if r.id == "E"))
    paths = []
    for name, one in (("head", scope), ("east", east)):
        book, sheet = _book(one)
        assert not overflows(book)
        paths.append(tmp_path / f"{name}.xlsx")
        write_book(book, paths[-1])
        shown = {c.value for c in sheet.cells if isinstance(c.value, str)}
        assert (name == "head") == ("✓ None" in _flat(sheet) or "✓ 未见窜货" in _flat(sheet))
        assert name == "head" or "West" not in shown
    found = engines.with_ironcalc(paths)
    assert found.compared > 50 and not found.differences, [str(d) for d in found.differences]


def _flat(sheet: Sheet) -> set[object]:
    return {c.value.value if isinstance(c.value, Formula) else c.value for c in sheet.cells}


def test_what_channels_bring_for_their_cost(tmp_path: Path) -> None:
    """1,950 of sales on a cost of 400 is 4.875; 5 wins cost 80 each. No cost, no return."""
    plan = dataclasses.replace(
        _plan(),
        channels=(
            Channel(id="1", name="Shop", kind="online", cost_amount=600_00, customers_won=3),
            Channel(id="2", name="Direct", kind="offline", cost_amount=400_00, customers_won=5),
            Channel(id="3", name="Fairs", kind="offline"),
        ),
    )
    scope = _scope(tmp_path, "en", plan, "direct", "Fairs")  # the plan says "Direct"
    book = Book("en", "t", "Alder & Co", currency="USD")
    front = Sheet("front", "Front")
    front.put(1, 1, "front")
    sheet = channels.build(scope, book)
    book.sheets += [front, sheet, ledger_lines.build(scope, book)]
    lines = {row[0]: row[-4:] for table in sheet.tables for row in table.rows if row[0]}
    assert lines["Shop"] == (600, 0, 3, 200)
    assert lines["Direct"] == (400, Decimal("4.875"), 5, 80)
    assert lines["Fairs"] == (None, "–", None, "–")
    # All sales are 2,000, but those of the fairs, 50, have no cost beside them.
    assert _row(sheet, "Total")[-6:-2] == [1000, Decimal("1.95"), 8, 125]
    path = tmp_path / "channels.xlsx"
    write_book(book, path)
    found = engines.with_ironcalc([path])
    assert found.compared and not found.differences, [str(d) for d in found.differences]


def test_what_hangs_on_few_customers(tmp_path: Path) -> None:
    """1,000 each: half with the largest, all with both; 0.25 + 0.25. C1 and C2 tie: both A."""
    plan = dataclasses.replace(_plan(), key_accounts=(KeyAccount(customer="C1"),))
    scope = _scope(tmp_path, "en", plan)
    book = Book("en", "t", "Alder & Co", currency="USD")
    front = Sheet("front", "Front")
    front.put(1, 1, "front")
    book.sheets += [front, customers.build(scope, book)]
    sheet = key_accounts.build(scope, book)
    book.sheets += [sheet, ledger_lines.build(scope, book)]
    assert _row(sheet, "Share of the largest")[1] == Decimal("0.5")
    assert _row(sheet, "Share of the first 5")[1] == 1
    assert _row(sheet, "Herfindahl index")[1] == Decimal("0.5")
    assert "Grade A by sales (running 100%)" in sheet.tables[0].rows[0]
    path = tmp_path / "accounts.xlsx"
    write_book(book, path)
    found = engines.with_ironcalc([path])
    assert found.compared and not found.differences, [str(d) for d in found.differences]


def test_a_region_is_not_measured_by_the_companys_cost(tmp_path: Path) -> None:
    shop = Channel(id="1", name="Shop", kind="online", cost_amount=612_34, customers_won=3)
    head = _scope(tmp_path, "en", dataclasses.replace(_plan(), channels=(shop,)))
    east = narrow(head, next(r for r in head.plan.regions if r.id == "E"))
    for scope, told in ((head, True), (east, False)):
        sheet = channels.build(scope, Book("en", "t", "Alder & Co", currency="USD"))
        titles = {column.title for table in sheet.tables for column in table.columns}
        assert ({"Cost", "Return", "Cost per win"} <= titles) == told
        cells = [value for table in sheet.tables for row in table.rows for value in row]
        assert (Decimal("612.34") in cells) == told
