"""Ledger files as they come: encodings, delimiters, workbooks, total rows, faults."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from salesxl.errors import SalesxlError
from salesxl.ledger.frame import COLUMNS, Ledger
from salesxl.ledger.mapping import Format, Mapping
from salesxl.ledger.read import read_ledgers, summary

PLAIN = '日期,金额,区域,客户\n2026-03-05,"1,200.50",华东,甲公司\n2026-03-06,(200.50),华北,乙公司\n'


def put(
    folder: Path, content: str | bytes, name: str = "sales.csv", encoding: str = "utf-8"
) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path: Path | Sequence[Path], mapping: Mapping | None = None, **options: Any) -> Ledger:
    paths = [path] if isinstance(path, Path) else path
    return read_ledgers(paths, mapping=mapping, decimals=options.pop("decimals", 2), **options)


def codes(path: Path | Sequence[Path], mapping: Mapping | None = None, **options: Any) -> list[str]:
    with pytest.raises(SalesxlError) as caught:
        read(path, mapping, **options)
    for problem in caught.value.problems:
        assert problem.say("zh") and "{" not in problem.say("zh") + problem.say("en")
    return [f"{p.code} {p.where}".removeprefix("ledger.") for p in caught.value.problems]


def book(folder: Path, rows: Sequence[Sequence[Any]], name: str = "sales.xlsx") -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)  # type: ignore[union-attr]
    workbook.save(folder / name)
    return folder / name


def test_plain_lines(tmp_path: Path) -> None:
    ledger = read(put(tmp_path, PLAIN))
    assert list(ledger.frame.columns) == list(COLUMNS)
    assert ledger.frame["amount"].tolist() == [120050, -20050]
    assert ledger.frame["row"].tolist() == [2, 3]
    assert ledger.frame["region"].tolist() == ["华东", "华北"]
    assert ledger.frame["person"].tolist() == ["", ""]
    assert ledger.frame["is_return"].tolist() == [False, True]
    assert ledger.frame["cost"].isna().all()
    assert (ledger.total, ledger.rounded_lines) == (100000, 0)
    assert ledger.present == {"date", "amount", "region", "customer"}
    assert ledger.first_date == date(2026, 3, 5)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    ledger = read(put(tmp_path, PLAIN, encoding=encoding))
    assert ledger.frame["customer"].tolist() == ["甲公司", "乙公司"]
    named = [n for n in ledger.notices if "UTF-16" in n or "GB18030" in n]
    assert len(named) == (0 if encoding.startswith("utf-8") else 1)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, mark: str) -> None:
    text = f'Date{mark}Amount{mark}Customer\r\n2026-03-05{mark}12.5{mark}"A{mark} ""B"""\r\n'
    ledger = read(put(tmp_path, text))
    assert ledger.frame["customer"].tolist() == [" ".join(f'A{mark} "B"'.split())]
    assert ledger.total == 1250


@pytest.mark.parametrize("kind", ["gz", "xz", "bz2", "zip"])
def test_compressed(tmp_path: Path, kind: str) -> None:
    raw = PLAIN.encode()
    path = tmp_path / f"sales.csv.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("sales.csv", raw)
    else:
        pack = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}[kind]
        path.write_bytes(pack(raw))
    assert read(path).total == 100000
    if kind != "zip":
        path.write_bytes(path.read_bytes()[:-12])
        assert codes(path) == [f"truncated {path.name}"]


def test_line_breaks_in_cells_keep_line_numbers(tmp_path: Path) -> None:
    text = 'Date,Amount,Customer\n2026-01-01,1,"a\nb"\n\n2026-01-02,2,c\n'
    assert read(put(tmp_path, text)).frame["row"].tolist() == [2, 5]


