"""A plain template whose lists grow, and what every formula of a filled one must come to.

Made with XlsxWriter: an ordinary workbook as people have them. The expected values are
worked out here from the entries alone, row numbers included; nothing is read back.

Sheet ``Lines``: formulas above the list `lines` (A8:I10, three sample rows), beside it the
list `side` (M8:N10), below both their totals, and below those a third list `second` of
one prototype row. ``Orders``: a real table with calculated columns and a totals row.
``Year's end``: formulas about all of them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from salesxl.ooxml.template.fill import Fill

Expected = dict[tuple[str, str], float | str | bool]
TAX = 0.06
LINES, ORDERS, END = "Lines", "Orders", "Year's end"


@dataclass(frozen=True)
class Entries:
    """What goes into the lists."""

    names: Sequence[str]
    counts: Sequence[int]
    prices: Sequence[int]
    side: Sequence[int]
    second: Sequence[int]
    orders: Sequence[int]

    @staticmethod
    def sized(lines: int, side: int, second: int, orders: int) -> Entries:
        """Entries that differ from row to row, in whole numbers so that sums are exact."""
        return Entries(
            [f"n{i % 7} & <co>" for i in range(lines)],
            [(i * 7) % 13 + 1 for i in range(lines)],
            [(i * 31) % 90 + 10 for i in range(lines)],
            [i * 3 + 1 for i in range(side)],
            [i * 5 + 2 for i in range(second)],
            [(i * 11) % 40 + 1 for i in range(orders)],
        )

    @property
    def amounts(self) -> list[int]:
        return [c * p for c, p in zip(self.counts, self.prices, strict=True)]

    def fill(self) -> Fill:
        days = [date(2025, 1, 1) + timedelta(days=i % 365) for i in range(len(self.orders))]
        return Fill(
            cells={"title": "Filled"},
            lists={
                "lines": {"Name": self.names, "Count": self.counts, "Price": self.prices},
                "side": {"Key": [f"s{v}" for v in self.side], "Value": self.side},
                "second": {"Item": [f"i{v}" for v in self.second], "Base": self.second},
                "Orders": {"Day": days, "Pieces": self.orders},
            },
        )


def template() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    look = {
        "bold": book.add_format({"bold": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00", "font_color": "#1F3A4D"}),
        "red": book.add_format({"font_color": "#C00000"}),
        "line": book.add_format({"top": 1}),
    }
    _lines(book, book.add_worksheet(LINES), look)
    _orders(book, book.add_worksheet(ORDERS), look)
    _end(book, book.add_worksheet(END), look)
    book.define_name("title", "=Lines!$A$1")
    book.define_name("lines", "=Lines!$A$8:$I$10")
    book.define_name("line_amounts", "=Lines!$E$8:$E$10")
    book.define_name("line_total", "=Lines!$E$12")
    book.define_name("side", "=Lines!$M$8:$N$10")
    book.define_name("second", "=Lines!$A$21:$C$21")
    book.define_name("tax", "=Lines!$B$3")
    book.close()
    return target.getvalue()


def _lines(book: Any, sheet: Any, look: Mapping[str, Any]) -> None:
    sheet.write("A1", "A title to fill", look["bold"])
    for cell, formula in {
        "B2": "=SUM(E8:E10)", "C2": "=COUNTA(B8:B10)", "D2": "=IF(C2=0,0,B2/C2)",
        "E2": "=MAX($E$8:$E$10)", "F2": "=E12+N12", "G2": '=COUNTIF(B8:B10,"n1*")',
        "H2": "=SUM(A21:B21)", "I2": "=ROWS(A8:A10)",
    }.items():  # fmt: skip
        sheet.write_formula(cell, formula)
    sheet.write("A3", "Tax")
    sheet.write("B3", TAX)
    heads = ("No", "Name", "Count", "Price", "Amount", "Running", "Share", "Tax", "Balance")
    sheet.write_row("A7", heads, look["bold"])
    sheet.write_row("M7", ("Key", "Value"), look["bold"])
    for row in (8, 9, 10):
        sheet.write_formula(f"A{row}", "=ROW()-ROW(A$7)")
        sheet.write_row(f"B{row}", (f"old {row}", row, 100))
        sheet.write_formula(f"E{row}", f"=C{row}*D{row}", look["money"])
        sheet.write_formula(f"F{row}", f"=SUM(E$8:E{row})", look["money"])
        sheet.write_formula(f"G{row}", f"=IF($E$12=0,0,E{row}/$E$12)")
        sheet.write_formula(f"H{row}", f"=ROUND(E{row}*$B$3,2)", look["money"])
        sheet.write_formula(f"I{row}", f"=N(I{row - 1})+E{row}", look["money"])
        sheet.write_row(f"M{row}", (f"old {row}", row))
    sheet.write("A12", "Total", look["line"])
    for column in "EHN":
        sheet.write_formula(f"{column}12", f"=SUM({column}8:{column}10)", look["line"])
    sheet.write_formula("E13", "=E12*(1+$B$3)", look["money"])
    sheet.merge_range("A15:D15", "Below the lists", look["bold"])
    for cell, formula in {
        "A16": "=B2-E12", "B16": "=SUMPRODUCT(C8:C10,D8:D10)-E12", "C16": "=SUM(E7:E11)-E12",
        "D16": "=SUM(line_amounts)-line_total", "E16": "=IF(E12>0,1,0)+D16",
        "F16": "=AVERAGE(1,SUM(N8:N10))", "G16": "=SUM($E$8:$E$10,N12)",
    }.items():  # fmt: skip
        sheet.write_formula(cell, formula)
    sheet.write_row("A20", ("Item", "Base", "Double"), look["bold"])
    sheet.write_row("A21", ("old", 1))
    sheet.write_formula("C21", "=B21*2")
    sheet.write("A22", "Total", look["line"])
    sheet.write_formula("B22", "=SUM(B21:B21)", look["line"])
    sheet.write_formula("C22", "=SUM(C21)", look["line"])
    sheet.write_formula("A24", "=C22-2*B22")
    sheet.write_formula("B24", "=B22+E12")

    sheet.conditional_format("E8:E10", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(
        "A8:I10",
        {"type": "formula", "criteria": "=$C8>AVERAGE($C$8:$C$10)", "format": look["red"]},
    )
    sheet.conditional_format(
        "B22", {"type": "cell", "criteria": ">", "value": "$E$12", "format": look["red"]}
    )
    sheet.data_validation(
        "C8:C10", {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10**9}
    )
    sheet.data_validation("B24", {"validate": "list", "source": "=$A$8:$A$10"})
    sheet.add_sparkline("J12", {"range": "Lines!E8:E10"})
    sheet.print_area("A1:N24")
    sheet.repeat_rows(6)
    sheet.set_h_pagebreaks([14])
    chart = book.add_chart({"type": "column"})
    chart.add_series({
        "name": "=Lines!$E$7", "categories": "=Lines!$B$8:$B$10", "values": "=Lines!$E$8:$E$10",
    })  # fmt: skip
    chart.set_title({"name": "=Lines!$A$1"})
    sheet.insert_chart("P2", chart)
    line = book.add_chart({"type": "line"})
    line.add_series({"values": "=Lines!$B$21:$B$21", "categories": "=Lines!$A$21:$A$21"})
    sheet.insert_chart("A26", line)


def _orders(book: Any, sheet: Any, look: Mapping[str, Any]) -> None:
    sheet.write_formula("A1", "=SUM(Orders[Pieces])")
    sheet.write_formula("B1", "=SUM(C5:C6)")
    sheet.write_formula("C1", "=Orders[[#Totals],[Pieces]]")
    this = "Orders[[#This Row],[Pieces]]"  # as Excel writes it
    sheet.add_table("A4:D7", {
        "name": "Orders", "total_row": True, "style": "Table Style Light 9",
        "columns": [
            {"header": "Day", "format": look["day"], "total_string": "All"},
            {"header": "Pieces", "total_function": "sum"},
            {"header": "Double", "formula": f"={this}*2", "total_function": "sum"},
            {"header": "Part", "formula": f"={this}/SUM(Orders[Pieces])"},
        ],
        "data": [[date(2020, 1, 1), 1], [date(2020, 1, 2), 2]],
    })  # fmt: skip
    sheet.write_formula("B7", "=SUBTOTAL(109,Orders[Pieces])")  # XlsxWriter omits the name
    sheet.write_formula("C7", "=SUBTOTAL(109,Orders[Double])")
    sheet.write_formula("A9", "=B7+C7")
    sheet.write_formula("B9", "=SUM(B4:B6)-SUBTOTAL(109,Orders[Pieces])")
    chart = book.add_chart({"type": "line"})
    chart.add_series({
        "categories": "=Orders!$A$5:$A$6", "values": "=Orders!$B$5:$B$6", "name": "Pieces",
    })  # fmt: skip
    chart.add_series({"values": "=Orders!$D$5:$D$6", "name": "Part", "y2_axis": True})
    sheet.insert_chart("F4", chart)


def _end(book: Any, sheet: Any, look: Mapping[str, Any]) -> None:
    for cell, formula in {
        "A1": "=SUM(Lines!E8:E10)", "A2": "=Lines!E12", "A3": "=Lines!B22+Orders!B7",
        "A4": '=SUMIF(Lines!B8:B10,"n1*",Lines!E8:E10)', "A5": "=SUM(line_amounts)*tax",
        "A6": "=SUM(Orders[Double])", "A7": "=SUM(Lines!C:C)", "A8": "=SUM(Lines!A21:B21)",
        "A9": "=SUM('Year''s end'!A1:A2)", "A10": '=IF(A1=A2,"Lines!E8","no")',
        "A11": '=INDEX(Lines!$B$8:$B$10,1)&""', "A12": "=MAX(Lines!$F$8:$F$10)-A2",
        "A13": "=SUM(Lines:Orders!B3)",
    }.items():  # fmt: skip
        sheet.write_formula(cell, formula)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"categories": "=Lines!$B$8:$B$10", "values": "=Lines!$F$8:$F$10"})
    sheet.insert_chart("C2", chart)


@dataclass(frozen=True)
class Layout:
    """Where things stand once the lists have grown; a list of nothing keeps one row."""

    rows: int  # of lines and side together
    second: int
    orders: int

    @staticmethod
    def of(e: Entries) -> Layout:
        return Layout(
            max(len(e.names), len(e.side), 1), max(len(e.second), 1), max(len(e.orders), 1)
        )

    def below(self, row: int) -> int:
        """A row of ``Lines`` below the first lists."""
        return row + self.rows - 3 + (self.second - 1 if row > 21 else 0)

    def ordered(self, row: int) -> int:
        """A row of ``Orders`` below the table's entries."""
        return row + self.orders - 2


