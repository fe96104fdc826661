"""The statement a payee gets: what is credited, what it earns, what is payable, and why.

>>> sheets = build(statement, run, book)
>>> [sheet.key for sheet in sheets]
['statement']

One A4 page for a usual period; more than `PAGE_LINES` credited lines go to a second sheet, a
table to filter. Everything on it is this payee's: nobody else's name, order or figure. All pay
is before tax.
"""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal

from salesxl.ledger.pay.results import PayRun, Statement
from salesxl.sheets.content import Book, Formula, Sheet, Value, a1
from salesxl.sheets.page import (
    FIRST_ROW,
    colour_negative,
    fill,
    meta_strip,
    page,
    spacer,
    verdict_formula,
)
from salesxl.sheets.row_heights import fit_page, keep_together
from salesxl.sheets.statement_extras import extras_of, write_extras
from salesxl.sheets.statement_lines import Lines, customer_of
from salesxl.sheets.statement_many import ManyLines
from salesxl.sheets.statement_pen import (
    BAND,
    BASE,
    CREDITED,
    CUSTOMER,
    DAY,
    EXACT,
    KEY,
    LAST,
    NAME,
    ORDER,
    PART,
    PAY,
    RATE,
    REST,
    RUNNING,
    SHARE,
    START,
    STEP,
    THRESHOLD,
    TIER_PAY,
    TIER_RATE,
    Pen,
    decimal,
    short_day,
)
from salesxl.sheets.statement_settlement import (
    settlement_rows,
    status,
    write_how,
    write_settlement,
    write_sign_off,
)
from salesxl.sheets.statement_table import band_name, tells_all
from salesxl.sheets.statement_tiers import TierTables
from salesxl.sheets.styles import number_format
from salesxl.sheets.widths import merged_px, overflows, shown, text_px, width_for
from salesxl.texts import Lang, text

PAGE_LINES = 40  # more credited lines get a sheet of their own
_ALIGN = 4  # rows the settlement may be longer than the lines before the sides part
_DIFFERENCE = KEY + 1  # right of the print area, in the title row


def build(statement: Statement, run: PayRun, book: Book) -> list[Sheet]:
    """The sheet "statement", and "lines" where there are many. Registers the check of each plan:
    pay line by line = pay by its table."""
    return _Page(statement, run, book).build()


