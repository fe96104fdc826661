"""Head office: target, attainment, growth, share and rank of every region, largest first.

What no region owns stands in its own row, so that the company's total is the ledger's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesxl.sheets.analysis import DATA_WIDTH
from salesxl.sheets.analysis_blocks import NONE, ratio
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Book, Chart, Condition, Formula, Series, Sheet, Value, a1, span
from salesxl.sheets.page import (
    body_row,
    colour_negative,
    header_row,
    note,
    page,
    section,
    spacer,
    verdict_formula,
)
from salesxl.sheets.scope import Scope
from salesxl.sheets.sentence import Fragment, either, number, sentence, words
from salesxl.texts import text

NAME, TARGET, PLAN, ACTUAL, RATE, GAP, LAST, GROWTH, SHARE, RANK = range(1, 11)
DATA = 13
CHART_ROWS = 12
ONE_PAGE = 16  # regions up to which the sheet is one page
TABLE = 4 + CHART_ROWS + 1


@dataclass(frozen=True)
class Region:
    """One row; amounts in major units."""

    name: str
    row: int
    target: Decimal
    plan: Decimal
    actual: Decimal
    last: Decimal
    assigned: bool = True


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "comparison". Registers checks: Σ targets, Σ actuals."""
    lang = scope.lang
    sheet = Sheet(
        "comparison",
        text("comparison.title", lang),
        purpose=text("comparison.purpose", lang),
        last_col=RANK,
        fit_height=1 if len(scope.targets.region_ids) <= ONE_PAGE else 0,
    )
    sheet.width(NAME, 20)
    sheet.width(TARGET, 15, PLAN, ACTUAL, GAP, LAST)
    sheet.width(RATE, 12.5, GROWTH, SHARE)
    sheet.width(RANK, 8)
    sheet.width(DATA, DATA_WIDTH)
    _Comparison(Sums(scope, sheet, book)).fill()
    return sheet


