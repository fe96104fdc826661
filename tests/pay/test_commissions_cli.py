"""``salesxl commissions``: figures on the shell, files in a folder, nothing half-written."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.batch.commissions import payroll_csv
from salesxl.cli.main import main
from salesxl.sheets.plan_book import write_plan
from tests.pay.make import ledger, line, plan, run

HEADS = "日期,订单号,客户,产品,区域,工号,销售额,币种,备注"
LINES = (
    "2026-06-01,S1,Acme,Pumps,East,A,12000,CNY,",
    "2026-06-02,S2,Acme,Valves,West,B,\"5,000.50\",人民币,",
    "2026-06-03,S1-R,Acme,Pumps,East,A,-2000,,",
    "2026-06-04,S3,Bolt,Pumps,East,A,900,USD,",
    "2026-06-05,S4,Bolt,Gears,East,B,70,CNY,",
    "2026-06-06,S5,Bolt,Pumps,East,,8,CNY,",
    "2026-07-01,S6,Bolt,Pumps,East,A,1,CNY,",
)  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    people = tuple(
        dataclasses.replace(person, name=f"=cmd|'/c'!{person.name}") if person.id == "B" else person
        for person in plan().people
    )
    write_plan(plan(people=people), tmp_path / "plan.xlsx", "en")
    (tmp_path / "sales.csv").write_text("\n".join([HEADS, *LINES]) + "\n", encoding="utf-8")
    return [
        "commissions", str(tmp_path / "plan.xlsx"), "--ledger", str(tmp_path / "sales.csv"),
        "--period", "2026-06",
    ]  # fmt: skip


def as_json(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_shell_shows_what_everybody_gets(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A: 10,000 after the return, 100 + 40 − 40; B: 50.01 of 5,000.50."""
    assert main([*files, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    rows = {row.split()[0]: row.split() for row in said.splitlines() if row}
    assert rows["A"][-4:] == ["10,000.00", "100.00", "100.00", "100.00"]
    assert rows["B"][-4:] == ["5,000.50", "50.01", "50.01", "50.01"]
    assert rows["Total"][-4:] == ["15,000.50", "150.01", "150.01", "150.01"]
    for part in (
        "3 lines, 978.00", "sales.csv:5  2026-06-04  900.00", "in another currency",
        "sales.csv:6  2026-06-05  70.00", "unknown product", "sales.csv:7",
        "15,000.50 + in nobody's 978.00 = ledger 15,978.50; all pay is before tax",
    ):  # fmt: skip
        assert part in said


def test_json_holds_the_same(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said = as_json(files, capsys)
    assert (said["earned"], said["payable"], said["ties"]) == (15001, 15001, True)
    assert [row["reason"] for row in said["unassigned"]["rows"]] == [
        "other_currency", "unknown_product", "no_payee",
    ]  # fmt: skip
    assert (said["ledger_lines"], said["ledger_amount"]) == (6, 1_597_850)
    assert said["before_tax"] is True


def test_strict_refuses_and_writes_nothing(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main([*files, "--strict", "--out", str(out), "--lang", "en"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert said[0].startswith("sales.csv:5: 1 lines (900.00 in all)")
    assert not out.exists()


@pytest.mark.parametrize("period", ["2026-13", "2026-00", "June", "2026-Q5", "26-06", ""])
def test_a_period_that_cannot_be_read(
    files: list[str], period: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files[:-1], period, "--lang", "en"]) == 1
    assert "can't read the period" in capsys.readouterr().err


def test_the_folder_holds_a_statement_a_payee_and_the_payroll(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    said = as_json([*files, "--out", str(out)], capsys)
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        "01_Ann.xlsx", "02_=cmd_'_c'!Bea.xlsx", "manifest.json", "payroll.csv", "payroll.xlsx",
    ]  # fmt: skip
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for made in manifest["files"]:
        data = (out / made["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == made["sha256"]
        assert not made.get("failed_checks")
    assert sum(made.get("payable", 0) for made in manifest["files"]) == said["payable"]
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert as_json([*files, "--out", str(out), "--jobs", "2"], capsys)["ties"]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_csv_adds_up_and_runs_no_formula(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    said = as_json([*files, "--out", str(out), "--by", "none", "--lang", "en"], capsys)
    assert not list(out.glob("0*.xlsx"))
    data = (out / "payroll.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[1]["Name"] == "'=cmd|'/c'!Bea"
    payable = [Decimal(row["Payable before tax"]) for row in rows]
    assert sum(payable[:-1]) == payable[-1] == Decimal(said["payable"]).scaleb(-2)
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_a_run_without_anybody_still_makes_a_payroll() -> None:
    nobody = plan(people=())
    made = run(nobody, ledger(line("2026-06-01", "A", 5)))
    text = payroll_csv(made, "zh").decode("utf-8-sig").splitlines()
    assert len(text) == 2
    assert made.unassigned_amount == 500


def test_a_file_in_the_way_is_named(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    (out / "payroll.xlsx").mkdir(parents=True)
    assert main([*files, "--out", str(out)]) == 1
    assert "payroll.xlsx" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["payroll.xlsx"]
