"""The tier tables of a commission block, with their what-if.

A table for each version of the plan the year uses, the latest first; it also shows
how the what-if amount falls into its tiers and what that pays.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.ledger import credit
from salesxl.ledger.credit import PeriodPay, Statement, Version
from salesxl.sheets.content import Condition, Formula, Sheet, Validation, a1, span
from salesxl.sheets.page import fill, header_row
from salesxl.sheets.pay_formulas import Tiers
from salesxl.sheets.pay_functions import call_pay
from salesxl.texts import Lang, text

TIER_NAME, THRESHOLD, RATE, PART, TIER_PAY = range(12, 17)
LAST = TIER_PAY
STEP = 18  # right of the print area


class TierTables:
    """Writes the tables of one block."""

    def __init__(self, sheet: Sheet, lang: Lang, decimals: int) -> None:
        self.sheet, self.lang, self.decimals = sheet, lang, decimals

    def _money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self.decimals)

    def write(self, row: int, statement: Statement) -> tuple[dict[Version, Tiers], int]:
        """The what-if inputs over a table for each version; the latest answers the what-if."""
        sheet, lang = self.sheet, self.lang
        example = self._example(statement)
        amount_cell, quota_cell = a1(row, LAST, True, True), a1(row + 1, LAST, True, True)
        live = credit.by_formula(statement.leading)
        inputs = [("what_if", example.credited)] if live else []
        if live and any(version.by_attainment for version in statement.versions):
            inputs.append(("what_if_quota", example.quota))
        for offset, (key, minor) in enumerate(inputs):
            label = text(f"commission.{key}", lang)
            sheet.merge(row + offset, TIER_NAME, row + offset, PART, label, "label", "", "right")
            sheet.put(row + offset, LAST, self._money(minor), "input", "pay", "bold")
            low = None if key == "what_if" else 0.0
            sheet.validations.append(
                Validation((row + offset, LAST, row + offset, LAST), "decimal", minimum=low,
                           error=text("commission.error_number", lang))
            )  # fmt: skip
        row += len(inputs)
        tables: dict[Version, Tiers] = {}
        for version in reversed(statement.versions):
            tables[version], row = self._tiers(
                row, version, example, (amount_cell, quota_cell),
                live and version == statement.leading,
            )  # fmt: skip
        return tables, row

    @staticmethod
    def _example(statement: Statement) -> PeriodPay:
        """What the what-if starts from: the last period with credit, else the first."""
        filled = [row for row in statement.rows if row.credited > 0]
        return filled[-1] if filled else statement.rows[0]

    def _tiers(
        self, row: int, version: Version, example: PeriodPay, cells: tuple[str, str],
        answers: bool,
    ) -> tuple[Tiers, int]:  # fmt: skip
        sheet, lang = self.sheet, self.lang
        plan = version.plan
        caption = text("commission.version", lang, name=plan.name,
                       **{"from": plan.effective_from.isoformat()})  # fmt: skip
        sheet.merge(row, TIER_NAME, row, LAST, caption, "label", "", "bold")
        keys = ("tier", "threshold", "rate", *(("part", "pay") if answers else ()))
        heads = [text(f"commission.{key}", lang) for key in keys]
        first = header_row(sheet, row + 1, TIER_NAME, heads + [""] * (5 - len(heads)), "lrrrr")
        last = first + len(version.thresholds) - 1

        def down(col: int) -> str:
            return span(first, col, last, col, True)

        tiers = Tiers(
            version,
            [a1(r, THRESHOLD, True, True) for r in range(first, last + 1)],
            [a1(r, RATE, True, True) for r in range(first, last + 1)],
            down(THRESHOLD), down(RATE), down(STEP), self.decimals,
        )  # fmt: skip
        fmt = "percent" if version.by_attainment else "pay"
        parts = self._parts(version, example)
        for tier, (low, rate) in enumerate(zip(version.thresholds, version.rates, strict=True)):
            here = first + tier
            fill(sheet, here, TIER_NAME, LAST, "cell")
            name = text("commission.tier_number", lang, number=tier + 1)
            if version.seconds:  # a matrix: the other bound of the cell
                name += f" · ≥ {(version.seconds[tier] * 100).normalize():f} %"
            sheet.put(here, TIER_NAME, name)
            sheet.put(here, THRESHOLD, low, "cell", fmt)
            sheet.put(here, RATE, rate, "cell", "rate")
            before = f"-{a1(here - 1, RATE)}" if tier else ""
            step = Formula(f"={a1(here, RATE)}{before}",
                           rate - (version.rates[tier - 1] if tier else 0))  # fmt: skip
            sheet.put(here, STEP, step, "label", "", "right")
            if answers:
                part = Formula(self._part_formula(tiers, tier, *cells), parts[tier])
                sheet.put(here, PART, part, "cell", "pay")
                earned = Formula(f"={a1(here, PART)}*{a1(here, RATE)}", parts[tier] * rate)
                sheet.put(here, TIER_PAY, earned, "cell", "pay")
            sheet.heights.setdefault(here, 19)
        if not answers:
            return tiers, last + 1
        total = last + 1
        label = text("commission.what_if_total", lang)
        sheet.merge(total, TIER_NAME, total, PART, label, "pay_label")
        pay = credit.pay_of(version, example.credited, example.quota, self.decimals)
        sheet.put(total, LAST, Formula(tiers.pay(*cells), pay), "pay_label", "pay", "right")
        given = (self._money(example.credited), self._money(example.quota))
        call_pay(sheet, (total, LAST), tiers, cells, given, pay)
        sheet.heights.setdefault(total, 22)
        if version.marginal:
            now, after = (a1(r, PART, False, True) for r in (first, first + 1))
            area = (first, TIER_NAME, last, LAST)
            test = f"=AND({now}<>0,N({after})=0)" if last > first else f"={now}<>0"
            sheet.conditions.append(Condition("formula", area, "highlight", test))
        return tiers, total + 1

    def _part_formula(self, tiers: Tiers, tier: int, amount: str, quota: str) -> str:
        """Marginal: what lies in the tier. Whole amount: everything, in the tier reached."""
        if tiers.version.marginal:
            body = tiers.part(tier, amount, quota)
            if tier == 0:
                body = f"IF({amount}<0,IF({tiers.thresholds[0]}=0,{amount},0),{body})"
        else:
            by = tiers.version.by_attainment
            place = f"ROUND({amount}/{quota},12)" if by else amount
            place = f"MAX(0,{place})"
            after = "1" if tier + 1 == len(tiers.thresholds) else \
                f"({place}<{tiers.thresholds[tier + 1]})"  # fmt: skip
            body = f"({place}>={tiers.thresholds[tier]})*{after}*{amount}"
        return f"=IF({quota}<=0,0,{body})" if tiers.version.by_attainment else f"={body}"

    def _parts(self, version: Version, example: PeriodPay) -> list[Decimal]:
        """The what-if amount by tier, exact."""
        amount, quota = self._money(example.credited), self._money(example.quota)
        if version.by_attainment and quota <= 0:
            return [Decimal(0)] * len(version.thresholds)
        goal = quota if version.by_attainment else Decimal(1)
        starts = [low * goal for low in version.thresholds]
        ends = [*starts[1:], None]
        out = []
        for low, high in zip(starts, ends, strict=True):
            if version.marginal:
                top = amount if high is None else min(amount, high)
                out.append(amount if amount < 0 and low == 0 else max(top - low, Decimal(0)))
            else:
                place = max(amount, Decimal(0))
                inside = low <= place and (high is None or place < high)
                out.append(amount if inside else Decimal(0))
        return out
