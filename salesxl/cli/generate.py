"""``salesxl generate PLAN [--ledger FILE …] --out DIR``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from salesxl.cli.progress import progress
from salesxl.texts import Lang, text

Subparsers = argparse._SubParsersAction


def add_parser(subparsers: Subparsers[argparse.ArgumentParser], lang: Lang) -> None:
    def say(key: str) -> str:
        return text(f"cli.{key}", lang)

    parser = subparsers.add_parser("generate", help=say("generate"), description=say("generate"))
    parser.add_argument("plan", type=Path, metavar="PLAN", help=say("plan_arg"))
    parser.add_argument(
        "--ledger", type=Path, action="append", nargs="+", default=[], metavar="FILE",
        help=say("ledger_arg"),
    )  # fmt: skip
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help=say("map_arg"))
    parser.add_argument("--by", choices=("region",), default="region", help=say("by_arg"))
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help=say("out_arg"))
    parser.add_argument(
        "--formulas", choices=("native", "values"), default="native", help=say("formulas_arg")
    )
    parser.add_argument("--skip-bad-rows", action="store_true", help=say("skip_arg"))
    parser.add_argument("--password-file", type=Path, metavar="FILE", help=say("password_arg"))
    parser.add_argument(
        "--template", type=Path, metavar="PATH", help=text("template.arg_template", lang)
    )
    parser.add_argument(
        "--head-template", type=Path, metavar="FILE", help=text("template.arg_head_template", lang)
    )
    parser.add_argument("--small", action="store_true", help=text("template.arg_small", lang))
    parser.add_argument("--recalc", action="store_true", help=text("template.arg_recalc", lang))
    parser.add_argument("--jobs", type=_count, default=1, metavar="N", help=say("jobs_arg"))
    parser.add_argument("--json", action="store_true", help=say("json_arg"))
    parser.set_defaults(run=run)


def _count(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} < 1")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Generate and say what was made; 1 when the totals do not tie up."""
    # Imported here: pandas is slow to load and ``--help`` must not wait for it.
    from salesxl.batch.generate import generate

    with progress(quiet=arguments.json) as report:
        summary = generate(
            arguments.plan,
            [path for group in arguments.ledger for path in group],
            arguments.out,
            by=arguments.by,
            lang=arguments.lang,
            formulas=arguments.formulas,
            mapping=arguments.map,
            skip_bad_rows=arguments.skip_bad_rows,
            password_file=arguments.password_file,
            template=arguments.template,
            head_template=arguments.head_template,
            small=arguments.small,
            recalc=arguments.recalc,
            jobs=arguments.jobs,
            report=report,
        )
    if arguments.json:
        sys.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        for line in (*summary.warnings, *summary.notices):
            sys.stderr.write(f"● {line}\n")
        from salesxl.cli.summary import summary_lines

        sys.stdout.write("\n".join(summary_lines(summary, arguments.lang)) + "\n")
    return 0 if summary.ties else 1
