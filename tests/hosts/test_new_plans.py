"""``salesxl new`` on plans of other shapes: small, locked, bounded, with awkward names."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from salesxl.hosts.excel.new_book import macro_workbook_bytes, plan_workbook, workbook_bytes
from salesxl.ooxml.lint import lint
from salesxl.plan.model import Plan, TargetLock
from salesxl.plan.read import read_plan
from tests.hosts.call_cells import calls, worked_out
from tests.hosts.test_new import grids
from tests.target_sample import ledger, plan

pytest.importorskip("pyopenvba")
BASE = plan()
LOCKS = (
    TargetLock(region="E", product_line="P1", locked_amount=1_000_000_00),
    TargetLock(region="S", product_line="P2", month=3, locked_amount=50_000_00),
)
AWKWARD = tuple(replace(r, name=f'O\'Neil {r.id} [x] "q"') for r in BASE.regions)
BOUNDED = (replace(BASE.regions[0], maximum_amount=100_000_000), BASE.regions[1])
ALONE = replace(
    BASE, regions=BASE.regions[:1], people=BASE.people[:2], product_lines=BASE.product_lines[:1]
)


@pytest.mark.parametrize(
    ("made", "splits", "grids_called"),
    [
        # two tables and the months of 2 regions x 3 lines
        pytest.param(plan(first_month=4, target_locks=LOCKS), 8, 1, id="April, locks"),
        pytest.param(
            plan(regions=AWKWARD, settings=replace(BASE.settings, split_method="sainte_lague")),
            8, 1, id="awkward names, another method",
        ),
        # a table with bounds keeps its values: no cell of the sheet says them
        pytest.param(plan(regions=BOUNDED), 7, 1, id="bounds"),
        pytest.param(ALONE, 3, 0, id="one region, one line"),
    ],
)  # fmt: skip
def test_every_plan_makes_both(tmp_path: Path, made: Plan, splits: int, grids_called: int) -> None:
    book = plan_workbook(made, ledger(), "en", True)
    macros, native = tmp_path / "b.xlsm", tmp_path / "b.xlsx"
    macros.write_bytes(macro_workbook_bytes(book))
    native.write_bytes(workbook_bytes(book))
    assert lint(macros) == () and lint(native) == ()
    cells, plain = grids(macros), grids(native)
    assert all(cells[title].rows == grid.rows for title, grid in plain.items())
    assert read_plan(macros) == read_plan(native)
    assert [r.name for r in read_plan(macros).regions] == [r.name for r in made.regions]
    used: Counter[str] = Counter()
    for call in calls(macros):
        used[call.name] += 1
        held = [cells[call.sheet].value(*place) for place in call.cells]
        for ours, core in zip(held, worked_out(call, cells), strict=True):
            assert math.isclose(float(ours), core, rel_tol=1e-14, abs_tol=1e-12), call.formula
    assert (used["SPLIT_TARGET"], used["SPLIT_TARGET_GRID"]) == (splits, grids_called)
    assert used["COMMISSION_MARGINAL"] and used["COMMISSION_WHOLE"] and used["ATTAINMENT"]
