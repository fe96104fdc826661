"""The shared strings of the workbook under way: only what this file shows survives.

The template's strings keep their numbers, so that sheets nobody fills stay byte for
byte; those that nothing uses any more become empty. New texts are appended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Strings:
    """Texts of the file under way and their numbers."""

    def __init__(self, kept: Sequence[str]) -> None: ...

    def number(self, text: str, where: str = "") -> str:
        """The number of `text` as it is written. Raises `SalesxlError` naming `where`."""
        ...

    def numbers(self, texts: Sequence[str], where: object = None) -> list[str]:
        """The numbers of a column of texts."""
        ...

    def use(self, numbers: Iterable[int]) -> None:
        """Keep these strings of the template."""
        ...

    def xml(self) -> bytes:
        """The part ``sharedStrings.xml``."""
        ...
