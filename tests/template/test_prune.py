"""What a template must not carry to another reader is gone, the rest is the same.

`test_no_leak` plants words in a rich template; here are the rules one by one.
"""

from __future__ import annotations

import io
import struct

import pytest
import xlsxwriter

from salesxl.errors import SalesxlError
from salesxl.ooxml.template import prune
from salesxl.ooxml.template.compile import compile_template
from salesxl.ooxml.template.draft import Draft, calculated_on_load
from salesxl.ooxml.template.fill import Fill
from salesxl.ooxml.template.forget import forget_filter, forget_people
from salesxl.ooxml.template.package import read_package
from salesxl.ooxml.template.strings import SharedStrings, Strings
from tests.template import rich
from tests.template.simple import made, part, read


def test_strings_keep_their_numbers_and_unused_ones_are_empty() -> None:
    items = ("<si><t>a</t></si>", "<si><r><t>b</t></r></si>", "<si><t>c</t></si>")
    strings = Strings(SharedStrings("<sst>", items, ("a", "b", "c")), used=[1])
    assert strings.xml() == b"<sst><si><t/></si><si><r><t>b</t></r></si></sst>"
    assert strings.numbers(["a", "x", "a"]) == ["3", "4", "3"]
    assert strings.xml().endswith(
        b"<si><t/></si><si><r><t>b</t></r></si><si><t/></si><si><t>a</t></si><si><t>x</t></si></sst>"
    )


def test_only_what_the_file_shows_is_in_its_strings() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})  # it writes shared strings
    sheet = book.add_worksheet("S")
    for row, text in enumerate(("Caption", "secret one", "secret two")):
        sheet.write_string(row, 0, text)
    sheet.write_string(1, 1, "beside")
    book.add_worksheet("T").write_string(0, 0, "Other")
    book.define_name("list", "=S!$A$2:$A$3")
    book.close()
    template = compile_template(target.getvalue(), "made.xlsx")
    xml = part(template.fill(Fill(lists={"list": {"A": ["new"]}})), "xl/sharedStrings.xml")
    assert "secret" not in xml
    for kept in ("Caption", "beside", "Other", "new"):
        assert f"<t>{kept}</t>" in xml
    assert "secret one" in part(template.fill(Fill()), "xl/sharedStrings.xml")


def test_external_links_lose_cells_and_keep_sheets() -> None:
    xml = (
        b'<externalLink><externalBook r:id="rId1"><sheetNames><sheetName val="P"/></sheetNames>'
        b'<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>7</v></cell></row>'
        b"</sheetData></sheetDataSet></externalBook></externalLink>"
    )
    assert prune._without_link_cache(xml) == (
        b'<externalLink><externalBook r:id="rId1"><sheetNames><sheetName val="P"/></sheetNames>'
        b'<sheetDataSet><sheetData sheetId="0"></sheetData></sheetDataSet></externalBook>'
        b"</externalLink>"
    )


def test_print_settings_lose_the_printer_and_keep_the_paper() -> None:
    name = "\\\\host\\North printer".encode("utf-16-le").ljust(64, b"\0")
    settings = (
        name + b"\1\0\2\0" + struct.pack("<2H", 220, 30) + b"P" * 148 + b"driver of North".ljust(30)
    )
    cleared = prune._no_printer(settings)
    assert cleared[:64] == bytes(64)
    assert cleared[72:220] == b"P" * 148
    assert len(cleared) == 220
    assert prune._no_printer(b"<plist>North printer</plist>" * 4) == b""


def test_the_folder_and_who_reserved_the_file_are_gone() -> None:
    xml = (
        b'<workbook><fileSharing readOnlyRecommended="1" userName="Li"/>'
        b'<mc:AlternateContent><mc:Choice><x15ac:absPath url="C:\\Li\\"/></mc:Choice>'
        b"</mc:AlternateContent><mc:AlternateContent><mc:Choice/></mc:AlternateContent></workbook>"
    )
    assert prune._without_traces(xml) == (
        b'<workbook><fileSharing readOnlyRecommended="1"/>'
        b"<mc:AlternateContent><mc:Choice/></mc:AlternateContent></workbook>"
    )


