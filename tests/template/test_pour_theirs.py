"""Charts, notes and table heads of a person's own in a template of ours; the small pieces."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from salesxl.ooxml.pour.fields import fields_of
from salesxl.ooxml.pour.into import pour
from salesxl.ooxml.pour.kinds import Fold, RowKind, align
from salesxl.ooxml.pour.parts import merged
from salesxl.ooxml.pour.prototype import template_of
from salesxl.ooxml.pour.record import find_anchors
from salesxl.ooxml.pour.relocate import GoneError, Place, TableNames, relocator
from salesxl.ooxml.pour.target import Target, target_of
from salesxl.ooxml.template.compile import compile_template
from salesxl.sheets.content import Book
from salesxl.sheets.scope import narrow
from salesxl.sheets.workbook import build_book
from tests.generate_sample import head
from tests.template.as_excel import Edited

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    """East, West."""
    scope = head(tmp_path_factory.mktemp("scope"))
    leaves = [region for region in scope.plan.regions if region.id in scope.targets.region_ids]
    return [build_book(narrow(scope, region)) for region in leaves]


@pytest.fixture
def template(books: list[Book]) -> Edited:
    return Edited(template_of(books, "region"))


def opened(template: Edited) -> Target:
    made = target_of(compile_template(template.done(), "MY.xlsx"))
    assert made is not None
    return made


def relate(template: Edited, part: str, kind: str, target: str) -> str:
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    text = template.parts.get(rels, f"{empty}</Relationships>")
    made = f'<Relationship Id="rId900" Type="{OFFICE}/{kind}" Target="{target}"/>'
    template.parts[rels] = text.replace("</Relationships>", f"{made}</Relationships>")
    return "rId900"


def declare(template: Edited, part: str, kind: str) -> None:
    types = template.parts["[Content_Types].xml"]
    made = f'<Override PartName="/{part}" ContentType="{TYPES}.{kind}+xml"/>'
    template.parts["[Content_Types].xml"] = types.replace("</Types>", f"{made}</Types>")


def test_a_persons_chart_over_a_list_takes_all_its_rows(
    books: list[Book], template: Edited
) -> None:
    """Its memory holds this region's figures and nothing of the sample's."""
    spot = opened(template).sheets["customers"]
    _, row, _, _ = spot.record.tables[0]
    chart = template.parts["xl/charts/chart1.xml"]
    first = re.search(r"<c:val>.*?</c:val>", chart, re.DOTALL)
    assert first is not None
    mine = '<c:val><c:numRef><c:f>Customers!$G${0}:$G${0}</c:f><c:numCache><c:ptCount val="1"/>'
    mine += '<c:pt idx="0"><c:v>987654321</c:v></c:pt></c:numCache></c:numRef></c:val>'
    chart = chart.replace(first.group(), mine.format(row + 2), 1)
    template.parts["xl/charts/chart9.xml"] = chart
    declare(template, "xl/charts/chart9.xml", "drawingml.chart")
    drawing = "xl/drawings/drawing1.xml"
    identity = relate(template, drawing, "chart", "../charts/chart9.xml")
    text = template.parts[drawing]
    anchor = text[text.index("<xdr:twoCellAnchor") : text.index("</xdr:twoCellAnchor>") + 20]
    own = re.sub(r'r:id="rId\d+"', f'r:id="{identity}"', anchor)
    own = re.sub(r"<xdr:cNvPr [^>]*?/>", '<xdr:cNvPr id="77" name="Mine"/>', own)
    template.parts[drawing] = text.replace("</xdr:wsDr>", f"{own}</xdr:wsDr>")
    made = Edited(pour(opened(template), books[1]))
    table = next(t for s in books[1].sheets for t in s.tables if t.name == "customers")
    last = table.row + 1 + len(table.rows)
    chart = made.parts["xl/charts/chart9.xml"]
    assert f"Customers!$G${table.row + 2}:$G${last}" in chart.replace("'", "")
    assert "987654321" not in chart
    assert 'name="Mine"' in made.parts[drawing]
    assert 'name="Chart 1"' in made.parts[drawing]


def test_notes_on_captions_stay_and_notes_on_figures_go(
    books: list[Book], template: Edited
) -> None:
    spot = opened(template).sheets["customers"]
    _, row, _, _ = spot.record.tables[0]
    part = template.part("Customers")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    notes = f'<comments xmlns="{main}"><authors><author>Li</author></authors><commentList>'
    for ref, words in (("B2", "our heading"), (f"B{row + 2}", "call them about East")):
        notes += f'<comment ref="{ref}" authorId="0"><text><t>{words}</t></text></comment>'
    template.parts["xl/comments1.xml"] = notes + "</commentList></comments>"
    declare(template, "xl/comments1.xml", "spreadsheetml.comments")
    relate(template, part, "comments", "../comments1.xml")
    made = Edited(pour(opened(template), books[1]))
    assert "our heading" in made.parts["xl/comments1.xml"]
    assert "call them about East" not in made.parts["xl/comments1.xml"]


def test_a_renamed_table_and_column_are_so_in_our_formulas(
    books: list[Book], template: Edited
) -> None:
    spot = opened(template).sheets["customers"]
    name, row, col, titles = spot.record.tables[0]
    part = spot.tables[name].part
    text = template.parts[part].replace('displayName="customers"', 'displayName="clients"')
    text = text.replace('name="customers"', 'name="clients"')
    index = titles.index("Customer ID")
    template.parts[part] = text.replace('name="Customer ID"', 'name="Client no."')
    template.caption("Customers", row, col + index, "Client no.")
    made = openpyxl.load_workbook(BytesIO(pour(opened(template), books[1])))
    sheet = made["Customers"]
    table = next(t for s in books[1].sheets for t in s.tables if t.name == "customers")
    assert sheet.cell(table.row + 1, col + index + 1).value == "Client no."
    assert list(sheet.tables) == ["clients"]
    assert "Client no." in sheet.tables["clients"].column_names
    formulas = [str(c.value) for s in made for line in s for c in line if c.data_type == "f"]
    assert any("clients[" in formula for formula in formulas)
    assert any("[Client no.]" in formula for formula in formulas)
    left = [f for f in formulas if "customers[" in f or "clients[Customer ID]" in f]
    assert left == []


def test_a_restyled_chart_keeps_its_colours(books: list[Book], template: Edited) -> None:
    chart = template.parts["xl/charts/chart1.xml"]
    found = re.search(r'<a:srgbClr val="1D4E79"/>', chart)
    assert found is not None
    template.parts["xl/charts/chart1.xml"] = chart.replace(
        found.group(), '<a:srgbClr val="FF8800"/>'
    )
    made = Edited(pour(opened(template), books[1]))
    assert "FF8800" in made.parts["xl/charts/chart1.xml"]
    assert "1D4E79" not in made.parts["xl/charts/chart1.xml"]


def test_series_the_content_lacks_go_and_those_the_template_lacks_come() -> None:
    def ser(order: int, look: str, ref: str) -> str:
        return (
            f'<c:ser><c:idx val="{order}"/><c:order val="{order}"/><c:spPr>{look}</c:spPr>'
            f"<c:val><c:numRef><c:f>{ref}</c:f></c:numRef></c:val></c:ser>"
        )

    head, foot = '<c:chart xmlns:c="urn:c"><c:barChart>', "</c:barChart></c:chart>"
    theirs = head + ser(0, "red", "A1") + ser(1, "green", "A2") + foot
    one = merged(theirs, head + ser(0, "grey", "B1") + foot)
    assert one == head + ser(0, "red", "B1") + foot
    three = merged(theirs, head + "".join(ser(n, "grey", f"B{n}") for n in range(3)) + foot)
    expected = head + ser(0, "red", "B0") + ser(1, "green", "B1") + ser(2, "grey", "B2") + foot
    assert three == expected


def kinds(said: str) -> list[RowKind]:
    """A letter a row; a dot is an empty one."""
    return [RowKind(letter, letter, letter == ".") for letter in said]


@pytest.mark.parametrize(
    ("content", "template"),
    [
        ("hllllt", "hlt"),  # a list
        ("hPmmmPmmt", "hPmt"),  # a block of its own kinds, repeated
        ("h..l..t", "h..l..t"),  # empty rows are kept one by one
        ("abcabcd", "abcd"),
        ("aab", "ab"),
    ],
)
def test_rows_fold_into_their_kinds_and_find_them_again(content: str, template: str) -> None:
    rows = kinds(content)
    fold = Fold()
    fold.add(rows)
    assert "".join(kind.key for kind in fold.template) == template
    found = align(rows, fold.template)
    assert found == fold.rows(0)
    assert "".join(fold.template[at].key for at in found if at is not None) == content


def test_a_second_content_adds_what_the_first_lacks() -> None:
    fold = Fold()
    fold.add(kinds("hlt"))
    fold.add(kinds("hlxt"))
    assert "".join(kind.key for kind in fold.template) == "hlxt"
    assert fold.samples(0) == {0, 1, 2}
    assert fold.samples(1) == {2}
    assert align(kinds("hyl"), fold.template) == [0, None, 1]


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("=SUM(B2:B3)+$A$1", "=SUM(C2:C5)+$A$1"),
        ("=LOG10(B2)&\"B2\"&month_target_1", "=LOG10(C2)&\"B2\"&month_target_1"),
        ("='It''s'!B2*Other!B2", "='It''s new'!B2*'Other'!B2"),
        ("=SUM(list[Amount])+list[[#This Row],[Amount]]", "=SUM(l2[Sum])+l2[[#This Row],[Sum]]"),
        ("=A1B2+B2_x", "=A1B2+B2_x"),
    ],
)  # fmt: skip
def test_formulas_are_moved_by_their_references(formula: str, moved: str) -> None:
    places = {
        "Home": Place("Home", [0, 1, 4], [0, 2]),
        "It's": Place("It's new", [0, 1], [0, 1]),
        "Other": Place("Other", [0, 1], [0, 1]),
    }
    tables = {"list": TableNames("l2", {"Amount": "Sum"}), "gone": None}
    move = relocator(places, "Home", tables)
    assert move.formula(formula) == moved
    for lost in ("=Missing!A1", "='No such'!A1:B2", "=SUM(gone[Amount])", "=list[Other]"):
        with pytest.raises(GoneError):
            move.formula(lost)


def test_anchors_are_found_as_programs_write_them() -> None:
    found = find_anchors(
        {
            "_sx.team.r3": "'Our ''team'''!$5:$5",
            "_sx.team.r4": "'Our ''team'''!$A$9:$AMJ$9",  # LibreOffice
            "_sx.team.c1": "'Our ''team'''!$C:$C",
            "_sx.team.c2": "'Our ''team'''!$D$1:$D$1048576",
            "_sx.team.r5": "#REF!",
            "annual_target": "Team!$A$1",
        }
    )
    assert found["team"].title == "Our 'team'"
    assert found["team"].rows == {3: 4, 4: 8}
    assert found["team"].cols == {1: 2, 2: 3}


def test_fields_are_the_books_own_figures(books: list[Book]) -> None:
    fields = fields_of(books[1], {"scope": "West"})
    assert fields.cells["annual_target"] == Decimal("3000")  # 12,000 by the history of 300 to 100
    assert fields.cells["scope"] == "West"
    customers = fields.lists["customers"]
    assert customers.column("CUSTOMER") == customers.column("name") == ["Birch Works"]
    assert customers.column("nothing") is None


def test_another_currency_changes_the_formats_and_nothing_a_person_changed(
    books: list[Book], template: Edited
) -> None:
    """The sample has cents; poured for a plan without them none is shown, a person's fill is."""
    record = opened(template).record
    key, row, col = next(
        (sheet.key, row, col)
        for sheet in record.sheets
        for row, cells in enumerate(sheet.cells)
        for col, (look, _) in cells.items()
        if record.looks[look].fmt == "pay" and record.looks[look].style == "cell"
    )
    title = opened(template).sheets[key].title
    template.fill(title, row, col, "FF00FF00")
    yen = replace(books[1], currency="JPY", decimals=0)
    made = openpyxl.load_workbook(BytesIO(pour(opened(template), yen)))
    cells = [c for sheet in made for line in sheet for c in line]
    # A format the content itself spells out (the front page's differences) is its own affair.
    cents = [c for c in cells if c.number_format.startswith("#,##0.00")]
    assert [(c.parent.title, c.coordinate) for c in cents] == []
    green = [c for line in made[title] for c in line if c.fill.fgColor.rgb == "FF00FF00"]
    assert green
    assert {c.number_format for c in green} == {'#,##0_)_);-#,##0_)_);"–"_)_);@_)_)'}
