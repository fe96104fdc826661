"""Statements as files: engines find our values, nothing is cut off, readers are content."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from salesxl.ledger.pay.results import PayRun
from salesxl.ooxml.lint import lint
from salesxl.ooxml.write import book_bytes, write_book
from salesxl.sheets.pay_book import build_statement
from salesxl.sheets.row_heights import room
from salesxl.sheets.widths import overflows
from salesxl.texts import LANGS
from tests.oracles import engines, validator
from tests.pay import statement_sample as sample
from tests.pay.make import line

RUNS: dict[str, Callable[[], PayRun]] = {
    **sample.SITUATIONS,
    **{kind: (lambda kind=kind: sample.kind_run(kind)) for kind in sample.KINDS},  # type: ignore[misc]
}


def written(folder: Path, name: str, run: PayRun) -> list[Path]:
    """A file for each payee and language; no text is wider than its cell."""
    paths = []
    for lang in LANGS:
        for statement in run.statements:
            book = build_statement(statement, run, lang, "华岳仪器 & Co")
            assert not overflows(book)
            assert all(check.difference == 0 for check in book.checks)
            path = folder / f"{name}-{statement.person}-{lang}.xlsx"
            write_book(book, path)
            paths.append(path)
    return paths


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize("name", sorted(RUNS))
def test_ironcalc_finds_the_same(tmp_path: Path, name: str) -> None:
    paths = written(tmp_path, name, RUNS[name]())
    found = engines.with_ironcalc(paths)
    assert found.compared > 10 * len(paths)
    assert not found.differences, [str(d) for d in found.differences[:5]]
    assert not [str(finding) for path in paths for finding in lint(path)]


@pytest.mark.oracle("libreoffice")
def test_libreoffice_finds_the_same(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    paths = [p for name, make in RUNS.items() for p in written(tmp_path / "in", name, make())]
    found = engines.with_libreoffice(engines.recalculate(paths, tmp_path / "work"))
    assert found.compared > 2000
    assert not found.differences, [str(d) for d in found.differences[:5]]


@pytest.mark.oracle("ooxml-validator")
def test_validator_is_silent(tmp_path: Path) -> None:
    paths = [p for name in ("quarter", "many", "none") for p in written(
        tmp_path, name, RUNS[name]())]  # fmt: skip
    assert not validator.findings(paths)


def test_a_usual_statement_is_one_page() -> None:
    run = sample.quarter()
    for lang in LANGS:
        sheet = build_statement(run.statements[0], run, lang).sheets[0]
        assert (sheet.fit_height, sheet.landscape) == (1, True)


def test_the_same_run_gives_the_same_bytes() -> None:
    first, again = sample.quarter(), sample.quarter()
    one = book_bytes(build_statement(first.statements[0], first, "zh"))
    assert one == book_bytes(build_statement(again.statements[0], again, "zh"))


def test_long_names_are_not_cut_by_chance(tmp_path: Path) -> None:
    """A customer of 300 characters wraps; names in the strip end with a sign of more."""
    run = sample.kind_run("marginal")
    statement = run.statements[0]
    pay = statement.plans[0]
    lines = (dataclasses.replace(pay.lines[0], customer="长" * 300, order="O" * 60), *pay.lines[1:])
    long = dataclasses.replace(
        statement, name="名" * 80, role="R" * 90, manager="m" * 90,
        plans=(dataclasses.replace(pay, lines=lines),),
    )  # fmt: skip
    for lang in LANGS:
        book = build_statement(long, run, lang)
        assert not overflows(book)
        write_book(book, tmp_path / f"{lang}.xlsx")
        assert any(str(cell.value).endswith("…") for cell in book.sheets[0].cells)


@pytest.mark.oracle("ironcalc")
def test_random_statements_are_found_again(tmp_path: Path) -> None:
    """Every kind of plan on random lines, small and very large: both ways, to the cent."""
    chance = random.Random(20)
    paths = []
    for number in range(40):
        scale = chance.choice((1, 1, 100, 100_000))
        lines = []
        for n in range(chance.choice((1, 3, 12, 45))):
            amount = round(chance.choice((chance.uniform(-50, 5000), 0.01, 10_000)) * scale, 2)
            day = f"2026-{chance.choice((4, 5, 6, 6)):02d}-{chance.randint(1, 28):02d}"
            lines.append(line(day, "A", f"{amount:.2f}", order=f"O{n}", cost=f"{amount / 3:.2f}",
                              customer=chance.choice(("", "Ä", "客户"))))  # fmt: skip
        period = chance.choice(("2026-06", "2026-Q2", "2026"))
        run = sample.kind_run(chance.choice(sorted(sample.KINDS)), period, lines)
        for statement in run.statements[:1]:
            book = build_statement(statement, run, chance.choice(LANGS))
            assert not overflows(book)
            assert all(check.difference == 0 for check in book.checks)
            paths.append(tmp_path / f"{number}.xlsx")
            write_book(book, paths[-1])
    found = engines.with_ironcalc(paths)
    assert found.compared > 1000
    assert not found.differences, [str(d) for d in found.differences[:5]]


def test_the_sign_off_is_not_torn_apart() -> None:
    """Whether a page holds as much as reckoned or 5 % more, section six lies on one page."""
    for pages in (1.0, 1.05):
        for make in (sample.many, sample.several_plans, sample.quarter):
            run = make()
            sheet = build_statement(run.statements[0], run, "zh").sheets[0]
            if sheet.fit_height:
                continue
            head = next(c.row for c in sheet.cells if str(c.value).startswith("六、"))
            last = sheet.print_last_row or 0
            wide = 0.75 * room(sheet, 1, sheet.last_col)
            page = 519 * max(wide / 784, 1) * pages
            above = sum(sheet.heights.get(row, 19) for row in range(head))
            below = sum(sheet.heights.get(row, 19) for row in range(last + 1))
            assert above // page == (below - 1) // page
