"""A synthetic company of any size, written quickly: regions, a person and customers each, lines.

    plan, ledger = write(folder, regions=300, lines=3_000)

The same arguments give the same files. Order numbers, customers and people are each of one
region, but for a line in a hundred that a colleague sold.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from salesxl.plan.model import (
    Customer,
    MonthWeight,
    Person,
    Plan,
    ProductLine,
    Prospect,
    Region,
    Role,
    Settings,
)
from salesxl.sheets.plan_book import write_plan

GROUP = 25  # regions of a group
CUSTOMERS = 3  # of a region in the plan
PRODUCTS = ("Optics", "Service")
CHANNELS, SOURCES = ("Direct", "Online", "Partner"), ("Fair", "Website", "Referral")
HEADER = (
    "date,amount,order id,region,category,customer id,customer,channel,customer source,salesperson"
)


def region_name(number: int) -> str:
    return f"Area {number:05d}"


def plan_of(regions: int) -> Plan:
    groups = -(-regions // GROUP)
    numbers = range(1, regions + 1)
    return Plan(
        settings=Settings(
            company="Synthetic Ltd", currency="USD", year=2027,
            annual_target_amount=regions * 120_000_00, rounding_unit_amount=100,
        ),
        regions=(
            *(Region(id=f"G{g}", name=f"Group {g:04d}") for g in range(1, groups + 1)),
            *(
                Region(
                    id=f"R{n}", name=region_name(n), parent=f"G{(n - 1) // GROUP + 1}",
                    history_amount=100_000_00 + 700 * n,
                )
                for n in numbers
            ),
        ),
        product_lines=tuple(
            ProductLine(id=f"P{i}", name=name, history_amount=100_00 * i)
            for i, name in enumerate(PRODUCTS, 1)
        ),
        month_weights=tuple(MonthWeight(month=n, weight=Decimal(1)) for n in range(1, 13)),
        roles=(Role(id="R", name="Rep", kind="rep"),),
        people=tuple(
            Person(id=f"S{n}", name=f"Seller {n:05d} Quill", role="R", region=f"R{n}")
            for n in numbers
        ),
        prospects=tuple(
            Prospect(id=f"X{n}", name=f"Hopeful {n:05d} Works", region=f"R{n}") for n in numbers
        ),
        customers=tuple(
            Customer(id=f"C{n}-{i}", name=f"Buyer {n:05d} {i} Mills", region=f"R{n}", owner=f"S{n}")
            for n in numbers
            for i in range(1, CUSTOMERS + 1)
        ),
    )  # fmt: skip


def write(folder: Path, regions: int, lines: int, seed: int = 7) -> tuple[Path, Path]:
    """The plan workbook and the ledger file."""
    folder.mkdir(parents=True, exist_ok=True)
    plan, ledger = folder / "plan.xlsx", folder / "ledger.csv"
    write_plan(plan_of(regions), plan, "en")
    rng = random.Random(seed)
    first = date(2026, 1, 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(540)]
    with ledger.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(HEADER + "\n")
        for number in range(lines):
            n = number % regions + 1
            seller = rng.randrange(regions) + 1 if number % 100 == 99 else n
            i = rng.randrange(CUSTOMERS) + 1
            stream.write(
                f"{days[rng.randrange(540)]},{rng.randrange(100, 900_000) / 100:.2f},"
                f"SO-{number + 1:08d},{region_name(n)},{PRODUCTS[rng.randrange(2)]},C{n}-{i},"
                f"Buyer {n:05d} {i} Mills,{CHANNELS[rng.randrange(3)]},{SOURCES[rng.randrange(3)]},"
                f"Seller {seller:05d} Quill\n"
            )
    return plan, ledger
