"""The sample company's quarter: a statement for everybody, nothing foreign in any of them."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from salesxl.cli.sample import write_sample
from salesxl.ledger.match import match
from salesxl.ledger.pay.results import PayRun
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.read import read_ledgers
from salesxl.ooxml.write import write_book
from salesxl.plan.read import read_plan
from salesxl.sheets.pay_book import build_payroll, build_statement
from salesxl.sheets.widths import overflows
from tests.oracles import engines
from tests.pay.statement_cells import every_text, plain


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> PayRun:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, "zh")
    plan = read_plan(folder / "plan.xlsx")
    ledger = read_ledgers([folder / "ledger.csv"], decimals=plan.settings.decimals, lang="zh")
    return pay_run(plan, match(ledger, plan)[0], "2026-Q2")


def test_statements_add_up_to_the_payroll(quarter: PayRun) -> None:
    dues = []
    for statement in quarter.statements:
        book = build_statement(statement, quarter, "zh")
        assert all(check.difference == 0 for check in book.checks)
        assert not overflows(book)
        dues += [plain(c.value) for c in book.sheets[0].cells if c.name == "statement_due"]
    payroll = build_payroll(quarter, "zh")
    named = {cell.name: plain(cell.value) for cell in payroll.sheets[0].cells}
    assert len(dues) == len(quarter.statements) > 20
    assert sum(dues) == named["run_payable"] == Decimal(quarter.payable).scaleb(-2) > 0
    assert [check.difference for check in payroll.checks] == [0, 0]


def test_no_name_and_no_order_of_anybody_else(quarter: PayRun) -> None:
    """A manager's name stands on the statements of their people, and nobody else's."""
    orders = {s.person: {line.order for line in s.lines} - {""} for s in quarter.statements}
    assert sum(map(len, orders.values())) > 1000
    for statement in quarter.statements:
        said = every_text(build_statement(statement, quarter, "zh"))
        names = {s.name for s in quarter.statements} - {statement.name, statement.manager}
        assert not [name for name in names if name in said]
        shown = set(re.findall(r"SO\d{4}-\d+", said))
        own = {order.removesuffix("-R") for order in orders[statement.person]}
        own |= {item.order.removesuffix("-R") for item in statement.clawbacks}
        assert (
            own
            <= shown
            <= own
            | {line[3].removesuffix("-R") for item in statement.spiffs for line in item.lines}
        )


@pytest.mark.oracle("ironcalc")
def test_ironcalc_finds_the_same(quarter: PayRun, tmp_path: Path) -> None:
    paths = []
    for statement in quarter.statements[:6]:
        paths.append(tmp_path / f"{statement.person}.xlsx")
        write_book(build_statement(statement, quarter, "zh", "澄岳仪器"), paths[-1])
    found = engines.with_ironcalc(paths)
    assert found.compared > 500
    assert not found.differences, [str(d) for d in found.differences[:5]]
