"""The list sheets: figures worked out by hand, engines agree, empty plans, hostile text."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import ironcalc
import pandas as pd
import pytest

from salesxl.ledger.frame import COLUMNS, TEXT_COLUMNS, Ledger
from salesxl.ooxml.write import write_book
from salesxl.plan.model import (
    Bonus,
    CareerLevel,
    Channel,
    CommissionPlan,
    CommissionTier,
    Course,
    Customer,
    Duty,
    Honour,
    KeyAccount,
    MonthWeight,
    Partner,
    PartnerCriterion,
    Person,
    Plan,
    ProductLine,
    Prospect,
    Region,
    Role,
    Settings,
)
from salesxl.plan.targets import RegionTargets, Targets
from salesxl.sheets import (
    channels,
    customer_scores,
    customers,
    incentives,
    key_accounts,
    ledger_lines,
    partners,
    prospects,
    team,
    training,
    visits,
)
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.row_heights import line_count
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang

MODULES: tuple[ModuleType, ...] = (
    team, prospects, customers, customer_scores, visits, key_accounts, channels, partners,
    incentives, training,
)  # fmt: skip
AS_OF = date(2027, 9, 30)
HOSTILE = "=1+1"
LONG = "一家名字特别特别长的客户有限责任公司" * 6


def _people() -> tuple[Person, ...]:
    return (
        Person(id="P1", name="沈知远", role="R1", region="E", joined_date=date(2020, 3, 15)),
        Person(id="P2", name="林若溪", role="R2", region="E", manager="P1",
               joined_date=date(2027, 3, 31), commission_plan="STD"),
        Person(id="P3", name="周启明", role="R2", region="E", manager="P1",
               joined_date=date(2021, 1, 1), left_date=date(2027, 6, 30)),
    )  # fmt: skip


def _settings() -> Settings:
    return Settings(
        company="华岳仪器", currency="CNY", year=2027, annual_target_amount=1_200_000_00,
        rounding_unit_amount=100_00, as_of_date=AS_OF,
    )  # fmt: skip


def _bare_plan() -> Plan:
    return Plan(
        settings=_settings(),
        regions=(Region(id="E", name="华东大区"),),
        product_lines=(ProductLine(id="L1", name="分析仪器"),),
        month_weights=tuple(MonthWeight(month=m, weight=Decimal(1)) for m in range(1, 13)),
    )


def _plan() -> Plan:
    tiers = ((0, "0.05"), (500_000, "0.08"), (1_000_000, "0.10"))
    start = date(2027, 1, 1)
    return dataclasses.replace(
        _bare_plan(),
        people=_people(),
        roles=(
            Role(id="R1", name="销售经理", kind="manager", purpose="定方向、带队伍、管结果"),
            Role(id="R2", name="销售代表", kind="rep", purpose="开发客户、成交、维护关系"),
        ),
        duties=(
            Duty(role="R1", number=1, duty="制定销售计划并跟踪", measure="完成率", rhythm="每月"),
            Duty(role="R2", number=1, duty="开发新客户", measure="客户数", rhythm="每周"),
        ),
        prospects=(
            Prospect(id="Q1", name=HOSTILE, region="E", source="行业展会", stage="proposal",
                     expected_amount=300_000_00, win_rate=Decimal("0.4"), owner="P2",
                     next_step="寄样机", due_date=date(2027, 9, 20)),
            Prospect(id="Q2", name="云杉新材料", region="E", source="线上推广", stage="lead",
                     expected_amount=80_000_00, owner="P2", due_date=date(2027, 10, 9)),
            Prospect(id="Q3", name="锦川电子", region="E", source="行业展会", stage="won",
                     expected_amount=50_000_00, win_rate=Decimal(1)),
            Prospect(id="Q4", name="蓝屿", region="E", source="行业展会", stage="lost",
                     expected_amount=20_000_00),
        ),
        customers=(
            Customer(id="0012", name=LONG, region="E", owner="P2", grade="A", channel="直销",
                     satisfaction=Decimal("4.5"), visits_per_year=12, maintenance="每月拜访"),
            Customer(id=">5*", name=HOSTILE, region="E", grade="B"),
            Customer(id="C3", name="新客户", region="E"),
        ),
        key_accounts=(KeyAccount(customer="0012", reason="金额最大", action="年度框架协议"),),
        channels=(
            Channel(id="K1", name="官网商城", kind="online", goal="提高询盘转化",
                    measures="改版产品页", budget_amount=20_000_00, target_amount=100_000_00),
            Channel(id="K2", name="直销", kind="offline", target_amount=50_000_00),
        ),
        partner_criteria=(
            PartnerCriterion(id="reputation", name="信誉", weight=Decimal("0.3"), minimum_score=3),
            PartnerCriterion(id="strength", name="实力", weight=Decimal("0.3")),
            PartnerCriterion(id="market_share", name="市场份额", weight=Decimal("0.2")),
            PartnerCriterion(id="willingness", name="合作意愿", weight=Decimal("0.2")),
        ),
        partners=(
            _partner("T1", "苏州恒谱", 4, 3, 5, 2),
            _partner("T2", "宁波启帆", 5, 4, 4, 5),
            _partner("T3", "上海明远", 2, 5, 5, 5),
            _partner("T4", "杭州云测", 4, 3, 5, 2),
        ),
        commission_plans=(
            CommissionPlan(id="STD", name="标准", effective_from=start, base="amount",
                           kind="marginal", measure="amount", period="year"),
            CommissionPlan(id="STD", name="标准", effective_from=date(2028, 1, 1), base="amount",
                           kind="whole_amount", measure="amount", period="year"),
        ),
        commission_tiers=tuple(
            CommissionTier(plan="STD", effective_from=day, threshold=Decimal(t), rate=Decimal(r))
            for day in (start, date(2028, 1, 1)) for t, r in tiers
        ),
        bonuses=(
            Bonus(id="B1", name="季度冠军", kind="champion", period="quarter",
                  bonus_amount=5_000_00, condition="季度销售额第一且完成率不低于 100%"),
            Bonus(id="B2", name="超额奖", kind="over_target", period="year",
                  bonus_rate=Decimal("0.02")),
        ),
        honours=(Honour(id="H1", title="销售之星", scope="person", period="month"),),
        courses=(
            Course(id="C1", name="新品应用", kind="product", month=2, hours=Decimal("3.5")),
            Course(id="C2", name="谈判技巧", kind="skills", month=5, hours=Decimal(6)),
        ),
        career_levels=(
            CareerLevel(id="V1", track="销售", level=1, title="销售代表"),
            CareerLevel(id="V2", track="销售", level=2, title="高级代表",
                        minimum_attainment=Decimal("0.9"), minimum_months=24),
        ),
    )  # fmt: skip


def _partner(key: str, name: str, *scores: int) -> Partner:
    reputation, strength, share, willingness = map(Decimal, scores)
    return Partner(
        id=key, name=name, region="E", reputation=reputation, strength=strength,
        market_share=share, willingness=willingness,
    )  # fmt: skip


def _targets() -> Targets:
    months = tuple(date(2027, m, 1) for m in range(1, 13))
    each = 100_000_00
    region = RegionTargets(
        region="E", amount=12 * each, products=(12 * each,), months=((each,) * 12,),
        members=("P2", "P3", ""), member_parts=((1,) * 12, (1,) * 6 + (0,) * 6, (0,) * 12),
        quotas=(((60_000_00,) * 12, (40_000_00,) * 6 + (0,) * 6,
                 (0,) * 6 + (40_000_00,) * 6),),
    )  # fmt: skip
    return Targets(
        total=12 * each, unit=100_00, scale=1_000_000, months=months, month_parts=(1,) * 12,
        region_ids=("E",), region_parts=(1,), region_amounts=(12 * each,), product_ids=("L1",),
        product_parts=(1,), product_amounts=(12 * each,), regions=(region,),
    )  # fmt: skip


def _ledger() -> Ledger:
    lines: list[tuple[str, int, str, str]] = [
        ("2027-01-05", 1000_10, "0012", "直销"),
        ("2027-09-01", 2000_20, "0012", "官网商城"),
        ("2026-05-05", 700_00, "0012", "直销"),
        ("2027-03-03", 400_05, ">5*", "经销商"),
        ("2027-04-04", -50_05, ">5*", "经销商"),
        ("2027-06-06", 90_00, "", ""),
        ("2027-07-07", 10_00, "X9", "直销"),
    ]
    frame = pd.DataFrame({
        "row": range(2, 2 + len(lines)),
        "source": "sales.csv",
        "date": pd.to_datetime([line[0] for line in lines]).astype("datetime64[s]"),
        "amount": [line[1] for line in lines],
        "cost": pd.array([None] * len(lines), dtype="Int64"),
        "collected": pd.array([None] * len(lines), dtype="Int64"),
        "quantity": [float("nan")] * len(lines),
        "is_return": [line[1] < 0 for line in lines],
        **dict.fromkeys(TEXT_COLUMNS, ""),
    })[list(COLUMNS)]  # fmt: skip
    frame["customer_id"] = [line[2] for line in lines]
    frame["customer_key"] = [line[2] if line[2] != "X9" else "" for line in lines]
    frame["channel"] = [line[3] for line in lines]
    frame["person_id"] = frame["person_key"] = "P2"
    frame["region_key"], frame["product_key"] = "E", ""
    present = frozenset({"date", "amount", "customer_id", "channel", "person_id"})
    return Ledger(frame=frame, decimals=2, present=present)


def _scope(plan: Plan, ledger: Ledger | None, lang: Lang = "zh", head: bool = False) -> Scope:
    return Scope(
        plan=plan, targets=_targets(), ledger=ledger,
        region=None if head else plan.regions[0], lang=lang, formulas="native", focus_year=2027,
        as_of=AS_OF, outside_credit={}, outside_quota={},
    )  # fmt: skip


def _book(scope: Scope) -> Book:
    book = Book(lang=scope.lang, title="t", company="c")
    book.sheets.append(Sheet("front", {"zh": "首页", "en": "Front"}[scope.lang]))
    for module in (*MODULES, ledger_lines):
        book.sheets.append(module.build(scope, book))
    return book


def _named(book: Book, name: str) -> Any:
    cell = next(c for s in book.sheets for c in s.cells if c.name == name)
    return cell.value.value if isinstance(cell.value, Formula) else cell.value


def _table(book: Book, name: str) -> list[dict[str, Any]]:
    table = next(t for s in book.sheets for t in s.tables if t.name == name)
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def _formula_cells(book: Book) -> list[tuple[int, int, int, Any]]:
    """Sheet number, row, column (from 0) and value of every formula of the book."""
    found: list[tuple[int, int, int, Any]] = []
    for number, sheet in enumerate(book.sheets):
        found += [(number, c.row, c.col, c.value.value) for c in sheet.cells
                  if isinstance(c.value, Formula)]  # fmt: skip
        for table in sheet.tables:
            found += [
                (number, table.row + 1 + i, table.col + j, row[j])
                for i, row in enumerate(table.rows)
                for j, column in enumerate(table.columns) if column.formula
            ]  # fmt: skip
    return found


@pytest.fixture(scope="module")
def book() -> Book:
    return _book(_scope(_plan(), _ledger()))


def test_customers_by_hand(book: Book) -> None:
    rows = _table(book, "customers")
    assert [r["id"] for r in rows[:3]] == ["0012", ">5*", "C3"]
    assert [r["focus"] for r in rows[:3]] == [Decimal("3000.30"), Decimal("350.00"), 0]
    assert rows[0]["before"] == Decimal("700.00")
    assert rows[0]["last"] == date(2027, 9, 1)
    assert rows[0]["days"] == 29
    assert [r["reminder"] for r in rows[:3]] == ["✓ 正常", "✕ 超期", "● 无订单"]
    assert rows[3] == {**dict.fromkeys(rows[3]), "focus": 0, "before": 0, "days": "–",
                       "reminder": "–"}  # fmt: skip
    assert _named(book, "customer_others") == Decimal("100.00")


def test_prospects_by_hand(book: Book) -> None:
    assert _named(book, "prospect_count") == 2
    assert _named(book, "prospect_amount") == 380_000
    assert _named(book, "prospect_weighted") == 120_000  # 300,000 × 0.4; no rate, no weight
    assert [r["reminder"] for r in _table(book, "prospects")[:2]] == ["✕ 逾期", "● 近期"]


def test_partners_by_hand(book: Book) -> None:
    # T1 = (4×.3 + 3×.3 + 5×.2 + 2×.2) × 20 = 70; T2 = (1.5+1.2+.8+1) × 20 = 90; T3 knocked out.
    rows = {r["name"]: r for r in _table(book, "partners") if r["name"]}
    assert rows["宁波启帆"]["total"] == 90
    assert rows["苏州恒谱"]["total"] == 70
    assert [rows[n]["rank"] for n in ("宁波启帆", "苏州恒谱", "杭州云测", "上海明远")] == [
        1, 2, 2, "–",
    ]  # fmt: skip
    assert rows["上海明远"]["knock_out"] == "✕ 信誉低于最低分"


def test_team_quotas_and_channels(book: Book) -> None:
    roster = {r["name"]: r["quota"] for r in _table(book, "roster")}
    assert roster == {"沈知远": 0, "林若溪": 720_000, "周启明": 240_000, "（空缺）": 240_000}
    assert _named(book, "team_quota") == _named(book, "team_target") == 1_200_000
    assert _named(book, "channel_total") == Decimal("3450.30")
    assert _table(book, "channels_offline")[0]["actual"] == Decimal("1010.10")


def test_tiers_tell_start_and_jump(book: Book) -> None:
    sheet = next(s for s in book.sheets if s.key == "incentives")
    values = [c.value.value for c in sheet.cells if isinstance(c.value, Formula)]
    # marginal: 500,000 × 5 % = 25,000; + 500,000 × 8 % = 65,000
    assert Decimal(25_000) in values
    assert Decimal(65_000) in values
    # whole amount at 1,000,000: 100,000, a jump of 1,000,000 × 2 %
    assert Decimal(100_000) in values
    assert Decimal(20_000) in values
    assert _named(book, "bonus_budget") == 20_000


def test_training_months(book: Book) -> None:
    rows = {r["name"]: r for r in _table(book, "careers")}
    assert "周启明" not in rows  # left
    assert rows["林若溪"]["months"] == 5  # 31 March to 30 September: not yet six
    assert rows["沈知远"]["months"] == 90
    assert rows["林若溪"]["attainment"] == Decimal("3450.30") / 720_000


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", ["full", "head", "empty", "no_ledger", "bare"])
def test_ironcalc_finds_the_same(tmp_path: Path, lang: Lang, case: str) -> None:
    plan = _bare_plan() if case in ("empty", "bare") else _plan()
    ledger = None if case in ("no_ledger", "bare") else _ledger()
    built = _book(_scope(plan, ledger, lang, head=case == "head"))
    path = tmp_path / "lists.xlsx"
    write_book(built, path)
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    cells = _formula_cells(built)
    assert cells
    for number, row, col, value in cells:
        shown = model.get_formatted_cell_value(number, row + 1, col + 1)
        where = f"{built.sheets[number].title} {row + 1},{col + 1}: {shown} against {value}"
        assert value not in ("", None), where
        if isinstance(value, str):
            assert shown == value, where
        else:
            found = model.get_cell_value(number, row + 1, col + 1)
            assert isinstance(found, int | float), where
            assert abs(float(found) - float(value)) < 0.0001, where
    for check in built.checks:
        assert check.difference == 0 or check.money is False


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_empty_plan_leaves_something_to_fill(lang: Lang) -> None:
    built = _book(_scope(_bare_plan(), None, lang))
    for sheet in built.sheets[1:-1]:
        if sheet.kind == "read":
            continue
        inputs = sum(
            len(t.rows) for t in sheet.tables if any(c.look.style == "input" for c in t.columns)
        ) + len({c.row for c in sheet.cells if c.look.style == "input"})
        assert inputs >= 5, sheet.key
        assert sheet.validations, sheet.key


def test_names_are_unique_and_hostile_text_stays_text(book: Book) -> None:
    tables = [t.name for s in book.sheets for t in s.tables]
    assert len(tables) == len(set(tables))
    assert all(name.isascii() for name in tables)
    assert any(r["name"] == HOSTILE for r in _table(book, "customers"))


def test_two_ids_a_sum_would_confuse_stay_values() -> None:
    ledger = _ledger()
    ledger.frame.loc[3, ["customer_id", "customer_key"]] = "12"
    built = _book(_scope(_plan(), ledger))
    table = next(t for s in built.sheets for t in s.tables if t.name == "customers")
    formulas = {c.key: c.formula for c in table.columns}
    assert formulas["focus"] == ""
    assert formulas["days"] != ""
    assert _table(built, "customers")[0]["focus"] == Decimal("3000.30")


def test_line_count() -> None:
    # 30 CJK characters at 10 pt are 400 px, with a tenth lost 440; a room of 166 leaves 150.
    assert line_count("长" * 30, 166, "zh") == 3
    assert line_count("a\nb", 166, "en") == 2
