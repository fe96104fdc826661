"""The workbook of the benchmark: a region's 9 sheets, ~57,000 cells, new data each time.

One description serves every engine: the template is made from it, XlsxWriter writes it,
openpyxl and our engine fill the template with it. Rows and columns count from 1.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3A5F"},
    "head": {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True},
    "text": {"border": 1, "border_color": "#D9D9D9"},
    "number": {"border": 1, "border_color": "#D9D9D9", "num_format": "#,##0"},
    "money": {"border": 1, "border_color": "#D9D9D9", "num_format": "#,##0.00"},
    "share": {"border": 1, "border_color": "#D9D9D9", "num_format": "0.0%"},
    "date": {"border": 1, "border_color": "#D9D9D9", "num_format": "yyyy-mm-dd"},
    "total": {"bold": True, "top": 1, "num_format": "#,##0.00"},
}
TITLE_ROW, HEAD_ROW, FIRST = 1, 4, 5
SAMPLE = 2  # rows of a list in the template
PEOPLE, PLAN_ROWS, MONTHS = 60, 240, 12


@dataclass(frozen=True)
class Column:
    key: str
    style: str
    formula: str = ""  # of one row, `{r}` its number


@dataclass(frozen=True)
class Page:
    """A sheet: a title, one list, formulas above it and totals below."""

    title: str
    name: str  # of the list
    columns: Sequence[Column]
    table: bool = False
    above: int = 0  # formulas in row 2, from column 4 on: sums of the list's column 3
    totals: int = 0  # formulas below the list, from column 3 on

    def sum_text(self, col: int, last: int) -> str:
        letters = xl_col_to_name(col - 1)
        return f"SUM({letters}{FIRST}:{letters}{last})"


def _columns(*described: str) -> tuple[Column, ...]:
    """``key:style`` or ``key:style:formula``"""
    return tuple(Column(*text.split(":", 2)) for text in described)


PAGES = (
    Page("Ledger", "ledger", _columns(
        "Day:date", "Order:text", "Units:number", "Price:money", "Amount:money", "Customer:text",
        "Product line:text", "Channel:text", "Salesperson:text",
    ), table=True, above=5),
    Page("Customers", "customers", _columns(
        "Customer:text", "City:text", "Last year:money", "This year:money", "Plan:money",
        "Orders:number", "First order:date", "Grade:text", "Owner:text", "Remark:text",
    ), table=True, above=5),
    Page("Team", "team", _columns(
        "Person:text", "Role:text", "Quota:money", "Credited:money", "Attainment:share:D{r}/C{r}",
        "Gap:money:C{r}-D{r}", "Since:date", "Visits:number", "Area:text", "Remark:text",
    ), above=4, totals=2),
    Page("Plan", "plan", _columns(
        "Product:text", "Channel:text",
        *(f"M{month}:money" for month in range(1, 13)), "Year:money:SUM(C{r}:N{r})",
    ), above=4, totals=3),
    Page("Channels", "channels", _columns(
        "Channel:text", "Goal:text", "Budget:money", "Spent:money", "Sales:money", "Leads:number",
        "Owner:text", "Start:date",
    ), above=2),
    Page("Prospects", "prospects", _columns(
        "Name:text", "Source:text", "Value:money", "Chance:share", "Next step:text", "Due:date",
    ), above=2),
    Page("Analysis", "analysis", _columns(
        "Month:text", "Plan:money", "Actual:money", "Last:money",
    )),
    Page("Notes", "notes", _columns("Day:date", "Topic:text", "Text:text", "Owner:text")),
)  # fmt: skip
ABOVE_CELLS = 4  # named values in row 2 of the overview
OVERVIEW_SUMS = 4


@dataclass
class Data:
    """One workbook's values: `lists` by page name and column key, `sums` of the formulas."""

    region: str
    cells: dict[str, Any]
    lists: dict[str, dict[str, list[Any]]]
    sums: dict[str, float] = field(default_factory=dict)  # formula's cell name → value

    def rows(self, page: Page) -> int:
        return len(next(iter(self.lists[page.name].values())))

    @property
    def formulas(self) -> int:
        return len(self.sums) + sum(
            self.rows(page) for page in PAGES for column in page.columns if column.formula
        )

    @property
    def count(self) -> int:
        return sum(self.rows(page) * len(page.columns) for page in PAGES)


