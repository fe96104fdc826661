"""The head office's months by region and product line, with what is locked of them.

Every line's year comes from the grid on the sheet "target_split"; in a workbook that brings our
functions along, its months are one ``=SPLIT_TARGET(year, month weights, unit, locked months)``.
The grid itself becomes ``=SPLIT_TARGET_GRID(…)``, with the locked cells from here. Sums on the
sheet "targets" point here, so a change of target, weight or lock goes all the way through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from salesxl.core.error import RuleError
from salesxl.core.grid import split_target_grid
from salesxl.core.split import split_target
from salesxl.plan.locks import locks_of
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Validation, a1, span
from salesxl.sheets.page import (
    FIRST_ROW,
    header_row,
    legend,
    note,
    page,
    section,
    spacer,
    verdict_formula,
)
from salesxl.sheets.scope import Scope
from salesxl.sheets.split_formulas import split_call
from salesxl.sheets.target_matrix import MONTHS, fitting, largest_of, money_format, shown, sums
from salesxl.texts import text

REGION, PRODUCT, YEAR, FIRST = 1, 2, 3, 4
CHECK = FIRST + 12
LOCKED = CHECK + 3  # right of the print area


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "target_months"; needs "targets" and "target_split". Registers one check."""
    return _Months(scope, book).build()