def test_pivots_hold_no_item_and_are_read_anew() -> None:
    xml = (
        b'<pivotTableDefinition name="P"><location ref="A5:B9" rowPageCount="2"/>'
        b'<pivotFields count="1"><pivotField axis="axisRow"><items count="2"><item x="0"/>'
        b'<item x="1"/></items></pivotField></pivotFields><rowItems count="1"><i/></rowItems>'
        b'<pageFields count="1"><pageField fld="0" item="1"/></pageFields>'
        b"</pivotTableDefinition>"
    )
    data, area = prune._empty_pivot(xml, set())
    assert area == (2, 1, 9, 2)
    assert data == (
        b'<pivotTableDefinition name="P"><location ref="A5:B9" rowPageCount="2"/>'
        b'<pivotFields count="1"><pivotField axis="axisRow"><items count="1">'
        b'<item t="default"/></items></pivotField></pivotFields>'
        b'<pageFields count="1"><pageField fld="0"/></pageFields></pivotTableDefinition>'
    )
    package = read_package(rich.build(), "rich.xlsx")
    draft = Draft(package, "xl/workbook.xml")
    prune.prune_package(draft, "xl/workbook.xml")
    cache = draft.read("xl/pivotCache/pivotCacheDefinition1.xml")
    assert b'refreshOnLoad="1"' in cache
    assert b"<s v=" not in cache
    assert b'count="0"' in draft.read("xl/pivotCache/pivotCacheRecords1.xml")


def test_a_data_model_is_refused() -> None:
    kind = "http://schemas.microsoft.com/office/2011/relationships/powerPivotData"
    draft = Draft(read_package(rich.build(), "rich.xlsx"), "xl/workbook.xml")
    draft.add(
        "xl/model/item.data", b"secret", "application/vnd.openxmlformats-officedocument.model+data"
    )
    draft.relate("xl/workbook.xml", kind, "xl/model/item.data")
    with pytest.raises(SalesxlError) as caught:
        compile_template(draft.done("standard"), "model.xlsx")
    assert caught.value.problems[0].code == "fill.data_model"


def test_filters_and_people_of_the_data_before() -> None:
    table = '<table><autoFilter ref="A1:B2"><filterColumn colId="0"/></autoFilter></table>'
    assert forget_filter(table) == '<table><autoFilter ref="A1:B2"></autoFilter></table>'
    persons = '<personList><person id="{1}" displayName="a"/><person id="{2}"/></personList>'
    assert forget_people(persons, ['personId="{2}"']) == (
        '<personList><person id="{2}"/></personList>'
    )


def test_calculation_on_opening_is_asked_for_once() -> None:
    assert calculated_on_load(b'<workbook><calcPr calcId="1" fullCalcOnLoad="0"/></workbook>') == (
        b'<workbook><calcPr calcId="1" fullCalcOnLoad="1"/></workbook>'
    )
    assert calculated_on_load(b"<workbook><sheets/><x/></workbook>") == (
        b'<workbook><sheets/><calcPr calcId="0" fullCalcOnLoad="1"/><x/></workbook>'
    )


def test_cells_of_a_spilled_array_lose_what_they_showed() -> None:
    template = made({"S": {"A1": 1}})
    from salesxl.ooxml.template.sheet import read_sheet

    xml = (
        b"<worksheet><sheetData>"
        b'<row r="1"><c r="A1" t="str" cm="1"><f t="array" ref="A1:A2">F()</f><v>old</v></c>'
        b'<c r="B1"><v>5</v></c></row>'
        b'<row r="2"><c r="A2" s="3" t="str"><v>old</v></c></row></sheetData></worksheet>'
    )
    sheet = read_sheet("S", "s.xml", xml, "x.xlsx")
    assert sheet.changed
    assert sheet.xml() == (
        '<worksheet><sheetData><row r="1"><c r="A1" cm="1"><f t="array" ref="A1:A2">F()</f></c>'
        '<c r="B1"><v>5</v></c></row><row r="2"><c r="A2" s="3"></c></row></sheetData></worksheet>'
    )
    assert read(template.fill(Fill()), "S") == {"A1": 1}


def test_shared_formulas_become_ordinary_ones() -> None:
    from salesxl.ooxml.template.sheet import read_sheet

    xml = (
        b'<worksheet><sheetData><row r="1"><c r="B1"><f t="shared" ref="B1:B2" si="0">A1*$C$1&lt;2'
        b'</f><v>1</v></c></row><row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
        b"</sheetData></worksheet>"
    )
    assert read_sheet("S", "s.xml", xml, "x.xlsx").xml() == (
        '<worksheet><sheetData><row r="1"><c r="B1"><f>A1*$C$1&lt;2</f></c></row>'
        '<row r="2"><c r="B2"><f>A2*$C$1&lt;2</f></c></row></sheetData></worksheet>'
    )
