"""Returned workbooks: every edit is found, and nothing else; odd files are told, never taken."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salesxl.batch.returns.collect import Returned, Returns, collect
from salesxl.batch.returns.compare import Change
from salesxl.batch.returns.report import returns_book
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ooxml.write import write_book
from tests.oracles.engines import recalculate
from tests.returns.sent_sample import edited, send, table_rows


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    send(folder / "sent", folder / "plan.xlsx")
    return folder / "sent"


def said(changes: tuple[Change, ...]) -> set[tuple[str, str, str, str, object]]:
    return {(c.kind, c.list, c.key, c.column, c.returned) for c in changes}


def only(returns: Returns) -> Returned:
    assert len(returns.files) == 1
    return returns.files[0]


def test_an_untouched_file_has_no_changes(sent: Path) -> None:
    returns = collect([sent], sent)
    assert [one.status for one in returns.files] == ["unchanged", "unchanged"]
    assert returns.changes == 0 and not returns.missing and not returns.odd


def edit(source: Path, target: Path) -> None:
    """Renamed sheet, a row inserted above, rows turned round, four edits."""
    with edited(source, target) as book:
        sheet, heads, rows = table_rows(book, "customers")
        sheet.title = "Our customers"
        filled = [row for row in rows if sheet.cell(row, heads["Customer ID"]).value]
        by_id = {sheet.cell(row, heads["Customer ID"]).value: row for row in filled}
        sheet.cell(by_id["C1"], heads["Grade"]).value = "B"
        sheet.cell(by_id["C3"], heads["Open problem"]).value = "  Late again "
        one, other = filled[0], filled[1]
        for col in heads.values():  # sorted the other way round
            first, second = sheet.cell(one, col).value, sheet.cell(other, col).value
            sheet.cell(one, col).value, sheet.cell(other, col).value = second, first
        sheet, heads, rows = table_rows(book, "prospects")
        blank = next(r for r in rows if not sheet.cell(r, heads["Prospect ID"]).value)
        sheet.cell(blank, heads["Prospect"]).value = "Gum Yard"
        sheet.cell(blank, heads["Due date"]).value = date(2027, 5, 4)
        sheet, heads, rows = table_rows(book, "proposals")
        for row in rows:
            sheet.cell(row, heads["Our proposal"]).value = 1000 + row


EXPECTED = {
    ("changed", "customers", "C1", "Grade", "B"),
    ("changed", "customers", "C3", "Open problem", "Late again"),
    ("added", "prospects", "", "Prospect", "Gum Yard"),
    ("added", "prospects", "", "Due date", date(2027, 5, 4)),
}


def check_edits(one: Returned) -> None:
    found = {(k, t, key, c, v.strip() if isinstance(v, str) else v)
             for k, t, key, c, v in said(one.changes)}  # fmt: skip
    proposals = {change for change in found if change[1] == "proposals"}
    assert found - proposals == EXPECTED
    assert {change[2] for change in proposals} == {"P1", "P2"}
    assert all(change[3] == "Our proposal" for change in proposals)


def test_every_edit_is_found_and_nothing_else(sent: Path, tmp_path: Path) -> None:
    edit(sent / "East.xlsx", tmp_path / "whatever it is called.xlsx")
    returns = collect([tmp_path], sent)
    check_edits(only(returns))
    assert [mark for mark, _ in returns.missing] == [("region", "W")]


@pytest.mark.oracle("libreoffice")
def test_saved_by_libreoffice(sent: Path, tmp_path: Path) -> None:
    edit(sent / "East.xlsx", tmp_path / "east.xlsx")
    work = tmp_path / "work"
    work.mkdir()
    saved = recalculate([tmp_path / "east.xlsx"], work)
    check_edits(only(collect(list(saved.values()), sent)))


def test_a_list_that_lost_its_table_is_found_by_its_headers(sent: Path, tmp_path: Path) -> None:
    with edited(sent / "East.xlsx", tmp_path / "east.xlsx") as book:
        sheet, heads, rows = table_rows(book, "customers")
        sheet.cell(rows[0], heads["Maintenance"]).value = "Call monthly"
        del sheet.tables["customers"]
    changes = only(collect([tmp_path / "east.xlsx"], sent)).changes
    assert {(c.kind, c.column, c.returned) for c in changes} == {
        ("changed", "Maintenance", "Call monthly")
    }


def test_a_removed_row_and_a_copied_one(sent: Path, tmp_path: Path) -> None:
    with edited(sent / "East.xlsx", tmp_path / "east.xlsx") as book:
        sheet, heads, rows = table_rows(book, "customers")
        filled = [row for row in rows if sheet.cell(row, heads["Customer ID"]).value]
        for title in ("Customer ID", "Customer"):  # the second row becomes a copy of the first
            sheet.cell(filled[1], heads[title]).value = sheet.cell(filled[0], heads[title]).value
    changes = only(collect([tmp_path / "east.xlsx"], sent)).changes
    kinds = {(change.kind, change.key) for change in changes}
    assert len(kinds) == 2 and {kind for kind, _ in kinds} == {"removed", "twice"}


def test_odd_files_are_told_and_the_others_taken(sent: Path, tmp_path: Path) -> None:
    edit(sent / "East.xlsx", tmp_path / "1 east.xlsx")
    shutil.copy(tmp_path / "1 east.xlsx", tmp_path / "2 east copy.xlsx")
    shutil.copy(sent.parent / "plan.xlsx", tmp_path / "3 plan.xlsx")
    (tmp_path / "4 torn.xlsx").write_bytes((sent / "East.xlsx").read_bytes()[:5000])
    send(tmp_path / "later", sent.parent / "plan.xlsx", run="LATER")
    shutil.copy(tmp_path / "later" / "West.xlsx", tmp_path / "5 west.xlsx")
    returns = collect([tmp_path], sent)
    assert [one.status for one in returns.files] == [
        "changed", "duplicate", "not_ours", "unreadable", "other_run",
    ]  # fmt: skip
    for one in returns.odd:
        for lang in ("zh", "en"):
            assert one.problem is not None and one.problem.say(lang)  # type: ignore[arg-type]


def test_two_different_files_of_one_workbook_are_both_left(sent: Path, tmp_path: Path) -> None:
    edit(sent / "East.xlsx", tmp_path / "a.xlsx")
    shutil.copy(sent / "East.xlsx", tmp_path / "b.xlsx")
    returns = collect([tmp_path], sent)
    assert [one.status for one in returns.files] == ["contradicting", "contradicting"]
    assert returns.changes == 0


def test_a_changed_original_is_no_measure(sent: Path, tmp_path: Path) -> None:
    shutil.copytree(sent, tmp_path / "sent")
    with (tmp_path / "sent" / "East.xlsx").open("ab") as stream:
        stream.write(b"x")
    one = only(collect([sent / "East.xlsx"], tmp_path / "sent"))
    assert one.status == "sent_changed"


@pytest.mark.parametrize(("files", "folder", "code"), [
    ([], "sent", "returns.no_files"), (["sent"], "", "returns.no_manifest"),
])  # fmt: skip
def test_nothing_to_compare(
    sent: Path, tmp_path: Path, files: list[str], folder: str, code: str
) -> None:
    given = [sent.parent / name for name in files] or [tmp_path]
    with pytest.raises(SalesxlError) as caught:
        collect(given, sent if folder else tmp_path)
    assert caught.value.problems[0].code == code


def test_the_report_holds_it_all(sent: Path, tmp_path: Path) -> None:
    edit(sent / "East.xlsx", tmp_path / "east.xlsx")
    returns = collect([tmp_path], sent)
    for lang in ("zh", "en"):
        book = returns_book(returns, (), lang)  # type: ignore[arg-type]
        write_book(book, tmp_path / f"returns.{lang}.out")
        changes = book.sheets[1].tables[0].rows
        assert len(changes) == len(only(returns).changes)
    front = {cell.value for cell in book.sheets[0].cells if isinstance(cell.value, Decimal)}
    given = {Decimal("9000.00")}  # East's share of 12,000 by history 300 : 100
    assert given <= front


def test_from_the_shell(sent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(sent / "East.xlsx", tmp_path / "east.xlsx")
    out = tmp_path / "out.xlsx"
    command = ["--lang", "en", "collect", str(tmp_path / "east.xlsx"), "--sent", str(sent),
               "-o", str(out)]  # fmt: skip
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["files"][0]["status"] == "changed" and found["missing"][0]["key"] == "W"
    assert main(command) == 1 and "--force" in capsys.readouterr().err
    assert main([*command, "--force", "--into", "x.xlsx"]) == 1
    assert "--take" in capsys.readouterr().err
