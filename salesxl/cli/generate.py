"""``salesxl generate PLAN [--ledger FILE …] --out DIR``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesxl.cli.json_log import json_log, sigterm_as_interrupt
from salesxl.cli.ledger_options import add_input, add_look, add_run, ledger_paths
from salesxl.cli.progress import progress
from salesxl.texts import Lang, text

if TYPE_CHECKING:
    from salesxl.batch.generate import Summary

Subparsers = argparse._SubParsersAction


def add_parser(subparsers: Subparsers[argparse.ArgumentParser], lang: Lang) -> None:
    def say(key: str) -> str:
        return text(f"cli.{key}", lang)

    def batch(key: str) -> str:
        return text(f"batch.{key}", lang)

    parser = subparsers.add_parser("generate", help=say("generate"), description=say("generate"))
    add_input(parser, lang)
    parser.add_argument(
        "--by",
        type=lambda word: _by(word, lang),
        default="region",
        metavar="WHAT",
        help=batch("by_arg"),
    )
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help=say("out_arg"))
    parser.add_argument(
        "--formulas", choices=("native", "values"), default="native", help=say("formulas_arg")
    )
    parser.add_argument("--password-file", type=Path, metavar="FILE", help=say("password_arg"))
    parser.add_argument(
        "--make-passwords", type=Path, metavar="FILE", help=batch("make_passwords_arg")
    )
    add_look(parser, lang)
    parser.add_argument(
        "--head-template", type=Path, metavar="FILE", help=text("template.arg_head_template", lang)
    )
    add_run(parser, lang)
    parser.add_argument("--cluster", metavar="ADDRESS", help=batch("cluster_arg"))
    parser.add_argument("--resume", action="store_true", help=batch("resume_arg"))
    parser.add_argument("--dry-run", action="store_true", help=batch("dry_run_arg"))
    parser.add_argument("--log", metavar="FILE", help=batch("log_arg"))
    parser.set_defaults(run=run)


def _by(word: str, lang: Lang) -> str:
    plain = ("region", "person", "parent", "top")
    if word not in plain and not word.isdecimal():
        # Imported only for a column: its names are the ledger's, and pandas is slow to load.
        from salesxl.batch.jobs import column_of
        from salesxl.sheets.shares import COLUMNS

        if column_of(word) is None:
            known = ", ".join((*plain, *COLUMNS))
            said = text("batch.unknown_by", lang, name=word, known=known)
            raise argparse.ArgumentTypeError(said)
    return word


def run(arguments: argparse.Namespace) -> int:
    """Generate and say what was made; 1 when the totals do not tie up or a workbook is missing."""
    # Imported here: pandas is slow to load and ``--help`` must not wait for it.
    from salesxl.batch.generate import generate

    given: dict[str, Any] = {
        "by": arguments.by,
        "lang": arguments.lang,
        "formulas": arguments.formulas,
        "mapping": arguments.map,
        "skip_bad_rows": arguments.skip_bad_rows,
        "password_file": arguments.password_file,
        "template": arguments.template,
        "head_template": arguments.head_template,
        "small": arguments.small,
        "recalc": arguments.recalc,
    }
    if arguments.dry_run:
        return _dry_run(arguments, given)
    quiet = arguments.json or arguments.log == "-"
    with (
        sigterm_as_interrupt(),
        json_log(arguments.log or "") as log,
        progress(quiet=quiet, lang=arguments.lang) as report,
    ):
        summary = generate(
            arguments.plan,
            ledger_paths(arguments),
            arguments.out,
            make_passwords=arguments.make_passwords,
            jobs=arguments.jobs,
            cluster=arguments.cluster,
            resume=arguments.resume,
            report=report,
            log=log,
            **given,
        )
    if arguments.json:
        sys.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _tell(summary, arguments.lang)
    return 0 if summary.ties else 1


def _tell(summary: Summary, lang: Lang) -> None:
    from salesxl.cli.summary import failed_lines, summary_lines

    for line in (*summary.warnings, *summary.notices):
        sys.stderr.write(f"● {line}\n")
    sys.stdout.write("\n".join(summary_lines(summary, lang)) + "\n")
    for line in failed_lines(summary, lang):
        sys.stderr.write(f"{line}\n")


def _dry_run(arguments: argparse.Namespace, given: dict[str, Any]) -> int:
    """The job list; nothing is written, no password made."""
    from salesxl.batch.generate import list_jobs
    from salesxl.batch.setup import set_up
    from salesxl.cli.summary import listed_json, listed_lines

    with progress(quiet=arguments.json, lang=arguments.lang) as report:
        setup = set_up(
            arguments.plan, ledger_paths(arguments), arguments.out, report=report, **given
        )
        listed = list_jobs(setup, arguments.out)
    if arguments.json:
        said = listed_json(listed)
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    else:
        settings = setup.head.plan.settings
        lines = listed_lines(listed, settings.decimals, arguments.out, arguments.lang)
        sys.stdout.write("\n".join(lines) + "\n")
    return 0
