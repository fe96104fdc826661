"""Every catalogued function × every example through xlwings' own UDF machinery, as core."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from salesxl.catalog import RULES, find
from salesxl.catalog.wire import say
from salesxl.core.declare import Param, Rule
from salesxl.core.error import RuleError
from salesxl.hosts.excel.border import shorten
from salesxl.hosts.excel.names import arguments
from tests.hosts.fake_com import ERRORS, MISSING, FakeBook, FakeRange, com

MODULE = "salesxl.hosts.excel.functions"
FOLDER = Path(__file__).parent.parent / "examples"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.fixture(scope="module")
def excel() -> Iterator[SimpleNamespace]:
    with com() as fakes:
        yield fakes


def call(excel: SimpleNamespace, name: str, *cells: Any) -> Any:
    return excel.server.CallUDF(MODULE, name, cells, FakeBook(), FakeRange([[None]]))


@cache
def examples() -> list[tuple[Rule, dict[str, Any]]]:
    """Those a sheet can hold: no unknown argument, no uneven rows, no number beyond a double."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        rule = find(path.stem)
        assert rule is not None
        for example in yaml.safe_load(path.read_text(encoding="utf-8")):
            names = {param.name for param in rule.params}
            given = example["input"]
            if set(given) <= names and all(fits_a_sheet(value) for value in given.values()):
                found.append((rule, as_sheet(rule, given)))
    return found


def as_sheet(rule: Rule, given: dict[str, Any]) -> dict[str, Any]:
    """In a sheet a list of one is a cell, and one row for a list is the list."""
    kinds = {param.name: param for param in rule.params}
    made = dict(given)
    for name, value in given.items():
        param = kinds[name]
        rows = rows_of(value)
        if isinstance(value, list) and len(rows) == 1:
            if len(rows[0]) == 1:
                blank = None if not param.required else [None]
                made[name] = blank if rows[0][0] is None else rows[0][0]
            elif param.kind == "list":
                made[name] = rows[0]
    return made


def fits_a_sheet(value: Any) -> bool:
    if isinstance(value, list):
        rows = rows_of(value)
        even = bool(rows) and len({len(row) for row in rows}) == 1 and bool(rows[0])
        return even and all(fits_a_sheet(cell) for row in rows for cell in row)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return math.isfinite(value) and float(value) == value and abs(value) < 2**53
    return not isinstance(value, dict) and value != ""


def rows_of(value: Any) -> list[list[Any]]:
    if not isinstance(value, list):
        return [[value]]
    if not any(isinstance(row, list) for row in value):
        return [value]
    return [row if isinstance(row, list) else [row] for row in value]


