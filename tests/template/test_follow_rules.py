"""Conditional formats and validations follow their rows, in both of their forms."""

from __future__ import annotations

import pytest

from salesxl.ooxml.template.follow_sheet import follow_sheet
from salesxl.ooxml.template.moves import Moves, Run, SheetMoves, block

LIST = Moves({"S": SheetMoves([Run(5, 5, 3), Run(20, 22, 0)])})
# Rows 3–6 twice. In ALIKE both copies have 4 rows, in UNLIKE the second one has 6.
ALIKE = Moves({"S": SheetMoves([block(3, 6, [[], []])])})
UNLIKE = Moves({"S": SheetMoves([block(3, 6, [[Run(5, 5, 1)], [Run(5, 5, 3)]])])})


def rule(sqref: str, formula: str, extra: str = "") -> str:
    return (
        f'<conditionalFormatting sqref="{sqref}"><cfRule type="expression" priority="1"{extra}>'
        f"<formula>{formula}</formula></cfRule></conditionalFormatting>"
    )


def newer(sqref: str, formula: str) -> str:
    return (
        '<x14:conditionalFormatting><x14:cfRule type="expression" id="{A}">'
        f"<xm:f>{formula}</xm:f></x14:cfRule><xm:sqref>{sqref}</xm:sqref>"
        "</x14:conditionalFormatting>"
    )


def choice(sqref: str, formula: str) -> str:
    return (
        f'<dataValidation type="custom" prompt="A5" sqref="{sqref}"><formula1>{formula}</formula1>'
        "</dataValidation>"
    )


def newer_choice(sqref: str, formula: str) -> str:
    return (
        f"<x14:dataValidation><x14:formula1><xm:f>{formula}</xm:f></x14:formula1>"
        f"<xm:sqref>{sqref}</xm:sqref></x14:dataValidation>"
    )


CASES = [
    ("A9:C9", "$A9&gt;1", "A11:C11", "$A11&gt;1"),
    ("A5:C5", "$A5&gt;$B5", "A5:C7", "$A5&gt;$B5"),
    ("C5", "COUNTIF($C$5:$C$5,C5)&gt;1", "C5:C7", "COUNTIF($C$5:$C$7,C5)&gt;1"),
    ("C5", "C5&lt;C4", "C5:C7", "C5&lt;C4"),
    ("C5", "C5&lt;C$9", "C5:C7", "C5&lt;C$11"),
    ("C5", "SUM(C$5:C5)&gt;9", "C5:C7", "SUM(C$5:C5)&gt;9"),
    ("C2:C30", "$C2&gt;0", "C2:C29", "$C2&gt;0"),
    ("B:B", "B1&gt;$C$9", "B:B", "B1&gt;$C$11"),
    ("A1 C5 C9:C10", "A1=$C$9", "A1 C5:C7 C11:C12", "A1=$C$11"),
    # its first rows are gone: the formula is now seen from row 23, which is row 22
    ("C21:C30", "$C21&gt;C20+$D$9", "C22:C29", "$C22&gt;#REF!+$D$11"),
    ("C20:C30", "$C20&gt;0", "C22:C29", "$C22&gt;0"),
    ("D4:D5 B9", "B4&gt;0", "D4:D7 B11", "B4&gt;0"),
]


@pytest.mark.parametrize("form", [rule, newer, choice, newer_choice])
@pytest.mark.parametrize(("sqref", "formula", "to", "expected"), CASES)
def test_rules_follow(form: object, sqref: str, formula: str, to: str, expected: str) -> None:
    assert callable(form)
    assert follow_sheet(form(sqref, formula), LIST, "S") == form(to, expected)


def test_rules_whose_cells_are_gone_go_and_are_counted() -> None:
    xml = f'<dataValidations count="3">{choice("A20", "1")}{choice("A1", "1")}{choice("A2", "1")}'
    end = "</dataValidations>"
    assert follow_sheet(xml + end, LIST, "S") == (
        f'<dataValidations count="2">{choice("A1", "1")}{choice("A2", "1")}{end}'
    )
    assert follow_sheet(rule("A20:A22", "A20=1") + "<a/>", LIST, "S") == "<a/>"


def test_a_rule_in_a_block_holds_in_every_copy() -> None:
    assert follow_sheet(rule("C4:D4", "$C4&gt;$B$1"), ALIKE, "S") == (
        rule("C4:D4 C8:D8", "$C4&gt;$B$1")
    )
    assert follow_sheet(choice("C3:C6", "C3&gt;0"), ALIKE, "S") == choice("C3:C10", "C3&gt;0")
    assert follow_sheet(rule("C5", "C5&gt;D5"), UNLIKE, "S") == rule("C5 C9:C11", "C5&gt;D5")


def test_where_the_copies_read_differently_there_are_rules_for_each() -> None:
    """The total stands one row below the list in the first copy, further in the second."""
    xml = rule("C5", "C5&gt;C$6", ' xr:uid="{1}"')
    assert follow_sheet(xml, UNLIKE, "S") == (
        rule("C5", "C5&gt;C$6", ' xr:uid="{1}"') + rule("C9:C11", "C9&gt;C$12", ' xr:uid="{1}"')
    )
    xml = f'<dataValidations count="1">{choice("C4", "C4&lt;$B$3")}</dataValidations>'
    assert follow_sheet(xml, ALIKE, "S") == (
        '<dataValidations count="2">'
        + choice("C4", "C4&lt;$B$3")
        + choice("C8", "C8&lt;$B$7")
        + "</dataValidations>"
    )


def test_the_halves_of_a_rule_stay_tied() -> None:
    main = (
        '<conditionalFormatting sqref="C5"><cfRule type="dataBar" priority="1"><dataBar>'
        '<cfvo type="num" val="0"/><cfvo type="formula" val="$B$3"/></dataBar><extLst><ext>'
        "<x14:id>{A}</x14:id></ext></extLst></cfRule></conditionalFormatting>"
    )
    other = (
        '<x14:conditionalFormatting><x14:cfRule type="dataBar" id="{A}"><x14:dataBar>'
        '<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="formula"><xm:f>$B$3</xm:f>'
        "</x14:cfvo></x14:dataBar></x14:cfRule><xm:sqref>C5</xm:sqref></x14:conditionalFormatting>"
    )
    first = follow_sheet(main, ALIKE, "S")
    second = follow_sheet(other, ALIKE, "S")
    assert first.startswith(main)
    assert second.startswith(other)
    copy, twin = first[len(main) :], second[len(other) :]
    assert 'val="$B$7"' in copy and "<xm:f>$B$7</xm:f>" in twin
    new_id = copy.split("<x14:id>")[1].split("<")[0]
    assert new_id != "{A}" and f'id="{new_id}"' in twin
    assert (first, second) == (follow_sheet(main, ALIKE, "S"), follow_sheet(other, ALIKE, "S"))


def test_a_bound_whose_cell_is_gone_leaves_a_readable_file() -> None:
    start, end = '<conditionalFormatting sqref="A1"><cfvo type="formula" val="', '"/>'
    tail = "</conditionalFormatting>"
    assert follow_sheet(f"{start}$B$20{end}{tail}", LIST, "S") == f"{start}0{end}{tail}"


def test_lists_on_other_sheets_feed_a_validation() -> None:
    moves = Moves({"Lists": SheetMoves([Run(2, 2, 40)], "It's a list")})
    assert follow_sheet(newer_choice("A1", "Lists!$A$2:$A$2"), moves, "S") == (
        newer_choice("A1", "'It''s a list'!$A$2:$A$41")
    )
