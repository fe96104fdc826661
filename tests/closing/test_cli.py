"""``salesxl close``, ``reopen`` and ``audit`` on files, as people use them."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from salesxl.cli.main import main
from salesxl.closing import store_path
from salesxl.sheets.plan_book import write_plan
from tests.pay.make import plan

HEAD = "Date,Order,Salesperson,Amount,Product line,Region,Customer\n"
JUNE = "2026-06-02,1,Ann,12000,Pumps,East,Kiel\n2026-06-10,2,Bea,5000,Pumps,West,Lund\n"
JULY = "2026-07-05,3,Ann,1000,Pumps,East,Kiel\n2026-07-06,4,Bea,2000,Pumps,West,Lund\n"
LATE = "2026-06-30,9,Ann,3000,Pumps,East,Kiel\n"


class Desk:
    """A folder with a plan and a ledger, and the commands run on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.plan, self.ledger = folder / "plan.xlsx", folder / "sales.csv"
        write_plan(plan(), self.plan, "en")
        self.ledger.write_text(HEAD + JUNE, "utf-8")
        self.code, self.out, self.err = 0, "", ""

    def do(self, command: str, *more: str, lang: str = "en") -> str:
        words = [command, str(self.plan), *more, "--lang", lang]
        if command in ("close", "commissions"):
            words += ["--ledger", str(self.ledger)]
        self.code = main(words)
        self.out, self.err = self.capsys.readouterr()
        return self.out

    def payroll(self, folder: str) -> dict[str, dict[str, str]]:
        with (self.folder / folder / "payroll.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row["Name"]: row for row in csv.DictReader(file)}


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_from_closing_to_the_next_month(desk: Desk) -> None:
    out = desk.folder
    said = desk.do("close", "--period", "2026-06", "--by", "Li Na", "--out", str(out / "june"))
    assert desk.code == 0
    # Ann 100 + 40, Bea 50
    assert "Closed 2026-06: 2 statements, payable 190.00 CNY" in said
    receipt = re.search(r"Receipt ([0-9a-f]{16})\.", said)
    assert receipt is not None

    # whatever happens to the ledger, June is June
    desk.ledger.write_text(HEAD + JUNE + LATE + JULY, "utf-8")
    desk.do("commissions", "--period", "2026-06", "--out", str(out / "again"))
    assert desk.code == 0 and "2026-06 was closed by Li Na at 20" in desk.err
    assert files(out / "again") == files(out / "june")

    # July pays the difference: 15,000 → 200 instead of 140
    desk.do("commissions", "--period", "2026-07", "--out", str(out / "july"))
    row = desk.payroll("july")["Ann"]
    assert (row["Earned"], row["Adjustments"], row["Payable before tax"]) == (
        "10.00",
        "60.00",
        "70.00",
    )
    book = openpyxl.load_workbook(next((out / "july").glob("*Ann.xlsx")))
    cells = [str(cell.value) for sheet in book for line in sheet for cell in line if cell.value]
    assert any("Correction of 2026-06: the ledger changed" in cell for cell in cells)

    said = desk.do("close", "--period", "2026-07", "--by", "Li Na", "--out", str(out / "july"))
    assert "payable 90.00 CNY before tax, of it corrections of earlier periods 60.00" in said
    said = desk.do("audit", "--receipt", receipt[1], "--statements", str(out / "july"))
    assert desk.code == 0
    lines = said.splitlines()
    assert re.match(r" 1  20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ  Li Na  opened store ", lines[1])
    assert "2 statements, payable 190.00 CNY; plan 1.0, ledger sales.csv" in lines[2]
    assert "✓ 3 entries, the chain holds, 2 sealed results verified" in said
    assert "✓ 4 files are the sealed ones" in said  # two statements, payroll as xlsx and CSV


def test_what_cannot_be_closed(desk: Desk) -> None:
    desk.do("close", "--period", "2099-01")
    assert desk.code == 1 and desk.err.startswith("2099-01: The period lasts until 2099-01-31.")
    desk.do("close", "--period", "June")
    assert desk.code == 1
    desk.do("audit")
    assert (desk.code, desk.out) == (0, "Nothing has been closed for this plan yet.\n")
    desk.do("audit", "--receipt", "0123456789abcdef")
    assert desk.code == 1
    assert not store_path(desk.plan).exists()
    assert main(["close", str(desk.plan), "--period", "2026-06"]) == 2  # no ledger
    assert main(["reopen", str(desk.plan), "--period", "2026-06"]) == 2  # no reason
    assert main(["audit", str(desk.folder / "none.xlsx"), "--lang", "en"]) == 1
    desk.capsys.readouterr()
    desk.do("close", "--period", "2099-01", "--early")
    assert desk.code == 0


def test_closed_twice_and_opened_again(desk: Desk) -> None:
    desk.do("close", "--period", "2026-06", "--by", "Li")
    desk.do("close", "--period", "2026-06", "--by", "Wu")
    assert desk.code == 1 and "closed by Li at" in desk.err and "Traceback" not in desk.err
    desk.ledger.write_text(HEAD + JUNE + JULY, "utf-8")
    desk.do("close", "--period", "2026-07", "--by", "Li")
    said = desk.do("reopen", "--period", "2026-06", "--reason", "order 2 twice", "--by", "Wu")
    assert desk.code == 0 and "Opened 2026-06 again: order 2 twice." in said
    assert "2026-07 stay closed" in desk.err
    desk.do("audit", "--json")
    entries = json.loads(desk.out)["entries"]
    assert [(e["who"], e["action"], e["period"]) for e in entries] == [
        ("Li", "open", ""), ("Li", "close", "2026-06"), ("Li", "close", "2026-07"),
        ("Wu", "reopen", "2026-06"),
    ]  # fmt: skip
    desk.do("close", "--period", "2026-09", "--by", "Li")
    assert desk.code == 0 and "from 2026-08-01" in desk.err  # August was left open


def test_audit_names_the_first_broken_link_and_fails(desk: Desk) -> None:
    desk.do("close", "--period", "2026-06", "--by", "Li")
    connection = sqlite3.connect(store_path(desk.plan))
    connection.execute("DROP TRIGGER entries_kept")
    connection.execute("UPDATE entries SET detail = replace(detail, '19000', '29000')")
    connection.commit()
    connection.close()
    said = desk.do("audit")
    assert desk.code == 1 and "payable 290.00" in said and "chain holds" not in said
    assert desk.err.startswith("plan.salesxl.sqlite: The chain breaks at entry 2 (close 2026-06)")
    desk.do("commissions", "--period", "2026-06")
    assert desk.code == 1 and "The chain breaks at entry 2" in desk.err
    connection = sqlite3.connect(store_path(desk.plan))
    connection.execute("UPDATE entries SET detail = 'no json' WHERE number = 2")
    connection.commit()
    connection.close()
    for more in ((), ("--json",)):
        desk.do("audit", *more)
        assert desk.code == 1 and "The chain breaks at entry 2" in desk.err


def test_a_statement_changed_after_closing_is_found(desk: Desk) -> None:
    folder = desk.folder / "june"
    desk.do("close", "--period", "2026-06", "--out", str(folder))
    desk.do("audit", "--statements", str(folder))
    assert desk.code == 0
    with (folder / "payroll.csv").open("ab") as file:
        file.write(b"\n")
    desk.do("audit", "--statements", str(folder))
    assert desk.code == 1 and desk.err.startswith("payroll.csv: Not the same")


def test_in_chinese(desk: Desk) -> None:
    said = desk.do("close", "--period", "2026-06", "--by", "李", lang="zh")
    assert "已封存 2026-06：2 份对账单，应付合计 190.00 CNY（税前）" in said
    said = desk.do("audit", lang="zh")
    assert "封存" in said and "✓ 2 条记录，链条完整" in said


def test_a_plan_with_faults_still_has_its_history(desk: Desk) -> None:
    desk.do("close", "--period", "2026-06", "--by", "Li")
    book = openpyxl.load_workbook(desk.plan)
    book["Commission tiers"]["D10"] = "much"
    book.save(desk.plan)
    desk.do("audit")
    assert desk.code == 0 and "the chain holds" in desk.out
    desk.do("close", "--period", "2026-07")
    assert desk.code == 1 and "Commission tiers!D10" in desk.err
