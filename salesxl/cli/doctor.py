"""``salesxl doctor``: what stands between this Python and Excel, and what to do about it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from salesxl.texts import Lang, text


def add_parser(subparsers: Any, lang: Lang) -> None:
    """Add the command; `run` is set to `run`."""
    said = text("cli.doctor", lang)
    parser = subparsers.add_parser(
        "doctor", help=said, description=said, epilog=text("doctor.epilog", lang)
    )
    parser.add_argument("--json", action="store_true", help=text("doctor.help_json", lang))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when nothing is wrong, 1 otherwise."""
    from salesxl.hosts.excel.doctor import examine, healthy
    from salesxl.hosts.excel.report import as_data, report

    findings = examine()
    if args.json:
        sys.stdout.write(
            json.dumps(as_data(findings, args.lang), ensure_ascii=False, indent=2) + "\n"
        )
    else:
        sys.stdout.write(report(findings, args.lang) + "\n")
    return 0 if healthy(findings) else 1
