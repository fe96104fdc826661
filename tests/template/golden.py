"""What filling the rich template with `rich_fill.fill()` must change, written out by hand.

Five entries of `Sales` stand where three samples were (Report grows by 2 rows below row
13), four of `people` for three (People grows by 1 below row 8), and two cards for one:
the first with two lines, the second with one (Cards grows by 8 below row 10).
"""

from __future__ import annotations

from tests.template.rich_fill import CUSTOMERS, MANAGER, PEOPLE, TITLE

Edits = dict[str, list[tuple[str, str]]]

# Parts that hold no data and point at no row that moves: the same bytes.
UNTOUCHED = (
    "_rels/.rels",
    "customUI/customUI14.xml",
    "customXml/_rels/item1.xml.rels",
    "customXml/item1.xml",
    "customXml/itemProps1.xml",
    "xl/charts/_rels/chart1.xml.rels",
    "xl/charts/colors1.xml",
    "xl/chartsheets/_rels/sheet1.xml.rels",
    "xl/chartsheets/sheet1.xml",
    "xl/connections.xml",
    "xl/ctrlProps/ctrlProp1.xml",
    "xl/drawings/_rels/drawing1.xml.rels",
    "xl/drawings/_rels/drawing2.xml.rels",
    "xl/drawings/_rels/drawing3.xml.rels",
    "xl/drawings/_rels/vmlDrawing3.vml.rels",
    "xl/drawings/drawing2.xml",
    "xl/drawings/drawing3.xml",
    "xl/drawings/vmlDrawing3.vml",
    "xl/externalLinks/_rels/externalLink1.xml.rels",
    "xl/featurePropertyBag/featurePropertyBag.xml",
    "xl/media/image1.png",
    "xl/metadata.xml",
    "xl/pivotTables/_rels/pivotTable1.xml.rels",
    "xl/slicerCaches/slicerCache1.xml",
    "xl/slicers/slicer1.xml",
    "xl/styles.xml",
    "xl/tables/table2.xml",
    "xl/theme/theme1.xml",
    "xl/worksheets/_rels/sheet4.xml.rels",
    "xl/worksheets/_rels/sheet5.xml.rels",
    "xl/worksheets/_rels/sheet6.xml.rels",
    "xl/worksheets/sheet6.xml",
)

# Parts whose content is cleared as a whole; `test_no_leak` looks into them.
CLEARED = (
    "docProps/app.xml",
    "docProps/core.xml",
    "docProps/custom.xml",
    "xl/externalLinks/externalLink1.xml",
    "xl/persons/person.xml",
    "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels",
    "xl/pivotCache/pivotCacheDefinition1.xml",
    "xl/pivotCache/pivotCacheRecords1.xml",
    "xl/pivotTables/pivotTable1.xml",
    "xl/printerSettings/printerSettings1.bin",
    "xl/sharedStrings.xml",
    "xl/calcChain.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
)

_NOTE = "<x:Anchor>1, 15, 15, 2, 3, 31, 19, 1</x:Anchor>"

