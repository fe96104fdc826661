"""``salesxl verify DIR [--plan PLAN --ledger FILE …]``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from salesxl.cli.ledger_options import add_run, ledger_paths, ledger_place
from salesxl.cli.progress import progress
from salesxl.texts import Lang, text

Subparsers = argparse._SubParsersAction


def add_parser(subparsers: Subparsers[argparse.ArgumentParser], lang: Lang) -> None:
    def say(key: str) -> str:
        return text(f"batch.{key}", lang)

    parser = subparsers.add_parser("verify", help=say("verify"), description=say("verify"))
    parser.add_argument("folder", type=Path, metavar="DIR", help=say("verify_dir"))
    parser.add_argument("--plan", type=Path, metavar="PLAN", help=say("verify_plan"))
    parser.add_argument(
        "--ledger", type=ledger_place, action="append", nargs="+", default=[], metavar="FILE",
        help=text("cli.ledger_arg", lang),
    )  # fmt: skip
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help=text("cli.map_arg", lang))
    parser.add_argument("--password-file", type=Path, metavar="FILE", help=say("verify_password"))
    add_run(parser, lang)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify and say what was found; 1 when anything is wrong."""
    from salesxl.batch.verify import verify

    lang: Lang = arguments.lang
    with progress(quiet=arguments.json, lang=lang) as report:
        found = verify(
            arguments.folder,
            plan=arguments.plan,
            ledgers=ledger_paths(arguments),
            mapping=arguments.map,
            password_file=arguments.password_file,
            jobs=arguments.jobs,
            lang=lang,
            report=report,
        )
    if arguments.json:
        sys.stdout.write(json.dumps(found.as_json(lang), ensure_ascii=False, indent=2) + "\n")
        return 0 if found.good else 1
    for notice in found.notices:
        sys.stderr.write(f"● {notice.say(lang)}\n")
    for problem in found.problems:
        sys.stderr.write(f"{problem.say(lang)}\n")
    if found.skipped:
        sys.stderr.write(f"● {text('batch.too_short', lang, count=f'{found.skipped:,}')}\n")
    values: dict[str, object] = {
        "folder": found.folder,
        "files": f"{found.files:,}",
        "identifiers": f"{found.identifiers:,}",
        "problems": len(found.problems),
    }
    key = "batch.verified" if found.good else "batch.verified_not"
    sys.stdout.write(text(key, lang, **values) + "\n")
    return 0 if found.good else 1
