"""A plan started from history; expectations worked by hand."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path

import pytest

from salesxl.cli import start as start_command
from salesxl.cli.start import WrongUseError, parse_growth
from salesxl.errors import SalesxlError
from salesxl.ledger.history import grown, start_plan
from salesxl.ledger.read import read_ledgers
from salesxl.ledger.years import base_period, complete_years, month_weights
from salesxl.plan.model import Assignment, Plan

ADVENTURE = Path(__file__).parent / "data" / "adventureworks"
HEAD = "Date,Amount,Region,Product line,Salesperson,Job title,Customer,Channel\n"


def started(
    folder: Path, lines: str, head: str = HEAD, **options: object
) -> tuple[Plan, list[str]]:
    path = folder / "sales.csv"
    path.write_text(head + lines, "utf-8")
    ledger = read_ledgers([path], decimals=2)
    chosen = {"year": 2026, "growth": Decimal("0.1"), "unit_amount": 100, "lang": "en",
              "company": "Acme", "currency": "USD", **options}  # fmt: skip
    return start_plan(ledger, **chosen)  # type: ignore[arg-type]


YEAR = (
    "2024-12-31,999,North,Bells,Ann,Rep,A,Shop\n"
    "2025-01-10,300,North,Bikes,Ann,Sales rep,A,Shop\n"
    "2025-06-10,100,South,Bikes,Ann,Sales rep,A,Online shop\n"
    "2025-06-11,500,South,Bells,Bob,Sales manager,B,Shop\n"
    "2025-12-10,100.55,North,Bells,Cy,Sales rep,B,Shop\n"
)


def test_plan_from_a_complete_year(tmp_path: Path) -> None:
    plan, notices = started(tmp_path, YEAR)
    # 300 + 100 + 500 + 100.55 = 1,000.55; × 1.1 = 1,100.605 → 1,101 whole dollars
    assert plan.settings.annual_target_amount == 110100
    assert [(r.id, r.name, r.parent, r.history_amount) for r in plan.regions] == [
        ("ALL", "Acme", "", 100055), ("R01", "South", "ALL", 60000), ("R02", "North", "ALL", 40055),
    ]  # fmt: skip
    assert [(p.id, p.name, p.history_amount) for p in plan.product_lines] == [
        ("P01", "Bells", 60055), ("P02", "Bikes", 40000),
    ]  # fmt: skip
    # Ann: 300 of 400.55 in North = 74.8970 %; 100 of 600 in South = 16.6667 %
    assert [(p.id, p.name, p.role, p.region, p.quota_weight) for p in plan.people] == [
        ("E001", "Ann", "rep", "R02", Decimal("74.8970")),
        ("E002", "Bob", "manager", "R01", Decimal("83.3333")),
        ("E003", "Cy", "rep", "R02", Decimal("25.1030")),
    ]
    assert plan.assignments == (
        Assignment(person="E001", region="R01", quota_weight=Decimal("16.6667")),
    )
    # A bought 999 + 300 in North and 100 in South; B 500 in South from Bob, 100.55 in North
    assert [(c.id, c.name, c.region, c.owner, c.channel) for c in plan.customers] == [
        ("C0001", "A", "R02", "E001", "Shop"), ("C0002", "B", "R01", "E002", "Shop"),
    ]  # fmt: skip
    assert [(c.name, c.kind) for c in plan.channels] == [
        ("Online shop", "online"),
        ("Shop", "offline"),
    ]
    assert all(p.commission_plan for p in plan.people)
    assert {str(t.effective_from) for t in plan.commission_tiers} == {"2024-01-01"}
    assert plan.data_sources[0].content.startswith("sales.csv: 5 lines, 2024-12-31 to 2025-12-10")
    # 300 : 600 : 100.55 of 1,000.55, cut to six places; the one left goes to the largest remainder
    weights = {w.month: w.weight for w in plan.month_weights}
    assert weights[1] == Decimal("0.299835")
    assert weights[6] == Decimal("0.599670")
    assert weights[12] == Decimal("0.100495")
    assert sum(weights.values()) == 1
    assert any("2, 3, 4, 5, 7, 8, 9, 10, 11" in n for n in notices)
    assert [w.note != "" for w in plan.month_weights].count(True) == 9


def test_no_complete_year(tmp_path: Path) -> None:
    plan, notices = started(tmp_path, "2025-03-01,100,N,B,,,,\n2025-04-01,300,N,B,,,,\n")
    assert plan.settings.annual_target_amount == 44000
    assert [w.weight for w in plan.month_weights][2:4] == [Decimal("0.25"), Decimal("0.75")]
    assert any("no complete year before 2026" in n for n in notices)


def test_date_and_amount_alone_are_enough(tmp_path: Path) -> None:
    plan, _ = started(tmp_path, "2025-01-01,100\n2025-12-01,100\n", "Date,Amount\n")
    assert [r.name for r in plan.regions] == ["Acme", "All regions"]
    assert [(p.name, p.history_amount) for p in plan.product_lines] == [("All products", 20000)]
    assert (plan.people, plan.customers, plan.roles != ()) == ((), (), True)


def test_blank_and_negative_and_many(tmp_path: Path) -> None:
    lines = "".join(f"2025-01-05,{n},N,Line {n:02d},,,,\n" for n in range(1, 51))
    lines += "2025-12-05,7,,,,,,\n2025-12-06,-9,S,Line 50,,,,\n"
    plan, notices = started(tmp_path, lines)
    # lines 50 (50 − 9 = 41), 49 … 12 stay: 39; 1 … 11 with 66 together are "other"
    assert len(plan.product_lines) == 41
    last = {p.id: p.history_amount for p in plan.product_lines[-2:]}
    assert last == {"OTHER": 6600, "NONE": 700}
    assert sum(p.history_amount for p in plan.product_lines) == (1275 + 7 - 9) * 100
    assert {r.id: r.history_amount for r in plan.leaf_regions} == {
        "R01": 127500, "R02": 0, "NONE": 700,
    }  # fmt: skip
    for part in ("“S” has negative", "50 product lines", "1 lines have no region", "no product"):
        assert any(part in n for n in notices), part
    with pytest.raises(SalesxlError, match="no target can be grown"):
        started(tmp_path, "2025-01-05,-5,N,B,,,,\n")


def test_region_without_base_sales_weighs_its_people_evenly(tmp_path: Path) -> None:
    lines = (
        "2024-03-05,50,West,B,Dan,,,\n2024-03-05,50,West,B,Eve,,,\n"
        "2025-01-05,5,N,B,Flo,,,\n2025-12-05,5,N,B,Flo,,,\n"
    )
    plan, _ = started(tmp_path, lines)
    assert [(p.name, p.region, p.quota_weight) for p in plan.people] == [
        ("Dan", "R02", Decimal(1)), ("Eve", "R02", Decimal(1)), ("Flo", "R01", Decimal("100.0000")),
    ]  # fmt: skip


def test_fiscal_years(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Date,Amount\n2024-04-01,1\n2025-03-31,3\n2025-04-01,5\n2026-02-01,1\n", "utf-8"
    )
    frame = read_ledgers([path], decimals=2).frame
    assert complete_years(frame, 4) == (2024,)
    assert complete_years(frame, 1) == ()
    assert base_period(frame, 2026, 4).lines.tolist() == [True, True, False, False]
    assert [w.weight for w in month_weights(frame, "en", 4)[0]][2:4] == [
        Decimal("0.75"),
        Decimal("0.25"),
    ]


def test_grown_rounds_half_up_to_the_unit() -> None:
    assert grown(100050, Decimal("0.10"), 100) == 110100  # 110,055 → 1,100.55 units
    assert grown(1000, Decimal("0.05"), 100) == 1100  # 10.5 units
    assert grown(1000, Decimal("-0.05"), 1000) == 1000


def test_growth_as_written() -> None:
    assert [parse_growth(w) for w in ("12%", "0.12", "-5%", "１２％", "+3.5 %", "0")] == [
        Decimal("0.12"), Decimal("0.12"), Decimal("-0.05"), Decimal("0.12"), Decimal("0.035"), 0,
    ]  # fmt: skip
    for wrong in ("12", "1", "abc", "", "12%%", "-100%", "-3", "nan"):
        with pytest.raises(WrongUseError):
            parse_growth(wrong)
    with pytest.raises(WrongUseError) as caught:
        parse_growth("12")
    assert "write 12%" in caught.value.problem.say("en")


def command(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    start_command.add_parser(parser.add_subparsers(), "en")
    parsed = parser.parse_args(["start", *map(str, arguments)])
    return int(parsed.run(parsed))


def test_start_adventureworks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from salesxl.plan.read import check_file

    out = tmp_path / "plan.xlsx"
    options = ("--map", ADVENTURE / "map.toml", "--year", 2020, "--growth", "12%", "-o", out)
    assert command(ADVENTURE / "Sales.csv.xz", *options) == 0
    said = capsys.readouterr().out
    assert "57,851 lines, total 77,548,570.20 USD" in said
    assert "complete: 2018, 2019" in said
    plan, problems = check_file(out)
    assert [p for p in problems if getattr(p, "severity", "error") == "error"] == []
    assert plan is not None
    # 2019: 32,500,005.58; × 1.12 = 36,400,006.2496, to hundreds
    assert plan.settings.annual_target_amount == 3_640_000_000
    assert sum(r.history_amount for r in plan.leaf_regions) == 3_250_000_558
    assert sum(p.history_amount for p in plan.product_lines) == 3_250_000_558
    assert len(plan.leaf_regions) == 10 and len(plan.people) == 17
    with pytest.raises(SalesxlError, match="exists already"):
        command(ADVENTURE / "Sales.csv.xz", *options)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--growth", "12"), ("--unit", "0"), ("--unit", "0.001"), ("--unit", "x"), ("--year", "26"),
     ("--currency", "XXY"), ("-o", "plan.txt")],
)  # fmt: skip
def test_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    options = {"--year": "2026", "--growth": "5%", "-o": str(tmp_path / "p.xlsx"), option: value}
    assert command("none.csv", *(part for pair in options.items() for part in pair)) == 2
    assert capsys.readouterr().err.startswith(option)
