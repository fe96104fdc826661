"""Customers as the ledger shows them, their visits on a sheet and in a calendar."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import icalendar
import pytest

from salesxl.batch.calendars import write_calendars
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.ooxml.write import write_book
from salesxl.plan.model import CalendarDay, Customer, Person, Plan, VisitRule
from salesxl.plan.targets import breakdown
from salesxl.sheets import customer_scores, customers, ledger_lines, visits
from salesxl.sheets.care import care
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.plan_book import write_plan
from salesxl.sheets.scope import Scope, head_office, narrow
from salesxl.sheets.visits import visits_of
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang
from tests import generate_sample
from tests.oracles import engines

# C1 orders every 20 days and is 30 days late on 30 April; C2 has ordered twice; C3 never.
LEDGER = """date,amount,region,customer id,customer,salesperson
2027-01-30,400,East,C1,Alder Labs,Ann East
2027-02-19,300,East,C1,Alder Labs,Ann East
2027-03-11,100,East,C1,Alder Labs,Ann East
2027-03-31,0.5,East,C1,Alder Labs,Ann East
2027-03-31,-100,East,C1,Alder Labs,Ann East
2027-04-01,150,East,C2,Birch Works,Ann East
2027-04-02,30,East,C2,Birch Works,Ann East
2027-04-05,999,West,C9,Cedar,Ben West
"""


def _plan(**changes: object) -> Plan:
    plan = generate_sample.plan(2027)
    people = [p for p in plan.people if p.region == "E"]
    owner = people[0].id
    return dataclasses.replace(
        plan,
        settings=dataclasses.replace(plan.settings, as_of_date=date(2027, 4, 30)),
        customers=(
            Customer(id="C1", name="Alder Labs", region="E", owner=owner),
            Customer(id="C2", name="Birch Works", region="E", owner=owner),
            Customer(id="C3", name="Dogwood", region="E", owner=owner, visits_per_year=2),
            Customer(id="C4", name="Elm", region="E", visits_per_year=1),
            Customer(id="C9", name="Cedar", region="W", owner="", grade="B"),
        ),
        visit_rules=(
            VisitRule(grade="A", visits_per_year=12),
            VisitRule(grade="B", visits_per_year=4),
        ),
        calendar_days=(
            CalendarDay(day=date(2027, 10, 1), kind="holiday"),
            CalendarDay(day=date(2027, 10, 9), kind="workday"),
        ),
        **changes,  # type: ignore[arg-type]
    )


def _scope(folder: Path, lang: Lang = "en", **changes: object) -> Scope:
    file = folder / "ledger.csv"
    file.write_text(LEDGER, encoding="utf-8")
    plan = _plan(**changes)
    ledger, _ = match(read_ledgers([file], decimals=2), plan)
    return head_office(plan, breakdown(plan), ledger, lang)


def _book(scope: Scope) -> Book:
    book = Book(scope.lang, "t", "Alder & Co", currency="USD")
    front = Sheet("front", "首页" if scope.lang == "zh" else "Front")
    front.put(1, 1, "front")
    book.sheets.append(front)
    for module in (customers, customer_scores, visits, ledger_lines):
        book.sheets.append(module.build(scope, book))
    return book


def _list(book: Book, name: str) -> list[dict[str, object]]:
    table = next(t for s in book.sheets for t in s.tables if t.name == name)
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def test_what_the_ledger_says(tmp_path: Path) -> None:
    facts = care(_scope(tmp_path)).facts
    # East: 700.50 and 180 of 880.50; the first alone reaches 79.6 % only, so both are A.
    assert [facts[c].grade for c in ("C1", "C2", "C3", "C9")] == ["A", "A", "D", "A"]
    assert facts["C1"].share == Fraction(700_50, 880_50) and facts["C2"].share == 1
    own = facts["C1"].rhythm
    assert own is not None
    assert (own.orders, own.lifetime, own.gap, own.since) == (4, 60, 20, 30)
    assert [facts[c].level for c in ("C1", "C2", "C3")] == ["watch", "no_rhythm", ""]
    # Of two, the better one has half below: 1 + ⌊5 × 1/2⌋ = 3.
    assert facts["C1"].scores == (1, 3, 3) and facts["C2"].scores == (3, 1, 1)
    assert facts["C3"].scores is None


def test_own_figure_before_the_grades_rule(tmp_path: Path) -> None:
    own = care(_scope(tmp_path))
    wanted = [own.visits(customer) for customer in own.scope.plan.customers]
    assert wanted == [12, 12, 2, 1, 4]
    days = own.days
    assert date(2027, 10, 1) not in days and date(2027, 10, 9) in days
    made = visits_of(own.rounds, days)
    assert len(made) == 26 and all(visit.day in days for visit in made)
    assert len({(visit.person, visit.day) for visit in made}) == 26  # one a day: none is crowded


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sheets_agree_and_nothing_is_cut_off(tmp_path: Path, lang: Lang) -> None:
    scope = _scope(tmp_path, lang)
    region = next(r for r in scope.plan.regions if r.id == "E")
    paths = []
    for name, one in (("head", scope), ("east", narrow(scope, region))):
        book = _book(one)
        assert not overflows(book)
        assert all(check.difference == 0 for check in book.checks) and len(book.checks) == 4
        paths.append(tmp_path / f"{name}.xlsx")
        write_book(book, paths[-1])
        grades = {line["id"]: line["grade"] for line in _list(book, "scores") if line["id"]}
        assert grades["C1"] == grades["C2"] == "A" and grades["C3"] == "D"  # alike in both
    found = engines.with_ironcalc(paths)
    assert found.compared > 150 and not found.differences, [str(d) for d in found.differences]


def test_what_has_no_day_is_listed(tmp_path: Path) -> None:
    book = _book(_scope(tmp_path))
    sheet = next(s for s in book.sheets if s.key == "visits")
    texts = [c.value for c in sheet.cells]
    assert "Elm" in texts and "Cedar" in texts  # nobody owns them
    verdict = next(c.value for c in sheet.cells if c.name == "verdict")
    assert verdict == "● 5 visits have no day, see below"
    assert len([line for line in _list(book, "visits") if line["id"]]) == 26


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_person_one_customer_and_no_ledger(tmp_path: Path, lang: Lang) -> None:
    plan = _plan()
    alone = dataclasses.replace(
        plan, customers=plan.customers[:1], visit_rules=(VisitRule(grade="D", visits_per_year=1),)
    )
    book = _book_without_lines(alone, lang)
    assert not overflows(book)
    path = tmp_path / "alone.xlsx"
    write_book(book, path)
    found = engines.with_ironcalc([path])
    assert found.compared and not found.differences, [str(d) for d in found.differences]


def _book_without_lines(plan: Plan, lang: Lang) -> Book:
    scope = head_office(plan, breakdown(plan), None, lang)
    return _book(scope)


def test_counts_over_a_list_that_was_cut_are_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "MOST_ROWS", 20)
    book = _book(_scope(tmp_path))
    assert len([line for line in _list(book, "visits") if line["id"]]) == 20
    path = tmp_path / "cut.xlsx"
    write_book(book, path)
    found = engines.with_ironcalc([path])
    assert found.compared and not found.differences, [str(d) for d in found.differences]
    assert 26 in [c.value for s in book.sheets if s.key == "visits" for c in s.cells]


def test_five_thousand_customers(tmp_path: Path) -> None:
    plan = _plan()
    people = tuple(
        Person(id=f"V{n}", name=f"Rep {n}", role=plan.people[0].role, region="E") for n in range(25)
    )
    crowd = tuple(
        Customer(id=f"N{n}", name=f"Customer {n}", region="E", owner=f"V{n % 25}", grade="B")
        for n in range(5000)
    )
    whole = dataclasses.replace(plan, people=(*plan.people, *people), customers=crowd)
    scope = head_office(whole, breakdown(whole), None, "en")
    sheet = visits.build(scope, Book("en", "t", "x", currency="USD"))
    assert len(sheet.tables[0].rows) == visits.MOST_ROWS


def test_calendars(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = _plan()
    write_plan(plan, tmp_path / "plan.xlsx", "en")
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    out = tmp_path / "out"
    words = [
        "visits", str(tmp_path / "plan.xlsx"), "--ledger", str(tmp_path / "ledger.csv"),
        "-o", str(out), "--lang", "en",
    ]  # fmt: skip
    assert main(words) == 0
    (file,) = out.iterdir()
    assert f"{file.name}: " in capsys.readouterr().out
    events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert len(events) == 26 and len({str(event["UID"]) for event in events}) == 26
    assert all(event["DTSTART"].dt in care_days(tmp_path) for event in events)
    assert str(events[0]["SUMMARY"]).startswith("Visit ")
    assert max(len(line) for line in file.read_bytes().split(b"\r\n")) <= 75
    first = file.read_bytes()
    assert main(words) == 0 and file.read_bytes() == first  # the same plan, the same bytes


def care_days(folder: Path) -> list[date]:
    return care(_scope(folder)).days


def test_an_entry_keeps_its_uid_when_the_plan_moves_it(tmp_path: Path) -> None:
    uids = []
    for name, number in (("a", 2), ("b", 3)):
        plan = dataclasses.replace(
            _plan(),
            customers=tuple(
                dataclasses.replace(c, visits_per_year=number) for c in _plan().customers[:1]
            ),
        )
        write_plan(plan, tmp_path / f"{name}.xlsx", "en")
        made = write_calendars(tmp_path / f"{name}.xlsx", [], tmp_path / name)
        data = (tmp_path / name / made.made[0].file).read_bytes()
        events = icalendar.Calendar.from_ical(data).walk("VEVENT")
        uids.append([str(event["UID"]) for event in events])
    assert uids[0] == uids[1][:2]


def test_unknown_person_writes_nothing(tmp_path: Path) -> None:
    write_plan(_plan(), tmp_path / "plan.xlsx", "en")
    with pytest.raises(SalesxlError) as caught:
        write_calendars(tmp_path / "plan.xlsx", [], tmp_path / "out", person="Zoe")
    assert caught.value.problems[0].code == "visits.person_unknown"
    assert not (tmp_path / "out").exists()


def test_formulas_carry_exact_shares(tmp_path: Path) -> None:
    line = next(row for row in _list(_book(_scope(tmp_path)), "scores") if row["id"] == "C1")
    assert line["share"] == Decimal(70050) / Decimal(88050)
    assert not isinstance(line["grade"], Formula)
