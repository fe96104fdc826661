"""``salesxl new``: the workbook with macros and the one without, held against each other."""

from __future__ import annotations

import importlib.metadata
import math
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from salesxl.catalog import RULES
from salesxl.cli.main import main
from salesxl.hosts.excel import ribbon, texts_sheet
from salesxl.hosts.excel.addin import read_mark
from salesxl.hosts.excel.macros import record
from salesxl.hosts.excel.new_book.write import GUID
from salesxl.ooxml.identity import LANGUAGE, read_identity
from salesxl.ooxml.lint import lint
from salesxl.opc.cells import Grid, Reader
from salesxl.opc.package import open_package
from salesxl.plan.read import read_plan
from tests.hosts.call_cells import calls, worked_out
from tests.hosts.run_vba import MODULES, Excel
from tests.oracles.available import soffice
from tests.oracles.engines import recalculate, with_ironcalc, with_libreoffice
from tests.oracles.validator import findings

pyopenvba = pytest.importorskip("pyopenvba")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HIDDEN = {texts_sheet.SHEET, record.SHEET}
EVERY = 30  # of the sample's 21,720 sales lines one in so many, for quick tests
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
UI = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


@dataclass(frozen=True)
class Pair:
    """The same sample company as .xlsm and .xlsx, and the plan they were made from."""

    lang: str
    macros: Path
    native: Path
    plan: Path


