"""The rest of a region's year: plan, what has happened, and what the open months carry.

Three rows a product line: the plan (from the sheet "targets"), the actual sales of the
months that are over (typed figures; those of the ledger stand there already), and the new
target. A month with an actual keeps it, a locked month its lock; the others carry what is
left, in the way chosen on the sheet (`salesxl.core.resplit`). The sheet repeats the
largest-remainder split of what is left, so a figure typed here moves the rest at once.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.core.resplit import Variant, read_variant
from salesxl.plan.model import REMAINING
from salesxl.sheets import split_formulas as split
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Validation, Value, a1, quoted
from salesxl.sheets.ledger_lines import ledger_column
from salesxl.sheets.page import FIRST_ROW, legend, note, page, verdict_formula
from salesxl.sheets.remaining_lines import Line, lines_of
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_lines import WEIGHTS_ROW as PLAN_WEIGHTS
from salesxl.sheets.target_lines import Layout, put_helper, twelve, validate
from salesxl.sheets.target_matrix import (
    ANNUAL,
    CHECK,
    COUNTS,
    LAST,
    LINE,
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
from salesxl.texts import text

WHOLE, BASES, GAP = 39, 79, 91  # helper columns beside those of the target sheets
CHOICE = FIRST_ROW + 1
HEAD = CHOICE + 2
WEIGHTS_ROW = HEAD + 2  # of this sheet: only its helper block is filled
BODY = WEIGHTS_ROW + 1
NATIVE: tuple[Variant, ...] = ("annual", "spread", "plan")  # what the sheet's formulas can do
ROWS = 3  # of a product line: plan, actual, new


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "remaining" of a region. Registers one check."""
    return _Remaining(scope, book).build()


