"""``salesxl``: finds the command, imports only its module, and answers for its errors.

Exit codes: 0 done, 1 the input has problems, 2 wrong use, 130 interrupted.
A command's module has ``add_parser(subparsers, lang)``, which sets ``run``:
a function from the parsed arguments to an exit code.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn, cast

from salesxl import __version__
from salesxl.errors import SalesxlError
from salesxl.texts import LANGS, Lang, locale_lang, text

# name → (module, function that adds the parser); the help is text("cli.<name>")
COMMANDS: dict[str, tuple[str, str]] = {
    "start": ("salesxl.cli.start", "add_parser"),
    "map": ("salesxl.cli.map", "add_parser"),
    "sample": ("salesxl.cli.sample", "add_parser"),
    "check": ("salesxl.cli.check", "add_parser"),
    "generate": ("salesxl.cli.generate", "add_parser"),
    "collect": ("salesxl.cli.collect", "add_parser"),
    "verify": ("salesxl.cli.verify", "add_parser"),
    "commissions": ("salesxl.cli.commissions", "add_parser"),
    "visits": ("salesxl.cli.visits", "add_parser"),
    "template": ("salesxl.cli.template", "add_parser"),
    "what-if": ("salesxl.cli.what_if", "add_parser"),
    "close": ("salesxl.cli.close", "add_parsers"),
    "reopen": ("salesxl.cli.close", "add_parsers"),
    "audit": ("salesxl.cli.close", "add_parsers"),
    "lint": ("salesxl.cli.lint", "add_parser"),
    "call": ("salesxl.cli.call", "add_parsers"),
    "functions": ("salesxl.cli.call", "add_parsers"),
    "new": ("salesxl.cli.new", "add_parser"),
    "addin": ("salesxl.cli.addin", "add_parser"),
    "doctor": ("salesxl.cli.doctor", "add_parser"),
    "selftest": ("salesxl.cli.selftest", "add_parser"),
}


class Parser(argparse.ArgumentParser):
    """An argument parser that says wrong use in one line and exits 2."""

    lang: Lang = "en"

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """As argparse's own, but a help text may hold a percent sign."""
        said = options.get("help")
        if isinstance(said, str) and "%(" not in said:
            options["help"] = said.replace("%%", "%").replace("%", "%%")
        return super().add_argument(*names, **options)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        line = text("cli.wrong_use", self.lang, prog=self.prog, message=message)
        self.exit(2, f"{line}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _utf8_output()
    lang = _lang(arguments)
    try:
        return _run(arguments, lang)
    except SalesxlError as error:
        for problem in error.problems:
            _complain(problem.say(lang))
        return 1
    except KeyboardInterrupt:
        _complain(text("cli.interrupted", lang))
        return 130
    except BrokenPipeError:
        # The reader (such as ``head``) has enough; the rest goes nowhere, quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        _complain(text("cli.out_of_memory", lang))
        return 1
    except OSError as error:
        return _file_trouble(error, lang)
    except Exception as error:
        return _unexpected(error, lang)


def build_parser(arguments: Sequence[str], lang: Lang) -> argparse.ArgumentParser:
    """The parser; only the module of the command in `arguments` is imported."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=LANGS, default=lang, help=text("cli.lang", lang))
    parser = Parser(prog="salesxl", description=text("cli.description", lang), add_help=False)
    parser.lang = lang
    parser.epilog = text("cli.more", lang)
    parser.add_argument("-h", "--help", action="help", help=text("cli.help", lang))
    parser.add_argument("--lang", choices=LANGS, default=lang, help=text("cli.lang", lang))
    parser.add_argument(
        "--version",
        action="version",
        version=f"salesxl {__version__}",
        help=text("cli.version", lang),
    )
    subparsers = parser.add_subparsers(
        title=text("cli.commands", lang), dest="command", metavar="", required=True
    )
    chosen = _chosen(arguments)
    for name, (module, adder) in COMMANDS.items():
        if name != chosen:
            if not _made_with(chosen, name):
                subparsers.add_parser(name, help=text(f"cli.{name}", lang))
            continue
        before = set(subparsers.choices)
        getattr(importlib.import_module(module), adder)(subparsers, lang)
        for made in set(subparsers.choices) - before:
            _add_lang(cast(argparse.ArgumentParser, subparsers.choices[made]), lang)
    return parser


def _made_with(chosen: str, name: str) -> bool:
    """Whether the chosen command's own module adds the parser of `name` too."""
    return chosen in COMMANDS and COMMANDS[chosen] == COMMANDS[name]


def _add_lang(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """``--lang`` after the command too, unless its module added it."""
    if isinstance(parser, Parser):
        parser.lang = lang
    if "--lang" not in parser._option_string_actions:
        # The default is set on the main parser; here it must not override it.
        parser.add_argument(
            "--lang", choices=LANGS, default=argparse.SUPPRESS, help=text("cli.lang", lang)
        )


def _run(arguments: list[str], lang: Lang) -> int:
    parser = build_parser(arguments, lang)
    if not arguments:
        parser.print_help(sys.stderr)
        return 2
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    run: Any = parsed.run
    code = run(parsed)
    sys.stdout.flush()
    return int(code or 0)


def _chosen(arguments: Sequence[str]) -> str:
    """The command's name: the first word that is no option and no option's value."""
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word == "--lang":
            skip = True
        elif not word.startswith("-"):
            return word
    return ""


def _lang(arguments: Sequence[str]) -> Lang:
    """The language asked for anywhere on the line, before it is parsed: help needs it."""
    for index, word in enumerate(arguments):
        value = ""
        if word == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        elif word.startswith("--lang="):
            value = word.removeprefix("--lang=")
        if value in LANGS:
            return value
    return locale_lang()


def _utf8_output() -> None:
    """Windows consoles and pipes default to a code page that lacks Chinese."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _file_trouble(error: OSError, lang: Lang) -> int:
    if os.environ.get("SALESXL_DEBUG") == "1":
        traceback.print_exc()
    name = error.filename if error.filename is not None else "salesxl"
    _complain(text("cli.file_trouble", lang, name=name, message=error.strerror or error))
    return 1


def _unexpected(error: Exception, lang: Lang) -> int:
    if os.environ.get("SALESXL_DEBUG") == "1":
        traceback.print_exc()
    message = " ".join(str(error).split())[:300]
    _complain(text("cli.unexpected", lang, kind=type(error).__name__, message=message))
    return 1
