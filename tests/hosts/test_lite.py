"""The functions for xlwings Lite, from the wheel a user installs, in Python for the browser."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from salesxl.catalog import RULES
from salesxl.catalog.wire import say
from salesxl.cli.main import main
from salesxl.core.error import RuleError
from salesxl.hosts.excel.border import shorten
from salesxl.hosts.excel.names import arguments
from salesxl.hosts.portable import LITE, lite_wheel
from tests.hosts.test_udf_examples import examples, rows_of, same
from tests.oracles.available import pyodide

pytestmark = pytest.mark.xdist_group("lite")  # one wheel for all

HERE = Path(__file__).parent
LITE_ONLY = "import sys, types; x = types.ModuleType('xlwings'); x.func = lambda f: f; "


def as_lite(value: Any) -> Any:
    """As xlwings passes it under ``ndim=2``: rows, numbers as doubles, one blank as None."""
    rows = [
        [float(c) if isinstance(c, int) and not isinstance(c, bool) else c for c in row]
        for row in rows_of(value)
    ]
    return None if rows == [[None]] else rows


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lite")
    assert main(["addin", "build", "--lite", "--out", str(folder)]) == 0
    return folder / LITE


def test_wheel_is_the_rules_and_asks_for_nothing(wheel: Path) -> None:
    assert wheel.read_bytes() == lite_wheel()
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        (info,) = [name for name in names if name.endswith("/METADATA")]
        assert "Requires-Dist" not in archive.read(info).decode()
        record = archive.read(info.replace("METADATA", "RECORD")).decode().splitlines()
    assert [line.split(",")[0] for line in record] == names
    assert {name.split("/")[1] for name in names if name.startswith("salesxl/")} == {
        "__init__.py", "errors.py", "core", "catalog", "solvers", "hosts", "texts",
    }  # fmt: skip


def test_wheel_alone_imports_no_packages(wheel: Path) -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(wheel)!r}]; {LITE_ONLY}"
        "sys.modules['xlwings'] = x; before = set(sys.modules); import salesxl.hosts.lite as m; "
        "added = {n.split('.')[0] for n in set(sys.modules) - before}; "
        "print(m.__file__, sorted(added - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(str(wheel)) and done.stdout.endswith(" ['salesxl']\n")


@pytest.mark.oracle("pyodide")
def test_every_example_in_the_browsers_python(wheel: Path, tmp_path: Path) -> None:
    cases = [
        (rule, given, [as_lite(given.get(param.name)) for param in rule.params])
        for rule, given in examples()
        if all(a.optional or a.param.name in given for a in arguments(rule))  # Excel asks for it
    ]
    asked = tmp_path / "cases.json"
    asked.write_text(json.dumps([[rule.name, cells] for rule, _, cells in cases]), "utf-8")
    done = subprocess.run(
        ["node", HERE / "lite.mjs", pyodide(), wheel, HERE / "lite_main.py", asked],
        capture_output=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["platform"] == "emscripten" and found["foreign"] == []
    assert {rule.name for rule, _, _ in cases} == {rule.name for rule in RULES}

    assert list(found["registered"]) == [rule.name for rule in RULES]
    for rule in RULES:
        said = found["registered"][rule.name]
        assert said["help"] == rule.en
        assert said["arguments"] == [
            [a.name, not a.optional, {"doc": a.param.en, "ndim": 2, "err_to_str": True}]
            for a in arguments(rule)
        ]
    for (rule, given, _), answer in zip(cases, found["answers"], strict=True):
        try:
            expected = rule(given)
        except RuleError as error:
            assert answer == shorten(say(error, "en")), (rule.name, given)
            continue
        cells = [cell for row in rows_of(answer) for cell in row]
        core = [cell for row in rows_of(expected) for cell in row]
        assert len(cells) == len(core), (rule.name, given)
        assert all(map(same, cells, core)), (rule.name, given, answer)


def test_help_and_errors_speak_the_users_language(wheel: Path) -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(wheel)!r}]; {LITE_ONLY}"
        "sys.modules['xlwings'] = x; from salesxl.hosts.lite import *; "
        "print(TARGET_GAP.__doc__); print(TARGET_GAP(1.0, [['#N/A']])); print(TARGET_GAP(3, [1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, encoding="utf-8", check=True,
        env={"SALESXL_LANG": "zh-CN", "PYTHONUTF8": "1"},
    )  # fmt: skip
    gap = next(rule for rule in RULES if rule.name == "TARGET_GAP")
    help_, error, answer = done.stdout.splitlines()
    assert help_ == gap.zh and "Excel 错误 #N/A" in error and answer == "2.0"
