"""Many credited lines: a sheet of their own as a table, and their sum by customer.

The table can be sorted and filtered, so its running credit, bands and pay are the run's
figures; what adds them up, and the tiers beside, stay live.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from salesxl.ledger.pay.results import CreditedLine, PlanPay
from salesxl.sheets.content import Formula, ListTable, Look, Scalar, Sheet, TableColumn, a1, span
from salesxl.sheets.fields import this
from salesxl.sheets.page import (
    FIRST_ROW,
    colour_negative,
    fill,
    header_row,
    meta_strip,
    page,
    section,
    spacer,
)
from salesxl.sheets.statement_lines import band_of, rate_cell
from salesxl.sheets.statement_pen import (
    BASE,
    CREDITED,
    CUSTOMER,
    DAY,
    ORDER,
    PAY,
    RATE,
    RUNNING,
    SHARE,
    Pen,
    PlanCells,
    decimal,
    item_keys,
    plan_days,
)
from salesxl.sheets.widths import fit_widths

TABLE = "credited_lines"
MOST_CUSTOMERS = 8
# The columns are the same for every statement, so that a restyled copy of the sheet fits all.
_COLUMNS = ("item", "order", "day", "customer", "product", "base", "share", "credited",
            "running", "band", "rate", "pay", "source", "row", "part")  # fmt: skip


class ManyLines:
    """Stands in for `Lines`: the same rows to the rest of the page, sums instead of lines."""

    def __init__(self, pen: Pen) -> None:
        self.pen, self.sheet = pen, pen.sheet
        self.plans = pen.statement.plans
        self.many = len(self.plans) > 1
        self.total_row = -1
        self.groups: list[int] = []
        self.customers = self._by_customer()
        self.sums = [
            sum(line.pay for line in pay.lines) + sum(c.amount for c in pay.changes)
            for pay in self.plans
        ]
        self.sheets: list[Sheet] = []

    def _by_customer(self) -> list[tuple[str, list[CreditedLine]]]:
        """Largest credit first; a sheet compares names without regard to case."""
        found: dict[str, tuple[str, list[CreditedLine]]] = {}
        for line in self.pen.statement.lines:
            name = line.customer or self.pen.say("no_customer")
            found.setdefault(name.casefold(), (name, []))[1].append(line)
        return sorted(found.values(), key=lambda item: -sum(line.credited for line in item[1]))

    @property
    def shown(self) -> list[tuple[str, list[CreditedLine]]]:
        return self.customers[:MOST_CUSTOMERS]

    @property
    def others(self) -> int:
        return len(self.customers) - len(self.shown)

    def lay_out(self, row: int) -> int:
        row += 2
        self.first = row
        row += len(self.shown) + (self.others > 0)
        for pay in self.plans:
            self.groups.append(row)
            row += 1 + len(pay.changes)
        self.total_row = row
        for group in self.groups:
            cells = PlanCells(credited=a1(group, CREDITED), lines_pay=a1(group, RUNNING))
            self.pen.cells.append(cells)
        return row + 1

    def write(self, row: int) -> None:
        pen = self.pen
        self._lines_sheet()
        section(self.sheet, row, ORDER, PAY, pen.say("lines_many", sheet=pen.say("lines_tab")))
        fill(self.sheet, row + 1, ORDER, PAY, "header")
        heads = {ORDER: "count", DAY: "last_day", CUSTOMER: "customer", BASE: "base",
                 CREDITED: "credited", RATE: "rate", PAY: "pay"}  # fmt: skip
        titles = [pen.say(f"head_{heads[col]}") if col in heads else ""
                  for col in range(ORDER, PAY + 1)]  # fmt: skip
        header_row(self.sheet, row + 1, ORDER, titles, "rclrcrrcrr")
        for offset, (name, lines) in enumerate(self.shown):
            self._customer(self.first + offset, name, lines, ("banded",) if offset % 2 else ())
        if self.others:
            self._rest(self.first + len(self.shown))
        for number, (pay, group) in enumerate(zip(self.plans, self.groups, strict=True), 1):
            self._group(number, pay, group)
        self._total()

    def _column(self, key: str) -> str:
        return f"{TABLE}[{self.pen.say(f'head_{key}')}]"

    def _sum(self, key: str, match: str) -> str:
        return f"SUMPRODUCT({match}*{self._column(key)})"

    def _customer(
        self, row: int, name: str, lines: list[CreditedLine], look: tuple[str, ...]
    ) -> None:
        pen = self.pen
        fill(self.sheet, row, ORDER, PAY, "cell", *look)
        match = f"({self._column('customer')}={a1(row, CUSTOMER)})"
        count = Formula(f"=SUMPRODUCT({match}*1)", len(lines))
        pen.put(row, ORDER, count, "cell", "int", *look)
        pen.put(row, DAY, max(line.day for line in lines), "cell", "date", *look)
        pen.put(row, CUSTOMER, name, "cell", "", *look, "wrap")
        for col, key, minor, fmt in (
            (BASE, "base", sum(line.base_amount for line in lines), pen.sums),
            (CREDITED, "credited", sum(line.credited for line in lines), pen.sums),
            (PAY, "pay", sum(line.pay for line in lines), "pay"),
        ):
            pen.total(row, col, self._sum(key, match), minor, fmt, "cell", *look)
        rate_cell(pen, row, sum(line.credited for line in lines), sum(line.pay for line in lines),
                  "cell", *look, "muted")  # fmt: skip
        pen.room(row, CUSTOMER, CUSTOMER, name)

    def _rest(self, row: int) -> None:
        pen = self.pen
        fill(self.sheet, row, ORDER, PAY, "cell")
        rest = [line for _, lines in self.customers[MOST_CUSTOMERS:] for line in lines]
        above = f"SUM({span(self.first, ORDER, row - 1, ORDER)})"
        count = Formula(f"=ROWS({self._column('pay')})-{above}", len(rest))
        pen.put(row, ORDER, count, "cell", "int", "muted")
        pen.put(row, CUSTOMER, pen.say("other_customers", number=self.others), "cell", "", "muted")
        for col, key, minor, fmt in (
            (BASE, "base", sum(line.base_amount for line in rest), pen.sums),
            (CREDITED, "credited", sum(line.credited for line in rest), pen.sums),
            (PAY, "pay", sum(line.pay for line in rest), "pay"),
        ):
            formula = f"SUM({self._column(key)})-SUM({span(self.first, col, row - 1, col)})"
            pen.total(row, col, formula, minor, fmt, "cell", "muted")
        pen.height(row)

    def _group(self, number: int, pay: PlanPay, row: int) -> None:
        """One plan's sums; its pay line by line, changes included, stands under `RUNNING`."""
        pen = self.pen
        fill(self.sheet, row, ORDER, PAY, "subtotal")
        label = f"{pay.plan.name} · {plan_days(pay)}"
        self.sheet.merge(row, ORDER, row, SHARE, label, "subtotal")
        match = f"({self._column('part')}={number})"

        def summed(key: str) -> str:
            return self._sum(key, match) if self.many else f"SUM({self._column(key)})"

        paid = sum(line.pay for line in pay.lines)
        pen.total(row, CREDITED, summed("credited"), pay.credited, pen.sums, "subtotal")
        lines = pen.total(row, PAY, summed("pay"), paid, "pay", "subtotal")
        rate_cell(pen, row, pay.credited, paid, "subtotal", "plain", "muted")
        pen.height(row)
        refs = [lines]
        for offset, change in enumerate(pay.changes, 1):
            fill(self.sheet, row + offset, ORDER, PAY, "cell")
            label = pen.say(f"change_{change.cause}")
            self.sheet.merge(row + offset, ORDER, row + offset, SHARE, label, "cell", "", "muted")
            refs.append(pen.put(row + offset, PAY, pen.money(change.amount), "cell", "pay"))
            pen.height(row + offset)
        pen.cells[number - 1].lines_pay = f"({'+'.join(refs)})"

    def _total(self) -> None:
        pen, row = self.pen, self.total_row
        fill(self.sheet, row, ORDER, PAY, "total")
        pen.put(row, ORDER, pen.say("total"), "total")
        count = len(pen.statement.lines)
        pen.put(row, DAY, pen.say("count", number=count), "total", "", "center", "plain", "muted")
        credited = "+".join(a1(group, CREDITED) for group in self.groups)
        pen.total(row, CREDITED, credited, pen.statement.credited, pen.sums)
        pays = "+".join(cells.lines_pay for cells in pen.cells)
        pen.total(row, PAY, pays, sum(self.sums))
        rate_cell(pen, row, pen.statement.credited, sum(self.sums), "total", "plain", "muted")
        pen.height(row, 22)

    # ---- the sheet of lines

    def _lines_sheet(self) -> None:
        pen, say, lang = self.pen, self.pen.say, self.pen.lang
        columns = list(_COLUMNS)
        sheet = Sheet("lines", say("lines_tab"), purpose=say("lines_purpose"), kind="list",
                      last_col=len(columns))  # fmt: skip
        subtitle = say("subtitle", company=pen.book.company, period=pen.run.period.label,
                       currency=pen.run.currency)  # fmt: skip
        page(sheet, say("lines_title"), subtitle, lang, back=False)
        table_row = FIRST_ROW + 3
        rows = self._rows(columns)
        looks = self._looks()
        paid, credited = (this(TABLE, say(f"head_{key}")) for key in ("pay", "credited"))
        formula = f"IF({credited}=0,0,{paid}/{credited})"
        sheet.tables.append(
            ListTable(TABLE, table_row, 1,
                      [TableColumn(key, say(f"head_{key}"), looks[key],
                                   formula if key == "rate" else "") for key in columns], rows)
        )  # fmt: skip
        self._strip(sheet, len(rows))
        spacer(sheet, table_row - 1, 8)
        last = table_row + len(rows)
        colour_negative(sheet, (table_row + 1, 1, last, len(columns)))
        sheet.freeze, sheet.repeat_rows = (table_row + 1, 3), (table_row, table_row)
        sheet.print_last_row = last
        fit_widths(sheet, lang, pen.run.currency, pen.decimals)
        self.sheets.append(sheet)

    def _strip(self, sheet: Sheet, count: int) -> None:
        pen, say = self.pen, self.pen.say
        pays = sum(line.pay for line in pen.statement.lines)
        credited, paid = (
            f"=ROUND(SUM({self._column(key)}),{pen.decimals})" for key in ("credited", "pay")
        )
        live = [
            (say("head_count"), Formula(f"=ROWS({self._column('pay')})", count), "int"),
            (say("head_credited"), Formula(credited, pen.money(pen.statement.credited)), pen.sums),
            (say("head_pay"), Formula(paid, pen.money(pays)), "pay"),
        ]
        meta_strip(sheet, FIRST_ROW, [(label, value) for label, value, _ in live],
                   [(1, 3), (4, 5), (6, 8)], fmts=[fmt for _, _, fmt in live])  # fmt: skip

    def _looks(self) -> dict[str, Look]:
        sums = self.pen.sums
        whole = all((x.share * 100).denominator == 1 for x in self.pen.statement.lines)
        shares = "0%" if whole else "0.0#%"
        return {
            "item": Look("cell", "text", ("left", "muted")),
            "order": Look("cell", "text", ("left",)),
            "day": Look("cell", "date"), "customer": Look("cell"),
            "product": Look("cell"), "part": Look("cell", "int", ("center", "muted")),
            "base": Look("cell", sums), "share": Look("cell", shares, ("center",)),
            "credited": Look("cell", sums), "running": Look("cell", sums, ("muted",)),
            "band": Look("cell", "", ("center",)), "rate": Look("cell", "rate", ("muted",)),
            "pay": Look("cell", "pay"), "source": Look("cell", "", ("muted",)),
            "row": Look("cell", "int", ("muted",)),
        }  # fmt: skip

    def _rows(self, columns: list[str]) -> list[list[Scalar]]:
        pen = self.pen
        keys = iter(item_keys(pen.statement.lines))
        out: list[list[Scalar]] = []
        for number, pay in enumerate(self.plans, 1):
            for line in pay.lines:
                rate = decimal(line.effective_rate, 12) if line.credited else Decimal(0)
                told: dict[str, Scalar] = {
                    "item": next(keys), "order": line.order or "–", "day": line.day,
                    "customer": line.customer or pen.say("no_customer"),
                    "product": line.product or line.product_line, "part": number,
                    "base": pen.money(line.base_amount),
                    "share": decimal(Fraction(line.share), 12),
                    "credited": pen.money(line.credited), "running": pen.money(line.running),
                    "band": band_of(pen, line, pay), "rate": rate, "pay": pen.money(line.pay),
                    "source": line.source, "row": line.row,
                }  # fmt: skip
                out.append([told[key] for key in columns])
        return out
