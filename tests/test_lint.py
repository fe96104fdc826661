"""Every fault `lint` knows, planted one at a time: the exact code, part and cell, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesxl.ooxml.lint import lint
from salesxl.ooxml.lint.finding import WARNINGS, Finding
from salesxl.texts import LANGS, entries
from tests.lint_faults import (
    C5,
    FAULTS,
    GOOD,
    LINKS,
    RENAMED,
    VIEW,
    Fault,
    add_calc_chain,
    plant,
)
from tests.lint_samples import BOOK, DATA, STRINGS, SUMS, Broken
from tests.oracles import validator


def places(found: tuple[Finding, ...], code: str) -> list[tuple[str, str]]:
    return [(finding.part, finding.cell) for finding in found if finding.code == code]


def test_a_good_file_is_silent(tmp_path: Path) -> None:
    assert lint(Broken(GOOD).write(tmp_path / "good.xlsx")) == ()


def test_a_true_calculation_chain_is_silent(tmp_path: Path) -> None:
    book = Broken(GOOD)
    add_calc_chain(book, "A4")
    assert lint(book.write(tmp_path / "good.xlsx")) == ()
    inside = book.swap("xl/calcChain.xml", '<c r="A4"/>', '<c r="A4"/><c r="A6" a="1"/>')
    assert lint(inside.write(tmp_path / "good.xlsx")) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_found_where_it_is_and_no_other(fault: Fault, tmp_path: Path) -> None:
    found = lint(plant(fault, tmp_path))
    assert (fault.part, fault.cell[:77]) in [
        (part, cell[:77]) for part, cell in places(found, fault.code)
    ], found
    assert {finding.code for finding in found} <= {fault.code} | fault.also, found
    if fault.code not in fault.also and fault.code != "format_points_nowhere":
        assert len(places(found, fault.code)) == 1, found
    severity = "warning" if fault.code in WARNINGS else "fault"
    assert all(f.severity == severity for f in found if f.code == fault.code)
    for finding in found:
        for lang in LANGS:
            said = finding.cause(lang) + finding.remedy(lang)
            assert "{" not in said.replace("({1)}", "")
            assert len(said) < 500


AT_THE_LIMIT: dict[str, list[tuple[str, str, str]]] = {
    "shared text of 32,767": [(STRINGS, "<t>plain</t>", f"<t>{'x' * 32_767}</t>")],
    "escapes count once": [(STRINGS, "<t>plain</t>", f"<t>{'_x000A_' * 32_767}</t>")],
    "inline text of 32,767 units": [
        (DATA, C5, f'<c r="C5" t="inlineStr"><is><t>x{"😀" * 16_383}</t></is></c>')
    ],
    "formula of 8,192": [(SUMS, "<f>'Sum up'!A1+1</f>", f"<f>{'1+' * 4_095}11</f>")],
    "64 deep": [(SUMS, "<f>'Sum up'!A1+1</f>", f"<f>{'(' * 64}1{')' * 64}</f>")],
    "255 arguments": [(SUMS, "<f>'Sum up'!A1+1</f>", f"<f>SUM(1{',1' * 254})</f>")],
    "list of 255": [(SUMS, '"x,y"', f'"{"x," * 127}x"')],
    "a name of 255": [(BOOK, 'name="Rate"', f'name="{"x" * 255}"')],
    "name beyond the last column": [(BOOK, 'name="Rate"', 'name="XFE1"')],
    "name of letters and marks": [(BOOK, 'name="Rate"', 'name="_税.率?\\2"')],
    "65,530 links": [(DATA, "</sheetData>", f"</sheetData><hyperlinks>{LINKS}</hyperlinks>"),
                     (DATA, '<hyperlink ref="A65531" location="Data!A1"/>', "")],
    "the last cell": [
        (SUMS, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    ],
    "the last row and column merged": [(SUMS, '"D4:F5"', '"XFC1048575:XFD1048576"')],
    "merges that touch": [(SUMS, '"D4:F5"', '"D3:F3"')],
    "an anchor of no size": [
        ("xl/drawings/drawing1.xml", "<xdr:row>21<", "<xdr:row>7<"),
        ("xl/drawings/drawing1.xml", "<xdr:col>13<", "<xdr:col>6<"),
        ("xl/drawings/drawing1.xml", "Off>304800<", "Off>0<"),
        ("xl/drawings/drawing1.xml", "Off>9525<", "Off>0<"),
    ],
    "a header of 255": [(SUMS, "&amp;CPage", "x" * 255)],
    "the widest column, the highest row": [
        (SUMS, 'width="12.7109375"', 'width="255.7109375"'), (SUMS, 'ht="20.25"', 'ht="409.5"'),
    ],
    "numbers as they may be written": [
        (DATA, "<v>10</v>", "<v>-1.5E+300</v>"), (DATA, "<v>20</v>", "<v> .5 </v>"),
    ],
    "a split that scrolls": [
        (DATA, VIEW, '<pane xSplit="2310" ySplit="1200" topLeftCell="A1" '
                     'activePane="bottomRight"/>'),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_at_the_limit_nothing_is_said(name: str, tmp_path: Path) -> None:
    book = Broken(GOOD)
    for part, old, new in AT_THE_LIMIT[name]:
        book.swap(part, old, new)
    assert lint(book.write(tmp_path / "x.xlsx")) == ()


def test_a_tab_of_31_is_fine_and_an_emoji_counts_twice(tmp_path: Path) -> None:
    for name, codes in (("x" * 31, set()), ("x" * 30 + "😀", {"tab_length"})):
        book = Broken(GOOD).swap(BOOK, '<sheet name="Data"', f'<sheet name="{name}"')
        found = {finding.code for finding in lint(book.write(tmp_path / "x.xlsx"))}
        assert found - RENAMED == codes


def test_sixteen_kinds_are_marked_as_missed() -> None:
    assert sum(fault.missed for fault in FAULTS) == 16


@pytest.mark.oracle("ooxml-validator")
def test_the_schema_validator_misses_the_sixteen(tmp_path: Path) -> None:
    assert validator.findings([Broken(GOOD).write(tmp_path / "good.xlsx")]) == []
    seen = []
    for fault in FAULTS:
        if fault.missed and validator.findings([plant(fault, tmp_path)]):
            seen.append(fault.name)
    assert seen == []


def test_every_code_is_planted_and_has_cause_and_remedy() -> None:
    said = {name for name in entries("lint") if not name.startswith("cli_")}
    codes = {name for name in said if not name.endswith("_fix")}
    assert said == codes | {f"{code}_fix" for code in codes}
    assert codes >= WARNINGS
    planted = {fault.code for fault in FAULTS} | {code for f in FAULTS for code in f.also}
    elsewhere = {
        "more", "no_types", "rels_without_part", "unsafe_xml", "too_large", "broken_part",
        "no_sheets", "sheet_without_part", "name_length", "too_many_formats", "column_title",
        "pivot_source",
    }  # fmt: skip
    assert codes == planted | elsewhere  # those are in test_lint_files.py
