"""The statement as a template: restyled by a person, poured for every payee."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from salesxl.batch.output import read_template
from salesxl.cli.main import main
from salesxl.ooxml.lint import lint
from salesxl.ooxml.pour.beside import BLANK, Folded
from salesxl.ooxml.pour.inspect import about_book
from salesxl.ooxml.pour.into import pour
from salesxl.ooxml.pour.kinds import RowKind
from salesxl.ooxml.pour.target import Target
from salesxl.ooxml.write import book_bytes
from salesxl.sheets.content import Book
from salesxl.sheets.pay_book import build_statement
from salesxl.sheets.plan_book import write_plan
from salesxl.texts import LANGS, Lang, text
from tests.oracles import engines
from tests.pay import statement_sample as sample
from tests.pay.make import plan
from tests.template.as_excel import Edited
from tests.template.compare_books import differences
from tests.template.test_pour_same import meant

SHIPPED = Path(__file__).resolve().parents[2] / "templates"
HEADS = "date,order,customer,product,region,person_id,amount"
LINES = (
    "2026-06-01,S1,Acme,Pumps,East,A,12000", "2026-06-02,S2,Acme,Valves,West,B,5000.50",
    "2026-06-08,S3,Bolt,Pumps,East,A,3000", "2026-06-09,S4,Bolt,Pumps,East,A,21000",
)  # fmt: skip
RUNS = {
    **sample.SITUATIONS,
    **{kind: (lambda kind=kind: sample.kind_run(kind)) for kind in sample.KINDS},  # type: ignore[misc]
}


def shipped(lang: Lang) -> Target:
    found = read_template(SHIPPED / f"statement.{lang}.xlsx")
    assert isinstance(found, Target)
    return found


def book_of(name: str, lang: Lang) -> Book:
    run = RUNS[name]()
    return build_statement(run.statements[0], run, lang, "华岳仪器 & Co")


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_of_statement_is_the_same_in_an_untouched_template(lang: Lang) -> None:
    """Values, formulas, formats, rules: from no line at all to 300 of them, all extra blocks."""
    template = shipped(lang)
    assert (template.record.kind, template.record.lang, template.gone) == ("statement", lang, ())
    for name in RUNS:
        book = book_of(name, lang)
        found = meant(differences(book_bytes(book), pour(template, book)))
        assert found == [], (name, found[:3])


@pytest.mark.parametrize("lang", LANGS)
def test_the_template_knows_the_rows_of_usual_statements(lang: Lang) -> None:
    template = shipped(lang)
    for name in ("many", "one", "marginal", "attained", "whole", "curve", "matrix", "versions"):
        assert about_book(template, book_of(name, lang)) == [], name


def places(data: Path) -> dict[Any, tuple[int, int]]:
    """Text → row and column (from 0) where it first stands on the statement."""
    found: dict[Any, tuple[int, int]] = {}
    for row in openpyxl.load_workbook(data).worksheets[0].iter_rows():
        for cell in row:
            found.setdefault(cell.value, (cell.row - 1, cell.column - 1))
    return found


def restyled(lang: Lang, path: Path) -> dict[str, str]:
    """What a person may do: colours, captions on both sides, a row and formulas of their own."""
    source = SHIPPED / f"statement.{lang}.xlsx"
    at = places(source)
    edited = Edited(source.read_bytes())
    title = edited.titles[0]
    keys = ("due", "commission", "sign_manager", "extras", "lines")
    said = {key: text(f"statement.{key}", lang) for key in keys}
    row, col = next(spot for words, spot in at.items() if str(words).startswith("SO26"))
    edited.fill(title, row, col, "FFAA5500")  # every order's cell
    row, col = at[said["due"]]
    edited.fill(title, row, col, "FF00AA55")
    own = {"due": "Take-home", "commission": "From orders", "sign_manager": "Boss", "lines": "Mine"}
    for key, words in own.items():
        edited.caption(title, *at[said[key]], words)
    due = f"O{at[said['due']][0] + 1}"
    before = at[said["extras"]][0]
    edited.insert_rows(title, before, 1)
    if at[said["due"]][0] >= before:
        due = f"O{at[said['due']][0] + 2}"
    edited.caption(title, before, 1, "Ask payroll")
    edited.formula(title, before, 5, f"{due}*2")  # on the left, of a figure on the right
    path.write_bytes(edited.done())
    return said


@pytest.mark.parametrize("name", ["quarter", "many", "none", "one"])
def test_a_restyled_template_keeps_what_a_person_did(tmp_path: Path, name: str) -> None:
    restyled("en", tmp_path / "my.xlsx")
    template = read_template(tmp_path / "my.xlsx")
    assert isinstance(template, Target)
    book = book_of(name, "en")
    path = tmp_path / "filled.xlsx"
    path.write_bytes(pour(template, book))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    at = places(path)
    for words in ("Take-home", "From orders", "Boss", "Ask payroll"):
        assert words in at, words
    assert ("Mine" in at) is (name != "many")  # many lines have another section
    row, col = at["Take-home"]
    assert sheet.cell(row + 1, col + 1).fill.fgColor.rgb == "FF00AA55"
    row, _ = at["Ask payroll"]
    assert sheet.cell(row + 1, 6).value == f"=O{at['Take-home'][0] + 1}*2"
    coloured = [c for line in sheet.iter_rows() for c in line if c.fill.fgColor.rgb == "FFAA5500"]
    # A line on its own ground is banded in ours, every other one has the person's.
    assert len(coloured) == {"quarter": 6, "one": 1}.get(name, 0)
    assert [fault.code for fault in lint(path)] == ["formula_no_value"]  # the person's own
    assert "_salesxl" not in openpyxl.load_workbook(path).sheetnames


@pytest.mark.oracle("ironcalc")
def test_ironcalc_finds_our_values_in_a_restyled_statement(tmp_path: Path) -> None:
    """Blank rows above the extras part no table that a formula looks something up in."""
    source = SHIPPED / "statement.zh.xlsx"
    edited = Edited(source.read_bytes())
    edited.insert_rows(edited.titles[0], places(source)[text("statement.extras", "zh")][0], 2)
    (tmp_path / "my.xlsx").write_bytes(edited.done())
    template = read_template(tmp_path / "my.xlsx")
    assert isinstance(template, Target)
    paths = []
    for name in ("quarter", "clawed", "many", "none", "several_plans", "curve", "matrix", "ytd"):
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(pour(template, book_of(name, "zh")))
    found = engines.with_ironcalc(paths)
    assert found.compared > 400
    assert not found.differences, [str(one) for one in found.differences[:5]]


# ---- on the shell


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    write_plan(plan(), tmp_path / "plan.xlsx", "en")
    (tmp_path / "sales.csv").write_text("\n".join([HEADS, *LINES]) + "\n", encoding="utf-8")
    return [
        "commissions", str(tmp_path / "plan.xlsx"), "--ledger", str(tmp_path / "sales.csv"),
        "--period", "2026-06", "--lang", "en",
    ]  # fmt: skip


def test_every_payee_gets_the_look_and_the_same_figures(files: list[str], tmp_path: Path) -> None:
    """A: 36,000 by 1, 2 and 3 %: 100 + 400 + 180; B: 5,000.50 at 1 %. Two processes: same bytes."""
    mine = tmp_path / "mine"
    mine.mkdir()
    restyled("en", mine / "my.xlsx")
    for jobs, name in (("1", "one"), ("2", "two")):
        more = ["--out", str(tmp_path / name), "--template", str(mine), "--jobs", jobs]
        assert main([*files, *more]) == 0
    for number, pay in (("01_Ann", 680), ("02_Bea", 50.01)):
        made = (tmp_path / "one" / f"{number}.xlsx").read_bytes()
        assert made == (tmp_path / "two" / f"{number}.xlsx").read_bytes()
        at = places(tmp_path / "one" / f"{number}.xlsx")
        values = openpyxl.load_workbook(tmp_path / "one" / f"{number}.xlsx", data_only=True)
        assert values.worksheets[0].cell(at["Take-home"][0] + 1, 15).value == pay
    payroll = openpyxl.load_workbook(tmp_path / "one" / "payroll.xlsx")
    assert "Take-home" not in {c.value for row in payroll.worksheets[0].iter_rows() for c in row}


@pytest.mark.parametrize(
    ("file", "lang", "code"),
    [
        ("region.en.xlsx", "en", "not_statement"), ("plan.en.xlsx", "en", "not_statement"),
        ("statement.zh.xlsx", "en", "other_language"),
    ],
)  # fmt: skip
def test_another_template_is_refused_before_anything_is_written(
    file: str, lang: str, code: str, files: list[str], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    more = ["--out", str(tmp_path / "out"), "--template", str(SHIPPED / file)]
    assert main([*files, *more]) == 1
    assert text(f"template.{code}", "en", lang="zh") in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_statement_is_told(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none").mkdir()
    more = ["--out", str(tmp_path / "out"), "--template", str(tmp_path / "none")]
    assert main([*files, *more]) == 1
    assert text("template.no_statement", "en", lang="en") in capsys.readouterr().err


def test_a_statement_is_no_region(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_plan(plan(), tmp_path / "plan.xlsx", "en")
    template = str(SHIPPED / "statement.en.xlsx")
    words = ["generate", str(tmp_path / "plan.xlsx"), "--out", str(tmp_path / "out")]
    assert main([*words, "--template", template, "--lang", "en"]) == 1
    assert text("template.is_statement", "en") in capsys.readouterr().err


def own_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Pay"
    for row, name in enumerate(("statement_name", "statement_payable", "statement_period"), 1):
        book.defined_names[name] = DefinedName(name, attr_text=f"Pay!$B${row}")
    for col, head in enumerate(("order", "Customer", "pay", "Mine"), 1):
        sheet.cell(6, col, head)
    sheet.cell(7, 4, "=C7*2")
    sheet.add_table(Table(displayName="statement_lines", ref="A6:D7"))
    book.save(path)


def test_a_workbook_of_ones_own_gets_each_payees_figures(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "slip.xlsx"
    own_workbook(path)
    assert main([*files, "--out", str(tmp_path / "out"), "--template", str(path)]) == 0
    sheet = openpyxl.load_workbook(tmp_path / "out" / "01_Ann.xlsx")["Pay"]
    assert [sheet.cell(row, 2).value for row in (1, 2, 3)] == ["Ann", 680, "2026-06"]
    rows = [[sheet.cell(row, col).value for col in range(1, 5)] for row in range(7, 10)]
    assert rows == [
        ["S1", "Acme", 140, "=C7*2"], ["S3", "Bolt", 60, "=C8*2"], ["S4", "Bolt", 480, "=C9*2"],
    ]  # fmt: skip
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    capsys.readouterr()
    more = ["--out", str(tmp_path / "no"), "--template", str(tmp_path / "empty.xlsx")]
    assert main([*files, *more]) == 1
    assert text("template.nothing_to_fill", "en") in capsys.readouterr().err


# ---- two blocks, one template


def kinds(words: str) -> list[RowKind]:
    """A letter a row; capitals go through both blocks, a dot is empty."""
    return [RowKind(letter, letter, letter == ".", letter.isupper()) for letter in words]


def shown(folded: Sequence[Sequence[RowKind]]) -> list[str]:
    return ["".join("-" if kind is BLANK else kind.key for kind in block) for block in folded]


def test_blocks_are_folded_apart_and_meet_again() -> None:
    folded = Folded(two=True)
    for left, right in (("TlllsE", "TabdE."), ("Tmms.E", "TabbcE")):
        both = (kinds(left), kinds(right.replace(".", "")))
        for fold, rows in zip(folded.blocks, both, strict=True):
            fold.add(rows)
    assert shown(folded.template()) == ["Tlms.E", "TabdcE"]
    assert folded.rows(1) == [[0, 2, 2, 3, 4, 5], [0, 1, 2, 2, 4, 5]]


def test_a_company_without_pay_has_no_statement_to_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_plan(dataclasses.replace(plan(), commission_plans=(), commission_tiers=(), people=()),
               tmp_path / "plan.xlsx", "en")  # fmt: skip
    words = ["template", "copy", "statement", "-o", str(tmp_path / "t.xlsx"), "--lang", "en"]
    assert main([*words, "--plan", str(tmp_path / "plan.xlsx")]) == 1
    assert text("template.statement_needs_ledger", "en") in capsys.readouterr().err
