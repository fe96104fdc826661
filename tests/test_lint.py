"""Every fault `lint` knows, planted one at a time: the exact code, part and cell, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesxl.ooxml.lint import lint
from salesxl.ooxml.lint.finding import WARNINGS, Finding
from salesxl.texts import LANGS, entries
from tests.lint_faults import FAULTS, GOOD, Fault, add_calc_chain, plant
from tests.lint_samples import Broken
from tests.oracles import validator


def places(found: tuple[Finding, ...], code: str) -> list[tuple[str, str]]:
    return [(finding.part, finding.cell) for finding in found if finding.code == code]


def test_a_good_file_is_silent(tmp_path: Path) -> None:
    assert lint(Broken(GOOD).write(tmp_path / "good.xlsx")) == ()


def test_a_true_calculation_chain_is_silent(tmp_path: Path) -> None:
    book = Broken(GOOD)
    add_calc_chain(book, "A4")
    assert lint(book.write(tmp_path / "good.xlsx")) == ()


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
