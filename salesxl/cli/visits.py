"""``salesxl visits PLAN [--ledger FILE …] -o DIR [--person NAME]``: visit plans as calendars."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from salesxl.cli.ledger_options import add_input, ledger_paths
from salesxl.cli.progress import progress
from salesxl.texts import Lang, text

Subparsers = argparse._SubParsersAction


def add_parser(subparsers: Subparsers[argparse.ArgumentParser], lang: Lang) -> None:
    about = text("cli.visits", lang)
    parser = subparsers.add_parser("visits", help=about, description=about)
    add_input(parser, lang)
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="DIR", help=text("visits.out_arg", lang)
    )
    parser.add_argument("--person", default="", metavar="NAME", help=text("visits.who_arg", lang))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the calendars and say how many visits each holds."""
    # Imported here: pandas is slow to load and ``--help`` must not wait for it.
    from salesxl.batch.calendars import write_calendars

    lang: Lang = arguments.lang
    with progress(quiet=False) as report:
        found = write_calendars(
            arguments.plan,
            ledger_paths(arguments),
            arguments.out,
            person=arguments.person,
            lang=lang,
            mapping=arguments.map,
            skip_bad_rows=arguments.skip_bad_rows,
            report=report,
        )
    for problem in found.warnings:
        sys.stderr.write(f"● {problem.say(lang)}\n")
    for one in found.made:
        line = text("visits.written", lang, file=one.file, count=one.visits, person=one.person)
        sys.stdout.write(f"{line}\n")
    if not found.made:
        sys.stdout.write(text("visits.nothing", lang) + "\n")
    if found.unplaced:
        sys.stdout.write(text("visits.without_day", lang, count=found.unplaced) + "\n")
    return 0
