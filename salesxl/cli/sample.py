"""``salesxl sample [--lang zh|en] -o DIR``: the sample company's plan and ledger."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from salesxl.texts import LANGS, Lang, locale_lang, text

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers, lang: Lang | None = None) -> None:
    said = lang or locale_lang()
    parser = subparsers.add_parser("sample", help=text("cli.sample", said))
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="DIR", help=text("sample.help_out", said)
    )
    parser.add_argument(
        "--lang", choices=LANGS, default=argparse.SUPPRESS, help=text("sample.help_lang", said)
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write ``plan.xlsx`` and ``ledger.csv``; 0."""
    lang: Lang = getattr(arguments, "lang", None) or locale_lang()
    lines = write_sample(arguments.out, lang)
    done = text(
        "sample.done",
        lang,
        plan=arguments.out / "plan.xlsx",
        ledger=arguments.out / "ledger.csv",
        lines=f"{lines:,}",
    )
    sys.stdout.write(done + "\n")
    return 0


def write_sample(folder: Path, lang: Lang) -> int:
    """Both files into `folder`, made when missing; the number of ledger lines."""
    from salesxl.sample.company import sample_plan
    from salesxl.sample.ledger import write_ledger
    from salesxl.sample.world import lines
    from salesxl.sheets.plan_book import write_plan

    folder.mkdir(parents=True, exist_ok=True)
    write_ledger(folder / "ledger.csv", lang)
    write_plan(sample_plan(lang), folder / "plan.xlsx", lang)
    return len(lines())
