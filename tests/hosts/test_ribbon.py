"""The ribbon: every button has its VBA, its macro and its words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from salesxl.hosts.excel import ribbon
from salesxl.hosts.excel.addin import build
from salesxl.hosts.excel.macros.register import find, names
from salesxl.hosts.excel.macros.toolbox import help_html

SUB = re.compile(r"^Public Sub (\w+)\(control As IRibbonControl\)\n(.*?)^End Sub$", re.M | re.S)
BUTTONS = [button for group in ribbon.groups() for button in group.buttons]
PYTHON = [button for button in BUTTONS if button.command]


def test_the_issues_groups_are_there() -> None:
    assert [group.label[1] for group in ribbon.groups()] == [
        "Targets", "Commissions", "Customers", "Channels", "Data", "Batch", "Tools",
    ]  # fmt: skip


def test_every_callback_is_in_the_vba() -> None:
    source = ribbon.ribbon_module()
    source.encode("ascii")
    procedures = re.findall(r"^Public Sub (\w+)\(", source, re.M)
    assert sorted(procedures) == sorted(ribbon.callbacks())
    assert max(map(len, source.splitlines())) < 1000
    written = Path(__file__).parents[2] / "workbook" / "vba" / "SalesXLRibbon.bas"
    assert written.read_text(encoding="utf-8") == source


@pytest.mark.parametrize("button", PYTHON, ids=lambda button: button.id)
def test_what_a_button_runs_can_be_imported(button: ribbon.Button) -> None:
    body = dict(SUB.findall(ribbon.ribbon_module()))[button.id]
    assert f'RunPython "{button.command}"' in body
    head, _, call = button.command.partition(";")
    scope: dict[str, object] = {}
    exec(head, scope)  # the import the button makes
    assert callable(eval(call.strip().partition("(")[0], scope))
    if button.macro:
        assert callable(find(button.macro))


def test_only_buttons_can_be_run() -> None:
    assert len(names()) == len(set(names())) == sum(bool(b.macro) for b in BUTTONS)
    with pytest.raises(KeyError):
        find("os.system")


def test_words_in_both_languages() -> None:
    for button in BUTTONS:
        for words in (*button.label, *button.tip):
            assert words.strip() == words and words
        assert re.search(r"[\u4e00-\u9fff]", button.tip[0])
        assert not re.search(r"[\u4e00-\u9fff]", button.tip[1])
        assert len(button.label[1]) <= 22 and len(button.label[0]) <= 10
        assert max(map(len, button.tip)) <= 255
    for lang in ("zh", "en"):
        page = help_html(lang)  # type: ignore[arg-type]
        assert "SPLIT_TARGET(total, weights" in page and "<script" not in page


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> Any:
    pyopenvba = pytest.importorskip("pyopenvba")
    from tests.hosts.run_vba import MODULES, Excel

    path = tmp_path_factory.mktemp("ribbon") / "salesxl.xlam"
    path.write_bytes(build())
    with pyopenvba.ExcelFile(path) as book:
        return Excel(path, {name: book.get_module(name) for name in MODULES})


def test_every_button_reaches_python(excel: Any) -> None:
    """Pressed in pyOpenVBA's own Excel, xlwings' RunPython replaced."""
    for button in PYTHON:
        assert excel.press(button.id) == button.command
        assert excel.run("SalesXLText", f"{button.id}.label") == button.label[1]