def expected(e: Entries) -> Expected:
    """(sheet, cell) → value, for every formula outside the blank row of an empty list."""
    at = Layout.of(e)
    found: Expected = {}
    amounts = e.amounts
    total, side = sum(amounts), sum(e.side)
    taxes = sum(_cents(amount) for amount in amounts) / 100
    running = 0
    for i, amount in enumerate(amounts):
        row = 8 + i
        running += amount
        values = (
            ("A", i + 1), ("E", amount), ("F", running), ("G", amount / total if total else 0),
            ("H", _cents(amount) / 100), ("I", running),
        )  # fmt: skip
        found.update({(LINES, f"{column}{row}"): value for column, value in values})
    n1 = [a for a, name in zip(amounts, e.names, strict=True) if name.startswith("n1")]
    low = at.below
    base = sum(e.second)
    cells: dict[str, float | str] = {
        "B2": total, "C2": len(amounts), "D2": total / len(amounts) if amounts else 0,
        "E2": max(amounts, default=0), "F2": total + side, "G2": len(n1), "H2": base,
        "I2": at.rows, f"E{low(12)}": total, f"H{low(12)}": taxes, f"N{low(12)}": side,
        f"E{low(13)}": total * (1 + TAX), f"A{low(16)}": 0, f"B{low(16)}": 0, f"C{low(16)}": 0,
        f"D{low(16)}": 0, f"E{low(16)}": 1 if total else 0, f"F{low(16)}": (1 + side) / 2,
        f"G{low(16)}": total + side, f"B{low(22)}": base, f"C{low(22)}": base * 2,
        f"A{low(24)}": 0, f"B{low(24)}": base + total,
    }  # fmt: skip
    for i, value in enumerate(e.second):
        cells[f"C{low(21) + i}"] = value * 2
    found.update({(LINES, cell): value for cell, value in cells.items()})
    found.update({(ORDERS, c): v for c, v in _expected_orders(e, at).items()})
    ends: dict[str, float | str] = {
        "A1": total, "A2": total, "A3": base + sum(e.orders), "A4": sum(n1), "A5": total * TAX,
        "A6": sum(e.orders) * 2, "A8": base, "A9": total * 2,
        "A7": sum(e.counts) + (len(amounts)) + base * 4, "A10": "Lines!E8",
        "A11": e.names[0] if e.names else "", "A12": 0,
        "A13": TAX,
    }  # fmt: skip
    found.update({(END, cell): value for cell, value in ends.items()})
    return found


def _expected_orders(e: Entries, at: Layout) -> dict[str, float | str]:
    pieces = sum(e.orders)
    cells: dict[str, float | str] = {
        "A1": pieces, "B1": pieces * 2, "C1": pieces,
        f"B{at.ordered(7)}": pieces, f"C{at.ordered(7)}": pieces * 2,
        f"A{at.ordered(9)}": pieces * 3, f"B{at.ordered(9)}": 0,
    }  # fmt: skip
    for i, value in enumerate(e.orders):
        cells[f"C{5 + i}"] = value * 2
        cells[f"D{5 + i}"] = value / pieces
    return cells


def _cents(amount: int) -> int:
    """Tax of a whole amount in hundredths: amount × 6 / 100 needs no rounding."""
    return amount * 6
