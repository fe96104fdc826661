"""A sheet for each plan: its pay from 0 to 200 % of quota, its tiers, its cliffs.

The tiers after the change are yellow: the curve, its table and its chart's title follow them.
The chart's data stand right of the print area, a row a per cent, as portable formulas of the
tiers; a matrix has values.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from salesxl.ledger.what_if.compare import WhatIf
from salesxl.ledger.what_if.curve import STEPS, CurveSide, PlanCurve
from salesxl.plan.model import TIER_KINDS
from salesxl.sheets.content import (
    Book,
    Chart,
    Formula,
    Series,
    Sheet,
    Validation,
    Value,
    a1,
    span,
)
from salesxl.sheets.page import (
    FIRST_ROW,
    body_row,
    colour_negative,
    header_row,
    legend,
    note,
    page,
    section,
    sheet_title,
    spacer,
)
from salesxl.sheets.sentence import number, sentence, shown
from salesxl.sheets.widths import fit_widths
from salesxl.texts import text

PLACE, CREDIT, NOW, AFTER, DIFFERENCE = range(1, 6)
GAP = 6
RIGHT, LAST = 7, 10
SIDES = {"now": 7, "after": 9}  # first column of each side's tiers
DATA = 12  # right of the print area: attainment, credit, now, after
CHART_ROWS = 14
SHOWN = range(0, 201, 20)


@dataclass
class _Cells:
    """Where one side's tiers stand, absolute; "" where there are none."""

    side: CurveSide
    thresholds: list[str] = field(default_factory=list)
    threshold_range: str = ""
    rate_range: str = ""
    step_range: str = ""
    quota: str = ""
    cap: str = ""
    floor: str = ""
    target_pay: str = ""

    @property
    def live(self) -> bool:
        return bool(self.thresholds) and self.side.version.plan.kind != "matrix"

    def nudge(self, decimals: int) -> str:
        """What lifts a tie of cents that doubles put a hair below itself; too small to
        change another figure."""
        return "0." + "0" * min(decimals + 6, 9) + "5"

    def pay(self, credit: str, decimals: int) -> str:
        """The rule on the credit in a cell, rounded, within the limits."""
        kind, by = self.side.version.plan.kind, self.side.version.by_attainment
        goal = f"*{self.quota}" if by else ""
        place = f"ROUND({credit}/{self.quota},12)" if by else credit
        low, rates = self.threshold_range, self.rate_range
        if kind == "marginal":
            over = f"{credit}-{low}{goal}"
            pay = f"SUMPRODUCT(({over}>0)*({over})*{self.step_range})"
        elif kind == "flat":
            pay = f"{credit}*INDEX({rates},1)"
        elif kind == "whole_amount":
            found = f"INDEX({rates},MATCH({place},{low},1))"
            pay = f"IF({place}<{self.thresholds[0]},0,{credit}*{found})"
        else:
            pay = f"{self.target_pay}*{self._interpolated(place)}"
        if self.floor:
            pay = f"MAX({pay},N({self.floor}))"
        if self.cap:
            pay = f'IF({self.cap}="",{pay},MIN({pay},{self.cap}))'
        guard = f"IF({self.quota}<=0,0," if by else ""
        return f"={guard}ROUND({pay}+{self.nudge(decimals)},{decimals}){')' if by else ''}"

    def _interpolated(self, place: str) -> str:
        low, rates = self.threshold_range, self.rate_range
        first, last = self.thresholds[0], self.thresholds[-1]
        count = len(self.thresholds)
        if count == 1:
            return f"IF({place}<{first},0,INDEX({rates},1))"
        k = f"MATCH({place},{low},1)"
        left, right = f"INDEX({low},{k})", f"INDEX({low},{k}+1)"
        rise = f"(INDEX({rates},{k}+1)-INDEX({rates},{k}))"
        line = f"INDEX({rates},{k})+({place}-{left})*{rise}/({right}-{left})"
        end = f"IF({place}>={last},INDEX({rates},{count}),{line})"
        return f"IF({place}<{first},0,{end})"


