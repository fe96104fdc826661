"""The add-in's sheet of texts: what its VBA shows, in both languages.

VBA source is kept in a Windows code page, so Chinese cannot stand in it. The texts stand in
a sheet of the add-in instead, where `SalesXLHelp` looks them up:

    function  SPLIT_TARGET  category zh, en  help zh, en  count  argument 1 zh, en  2 zh, en …
    text      key           zh  en
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from salesxl.catalog import RULES
from salesxl.core.declare import HELP_LIMIT, Rule
from salesxl.hosts.excel.ribbon import captions
from salesxl.texts import text

SHEET: Final = "salesxl_texts"
Row = tuple[str | int, ...]

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetPr codeName="{code_name}"/><sheetData>'
)
_TAIL: Final = "</sheetData></worksheet>"


def rows(rules: Iterable[Rule] = RULES) -> list[Row]:
    """The sheet's rows: functions in menu order, then the ribbon's captions."""
    return [_function(rule) for rule in rules] + [
        ("text", key, zh, en) for key, (zh, en) in captions().items()
    ]


def sheet_xml(code_name: str) -> bytes:
    """The sheet's part; `code_name` is its module in the VBA project."""
    lines = [_HEAD.format(code_name=code_name)]
    for number, row in enumerate(rows(), 1):
        cells = "".join(_cell(f"{_column(place)}{number}", cell) for place, cell in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    return ("".join(lines) + _TAIL).encode()


def _function(rule: Rule) -> Row:
    category = [f"SalesXL {text(f'catalog.category_{rule.category}', lang)}" for lang in _LANGS]
    helps: list[str | int] = [part for p in rule.params for part in (_fit(p.zh), _fit(p.en))]
    return (
        "function", rule.name, *category, _fit(rule.zh), _fit(rule.en), len(rule.params), *helps
    )  # fmt: skip


_LANGS: Final = ("zh", "en")


def _fit(line: str) -> str:
    """As much as the wizard shows; longer lines are refused where a rule is declared."""
    return line[:HELP_LIMIT]


def _cell(place: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def _column(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