def make_data(number: int) -> Data:
    """The data of workbook `number`; lists vary by a few rows."""
    rng = random.Random(number)  # noqa: S311
    region = f"Region {number}"
    people = [f"Person {number}-{i}" for i in range(PEOPLE)]
    customers = [f"Customer {number * 7919 % 9973}-{i} Ltd" for i in range(800 + rng.randrange(40))]
    lines, channels = [f"Line {i}" for i in range(24)], [f"Channel {i}" for i in range(60)]
    remarks = ["", *(f"Remark {i}: call again & check the order" for i in range(40))]
    start = date(2026, 1, 1)
    money = _money(rng)

    def days(count: int) -> list[date]:
        return [start + timedelta(rng.randrange(365)) for _ in range(count)]

    def pick(values: Sequence[str], count: int) -> list[str]:
        return rng.choices(values, k=count)

    n = 4_450 + rng.randrange(100)
    units, prices = [rng.randrange(1, 200) for _ in range(n)], money(n, 400)
    c, ch, pr = len(customers), 120, 380 + rng.randrange(20)
    lists: dict[str, dict[str, list[Any]]] = {
        "ledger": {
            "Day": days(n), "Order": [f"SO{number:04d}{i:06d}" for i in range(n)], "Units": units,
            "Price": prices, "Amount": [u * p for u, p in zip(units, prices, strict=True)],
            "Customer": pick(customers, n), "Product line": pick(lines, n),
            "Channel": pick(channels, n), "Salesperson": pick(people, n),
        },
        "customers": {
            "Customer": customers, "City": pick([f"City {i}" for i in range(90)], c),
            "Last year": money(c, 90_000), "This year": money(c, 90_000), "Plan": money(c, 90_000),
            "Orders": [rng.randrange(80) for _ in range(c)], "First order": days(c),
            "Grade": pick("ABC", c), "Owner": pick(people, c),
            "Remark": [text or None for text in pick(remarks, c)],
        },
        "team": {
            "Person": people, "Role": pick(["Seller", "Key account", "Lead"], PEOPLE),
            "Quota": money(PEOPLE, 900_000), "Credited": money(PEOPLE, 900_000),
            "Since": days(PEOPLE), "Visits": [rng.randrange(300) for _ in range(PEOPLE)],
            "Area": pick([f"Area {i}" for i in range(12)], PEOPLE),
            "Remark": pick(remarks[1:], PEOPLE),
        },
        "plan": {
            "Product": pick(lines, PLAN_ROWS), "Channel": pick(channels, PLAN_ROWS),
            **{f"M{month}": money(PLAN_ROWS, 50_000) for month in range(1, 13)},
        },
        "channels": {
            "Channel": pick(channels, ch), "Goal": pick(remarks[1:], ch),
            "Budget": money(ch, 9_000), "Spent": money(ch, 9_000), "Sales": money(ch, 90_000),
            "Leads": [rng.randrange(900) for _ in range(ch)], "Owner": pick(people, ch),
            "Start": days(ch),
        },
        "prospects": {
            "Name": [f"Prospect {number}-{i}" for i in range(pr)], "Source": pick(channels, pr),
            "Value": money(pr, 40_000), "Chance": [rng.randrange(100) / 100 for _ in range(pr)],
            "Next step": pick(remarks[1:], pr), "Due": days(pr),
        },
        "analysis": {
            "Month": [f"M{month}" for month in range(1, MONTHS + 1)],
            "Plan": money(MONTHS, 10**6), "Actual": money(MONTHS, 10**6),
            "Last": money(MONTHS, 10**6),
        },
        "notes": {
            "Day": days(150), "Topic": pick(lines, 150), "Text": pick(remarks[1:], 150),
            "Owner": pick(people, 150),
        },
    }  # fmt: skip
    lists["team"]["Attainment"] = [
        float(credited / quota)
        for credited, quota in zip(lists["team"]["Credited"], lists["team"]["Quota"], strict=True)
    ]
    pairs = zip(lists["team"]["Quota"], lists["team"]["Credited"], strict=True)
    lists["team"]["Gap"] = [quota - credited for quota, credited in pairs]
    months = (lists["plan"][f"M{month}"] for month in range(1, 13))
    lists["plan"]["Year"] = [sum(row) for row in zip(*months, strict=True)]
    cells = {"region": region, "as_of": start, "manager": people[0], "rate": 0.05}
    data = Data(region, cells, lists)
    for page, _, _, col, name in sums(data):
        key = page.columns[col - 1].key
        data.sums[name] = float(sum(v for v in lists[page.name][key] if not isinstance(v, str)))
    return data


def _money(rng: random.Random) -> Callable[[int, int], list[Decimal]]:
    def money(count: int, most: int) -> list[Decimal]:
        return [Decimal(rng.randrange(100, most * 100)).scaleb(-2) for _ in range(count)]

    return money


def sums(data: Data) -> list[tuple[Page, str, int, int, str]]:
    """(page, sheet, row, column summed, cell name) of every formula outside the lists; on the
    overview the formula stands in column 2, elsewhere above or below what it sums."""
    found = []
    for page in PAGES:
        numeric = [i for i, c in enumerate(page.columns, 1) if c.style in ("money", "number")]
        below = FIRST + data.rows(page)
        for number in range(page.above):
            found.append((page, page.title, 2, numeric[number % len(numeric)],
                          f"{page.name}_top_{number}"))  # fmt: skip
        for number in range(page.totals):
            found.append((page, page.title, below, numeric[number], f"{page.name}_sum_{number}"))
    for number, page in enumerate(PAGES[:OVERVIEW_SUMS]):
        found.append((page, "Overview", 6 + number, 3, f"overview_{number}"))
    return found


