"""What the commands that read a plan and its ledgers have in common.

>>> add_input(parser, lang, ledger=True)     # PLAN --ledger FILE … --map --skip-bad-rows
>>> ledger_paths(arguments)
[PosixPath('sales.csv')]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from salesxl.texts import Lang, text


def add_input(parser: argparse.ArgumentParser, lang: Lang, *, ledger: bool = False) -> None:
    """Options that say what is read: `plan`, `ledger`, `map`, `skip_bad_rows`.

    `ledger`: whether there must be one.
    """

    def say(key: str) -> str:
        return text(f"cli.{key}", lang)

    parser.add_argument("plan", type=Path, metavar="PLAN", help=say("plan_arg"))
    parser.add_argument(
        "--ledger", type=ledger_place, action="append", nargs="+", required=ledger,
        default=None if ledger else [], metavar="FILE", help=say("ledger_arg"),
    )  # fmt: skip
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help=say("map_arg"))
    parser.add_argument("--skip-bad-rows", action="store_true", help=say("skip_arg"))


def add_run(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options that say how it runs: `jobs` (at least 1), `json`."""
    jobs, as_json = (text(f"cli.{key}", lang) for key in ("jobs_arg", "json_arg"))
    parser.add_argument("--jobs", type=count, default=1, metavar="N", help=jobs)
    parser.add_argument("--json", action="store_true", help=as_json)


def add_look(parser: argparse.ArgumentParser, lang: Lang, template: str = "arg_template") -> None:
    """Options that say how workbooks look: `template`, `small`, `recalc`."""

    def say(key: str) -> str:
        return text(f"template.{key}", lang)

    parser.add_argument("--template", type=Path, metavar="PATH", help=say(template))
    parser.add_argument("--small", action="store_true", help=say("arg_small"))
    parser.add_argument("--recalc", action="store_true", help=say("arg_recalc"))


def ledger_place(word: str) -> Path | str:
    """A file, or the URL of a database's table or query as it stands."""
    from salesxl.ledger.database import is_database

    return word if is_database(word) else Path(word)


def ledger_paths(arguments: argparse.Namespace) -> list[Path | str]:
    """The ledgers of all ``--ledger``, in order."""
    return [path for group in arguments.ledger for path in group]


def count(word: str) -> int:
    """A whole number from 1."""
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} < 1")
    return number
