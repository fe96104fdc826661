"""Lists that grow and shrink above, below and beside other content."""

from __future__ import annotations

import pickle

import pytest

from salesxl.errors import SalesxlError
from salesxl.ooxml.template.compile import Template
from salesxl.ooxml.template.fill import Fill
from tests.template.simple import made, part, read


def sales() -> Template:
    """Head, a list of two sample rows with a total below, a note beside."""
    cells = {
        "A1": "=SUM(C4:C5)", "A3": "Name", "B3": "Price", "C3": "Sum",
        "A4": "a", "B4": 1, "C4": "=B4*2", "A5": "b", "B5": 2, "C5": "=B5*2",
        "A6": "Total", "C6": "=SUM(C4:C5)", "A8": "Below", "E4": "note",
    }  # fmt: skip
    other = {"A1": "=S!C6", "A2": "=SUM(S!B4:B5)"}
    names = {"items": "S!$A$4:$C$5"}
    return made({"S": cells, "Other": other}, names)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 500])
def test_rows_below_and_formulas_follow(count: int) -> None:
    given = {"Name": [f"n{i}" for i in range(count)], "Price": list(range(count))}
    filled = sales().fill(Fill(lists={"items": given}))
    rows = max(count, 1)
    last, total = 3 + rows, 4 + rows
    found = read(filled, "S")
    assert found.pop("E4") == "note"
    assert found.pop("A1") == found.pop(f"C{total}") == f"=SUM(C4:C{last})"
    assert (found.pop(f"A{total}"), found.pop(f"A{total + 2}")) == ("Total", "Below")
    assert [found.pop(f"{col}3") for col in "ABC"] == ["Name", "Price", "Sum"]
    wanted = {f"A{4 + i}": f"n{i}" for i in range(count)}
    wanted |= {f"B{4 + i}": i for i in range(count)}
    wanted |= {f"C{4 + i}": f"=B{4 + i}*2" for i in range(count)}
    assert found == wanted
    assert read(filled, "Other") == {"A1": f"=S!C{total}", "A2": f"=SUM(S!B4:B{last})"}


def test_columns_by_position_and_whatever_case() -> None:
    by_place = sales().fill(Fill(lists={"items": {"x": ["q"], "y": [5]}}))
    by_name = sales().fill(Fill(lists={"ITEMS": {"PRICE": [5], "name": ["q"]}}))
    assert read(by_place, "S") == read(by_name, "S")


def side_by_side() -> Template:
    cells = {
        "A1": "L", "E1": "R", "A2": "a", "B2": "=A2", "E2": 1, "E3": 2, "H3": "beside",
        "A5": "=COUNTA(A2:A3)", "E5": "=SUM(E2:E3)",
    }  # fmt: skip
    return made({"S": cells}, {"left": "S!$A$2:$B$3", "right": "S!$E$2:$E$3"})


@pytest.mark.parametrize(("left", "right"), [(1, 1), (2, 5), (6, 1), (0, 3), (0, 0), (4, 4)])
def test_the_longer_of_two_lists_gives_the_rows(left: int, right: int) -> None:
    fill = Fill(lists={
        "left": {"L": [f"l{i}" for i in range(left)]}, "right": {"R": list(range(right))},
    })  # fmt: skip
    found = read(side_by_side().fill(fill), "S")
    rows = max(left, right, 2)  # row 3 stays for what stands beside the lists
    assert found.pop("H3") == "beside"
    assert found.pop(f"A{3 + rows}") == f"=COUNTA(A2:A{1 + rows})"
    assert found.pop(f"E{3 + rows}") == f"=SUM(E2:E{1 + rows})"
    wanted = {"A1": "L", "E1": "R"}
    wanted |= {f"A{2 + i}": f"l{i}" for i in range(left)}
    wanted |= {f"B{2 + i}": f"=A{2 + i}" for i in range(left)}
    wanted |= {f"E{2 + i}": i for i in range(right)}  # type: ignore[misc]
    assert found == wanted


