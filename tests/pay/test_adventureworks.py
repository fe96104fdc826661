"""AdventureWorks, July 2019 to May 2020: everybody's statement, paid on sales and on margin.

What must come out is added up here from the files themselves, without our readers.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import lzma
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from salesxl.cli.main import main
from salesxl.ledger.frame import Ledger
from salesxl.ledger.match import match
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.read import read_ledgers
from salesxl.plan.model import CommissionPlan, CommissionTier, Override, Person, Plan, Role
from salesxl.plan.read import read_plan
from salesxl.sheets.plan_book import write_plan
from tests.pay.make import check

FOLDER = Path(__file__).parents[1] / "data" / "adventureworks"
FIRST, LAST = date(2019, 7, 1), date(2020, 5, 31)
CENT = Decimal("0.01")


def rows(name: str) -> list[dict[str, str]]:
    path = FOLDER / name
    data = path.read_bytes()
    data = lzma.decompress(data) if path.suffix == ".xz" else data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter="|"))


@pytest.fixture(scope="module")
def by_hand() -> dict[str, tuple[Decimal, Decimal]]:
    """Employee ID → sales and margin of the dates, line by line rounded to cents."""
    ids = {row["EmployeeKey"]: row["EmployeeID"] for row in rows("Salesperson.csv")}
    assert len(ids) == 18
    found = {person: (Decimal(0), Decimal(0)) for person in ids.values()}
    for row in rows("Sales.csv.xz"):
        day = date.fromisoformat(row["OrderDate"][:10].replace("/", "-"))
        if FIRST <= day <= LAST:
            sales, cost = (
                Decimal(row[name]).quantize(CENT, ROUND_HALF_UP) for name in ("Sales", "Cost")
            )
            person = ids[row["EmployeeKey"]]
            before = found[person]
            found[person] = (before[0] + sales, before[1] + sales - cost)
    return found


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Ledger]:
    """A plan by ``salesxl start``; the fiscal year begins in July, and the director is added."""
    path = tmp_path_factory.mktemp("aw") / "plan.xlsx"
    options = ("--map", FOLDER / "map.toml", "--year", 2020, "--growth", "0%", "-o", path)
    assert main(["start", str(FOLDER / "Sales.csv.xz"), *map(str, options)]) == 0
    plan = read_plan(path)
    ledger = read_ledgers([FOLDER / "Sales.csv.xz"], mapping=FOLDER / "map.toml", decimals=2)
    (director,) = (row for row in rows("Salesperson.csv") if row["Title"] == "Director of Sales")
    boss = Person(
        id=director["EmployeeID"], name=director["Salesperson"], role="boss",
        region=plan.leaf_regions[0].id,
    )  # fmt: skip
    assert len(plan.people) == 17
    plan = dataclasses.replace(
        plan,
        settings=dataclasses.replace(plan.settings, year=2019, fiscal_year_first_month=7),
        roles=(*plan.roles, Role(id="boss", name="Director", kind="manager", carries_quota="no")),
        people=(*(dataclasses.replace(p, manager=boss.id) for p in plan.people), boss),
    )
    return plan, match(ledger, plan)[0]


def paid_on(plan: Plan, base: str, kind: str, period: str) -> Plan:
    start = date(2019, 1, 1)
    version = CommissionPlan(
        id="C",
        name="C",
        effective_from=start,
        base=base,
        kind=kind,
        measure="amount",
        period=period,
    )
    rates = (("0", "0.01"), ("100000", "0.0175"), ("300000", "0.025"))
    tiers = tuple(
        CommissionTier(plan="C", effective_from=start, threshold=Decimal(t), rate=Decimal(r))
        for t, r in rates
    )
    rate = Override(
        manager=plan.people[-1].id, base=base, override_rate=Decimal("0.001"), from_date=start
    )
    people = tuple(dataclasses.replace(person, commission_plan="C") for person in plan.people)
    return dataclasses.replace(
        plan, people=people, commission_plans=(version,), commission_tiers=tiers, bonuses=(),
        overrides=(rate,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("base", "kind", "period"),
    [("amount", "marginal", "ytd"), ("margin", "whole_amount", "month")],
)
def test_credit_adds_up_to_the_ledger(
    started: tuple[Plan, Ledger], by_hand: dict[str, tuple[Decimal, Decimal]],
    base: str, kind: str, period: str,
) -> None:  # fmt: skip
    plan, ledger = started
    run = pay_run(paid_on(plan, base, kind, period), ledger, "2019")
    check(run)
    assert not run.unassigned
    assert {statement.person for statement in run.statements} == by_hand.keys()
    column = 0 if base == "amount" else 1
    for statement in run.statements:
        assert Decimal(statement.credited).scaleb(-2) == by_hand[statement.person][column]
        assert Decimal(statement.own_amount).scaleb(-2) == by_hand[statement.person][0]
    assert Decimal(run.ledger_amount).scaleb(-2) == sum(sales for sales, _ in by_hand.values())
    boss = run.statements[-1]
    team = sum(row[column] for row in by_hand.values())
    assert Decimal(sum(item.credited for item in boss.overrides)).scaleb(-2) == team
    assert abs(Decimal(boss.earned).scaleb(-2) - team * Decimal("0.001")) < 12 * CENT


def test_the_year_is_what_its_bands_pay(
    started: tuple[Plan, Ledger], by_hand: dict[str, tuple[Decimal, Decimal]]
) -> None:
    """Year to date by bands: 1 % to 100,000, 1.75 % to 300,000, 2.5 % above."""
    plan, ledger = started
    run = pay_run(paid_on(plan, "amount", "marginal", "ytd"), ledger, "2019")
    for statement in run.statements:
        sales = by_hand[statement.person][0]
        want = min(sales, Decimal(100_000)) * Decimal("0.01")
        want += max(min(sales, Decimal(300_000)) - 100_000, Decimal(0)) * Decimal("0.0175")
        want += max(sales - 300_000, Decimal(0)) * Decimal("0.025")
        assert Decimal(statement.commission).scaleb(-2) == want.quantize(CENT, ROUND_HALF_UP)


def test_the_months_add_up(started: tuple[Plan, Ledger]) -> None:
    plan, ledger = started
    whole = paid_on(plan, "margin", "marginal", "ytd")
    year = pay_run(whole, ledger, "2019")
    months = [f"2019-{n:02d}" for n in range(7, 13)] + [f"2020-{n:02d}" for n in range(1, 7)]
    runs = [pay_run(whole, ledger, month) for month in months]
    assert sum(run.payable for run in runs) == year.payable
    assert sum(run.ledger_lines for run in runs) == year.ledger_lines


@pytest.mark.parametrize(("base", "period"), [("amount", "ytd"), ("margin", "quarter")])
def test_everybody_gets_a_workbook(
    base: str,
    period: str,
    started: tuple[Plan, Ledger],
    by_hand: dict[str, tuple[Decimal, Decimal]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """July 2019 to May 2020, through the command and its files; credit as added up by hand."""
    write_plan(paid_on(started[0], base, "marginal", period), tmp_path / "plan.xlsx", "en")
    words = [
        "commissions", str(tmp_path / "plan.xlsx"), "--ledger", str(FOLDER / "Sales.csv.xz"),
        "--map", str(FOLDER / "map.toml"), "--period", "2019", "--strict", "--json",
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    capsys.readouterr()
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ties"] and not said["unassigned"]["rows"]
    assert len(list((tmp_path / "out").glob("[0-9]*.xlsx"))) == 18
    assert {row["person"]: row["own_amount"] for row in said["statements"]} == {
        person: int(sold * 100) for person, (sold, _) in by_hand.items()
    }
    assert sum(row["own_amount"] for row in said["statements"]) == said["ledger_amount"]
    assert not any(made["failed_checks"] for made in said["files"])
    with (tmp_path / "out" / "payroll.csv").open(encoding="utf-8-sig", newline="") as stream:
        total = list(csv.reader(stream))[-1]
    assert str(Decimal(said["payable"]).scaleb(-2)) in total
