"""What goes into the rich template in the tests, and how big the lists become."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from salesxl.ooxml.template.compile import Template, compile_template
from salesxl.ooxml.template.fill import Fill, Item
from tests.template import rich

TITLE = "South & East <2025>"
MANAGER = "王芳"
CUSTOMERS = ("Ash", "Birch & Co", "Cedar", "Doum", "Elm", "Fir", "Gum", "Hazel")
PEOPLE = ("Li Na", "Wu Bo", "Xu Ke", "Ye Ai", "Zhou")


def template(**change: bool) -> Template:
    """The rich template compiled; `change` goes to `rich.build`."""
    name = "rich.xlsm" if change.get("macros") else "rich.xlsx"
    return compile_template(rich.build(**change), name)


def fill(sales: int = 5, people: int = 4, cards: Sequence[int] = (2, 1)) -> Fill:
    """`sales` rows of the table, `people` rows of both lists, one card a count of lines."""
    days = [date(2025, 1, 1) + timedelta(days=i) for i in range(sales)]
    return Fill(
        cells={"report_title": TITLE, "period": date(2025, 3, 31), "manager": MANAGER},
        lists={
            "Sales": {
                "Customer": [CUSTOMERS[i % 8] for i in range(sales)],
                "Day": days,
                "Units": [i + 2 for i in range(sales)],
                "Price": [Decimal(i + 10) for i in range(sales)],
            },
            "people": {
                "person": [PEOPLE[i % 5] for i in range(people)],
                "units": [(i + 1) * 100 for i in range(people)],
                "rate": [Decimal("0.5")] * people,
            },
            "targets_list": {
                "Key": [f"key {i}" for i in range(people)],
                "Amount": [i + 7 for i in range(people)],
            },
        },
        blocks={"card": [card(i, lines) for i, lines in enumerate(cards)]},
    )


def card(number: int, lines: int) -> Item:
    return Item(
        cells={"person": PEOPLE[number % 5], "team": f"Team {number}"},
        lists={
            "card_lines": {
                "product": [f"Product {i}" for i in range(lines)],
                "amount": [(i + 1) * 10 for i in range(lines)],
            }
        },
    )
