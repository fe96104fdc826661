"""``salesxl template`` and ``generate --template``, as a user types them."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from salesxl.batch.output import read_template
from salesxl.cli.main import main
from salesxl.ooxml.pour.target import Target
from salesxl.texts import text
from tests.generate_sample import EAST, write
from tests.template.as_excel import Edited


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company, and its region and head-office templates."""
    folder = tmp_path_factory.mktemp("company")
    plan, ledger = write(folder)
    more = ["--plan", str(plan), "--ledger", str(ledger), "--lang", "en"]
    for kind, name in (("region", "region.xlsx"), ("head-office", "head.xlsx")):
        (folder / "templates").mkdir(exist_ok=True)
        out = str(folder / "templates" / name)
        assert main(["template", "copy", kind, "-o", out, *more]) == 0
    return folder


def generate(folder: Path, out: Path, *more: str, lang: str = "en") -> int:
    ledger = str(folder / "ledger.csv")
    return main([
        "generate", str(folder / "plan.xlsx"), "--ledger", ledger, "--out", str(out),
        "--lang", lang, *more,
    ])  # fmt: skip


def load(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def test_a_folder_of_templates_serves_regions_and_head_office(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("region.xlsx", "head.xlsx"):
        edited = Edited((folder / "templates" / name).read_bytes())
        edited.caption(edited.titles[1], 1, 1, f"Styled {name}")
        (mine / name).write_bytes(edited.done())
    assert generate(folder, tmp_path / "out", "--template", str(mine)) == 0
    east, head = load(tmp_path / "out" / "01_East.xlsx"), load(
        tmp_path / "out" / "00_head_office.xlsx"
    )  # fmt: skip
    assert east.worksheets[1]["B2"].value == "Styled region.xlsx"
    assert head.worksheets[1]["B2"].value == "Styled head.xlsx"
    assert "_salesxl" not in east.sheetnames


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["region", "head-office"])
def test_the_templates_shipped_are_templates(kind: str, lang: str) -> None:
    name = f"{kind.replace('-', '_')}.{lang}.xlsx"
    target = read_template(Path(__file__).resolve().parents[1] / "templates" / name)
    assert isinstance(target, Target)
    assert (target.record.kind, target.record.lang, target.gone) == (kind, lang, ())


def test_two_processes_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    template = str(folder / "templates" / "region.xlsx")
    for jobs, name in (("1", "one"), ("2", "two")):
        assert generate(folder, tmp_path / name, "--template", template, "--jobs", jobs) == 0
    files = sorted(path.name for path in (tmp_path / "one").glob("*.xlsx"))
    assert len(files) == 3
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_small_files_are_smaller_and_hold_the_same(folder: Path, tmp_path: Path) -> None:
    assert generate(folder, tmp_path / "fast") == 0
    assert generate(folder, tmp_path / "small", "--small") == 0
    fast, small = ((tmp_path / name / "01_East.xlsx").read_bytes() for name in ("fast", "small"))
    assert len(small) < len(fast)
    parts = [  # but the custom properties, which tell the run with its options
        {name: archive.read(name) for name in archive.namelist() if name != "docProps/custom.xml"}
        for archive in (zipfile.ZipFile(BytesIO(fast)), zipfile.ZipFile(BytesIO(small)))
    ]
    assert parts[0] == parts[1]


@pytest.mark.parametrize(
    ("option", "name", "lang", "code"),
    [
        ("--template", "head.xlsx", "en", "template.is_head_office"),
        ("--head-template", "region.xlsx", "en", "template.is_region"),
        ("--template", "region.xlsx", "zh", "template.other_language"),
    ],
)
def test_a_template_for_something_else_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    option: str, name: str, lang: str, code: str,
) -> None:  # fmt: skip
    path = folder / "templates" / name
    assert generate(folder, tmp_path / "out", option, str(path), lang=lang) == 1
    expected = text(code, lang, lang="en")  # type: ignore[arg-type]
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_workbook_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_text("just text")
    assert generate(folder, tmp_path / "out", "--template", str(path)) == 1
    assert "notes.xlsx" in capsys.readouterr().err


def test_an_empty_folder_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert generate(folder, tmp_path / "out", "--template", str(tmp_path / "empty")) == 1
    assert text("template.empty_folder", "en", lang="en") in capsys.readouterr().err


def test_copy_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "MY.xlsx"
    path.write_bytes(b"precious")
    assert main(["template", "copy", "plan", "-o", str(path), "--lang", "en"]) == 1
    assert path.read_bytes() == b"precious"
    assert text("template.file_exists", "en") in capsys.readouterr().err


def test_a_damaged_record_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = Edited((folder / "templates" / "region.xlsx").read_bytes())
    edited.parts["xl/sharedStrings.xml"] = edited.parts["xl/sharedStrings.xml"].replace(
        '"version":1', '"version":'
    ).replace("&quot;version&quot;:1", "")  # fmt: skip
    path = tmp_path / "MY.xlsx"
    path.write_bytes(edited.done())
    assert generate(folder, tmp_path / "out", "--template", str(path)) == 1
    assert text("template.no_record", "en") in capsys.readouterr().err


