"""Formulas follow their rows: examples by hand, properties, and another engine's insertion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesxl.ooxml.template.formula_parts import parse
from salesxl.ooxml.template.moves import MAX_ROW, Moves, Run, SheetMoves, block
from salesxl.ooxml.template.references import (
    Area,
    areas,
    compile_row_formula,
    rewrite,
    rewrite_name,
    translate,
)

# Row 5 is a list of one row that gets 3, rows 20 to 22 are dropped.
SALES = SheetMoves([Run(5, 5, 3), Run(20, 22, 0)])
MOVES = Moves({"Sales": SALES}, dropped={"Old"}, order=["Sales", "Q 1", "Old", "Last"])

FOLLOWED = [
    ("C6", "C8"),
    ("=C6+$C$7*C$8-$C9", "=C8+$C$9*C$10-$C11"),
    ("C5", "C5"),
    ("C5:C5", "C5:C7"),
    ("SUM(C4:C6)", "SUM(C4:C8)"),
    ("SUM(C5)", "SUM(C5:C7)"),
    ("SUM(C5,$E$5)+MAX( D5 )", "SUM(C5:C7,$E$5:$E$7)+MAX( D5 )"),
    ("SUM(C5*2)+SUM(2*C5)+ROUND(C5,2)", "SUM(C5*2)+SUM(2*C5)+ROUND(C5,2)"),
    ("C9:A6", "C11:A8"),
    ("A9:INDEX(B:B,6)", "A11:INDEX(B:B,6)"),
    ("INDEX(A:A,1):A5", "INDEX(A:A,1):A7"),
    ("Sales!A5:Sales!B9", "Sales!A5:Sales!B11"),
    ("5:5", "5:7"),
    ("$3:$6", "$3:$8"),
    ("SUM(9:9,B:B)", "SUM(11:11,B:B)"),
    ("A9#", "A11#"),
    ("@A9", "@A11"),
    ("A9 A6:D9", "A11 A8:D11"),
    ("(A6,B9)", "(A8,B11)"),
    ("-A9%", "-A11%"),
    ('"A9"&A9&"""A9"""', '"A9"&A11&"""A9"""'),
    ("IF(A9>=B9,{1,2;3,4},A9<>6)", "IF(A11>=B11,{1,2;3,4},A11<>6)"),
    ("T[@[A9]]+A9", "T[@[A9]]+A11"),
    ("T[[#This Row],[A9]]*A9", "T[[#This Row],[A9]]*A11"),
    ("T['[A9]+A9", "T['[A9]+A11"),
    ("LOG10(A9)+_xlfn.A9(A9)", "LOG10(A11)+_xlfn.A9(A11)"),
    ("1.5E+9*A9", "1.5E+9*A11"),
    ("'[1]Sales'!A9+A9", "'[1]Sales'!A9+A11"),
    ("'C:\\d\\[b.xlsx]Sales'!A9:B9+A9", "'C:\\d\\[b.xlsx]Sales'!A9:B9+A11"),
    ("[1]Sales!A9:B9+A9", "[1]Sales!A9:B9+A11"),
    ("[1]!name+A9", "[1]!name+A11"),
    ("Sales!A9&'Q 1'!A9&Sales!local", "Sales!A11&'Q 1'!A9&Sales!local"),
    ("SUM(Sales:Last!A9)", "SUM(Sales:Last!A11)"),
    ("A20", "#REF!"),
    ("SUM(A20:A22,$B$21)", "SUM(#REF!,#REF!)"),
    ("SUM(A19:A20)+A23", "SUM(A21:A21)+A22"),
    ("SUM(21:22)", "SUM(#REF!)"),
    ("Old!A1+'OLD'!B2:C3+Old!name", "#REF!+#REF!+#REF!"),
    ("SUM('Q 1:Old'!A1)", "SUM('Q 1'!A1)"),
    ("SUM(Old:Last!A1)", "SUM(Last!A1)"),
    ("SUM('Sales:Old'!A9)", "SUM('Sales:Q 1'!A11)"),
    ("a9+b$9", "a11+b$11"),
    ("A1048575", "#REF!"),
    ("SUM(A9:A1048576)", "SUM(A11:A1048576)"),
    ("项目!A9+A9", "项目!A9+A11"),
]


@pytest.mark.parametrize(("formula", "expected"), FOLLOWED)
def test_references_follow(formula: str, expected: str) -> None:
    moves = MOVES
    if "1048575" in formula:
        moves = Moves({"Sales": SheetMoves([Run(5, 5, 3)])})
    assert rewrite(formula, moves, "Sales") == expected


UNTOUCHED = [
    "", "=", "1+2", '"A9"', "B:B", "$B:$D", "TRUE", "#REF!", "#REF!A9", "Other!A9", "T[#All]",
    "LOG10(2)", "_xlfn.X9(1)", "R9C9", "R[9]C[9]", "RC", "name.A9", "A9.x", "_A9", "A9_", "x?9",
    "XFE9", "A1048577", "A0", "A09x", "[1]Sales!A9", "'[1]Sales'!$A$9:B9", "{1,2;3,4}",
    "T[[A9]:[B9]]", "T['#A9]", "Sales!#REF!", '"unclosed A9', "'unclosed A9", "T[unclosed A9",
    "_xlpm.A9", "1E9", "9", "A4#", "@A4", "#N/A", "表[A9]", "\\A9",
]  # fmt: skip


@pytest.mark.parametrize("formula", UNTOUCHED)
def test_what_is_no_reference_stays(formula: str) -> None:
    assert rewrite(formula, MOVES, "Sales") is formula


def test_a_name_that_looks_like_a_cell_is_a_name_when_the_workbook_says_so() -> None:
    """TAX2020 is column TAX, row 2020, unless a name is called that."""
    sheets = {"Sales": SALES}
    assert rewrite("TAX2020*LOG9", Moves(sheets), "Sales") == "TAX2019*LOG11"
    named = Moves(sheets, names={"Tax2020", "log9"})
    assert rewrite("TAX2020*LOG9+A9", named, "Sales") == "TAX2020*LOG9+A11"


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Total", "Total!A9"), ("It's", "'It''s'!A9"), ("A 1", "'A 1'!A9"), ("Q1", "'Q1'!A9"),
     ("R1C1", "'R1C1'!A9"), ("2026", "'2026'!A9"), ("A-b", "'A-b'!A9"), ("华东", "华东!A9"),
     ("rc", "'rc'!A9"), ("Sales_2", "Sales_2!A9")],
)  # fmt: skip
def test_a_renamed_sheet_is_quoted_where_needed(title: str, expected: str) -> None:
    moves = Moves({"It's old": SheetMoves([], title)})
    assert rewrite("'It''s old'!A9", moves, "x") == expected
    assert rewrite("'IT''S OLD'!B:B", moves, "x") == expected.replace("A9", "B:B")
    both = Moves({"A": SheetMoves([], title), "B": SheetMoves([], "X y")}, order=["A", "B"])
    inner = title.replace("'", "''")
    assert rewrite("SUM(A:B!C1)", both, "x") == f"SUM('{inner}:X y'!C1)"


def test_rows_of_a_list() -> None:
    """Three rows from row 5; the row k-th below reads its own cells."""
    cases = {
        "C5*D5": ["C5*D5", "C6*D6", "C7*D7"],
        "C5/C$20": ["C5/C$22", "C6/C$22", "C7/C$22"],
        "C5/C20": ["C5/C22", "C6/C22", "C7/C22"],  # the total below stays the total
        "SUM(C$5:C5)": ["SUM(C$5:C5)", "SUM(C$5:C6)", "SUM(C$5:C7)"],
        "SUM(C5:C$5)": ["SUM(C5:C$7)", "SUM(C6:C$7)", "SUM(C7:C$7)"],
        "C5/SUM(C$5:C$5)": [f"C{k}/SUM(C$5:C$7)" for k in (5, 6, 7)],
        "E4+D5": ["E4+D5", "E5+D6", "E6+D7"],  # a running balance
        "D$4*C5": ["D$4*C5", "D$4*C6", "D$4*C7"],
        "C$5": ["C$5", "C$5", "C$5"],
        "SUM(5:5)-Rates!B5": ["SUM(5:5)-Rates!B5", "SUM(6:6)-Rates!B6", "SUM(7:7)-Rates!B7"],
        "Other!B5": ["Other!B5"] * 3,
        "VLOOKUP(A5,Other!A:B,2,0)": [f"VLOOKUP(A{k},Other!A:B,2,0)" for k in (5, 6, 7)],
    }
    moves = Moves({"S": SheetMoves([Run(5, 5, 3)]), "Rates": SheetMoves([Run(5, 5, 3)])})
    for formula, expected in cases.items():
        compiled = compile_row_formula(formula, moves, "S", 5)
        assert compiled.rows(3) == expected, formula
        assert compiled.rows(2, 1) == expected[1:]
        assert [compiled(k) for k in range(3)] == expected
        assert [rewrite(formula, moves, "S", (5, k)) for k in range(3)] == expected


def test_a_list_that_has_itself_moved() -> None:
    moves = Moves({"S": SheetMoves([Run(2, 2, 11), Run(5, 8, 2)])})
    assert compile_row_formula("B5+B2+B4+100%*B$5", moves, "S", 5).rows(2) == [
        "B15+B2+B14+100%*B$15",
        "B16+B2+B15+100%*B$15",
    ]


def test_percent_signs_and_markup_survive() -> None:
    moves = Moves({"S": SheetMoves([Run(5, 5, 2)])})
    compiled = compile_row_formula('A5*5%&"<%d>"&A4', moves, "S", 5)
    assert compiled.rows(2) == ['A5*5%&"<%d>"&A4', 'A6*5%&"<%d>"&A5']
    assert compiled.escaped()(1) == 'A6*5%&amp;"&lt;%d&gt;"&amp;A5'


def test_formulas_in_a_copy_of_a_block_see_their_own_rows() -> None:
    """Rows 3–6, list in row 5, total in 6; the second copy starts at row 7 with 3 entries."""
    sheet = SheetMoves([block(3, 6, [[Run(5, 5, 1)], [Run(5, 5, 3)]])])
    moves = Moves({"S": sheet})
    second = moves.seen_from("S", sheet.view(3, 1))
    assert rewrite("SUM(C$5:C$5)/C3+C$1+C9", second, "S") == "SUM(C$9:C$11)/C7+C$1+C15"
    assert compile_row_formula("C5/C6+SUM(C$5:C5)+C$3", second, "S", 5).rows(3) == [
        "C9/C12+SUM(C$9:C9)+C$7",
        "C10/C12+SUM(C$9:C10)+C$7",
        "C11/C12+SUM(C$9:C11)+C$7",
    ]
    assert rewrite("SUM(C3:C6)", moves, "S") == "SUM(C3:C12)"


def test_charts_let_one_cell_grow() -> None:
    assert rewrite("Sales!$C$5", MOVES, "", grow=True) == "Sales!$C$5:$C$7"
    assert rewrite("Sales!$C$6", MOVES, "", grow=True) == "Sales!$C$8"


def test_a_list_in_a_block_grows_in_the_first_copy_for_those_outside() -> None:
    moves = Moves({"S": SheetMoves([block(3, 6, [[Run(5, 5, 4)], [Run(5, 5, 2)]])])})
    assert rewrite("SUM(C5)+C5+SUM(C4)", moves, "S") == "SUM(C5:C8)+C5+SUM(C4)"
    assert rewrite("S!$C$5", moves, "", grow=True) == "S!$C$5:$C$8"


def test_names_keep_what_is_relative() -> None:
    assert rewrite_name("Sales!$A$9+Sales!A9+Sales!$B$4:$B9", MOVES) == (
        "Sales!$A$11+Sales!A9+Sales!$B$4:$B9"
    )


def test_fill_as_excel_does() -> None:
    assert translate("A1+$A1+A$1+$A$1+B:B+3:4+x+T[A1]", 2, 1) == "B3+$A3+B$1+$A$1+C:C+5:6+x+T[A1]"
    assert translate("A1:B2&S!Z9", 1, 1) == "B2:C3&S!AA10"
    assert translate("A1+B2", -1) == "#REF!+B1"
    assert translate("XFD1", 0, 1) == "#REF!"


def test_areas_of_a_reference() -> None:
    assert areas("='A b'!$B$2:$D$9,X!A1") == [Area("A b", 2, 2, 9, 4), Area("X", 1, 1, 1, 1)]
    assert areas("(A1,B2)", "H") == [Area("H", 1, 1, 1, 1), Area("H", 2, 2, 2, 2)]
    assert areas("S!B:C") == [Area("S", 1, 2, MAX_ROW, 3)]
    assert areas("S!3:5") == [Area("S", 3, 1, 5, 16384)]
    for formula in (
        "A1+1",
        "name",
        "SUM(A1)",
        "A:B!C1",
        "#REF!",
        "",
        "A1:INDEX(B:B,2)",
        "A1,",
        "'[1]S'!A1",
        "[1]S!A1",
    ):
        assert areas(formula) is None


def test_many_rows_cost_one_reading() -> None:
    parse.cache_clear()
    moves = Moves({"S": SheetMoves([Run(5, 5, 50_000)])})
    compiled = compile_row_formula("IF(B5>0,C5*D$3/B5,0)+E4", moves, "S", 5)
    rows = compiled.rows(50_000)
    assert rows[-1] == "IF(B50004>0,C50004*D$3/B50004,0)+E50003"
    assert parse.cache_info().misses == 1


# --- properties

columns = st.sampled_from(["A", "$A", "C", "$ZZ", "XFD"])
row = st.integers(1, 60)
fixed = st.sampled_from(["", "$"])


@st.composite
def references(draw: st.DrawFn) -> tuple[str, list[tuple[str, int]], str]:
    """(text with {} for rows, its rows and kinds, sheet prefix)"""
    prefix = draw(st.sampled_from(["", "", "Sales!", "'Sales'!", "Other!"]))
    kind = draw(st.sampled_from(["cell", "area", "rows"]))
    one, two = sorted((draw(row), draw(row)))
    a, b = draw(fixed), draw(fixed)
    if kind == "cell":
        return f"{draw(columns)}{a}{{}}", [("at", one)], prefix
    if kind == "rows":
        return f"{a}{{}}:{b}{{}}", [("start", one), ("end", two)], prefix
    return f"A{a}{{}}:$D{b}{{}}", [("start", one), ("end", two)], prefix


fillers = st.sampled_from(
    ['"A1"', "LOG10(2)", "T[[#This Row],[A1]]", "B:B", "{1,2;3,4}", "#N/A", "1E+3", "'[1]S'!A1"]
)  # fmt: skip


@given(
    st.lists(st.one_of(references(), fillers), min_size=1, max_size=6),
    st.integers(1, 50),
    st.integers(2, 30),
)
def test_inserted_rows(parts: list, at: int, count: int) -> None:
    """Against the plainest model there is: new number = old + inserted rows above."""
    moves = Moves({"Sales": SheetMoves([Run(at, at, count)])})
    old, new = [], []
    for part in parts:
        if isinstance(part, str):
            old.append(part)
            new.append(part)
            continue
        text, rows, prefix = part
        here = prefix != "Other!"
        old.append(prefix + text.format(*(number for _, number in rows)))
        moved = [
            number + (count - 1) * (here and (number > at or (kind == "end" and number == at)))
            for kind, number in rows
        ]
        new.append(prefix + text.format(*moved))
    assert rewrite("+".join(old), moves, "Sales") == "+".join(new)


@given(st.lists(references(), min_size=1, max_size=6), st.integers(1, 50), st.integers(1, 9))
def test_dropped_rows(parts: list, at: int, height: int) -> None:
    """Rows at..at+height-1 vanish: number what is left and look each row up."""
    moves = Moves({"Sales": SheetMoves([Run(at, at + height - 1, 0)])})
    left = [number for number in range(1, 100) if not at <= number < at + height]
    for text, rows, prefix in parts:
        numbers = [number for _, number in rows]
        if prefix == "Other!":
            expected = prefix + text.format(*numbers)
        else:
            there = [n for n in left if numbers[0] <= n <= numbers[-1]]
            ends = [left.index(n) + 1 for n in (there[0], there[-1])] if there else []
            expected = prefix + text.format(*ends[: len(rows)]) if there else "#REF!"
        assert rewrite(prefix + text.format(*numbers), moves, "Sales") == expected


@given(st.text(st.sampled_from("AZ19$:!'\"[](),;{}#@ .é中_+\\?"), max_size=40))
def test_any_text_survives(formula: str) -> None:
    assert "".join(p if isinstance(p, str) else p.text for p in parse(formula)) == formula
    assert rewrite(formula, Moves(), "Sales") is formula
    rewrite(formula, MOVES, "Sales")  # and never fails
    translate(formula, 1, 1)
    areas(formula)
    same = Moves({"Sales": SheetMoves([Run(500_000, 500_000, 2)])})
    assert rewrite(formula, same, "Sales") is formula


@given(st.lists(references(), min_size=1, max_size=5), st.integers(1, 50), st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_as_a_spreadsheet_engine_inserts(parts: list, at: int, count: int) -> None:
    """IronCalc, when rows are inserted below row `at`; ranges that end there are ours alone."""
    ironcalc = pytest.importorskip("ironcalc")
    kept = [
        prefix.replace("'", "") + text.format(*(n for _, n in rows))
        for text, rows, prefix in parts
        if prefix != "Other!" and ("end", at) not in rows and "XFD" not in text
    ]
    kept = [text for text in kept if text.count("$") in (0, 4) or ":" not in text]
    if not kept:
        return
    formula = "=" + "+".join(f"SUM(1,{text}*1)" for text in kept)
    model = ironcalc.create("m", "en", "UTC", "en")
    model.rename_sheet(0, "Sales")
    model.set_user_input(0, 500, 1, formula)
    before = model.get_cell_formula(0, 500, 1)
    model.insert_rows(0, at + 1, count - 1)
    after = model.get_cell_formula(0, 500 + count - 1, 1)
    assert rewrite(before, Moves({"Sales": SheetMoves([Run(at, at, count)])}), "Sales") == after
