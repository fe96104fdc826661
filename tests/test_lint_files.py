"""`lint` on whole files: other writers' XML, hostile and big files, our own books, the shell."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from salesxl.batch.generate import generate
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ooxml.encrypt import Secret, encrypt
from salesxl.ooxml.lint import Finding, lint
from salesxl.ooxml.lint.finding import MAX_EACH
from salesxl.texts import LANGS, Lang
from tests import generate_sample
from tests.lint_faults import GOOD
from tests.lint_samples import (
    BOOK,
    BOOK_RELS,
    DATA,
    STRINGS,
    STYLES,
    SUMS,
    TABLE2,
    TYPES,
    Broken,
    packed,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Streams = pytest.CaptureFixture[str]


def of(book: Broken, folder: Path) -> list[tuple[str, str, str]]:
    found = lint(book.write(folder / "book.xlsx"))
    for finding in found:
        assert all(finding.cause(lang) and finding.remedy(lang) for lang in LANGS)
    return [(finding.code, finding.part, finding.cell) for finding in found]


def big(rows: int, row: str) -> bytes:
    """A workbook whose sheet has `rows` rows; `row` is one row's XML with ``{n}``."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>' + "".join(
        row.replace("{n}", str(n)) for n in range(1, rows + 1)
    )
    book = Broken(GOOD)
    book.parts[DATA] = f"{sheet}</sheetData></worksheet>".encode()
    return packed(book.parts)


# --- what is rarer ------------------------------------------------------------------------


def test_no_content_types(tmp_path: Path) -> None:
    book = Broken(GOOD)
    del book.parts[TYPES]
    assert of(book, tmp_path) == [("no_types", TYPES, "")]


def test_relationships_of_nothing(tmp_path: Path) -> None:
    book = Broken(GOOD)
    book.parts["xl/_rels/no.xml.rels"] = book.parts["xl/worksheets/_rels/sheet1.xml.rels"]
    found = of(book, tmp_path)
    assert ("rels_without_part", "xl/_rels/no.xml.rels", "") in found
    assert {code for code, _, _ in found} == {"rels_without_part", "relation_dangling"}


def test_a_sheet_without_part_and_no_sheets_at_all(tmp_path: Path) -> None:
    book = Broken(GOOD).swap(BOOK, ' r:id="rId2"', "")
    assert of(book, tmp_path)[0] == ("sheet_without_part", BOOK, "Sum up")
    book = Broken(GOOD).edit(
        BOOK, lambda t: t[: t.index("<sheets>")] + t[t.index("</sheets>") + 9 :]
    )
    assert ("no_sheets", BOOK, "") in of(book, tmp_path)


def test_lengths_of_names_and_titles(tmp_path: Path) -> None:
    book = Broken(GOOD).swap(BOOK, 'name="Rate"', f'name="{"x" * 256}"')
    assert [code for code, _, _ in of(book, tmp_path)] == ["name_length"]
    book = Broken(GOOD).swap(TABLE2, 'name="B"', f'name="{"x" * 256}"')
    book.swap(STRINGS, "<t>B</t>", f"<t>{'x' * 256}</t>")
    assert of(book, tmp_path) == [("column_title", TABLE2, "H4:I6")]


def test_too_many_formats(tmp_path: Path) -> None:
    book = Broken(GOOD)
    xf = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    book.swap(STYLES, "</cellXfs>", xf * 65_488 + "</cellXfs>")  # 65,491 with those it has
    assert of(book, tmp_path) == [("too_many_formats", STYLES, "")]


