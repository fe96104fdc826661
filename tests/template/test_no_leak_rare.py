"""The rarer places in which another region's data can lie; see `test_no_leak`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from salesxl.ooxml.template.compile import compile_template
from tests.oracles.validator import findings
from tests.template import rich
from tests.template.rich_fill import fill
from tests.template.test_no_leak import kept, leaks

_FILTER = '<filterColumn colId="0"><filters><filter val="{}"/></filters></filterColumn>'
_VIEW = "{3B1F0A52-0C4A-4B7E-8B8E-5D8F4D6A0001}"
_POINT = '<c:pt idx="0"><c:v>{}</c:v></c:pt>'
_LABELS = "http://schemas.microsoft.com/office/drawing/2012/chart"
_SHEET2, _SHEET1 = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"
_PIVOT, _CHART = "xl/pivotTables/pivotTable1.xml", "xl/charts/chart1.xml"
_WORKBOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TYPES = "[Content_Types].xml"

# Place → part, a text in it, what stands there instead.
PLANTED: dict[str, tuple[str, str, str]] = {
    "filter over a list": (
        _SHEET2, "</protectedRanges>",
        f'</protectedRanges><autoFilter ref="A5:E8">{_FILTER.format("LeakSheetFilter")}'
        "</autoFilter>",
    ),
    "scenario": (
        _SHEET2, "</protectedRanges>",
        '</protectedRanges><scenarios current="0"><scenario name="Best case" count="1">'
        '<inputCells r="B6" val="LeakScenarioValue"/></scenario></scenarios>',
    ),
    "filter of a custom view": (
        _SHEET2, "<mergeCells",
        f'<customSheetViews><customSheetView guid="{_VIEW}"><autoFilter ref="A5:E8">'
        f'{_FILTER.format("LeakViewFilter")}</autoFilter></customSheetView></customSheetViews>'
        "<mergeCells",
    ),
    "pivot item caption": (_PIVOT, '<item x="0"/>', '<item n="LeakItemCaption" x="0"/>'),
    "pivot filter": (
        _PIVOT, "</pivotTableDefinition>",
        '<filters count="1"><filter fld="0" type="captionEqual" evalOrder="-1" id="1" '
        'stringValue1="LeakPivotFilter"><autoFilter ref="A1"><filterColumn colId="0">'
        '<customFilters><customFilter val="LeakPivotFilterValue"/></customFilters>'
        "</filterColumn></autoFilter></filter></filters></pivotTableDefinition>",
    ),
    "levels of categories": (
        _CHART, "<c:cat><c:strRef><c:f>Report!$A$11:$A$13</c:f><c:strCache>",
        "<c:cat><c:multiLvlStrRef><c:f>Report!$A$11:$B$13</c:f><c:multiLvlStrCache>"
        f'<c:ptCount val="3"/><c:lvl>{_POINT.format("LeakLevelOne")}</c:lvl><c:lvl>'
        f'{_POINT.format("LeakLevelTwo")}</c:lvl></c:multiLvlStrCache></c:multiLvlStrRef></c:cat>'
        "<c:val><c:numRef><c:f>Report!$E$11:$E$13</c:f></c:numRef></c:val></c:ser><c:ser>"
        '<c:idx val="7"/><c:order val="7"/><c:cat><c:strRef><c:f>Report!$A$11:$A$13</c:f>'
        "<c:strCache>",
    ),
    "label from a cell": (
        _CHART, "<c:dLbls>",
        '<c:dLbls><c:dLbl><c:idx val="0"/><c:tx><c:rich><a:bodyPr/><a:p><a:fld id="{3B1F0A52-0C4A'
        '-4B7E-8B8E-5D8F4D6A0002}" type="CELLREF"><a:rPr lang="en-US"/><a:pPr/><a:t>[CELLREF]'
        '</a:t></a:fld></a:p></c:rich></c:tx><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        f'<c:showBubbleSize val="0"/><c:extLst><c:ext xmlns:c15="{_LABELS}" '
        'uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"><c15:dlblFieldTable><c15:dlblFTEntry>'
        "<c15:txfldGUID>{3B1F0A52-0C4A-4B7E-8B8E-5D8F4D6A0002}</c15:txfldGUID>"
        "<c15:f>Report!$A$11</c15:f><c15:dlblFieldTableCache>"
        f'<c:ptCount val="1"/>{_POINT.format("LeakFieldTable")}</c15:dlblFieldTableCache>'
        "</c15:dlblFTEntry></c15:dlblFieldTable></c:ext></c:extLst></c:dLbl>",
    ),
    "who reserved the file": (
        _WORKBOOK, "<workbookPr",
        '<fileSharing readOnlyRecommended="1" userName="LeakReserver"/><workbookPr',
    ),
    "phonetic guide": (
        "xl/sharedStrings.xml", "<si><t>LeakSharedCustomer</t></si>",
        '<si><t>LeakSharedCustomer</t><rPh sb="0" eb="1"><t>LeakPhonetic</t></rPh></si>',
    ),
    "values stored beside rules": (
        _SHEET1, '<c r="C12"><v>4</v></c>',
        '<c r="C12" t="str"><f>"Leak"&amp;"Made"</f><v>LeakMadeByFormula</v></c>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLANTED)
def test_a_rare_place_is_cleared(place: str) -> None:
    part, old, new = PLANTED[place]
    planted = rich.build(replace={part: lambda text: text.replace(old, new, 1)})
    assert len(leaks(rich.unpack(planted))) >= len(leaks(rich.parts()))
    for what in (fill(), fill(sales=0, people=0, cards=()), fill(sales=3, people=3)):
        made = rich.unpack(compile_template(planted, "rare.xlsx").fill(what))
        assert not leaks(made), f"{place}: {leaks(made)}"


def test_a_picture_of_the_first_page_goes() -> None:
    members = rich.parts()
    members["docProps/thumbnail.emf"] = "LeakThumbnail".encode("utf-16-le")
    members[_TYPES] = members[_TYPES].replace(
        b"<Default ", b'<Default Extension="emf" ContentType="image/x-emf"/><Default ', 1
    )
    members["_rels/.rels"] = members["_rels/.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/package/2006/'
        b'relationships/metadata/thumbnail" Target="docProps/thumbnail.emf"/></Relationships>',
    )
    made = rich.unpack(compile_template(rich.pack(members), "thumb.xlsx").fill(fill()))
    assert not leaks(made)
    assert b"thumbnail" not in made["_rels/.rels"]


def test_values_of_a_live_link_go(tmp_path: Path) -> None:
    members = rich.parts()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    members["xl/externalLinks/externalLink2.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<externalLink xmlns="{main}"><ddeLink ddeService="KeepService" ddeTopic="KeepTopic">'
        '<ddeItems><ddeItem name="KeepItem"><values><value t="str"><val>LeakLiveValue</val>'
        "</value></values></ddeItem></ddeItems></ddeLink></externalLink>"
    ).encode()
    edits: dict[str, Callable[[str], str]] = {
        _TYPES: lambda text: text.replace(
            "</Types>",
            '<Override PartName="/xl/externalLinks/externalLink2.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/></Types>',
        ),
        _LINKS: lambda text: text.replace(
            "</Relationships>",
            '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/'
            '2006/relationships/externalLink" Target="externalLinks/externalLink2.xml"/>'
            "</Relationships>",
        ),
        _WORKBOOK: lambda text: text.replace(
            "</externalReferences>", '<externalReference r:id="rId77"/></externalReferences>'
        ),
    }
    for part, edit in edits.items():
        members[part] = edit(members[part].decode()).encode()
    made = compile_template(rich.pack(members), "live.xlsx").fill(fill())
    assert not leaks(rich.unpack(made))
    assert {"KeepService", "KeepTopic"} <= kept(rich.unpack(made))


@pytest.mark.oracle("ooxml-validator")
def test_what_is_left_is_valid(tmp_path: Path) -> None:
    paths = []
    for number, (part, old, new) in enumerate(PLANTED.values()):
        planted = rich.build(
            replace={part: lambda text, old=old, new=new: text.replace(old, new, 1)}
        )
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(compile_template(planted, "rare.xlsx").fill(fill()))
    assert findings(paths, office="Microsoft365") == []
