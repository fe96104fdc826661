"""Rules over JSON: numbers stay exact on the way in and on the way out.

>>> answer('{"function": "ATTAINMENT", "input": {"credited": 1, "quota": 8}}', "en")
'{"output": 0.125}'

A whole result is written as a whole number, a decimal that ends within 30 digits
exactly, anything else rounded half-up to 15 significant digits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any, NoReturn

from salesxl.catalog import find, nearest
from salesxl.core.declare import Rule
from salesxl.core.error import RuleError
from salesxl.core.number import simplest
from salesxl.errors import SalesxlError, fail
from salesxl.texts import Lang, text

_ROUNDED = Context(prec=15, rounding=ROUND_HALF_UP)
_EXACT_DIGITS = 30


def say(error: RuleError, lang: Lang) -> str:
    """What a rule refuses, as one line with its remedy."""
    return text(f"core.{error.code}", lang, **error_values(error, lang))


def error_values(error: RuleError, lang: Lang) -> dict[str, object]:
    """The values the text of `error` may name; `place` is the argument and its cell."""
    place = error.argument
    if error.position is not None:
        place = text("core.place_cell", lang, argument=error.argument, position=error.position)
    return {"argument": error.argument, "place": place, **error.values}


def read_json(source: str) -> Any:
    """`source` with every number exact; ValueError for anything that is not strict JSON."""
    try:
        return json.loads(
            source,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is given twice")
    return result


def write_json(value: object) -> str:
    """`value` as one line of JSON; see the module for how numbers are written."""
    if isinstance(value, Mapping):
        items = (f"{write_json(str(name))}: {write_json(item)}" for name, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(write_json(item) for item in value) + "]"
    if isinstance(value, Decimal | Fraction):
        return _write_number(value)
    return json.dumps(value, ensure_ascii=False)


def _write_number(value: Decimal | Fraction) -> str:
    number = simplest(Fraction(value))
    if isinstance(number, int):
        return str(number)
    if isinstance(number, Fraction):
        number = _ROUNDED.divide(Decimal(number.numerator), Decimal(number.denominator))
    elif len(number.as_tuple().digits) > _EXACT_DIGITS:
        number = _ROUNDED.plus(number)
    if number.adjusted() < -_EXACT_DIGITS:
        return str(number)  # 1E-40: plain writing would be all zeros
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def rule_named(name: object) -> Rule:
    """The rule of that name; the error suggests the nearest one."""
    found = find(name) if isinstance(name, str) else None
    if found is None:
        near = nearest(name) if isinstance(name, str) else ""
        raise fail(
            "catalog.unknown_nearest" if near else "catalog.unknown", name=name, nearest=near
        )
    return found


def call(name: object, given: object, lang: Lang) -> object:
    """The answer of the rule `name`; SalesxlError says what is wrong in one line."""
    rule = rule_named(name)
    if not isinstance(given, Mapping):
        raise fail("catalog.input_not_object", rule=rule.name)
    try:
        return rule(given)
    except RuleError as error:
        raise fail(f"core.{error.code}", rule.name, **error_values(error, lang)) from error


def answer(line: str, lang: Lang) -> str:
    """One line ``{"function", "input"}`` → one line ``{"output"}`` or ``{"error", "code"}``."""
    try:
        return write_json({"output": _ask(line, lang)})
    except SalesxlError as error:
        problem = error.problems[0]
        code = problem.code.partition(".")[2]
        return write_json({"error": problem.say(lang), "code": code})


def _ask(line: str, lang: Lang) -> object:
    try:
        request = read_json(line)
    except ValueError as error:
        raise fail("catalog.bad_json", cause=error) from error
    if not isinstance(request, dict) or set(request) - {"function", "input"}:
        raise fail("catalog.bad_line")
    if "function" not in request or "input" not in request:
        raise fail("catalog.bad_line")
    return call(request["function"], request["input"], lang)