class _Remaining:
    def __init__(self, scope: Scope, book: Book) -> None:
        assert scope.region is not None, "the head office has no rest of a year of its own"
        self.scope, self.book, self.lang = scope, book, scope.lang
        self.targets, self.settings = scope.targets, scope.plan.settings
        self.decimals = self.settings.decimals
        self.lines = lines_of(scope)
        self.variant = read_variant(self.settings.remaining)
        self.parts = self.targets.month_parts
        self.live = self.variant in NATIVE and all(self._repeats(line) for line in self.lines)
        self.sheet = Sheet(
            "remaining",
            text("remaining.title", self.lang),
            purpose=text("remaining.purpose", self.lang),
            kind="edit",
            last_col=LAST,
            freeze=(WEIGHTS_ROW, 2),
            repeat_rows=(HEAD, HEAD + 1),
        )
        # Whole units are shown: cents in every month would not fit a page. Cells keep them.
        self.matrix = Matrix(self.sheet, self.lang, self.targets.months, self.decimals, "money")
        self.plan_sheet = quoted(text("targets.title", self.lang))
        own = self.targets.of(scope.region.id)
        self.layout = Layout(len(own.products), len(own.members))
        self.actuals = Actuals(scope, "product_line")
        self.unit = self._name("unit")

    def _name(self, name: str) -> str:
        return self.book.names[name].removeprefix("=")

    # ------------------------------------------------------------ the split of what is left

    def _base(self, line: Line) -> list[int | None]:
        """What a month keeps; None where it takes part in the split."""
        reach = self._reach(line)
        base: list[int | None] = []
        for month in MONTHS:
            actual = line.actual[month]
            if actual is not None:
                base.append(actual)
            elif reach[month]:
                base.append(None)
            elif self.variant == "annual" and line.locked[month] is None:
                base.append(0)
            else:
                base.append(line.plan[month])
        return base

    def _able(self, line: Line) -> list[int]:
        return [
            int(line.actual[m] is None and line.locked[m] is None and self.parts[m] > 0)
            for m in MONTHS
        ]

    def _reach(self, line: Line) -> list[int]:
        able = self._able(line)
        if self.variant == "annual":
            return able
        if self.variant != "spread" or not self._open_gap(line):
            return [0] * 12
        limit = self.settings.spread_months
        return [flag if sum(able[: m + 1]) <= limit else 0 for m, flag in enumerate(able)]

    @staticmethod
    def _open_gap(line: Line) -> int:
        """What the year would miss if the open months kept their plan."""
        kept = zip(line.plan, line.actual, strict=True)
        return line.target - sum(plan if sold is None else sold for plan, sold in kept)

    def _rest(self, line: Line) -> int:
        return max(0, line.target - sum(value or 0 for value in self._base(line)))

    def _repeats(self, line: Line) -> bool:
        """Whether the sheet's own arithmetic surely gives the rule's figures."""
        base, reach = self._base(line), self._reach(line)
        parts = [part * flag for part, flag in zip(self.parts, reach, strict=True)]
        if any(kept is not None and kept != new for kept, new in zip(base, line.new, strict=True)):
            return False
        if not any(parts):
            return True
        shares = [n if kept is None else 0 for kept, n in zip(base, line.new, strict=True)]
        return split.repeats(self._rest(line), parts, self.targets.unit, shares)

    # ------------------------------------------------------------ the sheet

    def build(self) -> Sheet:
        sheet, lang, matrix = self.sheet, self.lang, self.matrix
        total = BODY + ROWS * len(self.lines) + 1
        subtitle = text(
            "remaining.subtitle", lang, scope=self.scope.name, year=self.settings.year,
            currency=self.settings.currency, date=self.scope.as_of.isoformat(),
        )  # fmt: skip
        names = [line.name for line in self.lines]
        names += [text(f"remaining.{key}", lang) for key in ("actual", "new", "total_plan")]
        largest = max(line.target for line in self.lines) * len(self.lines)
        matrix.columns(names, largest, max(max(line.new) for line in self.lines) * 2)
        sheet.width(CHECK, 13)
        sheet.width(SHARE, 11.5)
        check = a1(total + 3, CHECK, True, True)
        page(sheet, sheet.title, subtitle, lang,
             verdict_formula([check], lang, decimals=self.decimals))  # fmt: skip
        legend(sheet, FIRST_ROW, NAME, lang, text("remaining.legend", lang))
        self._choice()
        matrix.heads(
            HEAD,
            text("targets.product", lang),
            "",
            False,
            check=text("remaining.gap", lang),
            share=text("remaining.attainment", lang),
        )
        self._weights()
        for index, line in enumerate(self.lines):
            self._line(BODY + ROWS * index, index, line)
        sheet.height(total - 1, 6)
        self._totals(total)
        words = "remaining.note" if self.live else "remaining.note_values"
        note(sheet, total + 5, NAME, LAST, text(words, lang), 3)
        sheet.print_last_row = total + 5
        return sheet

    def _choice(self) -> None:
        """The way the rest is carried, and over how many months: both may be changed."""
        sheet, lang = self.sheet, self.lang
        sheet.put(CHOICE, NAME, text("remaining.way", lang), "label", "", "left")
        pick = 0 if lang == "zh" else 1
        shown = REMAINING[self.variant][pick]
        style = "input" if self.live else "cell"
        sheet.merge(CHOICE, WEIGHT, CHOICE, SHARE, shown, style, "", "center", name="remaining")
        count_col = quarter_col(0) + 3
        said = text("remaining.months", lang)
        sheet.merge(CHOICE, quarter_col(0), CHOICE, count_col - 1, said, "label", "", "right")
        months = self.settings.spread_months
        sheet.put(CHOICE, count_col, months, style, "int", "center", name="spread_months")
        sheet.height(CHOICE, 20)
        sheet.height(CHOICE + 1, 8)
        self.months_cell = a1(CHOICE, count_col, True, True)
        self.way_cell = a1(CHOICE, UNITS, True, True)
        if not self.live:
            return
        items = tuple(REMAINING[variant][pick] for variant in NATIVE)
        sheet.validations += [
            Validation((CHOICE, WEIGHT, CHOICE, WEIGHT), "list", items=items),
            Validation((CHOICE, count_col, CHOICE, count_col), "whole", minimum=1, maximum=12),
        ]
        cell = a1(CHOICE, WEIGHT, True, True)
        tests = "".join(f'IF({cell}="{item}",{n},' for n, item in enumerate(items, 1))
        number = NATIVE.index(self.variant) + 1
        put_helper(sheet, CHOICE, UNITS, f"={tests}0{')' * len(items)}", number)

    def _weights(self) -> None:
        """The month weights in whole parts, as the targets sheet uses them (not printed)."""
        self.sheet.height(WEIGHTS_ROW, 4)
        if not self.live:
            return
        for month in MONTHS:
            weight = f"{self.plan_sheet}!{a1(PLAN_WEIGHTS, month_col(month), True, True)}"
            formula = f"=ROUND({weight}*{self.targets.scale},0)"
            put_helper(self.sheet, WEIGHTS_ROW, PARTS + month, formula, self.parts[month])

    def _line(self, row: int, index: int, line: Line) -> None:
        sheet, matrix = self.sheet, self.matrix
        plan_row = self.layout.product(index)
        sheet.put(row, NAME, line.name, "group")
        for col in (WEIGHT, SHARE):
            sheet.put(row, col, None, "group")
        annual = Formula(f"={self.plan_sheet}!{a1(plan_row, ANNUAL)}", matrix.money(line.target))
        sheet.put(row, ANNUAL, annual, "group", matrix.fmt)
        values: list[Value] = [
            Formula(f"={self.plan_sheet}!{a1(plan_row, month_col(m))}", matrix.money(line.plan[m]))
            for m in MONTHS
        ]
        matrix.months_row(row, values, line.plan, "group")
        sheet.put(row, CHECK, None, "group", "", "left_divider")
        self._actual(row + 1, line)
        self._new(row, index, line)

    def _actual(self, row: int, line: Line) -> None:
        """What has happened; a ledger's months are live, a typed figure closes its month."""
        sheet, matrix = self.sheet, self.matrix
        sheet.put(row, NAME, text("remaining.actual", self.lang), "cell", "", "indent2", "muted")
        for col in (WEIGHT, SPARK):
            sheet.put(row, col, None, "cell")
        done = sum(value or 0 for value in line.actual)
        year = Formula(f"=SUM({matrix.all_months(row)})", matrix.money(done))
        sheet.put(row, ANNUAL, year, "cell", matrix.fmt, "muted")
        for quarter in QUARTERS:
            col = quarter_col(quarter)
            amount = sum(v or 0 for v in line.actual[3 * quarter : 3 * quarter + 3])
            value = Formula(f"=SUM({a1(row, col + 1)}:{a1(row, col + 3)})", matrix.money(amount))
            sheet.put(row, col, value, "cell", matrix.fmt, "dense", "left_divider", "banded")
            validate(sheet, self.lang, (row, col + 1, row, col + 3), -1e13, "error_number")
        for month, sold in enumerate(line.actual):
            cell = None if sold is None else self._sold_cell(line, month, sold)
            sheet.put(row, month_col(month), cell, "input", matrix.fmt, "dense")
            closed = f"=IF(ISNUMBER({a1(row, month_col(month))}),1,0)"
            put_helper(sheet, row, LINE + month, closed, int(sold is not None))
        due = sum(p for p, sold in zip(line.plan, line.actual, strict=True) if sold is not None)
        planned = f"SUMPRODUCT({twelve(row - 1, LINE)},{twelve(row, LINE)})"
        formula = f'=IF({planned}=0,"–",{a1(row, ANNUAL)}/{planned})'
        attained = Formula(formula, Decimal(done) / due if due else "–")
        sheet.put(row, SHARE, attained, "cell", "percent", "right")
        sheet.put(row, CHECK, None, "cell", "", "left_divider")
        sheet.height(row, 19)

    def _sold_cell(self, line: Line, month: int, amount: int) -> Value:
        value = self.matrix.money(amount)
        if not self.actuals.is_live:
            return value
        first, end = self.scope.year_months(self.settings.year)[month : month + 2]
        column = {key: ledger_column(key, self.lang) for key in ("amount", "date", "product_line")}
        bounds = [f"DATE({day.year},{day.month},{day.day})" for day in (first, end)]
        name = line.name.replace('"', '""')
        for sign in "~*?":
            name = name.replace(sign, f"~{sign}")
        sums = (
            f'SUMIFS({column["amount"]},{column["date"]},">="&{bounds[0]},{column["date"]},'
            f'"<"&{bounds[1]},{column["product_line"]},"={name}")'
        )
        return Formula(f"=ROUND({sums},{self.decimals})", value)

    def _new(self, plan_row: int, index: int, line: Line) -> None:
        sheet, matrix, row = self.sheet, self.matrix, plan_row + 2
        sheet.put(row, NAME, text("remaining.new", self.lang), "cell", "", "indent2", "bold")
        sheet.put(row, WEIGHT, None, "cell")
        sheet.put(row, SHARE, None, "cell")
        year = Formula(f"=SUM({matrix.quarters(row)})", matrix.money(sum(line.new)))
        sheet.put(row, ANNUAL, year, "cell", matrix.fmt, "bold")
        values: list[Value] = [matrix.money(amount) for amount in line.new]
        if self.live:
            values = self._split(plan_row, row, index, line)
        matrix.months_row(row, values, line.new, "cell", "bold")
        formula = f"=ROUND({a1(row, ANNUAL)}-{a1(plan_row, ANNUAL)},{self.decimals})"
        gap = Formula(formula, matrix.money(line.gap))
        sheet.put(row, CHECK, gap, "cell", "difference", "left_divider", "dense")

    def _split(self, plan_row: int, row: int, index: int, line: Line) -> list[Value]:
        """Helper cells of the largest-remainder split of what is left, and the months."""
        sheet, matrix, unit = self.sheet, self.matrix, self.targets.unit
        able, reach, base = self._able(line), self._reach(line), self._base(line)
        parts = [part * flag for part, flag in zip(self.parts, reach, strict=True)]
        whole, rest = sum(parts), self._rest(line)
        units, odd = divmod(rest, unit)
        lock_row = self.layout.locks(index)
        open_plan = f"SUMPRODUCT({twelve(plan_row, LINE)}*(1-{twelve(plan_row + 1, LINE)}))"
        put_helper(
            sheet, row, GAP,
            f"=ROUND({a1(plan_row, ANNUAL)}-{a1(plan_row + 1, ANNUAL)}-{open_plan},"
            f"{self.decimals})",
            matrix.money(self._open_gap(line)),
        )  # fmt: skip
        gap = a1(row, GAP, False, True)
        for month in MONTHS:
            actual, plan = a1(plan_row + 1, month_col(month)), a1(plan_row, month_col(month))
            lock = f"{self.plan_sheet}!{a1(lock_row, month_col(month))}"
            weight = a1(WEIGHTS_ROW, PARTS + month, True)
            put_helper(
                sheet, row, COUNTS + month,
                f"=IF(OR(ISNUMBER({actual}),ISNUMBER({lock}),{weight}=0),0,1)", able[month],
            )  # fmt: skip
            flag, part = a1(row, COUNTS + month), a1(row, PARTS + month)
            so_far = f"SUM({a1(row, COUNTS, False, True)}:{flag})"
            put_helper(
                sheet, row, PARTS + month,
                f"={weight}*IF({self.way_cell}=1,{flag},"
                f"IF({self.way_cell}=2,{flag}*({so_far}<={self.months_cell})*({gap}<>0),0))",
                parts[month],
            )  # fmt: skip
            put_helper(
                sheet, row, BASES + month,
                f"=IF(ISNUMBER({actual}),{actual},IF({part}>0,0,"
                f"IF(AND({self.way_cell}=1,NOT(ISNUMBER({lock}))),0,{plan})))",
                matrix.money(base[month] or 0),
            )  # fmt: skip
        bases = f"SUM({twelve(row, BASES)})"
        left = f"MAX(0,ROUND({a1(plan_row, ANNUAL)}-{bases},{self.decimals}))"
        count, whole_cell = a1(row, UNITS, False, True), a1(row, WHOLE, False, True)
        put_helper(sheet, row, WHOLE, f"=SUM({twelve(row, PARTS)})", whole)
        put_helper(
            sheet, row, UNITS, "=" + split.units_formula(left, self.unit, self.decimals), units
        )
        put_helper(
            sheet, row, ODD, "=" + split.odd_formula(left, count, self.unit, self.decimals),
            matrix.money(odd),
        )  # fmt: skip
        values: list[Value] = []
        for month in MONTHS:
            part, over = a1(row, PARTS + month), a1(row, RESTS + month)
            put_helper(
                sheet, row, RESTS + month, split.rest_formula(count, part, whole_cell),
                units * parts[month] % whole if whole else units * parts[month],
            )  # fmt: skip
            before = f"{a1(row, RESTS, False, True)}:{a1(row, RESTS + month - 1)}" if month else ""
            share = split.share_formula(
                unit=self.unit, units=count, part=part, whole=whole_cell, rest=over,
                rests=twelve(row, RESTS), before=before, parts=twelve(row, PARTS),
                position=month + 1, odd=a1(row, ODD, False, True), decimals=self.decimals,
            ).removeprefix("=")  # fmt: skip
            kept = a1(row, BASES + month)
            formula = f"=IF({part}>0,{share},{kept})"
            values.append(Formula(formula, matrix.money(line.new[month])))
        return values

    def _totals(self, row: int) -> None:
        """Plan, actual and new target of all lines; the check: by lines = by months."""
        sheet, matrix, lang = self.sheet, self.matrix, self.lang
        plans = [[line.plan[m] for line in self.lines] for m in MONTHS]
        done = [[line.actual[m] or 0 for line in self.lines] for m in MONTHS]
        new = [[line.new[m] for line in self.lines] for m in MONTHS]
        for offset, (key, months) in enumerate(
            (("total_plan", plans), ("total_actual", done), ("total_new", new))
        ):
            rows = [BODY + ROWS * i + offset for i in range(len(self.lines))]
            amounts = [sum(column) for column in months]
            style = "total" if key == "total_new" else "cell"
            matrix.sum_row(row + offset, text(f"remaining.{key}", lang), rows, amounts,
                           sum(amounts), style)  # fmt: skip
            sheet.put(row + offset, SHARE, None, style)
            if key != "total_new":
                continue
            gap = sum(line.gap for line in self.lines)
            formula = f"=ROUND({a1(row + 2, ANNUAL)}-{a1(row, ANNUAL)},{self.decimals})"
            value = Formula(formula, matrix.money(gap))
            _replace(sheet, row + 2, CHECK, value)
        said = text("remaining.check", lang)
        sheet.put(row + 3, NAME, said, "label", "", "left")
        gaps = [a1(BODY + ROWS * i + 2, CHECK) for i in range(len(self.lines))]
        formula = f"=ROUND({a1(row + 2, CHECK)}-SUM({','.join(gaps)}),{self.decimals})"
        sheet.put(row + 3, CHECK, Formula(formula, Decimal(0)), "label", "check", "center",
                  "positive", "bold")  # fmt: skip
        test = f"={a1(row + 3, CHECK)}<>0"
        sheet.conditions.append(
            Condition("formula", (row + 3, CHECK, row + 3, CHECK), "check_bad", test)
        )
        sheet.height(row + 3, 20)
        self.book.check(sheet, row + 3, CHECK, said, Decimal(0))
        area = (BODY, CHECK, row + 2, CHECK)
        first = a1(BODY, CHECK)
        sheet.conditions.append(
            Condition("formula", area, "negative", f"=AND(ISNUMBER({first}),{first}<0)")
        )


def _replace(sheet: Sheet, row: int, col: int, value: Formula) -> None:
    """The matrix's own check cell gives way to the gap."""
    sheet.cells = [c for c in sheet.cells if (c.row, c.col) != (row, col)]
    sheet.put(row, col, value, "total", "difference", "left_divider", "dense")
