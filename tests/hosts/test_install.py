"""The add-in is put in its place, made again and taken away; other files stay."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.hosts.excel.addin import read_mark
from salesxl.hosts.excel.install import install, repair, uninstall
from salesxl.hosts.excel.places import read_conf, user_conf
from tests.hosts.fake_machine import FakeMachine

WINDOWS = "home/AppData/Roaming/Microsoft/Excel/XLSTART/salesxl.xlam"
MACOS = (
    "home/Library/Group Containers/UBF8T346G9.Office/User Content.localized"
    "/Startup.localized/Excel/salesxl.xlam"
)


def refused(caught: pytest.ExceptionInfo[SalesxlError]) -> str:
    return caught.value.problems[0].code


def test_windows(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    done = install(machine)
    assert done.path == tmp_path / WINDOWS and done.before is None
    assert zipfile.ZipFile(done.path).testzip() is None
    conf = tmp_path / "home" / ".salesxl" / "salesxl.conf"
    assert conf.read_bytes().decode("cp936").splitlines() == [
        f'"INTERPRETER_WIN","{tmp_path}/py/Scripts/pythonw.exe"',
        '"USE UDF SERVER","True"',
        '"ADD_WORKBOOK_TO_PYTHONPATH","False"',
    ]
    assert not repair(machine).changed
    assert uninstall(machine) == [done.path, conf]
    assert not done.path.exists() and not conf.parent.exists()
    assert uninstall(machine) == []


def test_macos(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path, system="macos", ansi="utf-8")
    assert install(machine).path == tmp_path / MACOS
    conf = tmp_path / "home/Library/Containers/com.microsoft.Excel/Data/salesxl.conf"
    assert read_conf(conf, "utf-8")["INTERPRETER_MAC"] == str(machine.python)


def test_no_excel(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path, system="other")
    for act in (install, repair, uninstall):
        with pytest.raises(SalesxlError) as caught:
            act(machine)
        assert refused(caught) == "excel.no_excel_here"


def test_the_users_own_settings_stay(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    conf = user_conf(machine)
    conf.parent.mkdir()
    conf.write_bytes('"SHOW CONSOLE","True"\r\n"LANGUAGE","zh"\r\n'.encode("cp936"))
    install(machine)
    assert read_conf(conf, "cp936")["LANGUAGE"] == "zh"
    uninstall(machine)
    assert read_conf(conf, "cp936") == {"SHOW CONSOLE": "True"}


def test_repair_follows_a_new_xlwings_and_a_moved_python(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    with pytest.raises(SalesxlError) as caught:
        repair(machine)
    assert refused(caught) == "excel.not_installed"
    path = install(machine).path
    data = path.read_bytes()
    path.write_bytes(older(data))
    done = repair(machine)
    assert done.before is not None and done.before.xlwings == "0.1.2"
    assert path.read_bytes() == data
    machine.python_folder = "other/Scripts"
    machine.__post_init__()
    assert repair(machine).changed
    assert "other" in read_conf(user_conf(machine), "cp936")["INTERPRETER_WIN"]


def older(data: bytes) -> bytes:
    """The add-in as another xlwings would have made it, as far as its mark goes."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"xlwings [\d.]+", b"xlwings 0.1.2", part)
            archive.writestr(name, part)
    return target.getvalue()


def test_a_file_that_is_not_ours_stays(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    path = tmp_path / WINDOWS
    path.parent.mkdir(parents=True)
    path.write_bytes(b"somebody's")
    for act in (install, repair, uninstall):
        with pytest.raises(SalesxlError) as caught:
            act(machine)
        assert refused(caught) == "excel.not_ours"
    assert path.read_bytes() == b"somebody's" and not user_conf(machine).exists()


@pytest.mark.parametrize(
    ("package", "code"), [("xlwings", "excel.no_xlwings"), ("pyOpenVBA", "excel.no_pyopenvba")]
)
def test_what_is_missing_is_named_and_nothing_written(
    tmp_path: Path, package: str, code: str
) -> None:
    machine = FakeMachine(tmp_path)
    del machine.packages[package]
    with pytest.raises(SalesxlError) as caught:
        install(machine)
    assert refused(caught) == code
    assert not user_conf(machine).exists() and not (tmp_path / WINDOWS).exists()


def test_another_xlwings_than_its_template_is_refused(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    machine.packages["xlwings"] = "9.9.9"
    with pytest.raises(SalesxlError) as caught:
        install(machine)
    assert refused(caught) == "excel.template_changed"


def test_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from salesxl.hosts.excel import install as module

    assert main(["addin", "build", "--out", str(tmp_path / "new" / "folder"), "--lang", "zh"]) == 0
    assert "个函数" in capsys.readouterr().out
    assert read_mark(tmp_path / "new" / "folder" / "salesxl.xlam") is not None
    machine = FakeMachine(tmp_path)
    monkeypatch.setattr(module, "ThisMachine", lambda: machine)
    assert main(["addin", "repair", "--lang", "en"]) == 1
    assert "Run: salesxl addin install" in capsys.readouterr().err
    install(machine)
    assert main(["addin", "repair", "--lang", "en"]) == 0
    assert "nothing to repair" in capsys.readouterr().out
    assert main(["addin", "uninstall", "--lang", "en"]) == 0
    assert capsys.readouterr().out.count("Removed") == 2
    assert main(["addin", "uninstall", "--lang", "en"]) == 0
    machine.system = "other"
    assert main(["addin", "uninstall", "--lang", "en"]) == 1
    assert "salesxl addin build --out DIR" in capsys.readouterr().err


def test_a_path_vba_cannot_read_is_refused(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path, python_folder="销售/Scripts")
    install(machine)
    assert read_mark(tmp_path / WINDOWS) is not None
    machine.ansi = "cp1252"
    with pytest.raises(SalesxlError) as caught:
        install(machine)
    assert refused(caught) == "excel.conf_encoding"
