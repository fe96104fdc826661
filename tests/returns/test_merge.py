"""What goes into the plan: only what is asked for, only where nothing collides, all or nothing."""

from __future__ import annotations

import dataclasses
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from salesxl.batch.returns.collect import Returns, collect
from salesxl.batch.returns.identity import Identity
from salesxl.batch.returns.merge import Merged, _column, known, merge, summary
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ooxml.lint import lint
from salesxl.plan.model import TABLE
from salesxl.plan.read import read_plan
from tests.returns.sent_sample import edited, send, table_rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """plan.xlsx, the folder sent, and one workbook returned with edits of many kinds."""
    folder = tmp_path_factory.mktemp("home")
    send(folder / "sent", folder / "plan.xlsx")
    with edited(folder / "sent" / "East.xlsx", folder / "east.xlsx") as book:
        sheet, heads, rows = table_rows(book, "customers")
        keys = {sheet.cell(row, heads["Customer ID"]).value: row for row in rows}
        sheet.cell(keys["C1"], heads["Grade"]).value = "B"
        sheet.cell(keys["C3"], heads["Satisfaction"]).value = 4.5
        sheet, heads, rows = table_rows(book, "prospects")
        blank = [row for row in rows if not sheet.cell(row, heads["Prospect ID"]).value]
        sheet.cell(blank[0], heads["Prospect"]).value = "Gum Yard"
        sheet.cell(blank[0], heads["Win rate"]).value = 0.25
        for col in heads.values():
            sheet.cell(rows[0], col).value = None  # X1 is gone
        sheet, heads, rows = table_rows(book, "proposals")
        for row, amount in zip(rows, (5000, 4250.5), strict=True):
            sheet.cell(row, heads["Our proposal"]).value = amount
    return folder


@pytest.fixture
def returns(home: Path) -> Returns:
    return collect([home / "east.xlsx"], home / "sent")


def put(plan: Path, table: str, key: str, title: str, value: object) -> None:
    """Change one cell of a plan, as its owner would meanwhile."""
    with edited(plan, plan) as book:
        sheet, heads, rows = table_rows(book, table)
        row = next(r for r in rows if sheet.cell(r, min(heads.values())).value == key)
        sheet.cell(row, heads[title]).value = value


def of(outcomes: tuple[Merged, ...], column: str) -> list[str]:
    return [one.result for one in outcomes if one.change.column == column]


def test_what_is_asked_for_goes_in(home: Path, returns: Returns, tmp_path: Path) -> None:
    data, outcomes = merge(returns, home / "plan.xlsx", ["customers", "prospects", "proposals"])
    assert data is not None
    assert summary(outcomes)["merged"] == 5
    left = {(one.result, one.change.kind, one.change.key) for one in outcomes}
    assert left - {("merged", "changed", key) for key in ("C1", "C3", "E")} == {
        ("merged", "added", ""), ("by_hand", "removed", "X1"),
    }  # fmt: skip
    path = tmp_path / "plan.xlsx"
    path.write_bytes(data)
    plan, before = read_plan(path), read_plan(home / "plan.xlsx")
    customers = {customer.id: customer for customer in plan.customers}
    assert customers["C1"].grade == "B" and customers["C3"].satisfaction == Decimal("4.5")
    new = plan.prospects[-1]
    assert (new.id, new.name, new.region) == ("X3", "Gum Yard", "E")  # X1, X2 and then X3
    assert new.win_rate == Decimal("0.25")
    assert [p.id for p in plan.prospects[:-1]] == [p.id for p in before.prospects]
    regions = {region.id: region.proposal_amount for region in plan.regions}
    assert regions == {"N": None, "E": 9_250_50, "W": None}
    assert plan.people == before.people and plan.settings == before.settings
    assert not [finding for finding in lint(path) if finding.severity == "error"]


def test_only_what_is_asked_for(home: Path, returns: Returns) -> None:
    data, outcomes = merge(returns, home / "plan.xlsx", ["customers"])
    assert data is not None and {one.change.list for one in outcomes} == {"customers"}
    assert known(returns)[-1] == "proposals" and "customers" in known(returns)


def test_other_parts_keep_their_bytes(home: Path, returns: Returns, tmp_path: Path) -> None:
    data, _ = merge(returns, home / "plan.xlsx", ["customers"])
    assert data is not None
    (tmp_path / "new.xlsx").write_bytes(data)
    with zipfile.ZipFile(home / "plan.xlsx") as old, zipfile.ZipFile(tmp_path / "new.xlsx") as new:
        assert old.namelist() == new.namelist()
        touched = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert len(touched) == 1 and touched[0].startswith("xl/worksheets/sheet")


