"""The rules as the shell shows and calls them."""

from __future__ import annotations

import argparse
import json
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from salesxl.catalog import RULES
from salesxl.catalog.wire import read_json, write_json
from salesxl.cli.call import add_parsers
from salesxl.core.cells import read_block
from salesxl.core.declare import declared
from salesxl.core.grid import controlled_rounding, split_target_grid
from salesxl.core.number import at_border, round_half_up
from salesxl.core.split import split_target
from salesxl.core.weights import scale_for
from salesxl.texts import entries, text


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers(), "en")
    args = parser.parse_args(list(words))
    args.lang = "en"
    return int(args.run(args))


def test_no_declared_rule_is_left_out() -> None:
    assert {rule.name for rule in RULES} == set(declared)
    for rule in RULES:
        assert set(rule.errors) <= set(entries("core"))
        rule(rule.example)


def test_functions_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("functions", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in listed] == [rule.name for rule in RULES]
    assert run("functions") == 0
    shown = "SPLIT_TARGET(total, weights, [unit], [locked], [minimum], [maximum], [method])"
    assert shown in capsys.readouterr().out


def test_call(capsys: pytest.CaptureFixture[str]) -> None:
    given = '{"total": 0.3, "weights": [0.1, 0.2], "unit": 0.1}'
    assert run("call", "split_target", "--json", given) == 0
    assert capsys.readouterr().out == "[0.1, 0.2]\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("SPLT_TARGET", "--json", "{}"), 1, "SPLIT_TARGET"),
        (("ATTAINMENT", "--json", '{"credited": NaN, "quota": 1}'), 1, "NaN"),
        (("ATTAINMENT", "--json", '{"credited": 1, "credited": 2}'), 1, "twice"),
        (("ATTAINMENT", "--json", '{"credited": true, "quota": 1}'), 1, "True"),
        (("ATTAINMENT", "--json", '{"credited": 1e999999999, "quota": 1}'), 1, "400 digits"),
        (("ATTAINMENT", "--json", "[" * 100_000), 1, "not valid JSON"),
        (("ATTAINMENT", "--json", "[]"), 1, "JSON object"),
        (("--lines", "no-such-file"), 1, "no-such-file"),
        (("ATTAINMENT",), 2, "--lines FILE"),
        (("ATTAINMENT", "--lines", "x"), 2, "--lines FILE"),
    ],
)
def test_bad_calls_say_why_in_one_line(
    words: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("call", *words) == code
    out, err = capsys.readouterr()
    assert not out and said in err and err.count("\n") == 1


def test_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_bytes(
        b'{"function": "TARGET_GAP", "input": {"target": 3, "actual": 1}}\n'
        b"\n{\n\xff\n"
        b'{"function": "TARGET_GAP", "input": {"target": 3}}\n'
        b'{"function": "TARGET_GAP"}\n'
    )
    assert run("call", "--lines", str(file)) == 0
    replies = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert replies[0] == {"output": 2}
    codes = [reply["code"] for reply in replies[1:]]
    assert codes == ["bad_json", "not_utf8", "missing_argument", "bad_line"]


def test_numbers_are_written_exactly() -> None:
    long = Decimal("123456789012345678901234567.891")
    values = [Decimal("740.00"), Decimal("1.50"), long, Fraction(2, 3), Decimal("1e20"), None]
    assert write_json(values) == (
        f"[740, 1.5, {long}, 0.666666666666667, 100000000000000000000, null]"
    )
    assert read_json("0.1") == Decimal("0.1")


def test_rounding_is_half_up_on_both_sides_of_zero() -> None:
    assert [str(round_half_up(v, 2)) for v in ("0.005", "-0.005", "0.0049", 7)] == [
        "0.01", "-0.01", "0.00", "7.00",
    ]  # fmt: skip
    assert at_border([0.1, [1.15]]) == [Decimal("0.1"), [Decimal("1.15")]]


def test_scale_keeps_a_sheet_exact() -> None:
    assert [scale_for(units) for units in (90_000, 90_001, 10**12)] == [10**9, 10**8, 10**6]


def test_given_margins_must_be_the_tables_own() -> None:
    half = Fraction(1, 2)
    assert controlled_rounding([[half, half], [half, half]], [1, 1], [1, 1]) == [[1, 0], [0, 1]]
    with pytest.raises(ValueError, match="margins differ: row_totals, cell 2"):
        controlled_rounding([[half, half], [half, half]], [1, 2])


def test_large_splits_are_quick() -> None:
    start = time.perf_counter()
    parts = split_target(10**15, [Decimal(i) / 7 for i in range(1, 10_001)], 1)
    grid = split_target_grid(10**12, list(range(1, 101)), list(range(1, 13)))
    assert time.perf_counter() - start < 2  # far above what it takes, for a busy machine
    assert sum(parts) == 10**15 and sum(map(sum, grid)) == 10**12


def test_every_core_text_is_in_both_languages() -> None:
    for entry in entries("core"):
        assert text(f"core.{entry}", "zh") != text(f"core.{entry}", "en")
    assert read_block([1, 2], "x") == [[1, 2]]
