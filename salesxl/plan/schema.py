"""How a table of the plan workbook is declared: once, on its dataclass.

>>> @dataclass(frozen=True)
... class Person:
...     id: str = column("工号", "Employee ID", "id", required=True, unique=True)
...     joined_date: date | None = column("入职日期", "Joined", "date", default=None)

The reader, the checker, the plan workbook and the file-format page are made
from these declarations; nothing else lists the columns.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from salesxl.texts import Lang

# text    any text                      id      text that identifies the row
# ref     id or name of another table   money   amount in the plan's currency → int minor units
# number  any number → Decimal          share   a fraction, shown as % → Decimal (0.08 is 8 %)
# int     whole number                  date    a calendar date
# choice  one of `choices`              bool    yes / no
Kind = Literal["text", "id", "ref", "money", "number", "share", "int", "date", "choice", "bool"]

_MISSING: Any = dataclasses.MISSING


@dataclass(frozen=True)
class Column:
    """One column: the field it fills, its headers, what it may hold."""

    key: str
    zh: str
    en: str
    kind: Kind
    required: bool = False
    unique: bool = False
    ref: str = ""  # table the value must name, for kind "ref"
    choices: Mapping[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    help_zh: str = ""
    help_en: str = ""

    def title(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def help(self, lang: Lang) -> str:
        return self.help_zh if lang == "zh" else self.help_en

    def label(self, choice: str, lang: Lang) -> str:
        """How `choice` is written in a workbook of that language."""
        return self.choices[choice][0 if lang == "zh" else 1]


def column(
    zh: str,
    en: str,
    kind: Kind,
    *,
    required: bool = False,
    unique: bool = False,
    ref: str = "",
    choices: Mapping[str, tuple[str, str]] | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    help: tuple[str, str] = ("", ""),
    default: Any = _MISSING,
) -> Any:
    """Declare a dataclass field as a column. `choices` maps key → (zh, en) label."""
    if not required and default is _MISSING:
        raise TypeError(f"column {en!r}: an optional column needs a default")
    meta = Column(
        key="", zh=zh, en=en, kind=kind, required=required, unique=unique, ref=ref,
        choices=dict(choices or {}), minimum=minimum, maximum=maximum,
        help_zh=help[0], help_en=help[1],
    )  # fmt: skip
    return dataclasses.field(default=default, metadata={"column": meta})


@dataclass(frozen=True)
class Table:
    """One named Excel table: its name in the file, titles, row type, columns."""

    name: str  # Excel table name and key, e.g. "people"
    zh: str
    en: str
    row_type: type
    help_zh: str = ""
    help_en: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return _columns(self.row_type)

    def title(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def help(self, lang: Lang) -> str:
        return self.help_zh if lang == "zh" else self.help_en

    @property
    def identifier(self) -> Column | None:
        """The column that identifies a row, if the table has one."""
        return next((c for c in self.columns if c.kind == "id"), None)


@cache
def _columns(row_type: type) -> tuple[Column, ...]:
    return tuple(
        dataclasses.replace(f.metadata["column"], key=f.name)
        for f in dataclasses.fields(row_type)
        if "column" in f.metadata
    )
