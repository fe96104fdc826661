"""The add-in as a file: read by olevba and pyOpenVBA, valid, with our ribbon, help and wrappers."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from salesxl.catalog import RULES
from salesxl.hosts.excel import ribbon, texts_sheet
from salesxl.hosts.excel.addin import GUID, build, read_mark
from salesxl.hosts.excel.project import scramble
from salesxl.texts import text
from tests.hosts.run_vba import MODULES, Excel
from tests.oracles.available import soffice
from tests.oracles.validator import findings

pyopenvba = pytest.importorskip("pyopenvba")
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
UI = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
CUSTOM_UI = f"{{{ribbon.NAMESPACE}}}"


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / "salesxl.xlam"
    path.write_bytes(build())
    return path


@pytest.fixture(scope="module")
def modules(addin: Path) -> dict[str, str]:
    with pyopenvba.ExcelFile(addin) as book:
        return {name: book.get_module(name) for name in book.module_names()}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_versions_make_the_same_file(addin: Path) -> None:
    mark = read_mark(addin)
    assert build() == addin.read_bytes() and mark is not None
    xlwings = importlib.metadata.version("xlwings")
    assert (mark.salesxl, mark.xlwings) == (importlib.metadata.version("salesxl"), xlwings)


def test_pyopenvba_finds_nothing_wrong(addin: Path) -> None:
    report = pyopenvba.check_file(addin)
    assert report.ok and report.complete and not report.issues
    with pyopenvba.ExcelFile(addin) as book:
        assert book.validate() == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # olevba's use of pyparsing
@pytest.mark.oracle("olevba")
def test_olevba_reads_every_module(addin: Path, modules: dict[str, str]) -> None:
    from oletools.olevba import VBA_Parser

    read = {
        stream.split("/")[-1]: code
        for _, stream, _, code in VBA_Parser(str(addin)).extract_macros()
    }
    assert set(read) == set(modules)
    for name, code in modules.items():
        assert "".join(read[name].split()) == "".join(code.split())


@pytest.mark.oracle("ooxml-validator")
def test_the_open_xml_sdk_is_quiet(addin: Path) -> None:
    assert findings([addin]) == []


@pytest.mark.oracle("libreoffice")
def test_libreoffice_lists_the_modules(
    addin: Path, modules: dict[str, str], tmp_path: Path
) -> None:
    program = soffice()
    assert program is not None
    copy = tmp_path / "addin.xlsm"  # the ending by which it looks for a reader
    shutil.copyfile(addin, copy)
    command = [
        program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
        "--infilter=Calc MS Excel 2007 VBA XML", "--convert-to", "ods",
        "--outdir", str(tmp_path), str(copy),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=300, check=False)
    names = set(parts(copy.with_suffix(".ods")))
    assert {f"Basic/SalesXL/{name}.xml" for name in modules} <= names


def test_wrappers_are_the_catalogue(modules: dict[str, str]) -> None:
    names = re.findall(r"(?m)^Function (\w+)\(", modules["SalesXLFunctions"])
    assert names == [rule.name for rule in RULES]


def test_xlwings_stays_what_it_is_but_for_our_name(modules: dict[str, str]) -> None:
    assert 'PROJECT_NAME As String = "salesxl"' in modules["xlwings"]
    assert "myaddin" not in " ".join(modules.values()).lower()
    assert "BSD 3-clause license" in modules["xlwings"]
    assert "Copyright (C) 2014-present, Zoomer Analytics LLC." in modules["xlwings"]
    assert "License: MIT" in modules["Dictionary"] or "@license: MIT" in modules["Dictionary"]


def test_the_project_is_ours_and_open(addin: Path) -> None:
    from pyopenvba.cfb import CFB

    container = CFB.from_bytes(parts(addin)["xl/vbaProject.bin"])
    lines = container.get_stream("PROJECT").decode("latin-1").split("\r\n")
    assert f'ID="{GUID}"' in lines and 'Name="SalesXL"' in lines
    with pyopenvba.ExcelFile(addin) as book:
        assert book.vba_project().name == "SalesXL"
    start = lines.index("[Workspace]")
    assert all(lines[start:-1]) and lines[-1] == ""
    assert descramble(lines, "CMG", GUID) == bytes(4)
    assert descramble(lines, "DPB", GUID) == b"\x00"
    assert descramble(lines, "GC", GUID) == b"\xff"


def descramble(lines: list[str], key: str, guid: str) -> bytes:
    """[MS-OVBA] 2.4.3.3, the way back; fails where the key is not the GUID's."""
    value = next(line for line in lines if line.startswith(f'{key}="'))[len(key) + 2 : -1]
    coded = bytes.fromhex(value)
    seed, key_byte = coded[0], coded[0] ^ coded[2]
    assert coded[0] ^ coded[1] == 2 and key_byte == sum(guid.encode()) % 256
    plain, unknown, before, last = [], key_byte, coded[1], coded[2]
    for byte in coded[3:]:
        unknown = byte ^ ((before + unknown) % 256)
        plain.append(unknown)
        before, last = last, byte
    data = bytes(plain)[(seed & 6) // 2 :]
    assert int.from_bytes(data[:4], "little") == len(data) - 4
    return data[4:]


def test_scrambling_is_what_excel_reads() -> None:
    """The way back, tried on lines Excel wrote, finds what we scrambled."""
    guid = "{318BEE36-5BE1-492A-826D-473DB19B0F30}"
    written = [
        'CMG="5D5F8AADDAA8DEA8DEA8DEA8DE"',
        'DPB="5D5F8AADDAADDBADDBAD"',
        'GC="5D5F8AADDAADDBADDB52"',
    ]
    for line, data in zip(written, (bytes(4), b"\x00", b"\xff"), strict=True):
        key = line.split("=")[0]
        assert descramble(written, key, guid) == data
        assert descramble([f'{key}="{scramble(data, guid, 0x20)}"'], key, guid) == data


def test_the_ribbon_is_related_and_its_callbacks_exist(
    addin: Path, modules: dict[str, str]
) -> None:
    files = parts(addin)
    targets = [
        relation.get("Target")
        for relation in fromstring(files["_rels/.rels"]).iter(f"{RELATIONS}Relationship")
        if relation.get("Type") == UI
    ]
    assert targets == ["customUI/customUI14.xml"]
    tree = fromstring(files["customUI/customUI14.xml"])
    named = {
        value
        for element in tree.iter()
        for key, value in element.items()
        if key.startswith(("on", "get"))
    }
    source = " ".join(modules.values())
    for callback in named | set(ribbon.callbacks()):
        assert re.search(rf"(?m)^Public Sub {callback}\(", source), callback
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 1 + sum(1 + len(g.buttons) for g in ribbon.groups())


def test_what_runpython_names_can_be_imported(modules: dict[str, str]) -> None:
    commands = [
        found
        for name, code in modules.items()
        if name != "xlwings"
        for found in re.findall(r'RunPython "from (\S+) import (\w+); \2\.(\w+)\(\)"', code)
    ]
    assert commands
    for package, module, function in commands:
        assert callable(getattr(importlib.import_module(f"{package}.{module}"), function))


def test_parts_are_declared_and_nobody_elses_path_is_left(addin: Path) -> None:
    files = parts(addin)
    types = fromstring(files["[Content_Types].xml"])
    declared = {part.get("PartName", "").lstrip("/") for part in types.iter(f"{TYPES}Override")}
    assert declared <= set(files)
    for name, part in files.items():
        if not name.endswith("vbaProject.bin"):
            assert b"users" not in part.lower() and b"felix" not in part.lower()


def test_the_sheet_holds_every_text(addin: Path) -> None:
    sheet = fromstring(parts(addin)["xl/worksheets/sheet1.xml"])
    shown = [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{SHEET}row")]
    assert shown == [[str(cell) for cell in row] for row in texts_sheet.rows()]
    assert f'name="{texts_sheet.SHEET}"'.encode() in parts(addin)["xl/workbook.xml"]


def test_help_and_buttons_run(addin: Path, modules: dict[str, str]) -> None:
    """In pyOpenVBA's own Excel: every function is described, a button reaches RunPython."""
    excel = Excel(addin, {name: modules[name] for name in MODULES})
    excel.run("SalesXLRegisterHelp")
    assert [call[0] for call in excel.told] == [f"'salesxl.xlam'!{rule.name}" for rule in RULES]
    for rule, (_, said, category, helps) in zip(RULES, excel.told, strict=True):
        assert said == rule.en
        assert category == f"SalesXL {text(f'catalog.category_{rule.category}', 'en')}"
        assert [str(helps.get([n])) for n in range(1, len(rule.params) + 1)] == [
            param.en for param in rule.params
        ]
    assert "tools.check_setup()" in excel.press("SalesXLCheckSetup")
    assert excel.press("SalesXLRestartPython") == "KillPy"
    assert excel.run("SalesXLText", "SalesXLTools.label") == "Tools"
    assert excel.press("SalesXLSwitchLanguage") == "salesxl.conf: LANGUAGE=zh"
    assert excel.told[-len(RULES)][1] == RULES[0].zh
    assert excel.run("SalesXLText", "SalesXLTools.label") == "工具"
