"""One workbook under way: the template's parts, and what is different in this file.

>>> draft = template.draft()
>>> draft.put("xl/worksheets/sheet1.xml", xml)
>>> data = draft.done("fast")
"""

from __future__ import annotations

from salesxl.ooxml.template.deflate import Packing
from salesxl.ooxml.template.package import RawPackage
from salesxl.ooxml.template.strings import Strings


class Draft:
    """Parts that are not put or dropped are copied as they lie in the template."""

    package: RawPackage
    strings: Strings
    date1904: bool

    def read(self, part: str) -> bytes:
        """A part as it is now."""
        ...

    def put(self, part: str, data: bytes) -> None:
        """Replace a part of the template."""
        ...

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """A part the template does not have, with its content type."""
        ...

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let `part` refer to part `target`; `kind`: the type's last word. The new id."""
        ...

    def drop(self, part: str) -> None:
        """Leave a part out, with its content type, its relationships and those to it."""
        ...

    def recalculate(self) -> None:
        """Have the workbook calculated when it is opened."""
        ...

    def done(self, packing: Packing = "fast") -> bytes:
        """The file. Shared strings are written here; same inputs, same bytes."""
        ...
