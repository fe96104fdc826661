"""The payroll of a run: every stage adds up, and what is nobody's closes the sum."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.errors import Problem
from salesxl.ledger.pay.results import PayRun
from salesxl.ooxml.lint import lint
from salesxl.ooxml.write import write_book
from salesxl.sheets.content import Book, ListTable
from salesxl.sheets.pay_book import build_payroll
from salesxl.sheets.widths import overflows
from salesxl.texts import LANGS
from tests.oracles import engines, validator
from tests.pay import statement_sample as sample
from tests.pay.statement_cells import plain


def table_of(book: Book, name: str = "payroll") -> ListTable:
    return next(table for sheet in book.sheets for table in sheet.tables if table.name == name)


def column(book: Book, key: str, name: str = "payroll") -> list[Any]:
    table = table_of(book, name)
    place = [column.key for column in table.columns].index(key)
    return [row[place] for row in table.rows]


def named(book: Book) -> dict[str, Any]:
    return {cell.name: plain(cell.value) for cell in book.sheets[0].cells if cell.name}


def with_problems() -> PayRun:
    run = sample.clawed()
    said = Problem("pay.clawback_no_age", "commission_plans P", {"plan": "P"}, "warning")
    return dataclasses.replace(run, problems=(*run.problems, said))


def test_the_quarter_stage_by_stage() -> None:
    """A 57,998 + 1,000 SPIFF; B 1,201,399.99 × 0.8 % = 9,611.20; M 0.1 % of 7,192,499.99."""
    book = build_payroll(sample.quarter(), "zh", "华岳仪器")
    assert column(book, "commission") == [57998, Decimal("9611.2"), 0]
    assert column(book, "earned") == [58998, Decimal("9611.2"), Decimal("7192.5")]
    assert column(book, "payable") == [Decimal("42758.2"), Decimal("8650.08"), Decimal("7192.5")]
    assert column(book, "open") == column(book, "payable")
    assert column(book, "paid") == [None, None, None]
    stages = named(book)
    assert stages["run_credited"] == Decimal("7192499.99")
    assert stages["run_earned"] == Decimal("75801.7")
    assert stages["run_payable"] == Decimal("58600.78") == sum(column(book, "payable"))
    assert stages["run_paid"] == 0


def test_each_row_adds_up() -> None:
    for make in sample.SITUATIONS.values():
        book = build_payroll(make(), "en")
        parts = ("commission", "overrides", "bonuses")
        earned = [sum(row) for row in zip(*(column(book, key) for key in parts), strict=True)]
        assert earned == column(book, "earned")
        parts = ("earned", "taken", "held", "draw")
        payable = [sum(row) for row in zip(*(column(book, key) for key in parts), strict=True)]
        assert payable == column(book, "payable")


def test_what_is_nobodys_closes_the_sum() -> None:
    """Ledger of June −3,834.12 = A −4,666.67 + B 777 + 55.55 of nobody."""
    run = sample.clawed()
    book = build_payroll(run, "zh", "华岳仪器")
    assert [check.difference for check in book.checks] == [0, 0]
    assert column(book, "own") == [Decimal("-4666.67"), 777]
    assert column(book, "amount", "unassigned") == [Decimal("55.55")]
    assert column(book, "reason", "unassigned") == ["没有销售人员，或计划中没有此人"]
    assert column(book, "row", "unassigned") == [7]
    shown = [plain(cell.value) for cell in book.sheets[0].cells]
    assert Decimal("-3834.12") in shown
    assert "未计入任何人：没有销售人员，或计划中没有此人" in shown


def test_a_sum_that_does_not_close_is_a_failed_check() -> None:
    run = dataclasses.replace(sample.clawed(), ledger_amount=-383411)
    book = build_payroll(run, "en")
    assert [check.difference for check in book.checks] == [0, Decimal("-0.01")]
    assert str(named(book)["verdict"]).startswith("✕")
    assert any(str(plain(cell.value)).startswith("✕") for cell in book.sheets[0].cells
               if cell.look.style == "check_ok")  # fmt: skip


def test_problems_are_told_in_words() -> None:
    for lang in LANGS:
        book = build_payroll(with_problems(), lang)
        assert [sheet.key for sheet in book.sheets] == ["payroll", "unassigned", "problems"]
        words = [str(cell.value) for cell in book.sheets[2].cells]
        assert any("P" in line and ("扣回" in line or "clawback" in line) for line in words)


def books(folder: Path) -> list[Path]:
    makes = {**sample.SITUATIONS, "problems": with_problems, "empty": empty}
    paths = []
    for lang in LANGS:
        for name, make in makes.items():
            book = build_payroll(make(), lang, "华岳仪器 & Co")
            assert not overflows(book)
            path = folder / f"{name}-{lang}.xlsx"
            write_book(book, path)
            paths.append(path)
    return paths


def empty() -> PayRun:
    """Nobody has anything: no statements, no lines."""
    run = sample.none()
    return dataclasses.replace(run, statements=(), ledger_lines=0, ledger_amount=0)


@pytest.mark.oracle("ironcalc")
def test_ironcalc_finds_the_same(tmp_path: Path) -> None:
    paths = books(tmp_path)
    found = engines.with_ironcalc(paths)
    assert found.compared > 20 * len(paths)
    assert not found.differences, [str(d) for d in found.differences[:5]]
    assert not [str(finding) for path in paths for finding in lint(path)]


@pytest.mark.oracle("libreoffice")
def test_libreoffice_finds_the_same(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    found = engines.with_libreoffice(engines.recalculate(books(tmp_path / "in"), tmp_path / "w"))
    assert found.compared > 300
    assert not found.differences, [str(d) for d in found.differences[:5]]


@pytest.mark.oracle("ooxml-validator")
def test_validator_is_silent(tmp_path: Path) -> None:
    assert not validator.findings(books(tmp_path)[-4:])