def test_where_the_plan_moved_it_is_a_conflict(
    home: Path, returns: Returns, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.xlsx"
    shutil.copy(home / "plan.xlsx", plan)
    put(plan, "customers", "C1", "Grade", "C")
    put(plan, "customers", "C3", "Satisfaction", 4.5)
    data, outcomes = merge(returns, plan, ["customers"])
    assert data is None
    assert of(outcomes, "Grade") == ["conflict"] and of(outcomes, "Satisfaction") == ["already"]
    conflict = next(one for one in outcomes if one.result == "conflict")
    assert conflict.plan == "C" and conflict.where.startswith("Customers!")


def test_a_row_that_is_gone_from_the_plan(home: Path, returns: Returns, tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    shutil.copy(home / "plan.xlsx", plan)
    put(plan, "customers", "C3", "Customer ID", "C9")
    _, outcomes = merge(returns, plan, ["customers"])
    assert of(outcomes, "Satisfaction") == ["row_gone"]


def test_a_formula_in_the_plan_is_left_alone(home: Path, returns: Returns, tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    shutil.copy(home / "plan.xlsx", plan)
    with edited(plan, plan) as book:
        sheet, heads, rows = table_rows(book, "regions")
        for row in rows:
            if sheet.cell(row, heads["Region ID"]).value == "E":
                sheet.cell(row, heads["Region's proposal"]).value = "=1+1"
    _, outcomes = merge(returns, plan, ["proposals"])
    assert [one.result for one in outcomes] == ["formula"]


def test_an_incomplete_proposal_waits(home: Path, tmp_path: Path) -> None:
    with edited(home / "sent" / "West.xlsx", tmp_path / "west.xlsx") as book:
        sheet, heads, rows = table_rows(book, "proposals")
        sheet.cell(rows[0], heads["Our proposal"]).value = 700
    data, outcomes = merge(
        collect([tmp_path / "west.xlsx"], home / "sent"), home / "plan.xlsx", ["proposals"]
    )
    assert data is None and [one.result for one in outcomes] == ["incomplete"]


def test_a_plan_that_would_not_hold_is_not_written(home: Path, tmp_path: Path) -> None:
    with edited(home / "sent" / "East.xlsx", tmp_path / "east.xlsx") as book:
        sheet, heads, rows = table_rows(book, "customers")
        sheet.cell(rows[0], heads["Owner"]).value = "Nobody at all"
    plan, out = tmp_path / "plan.xlsx", tmp_path / "out.xlsx"
    shutil.copy(home / "plan.xlsx", plan)
    before = plan.read_bytes()
    command = ["--lang", "en", "collect", str(tmp_path / "east.xlsx"), "--sent",
               str(home / "sent"), "-o", str(out), "--into", str(plan)]  # fmt: skip
    assert main([*command, "--take", "customers"]) == 1
    assert plan.read_bytes() == before and not out.exists()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["east.xlsx", "plan.xlsx"]
    with pytest.raises(SalesxlError, match="Nobody at all"):
        merge(collect([tmp_path / "east.xlsx"], home / "sent"), plan, ["customers"])


def test_from_the_shell_the_old_plan_is_kept(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.xlsx"
    shutil.copy(home / "plan.xlsx", plan)
    before = plan.read_bytes()
    command = ["--lang", "en", "collect", str(home / "east.xlsx"), "--sent", str(home / "sent"),
               "-o", str(tmp_path / "out.xlsx"), "--into", str(plan)]  # fmt: skip
    assert main([*command, "--take", "customers", "proposals"]) == 0
    assert "3 changes merged" in capsys.readouterr().out
    backup = next(tmp_path.glob("plan.before-collect-*.xlsx"))
    assert backup.read_bytes() == before and plan.read_bytes() != before


def test_an_unknown_table_names_those_there_are(home: Path, returns: Returns) -> None:
    with pytest.raises(SalesxlError) as caught:
        merge(returns, home / "plan.xlsx", ["custmers"])
    assert "customers" in caught.value.problems[0].say("en")


def test_a_persons_new_prospect_belongs_to_the_persons_region(home: Path, tmp_path: Path) -> None:
    with edited(home / "sent" / "East.xlsx", tmp_path / "east.xlsx") as book:
        sheet, heads, rows = table_rows(book, "prospects")
        blank = [row for row in rows if not sheet.cell(row, heads["Prospect ID"]).value]
        sheet.cell(blank[0], heads["Prospect"]).value = "Hazel Dock"
    returns = collect([tmp_path / "east.xlsx"], home / "sent")
    one = returns.files[0]
    assert one.mark is not None
    person = dataclasses.replace(one, mark=Identity("person", "W1", one.mark.run))
    data, _ = merge(
        dataclasses.replace(returns, files=(person,)), home / "plan.xlsx", ["prospects"]
    )
    assert data is not None
    (tmp_path / "plan.xlsx").write_bytes(data)
    assert read_plan(tmp_path / "plan.xlsx").prospects[-1].region == "W"  # Ben West's


def test_a_header_said_shorter_is_still_the_plans_column() -> None:
    customers, prospects = TABLE["customers"], TABLE["prospects"]
    for said, key in (("Visits", "visits_per_year"), ("分级", "grade"), ("Grade", "grade")):
        found = _column(customers, said)
        assert found is not None and found.key == key
    assert _column(customers, "Sales 2027") is None
    assert _column(prospects, "客户") is None  # two columns have it
