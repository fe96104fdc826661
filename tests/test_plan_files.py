"""Files that are no plan workbook: one line with cause and remedy, never a traceback."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.plan.read import read_plan
from salesxl.plan.starter import template_plan
from salesxl.sheets.plan_book import write_plan

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'


def rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, change(name, data))


def code(path: Path) -> str:
    with pytest.raises(SalesxlError) as caught:
        read_plan(path)
    assert len(caught.value.problems) == 1
    problem = caught.value.problems[0]
    assert path.name in problem.where
    assert problem.say("zh") and problem.say("en")
    return problem.code


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "plan.file_empty"),
        (b"a,b\n1,2\n", "plan.file_not_workbook"),
        (OLE, "plan.file_old_format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "plan.file_encrypted"),
        (b"PK\x03\x04" + bytes(50), "plan.file_truncated"),
    ],
)
def test_foreign_bytes(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(data)
    assert code(path) == expected


def test_missing_and_folder(tmp_path: Path) -> None:
    assert code(tmp_path / "none.xlsx") == "plan.file_missing"
    assert code(tmp_path) == "plan.file_is_folder"


def test_damaged_packages(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    good = tmp_path / "good.xlsx"
    write_plan(template_plan("en"), good, "en")
    data = good.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert code(path) == "plan.file_truncated"
    path.write_bytes(data)
    rewrite(path, lambda n, d: d[: len(d) // 2] if n.endswith("sheet3.xml") else d)
    assert code(path) == "plan.file_damaged"
    path.write_bytes(data)
    rewrite(path, lambda n, d: DTD if n.endswith("workbook.xml") else d)
    assert code(path) == "plan.file_unsafe_xml"
    path.write_bytes(data)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../out.xml", "x")
    assert code(path) == "plan.file_unsafe_zip"
    path.write_bytes(data)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("xl/workbook.xml", "x")
    assert code(path) == "plan.file_unsafe_zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(80 * 2**20))
    assert code(path) == "plan.file_unsafe_zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert code(path) == "plan.file_foreign"


def test_command_says_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(OLE)
    assert main(["check", str(path), "--lang", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("plan.xlsx: This is the old .xls format.")
    assert len(lines) == 2


def test_dates_of_1904(tmp_path: Path) -> None:
    """The same serial is 1462 days later in a workbook that counts from 1904."""
    path = tmp_path / "plan.xlsx"
    write_plan(template_plan("en"), path, "en")
    before = read_plan(path).commission_plans[0].effective_from
    rewrite(
        path,
        lambda n, d: (
            d.replace(b"<workbookPr", b'<workbookPr date1904="1"') if n == "xl/workbook.xml" else d
        ),
    )
    assert (read_plan(path).commission_plans[0].effective_from - before).days == 1462
