"""The analysis sheet: four charts titled by their findings, and the tables behind them.

Charts stand on the first printed page; the tables with live sums over the ledger
follow. What charts draw is scaled to the unit they name, right of the print area.
A dimension no file had is said in words where its chart would stand.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.sheets.analysis_blocks import Block, Line, customers, dimension, months
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Book, Chart, Formula, Series, Sheet, a1
from salesxl.sheets.ledger_lines import has_dimension
from salesxl.sheets.page import note, page, panel, spacer, verdict_formula
from salesxl.sheets.scope import Scope
from salesxl.sheets.sentence import Fragment, either, number, sentence, words
from salesxl.sheets.widths import text_px, width_for
from salesxl.texts import text

LEFT, RIGHT, DATA = 1, 8, 15  # first columns: both halves, the charts' data
NAMES = {LEFT: 22.0, RIGHT: 20.0}  # least widths of the columns of names
WIDEST = 43.0
DATA_WIDTH = 75  # holds a chart's title, which stands among its data
CHART_ROWS = 12
CHARTS = (4, 4 + CHART_ROWS + 1)  # first rows of the two chart bands
TABLES = CHARTS[1] + CHART_ROWS + 3
# A4 landscape inside its margins: points high, pixels wide.
PAPER_HEIGHT, PAPER_WIDTH = (8.27 - 1.05) * 72, (11.69 - 0.8) * 96
FIXED = 64 + 2 * 10 + 17  # points of title block, spacers and note
PAGE_GAP = 62  # blank row between charts and tables; the page's end falls into it, which
PAGE_SLACK = 8  # programs put between this much before and 54 points after the paper's
SHORT = {"zh": 5, "en": 14}  # characters of a category name in a crowded chart
LABELLED = 6  # names up to which each bar says its amount


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "analysis". Registers a check for each table: its total = the ledger's."""
    lang = scope.lang
    sheet = Sheet(
        "analysis",
        text("analysis.title", lang),
        purpose=text("analysis.purpose", lang),
        last_col=RIGHT + 5,
    )
    _widths(sheet, scope)
    if scope.ledger is None:
        said = text("analysis.subtitle_empty", lang, scope=scope.name, year=scope.focus_year)
        row = page(sheet, sheet.title, said, lang)
        panel(sheet, row, LEFT, sheet.last_col, [text("analysis.no_ledger", lang)])
        sheet.height(row, 26)
        return sheet
    sums = Sums(scope, sheet, book)
    _Page(sums).fill()
    for left, least in NAMES.items():
        names = (c.value for c in sheet.cells if c.col == left and c.look.style == "cell")
        pixels = [text_px(name, 10, False, lang) for name in names if isinstance(name, str)]
        widest = width_for(max(pixels, default=0.0), indent=1)
        sheet.width(left, min(max(least, widest), WIDEST))
    for band in CHARTS:
        for row in range(band, band + CHART_ROWS):
            sheet.height(row, _chart_row(sheet))
        spacer(sheet, band + CHART_ROWS, 10)
    note(sheet, TABLES - 2, LEFT, sheet.last_col, text("analysis.note", lang), 1)
    spacer(sheet, TABLES - 1, PAGE_GAP)
    # Both halves share the rows: one height for all, whatever stands in them.
    for row in range(TABLES, (sheet.print_last_row or TABLES) + 1):
        sheet.height(row, 20)
    cells = [cell for cell, _ in sums.checks]
    worst = max((abs(difference) for _, difference in sums.checks), default=Decimal(0))
    subtitle = text(
        "analysis.subtitle",
        lang,
        scope=scope.name,
        year=scope.focus_year,
        months=sums.months,
        as_of=scope.as_of.isoformat(),
        unit=sums.unit,
        currency=scope.plan.settings.currency,
    )
    decimals = scope.plan.settings.decimals
    page(sheet, sheet.title, subtitle, lang, verdict_formula(cells, lang, worst, decimals))
    return sheet


def _widths(sheet: Sheet, scope: Scope) -> None:
    """Columns wide enough for the scope's largest total in bold."""
    ledger = scope.ledger
    most = max(scope.targets.total, int(ledger.frame["amount"].abs().sum()) if ledger else 0)
    digits = f"{most // 10**scope.plan.settings.decimals:+,}"
    width = max(12.5, round(len(digits) * 1.15 + 2.5, 1))
    for left, least in NAMES.items():
        sheet.width(left, least)
        sheet.width(left + 1, width, *range(left + 2, left + 6))
    sheet.width(LEFT + 6, 1.5)
    sheet.width(DATA - 1, 4)
    sheet.width(DATA, DATA_WIDTH)


