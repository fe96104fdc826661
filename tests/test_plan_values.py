"""Cells as people fill them: text forms of money, numbers, shares and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesxl.opc.cells import exact
from salesxl.plan.currency import currencies, find_currency
from salesxl.plan.model import TABLES, YES_NO
from salesxl.plan.schema import Column, Kind
from salesxl.plan.values import BadValueError, convert, normal


def column(kind: Kind, **more: Any) -> Column:
    return Column("x", "列", "Column", kind, **more)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("money", "￥1,234.50", 123450),
        ("money", "1.2万", 1_200_000),
        ("money", "１２３．４５", 12345),
        ("money", "（350.00）", -35000),
        ("money", "USD 12", 1200),
        ("money", "-$3.10", -310),
        ("money", "12元", 1200),
        ("money", "3亿", 30_000_000_000),
        ("money", Decimal("0.07"), 7),
        ("share", "8%", Decimal("0.08")),
        ("share", "８％", Decimal("0.08")),
        ("share", "5‰", Decimal("0.005")),
        ("number", exact(0.1 + 0.2), Decimal("0.3")),
        ("int", "12", 12),
        ("id", Decimal("1001"), "1001"),
        ("id", " A 1 ", "A 1"),
        ("date", "2026年3月5日", date(2026, 3, 5)),
        ("date", "2026.3.5", date(2026, 3, 5)),
        ("date", "2026/03/05", date(2026, 3, 5)),
        ("text", True, "TRUE"),
    ],
)
def test_read(kind: Kind, cell: Any, value: object) -> None:
    assert convert(column(kind), cell, decimals=2) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("money", "1,23", "plan.bad_number"),
        ("money", "about 5", "plan.bad_number"),
        ("money", "5%", "plan.bad_number"),
        ("money", True, "plan.bad_number"),
        ("money", "1e15", "plan.bad_number"),
        ("money", Decimal("1e15"), "plan.too_large"),
        ("money", "1.005", "plan.too_many_decimals"),
        ("int", Decimal("1.5"), "plan.bad_int"),
        ("date", "5/3/2026", "plan.bad_date"),
        ("date", "2026-2-30", "plan.bad_date"),
        ("date", Decimal(46000), "plan.bad_date"),
        ("id", date(2026, 3, 5), "plan.id_is_date"),
    ],
)
def test_refuse(kind: Kind, cell: Any, code: str) -> None:
    with pytest.raises(BadValueError) as caught:
        convert(column(kind), cell, decimals=2)
    assert caught.value.code == code


def test_yen_has_no_decimals() -> None:
    assert convert(column("money"), "￥1,234", decimals=0) == 1234
    with pytest.raises(BadValueError):
        convert(column("money"), "￥1,234.5", decimals=0)


def test_choices_by_key_and_labels() -> None:
    yes_no = column("choice", choices=YES_NO)
    assert [convert(yes_no, c, 2) for c in ("yes", "是", "YES", True, "√", "n")] == [
        "yes", "yes", "yes", "yes", "yes", "no",
    ]  # fmt: skip


def test_currencies() -> None:
    assert len(currencies()) >= 40
    found = find_currency(" jpy ")
    assert found is not None and found.decimals == 0
    assert find_currency("人民币") is currencies()["CNY"]
    assert find_currency("XYZ") is None


def test_no_header_means_two_columns() -> None:
    for table in TABLES:
        words = [{normal(c.zh), normal(c.en), normal(c.key)} for c in table.columns]
        assert sum(map(len, words)) == len(set().union(*words)), table.name
