"""A template full of another region's data gives nothing of it away.

Words are planted in every place of the rich template where text can live. Which are the
data of whoever last filled it (`Leak…`, must go) and which the template's own (`Keep…`,
must stay) was decided thus:

Data-bound, gone: entries of filled lists, tables and cells (shared, inline, rich strings),
strings that no cell uses; cached values of formulas, of spilled arrays, of external links;
caches of charts (categories, names, labels, titles taken from cells; also chartex); items
and records of pivots, and the cells a pivot shows them in; values a table is filtered by;
text boxes that show a cell; notes, threads, links on filled cells, their authors; who made
and changed the file, company, manager, custom properties; the folder it was saved in; the
name of the printer.

The template's, kept: captions in cells, headers and footers, titles of charts and axes,
static text boxes, alternative texts, captions of controls, slicers, pivots and ribbon;
prompts, messages and items of validations; static lists with their filters; notes, threads
and links on captions; comments of names; names, commands of connections and addresses of
linked workbooks, without which they would not work; custom XML, for nothing in the cells
is bound to it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

import pytest

from salesxl.ooxml.template.compile import compile_template
from salesxl.ooxml.template.fill import Fill
from tests.template import rich
from tests.template.rich_fill import fill, template

_LEAK = re.compile(r"leak[a-z]+", re.IGNORECASE)
_KEEP = re.compile(r"Keep[A-Z][A-Za-z]+")

# Every planted place with a word of its own; a word that is nowhere would prove nothing.
PLANTED = {
    "xl/sharedStrings.xml": {
        "LeakTitleNorth", "LeakSharedCustomer", "LeakRich", "LeakRichRun", "LeakUnusedShared",
        "LeakManagerNorth", "LeakPersonOne", "LeakPersonTwo", "LeakTargetOne", "LeakPivotLabel",
    },
    "xl/worksheets/sheet1.xml": {"LeakInlineCustomer", "LeakFormulaCache", "LeakLinkTooltip"},
    "xl/worksheets/sheet4.xml": {"LeakSpillFirst", "LeakSpillThird", "LeakExternalValue"},
    "xl/worksheets/sheet5.xml": {"LeakPivotInline"},
    "xl/worksheets/_rels/sheet1.xml.rels": {"leakmail"},
    "xl/tables/table1.xml": {"LeakFilterValue"},
    "xl/charts/chart1.xml": {"LeakChartTitle", "LeakChartCategory", "LeakChartLabel"},
    "xl/charts/chart3.xml": {"LeakPersonOne"},
    "xl/charts/chartEx1.xml": {"LeakChartExCategory"},
    "xl/drawings/drawing1.xml": {"LeakLinkedTextBox"},
    "xl/pivotCache/pivotCacheDefinition1.xml": {"LeakPivotItem", "LeakRefreshedBy"},
    "xl/pivotCache/pivotCacheRecords1.xml": {"LeakPivotRecord"},
    "xl/externalLinks/externalLink1.xml": {"LeakExternalCache"},
    "xl/comments1.xml": {"LeakNoteOnData", "LeakNoteAuthor", "LeakThreadOnData"},
    "xl/threadedComments/threadedComment1.xml": {"LeakThreadOnData", "LeakThreadReply"},
    "xl/persons/person.xml": {"LeakThreadPerson", "leakthreadperson"},
    "xl/workbook.xml": {"LeakUserFolder"},
    "docProps/core.xml": {"LeakCreator", "LeakModifiedBy"},
    "docProps/app.xml": {"LeakCompany", "LeakManager"},
    "docProps/custom.xml": {"LeakCustomProperty"},
    rich.PRINTER_SETTINGS: {"LeakPrinter"},
}  # fmt: skip


def words(data: bytes, pattern: re.Pattern[str]) -> set[str]:
    """Words in a part, whatever it is written in."""
    texts = (data.decode("latin-1"), data.decode("utf-16-le", "ignore"))
    odd = data[1:].decode("utf-16-le", "ignore")
    return {word for text in (*texts, odd) for word in pattern.findall(text)}


def leaks(members: Mapping[str, bytes]) -> list[str]:
    return [
        f"{part}: {', '.join(sorted(found))}"
        for part, data in members.items()
        if (found := words(data, _LEAK) | words(part.encode(), _LEAK))
    ]


def kept(members: Mapping[str, bytes]) -> set[str]:
    return {word for data in members.values() for word in words(data, _KEEP)}


def test_every_canary_is_in_the_template() -> None:
    parts = rich.parts()
    for part, planted in PLANTED.items():
        assert planted <= words(parts[part], _LEAK), part
    assert {line.split(":")[0] for line in leaks(parts)} == set(PLANTED)


FILLS = {
    "as many rows": fill(sales=3, people=3, cards=(1,)),
    "more": fill(),
    "fewer": fill(sales=1, people=1, cards=(1, 3, 2)),
    "nothing": fill(sales=0, people=0, cards=()),
    "many": fill(sales=300, people=40, cards=[2] * 30),
}


@pytest.mark.parametrize("name", FILLS)
def test_no_canary_survives(name: str) -> None:
    made = template().fill(FILLS[name])
    found = leaks(rich.unpack(made))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", FILLS)
def test_captions_stay(name: str) -> None:
    lost = kept(rich.parts()) - kept(rich.unpack(template().fill(FILLS[name])))
    if name == "nothing":
        lost -= {"KeepSubtotal", "KeepCardHeader"} - {"KeepSubtotal"}  # went with the cards
    assert not lost, sorted(lost)


def test_captions_of_a_dropped_sheet_go() -> None:
    whole = fill()
    made = template().fill(
        Fill(whole.cells, whole.lists, whole.blocks, drop=frozenset({"Optional"}))
    )
    members = rich.unpack(made)
    assert kept(rich.parts()) - kept(members) == {"KeepOptionalPart"}
    assert not any("Optional" in data.decode("latin-1") for data in members.values())
    assert not leaks(members)


def test_the_next_workbook_does_not_see_the_last() -> None:
    one = template()
    first = fill(sales=3, people=3, cards=(1,))
    first = Fill({**first.cells, "manager": "LeakOfTheFirst"}, first.lists, first.blocks)
    assert leaks(rich.unpack(one.fill(first)))
    assert not leaks(rich.unpack(one.fill(fill())))


def test_a_filled_workbook_as_template_leaks_nothing() -> None:
    """Last month's workbook filled again, as people do."""
    first = fill(sales=7, people=2)
    lists = dict(first.lists)
    lists["Sales"] = {**lists["Sales"], "Customer": [f"LeakAgain{'ABCDEFG'[i]}" for i in range(7)]}
    cells = {**first.cells, "report_title": "LeakAgainTitle", "manager": "LeakAgainManager"}
    before = template().fill(Fill(cells, lists, first.blocks))
    assert leaks(rich.unpack(before))
    again = compile_template(before, "again.xlsx")
    whole = fill()
    # the people's markers and the cards were replaced by entries; their places still stand
    columns = list(again.places["people"].columns)
    people = dict(zip(columns, [["a", "b"], [1, 2], [1, 2]], strict=False))
    made = again.fill(
        Fill(whole.cells, {"Sales": whole.lists["Sales"], "people": people})
    )  # fmt: skip
    assert not leaks(rich.unpack(made))


def test_nothing_hides_between_the_members() -> None:
    """Comments, extra fields and loose bytes of the template's zip do not come along."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"LeakZipComment"
        for part, data in rich.parts().items():
            info = zipfile.ZipInfo(part)
            info.extra = b"\xfe\xca\x0c\0LeakZipExtra"
            info.comment = b"LeakMemberComment"
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    made = compile_template(b"LeakBefore" + target.getvalue(), "x.xlsx").fill(fill())
    assert b"Leak" not in made


@pytest.mark.parametrize("packing", ["fast", "standard", "small"])
def test_every_packing_holds_the_same(packing: str) -> None:
    made = rich.unpack(template().fill(fill(), packing=packing))  # type: ignore[arg-type]
    assert made == rich.unpack(template().fill(fill()))
    assert not leaks(made)
