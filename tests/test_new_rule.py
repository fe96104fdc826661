"""A rule needs its module in core and its examples, nothing else: every host then has it.

Proved in a copy of the tree, by running the one script that makes the derived files.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from salesxl.catalog import RULES
from salesxl.core.declare import CATEGORIES, LAST
from salesxl.texts import LANGS, text

pytestmark = pytest.mark.xdist_group("new rule")  # one copy of the tree for all

ROOT = Path(__file__).resolve().parents[1]
NAME = "DOUBLE_AMOUNT"
MODULE = '''"""Twice an amount: 21 → 42."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from salesxl.core.declare import Param, rule
from salesxl.core.number import exact, simplest


@rule(
    name="DOUBLE_AMOUNT",
    category="team",
    returns="number",
    zh="金额的两倍。",
    en="Twice the amount.",
    params=(
        Param("amount", "number", "money", "要加倍的金额", "The amount to double"),
        Param("on", "number", "weight", "倍数，默认 2", "Times, 2 if left out", 2),
    ),
    errors=("not_a_number",),
    example={"amount": 21},
)
def double_amount(amount: object, on: object = 2) -> int | Decimal | Fraction:
    """The amount times `on`, in its own unit; RuleError for anything but numbers."""
    return simplest(exact(amount, "amount") * exact(on, "on"))
'''
EXAMPLES = """- zh: 一笔金额
  en: one amount
  input: {amount: 21}
  output: 42
"""
# What each host shows of the rule, found by asking the hosts themselves in the copy.
ASK = """
import io, json, zipfile
from salesxl.catalog import RULES
from salesxl.hosts import lite
from salesxl.hosts.excel import functions, texts_sheet
from salesxl.hosts.libreoffice.extension import extension
from salesxl.hosts.portable import lite_wheel
office = zipfile.ZipFile(io.BytesIO(extension()))
found = {
    "lite": lite.DOUBLE_AMOUNT([[21.0]]),
    "wheel": zipfile.ZipFile(io.BytesIO(lite_wheel())).namelist(),
    "office": office.namelist(),
    "office help": json.loads(office.read("functions.json")).get("DOUBLE_AMOUNT"),
    "office type": b"DOUBLE_AMOUNT" in office.read("functions.rdb"),
    "office configuration": b'"DOUBLE_AMOUNT"' in office.read("CalcAddIns.xcu"),
    "catalog": [rule.name for rule in RULES],
    "udf": str(functions.DOUBLE_AMOUNT.__signature__.replace(return_annotation="").parameters),
    "answer": functions.DOUBLE_AMOUNT([[21.0]], None),
    "wizard": [row for row in texts_sheet.rows() if row[1] == "DOUBLE_AMOUNT"],
}
print(json.dumps(found, default=str))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with one more rule, its derived files made again."""
    root = tmp_path_factory.mktemp("tree")
    for folder in ("salesxl", "workbook", "docs", "tests/examples"):
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, root / folder, ignore=leave)
    (root / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "generate.py", root / "scripts")
    (root / "salesxl" / "core" / "a_double.py").write_text(MODULE, encoding="utf-8")
    (root / "tests" / "examples" / f"{NAME}.yaml").write_text(EXAMPLES, encoding="utf-8")
    assert python(root, "scripts/generate.py", "--check").returncode == 1
    assert python(root, "scripts/generate.py").returncode == 0
    assert python(root, "scripts/generate.py", "--check").returncode == 0
    return root


def python(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
    folder = root if root.is_dir() else root.parent / "docs"
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def found(copy: Path) -> dict[str, Any]:
    done = python(copy, "-c", ASK)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_lite_and_libreoffice_have_it(found: dict[str, Any]) -> None:
    assert found["lite"] == 42 and "salesxl/core/a_double.py" in found["wheel"]
    assert "pythonpath/salesxl/core/a_double.py" in found["office"]
    assert found["office help"] == {
        "help": ["金额的两倍。", "Twice the amount."],
        "arguments": [
            ["amount", "要加倍的金额", "The amount to double"],
            ["on", "倍数，默认 2", "Times, 2 if left out"],
        ],
        "days": False,
    }
    assert found["office type"] and found["office configuration"]


def test_catalogue_and_excel_have_it(found: dict[str, Any]) -> None:
    others = [name for name in found["catalog"] if name != NAME]
    assert others == [rule.name for rule in RULES]
    here = CATEGORIES.index("team")  # a_double is the first module of those without an order
    before = [r for r in RULES if (CATEGORIES.index(r.category), r.order) < (here, LAST)]
    assert found["catalog"].index(NAME) == len(before)
    assert "on_" in found["udf"] and found["answer"] == 42
    (row,) = found["wizard"]
    zh, en = (f"SalesXL {text('catalog.category_team', lang)}" for lang in ("zh", "en"))
    assert row[2:] == [
        zh, en, "金额的两倍。", "Twice the amount.", 2,
        "要加倍的金额", "The amount to double", "倍数，默认 2", "Times, 2 if left out",
    ]  # fmt: skip


def test_derived_files_have_it(copy: Path) -> None:
    page = (copy / "docs" / "functions.md").read_text(encoding="utf-8")
    assert f"### {NAME}" in page and "## Team · 团队" in page
    wrappers = (copy / "workbook" / "vba" / "SalesXLFunctions.bas").read_text(encoding="utf-8")
    assert f"Function {NAME}(amount, Optional on_)" in wrappers


def test_shell_has_it(copy: Path) -> None:
    called = python(copy, "-m", "salesxl", "call", NAME, "--json", '{"amount": 21}')
    assert called.stdout == "42\n", called.stderr
    assert f"{NAME}(amount, [on])" in python(copy, "-m", "salesxl", "functions").stdout


def test_found_in_a_zip_too(copy: Path) -> None:
    """As a wheel that is not unpacked, or a frozen program, has it."""
    archive = copy / "salesxl.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted((copy / "salesxl").rglob("*")):
            if path.suffix in (".py", ".toml"):
                packed.write(path, path.relative_to(copy))
    shown = python(archive, "-c", "import salesxl.catalog as c; print(c.__file__, len(c.RULES))")
    assert shown.stdout.startswith(str(archive)), shown.stderr
    assert shown.stdout.endswith(f" {len(RULES) + 1}\n")


def test_every_category_has_a_caption() -> None:
    for category in CATEGORIES:
        assert len({text(f"catalog.category_{category}", lang) for lang in LANGS}) == 2
