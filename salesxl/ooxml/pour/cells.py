"""Cells as XML: by the type of the value and nothing else, each text registered once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from salesxl.errors import SalesxlError, fail
from salesxl.ooxml import values
from salesxl.sheets.content import Formula, Rich, Value

_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_EDGE = re.compile(r"^\s|\s$")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Place = Callable[[], str]  # the cell as a person knows it, only asked for in an error


def escape(text: str) -> str:
    """Text between tags; control characters are no business of this function."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote(text: str) -> str:
    """Text inside a double-quoted attribute."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def stored(text: str) -> str:
    """Text as a string item holds it: escaped, control characters as ``_xHHHH_``."""
    if not _SPECIAL.search(text):
        return text
    return escape(values.escape_result(text))


class Strings:
    """The shared strings of one file, in order of first use."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.items: list[str] = []

    def text(self, value: str, place: Place) -> int:
        """The number of a plain text; `SalesxlError` where no cell can hold it."""
        found = self.known.get(value)
        if found is None:
            if len(value) > 16_000 or not value.isascii():
                values.check_text(value, place())
            space = ' xml:space="preserve"' if _EDGE.search(value) else ""
            found = self._add(value, f"<si><t{space}>{stored(value)}</t></si>")
        return found

    def item(self, xml: str) -> int:
        """The number of a ready string item (rich text out of a template)."""
        key = f"\x00{xml}"
        found = self.known.get(key)
        return self._add(key, xml) if found is None else found

    def _add(self, key: str, xml: str) -> int:
        self.known[key] = len(self.items)
        self.items.append(xml)
        return len(self.items) - 1

    def part(self) -> str:
        head = f'<sst xmlns="{_MAIN}" uniqueCount="{len(self.items)}">'
        return f"{HEADER}{head}{''.join(self.items)}</sst>"


HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def number_text(value: Any, place: Place) -> str:
    """A number, date or numpy scalar as the file stores it."""
    kind = type(value)
    if kind is int:
        return str(value)
    if isinstance(value, date):
        return repr(values.serial(value))
    if hasattr(value, "item"):  # a numpy scalar out of a ledger column
        value = value.item()
    if isinstance(value, Decimal | int | float):
        try:
            return repr(values.number(value, ""))
        except ValueError:
            return repr(values.number(value, place()))
    raise TypeError(f"{place()}: no cell holds {value!r}")


def cell_xml(
    ref: str, style: int, value: Value, strings: Strings, place: Place,
    rewrite: Callable[[str], str] | None = None,
) -> str:  # fmt: skip
    """``<c …>`` for any value; `rewrite` moves a formula's references."""
    kind = type(value)
    if kind is str:
        if not value:
            return f'<c r="{ref}" s="{style}"/>'
        return f'<c r="{ref}" s="{style}" t="s"><v>{strings.text(value, place)}</v></c>'  # type: ignore[arg-type]
    if value is None:
        return f'<c r="{ref}" s="{style}"/>'
    if kind is Formula:
        return _formula(ref, style, value, place, rewrite)  # type: ignore[arg-type]
    if kind is bool:
        return f'<c r="{ref}" s="{style}" t="b"><v>{int(value)}</v></c>'  # type: ignore[arg-type]
    if kind is Rich:
        shown = values.plain_text(value.text, place())  # type: ignore[union-attr]
        return f'<c r="{ref}" s="{style}" t="s"><v>{strings.text(shown, place)}</v></c>'
    if isinstance(value, str):  # a numpy string out of a ledger column
        return cell_xml(ref, style, str(value), strings, place)
    if hasattr(value, "item"):
        return cell_xml(ref, style, value.item(), strings, place)
    return f'<c r="{ref}" s="{style}"><v>{number_text(value, place)}</v></c>'


def _formula(
    ref: str, style: int, value: Formula, place: Place, rewrite: Callable[[str], str] | None
) -> str:
    formula = value.text.removeprefix("=")
    if rewrite is not None:
        formula = rewrite(formula)
    if len(formula) >= values.MAX_FORMULA or values.has_control(formula):
        raise ValueError(f"{place()}: no formula Excel takes: {formula[:80]}")
    try:
        result = values.result(value.value, "")
    except (ValueError, SalesxlError):  # once more, for an error that names the cell
        result = values.result(value.value, place())
    kind = ""
    if isinstance(result, bool):
        kind, result = ' t="b"', int(result)
    elif isinstance(result, str):
        kind = ' t="e"' if result in _ERRORS else ' t="str"'
        result = escape(result)
        if _EDGE.search(result):
            return (
                f'<c r="{ref}" s="{style}"{kind}><f>{escape(formula)}</f>'
                f'<v xml:space="preserve">{result}</v></c>'
            )
    return f'<c r="{ref}" s="{style}"{kind}><f>{escape(formula)}</f><v>{result}</v></c>'


def plain(value: Value) -> str | None:
    """The text of a cell that holds nothing but text."""
    if isinstance(value, Rich):
        return value.text
    return value if isinstance(value, str) and value else None


def check_height(rows: int, title: str) -> None:
    if rows > 1_048_576:
        raise fail("page.too_many_rows", title, rows=f"{rows:,}")
