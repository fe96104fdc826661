"""Faults to plant in the good workbook, and where each is to be found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.lint_samples import (
    BOOK,
    BOOK_RELS,
    CHART,
    COMMENTS,
    DATA,
    DATA_RELS,
    DRAWING,
    STRINGS,
    STYLES,
    SUMS,
    TABLE,
    TABLE2,
    TYPES,
    Broken,
    good,
)

GOOD = good()
Change = Callable[[Broken], object]


@dataclass(frozen=True)
class Fault:
    """`change` plants it; `missed`: one of those the schema validator does not see."""

    name: str
    code: str
    part: str
    cell: str
    change: Change
    missed: bool = False
    also: frozenset[str] = frozenset()  # codes that come with it


def swap(part: str, old: str, new: str, count: int = 1) -> Change:
    return lambda book: book.swap(part, old, new, count)


def both(*changes: Change) -> Change:
    def change(book: Broken) -> None:
        for one in changes:
            one(book)

    return change


def plant(fault: Fault, folder: Path) -> Path:
    book = Broken(GOOD)
    fault.change(book)
    return book.write(folder / "bad.xlsx")


def formula(text: str) -> Change:
    return swap(SUMS, "<f>'Sum up'!A1+1</f>", f"<f>{text}</f>")


def tail(xml: str) -> Change:
    return swap(DATA, "</sheetData>", f"</sheetData>{xml}")


C5 = '<c r="C5" s="1"><v>10</v></c>'
LONG = "x" * 32_768
FULL = "Data!$B$5:$B$8</formula1>"
LINKS = "".join(f'<hyperlink ref="A{n}" location="Data!A1"/>' for n in range(1, 65_532))
BREAKS = '<brk id="9"/>' * 1_027
VIEW = '<pane xSplit="2" ySplit="4" topLeftCell="C5" activePane="bottomRight" state="frozen"/>'

# Whatever names the tab "Data" then names none.
RENAMED = frozenset({"missing_sheet", "link_missing_sheet"})
# What facts say Microsoft's validator misses: sixteen kinds, `missed` here.
FAULTS = (
    Fault("header differs", "header_differs", DATA, "C4",
          swap(TABLE, 'name="Amount"', 'name="Amounts"'), True),
    Fault("header differs by a space", "header_differs", DATA, "C4",
          swap(STRINGS, "<t>Amount</t>", '<t xml:space="preserve">Amount </t>')),
    Fault("header is a number", "header_no_text", DATA, "I4",
          swap(DATA, '<c r="I4" t="s"><v>9</v></c>', '<c r="I4"><v>2027</v></c>')),
    Fault("header is a formula", "header_no_text", DATA, "I4",
          swap(DATA, '<c r="I4" t="s"><v>9</v></c>', '<c r="I4" t="str"><f>"B"</f><v>B</v></c>')),
    Fault("header is missing", "header_no_text", DATA, "I4",
          swap(DATA, '<c r="I4" t="s"><v>9</v></c>', "")),
    Fault("table ids", "table_id_twice", TABLE2, "Notes", swap(TABLE2, 'id="2"', 'id="1"'), True),
    Fault("table id 0", "table_id", TABLE2, "Notes", swap(TABLE2, 'id="2"', 'id="0"')),
    Fault("table names", "table_name_twice", TABLE2, "SALES",
          swap(TABLE2, 'displayName="Notes"', 'displayName="SALES"')),
    Fault("table named as a name", "table_name_taken", TABLE2, "RATE",
          swap(TABLE2, 'displayName="Notes"', 'displayName="RATE"')),
    Fault("table named as a cell", "name_like_cell", TABLE2, "Ab12",
          swap(TABLE2, 'displayName="Notes"', 'displayName="Ab12"')),
    Fault("table columns", "column_twice", TABLE2, "H4:I6",
          both(swap(TABLE2, 'name="B"', 'name="a"'), swap(STRINGS, "<t>B</t>", "<t>a</t>")), True),
    Fault("table column ids", "column_id_twice", TABLE2, "H4:I6",
          swap(TABLE2, 'id="2" name="B"', 'id="1" name="B"')),
    Fault("header-only table", "table_without_rows", TABLE2, "H4:I4",
          swap(TABLE2, "H4:I6", "H4:I4", 2), True),
    Fault("header and totals only", "table_without_rows", TABLE, "B4:D5",
          both(swap(TABLE, "B4:D9", "B4:D5"), swap(TABLE, "B4:D8", "B4:D4"))),
    Fault("table filter", "table_filter", TABLE, "B4:D9", swap(TABLE, "B4:D8", "B4:D9"), True),
    Fault("table filter column", "filter_column", TABLE2, "H4:I6",
          swap(TABLE2, '<autoFilter ref="H4:I6"/>',
               '<autoFilter ref="H4:I6"><filterColumn colId="2"/></autoFilter>')),
    Fault("tables overlap", "tables_overlap", TABLE2, "D4:E6",
          swap(TABLE2, "H4:I6", "D4:E6", 2), also=frozenset({"header_differs", "header_no_text"})),
    Fault("table width", "table_width", TABLE2, "H4:I6", swap(TABLE2, 'count="2"', 'count="3"')),
    Fault("table formula", "formula_bracket", TABLE, "B4:D9",
          swap(TABLE, "[[#This Row],Amount]*2", "([[#This Row],Amount]*2")),
    Fault("table area", "bad_reference", TABLE2, "I6:H4",
          swap(TABLE2, 'ref="H4:I6" tot', 'ref="I6:H4" tot')),
    Fault("table not listed", "table_not_listed", DATA, "",
          swap(DATA, '<tablePart r:id="rId2"/>', "")),
    Fault("cells out of order", "cell_order", DATA, "B5",
          swap(DATA, '<c r="B5" t="s"><v>4</v></c>' + C5, C5 + '<c r="B5" t="s"><v>4</v></c>'),
          True),
    Fault("rows out of order", "row_order", SUMS, "7:7",
          swap(SUMS, "</sheetData>", '<row r="7"><c r="A7"><v>1</v></c></row></sheetData>'), True),
    Fault("rows twice", "row_twice", SUMS, "8:8",
          swap(SUMS, "</sheetData>", '<row r="8"/></sheetData>')),
    Fault("cells twice", "cell_twice", DATA, "C5", swap(DATA, C5, C5 * 2), True),
    Fault("cell in another row", "cell_reference", DATA, "C6", swap(DATA, 'r="C5"', 'r="C6"')),
    Fault("column XFE", "cell_reference", DATA, "XFE5",
          swap(DATA, "<v>20</v></c></row>", '<v>20</v></c><c r="XFE5"><v>1</v></c></row>')),
    Fault("row 1,048,577", "row_range", SUMS, "1048577",
          swap(SUMS, "</sheetData>", '<row r="1048577"/></sheetData>')),
    Fault("row 0", "row_range", SUMS, "0", swap(SUMS, '<row r="1"', '<row r="0"'),
          also=frozenset({"cell_reference"})),
    Fault("long shared text", "text_long", SUMS, "B2",
          swap(STRINGS, "<t>plain</t>", f"<t>{LONG}</t>"), True),
    Fault("long inline text", "text_long", DATA, "C5",
          swap(DATA, C5, f'<c r="C5" t="inlineStr"><is><t>{LONG}</t></is></c>')),
    Fault("long result", "text_long", SUMS, "A2", swap(SUMS, "<v>a(b</v>", f"<v>{LONG}</v>")),
    Fault("long by emoji", "text_long", DATA, "C5",
          swap(DATA, C5, f'<c r="C5" t="inlineStr"><is><t>{"😀" * 16_384}</t></is></c>')),
    Fault("unbalanced formula", "formula_bracket", SUMS, "A4", formula("SUM(A1"), True),
    Fault("unopened bracket", "formula_bracket", SUMS, "A4", formula("A1)")),
    Fault("mixed brackets", "formula_bracket", SUMS, "A4", formula("SUM({1)}")),
    Fault("unclosed text", "formula_quote", SUMS, "A4", formula('"a')),
    Fault("long formula", "formula_long", SUMS, "A4", formula("1+" * 4_096 + "1"), True),
    Fault("deep formula", "formula_depth", SUMS, "A4", formula("(" * 65 + "1" + ")" * 65)),
    Fault("many arguments", "formula_arguments", SUMS, "A4", formula(f"SUM(1{',1' * 255})")),
    Fault("semicolons", "formula_semicolon", SUMS, "A4", formula("SUM(1;2)")),
    Fault("no prefix", "formula_prefix", SUMS, "A4", formula("1+XLOOKUP(1,A1,A2)")),
    Fault("half a prefix", "formula_prefix", SUMS, "A4", formula("Filter(A1:A2,A1:A2)")),
    Fault("equals sign", "formula_equals", SUMS, "A4", formula("=A1")),
    Fault("empty formula", "formula_empty", SUMS, "A4", formula("")),
    Fault("no value", "formula_no_value", SUMS, "A4", swap(SUMS, "</f><v>101</v>", "</f>")),
    Fault("empty value", "formula_no_value", SUMS, "A4", swap(SUMS, "<v>101</v>", "<v></v>")),
    Fault("#REF! in a formula", "broken_reference", SUMS, "A4", formula("SUM(Data!#REF!)")),
    Fault("formula with missing sheet", "missing_sheet", SUMS, "A4", formula("Dato!A1")),
    Fault("formula with missing quoted sheet", "missing_sheet", SUMS, "A4", formula("'Sum-up'!A1")),
    Fault("formula with missing 3-D sheet", "missing_sheet", SUMS, "A4",
          formula("SUM(Data:Last!A1)")),
    Fault("formula with missing table", "missing_table", SUMS, "A4", formula("SUM(Sale[Amount])")),
    Fault("shared formula", "formula_shared", SUMS, "A4",
          swap(SUMS, "<f>'Sum up'!A1+1</f>", '<f t="shared" si="3"/>')),
    Fault("array area", "formula_area", SUMS, "A5", swap(SUMS, 'ref="A5:A6"', 'ref="A6:A5"')),
    Fault("long list", "validation_list", SUMS, "C1",
          swap(SUMS, '"x,y"', f'"{"x," * 127}xy"'), True),
    Fault("validation text", "validation_text", SUMS, "C1",
          swap(SUMS, 'sqref="C1">', f'sqref="C1" promptTitle="{"x" * 33}">')),
    Fault("validation with missing sheet", "missing_sheet", SUMS, "C2",
          swap(SUMS, FULL, FULL.replace("Data", "Dato"))),
    Fault("validation area", "bad_reference", SUMS, "C0", swap(SUMS, 'sqref="C1"', 'sqref="C0"')),
    Fault("name with a space", "name_marks", BOOK, "My rate",
          swap(BOOK, 'name="Rate"', 'name="My rate"'), True),
    Fault("name with a digit", "name_marks", BOOK, "1st", swap(BOOK, 'name="Rate"', 'name="1st"')),
    Fault("name like a cell", "name_like_cell", BOOK, "r1c1",
          swap(BOOK, 'name="Rate"', 'name="r1c1"')),
    Fault("name twice", "name_twice", BOOK, "RATE",
          swap(BOOK, "</definedNames>", '<definedName name="RATE">1</definedName></definedNames>')),
    Fault("name scope", "name_scope", BOOK, "Local_rate",
          swap(BOOK, 'name="Local_rate" localSheetId="1"', 'name="Local_rate" localSheetId="2"')),
    Fault("name empty", "name_empty", BOOK, "Rate", swap(BOOK, ">Data!$C$5</def", "></def")),
    Fault("name with missing sheet", "missing_sheet", BOOK, "Rate",
          swap(BOOK, ">Data!$C$5</def", ">Dato!$C$5</def"), True),
    Fault("name with #REF!", "broken_reference", BOOK, "Rate",
          swap(BOOK, ">Data!$C$5</def", ">#REF!</def")),
    Fault("chart with missing sheet", "missing_sheet", CHART, "Dato!$B$5:$B$8",
          swap(CHART, "Data!$B$5:$B$8", "Dato!$B$5:$B$8"), True),
    Fault("chart axis", "chart_axis", CHART, "", lambda b: b.edit(CHART, _other_axis)),
    Fault("condition with missing sheet", "missing_sheet", SUMS, "A1:A9",
          swap(SUMS, "<formula>Data!", "<formula>Dato!")),
    Fault("condition's format", "rule_format", SUMS, "A1:A9", swap(SUMS, 'dxfId="0"', 'dxfId="7"')),
    Fault("condition's priority", "rule_priority", SUMS, "A1:A9",
          swap(SUMS, 'priority="1"', 'priority="0"')),
    Fault("pane before its split", "pane", DATA, "B4",
          swap(DATA, 'topLeftCell="C5"', 'topLeftCell="B4"'), True),
    Fault("pane's row before its split", "pane", DATA, "C4",
          swap(DATA, 'topLeftCell="C5"', 'topLeftCell="C4"')),
    Fault("pane's column before its split", "pane", DATA, "B5",
          swap(DATA, 'topLeftCell="C5"', 'topLeftCell="B5"')),
    Fault("pane without split", "pane", DATA, "C5",
          swap(DATA, 'xSplit="2" ySplit="4"', 'xSplit="0" ySplit="0"')),
    Fault("pane in half a row", "pane", DATA, "C5", swap(DATA, 'ySplit="4"', 'ySplit="3.5"')),
    Fault("active pane", "pane_active", DATA, "A5",
          swap(DATA, VIEW, VIEW.replace('xSplit="2" ', "").replace("C5", "A5")),
          also=frozenset({"pane_selection"})),
    Fault("selection's pane", "pane_selection", DATA, "C1",
          swap(DATA, VIEW, ""), also=frozenset({"pane_selection"})),
    Fault("sheet name too long", "tab_length", BOOK, "x" * 32,
          swap(BOOK, '<sheet name="Data"', f'<sheet name="{"x" * 32}"'),
          also=RENAMED),
    Fault("sheet name marks", "tab_marks", BOOK, "Data/1",
          swap(BOOK, '<sheet name="Data"', '<sheet name="Data/1"'),
          also=RENAMED),
    Fault("sheet name apostrophe", "tab_apostrophe", BOOK, "Data'",
          swap(BOOK, '<sheet name="Data"', '<sheet name="Data\'"'),
          also=RENAMED),
    Fault("sheet named History", "tab_history", BOOK, "HISTORY",
          swap(BOOK, '<sheet name="Data"', '<sheet name="HISTORY"'),
          also=RENAMED),
    Fault("sheet names twice", "tab_twice", BOOK, "Sum up",
          swap(BOOK, '<sheet name="Data"', '<sheet name="SUM UP"'),
          also=RENAMED),
    Fault("sheet ids", "sheet_id_twice", BOOK, "Sum up", swap(BOOK, 'sheetId="2"', 'sheetId="1"')),
    Fault("all hidden", "all_hidden", BOOK, "",
          swap(BOOK, '" sheetId', '" state="hidden" sheetId', 2)),
    Fault("active tab", "active_tab", BOOK, "activeTab",
          swap(BOOK, "<workbookView ", '<workbookView activeTab="2" ')),
    Fault("several selected", "several_selected", BOOK, "",
          swap(SUMS, "<sheetView ", '<sheetView tabSelected="1" ')),
    Fault("style index", "style_range", DATA, "C5", swap(DATA, C5, C5.replace('s="1"', 's="9"'))),
    Fault("row's style", "style_range", SUMS, "8:8", swap(SUMS, '<row r="8"', '<row r="8" s="9"')),
    Fault("column's style", "style_range", SUMS, "1:1", swap(SUMS, 'max="1"', 'max="1" style="9"')),
    Fault("string index", "string_range", DATA, "B5",
          swap(DATA, '<c r="B5" t="s"><v>4</v>', '<c r="B5" t="s"><v>99</v>')),
    Fault("string index -1", "string_range", DATA, "B5",
          swap(DATA, '<c r="B5" t="s"><v>4</v>', '<c r="B5" t="s"><v>-1</v>')),
    Fault("text as number", "not_a_number", DATA, "C5", swap(DATA, "<v>10</v>", "<v>ten</v>")),
    Fault("NaN", "not_a_number", DATA, "C5", swap(DATA, "<v>10</v>", "<v>NaN</v>")),
    Fault("infinity", "not_a_number", DATA, "C5", swap(DATA, "<v>10</v>", "<v>inf</v>")),
    Fault("1e999", "not_a_number", DATA, "C5", swap(DATA, "<v>10</v>", "<v>1e999</v>")),
    Fault("1_000", "not_a_number", DATA, "C5", swap(DATA, "<v>10</v>", "<v>1_000</v>")),
    Fault("boolean", "not_a_boolean", SUMS, "B1",
          swap(SUMS, '<c r="B1" t="b"><v>1</v>', '<c r="B1" t="b"><v>2</v>')),
    Fault("error", "not_an_error", DATA, "C5", swap(DATA, C5, '<c r="C5" t="e"><v>#N/B</v></c>')),
    Fault("date", "not_a_date", DATA, "C5", swap(DATA, C5, '<c r="C5" t="d"><v>5.3.</v></c>')),
    Fault("cell type", "cell_type", DATA, "C5", swap(DATA, C5, '<c r="C5" t="x"><v>1</v></c>')),
    Fault("merges overlap", "merges_overlap", SUMS, "F2:G3",
          swap(SUMS, '"D4:F5"', '"F2:G3"')),
    Fault("single merge", "merge_single", SUMS, "D4", swap(SUMS, '"D4:F5"', '"D4"')),
    Fault("merge hides", "merge_hides_values", SUMS, "A4:B6",
          swap(SUMS, '"D4:F5"', '"A4:B6"')),
    Fault("merge in a table", "merge_in_table", DATA, "I6:J7",
          tail('<mergeCells count="1"><mergeCell ref="I6:J7"/></mergeCells>')),
    Fault("merge reversed", "bad_reference", SUMS, "F5:D4", swap(SUMS, '"D4:F5"', '"F5:D4"')),
    Fault("too many links", "too_many_links", DATA, "", tail(f"<hyperlinks>{LINKS}</hyperlinks>")),
    Fault("link to a missing sheet", "link_missing_sheet", SUMS, "B6",
          swap(SUMS, "location=\"'Data'!A1\"", "location=\"'Dato'!A1\"")),
    Fault("long link", "link_long", SUMS, "B6",
          swap(SUMS, "location=\"'Data'!A1\"", f'location="{"x" * 2_080}"')),
    Fault("columns overlap", "columns_overlap", SUMS, "1:4", swap(SUMS, 'min="3"', 'min="1"')),
    Fault("column range", "column_range", SUMS, "3:16385", swap(SUMS, 'max="4"', 'max="16385"')),
    Fault("column width", "column_width", SUMS, "1:1", swap(SUMS, 'width="12.7', 'width="312.7')),
    Fault("row height", "row_height", SUMS, "8:8", swap(SUMS, 'ht="20.25"', 'ht="410"')),
    Fault("element order", "element_order", DATA, "",
          both(swap(DATA, '<dimension ref="B4:I9"/>', ""), tail('<dimension ref="B4:I9"/>'))),
    Fault("no cells", "no_sheet_data", SUMS, "",
          lambda b: b.edit(SUMS, _no_cells)),
    Fault("filter over a table", "filter_in_table", DATA, "A4:C9",
          tail('<autoFilter ref="A4:C9"/>')),
    Fault("filter's name", "filter_name_differs", SUMS, "J1:K6", swap(SUMS, "J1:K5", "J1:K6")),
    Fault("filter's column", "filter_column", SUMS, "J1:K5",
          swap(SUMS, '<autoFilter ref="J1:K5"/>',
               '<autoFilter ref="J1:K5"><filterColumn colId="-1"/></autoFilter>')),
    Fault("long header", "header_long", SUMS, "", swap(SUMS, "&amp;CPage", "x" * 256)),
    Fault("page breaks", "too_many_breaks", DATA, "",
          swap(DATA, "<tableParts", f"<rowBreaks>{BREAKS}</rowBreaks><tableParts")),
    Fault("anchor reversed", "anchor_reversed", DRAWING, "Chart 1",
          swap(DRAWING, "<xdr:row>21<", "<xdr:row>6<")),
    Fault("anchor outside", "anchor_range", DRAWING, "Chart 1",
          swap(DRAWING, "<xdr:col>13<", "<xdr:col>16384<")),
    Fault("comments twice", "comment_twice", COMMENTS, "B2",
          lambda b: b.edit(COMMENTS, _double_comment)),
    Fault("comment author", "comment_author", COMMENTS, "B2",
          swap(COMMENTS, 'authorId="0"', 'authorId="1"')),
    Fault("comment's cell", "bad_reference", COMMENTS, "B", swap(COMMENTS, 'ref="B2"', 'ref="B"')),
    Fault("format's font", "format_points_nowhere", STYLES, "cellXfs 1",
          lambda b: b.edit(STYLES, lambda t: t.replace('fontId="1"', 'fontId="9"'))),
    Fault("number format", "format_points_nowhere", STYLES, "cellXfs 1",
          swap(STYLES, 'numFmtId="164" formatCode', 'numFmtId="165" formatCode')),
    Fault("format code", "format_code_long", STYLES, "164",
          swap(STYLES, 'formatCode="#,##0.000"', f'formatCode="{"0" * 256}"')),
    Fault("missing relationship", "relation_missing", DATA, "",
          swap(DATA, '<tablePart r:id="rId2"/>', '<tablePart r:id="rId9"/>'),
          also=frozenset({"table_not_listed"})),
    Fault("dangling relationship", "relation_dangling", DATA_RELS, "rId2",
          swap(DATA_RELS, "tables/table2.xml", "tables/table3.xml"),
          also=frozenset({"orphan_part"})),
    Fault("relationship ids", "relation_twice", BOOK_RELS, "rId3",
          swap(BOOK_RELS, 'Id="rId6"', 'Id="rId3"')),
    Fault("part without type", "part_without_type", "xl/odd.bin", "",
          lambda b: b.parts.update({"xl/odd.bin": b"?"}), also=frozenset({"orphan_part"})),
    Fault("part nothing leads to", "orphan_part", "xl/odd.xml", "",
          lambda b: b.parts.update({"xl/odd.xml": b"<a/>"})),
    Fault("wrong type", "wrong_type", TABLE2, "",
          lambda b: b.edit(TYPES, _no_table_type)),
    Fault("type twice", "type_twice", TYPES, "xml",
          swap(TYPES, "<Override", '<Default Extension="XML" ContentType="a/b"/><Override')),
    Fault("type of nothing", "override_without_part", TYPES, "/xl/no.xml",
          swap(TYPES, "<Override", '<Override PartName="/xl/no.xml" ContentType="a/b"/><Override')),
    Fault("broken part", "broken_xml", CHART, "", swap(CHART, "</c:chart>", "")),
    Fault("calculation chain", "calc_chain", "xl/calcChain.xml", "A6",
          lambda b: add_calc_chain(b, "A6")),
)  # fmt: skip


def _other_axis(text: str) -> str:
    place = text.index("<c:axId val=")
    return text[:place] + '<c:axId val="7"/>' + text[text.index("/>", place) + 2 :]


def _no_cells(text: str) -> str:
    return text[: text.index("<sheetData")] + text[text.index("<autoFilter") :]


def _double_comment(text: str) -> str:
    start, end = text.index("<comment ref"), text.index("</comment>") + len("</comment>")
    return text[:end] + text[start:end] + text[end:]


def _no_table_type(text: str) -> str:
    start = text.index('<Override PartName="/xl/tables/table2.xml"')
    return text[:start] + text[text.index("/>", start) + 2 :]


def add_calc_chain(book: Broken, cell: str) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    chain = (
        f'<calcChain xmlns="{main}"><c r="A1" i="2"/><c r="{cell}"/><c r="D5" i="1"/></calcChain>'
    )
    book.parts["xl/calcChain.xml"] = chain.encode()
    book.swap(
        BOOK_RELS,
        "</Relationships>",
        f'<Relationship Id="rId77" Type="{kind}" Target="calcChain.xml"/></Relationships>',
    )
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    book.swap(
        TYPES,
        "</Types>",
        f'<Override PartName="/xl/calcChain.xml" ContentType="{content}"/></Types>',
    )
