"""Names, tables, pivots, comments and controls follow their rows."""

from __future__ import annotations

import pytest

from salesxl.ooxml.template.follow_comments import follow_comments, follow_threads, follow_vml
from salesxl.ooxml.template.follow_names import follow_names, names_of
from salesxl.ooxml.template.follow_pivots import follow_pivot_cache, follow_pivot_table
from salesxl.ooxml.template.follow_tables import (
    follow_control,
    follow_sheet_view,
    follow_single_cells,
    follow_table,
)
from salesxl.ooxml.template.moves import Moves, Run, SheetMoves, block

LIST = Moves({"S": SheetMoves([Run(5, 5, 3), Run(20, 22, 0)])})
DROPPED = Moves({"S": SheetMoves([Run(5, 5, 3)], "R & D")}, dropped={"Old"})


def workbook(names: str) -> str:
    return (
        '<workbook><bookViews><workbookView firstSheet="1" activeTab="1"/></bookViews><sheets>'
        '<sheet name="S" sheetId="4" r:id="rId1"/><sheet name="Old" sheetId="2" r:id="rId2"/>'
        '<sheet name="Hidden" sheetId="3" state="hidden" r:id="rId3"/></sheets>'
        f"<definedNames>{names}</definedNames></workbook>"
    )


def name(called: str, formula: str, extra: str = "") -> str:
    return f'<definedName name="{called}"{extra}>{formula}</definedName>'


NAMES = [
    ("people", "S!$A$5:$C$5", "S!$A$5:$C$7"),
    ("one", "S!$A$5", "S!$A$5"),
    ("list", "S!$A$5", "S!$A$5:$A$7"),  # called a list by the caller
    ("LIST", "S!A5:B5", "S!A5:B7"),
    ("place", "S!A9", "S!A11"),
    ("relative", "S!A9", "S!A9"),
    ("constant", "1.05", "1.05"),
    ("sum", "SUM(S!$A$9,'A9'!B2)", "SUM(S!$A$11,'A9'!B2)"),
    ("gone", "S!$A$20:$B$21", "#REF!"),
    ("other", "Other!$A$9", "Other!$A$9"),
    ("_xlchart.v1.2", "S!$A$5", "S!$A$5:$A$7"),
    ("_xlnm.Print_Area", "S!$A$1:$F$9,S!$A$20:$B$22", "S!$A$1:$F$11"),
    ("_xlnm.Print_Titles", "S!$A:$B,S!$4:$5", "S!$A:$B,S!$4:$7"),
    ("_xlnm._FilterDatabase", "S!$A$4:$F$5", "S!$A$4:$F$7"),
]


@pytest.mark.parametrize(("called", "formula", "expected"), NAMES)
def test_names_follow(called: str, formula: str, expected: str) -> None:
    xml = workbook(name(called, formula) + name("x", "1"))
    result = follow_names(xml, LIST, lists={"list"}, places={"Place"})
    assert result == workbook(name(called, expected) + name("x", "1"))


def test_a_print_area_without_cells_goes() -> None:
    xml = workbook(name("_xlnm.Print_Area", "S!$A$20:$B$22", ' localSheetId="0"') + name("x", "1"))
    assert follow_names(xml, LIST) == workbook(name("x", "1"))


def test_dropped_and_renamed_sheets() -> None:
    xml = workbook(
        name("a", "Old!$A$1")
        + name("b", "1", ' localSheetId="1"')
        + name("c", "$A$9", ' localSheetId="0"')
        + name("d", "S!$A$9", ' localSheetId="2"')
    )
    assert follow_names(xml, DROPPED) == (
        '<workbook><bookViews><workbookView firstSheet="0" activeTab="0"/></bookViews><sheets>'
        '<sheet name="R &amp; D" sheetId="4" r:id="rId1"/>'
        '<sheet name="Hidden" sheetId="3" state="hidden" r:id="rId3"/></sheets><definedNames>'
        + name("a", "#REF!")
        + name("c", "$A$11", ' localSheetId="0"')
        + name("d", "'R &amp; D'!$A$11", ' localSheetId="1"')
        + "</definedNames></workbook>"
    )


def test_names_can_be_looked_up() -> None:
    xml = workbook(name("Sum_Of", "SUM(&amp;1)") + name("c", "$A$9", ' localSheetId="0"'))
    assert names_of(xml) == {"sum_of": "SUM(&1)", "s!c": "$A$9"}


def table(ref: str, data: str, total: str, column: str = "B5*2") -> str:
    return (
        f'<x:table id="1" displayName="T" ref="{ref}" totalsRowCount="1">'
        f'<x:autoFilter ref="{data}"/><x:sortState ref="{data}">'
        f'<x:sortCondition ref="{data}"/></x:sortState>'
        f"<x:tableColumn><x:calculatedColumnFormula>{column}</x:calculatedColumnFormula>"
        f"<x:totalsRowFormula>{total}</x:totalsRowFormula></x:tableColumn></x:table>"
    )


def test_tables_follow() -> None:
    old = table("A4:C6", "A4:C5", "SUBTOTAL(109,T[b])+S!$B$9")
    new = table("A4:C8", "A4:C7", "SUBTOTAL(109,T[b])+S!$B$11")
    assert follow_table(old, LIST, "S") == new
    below = table("A8:C11", "A8:C10", "SUM(B9:B10)", "B9+$B$5")
    moved = table("A10:C13", "A10:C12", "SUM(B11:B12)", "B11+$B$5")
    assert follow_table(below, LIST, "S") == moved
    assert follow_table(table("A20:C22", "A20:C21", "1"), LIST, "S") is None
    assert follow_table(old, Moves({"T": LIST.sheet("S")}), "S") is old


