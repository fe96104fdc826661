"""Where rows go: examples worked out by hand, and a second way to count them."""

from __future__ import annotations

import doctest
import importlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesxl.ooxml.template.moves import MAX_ROW, Moves, Run, SheetMoves, block

MODULES = [
    "moves", "formula_parts", "references", "scan", "sqref", "anchors", "follow_sheet",
    "follow_rules", "follow_places", "follow_names", "follow_tables", "follow_charts",
    "follow_drawings", "follow_comments", "follow_pivots", "refill_charts",
]  # fmt: skip
NAMES = {"Moves": Moves, "Run": Run, "SheetMoves": SheetMoves, "block": block}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_modules_hold(name: str) -> None:
    module = importlib.import_module(f"salesxl.ooxml.template.{name}")
    assert doctest.testmod(module, extraglobs=NAMES).failed == 0


def test_a_list_pushes_down_what_is_below() -> None:
    sheet = SheetMoves([Run(5, 5, 20)])
    assert [sheet.at(row) for row in (1, 4, 5, 6, 100)] == [1, 4, 5, 25, 119]
    assert (sheet.start(5), sheet.end(5)) == (5, 24)
    assert sheet.area(5, 5) == (5, 24)
    assert sheet.area(1, 6) == (1, 25)
    assert sheet.area(6, 9) == (25, 28)


def test_a_list_with_sample_rows_shrinks() -> None:
    sheet = SheetMoves([Run(5, 9, 2)])
    assert sheet.area(4, 10) == (4, 7)
    assert sheet.area(5, 9) == (5, 6)
    assert sheet.area(7, 12) == (6, 9)  # row 7 is kept as far as it fits
    assert [sheet.at(row) for row in (5, 6, 7, 9, 10)] == [5, 6, 6, 6, 7]


def test_one_row_of_a_long_list_does_not_grow() -> None:
    sheet = SheetMoves([Run(5, 9, 50)])
    assert sheet.area(9, 9) == (9, 9)
    assert sheet.area(6, 7) == (6, 7)
    assert sheet.area(6, 9) == (6, 54)


def test_dropped_rows_are_gone_and_ranges_close_over_them() -> None:
    sheet = SheetMoves([Run(3, 6, 0)])
    assert sheet.at(4) is None
    assert sheet.area(3, 6) is None
    assert sheet.area(4, 5) is None
    assert sheet.area(2, 4) == (2, 2)
    assert sheet.area(5, 8) == (3, 4)
    assert sheet.at(7) == 3
    assert SheetMoves([Run(1, 2, 0)]).area(1, 2) is None


def test_two_lists_add_up() -> None:
    sheet = SheetMoves([Run(5, 5, 3), Run(9, 10, 5)])
    assert sheet.at(8) == 10
    assert sheet.area(9, 10) == (11, 15)
    assert sheet.at(11) == 16


def test_a_block_is_repeated_with_lists_of_its_own() -> None:
    """Rows 3–6, list in row 5: copies of 4, 6 and 4 rows (a list of none keeps a blank row)."""
    run = block(3, 6, [[Run(5, 5, 1)], [Run(5, 5, 3)], [Run(5, 5, 1)]])
    assert run.count == 14
    sheet = SheetMoves([run])
    assert sheet.at(7) == 17
    assert sheet.area(3, 6) == (3, 16)
    assert sheet.area(2, 7) == (2, 17)
    assert sheet.at(6) == 6  # from outside: the first copy
    assert sheet.area(5, 5) == (5, 5)
    second, third = sheet.view(3, 1), sheet.view(3, 2)
    assert [second.at(row) for row in (2, 3, 5, 6, 7)] == [2, 7, 9, 12, 17]
    assert second.area(5, 5) == (9, 11)
    assert second.run_at(5) == Run(5, 5, 3)
    assert third.area(3, 6) == (13, 16)
    assert [(i.first, i.last) for i in sheet.each(3, 3)] == [(3, 3), (7, 7), (13, 13)]
    assert [(i.first, i.last) for i in sheet.spread(5, 5)] == [(5, 5), (9, 11), (15, 15)]
    assert [i.first for i in sheet.each(5, 5)] == [5, 9, 10, 11, 15]