def test_titles_above_and_totals_below(tmp_path: Path) -> None:
    text = (
        "2026年销售明细,,\n单位:元,,\n订单日期,金额(元),客户\n2026.1.5,100,甲\n2026.1.6,50,合计公司\n"
        "小计,150,\n2026.2.1,1.2万,乙\n合计:,12150,\n制表人：张三,,\n"
    )
    ledger = read(put(tmp_path, text))
    assert ledger.total == 1215000
    assert ledger.frame["customer"].tolist() == ["甲", "合计公司", "乙"]
    assert [(t.row, t.amount) for t in ledger.totals_left_out] == [
        (6, Decimal("150.00")), (8, Decimal("12150.00")),
    ]  # fmt: skip
    assert any("sales.csv:6" in line for line in summary(ledger, "zh"))


def test_total_in_the_last_row_without_a_word(tmp_path: Path) -> None:
    text = "Date,Amount,Customer\n2026-01-05,100,Total\n2026-01-06,50,B\n,150,\n"
    ledger = read(put(tmp_path, text))
    assert ledger.total == 15000  # the dated customer called Total stays
    assert [t.row for t in ledger.totals_left_out] == [4]
    assert codes(put(tmp_path, text.replace(",150,", ",151,")))[0] == "no_date sales.csv:4"


def test_bad_rows_stop_or_are_told(tmp_path: Path) -> None:
    text = (
        "Date,Amount,Cost\n2026-01-05,100,1\nsoon,30,1\n,20,1\n2026-01-05,12%,1\n2026-01-05,,1\n"
        "2026-01-05,x,1\n2026-01-05,5,abc\n2026-01-06,7,2\n2026-01-07,7,2,9\n2026-01-08,1,\n"
    )
    path = put(tmp_path, text)
    assert codes(path) == [
        "bad_date sales.csv:3", "no_date sales.csv:4", "percent_amount sales.csv:5",
        "no_amount sales.csv:6", "bad_amount sales.csv:7", "bad_number sales.csv:8",
        "too_many_cells sales.csv:10", "bad_rows_stop sales.csv",
    ]  # fmt: skip
    ledger = read(path, skip_bad_rows=True)
    assert ledger.total == 10800
    assert ledger.frame["cost"].tolist()[:2] == [100, 200]
    assert [s.row for s in ledger.skipped] == [3, 4, 5, 6, 7, 8, 10]
    # 30 + 20 + 5 + 7 are readable, three amounts are not
    assert any("7 rows" in n and "62.00" in n and "3 have no" in n for n in ledger.notices)


def test_long_list_of_bad_rows_is_capped(tmp_path: Path) -> None:
    text = "Date,Amount\n" + "x,1\n" * 30 + "2026-01-01,1\n"
    found = codes(put(tmp_path, text))
    assert len(found) == 22 and found[20] == "more_bad_rows sales.csv"


def test_amounts_finer_than_the_currency(tmp_path: Path) -> None:
    ledger = read(
        put(tmp_path, "Date,Amount\n2026-01-01,10.005\n2026-01-02,10.004\n2026-01-02,1.50\n")
    )
    assert (ledger.total, ledger.rounded_lines) == (2151, 2)
    assert ledger.raw_total == Decimal("21.509")
    assert ledger.rounding_difference == Decimal("0.001")
    assert read(put(tmp_path, "Date,Amount\n2026-01-01,10.5\n"), decimals=0).total == 11


def test_returns_are_turned(tmp_path: Path) -> None:
    text = (
        "Date,Amount,Cost,退货标志\n2026-01-01,100.0050,60,否\n"
        "2026-01-02,40.0050,20,是\n2026-01-03,-5,-2,是\n"
    )
    ledger = read(put(tmp_path, text))
    assert ledger.frame["amount"].tolist() == [10001, -4001, -500]
    assert ledger.frame["cost"].tolist() == [6000, -2000, -200]
    assert ledger.frame["is_return"].tolist() == [False, True, True]
    assert ledger.raw_total == Decimal("55")
    strange = put(tmp_path, text.replace("否", "X7"))
    assert codes(strange) == ["unknown_marker sales.csv"]
    assert read(strange, Mapping(return_values=("是",))).total == ledger.total