@pytest.fixture(scope="module", params=["zh", "en"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("new")
    made = Pair(request.param, folder / "b.xlsm", folder / "b.xlsx", folder / "plan.xlsx")
    lang = ["--lang", made.lang]
    assert main(["sample", "-o", str(folder), *lang]) == 0
    head, *lines = (folder / "ledger.csv").read_bytes().splitlines(keepends=True)
    (folder / "ledger.csv").write_bytes(b"".join([head, *lines[::EVERY]]))
    source = ["--from", str(made.plan), "--ledger", str(folder / "ledger.csv"), *lang]
    assert main(["new", str(made.macros), *source]) == 0
    assert main(["new", str(made.native), *source]) == 0
    return made


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def grids(path: Path) -> dict[str, Grid]:
    with open_package(path) as package:
        reader = Reader(package)
        return {sheet.name: reader.grid(sheet) for sheet in package.sheets}


def modules(path: Path) -> dict[str, str]:
    with pyopenvba.ExcelFile(path) as book:
        return {name: book.get_module(name) for name in book.module_names()}


def test_both_agree_in_every_cell(pair: Pair) -> None:
    macros, native = grids(pair.macros), grids(pair.native)
    assert set(macros) - set(native) == {texts_sheet.SHEET} and set(native) <= set(macros)
    cells = 0
    for title, grid in native.items():
        if title in ("首页", "Front", record.SHEET):
            continue  # notes there say which of the two it is; the record follows them
        assert macros[title].rows == grid.rows, title
        cells += sum(map(len, grid.rows.values()))
    assert cells > 15_000


def test_every_call_answers_as_core(pair: Pair) -> None:
    cells = grids(pair.macros)
    used: Counter[str] = Counter()
    for call in calls(pair.macros):
        used[call.name] += 1
        held = [cells[call.sheet].value(*place) for place in call.cells]
        answer = worked_out(call, cells)
        assert len(answer) == len(held) and call.is_array == (len(held) > 1), call.formula
        for ours, core in zip(held, answer, strict=True):
            assert isinstance(core, float), f"{call.formula}: {core}"
            assert math.isclose(float(ours), core, rel_tol=1e-14, abs_tol=1e-12), call.formula
    # two tables and 8 regions x 5 lines of months; one grid
    assert (used["SPLIT_TARGET"], used["SPLIT_TARGET_GRID"]) == (2 + 40, 1)
    assert min(used[f"COMMISSION_{kind}"] for kind in ("MARGINAL", "YTD")) > 30
    assert used["ATTAINMENT"] > 200
    assert not list(calls(pair.native))


@pytest.mark.oracle("ironcalc")
def test_ironcalc_finds_the_native_values(pair: Pair) -> None:
    found = with_ironcalc([pair.native])
    assert found.compared > 5_000
    assert not found.differences, "\n".join(str(d) for d in found.differences[:20])


@pytest.mark.oracle("libreoffice")
def test_libreoffice_finds_the_native_values(pair: Pair, tmp_path: Path) -> None:
    if pair.lang == "en":
        pytest.skip("one language is enough: IronCalc looks at both")
    found = with_libreoffice(recalculate([pair.native], tmp_path))
    assert found.compared > 5_000
    assert not found.differences, "\n".join(str(d) for d in found.differences[:20])


def test_the_plan_reads_back(pair: Pair) -> None:
    plan = read_plan(pair.plan)
    assert read_plan(pair.macros) == read_plan(pair.native) == plan


def test_lint_finds_nothing(pair: Pair) -> None:
    assert lint(pair.macros) == () and lint(pair.native) == ()


def test_every_sheet_has_a_name_and_a_module(pair: Pair) -> None:
    workbook = fromstring(parts(pair.macros)["xl/workbook.xml"])
    titles = [sheet.get("name", "") for sheet in workbook.iter(f"{MAIN}sheet")]
    names = {n.get("name", ""): n for n in workbook.iter(f"{MAIN}definedName")}
    sheets = {
        (element.text or "").split("!")[0].strip("'")
        for name, element in names.items()
        if name.startswith("salesxl_sheet_")
    }
    assert sheets == set(titles) - {texts_sheet.SHEET, record.SHEET}
    assert names["salesxl_lang"].text == f'"{pair.lang}"'
    assert {n.get("hidden") for k, n in names.items() if k.startswith("salesxl_")} == {"1"}
    assert {"salesxl_sheet_targets", "salesxl_sheet_input_regions"} <= set(names)
    files = parts(pair.macros)
    codes = [
        fromstring(files[f"xl/worksheets/sheet{number}.xml"]).find(f"{MAIN}sheetPr").get("codeName")
        for number in range(1, len(titles) + 1)
    ]
    assert workbook.find(f"{MAIN}workbookPr").get("codeName") == "ThisWorkbook"
    documents = re.findall(r"(?m)^Document=(\w+)/&H00000000\r?$", project(files))
    assert sorted(documents) == sorted(["ThisWorkbook", *codes])
    assert "Class=Dictionary" in project(files) and project(files).count("Class=") == 1


def project(files: dict[str, bytes]) -> str:
    from pyopenvba.cfb import CFB

    return str(CFB.from_bytes(files["xl/vbaProject.bin"]).get_stream("PROJECT").decode("latin-1"))


def test_the_project_is_whole_and_ours(pair: Pair) -> None:
    report = pyopenvba.check_file(pair.macros)
    assert report.ok and report.complete and not report.issues
    with pyopenvba.ExcelFile(pair.macros) as book:
        assert book.validate() == [] and book.vba_project().name == "SalesXL"
    assert f'ID="{GUID}"' in project(parts(pair.macros))
    code = modules(pair.macros)
    wrappers = re.findall(r"(?m)^Function (\w+)\(", code["SalesXLFunctions"])
    assert wrappers == [rule.name for rule in RULES]
    assert "ActiveWorkbook" not in code["SalesXLFunctions"]
    assert 'PROJECT_NAME As String = "salesxl"' in code["xlwings"]
    assert "BSD 3-clause license" in code["xlwings"] and "Module1" not in code


def test_ribbon_and_mark(pair: Pair) -> None:
    files = parts(pair.macros)
    related = [
        relation.get("Target")
        for relation in fromstring(files["_rels/.rels"]).iter(f"{RELATIONS}Relationship")
        if relation.get("Type") == UI
    ]
    assert related == ["customUI/customUI14.xml"]
    assert files["customUI/customUI14.xml"].decode() == ribbon.ribbon_xml()
    source = " ".join(modules(pair.macros).values())
    for callback in ribbon.callbacks():
        assert re.search(rf"(?m)^Public Sub {callback}\(", source), callback
    assert b"application/vnd.ms-excel.sheet.macroEnabled.main+xml" in files["[Content_Types].xml"]
    mark = read_mark(pair.macros)
    assert mark is not None and mark.xlwings == importlib.metadata.version("xlwings")
    assert b"fullCalcOnLoad" not in files["xl/workbook.xml"]
    assert "xl/vbaProject.bin" not in parts(pair.native)


def test_captions_are_in_the_workbooks_language(pair: Pair) -> None:
    """Run in pyOpenVBA's own Excel, whose language is English: the workbook's own goes first."""
    code = modules(pair.macros)
    excel = Excel(pair.macros, {name: code[name] for name in MODULES}, {LANGUAGE: pair.lang})
    tools = {"zh": "工具", "en": "Tools"}
    assert excel.run("SalesXLText", "SalesXLTools.label") == tools.pop(pair.lang)
    excel.press("SalesXLSwitchLanguage")
    assert excel.run("SalesXLText", "SalesXLTools.label") == tools.popitem()[1]
    assert read_identity(pair.macros) == read_identity(pair.native) == {LANGUAGE: pair.lang}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # olevba's use of pyparsing
@pytest.mark.oracle("olevba")
def test_olevba_reads_every_module(pair: Pair) -> None:
    from oletools.olevba import VBA_Parser

    read = {
        stream.split("/")[-1]: code
        for _, stream, _, code in VBA_Parser(str(pair.macros)).extract_macros()
    }
    expected = modules(pair.macros)
    assert set(read) == set(expected)
    for name, code in expected.items():
        assert "".join(read[name].split()) == "".join(code.split()), name


@pytest.mark.oracle("ooxml-validator")
def test_the_open_xml_sdk_is_quiet(pair: Pair) -> None:
    assert findings([pair.macros]) == []


@pytest.mark.oracle("libreoffice")
def test_libreoffice_opens_it_and_lists_the_modules(pair: Pair, tmp_path: Path) -> None:
    program = soffice()
    assert program is not None
    if pair.lang == "zh":
        pytest.skip("one language is enough: the modules are the same")
    copy = tmp_path / pair.macros.name
    shutil.copyfile(pair.macros, copy)
    command = [
        program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
        "--infilter=Calc MS Excel 2007 VBA XML", "--convert-to", "ods",
        "--outdir", str(tmp_path), str(copy),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=300, check=False)
    names = set(parts(copy.with_suffix(".ods")))
    assert {f"Basic/SalesXL/{name}.xml" for name in modules(pair.macros)} <= names


def test_wrong_use_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: Any) -> tuple[int, str]:
        code = main(["new", *map(str, arguments), "--lang", "en"])
        return code, capsys.readouterr().err

    old = tmp_path / "old.xlsm"
    old.write_bytes(b"somebody's")
    assert said(tmp_path / "plan.xls") == (
        2,
        "“plan.xls” should end in .xlsm (with macros) or .xlsx (without).\n",
    )
    code, line = said(tmp_path / "a.xlsm", "--ledger", "x.csv")
    assert code == 2 and line.startswith("--ledger goes with --from")
    code, line = said(old)
    assert code == 1 and "exists already" in line and old.read_bytes() == b"somebody's"
    code, line = said(old, "--from", old, "--force")
    assert code == 1 and "cannot be written over its own file" in line
    code, line = said(tmp_path / "b.xlsm", "--from", tmp_path / "none.xlsx")
    assert code == 1 and "none.xlsx" in line and not (tmp_path / "b.xlsm").exists()
