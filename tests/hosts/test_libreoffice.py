"""The functions in LibreOffice: the extension built without it, installed, and asked in Calc."""

from __future__ import annotations

import ast
import datetime as dt
import json
import math
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from salesxl.catalog import RULES, find
from salesxl.catalog.wire import say
from salesxl.cli.main import main
from salesxl.core.declare import Rule
from salesxl.core.error import RuleError
from salesxl.hosts.excel.border import run, shorten
from salesxl.hosts.libreoffice.extension import EXTENSION
from salesxl.hosts.libreoffice.types import Method, type_library
from tests.hosts.calc_book import Calc, Sheet, address, write_ods
from tests.hosts.test_udf_examples import DAY, examples, rows_of, same

pytestmark = pytest.mark.xdist_group("calc")  # one start of LibreOffice for all

PREFIX = "of:=ORG.SALESXL.FUNCTIONS."
OOR = "{http://openoffice.org/2001/registry}"


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oxt")
    assert main(["addin", "build", "--libreoffice", "--out", str(folder)]) == 0
    return folder / EXTENSION


@pytest.fixture(scope="module")
def answers(extension: Path) -> Iterator[SimpleNamespace]:
    """Every workbook of these tests, calculated in one start of LibreOffice."""
    # A folder another user may reach: pytest's own is closed to all but root.
    folder = Path(tempfile.mkdtemp(prefix="salesxl-calc-"))
    folder.chmod(0o755)
    try:
        calc = Calc(folder / "calc", extension)
        placed = examples_book(calc.folder / "examples.ods")
        cells_book(calc.folder / "cells.ods")
        for name, first in (("d1900.ods", "1899-12-30"), ("d1904.ods", "1904-01-01")):
            days_book(calc.folder / name, first)
        excel_book(calc.folder / "excel.xlsx")
        names = ("examples.ods", "cells.ods", "d1900.ods", "d1904.ods", "excel.xlsx")
        books = calc.recalculate(*names)
        yield SimpleNamespace(installed=calc.installed(), placed=placed, books=books)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_type_library_as_the_sdk_writes_it() -> None:
    """Bytes worked out by hand from the layout, one method with one argument."""
    made = type_library("a.XB", [Method("F", "any", [("x", "any")])])
    interface = (
        b"\5\1\0\0\0\x1b\0\0\0com.sun.star.uno.XInterface\0\0\0\0\0\0\0\0"
        b"\1\0\0\0\1\0\0\0F\3\0\0\0any\1\0\0\0\0\1\0\0\0x\3\0\0\0any\0\0\0\0"
    )
    assert len(interface) == 81
    assert made == (
        b"UNOIDL\xff\0\x73\0\0\0\1\0\0\0"  # the root map lies at 115
        + interface  # at 16
        + b"XB\0"  # at 97
        + b"\0\1\0\0\0\x61\0\0\0\x10\0\0\0"  # at 100: module of one entry, XB
        + b"a\0"  # at 113
        + b"\x71\0\0\0\x64\0\0\0"  # at 115
    )


def test_extension_carries_all_it_needs(extension: Path) -> None:
    with zipfile.ZipFile(extension) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        manifest = archive.read("META-INF/manifest.xml").decode()
        parts = ("functions.rdb", "component.py", "excel_files.py", "CalcAddIns.xcu", "Jobs.xcu")
        for name in parts:
            assert name in names and f'full-path="{name}"' in manifest
        said = json.loads(archive.read("functions.json"))
        ElementTree.fromstring(archive.read("description.xml"))
        library = archive.read("functions.rdb")
    assert "pythonpath/salesxl/core/split.py" in names and not any("xlwings" in n for n in names)
    assert list(said) == [rule.name for rule in RULES]
    for rule in RULES:
        assert said[rule.name]["help"] == [rule.zh, rule.en]
        assert said[rule.name]["arguments"] == [[p.name, p.zh, p.en] for p in rule.params]
        assert f"{rule.name}\7\0\0\0[][]any".encode() in library


def test_help_stands_in_both_languages(extension: Path) -> None:
    with zipfile.ZipFile(extension) as archive:
        root = ElementTree.fromstring(archive.read("CalcAddIns.xcu"))

    def said(node: ElementTree.Element, name: str) -> dict[str, str]:
        (prop,) = [p for p in node.findall("prop") if p.get(f"{OOR}name") == name]
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        return {value.get(lang, ""): value.text or "" for value in prop}

    functions = root.findall("./node/node/node/node")
    assert [node.get(f"{OOR}name") for node in functions] == [rule.name for rule in RULES]
    for rule, node in zip(RULES, functions, strict=True):
        assert said(node, "Description") == {"en": rule.en, "zh": rule.zh}
        assert said(node, "CompatibilityName")["en"] == rule.name
        parameters = node.findall("./node/node")
        for param, child in zip(rule.params, parameters, strict=True):
            assert said(child, "Description") == {"en": param.en, "zh": param.zh}
            assert set(said(child, "DisplayName").values()) == {param.name}


