"""Values of every kind, written and read back by two readers."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from salesxl.errors import SalesxlError
from salesxl.ooxml.template.compile import Template
from salesxl.ooxml.template.fill import Fill
from salesxl.ooxml.template.rows import Kept
from salesxl.sheets.content import Formula
from tests.template.simple import made, part, read

NAMES = {"items": "S!$A$2:$C$2", "one": "S!$E$1"}


def template() -> Template:
    cells = {"A1": "Name", "B1": "Number", "C1": "Twice", "A2": "old", "B2": 9, "C2": "=B2*2",
             "E1": "old title"}  # fmt: skip
    return made({"S": cells}, NAMES)


def column(values: object) -> list[object]:
    """What calamine reads of a column that was given `values`."""
    made_ = template().fill(Fill(lists={"items": {"Number": values}}))  # type: ignore[dict-item]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made_)).get_sheet_by_name("S").to_python()
    return [row[1] for row in rows[1:]]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1.5, -2.25, 0.1], [1.5, -2.25, 0.1]),
        ([Decimal("1200.10"), Decimal("-0.05")], [1200.1, -0.05]),
        ([Decimal("1E+3"), Decimal("12345678901234567.25")], [1000, 12345678901234567.25]),
        ([2**60, 10**300], [2**60, 1e300]),
        ([True, False], [True, False]),
        (["=1+1", " x ", "a&b<c>"], ["=1+1", " x ", "a&b<c>"]),
        ([None, 1, "x", True, Decimal("2.5")], ["", 1, "x", True, 2.5]),
        (["", "x"], ["", "x"]),
        ([1, True, 1.0], [1, True, 1]),
        (np.array([1, 2]), [1, 2]),
        (pd.Series([0.5, 2.0]), [0.5, 2]),
        ([np.int64(3), "x", np.float64(0.25)], [3, "x", 0.25]),
    ],
)
def test_each_kind_is_read_back(given: object, wanted: list[object]) -> None:
    assert column(given) == wanted


def test_dates_are_serial_numbers() -> None:
    days = [date(2026, 1, 1), date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1)]
    assert column(days) == [46023, 1, 59, 61]
    assert column([datetime(2026, 1, 1, 12), datetime(2026, 1, 1)]) == [46023.5, 46023]
    assert column([pd.NaT, pd.Timestamp(2026, 1, 1)]) == ["", 46023]


def test_dates_of_the_1904_system() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = 5
    book.defined_names["day"] = openpyxl.workbook.defined_name.DefinedName(
        "day", attr_text="Sheet!$A$1"
    )
    target = io.BytesIO()
    book.save(target)
    from salesxl.ooxml.template.compile import compile_template

    filled = compile_template(target.getvalue()).fill(Fill(cells={"day": date(2026, 1, 1)}))
    assert read(filled, "Sheet")["A1"] == 46023 - 1462


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), date(1899, 1, 1)]
)
def test_what_no_cell_holds_names_the_cell(value: object) -> None:
    with pytest.raises(SalesxlError) as caught:
        column([1, value, 2])
    assert [problem.where for problem in caught.value.problems] == ["S!B3"]
    with pytest.raises(SalesxlError) as caught:
        column([value, value])
    assert [problem.where for problem in caught.value.problems] == ["S!B2", "S!B3"]


def test_longest_text() -> None:
    assert column(["x" * 32_767]) == ["x" * 32_767]
    for text in ("x" * 32_768, "😀" * 16_384, "a\ud800"):
        with pytest.raises(SalesxlError) as caught:
            column(["fine", text])
        assert [problem.where for problem in caught.value.problems] == ["S!B3"]


def test_a_given_formula_carries_its_value() -> None:
    values = [Formula('=B1&"<"', "<"), Formula("=1/2", Decimal("0.5")), Formula("=1>0", True)]
    filled = template().fill(Fill(lists={"items": {"Number": values}}))
    xml = part(filled, "xl/worksheets/sheet1.xml")
    assert '<c r="B2" t="str"><f>B1&amp;"&lt;"</f><v>&lt;</v></c>' in xml
    assert '<c r="B3"><f>1/2</f><v>0.5</v></c>' in xml
    assert '<c r="B4" t="b"><f>1&gt;0</f><v>1</v></c>' in xml


def test_a_kept_formula_with_values_needs_no_calculation() -> None:
    fill = Fill(cells={"one": 1}, lists={"items": {"Number": [1, 2], "Twice": Kept([2, 4])}})
    filled = template().fill(fill)
    xml = part(filled, "xl/worksheets/sheet1.xml")
    assert "<f>B2*2</f><v>2</v>" in xml
    assert "<f>B3*2</f><v>4</v>" in xml
    assert 'fullCalcOnLoad="1"' not in part(filled, "xl/workbook.xml")


def test_other_formulas_lose_their_value_and_are_calculated_on_opening() -> None:
    filled = template().fill(Fill(lists={"items": {"Number": [1, 2]}}))
    xml = part(filled, "xl/worksheets/sheet1.xml")
    assert '<c r="C2"><f>B2*2</f></c>' in xml
    assert '<c r="C3"><f>B3*2</f></c>' in xml
    assert 'fullCalcOnLoad="1"' in part(filled, "xl/workbook.xml")


def test_same_inputs_same_bytes() -> None:
    fill = Fill(cells={"one": "x"}, lists={"items": {"Name": ["b", "a"], "Number": [1, 2]}})
    first, again = template(), template()
    assert first.fill(fill) == again.fill(fill) == first.fill(fill)
