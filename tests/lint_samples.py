"""A good workbook with one of nearly everything, and a way to break one thing in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

Edit = Callable[[str], str]
Parts = dict[str, bytes]

BOOK = "xl/workbook.xml"
DATA = "xl/worksheets/sheet1.xml"  # tab "Data": table Sales at B4:D9, table Notes at H4:I6
SUMS = "xl/worksheets/sheet2.xml"  # tab "Sum up": formulas, chart, rules, names
TABLE = "xl/tables/table1.xml"
TABLE2 = "xl/tables/table2.xml"
CHART = "xl/charts/chart1.xml"
DRAWING = "xl/drawings/drawing1.xml"
COMMENTS = "xl/comments1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
DATA_RELS = "xl/worksheets/_rels/sheet1.xml.rels"


def good() -> bytes:
    """Two tabs, "Data" with two tables and "Sum up" with the rest; all formulas have values."""
    stream = io.BytesIO()
    book: Any = xlsxwriter.Workbook(stream, {"in_memory": True})
    bold = book.add_format({"bold": True, "num_format": "#,##0.000"})
    data = book.add_worksheet("Data")
    data.add_table("B4:D9", {
        "name": "Sales", "total_row": True,
        "columns": [{"header": "Region", "total_string": "Total"},
                    {"header": "Amount", "total_function": "sum", "total_value": 100},
                    {"header": "Double", "formula": "=[@Amount]*2", "total_value": ""}],
    })  # fmt: skip
    for row, (region, amount) in enumerate([("East", 10), ("West", 20), ("南", 30), ("N", 40)], 4):
        data.write_string(row, 1, region)
        data.write_number(row, 2, amount, bold)
        data.write_formula(row, 3, f"=C{row + 1}*2", None, amount * 2)
    data.add_table("H4:I6", {"name": "Notes", "columns": [{"header": "A"}, {"header": "B"}]})
    data.freeze_panes(4, 2)
    sums = book.add_worksheet("Sum up")
    sums.write_formula("A1", "=SUM(Sales[Amount])", bold, 100)
    sums.write_formula("A2", '=IF(Data!C5>1,"a(b","c")', None, "a(b")
    sums.write_formula("A3", "=_xlfn.XLOOKUP(1,Data!$C$5:$C$8,Data!$B$5:$B$8)", None, "East")
    sums.write_formula("A4", "='Sum up'!A1+1", None, 101)
    sums.write_dynamic_array_formula("A5:A6", "=_xlfn.SEQUENCE(2)", None, 1)
    sums.write_number("A6", 2)
    sums.write_boolean("B1", True)
    sums.write_string("B2", "plain")
    sums.write_rich_string("B3", "one ", bold, "two")
    sums.merge_range("D1:F2", "merged")
    sums.merge_range("D4:F5", "merged too")
    sums.write_url("B5", "https://example.com/a")
    sums.write_url("B6", "internal:'Data'!A1")
    sums.write_comment("B2", "a remark")
    sums.data_validation("C1", {"validate": "list", "source": ["x", "y"]})
    sums.data_validation("C2", {"validate": "list", "source": "=Data!$B$5:$B$8"})
    sums.conditional_format(
        "A1:A9", {"type": "formula", "criteria": "=Data!$C$5>1", "format": bold}
    )
    sums.conditional_format("B1:B9", {"type": "data_bar", "data_bar_2010": True})
    sums.autofilter("J1:K5")
    sums.set_column("A:A", 12)
    sums.set_column("C:D", 9)
    sums.set_row(7, 20)
    sums.write_number("C8", 1)
    sums.set_header("&CPage")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$C$5:$C$8", "categories": "=Data!$B$5:$B$8"})
    sums.insert_chart("G8", chart)
    book.define_name("Rate", "=Data!$C$5")
    book.define_name("'Sum up'!Local_rate", "='Sum up'!$A$1")
    book.close()
    return stream.getvalue()


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


class Broken:
    """The good workbook with edits: each must change something, or the test is void."""

    def __init__(self, data: bytes) -> None:
        self.parts = parts_of(data)

    def swap(self, part: str, old: str, new: str, count: int = 1) -> Broken:
        """Replace the first `count` occurrences of `old`."""
        text = self.parts[part].decode("utf-8")
        assert old in text, f"{part} has no {old!r}: {text[:3000]}"
        self.parts[part] = text.replace(old, new, count).encode("utf-8")
        return self

    def edit(self, part: str, change: Edit) -> Broken:
        text = self.parts[part].decode("utf-8")
        changed = change(text)
        assert changed != text
        self.parts[part] = changed.encode("utf-8")
        return self

    def write(self, path: Path) -> Path:
        path.write_bytes(packed(self.parts))
        return path
