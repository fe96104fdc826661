"""Merges, views, links, breaks, sparklines and the rest of a worksheet follow their rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesxl.ooxml.template.follow_sheet import MAX_BREAKS, follow_sheet
from salesxl.ooxml.template.moves import Moves, Run, SheetMoves, block

# A list in row 5 gets 3 rows; rows 20 to 22 are dropped.
LIST = Moves({"S": SheetMoves([Run(5, 5, 3), Run(20, 22, 0)])})
# Rows 3–6 are a block for two people; its list in row 5 gets 1 and 3 rows (copies of 4 and 6).
BLOCK = Moves({"S": SheetMoves([block(3, 6, [[Run(5, 5, 1)], [Run(5, 5, 3)]])])})

# Rows 3–6 twice, directly followed by a list of two.
BLOCK_AND_LIST = Moves({"S": SheetMoves([block(3, 6, [[], []]), Run(7, 7, 2)])})


def one(xml: str, moves: Moves = LIST) -> str:
    return follow_sheet(xml, moves, "S")


SIMPLE = [
    ('<dimension ref="A1:F9"/>', '<dimension ref="A1:F11"/>'),
    ("<x:dimension ref='A1:F9'/>", "<x:dimension ref='A1:F11'/>"),
    ('<autoFilter xr:uid="{1}" ref = "A4:F5"><filterColumn colId="0"/></autoFilter>',
     '<autoFilter xr:uid="{1}" ref = "A4:F7"><filterColumn colId="0"/></autoFilter>'),
    ('<autoFilter ref="A20:F22"/>', ""),
    ('<sortState ref="A5:F9"><sortCondition ref="B5:B9"/>'
     '<sortCondition ref="C20:C21"/></sortState>',
     '<sortState ref="A5:F11"><sortCondition ref="B5:B11"/></sortState>'),
    ('<protectedRanges><protectedRange name="p" sqref="A5 B9:C9 D20"/></protectedRanges>',
     '<protectedRanges><protectedRange name="p" sqref="A5:A7 B11:C11"/></protectedRanges>'),
    ('<protectedRanges><protectedRange name="p" sqref="D20"/></protectedRanges><a/>', "<a/>"),
    ('<scenarios current="0"><scenario name="s" count="2"><inputCells r="B9" val="1"/>'
     '<inputCells r="B21" val="2"/></scenario></scenarios>',
     '<scenarios current="0"><scenario name="s" count="1"><inputCells r="B11" val="1"/>'
     "</scenario></scenarios>"),
    ('<cellWatches><cellWatch r="B9"/><cellWatch r="B20"/></cellWatches>',
     '<cellWatches><cellWatch r="B11"/></cellWatches>'),
    ('<ignoredErrors><ignoredError sqref="A5:A9" numberStoredAsText="1"/></ignoredErrors>',
     '<ignoredErrors><ignoredError sqref="A5:A11" numberStoredAsText="1"/></ignoredErrors>'),
    ('<x14:ignoredErrors><x14:ignoredError><xm:sqref>A5</xm:sqref></x14:ignoredError>'
     "</x14:ignoredErrors>",
     '<x14:ignoredErrors><x14:ignoredError><xm:sqref>A5:A7</xm:sqref></x14:ignoredError>'
     "</x14:ignoredErrors>"),
    ('<dataConsolidate><dataRefs count="2"><dataRef ref="A9:B9" sheet="S"/>'
     '<dataRef ref="A20:B20"/></dataRefs></dataConsolidate>',
     '<dataConsolidate><dataRefs count="1"><dataRef ref="A11:B11" sheet="S"/>'
     "</dataRefs></dataConsolidate>"),
    ('<webPublishItems count="1"><webPublishItem id="1" sourceRef="A5:B9"/></webPublishItems>',
     '<webPublishItems count="1"><webPublishItem id="1" sourceRef="A5:B11"/></webPublishItems>'),
    ('<x15:webExtension><xm:f>S!$C$5</xm:f></x15:webExtension>',
     '<x15:webExtension><xm:f>S!$C$5:$C$7</xm:f></x15:webExtension>'),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "expected"), SIMPLE)
def test_ranges_follow(xml: str, expected: str) -> None:
    assert one(xml) == expected


MERGES = [
    ("A9:C9", ["A11:C11"]),
    ("A4:A6", ["A4:A8"]),
    ("A5:C5", ["A5:C5", "A6:C6", "A7:C7"]),  # repeated, never grown
    ("A20:C21", []),
    ("A19:A22", []),  # one cell is left, which is no merge
    ("A19:B22", ["A19:B19"]),
]


@pytest.mark.parametrize(("ref", "expected"), MERGES)
def test_merged_cells(ref: str, expected: list[str]) -> None:
    other = '<m:mergeCell ref="A1:B1"/>'
    xml = f'<m:mergeCells count="2">{other}<m:mergeCell ref="{ref}"/></m:mergeCells>'
    moved = {"A19:B19": "A21:B21"}
    cells = "".join(f'<m:mergeCell ref="{moved.get(text, text)}"/>' for text in expected)
    number = 1 + len(expected)
    assert one(xml) == f'<m:mergeCells count="{number}">{other}{cells}</m:mergeCells>'


def test_merges_are_repeated_with_their_block() -> None:
    xml = '<mergeCells count="2"><mergeCell ref="A3:C3"/><mergeCell ref="A5:B5"/></mergeCells>'
    cells = ["A3:C3", "A7:C7", "A5:B5", "A9:B9", "A10:B10", "A11:B11"]
    inner = "".join(f'<mergeCell ref="{cell}"/>' for cell in cells)
    assert one(xml, BLOCK) == f'<mergeCells count="6">{inner}</mergeCells>'


def test_no_empty_container_is_left() -> None:
    assert (
        one('<a/><mergeCells count="1"><mergeCell ref="A20:B20"/></mergeCells><b/>') == "<a/><b/>"
    )
    ext = '<extLst><ext uri="u"><x14:dataValidations count="1"><x14:dataValidation>'
    end = "</x14:dataValidation></x14:dataValidations></ext></extLst>"
    assert one(f"{ext}<xm:sqref>A20</xm:sqref>{end}<b/>") == "<b/>"


def test_views_and_panes() -> None:
    """A list inside the frozen rows makes them more; the cursor keeps to its cell."""
    xml = (
        '<sheetViews><sheetView topLeftCell="A9">'
        '<pane ySplit="6" topLeftCell="A15" state="frozen"/>'
        '<selection activeCell="C9" sqref="C9:D9 A1"/></sheetView>'
        '<sheetView><pane ySplit="6" topLeftCell="A7" state="frozen"/>'
        '<selection activeCell="B21" activeCellId="1" sqref="A1 B21"/></sheetView>'
        '<sheetView><pane ySplit="900" topLeftCell="A7"/></sheetView></sheetViews>'
    )
    assert one(xml) == (
        '<sheetViews><sheetView topLeftCell="A11">'
        '<pane ySplit="6" topLeftCell="A17" state="frozen"/>'
        '<selection activeCell="C11" sqref="C11:D11 A1"/></sheetView>'
        '<sheetView><pane ySplit="8" topLeftCell="A9" state="frozen"/>'
        '<selection activeCell="B21" activeCellId="0" sqref="B21"/></sheetView>'
        '<sheetView><pane ySplit="900" topLeftCell="A9"/></sheetView></sheetViews>'
    )


def test_a_selection_that_is_partly_gone() -> None:
    xml = '<selection activeCell="A1" activeCellId="1" sqref="B21 A1"/>'
    assert one(xml) == '<selection activeCell="A1" activeCellId="0" sqref="A1"/>'


def test_links() -> None:
    xml = (
        '<hyperlinks><hyperlink ref="A9" r:id="rId1" tooltip="A &amp; B"/>'
        '<hyperlink ref="A5" location="S!C5" xr:uid="{1}"/>'
        '<hyperlink ref="B1" location="\'S\'!A20"/><hyperlink ref="A21" r:id="rId2"/></hyperlinks>'
    )
    assert one(xml) == (
        '<hyperlinks><hyperlink ref="A11" r:id="rId1" tooltip="A &amp; B"/>'
        '<hyperlink ref="A5" location="S!C5" xr:uid="{1}"/>'
        '<hyperlink ref="A6" location="S!C6"/><hyperlink ref="A7" location="S!C7"/>'
        '<hyperlink ref="B1" location="#REF!"/></hyperlinks>'
    )


BREAKS = [
    (LIST, [4, 5, 9, 20, 25], [4, 7, 11, 24]),
    (BLOCK, [2], [2, 6]),  # above the block: above every copy
    (BLOCK, [6], [6, 12]),  # below the block: below every copy
    (BLOCK, [4, 5], [4, 5, 8, 11]),
    (BLOCK, [9], [15]),
    (BLOCK_AND_LIST, [6, 7], [6, 10, 12]),
]


@pytest.mark.parametrize(("moves", "old", "new"), BREAKS)
def test_page_breaks(moves: Moves, old: list[int], new: list[int]) -> None:
    def xml(rows: list[int]) -> str:
        inner = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in rows)
        return f'<rowBreaks count="{len(rows)}" manualBreakCount="{len(rows)}">{inner}</rowBreaks>'

    assert one(xml(old), moves) == xml(new)
    columns = '<colBreaks count="1"><brk id="5" max="1048575" man="1"/></colBreaks>'
    assert one(columns, moves) == columns


def test_no_more_page_breaks_than_excel_reads() -> None:
    moves = Moves({"S": SheetMoves([block(3, 6, [[]] * 2000)])})
    xml = one('<rowBreaks count="1"><brk id="6" man="1"/></rowBreaks>', moves)
    assert xml.count("<brk ") == MAX_BREAKS
    assert f'count="{MAX_BREAKS}"' in xml


def spark(*pairs: tuple[str, str]) -> str:
    inner = "".join(
        f"<x14:sparkline><xm:f>{f}</xm:f><xm:sqref>{at}</xm:sqref></x14:sparkline>"
        for f, at in pairs
    )
    return (
        f'<x14:sparklineGroup><x14:colorSeries theme="4"/><x14:sparklines>{inner}</x14:sparklines>'
        "</x14:sparklineGroup>"
    )


SPARKLINES = [
    (LIST, [("S!B9:M9", "N9")], [("S!B11:M11", "N11")]),
    (LIST, [("S!B5:M5", "N5")], [("S!B5:M5", "N5"), ("S!B6:M6", "N6"), ("S!B7:M7", "N7")]),
    (LIST, [("S!$B$5:$M$5", "N5")], [("S!$B$5:$M$5", "N5"), ("S!$B$6:$M$6", "N6"),
                                     ("S!$B$7:$M$7", "N7")]),
    (LIST, [("S!C5", "A1")], [("S!C5:C7", "A1")]),
    (LIST, [("S!C20:C21", "A1"), ("S!C9", "A2")], [("S!C11", "A2")]),
    (BLOCK, [("S!B5:B5", "C3")], [("S!B5:B5", "C3"), ("S!B9:B11", "C7")]),
]  # fmt: skip


@pytest.mark.parametrize(("moves", "old", "new"), SPARKLINES)
def test_sparklines(moves: Moves, old: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    assert one(spark(*old), moves) == spark(*new)


def test_quotes_and_markup_in_titles_are_written_as_the_place_asks() -> None:
    moves = Moves({"S": SheetMoves([], 'It\'s "R&D"')})
    assert one(spark(("S!B1", "C1")), moves) == (spark(("'It''s \"R&amp;D\"'!B1", "C1")))
    links = "<hyperlinks><hyperlink ref='A1' location={}/></hyperlinks>"
    assert one(links.format('"S!B1"'), moves) == (
        links.format("\"'It''s &quot;R&amp;D&quot;'!B1\"")
    )
    assert one(links.format("'S!B1'"), moves) == (
        links.format("'&apos;It&apos;&apos;s \"R&amp;D\"&apos;!B1'")
    )


def test_a_group_without_sparklines_goes() -> None:
    start, end = "<x14:sparklineGroups>", "</x14:sparklineGroups>"
    gone, left = spark(("S!B20", "N20")), spark(("S!B1", "N1"))
    assert one(f"{start}{gone}{left}{end}") == f"{start}{left}{end}"
    assert one(f"{start}{gone}{end}") == ""


def control(row: int, to: int, link: str) -> str:
    return (
        '<mc:AlternateContent><mc:Choice Requires="x14"><control r:id="rId1" name="c">'
        f'<controlPr linkedCell="{link}" listFillRange="S!$C$5"><anchor moveWithCells="1">'
        f"<from><xdr:col>1</xdr:col><xdr:row>{row}</xdr:row></from>"
        f"<to><xdr:col>2</xdr:col><xdr:row>{to}</xdr:row></to></anchor></controlPr></control>"
        "</mc:Choice></mc:AlternateContent>"
    )


def test_controls() -> None:
    moved = control(10, 11, "$B$11").replace("$C$5", "$C$5:$C$7")
    assert one(f"<controls>{control(8, 9, '$B$9')}{control(20, 21, '$B$9')}</controls>") == (
        f"<controls>{moved}</controls>"
    )
    fallen = control(20, 21, "$B$9").replace("</mc:Choice>", "</mc:Choice><mc:Fallback/>")
    assert one(f"<controls>{fallen}</controls>") == ""
    gone = control(0, 1, "$B$20")
    assert 'linkedCell=""' in one(f"<controls>{gone}</controls>")


def test_the_sheet_rows_and_comments_are_left_alone() -> None:
    xml = (
        "<?xml version='1.0'?><worksheet><!-- <dimension ref=\"A9\"/> --><sheetData><row r='9'>"
        "<c r='A9'><f>A9</f></c></row></sheetData><![CDATA[<dimension ref='A9'/>]]>"
        '<customSheetViews><customSheetView topLeftCell="A9"><rowBreaks count="1"><brk id="9"/>'
        "</rowBreaks></customSheetView></customSheetViews></worksheet>"
    )
    expected = xml.replace('topLeftCell="A9"', 'topLeftCell="A11"').replace('id="9"', 'id="11"')
    assert one(xml) == expected


ALL = "".join(xml for xml, _ in SIMPLE) + spark(("S!B9", "N9")) + control(8, 9, "$B$9")


def test_what_does_not_move_is_the_same_object() -> None:
    elsewhere = Moves({"T": SheetMoves([Run(5, 5, 3)])})
    below = Moves({"S": SheetMoves([Run(900, 900, 3)])})
    for moves in (Moves(), elsewhere, below):
        assert follow_sheet(ALL, moves, "S") is ALL


@given(st.text(st.sampled_from("<>/='\"& abc:AZ15!-[]?"), max_size=60))
def test_broken_xml_never_fails(text: str) -> None:
    assert one(f"{text}<dimension ref='A9'/>") is not None
