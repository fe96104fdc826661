"""Is the year's target the right one? The head office's view of it (clauses 111 and 114).

Past years with their growth; what the target demands of growth, people and market beside
what is to be expected and the best so far; the regions' own proposals with a middle that
adds up; and what every level assigns beyond its target. Formulas follow the yellow cells;
the middle proposal is a value (its split has more digits than a sheet keeps), checked.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.feasibility import target_feasibility
from salesxl.core.hedge import over_assign
from salesxl.core.reconcile import reconcile_targets
from salesxl.plan.members import VACANT, WHOLE_MONTH
from salesxl.plan.model import SalesYear
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Validation, Value, a1, span
from salesxl.sheets.page import (
    FIRST_ROW,
    colour_status,
    header_row,
    legend,
    note,
    page,
    section,
    spacer,
    verdict_formula,
)
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_matrix import fitting
from salesxl.texts import text

LAST = 8
HELPER = LAST + 2  # the years' numbers, right of the print area
BAND = Decimal("0.05")
_MARKS = {"reachable": "✓", "stretch": "●", "beyond": "✕"}


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "reach" of the head office. Registers one check."""
    return _Reach(scope, book).build()


def full_people(scope: Scope) -> Fraction:
    """People carrying quota, counted by the part of the year they are there; no one above 1."""
    parts: dict[str, Fraction] = {}
    for region in scope.targets.regions:
        for person, months in zip(region.members, region.member_presence, strict=True):
            if person != VACANT:
                there = Fraction(sum(months), WHOLE_MONTH * len(months))
                parts[person] = min(Fraction(1), parts.get(person, Fraction(0)) + there)
    return sum(parts.values(), Fraction(0))


def _decimal(value: Any) -> Decimal:
    number = Fraction(value)
    return Decimal(number.numerator) / Decimal(number.denominator)


