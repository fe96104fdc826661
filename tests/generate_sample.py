"""A small company with a plan workbook and a ledger file: two regions, one line of no region."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.plan.model import (
    Assignment,
    Customer,
    MonthWeight,
    Partner,
    Person,
    Plan,
    ProductLine,
    Prospect,
    Region,
    Role,
    Settings,
)
from salesxl.plan.targets import breakdown
from salesxl.sheets.plan_book import write_plan
from salesxl.sheets.scope import Scope, head_office
from salesxl.texts import Lang

# East: 1,000.00 + 2,000.50 − 100.25 in 2027, 500.00 in 2026; West: 700.00 and 800.00.
LEDGER = """date,amount,region,category,customer id,customer,channel,customer source,salesperson
2026-02-03,500.00,East,Optics,C1,Alder Labs,Direct,Fair,Ann East
2026-03-04,800.00,West,Service,C2,Birch Works,Online,Website,Ben West
2027-01-05,1000.00,East,Optics,C1,Alder Labs,Direct,Fair,Ann East
2027-02-06,2000.50,East,Service,C3,A*Star,Online,Website,Cid Both
2027-02-07,-100.25,East,Service,C3,A*Star,Online,Website,Cid Both
2027-03-08,700.00,West,Optics,C2,Birch Works,Direct,Fair,Cid Both
2027-03-09,9.99,Atlantis,Optics,C4,Deep Sea,Direct,Fair,Ben West
"""
EAST, WEST, LOOSE = 2_900_25, 700_00, 9_99  # 2027, minor units
TOTAL = 4_910_24  # all lines


def plan(year: int = 2027) -> Plan:
    return Plan(
        settings=Settings(
            company="Alder & Co", currency="USD", year=year, annual_target_amount=12_000_00,
            rounding_unit_amount=50,
        ),
        regions=(
            Region(id="N", name="North group", note="secret of the group"),
            Region(id="E", name="East", parent="N", history_amount=300_00),
            Region(id="W", name="West", parent="N", history_amount=100_00),
        ),
        product_lines=(
            ProductLine(id="P1", name="Optics", history_amount=300_00),
            ProductLine(id="P2", name="Service", history_amount=100_00),
        ),
        month_weights=tuple(MonthWeight(month=n, weight=Decimal(1)) for n in range(1, 13)),
        roles=(Role(id="R", name="Rep", kind="rep"), Role(id="M", name="Head", kind="manager")),
        people=(
            Person(id="B1", name="Dora Boss", role="M", region="N"),
            Person(id="E1", name="Ann East", role="R", region="E", manager="B1"),
            Person(id="W1", name="Ben West", role="R", region="W", manager="B1"),
            Person(id="W2", name="Cid Both", role="R", region="W", note="private"),
            Person(id="W3", name="Eve Stays", role="R", region="W"),
        ),
        assignments=(Assignment(person="W2", region="E", quota_weight=Decimal(1)),),
        prospects=(
            Prospect(id="X1", name="Elm Mill", region="E"),
            Prospect(id="X2", name="Fir Forge", region="W"),
        ),
        customers=(
            Customer(id="C1", name="Alder Labs", region="E", owner="E1"),
            Customer(id="C3", name="A*Star", region="E"),
            Customer(id="C2", name="Birch Works", region="W"),
        ),
        partners=tuple(
            Partner(
                id=f"T{region}", name=f"Partner {region}", region=region, reputation=Decimal(4),
                strength=Decimal(3), market_share=Decimal(2), willingness=Decimal(5),
            )
            for region in "EW"
        ),
    )  # fmt: skip


def write(folder: Path, year: int = 2027) -> tuple[Path, Path]:
    """The plan workbook and the ledger file."""
    folder.mkdir(parents=True, exist_ok=True)
    write_plan(plan(year), folder / "plan.xlsx", "en")
    (folder / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    return folder / "plan.xlsx", folder / "ledger.csv"


def head(
    folder: Path, lang: Lang = "en", year: int = 2027, text: str = LEDGER, whole: Plan | None = None
) -> Scope:
    path = folder / "lines.csv"
    path.write_text(text, encoding="utf-8")
    whole = whole or plan(year)
    ledger, _ = match(read_ledgers([path], decimals=2), whole)
    return head_office(whole, breakdown(whole), ledger, lang)
