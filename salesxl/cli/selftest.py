"""``salesxl selftest``: every worked example of the catalogue, in core or in Excel's cells."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

from salesxl.texts import Lang, text

REPORT: Final = "salesxl-selftest.txt"


def add_parser(subparsers: Any, lang: Lang) -> None:
    """Add the command; `run` is set to `run`."""
    said = text("cli.selftest", lang)
    parser = subparsers.add_parser(
        "selftest", help=said, description=said, epilog=text("selftest.epilog", lang)
    )
    parser.add_argument("--excel", action="store_true", help=text("selftest.help_excel", lang))
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        default=Path(REPORT),
        help=text("selftest.help_report", lang, name=REPORT),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every example gives what it must, 1 otherwise."""
    return _in_excel(args) if args.excel else _in_core(args.lang)


def _in_core(lang: Lang) -> int:
    from salesxl.catalog.examples import examples, try_in_core

    outcomes = [try_in_core(example) for example in examples()]
    tried = Counter(outcome.example.rule for outcome in outcomes)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    wrong = Counter(outcome.example.rule for outcome in failed)
    lines = [
        f"{'✕' if wrong[name] else '✓'} {name:<24} {count - wrong[name]}/{count}"
        for name, count in tried.items()
    ]
    for outcome in failed:
        lines += ["", f"✕ {outcome.example.rule}: {outcome.example.title(lang)}"]
        lines.append(text("selftest.expected", lang, cells=outcome.expected))
        lines.append(text("selftest.got", lang, cells=outcome.got))
    entry = "selftest.failed" if failed else "selftest.passed"
    lines += ["", text(entry, lang, count=len(outcomes), failed=len(failed))]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if failed else 0


def _in_excel(args: argparse.Namespace) -> int:
    from salesxl.hosts.excel.selftest import run_in_new_excel, write_report

    report = run_in_new_excel()
    write_report(report, args.report, args.lang)
    sys.stdout.write(f"{report.verdict(args.lang)}\n")
    sys.stdout.write(text("selftest.written", args.lang, path=args.report) + "\n")
    return 1 if report.failed else 0
