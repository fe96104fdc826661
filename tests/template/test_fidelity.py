"""The rich template is filled, and nothing else in it changes.

`golden` tells by hand what filling must change, part by part; everything beyond it is a
difference, but for the fields named in `IGNORED`.
"""

from __future__ import annotations

import html
import io
import pickle
import re
import warnings
import zipfile
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import openpyxl
import pytest

from salesxl.ooxml.lint import lint
from salesxl.ooxml.template.compile import compile_template
from salesxl.ooxml.template.fill import Fill
from tests.oracles.cells import Value, formula_cells, position, same
from tests.oracles.engines import ironcalc_values, recalculate
from tests.oracles.validator import findings
from tests.template import golden, rich
from tests.template.rich_fill import CUSTOMERS, PEOPLE, TITLE, fill, template
from tests.template.test_rich import missing

# What may differ without being looked at: caches (looked at below and in test_no_leak),
# the order to calculate, the folder of the author, authors' names, a note's fallback place.
IGNORED = (
    r"<c:(?:str|num)Cache>.*?</c:(?:str|num)Cache>",
    r"<c:(?:str|num)Cache/>",
    r"<c15:dlblRangeCache>.*?</c15:dlblRangeCache>",
    r"<c15:dlblRangeCache/>",
    r"<cx:lvl [^>]*?(?:/>|>.*?</cx:lvl>)",
    r"<cx:v>Amount</cx:v>",
    r"<calcPr [^>]*/>",
    r"<mc:AlternateContent>(?:(?!</mc:Alt).)*absPath.*?</mc:AlternateContent>",
    r"<authors>.*?</authors>",
    r' authorId="\d+"',
    r"<a:t>(?:LeakLinkedTextBox|South &amp; East &lt;2025&gt;)</a:t>",
    r"<a:t/>|<a:t></a:t>",
    r"margin-(?:left|top):[\d.]+pt;",
)
_ROWS = re.compile(r"<sheetData>.*</sheetData>|<sheetData/>", re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_TAKEN = re.compile(r"‹(.*?)›(.*)", re.DOTALL)


@pytest.fixture(scope="module")
def filled() -> bytes:
    return template().fill(fill())


@pytest.fixture(scope="module")
def members(filled: bytes) -> dict[str, bytes]:
    return rich.unpack(filled)


def test_untouched_parts_are_identical(members: dict[str, bytes]) -> None:
    before = rich.parts()
    changed = [part for part in golden.UNTOUCHED if members.get(part) != before[part]]
    assert not changed, changed


def test_untouched_parts_are_copied_as_packed_bytes(filled: bytes) -> None:
    before, after = packed(rich.build()), packed(filled)
    changed = [part for part in golden.UNTOUCHED if after[part] != before[part]]
    assert not changed, changed


def packed(data: bytes) -> dict[str, bytes]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            start = info.header_offset
            name, extra = (
                int.from_bytes(data[start + o : start + o + 2], "little") for o in (26, 28)
            )
            begin = start + 30 + name + extra
            found[info.filename] = data[begin : begin + info.compress_size]
    return found


def test_every_part_is_accounted_for(members: dict[str, bytes]) -> None:
    known = {*golden.UNTOUCHED, *golden.CLEARED, *golden.CHANGED}
    assert known == rich.parts().keys()
    gone = rich.parts().keys() - members.keys()
    assert gone <= {
        "xl/calcChain.xml",
        "xl/pivotCache/pivotCacheRecords1.xml",
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels",
    }
    assert members.keys() <= known


@pytest.mark.parametrize("part", golden.CHANGED)
def test_touched_parts_differ_only_where_they_must(members: dict[str, bytes], part: str) -> None:
    wanted = rich.parts()[part].decode()
    for old, new in golden.CHANGED[part]:
        if taken := _TAKEN.fullmatch(old):
            start = wanted.index(taken.group(1))
            end = wanted.index(taken.group(2), start) + len(taken.group(2))
            wanted = wanted[:start] + new + wanted[end:]
        else:
            assert old in wanted, f"{part} has no {old}"
            wanted = wanted.replace(old, new)
    assert plain(part, members[part].decode()) == plain(part, wanted)


def plain(part: str, text: str) -> list[str]:
    """A part as lines, one a tag, without what is looked at elsewhere."""
    if part.startswith("xl/worksheets/sheet"):
        text = _ROWS.sub("<sheetData/>", text)
    for pattern in IGNORED:
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    return re.sub(r"(?<=>)(?=<)", "\n", canonicalize(text)).split("\n")


@pytest.mark.parametrize("part", golden.CELLS)
def test_cells_are_what_they_should_be(members: dict[str, bytes], part: str) -> None:
    assert cells(members, part) == golden.CELLS[part]


def test_the_pivot_shows_nothing_until_it_is_refreshed(members: dict[str, bytes]) -> None:
    found = {c: cell for c, cell in cells(members, "xl/worksheets/sheet5.xml").items() if cell[1]}
    assert found.items() >= golden.pivot().items()
    assert set(found.values()) - set(golden.pivot().values()) <= {(0, "KeepGrandTotalCaption")}
    cache = members["xl/pivotCache/pivotCacheDefinition1.xml"].decode()
    assert 'refreshOnLoad="1"' in cache
    assert '<worksheetSource ref="A10:F15" sheet="Report"/>' in cache


def cells(members: dict[str, bytes], part: str) -> golden.Cells:
    """Cell → style and content; formulas must have no value, texts are taken from wherever."""
    shared = strings(members["xl/sharedStrings.xml"].decode())
    found: golden.Cells = {}
    rows = _ROWS.search(members[part].decode())
    assert rows is not None
    for place, raw, inner in _CELL.findall(rows.group()):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', raw))
        kind, style = attributes.get("t", "n"), int(attributes.get("s", 0))
        formula = re.search(r"<f[^>]*>(.*?)</f>", inner, re.DOTALL)
        value = re.search(r"<v[^>]*>(.*?)</v>", inner, re.DOTALL)
        content: object = None
        if formula:
            assert value is None, f"{part} {place} keeps {value}"
            content = "=" + html.unescape(formula.group(1))
        elif kind == "s" and value:
            content = shared[int(value.group(1))]
        elif kind == "inlineStr":
            content = "".join(
                map(html.unescape, re.findall(r"<t[^>]*>(.*?)</t>", inner, re.DOTALL))
            )
        elif kind == "b" and value:
            content = value.group(1) == "1"
        elif value:
            content = float(value.group(1))
        assert place not in found, f"{place} twice"
        found[place] = (style, content)
    return found


def strings(text: str) -> list[str]:
    items = re.findall(r"<si>(.*?)</si>|<si/>", text, re.DOTALL)
    return [
        "".join(map(html.unescape, re.findall(r"<t[^>]*>(.*?)</t>", item, re.DOTALL)))
        for item in items
    ]


def test_chart_caches_show_the_new_entries(members: dict[str, bytes]) -> None:
    bars = members["xl/charts/chart1.xml"].decode()
    assert points(bars, "Report!$A$1") == [TITLE]
    assert points(bars, "Report!$E$10") == ["Amount"]
    assert points(bars, "Report!$A$11:$A$15") == list(CUSTOMERS[:5])
    lines = members["xl/charts/chart2.xml"].decode()
    assert points(lines, "Report!$B$11:$B$15") == [str(45658 + i) for i in range(5)]
    assert points(lines, "Report!$C$11:$C$15") == [str(i + 2) for i in range(5)]
    assert points(lines, "Report!$D$11:$D$15") == [str(i + 10) for i in range(5)]
    pie = members["xl/charts/chart3.xml"].decode()
    assert points(pie, "People!$A$6:$A$9") == list(PEOPLE[:4])


def points(chart: str, place: str) -> list[str]:
    """The cached points of the range's first reference."""
    start = chart.index(f"<c:f>{place}</c:f>")
    end = min(
        i for i in (chart.find("</c:strRef>", start), chart.find("</c:numRef>", start)) if i > 0
    )
    return [html.unescape(v) for v in re.findall(r"<c:v>(.*?)</c:v>", chart[start:end])]


def test_the_linked_text_box_shows_the_cell(members: dict[str, bytes]) -> None:
    drawing = members["xl/drawings/drawing1.xml"].decode()
    assert 'textlink="Report!$A$1"' in drawing
    field = re.search(r"<a:fld .*?</a:fld>", drawing, re.DOTALL)
    assert field is not None
    shown = re.findall(r"<a:t>(.*?)</a:t>", field.group())
    assert [html.unescape(text) for text in shown] in ([TITLE], [""], [])


def test_rows_keep_their_attributes(members: dict[str, bytes]) -> None:
    def rows(part: str) -> dict[str, str]:
        text = members[part].decode()
        found = re.findall(r'<row [^>]*?r="(\d+)"([^>]*)>', text)
        assert [int(n) for n, _ in found] == sorted({int(n) for n, _ in found})
        return dict(found)

    report, cards = rows("xl/worksheets/sheet1.xml"), rows("xl/worksheets/sheet3.xml")
    assert 'ht="24"' in report["1"]
    assert 'ht="24"' in cards["4"]
    assert 'ht="24"' in cards["12"]
    hidden = [number for number, attributes in report.items() if "hidden" in attributes]
    assert not hidden, "a row hidden by the old filter"


def test_features_survive_here_and_not_in_openpyxl(
    members: dict[str, bytes], filled: bytes
) -> None:
    assert missing(members) == set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(filled))
    target = io.BytesIO()
    book.save(target)
    assert len(missing(rich.unpack(target.getvalue()))) > 15


