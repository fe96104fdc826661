"""Which calls of our functions the sheets state, and that none is stated for another figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salesxl.ledger.credit import Version
from salesxl.plan.model import CommissionPlan
from salesxl.sheets.content import Book, Function, Sheet
from salesxl.sheets.pay_formulas import Tiers
from salesxl.sheets.pay_functions import call_pay
from salesxl.sheets.split_formulas import split_call
from salesxl.sheets.target_split import AMOUNT
from salesxl.sheets.targets_company import build
from tests.target_sample import plan, scope

CELLS, PLACE = ("E9", "F9"), (8, 8)


def called(kind: str, measure: str, credited: str, quota: str, pay: str, **more: int) -> list[str]:
    """1 % from 0, 2 % from 10,000 (or from 80 % of quota), of an amount and a quota."""
    row = CommissionPlan(
        id="P", name="P", effective_from=date(2027, 1, 1), kind=kind, measure=measure,
        base="amount", period="month", **more,
    )  # fmt: skip
    second = Decimal("0.8") if measure == "attainment" else Decimal(10000)
    bands = ((Decimal(0),), (Decimal("0.01"),)) if kind == "flat" else (
        (Decimal(0), second), (Decimal("0.01"), Decimal("0.02")))  # fmt: skip
    tiers = Tiers(Version(row, *bands), ["N7", "N8"], ["O7", "O8"], "N7:N8", "O7:O8", "Q7:Q8", 2)
    sheet = Sheet("commission", "Commission")
    call_pay(sheet, PLACE, tiers, CELLS, (Decimal(credited), Decimal(quota)), Decimal(pay))
    assert all(f.area == (8, 8, 8, 8) and not f.array for f in sheet.functions)
    return [f.text for f in sheet.functions]


@pytest.mark.parametrize(
    ("given", "formula"),
    [
        # 100 + 2 % of 5,000; 2 % of 15,000; 1 % of 15,000
        (("marginal", "amount", "15000", "0", "200"), "COMMISSION_MARGINAL(E9,N7:N8,O7:O8,2)"),
        (("whole_amount", "amount", "15000", "0", "300"), "COMMISSION_WHOLE(E9,N7:N8,O7:O8,2)"),
        (("flat", "amount", "15000", "0", "150"), "COMMISSION_FLAT(E9,O7,2)"),
        # 80 % of 20,000 is 16,000: 160 + 2 % of 2,000; and 2 % of 18,000
        (
            ("marginal", "attainment", "18000", "20000", "200"),
            'IF(F9<=0,0,INDEX(COMMISSION_YTD(E9,N7:N8,O7:O8,"marginal",2,,,F9),1,5))',
        ),
        (
            ("whole_amount", "attainment", "18000", "20000", "360"),
            'IF(F9<=0,0,INDEX(COMMISSION_YTD(E9,N7:N8,O7:O8,"whole",2,,,F9),1,5))',
        ),
    ],
)
def test_each_kind_of_plan_has_its_call(given: tuple[str, ...], formula: str) -> None:
    assert called(*given) == [f"={formula}"]


def test_limits_are_told_and_hold_without_a_quota() -> None:
    limits = {"cap_amount": 15000, "floor_amount": 5000}
    capped = called("marginal", "amount", "15000", "0", "150", **limits)
    assert capped == ["=COMMISSION_MARGINAL(E9,N7:N8,O7:O8,2,150.00,50.00)"]
    formula = 'IF(F9<=0,50.00,INDEX(COMMISSION_YTD(E9,N7:N8,O7:O8,"whole",2,150.00,50.00,F9),1,5))'
    assert called("whole_amount", "attainment", "9", "0", "50", **limits) == [f"={formula}"]


def test_no_call_where_the_rule_says_another_figure() -> None:
    assert called("marginal", "amount", "15000", "0", "200.01") == []


def test_the_split_is_one_call_with_its_locks() -> None:
    book = Book("en", "", "")
    targets, split = build(scope(plan(), lang="en"), book)
    total, unit = (book.names[name].rpartition("!")[2] for name in ("annual_target_given", "unit"))
    regions, lines = split.functions
    first, _, last, col = regions.area
    assert (last - first, col, regions.array) == (1, AMOUNT, True)
    assert regions.text.startswith(f"=SPLIT_TARGET({total},") and f",{unit}," in regions.text
    assert lines.area[2] - lines.area[0] == 2
    assert not targets.functions


def test_another_method_is_named() -> None:
    cells = ["A1", "B1:B3", "C1", "D1:D3"]
    assert split_call(cells, "largest_remainder") == "=SPLIT_TARGET(A1,B1:B3,C1,D1:D3)"
    said = '=SPLIT_TARGET(A1,B1:B3,C1,D1:D3,,,"sainte_lague")'
    assert split_call(cells, "sainte_lague") == said


def test_a_call_knows_its_area() -> None:
    sheet = Sheet("a", "A")
    sheet.call("=ATTAINMENT(A1,B1)", 2, 3)
    sheet.call("=SPLIT_TARGET(A1,B1:C1)", 4, 1, 4, 2)
    assert sheet.functions == [
        Function((2, 3, 2, 3), "=ATTAINMENT(A1,B1)", False),
        Function((4, 1, 4, 2), "=SPLIT_TARGET(A1,B1:C1)", True),
    ]