class _Reach:
    def __init__(self, scope: Scope, book: Book) -> None:
        self.scope, self.book, self.lang = scope, book, scope.lang
        self.settings, self.plan = scope.plan.settings, scope.plan
        self.decimals = self.settings.decimals
        self.years = tuple(
            row
            for row in sorted(self.plan.sales_years, key=lambda row: row.sales_year)
            if row.sales_year < self.settings.year and row.sales_amount > 0
        )
        self.sheet = Sheet(
            "reach", text("reach.title", self.lang), purpose=text("reach.purpose", self.lang),
            kind="edit", last_col=LAST, fit_height=0,
        )  # fmt: skip
        self.total = self.book.names["annual_target_given"].removeprefix("=")

    def money(self, minor: int | Fraction) -> Decimal:
        return _decimal(Fraction(minor) / 10**self.decimals)

    def said(self, key: str, **values: object) -> str:
        return text(f"reach.{key}", self.lang, **values)

    def build(self) -> Sheet:
        sheet = self.sheet
        names = [region.name for region in self.plan.leaf_regions]
        sheet.width(1, min(30, max(25, fitting(names, self.lang, pads=0) + 3)))
        sheet.width(2, 17, *range(3, LAST))
        sheet.width(LAST, 30)
        row = legend(sheet, FIRST_ROW, 1, self.lang, self.said("legend"))
        row = self._past(spacer(sheet, row))
        row = self._feasible(spacer(sheet, row))
        row, difference = self._proposals(spacer(sheet, row))
        row = self._hedge(spacer(sheet, row))
        subtitle = self.said(
            "subtitle", scope=self.scope.name, year=self.settings.year,
            currency=self.settings.currency,
        )  # fmt: skip
        page(sheet, sheet.title, subtitle, self.lang,
             verdict_formula([difference], self.lang, decimals=self.decimals))  # fmt: skip
        sheet.print_last_row = row
        return sheet

    # ------------------------------------------------------------ past years

    def _past(self, row: int) -> int:
        sheet = self.sheet
        row = section(sheet, row, 1, LAST, self.said("past"))
        heads = [self.said(key) for key in ("year", "sales", "growth")]
        row = header_row(sheet, row, 1, [*heads, *[""] * (LAST - 3)], "lrr")
        self.first = row
        if not self.years:
            return note(sheet, row, 1, LAST, self.said("no_years"), 1)
        before: SalesYear | None = None
        for number, year in enumerate(self.years, 1):
            sheet.put(row, 1, str(year.sales_year), "cell")
            sheet.put(row, 2, self.money(year.sales_amount), "input", "money")
            growth: Value = None
            if before is not None:
                part = _decimal(Fraction(year.sales_amount, before.sales_amount) - 1)
                growth = Formula(f"=IF({a1(row - 1, 2)}=0,0,{a1(row, 2)}/{a1(row - 1, 2)}-1)", part)
            sheet.put(row, 3, growth, "cell", "percent")
            for col in range(4, LAST + 1):
                sheet.put(row, col, None, "cell")
            sheet.put(row, HELPER, number, "label", "int", "right")
            sheet.height(row, 19)
            before, row = year, row + 1
        self.last = row - 1
        area = (self.first, 2, self.last, 2)
        sheet.validations.append(Validation(area, "decimal", minimum=0, maximum=1e13))
        return row

    # ------------------------------------------------------------ feasibility

    def _feasible(self, row: int) -> int:
        sheet = self.sheet
        row = section(sheet, row, 1, LAST, self.said("feasible"))
        sheet.put(row, 1, self.said("target"), "label", "", "left")
        target = Formula(f"={self.total}", self.money(self.settings.annual_target_amount))
        sheet.put(row, 2, target, "value", "money")
        sheet.merge(row, 3, row, 4, self.said("band"), "label", "", "right")
        sheet.put(row, 5, BAND, "input", "percent", name="feasibility_band")
        sheet.height(row, 20)
        self.target, self.band = a1(row, 2, True, True), a1(row, 5, True, True)
        row = spacer(sheet, row + 1, 6)
        if len(self.years) < 2:
            return note(sheet, row, 1, LAST, self.said("years_too_few"), 1)
        keys = ("check", "demanded", "expected", "best", "expected_sales", "with_band",
                "best_sales", "verdict")  # fmt: skip
        row = header_row(sheet, row, 1, [self.said(key) for key in keys], "lrrrrrrl")
        rows = self._checks()
        formulas = {"growth": self._growth, "capacity": self._capacity,
                    "market_share": self._market}  # fmt: skip
        start = row
        for found in rows[:-1]:
            name, figures, word = found[0], found[1:7], found[7]
            fmt = "money" if name == "capacity" else "percent"
            sheet.put(row, 1, text(f"core.check_{name}", self.lang), "cell")
            for col, (formula, figure) in enumerate(
                zip(formulas[name](row), figures, strict=True), 2
            ):
                shown = fmt if col < 5 else "money"
                value = _decimal(figure) if fmt == "percent" and col < 5 else self.money(figure)
                sheet.put(row, col, Formula(formula, value), "cell", shown)
            sheet.put(row, LAST, self._verdict(row, word), "cell", "", "bold")
            sheet.height(row, 20)
            row += 1
        colour_status(sheet, (start, LAST, row - 1, LAST))
        return note(sheet, row, 1, LAST, self.said("feasible_note"), 2)

    def _checks(self) -> list[list[Any]]:
        people = full_people(self.scope)
        capacity = self.settings.productivity_amount if people else None
        return target_feasibility(
            self.settings.annual_target_amount,
            [year.sales_amount for year in self.years],
            BAND,
            people=people if capacity else None,
            productivity=[capacity] if capacity else None,
            market=self.settings.market_amount or None,
        )

    def _sold(self) -> str:
        return span(self.first, 2, self.last, 2, True)

    def _growth(self, row: int) -> list[str]:
        """Least squares through the years, numbered 1, 2, … right of the print area."""
        sold, count = self._sold(), len(self.years)
        number = span(self.first, HELPER, self.last, HELPER, True)
        last = a1(self.last, 2, True, True)
        middle = f"({count + 1}/2)"
        slope = f"SUMPRODUCT(({number}-{middle})*{sold})/SUMPRODUCT(({number}-{middle})^2)"
        expected = f"MAX(0,SUM({sold})/{count}+{slope}*({count + 1}-{middle}))"
        best = f"MAX({span(self.first + 1, 3, self.last, 3, True)})"
        return [
            f"={self.target}/{last}-1",
            f"={a1(row, 5)}/{last}-1",
            f"={best}",
            f"={expected}",
            f"={a1(row, 5)}*(1+{self.band})",
            f"={last}*(1+{a1(row, 4)})",
        ]

    def _capacity(self, row: int) -> list[str]:
        people = _decimal(full_people(self.scope))
        self.sheet.put(row, HELPER, people, "label", "0.00", "right")
        amount = self.money(self.settings.productivity_amount or 0)
        self.sheet.put(row, HELPER + 1, amount, "label", "money", "right")
        count, each = a1(row, HELPER, True, True), a1(row, HELPER + 1, True, True)
        return [
            f"={self.target}/{count}", f"={each}", f"={each}",
            f"={count}*{a1(row, 3)}", f"={a1(row, 5)}*(1+{self.band})", f"={count}*{a1(row, 4)}",
        ]  # fmt: skip

    def _market(self, row: int) -> list[str]:
        market = self.money(self.settings.market_amount or 0)
        self.sheet.put(row, HELPER, market, "label", "money", "right")
        size = a1(row, HELPER, True, True)
        return [
            f"={self.target}/{size}",
            f"={a1(self.last, 2, True, True)}/{size}",
            f"=MAX({self._sold()})/{size}",
            f"={size}*{a1(row, 3)}",
            f"={a1(row, 5)}*(1+{self.band})",
            f"={size}*{a1(row, 4)}",
        ]

    def _verdict(self, row: int, word: str) -> Formula:
        words = {key: f"{mark} {text(f'core.verdict_{key}', self.lang)}"
                 for key, mark in _MARKS.items()}  # fmt: skip
        formula = (
            f'=IF({self.target}<={a1(row, 6)},"{words["reachable"]}",'
            f'IF({self.target}<={a1(row, 7)},"{words["stretch"]}","{words["beyond"]}"))'
        )
        return Formula(formula, words[word])

    # ------------------------------------------------------------ bottom-up

    def _proposals(self, row: int) -> tuple[int, str]:
        sheet, targets = self.sheet, self.scope.targets
        row = section(sheet, row, 1, LAST, self.said("proposals"))
        keys = ("region", "top_down", "bottom_up", "difference", "middle", "change")
        titles = [self.said(key) for key in keys]
        row = header_row(sheet, row, 1, [*titles, "", ""], "lrrrrr")
        by_id = {region.id: region for region in self.plan.regions}
        proposals = [by_id[region].proposal_amount for region in targets.region_ids]
        rows = reconcile_targets(
            list(targets.region_amounts), proposals, self.settings.bottom_up_share, targets.unit
        )
        first = row
        for index, (region, found) in enumerate(zip(targets.region_ids, rows, strict=True)):
            top, own, difference, middle, change = found
            sheet.put(row, 1, by_id[region].name, "cell")
            sheet.put(row, 2, self._top(index, top), "cell", "money")
            sheet.put(row, 3, None if own is None else self.money(own), "input", "money")
            formula = f'=IF(ISNUMBER({a1(row, 3)}),ROUND({a1(row, 3)}-{a1(row, 2)},2),"–")'
            value = "–" if difference is None else self.money(difference)
            sheet.put(row, 4, Formula(formula, value), "cell", "difference", "right")
            sheet.put(row, 5, self.money(middle), "cell", "money", "bold")
            formula = f"=ROUND({a1(row, 5)}-{a1(row, 2)},2)"
            sheet.put(row, 6, Formula(formula, self.money(change)), "cell", "difference")
            sheet.put(row, 7, None, "cell")
            sheet.put(row, 8, None, "cell")
            sheet.height(row, 19)
            row += 1
        self._sums(row, first, rows)
        check = a1(row, 6, True, True)
        sheet.validations.append(
            Validation((first, 3, row - 1, 3), "decimal", minimum=0, maximum=1e13)
        )
        mix = f"{self.settings.bottom_up_share:.0%}"
        row = note(sheet, row + 1, 1, LAST, self.said("proposals_note", share=mix), 2)
        return row, check

    def _top(self, index: int, amount: Any) -> Value:
        name = f"region_target_{index + 1}"
        value = self.money(amount)
        place = self.book.names.get(name, "")
        return Formula(place, value) if place else value

    def _sums(self, row: int, first: int, rows: list[list[Any]]) -> None:
        """The total; the middle proposals add up to the firm's target: the sheet's check."""
        sheet = self.sheet
        sheet.put(row, 1, self.said("total"), "total")
        proposed = [found[1] for found in rows if found[1] is not None]
        totals = (
            (2, sum(found[0] for found in rows), "money"),
            (3, sum(proposed), "money"),
            (5, sum(found[3] for found in rows), "money"),
        )
        for col, amount, fmt in totals:
            formula = f"=SUM({span(first, col, row - 1, col)})"
            sheet.put(row, col, Formula(formula, self.money(amount)), "total", fmt)
        sheet.put(row, 4, None, "total")
        difference = Formula(f"=ROUND({a1(row, 5)}-{self.total},{self.decimals})", Decimal(0))
        sheet.put(row, 6, difference, "total", "check", "center", "positive")
        for col in (7, 8):
            sheet.put(row, col, None, "total")
        sheet.conditions.append(
            Condition("formula", (row, 6, row, 6), "check_bad", f"={a1(row, 6)}<>0")
        )
        sheet.height(row, 22)
        self.book.check(sheet, row, 6, self.said("check_title"), Decimal(0))

    # ------------------------------------------------------------ hedge

    def _hedge(self, row: int) -> int:
        sheet, settings = self.sheet, self.settings
        row = section(sheet, row, 1, LAST, self.said("hedge"))
        titles = [self.said(key) for key in ("level", "rate", "assigned", "beyond", "enough")]
        row = header_row(sheet, row, 1, [*titles, "", "", ""], "lrrrr")
        rates = [settings.region_hedge_rate, settings.person_hedge_rate]
        found = over_assign(settings.annual_target_amount, rates, self.scope.targets.unit)
        unit = self.book.names["unit"].removeprefix("=")
        factor = "1"
        for level, (rate, amount, beyond) in zip(("regions", "people"), found[1:], strict=True):
            sheet.put(row, 1, self.said(f"level_{level}"), "cell")
            sheet.put(row, 2, _decimal(rate), "input", "percent", name=f"{level}_hedge")
            factor += f"*(1+{a1(row, 2, True, True)})"
            assigned = f"=ROUND({self.target}*{factor}/{unit},0)*{unit}"
            self._hedge_row(row, assigned, amount, beyond, "cell")
            row += 1
        rate, amount, beyond = found[0]
        sheet.put(row, 1, self.said("level_all"), "total")
        sheet.put(row, 2, Formula(f"={factor}-1", _decimal(rate)), "total", "percent")
        self._hedge_row(row, f"={a1(row - 1, 3)}", amount, beyond, "total")
        sheet.validations.append(Validation((row - 2, 2, row - 1, 2), "decimal", minimum=0,
                                            maximum=1))  # fmt: skip
        return note(sheet, row + 1, 1, LAST, self.said("hedge_note"), 2)

    def _hedge_row(self, row: int, formula: str, amount: Any, beyond: Any, style: str) -> None:
        sheet, target = self.sheet, self.settings.annual_target_amount
        sheet.put(row, 3, Formula(formula, self.money(amount)), style, "money")
        difference = Formula(f"=ROUND({a1(row, 3)}-{self.target},2)", self.money(beyond))
        sheet.put(row, 4, difference, style, "difference")
        enough = Fraction(target) / Fraction(amount) if amount else Fraction(0)
        part = f"=IF({a1(row, 3)}=0,0,{self.target}/{a1(row, 3)})"
        sheet.put(row, 5, Formula(part, _decimal(enough)), style, "percent")
        for col in range(6, LAST + 1):
            sheet.put(row, col, None, style)
        sheet.height(row, 20)
