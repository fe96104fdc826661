"""How the annual target becomes regions' and product lines' targets.

Each table is a live largest-remainder split: parts from history and potential, locks
kept, the rest shared. Where a formula could not find the rule's exact figure it gives
way to the value. Below stands the grid region × product, as values whose sums are
compared with both tables.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesxl.core.split import split_target
from salesxl.plan.model import ProductLine, Region
from salesxl.sheets import split_formulas as split
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Validation, Value, a1, span
from salesxl.sheets.page import (
    FIRST_ROW,
    header_row,
    legend,
    page,
    section,
    spacer,
    verdict_formula,
)
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_matrix import fitting, largest_of, money_format, shown
from salesxl.texts import text

Item = Region | ProductLine
NAME, PARENT, HISTORY, POTENTIAL, WEIGHT, LOCKED, AMOUNT, SHARE, GROWTH = range(1, 10)


@dataclass(frozen=True)
class Places:
    """Cells (row, column) of the annual figures, in the order of `Targets`."""

    total: tuple[int, int]
    regions: tuple[tuple[int, int], ...]
    products: tuple[tuple[int, int], ...]


def build(scope: Scope, book: Book) -> tuple[Sheet, Places]:
    """The sheet "target_split" and where its figures stand. Registers three checks."""
    return _Split(scope, book).build()


def blend(
    history: Sequence[int], potential: Sequence[int], share: Decimal, scale: int
) -> list[int]:
    """The parts as the sheet's own arithmetic (doubles, ROUND half-up) finds them."""
    past, market, part = sum(history), sum(potential), float(share)
    out = []
    for h, p in zip(history, potential, strict=True):
        if past and market:
            weight = (1 - part) * h / past + part * p / market
        else:
            weight = h / past if past else p / market if market else 0.0
        out.append(math.floor(weight * scale + 0.5))
    return out


