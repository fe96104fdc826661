"""The workbook of a what-if: cost now and after, the curves, everybody's figures.

Costs come from the run and are values; sums and differences are live. The curves are live too:
they follow the yellow tiers (see `what_if_curves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salesxl.ledger.what_if.compare import WhatIf
from salesxl.ledger.what_if.pair import Pair
from salesxl.sheets.content import (
    Book,
    Chart,
    Formula,
    ListTable,
    Look,
    Scalar,
    Series,
    Sheet,
    TableColumn,
    Value,
    a1,
    span,
)
from salesxl.sheets.page import (
    FIRST_ROW,
    body_row,
    colour_negative,
    fill,
    header_row,
    kpi_tile,
    note,
    page,
    section,
    spacer,
    verdict_formula,
)
from salesxl.sheets.sentence import number, sentence, shown
from salesxl.sheets.what_if_curves import build_curves
from salesxl.sheets.widths import fit_widths, lines_for, merged_px
from salesxl.texts import Lang, text

LABEL, NOW, AFTER, DIFFERENCE, RATE = range(1, 6)
GAP = 6
RIGHT, RIGHT_NOW, RIGHT_AFTER, LAST = range(7, 11)
CHART_ROWS = 11
MOST_LINES = 12  # changes up to which the sheet is one page
PEOPLE = "what_if_people"  # the table's name


def what_if_book(found: WhatIf, lang: Lang) -> Book:
    """The workbook: "what_if", "curves", "people"; checks that people and items agree."""
    said = {"company": found.company, "period": found.period.label}
    stamp = found.fingerprint[:8].upper()
    book = Book(
        lang=lang,
        title=text("what_if.book_title", lang, **said),
        company=found.company,
        currency=found.currency,
        decimals=found.decimals,
        footer_left=text("what_if.footer_left", lang, **said),
        footer_right=text(
            "what_if.footer_right", lang, version=found.plan_version,
            fingerprint=f"{stamp[:4]}-{stamp[4:]}",
        ),
        stamp=stamp,
    )  # fmt: skip
    summary = _Summary(found, book)
    sheet = summary.build()
    book.sheets.append(sheet)
    people = _people(found, book)
    book.sheets += build_curves(found, book, [sheet.title, people.title])
    book.sheets.append(people)
    return book


def major(minor: int, decimals: int) -> Decimal:
    return Decimal(minor).scaleb(-decimals)


def change(now: str, after: str, cost: Pair) -> Value:
    """The relative change, live; a dash where there was nothing."""
    if cost.now == 0:
        return Formula(f'=IF({now}=0,"–",{after}/{now}-1)', "–")
    value = Decimal(cost.after) / Decimal(cost.now) - 1
    return Formula(f'=IF({now}=0,"–",{after}/{now}-1)', value)


class _Summary:
    def __init__(self, found: WhatIf, book: Book) -> None:
        self.found, self.book, self.lang = found, book, book.lang
        self.decimals = found.decimals
        self.lines: list[tuple[int, str]] = []
        self.sheet = Sheet(
            "what_if", text("what_if.title", self.lang), last_col=LAST,
            purpose=text("what_if.purpose", self.lang), landscape=False,
            fit_height=1 if len(found.changes) <= MOST_LINES else 0,
        )  # fmt: skip

    def say(self, key: str, **values: object) -> str:
        return text(f"what_if.{key}", self.lang, **values)

    def money(self, minor: int) -> Decimal:
        return major(minor, self.decimals)

    def build(self) -> Sheet:
        sheet, found = self.sheet, self.found
        sheet.width(GAP, 1.6)
        sheet.width(LABEL, 27)
        sheet.width(LAST + 2, 48)  # the chart's title, right of the print area
        tiles = FIRST_ROW
        row = spacer(sheet, tiles + 3, 8)
        row = self.changes(row)
        top = spacer(sheet, row, 8)
        left = self.items(section(sheet, top, LABEL, RATE, self.say("section_items")))
        right = top
        if found.at_target:
            right = section(sheet, top, RIGHT, LAST, self.say("section_target"))
            right = self.target(right)
        if found.year is not None:
            row = section(sheet, spacer(sheet, left, 8), LABEL, RATE, self.say("section_year"))
            left = self.year(row)
        row = max(left, right)
        self.widths()
        row = self.notes(spacer(sheet, row, 8))
        sheet.print_last_row = row - 1
        self.tiles(tiles)
        subtitle = self.say("subtitle", company=found.company, period=found.period.label,
                            currency=found.currency)  # fmt: skip
        checks = [a1(self.check, NOW), a1(self.check, AFTER)]
        verdict = verdict_formula(checks, self.lang, Decimal(0), self.decimals)
        page(sheet, sheet.title, subtitle, self.lang, verdict, back=False)
        return sheet

    def widths(self) -> None:
        sheet, book = self.sheet, self.book
        sheet.widths.setdefault(0, 1.7)
        fit_widths(sheet, self.lang, book.currency, book.decimals, floor=13.5)
        px = merged_px(sheet, LABEL, LAST)
        for row, line in self.lines:
            sheet.height(row, 15 * lines_for(line, px, 9, False, self.lang, 1) + 4)

    def changes(self, row: int) -> int:
        """Every change as it was written."""
        sheet, found = self.sheet, self.found
        lines = list(found.changes)
        if found.plan2:
            lines.insert(0, self.say("say_plan2", file=found.plan2))
        row = section(sheet, row, LABEL, LAST, self.say("section_changes"))
        for line in lines:
            sheet.merge(row, LABEL, row, LAST, line, "panel", "", "wrap")
            self.lines.append((row, line))  # as high as the widths will ask for
            row += 1
        return row

    # ---- payout cost

    def items(self, row: int) -> int:
        sheet, found, say = self.sheet, self.found, self.say
        heads = [say(key) for key in ("col_item", "now", "after", "difference", "change_rate")]
        row = header_row(sheet, row, LABEL, heads, "lrrrr")
        first = row
        items = [item for item in found.items if item.name or item.cost.now or item.cost.after]
        for item in items:
            row = self.line(row, item.name or say(item.key), item.cost)
        last = row - 1
        self.earned = row
        row = self.sum(row, say("earned"), found.earned, [span(first, c, last, c)
                                                          for c in (NOW, AFTER)])  # fmt: skip
        moves = [item for item in found.moves if item.cost.now or item.cost.after]
        for item in moves:
            row = self.line(row, say(item.key), item.cost)
        areas = [span(self.earned, c, row - 1, c) for c in (NOW, AFTER)]
        row = self.sum(row, say("payable"), found.payable, areas)
        self.check = row
        sheet.put(row, LABEL, say("check_row"), "label", "", "left")
        for col, key, cost in (
            (NOW, "now", found.earned.now),
            (AFTER, "after", found.earned.after),
        ):
            people = sum(getattr(p.earned, key) for p in found.people)
            column = f"{PEOPLE}[{say(f'earned_{key}')}]"
            formula = f"=ROUND(SUM({column})-{a1(self.earned, col)},{self.decimals})"
            difference = self.money(people - cost)
            sheet.put(row, col, Formula(formula, difference), "label", "check", "right")
            self.book.check(sheet, row, col, say(f"check_{key}"), difference)
        sheet.height(row, 18)
        colour_negative(sheet, (first, NOW, row - 1, RATE))
        return row + 1

    def line(self, row: int, label: str, cost: Pair) -> int:
        values: list[Value] = [label, self.money(cost.now), self.money(cost.after)]
        return body_row(self.sheet, row, LABEL, [*values, *self.compared(row, cost)],
                        ["", "pay", "pay", "pay", "percent"])  # fmt: skip

    def sum(self, row: int, label: str, cost: Pair, areas: Sequence[str]) -> int:
        values: list[Value] = [
            label, Formula(f"=SUM({areas[0]})", self.money(cost.now)),
            Formula(f"=SUM({areas[1]})", self.money(cost.after)), *self.compared(row, cost),
        ]  # fmt: skip
        return body_row(self.sheet, row, LABEL, values, ["", "pay", "pay", "pay", "percent"],
                        "total", height=22)  # fmt: skip

    def compared(self, row: int, cost: Pair, now: int = NOW) -> list[Value]:
        here, then = a1(row, now), a1(row, now + 1)
        difference = Formula(f"={then}-{here}", self.money(cost.difference))
        return [difference, change(here, then, cost)]

    # ---- at target

    def target(self, row: int) -> int:
        """The table of three attainments over its columns."""
        sheet, found, say = self.sheet, self.found, self.say
        heads = [say(key) for key in ("col_attainment", "now", "after", "difference")]
        row = header_row(sheet, row, RIGHT, heads, "lrrr")
        self.first_target = row
        for found_row in found.at_target:
            cost = found_row.earned
            part = Decimal(found_row.attainment.numerator) / found_row.attainment.denominator
            values: list[Value] = [
                f"{part:.0%}", self.money(cost.now), self.money(cost.after),
                self.compared(row, cost, RIGHT_NOW)[0],
            ]  # fmt: skip
            row = body_row(sheet, row, RIGHT, values, ["", "pay", "pay", "pay"])
        last = row - 1
        colour_negative(sheet, (self.first_target, LAST, last, LAST))
        middle = self.first_target + 1
        cost = found.at_target[1].earned
        title = sentence(
            "what_if.chart_target", self.lang,
            now=number(a1(middle, RIGHT_NOW), self.money(cost.now), "#,##0"),
            after=number(a1(middle, RIGHT_AFTER), self.money(cost.after), "#,##0"),
        )  # fmt: skip
        sheet.put(row, LAST + 2, say("not_printed"), "label")
        sheet.put(row + 1, LAST + 2, title, "label")
        names = (self.first_target, RIGHT, last, RIGHT)
        now, after = ((self.first_target, col, last, col) for col in (RIGHT_NOW, RIGHT_AFTER))
        series = [
            Series(say("now"), names, now, "comparison"), Series(say("after"), names, after)
        ]  # fmt: skip
        row = spacer(sheet, row, 19)
        alt = say("chart_target_alt", title=title.value)
        sheet.charts.append(
            Chart("column", row, RIGHT, row + CHART_ROWS - 1, LAST, (row, LAST + 2), series, alt,
                  unit=found.currency)
        )  # fmt: skip
        for line in range(row, row + CHART_ROWS):
            sheet.heights.setdefault(line, 19)
        return row + CHART_ROWS

    # ---- the year

    def year(self, row: int) -> int:
        sheet, found, say = self.sheet, self.found, self.say
        assert found.year is not None
        year = found.year
        heads = [say(key) for key in ("col_level", "now", "after", "difference")]
        row = header_row(sheet, row, LABEL, [*heads, ""], "lrrrr")
        self.middle = row + 1
        rows = zip((10, 50, 90), year.now, year.after, year.difference, strict=True)
        for level, *figures in rows:
            values: list[Value] = [say(f"level_{level}"), *(self.money(f) for f in figures), None]
            row = body_row(sheet, row, LABEL, values, ["", "pay", "pay", "pay", ""])
        colour_negative(sheet, (row - 3, DIFFERENCE, row - 1, DIFFERENCE))
        return row

    # ---- tiles and notes

    def tiles(self, row: int) -> None:
        sheet, found, say = self.sheet, self.found, self.say
        fill(sheet, row, GAP, GAP, "body")

        def share(cost: int, sales: int) -> str:
            rate = Decimal(cost) / Decimal(sales) if sales > 0 else Decimal(0)
            return say("sub_rate", rate=shown(rate, "0.0%"))

        cost = found.earned
        kpi_tile(sheet, row, LABEL, LABEL, say("tile_now"),
                 Formula(f"={a1(self.earned, NOW)}", self.money(cost.now)), "money",
                 share(cost.now, found.credited.now), name="cost_now")  # fmt: skip
        kpi_tile(sheet, row, NOW, AFTER, say("tile_after"),
                 Formula(f"={a1(self.earned, AFTER)}", self.money(cost.after)), "money",
                 share(cost.after, found.credited.after), name="cost_after")  # fmt: skip
        rate = shown(Decimal(cost.difference) / cost.now, "0.0%") if cost.now > 0 else "–"
        sub = say("sub_change", rate=f"+{rate}" if cost.difference > 0 else rate)
        kpi_tile(sheet, row, DIFFERENCE, RATE, say("tile_difference"),
                 Formula(f"={a1(self.earned, DIFFERENCE)}", self.money(cost.difference)),
                 "difference", sub, name="cost_difference")  # fmt: skip
        if found.at_target:
            at = found.at_target[1].earned
            value = Formula(f"={a1(self.first_target + 1, RIGHT_AFTER)}", self.money(at.after))
            sub = say("sub_target", now=shown(self.money(at.now), "#,##0"))
            kpi_tile(sheet, row, RIGHT, RIGHT_NOW, say("tile_target"), value, "money", sub)
        if found.year is not None:
            low, middle, high = map(self.money, found.year.after)
            sub = say("sub_year", low=shown(low, "#,##0"), high=shown(high, "#,##0"))
            kpi_tile(sheet, row, RIGHT_AFTER, LAST, say("tile_year"),
                     Formula(f"={a1(self.middle, AFTER)}", middle), "money", sub)  # fmt: skip

    def notes(self, row: int) -> int:
        sheet, found, say = self.sheet, self.found, self.say
        lines = [say("note_items")]
        if found.at_target:
            lines.append(say("note_target"))
        if found.year is not None:
            lines.append(say("note_year", seed=found.year.seed, draws=f"{found.year.draws:,}"))
        lines += [text(problem.code, self.lang, **problem.values) for problem in found.notices]
        lines += [problem.say(self.lang) for problem in found.problems]
        row = spacer(sheet, section(sheet, row, LABEL, LAST, say("section_notes")), 4)
        px = merged_px(sheet, LABEL, LAST)
        for line in lines:
            row = note(sheet, row, LABEL, LAST, line, lines_for(line, px, 9, False, self.lang))
        return row


def _people(found: WhatIf, book: Book) -> Sheet:
    """Everybody with a figure; totals above, so that the list can be sorted and grow."""
    lang, decimals = book.lang, book.decimals

    def say(key: str) -> str:
        return text(f"what_if.{key}", lang)

    keys = ("earned_now", "earned_after", "earned_difference",
            "payable_now", "payable_after", "payable_difference")  # fmt: skip
    sheet = Sheet(
        "what_if_people", say("people_title"), purpose=say("people_purpose"), kind="list",
        last_col=10, fit_height=0,
    )  # fmt: skip
    total = FIRST_ROW
    top = total + 2
    people = sorted(found.people, key=lambda p: -abs(p.earned.difference))
    figures = [
        [
            major(minor, decimals)
            for cost in (person.earned, person.payable)
            for minor in (cost.now, cost.after, cost.difference)
        ]
        for person in people
    ]
    rows: list[list[Scalar]] = [
        [person.person, person.name, person.role, person.region, *money]
        for person, money in zip(people, figures, strict=True)
    ]
    money_look = Look("calc", "pay")
    formula = "={table}[[#This Row],[{after}]]-{table}[[#This Row],[{now}]]"
    columns = [
        *(TableColumn(key, say(key)) for key in ("col_id", "col_person", "col_role", "col_region")),
        *(
            TableColumn(
                key, say(key), money_look,
                formula.format(table=PEOPLE, after=say(key.replace("difference", "after")),
                               now=say(key.replace("difference", "now")))
                if key.endswith("difference") else "",
            )
            for key in keys
        ),
    ]  # fmt: skip
    sheet.tables.append(ListTable(PEOPLE, top, 1, columns, rows))
    values: list[Value] = [say("total"), None, None, None]
    for index, key in enumerate(keys):
        amount = sum((row[index] for row in figures), Decimal(0))
        values.append(Formula(f"=SUM({PEOPLE}[{say(key)}])", amount))
    body_row(sheet, total, 1, values, ["", "", "", "", *["pay"] * 6], "total", height=22)
    spacer(sheet, total + 1, 8)
    sheet.height(top, 20)
    for col in (7, 10):
        colour_negative(sheet, (total, col, top + len(rows), col))
    sheet.freeze, sheet.repeat_rows = (top + 1, 3), (top, top)
    sheet.print_last_row = top + max(len(rows), 1)
    sheet.widths.setdefault(0, 1.7)
    fit_widths(sheet, lang, book.currency, decimals)
    subtitle = text("what_if.subtitle", lang, company=found.company, period=found.period.label,
                    currency=found.currency)  # fmt: skip
    page(sheet, sheet.title, subtitle, lang, back=False)
    return sheet