# Part → every other difference, as texts of the template and what stands there now.
# Texts between "‹" and "›" are taken out to their ends.
CHANGED: Edits = {
    "xl/workbook.xml": [
        ("Report!$A$1:$P$20", "Report!$A$1:$P$22"),
        ("People!$A$1:$I$10", "People!$A$1:$I$11"),
        ("Cards!$4:$10", "Cards!$4:$18"),
        ("Cards!$A$7:$C$7", "Cards!$A$7:$C$8"),
        ("People!$D$10", "People!$D$11"),
        ("People!$A$6:$E$8", "People!$A$6:$E$9"),
        ("Report!$E$11:$E$13", "Report!$E$11:$E$15"),
        ("People!$H$6:$I$8", "People!$H$6:$I$9"),
    ],
    "xl/worksheets/sheet1.xml": [
        ('ref="A1:G19"', 'ref="A1:G21"'),
        ('activeCell="A17" sqref="A17"', 'activeCell="A19" sqref="A19"'),
        ("A16:F16", "A18:F18"),
        ("E11:E13", "E11:E15"),
        ('sqref="A11:D13"', 'sqref="A11:D15"'),
        ("$C$11:$C$13", "$C$11:$C$15"),
        ('<conditionalFormatting sqref="A17">', '<conditionalFormatting sqref="A19">'),
        ("$E$14", "$E$16"),
        ('sqref="C11:C13"', 'sqref="C11:C15"'),
        ('sqref="B18"', 'sqref="B20"'),
        ('ref="A18"', 'ref="A20"'),
        ('<hyperlink ref="A11" r:id="rId2" tooltip="LeakLinkTooltip"/>', ""),
        ('ref="B17"', 'ref="B19"'),
        ('<brk id="15"', '<brk id="17"'),
        ('"A11:A17"', '"A11:A19"'),
        ("<xm:sqref>D11:D13<", "<xm:sqref>D11:D15<"),
        ("<xm:sqref>A11:A13<", "<xm:sqref>A11:A15<"),
        (
            "<xm:sqref>G13</xm:sqref></x14:sparkline>",
            "<xm:sqref>G13</xm:sqref></x14:sparkline>"
            "<x14:sparkline><xm:f>Report!C14:E14</xm:f><xm:sqref>G14</xm:sqref></x14:sparkline>"
            "<x14:sparkline><xm:f>Report!C15:E15</xm:f><xm:sqref>G15</xm:sqref></x14:sparkline>",
        ),
        ("<xm:sqref>B19<", "<xm:sqref>B21<"),
    ],
    "xl/worksheets/sheet2.xml": [
        ('ref="A2:I12"', 'ref="A2:I13"'),
        ('activeCell="D10" sqref="D10"', 'activeCell="D11" sqref="D11"'),
        ('"B6:C8"', '"B6:C9"'),
        ("A12:C12", "A13:C13"),
        ('"D6:D8 I6:I8"', '"D6:D9 I6:I9"'),
    ],
    "xl/worksheets/sheet3.xml": [
        ('ref="A1:C12"', 'ref="A1:C20"'),
        ('<mergeCell ref="A4:C4"/>', '<mergeCell ref="A4:C4"/><mergeCell ref="A12:C12"/>'),
        ('<mergeCells count="1">', '<mergeCells count="2">'),
        ('sqref="C8"', 'sqref="C9 C16"'),
    ],
    "xl/worksheets/sheet4.xml": [],
    "xl/worksheets/sheet5.xml": [],
    "xl/worksheets/sheet7.xml": [],
    "xl/worksheets/_rels/sheet1.xml.rels": [
        (
            '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/hyperlink" Target="mailto:leakmail@example.com" '
            'TargetMode="External"/>',
            "",
        )
    ],
    "xl/tables/table1.xml": [
        ('ref="A10:F14"', 'ref="A10:F16"'),
        ('"A10:F13"', '"A10:F15"'),
        ('"A11:F13"', '"A11:F15"'),
        ('"E10:E13"', '"E10:E15"'),
        (
            '<filterColumn colId="0"><filters><filter val="LeakFilterValue"/>'
            '<filter val="LeakInlineCustomer"/></filters></filterColumn>',
            "",
        ),
    ],
    "xl/drawings/drawing1.xml": [
        ("<xdr:row>15<", "<xdr:row>17<"),
        ("<xdr:row>28<", "<xdr:row>30<"),
        ("<xdr:row>20<", "<xdr:row>22<"),
        ("<xdr:row>24<", "<xdr:row>26<"),
    ],
    "xl/drawings/vmlDrawing1.vml": [
        (_NOTE, "<x:Anchor>1, 15, 17, 2, 3, 31, 21, 1</x:Anchor>"),
        ("<x:Row>15<", "<x:Row>17<"),
        ('‹<v:shape id="_x0000_s1026"›</v:shape>', ""),
        ('‹<v:shape id="_x0000_s1027"›</v:shape>', ""),
    ],
    "xl/drawings/vmlDrawing2.vml": [("Report!$A$11:$A$13", "Report!$A$11:$A$15")],
    "xl/ctrlProps/ctrlProp2.xml": [("Report!$A$11:$A$13", "Report!$A$11:$A$15")],
    "xl/comments1.xml": [
        ('ref="A16"', 'ref="A18"'),
        ('‹<comment ref="A11"›</comment>', ""),
        ('‹<comment ref="C11"›</comment>', ""),
    ],
    "xl/threadedComments/threadedComment1.xml": [
        ('‹<threadedComment ref="C11"›</threadedComment>', ""),
        ('‹<threadedComment ref="C11"›</threadedComment>', ""),
    ],
    "xl/charts/chart1.xml": [
        ("$A$11:$A$13", "$A$11:$A$15"),
        ("$E$11:$E$13", "$E$11:$E$15"),
    ],
    "xl/charts/chart2.xml": [
        ("$B$11:$B$13", "$B$11:$B$15"),
        ("$C$11:$C$13", "$C$11:$C$15"),
        ("$D$11:$D$13", "$D$11:$D$15"),
    ],
    "xl/charts/chart3.xml": [("$A$6:$A$8", "$A$6:$A$9"), ("$D$6:$D$8", "$D$6:$D$9")],
    "xl/charts/chartEx1.xml": [
        ("$A$11:$A$13", "$A$11:$A$15"),
        ("$E$11:$E$13", "$E$11:$E$15"),
    ],
}

