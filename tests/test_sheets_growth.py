"""Measures, responsibilities, careers and the pipeline's coverage on their sheets."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.core.development import ladder_distance
from salesxl.core.kpi import kpi_score
from salesxl.ooxml.write import write_book
from salesxl.plan.model import Kpi, Plan, Prospect, Responsibility, SkillLevel, SourcePlan
from salesxl.plan.starter import starter
from salesxl.plan.targets import breakdown
from salesxl.sheets import careers, ledger_lines, pipeline, prospects, responsibilities
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.scope import Scope, head_office, narrow
from salesxl.sheets.widths import overflows
from salesxl.texts import Lang, text
from tests import generate_sample
from tests.oracles import engines

LANGS: tuple[Lang, ...] = ("zh", "en")


def scope_of(tmp_path: Path, lang: Lang = "en", **tables: Any) -> Scope:
    """The small company with the starter's roles, measures and responsibilities."""
    rows = starter(lang)
    plan: Plan = dataclasses.replace(
        generate_sample.plan(),
        **{name: rows[name] for name in ("roles", "kpis", "responsibilities", "courses", "skills",
                                         "career_levels", "level_skills")},
    )  # fmt: skip
    people = tuple(
        dataclasses.replace(p, role={"M": "manager", "R": "rep"}[p.role]) for p in plan.people
    )
    plan = dataclasses.replace(plan, people=people)
    plan = dataclasses.replace(plan, **tables)
    full = generate_sample.head(tmp_path, lang, whole=plan)
    return head_office(plan, breakdown(plan), full.ledger, lang)


def book_of(scope: Scope, *modules: Any) -> Book:
    book = Book(scope.lang, "t", "c", currency="USD")
    front = Sheet("front", text("front.tab", scope.lang))
    front.put(1, 1, "front")
    book.sheets.append(front)
    for module in modules:
        built = module.build(scope, book)
        book.sheets.extend(built if isinstance(built, list) else [built])
    return book


def value(content: object) -> object:
    return content.value if isinstance(content, Formula) else content


def said(sheet: Sheet) -> list[object]:
    return [value(c.value) for c in sheet.cells]


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("lang", LANGS)
def test_measures_and_duties_recalculate_and_fit(tmp_path: Path, lang: Lang) -> None:
    book = book_of(scope_of(tmp_path, lang), responsibilities)
    assert [item for item in overflows(book) if item[0] != book.sheets[0].title] == []
    assert len(book.checks) == 3 and all(check.difference == 0 for check in book.checks)
    write_book(book, tmp_path / "book.xlsx")
    result = engines.with_ironcalc([tmp_path / "book.xlsx"])
    assert result.differences == () and result.compared > 60


@pytest.mark.oracle("ironcalc")
def test_an_actual_typed_in_is_scored_as_core_does(tmp_path: Path) -> None:
    kpis = (
        Kpi(role="rep", name="Sales", target=Decimal(100), weight=Decimal("0.6"),
            cap_share=Decimal("1.2")),
        Kpi(role="rep", name="Complaints", target=Decimal(5), weight=Decimal("0.4"),
            direction="down", floor_share=Decimal(0)),
    )  # fmt: skip
    book = book_of(scope_of(tmp_path, kpis=kpis), responsibilities)
    sheet = book.sheets[1]
    typed = {"Sales": 300, "Complaints": 6}
    rows = {c.row: typed[str(c.value)] for c in sheet.cells if c.col == 1 and c.value in typed}
    sheet.cells = [
        dataclasses.replace(c, value=rows[c.row]) if c.row in rows and c.col == 8 else c
        for c in sheet.cells
    ]
    write_book(book, tmp_path / "book.xlsx")
    found = {d.cell: d.theirs for d in engines.with_ironcalc([tmp_path / "book.xlsx"]).differences}
    first, last = min(rows), max(rows)
    score = kpi_score([300, 6], [100, 5], ["0.6", "0.4"], ["up", "down"], [None, 0], ["1.2", None])
    for row, line in zip((first, last, last + 1), score, strict=True):
        assert abs(float(found[f"L{row + 1}"]) - float(line[3])) < 1e-12
    assert score[-1][3] == Decimal("1.04")


