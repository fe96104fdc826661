"""Blocks repeated an item, parts left out, sheets renamed."""

from __future__ import annotations

import pytest

from salesxl.errors import SalesxlError
from salesxl.ooxml.template.compile import Template
from salesxl.ooxml.template.fill import Fill, Item
from tests.template.simple import made, read


def cards() -> Template:
    """A card a person (rows 2–5) with a list of lines and a subtotal."""
    cells = {
        "A1": "Cards", "A2": "{who}", "B2": "Team {team}", "C2": "old", "A3": "item", "B3": 5,
        "C3": "=B3*$B$8", "A4": "sum", "B4": "=SUM(B3:B3)", "A6": "All", "B6": "=SUM(B2:B5)",
        "B8": 2,
    }  # fmt: skip
    names = {"card": "S!$2:$5", "lines": "S!$A$3:$C$3", "role": "S!$C$2"}
    return made({"S": cells, "T": {"A1": "=S!B6", "A2": "here"}}, names)


def item(who: str, lines: int) -> Item:
    return Item(
        {"who": who, "team": 7, "role": "boss"},
        {"lines": {"A": [f"{who}{i}" for i in range(lines)], "B": list(range(lines))}},
    )


def test_a_block_is_repeated_with_its_list() -> None:
    filled = cards().fill(Fill(blocks={"card": [item("a", 2), item("b", 1)]}))
    assert read(filled, "S") == {
        "A1": "Cards",
        "A2": "a", "B2": "Team 7", "C2": "boss",
        "A3": "a0", "B3": 0, "C3": "=B3*$B$13", "A4": "a1", "B4": 1, "C4": "=B4*$B$13",
        "A5": "sum", "B5": "=SUM(B3:B4)",
        "A7": "b", "B7": "Team 7", "C7": "boss", "A8": "b0", "B8": 0, "C8": "=B8*$B$13",
        "A9": "sum", "B9": "=SUM(B8:B8)",
        "A11": "All", "B11": "=SUM(B2:B10)", "B13": 2,
    }  # fmt: skip
    assert read(filled, "T")["A1"] == "=S!B11"


def test_a_block_without_items_or_dropped_is_gone() -> None:
    for fill in (Fill(blocks={"card": []}), Fill(drop=frozenset({"CARD"}))):
        found = read(cards().fill(fill), "S")
        assert found["A2"] == "All"
        assert found["B4"] == 2
        assert "who" not in str(found)


def test_a_key_without_a_value_is_blank() -> None:
    found = read(cards().fill(Fill(blocks={"card": [Item({"who": "x"})]})), "S")
    assert found["B2"] == "Team "
    assert found["A3"] == "item"


def test_a_block_that_is_not_repeated_is_filled_in_place() -> None:
    fill = Fill(cells={"role": "x"}, lists={"lines": {"A": ["p", "q"], "B": [1, 2]}})
    found = read(cards().fill(fill), "S")
    assert (found["C2"], found["A4"], found["B5"]) == ("x", "q", "=SUM(B3:B4)")


def test_a_sheet_is_left_out_or_renamed() -> None:
    found = cards().fill(Fill(drop=frozenset({"S"}), titles={"T": "A & B"}))
    assert read(found, "A & B") == {"A1": "=#REF!", "A2": "here"}
    found = cards().fill(Fill(titles={"S": "It's"}))
    assert read(found, "T")["A1"] == "='It''s'!B6"


def test_what_is_given_for_a_dropped_sheet_is_passed_over() -> None:
    fill = Fill(cells={"role": 1}, blocks={"card": [item("a", 1)]}, drop=frozenset({"S"}))
    assert read(cards().fill(fill), "T")["A2"] == "here"


@pytest.mark.parametrize(
    ("fill", "code"),
    [
        (Fill(blocks={"nothing": []}), "fill.unknown_block"),
        (Fill(blocks={"card": [Item({"whom": 1})]}), "fill.unknown_key"),
        (Fill(blocks={"card": [Item({}, {"rows": {}})]}), "fill.unknown_list"),
        (Fill(cells={"role": 1}, blocks={"card": [Item()]}), "fill.inside_block"),
    ],
)
def test_problems(fill: Fill, code: str) -> None:
    with pytest.raises(SalesxlError) as caught:
        cards().fill(fill)
    assert [problem.code for problem in caught.value.problems] == [code]
