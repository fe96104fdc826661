"""The head office's targets: two sheets.

"targets": regions and product lines over year, quarters and months, with the region
tree's subtotals. "target_split": how the annual target becomes regions' and product
lines' targets, live from history, potential, mix and locks, and the grid of both.
Names as on a region's sheet: ``annual_target``, ``quarter_target_1…4``,
``month_target_1…12``; on the second sheet ``annual_target_given``, ``unit``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesxl.plan.model import Region
from salesxl.sheets import target_split
from salesxl.sheets.content import Book, Condition, Formula, Sheet, a1, span
from salesxl.sheets.page import FIRST_ROW, note, page, section, spacer, verdict_formula
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_matrix import (
    ANNUAL,
    CHECK,
    LAST,
    MONTHS,
    NAME,
    QUARTERS,
    SHARE,
    WEIGHT,
    Matrix,
    largest_of,
    money_format,
    month_col,
    quarter_col,
)
from salesxl.texts import text


def build(scope: Scope, book: Book) -> list[Sheet]:
    """The sheets "targets" and "target_split". Registers five checks."""
    split, places = target_split.build(scope, book)
    return [_Company(scope, book, split, places).build(), split]


def tree_order(plan_regions: Sequence[Region], leaves: Sequence[str]) -> list[tuple[str, int]]:
    """(region id, depth) from the roots down, each node before its children, table order.

    A root that holds everything alone is left out: the total row already says it.
    """
    by_parent: dict[str, list[str]] = {}
    known = {region.id for region in plan_regions}
    for region in plan_regions:
        by_parent.setdefault(region.parent if region.parent in known else "", []).append(region.id)
    roots = by_parent.get("", [])
    if len(roots) == 1 and roots[0] not in leaves:
        roots = by_parent.get(roots[0], [])
    out: list[tuple[str, int]] = []

    def walk(region: str, depth: int) -> None:
        out.append((region, depth))
        for child in by_parent.get(region, []):
            walk(child, depth + 1)

    for root in roots:
        walk(root, 0)
    return out


class _Company:
    def __init__(self, scope: Scope, book: Book, split: Sheet, places: target_split.Places) -> None:
        self.scope, self.book, self.split, self.places = scope, book, split, places
        self.lang, self.targets = scope.lang, scope.targets
        self.decimals = scope.plan.settings.decimals
        self.sheet = Sheet(
            "targets",
            text("targets.title", self.lang),
            purpose=text("targets.company_purpose", self.lang),
            last_col=LAST,
            freeze=(FIRST_ROW, 2),
        )
        regions = self.targets.regions
        self.region_months = [
            [sum(product[month] for product in own.months) for month in MONTHS] for own in regions
        ]
        self.product_months = [
            [sum(own.months[product][month] for own in regions) for month in MONTHS]
            for product in range(len(self.targets.product_ids))
        ]
        every = [a for own in regions for product in own.months for a in product]
        fmt = money_format(every, self.decimals)
        self.matrix = Matrix(self.sheet, self.lang, self.targets.months, self.decimals, fmt)

    def build(self) -> Sheet:
        sheet, lang, plan = self.sheet, self.lang, self.scope.plan
        names = {region.id: region.name for region in plan.regions}
        lines = {line.id: line.name for line in plan.product_lines}
        monthly = [sum(column) for column in zip(*self.region_months, strict=True)]
        words = [*names.values(), *lines.values()]
        words += [text(f"targets.check_{k}", lang) for k in ("months", "products", "company")]
        self.matrix.columns(words, self.targets.total, max(monthly, default=0))
        row = section(sheet, FIRST_ROW, NAME, LAST, text("targets.regions", lang))
        row = self.matrix.heads(row, text("targets.region", lang), text("targets.weight", lang))
        region_first = row
        row, region_total = self._regions(row, names)
        row = section(sheet, spacer(sheet, row), NAME, LAST, text("targets.products", lang))
        row = self.matrix.heads(row, text("targets.product", lang), text("targets.weight", lang))
        product_first = row
        for index, product in enumerate(self.targets.product_ids):
            sheet.marks[f"product_{index}"] = (row, NAME, row, LAST)
            self._leaf(row, lines[product], self.places.products[index],
                       self.targets.product_amounts[index], self.product_months[index],
                       self._weight(self.targets.product_parts, index), 1)  # fmt: skip
            row += 1
        product_total, row = row, row + 1
        rows = list(range(product_first, product_total))
        self.matrix.sum_row(product_total, text("targets.total", lang), rows, monthly,
                            sum(self.targets.product_amounts))  # fmt: skip
        for first, total, amounts in (
            (region_first, region_total, self.shares),
            (product_first, product_total, dict(zip(rows, self.targets.product_amounts,
                                                    strict=True))),
        ):  # fmt: skip
            self._shares(first, total, amounts)
        self._checks(row, region_first, region_total, product_first, product_total)
        self.matrix.name_row(self.book.names, region_total)
        for month in MONTHS:
            col = month_col(month)
            sheet.marks[f"month_{month}"] = (region_first, col, product_total, col)
        line = text("targets.company_note", lang, split=self.split.title)
        note(sheet, row + 3, NAME, LAST, line, 2)
        sheet.print_last_row = row + 3
        self._page(row)
        return sheet

    def _page(self, row: int) -> None:
        settings = self.scope.plan.settings
        subtitle = text(
            "targets.company_subtitle", self.lang, scope=self.scope.name, year=settings.year,
            currency=settings.currency,
        )  # fmt: skip
        cells = [a1(row + offset, ANNUAL, True, True) for offset in (0, 1, 2)]
        verdict = verdict_formula(cells, self.lang, decimals=self.decimals)
        page(self.sheet, self.sheet.title, subtitle, self.lang, verdict)

    @staticmethod
    def _weight(parts: Sequence[int], index: int) -> Decimal:
        whole = sum(parts)
        return Decimal(parts[index]) / whole if whole else Decimal(0)

    def _regions(self, row: int, names: dict[str, str]) -> tuple[int, int]:
        """The tree; returns the next free row and the total row."""
        order = tree_order(self.scope.plan.regions, self.targets.region_ids)
        leaves = {region: index for index, region in enumerate(self.targets.region_ids)}
        rows = {region: row + offset for offset, (region, _) in enumerate(order)}
        under: dict[str, list[str]] = {region: [] for region, _ in order}
        path: list[str] = []
        tops: list[int] = []
        for region, depth in order:
            del path[depth:]
            path.append(region)
            if region in leaves:
                for above in path[:-1]:
                    under[above].append(region)
                tops.append(rows[region])
        self.shares: dict[int, int] = {}
        for region, depth in order:
            here = rows[region]
            if region in leaves:
                index = leaves[region]
                amount = self.targets.region_amounts[index]
                self.sheet.marks[f"region_{index}"] = (here, NAME, here, LAST)
                self._leaf(here, names[region], self.places.regions[index], amount,
                           self.region_months[index],
                           self._weight(self.targets.region_parts, index), depth + 1)  # fmt: skip
            else:
                own = [leaves[leaf] for leaf in under[region]]
                amount = sum(self.targets.region_amounts[i] for i in own)
                months = [sum(self.region_months[i][m] for i in own) for m in MONTHS]
                below = [rows[leaf] for leaf in under[region]]
                self.matrix.sum_row(here, names[region], below, months, amount, "group")
            self.shares[here] = amount
        total = row + len(order)
        months = [sum(column) for column in zip(*self.region_months, strict=True)]
        amount = sum(self.targets.region_amounts)
        self.matrix.sum_row(total, text("targets.total", self.lang), tops, months, amount)
        return total + 1, total

    def _leaf(
        self, row: int, name: str, place: tuple[int, int], amount: int, months: Sequence[int],
        weight: Decimal, depth: int,
    ) -> None:  # fmt: skip
        sheet, matrix = self.sheet, self.matrix
        sheet.put(row, NAME, name, "cell", "", *(("indent2",) if depth > 1 else ()))
        sheet.put(row, WEIGHT, weight, "cell", "percent", "muted")
        annual = Formula(f"={self.split.ref(*place)}", matrix.money(amount))
        sheet.put(row, ANNUAL, annual, "cell", matrix.fmt, "bold")
        matrix.months_row(row, [matrix.money(month) for month in months], months, "cell")
        matrix.across(row, amount - sum(months), "cell")

    def _shares(self, first: int, total: int, amounts: dict[int, int]) -> None:
        whole = self.targets.total
        leaf = {c.row for c in self.sheet.cells if c.col == ANNUAL and c.look.style == "cell"}
        for row, amount in amounts.items():
            style = "cell" if row in leaf else "group"
            self.matrix.share(row, total, amount, whole, style)
        self.matrix.share(total, total, whole, whole, "total")
        area = (first, SHARE, total - 1, SHARE)
        self.sheet.conditions.append(Condition("bar", area, maximum=1.0))
        test = f"={a1(first, CHECK)}<>0"
        self.sheet.conditions.append(
            Condition("formula", (first, CHECK, total, CHECK), "check_bad", test)
        )

    def _checks(self, row: int, first: int, total: int, lower: int, last: int) -> None:
        sheet, lang, decimals = self.sheet, self.lang, self.decimals
        target = self.split.ref(*self.places.total)
        gaps = [
            Formula(f"=ROUND({a1(total, ANNUAL)}-{target},{decimals})", Decimal(0)),
            Formula(
                "=" + largest_of([span(first, CHECK, total, CHECK),
                                  span(lower, CHECK, last, CHECK)]),
                Decimal(0),
            ),
        ]  # fmt: skip
        for offset, key in enumerate(("company", "months", "products")):
            sheet.put(row + offset, NAME, text(f"targets.check_{key}", lang), "label", "", "left")
            sheet.height(row + offset, 20)
        for offset, gap in enumerate(gaps):
            self._check(row + offset, ANNUAL, gap)
        for col in sorted([*map(quarter_col, QUARTERS), *map(month_col, MONTHS)]):
            formula = f"=ROUND({a1(last, col)}-{a1(total, col)},{decimals})"
            self._check(row + 2, col, Formula(formula, Decimal(0)))
        across = span(row + 2, quarter_col(0), row + 2, CHECK - 1)
        self._check(row + 2, ANNUAL, Formula(f"={largest_of([across])}", Decimal(0)))
        for offset, key in enumerate(("regions", "months", "products")):
            title = text(f"targets.check_title_{key}", lang)
            self.book.check(sheet, row + offset, ANNUAL, title, Decimal(0))

    def _check(self, row: int, col: int, value: Formula) -> None:
        self.sheet.put(row, col, value, "label", "check", "right", "positive", "bold")
        test = f"={a1(row, col)}<>0"
        self.sheet.conditions.append(Condition("formula", (row, col, row, col), "check_bad", test))
