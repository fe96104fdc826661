"""``salesxl what-if PLAN --ledger F… --change "…"``: what a changed plan would cost."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesxl.cli.ledger_options import ledger_place
from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ledger.what_if.pair import DRAWS, SEED
from salesxl.texts import Lang, text

if TYPE_CHECKING:
    from salesxl.ledger.frame import Ledger
    from salesxl.ledger.what_if.compare import WhatIf
    from salesxl.plan.model import Plan


def add_parser(subparsers: argparse._SubParsersAction[Any], lang: Lang) -> None:
    def say(key: str, **values: object) -> str:
        return text(f"what_if.{key}", lang, **values)

    parser = subparsers.add_parser(
        "what-if", help=text("cli.what-if", lang), description=say("help"),
        epilog=say("epilog"), formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("plan", type=Path, metavar="PLAN", help=text("cli.plan_arg", lang))
    parser.add_argument(
        "--ledger", type=ledger_place, action="append", nargs="+", required=True, metavar="FILE",
        help=text("cli.ledger_arg", lang),
    )  # fmt: skip
    parser.add_argument(
        "--change", action="append", default=[], metavar="TEXT", help=say("arg_change")
    )
    parser.add_argument("--plan2", type=Path, metavar="OTHER.xlsx", help=say("arg_plan2"))
    parser.add_argument("--period", default="", metavar="2026", help=say("arg_period"))
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help=text("cli.map_arg", lang))
    parser.add_argument("--skip-bad-rows", action="store_true", help=text("cli.skip_arg", lang))
    parser.add_argument(
        "--seed", type=_whole, default=SEED, metavar="N", help=say("arg_seed", seed=SEED)
    )
    parser.add_argument(
        "--draws", type=_draws, default=DRAWS, metavar="N", help=say("arg_draws", draws=DRAWS)
    )
    parser.add_argument("-o", "--out", type=Path, metavar="FILE.xlsx", help=say("arg_out"))
    parser.add_argument("--json", action="store_true", help=text("cli.json_arg", lang))
    parser.set_defaults(run=run)


def _whole(word: str) -> int:
    number = int(word)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} < 0")
    return number


def _draws(word: str) -> int:
    number = int(word)
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError(f"{number}: 1 … 100000")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Compare, print, and write the workbook if one is asked for; 0."""
    # Imported here: pandas is slow to load and ``--help`` must not wait for it.
    from salesxl.cli.what_if_tables import as_json, print_tables
    from salesxl.ledger.what_if.compare import what_if

    lang: Lang = arguments.lang
    paths = [path for group in arguments.ledger for path in group]
    _check_out(arguments.out, [arguments.plan, arguments.plan2, *paths])
    plan, other, lines = _inputs(arguments, paths, lang)
    found = what_if(
        plan, lines, arguments.change, period=arguments.period, plan2=other,
        plan2_name=arguments.plan2.name if arguments.plan2 else "",
        seed=arguments.seed, draws=arguments.draws,
    )  # fmt: skip
    if arguments.out is not None:
        _write(found, arguments.out, lang)
    if arguments.json:
        sys.stdout.write(json.dumps(as_json(found, lang), ensure_ascii=False, indent=2) + "\n")
        return 0
    for problem in (*found.notices, *found.problems):
        sys.stderr.write(f"● {problem.say(lang)}\n")
    print_tables(found, lang)
    if arguments.out is not None:
        sys.stdout.write(text("what_if.written", lang, file=arguments.out) + "\n")
    return 0


def _check_out(out: Path | None, inputs: list[Path | None]) -> None:
    if out is None:
        return
    if out.suffix.lower() != ".xlsx":
        raise fail("what_if.bad_out", "-o", value=out)
    for path in inputs:
        if path is not None and path.exists() and out.exists() and out.samefile(path):
            raise fail("what_if.out_is_input", str(out))


def _inputs(
    arguments: argparse.Namespace, paths: list[Path], lang: Lang
) -> tuple[Plan, Plan | None, Ledger]:
    """The plans and the ledger as read; the problems of all of them together."""
    from salesxl.ledger.read import read_ledgers
    from salesxl.plan.read import read_plan

    problems: list[Problem] = []
    plans: list[Plan | None] = []
    for path in (arguments.plan, arguments.plan2):
        try:
            plans.append(None if path is None else read_plan(path))
        except SalesxlError as error:
            problems += error.problems
    if problems:
        raise SalesxlError(problems)
    plan, other = plans
    assert plan is not None
    lines = read_ledgers(
        paths, mapping=arguments.map, decimals=plan.settings.decimals,
        skip_bad_rows=arguments.skip_bad_rows, lang=lang,
    )  # fmt: skip
    return plan, other, lines


def _write(found: WhatIf, out: Path, lang: Lang) -> None:
    from salesxl.ooxml.write import write_book
    from salesxl.sheets.what_if import what_if_book

    write_book(what_if_book(found, lang), out)
