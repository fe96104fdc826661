"""A finding in one sentence whose numbers live in cells.

>>> sentence("analysis.find_mix", "en", top=words("B9", "Web"), share=number("F9", x, "0.0%"))
Formula('=B9&" leads with "&TEXT(F9,"0.0%")', 'Web leads with 31.4%')

The formula and its text are made from the same pattern, so they cannot part.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from string import Formatter

from salesxl.sheets.content import Formula
from salesxl.texts import Lang, text


@dataclass(frozen=True)
class Fragment:
    """A piece of a formula that gives text, and that text."""

    formula: str
    value: str


def words(cell: str, value: str) -> Fragment:
    """The text in a cell."""
    return Fragment(cell, value)


def number(expression: str, value: Decimal, pattern: str) -> Fragment:
    """A number as TEXT shows it; `pattern` is ``#,##0``, ``#,##0.0`` or ``0.0%``."""
    return Fragment(f'TEXT({expression},"{pattern}")', shown(value, pattern))


def either(condition: str, holds: bool, yes: str, no: str) -> Fragment:
    """One of two words, by a condition on cells."""
    return Fragment(f"IF({condition},{_literal(yes)},{_literal(no)})", yes if holds else no)


def shown(value: Decimal, pattern: str) -> str:
    """`value` in one of the patterns `number` takes, rounded half away from zero."""
    places = len(pattern.partition(".")[2].rstrip("%"))
    scaled = value * 100 if pattern.endswith("%") else value
    rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    # A zero has no sign, whatever it was rounded from.
    return f"{rounded + 0:,f}" + ("%" if pattern.endswith("%") else "")


def sentence(key: str, lang: Lang, /, **parts: Fragment | str | int) -> Formula:
    """The text entry `key` with its parts put in: fragments live, all else fixed."""
    pieces: list[str] = []
    value = ""
    literal = ""
    for before, name, _, _ in Formatter().parse(text(key, lang)):
        literal += before
        if name is None:
            continue
        part = parts[name]
        if isinstance(part, Fragment):
            if literal:
                pieces.append(_literal(literal))
            pieces.append(part.formula)
            value += literal + part.value
            literal = ""
        else:
            literal += str(part)
    if literal:
        pieces.append(_literal(literal))
    return Formula("=" + "&".join(pieces), value + literal)


def _literal(said: str) -> str:
    return '"' + said.replace('"', '""') + '"'
