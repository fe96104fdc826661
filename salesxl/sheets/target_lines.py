"""A product line's months on a region's target sheet, and where its rows stand.

A locked month stays as typed; the others share what is left of the year by the month
weights, by the formulas of `salesxl.sheets.split_formulas`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesxl.plan.targets import RegionTargets, Targets
from salesxl.sheets import split_formulas as split
from salesxl.sheets.content import Formula, Sheet, Validation, Value, a1, span
from salesxl.sheets.page import FIRST_ROW
from salesxl.sheets.target_matrix import (
    ANNUAL,
    CHECK,
    COUNTS,
    MONTHS,
    NAME,
    ODD,
    PARTS,
    QUARTERS,
    RESTS,
    SHARE,
    SPARK,
    UNITS,
    WEIGHT,
    Matrix,
    month_col,
    quarter_col,
)
from salesxl.texts import Lang, text

HEAD = FIRST_ROW + 1  # first header row
WEIGHTS_ROW = HEAD + 2
BODY = WEIGHTS_ROW + 1


@dataclass(frozen=True)
class Layout:
    """Rows of a region's matrix: a product line, its locked months, its members beneath."""

    products: int
    members: int

    def product(self, product: int) -> int:
        return BODY + product * (2 + self.members)

    def locks(self, product: int) -> int:
        return self.product(product) + 1

    def member(self, product: int, member: int) -> int:
        return self.product(product) + 2 + member

    def people(self, product: int) -> tuple[int, int]:
        """First and last row of the line's members."""
        return self.member(product, 0), self.member(product, self.members - 1)

    @property
    def total(self) -> int:
        return self.product(self.products) + 1  # a spacer row is between


def free_parts(targets: Targets, own: RegionTargets, product: int) -> list[int]:
    """The month weights that share what the locked months leave."""
    locks = own.month_locks[product]
    return [0 if lock is not None else part
            for part, lock in zip(targets.month_parts, locks, strict=True)]  # fmt: skip


def twelve(row: int, col: int) -> str:
    """The twelve cells of a helper block, absolute."""
    return span(row, col, row, col + 11, True)


def put_helper(sheet: Sheet, row: int, col: int, formula: str, value: int | Decimal) -> None:
    """A figure on the way, right of the print area."""
    sheet.put(row, col, Formula(formula, value), "label", "", "right")


def validate(
    sheet: Sheet, lang: Lang, area: tuple[int, int, int, int], least: float, error: str
) -> None:
    """Only amounts from `least` on may be typed into `area`."""
    words = text(f"targets.{error}", lang)
    sheet.validations.append(Validation(area, "decimal", minimum=least, maximum=1e13, error=words))


class LineMonths:
    """The rows "locked" and the months of the product lines' rows."""

    def __init__(
        self, matrix: Matrix, targets: Targets, own: RegionTargets, unit_cell: str, live: bool
    ) -> None:
        self.matrix, self.sheet, self.lang = matrix, matrix.sheet, matrix.lang
        self.targets, self.own, self.unit_cell, self.live = targets, own, unit_cell, live
        self.decimals = matrix.decimals
        self.layout = Layout(len(own.products), len(own.members))

    def locks(self, product: int) -> None:
        """Months that stay whatever the weights say: typed figures, empty where free."""
        sheet, row, fmt = self.sheet, self.layout.locks(product), self.matrix.fmt
        held = self.own.month_locks[product]
        sheet.put(row, NAME, text("targets.month_locks", self.lang), "cell", "", "indent2", "muted")
        for col in (WEIGHT, SHARE, SPARK):
            sheet.put(row, col, None, "cell")
        total = Formula(f"=SUM({self.matrix.all_months(row)})",
                        self.matrix.money(sum(lock or 0 for lock in held)))  # fmt: skip
        sheet.put(row, ANNUAL, total, "cell", fmt, "muted")
        for quarter in QUARTERS:
            col = quarter_col(quarter)
            sheet.put(row, col, None, "cell", "", "left_divider", "banded")
            validate(self.sheet, self.lang, (row, col + 1, row, col + 3), 0, "error_number")
        for month, lock in enumerate(held):
            value = None if lock is None else self.matrix.money(lock)
            look = ("dense", "bold") if lock is not None else ("dense",)
            sheet.put(row, month_col(month), value, "input", fmt, *look)
        sheet.put(row, CHECK, None, "cell", "", "left_divider")
        sheet.height(row, 18)
        if not self.live:
            return
        parts = free_parts(self.targets, self.own, product)
        for month in MONTHS:
            part = a1(WEIGHTS_ROW, PARTS + month, True)
            formula = f"=IF(ISNUMBER({a1(row, month_col(month))}),0,{part})"
            put_helper(self.sheet, row, PARTS + month, formula, parts[month])
        put_helper(self.sheet, row, UNITS, f"=SUM({twelve(row, PARTS)})", sum(parts))

    def months(self, product: int) -> list[Value]:
        """The months of a line: the locked ones as typed, the rest of the year by weight."""
        own, decimals = self.own, self.decimals
        row, locks = self.layout.product(product), self.layout.locks(product)
        unit, months, held = self.targets.unit, own.months[product], own.month_locks[product]
        parts = free_parts(self.targets, own, product)
        whole = max(1, sum(parts))
        units, odd = divmod(own.products[product] - sum(lock or 0 for lock in held), unit)
        rest_amount, count = f"({a1(row, ANNUAL)}-{a1(locks, ANNUAL)})", a1(row, UNITS, False, True)
        put_helper(
            self.sheet,
            row,
            UNITS,
            "=" + split.units_formula(rest_amount, self.unit_cell, decimals),
            units,
        )
        put_helper(self.sheet,
            row, ODD, "=" + split.odd_formula(rest_amount, count, self.unit_cell, decimals),
            self.matrix.money(odd),
        )  # fmt: skip
        whole_cell = a1(locks, UNITS, False, True)
        first, last = self.layout.people(product)
        values: list[Value] = []
        for month in MONTHS:
            part, rest = a1(locks, PARTS + month), a1(row, RESTS + month)
            put_helper(self.sheet,
                row, RESTS + month, split.rest_formula(count, part, whole_cell),
                units * parts[month] % whole,
            )  # fmt: skip
            before = f"{a1(row, RESTS, False, True)}:{a1(row, RESTS + month - 1)}" if month else ""
            formula = split.share_formula(
                unit=self.unit_cell, units=count, part=part, whole=whole_cell, rest=rest,
                rests=twelve(row, RESTS), before=before,
                parts=twelve(locks, PARTS), position=month + 1,
                odd=a1(row, ODD, False, True), decimals=decimals,
            ).removeprefix("=")  # fmt: skip
            lock, cell = a1(locks, month_col(month)), a1(row, month_col(month))
            formula = f"=IF(ISNUMBER({lock}),{lock},{formula})"
            values.append(Formula(formula, self.matrix.money(months[month])))
            column = span(first, PARTS + month, last, PARTS + month)
            sum_parts = sum(member[month] for member in own.member_parts)
            put_helper(self.sheet, row, PARTS + month, f"=SUM({column})", sum_parts)
            put_helper(self.sheet,
                row, COUNTS + month,
                "=" + split.units_formula(cell, self.unit_cell, decimals), months[month] // unit,
            )  # fmt: skip
        return values