def test_a_matrix_that_is_wrong_says_where(tmp_path: Path) -> None:
    matrix = tuple(
        Responsibility(process=process, role=role, part=part)
        for process, role, part in (
            ("Fine", "manager", "AR"), ("Two", "manager", "A"), ("Two", "rep", "AR"),
            ("None", "rep", "R"), ("Idle", "manager", "A"), ("Idle", "rep", "I"),
        )
    )  # fmt: skip
    sheet = book_of(scope_of(tmp_path, responsibilities=matrix), responsibilities).sheets[1]
    cells = said(sheet)
    for words in ("✓ OK", "✕ Several A", "✕ No A", "✕ No R"):
        assert words in cells
    assert "✕ 3 responsibilities need correcting" in cells


def test_weights_that_miss_one_fail_their_check(tmp_path: Path) -> None:
    kpis = (Kpi(role="rep", name="Sales", target=Decimal(1), weight=Decimal("0.9")),)
    book = book_of(scope_of(tmp_path, kpis=kpis), responsibilities)
    assert [check.difference for check in book.checks] == [Decimal("-0.1")]


def test_without_roles_the_sheet_says_what_is_missing(tmp_path: Path) -> None:
    scope = scope_of(tmp_path, kpis=(), responsibilities=())
    sheet = book_of(scope, responsibilities).sheets[1]
    assert text("responsibilities.raci_empty", "en") in said(sheet)
    assert text("responsibilities.kpis_empty", "en") in said(sheet)


DEALS = tuple(
    Prospect(
        id=f"X{n}", name=f"Firm {n}", region=region, source=source, stage=stage,
        expected_amount=amount * 100, win_rate=rate, owner="W1", due_date=due, stage_since=since,
    )
    for n, (region, source, stage, amount, rate, due, since) in enumerate(
        (
            ("E", "Fair", "lead", 1000, Decimal("0.5"), date(2027, 4, 1), date(2027, 1, 1)),
            ("E", "Fair", "won", 700, None, None, None),
            ("W", "Website", "proposal", 2000, None, date(2027, 3, 1), date(2027, 3, 1)),
            ("W", "Fair", "lost", 900, Decimal(0), None, None),
            ("W", "", "negotiation", 400, Decimal("0.25"), None, None),
        )
    )
)  # fmt: skip
SOURCES = (
    SourcePlan(source="Fair", goal_count=6, cost_amount=900_00, responsible="Ann"),
    SourcePlan(source="Website", cost_amount=0),
    SourcePlan(source="Post", goal_count=0, cost_amount=10_00),
)


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("lang", LANGS)
def test_the_pipeline_recalculates_and_fits(tmp_path: Path, lang: Lang) -> None:
    paths = []
    for deals, plans in ((DEALS, SOURCES), ((), ())):
        head = scope_of(tmp_path, lang, prospects=deals, source_plans=plans)
        for scope in (head, narrow(head, head.plan.leaf_regions[0])):
            book = book_of(scope, prospects, pipeline, ledger_lines)
            names = (book.sheets[0].title, text("prospects.title", lang))
            assert [item for item in overflows(book) if item[0] not in names] == []
            paths.append(tmp_path / f"{len(paths)}.xlsx")
            write_book(book, paths[-1])
    result = engines.with_ironcalc(paths)
    assert result.differences == () and result.compared > 200


