"""A region's targets: year → quarter → month, product line → person, all live.

Given by head office are the region's annual target and each product line's; the
months follow from the month weights, the persons from their shares, by the formulas
of `salesxl.sheets.split_formulas`. Names: ``annual_target``, ``quarter_target_1…4``,
``month_target_1…12`` (total row), ``annual_target_given``, ``target_product_<n>``,
``unit``. `quota_cells` tells other sheets where a person's quota stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesxl.plan.targets import MEMBER_SCALE, VACANT, WHOLE_MONTH, RegionTargets, Targets
from salesxl.sheets import split_formulas as split
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Value, a1, span
from salesxl.sheets.page import FIRST_ROW, legend, note, page, verdict_formula
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_lines import (
    BODY,
    HEAD,
    WEIGHTS_ROW,
    Layout,
    LineMonths,
    free_parts,
    put_helper,
    twelve,
    validate,
)
from salesxl.sheets.target_matrix import (
    ANNUAL,
    CHECK,
    COUNTS,
    LAST,
    MONTHS,
    NAME,
    PARTS,
    QUARTERS,
    RESTS,
    SHARE,
    UNITS,
    WEIGHT,
    Matrix,
    largest_of,
    money_format,
    month_col,
    quarter_col,
    shown,
)
from salesxl.texts import text


def quota_cells(scope: Scope, person: str, months: Sequence[int]) -> list[str]:
    """References to the cells with `person`'s quota in fiscal `months`, on this sheet.

    Empty for the head office's scope and for somebody without quota here.
    """
    if scope.region is None:
        return []
    own = scope.targets.of(scope.region.id)
    if person not in own.members:
        return []
    layout = Layout(len(own.products), len(own.members))
    member = own.members.index(person)
    sheet = Sheet("targets", text("targets.title", scope.lang))
    return [
        sheet.ref(layout.member(product, member), month_col(month), absolute=False)
        for product in range(layout.products)
        for month in months
    ]


def is_live(targets: Targets, own: RegionTargets) -> bool:
    """Whether formulas find every figure of the region exactly as the rule does."""
    unit = targets.unit
    for product, amount in enumerate(own.products):
        months, quotas = own.months[product], own.quotas[product]
        parts = free_parts(targets, own, product)
        rest = amount - sum(lock or 0 for lock in own.month_locks[product])
        free = [m if part else 0 for m, part in zip(months, parts, strict=True)]
        if (any(parts) or rest) and not split.repeats(rest, parts, unit, free):
            return False
        for month in MONTHS:
            if month in own.people_locked[product]:
                continue
            parts = [row[month] for row in own.member_parts]
            shares = [member[month] for member in quotas]
            if not split.repeats(months[month], parts, unit, shares):
                return False
    return True


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "targets" of a region. Registers three checks."""
    assert scope.region is not None, "the head office has its own sheets"
    return _Region(scope, book, scope.targets.of(scope.region.id)).build()