class _Page:
    def __init__(self, statement: Statement, run: PayRun, book: Book) -> None:
        lang: Lang = book.lang
        right = frozenset({NAME, START, TIER_RATE, PART, TIER_PAY, THRESHOLD, STEP})
        sheet = Sheet("statement", "", kind="read", last_col=LAST, beside=right)
        self.pen = Pen(sheet, book, statement, run, lang)
        sheet.title, sheet.purpose = self.pen.say("tab"), self.pen.say("purpose")
        self.sheet, self.statement, self.run, self.lang = sheet, statement, run, lang
        many = len(statement.lines) > PAGE_LINES
        self.lines: Lines | ManyLines = ManyLines(self.pen) if many else Lines(self.pen)

    def build(self) -> list[Sheet]:
        pen, sheet = self.pen, self.sheet
        self._columns()
        row = spacer(sheet, self._meta(FIRST_ROW), 8)
        left, right = self._blocks(row)
        sheet.beside_rows = (row, max(left, right))
        row = spacer(sheet, max(left, right), 8)
        end = write_sign_off(pen, row)
        sheet.print_last_row = end - 1
        self._checks()
        colour_negative(sheet, (FIRST_ROW + 2, BASE, left, PAY))
        colour_negative(sheet, (FIRST_ROW + 2, START, self.due_row - 1, TIER_PAY))
        self._grow()
        keys = [str(cell.value) for cell in sheet.cells if cell.col == KEY]
        self._fit(KEY, keys, 18, 250)
        fit_page(sheet)
        if not sheet.fit_height:
            keep_together(sheet, row, end - 1)
        more = self.lines.sheets if isinstance(self.lines, ManyLines) else []
        return [sheet, *more]

    # ---- widths

    def _columns(self) -> None:
        """Wide enough for every figure that can stand in the column; words wrap."""
        sheet, pen, s = self.sheet, self.pen, self.statement
        lines, fmt = s.lines, pen.sums
        credited = [line.credited for line in lines] + [s.credited]
        runs = [line.running for line in lines]
        runs += [f for pay in s.plans for f in (pay.quota, pay.before_credited,
                                                pay.before_credited + pay.credited)]  # fmt: skip
        pays = [line.pay for line in lines] + [
            s.commission,
            s.payable,
            s.earned,
            *(pay.plan.target_pay_amount or 0 for pay in s.plans),
            *(p.before_earned for p in s.plans),
        ]
        items = [item.name for item in extras_of(pen)]
        self._fit(ORDER, [line.order for line in lines] + items, 13, 18)
        self._fit(DAY, [pen.say("objection_item") + "0"], 13, 14)
        longest = 28 if self.lang == "zh" else 36
        self._fit(CUSTOMER, [customer_of(pen, line) for line in lines], 22, longest)
        self._figures(BASE, [line.base_amount for line in lines], fmt, 12.5)
        sheet.width(SHARE, 8.5)
        self._figures(CREDITED, credited, fmt, 12.5)
        self._figures(RUNNING, runs, fmt, 12.5)
        sheet.width(BAND, 11)
        sheet.width(RATE, 10.5)
        self._figures(PAY, pays, "pay", 12.5)
        sheet.width(PAY + 1, 1.6)
        bands = [band_name(pen, pay, n) for pay in s.plans for n in range(len(pay.tiers))]
        if not all(tells_all(pay) for pay in s.plans):
            bands.append(pen.say("tier_number", number="10") + " · 2026-12-31")
        words = ("commission", "extras_row", "recovered", "balance", "plan_total", "grid_corner")
        labels = [pen.say(key) for key in words]
        self._fit(NAME, labels + bands, 15, 20)
        self._figures(START, runs, fmt, 12)
        self._fit(TIER_RATE, [pen.say("attainment")], 10, 12)
        self._figures(PART, runs + pays, fmt, 12)
        self._figures(TIER_PAY, pays, "pay", 13)
        sheet.width(LAST + 1, 3)
        for col in (EXACT, REST, THRESHOLD, STEP, KEY, _DIFFERENCE):
            sheet.width(col, 18)

    def _grow(self) -> None:
        """Figures only the blocks know, such as a part of a band to four decimals."""
        sheet, pen = self.sheet, self.pen
        merged = {(row, col) for row, col, _, _ in sheet.merges}
        alone = dataclasses.replace(pen.book, sheets=[sheet])
        looks = {a1(cell.row, cell.col): cell for cell in sheet.cells}
        for _, place, words, need, _ in overflows(alone):
            cell = looks.get(place)
            is_figure = words[-1:].isdigit() or words.endswith("%")
            if cell is None or not is_figure or (cell.row, cell.col) in merged:
                continue
            if cell.col <= LAST and "wrap" not in cell.look.extras:
                width = math.ceil((need - 5) / 7 * 2 + 1) / 2
                sheet.width(cell.col, max(sheet.widths[cell.col], width))

    def _figures(self, col: int, minors: list[int], fmt: str, least: float) -> None:
        pen = self.pen
        code = number_format(fmt, self.lang, self.run.currency, pen.decimals)
        texts = [shown(pen.money(minor), code) for minor in minors]
        # Two more digits: parts of a band may be finer than the minor unit.
        px = max((text_px(f"{t}", 10, True, self.lang) for t in texts), default=0)
        self.sheet.width(col, max(least, width_for(px, pads=2)))

    def _fit(self, col: int, texts: list[str], least: float, most: float) -> None:
        px = max((text_px(words, 10, False, self.lang) for words in texts), default=0)
        slack = 1.0 if self.lang == "zh" else 0.92  # as wrapped words are measured
        self.sheet.width(col, min(most, max(least, width_for(px / slack, indent=1))))

    # ---- blocks

    def _meta(self, row: int) -> int:
        pen, s, say = self.pen, self.statement, self.pen.say
        plans = pen.names(dict.fromkeys(pay.plan.name for pay in s.plans)) or "–"
        single = s.plans[0] if len(s.plans) == 1 else None
        if single is not None:
            plans = say("plan_from", name=plans, day=single.plan.effective_from.isoformat())
        period = self.run.period
        days = say("days", first=period.first_day.isoformat(),
                   last=short_day(period.first_day, period.last_day))  # fmt: skip
        boss = f"{s.manager or '–'} / {s.number}"
        role = " · ".join(word for word in (s.role, s.region) if word) or "–"
        left: list[tuple[str, Value]] = [
            (say("name"), s.name), (say("role"), role), (say("plan"), plans),
            (say("days_label"), days), (say("manager"), boss),
        ]  # fmt: skip
        spans = [(ORDER, ORDER), (DAY, CUSTOMER), (BASE, CREDITED), (RUNNING, BAND), (RATE, PAY)]
        left = [(label, self._clipped(str(value), span))
                for (label, value), span in zip(left, spans, strict=True)]  # fmt: skip
        quota: Value = "–"
        if single is not None and single.quota:
            quota = pen.money(single.quota)
            pen.quota_cell = a1(row + 1, NAME, True, True)
        elif len(s.plans) > 1:
            quota = say("see_two")
        right: list[tuple[str, Value]] = [
            (say("quota"), quota), (say("attainment"), None), (say("status"), None),
        ]  # fmt: skip
        spans += [(NAME, START), (TIER_RATE, TIER_RATE), (PART, TIER_PAY)]
        fmts = [""] * 5 + [self._plain_sum(), "0.0%", ""]
        end = meta_strip(self.sheet, row, [*left, *right], spans, surface=True, fmts=fmts)
        look = ("banded", "left", "small")
        self._replace(row + 1, NAME, quota, *look)
        self._replace(row + 1, TIER_RATE, quota if isinstance(quota, str) else None, *look)
        for line in (row, row + 1):
            fill(self.sheet, line, PAY + 1, PAY + 1, "body")
        return end

    def _clipped(self, words: str, columns: tuple[int, int]) -> str:
        """As much of a name as the strip has room for."""
        room = merged_px(self.sheet, *columns) - 18
        if text_px(words, 9, True, self.lang) <= room:
            return words
        while words and text_px(f"{words}…", 9, True, self.lang) > room:
            words = words[:-1]
        return f"{words.rstrip()}…"

    def _plain_sum(self) -> str:
        """Money without padding: it stands under its label."""
        digits = self.pen.decimals if self.pen.sums == "pay" else 0
        return "#,##0" + ("." + "0" * digits if digits else "")

    def _replace(self, row: int, col: int, value: Value, *extras: str) -> None:
        """Another value in a cell placed before; its extras where some are given."""
        cell = next(c for c in self.sheet.cells if (c.row, c.col) == (row, col))
        self.sheet.cells.remove(cell)
        look = cell.look
        self.sheet.put(row, col, value, look.style, look.fmt, *(extras or look.extras))

    def _blocks(self, row: int) -> tuple[int, int]:
        """Both sides; returns the next free row of each."""
        pen, sheet, s = self.pen, self.sheet, self.statement
        left = self.lines.lay_out(row)
        self._live_attainment()
        sheet.put(row, NAME, pen.say("tiers"), "section")
        fill(sheet, row, NAME + 1, TIER_PAY, "section_rule")
        right = row + 1
        tables = TierTables(pen)
        for pay, cells in zip(s.plans, pen.cells, strict=True):
            right = tables.write(right, pay, cells)
        if not s.plans:
            sheet.merge(right, NAME, right, TIER_PAY, pen.say("no_plans"), "panel")
            right += 1
        self.lines.write(row)
        # The amount due stands beside the lines' total where the lines leave room for it.
        start = max(right, left - settlement_rows(pen))
        due = start + settlement_rows(pen)
        self.due_row = due - 1
        extras_row = left + 1
        if left < due <= left + _ALIGN:
            extras_row = due + 1  # a little air, and both sides go on in one row
        if extras_row == due + 1:
            sheet.height(due, 8)
        below, total = write_extras(pen, extras_row)
        right = write_settlement(pen, start, a1(self.lines.total_row, PAY), total)
        right = write_how(pen, right + 1, below)
        return below, right

    def _live_attainment(self) -> None:
        """Attainment = credit ÷ quota, once it is known where the credit stands."""
        pen, plans = self.pen, self.statement.plans
        if len(plans) != 1 or not pen.quota_cell:
            return
        reached = plans[0].attainment
        if reached is None:
            return
        credit = pen.cells[0].credited
        if plans[0].before_credited:
            credit = f"({pen.money(plans[0].before_credited)}+{credit})"
        live = Formula(f"={credit}/{pen.quota_cell}", decimal(reached, 12))
        self._replace(FIRST_ROW + 1, TIER_RATE, live)

    # ---- checks and names

    def _checks(self) -> None:
        """Each plan's pay: line by line against its table."""
        pen, sheet, book = self.pen, self.sheet, self.pen.book
        say, s = pen.say, self.statement
        refs = []
        for number, (pay, cells) in enumerate(zip(s.plans, pen.cells, strict=True)):
            difference = self.lines.sums[number] - cells.earned_minor
            live = Formula(f"=ROUND({cells.lines_pay}-{cells.earned},{pen.decimals})",
                           pen.money(difference))  # fmt: skip
            refs.append(pen.put(FIRST_ROW + number, _DIFFERENCE, live, "label", "check"))
            title = say("check", plan=pay.plan.name)
            book.check(sheet, FIRST_ROW + number, _DIFFERENCE, title, pen.money(difference))
        sheet.merge(FIRST_ROW - 2, EXACT, FIRST_ROW - 2, _DIFFERENCE, say("not_printed"), "label")
        subtitle = say("subtitle", company=book.company, period=self.run.period.label,
                       currency=self.run.currency)  # fmt: skip
        verdict = self._verdict(refs) if refs else None
        page(sheet, say("title"), subtitle, self.lang, verdict, back=False)
        self._replace(FIRST_ROW + 1, PART, status(pen))
        self._names()

    def _verdict(self, refs: list[str]) -> Formula:
        worst = max((abs(check.difference) for check in self.pen.book.checks), default=Decimal(0))
        made = verdict_formula(refs, self.lang, worst, self.pen.decimals)
        good = text("page.verdict_ok", self.lang)
        ours = self.pen.say("verdict_ok")
        return Formula(made.text.replace(f'"{good}"', f'"{ours}"'),
                       str(made.value).replace(good, ours))  # fmt: skip

    def _names(self) -> None:
        """What brings an objection home: whose statement, of what, made from what."""
        sheet, s = self.sheet, self.statement
        told = {
            "statement_number": s.number, "statement_person": s.person,
            "statement_period": self.run.period.label,
            "statement_fingerprint": self.run.fingerprint[:12],
        }  # fmt: skip
        start = FIRST_ROW + len(s.plans) + 1
        for offset, (name, value) in enumerate(told.items()):
            sheet.put(start + offset, _DIFFERENCE, value, "label", "text", name=name)
            self.pen.book.names[name] = f"={sheet.ref(start + offset, _DIFFERENCE)}"
