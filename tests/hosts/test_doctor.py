"""The doctor finds each trouble on a made-up computer, and says how to get rid of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from salesxl.cli.main import main
from salesxl.hosts.excel.doctor import examine, healthy
from salesxl.hosts.excel.install import install
from salesxl.hosts.excel.machine import ThisMachine
from salesxl.hosts.excel.places import mac_script, user_conf
from salesxl.hosts.excel.report import as_data, report
from salesxl.texts import LANGS, entries, text
from tests.hosts.fake_machine import FakeMachine

SECURITY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
APP = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
DISABLED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
SPOILS: dict[str, Callable[[FakeMachine], object]] = {
    "old_python": lambda m: setattr(m, "python_version", (3, 10)),
    "no_pywin32": lambda m: m.packages.pop("pywin32"),
    "no_xlwings": lambda m: m.packages.pop("xlwings"),
    "no_pyopenvba": lambda m: m.packages.pop("pyOpenVBA"),
    "no_dll": lambda m: next(m.prefix.glob("xlwings64*.dll")).unlink(),  # Excel has 64 bits
    "store_excel": lambda m: m.registered.update(
        {(f"HKLM\\{APP}", ""): r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop\EXCEL.EXE"}
    ),
    "no_trusted_locations": lambda m: m.registered.update(
        {(rf"{SECURITY}\Trusted Locations", "AllLocationsDisabled"): "1"}
    ),
    "signed_only": lambda m: m.registered.update({(POLICY, "RequireAddinSig"): "1"}),
    "no_addins": lambda m: m.registered.update({(SECURITY, "DisableAllAddins"): "1"}),
    "python_in_cloud": lambda m: m.variables.update({"OneDrive": str(m.root)}),
    "path_letters": lambda m: setattr(m, "ansi", "ascii"),
    "addin_missing": lambda m: addin(m).unlink(),
    "addin_not_ours": lambda m: addin(m).write_bytes(b"PK"),
    "addin_old": lambda m: m.packages.update({"xlwings": "9.9.9"}),
    "addin_disabled": lambda m: m.blobs.update({DISABLED: blob(str(addin(m)).upper())}),
    "addin_twice": lambda m: copy(m),
    "conf_missing": lambda m: user_conf(m).unlink(),
    "conf_python": lambda m: conf(m, "pythonw.exe", "elsewhere.exe"),
    "conf_changed": lambda m: conf(m, '"False"', '"True"'),
}


def addin(machine: FakeMachine) -> Path:
    return machine.home / "AppData/Roaming/Microsoft/Excel/XLSTART/salesxl.xlam"


def blob(path: str) -> bytes:
    """As Excel keeps a disabled item: twelve bytes, then the path as UTF-16."""
    return bytes(12) + path.encode("utf-16-le") + bytes(2)


def copy(machine: FakeMachine) -> None:
    folder = machine.home / "AppData/Roaming/Microsoft/AddIns"
    folder.mkdir(parents=True)
    (folder / "salesxl.xlam").write_bytes(addin(machine).read_bytes())


def conf(machine: FakeMachine, old: str, new: str) -> None:
    path = user_conf(machine)
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


def wrong(machine: FakeMachine) -> set[str]:
    return {finding.code for finding in examine(machine) if finding.state == "wrong"}


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    made = FakeMachine(tmp_path, python_folder="é/Scripts", ansi="cp1252")
    install(made)
    return made


def test_a_healthy_computer(machine: FakeMachine) -> None:
    findings = examine(machine)
    assert healthy(findings) and {finding.state for finding in findings} == {"ok"}
    assert report(findings, "en").endswith("Nothing wrong was found.")


@pytest.mark.parametrize("code", SPOILS)
def test_each_trouble_and_its_remedy(machine: FakeMachine, code: str) -> None:
    SPOILS[code](machine)
    findings = examine(machine)
    found = next(finding for finding in findings if finding.code == code)
    assert found.state == "wrong" and not healthy(findings)
    for lang in LANGS:
        assert found.remedy(lang) and found.remedy(lang) in report(findings, lang)


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        ("AppData/Local/Microsoft/WindowsApps", "store_python"),
        ("PythonSoftwareFoundation.Python.3.12/Scripts", "store_python"),
        ("R&D/Scripts", "path_signs"),
    ],
)
def test_where_python_is(tmp_path: Path, folder: str, code: str) -> None:
    assert code in wrong(FakeMachine(tmp_path, python_folder=folder))


def test_python_below_a_folder_that_only_starts_like_the_cloud(machine: FakeMachine) -> None:
    machine.variables["OneDrive"] = str(machine.python.parent)[:-1]
    assert "python_in_cloud" not in wrong(machine)


def test_macos_says_what_is_missing(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path, system="macos", ansi="utf-8")
    install(machine)
    assert wrong(machine) == {"no_mac_script"}
    script = mac_script(machine, machine.packages["xlwings"])
    script.parent.mkdir(parents=True)
    script.touch()
    assert not wrong(machine)


def test_every_wrong_finding_has_a_remedy_in_both_languages() -> None:
    fixes = {entry for entry in entries("doctor") if entry.endswith("_fix")}
    for fix in fixes:
        assert text(f"doctor.{fix}", "zh") != text(f"doctor.{fix}", "en")
    covered = {*SPOILS, "store_python", "path_signs", "no_mac_script"}
    assert {fix.removesuffix("_fix") for fix in fixes} == covered


def test_the_command(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from salesxl.hosts.excel import doctor

    monkeypatch.setattr(doctor, "ThisMachine", lambda: machine)
    assert main(["doctor", "--lang", "en"]) == 0
    SPOILS["addin_missing"](machine)
    capsys.readouterr()
    assert main(["doctor", "--json", "--lang", "en"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said == as_data(examine(machine), "en")
    assert [entry["code"] for entry in said if entry["state"] == "wrong"] == ["addin_missing"]


def test_the_ribbons_button_shows_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    import xlwings

    from salesxl.hosts.excel import language, tools

    shown: list[tuple[str, str]] = []
    app = SimpleNamespace(alert=lambda said, title: shown.append((said, title)))
    book = SimpleNamespace(app=app, api=None)
    monkeypatch.setattr(xlwings.Book, "caller", lambda: book)
    monkeypatch.setattr(language, "_last", (float("inf"), "zh"))
    tools.check_setup()
    said = report(examine(ThisMachine()), "zh")
    assert shown == [(said, "销售管理：检查安装")]


def test_this_computer_can_be_asked() -> None:
    here = ThisMachine()
    assert here.installed("xlwings") and here.installed("no-such-package") is None
    assert here.package_folder("xlwings") and here.python.exists()
    assert examine(here)[0].code == f"system_{here.system}"
