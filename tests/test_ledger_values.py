"""Amounts and dates as people write them; expectations worked by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesxl.ledger.dates import read_dates, readings
from salesxl.ledger.money import AmountError, decide_mark, minor_units, parse_amount, to_minor


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1234.5", "1234.5"),
        ("￥1,234.50", "1234.50"),
        ("¥ 1,234.50", "1234.50"),
        ("$1,234,567.89", "1234567.89"),
        ("-$5.00", "-5.00"),
        ("$-5.00", "-5.00"),
        ("1.2万", "12000"),
        ("1.2万元", "12000"),
        ("3亿", "300000000"),
        ("2千", "2000"),
        ("(350.00)", "-350.00"),
        ("（350.00）", "-350.00"),
        ("350.00-", "-350.00"),
        ("１，２３４．５０", "1234.50"),
        ("−12", "-12"),
        ("+7", "7"),
        (" 1 234.50 ", "1234.50"),
        ("1.5E+05", "150000"),
        (".5", "0.5"),
        ("RMB 99", "99"),
        ("CNY 5元", "5"),
    ],
)
def test_amount_as_written(written: str, value: str) -> None:
    assert parse_amount(written) == Decimal(value)


@pytest.mark.parametrize(
    ("written", "value"),
    [("1.234,56", "1234.56"), ("12,5", "12.5"), ("1.234.567", "1234567"), ("€ 9,90", "9.90")],
)
def test_amount_with_decimal_comma(written: str, value: str) -> None:
    assert parse_amount(written, ",") == Decimal(value)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("12%", "ledger.percent_amount"),
        ("１２％", "ledger.percent_amount"),
        ("abc", "ledger.bad_amount"),
        ("1,23", "ledger.bad_amount"),
        ("12,34,567", "ledger.bad_amount"),
        ("1.2.3", "ledger.bad_amount"),
        ("--5", "ledger.bad_amount"),
        ("(5)-", "ledger.bad_amount"),
        ("¥", "ledger.bad_amount"),
        ("1 2/3", "ledger.bad_amount"),
    ],
)
def test_no_amount(written: str, reason: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(written)
    assert caught.value.reason == reason


def test_decimal_mark_is_decided_by_the_column() -> None:
    assert decide_mark(["1.234,56", "1.234", "7"], [1, 1, 1]) == ","
    assert decide_mark(["1,234.56", "1,234", "7"], [1, 1, 1]) == "."
    assert decide_mark(["12,50", "9,9"], [1, 1]) == ","
    assert decide_mark(["1,234", "5,678"], [1, 1]) == "."
    assert decide_mark(["1.234", "5.678"], [1, 1]) is None
    assert decide_mark(["1.234", "0.50"], [1, 1]) == "."
    assert decide_mark(["1.234", "12.5", "12,5"], [1, 1, 1]) is None


def test_rounding_is_half_up_away_from_zero_and_kept() -> None:
    amounts = minor_units(["10.005", "-10.005", "10.004", "10.5000", "7", ""], 2)
    assert amounts.minor.tolist() == [1001, -1001, 1000, 1050, 700, 0]
    assert amounts.residue == {0: Decimal("-0.005"), 1: Decimal("0.005"), 2: Decimal("0.004")}
    assert amounts.blank.tolist() == [False] * 5 + [True]
    assert minor_units(["10.5"], 0).minor.tolist() == [11]
    assert minor_units(["10.5"], 3).minor.tolist() == [10500]


def test_amounts_no_sale_can_have_are_refused() -> None:
    found = minor_units(["1e99", "9999999999999999", "9999999999999"], 2)
    assert found.reason == {0: "ledger.huge_amount", 1: "ledger.huge_amount"}
    assert found.minor[2] == 999999999999900


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    ),
    st.sampled_from([0, 2, 3]),
    st.sampled_from([".", ","]),
)
def test_written_money_comes_back(value: Decimal, decimals: int, mark: str) -> None:
    minor = to_minor(value, decimals)
    text = f"{Decimal(minor).scaleb(-decimals):,.{decimals}f}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert minor_units([text], decimals, mark).minor[0] == minor  # type: ignore[arg-type]


@given(st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{0,4})?", fullmatch=True), st.sampled_from([0, 2, 3]))
def test_fast_path_is_the_exact_parser(text: str, decimals: int) -> None:
    found = minor_units([text], decimals)
    exact = to_minor(parse_amount(text), decimals)
    if found.reason:
        assert abs(exact) > 10**15
    else:
        assert found.minor[0] == exact


@pytest.mark.parametrize(
    "written",
    [
        "2026年3月5日", "2026 年 3 月 5 日", "2026年03月05号", "2026年3月5日 星期四", "2026.3.5",
        "2026/3/5", "2026-03-05", "20260305", "2026-03-05T14:30:00", "2026-03-05 14:30:00.123",
        "2026-03-05T14:30:00+08:00", "2026/3/5 下午 2:30", "２０２６年３月５日", "2026。3。5",
        "46086", "46086.75", "5 Mar 2026", "05-Mar-26", "March 5, 2026", "20260305143000",
        date(2026, 3, 5), datetime(2026, 3, 5, 14, 30), Decimal(46086), Decimal("46086.75"),
        Decimal(20260305),
    ],
)  # fmt: skip
def test_date_as_written(written: str | date | Decimal) -> None:
    assert readings(written) == {"*": date(2026, 3, 5)}


def test_day_numbers_of_the_1904_system() -> None:
    assert readings(Decimal(44624), mac_epoch=True) == {"*": date(2026, 3, 5)}


@pytest.mark.parametrize(
    "written", ["2026-02-30", "soon", "3月5日", "99999999", "31/31/2026", "12"]
)
def test_no_date(written: str) -> None:
    assert readings(written) == {}


def test_order_decided_by_all_values() -> None:
    found = read_dates(["03/04/2026", "25/04/2026"])
    assert (found.order, found.unclear) == ("dmy", ())
    assert found.day.astype(str).tolist() == ["2026-04-03T00:00:00", "2026-04-25T00:00:00"]
    assert read_dates(["03/04/2026", "04/25/2026"]).order == "mdy"
    assert read_dates(["03/04/26", "29/04/30"]).unclear == ("ymd", "dmy")
    assert read_dates(["03/04/2026"]).unclear == ("dmy", "mdy")
    assert read_dates(["03/04/2026"], "mdy").day[0].astype("datetime64[D]").item() == date(
        2026, 3, 4
    )
    assert read_dates(["04/04/2026"]).unclear == ()
    assert read_dates(["25/04/2026", "04/25/2026"]).unclear == ("dmy", "mdy")
