"""``salesxl check PLAN [LEDGER…]``: every problem at once, one line each; writes no file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from salesxl.cli.ledger_options import ledger_place
from salesxl.errors import Problem, SalesxlError
from salesxl.plan.model import Plan
from salesxl.plan.read import check_file
from salesxl.texts import Lang, text


def add_parser(subparsers: Any, lang: Lang) -> None:
    """Add the command; `run` is set to `run`."""
    parser = subparsers.add_parser("check", help=text("plan.cli_check", lang))
    parser.add_argument("plan", metavar="PLAN", type=Path, help=text("plan.cli_plan", lang))
    parser.add_argument(
        "ledgers",
        metavar="LEDGER",
        type=ledger_place,
        nargs="*",
        help=text("plan.cli_ledgers", lang),
    )
    parser.add_argument("--map", type=Path, metavar="MAP", help=text("plan.cli_map", lang))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when clean (warnings allowed), 1 with problems."""
    lang: Lang = args.lang
    try:
        plan, problems = check_file(args.plan)
    except SalesxlError as error:
        plan, problems = None, error.problems
    if args.ledgers:
        problems += _check_ledgers(args.ledgers, args.map, plan)
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = len(problems) - len(errors)
    for problem in problems:
        mark = text("plan.warning_mark", lang) if problem.severity == "warning" else ""
        sys.stdout.write(f"{mark}{problem.say(lang)}\n")
    count = {"file": args.plan.name or str(args.plan), "errors": len(errors), "warnings": warnings}
    sys.stdout.write(text("plan.found" if errors else "plan.clean", lang, **count) + "\n")
    return 1 if errors else 0


def _check_ledgers(
    ledgers: list[Path | str], mapping: Path | None, plan: Plan | None
) -> tuple[Problem, ...]:
    """The ledgers' own problems and, with a readable plan, what does not match it."""
    from salesxl.ledger.match import match
    from salesxl.ledger.read import read_ledgers

    try:
        decimals = 2 if plan is None else plan.settings.decimals
        ledger = read_ledgers(ledgers, mapping=mapping, decimals=decimals)
    except SalesxlError as error:
        return error.problems
    return () if plan is None else tuple(match(ledger, plan)[1])
