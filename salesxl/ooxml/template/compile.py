"""A template read once and used for many workbooks.

>>> template = compile_template(Path("region.xlsx"))
>>> template.places["people"].columns
('Name', 'Quota')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from salesxl.ooxml.template.deflate import Packing
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.fill import Fill
from salesxl.ooxml.template.package import RawPackage
from salesxl.ooxml.template.places import Place
from salesxl.ooxml.template.sheet import TemplateSheet


@dataclass
class Template:
    """A compiled template: picklable, reusable, never changed by filling."""

    package: RawPackage
    sheets: Mapping[str, TemplateSheet]  # by title, in tab order
    places: Mapping[str, Place]  # by name as the template spells it
    date1904: bool

    def draft(self) -> Draft:
        """A workbook under way, still the (pruned) template."""
        ...

    def fill(self, fill: Fill, packing: Packing = "fast") -> bytes:
        """The filled workbook. Raises `SalesxlError` with every problem found."""
        ...


def compile_template(source: Path | bytes, name: str = "") -> Template:
    """Read a .xlsx or .xlsm; `name` is the file's name in problems. Raises `SalesxlError`."""
    ...