def test_margin_gives_cost(tmp_path: Path) -> None:
    ledger = read(put(tmp_path, "日期,销售额,毛利\n2026-01-01,100,30\n2026-01-02,50,\n"))
    assert ledger.frame["cost"].tolist()[0] == 7000
    assert ledger.frame["cost"].isna().tolist() == [False, True]
    assert "cost" in ledger.present


def test_decimal_comma_column(tmp_path: Path) -> None:
    path = put(tmp_path, "Date;Amount\n2026-01-01;1.234,56\n2026-01-02;1.000\n")
    assert read(path).frame["amount"].tolist() == [123456, 100000]
    unclear = put(tmp_path, "Date;Amount\n2026-01-01;1.234\n2026-01-02;1.000\n")
    assert codes(unclear) == ["decimal_unclear sales.csv"]
    assert read(unclear, Mapping(format=Format(decimal="."))).frame["amount"].tolist() == [123, 100]
    assert read(unclear, Mapping(format=Format(decimal=","))).total == 223400


def test_date_order_is_asked_for(tmp_path: Path) -> None:
    path = put(tmp_path, "Date,Amount\n03/04/2026,1\n05/06/2026,2\n")
    assert codes(path) == ["date_order sales.csv"]
    ledger = read(path, Mapping(format=Format(date_order="dmy")))
    assert ledger.first_date == date(2026, 4, 3)


def test_columns_that_are_not_clear(tmp_path: Path) -> None:
    assert codes(put(tmp_path, "Date,Net sales,Revenue\n2026-01-01,1,2\n")) == [
        "several_headers sales.csv"
    ]
    decided = read(put(tmp_path, "日期,发货日期,销售额,金额\n2026-01-01,2026-02-01,1,2\n"))
    assert (decided.total, decided.first_date) == (100, date(2026, 1, 1))
    assert len([n for n in decided.notices if "would fit too" in n]) == 2
    assert codes(put(tmp_path, "日期,金额,金额\n2026-01-01,1,2\n")) == ["several_headers sales.csv"]
    second = Mapping(columns={"amount": "金额 (2)"})
    assert read(put(tmp_path, "日期,金额,金额\n2026-01-01,1,2\n"), second).total == 200
    assert codes(put(tmp_path, "A,B\n1,2\n")) == [
        "no_date_column sales.csv",
        "no_amount_column sales.csv",
    ]
    wrong = Mapping(columns={"amount": "Betrag"})
    assert codes(put(tmp_path, PLAIN), wrong) == ["mapped_header_missing sales.csv"]


def test_workbook_cells(tmp_path: Path) -> None:
    path = book(tmp_path, [
        ["销售台账"], [], ["日期", "金额", "工号"],
        [datetime(2026, 3, 5), 1234.5, 7], [date(2026, 3, 6), "１，０００", "007"],
        [46088, 0.1 + 0.2, True], ["2026年3月8日", "(350.00)", None], ["合计", 1884.8, None],
    ])  # fmt: skip
    ledger = read(path)
    assert ledger.frame["amount"].tolist() == [123450, 100000, 30, -35000]
    assert ledger.frame["date"].dt.strftime("%d").tolist() == ["05", "06", "07", "08"]
    assert ledger.frame["row"].tolist() == [4, 5, 6, 7]
    assert ledger.frame["person_id"].tolist() == ["7", "007", "TRUE", ""]
    assert len(ledger.totals_left_out) == 1


