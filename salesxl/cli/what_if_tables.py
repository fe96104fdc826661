"""A comparison as tables for people and as plain data."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from salesxl.ledger.what_if.compare import WhatIf
from salesxl.ledger.what_if.curve import CurveSide, PlanCurve
from salesxl.ledger.what_if.pair import Pair
from salesxl.texts import Lang, text

LISTED = 20  # people shown; all are in the workbook and the JSON
CURVE_STEPS = range(0, 201, 20)


def print_tables(found: WhatIf, lang: Lang) -> None:
    """Everything the comparison found, on the terminal."""
    _Tables(found, lang).print()


class _Tables:
    def __init__(self, found: WhatIf, lang: Lang) -> None:
        self.found, self.lang = found, lang
        # A pipe or file gets lines of their full length, not those of an 80-column terminal.
        width = None if sys.stdout.isatty() else 120
        self.console = Console(file=sys.stdout, width=width, highlight=False)

    def say(self, key: str, **values: object) -> str:
        return text(f"what_if.{key}", self.lang, **values)

    def money(self, minor: int, sign: bool = False) -> str:
        shown = Decimal(minor).scaleb(-self.found.decimals)
        return f"{shown:+,.{self.found.decimals}f}" if sign else f"{shown:,.{self.found.decimals}f}"

    def pair(self, cost: Pair) -> list[str]:
        rate = f"{cost.difference / cost.now:+.1%}" if cost.now > 0 else "–"
        return [
            self.money(cost.now), self.money(cost.after), self.money(cost.difference, True), rate
        ]  # fmt: skip

    def line(self, words: str = "") -> None:
        self.console.print(words, markup=False)

    def table(
        self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1,
        strong: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """`words`: how many columns are text; `strong`: rows that are sums."""
        made = Table(
            title=escape(title), title_justify="left", title_style="bold", header_style="bold"
        )
        for index, head in enumerate(heads):
            made.add_column(head, justify="left" if index < words else "right", no_wrap=index > 0)
        for index, row in enumerate(rows):
            cells = [escape(cell) for cell in row]
            made.add_row(*cells, style="bold" if index in strong else "")
        self.console.print(made)

    def heads(self, *keys: str) -> list[str]:
        return [self.say(key) for key in keys]

    def print(self) -> None:
        found = self.found
        self.line(self.say("say_title", company=found.company, period=found.period.label,
                           currency=found.currency))  # fmt: skip
        if found.plan2:
            self.line(self.say("say_plan2", file=found.plan2))
        if found.changes:
            self.line(self.say("say_changes", changes="; ".join(found.changes)))
        self.items()
        self.people()
        self.targets()
        for curve in found.curves:
            self.curve(curve)
        self.jumps()
        self.year()

    def items(self) -> None:
        found, say = self.found, self.say
        rows = [[item.name or say(item.key), *self.pair(item.cost)] for item in found.items
                if item.name or item.cost.now or item.cost.after]  # fmt: skip
        sums = [len(rows)]
        rows.append([say("earned"), *self.pair(found.earned)])
        moves = [[say(item.key), *self.pair(item.cost)] for item in found.moves
                 if item.cost.now or item.cost.after]  # fmt: skip
        rows += moves
        sums.append(len(rows))
        rows.append([say("payable"), *self.pair(found.payable)])
        heads = self.heads("col_item", "now", "after", "difference", "change_rate")
        self.table(say("table_items"), heads, rows, strong=sums)

    def people(self) -> None:
        found = self.found
        people = sorted(found.people, key=lambda p: -abs(p.earned.difference))[:LISTED]
        rows = [[p.person, p.name, *self.pair(p.earned)] for p in people]
        if len(people) < len(found.people):
            title = self.say("table_people_most", count=len(people), all=len(found.people))
        else:
            title = self.say("table_people")
        rows.append(["", self.say("earned"), *self.pair(found.earned)])
        heads = self.heads("col_id", "col_person", "now", "after", "difference", "change_rate")
        self.table(title, heads, rows, words=2, strong=[len(rows) - 1])

    def targets(self) -> None:
        if self.found.at_target:
            rows = [[f"{float(row.attainment):.0%}", self.money(row.sales), *self.pair(row.earned)]
                    for row in self.found.at_target]  # fmt: skip
            heads = self.heads(
                "col_attainment", "col_sales", "now", "after", "difference", "change_rate"
            )
            self.table(self.say("table_target"), heads, rows, words=0)

    def curve(self, curve: PlanCurve) -> None:
        quota = f"{self.money(curve.quota)} · " + self.say(f"basis_{curve.basis}",
                                                           count=curve.people)  # fmt: skip
        rows = []
        for step in CURVE_STEPS:
            now, after = (side.pay[step] if side else 0 for side in (curve.now, curve.after))
            rows.append([f"{step}%", self.money(curve.credit[step]), *self.pair(Pair(now, after))])
        heads = self.heads(
            "col_attainment", "col_credit", "now", "after", "difference", "change_rate"
        )
        self.table(self.say("table_curve", name=curve.name, quota=quota), heads, rows, words=0)

    def jumps(self) -> None:
        rows = []
        for curve in self.found.curves:
            for key, side in (("now", curve.now), ("after", curve.after)):
                for jump in side.jumps if side else ():
                    mark = "▲ " if jump.height > 0 else "▼ "
                    rows.append([
                        curve.name, self.say(key), f"{float(jump.attainment):.1%}",
                        self.money(jump.credit), self.money(jump.below), self.money(jump.pay),
                        mark + self.money(jump.height, True),
                    ])  # fmt: skip
        if not rows:
            self.line(self.say("no_jumps"))
            return
        heads = self.heads("col_plan", "col_which", "col_attainment", "col_credit", "col_below",
                           "col_at", "col_jump")  # fmt: skip
        self.table(self.say("table_jumps"), heads, rows, words=2)

    def year(self) -> None:
        year = self.found.year
        if year is None:
            self.line(self.say("no_year"))
            return
        rows = [
            [self.say(f"level_{level}"), self.money(now), self.money(after),
             self.money(difference, True)]
            for level, now, after, difference in zip(
                (10, 50, 90), year.now, year.after, year.difference, strict=True)
        ]  # fmt: skip
        title = self.say("table_year", draws=f"{year.draws:,}", seed=year.seed,
                         done=year.months_done, open=year.months_open)  # fmt: skip
        self.table(title, self.heads("col_level", "now", "after", "difference"), rows)
        if not year.months_open:
            self.line(self.say("year_over"))
        elif year.borrowed:
            self.line(self.say("borrowed", count=year.borrowed))


def as_json(found: WhatIf, lang: Lang) -> dict[str, Any]:
    """Plain data: amounts stay whole minor units, `decimals` says how many digits."""

    def pair(cost: Pair) -> dict[str, int]:
        return {"now": cost.now, "after": cost.after, "difference": cost.difference}

    def side(curve: CurveSide | None) -> dict[str, Any] | None:
        if curve is None:
            return None
        row = curve.version.plan
        return {
            "kind": row.kind,
            "effective_from": row.effective_from.isoformat(),
            "quota": curve.quota,
            "second": None if curve.second is None else _exact(curve.second),
            "pay": list(curve.pay),
            "jumps": [
                {"attainment": _exact(jump.attainment), "credit": jump.credit,
                 "below": jump.below, "pay": jump.pay}
                for jump in curve.jumps
            ],
        }  # fmt: skip

    year = found.year
    return {
        "period": found.period.label,
        "first_day": found.period.first_day.isoformat(),
        "last_day": found.period.last_day.isoformat(),
        "changes": list(found.changes),
        "plan2": found.plan2,
        "currency": found.currency,
        "decimals": found.decimals,
        "before_tax": True,
        "plan_version": found.plan_version,
        "fingerprint": found.fingerprint,
        "earned": pair(found.earned),
        "payable": pair(found.payable),
        "credited": pair(found.credited),
        "items": [{"key": i.key, "name": i.name, **pair(i.cost)} for i in found.items],
        "moves": [{"key": i.key, **pair(i.cost)} for i in found.moves],
        "people": [
            {"person": p.person, "name": p.name, "role": p.role, "region": p.region,
             "earned": pair(p.earned), "payable": pair(p.payable)}
            for p in found.people
        ],
        "at_target": [
            {"attainment": _exact(row.attainment), "sales": row.sales, "earned": pair(row.earned)}
            for row in found.at_target
        ],
        "curves": [
            {"plan": c.plan, "name": c.name, "period": c.period, "quota": c.quota,
             "basis": c.basis, "people": c.people, "now": side(c.now), "after": side(c.after)}
            for c in found.curves
        ],
        "year": None if year is None else {
            "seed": year.seed, "draws": year.draws, "months_done": year.months_done,
            "months_open": year.months_open, "closed": pair(year.paid), "levels": [10, 50, 90],
            "now": list(year.now), "after": list(year.after), "difference": list(year.difference),
        },
        "notices": [problem.say(lang) for problem in (*found.notices, *found.problems)],
    }  # fmt: skip


def _exact(share: Fraction) -> str:
    """A fraction as a decimal of up to 12 digits."""
    number = Decimal(share.numerator) / Decimal(share.denominator)
    return f"{number.quantize(Decimal(1).scaleb(-12)).normalize():f}"