Cells = dict[str, tuple[int, object]]  # cell → style and text, number, formula; None: blank
_AMOUNT = "=Sales[[#This Row],[Units]]*Sales[[#This Row],[Price]]"
_SHARE = "=Sales[[#This Row],[Amount]]/SUM(Sales[Amount])"


def _row(row: int, style: int, columns: str) -> Cells:
    return {f"{column}{row}": (style, None) for column in columns}


def report() -> Cells:
    cells: Cells = {
        "A1": (1, TITLE), **_row(1, 1, "BCDEF"),
        "A2": (0, "KeepPeriodLabel"), "B2": (2, 45747),
        "A3": (0, "KeepTotalAbove"), "B3": (3, "=SUM(Sales[Amount])"),
        "C3": (0, '=COUNTIF(A11:A15,"Leak*")'), "D3": (0, "=INDEX(Sales[Customer],1)"),
        "E3": (3, "=SUM(sales_amounts)*growth"),
        "A4": (0, "Keep KeepRichCaption of two fonts"),
        "A16": (0, "KeepTotalsLabel"), "C16": (0, "=SUBTOTAL(109,Sales[Units])"),
        "E16": (6, "=SUBTOTAL(109,Sales[Amount])"),
        "A18": (1, "KeepMergedBelow"), **_row(18, 1, "BCDEF"),
        "A19": (0, "=SUM(E11:E15)"), "B19": (3, "=AVERAGE(Sales[Price])"),
        "C19": (0, "=MAX($C$11:$C$15)"), "D19": (0, "=Sales[[#Totals],[Units]]*2"),
        "E19": (3, "=E16-SUM(Sales[Amount])"),
        "A20": (7, "KeepLinkText"), "B20": (0, "=SUM(B19:C19)"), "A21": (8, True),
    }  # fmt: skip
    heads = ("Customer", "Day", "Units", "Price", "Amount", "Share")
    cells.update({f"{'ABCDEF'[i]}10": (5, head) for i, head in enumerate(heads)})
    for i in range(5):  # 2025-01-01 is day 45658
        row: list[tuple[int, object]] = [
            (0, CUSTOMERS[i]), (2, 45658 + i), (0, i + 2), (3, i + 10), (3, _AMOUNT), (4, _SHARE),
            (0, None),
        ]  # fmt: skip
        cells.update({f"{'ABCDEFG'[j]}{11 + i}": cell for j, cell in enumerate(row)})
    return cells


def people() -> Cells:
    cells: Cells = {
        "A2": (0, "KeepManagerLabel"), "B2": (0, MANAGER),
        "A3": (0, "KeepInlineCaption"), "D3": (0, "=pay_total"), "E3": (0, "=SUM(D6:D9)"),
        "A5": (5, "KeepPersonHeader"), "B5": (5, "Units"), "C5": (5, "Rate"),
        "D5": (5, "Amount"), "E5": (5, "KeepRunningHeader"), "H5": (5, "Key"), "I5": (5, "Amount"),
        "A11": (0, "KeepSubtotal"), "D11": (6, "=SUM(D6:D9)"), "I11": (6, "=SUM(I6:I9)"),
        "A13": (0, "KeepBelowPeople"), "D13": (0, "=D11/Report!E16"),
    }  # fmt: skip
    for i in range(4):
        row = 6 + i
        cells.update({
            f"A{row}": (0, PEOPLE[i]), f"B{row}": (0, (i + 1) * 100), f"C{row}": (4, 0.5),
            f"D{row}": (3, f"=IF(ISNUMBER(B{row}),B{row}*C{row},0)"),
            f"E{row}": (3, f"=SUM(D$6:D{row})"),
            f"H{row}": (0, f"key {i}"), f"I{row}": (3, i + 7),
        })  # fmt: skip
    return cells


def cards() -> Cells:
    total = '=SUMIF(A4:A18,"KeepSubtotal",C4:C18)'
    return {
        "A1": (1, "KeepCardsTitle"), "C1": (6, total),
        "A4": (1, PEOPLE[0]), **_row(4, 1, "BC"),
        "A5": (0, "KeepCardHeader"), "B5": (0, "Team 0"),
        "A7": (0, "Product 0"), "B7": (0, "=ROW()-ROW(A$7)+1"), "C7": (3, 10),
        "A8": (0, "Product 1"), "B8": (0, "=ROW()-ROW(A$7)+1"), "C8": (3, 20),
        "A9": (0, "KeepSubtotal"), "C9": (6, "=SUM(C7:C8)"),
        "C10": (4, "=IF($C$20=0,0,C9/$C$20)"),
        "A12": (1, PEOPLE[1]), **_row(12, 1, "BC"),
        "A13": (0, "KeepCardHeader"), "B13": (0, "Team 1"),
        "A15": (0, "Product 0"), "B15": (0, "=ROW()-ROW(A$15)+1"), "C15": (3, 10),
        "A16": (0, "KeepSubtotal"), "C16": (6, "=SUM(C15:C15)"),
        "C17": (4, "=IF($C$20=0,0,C16/$C$20)"),
        "A20": (0, "KeepGrandTotal"), "C20": (6, total),
    }  # fmt: skip