def test_single_cells_views_and_controls() -> None:
    cell = '<singleXmlCell id="1" r="{}"/>'
    xml = f"<singleXmlCells>{cell.format('A9')}{cell.format('A21')}</singleXmlCells>"
    assert follow_single_cells(xml, LIST, "S") == (
        f"<singleXmlCells>{cell.format('A11')}</singleXmlCells>"
    )
    xml = '<namedSheetView><nsvFilter ref="A4:C5"/></namedSheetView>'
    assert follow_sheet_view(xml, LIST, "S") == xml.replace("C5", "C7")
    xml = '<formControlPr fmlaLink="$B$9" fmlaRange="S!$A$5" fmlaGroup="$A$20"/>'
    assert follow_control(xml, LIST, "S") == (
        '<formControlPr fmlaLink="$B$11" fmlaRange="S!$A$5:$A$7" fmlaGroup=""/>'
    )


def test_pivots() -> None:
    xml = '<cacheSource type="worksheet"><worksheetSource ref="A4:F5" sheet="S"/></cacheSource>'
    assert follow_pivot_cache(xml, LIST) == xml.replace("F5", "F7")
    assert follow_pivot_cache(xml.replace('sheet="S"', 'name="T"'), LIST) == (
        xml.replace('sheet="S"', 'name="T"')
    )
    assert follow_pivot_cache(xml, DROPPED) == xml.replace("F5", "F7").replace('"S"', '"R &amp; D"')
    assert follow_pivot_cache(xml.replace('"S"', '"Old"'), DROPPED) is None
    assert follow_pivot_cache(xml.replace("A4:F5", "A20:F22"), LIST) is None
    other = xml.replace("/>", ' r:id="rId1"/>')
    assert follow_pivot_cache(other, LIST) == other
    place = '<location ref="A9:B12" firstHeaderRow="1"/>'
    assert follow_pivot_table(place, LIST, "S") == place.replace("A9:B12", "A11:B14")
    assert follow_pivot_table(place.replace("A9:B12", "A20:B25"), LIST, "S") is None


def comments(*refs: tuple[str, int], authors: str = "Ann Bob") -> str:
    inner = "".join(
        f'<comment ref="{ref}" authorId="{who}"><t>{ref}</t></comment>' for ref, who in refs
    )
    people = "".join(f"<author>{one.strip('-')}</author>" for one in authors.split())
    return f"<comments><authors>{people}</authors><commentList>{inner}</commentList></comments>"


def test_comments_follow_or_go_with_their_authors() -> None:
    xml = comments(("A9", 0), ("B5", 1), ("C20", 1))
    result = follow_comments(xml, LIST, "S", gone={(5, 2)})
    assert result == comments(("A9", 0), authors="Ann -").replace('ref="A9"', 'ref="A11"')
    assert follow_comments(xml, Moves(), "S", gone={(9, 1), (20, 3)}) == comments(
        ("B5", 1), authors="- Bob"
    )
    assert follow_comments(xml, Moves(), "S") is xml


def test_threads_follow() -> None:
    xml = '<t><threadedComment ref="A9" id="1"/><threadedComment ref="B5" id="2"/></t>'
    assert (
        follow_threads(xml, LIST, "S", gone={(5, 2)})
        == '<t><threadedComment ref="A11" id="1"/></t>'
    )


def shape(anchor: str, tail: str) -> str:
    return (
        "<v:shape style='margin-left:1pt'><v:textbox><div>a<br>b</div></v:textbox>"
        f"<x:ClientData ObjectType='Note'><x:Anchor>\n {anchor}</x:Anchor>{tail}"
        "</x:ClientData></v:shape>"
    )


def test_old_vml_that_is_no_xml() -> None:
    """``<br>`` is never closed in what old versions of Excel write."""
    row = "<x:Row>{}</x:Row><x:Column>1</x:Column>"
    stay = shape("2, 15, 7, 10, 4, 15, 11, 4", row.format(8))
    note = shape("2, 15, 3, 10, 4, 15, 7, 4", row.format(4))
    gone = shape("2, 15, 20, 10, 4, 15, 24, 4", row.format(20))
    drop = shape("2, 0, 8, 0, 4, 0, 9, 0", "<x:FmlaLink>$B$9</x:FmlaLink>")
    xml = f"<xml><v:shapetype/>{stay}{note}{gone}{drop}</xml>"
    result = follow_vml(xml, LIST, "S", gone={(5, 2)})
    moved = shape("2, 15, 9, 10, 4, 15, 13, 4", row.format(10)).replace("\n ", "")
    link = shape("2, 0, 10, 0, 4, 0, 11, 0", "<x:FmlaLink>$B$11</x:FmlaLink>").replace("\n ", "")
    assert result == f"<xml><v:shapetype/>{moved}{link}</xml>"
    assert follow_vml(xml, Moves(), "S") is xml


def test_comments_and_shapes_in_a_block_stay_together() -> None:
    moves = Moves({"S": SheetMoves([Run(1, 1, 4), block(3, 6, [[], []])])})
    assert 'ref="B7"' in follow_comments(comments(("B4", 0)), moves, "S")
    xml = f"<xml>{shape('2, 1, 2, 1, 4, 1, 6, 1', '<x:Row>3</x:Row><x:Column>1</x:Column>')}</xml>"
    assert "<x:Row>6</x:Row>" in follow_vml(xml, moves, "S")