def as_calc(value: Any, days: bool) -> list[list[Any]]:
    """Rows as Calc has them: TRUE is 1, a day is a day."""
    return [
        [
            float(cell) if isinstance(cell, bool)
            else dt.date.fromisoformat(cell) if days and is_day(cell) else cell
            for cell in row
        ]
        for row in rows_of(value)
    ]  # fmt: skip


def is_day(cell: Any) -> bool:
    try:
        return isinstance(cell, str) and bool(DAY.fullmatch(cell) and dt.date.fromisoformat(cell))
    except ValueError:
        return False


def cases() -> list[tuple[Rule, dict[str, Any]]]:
    """The examples a Calc sheet can hold; of a lone blank cell Calc makes 0."""
    return [
        (rule, given)
        for rule, given in examples()
        if not any(p.required and given.get(p.name, 0) in (None, [None]) for p in rule.params)
    ]


def lay_out(sheet: Sheet, top: int, rule: Rule, given: dict[str, Any]) -> tuple[int, int, int]:
    """Arguments side by side, the answer left of them; (height of all, of the answer, width)."""
    cells = [
        as_calc(given[p.name], p.unit == "date") if given.get(p.name) is not None else None
        for p in rule.params
    ]
    found = run(rule, cells, lambda: "en")
    answer = found if isinstance(found, list) else [[found]]
    height, column, words = len(answer), len(answer[0]) + 1, []
    for rows in cells:
        words.append("" if rows is None else address(top, column, len(rows), len(rows[0])))
        for down, row in enumerate(rows or []):
            for right, cell in enumerate(row):
                if cell is not None:
                    sheet.put(top + down, column + right, cell)
        column += len(rows[0]) + 1 if rows else 0
        height = max(height, len(rows or []))
    while words and not words[-1]:
        words.pop()
    formula = f"{PREFIX}{rule.name}({';'.join(words)})"
    sheet.formula(top, 0, formula, len(answer), len(answer[0]))
    return height, len(answer), len(answer[0])


def examples_book(path: Path) -> list[tuple[Rule, dict[str, Any], int, int, int]]:
    """A sheet a function; for each example its row and the answer's height and width."""
    sheets = {rule.name: Sheet(rule.name) for rule, _ in cases()}
    tops = dict.fromkeys(sheets, 0)
    placed = []
    for rule, given in cases():
        top = tops[rule.name]
        height, down, right = lay_out(sheets[rule.name], top, rule, given)
        placed.append((rule, given, top, down, right))
        tops[rule.name] += height + 1
    write_ods(path, list(sheets.values()))
    return placed


@pytest.mark.oracle("libreoffice-python")
def test_every_example_in_calc(answers: SimpleNamespace) -> None:
    assert answers.installed.count("is registered: yes") == 6, answers.installed
    assert {rule.name for rule, *_ in answers.placed} == {rule.name for rule in RULES}
    book, placed = answers.books["examples.ods"], answers.placed
    wrong = []
    for rule, given, top, down, right in placed:
        found = [book[rule.name].get((top + r, c), "") for r in range(down) for c in range(right)]
        try:
            numbers = {name: as_core(value) for name, value in given.items()}
            expected = [cell for row in rows_of(rule(numbers)) for cell in row]
        except RuleError as error:
            expected = [shorten(say(error, "en"))]
        expected = [float(c) if isinstance(c, bool) else c for c in expected]
        if len(found) != len(expected) or not all(map(nearly, found, expected)):
            wrong.append((rule.name, given, found, expected))
    assert not wrong, f"{len(wrong)} of {len(placed)}: {wrong[:5]}"


def nearly(found: Any, expected: Any) -> bool:
    """Calc saves 15 digits of a number."""
    if isinstance(found, float) and isinstance(expected, int | float | Decimal | Fraction):
        return math.isclose(found, expected, rel_tol=2e-14, abs_tol=0)
    return same(found, expected)


def as_core(value: Any) -> Any:
    """The example with TRUE as the 1 that Calc makes of it."""
    if isinstance(value, list):
        return [as_core(item) for item in value]
    return int(value) if isinstance(value, bool) else value


def cells_book(path: Path) -> None:
    sheet = Sheet("S")
    for column, value in enumerate([100, 1, 2, None]):
        sheet.put(0, column, value)
    sheet.formula(1, 0, "of:=NA()", 1, 1)
    asked = [
        f"{PREFIX}SPLIT_TARGET([.A1];[.B1:.D1])",
        f"{PREFIX}SPLIT_TARGET([.A1];[.B1:.C1];;;10)",
        f"{PREFIX}TARGET_GAP([.A1];[.D1])",
        f"{PREFIX}TARGET_GAP([.A1];[.A2])",
        f"{PREFIX}TARGET_GAP(100;25)",
        f"{PREFIX}SPLIT_TARGET(10;{{1;1.5}})",
        f"{PREFIX}TARGET_GAP([.A1])",
    ]
    for row, formula in enumerate(asked, 2):
        sheet.formula(row, 0, formula, 1, 2)
    write_ods(path, [sheet])