def test_coverage_ages_and_costs_by_hand(tmp_path: Path) -> None:
    scope = scope_of(tmp_path, prospects=DEALS, source_plans=SOURCES)
    sheet = book_of(scope, prospects, pipeline).sheets[2]

    def row(name: str, place: int = 0) -> dict[int, object]:
        at = [c.row for c in sheet.cells if c.col == 1 and value(c.value) == name][place]
        return {c.col: value(c.value) for c in sheet.cells if c.row == at}

    # 3,400 open, 500 + 100 weighted; 12,000 less 3,610.24 are left; one open deal has no rate.
    covered = row("Alder & Co")
    assert [covered[n] for n in (2, 3, 4, 5, 6)] == [
        3400, 600, 12000, Decimal("3610.24"), Decimal("8389.76"),
    ]  # fmt: skip
    assert covered[9] == Decimal("7789.76") and covered[10] == 1
    assert covered[7] == Decimal(3400) / Decimal("8389.76")
    # To 9 March: 67 days since the New Year are stale; due on the 1st is 8 days late.
    assert (row("Firm 0")[6], row("Firm 0")[9]) == (67, "● Stale")
    assert (row("Firm 2")[8], row("Firm 2")[9]) == (8, "● Late")
    fair = row("Fair")
    # Three found of six, one won: 300 a prospect, 900 a customer.
    assert [fair[n] for n in (2, 3, 4, 5, 7, 8)] == [6, 3, Decimal("0.5"), 1, 300, 900]
    assert row("Website")[7] == "–" and row("Post")[4] == "–"


def test_a_region_is_not_told_what_a_source_cost_all(tmp_path: Path) -> None:
    head = scope_of(tmp_path, prospects=DEALS, source_plans=SOURCES)
    sheet = book_of(narrow(head, head.plan.leaf_regions[0]), prospects, pipeline).sheets[2]
    assert text("pipeline.sources", "en") not in said(sheet)


def climbing(tmp_path: Path, lang: Lang = "en") -> Scope:
    """Ann is a representative (R2) since 2026-01, assessed in two of the six skills asked."""
    scope = scope_of(tmp_path, lang)
    people = tuple(
        dataclasses.replace(p, career_level="R2", level_since=date(2026, 1, 15))
        if p.id == "E1" else p for p in scope.plan.people
    )  # fmt: skip
    levels = (
        SkillLevel(person="E1", skill="K1", level=4), SkillLevel(person="E1", skill="K2", level=1),
    )  # fmt: skip
    return scope_of(tmp_path, lang, people=people, skill_levels=levels)


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("lang", LANGS)
def test_careers_recalculate_and_fit(tmp_path: Path, lang: Lang) -> None:
    paths = []
    for scope in (climbing(tmp_path, lang), scope_of(tmp_path, lang, skills=(), level_skills=(),
                                                     career_levels=())):  # fmt: skip
        book = book_of(scope, careers)
        assert [item for item in overflows(book) if item[0] != book.sheets[0].title] == []
        paths.append(tmp_path / f"{len(paths)}.xlsx")
        write_book(book, paths[-1])
    assert engines.with_ironcalc(paths).differences == ()


def test_the_distance_is_cores(tmp_path: Path) -> None:
    scope = dataclasses.replace(climbing(tmp_path), as_of=date(2027, 4, 30))
    (ann,) = careers.standings(scope)
    assert ann.next is not None and ann.next.id == "R3"
    assert (ann.quarters, ann.months, ann.gaps) == (1, 15, {"K2": 2})
    assert ann.unknown == ("K3", "K4", "K5", "K6") and not ann.is_ready
    reached = careers.quarterly_attainment(scope)["E1"]
    distance = ladder_distance(reached, 1, 4, 15, 24, [4, 1], [4, 3])
    assert [row[3] for row in distance] == [
        ann.missing_quarters, ann.missing_months, sum(ann.gaps.values()),
    ]  # fmt: skip
    words = careers.missing_words(scope, ann)
    assert "months: 9 more" in words and "Answering rivals −2" in words
    assert "not assessed: Winning and visiting customers" in words


def test_a_guests_career_stays_at_home(tmp_path: Path) -> None:
    """Cid works in the East too; his level and skills are told in the West alone."""
    scope = scope_of(tmp_path)
    people = tuple(
        dataclasses.replace(p, career_level="R2") if p.id == "W2" else p for p in scope.plan.people
    )
    head = scope_of(
        tmp_path, people=people, skill_levels=(SkillLevel(person="W2", skill="K1", level=4),)
    )
    east, west = (narrow(head, region) for region in head.plan.leaf_regions)
    assert not east.plan.skill_levels and len(west.plan.skill_levels) == 1
    assert {p.career_level for p in east.plan.people if p.id == "W2"} == {""}