class _Split:
    def __init__(self, scope: Scope, book: Book) -> None:
        self.scope, self.book, self.lang = scope, book, scope.lang
        self.targets, self.plan = scope.targets, scope.plan
        self.settings = scope.plan.settings
        self.decimals = self.settings.decimals
        self.width = max(GROWTH, NAME + len(self.targets.product_ids) + 2)
        self.helper = self.width + 2
        self.sheet = Sheet(
            "target_split",
            text("targets.split_title", self.lang),
            purpose=text("targets.split_purpose", self.lang),
            kind="edit",
            last_col=self.width,
        )
        cells = [a for own in self.targets.regions for a in own.products]
        cells += [self.targets.unit, *self.targets.region_amounts, *self.targets.product_amounts]
        self.fmt = money_format(cells, self.decimals)
        self.total = (FIRST_ROW + 1, AMOUNT)
        self.unit = (FIRST_ROW + 1, HISTORY)
        self.mix = (FIRST_ROW + 1, WEIGHT)
        self.checks: list[str] = []

    def money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.decimals)

    def build(self) -> tuple[Sheet, Places]:
        sheet, lang, targets = self.sheet, self.lang, self.targets
        regions = {region.id: region for region in self.plan.regions}
        lines = {line.id: line for line in self.plan.product_lines}
        leaves = [regions[region] for region in targets.region_ids]
        products = [lines[product] for product in targets.product_ids]
        self._columns(leaves, products)
        row = self._inputs()
        names = {region.id: region.name for region in self.plan.regions}
        parents = [names.get(region.parent, "–") for region in leaves]
        region_rows, row = self._table(
            row, "region", leaves, parents, targets.region_parts, targets.region_amounts
        )
        product_rows, row = self._table(
            spacer(sheet, row, 12), "product", products, [], targets.product_parts,
            targets.product_amounts,
        )  # fmt: skip
        row = self._grid(spacer(sheet, row, 12), leaves, products, region_rows, product_rows)
        subtitle = text(
            "targets.split_subtitle", lang, scope=self.scope.name, year=self.settings.year,
            currency=self.settings.currency,
        )  # fmt: skip
        page(sheet, sheet.title, subtitle, lang,
             verdict_formula(self.checks, lang, decimals=self.decimals))  # fmt: skip
        sheet.print_last_row = row
        sheet.fit_height = 1 if row <= 45 else 0
        self.book.names["annual_target_given"] = "=" + sheet.ref(*self.total)
        self.book.names["unit"] = "=" + sheet.ref(*self.unit)
        for number, region_row in enumerate(region_rows, 1):
            self.book.names[f"region_target_{number}"] = "=" + sheet.ref(region_row, AMOUNT)
        places = Places(
            self.total,
            tuple((r, AMOUNT) for r in region_rows),
            tuple((r, AMOUNT) for r in product_rows),
        )
        return sheet, places

    def _columns(self, leaves: Sequence[Region], products: Sequence[ProductLine]) -> None:
        sheet, lang = self.sheet, self.lang
        items: list[Item] = [*leaves, *products]
        names = [row.name for row in items]
        names += [text(f"targets.{k}", lang) for k in ("check_company", "check_products", "unit")]
        sheet.width(NAME, min(28.0, max(16.0, fitting(names, lang, pads=0) + 1.5)))
        history = [row.history_amount for row in items]
        largest = max(self.targets.total, sum(r.history_amount for r in leaves),
                      sum(r.potential_amount for r in leaves), *history)  # fmt: skip
        pads = [shown(self.money(largest), self.fmt, self.decimals)]
        titles = [text(f"targets.{key}", lang) for key in
                  ("history", "potential", "locked", "annual", "parent")]  # fmt: skip
        titles += [product.name for product in products]
        room = min(24.0, max(13.0, fitting([*pads, *titles], lang, pads=2) + 0.5))
        for col in range(NAME + 1, self.width + 1):
            sheet.width(col, room)
        sheet.width(self.helper - 1, 3)
        for col in range(self.helper, self.helper + 2):
            sheet.width(col, 28)

    def _inputs(self) -> int:
        sheet, lang = self.sheet, self.lang
        row = legend(sheet, FIRST_ROW, NAME, lang, text("targets.split_note_line", lang))
        share = self.settings.potential_share
        for place, key, value, fmt, name in (
            (self.unit, "unit", self.money(self.targets.unit), self.fmt, "unit"),
            (self.mix, "potential_share", share, "percent", "potential_share"),
            (self.total, "company_target", self.money(self.targets.total), self.fmt,
             "annual_target_given"),
        ):  # fmt: skip
            label = text(f"targets.{key}", lang)
            sheet.put(row, place[1] - 1, label, "label", "", "right")
            sheet.put(row, place[1], value, "input", fmt, "bold", name=name)
            least = float(self.money(1)) if key == "unit" else 0.0
            most = 1.0 if key == "potential_share" else 1e13
            error = text("targets.error_unit" if key == "unit" else "targets.error_number", lang)
            area = (row, place[1], row, place[1])
            sheet.validations.append(
                Validation(area, "decimal", minimum=least, maximum=most, error=error)
            )
        sheet.height(row, 22)
        return spacer(sheet, row + 1)

    def _table(
        self, row: int, kind: str, items: Sequence[Item],
        parents: Sequence[str], parts: Sequence[int], amounts: Sequence[int],
    ) -> tuple[list[int], int]:  # fmt: skip
        """One split; returns the rows of its items and the next free row."""
        sheet, lang = self.sheet, self.lang
        row = section(sheet, row, NAME, GROWTH, text(f"targets.{kind}s", lang))
        second = text("targets.parent", lang) if parents else ""
        heads = [text(f"targets.{kind}", lang), second]
        heads += [text(f"targets.{key}", lang) for key in
                  ("history", "potential", "weight", "locked", "annual", "share",
                   "growth")]  # fmt: skip
        sheet.put(row - 1, self.helper, text("targets.not_printed", lang), "label")
        sheet.put(row, self.helper, text("targets.block_parts", lang), "label")
        sheet.put(row, self.helper + 1, text("targets.block_rests", lang), "label")
        first = header_row(sheet, row, NAME, heads, "llrrrrrrr")
        last, total = first + len(items) - 1, first + len(items)
        live = self._is_live(items, parts, amounts)
        blended = list(parts) == blend(
            [item.history_amount for item in items],
            [item.potential_amount for item in items],
            self.settings.potential_share,
            self.targets.scale,
        )
        free = sum(part for part, item in zip(parts, items, strict=True)
                   if item.locked_amount is None)  # fmt: skip
        held = sum(item.locked_amount or 0 for item in items)
        units, odd = divmod(self.targets.total - held, self.targets.unit)
        if live:
            self._head_helpers(total, first, last, free, units, odd)
        for offset, item in enumerate(items):
            here = first + offset
            sheet.put(here, NAME, item.name, "cell")
            sheet.put(here, PARENT, parents[offset] if parents else None, "cell", "", "muted")
            sheet.put(here, HISTORY, self.money(item.history_amount), "input", "money")
            sheet.put(here, POTENTIAL, self.money(item.potential_amount), "input", "money")
            whole = sum(parts)
            weight = self._weight(here, first, last, items) if blended else None
            share = Decimal(parts[offset]) / whole if whole else Decimal(0)
            self._put(
                here,
                WEIGHT,
                weight,
                Decimal(parts[offset]) / self.targets.scale
                if weight is None
                else self._exact(items, offset),
                "cell",
                "percent",
            )
            locked = item.locked_amount
            lock: Value = None if locked is None else self.money(locked)
            sheet.put(here, LOCKED, lock, "input", self.fmt, *(("bold",) if lock else ()))
            value: Value = self.money(amounts[offset])
            if live:
                part = 0 if locked is not None else parts[offset]
                rest = units * part % free if free else 0
                value = self._amount(here, first, last, total, amounts[offset], part, rest)
            sheet.put(here, AMOUNT, value, "cell", self.fmt, "bold")
            formula = f"=IF({a1(total, AMOUNT, True)}=0,0,{a1(here, AMOUNT)}/" \
                      f"{a1(total, AMOUNT, True)})"  # fmt: skip
            goal = self.targets.total
            share = Decimal(amounts[offset]) / goal if goal else Decimal(0)
            sheet.put(here, SHARE, Formula(formula, share), "cell", "percent")
            self._growth(here, amounts[offset], item.history_amount, "cell")
            sheet.height(here, 20)
        for col in (HISTORY, POTENTIAL, LOCKED):
            sheet.validations.append(
                Validation((first, col, last, col), "decimal", minimum=0, maximum=1e13,
                           error=text("targets.error_number", lang))
            )  # fmt: skip
        sheet.conditions.append(Condition("bar", (first, SHARE, last, SHARE), maximum=1.0))
        self._total(kind, first, last, total, items, amounts)
        sheet.marks[f"{kind}_amounts"] = (first, AMOUNT, last, AMOUNT)
        if live:
            self._call(first, last, items, parts, amounts)
        return list(range(first, last + 1)), total + 2

    def _put(
        self, row: int, col: int, formula: str | None, value: Decimal, style: str, fmt: str
    ) -> None:
        shown_value: Value = value if formula is None else Formula(formula, value)
        self.sheet.put(row, col, shown_value, style, fmt)

    def _exact(self, items: Sequence[Item], index: int) -> Decimal:
        """The blended weight, exact to 28 digits."""
        past = sum(item.history_amount for item in items)
        market = sum(item.potential_amount for item in items)
        share, item = self.settings.potential_share, items[index]
        if past and market:
            return ((1 - share) * item.history_amount / past
                    + share * item.potential_amount / market)  # fmt: skip
        return Decimal(item.history_amount) / past if past else \
            Decimal(item.potential_amount) / market  # fmt: skip

    def _weight(self, row: int, first: int, last: int, items: Sequence[Item]) -> str:
        past = f"{a1(row, HISTORY)}/SUM({_down(first, last, HISTORY)})"
        market = f"{a1(row, POTENTIAL)}/SUM({_down(first, last, POTENTIAL)})"
        mix = a1(*self.mix, True, True)
        has_past = any(item.history_amount for item in items)
        if has_past and any(item.potential_amount for item in items):
            return f"=(1-{mix})*{past}+{mix}*{market}"
        return f"={past}" if has_past else f"={market}"

    def _is_live(
        self, items: Sequence[Item], parts: Sequence[int],
        amounts: Sequence[int],
    ) -> bool:  # fmt: skip
        """Whether the formulas find `amounts`: locks kept, the rest split by free parts."""
        free = [0 if item.locked_amount is not None else part
                for item, part in zip(items, parts, strict=True)]  # fmt: skip
        rest = self.targets.total - sum(item.locked_amount or 0 for item in items)
        shares = [0 if item.locked_amount is not None else amount
                  for item, amount in zip(items, amounts, strict=True)]  # fmt: skip
        return split.repeats(rest, free, self.targets.unit, shares)

    def _call(
        self, first: int, last: int, items: Sequence[Item], parts: Sequence[int],
        amounts: Sequence[int],
    ) -> None:  # fmt: skip
        """The table's split as one call, where it gives the table's figures."""
        total, unit = self.targets.total, self.targets.unit
        locks = [item.locked_amount for item in items]
        method = self.settings.split_method
        if split_target(total, parts, unit, locks, method=method) != list(amounts):
            return
        cells = [a1(*self.total, True, True), span(first, self.helper, last, self.helper, True),
                 a1(*self.unit, True, True), span(first, LOCKED, last, LOCKED, True)]  # fmt: skip
        self.sheet.call(split.split_call(cells, method), first, AMOUNT, last, AMOUNT)

    def _head_helpers(
        self, total: int, first: int, last: int, free: int, units: int, odd: int
    ) -> None:
        """Beside the total row: Σ parts, whole units; below: what is less than a unit."""
        rest = f"{a1(*self.total, True, True)}-SUM({_down(first, last, LOCKED)})"
        unit = a1(*self.unit, True, True)
        whole = f"=SUM({_down(first, last, self.helper)})"
        count = a1(total, self.helper + 1)
        units_text = split.units_formula(f"({rest})", unit, self.decimals)
        odd_text = f"ROUND({rest}-{unit}*{count},{self.decimals})"
        self._help(total, 0, whole, free)
        self._help(total, 1, f"={units_text}", units)
        self._help(total + 1, 1, f"={odd_text}", self.money(odd))

    def _help(self, row: int, offset: int, formula: str, value: int | Decimal) -> None:
        self.sheet.put(row, self.helper + offset, Formula(formula, value), "label", "", "right")

    def _amount(
        self, row: int, first: int, last: int, total: int, amount: int, part: int, rest: int
    ) -> Formula:
        lock, weight = a1(row, LOCKED), a1(row, WEIGHT)
        parts_formula = f"=IF(ISNUMBER({lock}),0,ROUND({weight}*{self.targets.scale},0))"
        self._help(row, 0, parts_formula, part)
        part_cell, rest_cell = a1(row, self.helper), a1(row, self.helper + 1)
        whole, units = a1(total, self.helper, True), a1(total, self.helper + 1, True)
        self._help(row, 1, split.rest_formula(units, part_cell, whole), rest)
        before = ""
        if row > first:
            before = f"{a1(first, self.helper + 1, True)}:{a1(row - 1, self.helper + 1)}"
        formula = split.share_formula(
            unit=a1(*self.unit, True, True), units=units, part=part_cell, whole=whole,
            rest=rest_cell, rests=_down(first, last, self.helper + 1), before=before,
            parts=_down(first, last, self.helper), position=row - first + 1,
            odd=a1(total + 1, self.helper + 1, True), decimals=self.decimals,
        )  # fmt: skip
        return Formula(f"=IF(ISNUMBER({lock}),{lock},{formula[1:]})", self.money(amount))

    def _growth(self, row: int, amount: int, history: int, style: str) -> None:
        past = a1(row, HISTORY)
        if not history:
            self.sheet.put(row, GROWTH, "–", style, "", "right", "muted")
            return
        value = Decimal(amount) / history - 1
        formula = f"=IF({past}=0,0,{a1(row, AMOUNT)}/{past}-1)"
        self.sheet.put(row, GROWTH, Formula(formula, value), style, "percent")

    def _total(
        self, kind: str, first: int, last: int, row: int,
        items: Sequence[Item], amounts: Sequence[int],
    ) -> None:  # fmt: skip
        sheet, lang = self.sheet, self.lang
        for col in range(NAME, GROWTH + 1):
            if col in (PARENT, LOCKED, WEIGHT, SHARE):
                sheet.put(row, col, None, "total")
        sheet.put(row, NAME, text("targets.total", lang), "total")
        history = sum(item.history_amount for item in items)
        sums = {HISTORY: history, POTENTIAL: sum(item.potential_amount for item in items),
                AMOUNT: sum(amounts)}  # fmt: skip
        for col, amount in sums.items():
            fmt = self.fmt if col == AMOUNT else "money"
            value = Formula(f"=SUM({_down(first, last, col)})", self.money(amount))
            sheet.put(row, col, value, "total", fmt)
        self._growth(row, sum(amounts), history, "total")
        sheet.height(row, 22)
        sheet.put(row + 1, NAME, text("targets.check_company", lang), "label", "", "left")
        gap = sum(amounts) - self.targets.total
        formula = f"=ROUND({a1(row, AMOUNT)}-{a1(*self.total, True, True)},{self.decimals})"
        self._check(row + 1, AMOUNT, formula, gap)
        self.checks.append(a1(row + 1, AMOUNT, True, True))
        title = text(f"targets.check_title_{'regions' if kind == 'region' else 'lines'}", lang)
        self.book.check(sheet, row + 1, AMOUNT, title, self.money(gap))
        sheet.height(row + 1, 20)

    def _check(self, row: int, col: int, formula: str, gap: int) -> None:
        value = Formula(formula, self.money(gap))
        self.sheet.put(row, col, value, "label", "check", "right", "positive", "bold")
        self.sheet.conditions.append(
            Condition("formula", (row, col, row, col), "check_bad", f"={a1(row, col)}<>0")
        )

    def _grid(
        self, row: int, leaves: Sequence[Region], products: Sequence[ProductLine],
        region_rows: Sequence[int], product_rows: Sequence[int],
    ) -> int:  # fmt: skip
        """Region × product as values; sums live and compared with the tables above."""
        sheet, lang, count = self.sheet, self.lang, len(products)
        side = text("targets.grid_side", lang)
        row = section(sheet, row, NAME, self.width, text("targets.grid", lang), side)
        titles = [text("targets.region", lang), *(p.name for p in products)]
        titles += [text("targets.total", lang), text("targets.check", lang)]
        first = header_row(sheet, row, NAME, titles, "l" + "r" * (count + 1) + "c")
        total = first + len(leaves)
        last_col = NAME + count
        for offset, leaf in enumerate(leaves):
            here, cells = first + offset, self.targets.regions[offset].products
            sheet.put(here, NAME, leaf.name, "cell")
            for index, amount in enumerate(cells):
                sheet.put(here, NAME + 1 + index, self.money(amount), "cell", self.fmt)
            value = Formula(f"=SUM({span(here, NAME + 1, here, last_col)})",
                            self.money(sum(cells)))  # fmt: skip
            sheet.put(here, last_col + 1, value, "cell", self.fmt, "bold", "left_divider")
            target = a1(region_rows[offset], AMOUNT)
            formula = f"=ROUND({a1(here, last_col + 1)}-{target},{self.decimals})"
            gap = sum(cells) - self.targets.region_amounts[offset]
            sheet.put(here, last_col + 2, Formula(formula, self.money(gap)), "cell", "check",
                      "center", "positive")  # fmt: skip
            sheet.height(here, 20)
        sheet.marks["grid"] = (first, NAME + 1, total - 1, last_col)
        sheet.put(total, NAME, text("targets.total", lang), "total")
        for index in range(count + 1):
            col = NAME + 1 + index
            amounts = (self.targets.product_amounts[index] if index < count
                       else self.targets.total)  # fmt: skip
            value = Formula(f"=SUM({span(first, col, total - 1, col)})", self.money(amounts))
            extras = ("left_divider",) if index == count else ()
            sheet.put(total, col, value, "total", self.fmt, *extras)
        sheet.put(total, last_col + 2, None, "total")
        sheet.height(total, 22)
        sheet.put(total + 1, NAME, text("targets.check", lang), "label", "", "left")
        for index in range(count):
            col = NAME + 1 + index
            formula = f"=ROUND({a1(total, col)}-{a1(product_rows[index], AMOUNT)},{self.decimals})"
            self._check(total + 1, col, formula, 0)
        ranges = [span(first, last_col + 2, total - 1, last_col + 2),
                  span(total + 1, NAME + 1, total + 1, last_col)]  # fmt: skip
        self._check(total + 1, last_col + 2, f"={largest_of(ranges)}", 0)
        area = (first, last_col + 2, total - 1, last_col + 2)
        test = f"={a1(first, last_col + 2)}<>0"
        sheet.conditions.append(Condition("formula", area, "check_bad", test))
        self.checks.append(a1(total + 1, last_col + 2, True, True))
        title = text("targets.check_title_grid", lang)
        self.book.check(sheet, total + 1, last_col + 2, title, Decimal(0))
        sheet.height(total + 1, 20)
        return total + 1


def _down(first: int, last: int, col: int) -> str:
    return f"{a1(first, col, True)}:{a1(last, col, True)}"