def build_curves(found: WhatIf, book: Book, taken: Collection[str]) -> list[Sheet]:
    """A sheet for each plan; `taken` are the tab names already used."""
    sheets: list[Sheet] = []
    for place, curve in enumerate(found.curves, 1):
        used = [*taken, *(sheet.title for sheet in sheets)]
        wanted = text("what_if.curve_tab", book.lang, plan=curve.plan)
        sheet = Sheet(
            f"what_if_curve_{place}", sheet_title(wanted, used), kind="edit", last_col=LAST,
            purpose=text("what_if.curves_purpose", book.lang), fit_height=1,
        )  # fmt: skip
        sheets.append(_Curve(found, book, curve, sheet).build())
    return sheets


class _Curve:
    def __init__(self, found: WhatIf, book: Book, curve: PlanCurve, sheet: Sheet) -> None:
        self.found, self.book, self.lang = found, book, book.lang
        self.decimals = found.decimals
        self.curve, self.sheet = curve, sheet

    def say(self, key: str, **values: object) -> str:
        return text(f"what_if.{key}", self.lang, **values)

    def money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.decimals)

    def pattern(self) -> str:
        return "#,##0" + ("." + "0" * self.decimals if self.decimals else "")

    def build(self) -> Sheet:
        sheet, found, curve = self.sheet, self.found, self.curve
        sheet.width(GAP, 1.6)
        row = legend(sheet, FIRST_ROW, 1, self.lang, self.say("curves_legend"))
        row = self.block(spacer(sheet, row, 10), curve)
        row = spacer(sheet, row, 8)
        for line in self.notes():
            row = note(sheet, row, 1, LAST, line)
        sheet.print_last_row = row - 1
        sheet.widths.setdefault(0, 1.7)
        sheet.width(DATA, 48)  # the chart's title stands here
        sheet.width(DATA + 1, 18, DATA + 2, DATA + 3)
        fit_widths(sheet, self.lang, self.book.currency, self.decimals, floor=16)
        subtitle = self.say("curves_subtitle", currency=found.currency)
        page(sheet, curve.name, subtitle, self.lang, back=False)
        return sheet

    def notes(self) -> list[str]:
        lines = [self.say("note_curve")]
        sides = [side for side in (self.curve.now, self.curve.after) if side is not None]
        if any(side.version.plan.kind == "matrix" for side in sides):
            lines.append(self.say("note_matrix"))
            seconds = [side.second for side in sides if side.second is not None]
            if seconds:
                lines.append(self.say("note_second", second=f"{float(seconds[-1]):.1%}"))
        return lines

    def block(self, row: int, curve: PlanCurve) -> int:
        sheet = self.sheet
        quota = shown(self.money(curve.quota), "#,##0")
        basis = self.say(f"basis_{curve.basis}", count=curve.people)
        side = self.say("curve_side", quota=quota, basis=basis)
        section(sheet, row, PLACE, DIFFERENCE, self.say("curve_section"), side)
        section(sheet, row, RIGHT, LAST, self.say("tiers_section"))
        cells, right = self.tiers(row + 1, curve)
        right = self.jumps(spacer(sheet, right, 19), curve)
        self.data(curve, cells)
        chart = row + 1
        for line in range(chart, chart + CHART_ROWS):
            sheet.heights.setdefault(line, 19)
        left = self.table(chart + CHART_ROWS, curve)
        self.chart(chart, curve)
        return max(left, right)

    # ---- tiers

    def tiers(self, row: int, curve: PlanCurve) -> tuple[dict[str, _Cells], int]:
        """Both sides' kinds, tiers and limits; the after side may be changed."""
        sheet, say = self.sheet, self.say
        found: dict[str, _Cells] = {}
        for key, col in SIDES.items():
            side: CurveSide | None = getattr(curve, key)
            kind = say("version_none")
            if side is not None:
                found[key] = _Cells(side)
                plan = side.version.plan
                kind = TIER_KINDS[plan.kind][0 if self.lang == "zh" else 1]
                kind = f"{kind} · {plan.effective_from.isoformat()}"
            said = say("kind_is", which=say(key), kind=kind)
            sheet.merge(row, col, row, col + 1, said, "label", "", "bold")
        sheet.height(row, 20)
        heads = []
        for key in SIDES:
            curved = key in found and found[key].side.version.plan.kind == "interpolated"
            heads += [say(f"threshold_{key}"), say(f"{'payout' if curved else 'rate'}_{key}")]
        first = header_row(sheet, row + 1, RIGHT, heads, "rrrr")
        count = max(len(cells.side.version.thresholds) for cells in found.values())
        for line in range(first, first + count):
            sheet.height(line, 19)
            for col in range(RIGHT, LAST + 1):
                if not any(len(c.side.version.thresholds) > line - first
                           for k, c in found.items() if SIDES[k] in (col, col - 1)):  # fmt: skip
                    sheet.put(line, col, None, "cell")
        for key, cells in found.items():
            self.side(first, SIDES[key], cells, key == "after")
        return found, self.limits(first + count, found)

    def side(self, first: int, col: int, cells: _Cells, typed: bool) -> None:
        sheet, version = self.sheet, cells.side.version
        if not version.thresholds:
            return
        # Only what drives a curve is yellow: a matrix has values.
        style = "input" if typed and version.plan.kind != "matrix" else "cell"
        low_format = "percent" if version.by_attainment else "pay"
        rate_format = "percent" if version.plan.kind == "interpolated" else "rate"
        last = first + len(version.thresholds) - 1
        steps = col + DATA  # beyond the chart's data
        for line, (low, rate) in enumerate(zip(version.thresholds, version.rates, strict=True),
                                           first):  # fmt: skip
            if version.seconds:
                second = version.seconds[line - first]
                cell = f"{_plain(low, version.by_attainment)} / {_plain(second, True)}"
                sheet.put(line, col, cell, style, "", "right")
            else:
                sheet.put(line, col, low, style, low_format)
            sheet.put(line, col + 1, rate, style, rate_format)
            if version.plan.kind == "marginal":
                before = f"-{a1(line - 1, col + 1)}" if line > first else ""
                step = rate - (version.rates[line - first - 1] if line > first else 0)
                formula = Formula(f"={a1(line, col + 1)}{before}", step)
                sheet.put(line, steps, formula, "label", "", "right")
        cells.thresholds = [a1(r, col, True, True) for r in range(first, last + 1)]
        cells.threshold_range = span(first, col, last, col, True)
        cells.rate_range = span(first, col + 1, last, col + 1, True)
        cells.step_range = span(first, steps, last, steps, True)
        if style == "input":
            area = (first, col, last, col + 1)
            self.sheet.validations.append(
                Validation(area, "decimal", minimum=0, error=self.say("error_number"))
            )

    def limits(self, row: int, found: dict[str, _Cells]) -> int:
        """Quota, cap, guarantee, pay at target: a row where one side has it."""
        rows = (("quota", None), ("cap", "cap_amount"), ("floor", "floor_amount"),
                ("target_pay", "target_pay_amount"))  # fmt: skip
        for name, attribute in rows:
            amounts = {
                key: cells.side.quota if attribute is None
                else getattr(cells.side.version.plan, attribute)
                for key, cells in found.items()
            }  # fmt: skip
            if all(amount is None for amount in amounts.values()):
                continue
            if name == "target_pay" and not any(
                cells.side.version.plan.kind == "interpolated" for cells in found.values()
            ):
                continue
            for key, cells in found.items():
                col, amount = SIDES[key], amounts[key]
                typed = key == "after" and cells.live
                self.sheet.put(row, col, self.say(f"row_{name}"), "cell", "", "muted")
                value = None if amount is None else self.money(amount)
                self.sheet.put(row, col + 1, value, "input" if typed else "cell", "pay")
                if typed:
                    self.sheet.validations.append(
                        Validation((row, col + 1, row, col + 1), "decimal", minimum=0,
                                   error=self.say("error_number"))
                    )  # fmt: skip
                if amount is not None or typed:
                    setattr(cells, name, a1(row, col + 1, True, True))
            self.sheet.height(row, 19)
            row += 1
        return row

    # ---- figures

    def data(self, curve: PlanCurve, cells: dict[str, _Cells]) -> None:
        """Attainment, credit, pay now and after: a row for each per cent."""
        sheet = self.sheet
        data = DATA
        sheet.put(FIRST_ROW - 1, data, self.say("not_printed"), "label")
        heads = [
            self.say("col_attainment"),
            self.say("col_credit"),
            self.say("now"),
            self.say("after"),
        ]
        for offset, head in enumerate(heads):
            sheet.put(FIRST_ROW, data + offset, head, "label")
        first = FIRST_ROW + 1
        for index, step in enumerate(STEPS):
            row = first + index
            sheet.put(row, data, f"{step}%", "label", "", "right")
            sheet.put(row, data + 1, self.money(curve.credit[index]), "label", self.pattern())
            credit = a1(row, data + 1)
            for offset, key in enumerate(SIDES, 2):
                if key not in cells:
                    continue
                pay = self.money(cells[key].side.pay[index])
                value: Value = pay
                if cells[key].live:
                    value = Formula(cells[key].pay(credit, self.decimals), pay)
                sheet.put(row, data + offset, value, "label", self.pattern())

    def table(self, row: int, curve: PlanCurve) -> int:
        """Every 20 % of quota, as printed."""
        sheet, say = self.sheet, self.say
        keys = ("col_attainment", "col_credit", "now", "after", "difference")
        row = header_row(sheet, row, PLACE, [say(key) for key in keys], "lrrrr")
        first = row
        for step in SHOWN:
            source = FIRST_ROW + 1 + step
            now, after = (side.pay[step] if side else None for side in (curve.now, curve.after))
            pays: list[Value] = [
                None if pay is None else Formula(f"={a1(source, DATA + 2 + n)}", self.money(pay))
                for n, pay in enumerate((now, after))
            ]
            difference: Value = None
            if now is not None and after is not None:
                formula = f"={a1(row, AFTER)}-{a1(row, NOW)}"
                difference = Formula(formula, self.money(after - now))
            credit = Formula(f"={a1(source, DATA + 1)}", self.money(curve.credit[step]))
            extras = ("highlight",) if step == 100 else ()
            row = body_row(
                sheet, row, PLACE, [f"{step}%", credit, *pays, difference],
                ["", "pay", "pay", "pay", "pay"], "cell", *extras,
            )  # fmt: skip
        colour_negative(sheet, (first, DIFFERENCE, row - 1, DIFFERENCE))
        return row

    def jumps(self, row: int, curve: PlanCurve) -> int:
        """The cliffs of both sides as the plans have them, values."""
        sheet, say = self.sheet, self.say
        row = section(sheet, row, RIGHT, LAST, say("jumps_section"))
        found = [
            (key, jump)
            for key in SIDES
            for jump in (getattr(curve, key).jumps if getattr(curve, key) else ())
        ]
        if not found:
            return note(sheet, row, RIGHT, LAST, say("jumps_none"))
        keys = ("col_which", "col_attainment", "col_credit", "col_jump")
        row = header_row(sheet, row, RIGHT, [say(key) for key in keys], "lrrr")
        first = row
        for key, jump in found:
            place = Decimal(jump.attainment.numerator) / jump.attainment.denominator
            mark = "▲" if jump.height > 0 else "▼"
            values: list[Value] = [f"{mark} {say(key)}", place, self.money(jump.credit),
                                   self.money(jump.height)]  # fmt: skip
            row = body_row(sheet, row, RIGHT, values, ["", "percent", "pay", "pay"])
        colour_negative(sheet, (first, LAST, row - 1, LAST))
        return row

    def chart(self, row: int, curve: PlanCurve) -> None:
        data = DATA
        first, last = FIRST_ROW + 1, FIRST_ROW + len(STEPS)
        names = (first, data, last, data)
        series = []
        if curve.now is not None:
            now = (first, data + 2, last, data + 2)
            series.append(Series(self.say("now"), names, now, "comparison"))
        if curve.after is not None:
            after = (first, data + 3, last, data + 3)
            series.append(Series(self.say("after"), names, after))
        at = first + 100
        parts = {
            key: number(a1(at, data + n), self.money(side.pay[100]), "#,##0")
            for n, (key, side) in enumerate((("now", curve.now), ("after", curve.after)), 2)
            if side is not None
        }
        if len(parts) == 2:
            title = sentence("what_if.chart_curve", self.lang, name=curve.name, **parts)
        else:
            only = next(iter(parts.values()))
            title = sentence("what_if.chart_curve_one", self.lang, name=curve.name, after=only)
        self.sheet.put(last + 1, data, title, "label")
        alt = self.say("chart_curve_alt", title=title.value)
        self.sheet.charts.append(
            Chart("line", row, PLACE, row + CHART_ROWS - 1, DIFFERENCE, (last + 1, data), series,
                  alt, unit=self.found.currency)
        )  # fmt: skip


def _plain(value: Decimal, share: bool) -> str:
    """A bound as text: 30%, 50,000."""
    if share:
        return f"{(value * 100).normalize():f}%"
    return f"{value.normalize():,f}"
