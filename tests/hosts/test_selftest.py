"""The self-test against an Excel that is faked: its cells call the real functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from salesxl.catalog.examples import Example, Outcome, examples, try_in_core
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.hosts.excel import selftest
from salesxl.hosts.excel.selftest_cells import examples_of, letters, place, same
from tests.hosts.fake_com import MISSING, FakeBook, FakeRange, com
from tests.hosts.fake_machine import FakeMachine

MODULE = "salesxl.hosts.excel.functions"
CELL = re.compile(r"([A-Z]+)(\d+)")


class FakeCells:
    """A range of the fake sheet; a formula is answered when it is written."""

    def __init__(self, sheet: FakeSheet, address: str) -> None:
        ends = [CELL.fullmatch(end) for end in address.split(":")]
        at = [(int(end[2]), _column(end[1])) for end in ends if end]
        (self.top, self.left), (self.bottom, self.right) = at[0], at[-1]
        self.sheet = sheet

    @property
    def rows(self) -> list[list[Any]]:
        return [
            [self.sheet.cells.get((row, column)) for column in range(self.left, self.right + 1)]
            for row in range(self.top, self.bottom + 1)
        ]

    @property
    def value(self) -> Any:
        single = self.top == self.bottom and self.left == self.right
        return self.rows[0][0] if single else self.rows

    @value.setter
    def value(self, rows: list[list[Any]]) -> None:
        assert len(rows) == self.bottom - self.top + 1
        for down, row in enumerate(rows):
            assert len(row) == self.right - self.left + 1
            for across, cell in enumerate(row):
                kept = cell[1:] if isinstance(cell, str) and cell.startswith("'") else cell
                self.sheet.cells[self.top + down, self.left + across] = kept

    def options(self, **given: Any) -> SimpleNamespace:
        assert given == {"ndim": 2, "err_to_str": True}
        return SimpleNamespace(value=self.rows)

    def _set_formula(self, formula: str) -> None:
        found = self.sheet.answer(formula)
        answer = found if isinstance(found, list) else [[found]]
        if not isinstance(answer[0], list):
            answer = [answer]
        for down in range(self.bottom - self.top + 1):
            for across in range(self.right - self.left + 1):
                inside = down < len(answer) and across < len(answer[down])
                cell = answer[down][across] if inside else "#N/A"
                self.sheet.cells[self.top + down, self.left + across] = cell

    formula = property(None, _set_formula)
    formula_array = property(None, _set_formula)


class FakeSheet:
    """Cells by row and column; `knows` is what stands before a function's name."""

    def __init__(self, server: Any, knows: str) -> None:
        self.cells: dict[tuple[int, int], Any] = {}
        self.server, self.knows = server, knows

    def clear(self) -> None:
        self.cells = {}

    def range(self, address: str) -> FakeCells:
        return FakeCells(self, address)

    def answer(self, formula: str) -> Any:
        head = f"={self.knows}"
        if not formula.startswith(head) or ("!" in formula) != ("!" in self.knows):
            return "#NAME?"
        name, _, rest = formula[len(head) :].partition("(")
        given = []
        for word in rest[:-1].split(","):
            if not word:
                given.append(MISSING)
            elif CELL.match(word):
                given.append(FakeRange(self.range(word).rows))
            else:
                given.append(float(word))
        return self.server.CallUDF(MODULE, name, given, FakeBook(), FakeRange([[None]]))


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def excel(server: Any, knows: str = "") -> SimpleNamespace:
    """A book in an app that opens one scratch workbook; `closed` counts how often it closed."""
    closed: list[bool] = []
    sheet = FakeSheet(server, knows)
    scratch = SimpleNamespace(sheets=[sheet], close=lambda: closed.append(True))
    app = SimpleNamespace(
        books=SimpleNamespace(add=lambda: scratch), status_bar=None, version="16.0"
    )
    return SimpleNamespace(app=app, name="plan's.xlsm", closed=closed)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with com() as fakes:
        yield fakes.server


def test_every_example_agrees_through_cells(server: Any) -> None:
    book = excel(server)
    report = selftest.run(book)
    assert not report.failed, report.lines("en")[-12:]
    assert len(report.shown) + report.left_out == len(examples())
    assert len(report.shown) > 0.9 * len(examples())
    assert book.closed == [True] and book.app.status_bar is False
    assert report.verdict("zh") == f"✓ {len(report.shown)} 个示例全部一致。"


def test_functions_of_a_macro_workbook_are_found(server: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(selftest, "examples", lambda: examples_of("TARGET_GAP"))
    report = selftest.run(excel(server, "'plan''s.xlsm'!"))
    assert report.shown and not report.failed


def test_unknown_functions_are_said_and_the_scratch_book_is_closed(server: Any) -> None:
    book = excel(server, "elsewhere!")
    with pytest.raises(SalesxlError) as caught:
        selftest.run(book)
    assert caught.value.problems[0].code == "selftest.not_loaded"
    assert book.closed == [True]


def test_a_wrong_answer_is_listed(server: Any, monkeypatch: Any, tmp_path: Path) -> None:
    wrong = Example("TARGET_GAP", "错", "Wrong", {"target": 5, "actual": 3}, output=3)
    monkeypatch.setattr(selftest, "examples", lambda: (wrong,))
    report = selftest.run(excel(server))
    assert [shown.got for shown in report.failed] == [(2.0,)]
    path = tmp_path / "report.txt"
    selftest.write_report(report, path, "en")
    said = path.read_text(encoding="utf-8")
    assert "✕ TARGET_GAP: Wrong\n    =TARGET_GAP(A1,C1)\n    expected: 3\n    got:      2" in said
    assert str(tmp_path) not in said and str(Path.home()) not in said


def test_a_formula_names_only_what_is_given() -> None:
    given = {"total": 100, "weights": [1, 1], "maximum": [70, 30]}
    placed = place(Example("SPLIT_TARGET", "", "", given, output=[50, 50]))
    assert placed is not None
    assert placed.formula(7) == "=SPLIT_TARGET(A7,C7:C8,,,,E7:E8)"
    assert placed.matrix() == [[100.0, None, 1.0, None, 70.0, None],
                               [None, None, 1.0, None, 30.0, None]]  # fmt: skip
    assert placed.shape == (2, 1)
    assert [letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_what_counts_as_the_same() -> None:
    assert same(0.1, examples_number("0.1")) and not same(0.1 + 1e-14, examples_number("0.1"))
    assert same(None, None) and same("", None) and not same(0.0, None)
    assert same(46023.0, "2026-01-01") and not same(46024.0, "2026-01-01")
    assert same(True, True) and not same(1.0, True)


def examples_number(said: str) -> Any:
    from salesxl.catalog.wire import read_json

    return read_json(said)


def test_in_core_a_wrong_output_is_seen() -> None:
    good = examples_of("TARGET_GAP")[0]
    assert try_in_core(good).passed
    off = Example("TARGET_GAP", "", "", {"target": 5, "actual": 3}, output=3)
    assert try_in_core(off) == Outcome(off, "3", "2")


def test_from_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh", "selftest"]) == 0
    assert f"✓ {len(examples())} 个示例全部一致。" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("system", "code"),
    [("other", "no_excel"), ("macos", "no_functions"), ("windows", "no_addin")],
)
def test_without_excel_it_says_what_to_do(system: Any, code: str, tmp_path: Path) -> None:
    with pytest.raises(SalesxlError) as caught:
        selftest.run_in_new_excel(FakeMachine(tmp_path, system))
    assert caught.value.problems[0].code == f"selftest.{code}"
