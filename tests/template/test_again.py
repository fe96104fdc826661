"""Many files from one template: what is remembered between them is never seen in one."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from typing import Any

import pytest

from salesxl.ooxml.template import warps
from salesxl.ooxml.template.columns import Days, Ink, column
from salesxl.ooxml.template.compile import Template
from salesxl.ooxml.template.fill import Fill
from salesxl.ooxml.template.numerals import numerals, small
from salesxl.ooxml.template.skeleton import Form, Slot, woven
from salesxl.ooxml.template.strings import SharedStrings, Strings
from tests.template.simple import made, part, read


def template() -> Template:
    cells = {"A1": "Name", "B1": "Sold", "C1": "Twice", "A2": "x", "B2": 1, "C2": "=B2*2",
             "A3": "Sum", "B3": "=SUM(B2:B2)"}  # fmt: skip
    return made({"S": cells}, {"rows": "S!$A$2:$C$2", "sum": "S!$B$3"})


def fill(count: int, who: str) -> Fill:
    names = [f"{who} {number}" for number in range(count)]
    return Fill(lists={"rows": {"Name": names, "Sold": [*range(count)]}})


def test_a_file_is_the_same_whatever_was_made_before_it() -> None:
    regions = {"North": 40, "South": 40, "West": 700, "East": 9, "Mid": 701, "Far": 40}
    fills = [fill(count, who) for who, count in regions.items()]
    alone = [template().fill(one) for one in fills]
    batch = template()
    assert [batch.fill(one) for one in fills * 2] == alone * 2
    cells = read(alone[3], "S")
    assert (cells["A10"], cells["B10"], cells["C10"]) == ("East 8", 8, "=B10*2")
    assert (cells["A11"], cells["B11"]) == ("Sum", "=SUM(B2:B10)")


def test_what_is_remembered_holds_no_value_and_is_not_handed_on() -> None:
    batch = template()
    for _ in range(3):
        batch.fill(fill(40, "Secret"))
    kept = batch.made["warps"]
    texts = [text for warp in kept._kept.values() if warp for text in warp.texts[1::2]]
    assert texts and not any(texts)
    assert "Secret" not in part(batch.fill(fill(3, "Open")), "xl/sharedStrings.xml")
    assert not pickle.loads(pickle.dumps(batch)).made


def test_warps_write_what_a_row_by_row_weaving_writes() -> None:
    form = Form(('<r n="\0"><c r="A\0">', '</c><c r="B\0">', '</c><c r="C\0"/></r>'),
                (Slot(1), Slot(2)))  # fmt: skip
    kept = warps.Warps()
    for count in (10, 10, 100, 9, 64, 65):
        columns = [[f"a{i}" for i in range(count)], [f"b{i}" for i in range(count)]]
        assert kept.woven(form, 7, count, columns) == woven(form, 7, count, columns)
    assert kept.woven(form, 7, 8, [["x"] * 8, ["y"] * 8]).startswith(
        '<r n="7"><c r="A7">x</c><c r="B7">y</c><c r="C7"/></r><r n="8">'
    )


def test_warps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warps, "_MOST", 500)
    form = Form(('<c r="A\0">', "</c>"), (Slot(1),))
    kept = warps.Warps()
    for first in (*range(1, 3000, 100), *range(1, 3000, 100)):
        assert kept.woven(form, first, 64, [["v"] * 64]) == woven(form, first, 64, [["v"] * 64])
    assert 500 < kept._gaps <= 564
    kept.trim()  # all were used
    assert kept._gaps
    kept.trim()  # none since
    assert not kept._gaps and not kept._kept


@pytest.mark.parametrize(
    "columns",
    [
        [["a", "b"], ["c", "d"]],  # all new
        [["a", "b", "a"], ["b", "c", "b"], ["c", "a", "d"], ["x", "a", "y", "a"]],
        [["a", "a", "a"], ["b", "a", "b"]],
        [["x", "y", "x", "z"]],  # looks new at both ends
    ],
)
def test_texts_are_numbered_in_order_of_first_use(columns: list[list[str]]) -> None:
    strings = Strings(SharedStrings(items=("<si/>",), texts=("",)))
    order: list[str] = []
    for values in columns:
        order += [text for text in dict.fromkeys(values) if text not in order]
        wanted = [str(1 + order.index(text)) for text in values]
        assert column(values, Ink(strings), str) == ("s", wanted)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        (["a", None, "b"], [' t="s"><v>0</v></c>', "/>", ' t="s"><v>1</v></c>']),
        (["a", 1, True], [' t="s"><v>0</v></c>', "><v>1</v></c>", ' t="b"><v>1</v></c>']),
        ([date(2026, 1, 1), None, date(2026, 1, 2)],
         ["><v>46023</v></c>", "/>", "><v>46024</v></c>"]),
        ([date(2026, 1, 1), 5], ["><v>46023</v></c>", "><v>5</v></c>"]),
        ([1, True], ["><v>1</v></c>", ' t="b"><v>1</v></c>']),
    ],
)  # fmt: skip
def test_a_column_of_several_types_is_told_from_one(values: list[Any], ends: list[str]) -> None:
    for _ in range(2):
        assert column(values, Ink(Strings(SharedStrings())), str) == ("x", ends)


def test_days_and_times_in_one_column() -> None:
    values = [date(2026, 1, 1), datetime(2026, 1, 1, 12)]
    assert column(values, Ink(Strings(SharedStrings()), days=Days(False)), str) == (
        "n", ["46023", "46023.5"],
    )  # fmt: skip


def test_numerals() -> None:
    assert numerals(0, 3) == ["0", "1", "2"] and numerals(5, 0) == []
    assert numerals(99_999, 2) == ["99999", "100000"]
    assert numerals(6_000, 1) == ["6000"]
    assert small([3, 0]) == ["3", "0"] and small([-1, 2]) is None and small([1, 10**9]) is None
    assert column([-1, 2, 10**9], Ink(Strings(SharedStrings())), str) == (
        "n", ["-1", "2", "1000000000"],
    )  # fmt: skip
