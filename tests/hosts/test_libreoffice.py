"""The functions in LibreOffice: the extension built without it, installed, and asked in Calc."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from salesxl.catalog import RULES
from salesxl.catalog.wire import say
from salesxl.cli.main import main
from salesxl.core.declare import Rule
from salesxl.core.error import RuleError
from salesxl.hosts.excel.border import run, shorten
from salesxl.hosts.libreoffice.extension import EXTENSION
from salesxl.hosts.libreoffice.types import Method, type_library
from tests.hosts.calc_book import Calc, Sheet, address, write_ods
from tests.hosts.test_udf_examples import DAY, examples, rows_of, same

PREFIX = "of:=ORG.SALESXL.FUNCTIONS."
OOR = "{http://openoffice.org/2001/registry}"


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oxt")
    assert main(["addin", "build", "--libreoffice", "--out", str(folder)]) == 0
    return folder / EXTENSION


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder another user may reach: pytest's own is closed to all but root."""
    folder = Path(tempfile.mkdtemp(prefix="salesxl-calc-"))
    folder.chmod(0o755)
    yield folder
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
        for name in ("functions.rdb", "component.py", "CalcAddIns.xcu"):
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


@pytest.mark.oracle("libreoffice-python")
def test_every_example_in_calc(extension: Path, place: Path) -> None:
    calc = Calc(place / "en", extension)
    assert calc.installed().count("is registered: yes") >= 3
    sheets = {rule.name: Sheet(rule.name) for rule, _ in cases()}
    assert set(sheets) == {rule.name for rule in RULES}
    tops = dict.fromkeys(sheets, 0)
    placed = []
    for rule, given in cases():
        top = tops[rule.name]
        height, down, right = lay_out(sheets[rule.name], top, rule, given)
        placed.append((rule, given, top, down, right))
        tops[rule.name] += height + 1
    write_ods(calc.folder / "examples.ods", list(sheets.values()))
    book = calc.recalculate(calc.folder / "examples.ods")
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