def test_pivot_sources(tmp_path: Path) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    for source, codes in (
        ('ref="A1:B9" sheet="Dato"', ["missing_sheet"]),
        ('name="Sale"', ["pivot_source"]),
        ('ref="B9:A1" sheet="Data"', ["bad_reference"]),
        ('name="Sales"', []),
        ('ref="A1:B9" sheet="Data"', []),
    ):
        book = Broken(GOOD)
        part = "xl/pivotCache/pivotCacheDefinition1.xml"
        cache = f'<pivotCacheDefinition xmlns="{MAIN}"><cacheSource type="worksheet">'
        cache += f"<worksheetSource {source}/></cacheSource></pivotCacheDefinition>"
        book.parts[part] = cache.encode()
        relation = f'<Relationship Id="rId70" Type="{kind}/pivotCacheDefinition"'
        book.swap(BOOK_RELS, "</Relationships>", f'{relation} Target="/{part}"/></Relationships>')
        content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        book.swap(
            TYPES, "</Types>",
            f'<Override PartName="/{part}" ContentType="{content}.pivotCacheDefinition+xml"/>'
            "</Types>",
        )  # fmt: skip
        assert [one for one, _, _ in of(book, tmp_path)] == codes, source


def test_a_damaged_part(tmp_path: Path) -> None:
    path = Broken(GOOD).write(tmp_path / "book.xlsx")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/charts/chart1.xml").header_offset + 60
    data[start : start + 40] = bytes(40)
    path.write_bytes(data)
    assert [(f.code, f.part) for f in lint(path)] == [("broken_part", "xl/charts/chart1.xml")]


def test_parts_nobody_reads_must_be_well_formed(tmp_path: Path) -> None:
    for part in ("xl/theme/theme1.xml", "docProps/app.xml", "xl/metadata.xml"):
        book = Broken(GOOD)
        book.parts[part] = book.parts[part][:-3]
        assert of(book, tmp_path) == [("broken_xml", part, "")]


def test_what_excel_itself_leaves_behind_is_not_reported(tmp_path: Path) -> None:
    book = Broken(GOOD)
    book.parts["[trash]/0000.dat"] = b"\0"
    assert of(book, tmp_path) == []


# --- other writers ------------------------------------------------------------------------


