"""verify finds what was changed, swapped, lost or planted, and nothing else."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from salesxl.batch.generate import generate
from salesxl.batch.identifiers import Hasher, known_of, strength, tokens_of
from salesxl.batch.verify import Verified, verify
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ooxml.identity import read_identity, with_identity
from salesxl.opc.package import open_package
from salesxl.sheets.scope import narrow
from tests import batch_sample, generate_sample

EAST, WEST = "01_East.xlsx", "02_West.xlsx"
FOREIGN = "Birch Works"  # West's customer


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("run")
    plan, ledger = generate_sample.write(folder)
    generate(plan, [ledger], folder / "out")
    return plan, ledger, folder / "out"


@pytest.fixture
def out(run: tuple[Path, Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(run[2], tmp_path / "out"))


def codes(found: Verified) -> list[tuple[str, str]]:
    return [(problem.code.removeprefix("batch."), problem.where) for problem in found.problems]


def test_an_untouched_folder_is_good(run: tuple[Path, Path, Path]) -> None:
    plan, ledger, out = run
    found = verify(out, plan=plan, ledgers=[ledger])
    assert found.good, codes(found)
    assert (found.files, found.notices) == (3, ())
    assert found.identifiers > 20


def test_the_manifest_names_nobody(run: tuple[Path, Path, Path]) -> None:
    content = (run[2] / "manifest.json").read_text(encoding="utf-8")
    assert not [name for name in ("Birch", "Alder Labs", "Ann East", "Deep Sea") if name in content]


def test_a_changed_cell(out: Path) -> None:
    with open_package(out / EAST) as package:
        sheet = next(one.part for one in package.sheets if one.name == "Ledger")
    batch_sample.rewritten(out / EAST, sheet, lambda xml: xml.replace("<v>2000.5</v>", "<v>9</v>"))
    assert codes(verify(out)) == [("file_changed", EAST), ("table_amount", EAST)]
    batch_sample.resign(out, EAST)  # even where the manifest was made to agree
    assert codes(verify(out)) == [("table_amount", EAST)]


def test_a_swapped_file(out: Path) -> None:
    east, west = (out / EAST).read_bytes(), (out / WEST).read_bytes()
    (out / EAST).write_bytes(west)
    (out / WEST).write_bytes(east)
    found = verify(out)
    assert ("file_swapped", EAST) in codes(found)
    assert ("file_swapped", WEST) in codes(found)
    said = next(p for p in found.problems if p.code == "batch.file_swapped" and p.where == EAST)
    assert said.values == {"wanted": "East", "found": "West"}


def test_a_missing_and_an_unknown_file(out: Path) -> None:
    (out / EAST).rename(out / "copy.xlsx")
    assert sorted(codes(verify(out))) == [("file_missing", EAST), ("file_unknown", "copy.xlsx")]


def _in_sheet(path: Path) -> None:
    cell = '<row r="900"><c r="B900" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>'
    batch_sample.rewritten(
        path, "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("</sheetData>", cell.format(FOREIGN)),
    )  # fmt: skip


def _in_runs(path: Path) -> None:
    cell = (
        '<row r="900"><c r="B900" t="inlineStr"><is><r><t>Bir</t></r><r><t>ch Wo</t></r>'
        "<r><t>rks</t></r></is></c></row></sheetData>"
    )
    batch_sample.rewritten(
        path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", cell)
    )


def _in_strings(path: Path) -> None:
    batch_sample.rewritten(
        path, "xl/sharedStrings.xml",
        lambda xml: xml.replace("</sst>", f"<si><t>see {FOREIGN.upper()}!</t></si></sst>"),
    )  # fmt: skip


def _in_chart(path: Path) -> None:
    part = batch_sample.parts_like(path, r"xl/charts/chart\d+\.xml")[0]
    cached = f'<c:pt idx="77"><c:v>{FOREIGN}</c:v></c:pt></c:strCache>'
    batch_sample.rewritten(
        path, part, lambda xml: xml.replace("</c:strCache>", cached, 1)
    )  # fmt: skip


def _in_comment(path: Path) -> None:
    batch_sample.with_part(
        path, "xl/comments1.xml",
        '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors>'
        '<author>x</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>'
        f"as {FOREIGN[:7]}</t></r><r><t>{FOREIGN[7:]} did</t></r></text></comment></commentList>"
        "</comments>",
    )  # fmt: skip


def _in_properties(path: Path) -> None:
    batch_sample.rewritten(
        path, "docProps/app.xml",
        lambda xml: xml.replace("</Properties>", f"<Manager>{FOREIGN}</Manager></Properties>"),
    )  # fmt: skip


def _in_custom_xml(path: Path) -> None:
    batch_sample.with_part(path, "customXml/item1.xml", f'<a b="{FOREIGN}"/>')


def _in_xml_comment(path: Path) -> None:
    batch_sample.rewritten(
        path,
        "xl/workbook.xml",
        lambda xml: xml.replace("</workbook>", f"<!--{FOREIGN}--></workbook>"),
    )


def _in_formula(path: Path) -> None:
    cell = f'<row r="900"><c r="B900" t="b"><f>B1="{FOREIGN}"</f><v>0</v></c></row></sheetData>'
    batch_sample.rewritten(
        path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", cell)
    )


def _in_binary(path: Path) -> None:
    batch_sample.with_part(path, "xl/printerSettings/printerSettings1.bin", f"\x01{FOREIGN}\x02")


def _as_a_person(path: Path) -> None:
    batch_sample.with_part(path, "customXml/item1.xml", "<a>Eve Stays</a>")


def _as_a_line_of_nobody(path: Path) -> None:
    batch_sample.with_part(path, "customXml/item1.xml", "<a>Deep Sea</a>")


PLANTS = (
    _in_sheet, _in_runs, _in_strings, _in_chart, _in_comment, _in_properties, _in_custom_xml,
    _in_xml_comment, _in_formula, _in_binary, _as_a_person, _as_a_line_of_nobody,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS)
def test_a_foreign_name_is_found_wherever_it_is(out: Path, plant: Callable[[Path], None]) -> None:
    plant(out / EAST)
    batch_sample.resign(out, EAST)
    found = verify(out)
    assert codes(found) == [("foreign", EAST)]
    owner = "West" if plant is not _as_a_line_of_nobody else "lines of no scope"
    assert found.problems[0].values["owner"] == owner


def test_the_command(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh", "verify", str(out)]) == 0
    assert "核对无误" in capsys.readouterr().out
    _in_comment(out / EAST)
    assert main(["--lang", "en", "verify", str(out), "--json", "--jobs", "2"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert {one["code"] for one in said["problems"]} == {"batch.file_changed", "batch.foreign"}


def test_a_manifest_that_was_changed_does_not_fit_the_plan(
    run: tuple[Path, Path, Path], out: Path
) -> None:
    plan, ledger, _ = run
    path = out / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    east, west = manifest["files"][1:]
    west["identifiers"], west["amount"] = east["identifiers"], west["amount"] + 1
    path.write_text(json.dumps(manifest), encoding="utf-8")
    found = verify(out, plan=plan, ledgers=[ledger])
    assert ("record_differs", WEST) in codes(found)
    assert ("sum_amount", "manifest.json") in codes(found)


def test_other_inputs_are_told(run: tuple[Path, Path, Path], out: Path, tmp_path: Path) -> None:
    plan, ledger, _ = run
    newer = tmp_path / "ledger.csv"
    newer.write_text(ledger.read_text(encoding="utf-8") + "2027-04-01,1,East,Optics,C1,,,,\n")
    assert codes(verify(out, plan=plan, ledgers=[newer])) == [("input_changed", "manifest.json")]


@pytest.mark.parametrize(
    "content", ["", "[]", '{"kind": "commissions"}', '{"kind": "generate", "format": 99}',
                '{"kind": "generate", "format": 2, "files": [{"file": "../x.xlsx"}]}'],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SalesxlError, match=r"manifest\.json"):
        verify(tmp_path)
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(SalesxlError, match=r"manifest\.json"):
        verify(tmp_path)


def test_what_is_no_workbook_is_told(out: Path) -> None:
    (out / EAST).write_bytes(b"PK\x03\x04 torn")
    assert codes(verify(out)) == [("file_changed", EAST), ("file_unreadable", EAST)]


# ---- names and numbers


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("1", ""), ("17", ""), ("4711", ""), ("47110", "="), ("4711001", "~"), ("C2", "="),
        ("C1042", "~"), ("王伟", "="), ("欧阳娜娜", "~"), ("Ann", "="), ("Lisa", "~"),
        ("Total", ""),
        ("2027-01-05", ""), ("A*Shop", "~"), ("-", ""), ("SO-1", "="), ("SO-1001", "~"),
    ],
)  # fmt: skip
def test_how_distinct_a_name_is(name: str, kind: str) -> None:
    assert strength(tokens_of(name), name) == kind


def test_names_match_whole_words_in_any_writing(tmp_path: Path) -> None:
    hasher = Hasher(b"salt")
    head = generate_sample.head(tmp_path)
    known = known_of(narrow(head, head.plan.regions[2]), hasher)  # West

    def found(said: str) -> bool:
        return any(one in known.own for one, _, _ in hasher.found_in(said, known.lengths))

    assert found("We saw ＢＩＲＣＨ  works yesterday")
    assert found("fir-forge")
    assert found("C2") and not found("Summe C2:C9")
    assert not found("Birch") and not found("birchworks")


def test_a_name_within_an_own_name_is_no_alarm(tmp_path: Path) -> None:
    text = generate_sample.LEDGER.replace("C3,A*Star", "C3,Birch Works East")
    plan, ledger = generate_sample.write(tmp_path)
    ledger.write_text(text, encoding="utf-8")
    generate(plan, [ledger], tmp_path / "out")
    assert verify(tmp_path / "out").good


# ---- identity


def test_identity_survives_and_replaces(run: tuple[Path, Path, Path]) -> None:
    data = (run[2] / EAST).read_bytes()
    before = read_identity(data)
    assert (before["salesxl_scope"], before["salesxl_key"]) == ("region", "E")
    again = with_identity(data, {"salesxl_key": 'A & "B"', "salesxl_new": "<1>"})
    after = read_identity(again)
    assert after == before | {"salesxl_key": 'A & "B"', "salesxl_new": "<1>"}
    with zipfile.ZipFile(run[2] / EAST) as package:
        assert package.read("[Content_Types].xml").count(b"/docProps/custom.xml") == 1
        assert package.testzip() is None
