"""``salesxl functions`` and ``salesxl call``: every rule from the shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salesxl.catalog import RULES
from salesxl.catalog.page import signature
from salesxl.catalog.wire import answer, call, read_json, write_json
from salesxl.core.declare import Rule
from salesxl.errors import SalesxlError, fail
from salesxl.texts import Lang, locale_lang, text


def add_parsers(subparsers: argparse._SubParsersAction[Any], lang: Lang) -> None:
    """Add the commands ``functions`` and ``call`` to the command line."""
    functions = subparsers.add_parser("functions", help=text("catalog.help_functions", lang))
    functions.add_argument(
        "--json", action="store_true", help=text("catalog.help_functions_json", lang)
    )
    functions.set_defaults(run=run_functions)

    one = subparsers.add_parser("call", help=text("catalog.help_call", lang))
    one.add_argument("name", nargs="?", metavar="NAME", help=text("catalog.help_name", lang))
    one.add_argument("--json", metavar="JSON", help=text("catalog.help_json", lang))
    one.add_argument("--lines", metavar="FILE", help=text("catalog.help_lines", lang))
    one.set_defaults(run=run_call)


def run_functions(args: argparse.Namespace) -> int:
    """List the rules: readable, or with --json as one array of their declarations."""
    lang = _lang(args)
    if args.json:
        _print(write_json([_declaration(rule) for rule in RULES]))
        return 0
    category = ""
    for rule in RULES:
        if rule.category != category:
            category = rule.category
            _print(text(f"catalog.category_{category}", lang))
        _print(f"\n  {signature(rule)}")
        _print(f"      {rule.zh if lang == 'zh' else rule.en}")
        for param in rule.params:
            meaning = param.zh if lang == "zh" else param.en
            _print(f"      {param.name:<16} {meaning}")
    return 0


def run_call(args: argparse.Namespace) -> int:
    """One call, or with --lines one a line. 0 answered, 1 refused, 2 wrong use.

    With --lines every line has its own answer or error, so the run itself is a
    success (0) once the file could be read.
    """
    lang = _lang(args)
    if args.lines is not None and args.name is None and args.json is None:
        return _call_lines(args.lines, lang)
    if args.lines is not None or args.name is None or args.json is None:
        print(text("catalog.wrong_use", lang), file=sys.stderr)  # noqa: T201
        return 2
    try:
        _print(write_json(call(args.name, _input(args.json), lang)))
    except SalesxlError as error:
        return _refuse(error, lang)
    return 0


def _input(source: str) -> object:
    try:
        return read_json(source)
    except ValueError as error:
        raise fail("catalog.bad_json", cause=error) from error


def _call_lines(name: str, lang: Lang) -> int:
    try:
        with _lines(name) as lines:
            for line in lines:
                stripped = line.strip()
                if stripped:
                    _print(_answer(stripped, lang))
    except OSError as error:
        return _refuse(fail("catalog.unreadable", name, cause=error.strerror or str(error)), lang)
    return 0


@contextmanager
def _lines(name: str) -> Iterator[Iterable[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
    else:
        with Path(name).open("rb") as file:
            yield file


def _answer(line: bytes, lang: Lang) -> str:
    try:
        return answer(line.decode("utf-8-sig"), lang)
    except UnicodeDecodeError:
        message = text("catalog.not_utf8", lang)
        return write_json({"error": message, "code": "not_utf8"})


def _refuse(error: SalesxlError, lang: Lang) -> int:
    for problem in error.problems:
        print(problem.say(lang), file=sys.stderr)  # noqa: T201
    return 1


def _declaration(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "category": rule.category,
        "zh": rule.zh,
        "en": rule.en,
        "returns": rule.returns,
        "arguments": [
            {
                "name": param.name,
                "kind": param.kind,
                "unit": param.unit,
                "required": param.required,
                **({"choices": param.choices} if param.choices else {}),
                **({} if param.required else {"default": param.default}),
                "zh": param.zh,
                "en": param.en,
            }
            for param in rule.params
        ],
        "errors": rule.errors,
        "example": rule.example,
    }


def _print(line: str) -> None:
    # Flushed line by line: a program on the other end of the pipe waits for each answer.
    print(line, flush=True)  # noqa: T201


def _lang(args: argparse.Namespace) -> Lang:
    lang: Lang | None = getattr(args, "lang", None)
    return lang or locale_lang()
