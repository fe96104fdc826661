"""The rich template itself: valid, as rich as it says, and a trap for other writers."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import openpyxl
import pytest

from salesxl.ooxml.lint import lint
from tests.oracles.validator import findings
from tests.template import rich

# What openpyxl drops: a mark in a part's text, or a folder of parts.
LOST = {
    "shapes": "<xdr:sp ",
    "text boxes": "KeepTextBox",
    "group shapes": "<xdr:grpSp>",
    "sparklines": "<x14:sparkline>",
    "x14 data bars": "<x14:dataBar ",
    "x14 conditional formats": 'type="expression" priority="4" id=',
    "x14 validations": "<x14:dataValidation ",
    "slicers": "xl/slicers/",
    "threaded comments": "xl/threadedComments/",
    "persons": "xl/persons/",
    "form controls": "xl/ctrlProps/",
    "cell checkboxes": "xl/featurePropertyBag/",
    "custom XML": "customXml/",
    "ribbon": "customUI/",
    "printer settings": "xl/printerSettings/",
    "dynamic arrays": "xl/metadata.xml",
    "background picture": "<picture ",
    "header pictures": "<legacyDrawingHF ",
    "chartex charts": "xl/charts/chartEx1.xml",
    "rich text": "<si><r>",
    "connections": "xl/connections.xml",
}


def missing(members: dict[str, bytes]) -> set[str]:
    """The features of `LOST` of which nothing is left."""
    names = "\n".join(members)
    texts = "\n".join(data.decode("latin-1") for data in members.values())
    return {feature for feature, mark in LOST.items() if mark not in names and mark not in texts}


def test_it_holds_every_feature() -> None:
    assert missing(rich.unpack(rich.build())) == set()


def test_openpyxl_loses_them() -> None:
    """The control: the features are real, and this check can fail."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(rich.build()))
    target = io.BytesIO()
    book.save(target)
    assert len(missing(rich.unpack(target.getvalue()))) > 15


@pytest.mark.oracle("ooxml-validator")
def test_it_is_valid(tmp_path: Path) -> None:
    files = [tmp_path / "rich.xlsx", tmp_path / "rich.xlsm", tmp_path / "indented.xlsx"]
    files[0].write_bytes(rich.build())
    files[1].write_bytes(rich.build(macros=True))
    files[2].write_bytes(rich.build(indented=True))
    assert findings(files, office="Microsoft365") == []


def test_lint_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    path.write_bytes(rich.build())
    assert [f"{one.place()}: {one.cause('en')}" for one in lint(path)] == []
