"""The commission calculator: a list of the people, then a block for each.

Credit comes live from the ledger table, quota from the targets sheet, pay from the
tier table in the block; next to it the same pay band by band, whose difference is the
sheet's check. A person without a usable plan gets words instead of figures.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.ledger import credit
from salesxl.ledger.credit import PeriodPay, Statement, Version
from salesxl.plan.model import BASES, MEASURES, PAY_PERIODS, TIER_KINDS, Person
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.commission_tiers import (
    LAST,
    PART,
    RATE,
    STEP,
    THRESHOLD,
    TIER_NAME,
    TIER_PAY,
    TierTables,
)
from salesxl.sheets.content import (
    Book,
    Condition,
    Formula,
    Rich,
    Sheet,
    Value,
    a1,
    span,
)
from salesxl.sheets.ledger_lines import ledger_column
from salesxl.sheets.page import (
    FIRST_ROW,
    colour_negative,
    fill,
    header_row,
    meta_strip,
    note,
    page,
    panel,
    section,
    spacer,
    verdict_formula,
)
from salesxl.sheets.pay_formulas import Tiers
from salesxl.sheets.pay_functions import call_attainment, call_pay
from salesxl.sheets.scope import Scope
from salesxl.sheets.target_matrix import fitting, largest_of, sums
from salesxl.sheets.targets import quota_cells
from salesxl.texts import text

PERIOD, HERE, OUTSIDE, CREDITED, QUOTA, ATTAINMENT, TIER, PAY, SECOND, GAP = range(1, 11)
START, END = 19, 20  # right of the print area
_SHARE = '0.0%_)_);-0.0%_)_);"–"_)_)'  # percent, a dash for 0


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "commission". Registers one check when there is anything to compare."""
    return _Calculator(scope, book).build()