def test_macros_survive() -> None:
    members = rich.unpack(template(macros=True).fill(fill()))
    assert members["xl/vbaProject.bin"] == rich.vba_project()
    assert b"sheet.macroEnabled.main+xml" in members["[Content_Types].xml"]
    assert b"vbaProject.bin" in members["xl/_rels/workbook.xml.rels"]


def test_a_template_written_with_indents_is_filled_alike() -> None:
    members = rich.unpack(template(indented=True).fill(fill()))
    for part, wanted in golden.CELLS.items():
        assert cells(members, part) == wanted, part


def test_a_template_written_with_prefixes_is_filled_alike(members: dict[str, bytes]) -> None:
    other = compile_template(rich.prefixed(rich.build()), "rich.xlsx").fill(fill())
    for name, data in rich.unpack(other).items():
        if name.endswith((".xml", ".rels", ".vml")):
            texts = (data.decode(), members[name].decode())
            one, two = (canonicalize(text, rewrite_prefixes=True) for text in texts)
            assert one == two, name


def test_dropping_a_sheet_leaves_no_trace() -> None:
    whole = fill()
    data = template().fill(Fill(whole.cells, whole.lists, whole.blocks, frozenset({"Optional"})))
    members = rich.unpack(data)
    assert "xl/worksheets/sheet7.xml" not in members
    assert b"sheet7" not in b"".join(d for n, d in members.items() if n.endswith((".xml", ".rels")))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == [
        "Report",
        "People",
        "Cards",
        "Lookup",
        "Pivot",
        "Field notes",
        "Picture",
    ]