def as_cell(value: Any, days: bool) -> Any:
    """A value as Excel holds it: numbers as doubles, days as days."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if days and isinstance(value, str) and DAY.fullmatch(value):
        with suppress(ValueError):  # 30 February stays the text it is
            return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return value


def as_range(param: Param, value: Any, shape: str) -> Any:
    rows = [[as_cell(cell, param.unit == "date") for cell in row] for row in rows_of(value)]
    if shape == "column" and param.kind in ("cells", "list") and len(rows) == 1:
        rows = [[cell] for cell in rows[0]]
    if shape == "literal" and len(rows) == 1 and len(rows[0]) == 1 and rows[0][0] is not None:
        return rows[0][0]
    if shape == "literal" and None not in [cell for row in rows for cell in row]:
        return tuple(map(tuple, rows))  # an array constant {1,2;3,4}
    return FakeRange(rows)


def cells_for(rule: Rule, given: dict[str, Any], shape: str) -> list[Any]:
    return [
        as_range(param, given[param.name], shape) if param.name in given else MISSING
        for param in rule.params
    ]


def same(found: Any, expected: Any) -> bool:
    if expected is None:
        return bool(found == "")
    if isinstance(expected, bool | str | dt.date):
        return bool(found == (shorten(expected) if isinstance(expected, str) else expected))
    return isinstance(found, float) and math.isclose(found, expected, rel_tol=1e-15, abs_tol=0)


@pytest.mark.parametrize("shape", ["row", "column", "literal"])
@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_as_core(excel: SimpleNamespace, name: str, shape: str) -> None:
    mine = [(rule, given) for rule, given in examples() if rule.name == name]
    assert mine
    for rule, given in mine:
        found = call(excel, name, *cells_for(rule, given, shape))
        try:
            expected = rule(given)
        except RuleError as error:
            assert found == shorten(say(error, "en")), given
            continue
        cells = [cell for row in rows_of(found) for cell in row]
        core = [cell for row in rows_of(expected) for cell in row]
        assert len(cells) == len(core), given
        assert all(map(same, cells, core)), (given, found, expected)


def test_nearly_all_examples_fit_a_sheet() -> None:
    total = sum(
        len(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in FOLDER.glob("*.yaml")
    )
    assert len(examples()) / total > 0.9


def test_shape_is_kept(excel: SimpleNamespace) -> None:
    total, rest = FakeRange([[10.0]]), [MISSING] * 5
    column, row = FakeRange([[1.0], [2.0], [2.0]]), FakeRange([[1.0, 2.0, 2.0]])
    block = FakeRange([[1.0, 2.0], [3.0, 4.0]])
    assert call(excel, "SPLIT_TARGET", total, column, *rest) == [[2.0], [4.0], [4.0]]
    assert call(excel, "SPLIT_TARGET", total, row, *rest) == [2.0, 4.0, 4.0]
    assert call(excel, "SPLIT_TARGET", total, block, *rest) == [[1.0, 2.0], [3.0, 4.0]]
    assert call(excel, "SPLIT_TARGET", total, FakeRange([[5.0]]), *rest) == 10.0


def test_a_list_answers_beside_its_column(excel: SimpleNamespace) -> None:
    history = [10.0, 20.0, 30.0, 40.0, 10.0, 20.0, 30.0, 40.0]
    down = call(excel, "SEASONAL_INDEX", FakeRange([[cell] for cell in history]), 4.0)
    across = call(excel, "SEASONAL_INDEX", FakeRange([history]), 4.0)
    assert [[cell] for cell in across] == down


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_each_argument_blank_wrong_broken_or_too_wide(excel: SimpleNamespace, name: str) -> None:
    rule = find(name)
    assert rule is not None
    good = cells_for(rule, dict(rule.example), "row")
    for place, argument in enumerate(arguments(rule)):
        param = argument.param

        def answer(cell: Any, place: int = place) -> Any:
            return call(excel, name, *good[:place], cell, *good[place + 1 :])

        broken = f"{param.name}, cell 1 holds the Excel error"
        for error in ERRORS:
            for cell in (FakeRange([[ERRORS[error]]]), ERRORS[error]):
                assert answer(cell) == f"{broken} {error}. Correct that cell first."
        blank = {key: value for key, value in rule.example.items() if key != param.name}
        nothing = [None] if param.required and not is_one_cell(param) else None
        assert_as_core(answer(FakeRange([[None]])), rule, {**blank, param.name: nothing})
        if argument.optional:
            assert_as_core(answer(MISSING), rule, blank)
        assert_as_core(answer(FakeRange([["?"]])), rule, {**blank, param.name: "?"})
        if is_one_cell(param):
            wide = f"{param.name} takes one cell, 2 were given. Select a single cell."
            assert answer(FakeRange([[1.0], [2.0]])) == wide


def is_one_cell(param: Param) -> bool:
    return param.kind not in ("cells", "list", "block")


def assert_as_core(found: Any, rule: Rule, given: dict[str, Any]) -> None:
    try:
        expected = rule(given)
    except RuleError as error:
        assert found == shorten(say(error, "en"))
        return
    cells = [cell for row in rows_of(found) for cell in row]
    assert all(map(same, cells, [cell for row in rows_of(expected) for cell in row]))


def test_errors_speak_the_language_of_the_workbook(
    excel: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesxl.hosts.excel import language

    monkeypatch.setattr(language, "_last", None)
    monkeypatch.setattr(FakeBook, "properties", {"salesxl_lang": "zh"})
    assert "Excel 错误 #N/A" in call(excel, "TARGET_GAP", 1.0, ERRORS["#N/A"])
    monkeypatch.setattr(language, "_last", None)
    monkeypatch.setattr(FakeBook, "properties", {})
    assert "the Excel error #N/A" in call(excel, "TARGET_GAP", 1.0, ERRORS["#N/A"])


def test_currency_cells_keep_all_their_decimals(excel: SimpleNamespace) -> None:
    """As ``Value`` such a cell comes with four decimals, as ``Value2`` with all."""

    class Money(FakeRange):
        @property
        def Value(self) -> Decimal:  # noqa: N802
            return Decimal("0.1235")

    assert call(excel, "TARGET_GAP", Money([[0.12345678]]), 0.0) == 0.12345678


def test_days_come_as_days_whatever_the_date_system(excel: SimpleNamespace) -> None:
    quota, rest = FakeRange([[310.0]]), [MISSING] * 4
    days = [FakeRange([[dt.datetime(2026, 1, day, tzinfo=dt.UTC)]]) for day in (1, 31, 1, 10)]
    assert call(excel, "PRORATE_QUOTA", quota, *days, *rest) == 100.0
    serials = [FakeRange([[46023.0 + day]]) for day in (0, 30, 0, 9)]
    assert call(excel, "PRORATE_QUOTA", quota, *serials, *rest) == 100.0


def test_what_no_double_holds_is_refused(excel: SimpleNamespace) -> None:
    odd = f"{2**53 + 1}"
    assert "too large" in call(excel, "TARGET_GAP", odd, 0.0)
    assert call(excel, "TARGET_GAP", f"{2**53}", 0.0) == 2.0**53
    assert "1.000E+350" in call(excel, "TARGET_GAP", "1e350", 0.0)
    assert "3.333E+349" in call(excel, "ATTAINMENT", "1e350", 3.0)
    assert call(excel, "ATTAINMENT", 1.0, 3.0) == 1 / 3


def test_an_error_of_ours_is_one_short_line(
    excel: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesxl.hosts.excel import border

    def broken(*_: object) -> object:
        raise KeyError("x" * 400 + "\nsecond")

    monkeypatch.setattr(border, "write", broken)
    said = call(excel, "TARGET_GAP", 3.0, 1.0)
    assert said.startswith("TARGET_GAP failed inside (KeyError") and len(said) == 255
    assert "\n" not in said