class _Region:
    """The sheet under construction."""

    def __init__(self, scope: Scope, book: Book, own: RegionTargets) -> None:
        self.scope, self.book, self.own = scope, book, own
        self.lang, self.targets = scope.lang, scope.targets
        self.decimals = scope.plan.settings.decimals
        self.layout = Layout(len(own.products), len(own.members))
        self.live = is_live(scope.targets, own)
        self.sheet = Sheet(
            "targets",
            text("targets.title", self.lang),
            purpose=text("targets.purpose", self.lang),
            kind="edit",
            last_col=LAST,
            freeze=(WEIGHTS_ROW + 1, 2),
            repeat_rows=(HEAD, WEIGHTS_ROW),
        )
        amounts = [self.targets.unit, *(a for rows in own.months for a in rows)]
        amounts += [a for product in own.quotas for member in product for a in member]
        fmt = money_format(amounts, self.decimals)
        self.matrix = Matrix(self.sheet, self.lang, self.targets.months, self.decimals, fmt)
        self.names = {person.id: person.name for person in scope.plan.people}
        self.names[VACANT] = text("targets.vacancy", self.lang)
        self.titles = {line.id: line.name for line in scope.plan.product_lines}
        self.unit_cell = a1(FIRST_ROW, CHECK, True, True)
        self.scale_cell = a1(FIRST_ROW, PARTS, True, True)
        self.member_cell = a1(FIRST_ROW, PARTS + 1, True, True)
        self.lines = LineMonths(self.matrix, scope.targets, own, self.unit_cell, self.live)

    def build(self) -> Sheet:
        sheet, lang, own = self.sheet, self.lang, self.own
        total = self.layout.total
        settings = self.scope.plan.settings
        subtitle = text(
            "targets.subtitle", lang, scope=self.scope.name, year=settings.year,
            currency=settings.currency,
        )  # fmt: skip
        differences = [a1(total + row, ANNUAL, True, True) for row in (2, 3, 4)]
        page(
            sheet, sheet.title, subtitle, lang,
            verdict_formula(differences, lang, decimals=self.decimals),
        )  # fmt: skip
        legend(sheet, FIRST_ROW, NAME, lang, text("targets.legend_note", lang))
        names = [self.titles[p] for p in self.targets.product_ids]
        names += [self.names[m] for m in own.members]
        names += [text(f"targets.check_{k}", lang) for k in ("given", "months", "members")]
        names += [text("targets.given", lang), text("targets.row_head", lang)]
        monthly = max((sum(p[m] for p in own.months) for m in MONTHS), default=0)
        self.matrix.columns(names, own.amount, monthly)
        self._unit()
        self.matrix.heads(
            HEAD, text("targets.row_head", lang), text("targets.weight", lang), self.live
        )
        self._month_weights()
        for product in range(self.layout.products):
            self._product(product)
            self.lines.locks(product)
            for member in range(self.layout.members):
                self._member(product, member)
        sheet.height(total - 1, 6)
        self._total(total)
        self._checks(total)
        note(sheet, total + 5, NAME, LAST, text("targets.note", lang), 2)
        sheet.print_last_row = total + 5
        if not self.live:
            self.book.notices.append(text("targets.notice_not_live", lang))
        return sheet

    def _unit(self) -> None:
        sheet, unit = self.sheet, self.matrix.money(self.targets.unit)
        sheet.put(FIRST_ROW, CHECK - 1, text("targets.unit", self.lang), "label", "", "right")
        fmt = self.matrix.fmt
        sheet.put(FIRST_ROW, CHECK, unit, "input", fmt, "small", "dense", name="unit")
        words = shown(unit, fmt, self.decimals)
        if len(words) > 8:
            sheet.width(CHECK, len(words) + 2)
        self.book.names["unit"] = "=" + sheet.ref(FIRST_ROW, CHECK)
        least = float(Decimal(1).scaleb(-self.decimals))
        validate(self.sheet, self.lang, (FIRST_ROW, CHECK, FIRST_ROW, CHECK), least, "error_unit")

    def _month_weights(self) -> None:
        sheet, row, scale = self.sheet, WEIGHTS_ROW, self.targets.scale
        parts = self.targets.month_parts
        sheet.put(row, NAME, text("targets.month_weights", self.lang), "cell")
        sheet.put(row, WEIGHT, None, "cell")
        sheet.put(row, SHARE, None, "cell")
        weights = [Decimal(part) / scale for part in parts]
        for month in MONTHS:
            sheet.put(row, month_col(month), weights[month], "input", "percent", "dense")
        for quarter in QUARTERS:
            col = quarter_col(quarter)
            value = Formula(
                f"=SUM({span(row, col + 1, row, col + 3)})",
                sum(weights[3 * quarter : 3 * quarter + 3], Decimal(0)),
            )
            sheet.put(row, col, value, "cell", "percent", "dense", "left_divider", "banded")
            validate(self.sheet, self.lang, (row, col + 1, row, col + 3), 0, "error_number")
        year = Formula(f"=SUM({self.matrix.quarters(row)})", sum(weights, Decimal(0)))
        sheet.put(row, ANNUAL, year, "cell", "percent")
        sheet.put(row, CHECK, None, "cell", "", "left_divider")
        sheet.put(row, CHECK + 1, None, "cell")
        sheet.height(row, 20)
        if not self.live:
            return
        sheet.put(FIRST_ROW, PARTS, scale, "label", "int", "right")
        sheet.put(FIRST_ROW, PARTS + 1, MEMBER_SCALE, "label", "int", "right")
        for month in MONTHS:
            formula = f"=ROUND({a1(row, month_col(month))}*{self.scale_cell},0)"
            put_helper(self.sheet, row, PARTS + month, formula, parts[month])
        put_helper(self.sheet, row, UNITS, f"=SUM({twelve(row, PARTS)})", sum(parts))

    def _product(self, product: int) -> None:
        sheet, own, row = self.sheet, self.own, self.layout.product(product)
        amount, months = own.products[product], own.months[product]
        sheet.put(row, NAME, self.titles[self.targets.product_ids[product]], "group")
        first, last = self.layout.people(product)
        shares = [self._weight(member) for member in range(self.layout.members)]
        weights = sum((w for w in shares if w is not None), Decimal(0))
        if any(w is not None for w in shares):
            total = Formula(f"=SUM({span(first, WEIGHT, last, WEIGHT)})", weights)
            sheet.put(row, WEIGHT, total, "group", "weight", "muted", "plain")
        else:
            sheet.put(row, WEIGHT, None, "group")
        name = f"target_product_{product + 1}"
        money = self.matrix.money(amount)
        sheet.put(row, ANNUAL, money, "input", self.matrix.fmt, "bold", name=name)
        self.book.names[name] = "=" + sheet.ref(row, ANNUAL)
        validate(self.sheet, self.lang, (row, ANNUAL, row, ANNUAL), 0, "error_number")
        self.matrix.share(row, self.layout.total, amount, own.amount, "group")
        values: list[Value] = [self.matrix.money(m) for m in months]
        if self.live:
            values = self.lines.months(product)
        self.matrix.months_row(row, values, months, "group")
        self.matrix.across(row, amount - sum(months), "group")

    def _weight(self, member: int) -> Decimal | None:
        """The member's share as it is typed; None for the vacancy."""
        if self.own.members[member] == VACANT:
            return None
        return Decimal(self.own.member_full[member]) / MEMBER_SCALE

    def _member(self, product: int, member: int) -> None:
        sheet, own, row = self.sheet, self.own, self.layout.member(product, member)
        quotas = own.quotas[product][member]
        sheet.put(row, NAME, self.names[own.members[member]], "cell", "", "indent2")
        weight = self._weight(member)
        if weight is None:
            sheet.put(row, WEIGHT, "–", "cell", "", "right", "muted")
        else:
            fmt = "weight" if (weight * 100) % 1 == 0 else "percent"
            sheet.put(row, WEIGHT, weight, "input", fmt)
            validate(self.sheet, self.lang, (row, WEIGHT, row, WEIGHT), 0, "error_number")
        amount = sum(quotas)
        year = Formula(f"=SUM({self.matrix.quarters(row)})", self.matrix.money(amount))
        sheet.put(row, ANNUAL, year, "cell", self.matrix.fmt)
        self.matrix.share(row, self.layout.total, amount, own.amount, "cell")
        values: list[Value] = [self.matrix.money(quota) for quota in quotas]
        if self.live:
            values = [self._member_month(product, member, month) for month in MONTHS]
        self.matrix.months_row(row, values, quotas, "cell")
        self.matrix.across(row, 0, "cell")

    def _member_month(self, product: int, member: int, month: int) -> Value:
        own, group = self.own, self.layout.product(product)
        row, (first, last) = self.layout.member(product, member), self.layout.people(product)
        part, rest = a1(row, PARTS + month), a1(row, RESTS + month)
        whole, units = a1(group, PARTS + month, True), a1(group, COUNTS + month, True)
        own_part = own.member_parts[member][month]
        if self._weight(member) is not None:
            there = own.member_presence[member][month]
            self.sheet.put(row, COUNTS + month, there, "label", "int", "right")
            weight = f"ROUND({a1(row, WEIGHT, False, True)}*{self.member_cell},0)"
            half, whole_month = WHOLE_MONTH // 2, WHOLE_MONTH
            formula = f"=INT(({weight}*{a1(row, COUNTS + month)}+{half})/{whole_month})"
        elif member:
            others = span(first, PARTS + month, last - 1, PARTS + month)
            formula = f"=IF(SUM({others})=0,{self.member_cell},0)"
        else:
            formula = f"={self.member_cell}"
        put_helper(self.sheet, row, PARTS + month, formula, own_part)
        count = own.months[product][month] // self.targets.unit
        total = sum(parts[month] for parts in own.member_parts)
        put_helper(
            self.sheet,
            row,
            RESTS + month,
            split.rest_formula(units, part, whole),
            count * own_part % total,
        )
        before = ""
        if member:
            before = f"{a1(first, RESTS + month, True)}:{a1(row - 1, RESTS + month)}"
        amount = self.matrix.money(own.quotas[product][member][month])
        if month in own.people_locked[product]:
            return amount  # a person's lock: the plan's figure, not the formula's
        month_cell = a1(group, month_col(month), True)
        formula = split.share_formula(
            unit=self.unit_cell, units=units, part=part, whole=whole, rest=rest,
            rests=_down(first, last, RESTS + month), before=before,
            parts=_down(first, last, PARTS + month), position=member + 1,
            odd=split.odd_formula(month_cell, units, self.unit_cell, self.decimals),
            decimals=self.decimals,
        )  # fmt: skip
        return Formula(formula, amount)

    def _total(self, row: int) -> None:
        own, sheet = self.own, self.sheet
        rows = [self.layout.product(product) for product in range(self.layout.products)]
        months = [sum(product[month] for product in own.months) for month in MONTHS]
        title = text("targets.total", self.lang)
        self.matrix.sum_row(row, title, rows, months, sum(own.products))
        self.matrix.share(row, row, sum(own.products), sum(own.products), "total")
        self.matrix.name_row(self.book.names, row)
        area = (BODY, SHARE, row - 2, SHARE)
        sheet.conditions.append(Condition("bar", area, maximum=1.0))
        check = a1(BODY, CHECK)
        sheet.conditions.append(
            Condition("formula", (BODY, CHECK, row, CHECK), "check_bad", f"={check}<>0")
        )

    def _checks(self, total: int) -> None:
        sheet, matrix, lang = self.sheet, self.matrix, self.lang
        given, row = self.own.amount, total + 1
        for offset, key in enumerate(("given", "check_given", "check_months", "check_members")):
            sheet.put(row + offset, NAME, text(f"targets.{key}", lang), "label", "", "left")
            sheet.height(row + offset, 20)
        money = matrix.money(given)
        sheet.put(row, ANNUAL, money, "input", matrix.fmt, "bold", name="annual_target_given")
        self.book.names["annual_target_given"] = "=" + sheet.ref(row, ANNUAL)
        validate(self.sheet, self.lang, (row, ANNUAL, row, ANNUAL), 0, "error_number")
        difference = f"=ROUND({a1(total, ANNUAL)}-{a1(row, ANNUAL)},{self.decimals})"
        amounts = (sum(self.own.products) - given, 0, 0)
        self._check(row + 1, ANNUAL, Formula(difference, matrix.money(amounts[0])))
        across = largest_of([span(BODY, CHECK, total, CHECK)])
        self._check(row + 2, ANNUAL, Formula(f"={across}", Decimal(0)))
        columns = [*map(quarter_col, QUARTERS), *map(month_col, MONTHS)]
        for col in sorted(columns):
            self._check(row + 3, col, Formula(f"={self._apart(col)}", Decimal(0)))
        down = largest_of([span(row + 3, quarter_col(0), row + 3, CHECK - 1)])
        self._check(row + 3, ANNUAL, Formula(f"={down}", Decimal(0)))
        for offset, key in enumerate(("given", "months", "members"), 1):
            title = text(f"targets.check_title_{key}", lang)
            self.book.check(sheet, row + offset, ANNUAL, title, matrix.money(amounts[offset - 1]))

    def _apart(self, col: int) -> str:
        """The largest gap between a product line and its people in one column."""
        gaps = []
        for product in range(self.layout.products):
            row = self.layout.product(product)
            first, last = self.layout.people(product)
            people = span(first, col, last, col)
            gaps.append(f"ABS({a1(row, col)}-SUM({people}))")
        groups = [f"MAX({','.join(gaps[i : i + 200])})" for i in range(0, len(gaps), 200)]
        return f"ROUND(MAX({','.join(groups)}),{self.decimals})"

    def _check(self, row: int, col: int, value: Formula) -> None:
        sheet = self.sheet
        sheet.put(row, col, value, "label", "check", "right", "positive", "bold")
        cell = a1(row, col)
        sheet.conditions.append(
            Condition("formula", (row, col, row, col), "check_bad", f"={cell}<>0")
        )


def _down(first: int, last: int, col: int) -> str:
    """``AO$12:AO$15``."""
    return f"{a1(first, col, True)}:{a1(last, col, True)}"


__all__ = ["Layout", "build", "is_live", "quota_cells"]