def test_dropping_a_block_takes_its_rows() -> None:
    whole = fill()
    data = template().fill(Fill(whole.cells, whole.lists, drop=frozenset({"card"})))
    found = cells(rich.unpack(data), "xl/worksheets/sheet3.xml")
    assert found["A5"] == (0, "KeepGrandTotal")
    assert set(found) == {"A1", "C1", "A5", "C5"}


def test_filling_changes_neither_template_nor_bytes(filled: bytes) -> None:
    one = template()
    assert one.fill(fill()) == filled
    one.fill(fill(sales=50, people=1, cards=()))
    assert one.fill(fill()) == filled
    assert pickle.loads(pickle.dumps(one)).fill(fill()) == filled


# --- engines ---------------------------------------------------------------------------


def faults(found: dict[tuple[str, str], Value]) -> list[str]:
    lost = [f"no formula at {place}" for place in golden.VALUES.keys() - found.keys()]
    wrong = []
    for place, aim in golden.VALUES.items():
        wanted: Value = aim if isinstance(aim, str) else float(aim)
        if place in found and not same(wanted, found[place]):
            wrong.append(f"{place} is {found[place]!r}, not {aim!r}")
    return lost + wrong


@pytest.mark.oracle("libreoffice")
def test_libreoffice_computes_what_we_expect(filled: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    path.write_bytes(filled)
    made = recalculate([path], tmp_path / "work")[path]
    found = {place: cell.value for place, cell in formula_cells(made).items()}
    assert not faults(found), "\n".join(faults(found))


@pytest.mark.oracle("ironcalc")
def test_ironcalc_computes_what_we_expect(filled: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    path.write_bytes(filled)
    found = ironcalc_values(path)
    # It has no sums over several sheets, no constants under a name, no Table[].
    for place in (("Lookup", "A12"), ("Report", "E3"), ("Lookup", "C9")):
        found[place] = float(golden.VALUES[place])
    assert not faults(found), "\n".join(faults(found))


@pytest.fixture(scope="module")
def variants(filled: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The template filled in many ways."""
    whole = fill()
    made = {
        "filled.xlsx": filled,
        "none.xlsx": template().fill(fill(sales=0, people=0, cards=())),
        "many.xlsx": template().fill(fill(sales=300, people=20, cards=[2] * 9)),
        "macros.xlsm": template(macros=True).fill(whole),
        "indented.xlsx": template(indented=True).fill(whole),
        "dropped.xlsx": template().fill(
            Fill(whole.cells, whole.lists, drop=frozenset({"Optional", "card"}))
        ),
        "untouched.xlsx": template().fill(Fill()),
    }
    folder = tmp_path_factory.mktemp("variants")
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


@pytest.mark.oracle("ooxml-validator")
def test_validator_is_silent(variants: list[Path]) -> None:
    assert findings(variants, office="Microsoft365") == []


def test_lint_finds_nothing_but_missing_values(variants: list[Path]) -> None:
    """Values of the template's own formulas are not ours to make; totals of dropped rows break."""
    found = []
    for path in variants:
        allowed = {"formula_no_value"}
        if path.name in ("none.xlsx", "dropped.xlsx"):
            allowed.add("broken_reference")  # what only pointed at the cards
        found += [
            f"{path.name} {one.place()}: {one.cause('en')}"
            for one in lint(path)
            if one.code not in allowed
        ]
    assert not found, "\n".join(found)


def test_positions_in_golden_are_sound() -> None:
    """The golden cells name cells, and none twice but for case."""
    for part, table in golden.CELLS.items():
        assert all(min(position(place)) > 0 for place in table), part