def lookup() -> Cells:
    cells: Cells = {
        "C3": (5, "Note"), "C4": (0, "=[1]Prices!$B$2"), "C5": (0, "=[1]Prices!$A$2"),
        "C6": (0, "=SUM(Report!E11:E15)"),
        "C7": (0, "=SUMPRODUCT(Report!$C$11:$C$15,Report!$D$11:$D$15)"),
        "F4": (0, "=_xlfn.UNIQUE(Sales[Customer])"), "F5": (0, None), "F6": (0, None),
        "H3": (0, "Key"), "I3": (0, "Rate"), "H4": (0, "KeepChoiceOne"), "I4": (0, 0.1),
        "H5": (0, "KeepChoiceTwo"), "I5": (0, 0.2),
        "A9": (0, "=Report!A19+People!D11"), "B9": (0, "=COUNTA(Sales[Customer])"),
        "C9": (0, '=VLOOKUP("KeepChoiceTwo",Rates[],2,FALSE)'),
        "A10": (0, "=SUM(Report!C:C)"), "B10": (0, "=LOG10(100)+SUM(B4:B7)"),
        "C10": (0, '="Report!A11 "&ROWS(Report!A11:A15)'),
        "A12": (0, "=SUM(Report:People!B2)"),
        "A3": (5, "KeepChoiceHeader"), "B3": (5, "Rate"),
    }  # fmt: skip
    for i, word in enumerate(("One", "Two", "Three", "Four")):
        cells[f"A{4 + i}"], cells[f"B{4 + i}"] = (0, f"KeepChoice{word}"), (0, i + 1)
    return cells


def pivot() -> Cells:
    """The cells a pivot shows are blank until it is refreshed; its captions may stay."""
    return {"A1": (0, "KeepPivotTitle"), "A3": (0, "KeepRowHeader"), "B3": (0, "KeepSumOfAmount")}


CELLS = {
    "xl/worksheets/sheet1.xml": report(),
    "xl/worksheets/sheet2.xml": people(),
    "xl/worksheets/sheet3.xml": cards(),
    "xl/worksheets/sheet4.xml": lookup(),
}

# What every formula of the filled workbook comes to, by hand: units 2…6 at prices 10…14
# make 20 + 33 + 48 + 65 + 84 = 250; people 50 + 100 + 150 + 200 = 500; cards 30 + 10 = 40.
VALUES: dict[tuple[str, str], float | str] = {
    ("Report", "B3"): 250, ("Report", "C3"): 0, ("Report", "D3"): "Ash",
    ("Report", "E3"): 262.5, ("Report", "C16"): 20, ("Report", "E16"): 250,
    ("Report", "A19"): 250, ("Report", "B19"): 12, ("Report", "C19"): 6, ("Report", "D19"): 40,
    ("Report", "E19"): 0, ("Report", "B20"): 18,
    **{("Report", f"E{11 + i}"): (i + 2) * (i + 10) for i in range(5)},
    **{("Report", f"F{11 + i}"): (i + 2) * (i + 10) / 250 for i in range(5)},
    ("People", "D3"): 500, ("People", "E3"): 500, ("People", "D11"): 500, ("People", "I11"): 34,
    ("People", "D13"): 2,
    **{("People", f"D{6 + i}"): (i + 1) * 50 for i in range(4)},
    **{("People", f"E{6 + i}"): (50, 150, 300, 500)[i] for i in range(4)},
    ("Cards", "C1"): 40, ("Cards", "B7"): 1, ("Cards", "B8"): 2, ("Cards", "C9"): 30,
    ("Cards", "C10"): 0.75, ("Cards", "B15"): 1, ("Cards", "C16"): 10, ("Cards", "C17"): 0.25,
    ("Cards", "C20"): 40,
    ("Lookup", "C6"): 250, ("Lookup", "C7"): 250, ("Lookup", "A9"): 750, ("Lookup", "B9"): 5,
    ("Lookup", "C9"): 0.2, ("Lookup", "A10"): 20 + 0 + 20 + 6, ("Lookup", "B10"): 12,
    ("Lookup", "C10"): "Report!A11 5", ("Lookup", "A12"): 45747,
    ("Optional", "A2"): 2,
}  # fmt: skip
