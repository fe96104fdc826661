"""A small company for the front page's tests: two regions' worth of figures in one scope."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd

from salesxl.ledger.frame import Ledger
from salesxl.plan.model import MonthWeight, Plan, ProductLine, Region, Settings
from salesxl.plan.targets import RegionTargets, Targets
from salesxl.sheets import front, ledger_lines
from salesxl.sheets.content import Book, Formula, Sheet, a1, span
from salesxl.sheets.page import body_row, header_row, page, section
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang

MONTHLY = 100_000_00  # the target of every month, in fen
# (date, fen): 2026 gives 1,000,000.00, of it 700,000.00 up to 9-30; 2027 gives 810,000.50.
LINES = (
    ("2026-02-10", 300_000_00),
    ("2026-09-30", 400_000_00),
    ("2026-10-01", 300_000_00),
    ("2027-01-05", 310_000_00),
    ("2027-04-20", 300_000_50),
    ("2027-05-20", -10_000_00),
    ("2027-09-30", 210_000_00),
)
TEXT = (
    "order_id", "product", "category", "customer", "customer_id", "customer_source",
    "channel", "region", "person", "person_id", "person_role",
)  # fmt: skip


def ledger(lines: tuple[tuple[str, int], ...] = LINES) -> Ledger:
    frame = pd.DataFrame(
        {
            "row": range(2, 2 + len(lines)),
            "source": "sales.csv",
            "date": pd.to_datetime([day for day, _ in lines]).astype("datetime64[s]"),
            "amount": pd.array([amount for _, amount in lines], dtype="int64"),
            "cost": pd.array([None] * len(lines), dtype="Int64"),
            "collected": pd.array([None] * len(lines), dtype="Int64"),
            "quantity": 1.0,
            "is_return": [amount < 0 for _, amount in lines],
        }
    )
    for column in TEXT:
        frame[column] = "澄澜生物" if column == "customer" else ""
    present = frozenset({"date", "amount", "customer"})
    total = Decimal(sum(amount for _, amount in lines)).scaleb(-2)
    return Ledger(frame, 2, present, raw_total=total, files=(("sales.csv", "0" * 64),))


def scope(
    lang: Lang = "zh", year: int = 2027, with_ledger: bool = True, monthly: int = MONTHLY
) -> Scope:
    settings = Settings(
        company="华岳仪器" if lang == "zh" else "Huayue Instruments",
        currency="CNY", year=year, annual_target_amount=12 * monthly,
        rounding_unit_amount=100, plan_version="3.2",
    )  # fmt: skip
    name = "华东" if lang == "zh" else "East"
    plan = Plan(
        settings=settings,
        regions=(Region(id="E", name=name),),
        product_lines=(ProductLine(id="P", name="光谱仪器"),),
        month_weights=tuple(MonthWeight(month=m, weight=Decimal(1)) for m in range(1, 13)),
    )
    months = tuple(date(year, m, 1) for m in range(1, 13))
    own = RegionTargets("E", 12 * monthly, (12 * monthly,), ((monthly,) * 12,), (), (), ())
    targets = Targets(
        12 * monthly, 100, 1_000_000, months, (1,) * 12, ("E",), (1,), (12 * monthly,),
        ("P",), (1,), (12 * monthly,), (own,),
    )  # fmt: skip
    return Scope(
        plan=plan,
        targets=targets,
        ledger=ledger() if with_ledger else None,
        region=plan.regions[0],
        lang=lang,
        formulas="native",
        focus_year=2027,
        as_of=date(2027, 9, 30),
        outside_credit={},
        outside_quota={},
    )


def book(here: Scope, difference: Decimal = Decimal(0)) -> Book:
    """A targets sheet of one line, the ledger sheet and the front page before them.

    `difference` is put into the check of the quarters.
    """
    lang = here.lang
    made = Book(
        lang, "手册", here.plan.settings.company, footer_left="华岳仪器 · 华东 · 2027",
        footer_right="v3.2 · 7F3A-91C2", currency="CNY", decimals=2, stamp="7F3A-91C2",
        notices=["120 行金额超过两位小数，已按分四舍五入，合计差 +0.03 元。"
                 if lang == "zh" else "120 lines were rounded to cents; difference +0.03 CNY."],
    )  # fmt: skip
    sheet = Sheet("targets", "目标分解" if lang == "zh" else "Targets", last_col=8)
    sheet.purpose = (
        "年度目标拆到月、产品和人；黄格可改，差额须为 0"
        if lang == "zh"
        else "Annual target by month, product and person"
    )
    sheet.width(1, 16, *range(2, 9))
    row = page(sheet, sheet.title, "华东 · 2027 · 元", lang)
    row = section(sheet, row, 1, 8, "按季度" if lang == "zh" else "By quarter")
    row = header_row(sheet, row, 1, ["", "Q1", "Q2", "Q3", "Q4", "Σ"], "lrrrrr")
    target = here.targets.total // 12
    quarter = Decimal(3 * target).scaleb(-2)
    body_row(sheet, row, 1, ["合计"])
    for n in range(4):
        sheet.put(row, 2 + n, quarter, "cell", "money", name=f"quarter_target_{n + 1}")
    total = Formula(f"=SUM({span(row, 2, row, 5)})", 4 * quarter)
    sheet.put(row, 6, total, "total", "money", name="annual_target")
    given = Formula(f"={a1(row, 6)}-{4 * quarter - difference}", difference)
    sheet.put(row, 7, given, "cell", "check")
    made.check(sheet, row, 7, "季度合计 = 年度目标" if lang == "zh" else "Quarters = year",
               difference)  # fmt: skip
    made.sheets.append(sheet)
    made.sheets.append(ledger_lines.build(here, made))
    made.sheets.insert(0, front.build(here, made))
    return made
