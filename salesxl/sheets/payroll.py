"""The workbook of a whole pay run, for those who pay: everybody's money, stage by stage.

Money goes credited → earned → payable → paid. The first sheet says how much stands at each
stage and closes the sum with the ledger: sales of the payees and what is in nobody's
commission make the ledger's total. Paid is typed in by whoever pays. The second sheet lists
the unassigned lines with their rows and reasons, the third what the run noticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesxl.ledger.pay.results import REASONS, PayRun, Statement
from salesxl.sheets.content import (
    Book,
    Formula,
    ListTable,
    Look,
    Rich,
    Scalar,
    Sheet,
    TableColumn,
    Validation,
    Value,
    a1,
    span,
)
from salesxl.sheets.page import (
    FIRST_ROW,
    colour_negative,
    colour_status,
    fill,
    header_row,
    kpi_tile,
    note,
    page,
    result_formula,
    section,
    spacer,
    verdict_formula,
)
from salesxl.sheets.payroll_lists import UNASSIGNED, problems_sheet, unassigned_sheet
from salesxl.sheets.widths import fit_widths, lines_for, merged_px, text_px, width_for
from salesxl.texts import text

TABLE = "payroll"
LAST = 16
_MONEY = ("own", "credited", "commission", "overrides", "bonuses", "earned", "taken", "held",
          "draw", "payable", "paid", "open")  # fmt: skip
_WORDS = ("person", "name", "role", "region")
_BLOCK = 8  # last column of the left block


def build(run: PayRun, book: Book) -> list[Sheet]:
    """ "payroll", and where there is anything to tell "unassigned" and "problems"."""
    return _Payroll(run, book).build()


@dataclass(frozen=True)
class _Row:
    """What one payee has at each stage, minor units."""

    own: int
    credited: int
    commission: int
    overrides: int
    bonuses: int
    earned: int
    taken: int
    held: int  # less what is released
    draw: int
    payable: int


def row_of(s: Statement) -> _Row:
    return _Row(
        own=s.own_amount,
        credited=s.credited,
        commission=s.commission,
        overrides=sum(item.pay for item in s.overrides),
        bonuses=sum(i.pay for i in s.spiffs) + sum(i.pay for i in s.bonuses),
        earned=s.earned,
        taken=sum(item.pay for item in s.clawbacks) + sum(item.amount for item in s.adjustments),
        held=sum(item.amount for item in s.released) - sum(item.amount for item in s.held),
        draw=s.drawn,
        payable=s.payable,
    )


class _Payroll:
    def __init__(self, run: PayRun, book: Book) -> None:
        self.run, self.book, self.lang = run, book, book.lang
        self.rows = [row_of(statement) for statement in run.statements]
        self.sheet = Sheet("payroll", self.say("tab"), purpose=self.say("purpose"), kind="edit",
                           last_col=LAST)  # fmt: skip
        self.more: list[Sheet] = []

    def say(self, entry: str, /, **values: object) -> str:
        return text(f"payroll.{entry}", self.lang, **values)

    def money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.run.decimals)

    def column(self, key: str) -> str:
        return f"{TABLE}[{self.say(f'col_{key}')}]"

    def sum(self, *keys: str) -> str:
        sums = "+".join(f"SUM({self.column(key)})" for key in keys)
        return f"ROUND({sums},{self.run.decimals})"

    def total(self, *keys: str) -> int:
        return sum(int(getattr(row, key)) for row in self.rows for key in keys if key != "paid")

    def build(self) -> list[Sheet]:
        sheet = self.sheet
        if self.run.unassigned:
            self.more.append(unassigned_sheet(self.run, self.lang))
        if self.run.problems:
            self.more.append(problems_sheet(self.run, self.lang))
        left, right = self._heights()
        top = FIRST_ROW
        table_row = top + 4 + max(left, right) + 2
        self._table(table_row)
        row = self._tiles(top)
        row = spacer(sheet, row, 10)
        self._sums(row)
        self._closing(row)
        spacer(sheet, table_row - 2, 10)
        section(sheet, table_row - 1, 1, LAST, self.say("people", count=len(self.rows)))
        last = table_row + max(1, len(self.rows))
        end = note(sheet, last + 1, 1, LAST, self.say("note"), 1)
        sheet.print_last_row = end - 1
        sheet.freeze = None
        sheet.repeat_rows = None
        self._head()
        return [sheet, *self.more]

    def _head(self) -> None:
        period = self.run.period
        subtitle = self.say(
            "subtitle", company=self.book.company or "–", first=period.first_day.isoformat(),
            last=period.last_day.isoformat(), currency=self.run.currency,
        )  # fmt: skip
        cells = [a1(check.row, check.col) for check in self.book.checks]
        worst = max((abs(check.difference) for check in self.book.checks), default=Decimal(0))
        verdict = verdict_formula(cells, self.lang, worst, self.run.decimals)
        page(self.sheet, self.say("title", period=period.label), subtitle, self.lang, verdict,
             back=False)  # fmt: skip

    # ---- the table of payees

    def _table(self, row: int) -> None:
        sheet, lang = self.sheet, self.lang

        def here(key: str) -> str:
            return f"{TABLE}[[#This Row],[{self.say(f'col_{key}')}]]"

        places = self.run.decimals
        formulas = {
            "earned": f"ROUND({here('commission')}+{here('overrides')}+{here('bonuses')},{places})",
            "payable": "ROUND(" + "+".join(
                here(key) for key in ("earned", "taken", "held", "draw")
            ) + f",{places})",
            "open": f"ROUND({here('payable')}-{here('paid')},{places})",
        }  # fmt: skip
        columns = [TableColumn(key, self.say(f"col_{key}"), self._word_look(key))
                   for key in _WORDS]  # fmt: skip
        columns += [
            TableColumn(key, self.say(f"col_{key}"),
                        Look("input" if key == "paid" else "cell", "pay",
                             ("bold",) if key in ("earned", "payable") else ()),
                        formulas.get(key, ""))
            for key in _MONEY
        ]  # fmt: skip
        lines: list[list[Scalar]] = []
        for statement, told in zip(self.run.statements, self.rows, strict=True):
            words: list[Scalar] = [statement.person, statement.name, statement.role,
                                   statement.region]  # fmt: skip
            figures: list[Scalar] = [
                None if key == "paid" else self.money(
                    told.payable if key == "open" else getattr(told, key))
                for key in _MONEY
            ]  # fmt: skip
            lines.append(words + figures)
        sheet.tables.append(ListTable(TABLE, row, 1, columns, lines))
        fit_widths(sheet, lang, self.run.currency, places)
        self._widen()
        sheet.height(row, 20)
        last = row + max(1, len(lines))
        paid = 1 + len(_WORDS) + _MONEY.index("paid")
        sheet.validations.append(
            Validation((row + 1, paid, last, paid), "decimal", minimum=-1e12, maximum=1e12,
                       prompt_title=self.say("col_paid"), prompt=self.say("paid_prompt"),
                       error=self.say("paid_error"))
        )  # fmt: skip
        colour_negative(sheet, (row + 1, len(_WORDS) + 1, last, LAST))

    def _widen(self) -> None:
        """Tiles and blocks stand on the table's columns: any figure of the run fits any of them."""
        sheet, run = self.sheet, self.run
        figures = [run.ledger_amount, run.unassigned_amount, -abs(run.payable)]
        figures += [self.total(key) for key in _MONEY if key not in ("paid", "open")]
        px = max(text_px(self._shown(minor), 10, True, self.lang) for minor in figures)
        least = max(11.5, width_for(px, pads=2), width_for(
            text_px(self.say("see_list"), 10, False, self.lang)))  # fmt: skip
        for col in range(1, LAST + 1):
            word = col <= len(_WORDS)
            width = sheet.widths.get(col, 10)
            sheet.width(col, width + 2 if word else max(width, least))

    @staticmethod
    def _word_look(key: str) -> Look:
        if key == "person":
            return Look("cell", "text", ("left",))
        return Look("cell")

    # ---- stages

    def _tiles(self, row: int) -> int:
        """Four tiles over the whole width: what stands at each stage."""
        run = self.run
        spans = ((1, 4), (5, 8), (9, 12), (13, LAST))
        people = len(self.rows)
        earned, payable = self.total("earned"), self.total("payable")
        credited = self.total("credited")
        rate = Decimal(earned) / credited if credited else Decimal(0)
        share = f"IF({self.sum('credited')}=0,0,{self.sum('earned')}/{self.sum('credited')})"
        gap = f"{self.sum('payable')}-{self.sum('earned')}"
        pattern = "#,##0" + ("." + "0" * run.decimals if run.decimals else "")
        open_ = f"{self.sum('payable')}-{self.sum('paid')}"
        subs: tuple[Value, ...] = (
            self.say("sub_credited", people=people, lines=f"{run.ledger_lines:,}"),
            Formula(f'="{self.say("sub_earned")} "&TEXT({share},"0.00%")',
                    f"{self.say('sub_earned')} {_percent(rate)}"),
            Formula(f'="{self.say("sub_payable")} "&TEXT({gap},"{pattern}")',
                    f"{self.say('sub_payable')} {self._shown(payable - earned)}"),
            Formula(f'="{self.say("sub_paid")} "&TEXT({open_},"{pattern}")',
                    f"{self.say('sub_paid')} {self._shown(payable)}"),
        )  # fmt: skip
        for (col, last), key, sub in zip(
            spans, ("credited", "earned", "payable", "paid"), subs, strict=True
        ):
            live = Formula(f"={self.sum(key)}", self.money(self.total(key)))
            kpi_tile(self.sheet, row, col, last, self.say(f"stage_{key}"), live, "pay", sub,
                     name=f"run_{key}")  # fmt: skip
        return row + 3

    def _shown(self, minor: int) -> str:
        return f"{self.money(minor):,.{self.run.decimals}f}"

    def _heights(self) -> tuple[int, int]:
        """Rows of the two blocks under the tiles, heads included."""
        return 2 + 8, 2 + 2 + len(self._reasons()) + 1

    def _sums(self, row: int) -> None:
        """From commission to payable, each step a column's total; the last found twice."""
        sheet, say = self.sheet, self.say
        section(sheet, row, 1, _BLOCK, say("steps"))
        self._block_head(row + 1, 1, _BLOCK, "step", "amount")
        steps = (("commission", ""), ("overrides", ""), ("bonuses", ""), ("earned", "subtotal"),
                 ("taken", ""), ("held", ""), ("draw", ""))  # fmt: skip
        first = row + 2
        adding = []
        for offset, (key, style) in enumerate(steps):
            here = first + offset
            look = style or "cell"
            sheet.merge(here, 1, here, _BLOCK - 1, say(f"step_{key}"), look)
            formula = f"={self.sum(key)}"
            if key == "earned":
                formula = (
                    f"=ROUND(SUM({span(first, _BLOCK, here - 1, _BLOCK)}),{self.run.decimals})"
                )
            live = Formula(formula, self.money(self.total(key)))
            sheet.put(here, _BLOCK, live, look, "pay")
            sheet.height(here, 19)
            if key not in ("commission", "overrides", "bonuses"):
                adding.append(a1(here, _BLOCK))
        last = first + len(steps)
        sheet.merge(last, 1, last, _BLOCK - 1, say("step_payable"), "pay_label")
        value = self.total("earned", "taken", "held", "draw")
        live = Formula(f"=ROUND({'+'.join(adding)},{self.run.decimals})", self.money(value))
        sheet.put(last, _BLOCK, live, "pay_label", "pay", "right")
        sheet.height(last, 22)
        gap = f"=ROUND({a1(last, _BLOCK)}-{self.sum('payable')},{self.run.decimals})"
        difference = Formula(gap, self.money(value - self.total("payable")))
        self._check(last, LAST + 2, "check_payable", difference)
        colour_negative(sheet, (first, _BLOCK, last - 1, _BLOCK))

    def _block_head(self, row: int, col: int, last: int, left: str, right: str) -> None:
        fill(self.sheet, row, col, last, "header")
        header_row(self.sheet, row, col, [self.say(f"head_{left}")])
        self.sheet.put(row, last, self.say(f"head_{right}"), "header", "", "right")

    def _check(self, row: int, col: int, title: str, difference: Formula) -> None:
        """Right of the print area, and in the verdict."""
        self.sheet.put(row, col, difference, "label", "check")
        self.sheet.width(col, 12)
        value = Decimal(str(difference.value))
        self.book.check(self.sheet, row, col, self.say(title), value)

    # ---- the ledger's total

    def _reasons(self) -> list[tuple[str, int, int]]:
        """(reason, lines, amount) of what is in nobody's commission."""
        out = []
        for reason in REASONS:
            lines = [line for line in self.run.unassigned if line.reason == reason]
            if lines:
                out.append((reason, len(lines), sum(line.amount for line in lines)))
        return out

    def _closing(self, row: int) -> None:
        """Own sales of the payees + what is nobody's = the ledger of these days."""
        sheet, say, run = self.sheet, self.say, self.run
        left, mid = _BLOCK + 2, LAST - 2
        section(sheet, row, left, LAST, say("closing"))
        fill(sheet, row + 1, left, LAST, "header")
        header_row(sheet, row + 1, left, [say("head_what")], height=20)
        for col, key in ((mid, "lines"), (mid + 1, "amount"), (LAST, "result")):
            align = "center" if key == "result" else "right"
            sheet.put(row + 1, col, say(f"head_{key}"), "header", "", align)
        here = row + 2
        own = self.total("own")
        self._closing_row(here, left, say("own"), None, Formula(f"={self.sum('own')}",
                                                                self.money(own)))  # fmt: skip
        first = here
        for reason, lines, amount in self._reasons():
            here += 1
            label = text(f"pay.reason_{reason}", self.lang)
            match = f'({UNASSIGNED}[{say("un_reason")}]="{label}")'
            live = f"=ROUND(SUMPRODUCT({match}*{UNASSIGNED}[{say('un_amount')}]),{run.decimals})"
            count = Formula(f"=SUMPRODUCT({match}*1)", lines)
            title = say("nobody", reason=label)
            self._closing_row(
                here, left, title, count, Formula(live, self.money(amount)), "warning"
            )
        total = here + 1
        fill(sheet, total, left, LAST, "total")
        sheet.merge(total, left, total, mid - 1, say("together"), "total")
        both = own + run.unassigned_amount
        live = f"=ROUND(SUM({span(first, mid + 1, total - 1, mid + 1)}),{run.decimals})"
        sheet.put(total, mid + 1, Formula(live, self.money(both)), "total", "pay")
        sheet.height(total, 19)
        ledger = total + 1
        self._closing_row(ledger, left, say("ledger"), run.ledger_lines,
                          self.money(run.ledger_amount))  # fmt: skip
        gap = self.money(both - run.ledger_amount)
        difference = Formula(
            f"=ROUND({a1(total, mid + 1)}-{a1(ledger, mid + 1)},{run.decimals})", gap
        )
        self._check(ledger, LAST + 2, "check_ledger", difference)
        result = result_formula(a1(ledger, LAST + 2), gap, self.lang, run.decimals)
        sheet.put(ledger, LAST, result, "check_ok")
        colour_status(sheet, (ledger, LAST, ledger, LAST))
        if self.more and self.more[0].key == "unassigned":
            link = Rich(say("see_list"), self.more[0].ref(1, 1, False))
            sheet.put(total, LAST, link, "total", "", "center", "plain")

    def _closing_row(
        self, row: int, left: int, title: str, lines: Value, amount: Value, *extras: str
    ) -> None:
        sheet, mid = self.sheet, LAST - 2
        fill(sheet, row, left, LAST, "cell")
        sheet.merge(row, left, row, mid - 1, title, "cell", "", "wrap", *extras)
        sheet.put(row, mid, lines, "cell", "quantity")
        sheet.put(row, mid + 1, amount, "cell", "pay")
        px = merged_px(sheet, left, mid - 1)
        lines = lines_for(title, px, 10, False, self.lang, 1)
        sheet.heights[row] = max(sheet.heights.get(row, 19), lines * 14.5 + 4.5)


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).quantize(Decimal('0.01')):f}%"