def test_blocks_within_blocks() -> None:
    inner = block(4, 5, [[], []])
    sheet = SheetMoves([block(3, 6, [[inner], [Run(4, 5, 0)]])])
    assert sheet.runs[0].count == 6 + 2
    assert [i.first for i in sheet.each(4, 4)] == [4, 6]
    assert sheet.view(3, 1).at(6) == 10
    assert sheet.view(3, 0).view(4, 1).area(4, 5) == (6, 7)


def test_what_stands_in_a_list_is_repeated_or_gone() -> None:
    sheet = SheetMoves([Run(5, 7, 3)])
    assert [(i.first, i.run, i.offset) for i in sheet.each(5, 5)] == [
        (5, 5, 0),
        (6, 5, 1),
        (7, 5, 2),
    ]
    assert list(sheet.each(6, 6)) == []
    assert [(i.first, i.last) for i in sheet.each(5, 7)] == [(5, 7)]  # beside the whole list
    assert [(i.first, i.last) for i in sheet.spread(5, 5)] == [(5, 7)]
    assert sheet.spread(6, 7) == []


def test_the_end_of_the_sheet_holds() -> None:
    sheet = SheetMoves([Run(5, 5, 11)])
    assert sheet.area(1, MAX_ROW) == (1, MAX_ROW)
    assert sheet.at(MAX_ROW) is None
    assert sheet.area(MAX_ROW - 3, MAX_ROW - 1) is None
    assert sheet.area(10, MAX_ROW - 1) == (20, MAX_ROW)


def test_still_means_that_nothing_can_change() -> None:
    assert SheetMoves().still
    assert SheetMoves([Run(5, 5, 1)]).still
    assert not SheetMoves([Run(5, 6, 2)]).still  # what stood in row 6 is gone
    assert Moves({"A": SheetMoves([Run(5, 5, 1)])}).still
    assert not Moves({"A": SheetMoves([], "B")}).still
    assert not Moves(dropped={"A"}).still


@pytest.mark.parametrize(
    "runs", [[Run(5, 6, 1), Run(6, 7, 1)], [Run(5, 5, 1), Run(3, 3, 1)], [Run(0, 1, 1)],
             [Run(4, 3, 1)], [Run(3, 3, -1)], [Run(3, MAX_ROW + 1, 1)]]
)  # fmt: skip
def test_impossible_runs_are_refused(runs: list[Run]) -> None:
    with pytest.raises(ValueError):
        SheetMoves(runs)


def test_moves_can_be_sent_to_another_process() -> None:
    moves = Moves({"A": SheetMoves([block(3, 6, [[Run(5, 5, 2)], []])], "B")}, {"C"}, ["A", "C"])
    other = pickle.loads(pickle.dumps(moves))
    assert other.sheet("a") == moves.sheet("A")
    assert other.is_dropped("c") and other.title("A") == "B"


@st.composite
def runs(draw: st.DrawFn, last: int = 40) -> list[Run]:
    """Ascending runs within rows 1..last."""
    found, row = [], 1
    while row <= last and len(found) < 4:
        first = draw(st.integers(row, last))
        end = min(last, first + draw(st.integers(0, 3)))
        found.append(Run(first, end, draw(st.integers(0, 6))))
        row = end + 1
    return found


def written(given_runs: list[Run], last: int) -> list[int]:
    """The template row each new row is made from; a slow and plain second way."""
    by_first = {run.first: run for run in given_runs}
    rows: list[int] = []
    row = 1
    while row <= last:
        run = by_first.get(row)
        if run is None:
            rows.append(row)
            row += 1
        else:
            rows += [run.first] * run.count
            row = run.last + 1
    return rows


@given(runs(), st.integers(1, 60), st.integers(1, 60))
def test_rows_are_where_they_are_written(found: list[Run], one: int, two: int) -> None:
    sheet, new = SheetMoves(found), written(found, 80)
    in_run = {row: run for run in found for row in range(run.first, run.last + 1)}
    for row in (one, two):
        if row not in in_run:
            assert sheet.at(row) == new.index(row) + 1
    first, last = sorted((one, two))
    whole = all(
        run is None or edge in (run.first, run.last)
        for edge, run in ((first, in_run.get(first)), (last, in_run.get(last)))
    )
    if not whole or (first in in_run and in_run[first].first != first):
        return
    if last in in_run and in_run[last].last != last:
        return
    covered = {in_run[row].first if row in in_run else row for row in range(first, last + 1)}
    places = [number for number, row in enumerate(new, 1) if row in covered]
    assert sheet.area(first, last) == ((places[0], places[-1]) if places else None)
