"""``salesxl lint FILE…``: what is wrong with workbooks, with cell, cause and remedy."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from salesxl.errors import SalesxlError
from salesxl.texts import Lang, text


def add_parser(subparsers: Any, lang: Lang) -> None:
    """Add the command; `run` is set to `run`."""
    said = text("cli.lint", lang)
    parser = subparsers.add_parser(
        "lint", help=said, description=said, epilog=text("lint.cli_epilog", lang)
    )
    parser.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help=text("lint.cli_files", lang)
    )
    parser.add_argument("--json", action="store_true", help=text("lint.cli_json", lang))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when no file has a fault (warnings allowed), 1 otherwise."""
    reports = [_report(path, args.lang) for path in args.files]
    if args.json:
        sys.stdout.write(json.dumps(reports, ensure_ascii=False, indent=2) + "\n")
    else:
        for report in reports:
            _show(report, args.lang)
    return 0 if all(report["faults"] == 0 for report in reports) else 1


def _report(path: Path, lang: Lang) -> dict[str, Any]:
    """One file's findings as plain data; a file that cannot be read is one fault."""
    from salesxl.ooxml.lint import lint

    try:
        findings = [
            {
                "code": finding.code,
                "severity": finding.severity,
                "part": finding.part,
                "sheet": finding.sheet,
                "cell": finding.cell,
                "cause": finding.cause(lang),
                "remedy": finding.remedy(lang),
                "place": finding.place(),
            }
            for finding in lint(path)
        ]
    except SalesxlError as error:
        findings = [
            {
                "code": problem.code,
                "severity": "fault",
                "part": "",
                "sheet": "",
                "cell": "",
                "cause": text(problem.code, lang, **problem.values),
                "remedy": "",
                "place": "",
            }
            for problem in error.problems
        ]
    faults = sum(finding["severity"] == "fault" for finding in findings)
    return {
        "file": str(path),
        "faults": faults,
        "warnings": len(findings) - faults,
        "findings": findings,
    }


def _show(report: dict[str, Any], lang: Lang) -> None:
    file = report["file"]
    for finding in report["findings"]:
        mark = text(f"lint.cli_{finding['severity']}", lang)
        place = f"{file} {finding['place']}".strip()
        said = f"{finding['cause']} {finding['remedy']}".strip()
        sys.stdout.write(f"{mark} {place}: {said}\n")
    if report["findings"]:
        counts = {"faults": report["faults"], "warnings": report["warnings"]}
        sys.stdout.write(text("lint.cli_found", lang, file=file, **counts) + "\n")
    else:
        sys.stdout.write(text("lint.cli_clean", lang, file=file) + "\n")