def place_of(title: str, row: int, col: int, name: str) -> tuple[int, int]:
    """Row and column where such a formula stands."""
    if title == "Overview":
        return row, 2
    if "_top_" in name:
        return 2, 4 + int(name.rpartition("_")[2])
    return row, col


def sum_text(page: Page, title: str, col: int, rows: int) -> str:
    """The formula that sums a column of a list of this many rows."""
    text = page.sum_text(col, FIRST + rows - 1)
    return text if title == page.title else text.replace("(", f"({page.title}!")


def write(data: Data, template: bool = False) -> bytes:
    """The workbook by XlsxWriter; `template`: with two sample rows a list and their names."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    looks = {name: book.add_format(look) for name, look in FORMATS.items()}
    overview = book.add_worksheet("Overview")
    overview.write_string(TITLE_ROW - 1, 0, "Sales overview", looks["title"])
    for number, (name, value) in enumerate(data.cells.items()):
        overview.write_string(1, 2 * number, name, looks["head"])
        style = looks["date" if isinstance(value, date) else "text"]
        overview.write(1, 2 * number + 1, value, style)
        if template:
            book.define_name(name, f"=Overview!${xl_col_to_name(2 * number + 1)}$2")
    sheets = {"Overview": overview}
    for page in PAGES:
        sheets[page.title] = _page(book, looks, page, data, template)
    for page, title, row, col, name in sums(data):
        at = place_of(title, row, col, name)
        text = sum_text(page, title, col, data.rows(page))
        sheets[title].write_formula(
            at[0] - 1, at[1] - 1, f"={text}", looks["total"], data.sums[name]
        )
        if template:
            book.define_name(name, f"={title}!${xl_col_to_name(at[1] - 1)}${at[0]}")
    _charts(book, overview, data)
    book.close()
    return target.getvalue()


def _page(book: Any, looks: dict[str, Any], page: Page, data: Data, template: bool) -> Any:
    sheet = book.add_worksheet(page.title)
    sheet.write_string(TITLE_ROW - 1, 0, page.title, looks["title"])
    rows, last_col = data.rows(page), len(page.columns) - 1
    last = FIRST - 1 + rows
    sheet.set_column(0, last_col, 14)
    values = data.lists[page.name]
    for index, column in enumerate(page.columns):
        if not page.table:
            sheet.write_string(HEAD_ROW - 1, index, column.key, looks["head"])
        _column(sheet, index, column, values[column.key], looks[column.style])
    area = (HEAD_ROW - 1, 0, last - 1, last_col)
    if page.table:
        columns = [{"header": column.key} for column in page.columns]
        sheet.add_table(*area, {"name": page.name, "columns": columns})
    elif template:
        cols = f"$A${FIRST}:${xl_col_to_name(last_col)}${last}"
        book.define_name(page.name, f"={page.title}!{cols}")
    sheet.conditional_format(FIRST - 1, 2, last - 1, 2, {"type": "data_bar"})
    sheet.conditional_format(
        FIRST - 1, last_col, last - 1, last_col,
        {"type": "cell", "criteria": "<", "value": 0, "format": looks["total"]},
    )  # fmt: skip
    sheet.data_validation(
        FIRST - 1, 1, last - 1, 1, {"validate": "length", "criteria": "<", "value": 60}
    )
    sheet.freeze_panes(HEAD_ROW, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW - 1)
    sheet.set_footer("&L&A&RPage &P of &N")
    return sheet


def _column(sheet: Any, index: int, column: Column, values: Sequence[Any], look: Any) -> None:
    row = FIRST - 1
    if column.formula:
        for number, value in enumerate(values, row):
            text = "=" + column.formula.replace("{r}", str(number + 1))
            sheet.write_formula(number, index, text, look, float(value))
        return
    put = {
        "text": sheet.write_string, "date": sheet.write_datetime,
    }.get(column.style, sheet.write_number)  # fmt: skip
    for number, value in enumerate(values, row):
        if value is None:
            sheet.write_blank(number, index, None, look)
        else:
            put(number, index, value, look)


def _charts(book: Any, overview: Any, data: Data) -> None:
    last = FIRST - 1 + data.rows(next(page for page in PAGES if page.name == "analysis"))
    for number, kind in enumerate(("column", "line", "bar")):
        chart = book.add_chart({"type": kind})
        for col in "BCD":
            chart.add_series({
                "name": f"=Analysis!${col}${HEAD_ROW}",
                "categories": f"=Analysis!$A${FIRST}:$A${last}",
                "values": f"=Analysis!${col}${FIRST}:${col}${last}",
            })  # fmt: skip
        overview.insert_chart(12 + 16 * number, 0, chart)


def make_template() -> bytes:
    """The workbook with two sample rows a list."""
    sample = make_data(0)
    lists = {
        name: {key: values[:SAMPLE] for key, values in columns.items()}
        for name, columns in sample.lists.items()
    }
    small = Data("Sample", sample.cells, lists)
    small.sums = {name: 0.0 for *_, name in sums(small)}
    return write(small, template=True)
