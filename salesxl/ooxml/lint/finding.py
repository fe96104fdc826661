"""What is wrong with a file: a severity, a part, a cell, a cause and a remedy.

A *fault* makes Excel refuse or repair the file, or show something other than what was
written. A *warning* opens as it is, but not as its maker will have meant it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from salesxl.texts import Lang, text

Severity = Literal["fault", "warning"]

WARNINGS = frozenset(
    {
        "broken_reference",
        "column_width",
        "filter_name_differs",
        "formula_equals",
        "formula_no_value",
        "link_missing_sheet",
        "merge_hides_values",
        "orphan_part",
        "override_without_part",
        "pivot_source",
        "row_height",
        "several_selected",
        "table_not_listed",
        "too_large",
    }
)
MAX_EACH = 20  # findings of one code in one part; the rest is counted
MAX_PART = 1_000  # findings in one part after which it is not read on


@dataclass(frozen=True)
class Finding:
    """One fault or warning. `cell` is ``B7``, ``B7:C9``, a name, or empty for the part."""

    code: str
    part: str
    cell: str = ""
    sheet: str = ""  # tab name, where the part is a worksheet or belongs to one
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return "warning" if self.code in WARNINGS else "fault"

    def cause(self, lang: Lang) -> str:
        return text(f"lint.{self.code}", lang, **{"cell": self.cell, **self.values})

    def remedy(self, lang: Lang) -> str:
        return text(f"lint.{self.code}_fix", lang, **{"cell": self.cell, **self.values})

    def place(self) -> str:
        """``xl/worksheets/sheet1.xml Sheet!B7``"""
        cell = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return f"{self.part} {cell}".strip()


class TooManyFindingsError(Exception):
    """A part is so wrong that reading on tells nothing new."""


class Findings:
    """Collects findings in bounded memory: a million bad cells are twenty and a count."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._parts: Counter[str] = Counter()

    def add(
        self, code: str, part: str, cell: str = "", /, *, tab: str = "", **values: object
    ) -> None:
        """Note one finding; `values` go into its texts, shortened to what can be read."""
        self._counts[code, part] += 1
        if self._counts[code, part] <= MAX_EACH:
            said = {key: shorten(value) for key, value in values.items()}
            self._found.append(Finding(code, part, shorten(cell), tab, said))
        self._parts[part] += 1
        if self._parts[part] == MAX_PART:
            raise TooManyFindingsError

    def all(self) -> tuple[Finding, ...]:
        """Everything found, in order; what was only counted comes as one ``more`` a code."""
        more = [
            Finding("more", part, values={"code": code, "count": count - MAX_EACH})
            for (code, part), count in self._counts.items()
            if count > MAX_EACH and code not in WARNINGS
        ]
        return (*self._found, *more)


def shorten(value: object) -> str:
    """A value from the file as it may be shown: short and on one line."""
    shown = " ".join(str(value).split())
    shown = "".join(char if char.isprintable() else "·" for char in shown)
    return shown if len(shown) <= 80 else f"{shown[:77]}…"
