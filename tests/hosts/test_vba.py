"""The VBA wrappers say what xlwings' own generator says, one for each function."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import pytest

from salesxl.catalog import RULES
from salesxl.core.declare import HELP_LIMIT
from salesxl.hosts.excel import texts_sheet
from salesxl.hosts.excel.names import KEYWORDS, arguments, safe_name
from salesxl.hosts.excel.vba import PYTHON_MODULE, functions_module
from tests.hosts.fake_com import com

FUNCTION = re.compile(r"^Function (\w+)\((.*?)\)\n.*?^End Function\n", re.M | re.S)


def functions(source: str) -> dict[str, str]:
    """Name → the wrapper, with indentation and line ends made plain."""
    plain = "\n".join(line.strip() for line in source.splitlines() if line.strip()) + "\n"
    return {found[1]: found[0] for found in FUNCTION.finditer(plain)}


@pytest.mark.parametrize(("addin", "name"), [(True, "salesxl.xlam"), (False, "plan.xlsm")])
def test_as_xlwings_writes_them(addin: bool, name: str) -> None:
    written = io.StringIO()
    with com() as excel:
        excel.udfs.generate_vba_wrapper(
            PYTHON_MODULE, excel.functions, written, SimpleNamespace(Name=name)
        )
    ours, theirs = functions(functions_module(addin=addin)), functions(written.getvalue())
    assert list(ours) == [rule.name for rule in RULES]
    assert ours == {name: theirs[name] for name in ours} and len(theirs) == len(ours)


def test_no_name_is_a_keyword_or_taken_twice() -> None:
    for rule in RULES:
        names = [argument.name.lower() for argument in arguments(rule)]
        assert len(set(names)) == len(names) <= 29  # VBA's and Excel's own bounds lie above
        for name in (rule.name, *names):
            assert re.fullmatch(r"[A-Za-z]\w{0,254}", name)
            assert name.lower() not in KEYWORDS | {"caller", "xlpy", "application", "err"}
    assert safe_name("on") == "on_" and "on_" in functions_module()


def test_a_function_name_is_no_cell_address() -> None:
    """``ABC1`` or ``R1C1`` would be a cell, and Excel would never ask the function."""
    for rule in RULES:
        assert not re.fullmatch(r"[A-Z]{1,3}\d+|R\d*C?\d*|C\d*", rule.name)


def test_lines_are_short_enough_for_vba() -> None:
    assert max(map(len, functions_module().splitlines())) <= 1023
    functions_module().encode("ascii")


def test_the_wizard_has_a_line_for_every_argument_in_both_languages() -> None:
    rows = [row for row in texts_sheet.rows() if row[0] == "function"]
    assert [row[1] for row in rows] == [rule.name for rule in RULES]
    for rule, row in zip(RULES, rows, strict=True):
        assert row[4:7] == (rule.zh, rule.en, len(rule.params))
        assert row[7:] == tuple(part for p in rule.params for part in (p.zh, p.en))
        assert all(0 < len(str(part)) <= HELP_LIMIT for part in row)


def test_xlwings_gets_the_same_help() -> None:
    with com() as excel:
        for rule in RULES:
            said = getattr(excel.functions, rule.name).__xlfunc__
            assert [arg["doc"] for arg in said["args"]] == [param.en for param in rule.params]
            assert said["ret"]["doc"] == rule.en
            assert "expand" not in said["ret"]["options"]
