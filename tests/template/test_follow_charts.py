"""Charts and drawings follow their rows; no number of the template stays in a cache."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from salesxl.ooxml.template.follow_charts import follow_chart
from salesxl.ooxml.template.follow_drawings import follow_drawing
from salesxl.ooxml.template.moves import Moves, Run, SheetMoves, block
from salesxl.ooxml.template.refill_charts import refill_chart, refill_links

LIST = Moves({"S": SheetMoves([Run(5, 5, 3), Run(20, 22, 0)])})
BLOCK = Moves({"S": SheetMoves([block(3, 6, [[Run(5, 5, 1)], [Run(5, 5, 3)]])])})

# The filled sheet S, from A4 on.
CELLS = {
    "S": [
        ["Region", "Shop", "Amount"],
        ["North", "N & 1", Decimal("1.50")],
        [None, "N2", None],
        ["South", "S1", -3.25],
        ["", "S2", "#N/A"],
    ],
    "R & D": [["one", "two", 3]],
}


def value_of(sheet: str, row: int, col: int) -> object:
    rows = CELLS[sheet]
    return rows[row - 4][col - 1] if 0 <= row - 4 < len(rows) and col <= 3 else None


def refill(xml: str, **more: object) -> str:
    return refill_chart(xml, value_of, **more)  # type: ignore[arg-type]


def points(*values: object, p: str = "c:") -> str:
    inner = "".join(
        f'<{p}pt idx="{index}"><{p}v>{value}</{p}v></{p}pt>'
        for index, value in enumerate(values)
        if value is not None
    )
    return f'<{p}ptCount val="{len(values)}"/>{inner}'


def space(inner: str, p: str = "c:") -> str:
    return f"<{p}chartSpace>{inner}</{p}chartSpace>"


FOLLOWED = [
    ("<c:val><c:numRef><c:f>S!$C$5</c:f></c:numRef></c:val>", "$C$5:$C$7"),
    ("<ser><val><numRef><f>S!$C$5</f></numRef></val></ser>", "$C$5:$C$7"),
    ("<c:ser><c:tx><c:strRef><c:f>S!$C$5</c:f></c:strRef></c:tx></c:ser>", "$C$5"),
    ("<c:title><c:tx><c:strRef><c:f>S!$A$9</c:f></c:strRef></c:tx></c:title>", "$A$11"),
    ("<c:ser><c15:datalabelsRange><c15:f>S!$A$5</c15:f></c15:datalabelsRange></c:ser>",
     "$A$5:$A$7"),
    ("<c15:formulaRef><c15:sqref>S!$A$4:$A$5</c15:sqref></c15:formulaRef>", "$A$4:$A$7"),
    ("<cx:data><cx:numDim><cx:f>S!$C$5:$C$5</cx:f></cx:numDim></cx:data>", "$C$5:$C$7"),
    ("<cx:data><cx:numDim><cx:nf>S!$C$5</cx:nf></cx:numDim></cx:data>", "$C$5"),
    ("<cx:tx><cx:txData><cx:f>S!$C$5</cx:f></cx:txData></cx:tx>", "$C$5"),
    ("<c:errBars><c:plus><c:numRef><c:f>(S!$C$5,S!$C$9)</c:f></c:numRef></c:plus></c:errBars>",
     "$C$5:$C$7,S!$C$11"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "expected"), FOLLOWED)
def test_ranges_follow(xml: str, expected: str) -> None:
    old = re.search(r"\$.*\$\d+", xml)
    assert old is not None
    assert follow_chart(xml, LIST) == xml.replace(old.group(), expected)


def test_vanished_ranges_pivots_and_copies() -> None:
    assert follow_chart("<c:val><c:f>S!$C$20:$C$22</c:f></c:val>", LIST) == (
        "<c:val><c:f>#REF!</c:f></c:val>"
    )
    renamed = Moves({"S": SheetMoves([], "R & D")})
    pivot = "<c:pivotSource><c:name>[b.xlsx]{}!Pivot 1</c:name></c:pivotSource>"
    assert follow_chart(pivot.format("S"), renamed) == pivot.format("R &amp; D")
    assert follow_chart(pivot.format("T"), renamed) == pivot.format("T")
    second = BLOCK.seen_from("S", BLOCK.sheet("S").view(3, 1))
    series = "<c:val><c:f>S!$C$5:$C$5</c:f></c:val>"
    assert follow_chart(series, second) == series.replace("$C$5:$C$5", "$C$9:$C$11")


def test_number_and_text_caches() -> None:
    """Blanks and texts are gaps in numbers; errors stay errors; the format stays."""
    xml = space(
        "<c:cat><c:strRef><c:f>S!$B$5:$B$8</c:f><c:strCache><c:ptCount val='9'/><c:pt idx='0'>"
        "<c:v>Leak</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>S!$C$5:$C$8"
        "</c:f><c:numCache><c:formatCode>0.0%</c:formatCode><c:ptCount val='1'/><c:pt idx='0'>"
        "<c:v>99</c:v></c:pt></c:numCache></c:numRef></c:val>"
    )
    assert refill(xml) == space(
        "<c:cat><c:strRef><c:f>S!$B$5:$B$8</c:f><c:strCache>"
        + points("N &amp; 1", "N2", "S1", "S2")
        + "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>S!$C$5:$C$8</c:f><c:numCache>"
        "<c:formatCode>0.0%</c:formatCode>"
        + points("1.50", None, -3.25, "#N/A")
        + "</c:numCache></c:numRef></c:val>"
    )


def test_without_a_prefix_and_with_empty_caches() -> None:
    xml = space("<numRef><f>S!$C$5:$C$7</f><numCache/></numRef>", p="")
    filled = f"<numCache>{points('1.50', None, -3.25, p='')}</numCache>"
    assert refill(xml) == xml.replace("<numCache/>", filled)


def test_levels_of_categories() -> None:
    """The innermost level comes first; an outer label stands where its group begins."""
    cache = "<c:multiLvlStrCache>{}</c:multiLvlStrCache>"
    old = f"<c:lvl>{points('leak')}</c:lvl>"
    xml = "<c:multiLvlStrRef><c:f>S!$A$5:$B$8</c:f>{}</c:multiLvlStrRef>"
    inner = points("N &amp; 1", "N2", "S1", "S2").split("/>", 1)[1]
    outer = points("North", None, "South", None).split("/>", 1)[1]
    new = f'<c:ptCount val="4"/><c:lvl>{inner}</c:lvl><c:lvl>{outer}</c:lvl>'
    assert refill(space(xml.format(cache.format(old + old)))) == (
        space(xml.format(cache.format(new)))
    )


def test_levels_in_rows() -> None:
    cache = "<c:multiLvlStrCache>{}</c:multiLvlStrCache>"
    xml = "<c:multiLvlStrRef><c:f>S!$A$5:$C$6</c:f>{}</c:multiLvlStrRef>"
    old = f"<c:lvl>{points('leak')}</c:lvl>" * 2
    bottom = points(None, "N2", None).split("/>", 1)[1]
    top = points("North", "N &amp; 1", "1.50").split("/>", 1)[1]
    new = f'<c:ptCount val="3"/><c:lvl>{bottom}</c:lvl><c:lvl>{top}</c:lvl>'
    assert refill(space(xml.format(cache.format(old)))) == space(xml.format(cache.format(new)))


def test_categories_that_became_words() -> None:
    xml = space(
        "<c:cat><c:numRef><c:f>S!$B$5:$B$6</c:f><c:numCache><c:formatCode>0</c:formatCode>"
        f"{points(1, 2)}</c:numCache></c:numRef></c:cat>"
    )
    assert refill(xml) == space(
        f"<c:cat><c:strRef><c:f>S!$B$5:$B$6</c:f><c:strCache>{points('N &amp; 1', 'N2')}"
        "</c:strCache></c:strRef></c:cat>"
    )


def test_extensions_hold_caches_too() -> None:
    label = (
        "<c15:datalabelsRange><c15:f>S!$B$5:$B$6</c15:f><c15:dlblRangeCache>{}"
        "</c15:dlblRangeCache></c15:datalabelsRange>"
    )
    filtered = (
        "<c15:ser><c:val><c:numRef><c:extLst><c:ext><c15:formulaRef><c15:sqref>S!$C$5</c15:sqref>"
        "</c15:formulaRef></c:ext></c:extLst><c:numCache>{}</c:numCache></c:numRef></c:val></c15:ser>"
    )
    old = space(label.format(points("leak")) + filtered.format(points(99)))
    assert refill(old) == space(
        label.format(points("N &amp; 1", "N2")) + filtered.format(points("1.50"))
    )


def test_newer_charts() -> None:
    xml = (
        "<cx:chartSpace><cx:strDim type='cat'><cx:f>S!$A$5:$B$6</cx:f><cx:lvl ptCount='9'>"
        "<cx:pt idx='0'>leak</cx:pt></cx:lvl><cx:lvl ptCount='9'/></cx:strDim>"
        "<cx:numDim type='val'><cx:f>_xlchart.v1.3</cx:f><cx:lvl ptCount='9' "
        "formatCode='0'><cx:pt idx='0'>99</cx:pt></cx:lvl></cx:numDim>"
        "<cx:txData><cx:f>S!$C$4</cx:f><cx:v>leak</cx:v></cx:txData>"
        "</cx:chartSpace>"
    )
    assert refill(xml, names={"_xlchart.v1.3": "S!$C$5:$C$7"}) == (
        "<cx:chartSpace><cx:strDim type='cat'><cx:f>S!$A$5:$B$6</cx:f><cx:lvl ptCount='2'>"
        '<cx:pt idx="0">N &amp; 1</cx:pt><cx:pt idx="1">N2</cx:pt></cx:lvl><cx:lvl ptCount=\'2\'>'
        "<cx:pt idx=\"0\">North</cx:pt></cx:lvl></cx:strDim><cx:numDim type='val'>"
        "<cx:f>_xlchart.v1.3</cx:f><cx:lvl ptCount='3' formatCode='0'><cx:pt idx=\"0\">1.50</cx:pt>"
        '<cx:pt idx="2">-3.25</cx:pt></cx:lvl></cx:numDim><cx:txData><cx:f>S!$C$4</cx:f>'
        "<cx:v>Amount</cx:v></cx:txData></cx:chartSpace>"
    )


UNKNOWN = ["#REF!", "OFFSET(S!$A$1,0,0,3)", "[1]S!$C$5", "nobody", "S!$C:$C", "S!$A$1:$XFD$1048575"]


@pytest.mark.parametrize("formula", UNKNOWN)
def test_what_cannot_be_known_leaves_an_empty_cache(formula: str) -> None:
    xml = space(f"<c:numRef><c:f>{formula}</c:f><c:numCache>{{}}</c:numCache></c:numRef>")
    assert refill(xml.format(points(99, 98))) == xml.format(points())


def test_names_whole_columns_and_literals() -> None:
    xml = space("<c:numRef><c:f>{}</c:f><c:numCache>{}</c:numCache></c:numRef>")
    names = {"s!amounts": "S!$C$5:$C$5", "all": "=S!$C$5:$C$7"}
    for formula, expected in (("S!Amounts", ["1.50"]), ("book.xlsx!ALL", ["1.50", None, -3.25])):
        old = xml.format(formula, points(99))
        assert refill(old, names=names) == xml.format(formula, points(*expected))
    column = [None] * 4 + ["1.50", None, -3.25]
    assert refill(xml.format("S!$C:$C", points(99)), last_row=lambda _: 7) == (
        xml.format("S!$C:$C", points(*column))
    )
    literal = space(f"<c:numLit>{points(1, 2)}</c:numLit><c:v>x</c:v>")
    assert refill(literal) is literal


@pytest.mark.parametrize(
    ("value", "number", "text"),
    [
        (date(2026, 3, 1), "46082", "2026-03-01"),
        (datetime(2026, 3, 1, 12), "46082.5", "2026-03-01 12:00"),
        (True, None, "TRUE"),
        (0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"),
        (3.0, "3", "3"),
        (Decimal("1E+3"), "1000", "1000"),
        (float("nan"), None, None),
        ("a\x01<b", None, "a&lt;b"),
        (10**20, "1" + "0" * 20, "1" + "0" * 20),
    ],
)
def test_kinds_of_values(value: object, number: str | None, text: str | None) -> None:
    for tag, expected in (("num", number), ("str", text)):
        xml = space(f"<c:{tag}Ref><c:f>S!$A$1</c:f><c:{tag}Cache>{{}}</c:{tag}Cache></c:{tag}Ref>")
        result = refill_chart(xml.format(""), lambda *_: value)  # type: ignore[arg-type,return-value]
        assert result == xml.format(points(expected))


def test_dates_of_the_other_epoch() -> None:
    xml = space("<c:numRef><c:f>S!$A$1</c:f><c:numCache>{}</c:numCache></c:numRef>")
    result = refill_chart(xml.format(""), lambda *_: date(1904, 1, 2), date1904=True)
    assert result == xml.format(points(1))


# --- drawings


def anchor(top: int, bottom: int, inner: str, edit: str = "", off: int = 5) -> str:
    return (
        f"<xdr:twoCellAnchor{edit}><xdr:from><xdr:col>1</xdr:col><xdr:row>{top}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:row>{bottom}</xdr:row>"
        f"<xdr:rowOff>{off}</xdr:rowOff></xdr:to>{inner}</xdr:twoCellAnchor>"
    )


CHART = '<xdr:graphicFrame><xdr:cNvPr id="{}" name="n"/><c:chart r:id="{}"/></xdr:graphicFrame>'
PICTURE = '<xdr:pic><xdr:cNvPr id="{}" name="n"/><a:blip r:embed="rId1"/></xdr:pic>'
SHAPE = '<xdr:sp textlink="{}"><xdr:cNvPr id="3" name="n"/></xdr:sp>'


def drawing(*anchors: str) -> str:
    return f"<xdr:wsDr>{''.join(anchors)}</xdr:wsDr>"


ANCHORS = [
    # (rows from 0) below the list: moves; beside it: keeps its size unless it is a shape
    (CHART.format(1, "r"), "", (8, 20), (10, 22)),
    (CHART.format(1, "r"), "", (2, 20), (2, 20)),
    (SHAPE.format(""), "", (2, 10), (2, 12)),
    (SHAPE.format(""), ' editAs="oneCell"', (2, 10), (2, 10)),
    (SHAPE.format(""), ' editAs="absolute"', (8, 10), (8, 10)),
    (PICTURE.format(1), ' editAs="twoCell"', (4, 4), (4, 4)),
]


@pytest.mark.parametrize(("inner", "edit", "old", "new"), ANCHORS)
def test_anchors(inner: str, edit: str, old: tuple[int, int], new: tuple[int, int]) -> None:
    result = follow_drawing(drawing(anchor(*old, inner, edit)), LIST, "S")
    assert result.xml == drawing(anchor(*new, inner, edit))
    assert result.clones == ()


def test_a_shape_that_ends_on_a_border_ends_with_its_rows() -> None:
    old = drawing(anchor(3, 5, SHAPE.format(""), off=0))  # rows 4 and 5, the list is row 5
    assert follow_drawing(old, LIST, "S").xml == drawing(anchor(3, 7, SHAPE.format(""), off=0))
    above = drawing(anchor(2, 4, SHAPE.format(""), off=0))  # rows 3 and 4
    assert follow_drawing(above, LIST, "S").xml is above


def test_what_stands_in_dropped_rows_goes() -> None:
    wrapped = f"<mc:AlternateContent><mc:Choice>{anchor(20, 21, SHAPE.format(''))}</mc:Choice>"
    xml = drawing(anchor(19, 25, PICTURE.format(1)), f"{wrapped}</mc:AlternateContent>")
    assert follow_drawing(xml, LIST, "S").xml == "<xdr:wsDr></xdr:wsDr>"


def test_links_of_shapes_follow() -> None:
    for old, new in (("S!$B$9", "S!$B$11"), ("$B$20", "")):
        xml = drawing(anchor(0, 1, SHAPE.format(old)))
        assert follow_drawing(xml, LIST, "S").xml == drawing(anchor(0, 1, SHAPE.format(new)))


def test_pictures_and_charts_are_repeated_with_their_block() -> None:
    xml = drawing(
        anchor(2, 3, PICTURE.format(7)), anchor(3, 5, CHART.format(9, "rId1")),
        anchor(3, 9, PICTURE.format(8)),
    )  # fmt: skip
    result = follow_drawing(xml, BLOCK, "S")
    assert result.xml == drawing(
        anchor(2, 3, PICTURE.format(7)), anchor(6, 7, PICTURE.format(10)),
        anchor(3, 5, CHART.format(9, "rId1")), anchor(7, 9, CHART.format(11, "rId1_2")),
        anchor(3, 9, PICTURE.format(8)),
    )  # fmt: skip
    assert [(c.id, c.new_id, c.moves.at(3)) for c in result.clones] == [("rId1", "rId1_2", 7)]
    form = f"<mc:AlternateContent><mc:Choice>{anchor(2, 3, SHAPE.format(''))}</mc:Choice>"
    form = drawing(f"{form}</mc:AlternateContent>")  # a form control has one shape in the VML
    assert follow_drawing(form, BLOCK, "S").xml == form
    once = follow_drawing(xml, BLOCK, "S", clone_parts=False)
    assert once.clones == ()
    assert once.xml.count("<c:chart") == 1


def test_linked_texts_are_renewed() -> None:
    run = "<a:r><a:t>{}</a:t></a:r>"
    shape = '<xdr:sp textlink="{}"><xdr:txBody>{}</xdr:txBody></xdr:sp>'
    xml = drawing(
        shape.format("$B$5", run.format("leak") * 2), shape.format("", run.format("caption")),
        shape.format("S!$A$6", run.format("leak")),
        shape.format("'R &amp; D'!$C$4", run.format("x")),
    )  # fmt: skip
    assert refill_links(xml, "S", value_of) == drawing(  # type: ignore[arg-type]
        shape.format("$B$5", run.format("N &amp; 1") + run.format("")),
        shape.format("", run.format("caption")), shape.format("S!$A$6", run.format("")),
        shape.format("'R &amp; D'!$C$4", run.format("3")),
    )  # fmt: skip