class _Comparison:
    def __init__(self, sums: Sums) -> None:
        self.sums = sums
        self.sheet = sums.sheet
        self.scope = sums.scope
        self.lang = sums.lang
        self.has_lines = sums.scope.ledger is not None
        self.months = sums.months if self.has_lines else 0
        self.data_row = 5

    def fill(self) -> None:
        sheet, lang, scope = self.sheet, self.lang, self.scope
        for row in range(4, 4 + CHART_ROWS):
            sheet.height(row, 20)
        spacer(sheet, TABLE - 1, 10)
        row = section(sheet, TABLE, NAME, RANK, text("comparison.table", lang))
        row = header_row(sheet, row, NAME, self.titles(), "l" + "r" * 9)
        regions = self.regions(row)
        row = self.rows(regions)
        basis = "target" if not self.has_lines else "running" if scope.is_running else "ahead"
        said = text(f"comparison.basis_{basis}", lang)
        row = note(sheet, row, NAME, RANK, text("comparison.note", lang, basis=said), 2)
        sheet.print_last_row = row - 1
        self.charts([r for r in regions if r.assigned], regions)
        settings = scope.plan.settings
        subtitle = text(
            "comparison.subtitle" if self.has_lines else "comparison.subtitle_empty", lang,
            company=settings.company, year=scope.focus_year, months=self.months,
            as_of=scope.as_of.isoformat(), currency=settings.currency,
        )  # fmt: skip
        worst = max((abs(d) for _, d in self.sums.checks), default=Decimal(0))
        cells = [cell for cell, _ in self.sums.checks]
        verdict = verdict_formula(cells, lang, worst, settings.decimals)
        page(sheet, sheet.title, subtitle, lang, verdict)

    def titles(self) -> list[str]:
        scope, lang = self.scope, self.lang
        ahead = "" if scope.is_running else "_ahead"
        keys: list[tuple[str, int]] = [
            ("region", 0), ("target", scope.plan.settings.year), ("plan", 0),
            ("actual", scope.focus_year), (f"attainment{ahead}", 0), (f"gap{ahead}", 0),
            ("last", scope.focus_year - 1), ("growth", 0), ("share", 0), ("rank", 0),
        ]  # fmt: skip
        return [text(f"comparison.col_{key}", lang, year=year) for key, year in keys]

    def regions(self, first: int) -> list[Region]:
        """Rows by actual (by target without lines), then what belongs to no region."""
        sums, targets = self.sums, self.scope.targets
        names = {r.id: r.name for r in self.scope.plan.regions}
        this = sums.by("region", sums.this) if self.has_lines else {}
        last = sums.by("region", sums.last) if self.has_lines else {}
        rows = []
        for key, own in zip(targets.region_ids, targets.regions, strict=True):
            name = names[key]
            plan = sum(sum(months[: self.months]) for months in own.months)
            rows.append((name, own.amount, plan, this.get(name, 0), last.get(name, 0)))
        rows.sort(key=lambda r: (-r[3], -r[1]))
        leaf = {row[0] for row in rows}
        loose = [sum(a for n, a in part.items() if n not in leaf) for part in (this, last)]
        major = sums.major
        found = [
            Region(name, first + i, major(target), major(plan), major(actual), major(before))
            for i, (name, target, plan, actual, before) in enumerate(rows)
        ]
        said = text("comparison.unassigned", self.lang)
        zero = Decimal(0)
        return [
            *found,
            Region(
                said, first + len(found), zero, zero, sums.major(loose[0]),
                sums.major(loose[1]), False,
            ),
        ]  # fmt: skip

    def rows(self, regions: list[Region]) -> int:
        """The body, the total and the check row; the next free row."""
        sheet, sums, lang = self.sheet, self.sums, self.lang
        first, total_row = regions[0].row, regions[-1].row + 1
        formats = ["", "money", "money", "money", "percent", "difference", "money", "percent",
                   "percent", "int"]  # fmt: skip
        total = Region(
            text("comparison.total", lang),
            total_row,
            sum((r.target for r in regions), Decimal(0)),
            sum((r.plan for r in regions), Decimal(0)),
            sum((r.actual for r in regions), Decimal(0)),
            sum((r.last for r in regions), Decimal(0)),
        )
        bodies = [r for r in regions if r.assigned]
        for region in regions:
            name_cell = a1(region.row, NAME, False, True)
            actual, last = self.actuals(region, name_cell)
            values: list[Value] = [
                region.name, region.target, region.plan, actual, *self.compared(region, last),
                ratio(a1(region.row, ACTUAL), a1(total_row, ACTUAL, True), region.actual,
                      total.actual),
                self.rank(region, bodies) if region.assigned else NONE,
            ]  # fmt: skip
            if not region.assigned:
                values[TARGET - 1] = values[PLAN - 1] = Decimal(0)
            extras = () if region.assigned else ("muted",)
            body_row(sheet, region.row, NAME, values, formats, "cell", *extras)
        values = [total.name]
        for col, value in ((TARGET, total.target), (PLAN, total.plan), (ACTUAL, total.actual)):
            values.append(Formula(f"=SUM({span(first, col, total_row - 1, col)})", value))
        last_total = Formula(f"=SUM({span(first, LAST, total_row - 1, LAST)})", total.last)
        shares = Formula(
            f"=SUM({span(first, SHARE, total_row - 1, SHARE)})",
            Decimal(1) if total.actual else Decimal(0),
        )
        values += [*self.compared(total, last_total), shares, NONE]
        row = body_row(sheet, total_row, NAME, values, formats, "total", height=22)
        for col, key in ((TARGET, "target"), (ACTUAL, "actual")):
            self.check(row, col, key, total)
        sheet.put(row, NAME, text("comparison.check_row", lang), "label", "", "left")
        sheet.height(row, 18)
        colour_negative(sheet, (first, GAP, total_row, GAP))
        colour_negative(sheet, (first, GROWTH, total_row, GROWTH))
        area = (first, SHARE, total_row - 2, SHARE)
        sheet.conditions.append(Condition("bar", area, maximum=1.0))
        sums.checks.sort()
        return spacer(sheet, row + 1, 8)

    def actuals(self, region: Region, cell: str) -> tuple[Value, Value]:
        """Actual and last year: live sums by name; what is loose is the rest of the ledger."""
        sums = self.sums
        if not self.has_lines:
            return region.actual, region.last
        live = sums.live("region")
        values: list[Value] = []
        for period, amount in ((sums.this, region.actual), (sums.last, region.last)):
            if region.assigned and live:
                values.append(Formula("=" + sums.sumifs(period, "region", cell), amount))
            elif region.assigned:
                values.append(amount)
            else:
                # Their names all begin with the word; SUMIFS reads the star as "and more".
                word = text("ledger_lines.unassigned", self.lang)
                pattern = sums.sumifs(period)[:-1]
                column = f"ledger[{text('ledger_lines.col_region', self.lang)}]"
                values.append(Formula(f'={pattern},{column},"{word}*")', amount))
        return values[0], values[1]

    def compared(self, region: Region, last: Value) -> list[Value]:
        """Attainment, gap, last year, growth."""
        row = region.row
        actual = a1(row, ACTUAL)
        plan = a1(row, PLAN)
        if self.scope.is_running:
            gap = Formula(f"={actual}-{plan}", region.actual - region.plan)
        else:
            gap = Formula(f"={plan}-{actual}", region.plan - region.actual)
        return [
            ratio(actual, plan, region.actual, region.plan), gap, last,
            ratio(actual, a1(row, LAST), region.actual, region.last, 1),
        ]  # fmt: skip

    def rank(self, region: Region, regions: list[Region]) -> Value:
        """1 for the best; equal figures share a rank."""
        first, last = regions[0].row, regions[-1].row
        col = TARGET if not self.has_lines else RATE if self.scope.is_running else ACTUAL

        def figure(r: Region) -> Decimal | None:
            if col == RATE:
                return r.actual / r.plan if r.plan else None
            return r.target if col == TARGET else r.actual

        own = figure(region)
        if own is None:
            return NONE
        better = sum(1 for r in regions if (other := figure(r)) is not None and other > own)
        cell = a1(region.row, col)
        # RANK compares the numbers themselves; a COUNTIF criterion goes through 15 digits of text.
        return Formula(f"=RANK({cell},{span(first, col, last, col, True)})", better + 1)

    def check(self, row: int, col: int, key: str, total: Region) -> None:
        sums, scope = self.sums, self.scope
        decimals = scope.plan.settings.decimals
        if key == "target":
            given = sums.major(scope.plan.settings.annual_target_amount)
            found, against = total.target, f"{given:f}"
        elif self.has_lines:
            given = sums.major(sums.amount(sums.this))
            found, against = total.actual, sums.sumifs(sums.this)
        else:
            return
        formula = f"=ROUND({a1(total.row, col)}-{against},{decimals})"
        difference = found - given
        self.sheet.put(row, col, Formula(formula, difference), "label", "check", "right")
        title = text(f"comparison.check_{key}", self.lang)
        sums.book.check(self.sheet, row, col, title, difference)
        sums.checks.append((a1(row, col), difference))

    def charts(self, regions: list[Region], everything: list[Region]) -> None:
        """Left: actual and plan (targets without lines). Right: change on last year."""
        first = self.data_row
        self.sheet.put(first - 1, DATA, text("analysis.chart_data", self.lang), "label")
        for region in regions:
            cells = (
                (a1(region.row, ACTUAL), region.actual),
                (a1(region.row, PLAN), region.plan),
                (a1(region.row, TARGET), region.target),
                (f"MAX({a1(region.row, ACTUAL)}-{a1(region.row, LAST)},0)",
                 max(region.actual - region.last, Decimal(0))),
                (f"MIN({a1(region.row, ACTUAL)}-{a1(region.row, LAST)},0)",
                 min(region.actual - region.last, Decimal(0))),
            )  # fmt: skip
            self.sheet.put(self.data_row, DATA, region.name, "label")
            for offset, (cell, value) in enumerate(cells, 1):
                scaled = self.sums.scaled(cell, value)
                self.sheet.put(self.data_row, DATA + offset, scaled, "label", "#,##0.0")
            self.data_row += 1
        area = (first, self.data_row - 1)
        year = self.scope.focus_year
        actual = self.series(text("analysis.series_actual", self.lang, year=year), area, 1, "main")
        if not self.has_lines:
            target = self.series(text("comparison.series_target", self.lang), area, 3, "main")
            self.chart("bar", NAME, GROWTH, self.find_targets(regions), [target], "targets")
            return
        plan = self.series(text("analysis.col_plan_to_date", self.lang), area, 2, "comparison")
        title = self.find_running(regions) if self.scope.is_running else self.find_ahead(everything)
        self.chart("bar", NAME, RATE, title, [actual, plan], "actual")
        up = self.series(text("analysis.series_up", self.lang), area, 4, "main")
        down = self.series(text("analysis.series_down", self.lang), area, 5, "negative")
        pattern = f"+{self.pattern};-{self.pattern};"
        title = self.find_growth(regions, everything)
        self.chart("column", GAP, RANK, title, [up, down], "growth", pattern)

    @property
    def pattern(self) -> str:
        return self.sums.pattern if self.has_lines else "#,##0"

    def series(self, name: str, area: tuple[int, int], offset: int, role: str) -> Series:
        first, last = area
        names = (first, DATA, last, DATA)
        return Series(name, names, (first, DATA + offset, last, DATA + offset), role)  # type: ignore[arg-type]

    def chart(
        self, kind: str, col: int, last_col: int, title: Formula, series: list[Series], alt: str,
        value_format: str = "",
    ) -> None:  # fmt: skip
        self.data_row += 1
        self.sheet.put(self.data_row, DATA, title, "label")
        said = text("analysis.alt", self.lang, kind=text(f"comparison.alt_{alt}", self.lang),
                    title=title.value)  # fmt: skip
        few = len(self.scope.targets.region_ids) <= CHART_ROWS
        self.sheet.charts.append(
            Chart(
                kind, 4, col, 4 + CHART_ROWS - 1, last_col, (self.data_row, DATA), series, said,  # type: ignore[arg-type]
                unit="" if kind == "bar" else self.sums.unit,
                value_format=value_format or self.pattern, labels=few,
            )
        )  # fmt: skip

    def amount(self, expression: str, value: Decimal) -> Fragment:
        return number(f"{expression}/{self.sums.scale}", value / self.sums.scale, self.pattern)

    def find_running(self, regions: list[Region]) -> Formula:
        planned = [r for r in regions if r.plan]
        if not planned:
            return self.find_targets(regions)
        top = max(planned, key=lambda r: r.actual / r.plan)
        low = min(planned, key=lambda r: r.actual / r.plan)
        gap = f"{a1(low.row, ACTUAL)}-{a1(low.row, PLAN)}"
        return sentence(
            "comparison.find_running", self.lang,
            top=words(a1(top.row, NAME), top.name), low=words(a1(low.row, NAME), low.name),
            best=number(a1(top.row, RATE), top.actual / top.plan, "0.0%"),
            worst=number(a1(low.row, RATE), low.actual / low.plan, "0.0%"),
            gap=self.amount(f"ABS({gap})", abs(low.actual - low.plan)),
            word=either(
                f"{gap}>=0", low.actual >= low.plan,
                text("analysis.more", self.lang), text("analysis.less", self.lang),
            ),
            unit=self.sums.unit,
        )  # fmt: skip

    def find_ahead(self, everything: list[Region]) -> Formula:
        top = max((r for r in everything if r.assigned), key=lambda r: r.actual)
        row = everything[-1].row + 1
        plan = sum((r.plan for r in everything), Decimal(0))
        actual = sum((r.actual for r in everything), Decimal(0))
        growth = plan / actual - 1 if actual else Decimal(0)
        cells = a1(row, PLAN), a1(row, ACTUAL)
        share = top.actual / actual if actual else Decimal(0)
        return sentence(
            "comparison.find_ahead", self.lang, year=self.scope.focus_year,
            top=words(a1(top.row, NAME), top.name),
            best=number(f"IF({cells[1]}=0,0,{a1(top.row, ACTUAL)}/{cells[1]})", share, "0.0%"),
            growth=number(f"IF({cells[1]}=0,0,{cells[0]}/{cells[1]}-1)", growth, "0.0%"),
        )  # fmt: skip

    def find_targets(self, regions: list[Region]) -> Formula:
        top = max(regions, key=lambda r: r.target)
        whole = sum((r.target for r in regions), Decimal(0))
        total = a1(regions[-1].row + 2, TARGET)
        share = top.target / whole if whole else Decimal(0)
        return sentence(
            "comparison.find_targets", self.lang, unit=self.sums.unit,
            top=words(a1(top.row, NAME), top.name),
            gap=self.amount(a1(top.row, TARGET), top.target),
            best=number(f"IF({total}=0,0,{a1(top.row, TARGET)}/{total})", share, "0.0%"),
        )  # fmt: skip

    def find_growth(self, regions: list[Region], everything: list[Region]) -> Formula:
        moved = max(regions, key=lambda r: abs(r.actual - r.last))
        whole = sum((r.actual - r.last for r in everything), Decimal(0))
        row = everything[-1].row + 1
        total = f"({a1(row, ACTUAL)}-{a1(row, LAST)})"
        own = f"({a1(moved.row, ACTUAL)}-{a1(moved.row, LAST)})"
        change = moved.actual - moved.last
        up, down = text("analysis.up", self.lang), text("analysis.down", self.lang)
        return sentence(
            "comparison.find_growth", self.lang, unit=self.sums.unit,
            word=either(f"{total}>=0", whole >= 0, up, down),
            total=self.amount(f"ABS{total}", abs(whole)),
            name=words(a1(moved.row, NAME), moved.name),
            direction=either(f"{own}>=0", change >= 0, up, down),
            gap=self.amount(f"ABS{own}", abs(change)),
        )  # fmt: skip