def test_prefixes_and_utf_16_and_no_r_attributes(tmp_path: Path) -> None:
    book = Broken(GOOD)
    sheet = (
        f'<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>NaN</x:v></x:c></x:row>"
        '<x:row r="3"><x:c r="A3"><x:v>1</x:v></x:c><x:c t="inlineStr"><x:is><x:t>a</x:t>'
        "<x:rPh><x:t>b</x:t></x:rPh></x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )
    book.parts[DATA] = sheet.encode("utf-16")
    codes = [
        one for one in of(book, tmp_path) if one[0] not in ("table_not_listed", "header_no_text")
    ]
    assert codes == [("not_a_number", DATA, "B1")]


def test_strict_files_are_read_alike(tmp_path: Path) -> None:
    book = Broken(GOOD)
    for part in (BOOK, DATA, SUMS, STRINGS, STYLES):
        book.parts[part] = book.parts[part].replace(
            MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
    assert of(book, tmp_path) == []
    assert of(book.swap(DATA, "<v>10</v>", "<v>x</v>"), tmp_path) == [("not_a_number", DATA, "C5")]


def test_openpyxl_files_have_warnings_at_most(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", 1, True, None, "=B1*2"])
    book.save(path)
    assert [(f.code, f.severity) for f in lint(path)] == [("formula_no_value", "warning")]


FINE = (
    'IF(A1="(","[","\'")', "SUM(Sales[[#This Row],[Amount]])", "Sales[[#Headers],[Am'[ount]]",
    "SUM({1,2;3,4})", "'It''s'!A1", "[1]Other!A1", "'[1]Other one'!A1", "Data!A1:Data!B2",
    "SUM(Data:Sum!A1)", "A1#", "_xlfn.ANCHORARRAY(A1)", "_xlfn._xlws.SORT(A1:A2)", "#DIV/0!",
    "IF(ISERROR(#N/A),1,#NULL!)", "my.name(1)", "XLOOKUPS(1)", "SUM(,1)", "@A1", "(A1,B2)",
    "a–b!A1", "(Data!A1,Data!B2)", "Data!A1:INDEX(A:A,2)",
    "_xlfn.LET(_xlpm.x,1,_xlpm.x)", "-A1%", 'T("a""b")', "Data!$1:$3 Data!A:A", "数据!A1",
)  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_formulas_that_are_fine(text: str) -> None:
    from salesxl.ooxml.lint.formula import check

    said: list[str] = []
    tabs = {"data", "sum", "it's", "数据"}
    check(text, lambda code, **_: said.append(code), tabs, {"sales"})
    assert said == []


# --- hostile ------------------------------------------------------------------------------

DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def test_a_dtd_is_refused_in_every_part(tmp_path: Path) -> None:
    for part in (DATA, STRINGS, STYLES, "xl/charts/chart1.xml", "xl/theme/theme1.xml"):
        for dtd in (DTD, "<!DOCTYPE x>"):
            book = Broken(GOOD).edit(part, lambda t, dtd=dtd: t.replace("?>", f"?>{dtd}", 1))
            assert ("unsafe_xml", part, "") in of(book, tmp_path)


def test_what_is_no_workbook_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    contents = {
        b"": "plan.file_empty", b"PK junk": "plan.file_truncated",
        b"junk": "plan.file_not_workbook",
        encrypt(GOOD, Secret("long enough")): "plan.file_encrypted",
        packed({"a.txt": b""}): "plan.file_foreign",
    }  # fmt: skip
    for content, code in contents.items():
        path.write_bytes(content)
        with pytest.raises(SalesxlError) as caught:
            lint(path)
        assert caught.value.problems[0].code == code


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        (200_000, '<row r="1"><c r="A1"><v>NaN</v></c></row>'),
        (1, '<row r="1">' + "<c/>" * 1_000_000 + "</row>"),
        (1, "<row>" + "<a>" * 100_000 + "</a>" * 100_000 + "</row>"),
        (1, f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 30_000_000}</t></is></c></row>'),
        (400, '<row r="{n}"><c r="A{n}"><f>' + "[" * 8_000 + "</f></c></row>"),
        (400, '<row r="{n}"><c r="A{n}"><f>' + "\"'" * 4_000 + "</f></c></row>"),
        (400, '<row r="{n}"><c r="A{n}"><f>' + "a" * 8_000 + "</f></c></row>"),
        (400, '<row r="{n}"><c r="A{n}"><f>' + "a!" * 4_000 + "</f></c></row>"),
    ],
    ids=["bad rows", "bad cells", "deep", "long text", "brackets", "quotes", "word", "tabs"],
)  # fmt: skip
def test_hostile_sheets_cost_bounded_time_and_memory(rows: int, row: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(big(rows, row))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    count, seconds, megabytes = done.stdout.split()
    assert 0 < int(count) < 200
    assert float(seconds) < 4  # under 2 s on an idle core
    assert float(megabytes) < 200


MEASURED = """
import re, sys, time
from pathlib import Path
from salesxl.ooxml.lint import lint
start = time.process_time()
found = lint(Path(sys.argv[1]))
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1] if status.exists() else 0
print(len(found), time.process_time() - start, int(peak) / 1024)
"""


def test_cells_without_addresses_beyond_the_last_column(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(big(1, '<row r="1">' + "<c/>" * 16_385 + "</row>"))
    found = [(f.code, f.cell) for f in lint(path) if f.code.startswith("cell")]
    assert found == [("cell_reference", "XFE1")]


def test_a_tail_of_a_million_elements_is_left(tmp_path: Path) -> None:
    book = Broken(GOOD).swap(DATA, "</sheetData>", "</sheetData>" + "<a/>" * 400_001)
    started = time.process_time()
    assert ("too_large", DATA, "") in of(book, tmp_path)
    assert time.process_time() - started < 5


def test_a_million_faults_are_twenty_and_a_count(tmp_path: Path) -> None:
    row = '<row r="{n}"><c r="A{n}"><v>x</v></c></row>'
    path = tmp_path / "x.xlsx"
    path.write_bytes(big(900, row))
    found = [finding for finding in lint(path) if finding.part == DATA]
    codes = [finding.code for finding in found]
    assert codes.count("not_a_number") == MAX_EACH
    more = [finding for finding in found if finding.code == "more"]
    assert [m.values for m in more] == [{"code": "not_a_number", "count": 900 - MAX_EACH}]


def test_texts_of_a_stranger_are_shown_short_and_on_one_line() -> None:
    from salesxl.ooxml.lint.finding import Findings

    findings = Findings()
    findings.add("missing_sheet", "p", "A1\x1b[31m", name="a\nb\x00\u202e" + "x" * 500)
    (finding,) = findings.all()
    said = finding.place() + finding.cause("en")
    assert said.isprintable()
    assert len(said) < 250


# --- big and our own ----------------------------------------------------------------------


def test_fifty_thousand_rows_stream_in_about_a_second_each(tmp_path: Path) -> None:
    cells = "".join(f'<c r="{c}{{n}}" s="1"><v>{{n}}.5</v></c>' for c in "ABCDEFGH")
    path = tmp_path / "big.xlsx"
    path.write_bytes(big(50_000, f'<row r="{{n}}">{cells}</row>'))
    started = time.process_time()
    found = [finding for finding in lint(path) if finding.part == DATA]
    assert time.process_time() - started < 6  # 1.5 s on an idle core
    assert {finding.code for finding in found} <= {"table_not_listed", "header_no_text"}


@pytest.mark.parametrize("lang", LANGS)
def test_our_own_books_have_nothing_wrong(lang: Lang, tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    generate(plan, [ledger], tmp_path / "out", lang=lang)
    paths = [plan, *(tmp_path / "out").glob("*.xlsx")]
    assert len(paths) == 4
    assert {path.name: _shown(lint(path)) for path in paths} == {path.name: [] for path in paths}


def _shown(found: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.place()}: {finding.cause('en')}" for finding in found]


# --- the shell ----------------------------------------------------------------------------


def test_the_command_says_place_cause_and_remedy(tmp_path: Path, capsys: Streams) -> None:
    fine = Broken(GOOD).write(tmp_path / "fine.xlsx")
    bad = Broken(GOOD).swap(DATA, "<v>10</v>", "<v>NaN</v>").write(tmp_path / "bad.xlsx")
    assert main(["lint", str(fine), "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"✓ {fine}: nothing wrong\n"
    assert main(["lint", str(fine), str(bad), "--lang", "zh"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(f"✕ {bad} {DATA} Data!C5: 数值单元格里是“NaN”")
    assert lines[2] == f"{bad}：1 个错误，0 个警告"


def test_warnings_alone_exit_0_and_wrong_use_2(tmp_path: Path, capsys: Streams) -> None:
    path = Broken(GOOD).swap(SUMS, "<v>101</v>", "").write(tmp_path / "x.xlsx")
    assert main(["lint", str(path), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("! ")
    assert main(["lint"]) == 2
    assert main(["lint", str(path), "--nonsense"]) == 2


def test_json(tmp_path: Path, capsys: Streams) -> None:
    bad = Broken(GOOD).swap(DATA, "<v>10</v>", "<v>NaN</v>").write(tmp_path / "bad.xlsx")
    junk = tmp_path / "junk.xlsx"
    junk.write_bytes(b"junk")
    assert main(["lint", "--json", str(bad), str(junk), "--lang", "en"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["file"], first["faults"], first["warnings"]) == (str(bad), 1, 0)
    (finding,) = first["findings"]
    assert finding["code"] == "not_a_number"
    assert finding["severity"] == "fault"
    assert (finding["part"], finding["sheet"], finding["cell"]) == (DATA, "Data", "C5")
    assert finding["cause"] and finding["remedy"]
    assert second["faults"] == 1
    assert second["findings"][0]["code"] == "plan.file_not_workbook"
    assert main(["lint", str(tmp_path / "no.xlsx"), "--lang", "en"]) == 1
    assert "There is no such file" in capsys.readouterr().out