class _Calculator:
    def __init__(self, scope: Scope, book: Book) -> None:
        self.scope, self.book, self.lang = scope, book, scope.lang
        self.decimals = scope.plan.settings.decimals
        self.sheet = Sheet(
            "commission", text("commission.title", self.lang),
            purpose=text("commission.purpose", self.lang), kind="edit", last_col=LAST,
        )  # fmt: skip
        self.months = scope.year_months(scope.focus_year)
        self.has_quota = scope.focus_year == scope.plan.settings.year
        self.live_credit = Actuals(scope, "person_key").is_live
        home = scope.region
        people = [p for p in scope.plan.people if home is None or p.region == home.id]
        here = credit.credit_sums(scope.ledger)
        outside = dict(scope.outside_base)
        for (person, month), amount in scope.outside_credit.items():
            outside["amount", person, month] = amount
        self.statements = [
            credit.statement_of(
                scope.plan, p, self.months, here, outside, self._quotas(p)
            )
            for p in people
        ]  # fmt: skip
        self.roles = {role.id: role.name for role in scope.plan.roles}
        self.gaps: dict[str, str] = {}  # person id → cell with the block's largest difference

    def money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.decimals)

    def _quotas(self, person: Person) -> list[int]:
        """Twelve months' quota here and elsewhere; zeros outside the plan's year."""
        if not self.has_quota:
            return [0] * 12
        out = [self.scope.outside_quota.get((person.id, month), 0) for month in range(12)]
        for own in self.scope.targets.regions:
            if person.id in own.members:
                member = own.members.index(person.id)
                for product in own.quotas:
                    out = [a + b for a, b in zip(out, product[member], strict=True)]
        return out

    def build(self) -> Sheet:
        sheet, lang, settings = self.sheet, self.lang, self.scope.plan.settings
        self._columns()
        row = section(sheet, FIRST_ROW, 1, LAST, text("commission.people", lang))
        if not self.statements:
            row = panel(sheet, row, 1, LAST, [text("commission.nobody", lang)])
        listed = row + 1
        totals = listed + len(self.statements)
        row = spacer(sheet, totals + 1 if self.statements else row, 14)
        row = note(sheet, row, 1, LAST, text("commission.note", lang), 2)
        places: dict[str, tuple[int, int]] = {}  # person id → block row, total row
        for statement in self.statements:
            row = spacer(sheet, row, 12)
            start = row
            row, total = self._block(row, statement)
            places[statement.person.id] = (start, total)
        if self.statements:
            self._list(listed, places)
        subtitle = text(
            "commission.subtitle", lang, scope=self.scope.name, year=self.scope.focus_year,
            currency=settings.currency,
        )  # fmt: skip
        verdict = None
        if self.gaps:
            cell = a1(totals, GAP, True, True)
            verdict = verdict_formula([cell], lang, decimals=self.decimals)
            title = text("commission.check_title", lang)
            self.book.check(sheet, totals, GAP, title, Decimal(0))
        page(sheet, sheet.title, subtitle, lang, verdict)
        colour_negative(sheet, (FIRST_ROW, HERE, row, PAY))
        sheet.print_last_row = max(row - 1, FIRST_ROW + 2)
        # Whose role carries no quota is not expected to have a plan; the block says it anyway.
        carries = {role.id for role in self.scope.plan.roles if role.carries_quota == "yes"}
        without = [
            s.person.name
            for s in self.statements
            if s.reason and (s.person.role in carries or s.reason != "no_plan")
        ]
        if without:
            names = ("、" if lang == "zh" else ", ").join(without)
            self.book.notices.append(text("commission.notice_none", lang, names=names))
        return sheet

    def _columns(self) -> None:
        sheet, lang = self.sheet, self.lang
        figures = [0]
        for statement in self.statements:
            figures += [abs(sum(row.credited for row in statement.rows)),
                        abs(sum(row.quota for row in statement.rows))]  # fmt: skip
        every = sum(figures)
        shown = f"-{self.money(every):,.{self.decimals}f}"
        heads = [text(f"commission.{key}", lang) for key in
                 ("here", "outside", "credited", "second", "part", "commission")]  # fmt: skip
        plans = [text("commission.plan", lang)]
        for statement in self.statements:
            reason = statement.reason
            plans.append(
                text(f"commission.short_{reason}", lang) if reason else statement.leading.plan.id
            )
        names = [s.person.name for s in self.statements]
        roles = [self.roles.get(s.person.role, "") for s in self.statements]
        sheet.width(PERIOD, min(24, max(12, fitting(names, lang, pads=0) + 2)))
        room = max(13, fitting([shown], lang, pads=2), fitting(heads, lang, pads=2))
        for col in (HERE, OUTSIDE, CREDITED, QUOTA, PAY, SECOND, PART, THRESHOLD, TIER_PAY):
            sheet.width(col, min(room, 20))
        sheet.width(HERE, min(28, max(room, fitting(roles, lang, pads=0) + 2)))
        sheet.width(OUTSIDE, min(28, max(min(room, 20), fitting(plans, lang, pads=0) + 2)))
        sheet.width(ATTAINMENT, 11)
        sheet.width(TIER, 9)
        sheet.width(GAP, 9)
        sheet.width(GAP + 1, 1.6)
        sheet.width(TIER_NAME, 14)
        sheet.width(RATE, 10.5)
        sheet.width(LAST + 1, 3)
        for col in (STEP, START, END):
            sheet.width(col, 13)

    # ---- the list of people

    def _list(self, first: int, places: dict[str, tuple[int, int]]) -> None:
        sheet, lang = self.sheet, self.lang
        titles = {PERIOD: "person", HERE: "role", OUTSIDE: "plan", CREDITED: "credited",
                  QUOTA: "quota", ATTAINMENT: "attainment", PAY: "commission",
                  GAP: "difference"}  # fmt: skip
        heads = [text(f"commission.{titles[c]}", lang) if c in titles else ""
                 for c in range(PERIOD, GAP + 1)]  # fmt: skip
        header_row(sheet, first - 1, PERIOD, heads, "lllrrrcrrc")
        total_row = first + len(self.statements)
        for offset, statement in enumerate(self.statements):
            row, (start, total) = first + offset, places[statement.person.id]
            fill(sheet, row, PERIOD, GAP, "cell")
            target = sheet.ref(start, 1, absolute=False)
            sheet.put(row, PERIOD, Rich(statement.person.name, target), "link")
            role = self.roles.get(statement.person.role, "–")
            sheet.put(row, HERE, role, "cell", "", "muted")
            sheet.height(row, 20)
            if statement.reason:
                words = text(f"commission.short_{statement.reason}", lang)
                sheet.put(row, OUTSIDE, words, "cell", "", "warning")
                continue
            sheet.put(row, OUTSIDE, statement.leading.plan.id, "cell", "", "muted")
            figures = self._totals(statement)
            for col, value in figures.items():
                fmt = _SHARE if col == ATTAINMENT else "pay"
                style = ("bold",) if col == PAY else ("right",) if col == ATTAINMENT else ()
                sheet.put(row, col, Formula(f"={a1(total, col)}", value), "cell", fmt, *style)
            cell = Formula(f"={self.gaps[statement.person.id]}", Decimal(0))
            sheet.put(row, GAP, cell, "cell", "check", "center", "positive")
        fill(sheet, total_row, PERIOD, GAP, "total")
        sheet.put(total_row, PERIOD, text("commission.total", lang), "total")
        last = total_row - 1
        for col in (CREDITED, QUOTA, PAY):
            value = sum((self._totals(s)[col] for s in self.statements if not s.reason), Decimal(0))
            formula = f"=SUM({span(first, col, last, col)})"
            if self.gaps:
                sheet.put(total_row, col, Formula(formula, value), "total", "pay")
        if self.gaps:
            gap = Formula(f"={largest_of([span(first, GAP, last, GAP)])}", Decimal(0))
            sheet.put(total_row, GAP, gap, "total", "check", "center", "positive")
            self._mark(first, total_row)
        sheet.height(total_row, 22)

    def _totals(self, statement: Statement) -> dict[int, Decimal]:
        credited = sum(row.credited for row in statement.rows)
        quota = sum(row.quota for row in statement.rows)
        share = Decimal(credited) / quota if quota else Decimal(0)
        return {CREDITED: self.money(credited), QUOTA: self.money(quota), ATTAINMENT: share,
                PAY: statement.pay}  # fmt: skip

    def _mark(self, first: int, last: int) -> None:
        test = f"=ABS({a1(first, GAP)})>0"
        self.sheet.conditions.append(
            Condition("formula", (first, GAP, last, GAP), "check_bad", test)
        )

    # ---- one person

    def _block(self, row: int, statement: Statement) -> tuple[int, int]:
        """Returns the next free row and the block's total row (-1 without figures)."""
        sheet, lang, person = self.sheet, self.lang, statement.person
        row = section(sheet, row, 1, LAST, person.name)
        role = self.roles.get(person.role, "–")
        if statement.reason:
            words = text(f"commission.{statement.reason}", lang, plan=person.commission_plan)
            return panel(sheet, row, 1, LAST, [f"{role} · {person.id} · {words}"]), -1
        plan = statement.leading.plan
        pick = 0 if lang == "zh" else 1
        pairs: list[tuple[str, Value]] = [
            (text("commission.id", lang), person.id),
            (text("commission.role", lang), role),
            (text("commission.plan", lang), f"{plan.id} · {plan.name}"),
            (text("commission.base", lang), BASES[plan.base][pick]),
            (text("commission.kind", lang), TIER_KINDS[plan.kind][pick]),
            (text("commission.measure", lang), MEASURES[plan.measure][pick]),
            (text("commission.period", lang), PAY_PERIODS[plan.period][pick]),
        ]
        spans = [(1, 1), (2, 2), (3, 5), (6, 8), (9, 12), (13, 14), (15, 16)]
        key = a1(row + 1, 1, True, True)
        row = meta_strip(sheet, row, pairs, spans, surface=True)
        row = spacer(sheet, row, 6)
        tables, bottom = TierTables(sheet, lang, self.decimals).write(row, statement)
        below, total = self._rows(row, statement, tables, key)
        row = max(bottom, below)
        for line in self._remarks(statement):
            row = note(sheet, row, 1, LAST, line)
        return row, total

    def _remarks(self, statement: Statement) -> list[str]:
        lang, out = self.lang, []
        plan = statement.leading.plan
        bare = [r for r in statement.rows if r.version and r.version.by_attainment and not r.quota]
        if bare:
            key = "no_quota" if self.has_quota else "no_quota_year"
            out.append(text(f"commission.{key}", lang, year=self.scope.focus_year,
                            plan_year=self.scope.plan.settings.year))  # fmt: skip
        bases = {version.plan.base for version in statement.versions}
        if len(bases) > 1:
            out.append(text("commission.mixed_base", lang))
        ledger = self.scope.ledger
        needs = {"margin": "cost", "collected": "collected"}.get(plan.base)
        if ledger is not None and needs and needs not in ledger.present:
            name = BASES[plan.base][0 if lang == "zh" else 1]
            out.append(text("commission.missing_base", lang, base=name))
        if not all(credit.by_formula(version) for version in statement.versions):
            out.append(text("commission.as_values", lang))
        if self.scope.plan.credit_shares or self.scope.plan.clawbacks:
            out.append(text("commission.not_settled", lang))
        return out

    def _rows(
        self, row: int, statement: Statement, tables: dict[Version, Tiers], key: str
    ) -> tuple[int, int]:
        sheet, lang = self.sheet, self.lang
        keys = ("period", "here", "outside", "credited", "quota", "attainment", "tier",
                "commission", "second", "difference")  # fmt: skip
        heads = [text(f"commission.{k}", lang) for k in keys]
        sheet.merge(row - 1, STEP, row - 1, END, text("commission.not_printed", lang), "label")
        first = header_row(sheet, row, PERIOD, heads, "lrrrrrcrrc")
        for offset, period in enumerate(statement.rows):
            self._period(first + offset, statement, period, tables, key)
        total = first + len(statement.rows)
        last = total - 1
        sheet.put(total, PERIOD, text("commission.total", lang), "total")
        figures = self._totals(statement)
        figures |= {HERE: self.money(sum(r.here for r in statement.rows)),
                    OUTSIDE: self.money(sum(r.outside for r in statement.rows)),
                    SECOND: statement.pay}  # fmt: skip
        for col in (HERE, OUTSIDE, CREDITED, QUOTA, PAY, SECOND):
            formula = f"=ROUND(SUM({span(first, col, last, col)}),{self.decimals})"
            sheet.put(total, col, Formula(formula, figures[col]), "total", "pay")
        self._attainment(total, figures[ATTAINMENT], "total")
        sheet.put(total, TIER, None, "total")
        gap = Formula(f"={largest_of([span(first, GAP, last, GAP)])}", Decimal(0))
        sheet.put(total, GAP, gap, "total", "check", "center", "positive")
        self.gaps[statement.person.id] = a1(total, GAP)
        self._mark(first, total)
        sheet.height(total, 22)
        return total + 1, total

    def _attainment(self, row: int, value: Decimal, style: str) -> None:
        quota, credited = a1(row, QUOTA), a1(row, CREDITED)
        formula = Formula(f"=IF({quota}=0,0,{credited}/{quota})", value)
        self.sheet.put(row, ATTAINMENT, formula, style, _SHARE, "right")
        call_attainment(self.sheet, (row, ATTAINMENT), credited, quota)

    def _period(
        self, row: int, statement: Statement, period: PeriodPay, tables: dict[Version, Tiers],
        key: str,
    ) -> None:  # fmt: skip
        sheet, version = self.sheet, period.version
        sheet.put(row, PERIOD, self._label(period), "cell")
        sheet.put(row, START, period.first_day, "label", "date")
        sheet.put(row, END, period.next_day, "label", "date")
        sheet.put(row, HERE, self._credit(row, statement, period, key), "cell", "pay")
        sheet.put(row, OUTSIDE, self.money(period.outside), "cell", "pay", "muted")
        both = f"=ROUND({a1(row, HERE)}+{a1(row, OUTSIDE)},{self.decimals})"
        sheet.put(row, CREDITED, Formula(both, self.money(period.credited)), "cell", "pay")
        sheet.put(row, QUOTA, self._quota(statement.person, period), "cell", "pay")
        share = Decimal(period.credited) / period.quota if period.quota else Decimal(0)
        self._attainment(row, share, "cell")
        amount, quota = a1(row, CREDITED), a1(row, QUOTA)
        if version is None:
            sheet.put(row, TIER, "–", "cell", "", "center", "muted")
            for col in (PAY, SECOND):
                sheet.put(row, col, self.money(0), "cell", "pay")
        elif not credit.by_formula(version):
            sheet.put(row, TIER, period.tier, "cell", '0;0;"–"', "center")
            sheet.put(row, PAY, period.pay, "cell", "pay", "bold")
            sheet.put(row, SECOND, period.pay, "cell", "pay", "muted")
        else:
            tiers = tables[version]
            number = credit.tier_of(version, period.credited, period.quota, self.decimals)
            reached = Formula(tiers.reached(amount, quota), number)
            sheet.put(row, TIER, reached, "cell", '0;0;"–"', "center")
            pay = Formula(tiers.pay(amount, quota), period.pay)
            sheet.put(row, PAY, pay, "cell", "pay", "bold")
            given = (self.money(period.credited), self.money(period.quota))
            call_pay(sheet, (row, PAY), tiers, (amount, quota), given, period.pay)
            second = Formula(tiers.second(amount, quota), period.pay)
            sheet.put(row, SECOND, second, "cell", "pay", "muted")
        gap = Formula(f"=ROUND({a1(row, PAY)}-{a1(row, SECOND)},{self.decimals})", Decimal(0))
        sheet.put(row, GAP, gap, "cell", "check", "center", "positive")
        sheet.height(row, 19)

    def _label(self, period: PeriodPay) -> str:
        if len(period.months) == 1:
            return period.first_day.strftime("%Y-%m")
        if len(period.months) == 3:
            return text(f"targets.quarter_{period.months[0] // 3 + 1}", self.lang)
        return str(self.scope.focus_year)

    def _credit(self, row: int, statement: Statement, period: PeriodPay, key: str) -> Value:
        """The period's sum over the ledger table, by the base of its version."""
        amount = self.money(period.here)
        if self.scope.ledger is None or not self.live_credit:
            return amount
        version = period.version or statement.leading
        value = ledger_column(version.plan.base, self.lang)
        day, who = (ledger_column(k, self.lang) for k in ("date", "person_key"))
        for sign in "~*?":
            if sign in statement.person.id:
                key = f'SUBSTITUTE({key},"{sign}","~{sign}")'
        start, end = a1(row, START), a1(row, END)
        formula = f'SUMIFS({value},{who},"="&{key},{day},">="&{start},{day},"<"&{end})'
        return Formula(f"=ROUND({formula},{self.decimals})", amount)

    def _quota(self, person: Person, period: PeriodPay) -> Value:
        """Live from the targets sheet where this person has a row, else the value."""
        amount = self.money(period.quota)
        cells = quota_cells(self.scope, person.id, period.months) if self.has_quota else []
        if not cells:
            return amount
        elsewhere = sum(self.scope.outside_quota.get((person.id, m), 0) for m in period.months)
        more = f"+{self.money(elsewhere)}" if elsewhere else ""
        return Formula(f"=ROUND({sums(cells)}{more},{self.decimals})", amount)