def test_check_tells_what_was_done(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = Edited((folder / "templates" / "region.xlsx").read_bytes())
    targets = edited.titles[1]
    edited.insert_rows(targets, 5, 2)
    edited.insert_columns(targets, 3)
    edited.caption(targets, 1, 1, "Our goals")
    edited.rename(targets, "Goals")
    path = tmp_path / "MY.xlsx"
    path.write_bytes(edited.done())
    assert main(["template", "check", str(path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert text("template.kind_region", "en", lang="en") in said
    assert text("template.renamed", "en", then=targets, now="Goals") in said
    assert text("template.kept_rows", "en", name="Goals", count=2) in said
    assert text("template.kept_columns", "en", name="Goals", count=1) in said
    assert text("template.kept_captions", "en", name="Goals", count=1) in said


def test_a_plan_workbook_is_no_template_of_a_region(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan_template.xlsx"
    assert main(["template", "copy", "plan", "-o", str(path), "--lang", "en"]) == 0
    assert main(["template", "check", str(path), "--lang", "en"]) == 0
    assert text("template.kind_plan", "en") in capsys.readouterr().out
    assert generate(folder, tmp_path / "out", "--template", str(path)) == 1
    assert text("template.is_plan", "en") in capsys.readouterr().err


def own_workbook(path: Path) -> None:
    """A manager's own file: two names, a table with a column of ours and one of theirs."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Board"
    sheet["A1"], sheet["B1"] = "Target", 1
    sheet["A2"], sheet["B2"] = "Region", "somebody else"
    sheet["A3"] = "=B1*2"
    book.defined_names["annual_target"] = DefinedName("annual_target", attr_text="Board!$B$1")
    book.defined_names["scope"] = DefinedName("scope", attr_text="Board!$B$2")
    book.defined_names["strange"] = DefinedName("strange", attr_text="Board!$A$2")
    sheet.append([])
    for col, head in enumerate(("id", "Customer", "Mine"), 1):
        sheet.cell(6, col, head)
    sheet.cell(7, 1, "K-OLD")
    sheet.cell(7, 3, "=LEN(B7)")
    sheet.add_table(Table(displayName="customers", ref="A6:C7"))
    book.save(path)


def test_a_workbook_of_ones_own_is_filled_by_name(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "board.xlsx"
    own_workbook(path)
    assert main(["template", "check", str(path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert text("template.kind_own", "en") in said
    assert "annual_target" in said
    assert text("template.unknown_names", "en", names="strange") in said
    assert text("template.unknown_columns", "en", name="customers", columns="Mine") in said
    assert generate(folder, tmp_path / "out", "--template", str(path)) == 0
    sheet = load(tmp_path / "out" / "01_East.xlsx")["Board"]
    assert sheet["B2"].value == "East"
    assert sheet["B1"].value == 9000  # 12,000 by the history of 300 to 100
    heads = [sheet.cell(6, col).value for col in (1, 2, 3)]
    assert heads == ["id", "Customer", "Mine"]
    assert sorted(sheet.cell(row, 1).value for row in (7, 8)) == ["C1", "C3"]
    assert [sheet.cell(row, 3).value for row in (7, 8)] == ["=LEN(B7)", "=LEN(B8)"]
    assert EAST  # the ledger's lines are another matter


def test_a_workbook_without_any_known_name_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    assert main(["template", "check", str(path), "--lang", "en"]) == 1
    assert generate(folder, tmp_path / "out", "--template", str(path)) == 1
    assert text("template.nothing_to_fill", "en") in capsys.readouterr().err


def test_fields_lists_cells_and_tables(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = ["--plan", str(folder / "plan.xlsx"), "--ledger", str(folder / "ledger.csv")]
    assert main(["template", "fields", "--lang", "en", *plan]) == 0
    said = capsys.readouterr().out
    assert text("template.fields_cells", "en") in said
    for name in ("annual_target", "month_target_12", "customers", "ledger", "scope"):
        assert name in said


@pytest.mark.oracle("libreoffice")
def test_recalc_fills_the_values_of_a_persons_formulas(folder: Path, tmp_path: Path) -> None:
    edited = Edited((folder / "templates" / "region.xlsx").read_bytes())
    targets = edited.titles[1]
    edited.insert_rows(targets, 5)
    edited.formula(targets, 5, 1, "6*7")
    path = tmp_path / "MY.xlsx"
    path.write_bytes(edited.done())
    assert shutil.which("soffice")
    assert generate(folder, tmp_path / "out", "--template", str(path), "--recalc") == 0
    book = openpyxl.load_workbook(tmp_path / "out" / "01_East.xlsx", data_only=True)
    assert book[targets]["B6"].value == 42