@pytest.mark.oracle("libreoffice-python")
def test_what_calc_makes_of_blanks_and_errors(answers: SimpleNamespace) -> None:
    found = answers.books["cells.ods"]["S"]
    assert found[2, 0] == "weights, cell 3 is empty. Enter a number, or 0 for none."
    assert (found[3, 0], found[3, 1]) == (33.0, 67.0)  # arguments left out in the middle
    assert found[4, 0] == 100.0  # Calc itself makes 0 of a lone blank cell
    assert found[5, 0] == "#N/A"  # an error goes on as Calc's own
    assert found[6, 0] == 75.0  # values in the formula itself
    assert (found[7, 0], found[7, 1]) == (4.0, 6.0)
    assert found[8, 0] == "TARGET_GAP needs the argument actual. Add it."


def days_book(path: Path, first: str) -> None:
    """A period written as text and a day in a cell, whose number counts from `first`."""
    sheet = Sheet("S")
    for column, value in enumerate(["2026-01-01", "2026-12-31", dt.date(2026, 7, 1)]):
        sheet.put(0, column, value)
    sheet.formula(1, 0, f"{PREFIX}PRORATE_QUOTA(365000;[.A1];[.B1];[.C1])", 1, 1)
    write_ods(path, [sheet], first)


@pytest.mark.oracle("libreoffice-python")
@pytest.mark.parametrize("name", ["d1900.ods", "d1904.ods"])
def test_days_count_from_the_documents_own_first_day(answers: SimpleNamespace, name: str) -> None:
    assert answers.books[name]["S"][1, 0] == 184_000  # 184 of 365 days; 1,462 lie between the two


def excel_book(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([100, 1, 2])
    sheet["A2"] = ArrayFormula("A2:B2", "=SPLIT_TARGET(A1,B1:C1)")
    sheet["A3"] = "=1+TARGET_GAP(A1,SUM(B1:C1))"
    sheet["A4"] = '="SPLIT_TARGET("&_xludf.TARGET_GAP(A1,B1)'
    sheet["A5"] = "=SUM(A2:B2)+A3"  # what depends on them follows
    sheet["A6"] = "=NO_FUNCTION_OF_OURS(A1)"
    book.save(path)


@pytest.mark.oracle("libreoffice-python")
def test_a_workbook_from_excel_calculates(answers: SimpleNamespace) -> None:
    found = answers.books["excel.xlsx"]["Sheet"]
    assert (found[1, 0], found[1, 1], found[2, 0], found[4, 0]) == (33.0, 67.0, 98.0, 198.0)
    assert found[3, 0] == "SPLIT_TARGET(99" and found[5, 0] == "#NAME?"


def test_component_starts_under_an_older_python(extension: Path) -> None:
    """It is what tells the user that LibreOffice's Python is too old."""
    with zipfile.ZipFile(extension) as archive:
        for name in ("component.py", "excel_files.py"):
            ast.parse(archive.read(name), feature_version=(3, 8))


FAKE_UNO = """
import json, sys, types
from types import SimpleNamespace as Struct
before = set(sys.modules)
sys.path[:0] = [sys.argv[1] + "/pythonpath", sys.argv[1]]
uno, helper = types.ModuleType("uno"), types.ModuleType("unohelper")
uno.getClass = lambda name: type(name, (), {})
uno.createUnoStruct = lambda kind, *given: Struct(Language=given[0])
helper.Base = type("Base", (), {})
helper.ImplementationHelper = lambda: Struct(addImplementation=lambda *given: None)
sys.modules.update(uno=uno, unohelper=helper)
import component
addin = component.Functions(None)
said = [addin.TARGET_GAP(3.0, "x")]
addin.setLocale(Struct(Language="zh"))
addin.setLocale(Struct(Language="en"))  # as Calc does to learn the English names
said += [addin.TARGET_GAP(3.0, "x"), addin.getFunctionDescription("TARGET_GAP")]
said.append(addin.getDisplayArgumentName("TARGET_GAP", 1))
said.append(addin.getArgumentDescription("TARGET_GAP", 1))
foreign = {n.split(".")[0] for n in set(sys.modules) - before} - set(sys.stdlib_module_names)
component.PYTHON = (99, 1)
said.append(addin.TARGET_GAP(3.0, 1.0))
print(json.dumps([said, sorted(foreign)]))
"""


def test_component_speaks_chinese_and_needs_nothing_else(extension: Path, tmp_path: Path) -> None:
    """Outside LibreOffice, with its two modules faked: its Chinese texts may not be installed."""
    with zipfile.ZipFile(extension) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "-c", FAKE_UNO, str(tmp_path)],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (en, zh, help_, name, argument, old), foreign = json.loads(done.stdout)
    gap = find("TARGET_GAP")
    assert gap is not None
    for answer, lang in ((en, "en"), (zh, "zh")):
        with pytest.raises(RuleError) as caught:
            gap({"target": 3, "actual": "x"})
        assert answer == [[say(caught.value, "zh" if lang == "zh" else "en")]]
    assert (help_, name, argument) == (gap.zh, "actual", gap.params[1].zh)
    assert "Python 99.1" in old[0][0]
    assert set(foreign) == {"salesxl", "component", "uno", "unohelper"}
