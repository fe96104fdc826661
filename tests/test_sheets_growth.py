"""Measures, responsibilities, careers and the pipeline's coverage on their sheets."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.core.kpi import kpi_score
from salesxl.ooxml.write import write_book
from salesxl.plan.model import Kpi, Plan, Responsibility
from salesxl.plan.starter import starter
from salesxl.plan.targets import breakdown
from salesxl.sheets import responsibilities
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.scope import Scope, head_office
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
