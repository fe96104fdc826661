"""``salesxl map LEDGER… [-o MAP.toml]``: writes the mapping file for the user to correct."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from salesxl.errors import fail
from salesxl.texts import LANGS, Lang, locale_lang, text


def add_parser(subparsers: Any, lang: Lang | None = None) -> None:
    """Add the command; `run` is set to `run`."""
    said = lang or locale_lang()
    parser = subparsers.add_parser("map", help=text("cli.map", said))
    parser.add_argument(
        "ledgers", metavar="LEDGER", type=Path, nargs="+", help=text("ledger.cli_ledgers", said)
    )
    parser.add_argument(
        "-o", "--out", metavar="MAP.toml", type=Path, help=text("ledger.cli_out_map", said)
    )
    parser.add_argument("--force", action="store_true", help=text("ledger.cli_force", said))
    parser.add_argument("--lang", choices=LANGS, default=said, help=text("ledger.cli_lang", said))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when written; raises `SalesxlError` for files that can't be read."""
    from salesxl.ledger.mapping import propose, write

    lang: Lang = args.lang
    first: Path = args.ledgers[0]
    out: Path = args.out or Path(f"{first.name.split('.')[0]}.map.toml")
    if out.exists() and not args.force:
        raise fail("ledger.exists", str(out))
    mapping = propose(args.ledgers)
    write(mapping, out, lang)
    found = ", ".join(f"{name} = {header}" for name, header in mapping.columns.items() if header)
    left = ", ".join(name for name, header in mapping.columns.items() if not header)
    for entry, fields in (("say_mapped", found), ("say_unmapped", left)):
        listed = fields or text("ledger.say_none", lang)
        sys.stdout.write(text(f"ledger.{entry}", lang, fields=listed) + "\n")
    sys.stdout.write(text("ledger.say_written", lang, path=out) + "\n")
    return 0