def test_workbook_of_the_1904_system(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    for row in (["Date", "Amount"], [date(2026, 3, 5), 1], [44624, 2]):
        workbook.active.append(row)  # type: ignore[union-attr]
    workbook.save(tmp_path / "mac.xlsx")
    days = read(tmp_path / "mac.xlsx").frame["date"]
    assert days.dt.strftime("%Y-%m-%d").tolist() == ["2026-03-05"] * 2


def test_sheet_with_the_ledger(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "cover"  # type: ignore[index]
    for title, amount in (("Jan", 1), ("Feb", 2)):
        sheet = workbook.create_sheet(title)
        sheet.append(["Date", "Amount"])
        sheet.append([date(2026, 1, 1), amount])
    path = tmp_path / "months.xlsx"
    workbook.save(path)
    assert codes(path) == ["several_sheets months.xlsx"]
    assert read(path, Mapping(format=Format(sheet="Feb"))).total == 200
    assert codes(path, Mapping(format=Format(sheet="Mar"))) == ["no_sheet months.xlsx"]
    del workbook["Feb"]
    workbook.save(path)
    assert read(path).total == 100


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "sales.parquet"
    pd.DataFrame({
        "Date": pd.to_datetime(["2026-03-05", "2026-03-06"]),
        "Amount": [1234.5, 0.1 + 0.2], "Region": ["North", None], "Quantity": [3, 4],
    }).to_parquet(path)  # fmt: skip
    ledger = read(path)
    assert ledger.frame["amount"].tolist() == [123450, 30]
    assert ledger.frame["region"].tolist() == ["North", ""]
    assert ledger.frame["quantity"].tolist() == [3.0, 4.0]
    assert ledger.raw_total == Decimal("1234.80000000000000004") or ledger.rounded_lines == 1
    path.write_bytes(path.read_bytes()[:-40])
    assert codes(path) == ["truncated sales.parquet"]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file_empty"),
        ("a.csv", b"\n\n \n", "file_empty"),
        ("a.csv", b"Date,Amount\n", "header_only"),
        ("a.csv", b"Date,Amount\n\n,\n", "no_lines"),
        ("a.csv", b"Date,Amount\n2026-01-01,\"5\n", "open_quote"),
        ("a.csv", b"Date,Amount\n2026-01-01,5\xff\n", "undecodable"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "not_text"),
        ("a.csv", b"abc\0def,1\nx,y\n", "not_text"),
        ("a.xls", b"<html><table></table></html>", "web_page"),
        ("a.xls", OLE, "old_xls"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", b"just text", "not_xlsx"),
        ("a.xlsx", b"PK\x03\x04 cut off", "truncated"),
        ("a.parquet", b"just text", "not_parquet"),
        ("a.parquet", b"PAR1 cut off", "truncated"),
    ],
)  # fmt: skip
def test_files_that_are_no_ledger(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    assert codes(put(tmp_path, content, name)) == [f"{code} {name}"]


def test_missing_folder_truncated_and_twice(tmp_path: Path) -> None:
    missing = tmp_path / "none.csv"
    assert codes([missing, tmp_path]) == [f"file_missing {missing}", f"is_folder {tmp_path}"]
    whole = book(tmp_path, [["Date", "Amount"], [date(2026, 1, 1), 1]])
    whole.write_bytes(whole.read_bytes()[:3000])
    assert codes(whole) == ["truncated sales.xlsx"]
    one, two = put(tmp_path, PLAIN, "a.csv"), put(tmp_path, PLAIN, "b.csv")
    assert codes([one, two]) == ["same_file b.csv"]


def test_undecodable_byte_is_named(tmp_path: Path) -> None:
    with pytest.raises(SalesxlError) as caught:
        read(put(tmp_path, b"Date,Amount\n2026-01-01,5\xff\n"))
    said = caught.value.problems[0].say("en")
    assert "line 2" in said and "byte 25" in said and "0xFF" in said


def test_several_files_become_one(tmp_path: Path) -> None:
    two = put(tmp_path, "Date;Revenue;Region\n2025-01-01;7,50;华南\n", "old.csv")
    ledger = read([put(tmp_path, PLAIN), two])
    assert ledger.total == 100750
    assert ledger.frame["region"].tolist() == ["华东", "华北", "华南"]
    assert ledger.frame["source"].tolist() == ["sales.csv", "sales.csv", "old.csv"]
    assert [name for name, _ in ledger.files] == ["sales.csv", "old.csv"]