def _chart_row(sheet: Sheet) -> float:
    """The height of a chart's rows with which charts and note fill the first page.

    The block is fitted to the paper's width in whole per cent, which tells how many of
    its points fit the height; what is not charts takes `FIXED` of them.
    """
    pixels = sum(7 * sheet.widths[col] + 5 for col in range(sheet.last_col + 1) if col)
    page_height = PAPER_HEIGHT / (int(min(1.0, PAPER_WIDTH / pixels) * 100) / 100)
    return round((page_height - FIXED - PAGE_SLACK) / (2 * CHART_ROWS), 1)


class _Page:
    """The charts and tables of one sheet; `data_row` is the next free row of chart data."""

    def __init__(self, sums: Sums) -> None:
        self.sums = sums
        self.sheet = sums.sheet
        self.lang = sums.lang
        self.data_row = CHARTS[0] + 1

    def fill(self) -> None:
        sums = self.sums
        self.sheet.put(CHARTS[0], DATA, text("analysis.chart_data", self.lang), "label")
        left = months(sums, TABLES, LEFT)
        self.months_chart(left)
        right = TABLES
        if has_dimension(sums.scope, "product_line"):
            products = dimension(sums, right, RIGHT, "product_line")
            right = products.next_row
            self.products_chart(products)
        else:
            self.missing("product_line", CHARTS[0], RIGHT)
        if has_dimension(sums.scope, "customer_key"):
            largest = customers(sums, left.next_row, LEFT)
            self.customers_chart(largest)
            bottom = largest.next_row
        else:
            self.missing("customer_key", CHARTS[1], LEFT)
            bottom = left.next_row
        drawn = False
        for key in ("channel", "source"):
            if not has_dimension(sums.scope, key):
                self.missing(key, right, RIGHT, rows=2)
                right += 3
                continue
            block = dimension(sums, right, RIGHT, key)
            right = block.next_row
            if not drawn:
                self.mix_chart(block)
                drawn = True
        if not drawn:
            self.missing("channel", CHARTS[1], RIGHT)
        self.sheet.print_last_row = max(bottom, right) - 1

    def missing(self, key: str, row: int, col: int, rows: int = CHART_ROWS) -> None:
        """A panel that says what the ledger lacks, where it would be shown."""
        said = text(f"analysis.missing_{key}", self.lang)
        self.sheet.merge(row, col, row + rows - 1, col + 5, said, "panel", "", "wrap")

    def amount(self, expression: str, value: Decimal) -> tuple[str, Decimal, str]:
        """An amount in the charts' unit, as `number` takes it."""
        scale = self.sums.scale
        return (
            f"{expression}/{scale}" if scale > 1 else expression,
            value / scale,
            self.sums.pattern,
        )

    def finding(self, said: Formula) -> tuple[tuple[int, int], str]:
        """Place a chart's title; its cell and text."""
        row = self.data_row
        self.sheet.put(row, DATA, said, "label")
        self.data_row += 1
        return (row, DATA), str(said.value)

    def column(self, col: int, cell: str, value: Decimal, row: int) -> None:
        self.sheet.put(row, col, self.sums.scaled(cell, value), "label", self.sums.pattern)

    def chart(
        self, kind: str, band: int, col: int, title: Formula, series: list[Series], alt: str,
        *, labels: bool = False, unit: str = "", value_format: str = "",
    ) -> None:  # fmt: skip
        place, said = self.finding(title)
        kind_words = text(f"analysis.{alt}", self.lang)
        self.sheet.charts.append(
            Chart(
                kind,  # type: ignore[arg-type]
                band, col, band + CHART_ROWS - 1, col + 5, place, series,
                text("analysis.alt", self.lang, kind=kind_words, title=said),
                unit=unit, value_format=value_format or self.sums.pattern, labels=labels,
            )
        )  # fmt: skip
        self.data_row += 1

    def months_chart(self, block: Block) -> None:
        sums, lang, scope = self.sums, self.lang, self.sums.scope
        first = self.data_row
        for line in block.lines:
            row = self.data_row
            self.sheet.put(row, DATA, line.name, "label")
            columns = ((block.plan_col, line.plan), (block.actual_col, line.actual))
            for offset, (col, value) in enumerate((*columns, (block.last_col, line.last)), 1):
                self.column(DATA + offset, a1(line.row, col), value, row)
            self.data_row += 1
        last = self.data_row - 1
        names = (first, DATA, last, DATA)

        def series(name: str, offset: int, role: str) -> Series:
            return Series(name, names, (first, DATA + offset, last, DATA + offset), role)  # type: ignore[arg-type]

        year = scope.focus_year
        self.chart(
            "column", CHARTS[0], LEFT, self.months_finding(block),
            [
                series(text("analysis.series_last", lang, year=year - 1), 3, "comparison"),
                series(text("analysis.series_actual", lang, year=year), 2, "main"),
                series(text("analysis.col_plan", lang, year=scope.plan.settings.year), 1, "plan"),
            ],
            "alt_months", unit=sums.unit,
        )  # fmt: skip

    def months_finding(self, block: Block) -> Formula:
        sums, lang, scope = self.sums, self.lang, self.sums.scope
        compared = block.lines[: sums.months]
        rows = compared[0].row, compared[-1].row
        plan, actual = (
            f"SUM({a1(rows[0], col)}:{a1(rows[1], col)})"
            for col in (block.plan_col, block.actual_col)
        )
        plan_value = sum((line.plan for line in compared), Decimal(0))
        actual_value = sum((line.actual for line in compared), Decimal(0))
        base, base_value, top, top_value = (
            (plan, plan_value, actual, actual_value)
            if scope.is_running
            else (actual, actual_value, plan, plan_value)
        )
        gap = top_value - base_value
        share = gap / base_value if base_value else Decimal(0)
        parts = {
            "word": either(
                f"{top}>={base}", gap >= 0,
                text("analysis.more", lang), text("analysis.less", lang),
            ),
            "gap": number(*self.amount(f"ABS({top}-{base})", abs(gap))),
            "share": number(f"IF({base}=0,0,({top}-{base})/{base})", share, "0.0%"),
        }  # fmt: skip
        if scope.is_running:
            return sentence(
                "analysis.find_months", lang, months=sums.months, unit=sums.unit,
                actual=number(*self.amount(actual, actual_value)), **parts,
            )  # fmt: skip
        return sentence(
            "analysis.find_months_ahead", lang, year=scope.plan.settings.year,
            months=sums.months, focus=scope.focus_year, unit=sums.unit,
            plan=number(*self.amount(plan, plan_value)), **parts,
        )  # fmt: skip

    def bars(self, block: Block, others: list[tuple[int, str]], labels: bool) -> list[Series]:
        """Chart data of a block: names, actuals, then further columns with their role."""
        first = self.data_row
        for line in block.lines:
            row = self.data_row
            self.sheet.put(row, DATA, line.name, "label")
            self.column(DATA + 1, a1(line.row, block.actual_col), line.actual, row)
            for offset, (col, _) in enumerate(others, 2):
                value = line.plan if col == block.plan_col else line.last
                self.column(DATA + offset, a1(line.row, col), value, row)
            self.data_row += 1
        last = self.data_row - 1
        names = (first, DATA, last, DATA)
        year = self.sums.scope.focus_year
        result = [
            Series(
                text("analysis.series_actual", self.lang, year=year), names,
                (first, DATA + 1, last, DATA + 1), "main",
            )
        ]  # fmt: skip
        for offset, (_, name) in enumerate(others, 2):
            area = (first, DATA + offset, last, DATA + offset)
            result.append(Series(name, names, area, "comparison"))
        return result

    def products_chart(self, block: Block) -> None:
        sums, lang, scope = self.sums, self.lang, self.sums.scope
        running = scope.is_running
        other = (
            (block.plan_col, text("analysis.col_plan_to_date", lang))
            if running
            else (block.last_col, text("analysis.series_last", lang, year=scope.focus_year - 1))
        )

        def gap(line: Line) -> Decimal:
            return line.actual - (line.plan if running else line.last)

        top = max(block.lines, key=lambda line: line.actual)
        moved = min(block.lines, key=gap)
        if gap(moved) >= 0:
            moved = max(block.lines, key=gap)
        actual, base = a1(moved.row, block.actual_col), a1(moved.row, other[0])
        above, below = ("more", "less") if running else ("up", "down")
        title = sentence(
            "analysis.find_products" if running else "analysis.find_products_growth", lang,
            top=words(a1(top.row, block.name_col), top.name),
            share=self.share(block, top), unit=sums.unit,
            name=words(a1(moved.row, block.name_col), moved.name),
            word=either(
                f"{actual}>={base}", gap(moved) >= 0,
                text(f"analysis.{above}", lang), text(f"analysis.{below}", lang),
            ),
            gap=number(*self.amount(f"ABS({actual}-{base})", abs(gap(moved)))),
        )  # fmt: skip
        few = len(block.lines) <= LABELLED
        series = self.bars(block, [other], few)
        alt = "alt_products" if running else "alt_products_last"
        self.chart("bar", CHARTS[0], RIGHT, title, series, alt, labels=few)

    def share(self, block: Block, *lines: Line) -> Fragment:
        """The share of some rows in the block's total, as a fragment."""
        whole = block.total.actual
        part = sum((line.actual for line in lines), Decimal(0))
        col = block.actual_col
        rows = a1(lines[0].row, col) + (f":{a1(lines[-1].row, col)}" if len(lines) > 1 else "")
        total = a1(block.total.row, col)
        return number(
            f"IF({total}=0,0,SUM({rows})/{total})", part / whole if whole else Decimal(0), "0.0%"
        )

    def customers_chart(self, block: Block) -> None:
        lang = self.lang
        if not block.lines:
            return
        first = self.data_row
        for line in block.lines:
            row = self.data_row
            self.sheet.put(row, DATA, _short(line.name, lang), "label")
            self.column(DATA + 1, a1(line.row, block.actual_col), line.actual, row)
            share = sum((x.actual for x in block.lines if x.row <= line.row), Decimal(0)) / (
                block.total.actual or Decimal(1)
            )
            cell = a1(line.row, block.last_col + 2)
            self.sheet.put(
                row, DATA + 2, Formula(f"=N({cell})", share if block.total.actual else 0),
                "label", "percent",
            )  # fmt: skip
            self.data_row += 1
        last = self.data_row - 1
        names = (first, DATA, last, DATA)
        amounts = text("analysis.series_amount", lang, unit=self.sums.unit)
        top = block.lines[0]
        title = sentence(
            "analysis.find_customers", lang, count=len(block.lines),
            share=self.share(block, *block.lines),
            name=words(a1(top.row, block.name_col), top.name), first=self.share(block, top),
        )  # fmt: skip
        self.chart(
            "column", CHARTS[1], LEFT, title,
            [
                Series(amounts, names, (first, DATA + 1, last, DATA + 1), "main"),
                Series(
                    text("analysis.series_cumulative", lang), names,
                    (first, DATA + 2, last, DATA + 2), "second", "line", True,
                ),
            ],
            "alt_customers",
        )  # fmt: skip

    def mix_chart(self, block: Block) -> None:
        """Changes on last year; amounts where there is no last year."""
        sums, lang = self.sums, self.lang
        if not block.lines:
            return
        if not block.total.last:
            top = max(block.lines, key=lambda line: line.actual)
            title = sentence(
                "analysis.find_mix", lang, top=words(a1(top.row, block.name_col), top.name),
                share=self.share(block, top),
            )  # fmt: skip
            series = self.bars(block, [], True)
            self.chart("bar", CHARTS[1], RIGHT, title, series, "alt_mix_amount", labels=True)
            return
        first = self.data_row
        for line in block.lines:
            row = self.data_row
            self.sheet.put(row, DATA, _short(line.name, lang, 8), "label")
            change = line.actual - line.last
            cell = a1(line.row, block.last_col + 1)
            for offset, side in ((1, "MAX"), (2, "MIN")):
                value = max(change, Decimal(0)) if side == "MAX" else min(change, Decimal(0))
                self.column(DATA + offset, f"{side}({cell},0)", value, row)
            self.data_row += 1
        last = self.data_row - 1
        names = (first, DATA, last, DATA)
        moved = max(block.lines, key=lambda line: abs(line.actual - line.last))
        change, whole = moved.actual - moved.last, block.total.actual - block.total.last
        cell, total = (a1(row, block.last_col + 1) for row in (moved.row, block.total.row))
        up, down = text("analysis.up", lang), text("analysis.down", lang)
        title = sentence(
            "analysis.find_growth", lang, unit=sums.unit,
            word=either(f"{total}>=0", whole >= 0, up, down),
            total=number(*self.amount(f"ABS({total})", abs(whole))),
            name=words(a1(moved.row, block.name_col), moved.name),
            direction=either(f"{cell}>=0", change >= 0, up, down),
            gap=number(*self.amount(f"ABS({cell})", abs(change))),
        )  # fmt: skip
        few = len(block.lines) <= LABELLED
        self.chart(
            "column", CHARTS[1], RIGHT, title,
            [
                Series(
                    text("analysis.series_up", lang), names,
                    (first, DATA + 1, last, DATA + 1), "main",
                ),
                Series(
                    text("analysis.series_down", lang), names,
                    (first, DATA + 2, last, DATA + 2), "negative",
                ),
            ],
            "alt_mix", labels=few, unit="" if few else sums.unit,
            value_format=f"+{sums.pattern};-{sums.pattern};",
        )  # fmt: skip


def _short(name: str, lang: str, limit: int = 0) -> str:
    """A name as a crowded axis can hold it."""
    limit = limit if lang == "zh" and limit else SHORT[lang]
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"