def test_lists_that_start_in_different_rows() -> None:
    cells = {"A2": "a", "C3": "title", "C4": "c", "A9": "end"}
    template = made({"S": cells}, {"one": "S!$A$2:$A$5", "two": "S!$C$4:$C$5"})
    fill = Fill(lists={"one": {"A": ["1", "2", "3", "4", "5", "6"]}, "two": {"C": ["x"] * 5}})
    found = read(template.fill(fill), "S")
    assert found.pop("C3") == "title"
    assert found.pop("A12") == "end"
    assert found == {**{f"A{2 + i}": str(i + 1) for i in range(6)},
                     **{f"C{4 + i}": "x" for i in range(5)}}  # fmt: skip


def test_a_named_cell_in_the_rows_of_a_list_keeps_its_place() -> None:
    cells = {"A2": "a", "A3": "b", "A4": "c", "A6": "end"}
    template = made({"S": cells}, {"list": "S!$A$2:$A$4", "cell": "S!$C$4"})
    found = read(template.fill(Fill(cells={"cell": 7}, lists={"list": {"A": ["only"]}})), "S")
    assert found == {"A2": "only", "C4": 7, "A6": "end"}


def test_a_table_grows_with_its_range() -> None:
    cells = {"A1": "Key", "B1": "Value", "A2": "k", "B2": 1, "A4": "=SUM(T[Value])"}
    template = made({"S": cells}, tables={"T": ("S", "A1:B2")})
    filled = template.fill(Fill(lists={"T": {"value": [1, 2, 3], "KEY": ["x", "y", "z"]}}))
    assert read(filled, "S")["A6"] == "=SUM(T[Value])"
    assert 'ref="A1:B4"' in part(filled, "xl/tables/table1.xml")
    assert 'ref="A1:B2"' in part(template.fill(Fill(lists={"T": {}})), "xl/tables/table1.xml")


def test_fifty_thousand_rows() -> None:
    count = 50_000
    given = {"Name": [f"n{i % 9}" for i in range(count)], "Price": list(range(count))}
    found = read(sales().fill(Fill(lists={"items": given})), "S")
    assert found["C50003"] == "=B50003*2"
    assert found["C50004"] == "=SUM(C4:C50003)"
    assert (found["A50003"], found["B50003"]) == ("n4", 49_999)


def test_a_pickled_template_fills_the_same() -> None:
    template = sales()
    fill = Fill(lists={"items": {"Name": ["x", "y", "z"], "Price": [1, 2, 3]}})
    first = template.fill(fill)
    assert pickle.loads(pickle.dumps(template)).fill(fill) == first


@pytest.mark.parametrize(
    ("fill", "codes"),
    [
        (Fill(lists={"nothing": {}}), ["fill.unknown_list"]),
        (Fill(cells={"items": 1, "x": 2}), ["fill.unknown_cell", "fill.unknown_cell"]),
        (Fill(lists={"items": {"Name": ["a"], "Cost": [1]}}), ["fill.unknown_column"]),
        (Fill(lists={"items": {"Name": ["a"], "Price": []}}), ["fill.uneven_columns"]),
        (Fill(drop=frozenset({"Nowhere"})), ["fill.unknown_drop"]),
        (Fill(drop=frozenset({"S", "other"})), ["fill.all_dropped"]),
        (Fill(titles={"S": "a/b"}), ["fill.bad_title"]),
        (Fill(titles={"S": "OTHER"}), ["fill.title_taken"]),
        (Fill(lists={"items": {"Name": ["a"] * 1_048_572}}), ["page.too_many_rows"]),
    ],
)
def test_problems_are_told_at_once(fill: Fill, codes: list[str]) -> None:
    with pytest.raises(SalesxlError) as caught:
        sales().fill(fill)
    assert [problem.code for problem in caught.value.problems] == codes
    assert all(problem.say("zh") and problem.say("en") for problem in caught.value.problems)


def test_lists_whose_rows_cross_are_refused() -> None:
    cells = {"A1": "a", "C3": "c", "E5": "e"}
    names = {"one": "S!$A$1:$A$3", "two": "S!$C$3:$C$6", "three": "S!$E$5:$E$8"}
    lists = {"one": {"A": ["x"]}, "two": {"C": ["x"]}, "three": {"E": ["x"]}}
    with pytest.raises(SalesxlError, match="cross"):
        made({"S": cells}, names).fill(Fill(lists=lists))