class _Months:
    def __init__(self, scope: Scope, book: Book) -> None:
        self.scope, self.book, self.lang = scope, book, scope.lang
        self.targets, self.plan = scope.targets, scope.plan
        self.decimals = scope.plan.settings.decimals
        sheets = {sheet.key: sheet for sheet in book.sheets}
        self.summary, self.split = sheets["targets"], sheets["target_split"]
        self.sheet = Sheet(
            "target_months", text("new.months_title", self.lang),
            purpose=text("new.months_purpose", self.lang), kind="edit", last_col=CHECK,
        )  # fmt: skip
        amounts = [a for own in self.targets.regions for months in own.months for a in months]
        self.fmt = money_format([self.targets.unit, *amounts], self.decimals)
        names = {region.id: region.name for region in self.plan.regions}
        self.regions = [names[region] for region in self.targets.region_ids]
        names = {line.id: line.name for line in self.plan.product_lines}
        self.products = [names[product] for product in self.targets.product_ids]
        self.unit = self._name("unit")

    def money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.decimals)

    def _name(self, name: str) -> str:
        return self.book.names[name].removeprefix("=")

    def build(self) -> Sheet:
        sheet, lang, settings = self.sheet, self.lang, self.plan.settings
        self._columns()
        row = legend(sheet, FIRST_ROW, REGION, lang, text("new.months_legend", lang))
        row = self._locked_years(spacer(sheet, row))
        row = self._lines(spacer(sheet, row, 12))
        note(sheet, row, REGION, CHECK, text("new.months_note", lang), 2)
        sheet.print_last_row = row
        subtitle = text("targets.company_subtitle", lang, scope=self.scope.name,
                        year=settings.year, currency=settings.currency)  # fmt: skip
        verdict = verdict_formula([a1(row - 1, CHECK, True, True)], lang, decimals=self.decimals)
        page(sheet, sheet.title, subtitle, lang, verdict)
        return sheet

    def _columns(self) -> None:
        sheet, lang = self.sheet, self.lang
        sheet.width(REGION, min(26.0, max(14.0, fitting(self.regions, lang, pads=0) + 2)))
        sheet.width(PRODUCT, min(26.0, max(14.0, fitting(self.products, lang, pads=0) + 2)))
        largest = shown(self.money(self.targets.total), self.fmt, self.decimals)
        room = max(11.0, fitting([largest, *self.products], lang, pads=1))
        for col in range(YEAR, max(CHECK, YEAR + len(self.products))):
            sheet.width(col, room if col == YEAR else min(room, 13.0))
        sheet.width(CHECK, 9)
        for col in range(LOCKED, LOCKED + 12):
            sheet.width(col, 12)

    def _open(self, area: tuple[int, int, int, int]) -> None:
        error = text("targets.error_number", self.lang)
        self.sheet.validations.append(
            Validation(area, "decimal", minimum=0, maximum=1e13, error=error)
        )

    def _lock(self, row: int, col: int, amount: int | None) -> None:
        value = None if amount is None else self.money(amount)
        self.sheet.put(row, col, value, "input", self.fmt, "dense", *(("bold",) if value else ()))

    def _locked_years(self, row: int) -> int:
        """Region × product line: the year's locked cells; the grid's call takes them from here."""
        sheet, lang = self.sheet, self.lang
        cells = locks_of(self.plan, self.targets.months).cells
        locked = [[cells.get((region, product)) for product in self.targets.product_ids]
                  for region in self.targets.region_ids]  # fmt: skip
        row = section(sheet, row, REGION, CHECK, text("new.locked_years", lang))
        titles = [text("targets.region", lang), "", *self.products]
        first = header_row(sheet, row, REGION, titles, "ll" + "r" * len(self.products))
        for offset, name in enumerate(self.regions):
            sheet.put(first + offset, REGION, name, "cell")
            sheet.put(first + offset, PRODUCT, None, "cell")
            for index, amount in enumerate(locked[offset]):
                self._lock(first + offset, YEAR + index, amount)
        last = first + len(self.regions) - 1
        area = (first, YEAR, last, YEAR + len(self.products) - 1)
        self._open(area)
        self._call_grid(locked, f"{self._here()}{span(*area, True)}")
        return last + 1

    def _here(self) -> str:
        return self.sheet.ref(0, 0).rpartition("!")[0] + "!"

    def _call_grid(self, locked: Sequence[Sequence[int | None]], block: str) -> None:
        """The grid on the other sheet as one call, where it gives the grid's figures."""
        targets, marks = self.targets, self.split.marks
        rows, columns = list(targets.region_amounts), list(targets.product_amounts)
        grid = [list(own.products) for own in targets.regions]
        any_lock = any(amount is not None for line in locked for amount in line)
        given = locked if any_lock else None
        try:
            found = split_target_grid(
                sum(rows), rows, columns, targets.unit, rows, columns, locked=given
            )
        except RuleError:
            return
        if found != grid or marks["grid"][:2] == marks["grid"][2:]:
            return
        regions, products = (
            span(*marks[f"{kind}_amounts"], True) for kind in ("region", "product")
        )
        unit, total = (self._name(key) for key in ("unit", "annual_target_given"))
        locks = f",,{block}" if any_lock else ""
        arguments = f"{total},{regions},{products},{unit},{regions},{products}{locks}"
        self.split.call(f"=SPLIT_TARGET_GRID({arguments})", *marks["grid"])

    def _lines(self, row: int) -> int:
        """A row a region and product line; returns the row of the note."""
        sheet, lang, targets = self.sheet, self.lang, self.targets
        row = section(sheet, row, REGION, CHECK, text("new.months_lines", lang))
        sheet.put(row - 1, LOCKED, text("new.locked_months", lang), "label")
        months = [text(f"targets.month_{month.month}", lang) for month in targets.months]
        titles = [text(f"targets.{key}", lang) for key in ("region", "product", "annual")]
        heads = [*titles, *months, text("targets.check", lang)]
        weights = header_row(sheet, row, REGION, heads, "ll" + "r" * 13 + "c")
        for month, title in enumerate(months):
            sheet.put(row, LOCKED + month, title, "label", "", "right")
        sheet.put(weights, REGION, text("targets.month_weights", lang), "cell")
        sheet.freeze, sheet.repeat_rows = (FIRST_ROW, YEAR), (row, weights)
        for col in (PRODUCT, YEAR, CHECK):
            sheet.put(weights, col, None, "cell")
        shares = [Decimal(part) / targets.scale for part in targets.month_parts]
        for month, share in enumerate(shares):
            sheet.put(weights, FIRST + month, share, "input", "percent", "dense")
        self._open((weights, FIRST, weights, FIRST + 11))
        sheet.height(weights, 20)
        first = weights + 1
        for region in range(len(self.regions)):
            for product in range(len(self.products)):
                here = first + region * len(self.products) + product
                self._line(here, weights, shares, region, product)
        return self._total(first, first + len(self.regions) * len(self.products))

    def _line(
        self, row: int, weights: int, shares: Sequence[Decimal], region: int, product: int
    ) -> None:
        sheet, own = self.sheet, self.targets.regions[region]
        amount, months, locks = own.products[product], own.months[product], own.month_locks[product]
        sheet.put(row, REGION, self.regions[region], "cell", "", *(("muted",) if product else ()))
        sheet.put(row, PRODUCT, self.products[product], "cell")
        top, left = self.split.marks["grid"][:2]
        year = Formula(f"={self.split.ref(top + region, left + product)}", self.money(amount))
        sheet.put(row, YEAR, year, "cell", self.fmt, "bold")
        for month in MONTHS:
            sheet.put(row, FIRST + month, self.money(months[month]), "cell", self.fmt, "dense")
            self._lock(row, LOCKED + month, locks[month])
        self._open((row, LOCKED, row, LOCKED + 11))
        area = span(row, FIRST, row, FIRST + 11)
        gap = Formula(f"=ROUND({a1(row, YEAR)}-SUM({area}),{self.decimals})", Decimal(0))
        sheet.put(row, CHECK, gap, "cell", "check", "center", "positive", "left_divider")
        sheet.height(row, 19)
        method = self.plan.settings.split_method
        try:
            found = split_target(
                amount, list(shares), self.targets.unit, list(locks), method=method
            )
        except RuleError:
            return
        if found == list(months):
            given = [a1(row, YEAR), span(weights, FIRST, weights, FIRST + 11, True), self.unit,
                     span(row, LOCKED, row, LOCKED + 11)]  # fmt: skip
            sheet.call(split_call(given, method), row, FIRST, row, FIRST + 11)

    def _total(self, first: int, row: int) -> int:
        sheet, lang, targets = self.sheet, self.lang, self.targets
        for col, title in ((REGION, text("targets.total", lang)), (PRODUCT, None)):
            sheet.put(row, col, title, "total")
        by_month = [sum(p[m] for own in targets.regions for p in own.months) for m in MONTHS]
        for col, amount in zip(range(YEAR, CHECK), (targets.total, *by_month), strict=True):
            value = Formula(f"=SUM({span(first, col, row - 1, col)})", self.money(amount))
            sheet.put(row, col, value, "total", self.fmt)
        gaps = largest_of([span(first, CHECK, row - 1, CHECK)])
        sheet.put(row, CHECK, Formula(f"={gaps}", Decimal(0)), "total", "check", "center",
                  "positive")  # fmt: skip
        test = f"={a1(first, CHECK)}<>0"
        sheet.conditions.append(Condition("formula", (first, CHECK, row, CHECK), "check_bad", test))
        sheet.height(row, 22)
        self.book.check(sheet, row, CHECK, text("new.check_months", lang), Decimal(0))
        self._link(first)
        return row + 1

    def _link(self, first: int) -> None:
        """The months on the sheet "targets" become sums of this sheet's."""
        count = len(self.products)
        rows: dict[str, list[int]] = {}
        for region in range(len(self.regions)):
            rows[f"region_{region}"] = [first + region * count + p for p in range(count)]
        for product in range(count):
            every = range(len(self.regions))
            rows[f"product_{product}"] = [first + r * count + product for r in every]
        places = {}
        for key, parts in rows.items():
            row = self.summary.marks[key][0]
            for month in MONTHS:
                col = self.summary.marks[f"month_{month}"][1]
                places[row, col] = sums([self.sheet.ref(r, FIRST + month) for r in parts])
        self.summary.cells = [
            replace(cell, value=Formula(f"={places[cell.row, cell.col]}", cell.value))
            if (cell.row, cell.col) in places and isinstance(cell.value, Decimal)
            else cell
            for cell in self.summary.cells
        ]
