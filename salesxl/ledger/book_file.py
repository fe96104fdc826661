"""Workbooks (.xlsx) and Parquet files → `RawTable`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import python_calamine

from salesxl.errors import Problem, fail
from salesxl.ledger.mapping_model import Format
from salesxl.ledger.money import Cell
from salesxl.ledger.table import (
    HeaderNotFoundError,
    IsHeader,
    RawColumn,
    RawTable,
    factorize,
    find_header,
    trim_headers,
)

_MOST_BYTES = 2 << 30  # unpacked; more is no ledger a spreadsheet program could have written


def to_cell(value: Any) -> Cell:
    """One cell of a binary file: numbers exactly as their shortest decimal, dates, else text."""
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | np.integer):
        return Decimal(int(value))
    if isinstance(value, float | np.floating):
        number = float(value)
        if number != number:
            return ""
        return Decimal(int(number)) if number.is_integer() else Decimal(repr(number))
    if isinstance(value, Decimal):
        return "" if value.is_nan() else value
    if isinstance(value, datetime):
        return value if value.time() != time() else value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").strip()
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value).strip()


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell)


def _check_package(raw: bytes, name: str) -> bool:
    """Whether the workbook counts days from 1904. Raises for what is no sound package."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            if sum(info.file_size for info in package.infolist()) > _MOST_BYTES:
                raise fail("ledger.too_large", name)
            names = set(package.namelist())
            if "xl/workbook.xml" not in names:
                return False
            head = package.read("xl/workbook.xml")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise fail("ledger.truncated", name) from None
    flag = re.search(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](1|true)[\"']", head)
    return flag is not None


def read_book(raw: bytes, name: str, sha256: str, is_header: IsHeader, fmt: Format) -> RawTable:
    """The sheet that looks like a ledger, or the one named. Raises `HeaderNotFoundError`,
    `SalesxlError`."""
    mac_epoch = _check_package(raw, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names: list[str] = book.sheet_names
        if fmt.sheet is not None and fmt.sheet not in names:
            raise fail("ledger.no_sheet", name, sheet=fmt.sheet, sheets=" · ".join(names))
        wanted = [fmt.sheet] if fmt.sheet is not None else names
        sheets = {
            title: book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in wanted
        }
    except python_calamine.PasswordError:
        raise fail("ledger.password", name) from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise fail("ledger.truncated", name) from None
    found: list[tuple[str, int]] = []
    guess: Sequence[str] = ()
    for title, grid in sheets.items():
        top = [[_text(to_cell(cell)) for cell in row] for row in grid[: _top(fmt)]]
        try:
            found.append((title, find_header(top, is_header, fmt.header_row)))
        except HeaderNotFoundError as error:
            guess = max(guess, error.headers, key=len)
    if len(found) > 1 and fmt.header_row is not None:
        found = [
            (t, p) for t, p in found if is_header([_text(to_cell(c)) for c in sheets[t][p]])
        ] or found
    if not found:
        if not any(_text(to_cell(c)) for grid in sheets.values() for row in grid for c in row):
            raise fail("ledger.file_empty", name)
        raise HeaderNotFoundError(guess)
    if len(found) > 1:
        raise fail("ledger.several_sheets", name, sheets=" · ".join(title for title, _ in found))
    title, position = found[0]
    return _grid_table(
        sheets[title], position, name, title if len(names) > 1 else "", sha256, mac_epoch
    )


def _top(fmt: Format) -> int:
    return max(60, fmt.header_row or 0)


def _grid_table(
    grid: list[list[Any]], position: int, name: str, sheet: str, sha256: str, mac_epoch: bool
) -> RawTable:
    headers = trim_headers([_text(to_cell(cell)) for cell in grid[position]])
    body = grid[position + 1 :]
    place = f"{name}!{sheet}" if sheet else name
    columns = [
        factorize([to_cell(row[c]) if c < len(row) else "" for row in body])
        for c in range(max((len(row) for row in body), default=0))
    ]
    rows = np.arange(len(body), dtype=np.int64) + position + 2
    overlong = np.zeros(len(body), np.bool_)  # cells beside the table are remarks, not fields
    used = tuple(columns[: len(headers)])
    table = RawTable(name, headers, used, rows, overlong, sha256, (), mac_epoch, place)
    table = table.drop_blank_rows()
    if not len(table.rows):
        raise fail("ledger.header_only", place)
    if sheet:
        notice = Problem("ledger.sheet_used", name, {"sheet": sheet})
        table = RawTable(
            name, headers, table.columns, table.rows, table.overlong, sha256, (notice,),
            mac_epoch, place,
        )  # fmt: skip
    return table


def read_parquet(raw: bytes, name: str, sha256: str, is_header: IsHeader) -> RawTable:
    """A Parquet file; needs pyarrow. Raises `HeaderNotFoundError`, `SalesxlError`."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise fail("ledger.no_pyarrow", name) from None
    try:
        frame = pyarrow.parquet.read_table(io.BytesIO(raw)).to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError):
        raise fail("ledger.truncated", name) from None
    frame = frame.reset_index() if frame.index.name else frame
    titles = [str(title) for title in frame.columns]
    if not is_header(titles):
        raise HeaderNotFoundError(titles)
    if frame.empty:
        raise fail("ledger.header_only", name)
    columns = []
    for c in range(len(titles)):
        codes, values = pd.factorize(frame.iloc[:, c])
        columns.append(RawColumn(np.asarray(codes, np.int64), [to_cell(v) for v in values]))
    rows = np.arange(len(frame), dtype=np.int64) + 1
    overlong = np.zeros(len(frame), np.bool_)
    table = RawTable(name, trim_headers(titles), tuple(columns), rows, overlong, sha256)
    return table.drop_blank_rows()
