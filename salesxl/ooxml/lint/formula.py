"""What can be wrong with a formula before anything is calculated.

One pass over the characters that matter, so that a hostile formula costs no more than
its length. Strings, quoted tab names and structured references are set aside first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Container
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from salesxl.ooxml.lint.areas import cell

MAX_FORMULA = 8_192
MAX_DEPTH = 64
MAX_ARGUMENTS = 255

_SPECIAL = re.compile(r"""["'\[\](){};,]""")
_FUNCTION = re.compile(r"(?<![\w.])([A-Za-z_][\w.]*)\(")
# Only behind an operator: what Excel leaves unquoted holds letters, digits, "." and "_".
_TAB = re.compile(r"(?:^|(?<=[\s(,:{=<>+\-*/^&%@]))([\w.]+(?::[\w.]+)?)!")
_TABLE = re.compile(r"(?<![\w.!])([^\W\d][\w.]*)\[")

Say = Callable[..., None]  # say(code, **values)


class Scanned(NamedTuple):
    """`bare` is the formula with strings blanked, ``[…]`` emptied and quoted tabs cut out."""

    problem: str  # "" or a code
    bare: str
    tabs: tuple[str, ...]  # quoted tab names, as they stand before ``!``


@cache
def newer() -> dict[str, str]:
    """Function name → the prefix it needs in a file."""
    source = files(__package__).joinpath("functions.toml").read_text(encoding="utf-8")
    prefixes: dict[str, str] = tomllib.loads(source)["prefix"]
    return {name: prefix for prefix, names in prefixes.items() for name in names.split()}


def scan(formula: str) -> Scanned:
    """Take a formula apart as far as needed to judge its brackets and names."""
    bare: list[str] = []
    tabs: list[str] = []
    nest: list[str] = []
    arguments = [0]
    problem = ""
    place, end = 0, len(formula)
    while match := _SPECIAL.search(formula, place):
        at, mark = match.start(), match.group()
        bare.append(formula[place:at])
        place = at + 1
        if mark in "\"'":
            close = _closing(formula, place, mark)
            if close < 0:
                return Scanned("formula_quote", "".join(bare), tuple(tabs))
            if mark == "'" and formula.startswith("!", close + 1):
                tabs.append(formula[place:close].replace("''", "'"))
                bare.append("\x01")
            place = close + 1
        elif mark == "[":
            place = _bracket(formula, place)
            if place < 0:
                return Scanned("formula_bracket", "".join(bare), tuple(tabs))
            bare.append("[]")
        elif mark in "({":
            nest.append(mark)
            arguments.append(0)
            bare.append(mark)
            if len(nest) > MAX_DEPTH:
                problem = problem or "formula_depth"
        elif mark in ")}":
            if not nest or nest.pop() != ("(" if mark == ")" else "{"):
                return Scanned("formula_bracket", "".join(bare), tuple(tabs))
            arguments.pop()
            bare.append(mark)
        elif mark == "]":
            return Scanned("formula_bracket", "".join(bare), tuple(tabs))
        elif mark == ";" and (not nest or nest[-1] != "{"):
            problem = problem or "formula_semicolon"
        elif mark == ",":
            bare.append(",")
            arguments[-1] += 1
            if arguments[-1] == MAX_ARGUMENTS and nest and nest[-1] == "(":
                problem = problem or "formula_arguments"
    bare.append(formula[place:end])
    return Scanned("formula_bracket" if nest else problem, "".join(bare), tuple(tabs))


def _closing(formula: str, place: int, mark: str) -> int:
    """Where the string ends that starts before `place`; -1 where it does not."""
    while True:
        close = formula.find(mark, place)
        if close < 0 or not formula.startswith(mark, close + 1):
            return close
        place = close + 2


def _bracket(formula: str, place: int) -> int:
    """Behind the ``]`` of a structured or external reference; ``'`` escapes a character."""
    depth, end = 1, len(formula)
    while place < end:
        mark = formula[place]
        if mark == "'":
            place += 1
        elif mark == "[":
            depth += 1
        elif mark == "]":
            depth -= 1
            if not depth:
                return place + 1
        place += 1
    return -1


def check(
    formula: str, say: Say, tabs: Container[str], tables: Container[str] | None = None
) -> None:
    """Say what is wrong with `formula` (without its equals sign).

    `tabs` and `tables` hold what exists, casefolded; None: tables are not looked at.
    """
    if len(formula) > MAX_FORMULA:
        say("formula_long", length=len(formula))
        return
    if formula.startswith("="):
        say("formula_equals", formula=formula)
        formula = formula[1:]
    scanned = scan(formula)
    if scanned.problem:
        say(scanned.problem, formula=formula)
        return
    bare = scanned.bare.replace("#DIV/0!", "")
    if "(" in bare:
        for name in _FUNCTION.findall(bare):
            prefix = newer().get(name.upper())
            if prefix:
                say("formula_prefix", function=name.upper(), prefix=prefix)
    if "#REF!" in bare:
        say("broken_reference", formula=formula)
    if "!" in bare:
        for tab in missing_tabs(scanned, tabs):
            say("missing_sheet", name=tab)
    if "[" in bare and tables is not None:
        for name in _TABLE.findall(bare):
            if name.casefold() not in tables:
                say("missing_table", name=name)


def missing_tabs(scanned: Scanned, tabs: Container[str]) -> list[str]:
    """The tab names used that the workbook does not have; other workbooks are left alone."""
    named: list[str] = []
    for word in scanned.tabs:
        if not any(mark in word for mark in "[]|"):  # external, or a DDE link
            named += [word] if word.casefold() in tabs else word.split(":")
    for word in _TAB.findall(scanned.bare):
        first, _, last = word.rpartition(":")
        named += [last] if not first or cell(first) else [first, last]
    return [name for name in dict.fromkeys(named) if name.casefold() not in tabs]
